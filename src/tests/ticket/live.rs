//! 实时消息: who hears of what, once and in order, and that a page misses nothing.

use super::change::set;
use super::{Desk, note_to};
use kernel::error::{Error, Result};
use kernel::event::Event;
use kernel::id::TicketId;
use kernel::permission::Role;
use kernel::tx::React;
use ticket::commands::{follow, reply};
use ticket::model::Status;
use ticket::model::list::{BuiltIn, ListQuery};
use ticket::queries::count;

#[tokio::test]
async fn whoever_follows_finds_it_among_the_followed_and_is_told() {
    let desk = Desk::new().await;
    let ticket = desk.ticket("关注").await.ticket;
    follow::follow(&desk.lilei, ticket).await.expect("followed");
    follow::follow(&desk.lilei, ticket).await.expect("twice is once");
    let followed = ListQuery::of(BuiltIn::Followed);
    desk.test.everybody_comes().await;
    assert_eq!(count::count(&desk.lilei, &followed).await.expect("a count"), 1);
    desk.test.run_jobs().await;
    let told = |who: &str| format!("select count(*) from live_events e join agents a on a.id = e.agent_id where a.name = '{who}'");
    let before: i64 = desk.test.ask(told("李雷")).await;
    desk.test.new_agent("full@example.com", "全能", Role::FullAdmin, Vec::new()).await;
    desk.test.new_agent("away@example.com", "不在", Role::FullAdmin, Vec::new()).await;
    desk.test.signed_in("full@example.com").await;
    set(&desk, &desk.admin, ticket, Status::InProgress).await;
    desk.test.run_jobs().await;
    assert!(desk.test.ask::<i64>(told("李雷")).await > before);
    assert_eq!(heard(&desk, "全能", ticket).await, ["ticket_status_changed"], "whose list shows all tickets hears of them, without a bell");
    assert!(heard(&desk, "不在", ticket).await.is_empty(), "who has no page open needs no word for it");
    assert_eq!(desk.test.ask::<i64>(told("周航")).await, 0, "S08: who may not see the ticket hears nothing of it");
    follow::unfollow(&desk.lilei, ticket).await.expect("no longer");
    assert_eq!(count::count(&desk.lilei, &followed).await.expect("a count"), 0);
    assert!(matches!(follow::follow(&desk.zhou, ticket).await, Err(Error::NotFound)), "whoever may not see it cannot follow it into sight");
}

/// What a person's stream holds of a ticket, oldest first.
async fn heard(desk: &Desk, who: &str, ticket: TicketId) -> Vec<String> {
    desk.test
        .list(format!(
            "select (e.payload ->> 'what') || case when e.payload ? 'href' then ' !' else '' end
            from live_events e join agents a on a.id = e.agent_id
            where a.name = '{who}' and e.payload ->> 'ticket' = '{ticket}'
            order by e.seq"
        ))
        .await
}

#[tokio::test]
async fn everybody_hears_once_of_what_others_did_and_never_of_their_own_doing() {
    let desk = Desk::new().await;
    desk.test.everybody_comes().await;
    let ticket = desk.ticket("通知").await.ticket;
    follow::follow(&desk.lilei, ticket).await.expect("followed");
    desk.test.run_jobs().await;
    desk.test.tamper("delete from live_events").await;
    // Both happen before anybody is told of the first: each is told of what the other did.
    set(&desk, &desk.admin, ticket, Status::InProgress).await;
    reply::reply(&desk.lilei, note_to(ticket, "备注"), Vec::new()).await.expect("noted");
    desk.test.run_jobs().await;
    assert_eq!(heard(&desk, "李雷", ticket).await, ["ticket_status_changed !"]);
    assert_eq!(heard(&desk, "韩梅梅", ticket).await, ["ticket_replied_by_agent"]);

    // A job may run twice; nobody is told twice.
    let payloads: Vec<serde_json::Value> = desk
        .test
        .list("select payload from jobs where kind in ('react', 'react_once') and payload ->> 'reaction' is distinct from 'invite_to_rate'")
        .await;
    let ctx = desk.test.system().await;
    for payload in payloads {
        let happened: React = serde_json::from_value(payload).expect("what happened");
        ticket::commands::live::tell_live(&ctx, &happened).await.expect("told");
    }
    assert_eq!(heard(&desk, "李雷", ticket).await.iter().filter(|what| what.starts_with("ticket_status")).count(), 1);
}

#[tokio::test]
async fn d21_telling_of_two_tickets_at_once_waits_for_nobody_for_ever() {
    let desk = Desk::new().await;
    let mut happened = Vec::new();
    // Of the first ticket one hears a notice and the other a quiet word; of the second it is the other way round.
    desk.test.new_agent("wei@example.com", "韦一", Role::TicketAgent, vec![desk.group]).await;
    desk.test.everybody_comes().await;
    let wei = desk.test.ctx_of("wei@example.com").await;
    for follower in [&desk.lilei, &wei] {
        let ticket = desk.ticket("同时").await.ticket;
        follow::follow(follower, ticket).await.expect("followed");
        happened.push(React { event: Event::TicketEdited { ticket }, id: desk.admin.uuid(), by: None, by_customer: false });
    }
    desk.test.run_jobs().await;
    // Nobody else is told: a third person who comes first in both would line the two up.
    desk.test.tamper("update tickets set creator_kind = 2, creator_id = null").await;
    desk.test
        .tamper(
            "create function slowly() returns trigger language plpgsql as $$ begin perform pg_sleep(0.1); return null; end $$;
            create trigger slowly after insert or update on live_heads for each row execute function slowly();",
        )
        .await;
    let ctx = desk.test.system().await;
    let told = futures_util::future::join_all(happened.iter().map(|happened| ticket::commands::live::tell_live(&ctx, happened))).await;
    assert!(told.iter().all(Result::is_ok), "{told:?}");
}

#[tokio::test]
async fn a_page_hears_of_what_happened_since_it_was_drawn() {
    let desk = Desk::new().await;
    desk.test.everybody_comes().await;
    let ticket = desk.ticket("缺口").await.ticket;
    follow::follow(&desk.lilei, ticket).await.expect("followed");
    desk.test.run_jobs().await;
    let browser = desk.test.signed_in("lilei@example.com").await;
    let props = browser.get("/tickets?view=all").await.attribute("leptos-island[data-component^='Bell']", "data-props");
    let since = serde_json::from_str::<serde_json::Value>(&props).expect("properties")["since"].as_i64().expect("a number");
    assert!(since > 0, "{props}");
    // Between the page and its stream somebody changes the ticket.
    set(&desk, &desk.admin, ticket, Status::InProgress).await;
    desk.test.run_jobs().await;
    let text = browser.first_of_stream(&format!("/live?since={since}"), "event: ticket").await;
    assert!(text.contains("ticket_status_changed"), "{text}");
    let nothing = browser.first_of_stream("/live", "event: hello").await;
    assert!(!nothing.contains("event: ticket"), "{nothing}");
    assert_eq!(browser.get("/live?since=x").await.status, 400);
}
