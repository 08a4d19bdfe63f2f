//! Pure tests: what is offered for what was typed, what forms may send, what a macro is said to do.

use crate::find::find;
use crate::model::{Acts, PresetInput, PresetKind, Step, Visibility, Who};
use crate::queries::{Names, Preset, Shelf};
use crate::say;
use kernel::error::{Error, Problem};
use kernel::id::{AgentId, PresetId};
use kernel::lang::Lang;
use proptest::prelude::{prop_assert, proptest};
use sqlx::types::Json;
use ticket::model::{Priority, ReplyType, Status};

fn preset(title: &str, shortcut: &str, used: i64) -> Preset {
    Preset {
        id: PresetId(uuid::Uuid::nil()),
        kind: PresetKind::Reply,
        visibility: Visibility::Everybody,
        owner: None,
        groups: Vec::new(),
        title: title.to_owned(),
        shortcut: shortcut.to_owned(),
        folder: "售后".to_owned(),
        words: "三个工作日内到账".to_owned(),
        acts: Json(Acts::default()),
        enabled: true,
        version: 1,
        used,
        last_used_at: None,
    }
}

fn found(typed: &str) -> Vec<String> {
    let shelf =
        vec![preset("退款说明", "tk", 1), preset("确认收货", "", 9), preset("关于退款时效", "tkx", 5), preset("Refund policy", "", 2)];
    find(typed, shelf).into_iter().map(|preset| preset.title).collect()
}

#[test]
fn the_best_fit_comes_first_and_among_equals_the_most_used() {
    assert_eq!(found("tk"), ["退款说明", "关于退款时效"], "the whole shortcut before its beginning, however often used");
    assert_eq!(found("退款"), ["退款说明", "关于退款时效"], "the beginning of a title before its middle");
    assert_eq!(found("qrsh"), ["确认收货"], "pinyin initials");
    assert_eq!(found("REFUND"), ["Refund policy"]);
    assert_eq!(found("到账"), ["确认收货", "关于退款时效", "Refund policy", "退款说明"], "first words, by use");
    assert_eq!(found(""), ["确认收货", "关于退款时效", "Refund policy", "退款说明"]);
    assert!(found("换货").is_empty());
}

#[test]
fn the_beginning_of_a_shortcut_or_of_pinyin_initials_comes_before_everything_within() {
    let titles = |typed: &str, shelf: Vec<Preset>| find(typed, shelf).into_iter().map(|preset| preset.title).collect::<Vec<_>>();
    // 申请退款 is sqtk, 退款说明 is tksm: only where the initials stand tells them apart.
    let initials = vec![preset("申请退款", "", 9), preset("退款说明", "", 1)];
    assert_eq!(titles("tk", initials.clone()), ["退款说明", "申请退款"], "however often used");
    assert_eq!(titles("sqtk", initials), ["申请退款"]);
    assert_eq!(titles("a4tk", vec![preset("A4 退款", "", 0)]), ["A4 退款"], "letters and digits as they are, blanks left out");
    // A shortcut that begins so comes before a title that does.
    assert_eq!(titles("tk", vec![preset("退款说明", "", 9), preset("换货", "tkx", 1)]), ["换货", "退款说明"]);
    // A title that begins so comes before a shortcut that only holds it.
    assert_eq!(titles("tk", vec![preset("换货", "xtk", 9), preset("退款说明", "", 1)]), ["退款说明"]);
}

proptest! {
    #[test]
    fn whatever_is_typed_what_is_found_was_there_and_its_order_depends_on_no_order(typed in ".{0,6}", turn in 0usize..3) {
        let mut shelf = vec![preset("退款", "a", 3), preset("退货", "b", 3), preset("换货", "", 1)];
        let straight: Vec<String> = find(&typed, shelf.clone()).into_iter().map(|one| one.title).collect();
        shelf.rotate_left(turn);
        let turned: Vec<String> = find(&typed, shelf.clone()).into_iter().map(|one| one.title).collect();
        prop_assert!(straight == turned);
        prop_assert!(straight.iter().all(|title| shelf.iter().any(|one| one.title == *title)));
    }
}

fn problems(input: &PresetInput) -> Vec<(String, Problem)> {
    match input.check() {
        Err(Error::Problems(problems)) => problems.0,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_form_is_told_everything_at_once() {
    let input = PresetInput {
        visibility: Visibility::Groups,
        shortcut: "退 款".to_owned(),
        folder: "很".repeat(21),
        ..PresetInput::named(PresetKind::Reply, " ")
    };
    let expected = [
        ("title", Problem::Required),
        ("shortcut", Problem::BadShortcut),
        ("folder", Problem::TooLong),
        ("groups", Problem::Required),
        ("text", Problem::Required),
    ];
    assert_eq!(problems(&input), expected.map(|(field, problem)| (field.to_owned(), problem)));
}

#[test]
fn a_macro_does_something() {
    let nothing = PresetInput::named(PresetKind::Macro, "空的");
    assert_eq!(problems(&nothing), [("status".to_owned(), Problem::NoAct)]);
    let bin = PresetInput { status: Some(Status::Deleted), ..nothing.clone() };
    assert_eq!(problems(&bin), [("status".to_owned(), Problem::BadChoice)], "deletion is an act of its own");
    let words = PresetInput { text: "好的".to_owned(), ..nothing.clone() };
    assert_eq!(words.check().expect("an act").steps(), [Step::Reply]);
    let copied = PresetInput { cc: "a@b.example，C@d.example\nkaputt".to_owned(), ..nothing };
    assert_eq!(problems(&copied), [("cc".to_owned(), Problem::BadEmail)]);
}

#[test]
fn a_macro_says_what_it_does_in_both_languages() {
    let wang = AgentId(uuid::Uuid::from_u128(1));
    let acts = Acts {
        status: Some(Status::Solved),
        priority: Some(Priority::Low),
        agent: Some(Who::Me),
        follow: Some(Who::Agent(wang)),
        reply: Some(ReplyType::Everyone),
        ..Acts::default()
    };
    let names = Names { agents: vec![(wang.to_string(), "王芳".to_owned())], ..Names::default() };
    let done = Preset { acts: Json(acts), kind: PresetKind::Macro, ..preset("结束", "", 0) };
    assert_eq!(
        say::sentence(&done.acts.0, &done.words, &names, Lang::Zh),
        "状态改为 已解决；优先级改为 低；分配给 使用者自己；添加关注人 王芳；把回复“三个工作日内到账”放进编辑框"
    );
    assert_eq!(
        say::sentence(&done.acts.0, &done.words, &Names::default(), Lang::En),
        "set the status to Solved; set the priority to Low; assign to whoever uses it; add (deleted) as a follower; put the reply “三个工作日内到账” into the composer"
    );
}

#[test]
fn who_is_read_as_it_is_written() {
    let agent = Who::Agent(AgentId(uuid::Uuid::from_u128(7)));
    for who in [Who::Me, agent] {
        assert_eq!(who.to_string().parse(), Ok(who));
        let json = serde_json::to_string(&who).expect("JSON");
        assert_eq!(serde_json::from_str::<Who>(&json).expect("who"), who);
    }
    assert!("nobody".parse::<Who>().is_err());
    assert_eq!(Shelf::of(Visibility::Groups), Shelf::Shared);
}
