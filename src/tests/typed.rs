//! Nothing that was typed is lost: with files that are too large, and with a session that ended meanwhile.

use crate::tests::app::{ADMIN, TestApp};
use crate::tests::browser::Browser;
use kernel::permission::Role;
use kernel::store::LARGEST_FILE;

const NEW: [(&str, &str); 4] = [("nickname", "何静"), ("email", "he@example.com"), ("title", "订单打不开"), ("priority", "high")];
const NEW_PAGE: &str = "/tickets/new?new=true";
const NEW_SIGN_IN: &str = "/sign-in?next=%2Ftickets%2Fnew%3Fnew%3Dtrue";
const WORDS: &str = "昨天付款成功，订单还是待付款。";

fn fields() -> Vec<(&'static str, &'static str)> {
    NEW.into_iter().chain([("text", WORDS)]).collect()
}

/// A company with an agent whose sessions can be ended from elsewhere.
async fn desk() -> (TestApp, Browser) {
    let test = TestApp::new().await;
    test.new_agent("lilei@example.com", "李雷", Role::TicketAgent, Vec::new()).await;
    let browser = test.signed_in("lilei@example.com").await;
    (test, browser)
}

#[tokio::test]
async fn a_file_that_is_too_large_takes_no_words_with_it() {
    let (test, browser) = desk().await;
    let large = vec![b'x'; LARGEST_FILE + 1];
    let answer = browser.upload(NEW_PAGE, "/do/ticket/create", &fields(), &[("files", "录像.mp4", &large)]).await;
    assert_eq!((answer.status, answer.location().as_str()), (303, NEW_PAGE));
    let page = browser.get(NEW_PAGE).await;
    assert_eq!(page.attribute("[name='input[title]']", "value"), "订单打不开");
    assert_eq!(page.text("[name='input[text]']"), WORDS);
    assert!(page.text("#ticket_new-files-h").contains("20 MB"), "beside its field: {}", page.text("form"));
    assert_eq!(test.ask::<i64>("select count(*) from tickets").await, 0);

    // Many that are small enough each, and too much together.
    let part = vec![b'x'; LARGEST_FILE];
    let four: Vec<(&str, &str, &[u8])> = ["1", "2", "3", "4"].map(|name| ("files", name, &*part)).to_vec();
    browser.upload(NEW_PAGE, "/do/ticket/create", &fields(), &four).await;
    let page = browser.get(NEW_PAGE).await;
    assert_eq!(page.text("[name='input[text]']"), WORDS);
    assert!(page.text("#ticket_new-files-h").contains("64 MB"));
}

#[tokio::test]
async fn a_session_that_ended_takes_no_words_with_it() {
    let (test, browser) = desk().await;
    browser.get(NEW_PAGE).await;
    test.tamper("delete from directory.sessions").await;
    let asked = browser.upload(NEW_PAGE, "/do/ticket/create", &fields(), &[]).await;
    assert_eq!(asked.location(), NEW_SIGN_IN);
    assert_eq!(test.ask::<i64>("select count(*) from tickets").await, 0);
    assert!(!browser.get(NEW_PAGE).await.body.contains("订单打不开"), "nobody is signed in");
    let login = [("email", "lilei@example.com"), ("password", crate::tests::app::PASSWORD), ("next", NEW_PAGE)];
    let page = browser.submit(NEW_SIGN_IN, "/do/sign_in", &login).await;
    assert_eq!(page.attribute("[name='input[title]']", "value"), "订单打不开");
    assert_eq!(page.text("[name='input[text]']"), WORDS);
    assert!(page.text(".wrongs").contains("登录已过期"), "{}", page.text("form"));

    // A plain form as well.
    test.tamper("delete from directory.sessions").await;
    let asked = browser.post("/me", "/do/me/profile", &[("name", "李雷雷"), ("nickname", "小李")]).await;
    assert!(asked.location().starts_with("/sign-in?"));
    let page = browser.submit("/sign-in", "/do/sign_in", &[login[0], login[1], ("next", "/me")]).await;
    assert_eq!(page.attribute("[name='input[nickname]']", "value"), "小李");
}

#[tokio::test]
async fn what_was_typed_is_shown_to_nobody_else() {
    let (test, browser) = desk().await;
    test.tamper("delete from directory.sessions").await;
    browser.upload(NEW_PAGE, "/do/ticket/create", &fields(), &[]).await;
    let other = [("email", ADMIN), ("password", crate::tests::app::PASSWORD), ("next", NEW_PAGE)];
    let page = browser.submit("/sign-in", "/do/sign_in", &other).await;
    assert_eq!(page.status, 200);
    assert!(!page.body.contains("订单打不开"));
    // Nor is anything kept of somebody who never signed in here, or of a forged mark.
    for browser in [test.visitor(), test.visitor_with("kefu_was=AAAA")] {
        browser.post("/me", "/do/me/profile", &[("name", "谁"), ("nickname", "谁")]).await;
        browser.upload(NEW_PAGE, "/do/ticket/create", &fields(), &[]).await;
        assert_eq!(test.ask::<i64>("select count(*) from directory.sessions where record::text like '%held%'").await, 0);
    }
}
