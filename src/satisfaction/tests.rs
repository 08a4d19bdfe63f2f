//! Pure tests: sending rules, the settings form, letters.

use crate::letter::{self, Letter};
use crate::model::input::{LevelInput, RateInput, SatisfactionInput};
use crate::model::{Cap, InvitationState, LEVELS, RemarkRule, Rule, SatisfactionSettings, SendWhen, Words};
use crate::rule::{Decision, Facts, History, decide};
use jiff::SignedDuration;
use kernel::error::{Error, Problem};
use kernel::id::CategoryId;
use kernel::lang::Lang;
use kernel::time::Stamp;
use proptest::prelude::*;
use ticket::model::{Source, Status};

fn now() -> Stamp {
    Stamp("2026-11-22T01:30:00Z".parse().unwrap())
}

fn on() -> SatisfactionSettings {
    SatisfactionSettings { enabled: true, ..SatisfactionSettings::default() }
}

fn facts() -> Facts {
    Facts {
        finished_as: Status::Solved,
        status: Status::Solved,
        source: Source::Email,
        categories: vec![CategoryId(uuid(1)), CategoryId(uuid(2))],
        has_agent: true,
        has_address: true,
    }
}

fn uuid(number: u128) -> kernel::macros::uuid::Uuid {
    kernel::macros::uuid::Uuid::from_u128(number)
}

#[test]
fn a_finished_ticket_is_invited_after_the_delay() {
    let settings = SatisfactionSettings { delay: 30, ..on() };
    let (decision, trace) = decide(&facts(), &settings, &History::default(), now());
    assert_eq!(decision, Decision::Send(now().plus(SignedDuration::from_mins(30))));
    assert_eq!(trace.len(), crate::rule::asked().count());
    assert!(trace.iter().all(|step| step.holds));
}

#[test]
fn each_rule_forbids_by_itself() {
    let fine = History::default();
    let hours = |hours| now().minus(SignedDuration::from_hours(hours));
    let capped = History { recent: vec![hours(1), hours(30), hours(160)], ..History::default() };
    let cases: Vec<(&str, Facts, SatisfactionSettings, History, Decision)> = vec![
        ("off", facts(), SatisfactionSettings::default(), fine.clone(), Decision::Ignore(Rule::SwitchedOn)),
        ("other end", facts(), SatisfactionSettings { when: SendWhen::Closed, ..on() }, fine.clone(), Decision::Ignore(Rule::RightEnd)),
        ("reopened", Facts { status: Status::InProgress, ..facts() }, on(), fine.clone(), Decision::Ignore(Rule::StillFinished)),
        ("twice", facts(), on(), History { this_cycle: Some(InvitationState::Sent), ..fine.clone() }, Decision::Ignore(Rule::OncePerCycle)),
        ("rated", facts(), on(), History { rated: true, earlier_cycle: true, ..fine.clone() }, Decision::Withhold(Rule::NotRated)),
        (
            "again",
            facts(),
            SatisfactionSettings { again: false, ..on() },
            History { earlier_cycle: true, ..fine.clone() },
            Decision::Withhold(Rule::AgainAllowed),
        ),
        ("nobody", Facts { has_agent: false, ..facts() }, on(), fine.clone(), Decision::Withhold(Rule::HasAgent)),
        (
            "source",
            facts(),
            SatisfactionSettings { excluded_sources: vec![Source::Email], ..on() },
            fine.clone(),
            Decision::Withhold(Rule::SourceIncluded),
        ),
        (
            "above",
            facts(),
            SatisfactionSettings { excluded_categories: vec![CategoryId(uuid(2))], ..on() },
            fine.clone(),
            Decision::Withhold(Rule::CategoryIncluded),
        ),
        ("cap", facts(), on(), capped.clone(), Decision::Withhold(Rule::UnderCap)),
    ];
    for (name, facts, settings, history, expected) in cases {
        let (decision, trace) = decide(&facts, &settings, &history, now());
        assert_eq!(decision, expected, "{name}");
        assert_eq!(trace.iter().filter(|step| !step.holds).count(), 1, "{name}");
        assert!(!trace.last().unwrap().holds, "{name}");
    }
    // Withheld is no invitation; an old one does not count; no cap, no limit.
    let withheld = History { this_cycle: Some(InvitationState::Withheld), ..fine };
    assert!(matches!(decide(&facts(), &on(), &withheld, now()).0, Decision::Send(_)));
    let old = History { recent: vec![hours(1), hours(30), hours(169)], ..History::default() };
    assert!(matches!(decide(&facts(), &on(), &old, now()).0, Decision::Send(_)));
    assert!(matches!(decide(&facts(), &SatisfactionSettings { cap: None, ..on() }, &capped, now()).0, Decision::Send(_)));
}

#[test]
fn the_channel_of_the_ticket_decides_the_way() {
    let now_by = |source, has_address| decide(&Facts { source, has_address, ..facts() }, &on(), &History::default(), now()).0;
    for inside in [Source::Email, Source::TicketCenter, Source::Crm, Source::Call, Source::VoiceMessage] {
        assert_eq!(now_by(inside, true), Decision::Send(now()), "{inside}");
        assert_eq!(now_by(inside, false), Decision::Offer, "{inside} without an address");
    }
    for outside in
        [Source::PcMessage, Source::H5Message, Source::WechatMessage, Source::AppMessage, Source::MiniMessage, Source::WecomMessage]
    {
        assert_eq!(now_by(outside, true), Decision::Offer, "{outside}");
        assert_eq!(now_by(outside, false), Decision::Offer, "{outside} without an address");
    }
    // What forbids a mail forbids a link, and a link that lies ready is the invitation of its cycle.
    let off = SatisfactionSettings { excluded_sources: vec![Source::WechatMessage], ..on() };
    let wechat = Facts { source: Source::WechatMessage, ..facts() };
    assert_eq!(decide(&wechat, &off, &History::default(), now()).0, Decision::Withhold(Rule::SourceIncluded));
    let ready = History { this_cycle: Some(InvitationState::Ready), ..History::default() };
    assert_eq!(decide(&wechat, &on(), &ready, now()).0, Decision::Ignore(Rule::OncePerCycle));
}

#[test]
fn when_a_matter_was_finished_is_told_as_it_is() {
    let zone = kernel::time::zone("Asia/Shanghai").unwrap();
    // 9:30 in the morning of 22 November there.
    let say = |agent: &str, at: Option<&str>, lang| {
        let at = at.map(|at| Stamp(at.parse().unwrap()));
        crate::ending::sentence(agent, at, now(), &zone, lang)
    };
    assert_eq!(say("林悦", Some("2026-11-22T01:00:00Z"), Lang::Zh), "客服林悦刚刚为您处理完这件事：");
    assert_eq!(say("林悦", Some("2026-11-22T00:20:00Z"), Lang::Zh), "客服林悦今天为您处理完这件事：");
    assert_eq!(say("林悦", Some("2026-11-21T15:00:00Z"), Lang::Zh), "客服林悦昨天为您处理完这件事：");
    assert_eq!(say("", Some("2026-11-03T15:00:00Z"), Lang::Zh), "我们在 11 月 3 日为您处理完这件事：");
    assert_eq!(say("林悦", Some("2025-11-03T15:00:00Z"), Lang::Zh), "客服林悦在 2025 年 11 月 3 日为您处理完这件事：");
    assert_eq!(say("林悦", None, Lang::Zh), "客服林悦已为您处理完这件事：");
    assert_eq!(say("Lin", Some("2026-11-22T01:00:00Z"), Lang::En), "Lin has just finished this for you:");
    assert_eq!(say("", Some("2026-11-22T01:00:00Z"), Lang::En), "We have just finished this for you:");
    assert_eq!(say("", Some("2026-11-21T15:00:00Z"), Lang::En), "We finished this for you yesterday:");
    assert_eq!(say("Lin", Some("2025-11-03T15:00:00Z"), Lang::En), "Lin finished this for you on 3 Nov 2025:");
    assert_eq!(say("Lin", None, Lang::En), "Lin finished this for you:");
}

fn form() -> SatisfactionInput {
    let settings = SatisfactionSettings::default();
    let level = |at: usize| LevelInput::of(&settings.levels[at]);
    SatisfactionInput {
        one: level(0),
        two: level(1),
        three: level(2),
        four: level(3),
        five: level(4),
        remark: Some(settings.remark),
        guide: settings.guide.clone(),
        when: Some(settings.when),
        delay: "0".into(),
        again: true,
        cap_most: "3".into(),
        cap_days: "7".into(),
        validity: "7".into(),
        ..SatisfactionInput::default()
    }
}

#[test]
fn the_form_of_the_defaults_gives_the_defaults() {
    assert_eq!(form().settings().unwrap(), SatisfactionSettings::default());
    let free = SatisfactionInput { cap_most: String::new(), cap_days: "x".into(), ..form() };
    assert_eq!(free.settings().unwrap().cap, None);
    // Full-width bars come from Chinese keyboards.
    let mut wide = form();
    wide.one.reasons = "等待太久｜Too slow\n\n".into();
    assert_eq!(wide.settings().unwrap().levels[0].reasons, [Words { zh: "等待太久".into(), en: "Too slow".into() }]);
}

#[test]
fn every_problem_stands_beside_its_field() {
    let mut bad = form();
    bad.guide.zh = " ".into();
    bad.two.en = String::new();
    bad.three.reasons = "没有英文".into();
    bad.delay = "soon".into();
    bad.validity = "31".into();
    bad.cap_days = "0".into();
    let Err(Error::Problems(problems)) = bad.settings() else { panic!("accepted") };
    let mut found: Vec<(&str, Problem)> = problems.0.iter().map(|(field, problem)| (field.as_str(), *problem)).collect();
    found.sort_by_key(|(field, _)| *field);
    assert_eq!(
        found,
        [
            ("cap_days", Problem::BadNumber),
            ("delay", Problem::BadNumber),
            ("guide[zh]", Problem::GuideRequired),
            ("three[reasons]", Problem::ReasonFormat),
            ("two[en]", Problem::WordingRequired),
            ("validity", Problem::DaysOutOfRange),
        ]
    );
    assert_eq!((Problem::GuideRequired.code(), Problem::WordingRequired.code()), ("400217", "400218"));
    assert_eq!(LEVELS.len(), 5);
}

#[test]
fn a_rating_needs_its_score_and_the_words_that_are_asked_for() {
    let settings = SatisfactionSettings { remark: RemarkRule::Required, cap: Some(Cap { most: 1, days: 1 }), ..on() };
    let problems = |input: RateInput| match input.check(&settings) {
        Err(Error::Problems(problems)) => problems.0.into_iter().map(|(field, _)| field).collect(),
        _ => Vec::new(),
    };
    assert_eq!(problems(RateInput::default()), ["score", "remark"]);
    assert_eq!(problems(RateInput { score: Some(6), remark: "好".into(), ..RateInput::default() }), ["score"]);
    assert_eq!(problems(RateInput { score: Some(0), remark: "好".into(), ..RateInput::default() }), ["score"]);
    assert!(problems(RateInput { score: Some(5), remark: "好".into(), ..RateInput::default() }).is_empty());
    assert_eq!(settings.reason(1, "等待太久", Lang::En), "Too slow");
    assert_eq!(settings.reason(5, "等待太久", Lang::En), "等待太久", "another level's words stay as they were stored");
}

fn letter(lang: Lang, title: &str) -> letter::Mail {
    letter::write(&Letter {
        company: "澄明家居",
        done: "客服林悦今天为您处理完这件事：",
        number: 26_112_200_810_001,
        title,
        link: "https://help.example/r/abc",
        until: "11 月 29 日",
        settings: &SatisfactionSettings::default(),
        lang,
    })
}

#[test]
fn the_letter_has_one_link_a_level_and_a_plain_one() {
    for lang in Lang::ALL {
        let mail = letter(lang, "退货标签打不开");
        for score in 1..=5 {
            let link = format!("https://help.example/r/abc?score={score}&lang={}", lang.key());
            assert!(mail.text.contains(&link), "{}", mail.text);
            assert!(mail.html.contains(&link.replace('&', "&amp;")), "{}", mail.html);
        }
        assert!(mail.text.contains(SatisfactionSettings::default().guide.of(lang)));
        assert!(mail.html.contains("26112200810001"));
    }
}

proptest! {
    #[test]
    fn nothing_of_a_ticket_becomes_markup(title in "[<>\"'&a-z\r\n]{0,40}") {
        let mail = letter(Lang::Zh, &title);
        prop_assert!(!mail.subject.contains(['\r', '\n']));
        prop_assert_eq!(mail.html.matches("<a ").count(), 6);
        prop_assert!(!mail.html.contains("<script"));
    }
}
