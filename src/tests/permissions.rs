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

#[test]
fn rights_are_what_was_agreed() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/tests/permissions.txt");
    if std::env::var_os("KEFU_UPDATE_SNAPSHOTS").is_some() {
        std::fs::write(path, table()).expect("the snapshot is written");
    }
    let agreed = std::fs::read_to_string(path).unwrap_or_default();
    assert_eq!(table(), agreed, "rights changed: look at the difference, then run with KEFU_UPDATE_SNAPSHOTS=1");
}
