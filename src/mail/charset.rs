//! Text of bytes whose charset is named wrongly, not at all, or by a name of its own: the declared one when it fits,
//! else what the bytes themselves show.

mod guess;

use crate::transfer;
use encoding_rs::{Encoding, GB18030, REPLACEMENT, UTF_8, WINDOWS_1252};
use guess::{chinese, cyrillic, escaped, guess};
use mail_parser::decoders::charsets::map::charset_decoder;
use std::borrow::Cow;

/// Text of bytes that were declared to have this charset.
#[must_use]
pub fn decode(bytes: &[u8], declared: Option<&str>) -> String {
    let label = declared.map(|label| label.trim_matches(|c: char| c.is_whitespace() || "\"';".contains(c)).to_ascii_lowercase());
    // Who says ASCII and sends eight bits has said nothing.
    let label = label.as_deref().filter(|label| !matches!(*label, "us-ascii" | "ascii")).unwrap_or("");
    match label {
        "hz-gb-2312" | "hz" => return from_hz(bytes),
        "utf-7" | "utf7" | "unicode-1-1-utf-7" | "csutf7" => return from_utf7(bytes),
        _ => {}
    }
    let found = known(label);
    let is_wide = found.is_some_and(|encoding| encoding.name().starts_with("UTF-16") || encoding.name() == "ISO-2022-JP");
    if !is_wide && bytes.is_ascii() && !bytes.contains(&0x1b) {
        return String::from_utf8_lossy(bytes).into_owned();
    }
    if !is_wide && let Some(text) = escaped(bytes) {
        return text;
    }
    // Bytes that are UTF-8 beyond the reach of chance are UTF-8 whatever was declared.
    if !is_wide && let Ok(text) = core::str::from_utf8(bytes) {
        // In a charset with two bytes a character short runs may be either.
        if !found.is_some_and(is_asian) || text.chars().any(|c| c >= '\u{800}') {
            return text.strip_prefix('\u{feff}').unwrap_or(text).to_owned();
        }
    }
    if let Some(encoding) = found
        && encoding != UTF_8
    {
        // Western charsets never refuse a byte, so old clients get away with naming them for Chinese text.
        if encoding == WINDOWS_1252
            && let Some(text) = chinese(bytes, 4).or_else(|| cyrillic(bytes))
        {
            return text;
        }
        let (text, _, is_broken) = encoding.decode(bytes);
        if !is_broken {
            return text.into_owned();
        }
        // GBK declared, GB18030 or a stray byte sent: its own lossy text is nearer than any guess.
        return if is_asian(encoding) { text.into_owned() } else { guess(bytes) };
    }
    // A name that only the mail parser knows, such as ibm850.
    if found.is_none()
        && !label.is_empty()
        && let Some(decoder) = charset_decoder(label.as_bytes())
    {
        let text = decoder(bytes);
        if !text.contains('\u{fffd}') {
            return text;
        }
    }
    guess(bytes)
}

/// Text of header bytes that carry eight bits without saying in which charset; `hint` is what the mail says of its body.
#[must_use]
pub fn decode_header<'a>(bytes: &'a [u8], hint: Option<&str>) -> Cow<'a, str> {
    match core::str::from_utf8(bytes) {
        Ok(text) if text.is_ascii() || hint.is_none() => Cow::Borrowed(text),
        _ => Cow::Owned(decode(bytes, hint)),
    }
}

/// Adds a character as this charset writes it, or else in UTF-8.
pub fn encode_into(bytes: &mut Vec<u8>, character: char, charset: &str) {
    let mut utf8 = [0; 4];
    let text: &str = character.encode_utf8(&mut utf8);
    match known(&charset.split('*').next().unwrap_or_default().to_ascii_lowercase()) {
        Some(encoding) => match encoding.encode(text) {
            (written, _, false) => bytes.extend_from_slice(&written),
            _ => bytes.extend_from_slice(text.as_bytes()),
        },
        None => bytes.extend_from_slice(text.as_bytes()),
    }
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

/// UTF-7 (RFC 2152): UTF-16 in Base64 between `+` and the first character that is none of it.
fn from_utf7(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some(start) = rest.iter().position(|byte| *byte == b'+') {
        out.push_str(&String::from_utf8_lossy(&rest[..start]));
        let inner = &rest[start + 1..];
        let length = inner.iter().take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/')).count();
        let units =
            transfer::base64(&inner[..length]).chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect::<Vec<_>>();
        match inner.get(length) {
            Some(b'-') if length == 0 => out.push('+'),
            _ => out.push_str(&String::from_utf16_lossy(&units)),
        }
        rest = &inner[length..];
        rest = rest.strip_prefix(b"-").unwrap_or(rest);
    }
    out.push_str(&String::from_utf8_lossy(rest));
    out
}

#[cfg(test)]
mod tests {
    use super::decode;
    use encoding_rs::{BIG5, GB18030, ISO_2022_JP, KOI8_R, WINDOWS_1251};

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
            ("café".as_bytes(), Some("iso-8859-1"), "café"),
            (b"\xe4\xbd\xa0\xe5\xa5\xbd\xef\xbc\x8c\xe8\xae\xa2\xe5\x8d\x95\xe6\xb2\xa1\xe6\x9c\x89\xe5\x8f\x91\xe8\xb4\xa7\xe8\xaf\xb7\xe5", Some("utf-8"), "你好，订单没有发货请\u{fffd}"),
            (b"plain", Some("no-such-charset"), "plain"),
            (b"\xff\xfe", Some("no-such-charset"), "ÿþ"),
            (&gbk[..], Some("no-such-charset"), chinese),
            (chinese.as_bytes(), Some("no-such-charset"), chinese),
            (b"\xff\xfe`O}Y", Some("no-such-charset"), "你好"),
            (&ISO_2022_JP.encode("請求書").0[..], Some("_iso-2022-jp$ESC"), "請求書"),
            (&BIG5.encode("您好，我無法登入帳號，請協助處理。").0[..], None, "您好，我無法登入帳號，請協助處理。"),
            (&WINDOWS_1251.encode("Это сообщение имеет неправильную кодировку.").0[..], Some("us-ascii"), "Это сообщение имеет неправильную кодировку."),
            (&KOI8_R.encode("Это сообщение имеет неправильную кодировку.").0[..], None, "Это сообщение имеет неправильную кодировку."),
            (b"a +AD4 b +- c +ZeVnLIqe-\n+AD4", Some("utf-7"), "a > b + c 日本語\n>"),
        ] {
            assert_eq!(decode(bytes, declared), expected, "{declared:?}");
        }
        assert_eq!(decode(&GB18030.encode("𠀀𠮷").0, Some("gb2312")), "𠀀𠮷", "four-byte characters");
    }
}
