//! 客户填写: the link behind which a customer fills in their fields, what the page shows and takes, and who hears of it.

mod word;

use super::{Desk, HE};
use crate::tests::app::{problem, token_in};
use crate::tests::trigger::{rule, then};
use jiff::SignedDuration;
use kernel::error::Problem;
use kernel::field::{FieldKind, answer_name};
use kernel::id::{TicketFieldId, TicketId};
use preset::commands::insert::take;
use preset::model::{PresetInput, PresetKind, UseInput};
use ticket::commands::form::{self, Asked, ask};
use ticket::commands::{draft, edit, field, template};
use ticket::model::field::{FilledBy, TicketFieldInput};
use ticket::model::form::{AnswerInput, AskInput};
use ticket::model::input::EditInput;
use ticket::model::reply::DraftInput;
use ticket::model::template::{Demand, SlotInput, TemplateInput};
use ticket::model::{ReplyType, Status};
use trigger::field::{Aspect, OwnField};
use trigger::model::{ActionKind, ConditionInput, Moment, Operator};

async fn own(desk: &Desk, label: &str, kind: FieldKind, filled_by: FilledBy) -> TicketFieldId {
    let options = match kind {
        FieldKind::Cascade => "电器/冰箱\n家具",
        _ if kind.has_options() => "质量\n尺寸",
        _ => "",
    };
    let (label, options) = (label.to_owned(), options.to_owned());
    let input =
        TicketFieldInput { label, kind: Some(kind), options, filled_by: Some(filled_by), enabled: true, ..TicketFieldInput::default() };
    field::save(&desk.admin, input).await.expect("a field")
}

/// The template of every ticket.
async fn asked(desk: &Desk, slots: &[(TicketFieldId, Demand)]) {
    let slot = |(field, demand): &(TicketFieldId, Demand)| SlotInput { field: *field, demand: Some(*demand), place: String::new() };
    let input =
        TemplateInput { name: "通用".to_owned(), is_default: true, slots: slots.iter().map(slot).collect(), ..TemplateInput::default() };
    template::save(&desk.admin, input).await.expect("a template");
}

/// A ticket whose customer has to say the reason and may say the order; a third field is not theirs.
async fn furnished() -> (Desk, TicketId, TicketFieldId, TicketFieldId) {
    let desk = Desk::new().await;
    let reason = own(&desk, "退货原因", FieldKind::Choice, FilledBy::Customer).await;
    let order = own(&desk, "订单号", FieldKind::Line, FilledBy::Customer).await;
    let inner = own(&desk, "内部编号", FieldKind::Line, FilledBy::Agent).await;
    asked(&desk, &[(reason, Demand::Close), (order, Demand::Never), (inner, Demand::Never)]).await;
    let ticket = desk.ticket("退货标签打不开").await.ticket;
    (desk, ticket, reason, order)
}

fn of(ticket: TicketId) -> AskInput {
    AskInput { ticket, seen_seq: i32::MAX }
}

/// Asks by mail; the token of its link.
async fn mailed(desk: &Desk, ticket: TicketId) -> String {
    assert!(matches!(ask(&desk.lilei, of(ticket)).await.expect("asked"), Asked::Mailed(_)));
    desk.test.later(SignedDuration::from_secs(15)).await;
    desk.test.sent_to(HE).await.pop().expect("a mail").token("/f/")
}

async fn kept(desk: &Desk, ticket: TicketId, field: TicketFieldId) -> Option<String> {
    desk.test.ask(format!("select fields ->> '{field}' from tickets where id = '{ticket}'")).await
}

#[tokio::test]
async fn an_agent_asks_the_customer_fills_in_and_everybody_near_hears_of_it() {
    let (desk, ticket, reason, order) = furnished().await;
    let changed = ConditionInput {
        field: Some(Aspect::Own(OwnField { id: reason, kind: FieldKind::Choice })),
        operator: Some(Operator::ChangedTo),
        values: vec!["质量".to_owned()],
    };
    let fast = rule("质量问题", Moment::Updated, vec![changed], vec![then(ActionKind::Priority, "high")]);
    trigger::commands::save(&desk.admin, fast).await.expect("saved");
    let typed = DraftInput { ticket, html: String::new(), text: "写到一半".to_owned(), reply_type: ReplyType::Everyone, seen_seq: 9 };
    draft::save(&desk.lilei, typed).await.expect("a draft");
    let browser = desk.test.signed_in("lilei@example.com").await;
    let page = format!("/tickets/{ticket}");
    let before = browser.get(&page).await;
    assert!(before.text("#customer-form").contains("2 项待填 退货原因、订单号 还没有请客户填写"), "{}", before.text("#customer-form"));
    let id = ticket.to_string();
    let after = browser.submit(&page, "/do/ticket/ask", &[("ticket", &id), ("seen_seq", "9")]).await;
    assert!(after.text(".toast").contains("填写链接将在 10 秒后发出"), "{}", after.body);
    assert!(after.body.contains("写到一半"), "what was typed stays");
    assert_eq!(desk.status(ticket).await, Some(Status::WaitingReply));
    desk.test.later(SignedDuration::from_secs(15)).await;
    let mail = desk.test.sent_to(HE).await.pop().expect("a mail");
    let path = format!("/f/{}", mail.token("/f/"));
    let card = browser.get(&page).await;
    assert_eq!(card.attribute("#form-link", "value"), format!("http://127.0.0.1:8080{path}"), "it can be handed over as well");

    let customer = desk.test.visitor();
    let form = customer.get(&path).await;
    assert_eq!(form.status, 200);
    for shown in ["测试公司", "退货标签打不开", "退货原因", "订单号"] {
        assert!(form.body.contains(shown), "{shown}: {}", form.body);
    }
    for hidden in ["昨天付款成功", "李雷", "内部编号", "何静", "写到一半"] {
        assert!(!form.body.contains(hidden), "{hidden}: {}", form.body);
    }
    assert!(customer.get(&format!("{path}?lang=en")).await.text("h1").contains("A few details"));
    customer.get(&format!("{path}?lang=zh")).await;
    let (token, seen) = (path.trim_start_matches("/f/").to_owned(), form.attribute("[name='input[seen_seq]']", "value"));
    let (reason_name, order_name) = (answer_name(reason), answer_name(order));
    let sent = |reason: &'static str, order: &'static str| {
        let fields = [("token", token.clone()), ("lang", "zh".to_owned()), ("seen_seq", seen.clone())];
        let answers = [(reason_name.clone(), reason.to_owned()), (order_name.clone(), order.to_owned())];
        fields.into_iter().map(|(name, value)| (name.to_owned(), value)).chain(answers).collect::<Vec<(String, String)>>()
    };
    let post = async |fields: Vec<(String, String)>| {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        customer.submit(&path, "/do/ticket/answer", &fields).await
    };
    let again = post(sent("", "A-1")).await;
    assert!(again.text(".field.has-error").contains("请填写这一项"), "{}", again.body);
    assert_eq!(again.attribute(&format!("[name='input[fields][f{order}]']"), "value"), "A-1", "nothing typed is lost");
    assert_eq!(kept(&desk, ticket, order).await, None);
    let wrong = post(sent("没有这一项", "A-1")).await;
    assert!(wrong.text(".field.has-error").contains("请从列表里选择"), "{}", wrong.body);
    let done = post(sent("质量", "A-1")).await;
    assert!(done.text("h1").contains("谢谢，已经收到"), "{}", done.body);
    assert_eq!((kept(&desk, ticket, reason).await.as_deref(), kept(&desk, ticket, order).await.as_deref()), (Some("质量"), Some("A-1")));

    assert_eq!(desk.status(ticket).await, Some(Status::InProgress), "it waited for the customer and waits no more");
    assert_eq!(desk.history(ticket).await.last().expect("a line"), "answered 何静");
    desk.test.run_jobs().await;
    assert_eq!(desk.number_of("priority", ticket).await, 2, "a trigger saw the change");
    let rang: i64 = desk
        .test
        .ask("select count(*) from live_events e join agents a on a.id = e.agent_id where a.name = '李雷' and e.payload ->> 'what' = 'ticket_answered' and e.payload ? 'href' and e.payload ->> 'number' is not null")
        .await;
    assert_eq!(rang, 1, "who handles it is reminded as of a reply");
    assert!(browser.get("/notices").await.body.contains("客户填写了"));
    let seen_by_agents = browser.get(&page).await;
    assert!(seen_by_agents.text("#customer-form").contains("客户已填写"), "{}", seen_by_agents.text("#customer-form"));
    assert!(seen_by_agents.text("ol.talk").contains("何静 通过链接填写了字段"), "{}", seen_by_agents.text("ol.talk"));
    // The same once more changes nothing.
    let lines = desk.history(ticket).await.len();
    post(sent("质量", "A-1")).await;
    assert_eq!(desk.history(ticket).await.len(), lines);
}

#[tokio::test]
async fn what_an_agent_filled_in_meanwhile_is_not_overwritten_unseen() {
    let (desk, ticket, reason, order) = furnished().await;
    let path = format!("/f/{}", mailed(&desk, ticket).await);
    let customer = desk.test.visitor();
    let drawn = customer.get(&path).await.attribute("[name='input[seen_seq]']", "value");
    let by_agent = EditInput { fields: super::field::answers(&[(order, "B-2")]), ..EditInput::of(ticket, desk.version(ticket).await) };
    edit::edit(&desk.lilei, by_agent).await.expect("edited");
    let (token, reason_name, order_name) = (path.trim_start_matches("/f/"), answer_name(reason), answer_name(order));
    let send = async |seen: &str, order: &str| {
        let fields = [("token", token), ("seen_seq", seen), (&*reason_name, "尺寸"), (&*order_name, order)];
        customer.submit(&path, "/do/ticket/answer", &fields).await
    };
    // Shown again for another reason, it has what the agent filled in: sent once more, it would overwrite that unseen.
    let fields = [("token", token), ("seen_seq", &*drawn), (&*reason_name, ""), (&*order_name, "")];
    let again = customer.submit(&path, "/do/ticket/answer", &fields).await;
    assert_eq!(again.attribute(&format!("[name='input[fields][f{order}]']"), "value"), "B-2", "{}", again.body);
    let stale = send(&drawn, "A-1").await;
    assert_eq!(stale.attribute(&format!("[name='input[fields][f{order}]']"), "value"), "A-1", "{}", stale.body);
    assert!(stale.body.contains("现在是：B-2"), "{}", stale.body);
    assert!(stale.text(".field.has-error").contains("已被别人改过"), "{}", stale.body);
    assert_eq!(kept(&desk, ticket, reason).await, None, "all of it or nothing");
    // What the customer left as it was stays what it is now.
    assert!(send(&drawn, "").await.text("h1").contains("谢谢"));
    assert_eq!(kept(&desk, ticket, order).await.as_deref(), Some("B-2"));
    // Whoever has seen it may change it.
    let fresh = customer.get(&path).await.attribute("[name='input[seen_seq]']", "value");
    assert!(send(&fresh, "A-1").await.text("h1").contains("谢谢"));
    assert_eq!(kept(&desk, ticket, order).await.as_deref(), Some("A-1"));
}

#[tokio::test]
async fn a_link_lies_hashed_is_sent_again_and_ends_with_its_days_its_ticket_and_its_customer() {
    let (desk, ticket, reason, _) = furnished().await;
    let first = mailed(&desk, ticket).await;
    let hidden: bool = desk
        .test
        .ask(format!("select position('{first}'::bytea in link_sealed) = 0 and token_hash <> '{first}'::bytea from ticket_forms"))
        .await;
    assert!(hidden);
    desk.test.app.clock.advance(SignedDuration::from_hours(13 * 24));
    assert_eq!(mailed(&desk, ticket).await, first, "the link that is in earlier mails, for 14 days more");
    desk.test.app.clock.advance(SignedDuration::from_hours(13 * 24));
    let visitor = desk.test.visitor();
    assert_eq!(visitor.get(&format!("/f/{first}")).await.status, 200);
    desk.test.app.clock.advance(SignedDuration::from_hours(2 * 24));
    let over = visitor.get(&format!("/f/{first}")).await;
    assert_eq!((over.status, over.text("h1").as_str()), (410, "填写链接已过期"));
    assert!(!over.body.contains("退货标签打不开"), "an old link tells nothing more");
    let second = mailed(&desk, ticket).await;
    assert_ne!(second, first);
    assert_eq!(visitor.get(&format!("/f/{first}")).await.status, 404, "the new one took its place");
    let path = format!("/f/{second}");
    for status in [Status::Solved, Status::Closed] {
        let ends = EditInput {
            status: Some(status),
            fields: super::field::answers(&[(reason, "质量")]),
            ..EditInput::of(ticket, desk.version(ticket).await)
        };
        edit::edit(&desk.admin, ends).await.expect("it ends");
        assert_eq!(visitor.get(&path).await.status, if status == Status::Closed { 410 } else { 200 }, "{status}");
    }
    let (name, fields) = (answer_name(reason), desk.number_of("last_seq", ticket).await.to_string());
    let refused = visitor.call("/do/ticket/answer", &[("token", &second), ("seen_seq", &fields), (&name, "尺寸")]).await;
    assert_eq!((refused.status, refused.json()["problems"][0][1].as_str()), (410, Some("form_over")));
    assert_eq!(problem(ask(&desk.lilei, of(ticket)).await), Problem::TicketClosed);
    assert_eq!(visitor.get("/f/x").await.status, 404);

    // A ticket that gets another customer takes no answers of the first.
    let other = desk.ticket("换了客户").await.ticket;
    let path = format!("/f/{}", mailed(&desk, other).await);
    assert_eq!(visitor.get(&path).await.status, 200);
    let stranger = customer::model::CustomerInput { nickname: "别人".to_owned(), ..Default::default() };
    let stranger = customer::commands::create(&desk.admin, stranger).await.expect("a customer");
    let change = ticket::model::input::CustomerChange { ticket: other, from: desk.customer, to: stranger };
    let token = path.trim_start_matches("/f/").to_owned();
    let first = form::visitor(&desk.test.app, &token, desk.lilei.request.clone()).await.expect("the first customer");
    ticket::commands::other_customer::change(&desk.admin, change).await.expect("changed");
    assert_eq!(visitor.get(&path).await.status, 404);
    // Nor from a page that was opened just before.
    let late = AnswerInput { token, lang: None, seen_seq: i32::MAX, fields: super::field::answers(&[(reason, "质量")]) };
    assert_eq!(problem(form::answer(&first, late).await), Problem::FormLinkUnknown);
}

#[tokio::test]
async fn a_mailed_link_stays_that_of_a_customer_who_is_merged() {
    let (desk, ticket, ..) = furnished().await;
    let token = mailed(&desk, ticket).await;
    let (path, visitor) = (format!("/f/{token}"), desk.test.visitor());
    let keep = customer::model::CustomerInput { nickname: "何女士".to_owned(), ..Default::default() };
    let keep = customer::commands::create(&desk.admin, keep).await.expect("a customer");
    let merge = customer::model::MergeInput { keep, gone: desk.customer };
    customer::commands::merge::merge(&desk.admin, merge).await.expect("merged");
    assert_eq!(visitor.get(&path).await.status, 200, "before the tickets follow");
    desk.test.run_jobs().await;
    assert_eq!(visitor.get(&path).await.status, 200, "and after");
    assert_eq!(mailed(&desk, ticket).await, token, "the same link once more");
}

#[tokio::test]
async fn what_was_typed_is_there_to_be_copied_when_it_is_not_taken_any_more() {
    let (desk, ticket, reason, order) = furnished().await;
    let token = mailed(&desk, ticket).await;
    let (path, customer) = (format!("/f/{token}"), desk.test.visitor());
    let seen = customer.get(&path).await.attribute("[name='input[seen_seq]']", "value");
    let (reason_name, order_name) = (answer_name(reason), answer_name(order));
    let fields = [("token", &*token), ("seen_seq", &*seen), (&*reason_name, "质量"), (&*order_name, "A-1")];
    // A field is asked for no more.
    desk.test.tamper(format!("update ticket_fields set enabled = false where id = '{order}'")).await;
    let refused = customer.submit(&path, "/do/ticket/answer", &fields).await;
    assert!(refused.text(".wrongs").contains("已被别人改过"), "{}", refused.body);
    let unsent = refused.text("#unsent");
    assert!(unsent.contains("订单号") && unsent.contains("A-1") && !unsent.contains("质量"), "{unsent}");
    assert_eq!(kept(&desk, ticket, reason).await, None, "all of it or nothing");
    // The ticket is closed meanwhile.
    let ends = EditInput {
        status: Some(Status::Closed),
        fields: super::field::answers(&[(reason, "尺寸")]),
        ..EditInput::of(ticket, desk.version(ticket).await)
    };
    edit::edit(&desk.admin, ends).await.expect("closed");
    let over = customer.submit(&path, "/do/ticket/answer", &fields).await;
    let unsent = over.text("#unsent");
    assert_eq!(over.status, 410);
    assert!(unsent.contains("退货原因") && unsent.contains("质量") && unsent.contains("A-1"), "{unsent}");
    assert!(!customer.get(&path).await.body.contains("A-1"), "once");
}

#[tokio::test]
async fn every_kind_of_field_is_filled_in_without_scripting() {
    let desk = Desk::new().await;
    let mut slots = Vec::new();
    for kind in FieldKind::ALL {
        slots.push((own(&desk, kind.label(kernel::lang::Lang::Zh), *kind, FilledBy::Customer).await, Demand::Close));
    }
    asked(&desk, &slots).await;
    let ticket = desk.ticket("全填").await.ticket;
    let path = format!("/f/{}", mailed(&desk, ticket).await);
    let customer = desk.test.visitor();
    let page = customer.get(&path).await;
    let typed = |kind: FieldKind| match kind {
        FieldKind::Line => "A-1",
        FieldKind::Text => "第一行\n第二行",
        FieldKind::Date => "2026-11-22",
        FieldKind::Time => "09:30",
        FieldKind::Number => "99.5",
        FieldKind::Choice | FieldKind::Checks | FieldKind::Radio => "质量",
        FieldKind::Cascade => "电器/冰箱",
    };
    let mut fields = vec![("token".to_owned(), path.trim_start_matches("/f/").to_owned()), ("seen_seq".to_owned(), "99".to_owned())];
    for ((field, _), kind) in slots.iter().zip(FieldKind::ALL) {
        let many = if *kind == FieldKind::Checks { "[]" } else { "" };
        assert!(page.body.contains(&format!("input[fields][f{field}]{many}")), "{kind}: {}", page.body);
        fields.push((format!("{}{many}", answer_name(field)), typed(*kind).to_owned()));
    }
    assert!(!page.body.contains("选填"), "all of it has to be filled in");
    let empty = customer.submit(&path, "/do/ticket/answer", &[("token", &fields[0].1), ("seen_seq", "99")]).await;
    assert_eq!(empty.texts(".field.has-error").len(), FieldKind::ALL.len(), "{}", empty.body);
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let done = customer.submit(&path, "/do/ticket/answer", &fields).await;
    assert!(done.text("h1").contains("谢谢"), "{}", done.body);
    for ((field, _), kind) in slots.iter().zip(FieldKind::ALL) {
        let expected = if *kind == FieldKind::Checks { r#"["质量"]"#.to_owned() } else { typed(*kind).to_owned() };
        assert_eq!(kept(&desk, ticket, *field).await, Some(expected), "{kind}");
    }
}

#[tokio::test]
async fn who_may_not_reply_neither_asks_nor_sees_the_link_and_a_network_sends_so_often_and_no_more() {
    let (desk, ticket, _, order) = furnished().await;
    let token = mailed(&desk, ticket).await;
    let reader = identity::model::permission::PermissionGroupInput {
        name: "只看".to_owned(),
        base_role: Some(kernel::permission::Role::TicketAgent),
        items: vec![kernel::permission::Permission::TicketView, kernel::permission::Permission::TicketNote],
        ticket_scope: Some(kernel::permission::Scope::All),
        ..Default::default()
    };
    let reader = identity::commands::permission_group::create(&desk.admin, reader).await.expect("a permission group");
    desk.test.tamper(format!("update agents set permission_group_id = '{reader}' where name = '周航'")).await;
    let browser = desk.test.signed_in("zhou@example.com").await;
    let page = browser.get(&format!("/tickets/{ticket}")).await;
    assert!(page.text("#customer-form").contains("链接有效期至") && !page.text("#customer-form").contains("请客户填写"), "{}", page.body);
    assert!(page.attribute("#form-link", "value").is_empty());
    assert!(!page.body.contains(&token), "nor in what was written to the customer");
    assert!(page.text("ol.talk").contains("「填写链接」"), "{}", page.text("ol.talk"));
    let words = PresetInput { text: "请填写：{{form}}".to_owned(), ..PresetInput::named(PresetKind::Reply, "请填写") };
    let preset = preset::commands::save(&desk.admin, words).await.expect("saved");
    let taken = take(&desk.test.ctx_of("zhou@example.com").await, UseInput { ticket, preset }).await;
    assert_eq!(taken.expect("words"), "<p>请填写：</p>", "no link to whoever may not ask");
    let refused = browser.call("/do/ticket/ask", &[("ticket", &ticket.to_string())]).await;
    assert_eq!((refused.status, refused.json()["problems"][0][1].as_str()), (403, Some("forbidden")));

    let (visitor, elsewhere) = (desk.test.visitor(), desk.test.visitor_from([203, 0, 113, 9]));
    for _ in 0..30 {
        assert_ne!(visitor.call("/do/ticket/answer", &[("token", &token)]).await.status, 429);
    }
    assert_eq!(visitor.call("/do/ticket/answer", &[("token", &token)]).await.status, 429);
    // A page does not lose what was typed for it.
    let order_name = answer_name(order);
    let fields = [("token", &*token), ("seen_seq", "99"), (&*order_name, "A-1")];
    let again = visitor.submit(&format!("/f/{token}"), "/do/ticket/answer", &fields).await;
    assert!(again.text(".wrongs").contains("操作太频繁"), "{}", again.body);
    assert_eq!(again.attribute(&format!("[name='input[fields][f{order}]']"), "value"), "A-1", "{}", again.body);
    assert_eq!(kept(&desk, ticket, order).await, None);
    assert_ne!(elsewhere.call("/do/ticket/answer", &[("token", &token)]).await.status, 429, "others are others");
    // Nobody posts it from another site.
    let (form, evil) = (format!("input[token]={token}"), [("origin", "https://evil.example")]);
    assert_eq!(visitor.send(axum::http::Method::POST, "/do/ticket/answer", Some(form), &evil).await.status, 403);
}

#[tokio::test]
async fn a_customer_whom_no_mail_reaches_gets_the_link_by_hand() {
    let (desk, ticket, _, order) = furnished().await;
    desk.test.tamper("delete from customer_contacts where normal = 'he@example.com'").await;
    assert_eq!(ask(&desk.lilei, of(ticket)).await.expect("asked"), Asked::Link);
    let browser = desk.test.signed_in("lilei@example.com").await;
    let page = browser.get(&format!("/tickets/{ticket}")).await;
    let token = token_in(&page.attribute("#form-link", "value"), "/f/");
    assert_eq!(desk.test.visitor().get(&format!("/f/{token}")).await.status, 200);
    assert_eq!(desk.status(ticket).await, Some(Status::NotAccepted), "nobody wrote to anybody");
    // Behind it stands what was filled in: who does not see all of that gets no link.
    desk.test.tamper(format!("update ticket_fields set shown_to = array[gen_random_uuid()] where id = '{order}'")).await;
    assert_eq!(problem(ask(&desk.lilei, of(ticket)).await), Problem::Forbidden);
    assert!(!browser.get(&format!("/tickets/{ticket}")).await.body.contains(&token));
}
