//! 邮件结构: the tree of a mail's parts. A part ends where its parent says so, whatever it holds itself, and every byte
//! of the body lies in some part: what is declared wrongly is shown as it is, not dropped.

use super::param;
use crate::charset::decode_header;
use crate::model::Reason;
use crate::transfer;
use std::borrow::Cow;

const MOST_PARTS: usize = 200;
const DEEPEST: usize = 20;
/// Longest line of dashes that can be a boundary, with room for clients that do not count.
const LONGEST_BOUNDARY: usize = 400;

/// One part.
#[derive(Clone, Debug)]
pub(super) struct Part<'a> {
    /// Its headers in order: name in lower case, value in one line, words not yet decoded.
    pub headers: Vec<(String, String)>,
    /// Type and subtype in lower case, such as `text` and `plain`.
    pub kind: (String, String),
    /// Its bytes as they lie in the mail, without its head.
    pub body: &'a [u8],
    pub content: Content<'a>,
}

/// What a part holds.
#[derive(Clone, Debug)]
pub(super) enum Content<'a> {
    /// Text or a file.
    Leaf,
    /// Parts side by side.
    Parts(Vec<Part<'a>>),
    /// Another mail.
    Mail(Box<Part<'a>>),
}

impl<'a> Part<'a> {
    /// The tree of a whole mail; its charset serves bare bytes in the heads of its parts.
    ///
    /// # Errors
    /// Too many parts, too deep.
    pub fn of_mail(raw: &'a [u8], hint: Option<&str>) -> Result<Part<'a>, Reason> {
        let mut left = MOST_PARTS;
        read(raw, Place { is_in_digest: false, depth: 0, hint }, &mut left)
    }

    /// The value of a header in one line, its words not yet decoded.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(header, _)| header == name).map(|(_, value)| value.as_str())
    }

    /// A parameter of a header, decoded.
    pub fn param(&self, header: &str, name: &str) -> Option<String> {
        param::param(self.header(header)?, name)
    }

    /// `inline`, `attachment`, or nothing.
    pub fn disposition(&self) -> String {
        param::value(self.header("content-disposition").unwrap_or_default())
    }

    /// Its bytes before the transfer encoding.
    pub fn bytes(&self) -> Cow<'a, [u8]> {
        transfer::decode(self.body, self.header("content-transfer-encoding").unwrap_or_default())
    }

    /// Whether it is of this type.
    pub fn is(&self, main: &str, sub: &str) -> bool {
        self.kind.0 == main && self.kind.1 == sub
    }

    /// All parts below it and itself, in order; not those of mails inside.
    pub fn each(&self, visit: &mut impl FnMut(&Part<'a>)) {
        visit(self);
        if let Content::Parts(parts) = &self.content {
            for part in parts {
                part.each(visit);
            }
        }
    }
}

#[derive(Clone, Copy)]
struct Place<'h> {
    is_in_digest: bool,
    depth: usize,
    hint: Option<&'h str>,
}

fn read<'a>(raw: &'a [u8], place: Place<'_>, left: &mut usize) -> Result<Part<'a>, Reason> {
    *left = left.checked_sub(1).ok_or(Reason::TooManyParts)?;
    if place.depth > DEEPEST {
        return Err(Reason::TooDeep);
    }
    let (head, body) = split(raw);
    let headers = fields(head, place.hint);
    let declared =
        headers.iter().find(|(name, _)| name == "content-type").map(|(_, value)| value.as_str()).filter(|value| !value.trim().is_empty());
    let kind = match declared {
        Some(value) => kind(value),
        None if place.is_in_digest => ("message".to_owned(), "rfc822".to_owned()),
        None => ("text".to_owned(), "plain".to_owned()),
    };
    let boundary = declared.and_then(|value| param::param(value, "boundary"));
    let mut part = Part { headers, kind, body, content: Content::Leaf };
    if part.kind.0 == "multipart" {
        let inside = Place { is_in_digest: part.kind.1 == "digest", depth: place.depth + 1, ..place };
        let pieces = boundary.and_then(|boundary| pieces(body, boundary.trim_end())).or_else(|| pieces(body, found_boundary(body)?));
        if let Some(pieces) = pieces {
            let parts = pieces.into_iter().map(|piece| read(piece, inside, left)).collect::<Result<_, _>>()?;
            part.content = Content::Parts(adopted(parts));
        }
    } else if part.kind.0 == "message"
        && matches!(part.kind.1.as_str(), "rfc822" | "global" | "news")
        && matches!(part.bytes(), Cow::Borrowed(_))
    {
        let inside = Place { is_in_digest: false, depth: place.depth + 1, ..place };
        part.content = Content::Mail(Box::new(read(super::without_wrapping(body), inside, left)?));
    }
    Ok(part)
}

/// Alternatives under the boundary of their parent lie beside their own head instead of below it.
fn adopted(parts: Vec<Part<'_>>) -> Vec<Part<'_>> {
    let is_empty =
        |part: &Part<'_>| part.is("multipart", "alternative") && matches!(part.content, Content::Leaf) && part.body.trim_ascii().is_empty();
    let Some(at) = parts.iter().position(is_empty) else { return parts };
    let (mut before, mut ways, mut after) = (Vec::new(), Vec::new(), Vec::new());
    for (index, part) in parts.into_iter().enumerate() {
        let is_way = index > at && after.is_empty() && part.kind.0 == "text" && part.disposition() != "attachment";
        match index <= at {
            true => before.push(part),
            false if is_way => ways.push(part),
            false => after.push(part),
        }
    }
    if let Some(parent) = before.last_mut()
        && !ways.is_empty()
    {
        parent.content = Content::Parts(ways);
    }
    before.append(&mut after);
    before
}

/// The headers of a mail, for one that is not read any further.
pub(super) fn headers(raw: &[u8], hint: Option<&str>) -> Vec<(String, String)> {
    fields(split(raw).0, hint)
}

/// Head and body. Where the blank line between them is missing, the body begins with the first line that is no header;
/// a part that begins so has no head.
pub(super) fn split(raw: &[u8]) -> (&[u8], &[u8]) {
    let mut at = 0;
    for line in raw.split_inclusive(|byte| *byte == b'\n') {
        if is_blank(line) {
            return (&raw[..at], &raw[at + line.len()..]);
        }
        let is_folded = at > 0 && matches!(line[0], b' ' | b'\t');
        if !is_folded && !is_field(line) && (at == 0 || !goes_on(&raw[at + line.len()..])) {
            return raw.split_at(at);
        }
        at += line.len();
    }
    (raw, &[])
}

/// Whether headers that every mail has follow before the next blank line: then the line above was a slip.
fn goes_on(rest: &[u8]) -> bool {
    const KNOWN: [&[u8]; 6] = [b"from:", b"to:", b"subject:", b"date:", b"mime-version:", b"content-"];
    const NEAR: usize = 100;
    let lines = rest.split_inclusive(|byte| *byte == b'\n').take(NEAR).take_while(|line| !is_blank(line));
    lines.into_iter().any(|line| KNOWN.iter().any(|known| line.len() > known.len() && line[..known.len()].eq_ignore_ascii_case(known)))
}

fn is_blank(line: &[u8]) -> bool {
    line.iter().all(|byte| matches!(byte, b'\r' | b'\n'))
}

/// `Name: value`, with a name that can be one.
fn is_field(line: &[u8]) -> bool {
    let name = line.iter().take_while(|byte| byte.is_ascii_graphic() && **byte != b':').count();
    let blank = line[name..].iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    name > 0 && line.get(name + blank) == Some(&b':')
}

/// The headers of a head, each in one line.
fn fields(head: &[u8], hint: Option<&str>) -> Vec<(String, String)> {
    let mut fields: Vec<(String, Vec<u8>)> = Vec::new();
    for line in head.split(|byte| *byte == b'\n') {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.first().is_some_and(|byte| matches!(byte, b' ' | b'\t')) {
            if let Some((_, value)) = fields.last_mut() {
                value.push(b' ');
                value.extend_from_slice(line.trim_ascii());
            }
        } else if is_field(line) {
            let colon = line.iter().position(|byte| *byte == b':').unwrap_or(0);
            let name = String::from_utf8_lossy(&line[..colon]).trim().to_ascii_lowercase();
            fields.push((name, line[colon + 1..].trim_ascii().to_vec()));
        }
    }
    fields.into_iter().map(|(name, value)| (name, decode_header(&value, hint).into_owned())).collect()
}

/// Type and subtype; what names no type is text.
fn kind(value: &str) -> (String, String) {
    let value = param::value(value);
    match value.split_once('/') {
        Some((main, sub)) if !main.trim().is_empty() => {
            (main.trim().to_owned(), sub.split_whitespace().next().unwrap_or_default().to_owned())
        }
        _ if value == "multipart" => (value, "mixed".to_owned()),
        _ => ("text".to_owned(), if value == "html" { value } else { "plain".to_owned() }),
    }
}

/// The parts between the lines of a boundary; `None` when there is no such line. The line break before each belongs to
/// it. What stands before the first and behind the last is for programs that know no parts.
fn pieces<'a>(body: &'a [u8], boundary: &str) -> Option<Vec<&'a [u8]>> {
    if boundary.is_empty() {
        return None;
    }
    let (mut found, mut open, mut at) = (Vec::new(), None, 0);
    for line in body.split_inclusive(|byte| *byte == b'\n') {
        let rest = line.strip_prefix(b"--").and_then(|rest| rest.strip_prefix(boundary.as_bytes())).map(<[u8]>::trim_ascii_end);
        if let Some(rest @ (b"" | b"--")) = rest {
            if let Some(start) = open {
                found.push(without_break(&body[start..at]));
            }
            // Closed; some programs go on all the same.
            open = rest.is_empty().then_some(at + line.len());
        }
        at += line.len();
    }
    // Nobody closed it: the rest is the last part.
    if let Some(start) = open {
        found.push(&body[start..]);
    }
    (!found.is_empty()).then_some(found)
}

fn without_break(piece: &[u8]) -> &[u8] {
    let piece = piece.strip_suffix(b"\n").unwrap_or(piece);
    piece.strip_suffix(b"\r").unwrap_or(piece)
}

/// The boundary that is used where another one is declared, or none: a line of dashes above a part's own header.
fn found_boundary(body: &[u8]) -> Option<&str> {
    let mut lines = body.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii_end).peekable();
    while let Some(line) = lines.next() {
        let is_used = lines.peek().is_some_and(|next| next.len() > 8 && next[..8].eq_ignore_ascii_case(b"content-") && is_field(next));
        if is_used && line.len() > 2 && line.len() < LONGEST_BOUNDARY && line.starts_with(b"--") {
            return core::str::from_utf8(&line[2..]).ok();
        }
    }
    None
}
