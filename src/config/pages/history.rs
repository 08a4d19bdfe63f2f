//! 配置历史, `/settings/history`: what changed, who did it and why, the newest first.

use super::part::{address, diff, document, title, verb, who};
use crate::difference::differences;
use crate::queries::{self, HistoryFilter, Version, kind_of};
use crate::refs::Names;
use identity::model::AgentOption;
use kernel::ctx::Ctx;
use kernel::error::Result;
use kernel::t;
use leptos::prelude::*;
use ui::empty::{empty, no_result};
use ui::icon::{icon, icon_s};
use ui::option::options;
use ui::page::Page;
use ui::pager::pager;
use ui::tag::{Tone, tag};
use ui::visit::Visit;

/// 配置历史.
pub async fn history_page(visit: Visit) -> Result<Page> {
    let (lang, ctx) = (visit.lang(), visit.ctx.clone());
    let filter = visit.query::<HistoryFilter>();
    let (list, names) = (queries::history(&ctx, &filter).await?, queries::names(&ctx).await?);
    let agents = identity::queries::agent_options(&mut ctx.read().await?).await?;
    let page = Page::new(t!(lang, "配置历史", "Configuration history"))
        .crumb(t!(lang, "设置", "Settings"), "/settings")
        .lead(t!(
            lang,
            "每一项配置的每一次改动：谁、什么时候、为什么、改前改后。",
            "Every change of what is set up: who, when, why, before and after."
        ))
        .action(move || view! { <a class="btn" href="/settings/configuration">{icon("file-text")}{t!(lang, "导出与导入", "Export and import")}</a> });
    Ok(page.body(move || {
        let is_filtered = filter != HistoryFilter { at: filter.at.clone(), ..HistoryFilter::default() };
        let body = match (list.rows.is_empty(), is_filtered) {
            (true, true) => {
                no_result(t!(lang, "没有符合条件的改动", "No change matches"), "/settings/history", t!(lang, "清除条件", "Clear filters"))
            }
            (true, false) => {
                let text = t!(lang, "配置改动后，每个版本都会留在这里", "Every version of what is set up is kept here");
                empty("history", t!(lang, "还没有改动", "Nothing changed yet"), text, ())
            }
            (false, _) => {
                let words = t!(lang, "由近到远，每页 50 条", "Newest first, 50 a page");
                view! { <div class="body">{days(&list.rows, &names, &ctx)}</div>{pager(&list, &visit.place, lang, words)} }.into_any()
            }
        };
        view! { {filters(&filter, &agents, &ctx)}{body} }
    }))
}

fn filters(filter: &HistoryFilter, agents: &[AgentOption], ctx: &Ctx) -> AnyView {
    let lang = ctx.lang();
    let anything = core::iter::once(("", t!(lang, "全部配置", "Anything")));
    let kinds = options(anything.chain(ctx.app.kinds.iter().map(|kind| (kind.key, kind.label(lang)))), &filter.kind);
    let anybody = core::iter::once((String::new(), t!(lang, "全部操作人", "Anybody")));
    let agents = anybody.chain(agents.iter().map(|agent| (agent.id.to_string(), agent.name.as_str())));
    let agents = options(agents, &filter.actor.map(|actor| actor.to_string()).unwrap_or_default());
    let day = |day: Option<jiff::civil::Date>| day.map(|day| day.to_string()).unwrap_or_default();
    view! {
        <form class="filters" method="get" action="/settings/history" role="search" aria-label=t!(lang, "筛选配置历史", "Filter the history")>
            <select class="input" name="kind" aria-label=t!(lang, "配置", "What")>{kinds}</select>
            <select class="input" name="actor" aria-label=t!(lang, "操作人", "Who")>{agents}</select>
            <span class="days"><input class="input" type="date" name="from" value=day(filter.from) aria-label=t!(lang, "从哪天", "From")/><span aria-hidden="true">{t!(lang, "至", "–")}</span><input class="input" type="date" name="to" value=day(filter.to) aria-label=t!(lang, "到哪天", "To")/></span>
            <button class="btn" type="submit">{t!(lang, "筛选", "Filter")}</button>
        </form>
    }
    .into_any()
}

fn days(rows: &[Version], names: &Names, ctx: &Ctx) -> AnyView {
    let lang = ctx.lang();
    let mut cards: Vec<AnyView> = Vec::new();
    for versions in rows.chunk_by(|a, b| a.created_at.date(&ctx.zone) == b.created_at.date(&ctx.zone)) {
        let Some(first) = versions.first() else { continue };
        let day = first.created_at.date(&ctx.zone).to_string();
        let zone = kernel::time::offset_words(&ctx.zone, first.created_at);
        let rows: Vec<AnyView> = versions.iter().filter_map(|version| row(version, names, ctx)).collect();
        let label = t!(lang, "{} 的改动", "Changes of {}", day);
        cards.push(
            view! {
                <section class="card" aria-label=label>
                    <header><h2>{day}</h2><span class="act small mute">{zone}</span></header>
                    <ul class="audit">{rows}</ul>
                </section>
            }
            .into_any(),
        );
    }
    cards.into_any()
}

fn row(version: &Version, names: &Names, ctx: &Ctx) -> Option<AnyView> {
    let lang = ctx.lang();
    let kind = kind_of(ctx, &version.kind).ok()?;
    let (before, after) = (document(version.before.as_ref()), document(version.document.as_ref()));
    let count = differences(kind, &before, &after).len();
    let counted = (version.before.is_some() && version.document.is_some() && count > 0)
        .then(|| view! { <span class="mute small">{if count == 1 { t!(lang, "1 处", "1 change").to_owned() } else { t!(lang, "{} 处", "{} changes", count) }}</span> });
    let reason = (!version.reason.is_empty()).then(|| view! { <p>{t!(lang, "原因：", "Reason: ")}{version.reason.clone()}</p> });
    Some(view! {
        <li><details>
            <summary>
                <time datetime=version.created_at.machine()>{version.created_at.clock(&ctx.zone)}</time>
                <span class="who">{who(version, lang)}</span>
                <span class="what">{verb(version, lang)}" "<b>{title(kind, version, lang)}</b>" "{counted}</span>
                {tag(Tone::Plain, "", kind.label(lang))}
                {icon_s("chevron-right")}
            </summary>
            <div class="more">
                {reason}
                {diff(kind, &before, &after, names, lang)}
                <p><a class="link" href=address(kind.key, version.object_id)>{t!(lang, "第 {} 版，全部版本", "Version {}, all versions", version.version)}</a></p>
            </div>
        </details></li>
    }
    .into_any())
}
