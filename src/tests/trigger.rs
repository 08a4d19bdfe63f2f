//! 触发器: rules over tickets in the database: order, chains, records, the form.

mod timed;
mod trial;

use crate::tests::app::TestApp;
use crate::tests::ticket::Desk;
use kernel::id::{TicketId, TriggerId};
use mail::commands::{Arrival, receive};
use ticket::model::{Priority, Status};
use trigger::commands::save;
use trigger::field::Field;
use trigger::model::{ActionInput, ActionKind, ConditionInput, Moment, Operator, SwitchInput, TriggerInput, TriggerKind};

pub(super) fn when(field: Field, operator: Operator, value: &str) -> ConditionInput {
    ConditionInput { field: Some(field.into()), operator: Some(operator), values: vec![value.to_owned()] }
}

pub(super) fn then(kind: ActionKind, value: impl ToString) -> ActionInput {
    ActionInput { kind: Some(kind), value: value.to_string(), text: String::new(), own: None }
}

pub(super) fn rule(name: &str, moment: Moment, all: Vec<ConditionInput>, actions: Vec<ActionInput>) -> TriggerInput {
    TriggerInput {
        trigger: None,
        version: 0,
        kind: TriggerKind::Flow,
        name: name.to_owned(),
        description: String::new(),
        enabled: true,
        stop: false,
        moments: vec![moment],
        all,
        any: Vec::new(),
        actions,
        step: String::new(),
        reason: String::new(),
    }
}

pub(super) async fn runs(test: &TestApp, ticket: TicketId) -> Vec<String> {
    test.list(format!(
        "select trigger_name || ' ' || hop || ' ' || outcome from trigger_runs where ticket_id = '{ticket}' order by created_at, id"
    ))
    .await
}

async fn priority(desk: &Desk, ticket: TicketId) -> Option<Priority> {
    Priority::from_code(i16::try_from(desk.number_of("priority", ticket).await).expect("a code"))
}

#[tokio::test]
async fn a_mail_to_an_address_goes_straight_to_its_group_and_agent() {
    let desk = Desk::new().await;
    let system = desk.test.system().await;
    let mailbox = mail::import::mailbox_for_import(&system, "billing@shop.example").await.expect("a mailbox");
    let zhou = desk.zhou.actor.agent().expect("an agent");
    let assign = vec![then(ActionKind::Group, desk.other), then(ActionKind::Agent, zhou)];
    save(&desk.admin, rule("账单归财务", Moment::Created, vec![when(Field::Mailbox, Operator::Is, &mailbox.to_string())], assign))
        .await
        .expect("saved");
    let raw = b"From: he@example.com\r\nTo: billing@shop.example\r\nSubject: invoice\r\nMessage-ID: <1@x.example>\r\n\r\nhello\r\n";
    let arrival = Arrival { mailbox, uid: None, raw: raw.to_vec().into(), seen_at: system.now() };
    receive(&system, arrival).await.expect("received");
    desk.test.run_jobs().await;
    let ticket: TicketId = desk.test.ask("select id from tickets").await;
    let held: (String, String) = (
        desk.test.ask::<uuid::Uuid>("select group_id from tickets").await.to_string(),
        desk.test.ask::<uuid::Uuid>("select agent_id from tickets").await.to_string(),
    );
    assert_eq!(held, (desk.other.to_string(), zhou.to_string()));
    assert_eq!(desk.history(ticket).await[1..], ["edited 账单归财务", "edited 账单归财务"], "the history names the trigger");
    let from: Vec<i16> = desk.test.list("select log_from from ticket_changes where actor_kind = 2").await;
    assert_eq!(from, [2, 2], "F§4.1: log_from 2");
    // Another mailbox is none of its business.
    let other = desk.ticket("别的").await.ticket;
    desk.test.run_jobs().await;
    assert_eq!(runs(&desk.test, other).await, ["账单归财务 0 2"]);
}

#[tokio::test]
async fn triggers_look_in_their_order_each_at_what_the_one_before_left() {
    let desk = Desk::new().await;
    let any = || when(Field::Title, Operator::Contains, "发票");
    save(&desk.admin, rule("一", Moment::Created, vec![any()], vec![then(ActionKind::Priority, "urgent")])).await.expect("saved");
    let second = TriggerInput {
        stop: true,
        ..rule("二", Moment::Created, vec![when(Field::Priority, Operator::Is, "urgent")], vec![then(ActionKind::Status, "in_progress")])
    };
    save(&desk.admin, second).await.expect("saved");
    save(&desk.admin, rule("三", Moment::Created, vec![any()], vec![then(ActionKind::Priority, "low")])).await.expect("saved");
    let ticket = desk.ticket("发票").await.ticket;
    desk.test.run_jobs().await;
    assert_eq!(priority(&desk, ticket).await, Some(Priority::Urgent), "the third did not look: the second ends it");
    assert_eq!(desk.status(ticket).await, Some(Status::InProgress));
    assert_eq!(runs(&desk.test, ticket).await, ["一 0 1", "二 0 1"]);
    // Turned round, the second finds no urgent ticket.
    let order: Vec<TriggerId> = desk.test.list("select id from triggers order by position").await;
    let up = trigger::model::StepInput { trigger: order[1], step: kernel::step::Step::Up };
    trigger::commands::step(&desk.admin, up).await.expect("moved");
    let ticket = desk.ticket("发票").await.ticket;
    desk.test.run_jobs().await;
    assert_eq!(runs(&desk.test, ticket).await, ["二 0 2", "一 0 1", "三 0 1"]);
    assert_eq!(priority(&desk, ticket).await, Some(Priority::Low));
}

#[tokio::test]
async fn an_order_is_all_of_one_kind_or_nothing() {
    let desk = Desk::new().await;
    let mut ids = Vec::new();
    for name in ["一", "二", "三"] {
        let condition = vec![when(Field::Title, Operator::Contains, name)];
        ids.push(save(&desk.admin, rule(name, Moment::Created, condition, vec![then(ActionKind::Priority, "low")])).await.expect("saved"));
    }
    let order = |ids: &[TriggerId]| trigger::model::OrderInput {
        kind: TriggerKind::Flow,
        order: ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "),
    };
    trigger::commands::arrange(&desk.admin, order(&[ids[2], ids[0], ids[1]])).await.expect("arranged");
    let names = async || -> Vec<String> { desk.test.list("select name from triggers order by position").await };
    assert_eq!(names().await, ["三", "一", "二"]);
    let trail: Vec<String> =
        desk.test.list("select object_label || ' ' || before || ' ' || after from audit_entries where action = 'trigger.moved'").await;
    assert_eq!(trail, [r#"三 {"place": 3} {"place": 1}"#]);
    for wrong in [vec![ids[0], ids[1]], vec![ids[0], ids[0], ids[1]], Vec::new()] {
        assert!(trigger::commands::arrange(&desk.admin, order(&wrong)).await.is_err(), "{wrong:?}");
    }
    assert!(trigger::commands::arrange(&desk.lilei, order(&ids)).await.is_err(), "an agent orders no rules");
    assert_eq!(names().await, ["三", "一", "二"]);
}

#[tokio::test]
async fn s30_two_that_set_off_each_other_end_after_ten() {
    let desk = Desk::new().await;
    for (name, is, becomes) in [("升", "low", "high"), ("降", "high", "low")] {
        let condition = vec![when(Field::Priority, Operator::ChangedTo, is)];
        save(&desk.admin, rule(name, Moment::Updated, condition, vec![then(ActionKind::Priority, becomes)])).await.expect("saved");
    }
    let ticket = desk.ticket("来回").await.ticket;
    desk.test.run_jobs().await;
    let version = desk.version(ticket).await;
    let edit = ticket::model::input::EditInput { priority: Some(Priority::Low), ..ticket::model::input::EditInput::of(ticket, version) };
    ticket::commands::edit::edit(&desk.admin, edit).await.expect("edited");
    desk.test.run_jobs().await;
    let matched: i64 = desk.test.ask("select count(*) from trigger_runs where outcome = 1").await;
    let stopped: Vec<i16> = desk.test.list("select hop from trigger_runs where outcome = 3").await;
    assert_eq!((matched, stopped), (10, vec![10]));
    desk.test.run_jobs().await;
    assert_eq!(desk.test.ask::<i64>("select count(*) from trigger_runs where outcome = 1").await, 10, "and nothing goes on later");
    // The one that would have gone on is off, the trail and the bell of whoever writes triggers say so.
    let off: Vec<String> = desk.test.list("select name from triggers where enabled_at is null").await;
    assert_eq!(off, ["升"]);
    assert_eq!(desk.test.ask::<i64>("select count(*) from audit_entries where action = 'trigger.halted'").await, 1);
    let admin = desk.admin.actor.agent().expect("an agent");
    let told: Vec<uuid::Uuid> = desk.test.list("select agent_id from live_events where kind = 'trigger' and payload ? 'href'").await;
    assert_eq!(told, [admin.0], "and no agent without the permission");
    let bell = desk.test.super_admin().await.get("/notices").await;
    assert!(bell.body.contains("已自动停用"), "{}", bell.body);
}

#[tokio::test]
async fn s30_one_that_acts_on_a_ticket_again_and_again_is_switched_off() {
    let desk = Desk::new().await;
    let note = ActionInput { kind: Some(ActionKind::Note), value: String::new(), text: "又改了".to_owned(), own: None };
    save(&desk.admin, rule("备注", Moment::Updated, vec![when(Field::Title, Operator::NotEmpty, "")], vec![note])).await.expect("saved");
    let ticket = desk.ticket("反复").await.ticket;
    for time in 0..33 {
        let priority = Some(if time % 2 == 0 { Priority::Low } else { Priority::High });
        let version = desk.version(ticket).await;
        let edit = ticket::model::input::EditInput { priority, ..ticket::model::input::EditInput::of(ticket, version) };
        ticket::commands::edit::edit(&desk.admin, edit).await.expect("edited");
        desk.test.run_jobs().await;
    }
    let outcomes: Vec<i64> = desk.test.list("select count(*) from trigger_runs group by outcome order by outcome").await;
    assert_eq!(outcomes, [30, 1], "thirty times, once stopped, and then it is off");
}

#[tokio::test]
async fn what_happened_is_looked_at_once_and_never_from_before() {
    let desk = Desk::new().await;
    let old = desk.ticket("以前的").await.ticket;
    desk.test.later(jiff::SignedDuration::from_secs(1)).await;
    let note = ActionInput { kind: Some(ActionKind::Note), value: String::new(), text: "{{customer}} 的 {{title}}".to_owned(), own: None };
    let trigger = save(&desk.admin, rule("备注", Moment::Created, vec![when(Field::Starter, Operator::Is, "agent")], vec![note]))
        .await
        .expect("saved");
    desk.test.later(jiff::SignedDuration::from_secs(1)).await;
    let ticket = desk.ticket("新的").await.ticket;
    desk.test.run_jobs().await;
    let system = desk.test.system().await;
    for ticket in [ticket, ticket, old] {
        trigger::commands::flow::run(&system, ticket).await.expect("a run");
    }
    let notes: Vec<String> = desk.test.list("select text from ticket_messages where author_kind = 2").await;
    assert_eq!(notes, ["何静 的 新的"], "once, and not for the ticket of before");
    let off = SwitchInput { trigger, enabled: false };
    trigger::commands::switch(&desk.admin, off).await.expect("switched off");
    desk.ticket("再来").await;
    desk.test.run_jobs().await;
    assert_eq!(desk.test.ask::<i64>("select count(*) from trigger_runs").await, 1);
}

#[tokio::test]
async fn what_a_ticket_refuses_stands_in_the_record() {
    let desk = Desk::new().await;
    let urge = |text: &str| ActionInput { kind: Some(ActionKind::Urge), value: String::new(), text: text.to_owned(), own: None };
    let actions = vec![urge("快"), urge("再快"), then(ActionKind::Priority, "medium")];
    save(&desk.admin, rule("催", Moment::Created, vec![when(Field::Status, Operator::IsNot, "closed")], actions)).await.expect("saved");
    desk.ticket("催两次").await;
    desk.test.run_jobs().await;
    let effects: serde_json::Value = desk.test.ask("select effects from trigger_runs where outcome = 1").await;
    let said: Vec<&str> = effects.as_array().expect("a list").iter().map(|one| one["effect"].as_str().expect("a word")).collect();
    assert_eq!(said, ["done", "refused", "unchanged"]);
    assert_eq!(effects[1]["problem"], "urge_too_soon");
}

#[tokio::test]
async fn mails_go_to_the_customer_the_agent_and_whoever_is_named() {
    let desk = Desk::new().await;
    let mail = |kind, value: &str, text: &str| ActionInput { kind: Some(kind), value: value.to_owned(), text: text.to_owned(), own: None };
    let actions = vec![
        mail(ActionKind::MailCustomer, "", "{{customer}}，已收到“{{title}}”。"),
        mail(ActionKind::MailAgent, "", "{{number}} 没有人受理"),
        mail(ActionKind::MailAddress, "boss@example.com", "新的：{{title}}"),
    ];
    save(&desk.admin, rule("回执", Moment::Created, vec![when(Field::Title, Operator::NotEmpty, "")], actions)).await.expect("saved");
    let ticket = desk.ticket("发票 <抬头>").await.ticket;
    desk.test.run_jobs().await;
    let effects: serde_json::Value = desk.test.ask("select effects from trigger_runs where outcome = 1").await;
    assert_eq!(effects[1]["problem"], "nobody_to_mail", "nobody handles it yet: {effects}");
    let mut sent = desk.test.sent_to("he@example.com").await;
    sent.extend(desk.test.sent_to("boss@example.com").await);
    let texts: Vec<&str> = sent.iter().map(|mail| mail.text.trim()).collect();
    assert_eq!(texts, ["何静，已收到“发票 <抬头>”。", "新的：发票 <抬头>"]);
    for mail in &sent {
        let raw = String::from_utf8_lossy(&mail.raw);
        assert!(raw.contains("Auto-Submitted: auto-generated"), "nothing answers it by itself: {raw}");
    }
    let notes: Vec<String> = desk.test.list("select text from ticket_messages where author_kind = 2").await;
    assert_eq!(notes, ["已发邮件给 he@example.com：\n何静，已收到“发票 <抬头>”。"], "who reads the ticket sees what was sent");
    // An answer joins the ticket, and sets off no rule of creation.
    let answer = format!(
        "From: he@example.com\r\nTo: service@example.com\r\nSubject: Re\r\nMessage-ID: <a@x.example>\r\nIn-Reply-To: <{}>\r\n\r\nthanks\r\n",
        sent[0].message_id
    );
    let system = desk.test.system().await;
    let mailbox = mail::import::mailbox_for_import(&system, "service@example.com").await.expect("a mailbox");
    receive(&system, Arrival { mailbox, uid: None, raw: answer.into_bytes().into(), seen_at: system.now() }).await.expect("received");
    desk.test.run_jobs().await;
    assert_eq!(desk.test.ask::<i64>("select count(*) from tickets").await, 1);
    assert_eq!(desk.number_of("message_count", ticket).await, 3);
}

#[tokio::test]
async fn ids_of_nobody_and_patterns_that_are_none_are_refused_beside_their_line() {
    let desk = Desk::new().await;
    let nobody = "01930000-0000-7000-8000-000000000000";
    let wrong = rule(
        "错",
        Moment::Created,
        vec![when(Field::Group, Operator::Is, nobody), when(Field::Title, Operator::Matches, "(")],
        vec![then(ActionKind::Agent, nobody)],
    );
    let refused = save(&desk.admin, wrong).await.expect_err("refused");
    let said = format!("{refused:?}");
    for field in ["all[0][values]", "all[1][values]", "actions[0][value]"] {
        assert!(said.contains(field), "{field}: {said}");
    }
    assert!(save(&desk.lilei, rule("不许", Moment::Created, Vec::new(), Vec::new())).await.is_err(), "an agent writes no rules");
}

#[tokio::test]
async fn the_form_grows_line_by_line_without_scripting() {
    let desk = Desk::new().await;
    let browser = desk.test.super_admin().await;
    let mut fields = vec![
        ("trigger", ""),
        ("version", "0"),
        ("kind", "flow"),
        ("name", "升级投诉"),
        ("moments[]", "created"),
        ("all[0][field]", "title"),
        ("step", "keep"),
    ];
    let page = browser.submit("/settings/triggers/new", "/do/trigger/save", &fields).await;
    assert_eq!(page.attribute("#trigger-name", "value"), "升级投诉", "{}", page.body);
    assert!(page.body.contains(r#"name="input[all][0][values][]""#), "the field brings its control: {}", page.body);
    fields.retain(|(name, _)| *name != "step");
    fields.extend([("all[0][operator]", "contains"), ("all[0][values][]", "投诉"), ("actions[0][kind]", "priority"), ("step", "any")]);
    let page = browser.submit("/settings/triggers/new", "/do/trigger/save", &fields).await;
    assert!(page.body.contains(r#"value="投诉""#), "nothing that was typed is lost: {}", page.body);
    assert!(page.body.contains(r#"name="input[any][0][field]""#), "one more line: {}", page.body);
    fields.retain(|(name, _)| *name != "step");
    let page = browser.submit("/settings/triggers/new", "/do/trigger/save", &fields).await;
    assert!(!page.texts(".wrong").is_empty(), "the action needs its value: {}", page.body);
    fields.extend([("actions[0][value]", "urgent"), ("enabled", "true")]);
    let answer = browser.post("/settings/triggers/new", "/do/trigger/save", &fields).await;
    assert_eq!(answer.location(), "/settings/triggers", "{}", answer.body);
    let list = browser.get("/settings/triggers").await;
    assert!(list.body.contains("工单创建时，如果 标题 包含 “投诉”：设置优先级 紧急"), "{}", list.body);
    desk.ticket("我要投诉").await;
    desk.test.run_jobs().await;
    let trigger: TriggerId = desk.test.ask("select id from triggers").await;
    let runs = browser.get(&format!("/settings/triggers/{trigger}/runs")).await;
    for words in ["命中", "标题 包含 “投诉”", "设置优先级 紧急", "已执行"] {
        assert!(runs.body.contains(words), "{words}: {}", runs.body);
    }
}
