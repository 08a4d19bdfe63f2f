//! 合并客户: find the other one, see what will remain, confirm.

use crate::actions::MergeCustomers;
use crate::model::{ContactKind, CustomerHit};
use crate::profile::Profile;
use crate::queries::{self, CustomerCard, finder};
use kernel::answer;
use kernel::error::{Error, Result};
use kernel::id::CustomerId;
use kernel::input::blank;
use kernel::lang::Lang;
use kernel::permission::Permission;
use kernel::t;
use leptos::prelude::*;
use serde::Deserialize;
use ui::form::{FormState, hidden, path_of};
use ui::icon::icon;
use ui::islands::finder::{Finder, Seek};
use ui::page::Page;
use ui::tag::{Tone, note, or_dash};
use ui::visit::Visit;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct Query {
    #[serde(deserialize_with = "blank")]
    with: Option<CustomerId>,
    q: String,
}

/// 合并客户.
pub async fn merge_page(visit: Visit) -> Result<Page> {
    let (lang, ctx) = (visit.lang(), visit.ctx.clone());
    ctx.require(Permission::CustomerMerge)?;
    let id: CustomerId = visit.param("id")?;
    let card = queries::customer(&ctx, id).await?;
    if card.merged_into.is_some() {
        return Err(Error::NotFound);
    }
    let query = visit.query::<Query>();
    let page = Page::new(t!(lang, "合并客户", "Merge customers"))
        .crumb(t!(lang, "客户", "Customers"), "/customers")
        .crumb(card.nickname.clone(), format!("/customers/{id}"))
        .lead(t!(
            lang,
            "工单和联系方式并到一位客户下，随时可以撤销",
            "Tickets and contacts come together under one customer; it can be undone at any time"
        ));
    let Some(other) = query.with else {
        let hits = if query.q.trim().is_empty() {
            queries::merge::duplicates(&ctx, &card).await?
        } else {
            queries::lookup(&ctx, &query.q).await?
        };
        let hits: Vec<CustomerHit> = hits.into_iter().filter(|hit| hit.id != id).collect();
        return Ok(page.body(move || view! { <div class="body narrow">{find(&card, &query.q, &hits, lang)}</div> }));
    };
    let gone = queries::customer(&ctx, other).await?;
    let [kept, merged, result] = queries::merge::preview(&ctx, id, other).await?;
    let definitions = queries::field::defined(&mut ctx.read().await?).await?;
    let labels: Vec<(String, String)> = definitions.iter().map(|field| (field.id.to_string(), field.label.clone())).collect();
    let form = visit.form("merge");
    Ok(page.body(move || {
        view! { <div class="body"><div class="stack">{form.summary()}{preview([&kept, &merged, &result], &labels, lang)}{confirm(&form, &card, &gone)}</div></div> }
    }))
}

fn find(card: &CustomerCard, typed: &str, hits: &[CustomerHit], lang: Lang) -> AnyView {
    let id = card.id;
    let rows: Vec<AnyView> = hits
        .iter()
        .map(|hit| {
            let contact: Vec<&str> = [Some(hit.name.as_str()), hit.phone.as_deref(), hit.email.as_deref(), hit.partner_id.as_deref()]
                .into_iter()
                .flatten()
                .filter(|text| !text.is_empty())
                .collect();
            let contact = contact.join(t!(lang, "·", ", "));
            view! {
                <li>
                    {ui::avatar::mark(hit.id.0, &hit.nickname)}
                    <div class="grow">{hit.nickname.clone()}" "{ui::tag::vip(hit.vip_level)}<small>{contact}</small></div>
                    <span class="end"><a class="btn" href=format!("/customers/{id}/merge?with={}", hit.id)>{t!(lang, "比较并合并", "Compare and merge")}</a></span>
                </li>
            }
            .into_any()
        })
        .collect();
    let found = match (rows.is_empty(), typed.trim().is_empty()) {
        (false, true) => view! { <section class="card"><header><h2>{t!(lang, "可能是同一人", "May be the same person")}</h2></header><ul class="rows">{rows}</ul></section> }.into_any(),
        (false, false) => view! { <section class="card"><header><h2>{t!(lang, "找到的客户", "Customers found")}</h2></header><ul class="rows">{rows}</ul></section> }.into_any(),
        (true, true) => note(
            Tone::Plain,
            "info",
            t!(lang, "没有发现同名或同号的客户", "Nobody has the same name or number"),
            t!(lang, "用另一位客户的姓名、电话、邮箱或对接ID查找", "Find the other customer by name, phone, e-mail or integration id"),
        ),
        (true, false) => note(Tone::Plain, "info", t!(lang, "没有找到这位客户", "Nobody found"), t!(lang, "换一个电话、邮箱或对接ID试试", "Try another phone, e-mail or integration id")),
    };
    let words = t!(lang, "和 {} 重复的客户", "The duplicate of {}", card.nickname);
    let seek = finder::seek("q", typed, format!("/customers/{id}/merge?with={{}}"), "");
    let seek = Seek { except: id.to_string(), ..seek };
    view! {
        <div class="stack">
            <form class="field" method="get" action=format!("/customers/{id}/merge") role="search">
                <label for="q">{words.clone()}</label>
                <div class="row">
                    <Finder seek=seek words=finder::words(lang, words)/>
                    <button class="btn" type="submit">{t!(lang, "查找客户", "Find")}</button>
                </div>
            </form>
            {found}
        </div>
    }
    .into_any()
}

fn preview([kept, merged, result]: [&Profile; 3], labels: &[(String, String)], lang: Lang) -> AnyView {
    let mut facts: Vec<(String, [String; 3])> = Vec::new();
    let mut row = |label: &str, read: &dyn Fn(&Profile) -> String| facts.push((label.to_owned(), [read(kept), read(merged), read(result)]));
    row(t!(lang, "昵称", "Nickname"), &|profile| profile.nickname.clone());
    row(t!(lang, "姓名", "Name"), &|profile| profile.name.clone());
    row(t!(lang, "电话", "Phone"), &|profile| profile.written(ContactKind::Phone).join("\n"));
    row(t!(lang, "邮箱", "E-mail"), &|profile| profile.written(ContactKind::Email).join("\n"));
    row(t!(lang, "对接ID", "Integration id"), &|profile| profile.partner_id.clone().unwrap_or_default());
    row(t!(lang, "VIP等级", "VIP level"), &|profile| if profile.vip_level > 0 { profile.vip_level.to_string() } else { String::new() });
    row(t!(lang, "所属企业", "Organisation"), &|profile| profile.organisation.clone());
    row(t!(lang, "备注", "Remark"), &|profile| profile.remark.clone());
    for (id, label) in labels {
        row(label, &|profile| answer::text(profile.fields.get(id)));
    }
    let rows: Vec<AnyView> = facts
        .into_iter()
        .filter(|(_, values)| values.iter().any(|value| !value.is_empty()))
        .map(|(label, [kept, merged, result])| {
            let cell = |text: &str| {
                let lines: Vec<AnyView> = text.lines().map(|line| view! { <div>{line.to_owned()}</div> }.into_any()).collect();
                if lines.is_empty() { or_dash("").into_any() } else { lines.into_any() }
            };
            view! { <tr><th scope="row">{label}</th><td class="wrap">{cell(&kept)}</td><td class="wrap">{cell(&merged)}</td><td class="wrap"><b>{cell(&result)}</b></td></tr> }.into_any()
        })
        .collect();
    let table = view! {
        <table class="table roomy">
            <thead><tr>
                <th scope="col"><span class="sr">{t!(lang, "字段", "Field")}</span></th>
                <th scope="col">{t!(lang, "保留：{}", "Stays: {}", kept.nickname)}</th>
                <th scope="col">{t!(lang, "并入：{}", "Goes: {}", merged.nickname)}</th>
                <th scope="col">{t!(lang, "合并以后", "What remains")}</th>
            </tr></thead>
            <tbody>{rows}</tbody>
        </table>
    };
    view! { <section class="card">{ui::table::scroll(t!(lang, "合并预览", "Preview of the merge"), table)}</section> }.into_any()
}

fn confirm(form: &FormState, keep: &CustomerCard, gone: &CustomerCard) -> AnyView {
    let lang = form.lang();
    let words = t!(lang, "合并，保留 {}", "Merge and keep {}", keep.nickname);
    view! {
        <form class="row" method="post" action={path_of::<MergeCustomers>()}>
            {hidden("keep", keep.id)}
            {hidden("gone", gone.id)}
            <button class="btn main" type="submit">{icon("git-merge")}{words}</button>
            <a class="btn" href=format!("/customers/{}/merge?with={}", gone.id, keep.id)>{icon("refresh-cw")}{t!(lang, "改为保留 {}", "Keep {} instead", gone.nickname)}</a>
            <a class="btn quiet" href=format!("/customers/{}", keep.id)>{t!(lang, "不合并", "Do not merge")}</a>
        </form>
    }
    .into_any()
}
