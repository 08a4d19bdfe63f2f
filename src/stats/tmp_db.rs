use crate::figure::*;
use crate::metric::*;
use crate::model::*;
use crate::queries;
use crate::report::*;
use crate::reports::ticket_satisfaction::REPORT;
use kernel::actor::Actor;
use kernel::app::App;
use kernel::clock::Clock;
use kernel::config::Config;
use kernel::ctx::{Ctx, Request};
use kernel::id::*;
use kernel::lang::Lang;
use kernel::permission::*;
use kernel::secret::Vault;
use kernel::time::Stamp;
use leptos::prelude::*;
use std::sync::Arc;
use ui::page::Page;
use ui::visit::*;
async fn ctx(lang: Lang) -> Ctx {
    let options = sqlx::postgres::PgConnectOptions::new().socket("/tmp/kefu-dev-pg").username("kefu").database("kefu_stats_check");
    let pool = App::pool(options, 4).await.unwrap();
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
    let agent: uuid::Uuid = {
        let c = Ctx::load(&app, company, Actor::System, Grants::all(), vec![], request.clone()).await.unwrap();
        let mut tx = c.read().await.unwrap();
        sqlx::query_scalar("select id from agents where nickname='李雷'").fetch_one(&mut *tx).await.unwrap()
    };
    Ctx::load(&app, company, Actor::Agent { id: AgentId(agent), name: "李雷".into() }, Grants::all(), vec![], request).await.unwrap()
}
fn wide() -> ReportQuery {
    ReportQuery { from: "2026-09-01".into(), to: "2026-11-22".into(), ..Default::default() }
}
fn visit(ctx: &Ctx, path: &str, q: &ReportQuery) -> Visit {
    let href = q.href(path);
    let query = href.split_once('?').map(|x| x.1.to_owned()).unwrap_or_default();
    Visit {
        ctx: ctx.clone(),
        viewer: Viewer { name: "李雷".into(), email: "".into(), theme: "auto".into(), density: "".into(), unread: 0 },
        place: Place { path: path.into(), query, ..Default::default() },
        flash: Default::default(),
        session: tower_sessions::Session::new(None, Arc::new(tower_sessions::MemoryStore::default()), None),
    }
}
fn html(page: Page, lang: Lang, theme: &str) -> String {
    let owner = Owner::new();
    owner.with(|| {
        let marks: Vec<AnyView> = page.marks.into_iter().map(|m| m()).collect();
        let acts: Vec<AnyView> = page.actions.into_iter().map(|m| m()).collect();
        let crumbs: Vec<AnyView> = page.crumbs.iter().map(|(t,h)| view!{ <li><a href=h.clone()>{t.clone()}</a></li> }.into_any()).collect();
        let body = page.body.map(|b| b());
        let head = view! { <div class="head"><nav><ol class="crumb">{crumbs}</ol></nav><div class="title"><h1>{page.title.clone()}</h1>{page.count.map(|c| view!{<span class="count">{c}</span>})}{marks}<div class="act">{acts}</div></div>{page.lead.map(|l| view!{<p class="lead">{l}</p>})}</div> }.into_any();
        let inside = if page.is_bare { view!{ {body} }.to_html() } else { view!{ <div class="app"><nav class="rail"></nav><header class="bar"></header><nav class="menu side"><h2>"统计"</h2></nav><main id="main">{head}{body}</main></div> }.to_html() };
        format!("<!doctype html><html lang=\"{}\" data-theme=\"{theme}\"><head><meta charset=utf-8><meta name=viewport content=\"width=device-width, initial-scale=1\"><title>x</title><link rel=stylesheet href=/kefu.css></head><body class=\"{}\">{inside}</body></html>", lang.tag(), if page.is_bare { page.body_class } else { "" })
    })
}
#[tokio::test]
async fn sums() {
    let ctx = ctx(Lang::Zh).await;
    for scope in [Scope::All, Scope::Own, Scope::Group] {
        let mut ctx = ctx.clone();
        ctx.grants.tickets = scope;
        for extra in [
            wide(),
            ReportQuery { agent: "none".into(), ..wide() },
            ReportQuery { channel: "email".into(), ..wide() },
            ReportQuery { category: "none".into(), ..wide() },
        ] {
            for by in By::ALL {
                let q = ReportQuery { by: by.key().into(), ..extra.clone() };
                let f = Filter::strict(&q, &REPORT, ctx.now().date(&ctx.zone)).unwrap();
                let t = queries::table(&ctx, &REPORT, f).await.unwrap();
                let mut sum = Sums::default();
                for l in &t.lines {
                    sum.add(&l.sums);
                }
                let mut s2 = Sums::default();
                for (_, s) in &t.series {
                    s2.add(s);
                }
                for m in bases(REPORT.metrics) {
                    assert_eq!(sum.get(m), t.total.get(m), "{by} {}", m.key);
                    assert_eq!(s2.get(m), t.total.get(m));
                }
                for l in &t.lines {
                    let n = Filter::strict(&l.query, &REPORT, ctx.now().date(&ctx.zone)).unwrap();
                    for m in [&INVITED, &RATED, &BAD] {
                        assert_eq!(queries::count(&ctx, &n, m).await.unwrap(), l.sums.get(m), "{by} {} {}", l.name, m.key);
                    }
                }
                println!(
                    "{scope} {by} {} {:?}",
                    t.total.get(&INVITED),
                    t.lines.iter().map(|l| (l.name.clone(), l.sums.get(&INVITED))).take(4).collect::<Vec<_>>()
                );
            }
            for m in [&INVITED, &RATED, &GOOD] {
                let f = Filter::strict(&extra, &REPORT, ctx.now().date(&ctx.zone)).unwrap();
                let (mut n, mut cur) = (0, None);
                loop {
                    let p = queries::rows(&ctx, &f, m, cur.as_ref(), 17).await.unwrap();
                    n += p.rows.len() as i64;
                    cur = p.next.clone();
                    if cur.is_none() {
                        break;
                    }
                }
                assert_eq!(n, queries::count(&ctx, &f, m).await.unwrap());
            }
        }
    }
}
#[tokio::test]
async fn pages() {
    for (lang, theme) in [(Lang::Zh, "light"), (Lang::En, "dark")] {
        let ctx = ctx(lang).await;
        let w = |name: &str, page: Page| {
            std::fs::write(format!("/tmp/statspages/{name}-{}.html", lang.key()), html(page, lang, theme)).unwrap()
        };
        std::fs::create_dir_all("/tmp/statspages").unwrap();
        let p = "/reports/ticket-satisfaction";
        w("report", crate::pages::ticket_satisfaction::ticket_satisfaction_page(visit(&ctx, p, &ReportQuery::default())).await.unwrap());
        w(
            "report-day",
            crate::pages::ticket_satisfaction::ticket_satisfaction_page(visit(
                &ctx,
                p,
                &ReportQuery { by: "week".into(), from: "2026-01-01".into(), to: "2026-11-22".into(), ..Default::default() },
            ))
            .await
            .unwrap(),
        );
        w(
            "report-empty",
            crate::pages::ticket_satisfaction::ticket_satisfaction_page(visit(
                &ctx,
                p,
                &ReportQuery { from: "2025-01-01".into(), to: "2024-01-22".into(), ..Default::default() },
            ))
            .await
            .unwrap(),
        );
        w(
            "rows",
            crate::pages::rows::rows_page(visit(
                &ctx,
                "/reports/ticket-satisfaction/rows",
                &ReportQuery { metric: "invited".into(), ..wide() },
            ))
            .await
            .unwrap(),
        );
        w(
            "definitions",
            crate::pages::definitions::definitions_page(visit(&ctx, "/reports/definitions", &ReportQuery::default())).await.unwrap(),
        );
        let export = crate::commands::export(
            &ctx,
            ExportInput {
                format: Some(Format::Csv),
                content: Some(Content::Rows),
                query: ReportQuery { metric: "rated".into(), ..wide() },
            },
        )
        .await
        .unwrap();
        let system = ctx.as_system();
        crate::commands::run_export(&system, export).await.unwrap();
        let e2 = crate::commands::export(&ctx, ExportInput { format: Some(Format::Xlsx), content: Some(Content::Table), query: wide() })
            .await
            .unwrap();
        crate::commands::run_export(&system, e2).await.unwrap();
        crate::commands::export(&ctx, ExportInput { format: Some(Format::Xlsx), content: Some(Content::Table), query: wide() })
            .await
            .unwrap();
        for e in queries::export::mine(&ctx).await.unwrap() {
            if let Some(f) = e.file_id {
                let mut tx = ctx.read().await.unwrap();
                let s = kernel::store::find(&mut tx, f).await.unwrap();
                if let Ok(b) = kernel::store::read(&ctx, &s.sha256).await {
                    std::fs::write(format!("/tmp/statspages/{}", s.name), b).unwrap();
                }
            }
        }
        w("exports", crate::pages::exports::exports_page(visit(&ctx, "/reports/exports", &ReportQuery::default())).await.unwrap());
    }
}
