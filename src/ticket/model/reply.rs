//! 回复与草稿: inputs of what is written into a ticket.

use super::field::Answers;
use super::input::body;
use super::{HTML_MOST, ReplyType, Status};
use kernel::error::{Problems, Result};
use kernel::id::{FileId, TicketId};
use kernel::input::blank;
use serde::{Deserialize, Serialize};

/// 回复: a reply to everyone or a note for agents. The composer has controls of higher slices too, such as the preset reply to
/// insert, which are sent with every reply and are nothing to it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ReplyInput {
    /// Which ticket.
    pub ticket: TicketId,
    /// HTML of the editor; wins over `text` when it is not empty.
    #[serde(default)]
    pub html: String,
    /// Plain text, of the same form without scripting.
    #[serde(default)]
    pub text: String,
    /// Who sees it.
    pub reply_type: ReplyType,
    /// 回复后的状态; the rule decides when nothing is chosen: waiting for reply after a reply to everyone, unchanged
    /// after a note.
    #[serde(default, deserialize_with = "blank")]
    pub status: Option<Status>,
    /// The last `seq` of the ticket that the writer had on the screen.
    #[serde(default)]
    pub seen_seq: i32,
    /// Whether the writer has seen that the ticket moved on and sends anyway.
    #[serde(default)]
    pub confirmed: bool,
    /// Files that came back with a reply that was taken back.
    #[serde(default)]
    pub files: Vec<FileId>,
    /// 自定义字段 that had to be filled in before the ticket ends.
    #[serde(default, with = "kernel::field::answers", skip_serializing_if = "Answers::is_empty")]
    pub fields: Answers,
}

impl ReplyInput {
    /// Finds everything that is wrong.
    ///
    /// # Errors
    /// All problems, each beside its field.
    pub fn check(&self) -> Result {
        let mut problems = Problems::default();
        body(&mut problems, "text", &self.html, &self.text);
        problems.end()
    }
}

/// 草稿: an unsent reply.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DraftInput {
    /// Which ticket.
    pub ticket: TicketId,
    /// HTML of an editor; wins over `text` when it is not empty.
    #[serde(default)]
    pub html: String,
    /// What was typed as plain text. Nothing typed at all discards the draft.
    #[serde(default)]
    pub text: String,
    /// Who shall see it.
    pub reply_type: ReplyType,
    /// The last `seq` that the writer had on the screen.
    #[serde(default)]
    pub seen_seq: i32,
}

impl DraftInput {
    /// Finds everything that is wrong.
    ///
    /// # Errors
    /// Problems beside `html`.
    pub fn check(&self) -> Result {
        let mut problems = Problems::default();
        problems.at_most(&self.html, "html", HTML_MOST);
        problems.at_most(&self.text, "text", HTML_MOST);
        problems.end()
    }
}
