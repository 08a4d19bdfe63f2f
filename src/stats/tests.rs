//! Pure tests: definitions, figures, ranges, filters, cells.

use crate::figure::{Figure, Sums, bases};
use crate::metric::made::made_of;
use crate::metric::sla::{FIRST_RATE, NEXT_RATE, SOLVE_RATE};
use crate::metric::{AVERAGE, BAD, BAD_RATE, GOOD, GOOD_RATE, INVITED, Metric, RATED, RATED_RATE, SCORES, Unit, Value};
use crate::model::{By, Preset, ReportQuery};
use crate::report::{Filter, Pick, Range};
use crate::reports;
use crate::reports::ticket_satisfaction::REPORT;
use crate::subject::Subject;
use export::commands::sheet::Cell;
use jiff::civil::date;
use kernel::error::Problem;
use kernel::lang::Lang;
use proptest::prelude::*;

/// The release note of 2019-04-18, 工单满意度统计, word for word.
const RELEASE_NOTE: [(&str, &str); 14] = [
    ("邀评数", "发送工单满意度邀评的工单数量"),
    ("参评数", "客户参与工单满意度评价的工单数量"),
    ("参评率", "用户参与满意度评价数在邀评数中的占比"),
    ("平均分", "参与工单满意度评价的用户的平均分"),
    ("好评数", "评价5分的工单数量"),
    ("好评率（5分）", "评价5分的工单数量在参评工单数量中的占比"),
    ("中评数（3-4）", "评价3、4分工单数量和"),
    ("中评率", "评价3、4分工单数量在参评数量中的占比"),
    ("差评数（1-2）", "评价1、2分工单数量和"),
    ("差评率", "评价1、2分工单数量在已评价工单数量中的占比"),
    ("4分数", "评价4分的工单数量"),
    ("3分数", "评价3分的工单数量"),
    ("2分数", "评价2分的工单数量"),
    ("1分数", "评价1分的工单数量"),
];

/// Keys of metrics that the release note does not have.
const OURS: &[&str] = &[];

#[test]
fn names_and_tips_are_the_release_notes() {
    let theirs = REPORT.metrics.iter().filter(|metric| !OURS.contains(&metric.key));
    let theirs: Vec<(&str, &str)> = theirs.map(|metric| (metric.name.zh, metric.tip.zh)).collect();
    assert_eq!(theirs, RELEASE_NOTE);
    let mut keys: Vec<&str> = REPORT.metrics.iter().map(|metric| metric.key).collect();
    keys.sort_unstable();
    keys.dedup();
    assert_eq!(keys.len(), REPORT.metrics.len());
    for metric in REPORT.metrics {
        assert!(!metric.tip.en.is_empty() && !metric.tip.en.ends_with('.') && !metric.name.en.is_empty(), "{}", metric.key);
    }
}

/// The same note, 通话报表 and 满意度统计指标细分; a number of ratings has no tip there.
const OF_CALLS: [(&str, &str); 11] = [
    ("通话总时长", "在呼入和呼出通话中,客户与坐席的通话时长之和"),
    ("呼入通话时长", "在呼入通话中,客户与坐席通话的总时长"),
    ("呼出通话时长", "在呼出通话中,客户接听后与坐席通话的总时长"),
    ("平均通话时长", "通话总时长/成功通话总数"),
    ("呼入平均通话时长", "呼入通话时长/呼入接听数"),
    ("呼出平均通话时长", "呼出通话时长/呼出成功数"),
    ("非常满意率", "非常满意数/参评数*100%"),
    ("满意率", "满意数/参评数*100%"),
    ("一般率", "一般数/参评数*100%"),
    ("不满意率", "不满意数/参评数*100%"),
    ("非常不满意率", "非常不满意数/参评数*100%"),
];

#[test]
fn names_and_tips_of_calls_are_the_release_notes() {
    let ours: Vec<(&str, &str)> = reports::about(Subject::Calls)
        .flat_map(|report| report.metrics.iter())
        .map(|metric| (metric.name.zh, metric.tip.zh))
        .filter(|(name, _)| OF_CALLS.iter().any(|(theirs, _)| theirs == name))
        .collect();
    assert_eq!(ours, OF_CALLS);
}

#[test]
fn a_length_of_time_reads_as_one() {
    let show = |figure: Figure| figure.show(Unit::Duration);
    assert_eq!([show(Figure::Whole(252_000)), show(Figure::Whole(3_723_499)), show(Figure::Whole(0))], ["4:12", "1:02:03", "0:00"]);
    assert_eq!(show(Figure::Ratio(200_000, 3)), "1:07", "half up, once");
    assert_eq!(show(Figure::Ratio(0, 0)), "–");
    assert_eq!(Figure::Ratio(200_000, 3).cell(Unit::Duration), Cell::Decimal(6667), "seconds with two decimals in files");
    assert_eq!(Figure::Whole(61_500).difference_cell(Figure::Whole(60_000), Unit::Duration), Cell::Decimal(150));
}

#[test]
fn every_report_stands_on_one_relation_and_no_two_numbers_have_one_name() {
    let mut known: Vec<&'static Metric> = Vec::new();
    for report in reports::ALL {
        let shown = bases(&report.shown());
        assert!(shown.iter().all(|metric| core::ptr::eq(metric.relation, shown[0].relation)), "{}", report.key);
        let named = report.tiles.iter().copied().chain([report.sort, report.whole]).map(|metric| metric.key);
        for key in named.chain(report.strong.iter().copied()) {
            assert!(report.metric(key).is_some(), "{}: {key} is no column", report.key);
        }
        for metric in report.metrics {
            assert!(!metric.tip.en.is_empty() && !metric.tip.en.ends_with('.') && !metric.name.en.is_empty(), "{}", metric.key);
        }
        // Two reports may show one number; they may not have two of one name.
        for metric in report.metrics {
            if !known.iter().any(|other| core::ptr::eq(*other, *metric)) {
                known.push(metric);
            }
        }
        assert_eq!(reports::find(report.key).map(|found| found.path), Some(report.path));
    }
    let mut keys: Vec<&str> = known.iter().map(|metric| metric.key).collect();
    let count = keys.len();
    keys.sort_unstable();
    keys.dedup();
    assert_eq!(keys.len(), count, "they are anchors of one page");
    assert_eq!(reports::find("").map(|report| report.key), Some(REPORT.key), "orders from when there was one report");
    assert!(reports::find("no_such_report").is_none());
}

#[test]
fn a_ratio_explains_itself_and_opens_its_rows() {
    assert_eq!(GOOD_RATE.formula(Lang::Zh).unwrap(), "好评数 ÷ 参评数");
    assert_eq!(BAD_RATE.formula(Lang::En).unwrap(), "Bad ÷ Rated");
    assert_eq!(AVERAGE.formula(Lang::Zh).unwrap(), "各分数之和 ÷ 参评数");
    assert_eq!(FIRST_RATE.formula(Lang::Zh).unwrap(), "按时响应 ÷ 已有结果的首次响应");
    assert_eq!(SOLVE_RATE.formula(Lang::En).unwrap(), "Solved in time ÷ Solutions decided");
    assert_eq!(NEXT_RATE.formula(Lang::En).unwrap(), "Next responses in time ÷ Next responses decided");
    assert_eq!(INVITED.formula(Lang::Zh), None);
    assert_eq!(GOOD_RATE.predicate(), GOOD.predicate());
    assert_eq!(RATED_RATE.predicate(), RATED.predicate());
    assert_eq!(AVERAGE.predicate(), RATED.predicate(), "an average opens the rows it is taken over");
    let needed: Vec<&str> = bases(REPORT.metrics).iter().map(|metric| metric.key).collect();
    let once = |key: &str| needed.iter().filter(|known| **known == key).count() == 1;
    let counted = |metric: &Metric| match made_of(metric) {
        [] => once(metric.key),
        made => !once(metric.key) && made.iter().all(|(part, _)| once(part.key)),
    };
    assert!(counted(&SCORES), "the sum under the average is told by the scores: {needed:?}");
    for metric in REPORT.metrics {
        match metric.value {
            Value::Ratio(above, below) => assert!(counted(above) && counted(below), "{}: {needed:?}", metric.key),
            Value::Count(_) | Value::Sum(..) => assert!(counted(metric), "{}: {needed:?}", metric.key),
        }
    }
}

fn sums(values: &[(&'static Metric, i64)]) -> Sums {
    let mut out = Sums::default();
    for (metric, sum) in values {
        out.set(metric, *sum);
    }
    out
}

#[test]
fn figures_read_as_people_expect() {
    let month = sums(&[(&INVITED, 1502), (&RATED, 210), (&SCORES, 930), (&GOOD, 153), (&BAD, 19)]);
    let show = |metric: &'static Metric| month.figure(metric).show(metric.unit);
    assert_eq!(show(&INVITED), "1,502");
    assert_eq!(show(&RATED_RATE), "14.0%");
    assert_eq!(show(&AVERAGE), "4.43");
    assert_eq!(show(&GOOD_RATE), "72.9%");
    assert_eq!(month.figure(&GOOD_RATE).cell(Unit::Percent), Cell::Share(7286));
    assert_eq!(month.figure(&AVERAGE).cell(Unit::Score), Cell::Decimal(443));
    // Nothing rated: no value, not zero.
    let empty = sums(&[(&INVITED, 0)]);
    for metric in REPORT.metrics {
        let expected = if matches!(metric.value, Value::Ratio(..)) { "–" } else { "0" };
        assert_eq!(empty.figure(metric).show(metric.unit), expected, "{}", metric.key);
    }
    assert_eq!(empty.figure(&AVERAGE).cell(Unit::Score), Cell::Empty);
    // Half up, once.
    assert_eq!(Figure::Ratio(1, 8).show(Unit::Percent), "12.5%");
    assert_eq!(Figure::Ratio(1, 16).cell(Unit::Percent), Cell::Share(625));
    assert_eq!(Figure::Ratio(5, 10_000).show(Unit::Percent), "0.1%");
    assert_eq!(Figure::Ratio(4445, 10_000).show(Unit::Percent), "44.5%");
}

#[test]
fn a_change_is_the_difference_of_what_is_shown() {
    let change = |now, before, metric: &'static Metric| Figure::change(now, before, metric, Lang::Zh).unwrap();
    let rate = change(Figure::Ratio(418, 1000), Figure::Ratio(400, 1000), &RATED_RATE);
    assert_eq!((rate.words.as_str(), rate.is_better), ("1.8 个百分点", Some(true)));
    let bad = change(Figure::Ratio(90, 1000), Figure::Ratio(100, 1000), &BAD_RATE);
    assert_eq!((bad.words.as_str(), bad.is_better), ("1.0 个百分点", Some(true)));
    let invited = change(Figure::Whole(502), Figure::Whole(473), &INVITED);
    assert_eq!((invited.words.as_str(), invited.is_better), ("6.1%", None));
    let average = change(Figure::Ratio(443, 100), Figure::Ratio(450, 100), &AVERAGE);
    assert_eq!((average.words.as_str(), average.is_better), ("0.07 分", Some(false)));
    assert!(Figure::Whole(5).change(Figure::Whole(0), &INVITED, Lang::Zh).is_none(), "nothing to compare with");
    assert!(Figure::Ratio(1, 2).change(Figure::Ratio(0, 0), &RATED_RATE, Lang::Zh).is_none());
}

#[test]
fn a_difference_has_its_own_unit_and_knows_what_is_good_news() {
    let say = |now, before, metric: &'static Metric| {
        let change = Figure::difference(now, before, metric, Lang::Zh).unwrap();
        (change.words, change.direction, change.is_better)
    };
    use core::cmp::Ordering::{Equal, Greater, Less};
    assert_eq!(say(Figure::Whole(5), Figure::Whole(3), &BAD), ("2".into(), Greater, Some(false)), "more bad ratings are bad");
    assert_eq!(say(Figure::Whole(3), Figure::Whole(5), &BAD), ("2".into(), Less, Some(true)));
    assert_eq!(say(Figure::Whole(5), Figure::Whole(3), &GOOD), ("2".into(), Greater, Some(true)));
    assert_eq!(say(Figure::Whole(1502), Figure::Whole(0), &INVITED), ("1,502".into(), Greater, None), "from nothing is a difference too");
    assert_eq!(say(Figure::Whole(3), Figure::Whole(3), &GOOD), ("0".into(), Equal, None));
    assert_eq!(say(Figure::Ratio(1, 8), Figure::Ratio(1, 10), &BAD_RATE), ("2.5 个百分点".into(), Greater, Some(false)));
    assert_eq!(say(Figure::Ratio(443, 100), Figure::Ratio(450, 100), &AVERAGE), ("0.07 分".into(), Less, Some(false)));
    assert!(Figure::Ratio(0, 0).difference(Figure::Ratio(1, 2), &BAD_RATE, Lang::Zh).is_none());
}

proptest! {
    #[test]
    fn a_file_says_the_difference_of_what_it_says(now in (0_i64..500, 0_i64..50), before in (0_i64..500, 0_i64..50)) {
        for unit in [Unit::Tickets, Unit::Duration, Unit::Percent, Unit::Score] {
            let (now, before) = (Figure::Ratio(now.0, now.1), Figure::Ratio(before.0, before.1));
            let number = |cell: Cell| match cell {
                Cell::Whole(number) | Cell::Decimal(number) | Cell::Share(number) => Some(number),
                Cell::Text(_) | Cell::Empty => None,
            };
            let expected = number(now.cell(unit)).zip(number(before.cell(unit))).map(|(now, before)| now - before);
            prop_assert_eq!(number(now.difference_cell(before, unit)), expected);
        }
    }

    #[test]
    fn parts_of_the_period_before_tile_it(start in 0_i64..800, days in 0_i64..366, by in 0_usize..3) {
        let by = [By::Day, By::Week, By::Month][by];
        let from = date(2025, 1, 1).saturating_add(jiff::Span::new().days(start));
        let range = Range { from, to: from.saturating_add(jiff::Span::new().days(days)) };
        let parts: Vec<Range> = range.parts(by).into_iter().map(|part| part.back(range.days())).collect();
        let before = range.before();
        prop_assert_eq!((parts[0].from, parts[parts.len() - 1].to), (before.from, before.to));
        prop_assert_eq!(before.to.tomorrow().unwrap(), range.from);
        for pair in parts.windows(2) {
            prop_assert_eq!(pair[0].to.tomorrow().unwrap(), pair[1].from);
        }
    }

    #[test]
    fn rounding_is_half_up_and_exact(above in 0_i64..1_000_000, below in 1_i64..1_000_000) {
        let scaled = Figure::Ratio(above, below).scaled(10_000).unwrap();
        let (exact, unit) = (i128::from(above) * 10_000, i128::from(below));
        let error = i128::from(scaled) * unit - exact;
        prop_assert!(2 * error <= unit && 2 * error > -unit, "{above}/{below} → {scaled}");
    }

    #[test]
    fn a_total_is_the_ratio_of_sums(rows in proptest::collection::vec((0_i64..50, 0_i64..50), 1..12)) {
        let mut total = Sums::default();
        for (rated, more) in &rows {
            total.add(&sums(&[(&INVITED, rated + more), (&RATED, *rated)]));
        }
        let (rated, invited) = rows.iter().fold((0, 0), |(rated, invited), (r, m)| (rated + r, invited + r + m));
        prop_assert_eq!(total.figure(&RATED_RATE), Figure::Ratio(rated, invited));
    }

    #[test]
    fn parts_tile_the_range(start in 0_i64..800, days in 0_i64..366, by in 0_usize..3) {
        let by = [By::Day, By::Week, By::Month][by];
        let from = date(2025, 1, 1).saturating_add(jiff::Span::new().days(start));
        let range = Range { from, to: from.saturating_add(jiff::Span::new().days(days)) };
        let parts = range.parts(by);
        prop_assert_eq!(parts.first().unwrap().from, range.from);
        prop_assert_eq!(parts.last().unwrap().to, range.to);
        prop_assert_eq!(parts.iter().map(|part| part.days()).sum::<i32>(), range.days());
        for pair in parts.windows(2) {
            prop_assert_eq!(pair[0].to.tomorrow().unwrap(), pair[1].from);
        }
    }
}

#[test]
fn named_ranges() {
    let today = date(2026, 11, 22);
    let days = |preset| {
        let range = Range::preset(preset, today);
        (range.from.to_string(), range.to.to_string())
    };
    assert_eq!(days(Preset::Today), ("2026-11-22".into(), "2026-11-22".into()));
    assert_eq!(days(Preset::Last30), ("2026-10-24".into(), "2026-11-22".into()));
    assert_eq!(days(Preset::ThisMonth), ("2026-11-01".into(), "2026-11-22".into()));
    assert_eq!(days(Preset::LastMonth), ("2026-10-01".into(), "2026-10-31".into()));
    let month = Range::preset(Preset::Last30, today);
    assert_eq!(month.days(), 30);
    assert_eq!(month.name(today), Some(Preset::Last30));
    assert_eq!(month.before(), Range { from: date(2026, 9, 24), to: date(2026, 10, 23) });
    assert_eq!(month.words(today, Lang::Zh), "10 月 24 日 – 11 月 22 日");
    assert_eq!(month.words(today, Lang::En), "24 Oct – 22 Nov");
    // Weeks begin on Monday; 22 November 2026 is a Sunday.
    let weeks: Vec<String> = Range { from: date(2026, 11, 20), to: date(2026, 11, 24) }
        .parts(By::Week)
        .iter()
        .map(|week| format!("{}–{}", week.from, week.to))
        .collect();
    assert_eq!(weeks, ["2026-11-20–2026-11-22", "2026-11-23–2026-11-24"]);
}

#[test]
fn an_address_becomes_a_filter_and_back() {
    let today = date(2026, 11, 22);
    let read = |query: ReportQuery| Filter::read(&query, &REPORT, today);
    let (fresh, problems) = read(ReportQuery::default());
    assert!(problems.0.is_empty());
    assert_eq!(fresh.range, Range::preset(Preset::Last30, today));
    assert!(fresh.compares && fresh.by == By::Agent && fresh.sort.descending);
    let id = "018f3f8e-0000-7000-8000-000000000001";
    let query = ReportQuery {
        from: "2026-11-01".into(),
        to: "2026-11-22".into(),
        agent: id.into(),
        group: "none".into(),
        channel: "email".into(),
        compare: "no".into(),
        by: "week".into(),
        sort: "-good".into(),
        ..ReportQuery::default()
    };
    let (filter, problems) = read(query.clone());
    assert!(problems.0.is_empty(), "{problems:?}");
    assert_eq!(filter.group, Pick::Nobody);
    assert_eq!(filter.query(), query, "the same address comes back");
    assert_eq!(
        query.href("/r"),
        format!("/r?from=2026-11-01&to=2026-11-22&group=none&agent={id}&channel=email&compare=no&by=week&sort=-good")
    );
    let wrong = |query: ReportQuery| read(query).1.0.first().map(|(field, problem)| (field.clone(), *problem)).unwrap();
    let dates = |from: &str, to: &str| ReportQuery { from: from.into(), to: to.into(), ..ReportQuery::default() };
    assert_eq!(wrong(dates("2026-11-22", "2026-11-01")), ("to".into(), Problem::RangeReversed));
    assert_eq!(wrong(dates("2025-01-01", "2026-11-01")), ("from".into(), Problem::RangeTooLong));
    assert_eq!(wrong(dates("gestern", "2026-11-01")), ("from".into(), Problem::BadDate));
    assert_eq!(wrong(ReportQuery { agent: "1 or 1=1".into(), ..ReportQuery::default() }), ("agent".into(), Problem::BadChoice));
    assert_eq!(wrong(ReportQuery { channel: "mail'--".into(), ..ReportQuery::default() }), ("channel".into(), Problem::BadChoice));
    assert_eq!((Problem::RangeReversed.code(), Problem::RangeTooLong.code()), ("400002", "400003"));
}

#[test]
fn the_interface_tells_lengths_of_time_in_seconds() {
    use crate::api::hundredths;
    assert_eq!(hundredths(crate::figure::Figure::Whole(61_500), crate::metric::Unit::Duration), 6_150);
    assert_eq!(hundredths(crate::figure::Figure::Ratio(1, 3), crate::metric::Unit::Percent), 3_333);
    assert_eq!(hundredths(crate::figure::Figure::Ratio(1, 0), crate::metric::Unit::Duration), 0);
}
