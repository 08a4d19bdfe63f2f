//! 登录 (S33, S34, S37, S38): the same answer for every failure, brakes for guessers, sessions that end when they must.

use super::{LILEI, choice, invited};
use crate::tests::app::{ADMIN, PASSWORD, TestApp};
use crate::tests::browser::{Answer, Browser};
use identity::commands::account::disable;
use identity::commands::session::end_of;
use jiff::SignedDuration;
use kernel::permission::Role;
use std::collections::HashSet;
use std::time::Duration;

async fn try_it(browser: &Browser, email: &str, password: &str) -> Answer {
    browser.call("/do/sign_in", &[("email", email), ("password", password), ("next", "")]).await
}

fn is_failed(answer: &Answer) -> bool {
    answer.body.contains("sign_in_failed")
}

fn is_paused(answer: &Answer) -> bool {
    answer.body.contains("too_frequent")
}

#[tokio::test]
async fn s33_unknown_wrong_not_activated_and_disabled_answer_the_same_bytes() {
    let test = TestApp::new().await;
    invited(&test).await;
    let gone = test.new_agent("gone@example.com", "走了", Role::TicketAgent, Vec::new()).await;
    disable(&test.admin().await, choice(gone)).await.expect("disabled");
    let tries = [("nobody@example.com", PASSWORD), (ADMIN, "不是这个密码 123"), (LILEI, PASSWORD), ("gone@example.com", PASSWORD)];
    let mut answers = HashSet::new();
    let mut pages = HashSet::new();
    for (email, password) in tries {
        let answer = try_it(&test.visitor(), email, password).await;
        assert!(is_failed(&answer), "{email}: {}", answer.body);
        answers.insert((answer.status, answer.body));
        let page = test.visitor().submit("/sign-in", "/do/sign_in", &[("email", email), ("password", password), ("next", "")]).await;
        assert!(page.text(".wrongs").contains("邮箱或密码不对") && !page.body.contains(password), "{}", page.body);
        pages.insert(page.without(&[email]));
    }
    assert_eq!((answers.len(), pages.len()), (1, 1), "{answers:?}");
}

#[tokio::test]
async fn s34_after_five_failures_an_account_pauses_and_then_opens_again() {
    let test = TestApp::new().await;
    let stranger = test.visitor_from([203, 0, 113, 9]);
    for email in [ADMIN, "nobody@example.com"] {
        for _ in 0..5 {
            assert!(is_failed(&try_it(&stranger, email, "falsch 123456").await));
        }
        assert!(is_paused(&try_it(&stranger, email, PASSWORD).await), "{email} pauses, the right password included");
    }
    let restarted = test.another().await;
    assert!(is_paused(&try_it(&restarted.visitor_from([203, 0, 113, 9]), ADMIN, PASSWORD).await), "a restart forgets nothing");
    test.app.clock.advance(SignedDuration::from_secs(30));
    let answer = stranger.post("/sign-in", "/do/sign_in", &[("email", ADMIN), ("password", PASSWORD), ("next", "")]).await;
    assert_eq!(answer.location(), "/", "never for good");
}

#[tokio::test]
async fn s34_a_guesser_with_many_addresses_gets_few_looks_and_locks_nobody_out() {
    let test = TestApp::new().await;
    test.signed_in(ADMIN).await;
    let mut looked_at = 0;
    for guess in 0..400_u16 {
        let [high, low] = guess.to_be_bytes();
        let answer = try_it(&test.visitor_from([10, high, low, 7]), ADMIN, "falsch 123456").await;
        assert!(is_failed(&answer) || is_paused(&answer), "{}", answer.body);
        looked_at += i32::from(is_failed(&answer));
        test.app.clock.advance(SignedDuration::from_secs(10));
    }
    assert!((6..=20).contains(&looked_at), "{looked_at} guesses of 400 were looked at");
    // The victim comes from where they came before.
    test.signed_in(ADMIN).await;
}

#[tokio::test]
async fn s34_a_network_pauses_after_many_failures_and_a_success_does_not_reset_it() {
    let test = TestApp::new().await;
    for number in 0..39_u8 {
        let answer = try_it(&test.visitor_from([198, 51, 100, number]), &format!("guess{number}@example.com"), "falsch 123456").await;
        assert!(is_failed(&answer), "{number}: {}", answer.body);
    }
    let inside = test.visitor_from([198, 51, 100, 250]);
    let answer = inside.post("/sign-in", "/do/sign_in", &[("email", ADMIN), ("password", PASSWORD), ("next", "")]).await;
    assert_eq!(answer.location(), "/");
    assert!(is_failed(&try_it(&inside, "guess40@example.com", "falsch 123456").await));
    assert!(is_paused(&try_it(&inside, ADMIN, PASSWORD).await), "the network pauses for every account");
    assert_eq!(
        test.visitor_from([198, 51, 101, 1])
            .post("/sign-in", "/do/sign_in", &[("email", ADMIN), ("password", PASSWORD), ("next", "")])
            .await
            .location(),
        "/"
    );
}

#[tokio::test]
async fn s37_the_session_gets_a_new_id_and_the_database_holds_no_usable_one() {
    let test = TestApp::new().await;
    let browser = test.visitor();
    browser.post("/sign-in", "/do/sign_in", &[("email", ADMIN), ("password", "falsch 123456"), ("next", "")]).await;
    let before = browser.cookie();
    assert!(before.starts_with("kefu="), "a failed form is kept in a session: {before}");
    browser.post("/sign-in", "/do/sign_in", &[("email", ADMIN), ("password", PASSWORD), ("next", "")]).await;
    let after = browser.cookie();
    assert_ne!(before, after, "fixation: the id of before is not the id of after");
    assert_eq!(browser.get("/").await.status, 200);
    assert_eq!(test.visitor_with(&before).get("/").await.status, 303, "the old id is nobody's");

    let mut owner = test.owner().await;
    let rows: Vec<String> = sqlx::query_scalar("select s::text from directory.sessions s").fetch_all(&mut owner).await.expect("rows");
    let hashes: Vec<Vec<u8>> = sqlx::query_scalar("select id_hash from directory.sessions").fetch_all(&mut owner).await.expect("hashes");
    let id = after.trim_start_matches("kefu=").to_owned();
    assert!(!rows.is_empty() && rows.iter().all(|row| !row.contains(&id)), "{rows:?}");
    for hash in hashes {
        for stolen in [kernel::rng::hex(&hash), base64_url(&hash), base64_url(&hash[..16])] {
            assert_eq!(test.visitor_with(&format!("kefu={stolen}")).get("/").await.status, 303);
        }
    }
}

#[tokio::test]
async fn s37_the_limits_of_a_session_are_set_by_the_operator() {
    let test = TestApp::configured(|config| (config.session_idle_hours, config.session_hours) = (2, 3)).await;
    let idle = test.super_admin().await;
    assert!(idle.get("/me").await.body.contains("2 小时不用或登录满 3 小时后自动退出"));
    test.app.clock.advance(SignedDuration::from_hours(2));
    assert_eq!(idle.get("/").await.status, 303, "two idle hours");
    let busy = test.super_admin().await;
    for _ in 0..3 {
        assert_eq!(busy.get("/").await.status, 200);
        test.app.clock.advance(SignedDuration::from_hours(1));
    }
    test.app.clock.advance(SignedDuration::from_secs(1));
    assert_eq!(busy.get("/").await.status, 303, "three hours whatever happens");
}

#[tokio::test]
async fn s37_sessions_end_when_idle_when_a_day_is_over_and_when_signed_out() {
    let test = TestApp::new().await;
    let idle = test.super_admin().await;
    test.app.clock.advance(SignedDuration::from_hours(8) - SignedDuration::from_secs(1));
    assert_eq!(idle.get("/").await.status, 200);
    test.app.clock.advance(SignedDuration::from_hours(8));
    assert_eq!(idle.get("/").await.status, 303, "eight idle hours");

    let busy = test.super_admin().await;
    for _ in 0..24 {
        assert_eq!(busy.get("/").await.status, 200);
        test.app.clock.advance(SignedDuration::from_hours(1));
    }
    test.app.clock.advance(SignedDuration::from_secs(1));
    assert_eq!(busy.get("/").await.status, 303, "a day whatever happens");

    let out = test.super_admin().await;
    let cookie = out.cookie();
    out.post("/", "/do/sign_out", &[("sure", "true")]).await;
    assert_eq!(test.visitor_with(&cookie).get("/").await.status, 303, "the id of a session that ended is nobody's");
}

#[tokio::test]
async fn s37_over_tls_the_cookie_is_bound_to_this_host() {
    let test = TestApp::configured(|config| config.public_url = "https://kefu.example".to_owned()).await;
    let answer = test.visitor().post("/sign-in", "/do/sign_in", &[("email", ADMIN), ("password", PASSWORD), ("next", "")]).await;
    let cookies: Vec<&str> = answer.headers.get_all("set-cookie").iter().filter_map(|cookie| cookie.to_str().ok()).collect();
    let cookie = cookies.into_iter().find(|cookie| cookie.contains("kefu=")).unwrap_or_default().to_owned();
    for part in ["__Host-kefu=", "Secure", "HttpOnly", "SameSite=Lax", "Path=/"] {
        assert!(cookie.contains(part), "{part} is missing: {cookie}");
    }
    assert!(!cookie.contains("Domain"), "{cookie}");
}

#[tokio::test]
async fn s38_disabling_ends_every_session_and_stream_at_once() {
    let test = TestApp::new().await;
    let agent = test.new_agent(LILEI, "李雷", Role::TicketAgent, Vec::new()).await;
    let (one, two) = (test.signed_in(LILEI).await, test.signed_in(LILEI).await);
    let stream = one.listen(&[]).await;
    assert_eq!(stream.status(), 200);
    let heard = tokio::spawn(axum::body::to_bytes(stream.into_body(), 1 << 20));
    disable(&test.admin().await, choice(agent)).await.expect("disabled");
    assert_eq!((one.get("/").await.status, two.get("/").await.status), (303, 303));
    assert_eq!(one.call("/do/me/profile", &[("name", "李雷")]).await.json()["problems"][0][1], "sign_in_first");
    let ended = tokio::time::timeout(Duration::from_secs(4), heard).await;
    assert!(ended.is_ok(), "the live stream ends within seconds (S08)");
}

#[tokio::test]
async fn s38_an_administrator_ends_the_sessions_of_others() {
    let test = TestApp::new().await;
    let agent = test.new_agent(LILEI, "李雷", Role::TicketAgent, Vec::new()).await;
    let (browser, admin) = (test.signed_in(LILEI).await, test.super_admin().await);
    end_of(&test.admin().await, choice(agent)).await.expect("ended");
    assert_eq!((browser.get("/").await.status, admin.get("/").await.status), (303, 200));
    test.signed_in(LILEI).await;
}

/// As session cookies write their id.
fn base64_url(bytes: &[u8]) -> String {
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
    URL_SAFE_NO_PAD.encode(bytes)
}

#[tokio::test]
async fn s37_a_request_that_was_under_way_brings_no_ended_session_back() {
    let test = TestApp::new().await;
    let admin = test.super_admin().await;
    let mut owner = test.owner().await;
    sqlx::raw_sql("begin; delete from directory.sessions").execute(&mut owner).await.expect("ended, not yet for everybody");
    // A form that fails leaves what was typed in the session.
    let (_, ()) =
        tokio::join!(admin.post("/settings/company", "/do/company/edit", &[("name", ""), ("time_zone", ""), ("lang", "zh")]), async {
            test.until_somebody_waits().await;
            sqlx::raw_sql("commit").execute(&mut owner).await.expect("ended");
        });
    assert_eq!(test.ask::<i64>("select count(*) from directory.sessions").await, 0);
    assert_eq!(admin.get("/settings").await.status, 303);
}

#[tokio::test]
async fn s38_an_open_tab_keeps_no_session_alive() {
    let test = TestApp::new().await;
    let admin = test.super_admin().await;
    for hour in 0..8 {
        let stream = admin.listen(&[]).await;
        assert_eq!(stream.status().as_u16(), 200, "hour {hour}");
        drop(stream);
        let ticket = uuid::Uuid::nil().to_string();
        let asked = admin.call("/do/ticket/presence", &[("ticket", &ticket)]).await;
        assert!(!asked.body.contains("sign_in_first"), "hour {hour}: {}", asked.body);
        test.app.clock.advance(SignedDuration::from_hours(1));
    }
    assert_eq!(admin.listen(&[]).await.status().as_u16(), 401, "nobody did anything for eight hours");
    assert!(admin.get("/settings").await.location().starts_with("/sign-in"));
}

#[tokio::test]
async fn s32_a_sign_in_with_a_password_that_was_changed_meanwhile_fails_and_changes_nothing_back() {
    let test = TestApp::new().await;
    let mut owner = test.owner().await;
    let changed = identity::password::hash("换过的密码 一蓑烟雨任平生").await.expect("a hash");
    sqlx::query("begin").execute(&mut owner).await.expect("begun");
    sqlx::query("update agents set password_hash = $1").bind(&changed).execute(&mut owner).await.expect("changed");
    let visitor = test.visitor();
    let (answer, ()) = tokio::join!(try_it(&visitor, ADMIN, PASSWORD), async {
        test.until_somebody_waits().await;
        sqlx::query("commit").execute(&mut owner).await.expect("changed for everybody");
    });
    assert!(is_failed(&answer), "{}", answer.body);
    assert_eq!(test.ask::<String>("select password_hash from agents").await, changed);
}

#[tokio::test]
async fn s34_guesses_at_all_accounts_of_a_company_pause_for_strangers_and_lock_out_nobody_who_is_known() {
    let test = TestApp::new().await;
    test.signed_in(ADMIN).await;
    let mut looked_at = 0;
    for guess in 0..260_u16 {
        let [high, low] = guess.to_be_bytes();
        let answer = try_it(&test.visitor_from([10, high, low, 7]), &format!("guess{guess}@example.com"), "falsch 123456").await;
        looked_at += i32::from(is_failed(&answer));
    }
    assert_eq!(looked_at, 200, "whatever account is asked for");
    assert!(is_paused(&try_it(&test.visitor_from([10, 9, 9, 7]), ADMIN, PASSWORD).await));
    assert!(is_failed(&try_it(&test.visitor_from([10, 9, 9, 7]), "guess@another.example", "falsch 123456").await), "others are others");
    test.signed_in(ADMIN).await;
}

#[tokio::test]
async fn the_bar_says_how_one_is_and_every_change_is_a_row() {
    let test = TestApp::new().await;
    test.new_agent(LILEI, "李雷", Role::TicketAgent, Vec::new()).await;
    let said = async || test.list::<i16>("select state from agent_state_changes order by changed_at, id").await;
    let browser = test.signed_in(LILEI).await;
    assert_eq!(said().await, [1], "whoever signs in is available");
    assert_eq!(browser.get("/tickets").await.attribute("button.state", "aria-label"), "客服状态：空闲");
    for _ in 0..2 {
        let answer = browser.post("/tickets", "/do/me/state", &[("state", "break"), ("back", "/tickets?view=all")]).await;
        assert_eq!(answer.location(), "/tickets?view=all");
    }
    assert_eq!(said().await, [1, 114], "the same again is no change");
    assert_eq!(browser.get("/tickets").await.attribute("button.state", "aria-label"), "客服状态：小休");
    let phone = test.signed_in(LILEI).await;
    assert_eq!(said().await, [1, 114], "a second device changes nothing");
    phone.post("/", "/do/sign_out", &[("sure", "true")]).await;
    assert_eq!(said().await, [1, 114], "still signed in elsewhere");
    let admin = test.super_admin().await;
    assert!(admin.get("/settings/agents").await.texts("tbody tr").iter().any(|row| row.contains("李雷") && row.contains("小休")));
    browser.post("/", "/do/sign_out", &[("sure", "true")]).await;
    assert_eq!(said().await, [1, 114, 1, -1], "the admin came in between");
    // A session that ran out said nothing: nobody is there all the same.
    test.signed_in(LILEI).await;
    test.later(SignedDuration::from_hours(9)).await;
    let admin = test.super_admin().await;
    assert!(admin.get("/settings/agents").await.texts("tbody tr").iter().any(|row| row.contains("李雷") && row.contains("离线")));
    admin.post("/", "/do/me/state", &[("state", "asleep"), ("back", "/")]).await;
    assert!(!said().await.contains(&0), "there is no such state: nothing changes");
    let present = admin.get("/tickets").await.attribute("button.state", "aria-label");
    assert_eq!(present, "客服状态：空闲");
}
