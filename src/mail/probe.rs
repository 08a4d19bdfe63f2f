use crate::commands::{self, Outgoing, mailbox};
use crate::imap;
use crate::model::{Encryption, MailboxInput};
use identity::commands::company::NewCompany;
use kernel::app::App;
use kernel::clock::Clock;
use kernel::config::Config;
use kernel::ctx::Ctx;
use kernel::error::Error;
use kernel::id::{MailId, MailboxId};
use kernel::lang::Lang;
use kernel::secret::Vault;
use object_store::memory::InMemory;
use sqlx::Row;
use sqlx::postgres::PgConnectOptions;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

async fn app() -> (Arc<App>, Ctx) {
    let options = PgConnectOptions::new().socket("/tmp/kefu-dev-pg").username("kefu").database("mail_probe");
    let pool = App::pool(options, 8).await.unwrap();
    let config = Config { private_mail_hosts: true, public_url: "https://kefu.example".into(), ..Config::default() };
    let app = Arc::new(App {
        config,
        write: pool.clone(),
        read: pool,
        store: Arc::new(InMemory::new()),
        clock: Clock::default(),
        vault: Vault::new(&[7; 32]),
        live: Default::default(),
        work: Default::default(),
        stopping: Default::default(),
    });
    let n = kernel::rng::hex(&kernel::rng::bytes::<4>());
    let new = NewCompany {
        name: format!("c{n}"),
        time_zone: "Asia/Shanghai".into(),
        lang: Lang::Zh,
        is_demo: false,
        email: format!("{n}@example.com"),
        admin: "x".into(),
        password: "长风破浪会有时 2026".into(),
    };
    let company = identity::commands::company::create_company(&app, new).await.unwrap().company;
    let ctx = app.system(company).await.unwrap();
    (app, ctx)
}

fn input(address: &str, imap_port: u16, smtp_port: u16) -> MailboxInput {
    MailboxInput {
        address: address.into(),
        enabled: true,
        imap_host: "127.0.0.1".into(),
        imap_port: imap_port.to_string(),
        imap_tls: Encryption::None,
        password_imap: "geheim".into(),
        smtp_host: if smtp_port == 0 { String::new() } else { "127.0.0.1".into() },
        smtp_port: if smtp_port == 0 { String::new() } else { smtp_port.to_string() },
        smtp_tls: Encryption::None,
        ..MailboxInput::default()
    }
}

fn put(address: &str, name: &str, raw: &[u8]) {
    let dir = format!("/tmp/mailprobe/mail/{address}/new");
    std::fs::write(format!("{dir}/{name}"), raw).unwrap();
}

async fn login(address: &str) {
    let mut s = TcpStream::connect("127.0.0.1:11143").await.unwrap();
    s.write_all(format!("a LOGIN {address} geheim\r\nb SELECT INBOX\r\nc LOGOUT\r\n").as_bytes()).await.unwrap();
    let mut out = Vec::new();
    let _ = tokio::time::timeout(Duration::from_secs(5), s.read_to_end(&mut out)).await;
    let _ = std::process::Command::new("true").status();
}

async fn q(ctx: &Ctx, sql: &str) -> Vec<String> {
    let mut tx = ctx.begin().await.unwrap();
    let rows = sqlx::query(sqlx::AssertSqlSafe(sql.to_owned())).fetch_all(&mut *tx).await.unwrap();
    rows.iter().map(|row| row.get::<Option<String>, _>(0).unwrap_or_default()).collect()
}

fn mail(n: &str) -> Vec<u8> {
    format!("From: li{n}@b.example\r\nTo: x\r\nSubject: s{n}\r\nMessage-ID: <{n}@b.example>\r\n\r\nhello {n}\r\n").into_bytes()
}

async fn problem(result: kernel::error::Result<impl std::fmt::Debug>) -> Vec<(String, &'static str)> {
    match result {
        Err(Error::Problems(p)) => p.0.into_iter().map(|(f, p)| (f, p.key())).collect(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn fetching() {
    let (app, ctx) = app().await;
    let address = format!("{}@shop.example", kernel::rng::hex(&kernel::rng::bytes::<4>()));
    login(&address).await;
    let right = input(&address, 11143, 0);
    mailbox::test(&ctx, &right).await.unwrap();
    let mut wrong = right.clone();
    wrong.password_imap = "falsch".into();
    assert_eq!(problem(mailbox::test(&ctx, &wrong).await).await, [("password_imap".to_owned(), "mail_auth_failed")]);
    let mut closed = right.clone();
    closed.imap_port = "1".into();
    assert_eq!(problem(mailbox::test(&ctx, &closed).await).await, [("imap_host".to_owned(), "mail_unreachable")]);
    let id = mailbox::create(&ctx, right.clone()).await.unwrap();
    assert_eq!(problem(mailbox::create(&ctx, right.clone()).await).await, [("address".to_owned(), "address_taken")]);
    for n in 0..7 {
        put(&address, &format!("m{n}"), &mail(&n.to_string()));
    }
    assert_eq!(imap::fetch_once(&ctx, id).await.unwrap(), 7);
    assert_eq!(imap::fetch_once(&ctx, id).await.unwrap(), 0);
    put(&address, "m7", &mail("7"));
    let big = [
        b"From: big@b.example\r\nSubject: big\r\n\r\n".to_vec(),
        b"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\r\n".repeat(340_000),
    ]
    .concat();
    put(&address, "m8", &big);
    put(&address, "m9", &mail("9"));
    assert_eq!(imap::fetch_once(&ctx, id).await.unwrap(), 3);
    println!(
        "{:?}",
        q(
            &ctx,
            "select concat_ws(' ', state, verdict, reason, reason_detail, uid, from_address, subject, raw_size) from mails order by uid"
        )
        .await
    );
    println!("{:?}", q(&ctx, "select concat_ws(' ', uid_validity, last_uid, fetch_error, fetched_at is not null) from mailboxes").await);
    // server counts anew
    std::fs::remove_file(format!("/tmp/mailprobe/mail/{address}/dovecot-uidlist")).unwrap();
    for f in std::fs::read_dir(format!("/tmp/mailprobe/mail/{address}")).unwrap().flatten() {
        let n = f.file_name().into_string().unwrap();
        if n.starts_with("dovecot") {
            let _ = std::fs::remove_file(f.path());
        }
    }
    tokio::time::sleep(Duration::from_secs(2)).await;
    println!("renumbered: {}", imap::fetch_once(&ctx, id).await.unwrap());
    println!("{:?}", q(&ctx, "select concat_ws(' ', uid_validity, last_uid) from mailboxes").await);
    let _ = app;
}

/// Cuts the line whenever the server sends the marker.
async fn cutting_proxy(marker: &'static [u8]) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        loop {
            let (mut client, _) = listener.accept().await.unwrap();
            tokio::spawn(async move {
                let mut server = TcpStream::connect("127.0.0.1:11143").await.unwrap();
                let (mut cr, mut cw) = client.split();
                let (mut sr, mut sw) = server.split();
                let up = async {
                    let _ = tokio::io::copy(&mut cr, &mut sw).await;
                };
                let down = async {
                    let mut buf = vec![0; 4096];
                    loop {
                        let n = sr.read(&mut buf).await.unwrap_or(0);
                        if n == 0 {
                            break;
                        }
                        if buf[..n].windows(marker.len()).any(|w| w == marker) {
                            let _ = cw.write_all(&buf[..n / 2]).await;
                            break;
                        }
                        if cw.write_all(&buf[..n]).await.is_err() {
                            break;
                        }
                    }
                };
                tokio::select! { () = up => {}, () = down => {} }
            });
        }
    });
    port
}

#[tokio::test(flavor = "multi_thread")]
async fn a_poisonous_message_is_set_aside() {
    let (_app, ctx) = app().await;
    let address = format!("{}@shop.example", kernel::rng::hex(&kernel::rng::bytes::<4>()));
    login(&address).await;
    let port = cutting_proxy(b"POISON").await;
    let id = mailbox::create(&ctx, input(&address, port, 0)).await.unwrap();
    for n in 0..3 {
        put(&address, &format!("a{n}"), &mail(&format!("a{n}")));
    }
    put(&address, "b", &mail("POISON"));
    for n in 0..3 {
        put(&address, &format!("c{n}"), &mail(&format!("c{n}")));
    }
    println!("fetched {}", imap::fetch_once(&ctx, id).await.unwrap());
    println!("{:?}", q(&ctx, "select concat_ws(' ', state, verdict, reason, reason_detail, uid, subject) from mails order by uid").await);
    // fetched again after all, without the proxy
    let mut edit = input(&address, 11143, 0);
    edit.id = Some(id);
    edit.version = q(&ctx, "select version::text from mailboxes").await[0].parse().unwrap();
    mailbox::edit(&ctx, edit).await.unwrap();
    let gap: MailId = q(&ctx, "select id::text from mails where reason = 'fetch_failed'").await[0].parse().unwrap();
    commands::replay(&ctx, crate::model::ReplayInput { mail: gap, force: false }).await.unwrap();
    println!("again {}", imap::fetch_once(&ctx, id).await.unwrap());
    println!("{:?}", q(&ctx, "select concat_ws(' ', state, verdict, reason, reason_detail, uid, subject) from mails order by uid").await);
}

#[tokio::test(flavor = "multi_thread")]
async fn watching() {
    let (app, ctx) = app().await;
    let address = format!("{}@shop.example", kernel::rng::hex(&kernel::rng::bytes::<4>()));
    login(&address).await;
    mailbox::create(&ctx, input(&address, 11143, 0)).await.unwrap();
    for n in 0..20 {
        put(&address, &format!("a{n}"), &mail(&format!("w{n}")));
    }
    let watchers: Vec<_> = (0..2).map(|_| tokio::spawn(imap::watch(app.clone()))).collect();
    tokio::time::sleep(Duration::from_secs(4)).await;
    println!("first {:?}", q(&ctx, "select count(*)::text from mails").await);
    let started = std::time::Instant::now();
    put(&address, "late", &mail("late"));
    loop {
        tokio::time::sleep(Duration::from_millis(200)).await;
        if q(&ctx, "select count(*)::text from mails").await == ["21"] {
            break;
        }
        assert!(started.elapsed() < Duration::from_secs(60), "late one never came");
    }
    println!("idle told after {:?}", started.elapsed());
    println!(
        "{:?}",
        q(
            &ctx,
            "select concat_ws(' ', lease_fence, lease_until is not null, fetched_at is not null, fetch_error, last_uid) from mailboxes"
        )
        .await
    );
    app.stopping.raise();
    let stopped = std::time::Instant::now();
    for watcher in watchers {
        watcher.await.unwrap();
    }
    println!(
        "stopped after {:?}; {:?}",
        stopped.elapsed(),
        q(&ctx, "select concat_ws(' ', lease_fence, lease_until is not null) from mailboxes").await
    );
}

#[derive(Clone, Copy)]
enum Way {
    Ok,
    GreyRcpt,
    Refuse,
    DieAfterData,
}

async fn smtp(ways: Vec<Way>) -> (u16, Arc<tokio::sync::Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let got = Arc::new(tokio::sync::Mutex::new(Vec::new()));
    let seen = got.clone();
    tokio::spawn(async move {
        let mut ways = ways.into_iter();
        loop {
            let (mut s, _) = listener.accept().await.unwrap();
            let way = ways.next().unwrap_or(Way::Ok);
            let seen = seen.clone();
            tokio::spawn(async move {
                let (r, mut w) = s.split();
                let mut r = BufReader::new(r).lines();
                w.write_all(b"220 sink\r\n").await.unwrap();
                let mut data = false;
                let mut text = String::new();
                while let Ok(Some(line)) = r.next_line().await {
                    if data {
                        if line == "." {
                            seen.lock().await.push(std::mem::take(&mut text));
                            if matches!(way, Way::DieAfterData) {
                                return;
                            }
                            data = false;
                            w.write_all(b"250 taken\r\n").await.unwrap();
                        } else {
                            text.push_str(&line);
                            text.push('\n');
                        }
                        continue;
                    }
                    let up = line.to_uppercase();
                    let answer: &[u8] = if up.starts_with("EHLO") {
                        b"250-sink\r\n250 8BITMIME\r\n"
                    } else if up.starts_with("RCPT") && matches!(way, Way::GreyRcpt) {
                        b"451 4.7.1 greylisted\r\n"
                    } else if up.starts_with("RCPT") && matches!(way, Way::Refuse) {
                        b"550 5.1.1 no such user\r\n"
                    } else if up.starts_with("DATA") {
                        data = true;
                        b"354 go\r\n"
                    } else if up.starts_with("QUIT") {
                        b"221 bye\r\n"
                    } else {
                        b"250 ok\r\n"
                    };
                    if w.write_all(answer).await.is_err() {
                        return;
                    }
                }
            });
        }
    });
    (port, got)
}

#[tokio::test(flavor = "multi_thread")]
async fn sending() {
    let (_app, ctx) = app().await;
    let (port, got) = smtp(vec![Way::Ok, Way::GreyRcpt, Way::DieAfterData, Way::Ok, Way::Refuse]).await;
    let address = format!("{}@shop.example", kernel::rng::hex(&kernel::rng::bytes::<4>()));
    let mut input = input(&address, 0, port);
    input.imap_host = String::new();
    input.imap_port = String::new();
    input.password_imap = String::new();
    let out = |ticket| Outgoing {
        mailbox: None,
        to: vec![("LiLei@qq.example".into(), "李雷".into())],
        cc: vec![],
        subject: "您好".into(),
        html: "<p>您好</p>".into(),
        text: "您好".into(),
        ticket,
        message: None,
        in_reply_to: None,
        references: vec![],
        auto: false,
        files: vec![],
        send_at: None,
        lang: Lang::Zh,
    };
    let send = async |ctx: &Ctx| {
        let mut tx = ctx.begin().await.unwrap();
        let id = commands::send(&mut tx, out(None)).await.unwrap();
        tx.commit().await.unwrap();
        id
    };
    let state = async |ctx: &Ctx, id: MailId| {
        q(
            ctx,
            &format!("select concat_ws(' ', state, attempts, possibly_sent, last_error, sent_at is not null) from mails where id = '{id}'"),
        )
        .await
        .remove(0)
    };
    let kept = send(&ctx).await;
    println!("kept {} by {:?}", state(&ctx, kept).await, q(&ctx, "select address from mailboxes").await);
    mailbox::create(&ctx, input).await.unwrap();
    let run = async |ctx: &Ctx, id: MailId| crate::jobs::mail_send(ctx, crate::jobs::MailSend { mail: id }).await.unwrap();
    let a = send(&ctx).await;
    run(&ctx, a).await;
    println!("ok {}", state(&ctx, a).await);
    let b = send(&ctx).await;
    run(&ctx, b).await;
    println!("grey {}", state(&ctx, b).await);
    run(&ctx, b).await;
    println!("died {}", state(&ctx, b).await);
    run(&ctx, b).await;
    println!("then {}", state(&ctx, b).await);
    let c = send(&ctx).await;
    run(&ctx, c).await;
    println!("refused {}", state(&ctx, c).await);
    println!("jobs {:?}", q(&ctx, "select concat_ws(' ', kind, state, payload, run_at - created_at) from jobs order by created_at").await);
    println!("events {:?}", q(&ctx, "select concat_ws(' ', kind, payload) from events where kind like 'mail%'").await);
    let got = got.lock().await;
    let ids: Vec<&str> = got.iter().map(|m| m.lines().find(|l| l.starts_with("Message-ID")).unwrap()).collect();
    println!("{ids:?}\n{}", got[0]);
    assert_eq!(ids[1], ids[2]);
    println!("health {:?}", q(&ctx, "select concat_ws(' ', address, sent_at is not null, send_error) from mailboxes").await);
    let _: Option<MailboxId> = None;
}

#[tokio::test(flavor = "multi_thread")]
async fn corpus() {
    let (_app, ctx) = app().await;
    let id = crate::import::mailbox_for_import(&ctx, &format!("{}@shop.example", kernel::rng::hex(&kernel::rng::bytes::<4>()))).await.unwrap();
    let (mut n, mut slow) = (0, Vec::new());
    let mut kinds = std::collections::BTreeMap::<String, usize>::new();
    for entry in std::fs::read_dir("/tmp/mailcorpus/cache/mails").unwrap().chain(std::fs::read_dir("/work/main/src/mail/fixtures").unwrap()).flatten() {
        let bytes = std::fs::read(entry.path()).unwrap();
        for raw in crate::import::split_mbox(&bytes) {
            let t = std::time::Instant::now();
            let r = commands::receive(&ctx, commands::Arrival { mailbox: id, uid: None, raw: raw.into_owned().into(), seen_at: ctx.now() }).await.unwrap_or_else(|e| panic!("{:?} {e}", entry.path()));
            n += 1;
            if !r.is_new { println!("twice: {:?}", entry.file_name()); continue }
            match crate::queries::incoming(&ctx, r.mail).await {
                Ok(i) => {
                    *kinds.entry(format!("{:?}", i.auto_reply)).or_default() += 1;
                    if i.auto_reply.is_some() || i.from_address.is_empty() { println!("{:?} {:?} from {:?} {:?}", entry.file_name(), i.auto_reply, i.from_address, i.subject); }
                    if i.text.contains('\u{fffd}') || i.subject.contains('\u{fffd}') || i.from_name.contains('\u{fffd}') { println!("FFFD {:?} {:?} {:?} {:?}", entry.file_name(), i.from_name, i.subject, i.text.chars().take(80).collect::<String>()); }
                    if i.text.is_empty() && i.attachments.is_empty() { println!("EMPTY {:?}", entry.file_name()); }
                    if i.subject.contains("=?") || i.attachments.iter().any(|a| a.name.contains("=?")) { println!("RAW {:?} {} {:?}", entry.file_name(), i.subject, i.attachments.iter().map(|a| a.name.clone()).collect::<Vec<_>>()); }
                }
                Err(e) => println!("ERR {:?} {e}", entry.file_name()),
            }
            let e = crate::queries::ledger::entry(&ctx, r.mail).await.unwrap();
            let _ = crate::queries::ledger::body(&ctx, r.mail).await.unwrap();
            let _ = e;
            if t.elapsed() > Duration::from_millis(500) { slow.push((entry.file_name(), t.elapsed())); }
        }
    }
    println!("{n} {kinds:?} slow {slow:?}");
    let filter = crate::model::LedgerFilter { q: "re%_".into(), way: "in".into(), ..Default::default() };
    println!("{}", crate::queries::ledger::list(&ctx, &filter).await.unwrap().rows.len());
    let mut filter = crate::model::LedgerFilter::default();
    let mut total = 0;
    loop {
        let page = crate::queries::ledger::list(&ctx, &filter).await.unwrap();
        total += page.rows.len();
        match page.next { Some(c) => filter.at = c.to_string(), None => break }
    }
    println!("paged {total} {:?} {:?}", crate::queries::ledger::troubles(&ctx).await.unwrap(), crate::queries::mailbox::list(&ctx).await.unwrap().len());
}
