//! Calendars over midnight, holidays and changing clocks.

use crate::calendar::{Calendar, DAY, Section, Span, SpecialDay, read_days, read_spans, write_days, write_spans};
use jiff::SignedDuration;
use jiff::civil::date;
use kernel::time::Stamp;
use proptest::prelude::*;

fn at(text: &str) -> Stamp {
    Stamp(text.parse().unwrap())
}

fn calendar(zone: &str, weekday: &str, days: &str) -> Calendar {
    let hours = read_spans(weekday).unwrap();
    let week = std::array::from_fn(|day| if day < 5 { hours.clone() } else { Vec::new() });
    Calendar { time_zone: zone.to_owned(), week, days: read_days(days).unwrap() }
}

fn hours(calendar: &Calendar, from: &str, to: &str) -> f64 {
    calendar.between(at(from), at(to)).as_secs_f64() / 3600.0
}

#[test]
fn hours_are_read_as_people_type_them() {
    let spans = |text: &str| read_spans(text).map(|spans| write_spans(&spans));
    assert_eq!(spans("9:00-12:00，13:30–18:00").as_deref(), Some("09:00-12:00, 13:30-18:00"));
    assert_eq!(spans("13-18; 9-12").as_deref(), Some("09:00-12:00, 13:00-18:00"));
    assert_eq!(spans("22:00-06:00").as_deref(), Some("22:00-06:00"));
    assert_eq!(spans("0:00-24:00").as_deref(), Some("00:00-24:00"));
    assert_eq!(spans("18:00-00:00").as_deref(), Some("18:00-24:00"));
    assert_eq!(spans("  ").as_deref(), Some(""));
    for wrong in
        ["9:00", "9:00-25:00", "9:60-10:00", "9:00-9:00", "9:00-12:00, 11:00-13:00", "x-y", "22:00-08:00, 07:00-12:00", "9:5-10:00", "-"]
    {
        assert_eq!(spans(wrong), None, "{wrong}");
    }
}

#[test]
fn special_days_are_read_and_written_back() {
    let text = "2026-10-01~2026-10-07 国庆节\n\n2026/10/10 9:00-18:00 调休上班\n2027.1.1 元旦";
    assert_eq!(read_days(text), Err(4), "the day has two digits");
    let days = read_days(&text.replace("2027.1.1", "2027.01.01")).unwrap();
    assert_eq!(days.len(), 9);
    assert_eq!(days[7], SpecialDay { date: date(2026, 10, 10), spans: vec![Span { from: 540, to: 1080 }], name: "调休上班".to_owned() });
    assert_eq!(write_days(&days), "2026-10-01~2026-10-07 国庆节\n2026-10-10 09:00-18:00 调休上班\n2027-01-01 元旦");
    assert_eq!(read_days("国庆节"), Err(1));
    assert_eq!(read_days("2026-10-07~2026-10-01 国庆节"), Err(1));
    let later = read_days("2026-10-01~2026-10-03 国庆节\n2026-10-02 10:00-12:00 值班").unwrap();
    assert_eq!(later[1].name, "值班", "a later line wins");
}

#[test]
fn a_week_has_its_hours_and_its_holidays() {
    let office = calendar("Asia/Shanghai", "09:00-12:00, 13:30-18:00", "2026-10-01~2026-10-07 国庆节\n2026-10-10 09:00-18:00 调休上班");
    // Wednesday before the holidays to the Monday after: one day, the working Saturday, nothing else.
    assert!((hours(&office, "2026-09-30T00:00:00+08:00", "2026-10-08T00:00:00+08:00") - 7.5).abs() < 1e-9);
    assert!((hours(&office, "2026-10-10T00:00:00+08:00", "2026-10-12T00:00:00+08:00") - 9.0).abs() < 1e-9);
    assert!(office.is_on(at("2026-09-30T09:00:00+08:00")) && !office.is_on(at("2026-09-30T12:00:00+08:00")));
    assert!(!office.is_on(at("2026-10-02T10:00:00+08:00")));
    // Asked for at 17:00 before the holidays, two hours later is the first hour after them.
    assert_eq!(office.after(at("2026-09-30T17:00:00+08:00"), SignedDuration::from_hours(2)), Some(at("2026-10-08T10:00:00+08:00")));
    assert_eq!(office.hours_of(date(2026, 10, 10)).1, Some("调休上班"));
}

#[test]
fn hours_pass_midnight() {
    let night = calendar("Asia/Shanghai", "22:00-06:00", "");
    // Friday's night lasts into Saturday; Sunday has none.
    assert!((hours(&night, "2026-11-27T00:00:00+08:00", "2026-11-30T00:00:00+08:00") - (6.0 + 2.0 + 6.0)).abs() < 1e-9);
    assert!(night.is_on(at("2026-11-28T05:59:59+08:00")) && !night.is_on(at("2026-11-28T06:00:00+08:00")));
    let round = Calendar { week: std::array::from_fn(|_| vec![Span { from: 0, to: DAY }]), ..night };
    let from = at("2026-11-27T10:00:00+08:00");
    assert_eq!(
        round.sections(from, at("2026-12-27T10:00:00+08:00")),
        [Section { from, to: at("2026-12-27T10:00:00+08:00") }],
        "one stretch"
    );
}

#[test]
fn clocks_that_change_make_days_of_23_and_25_hours() {
    let berlin = |hours: &str| {
        let spans = read_spans(hours).unwrap();
        Calendar { time_zone: "Europe/Berlin".to_owned(), week: std::array::from_fn(|_| spans.clone()), days: Vec::new() }
    };
    let (all, night) = (berlin("00:00-24:00"), berlin("01:00-04:00"));
    assert!((hours(&all, "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z") - 23.0).abs() < 1e-9, "the last Sunday of March");
    assert!((hours(&all, "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z") - 25.0).abs() < 1e-9, "the last Sunday of October");
    assert!((hours(&night, "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z") - 2.0).abs() < 1e-9);
    assert!((hours(&night, "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z") - 4.0).abs() < 1e-9);
    // 02:30 is not there on that day: it is the moment of the jump.
    let gap = berlin("02:30-03:30");
    assert_eq!(
        gap.sections(at("2026-03-29T00:00:00Z"), at("2026-03-29T12:00:00Z")),
        [Section { from: at("2026-03-29T01:00:00Z"), to: at("2026-03-29T01:30:00Z") }]
    );
    let lost = berlin("02:10-02:50");
    assert_eq!(lost.sections(at("2026-03-29T00:00:00Z"), at("2026-03-29T12:00:00Z")), []);
    // Hours that begin or end where the clocks jump.
    let early = berlin("02:00-06:00");
    assert_eq!(
        early.sections(at("2026-03-28T22:00:00Z"), at("2026-03-29T12:00:00Z")),
        [Section { from: at("2026-03-29T01:00:00Z"), to: at("2026-03-29T04:00:00Z") }]
    );
    let cairo = Calendar { time_zone: "Africa/Cairo".to_owned(), ..all.clone() };
    assert!((hours(&cairo, "2026-04-22T22:00:00Z", "2026-04-24T21:00:00Z") - 47.0).abs() < 1e-9, "midnight of the 24th is not there");
    assert!(cairo.is_on(at("2026-04-23T12:00:00Z")));
    // Lord Howe changes by half an hour.
    let howe = Calendar { time_zone: "Australia/Lord_Howe".to_owned(), ..all };
    assert!((hours(&howe, "2026-04-04T13:00:00Z", "2026-04-05T13:30:00Z") - 24.5).abs() < 1e-9);
}

#[test]
fn a_calendar_without_hours_gives_no_moment() {
    let never = Calendar { week: Default::default(), ..Calendar::always() };
    assert_eq!(never.after(at("2026-11-27T10:00:00Z"), SignedDuration::from_mins(1)), None);
    assert_eq!(never.after(at("2026-11-27T10:00:00Z"), SignedDuration::ZERO), Some(at("2026-11-27T10:00:00Z")));
}

const ZONES: [&str; 5] = ["Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"];

fn any_span() -> impl Strategy<Value = Vec<Span>> {
    (0u16..DAY, 1u16..=DAY, any::<bool>())
        .prop_map(|(from, to, is_off)| if is_off || from == to { Vec::new() } else { vec![Span { from, to }] })
}

fn any_calendar() -> impl Strategy<Value = Calendar> {
    (prop::sample::select(ZONES.to_vec()), prop::array::uniform7(any_span()), any_span()).prop_map(|(zone, week, special)| Calendar {
        time_zone: zone.to_owned(),
        week,
        days: vec![SpecialDay { date: date(2026, 3, 29), spans: special, name: String::new() }],
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn parts_add_up_and_what_comes_after_is_between(calendar in any_calendar(), start in 0i64..400, ahead in 1i64..2_000, cut in 0.0f64..1.0, minutes in 1i64..5_000) {
        let from = at("2026-01-01T00:00:00Z").plus(SignedDuration::from_hours(start * 24) + SignedDuration::from_mins(start * 7 % 1440));
        let to = from.plus(SignedDuration::from_mins(ahead * 13));
        let middle = from.plus(to.since(from).mul_f64(cut));
        prop_assert_eq!(calendar.between(from, to), calendar.between(from, middle) + calendar.between(middle, to));
        prop_assert!(calendar.between(from, to) <= to.since(from));
        let sections = calendar.sections(from, to);
        prop_assert!(sections.iter().all(|section| section.from < section.to && section.from >= from && section.to <= to));
        prop_assert!(sections.windows(2).all(|pair| pair[0].to < pair[1].from), "apart from each other");
        let amount = SignedDuration::from_mins(minutes);
        if let Some(due) = calendar.after(from, amount) {
            prop_assert_eq!(calendar.between(from, due), amount);
            prop_assert!(calendar.between(from, due.minus(SignedDuration::from_secs(1))) < amount, "not a moment earlier");
        }
    }

    #[test]
    fn what_is_written_is_read_again(week in prop::array::uniform7(any_span())) {
        for spans in week {
            let spans: Vec<Span> = spans.into_iter().map(|span| if span.to == span.from { Span { to: DAY, ..span } } else { span }).collect();
            prop_assert_eq!(read_spans(&write_spans(&spans)), Some(spans));
        }
    }
}
