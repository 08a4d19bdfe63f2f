//! Pure tests: definitions, figures, ranges, filters, cells.

use crate::figure::{Figure, Sums, bases, grouped};
use crate::metric::{AVERAGE, BAD, BAD_RATE, GOOD, GOOD_RATE, INVITED, Metric, RATED, RATED_RATE, SCORES, Unit, Value};
use crate::model::{By, Format, Preset, ReportQuery};
use crate::report::{Filter, Pick, Range};
use crate::reports::ticket_satisfaction::REPORT;
use crate::sheet::{Cell, Sheet, inert};
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

#[test]
fn names_and_tips_are_the_release_notes() {
    let ours: Vec<(&str, &str)> = REPORT.metrics.iter().map(|metric| (metric.name.zh, metric.tip.zh)).collect();
    assert_eq!(ours, RELEASE_NOTE);
    let mut keys: Vec<&str> = REPORT.metrics.iter().map(|metric| metric.key).collect();
    keys.sort_unstable();
    keys.dedup();
    assert_eq!(keys.len(), REPORT.metrics.len());
    for metric in REPORT.metrics {
        assert!(!metric.tip.en.is_empty() && !metric.tip.en.ends_with('.') && !metric.name.en.is_empty(), "{}", metric.key);
    }
}

#[test]
fn a_ratio_explains_itself_and_opens_its_rows() {
    assert_eq!(GOOD_RATE.formula(Lang::Zh).unwrap(), "好评数 ÷ 参评数");
    assert_eq!(BAD_RATE.formula(Lang::En).unwrap(), "Bad ÷ Rated");
    assert_eq!(AVERAGE.formula(Lang::Zh).unwrap(), "各分数之和 ÷ 参评数");
    assert_eq!(INVITED.formula(Lang::Zh), None);
    assert_eq!(GOOD_RATE.predicate(), GOOD.predicate());
    assert_eq!(RATED_RATE.predicate(), RATED.predicate());
    assert_eq!(AVERAGE.predicate(), RATED.predicate(), "an average opens the rows it is taken over");
    let needed: Vec<&str> = bases(REPORT.metrics).iter().map(|metric| metric.key).collect();
    assert_eq!(needed, ["invited", "rated", "scores", "good", "fair", "bad", "score_4", "score_3", "score_2", "score_1"]);
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
    assert_eq!(month.figure(&GOOD_RATE).exact(Unit::Percent), "72.86%");
    assert_eq!(month.figure(&AVERAGE).exact(Unit::Score), "4.43");
    // Nothing rated: no value, not zero.
    let empty = sums(&[(&INVITED, 0)]);
    for metric in REPORT.metrics {
        let expected = if matches!(metric.value, Value::Ratio(..)) { "–" } else { "0" };
        assert_eq!(empty.figure(metric).show(metric.unit), expected, "{}", metric.key);
    }
    assert_eq!(empty.figure(&AVERAGE).exact(Unit::Score), "");
    // Half up, once.
    assert_eq!(Figure::Ratio(1, 8).show(Unit::Percent), "12.5%");
    assert_eq!(Figure::Ratio(1, 16).exact(Unit::Percent), "6.25%");
    assert_eq!(Figure::Ratio(5, 10_000).show(Unit::Percent), "0.1%");
    assert_eq!(Figure::Ratio(4445, 10_000).show(Unit::Percent), "44.5%");
    assert_eq!([0, 999, 1000, 1_234_567, -1000].map(grouped), ["0", "999", "1,000", "1,234,567", "-1,000"]);
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

proptest! {
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
    fn no_cell_is_a_formula(text in "\\PC{0,12}|[=+@\t\r\n\\-＝＋－＠][\\PC]{0,12}") {
        let cell = inert(&text);
        prop_assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']), "{cell:?}");
        prop_assert_eq!(cell.trim_start_matches('\''), text.trim_start_matches('\''), "nothing is lost");
        prop_assert_eq!(inert(&cell).into_owned(), cell.clone().into_owned(), "twice changes nothing");
        // The same cell through a whole file: quoting brings back exactly what was written.
        let mut sheet = Sheet::new(Format::Csv, "表", &["列".to_owned()]).unwrap();
        sheet.row(&[Cell::Text(text.clone()), Cell::Text("尾".to_owned())]).unwrap();
        let file = sheet.finish("说明", &[]).unwrap();
        let body = core::str::from_utf8(&file).unwrap().strip_prefix('\u{feff}').unwrap();
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(body.as_bytes());
        let row = reader.records().next().unwrap().unwrap();
        prop_assert_eq!(row.get(0), Some(cell.as_ref()));
        prop_assert_eq!(row.get(1), Some("尾"));
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
fn a_workbook_is_written_row_by_row() {
    let mut sheet = Sheet::new(Format::Xlsx, "工单满意度统计 [x]", &["客服".to_owned(), "参评率".to_owned()]).unwrap();
    for at in 0..1000 {
        sheet
            .row(&[
                Cell::Text(format!("=cmd|{at}")),
                Cell::Figure(Figure::Ratio(at, 1000), Unit::Percent),
                Cell::Whole(26_112_200_810_001),
                Cell::Empty,
            ])
            .unwrap();
    }
    let file = sheet.finish("说明", &[("时区".to_owned(), "UTC+8".to_owned())]).unwrap();
    assert_eq!(&file[..4], b"PK\x03\x04");
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
