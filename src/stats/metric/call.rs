//! 通话指标: what a company's calls come to. Codes are those of F§3.1 and F§3.2: of types 0 is inbound and 1 outbound, the two
//! main records; 22 transferred; 11, 21 consulted; 3, 4, 5 a supervisor's; 12, 23 a third party's. Result 10 is answered by an
//! agent, 20 by the customer; states 3 and 4 of the queue are its abandonment.

use super::{Better, Metric, Relation, Unit, Value, Words};
use crate::subject::Subject;

/// The records of calls that are over.
pub static CALL_LEGS: Relation = Relation {
    subject: Subject::Calls,
    from: "call_legs i",
    holds: "i.ended_at is not null",
    clock: "i.started_at",
    company: "i.company_id",
    rows: Words {
        zh: "已经结束的通话记录：每通电话一条主记录，被转接、被咨询、监听等各一条子记录",
        en: "Call records that are over: a main record for each call, a child record for each transfer, consultation and supervisor",
    },
    clock_words: Words {
        zh: "记录开始的时刻，按公司时区的日期；被转接的记录从转接时开始",
        en: "The moment the record began, by the company's calendar; that of a transfer begins with the transfer",
    },
    attribution: Words {
        zh: "记录开始时的客服和技能组，之后调组、改名不影响；没有人接的，归它排队的技能组",
        en: "Agent and group at the beginning of the record; later changes of group or name move nothing. A call that reached nobody is its queue's",
    },
};

/// 通话总数.
pub static CALLS: Metric = Metric {
    key: "calls",
    name: Words { zh: "通话总数", en: "Calls" },
    tip: Words {
        zh: "呼入总数与呼出总数之和，一通电话不论转接几次都是一次",
        en: "Inbound and outbound calls; a call is one however often it is transferred",
    },
    unit: Unit::Calls,
    relation: &CALL_LEGS,
    value: Value::Count("i.call_type in (0, 1)"),
    better: Better::Neither,
};

/// 成功通话总数.
pub static CALLS_DONE: Metric = Metric {
    key: "calls_done",
    name: Words { zh: "成功通话总数", en: "Successful calls" },
    tip: Words { zh: "呼入接听数与呼出成功数之和", en: "Inbound calls answered and outbound calls that succeeded" },
    unit: Unit::Calls,
    relation: &CALL_LEGS,
    value: Value::Count("i.call_type = 0 and i.result = 10 or i.call_type = 1 and i.result = 20"),
    better: Better::Higher,
};

/// 呼入总数.
pub static CALLS_IN: Metric = Metric {
    key: "calls_in",
    name: Words { zh: "呼入总数", en: "Inbound" },
    tip: Words { zh: "客户打进来的通话数量", en: "Calls that customers made" },
    unit: Unit::Calls,
    relation: &CALL_LEGS,
    value: Value::Count("i.call_type = 0"),
    better: Better::Neither,
};

/// 呼入接听数.
pub static CALLS_IN_DONE: Metric = Metric {
    key: "calls_in_done",
    name: Words { zh: "呼入接听数", en: "Inbound answered" },
    tip: Words { zh: "通话结果是坐席接听的呼入数量", en: "Inbound calls that an agent answered" },
    unit: Unit::Calls,
    relation: &CALL_LEGS,
    value: Value::Count("i.call_type = 0 and i.result = 10"),
    better: Better::Higher,
};

/// 呼入未接听数: a part of the chart.
pub static CALLS_IN_LOST: Metric = Metric {
    key: "calls_in_lost",
    name: Words { zh: "呼入未接听数", en: "Inbound not answered" },
    tip: Words { zh: "没有坐席接听的呼入数量", en: "Inbound calls that no agent answered" },
    unit: Unit::Calls,
    relation: &CALL_LEGS,
    value: Value::Count("i.call_type = 0 and i.result is distinct from 10"),
    better: Better::Lower,
};

/// 呼入接听率.
pub static CALLS_IN_RATE: Metric = Metric {
    key: "calls_in_rate",
    name: Words { zh: "呼入接听率", en: "Inbound answer rate" },
    tip: Words { zh: "呼入接听数在呼入总数中的占比", en: "Share of the inbound calls that an agent answered" },
    unit: Unit::Percent,
    relation: &CALL_LEGS,
    value: Value::Ratio(&CALLS_IN_DONE, &CALLS_IN),
    better: Better::Higher,
};

/// 呼出总数.
pub static CALLS_OUT: Metric = Metric {
    key: "calls_out",
    name: Words { zh: "呼出总数", en: "Outbound" },
    tip: Words { zh: "坐席打出去的通话数量", en: "Calls that agents made" },
    unit: Unit::Calls,
    relation: &CALL_LEGS,
    value: Value::Count("i.call_type = 1"),
    better: Better::Neither,
};

/// 呼出成功数.
pub static CALLS_OUT_DONE: Metric = Metric {
    key: "calls_out_done",
    name: Words { zh: "呼出成功数", en: "Outbound succeeded" },
    tip: Words { zh: "通话结果是客户接听的呼出数量", en: "Outbound calls that the customer answered" },
    unit: Unit::Calls,
    relation: &CALL_LEGS,
    value: Value::Count("i.call_type = 1 and i.result = 20"),
    better: Better::Higher,
};

/// 呼出未成功数: a part of the chart.
pub static CALLS_OUT_LOST: Metric = Metric {
    key: "calls_out_lost",
    name: Words { zh: "呼出未成功数", en: "Outbound not answered" },
    tip: Words { zh: "客户没有接听的呼出数量", en: "Outbound calls that the customer did not answer" },
    unit: Unit::Calls,
    relation: &CALL_LEGS,
    value: Value::Count("i.call_type = 1 and i.result is distinct from 20"),
    better: Better::Lower,
};

/// 呼出成功率.
pub static CALLS_OUT_RATE: Metric = Metric {
    key: "calls_out_rate",
    name: Words { zh: "呼出成功率", en: "Outbound success rate" },
    tip: Words { zh: "呼出成功数在呼出总数中的占比", en: "Share of the outbound calls that the customer answered" },
    unit: Unit::Percent,
    relation: &CALL_LEGS,
    value: Value::Ratio(&CALLS_OUT_DONE, &CALLS_OUT),
    better: Better::Higher,
};

/// 排队数.
pub static QUEUED: Metric = Metric {
    key: "queued",
    name: Words { zh: "排队数", en: "Queued" },
    tip: Words { zh: "进入过排队的通话数量", en: "Calls that waited in a queue" },
    unit: Unit::Calls,
    relation: &CALL_LEGS,
    value: Value::Count("i.call_type in (0, 1) and i.queue_state > 1"),
    better: Better::Neither,
};

/// 排队放弃数.
pub static ABANDONED: Metric = Metric {
    key: "abandoned",
    name: Words { zh: "排队放弃数", en: "Abandoned" },
    tip: Words {
        zh: "排队超时与排队中客户挂断的通话数量之和", en: "Calls that timed out in the queue or that the customer left there"
    },
    unit: Unit::Calls,
    relation: &CALL_LEGS,
    value: Value::Count("i.call_type in (0, 1) and i.queue_state in (3, 4)"),
    better: Better::Lower,
};

/// 排队放弃率.
pub static ABANDON_RATE: Metric = Metric {
    key: "abandon_rate",
    name: Words { zh: "排队放弃率", en: "Abandonment rate" },
    tip: Words { zh: "排队放弃数在排队数中的占比", en: "Share of the queued calls that were abandoned" },
    unit: Unit::Percent,
    relation: &CALL_LEGS,
    value: Value::Ratio(&ABANDONED, &QUEUED),
    better: Better::Lower,
};

/// 排队时长: the numerator of the average, and what its quantiles are taken of; it is no column of its own.
pub static WAIT: Metric = Metric {
    key: "wait",
    name: Words { zh: "排队时长", en: "Waiting time" },
    tip: Words { zh: "排队的通话在队列里的时长之和", en: "Time that queued calls spent in the queue" },
    unit: Unit::Duration,
    relation: &CALL_LEGS,
    value: Value::Sum("i.queue_ms", "i.call_type in (0, 1) and i.queue_state > 1"),
    better: Better::Neither,
};

/// 平均排队时长.
pub static WAIT_AVERAGE: Metric = Metric {
    key: "wait_average",
    name: Words { zh: "平均排队时长", en: "Average wait" },
    tip: Words { zh: "排队时长/排队数", en: "Waiting time / queued calls" },
    unit: Unit::Duration,
    relation: &CALL_LEGS,
    value: Value::Ratio(&WAIT, &QUEUED),
    better: Better::Lower,
};

/// 请求人工数: the denominator of the service level; it is no column of its own.
pub static OFFERED: Metric = Metric {
    key: "offered",
    name: Words { zh: "请求人工数", en: "Calls for an agent" },
    tip: Words { zh: "进入过排队或振过铃的呼入数量", en: "Inbound calls that waited in a queue or rang" },
    unit: Unit::Calls,
    relation: &CALL_LEGS,
    value: Value::Count("i.call_type = 0 and (i.queue_state > 1 or i.rang_at is not null or i.answered_at is not null)"),
    better: Better::Neither,
};

/// 20秒内接听数: the numerator of the service level; it is no column of its own.
pub static IN_TIME: Metric = Metric {
    key: "in_time",
    name: Words { zh: "20秒内接听数", en: "Answered within 20 s" },
    tip: Words {
        zh: "客户排队与听振铃合计不超过20秒就被坐席接听的呼入数量，没有人接的振铃也算在内",
        en: "Inbound calls that an agent answered after 20 seconds of queue and ringing at most, the ringing of whoever did not answer included",
    },
    unit: Unit::Calls,
    relation: &CALL_LEGS,
    value: Value::Count("i.call_type = 0 and i.result = 10 and i.wait_ms <= 20000"),
    better: Better::Higher,
};

/// 服务水平.
pub static SERVICE_LEVEL: Metric = Metric {
    key: "service_level",
    name: Words { zh: "服务水平（20秒）", en: "Service level (20 s)" },
    tip: Words {
        zh: "20秒内接听数在请求人工数中的占比", en: "Share of the calls for an agent that were answered within 20 seconds"
    },
    unit: Unit::Percent,
    relation: &CALL_LEGS,
    value: Value::Ratio(&IN_TIME, &OFFERED),
    better: Better::Higher,
};
