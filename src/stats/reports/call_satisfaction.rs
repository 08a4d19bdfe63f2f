//! 通话满意度统计: five levels, each by number and rate (release note, 满意度统计指标细分).

use crate::metric::Words;
use crate::metric::call_rating::{
    CALL_ASKED, CALL_RATED, CALL_RATED_RATE, DISSATISFIED, DISSATISFIED_RATE, NEUTRAL, NEUTRAL_RATE, SATISFIED, SATISFIED_RATE, VERY_BAD,
    VERY_BAD_RATE, VERY_GOOD, VERY_GOOD_RATE,
};
use crate::model::By;
use crate::reports::{Empty, Part, Report, Rows, Texts};

/// 通话满意度统计.
pub static REPORT: Report = Report {
    key: "call_satisfaction",
    name: Words { zh: "通话满意度统计", en: "Call satisfaction" },
    path: "/reports/call-satisfaction",
    rows_path: "/reports/call-satisfaction/rows",
    rows: Rows::Calls,
    metrics: &[
        &CALL_ASKED,
        &CALL_RATED,
        &CALL_RATED_RATE,
        &VERY_GOOD,
        &VERY_GOOD_RATE,
        &SATISFIED,
        &SATISFIED_RATE,
        &NEUTRAL,
        &NEUTRAL_RATE,
        &DISSATISFIED,
        &DISSATISFIED_RATE,
        &VERY_BAD,
        &VERY_BAD_RATE,
    ],
    tiles: &[&CALL_RATED, &VERY_GOOD_RATE, &SATISFIED_RATE, &NEUTRAL_RATE, &DISSATISFIED_RATE, &VERY_BAD_RATE],
    by: By::Agent,
    sort: &CALL_RATED,
    strong: &["very_satisfied_rate", "very_dissatisfied_rate"],
    population: &CALL_ASKED,
    whole: &CALL_RATED,
    parts: &[
        Part { metric: &VERY_GOOD, tone: 5, legend: Words { zh: "非常满意", en: "Very satisfied" } },
        Part { metric: &SATISFIED, tone: 1, legend: Words { zh: "满意", en: "Satisfied" } },
        Part { metric: &NEUTRAL, tone: 0, legend: Words { zh: "一般", en: "Neutral" } },
        Part { metric: &DISSATISFIED, tone: 2, legend: Words { zh: "不满意", en: "Dissatisfied" } },
        Part { metric: &VERY_BAD, tone: 3, legend: Words { zh: "非常不满意", en: "Very dissatisfied" } },
    ],
    panel: None,
    spread: None,
    bridge: None,
    empty: Empty {
        icon: "smile",
        title: Words { zh: "这段时间没有邀评", en: "Nobody was asked in these days" },
        text: Words {
            zh: "通话结束后交换机请客户按键评价，评价和比率会出现在这里。",
            en: "After a call the switch asks its customer for a key; ratings and rates appear here.",
        },
        ..super::call::EMPTY
    },
    texts: Texts {
        bar: Words { zh: "五级分布", en: "Five levels" },
        daily: Words { zh: "每日通话收到的评价", en: "Ratings by the day of their call" },
        weekly: Words { zh: "每周通话收到的评价", en: "Ratings by the week of their call" },
        counted: Words { zh: "次评价", en: "ratings" },
        attribution: Words {
            zh: "归属以接听这通电话的客服和技能组为准。", en: "Agent and group are those that answered the call. "
        },
        moment: Words { zh: "按通话开始的时间", en: "by the beginning of the call" },
        order: Words { zh: "通电话，按开始时间从新到旧", en: "calls, latest beginning first" },
    },
};
