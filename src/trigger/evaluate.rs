//! 判断: whether a rule matches a ticket, and why. Pure: the live system, the dry run and the explanation run this (R8).

use crate::field::{Aspect, Duty, Field, Holds, OwnField};
use crate::model::{Condition, Moment, Operator, Rule};
use kernel::answer::rank;
use kernel::id::{AgentId, CategoryId, GroupId, MailboxId, TicketFieldId};
use kernel::time::Stamp;
use regex::RegexBuilder;
use routing::queries::Calendars;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;
use ticket::model::template::Templates;
use ticket::model::{Priority, Property, Source, StartType, Status};

/// Memory of one compiled pattern at most, in bytes; matching is linear in the text (S29).
const PATTERN_MOST: usize = 256 * 1024;

/// 事实: a ticket as conditions see it.
#[derive(Clone, Debug)]
pub struct Facts {
    /// 标题.
    pub title: String,
    /// 描述, as text.
    pub description: String,
    /// 状态.
    pub status: Status,
    /// 优先级.
    pub priority: Priority,
    /// 分类 and those above it.
    pub categories: Vec<CategoryId>,
    /// 来源.
    pub source: Source,
    /// 发起方.
    pub starter: StartType,
    /// 受理组.
    pub group: Option<GroupId>,
    /// 受理客服.
    pub agent: Option<AgentId>,
    /// 收件邮箱: the mailbox it came to.
    pub mailbox: Option<MailboxId>,
    /// The customer's addresses, in small letters.
    pub senders: Vec<String>,
    /// VIP等级.
    pub vip_level: i16,
    /// When it came to be.
    pub created_at: Stamp,
    /// When it last changed.
    pub updated_at: Stamp,
    /// Since when it has its status.
    pub status_since: Stamp,
    /// Since when the customer waits for us.
    pub waiting_since: Option<Stamp>,
    /// 催单 so far.
    pub urge_count: i32,
    /// Grows with every activation, from 1.
    pub cycle: i32,
    /// The rating in force.
    pub score: Option<i16>,
    /// By which hours the groups work.
    pub calendars: Arc<Calendars>,
    /// Which templates the categories have.
    pub templates: Arc<Templates>,
    /// What was filled in of each own field that is asked for; one that is switched off is not among them.
    pub own: BTreeMap<TicketFieldId, Vec<String>>,
    /// What happened to it just now; nothing for a timed trigger.
    pub happened: Option<Happened>,
}

/// Characters of a text that a trace keeps: it says what was looked at, and is no copy of it.
const FOUND_MOST: usize = 200;

/// What happened to a ticket at one place of its order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Happened {
    /// As what it counts.
    pub moments: Vec<Moment>,
    /// The properties that changed, with what they were and what they became, as the history keeps them. Rules may have
    /// changed them again since.
    pub changed: Vec<(Property, String, String)>,
    /// The own fields that changed, in the same way.
    pub own: Vec<(TicketFieldId, Vec<String>, Vec<String>)>,
}

/// What a field holds of one ticket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Read<'a> {
    /// Ids, keys or words: a category counts as those above it too, a customer has several addresses.
    Words(Vec<Cow<'a, str>>),
    /// A number; nothing when there is none.
    Number(Option<i64>),
    /// An own field that is not asked for any more: whatever a condition says of it does not hold.
    Gone,
}

/// 判定: one condition with what it found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tested {
    /// The condition.
    #[serde(flatten)]
    pub condition: Condition,
    /// What the ticket had.
    pub found: Vec<String>,
    /// Whether it holds.
    pub holds: bool,
}

/// 结果 with its trace.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// Whether the rule matches.
    pub matches: bool,
    /// Of the list 满足所有.
    pub all: Vec<Tested>,
    /// Of the list 满足任一.
    pub any: Vec<Tested>,
}

/// Whether the rule matches the ticket now. Every condition is tested, so that the trace explains all of them.
#[must_use]
pub fn evaluate(rule: &Rule, facts: &Facts, now: Stamp) -> Verdict {
    let tested = |conditions: &[Condition]| -> Vec<Tested> { conditions.iter().map(|condition| test(condition, facts, now)).collect() };
    let (all, any) = (tested(&rule.all), tested(&rule.any));
    let matches = is_moment(rule, facts) && all.iter().all(|one| one.holds) && (any.is_empty() || any.iter().any(|one| one.holds));
    Verdict { matches, all, any }
}

/// The same answer without its trace: it ends at the first condition that decides.
#[must_use]
pub fn matches(rule: &Rule, facts: &Facts, now: Stamp) -> bool {
    let holds = |condition: &Condition| holds(condition, facts, now).0;
    is_moment(rule, facts) && rule.all.iter().all(holds) && (rule.any.is_empty() || rule.any.iter().any(holds))
}

/// Whether what happened is what the rule waits for; a timed one waits for nothing.
fn is_moment(rule: &Rule, facts: &Facts) -> bool {
    facts.happened.as_ref().is_none_or(|happened| happened.moments.iter().any(|moment| rule.moments.contains(moment)))
}

/// What a field holds.
#[must_use]
pub fn read(aspect: Aspect, facts: &Facts, now: Stamp) -> Read<'_> {
    let field = match aspect {
        Aspect::Field(field) => field,
        Aspect::Own(own) => {
            let words = |values: &Vec<String>| Read::Words(values.iter().map(|value| Cow::Owned(value.clone())).collect());
            return facts.own.get(&own.id).map_or(Read::Gone, words);
        }
    };
    let key = |key: &'static str| Read::Words(vec![key.into()]);
    let maybe = |id: Option<String>| Read::Words(id.into_iter().map(Cow::Owned).collect());
    let hours = |since: Option<Stamp>| Read::Number(since.map(|since| now.since(since).as_hours().max(0)));
    match field {
        Field::Status => key(facts.status.key()),
        Field::Priority => key(facts.priority.key()),
        Field::Category => Read::Words(facts.categories.iter().map(|id| id.to_string().into()).collect()),
        Field::Source => key(facts.source.key()),
        Field::Group => maybe(facts.group.map(|id| id.to_string())),
        Field::Agent => maybe(facts.agent.map(|id| id.to_string())),
        Field::Starter => key(facts.starter.key()),
        Field::Duty => key(if facts.calendars.is_on(facts.group, now) { Duty::On } else { Duty::Off }.key()),
        Field::Mailbox => maybe(facts.mailbox.map(|id| id.to_string())),
        Field::Sender => Read::Words(facts.senders.iter().map(Into::into).collect()),
        Field::SenderDomain => {
            Read::Words(facts.senders.iter().filter_map(|sender| sender.rsplit_once('@')).map(|(_, domain)| domain.into()).collect())
        }
        Field::Title => Read::Words(vec![(&facts.title).into()]),
        Field::Content => Read::Words(vec![(&facts.title).into(), (&facts.description).into()]),
        Field::CustomerLevel => Read::Number(Some(facts.vip_level.into())),
        Field::HoursSinceCreated => hours(Some(facts.created_at)),
        Field::HoursSinceUpdated => hours(Some(facts.updated_at)),
        Field::HoursWaiting => hours(facts.waiting_since),
        Field::UrgeCount => Read::Number(Some(facts.urge_count.into())),
        Field::Score => Read::Number(facts.score.map(i64::from)),
        Field::Cycle => Read::Number(Some(facts.cycle.into())),
        Field::HoursInStatus => hours(Some(facts.status_since)),
        Field::Template => {
            let category = facts.categories.first().copied();
            maybe(facts.templates.of(category).map(|(template, _)| template.id.to_string()))
        }
    }
}

fn test(condition: &Condition, facts: &Facts, now: Stamp) -> Tested {
    let (holds, found) = holds(condition, facts, now);
    let found = match found {
        Read::Words(words) => words.iter().map(|word| word.chars().take(FOUND_MOST).collect()).collect(),
        Read::Number(number) => number.iter().map(ToString::to_string).collect(),
        Read::Gone => Vec::new(),
    };
    Tested { condition: condition.clone(), found, holds }
}

/// Whether a condition holds, and what it found.
fn holds<'a>(condition: &Condition, facts: &'a Facts, now: Stamp) -> (bool, Read<'a>) {
    let found = read(condition.field, facts, now);
    let changed = || changed(condition.field, facts);
    let is_one_of = |words: Vec<&str>| compare(Operator::Is, &Read::Words(words.into_iter().map(Cow::Borrowed).collect()), condition);
    let holds = match condition.operator {
        _ if found == Read::Gone => false,
        Operator::Changed => changed().is_some(),
        Operator::ChangedTo => changed().is_some_and(|(_, to)| is_one_of(to)),
        Operator::ChangedFrom => changed().is_some_and(|(from, _)| is_one_of(from)),
        operator => compare(operator, &found, condition),
    };
    (holds, found)
}

/// What the field was and became in the change that is looked at; nothing when it did not change.
fn changed(aspect: Aspect, facts: &Facts) -> Option<(Vec<&str>, Vec<&str>)> {
    let happened = facts.happened.as_ref()?;
    match aspect {
        Aspect::Field(field) => {
            let property = field.kept()?;
            happened.changed.iter().find(|(changed, ..)| *changed == property).map(|(_, from, to)| (vec![from.as_str()], vec![to.as_str()]))
        }
        Aspect::Own(own) => {
            happened.own.iter().find(|(changed, ..)| *changed == own.id).map(|(_, from, to)| (words_of(from), words_of(to)))
        }
    }
}

fn words_of(values: &[String]) -> Vec<&str> {
    values.iter().map(String::as_str).collect()
}

fn compare(operator: Operator, found: &Read<'_>, condition: &Condition) -> bool {
    match found {
        Read::Number(number) => compare_number(operator, *number, &condition.values),
        Read::Words(words) => {
            let words: Vec<&str> = words.iter().map(AsRef::as_ref).filter(|word| !word.is_empty()).collect();
            match condition.field.own().filter(|own| own.holds() == Holds::Amount) {
                Some(own) => compare_amount(operator, own, words.first().copied(), &condition.values),
                None => compare_words(operator, &words, condition),
            }
        }
        Read::Gone => false,
    }
}

/// A number, a day or a time of an own field, in the order of its kind.
fn compare_amount(operator: Operator, own: OwnField, found: Option<&str>, values: &[String]) -> bool {
    let Some(found) = found.and_then(|found| rank(own.kind, found)) else { return operator == Operator::Empty };
    let mut values = values.iter().filter_map(|value| rank(own.kind, value));
    match operator {
        Operator::AtLeast => values.any(|value| found >= value),
        Operator::AtMost => values.any(|value| found <= value),
        Operator::Is => values.any(|value| found.total_cmp(&value).is_eq()),
        Operator::NotEmpty => true,
        _ => false,
    }
}

/// Without a number nothing is compared: it is neither large nor small.
fn compare_number(operator: Operator, number: Option<i64>, values: &[String]) -> bool {
    let Some(number) = number else { return operator == Operator::Empty };
    let mut values = values.iter().filter_map(|value| value.parse::<i64>().ok());
    match operator {
        Operator::AtLeast => values.any(|value| number >= value),
        Operator::AtMost => values.any(|value| number <= value),
        Operator::Is => values.any(|value| number == value),
        Operator::NotEmpty => true,
        _ => false,
    }
}

fn compare_words(operator: Operator, words: &[&str], condition: &Condition) -> bool {
    let is_text = condition.field.holds() == Holds::Text;
    let small = |text: &str| if is_text { text.to_lowercase() } else { text.to_owned() };
    let any = |fits: &dyn Fn(&str, &str) -> bool| {
        words.iter().any(|word| {
            let word = small(word);
            condition.values.iter().any(|value| fits(&word, &small(value)))
        })
    };
    match operator {
        Operator::Is => any(&|word, value| word == value),
        Operator::IsNot => !any(&|word, value| word == value),
        Operator::Contains => any(&|word, value| word.contains(value)),
        Operator::ContainsNot => !any(&|word, value| word.contains(value)),
        Operator::StartsWith => any(&|word, value| word.starts_with(value)),
        Operator::EndsWith => any(&|word, value| word.ends_with(value)),
        Operator::Matches => {
            condition.values.iter().filter_map(|value| pattern(value)).any(|pattern| words.iter().any(|word| pattern.is_match(word)))
        }
        Operator::Empty => words.is_empty(),
        Operator::NotEmpty => !words.is_empty(),
        Operator::AtLeast | Operator::AtMost | Operator::Changed | Operator::ChangedTo | Operator::ChangedFrom => false,
    }
}

/// A pattern as people write it: letters count whatever their size. Nothing when it is none, or too large.
#[must_use]
pub fn pattern(text: &str) -> Option<regex::Regex> {
    RegexBuilder::new(text).case_insensitive(true).size_limit(PATTERN_MOST).dfa_size_limit(PATTERN_MOST).build().ok()
}
