//! 时效指标: whether we answered and solved in time. Four quadrants: done in time, done late, not done and in time, not done
//! and late; a clock that still runs is late once its time has passed, also before the timer has written so.

use super::{Better, Metric, Relation, Unit, Value, Words};
use crate::subject::Subject;

/// The clocks of tickets, one row each.
pub static SLA_CLOCKS: Relation = Relation {
    subject: Subject::Tickets,
    from: "sla_clocks i",
    holds: "true",
    clock: "i.started_at",
    company: "i.company_id",
    rows: Words {
        zh: "有时效规则的工单的时钟：首次响应和解决每张工单一个，后续响应每等一次一个",
        en: "Clocks of tickets with an SLA policy: one for the first response, one for the solution, one for each wait after that",
    },
    clock_words: Words {
        zh: "时钟开始的时刻，按公司时区的日期；不按响应或解决的时刻",
        en: "The moment the clock began, by the company's calendar; not the moment of the response or solution",
    },
    attribution: Words {
        zh: "时钟结束时的受理客服、受理组、分类和渠道；还没有结束的，按现在的",
        en: "Agent, group, category and channel at the end of the clock; those of now while it has none",
    },
};

/// 时钟数: whether there is anything to show; it is no column.
pub static CLOCKS: Metric = Metric {
    key: "sla_clocks",
    name: Words { zh: "时钟数", en: "Clocks" },
    tip: Words { zh: "全部时效时钟的数量", en: "All clocks" },
    unit: Unit::Tickets,
    relation: &SLA_CLOCKS,
    value: Value::Count("true"),
    better: Better::Neither,
};

/// 首次响应应答数.
pub static FIRST: Metric = Metric {
    key: "sla_first",
    name: Words { zh: "首次响应应答数", en: "First responses" },
    tip: Words {
        zh: "应当首次响应的工单数量，不论是否已经响应", en: "Tickets that a first response was or is owed for"
    },
    unit: Unit::Tickets,
    relation: &SLA_CLOCKS,
    value: Value::Count("i.target = 1"),
    better: Better::Neither,
};

/// 按时响应.
pub static FIRST_MET: Metric = Metric {
    key: "first_met",
    name: Words { zh: "按时响应", en: "Answered in time" },
    tip: Words {
        zh: "在时限内首次响应的工单数量，包括没有回复就在时限内结束的",
        en: "Tickets whose first response came in time, with those that ended in time without one",
    },
    unit: Unit::Tickets,
    relation: &SLA_CLOCKS,
    value: Value::Count("i.target = 1 and i.state = 4"),
    better: Better::Higher,
};

/// 超时响应.
pub static FIRST_LATE: Metric = Metric {
    key: "first_late",
    name: Words { zh: "超时响应", en: "Answered late" },
    tip: Words {
        zh: "超过时限才首次响应的工单数量，包括没有回复就结束、结束时已超时的",
        en: "Tickets whose first response came after its time, with those that ended late without one",
    },
    unit: Unit::Tickets,
    relation: &SLA_CLOCKS,
    value: Value::Count("i.target = 1 and i.state = 5"),
    better: Better::Lower,
};

/// 未响应，未超时.
pub static FIRST_WAITING: Metric = Metric {
    key: "first_waiting",
    name: Words { zh: "未响应，未超时", en: "Unanswered, in time" },
    tip: Words {
        zh: "还没有首次响应，时限未到的工单数量", en: "Tickets without a first response whose time has not passed"
    },
    unit: Unit::Tickets,
    relation: &SLA_CLOCKS,
    value: Value::Count("i.target = 1 and (i.state = 2 or i.state = 1 and (i.due_at is null or i.due_at > n.now))"),
    better: Better::Neither,
};

/// 未响应，已超时.
pub static FIRST_OVERDUE: Metric = Metric {
    key: "first_overdue",
    name: Words { zh: "未响应，已超时", en: "Unanswered, overdue" },
    tip: Words { zh: "还没有首次响应，时限已过的工单数量", en: "Tickets without a first response whose time has passed" },
    unit: Unit::Tickets,
    relation: &SLA_CLOCKS,
    value: Value::Count("i.target = 1 and (i.state = 3 or i.state = 1 and i.due_at <= n.now)"),
    better: Better::Lower,
};

/// 已有结果的首次响应: the denominator of the rate; it is no column of its own.
pub static FIRST_DONE: Metric = Metric {
    key: "first_done",
    name: Words { zh: "已有结果的首次响应", en: "First responses decided" },
    tip: Words {
        zh: "按时响应、超时响应和未响应已超时的工单数量之和",
        en: "Tickets answered in time, answered late, or unanswered and overdue",
    },
    unit: Unit::Tickets,
    relation: &SLA_CLOCKS,
    value: Value::Count("i.target = 1 and (i.state >= 3 or i.state = 1 and i.due_at <= n.now)"),
    better: Better::Neither,
};

/// 首次响应达标率.
pub static FIRST_RATE: Metric = Metric {
    key: "first_rate",
    name: Words { zh: "首次响应达标率", en: "First response SLA" },
    tip: Words {
        zh: "按时响应的工单数量在已有结果的工单数量中的占比", en: "Share of the decided first responses that came in time"
    },
    unit: Unit::Percent,
    relation: &SLA_CLOCKS,
    value: Value::Ratio(&FIRST_MET, &FIRST_DONE),
    better: Better::Higher,
};

/// 按时解决.
pub static SOLVE_MET: Metric = Metric {
    key: "solve_met",
    name: Words { zh: "按时解决", en: "Solved in time" },
    tip: Words { zh: "在时限内解决的工单数量", en: "Tickets that were solved in time" },
    unit: Unit::Tickets,
    relation: &SLA_CLOCKS,
    value: Value::Count("i.target = 3 and i.state = 4"),
    better: Better::Higher,
};

/// 超时解决.
pub static SOLVE_LATE: Metric = Metric {
    key: "solve_late",
    name: Words { zh: "超时解决", en: "Solved late" },
    tip: Words { zh: "超过时限才解决的工单数量", en: "Tickets that were solved after their time" },
    unit: Unit::Tickets,
    relation: &SLA_CLOCKS,
    value: Value::Count("i.target = 3 and i.state = 5"),
    better: Better::Lower,
};

/// 未解决，未超时.
pub static SOLVE_WAITING: Metric = Metric {
    key: "solve_waiting",
    name: Words { zh: "未解决，未超时", en: "Unsolved, in time" },
    tip: Words {
        zh: "还没有解决，时限未到的工单数量，暂停计时的也算",
        en: "Tickets not solved whose time has not passed, those whose clock stands still included",
    },
    unit: Unit::Tickets,
    relation: &SLA_CLOCKS,
    value: Value::Count("i.target = 3 and (i.state = 2 or i.state = 1 and (i.due_at is null or i.due_at > n.now))"),
    better: Better::Neither,
};

/// 未解决，已超时.
pub static SOLVE_OVERDUE: Metric = Metric {
    key: "solve_overdue",
    name: Words { zh: "未解决，已超时", en: "Unsolved, overdue" },
    tip: Words { zh: "还没有解决，时限已过的工单数量", en: "Tickets not solved whose time has passed" },
    unit: Unit::Tickets,
    relation: &SLA_CLOCKS,
    value: Value::Count("i.target = 3 and (i.state = 3 or i.state = 1 and i.due_at <= n.now)"),
    better: Better::Lower,
};

/// 已有结果的解决: the denominator of the rate; it is no column of its own.
pub static SOLVE_DONE: Metric = Metric {
    key: "solve_done",
    name: Words { zh: "已有结果的解决", en: "Solutions decided" },
    tip: Words {
        zh: "按时解决、超时解决和未解决已超时的工单数量之和", en: "Tickets solved in time, solved late, or unsolved and overdue"
    },
    unit: Unit::Tickets,
    relation: &SLA_CLOCKS,
    value: Value::Count("i.target = 3 and (i.state >= 3 or i.state = 1 and i.due_at <= n.now)"),
    better: Better::Neither,
};

/// 解决达标率.
pub static SOLVE_RATE: Metric = Metric {
    key: "solve_rate",
    name: Words { zh: "解决达标率", en: "Solution SLA" },
    tip: Words {
        zh: "按时解决的工单数量在已有结果的工单数量中的占比", en: "Share of the decided solutions that came in time"
    },
    unit: Unit::Percent,
    relation: &SLA_CLOCKS,
    value: Value::Ratio(&SOLVE_MET, &SOLVE_DONE),
    better: Better::Higher,
};

/// 后续响应按时.
pub static NEXT_MET: Metric = Metric {
    key: "next_met",
    name: Words { zh: "后续响应按时", en: "Next responses in time" },
    tip: Words {
        zh: "客户再次来信后，在时限内响应的次数", en: "Answers to a further word of the customer that came in time"
    },
    unit: Unit::Tickets,
    relation: &SLA_CLOCKS,
    value: Value::Count("i.target = 2 and i.state = 4"),
    better: Better::Higher,
};

/// 后续响应超时.
pub static NEXT_LATE: Metric = Metric {
    key: "next_late",
    name: Words { zh: "后续响应超时", en: "Next responses late" },
    tip: Words {
        zh: "客户再次来信后，超过时限才响应，或者还没有响应、时限已过的次数",
        en: "Further words of the customer that were answered late, or are not and their time has passed",
    },
    unit: Unit::Tickets,
    relation: &SLA_CLOCKS,
    value: Value::Count("i.target = 2 and (i.state in (3, 5) or i.state = 1 and i.due_at <= n.now)"),
    better: Better::Lower,
};

/// 已有结果的后续响应: the denominator of the rate; it is no column of its own.
pub static NEXT_DONE: Metric = Metric {
    key: "next_done",
    name: Words { zh: "已有结果的后续响应", en: "Next responses decided" },
    tip: Words { zh: "后续响应按时和超时的次数之和", en: "Next responses in time and late" },
    unit: Unit::Tickets,
    relation: &SLA_CLOCKS,
    value: Value::Count("i.target = 2 and (i.state >= 3 or i.state = 1 and i.due_at <= n.now)"),
    better: Better::Neither,
};

/// 后续响应达标率.
pub static NEXT_RATE: Metric = Metric {
    key: "next_rate",
    name: Words { zh: "后续响应达标率", en: "Next response SLA" },
    tip: Words {
        zh: "后续响应按时的次数在已有结果的次数中的占比", en: "Share of the decided next responses that came in time"
    },
    unit: Unit::Percent,
    relation: &SLA_CLOCKS,
    value: Value::Ratio(&NEXT_MET, &NEXT_DONE),
    better: Better::Higher,
};
