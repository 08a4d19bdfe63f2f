//! Records as they are kept.

use super::{Exchange, named, switch};
use call::commands::reap::{SILENT, reap};
use call::commands::take::{Outcome, take};
use call::story::all;
use jiff::SignedDuration;
use kernel::lang::Lang;

#[tokio::test]
async fn every_story_is_kept_as_it_is_told() {
    let exchange = Exchange::new().await;
    for (place, story) in all().iter().enumerate() {
        let (name, call) = (story.name(Lang::Zh), format!("c{place}"));
        let events = exchange.play(name, &call);
        let outcomes = take(&exchange.admin, exchange.switch, &events).await.expect("taken");
        assert!(outcomes.iter().all(|outcome| *outcome == Outcome::Accepted), "{name}: {outcomes:?}");
        let expected: Vec<String> = story
            .records
            .iter()
            .map(|record| format!("{} {}", record.leg, record.result.map_or(String::new(), |result| result.code().to_string())))
            .collect();
        let kept = exchange
            .test
            .list::<String>(format!(
                "select l.name || ' ' || coalesce(l.result::text, '') from call_legs l
                join calls c on c.company_id = l.company_id and c.id = l.call_id
                where c.call_key = '{call}' order by l.place"
            ))
            .await;
        assert_eq!(kept, expected, "{name}");
    }
    let main = "select count(*) from calls c where (select count(*) from call_legs l where l.company_id = c.company_id and l.call_id = c.id and l.id = c.id) <> 1";
    assert_eq!(exchange.test.ask::<i64>(main).await, 0, "one main record each, with the id of its call");
}

#[tokio::test]
async fn portions_in_any_order_come_to_what_one_portion_comes_to() {
    let exchange = Exchange::new().await;
    for (place, name) in ["转接已确认", "连续转接", "强拆", "多人同振，一人接听", "补记之后真的结束到了"].into_iter().enumerate()
    {
        let whole = exchange.play(name, &format!("whole{place}"));
        take(&exchange.admin, exchange.switch, &whole).await.expect("taken");
        let mut parts = exchange.play(name, &format!("parts{place}"));
        // Backwards, three at a time, each portion with the one before it once more.
        parts.reverse();
        let portions: Vec<_> = parts.chunks(3).collect();
        for (at, portion) in portions.iter().enumerate() {
            let again = if at > 0 { portions[at - 1] } else { &[] };
            let outcomes = take(&exchange.admin, exchange.switch, &[*portion, again].concat()).await.expect("taken");
            assert!(outcomes[portion.len()..].iter().all(|outcome| *outcome == Outcome::Repeated), "{name}");
        }
        assert_eq!(exchange.records(&format!("parts{place}")).await, exchange.records(&format!("whole{place}")).await, "{name}");
        assert_eq!(exchange.ledger(&format!("parts{place}")).await, exchange.ledger(&format!("whole{place}")).await, "{name}");
    }
}

#[tokio::test]
async fn portions_at_the_same_time_lose_nothing() {
    let exchange = Exchange::new().await;
    let whole = exchange.play("连续转接", "whole");
    take(&exchange.admin, exchange.switch, &whole).await.expect("taken");
    let parts = exchange.play("连续转接", "parts");
    let at_once = parts.iter().map(|event| take(&exchange.admin, exchange.switch, std::slice::from_ref(event)));
    for outcome in futures_util::future::join_all(at_once).await {
        assert_eq!(outcome.expect("taken"), [Outcome::Accepted]);
    }
    assert_eq!(exchange.records("parts").await, exchange.records("whole").await);
}

#[tokio::test]
async fn attribution_stays_as_it_was_when_the_leg_began() {
    let exchange = Exchange::new().await;
    let (test, lilei) = (&exchange.test, exchange.cast.agents[0]);
    let east = identity::model::company::UnitInput { name: "华东".to_owned(), ..Default::default() };
    identity::commands::department::save_unit(&exchange.admin, east).await.expect("a unit");
    let unit: uuid::Uuid = test.ask("select id from units where name = '华东'").await;
    test.tamper(format!("update agents set unit_id = '{unit}' where id = '{lilei}'")).await;
    let events = exchange.play("呼入，客服挂断", "c");
    take(&exchange.admin, exchange.switch, &events[..3]).await.expect("taken");
    let kept = "select concat_ws(' ', agent_name, unit_id) from call_legs";
    assert_eq!(test.ask::<String>(kept).await, format!("李雷 {unit}"));
    test.tamper(format!("update agents set unit_id = null, name = '李雷雷' where id = '{lilei}'")).await;
    take(&exchange.admin, exchange.switch, &events[3..]).await.expect("taken");
    assert_eq!(test.ask::<String>(kept).await, format!("李雷 {unit}"), "the account changed meanwhile, the record did not");
    take(&exchange.admin, exchange.switch, &exchange.play("呼入，客服挂断", "d")).await.expect("taken");
    let next = "select agent_name from call_legs l join calls c on c.company_id = l.company_id and c.id = l.call_id where c.call_key = 'd'";
    assert_eq!(test.ask::<String>(next).await, "李雷雷");
}

#[tokio::test]
async fn ids_of_records_stay_when_they_are_worked_out_anew() {
    let exchange = Exchange::new().await;
    let events = exchange.play("转接已确认", "c");
    let ids = "select string_agg(id::text, ' ' order by name) from call_legs";
    let confirmed = events.iter().position(|event| matches!(event.what, call::model::event::Happening::Confirmed { .. })).expect("it is");
    let mut without = events.clone();
    let late = without.remove(confirmed);
    take(&exchange.admin, exchange.switch, &without).await.expect("taken");
    let types = "select string_agg(call_type::text, ' ' order by name) from call_legs";
    assert_eq!(exchange.test.ask::<String>(types).await, "0 21");
    let before = exchange.test.ask::<String>(ids).await;
    take(&exchange.admin, exchange.switch, &[late]).await.expect("taken");
    assert_eq!(exchange.test.ask::<String>(types).await, "0 22", "the confirmation came last");
    assert_eq!(exchange.test.ask::<String>(ids).await, before);
}

#[tokio::test]
async fn the_customer_is_recognised_and_never_made() {
    let exchange = Exchange::new().await;
    let input =
        customer::model::CustomerInput { nickname: "老客户".to_owned(), phones: "+86 138 0013 8000".to_owned(), ..Default::default() };
    let known = customer::commands::create(&exchange.admin, input).await.expect("a customer");
    let known_count: i64 = exchange.test.ask("select count(*) from customers").await;
    take(&exchange.admin, exchange.switch, &exchange.play("呼入接听", "in")).await.expect("taken");
    take(&exchange.admin, exchange.switch, &exchange.play("外呼接听", "out")).await.expect("taken");
    let strange = call::story::Cast { customer: "13900139000".to_owned(), ..exchange.cast.clone() };
    let now = exchange.test.app.clock.now().micros() / 1000;
    take(&exchange.admin, exchange.switch, &named("呼入接听").played("strange", now, &strange)).await.expect("taken");
    let whose = "select concat_ws(' ', call_key, customer_number, customer_id) from calls order by call_key";
    let whose = exchange.test.list::<String>(whose).await;
    assert_eq!(whose, [format!("in +8613800138000 {known}"), format!("out +8613800138000 {known}"), "strange +8613900139000".to_owned()]);
    assert_eq!(exchange.test.ask::<i64>("select count(*) from customers").await, known_count);
}

#[tokio::test]
async fn others_are_told_once() {
    let exchange = Exchange::new().await;
    let events = exchange.play("转接已确认", "c");
    for event in &events[..events.len() - 1] {
        take(&exchange.admin, exchange.switch, std::slice::from_ref(event)).await.expect("taken");
    }
    assert!(!exchange.told().await.contains(&"call_ended".to_owned()), "a leg is over, the call is not");
    take(&exchange.admin, exchange.switch, &events).await.expect("taken");
    take(&exchange.admin, exchange.switch, &events).await.expect("taken");
    let told = ["call_incoming", "call_ringing", "call_answered", "call_ringing", "call_answered", "call_ended", "call_ended"];
    assert_eq!(exchange.told().await, told);
    let main = "select (payload ->> 'leg') = (payload ->> 'call') from events where kind = 'call_ended' order by created_at, id";
    let mut ended = exchange.test.list::<bool>(main).await;
    ended.sort_unstable();
    assert_eq!(ended, [false, true], "the main record and the other");
    exchange.test.run_jobs().await;
}

#[tokio::test]
async fn a_call_that_falls_silent_ends_and_is_corrected() {
    let exchange = Exchange::new().await;
    let events = exchange.play("呼入，客服挂断", "c");
    take(&exchange.admin, exchange.switch, &events[..4]).await.expect("taken");
    let system = exchange.test.system().await;
    let ended = "select coalesce(extract(epoch from ended_at - started_at)::bigint, -1) from calls";
    assert_eq!(reap(&system).await.expect("reaped"), 0, "it may still go on");
    exchange.test.run_jobs().await;
    exchange.test.later(SILENT + SignedDuration::from_hours(2)).await;
    assert_eq!(exchange.test.ask::<i64>(ended).await, 3, "the hourly job took the last word for the end");
    assert_eq!(exchange.test.ask::<i16>("select ender from call_legs").await, 0, "by the system");
    take(&exchange.admin, exchange.switch, &events[4..]).await.expect("taken");
    assert_eq!(exchange.test.ask::<i64>(ended).await, 23, "the real end came after all");
    assert_eq!(exchange.test.ask::<String>("select concat_ws(' ', ender, talk_ms) from call_legs").await, "1 20000");
}

#[tokio::test]
async fn a_call_that_cannot_be_ended_holds_no_other_up() {
    let exchange = Exchange::new().await;
    for call in ["a", "b"] {
        take(&exchange.admin, exchange.switch, &exchange.play("呼入，客服挂断", call)[..4]).await.expect("taken");
    }
    exchange.test.tamper("update switch_events set body = '{}' where call_key = 'a'").await;
    exchange.test.app.clock.advance(SILENT + SignedDuration::from_hours(1));
    assert_eq!(reap(&exchange.test.system().await).await.expect("reaped"), 1);
    assert_eq!(exchange.test.list::<String>("select call_key from calls where ended_at is not null").await, ["b"]);
}

#[tokio::test]
async fn calls_of_two_switches_with_one_name_are_two() {
    let exchange = Exchange::new().await;
    let other = switch(&exchange.admin, "分机").await;
    for switch in [exchange.switch, other] {
        take(&exchange.admin, switch, &exchange.play("呼入接听", "c")).await.expect("taken");
    }
    assert_eq!(exchange.test.ask::<i64>("select count(*) from calls").await, 2);
}
