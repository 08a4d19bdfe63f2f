//! 回复凭证: the keyed token by which an answer finds its ticket (S19). It stands in the `Message-ID` of our mails and
//! comes back in `In-Reply-To` and `References`; who does not have our key cannot make one.

use hmac::{Hmac, KeyInit, Mac};
use kernel::id::{CompanyId, MailId, TicketId};
use kernel::rng;
use sha2::Sha256;

const PREFIX: &str = "kefu.";
const MAC_BYTES: usize = 16;

/// What a token protects: change one and it is another token.
#[derive(Clone, Copy, Debug)]
pub struct Claim<'a> {
    /// The company.
    pub company: CompanyId,
    /// The ticket that an answer joins.
    pub ticket: TicketId,
    /// The address that our mail went to, in lower case.
    pub recipient: &'a str,
}

/// A token as it came in: nothing of it is proven yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// The ticket it names.
    pub ticket: TicketId,
    nonce: String,
    mac: Vec<u8>,
}

impl Token {
    /// The part of the message id before the `@`, as we wrote it.
    #[must_use]
    pub fn local_part(&self) -> String {
        format!("{PREFIX}{}.{}.{}", self.ticket.0.simple(), self.nonce, rng::hex(&self.mac))
    }
}

/// A fresh `Message-ID`, without angle brackets, for a mail of a ticket.
#[must_use]
pub fn message_id(key: &[u8], claim: Claim<'_>, host: &str) -> String {
    let nonce = rng::hex(&rng::bytes::<8>());
    let mac = &mac(key, claim, &nonce).finalize().into_bytes()[..MAC_BYTES];
    format!("{PREFIX}{}.{nonce}.{}@{host}", claim.ticket.0.simple(), rng::hex(mac))
}

/// A fresh `Message-ID`, without angle brackets, for a mail that belongs to no ticket.
#[must_use]
pub fn plain_message_id(mail: MailId, host: &str) -> String {
    format!("{PREFIX}{}.{}@{host}", mail.0.simple(), rng::hex(&rng::bytes::<8>()))
}

/// The token in a message id, with or without angle brackets.
#[must_use]
pub fn read(id: &str) -> Option<Token> {
    let local = id.trim().trim_start_matches('<').split('@').next()?.to_ascii_lowercase();
    let mut parts = local.strip_prefix(PREFIX)?.split('.');
    let (ticket, nonce, mac) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || ticket.len() != 32 || nonce.len() != 16 || mac.len() != MAC_BYTES * 2 {
        return None;
    }
    Some(Token { ticket: ticket.parse().ok()?, nonce: nonce.to_owned(), mac: unhex(mac)? })
}

/// Tokens of the mail that is answered, nearest first.
#[must_use]
pub fn presented(in_reply_to: Option<&str>, references: &[String]) -> Vec<Token> {
    let mut found: Vec<Token> = Vec::new();
    for token in in_reply_to.into_iter().chain(references.iter().rev().map(String::as_str)).filter_map(read) {
        if !found.contains(&token) {
            found.push(token);
        }
    }
    found.truncate(20);
    found
}

/// Message ids of ours that a report quotes somewhere in its raw source, in order and without angle brackets.
#[must_use]
pub fn quoted_ids(raw: &[u8]) -> Vec<String> {
    let needle = b"<kefu.";
    let mut found: Vec<String> = Vec::new();
    for at in (0..raw.len().saturating_sub(needle.len())).filter(|at| raw[*at] == b'<' && raw[*at..].starts_with(needle)) {
        let rest = &raw[at + 1..raw.len().min(at + 400)];
        if let Some(end) = rest.iter().position(|byte| *byte == b'>')
            && let Ok(id) = core::str::from_utf8(&rest[..end])
            && !found.iter().any(|known| known == id)
            && found.len() < 20
        {
            found.push(id.to_owned());
        }
    }
    found
}

/// Whether one of the keys made this token for this claim; in constant time per key.
#[must_use]
pub fn is_genuine(keys: &[Vec<u8>], token: &Token, claim: Claim<'_>) -> bool {
    token.ticket == claim.ticket && keys.iter().any(|key| mac(key, claim, &token.nonce).verify_truncated_left(&token.mac).is_ok())
}

fn mac(key: &[u8], claim: Claim<'_>, nonce: &str) -> Hmac<Sha256> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap_or_else(|_| unreachable!("HMAC takes keys of any length"));
    for part in
        [claim.company.0.as_bytes().as_slice(), claim.ticket.0.as_bytes(), claim.recipient.to_lowercase().as_bytes(), nonce.as_bytes()]
    {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part);
    }
    mac
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(text.get(at..at + 2)?, 16).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::{Claim, is_genuine, message_id, plain_message_id, presented, quoted_ids, read};
    use kernel::id::{CompanyId, MailId, TicketId};
    use kernel::macros::uuid::Uuid;

    const COMPANY: CompanyId = CompanyId(Uuid::from_u128(1));
    const TICKET: TicketId = TicketId(Uuid::from_u128(2));

    fn claim(recipient: &str) -> Claim<'_> {
        Claim { company: COMPANY, ticket: TICKET, recipient }
    }

    #[test]
    fn only_our_own_token_for_this_very_claim_is_genuine() {
        let (old, new) = (vec![1; 32], vec![2; 32]);
        let id = message_id(&old, claim("li@b.example"), "kefu.example");
        let token = read(&format!("<{id}>")).unwrap();
        assert_eq!(token.ticket, TICKET);
        assert!(is_genuine(&[new.clone(), old.clone()], &token, claim("LI@b.example")), "a retired key still counts");
        assert!(!is_genuine(&[new], &token, claim("li@b.example")));
        assert!(!is_genuine(std::slice::from_ref(&old), &token, claim("other@b.example")));
        assert!(!is_genuine(std::slice::from_ref(&old), &token, Claim { company: CompanyId(Uuid::from_u128(9)), ..claim("li@b.example") }));
        assert!(!is_genuine(&[old], &token, Claim { ticket: TicketId(Uuid::from_u128(9)), ..claim("li@b.example") }));
    }

    #[test]
    fn anything_else_is_no_token() {
        let id = message_id(&[1; 32], claim("a@b"), "h");
        for bad in
            ["", "<>", "kefu.", "kefu.x.y.z@h", "abc@h", &id[1..], &id.replace('.', "-"), &format!("{}.x@h", id.split('@').next().unwrap())]
        {
            assert_eq!(read(bad), None, "{bad}");
        }
        assert_eq!(read(&plain_message_id(MailId(Uuid::from_u128(3)), "h")), None);
        // Some systems write ids in capitals; the token survives that.
        assert!(read(&id.to_uppercase()).is_some());
    }

    #[test]
    fn the_nearest_token_comes_first() {
        let ids: Vec<String> = (0..3).map(|_| message_id(&[1; 32], claim("a@b"), "h")).collect();
        let found = presented(Some(&ids[2]), &[ids[0].clone(), "x@y".to_owned(), ids[1].clone(), ids[2].clone()]);
        assert_eq!(found, [read(&ids[2]).unwrap(), read(&ids[1]).unwrap(), read(&ids[0]).unwrap()]);
        let report = format!("Original:\r\nMessage-ID: <{}>\r\nReferences: <{}> <other@x>\r\n<kefu.broken", ids[0], ids[1]);
        assert_eq!(quoted_ids(report.as_bytes()), [ids[0].clone(), ids[1].clone()]);
    }
}
