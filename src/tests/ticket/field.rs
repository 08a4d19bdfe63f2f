//! 工单自定义字段与模板: which fields a ticket has, what is demanded when, who sees what, and where it shows.

mod edge;
mod page;
mod rule;

use super::{Desk, note_to, reply_to};
use crate::tests::app::problems;
use identity::model::permission::PermissionGroupInput;
use kernel::ctx::Ctx;
use kernel::error::{Error, Problem};
use kernel::field::{Answer, FieldKind, answer_name};
use kernel::id::{CategoryId, PermissionGroupId, TemplateId, TicketFieldId, TicketId};
use kernel::permission::{Permission, Role, Scope};
use ticket::commands::create::create;
use ticket::commands::{bulk, category, edit, field, reply, template};
use ticket::model::Status;
use ticket::model::bulk::{BulkAct, BulkInput};
use ticket::model::category::CategoryInput;
use ticket::model::field::{Answers, TicketFieldInput};
use ticket::model::input::{CreateInput, EditInput};
use ticket::model::reply::ReplyInput;
use ticket::model::template::{Demand, SlotInput, TemplateChoice, TemplateInput};

/// An own field that everybody sees.
async fn own(desk: &Desk, label: &str, kind: FieldKind) -> TicketFieldId {
    field::save(&desk.admin, input(label, kind)).await.expect("a field")
}

fn input(label: &str, kind: FieldKind) -> TicketFieldInput {
    let options = match kind {
        FieldKind::Cascade => "电器/冰箱\n电器/洗衣机\n家具",
        _ if kind.has_options() => "质量\n尺寸\n不喜欢",
        _ => "",
    };
    let (label, options) = (label.to_owned(), options.to_owned());
    TicketFieldInput { label, kind: Some(kind), options, enabled: true, ..TicketFieldInput::default() }
}

async fn made(desk: &Desk, name: &str, slots: &[(TicketFieldId, Demand)]) -> TemplateId {
    template::save(&desk.admin, with(name, slots)).await.expect("a template")
}

fn with(name: &str, slots: &[(TicketFieldId, Demand)]) -> TemplateInput {
    let slot = |(field, demand): &(TicketFieldId, Demand)| SlotInput { field: *field, demand: Some(*demand), place: String::new() };
    TemplateInput { name: name.to_owned(), slots: slots.iter().map(slot).collect(), ..TemplateInput::default() }
}

async fn named(desk: &Desk, name: &str, parent: Option<CategoryId>, template: Option<TemplateId>) -> CategoryId {
    let input = CategoryInput { name: name.to_owned(), parent, template, ..CategoryInput::default() };
    category::create(&desk.admin, input).await.expect("a category")
}

pub(super) fn answers(filled: &[(TicketFieldId, &str)]) -> Answers {
    filled.iter().map(|(field, value)| (*field, Answer::One((*value).to_owned()))).collect()
}

/// What was filled in of a field, as it is kept.
async fn kept(desk: &Desk, ticket: TicketId, field: TicketFieldId) -> Option<String> {
    desk.test.ask(format!("select fields ->> '{field}' from tickets where id = '{ticket}'")).await
}

async fn save(desk: &Desk, who: &Ctx, ticket: TicketId, change: impl FnOnce(EditInput) -> EditInput) -> kernel::error::Result {
    edit::edit(who, change(EditInput::of(ticket, desk.version(ticket).await))).await
}

/// Somebody of 售后组 whose rights are a permission group's: those of an agent, and exports.
async fn of_group(desk: &Desk, name: &str) -> (PermissionGroupId, Ctx) {
    let items = [Permission::defaults_of(Role::TicketAgent), vec![Permission::TicketExport]].concat();
    let input = PermissionGroupInput {
        name: name.to_owned(),
        base_role: Some(Role::TicketAgent),
        ticket_scope: Some(Scope::All),
        items,
        ..PermissionGroupInput::default()
    };
    let group = identity::commands::permission_group::create(&desk.admin, input).await.expect("a permission group");
    let email = format!("{}@example.com", kernel::rng::hex(&kernel::rng::bytes::<4>()));
    let agent = desk.test.new_agent(&email, name, Role::TicketAgent, vec![desk.group]).await;
    desk.test.tamper(format!("update agents set permission_group_id = '{group}' where id = '{agent}'")).await;
    (group, desk.test.ctx(agent).await)
}

#[tokio::test]
async fn a_category_has_its_own_template_or_the_nearest_above_or_the_default() {
    let desk = Desk::new().await;
    let (reason, size) = (own(&desk, "退货原因", FieldKind::Choice).await, own(&desk, "尺寸", FieldKind::Line).await);
    let (returns, sizes) = (made(&desk, "退货", &[(reason, Demand::Never)]).await, made(&desk, "尺寸", &[(size, Demand::Never)]).await);
    let logistics = named(&desk, "物流", None, Some(returns)).await;
    let back = named(&desk, "退货", Some(logistics), None).await;
    let clothes = named(&desk, "服装退货", Some(logistics), Some(sizes)).await;
    let other = named(&desk, "其他", None, None).await;
    let of = async |category: Option<CategoryId>| -> Vec<String> {
        let mut tx = desk.lilei.read().await.expect("a transaction");
        let form = ticket::queries::template::form(&mut tx, category).await.expect("a form");
        form.slots.into_iter().map(|(field, _)| field.label).collect()
    };
    assert_eq!(of(Some(back)).await, ["退货原因"], "that of the category above");
    assert_eq!(of(Some(clothes)).await, ["尺寸"], "its own");
    assert!(of(Some(other)).await.is_empty() && of(None).await.is_empty(), "there is no default");
    template::save(&desk.admin, TemplateInput { is_default: true, ..with("通用", &[(size, Demand::Never), (reason, Demand::Never)]) })
        .await
        .expect("a default");
    assert_eq!(of(None).await, ["尺寸", "退货原因"], "in the order of the template");
    assert_eq!(of(Some(back)).await, ["退货原因"]);
    let page = desk.test.super_admin().await.get("/settings/categories").await;
    for words in ["退货（上级）", "通用（默认）"] {
        assert!(page.body.contains(words), "{words}: {}", page.body);
    }
    // Its categories fall back when it is deleted; a second default takes the place of the first.
    template::delete(&desk.admin, TemplateChoice { template: returns }).await.expect("deleted");
    assert_eq!(of(Some(back)).await, ["尺寸", "退货原因"]);
    template::save(&desk.admin, TemplateInput { is_default: true, ..with("只问原因", &[(reason, Demand::Never)]) }).await.expect("saved");
    assert_eq!(of(None).await, ["退货原因"]);
    let gone =
        category::create(&desk.admin, CategoryInput { name: "新的".to_owned(), template: Some(returns), ..CategoryInput::default() });
    assert_eq!(problems(gone.await), [("template".to_owned(), Problem::BadChoice)]);
}

#[tokio::test]
async fn a_ticket_is_created_with_what_its_template_demands_and_nothing_else() {
    let desk = Desk::new().await;
    let (order, reason) = (own(&desk, "订单号", FieldKind::Line).await, own(&desk, "退货原因", FieldKind::Checks).await);
    let other = own(&desk, "别的模板的", FieldKind::Line).await;
    let template = made(&desk, "退货", &[(order, Demand::Create), (reason, Demand::Never)]).await;
    let category = named(&desk, "退货", None, Some(template)).await;
    let new = |fields: Answers| CreateInput { category: Some(category), fields, ..desk.input("退货") };
    let refused = create(&desk.lilei, new(Answers::new()), Vec::new()).await;
    assert_eq!(problems(refused), [(answer_name(order), Problem::Required)]);
    let newcomer = CreateInput { customer: None, nickname: "孙立".to_owned(), ..new(answers(&[(order, " ")])) };
    assert!(create(&desk.lilei, newcomer, Vec::new()).await.is_err());
    assert_eq!(desk.test.ask::<i64>("select count(*) from customers").await, 1, "nobody is left behind by a refused ticket");
    let wrong = [answers(&[(order, "8821")]), [(reason, Answer::Many(vec!["颜色".to_owned()]))].into()].into_iter().flatten().collect();
    assert_eq!(problems(create(&desk.lilei, new(wrong), Vec::new()).await), [(answer_name(reason), Problem::BadChoice)]);
    let mut filled = answers(&[(order, " 8821 "), (other, "x")]);
    filled.insert(reason, Answer::Many(vec![String::new(), "质量".to_owned(), "尺寸".to_owned()]));
    let ticket = create(&desk.lilei, new(filled), Vec::new()).await.expect("created").ticket;
    assert_eq!(kept(&desk, ticket, order).await.as_deref(), Some("8821"));
    assert_eq!(kept(&desk, ticket, reason).await.as_deref(), Some(r#"["质量", "尺寸"]"#));
    assert_eq!(kept(&desk, ticket, other).await, None, "its template does not have it");
    // Without a template nothing is asked for, and a field that is off is not demanded.
    create(&desk.lilei, desk.input("没有分类"), Vec::new()).await.expect("created");
    let off = TicketFieldInput { id: Some(order), version: 1, enabled: false, ..input("订单号", FieldKind::Line) };
    field::save(&desk.admin, off).await.expect("switched off");
    create(&desk.lilei, new(Answers::new()), Vec::new()).await.expect("created");
    assert_eq!(kept(&desk, ticket, order).await.as_deref(), Some("8821"), "what was filled in stays");
}

#[tokio::test]
async fn an_agent_fills_in_what_is_demanded_before_a_ticket_ends() {
    let desk = Desk::new().await;
    let (result, note) = (own(&desk, "处理结果", FieldKind::Line).await, own(&desk, "说明", FieldKind::Text).await);
    let slots = [(result, Demand::Close), (note, Demand::Never)];
    template::save(&desk.admin, TemplateInput { is_default: true, ..with("通用", &slots) }).await.expect("a default");
    let (first, second, third) = (desk.ticket("一").await.ticket, desk.ticket("二").await.ticket, desk.ticket("三").await.ticket);
    let solve = |edit: EditInput| EditInput { status: Some(Status::Solved), ..edit };
    let refused = save(&desk, &desk.lilei, first, solve).await;
    assert_eq!(problems(refused), [(answer_name(result), Problem::Required)]);
    // A reply brings it along, or is refused as a whole.
    let solving = || ReplyInput { status: Some(Status::Solved), ..reply_to(first, "换了一台") };
    assert_eq!(problems(reply::reply(&desk.lilei, solving(), Vec::new()).await), [(answer_name(result), Problem::Required)]);
    assert_eq!(desk.number_of("message_count", first).await, 1, "nothing was written");
    let filled = ReplyInput { fields: answers(&[(result, "换货"), (note, "顺手改的")]), ..solving() };
    reply::reply(&desk.lilei, filled, Vec::new()).await.expect("replied");
    assert_eq!(desk.status(first).await, Some(Status::Solved));
    assert_eq!(kept(&desk, first, result).await.as_deref(), Some("换货"));
    assert_eq!(kept(&desk, first, note).await, None, "a reply changes nothing else");
    // In one save with the status, and not twice.
    save(&desk, &desk.lilei, second, |edit| EditInput { fields: answers(&[(result, "退款")]), ..solve(edit) }).await.expect("solved");
    save(&desk, &desk.lilei, second, |edit| EditInput { fields: answers(&[(result, "")]), ..edit }).await.expect("emptied");
    assert_eq!(kept(&desk, second, result).await, None);
    save(&desk, &desk.lilei, second, solve).await.expect("it is solved already");
    let refused = save(&desk, &desk.lilei, second, |edit| EditInput { status: Some(Status::Closed), ..edit }).await;
    assert_eq!(problems(refused), [(answer_name(result), Problem::Required)], "closing is another end");
    // Bulk tells how many and why, and changes the others.
    let input = BulkInput { tickets: vec![second, third], ..bulk_of(BulkAct::Close) };
    let preview = bulk::preview(&desk.admin, &input).await.expect("a preview").by_reason();
    let told: Vec<_> = preview.refused.iter().map(|refusal| (refusal.problem, refusal.count)).collect();
    assert_eq!((preview.changed, told), (0, vec![(Problem::FieldsMissing, 2)]));
    save(&desk, &desk.admin, third, |edit| EditInput { fields: answers(&[(result, "误报")]), ..edit }).await.expect("filled in");
    let done = bulk::run(&desk.admin, &input).await.expect("done");
    assert_eq!((done.changed, done.refused.len()), (vec![third], 1));
    // A note without a status ends nothing.
    let fourth = desk.ticket("四").await.ticket;
    reply::reply(&desk.lilei, note_to(fourth, "在查"), Vec::new()).await.expect("noted");
}

fn bulk_of(act: BulkAct) -> BulkInput {
    BulkInput { tickets: Vec::new(), act, group: None, agent: None, priority: None, category: None, back: String::new() }
}

#[tokio::test]
async fn whoever_may_not_see_a_field_meets_it_nowhere() {
    let desk = Desk::new().await;
    let (finance, insider) = of_group(&desk, "财务").await;
    let (_, outsider) = of_group(&desk, "售后").await;
    let secret = TicketFieldInput { shown_to: vec![finance], ..input("坏账原因", FieldKind::Choice) };
    let secret = field::save(&desk.admin, secret).await.expect("a field");
    template::save(&desk.admin, TemplateInput { is_default: true, ..with("通用", &[(secret, Demand::Both)]) }).await.expect("saved");
    // It is demanded of who sees it, and of nobody else.
    let refused = create(&insider, desk.input("x"), Vec::new()).await;
    assert_eq!(problems(refused), [(answer_name(secret), Problem::Required)]);
    let group = Some(desk.group);
    let ticket = create(&outsider, CreateInput { group, fields: answers(&[(secret, "质量")]), ..desk.input("坏账") }, Vec::new())
        .await
        .expect("created");
    let ticket = ticket.ticket;
    assert_eq!(kept(&desk, ticket, secret).await, None, "nor filled in by who does not see it");
    save(&desk, &insider, ticket, |edit| EditInput { fields: answers(&[(secret, "尺寸")]), ..edit }).await.expect("filled in");
    save(&desk, &outsider, ticket, |edit| EditInput { fields: answers(&[(secret, "质量")]), ..edit }).await.expect("left alone");
    assert_eq!(kept(&desk, ticket, secret).await.as_deref(), Some("尺寸"));
    save(&desk, &insider, ticket, |edit| EditInput { fields: answers(&[(secret, "不喜欢")]), ..edit }).await.expect("changed");
    for (who, sees) in [(&insider, true), (&outsider, false), (&desk.lilei, false), (&desk.admin, true)] {
        let browser = desk.test.signed_in(&email_of(&desk, who).await).await;
        let name = who.actor.name().to_owned();
        for page in [format!("/tickets/{ticket}"), "/tickets".to_owned(), "/tickets/new?new=true".to_owned()] {
            let body = browser.get(&page).await.body;
            assert_eq!(body.contains("坏账原因"), sees, "{name} {page}: {body}");
        }
        let history = browser.get(&format!("/tickets/{ticket}")).await.texts(".event").join("\n");
        assert_eq!(history.contains("尺寸"), sees, "{name}: {history}");
        let list = browser.get(&format!("/tickets?own[f{secret}]=不喜欢")).await;
        assert_eq!(list.texts("tbody tr").len(), usize::from(sees), "{name}: {}", list.body);
        assert!(browser.get(&format!("/tickets?own[f{secret}]=质量")).await.texts("tbody tr").is_empty());
    }
    for (who, sees) in [(&insider, true), (&outsider, false)] {
        let file = exported(&desk, who).await;
        assert_eq!((file.contains("坏账原因"), file.contains("不喜欢")), (sees, sees), "{file}");
    }
    save(&desk, &outsider, ticket, |edit| EditInput { status: Some(Status::Solved), ..edit }).await.expect("not held up");
}

async fn email_of(desk: &Desk, who: &Ctx) -> String {
    let agent = who.agent().expect("an agent");
    desk.test.ask(format!("select email from agents where id = '{agent}'")).await
}

/// All tickets as a file of this person's.
async fn exported(desk: &Desk, who: &Ctx) -> String {
    let input = ticket::model::export::ExportInput { format: Some(export::model::Format::Csv), query: "view=all".to_owned() };
    ticket::commands::export::export(who, input).await.expect("asked for");
    desk.test.run_jobs().await;
    let browser = desk.test.signed_in(&email_of(desk, who).await).await;
    let href = browser.get("/tickets/exports").await.attribute("tbody tr:first-child .c-act a", "href");
    browser.get(&href).await.body
}

#[tokio::test]
async fn a_history_names_a_field_as_it_was_called_then() {
    let desk = Desk::new().await;
    let (reason, kind) = (own(&desk, "退货原因", FieldKind::Checks).await, own(&desk, "品类", FieldKind::Cascade).await);
    template::save(&desk.admin, TemplateInput { is_default: true, ..with("通用", &[(reason, Demand::Never), (kind, Demand::Never)]) })
        .await
        .expect("saved");
    let ticket = desk.ticket("退货").await.ticket;
    let both = Answers::from([(reason, Answer::Many(vec!["质量".to_owned(), "尺寸".to_owned()]))]);
    save(&desk, &desk.lilei, ticket, |edit| EditInput { fields: both.clone(), ..edit }).await.expect("filled in");
    save(&desk, &desk.lilei, ticket, |edit| EditInput { fields: both, ..edit }).await.expect("the same");
    field::save(&desk.admin, TicketFieldInput { id: Some(reason), version: 1, ..input("为什么退", FieldKind::Checks) })
        .await
        .expect("renamed");
    let next = Answers::from([(reason, Answer::Many(vec!["质量".to_owned()])), (kind, Answer::One("电器/冰箱".to_owned()))]);
    save(&desk, &desk.lilei, ticket, |edit| EditInput { fields: next, ..edit }).await.expect("changed");
    let page = desk.test.signed_in("lilei@example.com").await.get(&format!("/tickets/{ticket}")).await;
    let events: Vec<String> = page.texts(".event").into_iter().filter(|event| event.contains("字段")).collect();
    assert_eq!(events.len(), 2, "saving the same says nothing: {events:?}");
    assert!(events[0].contains("字段 退货原因") && events[0].contains("质量、尺寸"), "{events:?}");
    for words in ["字段 为什么退", "由 质量、尺寸", "改为 质量", "字段 品类", "电器 / 冰箱"] {
        assert!(events[1].contains(words), "{words}: {events:?}");
    }
    let changed: Vec<String> =
        desk.test.list(format!("select kind from events where subject_id = '{ticket}' and kind = 'ticket_edited'")).await;
    assert_eq!(changed.len(), 2, "others hear of it");
}

#[tokio::test]
async fn two_who_edit_at_once_keep_what_each_changed() {
    let desk = Desk::new().await;
    let (order, size) = (own(&desk, "订单号", FieldKind::Line).await, own(&desk, "尺寸", FieldKind::Line).await);
    let slots = [(order, Demand::Never), (size, Demand::Never)];
    template::save(&desk.admin, TemplateInput { is_default: true, ..with("通用", &slots) }).await.expect("saved");
    let ticket = desk.ticket("退货").await.ticket;
    let (version, seen) = (desk.version(ticket).await, i32::try_from(desk.number_of("last_seq", ticket).await).expect("a place"));
    let opened = |fields| EditInput { seen_seq: Some(seen), fields, ..EditInput::of(ticket, version) };
    edit::edit(&desk.lilei, opened(answers(&[(order, "8821"), (size, "")]))).await.expect("saved");
    edit::edit(&desk.admin, opened(answers(&[(order, ""), (size, "L")]))).await.expect("another field");
    assert_eq!((kept(&desk, ticket, order).await.as_deref(), kept(&desk, ticket, size).await.as_deref()), (Some("8821"), Some("L")));
    let both = edit::edit(&desk.admin, opened(answers(&[(order, "9900"), (size, "L")]))).await;
    assert!(matches!(both, Err(Error::Problems(ref problems)) if problems.0[0].1 == Problem::Stale), "{both:?}");
    // The page shows both, in the field itself.
    let browser = desk.test.super_admin().await;
    let fields = [
        ("ticket", ticket.to_string()),
        ("version", version.to_string()),
        ("seen_seq", seen.to_string()),
        ("priority", "medium".to_owned()),
        (&*answer_name(order).leak(), "9900".to_owned()),
        (&*answer_name(size).leak(), String::new()),
    ];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, &**value)).collect();
    let page = browser.submit(&format!("/tickets/{ticket}"), "/do/ticket/edit", &fields).await;
    let name = format!("section.stale [name='input[fields][f{order}]']");
    assert_eq!(page.attribute(&name, "value"), "9900", "{}", page.body);
    assert!(page.text("section.stale").contains("现在是 8821"), "{}", page.body);
    let along = format!("section.stale [name='input[fields][f{size}]']");
    assert_eq!(page.attribute(&along, "value"), "L", "what was left empty stays as it is now: {}", page.body);
}
