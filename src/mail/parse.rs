//! 邮件解析: what a raw mail says. Whatever is wrong with it, it is read as far as it can be; only what would take the
//! program down is refused, and then with its reason (S23).

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
    parsed.html = has_html.then(|| pages.join("<br>"));
    for id in &message.attachments {
        if let Some(part) = message.part(*id) {
            parsed.attachments.push(attachment(message, part));
        }
    }
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

fn attachment(message: &Message<'_>, part: &MessagePart<'_>) -> Attachment {
    let content = bytes_of(message, part).into_owned();
    let written = part.attachment_name().map(decode_words).filter(|name| !name.contains('\u{fffd}')).or_else(|| raw_name(message, part));
    let name =
        written.map(|name| kernel::store::clean_name(&name)).filter(|name| name != "file").unwrap_or_else(|| made_name(part, &content));
    Attachment {
        name,
        content,
        content_id: part.content_id().map(|id| line(id.trim_matches(['<', '>', ' ']), 200)).filter(|id| !id.is_empty()),
    }
}

/// A file name in bare bytes of another charset, which the parser has replaced.
fn raw_name(message: &Message<'_>, part: &MessagePart<'_>) -> Option<String> {
    let raw = message.raw_message.as_ref();
    part.headers.iter().filter(|header| matches!(header.name, HeaderName::ContentDisposition | HeaderName::ContentType)).find_map(
        |header| {
            let value = decode_header(raw.get(header.offset_start as usize..header.offset_end as usize)?).into_owned();
            let lower = value.to_ascii_lowercase();
            let at = lower.find("name=")? + "name=".len();
            let name = value[at..].trim_start();
            let name = match name.strip_prefix('"') {
                Some(quoted) => quoted.split('"').next()?,
                None => name.split([';', '\r', '\n']).next()?,
            };
            Some(decode_words(name)).filter(|name| !name.trim().is_empty() && !name.contains('\u{fffd}'))
        },
    )
}

fn made_name(part: &MessagePart<'_>, content: &[u8]) -> String {
    if let PartType::Message(inner) = &part.body {
        let subject = inner.subject().map(|subject| line(&decode_words(subject), 80)).filter(|subject| !subject.is_empty());
        return kernel::store::clean_name(&format!("{}.eml", subject.as_deref().unwrap_or("message").replace(['/', '\\', '#'], " ")));
    }
    let kind = part.content_type().map(|kind| (kind.ctype().to_ascii_lowercase(), kind.subtype().unwrap_or_default().to_ascii_lowercase()));
    let (kind, subtype) = kind.unwrap_or_else(|| ("text".to_owned(), "plain".to_owned()));
    match (kind.as_str(), subtype.as_str()) {
        ("text", "calendar") => "invitation.ics".to_owned(),
        ("text", "plain") => "text.txt".to_owned(),
        ("text", "html") => "text.html".to_owned(),
        ("message", "delivery-status" | "disposition-notification") => "report.txt".to_owned(),
        ("text", "rfc822-headers") => "headers.txt".to_owned(),
        _ => {
            let found = kernel::store::media_type(content);
            let ending = found.rsplit('/').next().filter(|_| found != "application/octet-stream").unwrap_or("bin");
            format!("attachment.{}", if ending == "plain" { "txt" } else { ending })
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
mod tests {
    use super::{LARGEST, Parsed, parse};
    use crate::model::Reason;
    use crate::quote::{fold_html, fold_text};

    fn fixture(raw: &[u8]) -> Parsed {
        parse(raw).unwrap_or_else(|reason| panic!("{reason}"))
    }

    #[test]
    fn chinese_clients() {
        let mail = fixture(include_bytes!("fixtures/qq-reply-gb18030.eml"));
        assert_eq!((mail.from_address.as_str(), mail.from_name.as_str()), ("lilei@qq.example", "李雷"));
        assert_eq!(mail.subject, "回复：Re: 订单打不开");
        assert_eq!(mail.message_id.as_deref(), Some("tencent_5C0FFEE0000000000000000000000001@qq.example"));
        assert_eq!(mail.in_reply_to.as_deref(), Some("question.1@shop.example"));
        assert_eq!(mail.references, ["first.0@shop.example", "question.1@shop.example"]);
        assert_eq!(mail.dated, Some(1_795_143_723_000_000));
        assert_eq!(fold_text(&mail.text).0, "收到，还是打不开订单页面𠮷。");
        let (fresh, quoted) = fold_html(mail.html.as_deref().unwrap());
        assert_eq!(kernel::html::to_text(&fresh), "收到，还是打不开订单页面𠮷。");
        assert!(quoted.contains("哪个浏览器"));

        let mail = fixture(include_bytes!("fixtures/bare-gbk-headers.eml"));
        assert_eq!((mail.from_name.as_str(), mail.subject.as_str()), ("韩梅梅", "发票抬头写错了，请重开"));
        assert_eq!(mail.text, "发票抬头应为“某某科技有限公司”，麻烦重开。");
        assert_eq!(mail.attachments[0].name, "发票.pdf");
        assert!(mail.attachments[0].content.starts_with(b"%PDF"));

        let mail = fixture(include_bytes!("fixtures/foxmail-image-gb2312.eml"));
        assert_eq!(mail.cc, ["buy@corp.example", "second@corp.example"]);
        assert!(mail.html.as_deref().unwrap().contains("请看截图"));
        let files: Vec<_> = mail.attachments.iter().map(|file| (file.name.as_str(), file.content_id.as_deref())).collect();
        assert_eq!(files, [("shot.png", Some("shot@corp")), ("报价单（终稿）.xlsx", None)]);
    }

    #[test]
    fn charsets_and_their_lies() {
        for (raw, name, subject, text) in [
            (&include_bytes!("fixtures/big5.eml")[..], "陳小明", "無法登入帳號", "您好，我無法登入帳號，請協助。"),
            (include_bytes!("fixtures/iso-2022-jp.eml"), "田中太郎", "請求書について", "請求書の送付をお願いします。"),
            (include_bytes!("fixtures/utf8-called-gb2312.eml"), "张伟", "退款什么时候到账", "退款什么时候到账？已经等了七天。"),
        ] {
            let mail = fixture(raw);
            assert_eq!((mail.from_name.as_str(), mail.subject.as_str(), mail.text.as_str()), (name, subject, text));
        }
    }

    #[test]
    fn a_broken_mail_is_read_as_far_as_it_can_be() {
        let mail = fixture(include_bytes!("fixtures/no-sender-bad-date.eml"));
        assert_eq!((mail.from_address.as_str(), mail.dated, mail.message_id.as_deref()), ("", None, None));
        assert_eq!((mail.subject.as_str(), mail.text.as_str()), ("没有发件人", "正文还在。"));

        for (head, address, name) in [
            ("From: \"Li Lei\" lilei@a.example", "lilei@a.example", "Li Lei"),
            ("From: Li Lei <LILEI@A.EXAMPLE>", "lilei@a.example", "Li Lei"),
            ("From: lilei@a.example (Li Lei)", "lilei@a.example", "Li Lei"),
            ("From: root", "", "root"),
            ("From: Group: ;\r\nReply-To: <x@a.example>", "x@a.example", ""),
            ("Return-Path: <x@a.example>", "x@a.example", ""),
            ("From: \"a@b.example\" <evil@c.example>", "evil@c.example", "a@b.example"),
        ] {
            let mail = fixture(format!("{head}\r\nSubject: s\r\n\r\nx").as_bytes());
            assert_eq!((mail.from_address.as_str(), mail.from_name.as_str()), (address, name), "{head}");
        }
        // A header cannot smuggle another line, a text no zero byte that the database refuses.
        let mail = fixture(b"From: a@b.example\r\nSubject: =?utf-8?Q?a=0D=0ABcc:_x@y?=\r\n\r\na\0b");
        assert_eq!((mail.subject.as_str(), mail.text.as_str()), ("a  Bcc: x@y", "ab"));
        let mail = fixture(b"\xef\xbb\xbf\r\nFrom x@y Fri Nov 20 11:02:03 2026\r\nFrom: a@b.example\r\n\r\nx");
        assert_eq!(mail.from_address, "a@b.example");
    }

    #[test]
    fn reports() {
        let mail = fixture(include_bytes!("fixtures/bounce.eml"));
        let report = mail.report.unwrap();
        assert!(report.is_failure && !report.is_receipt);
        assert_eq!(report.detail, "rfc822; nobody@b.example · 5.1.1 · smtp; 550 5.1.1 User unknown");
        let delayed = String::from_utf8_lossy(include_bytes!("fixtures/bounce.eml")).replace("failed", "delayed").replace("5.1.1", "4.2.0");
        assert!(!fixture(delayed.as_bytes()).report.unwrap().is_failure);
    }

    #[test]
    fn bombs_are_refused_with_their_reason() {
        let from = "From: a@b.example\r\n";
        let nested = |kind: &str, levels: usize| {
            let mut mail = from.to_owned();
            for level in 0..levels {
                mail.push_str(&if kind == "multipart" {
                    format!("Content-Type: multipart/mixed; boundary=b{level}\r\n\r\n--b{level}\r\n")
                } else {
                    "Content-Type: message/rfc822\r\n\r\n".to_owned()
                });
            }
            mail + "\r\nx"
        };
        let parts = format!("{from}Content-Type: multipart/mixed; boundary=b\r\n\r\n{}--b--", "--b\r\n\r\nx\r\n".repeat(300));
        for (raw, reason) in [
            (vec![b'x'; LARGEST + 1], Reason::TooLarge),
            (format!("{from}{}\r\nx", "X-A: b\r\n".repeat(1001)).into_bytes(), Reason::TooManyHeaders),
            (parts.into_bytes(), Reason::TooManyParts),
            (nested("multipart", 30).into_bytes(), Reason::TooDeep),
            (nested("message", 30).into_bytes(), Reason::TooDeep),
            (nested("message", 100_000).into_bytes(), Reason::TooManyParts),
            (Vec::new(), Reason::Unreadable),
        ] {
            assert_eq!(parse(&raw).err(), Some(reason));
        }
        assert!(parse(nested("multipart", 10).as_bytes()).is_ok());
    }

    #[test]
    fn slow_headers_are_read_fast() {
        for evil in ["=?a?b?", "=?utf-8?Q?", "<", "\"", "(", "a@b,"] {
            let raw =
                format!("From: {0}\r\nTo: {0}\r\nSubject: {0}\r\nReferences: {0}\r\nContent-Type: {0}\r\n\r\n{0}", evil.repeat(200_000));
            let _ = parse(raw.as_bytes());
            let html = format!("From: a@b.example\r\nContent-Type: text/html\r\n\r\n{}", evil.repeat(100_000));
            if let Ok(mail) = parse(html.as_bytes()) {
                let _ = fold_html(mail.html.as_deref().unwrap_or_default());
                let _ = fold_text(&mail.text);
            }
        }
    }

    /// Mails of other projects, fetched by `bin/corpus` into the folder that `KEFU_CORPUS` names: none is lost.
    #[test]
    #[expect(clippy::disallowed_methods, reason = "the folder is named by the environment of the test run")]
    fn real_mails_are_read() {
        let Some(folder) = std::env::var_os("KEFU_CORPUS") else { return };
        let (mut read, mut refused) = (0, Vec::new());
        let mut folders = vec![std::path::PathBuf::from(folder)];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap().flatten() {
                let path = entry.path();
                if path.is_dir() {
                    folders.push(path);
                    continue;
                }
                let bytes = std::fs::read(&path).unwrap();
                for raw in crate::import::split_mbox(&bytes) {
                    match parse(&raw) {
                        Ok(mail) => {
                            let (fresh, quoted) = fold_text(&mail.text);
                            let _ = mail.html.as_deref().map(fold_html);
                            let bare = |text: &str| text.chars().filter(|c| !c.is_whitespace()).count();
                            assert_eq!(bare(&fresh) + bare(&quoted), bare(&mail.text), "{path:?}");
                            read += 1;
                        }
                        Err(reason) => refused.push((path.clone(), reason)),
                    }
                }
            }
        }
        eprintln!("{read} mails read, refused: {refused:#?}");
        assert!(read >= 100);
    }
}
