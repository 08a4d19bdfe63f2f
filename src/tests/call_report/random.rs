//! Random records of two months: sum of groups = total, rows behind a number = number, and what the rows add to a length of time
//! is that length.

use super::hall::Hall;
use crate::tests::every_report::check;
use kernel::permission::{Grants, Scope};
use stats::metric::call::{CALLS, CALLS_IN_DONE, CALLS_IN_LOST, CALLS_OUT_DONE, CALLS_OUT_LOST};
use stats::metric::own_call::{OWN_ALL, OWN_IN_DONE, OWN_IN_LOST, OWN_OUT_DONE, OWN_OUT_LOST};
use stats::metric::talk::{TALK, TALK_THIRD};
use stats::metric::{Metric, Value};
use stats::model::ReportQuery;
use stats::queries;
use stats::reports::{self, Report, call};
use stats::subject::Subject;

/// Records that are put in at random; one in twenty is not over.
const MANY: i64 = 600;

async fn fill(hall: &Hall) {
    let company = hall.test.company;
    hall.test
        .tamper(format!(
            "select setseed(0.31);
            insert into call_legs (company_id, started_at, call_id, id, name, place, call_type, line, direction, agent_id, agent_name, group_id,
                    customer_number, answered_at, rang_at, ended_at, ring_ms, talk_ms, hold_ms, hold_count, queue_ms, queue_state, result, ender,
                    transfer_flag, transfer_count, consult_count, is_three_way, satisfy_levels, satisfy_key, wait_ms)
                select '{company}', x.at, gen_random_uuid(), gen_random_uuid(), 'a', 0, x.kind, n % 2, case when x.kind = 1 then 1 else n / 2 % 2 end,
                    a.id, coalesce(a.nickname, ''),
                    case when n % 4 > 0 then (select id from groups where company_id = '{company}' order by md5(id::text || n) limit 1) end,
                    '13800138000', case when x.done then x.at + interval '9 s' end, x.at, case when n % 20 > 0 then x.at + interval '5 minutes' end,
                    floor(random() * 30000)::bigint, case when x.done then floor(random() * 300000)::bigint else 0 end, floor(random() * 9000)::bigint, 1,
                    floor(random() * 60000)::bigint, 1 + n % 4, case when x.kind = 1 then case when x.done then 20 else 21 end
                        when x.kind in (12, 23) then case when x.done then 30 else 32 end else case when x.done then 10 else 11 end end, 1,
                    0, 0, 0, false, (array[0, 2, 3, 5, 10])[1 + n % 5], n / 5 % 6, floor(random() * 40000)::bigint
                from generate_series(1, {MANY}) n
                cross join lateral (
                    select date_trunc('hour', timestamptz '2026-10-01' + random() * interval '50 days' + n * interval '0 s') as at,
                        (array[0, 0, 1, 1, 0, 22, 21, 11, 12, 23, 3, 4, 5])[1 + n % 13] as kind, n % 3 > 0 as done
                ) x
                left join lateral (
                    select id, nickname from agents where company_id = '{company}' and n % 7 > 0 order by md5(id::text || n) limit 1
                ) a on true;"
        ))
        .await;
}

fn wide() -> ReportQuery {
    ReportQuery { from: "2026-09-20".into(), to: "2026-11-22".into(), compare: "no".into(), ..ReportQuery::default() }
}

/// What the rows behind a length of time, or behind an average, add to it.
async fn worth(hall: &Hall, report: &'static Report, metric: &'static Metric, query: &ReportQuery) -> i64 {
    let asked = hall.filter(report, query);
    let (mut sum, mut cursor) = (0, None);
    loop {
        let page = queries::legs::rows(&hall.admin, &asked, metric, cursor.as_ref(), 17).await.expect("a page");
        sum += page.rows.iter().map(|row| row.worth.expect("each adds something")).sum::<i64>();
        cursor = page.next;
        if cursor.is_none() {
            return sum;
        }
    }
}

#[tokio::test]
async fn random_calls_add_up_and_the_rows_are_the_number() {
    let hall = Hall::new().await;
    fill(&hall).await;
    let agent = hall.cast.agents[0].to_string();
    let queries = [
        wide(),
        ReportQuery { line: "telemarketing".into(), ..wide() },
        ReportQuery { agent, group: "none".into(), ..wide() },
        ReportQuery { agent: "none".into(), from: "2026-10-05".into(), to: "2026-10-25".into(), ..wide() },
    ];
    for report in reports::about(Subject::Calls) {
        for query in &queries {
            let total = check(&hall.admin, report, query).await;
            assert!(total.get(report.population) > 0, "{}: {query:?} picks something", report.key);
            for metric in report.metrics.iter().copied() {
                // What the rows of a ratio add up to, or how many they are, is what stands above its line.
                let top = match metric.value {
                    Value::Ratio(above, _) => above,
                    Value::Count(_) | Value::Sum(..) => metric,
                };
                let added = match top.value {
                    Value::Sum(..) => worth(&hall, report, metric, query).await,
                    Value::Count(_) | Value::Ratio(..) => {
                        queries::count(&hall.admin, &hall.filter(report, query), metric).await.expect("a count")
                    }
                };
                assert_eq!(added, total.get(top), "{}: {} {query:?}", report.key, metric.key);
            }
            if let Some(bridge) = report.bridge.filter(|bridge| core::ptr::eq(bridge.report, report)) {
                let parts: i64 = bridge.parts.iter().map(|part| total.get(part)).sum();
                assert_eq!(parts, total.get(bridge.total), "the bridge is whole, {query:?}");
                assert!(total.get(bridge.outside) > 0 || !query.agent.is_empty(), "and something lies outside");
            }
        }
    }
    let total = check(&hall.admin, &call::REPORT, &wide()).await;
    assert!(total.get(&TALK) > 0);
    let sum = |metrics: &[&'static Metric]| metrics.iter().map(|metric| total.get(metric)).sum::<i64>();
    assert_eq!(sum(&[&CALLS_IN_DONE, &CALLS_IN_LOST, &CALLS_OUT_DONE, &CALLS_OUT_LOST]), sum(&[&CALLS]), "the chart is whole");
    let own = check(&hall.admin, &reports::call_agent::REPORT, &wide()).await;
    assert_eq!(
        [&OWN_IN_DONE, &OWN_IN_LOST, &OWN_OUT_DONE, &OWN_OUT_LOST].map(|metric| own.get(metric)).iter().sum::<i64>(),
        own.get(&OWN_ALL)
    );
}

#[tokio::test]
async fn s05_a_narrow_scope_sees_its_own_calls() {
    let hall = Hall::new().await;
    fill(&hall).await;
    let mut ctx = hall.test.ctx(hall.cast.agents[0]).await;
    ctx.grants = Grants::all();
    ctx.grants.tickets = Scope::Own;
    let mine: i64 = hall
        .test
        .ask(format!(
            "select count(*) from call_legs where agent_id = '{}' and call_type in (0, 1) and ended_at is not null",
            hall.cast.agents[0]
        ))
        .await;
    assert!(mine > 0 && mine < MANY);
    assert_eq!(check(&ctx, &call::REPORT, &wide()).await.get(&CALLS), mine);
}

#[tokio::test]
async fn s05_a_lead_sees_what_came_to_nobody_and_no_third_parties_of_other_groups() {
    let hall = Hall::new().await;
    fill(&hall).await;
    let mut ctx = hall.test.ctx(hall.cast.agents[0]).await;
    ctx.grants = Grants::all();
    ctx.grants.tickets = Scope::Group;
    ctx.groups = vec![hall.cast.groups[0]].into();
    let nobodys = async |metric: &'static Metric| {
        let page = queries::legs::rows(&ctx, &hall.filter(&call::REPORT, &wide()), metric, None, 1_000).await.expect("a page");
        page.rows.iter().filter(|row| row.agent.is_empty() && row.group.is_empty()).count()
    };
    let kept: i64 = hall.test.ask("select count(*) from call_legs where call_type = 12 and agent_id is null and group_id is null").await;
    assert!(kept > 0 && nobodys(&CALLS).await > 0);
    assert_eq!(nobodys(&TALK_THIRD).await, 0);
}

#[tokio::test]
async fn quantiles_are_those_of_the_waits() {
    let hall = Hall::new().await;
    fill(&hall).await;
    let metric = call::REPORT.spread.expect("the report has one");
    let mut waits: Vec<i64> = hall
        .test
        .list("select queue_ms from call_legs where call_type in (0, 1) and queue_state > 1 and ended_at is not null order by queue_ms")
        .await;
    waits.sort_unstable();
    let found =
        queries::spread::spread(&hall.admin, &hall.filter(&call::REPORT, &wide()), metric).await.expect("read").expect("some waited");
    // The least value that so many do not exceed.
    let at = |tenths: usize| waits[(waits.len() * tenths).div_ceil(10) - 1];
    assert_eq!((found.half, found.most), (at(5), at(9)));
}
