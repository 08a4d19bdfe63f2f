//! The state machine against the stories, in whichever order their events come.

use crate::ledger::{is_customer_talk, length};
use crate::model::event::{Cause, Direction, Happening, Side, SwitchEvent};
use crate::model::record::{Call, Leg, Who};
use crate::model::{Bucket, CallResult, QueueState};
use crate::state::call;
use crate::story::{Cast, Expected, Story, all};
use kernel::lang::Lang;
use proptest::prelude::{Just, ProptestConfig, Strategy, any, prop_assert_eq, proptest};

fn events(story: &Story) -> Vec<SwitchEvent> {
    story.played("call", 1_700_000_000_000, &Cast::default())
}

fn said(leg: &Leg, expected: &Expected) -> Expected {
    Expected {
        leg: if leg.name == expected.leg { expected.leg } else { "another" },
        call_type: leg.call_type,
        result: leg.result,
        ender: leg.ender,
        ring: leg.ring_ms / 1000,
        talk: leg.talk_ms / 1000,
        hold: (leg.hold_ms / 1000, leg.hold_count),
        transfer: (leg.transfer, leg.transfer_count),
        consults: leg.consult_count,
        is_three_way: leg.three_way,
    }
}

#[test]
fn every_story_comes_to_its_records() {
    let stories = all();
    assert!(stories.len() >= 40, "{} stories", stories.len());
    let mut names: Vec<&str> = stories.iter().map(|story| story.name(Lang::Zh)).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), stories.len(), "each has a name of its own");
    for story in &stories {
        let call = call(&events(story)).expect("it begins");
        let name = story.name(Lang::Zh);
        assert_eq!(call.legs.len(), story.records.len(), "{name}: {:#?}", call.legs);
        for (leg, expected) in call.legs.iter().zip(&story.records) {
            assert_eq!(&said(leg, expected), expected, "{name}, leg {:?}", leg.name);
        }
    }
}

#[test]
fn every_second_belongs_to_exactly_one_bucket() {
    for story in all() {
        let name = story.name(Lang::Zh);
        let call = call(&events(&story)).expect("it begins");
        let mut whose: Vec<(Who, &str)> =
            call.ledger.iter().map(|row| (row.who, if row.who == Who::Third { row.leg.as_str() } else { "" })).collect();
        whose.sort_unstable();
        whose.dedup();
        for (who, leg) in whose {
            let rows: Vec<_> = call.ledger.iter().filter(|row| row.who == who && (who != Who::Third || row.leg == leg)).collect();
            for pair in rows.windows(2) {
                let to = pair[0].to.expect("only the last one runs");
                assert!(to <= pair[1].from, "{name}: {who:?} is in two buckets at once: {pair:?}");
                // Whoever comes back comes on another leg, or is rung again.
                assert!(to == pair[1].from || pair[1].bucket == Bucket::Ring, "{name}: {who:?} is nowhere between {pair:?}");
            }
            assert!(rows.iter().all(|row| row.to.is_none_or(|to| row.from < to)), "{name}: no stretch is empty");
        }
        check_customer(name, &call);
    }
}

/// The customer is somewhere from the beginning to the end, and what the customer talks is somebody's talk.
fn check_customer(name: &str, call: &Call) {
    let customer = || call.ledger.iter().filter(|row| row.who == Who::Customer);
    if let Some(ended_at) = call.ended_at {
        assert_eq!(length(customer()), ended_at - call.started_at, "{name}: the customer's stretches are the call");
        assert!(call.ledger.iter().all(|row| row.to.is_some()), "{name}: nobody is left after the end");
    }
    let talks: i64 = call.legs.iter().map(|leg| leg.talk_ms).sum();
    assert_eq!(talks, length(customer().filter(|row| is_customer_talk(row))), "{name}: talk belongs to one record each");
}

#[test]
fn records_of_types_and_results_keep_to_the_field() {
    for story in all() {
        let name = story.name(Lang::Zh);
        let call = call(&events(&story)).expect("it begins");
        for (place, leg) in call.legs.iter().enumerate() {
            assert_eq!(leg.call_type.is_main(), place == 0, "{name}: one main record, the first");
            let is_third_result = matches!(leg.result.map(CallResult::code), Some(30..=32));
            assert_eq!(is_third_result, leg.call_type.is_third(), "{name}: 30 to 32 on legs to third parties, and nothing else there");
            assert!(leg.from.is_none() == leg.call_type.is_main(), "{name}: a child leg says whose it is");
        }
    }
}

#[test]
fn a_wait_says_how_it_ended() {
    let state = |zh: &str| {
        let story = all().into_iter().find(|story| story.name(Lang::Zh) == zh).expect("there is one");
        call(&events(&story)).expect("it begins").queue.map(|queue| (queue.state, queue.left_at.is_some()))
    };
    assert_eq!(state("IVR放弃"), None);
    assert_eq!(state("排队放弃"), Some((QueueState::Left, true)));
    assert_eq!(state("刚排队就挂断"), Some((QueueState::Left, true)));
    assert_eq!(state("排队超时"), Some((QueueState::Timeout, true)));
    assert_eq!(state("排队中振铃直到接听"), Some((QueueState::Connected, true)));
}

#[test]
fn voicemail_is_its_own_time() {
    let story = all().into_iter().find(|story| story.name(Lang::Zh) == "排队超时后留言").expect("there is one");
    let call = call(&events(&story)).expect("it begins");
    assert_eq!(length(call.ledger.iter().filter(|row| row.bucket == Bucket::Voicemail)), 20_000);
    assert_eq!(call.voicemail.map(|(_, ms)| ms), Some(20_000));
}

#[test]
fn without_a_beginning_there_is_no_call() {
    let event = |id: &str, at, what| SwitchEvent { id: id.to_owned(), call: "call".to_owned(), at, what };
    let end = event("2", 2_000, Happening::Ended { by: Side::Customer, cause: Cause::Normal });
    assert_eq!(call(std::slice::from_ref(&end)), None);
    let start = Happening::Started {
        direction: Direction::Inbound,
        caller: "1".to_owned(),
        callee: "2".to_owned(),
        shown: String::new(),
        line: crate::model::BusinessLine::CallCenter,
        task: None,
    };
    // The clock of the switch was set back in between: a call does not end before it begins.
    let call = call(&[end, event("1", 5_000, start)]).expect("a call");
    assert_eq!((call.started_at, call.ended_at), (5_000, Some(5_000)));
}

#[test]
fn events_read_and_write_as_they_are_documented() {
    for story in all() {
        for event in events(&story) {
            let text = serde_json::to_string(&event).expect("JSON");
            assert_eq!(serde_json::from_str::<SwitchEvent>(&text).expect("an event"), event);
        }
    }
    let told = r#"{"id": "e1", "call": "c1", "at": 1700000000000, "type": "left", "leg": "a", "by": "agent", "cause": "normal"}"#;
    let event: SwitchEvent = serde_json::from_str(told).expect("an event");
    assert_eq!(event.what, Happening::Left { leg: "a".to_owned(), by: Side::Agent, cause: Cause::Normal });
}

/// A story with its events in any order, some of them twice.
fn jumbled() -> impl Strategy<Value = (Story, Vec<SwitchEvent>)> {
    let stories = all();
    (0..stories.len()).prop_flat_map(move |place| {
        let story = stories[place].clone();
        let told = events(&story);
        let repeats = proptest::sample::subsequence(told.clone(), 0..=told.len());
        let mixed = repeats.prop_flat_map(move |again| Just([told.clone(), again].concat()).prop_shuffle());
        (Just(story), mixed)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn any_order_with_repeats_gives_one_result((story, told) in jumbled()) {
        prop_assert_eq!(call(&told), call(&events(&story)));
    }

    #[test]
    fn what_came_so_far_is_a_call_too((_, told) in jumbled(), cut in any::<proptest::sample::Index>()) {
        // Nothing of what came is lost on the way: no panic, talk belongs to one record, the customer is in one place.
        let part = &told[..cut.index(told.len() + 1)];
        if let Some(call) = call(part) {
            let talk = call.ledger.iter().filter(|row| is_customer_talk(row));
            prop_assert_eq!(call.legs.iter().map(|leg| leg.talk_ms).sum::<i64>(), length(talk));
        }
    }
}
