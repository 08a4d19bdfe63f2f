//! 客服激活 (S35): equal password → next step → enabled and signed in; anything else is one failure that changes nothing.

use super::{LILEI, account, activation_token, choice, invited};
use crate::tests::app::{PASSWORD, TestApp};
use crate::tests::browser::Answer;
use identity::commands::account::{disable, invite_again};
use identity::model::account::InviteInput;
use jiff::SignedDuration;

async fn try_it(test: &TestApp, token: &str, password: &str) -> Answer {
    test.visitor().call("/do/activate", &[("token", token), ("password", password)]).await
}

/// Step one by the form, then what the page says.
async fn said(test: &TestApp, token: &str, password: &str) -> String {
    let page = format!("/activate/{token}");
    let answer = test.visitor().submit(&page, "/do/activate", &[("token", token), ("password", password)]).await;
    assert!(answer.text(".wrongs").contains("激活失败"), "{}", answer.body);
    answer.without(&[token])
}

#[tokio::test]
async fn s35_the_right_password_leads_to_the_profile_then_the_agent_is_enabled_and_signed_in() {
    let test = TestApp::new().await;
    let agent = invited(&test).await;
    let token = activation_token(&test, agent).await;
    let browser = test.visitor();
    assert_eq!(browser.get(&format!("/activate/{token}")).await.texts("input[type=password]").len(), 1);

    let step = browser.post(&format!("/activate/{token}"), "/do/activate", &[("token", &token), ("password", PASSWORD)]).await;
    let profile = step.location();
    assert!(profile.starts_with("/activate/") && profile.ends_with("/profile") && !profile.contains(&token), "{profile}");
    assert_eq!(test.ask::<i16>(format!("select status from agents where id = '{agent}'")).await, 0, "step one enables nobody");
    assert_eq!(browser.get("/").await.status, 303, "step one signs nobody in");

    let page = browser.get(&profile).await;
    assert_eq!((page.status, page.attribute("input[name='input[name]']", "value")), (200, "李雷".to_owned()));
    let second = page.attribute("input[name='input[token]']", "value");
    let done =
        browser.post(&profile, "/do/activate/finish", &[("token", &second), ("name", "李雷"), ("nickname", "小李"), ("lang", "zh")]).await;
    assert_eq!(done.location(), "/");
    assert_eq!(browser.get("/").await.status, 200, "the agent is signed in");
    let row: String =
        test.ask(format!("select status || ' ' || nickname || ' ' || (activated_at is not null) from agents where id = '{agent}'")).await;
    assert_eq!(row, "1 小李 true");
    test.signed_in(LILEI).await;

    assert!(try_it(&test, &token, PASSWORD).await.body.contains("activation_failed"), "the link is used up");
    let again =
        test.visitor().post(&profile, "/do/activate/finish", &[("token", &second), ("name", "别人"), ("nickname", ""), ("lang", "")]).await;
    assert_ne!(again.location(), "/", "step two is used up as well");
    assert_eq!(test.ask::<String>(format!("select name from agents where id = '{agent}'")).await, "李雷");
}

#[tokio::test]
async fn s35_every_failure_has_the_same_body_and_changes_nothing() {
    let test = TestApp::new().await;
    let agent = invited(&test).await;
    let before = account(&test, agent).await;

    let resent = activation_token(&test, agent).await;
    let open = activation_token(&test, agent).await;
    let wrong = try_it(&test, &open, "不是这个密码 123").await;
    assert_eq!(wrong.json()["problems"][0][1], "activation_failed", "{}", wrong.body);
    let page = said(&test, &open, "不是这个密码 123").await;
    let same = async |name: &str, token: &str, password: &str| {
        let answer = try_it(&test, token, password).await;
        assert_eq!((answer.status, &answer.body), (wrong.status, &wrong.body), "{name}");
        if !token.is_empty() {
            assert_eq!(said(&test, token, password).await, page, "{name}");
        }
    };
    same("empty password", &open, "").await;
    same("sent again", &resent, PASSWORD).await;
    same("no token", "", PASSWORD).await;
    same("no token and no password", "", "").await;
    same("a token nobody issued", &kernel::rng::link_token(test.company).text, PASSWORD).await;
    same("a token of nobody", "abcdef", PASSWORD).await;
    assert_eq!(account(&test, agent).await, before, "nothing changed");

    let tries = activation_token(&test, agent).await;
    for _ in 0..5 {
        assert_eq!(try_it(&test, &tries, "falsch 123456").await.body, wrong.body);
    }
    same("the sixth try, with the right password", &tries, PASSWORD).await;

    let expired = activation_token(&test, agent).await;
    test.app.clock.advance(SignedDuration::from_hours(72));
    same("expired", &expired, PASSWORD).await;
    assert_eq!(account(&test, agent).await, before, "nothing changed");

    let token = activation_token(&test, agent).await;
    disable(&test.admin().await, choice(agent)).await.expect("disabled");
    same("disabled", &token, PASSWORD).await;
    assert_eq!(test.ask::<i16>(format!("select status from agents where id = '{agent}'")).await, 9);
}

#[tokio::test]
async fn s35_a_link_works_until_its_last_moment() {
    let test = TestApp::new().await;
    let agent = invited(&test).await;
    let token = activation_token(&test, agent).await;
    test.app.clock.advance(SignedDuration::from_hours(72) - SignedDuration::from_micros(1));
    assert!(
        test.visitor()
            .post("/activate/x", "/do/activate", &[("token", &token), ("password", PASSWORD)])
            .await
            .location()
            .ends_with("/profile")
    );
}

#[tokio::test]
async fn s35_an_account_without_a_password_cannot_be_activated() {
    let test = TestApp::new().await;
    let agent = invited(&test).await;
    let token = activation_token(&test, agent).await;
    for stored in ["", "*", "plain text"] {
        test.tamper(format!("update agents set password_hash = '{stored}' where id = '{agent}'")).await;
        for typed in ["", stored] {
            let answer = try_it(&test, &token, typed).await;
            assert!(answer.body.contains("activation_failed"), "{stored:?} {typed:?}: {}", answer.body);
        }
        test.tamper(format!("update agent_tokens set tries = 0 where agent_id = '{agent}'")).await;
    }
}

#[tokio::test]
async fn s58_of_many_second_steps_one_activates() {
    let test = TestApp::new().await;
    let agent = invited(&test).await;
    let token = activation_token(&test, agent).await;
    let profile = test.visitor().post("/activate/x", "/do/activate", &[("token", &token), ("password", PASSWORD)]).await.location();
    let second = profile.trim_start_matches("/activate/").trim_end_matches("/profile").to_owned();
    let all = (0..16).map(|number| {
        let (browser, second, profile) = (test.visitor(), second.clone(), profile.clone());
        async move {
            let name = format!("人 {number}");
            browser
                .post(&profile, "/do/activate/finish", &[("token", &second), ("name", &name), ("nickname", ""), ("lang", "")])
                .await
                .location()
        }
    });
    let answers = futures_util::future::join_all(all).await;
    assert_eq!(answers.iter().filter(|location| *location == "/").count(), 1, "{answers:?}");
    assert_eq!(test.ask::<i64>("select count(*) from audit_entries where action = 'agent.activated'").await, 1);
}

#[tokio::test]
async fn the_invitation_lies_in_the_ledger_and_its_link_works_until_it_is_sent_again() {
    let test = TestApp::new().await;
    let agent = invited(&test).await;
    test.run_jobs().await;
    let mails = test.sent_to(LILEI).await;
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].state, 4, "without SMTP the mail is kept");
    assert!(mails[0].subject.contains("测试公司"), "{}", mails[0].subject);
    assert!(mails[0].text.contains("http://127.0.0.1:8080/activate/"), "{}", mails[0].text);
    assert!(!mails[0].source().contains(PASSWORD), "the password is told by the administrator, not by mail");

    let first = mails[0].token("/activate/");
    invite_again(&test.admin().await, InviteInput { id: agent, password: String::new() }).await.expect("sent again");
    assert!(try_it(&test, &first, PASSWORD).await.body.contains("activation_failed"), "the old link ends at once");
    test.run_jobs().await;
    let second = test.sent_to(LILEI).await.pop().expect("another mail").token("/activate/");
    assert_ne!(first, second);
    assert!(
        test.visitor()
            .post("/activate/x", "/do/activate", &[("token", &second), ("password", PASSWORD)])
            .await
            .location()
            .ends_with("/profile")
    );
}
