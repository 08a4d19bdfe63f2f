//! The user that PostgreSQL runs as, and the folders this user can reach.

use super::{PORT, Result};
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

/// Longest path of a socket on Linux, in bytes.
const LONGEST_SOCKET: usize = 107;

/// The user that the server programs run as.
#[derive(Clone, Debug)]
pub struct Owner {
    /// The login name.
    pub name: String,
    /// User id.
    pub uid: u32,
    /// Its first group.
    pub gid: u32,
    /// Whether this program is somebody else (root) and has to become them.
    pub other: bool,
}

impl Owner {
    /// Oneself; as root the owner of what is there already, or the packages' own user, for PostgreSQL refuses root.
    pub fn of(home: &Path) -> Result<Owner> {
        let own = fs::metadata("/proc/self").map_err(|error| error.to_string())?;
        let passwd = fs::read_to_string("/etc/passwd").unwrap_or_default();
        let users = || passwd.lines().map(|line| line.split(':').collect::<Vec<_>>()).filter(|fields| fields.len() > 3);
        if own.uid() != 0 {
            let name =
                users().find(|fields| fields[2] == own.uid().to_string()).map_or("this user".to_owned(), |fields| fields[0].to_owned());
            return Ok(Owner { name, uid: own.uid(), gid: own.gid(), other: false });
        }
        let holder = fs::metadata(home).map(|found| found.uid()).ok().filter(|uid| *uid != 0);
        let wanted = |fields: &Vec<&str>| holder.map_or(fields[0] == "postgres", |uid| fields[2] == uid.to_string());
        let none = "PostgreSQL refuses to run as root, and there is no user postgres.\n\
            Install it (apt-get install postgresql), run kefu as an ordinary user, or set KEFU_DATABASE_URL";
        let fields = users().find(wanted).ok_or(none)?;
        let number = |text: &str| text.parse().map_err(|_| "/etc/passwd cannot be read".to_owned());
        Ok(Owner { name: fields[0].to_owned(), uid: number(fields[2])?, gid: number(fields[3])?, other: true })
    }

    /// The folder on the way there that this user cannot pass, when there is one.
    pub fn closed_folder(&self, path: &Path) -> Option<PathBuf> {
        let closed = |folder: &&Path| {
            let Ok(found) = fs::metadata(folder) else { return false };
            let bit = if found.uid() == self.uid {
                0o100
            } else if found.gid() == self.gid {
                0o010
            } else {
                0o001
            };
            found.mode() & bit == 0
        };
        if self.other { path.ancestors().find(closed).map(Path::to_path_buf) } else { None }
    }

    /// Makes the folder theirs.
    pub fn give(&self, folder: &Path) -> std::io::Result<()> {
        if self.other { std::os::unix::fs::chown(folder, Some(self.uid), Some(self.gid)) } else { Ok(()) }
    }

    /// The cluster's own folder, or one in /tmp where that path is too long or too strange for a socket.
    pub fn socket_folder(&self, home: &Path) -> std::io::Result<PathBuf> {
        let text = home.to_string_lossy();
        let plain = text.chars().all(|c| c.is_alphanumeric() || "/-_.".contains(c));
        if plain && text.len() + format!("/.s.PGSQL.{PORT}.lock").len() <= LONGEST_SOCKET {
            return Ok(home.to_path_buf());
        }
        let mut hasher = DefaultHasher::new();
        home.hash(&mut hasher);
        let folder = PathBuf::from(format!("/tmp/kefu-{}-{:016x}", self.uid, hasher.finish()));
        if fs::DirBuilder::new().mode(0o700).create(&folder).is_ok() {
            self.give(&folder)?;
        }
        // Somebody else may have been there first: /tmp is everybody's.
        let found = fs::symlink_metadata(&folder)?;
        let ours = found.is_dir() && found.uid() == self.uid && found.permissions().mode() & 0o077 == 0;
        if ours { Ok(folder) } else { Err(std::io::Error::other(format!("{} is not ours", folder.display()))) }
    }
}
