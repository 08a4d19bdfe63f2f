//! 邮件判定: what becomes of an incoming mail, as a pure rule (R8). The ledger's explanation and the tests run the same
//! function.

use crate::model::Status;
use kernel::id::TicketId;
use mail::model::Reason;

/// What is known about a mail when it is decided.
#[derive(Clone, Debug, Default)]
pub(crate) struct MailFacts {
    /// The guard that stops it (S22).
    pub guard: Option<Reason>,
    /// The ticket that a valid token names.
    pub thread: Option<ThreadFacts>,
    /// Whether it presents a token that is forged or expired.
    pub is_token_invalid: bool,
    /// Whether the mailbox's own server verified the sender (S20).
    pub is_authenticated: bool,
    /// Whether the sender's address is an enabled agent's.
    pub is_agent: bool,
    /// Whether that agent may see the ticket and reply to it.
    pub agent_may: bool,
    /// The ticket whose number stands in the subject.
    pub in_subject: Option<TicketId>,
    /// Tickets that this sender's mails made within the last hour.
    pub recent: i64,
    /// How many they may make (S22).
    pub hourly: i64,
}

/// What is known about the ticket of a valid token.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ThreadFacts {
    /// Which ticket.
    pub ticket: TicketId,
    /// Its status; `None` when it is gone.
    pub status: Option<Status>,
    /// Whether the token was made for the sender's address.
    pub is_recipient: bool,
    /// Whether the sender's address is the ticket's customer's.
    pub is_customer: bool,
    /// Whether an agent put the sender's address into the ticket's CC.
    pub is_in_cc: bool,
}

/// As whom a mail joins a ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Voice {
    /// The customer, or somebody an agent put into CC.
    Customer,
    /// An agent, verified.
    Agent,
    /// Somebody who is not who they say, or a program: a note for agents that changes nothing.
    Aside,
}

/// What becomes of a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Decision {
    /// Nothing is made of it.
    Suppress(Reason),
    /// A person has to look.
    Quarantine(Reason),
    /// It joins a ticket.
    Append { ticket: TicketId, voice: Voice, reason: Reason },
    /// It makes a ticket.
    Open { reason: Reason, duplicate_of: Option<TicketId> },
}

/// Decides.
///
/// - A guard suppresses what belongs to no ticket; with a ticket it becomes a note that changes nothing.
/// - A valid token joins its ticket when the sender is whom it was made for, or takes part in it (S19, S21).
/// - An agent's address is an agent's word only when token, mail server and the agent's own rights agree (S20); agents
///   who wrote to the company as customers stay customers there.
/// - A closed or deleted ticket is not opened by mail: a new one names it.
/// - The number in a subject makes a possible duplicate, nothing more (S19).
pub(crate) fn decide(facts: &MailFacts) -> Decision {
    let Some(thread) = facts.thread else {
        return match facts.guard {
            Some(reason) => Decision::Suppress(reason),
            None if facts.is_token_invalid => open(facts, Reason::TokenInvalid, facts.in_subject),
            None if facts.in_subject.is_some() => open(facts, Reason::SubjectNumber, facts.in_subject),
            None => open(facts, Reason::FirstContact, None),
        };
    };
    let status = thread.status.filter(|status| status.is_open() || *status == Status::Solved);
    let append = |voice, reason| Decision::Append { ticket: thread.ticket, voice, reason };
    let takes_part = thread.is_recipient || thread.is_customer || thread.is_in_cc;
    match (facts.guard, status) {
        (Some(reason), None) => Decision::Suppress(reason),
        (None, None) => open(facts, Reason::TicketEnded, thread.status.map(|_| thread.ticket)),
        (Some(_), Some(_)) if takes_part => append(Voice::Aside, Reason::TokenMatched),
        (Some(reason), Some(_)) => Decision::Suppress(reason),
        (None, Some(_)) if facts.is_agent && !thread.is_customer => {
            let is_proven = thread.is_recipient && facts.is_authenticated && facts.agent_may;
            if is_proven { append(Voice::Agent, Reason::AgentReply) } else { append(Voice::Aside, Reason::AgentUnverified) }
        }
        (None, Some(_)) if thread.is_recipient => append(Voice::Customer, Reason::TokenMatched),
        (None, Some(_)) if takes_part => append(Voice::Customer, Reason::Participant),
        (None, Some(_)) => open(facts, Reason::SenderMismatch, Some(thread.ticket)),
    }
}

fn open(facts: &MailFacts, reason: Reason, duplicate_of: Option<TicketId>) -> Decision {
    if facts.recent >= facts.hourly { Decision::Quarantine(Reason::SenderFlood) } else { Decision::Open { reason, duplicate_of } }
}
