//! 条件字段: what a condition can ask of a ticket. One row here and one arm in `evaluate::read` is a new field; the editor,
//! the check and the trace follow.

use crate::model::Operator;
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
}

impl Field {
    /// What it holds.
    #[must_use]
    pub const fn holds(self) -> Holds {
        match self {
            Field::Status | Field::Priority | Field::Source | Field::Starter | Field::Duty => Holds::Choice,
            Field::Category | Field::Group | Field::Agent | Field::Mailbox => Holds::Maybe,
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

    /// Whether its values are whole numbers.
    #[must_use]
    pub const fn is_number(self) -> bool {
        matches!(self.holds(), Holds::Number)
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
            Holds::Number => vec![Operator::AtLeast, Operator::AtMost, Operator::Is, Operator::Empty, Operator::NotEmpty],
        };
        if at_change && self.kept().is_some() {
            operators.extend([Operator::Changed, Operator::ChangedTo, Operator::ChangedFrom]);
        }
        operators
    }
}
