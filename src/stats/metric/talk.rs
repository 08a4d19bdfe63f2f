//! 通话时长指标: how long customers talked with agents, in all and by whose record it is. Which second belongs to which record is
//! decided when the call is worked out; here they are added up.

use super::call::{CALL_LEGS, CALLS_DONE, CALLS_IN_DONE, CALLS_OUT_DONE};
use super::{Better, Metric, Unit, Value, Words};

/// 通话总时长.
pub static TALK: Metric = Metric {
    key: "talk",
    name: Words { zh: "通话总时长", en: "Total talk time" },
    tip: Words {
        zh: "在呼入和呼出通话中,客户与坐席的通话时长之和",
        en: "Talk time between customers and agents in inbound and outbound calls, with what follows a transfer to other agents",
    },
    unit: Unit::Duration,
    relation: &CALL_LEGS,
    value: Value::Sum("i.talk_ms", "i.call_type not in (12, 23) and i.talk_ms > 0"),
    better: Better::Neither,
};

/// 呼入通话时长.
pub static TALK_IN: Metric = Metric {
    key: "talk_in",
    name: Words { zh: "呼入通话时长", en: "Inbound talk time" },
    tip: Words {
        zh: "在呼入通话中,客户与坐席通话的总时长",
        en: "Talk time between customers and agents in inbound calls, with what follows a transfer to other agents",
    },
    unit: Unit::Duration,
    relation: &CALL_LEGS,
    value: Value::Sum("i.talk_ms", "i.direction = 0 and i.call_type not in (12, 23) and i.talk_ms > 0"),
    better: Better::Neither,
};

/// 呼出通话时长.
pub static TALK_OUT: Metric = Metric {
    key: "talk_out",
    name: Words { zh: "呼出通话时长", en: "Outbound talk time" },
    tip: Words {
        zh: "在呼出通话中,客户接听后与坐席通话的总时长",
        en: "Talk time with agents in outbound calls from the customer's answer on, with what follows a transfer to other agents",
    },
    unit: Unit::Duration,
    relation: &CALL_LEGS,
    value: Value::Sum("i.talk_ms", "i.direction = 1 and i.call_type not in (12, 23) and i.talk_ms > 0"),
    better: Better::Neither,
};

/// 平均通话时长.
pub static TALK_AVERAGE: Metric = Metric {
    key: "talk_average",
    name: Words { zh: "平均通话时长", en: "Average talk time" },
    tip: Words { zh: "通话总时长/成功通话总数", en: "Total talk time / successful calls" },
    unit: Unit::Duration,
    relation: &CALL_LEGS,
    value: Value::Ratio(&TALK, &CALLS_DONE),
    better: Better::Neither,
};

/// 呼入平均通话时长.
pub static TALK_IN_AVERAGE: Metric = Metric {
    key: "talk_in_average",
    name: Words { zh: "呼入平均通话时长", en: "Average inbound talk time" },
    tip: Words { zh: "呼入通话时长/呼入接听数", en: "Inbound talk time / inbound calls answered" },
    unit: Unit::Duration,
    relation: &CALL_LEGS,
    value: Value::Ratio(&TALK_IN, &CALLS_IN_DONE),
    better: Better::Neither,
};

/// 呼出平均通话时长.
pub static TALK_OUT_AVERAGE: Metric = Metric {
    key: "talk_out_average",
    name: Words { zh: "呼出平均通话时长", en: "Average outbound talk time" },
    tip: Words { zh: "呼出通话时长/呼出成功数", en: "Outbound talk time / outbound calls that succeeded" },
    unit: Unit::Duration,
    relation: &CALL_LEGS,
    value: Value::Ratio(&TALK_OUT, &CALLS_OUT_DONE),
    better: Better::Neither,
};

/// 呼入接待与外呼: the part of the talk time that an agent's own reports count.
pub static TALK_OWN: Metric = Metric {
    key: "talk_own",
    name: Words { zh: "呼入接待与外呼", en: "Own inbound and outbound" },
    tip: Words {
        zh: "主通话记录的通话时长，坐席工作效率和技能组报表只算这一部分",
        en: "Talk time of main records: the only part that agents' and groups' reports count",
    },
    unit: Unit::Duration,
    relation: &CALL_LEGS,
    value: Value::Sum("i.talk_ms", "i.call_type in (0, 1) and i.talk_ms > 0"),
    better: Better::Neither,
};

/// 被转接.
pub static TALK_TRANSFERRED: Metric = Metric {
    key: "talk_transferred",
    name: Words { zh: "被转接", en: "Transferred to" },
    tip: Words { zh: "被转接的坐席与客户的通话时长", en: "Talk time of agents with customers who were transferred to them" },
    unit: Unit::Duration,
    relation: &CALL_LEGS,
    value: Value::Sum("i.talk_ms", "i.call_type = 22 and i.talk_ms > 0"),
    better: Better::Neither,
};

/// 被咨询.
pub static TALK_CONSULTED: Metric = Metric {
    key: "talk_consulted",
    name: Words { zh: "被咨询", en: "Consulted" },
    tip: Words {
        zh: "被咨询的坐席与客户的通话时长，包括转接咨询",
        en: "Talk time of consulted agents with customers, transfer consultations included",
    },
    unit: Unit::Duration,
    relation: &CALL_LEGS,
    value: Value::Sum("i.talk_ms", "i.call_type in (11, 21) and i.talk_ms > 0"),
    better: Better::Neither,
};

/// 监听、强插、强拆.
pub static TALK_SUPERVISED: Metric = Metric {
    key: "talk_supervised",
    name: Words { zh: "监听、强插、强拆", en: "Monitor, barge-in, forced" },
    tip: Words {
        zh: "班长强插、强拆后与客户的通话时长",
        en: "Talk time of supervisors with customers after a barge-in or forced disconnect",
    },
    unit: Unit::Duration,
    relation: &CALL_LEGS,
    value: Value::Sum("i.talk_ms", "i.call_type in (3, 4, 5) and i.talk_ms > 0"),
    better: Better::Neither,
};

/// 客户与第三方: talk time that counts nowhere.
pub static TALK_THIRD: Metric = Metric {
    key: "talk_third",
    name: Words { zh: "客户与第三方", en: "With third parties" },
    tip: Words {
        zh: "客户与第三方的通话时长，对方不是坐席，不计入通话总时长",
        en: "Talk time of customers with third parties, who are no agents: not part of the total",
    },
    unit: Unit::Duration,
    relation: &CALL_LEGS,
    value: Value::Sum("i.talk_ms", "i.call_type in (12, 23) and i.talk_ms > 0"),
    better: Better::Neither,
};
