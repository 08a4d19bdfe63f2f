//! Every report, over random facts: sum of groups = total, rows behind a number = number, whatever is grouped, filtered
//! or seen (C1, C2, S05).

use crate::tests::app::TestApp;
use export::model::Format;
use kernel::ctx::Ctx;
use kernel::permission::{Role, Scope};
use stats::figure::{Sums, bases};
use stats::metric::{INVITED, RATED, Value};
use stats::model::{Content, ExportInput, ReportQuery};
use stats::queries;
use stats::report::Filter;
use stats::reports::ticket_satisfaction::REPORT;
use stats::reports::{self, Report, Rows};
use stats::subject::Subject;

/// Two months of tickets, invitations and ratings. Every third ticket has no agent, every fourth no group, some no
/// category, some one that has others below it, as after a category got its first child; some ratings were changed; some
/// invitations wait or were withheld. With each that was sent began three clocks, one of each kind, in all their states.
async fn fill(test: &TestApp) {
    for (email, name) in [("li@example.com", "李雷"), ("zhou@example.com", "周航")] {
        test.new_agent(email, name, Role::TicketAgent, Vec::new()).await;
    }
    let company = test.company;
    test.tamper(format!(
        "select setseed(0.42);
        insert into groups (company_id, id, kind, name, created_at)
            select '{company}', gen_random_uuid(), 0, '组' || n, now() from generate_series(1, 3) n;
        insert into ticket_categories (company_id, id, name, level, path, created_at)
            select '{company}', gen_random_uuid(), '类' || n, 1, '类' || n, now() from generate_series(1, 2) n;
        insert into ticket_categories (company_id, id, parent_id, name, level, path, created_at)
            select c.company_id, gen_random_uuid(), c.id, '叶' || n, 2, c.path || '/叶' || n, now()
            from ticket_categories c, generate_series(1, 2) n where c.company_id = '{company}';
        insert into customers (company_id, id, nickname, created_at, updated_at)
            values ('{company}', gen_random_uuid(), '何静', now(), now());
        insert into tickets (company_id, id, number, title, status, priority, source, start_type, category_id, customer_id, group_id,
                agent_id, creator_kind, creator_name, created_at, updated_at)
            select '{company}', gen_random_uuid(), 20261101000000 + n, '工单' || n, 3, 1, (array[0, 1, 12])[1 + n % 3], 1,
                (select id from ticket_categories where company_id = '{company}' and n % 5 > 0 order by md5(id::text || n) limit 1),
                (select id from customers where company_id = '{company}'),
                (select id from groups where company_id = '{company}' and n % 4 > 0 order by md5(id::text || n) limit 1),
                (select id from agents where company_id = '{company}' and n % 3 > 0 order by md5(id::text || n) limit 1),
                1, '何静', now(), now()
            from generate_series(1, 240) n;
        insert into satisfaction_invitations (company_id, id, ticket_id, cycle, customer_id, channel, category_id, group_id, agent_id,
                agent_name, settings_version, state, created_at, send_at, sent_at, expires_at)
            select t.company_id, gen_random_uuid(), t.id, 1, t.customer_id, t.source, t.category_id, t.group_id, t.agent_id,
                coalesce((select a.nickname from agents a where a.company_id = t.company_id and a.id = t.agent_id), ''), 0,
                case when s.at is null then (t.number / 10 % 2) * 2 else 1 end, coalesce(s.at, now()), coalesce(s.at, now()), s.at, s.at + interval '7 days'
            from tickets t
            cross join lateral (select case when t.number % 10 > 0 then timestamptz '2026-09-20' + random() * interval '63 days' + t.number * interval '0 s' end as at) s
            where t.company_id = '{company}';
        insert into satisfaction_ratings (company_id, invitation_id, revision, score, rated_at, is_current)
            select i.company_id, i.id, r.n, 1 + floor(random() * 5)::int, i.sent_at + interval '1 hour' * r.n, r.n = 2
            from satisfaction_invitations i, generate_series(1, 2) r (n)
            where i.company_id = '{company}' and i.state = 1 and right(i.id::text, 1) < '8';
        update satisfaction_invitations i set score = r.score from satisfaction_ratings r
            where r.company_id = i.company_id and r.invitation_id = i.id and r.is_current;
        insert into sla_clocks (company_id, ticket_id, target, no, policy_id, policy_name, allowed_ms, used_ms, started_at, ended_at, due_at,
                state, group_id, agent_id, agent_name, category_id, channel, priority, updated_at)
            select i.company_id, i.ticket_id, c.target, 1, gen_random_uuid(), '标准', 14400000, 7200000, i.sent_at,
                case when c.state > 3 then i.sent_at + interval '1 day' end, case when c.state <> 2 then i.sent_at + interval '30 days' end,
                c.state, i.group_id, i.agent_id, i.agent_name, i.category_id, i.channel, 1, now()
            from satisfaction_invitations i
            cross join lateral (select n as target, 1 + abs(hashtext(i.id::text || n)) % 5 as state from generate_series(1, 3) n) c
            where i.company_id = '{company}' and i.state = 1;"
    ))
    .await;
}

fn wide() -> ReportQuery {
    ReportQuery { from: "2026-09-01".into(), to: "2026-11-22".into(), compare: "no".into(), ..ReportQuery::default() }
}

fn filter(query: &ReportQuery, ctx: &Ctx) -> Filter {
    filter_of(&REPORT, query, ctx)
}

pub(super) fn filter_of(report: &Report, query: &ReportQuery, ctx: &Ctx) -> Filter {
    Filter::strict(query, report, ctx.now().date(&ctx.zone)).expect("a filter")
}

/// Checks one filter of a report with every grouping; gives the total back.
pub(super) async fn check(ctx: &Ctx, report: &'static Report, query: &ReportQuery) -> Sums {
    let counts = || report.metrics.iter().copied().filter(|metric| matches!(metric.value, Value::Count(_)));
    let mut total = Sums::default();
    for by in report.subject().dimensions() {
        let asked = ReportQuery { by: by.key().to_owned(), ..query.clone() };
        let table = queries::table::table(ctx, report, filter_of(report, &asked, ctx)).await.expect("a table");
        let mut sum = Sums::default();
        for line in &table.lines {
            sum.add(&line.sums);
        }
        let mut columns = Sums::default();
        for (_, sums) in &table.series {
            columns.add(sums);
        }
        for metric in bases(&report.shown()) {
            assert_eq!(sum.get(metric), table.total.get(metric), "{by} {}: sum of groups = total, {asked:?}", metric.key);
            assert_eq!(columns.get(metric), table.total.get(metric), "{by} {}: sum of the chart = total, {asked:?}", metric.key);
        }
        // Every line of people, places and channels is opened, and the last ones of time, of which there are many.
        let opened = if by.is_time() { 4 } else { usize::MAX };
        for line in table.lines.iter().rev().take(opened) {
            let narrow = filter_of(report, &line.query, ctx);
            for metric in counts() {
                let number = line.sums.get(metric);
                assert_eq!(
                    queries::count(ctx, &narrow, metric).await.expect("a count"),
                    number,
                    "{by} {} {}: {:?}",
                    line.name,
                    metric.key,
                    line.query
                );
            }
        }
        total = table.total;
    }
    for metric in counts() {
        let (asked, mut rows, mut cursor) = (filter_of(report, query, ctx), Vec::<String>::new(), None);
        loop {
            let next = match report.rows {
                Rows::Rated => {
                    let page = queries::rows(ctx, &asked, metric, cursor.as_ref(), 17).await.expect("a page");
                    rows.extend(page.rows.iter().map(|row| row.invitation.to_string()));
                    page.next
                }
                Rows::Clocks => {
                    let page = queries::clocks::rows(ctx, &asked, metric, cursor.as_ref(), 17).await.expect("a page");
                    rows.extend(page.rows.iter().map(|row| format!("{} {} {}", row.ticket, row.target, row.no)));
                    page.next
                }
                Rows::Calls => {
                    let page = queries::legs::rows(ctx, &asked, metric, cursor.as_ref(), 17).await.expect("a page");
                    rows.extend(page.rows.iter().map(|row| row.leg.to_string()));
                    page.next
                }
            };
            cursor = next;
            if cursor.is_none() {
                break;
            }
        }
        let read = rows.len();
        rows.sort_unstable();
        rows.dedup();
        assert_eq!(i64::try_from(read).expect("few"), total.get(metric), "{}: rows = number, {query:?}", metric.key);
        assert_eq!(rows.len(), read, "{}: each stands there once, {query:?}", metric.key);
    }
    total
}

#[tokio::test]
async fn sum_of_groups_is_the_total_and_the_rows_are_the_number() {
    let test = TestApp::new().await;
    fill(&test).await;
    let admin = test.admin().await;
    let everything = check(&admin, &REPORT, &wide()).await;
    assert_eq!(everything.get(&INVITED), 216);
    assert!(everything.get(&RATED) > 50);
    let one = |sql: &'static str| test.ask::<uuid::Uuid>(sql);
    let agent = one("select id from agents where nickname = '李雷'").await.to_string();
    let group = one("select id from groups where name = '组1'").await.to_string();
    let branch = one("select id from ticket_categories where name = '类1'").await.to_string();
    let narrow = [
        ReportQuery { agent, ..wide() },
        ReportQuery { agent: "none".into(), ..wide() },
        ReportQuery { group, ..wide() },
        ReportQuery { group: "none".into(), channel: "email".into(), ..wide() },
        ReportQuery { category: branch.clone(), ..wide() },
        ReportQuery { category: "none".into(), ..wide() },
        ReportQuery { from: "2026-10-05".into(), to: "2026-10-18".into(), ..wide() },
    ];
    for query in &narrow {
        let some = check(&admin, &REPORT, query).await.get(&INVITED);
        assert!(some > 0 && some < 216, "{query:?} picks a part: {some}");
    }
}

#[tokio::test]
async fn s05_a_narrow_scope_narrows_report_list_and_count_alike() {
    let test = TestApp::new().await;
    fill(&test).await;
    let mut ctx = test.ctx_of("li@example.com").await;
    let admin = test.admin().await;
    let me = ctx.agent().expect("an agent");
    let mine: i64 = test
        .ask(format!(
            "select count(*) from satisfaction_invitations i join tickets t on t.id = i.ticket_id where i.state = 1 and t.agent_id = '{me}'"
        ))
        .await;
    ctx.grants = kernel::permission::Grants::all();
    ctx.grants.tickets = Scope::Own;
    let seen = check(&ctx, &REPORT, &wide()).await;
    assert_eq!(seen.get(&INVITED), mine);
    assert!(mine < check(&admin, &REPORT, &wide()).await.get(&INVITED));
}

#[tokio::test]
async fn c2_a_later_reassignment_moves_no_rating() {
    let test = TestApp::new().await;
    fill(&test).await;
    let admin = test.admin().await;
    let by_agent = ReportQuery { by: "agent".into(), sort: "name".into(), ..wide() };
    let before = queries::table::table(&admin, &REPORT, filter(&by_agent, &admin)).await.expect("a table");
    let company = test.company;
    test.tamper(format!("update tickets set agent_id = null, group_id = null, category_id = null where company_id = '{company}'")).await;
    test.tamper(format!("update agents set name = '改名', nickname = '改名' where company_id = '{company}' and nickname = '李雷'")).await;
    let after = queries::table::table(&admin, &REPORT, filter(&by_agent, &admin)).await.expect("a table");
    let lines = |table: &queries::table::Table| -> Vec<(String, Sums)> {
        table.lines.iter().map(|line| (line.name.clone(), line.sums.clone())).collect()
    };
    assert_eq!(lines(&before), lines(&after));
}

#[tokio::test]
async fn c2_a_later_reassignment_moves_no_number_of_a_narrow_scope() {
    let test = TestApp::new().await;
    fill(&test).await;
    let mut ctx = test.ctx_of("li@example.com").await;
    ctx.grants = kernel::permission::Grants::all();
    ctx.groups = test.list::<kernel::id::GroupId>("select id from groups where name = '组1'").await.into();
    for scope in [Scope::Own, Scope::Group] {
        ctx.grants.tickets = scope;
        let before = queries::table::table(&ctx, &REPORT, filter(&wide(), &ctx)).await.expect("a table").total;
        assert!(before.get(&INVITED) > 0);
        test.tamper(format!("update tickets set agent_id = null, group_id = null where company_id = '{}'", test.company)).await;
        let after = queries::table::table(&ctx, &REPORT, filter(&wide(), &ctx)).await.expect("a table").total;
        assert_eq!(before, after, "{scope}");
    }
}

#[tokio::test]
async fn the_pages_of_every_report_are_drawn_and_every_number_leads_somewhere() {
    let test = TestApp::new().await;
    fill(&test).await;
    let admin = test.super_admin().await;
    for report in reports::about(Subject::Tickets) {
        for by in report.subject().dimensions() {
            let page = admin.get(&format!("{}?from=2026-09-01&to=2026-11-22&by={by}", report.path)).await;
            assert_eq!(page.status, 200, "{}", page.body);
            assert!(page.body.contains("216"), "the total stands on the page");
            assert!(!page.body.contains("style="), "no inline style (strict CSP)");
            let cells = page.texts("td.num").into_iter().filter(|cell| cell != "–").count();
            assert!(cells > 0);
            assert_eq!(page.texts("td.num a.n").len(), cells, "every number of the table by {by} opens its tickets");
        }
        for metric in report.metrics {
            let list = admin.get(&format!("{}?from=2026-09-01&to=2026-11-22&metric={}", report.rows_path, metric.key)).await;
            assert_eq!(list.status, 200, "{}", list.body);
            assert!(list.body.contains("/tickets/") && list.text("h1").contains(metric.name.zh), "{}: {}", metric.key, list.body);
        }
    }
    let list = admin.get("/reports/ticket-satisfaction/rows?from=2026-09-01&to=2026-11-22&metric=rated").await;
    assert_eq!(list.status, 200, "{}", list.body);
    assert!(list.body.contains("/tickets/"));
    assert_eq!(admin.get("/reports/ticket-satisfaction/rows?metric=no-such-number").await.status, 404);
    assert!(admin.get("/reports/ticket-satisfaction?from=2026-11-22&to=2026-11-01").await.body.contains("结束日期不能早于开始日期"));
    assert!(admin.get("/reports/definitions").await.body.contains("评价1、2分工单数量在已评价工单数量中的占比"));
}

#[tokio::test]
async fn a_report_of_nothing_says_so_and_has_a_file_all_the_same() {
    let test = TestApp::new().await;
    let (boss, admin) = (test.super_admin().await, test.admin().await);
    for report in reports::ALL {
        let page = boss.get(report.path).await;
        assert_eq!(page.status, 200, "{}", page.body);
        assert_eq!(page.text(".empty h2"), report.empty.title.zh);
        assert_eq!(page.text(".empty .btn"), report.empty.action.map_or("", |(_, _, label)| label.zh));
        let filter = if report.subject() == Subject::Tickets { "channel=email" } else { "line=telemarketing" };
        assert_eq!(boss.get(&format!("{}?{filter}", report.path)).await.text(".empty h2"), report.empty.filtered.zh);
        let none = format!("没有{}", report.subject().row().zh);
        assert_eq!(boss.get(report.rows_path).await.text(".empty h2"), none);
        for content in Content::ALL {
            let input =
                ExportInput { report: report.key.to_owned(), format: Some(Format::Csv), content: Some(*content), ..ExportInput::default() };
            let export = stats::commands::export(&admin, input).await.expect("it is asked for");
            stats::commands::run_export(&test.system().await, export).await.expect("it is written");
        }
    }
    let mine = export::queries::mine(&admin).await.expect("a list");
    assert!(mine.len() == 2 * reports::ALL.len() && mine.iter().all(|export| export.file_id.is_some()), "{mine:?}");
    let unknown = ExportInput { report: "no_such_report".to_owned(), ..ExportInput::default() };
    assert!(stats::commands::export(&admin, unknown).await.is_err());
}

#[tokio::test]
async fn the_period_before_adds_up_and_is_what_the_same_rows_were() {
    let test = TestApp::new().await;
    fill(&test).await;
    let admin = test.admin().await;
    // A month, and three weeks of which the weeks before begin on other days.
    for (from, to) in [("2026-10-21", "2026-11-20"), ("2026-10-14", "2026-11-03")] {
        for by in REPORT.subject().dimensions() {
            let query = ReportQuery { from: from.into(), to: to.into(), by: by.key().into(), ..ReportQuery::default() };
            let asked = filter(&query, &admin);
            let days = asked.range.days();
            let table = queries::table::table(&admin, &REPORT, asked).await.expect("a table");
            let earlier = queries::table::table(&admin, &REPORT, Filter { compares: false, ..asked.before() }).await.expect("a table");
            let previous = table.previous.clone().expect("it is compared");
            let (mut lines, mut columns) = (Sums::default(), Sums::default());
            table.lines.iter().for_each(|line| lines.add(line.before.as_ref().expect("each row is compared")));
            table.series_before.iter().for_each(|(_, sums)| columns.add(sums));
            assert!(previous.get(&INVITED) > 0);
            assert_eq!(table.series.len(), table.series_before.len());
            for metric in bases(REPORT.metrics) {
                let was = earlier.total.get(metric);
                assert_eq!(previous.get(metric), was, "{by} {}: what the report of those days says", metric.key);
                assert_eq!(lines.get(metric), was, "{by} {}: the rows add up to it", metric.key);
                assert_eq!(columns.get(metric), was, "{by} {}: the chart adds up to it", metric.key);
            }
            for line in &table.lines {
                let narrow = filter(&line.query, &admin);
                let narrow = Filter { range: narrow.range.back(days), ..narrow };
                let was = line.before.as_ref().map_or(0, |before| before.get(&RATED));
                assert_eq!(queries::count(&admin, &narrow, &RATED).await.expect("a count"), was, "{by} {}", line.name);
            }
        }
    }
}

#[tokio::test]
async fn the_file_of_a_comparison_is_what_is_on_screen() {
    let test = TestApp::new().await;
    fill(&test).await;
    let boss = test.super_admin().await;
    let admin = test.admin().await;
    let plain = |text: &str| text.replace([',', '%'], "").trim().parse::<f64>().unwrap_or_else(|_| panic!("{text} is a number"));
    for by in ["agent", "week", "channel"] {
        let query = ReportQuery { from: "2026-10-21".into(), to: "2026-11-20".into(), by: by.into(), ..ReportQuery::default() };
        let page = boss.get(&query.href("/reports/ticket-satisfaction")).await;
        let sent: Vec<(String, String)> = ["from", "to", "by", "compare", "sort"]
            .map(|name| (format!("query[{name}]"), page.attribute(&format!("#exp [name='input[query][{name}]']"), "value")))
            .into();
        let fields: Vec<(&str, &str)> =
            sent.iter().map(|(name, value)| (&**name, &**value)).chain([("content", "table"), ("format", "csv")]).collect();
        boss.submit("/reports/ticket-satisfaction", "/do/stats/export", &fields).await;
        test.run_jobs().await;
        let href = boss.get("/reports/exports").await.attribute("tbody tr:first-child .c-act a", "href");
        let file = boss.get(&href).await.body;
        let rows: Vec<Vec<&str>> = file.lines().map(|line| line.split(',').collect()).take_while(|row: &Vec<&str>| row.len() > 3).collect();
        assert_eq!(&rows[0][1..7], ["邀评数", "邀评数 上期", "邀评数 变化", "参评数", "参评数 上期", "参评数 变化"], "{file}");
        assert_eq!(rows[0][9], "参评率 变化（百分点）");
        let names = page.texts(".wide-t tbody th, .wide-t tfoot th");
        assert_eq!(rows.len() - 1, names.len(), "{by}");
        for (at, row) in rows.iter().enumerate().skip(1) {
            let place = if at < rows.len() - 1 { format!(".wide-t tbody tr:nth-child({at})") } else { ".wide-t tfoot tr".to_owned() };
            for (column, metric) in REPORT.metrics.iter().enumerate() {
                let [now, was, change] = [0, 1, 2].map(|part| row[1 + column * 3 + part]);
                let cell = format!("{place} td:nth-of-type({})", column + 2);
                let shown = page.text(&format!("{cell} a.n"));
                let moved = page.text(&format!("{cell} .d"));
                // A share has one decimal on screen and two in the file.
                let near = |shown: &str, exact: f64, most: f64| (plain(shown) - exact).abs() <= most;
                let most = if now.ends_with('%') || was.ends_with('%') { 0.0501 } else { 0.0 };
                match now {
                    "" => assert_eq!(shown, "", "{cell} {}", metric.key),
                    now => assert!(near(&shown, plain(now), most), "{cell} {}: {shown} and {now}", metric.key),
                }
                if change.is_empty() {
                    assert_eq!(moved, "", "{cell} {}", metric.key);
                    assert!(now.is_empty() || was.is_empty());
                    continue;
                }
                assert!((plain(now) - plain(was) - plain(change)).abs() < 0.001, "{now} − {was} = {change}");
                let (before, rest) = moved.split_once('，').unwrap_or_else(|| panic!("{cell}: {moved}"));
                assert!(near(before.trim_start_matches("上期 "), plain(was), most), "{cell}: {moved} and {was}");
                let mut words = rest.split_whitespace();
                let direction = words.next().unwrap_or_default();
                let size = plain(words.next().unwrap_or_default());
                assert!((size - plain(change).abs()).abs() <= 2.0 * most, "{cell}: {moved} and {change}");
                if most == 0.0 {
                    let sign = match plain(change) {
                        change if change > 0.0 => "上升",
                        change if change < 0.0 => "下降",
                        _ => "持平",
                    };
                    assert_eq!(direction, sign, "{cell}: {moved}");
                }
                let is_bad = page.texts(&format!("{cell} .d.bad")).len() == 1;
                if metric.key == "bad" {
                    assert_eq!(is_bad, plain(change) > 0.0, "more 差评 is bad news: {moved}");
                }
                if metric.key == "invited" {
                    assert!(!is_bad, "how many were asked is no news");
                }
            }
        }
    }
    // Without a comparison neither has it.
    let input = ExportInput { format: Some(Format::Csv), content: Some(Content::Table), query: wide(), ..ExportInput::default() };
    let export = stats::commands::export(&admin, input).await.expect("it is asked for");
    stats::commands::run_export(&test.system().await, export).await.expect("it is written");
    let href = boss.get("/reports/exports").await.attribute("tbody tr:first-child .c-act a", "href");
    assert!(!boss.get(&href).await.body.contains("上期"));
    assert_eq!(boss.get(&wide().href("/reports/ticket-satisfaction")).await.texts(".was, td .d, .tile .d").len(), 0);
}

#[tokio::test]
async fn s47_an_export_holds_what_is_on_screen_and_no_formula() {
    let test = TestApp::new().await;
    fill(&test).await;
    test.tamper(format!("update tickets set title = '=HYPERLINK(\"http://evil\")' where company_id = '{}'", test.company)).await;
    let admin = test.admin().await;
    let mut files = Vec::new();
    for (format, content) in [(Format::Csv, Content::Table), (Format::Csv, Content::Rows), (Format::Xlsx, Content::Rows)] {
        let input = ExportInput {
            format: Some(format),
            content: Some(content),
            query: ReportQuery { metric: "rated".into(), by: "agent".into(), ..wide() },
            ..ExportInput::default()
        };
        let export = stats::commands::export(&admin, input).await.expect("it is asked for");
        // The job is run here by hand: the worker's table is tested with the worker.
        stats::commands::run_export(&test.system().await, export).await.expect("it is written");
        let mine = export::queries::mine(&admin).await.expect("a list");
        let done = mine.iter().find(|row| row.id == export).expect("it is listed");
        let file = done.file_id.expect("it has its file");
        export::queries::file_for(&admin, file).await.expect("it is mine");
        let stranger = test.ctx_of("li@example.com").await;
        assert!(export::queries::file_for(&stranger, file).await.is_err(), "nobody else reads it");
        let mut former = admin.clone();
        former.grants = kernel::permission::Grants::none();
        assert!(export::queries::file_for(&former, file).await.is_err(), "nor does whoever may not export any more");
        let mut tx = admin.read().await.expect("a transaction");
        let stored = kernel::store::find(&mut tx, file).await.expect("a file");
        files.push((done.row_count, kernel::store::read(&admin, &stored.sha256).await.expect("its bytes")));
    }
    let total =
        queries::table::table(&admin, &REPORT, filter(&ReportQuery { by: "agent".into(), ..wide() }, &admin)).await.expect("a table").total;
    let table = String::from_utf8(files[0].1.to_vec()).expect("UTF-8");
    assert!(table.starts_with("\u{feff}客服,邀评数,参评数"), "{table}");
    assert!(table.contains(&format!("合计,216,{}", total.get(&RATED))), "{table}");
    assert!(table.contains("口径版本,1") && table.contains("Asia/Shanghai"), "the manifest stands below: {table}");
    let rows = String::from_utf8(files[1].1.to_vec()).expect("UTF-8");
    assert_eq!(files[1].0, Some(total.get(&RATED)));
    assert!(rows.contains("'=HYPERLINK") && !rows.contains(",=HYPERLINK") && !rows.contains(",\"=HYPERLINK"), "{rows}");
    assert_eq!(&files[2].1[..2], b"PK");
}
