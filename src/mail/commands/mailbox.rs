//! Writes of mailboxes. Passwords are sealed for their very row (S51) and leave it only towards the server that they
//! were typed for.

pub(super) mod row;

use super::server::typed_servers;
use crate::imap;
use crate::model::{MailboxChoice, MailboxInput};
use crate::reach::Refusal;
use crate::smtp;
use identity::model::GroupKind;
use kernel::ctx::Ctx;
use kernel::error::{Error, Problem, Problems, Result};
use kernel::id::MailboxId;
use kernel::permission::Permission;
use kernel::tx::{Subject, Tx};
use row::{Stored, address, carry_no_letters, check_passwords, claim, folder, group_name, insert, release, shown, skip_to, stored, write};
use serde_json::json;

/// Creates a mailbox.
pub async fn create(ctx: &Ctx, input: MailboxInput) -> Result<MailboxId> {
    ctx.require(Permission::MailboxManage)?;
    input.check()?;
    check_passwords(&input, &Stored::default())?;
    let position = if input.only_new { position(ctx, &input, &Stored::default()).await? } else { None };
    let mut tx = ctx.begin().await?;
    tx.because(&input.reason);
    let group = group_name(&mut tx, &input).await?;
    let id = MailboxId(ctx.uuid());
    insert(&mut tx, id, &address(&input)?).await?;
    write(&mut tx, id, &input, &Stored::default()).await?;
    if let Some(position) = position {
        skip_to(&mut tx, id, position).await?;
    }
    let after = shown(&input, group.as_deref());
    tx.audit("mailbox.created", Subject::named("mailbox", Some(id.0), &input.address), None, Some(after)).await?;
    tx.commit().await?;
    Ok(id)
}

/// Changes a mailbox; `Stale` when somebody did so since the form was opened.
pub async fn edit(ctx: &Ctx, input: MailboxInput) -> Result {
    ctx.require(Permission::MailboxManage)?;
    input.check()?;
    let id = input.id.ok_or(Error::NotFound)?;
    let position = if input.only_new { position_of_unread(ctx, id, &input).await? } else { None };
    let mut tx = ctx.begin().await?;
    tx.because(&input.reason);
    let before = stored(&mut tx, id).await?.ok_or(Error::NotFound)?;
    if before.version != input.version {
        return Err(Problem::Stale.into());
    }
    check_passwords(&input, &before)?;
    change(&mut tx, id, &input, &before).await?;
    // Whoever fetched meanwhile has begun already.
    if let Some(position) = position.filter(|_| before.is_unread()) {
        skip_to(&mut tx, id, position).await?;
    }
    tx.commit().await
}

/// Where the folder of a mailbox stands that was never fetched, such as one that an import made. Asked before the row is locked:
/// the server may take its time.
async fn position_of_unread(ctx: &Ctx, id: MailboxId, input: &MailboxInput) -> Result<Option<(i64, i64)>> {
    let mut tx = ctx.begin().await?;
    let before = stored(&mut tx, id).await?.ok_or(Error::NotFound)?;
    drop(tx);
    if before.version != input.version {
        return Err(Problem::Stale.into());
    }
    check_passwords(input, &before)?;
    if before.is_unread() { position(ctx, input, &before).await } else { Ok(None) }
}

/// Creates a mailbox without passwords, brings a deleted one back or changes it, inside the caller's transaction. What needs a
/// password that is not there, or was typed for another server, is switched off until somebody types it; so is a new one that
/// has a server at all, until somebody saves it in its form. A server that nobody typed there carries no links into accounts.
pub(crate) async fn put(tx: &mut Tx, id: MailboxId, input: MailboxInput) -> Result {
    input.check()?;
    let Some(mut before) = stored(tx, id).await? else { return begin(tx, id, input).await };
    let is_server_new = before.sends_elsewhere(&input);
    match check_passwords(&input, &before) {
        Ok(()) => change(tx, id, &input, &before).await?,
        Err(Error::Problems(lacking)) => {
            for (field, _) in lacking.0 {
                match field.as_str() {
                    "password_imap" => before.imap_secret = None,
                    _ => before.smtp_secret = None,
                }
            }
            change(tx, id, &MailboxInput { enabled: false, ..input }, &before).await?;
        }
        Err(error) => return Err(error),
    }
    if is_server_new { carry_no_letters(tx, id).await } else { Ok(()) }
}

async fn begin(tx: &mut Tx, id: MailboxId, input: MailboxInput) -> Result {
    let has_server = !input.imap_host.trim().is_empty() || !input.smtp_host.trim().is_empty();
    let input = MailboxInput { enabled: input.enabled && !has_server, ..input };
    let group = group_name(tx, &input).await?;
    insert(tx, id, &address(&input)?).await?;
    write(tx, id, &input, &Stored::default()).await?;
    carry_no_letters(tx, id).await?;
    let after = shown(&input, group.as_deref());
    tx.audit("mailbox.created", Subject::named("mailbox", Some(id.0), &input.address), None, Some(after)).await
}

async fn change(tx: &mut Tx, id: MailboxId, input: &MailboxInput, before: &Stored) -> Result {
    let group = group_name(tx, input).await?;
    let new = address(input)?;
    if new != before.address {
        release(tx, id).await?;
        claim(tx, id, &new).await?;
    }
    write(tx, id, input, before).await?;
    let after = shown(input, group.as_deref());
    tx.audit("mailbox.edited", Subject::named("mailbox", Some(id.0), &new), Some(before.shown()), Some(after)).await
}

/// Creates the mailbox of a form, or changes it when it is there already.
pub async fn save(ctx: &Ctx, input: MailboxInput) -> Result<MailboxId> {
    ctx.require(Permission::MailboxManage)?;
    match input.id {
        None => create(ctx, input).await,
        Some(id) => edit(ctx, input).await.map(|()| id),
    }
}

/// Deletes a mailbox: its mails stay in the ledger, its passwords go, its address is free again.
pub async fn delete(ctx: &Ctx, input: MailboxChoice) -> Result {
    ctx.require(Permission::MailboxManage)?;
    let mut tx = ctx.begin().await?;
    remove(&mut tx, input.id).await?;
    tx.commit().await
}

/// The writing of `delete`, inside the caller's transaction.
pub(crate) async fn remove(tx: &mut Tx, id: MailboxId) -> Result {
    let before = stored(tx, id).await?.ok_or(Error::NotFound)?;
    let (company, now) = (tx.ctx.company, tx.ctx.now());
    sqlx::query!(
        "update mailboxes
        set deleted_at = $3, enabled = false, imap_secret = null, smtp_secret = null, version = version + 1
        where company_id = $1
        and id = $2",
        company as _,
        id as _,
        now,
    )
    .execute(&mut **tx)
    .await?;
    release(tx, id).await?;
    tx.audit("mailbox.deleted", Subject::named("mailbox", Some(id.0), &before.address), Some(before.shown()), None).await
}

/// 测试连接: signs in to the servers as typed and says which one refuses, in a closed set of words (S26).
pub async fn test(ctx: &Ctx, input: &MailboxInput) -> Result {
    ctx.require(Permission::MailboxManage)?;
    input.check()?;
    let mut tx = ctx.begin().await?;
    let before = match input.id {
        Some(id) => stored(&mut tx, id).await?.ok_or(Error::NotFound)?,
        None => Stored::default(),
    };
    drop(tx);
    check_passwords(input, &before)?;
    let (imap, smtp) = typed_servers(ctx, input, &before)?;
    let fetching = async {
        match &imap {
            Some(server) => imap::test(&ctx.app, server, folder(input)).await,
            None => Ok(()),
        }
    };
    let sending = async {
        match &smtp {
            Some(server) => smtp::test(&ctx.app, server).await,
            None => Ok(()),
        }
    };
    let (fetching, sending) = tokio::join!(fetching, sending);
    let mut problems = Problems::default();
    if let Err(refusal) = fetching {
        let (field, problem) = refused(refusal);
        problems.add(field, problem);
    }
    match sending {
        Ok(()) => {}
        Err(Refusal::AuthFailed) => problems.add("password_smtp", Problem::MailAuthFailed),
        Err(_) => problems.add("smtp_host", Problem::MailUnreachable),
    }
    problems.end()
}

/// The mailbox with this address, made when it is missing with the default group for its
/// tickets, inside the caller's transaction. System: for imports.
pub async fn find_or_make(tx: &mut Tx, address: &str) -> Result<MailboxId> {
    let company = tx.ctx.company;
    let found = sqlx::query_scalar!(
        r#"select id as "id: MailboxId"
        from mailboxes
        where company_id = $1
        and address = $2
        and deleted_at is null"#,
        company as _,
        address,
    )
    .fetch_optional(&mut **tx)
    .await?;
    match found {
        Some(id) => Ok(id),
        None => {
            let id = MailboxId(tx.ctx.uuid());
            insert(tx, id, address).await?;
            let group = identity::queries::default_group(tx, GroupKind::Ticket).await?;
            sqlx::query!("update mailboxes set group_id = $3 where company_id = $1 and id = $2", company as _, id as _, group as _)
                .execute(&mut **tx)
                .await?;
            let after = json!({ "address": address });
            tx.audit("mailbox.created", Subject::named("mailbox", Some(id.0), address), None, Some(after)).await?;
            Ok(id)
        }
    }
}

/// Where the folder stands now, for a mailbox that leaves what lies there alone.
async fn position(ctx: &Ctx, input: &MailboxInput, before: &Stored) -> Result<Option<(i64, i64)>> {
    let (Some(server), _) = typed_servers(ctx, input, before)? else { return Ok(None) };
    match imap::position(&ctx.app, &server, folder(input)).await {
        Ok(position) => Ok(Some(position)),
        Err(refusal) => {
            let (field, problem) = refused(refusal);
            Err(Error::Problems(Problems::one(field, problem)))
        }
    }
}

/// Beside which field an IMAP server's refusal stands.
fn refused(refusal: Refusal) -> (&'static str, Problem) {
    match refusal {
        Refusal::Unreachable => ("imap_host", Problem::MailUnreachable),
        Refusal::AuthFailed => ("password_imap", Problem::MailAuthFailed),
        Refusal::NoFolder => ("imap_folder", Problem::NotFound),
    }
}
