//! 字符集猜测: what bytes show of their charset where nobody has said it, or nobody truly.

use encoding_rs::{BIG5, Encoding, GB18030, ISO_2022_JP, KOI8_R, UTF_16BE, UTF_16LE, WINDOWS_1251, WINDOWS_1252};

/// Text by the charset that the bytes show: Unicode, then the Chinese ones, then those with one byte a letter, in which
/// every byte means something. There is always an answer.
pub(super) fn guess(bytes: &[u8]) -> String {
    if let Ok(text) = core::str::from_utf8(bytes) {
        return text.strip_prefix('\u{feff}').unwrap_or(text).to_owned();
    }
    for (mark, encoding) in [(b"\xff\xfe", UTF_16LE), (b"\xfe\xff", UTF_16BE)] {
        if bytes.len() > mark.len() && bytes.starts_with(mark) {
            return encoding.decode(bytes).0.into_owned();
        }
    }
    mostly_utf8(bytes)
        .or_else(|| chinese(bytes, 1))
        .or_else(|| traditional(bytes))
        .or_else(|| cyrillic(bytes))
        .unwrap_or_else(|| WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned())
}

/// UTF-8 with a torn character here or there.
fn mostly_utf8(bytes: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(bytes);
    let broken = text.chars().filter(|c| *c == '\u{fffd}').count();
    let whole = text.chars().filter(|c| *c >= '\u{80}').count() - broken;
    (whole > broken * 5).then(|| text.into_owned())
}

/// Seven bits with escapes in between: Japanese that says nothing of itself.
pub(super) fn escaped(bytes: &[u8]) -> Option<String> {
    let has_escape = bytes.windows(2).any(|pair| pair == b"\x1b$");
    has_escape.then(|| whole(ISO_2022_JP, bytes)).flatten()
}

/// GB18030 text, when at least `least` pairs of bytes and four fifths of all lie where Chinese characters do, most of
/// them where the common ones do.
pub(super) fn chinese(bytes: &[u8], least: usize) -> Option<String> {
    let (mut pairs, mut chinese, mut common, mut at) = (0_usize, 0_usize, 0_usize, 0_usize);
    while at < bytes.len() {
        if bytes[at] < 0x80 {
            at += 1;
            continue;
        }
        pairs += 1;
        let next = bytes.get(at + 1).copied().unwrap_or(0);
        if (0xa1..=0xf7).contains(&bytes[at]) && next >= 0xa1 {
            chinese += 1;
            // Punctuation, and the characters of the first level.
            common += usize::from(matches!(bytes[at], 0xa1..=0xa3 | 0xb0..=0xd7));
            at += 2;
        } else {
            at += 1;
        }
    }
    if chinese < least || chinese * 5 < pairs * 4 || common * 2 < chinese {
        return None;
    }
    whole(GB18030, bytes)
}

/// Big5 text, when nearly all pairs of bytes lie where its common characters do.
fn traditional(bytes: &[u8]) -> Option<String> {
    let (mut pairs, mut common, mut at) = (0_usize, 0_usize, 0_usize);
    while at < bytes.len() {
        if bytes[at] < 0x80 {
            at += 1;
            continue;
        }
        pairs += 1;
        common += usize::from(matches!(bytes[at], 0xa1 | 0xa4..=0xc6));
        at += 2;
    }
    if pairs < 3 || common * 5 < pairs * 4 { None } else { whole(BIG5, bytes) }
}

/// Cyrillic text: its words are made of letters beyond ASCII alone, which no western language has. Small letters, the
/// most of any text, tell the two charsets apart.
pub(super) fn cyrillic(bytes: &[u8]) -> Option<String> {
    let is_letter = |byte: &u8| byte.is_ascii_alphabetic() || *byte >= 0x80;
    let (mut foreign, mut pure) = (0_usize, 0_usize);
    for word in bytes.split(|byte| !is_letter(byte)).filter(|word| word.len() >= 3) {
        if word.iter().any(|byte| *byte >= 0x80) {
            foreign += 1;
            pure += usize::from(word.iter().all(|byte| *byte >= 0xc0 || matches!(byte, 0xa3 | 0xa8 | 0xb3 | 0xb8)));
        }
    }
    if pure < 3 || pure * 5 < foreign * 4 {
        return None;
    }
    let upper = bytes.iter().filter(|byte| **byte >= 0xe0).count();
    let lower = bytes.iter().filter(|byte| (0xc0..0xe0).contains(*byte)).count();
    whole(if upper >= lower { WINDOWS_1251 } else { KOI8_R }, bytes)
}

fn whole(encoding: &'static Encoding, bytes: &[u8]) -> Option<String> {
    encoding.decode_without_bom_handling_and_without_replacement(bytes).map(std::borrow::Cow::into_owned)
}
