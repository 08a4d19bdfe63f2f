//! 电话交换机: which switches tell us of calls, and how each is. What people read of calls stands in `pages/`.

pub mod detail;
mod editor;
mod filter;
pub mod key;
mod lanes;
mod ledger;
pub(crate) mod mark;
pub mod part;
mod quarantine;
pub mod record;
pub mod recording;
mod summary;
mod table;
mod tree;

use crate::model::switch::SwitchKind;
use crate::queries::{self, Kept};
use kernel::ctx::Ctx;
use kernel::error::{Error, Result};
use kernel::id::SwitchId;
use kernel::lang::Lang;
use kernel::t;
use leptos::prelude::*;
use ui::empty::empty;
use ui::icon::icon;
use ui::page::Page;
use ui::tag::{Tone, note, tag};
use ui::visit::Visit;

/// Where the list lives.
const ADDRESS: &str = "/settings/switches";

/// 电话交换机, `/settings/switches`.
pub async fn switches_page(visit: Visit) -> Result<Page> {
    let (lang, ctx, failed) = (visit.lang(), visit.ctx.clone(), visit.form("switch_refusal"));
    let switches = queries::list(&ctx).await?;
    let counts = queries::refused_counts(&ctx).await?;
    let page = Page::new(t!(lang, "电话交换机", "Telephone switches"))
        .history(&visit.ctx, "switch")
        .crumb(t!(lang, "设置", "Settings"), "/settings")
        .count(switches.len())
        .lead(t!(
            lang,
            "交换机把来电、振铃、接听、转接告诉这里，通话记录由此算出，迟到和重复的事件不会算错。",
            "Switches tell of calls as they come, ring, are answered and transferred. The records are worked out from that; late and repeated events change nothing."
        ))
        .action(move || new_button(lang));
    Ok(page.body(move || {
        if switches.is_empty() {
            let text = t!(
                lang,
                "添加一台交换机，生成密钥，把签名后的事件发到 POST /switch/events。任何能发 HTTP 请求的交换机都可以接入。",
                "Add a switch, make its key, and send signed events to POST /switch/events. Whatever can send HTTP requests can be connected."
            );
            return view! { {failed.summary()}{empty("phone", t!(lang, "还没有交换机", "No switch yet"), text, new_button(lang))} }.into_any();
        }
        view! { <div class="body">{failed.summary()}<section class="card">{table(&switches, &counts, &ctx)}</section></div> }.into_any()
    }))
}

/// 添加交换机.
pub async fn new_page(visit: Visit) -> Result<Page> {
    let (lang, form) = (visit.lang(), visit.form("switch"));
    let page = page(t!(lang, "添加交换机", "Add a switch").to_owned(), lang);
    Ok(page.body(move || editor::editor(lang, None, &form)))
}

/// 交换机: one of them, with its key, how to speak to us, and what could not be understood.
pub async fn switch_page(visit: Visit) -> Result<Page> {
    let (lang, ctx) = (visit.lang(), visit.ctx.clone());
    let id: SwitchId = visit.param("id")?;
    let kept = queries::list(&ctx).await?.into_iter().find(|kept| kept.id == id).ok_or(Error::NotFound)?;
    let refused = queries::refused(&ctx, Some(id)).await?;
    let count = queries::refused_counts(&ctx).await?.into_iter().find(|(switch, _)| *switch == id).map_or(0, |(_, count)| count);
    let shown = key::shown(&visit);
    let (form, failed) = (visit.form("switch"), ["switch_delete", "switch_issue", "switch_refusal"].map(|form| visit.form(form)));
    let (named, state) = (kept.clone(), kept.is_enabled);
    let is_asterisk = kept.kind == SwitchKind::Asterisk;
    let page = page(kept.name.clone(), lang).mark(move || state_tag(state, lang)).action(move || editor::delete_button(&named, lang));
    Ok(page.body(move || {
        let failed: Vec<AnyView> = failed.iter().map(ui::form::FormState::summary).collect();
        view! {
            {failed}
            {editor::editor(lang, Some(&kept), &form)}
            <div class="body sections">
                {is_asterisk.then(|| asterisk(lang))}
                {key::section(&kept, shown.as_ref(), &ctx)}
                {quarantine::section(&refused, count, &ctx)}
            </div>
        }
    }))
}

/// Whoever chose this kind must not wait for calls that nothing brings yet.
fn asterisk(lang: Lang) -> AnyView {
    let text = t!(
        lang,
        "ARI 事件的翻译已经有了，与 Asterisk 的连接还没有。现在请用 POST /switch/events 把事件发过来。",
        "Events of ARI are translated already, but the connection to Asterisk is not there yet. Until then send events to POST /switch/events."
    );
    note(Tone::Warn, "triangle-alert", t!(lang, "还不能连接 Asterisk", "Asterisk cannot be connected yet"), text)
}

fn page(title: String, lang: Lang) -> Page {
    Page::new(title).crumb(t!(lang, "设置", "Settings"), "/settings").crumb(t!(lang, "电话交换机", "Telephone switches"), ADDRESS)
}

fn state_tag(is_enabled: bool, lang: Lang) -> AnyView {
    match is_enabled {
        true => tag(Tone::Ok, "circle-check", t!(lang, "启用", "Enabled")),
        false => tag(Tone::Plain, "circle-pause", t!(lang, "停用", "Disabled")),
    }
}

fn table(switches: &[Kept], counts: &[(SwitchId, i64)], ctx: &Ctx) -> AnyView {
    let lang = ctx.lang();
    let rows: Vec<AnyView> = switches.iter().map(|kept| row(kept, counts, ctx)).collect();
    let table = view! {
        <table class="table roomy fold" role="table" aria-label=t!(lang, "电话交换机", "Telephone switches")>
            <thead role="rowgroup">
                <tr role="row">
                    <th role="columnheader" scope="col">{t!(lang, "名称", "Name")}</th>
                    <th role="columnheader" scope="col">{t!(lang, "类型", "Kind")}</th>
                    <th role="columnheader" scope="col">{t!(lang, "状态", "State")}</th>
                    <th role="columnheader" scope="col">{t!(lang, "最近事件", "Last event")}</th>
                    <th role="columnheader" scope="col" class="num">{t!(lang, "隔离的事件", "In quarantine")}</th>
                </tr>
            </thead>
            <tbody role="rowgroup">{rows}</tbody>
        </table>
    };
    ui::table::scroll(t!(lang, "电话交换机", "Telephone switches"), table).into_any()
}

fn row(kept: &Kept, counts: &[(SwitchId, i64)], ctx: &Ctx) -> AnyView {
    let lang = ctx.lang();
    let refused = counts.iter().find(|(id, _)| *id == kept.id).map_or(0, |(_, count)| *count);
    let last = match kept.last_event_at {
        Some(at) => ui::time::ago(at, ctx).into_any(),
        None => t!(lang, "还没有", "none yet").into_any(),
    };
    view! {
        <tr role="row">
            <th role="rowheader" scope="row"><a class="to" href=format!("{ADDRESS}/{}", kept.id)>{kept.name.clone()}</a></th>
            <td role="cell" data-k=t!(lang, "类型", "Kind")>{kept.kind.label(lang)}</td>
            <td role="cell" data-k=t!(lang, "状态", "State")>{state_tag(kept.is_enabled, lang)}</td>
            <td role="cell" data-k=t!(lang, "最近事件", "Last event")>{last}</td>
            <td role="cell" class="num" data-k=t!(lang, "隔离的事件", "In quarantine")>{refused}</td>
        </tr>
    }
    .into_any()
}

fn new_button(lang: Lang) -> AnyView {
    view! { <a class="btn main" href=format!("{ADDRESS}/new")>{icon("plus")}{t!(lang, "添加交换机", "Add a switch")}</a> }.into_any()
}
