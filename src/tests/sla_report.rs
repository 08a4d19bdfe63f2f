//! 时效统计: random clocks add up however they are grouped, filtered or seen, and the four quadrants are what they are
//! called, at any moment.

use crate::tests::every_report::{check, filter_of};
use crate::tests::ticket::Desk;
use export::model::Format;
use jiff::SignedDuration;
use kernel::id::{ExportId, TicketId};
use kernel::page::{Cursor, Paged};
use kernel::permission::{Grants, Scope};
use sla::model::Target;
use stats::figure::Sums;
use stats::metric::sla::{
    CLOCKS, FIRST, FIRST_DONE, FIRST_LATE, FIRST_MET, FIRST_OVERDUE, FIRST_RATE, FIRST_WAITING, NEXT_DONE, NEXT_LATE, NEXT_MET, NEXT_RATE,
    SOLVE_DONE, SOLVE_LATE, SOLVE_MET, SOLVE_OVERDUE, SOLVE_RATE, SOLVE_WAITING,
};
use stats::metric::{Metric, Value};
use stats::model::{Content, ExportInput, ReportQuery};
use stats::queries;
use stats::queries::clocks::TicketClock;
use stats::reports::sla::REPORT;
use ticket::model::due::ClockState;

/// Clocks that are put in at random.
const MANY: i64 = 400;

/// Five weeks of clocks of a few tickets: of every kind and in every state, many begun at one moment, some without agent,
/// group or category. Of those that run some are late and not yet written so.
async fn fill(desk: &Desk) {
    let mut tickets = Vec::new();
    for n in 1..=5 {
        tickets.push(desk.ticket(&format!("工单{n}")).await.ticket.to_string());
    }
    let (company, tickets) = (desk.test.company, tickets.join(","));
    desk.test
        .tamper(format!(
            "select setseed(0.17);
            insert into ticket_categories (company_id, id, name, level, path, created_at)
                select '{company}', gen_random_uuid(), '类' || n, 1, '类' || n, now() from generate_series(1, 2) n;
            insert into sla_clocks (company_id, ticket_id, target, no, policy_id, policy_name, allowed_ms, used_ms, started_at, ended_at,
                    due_at, state, group_id, agent_id, agent_name, category_id, channel, priority, updated_at)
                select '{company}', ('{{{tickets}}}'::uuid[])[1 + n % 5], 1 + n % 3, n, gen_random_uuid(), '标准', 3600000,
                    floor(random() * 7200000)::bigint, x.at, case when x.state > 3 then x.at + interval '1 hour' end,
                    case when x.state <> 2 then x.at + random() * interval '40 days' end, x.state,
                    case when n % 4 > 0 then (select id from groups where company_id = '{company}' order by md5(id::text || n) limit 1) end,
                    a.id, coalesce(a.nickname, ''),
                    case when n % 11 > 0 then
                        (select id from ticket_categories where company_id = '{company}' order by md5(id::text || n) limit 1)
                    end,
                    (array[0, 1, 12])[1 + n / 3 % 3], 1, now()
                from generate_series(1, {MANY}) n
                cross join lateral (
                    select date_trunc('hour', timestamptz '2026-10-20' + random() * interval '33 days' + n * interval '0 s') as at,
                        1 + floor(random() * 5 + n * 0)::int as state
                ) x
                left join lateral (
                    select id, nickname from agents where company_id = '{company}' and n % 7 > 0 order by md5(id::text || n) limit 1
                ) a on true;"
        ))
        .await;
}

fn wide() -> ReportQuery {
    ReportQuery { from: "2026-10-01".into(), to: "2026-11-22".into(), compare: "no".into(), ..ReportQuery::default() }
}

#[tokio::test]
async fn random_clocks_add_up_and_the_rows_are_the_number() {
    let desk = Desk::new().await;
    fill(&desk).await;
    let everything = check(&desk.admin, &REPORT, &wide()).await;
    assert_eq!(everything.get(&CLOCKS), MANY);
    for metric in REPORT.metrics.iter().filter(|metric| matches!(metric.value, Value::Count(_))) {
        assert!(everything.get(metric) > 0, "there are some of {}", metric.key);
    }
    let sum = |metrics: &[&'static Metric]| metrics.iter().map(|metric| everything.get(metric)).sum::<i64>();
    assert_eq!(sum(&[&FIRST_MET, &FIRST_LATE, &FIRST_WAITING, &FIRST_OVERDUE]), sum(&[&FIRST]), "four quadrants");
    assert_eq!(sum(&[&FIRST_MET, &FIRST_LATE, &FIRST_OVERDUE]), sum(&[&FIRST_DONE]));
    assert_eq!(sum(&[&SOLVE_MET, &SOLVE_LATE, &SOLVE_OVERDUE]), sum(&[&SOLVE_DONE]));
    assert_eq!(sum(&[&NEXT_MET, &NEXT_LATE]), sum(&[&NEXT_DONE]));
    let category = desk.test.ask::<uuid::Uuid>("select id from ticket_categories where name = '类1'").await.to_string();
    let agent = desk.lilei.agent().expect("an agent").to_string();
    let narrow = [
        ReportQuery { agent, ..wide() },
        ReportQuery { agent: "none".into(), channel: "email".into(), ..wide() },
        ReportQuery { group: desk.group.to_string(), ..wide() },
        ReportQuery { group: "none".into(), ..wide() },
        ReportQuery { category, from: "2026-10-26".into(), to: "2026-11-08".into(), ..wide() },
    ];
    for query in &narrow {
        let some = check(&desk.admin, &REPORT, query).await.get(&CLOCKS);
        assert!(some > 0 && some < MANY, "{query:?} picks a part: {some}");
    }
}

#[tokio::test]
async fn s05_a_narrow_scope_narrows_clocks_and_their_list_alike() {
    let desk = Desk::new().await;
    fill(&desk).await;
    let mut ctx = desk.lilei.clone();
    let me = ctx.agent().expect("an agent");
    let mine: i64 = desk.test.ask(format!("select count(*) from sla_clocks where agent_id = '{me}'")).await;
    ctx.grants = Grants::all();
    ctx.grants.tickets = Scope::Own;
    assert!(mine > 0 && mine < MANY);
    assert_eq!(check(&ctx, &REPORT, &wide()).await.get(&CLOCKS), mine);
}

#[tokio::test]
async fn the_list_of_clocks_is_walked_both_ways() {
    let desk = Desk::new().await;
    fill(&desk).await;
    let asked = filter_of(&REPORT, &wide(), &desk.admin);
    let names = |page: &Paged<TicketClock>| -> Vec<i32> { page.rows.iter().map(|row| row.no).collect() };
    let first = queries::clocks::rows(&desk.admin, &asked, &FIRST, None, 17).await.expect("a page");
    let next = first.next.clone().expect("there is more");
    assert_eq!(next.to_string().parse::<Cursor>().expect("a cursor"), next, "it survives the address");
    let second = queries::clocks::rows(&desk.admin, &asked, &FIRST, Some(&next), 17).await.expect("a page");
    let back = queries::clocks::rows(&desk.admin, &asked, &FIRST, second.previous.as_ref(), 17).await.expect("a page");
    assert_eq!(names(&back), names(&first));
    assert!(back.previous.is_none() && names(&second).iter().all(|no| !names(&first).contains(no)));
    let order: Vec<_> = first.rows.iter().chain(&second.rows).map(|row| row.started_at).collect();
    assert!(order.is_sorted_by(|earlier, later| earlier >= later), "latest first: {order:?}");
}

/// A clock of 李雷 that began an hour ago, ran for 55 minutes of four hours, and is over in so many minutes.
async fn clock(desk: &Desk, ticket: TicketId, no: usize, target: Target, state: ClockState, due_in: Option<i64>) {
    let (company, now) = (desk.test.company, desk.test.app.clock.now().machine());
    let (group, agent) = (desk.group, desk.lilei.agent().expect("an agent"));
    let ended = if state.is_over() { format!("timestamptz '{now}' - interval '5 minutes'") } else { "null".to_owned() };
    let due = due_in.map_or("null".to_owned(), |minutes| format!("timestamptz '{now}' + interval '{minutes} minutes'"));
    let (target, state) = (target.code(), state.code());
    desk.test
        .tamper(format!(
            "insert into sla_clocks (company_id, ticket_id, target, no, policy_id, policy_name, allowed_ms, used_ms, started_at, ended_at,
                    due_at, state, group_id, agent_id, agent_name, channel, priority, updated_at)
                values ('{company}', '{ticket}', {target}, {no}, gen_random_uuid(), '标准', 14400000, 3300000,
                    timestamptz '{now}' - interval '1 hour', {ended}, {due}, {state}, '{group}', '{agent}', '李雷', 1, 1, now())"
        ))
        .await;
}

/// A ticket with clocks of every quadrant.
async fn quadrants(desk: &Desk) {
    use ClockState::{Met, Missed, Overdue, Paused, Running};
    let ticket = desk.ticket("发票开错了").await.ticket;
    let first = [
        (Met, Some(10)),
        (Missed, Some(-10)),
        (Running, Some(30)),
        (Paused, None),
        (Overdue, Some(-60)),
        // The timer has not come by yet.
        (Running, Some(-1)),
        (Running, Some(0)),
    ];
    let next = [(Met, Some(10)), (Met, Some(10)), (Met, Some(10)), (Missed, Some(-10)), (Overdue, Some(-10)), (Running, Some(10))];
    let solve = [(Met, Some(10)), (Met, Some(10)), (Missed, Some(-10)), (Paused, None), (Overdue, Some(-10))];
    for (target, clocks) in [(Target::First, &first[..]), (Target::Next, &next[..]), (Target::Solve, &solve[..])] {
        for (no, (state, due_in)) in (1..).zip(clocks) {
            clock(desk, ticket, no, target, *state, *due_in).await;
        }
    }
}

async fn total(desk: &Desk) -> Sums {
    let asked = filter_of(&REPORT, &ReportQuery::default(), &desk.admin);
    queries::table::table(&desk.admin, &REPORT, asked).await.expect("a table").total
}

#[tokio::test]
async fn the_quadrants_are_what_they_are_called_at_any_moment() {
    let desk = Desk::new().await;
    quadrants(&desk).await;
    let now = total(&desk).await;
    let counts = |metrics: &[&'static Metric]| -> Vec<i64> { metrics.iter().map(|metric| now.get(metric)).collect() };
    assert_eq!(counts(&[&FIRST, &FIRST_MET, &FIRST_LATE, &FIRST_WAITING, &FIRST_OVERDUE, &FIRST_DONE]), [7, 1, 1, 2, 3, 5]);
    assert_eq!(counts(&[&SOLVE_MET, &SOLVE_LATE, &SOLVE_WAITING, &SOLVE_OVERDUE, &SOLVE_DONE]), [2, 1, 1, 1, 4]);
    assert_eq!(counts(&[&NEXT_MET, &NEXT_LATE, &NEXT_DONE]), [3, 2, 5]);
    let shares = [&FIRST_RATE, &SOLVE_RATE, &NEXT_RATE].map(|metric| now.figure(metric).show(metric.unit));
    assert_eq!(shares, ["20.0%", "50.0%", "60.0%"]);
    // Time passes, and nobody writes anything.
    desk.test.app.clock.advance(SignedDuration::from_mins(30));
    let later = total(&desk).await;
    assert_eq!([&FIRST_WAITING, &FIRST_OVERDUE, &FIRST_DONE, &NEXT_LATE].map(|metric| later.get(metric)), [1, 4, 6, 3]);
}

#[tokio::test]
async fn the_pages_show_the_figures_and_the_clocks_behind_them() {
    let desk = Desk::new().await;
    quadrants(&desk).await;
    let boss = desk.test.super_admin().await;
    let page = boss.get(REPORT.path).await;
    assert_eq!(page.status, 200, "{}", page.body);
    assert!(page.text("h1").contains("时效统计"));
    assert_eq!(page.texts(".tile .v"), ["7", "20.0%", "3", "50.0%", "1", "60.0%"]);
    let numbers = ["7", "1", "1", "2", "3", "20.0%", "2", "1", "1", "1", "50.0%", "3", "2", "60.0%"];
    assert_eq!(page.texts("tbody td.num a.n"), numbers, "the one line");
    assert_eq!(page.texts("tfoot td.num a.n"), numbers, "is the total");
    assert!(page.text("tbody th").contains("李雷"), "{}", page.text("tbody th"));
    assert_eq!(page.texts(".legend span").len(), 5, "the quadrants and the period before");
    assert_eq!(page.attribute("#exp [name='input[report]']", "value"), REPORT.key);
    assert!(!boss.get("/reports/ticket-satisfaction").await.texts("a[href='/reports/sla']").is_empty(), "the menu leads here");
    let overdue = boss.get(&page.attribute("tfoot td.num:nth-of-type(6) a.n", "href")).await;
    assert_eq!(overdue.status, 200, "{}", overdue.body);
    assert_eq!(overdue.texts("tbody .tag"), ["已超时"; 3], "as the number sees them: {}", overdue.body);
    assert!(overdue.texts("tbody th").iter().all(|ticket| ticket.contains("发票开错了")));
    assert!(overdue.body.contains("55m / 4h") && overdue.body.contains("标准") && overdue.body.contains("首次响应（第 7 次）"));
    let in_time = boss.get(&format!("{}?metric=first_rate", REPORT.rows_path)).await;
    assert_eq!(in_time.texts("tbody .tag"), ["已达成"], "a rate opens what is above its line");
    assert_eq!(boss.get(&format!("{}?metric=rated", REPORT.rows_path)).await.status, 404, "a number of another report");
    let definitions = boss.get("/reports/definitions").await;
    assert_eq!(definitions.texts("#first_rate .formula"), ["按时响应 ÷ 已有结果的首次响应"]);
}

/// The file of an export and how many rows it has.
async fn written(desk: &Desk, export: ExportId) -> (Option<i64>, String) {
    stats::commands::run_export(&desk.test.system().await, export).await.expect("it is written");
    let mine = export::queries::mine(&desk.admin).await.expect("a list");
    let done = mine.iter().find(|row| row.id == export).expect("it is listed");
    let mut tx = desk.admin.read().await.expect("a transaction");
    let stored = kernel::store::find(&mut tx, done.file_id.expect("its file")).await.expect("a file");
    let content = kernel::store::read(&desk.admin, &stored.sha256).await.expect("its bytes");
    (done.row_count, String::from_utf8(content.to_vec()).expect("UTF-8"))
}

#[tokio::test]
async fn a_file_is_of_the_report_one_looks_at() {
    let desk = Desk::new().await;
    quadrants(&desk).await;
    let ask = async |report: &str, content: Content, metric: &str| {
        let query = ReportQuery { metric: metric.to_owned(), compare: "no".into(), ..ReportQuery::default() };
        let input = ExportInput { report: report.to_owned(), format: Some(Format::Csv), content: Some(content), query };
        stats::commands::export(&desk.admin, input).await.expect("it is asked for")
    };
    let (_, table) = written(&desk, ask(REPORT.key, Content::Table, "").await).await;
    assert!(table.starts_with("\u{feff}客服,首次响应应答数,按时响应,超时响应"), "{table}");
    assert!(table.contains("合计,7,1,1,2,3,20.00%,2,1,1,1,50.00%,3,2,60.00%") && table.contains("报表,时效统计"), "{table}");
    let (count, rows) = written(&desk, ask(REPORT.key, Content::Rows, "first_overdue").await).await;
    assert_eq!(count, Some(3));
    assert!(rows.starts_with("\u{feff}工单编号,标题,客户,客服,渠道,时效规则,指标"), "{rows}");
    assert_eq!(rows.lines().filter(|line| line.contains("发票开错了") && line.ends_with("55.00,240,已超时")).count(), 3, "{rows}");
    // An order from when there was one report says nothing of it.
    let old = ask("", Content::Table, "").await;
    desk.test.tamper(format!("update exports set query = query #- '{{wanted,report}}' where id = '{old}'")).await;
    assert!(written(&desk, old).await.1.starts_with("\u{feff}客服,邀评数,参评数"));
}
