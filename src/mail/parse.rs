//! 邮件解析: what a raw mail says. Whatever is wrong with it, it is read as far as it can be; only what would take the
//! program down is refused, and then with its reason (S23).

mod attachment;

use crate::charset::{decode, decode_header, decode_words, recode_words, transfer_decode};
use crate::model::{Attachment, Reason};
use mail_parser::{Address, HeaderName, HeaderValue, Message, MessageParser, MessagePart, MimeHeaders, PartType};
use std::borrow::Cow;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Largest mail that is read, in bytes.
pub const LARGEST: usize = 25 * 1024 * 1024;

const MOST_PARTS: usize = 200;
const DEEPEST: usize = 20;
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

/// Longest header value that is looked at, in bytes.
const LONGEST_HEADER: usize = 16 * 1024;

/// Longest body kept as text, in bytes; more is still in the raw source.
const LONGEST_TEXT: usize = 2 * 1024 * 1024;

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
    if header_lines(raw) > MOST_HEADER_LINES {
        return Err(Reason::TooManyHeaders);
    }
    // Nested mails are dropped recursively: a deep pile of them would take the stack, which nothing catches.
    if nestings(raw) > MOST_PARTS {
        return Err(Reason::TooManyParts);
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
        let healed = healed(raw);
        let message = MessageParser::default().parse_headers(&*healed).ok_or(Reason::Unreadable)?;
        let mut parsed = Parsed::default();
        envelope(&message, &mut parsed);
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
    let healed = healed(raw);
    let message = MessageParser::default().parse(&*healed).ok_or(Reason::Unreadable)?;
    if message.parts.is_empty() {
        return Err(Reason::Unreadable);
    }
    let (parts, depth) = size(&message, 0);
    if parts > MOST_PARTS {
        return Err(Reason::TooManyParts);
    }
    if depth > DEEPEST {
        return Err(Reason::TooDeep);
    }
    let mut parsed = Parsed::default();
    envelope(&message, &mut parsed);
    // Any file has a line with a colon somewhere; a mail has a header that mails have.
    if !parsed.headers.iter().any(|(name, _)| COMMON.contains(&name.as_str())) {
        return Err(Reason::Unreadable);
    }
    body(&message, &mut parsed);
    parsed.report = report(&message, &parsed);
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

fn head_length(raw: &[u8]) -> usize {
    let mut at = 0;
    while let Some(end) = raw[at..].iter().position(|byte| *byte == b'\n') {
        at += end + 1;
        if raw[at..].starts_with(b"\n") || raw[at..].starts_with(b"\r\n") {
            return at;
        }
    }
    raw.len()
}

fn header_lines(raw: &[u8]) -> usize {
    raw[..head_length(raw)].iter().filter(|byte| **byte == b'\n').count()
}

/// How often a mail inside the mail is announced.
fn nestings(raw: &[u8]) -> usize {
    let ends = |at: usize, word: &[u8]| at >= word.len() && raw[at - word.len()..at].eq_ignore_ascii_case(word);
    let starts = |at: usize, word: &[u8]| raw.get(at..at + word.len()).is_some_and(|found| found.eq_ignore_ascii_case(word));
    raw.iter()
        .enumerate()
        .filter(|(at, byte)| {
            **byte == b'/'
                && (ends(*at, b"message") && (starts(at + 1, b"rfc822") || starts(at + 1, b"global"))
                    || ends(*at, b"multipart") && starts(at + 1, b"digest"))
        })
        .count()
}

/// The mail with its head in UTF-8, where it carries bare bytes or words of another charset.
fn healed(raw: &[u8]) -> Cow<'_, [u8]> {
    let (head, body) = raw.split_at(head_length(raw));
    let text = decode_header(head);
    if matches!(text, Cow::Borrowed(_)) && !text.contains("=?") {
        return Cow::Borrowed(raw);
    }
    Cow::Owned([recode_words(&text).as_bytes(), body].concat())
}

fn size(message: &Message<'_>, depth: usize) -> (usize, usize) {
    let (mut parts, mut deepest) = (message.parts.len(), depth);
    let mut levels = vec![depth; message.parts.len()];
    for (at, part) in message.parts.iter().enumerate() {
        let level = levels.get(at).copied().unwrap_or(depth);
        deepest = deepest.max(level);
        match &part.body {
            PartType::Multipart(children) => {
                for child in children {
                    if let Some(place) = levels.get_mut(*child as usize) {
                        *place = level + 1;
                    }
                }
            }
            PartType::Message(inner) => {
                let (inside, below) = size(inner, level + 1);
                parts += inside;
                deepest = deepest.max(below);
            }
            _ => {}
        }
    }
    (parts, deepest)
}

fn envelope(message: &Message<'_>, parsed: &mut Parsed) {
    let raw = message.raw_message.as_ref();
    parsed.headers = message
        .headers()
        .iter()
        .map(|header| {
            let value = raw.get(header.offset_start as usize..header.offset_end as usize).unwrap_or_default();
            let value = String::from_utf8_lossy(&value[..value.len().min(LONGEST_HEADER)]).replace(['\r', '\n'], "");
            (header.name().to_ascii_lowercase(), line(&decode_words(&value), 8000))
        })
        .collect();

    let addresses = |name: HeaderName<'static>| -> Vec<(String, String)> {
        message.header_values(name).filter_map(HeaderValue::as_address).flat_map(people).collect()
    };
    let from = addresses(HeaderName::From);
    // A mail without a readable From still has somebody behind it.
    let senders = [HeaderName::Sender, HeaderName::ReplyTo].into_iter().flat_map(addresses);
    let from_first =
        from.iter().find(|(address, _)| !address.is_empty()).cloned().or_else(|| senders.clone().find(|(address, _)| !address.is_empty()));
    let named = from.iter().map(|(_, name)| name.clone()).find(|name| !name.is_empty());
    match from_first {
        Some((address, name)) => {
            parsed.from_name = if name.is_empty() { named.unwrap_or_default() } else { name };
            parsed.from_address = address;
        }
        None => {
            let path = parsed.header("return-path").unwrap_or_default().trim_matches(['<', '>', ' ']).to_owned();
            parsed.from_address = kernel::input::email(&path).unwrap_or_default();
            parsed.from_name = named.or_else(|| parsed.header("from").map(|from| line(from, 200))).unwrap_or_default();
        }
    }
    let only = |people: Vec<(String, String)>| {
        let mut seen = Vec::new();
        for (address, _) in people {
            if !address.is_empty() && !seen.contains(&address) && seen.len() < 200 {
                seen.push(address);
            }
        }
        seen
    };
    parsed.reply_to = only(addresses(HeaderName::ReplyTo)).into_iter().find(|address| *address != parsed.from_address);
    parsed.to = only(addresses(HeaderName::To));
    parsed.cc = only(addresses(HeaderName::Cc));
    parsed.subject = line(parsed.header("subject").unwrap_or_default(), 1000);
    parsed.message_id = ids(message, HeaderName::MessageId).pop();
    parsed.in_reply_to = ids(message, HeaderName::InReplyTo).into_iter().next();
    parsed.references = ids(message, HeaderName::References);
    parsed.dated = message
        .date()
        .filter(|date| date.is_valid())
        .map(mail_parser::DateTime::to_timestamp)
        .filter(|seconds| (0..4_102_444_800).contains(seconds))
        .map(|seconds| seconds * 1_000_000);
}

fn people(list: &Address<'_>) -> Vec<(String, String)> {
    list.iter()
        .map(|person| {
            let name = person.name().map(|name| line(&decode_words(name), 200)).unwrap_or_default();
            let written = person.address().unwrap_or_default();
            // `"Li Lei" lilei@a.example` is read as a name by some and as an address by others.
            let address = kernel::input::email(written).or_else(|| {
                written
                    .split_whitespace()
                    .chain(name.split_whitespace())
                    .map(|word| word.trim_matches(['<', '>', '"', '(', ')', ',']))
                    .find_map(kernel::input::email)
            });
            let name = if name.is_empty() && address.is_none() { line(written, 200) } else { name };
            (address.filter(|address| !address.contains('\0')).unwrap_or_default(), name.trim_matches(['"', '\'']).trim().to_owned())
        })
        .collect()
}

fn ids(message: &Message<'_>, name: HeaderName<'static>) -> Vec<String> {
    const LONGEST: usize = 500;
    let mut found: Vec<String> = Vec::new();
    for value in message.header_values(name) {
        for id in value.as_text_list().unwrap_or_default() {
            let id = line(id.trim_matches(['<', '>', ' ']), LONGEST);
            if !id.is_empty() && !found.contains(&id) {
                found.push(id);
            }
        }
    }
    let surplus = found.len().saturating_sub(100);
    found.split_off(surplus)
}

fn body(message: &Message<'_>, parsed: &mut Parsed) {
    let (mut texts, mut pages) = (Vec::new(), Vec::new());
    for id in &message.text_body {
        if let Some(part) = message.part(*id)
            && let PartType::Text(_) | PartType::Html(_) = part.body
        {
            let text = text_of(message, part);
            texts.push(if matches!(part.body, PartType::Html(_)) { kernel::html::to_text(&text) } else { text });
        }
    }
    let has_html = message.html_body.iter().any(|id| message.part(*id).is_some_and(|part| matches!(part.body, PartType::Html(_))));
    for id in message.html_body.iter().filter(|_| has_html) {
        if let Some(part) = message.part(*id)
            && let PartType::Text(_) | PartType::Html(_) = part.body
        {
            let text = text_of(message, part);
            pages.push(if matches!(part.body, PartType::Html(_)) { text } else { kernel::html::from_text(&text) });
        }
    }
    parsed.text = texts.join("\n\n").trim().to_owned();
    // An empty alternative must not hide the text beside it.
    parsed.html = has_html.then(|| pages.join("<br>")).filter(|page| parsed.text.is_empty() || says_something(page));
    for id in &message.attachments {
        if let Some(part) = message.part(*id) {
            parsed.attachments.push(attachment::read(message, part));
        }
    }
}

fn says_something(page: &str) -> bool {
    const SHORT: usize = 4096;
    page.len() > SHORT || page.contains("<img") || page.contains("<IMG") || !kernel::html::to_text(page).is_empty()
}

fn text_of(message: &Message<'_>, part: &MessagePart<'_>) -> String {
    let bytes = bytes_of(message, part);
    let charset = part.content_type().and_then(|kind| kind.attribute("charset"));
    let mut text = decode(&bytes, charset).replace("\r\n", "\n").replace('\r', "\n");
    text.retain(|c| !c.is_control() || matches!(c, '\n' | '\t'));
    if text.len() > LONGEST_TEXT {
        let end = (0..=LONGEST_TEXT).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        text.truncate(end);
    }
    text
}

fn bytes_of<'a>(message: &'a Message<'_>, part: &'a MessagePart<'_>) -> Cow<'a, [u8]> {
    match &part.body {
        PartType::Binary(bytes) | PartType::InlineBinary(bytes) => Cow::Borrowed(bytes),
        _ => {
            let body = message.raw_message.get(part.offset_body as usize..part.offset_end as usize).unwrap_or_default();
            transfer_decode(body, part.encoding)
        }
    }
}

/// What a report of a mail system says (RFC 3464, RFC 8098).
fn report(message: &Message<'_>, parsed: &Parsed) -> Option<Report> {
    let root = parsed.header("content-type").unwrap_or_default().to_ascii_lowercase();
    let part = message.parts.iter().find_map(|part| {
        let kind = part.content_type()?;
        let subtype = kind.subtype().unwrap_or_default().to_ascii_lowercase();
        (kind.ctype().eq_ignore_ascii_case("message")
            && matches!(subtype.as_str(), "delivery-status" | "disposition-notification" | "global-delivery-status"))
        .then_some((subtype, part))
    });
    let is_report = root.starts_with("multipart/report");
    let (subtype, text) = match part {
        Some((subtype, part)) => (subtype, String::from_utf8_lossy(&bytes_of(message, part)).into_owned()),
        None if is_report => (String::new(), String::new()),
        None => return None,
    };
    let field = |name: &str| {
        text.lines().find_map(|line| {
            let (field, value) = line.split_once(':')?;
            field.trim().eq_ignore_ascii_case(name).then(|| line_of(value))
        })
    };
    let is_receipt = subtype == "disposition-notification" || root.contains("disposition-notification");
    let status = field("Status").unwrap_or_default();
    let is_failure = field("Action").map_or_else(|| status.starts_with('5'), |action| action.eq_ignore_ascii_case("failed"));
    let detail = [field("Final-Recipient"), Some(status), field("Diagnostic-Code")]
        .into_iter()
        .flatten()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" · ");
    Some(Report { is_receipt, is_failure: is_failure && !is_receipt, detail: line(&detail, 500) })
}

fn line_of(value: &str) -> String {
    line(value, 300)
}

#[cfg(test)]
mod tests;
