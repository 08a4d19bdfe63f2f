//! 坐席工作效率: what agents received and called themselves.

use crate::metric::Words;
use crate::metric::own_call::{
    OWN_ALL, OWN_HOLD, OWN_IN, OWN_IN_AVERAGE, OWN_IN_DONE, OWN_IN_LOST, OWN_IN_RATE, OWN_IN_TALK, OWN_OUT, OWN_OUT_AVERAGE, OWN_OUT_DONE,
    OWN_OUT_LOST, OWN_OUT_RATE, OWN_OUT_TALK, OWN_RING, OWN_TALK,
};
use crate::model::By;
use crate::reports::call::{BRIDGE, EMPTY};
use crate::reports::{Part, Report, Rows, Texts};

/// 坐席工作效率.
pub static REPORT: Report = Report {
    key: "call_agent",
    name: Words { zh: "坐席工作效率", en: "Agent efficiency" },
    path: "/reports/call-agents",
    rows_path: "/reports/call-agents/rows",
    rows: Rows::Calls,
    metrics: &[
        &OWN_ALL,
        &OWN_TALK,
        &OWN_IN,
        &OWN_IN_DONE,
        &OWN_IN_RATE,
        &OWN_IN_TALK,
        &OWN_IN_AVERAGE,
        &OWN_RING,
        &OWN_OUT,
        &OWN_OUT_DONE,
        &OWN_OUT_RATE,
        &OWN_OUT_TALK,
        &OWN_OUT_AVERAGE,
        &OWN_HOLD,
    ],
    tiles: &[&OWN_ALL, &OWN_TALK, &OWN_IN_RATE, &OWN_IN_AVERAGE, &OWN_OUT_RATE, &OWN_OUT_AVERAGE],
    by: By::Agent,
    sort: &OWN_ALL,
    strong: &["own_all", "own_talk"],
    population: &OWN_ALL,
    whole: &OWN_ALL,
    parts: PARTS,
    panel: None,
    spread: None,
    bridge: Some(&BRIDGE),
    empty: EMPTY,
    texts: TEXTS,
};

/// The columns of the chart of agents and of groups.
pub(super) const PARTS: &[Part] = &[
    Part { metric: &OWN_IN_DONE, tone: 1, legend: Words { zh: "接听", en: "Answered" } },
    Part { metric: &OWN_IN_LOST, tone: 3, legend: Words { zh: "未接听", en: "Not answered" } },
    Part { metric: &OWN_OUT_DONE, tone: 5, legend: Words { zh: "外呼成功", en: "Outbound reached" } },
    Part { metric: &OWN_OUT_LOST, tone: 2, legend: Words { zh: "外呼未成功", en: "Outbound not reached" } },
];

/// What both say of their rows.
pub(super) const TEXTS: Texts = Texts {
    bar: Words { zh: "接听分布", en: "Answers" },
    daily: Words { zh: "每日接待与外呼，按结果", en: "Inbound and outbound by day and result" },
    weekly: Words { zh: "每周接待与外呼，按结果", en: "Inbound and outbound by week and result" },
    counted: Words { zh: "次接待与外呼", en: "inbound and outbound calls" },
    attribution: Words {
        zh: "只包括呼入接待和外呼，不包含被转接、被咨询、监听、强插、强拆；归属以通话时的客服和技能组为准。",
        en: "Inbound reception and outbound only, without transfers, consultations, monitoring, barge-in and forced disconnects; agent and group are those of the call. ",
    },
    moment: Words { zh: "按通话开始的时间", en: "by the beginning of the call" },
    order: Words { zh: "通电话，按开始时间从新到旧", en: "calls, latest beginning first" },
};
