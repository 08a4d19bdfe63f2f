//! What goes through several slices: from a mail to a rating to a number, merges that take tickets along, jobs that change
//! hands.

use crate::tests::app::{PASSWORD, TestApp};
use crate::worker::queue;
use customer::commands::merge::{merge, undo_merge};
use customer::model::{CustomerInput, MergeInput};
use jiff::SignedDuration;
use kernel::ctx::Ctx;
use kernel::id::{CategoryId, CustomerId, GroupId, TicketId};
use kernel::permission::Role;
use kernel::setting;
use mail::commands::{Arrival, receive};
use satisfaction::model::SatisfactionSettings;
use stats::metric::{GOOD, INVITED, RATED};
use stats::model::ReportQuery;
use stats::report::Filter;
use stats::reports::ticket_satisfaction::REPORT;
use ticket::commands::create::create;
use ticket::commands::edit;
use ticket::model::Status;
use ticket::model::category::CategoryInput;
use ticket::model::input::{ActivateInput, CreateInput, EditInput};

const HE: &str = "he@customer.example";

async fn ask_everybody(test: &TestApp, change: impl FnOnce(&mut SatisfactionSettings)) {
    let mut tx = test.admin().await.begin().await.expect("a transaction");
    let before = setting::in_force::<SatisfactionSettings>(&mut tx).await.expect("settings");
    let mut settings = SatisfactionSettings { enabled: true, cap: None, ..SatisfactionSettings::default() };
    change(&mut settings);
    setting::save(&mut tx, &settings, before.version, "").await.expect("saved");
    tx.commit().await.expect("committed");
}

async fn people(test: &TestApp) -> (Ctx, Ctx) {
    // Of the group that a new mailbox gives its tickets to.
    let group = GroupId(test.ask("select id from groups").await);
    test.new_agent("lilei@example.com", "李雷", Role::TicketAdmin, vec![group]).await;
    test.new_agent("zhou@example.com", "周航", Role::TicketAdmin, vec![group]).await;
    (test.ctx_of("lilei@example.com").await, test.ctx_of("zhou@example.com").await)
}

async fn customer(test: &TestApp, nickname: &str, email: &str) -> CustomerId {
    let input = CustomerInput { nickname: nickname.to_owned(), emails: email.to_owned(), ..CustomerInput::default() };
    customer::commands::create(&test.admin().await, input).await.expect("a customer")
}

/// A ticket of the customer that this agent handles.
async fn ticket_of(agent: &Ctx, customer: CustomerId, category: Option<CategoryId>) -> TicketId {
    let input = CreateInput {
        customer: Some(customer),
        title: "订单".to_owned(),
        text: "x".to_owned(),
        agent: agent.actor.agent(),
        category,
        ..CreateInput::default()
    };
    create(agent, input, Vec::new()).await.expect("a ticket").ticket
}

async fn set(test: &TestApp, who: &Ctx, ticket: TicketId, change: impl FnOnce(&mut EditInput)) {
    let version = test.ask(format!("select version from tickets where id = '{ticket}'")).await;
    let mut input = EditInput::of(ticket, version);
    change(&mut input);
    edit::edit(who, input).await.expect("edited");
    test.run_jobs().await;
}

async fn solve(test: &TestApp, who: &Ctx, ticket: TicketId) {
    set(test, who, ticket, |input| input.status = Some(Status::Solved)).await;
}

/// State and reason of the latest invitation.
async fn invitation(test: &TestApp, ticket: TicketId) -> String {
    let rows: Vec<String> = test
        .list(format!(
            "select trim(concat_ws(' ', state, reason)) from satisfaction_invitations where ticket_id = '{ticket}' order by cycle desc"
        ))
        .await;
    rows.into_iter().next().unwrap_or_default()
}

async fn rated_by_link(test: &TestApp, score: &str) -> String {
    let token = test.sent_to(HE).await.pop().expect("a mail").token("/r/");
    let page = format!("/r/{token}?lang=en");
    let mut visitor = test.visitor();
    visitor.lang = "en-GB";
    let done = visitor.submit(&page, "/do/rating/send", &[("token", &token), ("revision", "0"), ("score", score), ("lang", "en")]).await;
    assert!(done.body.contains("Thank you, we have it"), "{}", done.body);
    token
}

#[tokio::test]
async fn from_a_mail_to_a_rating_to_a_number_that_opens_the_ticket() {
    let test = TestApp::new().await;
    ask_everybody(&test, |settings| settings.delay = 30).await;
    people(&test).await;
    let system = test.system().await;
    let mailbox = mail::import::mailbox_for_import(&system, "service@shop.example").await.expect("a mailbox");
    let raw = format!(
        "From: He Jing <{HE}>\r\nTo: service@shop.example\r\nSubject: Refund\r\nMessage-ID: <1@customer.example>\r\n\r\nWhere is it?\r\n"
    );
    receive(&system, Arrival { mailbox, uid: None, raw: raw.into(), seen_at: system.now() }).await.expect("received");
    test.run_jobs().await;
    let ticket = TicketId(test.ask("select id from tickets").await);

    let browser = test.signed_in("lilei@example.com").await;
    let (page, id) = (format!("/tickets/{ticket}"), ticket.to_string());
    assert!(browser.get("/tickets?view=unassigned").await.body.contains(&page));
    browser.post(&page, "/do/ticket/take", &[("ticket", &id)]).await;
    let seen = browser.get(&page).await.attribute("input[name='input[seen_seq]']", "value");
    let reply = [("ticket", &*id), ("text", "It is on its way."), ("reply_type", "everyone"), ("status", "solved"), ("seen_seq", &*seen)];
    browser.upload(&page, "/do/ticket/reply", &reply, &[]).await;
    test.later(SignedDuration::from_secs(10)).await;
    assert_eq!(test.ask::<i16>("select status from tickets").await, 3);
    assert_eq!(test.sent_to(HE).await.len(), 1, "the reply; the invitation waits for its delay");
    test.later(SignedDuration::from_mins(30)).await;
    let invitation = test.sent_to(HE).await.pop().expect("an invitation");
    assert!(invitation.text.contains("/r/") && invitation.text.contains("score=5"), "{}", invitation.text);
    rated_by_link(&test, "5").await;

    let admin = test.signed_in("zhou@example.com").await;
    let report = admin.get("/reports/ticket-satisfaction?by=agent").await;
    assert!(report.status == 200 && report.body.contains("李雷"), "{}", report.body);
    let rows = admin.get("/reports/ticket-satisfaction/rows?by=agent&metric=good").await;
    assert!(rows.body.contains(&page), "the number opens the ticket: {}", rows.body);
    assert!(admin.get(&page).await.body.contains('5'));
}

#[tokio::test]
async fn c2_a_rating_belongs_to_who_was_named_at_the_invitation() {
    let test = TestApp::new().await;
    ask_everybody(&test, |_| {}).await;
    let (lilei, zhou) = people(&test).await;
    let he = customer(&test, "何静", HE).await;
    let ticket = ticket_of(&lilei, he, None).await;
    solve(&test, &lilei, ticket).await;
    assert_eq!(invitation(&test, ticket).await, "1");
    edit::activate(&lilei, ActivateInput { ticket, reason: "再看一下".to_owned() }).await.expect("activated");
    set(&test, &lilei, ticket, |input| input.agent = Some(zhou.actor.agent())).await;
    rated_by_link(&test, "5").await;
    let filter = Filter::strict(&ReportQuery { by: "agent".to_owned(), ..ReportQuery::default() }, &REPORT, lilei.now().date(&lilei.zone))
        .expect("a filter");
    let table = stats::queries::table::table(&lilei, &REPORT, filter).await.expect("a table");
    let lines: Vec<(&str, i64, i64, i64)> =
        table.lines.iter().map(|line| (&*line.name, line.sums.get(&INVITED), line.sums.get(&RATED), line.sums.get(&GOOD))).collect();
    assert_eq!(lines, [("李雷", 1, 1, 1)]);
}

#[tokio::test]
async fn what_is_excluded_is_withheld_and_says_by_which_rule() {
    let test = TestApp::new().await;
    let (lilei, _) = people(&test).await;
    let named = |name: &str, parent| CategoryInput { name: name.to_owned(), parent, ..CategoryInput::default() };
    let parent = ticket::commands::category::create(&lilei, named("内部", None)).await.expect("a category");
    let leaf = ticket::commands::category::create(&lilei, named("测试", Some(parent))).await.expect("a leaf");
    let (he, mute) = (customer(&test, "何静", HE).await, customer(&test, "没有邮箱", "").await);
    ask_everybody(&test, |settings| settings.excluded_categories = vec![parent]).await;
    let below = ticket_of(&lilei, he, Some(leaf)).await;
    let silent = ticket_of(&lilei, mute, None).await;
    let nobody = create(
        &lilei,
        CreateInput { customer: Some(he), title: "没人".to_owned(), text: "x".to_owned(), ..CreateInput::default() },
        Vec::new(),
    )
    .await
    .expect("a ticket")
    .ticket;
    for ticket in [below, silent, nobody] {
        solve(&test, &lilei, ticket).await;
    }
    assert_eq!(invitation(&test, below).await, "2 category_included", "everything below an excluded category is excluded");
    assert_eq!(invitation(&test, silent).await, "3", "without an address the link lies ready to be handed over");
    assert_eq!(invitation(&test, nobody).await, "2 has_agent");
    ask_everybody(&test, |settings| settings.excluded_sources = vec![ticket::model::Source::TicketCenter]).await;
    let ours = ticket_of(&lilei, he, None).await;
    solve(&test, &lilei, ours).await;
    assert_eq!(invitation(&test, ours).await, "2 source_included");
    ask_everybody(&test, |settings| settings.enabled = false).await;
    let off = ticket_of(&lilei, he, None).await;
    solve(&test, &lilei, off).await;
    assert_eq!(invitation(&test, off).await, "", "nothing is kept when it is switched off");
    assert!(test.sent_to(HE).await.is_empty());
}

#[tokio::test]
async fn a_reopened_ticket_is_asked_again_only_when_it_was_not_rated_and_that_is_allowed() {
    let test = TestApp::new().await;
    let (lilei, _) = people(&test).await;
    let he = customer(&test, "何静", HE).await;
    let again = async |ticket: TicketId| {
        edit::activate(&lilei, ActivateInput { ticket, reason: "没有解决".to_owned() }).await.expect("activated");
        solve(&test, &lilei, ticket).await;
    };
    ask_everybody(&test, |_| {}).await;
    let rated = ticket_of(&lilei, he, None).await;
    solve(&test, &lilei, rated).await;
    rated_by_link(&test, "4").await;
    again(rated).await;
    assert_eq!(invitation(&test, rated).await, "2 not_rated");
    let unrated = ticket_of(&lilei, he, None).await;
    solve(&test, &lilei, unrated).await;
    again(unrated).await;
    assert_eq!(invitation(&test, unrated).await, "1");
    assert_eq!(test.sent_to(HE).await.len(), 3);
    ask_everybody(&test, |settings| settings.again = false).await;
    again(unrated).await;
    assert_eq!(invitation(&test, unrated).await, "2 again_allowed");
}

#[tokio::test]
async fn only_the_end_that_was_chosen_invites() {
    let test = TestApp::new().await;
    let (lilei, _) = people(&test).await;
    let he = customer(&test, "何静", HE).await;
    ask_everybody(&test, |settings| settings.when = satisfaction::model::SendWhen::Closed).await;
    let ticket = ticket_of(&lilei, he, None).await;
    solve(&test, &lilei, ticket).await;
    assert_eq!(invitation(&test, ticket).await, "");
    set(&test, &lilei, ticket, |input| input.status = Some(Status::Closed)).await;
    assert_eq!(invitation(&test, ticket).await, "1");
    assert_eq!(test.sent_to(HE).await.len(), 1, "once");
}

#[tokio::test]
async fn tickets_follow_a_merge_and_come_back_when_it_is_undone() {
    let test = TestApp::new().await;
    let (lilei, _) = people(&test).await;
    let (keep, gone) = (customer(&test, "何静", HE).await, customer(&test, "何静二", "he2@customer.example").await);
    let (before, theirs) = (ticket_of(&lilei, keep, None).await, ticket_of(&lilei, gone, None).await);
    let done = merge(&lilei, MergeInput { keep, gone }).await.expect("merged");
    test.run_jobs().await;
    let of = async |ticket: TicketId| CustomerId(test.ask(format!("select customer_id from tickets where id = '{ticket}'")).await);
    assert_eq!((of(before).await, of(theirs).await), (keep, keep));
    let system = test.system().await;
    ticket::commands::merge::move_tickets(&system, keep, gone).await.expect("twice moves nothing");
    let rows = |kind: &str| format!("select count(*) from ticket_changes where ticket_id = '{theirs}' and kind = '{kind}'");
    assert_eq!(test.ask::<i64>(rows("customer_merged")).await, 1);
    // Whoever still has the old customer on the screen creates for the one that remains.
    let later = ticket_of(&lilei, gone, None).await;
    assert_eq!(of(later).await, keep);

    undo_merge(&lilei, done).await.expect("undone");
    test.run_jobs().await;
    assert_eq!(
        (of(before).await, of(theirs).await, of(later).await),
        (keep, gone, keep),
        "what was moved goes back, what came later stays"
    );
    assert_eq!(test.ask::<i64>(rows("customer_merge_undone")).await, 1);
    let page = test.super_admin().await.get(&format!("/customers/{gone}")).await;
    assert!(page.status == 200 && page.body.contains("何静二"), "{}", page.body);
}

#[tokio::test]
async fn f09_work_of_a_program_that_died_is_done_by_another_once() {
    let test = TestApp::new().await;
    let (lilei, _) = people(&test).await;
    ask_everybody(&test, |_| {}).await;
    let he = customer(&test, "何静", HE).await;
    let ticket = ticket_of(&lilei, he, None).await;
    test.run_jobs().await;
    let version = test.ask(format!("select version from tickets where id = '{ticket}'")).await;
    edit::edit(&lilei, EditInput { status: Some(Status::Solved), ..EditInput::of(ticket, version) }).await.expect("solved");
    // This program takes everything that is due and is gone.
    let held = queue::claim(&test.app, queue::BATCH).await.expect("claimed");
    assert!(!held.is_empty());
    let another = test.another().await;
    assert_eq!(another.run_jobs().await, 0, "what is leased is not taken away");
    assert!(test.sent_to(HE).await.is_empty());
    test.app.clock.advance(SignedDuration::from_secs(61));
    assert!(another.run_jobs().await > 0);
    assert_eq!(test.sent_to(HE).await.len(), 1);
    for job in &held {
        assert!(!queue::finish(job).await.expect("an answer"), "the fence refuses who comes back");
    }
    test.run_jobs().await;
    assert_eq!(test.sent_to(HE).await.len(), 1, "nothing twice");
}

#[tokio::test]
async fn f14_a_schedule_fires_once_however_many_programs_look() {
    let test = TestApp::new().await;
    test.run_jobs().await;
    let programs = [test.another().await, test.another().await, test.another().await];
    test.app.clock.advance(SignedDuration::from_hours(24));
    futures_util::future::join_all(programs.iter().map(TestApp::run_jobs)).await;
    assert_eq!(test.ask::<i64>("select count(*) from jobs where kind = 'housekeeping'").await, 1);
}

#[tokio::test]
async fn f22_a_quarantined_job_is_run_again_from_its_page() {
    let test = TestApp::new().await;
    test.run_jobs().await;
    let admin = test.super_admin().await;
    test.tamper(format!(
        "insert into jobs (company_id, id, kind, payload, state, run_at, attempt, max_attempts, error, created_at, finished_at)
        values ('{}', gen_random_uuid(), 'housekeeping', '{{}}', 3, now(), 8, 8, 'internal: database: connection reset', now(), now())",
        test.company
    ))
    .await;
    let page = admin.get("/settings/jobs").await;
    assert!(page.status == 200 && page.body.contains("connection reset"), "{}", page.body);
    let job = page.attribute("form[action='/do/job/replay'] input[name='input[job]']", "value");
    let after = admin.submit("/settings/jobs", "/do/job/replay", &[("job", &job)]).await;
    assert!(!after.body.contains("connection reset"), "{}", after.body);
    test.run_jobs().await;
    assert_eq!(test.ask::<i16>(format!("select state from jobs where id = '{job}'")).await, 2);
    let lilei = test.visitor();
    test.new_agent("lilei@example.com", "李雷", Role::TicketAgent, Vec::new()).await;
    lilei.post("/sign-in", "/do/sign_in", &[("email", "lilei@example.com"), ("password", PASSWORD), ("next", "")]).await;
    assert_eq!(lilei.get("/settings/jobs").await.status, 403);
}
