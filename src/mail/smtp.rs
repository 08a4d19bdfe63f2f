//! SMTP: one mail, one connection, to a checked address, with each step under a time limit. Which step failed decides
//! what is done next (F23).

use crate::reach::{self, NamedBy, Refusal};
use kernel::app::App;
use lettre::Address;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::{ClientId, Extension, MailBodyParameter, MailParameter};
use lettre::transport::smtp::response::Response;
use std::net::IpAddr;
use std::time::Duration;

/// How the connection is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cover {
    /// Not at all: within this machine only.
    Plain,
    /// TLS from the first byte.
    Tls,
    /// TLS after `STARTTLS`.
    StartTls,
}

/// An SMTP server and who we are to it.
#[derive(Clone)]
pub struct Server {
    /// Host name; the certificate must be for it.
    pub host: String,
    /// Port.
    pub port: u16,
    /// Protection.
    pub cover: Cover,
    /// User name; empty when it asks for none.
    pub user: String,
    /// Password.
    pub password: String,
    /// Who named the host.
    pub named_by: NamedBy,
}

/// What became of one attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The server has taken it over; with what it said of those it does not take it for.
    Sent(Option<String>),
    /// The server refused for good.
    Refused(String),
    /// Nothing was taken over: try again later.
    Later(String),
    /// The whole mail was handed over and no answer came: it may have been sent.
    Unknown(String),
}

/// What `Later` says when no server spoke to us: none there, none that lets us in, none that answers.
pub const SILENCES: [&str; 3] = [UNREACHABLE, AUTH, TIMEOUT];

const UNREACHABLE: &str = "unreachable";
const AUTH: &str = "auth";
const TIMEOUT: &str = "timeout";
const BEYOND_ASCII: &str = "the server does not take addresses beyond ASCII";

const STEP: Duration = Duration::from_secs(30);
const ANSWER: Duration = Duration::from_secs(90);

/// Tries in which everybody is waited for whom the server does not take yet: greylists open within minutes.
const PATIENT: i32 = 3;

/// A mail with its envelope.
#[derive(Clone, Copy, Debug)]
pub struct Letter<'a> {
    /// Where it comes from.
    pub from: &'a str,
    /// The first is whom it is for; without them it goes to nobody.
    pub recipients: &'a [String],
    /// 1 for the first try.
    pub attempt: i32,
    /// Its source.
    pub raw: &'a [u8],
}

/// Hands a mail over.
pub async fn deliver(app: &App, server: &Server, letter: Letter<'_>) -> Outcome {
    let envelope = match envelope(&letter) {
        Ok(envelope) => envelope,
        Err(refused) => return refused,
    };
    let mut connection = match open(app, server).await {
        Ok(connection) => connection,
        Err(Refusal::AuthFailed) => return Outcome::Later(AUTH.to_owned()),
        Err(Refusal::Unreachable | Refusal::NoFolder) => return Outcome::Later(UNREACHABLE.to_owned()),
    };
    let outcome = converse(&mut connection, envelope, letter).await;
    let _ = tokio::time::timeout(Duration::from_secs(5), connection.abort()).await;
    outcome
}

/// Connects and signs in, for the mailbox's form.
///
/// # Errors
/// One of the closed set.
pub async fn test(app: &App, server: &Server) -> Result<(), Refusal> {
    let mut connection = open(app, server).await?;
    let _ = tokio::time::timeout(Duration::from_secs(5), connection.abort()).await;
    Ok(())
}

struct Envelope {
    from: Address,
    first: Address,
    others: Vec<Address>,
    /// Who gets nothing, and why.
    left_out: Vec<String>,
}

fn envelope(letter: &Letter<'_>) -> Result<Envelope, Outcome> {
    let read = |text: &str| text.parse::<Address>().map_err(|_| format!("no address: {text}"));
    let (first, others) = letter.recipients.split_first().ok_or(Outcome::Refused("no recipient".to_owned()))?;
    let (from, first) = (read(letter.from).map_err(Outcome::Refused)?, read(first).map_err(Outcome::Refused)?);
    let mut envelope = Envelope { from, first, others: Vec::new(), left_out: Vec::new() };
    for other in others {
        match read(other) {
            Ok(other) => envelope.others.push(other),
            Err(words) => envelope.left_out.push(words),
        }
    }
    Ok(envelope)
}

async fn open(app: &App, server: &Server) -> Result<AsyncSmtpConnection, Refusal> {
    let addresses = reach::resolve(app, server.named_by, &server.host, server.port).await?;
    if server.cover == Cover::Plain && !reach::may_be_plain(&addresses) {
        return Err(Refusal::Unreachable);
    }
    let hello = hello(app);
    let tls = || TlsParameters::new(server.host.trim().to_owned()).map_err(|_| Refusal::Unreachable);
    // The checked address, not the name: the name stands in the certificate only.
    let wrapped = if server.cover == Cover::Tls { Some(tls()?) } else { None };
    let opening = AsyncSmtpConnection::connect_tokio1(&addresses[..], Some(STEP), &hello, wrapped, None);
    let mut connection = within(STEP, opening).await?.map_err(|_| Refusal::Unreachable)?;
    if server.cover == Cover::StartTls {
        within(STEP, connection.starttls(tls()?, &hello)).await?.map_err(|_| Refusal::Unreachable)?;
    }
    if !server.user.is_empty() {
        let credentials = Credentials::new(server.user.clone(), server.password.clone());
        within(STEP, connection.auth(DEFAULT_MECHANISMS, &credentials)).await?.map_err(|error| {
            // 535 and its kin; a server that is merely overloaded is tried again as unreachable.
            if error.is_permanent() { Refusal::AuthFailed } else { Refusal::Unreachable }
        })?;
    }
    Ok(connection)
}

async fn converse(connection: &mut AsyncSmtpConnection, envelope: Envelope, letter: Letter<'_>) -> Outcome {
    let Envelope { from, first, mut others, mut left_out } = envelope;
    let raw = letter.raw;
    let is_ascii = |address: &Address| AsRef::<str>::as_ref(address).is_ascii();
    let mut parameters = Vec::new();
    if ![&from, &first].into_iter().chain(&others).all(is_ascii) {
        if connection.server_info().supports_feature(Extension::SmtpUtfEight) {
            parameters.push(MailParameter::SmtpUtfEight);
        } else if !is_ascii(&from) || !is_ascii(&first) {
            return Outcome::Refused(BEYOND_ASCII.to_owned());
        } else {
            left_out.extend(others.extract_if(.., |other| !is_ascii(other)).map(|other| format!("{other}: {BEYOND_ASCII}")));
        }
    }
    if !raw.is_ascii() && connection.server_info().supports_feature(Extension::EightBitMime) {
        parameters.push(MailParameter::Body(MailBodyParameter::EightBitMime));
    }
    if let Err(outcome) = step(connection.command(Mail::new(Some(from), parameters))).await {
        return outcome;
    }
    if let Err(outcome) = step(connection.command(Rcpt::new(first, Vec::new()))).await {
        return outcome;
    }
    for other in others {
        let name = other.to_string();
        match step(connection.command(Rcpt::new(other, Vec::new()))).await {
            Ok(()) => {}
            Err(Outcome::Later(words)) if SILENCES.contains(&words.as_str()) => return Outcome::Later(words),
            Err(Outcome::Later(words)) if letter.attempt <= PATIENT => return Outcome::Later(format!("{name}: {words}")),
            Err(Outcome::Later(words) | Outcome::Refused(words)) => left_out.push(format!("{name}: {words}")),
            Err(other) => return other,
        }
    }
    if let Err(outcome) = step(connection.command(Data)).await {
        return outcome;
    }
    match tokio::time::timeout(ANSWER, connection.message(raw)).await {
        Ok(Ok(_)) => Outcome::Sent((!left_out.is_empty()).then(|| crate::parse::line(&left_out.join("; "), 1000))),
        Ok(Err(error)) if error.is_permanent() => Outcome::Refused(words(&error)),
        Ok(Err(error)) if error.is_transient() => Outcome::Later(words(&error)),
        // No answer: the server may have taken the mail just before the line went dead.
        Ok(Err(error)) => Outcome::Unknown(words(&error)),
        Err(_) => Outcome::Unknown("no answer after the mail".to_owned()),
    }
}

async fn step(command: impl Future<Output = Result<Response, Error>>) -> Result<(), Outcome> {
    match tokio::time::timeout(STEP, command).await {
        Ok(Ok(_)) => Ok(()),
        Ok(Err(error)) if error.is_permanent() => Err(Outcome::Refused(words(&error))),
        Ok(Err(error)) if error.is_transient() => Err(Outcome::Later(words(&error))),
        // The line went dead.
        Ok(Err(_)) => Err(Outcome::Later(UNREACHABLE.to_owned())),
        Err(_) => Err(Outcome::Later(TIMEOUT.to_owned())),
    }
}

async fn within<T>(limit: Duration, work: impl Future<Output = T>) -> Result<T, Refusal> {
    tokio::time::timeout(limit, work).await.map_err(|_| Refusal::Unreachable)
}

/// What the server said, for the ledger.
fn words(error: &Error) -> String {
    crate::parse::line(&error.to_string(), 500)
}

fn hello(app: &App) -> ClientId {
    match app.config.host().parse::<IpAddr>() {
        Ok(IpAddr::V4(ip)) => ClientId::Ipv4(ip),
        Ok(IpAddr::V6(ip)) => ClientId::Ipv6(ip),
        Err(_) => ClientId::Domain(app.config.host().to_owned()),
    }
}

#[cfg(test)]
mod tests;
