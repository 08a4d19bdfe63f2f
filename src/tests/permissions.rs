//! 权限: the snapshot of item × role. A change of rights is a visible difference of `permissions.txt`.

use core::fmt::Write;
use kernel::permission::{Permission, Role};

/// One line an item, one column a role: `D` by default, `g` can be given in a permission group, `-` never.
fn table() -> String {
    let mut out = String::from("item");
    for role in Role::ALL {
        let _ = write!(out, " {}", role.key());
    }
    out.push('\n');
    for item in Permission::ALL {
        out.push_str(item.key());
        for role in Role::ALL {
            let grant = item.grant();
            out.push_str(match (grant.default.contains(role), grant.grantable.contains(role)) {
                (true, _) => " D",
                (false, true) => " g",
                (false, false) => " -",
            });
        }
        out.push('\n');
    }
    out
}

/// The lines in which two tables differ, as a reader of a diff expects them.
fn difference(agreed: &str, now: &str) -> String {
    let gone = agreed.lines().filter(|line| !now.lines().any(|other| other == *line)).map(|line| format!("- {line}"));
    let new = now.lines().filter(|line| !agreed.lines().any(|other| other == *line)).map(|line| format!("+ {line}"));
    gone.chain(new).collect::<Vec<_>>().join("\n")
}

#[test]
fn rights_are_what_was_agreed() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/tests/permissions.txt");
    if std::env::var_os("KEFU_UPDATE_SNAPSHOTS").is_some() {
        std::fs::write(path, table()).expect("the snapshot is written");
    }
    let agreed = std::fs::read_to_string(path).unwrap_or_default();
    let difference = difference(&agreed, &table());
    assert!(table() == agreed, "rights changed; if that is meant, run with KEFU_UPDATE_SNAPSHOTS=1:\n{difference}");
}

/// Items that no code asks for yet, and why.
const NOT_ASKED_FOR: &[Permission] = &[Permission::ServiceCenter];

#[test]
fn every_item_is_asked_for_somewhere() {
    let mut code = String::new();
    sources(std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src")), &mut code);
    let forgotten: Vec<&Permission> =
        Permission::ALL.iter().filter(|item| !NOT_ASKED_FOR.contains(item) && !code.contains(&format!("Permission::{item:?}"))).collect();
    assert!(forgotten.is_empty(), "they can be granted and change nothing: {forgotten:?}");
}

/// Everything but tests and the list itself.
fn sources(folder: &std::path::Path, code: &mut String) {
    for entry in std::fs::read_dir(folder).expect("readable").flatten() {
        let path = entry.path();
        let name = entry.file_name();
        if path.is_dir() {
            if name != "tests" {
                sources(&path, code);
            }
        } else if path.extension().is_some_and(|kind| kind == "rs") && !path.ends_with("kernel/permission.rs") && name != "tests.rs" {
            code.push_str(&std::fs::read_to_string(&path).expect("readable"));
        }
    }
}
