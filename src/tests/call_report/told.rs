//! The definitions of the release note, each by a call whose numbers are worked out by hand.

use super::hall::Hall;
use export::model::Format;
use kernel::permission::{Grants, Permission, Role};
use stats::metric::call::{ABANDONED, CALLS, CALLS_DONE, CALLS_IN_DONE, CALLS_OUT_DONE, IN_TIME, OFFERED, QUEUED};
use stats::metric::call_rating::CALL_ASKED;
use stats::metric::own_call::{OWN_ALL, OWN_IN, OWN_IN_TALK, OWN_OUT_TALK, OWN_RING, OWN_TALK};
use stats::metric::talk::{
    TALK, TALK_AVERAGE, TALK_CONSULTED, TALK_IN, TALK_IN_AVERAGE, TALK_OUT, TALK_OUT_AVERAGE, TALK_OWN, TALK_SUPERVISED, TALK_THIRD,
    TALK_TRANSFERRED,
};
use stats::model::{Content, ExportInput, ReportQuery};
use stats::queries;
use stats::reports::{self, call, call_agent, call_group};
use stats::subject::Subject;

#[tokio::test]
async fn talk_after_a_transfer_is_in_the_total_and_in_nobodys_efficiency() {
    let hall = Hall::new().await;
    // A talks for 10 seconds, B rings for 3 and talks for 50.
    hall.play("转接已确认", 60).await;
    let total = hall.total(&call::REPORT).await;
    let seconds = |metric| total.get(metric) / 1000;
    assert_eq!([seconds(&TALK), seconds(&TALK_IN), seconds(&TALK_OUT)], [60, 60, 0]);
    assert_eq!([&CALLS, &CALLS_DONE, &CALLS_IN_DONE].map(|metric| total.get(metric)), [1, 1, 1], "one call, however it goes on");
    assert_eq!(total.figure(&TALK_AVERAGE).show(TALK_AVERAGE.unit), "1:00", "60 seconds of one call");
    let (a, b) = (hall.of_agent(&call_agent::REPORT, 0).await, hall.of_agent(&call_agent::REPORT, 1).await);
    assert_eq!([a.get(&OWN_TALK), a.get(&OWN_IN_TALK), a.get(&OWN_RING)], [10_000, 10_000, 2_000]);
    assert_eq!([b.get(&OWN_ALL), b.get(&OWN_TALK), b.get(&OWN_RING)], [0, 0, 0], "being transferred to is not counted");
    assert_eq!(hall.of_agent(&call::REPORT, 1).await.get(&TALK), 50_000, "but it is B's part of the total");
    assert_eq!(hall.total(&call_group::REPORT).await.get(&OWN_TALK), 10_000);
}

#[tokio::test]
async fn the_bridge_says_where_every_second_is() {
    let hall = Hall::new().await;
    hall.play("转接已确认", 60).await;
    hall.play("咨询客服", 50).await;
    hall.play("外呼后转接", 40).await;
    hall.play("强拆后班长接着谈", 30).await;
    let total = hall.total(&call::REPORT).await;
    let seconds = |metric| total.get(metric) / 1000;
    // 10 and 50; 40; 10 and 40; 10 and 40.
    assert_eq!([seconds(&TALK_OWN), seconds(&TALK_TRANSFERRED), seconds(&TALK_CONSULTED), seconds(&TALK_SUPERVISED)], [70, 90, 0, 40]);
    assert_eq!([seconds(&TALK), seconds(&TALK_THIRD)], [200, 0]);
    assert_eq!([seconds(&TALK_IN), seconds(&TALK_OUT)], [150, 50]);
    assert_eq!(total.figure(&TALK_AVERAGE).show(TALK_AVERAGE.unit), "0:50", "200 seconds of four calls");
    assert_eq!(total.figure(&TALK_IN_AVERAGE).show(TALK_IN_AVERAGE.unit), "0:50", "150 of three");
    assert_eq!(total.figure(&TALK_OUT_AVERAGE).show(TALK_OUT_AVERAGE.unit), "0:50", "50 of one");
    assert_eq!([total.get(&CALLS_DONE), total.get(&CALLS_OUT_DONE)], [4, 1]);
    let own = hall.total(&call_agent::REPORT).await;
    assert_eq!(own.get(&OWN_TALK), total.get(&TALK_OWN), "what agents' own reports count is the first part");
    assert_eq!([own.get(&OWN_IN_TALK), own.get(&OWN_OUT_TALK)], [60_000, 10_000]);
    let boss = hall.test.super_admin().await;
    for report in [&call::REPORT, &call_agent::REPORT, &call_group::REPORT] {
        let page = boss.get(report.path).await;
        assert_eq!(page.status, 200, "{}", page.body);
        let shown = page.texts("section[aria-labelledby='bridge'] td.num a.n");
        assert_eq!(shown, ["1:10", "1:30", "0:00", "0:40", "3:20"], "{}", report.key);
        let rows = boss.get(&page.attribute("section[aria-labelledby='bridge'] tfoot a.n", "href")).await;
        assert_eq!((rows.status, rows.texts("tbody tr").len()), (200, 7), "{}", rows.body);
    }
}

#[tokio::test]
async fn who_waits_in_vain_is_their_queues() {
    let hall = Hall::new().await;
    let stories = ::call::story::all();
    let in_vain: Vec<&str> = stories
        .iter()
        .filter(|story| story.records.first().is_some_and(|main| main.result == Some(::call::model::CallResult::QueueAbandoned)))
        .map(|story| story.name(kernel::lang::Lang::Zh))
        .collect();
    let name = in_vain.first().expect("somebody leaves a queue");
    hall.play(name, 60).await;
    let total = hall.total(&call::REPORT).await;
    assert_eq!([&QUEUED, &ABANDONED].map(|metric| total.get(metric)), [1, 1], "{name}");
    let query = ReportQuery { group: hall.cast.groups[0].to_string(), ..ReportQuery::default() };
    let asked = hall.filter(&call_group::REPORT, &query);
    let group = queries::table::table(&hall.admin, &call_group::REPORT, asked).await.expect("a table").total;
    assert_eq!(group.get(&OWN_IN), 1, "nobody rang, and yet it is the group's");
}

#[tokio::test]
async fn who_waited_while_others_phones_rang_was_not_answered_in_time() {
    let hall = Hall::new().await;
    // 5 seconds of queue and 4 of ringing; then one whose first agent lets it ring for 20 before the second answers after 3.
    hall.play("呼入接听", 60).await;
    hall.play("第一位未接，第二位接听", 50).await;
    let total = hall.total(&call::REPORT).await;
    assert_eq!([&IN_TIME, &OFFERED].map(|metric| total.get(metric)), [1, 2]);
    let waits = hall.test.list::<i64>("select wait_ms from call_legs where call_type = 0 order by started_at").await;
    assert_eq!(waits, [9_000, 25_000]);
}

#[tokio::test]
async fn an_average_opens_every_record_that_it_sums_up() {
    let hall = Hall::new().await;
    hall.play("转接已确认", 60).await;
    let asked = hall.filter(&call::REPORT, &ReportQuery::default());
    let rows = queries::legs::rows(&hall.admin, &asked, &TALK_AVERAGE, None, 50).await.expect("a page").rows;
    let mut worth: Vec<Option<i64>> = rows.iter().map(|row| row.worth).collect();
    worth.sort_unstable();
    assert_eq!(worth, [Some(10_000), Some(50_000)], "the 60 seconds of one call are those of two records");
}

#[tokio::test]
async fn a_third_party_is_of_the_group_of_whoever_asked() {
    let hall = Hall::new().await;
    hall.play("咨询第三方", 60).await;
    let group = hall.cast.groups[0];
    let count = format!("select count(*) from call_legs where call_type = 12 and group_id = '{group}'");
    assert_eq!(hall.test.ask::<i64>(count).await, 1);
}

#[tokio::test]
async fn pages_and_files_of_every_call_report_in_both_languages() {
    let hall = Hall::new().await;
    hall.play("转接已确认", 60).await;
    hall.play("外呼后转接", 40).await;
    hall.test.tamper("update call_legs set satisfy_levels = 5, satisfy_key = 2 where call_type in (0, 1)").await;
    let boss = hall.test.super_admin().await;
    for report in reports::about(Subject::Calls) {
        for by in report.subject().dimensions() {
            let page = boss.get(&format!("{}?by={by}", report.path)).await;
            assert_eq!(page.status, 200, "{}", page.body);
            assert!(page.text("h1").contains(report.name.zh) && !page.body.contains("style="), "{}", page.body);
            let cells = page.texts("table.wide-t td.num").into_iter().filter(|cell| cell != "–").count();
            assert!(cells > 0);
            assert_eq!(page.texts("table.wide-t td.num a.n").len(), cells, "every number by {by} opens its records");
        }
        for metric in report.metrics {
            let list = boss.get(&format!("{}?metric={}", report.rows_path, metric.key)).await;
            assert_eq!(list.status, 200, "{}", list.body);
            assert!(list.text("h1").contains(metric.name.zh), "{}: {}", metric.key, list.body);
        }
        for content in Content::ALL {
            let query = ReportQuery { compare: "no".to_owned(), ..ReportQuery::default() };
            let input = ExportInput { report: report.key.to_owned(), format: Some(Format::Csv), content: Some(*content), query };
            let export = stats::commands::export(&hall.admin, input).await.expect("it is asked for");
            stats::commands::run_export(&hall.test.system().await, export).await.expect("it is written");
        }
    }
    assert_eq!(hall.total(&reports::call_satisfaction::REPORT).await.get(&CALL_ASKED), 2);
    let english = boss.get("/reports/call-definitions?lang=en").await;
    assert_eq!(english.status, 200);
    let definitions = boss.get("/reports/call-definitions?lang=zh").await;
    assert_eq!(definitions.texts("#talk_average .formula").len(), 1, "{}", definitions.body);
    assert!(definitions.body.contains("在呼入和呼出通话中,客户与坐席的通话时长之和"));
    let input = ExportInput { report: "agent_states".to_owned(), format: Some(Format::Csv), ..ExportInput::default() };
    let export = stats::commands::export(&hall.admin, input).await.expect("it is asked for");
    stats::commands::run_export(&hall.test.system().await, export).await.expect("it is written");
    let mine = ::export::queries::mine(&hall.admin).await.expect("a list");
    assert!(mine.len() == 9 && mine.iter().all(|export| export.file_id.is_some()), "{mine:?}");
    let states = boss.get("/reports/agent-states").await;
    assert_eq!(states.status, 200, "{}", states.body);
    assert_eq!(boss.get("/calls/wall").await.status, 200);
    assert!(boss.get("/calls/wall?live=1").await.body.contains("http-equiv=\"refresh\""));
}

#[tokio::test]
async fn call_reports_are_for_whoever_may_see_them() {
    let hall = Hall::new().await;
    hall.test.new_agent("calls@example.com", "呼叫管理员", Role::CallAdmin, Vec::new()).await;
    hall.test.new_agent("tickets@example.com", "工单管理员", Role::TicketAdmin, Vec::new()).await;
    let (calls, tickets) = (hall.test.signed_in("calls@example.com").await, hall.test.signed_in("tickets@example.com").await);
    for report in reports::ALL {
        let is_of_calls = report.subject() == Subject::Calls;
        for path in [report.path, report.rows_path, report.subject().definitions()] {
            assert_eq!(calls.get(path).await.status, if is_of_calls { 200 } else { 403 }, "{path}");
            assert_eq!(tickets.get(path).await.status, if is_of_calls { 403 } else { 200 }, "{path}");
        }
    }
    assert!(!calls.get("/").await.texts("nav.rail a[href='/reports/calls']").is_empty(), "the rail leads to the reports they may see");
    assert!(!tickets.get("/").await.texts("nav.rail a[href='/reports/ticket-satisfaction']").is_empty());
    let mut ctx = hall.test.ctx_of("tickets@example.com").await;
    ctx.grants = Grants::of(Role::TicketAdmin, &[Permission::StatisticsTicket, Permission::StatisticsExport], ctx.grants.tickets);
    let input = ExportInput { report: call::REPORT.key.to_owned(), ..ExportInput::default() };
    assert!(stats::commands::export(&ctx, input).await.is_err(), "nor their files");
}
