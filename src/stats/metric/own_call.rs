//! 坐席工作指标: what agents and groups did themselves, inbound reception and outbound only (release note, 坐席工作效率 and
//! 技能组报表): no transferred, consulted or supervisor's records.

use super::{Better, Metric, Relation, Unit, Value, Words};
use crate::subject::Subject;

/// The main records of calls that are over.
pub static OWN_CALLS: Relation = Relation {
    subject: Subject::Calls,
    from: "call_legs i",
    holds: "i.ended_at is not null and i.call_type in (0, 1)",
    clock: "i.started_at",
    company: "i.company_id",
    rows: Words {
        zh: "已经结束的主通话记录，只有呼入接待和外呼；被转接、被咨询、监听、强插、强拆的子记录不算",
        en: "Main records of calls that are over: inbound reception and outbound; records of transfers, consultations and supervisors are not counted",
    },
    clock_words: Words {
        zh: "通话开始的时刻，按公司时区的日期", en: "The moment the call began, by the company's calendar"
    },
    attribution: Words {
        zh: "接听的客服，没有人接的是最后振铃的；没有振铃的，归它排队的技能组",
        en: "The agent who answered, or was rung last; a call that rang nowhere is its queue's",
    },
};

/// 呼入接待数.
pub static OWN_IN: Metric = Metric {
    key: "own_in",
    name: Words { zh: "呼入接待数", en: "Inbound received" },
    tip: Words { zh: "分给坐席或技能组的呼入数量", en: "Inbound calls that came to the agent or the group" },
    unit: Unit::Calls,
    relation: &OWN_CALLS,
    value: Value::Count("i.call_type = 0"),
    better: Better::Neither,
};

/// 呼入接听数.
pub static OWN_IN_DONE: Metric = Metric {
    key: "own_in_done",
    name: Words { zh: "接听数", en: "Answered" },
    tip: Words { zh: "分给坐席或技能组并被接听的呼入数量", en: "Inbound calls that the agent or the group answered" },
    unit: Unit::Calls,
    relation: &OWN_CALLS,
    value: Value::Count("i.call_type = 0 and i.result = 10"),
    better: Better::Higher,
};

/// 未接听数: a part of the chart.
pub static OWN_IN_LOST: Metric = Metric {
    key: "own_in_lost",
    name: Words { zh: "未接听数", en: "Not answered" },
    tip: Words { zh: "分给坐席或技能组而没有被接听的呼入数量", en: "Inbound calls that nobody answered" },
    unit: Unit::Calls,
    relation: &OWN_CALLS,
    value: Value::Count("i.call_type = 0 and i.result is distinct from 10"),
    better: Better::Lower,
};

/// 接听率.
pub static OWN_IN_RATE: Metric = Metric {
    key: "own_in_rate",
    name: Words { zh: "接听率", en: "Answer rate" },
    tip: Words { zh: "接听数在呼入接待数中的占比", en: "Share of the inbound calls received that were answered" },
    unit: Unit::Percent,
    relation: &OWN_CALLS,
    value: Value::Ratio(&OWN_IN_DONE, &OWN_IN),
    better: Better::Higher,
};

/// 接待通话时长.
pub static OWN_IN_TALK: Metric = Metric {
    key: "own_in_talk",
    name: Words { zh: "接待通话时长", en: "Inbound talk" },
    tip: Words {
        zh: "呼入接待中坐席自己与客户通话的时长，转出以后的不算",
        en: "Talk time of the agent's own with inbound customers; what follows a transfer is not counted",
    },
    unit: Unit::Duration,
    relation: &OWN_CALLS,
    value: Value::Sum("i.talk_ms", "i.call_type = 0 and i.talk_ms > 0"),
    better: Better::Neither,
};

/// 接待平均通话时长.
pub static OWN_IN_AVERAGE: Metric = Metric {
    key: "own_in_average",
    name: Words { zh: "接待平均通话时长", en: "Average inbound talk" },
    tip: Words { zh: "接待通话时长/接听数", en: "Inbound talk / answered" },
    unit: Unit::Duration,
    relation: &OWN_CALLS,
    value: Value::Ratio(&OWN_IN_TALK, &OWN_IN_DONE),
    better: Better::Neither,
};

/// 外呼数.
pub static OWN_OUT: Metric = Metric {
    key: "own_out",
    name: Words { zh: "外呼数", en: "Outbound made" },
    tip: Words { zh: "坐席自己打出去的通话数量", en: "Calls that the agent made" },
    unit: Unit::Calls,
    relation: &OWN_CALLS,
    value: Value::Count("i.call_type = 1"),
    better: Better::Neither,
};

/// 外呼成功数.
pub static OWN_OUT_DONE: Metric = Metric {
    key: "own_out_done",
    name: Words { zh: "外呼成功数", en: "Outbound reached" },
    tip: Words { zh: "坐席打出去、客户接听的通话数量", en: "Calls of the agent that the customer answered" },
    unit: Unit::Calls,
    relation: &OWN_CALLS,
    value: Value::Count("i.call_type = 1 and i.result = 20"),
    better: Better::Higher,
};

/// 外呼未成功数: a part of the chart.
pub static OWN_OUT_LOST: Metric = Metric {
    key: "own_out_lost",
    name: Words { zh: "外呼未成功数", en: "Outbound not reached" },
    tip: Words { zh: "坐席打出去、客户没有接听的通话数量", en: "Calls of the agent that the customer did not answer" },
    unit: Unit::Calls,
    relation: &OWN_CALLS,
    value: Value::Count("i.call_type = 1 and i.result is distinct from 20"),
    better: Better::Lower,
};

/// 外呼成功率.
pub static OWN_OUT_RATE: Metric = Metric {
    key: "own_out_rate",
    name: Words { zh: "外呼成功率", en: "Reach rate" },
    tip: Words { zh: "外呼成功数在外呼数中的占比", en: "Share of the calls made that the customer answered" },
    unit: Unit::Percent,
    relation: &OWN_CALLS,
    value: Value::Ratio(&OWN_OUT_DONE, &OWN_OUT),
    better: Better::Higher,
};

/// 外呼通话时长.
pub static OWN_OUT_TALK: Metric = Metric {
    key: "own_out_talk",
    name: Words { zh: "外呼通话时长", en: "Outbound talk" },
    tip: Words {
        zh: "外呼中坐席自己与客户通话的时长，从客户接听算起",
        en: "Talk time of the agent's own in calls made, from the customer's answer on",
    },
    unit: Unit::Duration,
    relation: &OWN_CALLS,
    value: Value::Sum("i.talk_ms", "i.call_type = 1 and i.talk_ms > 0"),
    better: Better::Neither,
};

/// 外呼平均通话时长.
pub static OWN_OUT_AVERAGE: Metric = Metric {
    key: "own_out_average",
    name: Words { zh: "外呼平均通话时长", en: "Average outbound talk" },
    tip: Words { zh: "外呼通话时长/外呼成功数", en: "Outbound talk / outbound reached" },
    unit: Unit::Duration,
    relation: &OWN_CALLS,
    value: Value::Ratio(&OWN_OUT_TALK, &OWN_OUT_DONE),
    better: Better::Neither,
};

/// 接待与外呼数: how much there is at all, and the whole of the chart.
pub static OWN_ALL: Metric = Metric {
    key: "own_all",
    name: Words { zh: "接待与外呼数", en: "Inbound and outbound" },
    tip: Words { zh: "呼入接待数与外呼数之和", en: "Inbound calls received and calls made" },
    unit: Unit::Calls,
    relation: &OWN_CALLS,
    value: Value::Count("true"),
    better: Better::Neither,
};

/// 接待与外呼通话时长.
pub static OWN_TALK: Metric = Metric {
    key: "own_talk",
    name: Words { zh: "接待与外呼通话时长", en: "Own talk time" },
    tip: Words { zh: "接待通话时长与外呼通话时长之和", en: "Inbound and outbound talk" },
    unit: Unit::Duration,
    relation: &OWN_CALLS,
    value: Value::Sum("i.talk_ms", "i.talk_ms > 0"),
    better: Better::Neither,
};

/// 接待振铃时长.
pub static OWN_RING: Metric = Metric {
    key: "own_ring",
    name: Words { zh: "接待振铃时长", en: "Inbound ringing" },
    tip: Words { zh: "呼入接待中坐席的话机振铃的时长", en: "How long the agent's phone rang for inbound calls" },
    unit: Unit::Duration,
    relation: &OWN_CALLS,
    value: Value::Sum("i.ring_ms", "i.call_type = 0 and i.ring_ms > 0"),
    better: Better::Neither,
};

/// 保持时长.
pub static OWN_HOLD: Metric = Metric {
    key: "own_hold",
    name: Words { zh: "保持时长", en: "Hold" },
    tip: Words { zh: "接待与外呼中客户被保持的时长", en: "How long customers were on hold in the agent's own calls" },
    unit: Unit::Duration,
    relation: &OWN_CALLS,
    value: Value::Sum("i.hold_ms", "i.hold_ms > 0"),
    better: Better::Neither,
};

/// 技能组排队数.
pub static OWN_QUEUED: Metric = Metric {
    key: "own_queued",
    name: Words { zh: "技能组排队数", en: "Queued for the group" },
    tip: Words { zh: "在技能组排过队的通话数量", en: "Calls that waited in the group's queue" },
    unit: Unit::Calls,
    relation: &OWN_CALLS,
    value: Value::Count("i.queue_state > 1"),
    better: Better::Neither,
};

/// 技能组排队放弃数.
pub static OWN_ABANDONED: Metric = Metric {
    key: "own_abandoned",
    name: Words { zh: "技能组排队放弃数", en: "Abandoned in the group" },
    tip: Words {
        zh: "在技能组排队超时与排队中挂断的通话数量之和",
        en: "Calls that timed out in the group's queue or that the customer left there",
    },
    unit: Unit::Calls,
    relation: &OWN_CALLS,
    value: Value::Count("i.queue_state in (3, 4)"),
    better: Better::Lower,
};

/// 技能组排队放弃率.
pub static OWN_ABANDON_RATE: Metric = Metric {
    key: "own_abandon_rate",
    name: Words { zh: "技能组排队放弃率", en: "Group abandonment rate" },
    tip: Words {
        zh: "技能组排队放弃数在技能组排队数中的占比", en: "Share of the calls queued for the group that were abandoned"
    },
    unit: Unit::Percent,
    relation: &OWN_CALLS,
    value: Value::Ratio(&OWN_ABANDONED, &OWN_QUEUED),
    better: Better::Lower,
};
