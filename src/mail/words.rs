//! 编码词: RFC 2047 words in headers, as they are written and as they are meant.

use crate::charset::{decode, encode_into};
use crate::transfer;
use base64::{Engine, engine::general_purpose::STANDARD};

/// Longest encoded word that is looked for, in bytes: the standard allows 75, broken clients write whole subjects.
const LONGEST_WORD: usize = 4096;

/// Text with its RFC 2047 words decoded. Neighbouring words of one charset are joined before they are decoded: many
/// Chinese clients cut a character in two.
#[must_use]
pub fn decode_words(text: &str) -> String {
    walk(text, str::to_owned)
}

/// Text with its RFC 2047 words written anew in UTF-8, for parsers that take the declared charset at its word.
#[must_use]
pub fn recode_words(text: &str) -> String {
    walk(text, |text| format!("=?utf-8?B?{}?=", STANDARD.encode(text)))
}

fn walk(text: &str, write: fn(&str) -> String) -> String {
    let mut out = String::with_capacity(text.len());
    let mut pending: Option<(String, Vec<u8>)> = None;
    let mut rest = text;
    loop {
        let Some(start) = rest.find("=?") else {
            flush(&mut pending, &mut out, write);
            out.push_str(rest);
            return out;
        };
        let (before, from) = rest.split_at(start);
        let Some((charset, content, length)) = word(from) else {
            flush(&mut pending, &mut out, write);
            out.push_str(before);
            out.push_str("=?");
            rest = &from[2..];
            continue;
        };
        // White space between two words means nothing (RFC 2047 §6.2).
        let is_joined = pending.is_some() && before.trim().is_empty();
        if !is_joined {
            flush(&mut pending, &mut out, write);
            out.push_str(before);
        }
        match &mut pending {
            Some((same, bytes)) if same.eq_ignore_ascii_case(&charset) => bytes.extend_from_slice(&content),
            _ => {
                flush(&mut pending, &mut out, write);
                pending = Some((charset, content));
            }
        }
        rest = &from[length..];
    }
}

fn flush(pending: &mut Option<(String, Vec<u8>)>, out: &mut String, write: fn(&str) -> String) {
    if let Some((charset, bytes)) = pending.take() {
        out.push_str(&write(&decode(&bytes, Some(&charset))));
    }
}

/// Charset, bytes and length of the encoded word that the text begins with.
fn word(text: &str) -> Option<(String, Vec<u8>, usize)> {
    let inner = text.strip_prefix("=?")?;
    let short = &inner[..inner.char_indices().map(|(at, _)| at).nth(60).unwrap_or(inner.len())];
    let charset = short.split_once('?')?.0;
    let after = &inner[charset.len() + 1..];
    let kind = after.get(..1).filter(|_| after.get(1..2) == Some("?"))?;
    let after = &after[2..];
    let reach = after.len().min(LONGEST_WORD);
    // The `=` before the end of a Q word may be that of an escape: `=?utf-8?Q?=E4=?=` is broken anyway.
    let end = after.as_bytes()[..reach].windows(2).position(|pair| pair == b"?=")?;
    let content = &after[..end];
    if charset.is_empty() || charset.len() > 40 || charset.contains(char::is_whitespace) {
        return None;
    }
    let bytes = match kind {
        "b" | "B" => transfer::base64(content.as_bytes()),
        "q" | "Q" => unescaped(content, charset),
        _ => return None,
    };
    // RFC 2231 lets a language follow the charset.
    let charset = charset.split('*').next().unwrap_or(charset).to_owned();
    let length = text.len() - after.len() + end + 2;
    Some((charset, bytes, length))
}

/// Bytes of a Q word. Characters beyond ASCII have no place in one, but some programs leave them as they are.
fn unescaped(content: &str, charset: &str) -> Vec<u8> {
    let spaced = content.replace('_', "=20");
    let mut bytes = Vec::with_capacity(spaced.len());
    for character in spaced.chars() {
        if character.is_ascii() {
            bytes.push(character as u8);
        } else {
            encode_into(&mut bytes, character, charset);
        }
    }
    transfer::quoted_printable(&bytes)
}

#[cfg(test)]
mod tests {
    use super::{decode_words, recode_words};

    #[test]
    fn encoded_words() {
        for (text, expected) in [
            ("=?gb2312?B?tqm1pQ==?=", "订单"),
            ("Re: =?UTF-8?Q?=E8=AE=A2_=E5=8D=95?=", "Re: 订 单"),
            // The second character is cut between two words.
            ("=?gbk?B?tqm1?= =?gbk?B?pQ==?=", "订单"),
            ("=?utf-8?B?6K6i?=\r\n =?utf-8?B?5Y2V?= tail", "订单 tail"),
            ("=?utf-8?X?abc?=", "=?utf-8?X?abc?="),
            ("=?", "=?"),
            ("a =? b ?= c", "a =? b ?= c"),
            ("=?utf-8*zh?Q?=E8=AE=A2?=", "订"),
            ("=?iso-8859-1?Q?Die_Fr\u{f6}sche?=", "Die Frösche"),
            ("=?utf-8?Q?订单=20?=", "订单 "),
        ] {
            assert_eq!(decode_words(text), expected);
        }
        assert_eq!(recode_words("=?gb2312?B?tqm1pQ==?= x"), "=?utf-8?B?6K6i5Y2V?= x");
    }
}
