//! 头部参数: parameters of a header, as programs write them: quoted or not, in pieces with their charset (RFC 2231), as
//! encoded words, or in bare bytes.

use crate::charset::decode;
use crate::words::decode_words;

/// Longest header that is looked at, in bytes.
const LONGEST_HEADER: usize = 16 * 1024;

/// The value before the parameters, in lower case.
pub(super) fn value(header: &str) -> String {
    let end = header.find(';').unwrap_or(header.len());
    without_comments(&header[..end]).trim().trim_matches('"').to_ascii_lowercase()
}

/// A parameter by its name in lower case, decoded; `None` when there is none, or nothing in it.
pub(super) fn param(header: &str, name: &str) -> Option<String> {
    let end = (0..=header.len().min(LONGEST_HEADER)).rev().find(|at| header.is_char_boundary(*at)).unwrap_or(0);
    let all = params(&header[..end]);
    let whole = all.iter().find(|(key, _)| key == name).map(|(_, value)| decode_words(value));
    extended(&all, name).or(whole).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
}

/// `name*`, or `name*0*`, `name*1` …: bytes in percent signs, with their charset before the first one.
fn extended(all: &[(String, String)], name: &str) -> Option<String> {
    let mut pieces: Vec<(usize, bool, &str)> = all
        .iter()
        .filter_map(|(key, value)| {
            let rest = key.strip_prefix(name)?.strip_prefix('*')?;
            let (number, is_encoded) = match rest.strip_suffix('*') {
                Some(number) => (number, true),
                None => (rest, rest.is_empty()),
            };
            Some((if number.is_empty() { 0 } else { number.parse().ok()? }, is_encoded, value.as_str()))
        })
        .collect();
    pieces.sort_by_key(|(number, _, _)| *number);
    let is_encoded = pieces.iter().any(|(_, is_encoded, _)| *is_encoded);
    let (mut charset, mut bytes) = (None, Vec::new());
    for (at, (_, is_encoded, value)) in pieces.iter().enumerate() {
        let mut value = *value;
        if at == 0
            && *is_encoded
            && let Some((declared, rest)) = value.split_once('\'')
        {
            charset = Some(declared.to_owned()).filter(|declared| !declared.is_empty());
            value = rest.split_once('\'').map_or(rest, |(_, rest)| rest);
        }
        if *is_encoded { unescape(value, &mut bytes) } else { bytes.extend_from_slice(value.as_bytes()) }
    }
    if pieces.is_empty() {
        return None;
    }
    let text = decode(&bytes, charset.as_deref().or(Some("utf-8")));
    // Some programs cut an encoded word into pieces.
    Some(if is_encoded { text } else { decode_words(&text) })
}

fn unescape(value: &str, bytes: &mut Vec<u8>) {
    let source = value.as_bytes();
    let mut at = 0;
    while at < source.len() {
        let escaped = (source[at] == b'%').then(|| value.get(at + 1..at + 3)).flatten().and_then(|hex| u8::from_str_radix(hex, 16).ok());
        bytes.push(escaped.unwrap_or(source[at]));
        at += if escaped.is_some() { 3 } else { 1 };
    }
}

/// All parameters in order, names in lower case.
fn params(header: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut rest = header;
    // The value itself may be missing: `Content-Disposition: filename=x`.
    while let Some(end) = rest.find([';', '=']) {
        if rest[end..].starts_with(';') {
            rest = &rest[end + 1..];
            continue;
        }
        // Some programs forget the semicolon.
        let name = rest[..end].split_whitespace().next_back().unwrap_or_default().to_ascii_lowercase();
        let (value, after) = quoted_or_not(rest[end + 1..].trim_start());
        rest = after;
        found.push((name, value));
    }
    found
}

fn quoted_or_not(text: &str) -> (String, &str) {
    let Some(inner) = text.strip_prefix('"') else {
        // An unquoted value may hold what it must not, spaces and encoded words among it.
        let end = text.find(';').unwrap_or(text.len());
        return (text[..end].trim().to_owned(), &text[end..]);
    };
    let mut value = String::new();
    let mut characters = inner.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        match character {
            '"' => return (value, &inner[at + 1..]),
            // Only these two are written with a backslash; others are those of a Windows path.
            '\\' if characters.peek().is_some_and(|(_, next)| matches!(next, '"' | '\\')) => {
                value.extend(characters.next().map(|(_, next)| next));
            }
            other => value.push(other),
        }
    }
    // Never closed: up to the next parameter.
    let end = inner.find(';').unwrap_or(inner.len());
    (inner[..end].trim().to_owned(), &inner[end..])
}

fn without_comments(text: &str) -> String {
    let mut depth = 0_usize;
    let keep = |c: &char| match c {
        '(' => {
            depth += 1;
            false
        }
        ')' => {
            depth = depth.saturating_sub(1);
            false
        }
        _ => depth == 0,
    };
    text.chars().filter(keep).collect()
}

#[cfg(test)]
mod tests {
    use super::{param, value};

    #[test]
    fn names_of_files_as_programs_write_them() {
        for (header, expected) in [
            ("attachment; filename=\"发票.pdf\"", Some("发票.pdf")),
            ("attachment; filename=plain name.txt; size=3", Some("plain name.txt")),
            ("attachment; filename*=UTF-8''%E5%8F%91%E7%A5%A8.pdf", Some("发票.pdf")),
            ("attachment; filename*=gb18030'zh-cn'%B7%A2%C6%B1.pdf; filename=\"x.pdf\"", Some("发票.pdf")),
            ("attachment; filename*1*=%A5%A8.pdf; filename*0*=UTF-8''%E5%8F%91%E7", Some("发票.pdf")),
            ("attachment; filename*0=\"a long \"; filename*1=\"name.txt\"", Some("a long name.txt")),
            ("attachment; filename=\"=?utf-8?B?5Y+R?= =?utf-8?B?56WoLnBkZg==?=\"", Some("发票.pdf")),
            ("attachment; filename==?gb2312?B?t6LGsS5wZGY=?=", Some("发票.pdf")),
            ("inline; filename=\"C:\\TEMP\\nsmail.png\"", Some("C:\\TEMP\\nsmail.png")),
            ("inline; filename=\"a\\\"b.png\"", Some("a\"b.png")),
            ("inline; filename=\"never closed.png; size=1", Some("never closed.png")),
            ("inline; FileName = \"a;b.png\"", Some("a;b.png")),
            ("filename=x", Some("x")),
            ("attachment filename=x", Some("x")),
            ("inline; filename=\"\"", None),
            ("inline", None),
        ] {
            assert_eq!(param(header, "filename").as_deref(), expected, "{header}");
        }
        assert_eq!(value("Text/Plain (a comment); charset=x"), "text/plain");
        assert_eq!(param("text/plain; charset=\"UTF-8\"\\r\\n", "charset").as_deref(), Some("UTF-8"));
    }
}
