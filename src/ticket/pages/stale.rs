//! 内容冲突: somebody changed meanwhile what was changed here. Both values stand side by side; nothing that was typed is
//! lost, and nothing of theirs is overwritten unseen (400057). What was left as it was is not asked about; what nobody
//! else changed is saved along.

use super::choice::{Choices, spaced, words_of};
use super::{own, properties};
use crate::actions;
use crate::model::claim::{Claim, claim, claim_values};
use crate::model::field::TicketField;
use crate::model::input::addresses;
use crate::model::template::Demand;
use crate::model::{Priority, Property, Status};
use crate::queries::before::{Before, before};
use crate::queries::detail::Detail;
use crate::queries::{self, Current};
use kernel::answer::{all_words, values_of};
use kernel::ctx::Ctx;
use kernel::error::{Problem, Result};
use kernel::field::{Answer, answer_name};
use kernel::lang::Lang;
use kernel::t;
use leptos::prelude::*;
use ui::form::own::Needed;
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
    /// Own fields of the form.
    fields: Vec<Weighed>,
    /// What was typed, to be shown in the fields that both changed.
    form: FormState,
}

/// An own field of the form.
#[derive(Clone, Debug)]
struct Weighed {
    field: TicketField,
    claim: Claim,
    yours: Vec<String>,
    theirs: Vec<String>,
}

/// What differs, when the last save of the properties met a newer version.
pub(crate) async fn find(ctx: &Ctx, form: &FormState, ticket: &Detail) -> Result<Option<Stale>> {
    let is_stale = form.is_shown_again() && form.problem("") == Some(Problem::Stale.text(ctx.lang()));
    if !is_stale {
        return Ok(None);
    }
    let id = ticket.ticket.id;
    let current = queries::current(ctx, id).await?;
    let were = match form.value_or("seen_seq", "").parse() {
        Ok(seen_seq) => Some(before(&mut ctx.read().await?, id, seen_seq).await?),
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
        let was = were.as_ref().map(|were| were.properties.get(&property).unwrap_or(&theirs).as_str());
        match claim(property, was, &yours, &theirs) {
            Claim::Conflict => differing.push((property, yours, theirs)),
            Claim::Mine => mine.push((property, yours)),
            Claim::Untouched | Claim::Agreed => same.push((property, theirs)),
        }
    }
    let fields = if is_title_only { Vec::new() } else { weighed(form, ticket, were.as_ref()) };
    Ok(Some(Stale { current, differing, mine, same, fields, form: form.renamed("ticket_stale") }))
}

/// The own fields that the form had, as they were sent: it may have been that of another category.
fn weighed(form: &FormState, ticket: &Detail, were: Option<&Before>) -> Vec<Weighed> {
    let weigh = |field: &TicketField| {
        let yours = Answer::Many(form.ticked_or(&answer_name(field.id), &[])).values();
        let theirs = values_of(ticket.ticket.fields.get(field.id.to_string()));
        let was = were.map(|were| were.fields.get(&field.id).unwrap_or(&theirs));
        let claim = claim_values(was, &yours, &theirs);
        Weighed { field: field.clone(), claim, yours, theirs }
    };
    let all = ticket.own.slots.iter().map(|(field, _)| field).chain(&ticket.own.others);
    all.filter(|field| form.was_sent(&answer_name(field.id))).map(weigh).collect()
}

impl Stale {
    /// Both values of each, to choose between.
    pub(crate) fn draw(self, ctx: &Ctx, choices: &Choices) -> AnyView {
        let lang = ctx.lang();
        let by = self.current.changed_by.clone().unwrap_or_else(|| t!(lang, "别人", "Somebody").to_owned());
        let title = t!(lang, "{} 在您修改时保存了这张工单", "{} saved this ticket while you were editing", by);
        let is_claimed = self.fields.iter().any(|one| matches!(one.claim, Claim::Mine | Claim::Conflict));
        if self.differing.is_empty() && self.mine.is_empty() && !is_claimed {
            let text = t!(lang, "您的改动和现在的内容一样，不用再保存。", "What you chose is what it is now: nothing to save.");
            return ui::tag::note(ui::tag::Tone::Ok, "circle-check", title, text);
        }
        let unasked: Vec<AnyView> = self.same.iter().chain(&self.mine).map(|(property, value)| hidden(property.key(), value)).collect();
        let pairs: Vec<AnyView> =
            self.differing.iter().map(|(property, yours, theirs)| self.pair(ctx, choices, *property, yours, theirs)).collect();
        let along: Vec<AnyView> = self.fields.iter().filter(|one| one.claim != Claim::Conflict).map(Weighed::hidden).collect();
        let both: Vec<AnyView> =
            self.fields.iter().filter(|one| one.claim == Claim::Conflict).map(|one| one.control(&self.form, &by)).collect();
        view! {
            <section class="stale" aria-labelledby="stale-h" role="alert">
                <header>{icon("triangle-alert")}<div><h2 id="stale-h">{title}</h2><p class="dim">{t!(lang, "什么都没有丢。逐项选择以哪个为准，再保存。", "Nothing is lost. Choose which value stands, field by field, and save.")}</p></div></header>
                <form method="post" action={path_of::<actions::EditTicket>()}>
                    {hidden("ticket", self.current.id)}
                    {hidden("version", self.current.version)}
                    {hidden("seen_seq", self.current.last_seq)}
                    {unasked}
                    {along}
                    <div class="pairs">{pairs}</div>
                    {(!both.is_empty()).then(|| view! { <div class="stack">{both}</div> })}
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
            .chain(self.fields.iter().filter(|one| one.claim == Claim::Mine).map(|one| {
                let words = one.words(lang, &one.yours);
                view! { <div><dt>{one.field.label.clone()}</dt><dd>{words}</dd></div> }.into_any()
            }))
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

impl Weighed {
    /// What was changed here, or else what it is now.
    fn hidden(&self) -> AnyView {
        let values = if self.claim == Claim::Mine { &self.yours } else { &self.theirs };
        ui::form::own::hidden(&answer_name(self.field.id), self.field.kind, values)
    }

    /// The field with what was typed, and under it what it is now.
    fn control(&self, form: &FormState, by: &str) -> AnyView {
        let lang = form.lang();
        let now = t!(lang, "现在是 {0}（{1}）", "now {0} ({1})", self.words(lang, &self.theirs), by);
        own::control(form, &self.field, Some(&now), &self.yours, Needed::No, Demand::Never)
    }

    fn words(&self, lang: Lang, values: &[String]) -> String {
        let words = all_words(self.field.kind, values, t!(lang, "、", ", "));
        if words.is_empty() { t!(lang, "空", "empty").to_owned() } else { words }
    }
}

fn addresses_or_text(property: Property, value: &str, lang: Lang) -> String {
    if property == Property::Cc { addresses(value).join(t!(lang, "、", ", ")) } else { value.to_owned() }
}
