//! Domain events: what happened, in the past tense. `tx.record` writes one in the transaction that caused it, and
//! `worker/dispatch.rs` is the one table of what follows (R5). Other systems hear of them by
//! `webhook`, whose topics `worker/forward.rs` makes of these.

use crate::id::{AgentId, CallId, CustomerId, GroupId, InvitationId, LegId, MailId, MessageId, TicketId, TriggerId, WebhookId};
use serde::{Deserialize, Serialize};

/// 事件: something that happened in a company.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Event {
    /// An agent was invited: an activation mail is due.
    AgentInvited {
        /// Who.
        agent: AgentId,
    },
    /// The telephone of an agent changed: what calls by it follows (F§3.7).
    AgentPhoneChanged {
        /// Whose.
        agent: AgentId,
    },
    /// Somebody asked to reset a password: a mail is due.
    PasswordForgotten {
        /// Whose.
        agent: AgentId,
    },
    /// A customer was merged into another.
    CustomerMerged {
        /// The one that remains.
        kept: CustomerId,
        /// The one that is gone.
        merged: CustomerId,
    },
    /// A merge was undone: tickets and calls go back where they were.
    CustomerMergeUndone {
        /// The one that kept its place.
        kept: CustomerId,
        /// The one that is back.
        restored: CustomerId,
    },
    /// A customer is known by a telephone number by which they were not known before: calls by it are theirs.
    CustomerPhonesAdded {
        /// Whose.
        customer: CustomerId,
    },
    /// A mail was stored and waits for its verdict.
    MailReceived {
        /// Which row of the ledger.
        mail: MailId,
    },
    /// An outgoing mail could not be delivered and will not be tried again.
    MailFailed {
        /// Which row of the ledger.
        mail: MailId,
        /// The ticket it belongs to.
        ticket: Option<TicketId>,
    },
    /// 来电: an inbound call came to be.
    CallIncoming {
        /// Which.
        call: CallId,
    },
    /// 振铃: an agent's phone rings.
    CallRinging {
        /// The call.
        call: CallId,
        /// The record it belongs to: of several who are rung at once, the main record.
        leg: LegId,
        /// Whose phone.
        agent: AgentId,
    },
    /// 接听: somebody picked up, an agent or a third party.
    CallAnswered {
        /// The call.
        call: CallId,
        /// The record.
        leg: LegId,
    },
    /// 通话结束: of each record, once the whole call is over for everybody. It is said again when a call that
    /// was taken to be over went on and ended later.
    CallEnded {
        /// The call.
        call: CallId,
        /// The record; of the main one it is the call's own id.
        leg: LegId,
    },
    /// A ticket came to be.
    TicketCreated {
        /// Which.
        ticket: TicketId,
    },
    /// A ticket got another group or agent.
    TicketAssigned {
        /// Which.
        ticket: TicketId,
        /// The group now.
        group: Option<GroupId>,
        /// The agent now.
        agent: Option<AgentId>,
    },
    /// The customer wrote.
    TicketRepliedByCustomer {
        /// Which.
        ticket: TicketId,
        /// The message.
        message: MessageId,
    },
    /// An agent wrote, to everyone or to agents only.
    TicketRepliedByAgent {
        /// Which.
        ticket: TicketId,
        /// The message.
        message: MessageId,
    },
    /// The status changed; codes as in the ticket catalog.
    TicketStatusChanged {
        /// Which.
        ticket: TicketId,
        /// Code before.
        from: i16,
        /// Code after.
        to: i16,
    },
    /// Any other property changed.
    TicketEdited {
        /// Which.
        ticket: TicketId,
    },
    /// 催单: somebody urged.
    TicketUrged {
        /// Which.
        ticket: TicketId,
    },
    /// 即将超时: a clock of a ticket is nearly over.
    TicketNearlyDue {
        /// Which.
        ticket: TicketId,
        /// What is due, as a code of `sla::model::Target`.
        target: i16,
    },
    /// 已超时: a clock of a ticket is over.
    TicketOverdue {
        /// Which.
        ticket: TicketId,
        /// What was due, as a code of `sla::model::Target`.
        target: i16,
    },
    /// 触发器命中: a trigger tells a subscription of the ticket, whatever topics that asked for.
    TriggerMatched {
        /// The ticket.
        ticket: TicketId,
        /// The trigger.
        trigger: TriggerId,
        /// Its name at that moment.
        name: String,
        /// The subscription.
        webhook: WebhookId,
    },
    /// 邀评: an invitation to rate went out.
    RatingInvited {
        /// Which.
        invitation: InvitationId,
        /// The ticket.
        ticket: TicketId,
    },
    /// 参评: a customer rated or changed the rating.
    TicketRated {
        /// Which invitation.
        invitation: InvitationId,
        /// The ticket.
        ticket: TicketId,
        /// 1 to 5.
        score: i16,
    },
}

impl Event {
    /// The stable word: webhook topic and database column.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Event::AgentInvited { .. } => "agent_invited",
            Event::AgentPhoneChanged { .. } => "agent_phone_changed",
            Event::PasswordForgotten { .. } => "password_forgotten",
            Event::CustomerMerged { .. } => "customer_merged",
            Event::CustomerMergeUndone { .. } => "customer_merge_undone",
            Event::CustomerPhonesAdded { .. } => "customer_phones_added",
            Event::MailReceived { .. } => "mail_received",
            Event::MailFailed { .. } => "mail_failed",
            Event::CallIncoming { .. } => "call_incoming",
            Event::CallRinging { .. } => "call_ringing",
            Event::CallAnswered { .. } => "call_answered",
            Event::CallEnded { .. } => "call_ended",
            Event::TicketCreated { .. } => "ticket_created",
            Event::TicketAssigned { .. } => "ticket_assigned",
            Event::TicketRepliedByCustomer { .. } => "ticket_replied_by_customer",
            Event::TicketRepliedByAgent { .. } => "ticket_replied_by_agent",
            Event::TicketStatusChanged { .. } => "ticket_status_changed",
            Event::TicketEdited { .. } => "ticket_edited",
            Event::TicketUrged { .. } => "ticket_urged",
            Event::TicketNearlyDue { .. } => "ticket_nearly_due",
            Event::TicketOverdue { .. } => "ticket_overdue",
            Event::TriggerMatched { .. } => "trigger_matched",
            Event::RatingInvited { .. } => "rating_invited",
            Event::TicketRated { .. } => "ticket_rated",
        }
    }

    /// The ticket it happened to, or that it belongs to.
    #[must_use]
    pub const fn ticket(&self) -> Option<TicketId> {
        match self {
            Event::TicketCreated { ticket }
            | Event::TicketAssigned { ticket, .. }
            | Event::TicketRepliedByCustomer { ticket, .. }
            | Event::TicketRepliedByAgent { ticket, .. }
            | Event::TicketStatusChanged { ticket, .. }
            | Event::TicketEdited { ticket }
            | Event::TicketUrged { ticket }
            | Event::TicketNearlyDue { ticket, .. }
            | Event::TicketOverdue { ticket, .. }
            | Event::TriggerMatched { ticket, .. }
            | Event::RatingInvited { ticket, .. }
            | Event::TicketRated { ticket, .. } => Some(*ticket),
            Event::MailFailed { ticket, .. } => *ticket,
            Event::AgentInvited { .. }
            | Event::AgentPhoneChanged { .. }
            | Event::PasswordForgotten { .. }
            | Event::CustomerMerged { .. }
            | Event::CustomerMergeUndone { .. }
            | Event::CustomerPhonesAdded { .. }
            | Event::CallIncoming { .. }
            | Event::CallRinging { .. }
            | Event::CallAnswered { .. }
            | Event::CallEnded { .. }
            | Event::MailReceived { .. } => None,
        }
    }

    /// The thing it is about.
    #[must_use]
    pub fn subject(&self) -> uuid::Uuid {
        match self {
            Event::AgentInvited { agent } | Event::AgentPhoneChanged { agent } | Event::PasswordForgotten { agent } => agent.0,
            Event::CustomerMerged { kept, .. } | Event::CustomerMergeUndone { kept, .. } => kept.0,
            Event::CustomerPhonesAdded { customer } => customer.0,
            Event::MailReceived { mail } | Event::MailFailed { mail, .. } => mail.0,
            Event::CallIncoming { call }
            | Event::CallRinging { call, .. }
            | Event::CallAnswered { call, .. }
            | Event::CallEnded { call, .. } => call.0,
            Event::TicketCreated { ticket }
            | Event::TicketAssigned { ticket, .. }
            | Event::TicketRepliedByCustomer { ticket, .. }
            | Event::TicketRepliedByAgent { ticket, .. }
            | Event::TicketStatusChanged { ticket, .. }
            | Event::TicketEdited { ticket }
            | Event::TicketUrged { ticket }
            | Event::TicketNearlyDue { ticket, .. }
            | Event::TicketOverdue { ticket, .. }
            | Event::TriggerMatched { ticket, .. }
            | Event::RatingInvited { ticket, .. }
            | Event::TicketRated { ticket, .. } => ticket.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Event;
    use crate::id::TicketId;

    #[test]
    fn kind_is_the_tag_on_the_wire() {
        let event = Event::TicketCreated { ticket: TicketId(uuid::Uuid::max()) };
        assert_eq!(serde_json::to_value(&event).unwrap()["kind"], event.kind());
    }
}
