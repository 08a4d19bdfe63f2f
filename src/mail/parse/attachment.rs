//! Files of a mail, with names that people can read.

use super::{bytes_of, line};
use crate::charset::{decode_header, decode_words};
use crate::model::Attachment;
use mail_parser::{HeaderName, Message, MessagePart, MimeHeaders, PartType};

/// One file; its name is never empty.
pub(super) fn read(message: &Message<'_>, part: &MessagePart<'_>) -> Attachment {
    let content = bytes_of(message, part).into_owned();
    let written = part.attachment_name().map(decode_words).filter(|name| !name.contains('\u{fffd}')).or_else(|| raw_name(message, part));
    let name =
        written.map(|name| kernel::store::clean_name(&name)).filter(|name| name != "file").unwrap_or_else(|| made_name(part, &content));
    Attachment {
        name,
        content,
        content_id: part.content_id().map(|id| line(id.trim_matches(['<', '>', ' ']), 200)).filter(|id| !id.is_empty()),
    }
}

/// A file name in bare bytes of another charset, which the parser has replaced.
fn raw_name(message: &Message<'_>, part: &MessagePart<'_>) -> Option<String> {
    let raw = message.raw_message.as_ref();
    part.headers.iter().filter(|header| matches!(header.name, HeaderName::ContentDisposition | HeaderName::ContentType)).find_map(
        |header| {
            let value = decode_header(raw.get(header.offset_start as usize..header.offset_end as usize)?).into_owned();
            let lower = value.to_ascii_lowercase();
            let at = lower.find("name=")? + "name=".len();
            let name = value[at..].trim_start();
            let name = match name.strip_prefix('"') {
                Some(quoted) => quoted.split('"').next()?,
                None => name.split([';', '\r', '\n']).next()?,
            };
            Some(decode_words(name)).filter(|name| !name.trim().is_empty() && !name.contains('\u{fffd}'))
        },
    )
}

fn made_name(part: &MessagePart<'_>, content: &[u8]) -> String {
    if let PartType::Message(inner) = &part.body {
        let subject = inner.subject().map(|subject| line(&decode_words(subject), 80)).filter(|subject| !subject.is_empty());
        return kernel::store::clean_name(&format!("{}.eml", subject.as_deref().unwrap_or("message").replace(['/', '\\', '#'], " ")));
    }
    let kind = part.content_type().map(|kind| (kind.ctype().to_ascii_lowercase(), kind.subtype().unwrap_or_default().to_ascii_lowercase()));
    let (kind, subtype) = kind.unwrap_or_else(|| ("text".to_owned(), "plain".to_owned()));
    match (kind.as_str(), subtype.as_str()) {
        ("text", "calendar") => "invitation.ics".to_owned(),
        ("text", "plain") => "text.txt".to_owned(),
        ("text", "html") => "text.html".to_owned(),
        ("message", "delivery-status" | "disposition-notification") => "report.txt".to_owned(),
        ("text", "rfc822-headers") => "headers.txt".to_owned(),
        _ => {
            let found = kernel::store::media_type(content);
            let ending = found.rsplit('/').next().filter(|_| found != "application/octet-stream").unwrap_or("bin");
            format!("attachment.{}", if ending == "plain" { "txt" } else { ending })
        }
    }
}
