//! Pure rules of accounts: passwords, brakes, rights, files.

use crate::commands::import::read;
use crate::model::AgentStatus;
use crate::model::account::{AgentInput, ChangePasswordInput, may_become};
use crate::model::company::SetupInput;
use crate::model::permission::{Because, GroupRights, PermissionGroupInput, covers, explain, grants};
use crate::password::{self, hash, is_strong, verify};
use crate::throttle::{ACCOUNT, NETWORK, Rule, Tally, network_key, pay};
use jiff::SignedDuration;
use kernel::error::{Error, Problem, Result};
use kernel::permission::{Permission, Role, Scope};
use kernel::time::Stamp;
use proptest::prelude::{any, prop, prop_assert, prop_assert_eq, proptest};

fn problems(result: Result) -> Vec<(String, Problem)> {
    match result {
        Err(Error::Problems(problems)) => problems.0,
        other => panic!("problems were expected, not {other:?}"),
    }
}

fn moment() -> Stamp {
    Stamp::from_micros(1_790_000_000_000_000).expect("a time")
}

fn rights(items: &[Permission]) -> GroupRights {
    GroupRights { name: "组长".to_owned(), items: items.to_vec(), tickets: Scope::All }
}

#[tokio::test]
async fn a_hash_matches_its_password_and_nothing_else() {
    let stored = hash("长风破浪会有时").await.unwrap();
    assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
    let right = verify("长风破浪会有时", Some(&stored)).await.unwrap();
    assert!(right.matches && !right.outdated);
    assert!(!verify("长风破浪会有时 ", Some(&stored)).await.unwrap().matches);
    assert_ne!(stored, hash("长风破浪会有时").await.unwrap(), "each has its own salt");
}

#[tokio::test]
async fn nothing_equals_a_hash_that_is_none() {
    for stored in [None, Some(""), Some("*"), Some("plain"), Some("$argon2id$v=19$m=19456,t=2,p=1$a2VmdWtlZnVrZWZ1a2VmdQ")] {
        for typed in ["", "plain", "*"] {
            let verdict = verify(typed, stored).await.unwrap();
            assert!(!verdict.matches && !verdict.outdated, "{stored:?} {typed:?}");
        }
    }
}

#[tokio::test]
async fn a_weaker_hash_is_made_anew() {
    use argon2::{Algorithm, Argon2, Params, PasswordHasher, Version};
    let weak = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(8192, 1, 1, None).unwrap());
    let stored = weak.hash_password_with_salt(b"old password", &[7; 16]).unwrap().to_string();
    let verdict = verify("old password", Some(&stored)).await.unwrap();
    assert!(verdict.matches && verdict.outdated);
}

#[test]
fn easy_passwords_are_refused() {
    for weak in [
        "woaini1314",
        "WoAiNi1314",
        "a123456789",
        "5201314aa",
        "password1",
        "12345678",
        "qwertyuiop",
        "kefu1234",
        "lilei2026",
        "example1",
        "1qaz2wsx",
        // Not easy by themselves, but everybody's.
        "23wkoa0fp78dk",
        "omytvc15",
    ] {
        assert!(!is_strong(weak, &["测试公司", "李雷", "lilei@example.com"]), "{weak}");
    }
    for strong in ["长风破浪会有时 2026", "correct horse battery", "gK7#wq9vTz", "两岸猿声啼不住"] {
        assert!(is_strong(strong, &["测试公司", "李雷", "lilei@example.com"]), "{strong}");
    }
}

#[test]
fn a_password_has_8_to_128_characters() {
    assert_eq!(problems(password::check("七个字符的密码", "password", &[])), [("password".into(), Problem::PasswordTooShort)]);
    assert_eq!(problems(password::check(&"长".repeat(129), "password", &[])), [("password".into(), Problem::PasswordTooLong)]);
    let input = ChangePasswordInput { password_current: "x".into(), password: "abc".into(), password_again: "abd".into() };
    assert_eq!(problems(input.check()).len(), 2, "all problems at once");
}

#[test]
fn five_tries_are_free_then_pauses_double_to_fifteen_minutes() {
    let mut now = moment();
    let mut tally = None;
    for _ in 0..4 {
        tally = pay(tally, ACCOUNT, now);
        assert_eq!(tally.and_then(|tally| tally.blocked_until), None);
    }
    let mut pauses = Vec::new();
    for _ in 0..8 {
        tally = pay(tally, ACCOUNT, now);
        let until = tally.and_then(|tally| tally.blocked_until).expect("a pause");
        assert_eq!(pay(tally, ACCOUNT, now), None, "nothing is looked at during a pause");
        assert_eq!(pay(tally, ACCOUNT, until.minus(SignedDuration::from_micros(1))), None);
        pauses.push(until.since(now).as_secs());
        now = until;
    }
    assert_eq!(pauses, [30, 60, 120, 240, 480, 900, 900, 900]);
    let next_day = moment().plus(SignedDuration::from_hours(24));
    assert_eq!(
        pay(tally, ACCOUNT, next_day),
        Some(Tally { failures: 1, window_start: next_day, blocked_until: None }),
        "forgotten after a day"
    );
}

proptest! {
    #[test]
    fn a_pause_is_never_longer_than_fifteen_minutes(failures in 0..i32::MAX / 2, free in 1..100_i32) {
        let rule = Rule { free, forget: SignedDuration::from_hours(24) };
        let tally = pay(Some(Tally { failures, window_start: moment(), blocked_until: None }), rule, moment()).expect("no pause holds");
        prop_assert_eq!(tally.failures, failures + 1);
        prop_assert!(tally.blocked_until.is_none_or(|until| until.since(moment()) <= SignedDuration::from_mins(15)));
    }

    #[test]
    fn what_is_held_is_what_is_explained(role in prop::sample::select(Role::ALL), bits in any::<u64>(), own in any::<bool>()) {
        let items: Vec<Permission> = Permission::ALL.iter().copied().filter(|item| bits & (1 << (*item as u64)) != 0).collect();
        let rights = own.then(|| rights(&items));
        let grants = grants(role, rights.as_ref());
        for item in Permission::ALL {
            let explained = explain(role, rights.as_ref(), *item);
            prop_assert_eq!(explained.has, grants.has(*item));
            prop_assert_eq!(explained.has, explained.because.has());
            prop_assert!(!explained.has || item.may_hold(role));
        }
    }
}

#[test]
fn networks_are_24_and_64_bits() {
    assert_eq!(network_key("203.0.113.9".parse().unwrap()), "ip:203.0.113.0/24");
    assert_eq!(network_key("::ffff:203.0.113.9".parse().unwrap()), "ip:203.0.113.0/24");
    assert_eq!(network_key("2001:db8:1:2:3::4".parse().unwrap()), "ip:2001:db8:1:2::/64");
    const { assert!(NETWORK.free > ACCOUNT.free, "an office is many people") };
}

#[test]
fn customer_service_center_is_given_to_full_admins_by_a_permission_group_only() {
    let item = Permission::ServiceCenter;
    assert_eq!(explain(Role::SuperAdmin, None, item).because, Because::RoleHas(Role::SuperAdmin));
    assert_eq!(explain(Role::FullAdmin, None, item).because, Because::RoleLacks(Role::FullAdmin));
    assert_eq!(explain(Role::FullAdmin, Some(&rights(&[item])), item).because, Because::GroupHas("组长".to_owned()));
    assert_eq!(explain(Role::FullAdmin, Some(&rights(&[])), item).because, Because::GroupLacks("组长".to_owned()));
    for role in Role::ALL.iter().filter(|role| !matches!(role, Role::SuperAdmin | Role::FullAdmin)) {
        assert_eq!(explain(*role, Some(&rights(&[item])), item).because, Because::NotGrantable(*role));
        let input = PermissionGroupInput {
            name: "x".into(),
            base_role: Some(*role),
            items: vec![item],
            ticket_scope: Some(Scope::Own),
            ..PermissionGroupInput::default()
        };
        assert_eq!(problems(input.check()), [(item.key().to_owned(), Problem::NotGrantable)]);
    }
}

#[test]
fn nobody_gives_more_than_they_have() {
    let (all, full, agent) = (grants(Role::SuperAdmin, None), grants(Role::FullAdmin, None), grants(Role::TicketAgent, None));
    assert!(covers(&all, &full) && covers(&full, &full) && covers(&full, &agent));
    assert!(!covers(&full, &all) && !covers(&agent, &full));
    let narrow = GroupRights { tickets: Scope::Own, ..rights(&Permission::defaults_of(Role::FullAdmin)) };
    assert!(!covers(&grants(Role::FullAdmin, Some(&narrow)), &full), "the scope counts too");
}

#[test]
fn states_of_an_account() {
    use AgentStatus::{Deleted, Disabled, Enabled, NotActivated};
    assert!(may_become(Enabled, Disabled) && may_become(Disabled, Enabled) && may_become(NotActivated, Disabled));
    for from in AgentStatus::ALL {
        assert!(!may_become(Deleted, *from), "deleted is for good");
        assert_eq!(may_become(*from, Deleted), *from != Deleted);
    }
    assert!(!may_become(NotActivated, Enabled), "only its owner activates an account");
}

#[test]
fn forms_say_everything_at_once() {
    let input = AgentInput { email: "nobody".into(), password: "short".into(), ..AgentInput::default() };
    let fields: Vec<String> = problems(input.check()).into_iter().map(|(field, _)| field).collect();
    assert_eq!(fields, ["email", "name", "role", "password"]);
    assert_eq!(problems(SetupInput::default().check()).len(), 5);
    let empty: AgentInput =
        serde_json::from_value(serde_json::json!({"email": "a@b.example", "name": "A", "role": "", "unit": "", "lang": ""})).unwrap();
    assert_eq!((empty.role, empty.unit, empty.lang), (None, None, None), "an empty field is no value");
}

#[test]
fn csv_of_any_origin_is_read() {
    let text = "邮箱,姓名,昵称,角色,客服组\nli@example.com,李雷,小李,工单客服,\"一组、二组\"\n,,,,\nhan@example.com,韩梅梅,,,\n";
    let rows = read(text.as_bytes()).unwrap();
    assert_eq!(rows.len(), 2);
    assert_eq!((rows[0].line, rows[0].name.as_str(), rows[0].groups.as_str()), (2, "李雷", "一组、二组"));
    assert_eq!((rows[1].line, rows[1].email.as_str()), (4, "han@example.com"));
    let (gb18030, _, _) = encoding_rs::GB18030.encode(text);
    assert_eq!(read(&gb18030).unwrap(), rows, "as Excel in Chinese writes it");
    assert_eq!(read(format!("\u{feff}{text}").as_bytes()).unwrap(), rows);
    let utf16: Vec<u8> = [0xFF, 0xFE].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    assert_eq!(read(&utf16).unwrap(), rows);
    let english = read(b"Name;E-mail;Role\r\nLi Lei;li@example.com;5555\r\n").unwrap();
    assert_eq!((english[0].email.as_str(), english[0].role.as_str()), ("li@example.com", "5555"));
}

#[test]
fn csv_that_is_none_says_why() {
    let file = |problem| vec![("file".to_owned(), problem)];
    assert_eq!(problems(read(b"").map(drop)), file(Problem::EmptyFile));
    assert_eq!(problems(read("邮箱,姓名\n".as_bytes()).map(drop)), file(Problem::EmptyFile));
    assert_eq!(problems(read("a,b\n1,2\n".as_bytes()).map(drop)), file(Problem::CsvNoHeader));
    let many = format!("email,name\n{}", "a@b.example,A\n".repeat(1001));
    assert_eq!(problems(read(many.as_bytes()).map(drop)), file(Problem::TooManyRows));
    assert!(read(&[0, 159, 146, 150, 255, 0]).is_err());
}
