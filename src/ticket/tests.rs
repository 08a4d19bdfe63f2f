//! Pure tests of the slice: numbers, statuses, addresses of lists, what becomes of a mail.

use crate::model::input::{CreateInput, EditInput, addresses};
use crate::model::list::{BuiltIn, Flag, ListQuery, Sort};
use crate::model::state::{Act, reopens, transition};
use crate::model::{Priority, Source, Status, number};
use crate::take::{Decision, MailFacts, ThreadFacts, Voice, decide};
use kernel::error::Problem;
use kernel::id::{GroupId, TicketFieldId, TicketId};
use mail::model::Reason;
use proptest::prelude::*;

#[test]
fn numbers_have_14_digits_and_are_read_back() {
    let first = number::number(2026, 11, 22, 87).unwrap();
    assert_eq!(first, 20_261_122_000_087);
    assert_eq!(number::counter(2026, 11, 2), "ticket:20261102");
    assert_eq!(number::parse(" #20261122000087 "), Some(first));
    assert_eq!(number::parse("2026112200008"), None);
    assert_eq!(number::in_subject("Re: 付款 [#20261122000087]"), Some(first));
    assert_eq!(number::in_subject("[#x] [#20261122000087"), Some(first));
    assert_eq!(number::in_subject("#20261122000087"), None);
    assert_eq!(number::number(2026, 11, 22, 1_000_000), None);
    assert_eq!(number::number(2026, 11, 22, 0), None);
}

#[test]
fn statuses_move_as_the_rules_say() {
    use Status::{Closed, Deleted, InProgress, NotAccepted, Solved, WaitingReply};
    let rows = [
        (NotAccepted, Act::Take, Ok(InProgress)),
        (WaitingReply, Act::Take, Ok(WaitingReply)),
        (NotAccepted, Act::AgentReply(None), Ok(WaitingReply)),
        (Solved, Act::AgentReply(None), Ok(Solved)),
        (InProgress, Act::AgentReply(Some(Solved)), Ok(Solved)),
        (Solved, Act::AgentReply(Some(WaitingReply)), Err(Problem::ActivateFirst)),
        (InProgress, Act::AgentReply(Some(Deleted)), Err(Problem::BadChoice)),
        (NotAccepted, Act::CustomerReply { reopens: true }, Ok(NotAccepted)),
        (WaitingReply, Act::CustomerReply { reopens: false }, Ok(InProgress)),
        (Solved, Act::CustomerReply { reopens: true }, Ok(InProgress)),
        (Solved, Act::CustomerReply { reopens: false }, Ok(Solved)),
        (Closed, Act::CustomerReply { reopens: true }, Err(Problem::TicketClosed)),
        (InProgress, Act::Set(NotAccepted), Err(Problem::BadChoice)),
        (NotAccepted, Act::Set(NotAccepted), Ok(NotAccepted)),
        (Closed, Act::Set(InProgress), Err(Problem::ActivateFirst)),
        (Solved, Act::Set(Closed), Ok(Closed)),
        (Closed, Act::Set(Solved), Err(Problem::ActivateFirst)),
        (Solved, Act::Activate, Ok(InProgress)),
        (InProgress, Act::Activate, Err(Problem::AlreadyActivated)),
        (Deleted, Act::Activate, Err(Problem::DeletedNotActivated)),
        (Deleted, Act::Set(InProgress), Err(Problem::TicketDeleted)),
        (Deleted, Act::Restore(Closed), Ok(Closed)),
        (Solved, Act::Restore(InProgress), Ok(Solved)),
    ];
    for (status, act, expected) in rows {
        assert_eq!(transition(status, act), expected, "{status:?} {act:?}");
    }
}

fn any_status() -> impl Strategy<Value = Status> {
    prop::sample::select(Status::ALL)
}

fn any_act() -> impl Strategy<Value = Act> {
    prop_oneof![
        Just(Act::Take),
        prop::option::of(any_status()).prop_map(Act::AgentReply),
        any::<bool>().prop_map(|reopens| Act::CustomerReply { reopens }),
        any_status().prop_map(Act::Set),
        Just(Act::Activate),
        Just(Act::Delete),
        any_status().prop_map(Act::Restore),
    ]
}

proptest! {
    #[test]
    fn no_history_breaks_the_rules(start in any_status(), acts in prop::collection::vec(any_act(), 0..30)) {
        let mut status = start;
        for act in acts {
            let Ok(next) = transition(status, act) else { continue };
            // Only restoring leaves the recycle bin, only deleting enters it.
            prop_assert!(status != Status::Deleted || matches!(act, Act::Restore(_)));
            prop_assert!(next != Status::Deleted || act == Act::Delete);
            // Nothing but activation and the customer opens a finished ticket again.
            let may_reopen = matches!(act, Act::Activate | Act::CustomerReply { reopens: true });
            prop_assert!(may_reopen || !reopens(status, next));
            // What was accepted stays accepted.
            prop_assert!(next != Status::NotAccepted || status == Status::NotAccepted || status == Status::Deleted);
            status = next;
        }
    }

    #[test]
    fn an_address_of_a_list_is_read_back(
        view in prop::option::of(prop::sample::select(BuiltIn::ALL)),
        q in "\\PC{0,20}",
        status in prop::collection::vec(prop::sample::select(Status::ALL), 0..3),
        source in prop::collection::vec(prop::sample::select(Source::ALL), 0..3),
        flag in prop::collection::vec(prop::sample::select(Flag::ALL), 0..3),
        sort in prop::option::of(prop::sample::select(Sort::ALL)),
        group in prop::option::of(any::<u128>()),
        metric in "[a-z&=%+# ]{0,12}",
        own in prop::collection::btree_map(any::<u128>(), "\\PC{1,10}", 0..3),
    ) {
        let own = own.into_iter().map(|(bits, value)| (TicketFieldId(uuid::Uuid::from_u128(bits)), value)).collect();
        let group = group.map(|bits| GroupId(uuid::Uuid::from_u128(bits)));
        let list = ListQuery { view, q, status, source, flag, sort, group, metric, own, ..ListQuery::default() };
        prop_assert_eq!(ListQuery::parse(&list.to_query()), list);
    }

    #[test]
    fn no_mail_speaks_for_a_ticket_without_a_token(is_agent: bool, is_authenticated: bool, is_token_invalid: bool, in_subject: bool) {
        let facts = MailFacts {
            is_agent,
            agent_may: true,
            is_authenticated,
            is_token_invalid,
            in_subject: in_subject.then(ticket),
            hourly: 20,
            ..MailFacts::default()
        };
        let opens = matches!(decide(&facts), Decision::Open { .. });
        prop_assert!(opens);
    }
}

fn ticket() -> TicketId {
    TicketId(uuid::Uuid::from_u128(7))
}

fn thread(status: Status) -> ThreadFacts {
    ThreadFacts { ticket: ticket(), status: Some(status), is_recipient: false, is_customer: false, is_in_cc: false }
}

fn with(thread: ThreadFacts) -> MailFacts {
    MailFacts { thread: Some(thread), hourly: 20, ..MailFacts::default() }
}

#[test]
fn mails_join_by_token_and_standing() {
    let joined = |facts: &MailFacts| match decide(facts) {
        Decision::Append { voice, reason, .. } => Some((voice, reason)),
        _ => None,
    };
    let open = thread(Status::InProgress);
    assert_eq!(joined(&with(ThreadFacts { is_recipient: true, is_customer: true, ..open })), Some((Voice::Customer, Reason::TokenMatched)));
    assert_eq!(joined(&with(ThreadFacts { is_in_cc: true, ..open })), Some((Voice::Customer, Reason::Participant)));
    // A stranger who got hold of the token makes a ticket of their own (S21).
    let stranger = decide(&with(open));
    assert_eq!(stranger, Decision::Open { reason: Reason::SenderMismatch, duplicate_of: Some(ticket()) });
    // An agent's address: token, mail server and rights, or a note with a warning (S20).
    let recipient = ThreadFacts { is_recipient: true, ..open };
    let agent = MailFacts { is_agent: true, agent_may: true, is_authenticated: true, ..with(recipient) };
    assert_eq!(joined(&agent), Some((Voice::Agent, Reason::AgentReply)));
    for spoofed in [
        MailFacts { is_authenticated: false, ..agent.clone() },
        MailFacts { agent_may: false, ..agent.clone() },
        MailFacts { thread: Some(open), ..agent.clone() },
    ] {
        assert_eq!(joined(&spoofed), Some((Voice::Aside, Reason::AgentUnverified)));
    }
    // An agent who wrote as a customer answers as one.
    let own = MailFacts { thread: Some(ThreadFacts { is_customer: true, ..recipient }), ..agent };
    assert_eq!(joined(&own), Some((Voice::Customer, Reason::TokenMatched)));
}

#[test]
fn ended_tickets_and_guards() {
    for status in [Status::Closed, Status::Deleted] {
        let ended = with(ThreadFacts { is_customer: true, is_recipient: true, ..thread(status) });
        assert_eq!(decide(&ended), Decision::Open { reason: Reason::TicketEnded, duplicate_of: Some(ticket()) });
    }
    let away = MailFacts { guard: Some(Reason::AutoReply), ..MailFacts::default() };
    assert_eq!(decide(&away), Decision::Suppress(Reason::AutoReply));
    let known = ThreadFacts { is_recipient: true, is_customer: true, ..thread(Status::Solved) };
    let aside = MailFacts { guard: Some(Reason::AutoReply), ..with(known) };
    assert_eq!(decide(&aside), Decision::Append { ticket: ticket(), voice: Voice::Aside, reason: Reason::TokenMatched });
    let flood = MailFacts { recent: 20, hourly: 20, ..MailFacts::default() };
    assert_eq!(decide(&flood), Decision::Quarantine(Reason::SenderFlood));
    // A flood stops new tickets, never answers to known ones.
    let answer = MailFacts { recent: 20, ..with(known) };
    assert!(matches!(decide(&answer), Decision::Append { .. }));
}

#[test]
fn views_show_what_their_names_say() {
    assert_eq!(ListQuery::of(BuiltIn::Mine).statuses(), Some(Status::OPEN.to_vec()));
    assert_eq!(ListQuery::of(BuiltIn::All).statuses(), None);
    assert_eq!(ListQuery::of(BuiltIn::Bin).statuses(), Some(vec![Status::Deleted]));
    let sneaky = ListQuery { status: vec![Status::Deleted, Status::Solved], ..ListQuery::of(BuiltIn::All) };
    assert_eq!(sneaky.statuses(), Some(vec![Status::Solved]));
    assert!(!ListQuery::of(BuiltIn::Group).is_filtered());
    assert!(ListQuery { q: "x".into(), ..ListQuery::of(BuiltIn::Group) }.is_filtered());
    assert_eq!(ListQuery::parse("?view=mine&status[]=solved&status[]=nonsense&at=a.1.2").status, vec![Status::Solved]);
}

#[test]
fn inputs_say_all_that_is_wrong_at_once() {
    let wrong = CreateInput { cc: "a@b.c, nobody".into(), ..CreateInput::default() };
    let Err(kernel::error::Error::Problems(problems)) = wrong.check() else { panic!("it is wrong") };
    let fields: Vec<&str> = problems.0.iter().map(|(field, _)| field.as_str()).collect();
    assert_eq!(fields, ["nickname", "title", "text", "cc"]);
    assert_eq!(addresses("A@b.example；a@b.example\n c@d.example"), ["a@b.example", "c@d.example"]);
}

#[test]
fn a_field_that_is_not_sent_stays_and_an_empty_one_is_emptied() {
    let id = ticket();
    let read = |json: &str| serde_json::from_str::<EditInput>(&json.replace("ID", &id.to_string())).unwrap();
    let left = read(r#"{"ticket":"ID","priority":"high"}"#);
    assert_eq!((left.group, left.priority), (None, Some(Priority::High)));
    let emptied = read(r#"{"ticket":"ID","group":"","agent":""}"#);
    assert_eq!((emptied.group, emptied.agent), (Some(None), Some(None)));
    assert!(serde_json::from_str::<EditInput>(r#"{"ticket":"x"}"#).is_err());
}
