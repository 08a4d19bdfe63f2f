//! 发件: the raw source of an outgoing mail, built once. What is sent is these bytes, however often it is tried.

use crate::guard::loop_mark;
use bytes::Bytes;
use kernel::error::{Error, Problem, Problems, Result};
use kernel::id::CompanyId;
use kernel::lang::Lang;
use kernel::rng;
use kernel::time::Stamp;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Attachment, Mailbox, Message, MessageBuilder, MultiPart, MultiPartKind, SinglePart};
use lettre::{Address, address::Envelope};
use std::time::SystemTime;

/// A file of an outgoing mail.
#[derive(Clone, Debug)]
pub struct Enclosure {
    /// Its name.
    pub name: String,
    /// Its type.
    pub media_type: String,
    /// Its bytes.
    pub content: Bytes,
    /// What the HTML calls it, when it stands in the text.
    pub content_id: Option<String>,
}

/// Everything that an outgoing mail says.
#[derive(Clone, Debug)]
pub struct Letter {
    /// Whose mail it is, for the loop mark.
    pub company: CompanyId,
    /// Address and name of the sender.
    pub from: (String, String),
    /// Address and name of each recipient.
    pub to: Vec<(String, String)>,
    /// Addresses of further recipients.
    pub cc: Vec<String>,
    /// Subject.
    pub subject: String,
    /// HTML; empty for plain text alone.
    pub html: String,
    /// Plain text.
    pub text: String,
    /// Our `Message-ID`, without angle brackets.
    pub message_id: String,
    /// What it answers.
    pub in_reply_to: Option<String>,
    /// The thread, oldest first.
    pub references: Vec<String>,
    /// Whether the program sends it on its own.
    pub auto: bool,
    /// Files.
    pub files: Vec<Enclosure>,
    /// Its date.
    pub at: Stamp,
    /// Its language.
    pub lang: Lang,
}

/// The raw source. Names, subject and ids are single lines whatever they hold: no header can be smuggled in (S14).
///
/// # Errors
/// `BadEmail` beside `to` or `cc` when an address cannot be written to.
pub fn compose(letter: &Letter) -> Result<Vec<u8>> {
    let mut message = Message::builder().from(person(&letter.from.0, &letter.from.1, "from")?);
    for (address, name) in &letter.to {
        message = message.to(person(address, name, "to")?);
    }
    for address in &letter.cc {
        message = message.cc(person(address, "", "cc")?);
    }
    // The envelope is made of the ledger's row when the mail is sent; this one only lets lettre build.
    let envelope = Envelope::new(None, vec![address(&letter.from.0, "from")?]).map_err(Error::internal)?;
    message = message
        .envelope(envelope)
        .date(SystemTime::from(letter.at.0))
        .subject(one_line(&letter.subject))
        .message_id(Some(format!("<{}>", one_line(&letter.message_id))));
    if let Some(id) = &letter.in_reply_to {
        message = message.in_reply_to(format!("<{}>", one_line(id)));
    }
    let references = references(letter);
    if !references.is_empty() {
        message = message.references(references);
    }
    message = extra(message, "Content-Language", kernel::t!(letter.lang, "zh-CN", "en"));
    message = extra(message, "X-Loop", &loop_mark(letter.company));
    if letter.auto {
        message = extra(message, "Auto-Submitted", if letter.in_reply_to.is_some() { "auto-replied" } else { "auto-generated" });
        message = extra(message, "X-Auto-Response-Suppress", "All");
    }
    let attached: Vec<&Enclosure> = letter.files.iter().filter(|file| file.content_id.is_none()).collect();
    let built = match (letter.html.is_empty(), attached.is_empty()) {
        (true, true) => message.singlepart(SinglePart::plain(letter.text.clone())),
        (false, true) => message.multipart(body(letter)),
        (_, false) => {
            let mixed = MultiPart::builder().kind(MultiPartKind::Mixed).boundary(boundary());
            let mixed = if letter.html.is_empty() {
                mixed.singlepart(SinglePart::plain(letter.text.clone()))
            } else {
                mixed.multipart(body(letter))
            };
            message.multipart(attached.into_iter().fold(mixed, |mixed, file| mixed.singlepart(enclosed(file))))
        }
    };
    Ok(built.map_err(Error::internal)?.formatted())
}

/// An address that mail can be sent to.
///
/// # Errors
/// `BadEmail` beside the field.
pub fn address(text: &str, field: &str) -> Result<Address> {
    text.parse().map_err(|_| Error::Problems(Problems::one(field, Problem::BadEmail)))
}

fn person(text: &str, name: &str, field: &str) -> Result<Mailbox> {
    let name = Some(one_line(name)).filter(|name| !name.is_empty());
    Ok(Mailbox::new(name, address(text, field)?))
}

fn references(letter: &Letter) -> String {
    const MOST: usize = 30;
    let mut ids: Vec<&str> = letter.references.iter().map(String::as_str).collect();
    if let Some(id) = letter.in_reply_to.as_deref()
        && !ids.contains(&id)
    {
        ids.push(id);
    }
    // A long thread keeps its first mail and its latest ones.
    if ids.len() > MOST {
        ids.drain(1..=ids.len() - MOST);
    }
    ids.iter().map(|id| format!("<{}>", one_line(id).replace(['<', '>', ' '], ""))).collect::<Vec<_>>().join(" ")
}

fn extra(message: MessageBuilder, name: &'static str, value: &str) -> MessageBuilder {
    message.raw_header(HeaderValue::new(HeaderName::new_from_ascii_str(name), one_line(value)))
}

fn body(letter: &Letter) -> MultiPart {
    let alternative = MultiPart::builder().kind(MultiPartKind::Alternative).boundary(boundary());
    let alternative = alternative.singlepart(SinglePart::plain(letter.text.clone()));
    let page = SinglePart::html(letter.html.clone());
    let mut pictures = letter.files.iter().filter_map(|file| Some((file, file.content_id.as_deref()?))).peekable();
    if pictures.peek().is_none() {
        return alternative.singlepart(page);
    }
    let related = MultiPart::builder().kind(MultiPartKind::Related).boundary(boundary()).singlepart(page);
    alternative.multipart(pictures.fold(related, |related, (file, id)| related.singlepart(inline(file, id))))
}

fn inline(file: &Enclosure, id: &str) -> SinglePart {
    let kind = ContentType::parse(&file.media_type).unwrap_or(ContentType::TEXT_PLAIN);
    let name = kernel::store::clean_name(&file.name);
    Attachment::new_inline_with_name(one_line(id), name).body(file.content.to_vec(), kind)
}

fn enclosed(file: &Enclosure) -> SinglePart {
    let kind =
        ContentType::parse(&file.media_type).or_else(|_| ContentType::parse("application/octet-stream")).unwrap_or(ContentType::TEXT_PLAIN);
    Attachment::new(kernel::store::clean_name(&file.name)).body(file.content.to_vec(), kind)
}

fn boundary() -> String {
    format!("kefu-{}", rng::hex(&rng::bytes::<12>()))
}

fn one_line(text: &str) -> String {
    crate::parse::line(text, 900)
}

#[cfg(test)]
mod tests {
    use super::{Enclosure, Letter, compose};
    use crate::parse::parse;
    use kernel::id::CompanyId;
    use kernel::lang::Lang;
    use kernel::macros::uuid::Uuid;
    use kernel::time::Stamp;

    fn letter() -> Letter {
        Letter {
            company: CompanyId(Uuid::from_u128(1)),
            from: ("help@shop.example".into(), "客服中心".into()),
            to: vec![("lilei@qq.example".into(), "李雷".into())],
            cc: vec!["buy@corp.example".into()],
            subject: "Re: 订单打不开，请问怎么办？这是一个相当长的主题，用来看看折行以后是否还能完整地读出来".into(),
            html: "<p>您好</p>".into(),
            text: "您好".into(),
            message_id: "kefu.a.b.c@kefu.example".into(),
            in_reply_to: Some("q2@qq.example".into()),
            references: vec!["q1@qq.example".into()],
            auto: false,
            files: vec![Enclosure {
                name: "发票（第1张）.pdf".into(),
                media_type: "application/pdf".into(),
                content: "%PDF".into(),
                content_id: None,
            }],
            at: Stamp("2026-11-22T01:30:00Z".parse().unwrap()),
            lang: Lang::Zh,
        }
    }

    #[test]
    fn what_is_built_is_read_back() {
        let raw = compose(&letter()).unwrap();
        assert!(raw.is_ascii(), "servers without 8BITMIME take it too");
        let mail = parse(&raw).unwrap();
        assert_eq!((mail.from_address.as_str(), mail.from_name.as_str()), ("help@shop.example", "客服中心"));
        assert_eq!((mail.to, mail.cc), (vec!["lilei@qq.example".to_owned()], vec!["buy@corp.example".to_owned()]));
        assert_eq!(mail.subject, letter().subject);
        assert_eq!(mail.message_id.as_deref(), Some("kefu.a.b.c@kefu.example"));
        assert_eq!(mail.in_reply_to.as_deref(), Some("q2@qq.example"));
        assert_eq!(mail.references, ["q1@qq.example", "q2@qq.example"]);
        assert_eq!(mail.dated, Some(letter().at.micros()));
        assert_eq!((mail.text.as_str(), mail.html.as_deref().map(str::trim)), ("您好", Some("<p>您好</p>")));
        assert_eq!((mail.attachments[0].name.as_str(), mail.attachments[0].content.as_slice()), ("发票（第1张）.pdf", &b"%PDF"[..]));
    }

    #[test]
    fn pictures_stand_in_the_text() {
        let picture =
            Enclosure { name: "图.png".into(), media_type: "image/png".into(), content: "PNG".into(), content_id: Some("0190-a".into()) };
        let files = vec![picture, letter().files.remove(0)];
        let raw = compose(&Letter { html: "<p><img src=\"cid:0190-a\"></p>".into(), files, ..letter() }).unwrap();
        let text = String::from_utf8(raw.clone()).unwrap();
        assert!(text.contains("multipart/related") && text.contains("Content-Disposition: inline"), "{text}");
        let mail = parse(&raw).unwrap();
        let found: Vec<_> = mail.attachments.iter().map(|file| (file.name.as_str(), file.content_id.as_deref())).collect();
        assert_eq!(found, [("图.png", Some("0190-a")), ("发票（第1张）.pdf", None)]);
    }

    #[test]
    fn what_the_program_sends_on_its_own_says_so() {
        let text = String::from_utf8(compose(&Letter { auto: true, ..letter() }).unwrap()).unwrap();
        assert!(text.contains("Auto-Submitted: auto-replied\r\n") && text.contains("X-Auto-Response-Suppress: All\r\n"));
        let text = String::from_utf8(compose(&Letter { auto: true, in_reply_to: None, ..letter() }).unwrap()).unwrap();
        assert!(text.contains("Auto-Submitted: auto-generated\r\n"));
        let text = String::from_utf8(compose(&letter()).unwrap()).unwrap();
        assert!(!text.contains("Auto-Submitted") && text.contains("X-Loop: kefu."));
    }

    #[test]
    fn no_header_is_smuggled_in() {
        let evil = "x\r\nBcc: evil@e.example\r\n\r\nbody";
        let mail = Letter {
            from: ("help@shop.example".into(), evil.into()),
            to: vec![("lilei@qq.example".into(), evil.into())],
            subject: evil.into(),
            message_id: evil.into(),
            in_reply_to: Some(evil.into()),
            references: vec![evil.into()],
            files: vec![Enclosure { name: evil.into(), media_type: evil.into(), content: "x".into(), content_id: Some(evil.into()) }],
            ..letter()
        };
        let text = String::from_utf8(compose(&mail).unwrap()).unwrap();
        assert!(!text.lines().any(|line| line.starts_with("Bcc:")), "{text}");
        for bad in ["", "x", "a@b\r\nBcc: c@d", "a b@c.example"] {
            assert!(compose(&Letter { to: vec![(bad.into(), String::new())], ..letter() }).is_err(), "{bad:?}");
        }
    }
}
