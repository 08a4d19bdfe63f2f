//! 工单满意度: from the end of a ticket to the rating, with every way in which a link can be wrong.

mod link;

use crate::tests::app::{TestApp, problem};
use jiff::SignedDuration;
use kernel::ctx::Request;
use kernel::error::Problem;
use kernel::event::Event;
use kernel::id::{MailId, TicketId};
use kernel::permission::Role;
use kernel::setting;
use satisfaction::commands::rate::{rate, visitor};
use satisfaction::model::SatisfactionSettings;
use satisfaction::model::input::RateInput;
use ticket::model::Status;

async fn save(test: &TestApp, settings: SatisfactionSettings) {
    let admin = test.admin().await;
    let mut tx = admin.begin().await.expect("a transaction");
    let version = setting::in_force::<SatisfactionSettings>(&mut tx).await.expect("settings").version;
    setting::save(&mut tx, &settings, version, "").await.expect("saved");
    tx.commit().await.expect("committed");
}

/// A solved ticket of a customer with this address, handled by 李雷.
async fn solved(test: &TestApp, number: i64, address: &str) -> TicketId {
    let company = test.company;
    let known: i64 = test.ask(format!("select count(*) from customer_contacts where normal = '{address}'")).await;
    if known == 0 {
        test.tamper(format!(
            "with made as (insert into customers (company_id, id, nickname, created_at, updated_at) values ('{company}', gen_random_uuid(), '何静', now(), now()) returning id)
            insert into customer_contacts (company_id, customer_id, kind, value, normal) select '{company}', id, 1, '{address}', '{address}' from made;"
        ))
        .await;
    }
    test.tamper(format!(
        "insert into tickets (company_id, id, number, title, status, priority, source, start_type, customer_id, agent_id, creator_kind, creator_name,
            created_at, updated_at, solved_at)
        select '{company}', gen_random_uuid(), {number}, '退货标签打不开', 3, 1, 12, 1, k.customer_id,
            (select id from agents where company_id = '{company}' and nickname = '李雷'), 1, '何静', '2026-11-22 01:00Z', '2026-11-22 01:20Z', '2026-11-22 01:20Z'
        from customer_contacts k where k.company_id = '{company}' and k.normal = '{address}';"
    ))
    .await;
    TicketId(test.ask(format!("select id from tickets where number = {number}")).await)
}

async fn invited(test: &TestApp, ticket: TicketId) -> Option<String> {
    let ctx = test.system().await;
    satisfaction::commands::invite(&ctx, ticket, Status::Solved).await.expect("it is decided")?;
    test.run_jobs().await;
    let mails = test.sent_to("he@example.com").await;
    Some(mails.last().expect("the customer got a mail").token("/r/"))
}

async fn ready() -> TestApp {
    let test = TestApp::new().await;
    test.new_agent("li@example.com", "李雷", Role::TicketAgent, Vec::new()).await;
    save(&test, SatisfactionSettings { enabled: true, ..SatisfactionSettings::default() }).await;
    test
}

fn answer(token: &str, revision: i32, score: i16) -> RateInput {
    RateInput { token: token.to_owned(), revision, score: Some(score), ..RateInput::default() }
}

#[tokio::test]
async fn a_solved_ticket_is_rated_by_the_link_of_the_mail_without_script() {
    let test = ready().await;
    let ticket = solved(&test, 20_261_122_000_001, "he@example.com").await;
    let token = invited(&test, ticket).await.expect("a link");
    let customer = test.visitor();
    let page = format!("/r/{token}?score=4&lang=zh");
    let form = customer.get(&page).await;
    assert_eq!(form.status, 200, "{}", form.body);
    assert_eq!(form.text("h1"), "这次服务，您满意吗？");
    assert!(form.body.contains("退货标签打不开") && form.body.contains("李雷"));
    assert_eq!(test.ask::<i64>("select count(*) from satisfaction_ratings").await, 0, "opening changes nothing");
    let done = customer
        .submit(
            &page,
            "/do/rating/send",
            &[
                ("token", &token),
                ("revision", "0"),
                ("score", "4"),
                ("reasons[]", "回复及时"),
                ("reasons[]", "等待太久"),
                ("remark", "谢谢"),
                ("lang", "zh"),
            ],
        )
        .await;
    assert!(done.body.contains("谢谢，已经收到"), "{}", done.body);
    let kept: String =
        test.ask("select score || ' ' || array_to_string(reasons, '+') || ' ' || remark from satisfaction_ratings where is_current").await;
    assert_eq!(kept, "4 回复及时 谢谢", "reasons of another level are left out");
    let again = customer.get(&format!("/r/{token}?score=1&lang=en")).await;
    assert!(again.body.contains("You have rated this already"), "{}", again.body);
    // English by the browser's language, and a way to the other one.
    let mut english = test.visitor();
    english.lang = "en-GB";
    assert!(english.get(&format!("/r/{token}")).await.body.contains("hreflang=\"zh-CN\""));
}

#[tokio::test]
async fn s58_one_rating_an_invitation_however_many_answers_come_at_once() {
    let test = ready().await;
    let ticket = solved(&test, 20_261_122_000_001, "he@example.com").await;
    let token = invited(&test, ticket).await.expect("a link");
    let ctx = visitor(&test.app, &token, Request::internal(&test.app)).await.expect("the link is good");
    let all = futures_util::future::join_all((0..64).map(|_| rate(&ctx, answer(&token, 0, 5)))).await;
    assert!(all.iter().all(Result::is_ok), "the same answer twice is one answer");
    assert_eq!(test.ask::<i64>("select count(*) from satisfaction_ratings").await, 1);
    // Another answer from the first form is refused; from the current one it is a change, and the old one stays.
    assert_eq!(problem(rate(&ctx, answer(&token, 0, 1)).await), Problem::AlreadyRated);
    rate(&ctx, answer(&token, 1, 2)).await.expect("a change");
    assert_eq!(test.list::<i16>("select score from satisfaction_ratings order by revision").await, [5, 2]);
    assert_eq!(test.ask::<i64>("select count(*) from satisfaction_ratings where is_current").await, 1);
    assert_eq!(test.ask::<i16>("select score from satisfaction_invitations").await, 2, "what reports count is the rating in force");
}

#[tokio::test]
async fn expired_and_forged_links_are_plain_words() {
    let test = ready().await;
    let ticket = solved(&test, 20_261_122_000_001, "he@example.com").await;
    let token = invited(&test, ticket).await.expect("a link");
    let ctx = visitor(&test.app, &token, Request::internal(&test.app)).await.expect("the link is good");
    let last = if token.ends_with('A') { 'B' } else { 'A' };
    for forged in ["x", "", &token[1..], &format!("{}{last}", &token[..token.len() - 1])] {
        let Err(refused) = visitor(&test.app, forged, Request::internal(&test.app)).await else { panic!("{forged} was taken") };
        assert_eq!(refused.problem(), Problem::RatingLinkUnknown);
    }
    assert_eq!(test.visitor().get("/r/nonsense").await.status, 404);
    assert!(test.visitor().get("/r/nonsense").await.body.contains("这个评价链接无效"));
    test.app.clock.advance(SignedDuration::from_hours(7 * 24));
    assert_eq!(problem(rate(&ctx, answer(&token, 0, 5)).await), Problem::RatingExpired, "exactly at the end it is over");
    let page = test.visitor().get(&format!("/r/{token}")).await;
    assert_eq!(page.status, 410);
    assert!(page.body.contains("评价链接已过期"), "{}", page.body);
}

#[tokio::test]
async fn an_invitation_is_sent_once_a_cycle_and_not_when_the_ticket_is_open_again() {
    let test = ready().await;
    save(&test, SatisfactionSettings { enabled: true, delay: 30, ..SatisfactionSettings::default() }).await;
    let ctx = test.system().await;
    let ticket = solved(&test, 20_261_122_000_001, "he@example.com").await;
    assert!(satisfaction::commands::invite(&ctx, ticket, Status::Solved).await.expect("decided").is_some());
    assert!(
        satisfaction::commands::invite(&ctx, ticket, Status::Closed).await.expect("decided").is_none(),
        "this cycle has its invitation"
    );
    test.run_jobs().await;
    assert!(test.sent_to("he@example.com").await.is_empty(), "not before the delay is over");
    test.tamper(format!("update tickets set status = 1, cycle = 2, solved_at = null where company_id = '{}'", test.company)).await;
    test.later(SignedDuration::from_mins(30)).await;
    assert!(test.sent_to("he@example.com").await.is_empty());
    assert_eq!(test.ask::<String>("select reason from satisfaction_invitations").await, "still_finished");
    // It ends again: the new cycle is invited.
    test.tamper(format!("update tickets set status = 99, closed_at = now() where company_id = '{}'", test.company)).await;
    assert!(satisfaction::commands::invite(&ctx, ticket, Status::Closed).await.expect("decided").is_some());
    test.later(SignedDuration::from_mins(30)).await;
    assert_eq!(test.sent_to("he@example.com").await.len(), 1);
    assert_eq!(test.ask::<i64>("select count(*) from events where kind = 'rating_invited'").await, 1);
}

#[tokio::test]
async fn a_ticket_is_rated_once_whichever_link_is_opened_first() {
    let test = ready().await;
    let ticket = solved(&test, 20_261_122_000_001, "he@example.com").await;
    let first = invited(&test, ticket).await.expect("a link");
    let ctx = visitor(&test.app, &first, Request::internal(&test.app)).await.expect("the link is good");
    test.tamper(format!("update tickets set cycle = 2 where company_id = '{}'", test.company)).await;
    let second = invited(&test, ticket).await.expect("another link");
    assert_ne!(first, second);
    assert_eq!(problem(rate(&ctx, answer(&first, 0, 1)).await), Problem::RatingExpired, "the newer link counts");
    rate(&ctx, answer(&second, 0, 5)).await.expect("rated");
    // Were the older link still good, it would find the ticket rated.
    test.tamper("update satisfaction_invitations set expires_at = '2027-01-01Z'").await;
    assert_eq!(problem(rate(&ctx, answer(&first, 0, 1)).await), Problem::AlreadyRated);
    assert_eq!(test.list::<i16>("select score from satisfaction_ratings").await, [5]);
}

#[tokio::test]
async fn a_customer_is_not_asked_more_often_than_allowed() {
    let test = ready().await;
    let ctx = test.system().await;
    for number in 1..=4 {
        let ticket = solved(&test, 20_261_122_000_000 + number, "he@example.com").await;
        satisfaction::commands::invite(&ctx, ticket, Status::Solved).await.expect("decided");
        test.run_jobs().await;
    }
    assert_eq!(test.sent_to("he@example.com").await.len(), 3);
    assert_eq!(test.ask::<String>("select reason from satisfaction_invitations where state = 2").await, "under_cap");
}

#[tokio::test]
async fn settings_are_checked_versioned_and_restored() {
    let test = ready().await;
    let boss = test.super_admin().await;
    let page = "/settings/satisfaction";
    let wordings = ["很差", "较差", "一般", "不错", "很好"];
    let levels = ["one", "two", "three", "four", "five"];
    let mut fields: Vec<(String, &str)> = levels.iter().zip(wordings).map(|(level, wording)| (format!("{level}[zh]"), wording)).collect();
    fields.extend(
        [("version", "1"), ("why", "年终"), ("enabled", "true"), ("remark", "required"), ("when", "closed"), ("delay", "5")]
            .map(|(name, value)| (name.to_owned(), value)),
    );
    let with = |more: &[(&str, &'static str)]| {
        let all: Vec<(String, &str)> =
            fields.iter().cloned().chain(more.iter().map(|(name, value)| ((*name).to_owned(), *value))).collect();
        all
    };
    // Everything that is wrong is said at once, beside its field, and what was typed stays.
    let wrong = with(&[("validity", "31"), ("cap_most", "x"), ("cap_days", "1")]);
    let wrong: Vec<(&str, &str)> = wrong.iter().map(|(name, value)| (name.as_str(), *value)).collect();
    let refused = boss.submit(page, "/do/satisfaction/save", &wrong).await;
    assert_eq!(refused.attribute("[name='input[validity]']", "value"), "31");
    assert_eq!(refused.attribute("[name='input[validity]']", "aria-invalid"), "true");
    assert_eq!(refused.attribute("[name='input[cap_most]']", "aria-invalid"), "true");
    assert_eq!(refused.attribute("[name='input[one][zh]']", "value"), "很差");
    assert_eq!(refused.text("#satisfaction-guide-zh--h"), "引导语不能为空");
    assert_eq!(test.ask::<i64>("select count(*) from settings").await, 1, "nothing was saved");
    let mut good = with(&[("validity", "30"), ("guide[zh]", "满意吗？"), ("guide[en]", "Happy?")]);
    good.extend(levels.map(|level| (format!("{level}[en]"), "So")));
    let good: Vec<(&str, &str)> = good.iter().map(|(name, value)| (name.as_str(), *value)).collect();
    let saved = boss.submit(page, "/do/satisfaction/save", &good).await;
    assert!(saved.body.contains("满意度设置已保存"));
    assert_eq!(saved.attribute("[name='input[validity]']", "value"), "30");
    // From a page that is older than the values: refused, both are shown.
    let stale = boss.submit(page, "/do/satisfaction/save", &good).await;
    assert!(!stale.body.contains("满意度设置已保存"));
    assert_eq!(test.ask::<i64>("select count(*) from settings").await, 2);
    let back = boss.submit(page, "/do/satisfaction/restore", &[("restore", "1"), ("version", "2")]).await;
    assert_eq!(back.attribute("[name='input[validity]']", "value"), "7", "the first version had the default");
    let kept = test.list::<String>("select version || ' ' || reason from settings order by version").await;
    assert_eq!(kept.len(), 3, "{kept:?}");
    assert_eq!(kept[1], "2 年终");
}

#[tokio::test]
async fn only_invitations_that_went_out_are_counted() {
    let test = ready().await;
    save(&test, SatisfactionSettings { enabled: true, cap: None, ..SatisfactionSettings::default() }).await;
    let ctx = test.system().await;
    let mut tickets = Vec::new();
    for number in 1..=6 {
        let ticket = solved(&test, 20_261_122_000_000 + number, "he@example.com").await;
        satisfaction::commands::invite(&ctx, ticket, Status::Solved).await.expect("decided");
        test.run_jobs().await;
        tickets.push(ticket);
    }
    let states = async || {
        let sql =
            "select i.state || ' ' || i.reason from satisfaction_invitations i join tickets t on t.id = i.ticket_id order by t.number";
        test.list::<String>(sql).await
    };
    // Five automatic mails in ten minutes are the most: the sixth was stopped. Kept ones count: their links work.
    assert_eq!(states().await, ["1 ", "1 ", "1 ", "1 ", "1 ", "2 delivered"]);
    assert_eq!(test.ask::<i64>("select count(*) from events where kind = 'rating_invited'").await, 5);

    let fail = async |ticket: TicketId| {
        let mail = MailId(test.ask(format!("select mail_id from satisfaction_invitations where ticket_id = '{ticket}'")).await);
        let mut tx = ctx.begin().await.expect("a transaction");
        tx.record(Event::MailFailed { mail, ticket: Some(ticket) }).await.expect("recorded");
        tx.commit().await.expect("committed");
        test.run_jobs().await;
    };
    let tokens: Vec<String> = test.sent_to("he@example.com").await.iter().map(|mail| mail.token("/r/")).collect();
    let rate_by = async |token: &str| {
        let visitor = visitor(&test.app, token, Request::internal(&test.app)).await.expect("the link is good");
        rate(&visitor, answer(token, 0, 5)).await.expect("rated");
    };
    // The second was rated before its mail was given up, the third in spite of it.
    let token_of = async |ticket: TicketId| {
        let hash: Vec<u8> = test.ask(format!("select token_hash from satisfaction_invitations where ticket_id = '{ticket}'")).await;
        let found = tokens.iter().find(|token| kernel::rng::read_link_token(token).is_some_and(|(_, known)| known == hash));
        found.expect("its mail").clone()
    };
    rate_by(&token_of(tickets[1]).await).await;
    for ticket in &tickets[..3] {
        fail(*ticket).await;
    }
    assert_eq!(states().await, ["2 delivered", "1 ", "2 delivered", "1 ", "1 ", "2 delivered"]);
    rate_by(&token_of(tickets[2]).await).await;
    assert_eq!(states().await[2], "1 ");
}

#[tokio::test]
async fn an_invitation_that_is_never_sent_does_not_wait_for_ever() {
    let test = ready().await;
    save(&test, SatisfactionSettings { enabled: true, delay: 30, ..SatisfactionSettings::default() }).await;
    let ctx = test.system().await;
    let ticket = solved(&test, 20_261_122_000_001, "he@example.com").await;
    let invitation = satisfaction::commands::invite(&ctx, ticket, Status::Solved).await.expect("decided").expect("it waits");
    let payload = serde_json::json!({ "invitation": invitation });
    crate::worker::dispatch::gave_up(&ctx, "satisfaction_send", &payload, "x").await.expect("noted");
    assert_eq!(test.ask::<String>("select state || ' ' || reason from satisfaction_invitations").await, "2 delivered");
}

async fn state_of(test: &TestApp, ticket: TicketId) -> String {
    test.ask(format!(
        "select state || ' ' || reason from satisfaction_invitations where ticket_id = '{ticket}' order by cycle desc limit 1"
    ))
    .await
}

/// What the reports count as 邀评.
async fn counted(test: &TestApp) -> i64 {
    let admin = test.admin().await;
    let query = stats::model::ReportQuery { range: "last_90".into(), ..Default::default() };
    let report = &stats::reports::ticket_satisfaction::REPORT;
    let filter = stats::report::Filter::strict(&query, report, admin.now().date(&admin.zone)).expect("a filter");
    stats::queries::table::table(&admin, report, filter).await.expect("a table").total.get(&stats::metric::INVITED)
}

#[tokio::test]
async fn the_page_says_when_the_matter_was_finished_not_that_it_just_was() {
    let test = ready().await;
    let ticket = solved(&test, 20_261_122_000_001, "he@example.com").await;
    let token = invited(&test, ticket).await.expect("a link");
    let customer = test.visitor();
    // Solved at 9:20 of 22 November in Shanghai.
    for (hours, words) in [(0, "客服李雷刚刚为您"), (3, "客服李雷今天为您"), (24, "客服李雷昨天为您"), (48, "客服李雷在 11 月 22 日为您")]
    {
        test.app.clock.advance(SignedDuration::from_hours(hours));
        let page = customer.get(&format!("/r/{token}?lang=zh")).await;
        assert!(page.text(".ask .dim").starts_with(words), "{words}: {}", page.text(".ask .dim"));
        assert_eq!(page.body.contains("刚刚"), hours == 0);
    }
}
