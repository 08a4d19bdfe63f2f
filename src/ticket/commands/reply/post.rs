//! The mail that carries a reply: to whom, from which mailbox, in which thread.

use crate::commands::held::Held;
use crate::commands::message::Body;
use kernel::ctx::Ctx;
use kernel::error::Result;
use kernel::id::{CustomerId, FileId, MailId, MailboxId, MessageId, TicketId};
use kernel::lang::Lang;
use kernel::rich;
use kernel::time::Stamp;
use kernel::tx::Tx;
use mail::commands::send::Outgoing;

/// Addresses that stand for nobody: a mail without a sender is kept under one of these.
pub(crate) const NOBODY: &str = ".invalid";

/// 信封: where the mail of a reply goes.
#[derive(Clone, Debug)]
pub(crate) struct Envelope {
    to: (String, String),
    mailbox: Option<MailboxId>,
    in_reply_to: Option<String>,
    references: Vec<String>,
    lang: Lang,
}

/// Where replies of this ticket go; `None` when its customer has no address. The customer's last mail says which of the
/// addresses is in use and which thread the mail continues.
pub(crate) async fn envelope(ctx: &Ctx, ticket: TicketId) -> Result<Option<Envelope>> {
    let mut tx = ctx.read().await?;
    let company = ctx.company;
    let row = sqlx::query!(
        r#"select t.customer_id as "customer_id: CustomerId", t.mailbox_id as "mailbox_id: MailboxId",
            (
                select m.mail_id
                from ticket_messages m
                where m.company_id = t.company_id
                and m.ticket_id = t.id
                and m.mail_id is not null
                and m.author_kind = 1
                and m.author_id = t.customer_id
                order by m.seq desc
                limit 1
            ) as "mail_id: MailId"
        from tickets t
        where t.company_id = $1
        and t.id = $2"#,
        company as _,
        ticket as _,
    )
    .fetch_optional(&mut *tx)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let card = customer::queries::card(&mut tx, row.customer_id).await?;
    drop(tx);
    // The source of an old mail may be gone; the reply still goes out, only outside its thread.
    let last = match row.mail_id {
        Some(mail) => mail::queries::incoming(ctx, mail).await.ok(),
        None => None,
    };
    let known = |address: &str| card.emails.iter().any(|email| email.trim().eq_ignore_ascii_case(address));
    // Where a mail asks answers to go is believed only of the customer's own addresses (S21).
    let used = last.as_ref().and_then(|last| last.reply_to.iter().chain([&last.from_address]).find(|address| known(address)).cloned());
    let address = used.or_else(|| card.emails.first().cloned());
    let Some(address) = address.filter(|address| !address.ends_with(NOBODY)) else { return Ok(None) };
    let mut references = last.as_ref().map(|last| last.references.clone()).unwrap_or_default();
    let in_reply_to = last.and_then(|last| last.message_id);
    references.extend(in_reply_to.clone());
    let name = if card.name.is_empty() { card.nickname } else { card.name };
    Ok(Some(Envelope { to: (address, name), mailbox: row.mailbox_id, in_reply_to, references, lang: ctx.company_lang }))
}

/// What goes into the envelope.
#[derive(Clone, Debug)]
pub(crate) struct Letter {
    pub message: MessageId,
    pub body: Body,
    pub files: Vec<FileId>,
    pub send_at: Option<Stamp>,
}

/// Hands the mail to the ledger, which sends it, and names it in the message.
pub(crate) async fn send(tx: &mut Tx, held: &Held, envelope: Envelope, letter: Letter) -> Result {
    let (company, message) = (tx.ctx.company, letter.message);
    let outgoing = envelope.outgoing(held, letter);
    let (to, cc) = (outgoing.to.first().map(|(address, _)| address.clone()).unwrap_or_default(), outgoing.cc.clone());
    let mail = mail::commands::send::send(tx, outgoing).await?;
    sqlx::query!(
        "update ticket_messages set out_mail_id = $3, sent_to = $4, sent_cc = $5 where company_id = $1 and id = $2",
        company as _,
        message as _,
        mail as _,
        to,
        &cc,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

impl Envelope {
    fn outgoing(self, held: &Held, letter: Letter) -> Outgoing {
        Outgoing {
            mailbox: self.mailbox,
            cc: held.cc.iter().filter(|address| **address != self.to.0).cloned().collect(),
            to: vec![self.to],
            subject: subject(&held.title, held.number),
            html: rich::for_mail(&letter.body.html),
            text: letter.body.text,
            ticket: Some(held.id),
            message: Some(letter.message),
            in_reply_to: self.in_reply_to,
            references: self.references,
            auto: false,
            files: letter.files,
            send_at: letter.send_at,
            lang: self.lang,
        }
    }
}

/// `Re: title [#number]`; the number is for people, it opens nothing.
pub(crate) fn subject(title: &str, number: i64) -> String {
    let lower = title.to_lowercase();
    let answers = ["re:", "re：", "回复:", "回复："].iter().any(|prefix| lower.starts_with(prefix));
    format!("{}{title} [#{number}]", if answers { "" } else { "Re: " })
}
