//! 数据范围 (S05): one predicate for list, counts, search, detail, number, neighbours, bulk acts and files.

use super::Desk;
use crate::tests::app::TestApp;
use identity::commands::permission_group;
use identity::model::permission::PermissionGroupInput;
use kernel::ctx::Ctx;
use kernel::error::Error;
use kernel::id::TicketId;
use kernel::page::Cursor;
use kernel::permission::{Permission, Role, Scope};
use std::collections::BTreeSet;
use ticket::commands::bulk;
use ticket::commands::create::create;
use ticket::commands::follow::follow;
use ticket::model::bulk::{BulkAct, BulkInput};
use ticket::model::input::CreateInput;
use ticket::model::list::{BuiltIn, ListQuery};
use ticket::queries::{self, count, detail, list, search, timeline};

/// Tickets of every kind that matters to 李雷, by name.
async fn tickets(desk: &Desk) -> Vec<(&'static str, TicketId)> {
    let (mine, theirs) = (desk.lilei.actor.agent(), desk.zhou.actor.agent());
    let kinds = [
        ("我的组，没人", Some(desk.group), None, false),
        ("我的组，我", Some(desk.group), mine, false),
        ("别的组，没人", Some(desk.other), None, false),
        ("别的组，别人", Some(desk.other), theirs, false),
        ("没有组，没人", None, None, false),
        ("没有组，我", None, mine, false),
        ("别的组，我关注", Some(desk.other), theirs, true),
    ];
    let mut made = Vec::new();
    for (name, group, agent, followed) in kinds {
        let input = CreateInput { group, agent, title: format!("范围 {name}"), ..desk.input("") };
        let ticket = create(&desk.admin, input, Vec::new()).await.expect("a ticket").ticket;
        if followed {
            // Followed while it could be seen; it left the group since.
            let all = seeing(&desk.lilei, Scope::All);
            follow(&all, ticket).await.expect("followed");
        }
        made.push((name, ticket));
    }
    let own =
        create(&desk.lilei, CreateInput { group: Some(desk.other), title: "范围 我建给别的组".to_owned(), ..desk.input("") }, Vec::new())
            .await;
    made.push(("我建给别的组", own.expect("a ticket").ticket));
    made
}

fn seeing(ctx: &Ctx, scope: Scope) -> Ctx {
    let mut ctx = ctx.clone();
    ctx.grants.tickets = scope;
    ctx
}

async fn listed(ctx: &Ctx) -> BTreeSet<TicketId> {
    let (mut seen, mut at) = (BTreeSet::new(), None::<Cursor>);
    loop {
        let query = ListQuery { at: at.as_ref().map(ToString::to_string).unwrap_or_default(), ..ListQuery::of(BuiltIn::All) };
        let page = list::rows_of(ctx, &query, 3).await.expect("a page");
        for row in &page.rows {
            assert!(seen.insert(row.id), "a row stands on two pages");
        }
        at = page.next;
        if at.is_none() {
            return seen;
        }
    }
}

#[tokio::test]
async fn s05_every_way_to_a_ticket_shows_the_same_set() {
    let desk = Desk::new().await;
    let tickets = tickets(&desk).await;
    let all: Vec<TicketId> = tickets.iter().map(|(_, ticket)| *ticket).collect();
    let named = |names: &[&str]| -> BTreeSet<TicketId> {
        tickets.iter().filter(|(name, _)| names.contains(name)).map(|(_, ticket)| *ticket).collect()
    };
    let own = ["我的组，我", "没有组，我", "别的组，我关注", "我建给别的组"];
    let group = ["我的组，没人", "我的组，我", "没有组，没人", "没有组，我", "别的组，我关注", "我建给别的组"];
    let every: Vec<&str> = tickets.iter().map(|(name, _)| *name).collect();
    for (scope, expected) in [(Scope::Own, named(&own)), (Scope::Group, named(&group)), (Scope::All, named(&every))] {
        let ctx = seeing(&desk.lilei, scope);
        assert_eq!(listed(&ctx).await, expected, "{scope} list");
        let counted = count::count(&ctx, &ListQuery::of(BuiltIn::All)).await.expect("a count");
        assert_eq!(usize::try_from(counted).ok(), Some(expected.len()), "{scope} count");
        let found = search::tickets(&ctx, "范围", 50).await.expect("found");
        assert_eq!(found.iter().map(|hit| hit.id).collect::<BTreeSet<_>>(), expected, "{scope} search");
        let found = list::rows(&ctx, &ListQuery { q: "范围".to_owned(), ..ListQuery::default() }).await.expect("rows");
        assert_eq!(found.rows.iter().map(|row| row.id).collect::<BTreeSet<_>>(), expected, "{scope} list with words");
        let among = list::rows_among(&ctx, &all).await.expect("rows");
        assert_eq!(among.iter().map(|row| row.id).collect::<BTreeSet<_>>(), expected, "{scope} rows another slice asks for");
        let walked = neighbours(&ctx, &all).await;
        assert_eq!(walked, expected, "{scope} next and previous");
        for (name, ticket) in &tickets {
            let sees = expected.contains(ticket);
            let number: i64 = desk.number_of("number", *ticket).await;
            assert_eq!(detail::detail(&ctx, *ticket).await.is_ok(), sees, "{scope} detail of {name}");
            assert_eq!(queries::current(&ctx, *ticket).await.is_ok(), sees, "{scope} comparison of {name}");
            assert_eq!(queries::by_number(&ctx, number).await.is_ok(), sees, "{scope} number of {name}");
            assert_eq!(timeline::earlier(&ctx, *ticket, 99).await.is_ok(), sees, "{scope} timeline of {name}");
        }
        let follow_all = BulkInput {
            tickets: all.clone(),
            act: BulkAct::Follow,
            group: None,
            agent: None,
            priority: None,
            category: None,
            back: String::new(),
        };
        let preview = bulk::preview(&ctx, &follow_all).await.expect("a preview");
        assert_eq!(preview.changed.iter().chain(&preview.same).copied().collect::<BTreeSet<_>>(), expected, "{scope} bulk act");
    }
}

/// Everything reached by next and previous from any ticket of the company.
async fn neighbours(ctx: &Ctx, all: &[TicketId]) -> BTreeSet<TicketId> {
    let mut reached = BTreeSet::new();
    for ticket in all {
        let beside = list::neighbours(ctx, &ListQuery::of(BuiltIn::All), *ticket).await.expect("neighbours");
        reached.extend([beside.previous, beside.next].into_iter().flatten().map(|(ticket, _)| ticket));
    }
    reached
}

#[tokio::test]
async fn s03_a_ticket_out_of_scope_answers_like_one_that_does_not_exist() {
    let desk = Desk::new().await;
    let hidden =
        create(&desk.admin, CreateInput { group: Some(desk.other), ..desk.input("看不到") }, Vec::new()).await.expect("a ticket").ticket;
    let browser = desk.test.signed_in("lilei@example.com").await;
    let unknown = TicketId(desk.admin.uuid());
    let answers = [hidden, unknown].map(|ticket| {
        let browser = &browser;
        async move {
            let id = ticket.to_string();
            let page = browser.get(&format!("/tickets/{id}")).await;
            let taken = browser.call("/do/ticket/take", &[("ticket", &id)]).await;
            let draft = browser.call("/do/ticket/draft", &[("ticket", &id), ("html", "<p>x</p>"), ("reply_type", "everyone")]).await;
            let present = browser.call("/do/ticket/presence", &[("ticket", &id), ("typing", "true")]).await;
            [(page.status, page.without(&[&id])), (taken.status, taken.body), (draft.status, draft.body), (present.status, present.body)]
        }
    });
    let [hidden_says, unknown_says] = answers;
    let (hidden_says, unknown_says) = (hidden_says.await, unknown_says.await);
    assert_eq!(hidden_says[0].0, 404);
    assert_eq!(hidden_says, unknown_says);
    assert_eq!(desk.test.ask::<i64>("select (select count(*) from ticket_drafts) + (select count(*) from ticket_presences)").await, 0);
}

#[tokio::test]
async fn s05_the_scope_of_a_permission_group_holds_on_every_page() {
    let desk = Desk::new().await;
    let tickets = tickets(&desk).await;
    let group = PermissionGroupInput {
        name: "仅自己".to_owned(),
        base_role: Some(Role::TicketAgent),
        items: vec![Permission::TicketView, Permission::TicketEdit],
        ticket_scope: Some(Scope::Own),
        ..PermissionGroupInput::default()
    };
    let group = permission_group::create(&desk.admin, group).await.expect("a group");
    desk.test.tamper(format!("update agents set permission_group_id = '{group}' where name = '李雷'")).await;
    let browser = desk.test.signed_in("lilei@example.com").await;
    let (list, found) = (browser.get("/tickets?view=all").await, browser.get(&format!("/search?q={}", ui::visit::encoded("范围"))).await);
    assert_eq!((list.status, found.status), (200, 200));
    for (name, ticket) in &tickets {
        let sees = ["我的组，我", "没有组，我", "别的组，我关注", "我建给别的组"].contains(name);
        let href = format!("/tickets/{ticket}");
        assert_eq!(list.body.contains(&href), sees, "list: {name}");
        assert_eq!(found.body.contains(&href), sees, "search: {name}");
        assert_eq!(browser.get(&href).await.status, if sees { 200 } else { 404 }, "detail: {name}");
    }
}

#[tokio::test]
async fn who_may_not_see_tickets_sees_none() {
    let test = TestApp::new().await;
    test.new_agent("online@example.com", "在线", Role::OnlineAgent, Vec::new()).await;
    let ctx = test.ctx_of("online@example.com").await;
    assert!(matches!(list::rows(&ctx, &ListQuery::default()).await, Err(Error::Forbidden(Permission::TicketView))));
    assert!(matches!(search::tickets(&ctx, "范围", 50).await, Err(Error::Forbidden(_))));
    assert!(search::search(&ctx, "范围").await.expect("nothing to see").tickets.is_empty());
}
