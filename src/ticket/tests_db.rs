//! Temporary.
use crate::commands::{assign, bulk, category, create, draft, edit, follow, live, merge, message, note, presence, reply, setting, take_mail, view};
use crate::model::bulk::*;
use crate::model::category::*;
use crate::model::input::*;
use crate::model::list::*;
use crate::model::view::*;
use crate::model::{ChangeKind, Priority, ReplyType, Source, Status};
use crate::queries;
use kernel::actor::Actor;
use kernel::app::App;
use kernel::clock::Clock;
use kernel::config::Config;
use kernel::ctx::{Ctx, Request};
use kernel::error::{Error, Problem};
use kernel::id::*;
use kernel::permission::{Grants, Role, Scope};
use kernel::secret::Vault;
use kernel::time::Stamp;
use sqlx::postgres::PgConnectOptions;
use std::sync::Arc;

fn pb<T>(r: Result<T, Error>) -> Problem {
    match r {
        Ok(_) => panic!("expected a problem"),
        Err(e) => { if let Error::Internal(c) = &e { panic!("{c}") } e.problem() }
    }
}

async fn world() -> (Ctx, Ctx, GroupId, CustomerId, Ctx) {
    let options: PgConnectOptions = std::env::var("KT_DB").unwrap().parse().unwrap();
    let root = sqlx::PgPool::connect_with(options.clone()).await.unwrap();
    let pool = App::pool(options, 8).await.unwrap();
    let app = Arc::new(App {
        config: Config::default(), write: pool.clone(), read: pool, store: Arc::new(object_store::memory::InMemory::new()),
        clock: Clock::held(Stamp("2026-11-22T01:30:00Z".parse().unwrap())), vault: Vault::new(&[7; 32]), live: Default::default(),
        work: Default::default(), stopping: Default::default(),
    });
    let u = || kernel::rng::uuid_at(app.clock.now());
    let company = CompanyId(u());
    let (a, b, g, unit) = (u(), u(), u(), u());
    let sql = format!("
        insert into companies (company_id,name,time_zone,mail_key,created_at) values ('{c}','T','Asia/Shanghai','x',now());
        insert into agents (company_id,id,email,name,nickname,role,status,password_hash,created_at) values
         ('{c}','{a}','{a}@x.y','甲','甲甲',3333,1,'x',now()), ('{c}','{b}','{b}@x.y','乙','乙乙',5555,1,'x',now());
        insert into groups (company_id,id,kind,name,created_at) values ('{c}','{g}',0,'售后',now());
        insert into group_members (company_id,group_id,agent_id) values ('{c}','{g}','{b}');", c = company.0);
    let _ = unit;
    sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&root).await.unwrap();
    let sys = app.system(company).await.unwrap();
    let ctx = |id, name: &str, role, groups| Ctx { actor: Actor::Agent { id: AgentId(id), name: name.into() }, grants: Grants::of_role(role), groups: Arc::from(groups), ..sys.clone() };
    let admin = ctx(a, "甲", Role::SuperAdmin, vec![]);
    let agent = ctx(b, "乙", Role::TicketAgent, vec![GroupId(g)]);
    let mut tx = sys.begin().await.unwrap();
    let customer = customer::commands::by_email(&mut tx, &format!("{}@cust.example", u()), "何静").await.unwrap();
    tx.commit().await.unwrap();
    let _ = Request::internal(&app);
    (admin, agent, GroupId(g), customer, sys)
}

#[tokio::test]
async fn everything() {
    let (admin, agent, group, cust, sys) = world().await;
    let me_b = agent.agent().unwrap();
    // categories
    let root = category::create(&admin, CategoryInput { name: "交易".into(), ..Default::default() }).await.unwrap();
    let leaf = category::create(&admin, CategoryInput { name: "支付".into(), parent: Some(root), ..Default::default() }).await.unwrap();
    let leaf2 = category::create(&admin, CategoryInput { name: "退款".into(), parent: Some(root), ..Default::default() }).await.unwrap();
    assert_eq!(pb(category::create(&admin, CategoryInput { name: "退款".into(), parent: Some(root), ..Default::default() }).await), Problem::NameTaken);
    category::step(&admin, CategoryStep { id: leaf2, step: Step::Up }).await.unwrap();
    let mut tx = admin.read().await.unwrap();
    let tree = queries::category::tree(&mut tx).await.unwrap();
    assert_eq!(tree.iter().map(|c| c.path.as_str()).collect::<Vec<_>>(), ["交易", "交易/退款", "交易/支付"]);
    drop(tx);
    assert_eq!(pb(category::edit(&admin, CategoryInput { id: Some(root), parent: Some(leaf), name: "x".into(), ..Default::default() }).await), Problem::CategoryUnderItself);
    category::edit(&admin, CategoryInput { id: Some(root), name: "交易类".into(), ..Default::default() }).await.unwrap();
    assert_eq!(pb(category::delete(&admin, root).await), Problem::CategoryHasChildren);
    // create
    let base = CreateInput { customer: Some(cust), title: "支付成功但订单一直显示待付款".into(), text: "订单 A-20413\n待付款".into(), group: Some(group), category: Some(leaf), ..Default::default() };
    assert_eq!(pb(create::create(&admin, CreateInput { category: Some(root), ..base.clone() }, vec![]).await), Problem::CategoryNotLeaf);
    assert_eq!(pb(create::create(&admin, CreateInput { agent: Some(admin.agent().unwrap()), ..base.clone() }, vec![]).await), Problem::GroupAgentMismatch);
    let file = message::NewFile { name: "a.txt".into(), content: bytes::Bytes::from_static(b"hello"), content_id: None };
    let t1 = create::create(&admin, base.clone(), vec![file]).await.unwrap();
    assert_eq!(t1.number, 20_261_122_000_001);
    admin.app.clock.advance(jiff::SignedDuration::from_secs(60));
    let t2 = create::create(&admin, CreateInput { title: "English mail about refund".into(), group: None, priority: Some(Priority::Urgent), followers: vec![me_b], ..base.clone() }, vec![]).await.unwrap();
    admin.app.clock.advance(jiff::SignedDuration::from_secs(60));
    let t3 = create::create(&admin, CreateInput { title: "第三".into(), group: None, agent: Some(admin.agent().unwrap()), customer: None, nickname: "新客".into(), phone: "13800138000".into(), ..base.clone() }, vec![]).await.unwrap();
    assert_eq!(pb(category::create(&admin, CategoryInput { name: "下".into(), parent: Some(leaf), ..Default::default() }).await), Problem::CategoryInUse);
    // list & scope
    for sort in Sort::ALL {
        let mut seen = vec![];
        let mut q = ListQuery { sort: Some(*sort), ..ListQuery::of(BuiltIn::All) };
        loop {
            let page = queries::list::rows_of(&admin, &q, 1).await.unwrap();
            seen.extend(page.rows.iter().map(|r| r.id));
            match page.next { Some(c) => q.at = c.to_string(), None => break }
        }
        assert_eq!(seen.len(), 3, "{sort}");
        let n = queries::list::neighbours(&admin, &ListQuery { sort: Some(*sort), ..ListQuery::of(BuiltIn::All) }, seen[1]).await.unwrap();
        assert_eq!((n.previous.unwrap().0, n.next.unwrap().0), (seen[0], seen[2]), "{sort}");
        let last = queries::list::rows_of(&admin, &ListQuery { at: q.at.clone(), ..q.clone() }, 1).await.unwrap();
        let back = queries::list::rows_of(&admin, &ListQuery { at: last.previous.unwrap().to_string(), ..q }, 1).await.unwrap();
        assert_eq!(back.rows[0].id, seen[1]);
    }
    let all = queries::list::rows(&admin, &ListQuery::of(BuiltIn::All)).await.unwrap().rows;
    assert_eq!(all[2].category_path.as_deref(), Some("交易类/支付"));
    assert_eq!(all[2].file_count, 1);
    let mine = queries::list::rows(&agent, &ListQuery::of(BuiltIn::All)).await.unwrap().rows;
    assert_eq!(mine.iter().map(|r| r.id).collect::<Vec<_>>(), [t2.ticket, t1.ticket]);
    assert!(matches!(queries::detail::detail(&agent, t3.ticket).await, Err(Error::NotFound)));
    let own = Ctx { grants: Grants::of(Role::TicketAgent, &[kernel::permission::Permission::TicketView], Scope::Own, Scope::Own), ..agent.clone() };
    assert_eq!(queries::list::rows(&own, &ListQuery::of(BuiltIn::All)).await.unwrap().rows.len(), 1);
    let full = ListQuery { q: "待付款".into(), status: Status::CHOICES.to_vec(), priority: Priority::ALL.to_vec(), source: Source::ALL.to_vec(), group: Some(group), category: Some(root),
        customer: Some(cust), created_from: "2026-11-22".into(), created_to: "2026-11-22".into(), updated_from: "2026-11-01".into(), updated_to: "bad".into(), ..Default::default() };
    assert_eq!(queries::list::rows(&agent, &full).await.unwrap().rows.len(), 1);
    assert!(queries::list::check(&full).is_err());
    for flag in Flag::ALL { queries::list::rows(&agent, &ListQuery { flag: vec![*flag], ..Default::default() }).await.unwrap(); }
    for q in ["20261122000001", "订单", "何静", "refund", "显示待付", "待显示"] {
        println!("{q} {}", queries::list::rows(&admin, &ListQuery { q: q.into(), ..Default::default() }).await.unwrap().rows.len());
    }
    assert_eq!(queries::list::rows_among(&agent, &[t1.ticket, t3.ticket]).await.unwrap().len(), 1);
    // views & counts
    let v = view::save(&admin, ViewInput { name: "退款".into(), query: "?q=refund&nonsense=1&at=a.1.2".into(), shared: true, ..Default::default() }).await.unwrap();
    view::save(&agent, ViewInput { name: "我的".into(), query: "view=group".into(), ..Default::default() }).await.unwrap();
    assert!(matches!(view::delete(&agent, v).await, Err(Error::Forbidden(_))));
    let views = queries::count::views(&agent).await.unwrap();
    assert_eq!(views.len(), 2);
    let counts = queries::count::counts(&agent, &views).await.unwrap();
    println!("{counts:?}");
    assert_eq!((counts.of(BuiltIn::Group), counts.of(BuiltIn::All), counts.of(BuiltIn::Followed), counts.of_saved(v)), (Some(1), Some(2), Some(1), Some(1)));
    assert_eq!(counts.of(BuiltIn::Bin), None);
    // search
    let found = queries::search::search(&agent, "订单").await.unwrap();
    assert_eq!(found.tickets.len(), 2);
    println!("{found:?}");
    assert_eq!(queries::search::search(&agent, "何静").await.unwrap().customers.len(), 1);
    assert_eq!(queries::search::search(&agent, "#20261122000003").await.unwrap().tickets.len(), 0);
    assert_eq!(queries::search::search(&admin, "#20261122000003").await.unwrap().tickets.len(), 1);
    // take
    assign::take(&agent, t1.ticket).await.unwrap();
    assert_eq!(pb(assign::take(&admin, t1.ticket).await), Problem::AlreadyTaken);
    let c = queries::current(&agent, t1.ticket).await.unwrap();
    assert_eq!((c.status, c.version, c.agent_id), (Status::InProgress, 2, Some(me_b)));
    assert_eq!(pb(edit::edit(&admin, EditInput { priority: Some(Priority::High), ..EditInput::of(t1.ticket, 1) }).await), Problem::Stale);
    edit::edit(&admin, EditInput { priority: Some(Priority::High), title: Some("新标题".into()), cc: Some("x@y.z".into()), category: Some(Some(leaf2)), ..EditInput::of(t1.ticket, 2) }).await.unwrap();
    // note with status
    let n = ReplyInput { ticket: t1.ticket, html: "<p>内部 <script>x</script>备注</p>".into(), text: String::new(), reply_type: ReplyType::AgentsOnly, status: None, seen_seq: 0, confirmed: false, files: vec![] };
    let noted = reply::reply(&agent, n.clone(), vec![]).await.unwrap();
    assert!(noted.undo_until.is_none());
    assert_eq!(pb(reply::undo_reply(&agent, noted.message).await), Problem::TooLate);
    reply::reply(&agent, ReplyInput { status: Some(Status::Solved), ..n.clone() }, vec![]).await.unwrap();
    assert_eq!(pb(edit::urge(&agent, UrgeInput { ticket: t1.ticket, reason: "急".into() }).await), Problem::UrgeNotNow);
    edit::activate(&agent, ActivateInput { ticket: t1.ticket, reason: "还没好".into() }).await.unwrap();
    edit::urge(&agent, UrgeInput { ticket: t1.ticket, reason: "急".into() }).await.unwrap();
    assert_eq!(pb(edit::urge(&agent, UrgeInput { ticket: t1.ticket, reason: "急".into() }).await), Problem::UrgeTooSoon);
    reply::delete_reply(&admin, noted.message).await.unwrap();
    // draft, presence
    draft::save(&agent, DraftInput { ticket: t1.ticket, html: String::new(), text: "草稿\n二".into(), reply_type: ReplyType::Everyone, seen_seq: 3 }).await.unwrap();
    presence::ping(&agent, PresenceInput { ticket: t1.ticket, typing: true }).await.unwrap();
    let others = presence::ping(&admin, PresenceInput { ticket: t1.ticket, typing: false }).await.unwrap();
    assert_eq!(others.len(), 1);
    follow::follow(&agent, t1.ticket).await.unwrap();
    follow::link(&admin, LinkInput { ticket: t1.ticket, number: t2.number.to_string() }).await.unwrap();
    assert_eq!(pb(follow::link(&admin, LinkInput { ticket: t2.ticket, number: format!("#{}", t1.number) }).await), Problem::LinkTwice);
    assert_eq!(pb(follow::link(&admin, LinkInput { ticket: t2.ticket, number: format!("#{}", t2.number) }).await), Problem::LinkSelf);
    let d = queries::detail::detail(&agent, t1.ticket).await.unwrap();
    println!("{:#?}", d.timeline.entries);
    assert_eq!(d.draft.as_ref().unwrap().text, "草稿\n二");
    assert!(d.is_followed && d.links.len() == 1 && d.presences.len() == 1);
    assert_eq!(d.ticket.cycle, 2);
    follow::unlink(&admin, UnlinkInput { ticket: t2.ticket, other: t1.ticket }).await.unwrap();
    presence::leave(&agent, t1.ticket).await.unwrap();
    draft::discard(&agent, t1.ticket).await.unwrap();
    let f = d.timeline.entries.iter().find_map(|e| match e { queries::timeline::Entry::Message(m) if !m.files.is_empty() => Some(m.files[0].id), _ => None }).unwrap();
    assert_eq!(queries::file_for(&agent, f).await.unwrap().name, "a.txt");
    // bulk
    let input = |act| BulkInput { tickets: vec![t1.ticket, t2.ticket, t3.ticket], act, group: Some(group), agent: Some(me_b), priority: Some(Priority::Low), category: Some(leaf2), back: Default::default() };
    for act in BulkAct::ALL {
        let who = &admin;
        let p = bulk::preview(who, &input(*act)).await.unwrap();
        let r = bulk::run(who, &input(*act)).await.unwrap();
        assert_eq!(p, r, "{act}");
        println!("{act} {:?}", p.by_reason());
    }
    let p = bulk::preview(&agent, &input(BulkAct::Priority)).await.unwrap();
    println!("agent {p:?}");
    assert_eq!(queries::list::rows(&admin, &ListQuery::of(BuiltIn::Bin)).await.unwrap().rows.len(), 0);
    edit::delete(&admin, t3.ticket).await.unwrap();
    assert_eq!(queries::list::rows(&admin, &ListQuery::of(BuiltIn::Bin)).await.unwrap().rows.len(), 1);
    assert_eq!(pb(edit::activate(&admin, ActivateInput { ticket: t3.ticket, reason: "x".into() }).await), Problem::DeletedNotActivated);
    edit::restore(&admin, t3.ticket).await.unwrap();
    // merge
    let mut tx = sys.begin().await.unwrap();
    let kept = customer::commands::by_email(&mut tx, &format!("{}@kept.example", sys.uuid()), "留").await.unwrap();
    tx.commit().await.unwrap();
    merge::move_tickets(&sys, kept, cust).await.unwrap();
    merge::move_tickets(&sys, kept, cust).await.unwrap();
    assert_eq!(queries::list::rows(&admin, &ListQuery { customer: Some(kept), ..Default::default() }).await.unwrap().rows.len(), 2);
    merge::move_back(&sys, kept, cust).await.unwrap();
    merge::move_back(&sys, kept, cust).await.unwrap();
    assert_eq!(queries::list::rows(&admin, &ListQuery { customer: Some(cust), ..Default::default() }).await.unwrap().rows.len(), 2);
    println!("{:?}", queries::recent_of_customer(&agent, cust).await.unwrap());
    // live, facts, note
    live::tell_live(&sys, &kernel::event::Event::TicketCreated { ticket: t1.ticket }).await.unwrap();
    let mut tx = sys.begin().await.unwrap();
    note(&mut tx, t1.ticket, ChangeKind::Rated, "5").await.unwrap();
    println!("{:?}", queries::facts(&mut tx, t1.ticket).await.unwrap());
    println!("live b {} a {}", kernel::live::head(&mut tx, me_b).await.unwrap(), kernel::live::head(&mut tx, admin.agent().unwrap()).await.unwrap());
    tx.commit().await.unwrap();
    setting::save(&admin, crate::model::setting::SettingsInput { version: 0, recent_hours: 5, sender_hourly: 20, ..Default::default() }).await.unwrap();
    // races
    let t4 = create::create(&admin, CreateInput { group: None, ..base.clone() }, vec![]).await.unwrap();
    let agents = [admin.clone(), Ctx { grants: Grants::of_role(Role::SuperAdmin), ..agent.clone() }];
    let results = futures_util::future::join_all((0..8).map(|i| { let c = agents[i % 2].clone(); async move { assign::take(&c, t4.ticket).await.is_ok() } })).await;
    assert!(results.iter().filter(|ok| **ok).count() >= 1);
    let numbers = futures_util::future::join_all((0..10).map(|_| { let (c, b) = (admin.clone(), base.clone()); async move { create::create(&c, b, vec![]).await.unwrap().number } })).await;
    let mut unique = numbers.clone(); unique.sort(); unique.dedup();
    assert_eq!(unique.len(), 10);
}

#[tokio::test]
async fn mails() {
    use mail::commands::{Arrival, receive};
    use mail::model::{Reason, Verdict};
    let (admin, agent, group, _cust, sys) = world().await;
    let address = format!("help-{}@co.example", sys.uuid().simple());
    let mailbox = { let mut tx = sys.begin().await.unwrap(); let id = mail::commands::mailbox::find_or_make(&mut tx, &address).await.unwrap(); tx.commit().await.unwrap(); id };
    let root = sqlx::PgPool::connect(&std::env::var("KT_DB").unwrap()).await.unwrap();
    sqlx::query("update mailboxes set group_id = $2 where id = $1").bind(mailbox).bind(group).execute(&root).await.unwrap();
    let n = std::cell::Cell::new(0i64);
    let feed = async |head: &str, body: &str| {
        n.set(n.get() + 1);
        let raw = format!("To: {address}\r\nMessage-ID: <m{}@x.example>\r\nDate: Sun, 22 Nov 2026 09:30:00 +0800\r\nMIME-Version: 1.0\r\n{head}\r\n\r\n{body}", n.get());
        let got = receive(&sys, Arrival { mailbox, uid: Some((1, n.get())), raw: raw.into(), seen_at: sys.now() }).await.unwrap();
        let taken = take_mail(&sys, got.mail).await.unwrap();
        assert_eq!(take_mail(&sys, got.mail).await.unwrap(), taken);
        taken
    };
    let first = feed("From: =?utf-8?B?5L2V6Z2Z?= <he@cust.example>\r\nSubject: \r\nContent-Type: text/plain; charset=utf-8", "你好，退款呢\u{0}？").await;
    assert_eq!((first.verdict, first.reason), (Verdict::NewTicket, Reason::FirstContact));
    let t = first.ticket.unwrap();
    let d = queries::detail::detail(&agent, t).await.unwrap();
    assert_eq!((d.ticket.title.as_str(), d.ticket.source, d.ticket.status), ("(无主题)", Source::Email, Status::NotAccepted));
    // inline image
    let png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
    let multi = feed("From: img@cust.example\r\nSubject: pic\r\nContent-Type: multipart/related; boundary=b", &format!("--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>see <img src=\"cid:pic1@x\"><script>1</script></p>\r\n--b\r\nContent-Type: image/png; name=a.png\r\nContent-ID: <pic1@x>\r\nContent-Transfer-Encoding: base64\r\n\r\n{png}\r\n--b--\r\n")).await;
    let dm = queries::detail::detail(&agent, multi.ticket.unwrap()).await.unwrap();
    println!("{:?}", dm.timeline.entries);
    // reply
    let r = |ticket, seen| ReplyInput { ticket, html: String::new(), text: "已处理".into(), reply_type: ReplyType::Everyone, status: Some(Status::Solved), seen_seq: seen, confirmed: false, files: vec![] };
    assert_eq!(pb(reply::reply(&agent, r(t, 0), vec![]).await), Problem::Stale);
    let file = message::NewFile { name: "b.txt".into(), content: bytes::Bytes::from_static(b"hello"), content_id: None };
    let sent = reply::reply(&agent, r(t, 1), vec![file]).await.unwrap();
    assert!(sent.undo_until.is_some());
    let d = queries::detail::detail(&agent, t).await.unwrap();
    assert_eq!((d.ticket.status, d.ticket.agent_id, d.ticket.message_count, d.ticket.file_count), (Status::Solved, agent.actor.agent(), 2, 1));
    assert_eq!(pb(reply::undo_reply(&admin, sent.message).await), Problem::NotFound);
    reply::undo_reply(&agent, sent.message).await.unwrap();
    let d = queries::detail::detail(&agent, t).await.unwrap();
    assert_eq!((d.ticket.status, d.ticket.agent_id, d.ticket.message_count, d.ticket.file_count, d.ticket.first_response_at), (Status::NotAccepted, None, 1, 0, None));
    let draft = d.draft.unwrap();
    assert_eq!((draft.text.as_str(), draft.files.len()), ("已处理", 1));
    let sent = reply::reply(&agent, ReplyInput { files: vec![draft.files[0].id], ..r(t, d.ticket.last_seq) }, vec![]).await.unwrap();
    let d = queries::detail::detail(&agent, t).await.unwrap();
    assert_eq!((d.ticket.status, d.ticket.file_count), (Status::Solved, 1));
    assert!(d.draft.is_none());
    admin.app.clock.advance(jiff::SignedDuration::from_secs(11));
    assert_eq!(pb(reply::undo_reply(&agent, sent.message).await), Problem::TooLate);
    let mid: String = sqlx::query_scalar("select message_id from mails where ticket_id = $1 and direction = 1 and state <> 5").bind(t).fetch_one(&root).await.unwrap();
    println!("{mid}");
    // thread
    let a = feed(&format!("From: he@cust.example\r\nSubject: Re: x\r\nIn-Reply-To: <{mid}>\r\nContent-Type: text/plain"), "thanks").await;
    assert_eq!((a.verdict, a.reason, a.ticket), (Verdict::Appended, Reason::TokenMatched, Some(t)));
    let d = queries::detail::detail(&agent, t).await.unwrap();
    assert_eq!((d.ticket.status, d.ticket.cycle), (Status::InProgress, 2));
    let s = feed(&format!("From: evil@other.example\r\nSubject: Re: x\r\nIn-Reply-To: <{mid}>\r\nContent-Type: text/plain"), "gimme").await;
    assert_eq!((s.verdict, s.reason, s.duplicate_of), (Verdict::NewTicket, Reason::SenderMismatch, Some(t)));
    let spoof = feed(&format!("From: {}@x.y\r\nSubject: Re: x\r\nIn-Reply-To: <{mid}>\r\nContent-Type: text/plain", agent.agent().unwrap()), "I am agent").await;
    assert_eq!((spoof.verdict, spoof.reason), (Verdict::Appended, Reason::AgentUnverified));
    let num = feed(&format!("From: he@cust.example\r\nSubject: about [#{}]\r\nContent-Type: text/plain", first.ticket_number.unwrap()), "again").await;
    assert_eq!((num.verdict, num.reason, num.duplicate_of), (Verdict::NewTicket, Reason::SubjectNumber, Some(t)));
    let auto = feed("From: he@cust.example\r\nAuto-Submitted: auto-replied\r\nSubject: away\r\nContent-Type: text/plain", "away").await;
    assert_eq!(auto.verdict, Verdict::Suppressed);
    let aside = feed(&format!("From: he@cust.example\r\nAuto-Submitted: auto-replied\r\nIn-Reply-To: <{mid}>\r\nSubject: away\r\nContent-Type: text/plain"), "away").await;
    println!("{aside:?}");
    let v = queries::current(&admin, t).await.unwrap().version;
    edit::edit(&admin, EditInput { status: Some(Status::Closed), ..EditInput::of(t, v) }).await.unwrap();
    let ended = feed(&format!("From: he@cust.example\r\nSubject: Re: x\r\nIn-Reply-To: <{mid}>\r\nContent-Type: text/plain"), "still broken").await;
    assert_eq!((ended.verdict, ended.reason, ended.duplicate_of), (Verdict::NewTicket, Reason::TicketEnded, Some(t)));
    let nobody = feed("Subject: no sender\r\nContent-Type: text/plain", "hi").await;
    println!("{nobody:?}");
    for i in 0..19 { feed(&format!("From: flood@x.example\r\nSubject: {i}\r\nContent-Type: text/plain"), &format!("b{i}")).await; }
    let last = feed("From: flood@x.example\r\nSubject: 19\r\nContent-Type: text/plain", "b19").await;
    assert_eq!(last.verdict, Verdict::NewTicket);
    let over = feed("From: flood@x.example\r\nSubject: 20\r\nContent-Type: text/plain", "b20").await;
    assert_eq!((over.verdict, over.reason), (Verdict::Quarantined, Reason::SenderFlood));
    let out = queries::detail::detail(&admin, t).await.unwrap();
    println!("{:#?}", out.timeline.entries);
}

#[tokio::test]
async fn bench() {
    let options: PgConnectOptions = std::env::var("KT_DB").unwrap().parse().unwrap();
    let pool = App::pool(options, 8).await.unwrap();
    let app = Arc::new(App {
        config: Config::default(), write: pool.clone(), read: pool, store: Arc::new(object_store::memory::InMemory::new()),
        clock: Clock::default(), vault: Vault::new(&[7; 32]), live: Default::default(), work: Default::default(), stopping: Default::default(),
    });
    let sys = app.system(CompanyId("00000000-0000-7000-8000-000000000001".parse().unwrap())).await.unwrap();
    let id: uuid::Uuid = sqlx::query_scalar("select id from agents where name = 'agent7'").fetch_one(&mut *sys.begin().await.unwrap()).await.unwrap();
    let gid: uuid::Uuid = sqlx::query_scalar("select id from groups where name = 'group8'").fetch_one(&mut *sys.begin().await.unwrap()).await.unwrap();
    let mk = |role| Ctx { actor: Actor::Agent { id: AgentId(id), name: "x".into() }, grants: Grants::of_role(role), groups: Arc::from(vec![GroupId(gid)]), ..sys.clone() };
    for (who, ctx) in [("admin", mk(Role::SuperAdmin)), ("agent", mk(Role::TicketAgent))] {
        let time = async |name: &str, f: &dyn Fn() -> std::pin::Pin<Box<dyn Future<Output = usize>>>| {
            let mut best = f64::MAX; let mut n = 0;
            for _ in 0..12 { let t = std::time::Instant::now(); n = f().await; best = best.min(t.elapsed().as_secs_f64() * 1000.0); }
            println!("BENCH {who} {name} {best:.2} ms ({n})");
        };
        for (name, q) in [("all", ListQuery::of(BuiltIn::All)), ("mine", ListQuery::of(BuiltIn::Mine)), ("group", ListQuery::of(BuiltIn::Group)), ("un", ListQuery::of(BuiltIn::Unassigned)),
            ("rare", ListQuery { q: "号77".into(), ..Default::default() }), ("common", ListQuery { q: "订单".into(), ..Default::default() }), ("created", ListQuery { sort: Some(Sort::Created), ..Default::default() })] {
            let c = ctx.clone();
            time(name, &move || { let (c, q) = (c.clone(), q.clone()); Box::pin(async move { queries::list::rows(&c, &q).await.unwrap().rows.len() }) }).await;
        }
        let c = ctx.clone();
        time("counts", &move || { let c = c.clone(); Box::pin(async move { queries::count::counts(&c, &[]).await.unwrap().built_in.len() }) }).await;
        for w in ["订单", "号77", "cust77", "订单有问题"] {
            let c = ctx.clone();
            time(&format!("search {w}"), &move || { let c = c.clone(); Box::pin(async move { queries::search::search(&c, w).await.unwrap().tickets.len() }) }).await;
        }
        let first = queries::list::rows(&ctx, &ListQuery::default()).await.unwrap().rows[0].id;
        let c = ctx.clone();
        time("detail", &move || { let c = c.clone(); Box::pin(async move { queries::detail::detail(&c, first).await.unwrap().timeline.entries.len() }) }).await;
        let c = ctx.clone();
        time("neighbours", &move || { let c = c.clone(); Box::pin(async move { usize::from(queries::list::neighbours(&c, &ListQuery::default(), first).await.unwrap().next.is_some()) }) }).await;
    }
}
