//! 签名: how an application proves that it knows its key (F§1.1). Pure.

use jiff::SignedDuration;
use kernel::id::{AppId, CompanyId};
use kernel::rng;
use kernel::time::Stamp;
use md5::{Digest, Md5};
use subtle::ConstantTimeEq;

/// How far `create_time` may be from now, either way: what was overheard is of no use later.
pub const SKEW: SignedDuration = SignedDuration::from_mins(10);

/// 签名: lower-case hexadecimal of `md5(appid + create_time + app_key)`.
#[must_use]
pub fn sign(appid: &str, create_time: &str, app_key: &str) -> String {
    rng::hex(&Md5::digest(format!("{appid}{create_time}{app_key}").as_bytes()))
}

/// Whether the signature is that one, in the same time whatever differs.
#[must_use]
pub fn is_signed(signed: &str, appid: &str, create_time: &str, app_key: &str) -> bool {
    sign(appid, create_time, app_key).as_bytes().ct_eq(signed.trim().to_ascii_lowercase().as_bytes()).into()
}

/// The moment of a `create_time` of 10 digits; none for anything else.
#[must_use]
pub fn moment(create_time: &str) -> Option<Stamp> {
    let is_ten = create_time.len() == 10 && create_time.bytes().all(|byte| byte.is_ascii_digit());
    let seconds = create_time.parse::<i64>().ok().filter(|_| is_ten)?;
    Stamp::from_micros(seconds.checked_mul(1_000_000)?)
}

/// Whether the moment is near enough to now.
#[must_use]
pub fn is_fresh(at: Stamp, now: Stamp) -> bool {
    now.since(at).abs() <= SKEW
}

/// The `appid` of an application: it carries its company, so that no directory is needed to find it.
#[must_use]
pub fn appid(company: CompanyId, app: AppId) -> String {
    rng::to_base64(&[company.0.as_bytes().as_slice(), app.0.as_bytes().as_slice()].concat())
}

/// Company and application of an `appid`; none for anything that is not one.
#[must_use]
pub fn read_appid(text: &str) -> Option<(CompanyId, AppId)> {
    let raw = rng::from_base64(text.trim()).filter(|raw| raw.len() == 32)?;
    let half = |part: &[u8]| sqlx::types::Uuid::from_slice(part).ok();
    Some((CompanyId(half(&raw[..16])?), AppId(half(&raw[16..])?)))
}
