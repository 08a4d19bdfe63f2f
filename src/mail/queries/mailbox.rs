//! Reads of mailboxes.

use crate::model::Encryption;
use kernel::ctx::Ctx;
use kernel::error::Result;
use kernel::id::{GroupId, MailboxId};
use kernel::permission::Permission;
use kernel::time::Stamp;
use kernel::tx::Tx;

/// A mailbox in the list, with its health.
#[derive(Clone, Debug)]
pub struct MailboxRow {
    /// Which.
    pub id: MailboxId,
    /// Its address.
    pub address: String,
    /// The sender's name.
    pub display_name: String,
    /// Whether it is in use.
    pub enabled: bool,
    /// Name of the group of its new tickets.
    pub group_name: Option<String>,
    /// Host of the IMAP server; empty when it only sends.
    pub imap_host: String,
    /// Host of the SMTP server; empty when its mails are kept.
    pub smtp_host: String,
    /// When it was last fetched without a fault.
    pub fetched_at: Option<Stamp>,
    /// Key of the problem that fetching has.
    pub fetch_error: Option<String>,
    /// Since when fetching fails.
    pub failing_since: Option<Stamp>,
    /// When a mail was last sent.
    pub sent_at: Option<Stamp>,
    /// What sending met last, when it fails.
    pub send_error: Option<String>,
    /// Mails that wait to be sent.
    pub waiting: i64,
    /// Mails in quarantine.
    pub quarantined: i64,
}

/// A mailbox as its form shows it; passwords never leave the row.
#[derive(Clone, Debug)]
pub struct MailboxForm {
    /// Which.
    pub id: MailboxId,
    /// For saving.
    pub version: i32,
    /// Its address.
    pub address: String,
    /// The sender's name.
    pub display_name: String,
    /// Whether it is in use.
    pub enabled: bool,
    /// Group of its new tickets.
    pub group_id: Option<GroupId>,
    /// IMAP server.
    pub imap_host: String,
    /// Its port.
    pub imap_port: i32,
    /// Protection.
    pub imap_tls: Encryption,
    /// User name.
    pub imap_user: String,
    /// Folder.
    pub imap_folder: String,
    /// Whether a password is kept.
    pub has_imap_password: bool,
    /// SMTP server.
    pub smtp_host: String,
    /// Its port.
    pub smtp_port: i32,
    /// Protection.
    pub smtp_tls: Encryption,
    /// User name.
    pub smtp_user: String,
    /// Whether a password is kept.
    pub has_smtp_password: bool,
    /// Whether links into accounts go by its server.
    pub sends_account_letters: bool,
    /// Whose `Authentication-Results` are believed.
    pub authserv_id: String,
    /// Whether its folder was ever fetched: until then all that lies there is new.
    pub is_fetched: bool,
}

/// Mailboxes with their health, by address; the built-in one that only names a sender is none of them.
pub async fn list(ctx: &Ctx) -> Result<Vec<MailboxRow>> {
    ctx.require(Permission::MailboxManage)?;
    let mut tx = ctx.read().await?;
    let company = ctx.company;
    Ok(sqlx::query_as!(
        MailboxRow,
        r#"select b.id as "id: MailboxId", b.address, b.display_name, b.enabled, g.name as "group_name?", b.imap_host, b.smtp_host, b.fetched_at,
            b.fetch_error, b.failing_since, b.sent_at, b.send_error,
            (select count(*) from mails m where m.company_id = $1 and m.mailbox_id = b.id and m.direction = 1 and m.state in (0, 1)) as "waiting!",
            (select count(*) from mails m where m.company_id = $1 and m.mailbox_id = b.id and m.direction = 0 and m.state = 3) as "quarantined!"
        from mailboxes b
        join directory.mail_addresses d on d.company_id = b.company_id and d.mailbox_id = b.id
        left join groups g on g.company_id = b.company_id and g.id = b.group_id
        where b.company_id = $1
        and b.deleted_at is null
        order by b.address"#,
        company as _,
    )
    .fetch_all(&mut *tx)
    .await?)
}

/// A mailbox for its form.
pub async fn form(ctx: &Ctx, id: MailboxId) -> Result<MailboxForm> {
    ctx.require(Permission::MailboxManage)?;
    let mut tx = ctx.read().await?;
    let company = ctx.company;
    Ok(sqlx::query_as!(
        MailboxForm,
        r#"select id as "id: MailboxId", version, address, display_name, enabled, group_id as "group_id: GroupId", imap_host, imap_port,
            imap_tls as "imap_tls: Encryption", imap_user, imap_folder, imap_secret is not null as "has_imap_password!", smtp_host, smtp_port,
            smtp_tls as "smtp_tls: Encryption", smtp_user, smtp_secret is not null as "has_smtp_password!", sends_account_letters,
            authserv_id, uid_validity is not null or fetched_at is not null as "is_fetched!"
        from mailboxes
        where company_id = $1
        and id = $2
        and deleted_at is null"#,
        company as _,
        id as _,
    )
    .fetch_one(&mut *tx)
    .await?)
}

/// Mailboxes as choices of the ledger's filter, by address; deleted ones still have mails.
pub async fn options(tx: &mut Tx) -> Result<Vec<(MailboxId, String)>> {
    let company = tx.ctx.company;
    let rows = sqlx::query!(
        r#"select id as "id: MailboxId", address
        from mailboxes
        where company_id = $1
        order by address"#,
        company as _,
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.address)).collect())
}

/// Every mailbox by address, as its form shows it; the built-in one that only names a sender is none of them. System: its caller
/// has asked who may.
pub(crate) async fn all(tx: &mut Tx) -> Result<Vec<MailboxForm>> {
    let company = tx.ctx.company;
    Ok(sqlx::query_as!(
        MailboxForm,
        r#"select b.id as "id: MailboxId", b.version, b.address, b.display_name, b.enabled, b.group_id as "group_id: GroupId", b.imap_host,
            b.imap_port, b.imap_tls as "imap_tls: Encryption", b.imap_user, b.imap_folder,
            b.imap_secret is not null as "has_imap_password!", b.smtp_host, b.smtp_port, b.smtp_tls as "smtp_tls: Encryption",
            b.smtp_user, b.smtp_secret is not null as "has_smtp_password!", b.sends_account_letters, b.authserv_id,
            b.uid_validity is not null or b.fetched_at is not null as "is_fetched!"
        from mailboxes b
        join directory.mail_addresses d on d.company_id = b.company_id and d.mailbox_id = b.id
        where b.company_id = $1
        and b.deleted_at is null
        order by b.address, b.id"#,
        company as _,
    )
    .fetch_all(&mut **tx)
    .await?)
}
