//! 视图: lists kept under a name, one's own and shared ones.

use super::side::{self, Side};
use super::{filter, list};
use crate::actions;
use crate::model::list::ListQuery;
use crate::queries::count::{self, SavedView};
use kernel::ctx::Ctx;
use kernel::error::Result;
use kernel::id::ViewId;
use kernel::lang::Lang;
use kernel::permission::Permission;
use kernel::t;
use leptos::prelude::*;
use serde::Deserialize;
use ui::empty::empty;
use ui::form::choice::Check;
use ui::form::field::{Input, why_folded};
use ui::form::{FormState, hidden, path_of};
use ui::icon::icon;
use ui::page::Page;
use ui::visit::Visit;

/// Id of the form that keeps a list.
pub(crate) const FORM: &str = "ticket_view";

/// The form behind “save as view”: a popover, or a card when its last post failed.
pub(crate) fn save_form(ctx: &Ctx, form: &FormState, query: &ListQuery, side: &Side) -> Option<AnyView> {
    let lang = ctx.lang();
    if !query.is_filtered() && !form.is_shown_again() {
        return None;
    }
    let replaced =
        side.kept().is_some().then(|| view! { <p class="small mute">{t!(lang, "会另存一个新视图", "This keeps one more view")}</p> });
    let fields = view! {
        {form.summary()}
        {hidden("query", query.without_place().to_query())}
        {Input::text("name", t!(lang, "视图名称", "Name of the view")).required().max(20).view(form)}
        {shared_box(ctx, form, false)}
        {why_shared(ctx, form)}
        {replaced}
        <div class="row"><button class="btn main" type="submit">{icon("bookmark")}{t!(lang, "保存视图", "Save view")}</button></div>
    };
    let path = path_of::<actions::SaveView>();
    Some(if form.is_shown_again() {
        view! { <div class="body narrow"><form class="card" method="post" action=path><div class="in stack">{fields}</div></form></div> }
            .into_any()
    } else {
        view! { <div class="pop" id="save-view" popover="auto"><form class="in" method="post" action=path>{fields}</form></div> }.into_any()
    })
}

fn shared_box(ctx: &Ctx, form: &FormState, is_shared: bool) -> Option<AnyView> {
    let lang = ctx.lang();
    ctx.may(Permission::TicketSharedViews).then(|| {
        let hint =
            t!(lang, "每位客服都看得到这个视图，里面只有各自能看的工单", "Every agent sees this view, each with the tickets they may see");
        Check::new("shared", t!(lang, "共享给所有客服", "Share with all agents")).checked(is_shared).hint(hint).view(form)
    })
}

/// Why a shared view is changed; nobody keeps a history of one's own.
fn why_shared(ctx: &Ctx, form: &FormState) -> Option<AnyView> {
    ctx.may(Permission::TicketSharedViews).then(|| why_folded(ctx.lang(), form.value_or("reason", "")))
}

/// The address: which view is being changed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct ViewsQuery {
    #[serde(deserialize_with = "kernel::input::blank")]
    edit: Option<ViewId>,
}

/// 管理视图: rename, share, delete.
pub async fn views_page(visit: Visit) -> Result<Page> {
    let (ctx, lang) = (visit.ctx.clone(), visit.lang());
    let side = side::load(&ctx, None).await?;
    let views = count::views(&ctx).await?;
    let form = visit.form(FORM);
    let edited = visit.query::<ViewsQuery>().edit;
    let page = Page::new(t!(lang, "管理视图", "Manage views"))
        .crumb(t!(lang, "工单", "Tickets"), list::ADDRESS)
        .lead(t!(
            lang,
            "在列表里筛选后点“存为视图”，就会出现在这里和左边的菜单。",
            "Filter a list and choose “Save as view”: it appears here and in the menu."
        ))
        .side(move || side.draw());
    Ok(page.body(move || {
        if views.is_empty() {
            let text =
                t!(lang, "把常用的筛选存下来，一点就到，还能看到数量。", "Keep the filters you use often: one click away, with a count.");
            let action = view! { <a class="btn" href=list::ADDRESS>{icon("ticket")}{t!(lang, "去全部工单", "Go to all tickets")}</a> };
            return empty("bookmark", t!(lang, "还没有视图", "No views yet"), text, action);
        }
        let (shared, own): (Vec<SavedView>, Vec<SavedView>) = views.into_iter().partition(|view| view.shared);
        let card = |title: &'static str, views: Vec<SavedView>| {
            let row = |view: SavedView| if edited == Some(view.id) { editor(&ctx, &form, &view) } else { row(&ctx, &view) };
            let rows: Vec<AnyView> = views.into_iter().map(row).collect();
            (!rows.is_empty())
                .then(|| view! { <section class="card"><header><h2>{title}</h2></header><ul class="rows">{rows}</ul></section> })
        };
        let (first, second) = (card(t!(lang, "共享视图", "Shared views"), shared), card(t!(lang, "我的视图", "My views"), own));
        view! { <div class="body narrow">{first}{second}</div> }.into_any()
    }))
}

fn is_mine(ctx: &Ctx, view: &SavedView) -> bool {
    if view.shared { ctx.may(Permission::TicketSharedViews) } else { view.own }
}

fn row(ctx: &Ctx, view: &SavedView) -> AnyView {
    let lang = ctx.lang();
    let acts = is_mine(ctx, view).then(|| {
        let words = t!(lang, "修改视图 {}", "Edit view {}", view.name);
        view! {
            <a class="btn" href=format!("/tickets/views?edit={}", view.id) aria-label=words>{icon("pencil")}{t!(lang, "修改", "Edit")}</a>
            <form method="post" action={path_of::<actions::DeleteView>()}>
                {hidden("id", view.id)}
                <button class="btn quiet risky" type="submit" aria-label=t!(lang, "删除视图 {}", "Delete view {}", view.name)>{icon("trash-2")}{t!(lang, "删除", "Delete")}</button>
            </form>
        }
    });
    view! {
        <li>
            {icon("bookmark")}
            <div class="grow"><a class="to" href=format!("/tickets?{}", view.query)>{view.name.clone()}</a><small>{said(lang, &view.query)}</small></div>
            <span class="end">{acts}</span>
        </li>
    }
    .into_any()
}

fn editor(ctx: &Ctx, form: &FormState, view: &SavedView) -> AnyView {
    let lang = ctx.lang();
    view! {
        <li>
            <form class="grow stack" method="post" action={path_of::<actions::SaveView>()}>
                {form.summary()}
                {hidden("id", view.id)}
                {hidden("query", &view.query)}
                {Input::text("name", t!(lang, "视图名称", "Name of the view")).required().max(20).value(&view.name).focused().view(form)}
                {shared_box(ctx, form, view.shared)}
                {why_shared(ctx, form)}
                <div class="row">
                    <button class="btn main" type="submit">{t!(lang, "保存视图", "Save view")}</button>
                    <a class="btn quiet" href="/tickets/views">{t!(lang, "不改了", "Keep as it is")}</a>
                </div>
            </form>
        </li>
    }
    .into_any()
}

/// What a kept list shows, in words.
fn said(lang: Lang, query: &str) -> String {
    let query = ListQuery::parse(query);
    let mut words = vec![query.start().label(lang).to_owned()];
    words.extend((!query.q.is_empty()).then(|| t!(lang, "含“{}”", "containing “{}”", query.q)));
    words.extend(query.status.iter().map(|row| row.label(lang).to_owned()));
    words.extend(query.priority.iter().map(|row| row.label(lang).to_owned()));
    words.extend(query.source.iter().map(|row| row.label(lang).to_owned()));
    words.extend(query.flag.iter().map(|row| row.label(lang).to_owned()));
    let others = [query.group.is_some(), query.agent.is_some(), query.category.is_some(), query.customer.is_some()];
    let others = others.iter().filter(|is_set| **is_set).count() + usize::from(filter::has_dates(&query));
    words.extend((others > 0).then(|| t!(lang, "另有 {} 个条件", "{} more conditions", others)));
    words.join(t!(lang, "·", ", "))
}
