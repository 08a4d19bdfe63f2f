use crate::commands::rate::*;
use crate::model::input::*;
use crate::model::*;
use jiff::SignedDuration;
use kernel::actor::Actor;
use kernel::app::App;
use kernel::clock::Clock;
use kernel::config::Config;
use kernel::ctx::{Ctx, Request};
use kernel::error::*;
use kernel::id::*;
use kernel::lang::Lang;
use kernel::permission::*;
use kernel::secret::Vault;
use kernel::time::Stamp;
use leptos::prelude::*;
use std::sync::Arc;
use ticket::model::Status;
use ui::page::Page;
use ui::visit::*;
async fn ctx(lang: Lang) -> Ctx {
    let options = sqlx::postgres::PgConnectOptions::new().socket("/tmp/kefu-dev-pg").username("kefu").database("kefu_stats_check");
    let pool = App::pool(options, 20).await.unwrap();
    let app = Arc::new(App {
        config: Config::default(),
        write: pool.clone(),
        read: pool,
        store: Arc::new(object_store::memory::InMemory::new()),
        clock: Clock::held(Stamp("2026-11-22T01:30:00Z".parse().unwrap())),
        vault: Vault::new(&[7; 32]),
        live: Default::default(),
        work: Default::default(),
        stopping: Default::default(),
    });
    let company = CompanyId("018f3f8e-0000-7000-8000-000000000001".parse().unwrap());
    let mut request = Request::internal(&app);
    request.lang = lang;
    let agent: kernel::macros::uuid::Uuid = {
        let c = Ctx::load(&app, company, Actor::System, Grants::all(), vec![], request.clone()).await.unwrap();
        let mut tx = c.read().await.unwrap();
        sqlx::query_scalar("select id from agents where nickname='李雷'").fetch_one(&mut *tx).await.unwrap()
    };
    Ctx::load(&app, company, Actor::Agent { id: AgentId(agent), name: "李雷".into() }, Grants::all(), vec![], request).await.unwrap()
}
fn html(page: Page, lang: Lang, theme: &str) -> String {
    let owner = Owner::new();
    owner.with(|| {
        let marks: Vec<AnyView> = page.marks.into_iter().map(|m| m()).collect();
        let acts: Vec<AnyView> = page.actions.into_iter().map(|m| m()).collect();
        let body = page.body.map(|b| b());
        let head = view! { <div class="head"><div class="title"><h1>{page.title.clone()}</h1>{marks}<div class="act">{acts}</div></div>{page.lead.map(|l| view!{<p class="lead">{l}</p>})}</div> }.into_any();
        let inside = if page.is_bare { view!{ {body} }.to_html() } else { view!{ <div class="app"><nav class="rail"></nav><header class="bar"></header><nav class="menu side"><h2>"设置"</h2></nav><main id="main">{head}{body}</main></div> }.to_html() };
        format!("<!doctype html><html lang=\"{}\" data-theme=\"{theme}\"><head><meta charset=utf-8><meta name=viewport content=\"width=device-width, initial-scale=1\"><title>x</title><link rel=stylesheet href=/kefu.css></head><body class=\"{}\">{inside}</body></html>", page.lang.unwrap_or(lang).tag(), if page.is_bare { page.body_class } else { "" })
    })
}
fn session() -> tower_sessions::Session {
    tower_sessions::Session::new(None, Arc::new(tower_sessions::MemoryStore::default()), None)
}
fn public(ctx: &Ctx, token: &str, query: &str) -> PublicVisit {
    PublicVisit {
        app: ctx.app.clone(),
        request: ctx.request.clone(),
        place: Place { path: format!("/r/{token}"), query: query.into(), params: [("token".to_owned(), token.to_owned())].into() },
        flash: Default::default(),
        session: session(),
    }
}
fn visit(ctx: &Ctx, path: &str, query: &str) -> Visit {
    Visit {
        ctx: ctx.clone(),
        viewer: Viewer { name: "林悦".into(), email: "".into(), theme: "auto".into(), density: "".into(), unread: 0 },
        place: Place { path: path.into(), query: query.into(), ..Default::default() },
        flash: Default::default(),
        session: session(),
    }
}
#[tokio::test]
async fn flow() {
    std::fs::create_dir_all("/tmp/statspages").unwrap();
    let ctx = ctx(Lang::Zh).await;
    let system = ctx.as_system();
    let w =
        |name: &str, page: Page, theme: &str| std::fs::write(format!("/tmp/statspages/{name}.html"), html(page, Lang::Zh, theme)).unwrap();
    let (inforce, _) = crate::queries::settings(&ctx).await.unwrap();
    let mut tx = ctx.begin().await.unwrap();
    kernel::setting::save(
        &mut tx,
        &SatisfactionSettings { enabled: true, cap: None, delay: 10, ..Default::default() },
        inforce.version,
        "试一试",
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
    let number = 20261122000000i64 + i64::from(inforce.version);
    let mut tx = ctx.begin().await.unwrap();
    sqlx::query("insert into customer_contacts (company_id, customer_id, kind, value, normal) select company_id, id, 1, 'he@example.com','he@example.com' from customers where nickname='何静' on conflict do nothing").execute(&mut *tx).await.unwrap();
    sqlx::query("insert into tickets (company_id, id, number, title, status, priority, source, start_type, customer_id, agent_id, creator_kind, creator_name, created_at, updated_at, solved_at, category_id) select c.company_id, gen_random_uuid(), $1, '退货标签在手机上打不开', 3,1,12,1, c.id, (select id from agents where nickname='林悦'), 1,'何静',now(),now(),'2026-11-22 01:20Z', (select id from ticket_categories where level=2 limit 1) from customers c").bind(number).execute(&mut *tx).await.unwrap();
    let ticket: TicketId = sqlx::query_scalar("select id from tickets where number=$1").bind(number).fetch_one(&mut *tx).await.unwrap();
    tx.commit().await.unwrap();
    let inv = crate::commands::invite(&system, ticket, Status::Solved).await.unwrap().unwrap();
    assert!(crate::commands::invite(&system, ticket, Status::Closed).await.unwrap().is_none());
    ctx.app.clock.advance(SignedDuration::from_mins(10));
    crate::commands::send_due(&system, inv).await.unwrap();
    crate::commands::send_due(&system, inv).await.unwrap();
    let mut tx = ctx.read().await.unwrap();
    let (sha, subject): (Vec<u8>, String) = sqlx::query_as("select raw_sha256, subject from mails where ticket_id = $1 and direction=1")
        .bind(ticket.0)
        .fetch_one(&mut *tx)
        .await
        .unwrap();
    drop(tx);
    let raw = kernel::store::read(&ctx, &sha).await.unwrap();
    std::fs::write("/tmp/statspages/mail.eml", &raw).unwrap();
    let parsed = mail::parse::parse(&raw).unwrap();
    println!("SUBJECT {subject}\n{}", parsed.text);
    let token: String =
        parsed.text.split("/r/").nth(1).unwrap().chars().take_while(|c| c.is_ascii_alphanumeric() || "-_".contains(*c)).collect();
    w("r-form", crate::pages::rating::rating_page(public(&ctx, &token, "score=4&lang=zh")).await.unwrap(), "light");
    w("r-form-en", crate::pages::rating::rating_page(public(&ctx, &token, "score=2&lang=en")).await.unwrap(), "dark");
    let guest = visitor(&ctx.app, &token, ctx.request.clone()).await.unwrap();
    let answer = |revision, score| RateInput {
        token: token.clone(),
        revision,
        score: Some(score),
        reasons: vec!["回复及时".into(), "等待太久".into()],
        remark: "谢谢".into(),
        lang: None,
    };
    let all = futures_util::future::join_all((0..16).map(|_| rate(&guest, answer(0, 4)))).await;
    for r in &all {
        assert!(r.is_ok(), "{r:?}");
    }
    assert_eq!(rate(&guest, answer(0, 5)).await.unwrap_err().problem(), Problem::AlreadyRated);
    rate(&guest, answer(1, 1)).await.unwrap();
    let mut tx = ctx.read().await.unwrap();
    let rows: Vec<(i32, i16, Vec<String>, bool)> =
        sqlx::query_as("select revision, score, reasons, is_current from satisfaction_ratings where invitation_id=$1 order by 1")
            .bind(inv.0)
            .fetch_all(&mut *tx)
            .await
            .unwrap();
    println!("{rows:?}");
    println!("{:?}", crate::queries::of_ticket(&mut tx, ticket).await.unwrap().0);
    drop(tx);
    w("r-done", crate::pages::rating::rating_page(public(&ctx, &token, "done=1&lang=zh")).await.unwrap(), "light");
    w("r-already", crate::pages::rating::rating_page(public(&ctx, &token, "score=5&lang=en")).await.unwrap(), "light");
    w("r-change", crate::pages::rating::rating_page(public(&ctx, &token, "change=1&lang=zh")).await.unwrap(), "light");
    w("r-forged", crate::pages::rating::rating_page(public(&ctx, "xyz", "")).await.unwrap(), "light");
    w(
        "s-settings",
        crate::pages::settings::settings_page(visit(&ctx, "/settings/satisfaction", &format!("ticket={number}"))).await.unwrap(),
        "light",
    );
    w("s-preview", crate::pages::preview::preview_page(visit(&ctx, "/settings/satisfaction/preview", "")).await.unwrap(), "light");
    w(
        "s-mail",
        crate::pages::preview::preview_page(visit(&ctx, "/settings/satisfaction/preview", "show=mail&lang=en")).await.unwrap(),
        "light",
    );
    ctx.app.clock.advance(SignedDuration::from_hours(7 * 24));
    assert_eq!(rate(&guest, answer(2, 5)).await.unwrap_err().problem(), Problem::RatingExpired);
    w("r-expired", crate::pages::rating::rating_page(public(&ctx, &token, "score=5&lang=zh")).await.unwrap(), "light");
    let v = crate::queries::settings(&ctx).await.unwrap().0.version;
    crate::commands::settings::restore(&ctx, RestoreInput { restore: 0, version: v }).await.unwrap();
    println!("{:?}", crate::queries::trial(&ctx, &number.to_string()).await.unwrap().unwrap());
}
