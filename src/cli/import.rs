//! `kefu mail import`: feeds files through the pipeline that fetched mails take, and prints what became of each message.

use super::{Result, said};
use bytes::Bytes;
use kernel::app::App;
use kernel::ctx::Ctx;
use kernel::error::{Error, Result as KernelResult};
use kernel::id::MailboxId;
use mail::commands::{Arrival, receive};
use mail::import::{mailbox_for_import, split_mbox};
use mail::queries::incoming;
use serde::Serialize;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use ticket::commands::take_mail;

/// One line of the answer.
#[derive(Debug, Default, Serialize)]
struct Line {
    file: String,
    message_id: Option<String>,
    verdict: &'static str,
    reason: String,
    ticket_number: Option<i64>,
    from: String,
    from_name: String,
    subject: String,
    text: String,
    attachments: Vec<Attached>,
    auto_reply: bool,
    in_reply_to: Option<String>,
}

#[derive(Debug, Serialize)]
struct Attached {
    name: String,
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

async fn company_named(app: &Arc<App>, name: &str) -> Result<Ctx> {
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
    let received = receive(ctx, Arrival { mailbox, uid: None, raw: Bytes::from(raw), seen_at: ctx.now() }).await?;
    // A task of its own: a mail that breaks the program breaks only its own line.
    let worker = ctx.clone();
    let taken = tokio::spawn(async move { take_mail(&worker, received.mail).await }).await;
    let taken = taken.map_err(|error| Error::internal(format!("processing it broke: {error}")))??;
    let line =
        Line { verdict: taken.verdict.key(), reason: taken.reason.key().to_owned(), ticket_number: taken.ticket_number, ..Line::default() };
    // What is quarantined may be unreadable: its verdict is the answer then.
    let Ok(mail) = incoming(ctx, received.mail).await else { return Ok(line) };
    Ok(Line {
        message_id: mail.message_id,
        from: mail.from_address,
        from_name: mail.from_name,
        subject: mail.subject,
        text: mail.text,
        attachments: mail.attachments.into_iter().map(|file| Attached { name: file.name, size: file.content.len() }).collect(),
        auto_reply: mail.auto_reply.is_some(),
        in_reply_to: mail.in_reply_to,
        ..line
    })
}

fn print(line: &Line) -> Result {
    let text = serde_json::to_string(line).map_err(|error| error.to_string())?;
    writeln!(std::io::stdout(), "{text}").map_err(|error| error.to_string())
}
