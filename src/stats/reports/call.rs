//! 通话报表: calls of both lines; its columns in the order of the release note, then what queues are judged by.

use crate::metric::Words;
use crate::metric::call::{
    ABANDON_RATE, ABANDONED, CALLS, CALLS_DONE, CALLS_IN, CALLS_IN_DONE, CALLS_IN_LOST, CALLS_IN_RATE, CALLS_OUT, CALLS_OUT_DONE,
    CALLS_OUT_LOST, CALLS_OUT_RATE, QUEUED, SERVICE_LEVEL, WAIT, WAIT_AVERAGE,
};
use crate::metric::talk::{
    TALK, TALK_AVERAGE, TALK_CONSULTED, TALK_IN, TALK_IN_AVERAGE, TALK_OUT, TALK_OUT_AVERAGE, TALK_OWN, TALK_SUPERVISED, TALK_THIRD,
    TALK_TRANSFERRED,
};
use crate::model::By;
use crate::reports::{Bridge, Empty, Panel, Part, Report, Rows, Texts};
use kernel::permission::Permission;

/// 通话报表.
pub static REPORT: Report = Report {
    key: "call",
    name: Words { zh: "通话报表", en: "Calls" },
    path: "/reports/calls",
    rows_path: "/reports/calls/rows",
    rows: Rows::Calls,
    metrics: &[
        &TALK,
        &TALK_IN,
        &TALK_OUT,
        &TALK_AVERAGE,
        &TALK_IN_AVERAGE,
        &TALK_OUT_AVERAGE,
        &CALLS,
        &CALLS_DONE,
        &CALLS_IN,
        &CALLS_IN_DONE,
        &CALLS_IN_RATE,
        &CALLS_OUT,
        &CALLS_OUT_DONE,
        &CALLS_OUT_RATE,
        &QUEUED,
        &ABANDONED,
        &ABANDON_RATE,
        &WAIT_AVERAGE,
        &SERVICE_LEVEL,
    ],
    tiles: &[&CALLS, &TALK, &TALK_AVERAGE, &CALLS_IN_RATE, &ABANDON_RATE, &SERVICE_LEVEL],
    by: By::Day,
    sort: &CALLS,
    strong: &["talk", "calls"],
    population: &CALLS,
    whole: &CALLS,
    parts: &[
        Part { metric: &CALLS_IN_DONE, tone: 1, legend: Words { zh: "呼入接听", en: "Inbound answered" } },
        Part { metric: &CALLS_IN_LOST, tone: 3, legend: Words { zh: "呼入未接听", en: "Inbound not answered" } },
        Part { metric: &CALLS_OUT_DONE, tone: 5, legend: Words { zh: "呼出成功", en: "Outbound succeeded" } },
        Part { metric: &CALLS_OUT_LOST, tone: 2, legend: Words { zh: "呼出未成功", en: "Outbound not answered" } },
    ],
    panel: Some(Panel {
        id: "answered",
        metric: &CALLS_IN_RATE,
        bounds: &[(0.0, 100.0)],
        daily: Words { zh: "呼入接听率（%），7 日滑动", en: "Inbound answer rate in percent, over 7 days" },
        weekly: Words { zh: "呼入接听率（%），按周", en: "Inbound answer rate in percent, by week" },
        said: Words { zh: "呼入接听率", en: "the inbound answer rate" },
        nothing: Words { zh: "折线图：还没有呼入", en: "Line: no inbound calls yet" },
    }),
    spread: Some(&WAIT),
    bridge: Some(&BRIDGE),
    empty: EMPTY,
    texts: Texts {
        bar: Words { zh: "接听分布", en: "Answers" },
        daily: Words { zh: "每日通话，按结果", en: "Calls by day and result" },
        weekly: Words { zh: "每周通话，按结果", en: "Calls by week and result" },
        counted: Words { zh: "次通话", en: "calls" },
        attribution: Words {
            zh: "归属以记录开始时的客服和技能组为准，被转接以后的通话归被转接的客服。",
            en: "Agent and group are those of the beginning of the record; what follows a transfer is the new agent's. ",
        },
        moment: Words { zh: "按记录开始的时间", en: "by the beginning of the record" },
        order: Words { zh: "条记录，按开始时间从新到旧", en: "records, latest beginning first" },
    },
};

/// 通话总时长 and what it is made of: why the agents' own reports come to less.
pub static BRIDGE: Bridge = Bridge {
    report: &REPORT,
    total: &TALK,
    parts: &[&TALK_OWN, &TALK_TRANSFERRED, &TALK_CONSULTED, &TALK_SUPERVISED],
    own: &TALK_OWN,
    outside: &TALK_THIRD,
};

/// 空状态 of every report of calls.
pub(super) const EMPTY: Empty = Empty {
    icon: "phone",
    title: Words { zh: "这段时间没有通话", en: "No calls in these days" },
    text: Words {
        zh: "交换机报来的通话结束后，通话量和时长会出现在这里。",
        en: "Once calls that a switch tells of are over, their numbers and lengths appear here.",
    },
    action: Some((Permission::SwitchManage, "/settings/switches", Words { zh: "设置交换机", en: "Set up switches" })),
    filtered: Words { zh: "这些筛选下没有通话", en: "No calls match the filter" },
};
