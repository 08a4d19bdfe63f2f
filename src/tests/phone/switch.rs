//! 模拟交换机: calls over it, step by step, and what becomes of the agents' states.

use super::Hall;
use crate::tests::app::problem;
use call::commands::take::take;
use call::model::phone::{Act, PressInput, SimulateInput, StoryInput, WrapInput};
use call::model::switch::{SwitchInput, SwitchKind};
use call::phone::commands::{press, wrap};
use call::simulated::play::ring_in;
use call::simulated::tale::play;
use call::story::{Cast, all};
use identity::model::company::GroupInput;
use identity::model::{AgentState, GroupKind};
use jiff::SignedDuration;
use kernel::error::{Error, Problem};
use kernel::id::{AgentId, GroupId};
use kernel::lang::Lang;
use kernel::permission::Permission;
use uuid::Uuid;

const SECOND: SignedDuration = SignedDuration::from_secs(1);

fn from(number: &str, agent: AgentId) -> SimulateInput {
    SimulateInput { number: number.to_owned(), to: format!("agent:{agent}") }
}

/// A skill group of one member.
async fn group_of(hall: &Hall, agent: AgentId) -> GroupId {
    let input = GroupInput { kind: GroupKind::Call, name: "售前".to_owned(), members: vec![agent], ..GroupInput::default() };
    identity::commands::group::create(&hall.admin, input).await.expect("a group")
}

fn fresh() -> Uuid {
    Uuid::from_bytes(kernel::rng::bytes())
}

#[tokio::test]
async fn two_agents_phone_each_other() {
    let hall = Hall::new().await;
    hall.press(&hall.lilei, Act::Dial, "8002").await.expect("dialled by extension");
    assert_eq!((hall.state(&hall.lilei).await, hall.state(&hall.zhou).await), (425, 445));
    let sounded: i64 = hall.test.ask("select count(*) from live_events where kind = 'phone' and payload ->> 'sound' = 'loud'").await;
    assert_eq!(sounded, 1, "at whoever is called");
    // Who is in a call is not free.
    assert_eq!(problem(hall.press(&hall.lin, Act::Dial, "8002").await), Problem::PhoneEngaged);
    hall.press(&hall.zhou, Act::Answer, "").await.expect("answered");
    assert_eq!((hall.state(&hall.lilei).await, hall.state(&hall.zhou).await), (455, 465));
    hall.press(&hall.zhou, Act::HangUp, "").await.expect("hung up");
    assert_eq!((hall.state(&hall.lilei).await, hall.state(&hall.zhou).await), (1, 1), "no customer, no after-call work");
}

#[tokio::test]
async fn a_customers_call_goes_on_to_a_colleague_who_works_after_it() {
    let hall = Hall::new().await;
    let lilei = hall.lilei.agent().expect("an agent");
    ring_in(&hall.admin, &from("13800138000", lilei)).await.expect("it rings");
    assert_eq!(hall.state(&hall.lilei).await, 12);
    hall.press(&hall.lilei, Act::Answer, "").await.expect("answered");
    assert_eq!(hall.state(&hall.lilei).await, 31);
    hall.press(&hall.lilei, Act::Transfer, "8002").await.expect("transferred");
    hall.press(&hall.zhou, Act::Answer, "").await.expect("answered");
    hall.press(&hall.lilei, Act::Confirm, "").await.expect("confirmed");
    assert_eq!((hall.state(&hall.lilei).await, hall.state(&hall.zhou).await), (115, 31));
    hall.press(&hall.zhou, Act::HangUp, "").await.expect("hung up");
    assert_eq!(hall.state(&hall.zhou).await, 115);
    hall.test.later(SECOND * 31).await;
    assert_eq!((hall.state(&hall.lilei).await, hall.state(&hall.zhou).await), (1, 1));
    assert_eq!(hall.facts(&hall.zhou).await, ["1 1 f", "115 3 t", "1 4 f"], "signed in, the call, the time over");
    // The records, in the same commits: A's, ended by the transfer, and B's (F§3.3).
    let records: Vec<String> =
        hall.test.list("select concat_ws(' ', call_type, result, ender, transfer_flag) from call_legs order by place").await;
    assert_eq!(records, ["0 10 3 2", "22 10 1 0"]);
}

#[tokio::test]
async fn a_consultation_a_three_way_call_a_supervisor() {
    let hall = Hall::new().await;
    let lilei = hall.lilei.agent().expect("an agent");
    ring_in(&hall.admin, &from("13800138000", lilei)).await.expect("it rings");
    hall.press(&hall.lilei, Act::Answer, "").await.expect("answered");
    hall.press(&hall.lilei, Act::Consult, "8002").await.expect("consulted");
    hall.press(&hall.zhou, Act::Answer, "").await.expect("answered");
    hall.press(&hall.lilei, Act::ThreeWay, "").await.expect("joined");
    assert_eq!((hall.state(&hall.lilei).await, hall.state(&hall.zhou).await), (334, 344));
    hall.press(&hall.zhou, Act::HangUp, "").await.expect("left");
    assert_eq!(hall.state(&hall.lilei).await, 31);
    let call = hall.call_of(&hall.lilei).await;
    let watch = |act| PressInput { order: fresh(), act, call, to: String::new(), agent: Some(lilei) };
    let refused = press(&hall.zhou, &watch(Act::Monitor)).await;
    assert!(matches!(refused, Err(Error::Forbidden(Permission::CallSupervise))), "agents do not supervise");
    press(&hall.lin, &watch(Act::Monitor)).await.expect("monitored");
    assert_eq!((hall.state(&hall.lilei).await, hall.state(&hall.lin).await), (332, 322));
    // The consequence of a forced disconnect is said first: the bar leads to where it is.
    let lin = hall.test.signed_in("lin@example.com").await;
    let bar = lin.get("/phone").await;
    assert!(bar.texts(".phone-page [data-act='force']").is_empty(), "{}", bar.body);
    assert_eq!(bar.attribute(".phone-page a.knob", "href"), "/calls/live");
    assert!(lin.get("/calls/live").await.body.contains("客户和客服会立即被挂断"), "also for who monitors the call");
    hall.press(&hall.lin, Act::Barge, "").await.expect("barged in");
    assert_eq!((hall.state(&hall.lilei).await, hall.state(&hall.lin).await), (352, 342));
    hall.press(&hall.lin, Act::HangUp, "").await.expect("left");
    let page = hall.test.signed_in("lin@example.com").await.get("/calls/live").await;
    assert!(page.body.contains("客户和客服会立即被挂断"), "the consequence is said first: {}", page.body);
    press(&hall.lin, &watch(Act::Force)).await.expect("disconnected");
    assert_eq!(hall.call_of(&hall.lilei).await, None);
    assert_eq!(hall.state(&hall.lilei).await, 115);
}

#[tokio::test]
async fn who_takes_the_customer_over_from_a_consultation_works_after_it() {
    let hall = Hall::new().await;
    ring_in(&hall.admin, &from("13800138000", hall.lilei.agent().expect("an agent"))).await.expect("it rings");
    hall.press(&hall.lilei, Act::Answer, "").await.expect("answered");
    hall.press(&hall.lilei, Act::Consult, "8002").await.expect("consulted");
    hall.press(&hall.zhou, Act::Answer, "").await.expect("answered");
    hall.press(&hall.lilei, Act::ThreeWay, "").await.expect("joined");
    hall.press(&hall.lilei, Act::HangUp, "").await.expect("left");
    assert_eq!((hall.state(&hall.lilei).await, hall.state(&hall.zhou).await), (115, 31));
    hall.press(&hall.zhou, Act::HangUp, "").await.expect("hung up");
    assert_eq!(hall.state(&hall.zhou).await, 115);
}

#[tokio::test]
async fn a_group_that_rings_out_is_a_phone_that_nobody_answered() {
    let hall = Hall::new().await;
    let group = group_of(&hall, hall.lilei.agent().expect("an agent")).await;
    ring_in(&hall.admin, &SimulateInput { number: "13800138000".to_owned(), to: format!("group:{group}") }).await.expect("it rings");
    hall.test.later(SECOND * 31).await;
    assert_eq!(hall.test.ask::<i16>("select result from call_legs").await, 11);
}

#[tokio::test]
async fn phones_follow_the_calls_of_a_switch_that_only_tells() {
    let hall = Hall::new().await;
    let lilei = hall.lilei.agent().expect("an agent");
    let other = SwitchInput { name: "总机".to_owned(), kind: Some(SwitchKind::Http), enabled: true, ..Default::default() };
    let other = call::commands::save(&hall.admin, other).await.expect("a switch");
    let cast = Cast { agents: [lilei; 4], groups: [group_of(&hall, lilei).await; 2], ..Cast::default() };
    let story = all().into_iter().find(|story| story.name(Lang::En) == "Inbound, the agent hangs up").expect("there is one");
    let events = story.played("c-1", hall.test.app.clock.now().micros() / 1_000, &cast);
    take(&hall.admin, other, &events[..3]).await.expect("taken");
    assert_eq!(hall.state(&hall.lilei).await, 12);
    let browser = hall.test.signed_in("lilei@example.com").await;
    let page = browser.get("/phone").await;
    assert!(page.texts(".phone-page [data-act]").is_empty(), "the telephone itself is operated: {}", page.body);
    assert!(page.body.contains("138****8000") && !page.body.contains("13800138000"), "masked for agents: {}", page.body);
    take(&hall.admin, other, &events[3..4]).await.expect("taken");
    assert_eq!(hall.state(&hall.lilei).await, 31);
    take(&hall.admin, other, &events[4..]).await.expect("taken");
    assert_eq!(hall.state(&hall.lilei).await, 115, "after-call work");
    take(&hall.admin, other, &events).await.expect("taken");
    hall.test.later(SECOND * 31).await;
    assert_eq!(hall.state(&hall.lilei).await, 1);
    // What is told long afterwards moves nobody's phone.
    hall.test.later(SECOND * 600).await;
    let late = story.played("c-2", hall.test.app.clock.now().micros() / 1_000 - 600_000, &cast);
    take(&hall.admin, other, &late).await.expect("taken");
    assert_eq!(hall.state(&hall.lilei).await, 1);
    assert!(!browser.get("/phone").await.texts(".phone-page [data-dial]").is_empty());
    hall.test.tamper("update switches set is_enabled = false where kind = 3").await;
    assert!(browser.get("/phone").await.texts(".phone-page [data-dial]").is_empty(), "no switch dials");
}

#[tokio::test]
async fn a_press_that_arrives_twice_is_one_and_a_late_one_is_refused() {
    let hall = Hall::new().await;
    let dial = PressInput { order: fresh(), act: Act::Dial, call: None, to: "13800138001".to_owned(), agent: None };
    let (first, second) = tokio::join!(press(&hall.lilei, &dial), press(&hall.lilei, &dial));
    first.and(second).expect("both tabs hear that it was done");
    assert_eq!(hall.test.ask::<i64>("select count(*) from phone_calls").await, 1);
    assert_eq!(problem(hall.press(&hall.lilei, Act::Dial, "13800138003").await), Problem::PhoneNotNow, "one call at a time");
    assert_eq!(problem(hall.press(&hall.lilei, Act::Hold, "").await), Problem::PhoneNotNow, "nobody to hold yet");
}

#[tokio::test]
async fn numbers_outside_do_what_their_last_digit_says() {
    let hall = Hall::new().await;
    hall.press(&hall.lilei, Act::Dial, "138 0013 8001").await.expect("dialled");
    hall.test.later(SECOND).await;
    assert_eq!(hall.state(&hall.lilei).await, 13, "it rings");
    hall.test.later(SECOND * 3).await;
    assert_eq!(hall.state(&hall.lilei).await, 32, "odd ones answer");
    hall.press(&hall.lilei, Act::HangUp, "").await.expect("hung up");
    hall.press(&hall.lilei, Act::Dial, "13800138004").await.expect("dialled");
    hall.test.later(SECOND).await;
    assert_eq!(hall.call_of(&hall.lilei).await, None, "no such number");
    // Started again in the middle, the program loses nothing: time goes on from the rows.
    hall.press(&hall.lilei, Act::Dial, "13800138003").await.expect("dialled");
    hall.test.app.clock.advance(SECOND * 5);
    hall.test.another().await.run_jobs().await;
    assert_eq!(hall.state(&hall.lilei).await, 32);
    hall.test.later(SECOND * 7_200).await;
    assert_eq!(hall.call_of(&hall.lilei).await, None, "a call that nobody ends is over some day");
}

#[tokio::test]
async fn after_call_work_is_extended_by_a_minute_up_to_five() {
    let hall = Hall::new().await;
    assert_eq!(problem(wrap::extend(&hall.lilei, &WrapInput { order: fresh() }).await), Problem::WrapUpNotNow);
    let lilei = hall.lilei.agent().expect("an agent");
    ring_in(&hall.admin, &from("13800138000", lilei)).await.expect("it rings");
    hall.press(&hall.lilei, Act::Answer, "").await.expect("answered");
    hall.press(&hall.lilei, Act::HangUp, "").await.expect("hung up");
    let twice = WrapInput { order: fresh() };
    for _ in 0..2 {
        wrap::extend(&hall.lilei, &twice).await.expect("one press");
    }
    hall.test.later(SECOND * 89).await;
    assert_eq!(hall.state(&hall.lilei).await, 115, "30 seconds and 60");
    for _ in 0..4 {
        wrap::extend(&hall.lilei, &WrapInput { order: fresh() }).await.expect("a minute more");
    }
    assert_eq!(problem(wrap::extend(&hall.lilei, &WrapInput { order: fresh() }).await), Problem::WrapUpNotNow, "300 seconds at most");
    hall.test.later(SECOND * 240).await;
    assert_eq!(hall.state(&hall.lilei).await, 115);
    hall.test.later(SECOND * 2).await;
    assert_eq!(hall.state(&hall.lilei).await, 1);
}

#[tokio::test]
async fn calls_that_are_missed_one_after_another_make_busy() {
    let hall = Hall::new().await;
    let lilei = hall.lilei.agent().expect("an agent");
    for (missed, state) in [(1, 1), (2, 0)] {
        ring_in(&hall.admin, &from("13800138000", lilei)).await.expect("it rings");
        hall.test.later(SECOND * 31).await;
        assert_eq!(hall.state(&hall.lilei).await, state, "{missed} missed");
    }
    assert_eq!(hall.facts(&hall.lilei).await, ["1 1 f", "0 5 t"], "signed in, calls missed");
    assert_eq!(problem(ring_in(&hall.admin, &from("13800138000", lilei)).await), Problem::PhoneEngaged);
    // Available again, an answered call in between begins the count anew.
    identity::commands::state::change(&hall.lilei, &identity::model::StateInput { state: AgentState::Available, back: String::new() })
        .await
        .expect("available");
    for answers in [false, true, false] {
        ring_in(&hall.admin, &from("13800138000", lilei)).await.expect("it rings");
        if answers {
            hall.press(&hall.lilei, Act::Answer, "").await.expect("answered");
            hall.press(&hall.lilei, Act::HangUp, "").await.expect("hung up");
        }
        hall.test.later(SECOND * 31).await;
        assert_eq!(hall.state(&hall.lilei).await, 1);
    }
}

#[tokio::test]
async fn a_story_is_played_on_the_phones_of_agents() {
    let hall = Hall::new().await;
    let agents = [&hall.lilei, &hall.zhou].map(|ctx| ctx.agent().expect("an agent")).to_vec();
    let story = |agents| StoryInput { story: "A transfer, confirmed".to_owned(), speed: 1, agents };
    let refused = play(&hall.admin, &story(agents[..1].to_vec())).await;
    assert_eq!(problem(refused), Problem::Required, "it has two parts");
    play(&hall.admin, &story(agents)).await.expect("it begins");
    assert_eq!(hall.state(&hall.lilei).await, 12);
    hall.test.later(SECOND * 3).await;
    assert_eq!(hall.state(&hall.lilei).await, 31);
    hall.test.later(SECOND * 13).await;
    assert_eq!((hall.state(&hall.lilei).await, hall.state(&hall.zhou).await), (331, 341));
    hall.test.later(SECOND * 120).await;
    hall.test.later(SECOND * 60).await;
    assert_eq!((hall.call_of(&hall.lilei).await, hall.call_of(&hall.zhou).await), (None, None));
}
