//! Letters with a link into an account are for whoever may manage it, not for everybody who sees the ledger (S36).

use super::{LILEI, invited};
use crate::tests::app::{ADMIN, PASSWORD, TestApp};
use crate::tests::browser::Browser;
use identity::model::account::AgentInput;
use kernel::id::MailId;
use kernel::permission::Role;
use mail::commands::mailbox;
use mail::model::{Encryption, MailboxInput};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;

/// What a browser is shown of a mail anywhere in the ledger.
async fn shown(browser: &Browser, mail: MailId) -> String {
    let page = browser.get(&format!("/mail/{mail}")).await;
    assert_eq!(page.status, 200, "the row itself is everybody's who sees the ledger");
    let (body, source) = (browser.get(&format!("/mail/{mail}/body")).await, browser.get(&format!("/mail/{mail}/source")).await);
    assert_eq!(body.status, source.status);
    let source = String::from_utf8_lossy(source.body.as_bytes()).replace("=\r\n", "");
    format!("{}{}{}", page.body, body.body, source)
}

async fn newest(test: &TestApp, to: &str) -> MailId {
    test.ask(format!("select id from mails where direction = 1 and '{to}' = any(to_addresses) order by received_at desc, id desc limit 1"))
        .await
}

#[tokio::test]
async fn s36_a_password_link_in_the_ledger_is_for_super_admins_alone() {
    let test = TestApp::new().await;
    test.new_agent("ticket@example.com", "工单", Role::TicketAdmin, Vec::new()).await;
    test.new_agent("full@example.com", "全能", Role::FullAdmin, Vec::new()).await;
    for email in [ADMIN, "ticket@example.com"] {
        test.visitor().post("/forgot", "/do/password/forgot", &[("email", email)]).await;
        test.run_jobs().await;
        let mail = newest(&test, email).await;
        for reader in ["ticket@example.com", "full@example.com"] {
            let shown = shown(&test.signed_in(reader).await, mail).await;
            assert!(!shown.contains("/reset/"), "{reader} reads the link of {email}: {shown}");
            assert!(shown.contains("进入账号的链接"), "{shown}");
        }
        assert!(shown(&test.super_admin().await, mail).await.contains("/reset/"), "without SMTP somebody must pass it on");
    }
}

#[tokio::test]
async fn s36_an_invitation_in_the_ledger_is_for_whoever_may_manage_the_account() {
    let test = TestApp::new().await;
    invited(&test).await;
    let boss = AgentInput {
        email: "boss@example.com".to_owned(),
        name: "老板".to_owned(),
        role: Some(Role::SuperAdmin),
        password: PASSWORD.to_owned(),
        ..AgentInput::default()
    };
    identity::commands::account::create(&test.admin().await, boss).await.expect("invited");
    test.run_jobs().await;
    test.new_agent("ticket@example.com", "工单", Role::TicketAdmin, Vec::new()).await;
    test.new_agent("full@example.com", "全能", Role::FullAdmin, Vec::new()).await;
    for (reader, to, reads) in [
        ("ticket@example.com", LILEI, false),
        ("ticket@example.com", "boss@example.com", false),
        ("full@example.com", LILEI, true),
        ("full@example.com", "boss@example.com", false),
        (ADMIN, LILEI, true),
        (ADMIN, "boss@example.com", true),
    ] {
        let shown = shown(&test.signed_in(reader).await, newest(&test, to).await).await;
        assert_eq!(shown.contains("/activate/"), reads, "{reader}, {to}");
    }
}

/// A mail server that takes everything over.
async fn takes_everything() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut stream = BufReader::new(stream);
                let (mut line, mut is_text) = (String::new(), false);
                let _ = stream.write_all(b"220 mail.example ESMTP\r\n").await;
                while stream.read_line(&mut line).await.is_ok_and(|read| read > 0) {
                    let answer: &[u8] = match line.trim_end() {
                        "." if is_text => b"250 taken\r\n",
                        _ if is_text => b"",
                        "DATA" => b"354 go on\r\n",
                        "QUIT" => b"221 bye\r\n",
                        _ => b"250 mail.example\r\n",
                    };
                    is_text = line.trim_end() == "DATA" || is_text && line.trim_end() != ".";
                    let _ = stream.write_all(answer).await;
                    line.clear();
                }
            });
        }
    });
    port
}

#[tokio::test]
async fn s36_the_source_of_a_letter_is_gone_once_it_was_sent() {
    let test = TestApp::new().await;
    let input = MailboxInput {
        address: "service@example.com".to_owned(),
        enabled: true,
        smtp_host: "127.0.0.1".to_owned(),
        smtp_port: takes_everything().await.to_string(),
        smtp_tls: Encryption::None,
        ..MailboxInput::default()
    };
    mailbox::create(&test.admin().await, input).await.expect("a mailbox");
    let agent = invited(&test).await;
    test.visitor().post("/forgot", "/do/password/forgot", &[("email", ADMIN)]).await;
    test.run_jobs().await;
    test.run_jobs().await;
    let ctx = test.system().await;
    for to in [LILEI, ADMIN] {
        let mail = newest(&test, to).await;
        let state: i16 = test.ask(format!("select state from mails where id = '{mail}'")).await;
        assert_eq!(state, 2, "{to}: it was sent");
        let sha256: Vec<u8> = test.ask(format!("select raw_sha256 from mails where id = '{mail}'")).await;
        assert!(kernel::store::read(&ctx, &sha256).await.is_err(), "{to}: the link is nowhere in the store");
        let shown = shown(&test.super_admin().await, mail).await;
        assert!(shown.contains("发出之后不再保存内容") && !shown.contains("/reset/") && !shown.contains("/activate/"), "{shown}");
    }
    assert_eq!(test.ask::<i64>(format!("select count(*) from agent_tokens where agent_id = '{agent}' and used_at is null")).await, 1);
}

#[tokio::test]
async fn s36_no_link_goes_by_a_server_that_a_manager_of_mailboxes_typed() {
    let test = TestApp::new().await;
    test.new_agent("ticket@example.com", "工单", Role::TicketAdmin, Vec::new()).await;
    let mut input = MailboxInput {
        address: "service@example.com".to_owned(),
        enabled: true,
        smtp_host: "127.0.0.1".to_owned(),
        smtp_port: takes_everything().await.to_string(),
        smtp_tls: Encryption::None,
        ..MailboxInput::default()
    };
    let id = mailbox::create(&test.ctx_of("ticket@example.com").await, input.clone()).await.expect("a mailbox");
    let state = async || {
        test.visitor().post("/forgot", "/do/password/forgot", &[("email", ADMIN)]).await;
        test.later(jiff::SignedDuration::from_mins(10)).await;
        test.run_jobs().await;
        let mail = newest(&test, ADMIN).await;
        test.ask::<i16>(format!("select state from mails where id = '{mail}'")).await
    };
    assert_eq!(state().await, 4, "the link is kept in the ledger");
    let page = test.super_admin().await.get(&format!("/settings/mailboxes/{id}")).await;
    assert!(page.body.contains("账号邀请和重置密码的邮件不经这台服务器"), "the page says why: {}", page.body);
    // Typed anew by somebody who may change the company's settings, it carries links.
    input.id = Some(id);
    input.version = test.ask(format!("select version from mailboxes where id = '{id}'")).await;
    input.smtp_user = "service".to_owned();
    input.password_smtp = "geheim".to_owned();
    mailbox::edit(&test.admin().await, input).await.expect("saved");
    assert!(test.ask::<bool>(format!("select sends_account_letters from mailboxes where id = '{id}'")).await);
}
