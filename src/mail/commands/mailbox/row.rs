//! The row of a mailbox: what is stored, what may be written, and the address that it holds in the directory.

use crate::commands::server::place;
use crate::model::MailboxInput;
use identity::model::GroupKind;
use kernel::error::{Error, Problem, Problems, Result};
use kernel::id::MailboxId;
use kernel::input;
use kernel::permission::Permission;
use kernel::tx::Tx;
use serde_json::{Value, json};

/// What is stored of a mailbox, for comparing and for passwords that stay.
#[derive(Default)]
pub(in crate::commands) struct Stored {
    pub(super) version: i32,
    pub(super) address: String,
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
    pub(in crate::commands) imap_secret: Option<Vec<u8>>,
    pub(in crate::commands) smtp_secret: Option<Vec<u8>>,
    is_fetched: bool,
}

impl Stored {
    /// Whether its folder was never fetched: all that lies there would be new.
    pub(super) fn is_unread(&self) -> bool {
        !self.is_fetched
    }

    /// Whether the form names another server for outgoing mail, or another account there.
    pub(super) fn sends_elsewhere(&self, input: &MailboxInput) -> bool {
        input.smtp_host.trim() != self.smtp_host
            || i32::from(input.port(&input.smtp_port, 465)) != self.smtp_port
            || input.smtp_user.trim() != self.smtp_user
            || !input.password_smtp.is_empty()
    }

    pub(super) fn shown(&self) -> Value {
        json!({
            "address": self.address, "display_name": self.display_name, "enabled": self.enabled, "group": self.group_name,
            "imap_host": self.imap_host, "imap_port": self.imap_port, "imap_user": self.imap_user, "imap_folder": self.imap_folder, "smtp_host": self.smtp_host,
            "smtp_port": self.smtp_port, "smtp_user": self.smtp_user, "authserv_id": self.authserv_id,
        })
    }
}

/// What an audit entry shows of the form: everything but passwords, and the group by its name of now.
pub(super) fn shown(input: &MailboxInput, group: Option<&str>) -> Value {
    let changed = |password: &str| (!password.is_empty()).then_some("***");
    json!({
        "address": input.address.trim().to_lowercase(), "display_name": input.display_name.trim(), "enabled": input.enabled, "group": group,
        "imap_host": input.imap_host.trim(), "imap_port": input.port(&input.imap_port, 993), "imap_user": input.imap_user.trim(),
        "imap_folder": folder(input), "smtp_host": input.smtp_host.trim(), "smtp_port": input.port(&input.smtp_port, 465),
        "smtp_user": input.smtp_user.trim(), "authserv_id": input.authserv_id.trim(), "imap_password": changed(&input.password_imap),
        "smtp_password": changed(&input.password_smtp),
    })
}

pub(super) async fn stored(tx: &mut Tx, id: MailboxId) -> Result<Option<Stored>> {
    let company = tx.ctx.company;
    Ok(sqlx::query_as!(
        Stored,
        r#"select b.version, b.address, b.display_name, b.enabled,
            (
                select g.name
                from groups g
                where g.company_id = b.company_id
                and g.id = b.group_id
            ) as group_name,
            b.imap_host, b.imap_port, b.imap_user, b.imap_folder, b.smtp_host, b.smtp_port, b.smtp_user, b.authserv_id, b.imap_secret,
            b.smtp_secret, b.uid_validity is not null or b.fetched_at is not null as "is_fetched!"
        from mailboxes b
        where b.company_id = $1
        and b.id = $2
        and b.deleted_at is null
        for update"#,
        company as _,
        id as _,
    )
    .fetch_optional(&mut **tx)
    .await?)
}

/// A stored password is never sent to a server it was not typed for: who changes the server types it again.
pub(super) fn check_passwords(input: &MailboxInput, before: &Stored) -> Result {
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
pub(super) async fn group_name(tx: &mut Tx, input: &MailboxInput) -> Result<Option<String>> {
    let Some(group) = input.group else { return Ok(None) };
    let groups = identity::queries::group_options(tx, GroupKind::Ticket).await?;
    match groups.into_iter().find(|option| option.id == group) {
        Some(option) => Ok(Some(option.name)),
        None => Err(Error::Problems(Problems::one("group", Problem::BadChoice))),
    }
}

pub(super) fn address(input: &MailboxInput) -> Result<String> {
    input::email(&input.address).ok_or_else(|| Error::Problems(Problems::one("address", Problem::BadEmail)))
}

/// A row that holds its address in the directory: a fresh one, or one that was deleted.
pub(super) async fn insert(tx: &mut Tx, id: MailboxId, address: &str) -> Result {
    let (company, now) = (tx.ctx.company, tx.ctx.now());
    sqlx::query!(
        "insert into mailboxes (company_id, id, address, created_at) values ($1, $2, $3, $4)
        on conflict (company_id, id) do update set address = excluded.address, deleted_at = null, fetched_at = null",
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
pub(super) async fn claim(tx: &mut Tx, id: MailboxId, address: &str) -> Result {
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

pub(super) async fn release(tx: &mut Tx, id: MailboxId) -> Result {
    let company = tx.ctx.company;
    sqlx::query!("delete from directory.mail_addresses where company_id = $1 and mailbox_id = $2", company as _, id as _)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

pub(super) async fn write(tx: &mut Tx, id: MailboxId, input: &MailboxInput, before: &Stored) -> Result {
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
    let is_server_new = before.sends_elsewhere(input);
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

/// Links into accounts go by its server no longer.
pub(super) async fn carry_no_letters(tx: &mut Tx, id: MailboxId) -> Result {
    let company = tx.ctx.company;
    sqlx::query!("update mailboxes set sends_account_letters = false where company_id = $1 and id = $2", company as _, id as _)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Fetching begins behind what lies in the folder now.
pub(super) async fn skip_to(tx: &mut Tx, id: MailboxId, (validity, last): (i64, i64)) -> Result {
    let company = tx.ctx.company;
    sqlx::query!(
        "update mailboxes set uid_validity = $3, last_uid = $4 where company_id = $1 and id = $2",
        company as _,
        id as _,
        validity,
        last,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub(super) fn folder(input: &MailboxInput) -> &str {
    let folder = input.imap_folder.trim();
    if folder.is_empty() { "INBOX" } else { folder }
}
