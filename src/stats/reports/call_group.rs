//! 技能组报表: what groups received and called, and how long their queues were.

use crate::metric::Words;
use crate::metric::own_call::{
    OWN_ABANDON_RATE, OWN_ABANDONED, OWN_ALL, OWN_IN, OWN_IN_AVERAGE, OWN_IN_DONE, OWN_IN_RATE, OWN_IN_TALK, OWN_OUT, OWN_OUT_DONE,
    OWN_OUT_RATE, OWN_OUT_TALK, OWN_QUEUED, OWN_TALK,
};
use crate::model::By;
use crate::reports::call::{BRIDGE, EMPTY};
use crate::reports::call_agent::{PARTS, TEXTS};
use crate::reports::{Report, Rows};

/// 技能组报表.
pub static REPORT: Report = Report {
    key: "call_group",
    name: Words { zh: "技能组报表", en: "Groups of agents" },
    path: "/reports/call-groups",
    rows_path: "/reports/call-groups/rows",
    rows: Rows::Calls,
    metrics: &[
        &OWN_ALL,
        &OWN_TALK,
        &OWN_IN,
        &OWN_IN_DONE,
        &OWN_IN_RATE,
        &OWN_IN_TALK,
        &OWN_IN_AVERAGE,
        &OWN_QUEUED,
        &OWN_ABANDONED,
        &OWN_ABANDON_RATE,
        &OWN_OUT,
        &OWN_OUT_DONE,
        &OWN_OUT_RATE,
        &OWN_OUT_TALK,
    ],
    tiles: &[&OWN_ALL, &OWN_TALK, &OWN_IN_RATE, &OWN_IN_AVERAGE, &OWN_ABANDON_RATE, &OWN_OUT_RATE],
    by: By::Group,
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
