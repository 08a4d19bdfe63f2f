//! 宏: a macro does everything at once as whoever uses it, or nothing, and says why.

use super::{Desk, changes, demanded, draft, lilei_with, used};
use crate::tests::app::problems;
use kernel::error::{Error, Problem};
use kernel::permission::Permission;
use preset::commands::insert::apply;
use preset::commands::save;
use preset::model::{PresetInput, UseInput, Who};
use ticket::model::{Priority, Status};

#[tokio::test]
async fn a_macro_does_everything_as_whoever_uses_it_and_the_history_names_it() {
    let desk = Desk::new().await;
    let ticket = desk.ticket("退款").await.ticket;
    let all = PresetInput {
        status: Some(Status::Solved),
        priority: Some(Priority::High),
        agent: Some(Who::Me),
        follow: Some(Who::Me),
        cc: "boss@shop.example".to_owned(),
        note: "{{customer}} 已核对".to_owned(),
        text: "{{customer}}您好，{{status}}。".to_owned(),
        ..changes("退款完成")
    };
    let preset = save(&desk.admin, all).await.expect("saved");
    let browser = desk.test.signed_in("lilei@example.com").await;
    let (page, id, preset_id) = (format!("/tickets/{ticket}"), ticket.to_string(), preset.to_string());
    assert!(
        browser.get(&page).await.text("#macros").contains("状态改为 已解决；优先级改为 高；分配给 使用者自己"),
        "said before it is chosen"
    );
    let answer = browser.post(&page, "/do/preset/apply", &[("ticket", &id), ("preset", &preset_id)]).await;
    assert_eq!(answer.location(), page, "{}", answer.body);
    let after = browser.get(&page).await;
    let notice = "已用宏“退款完成”：状态改为 已解决；优先级改为 高；分配给 使用者自己；抄送 boss@shop.example；添加关注人 使用者自己";
    assert!(after.body.contains(notice), "{}", after.body);
    let row = after.texts(".talk .event").into_iter().find(|line| line.contains("用宏“退款完成”")).expect("a line of the history");
    assert!(row.starts_with("李雷 用宏“退款完成” ：") && row.contains("高"), "{row}");
    assert!(!row.ends_with("“退款完成”"), "the name is no reason: {row}");
    assert_eq!(desk.history(ticket).await[1..], ["macro_used 李雷"], "one line for all of it");
    let notes: Vec<String> =
        desk.test.list(format!("select author_name || ' ' || text from ticket_messages where ticket_id = '{ticket}' and seq > 1")).await;
    assert_eq!(notes, ["李雷 何静 已核对"]);
    assert_eq!(draft(&desk.test).await, ["<p>何静您好，已解决。</p> 0"], "put into the composer, not sent; as the macro left the ticket");
    assert_eq!(used(&desk.test, preset).await, 1);
    // Once more: nothing is left to change but the note.
    let outcome = apply(&desk.lilei, UseInput { ticket, preset }).await.expect("applied");
    assert_eq!(outcome.done.len(), 2, "{:?}", outcome.done);
}

#[tokio::test]
async fn what_is_refused_is_said_beside_the_macro_and_nothing_of_it_happens() {
    let desk = Desk::new().await;
    let ticket = desk.ticket("退款").await.ticket;
    let zhou = desk.zhou.actor.agent().expect("an agent");
    // 周航 does not work in the ticket's group.
    let wrong = PresetInput {
        priority: Some(Priority::Urgent),
        agent: Some(Who::Agent(zhou)),
        note: "转给周航".to_owned(),
        text: "好的".to_owned(),
        ..changes("转给周航")
    };
    let preset = save(&desk.admin, wrong).await.expect("saved");
    let before = desk.history(ticket).await;
    let refused = problems(apply(&desk.lilei, UseInput { ticket, preset }).await);
    assert_eq!(refused, [("preset[agent]".to_owned(), Problem::GroupAgentMismatch)]);
    let browser = desk.test.signed_in("lilei@example.com").await;
    let (page, id, preset_id) = (format!("/tickets/{ticket}"), ticket.to_string(), preset.to_string());
    let said = browser.submit(&page, "/do/preset/apply", &[("ticket", &id), ("preset", &preset_id)]).await;
    assert!(said.text(".wrongs").contains("宏“转给周航”什么都没有做") && said.text(".wrongs").contains("分配给 周航："), "{}", said.body);
    let fields = [("ticket", id.as_str()), ("reply_type", "everyone"), ("text", "我写的"), ("preset", preset_id.as_str())];
    let said = browser.submit(&page, "/do/preset/insert", &fields).await;
    assert!(said.text(".preset-line .wrong").starts_with("分配给 周航："), "{}", said.body);
    assert_eq!(said.text("#ticket_reply-text"), "我写的", "nothing typed is lost");
    assert_eq!(desk.history(ticket).await, before);
    assert_eq!(desk.number_of("priority", ticket).await, i64::from(Priority::Medium.code()));
    assert_eq!(desk.number_of("message_count", ticket).await, 1, "no note");
    assert!(draft(&desk.test).await.is_empty());
    assert_eq!(used(&desk.test, preset).await, 0);
}

#[tokio::test]
async fn a_macro_that_ends_a_ticket_says_once_that_fields_are_missing() {
    let desk = Desk::new().await;
    demanded(&desk, ["处理结果", "原因"]).await;
    let ticket = desk.ticket("退款").await.ticket;
    let end = PresetInput { status: Some(Status::Solved), note: "办好了".to_owned(), ..changes("办结") };
    let preset = save(&desk.admin, end).await.expect("saved");
    let refused = problems(apply(&desk.lilei, UseInput { ticket, preset }).await);
    assert_eq!(refused, [("preset[status]".to_owned(), Problem::FieldsMissing)]);
    let browser = desk.test.signed_in("lilei@example.com").await;
    let (page, id, preset_id) = (format!("/tickets/{ticket}"), ticket.to_string(), preset.to_string());
    let fields = [("ticket", id.as_str()), ("reply_type", "everyone"), ("text", "我写的"), ("preset", preset_id.as_str())];
    let said = browser.submit(&page, "/do/preset/insert", &fields).await;
    let words = ["状态改为 已解决：有关闭时必填的字段还没填，请打开工单填写"];
    assert_eq!(said.texts(".preset-line .wrong"), words, "{}", said.body);
    assert_eq!(desk.status(ticket).await, Some(Status::NotAccepted));
    assert_eq!(desk.number_of("message_count", ticket).await, 1, "no note");
}

#[tokio::test]
async fn a_macro_gives_nobody_rights_they_do_not_have() {
    let desk = Desk::new().await;
    let ticket = desk.ticket("退款").await.ticket;
    let close = PresetInput { status: Some(Status::Closed), note: "关了".to_owned(), ..changes("关闭") };
    let preset = save(&desk.admin, close).await.expect("saved");
    let lilei = lilei_with(&desk, &[Permission::TicketView, Permission::TicketReply, Permission::TicketEdit]).await;
    let refused = problems(apply(&lilei, UseInput { ticket, preset }).await);
    let forbidden = |field: &str| (field.to_owned(), Problem::Forbidden);
    assert_eq!(refused, [forbidden("preset[status]"), forbidden("preset[note]")], "everything at once");
    assert_eq!(desk.status(ticket).await, Some(Status::NotAccepted));
    // A ticket that is not theirs is the same as none.
    let zhou = desk.test.ctx_of("zhou@example.com").await;
    assert!(matches!(apply(&zhou, UseInput { ticket, preset }).await, Err(Error::NotFound)));
    apply(&desk.admin, UseInput { ticket, preset }).await.expect("whoever may does");
    assert_eq!(desk.status(ticket).await, Some(Status::Closed));
}

#[tokio::test]
async fn what_a_macro_names_stays_in_its_form_when_it_is_gone() {
    let desk = Desk::new().await;
    let zhou = desk.zhou.actor.agent().expect("an agent");
    let given = PresetInput {
        priority: Some(Priority::High),
        group: Some(desk.other),
        agent: Some(Who::Agent(zhou)),
        follow: Some(Who::Me),
        ..changes("转财务")
    };
    let preset = save(&desk.admin, given).await.expect("saved");
    desk.test.tamper(format!("update agents set status = 9 where id = '{zhou}'")).await;
    desk.test.tamper(format!("update groups set deleted_at = now() where id = '{}'", desk.other)).await;
    let browser = desk.test.super_admin().await;
    let (page, id) = (format!("/settings/presets/{preset}"), preset.to_string());
    let (group, agent) = (desk.other.to_string(), zhou.to_string());
    let edit = browser.get(&page).await;
    for (field, gone) in [("group", &group), ("agent", &agent)] {
        let chosen = format!("#preset-{field} option[selected]");
        assert_eq!((edit.attribute(&chosen, "value"), edit.text(&chosen)), (gone.clone(), "（已删除）".to_owned()), "{}", edit.body);
    }
    assert_eq!(edit.attribute("#preset-follow option[selected]", "value"), "me");
    assert!(!edit.text("#preset-follow").contains("已删除") && !edit.text("#preset-category").contains("已删除"));
    let with = |group, agent| {
        let all = [("id", id.as_str()), ("version", "1"), ("kind", "macro"), ("visibility", "everybody"), ("title", "转财务处理")];
        [&all[..], &[("enabled", "true"), ("priority", "high"), ("follow", "me"), ("group", group), ("agent", agent)]].concat()
    };
    let again = browser.submit(&page, "/do/preset/save", &with(&group, &agent)).await;
    for (field, gone) in [("group", &group), ("agent", &agent)] {
        assert_eq!(again.attribute(&format!("#preset-{field}"), "aria-invalid"), "true", "{}", again.body);
        assert_eq!(again.attribute(&format!("#preset-{field} option[selected]"), "value"), *gone);
    }
    assert_eq!(desk.test.ask::<String>("select title || (acts ->> 'agent') from presets").await, format!("转财务{agent}"));
    let answer = browser.post(&page, "/do/preset/save", &with("", "me")).await;
    assert_eq!(answer.location(), "/settings/presets?kind=macro", "{}", answer.body);
}
