//! 信封: who wrote to whom, about what, in answer to what.

use super::{Parsed, line};
use crate::words::{decode_words, recode_words};
use mail_parser::{Address, HeaderName, HeaderValue, MessageParser};

/// Longest header value that is looked at, in bytes.
const LONGEST_HEADER: usize = 16 * 1024;
/// Longest id that is kept, in characters.
const LONGEST_ID: usize = 500;
/// References that are kept: the latest ones.
const MOST_REFERENCES: usize = 100;

/// Reads the headers of a mail: name in lower case, value in one line.
pub(super) fn read(headers: &[(String, String)], parsed: &mut Parsed) {
    let short = |value: &str| (0..=value.len().min(LONGEST_HEADER)).rev().find(|at| value.is_char_boundary(*at)).unwrap_or(0);
    parsed.headers = headers.iter().map(|(name, value)| (name.clone(), line(&decode_words(&value[..short(value)]), 8000))).collect();

    // Addresses and dates are the mail parser's part; it gets a head without tricks.
    const READ: [&str; 6] = ["from", "sender", "reply-to", "to", "cc", "date"];
    let clean: String = headers
        .iter()
        .filter(|(name, _)| READ.contains(&name.as_str()))
        .map(|(name, value)| format!("{name}: {}\r\n", recode_words(&value[..short(value)]).replace(['\r', '\n', '\0'], " ")))
        .collect();
    let message = MessageParser::default().parse_headers(clean.as_bytes()).unwrap_or_default();
    let addresses = |name: HeaderName<'static>| -> Vec<(String, String)> {
        if message.parts.is_empty() {
            return Vec::new();
        }
        message.header_values(name).filter_map(HeaderValue::as_address).flat_map(people).collect()
    };
    sender(&addresses, parsed);
    let only = |people: Vec<(String, String)>| {
        let mut seen = Vec::new();
        for (address, _) in people {
            if !address.is_empty() && !seen.contains(&address) && seen.len() < 200 {
                seen.push(address);
            }
        }
        seen
    };
    parsed.reply_to = only(addresses(HeaderName::ReplyTo)).into_iter().find(|address| *address != parsed.from_address);
    parsed.to = only(addresses(HeaderName::To));
    parsed.cc = only(addresses(HeaderName::Cc));
    parsed.subject = line(parsed.header("subject").unwrap_or_default(), 1000);
    let value = |name: &str| headers.iter().find(|(header, _)| header == name).map_or("", |(_, value)| value.as_str());
    parsed.message_id = ids(value("message-id")).into_iter().next();
    parsed.in_reply_to = ids(value("in-reply-to")).into_iter().next();
    parsed.references = ids(value("references"));
    let surplus = parsed.references.len().saturating_sub(MOST_REFERENCES);
    parsed.references.drain(..surplus);
    parsed.dated = (!message.parts.is_empty())
        .then(|| message.date())
        .flatten()
        .filter(|date| date.is_valid())
        .map(mail_parser::DateTime::to_timestamp)
        .filter(|seconds| (0..4_102_444_800).contains(seconds))
        .map(|seconds| seconds * 1_000_000);
}

/// A mail without a readable From still has somebody behind it.
fn sender(addresses: &impl Fn(HeaderName<'static>) -> Vec<(String, String)>, parsed: &mut Parsed) {
    let from = addresses(HeaderName::From);
    let has_address = |(address, _): &&(String, String)| !address.is_empty();
    let others: Vec<_> = [HeaderName::Sender, HeaderName::ReplyTo].into_iter().flat_map(addresses).collect();
    let named = from.iter().map(|(_, name)| name.clone()).find(|name| !name.is_empty());
    match from.iter().find(has_address).or_else(|| others.iter().find(has_address)) {
        Some((address, name)) => {
            parsed.from_name = if name.is_empty() { named.unwrap_or_default() } else { name.clone() };
            parsed.from_address.clone_from(address);
        }
        None => {
            let path = parsed.header("return-path").unwrap_or_default().trim_matches(['<', '>', ' ']).to_owned();
            parsed.from_address = kernel::input::email(&path).unwrap_or_default();
            parsed.from_name = named.or_else(|| parsed.header("from").map(|from| line(from, 200))).unwrap_or_default();
        }
    }
}

fn people(list: &Address<'_>) -> Vec<(String, String)> {
    list.iter()
        .map(|person| {
            let name = person.name().map(|name| line(&decode_words(name), 200)).unwrap_or_default();
            let written = person.address().unwrap_or_default();
            // `"Li Lei" lilei@a.example` is read as a name by some and as an address by others.
            let address = kernel::input::email(written).or_else(|| {
                written
                    .split_whitespace()
                    .chain(name.split_whitespace())
                    .map(|word| word.trim_matches(['<', '>', '"', '(', ')', ',']))
                    .find_map(kernel::input::email)
            });
            let name = if name.is_empty() && address.is_none() { line(written, 200) } else { name };
            // Some programs encode name and address as one word.
            let name = match name.split_once('<') {
                Some((before, after)) if kernel::input::email(written).is_none() && after.contains('@') => before.trim().to_owned(),
                _ => name,
            };
            (address.filter(|address| !address.contains('\0')).unwrap_or_default(), name.trim_matches(['"', '\'']).trim().to_owned())
        })
        .collect()
}

/// The ids of a header, without angle brackets; those that lost one of their brackets are read too.
fn ids(value: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut keep = |id: String| {
        let id = line(&id, LONGEST_ID);
        if !id.is_empty() && found.last() != Some(&id) {
            found.push(id);
        }
    };
    if !value.contains('<') {
        // Old programs wrote a sentence about the mail they answered.
        let words: Vec<&str> = value.split([' ', '\t', ',', '>']).filter(|word| !word.is_empty()).collect();
        let is_sentence = words.len() > 1;
        words.into_iter().filter(|word| !is_sentence || word.contains('@')).for_each(|word| keep(word.to_owned()));
        return found;
    }
    for piece in value.split('<').skip(1) {
        match piece.split_once('>') {
            // Folded in the middle.
            Some((id, _)) => keep(id.split_whitespace().collect()),
            None => keep(piece.split_whitespace().next().unwrap_or_default().to_owned()),
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::ids;

    #[test]
    fn ids_as_programs_write_them() {
        for (value, expected) in [
            ("<a@b>", vec!["a@b"]),
            (" < a@b > ", vec!["a@b"]),
            ("<a@b> <c@d>\t<c@d>", vec!["a@b", "c@d"]),
            ("<a@b><c@d>", vec!["a@b", "c@d"]),
            ("<a@b", vec!["a@b"]),
            ("a@b>", vec!["a@b"]),
            ("a@b", vec!["a@b"]),
            ("20160614102505.9OFQ19L1C", vec!["20160614102505.9OFQ19L1C"]),
            ("Your message of \"Fri, 20 Nov\" <a@b>", vec!["a@b"]),
            ("Message from A of Friday, a@b", vec!["a@b"]),
            ("<a@ b.example>", vec!["a@b.example"]),
            ("<>", vec![]),
            ("", vec![]),
        ] {
            assert_eq!(ids(value), expected, "{value}");
        }
    }
}
