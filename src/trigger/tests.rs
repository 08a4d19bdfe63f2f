//! The rule without a database: every field with every operator, lists, moments, and the check of the form.

mod own;

use crate::evaluate::{Facts, Happened, evaluate, matches};
use crate::field::{Aspect, Field, OwnField};
use crate::model::{ActionInput, ActionKind, Condition, ConditionInput, Moment, Operator, Rule, TriggerInput, TriggerKind};
use jiff::SignedDuration;
use kernel::error::{Error, Problem};
use kernel::field::FieldKind;
use kernel::id::{AgentId, CategoryId, GroupId, MailboxId, TemplateId, TicketFieldId};
use kernel::time::Stamp;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use ticket::model::template::{Template, Templates};
use ticket::model::{Priority, Property, Source, StartType, Status};
use uuid::Uuid;

pub(crate) const fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

pub(crate) fn now() -> Stamp {
    Stamp::from_micros(1_780_000_000_000_000).expect("a moment")
}

pub(crate) fn ago(hours: i64) -> Stamp {
    now().minus(SignedDuration::from_hours(hours))
}

/// A ticket in which everything is something.
pub(crate) fn facts() -> Facts {
    Facts {
        title: "发票抬头开错了".to_owned(),
        description: "Order 88213, please REISSUE it today.".to_owned(),
        status: Status::InProgress,
        priority: Priority::High,
        categories: vec![CategoryId(id(11)), CategoryId(id(1))],
        source: Source::Email,
        starter: StartType::Customer,
        group: Some(GroupId(id(21))),
        agent: Some(AgentId(id(31))),
        mailbox: Some(MailboxId(id(41))),
        senders: vec!["he@shop.example".to_owned(), "he@mail.example".to_owned()],
        vip_level: 2,
        created_at: ago(30),
        updated_at: ago(5),
        status_since: ago(7),
        waiting_since: Some(ago(3)),
        urge_count: 1,
        cycle: 1,
        score: Some(4),
        calendars: Arc::default(),
        templates: Arc::new(templates()),
        own: BTreeMap::new(),
        happened: Some(Happened {
            moments: vec![Moment::Updated],
            changed: vec![
                (Property::Status, "not_accepted".to_owned(), "in_progress".to_owned()),
                (Property::Priority, "low".to_owned(), "high".to_owned()),
                (Property::Category, id(12).to_string(), id(11).to_string()),
                (Property::Group, id(22).to_string(), id(21).to_string()),
                (Property::Agent, String::new(), id(31).to_string()),
            ],
            own: Vec::new(),
        }),
    }
}

/// The category below the first one has the template of the first; there is no default.
fn templates() -> Templates {
    let template = |number| Template {
        id: TemplateId(id(number)),
        name: String::new(),
        description: String::new(),
        slots: Vec::new(),
        is_default: false,
        version: 1,
    };
    let (below, first) = (CategoryId(id(11)), CategoryId(id(1)));
    let named = [(below, (Some(first), None)), (first, (None, Some(TemplateId(id(51)))))].into();
    Templates { all: vec![template(51), template(52)], named }
}

/// An own field of this kind; each kind has one.
pub(crate) fn own_field(kind: FieldKind) -> OwnField {
    OwnField { id: TicketFieldId(id(600 + u128::from(kind.code().unsigned_abs()))), kind }
}

/// The same ticket with nothing where there can be nothing, and nothing that changed.
fn bare() -> Facts {
    Facts {
        title: String::new(),
        description: String::new(),
        categories: Vec::new(),
        group: None,
        agent: None,
        mailbox: None,
        senders: Vec::new(),
        waiting_since: None,
        score: None,
        happened: Some(Happened { moments: vec![Moment::Updated], ..Happened::default() }),
        ..facts()
    }
}

fn holds(field: impl Into<Aspect>, operator: Operator, values: &[&str], facts: &Facts) -> bool {
    let condition = Condition { field: field.into(), operator, values: values.iter().map(|value| (*value).to_owned()).collect() };
    let rule = Rule { moments: vec![Moment::Updated], all: vec![condition], ..Rule::default() };
    let verdict = evaluate(&rule, facts, now()).matches;
    assert_eq!(matches(&rule, facts, now()), verdict, "the short answer is the long one's");
    verdict
}

/// A condition that holds of `facts` and one that does not, for every operator that compares.
fn cases() -> Vec<(Field, Operator, String, String)> {
    use Field::*;
    use Operator::*;
    let of = |field, operator, yes: &str, no: &str| (field, operator, yes.to_owned(), no.to_owned());
    let ids = |field, operator, yes: u128, no: u128| (field, operator, id(yes).to_string(), id(no).to_string());
    let mut cases = vec![
        of(Status, Is, "in_progress", "solved"),
        of(Status, IsNot, "solved", "in_progress"),
        of(Status, ChangedTo, "in_progress", "solved"),
        of(Status, ChangedFrom, "not_accepted", "solved"),
        of(Priority, Is, "high", "low"),
        of(Priority, IsNot, "low", "high"),
        of(Priority, ChangedTo, "high", "low"),
        of(Priority, ChangedFrom, "low", "high"),
        ids(Category, Is, 1, 12),
        ids(Category, IsNot, 12, 11),
        ids(Category, ChangedTo, 11, 12),
        ids(Category, ChangedFrom, 12, 11),
        of(Source, Is, "email", "call"),
        of(Source, IsNot, "call", "email"),
        ids(Group, Is, 21, 22),
        ids(Group, IsNot, 22, 21),
        ids(Group, ChangedTo, 21, 22),
        ids(Group, ChangedFrom, 22, 21),
        ids(Agent, Is, 31, 32),
        ids(Agent, IsNot, 32, 31),
        ids(Agent, ChangedTo, 31, 32),
        of(Starter, Is, "customer", "agent"),
        of(Starter, IsNot, "agent", "customer"),
        of(Duty, Is, "on", "off"),
        of(Duty, IsNot, "off", "on"),
        ids(Mailbox, Is, 41, 42),
        ids(Mailbox, IsNot, 42, 41),
        ids(Template, Is, 51, 52),
        ids(Template, IsNot, 52, 51),
    ];
    for (field, whole, part, start, end, pattern) in [
        (Sender, "HE@mail.example", "@shop", "he@", ".example", "^he@(shop|mail)\\."),
        (SenderDomain, "mail.example", "shop", "shop.", "example", "^shop"),
        (Title, "发票抬头开错了", "抬头", "发票", "错了", "发票.*错"),
        (Content, "发票抬头开错了", "reissue", "order", "TODAY.", "order \\d{5}"),
    ] {
        cases.extend([
            of(field, Contains, part, "别的"),
            of(field, ContainsNot, "别的", part),
            of(field, Is, whole, part),
            of(field, IsNot, part, whole),
            of(field, StartsWith, start, "别的"),
            of(field, EndsWith, end, "别的"),
            of(field, Matches, pattern, "^别的$"),
        ]);
    }
    for (field, number) in [
        (CustomerLevel, 2),
        (HoursSinceCreated, 30),
        (HoursSinceUpdated, 5),
        (HoursWaiting, 3),
        (UrgeCount, 1),
        (Score, 4),
        (Cycle, 1),
        (HoursInStatus, 7),
    ] {
        let (same, more, less) = (number.to_string(), (number + 1).to_string(), (number - 1).to_string());
        cases.extend([of(field, AtLeast, &same, &more), of(field, AtMost, &same, &less), of(field, Is, &same, &more)]);
    }
    cases
}

#[test]
fn every_field_with_every_operator() {
    let cases = cases();
    let mut tested = BTreeSet::new();
    for (field, operator, yes, no) in &cases {
        assert!(holds(*field, *operator, &[yes], &facts()), "{field} {operator} {yes}");
        assert!(!holds(*field, *operator, &[no], &facts()), "{field} {operator} {no}");
        let negates = matches!(operator, Operator::IsNot | Operator::ContainsNot);
        assert_eq!(holds(*field, *operator, &[no, yes], &facts()), !negates, "{field} {operator}: any of several");
        tested.insert((field.code(), operator.code()));
    }
    // Those without values: something is there, nothing is.
    for field in Field::ALL {
        let can_be_nothing = bare_of(*field);
        for operator in Aspect::Field(*field).operators(true).into_iter().filter(|operator| !operator.has_values()) {
            let (of_facts, of_bare) = match operator {
                Operator::Empty => (false, can_be_nothing),
                Operator::NotEmpty => (true, !can_be_nothing),
                _ => (true, false),
            };
            assert_eq!(holds(*field, operator, &[], &facts()), of_facts, "{field} {operator}");
            assert_eq!(holds(*field, operator, &[], &bare()), of_bare, "{field} {operator} of a bare ticket");
            tested.insert((field.code(), operator.code()));
        }
    }
    // From nobody: there was nothing to change from.
    tested.insert((Field::Agent.code(), Operator::ChangedFrom.code()));
    assert!(!holds(Field::Agent, Operator::ChangedFrom, &[&id(31).to_string()], &facts()));
    let all: BTreeSet<(i16, i16)> = Field::ALL
        .iter()
        .flat_map(|field| Aspect::Field(*field).operators(true).into_iter().map(|operator| (field.code(), operator.code())))
        .collect();
    assert_eq!(tested, all, "every pair has its case");
}

/// Whether the field holds nothing of the bare ticket.
fn bare_of(field: Field) -> bool {
    matches!(
        field,
        Field::Category
            | Field::Group
            | Field::Agent
            | Field::Mailbox
            | Field::Template
            | Field::Sender
            | Field::SenderDomain
            | Field::Title
            | Field::Content
            | Field::HoursWaiting
            | Field::Score
    )
}

#[test]
fn nothing_is_neither_large_nor_small_and_is_not_anything() {
    for operator in [Operator::AtLeast, Operator::AtMost, Operator::Is] {
        assert!(!holds(Field::HoursWaiting, operator, &["0"], &bare()), "{operator}");
    }
    assert!(holds(Field::Group, Operator::IsNot, &[&id(21).to_string()], &bare()), "no group is not this group");
    assert!(holds(Field::Title, Operator::ContainsNot, &["发票"], &bare()));
}

#[test]
fn a_pattern_that_is_none_holds_of_nothing_and_a_hostile_one_costs_little() {
    assert!(!holds(Field::Content, Operator::Matches, &["("], &facts()));
    // S29: what makes other engines run for ever, and what would take gigabytes to compile.
    let long = Facts { description: "a".repeat(10_000), ..facts() };
    assert!(!holds(Field::Content, Operator::Matches, &["(a+)+$b"], &long));
    assert!(!holds(Field::Content, Operator::Matches, &["((a{1,1000}){1,1000}){1,1000}"], &long));
}

#[test]
fn a_trace_is_no_copy_of_the_ticket() {
    let long = Facts { description: format!("{}尾", "长".repeat(10_000)), ..facts() };
    let condition = Condition { field: Field::Content.into(), operator: Operator::Contains, values: vec!["尾".to_owned()] };
    let verdict = evaluate(&Rule { moments: vec![Moment::Updated], all: vec![condition], ..Rule::default() }, &long, now());
    assert!(verdict.matches, "all of it is looked at");
    assert_eq!(verdict.all[0].found[1].chars().count(), 200);
}

#[test]
fn a_trigger_looks_at_its_moments_only() {
    let rule = |moment| Rule { moments: vec![moment], all: vec![yes()], ..Rule::default() };
    assert!(evaluate(&rule(Moment::Updated), &facts(), now()).matches);
    assert!(!evaluate(&rule(Moment::Created), &facts(), now()).matches);
}

fn yes() -> Condition {
    Condition { field: Field::Source.into(), operator: Operator::Is, values: vec!["email".to_owned()] }
}

fn no() -> Condition {
    Condition { operator: Operator::IsNot, ..yes() }
}

proptest! {
    #[test]
    fn all_of_one_list_and_any_of_the_other(all in prop::collection::vec(any::<bool>(), 0..10), any in prop::collection::vec(any::<bool>(), 0..10)) {
        let conditions = |wanted: &[bool]| wanted.iter().map(|holds| if *holds { yes() } else { no() }).collect::<Vec<_>>();
        let rule = Rule { moments: vec![Moment::Updated], all: conditions(&all), any: conditions(&any), ..Rule::default() };
        let verdict = evaluate(&rule, &facts(), now());
        prop_assert_eq!(verdict.matches, all.iter().all(|one| *one) && (any.is_empty() || any.contains(&true)));
        prop_assert_eq!(verdict.all.iter().map(|one| one.holds).collect::<Vec<_>>(), all);
        prop_assert_eq!(verdict.any.iter().map(|one| one.holds).collect::<Vec<_>>(), any);
    }
}

fn input() -> TriggerInput {
    TriggerInput {
        trigger: None,
        version: 0,
        kind: TriggerKind::Flow,
        name: "财务".to_owned(),
        description: String::new(),
        enabled: true,
        stop: false,
        moments: vec![Moment::Created],
        all: vec![
            ConditionInput { field: Some(Field::Title.into()), operator: None, values: vec![" 发票 ".to_owned(), String::new()] },
            ConditionInput::default(),
        ],
        any: Vec::new(),
        actions: vec![ActionInput { kind: Some(ActionKind::Priority), value: "high".to_owned(), ..ActionInput::default() }],
        step: String::new(),
        reason: String::new(),
    }
}

fn problems(input: &TriggerInput) -> Vec<(String, Problem)> {
    match input.check() {
        Err(Error::Problems(problems)) => problems.0,
        _ => Vec::new(),
    }
}

#[test]
fn the_form_gives_a_rule_without_its_empty_lines() {
    let rule = input().check().expect("a rule");
    assert_eq!(rule.all, [Condition { field: Field::Title.into(), operator: Operator::Contains, values: vec!["发票".to_owned()] }]);
    assert_eq!(rule.actions.len(), 1);
}

#[test]
fn everything_that_is_wrong_is_said_beside_its_line() {
    let wrong = TriggerInput {
        name: "名".repeat(101),
        moments: Vec::new(),
        all: vec![
            ConditionInput { field: Some(Field::Title.into()), operator: None, values: Vec::new() },
            ConditionInput { field: Some(Field::HoursWaiting.into()), operator: Some(Operator::AtLeast), values: vec!["两".to_owned()] },
        ],
        any: vec![ConditionInput::default(); 11],
        actions: vec![
            ActionInput { kind: Some(ActionKind::Cc), value: "nobody".to_owned(), ..ActionInput::default() },
            ActionInput { kind: Some(ActionKind::Note), ..ActionInput::default() },
        ],
        ..input()
    };
    let found = problems(&wrong);
    let expected = [
        ("name", Problem::TooLong),
        ("moments", Problem::Required),
        ("all[0][values]", Problem::Required),
        ("all[1][values]", Problem::BadNumber),
        ("any", Problem::TooMany),
        ("actions[0][value]", Problem::BadEmail),
        ("actions[1][text]", Problem::Required),
    ];
    for (field, problem) in expected {
        assert!(found.contains(&(field.to_owned(), problem)), "{field} {problem:?}: {found:?}");
    }
    assert_eq!(found.len(), expected.len(), "{found:?}");
}

#[test]
fn a_trigger_without_a_condition_or_an_action_is_none() {
    let bare = TriggerInput { all: Vec::new(), actions: Vec::new(), ..input() };
    assert_eq!(problems(&bare), [("all".to_owned(), Problem::Required), ("actions".to_owned(), Problem::Required)]);
}

#[test]
fn a_timed_trigger_asks_nothing_of_a_change() {
    assert!(!Aspect::Field(Field::Status).operators(false).iter().any(|operator| operator.asks_before()));
    let timed = TriggerInput {
        kind: TriggerKind::Timed,
        moments: Vec::new(),
        all: vec![ConditionInput {
            field: Some(Field::Status.into()),
            operator: Some(Operator::ChangedTo),
            values: vec!["solved".to_owned()],
        }],
        ..input()
    };
    let rule = timed.check().expect("a rule");
    assert_eq!(rule.all[0].operator, Operator::Is, "the usual operator stands in for one that cannot be asked");
}
