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

/// A count of records for which this holds.
pub(super) const fn count(
    relation: &'static Relation,
    key: &'static str,
    name: Words,
    tip: Words,
    holds: &'static str,
    better: Better,
) -> Metric {
    Metric { key, name, tip, unit: Unit::Calls, relation, value: Value::Count(holds), better }
}

/// A length of time over the records for which this holds.
pub(super) const fn total(
    relation: &'static Relation,
    key: &'static str,
    name: Words,
    tip: Words,
    what: &'static str,
    holds: &'static str,
) -> Metric {
    Metric { key, name, tip, unit: Unit::Duration, relation, value: Value::Sum(what, holds), better: Better::Neither }
}

/// One number of records in another.
pub(super) const fn share(
    key: &'static str,
    name: Words,
    tip: Words,
    (above, below): (&'static Metric, &'static Metric),
    better: Better,
) -> Metric {
    Metric { key, name, tip, unit: Unit::Percent, relation: above.relation, value: Value::Ratio(above, below), better }
}

/// A length of time for each of a number of records.
pub(super) const fn average(
    key: &'static str,
    name: Words,
    tip: Words,
    (above, below): (&'static Metric, &'static Metric),
    better: Better,
) -> Metric {
    Metric { key, name, tip, unit: Unit::Duration, relation: above.relation, value: Value::Ratio(above, below), better }
}

/// Both languages.
pub(super) const fn both(zh: &'static str, en: &'static str) -> Words {
    Words { zh, en }
}

/// 通话总数.
pub static CALLS: Metric = count(
    &CALL_LEGS,
    "calls",
    both("通话总数", "Calls"),
    both("呼入总数与呼出总数之和，一通电话不论转接几次都是一次", "Inbound and outbound calls; a call is one however often it is transferred"),
    "i.call_type in (0, 1)",
    Better::Neither,
);

/// 成功通话总数.
pub static CALLS_DONE: Metric = count(
    &CALL_LEGS,
    "calls_done",
    both("成功通话总数", "Successful calls"),
    both("呼入接听数与呼出成功数之和", "Inbound calls answered and outbound calls that succeeded"),
    "i.call_type = 0 and i.result = 10 or i.call_type = 1 and i.result = 20",
    Better::Higher,
);

/// 通话总时长.
pub static TALK: Metric = total(
    &CALL_LEGS,
    "talk",
    both("通话总时长", "Total talk time"),
    both(
        "在呼入和呼出通话中,客户与坐席的通话时长之和",
        "Talk time between customers and agents in inbound and outbound calls, with what follows a transfer to other agents",
    ),
    "i.talk_ms",
    "i.call_type not in (12, 23) and i.talk_ms > 0",
);

/// 呼入通话时长.
pub static TALK_IN: Metric = total(
    &CALL_LEGS,
    "talk_in",
    both("呼入通话时长", "Inbound talk time"),
    both(
        "在呼入通话中,客户与坐席通话的总时长",
        "Talk time between customers and agents in inbound calls, with what follows a transfer to other agents",
    ),
    "i.talk_ms",
    "i.direction = 0 and i.call_type not in (12, 23) and i.talk_ms > 0",
);

/// 呼出通话时长.
pub static TALK_OUT: Metric = total(
    &CALL_LEGS,
    "talk_out",
    both("呼出通话时长", "Outbound talk time"),
    both(
        "在呼出通话中,客户接听后与坐席通话的总时长",
        "Talk time with agents in outbound calls from the customer's answer on, with what follows a transfer to other agents",
    ),
    "i.talk_ms",
    "i.direction = 1 and i.call_type not in (12, 23) and i.talk_ms > 0",
);

/// 平均通话时长.
pub static TALK_AVERAGE: Metric = average(
    "talk_average",
    both("平均通话时长", "Average talk time"),
    both("通话总时长/成功通话总数", "Total talk time / successful calls"),
    (&TALK, &CALLS_DONE),
    Better::Neither,
);

/// 呼入平均通话时长.
pub static TALK_IN_AVERAGE: Metric = average(
    "talk_in_average",
    both("呼入平均通话时长", "Average inbound talk time"),
    both("呼入通话时长/呼入接听数", "Inbound talk time / inbound calls answered"),
    (&TALK_IN, &CALLS_IN_DONE),
    Better::Neither,
);

/// 呼出平均通话时长.
pub static TALK_OUT_AVERAGE: Metric = average(
    "talk_out_average",
    both("呼出平均通话时长", "Average outbound talk time"),
    both("呼出通话时长/呼出成功数", "Outbound talk time / outbound calls that succeeded"),
    (&TALK_OUT, &CALLS_OUT_DONE),
    Better::Neither,
);

/// 呼入总数.
pub static CALLS_IN: Metric = count(
    &CALL_LEGS,
    "calls_in",
    both("呼入总数", "Inbound"),
    both("客户打进来的通话数量", "Calls that customers made"),
    "i.call_type = 0",
    Better::Neither,
);

/// 呼入接听数.
pub static CALLS_IN_DONE: Metric = count(
    &CALL_LEGS,
    "calls_in_done",
    both("呼入接听数", "Inbound answered"),
    both("通话结果是坐席接听的呼入数量", "Inbound calls that an agent answered"),
    "i.call_type = 0 and i.result = 10",
    Better::Higher,
);

/// 呼入未接听数: a part of the chart.
pub static CALLS_IN_LOST: Metric = count(
    &CALL_LEGS,
    "calls_in_lost",
    both("呼入未接听数", "Inbound not answered"),
    both("没有坐席接听的呼入数量", "Inbound calls that no agent answered"),
    "i.call_type = 0 and i.result is distinct from 10",
    Better::Lower,
);

/// 呼入接听率.
pub static CALLS_IN_RATE: Metric = share(
    "calls_in_rate",
    both("呼入接听率", "Inbound answer rate"),
    both("呼入接听数在呼入总数中的占比", "Share of the inbound calls that an agent answered"),
    (&CALLS_IN_DONE, &CALLS_IN),
    Better::Higher,
);

/// 呼出总数.
pub static CALLS_OUT: Metric = count(
    &CALL_LEGS,
    "calls_out",
    both("呼出总数", "Outbound"),
    both("坐席打出去的通话数量", "Calls that agents made"),
    "i.call_type = 1",
    Better::Neither,
);

/// 呼出成功数.
pub static CALLS_OUT_DONE: Metric = count(
    &CALL_LEGS,
    "calls_out_done",
    both("呼出成功数", "Outbound succeeded"),
    both("通话结果是客户接听的呼出数量", "Outbound calls that the customer answered"),
    "i.call_type = 1 and i.result = 20",
    Better::Higher,
);

/// 呼出未成功数: a part of the chart.
pub static CALLS_OUT_LOST: Metric = count(
    &CALL_LEGS,
    "calls_out_lost",
    both("呼出未成功数", "Outbound not answered"),
    both("客户没有接听的呼出数量", "Outbound calls that the customer did not answer"),
    "i.call_type = 1 and i.result is distinct from 20",
    Better::Lower,
);

/// 呼出成功率.
pub static CALLS_OUT_RATE: Metric = share(
    "calls_out_rate",
    both("呼出成功率", "Outbound success rate"),
    both("呼出成功数在呼出总数中的占比", "Share of the outbound calls that the customer answered"),
    (&CALLS_OUT_DONE, &CALLS_OUT),
    Better::Higher,
);

/// 排队数.
pub static QUEUED: Metric = count(
    &CALL_LEGS,
    "queued",
    both("排队数", "Queued"),
    both("进入过排队的通话数量", "Calls that waited in a queue"),
    "i.call_type in (0, 1) and i.queue_state > 1",
    Better::Neither,
);

/// 排队放弃数.
pub static ABANDONED: Metric = count(
    &CALL_LEGS,
    "abandoned",
    both("排队放弃数", "Abandoned"),
    both("排队超时与排队中客户挂断的通话数量之和", "Calls that timed out in the queue or that the customer left there"),
    "i.call_type in (0, 1) and i.queue_state in (3, 4)",
    Better::Lower,
);

/// 排队放弃率.
pub static ABANDON_RATE: Metric = share(
    "abandon_rate",
    both("排队放弃率", "Abandonment rate"),
    both("排队放弃数在排队数中的占比", "Share of the queued calls that were abandoned"),
    (&ABANDONED, &QUEUED),
    Better::Lower,
);

/// 排队时长: the numerator of the average, and what its quantiles are taken of; it is no column of its own.
pub static WAIT: Metric = total(
    &CALL_LEGS,
    "wait",
    both("排队时长", "Waiting time"),
    both("排队的通话在队列里的时长之和", "Time that queued calls spent in the queue"),
    "i.queue_ms",
    "i.call_type in (0, 1) and i.queue_state > 1",
);

/// 平均排队时长.
pub static WAIT_AVERAGE: Metric = average(
    "wait_average",
    both("平均排队时长", "Average wait"),
    both("排队时长/排队数", "Waiting time / queued calls"),
    (&WAIT, &QUEUED),
    Better::Lower,
);

/// 请求人工数: the denominator of the service level; it is no column of its own.
pub static OFFERED: Metric = count(
    &CALL_LEGS,
    "offered",
    both("请求人工数", "Calls for an agent"),
    both("进入过排队或振过铃的呼入数量", "Inbound calls that waited in a queue or rang"),
    "i.call_type = 0 and (i.queue_state > 1 or i.rang_at is not null or i.answered_at is not null)",
    Better::Neither,
);

/// 20秒内接听数: the numerator of the service level; it is no column of its own.
pub static IN_TIME: Metric = count(
    &CALL_LEGS,
    "in_time",
    both("20秒内接听数", "Answered within 20 s"),
    both("排队与振铃合计不超过20秒就被坐席接听的呼入数量", "Inbound calls that an agent answered after 20 seconds of queue and ringing at most"),
    "i.call_type = 0 and i.result = 10 and i.queue_ms + i.ring_ms <= 20000",
    Better::Higher,
);

/// 服务水平.
pub static SERVICE_LEVEL: Metric = share(
    "service_level",
    both("服务水平（20秒）", "Service level (20 s)"),
    both("20秒内接听数在请求人工数中的占比", "Share of the calls for an agent that were answered within 20 seconds"),
    (&IN_TIME, &OFFERED),
    Better::Higher,
);

/// 呼入接待与外呼: the part of the talk time that an agent's own reports count.
pub static TALK_OWN: Metric = total(
    &CALL_LEGS,
    "talk_own",
    both("呼入接待与外呼", "Own inbound and outbound"),
    both("主通话记录的通话时长，坐席工作效率和技能组报表只算这一部分", "Talk time of main records: the only part that agents' and groups' reports count"),
    "i.talk_ms",
    "i.call_type in (0, 1) and i.talk_ms > 0",
);

/// 被转接.
pub static TALK_TRANSFERRED: Metric = total(
    &CALL_LEGS,
    "talk_transferred",
    both("被转接", "Transferred to"),
    both("被转接的坐席与客户的通话时长", "Talk time of agents with customers who were transferred to them"),
    "i.talk_ms",
    "i.call_type = 22 and i.talk_ms > 0",
);

/// 被咨询.
pub static TALK_CONSULTED: Metric = total(
    &CALL_LEGS,
    "talk_consulted",
    both("被咨询", "Consulted"),
    both("被咨询的坐席与客户的通话时长，包括转接咨询", "Talk time of consulted agents with customers, transfer consultations included"),
    "i.talk_ms",
    "i.call_type in (11, 21) and i.talk_ms > 0",
);

/// 监听、强插、强拆.
pub static TALK_SUPERVISED: Metric = total(
    &CALL_LEGS,
    "talk_supervised",
    both("监听、强插、强拆", "Monitor, barge-in, forced"),
    both("班长强插、强拆后与客户的通话时长", "Talk time of supervisors with customers after a barge-in or forced disconnect"),
    "i.talk_ms",
    "i.call_type in (3, 4, 5) and i.talk_ms > 0",
);

/// 客户与第三方: talk time that counts nowhere.
pub static TALK_THIRD: Metric = total(
    &CALL_LEGS,
    "talk_third",
    both("客户与第三方", "With third parties"),
    both("客户与第三方的通话时长，对方不是坐席，不计入通话总时长", "Talk time of customers with third parties, who are no agents: not part of the total"),
    "i.talk_ms",
    "i.call_type in (12, 23) and i.talk_ms > 0",
);
