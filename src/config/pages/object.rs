//! 版本, `/settings/history/{kind}/{id}`: every version of one object, and the way back to one of them.

use super::part::{address, diff, document, title, verb, who};
use crate::actions::RestoreVersion;
use crate::queries::{self, Version, kind_of};
use crate::refs::Names;
use kernel::configured::Kind;
use kernel::ctx::Ctx;
use kernel::error::{Error, Result};
use kernel::t;
use leptos::prelude::*;
use serde::Deserialize;
use ui::form::field::reason;
use ui::form::{FormState, hidden, path_of};
use ui::icon::icon;
use ui::page::Page;
use ui::tag::{Tone, note};
use ui::visit::Visit;
use uuid::Uuid;

/// The form.
const FORM: &str = "config_restore";

/// 版本.
pub async fn object_page(visit: Visit) -> Result<Page> {
    #[derive(Default, Deserialize)]
    #[serde(default)]
    struct Query {
        #[serde(deserialize_with = "kernel::input::blank")]
        version: Option<i32>,
    }
    let (lang, ctx) = (visit.lang(), visit.ctx.clone());
    let key: String = visit.param("kind")?;
    let (kind, object): (&'static Kind, Uuid) = (kind_of(&ctx, &key)?, visit.param("id")?);
    let versions = queries::versions(&ctx, kind.key, object).await?;
    let last = versions.first().cloned().ok_or(Error::NotFound)?;
    let (names, form, wanted) = (queries::names(&ctx).await?, visit.form(FORM), visit.query::<Query>().version);
    let page = Page::new(title(kind, &last, lang))
        .crumb(t!(lang, "设置", "Settings"), "/settings")
        .crumb(t!(lang, "配置历史", "Configuration history"), "/settings/history")
        .crumb(kind.label(lang), format!("/settings/history?kind={}", kind.key))
        .count(versions.len())
        .action(move || view! { <a class="btn" href=kind.page>{icon("settings-2")}{t!(lang, "打开设置页", "Open the settings")}</a> });
    Ok(page.body(move || {
        let chosen = wanted.and_then(|wanted| versions.iter().find(|version| version.version == wanted));
        let preview =
            chosen.filter(|chosen| chosen.version != last.version).map(|chosen| preview(kind, chosen, &last, &names, &form, &ctx));
        let rows: Vec<AnyView> = versions.iter().map(|version| row(kind, version, &last, &names, &ctx)).collect();
        view! { <div class="body">{form.summary()}{preview}{rows}</div> }
    }))
}

/// What going back would change, and the button.
fn preview(kind: &Kind, chosen: &Version, last: &Version, names: &Names, form: &FormState, ctx: &Ctx) -> AnyView {
    let lang = ctx.lang();
    let warning = chosen.document.is_none().then(|| {
        let text = t!(lang, "这一版里它已被删除。", "It was deleted in this version.");
        note(Tone::Warn, "trash-2", t!(lang, "恢复就是再删除一次", "Going back deletes it again"), text)
    });
    view! {
        <form class="card" method="post" id=FORM action={path_of::<RestoreVersion>()}>
            <header><h2>{t!(lang, "恢复到第 {} 版会改变什么", "What going back to version {} changes", chosen.version)}</h2></header>
            <div class="in stack">
                {hidden("kind", kind.key)}{hidden("object", chosen.object_id)}{hidden("version", chosen.version)}{hidden("last", last.version)}
                {warning}
                {diff(kind, &document(last.document.as_ref()), &document(chosen.document.as_ref()), names, lang)}
                {reason(form)}
            </div>
            <footer>
                <a class="btn quiet" href=address(kind.key, chosen.object_id)>{t!(lang, "不恢复", "Leave it")}</a>
                <button class="btn main" type="submit">{t!(lang, "恢复到此版本", "Restore this version")}</button>
            </footer>
        </form>
    }
    .into_any()
}

fn row(kind: &Kind, version: &Version, last: &Version, names: &Names, ctx: &Ctx) -> AnyView {
    let lang = ctx.lang();
    let back = (version.version != last.version).then(|| {
        let href = format!("{}?version={}", address(kind.key, version.object_id), version.version);
        view! { <a class="btn" href=href>{icon("rotate-ccw")}{t!(lang, "恢复到此版本…", "Restore this version…")}</a> }
    });
    let reason = (!version.reason.is_empty()).then(|| view! { <p>{t!(lang, "原因：", "Reason: ")}{version.reason.clone()}</p> });
    view! {
        <section class="card">
            <header>
                <h2>{t!(lang, "第 {} 版", "Version {}", version.version)}</h2>
                <span class="row small">{who(version, lang)}" "{verb(version, lang)}" "{ui::time::cell(version.created_at, ctx)}</span>
                <span class="act">{back}</span>
            </header>
            <div class="in stack">
                {reason}
                {diff(kind, &document(version.before.as_ref()), &document(version.document.as_ref()), names, lang)}
            </div>
        </section>
    }
    .into_any()
}
