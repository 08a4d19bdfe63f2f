//! 批量操作: the bar under a list that has picked rows, and the page that says what would happen before it does.

use super::choice::{self, Choices};
use super::{filter, list, side};
use crate::actions;
use crate::commands::bulk;
use crate::model::Priority;
use crate::model::bulk::{BulkAct, BulkInput, BulkPreview};
use crate::model::list::{BuiltIn, ListQuery};
use kernel::ctx::Ctx;
use kernel::error::{Error, Result};
use kernel::id::{AgentId, CategoryId, GroupId, TicketId};
use kernel::lang::Lang;
use kernel::permission::Permission;
use kernel::t;
use leptos::prelude::*;
use serde::Deserialize;
use ui::form::{hidden, path_of};
use ui::icon::icon;
use ui::page::Page;
use ui::visit::Visit;

/// Where the preview lives.
const ADDRESS: &str = "/tickets/bulk";

/// The address: which tickets, what is done, and from which list.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct BulkQuery {
    tickets: Vec<TicketId>,
    #[serde(deserialize_with = "kernel::input::blank")]
    act: Option<BulkAct>,
    #[serde(deserialize_with = "kernel::input::blank")]
    group: Option<GroupId>,
    #[serde(deserialize_with = "kernel::input::blank")]
    agent: Option<AgentId>,
    #[serde(deserialize_with = "kernel::input::blank")]
    priority: Option<Priority>,
    #[serde(deserialize_with = "kernel::input::blank")]
    category: Option<CategoryId>,
    back: String,
}

/// The bar; it shows itself when a row is picked. Its buttons lead to the preview.
pub(crate) fn bar(ctx: &Ctx, query: &ListQuery) -> AnyView {
    let lang = ctx.lang();
    let acts = offered(ctx, query.start());
    if acts.is_empty() {
        return ().into_any();
    }
    let button = |act: BulkAct, class: &'static str| {
        view! { <button class=class type="submit" name="act" value=act.key()>{icon(icon_of(act))}{act.label(lang)}</button> }.into_any()
    };
    let (near, more): (Vec<BulkAct>, Vec<BulkAct>) = acts.into_iter().partition(|act| is_near(*act));
    let near: Vec<AnyView> = near.into_iter().map(|act| button(act, "btn")).collect();
    let rest: Vec<AnyView> = more.into_iter().map(|act| button(act, if act == BulkAct::Delete { "risky" } else { "" })).collect();
    let rest = (!rest.is_empty()).then(|| {
        view! {
            <button class="btn quiet icon" type="button" popovertarget="bulk-more" aria-label=t!(lang, "更多批量操作", "More bulk actions")>{icon("ellipsis-vertical")}</button>
            <div class="pop" id="bulk-more" popover="auto"><div class="list">{rest}</div></div>
        }
    });
    let picked = match lang {
        Lang::Zh => view! { <p class="sel">"已选 "<span class="sel-n"></span>" 张"</p> }.into_any(),
        Lang::En => view! { <p class="sel"><span class="sel-n"></span>" selected"</p> }.into_any(),
    };
    view! {
        <form class="bulk" id="bulk" method="get" action=ADDRESS aria-label=t!(lang, "批量操作", "Bulk actions")>
            <input type="hidden" name="back" value=query.to_query()/>
            {picked}
            <div class="row">{near}{rest}</div>
            <p class="small mute not-phone">{t!(lang, "下一步先预览：多少张可改、哪些不可改、为什么", "A preview comes first: how many change, which do not, and why")}</p>
        </form>
    }
    .into_any()
}

fn offered(ctx: &Ctx, start: BuiltIn) -> Vec<BulkAct> {
    let is_bin = start == BuiltIn::Bin;
    let may = |act: BulkAct| match act {
        BulkAct::Restore => is_bin && ctx.may(Permission::TicketDelete),
        _ if is_bin => false,
        BulkAct::Close => ctx.may(Permission::TicketClose),
        BulkAct::Delete => ctx.may(Permission::TicketDelete),
        BulkAct::Follow => true,
        _ => ctx.may(Permission::TicketEdit),
    };
    BulkAct::ALL.iter().copied().filter(|act| may(*act)).collect()
}

const fn is_near(act: BulkAct) -> bool {
    matches!(act, BulkAct::Take | BulkAct::Agent | BulkAct::Solve | BulkAct::Restore)
}

const fn icon_of(act: BulkAct) -> &'static str {
    match act {
        BulkAct::Group => "users-round",
        BulkAct::Agent => "user-plus",
        BulkAct::Take => "user-round",
        BulkAct::Priority => "flag",
        BulkAct::Category => "tag",
        BulkAct::Solve => "circle-check",
        BulkAct::Close => "archive",
        BulkAct::Follow => "eye",
        BulkAct::Delete => "trash-2",
        BulkAct::Restore => "archive-restore",
    }
}

/// 批量预览: how many can be changed, which cannot, and why; then the button that does it.
pub async fn bulk_page(visit: Visit) -> Result<Page> {
    let (ctx, lang) = (visit.ctx.clone(), visit.lang());
    let query: BulkQuery = visit.query();
    let act = query.act.filter(|_| !query.tickets.is_empty()).ok_or(Error::NotFound)?;
    let back = ListQuery::parse(&query.back);
    let side = side::load(&ctx, Some(&back)).await?;
    let choices = Choices::load(&ctx).await?;
    let input = BulkInput {
        tickets: query.tickets.clone(),
        act,
        group: query.group,
        agent: query.agent,
        priority: query.priority,
        category: query.category,
        back: query.back.clone(),
    };
    let preview = match bulk::preview(&ctx, &input).await {
        Ok(outcome) => Some(outcome.by_reason()),
        // What it needs is not chosen yet.
        Err(Error::Problems(_)) => None,
        Err(other) => return Err(other),
    };
    let form = visit.form("ticket_bulk");
    let back_href = filter::href(list::ADDRESS, &back);
    let title = t!(lang, "{}：{} 张工单", "{}: {} tickets", act.label(lang), query.tickets.len());
    let page = Page::new(title)
        .crumb(t!(lang, "工单", "Tickets"), list::ADDRESS)
        .crumb(back.start().label(lang), back_href.clone())
        .side(move || side.draw());
    Ok(page.body(move || {
        let ask = choice_form(&ctx, &query, act, &choices);
        let chosen = chosen_words(&ctx, &query, act, &choices);
        let content = preview.map(|preview| outcome(lang, &preview, &input, chosen.as_deref(), &back_href));
        view! { <div class="body narrow">{form.summary()}{ask}{content}</div> }
    }))
}

/// The select of what the act needs; choosing anew previews anew.
fn choice_form(ctx: &Ctx, query: &BulkQuery, act: BulkAct, choices: &Choices) -> Option<AnyView> {
    let lang = ctx.lang();
    let text = |id: Option<String>| id.unwrap_or_default();
    let (name, label, options, chosen) = match act {
        BulkAct::Group => ("group", t!(lang, "受理组", "Group"), choices.groups(), text(query.group.map(|id| id.to_string()))),
        BulkAct::Agent => (
            "agent",
            t!(lang, "受理客服", "Agent"),
            choices.agents(ctx, t!(lang, "（我）", "(me)")),
            text(query.agent.map(|id| id.to_string())),
        ),
        BulkAct::Category => ("category", t!(lang, "分类", "Category"), choices.leaves(), text(query.category.map(|id| id.to_string()))),
        BulkAct::Priority => {
            let rows = Priority::ALL.iter().rev().map(|row| (row.key().to_owned(), row.label(lang).to_owned())).collect();
            ("priority", t!(lang, "优先级", "Priority"), rows, text(query.priority.map(|row| row.key().to_owned())))
        }
        _ => return None,
    };
    let tickets: Vec<AnyView> =
        query.tickets.iter().map(|id| view! { <input type="hidden" name="tickets[]" value=id.to_string()/> }.into_any()).collect();
    let select = choice::select(name, "bulk-value".into(), label.into(), t!(lang, "请选择", "Choose").into(), options, &chosen);
    let is_first = chosen.is_empty();
    let class = if is_first { "btn main" } else { "btn" };
    Some(
        view! {
            <form class="card" method="get" action=ADDRESS>
                {tickets}
                <input type="hidden" name="act" value=act.key()/>
                <input type="hidden" name="back" value=query.back.clone()/>
                <div class="in stack">{select}</div>
                <footer><span class="mute small">{t!(lang, "还不会改动任何工单", "Nothing changes yet")}</span><span class="end"><button class=class type="submit">{t!(lang, "预览改动", "Preview")}</button></span></footer>
            </form>
        }
        .into_any(),
    )
}

/// What was chosen, in words: the button says it, since the select above may say something else by then.
fn chosen_words(ctx: &Ctx, query: &BulkQuery, act: BulkAct, choices: &Choices) -> Option<String> {
    match act {
        BulkAct::Group => choice::words_of(&choices.groups(), &query.group?.to_string()),
        BulkAct::Agent => choice::words_of(&choices.agents(ctx, ""), &query.agent?.to_string()).map(|name| name.trim().to_owned()),
        BulkAct::Category => choice::words_of(&choices.leaves(), &query.category?.to_string()),
        BulkAct::Priority => Some(query.priority?.label(ctx.lang()).to_owned()),
        _ => None,
    }
}

fn outcome(lang: Lang, preview: &BulkPreview, input: &BulkInput, chosen: Option<&str>, back: &str) -> AnyView {
    let what = match chosen {
        Some(chosen) => t!(lang, "{}：{}", "{}: {}", input.act.label(lang), chosen),
        None => input.act.label(lang).to_owned(),
    };
    let refused: usize = preview.refused.iter().map(|refusal| refusal.count).sum();
    let rows: Vec<AnyView> = preview
        .refused
        .iter()
        .map(|refusal| {
            let numbers = refusal.numbers.iter().map(ToString::to_string).collect::<Vec<_>>().join(t!(lang, "、", ", "));
            view! { <li>{icon("circle-minus")}<div class="grow">{refusal.problem.text(lang)}<small>{numbers}</small></div><span class="end">{t!(lang, "{} 张", "{}", refusal.count)}</span></li> }.into_any()
        })
        .collect();
    let mut parts = vec![t!(lang, "可改 {} 张", "{} can be changed", preview.changed)];
    if preview.same > 0 {
        parts.push(t!(lang, "{} 张已经是这样", "{} already so", preview.same));
    }
    if refused > 0 {
        parts.push(t!(lang, "{} 张不可改", "{} cannot", refused));
    }
    let summary = parts.join(t!(lang, "，", ", "));
    let list = (!rows.is_empty()).then(|| view! { <ul class="rows">{rows}</ul> });
    let fields: Vec<AnyView> =
        input.tickets.iter().map(|id| view! { <input type="hidden" name="input[tickets][]" value=id.to_string()/> }.into_any()).collect();
    let value = |name: &'static str, value: Option<String>| value.map(|value| hidden(name, value));
    let class = if input.act == BulkAct::Delete { "btn danger" } else { "btn main" };
    let button = (preview.changed > 0).then(|| {
        let words = t!(lang, "{}（{} 张）", "{} ({})", what, preview.changed);
        view! { <button class=class type="submit">{icon(icon_of(input.act))}{words}</button> }
    });
    view! {
        <form class="card" method="post" action={path_of::<actions::RunBulk>()}>
            {fields}
            {hidden("act", input.act.key())}
            {value("group", input.group.map(|id| id.to_string()))}
            {value("agent", input.agent.map(|id| id.to_string()))}
            {value("priority", input.priority.map(|row| row.key().to_owned()))}
            {value("category", input.category.map(|id| id.to_string()))}
            {hidden("back", input.back.clone())}
            <header><h2>{summary}</h2></header>
            {list}
            <footer><a class="btn" href=back.to_owned()>{t!(lang, "返回列表，不改动", "Back, change nothing")}</a><span class="end">{button}</span></footer>
        </form>
    }
    .into_any()
}
