//! `kefu mail import`: feeds files through the pipeline that fetched mails take, and prints what became of each message.

use super::{Result, said};
use bytes::Bytes;
use kernel::app::App;
use kernel::ctx::Ctx;
use kernel::error::{Error, Result as KernelResult};
use kernel::id::{MailId, MailboxId};
use mail::commands::{Arrival, quarantine, receive_read};
use mail::import::{mailbox_for_import, split_mbox};
use mail::model::{Incoming, Reason};
use mail::parse::{Parsed, head};
use mail::queries::{incoming, incoming_of};
use serde::Serialize;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use ticket::commands::{TakenMail, take_incoming, take_mail};

/// One line of the answer.
#[derive(Debug, Default, Serialize)]
struct Line {
    /// As it was named.
    file: String,
    /// Without angle brackets, like `in_reply_to`.
    message_id: Option<String>,
    /// `new_ticket`, `appended`, `suppressed`, `quarantined`; `failed` when the mail could not even be stored.
    verdict: &'static str,
    /// Key of the rule.
    reason: String,
    ticket_number: Option<i64>,
    /// In lower case.
    from: String,
    from_name: String,
    subject: String,
    /// What is new in it: without the history it quotes.
    text: String,
    attachments: Vec<Attached>,
    /// Whether a program wrote it: an automatic answer, a delivery report, a receipt.
    auto_reply: bool,
    in_reply_to: Option<String>,
}

#[derive(Debug, Serialize)]
struct Attached {
    name: String,
    /// Bytes of the file itself, without its transfer encoding.
    size: usize,
}

/// Imports the files one after the other; a file or message that fails is reported and the next one follows.
pub async fn run(app: &Arc<App>, company: &str, mailbox: &str, files: &[PathBuf]) -> Result {
    let ctx = company_named(app, company).await?;
    let mailbox = mailbox_for_import(&ctx, mailbox).await.map_err(|error| said(&error))?;
    let mut failed = 0;
    let mut report = |file: &Path, line: KernelResult<Line>| {
        failed += usize::from(line.is_err());
        let line = line.unwrap_or_else(|error| Line { verdict: "failed", reason: said(&error), ..Line::default() });
        print(&Line { file: file.display().to_string(), ..line })
    };
    for file in files {
        match std::fs::read(file) {
            Ok(content) => {
                for raw in split_mbox(&content) {
                    report(file, import(&ctx, mailbox, raw.into_owned()).await)?;
                }
            }
            Err(error) => report(file, Err(Error::internal(format!("cannot read it: {error}"))))?,
        }
    }
    if failed == 0 { Ok(()) } else { Err(format!("{failed} failed; their lines say why")) }
}

pub async fn company_named(app: &Arc<App>, name: &str) -> Result<Ctx> {
    let mut names = Vec::new();
    for company in app.companies().await.map_err(|error| said(&error))? {
        let ctx = app.system(company).await.map_err(|error| said(&error))?;
        if *ctx.company_name == *name {
            return Ok(ctx);
        }
        names.push(ctx.company_name.to_string());
    }
    Err(format!("there is no company {name:?}; there is: {}", if names.is_empty() { "none yet".to_owned() } else { names.join(", ") }))
}

async fn import(ctx: &Ctx, mailbox: MailboxId, raw: Vec<u8>) -> KernelResult<Line> {
    let raw = Bytes::from(raw);
    let (received, parsed) = receive_read(ctx, &Arrival { mailbox, uid: None, raw: raw.clone(), seen_at: ctx.now() }).await?;
    let (taken, read) = take(ctx, received.mail, parsed, &raw).await?;
    let line =
        Line { verdict: taken.verdict.key(), reason: taken.reason.key().to_owned(), ticket_number: taken.ticket_number, ..Line::default() };
    let Some(mail) = read else {
        // What is quarantined may be unreadable: its head is what there is.
        let head = head(&raw);
        return Ok(Line {
            message_id: head.message_id,
            from: head.from_address,
            from_name: head.from_name,
            subject: head.subject,
            in_reply_to: head.in_reply_to,
            ..line
        });
    };
    Ok(Line {
        message_id: mail.message_id,
        from: mail.from_address,
        from_name: mail.from_name,
        subject: mail.subject,
        text: mail.text,
        attachments: mail.attachments.into_iter().map(|file| Attached { name: file.name, size: file.content.len() }).collect(),
        auto_reply: mail.auto_reply.is_some_and(Reason::is_automatic),
        in_reply_to: mail.in_reply_to,
        ..line
    })
}

/// What became of a mail, and what it says. One that breaks the program breaks only its own line: it is set aside, and the
/// next one follows.
async fn take(ctx: &Ctx, mail: MailId, parsed: Option<Parsed>, raw: &Bytes) -> KernelResult<(TakenMail, Option<Incoming>)> {
    let (worker, raw) = (ctx.clone(), raw.clone());
    let broke = match tokio::spawn(async move { read_and_take(&worker, mail, parsed, &raw).await }).await {
        Ok(Err(Error::Internal(cause))) => cause,
        Ok(done) => return done,
        Err(error) => error.to_string(),
    };
    quarantine(ctx, mail, Reason::ProcessingFailed, &broke).await?;
    Ok((take_mail(ctx, mail).await?, incoming(ctx, mail).await.ok()))
}

/// Read once, for its ledger, its ticket and its line. One that cannot be read was settled when it came.
async fn read_and_take(ctx: &Ctx, mail: MailId, parsed: Option<Parsed>, raw: &[u8]) -> KernelResult<(TakenMail, Option<Incoming>)> {
    let Some(parsed) = parsed else { return Ok((take_mail(ctx, mail).await?, None)) };
    let incoming = incoming_of(ctx, mail, parsed, raw).await?;
    Ok((take_incoming(ctx, &incoming).await?, Some(incoming)))
}

fn print(line: &Line) -> Result {
    let text = serde_json::to_string(line).map_err(|error| error.to_string())?;
    writeln!(std::io::stdout(), "{text}").map_err(|error| error.to_string())
}
