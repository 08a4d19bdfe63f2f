//! 邮件导入: mails out of files. An mbox holds many, an `.eml` one.

use crate::commands;
use kernel::ctx::Ctx;
use kernel::error::{Error, Problem, Problems, Result};
use kernel::id::MailboxId;
use std::borrow::Cow;

/// The mails of a file, in order. In an mbox each begins with a `From ` line after a blank one; lines that were quoted
/// as `>From ` get one mark less (mboxrd).
#[must_use]
pub fn split_mbox(bytes: &[u8]) -> Vec<Cow<'_, [u8]>> {
    if !bytes.starts_with(b"From ") || !is_separator(first_line(bytes)) {
        return if bytes.iter().all(u8::is_ascii_whitespace) { Vec::new() } else { vec![Cow::Borrowed(bytes)] };
    }
    let mut mails = Vec::new();
    let (mut start, mut at, mut is_after_blank) = (None, 0, true);
    while at < bytes.len() {
        let line = first_line(&bytes[at..]);
        if is_after_blank && is_separator(line) {
            if let Some(start) = start {
                mails.push(unquoted(&bytes[start..at]));
            }
            start = Some(at + line.len());
        }
        is_after_blank = line.iter().all(u8::is_ascii_whitespace);
        at += line.len();
    }
    if let Some(start) = start {
        mails.push(unquoted(&bytes[start..]));
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

fn first_line(bytes: &[u8]) -> &[u8] {
    let end = bytes.iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |at| at + 1);
    &bytes[..end]
}

/// `From somebody Fri Nov 20 11:02:03 2026`: with a time, so that a sentence that begins with "From" is none.
fn is_separator(line: &[u8]) -> bool {
    let digit = |at: usize| line.get(at).is_some_and(u8::is_ascii_digit);
    line.starts_with(b"From ") && (1..line.len()).any(|at| line[at] == b':' && digit(at - 1) && digit(at + 1) && digit(at + 2))
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
        assert!(split_mbox(b" \n").is_empty());
    }
}
