//! 配置历史: every version of everything that is set up, the way back, and the configuration as a file.

pub(super) mod file;
mod import;
mod kinds;
mod pages;
mod program;
mod record;
mod words;

use crate::tests::app::{ADMIN, PASSWORD, TestApp};
use crate::tests::browser::Browser;
use config::commands::{export, roll_back};
use config::difference::differences;
use config::model::RestoreInput;
use config::queries::{as_of, names, versions};
use jiff::SignedDuration;
use kernel::configured::{Kind, Object};
use kernel::ctx::Ctx;
use kernel::lang::Lang;
use kernel::setting;
use kinds::{CANARY, DEEDS, Deeds, Form};
use satisfaction::model::SatisfactionSettings;
use serde_json::{Value, json};
use uuid::Uuid;

fn kind(test: &TestApp, key: &str) -> &'static Kind {
    test.app.kinds.iter().find(|kind| kind.key == key).expect("a kind")
}

async fn objects(ctx: &Ctx, kind: &Kind) -> Vec<Object> {
    kind.all(&mut ctx.read().await.expect("a transaction")).await.expect("objects")
}

async fn send(browser: &Browser, (path, fields): Form, id: Uuid) {
    let fields: Vec<(&str, String)> = fields.iter().map(|(name, value)| (*name, value.replace("{id}", &id.to_string()))).collect();
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let answer = browser.call(path, &fields).await;
    assert!(!answer.body.contains("problems"), "{path}: {}", answer.body);
}

/// What the last version of an object changed, as it is told: `field: before → after`.
async fn change_of(ctx: &Ctx, kind: &Kind, id: Uuid, lang: Lang) -> Vec<String> {
    let (last, names) = (versions(ctx, kind.key, id).await.expect("versions").remove(0), names(ctx).await.expect("names"));
    let (before, after) = (last.before.unwrap_or_default(), last.document.unwrap_or_default());
    let told = |one: config::difference::Difference| {
        let [was, is] = one.said(kind, &names, lang);
        format!("{}: {was} → {is}", one.field(kind, &names, lang))
    };
    differences(kind, &before, &after).into_iter().map(told).collect()
}

fn minute() -> SignedDuration {
    SignedDuration::from_mins(1)
}

/// The object that is there and was not before.
async fn made(ctx: &Ctx, kind: &Kind, before: &[Object]) -> Uuid {
    let after = objects(ctx, kind).await;
    after.iter().find(|object| before.iter().all(|known| known.id != object.id)).expect("one more").id
}

#[tokio::test]
async fn every_kind_keeps_who_changed_what_and_goes_back() {
    let test = TestApp::new().await;
    let (admin, browser) = (test.admin().await, test.super_admin().await);
    // There is something to go back to: the settings form of satisfaction is long.
    let mut tx = admin.begin().await.expect("a transaction");
    setting::save(&mut tx, &SatisfactionSettings { validity: 3, ..SatisfactionSettings::default() }, 0, "").await.expect("saved");
    setting::save(&mut tx, &SatisfactionSettings { validity: 4, ..SatisfactionSettings::default() }, 1, "").await.expect("saved");
    tx.commit().await.expect("committed");
    for kind in test.app.kinds {
        let deeds = DEEDS.iter().find(|deeds| deeds.kind == kind.key);
        let deeds = deeds.unwrap_or_else(|| panic!("{} is new: say in src/tests/config/kinds.rs how it is made and changed", kind.key));
        walk(&test, &admin, &browser, kind, deeds).await;
    }
    assert_eq!(test.ask::<i64>(format!("select count(*) from config_versions v where v::text like '%{CANARY}%'")).await, 0);
    assert!(!export(&admin, None).await.expect("a file").contains(CANARY));
}

async fn walk(test: &TestApp, admin: &Ctx, browser: &Browser, kind: &'static Kind, deeds: &Deeds) {
    let before = objects(admin, kind).await;
    let id = match deeds.make {
        Some(form) => {
            send(browser, form, Uuid::nil()).await;
            made(admin, kind, &before).await
        }
        None => before[0].id,
    };
    let first = objects(admin, kind).await.into_iter().find(|object| object.id == id).expect("it").document;
    test.app.clock.advance(minute());
    let between = admin.now();
    test.app.clock.advance(minute());
    send(browser, deeds.change, id).await;
    let second = objects(admin, kind).await.into_iter().find(|object| object.id == id).expect("it").document;
    assert_ne!(first, second, "{} did change", kind.key);
    let history = versions(admin, kind.key, id).await.expect("versions");
    assert_eq!((history[0].before.as_ref(), history[0].document.as_ref()), (Some(&first), Some(&second)), "{}", kind.key);
    assert_eq!(history[0].actor_name, "韩梅梅", "{}", kind.key);
    let reason = deeds.change.1.iter().find(|(name, _)| *name == "reason").map_or("", |(_, reason)| reason);
    if kind.key != "satisfaction_settings" {
        assert_eq!(history[0].reason, reason, "{}", kind.key);
    }
    let then = as_of(admin, between).await.expect("the configuration");
    let then = then.iter().find(|section| section.kind.key == kind.key).expect("a section");
    assert_eq!(then.objects.iter().find(|object| object.id == id).map(|object| &object.document), Some(&first), "{}", kind.key);
    if let Some(delete) = deeds.delete {
        test.app.clock.advance(minute());
        send(browser, delete, id).await;
        let history = versions(admin, kind.key, id).await.expect("versions");
        assert_eq!((history[0].before.as_ref(), history[0].document.as_ref()), (Some(&second), None), "{}", kind.key);
        assert!(objects(admin, kind).await.iter().all(|object| object.id != id), "{}", kind.key);
    }
    back(admin, kind, id, &first).await;
}

/// Brings the version with this document back.
async fn back(admin: &Ctx, kind: &Kind, id: Uuid, document: &Value) {
    let history = versions(admin, kind.key, id).await.expect("versions");
    let wanted = history.iter().find(|version| version.document.as_ref() == Some(document)).expect("the version").version;
    let last = history[0].version;
    let input = RestoreInput { kind: kind.key.to_owned(), object: id, version: wanted, last, reason: "看错了".to_owned() };
    roll_back(admin, &input).await.unwrap_or_else(|error| panic!("{} goes back: {error}", kind.key));
    let mut expected = document.clone();
    // Its password went with the deleted mailbox: it stays off until somebody types it.
    if kind.key == "mailbox" {
        expected["enabled"] = json!(false);
    }
    let now = objects(admin, kind).await.into_iter().find(|object| object.id == id).expect("it is back").document;
    assert_eq!(now, expected, "{}", kind.key);
    let history = versions(admin, kind.key, id).await.expect("versions");
    assert_eq!((history[0].version, history[0].reason.as_str()), (last + 1, "看错了"), "{}", kind.key);
    let stale = roll_back(admin, &RestoreInput { version: 1, ..input }).await;
    assert_eq!(crate::tests::app::problem(stale), kernel::error::Problem::Stale, "{}: somebody was faster", kind.key);
}

#[tokio::test]
async fn a_change_that_touches_other_objects_is_seen_there_too_and_a_move_touches_none() {
    let test = TestApp::new().await;
    let admin = test.admin().await;
    let group: Uuid = test.ask("select id from groups limit 1").await;
    let office = |name: &str| routing::model::CalendarInput {
        name: name.to_owned(),
        time_zone: "UTC".to_owned(),
        groups: vec![kernel::id::GroupId(group)],
        ..Default::default()
    };
    let first = routing::commands::save(&admin, office("白班")).await.expect("saved");
    routing::commands::save(&admin, office("夜班")).await.expect("saved");
    let history = versions(&admin, "calendar", first.0).await.expect("versions");
    assert_eq!(history[0].version, 2, "the group left it for the other");
    assert_eq!(history[0].document.as_ref().expect("a document")["groups"], json!([]));
    let policy = |name: &str| sla::model::PolicyInput {
        name: name.to_owned(),
        medium: sla::model::GoalsInput { first: "4h".to_owned(), ..Default::default() },
        ..Default::default()
    };
    let one = sla::commands::save(&admin, policy("一")).await.expect("saved");
    test.app.clock.advance(minute());
    let two = sla::commands::save(&admin, policy("二")).await.expect("saved");
    let orders = || async {
        test.ask::<i64>("select count(*) from config_versions where kind = 'sla' and object_id = '00000000-0000-0000-0000-000000000000'")
            .await
    };
    assert_eq!(orders().await, 1, "new ones stand where new ones stand");
    let step = sla::model::PolicyStep { policy: two, step: kernel::step::Step::Up };
    sla::commands::step(&admin, step).await.expect("moved");
    assert_eq!(orders().await, 2);
    for policy in [one, two] {
        assert_eq!(versions(&admin, "sla", policy.0).await.expect("versions").len(), 1);
    }
    let input = RestoreInput { kind: "sla".to_owned(), object: Uuid::nil(), version: 1, last: 2, reason: String::new() };
    roll_back(&admin, &input).await.expect("the order goes back");
    let names: Vec<String> = test.list("select name from sla_policies order by position").await;
    assert_eq!(names, ["一", "二"]);
}

#[tokio::test]
async fn a_company_of_before_begins_with_what_it_has_and_new_kinds_are_nobodys_change() {
    let test = TestApp::new().await;
    test.tamper("delete from config_versions").await;
    kernel::configured::record::begin(&test.app).await.expect("begun");
    let who: Vec<String> = test.list("select distinct actor_name from config_versions").await;
    assert_eq!(who, ["系统"]);
    assert_eq!(test.ask::<i64>("select count(*) from config_versions where not is_baseline").await, 0);
    let count: i64 = test.ask("select count(*) from config_versions").await;
    kernel::configured::record::begin(&test.app).await.expect("nothing to do");
    assert_eq!(test.ask::<i64>("select count(*) from config_versions").await, count);
    // A release adds a kind: what is there of it is the system's, the change beside it is the person's.
    test.tamper("delete from config_versions where kind = 'group'").await;
    send(&test.super_admin().await, ("/do/unit/save", &[("name", "华东")]), Uuid::nil()).await;
    let who: Vec<String> = test.list("select distinct actor_name from config_versions where kind = 'group'").await;
    assert_eq!(who, ["系统"]);
    let who: Vec<String> = test.list("select actor_name from config_versions where kind = 'unit' and name = '华东'").await;
    assert_eq!(who, ["韩梅梅"]);
}

#[tokio::test]
async fn versions_cannot_be_changed_or_taken_away_by_the_program() {
    let test = TestApp::new().await;
    for statement in ["update config_versions set reason = 'x'", "delete from config_versions"] {
        let mut tx = test.system().await.begin().await.expect("a transaction");
        assert!(sqlx::query(statement).execute(&mut *tx).await.is_err(), "{statement}");
    }
}

#[tokio::test]
async fn two_who_change_at_once_both_stand_in_the_history() {
    let test = TestApp::new().await;
    let admin = test.admin().await;
    let field = |label: &str| customer::model::FieldInput {
        label: label.to_owned(),
        kind: Some(kernel::field::FieldKind::Line),
        ..Default::default()
    };
    let inputs: Vec<_> = (0..6).map(|number| field(&format!("字段{number}"))).collect();
    let saves = inputs.into_iter().map(|input| customer::commands::field::save(&admin, input));
    for saved in futures_util::future::join_all(saves).await {
        saved.expect("saved");
    }
    assert_eq!(test.ask::<i64>("select count(*) from config_versions where kind = 'customer_field' and document ? 'label'").await, 6);
}

/// The second company's super admin.
const BOSS: &str = "boss@other.example";

#[tokio::test]
async fn another_company_has_a_history_of_its_own() {
    let test = TestApp::new().await;
    test.new_company("别家公司", BOSS).await;
    let (admin, boss) = (test.ctx_of(ADMIN).await, test.ctx_of(BOSS).await);
    let group = identity::model::company::GroupInput { name: "别家组".to_owned(), ..Default::default() };
    let group = identity::commands::group::create(&boss, group).await.expect("a group");
    assert!(versions(&admin, "group", group.0).await.is_err());
    let file = export(&admin, None).await.expect("a file");
    assert!(!file.contains("别家") && !file.contains(PASSWORD), "{file}");
    let input = RestoreInput { kind: "group".to_owned(), object: group.0, version: 1, last: 1, reason: String::new() };
    assert!(roll_back(&admin, &input).await.is_err());
}
