//! 操作审计: who changed what, before and after.

use super::words;
use crate::model::AgentOption;
use crate::queries::agent_options;
use crate::queries::audit::{AuditEntry, AuditFilter, AuditReport, audit_csv, audit_kinds, audit_page as page_of, audit_verify};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use kernel::actor::ActorKind;
use kernel::ctx::Ctx;
use kernel::error::Result;
use kernel::lang::Lang;
use kernel::store::disposition;
use kernel::t;
use leptos::prelude::*;
use serde::Deserialize;
use serde_json::Value;
use ui::empty::{empty, no_result};
use ui::icon::{icon, icon_s};
use ui::option::options;
use ui::page::Page;
use ui::pager::pager;
use ui::tag::{Tone, note, tag};
use ui::visit::{Place, Visit};

/// 操作审计: the newest first, one card a day.
pub async fn audit_page(visit: Visit) -> Result<Page> {
    #[derive(Default, Deserialize)]
    #[serde(default)]
    struct Query {
        check: String,
    }
    let (lang, ctx) = (visit.lang(), visit.ctx.clone());
    let filter = visit.query::<AuditFilter>();
    let list = page_of(&ctx, &filter).await?;
    let kinds = audit_kinds(&ctx).await?;
    let mut tx = ctx.read().await?;
    let agents = agent_options(&mut tx).await?;
    drop(tx);
    let report = if visit.query::<Query>().check.is_empty() { None } else { Some(audit_verify(&ctx).await?) };
    let csv = Place { path: "/settings/audit/file".to_owned(), ..visit.place.clone() }.with(&[("at", ""), ("check", "")]);
    let check = visit.place.with(&[("check", "1")]);
    let page = Page::new(t!(lang, "操作审计", "Audit trail"))
        .crumb(t!(lang, "设置", "Settings"), "/settings")
        .lead(t!(
            lang,
            "谁在什么时候改了什么，只增不删，逐条相连。",
            "Who changed what, and when. Entries are only ever added, each chained to the one before."
        ))
        .action(move || view! { <a class="btn" href=check>{icon("shield-check")}{t!(lang, "校验完整性", "Check the chain")}</a> })
        .action(move || view! { <a class="btn" href=csv>{icon("download")}{t!(lang, "导出 CSV", "Export CSV")}</a> });
    Ok(page.body(move || {
        let report = report.map(|report| report_note(&report, &ctx));
        let is_filtered = filter != AuditFilter { at: filter.at.clone(), ..AuditFilter::default() };
        let body = match (list.rows.is_empty(), is_filtered) {
            (true, true) => {
                no_result(t!(lang, "没有符合条件的记录", "No entry matches"), "/settings/audit", t!(lang, "清除条件", "Clear filters"))
            }
            (true, false) => {
                let text = t!(
                    lang,
                    "账号、权限、设置的每一次修改都会记在这里",
                    "Every change of accounts, permissions and settings is written here"
                );
                empty("history", t!(lang, "还没有记录", "Nothing yet"), text, ())
            }
            (false, _) => {
                let words = t!(lang, "由近到远，每页 50 条", "Newest first, 50 a page");
                view! { <div class="body">{report}{days(&list.rows, &ctx)}</div>{pager(&list, &visit.place, lang, words)} }.into_any()
            }
        };
        view! { {filters(&filter, &kinds, &agents, lang)}{body} }
    }))
}

/// The same rows as a CSV file.
pub async fn audit_file(visit: Visit, _: HeaderMap) -> Result<Response> {
    let content = audit_csv(&visit.ctx, &visit.query::<AuditFilter>(), told).await?;
    let mut response = content.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8"));
    if let Ok(value) = HeaderValue::from_str(&disposition("audit.csv", false)) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    Ok(response)
}

fn filters(filter: &AuditFilter, kinds: &[String], agents: &[AgentOption], lang: Lang) -> AnyView {
    let anything = core::iter::once(("", t!(lang, "全部对象", "Anything").to_owned()));
    let kinds = options(anything.chain(kinds.iter().map(|kind| (kind.as_str(), words::kind(kind, lang)))), &filter.kind);
    let anybody = core::iter::once((String::new(), t!(lang, "全部操作人", "Anybody")));
    let agents = anybody.chain(agents.iter().map(|agent| (agent.id.to_string(), agent.name.as_str())));
    let agents = options(agents, &filter.actor.map(|actor| actor.to_string()).unwrap_or_default());
    let object = filter.object.map(|object| view! { <input type="hidden" name="object" value=object.to_string()/> });
    let day = |day: Option<jiff::civil::Date>| day.map(|day| day.to_string()).unwrap_or_default();
    view! {
        <form class="filters" method="get" action="/settings/audit" role="search" aria-label=t!(lang, "筛选审计", "Filter the trail")>
            {object}
            <div class="with-icon grow">{icon("search")}<input class="input" name="q" type="search" value=filter.q.clone() placeholder=t!(lang, "对象、操作人、值", "Object, person, value") aria-label=t!(lang, "搜索审计", "Search the trail")/></div>
            <select class="input" name="actor" aria-label=t!(lang, "操作人", "Who")>{agents}</select>
            <select class="input" name="kind" aria-label=t!(lang, "对象", "Object")>{kinds}</select>
            <span class="days"><input class="input" type="date" name="from" value=day(filter.from) aria-label=t!(lang, "从哪天", "From")/><span aria-hidden="true">{t!(lang, "至", "–")}</span><input class="input" type="date" name="to" value=day(filter.to) aria-label=t!(lang, "到哪天", "To")/></span>
            <button class="btn" type="submit">{t!(lang, "筛选", "Filter")}</button>
        </form>
    }
    .into_any()
}

fn days(rows: &[AuditEntry], ctx: &Ctx) -> AnyView {
    let lang = ctx.lang();
    let mut cards: Vec<AnyView> = Vec::new();
    for entries in rows.chunk_by(|a, b| a.created_at.date(&ctx.zone) == b.created_at.date(&ctx.zone)) {
        let Some(first) = entries.first() else { continue };
        let day = first.created_at.date(&ctx.zone).to_string();
        let zone = kernel::time::offset_words(&ctx.zone, first.created_at);
        let rows: Vec<AnyView> = entries.iter().map(|entry| entry_row(entry, ctx)).collect();
        let label = t!(lang, "{} 的记录", "Entries of {}", day);
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

fn entry_row(entry: &AuditEntry, ctx: &Ctx) -> AnyView {
    let lang = ctx.lang();
    let time = entry.created_at.table(&ctx.zone);
    let time = time.split(' ').next_back().unwrap_or_default().to_owned();
    let who = match (entry.actor_kind, entry.actor_id) {
        (ActorKind::Agent | ActorKind::Customer, Some(id)) => {
            view! { {ui::avatar::mark(id, &entry.actor_name)}{entry.actor_name.clone()} }.into_any()
        }
        (ActorKind::Api, _) => {
            view! { <span class="ava none" aria-hidden="true">{icon_s("plug")}</span>{entry.actor_name.clone()} }.into_any()
        }
        (kind, _) => view! { <span class="ava none" aria-hidden="true">{icon_s("bot")}</span>{kind.label(lang)} }.into_any(),
    };
    let changes = drawn_changes(entry, lang);
    let count = changes.len();
    let label = words::label(&entry.object_kind, &entry.object_label, lang);
    let label = if label.is_empty() { words::kind(&entry.object_kind, lang) } else { label };
    let counted = (count > 0).then(|| view! { <span class="mute small">{if count == 1 { t!(lang, "1 处", "1 change").to_owned() } else { t!(lang, "{} 处", "{} changes", count) }}</span> });
    let diff = if changes.is_empty() {
        view! { <p class="dim">{t!(lang, "没有记录修改前后的值", "No values were recorded")}</p> }.into_any()
    } else {
        view! { <ul class="diff">{changes}</ul> }.into_any()
    };
    let ip = entry.ip.clone().map(|ip| view! { <span>{ip}</span> });
    let request = entry.request_id.map(|id| view! { <span>{t!(lang, "请求 ", "request ")}<code>{id.to_string()}</code></span> });
    view! {
        <li><details>
            <summary>
                <time datetime=entry.created_at.machine()>{time}</time>
                <span class="who">{who}</span>
                <span class="what">{words::action(&entry.action, lang)}" "<b>{label}</b>" "{counted}</span>
                {tag(Tone::Plain, words::kind_icon(&entry.object_kind), words::kind(&entry.object_kind, lang))}
                {super::permission::icon_fold()}
            </summary>
            <div class="more">{diff}<p class="small mute row"><code>{entry.action.clone()}</code>{ip}{request}</p></div>
        </details></li>
    }
    .into_any()
}

/// Every field that reads differently before and after, in words: name, before, after.
fn changes(entry: &AuditEntry, lang: Lang) -> Vec<[String; 3]> {
    let empty = serde_json::Map::new();
    let object = |value: &Option<Value>| value.as_ref().and_then(Value::as_object).cloned().unwrap_or_else(|| empty.clone());
    let (before, after) = (object(&entry.before), object(&entry.after));
    let mut fields: Vec<&String> = before.keys().chain(after.keys()).collect();
    fields.sort_unstable();
    fields.dedup();
    fields
        .into_iter()
        .filter_map(|field| {
            let (was, now) = (before.get(field).unwrap_or(&Value::Null), after.get(field).unwrap_or(&Value::Null));
            let (was, now) = without_common(was, now);
            let [was, now] = [was, now].map(|value| words::value(field, &value, lang));
            (was != now).then(|| [words::field(&entry.object_kind, field, lang), was, now])
        })
        .collect()
}

fn drawn_changes(entry: &AuditEntry, lang: Lang) -> Vec<AnyView> {
    changes(entry, lang)
        .into_iter()
        .map(|[field, was, now]| {
            view! {
                <li>
                    <span>{field}</span>
                    <span class="was"><span class="sr">{t!(lang, "由", "from ")}</span>{was}</span>
                    {icon_s("arrow-right")}
                    <span class="now"><span class="sr">{t!(lang, "改为", "to ")}</span>{now}</span>
                </li>
            }
            .into_any()
        })
        .collect()
}

/// An entry's words for the file: action, kind, name, values before, values after.
fn told(entry: &AuditEntry, lang: Lang) -> [String; 5] {
    let changes = changes(entry, lang);
    let side = |at: usize| {
        let said = changes.iter().filter(|change| change[at] != "–");
        said.map(|change| format!("{}{}{}", change[0], t!(lang, "：", ": "), change[at])).collect::<Vec<_>>().join("\n")
    };
    let label = words::label(&entry.object_kind, &entry.object_label, lang);
    [words::action(&entry.action, lang), words::kind(&entry.object_kind, lang), label, side(1), side(2)]
}

/// Of two lists only what one has and the other lacks: among thirty items the two that changed are what is looked for.
fn without_common(was: &Value, now: &Value) -> (Value, Value) {
    match (was, now) {
        (Value::Array(before), Value::Array(after)) => {
            let only =
                |these: &[Value], those: &[Value]| Value::Array(these.iter().filter(|item| !those.contains(item)).cloned().collect());
            (only(before, after), only(after, before))
        }
        _ => (was.clone(), now.clone()),
    }
}

fn report_note(report: &AuditReport, ctx: &Ctx) -> AnyView {
    let lang = ctx.lang();
    if report.is_whole() {
        let text = t!(
            lang,
            "共 {} 条，每一条都与前一条相符，没有被修改、删除或插入。",
            "{} entries, each following the one before: nothing was changed, taken out or put in.",
            report.entries
        );
        return view! { <div role="status">{note(Tone::Ok, "shield-check", t!(lang, "审计记录完整", "The trail is whole"), text)}</div> }
            .into_any();
    }
    let place = match report.broken_at {
        Some(at) => t!(
            lang,
            "从 {} 的记录起对不上，前面 {} 条完好。",
            "It breaks at the entry of {}; the {} before are intact.",
            at.table(&ctx.zone),
            report.entries
        ),
        None => t!(
            lang,
            "{} 条记录相连，但最后一条不是应有的那条。",
            "{} entries hang together, but the last one is not the expected one.",
            report.entries
        ),
    };
    view! { <div role="alert">{note(Tone::Bad, "shield-alert", t!(lang, "审计记录被改动过", "The trail was tampered with"), place)}</div> }
        .into_any()
}
