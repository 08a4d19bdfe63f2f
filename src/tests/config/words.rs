//! 配置的说法: whatever is set up is told in words, in the history and in plans: no code, no id.

use super::{change_of, kind};
use crate::demo;
use crate::tests::app::TestApp;
use crate::tests::ticket::Desk;
use crate::tests::trigger::{rule, then, when};
use config::difference::differences;
use config::queries::{as_of, names};
use kernel::lang::Lang;
use kernel::setting;
use satisfaction::model::{Cap, SatisfactionSettings};
use serde_json::Value;
use ticket::model::Source;
use ticket::model::reminder::{ReminderEvent, ReminderSettings, Way};
use ticket::model::view::ViewInput;
use trigger::field::Field;
use trigger::model::{ActionKind, Moment, Operator};

/// Keys under which stands what somebody typed.
const TYPED: &[&str] = &[
    "name",
    "title",
    "label",
    "hint",
    "description",
    "options",
    "folder",
    "note",
    "html",
    "cc",
    "shortcut",
    "address",
    "display_name",
    "host",
    "user",
    "imap_folder",
    "authserv_id",
    "zh",
    "en",
];

/// A word as programs write it.
fn is_code(word: &str) -> bool {
    let is_snake = !word.is_empty() && word.chars().all(|letter| letter.is_ascii_lowercase() || letter == '_');
    is_snake || word.parse::<uuid::Uuid>().is_ok()
}

#[tokio::test]
async fn nothing_that_is_set_up_is_told_as_a_code_or_an_id() {
    let mut test = TestApp::empty().await;
    let founded = demo::furnish(&test.app, Lang::Zh).await.expect("the demo");
    test.company = founded.company;
    let boss = test.ctx(founded.agent).await;
    let query = "view=mine&status[0]=solved&priority[0]=high&source[0]=email&flag[0]=urged&sort=created&created_from=2026-11-01\
        &report=ticket_satisfaction&metric=rated&by=channel";
    let view = ViewInput { name: "全部条件".to_owned(), shared: true, query: query.to_owned(), ..ViewInput::default() };
    ticket::commands::view::save(&boss, view).await.expect("a view");
    let mut tx = boss.begin().await.expect("a transaction");
    let version = setting::in_force::<ReminderSettings>(&mut tx).await.expect("settings").version;
    let loud = ReminderSettings { mail: ReminderEvent::ALL.to_vec(), open: Way::ALL.to_vec(), ..ReminderSettings::default() };
    setting::save(&mut tx, &loud, version, "").await.expect("saved");
    let version = setting::in_force::<SatisfactionSettings>(&mut tx).await.expect("settings").version;
    let rare = SatisfactionSettings {
        cap: Some(Cap { most: 1, days: 7 }),
        excluded_sources: vec![Source::Email],
        ..SatisfactionSettings::default()
    };
    setting::save(&mut tx, &rare, version, "").await.expect("saved");
    tx.commit().await.expect("committed");
    let names = names(&boss).await.expect("names");
    let mut told = 0;
    for section in as_of(&boss, boss.now()).await.expect("the configuration") {
        for object in &section.objects {
            for one in differences(section.kind, &Value::Null, &object.document) {
                let (field, [_, said]) = (one.field(section.kind, &names, Lang::Zh), one.said(section.kind, &names, Lang::Zh));
                let place = format!("{} {}: {said}", section.kind.key, one.path.join("."));
                assert!(field.split(" / ").all(|part| !is_code(part)), "{field}, {place}");
                let is_typed = one.path.iter().any(|part| TYPED.contains(&part.as_str()));
                let words = said.split(['、', '；', '：', ' ']).filter(|word| !word.is_empty());
                assert!(is_typed || words.into_iter().all(|word| !is_code(word)), "{place}");
                told += 1;
            }
        }
    }
    assert!(told > 100, "the demo sets up a lot: {told}");
}

#[tokio::test]
async fn a_trigger_is_told_as_its_own_sentences() {
    let desk = Desk::new().await;
    let conditions = vec![when(Field::Status, Operator::Is, "in_progress"), when(Field::Group, Operator::Is, &desk.other.to_string())];
    let first = rule("转财务", Moment::Updated, conditions, vec![then(ActionKind::Priority, "high")]);
    let id = trigger::commands::save(&desk.admin, first.clone()).await.expect("saved");
    let conditions = vec![when(Field::Status, Operator::Is, "solved"), when(Field::Group, Operator::Is, &desk.other.to_string())];
    let actions = vec![then(ActionKind::Group, desk.group)];
    let second = trigger::model::TriggerInput { trigger: Some(id), version: 1, all: conditions, actions, ..first };
    trigger::commands::save(&desk.admin, second).await.expect("saved");
    // What is gone since has the name that it had.
    desk.test.tamper(format!("update groups set deleted_at = now() where id = '{}'", desk.group)).await;
    let trigger = kind(&desk.test, "trigger");
    let zh = change_of(&desk.admin, trigger, id.0, Lang::Zh).await;
    assert_eq!(zh, ["规则 / 动作 / #1: 设置优先级 高 → 分配到受理组 售后组", "规则 / 满足所有 / #1: 状态 是 受理中 → 状态 是 已解决"]);
    let en = change_of(&desk.admin, trigger, id.0, Lang::En).await;
    assert_eq!(
        en,
        [
            "Rule / Actions / #1: Set the priority: High → Assign to a group: 售后组",
            "Rule / All of / #1: Status is In progress → Status is Solved"
        ]
    );
    let page = desk.test.super_admin().await.get(&format!("/settings/history/trigger/{id}")).await;
    assert!(page.text(".diff").contains("状态 是 受理中"), "{}", page.body);
}

#[tokio::test]
async fn the_places_of_a_list_have_names() {
    let test = TestApp::new().await;
    let browser = test.super_admin().await;
    browser
        .submit("/settings/duty/new", "/do/duty/save", &[("name", "白班"), ("time_zone", "UTC"), ("monday", "9-18"), ("sunday", "10-12")])
        .await;
    browser.submit("/settings/sla/new", "/do/sla/save", &[("name", "标准"), ("enabled", "true"), ("urgent[first]", "30m")]).await;
    let history = browser.get("/settings/history").await;
    let fields: Vec<String> = history.texts(".diff li > span:first-child");
    for field in ["每周 / 周一", "每周 / 周日", "规则 / 目标时长（分钟） / 紧急 / 首次响应"] {
        assert!(fields.iter().any(|known| known == field), "{field}: {fields:?}");
    }
}
