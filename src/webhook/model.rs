//! Coded lists of message forwarding, the subscription as the form sends it, and its check.

use kernel::error::{Problem, Problems, Result};
use kernel::id::{DeliveryId, WebhookId};
use kernel::input::blank;
use serde::{Deserialize, Serialize};

/// 名称 at most, in characters.
pub const NAME_MOST: usize = 50;
/// An address at most, in characters.
pub const URL_MOST: usize = 500;

kernel::catalog! {
    /// 消息类型: what a subscription is told of. A topic is a row here, an arm of `Topic::order`, and a function that makes its
    /// payload where the reactions to events are (`worker::forward`).
    pub enum Topic {
        TicketCreated = 101, "ticket.created", "工单创建", "Ticket created";
        TicketAssigned = 102, "ticket.assigned", "工单分配", "Ticket assigned";
        TicketCustomerReplied = 103, "ticket.customer_replied", "客户回复工单", "Customer replied";
        TicketAgentReplied = 104, "ticket.agent_replied", "客服回复工单", "Agent replied";
        TicketStatusChanged = 105, "ticket.status_changed", "工单状态变化", "Ticket status changed";
        TicketUpdated = 106, "ticket.updated", "工单修改", "Ticket updated";
        TicketUrged = 107, "ticket.urged", "工单催单", "Ticket urged";
        TicketNearlyDue = 108, "ticket.nearly_due", "工单即将超时", "Ticket nearly due";
        TicketOverdue = 109, "ticket.overdue", "工单超时", "Ticket overdue";
        TicketRated = 201, "ticket.rated", "工单满意度评价", "Ticket rated";
        TriggerMatched = 901, "trigger.matched", "触发器命中", "Trigger matched";
        Test = 999, "test", "测试消息", "Test message";
    }
}

kernel::catalog! {
    /// 顺序依据: what keeps messages of a topic in order.
    pub enum Order {
        Ticket = 1, "ticket", "同一工单按先后", "In order for one ticket";
        None = 2, "none", "不分先后", "In no order";
    }
}

impl Topic {
    /// What keeps its messages in order.
    #[must_use]
    pub const fn order(self) -> Order {
        match self {
            Topic::TicketCreated
            | Topic::TicketAssigned
            | Topic::TicketCustomerReplied
            | Topic::TicketAgentReplied
            | Topic::TicketStatusChanged
            | Topic::TicketUpdated
            | Topic::TicketUrged
            | Topic::TicketNearlyDue
            | Topic::TicketOverdue
            | Topic::TicketRated
            | Topic::TriggerMatched => Order::Ticket,
            Topic::Test => Order::None,
        }
    }

    /// Whether a subscription asks for it; the others come where a trigger or a button sends them.
    #[must_use]
    pub const fn is_asked_for(self) -> bool {
        !matches!(self, Topic::TriggerMatched | Topic::Test)
    }

    /// Those that a subscription asks for.
    pub fn offered() -> impl Iterator<Item = Topic> {
        Topic::ALL.iter().copied().filter(|topic| topic.is_asked_for())
    }
}

kernel::catalog! {
    /// 推送方式: how messages are put and signed.
    pub enum Profile {
        Standard = 1, "standard", "Standard Webhooks（HMAC-SHA256）", "Standard Webhooks (HMAC-SHA256)";
        Original = 2, "original", "兼容原推送（批量，X-Log-Sign）", "As the original product pushes (batches, X-Log-Sign)";
    }
}

kernel::catalog! {
    /// 转发状态: how far a message is.
    pub enum DeliveryState {
        Waiting = 0, "waiting", "等待送达", "Waiting";
        Delivered = 1, "delivered", "已送达", "Delivered";
        GivenUp = 2, "given_up", "已放弃", "Given up";
    }
}

kernel::catalog! {
    /// 失败原因: why a request was not taken.
    pub enum Fault {
        BadUrl = 1, "bad_url", "地址不可用", "The address cannot be used";
        Forbidden = 2, "forbidden", "地址指向内网，已拒绝", "The address leads into a private network and was refused";
        Unresolved = 3, "unresolved", "域名解析不到", "Nobody knows the name";
        Unreachable = 4, "unreachable", "连接不上", "No connection came about";
        Tls = 5, "tls", "证书或加密有问题", "Its certificate or TLS is not to be trusted";
        TimedOut = 6, "timed_out", "15 秒内没有答复", "No answer within 15 seconds";
        Broken = 7, "broken", "连接中断", "The connection ended in the middle";
        Status = 8, "status", "答复的状态码不是 2xx", "The answer's status is not 2xx";
        Redirect = 9, "redirect", "答复是跳转，不会跟随", "The answer is a redirect, which nobody follows";
        NotAcknowledged = 10, "not_acknowledged", "答复里没有 ret_code 000000", "The answer has no ret_code 000000";
    }
}

impl Fault {
    /// Whether the receiver said nothing at all, so that another message would meet the same.
    #[must_use]
    pub const fn is_silent(self) -> bool {
        !matches!(self, Fault::Status | Fault::Redirect | Fault::NotAcknowledged)
    }
}

kernel::catalog! {
    /// 答复: what the installation's own receiver answers the next request.
    pub enum Reply {
        Taken = 1, "taken", "正常接收", "Take it";
        Error = 2, "error", "答复 500 一次", "Answer 500 once";
        Slow = 3, "slow", "20 秒后才答复一次", "Answer after 20 seconds once";
        NotAcknowledged = 4, "not_acknowledged", "答复 ret_code 999999 一次", "Answer ret_code 999999 once";
    }
}

kernel::catalog! {
    /// 验签结果: what the signature of a request that came is worth.
    pub enum Seal {
        Standard = 1, "standard", "签名正确（Standard Webhooks）", "Signed well (Standard Webhooks)";
        Original = 2, "original", "签名正确（X-Log-Sign）", "Signed well (X-Log-Sign)";
        Wrong = 3, "wrong", "签名不对", "Signed wrongly";
        Missing = 4, "missing", "没有签名", "Not signed";
    }
}

/// 消息转发 as its form sends it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WebhookInput {
    /// Which; nothing for a new one.
    #[serde(default, deserialize_with = "blank")]
    pub id: Option<WebhookId>,
    /// The version that the editor started from.
    #[serde(default)]
    pub version: i32,
    /// 名称.
    pub name: String,
    /// 接收地址.
    pub url: String,
    /// 推送方式.
    #[serde(default, deserialize_with = "blank")]
    pub profile: Option<Profile>,
    /// 消息类型; none for one that only triggers write to.
    #[serde(default)]
    pub topics: Vec<Topic>,
    /// 启用.
    #[serde(default)]
    pub enabled: bool,
    /// Why it is changed, for the configuration history.
    #[serde(default)]
    pub reason: String,
}

impl WebhookInput {
    /// Everything that is wrong with it and can be told without knowing where the program runs; the address itself is read
    /// by `kernel::egress`.
    ///
    /// # Errors
    /// Problems beside their fields.
    pub fn check(&self) -> Result<()> {
        let mut problems = Problems::default();
        problems.text(&self.name, "name", NAME_MOST);
        problems.text(&self.url, "url", URL_MOST);
        problems.need(self.topics.iter().all(|topic| topic.is_asked_for()), "topics", Problem::BadChoice);
        problems.end()
    }

    /// The topics, each once, in the order of the list.
    #[must_use]
    pub fn asked(&self) -> Vec<Topic> {
        Topic::offered().filter(|topic| self.topics.contains(topic)).collect()
    }

    /// 推送方式, the standard one when nothing was chosen.
    #[must_use]
    pub fn profile(&self) -> Profile {
        self.profile.unwrap_or(Profile::Standard)
    }
}

/// A subscription, to be deleted, tested or given a new secret.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WebhookChoice {
    /// Which.
    pub webhook: WebhookId,
}

/// A subscription that is switched on or off.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WebhookSwitch {
    /// Which.
    pub webhook: WebhookId,
    /// 启用.
    pub enabled: bool,
}

/// A message that is sent again.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeliveryChoice {
    /// Which.
    pub delivery: DeliveryId,
}

/// 转发记录 that are looked for; also those that are sent again. Texts, as the address has them; empty is every one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LogFilter {
    /// Key of the subscription.
    pub webhook: String,
    /// Key of `DeliveryState`.
    pub state: String,
    /// Key of `Topic`.
    pub topic: String,
    /// The first day, as the company's calendar has it.
    pub from: String,
    /// The last day.
    pub to: String,
    /// Where the page begins.
    pub at: String,
}

impl LogFilter {
    /// Whether anything but the page was chosen.
    #[must_use]
    pub fn is_narrow(&self) -> bool {
        [&self.webhook, &self.state, &self.topic, &self.from, &self.to].iter().any(|field| !field.trim().is_empty())
    }
}

/// What the receiver of the installation answers next.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReplyInput {
    /// Which.
    pub reply: Reply,
}

/// A button that needs nothing else: browsers send no form without a field.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sure {
    /// Always true.
    pub sure: bool,
}
