//! A signed-in IMAP connection over a stream of our own: checked address, TLS by the host's name, every step under a
//! time limit.

use super::bound::Bound;
use crate::reach::{self, Refusal};
use crate::smtp::{Cover, Server};
use async_imap::error::Error;
use async_imap::types::{Capability, Mailbox};
use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};
use kernel::app::App;
use rustls_platform_verifier::BuilderVerifierExt;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::{ClientConfig, crypto::aws_lc_rs, pki_types::ServerName};

/// How long one step may take.
pub const STEP: Duration = Duration::from_secs(30);

/// A connection, with or without TLS.
pub trait Pipe: AsyncRead + AsyncWrite + Unpin + Send + core::fmt::Debug {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send + core::fmt::Debug> Pipe for T {}

/// A signed-in session.
pub type Session = async_imap::Session<Box<dyn Pipe>>;

/// A session and what its server can do.
pub struct Opened {
    /// The session.
    pub session: Session,
    /// Whether it tells of new mail by itself.
    pub has_idle: bool,
}

/// Connects and signs in.
///
/// # Errors
/// One of the closed set: nothing of what the server says comes through (S26).
pub async fn open(app: &App, server: &Server) -> Result<Opened, Refusal> {
    let addresses = reach::resolve(app, server.named_by, &server.host, server.port).await?;
    if server.cover == Cover::Plain && !reach::may_be_plain(&addresses) {
        return Err(Refusal::Unreachable);
    }
    let stream: Box<dyn Pipe> = Box::new(reach::connect(&addresses).await?);
    let stream = if server.cover == Cover::Tls { encrypt(stream, &server.host).await? } else { stream };
    let mut client = greeted(async_imap::Client::new(bound(stream))).await?;
    if server.cover == Cover::StartTls {
        within(client.run_command_and_check_ok("STARTTLS", None)).await?;
        // What came before the encryption is dropped with the old reader.
        client = async_imap::Client::new(bound(encrypt(client.into_inner(), &server.host).await?));
    }
    let signing_in = tokio::time::timeout(STEP, client.login(&server.user, &server.password)).await;
    let mut session = signing_in.map_err(|_| Refusal::Unreachable)?.map_err(|(error, _)| match error {
        Error::No(_) | Error::Validate(_) => Refusal::AuthFailed,
        _ => Refusal::Unreachable,
    })?;
    let capabilities = within(session.capabilities()).await?;
    // NetEase lets nobody in who does not introduce themselves.
    if capabilities.has_str("ID") {
        within(session.id([("name", Some("Kefu")), ("version", Some(env!("CARGO_PKG_VERSION"))), ("vendor", Some("Kefu"))])).await?;
    }
    Ok(Opened { has_idle: capabilities.has(&Capability::Atom("IDLE".to_owned())) || capabilities.has_str("IDLE"), session })
}

/// Opens a folder for reading: nothing is marked, nothing changes on the server.
///
/// # Errors
/// When there is no such folder, or no answer.
pub async fn examine(session: &mut Session, folder: &str) -> Result<Mailbox, Refusal> {
    match tokio::time::timeout(STEP, session.examine(modified_utf7(folder))).await {
        Ok(Ok(state)) => Ok(state),
        Ok(Err(Error::No(_))) => Err(Refusal::NoFolder),
        _ => Err(Refusal::Unreachable),
    }
}

fn bound(stream: Box<dyn Pipe>) -> Box<dyn Pipe> {
    Box::new(Bound::new(stream))
}

async fn greeted(mut client: async_imap::Client<Box<dyn Pipe>>) -> Result<async_imap::Client<Box<dyn Pipe>>, Refusal> {
    let greeting = tokio::time::timeout(STEP, client.read_response()).await;
    match greeting {
        Ok(Ok(Some(_))) => Ok(client),
        _ => Err(Refusal::Unreachable),
    }
}

async fn encrypt(stream: Box<dyn Pipe>, host: &str) -> Result<Box<dyn Pipe>, Refusal> {
    let name = ServerName::try_from(host.trim().to_owned()).map_err(|_| Refusal::Unreachable)?;
    let config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .and_then(BuilderVerifierExt::with_platform_verifier)
        .map_err(|_| Refusal::Unreachable)?
        .with_no_client_auth();
    let connecting = TlsConnector::from(Arc::new(config)).connect(name, stream);
    match tokio::time::timeout(STEP, connecting).await {
        Ok(Ok(stream)) => Ok(Box::new(stream)),
        _ => Err(Refusal::Unreachable),
    }
}

async fn within<T>(work: impl Future<Output = Result<T, Error>>) -> Result<T, Refusal> {
    match tokio::time::timeout(STEP, work).await {
        Ok(Ok(value)) => Ok(value),
        _ => Err(Refusal::Unreachable),
    }
}

/// A folder's name as IMAP writes it (RFC 3501 §5.1.3): `其他文件夹` is `&UXZO1mWHTvZZOQ-`.
fn modified_utf7(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut wide: Vec<u8> = Vec::new();
    let flush = |wide: &mut Vec<u8>, out: &mut String| {
        if !wide.is_empty() {
            out.push('&');
            out.push_str(&STANDARD_NO_PAD.encode(&wide).replace('/', ","));
            out.push('-');
            wide.clear();
        }
    };
    for character in name.chars() {
        if (' '..='~').contains(&character) {
            flush(&mut wide, &mut out);
            out.push(character);
            if character == '&' {
                out.push('-');
            }
        } else {
            let mut units = [0; 2];
            wide.extend(character.encode_utf16(&mut units).iter().flat_map(|unit| unit.to_be_bytes()));
        }
    }
    flush(&mut wide, &mut out);
    out
}

#[cfg(test)]
mod tests {
    use super::modified_utf7;

    #[test]
    fn folder_names() {
        for (name, written) in [
            ("INBOX", "INBOX"),
            ("其他文件夹", "&UXZO1mWHTvZZOQ-"),
            ("A&B", "A&-B"),
            ("已发送/客服", "&XfJT0ZAB-/&W6JnDQ-"),
            ("~peter/mail/台北/日本語", "~peter/mail/&U,BTFw-/&ZeVnLIqe-"),
        ] {
            assert_eq!(modified_utf7(name), written);
        }
    }
}
