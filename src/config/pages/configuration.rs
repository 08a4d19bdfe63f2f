//! 全部配置, `/settings/configuration`: as it is or was, to read and to take along, and the way in for a file.

use super::part::{address, diff};
use crate::actions::UploadConfiguration;
use crate::queries::{self, current};
use crate::refs::Names;
use crate::section::{Section, labels};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use jiff::civil::DateTime;
use kernel::ctx::Ctx;
use kernel::error::Result;
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
use ui::visit::Visit;

/// What stands in the address.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
struct Query {
    /// As browsers write a date and a time, in the company's zone; now when empty.
    at: String,
}

impl Query {
    fn moment(&self, ctx: &Ctx) -> Option<Stamp> {
        let at: DateTime = self.at.trim().parse().ok()?;
        Some(at.to_zoned(ctx.zone.clone()).ok()?.timestamp().into())
    }
}

/// 全部配置.
pub async fn configuration_page(visit: Visit) -> Result<Page> {
    let (lang, ctx, form) = (visit.lang(), visit.ctx.clone(), visit.form("config_upload"));
    let query = visit.query::<Query>();
    let at = query.moment(&ctx);
    let sections = match at {
        Some(at) => queries::as_of(&ctx, at).await?,
        None => current(&mut ctx.read().await?).await?,
    };
    let names = queries::names(&ctx).await?;
    let download = match at {
        Some(_) => format!("/settings/configuration/file?at={}", ui::visit::encoded(&query.at)),
        None => "/settings/configuration/file".to_owned(),
    };
    let page = Page::new(t!(lang, "全部配置", "The whole configuration"))
        .crumb(t!(lang, "设置", "Settings"), "/settings")
        .crumb(t!(lang, "配置历史", "Configuration history"), "/settings/history")
        .lead(t!(
            lang,
            "现在的或任何时刻的配置，可以下载成一个文件，改好再导入；密码不在里面。",
            "The configuration as it is, or as it was at any time, as a file that can be changed and imported. No passwords are in it."
        ))
        .action(move || view! { <a class="btn main" href=download>{icon("download")}{t!(lang, "下载配置文件", "Download the file")}</a> });
    Ok(page.body(move || {
        let value = if at.is_some() { query.at.clone() } else { String::new() };
        let cards: Vec<AnyView> = sections.iter().filter(|section| !section.objects.is_empty()).map(|section| card(section, &names, lang)).collect();
        let zone = kernel::time::offset_words(&ctx.zone, ctx.now());
        view! {
            <form class="filters" method="get" action="/settings/configuration" role="search" aria-label=t!(lang, "哪个时刻的配置", "As of when")>
                <input class="input" type="datetime-local" name="at" value=value aria-label=t!(lang, "截至", "As of")/>
                <span class="small mute">{zone}</span>
                <button class="btn" type="submit">{t!(lang, "查看", "Show")}</button>
                <a class="btn quiet" href="/settings/configuration">{t!(lang, "现在的", "As it is")}</a>
            </form>
            <div class="body">{upload(&form)}{cards}</div>
        }
    }))
}

/// The same as a file.
pub async fn configuration_file(visit: Visit, _: HeaderMap) -> Result<Response> {
    let at = visit.query::<Query>().moment(&visit.ctx);
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
