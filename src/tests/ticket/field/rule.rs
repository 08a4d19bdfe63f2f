//! Triggers over templates and own fields; rules and mail are not held up by what agents have to fill in.

use super::{Demand, Desk, FieldKind, Status, TemplateInput, TicketFieldInput, answers, input, kept, made, named, own, with};
use crate::tests::trigger::{rule, runs, then, when};
use kernel::field::FieldKind::{Checks, Choice, Date, Number};
use ticket::commands::create::create;
use ticket::commands::{field, template};
use ticket::model::input::{CreateInput, EditInput};
use trigger::commands::save;
use trigger::field::{Aspect, Field, OwnField};
use trigger::model::{ActionInput, ActionKind, ConditionInput, Moment, Operator};

fn asks(id: kernel::id::TicketFieldId, kind: FieldKind, operator: Operator, values: &[&str]) -> ConditionInput {
    let values = values.iter().map(|value| (*value).to_owned()).collect();
    ConditionInput { field: Some(Aspect::Own(OwnField { id, kind })), operator: Some(operator), values }
}

fn sets(id: kernel::id::TicketFieldId, kind: FieldKind, value: &str) -> ActionInput {
    ActionInput { own: Some(OwnField { id, kind }), ..then(ActionKind::Own, value) }
}

#[tokio::test]
async fn a_trigger_asks_for_template_and_own_fields_and_sets_one() {
    let desk = Desk::new().await;
    let (reason, amount, day) = (own(&desk, "退货原因", Choice).await, own(&desk, "金额", Number).await, own(&desk, "到货日", Date).await);
    let marks = own(&desk, "标记", Checks).await;
    let template = made(&desk, "退货", &[(reason, Demand::Never), (amount, Demand::Never), (day, Demand::Never)]).await;
    let category = named(&desk, "退货", None, Some(template)).await;
    let conditions = vec![
        when(Field::Template, Operator::Is, &template.to_string()),
        asks(reason, Choice, Operator::Is, &["质量", "尺寸"]),
        asks(amount, Number, Operator::AtLeast, &["99.5"]),
        asks(day, Date, Operator::AtMost, &["2026-11-30"]),
        asks(marks, Checks, Operator::Empty, &[]),
    ];
    let marking =
        rule("大额质量退货", Moment::Created, conditions, vec![sets(marks, Checks, "质量"), then(ActionKind::Priority, "urgent")]);
    let id = save(&desk.admin, marking).await.expect("saved");
    let new = |amount_typed: &str, category| CreateInput {
        category,
        fields: answers(&[(reason, "质量"), (amount, amount_typed), (day, "2026-11-22")]),
        ..desk.input("退货")
    };
    let hit = create(&desk.lilei, new("100", Some(category)), Vec::new()).await.expect("created").ticket;
    let cheap = create(&desk.lilei, new("99.49", Some(category)), Vec::new()).await.expect("created").ticket;
    let plain = create(&desk.lilei, new("100", None), Vec::new()).await.expect("created").ticket;
    desk.test.later(jiff::SignedDuration::from_mins(1)).await;
    assert_eq!(kept(&desk, hit, marks).await.as_deref(), Some(r#"["质量"]"#));
    assert_eq!((kept(&desk, cheap, marks).await, kept(&desk, plain, marks).await), (None, None));
    assert_eq!(runs(&desk.test, hit).await, ["大额质量退货 0 1"]);
    let browser = desk.test.super_admin().await;
    let list = browser.get("/settings/triggers").await;
    for words in ["工单模板 是 退货", "退货原因 是 质量、尺寸", "金额 不少于 99.5", "到货日 不晚于 2026-11-30", "标记 为空", "标记 为 质量"]
    {
        assert!(list.body.contains(words), "{words}: {}", list.body);
    }
    let history = browser.get(&format!("/tickets/{hit}")).await;
    assert!(history.text("ol, main").contains("字段 标记"), "{}", history.body);
    let trial = browser.get(&format!("/settings/triggers/{id}/try?own-number-{amount}=100&template={template}")).await;
    assert!(trial.status == 200 && trial.body.contains("1 次命中"), "as it was then, before it set the field: {}", trial.body);
    assert!(browser.get(&format!("/settings/triggers/{id}")).await.body.contains("字段：退货原因"));
}

#[tokio::test]
async fn a_change_of_an_own_field_sets_a_trigger_off() {
    let desk = Desk::new().await;
    let state = own(&desk, "审批", Choice).await;
    template::save(&desk.admin, TemplateInput { is_default: true, ..with("通用", &[(state, Demand::Never)]) }).await.expect("saved");
    let conditions = vec![asks(state, Choice, Operator::ChangedTo, &["尺寸"])];
    save(&desk.admin, rule("批了", Moment::Updated, conditions, vec![then(ActionKind::Priority, "high")])).await.expect("saved");
    let ticket = desk.ticket("审批").await.ticket;
    for (value, priority) in [("质量", 1), ("尺寸", 2)] {
        super::save(&desk, &desk.lilei, ticket, |edit| EditInput { fields: answers(&[(state, value)]), ..edit }).await.expect("saved");
        desk.test.run_jobs().await;
        assert_eq!(desk.number_of("priority", ticket).await, priority, "{value}");
    }
}

#[tokio::test]
async fn a_field_that_is_switched_off_matches_nothing_and_the_page_says_so() {
    let desk = Desk::new().await;
    let reason = own(&desk, "退货原因", Choice).await;
    let conditions = vec![asks(reason, Choice, Operator::IsNot, &["质量"])];
    let id = save(&desk.admin, rule("不是质量", Moment::Created, conditions.clone(), vec![then(ActionKind::Priority, "high")]))
        .await
        .expect("saved");
    desk.ticket("先").await;
    desk.test.run_jobs().await;
    let off = TicketFieldInput { id: Some(reason), version: 1, enabled: false, ..input("退货原因", Choice) };
    field::save(&desk.admin, off).await.expect("switched off");
    let ticket = desk.ticket("后").await.ticket;
    desk.test.run_jobs().await;
    assert_eq!(desk.test.list::<i16>("select priority from tickets order by number").await, [2, 1]);
    assert_eq!(runs(&desk.test, ticket).await, ["不是质量 0 2"]);
    let browser = desk.test.super_admin().await;
    for page in ["/settings/triggers".to_owned(), format!("/settings/triggers/{id}")] {
        let page = browser.get(&page).await;
        assert!(page.text(".warned").contains("问的字段已停用"), "{}", page.body);
    }
    let again = save(&desk.admin, rule("再来", Moment::Created, conditions, vec![sets(reason, Choice, "质量")])).await;
    let found: Vec<String> = crate::tests::app::problems(again).into_iter().map(|(field, _)| field).collect();
    assert_eq!(found, ["all[0][values]", "actions[0][value]"]);
}

#[tokio::test]
async fn the_form_of_a_trigger_asks_for_an_own_field_step_by_step() {
    let desk = Desk::new().await;
    let (reason, day) = (own(&desk, "退货原因", Choice).await, own(&desk, "到货日", Date).await);
    let (of_reason, of_day) = (format!("own-choice-{reason}"), format!("own-date-{day}"));
    let browser = desk.test.super_admin().await;
    let form = "/settings/triggers/new";
    let base = [("kind", "flow"), ("name", "退货"), ("moments[]", "created"), ("enabled", "true")];
    let chosen =
        [("all[0][field]", &*of_day), ("all[0][operator]", "at_least"), ("actions[0][kind]", "own"), ("actions[0][own]", &*of_reason)];
    let kept = [&base[..], &chosen[..], &[("step", "keep")]].concat();
    let page = browser.submit(form, "/do/trigger/save", &kept).await;
    assert_eq!(page.attribute("[name='input[all][0][values][]']", "type"), "date", "{}", page.body);
    assert_eq!(page.text("#trigger-all-0--operator- option[selected]"), "不早于");
    assert!(page.texts("#trigger-actions-0--value- option").contains(&"尺寸".to_owned()), "{}", page.body);
    let wrong = [&base[..], &chosen[..], &[("all[0][values][]", "明天"), ("actions[0][value]", "颜色")]].concat();
    let page = browser.submit(form, "/do/trigger/save", &wrong).await;
    for field in ["all-0--values-", "actions-0--value-"] {
        assert_eq!(page.attribute(&format!("#trigger-{field}"), "aria-invalid"), "true", "{field}: {}", page.body);
    }
    let right = [&base[..], &chosen[..], &[("all[0][values][]", "2026-11-22"), ("actions[0][value]", "尺寸")]].concat();
    let page = browser.submit(form, "/do/trigger/save", &right).await;
    assert!(page.body.contains("到货日 不早于 2026-11-22") && page.body.contains("退货原因 为 尺寸"), "{}", page.body);
}

#[tokio::test]
async fn rules_and_mail_are_not_held_up() {
    let desk = Desk::new().await;
    let result = own(&desk, "处理结果", FieldKind::Line).await;
    template::save(&desk.admin, TemplateInput { is_default: true, ..with("通用", &[(result, Demand::Both)]) }).await.expect("saved");
    let closing =
        rule("自动关闭", Moment::Created, vec![when(Field::Title, Operator::Contains, "广告")], vec![then(ActionKind::Status, "closed")]);
    save(&desk.admin, closing).await.expect("saved");
    let system = desk.test.system().await;
    let mailbox = mail::import::mailbox_for_import(&system, "service@shop.example").await.expect("a mailbox");
    let raw =
        "From: he@example.com\r\nTo: service@shop.example\r\nSubject: =?utf-8?B?5bm/5ZGK?=\r\nMessage-ID: <1@example.com>\r\n\r\nx\r\n";
    let arrival = mail::commands::Arrival { mailbox, uid: None, raw: raw.as_bytes().to_vec().into(), seen_at: desk.test.app.clock.now() };
    let received = mail::commands::receive(&system, arrival).await.expect("received");
    let ticket = ticket::commands::take_mail(&system, received.mail).await.expect("taken").ticket.expect("a ticket");
    desk.test.run_jobs().await;
    assert_eq!(desk.status(ticket).await, Some(Status::Closed));
    assert_eq!(kept(&desk, ticket, result).await, None);
}
