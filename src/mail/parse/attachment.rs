//! Files of a mail, with names that people can read.

use super::line;
use super::part::{Content, Part};
use crate::model::Attachment;
use crate::words::decode_words;

/// One file; its name is never empty.
pub(super) fn read(part: &Part<'_>) -> Attachment {
    let content = part.bytes().into_owned();
    let name = written_name(part).unwrap_or_else(|| made_name(part, &content));
    let content_id = part.header("content-id").map(|id| line(id.trim_matches(['<', '>', ' ']), 200)).filter(|id| !id.is_empty());
    Attachment { name, content, content_id }
}

/// Whether it was given a name.
pub(super) fn has_name(part: &Part<'_>) -> bool {
    written_name(part).is_some()
}

fn written_name(part: &Part<'_>) -> Option<String> {
    part.param("content-disposition", "filename")
        .or_else(|| part.param("content-type", "name"))
        .map(|name| kernel::store::clean_name(&name))
        .filter(|name| name != "file")
}

fn made_name(part: &Part<'_>, content: &[u8]) -> String {
    match (part.kind.0.as_str(), part.kind.1.as_str()) {
        ("message", "rfc822" | "global" | "news") => {
            let subject = match &part.content {
                Content::Mail(inner) => inner.header("subject").map(|subject| line(&decode_words(subject), 80)),
                _ => Some(super::head(content).subject).map(|subject| line(&subject, 80)),
            };
            let subject = subject.filter(|subject| !subject.is_empty());
            kernel::store::clean_name(&format!("{}.eml", subject.as_deref().unwrap_or("message").replace(['/', '\\', '#'], " ")))
        }
        ("text", "calendar") => "invitation.ics".to_owned(),
        ("text", "plain") => "text.txt".to_owned(),
        ("text", "html") => "text.html".to_owned(),
        ("message", "delivery-status" | "disposition-notification" | "global-delivery-status") => "report.txt".to_owned(),
        ("text", "rfc822-headers") | ("message", "global-headers") => "headers.txt".to_owned(),
        ("application", "pgp-signature") => "signature.asc".to_owned(),
        ("application", "pkcs7-signature" | "x-pkcs7-signature") => "smime.p7s".to_owned(),
        ("application", "pdf") => "attachment.pdf".to_owned(),
        ("image", kind) => format!("image.{}", if kind == "jpeg" || kind == "pjpeg" { "jpg" } else { ending(kind) }),
        _ => {
            let found = kernel::store::media_type(content);
            let kind = found.rsplit('/').next().filter(|_| found != "application/octet-stream").unwrap_or("bin");
            format!("attachment.{}", if kind == "plain" { "txt" } else { ending(kind) })
        }
    }
}

/// `svg+xml` is written `.svg`, `x-icon` is `.icon`.
fn ending(kind: &str) -> &str {
    let kind = kind.split('+').next().unwrap_or(kind);
    let kind = kind.strip_prefix("x-").unwrap_or(kind);
    if !kind.is_empty() && kind.len() <= 12 && kind.chars().all(|c| c.is_ascii_alphanumeric()) { kind } else { "bin" }
}
