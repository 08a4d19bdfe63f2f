//! 判定过程: every condition with what it found, and what followed.

use crate::evaluate::{Tested, Verdict};
use crate::field::Holds;
use crate::model::{Acted, Effect};
use crate::queries::Choices;
use crate::say;
use kernel::lang::Lang;
use kernel::t;
use leptos::prelude::*;
use ui::icon::icon;

/// What the actions tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tense {
    /// What became of them.
    Past,
    /// What would.
    Trial,
}

/// The lists of a verdict and of what followed, each under its name; an empty one is left out.
pub(super) fn draw(verdict: &Verdict, effects: &[Acted], choices: &Choices, tense: Tense, lang: Lang) -> AnyView {
    let tested = |tested: &[Tested]| -> Vec<AnyView> { tested.iter().map(|one| condition(one, choices, lang)).collect() };
    let list = |title: &'static str, lines: Vec<AnyView>| {
        (!lines.is_empty()).then(|| view! { <h3 class="small mute">{title}</h3><ul class="trace">{lines}</ul> })
    };
    let effects: Vec<AnyView> = effects.iter().map(|one| effect(one, choices, tense, lang)).collect();
    view! {
        {list(t!(lang, "满足所有", "All of these"), tested(&verdict.all))}
        {list(t!(lang, "满足任一", "Any of these"), tested(&verdict.any))}
        {list(t!(lang, "动作", "Actions"), effects)}
    }
    .into_any()
}

fn condition(tested: &Tested, choices: &Choices, lang: Lang) -> AnyView {
    let words = say::condition(&tested.condition, choices, lang);
    // Whoever may not see a field does not see what it holds here either.
    let is_hidden = tested.condition.field.own().is_some_and(|own| choices.own_field(own).is_none_or(|field| !field.is_seen));
    let found: Vec<String> = match tested.condition.field.holds() {
        _ if is_hidden => vec![t!(lang, "您不能查看", "not yours to see").to_owned()],
        // A text may be long; what is asked stands beside it.
        Holds::Text => tested.found.iter().map(|text| text.chars().take(60).collect()).collect(),
        _ => tested.found.iter().map(|value| say::value_words(tested.condition.field, value, choices, lang)).collect(),
    };
    let found = if found.is_empty() { "–".to_owned() } else { found.join(t!(lang, "、", ", ")) };
    let (picture, said) = if tested.holds { ("check", t!(lang, "符合", "holds")) } else { ("x", t!(lang, "不符合", "does not hold")) };
    let class = if tested.holds { "ok" } else { "bad" };
    view! { <li class=class>{icon(picture)}<span class="sr">{said}{t!(lang, "：", ": ")}</span><span>{words}</span><small class="mute">{t!(lang, "实际：{}", "found: {}", found)}</small></li> }.into_any()
}

fn effect(acted: &Acted, choices: &Choices, tense: Tense, lang: Lang) -> AnyView {
    let words = say::action(&acted.action, choices, lang);
    let (picture, class) = match acted.effect {
        Effect::Done => ("check", "ok"),
        Effect::Unchanged => ("equal", ""),
        Effect::Refused => ("x", "bad"),
    };
    let why = match (acted.problem, acted.effect, tense) {
        (Some(problem), ..) => problem.text(lang),
        (None, Effect::Done, Tense::Trial) => t!(lang, "会执行", "Would be done"),
        (None, effect, _) => effect.label(lang),
    };
    view! { <li class=class>{icon(picture)}<span>{words}</span><small class="mute">{why}</small></li> }.into_any()
}
