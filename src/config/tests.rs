//! Pure tests: references there and back, the file, and plans over models of configurations.

use crate::dangling::dangling;
use crate::fault::Fault;
use crate::plan::{Act, Plan, plan};
use crate::refs::Names;
use crate::section::{Section, labels};
use crate::{difference, file};
use kernel::configured::order::settled;
use kernel::configured::{Configured, Kind, Object, Words};
use kernel::error::Result;
use kernel::lang::Lang;
use kernel::permission::Permission;
use kernel::tx::Tx;
use proptest::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

macro_rules! kind {
    ($name:ident, $key:literal, $ordered:literal, $single:literal) => {
        #[derive(Serialize, Deserialize)]
        #[serde(deny_unknown_fields)]
        struct $name {
            name: String,
            #[serde(default)]
            parent: Option<Uuid>,
            #[serde(default)]
            members: Vec<Uuid>,
            #[serde(default)]
            note: String,
            #[serde(default)]
            most: Option<i64>,
        }

        impl Configured for $name {
            const KIND: &'static str = $key;
            const LABEL: Words = ("种类", $key);
            const NEEDS: Permission = Permission::ConfigManage;
            const PAGE: &'static str = "/";
            const ORDERED: bool = $ordered;
            const SINGLE: bool = $single;
            const SETS: &'static [&'static str] = &["members"];

            async fn all(_: &mut Tx) -> Result<Vec<(Uuid, Self)>> {
                Ok(Vec::new())
            }

            async fn put(_: &mut Tx, _: Uuid, _: Self) -> Result {
                Ok(())
            }

            async fn remove(_: &mut Tx, _: Uuid) -> Result {
                Ok(())
            }
        }
    };
}

kind!(House, "house", false, true);
kind!(Team, "team", false, false);
kind!(Rule, "rule", true, false);

static KINDS: [Kind; 3] = [Kind::of::<House>(), Kind::of::<Team>(), Kind::of::<Rule>()];

const AGENT: Uuid = Uuid::from_u128(0xaaaa);

fn agents() -> Vec<(Uuid, String)> {
    vec![(AGENT, "li.lei@example.com".to_owned())]
}

fn object(id: u128, document: &Value) -> Object {
    Object { id: Uuid::from_u128(id), document: document.clone() }
}

/// A house, teams and rules; of each its document is what its kind writes.
fn sections(house: &Value, teams: Vec<Object>, rules: Vec<Object>) -> Vec<Section> {
    let whole = |kind: &'static Kind, objects: Vec<Object>| {
        let whole = |object: Object| Object { document: kind.read(object.document).expect("a document"), ..object };
        Section { kind, objects: objects.into_iter().map(whole).collect() }
    };
    vec![whole(&KINDS[0], vec![object(1, house)]), whole(&KINDS[1], teams), whole(&KINDS[2], rules)]
}

fn empty() -> Vec<Section> {
    sections(&json!({ "name": "" }), Vec::new(), Vec::new())
}

fn ids() -> impl FnMut() -> Uuid {
    let mut last = 1000;
    move || {
        last += 1;
        Uuid::from_u128(last)
    }
}

fn written(sections: &[Section]) -> String {
    file::write(sections, &Names::of(sections, &agents())).expect("a file")
}

fn read(text: &str, now: &[Section], prune: bool) -> core::result::Result<Vec<Section>, Vec<Fault>> {
    file::read(text, now, &agents(), prune, ids())
}

/// Values of any shape, with ids that are known, ids that are not, and texts that look like references.
fn any_value() -> impl Strategy<Value = Value> {
    let text = prop_oneof![
        Just(Uuid::from_u128(10).to_string()),
        Just(Uuid::from_u128(10).to_string().to_uppercase()),
        Just(Uuid::from_u128(99).to_string()),
        Just(AGENT.to_string()),
        Just("@team/一组".to_owned()),
        Just("@@".to_owned()),
        "@{0,3}[a-z/ #]{0,6}",
        ".{0,12}",
    ];
    let leaf =
        prop_oneof![Just(Value::Null), any::<bool>().prop_map(Value::from), any::<i64>().prop_map(Value::from), text.prop_map(Value::from)];
    leaf.prop_recursive(4, 32, 5, |inner| {
        let key = prop_oneof![
            "[a-z]{1,4}",
            "@{0,3}[a-z/]{0,4}",
            Just(Uuid::from_u128(10).to_string()),
            Just(Uuid::from_u128(99).to_string()),
            Just(format!("own-choice-{}", Uuid::from_u128(10))),
        ];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::btree_map(key, inner, 0..5).prop_map(Value::from_iter),
        ]
    })
}

/// Rules with names of few letters, so that two configurations have some in common, each with a document of its own.
fn any_rules() -> impl Strategy<Value = Vec<(usize, u8)>> {
    prop::collection::vec((0_usize..8, 0_u8..3), 0..8).prop_map(|mut rules| {
        let mut seen = Vec::new();
        rules.retain(|(name, _)| {
            !seen.contains(name) && {
                seen.push(*name);
                true
            }
        });
        rules
    })
}

fn with_rules(rules: &[(usize, u8)]) -> Vec<Section> {
    let rules =
        rules.iter().map(|(name, note)| object(100 + *name as u128, &json!({ "name": format!("规则{name}"), "note": format!("{note}") })));
    sections(&json!({ "name": "晨光" }), Vec::new(), rules.collect())
}

/// What the commands would leave behind.
fn applied(now: &[Section], plan: &Plan) -> Vec<Section> {
    let mut after = now.to_vec();
    for step in &plan.steps {
        let section = after.iter_mut().find(|section| section.kind.key == step.kind.key).expect("a section");
        match step.act {
            Act::Create => section.objects.push(Object { id: step.id, document: step.after.clone() }),
            Act::Change => section.objects.iter_mut().find(|one| one.id == step.id).expect("it").document = step.after.clone(),
            Act::Delete => section.objects.retain(|one| one.id != step.id),
            Act::Move => {}
        }
    }
    for (kind, order) in &plan.orders {
        let section = after.iter_mut().find(|section| section.kind.key == kind.key).expect("a section");
        section.objects.sort_by_key(|object| order.iter().position(|id| *id == object.id));
    }
    after.into_iter().map(listed).collect()
}

/// As the database lists what stands in an order.
fn listed(mut section: Section) -> Section {
    let ids: Vec<Uuid> = section.objects.iter().map(|object| object.id).collect();
    let documents = section.objects.iter().map(|object| (object.id, &object.document)).collect();
    let order = settled(section.kind.apart, &ids, &documents);
    if section.kind.is_ordered {
        section.objects.sort_by_key(|object| order.iter().position(|id| *id == object.id));
    }
    section
}

/// Two rules in either order and up to five below them, mixed in any way.
fn any_tree() -> impl Strategy<Value = Vec<Section>> {
    let below = prop::collection::vec((any::<Option<bool>>(), any::<u32>()), 5);
    (any::<bool>(), below).prop_map(|(is_turned, below)| {
        let top = |id: u128| object(id, &json!({ "name": format!("规则{id}") }));
        let mut rules = if is_turned { vec![top(101), top(100)] } else { vec![top(100), top(101)] };
        let mut placed: Vec<(u32, Object)> = Vec::new();
        for (id, (parent, place)) in (200_u128..).zip(below) {
            let Some(is_second) = parent else { continue };
            let parent = Uuid::from_u128(100 + u128::from(is_second));
            placed.push((place, object(id, &json!({ "name": format!("规则{id}"), "parent": parent }))));
        }
        placed.sort_by_key(|(place, _)| *place);
        rules.extend(placed.into_iter().map(|(_, rule)| rule));
        sections(&json!({ "name": "晨光" }), Vec::new(), rules)
    })
}

fn documents(sections: &[Section]) -> Vec<(&str, &Value)> {
    sections.iter().flat_map(|section| section.objects.iter().map(|object| (section.kind.key, &object.document))).collect()
}

proptest! {
    #[test]
    fn references_go_there_and_back(value in any_value()) {
        let names = Names::of(&sections(&json!({ "name": "x" }), vec![object(10, &json!({ "name": "一组" }))], Vec::new()), &agents());
        prop_assert_eq!(names.read(&names.write(&value)), Ok(value));
    }

    #[test]
    fn texts_of_any_kind_survive_the_file(name in "[^\\x00]{1,30}", note in "(?s)[^\\x00]{0,60}") {
        let teams = vec![object(10, &json!({ "name": name, "note": note, "members": [AGENT] }))];
        let now = sections(&json!({ "name": "晨光" }), teams, vec![object(20, &json!({ "name": "r", "members": [Uuid::from_u128(10)] }))]);
        let text = written(&now);
        let back = read(&text, &empty(), true).map_err(|faults| TestCaseError::fail(format!("{faults:?} in {text}")))?;
        prop_assert_eq!(written(&back), text);
        prop_assert_eq!(back[1].objects[0].document.clone(), now[1].objects[0].document.clone());
    }

    #[test]
    fn a_plan_leads_where_it_says(now in any_rules(), wanted in any_rules()) {
        let (now, wanted) = (with_rules(&now), with_rules(&wanted));
        prop_assert!(plan(&now, &now, true).steps.is_empty());
        let after = applied(&now, &plan(&now, &wanted, true));
        prop_assert_eq!(documents(&after), documents(&wanted));
        prop_assert!(plan(&after, &wanted, true).steps.is_empty());
    }

    #[test]
    fn how_a_file_mixes_what_stands_apart_says_nothing(now in any_tree(), wanted in any_tree(), prune in any::<bool>()) {
        let now: Vec<Section> = now.into_iter().map(listed).collect();
        let after = applied(&now, &plan(&now, &wanted, prune));
        let again = plan(&after, &wanted, prune);
        prop_assert!(again.steps.is_empty() && again.orders.is_empty(), "{:?}", again.steps);
    }

    #[test]
    fn without_prune_nothing_is_lost_and_the_file_has_its_order(now in any_rules(), wanted in any_rules()) {
        let (now, wanted) = (with_rules(&now), with_rules(&wanted));
        let first = plan(&now, &wanted, false);
        prop_assert_eq!(first.count(Act::Delete), 0);
        let after = applied(&now, &first);
        let named: Vec<Uuid> = wanted[2].objects.iter().map(|object| object.id).collect();
        let (in_file, others): (Vec<_>, Vec<_>) = after[2].objects.iter().partition(|object| named.contains(&object.id));
        prop_assert_eq!(in_file, wanted[2].objects.iter().collect::<Vec<_>>());
        let mut untouched: Vec<_> = now[2].objects.iter().filter(|object| !named.contains(&object.id)).collect();
        let mut others = others;
        others.sort_by_key(|object| object.id);
        untouched.sort_by_key(|object| object.id);
        prop_assert_eq!(others, untouched);
        prop_assert!(plan(&after, &wanted, false).steps.is_empty(), "applied once more it changes nothing");
    }
}

#[test]
fn names_that_are_not_unique_get_a_number_and_those_below_another_its_path() {
    let parent = Uuid::from_u128(10);
    let teams = vec![
        object(10, &json!({ "name": "售后" })),
        object(11, &json!({ "name": "退换", "parent": parent })),
        object(12, &json!({ "name": "售后" })),
        object(13, &json!({ "name": "售后 #2" })),
    ];
    let now = sections(&json!({ "name": "晨光" }), teams, Vec::new());
    let expected = ["售后", "售后/退换", "售后 #2", "售后 #2 #2"];
    assert_eq!(labels(&KINDS[1], &now[1].objects), expected);
    let text = written(&now);
    assert!(text.contains("parent = \"@team/售后\""), "{text}");
    let back = read(&text, &empty(), true).expect("read");
    assert_eq!(labels(&KINDS[1], &back[1].objects), expected);
    assert_eq!(written(&back), text);
}

#[test]
fn a_file_says_what_it_is_and_holds_no_id() {
    let teams = vec![object(10, &json!({ "name": "一组", "members": [AGENT] }))];
    let rules =
        vec![object(20, &json!({ "name": "先", "members": [Uuid::from_u128(10)], "most": 3 })), object(21, &json!({ "name": "后" }))];
    let text = written(&sections(&json!({ "name": "晨光" }), teams, rules));
    assert_eq!(
        text,
        "# 客服 Kefu\nformat = 1\n\n[house]\nmembers = []\nname = \"晨光\"\nnote = \"\"\n\n[[team]]\nmembers = [\"@agent/li.lei@example.com\"]\nname = \"一组\"\nnote = \"\"\n\n[[rule]]\nmembers = [\"@team/一组\"]\nmost = 3\nname = \"先\"\nnote = \"\"\n\n[[rule]]\nmembers = []\nname = \"后\"\nnote = \"\"\n"
    );
}

#[test]
fn what_is_wrong_with_a_file_names_the_line_or_the_object() {
    let now = sections(&json!({ "name": "晨光" }), vec![object(10, &json!({ "name": "一组" }))], Vec::new());
    let said = |text: &str, prune| {
        let faults = read(text, &now, prune).expect_err("it is wrong");
        faults.iter().map(|fault| fault.text(Lang::En)).collect::<Vec<_>>().join("\n")
    };
    assert!(said("format = 1\n[[team]\nname = 1", false).contains("line 2"));
    assert!(said("[[team]]\nname = \"x\"", false).contains("format = 1"));
    assert!(said("format = 2", false).contains("format = 1"));
    assert!(said("format = 1\n[[rocket]]\nname = \"x\"", false).contains("rocket"));
    assert!(said("format = 1\nteam = 3", false).contains("table"));
    let said_of_key = said("format = 1\n[[rule]]\nname = \"甲\"\nsped = 3", false);
    assert!(said_of_key.contains("甲") && said_of_key.contains("sped"), "{said_of_key}");
    let said_of_type = said("format = 1\n[[rule]]\nname = \"甲\"\nmost = \"viel\"", false);
    assert!(said_of_type.contains("甲"), "{said_of_type}");
    assert!(said("format = 1\n[[rule]]\nname = \"甲\"\nmembers = [\"@team/二组\"]", false).contains("@team/二组"));
    // With prune the group that the file does not name is gone when the rule names it.
    let names_it = "format = 1\n[[rule]]\nname = \"甲\"\nmembers = [\"@team/一组\"]";
    assert!(read(names_it, &now, false).is_ok());
    assert!(said(names_it, true).contains("@team/一组"));
    let large = read(&"#".repeat(crate::model::FILE_MOST + 1), &now, false).expect_err("too large");
    assert!(matches!(large[..], [Fault::TooLarge]), "{large:?}");
    let many = format!("format = 1\n{}", "[[rule]]\nname = \"x\"\n".repeat(crate::model::OBJECTS_MOST + 1));
    let many = read(&many, &now, false).expect_err("too many");
    assert!(matches!(many[..], [Fault::TooMany]), "{many:?}");
    // The database takes no such text, wherever it stands.
    for zero in ["name = \"x\\u0000\"", "name = \"x\"\nnote = \"\\u0000\"", "name = \"x\"\n\"a\\u0000\" = 1"] {
        let said = said(&format!("format = 1\n[[rule]]\n{zero}"), false);
        assert!(said.contains("cannot be kept") && !said.contains('\0'), "{said}");
    }
}

#[test]
fn a_difference_goes_through_tables_and_leaves_out_what_says_nothing() {
    let before = json!({ "name": "甲", "note": "", "rule": { "all": [{ "field": "title", "values": ["a"] }] } });
    let after =
        json!({ "name": "甲", "note": null, "rule": { "all": [{ "field": "title", "values": ["a", "b"] }, { "field": "status" }] } });
    let paths: Vec<String> = difference::differences(&KINDS[1], &before, &after).iter().map(|one| one.path.join(".")).collect();
    assert_eq!(paths, ["rule.all.#1.values", "rule.all.#2.field"]);
}

#[test]
fn what_a_configuration_names_and_does_not_have_is_told_where_it_stands() {
    let gone = Uuid::from_u128(99);
    let teams = vec![object(10, &json!({ "name": "一组", "members": [AGENT, gone] }))];
    let rules = vec![object(20, &json!({ "name": "先", "members": [Uuid::from_u128(10)], "note": format!("own-choice-{gone}") }))];
    let now = sections(&json!({ "name": "晨光" }), teams, rules);
    let lost: Vec<String> = dangling(&now, &Names::of(&now, &agents())).iter().map(|one| one.text(Lang::En)).collect();
    assert_eq!(lost, ["team “一组” / members", "rule “先” / note"]);
    let names = Names::of(&now, &agents());
    assert_eq!(names.dangling(&json!({ "own": { (gone.to_string()): "A1", (Uuid::from_u128(10).to_string()): gone } })), ["own", "own"]);
}

#[test]
fn keys_that_are_ids_are_named_too() {
    let now = sections(&json!({ "name": "晨光" }), vec![object(10, &json!({ "name": "一组" }))], Vec::new());
    let names = Names::of(&now, &agents());
    let document = json!({ "own": { (Uuid::from_u128(10).to_string()): "A1" } });
    assert_eq!(names.write(&document), json!({ "own": { "@team/一组": "A1" } }));
    assert_eq!(names.read(&json!({ "own": { "@team/二组": "A1" } })), Err(vec!["@team/二组".to_owned()]));
    let told = difference::differences(&KINDS[1], &Value::Null, &document);
    assert_eq!(told.iter().map(|one| one.field(&KINDS[1], &names, Lang::En)).collect::<Vec<_>>(), ["own / 一组"]);
}
