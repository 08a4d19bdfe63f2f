//! 内容冲突: somebody changed meanwhile what was changed here. Both values stand side by side; nothing that was typed is
//! lost, and nothing of theirs is overwritten unseen (400057). What was left as it was is not asked about; what nobody
//! else changed is saved along.

use super::choice::{Choices, spaced, words_of};
use super::properties;
use crate::actions;
use crate::model::claim::{Claim, claim};
use crate::model::input::addresses;
use crate::model::{Priority, Property, Status};
use crate::queries::before::before;
use crate::queries::{self, Current};
use kernel::ctx::Ctx;
use kernel::error::{Problem, Result};
use kernel::id::TicketId;
use kernel::lang::Lang;
use kernel::t;
use leptos::prelude::*;
use ui::form::{FormState, hidden, html_name, path_of};
use ui::icon::{icon, icon_s};

/// What was typed beside what somebody else saved.
#[derive(Clone, Debug)]
pub(crate) struct Stale {
    current: Current,
    /// Property, what was typed, what it is now; values as the form sends them.
    differing: Vec<(Property, String, String)>,
    /// What was changed here and by nobody else: it is saved with the choice.
    mine: Vec<(Property, String)>,
    /// The others go along as they are now, so that a save that fails again says all of them.
    same: Vec<(Property, String)>,
}

/// What differs, when the last save of the properties met a newer version.
pub(crate) async fn find(ctx: &Ctx, form: &FormState, ticket: TicketId) -> Result<Option<Stale>> {
    let is_stale = form.is_shown_again() && form.problem("") == Some(Problem::Stale.text(ctx.lang()));
    if !is_stale {
        return Ok(None);
    }
    let current = queries::current(ctx, ticket).await?;
    let were = match form.value_or("seen_seq", "").parse() {
        Ok(seen_seq) => Some(before(&mut ctx.read().await?, ticket, seen_seq).await?),
        Err(_) => None,
    };
    let text = |id: Option<String>| id.unwrap_or_default();
    let now = [
        (Property::Title, current.title.clone()),
        (Property::Status, current.status.key().to_owned()),
        (Property::Priority, current.priority.key().to_owned()),
        (Property::Category, text(current.category_id.map(|id| id.to_string()))),
        (Property::Group, text(current.group_id.map(|id| id.to_string()))),
        (Property::Agent, text(current.agent_id.map(|id| id.to_string()))),
        (Property::Cc, current.cc.join("\n")),
    ];
    // The title has a form of its own; the other properties are always sent together.
    let is_title_only = !properties::was_posted(form);
    let (mut differing, mut mine, mut same) = (Vec::new(), Vec::new(), Vec::new());
    for (property, theirs) in now.into_iter().filter(|(property, _)| (*property == Property::Title) == is_title_only) {
        let yours = form.value_or(property.key(), "");
        let was = were.as_ref().map(|were| were.get(&property).unwrap_or(&theirs).as_str());
        match claim(property, was, &yours, &theirs) {
            Claim::Conflict => differing.push((property, yours, theirs)),
            Claim::Mine => mine.push((property, yours)),
            Claim::Untouched | Claim::Agreed => same.push((property, theirs)),
        }
    }
    Ok(Some(Stale { current, differing, mine, same }))
}

impl Stale {
    /// Both values of each, to choose between.
    pub(crate) fn draw(self, ctx: &Ctx, choices: &Choices) -> AnyView {
        let lang = ctx.lang();
        let by = self.current.changed_by.clone().unwrap_or_else(|| t!(lang, "别人", "Somebody").to_owned());
        let title = t!(lang, "{} 在您修改时保存了这张工单", "{} saved this ticket while you were editing", by);
        if self.differing.is_empty() && self.mine.is_empty() {
            let text = t!(lang, "您的改动和现在的内容一样，不用再保存。", "What you chose is what it is now: nothing to save.");
            return ui::tag::note(ui::tag::Tone::Ok, "circle-check", title, text);
        }
        let unasked: Vec<AnyView> = self.same.iter().chain(&self.mine).map(|(property, value)| hidden(property.key(), value)).collect();
        let pairs: Vec<AnyView> =
            self.differing.iter().map(|(property, yours, theirs)| self.pair(ctx, choices, *property, yours, theirs)).collect();
        view! {
            <section class="stale" aria-labelledby="stale-h" role="alert">
                <header>{icon("triangle-alert")}<div><h2 id="stale-h">{title}</h2><p class="dim">{t!(lang, "什么都没有丢。逐项选择以哪个为准，再保存。", "Nothing is lost. Choose which value stands, field by field, and save.")}</p></div></header>
                <form method="post" action={path_of::<actions::EditTicket>()}>
                    {hidden("ticket", self.current.id)}
                    {hidden("version", self.current.version)}
                    {hidden("seen_seq", self.current.last_seq)}
                    {unasked}
                    <div class="pairs">{pairs}</div>
                    {self.along(ctx, choices)}
                    <footer><a class="link" href="#h-talk">{t!(lang, "查看改动记录", "See what changed")}</a><span class="end row"><a class="btn quiet" href="?">{t!(lang, "放弃我的改动", "Drop my changes")}</a><button class="btn main" type="submit">{t!(lang, "保存所选的值", "Save chosen values")}</button></span></footer>
                </form>
            </section>
        }
        .into_any()
    }

    /// What is saved along with the choice.
    fn along(&self, ctx: &Ctx, choices: &Choices) -> Option<AnyView> {
        let lang = ctx.lang();
        let rows: Vec<AnyView> = self
            .mine
            .iter()
            .map(|(property, value)| {
                let words = self.words(ctx, choices, *property, value);
                view! { <div><dt>{property.label(lang)}</dt><dd>{words}</dd></div> }.into_any()
            })
            .collect();
        (!rows.is_empty()).then(|| {
            view! { <div class="along"><p class="small mute">{t!(lang, "您的这些改动没有冲突，一起保存", "These changes of yours conflict with nothing and are saved along")}</p><dl class="facts cols">{rows}</dl></div> }.into_any()
        })
    }

    fn pair(&self, ctx: &Ctx, choices: &Choices, property: Property, yours: &str, theirs: &str) -> AnyView {
        let lang = ctx.lang();
        let name = html_name(property.key());
        let when = ui::time::full(self.current.updated_at, ctx);
        let (mine, present) = (self.words(ctx, choices, property, yours), self.words(ctx, choices, property, theirs));
        view! {
            <fieldset class="pair">
                <legend>{property.label(lang)}</legend>
                <label><input type="radio" name=name.clone() value=yours.to_owned()/><span>{mine}<small>{t!(lang, "您填的，还没有保存", "yours, not saved")}</small></span></label>
                <label><input type="radio" name=name value=theirs.to_owned() checked=true/><span>{present}<small>{self.current.changed_by.clone()}" "{when}</small></span></label>
            </fieldset>
        }
        .into_any()
    }

    fn words(&self, ctx: &Ctx, choices: &Choices, property: Property, value: &str) -> AnyView {
        let lang = ctx.lang();
        let found = match property {
            Property::Status => Status::from_key(value).map(|row| row.label(lang).to_owned()),
            Property::Priority => Priority::from_key(value).map(|row| row.label(lang).to_owned()),
            Property::Group => words_of(&choices.groups(), value).or_else(|| self.current.group_name.clone().filter(|_| !value.is_empty())),
            Property::Agent => {
                words_of(&choices.agents(ctx, ""), value).or_else(|| self.current.agent_name.clone().filter(|_| !value.is_empty()))
            }
            Property::Category => words_of(&choices.leaves(), value)
                .or_else(|| self.current.category_path.as_deref().filter(|_| !value.is_empty()).map(spaced)),
            _ => (!value.trim().is_empty()).then(|| addresses_or_text(property, value, lang)),
        };
        match found {
            Some(words) => words.into_any(),
            None => view! { {icon_s("minus")}{t!(lang, "空", "empty")} }.into_any(),
        }
    }
}

fn addresses_or_text(property: Property, value: &str, lang: Lang) -> String {
    if property == Property::Cc { addresses(value).join(t!(lang, "、", ", ")) } else { value.to_owned() }
}
