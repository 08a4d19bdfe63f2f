//! 邮件导入: mails out of files. An mbox holds many, an `.eml` one.

use crate::commands;
use kernel::ctx::Ctx;
use kernel::error::{Error, Problem, Problems, Result};
use kernel::id::MailboxId;
use std::borrow::Cow;

/// The mails of a file, in order; an empty file is one empty mail, so that it is not passed over in silence. In an mbox
/// each begins with a `From ` line after a blank one; lines that were quoted
/// as `>From ` get one mark less (mboxrd).
#[must_use]
pub fn split_mbox(bytes: &[u8]) -> Vec<Cow<'_, [u8]>> {
    let breaks = bytes.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
    if !is_separator(&bytes[breaks..]) {
        return vec![Cow::Borrowed(bytes)];
    }
    let mut mails = Vec::new();
    let (mut start, mut at, mut is_after_blank) = (None, 0, true);
    while at < bytes.len() {
        let line = first_line(&bytes[at..]);
        if is_after_blank && is_separator(&bytes[at..]) {
            if let Some(start) = start {
                mails.push(unquoted(without_blank_line(&bytes[start..at])));
            }
            start = Some(at + line.len());
        }
        is_after_blank = line.iter().all(u8::is_ascii_whitespace);
        at += line.len();
    }
    if let Some(start) = start {
        mails.push(unquoted(without_blank_line(&bytes[start..])));
    }
    mails.retain(|mail| !mail.iter().all(u8::is_ascii_whitespace));
    mails
}

/// The mailbox that imported mails come to, made when it is missing. System: for the command line.
pub async fn mailbox_for_import(ctx: &Ctx, address: &str) -> Result<MailboxId> {
    let address = kernel::input::email(address).ok_or_else(|| Error::Problems(Problems::one("mailbox", Problem::BadEmail)))?;
    let mut tx = ctx.begin().await?;
    let mailbox = commands::mailbox::find_or_make(&mut tx, &address).await?;
    tx.commit().await?;
    Ok(mailbox)
}

/// The blank line at the end of each mail belongs to the mbox.
fn without_blank_line(mail: &[u8]) -> &[u8] {
    let Some(rest) = mail.strip_suffix(b"\n") else { return mail };
    let rest = rest.strip_suffix(b"\r").unwrap_or(rest);
    if rest.ends_with(b"\n") { rest } else { mail }
}

fn first_line(bytes: &[u8]) -> &[u8] {
    let end = bytes.iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |at| at + 1);
    &bytes[..end]
}

/// `From somebody Fri Nov 20 11:02:03 2026`: with a time, so that a sentence that begins with "From" is none; without the
/// day of the week a header has to follow.
fn is_separator(text: &[u8]) -> bool {
    const DAYS: [&[u8]; 7] = [b"Mon", b"Tue", b"Wed", b"Thu", b"Fri", b"Sat", b"Sun"];
    let line = first_line(text);
    let digit = |at: usize| line.get(at).is_some_and(u8::is_ascii_digit);
    if !line.starts_with(b"From ") || !(1..line.len()).any(|at| line[at] == b':' && digit(at - 1) && digit(at + 1) && digit(at + 2)) {
        return false;
    }
    let has_day = line.split(|byte| *byte == b' ').any(|word| DAYS.contains(&word.strip_suffix(b",").unwrap_or(word)));
    let next = first_line(&text[line.len()..]);
    let name = next.iter().take_while(|byte| byte.is_ascii_graphic() && **byte != b':').count();
    has_day || name > 0 && next.get(name) == Some(&b':')
}

fn unquoted(mail: &[u8]) -> Cow<'_, [u8]> {
    let is_quoted = |line: &[u8]| line.starts_with(b">") && line.iter().skip_while(|byte| **byte == b'>').take(5).eq(b"From ");
    if !mail.split_inclusive(|byte| *byte == b'\n').any(is_quoted) {
        return Cow::Borrowed(mail);
    }
    let lines = mail.split_inclusive(|byte| *byte == b'\n').map(|line| if is_quoted(line) { &line[1..] } else { line });
    Cow::Owned(lines.collect::<Vec<_>>().concat())
}

#[cfg(test)]
mod tests {
    use super::split_mbox;

    #[test]
    fn an_mbox_is_split_and_unquoted() {
        let mbox = include_bytes!("fixtures/two.mbox");
        let mails: Vec<String> = split_mbox(mbox).iter().map(|mail| String::from_utf8_lossy(mail).into_owned()).collect();
        assert_eq!(mails.len(), 2);
        assert!(
            mails[0].starts_with("From: lilei@qq.example") && mails[0].contains("\nFrom here on") && mails[0].contains("\n>From twice")
        );
        assert!(mails[1].ends_with("second\r\n"));
        assert_eq!(split_mbox(b"From: a@b\n\nFrom time to time 10 percent").len(), 1);
        assert_eq!(split_mbox(b"From me, at noon\n\nx").len(), 1);
        assert_eq!(split_mbox(b"\nFrom a@b Fri Nov 20 11:02:03 2026\nA: b\n\nx\n\n"), [&b"A: b\n\nx\n"[..]]);
        assert_eq!(split_mbox(b"").len(), 1);
        assert_eq!(
            split_mbox(b"From a@b Fri Nov 20 11:02:03 2026\nFrom: a@b\n\nFrom me at 10:30, as agreed.\n\nFrom noon on, 12:00: nothing\n")
                .len(),
            1
        );
        assert_eq!(split_mbox(b"From a@b 11:02:03\nA: b\n\nx\n\nFrom c@d 11:03:03\nA: b\n\ny\n").len(), 2);
    }
}
