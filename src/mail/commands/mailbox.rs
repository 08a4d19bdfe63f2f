//! Writes of mailboxes. Passwords are sealed for their very row (S51) and leave it only towards the server that they
//! were typed for.

use super::server::{place, typed_servers};
use crate::imap;
use crate::model::{MailboxChoice, MailboxInput};
use crate::reach::Refusal;
use crate::smtp;
use identity::model::GroupKind;
use kernel::ctx::Ctx;
use kernel::error::{Error, Problem, Problems, Result};
use kernel::id::MailboxId;
use kernel::input;
use kernel::permission::Permission;
use kernel::tx::{Subject, Tx};
use serde_json::{Value, json};

/// Creates a mailbox.
pub async fn create(ctx: &Ctx, input: MailboxInput) -> Result<MailboxId> {
    ctx.require(Permission::MailboxManage)?;
    input.check()?;
    check_passwords(&input, &Stored::default())?;
    let position = if input.only_new { position(ctx, &input).await? } else { None };
    let mut tx = ctx.begin().await?;
    tx.because(&input.reason);
    let group = group_name(&mut tx, &input).await?;
    let id = MailboxId(ctx.uuid());
    insert(&mut tx, id, &address(&input)?).await?;
    write(&mut tx, id, &input, &Stored::default()).await?;
    if let Some((validity, last)) = position {
        let company = ctx.company;
        sqlx::query!(
            "update mailboxes set uid_validity = $3, last_uid = $4 where company_id = $1 and id = $2",
            company as _,
            id as _,
            validity,
            last,
        )
        .execute(&mut *tx)
        .await?;
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
    let mut tx = ctx.begin().await?;
    tx.because(&input.reason);
    let before = stored(&mut tx, id).await?.ok_or(Error::NotFound)?;
    if before.version != input.version {
        return Err(Problem::Stale.into());
    }
    check_passwords(&input, &before)?;
    change(&mut tx, id, &input, &before).await?;
    tx.commit().await
}

/// Creates a mailbox without passwords, brings a deleted one back or changes it, inside the caller's transaction. What needs a
/// password that is not there, or was typed for another server, is switched off until somebody types it.
pub(crate) async fn put(tx: &mut Tx, id: MailboxId, input: MailboxInput) -> Result {
    input.check()?;
    let before = stored(tx, id).await?;
    let is_new = before.is_none();
    let mut before = before.unwrap_or_default();
    let Err(Error::Problems(lacking)) = check_passwords(&input, &before) else {
        return if is_new { begin(tx, id, &input).await } else { change(tx, id, &input, &before).await };
    };
    let input = MailboxInput { enabled: false, ..input };
    if is_new {
        return begin(tx, id, &input).await;
    }
    for (field, _) in lacking.0 {
        match field.as_str() {
            "password_imap" => before.imap_secret = None,
            _ => before.smtp_secret = None,
        }
    }
    change(tx, id, &input, &before).await
}

async fn begin(tx: &mut Tx, id: MailboxId, input: &MailboxInput) -> Result {
    let group = group_name(tx, input).await?;
    insert(tx, id, &address(input)?).await?;
    write(tx, id, input, &Stored::default()).await?;
    let after = shown(input, group.as_deref());
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

/// What is stored of a mailbox, for comparing and for passwords that stay.
#[derive(Default)]
pub(super) struct Stored {
    version: i32,
    address: String,
    display_name: String,
    enabled: bool,
    group_name: Option<String>,
    imap_host: String,
    imap_port: i32,
    imap_user: String,
    imap_folder: String,
    smtp_host: String,
    smtp_port: i32,
    smtp_user: String,
    authserv_id: String,
    pub(super) imap_secret: Option<Vec<u8>>,
    pub(super) smtp_secret: Option<Vec<u8>>,
}

impl Stored {
    fn shown(&self) -> Value {
        json!({
            "address": self.address, "display_name": self.display_name, "enabled": self.enabled, "group": self.group_name,
            "imap_host": self.imap_host, "imap_port": self.imap_port, "imap_user": self.imap_user, "imap_folder": self.imap_folder, "smtp_host": self.smtp_host,
            "smtp_port": self.smtp_port, "smtp_user": self.smtp_user, "authserv_id": self.authserv_id,
        })
    }
}

/// What an audit entry shows of the form: everything but passwords, and the group by its name of now.
fn shown(input: &MailboxInput, group: Option<&str>) -> Value {
    let changed = |password: &str| (!password.is_empty()).then_some("***");
    json!({
        "address": input.address.trim().to_lowercase(), "display_name": input.display_name.trim(), "enabled": input.enabled, "group": group,
        "imap_host": input.imap_host.trim(), "imap_port": input.port(&input.imap_port, 993), "imap_user": input.imap_user.trim(),
        "imap_folder": folder(input), "smtp_host": input.smtp_host.trim(), "smtp_port": input.port(&input.smtp_port, 465),
        "smtp_user": input.smtp_user.trim(), "authserv_id": input.authserv_id.trim(), "imap_password": changed(&input.password_imap),
        "smtp_password": changed(&input.password_smtp),
    })
}

async fn stored(tx: &mut Tx, id: MailboxId) -> Result<Option<Stored>> {
    let company = tx.ctx.company;
    Ok(sqlx::query_as!(
        Stored,
        "select b.version, b.address, b.display_name, b.enabled,
            (
                select g.name
                from groups g
                where g.company_id = b.company_id
                and g.id = b.group_id
            ) as group_name,
            b.imap_host, b.imap_port, b.imap_user, b.imap_folder, b.smtp_host, b.smtp_port, b.smtp_user, b.authserv_id, b.imap_secret,
            b.smtp_secret
        from mailboxes b
        where b.company_id = $1
        and b.id = $2
        and b.deleted_at is null
        for update",
        company as _,
        id as _,
    )
    .fetch_optional(&mut **tx)
    .await?)
}

/// A stored password is never sent to a server it was not typed for: who changes the server types it again.
fn check_passwords(input: &MailboxInput, before: &Stored) -> Result {
    let mut problems = Problems::default();
    let is_imap_moved = input.imap_host.trim() != before.imap_host || i32::from(input.port(&input.imap_port, 993)) != before.imap_port;
    let is_smtp_moved = input.smtp_host.trim() != before.smtp_host || i32::from(input.port(&input.smtp_port, 465)) != before.smtp_port;
    let is_imap_open = input.imap_host.trim().is_empty() || !input.password_imap.is_empty();
    problems.need(is_imap_open || (before.imap_secret.is_some() && !is_imap_moved), "password_imap", Problem::Required);
    let needs_smtp = before.smtp_secret.is_some() && is_smtp_moved || !input.smtp_user.trim().is_empty() && before.smtp_secret.is_none();
    problems.need(input.smtp_host.trim().is_empty() || !input.password_smtp.is_empty() || !needs_smtp, "password_smtp", Problem::Required);
    problems.end()
}

/// The name of the chosen group.
async fn group_name(tx: &mut Tx, input: &MailboxInput) -> Result<Option<String>> {
    let Some(group) = input.group else { return Ok(None) };
    let groups = identity::queries::group_options(tx, GroupKind::Ticket).await?;
    match groups.into_iter().find(|option| option.id == group) {
        Some(option) => Ok(Some(option.name)),
        None => Err(Error::Problems(Problems::one("group", Problem::BadChoice))),
    }
}

fn address(input: &MailboxInput) -> Result<String> {
    input::email(&input.address).ok_or_else(|| Error::Problems(Problems::one("address", Problem::BadEmail)))
}

/// A row that holds its address in the directory: a fresh one, or one that was deleted.
async fn insert(tx: &mut Tx, id: MailboxId, address: &str) -> Result {
    let (company, now) = (tx.ctx.company, tx.ctx.now());
    sqlx::query!(
        "insert into mailboxes (company_id, id, address, created_at) values ($1, $2, $3, $4)
        on conflict (company_id, id) do update set address = excluded.address, deleted_at = null",
        company as _,
        id as _,
        address,
        now,
    )
    .execute(&mut **tx)
    .await
    .map_err(|error| Error::on_constraint(error, "mailboxes_address", "address", Problem::AddressTaken))?;
    claim(tx, id, address).await
}

/// One address serves one company: the directory's key decides who was first.
async fn claim(tx: &mut Tx, id: MailboxId, address: &str) -> Result {
    let company = tx.ctx.company;
    sqlx::query!(
        "insert into directory.mail_addresses (address, company_id, mailbox_id) values ($1, $2, $3)",
        address,
        company as _,
        id as _,
    )
    .execute(&mut **tx)
    .await
    .map_err(|error| Error::on_constraint(error, "mail_addresses_pkey", "address", Problem::AddressTaken))?;
    Ok(())
}

async fn release(tx: &mut Tx, id: MailboxId) -> Result {
    let company = tx.ctx.company;
    sqlx::query!("delete from directory.mail_addresses where company_id = $1 and mailbox_id = $2", company as _, id as _)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

async fn write(tx: &mut Tx, id: MailboxId, input: &MailboxInput, before: &Stored) -> Result {
    let company = tx.ctx.company;
    let sealed = |column: &str, typed: &str, stored: &Option<Vec<u8>>, host: &str| {
        if host.trim().is_empty() {
            None
        } else if typed.is_empty() {
            stored.clone()
        } else {
            Some(tx.ctx.app.vault.seal(&place(company, id, column), typed.as_bytes()))
        }
    };
    let imap_secret = sealed("imap_secret", &input.password_imap, &before.imap_secret, &input.imap_host);
    let smtp_secret = sealed("smtp_secret", &input.password_smtp, &before.smtp_secret, &input.smtp_host);
    // Another account counts its mails by itself; without a user name the address signs in.
    let is_renamed = input.imap_user.trim().is_empty() && address(input)? != before.address;
    let is_server_new = input.smtp_host.trim() != before.smtp_host
        || i32::from(input.port(&input.smtp_port, 465)) != before.smtp_port
        || input.smtp_user.trim() != before.smtp_user
        || !input.password_smtp.is_empty();
    let may_carry_links = tx.ctx.may(Permission::CompanySettings);
    let is_moved = is_renamed
        || input.imap_host.trim() != before.imap_host
        || input.imap_user.trim() != before.imap_user
        || folder(input) != before.imap_folder;
    sqlx::query!(
        "update mailboxes
        set address = $3, display_name = $4, enabled = $5, group_id = $6, imap_host = $7, imap_port = $8, imap_tls = $9, imap_user = $10,
            imap_secret = $11, imap_folder = $12, smtp_host = $13, smtp_port = $14, smtp_tls = $15, smtp_user = $16, smtp_secret = $17,
            authserv_id = $18, uid_validity = case when $19 then null else uid_validity end, last_uid = case when $19 then 0 else last_uid end,
            sends_account_letters = case when $20 then $21 else sends_account_letters end,
            fetch_error = null, failing_since = null, send_error = null, lease_until = null, version = version + 1
        where company_id = $1
        and id = $2",
        company as _,
        id as _,
        address(input)?,
        input.display_name.trim(),
        input.enabled,
        input.group as _,
        input.imap_host.trim(),
        i32::from(input.port(&input.imap_port, 993)),
        input.imap_tls as _,
        input.imap_user.trim(),
        imap_secret,
        folder(input),
        input.smtp_host.trim(),
        i32::from(input.port(&input.smtp_port, 465)),
        input.smtp_tls as _,
        input.smtp_user.trim(),
        smtp_secret,
        input.authserv_id.trim(),
        is_moved,
        is_server_new,
        may_carry_links,
    )
    .execute(&mut **tx)
    .await
    .map_err(|error| Error::on_constraint(error, "mailboxes_address", "address", Problem::AddressTaken))?;
    Ok(())
}

/// Where the folder stands now, for a mailbox that leaves what lies there alone.
async fn position(ctx: &Ctx, input: &MailboxInput) -> Result<Option<(i64, i64)>> {
    let (Some(server), _) = typed_servers(ctx, input, &Stored::default())? else { return Ok(None) };
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

fn folder(input: &MailboxInput) -> &str {
    let folder = input.imap_folder.trim();
    if folder.is_empty() { "INBOX" } else { folder }
}
