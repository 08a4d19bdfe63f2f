//! 操作记录: one change as a quiet line: who, what, from what to what, and why.

use super::choice::spaced;
use crate::model::field::FieldChanged;
use crate::model::{ChangeKind, Changed, LogFrom, Property, Shown};
use crate::queries::timeline::Change;
use kernel::actor::ActorKind;
use kernel::answer::all_words;
use kernel::ctx::Ctx;
use kernel::lang::Lang;
use kernel::t;
use leptos::prelude::*;
use ui::icon::{icon, icon_s};

/// One line.
pub(crate) fn line(ctx: &Ctx, change: &Change) -> AnyView {
    let lang = ctx.lang();
    let (icon_name, tone) = change.kind.map_or(("history", ""), looks);
    let what = match change.kind {
        // Which macro stands where others say what was done: it is no reason that somebody gave.
        Some(ChangeKind::MacroUsed) => t!(lang, "用宏“{}”", "used the macro “{}”", change.note),
        Some(kind) => kind.label(lang).to_owned(),
        None => t!(lang, "做了改动", "made a change").to_owned(),
    };
    let through = through(lang, change);
    let properties = change.changes.set.iter().filter(|(_, changed)| changed.from != changed.to);
    let set = properties.map(|(property, changed)| difference(lang, *property, changed));
    let set = set.chain(change.changes.fields.values().map(|changed| own_difference(lang, changed)));
    let set: Vec<AnyView> = set.enumerate().map(|(at, difference)| difference.draw(lang, at)).collect();
    let colon = (!set.is_empty()).then_some(t!(lang, "：", ": "));
    let has_reason = !change.note.is_empty() && change.kind != Some(ChangeKind::MacroUsed);
    let note = has_reason.then(|| view! { <span class="dim">{t!(lang, "“{}”", "“{}”", change.note)}</span> });
    view! {
        <li class=format!("event {tone}")>
            {icon(icon_name)}
            <span><b>{who(lang, change)}</b>" "{what}{through}{colon}{set}{note.map(|note| view! { " "{note} })}</span>
            {ui::time::ago(change.created_at, ctx)}
        </li>
    }
    .into_any()
}

fn who(lang: Lang, change: &Change) -> String {
    match change.actor_kind {
        ActorKind::System if change.actor_name.is_empty() => t!(lang, "系统", "The system").to_owned(),
        _ => change.actor_name.clone(),
    }
}

/// Through what it came, when that is not the console.
fn through(lang: Lang, change: &Change) -> Option<String> {
    match change.log_from {
        LogFrom::Page | LogFrom::System => None,
        LogFrom::Mail if change.actor_kind == ActorKind::Customer => None,
        other => Some(t!(lang, "（{}）", " ({})", other.label(lang))),
    }
}

/// What changed, from what to what; nothing where there was nothing.
struct Difference {
    name: String,
    from: Option<String>,
    to: Option<String>,
}

fn difference(lang: Lang, property: Property, changed: &Changed) -> Difference {
    let words =
        |shown: &Shown| shown.words(property, lang).map(|words| if property == Property::Category { spaced(&words) } else { words });
    let name = match (property, lang) {
        // The line has said that it is about a linked ticket.
        (Property::Link, _) => String::new(),
        (_, Lang::En) => format!("{} ", property.label(lang).to_lowercase()),
        _ => format!("{} ", property.label(lang)),
    };
    Difference { name, from: words(&changed.from), to: words(&changed.to) }
}

/// An own field is named as it was then.
fn own_difference(lang: Lang, changed: &FieldChanged) -> Difference {
    let words = |values: &[String]| (!values.is_empty()).then(|| all_words(changed.kind, values, t!(lang, "、", ", ")));
    let name = t!(lang, "字段 {} ", "field {} ", changed.label);
    Difference { name, from: words(&changed.from), to: words(&changed.to) }
}

impl Difference {
    fn draw(self, lang: Lang, at: usize) -> AnyView {
        let Difference { name, from, to } = self;
        let comma = (at > 0).then_some(t!(lang, "，", ", "));
        // What was empty before needs no “from”.
        let from = from.map(
            |from| view! { <span class="was"><span class="sr">{t!(lang, "由", "from ")}</span>{from}</span>" "{icon_s("arrow-right")}" " },
        );
        let to = to.unwrap_or_else(|| t!(lang, "无", "none").to_owned());
        view! { <span class="set">{comma}{name}{from}<span class="now"><span class="sr">{t!(lang, "改为", "to ")}</span>{to}</span></span> }
            .into_any()
    }
}

const fn looks(kind: ChangeKind) -> (&'static str, &'static str) {
    match kind {
        ChangeKind::Created => ("ticket", ""),
        ChangeKind::Edited => ("pencil", ""),
        ChangeKind::MacroUsed => ("zap", ""),
        ChangeKind::Answered => ("clipboard-list", "ok"),
        ChangeKind::Assigned | ChangeKind::Taken => ("user-plus", ""),
        ChangeKind::Replied => ("reply", ""),
        ChangeKind::CustomerReplied => ("circle-dot", ""),
        ChangeKind::Urged => ("bell", "warn"),
        ChangeKind::Activated => ("rotate-ccw", "warn"),
        ChangeKind::Deleted | ChangeKind::ReplyDeleted => ("trash-2", "bad"),
        ChangeKind::Restored => ("archive-restore", ""),
        ChangeKind::Linked => ("link", ""),
        ChangeKind::Unlinked => ("unlink", ""),
        ChangeKind::ReplyUndone => ("undo-2", ""),
        ChangeKind::CustomerMerged | ChangeKind::CustomerMergeUndone => ("git-merge", ""),
        ChangeKind::MailFailed => ("mail-x", "bad"),
        ChangeKind::RatingInvited => ("smile", ""),
        ChangeKind::NearlyDue => ("timer", "warn"),
        ChangeKind::Overdue => ("timer", "bad"),
        ChangeKind::Rated => ("star", "ok"),
    }
}
