//! 发件人验证: what the mailbox's own server found out about the sender (S20). Only its word counts, known by its
//! `authserv-id`; everybody can write such a header.

use crate::parse::Parsed;

/// What is known about the sender's domain.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sender {
    /// The domain stands behind this mail (DMARC).
    pub is_verified: bool,
    /// The domain says that this mail is not its own.
    pub is_refused: bool,
}

/// Reads the verdict of the server with this `authserv-id`; an empty one means that nobody is believed.
#[must_use]
pub fn sender(mail: &Parsed, authserv_id: &str) -> Sender {
    if authserv_id.trim().is_empty() {
        return Sender::default();
    }
    let domain = mail.from_address.rsplit_once('@').map_or("", |(_, domain)| domain);
    // The receiving server writes above what it received: only the topmost one can be its own. A forwarder's word (ARC)
    // counts for nothing: anybody can be one.
    let Some(results) = mail
        .headers
        .iter()
        .filter(|(name, _)| name == "authentication-results")
        .map(|(_, value)| without_comments(value))
        .next()
        .filter(|value| is_by(value, authserv_id))
    else {
        return Sender::default();
    };
    let mut found = Sender::default();
    for method in results.split(';').skip(1) {
        let mut words = method.split_whitespace();
        let Some((name, result)) = words.next().and_then(|word| word.split_once('=')) else { continue };
        let about = words
            .filter_map(|word| word.split_once('='))
            .find(|(property, _)| property.eq_ignore_ascii_case("header.from"))
            .map(|(_, value)| value.trim_matches('"'));
        let is_ours =
            about.and_then(|about| about.rsplit('@').next()).is_some_and(|about| !domain.is_empty() && about.eq_ignore_ascii_case(domain));
        match (name.to_ascii_lowercase().as_str(), result.to_ascii_lowercase().as_str()) {
            ("dmarc", "pass") if is_ours => found.is_verified = true,
            ("dmarc", "fail") => found.is_refused = true,
            _ => {}
        }
    }
    found.is_refused &= !found.is_verified;
    found
}

fn is_by(results: &str, authserv_id: &str) -> bool {
    let name = results.split(';').next().unwrap_or_default().split_whitespace().next().unwrap_or_default();
    name.eq_ignore_ascii_case(authserv_id.trim())
}

fn without_comments(value: &str) -> String {
    let mut depth = 0_usize;
    value
        .chars()
        .filter(|c| match c {
            '(' => {
                depth += 1;
                false
            }
            ')' => {
                depth = depth.saturating_sub(1);
                false
            }
            _ => depth == 0,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Sender, sender};
    use crate::parse::parse;

    const VERIFIED: Sender = Sender { is_verified: true, is_refused: false };
    const REFUSED: Sender = Sender { is_verified: false, is_refused: true };
    const UNKNOWN: Sender = Sender { is_verified: false, is_refused: false };

    #[test]
    fn only_the_own_server_is_believed() {
        for (headers, expected) in [
            ("Authentication-Results: mx.shop.example; dmarc=pass header.from=b.example", VERIFIED),
            (
                "Authentication-Results: MX.shop.example 1; spf=pass (x; y) smtp.mailfrom=b.example;\r\n dmarc=pass (p=NONE) header.from=b.example",
                VERIFIED,
            ),
            ("Authentication-Results: mx.shop.example; arc=pass; dmarc=fail header.from=b.example", REFUSED),
            ("Authentication-Results: mx.shop.example; arc=pass header.from=b.example", UNKNOWN),
            ("Authentication-Results: mx.shop.example; dmarc=pass", UNKNOWN),
            ("Authentication-Results: mx.shop.example; dmarc=pass header.from=notb.example", UNKNOWN),
            ("Authentication-Results: mx.shop.example; dmarc=pass header.from=x@B.example", VERIFIED),
            // Our server wrote the upper one or none at all: below it stands what the sender wrote.
            (
                "Authentication-Results: relay.example; spf=pass\r\nAuthentication-Results: mx.shop.example; dmarc=pass header.from=b.example",
                UNKNOWN,
            ),
            ("Authentication-Results: mx.shop.example; dmarc=pass header.from=evil.example", UNKNOWN),
            ("Authentication-Results: evil.example; dmarc=pass header.from=b.example", UNKNOWN),
            ("Authentication-Results: evil.example (mx.shop.example); dmarc=pass header.from=b.example", UNKNOWN),
            // The sender's forgery lies below what the server has written.
            (
                "Authentication-Results: mx.shop.example; dmarc=fail header.from=b.example\r\nAuthentication-Results: mx.shop.example; dmarc=pass header.from=b.example",
                REFUSED,
            ),
            ("Authentication-Results: mx.shop.example; spf=pass; dkim=pass", UNKNOWN),
            ("X-Other: 1", UNKNOWN),
        ] {
            let mail = parse(format!("From: A <a@b.example>\r\n{headers}\r\n\r\nx").as_bytes()).unwrap();
            assert_eq!(sender(&mail, "mx.shop.example"), expected, "{headers}");
            assert_eq!(sender(&mail, ""), UNKNOWN, "{headers}");
        }
    }
}
