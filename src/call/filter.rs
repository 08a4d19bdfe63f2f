//! 通话记录的筛选: a list of records as its address says it. The address is the list: it is kept, shared and exported as it
//! is written.

use crate::model::{AnswerWay, CallResult, CallType, Ender};
use core::fmt::{Display, Formatter, Result as Drawn};
use core::str::FromStr;
use jiff::civil::Date;
use kernel::ctx::Ctx;
use kernel::error::{Problem, Problems};
use kernel::id::{AgentId, CustomerId, GroupId};
use kernel::permission::Permission;
use kernel::time;
use serde::{Deserialize, Serialize};

/// Figures a number has at least that may be looked for by somebody who sees numbers masked: no end of one, or it could
/// be guessed figure by figure.
const WHOLE_NUMBER: usize = 7;

/// 呼叫类型 of the filter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Shown {
    /// 主通话记录: one row for each call.
    #[default]
    Main,
    /// 全部呼叫类型: main records and child legs, one row each.
    All,
    /// One call type.
    One(CallType),
}

kernel::catalog! {
    /// 满意度 of the filter.
    pub enum Rated {
        Yes = 0, "yes", "已评价", "Rated";
        No = 1, "no", "邀评未评价", "Asked, not rated";
        NotAsked = 2, "not_asked", "未邀评", "Not asked";
    }
}

kernel::catalog! {
    /// 接起情况 of the filter: calls with customers, without consultations and supervisors.
    pub enum Taken {
        Yes = 0, "yes", "接起、呼通或转接给客服", "Answered, made or given";
        No = 1, "no", "振铃没有接起", "Rang, not answered";
    }
}

kernel::catalog! {
    /// 质检 of the filter.
    pub enum Inspected {
        Yes = 0, "yes", "已质检", "Inspected";
        No = 1, "no", "未质检", "Not inspected";
    }
}

/// What a list of records shows. Days are `2026-11-22` in the company's zone, both included; lengths are seconds of 通话时长.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RecordFilter {
    /// 呼叫类型.
    #[serde(rename = "type", with = "shown")]
    pub shown: Shown,
    /// 通话结果.
    #[serde(deserialize_with = "kernel::input::blank")]
    pub result: Option<CallResult>,
    /// 挂断方.
    #[serde(deserialize_with = "kernel::input::blank")]
    pub ender: Option<Ender>,
    /// 接听方式.
    #[serde(deserialize_with = "kernel::input::blank")]
    pub way: Option<AnswerWay>,
    /// 接起情况.
    #[serde(deserialize_with = "kernel::input::blank")]
    pub taken: Option<Taken>,
    /// 技能组.
    #[serde(deserialize_with = "kernel::input::blank")]
    pub group: Option<GroupId>,
    /// 客服.
    #[serde(deserialize_with = "kernel::input::blank")]
    pub agent: Option<AgentId>,
    /// 客户.
    #[serde(deserialize_with = "kernel::input::blank")]
    pub customer: Option<CustomerId>,
    /// 满意度.
    #[serde(deserialize_with = "kernel::input::blank")]
    pub rated: Option<Rated>,
    /// 质检.
    #[serde(deserialize_with = "kernel::input::blank")]
    pub inspected: Option<Inspected>,
    /// 客户号码, or its end.
    pub number: String,
    /// 开始日期 from.
    pub from: String,
    /// 开始日期 to.
    pub to: String,
    /// 通话时长 at least.
    pub least: String,
    /// 通话时长 at most.
    pub most: String,
    /// Cursor of the page.
    pub at: String,
}

impl RecordFilter {
    /// Reads an address's query; what cannot be read is no filter.
    #[must_use]
    pub fn parse(query: &str) -> RecordFilter {
        serde_qs::Config::new(5, false).deserialize_str(query).unwrap_or_default()
    }

    /// Writes it as the query of an address, from the first page on.
    #[must_use]
    pub fn to_query(&self) -> String {
        let pairs = self.conditions().map(|(name, value)| format!("{name}={}", ui::visit::encoded(&value)));
        pairs.collect::<Vec<_>>().join("&")
    }

    /// Whether anything narrows the list.
    #[must_use]
    pub fn is_narrow(&self) -> bool {
        self.conditions().next().is_some()
    }

    fn conditions(&self) -> impl Iterator<Item = (&'static str, String)> + use<> {
        let words = |value: Option<&'static str>| value.unwrap_or_default().to_owned();
        let id = |value: Option<String>| value.unwrap_or_default();
        [
            ("type", self.shown.to_string()),
            ("result", words(self.result.map(CallResult::key))),
            ("ender", words(self.ender.map(Ender::key))),
            ("way", words(self.way.map(AnswerWay::key))),
            ("taken", words(self.taken.map(Taken::key))),
            ("group", id(self.group.map(|group| group.to_string()))),
            ("agent", id(self.agent.map(|agent| agent.to_string()))),
            ("customer", id(self.customer.map(|customer| customer.to_string()))),
            ("rated", words(self.rated.map(Rated::key))),
            ("inspected", words(self.inspected.map(Inspected::key))),
            ("number", self.number.trim().to_owned()),
            ("from", self.from.trim().to_owned()),
            ("to", self.to.trim().to_owned()),
            ("least", self.least.trim().to_owned()),
            ("most", self.most.trim().to_owned()),
        ]
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
    }

    /// What of it cannot be understood, beside its field; such a condition is not used.
    #[must_use]
    pub fn problems(&self) -> Problems {
        let mut problems = Problems::default();
        for (field, text) in [("from", &self.from), ("to", &self.to)] {
            problems.need(text.trim().is_empty() || time::day(text).is_some(), field, Problem::BadDate);
        }
        for (field, text) in [("least", &self.least), ("most", &self.most)] {
            problems.need(text.trim().is_empty() || seconds(text).is_some(), field, Problem::BadNumber);
        }
        if let (Some(from), Some(to)) = self.days() {
            problems.need(from <= to, "to", Problem::RangeReversed);
        }
        problems.need(self.number.trim().is_empty() || !self.figures().is_empty(), "number", Problem::BadPhone);
        problems
    }

    /// The same for this reader: whoever sees numbers masked looks for whole ones only.
    #[must_use]
    pub fn problems_for(&self, ctx: &Ctx) -> Problems {
        let mut problems = self.problems();
        problems.need(!is_short(&self.number, ctx), "number", Problem::WholeNumber);
        problems
    }

    /// First and last day.
    #[must_use]
    pub fn days(&self) -> (Option<Date>, Option<Date>) {
        (time::day(&self.from), time::day(&self.to))
    }

    /// 通话时长 at least and at most, in milliseconds.
    #[must_use]
    pub fn lengths(&self) -> (Option<i64>, Option<i64>) {
        // A call of 59.9 seconds is shown as 0:59 and is found as one of at most 59.
        (seconds(&self.least).map(|least| least * 1_000), seconds(&self.most).map(|most| most * 1_000 + 999))
    }

    /// The figures of the number that is looked for.
    #[must_use]
    pub fn figures(&self) -> String {
        figures(&self.number)
    }
}

/// Whether what was typed is too little of a number for somebody who sees numbers masked.
#[must_use]
pub fn is_short(typed: &str, ctx: &Ctx) -> bool {
    !ctx.may(Permission::CallNumberView) && (1..WHOLE_NUMBER).contains(&figures(typed).len())
}

/// The figures of a number as it is typed.
#[must_use]
pub fn figures(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

fn seconds(text: &str) -> Option<i64> {
    text.trim().parse::<u32>().ok().map(i64::from)
}

impl Shown {
    /// Whether each row is a call, and its child legs stand under it.
    #[must_use]
    pub const fn is_by_call(self) -> bool {
        matches!(self, Shown::Main | Shown::One(CallType::Inbound | CallType::Outbound))
    }
}

impl Display for Shown {
    fn fmt(&self, to: &mut Formatter<'_>) -> Drawn {
        match self {
            Shown::Main => Ok(()),
            Shown::All => to.write_str("all"),
            Shown::One(one) => to.write_str(one.key()),
        }
    }
}

impl FromStr for Shown {
    type Err = String;

    fn from_str(text: &str) -> Result<Shown, String> {
        match text.trim() {
            "" => Ok(Shown::Main),
            "all" => Ok(Shown::All),
            one => one.parse().map(Shown::One),
        }
    }
}

/// `Shown` as its word.
mod shown {
    use super::Shown;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(super) fn serialize<S: Serializer>(shown: &Shown, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(shown)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Shown, D::Error> {
        String::deserialize(from)?.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::{CallType, Ender, RecordFilter, Shown};

    #[test]
    fn an_address_is_read_as_it_was_written() {
        let filter = RecordFilter {
            shown: Shown::One(CallType::TransferAgent),
            ender: Some(Ender::Customer),
            number: "138 1234".to_owned(),
            from: "2026-11-22".to_owned(),
            least: "30".to_owned(),
            ..RecordFilter::default()
        };
        let query = filter.to_query();
        assert_eq!(query, "type=transfer_agent&ender=customer&number=138%201234&from=2026-11-22&least=30");
        assert_eq!(RecordFilter::parse(&query), filter);
        assert_eq!(RecordFilter::parse("result=&type=&from=").to_query(), "", "what a form sends of fields that were left alone");
        assert_eq!(filter.lengths(), (Some(30_000), None));
    }

    #[test]
    fn what_cannot_be_understood_is_said() {
        let filter = RecordFilter::parse("from=2026-11-23&to=2026-11-22&least=x&number=abc");
        let fields: Vec<String> = filter.problems().0.into_iter().map(|(field, _)| field).collect();
        assert_eq!(fields, ["least", "to", "number"]);
    }
}
