//! The law of `src/` as tests (R1–R7), over the sources themselves.

use std::fs;
use std::path::{Path, PathBuf};

/// The levels of the map: a slice may use what stands before its own row.
const LEVELS: &[&[&str]] = &[
    &["kernel"],
    &["ui"],
    &["identity"],
    &["customer", "mail", "export", "webhook", "open_api"],
    &["routing"],
    &["ticket"],
    &["call"],
    &["satisfaction", "sla", "preset"],
    &["trigger"],
    &["stats", "config"],
];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src")
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).expect("a source")
}

fn slices() -> impl Iterator<Item = &'static str> {
    LEVELS.iter().flat_map(|level| level.iter().copied())
}

#[test]
fn r1_a_slice_depends_on_lower_levels_only() {
    for (height, level) in LEVELS.iter().enumerate() {
        for slice in *level {
            let manifest = read(&root().join(slice).join("Cargo.toml"));
            for other in LEVELS[height..].iter().flat_map(|level| level.iter()) {
                let uses =
                    manifest.lines().any(|line| line.starts_with(&format!("{other}.workspace")) || line.starts_with(&format!("{other} =")));
                assert!(!uses, "{slice} may not depend on {other}");
            }
        }
    }
}

#[test]
fn r2_of_another_slice_only_model_commands_and_queries_are_used() {
    let mut broken = Vec::new();
    for slice in slices().filter(|slice| !["kernel", "ui"].contains(slice)) {
        for source in sources(&root().join(slice)) {
            for other in slices().filter(|other| *other != slice && !["kernel", "ui"].contains(other)) {
                for (number, line) in read(&source).lines().enumerate() {
                    for (at, _) in line.match_indices(&format!("{other}::")) {
                        let before = line[..at].chars().next_back();
                        if before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':') {
                            continue;
                        }
                        let rest = &line[at + other.len() + 2..];
                        // The arithmetic of duty times is pure and knows no browser: it is no part of the model of both builds.
                        let allowed = ["model", "commands", "queries", "calendar", "{"].iter().any(|module| rest.starts_with(module));
                        if !allowed {
                            broken.push(format!("{}:{}: {}", source.display(), number + 1, line.trim()));
                        }
                    }
                }
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn r4_the_build_is_chosen_in_lib_main_and_the_two_macros_only() {
    for source in sources(&root()) {
        let name = source.file_name().and_then(|name| name.to_str()).unwrap_or("");
        let is_allowed =
            ["lib.rs", "main.rs", "catalog.rs", "error.rs"].contains(&name) || source.components().any(|part| part.as_os_str() == "tests");
        let text = read(&source);
        assert!(is_allowed || !text.contains("cfg(feature"), "{} chooses a build", source.display());
    }
}

#[test]
fn r6_pages_actions_and_jobs_hold_no_sql() {
    for source in sources(&root()) {
        let path = source.display().to_string();
        let is_translator = ["/pages", "/actions", "/jobs", "/islands", "/api"].iter().any(|part| path.contains(part));
        assert!(!is_translator || !read(&source).contains("sqlx::"), "{path} holds SQL");
    }
}

#[test]
fn files_are_short_and_lints_are_not_silenced() {
    for source in sources(&root()) {
        let text = read(&source);
        assert!(text.lines().count() <= 600, "{} has more than 600 lines: make it a folder", source.display());
        let silences = text.lines().any(|line| line.trim_start().starts_with("#[allow(") || line.trim_start().starts_with("#![allow("));
        assert!(!silences, "{} silences a lint: use expect with a reason", source.display());
    }
}

#[test]
fn no_notify_and_no_lock_as_correctness() {
    // D8, D9: a NOTIFY in a business transaction costs eight times the throughput.
    for source in sources(&root()).into_iter().filter(|source| !source.components().any(|part| part.as_os_str() == "tests")) {
        let text = read(&source).to_lowercase();
        assert!(!text.contains("pg_notify") && !text.contains("\"notify "), "{} notifies", source.display());
    }
}
