//! The real Dovecot and OpenSMTPD that `bin/mail` starts, and what can happen to the way between them and the program.

use super::uid;
use crate::tests::app::TestApp;
use kernel::id::MailboxId;
use mail::commands::mailbox::create;
use mail::model::{Encryption, MailboxInput};
use std::env;
use std::fs;
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::time::{Instant, sleep};

/// Whoever owns mail on the servers.
const NOBODY: u32 = 65534;
/// How long something may take that takes a second on a quiet machine.
const PATIENCE: Duration = Duration::from_secs(120);

/// The servers of this run.
#[derive(Clone, Debug)]
pub struct Servers {
    pub imap: u16,
    pub smtp: u16,
    pub password: String,
    pub boxes: PathBuf,
    /// Folder of the configuration, when these servers are the test's own.
    own: Option<PathBuf>,
}

/// The servers that `bin/test` started; without them the test says that it did not run.
pub fn servers() -> Option<Servers> {
    let port = |name: &str| env::var(name).ok()?.rsplit(':').next()?.parse().ok();
    let found = (|| {
        Some(Servers {
            imap: port("KEFU_TEST_IMAP")?,
            smtp: port("KEFU_TEST_SMTP")?,
            password: env::var("KEFU_TEST_MAIL_PASSWORD").ok()?,
            boxes: env::var("KEFU_TEST_MAIL_DIR").ok()?.into(),
            own: None,
        })
    })();
    if found.is_none() {
        eprintln!("did not run: no mail servers here; source bin/mail; kefu_mail start DIR");
    }
    found
}

/// A Dovecot of the test's own, which may be stopped and started; the SMTP server stays the common one.
pub struct OwnDovecot {
    pub servers: Servers,
}

impl OwnDovecot {
    pub async fn start(common: &Servers) -> OwnDovecot {
        let folder = env::temp_dir().join(format!("kefu-dovecot-{}", kernel::rng::hex(&kernel::rng::bytes::<6>())));
        fs::create_dir_all(folder.join("box")).expect("a folder");
        for each in [&folder, &folder.join("box")] {
            fs::set_permissions(each, fs::Permissions::from_mode(0o755)).expect("permissions");
        }
        chown(folder.join("box"), Some(NOBODY), Some(NOBODY)).expect("the servers' user owns it");
        let theirs = common.boxes.parent().expect("a folder");
        let port = TcpListener::bind("127.0.0.1:0").await.expect("a port").local_addr().expect("an address").port();
        let config = fs::read_to_string(theirs.join("dovecot.conf")).expect("the configuration");
        let config = config
            .replace(theirs.to_str().expect("a path"), folder.to_str().expect("a path"))
            .replace(&format!("port = {}", common.imap), &format!("port = {port}"));
        fs::write(folder.join("dovecot.conf"), config).expect("written");
        let own = OwnDovecot { servers: Servers { imap: port, boxes: folder.join("box"), own: Some(folder), ..common.clone() } };
        own.up().await;
        own
    }

    fn config(&self) -> PathBuf {
        self.servers.own.as_ref().expect("its folder").join("dovecot.conf")
    }

    pub async fn up(&self) {
        assert!(Command::new("/usr/sbin/dovecot").arg("-c").arg(self.config()).status().expect("dovecot runs").success());
        let port = self.servers.imap;
        until("dovecot answers", async || TcpStream::connect(("127.0.0.1", port)).await.is_ok()).await;
    }

    pub async fn down(&self) {
        assert!(Command::new("/usr/bin/doveadm").arg("-c").arg(self.config()).arg("stop").status().expect("doveadm runs").success());
        let port = self.servers.imap;
        until("dovecot is gone", async || TcpStream::connect(("127.0.0.1", port)).await.is_err()).await;
    }
}

impl Drop for OwnDovecot {
    fn drop(&mut self) {
        let _ = Command::new("/usr/bin/doveadm").arg("-c").arg(self.config()).arg("stop").status();
        let _ = self.servers.own.as_ref().map(fs::remove_dir_all);
    }
}

/// Waits until something holds.
pub async fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let end = Instant::now() + PATIENCE;
    while !holds().await {
        assert!(Instant::now() < end, "waited in vain: {what}");
        sleep(Duration::from_millis(100)).await;
    }
}

impl Servers {
    /// Somebody's Maildir, made when it is missing.
    fn maildir(&self, user: &str) -> PathBuf {
        let root = self.boxes.join(user);
        for each in [root.clone(), root.join("cur"), root.join("new"), root.join("tmp")] {
            if !each.exists() {
                fs::create_dir(&each).expect("a folder");
                chown(&each, Some(NOBODY), Some(NOBODY)).expect("the servers' user owns it");
            }
        }
        root
    }

    /// Puts a message into a Maildir as it is, whatever it is.
    pub fn drop_off(&self, user: &str, raw: &[u8]) {
        let root = self.maildir(user);
        let name = format!("1795000000.M{:06}P1.kefu", uid());
        fs::write(root.join("tmp").join(&name), raw).expect("written");
        chown(root.join("tmp").join(&name), Some(NOBODY), Some(NOBODY)).expect("the servers' user owns it");
        fs::rename(root.join("tmp").join(&name), root.join("new").join(&name)).expect("delivered");
    }

    /// Takes away what Dovecot remembers of a Maildir: it counts anew.
    pub fn forget_numbers(&self, user: &str) {
        for entry in fs::read_dir(self.maildir(user)).expect("a folder").flatten() {
            if entry.file_name().to_string_lossy().starts_with("dovecot") {
                fs::remove_file(entry.path()).expect("removed");
            }
        }
        // The validity is a time in seconds; the next one must differ.
        fs::write(self.maildir(user).join("dovecot-uidlist"), "3 V1700000001 N1\n").expect("written");
        chown(self.maildir(user).join("dovecot-uidlist"), Some(NOBODY), Some(NOBODY)).expect("the servers' user owns it");
    }

    /// What lies in somebody's Maildir, oldest first.
    pub fn delivered_to(&self, user: &str) -> Vec<Vec<u8>> {
        let root = self.boxes.join(user);
        let mut found: Vec<PathBuf> = ["new", "cur"]
            .iter()
            .filter_map(|folder| fs::read_dir(root.join(folder)).ok())
            .flat_map(|entries| entries.flatten().map(|entry| entry.path()))
            .collect();
        found.sort_by_key(|path| fs::metadata(path).and_then(|meta| meta.modified()).ok());
        found.iter().map(|path| fs::read(path).expect("readable")).collect()
    }

    /// Hands a message to OpenSMTPD as any mail program would; whether it was taken.
    pub async fn hand_over(&self, from: &str, to: &str, raw: &[u8]) -> bool {
        let (read, mut write) = TcpStream::connect(("127.0.0.1", self.smtp)).await.expect("the SMTP server answers").into_split();
        let mut lines = BufReader::new(read).lines();
        let mut answer = async || loop {
            let line = lines.next_line().await.ok().flatten().unwrap_or_default();
            if line.as_bytes().get(3) != Some(&b'-') {
                return line.starts_with(['2', '3']);
            }
        };
        let mut data: Vec<u8> = Vec::with_capacity(raw.len() + 64);
        for line in raw.split_inclusive(|byte| *byte == b'\n') {
            let line = line.strip_suffix(b"\n").unwrap_or(line);
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            data.extend_from_slice(if line.starts_with(b".") { b"." } else { b"" });
            data.extend_from_slice(line);
            data.extend_from_slice(b"\r\n");
        }
        data.extend_from_slice(b".\r\n");
        let mut is_taken = answer().await;
        let steps = [
            b"EHLO test\r\n".to_vec(),
            format!("MAIL FROM:<{from}>\r\n").into(),
            format!("RCPT TO:<{to}>\r\n").into(),
            b"DATA\r\n".to_vec(),
            data,
        ];
        for step in steps {
            is_taken = is_taken && write.write_all(&step).await.is_ok() && answer().await;
        }
        let _ = write.write_all(b"QUIT\r\n").await;
        is_taken
    }

    /// A mailbox of a company whose mails lie on these servers, by these ports.
    pub async fn mailbox(&self, test: &TestApp, user: &str) -> MailboxId {
        create(&test.admin().await, self.form(user)).await.expect("a mailbox")
    }

    /// Its form.
    pub fn form(&self, user: &str) -> MailboxInput {
        MailboxInput {
            address: format!("{user}@mail.test"),
            enabled: true,
            imap_host: "127.0.0.1".to_owned(),
            imap_port: self.imap.to_string(),
            imap_tls: Encryption::None,
            password_imap: self.password.clone(),
            imap_folder: "INBOX".to_owned(),
            smtp_host: "127.0.0.1".to_owned(),
            smtp_port: self.smtp.to_string(),
            smtp_tls: Encryption::None,
            ..MailboxInput::default()
        }
    }
}

/// A user of the servers that no other test has.
pub fn somebody() -> String {
    format!("u{}", kernel::rng::hex(&kernel::rng::bytes::<6>()))
}

/// What happens to connections on their way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    Open,
    /// Nobody is there.
    Closed,
    /// The mail gets through, and the line goes dead before the answer does.
    LosesAnswer,
}

/// A way to a server that a test can close.
pub struct Gate {
    pub port: u16,
    way: watch::Sender<Way>,
}

impl Gate {
    pub async fn to(server: u16) -> Gate {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let (way, seen) = watch::channel(Way::Open);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let mut seen = seen.clone();
                let now = *seen.borrow_and_update();
                if now != Way::Closed
                    && let Ok(server) = TcpStream::connect(("127.0.0.1", server)).await
                {
                    tokio::spawn(async move {
                        tokio::select! {
                            _ = pass(client, server, now) => {}
                            _ = seen.changed() => {}
                        }
                    });
                }
            }
        });
        Gate { port, way }
    }

    /// From now on, also for connections there are.
    pub fn set(&self, way: Way) {
        self.way.send_replace(way);
    }
}

async fn pass(client: TcpStream, server: TcpStream, way: Way) -> std::io::Result<()> {
    let ((mut from_client, mut to_client), (mut from_server, mut to_server)) = (client.into_split(), server.into_split());
    let up = async { tokio::io::copy(&mut from_client, &mut to_server).await.map(|_| ()) };
    let down = async {
        let (mut buffer, mut is_mail) = ([0; 4096], false);
        loop {
            let count = from_server.read(&mut buffer).await?;
            if count == 0 || is_mail && way == Way::LosesAnswer {
                return Ok(());
            }
            to_client.write_all(&buffer[..count]).await?;
            is_mail |= buffer[..count].starts_with(b"354");
        }
    };
    tokio::select! {
        done = up => done,
        done = down => done,
    }
}
