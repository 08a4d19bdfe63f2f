//! 条件字段: what a condition can ask of a ticket. One row here and one arm in `evaluate::read` is a new field; the editor,
//! the check and the trace follow. Own fields of a company are asked by what they hold.

use crate::model::Operator;
use core::fmt::{Display, Formatter};
use core::str::FromStr;
use kernel::field::FieldKind;
use kernel::id::TicketFieldId;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};
use std::borrow::Cow;
use ticket::model::Property;

kernel::catalog! {
    /// 条件字段: what of a ticket a condition looks at.
    pub enum Field {
        Status = 1, "status", "状态", "Status";
        Priority = 2, "priority", "优先级", "Priority";
        Category = 3, "category", "分类", "Category";
        Source = 4, "source", "来源", "Source";
        Group = 5, "group", "受理组", "Group";
        Agent = 6, "agent", "受理客服", "Agent";
        Starter = 7, "starter", "发起方", "Started by";
        Mailbox = 8, "mailbox", "收件邮箱", "Receiving mailbox";
        Sender = 9, "sender", "客户邮箱", "Customer's address";
        SenderDomain = 10, "sender_domain", "客户邮箱域名", "Domain of the customer's address";
        Title = 11, "title", "标题", "Title";
        Content = 12, "content", "标题或描述", "Title or description";
        CustomerLevel = 13, "customer_level", "VIP等级", "VIP level";
        HoursSinceCreated = 14, "hours_since_created", "创建至今（小时）", "Hours since created";
        HoursSinceUpdated = 15, "hours_since_updated", "最近更新至今（小时）", "Hours since changed";
        HoursWaiting = 16, "hours_waiting", "客户已等（小时）", "Hours the customer waits";
        UrgeCount = 17, "urge_count", "催单次数", "Times urged";
        Score = 18, "score", "满意度评分", "Rating";
        Cycle = 19, "cycle", "第几次打开", "Times opened";
        HoursInStatus = 20, "hours_in_status", "在此状态（小时）", "Hours in this status";
        Duty = 21, "duty", "受理组的工作时间", "Duty time of the group";
        Template = 22, "template", "工单模板", "Ticket template";
    }
}

kernel::catalog! {
    /// 上下班: whether the group of a ticket is on duty when a trigger looks.
    pub enum Duty {
        On = 1, "on", "上班", "On duty";
        Off = 2, "off", "下班", "Off duty";
    }
}

/// What a field holds, from which its operators and its control in the editor follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// One row of a list, always.
    Choice,
    /// One row of a list, or none.
    Maybe,
    /// Words.
    Text,
    /// A whole number, or none.
    Number,
    /// A number, a day or a time, as an own field holds it, or none.
    Amount,
}

/// 自定义字段 of a condition or an action: which, and what it holds. That never changes, so that a rule reads by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct OwnField {
    /// Which.
    pub id: TicketFieldId,
    /// What it holds.
    pub kind: FieldKind,
}

/// 条件对象: what of a ticket a condition looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Aspect {
    /// Something that every ticket has.
    Field(Field),
    /// A field of the company's own.
    Own(OwnField),
}

impl From<Field> for Aspect {
    fn from(field: Field) -> Aspect {
        Aspect::Field(field)
    }
}

impl PartialEq<Field> for Aspect {
    fn eq(&self, field: &Field) -> bool {
        *self == Aspect::Field(*field)
    }
}

impl Field {
    /// What it holds.
    #[must_use]
    pub const fn holds(self) -> Holds {
        match self {
            Field::Status | Field::Priority | Field::Source | Field::Starter | Field::Duty => Holds::Choice,
            Field::Category | Field::Group | Field::Agent | Field::Mailbox | Field::Template => Holds::Maybe,
            Field::Sender | Field::SenderDomain | Field::Title | Field::Content => Holds::Text,
            Field::CustomerLevel
            | Field::HoursSinceCreated
            | Field::HoursSinceUpdated
            | Field::HoursWaiting
            | Field::UrgeCount
            | Field::Score
            | Field::Cycle
            | Field::HoursInStatus => Holds::Number,
        }
    }

    /// Under what the history tells what it was before a change; nothing when it does not.
    #[must_use]
    pub const fn kept(self) -> Option<Property> {
        match self {
            Field::Status => Some(Property::Status),
            Field::Priority => Some(Property::Priority),
            Field::Category => Some(Property::Category),
            Field::Group => Some(Property::Group),
            Field::Agent => Some(Property::Agent),
            _ => None,
        }
    }
}

impl OwnField {
    /// What it holds.
    #[must_use]
    pub const fn holds(self) -> Holds {
        match self.kind {
            FieldKind::Line | FieldKind::Text => Holds::Text,
            FieldKind::Date | FieldKind::Time | FieldKind::Number => Holds::Amount,
            FieldKind::Choice | FieldKind::Checks | FieldKind::Radio | FieldKind::Cascade => Holds::Maybe,
        }
    }
}

impl Aspect {
    /// What it holds.
    #[must_use]
    pub const fn holds(self) -> Holds {
        match self {
            Aspect::Field(field) => field.holds(),
            Aspect::Own(own) => own.holds(),
        }
    }

    /// Whether its values are whole numbers.
    #[must_use]
    pub const fn is_number(self) -> bool {
        matches!(self.holds(), Holds::Number)
    }

    /// The own field it is.
    #[must_use]
    pub const fn own(self) -> Option<OwnField> {
        match self {
            Aspect::Field(_) => None,
            Aspect::Own(own) => Some(own),
        }
    }

    /// Whether a condition can ask what it was before a change: the history tells, and one of a list is compared.
    #[must_use]
    pub const fn is_kept(self) -> bool {
        match self {
            Aspect::Field(field) => field.kept().is_some(),
            Aspect::Own(own) => matches!(own.holds(), Holds::Maybe),
        }
    }

    /// Its operators, the usual one first; what a change found can only be asked at a change.
    #[must_use]
    pub fn operators(self, at_change: bool) -> Vec<Operator> {
        let mut operators = match self.holds() {
            Holds::Choice => vec![Operator::Is, Operator::IsNot],
            Holds::Maybe => vec![Operator::Is, Operator::IsNot, Operator::Empty, Operator::NotEmpty],
            Holds::Text => vec![
                Operator::Contains,
                Operator::ContainsNot,
                Operator::Is,
                Operator::IsNot,
                Operator::StartsWith,
                Operator::EndsWith,
                Operator::Matches,
                Operator::Empty,
                Operator::NotEmpty,
            ],
            Holds::Number | Holds::Amount => vec![Operator::AtLeast, Operator::AtMost, Operator::Is, Operator::Empty, Operator::NotEmpty],
        };
        if at_change && self.is_kept() {
            operators.extend([Operator::Changed, Operator::ChangedTo, Operator::ChangedFrom]);
        }
        operators
    }
}

/// Before an own field in forms, addresses and kept rules: `own-choice-0192…`.
const OWN: &str = "own-";

impl Display for OwnField {
    fn fmt(&self, f: &mut Formatter<'_>) -> core::fmt::Result {
        write!(f, "{OWN}{}-{}", self.kind, self.id)
    }
}

impl FromStr for OwnField {
    type Err = String;

    fn from_str(text: &str) -> Result<OwnField, String> {
        let parts = text.strip_prefix(OWN).and_then(|rest| rest.split_once('-'));
        let read = parts.and_then(|(kind, id)| Some(OwnField { kind: kind.parse().ok()?, id: id.parse().ok()? }));
        read.ok_or_else(|| format!("{text:?} is no own field"))
    }
}

impl Display for Aspect {
    fn fmt(&self, f: &mut Formatter<'_>) -> core::fmt::Result {
        match self {
            Aspect::Field(field) => field.fmt(f),
            Aspect::Own(own) => own.fmt(f),
        }
    }
}

impl FromStr for Aspect {
    type Err = String;

    fn from_str(text: &str) -> Result<Aspect, String> {
        text.parse().map(Aspect::Own).or_else(|_| text.parse().map(Aspect::Field))
    }
}

impl Serialize for OwnField {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        out.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for OwnField {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<OwnField, D::Error> {
        Cow::<'de, str>::deserialize(from)?.parse().map_err(D::Error::custom)
    }
}

impl Serialize for Aspect {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        out.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Aspect {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Aspect, D::Error> {
        Cow::<'de, str>::deserialize(from)?.parse().map_err(D::Error::custom)
    }
}
