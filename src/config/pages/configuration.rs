//! 全部配置, `/settings/configuration`: as it is or was, to read and to take along, and the way in for a file.

use super::part::{address, diff};
use crate::actions::UploadConfiguration;
use crate::dangling::{Dangling, dangling};
use crate::queries::{self, addresses, current};
use crate::refs::Names;
use crate::section::{Section, labels};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use jiff::civil::DateTime;
use kernel::ctx::Ctx;
use kernel::error::{Problem, Result};
use kernel::lang::Lang;
use kernel::store::disposition;
use kernel::t;
use kernel::time::Stamp;
use leptos::prelude::*;
use serde::Deserialize;
use serde_json::Value;
use ui::file::FileInput;
use ui::form::{FormState, hidden, path_of};
use ui::icon::{icon, icon_s};
use ui::page::Page;
use ui::tag::{Tone, note};
use ui::visit::Visit;

/// What stands in the address.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
struct Query {
    /// As browsers write a date and a time, in the company's zone; now when empty.
    at: String,
}

/// Of which moment the configuration is wanted.
#[derive(Clone, Copy)]
enum When {
    Now,
    At(Stamp),
    /// Nothing is known of it: the history began then.
    Before(Stamp),
    Unreadable,
}

impl Query {
    async fn when(&self, ctx: &Ctx) -> Result<When> {
        let typed = self.at.trim();
        if typed.is_empty() {
            return Ok(When::Now);
        }
        let at = typed.parse::<DateTime>().ok().and_then(|at| at.to_zoned(ctx.zone.clone()).ok());
        let Some(at) = at.map(|at| Stamp::from(at.timestamp())) else { return Ok(When::Unreadable) };
        let began = queries::began(ctx).await?.unwrap_or_else(|| ctx.now());
        Ok(if at < began { When::Before(began) } else { When::At(at) })
    }
}

/// 全部配置.
pub async fn configuration_page(visit: Visit) -> Result<Page> {
    let (lang, ctx, form) = (visit.lang(), visit.ctx.clone(), visit.form("config_upload"));
    let query = visit.query::<Query>();
    let when = query.when(&ctx).await?;
    let sections = match when {
        When::Now => current(&mut ctx.read().await?).await?,
        When::At(at) => queries::as_of(&ctx, at).await?,
        When::Before(_) | When::Unreadable => Vec::new(),
    };
    let names = queries::names(&ctx).await?;
    let lost = dangling(&sections, &Names::of(&sections, &addresses(&mut ctx.read().await?).await?));
    let download = match when {
        When::Now => Some("/settings/configuration/file".to_owned()),
        When::At(_) => Some(format!("/settings/configuration/file?at={}", ui::visit::encoded(&query.at))),
        When::Before(_) | When::Unreadable => None,
    };
    let page = Page::new(t!(lang, "全部配置", "The whole configuration"))
        .crumb(t!(lang, "设置", "Settings"), "/settings")
        .crumb(t!(lang, "配置历史", "Configuration history"), "/settings/history")
        .lead(t!(
            lang,
            "现在的或任何时刻的配置，可以下载成一个文件，改好再导入；密码不在里面。",
            "The configuration as it is, or as it was at any time, as a file that can be changed and imported. No passwords are in it."
        ))
        .action(move || download.map(|download| view! { <a class="btn main" href=download>{icon("download")}{t!(lang, "下载配置文件", "Download the file")}</a> }));
    Ok(page.body(move || {
        let cards: Vec<AnyView> =
            sections.iter().filter(|section| !section.objects.is_empty()).map(|section| card(section, &names, lang)).collect();
        view! {
            {moment(&query, when, &ctx)}
            <div class="body">{before(when, &ctx)}{losses(&lost, lang)}{upload(&form)}{cards}</div>
        }
    }))
}

/// The form that asks as of when.
fn moment(query: &Query, when: When, ctx: &Ctx) -> AnyView {
    let lang = ctx.lang();
    let is_unreadable = matches!(when, When::Unreadable);
    // A browser empties a field whose value is no moment: the words below keep what was asked for.
    let wrong = is_unreadable.then(|| {
        let text = t!(lang, "“{}”不是日期和时间", "“{}” is no date and time", query.at.trim());
        view! { <span class="wrong" id="config-at-h" role="alert">{icon_s("triangle-alert")}{text}</span> }
    });
    let value = if is_unreadable { String::new() } else { query.at.trim().to_owned() };
    let zone = kernel::time::offset_words(&ctx.zone, ctx.now());
    view! {
        <form class="filters" method="get" action="/settings/configuration" role="search" aria-label=t!(lang, "哪个时刻的配置", "As of when")>
            <input class="input" type="datetime-local" name="at" value=value aria-label=t!(lang, "截至", "As of") aria-invalid=is_unreadable.then_some("true") aria-describedby=is_unreadable.then_some("config-at-h")/>
            <span class="small mute">{zone}</span>
            {wrong}
            <button class="btn" type="submit">{t!(lang, "查看", "Show")}</button>
            <a class="btn quiet" href="/settings/configuration">{t!(lang, "现在的", "As it is")}</a>
        </form>
    }
    .into_any()
}

/// Where the history begins, for who asked for a moment before.
fn before(when: When, ctx: &Ctx) -> Option<AnyView> {
    let When::Before(began) = when else { return None };
    let lang = ctx.lang();
    let text = t!(
        lang,
        "配置历史从 {} 开始，更早的配置没有记录。",
        "The history begins at {}; nothing is known of what was before.",
        began.table(&ctx.zone)
    );
    Some(note(Tone::Warn, "history", t!(lang, "那时还没有记录", "Nothing was kept then"), text))
}

/// What the file names and does not have.
fn losses(lost: &[Dangling], lang: Lang) -> Option<AnyView> {
    let lines: Vec<AnyView> = lost.iter().map(|one| view! { <li>{one.text(lang)}</li> }.into_any()).collect();
    (!lines.is_empty()).then(|| {
        view! {
            <section class="card" id="dangling">
                <header><h2>{t!(lang, "指向不在配置里的内容", "Names what is not in the configuration")}</h2></header>
                <div class="in stack">
                    <p class="small mute">{t!(lang, "它们指向的内容已被删除，或者不属于配置；含有它们的文件在导入时可能被拒绝。", "What these name is deleted or no part of the configuration: a file with them may be refused when it is imported.")}</p>
                    <ul>{lines}</ul>
                </div>
            </section>
        }
        .into_any()
    })
}

/// The same as a file.
pub async fn configuration_file(visit: Visit, _: HeaderMap) -> Result<Response> {
    let at = match visit.query::<Query>().when(&visit.ctx).await? {
        When::Now => None,
        When::At(at) => Some(at),
        When::Before(_) | When::Unreadable => return Err(Problem::BadFormat.into()),
    };
    let text = crate::commands::export(&visit.ctx, at).await?;
    let headers = [
        (header::CONTENT_TYPE, "application/toml; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, disposition("kefu.toml", false)),
        (header::CACHE_CONTROL, "private, no-store".to_owned()),
    ];
    Ok((headers, text).into_response())
}

fn upload(form: &FormState) -> AnyView {
    let lang = form.lang();
    let problem = form.problem("file").or(form.problem("files"));
    let class = if problem.is_some() { "field has-error" } else { "field" };
    let below = match problem {
        Some(text) => view! { <span class="wrong" id="config-file-h">{icon_s("triangle-alert")}{text}</span> }.into_any(),
        None => view! { <span class="hint" id="config-file-h">{t!(lang, "先显示会改变什么，确认后才生效；最大 1 MB", "It is shown what would change before anything does; at most 1 MB")}</span> }.into_any(),
    };
    view! {
        {form.summary()}
        <form class="card" method="post" enctype="multipart/form-data" action={path_of::<UploadConfiguration>()}>
            <header><h2>{t!(lang, "导入配置", "Import a configuration")}</h2></header>
            <div class="in stack">
                {hidden("sure", true)}
                <div class=class>
                    <label for="config-file">{t!(lang, "配置文件", "File of configuration")}</label>
                    {FileInput::new("config-file", "file", t!(lang, "选择文件", "Choose a file")).accept(".toml,.txt,text/plain").required().below("config-file-h", problem).view(lang)}
                    {below}
                </div>
            </div>
            <footer><button class="btn" type="submit">{icon("upload")}{t!(lang, "看会改变什么", "See what would change")}</button></footer>
        </form>
    }
    .into_any()
}

fn card(section: &Section, names: &Names, lang: Lang) -> AnyView {
    let kind = section.kind;
    let count = (!kind.is_single).then(|| view! { <span class="tag">{section.objects.len()}</span> });
    let rows: Vec<AnyView> = section
        .objects
        .iter()
        .zip(labels(kind, &section.objects))
        .map(|(object, label)| {
            let label = if kind.is_single { kind.label(lang).to_owned() } else { label };
            view! {
                <details class="opens">
                    <summary>{icon_s("chevron-right")}<b>{label}</b></summary>
                    {diff(kind, &Value::Null, &object.document, names, lang)}
                    <p><a class="link" href=address(kind.key, object.id)>{t!(lang, "全部版本", "All versions")}</a></p>
                </details>
            }
            .into_any()
        })
        .collect();
    view! { <section class="card"><header><h2>{kind.label(lang)}" "{count}</h2></header><div class="in stack">{rows}</div></section> }
        .into_any()
}
