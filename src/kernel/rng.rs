//! Randomness and the tokens made of it.

use crate::id::CompanyId;
use crate::time::Stamp;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};
use std::sync::{Mutex, PoisonError};
use uuid::Uuid;

/// Random bytes of the operating system.
///
/// # Panics
/// When the operating system has none to give: nothing safe can go on then.
#[must_use]
pub fn bytes<const N: usize>() -> [u8; N] {
    let mut out = [0; N];
    getrandom::fill(&mut out).expect("the operating system gives random bytes");
    out
}

/// A UUIDv7 of this moment. Ids of one process and one millisecond grow, so that what was written in one moment keeps
/// its order in lists; between processes order comes from `seq` (D21).
#[must_use]
pub fn uuid_at(now: Stamp) -> Uuid {
    static LAST: Mutex<(u64, u16)> = Mutex::new((0, 0));
    let millis = u64::try_from(now.0.as_millisecond()).unwrap_or(0);
    let mut random = bytes::<10>();
    let count = {
        let mut last = LAST.lock().unwrap_or_else(PoisonError::into_inner);
        *last = if last.0 == millis { (millis, last.1.wrapping_add(1)) } else { (millis, 0) };
        last.1
    };
    // The 12 bits after the time and the top bits of the next byte count within the millisecond.
    random[0] = (count >> 8).to_be_bytes()[1] & 0x0f;
    random[1] = count.to_be_bytes()[1];
    uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
}

/// A token of a public link: the company, so that its rows can be opened, and 256 random bits. Only the hash is stored.
pub struct LinkToken {
    /// What stands in the link.
    pub text: String,
    /// What is stored.
    pub hash: Vec<u8>,
}

/// A fresh token of a public link of this company.
#[must_use]
pub fn link_token(company: CompanyId) -> LinkToken {
    let mut raw = company.0.as_bytes().to_vec();
    raw.extend_from_slice(&bytes::<32>());
    LinkToken { text: URL_SAFE_NO_PAD.encode(&raw), hash: sha256(&raw) }
}

/// Company and hash of a token that came in; `None` for anything that is not one.
#[must_use]
pub fn read_link_token(text: &str) -> Option<(CompanyId, Vec<u8>)> {
    let raw = URL_SAFE_NO_PAD.decode(text).ok().filter(|raw| raw.len() == 48)?;
    let company = Uuid::from_slice(&raw[..16]).ok()?;
    Some((CompanyId(company), sha256(&raw)))
}

/// SHA-256.
#[must_use]
pub fn sha256(data: &[u8]) -> Vec<u8> {
    Sha256::digest(data).to_vec()
}

/// The bytes of a hexadecimal text; `None` for anything else.
#[must_use]
pub fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digits: Vec<u8> = text.chars().map(|digit| digit.to_digit(16).and_then(|digit| u8::try_from(digit).ok())).collect::<Option<_>>()?;
    digits.len().is_multiple_of(2).then(|| digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect())
}

/// Bytes as a cookie or a link carries them.
#[must_use]
pub fn to_base64(data: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(data)
}

/// The bytes that a cookie or a link carries.
#[must_use]
pub fn from_base64(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

/// Lower-case hexadecimal.
#[must_use]
pub fn hex(data: &[u8]) -> String {
    use core::fmt::Write;
    data.iter().fold(String::with_capacity(data.len() * 2), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}

/// A code people copy by hand: letters and digits that cannot be confused, `XXXX-XXXX`.
#[must_use]
pub fn spoken_code() -> String {
    const LETTERS: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    let picked: String = bytes::<8>().iter().map(|byte| LETTERS[usize::from(*byte) % 32] as char).collect();
    format!("{}-{}", &picked[..4], &picked[4..])
}

/// A password nobody chose: 20 letters and digits that cannot be confused, about 100 bits.
#[must_use]
pub fn password() -> String {
    const LETTERS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz23456789-";
    bytes::<20>().iter().map(|byte| LETTERS[usize::from(*byte) % 32] as char).collect()
}

#[cfg(test)]
mod tests {
    use super::{CompanyId, link_token, read_link_token};
    use uuid::Uuid;

    #[test]
    fn a_link_token_names_its_company_and_nothing_else_reads_as_one() {
        let company = CompanyId(Uuid::max());
        let token = link_token(company);
        assert_eq!(read_link_token(&token.text), Some((company, token.hash)));
        assert_eq!(read_link_token(""), None);
        assert_eq!(read_link_token("abc"), None);
        assert_eq!(read_link_token(&token.text[1..]), None);
    }
}
