//! 时效统计: first response, next response and solution against their targets, in four quadrants.

use crate::metric::Words;
use crate::metric::sla::{
    CLOCKS, FIRST, FIRST_LATE, FIRST_MET, FIRST_OVERDUE, FIRST_RATE, FIRST_WAITING, NEXT_LATE, NEXT_MET, NEXT_RATE, SOLVE_LATE, SOLVE_MET,
    SOLVE_OVERDUE, SOLVE_RATE, SOLVE_WAITING,
};
use crate::model::By;
use crate::reports::{Empty, Panel, Part, Report, Rows, Texts};
use kernel::permission::Permission;

/// 时效统计.
pub static REPORT: Report = Report {
    key: "sla",
    name: Words { zh: "时效统计", en: "SLA" },
    path: "/reports/sla",
    rows_path: "/reports/sla/rows",
    rows: Rows::Clocks,
    metrics: &[
        &FIRST,
        &FIRST_MET,
        &FIRST_LATE,
        &FIRST_WAITING,
        &FIRST_OVERDUE,
        &FIRST_RATE,
        &SOLVE_MET,
        &SOLVE_LATE,
        &SOLVE_WAITING,
        &SOLVE_OVERDUE,
        &SOLVE_RATE,
        &NEXT_MET,
        &NEXT_LATE,
        &NEXT_RATE,
    ],
    tiles: &[&FIRST, &FIRST_RATE, &FIRST_OVERDUE, &SOLVE_RATE, &SOLVE_OVERDUE, &NEXT_RATE],
    by: By::Agent,
    sort: &FIRST,
    strong: &["first_rate", "solve_rate"],
    population: &CLOCKS,
    whole: &FIRST,
    parts: &[
        Part { metric: &FIRST_MET, tone: 1, legend: Words { zh: "按时响应", en: "Answered in time" } },
        Part { metric: &FIRST_LATE, tone: 2, legend: Words { zh: "超时响应", en: "Answered late" } },
        Part { metric: &FIRST_OVERDUE, tone: 3, legend: Words { zh: "未响应，已超时", en: "Unanswered, overdue" } },
        Part { metric: &FIRST_WAITING, tone: 4, legend: Words { zh: "未响应，未超时", en: "Unanswered, in time" } },
    ],
    panel: Some(Panel {
        id: "rate",
        metric: &FIRST_RATE,
        bounds: &[(0.0, 100.0)],
        daily: Words { zh: "首次响应达标率（%），7 日滑动", en: "First response SLA in percent, over 7 days" },
        weekly: Words { zh: "首次响应达标率（%），按周", en: "First response SLA in percent, by week" },
        said: Words { zh: "首次响应达标率", en: "the first response SLA" },
        nothing: Words { zh: "折线图：还没有首次响应", en: "Line: no first responses yet" },
    }),
    spread: None,
    bridge: None,
    empty: Empty {
        icon: "timer",
        title: Words { zh: "这段时间没有时效时钟", en: "No SLA clocks in these days" },
        text: Words {
            zh: "工单适用时效规则后开始计时，按时与超时会出现在这里。",
            en: "Clocks begin when an SLA policy fits a ticket; what was in time and what was late appears here.",
        },
        action: Some((Permission::SlaManage, "/settings/sla", Words { zh: "设置时效规则", en: "Set SLA policies" })),
        filtered: Words { zh: "这些筛选下没有时效时钟", en: "No SLA clocks match the filter" },
    },
    texts: Texts {
        bar: Words { zh: "首次响应分布", en: "First responses" },
        daily: Words { zh: "每日开始的首次响应，按结果", en: "First responses by the day their clock began" },
        weekly: Words { zh: "每周开始的首次响应，按结果", en: "First responses by the week their clock began" },
        counted: Words { zh: "次首次响应", en: "first responses" },
        attribution: Words {
            zh: "归属以时钟结束时的客服和受理组为准，还没有结束的按现在的。",
            en: "Agent and group are those of the end of the clock, or of now while it has none. ",
        },
        moment: Words { zh: "按时钟开始的时间", en: "by the beginning of the clock" },
        order: Words { zh: "个时钟，按开始时间从新到旧", en: "clocks, latest beginning first" },
    },
};
