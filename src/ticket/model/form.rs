//! 客户填写: a customer fills in the own fields of a ticket that are theirs to answer, behind a link.

use super::field::Answers;
use kernel::id::TicketId;
use serde::{Deserialize, Serialize};

/// Days that a link is valid from the last time it was sent.
pub const DAYS: i64 = 14;

/// 请客户填写: the link is to be sent.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AskInput {
    /// Which ticket.
    pub ticket: TicketId,
    /// The last `seq` of the ticket that the asker had on the screen.
    #[serde(default)]
    pub seen_seq: i32,
}

/// What a customer filled in.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnswerInput {
    /// The token of the link.
    pub token: String,
    /// The language of the page.
    #[serde(default)]
    pub lang: Option<String>,
    /// The last `seq` of the ticket when the page was drawn: what an agent filled in since is not overwritten unseen.
    #[serde(default)]
    pub seen_seq: i32,
    /// The answers.
    #[serde(default, with = "kernel::field::answers", skip_serializing_if = "Answers::is_empty")]
    pub fields: Answers,
}
