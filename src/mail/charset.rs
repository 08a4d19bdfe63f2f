//! Text of bytes whose charset is named wrongly, not at all, or by a name of its own: the declared one when it fits,
//! else what the bytes themselves show.

use base64::{Engine, engine::general_purpose::STANDARD};
use encoding_rs::{Encoding, GB18030, REPLACEMENT, UTF_8, WINDOWS_1252};
use mail_parser::decoders::base64::base64_decode;
use mail_parser::decoders::charsets::map::charset_decoder;
use mail_parser::decoders::quoted_printable::quoted_printable_decode;
use std::borrow::Cow;

/// Longest encoded word that is looked for, in bytes: the standard allows 75, broken clients write whole subjects.
const LONGEST_WORD: usize = 4096;

/// Text of bytes that were declared to have this charset.
#[must_use]
pub fn decode(bytes: &[u8], declared: Option<&str>) -> String {
    let label = declared.map(|label| label.trim_matches(|c: char| c.is_whitespace() || "\"';".contains(c)).to_ascii_lowercase());
    // Who says ASCII and sends eight bits has said nothing.
    let label = label.as_deref().filter(|label| !matches!(*label, "us-ascii" | "ascii")).unwrap_or("");
    if matches!(label, "hz-gb-2312" | "hz") {
        return from_hz(bytes);
    }
    let found = known(label);
    let is_wide = found.is_some_and(|encoding| encoding.name().starts_with("UTF-16") || encoding.name() == "ISO-2022-JP");
    if !is_wide && bytes.is_ascii() && label != "utf-7" && !bytes.contains(&0x1b) {
        return String::from_utf8_lossy(bytes).into_owned();
    }
    // Bytes that are UTF-8 beyond the reach of chance are UTF-8 whatever was declared.
    if !is_wide && let Ok(text) = core::str::from_utf8(bytes) {
        let is_plain = matches!(label, "" | "utf-8" | "utf8" | "unknown-8bit" | "8bit");
        if is_plain || text.chars().any(|c| c >= '\u{800}') {
            return text.strip_prefix('\u{feff}').unwrap_or(text).to_owned();
        }
    }
    if let Some(encoding) = found
        && encoding != UTF_8
    {
        // Western charsets never refuse a byte, so old clients get away with naming them for Chinese text.
        if encoding == WINDOWS_1252
            && let Some(text) = chinese(bytes, 4)
        {
            return text;
        }
        let (text, _, is_broken) = encoding.decode(bytes);
        if !is_broken {
            return text.into_owned();
        }
        // GBK declared, GB18030 or a stray byte sent: its own lossy text is nearer than any guess.
        return guess(bytes).filter(|_| !is_asian(encoding)).unwrap_or_else(|| text.into_owned());
    }
    // A name that only the mail parser knows, such as ibm850 or utf-7.
    if found.is_none()
        && !label.is_empty()
        && let Some(decoder) = charset_decoder(label.as_bytes())
    {
        let text = decoder(bytes);
        if !text.contains('\u{fffd}') {
            return text;
        }
    }
    guess(bytes).unwrap_or_else(|| String::from_utf8_lossy(bytes).into_owned())
}

/// Text of header bytes that carry eight bits without saying in which charset.
#[must_use]
pub fn decode_header<'a>(bytes: &'a [u8]) -> Cow<'a, str> {
    match core::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => Cow::Owned(decode(bytes, None)),
    }
}

/// Text with its RFC 2047 words decoded. Neighbouring words of one charset are joined before they are decoded: many
/// Chinese clients cut a character in two.
#[must_use]
pub fn decode_words(text: &str) -> String {
    walk_words(text, str::to_owned)
}

/// Text with its RFC 2047 words written anew in UTF-8, for parsers that take the declared charset at its word.
#[must_use]
pub fn recode_words(text: &str) -> String {
    walk_words(text, |text| format!("=?utf-8?B?{}?=", STANDARD.encode(text)))
}

fn walk_words(text: &str, write: fn(&str) -> String) -> String {
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

/// Bytes of a part's body before its transfer encoding; broken Base64 gives what can be read of it.
#[must_use]
pub fn transfer_decode<'a>(body: &'a [u8], encoding: mail_parser::Encoding) -> Cow<'a, [u8]> {
    match encoding {
        mail_parser::Encoding::None => Cow::Borrowed(body),
        mail_parser::Encoding::QuotedPrintable => quoted_printable_decode(body).map_or(Cow::Borrowed(body), Cow::Owned),
        mail_parser::Encoding::Base64 => base64_decode(body).map_or(Cow::Borrowed(body), Cow::Owned),
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
    let end = after.as_bytes()[..reach].windows(2).position(|pair| pair == b"?=")?;
    let content = &after[..end];
    if charset.is_empty() || charset.len() > 40 || charset.contains(char::is_whitespace) {
        return None;
    }
    let bytes = match kind {
        "b" | "B" => base64_decode(content.as_bytes())?,
        "q" | "Q" => {
            let spaced = content.replace(['_', ' '], "=20");
            quoted_printable_decode(spaced.as_bytes())?
        }
        _ => return None,
    };
    // RFC 2231 lets a language follow the charset.
    let charset = charset.split('*').next().unwrap_or(charset).to_owned();
    let length = text.len() - after.len() + end + 2;
    Some((charset, bytes, length))
}

fn known(label: &str) -> Option<&'static Encoding> {
    match label {
        "cp936" | "ms936" | "windows-936" | "euc-cn" | "gb2312-80" | "gb" | "csgbk" | "csgb18030" => Some(GB18030),
        _ => Encoding::for_label(label.as_bytes()).filter(|encoding| *encoding != REPLACEMENT),
    }
}

fn is_asian(encoding: &'static Encoding) -> bool {
    matches!(encoding.name(), "GBK" | "gb18030" | "Big5" | "Shift_JIS" | "EUC-JP" | "EUC-KR" | "ISO-2022-JP")
}

/// The charset that the bytes show: UTF-8, then GB18030, then the western one, in which every byte means something.
fn guess(bytes: &[u8]) -> Option<String> {
    if let Ok(text) = core::str::from_utf8(bytes) {
        return Some(text.to_owned());
    }
    chinese(bytes, 1).or_else(|| Some(WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned()))
}

/// GB18030 text, when at least `least` pairs of bytes and four fifths of all lie where Chinese characters do.
fn chinese(bytes: &[u8], least: usize) -> Option<String> {
    let (mut pairs, mut chinese, mut at) = (0_usize, 0_usize, 0_usize);
    while at < bytes.len() {
        if bytes[at] < 0x80 {
            at += 1;
            continue;
        }
        pairs += 1;
        let next = bytes.get(at + 1).copied().unwrap_or(0);
        if (0xa1..=0xf7).contains(&bytes[at]) && next >= 0xa1 {
            chinese += 1;
            at += 2;
        } else {
            at += 1;
        }
    }
    if chinese < least || chinese * 5 < pairs * 4 {
        return None;
    }
    let (text, _, is_broken) = GB18030.decode(bytes);
    (!is_broken).then(|| text.into_owned())
}

/// HZ: GB 2312 in seven bits between `~{` and `~}` (RFC 1843).
fn from_hz(bytes: &[u8]) -> String {
    let mut eight_bit = Vec::with_capacity(bytes.len());
    let (mut is_chinese, mut at) = (false, 0);
    while at < bytes.len() {
        match (bytes[at], bytes.get(at + 1)) {
            (b'~', Some(b'{')) => (is_chinese, at) = (true, at + 2),
            (b'~', Some(b'}')) => (is_chinese, at) = (false, at + 2),
            (b'~', Some(b'~')) => {
                eight_bit.push(b'~');
                at += 2;
            }
            // Two bytes a character, whose second one may be a tilde.
            (byte, Some(next)) if is_chinese && byte > 0x20 => {
                eight_bit.extend_from_slice(&[byte | 0x80, next | 0x80]);
                at += 2;
            }
            (byte, _) => {
                eight_bit.push(byte);
                at += 1;
            }
        }
    }
    GB18030.decode(&eight_bit).0.into_owned()
}

#[cfg(test)]
mod tests {
    use super::{decode, decode_words};
    use encoding_rs::{BIG5, GB18030, ISO_2022_JP};

    #[test]
    fn charsets_are_honoured_and_lies_are_seen_through() {
        let chinese = "您好，订单一直没有发货，请尽快处理。";
        let gbk = GB18030.encode(chinese).0;
        for (bytes, declared, expected) in [
            (&gbk[..], Some("GB2312"), chinese),
            (&gbk[..], Some("\"gbk\""), chinese),
            (&gbk[..], Some("cp936"), chinese),
            (&gbk[..], None, chinese),
            (&gbk[..], Some("utf-8"), chinese),
            (&gbk[..], Some("us-ascii"), chinese),
            (chinese.as_bytes(), Some("gb2312"), chinese),
            (chinese.as_bytes(), Some("iso-8859-1"), chinese),
            (&gbk[..], Some("iso-8859-1"), chinese),
            (b"Gr\xf6\xdfe, \xc4pfel und \xd6l", Some("iso-8859-1"), "Größe, Äpfel und Öl"),
            (chinese.as_bytes(), None, chinese),
            (&BIG5.encode("訂單").0[..], Some("big5"), "訂單"),
            (&ISO_2022_JP.encode("請求書").0[..], Some("iso-2022-jp"), "請求書"),
            (b"caf\xe9", Some("iso-8859-1"), "café"),
            (b"caf\xe9s \xe0 Paris", None, "cafés à Paris"),
            (b"~{VPNDSJ<~~} ok", Some("hz-gb-2312"), "中文邮件 ok"),
            (b"plain", Some("no-such-charset"), "plain"),
        ] {
            assert_eq!(decode(bytes, declared), expected, "{declared:?}");
        }
        assert_eq!(decode(&GB18030.encode("𠀀𠮷").0, Some("gb2312")), "𠀀𠮷", "four-byte characters");
    }

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
        ] {
            assert_eq!(decode_words(text), expected);
        }
    }
}
