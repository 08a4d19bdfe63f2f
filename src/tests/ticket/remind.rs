//! 工单提醒: who is reminded of what, by bell and by sound, and the form of the settings.

use super::{Desk, reply_to};
use crate::tests::ticket::change::set;
use kernel::id::TicketId;
use ticket::commands::reminder::save;
use ticket::commands::{assign, follow, reply};
use ticket::model::Status;
use ticket::model::reminder::{ReminderEvent, RemindersInput, Tone};

fn input(version: i32) -> RemindersInput {
    RemindersInput {
        version,
        pop_up: ReminderEvent::ALL.to_vec(),
        to_agent: true,
        to_group: true,
        to_followers: true,
        ..RemindersInput::default()
    }
}

/// What rang for a person: the event, with `!` when the bell counts it and the tone when it sounds.
async fn rang(desk: &Desk, who: &str, ticket: TicketId) -> Vec<String> {
    desk.test
        .list(format!(
            "select (e.payload ->> 'what') || case when e.payload ? 'href' then ' !' else '' end || coalesce(' ' || (e.payload ->> 'sound'), '')
            from live_events e join agents a on a.id = e.agent_id
            where a.name = '{who}' and e.payload ->> 'ticket' = '{ticket}' and (e.payload ? 'href' or e.payload ? 'sound')
            order by e.seq"
        ))
        .await
}

#[tokio::test]
async fn the_group_is_reminded_until_somebody_handles_it() {
    let desk = Desk::new().await;
    let away = desk.ticket("没人在").await.ticket;
    desk.test.run_jobs().await;
    assert!(rang(&desk, "李雷", away).await.is_empty(), "who is not signed in is not the one to take it");
    desk.test.everybody_comes().await;
    let ticket = desk.ticket("新来的").await.ticket;
    desk.test.run_jobs().await;
    assert_eq!(rang(&desk, "李雷", ticket).await, ["ticket_created !"]);
    assert!(rang(&desk, "周航", ticket).await.is_empty(), "S08: another group");
    assign::take(&desk.lilei, ticket).await.expect("taken");
    desk.test.run_jobs().await;
    set(&desk, &desk.admin, ticket, Status::WaitingReply).await;
    desk.test.run_jobs().await;
    assert_eq!(rang(&desk, "李雷", ticket).await, ["ticket_created !", "ticket_status_changed !"], "not of the own act");
}

#[tokio::test]
async fn ways_and_people_are_those_of_the_settings() {
    let desk = Desk::new().await;
    desk.test.everybody_comes().await;
    let (lilei, zhou) = (desk.lilei.actor.agent().expect("an agent"), desk.zhou.actor.agent().expect("an agent"));
    let pop_up = vec![ReminderEvent::Created, ReminderEvent::Assigned, ReminderEvent::CustomerReplied, ReminderEvent::StatusChanged];
    let mut sound = vec![ReminderEvent::AgentReplied, ReminderEvent::StatusChanged, ReminderEvent::Urged];
    sound.extend([ReminderEvent::NearlyDue, ReminderEvent::Overdue]);
    let settings =
        RemindersInput { pop_up, sound, to_group: false, to_agent: false, agents: vec![lilei, zhou], tone: Some(Tone::Loud), ..input(0) };
    save(&desk.admin, settings).await.expect("saved");
    let ticket = desk.ticket("按设置").await.ticket;
    desk.test.run_jobs().await;
    reply::reply(&desk.admin, reply_to(ticket, "好的"), Vec::new()).await.expect("replied");
    desk.test.run_jobs().await;
    let expected = ["ticket_created !", "ticket_replied_by_agent loud", "ticket_status_changed ! loud"];
    assert_eq!(rang(&desk, "李雷", ticket).await, expected, "chosen: of every event");
    assert!(rang(&desk, "周航", ticket).await.is_empty(), "S08: chosen, but may not see it");
    // Whoever follows is, as long as followers are.
    follow::follow(&desk.admin, ticket).await.expect("followed");
    set(&desk, &desk.lilei, ticket, Status::Solved).await;
    desk.test.run_jobs().await;
    assert_eq!(rang(&desk, "韩梅梅", ticket).await, ["ticket_status_changed ! loud"]);
}

#[tokio::test]
async fn an_event_without_a_way_is_refused_beside_its_row() {
    let desk = Desk::new().await;
    let refused = save(&desk.admin, RemindersInput { pop_up: vec![ReminderEvent::Created], ..input(0) }).await.expect_err("refused");
    assert!(format!("{refused:?}").contains("urged"), "{refused:?}");
    assert!(save(&desk.lilei, input(0)).await.is_err(), "an agent decides nothing for all");
    let stranger = RemindersInput { agents: vec![kernel::id::AgentId(uuid::Uuid::max())], ..input(0) };
    assert!(save(&desk.admin, stranger).await.is_err());
    let browser = desk.test.super_admin().await;
    let fields = [("version", "0"), ("pop_up[]", "created"), ("sound[]", "urged"), ("to_agent", "true"), ("tone", "loud")];
    let page = browser.submit("/settings/reminders", "/do/ticket/reminders", &fields).await;
    assert!(page.body.contains("至少选择一种提醒方式"), "{}", page.body);
    assert_eq!(page.attribute("#reminders-assigned", "aria-invalid"), "true", "{}", page.body);
    assert!(page.body.contains(r#"value="urged" aria-label="催单：声音" checked"#), "nothing that was ticked is lost: {}", page.body);
    let mut fields = vec![("version", "0"), ("tone", "loud"), ("reason", "夜班听不见")];
    fields.extend(ReminderEvent::ALL.iter().map(|event| ("sound[]", event.key())));
    let answer = browser.post("/settings/reminders", "/do/ticket/reminders", &fields).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    assert_eq!(desk.test.ask::<String>("select document ->> 'tone' from settings where kind = 'reminder'").await, "loud");
    let sound = browser.get("/sounds/loud.wav").await;
    assert_eq!((sound.status, sound.headers["content-type"].to_str().expect("text")), (200, "audio/wav"));
}
