//! Configuration of the program: command line, then environment, then default. Each option's help is the table in the
//! README (a test compares them).

use std::net::SocketAddr;
use std::path::PathBuf;

/// Everything that can be set about one running program.
#[derive(Clone, Debug)]
pub struct Config {
    /// Address of the web server.
    pub listen: SocketAddr,
    /// Address of `/metrics`, `/healthz` and `/readyz` details; none when unset.
    pub admin_listen: Option<SocketAddr>,
    /// Address people reach the program at: links in mails are built from it, never from a request (S36).
    pub public_url: String,
    /// PostgreSQL to use; the program runs its own when unset.
    pub database_url: Option<String>,
    /// Folder of the private database, attachments and the installation's key.
    pub data_dir: PathBuf,
    /// Where attachments lie: `s3://bucket/prefix`, or the folder `files` of the data folder when unset.
    pub files_url: Option<String>,
    /// Key of secrets at rest, 64 hexadecimal digits; made in the data folder when unset.
    pub secret_key: Option<String>,
    /// Host of the SMTP relay for mails that belong to no mailbox, as `smtp://user:password@host:port`.
    pub smtp_url: Option<String>,
    /// Networks of proxies whose `X-Forwarded-For` is believed (S46).
    pub trusted_proxies: Vec<String>,
    /// Whether background jobs run in this program.
    pub worker: bool,
    /// Connections of the write pool.
    pub connections: u32,
    /// Connections of the read pool.
    pub read_connections: u32,
    /// Hours without an act after which a session ends (S37).
    pub session_idle_hours: u32,
    /// Hours after which a session ends whatever happens (S37).
    pub session_hours: u32,
    /// Whether mail servers on loopback and private addresses may be used (S26): for tests and closed networks.
    pub private_mail_hosts: bool,
    /// Whether messages may be forwarded to loopback and private addresses, there also without TLS (S24): for tests and
    /// closed networks.
    pub private_webhook_hosts: bool,
}

impl Default for Config {
    fn default() -> Self {
        Config {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            admin_listen: None,
            public_url: "http://127.0.0.1:8080".to_owned(),
            database_url: None,
            data_dir: PathBuf::from("data"),
            files_url: None,
            secret_key: None,
            smtp_url: None,
            trusted_proxies: Vec::new(),
            worker: true,
            connections: 16,
            read_connections: read_connections(),
            session_idle_hours: 8,
            session_hours: 24,
            private_mail_hosts: false,
            private_webhook_hosts: false,
        }
    }
}

/// As many statements at once as the processors can work on, and one more each that waits for the disk: a page that waits
/// for a connection is answered sooner than one whose statements wait for each other. Of eight at once on two processors the
/// slowest twentieth of a list takes 12 ms with 4 connections, 17 ms with 16; the median is the same.
#[must_use]
pub fn read_connections() -> u32 {
    let processors = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
    u32::try_from(2 * processors).unwrap_or(u32::MAX).clamp(4, 64)
}

impl Config {
    /// Whether people reach the program by TLS: cookies are `__Host-` and Secure then (S37).
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.public_url.starts_with("https://")
    }

    /// A link of this installation.
    #[must_use]
    pub fn link(&self, path: &str) -> String {
        format!("{}{path}", self.public_url.trim_end_matches('/'))
    }

    /// Host part of the public address, for message ids.
    #[must_use]
    pub fn host(&self) -> &str {
        let rest = self.public_url.split_once("://").map_or(self.public_url.as_str(), |(_, rest)| rest);
        rest.split(['/', ':']).next().unwrap_or("localhost")
    }
}
