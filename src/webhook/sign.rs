//! 签名 of both profiles. Pure.

use crate::model::Profile;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use kernel::id::CompanyId;
use kernel::rng::hex;
use md5::{Digest, Md5};
use sha2::Sha256;
use subtle::ConstantTimeEq;

/// Bytes of a secret.
pub const SECRET: usize = 24;
/// How old a signature may be, in seconds (S25).
pub const TOLERANCE: i64 = 5 * 60;

/// A secret as people copy it: `whsec_` and base64 as Standard Webhooks writes it; for the original profile, whose signature
/// is made of letters, lower-case hexadecimal.
#[must_use]
pub fn written(profile: Profile, secret: &[u8]) -> String {
    match profile {
        Profile::Standard => format!("whsec_{}", STANDARD.encode(secret)),
        Profile::Original => hex(secret),
    }
}

/// One signature of Standard Webhooks: `v1,` and base64 of HMAC-SHA256 over `id.timestamp.body`.
#[must_use]
pub fn standard(secret: &[u8], id: &str, seconds: i64, body: &str) -> String {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret) else { return String::new() };
    mac.update(format!("{id}.{seconds}.").as_bytes());
    mac.update(body.as_bytes());
    format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
}

/// `X-Log-Sign`: MD5 in lower-case hexadecimal over company, timestamp, random code and key, one behind the other (F§1.6).
/// Everything in it is lower case already, so that it does not matter whether a receiver lowers it before or after.
#[must_use]
pub fn original(company: CompanyId, millis: i64, random: &str, key: &str) -> String {
    hex(&Md5::digest(format!("{}{millis}{random}{key}", company.0)))
}

/// Whether one of the signatures of a header is that of one of the secrets, in constant time.
#[must_use]
pub fn is_standard(header: &str, secrets: &[Vec<u8>], id: &str, seconds: i64, body: &str) -> bool {
    let matches = |given: &str| secrets.iter().any(|secret| is_same(given, &standard(secret, id, seconds, body)));
    header.split_whitespace().any(matches)
}

/// Whether a sign of the original profile is that of one of the secrets.
#[must_use]
pub fn is_original(sign: &str, secrets: &[Vec<u8>], company: CompanyId, millis: i64, random: &str) -> bool {
    secrets.iter().any(|secret| is_same(sign, &original(company, millis, random, &hex(secret))))
}

fn is_same(given: &str, right: &str) -> bool {
    given.as_bytes().ct_eq(right.as_bytes()).into()
}
