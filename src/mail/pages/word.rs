//! Words and marks that several pages of mail share.

use crate::model::{OutState, Reason, Verdict};
use crate::queries::ledger::{LedgerRow, Standing};
use kernel::lang::Lang;
use kernel::t;
use leptos::prelude::*;
use ui::tag::{Tone, tag};

/// What became of a mail: tone, icon, words.
#[must_use]
pub fn standing(row: &LedgerRow, lang: Lang) -> (Tone, &'static str, String) {
    match row.standing {
        Standing::Waiting => (Tone::Info, "circle-dashed", t!(lang, "等待处理", "Waiting").to_owned()),
        Standing::Judged(verdict) => {
            let (tone, icon) = match verdict {
                Verdict::NewTicket => (Tone::Ok, "ticket"),
                Verdict::Appended => (Tone::Ok, "git-merge"),
                Verdict::Suppressed => (Tone::Plain, "ban"),
                Verdict::Quarantined => (Tone::Bad, "circle-alert"),
            };
            (tone, icon, verdict.label(lang).to_owned())
        }
        Standing::Out(state) => {
            let (tone, icon) = match state {
                OutState::Waiting | OutState::Sending => (Tone::Info, "clock"),
                OutState::Sent => (Tone::Ok, "check-check"),
                OutState::Failed => (Tone::Bad, "mail-x"),
                OutState::Kept => (Tone::Plain, "archive"),
                OutState::Cancelled => (Tone::Plain, "undo-2"),
            };
            (tone, icon, state.label(lang).to_owned())
        }
    }
}

/// The same as a tag.
#[must_use]
pub fn standing_tag(row: &LedgerRow, lang: Lang) -> AnyView {
    let (tone, icon, words) = standing(row, lang);
    tag(tone, icon, words)
}

/// Why: the reason's sentence, or what a state means.
#[must_use]
pub fn why(row: &LedgerRow, lang: Lang) -> String {
    let reason = row.reason.map(|reason: Reason| reason.label(lang).to_owned());
    let state = match row.standing {
        Standing::Waiting => t!(lang, "已原样保存，马上处理", "Stored as it came, to be processed in a moment"),
        Standing::Out(OutState::Waiting) => t!(lang, "等待发送，或稍后重试", "Waits to be sent, or to be tried again"),
        Standing::Out(OutState::Sending) => t!(lang, "正在交给邮件服务器", "Being handed to the mail server"),
        Standing::Out(OutState::Sent) => t!(lang, "邮件服务器已收下", "The mail server has taken it over"),
        Standing::Out(OutState::Failed) => t!(lang, "无法送达，不再重试", "It could not be delivered and is not tried again"),
        Standing::Out(OutState::Kept) => t!(lang, "没有配置 SMTP，只留在这里", "No SMTP is configured, so it is kept here"),
        Standing::Out(OutState::Cancelled) => t!(lang, "在发出之前撤回", "Taken back before it was sent"),
        Standing::Judged(_) => "",
    };
    reason.unwrap_or_else(|| state.to_owned())
}

/// `何静 <hejing@a.example>`, or who a mail went to.
#[must_use]
pub fn person(name: &str, address: &str) -> String {
    match (name.is_empty(), address.is_empty()) {
        (false, false) => format!("{name} <{address}>"),
        (false, true) => name.to_owned(),
        (true, false) => address.to_owned(),
        (true, true) => "–".to_owned(),
    }
}

/// `18 KB`, `1.2 MB`.
#[must_use]
pub fn size(bytes: i64) -> String {
    match bytes {
        ..1024 => format!("{bytes} B"),
        1024..1_048_576 => format!("{} KB", (bytes + 1023) / 1024),
        _ => format!("{}.{} MB", bytes / 1_048_576, bytes % 1_048_576 * 10 / 1_048_576),
    }
}
