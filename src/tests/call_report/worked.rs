//! 坐席工作状态统计: states and legs as they are kept, worked out by hand.

use super::hall::Hall;
use identity::model::AgentState;
use identity::model::account::AgentChoice;
use jiff::SignedDuration;
use jiff::civil::date;
use kernel::id::AgentId;
use stats::queries::wall::seats;
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

#[tokio::test]
async fn what_deleted_agents_did_stays_and_own_states_that_count_as_work_stand_apart() {
    let hall = Hall::new().await;
    hall.test.tamper("delete from agent_state_changes").await;
    becomes(&hall, "2026-11-18 09:00", AgentState::Busy).await;
    hall.test.tamper("update agent_state_changes set own_state = '{\"zh\": \"带教\", \"en\": \"Coaching\", \"works\": true}'").await;
    becomes(&hall, "2026-11-18 10:00", AgentState::Busy).await;
    becomes(&hall, "2026-11-18 10:30", AgentState::Offline).await;
    let range = Range { from: date(2026, 11, 18), to: date(2026, 11, 18) };
    hall.test.tamper(format!("update agents set status = -1 where id = '{}'", hall.cast.agents[1])).await;
    let lines = by_agent(&hall.admin, range, None).await.expect("read");
    let line = lines.iter().find(|line| line.agent == hall.cast.agents[1]).expect("their time stays");
    assert_eq!((line.name.as_str(), line.total.online(), line.total.works), ("周航", 90 * 60_000, 60 * 60_000));
    assert_eq!(line.total.utilisation().scaled(100), Some(0), "the formula knows no own states");
}

#[tokio::test]
async fn whoever_goes_without_a_word_is_offline_from_when_the_session_ran_out() {
    let hall = Hall::new().await;
    let [a, b, c, _] = hall.cast.agents;
    for address in ["a@example.com", "b@example.com", "c@example.com"] {
        hall.test.signed_in(address).await;
    }
    // State, why, and hours since the first.
    let said = async |agent: AgentId| {
        hall.test
            .list::<String>(format!(
                "select concat_ws(' ', state, reason, (extract(epoch from changed_at - min(changed_at) over ()) / 3600)::int)
                    from agent_state_changes where agent_id = '{agent}' order by changed_at, id"
            ))
            .await
    };
    hall.test.app.clock.advance(SignedDuration::from_mins(8 * 60 + 40));
    hall.test.signed_in("b@example.com").await;
    hall.test.run_jobs().await;
    assert_eq!(said(a).await, ["1 1 0", "-1 6 8"], "after eight hours without anything");
    assert_eq!(said(b).await, ["1 1 0", "-1 6 8", "1 1 9"], "whoever comes back was away meanwhile, and is not taken for gone");
    let is_seated = async |agent: AgentId| seats(&hall.admin).await.expect("read").iter().any(|seat| seat.agent == agent);
    assert!(is_seated(b).await && !is_seated(a).await && !is_seated(c).await);
    hall.test.signed_in("c@example.com").await;
    assert!(is_seated(c).await);
    identity::commands::account::disable(&hall.admin, AgentChoice { id: b }).await.expect("disabled");
    assert_eq!(said(b).await.last().map(String::as_str), Some("-1 7 9"));
    identity::commands::session::end_of(&hall.admin, AgentChoice { id: c }).await.expect("signed out");
    assert_eq!(said(c).await.last().map(String::as_str), Some("-1 2 9"));
    hall.test.tamper(format!("update agents set status = 9, state = 1 where id = '{c}'")).await;
    assert!(!is_seated(c).await, "an account that is not enabled has no seat");
}
