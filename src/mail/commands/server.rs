//! The servers behind mailboxes, with their passwords in the clear: for connecting, and for nothing else.

use super::mailbox::row::Stored;
use crate::model::{Encryption, MailboxInput};
use crate::reach::NamedBy;
use crate::smtp::{Cover, Server};
use kernel::app::App;
use kernel::ctx::Ctx;
use kernel::error::{Error, Result};
use kernel::id::{CompanyId, MailboxId};
use kernel::tx::Tx;

/// The server that the mails of a mailbox go out by, inside the caller's transaction: its own, else the installation's
/// relay, else none. System: part of sending.
pub async fn smtp_server(tx: &mut Tx, mailbox: MailboxId) -> Result<Option<Server>> {
    let company = tx.ctx.company;
    let row = sqlx::query!(
        r#"select address, smtp_host, smtp_port, smtp_tls as "smtp_tls: Encryption", smtp_user, smtp_secret
        from mailboxes
        where company_id = $1
        and id = $2"#,
        company as _,
        mailbox as _,
    )
    .fetch_one(&mut **tx)
    .await?;
    if row.smtp_host.is_empty() {
        return Ok(relay(&tx.ctx.app));
    }
    let password = opened(&tx.ctx, mailbox, "smtp_secret", row.smtp_secret.as_deref())?;
    let user = user(&row.smtp_user, &row.address, &password);
    Ok(Some(Server {
        host: row.smtp_host,
        port: port(row.smtp_port),
        cover: cover(row.smtp_tls),
        user,
        password,
        named_by: NamedBy::Company,
    }))
}

/// The IMAP server that a mailbox is fetched from, and the folder, inside the caller's transaction; none when it only
/// sends. System: the fetcher.
pub async fn imap_server(tx: &mut Tx, mailbox: MailboxId) -> Result<Option<(Server, String)>> {
    let company = tx.ctx.company;
    let row = sqlx::query!(
        r#"select address, imap_host, imap_port, imap_tls as "imap_tls: Encryption", imap_user, imap_secret, imap_folder
        from mailboxes
        where company_id = $1
        and id = $2
        and deleted_at is null"#,
        company as _,
        mailbox as _,
    )
    .fetch_one(&mut **tx)
    .await?;
    if row.imap_host.is_empty() {
        return Ok(None);
    }
    let password = opened(&tx.ctx, mailbox, "imap_secret", row.imap_secret.as_deref())?;
    let user = if row.imap_user.is_empty() { row.address } else { row.imap_user };
    let server =
        Server { host: row.imap_host, port: port(row.imap_port), cover: cover(row.imap_tls), user, password, named_by: NamedBy::Company };
    Ok(Some((server, row.imap_folder)))
}

/// The servers that a form names, with stored passwords where none was typed: IMAP and SMTP.
pub(super) fn typed_servers(ctx: &Ctx, input: &MailboxInput, before: &Stored) -> Result<(Option<Server>, Option<Server>)> {
    let secret = |typed: &str, column: &str, sealed: &Option<Vec<u8>>| match input.id {
        Some(id) if typed.is_empty() => opened(ctx, id, column, sealed.as_deref()),
        _ => Ok(typed.to_owned()),
    };
    let address = kernel::input::email(&input.address).unwrap_or_default();
    let imap = if input.imap_host.trim().is_empty() {
        None
    } else {
        let password = secret(&input.password_imap, "imap_secret", &before.imap_secret)?;
        let user = if input.imap_user.trim().is_empty() { address.clone() } else { input.imap_user.trim().to_owned() };
        Some(Server {
            host: input.imap_host.trim().to_owned(),
            port: input.port(&input.imap_port, 993),
            cover: cover(input.imap_tls),
            user,
            password,
            named_by: NamedBy::Company,
        })
    };
    let smtp = if input.smtp_host.trim().is_empty() {
        None
    } else {
        let password = secret(&input.password_smtp, "smtp_secret", &before.smtp_secret)?;
        let user = user(input.smtp_user.trim(), &address, &password);
        Some(Server {
            host: input.smtp_host.trim().to_owned(),
            port: input.port(&input.smtp_port, 465),
            cover: cover(input.smtp_tls),
            user,
            password,
            named_by: NamedBy::Company,
        })
    };
    Ok((imap, smtp))
}

/// For which place a password is sealed: it opens nowhere else (S51).
pub(super) fn place(company: CompanyId, mailbox: MailboxId, column: &str) -> String {
    format!("{company}/mailboxes/{column}/{mailbox}")
}

fn opened(ctx: &Ctx, mailbox: MailboxId, column: &str, sealed: Option<&[u8]>) -> Result<String> {
    let Some(sealed) = sealed else { return Ok(String::new()) };
    let secret = ctx.app.vault.open(&place(ctx.company, mailbox, column), sealed)?;
    String::from_utf8(secret).map_err(Error::internal)
}

fn cover(encryption: Encryption) -> Cover {
    match encryption {
        Encryption::None => Cover::Plain,
        Encryption::Tls => Cover::Tls,
        Encryption::StartTls => Cover::StartTls,
    }
}

fn port(stored: i32) -> u16 {
    u16::try_from(stored).unwrap_or(0)
}

/// The address signs in where no user name was given; without a password nobody does.
fn user(typed: &str, address: &str, password: &str) -> String {
    if typed.is_empty() && !password.is_empty() { address.to_owned() } else { typed.to_owned() }
}

/// The installation's relay: `smtp://user:password@host:port` for STARTTLS, `smtps://` for TLS; bare on this machine.
fn relay(app: &App) -> Option<Server> {
    read_relay(app.config.smtp_url.as_deref()?)
}

fn read_relay(url: &str) -> Option<Server> {
    let (scheme, rest) = url.trim().split_once("://")?;
    let rest = rest.split(['/', '?']).next().unwrap_or(rest);
    let (credentials, place) = rest.rsplit_once('@').unwrap_or(("", rest));
    let (host, port) = match place.rsplit_once(':') {
        Some((host, port)) if !host.ends_with(':') && (!host.contains(':') || host.ends_with(']')) => (host, port.parse().ok()?),
        _ => (place, if scheme == "smtps" { 465 } else { 587 }),
    };
    let host = host.trim_matches(['[', ']']).to_owned();
    let is_here = host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback());
    let cover = match scheme {
        "smtps" => Cover::Tls,
        "smtp" if is_here => Cover::Plain,
        "smtp" => Cover::StartTls,
        _ => return None,
    };
    let (user, password) = credentials.split_once(':').unwrap_or((credentials, ""));
    Some(Server { host, port, cover, user: percent_decoded(user), password: percent_decoded(password), named_by: NamedBy::Operator })
}

fn percent_decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let (mut out, mut at) = (Vec::with_capacity(bytes.len()), 0);
    while at < bytes.len() {
        let escaped = (bytes[at] == b'%').then(|| text.get(at + 1..at + 3)).flatten().and_then(|hex| u8::from_str_radix(hex, 16).ok());
        out.push(escaped.unwrap_or(bytes[at]));
        at += if escaped.is_some() { 3 } else { 1 };
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::{Cover, read_relay};

    #[test]
    fn the_relay_is_read_from_its_url() {
        for (url, expected) in [
            ("smtp://127.0.0.1:2525", Some(("127.0.0.1", 2525, Cover::Plain, "", ""))),
            ("smtp://localhost", Some(("localhost", 587, Cover::Plain, "", ""))),
            ("smtp://u%40a:p%3Aw@mx.example", Some(("mx.example", 587, Cover::StartTls, "u@a", "p:w"))),
            ("smtps://u:p@mx.example:1465/", Some(("mx.example", 1465, Cover::Tls, "u", "p"))),
            ("smtp://[::1]:2525", Some(("::1", 2525, Cover::Plain, "", ""))),
            ("http://mx.example", None),
            ("mx.example", None),
            ("smtp://mx.example:x", None),
        ] {
            let read = read_relay(url);
            let read = read
                .as_ref()
                .map(|server| (server.host.as_str(), server.port, server.cover, server.user.as_str(), server.password.as_str()));
            assert_eq!(read, expected, "{url}");
        }
    }
}
