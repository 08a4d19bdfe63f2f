//! How forms become inputs: what browsers send and serde does not expect.

use serde::{Deserialize, Deserializer};
use std::str::FromStr;

/// An empty field is no value: `#[serde(default, deserialize_with = "kernel::input::blank")]` on an `Option`.
///
/// # Errors
/// When the field is neither empty nor readable.
pub fn blank<'de, D, T>(from: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: FromStr,
    T::Err: core::fmt::Display,
{
    let text = Option::<String>::deserialize(from)?.unwrap_or_default();
    let text = text.trim();
    if text.is_empty() { Ok(None) } else { text.parse().map(Some).map_err(serde::de::Error::custom) }
}

/// Lines of a text field, trimmed, without the empty ones.
#[must_use]
pub fn lines(text: &str) -> Vec<String> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

/// A mail address in its normal form (trimmed, lower case), when it looks like one.
#[must_use]
pub fn email(text: &str) -> Option<String> {
    let text = text.trim().to_lowercase();
    let (local, domain) = text.rsplit_once('@')?;
    let plain =
        |part: &str| !part.is_empty() && !part.contains(|c: char| c.is_whitespace() || c.is_control() || "<>(),;:\\\"[]@".contains(c));
    (plain(local) && plain(domain) && text.len() <= 254 && !domain.starts_with('.') && !domain.ends_with('.')).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::email;

    #[test]
    fn addresses() {
        assert_eq!(email(" A@B.example "), Some("a@b.example".into()));
        assert_eq!(email("客服@例子.公司"), Some("客服@例子.公司".into()));
        for bad in ["", "a", "@b", "a@", "a b@c", "a@b@c", "a@b\r\nc", "a@.b"] {
            assert_eq!(email(bad), None, "{bad:?}");
        }
    }
}
