//! 忘记密码与修改密码 (S31, S32, S36).

use super::{LILEI, choice, invited, reset_token};
use crate::tests::app::{ADMIN, PASSWORD, TestApp, problems};
use axum::http::Method;
use identity::commands::account::disable;
use identity::commands::password::{change, reset};
use identity::model::account::{ChangePasswordInput, ResetInput};
use jiff::SignedDuration;
use kernel::ctx::Request;
use kernel::error::Problem;
use kernel::permission::Role;

const FRESH: &str = "两岸猿声啼不住 轻舟已过";

fn to_fresh(token: &str) -> ResetInput {
    ResetInput { token: token.to_owned(), password: FRESH.to_owned(), password_again: FRESH.to_owned() }
}

#[tokio::test]
async fn s36_the_answer_is_the_same_whoever_is_asked_for() {
    let test = TestApp::new().await;
    invited(&test).await;
    let gone = test.new_agent("gone@example.com", "走了", Role::TicketAgent, Vec::new()).await;
    disable(&test.admin().await, choice(gone)).await.expect("disabled");
    let (mut answers, mut pages) = (Vec::new(), Vec::new());
    for email in [ADMIN, "nobody@example.com", LILEI, "gone@example.com"] {
        let answer = test.visitor().call("/do/password/forgot", &[("email", email)]).await;
        answers.push((answer.status, answer.location(), answer.body));
        let page = test.visitor().submit("/forgot", "/do/password/forgot", &[("email", email)]).await;
        pages.push(page.without(&[email]));
    }
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
    assert!(pages.iter().all(|page| *page == pages[0]));
    test.run_jobs().await;
    assert!(!test.sent_to(ADMIN).await.is_empty());
    assert!(test.sent_to("nobody@example.com").await.is_empty() && test.sent_to("gone@example.com").await.is_empty());
}

#[tokio::test]
async fn s36_the_link_names_the_public_address_whatever_host_was_asked() {
    let test = TestApp::configured(|config| config.public_url = "https://kefu.example".to_owned()).await;
    let headers = [
        ("host", "evil.example"),
        ("origin", "http://evil.example"),
        ("referer", "http://evil.example/forgot"),
        ("x-forwarded-host", "evil.example"),
        ("x-forwarded-proto", "http"),
        ("forwarded", "host=evil.example"),
    ];
    let form = Some(format!("input[email]={ADMIN}"));
    let answer = test.visitor().send(Method::POST, "/do/password/forgot", form, &headers).await;
    assert!(answer.status == 303 || answer.status == 403, "{}", answer.status);
    test.visitor().post("/forgot", "/do/password/forgot", &[("email", ADMIN)]).await;
    test.run_jobs().await;
    let mails = test.sent_to(ADMIN).await;
    assert!(!mails.is_empty());
    for mail in mails {
        assert!(mail.text.contains("https://kefu.example/reset/"), "{}", mail.text);
        assert!(!mail.source().contains("evil"), "{}", mail.source());
    }
}

#[tokio::test]
async fn s36_the_link_works_for_thirty_minutes_to_the_moment_and_once() {
    let test = TestApp::new().await;
    let agent = test.new_agent(LILEI, "李雷", Role::TicketAgent, Vec::new()).await;
    let request = Request::internal(&test.app);
    let half_an_hour = SignedDuration::from_mins(30);

    let late = reset_token(&test, agent).await;
    test.app.clock.advance(half_an_hour);
    assert_eq!(problems(reset(&test.app, to_fresh(&late), &request).await), [(String::new(), Problem::LinkInvalid)]);
    let answer = test.visitor().get(&format!("/reset/{late}")).await;
    assert_eq!(answer.texts("input[type=password]").len(), 0, "the page says so before anything is typed");

    let early = reset_token(&test, agent).await;
    test.app.clock.advance(half_an_hour - SignedDuration::from_micros(1));
    let answer = test
        .visitor()
        .post(&format!("/reset/{early}"), "/do/password/reset", &[("token", &early), ("password", FRESH), ("password_again", FRESH)])
        .await;
    assert_eq!(answer.location(), "/sign-in");
    assert_eq!(problems(reset(&test.app, to_fresh(&early), &request).await), [(String::new(), Problem::LinkInvalid)], "once");
}

#[tokio::test]
async fn s36_a_reset_ends_every_session_and_the_old_password() {
    let test = TestApp::new().await;
    let agent = test.new_agent(LILEI, "李雷", Role::TicketAgent, Vec::new()).await;
    let (one, two) = (test.signed_in(LILEI).await, test.signed_in(LILEI).await);
    let token = reset_token(&test, agent).await;
    reset(&test.app, to_fresh(&token), &Request::internal(&test.app)).await.expect("reset");
    assert_eq!((one.get("/").await.status, two.get("/").await.status), (303, 303));
    let old = test.visitor().call("/do/sign_in", &[("email", LILEI), ("password", PASSWORD), ("next", "")]).await;
    assert!(old.body.contains("sign_in_failed"), "{}", old.body);
    let fresh = test.visitor().post("/sign-in", "/do/sign_in", &[("email", LILEI), ("password", FRESH), ("next", "")]).await;
    assert_eq!(fresh.location(), "/");
}

#[tokio::test]
async fn s36_a_link_is_bound_to_the_account_as_it_was() {
    let test = TestApp::new().await;
    let agent = test.new_agent(LILEI, "李雷", Role::TicketAgent, Vec::new()).await;
    let request = Request::internal(&test.app);
    let first = reset_token(&test, agent).await;
    let second = reset_token(&test, agent).await;
    assert_eq!(problems(reset(&test.app, to_fresh(&first), &request).await)[0].1, Problem::LinkInvalid, "a newer link ends the older one");
    let input = ChangePasswordInput { password_current: PASSWORD.to_owned(), password: FRESH.to_owned(), password_again: FRESH.to_owned() };
    change(&test.ctx(agent).await, input, None).await.expect("changed");
    assert_eq!(problems(reset(&test.app, to_fresh(&second), &request).await)[0].1, Problem::LinkInvalid, "a new password ends links");
    let third = reset_token(&test, agent).await;
    disable(&test.admin().await, choice(agent)).await.expect("disabled");
    assert_eq!(problems(reset(&test.app, to_fresh(&third), &request).await)[0].1, Problem::LinkInvalid, "disabling ends links");
    let hashes: Vec<Vec<u8>> = test.list("select token_hash from agent_tokens").await;
    let stored: Vec<String> = test.list("select t::text from agent_tokens t").await;
    assert_eq!(hashes.len(), 3);
    assert!(
        [&first, &second, &third].iter().all(|token| stored.iter().all(|row| !row.contains(token.as_str()))),
        "tokens are stored as hashes"
    );
}

#[tokio::test]
async fn changing_the_password_needs_the_old_one_and_ends_the_other_sessions() {
    let test = TestApp::new().await;
    test.new_agent(LILEI, "李雷", Role::TicketAgent, Vec::new()).await;
    let (here, there) = (test.signed_in(LILEI).await, test.signed_in(LILEI).await);
    let fields = |current: &'static str, fresh: &'static str, again: &'static str| {
        [("password_current", current), ("password", fresh), ("password_again", again)]
    };
    for (current, fresh, again, field, key) in [
        ("falsch 123456", FRESH, FRESH, "password_current", "password_wrong"),
        (PASSWORD, "kurz", "kurz", "password", "password_too_short"),
        (PASSWORD, "password1", "password1", "password", "password_too_weak"),
        (PASSWORD, "lilei2026", "lilei2026", "password", "password_too_weak"),
        (PASSWORD, FRESH, "anders 123456", "password_again", "passwords_differ"),
    ] {
        let answer = here.call("/do/me/password", &fields(current, fresh, again)).await;
        assert_eq!(answer.json()["problems"], serde_json::json!([[field, key]]), "{fresh}");
    }
    assert_eq!(there.get("/").await.status, 200, "nothing happened yet");
    let done = here.post("/me", "/do/me/password", &fields(PASSWORD, FRESH, FRESH)).await;
    assert_eq!(done.location(), "/me");
    assert_eq!((here.get("/").await.status, there.get("/").await.status), (200, 303));
    assert_eq!(
        test.visitor().post("/sign-in", "/do/sign_in", &[("email", LILEI), ("password", FRESH), ("next", "")]).await.location(),
        "/"
    );
}

#[tokio::test]
async fn s31_every_stored_hash_has_the_agreed_cost() {
    let test = TestApp::new().await;
    invited(&test).await;
    let hashes: Vec<String> = test.list("select password_hash from agents").await;
    assert_eq!(hashes.len(), 2);
    for hash in &hashes {
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
    }
    assert_ne!(hashes[0], hashes[1], "one password, two salts");
}
