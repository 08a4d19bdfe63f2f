//! Where PostgreSQL's server programs lie.

use super::Result;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The folder of the server programs, of the version that made the cluster.
pub fn find(named: Option<&Path>, cluster: &Path) -> Result<PathBuf> {
    let made_by = fs::read_to_string(cluster.join("PG_VERSION")).map(|text| text.trim().to_owned()).ok();
    let mut folders: Vec<PathBuf> =
        fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten().map(|entry| entry.path().join("bin")).collect();
    folders.sort_by_key(|folder| {
        std::cmp::Reverse(folder.parent().and_then(Path::file_name).and_then(|name| name.to_str()?.parse::<u32>().ok()))
    });
    folders.splice(0..0, ask("pg_config", "--bindir").map(PathBuf::from));
    #[expect(clippy::disallowed_methods, reason = "where programs lie is asked once, at the start")]
    folders.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()));
    if let Some(named) = named {
        folders = vec![named.to_path_buf()];
    }
    folders.retain(|folder| ["initdb", "postgres", "pg_ctl"].iter().all(|program| folder.join(program).is_file()));
    let first = folders.first().ok_or(
        "PostgreSQL's server programs are not here.\n\
        Install them (apt-get install postgresql), name their folder in KEFU_PG_BIN, or name a server in KEFU_DATABASE_URL",
    )?;
    let Some(made_by) = made_by else { return Ok(first.clone()) };
    // `postgres (PostgreSQL) 15.18 (Debian …)`
    let fits = |folder: &&PathBuf| {
        let version = ask(&folder.join("postgres").to_string_lossy(), "--version").unwrap_or_default();
        version.split_whitespace().nth(2).and_then(|number| number.split('.').next()) == Some(&made_by)
    };
    folders.iter().find(fits).cloned().ok_or(format!(
        "the database in {} was made by PostgreSQL {made_by}, which is not here: install postgresql-{made_by}, or name its folder in KEFU_PG_BIN",
        cluster.display()
    ))
}

#[expect(clippy::disallowed_methods, reason = "asks a program of PostgreSQL about itself")]
fn ask(program: &str, question: &str) -> Option<String> {
    let answer = Command::new(program).arg(question).output().ok().filter(|answer| answer.status.success())?;
    Some(String::from_utf8_lossy(&answer.stdout).trim().to_owned())
}
