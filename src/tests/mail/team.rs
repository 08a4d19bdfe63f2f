//! Mail reaches the team: what nobody was named for is seen by everybody whose scope is their groups.

use super::{HE, Post};
use kernel::permission::Role;
use ticket::model::list::{BuiltIn, ListQuery};
use ticket::queries::list;

#[tokio::test]
async fn mail_into_a_mailbox_that_nobody_set_up_is_seen_by_the_default_group() {
    let post = Post::new().await;
    let group = post.test.ask("select id from groups where name = '默认工单组'").await;
    post.test.new_agent("xu@example.com", "徐静", Role::TicketAgent, vec![group]).await;
    post.test.everybody_comes().await;
    let ticket = post.opened(HE, "订单打不开").await;
    let xu = post.test.ctx_of("xu@example.com").await;
    for view in [BuiltIn::All, BuiltIn::Group] {
        let rows = list::rows(&xu, &ListQuery::of(view)).await.expect("rows").rows;
        assert_eq!(rows.iter().map(|row| row.id).collect::<Vec<_>>(), [ticket], "{view:?}");
    }
    let told: Vec<String> =
        post.test.list("select a.name from live_events e join agents a on a.id = e.agent_id where kind = 'ticket'").await;
    assert!(told.contains(&"徐静".to_owned()), "{told:?}");
    // 李雷 works in no group.
    assert!(list::rows(&post.test.ctx_of("lilei@example.com").await, &ListQuery::of(BuiltIn::All)).await.expect("rows").rows.is_empty());
}

#[tokio::test]
async fn a_ticket_that_no_group_and_nobody_has_is_told_to_whoever_may_take_it() {
    let post = Post::new().await;
    mail::import::mailbox_for_import(&post.ctx, super::SERVICE).await.expect("a mailbox");
    post.test.tamper("update mailboxes set group_id = null").await;
    post.test.everybody_comes().await;
    post.opened(HE, "订单打不开").await;
    let told: Vec<String> =
        post.test.list("select a.name from live_events e join agents a on a.id = e.agent_id where kind = 'ticket'").await;
    assert!(told.contains(&"李雷".to_owned()), "{told:?}");
    let browser = post.test.signed_in("lilei@example.com").await;
    assert!(browser.get("/tickets?view=unassigned").await.body.contains("订单打不开"));
}

#[tokio::test]
async fn a_new_mailbox_starts_with_the_default_group() {
    let post = Post::new().await;
    let page = post.test.super_admin().await.get("/settings/mailboxes/new").await;
    assert_eq!(page.text("select[name='input[group]'] option[selected]"), "默认工单组");
}
