//! 邮件解析: what a raw mail says. Whatever is wrong with it, it is read as far as it can be; only what would take the
//! program down is refused, and then with its reason (S23).

mod attachment;
mod body;
mod envelope;
mod param;
mod part;
mod report;

use crate::model::{Attachment, Reason};
use part::Part;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Largest mail that is read, in bytes.
pub const LARGEST: usize = 25 * 1024 * 1024;

const MOST_HEADER_LINES: usize = 1000;

/// Headers of which every mail has at least one.
const COMMON: [&str; 14] = [
    "from",
    "to",
    "cc",
    "subject",
    "date",
    "message-id",
    "received",
    "return-path",
    "sender",
    "reply-to",
    "mime-version",
    "content-type",
    "delivered-to",
    "content-transfer-encoding",
];

/// A header of the mail itself: name in lower case, value on one line with its words decoded.
pub type Header = (String, String);

/// What a report about another mail says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Whether it tells that a mail was read rather than how its delivery went.
    pub is_receipt: bool,
    /// Whether the delivery failed for good.
    pub is_failure: bool,
    /// The reason it gives.
    pub detail: String,
}

/// 解析结果: everything a mail says.
#[derive(Clone, Debug, Default)]
pub struct Parsed {
    /// Sender's address in lower case; empty when none can be read.
    pub from_address: String,
    /// Sender's name.
    pub from_name: String,
    /// Where answers shall go, when that is not the sender.
    pub reply_to: Option<String>,
    /// Addresses of `To`.
    pub to: Vec<String>,
    /// Addresses of `Cc`.
    pub cc: Vec<String>,
    /// Subject on one line.
    pub subject: String,
    /// `Message-ID` without angle brackets.
    pub message_id: Option<String>,
    /// `In-Reply-To` without angle brackets.
    pub in_reply_to: Option<String>,
    /// `References`, oldest first.
    pub references: Vec<String>,
    /// `Date` in microseconds since 1970, when it is a possible one.
    pub dated: Option<i64>,
    /// The body as plain text.
    pub text: String,
    /// The body as HTML, not sanitised; `None` for plain text.
    pub html: Option<String>,
    /// Files.
    pub attachments: Vec<Attachment>,
    /// Headers in order.
    pub headers: Vec<Header>,
    /// What it reports of another mail.
    pub report: Option<Report>,
}

impl Parsed {
    /// The first header of this name, which is given in lower case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(header, _)| header == name).map(|(_, value)| value.as_str())
    }
}

/// Reads a mail.
///
/// # Errors
/// The reason for the quarantine.
pub fn parse(raw: &[u8]) -> Result<Parsed, Reason> {
    if raw.len() > LARGEST {
        return Err(Reason::TooLarge);
    }
    let raw = without_wrapping(raw);
    let head = part::split(raw).0;
    if head.iter().filter(|byte| **byte == b'\n').count() > MOST_HEADER_LINES {
        return Err(Reason::TooManyHeaders);
    }
    guarded(|| read(raw))
}

/// What the head of a mail says that could not be read as a whole: for its row of the ledger.
#[must_use]
pub fn head(raw: &[u8]) -> Parsed {
    const ENOUGH: usize = 64 * 1024;
    let raw = without_wrapping(raw);
    let raw = &raw[..raw.len().min(ENOUGH)];
    guarded(|| {
        let mut parsed = Parsed::default();
        envelope::read(&part::headers(raw, hint(raw).as_deref()), &mut parsed);
        Ok(parsed)
    })
    .unwrap_or_default()
}

/// One line without control characters, at most `most` characters long.
#[must_use]
pub fn line(text: &str, most: usize) -> String {
    let spaced: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(most).collect();
    spaced.trim().to_owned()
}

fn guarded<T>(work: impl FnOnce() -> Result<T, Reason>) -> Result<T, Reason> {
    // The parser had panics on crafted mail; one more must cost one mail, not the worker.
    catch_unwind(AssertUnwindSafe(work)).unwrap_or(Err(Reason::ParserFailed))
}

fn read(raw: &[u8]) -> Result<Parsed, Reason> {
    let mail = Part::of_mail(raw, hint(raw).as_deref())?;
    let mut parsed = Parsed::default();
    envelope::read(&mail.headers, &mut parsed);
    // Any file has a line with a colon somewhere; a mail has a header that mails have.
    if !parsed.headers.iter().any(|(name, _)| COMMON.contains(&name.as_str())) {
        return Err(Reason::Unreadable);
    }
    parsed.report = report::read(&mail);
    let body = body::read(&mail);
    (parsed.text, parsed.html, parsed.attachments) = (body.text, body.html, body.files);
    Ok(parsed)
}

/// Without the lines that mail stores and editors put before a mail.
fn without_wrapping(raw: &[u8]) -> &[u8] {
    let mut raw = raw.strip_prefix(b"\xef\xbb\xbf").unwrap_or(raw);
    while let Some(rest) = raw.strip_prefix(b"\r\n").or_else(|| raw.strip_prefix(b"\n")) {
        raw = rest;
    }
    if raw.starts_with(b"From ") || raw.starts_with(b">From ") {
        let end = raw.iter().position(|byte| *byte == b'\n').map_or(raw.len(), |at| at + 1);
        raw = &raw[end..];
    }
    raw
}

/// The first charset that the mail names anywhere near its beginning: what bare bytes in its headers are likely in.
fn hint(raw: &[u8]) -> Option<String> {
    const WINDOW: usize = 16 * 1024;
    let window = String::from_utf8_lossy(&raw[..raw.len().min(WINDOW)]).to_ascii_lowercase();
    let rest = &window[window.find("charset=")? + "charset=".len()..];
    let name: String = rest.trim_start_matches('"').chars().take_while(|c| c.is_ascii_alphanumeric() || "-_".contains(*c)).collect();
    Some(name).filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests;
