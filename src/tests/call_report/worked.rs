//! 坐席工作状态统计: states and legs as they are kept, worked out by hand.

use super::hall::Hall;
use identity::model::AgentState;
use jiff::civil::date;
use stats::queries::worked::by_agent;
use stats::report::Range;

/// A change of state of the agent, by the company's clock.
async fn becomes(hall: &Hall, at: &str, state: AgentState) {
    let (company, agent, code) = (hall.test.company, hall.cast.agents[1], state.code());
    hall.test
        .tamper(format!(
            "insert into agent_state_changes (company_id, agent_id, changed_at, id, state)
                values ('{company}', '{agent}', timestamp '{at}' at time zone 'Asia/Shanghai', gen_random_uuid(), {code})"
        ))
        .await;
}

#[tokio::test]
async fn states_are_cut_at_midnight_and_calls_are_no_idle_time() {
    let hall = Hall::new().await;
    hall.test.tamper("update companies set time_zone = 'Asia/Shanghai'").await;
    hall.test.tamper("delete from agent_state_changes").await;
    becomes(&hall, "2026-11-18 23:00", AgentState::Available).await;
    becomes(&hall, "2026-11-19 01:00", AgentState::AfterCall).await;
    becomes(&hall, "2026-11-19 01:10", AgentState::Offline).await;
    let day = |day| Range { from: date(2026, 11, day), to: date(2026, 11, day) };
    let minutes = |millis: i64| millis / 60_000;
    let hours = async |range| {
        let lines = by_agent(&hall.admin, range, Some(hall.cast.agents[1])).await.expect("read");
        lines.into_iter().next().map(|line| line.total).unwrap_or_default()
    };
    let (first, second, both) =
        (hours(day(18)).await, hours(day(19)).await, hours(Range { from: date(2026, 11, 18), to: date(2026, 11, 19) }).await);
    assert_eq!((minutes(first.online()), minutes(first.idle)), (60, 60), "until midnight");
    assert_eq!((minutes(second.online()), minutes(second.idle), minutes(second.state(AgentState::AfterCall))), (70, 60, 10));
    let mut sum = first.clone();
    sum.add(&second);
    assert_eq!(sum, both, "days add up");
    assert_eq!(both.utilisation().scaled(100), Some(100));
}

#[tokio::test]
async fn ringing_and_talk_include_whatever_leg() {
    let hall = Hall::new().await;
    // B rings for 3 seconds, speaks with A for 15 and with the customer for 50.
    hall.play("转接已确认", 60).await;
    let today = hall.admin.now().date(&hall.admin.zone);
    let range = Range { from: today.yesterday().expect("a day before"), to: today };
    let lines = by_agent(&hall.admin, range, Some(hall.cast.agents[1])).await.expect("read");
    let total = &lines.first().expect("a line").total;
    assert_eq!((total.ring, total.talk), (3_000, 65_000));
}
