//! 指标: what a number means. One static per metric; table, chart, tooltip, definitions page, export and drill-down read
//! it, and nothing else knows how a number comes about. Tips are the release note's, word for word.

pub mod call;
pub mod call_rating;
pub mod made;
pub mod own_call;
pub mod sla;
pub mod talk;

use crate::subject::Subject;
use kernel::lang::Lang;
use kernel::t;
use std::borrow::Cow;

/// 口径版本: grows when a definition below changes its meaning, not with a new one; every export names it.
pub const DEFINITIONS: &[(u16, &str, &str, &str)] = &[(1, "2026-11-22", "首次发布", "First release")];

/// Words in both languages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Words {
    /// 中文.
    pub zh: &'static str,
    /// English.
    pub en: &'static str,
}

impl Words {
    /// The text of the language.
    #[must_use]
    pub const fn of(self, lang: Lang) -> &'static str {
        match lang {
            Lang::Zh => self.zh,
            Lang::En => self.en,
        }
    }
}

/// 单位: how a figure reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// A number of tickets.
    Tickets,
    /// A number of calls, or of their records.
    Calls,
    /// A length of time: milliseconds, shown as `1:02:03`.
    Duration,
    /// A share, shown in percent.
    Percent,
    /// An average score, 1 to 5.
    Score,
}

/// Which direction is good news.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Better {
    /// More is better.
    Higher,
    /// Less is better.
    Lower,
    /// Neither.
    Neither,
}

/// The rows that a family of metrics stands on: the one relation under aggregate and list. In SQL a row is `i`; it has
/// `company_id`, `agent_id`, `agent_name`, `group_id` and what its subject is grouped by.
#[derive(Debug)]
pub struct Relation {
    /// What its rows are about.
    pub subject: Subject,
    /// `from` with its joins; every one names the company.
    pub from: &'static str,
    /// What is always asked of a row, beside its company.
    pub holds: &'static str,
    /// 时间口径: the column whose moment decides in which day a row falls.
    pub clock: &'static str,
    /// The company's column.
    pub company: &'static str,
    /// Which rows these are, in words.
    pub rows: Words,
    /// The clock in words.
    pub clock_words: Words,
    /// 归属: whose number it is, in words.
    pub attribution: Words,
}

/// How a number comes from rows.
#[derive(Debug)]
pub enum Value {
    /// The rows for which this holds; the moment it is asked at is `n.now`.
    Count(&'static str),
    /// The sum of the first over the rows for which the second holds.
    Sum(&'static str, &'static str),
    /// One number divided by another.
    Ratio(&'static Metric, &'static Metric),
}

/// 指标.
#[derive(Debug)]
pub struct Metric {
    /// The stable word: addresses, exports, interfaces.
    pub key: &'static str,
    /// 名称.
    pub name: Words,
    /// 提示.
    pub tip: Words,
    /// 单位.
    pub unit: Unit,
    /// The rows it stands on.
    pub relation: &'static Relation,
    /// How it is computed.
    pub value: Value,
    /// Which direction is good news.
    pub better: Better,
}

impl Metric {
    /// The formula of a ratio, made from its parts.
    #[must_use]
    pub fn formula(&self, lang: Lang) -> Option<String> {
        match &self.value {
            Value::Ratio(above, below) => Some(t!(lang, "{} ÷ {}", "{} ÷ {}", above.short(lang), below.short(lang))),
            Value::Count(_) | Value::Sum(..) => None,
        }
    }

    /// The name without what stands in brackets.
    #[must_use]
    pub fn short(&self, lang: Lang) -> &'static str {
        let name = self.name.of(lang);
        name.split(['（', '(']).next().unwrap_or(name).trim_end()
    }

    /// What is asked of the rows behind the number: a share opens the rows above the line, an average both those that it sums up
    /// and those that it is divided by. They need not be the same: talk after a transfer is a record's that is no call of its own.
    #[must_use]
    pub fn predicate(&self) -> Cow<'static, str> {
        match self.value {
            Value::Count(holds) | Value::Sum(_, holds) => Cow::Borrowed(holds),
            Value::Ratio(above, below) => match above.value {
                Value::Count(holds) => Cow::Borrowed(holds),
                Value::Sum(_, holds) if holds != below.predicate() => Cow::Owned(format!("({holds}) or ({})", below.predicate())),
                Value::Sum(..) | Value::Ratio(..) => below.predicate(),
            },
        }
    }

    /// 每行的量: what a row behind the number adds to it, of an average to what is above its line; nothing where each counts as one.
    #[must_use]
    pub fn worth(&self) -> Option<Cow<'static, str>> {
        match self.value {
            Value::Count(_) => None,
            Value::Sum(what, _) => Some(Cow::Borrowed(what)),
            Value::Ratio(above, below) => match above.value {
                Value::Sum(what, holds) if holds != below.predicate() => {
                    Some(Cow::Owned(format!("case when {holds} then {what} else 0 end")))
                }
                Value::Count(_) | Value::Sum(..) | Value::Ratio(..) => above.worth(),
            },
        }
    }
}

/// Sent invitations with the rating in force.
pub static INVITATIONS: Relation = Relation {
    subject: Subject::Tickets,
    from: "satisfaction_invitations i",
    holds: "i.state = 1",
    clock: "i.sent_at",
    company: "i.company_id",
    rows: Words {
        zh: "已经发出的邀评，每张工单每一轮处理一次；客户改过评价的，取最后一次",
        en: "Invitations that went out, one for each cycle of a ticket; of a changed rating the last one counts",
    },
    clock_words: Words {
        zh: "邀评发出的时刻，按公司时区的日期；不按评价的时刻",
        en: "The moment the invitation went out, by the company's calendar; not the moment of the rating",
    },
    attribution: Words {
        zh: "邀评时的受理客服、受理组、分类和渠道，之后改派不影响",
        en: "Agent, group, category and channel at the invitation; a later reassignment changes nothing",
    },
};

/// 邀评数.
pub static INVITED: Metric = Metric {
    key: "invited",
    name: Words { zh: "邀评数", en: "Invited" },
    tip: Words { zh: "发送工单满意度邀评的工单数量", en: "Tickets for which an invitation to rate was sent" },
    unit: Unit::Tickets,
    relation: &INVITATIONS,
    value: Value::Count("true"),
    better: Better::Neither,
};

/// 参评数.
pub static RATED: Metric = Metric {
    key: "rated",
    name: Words { zh: "参评数", en: "Rated" },
    tip: Words { zh: "客户参与工单满意度评价的工单数量", en: "Tickets that their customer rated" },
    unit: Unit::Tickets,
    relation: &INVITATIONS,
    value: Value::Count("i.score is not null"),
    better: Better::Higher,
};

/// 参评率.
pub static RATED_RATE: Metric = Metric {
    key: "rated_rate",
    name: Words { zh: "参评率", en: "Response rate" },
    tip: Words { zh: "用户参与满意度评价数在邀评数中的占比", en: "Share of the invited tickets that were rated" },
    unit: Unit::Percent,
    relation: &INVITATIONS,
    value: Value::Ratio(&RATED, &INVITED),
    better: Better::Higher,
};

/// 各分数之和: the numerator of the average; it is no column of its own.
pub static SCORES: Metric = Metric {
    key: "scores",
    name: Words { zh: "各分数之和", en: "Sum of scores" },
    tip: Words { zh: "参评工单的分数之和", en: "Sum of the scores of the rated tickets" },
    unit: Unit::Score,
    relation: &INVITATIONS,
    value: Value::Sum("i.score", "i.score is not null"),
    better: Better::Neither,
};

/// 平均分.
pub static AVERAGE: Metric = Metric {
    key: "average",
    name: Words { zh: "平均分", en: "Average" },
    tip: Words { zh: "参与工单满意度评价的用户的平均分", en: "Average score of the customers who rated" },
    unit: Unit::Score,
    relation: &INVITATIONS,
    value: Value::Ratio(&SCORES, &RATED),
    better: Better::Higher,
};

/// 好评数.
pub static GOOD: Metric = Metric {
    key: "good",
    name: Words { zh: "好评数", en: "Good" },
    tip: Words { zh: "评价5分的工单数量", en: "Tickets rated 5" },
    unit: Unit::Tickets,
    relation: &INVITATIONS,
    value: Value::Count("i.score = 5"),
    better: Better::Higher,
};

/// 好评率.
pub static GOOD_RATE: Metric = Metric {
    key: "good_rate",
    name: Words { zh: "好评率（5分）", en: "Good rate (5)" },
    tip: Words { zh: "评价5分的工单数量在参评工单数量中的占比", en: "Share of the rated tickets that were rated 5" },
    unit: Unit::Percent,
    relation: &INVITATIONS,
    value: Value::Ratio(&GOOD, &RATED),
    better: Better::Higher,
};

/// 中评数.
pub static FAIR: Metric = Metric {
    key: "fair",
    name: Words { zh: "中评数（3-4）", en: "Fair (3–4)" },
    tip: Words { zh: "评价3、4分工单数量和", en: "Tickets rated 3 or 4" },
    unit: Unit::Tickets,
    relation: &INVITATIONS,
    value: Value::Count("i.score between 3 and 4"),
    better: Better::Neither,
};

/// 中评率.
pub static FAIR_RATE: Metric = Metric {
    key: "fair_rate",
    name: Words { zh: "中评率", en: "Fair rate" },
    tip: Words { zh: "评价3、4分工单数量在参评数量中的占比", en: "Share of the rated tickets that were rated 3 or 4" },
    unit: Unit::Percent,
    relation: &INVITATIONS,
    value: Value::Ratio(&FAIR, &RATED),
    better: Better::Neither,
};

/// 差评数.
pub static BAD: Metric = Metric {
    key: "bad",
    name: Words { zh: "差评数（1-2）", en: "Bad (1–2)" },
    tip: Words { zh: "评价1、2分工单数量和", en: "Tickets rated 1 or 2" },
    unit: Unit::Tickets,
    relation: &INVITATIONS,
    value: Value::Count("i.score between 1 and 2"),
    better: Better::Lower,
};

/// 差评率.
pub static BAD_RATE: Metric = Metric {
    key: "bad_rate",
    name: Words { zh: "差评率", en: "Bad rate" },
    tip: Words {
        zh: "评价1、2分工单数量在已评价工单数量中的占比", en: "Share of the rated tickets that were rated 1 or 2"
    },
    unit: Unit::Percent,
    relation: &INVITATIONS,
    value: Value::Ratio(&BAD, &RATED),
    better: Better::Lower,
};

/// 4分数.
pub static FOUR: Metric = Metric {
    key: "score_4",
    name: Words { zh: "4分数", en: "Rated 4" },
    tip: Words { zh: "评价4分的工单数量", en: "Tickets rated 4" },
    unit: Unit::Tickets,
    relation: &INVITATIONS,
    value: Value::Count("i.score = 4"),
    better: Better::Neither,
};

/// 3分数.
pub static THREE: Metric = Metric {
    key: "score_3",
    name: Words { zh: "3分数", en: "Rated 3" },
    tip: Words { zh: "评价3分的工单数量", en: "Tickets rated 3" },
    unit: Unit::Tickets,
    relation: &INVITATIONS,
    value: Value::Count("i.score = 3"),
    better: Better::Neither,
};

/// 2分数.
pub static TWO: Metric = Metric {
    key: "score_2",
    name: Words { zh: "2分数", en: "Rated 2" },
    tip: Words { zh: "评价2分的工单数量", en: "Tickets rated 2" },
    unit: Unit::Tickets,
    relation: &INVITATIONS,
    value: Value::Count("i.score = 2"),
    better: Better::Neither,
};

/// 1分数.
pub static ONE: Metric = Metric {
    key: "score_1",
    name: Words { zh: "1分数", en: "Rated 1" },
    tip: Words { zh: "评价1分的工单数量", en: "Tickets rated 1" },
    unit: Unit::Tickets,
    relation: &INVITATIONS,
    value: Value::Count("i.score = 1"),
    better: Better::Neither,
};
