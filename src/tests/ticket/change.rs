//! 修改工单: stale copies, urging, activating, the recycle bin, bulk acts, links, and a history that names everybody.

use super::{Desk, note_to, reply_to};
use crate::tests::app::{problem, problems};
use jiff::SignedDuration;
use kernel::ctx::Ctx;
use kernel::error::{Error, Problem};
use kernel::id::TicketId;
use kernel::permission::Permission;
use std::collections::BTreeSet;
use ticket::commands::create::create;
use ticket::commands::{bulk, edit, follow, reply};
use ticket::model::bulk::{BulkAct, BulkInput};
use ticket::model::input::{ActivateInput, CreateInput, EditInput, LinkInput, UnlinkInput, UrgeInput};
use ticket::model::list::{BuiltIn, ListQuery};
use ticket::model::{Priority, Status};
use ticket::queries::{self, detail, list, search};

pub(in crate::tests) async fn set(desk: &Desk, who: &Ctx, ticket: TicketId, status: Status) {
    let input = EditInput { status: Some(status), ..EditInput::of(ticket, desk.version(ticket).await) };
    edit::edit(who, input).await.expect("the status is set");
}

fn urge(ticket: TicketId, reason: &str) -> UrgeInput {
    UrgeInput { ticket, reason: reason.to_owned() }
}

fn activate(ticket: TicketId, reason: &str) -> ActivateInput {
    ActivateInput { ticket, reason: reason.to_owned() }
}

#[tokio::test]
async fn e400057_a_stale_copy_never_overwrites_and_both_are_shown() {
    let desk = Desk::new().await;
    let ticket = desk.ticket("原标题").await.ticket;
    let version = desk.version(ticket).await;
    let first = EditInput { title: Some("先来的标题".to_owned()), priority: Some(Priority::Urgent), ..EditInput::of(ticket, version) };
    edit::edit(&desk.admin, first).await.expect("first");
    let second = EditInput { title: Some("后到的标题".to_owned()), ..EditInput::of(ticket, version) };
    let refused = edit::edit(&desk.lilei, second).await;
    assert_eq!((problem(refused), Problem::Stale.code()), (Problem::Stale, "400057"));
    let now = queries::current(&desk.lilei, ticket).await.expect("what it is now");
    assert_eq!((now.title.as_str(), now.priority, now.changed_by.as_deref()), ("先来的标题", Priority::Urgent, Some("韩梅梅")));

    let browser = desk.test.signed_in("lilei@example.com").await;
    let (id, version) = (ticket.to_string(), version.to_string());
    let page = format!("/tickets/{ticket}");
    let shown = browser.submit(&page, "/do/ticket/edit", &[("ticket", &id), ("version", &version), ("title", "后到的标题")]).await;
    assert!(shown.body.contains("先来的标题") && shown.body.contains("后到的标题"), "{}", shown.body);
    assert!(shown.body.contains("韩梅梅"), "and who was faster");
    assert_eq!(desk.test.ask::<String>("select title from tickets").await, "先来的标题");
}

#[tokio::test]
async fn e400057_only_what_both_changed_is_asked_about() {
    let desk = Desk::new().await;
    let ticket = desk.ticket("冲突").await.ticket;
    let browser = desk.test.signed_in("lilei@example.com").await;
    let page = format!("/tickets/{ticket}");
    let (id, agent) = (ticket.to_string(), desk.lilei.actor.uuid().expect("an agent").to_string());
    let group = desk.group.to_string();
    let opened = browser.get(&page).await;
    let hidden = |name: &str| opened.attribute(&format!("form.props input[name='input[{name}]']"), "value");
    let (version, seen) = (hidden("version"), hidden("seen_seq"));
    let send = async |priority: &str, agent: &str, cc: &str| {
        let fields = [
            ("ticket", &*id),
            ("version", &*version),
            ("seen_seq", &*seen),
            ("status", "not_accepted"),
            ("priority", priority),
            ("agent", agent),
            ("group", &*group),
            ("category", ""),
            ("cc", cc),
        ];
        browser.submit(&page, "/do/ticket/edit", &fields).await
    };

    // The customer writes and a colleague solves it: neither is what was changed here.
    reply::reply(&desk.admin, reply_to(ticket, "您好"), Vec::new()).await.expect("replied");
    set(&desk, &desk.admin, ticket, Status::Solved).await;
    let saved = send("medium", "", "boss@corp.example").await;
    assert!(saved.texts(".stale").is_empty() && saved.body.contains("工单已保存"), "{}", saved.body);
    assert_eq!(desk.status(ticket).await, Some(Status::Solved), "what was not touched here stays theirs");
    assert_eq!(desk.test.list::<String>("select unnest(cc) from tickets").await, ["boss@corp.example"]);

    // Now a colleague chooses a priority too: that is asked about, and nothing else.
    let urgent = EditInput { priority: Some(Priority::Urgent), ..EditInput::of(ticket, desk.version(ticket).await) };
    edit::edit(&desk.admin, urgent).await.expect("urgent");
    let asked = send("low", &agent, "boss@corp.example").await;
    assert_eq!(asked.texts(".stale legend"), ["优先级"], "{}", asked.body);
    assert!(asked.text(".stale .along").contains("李雷"), "what nobody else changed is saved along: {}", asked.text(".stale"));
    assert_eq!(desk.number_of("priority", ticket).await, i64::from(Priority::Urgent.code()), "nothing is saved before they choose");
    let value = |name: &str| asked.attribute(&format!(".stale input[name='input[{name}]']"), "value");
    let fields = ["ticket", "version", "seen_seq", "status", "agent", "group", "category", "cc"].map(|name| (name, value(name)));
    let mut fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    fields.push(("priority", "low"));
    let done = browser.submit(&page, "/do/ticket/edit", &fields).await;
    assert!(done.texts(".stale").is_empty() && done.body.contains("工单已保存"), "{}", done.body);
    assert_eq!(desk.number_of("priority", ticket).await, i64::from(Priority::Low.code()));
    assert_eq!(desk.test.ask::<String>("select a.name from tickets t join agents a on a.id = t.agent_id").await, "李雷");
}

#[tokio::test]
async fn e400121_urging_needs_a_reason_an_open_ticket_and_half_an_hour() {
    let desk = Desk::new().await;
    let ticket = desk.ticket("催").await.ticket;
    for reason in ["", "   ", &"字".repeat(201)] {
        assert_eq!(problems(edit::urge(&desk.lilei, urge(ticket, reason)).await), [("reason".to_owned(), Problem::UrgeReasonRequired)]);
    }
    edit::urge(&desk.lilei, urge(ticket, "客户又来电")).await.expect("urged");
    desk.test.app.clock.advance(SignedDuration::from_mins(30) - SignedDuration::from_micros(1));
    assert_eq!(problem(edit::urge(&desk.admin, urge(ticket, "再催")).await), Problem::UrgeTooSoon);
    desk.test.app.clock.advance(SignedDuration::from_micros(1));
    edit::urge(&desk.admin, urge(ticket, "再催")).await.expect("half an hour later");
    assert_eq!(desk.number_of("urge_count", ticket).await, 2);
    set(&desk, &desk.admin, ticket, Status::Solved).await;
    desk.test.app.clock.advance(SignedDuration::from_hours(1));
    assert_eq!(problem(edit::urge(&desk.lilei, urge(ticket, "x")).await), Problem::UrgeNotNow);
    edit::delete(&desk.admin, ticket).await.expect("deleted");
    assert_eq!(problem(edit::urge(&desk.admin, urge(ticket, "x")).await), Problem::TicketDeleted);
    assert_eq!(
        [Problem::UrgeNotNow.code(), Problem::UrgeTooSoon.code(), Problem::UrgeReasonRequired.code()],
        ["400026", "400121", "400122"]
    );
}

#[tokio::test]
async fn a_finished_ticket_opens_again_by_activation_with_a_reason_only() {
    let desk = Desk::new().await;
    let ticket = desk.ticket("激活").await.ticket;
    assert_eq!(problem(edit::activate(&desk.lilei, activate(ticket, "x")).await), Problem::AlreadyActivated);
    for end in [Status::Solved, Status::Closed] {
        set(&desk, &desk.lilei, ticket, end).await;
        let open = EditInput { status: Some(Status::InProgress), ..EditInput::of(ticket, desk.version(ticket).await) };
        assert_eq!(problems(edit::edit(&desk.lilei, open).await), [("status".to_owned(), Problem::ActivateFirst)]);
        assert_eq!(
            problems(edit::activate(&desk.lilei, activate(ticket, " ")).await),
            [("reason".to_owned(), Problem::ActivationReasonRequired)]
        );
        edit::activate(&desk.lilei, activate(ticket, "客户说没有解决")).await.expect("activated");
        assert_eq!(desk.status(ticket).await, Some(Status::InProgress));
    }
    assert_eq!(desk.number_of("cycle", ticket).await, 3, "each activation begins a new cycle");
    assert_eq!(desk.number_of("(solved_at is null and closed_at is null)::int", ticket).await, 1);
    assert_eq!(desk.test.ask::<String>("select note from ticket_changes where kind = 'activated' limit 1").await, "客户说没有解决");
    edit::delete(&desk.admin, ticket).await.expect("deleted");
    assert_eq!(problem(edit::activate(&desk.admin, activate(ticket, "x")).await), Problem::DeletedNotActivated);
}

#[tokio::test]
async fn s58_of_many_activations_one_counts() {
    let desk = Desk::new().await;
    let ticket = desk.ticket("激活").await.ticket;
    set(&desk, &desk.lilei, ticket, Status::Solved).await;
    let all = futures_util::future::join_all((0..16).map(|_| edit::activate(&desk.lilei, activate(ticket, "x")))).await;
    assert_eq!(all.iter().filter(|done| done.is_ok()).count(), 1);
    assert_eq!(desk.number_of("cycle", ticket).await, 2);
}

#[tokio::test]
async fn a_deleted_ticket_lies_in_the_bin_and_comes_back_as_it_was() {
    let desk = Desk::new().await;
    let ticket = desk.ticket("回收站里的工单").await.ticket;
    set(&desk, &desk.lilei, ticket, Status::WaitingReply).await;
    assert!(matches!(edit::delete(&desk.lilei, ticket).await, Err(Error::Forbidden(Permission::TicketDelete))));
    edit::delete(&desk.admin, ticket).await.expect("deleted");
    let all = list::rows(&desk.admin, &ListQuery::of(BuiltIn::All)).await.expect("rows").rows;
    let bin = list::rows(&desk.admin, &ListQuery::of(BuiltIn::Bin)).await.expect("rows").rows;
    assert_eq!((all.len(), bin.len()), (0, 1));
    assert!(matches!(list::rows(&desk.lilei, &ListQuery::of(BuiltIn::Bin)).await, Err(Error::Forbidden(_))));
    assert!(search::tickets(&desk.admin, "回收站", 50).await.expect("found").is_empty());
    assert_eq!(problem(reply::reply(&desk.lilei, reply_to(ticket, "x"), Vec::new()).await), Problem::TicketDeleted);
    let change = EditInput { priority: Some(Priority::High), ..EditInput::of(ticket, desk.version(ticket).await) };
    assert_eq!(problem(edit::edit(&desk.lilei, change).await), Problem::TicketDeleted);
    edit::restore(&desk.admin, ticket).await.expect("restored");
    assert_eq!(desk.status(ticket).await, Some(Status::WaitingReply));
    assert_eq!(desk.number_of("cycle", ticket).await, 1, "coming back is no activation");
    let entries: Vec<String> = desk.test.list("select action from audit_entries where object_kind = 'ticket' order by sequence").await;
    assert_eq!(entries, ["ticket.deleted", "ticket.restored"]);
}

#[tokio::test]
async fn a_bulk_act_does_what_its_preview_said() {
    let desk = Desk::new().await;
    let (open, closed, binned) = (desk.ticket("开").await.ticket, desk.ticket("关").await, desk.ticket("删").await);
    let theirs =
        create(&desk.admin, CreateInput { group: Some(desk.other), ..desk.input("别组") }, Vec::new()).await.expect("a ticket").ticket;
    set(&desk, &desk.admin, closed.ticket, Status::Closed).await;
    edit::delete(&desk.admin, binned.ticket).await.expect("deleted");
    let tickets = vec![open, closed.ticket, binned.ticket, theirs, open];
    let input = BulkInput { tickets, act: BulkAct::Solve, group: None, agent: None, priority: None, category: None, back: String::new() };
    let before: String = desk.test.ask("select md5(string_agg(t::text, ',' order by id)) from tickets t").await;
    let preview = bulk::preview(&desk.lilei, &input).await.expect("a preview");
    assert_eq!(
        desk.test.ask::<String>("select md5(string_agg(t::text, ',' order by id)) from tickets t").await,
        before,
        "a preview changes nothing"
    );
    let done = bulk::run(&desk.lilei, &input).await.expect("done");
    assert_eq!(preview, done);
    assert_eq!(done.changed, [open]);
    let refused: BTreeSet<(Option<i64>, &str)> = done.refused.iter().map(|(number, problem)| (*number, problem.key())).collect();
    assert_eq!(refused, [(Some(closed.number), "activate_first"), (Some(binned.number), "ticket_deleted"), (None, "not_found")].into());
    assert_eq!((desk.status(open).await, desk.status(theirs).await), (Some(Status::Solved), Some(Status::NotAccepted)));
    let again = bulk::preview(&desk.lilei, &input).await.expect("a preview");
    assert_eq!((again.changed, again.same), (Vec::new(), vec![open]), "nothing is left to do");
    let page = desk.test.signed_in("lilei@example.com").await;
    let page = page.get(&format!("/tickets/bulk?act=priority&priority=high&tickets[]={open}&tickets[]={theirs}")).await;
    assert_eq!(page.text("form[action='/do/ticket/bulk'] button.main"), "修改优先级：高（1 张）", "the button says what it does");
    assert_eq!(page.text("form[action='/do/ticket/bulk'] h2"), "可改 1 张，1 张不可改");

    assert_eq!(
        problems(bulk::run(&desk.lilei, &BulkInput { act: BulkAct::Group, ..input.clone() }).await),
        [("group".to_owned(), Problem::Required)]
    );
    assert!(matches!(bulk::run(&desk.lilei, &BulkInput { act: BulkAct::Delete, ..input.clone() }).await, Err(Error::Forbidden(_))));
    let many = BulkInput { tickets: (0..201).map(|_| TicketId(desk.admin.uuid())).collect(), ..input };
    assert_eq!(problems(bulk::run(&desk.lilei, &many).await), [("tickets".to_owned(), Problem::TooManyRows)]);
}

#[tokio::test]
async fn links_run_both_ways_and_have_their_rules() {
    let desk = Desk::new().await;
    let (one, two) = (desk.ticket("甲").await, desk.ticket("乙").await);
    let link = |number: String| LinkInput { ticket: one.ticket, number };
    for (typed, expected) in
        [("", Problem::LinkUnknown), ("20991231000001", Problem::LinkUnknown), (&one.number.to_string(), Problem::LinkSelf)]
    {
        assert_eq!(problems(follow::link(&desk.lilei, link(typed.to_owned())).await), [("number".to_owned(), expected)], "{typed}");
    }
    follow::link(&desk.lilei, link(format!("#{}", two.number))).await.expect("linked");
    assert_eq!(
        problems(follow::link(&desk.lilei, LinkInput { ticket: two.ticket, number: one.number.to_string() }).await)[0].1,
        Problem::LinkTwice
    );
    for (ticket, other) in [(one.ticket, two.ticket), (two.ticket, one.ticket)] {
        let links = detail::detail(&desk.lilei, ticket).await.expect("detail").links;
        assert_eq!(links.iter().map(|linked| linked.id).collect::<Vec<_>>(), [other]);
        assert_eq!(desk.history(ticket).await, ["created 韩梅梅", "linked 李雷"]);
    }
    follow::unlink(&desk.lilei, UnlinkInput { ticket: two.ticket, other: one.ticket }).await.expect("unlinked");
    assert!(detail::detail(&desk.lilei, one.ticket).await.expect("detail").links.is_empty());
    for number in 0..20 {
        let other = desk.ticket(&format!("第 {number} 张")).await;
        follow::link(&desk.lilei, link(other.number.to_string())).await.expect("up to twenty");
    }
    assert_eq!(problems(follow::link(&desk.lilei, link(two.number.to_string())).await)[0].1, Problem::LinkTooMany);
    // A ticket that is not mine to see is the same as none.
    let theirs = create(&desk.admin, CreateInput { group: Some(desk.other), ..desk.input("别组") }, Vec::new()).await.expect("a ticket");
    let foreign = follow::link(&desk.lilei, LinkInput { ticket: two.ticket, number: theirs.number.to_string() }).await;
    let unknown = follow::link(&desk.lilei, LinkInput { ticket: two.ticket, number: "20991231000001".to_owned() }).await;
    assert_eq!(format!("{foreign:?}"), format!("{unknown:?}"), "S03: one answer for both");
}

#[tokio::test]
async fn the_history_names_who_did_what_from_what_to_what() {
    let desk = Desk::new().await;
    let ticket = desk.ticket("旧标题").await.ticket;
    let me = desk.lilei.actor.agent();
    let change = EditInput { title: Some("新标题".to_owned()), agent: Some(me), ..EditInput::of(ticket, desk.version(ticket).await) };
    edit::edit(&desk.lilei, change).await.expect("edited");
    reply::reply(&desk.lilei, note_to(ticket, "备注"), Vec::new()).await.expect("noted");
    edit::urge(&desk.admin, urge(ticket, "快")).await.expect("urged");
    ticket::commands::note(
        &mut desk.test.system().await.begin().await.expect("a transaction"),
        ticket,
        ticket::model::ChangeKind::RatingInvited,
        "",
    )
    .await
    .expect("rolled back: nothing is written");
    assert_eq!(desk.history(ticket).await, ["created 韩梅梅", "edited 李雷", "urged 韩梅梅"]);
    let changes: serde_json::Value = desk.test.ask("select changes from ticket_changes where kind = 'edited'").await;
    assert_eq!((&changes["set"]["title"]["from"]["label"], &changes["set"]["title"]["to"]["label"]), (&"旧标题".into(), &"新标题".into()));
    assert_eq!((&changes["set"]["agent"]["to"]["label"], &changes["set"]["status"]["to"]["id"]), (&"李雷".into(), &"in_progress".into()));
    let page = desk.test.super_admin().await.get(&format!("/tickets/{ticket}")).await;
    for text in ["旧标题", "新标题", "李雷", "韩梅梅", "催单"] {
        assert!(page.body.contains(text), "{text}: {}", page.body);
    }
    // A name stays what it was when it happened.
    desk.test.tamper("update agents set name = '改名了' where name = '李雷'").await;
    assert!(desk.history(ticket).await.contains(&"edited 李雷".to_owned()));
    let nothing = EditInput { title: Some("新标题".to_owned()), ..EditInput::of(ticket, desk.version(ticket).await) };
    edit::edit(&desk.admin, nothing).await.expect("nothing to do");
    assert_eq!(desk.history(ticket).await.len(), 3, "what changes nothing leaves no row");
}
