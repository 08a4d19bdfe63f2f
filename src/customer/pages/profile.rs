//! 客户详情 and the page that creates a customer.

use super::form::{customer_form, stale_note, start};
use crate::actions::{CreateCustomer, EditCustomer, UndoMerge};
use crate::model::{CustomerHit, CustomerInput, Field};
use crate::queries::merge::{self, Merge};
use crate::queries::{self, CustomerCard};
use kernel::answer;
use kernel::ctx::Ctx;
use kernel::error::Result;
use kernel::id::CustomerId;
use kernel::lang::Lang;
use kernel::permission::Permission;
use kernel::t;
use leptos::prelude::*;
use serde::Deserialize;
use ui::form::{FormState, hidden, path_of};
use ui::icon::icon;
use ui::page::Page;
use ui::tabs::{Tab, tabs};
use ui::tag::{Tone, or_dash};
use ui::visit::Visit;

/// What another page hands over to the form of a new customer.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct Prefill {
    nickname: String,
    email: String,
    phone: String,
}

/// 新建客户.
pub async fn new_customer_page(visit: Visit) -> Result<Page> {
    let (lang, ctx) = (visit.lang(), visit.ctx.clone());
    ctx.require(Permission::CustomerEdit)?;
    let definitions = queries::field::defined(&mut ctx.read().await?).await?;
    let form = visit.form("customer");
    let taken = taken(&ctx, &form, None).await?;
    let prefill = visit.query::<Prefill>();
    let start = CustomerInput { nickname: prefill.nickname, emails: prefill.email, phones: prefill.phone, ..CustomerInput::default() };
    Ok(Page::new(t!(lang, "新建客户", "New customer")).crumb(t!(lang, "客户", "Customers"), "/customers").body(
        move || view! { <div class="body narrow">{customer_form(&form, &start, &definitions, path_of::<CreateCustomer>(), &taken)}</div> },
    ))
}

/// Which part of the customer is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Part {
    /// 往来.
    #[default]
    Past,
    /// 资料.
    Facts,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Shown {
    part: Part,
}

/// 客户详情: what passed between us, the facts and their form, who may be the same person, what was merged. `past` draws
/// the `total` tickets of the slice above this one; there are none for whoever may see no tickets.
pub async fn customer_page(visit: Visit, total: Option<i64>, past: impl FnOnce() -> AnyView + Send + 'static) -> Result<Page> {
    let (lang, ctx) = (visit.lang(), visit.ctx.clone());
    let id: CustomerId = visit.param("id")?;
    let card = queries::customer(&ctx, id).await?;
    let definitions = queries::field::defined(&mut ctx.read().await?).await?;
    let merges = merge::history(&ctx, id).await?;
    let is_here = card.merged_into.is_none();
    let duplicates = if is_here { merge::duplicates(&ctx, &card).await? } else { Vec::new() };
    let form = visit.form("customer");
    let taken = taken(&ctx, &form, Some(id)).await?;
    let undo_form = visit.form("undo_merge");
    let may_edit = is_here && ctx.may(Permission::CustomerEdit);
    // What was posted and refused is never out of sight.
    let asked = if form.is_shown_again() { Part::Facts } else { visit.query::<Shown>().part };
    let shown = match (may_edit, total) {
        (true, Some(_)) => asked,
        (true, None) => Part::Facts,
        (false, _) => Part::Past,
    };
    let tabs = (may_edit && total.is_some()).then(|| parts(&visit, shown, total.unwrap_or(0)));
    let page = Page::new(card.nickname.clone()).crumb(t!(lang, "客户", "Customers"), "/customers");
    let level = card.vip_level;
    let page = page.mark(move || ui::tag::vip(level).into_any());
    let page = if is_here { actions(page, &ctx, id) } else { page };
    Ok(page.body(move || {
        let main = match shown {
            Part::Past => past(),
            Part::Facts => {
                let start = start(&card, &definitions);
                view! {
                    {stale_note(&form, &start)}
                    <section class="card" aria-labelledby="facts">
                        <header><h2 id="facts">{t!(lang, "客户资料", "Customer")}</h2></header>
                        <div class="in">{customer_form(&form, &start, &definitions, path_of::<EditCustomer>(), &taken)}</div>
                    </section>
                }
                .into_any()
            }
        };
        let notes = view! { {undo_form.summary()}{gone_note(&card, &merges, lang)}{duplicate_notes(&duplicates, &ctx, id)} };
        let merged = merge_card(&merges, &ctx);
        view! {
            {tabs}
            <div class="body"><div class="split">
                <div>{notes}{main}</div>
                <aside aria-label=t!(lang, "资料", "Facts")>{facts(&card, &definitions, &ctx)}{merged}</aside>
            </div></div>
        }
    }))
}

/// Tabs: what passed between us, and the facts to edit.
fn parts(visit: &Visit, shown: Part, total: i64) -> AnyView {
    let lang = visit.lang();
    let past = Tab {
        label: t!(lang, "往来", "History").to_owned(),
        href: visit.place.with(&[("part", ""), ("at", "")]),
        is_current: shown == Part::Past,
        count: (total > 0).then(|| total.to_string()),
    };
    let facts = Tab {
        label: t!(lang, "修改资料", "Edit").to_owned(),
        href: visit.place.with(&[("part", "facts"), ("at", "")]),
        is_current: shown == Part::Facts,
        count: None,
    };
    tabs(t!(lang, "这位客户", "This customer"), vec![past, facts])
}

async fn taken(ctx: &Ctx, form: &FormState, except: Option<CustomerId>) -> Result<Vec<CustomerHit>> {
    if form.problem("emails").is_none() && form.problem("phones").is_none() {
        return Ok(Vec::new());
    }
    merge::holders_of(ctx, &form.value_or("emails", ""), &form.value_or("phones", ""), except).await
}

fn actions(page: Page, ctx: &Ctx, id: CustomerId) -> Page {
    let lang = ctx.lang();
    let page = if ctx.may(Permission::CustomerMerge) {
        page.action(move || view! { <a class="btn" href=format!("/customers/{id}/merge")>{icon("git-merge")}{t!(lang, "合并重复客户", "Merge a duplicate")}</a> })
    } else {
        page
    };
    if ctx.may(Permission::TicketCreate) {
        page.action(move || view! { <a class="btn main" href=format!("/tickets/new?customer={id}")>{icon("plus")}{t!(lang, "新建工单", "New ticket")}</a> })
    } else {
        page
    }
}

fn gone_note(card: &CustomerCard, merges: &[Merge], lang: Lang) -> Option<AnyView> {
    let into = card.merged_into?;
    let name = merges.iter().find(|merge| merge.kept == into).map(|merge| merge.kept_name.clone()).unwrap_or_default();
    let words = t!(lang, "这位客户已合并，工单和联系方式都在那边", "This customer was merged; tickets and contacts are over there");
    Some(
        view! {
            <div class="note">
                {icon("git-merge")}
                <div><b>{t!(lang, "已合并到 {}", "Merged into {}", name)}</b><div class="dim">{words}</div></div>
                <span class="act"><a class="btn" href=format!("/customers/{into}")>{t!(lang, "打开合并后的客户", "Open that customer")}</a></span>
            </div>
        }
        .into_any(),
    )
}

fn duplicate_notes(duplicates: &[CustomerHit], ctx: &Ctx, id: CustomerId) -> Vec<AnyView> {
    let lang = ctx.lang();
    let may_merge = ctx.may(Permission::CustomerMerge);
    duplicates
        .iter()
        .map(|hit| {
            let other = hit.id;
            let contact = hit.phone.clone().or_else(|| hit.email.clone()).unwrap_or_default();
            let act = may_merge.then(|| {
                view! { <span class="act"><a class="btn" href=format!("/customers/{id}/merge?with={other}")>{t!(lang, "比较并合并", "Compare and merge")}</a></span> }
            });
            view! {
                <div class="note warn slim">
                    {icon("users-round")}
                    <div>
                        {t!(lang, "可能和这位客户是同一人：", "May be the same person as ")}
                        <a class="link" href=format!("/customers/{other}")>{hit.nickname.clone()}</a>" "<span class="mute">{contact}</span>
                    </div>
                    {act}
                </div>
            }
            .into_any()
        })
        .collect()
}

fn facts(card: &CustomerCard, definitions: &[Field], ctx: &Ctx) -> AnyView {
    let lang = ctx.lang();
    let several = |values: Vec<AnyView>| if values.is_empty() { or_dash("").into_any() } else { view! { <ul>{values}</ul> }.into_any() };
    let phones = card.phones.iter().map(|phone| view! { <li>{phone.clone()}</li> }.into_any()).collect();
    let emails = card
        .emails
        .iter()
        .map(|email| view! { <li><a class="link" href=format!("mailto:{email}")>{email.clone()}</a></li> }.into_any())
        .collect();
    let partner = match &card.partner_id {
        Some(id) => view! { <code>{id.clone()}</code> }.into_any(),
        None => or_dash("").into_any(),
    };
    let own: Vec<AnyView> = definitions
        .iter()
        .map(|field| {
            let values = answer::values_of(card.fields.get(field.id.to_string()));
            let text = answer::all_words(field.kind, &values, ", ");
            view! { <dt>{field.label.clone()}</dt><dd>{or_dash(&text)}</dd> }.into_any()
        })
        .collect();
    view! {
        <section class="card">
            <header><h2>{t!(lang, "联系方式", "Contact")}</h2></header>
            <div class="in"><dl class="facts">
                <dt>{t!(lang, "姓名", "Name")}</dt><dd>{or_dash(&card.name)}</dd>
                <dt>{t!(lang, "电话", "Phone")}</dt><dd>{several(phones)}</dd>
                <dt>{t!(lang, "邮箱", "E-mail")}</dt><dd>{several(emails)}</dd>
                <dt>{t!(lang, "所属企业", "Organisation")}</dt><dd>{or_dash(&card.organisation)}</dd>
                <dt>{t!(lang, "对接ID", "Integration id")}</dt><dd>{partner}</dd>
                {own}
                <dt>{t!(lang, "备注", "Remark")}</dt><dd>{or_dash(&card.remark)}</dd>
                <dt>{t!(lang, "建立", "Created")}</dt><dd>{ui::time::full(card.created_at, ctx)}</dd>
                <dt>{t!(lang, "最近更新", "Last changed")}</dt><dd>{ui::time::ago(card.updated_at, ctx)}</dd>
            </dl></div>
        </section>
    }
    .into_any()
}

fn merge_card(merges: &[Merge], ctx: &Ctx) -> Option<AnyView> {
    if merges.is_empty() {
        return None;
    }
    let lang = ctx.lang();
    let may_undo = ctx.may(Permission::CustomerMerge);
    let rows: Vec<AnyView> = merges
        .iter()
        .map(|merge| {
            let words = t!(lang, "{} 并入 {}", "{} into {}", merge.merged_name, merge.kept_name);
            let end = match merge.undone_at {
                Some(_) => ui::tag::tag(Tone::Line, "undo-2", t!(lang, "已撤销", "Undone")),
                None if merge.is_last && may_undo => view! {
                    <form method="post" action={path_of::<UndoMerge>()}>
                        {hidden("merge", merge.id)}
                        <button class="btn mini" type="submit">{t!(lang, "撤销合并", "Undo merge")}</button>
                    </form>
                }
                .into_any(),
                None => ().into_any(),
            };
            view! {
                <li>
                    {icon("git-merge")}
                    <div class="grow">{words}<small>{merge.actor_name.clone()}" "{ui::time::ago(merge.created_at, ctx)}</small></div>
                    <span class="end">{end}</span>
                </li>
            }
            .into_any()
        })
        .collect();
    Some(
        view! { <section class="card"><header><h2>{t!(lang, "合并记录", "Merges")}</h2></header><ul class="rows">{rows}</ul></section> }
            .into_any(),
    )
}
