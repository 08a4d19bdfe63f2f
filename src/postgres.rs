//! 私有数据库: the private PostgreSQL. Where no database was named, the program runs the distribution's server programs
//! for itself: in a folder of its own, as an unprivileged user, reachable by a Unix socket only.
//!
//! Several programs may use one cluster, such as the server and `kefu mail import` beside it. Each holds a shared lock
//! on `users.lock`, and who leaves last stops the cluster. Locks end with their holder, so what `kill -9` left running
//! is adopted by the next start; when PostgreSQL itself dies, a supervisor starts it again.

mod owner;
mod programs;

use owner::Owner;
use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions, Connection};
use std::fs::{self, File, OpenOptions};
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// What went wrong, with what to do about it.
type Result<T = ()> = std::result::Result<T, String>;

/// The folder that is used when the one in the working folder cannot be entered.
const COMMON_FOLDER: &str = "/var/lib/kefu";
const PORT: u16 = 5432;
/// A longer log is put aside at the next start, in bytes.
const LONGEST_LOG: u64 = 10_000_000;
const NAME: &str = "kefu";

/// The running cluster, as one program uses it.
#[derive(Debug)]
pub struct Cluster {
    place: Arc<Place>,
    users: File,
    supervisor: (Sender<()>, JoinHandle<()>),
}

/// Where the cluster lies and who runs it.
#[derive(Debug)]
struct Place {
    bin: PathBuf,
    home: PathBuf,
    cluster: PathBuf,
    socket: PathBuf,
    owner: Owner,
}

/// What `postmaster.pid` says.
enum State {
    Ready,
    /// Starting or stopping.
    Busy,
    Gone,
}

/// The data folder: the one that was named, else `./data`, else — said to the person — the common one, when the
/// database's user cannot enter `./data`.
///
/// # Errors
/// When the named folder cannot be entered by that user.
pub fn folder(named: Option<&Path>) -> Result<PathBuf> {
    let wanted = std::path::absolute(named.unwrap_or(Path::new("data"))).map_err(|error| error.to_string())?;
    let owner = Owner::of(&wanted.join("postgres"))?;
    let Some(closed) = owner.closed_folder(&wanted) else {
        return Ok(wanted);
    };
    let cannot = format!("PostgreSQL runs as the user {}, who cannot enter {}", owner.name, closed.display());
    if named.is_some() {
        return Err(format!("{cannot}.\nSet KEFU_DATA_DIR={COMMON_FOLDER} (or open that folder: chmod o+x {})", closed.display()));
    }
    eprintln!("{cannot}: data is kept in {COMMON_FOLDER} instead of {}. KEFU_DATA_DIR chooses another folder.", wanted.display());
    Ok(PathBuf::from(COMMON_FOLDER))
}

impl Cluster {
    /// Starts the cluster below the data folder, makes it when there is none, or joins the one that runs.
    ///
    /// # Errors
    /// When PostgreSQL is not installed, cannot start, or the folder is not its user's.
    pub fn open(data_dir: &Path, bin: Option<&Path>) -> Result<Cluster> {
        let place = Arc::new(Place::prepare(data_dir, bin)?);
        let users = place.file("users.lock")?;
        let turn = place.take_turn()?;
        let child = place.ensure()?;
        users.lock_shared().map_err(|error| error.to_string())?;
        drop(turn);
        let (sender, receiver) = mpsc::channel();
        let watched = place.clone();
        let watcher = thread::spawn(move || {
            let mut child = child;
            while receiver.recv_timeout(Duration::from_millis(500)) == Err(RecvTimeoutError::Timeout) {
                let _ = child.as_mut().map(Child::try_wait);
                if matches!(watched.state(), State::Gone) {
                    tracing::warn!("PostgreSQL is gone; starting it again");
                    match watched.take_turn().and_then(|_turn| watched.ensure()) {
                        Ok(started) => child = started,
                        Err(error) => tracing::error!("{error}"),
                    }
                }
            }
        });
        Ok(Cluster { place, users, supervisor: (sender, watcher) })
    }

    /// How to connect as the owner of everything; the database is made when it is missing.
    ///
    /// # Errors
    /// When the cluster refuses.
    pub async fn options(&self) -> Result<PgConnectOptions> {
        let options = PgConnectOptions::new_without_pgpass().socket(&self.place.socket).port(PORT).username(NAME).database(NAME);
        let refused = |error: sqlx::Error| format!("the private PostgreSQL refuses: {error}");
        let mut connection = options.clone().database("postgres").connect().await.map_err(refused)?;
        let found: bool = sqlx::query_scalar("select exists (select from pg_database where datname = 'kefu')")
            .fetch_one(&mut connection)
            .await
            .map_err(refused)?;
        if !found {
            sqlx::query("create database kefu").execute(&mut connection).await.map_err(refused)?;
        }
        connection.close().await.map_err(refused)?;
        Ok(options)
    }

    /// Stops the cluster, unless another program still uses it.
    ///
    /// # Errors
    /// When it does not stop in time.
    pub fn close(self) -> Result {
        let (sender, watcher) = self.supervisor;
        drop(sender);
        let _ = watcher.join();
        let _turn = self.place.take_turn()?;
        self.users.unlock().map_err(|error| error.to_string())?;
        if self.users.try_lock().is_err() {
            return Ok(());
        }
        let mut stop = self.place.program("pg_ctl");
        stop.arg("-D").arg(&self.place.cluster).args(["-m", "fast", "-w", "-t", "25", "stop"]);
        succeed("stopping PostgreSQL", stop.output())
    }
}

impl Place {
    fn prepare(data_dir: &Path, bin: Option<&Path>) -> Result<Place> {
        let cannot =
            |error: std::io::Error| format!("cannot write in {}: {error}.\nSet KEFU_DATA_DIR to a folder of yours", data_dir.display());
        let home = data_dir.join("postgres");
        let owner = Owner::of(&home)?;
        // The database's user passes through the data folder; nobody lists it.
        fs::DirBuilder::new().recursive(true).mode(if owner.other { 0o711 } else { 0o700 }).create(data_dir).map_err(cannot)?;
        fs::DirBuilder::new().recursive(true).mode(0o700).create(&home).map_err(cannot)?;
        owner.give(&home).map_err(cannot)?;
        let home = home.canonicalize().map_err(cannot)?;
        let holder = fs::metadata(&home).map_err(cannot)?.uid();
        if holder != owner.uid {
            return Err(format!(
                "{} belongs to user {holder}: run as that user, or set KEFU_DATA_DIR to a folder of yours",
                home.display()
            ));
        }
        let cluster = home.join("cluster");
        let bin = programs::find(bin, &cluster)?;
        let socket = owner.socket_folder(&home).map_err(cannot)?;
        Ok(Place { bin, home, cluster, socket, owner })
    }

    /// Makes the cluster when there is none, starts it when it does not run, and waits until it answers. The caller
    /// holds its turn.
    fn ensure(&self) -> Result<Option<Child>> {
        self.initialise()?;
        let (mut child, mut failures) = (None::<Child>, 0);
        loop {
            match (self.state(), &mut child) {
                (State::Ready, _) => return Ok(child),
                (State::Busy, _) => thread::sleep(Duration::from_millis(10)),
                (State::Gone, None) => child = Some(self.spawn()?),
                (State::Gone, Some(started)) => match started.try_wait() {
                    Ok(None) => thread::sleep(Duration::from_millis(5)),
                    // Children of a killed postmaster need a moment to notice; then the shared memory is free.
                    _ if failures < 10 => {
                        failures += 1;
                        child = None;
                        thread::sleep(Duration::from_millis(300));
                    }
                    _ => {
                        return Err(format!("PostgreSQL does not start. The end of {}:\n{}", self.log().display(), self.log_end()));
                    }
                },
            }
        }
    }

    /// Into a folder beside, then renamed: a cluster that was half made is never taken for a whole one.
    fn initialise(&self) -> Result {
        if self.cluster.join("PG_VERSION").exists() {
            return Ok(());
        }
        let fresh = self.home.join("cluster.new");
        if fresh.exists() {
            fs::remove_dir_all(&fresh).map_err(|error| error.to_string())?;
        }
        let mut initdb = self.program("initdb");
        initdb.arg("-D").arg(&fresh).args(["-U", NAME, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--data-checksums"]);
        succeed("making the database", initdb.output())?;
        fs::rename(&fresh, &self.cluster).map_err(|error| error.to_string())
    }

    fn spawn(&self) -> Result<Child> {
        if fs::metadata(self.log()).is_ok_and(|log| log.len() > LONGEST_LOG) {
            let _ = fs::rename(self.log(), self.home.join("log.old"));
        }
        let log = self.file("log")?;
        let errors = log.try_clone().map_err(|error| error.to_string())?;
        let mut postgres = self.program("postgres");
        postgres.arg("-D").arg(&self.cluster);
        let socket = format!("unix_socket_directories={}", self.socket.display());
        let port = format!("port={PORT}");
        for setting in ["listen_addresses=", "unix_socket_permissions=0700", "jit=off", "cluster_name=kefu", &socket, &port] {
            postgres.arg("-c").arg(setting);
        }
        // A group of its own: Ctrl-C is ours to handle, and PostgreSQL stops after the last request.
        postgres.process_group(0).stdin(Stdio::null()).stdout(log).stderr(errors);
        postgres.spawn().map_err(|error| format!("PostgreSQL in {} cannot be started: {error}", self.bin.display()))
    }

    fn state(&self) -> State {
        let text = fs::read_to_string(self.cluster.join("postmaster.pid")).unwrap_or_default();
        let mut lines = text.lines();
        let pid = lines.next().unwrap_or("0").trim();
        // A stale file may name a process of somebody else by now.
        let command = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
        let mut words = command.split(|byte| *byte == 0);
        let runs = words.any(|word| word == b"-D") && words.next() == Some(self.cluster.as_os_str().as_encoded_bytes());
        match (runs, lines.nth(6).map(str::trim)) {
            (false, _) => State::Gone,
            (true, Some("ready")) => State::Ready,
            (true, _) => State::Busy,
        }
    }

    #[expect(clippy::disallowed_methods, reason = "the one place that starts programs")]
    fn program(&self, name: &str) -> Command {
        let mut command = Command::new(self.bin.join(name));
        // Secrets of our environment are not PostgreSQL's, and its PG… variables are not for this cluster.
        command.current_dir("/").env_clear().env("PATH", "/usr/bin:/bin").env("LC_ALL", "C.UTF-8");
        if self.owner.other {
            command.uid(self.owner.uid).gid(self.owner.gid);
        }
        command
    }

    /// Starting and stopping happen one at a time.
    fn take_turn(&self) -> Result<File> {
        let turn = self.file("turn.lock")?;
        turn.lock().map_err(|error| error.to_string())?;
        Ok(turn)
    }

    fn file(&self, name: &str) -> Result<File> {
        let path = self.home.join(name);
        let opened = OpenOptions::new().create(true).append(true).open(&path);
        // The owner may come without root next time.
        opened.and_then(|file| self.owner.give(&path).map(|()| file)).map_err(|error| format!("cannot open {}: {error}", path.display()))
    }

    fn log(&self) -> PathBuf {
        self.home.join("log")
    }

    fn log_end(&self) -> String {
        let text = fs::read_to_string(self.log()).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        lines[lines.len().saturating_sub(8)..].join("\n")
    }
}

fn succeed(what: &str, output: std::io::Result<Output>) -> Result {
    let output = output.map_err(|error| format!("{what} failed: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!("{what} failed:\n{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr)))
}
