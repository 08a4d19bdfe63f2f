//! 工单详情: what happened, in order, then the answer being written; beside it the customer and the properties.

use super::act;
use super::choice::{self, Choices};
use super::list::ADDRESS;
use super::{aside, composer, filter, form, mark, properties, side, stale, timeline};
use crate::islands::key::ListKeys;
use crate::islands::live::LiveLine;
use crate::islands::presence::Presence;
use crate::model::Status;
use crate::model::list::ListQuery;
use crate::queries::detail::{self, Detail, Head};
use crate::queries::list::{self, Neighbours};
use crate::queries::template;
use kernel::ctx::Ctx;
use kernel::error::Result;
use kernel::id::TicketId;
use kernel::lang::Lang;
use kernel::permission::Permission;
use kernel::t;
use leptos::prelude::*;
use serde::Deserialize;
use ui::flash::Flash;
use ui::form::FormState;
use ui::icon::{icon, icon_s};
use ui::islands::copy::Copy;
use ui::page::Page;
use ui::visit::Visit;

/// Tickets of the same customer shown beside this one.
const OTHERS: usize = 6;

/// The address besides the list the ticket was opened from: earlier entries.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct DetailQuery {
    #[serde(deserialize_with = "kernel::input::blank")]
    before: Option<i32>,
}

/// What slices above this one draw on the page.
pub struct Parts {
    /// Cards beside the ticket: its clocks, its ratings.
    pub cards: Box<dyn FnOnce() -> AnyView + Send>,
    /// Buttons before the ticket's own: macros.
    pub buttons: Box<dyn FnOnce() -> AnyView + Send>,
    /// What went wrong with one of them.
    pub notice: Box<dyn FnOnce() -> AnyView + Send>,
    /// The line under the composer, whose form it is given: preset replies.
    pub line: Box<dyn FnOnce(&FormState) -> AnyView + Send>,
}

/// 工单详情. The slices above are asked for their parts when it is known that the ticket may be seen, and where it stands.
pub async fn detail_page<F, Fut>(visit: Visit, parts: F) -> Result<Page>
where
    F: FnOnce(Status) -> Fut,
    Fut: Future<Output = Result<Parts>>,
{
    let (ctx, lang) = (visit.ctx.clone(), visit.lang());
    let id: TicketId = visit.param("id")?;
    let before = visit.query::<DetailQuery>().before;
    let from = ListQuery::parse(&visit.place.query);
    let is_from_list = from != ListQuery::default();
    let mut ticket = detail::detail(&ctx, id).await?;
    if let Some(before) = before {
        ticket.timeline = crate::queries::timeline::earlier(&ctx, id, before).await?;
    }
    let parts = parts(ticket.ticket.status).await?;
    let neighbours = if is_from_list { list::neighbours(&ctx, &from, id).await? } else { Neighbours::default() };
    let others = ListQuery { customer: Some(ticket.ticket.customer_id), ..ListQuery::default() };
    let mut others = list::rows_of(&ctx, &others, OTHERS).await?.rows;
    others.retain(|row| row.id != id);
    let side = side::load(&ctx, is_from_list.then_some(&from)).await?;
    let choices = Choices::load(&ctx).await?;
    let forms = act::Forms::of(&visit);
    let stale = stale::find(&ctx, &forms.edit, &ticket).await?;
    // Beside the comparison the properties show what is now, so that one save cannot overwrite the other.
    let fresh = || FormState::new(properties::FORM, &Flash::default(), lang);
    let edit = if stale.is_some() || !properties::was_posted(&forms.edit) { fresh() } else { forms.edit.clone() };
    let is_stale = stale.is_some();
    // A form that failed is shown again with the fields of the category that was chosen in it.
    let own = if properties::was_posted(&edit) {
        template::form(&mut ctx.read().await?, edit.value_or("category", "").parse().ok()).await?
    } else {
        ticket.own.clone()
    };

    let (head, list_query) = (ticket.ticket.clone(), from.to_query());
    let (status, priority) = (head.status, head.priority);
    let back = filter::href(ADDRESS, &from.without_place());
    let crumb = side.kept().map_or_else(|| from.start().label(lang).to_owned(), |view| view.name.clone());
    let facts_ctx = ctx.clone();
    let failed = act::acts(&ctx, &ticket, &forms);
    let (facts_head, acts) = (head.clone(), act::acts(&ctx, &ticket, &forms));
    let address = filter::href(visit.path(), &from);
    let page = Page::new(head.title.clone())
        .crumb(t!(lang, "工单", "Tickets"), ADDRESS)
        .crumb(crumb, back)
        .side(move || side.draw())
        .mark(move || mark::status(status, lang).into_any())
        .mark(move || mark::priority(priority, lang).into_any())
        .mark(move || facts(&facts_ctx, &facts_head))
        .action(move || beside(lang, &neighbours, &list_query))
        .action(move || if status == Status::Deleted { ().into_any() } else { (parts.buttons)() })
        .action(move || acts.draw());
    Ok(page.body(move || {
        let (id, last_seq) = (head.id, head.last_seq);
        let presence = [t!(lang, "正在看这张工单", "is looking at this ticket"), t!(lang, "正在写回复", "is writing a reply")];
        let changed = t!(lang, "这张工单有新变化，刷新", "This ticket changed, refresh").to_owned();
        let here = ticket.presences.clone();
        view! {
            <div class="body">
                <LiveLine href=address.clone() only=id.to_string() words=[changed.clone(), changed]/>
                {forms.summaries()}
                {(parts.notice)()}
                {(!is_stale).then(|| failed.failed())}
                {notices(&ctx, &ticket)}
                {stale.map(|stale| stale.draw(&ctx, &choices))}
                <div class="split">
                    <div>
                        <Presence ticket=id here=here words=presence.map(str::to_owned)/>
                        {timeline::draw(&ctx, &ticket, &address, before.is_some())}
                        {composer::draw(&ctx, &ticket, &forms.reply, last_seq, parts.line)}
                    </div>
                    <aside class="ticket-side" aria-label=t!(lang, "客户与属性", "Customer and properties")>
                        {aside::customer(&ctx, &ticket.ticket, &ticket.customer)}
                        {properties::draw(&ctx, (&ticket.ticket, &own), &edit, &choices)}
                        {form::card(&ctx, &ticket)}
                        {(parts.cards)()}
                        {aside::others(&ctx, ticket.ticket.customer_id, &others)}
                        {aside::links(&ctx, &ticket)}
                        {aside::followers(lang, &ticket)}
                        {aside::rules(&ctx, id)}
                    </aside>
                </div>
            </div>
            <ListKeys/>
        }
    }))
}

/// The line under the title: number, source, category, times.
fn facts(ctx: &Ctx, head: &Head) -> AnyView {
    let lang = ctx.lang();
    let number = head.number.to_string();
    let waiting = head.waiting_since.filter(|_| head.status.is_open()).map(|since| {
        let (class, words) = super::table::waited(since, ctx.now(), lang);
        view! { <span class=class>{icon_s("timer")}{t!(lang, "客户已等 {}", "customer waits {}", words)}</span> }
    });
    let urged = (head.urge_count > 0)
        .then(|| view! { <span class="tag warn">{icon("bell")}{t!(lang, "催过 {} 次", "Urged {}×", head.urge_count)}</span> });
    let again = (head.cycle > 1).then(|| view! { <span class="tag">{icon("rotate-ccw")}{t!(lang, "重新打开过", "Reopened")}</span> });
    let copy = [t!(lang, "复制工单号", "Copy ticket number"), t!(lang, "已复制", "Copied")];
    let text = number.clone();
    view! {
        <p class="lead row facts-line">
            <span class="row tight"><code>{number}</code><Copy text=text words=copy.map(str::to_owned)/></span>
            <span class="row tight">{icon_s(head.source.icon())}{head.source.label(lang)}</span>
            {head.category_path.as_deref().map(|path| view! { <span>{choice::spaced(path)}</span> })}
            <span>{t!(lang, "{} 创建于 ", "Created by {}, ", head.creator_name)}{ui::time::ago(head.created_at, ctx)}</span>
            {waiting}{urged}{again}
        </p>
    }
    .into_any()
}

/// The ticket before and the one after, in the list this one was opened from.
fn beside(lang: Lang, neighbours: &Neighbours, list_query: &str) -> AnyView {
    if *neighbours == Neighbours::default() {
        return ().into_any();
    }
    let link = |ticket: Option<(TicketId, i64)>, icon_name: &'static str, words: &'static str, key: &'static str| match ticket {
        Some((id, number)) => {
            let label = format!("{words} {number}");
            let title = t!(lang, "{}（{}）", "{} ({})", words, key.to_uppercase());
            view! { <a class="btn icon" href=format!("/tickets/{id}?{list_query}") data-key=key aria-label=label title=title>{icon(icon_name)}</a> }.into_any()
        }
        None => view! { <a class="btn icon" role="link" aria-disabled="true" aria-label=words>{icon(icon_name)}</a> }.into_any(),
    };
    view! {
        {link(neighbours.previous, "chevron-up", t!(lang, "上一张", "Previous"), "k")}
        {link(neighbours.next, "chevron-down", t!(lang, "下一张", "Next"), "j")}
    }
    .into_any()
}

/// What is special about the ticket: it lies in the bin, it may repeat another one.
fn notices(ctx: &Ctx, ticket: &Detail) -> AnyView {
    let (lang, head) = (ctx.lang(), &ticket.ticket);
    let bin = (head.status == Status::Deleted).then(|| {
        let restore = ctx.may(Permission::TicketDelete).then(|| act::restore_button(lang, head.id));
        view! {
            <div class="note">
                {icon("trash-2")}
                <div><b>{t!(lang, "这张工单在回收站里", "This ticket is in the recycle bin")}</b><div class="dim">{t!(lang, "不在列表和统计里，不能回复和修改。", "It is in no list or report, and cannot be answered or edited.")}</div></div>
                <span class="act">{restore}</span>
            </div>
        }
    });
    let twin = head.possible_duplicate_of.zip(head.duplicate_number).map(|(id, number)| {
        view! {
            <div class="note warn">
                {icon("copy")}
                <div><b>{t!(lang, "可能与另一张工单重复", "This may repeat another ticket")}</b><div class="dim">{t!(lang, "邮件主题里写了工单号，但没有带有效凭证，所以没有自动并入。", "The mail's subject names it, without a valid token, so it was not joined by itself.")}</div></div>
                <span class="act"><a class="btn" href=format!("/tickets/{id}")>{number.to_string()}</a></span>
            </div>
        }
    });
    view! { {bin}{twin} }.into_any()
}
