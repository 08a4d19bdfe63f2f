//! 外连检查: which mail servers may be connected to (S26). A host name is resolved once, every address behind it is
//! checked, and the connection goes to a checked address: nobody can point a mailbox at the machines behind us.

use kernel::address::is_public;
use kernel::app::App;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::TcpStream;

/// Why a mail server could not be used: a closed set, without a word of what the other side said (S26).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// No server, no encryption, no mail protocol, or one that may not be reached.
    Unreachable,
    /// It refuses user name or password.
    AuthFailed,
    /// It has no such folder.
    NoFolder,
}

/// Who named a host: what is checked depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NamedBy {
    /// Somebody in a company, in a form.
    Company,
    /// Who runs the installation, in its configuration.
    Operator,
}

/// How long a name may take to resolve, and a connection to come about.
const PATIENCE: Duration = Duration::from_secs(10);

/// The checked addresses of a host.
///
/// # Errors
/// When it has none, or one that may not be reached.
pub async fn resolve(app: &App, named_by: NamedBy, host: &str, port: u16) -> Result<Vec<SocketAddr>, Refusal> {
    let host = host.trim();
    if host.is_empty() || port == 0 {
        return Err(Refusal::Unreachable);
    }
    let found = tokio::time::timeout(PATIENCE, tokio::net::lookup_host((host, port))).await;
    let found: Vec<SocketAddr> = found.map_err(|_| Refusal::Unreachable)?.map_err(|_| Refusal::Unreachable)?.collect();
    let is_allowed = named_by == NamedBy::Operator || app.config.private_mail_hosts || found.iter().all(|address| is_public(address.ip()));
    if found.is_empty() || !is_allowed { Err(Refusal::Unreachable) } else { Ok(found) }
}

/// A connection to one of the addresses.
///
/// # Errors
/// When none answers in time.
pub async fn connect(addresses: &[SocketAddr]) -> Result<TcpStream, Refusal> {
    for address in addresses.iter().take(4) {
        if let Ok(Ok(stream)) = tokio::time::timeout(PATIENCE, TcpStream::connect(address)).await {
            let _ = stream.set_nodelay(true);
            return Ok(stream);
        }
    }
    Err(Refusal::Unreachable)
}

/// Whether bare passwords and mails may go there: only within this machine.
#[must_use]
pub fn may_be_plain(addresses: &[SocketAddr]) -> bool {
    addresses.iter().all(|address| address.ip().is_loopback())
}
