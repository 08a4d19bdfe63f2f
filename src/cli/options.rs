//! 配置项: every option of the program. The comment of a field is its help text and its row of the README's table.

use super::Result;
use clap::parser::ValueSource;
use clap::{ArgAction, ArgMatches, Args};
use kernel::config::Config;
use kernel::network::is_network;
use std::fmt::Write;
use std::net::SocketAddr;
use std::path::PathBuf;

/// As given on the command line or in the environment.
#[derive(Args, Clone, Debug)]
pub struct Options {
    /// Address of the web server
    #[arg(long, env = "KEFU_LISTEN", default_value = "127.0.0.1:8080", global = true)]
    pub listen: SocketAddr,
    /// Address people reach it at, such as https://kefu.example.com; links in mails begin with it [default: http:// and the address it listens on]
    #[arg(long, env = "KEFU_PUBLIC_URL", global = true)]
    pub public_url: Option<String>,
    /// PostgreSQL to use, as postgres://user:password@host/database [default: the program runs a private one]
    #[arg(long, env = "KEFU_DATABASE_URL", hide_env_values = true, global = true)]
    pub database_url: Option<String>,
    /// Folder of the private database, attachments and the installation's key [default: ./data, or /var/lib/kefu where PostgreSQL's user cannot enter that]
    #[arg(long, env = "KEFU_DATA_DIR", global = true)]
    pub data_dir: Option<PathBuf>,
    /// Where attachments lie: s3://bucket/prefix with the usual AWS_… variables [default: the folder files of the data folder]
    #[arg(long, env = "KEFU_FILES_URL", global = true)]
    pub files_url: Option<String>,
    /// Key of secrets at rest, 64 hexadecimal digits [default: made once, in secret.key of the data folder]
    #[arg(long, env = "KEFU_SECRET_KEY", hide_env_values = true, global = true)]
    pub secret_key: Option<String>,
    /// Relay for mails that belong to no mailbox, as smtp://user:password@host:587 or smtps://…:465 [default: such mails are kept in the ledger]
    #[arg(long, env = "KEFU_SMTP_URL", hide_env_values = true, global = true)]
    pub smtp_url: Option<String>,
    /// Networks of proxies whose X-Forwarded-For is believed, separated by commas, such as 10.0.0.0/8
    #[arg(long, env = "KEFU_TRUSTED_PROXIES", value_delimiter = ',', global = true)]
    pub trusted_proxies: Vec<String>,
    /// Address of /metrics; keep it on loopback [default: none]
    #[arg(long, env = "KEFU_ADMIN_LISTEN", global = true)]
    pub admin_listen: Option<SocketAddr>,
    /// Whether background jobs and mail fetching run in this program
    #[arg(long, env = "KEFU_WORKER", default_value_t = true, action = ArgAction::Set, global = true)]
    pub worker: bool,
    /// Database connections for writing
    #[arg(long, env = "KEFU_CONNECTIONS", default_value_t = 16, value_parser = clap::value_parser!(u32).range(2..=500), global = true)]
    pub connections: u32,
    /// Database connections for reading; more than twice the database's processors only wait for each other [default: twice the processors here, at least 4]
    #[arg(long, env = "KEFU_READ_CONNECTIONS", value_parser = clap::value_parser!(u32).range(2..=500), global = true)]
    pub read_connections: Option<u32>,
    /// Hours without an act after which somebody is signed out
    #[arg(long, env = "KEFU_SESSION_IDLE_HOURS", default_value_t = 8, value_parser = clap::value_parser!(u32).range(1..=720), global = true)]
    pub session_idle_hours: u32,
    /// Hours after which everybody signs in again, whatever they did
    #[arg(long, env = "KEFU_SESSION_HOURS", default_value_t = 24, value_parser = clap::value_parser!(u32).range(1..=720), global = true)]
    pub session_hours: u32,
    /// Whether mail servers on loopback and private addresses may be used: for closed networks
    #[arg(long, env = "KEFU_PRIVATE_MAIL_HOSTS", default_value_t = false, action = ArgAction::Set, global = true)]
    pub private_mail_hosts: bool,
    /// Whether messages may be forwarded to loopback and private addresses, there also without TLS: for closed networks
    #[arg(long, env = "KEFU_PRIVATE_WEBHOOK_HOSTS", default_value_t = false, action = ArgAction::Set, global = true)]
    pub private_webhook_hosts: bool,
    /// Folder of PostgreSQL's server programs, for the private database [default: found by itself]
    #[arg(long, env = "KEFU_PG_BIN", global = true)]
    pub pg_bin: Option<PathBuf>,
    /// What is logged: error, warn, info, debug, or module=level pairs
    #[arg(long, env = "KEFU_LOG", default_value = "info", global = true)]
    pub log: String,
}

impl Options {
    /// The configuration they make.
    ///
    /// # Errors
    /// Everything that is wrong, one a line.
    pub fn config(&self) -> Result<Config> {
        let wrong = self.wrong();
        if !wrong.is_empty() {
            return Err(wrong.join("\n"));
        }
        let database_url = text(self.database_url.as_deref());
        let data_dir = match &database_url {
            Some(_) => std::path::absolute(self.data_dir.as_deref().unwrap_or("data".as_ref())).map_err(|error| error.to_string())?,
            None => crate::postgres::folder(self.data_dir.as_deref())?,
        };
        Ok(Config {
            listen: self.listen,
            admin_listen: self.admin_listen,
            public_url: self.public_url(),
            database_url,
            data_dir,
            files_url: text(self.files_url.as_deref()),
            secret_key: text(self.secret_key.as_deref()),
            smtp_url: text(self.smtp_url.as_deref()),
            trusted_proxies: self.trusted_proxies.iter().filter_map(|network| text(Some(network))).collect(),
            worker: self.worker,
            connections: self.connections,
            read_connections: self.read_connections.unwrap_or_else(kernel::config::read_connections),
            session_idle_hours: self.session_idle_hours,
            session_hours: self.session_hours,
            private_mail_hosts: self.private_mail_hosts,
            private_webhook_hosts: self.private_webhook_hosts,
        })
    }

    /// Prints every value and where it comes from, then what is wrong.
    ///
    /// # Errors
    /// Everything that is wrong, one a line.
    pub fn check(&self, matches: &ArgMatches) -> Result {
        for arg in arguments() {
            let id = arg.get_id().as_str();
            let value = matches.get_raw(id).map(|values| values.map(|value| value.to_string_lossy()).collect::<Vec<_>>().join(","));
            let source = match matches.value_source(id) {
                Some(ValueSource::CommandLine) => "command line",
                Some(ValueSource::EnvVariable) => "environment",
                _ => "default",
            };
            let value = value.unwrap_or_default();
            let value = if id == "secret_key" && !value.is_empty() { "***".to_owned() } else { masked(&value) };
            println!("{:<24} {:<40} ({source})", variable(&arg), if value.is_empty() { "–" } else { &value });
        }
        println!("{:<24} {}", "links begin with", self.public_url());
        let config = self.config()?;
        println!("{:<24} {}", "data folder", config.data_dir.display());
        if config.database_url.is_some() && config.secret_key.is_none() {
            println!("note: several programs on one database need one KEFU_SECRET_KEY; this one would use its own secret.key");
        }
        if !config.listen.ip().is_loopback() && !config.is_https() {
            println!("note: without https:// in KEFU_PUBLIC_URL, passwords and cookies travel unprotected");
        }
        Ok(())
    }

    fn public_url(&self) -> String {
        let own = || match self.listen.ip() {
            ip if ip.is_unspecified() => format!("http://127.0.0.1:{}", self.listen.port()),
            _ => format!("http://{}", self.listen),
        };
        text(self.public_url.as_deref()).map_or_else(own, |url| url.trim_end_matches('/').to_owned())
    }

    fn wrong(&self) -> Vec<String> {
        let mut wrong = Vec::new();
        let mut need = |holds: bool, words: String| {
            if !holds {
                wrong.push(words);
            }
        };
        let url = self.public_url();
        let host = url.strip_prefix("https://").or(url.strip_prefix("http://"));
        need(
            host.is_some_and(|host| !host.is_empty() && !host.contains(['/', ' ', '?', '#'])),
            format!("KEFU_PUBLIC_URL is {url}: it must be https://host without a path"),
        );
        if let Some(url) = text(self.database_url.as_deref()) {
            let scheme = url.starts_with("postgres://") || url.starts_with("postgresql://");
            need(
                scheme && url.parse::<sqlx::postgres::PgConnectOptions>().is_ok(),
                "KEFU_DATABASE_URL must be postgres://user:password@host/database".to_owned(),
            );
        }
        if let Some(url) = text(self.files_url.as_deref()) {
            need(
                url.strip_prefix("s3://").is_some_and(|bucket| !bucket.is_empty()),
                format!("KEFU_FILES_URL is {url}: it must be s3://bucket or s3://bucket/prefix"),
            );
        }
        if let Some(key) = text(self.secret_key.as_deref()) {
            need(
                crate::start::read_key(&key).is_some(),
                "KEFU_SECRET_KEY must be 64 hexadecimal digits; openssl rand -hex 32 makes one".to_owned(),
            );
        }
        if let Some(url) = text(self.smtp_url.as_deref()) {
            let host = url.strip_prefix("smtp://").or(url.strip_prefix("smtps://"));
            need(host.is_some_and(|host| !host.is_empty()), "KEFU_SMTP_URL must be smtp://user:password@host:port or smtps://…".to_owned());
        }
        for network in self.trusted_proxies.iter().filter_map(|network| text(Some(network))) {
            need(is_network(&network), format!("KEFU_TRUSTED_PROXIES: {network} is no network such as 10.0.0.0/8"));
        }
        wrong
    }
}

/// The table of options for the README.
#[must_use]
pub fn table() -> String {
    let mut out = "| Variable | Default | What it sets |\n|---|---|---|\n".to_owned();
    for arg in arguments() {
        let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
        let (help, told) = help.split_once(" [default: ").map_or((help.as_str(), None), |(help, told)| (help, told.strip_suffix(']')));
        let default = arg.get_default_values().iter().map(|value| format!("`{}`", value.to_string_lossy())).collect::<Vec<_>>().join(",");
        let default = told.map_or(default, str::to_owned);
        let _ = writeln!(out, "| `{}` | {} | {help} |", variable(&arg), if default.is_empty() { "–" } else { &default });
    }
    out
}

fn arguments() -> Vec<clap::Arg> {
    let command = Options::augment_args(clap::Command::new("kefu"));
    command.get_arguments().filter(|arg| arg.get_env().is_some()).cloned().collect()
}

fn variable(arg: &clap::Arg) -> String {
    arg.get_env().unwrap_or_default().to_string_lossy().into_owned()
}

/// A variable that is set to nothing counts as unset.
fn text(value: Option<&str>) -> Option<String> {
    value.map(str::trim).filter(|value| !value.is_empty()).map(str::to_owned)
}

/// Hides the password of an address.
fn masked(value: &str) -> String {
    let Some((scheme, rest)) = value.split_once("://") else { return value.to_owned() };
    // The last @: a password may hold others.
    let Some((person, host)) = rest.rsplit_once('@') else { return value.to_owned() };
    let name = person.split(':').next().unwrap_or_default();
    format!("{scheme}://{name}:***@{host}")
}

#[cfg(test)]
mod tests {
    use super::{masked, table};

    #[test]
    fn passwords_are_hidden() {
        assert_eq!(masked("postgres://kefu:p@ss@db/kefu"), "postgres://kefu:***@db/kefu");
        assert_eq!(masked("smtp://relay:587"), "smtp://relay:587");
        assert_eq!(masked("127.0.0.1:8080"), "127.0.0.1:8080");
    }

    #[test]
    fn the_readme_has_this_very_table() {
        let readme = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).unwrap_or_default();
        assert!(readme.contains(&table()), "README.md lacks the table of options; `kefu config table` prints it:\n{}", table());
    }
}
