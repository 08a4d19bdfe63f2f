//! 传输编码: bytes of a part before its transfer encoding. Each decoder gives what can be read: one wrong character in a
//! mail of a hundred pages costs that character.

use std::borrow::Cow;

/// Bytes of a body before its `Content-Transfer-Encoding`.
#[must_use]
pub fn decode<'a>(body: &'a [u8], encoding: &str) -> Cow<'a, [u8]> {
    match encoding.trim().to_ascii_lowercase().as_str() {
        "base64" => Cow::Owned(base64(body)),
        "quoted-printable" => Cow::Owned(quoted_printable(body)),
        "x-uuencode" | "uuencode" | "x-uue" | "uue" => uuencoded(body).map_or(Cow::Borrowed(body), Cow::Owned),
        _ => Cow::Borrowed(body),
    }
}

/// Base64; what is no letter of it is left out. Padding ends it, unless another line follows: some programs encode piece
/// by piece.
#[must_use]
pub fn base64(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut count, mut is_padded) = (0_u32, 0_u32, false);
    for byte in text {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            b'=' => {
                is_padded |= count >= 2;
                if is_padded {
                    (bits, count) = (0, 0);
                }
                continue;
            }
            b'\n' => {
                is_padded = false;
                continue;
            }
            _ => continue,
        };
        if is_padded {
            continue;
        }
        bits = bits << 6 | u32::from(value);
        count += 1;
        // Each byte is given as soon as it is known, so that a torn end loses nothing before it.
        if count >= 2 {
            let shift = [4, 2, 0][count as usize - 2];
            out.push((bits >> shift) as u8);
        }
        if count == 4 {
            (bits, count) = (0, 0);
        }
    }
    out
}

/// Quoted-printable; an escape that is none stays as it is written.
#[must_use]
pub fn quoted_printable(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut at = 0;
    while at < text.len() {
        if text[at] != b'=' {
            out.push(text[at]);
            at += 1;
            continue;
        }
        let rest = &text[at + 1..];
        if let Some(byte) = hex(rest) {
            out.push(byte);
            at += 3;
            continue;
        }
        // A soft line break; white space before it came on the way.
        let blank = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\r')).count();
        match rest.get(blank) {
            Some(b'\n') => at += 1 + blank + 1,
            None => at = text.len(),
            _ => {
                out.push(b'=');
                at += 1;
            }
        }
    }
    out
}

/// The file between `begin 644 name` and `end`.
#[must_use]
pub fn uuencoded(text: &[u8]) -> Option<Vec<u8>> {
    let mut lines = text.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii_end);
    lines.find(|line| line.starts_with(b"begin ") && line.get(6).is_some_and(u8::is_ascii_digit))?;
    let mut out = Vec::with_capacity(text.len() / 4 * 3);
    for line in lines.take_while(|line| *line != b"end") {
        let Some((length, coded)) = line.split_first() else { continue };
        let value = |at: usize| coded.get(at).map_or(0, |byte| byte.wrapping_sub(b' ') & 0x3f);
        let length = usize::from(length.wrapping_sub(b' ') & 0x3f);
        let mut decoded = Vec::with_capacity(length + 2);
        for at in (0..length.div_ceil(3) * 4).step_by(4) {
            let [a, b, c, d] = [value(at), value(at + 1), value(at + 2), value(at + 3)];
            decoded.extend_from_slice(&[a << 2 | b >> 4, b << 4 | c >> 2, c << 6 | d]);
        }
        decoded.truncate(length);
        out.append(&mut decoded);
    }
    Some(out)
}

fn hex(pair: &[u8]) -> Option<u8> {
    let digit = |at: usize| pair.get(at).and_then(|byte| char::from(*byte).to_digit(16));
    u8::try_from(digit(0)? << 4 | digit(1)?).ok()
}

#[cfg(test)]
mod tests {
    use super::{base64, decode, quoted_printable, uuencoded};

    #[test]
    fn broken_encodings_give_what_can_be_read() {
        for (text, expected) in [
            ("5L2g5aW9", "你好".as_bytes()),
            ("5L2g\r\n 5a?W9", "你好".as_bytes()),
            ("ecO2dA== ignored", b"y\xc3\xb6t"),
            ("YQ==\nYg==", b"ab"),
            ("YWI", b"ab"),
            ("", b""),
        ] {
            assert_eq!(base64(text.as_bytes()), expected, "{text}");
        }
        for (text, expected) in [
            ("a=20b=\r\nc", "a bc"),
            ("a= \t\r\nb", "ab"),
            ("color=\"#fff\" =AE=", "color=\"#fff\" \u{ae}"),
            ("=e4=BD=A0", "你"),
            ("x==3D", "x=="),
        ] {
            let found = quoted_printable(text.as_bytes());
            let found =
                String::from_utf8(found).unwrap_or_else(|broken| broken.into_bytes().iter().map(|byte| char::from(*byte)).collect());
            assert_eq!(found, expected, "{text}");
        }
        assert_eq!(uuencoded(b"\r\nbegin 644 cat.txt\r\n#0V%T\r\n`\r\nend\r\n").as_deref(), Some(&b"Cat"[..]));
        assert_eq!(uuencoded(b"begin at once"), None);
        assert_eq!(decode(b"as it is", "8bit").as_ref(), b"as it is");
    }
}
