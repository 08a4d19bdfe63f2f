//! 启动: from a configuration to a running program, and its graceful end.

use crate::cli::said;
use crate::postgres::Cluster;
use crate::{web, worker};
use identity::commands::company::issue_setup_code;
use identity::queries::company::installation;
use kernel::app::App;
use kernel::clock::Clock;
use kernel::config::Config;
use kernel::egress::Egress;
use kernel::live::Hub;
use kernel::rng;
use kernel::secret::Vault;
use kernel::stop::Stop;
use object_store::ObjectStore;
use object_store::aws::AmazonS3Builder;
use object_store::local::LocalFileSystem;
use object_store::prefix::PrefixStore;
use sqlx::migrate::{MigrateError, Migrator};
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{ConnectOptions, Connection};
use std::fs;
use std::io::{IsTerminal, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::Notify;
use tokio::task::JoinSet;

/// What went wrong, with what to do about it.
type Result<T = ()> = std::result::Result<T, String>;

static MIGRATIONS: Migrator = sqlx::migrate!("./migrations");

/// How long running requests and jobs may take to end.
const DRAIN: Duration = Duration::from_secs(25);
/// How long a database that is starting up is waited for.
const DATABASE_STARTS: Duration = Duration::from_secs(60);

/// A program with everything it stands on.
pub struct Running {
    /// The program.
    pub app: Arc<App>,
    cluster: Option<Cluster>,
}

impl Running {
    /// Database (the private one, when none is named), migrations, key, file store, pools.
    ///
    /// # Errors
    /// What cannot be reached or used.
    pub async fn open(config: Config, pg_bin: Option<&Path>) -> Result<Running> {
        let (cluster, options) = match &config.database_url {
            Some(url) => (None, url.parse::<PgConnectOptions>().map_err(|error| format!("KEFU_DATABASE_URL: {error}"))?),
            None => {
                let cluster = Cluster::open(&config.data_dir, pg_bin)?;
                let options = cluster.options().await?;
                (Some(cluster), options)
            }
        };
        match Self::prepare(config, options).await {
            Ok(app) => Ok(Running { app, cluster }),
            Err(error) => {
                let _ = cluster.map(Cluster::close);
                Err(error)
            }
        }
    }

    async fn prepare(config: Config, options: PgConnectOptions) -> Result<Arc<App>> {
        own_folder(&config.data_dir)?;
        migrate(&options).await?;
        let pool = async |connections| App::pool(options.clone().application_name("kefu"), connections).await.map_err(|error| said(&error));
        let app = App {
            write: pool(config.connections).await?,
            read: pool(config.read_connections).await?,
            kinds: crate::configured::KINDS,
            store: store(&config)?,
            clock: Clock::default(),
            vault: Vault::new(&key(&config)?),
            egress: Egress::new(&config),
            live: Hub::default(),
            work: Notify::new(),
            stopping: Stop::default(),
            config,
        };
        Ok(Arc::new(app))
    }

    /// Gives back what `open` took.
    ///
    /// # Errors
    /// When the private PostgreSQL does not stop.
    pub async fn close(self) -> Result {
        let pools = async { tokio::join!(self.app.write.close(), self.app.read.close()) };
        // A connection that never comes back does not keep the program alive.
        let _ = tokio::time::timeout(Duration::from_secs(2), pools).await;
        self.cluster.map_or(Ok(()), Cluster::close)
    }
}

/// Serves until a signal asks it to stop, then lets running work end; a second signal ends it now.
///
/// # Errors
/// When a part of the program ends by itself.
pub async fn serve(running: Running) -> Result {
    let mut signals = Signals::new()?;
    let app = running.app.clone();
    kernel::configured::record::begin(&app).await.map_err(|error| said(&error))?;
    let mut parts: JoinSet<kernel::error::Result> = JoinSet::new();
    parts.spawn(web::serve(app.clone()));
    if app.config.worker {
        let (jobs, mails) = (app.clone(), app.clone());
        parts.spawn(async move {
            worker::run(jobs).await;
            Ok(())
        });
        parts.spawn(async move {
            mail::imap::watch(mails).await;
            Ok(())
        });
    }
    parts.spawn(welcome(app.clone()));
    let mut broken = None;
    while broken.is_none() && !app.stopping.is_raised() {
        tokio::select! {
            () = signals.next() => app.stopping.raise(),
            Some(ended) = parts.join_next() => broken = failure(ended),
        }
    }
    tracing::info!("stopping");
    app.stopping.raise();
    let drained = async {
        while let Some(ended) = parts.join_next().await {
            if let Some(error) = failure(ended) {
                tracing::error!("{error}");
            }
        }
    };
    tokio::select! {
        () = drained => {}
        () = signals.next() => tracing::warn!("asked twice: ending now"),
        () = tokio::time::sleep(DRAIN) => tracing::warn!("some work did not end in time"),
    }
    parts.abort_all();
    running.close().await?;
    broken.map_or(Ok(()), Err)
}

/// The version that the migrations of this program lead to.
#[must_use]
pub fn version() -> i64 {
    MIGRATIONS.iter().map(|migration| migration.version).max().unwrap_or(0)
}

/// The key that 64 hexadecimal digits spell.
#[must_use]
pub fn read_key(text: &str) -> Option<[u8; 32]> {
    let digits = text.trim();
    if digits.len() != 64 || !digits.is_ascii() {
        return None;
    }
    let mut key = [0; 32];
    for (at, byte) in key.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&digits[2 * at..2 * at + 2], 16).ok()?;
    }
    Some(key)
}

fn failure(ended: std::result::Result<kernel::error::Result, tokio::task::JoinError>) -> Option<String> {
    match ended {
        Ok(Ok(())) => None,
        Ok(Err(error)) => Some(said(&error)),
        Err(error) => Some(format!("a part of the program broke: {error}")),
    }
}

/// Brings the schema up to this program, as its owner; several programs at once wait for each other.
async fn migrate(options: &PgConnectOptions) -> Result {
    let mut connection = connect(options).await?;
    let done = MIGRATIONS.run(&mut connection).await;
    let _ = connection.close().await;
    done.map_err(|error| match error {
        MigrateError::VersionMissing(version) => {
            format!("the database is newer than this program: it has migration {version}. Start the newer program, or restore a backup")
        }
        MigrateError::VersionMismatch(version) => format!("migration {version} is not the one that this database was made with"),
        other => format!("the database could not be brought up to this version: {other}"),
    })
}

async fn connect(options: &PgConnectOptions) -> Result<PgConnection> {
    // Waiting for another program's migration has its own lock; a statement of a migration may not wait for readers for ever.
    let options = options.clone().options([("lock_timeout", "60000"), ("statement_timeout", "0")]);
    let pause = Duration::from_millis(500);
    let mut waited = Duration::ZERO;
    loop {
        let error = match options.connect().await {
            Ok(connection) => return Ok(connection),
            Err(error) => error,
        };
        // Refused, or "the database system is starting up".
        let starts = match &error {
            sqlx::Error::Io(_) => true,
            sqlx::Error::Database(cause) => cause.code().is_some_and(|code| code == "57P03"),
            _ => false,
        };
        if !starts || waited >= DATABASE_STARTS {
            return Err(format!("the database at {} cannot be reached: {error}", options.get_host()));
        }
        if waited.is_zero() {
            tracing::warn!("the database at {} does not answer yet: {error}", options.get_host());
        }
        tokio::time::sleep(pause).await;
        waited += pause;
    }
}

/// The key of the installation: the one that was given, or the one that lies in the data folder, made there once.
fn key(config: &Config) -> Result<[u8; 32]> {
    if let Some(text) = &config.secret_key {
        return read_key(text).ok_or("KEFU_SECRET_KEY must be 64 hexadecimal digits".to_owned());
    }
    let file = config.data_dir.join("secret.key");
    if !file.exists() {
        // Written beside and linked: a key is never half there, and of two programs that start at once one wins.
        let fresh = config.data_dir.join(format!("secret.key.{}", std::process::id()));
        let made = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&fresh).and_then(|mut out| {
            out.write_all(format!("{}\n", rng::hex(&rng::bytes::<32>())).as_bytes())?;
            out.sync_all()
        });
        made.map_err(|error| cannot_write(&config.data_dir, &error))?;
        let _ = fs::hard_link(&fresh, &file);
        let _ = fs::remove_file(&fresh);
    }
    let text = fs::read_to_string(&file).map_err(|error| format!("cannot read {}: {error}", file.display()))?;
    read_key(&text).ok_or(format!("{} is damaged: it must hold 64 hexadecimal digits. Restore it from a backup", file.display()))
}

/// Where attachments lie.
fn store(config: &Config) -> Result<Arc<dyn ObjectStore>> {
    let Some(url) = &config.files_url else {
        let folder = config.data_dir.join("files");
        own_folder(&folder)?;
        // A row names a file for good, and a mailbox is not read again up to it: the disk must have it before.
        let files = LocalFileSystem::new_with_prefix(&folder).map_err(|error| error.to_string())?.with_fsync(true);
        return Ok(Arc::new(files));
    };
    let place = url.strip_prefix("s3://").unwrap_or(url);
    let (bucket, prefix) = place.split_once('/').unwrap_or((place, ""));
    let bucket = AmazonS3Builder::from_env().with_bucket_name(bucket).build().map_err(|error| format!("KEFU_FILES_URL: {error}"))?;
    Ok(if prefix.is_empty() { Arc::new(bucket) } else { Arc::new(PrefixStore::new(bucket, prefix)) })
}

/// Says what to open, once it can be opened, and the one-time code while a stranger could be the first visitor.
async fn welcome(app: Arc<App>) -> kernel::error::Result {
    let listen = app.config.listen;
    let near = if listen.ip().is_unspecified() { SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), listen.port()) } else { listen };
    while TcpStream::connect(near).await.is_err() {
        tokio::select! {
            () = app.stopping.raised() => return Ok(()),
            () = tokio::time::sleep(Duration::from_millis(20)) => {}
        }
    }
    let found = installation(&app).await?;
    let code = if !found.has_company && found.needs_code { Some(issue_setup_code(&app).await?) } else { None };
    let url = app.config.link("/");
    if !std::io::stdout().is_terminal() {
        tracing::info!(url, setup_code = code, version = env!("CARGO_PKG_VERSION"), "ready");
        return Ok(());
    }
    println!("\n  客服 Kefu {} — open {url}", env!("CARGO_PKG_VERSION"));
    if let Some(code) = code {
        println!("  The first visit asks for this one-time code: {code}");
    }
    println!("  Ctrl-C stops it.\n");
    Ok(())
}

/// Makes the folder for nobody else to read, unless it is there.
fn own_folder(folder: &Path) -> Result {
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(|error| cannot_write(folder, &error))
}

fn cannot_write(folder: &Path, error: &std::io::Error) -> String {
    format!("cannot write in {}: {error}.\nSet KEFU_DATA_DIR to a folder of yours", folder.display())
}

/// SIGTERM and Ctrl-C.
struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    fn new() -> Result<Signals> {
        let listen = |kind| signal(kind).map_err(|error| error.to_string());
        Ok(Signals { terminate: listen(SignalKind::terminate())?, interrupt: listen(SignalKind::interrupt())? })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{read_key, store, version};
    use kernel::config::Config;

    #[test]
    fn a_key_is_64_hexadecimal_digits() {
        assert_eq!(read_key(&"0f".repeat(32)), Some([15; 32]));
        assert_eq!(read_key(&format!("{}\n", "ff".repeat(32))), Some([255; 32]));
        assert_eq!(read_key(""), None);
        assert_eq!(read_key(&"zz".repeat(32)), None);
        assert_eq!(read_key(&"é".repeat(32)), None);
    }

    #[test]
    fn files_are_on_the_disk_when_they_are_stored() {
        let folder = std::env::temp_dir().join(format!("kefu-store-{}", std::process::id()));
        let files = store(&Config { data_dir: folder.clone(), files_url: None, ..Config::default() }).expect("a store");
        let is_synced = format!("{files:?}").contains("fsync: true");
        std::fs::remove_dir_all(folder).expect("removed");
        assert!(is_synced, "{files:?}");
    }

    #[test]
    fn the_migrations_are_inside() {
        assert!(version() >= 9);
    }
}
