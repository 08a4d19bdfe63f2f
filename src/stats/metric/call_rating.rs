//! 通话满意度指标: the five levels of the release note, each by number and by its share of the rated calls. Of scales with fewer
//! levels the keys are read by their meaning: of two levels 满意 and 不满意, of three 满意, 一般 and 不满意.

use super::{Better, Metric, Relation, Unit, Value, Words};
use crate::subject::Subject;

/// Calls after which the customer was asked.
pub static CALL_RATINGS: Relation = Relation {
    subject: Subject::Calls,
    from: "call_legs i",
    holds: "i.ended_at is not null and i.call_type in (0, 1) and i.satisfy_levels in (2, 3, 5)",
    clock: "i.started_at",
    company: "i.company_id",
    rows: Words {
        zh: "已经结束并且邀请客户评价的通话，每通电话一次；自定义评价没有这五级，不算",
        en: "Calls that are over and whose customer was asked for a rating, one for each call; a company's own scale has no such levels and is not counted",
    },
    clock_words: Words {
        zh: "通话开始的时刻，按公司时区的日期；不按评价的时刻",
        en: "The moment the call began, by the company's calendar; not the moment of the rating",
    },
    attribution: Words {
        zh: "接听这通电话的客服和技能组；转接以后的评价也归接听的客服",
        en: "Agent and group that answered the call, also where it was transferred before it was rated",
    },
};

/// 邀评数.
pub static CALL_ASKED: Metric = Metric {
    key: "call_asked",
    name: Words { zh: "邀评数", en: "Asked" },
    tip: Words { zh: "邀请客户评价的通话数量", en: "Calls whose customer was asked for a rating" },
    unit: Unit::Calls,
    relation: &CALL_RATINGS,
    value: Value::Count("true"),
    better: Better::Neither,
};

/// 参评数.
pub static CALL_RATED: Metric = Metric {
    key: "call_rated",
    name: Words { zh: "参评数", en: "Rated" },
    tip: Words { zh: "客户参与评价的通话数量", en: "Calls that their customer rated" },
    unit: Unit::Calls,
    relation: &CALL_RATINGS,
    value: Value::Count("i.satisfy_key between 1 and i.satisfy_levels"),
    better: Better::Higher,
};

/// 参评率.
pub static CALL_RATED_RATE: Metric = Metric {
    key: "call_rated_rate",
    name: Words { zh: "参评率", en: "Response rate" },
    tip: Words { zh: "参评数/邀评数*100%", en: "Rated / asked × 100 %" },
    unit: Unit::Percent,
    relation: &CALL_RATINGS,
    value: Value::Ratio(&CALL_RATED, &CALL_ASKED),
    better: Better::Higher,
};

/// 非常满意数.
pub static VERY_GOOD: Metric = Metric {
    key: "very_satisfied",
    name: Words { zh: "非常满意数", en: "Very satisfied" },
    tip: Words { zh: "评价非常满意的通话数量", en: "Calls rated very satisfied" },
    unit: Unit::Calls,
    relation: &CALL_RATINGS,
    value: Value::Count("i.satisfy_levels = 5 and i.satisfy_key = 1"),
    better: Better::Higher,
};

/// 非常满意率.
pub static VERY_GOOD_RATE: Metric = Metric {
    key: "very_satisfied_rate",
    name: Words { zh: "非常满意率", en: "Very satisfied rate" },
    tip: Words { zh: "非常满意数/参评数*100%", en: "Very satisfied / rated × 100 %" },
    unit: Unit::Percent,
    relation: &CALL_RATINGS,
    value: Value::Ratio(&VERY_GOOD, &CALL_RATED),
    better: Better::Higher,
};

/// 满意数.
pub static SATISFIED: Metric = Metric {
    key: "satisfied",
    name: Words { zh: "满意数", en: "Satisfied" },
    tip: Words { zh: "评价满意的通话数量", en: "Calls rated satisfied" },
    unit: Unit::Calls,
    relation: &CALL_RATINGS,
    value: Value::Count("i.satisfy_levels = 5 and i.satisfy_key = 2 or i.satisfy_levels in (2, 3) and i.satisfy_key = 1"),
    better: Better::Higher,
};

/// 满意率.
pub static SATISFIED_RATE: Metric = Metric {
    key: "satisfied_rate",
    name: Words { zh: "满意率", en: "Satisfied rate" },
    tip: Words { zh: "满意数/参评数*100%", en: "Satisfied / rated × 100 %" },
    unit: Unit::Percent,
    relation: &CALL_RATINGS,
    value: Value::Ratio(&SATISFIED, &CALL_RATED),
    better: Better::Higher,
};

/// 一般数.
pub static NEUTRAL: Metric = Metric {
    key: "neutral",
    name: Words { zh: "一般数", en: "Neutral" },
    tip: Words { zh: "评价一般的通话数量", en: "Calls rated neutral" },
    unit: Unit::Calls,
    relation: &CALL_RATINGS,
    value: Value::Count("i.satisfy_levels = 5 and i.satisfy_key = 3 or i.satisfy_levels = 3 and i.satisfy_key = 2"),
    better: Better::Neither,
};

/// 一般率.
pub static NEUTRAL_RATE: Metric = Metric {
    key: "neutral_rate",
    name: Words { zh: "一般率", en: "Neutral rate" },
    tip: Words { zh: "一般数/参评数*100%", en: "Neutral / rated × 100 %" },
    unit: Unit::Percent,
    relation: &CALL_RATINGS,
    value: Value::Ratio(&NEUTRAL, &CALL_RATED),
    better: Better::Neither,
};

/// 不满意数.
pub static DISSATISFIED: Metric = Metric {
    key: "dissatisfied",
    name: Words { zh: "不满意数", en: "Dissatisfied" },
    tip: Words { zh: "评价不满意的通话数量", en: "Calls rated dissatisfied" },
    unit: Unit::Calls,
    relation: &CALL_RATINGS,
    value: Value::Count("i.satisfy_levels = 5 and i.satisfy_key = 4 or i.satisfy_levels in (2, 3) and i.satisfy_key = i.satisfy_levels"),
    better: Better::Lower,
};

/// 不满意率.
pub static DISSATISFIED_RATE: Metric = Metric {
    key: "dissatisfied_rate",
    name: Words { zh: "不满意率", en: "Dissatisfied rate" },
    tip: Words { zh: "不满意数/参评数*100%", en: "Dissatisfied / rated × 100 %" },
    unit: Unit::Percent,
    relation: &CALL_RATINGS,
    value: Value::Ratio(&DISSATISFIED, &CALL_RATED),
    better: Better::Lower,
};

/// 非常不满意数.
pub static VERY_BAD: Metric = Metric {
    key: "very_dissatisfied",
    name: Words { zh: "非常不满意数", en: "Very dissatisfied" },
    tip: Words { zh: "评价非常不满意的通话数量", en: "Calls rated very dissatisfied" },
    unit: Unit::Calls,
    relation: &CALL_RATINGS,
    value: Value::Count("i.satisfy_levels = 5 and i.satisfy_key = 5"),
    better: Better::Lower,
};

/// 非常不满意率.
pub static VERY_BAD_RATE: Metric = Metric {
    key: "very_dissatisfied_rate",
    name: Words { zh: "非常不满意率", en: "Very dissatisfied rate" },
    tip: Words { zh: "非常不满意数/参评数*100%", en: "Very dissatisfied / rated × 100 %" },
    unit: Unit::Percent,
    relation: &CALL_RATINGS,
    value: Value::Ratio(&VERY_BAD, &CALL_RATED),
    better: Better::Lower,
};
