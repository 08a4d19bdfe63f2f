//! 提醒邮件 and 个人提醒: what a person gets by mail, and what they left out.

use super::{Desk, note_to, reply_to};
use crate::tests::ticket::change::set;
use jiff::SignedDuration;
use kernel::id::TicketId;
use ticket::commands::reminder::{save, save_own};
use ticket::commands::{assign, reply};
use ticket::model::Status;
use ticket::model::quiet::QuietInput;
use ticket::model::reminder::{ReminderEvent, RemindersInput, Way};

const LILEI: &str = "lilei@example.com";
const MINUTE: SignedDuration = SignedDuration::from_mins(1);

/// Every event by mail and pop-up, to whoever handles the ticket.
async fn by_mail(desk: &Desk, open: Vec<Way>, quiet_hours: bool) {
    let all = ReminderEvent::ALL.to_vec();
    let settings = RemindersInput {
        mail: all.clone(),
        pop_up: all.clone(),
        sound: all,
        to_agent: true,
        open,
        quiet_hours,
        ..RemindersInput::default()
    };
    save(&desk.admin, settings).await.expect("saved");
}

/// A ticket that 李雷 handles, whose assignment nobody heard of.
async fn handled(desk: &Desk, title: &str) -> TicketId {
    let ticket = desk.ticket(title).await.ticket;
    desk.test.run_jobs().await;
    assign::take(&desk.lilei, ticket).await.expect("taken");
    desk.test.run_jobs().await;
    ticket
}

/// 李雷's last notice of the ticket, as it went to the pages.
async fn last(desk: &Desk, ticket: TicketId) -> String {
    let all: Vec<String> = desk
        .test
        .list(format!(
            "select (e.payload - 'ticket' - 'number' - 'title' - 'href')::text || (e.payload ? 'href')::text
            from live_events e join agents a on a.id = e.agent_id
            where a.name = '李雷' and e.payload ->> 'ticket' = '{ticket}' order by e.seq desc limit 1"
        ))
        .await;
    all.concat()
}

#[tokio::test]
async fn what_happens_within_a_minute_comes_in_one_mail() {
    let desk = Desk::new().await;
    by_mail(&desk, Vec::new(), false).await;
    let (first, second) = (handled(&desk, "发票 <抬头>").await, handled(&desk, "退款").await);
    reply::reply(&desk.admin, reply_to(first, "好的"), Vec::new()).await.expect("replied");
    desk.test.run_jobs().await;
    set(&desk, &desk.admin, second, Status::WaitingReply).await;
    desk.test.later(MINUTE / 2).await;
    assert!(desk.test.sent_to(LILEI).await.is_empty(), "it waits for others");
    desk.test.later(MINUTE / 2).await;
    let mails = desk.test.sent_to(LILEI).await;
    assert_eq!(mails.len(), 1, "one mail a minute at most");
    let mail = &mails[0];
    assert_eq!(mail.subject, "2 张工单有新变化");
    for part in ["发票 <抬头>", "退款", &format!("/tickets/{first}"), "同事回复（韩梅梅）", "状态变更（韩梅梅）", "/me/reminders"]
    {
        assert!(mail.text.contains(part), "{part}: {}", mail.text);
    }
    assert!(!mail.text.contains("分配给客服"), "never of one's own act: {}", mail.text);
    let source = mail.source();
    assert!(source.contains("Auto-Submitted: auto-generated"), "{source}");
    let unfolded = source.replace("\r\n ", " ");
    let references = unfolded.lines().find(|line| line.starts_with("References:")).expect("a thread");
    assert!(references.contains(&format!("<ticket-{first}@")) && references.contains(&format!("<ticket-{second}@")), "{references}");
    // The next one tells only what is new.
    set(&desk, &desk.admin, first, Status::Solved).await;
    desk.test.run_jobs().await;
    desk.test.later(MINUTE).await;
    let mails = desk.test.sent_to(LILEI).await;
    assert_eq!(mails.len(), 2);
    assert_eq!(mails[1].subject, format!("发票 <抬头> [#{}]", desk.number_of("number", first).await));
    assert!(!mails[1].text.contains("同事回复"), "{}", mails[1].text);
    assert_eq!(desk.test.later(MINUTE * 10).await, 0, "nothing is left to do");
}

#[tokio::test]
async fn s05_a_mail_tells_only_what_its_reader_may_still_see() {
    let desk = Desk::new().await;
    by_mail(&desk, Vec::new(), false).await;
    let (gone, kept) = (handled(&desk, "转走的").await, handled(&desk, "留下的").await);
    for ticket in [gone, kept] {
        reply::reply(&desk.admin, note_to(ticket, "好的"), Vec::new()).await.expect("replied");
    }
    desk.test.run_jobs().await;
    desk.test.tamper(format!("update tickets set group_id = '{}', agent_id = null where id = '{gone}'", desk.other)).await;
    desk.test.later(MINUTE).await;
    let mails = desk.test.sent_to(LILEI).await;
    assert_eq!(mails.len(), 1);
    assert!(mails[0].text.contains("留下的") && !mails[0].text.contains("转走的"), "{}", mails[0].text);
    // Who may see no tickets any more hears of none.
    reply::reply(&desk.admin, note_to(kept, "再看"), Vec::new()).await.expect("noted");
    desk.test.run_jobs().await;
    desk.test.tamper("update agents set role = 1111 where name = '李雷'").await;
    desk.test.later(MINUTE).await;
    assert_eq!(desk.test.sent_to(LILEI).await.len(), 1, "an online agent sees no tickets");
    desk.test.tamper("update agents set role = 5555 where name = '李雷'").await;
    // Who has no account any more gets nothing, and nothing waits for them for ever.
    reply::reply(&desk.admin, reply_to(kept, "还有"), Vec::new()).await.expect("replied");
    desk.test.run_jobs().await;
    desk.test.tamper("update agents set status = 2 where name = '李雷'").await;
    desk.test.later(MINUTE).await;
    assert_eq!(desk.test.sent_to(LILEI).await.len(), 1);
    assert_eq!(desk.test.ask::<i64>("select count(*) from reminder_mails where sent_at is null").await, 0);
}

#[tokio::test]
async fn s22_reminders_leave_room_for_letters_about_the_account() {
    let desk = Desk::new().await;
    by_mail(&desk, Vec::new(), false).await;
    let ticket = handled(&desk, "很忙").await;
    for minute in 0..8 {
        set(&desk, &desk.admin, ticket, if minute % 2 == 0 { Status::WaitingReply } else { Status::InProgress }).await;
        desk.test.run_jobs().await;
        desk.test.later(MINUTE).await;
    }
    assert_eq!(desk.test.sent_to(LILEI).await.len(), 4, "the fifth of ten minutes stays free");
    for _ in 0..6 {
        desk.test.later(MINUTE * 2).await;
    }
    let mails = desk.test.sent_to(LILEI).await;
    assert_eq!(mails.len(), 5, "what was held back comes in one");
    assert_eq!(mails[4].text.matches("状态变更").count(), 4, "{}", mails[4].text);
    assert!(mails.iter().all(|mail| mail.state != 5), "none was dropped");
}

#[tokio::test]
async fn what_somebody_left_out_does_not_reach_them() {
    let desk = Desk::new().await;
    desk.test.everybody_comes().await;
    by_mail(&desk, vec![Way::Mail, Way::Sound], false).await;
    let ticket = handled(&desk, "安静").await;
    // Everything but replies by mail, no sound; the pop-up is the administrator's.
    let all = ReminderEvent::ALL.iter().copied();
    let own = QuietInput { mail: all.filter(|event| *event != ReminderEvent::AgentReplied).collect(), ..QuietInput::default() };
    save_own(&desk.lilei, own).await.expect("saved");
    reply::reply(&desk.admin, note_to(ticket, "好的"), Vec::new()).await.expect("replied");
    desk.test.run_jobs().await;
    desk.test.later(MINUTE).await;
    assert_eq!(last(&desk, ticket).await, r#"{"what": "ticket_replied_by_agent"}true"#, "the bell, without a sound");
    assert!(desk.test.sent_to(LILEI).await.is_empty());
    set(&desk, &desk.admin, ticket, Status::Solved).await;
    desk.test.run_jobs().await;
    desk.test.later(MINUTE).await;
    assert_eq!(desk.test.sent_to(LILEI).await.len(), 1);
    // What the administrator takes back is heard again.
    desk.test.tamper(r#"update settings set document = document || '{"open": []}' where kind = 'reminder'"#).await;
    reply::reply(&desk.admin, note_to(ticket, "再看"), Vec::new()).await.expect("replied");
    desk.test.run_jobs().await;
    assert_eq!(last(&desk, ticket).await, r#"{"what": "ticket_replied_by_agent", "sound": "soft"}true"#);
}

#[tokio::test]
async fn at_quiet_hours_the_bell_counts_and_mails_wait() {
    let desk = Desk::new().await;
    desk.test.everybody_comes().await;
    by_mail(&desk, Vec::new(), true).await;
    let ticket = handled(&desk, "夜里").await;
    let clock = |ahead: SignedDuration| desk.test.app.clock.now().plus(ahead).clock(&desk.lilei.zone);
    let all = ReminderEvent::ALL.to_vec();
    let (from, to) = (clock(SignedDuration::ZERO), clock(SignedDuration::from_hours(2)));
    let own = QuietInput { mail: all.clone(), pop_up: all.clone(), sound: all, quiet: true, from, to };
    save_own(&desk.lilei, own).await.expect("saved");
    reply::reply(&desk.admin, note_to(ticket, "好的"), Vec::new()).await.expect("replied");
    desk.test.run_jobs().await;
    assert_eq!(last(&desk, ticket).await, r#"{"hush": true, "what": "ticket_replied_by_agent"}true"#);
    desk.test.later(MINUTE * 90).await;
    assert!(desk.test.sent_to(LILEI).await.is_empty());
    desk.test.later(MINUTE * 31).await;
    assert_eq!(desk.test.sent_to(LILEI).await.len(), 1);
    set(&desk, &desk.admin, ticket, Status::Solved).await;
    desk.test.run_jobs().await;
    assert_eq!(last(&desk, ticket).await, r#"{"what": "ticket_status_changed", "sound": "soft"}true"#, "they are over");
}

#[tokio::test]
async fn ones_own_reminders_have_a_page() {
    let desk = Desk::new().await;
    let browser = desk.test.signed_in(LILEI).await;
    by_mail(&desk, vec![Way::Mail], true).await;
    let page = browser.get("/me/reminders").await;
    assert_eq!(page.status, 200);
    assert!(page.body.contains(r#"value="urged" aria-label="催单：邮件" checked"#), "heard until left out: {}", page.body);
    assert!(!page.body.contains(r#"aria-label="催单：声音""#), "not theirs to choose");
    let refused = browser
        .submit(
            "/me/reminders",
            "/do/ticket/own-reminders",
            &[("mail[]", "created"), ("quiet", "true"), ("from", "08:00"), ("to", "08:00")],
        )
        .await;
    assert!(refused.body.contains("开始和结束时间不能相同"), "{}", refused.body);
    assert_eq!(refused.attribute("#own_reminders-to", "value"), "08:00", "{}", refused.body);
    assert!(!refused.body.contains(r#"value="urged" aria-label="催单：邮件" checked"#), "nothing that was unticked comes back");
    let fields = [("mail[]", "created"), ("quiet", "true"), ("from", "22:00"), ("to", "08:00")];
    assert_eq!(browser.post("/me/reminders", "/do/ticket/own-reminders", &fields).await.status, 303);
    let kept = desk.test.ask::<String>("select document::text from agent_reminders").await;
    assert!(kept.contains(r#""hours": ["22:00", "08:00"]"#) && kept.contains(r#""sound": []"#), "{kept}");
    assert_eq!(kept.matches("created").count(), 0, "{kept}");
    assert!(kept.contains("urged"), "{kept}");
}
