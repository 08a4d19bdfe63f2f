//! 通话满意度指标: the five levels of the release note, each by number and by its share of the rated calls. Of scales with fewer
//! levels the keys are read by their meaning: of two levels 满意 and 不满意, of three 满意, 一般 and 不满意.

use super::call::{both, count, share};
use super::{Better, Metric, Relation, Words};
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
pub static CALL_ASKED: Metric = count(
    &CALL_RATINGS,
    "call_asked",
    both("邀评数", "Asked"),
    both("邀请客户评价的通话数量", "Calls whose customer was asked for a rating"),
    "true",
    Better::Neither,
);

/// 参评数.
pub static CALL_RATED: Metric = count(
    &CALL_RATINGS,
    "call_rated",
    both("参评数", "Rated"),
    both("客户参与评价的通话数量", "Calls that their customer rated"),
    "i.satisfy_key between 1 and i.satisfy_levels",
    Better::Higher,
);

/// 参评率.
pub static CALL_RATED_RATE: Metric = share(
    "call_rated_rate",
    both("参评率", "Response rate"),
    both("参评数/邀评数*100%", "Rated / asked × 100 %"),
    (&CALL_RATED, &CALL_ASKED),
    Better::Higher,
);

/// 非常满意数.
pub static VERY_GOOD: Metric = count(
    &CALL_RATINGS,
    "very_satisfied",
    both("非常满意数", "Very satisfied"),
    both("评价非常满意的通话数量", "Calls rated very satisfied"),
    "i.satisfy_levels = 5 and i.satisfy_key = 1",
    Better::Higher,
);

/// 非常满意率.
pub static VERY_GOOD_RATE: Metric = share(
    "very_satisfied_rate",
    both("非常满意率", "Very satisfied rate"),
    both("非常满意数/参评数*100%", "Very satisfied / rated × 100 %"),
    (&VERY_GOOD, &CALL_RATED),
    Better::Higher,
);

/// 满意数.
pub static SATISFIED: Metric = count(
    &CALL_RATINGS,
    "satisfied",
    both("满意数", "Satisfied"),
    both("评价满意的通话数量", "Calls rated satisfied"),
    "i.satisfy_levels = 5 and i.satisfy_key = 2 or i.satisfy_levels in (2, 3) and i.satisfy_key = 1",
    Better::Higher,
);

/// 满意率.
pub static SATISFIED_RATE: Metric = share(
    "satisfied_rate",
    both("满意率", "Satisfied rate"),
    both("满意数/参评数*100%", "Satisfied / rated × 100 %"),
    (&SATISFIED, &CALL_RATED),
    Better::Higher,
);

/// 一般数.
pub static NEUTRAL: Metric = count(
    &CALL_RATINGS,
    "neutral",
    both("一般数", "Neutral"),
    both("评价一般的通话数量", "Calls rated neutral"),
    "i.satisfy_levels = 5 and i.satisfy_key = 3 or i.satisfy_levels = 3 and i.satisfy_key = 2",
    Better::Neither,
);

/// 一般率.
pub static NEUTRAL_RATE: Metric = share(
    "neutral_rate",
    both("一般率", "Neutral rate"),
    both("一般数/参评数*100%", "Neutral / rated × 100 %"),
    (&NEUTRAL, &CALL_RATED),
    Better::Neither,
);

/// 不满意数.
pub static DISSATISFIED: Metric = count(
    &CALL_RATINGS,
    "dissatisfied",
    both("不满意数", "Dissatisfied"),
    both("评价不满意的通话数量", "Calls rated dissatisfied"),
    "i.satisfy_levels = 5 and i.satisfy_key = 4 or i.satisfy_levels in (2, 3) and i.satisfy_key = i.satisfy_levels",
    Better::Lower,
);

/// 不满意率.
pub static DISSATISFIED_RATE: Metric = share(
    "dissatisfied_rate",
    both("不满意率", "Dissatisfied rate"),
    both("不满意数/参评数*100%", "Dissatisfied / rated × 100 %"),
    (&DISSATISFIED, &CALL_RATED),
    Better::Lower,
);

/// 非常不满意数.
pub static VERY_BAD: Metric = count(
    &CALL_RATINGS,
    "very_dissatisfied",
    both("非常不满意数", "Very dissatisfied"),
    both("评价非常不满意的通话数量", "Calls rated very dissatisfied"),
    "i.satisfy_levels = 5 and i.satisfy_key = 5",
    Better::Lower,
);

/// 非常不满意率.
pub static VERY_BAD_RATE: Metric = share(
    "very_dissatisfied_rate",
    both("非常不满意率", "Very dissatisfied rate"),
    both("非常不满意数/参评数*100%", "Very dissatisfied / rated × 100 %"),
    (&VERY_BAD, &CALL_RATED),
    Better::Lower,
);
