//! 服务小结 beside a call: the form, or what was written; the versions before it.

use crate::actions::record::SaveCallSummary;
use crate::model::summary::{REMARK_MOST, SummaryStatus};
use crate::queries::summary::{Summary, versions};
use kernel::answer;
use kernel::ctx::Ctx;
use kernel::error::Result;
use kernel::field::answer_name;
use kernel::id::CallId;
use kernel::permission::Permission;
use kernel::t;
use leptos::prelude::*;
use ticket::model::field::TicketField;
use ticket::queries::template;
use ui::form::choice::Select;
use ui::form::field::Area;
use ui::form::own::{Needed, control};
use ui::form::{FormState, hidden, path_of};
use ui::tag::{Tone, or_dash, tag};

/// What the card needs.
pub(super) struct Card {
    call: CallId,
    versions: Vec<Summary>,
    units: Vec<(String, String)>,
    categories: Vec<(String, String)>,
    /// Own fields of the problem type's template.
    asked: Vec<TicketField>,
    /// Every own field that the reader may see.
    known: Vec<TicketField>,
    may_write: bool,
}

/// Reads it; the caller has made sure that the reader sees the call.
pub(super) async fn load(ctx: &Ctx, call: CallId, form: &FormState) -> Result<Card> {
    let may_write = ctx.may(Permission::CallSummarize);
    let mut tx = ctx.read().await?;
    let versions = versions(&mut tx, call).await?;
    let (mut units, mut categories) = (Vec::new(), Vec::new());
    if may_write {
        units = identity::queries::company::units(&mut tx).await?.into_iter().map(|unit| (unit.id.to_string(), unit.name)).collect();
        let leaves = ticket::queries::category::leaves(&mut tx).await?;
        categories = leaves.into_iter().map(|(id, path)| (id.to_string(), path)).collect();
        // What was chosen and is gone since stays chosen until somebody chooses anew.
        if let Some(last) = versions.first() {
            keep(&mut units, last.unit.map(|unit| (unit.to_string(), last.unit_name.clone())));
            keep(&mut categories, last.category.map(|id| (id.to_string(), last.category_path.clone().unwrap_or_default())));
        }
    }
    // What was typed and refused has the fields of what was typed.
    let chosen = versions.first().and_then(|last| last.category).map(|category| category.to_string()).unwrap_or_default();
    let fields = template::form(&mut tx, form.value_or("category", &chosen).parse().ok()).await?;
    let asked: Vec<TicketField> = fields.slots.into_iter().map(|(field, _)| field).collect();
    let known = asked.iter().cloned().chain(fields.others).collect();
    Ok(Card { call, versions, units, categories, asked, known, may_write })
}

fn keep(options: &mut Vec<(String, String)>, chosen: Option<(String, String)>) {
    if let Some(chosen) = chosen.filter(|chosen| !options.iter().any(|(id, _)| *id == chosen.0)) {
        options.push(chosen);
    }
}

impl Card {
    /// Draws it.
    pub(super) fn draw(&self, form: &FormState, ctx: &Ctx) -> AnyView {
        let lang = ctx.lang();
        let state = match self.versions.first() {
            None => tag(Tone::Line, "circle-dashed", t!(lang, "未小结", "Not written")),
            Some(last) if last.status == SummaryStatus::Handled => tag(Tone::Ok, "check", last.status.label(lang)),
            Some(last) => tag(Tone::Warn, "clock", last.status.label(lang)),
        };
        let body = match (self.may_write, self.versions.first()) {
            (true, _) => self.form(form, ctx),
            (false, Some(last)) => self.facts(last, ctx),
            (false, None) => {
                view! { <p class="small mute">{t!(lang, "还没有人写服务小结。", "Nobody wrote a summary yet.")}</p> }.into_any()
            }
        };
        view! {
            <section class="card" id="summary" aria-labelledby="summary-h">
                <header><h2 id="summary-h">{t!(lang, "服务小结", "Summary")}</h2><span class="act">{state}</span></header>
                <div class="in">{body}{self.before(ctx)}</div>
            </section>
        }
        .into_any()
    }

    fn form(&self, form: &FormState, ctx: &Ctx) -> AnyView {
        let lang = ctx.lang();
        let last = self.versions.first();
        let version = last.map_or(0, |last| last.version);
        let unit = last.and_then(|last| last.unit).map(|unit| unit.to_string()).unwrap_or_default();
        let category = last.and_then(|last| last.category).map(|category| category.to_string()).unwrap_or_default();
        let status = last.map_or("", |last| last.status.key());
        let statuses = SummaryStatus::ALL.iter().rev().map(|status| (status.key(), status.label(lang)));
        let wrote = last.map(|last| {
            view! { <p class="small mute">{t!(lang, "{} 写于 ", "{}, ", last.agent_name)}{ui::time::ago(last.created_at, ctx)}</p> }
        });
        let remark = last.map_or("", |last| last.remark.as_str());
        let own: Vec<AnyView> = self
            .asked
            .iter()
            .map(|field| {
                let start = answer::values_of(last.and_then(|last| last.fields.get(field.id.to_string())));
                control(form, &answer_name(field.id), &field.asked(), &start, Needed::No)
            })
            .collect();
        let hint = t!(
            lang,
            "和工单分类是同一棵树；保存后，它的模板里的字段也在这里填",
            "The same tree as the ticket categories. Once saved, the fields of its template are asked for here"
        );
        view! {
            <form class="stack" method="post" action={path_of::<SaveCallSummary>()}>
                {form.summary()}
                {hidden("call", self.call)}
                {hidden("version", version)}
                {Select::new("unit", t!(lang, "业务单元", "Business unit")).options(self.units.clone()).selected(unit).empty(t!(lang, "未选择", "None")).view(form)}
                {Select::new("category", t!(lang, "问题类型", "Problem type")).options(self.categories.clone()).selected(category).empty(t!(lang, "未选择", "None")).hint(hint).view(form)}
                {own}
                {Select::new("status", t!(lang, "处理状态", "Status")).options(statuses).selected(status).empty(t!(lang, "请选择", "Choose")).required().view(form)}
                {Area::new("remark", t!(lang, "备注", "Remark")).value(remark).rows(4).max(REMARK_MOST).view(form)}
                <div class="row"><button class="btn main" type="submit">{t!(lang, "保存服务小结", "Save summary")}</button></div>
                {wrote}
            </form>
        }
        .into_any()
    }

    /// The versions before the one that holds.
    fn before(&self, ctx: &Ctx) -> Option<AnyView> {
        let lang = ctx.lang();
        let earlier: Vec<AnyView> = self.versions.iter().skip(1).map(|old| view! { <li>{self.facts(old, ctx)}</li> }.into_any()).collect();
        let words = t!(lang, "之前的 {} 版", "{} earlier versions", earlier.len());
        (!earlier.is_empty())
            .then(|| view! { <details><summary class="small">{words}</summary><ol class="stack near">{earlier}</ol></details> }.into_any())
    }

    fn facts(&self, summary: &Summary, ctx: &Ctx) -> AnyView {
        let lang = ctx.lang();
        let own: Vec<AnyView> = self
            .known
            .iter()
            .filter_map(|field| {
                let values = answer::values_of(summary.fields.get(field.id.to_string()));
                let words = answer::all_words(field.kind, &values, ", ");
                (!words.is_empty()).then(|| view! { <dt>{field.label.clone()}</dt><dd>{words}</dd> }.into_any())
            })
            .collect();
        view! {
            <dl class="facts">
                <dt>{t!(lang, "业务单元", "Business unit")}</dt><dd>{or_dash(&summary.unit_name)}</dd>
                <dt>{t!(lang, "问题类型", "Problem type")}</dt><dd>{or_dash(summary.category_path.as_deref().unwrap_or_default())}</dd>
                {own}
                <dt>{t!(lang, "处理状态", "Status")}</dt><dd>{summary.status.label(lang)}</dd>
                <dt>{t!(lang, "备注", "Remark")}</dt><dd>{or_dash(&summary.remark)}</dd>
                <dt>{t!(lang, "填写人", "Written by")}</dt><dd>{summary.agent_name.clone()}" "{ui::time::ago(summary.created_at, ctx)}</dd>
            </dl>
        }
        .into_any()
    }
}
