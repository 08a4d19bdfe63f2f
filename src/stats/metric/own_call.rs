//! 坐席工作指标: what agents and groups did themselves, inbound reception and outbound only (release note, 坐席工作效率 and
//! 技能组报表): no transferred, consulted or supervisor's records.

use super::call::{average, both, count, share, total};
use super::{Better, Metric, Relation, Words};
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
    clock_words: Words { zh: "通话开始的时刻，按公司时区的日期", en: "The moment the call began, by the company's calendar" },
    attribution: Words {
        zh: "接听的客服，没有人接的是最后振铃的；没有振铃的，归它排队的技能组",
        en: "The agent who answered, or was rung last; a call that rang nowhere is its queue's",
    },
};

/// 呼入接待数.
pub static OWN_IN: Metric = count(
    &OWN_CALLS,
    "own_in",
    both("呼入接待数", "Inbound received"),
    both("分给坐席或技能组的呼入数量", "Inbound calls that came to the agent or the group"),
    "i.call_type = 0",
    Better::Neither,
);

/// 呼入接听数.
pub static OWN_IN_DONE: Metric = count(
    &OWN_CALLS,
    "own_in_done",
    both("接听数", "Answered"),
    both("分给坐席或技能组并被接听的呼入数量", "Inbound calls that the agent or the group answered"),
    "i.call_type = 0 and i.result = 10",
    Better::Higher,
);

/// 未接听数: a part of the chart.
pub static OWN_IN_LOST: Metric = count(
    &OWN_CALLS,
    "own_in_lost",
    both("未接听数", "Not answered"),
    both("分给坐席或技能组而没有被接听的呼入数量", "Inbound calls that nobody answered"),
    "i.call_type = 0 and i.result is distinct from 10",
    Better::Lower,
);

/// 接听率.
pub static OWN_IN_RATE: Metric = share(
    "own_in_rate",
    both("接听率", "Answer rate"),
    both("接听数在呼入接待数中的占比", "Share of the inbound calls received that were answered"),
    (&OWN_IN_DONE, &OWN_IN),
    Better::Higher,
);

/// 接待通话时长.
pub static OWN_IN_TALK: Metric = total(
    &OWN_CALLS,
    "own_in_talk",
    both("接待通话时长", "Inbound talk"),
    both("呼入接待中坐席自己与客户通话的时长，转出以后的不算", "Talk time of the agent's own with inbound customers; what follows a transfer is not counted"),
    "i.talk_ms",
    "i.call_type = 0 and i.talk_ms > 0",
);

/// 接待平均通话时长.
pub static OWN_IN_AVERAGE: Metric = average(
    "own_in_average",
    both("接待平均通话时长", "Average inbound talk"),
    both("接待通话时长/接听数", "Inbound talk / answered"),
    (&OWN_IN_TALK, &OWN_IN_DONE),
    Better::Neither,
);

/// 外呼数.
pub static OWN_OUT: Metric = count(
    &OWN_CALLS,
    "own_out",
    both("外呼数", "Outbound made"),
    both("坐席自己打出去的通话数量", "Calls that the agent made"),
    "i.call_type = 1",
    Better::Neither,
);

/// 外呼成功数.
pub static OWN_OUT_DONE: Metric = count(
    &OWN_CALLS,
    "own_out_done",
    both("外呼成功数", "Outbound reached"),
    both("坐席打出去、客户接听的通话数量", "Calls of the agent that the customer answered"),
    "i.call_type = 1 and i.result = 20",
    Better::Higher,
);

/// 外呼未成功数: a part of the chart.
pub static OWN_OUT_LOST: Metric = count(
    &OWN_CALLS,
    "own_out_lost",
    both("外呼未成功数", "Outbound not reached"),
    both("坐席打出去、客户没有接听的通话数量", "Calls of the agent that the customer did not answer"),
    "i.call_type = 1 and i.result is distinct from 20",
    Better::Lower,
);

/// 外呼成功率.
pub static OWN_OUT_RATE: Metric = share(
    "own_out_rate",
    both("外呼成功率", "Reach rate"),
    both("外呼成功数在外呼数中的占比", "Share of the calls made that the customer answered"),
    (&OWN_OUT_DONE, &OWN_OUT),
    Better::Higher,
);

/// 外呼通话时长.
pub static OWN_OUT_TALK: Metric = total(
    &OWN_CALLS,
    "own_out_talk",
    both("外呼通话时长", "Outbound talk"),
    both("外呼中坐席自己与客户通话的时长，从客户接听算起", "Talk time of the agent's own in calls made, from the customer's answer on"),
    "i.talk_ms",
    "i.call_type = 1 and i.talk_ms > 0",
);

/// 外呼平均通话时长.
pub static OWN_OUT_AVERAGE: Metric = average(
    "own_out_average",
    both("外呼平均通话时长", "Average outbound talk"),
    both("外呼通话时长/外呼成功数", "Outbound talk / outbound reached"),
    (&OWN_OUT_TALK, &OWN_OUT_DONE),
    Better::Neither,
);

/// 接待与外呼数: how much there is at all, and the whole of the chart.
pub static OWN_ALL: Metric = count(
    &OWN_CALLS,
    "own_all",
    both("接待与外呼数", "Inbound and outbound"),
    both("呼入接待数与外呼数之和", "Inbound calls received and calls made"),
    "true",
    Better::Neither,
);

/// 接待与外呼通话时长.
pub static OWN_TALK: Metric = total(
    &OWN_CALLS,
    "own_talk",
    both("接待与外呼通话时长", "Own talk time"),
    both("接待通话时长与外呼通话时长之和", "Inbound and outbound talk"),
    "i.talk_ms",
    "i.talk_ms > 0",
);

/// 接待振铃时长.
pub static OWN_RING: Metric = total(
    &OWN_CALLS,
    "own_ring",
    both("接待振铃时长", "Inbound ringing"),
    both("呼入接待中坐席的话机振铃的时长", "How long the agent's phone rang for inbound calls"),
    "i.ring_ms",
    "i.call_type = 0 and i.ring_ms > 0",
);

/// 保持时长.
pub static OWN_HOLD: Metric = total(
    &OWN_CALLS,
    "own_hold",
    both("保持时长", "Hold"),
    both("接待与外呼中客户被保持的时长", "How long customers were on hold in the agent's own calls"),
    "i.hold_ms",
    "i.hold_ms > 0",
);

/// 技能组排队数.
pub static OWN_QUEUED: Metric = count(
    &OWN_CALLS,
    "own_queued",
    both("技能组排队数", "Queued for the group"),
    both("在技能组排过队的通话数量", "Calls that waited in the group's queue"),
    "i.queue_state > 1",
    Better::Neither,
);

/// 技能组排队放弃数.
pub static OWN_ABANDONED: Metric = count(
    &OWN_CALLS,
    "own_abandoned",
    both("技能组排队放弃数", "Abandoned in the group"),
    both("在技能组排队超时与排队中挂断的通话数量之和", "Calls that timed out in the group's queue or that the customer left there"),
    "i.queue_state in (3, 4)",
    Better::Lower,
);

/// 技能组排队放弃率.
pub static OWN_ABANDON_RATE: Metric = share(
    "own_abandon_rate",
    both("技能组排队放弃率", "Group abandonment rate"),
    both("技能组排队放弃数在技能组排队数中的占比", "Share of the calls queued for the group that were abandoned"),
    (&OWN_ABANDONED, &OWN_QUEUED),
    Better::Lower,
);
