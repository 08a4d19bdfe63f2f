//! The table of a list: two lines a row, on a phone a card with the same cells. Roles are explicit, because cards would
//! lose them.

use super::choice::spaced;
use super::{filter, mark};
use crate::model::Status;
use crate::model::due::ClockState;
use crate::model::list::{ListQuery, Sort};
use crate::queries::list::TicketRow;
use kernel::ctx::Ctx;
use kernel::lang::Lang;
use kernel::t;
use kernel::time::Stamp;
use leptos::prelude::*;
use maud::{Markup, display, html};
use ui::icon::{self, icon_s};
use ui::written::Written;
use ui::{avatar, time};

/// Hours after which a waiting customer turns amber, then red.
const LONG: (i64, i64) = (4, 24);
/// Minutes before its end from which a clock is amber.
const SOON: i64 = 60;

/// The table. Its boxes belong to the form `bulk`.
pub(crate) fn tickets(ctx: &Ctx, rows: &[TicketRow], query: &ListQuery, name: String) -> AnyView {
    let lang = ctx.lang();
    // A ticket's address says the list it was opened from, so that it can lead to the next one.
    let from = query.without_place().to_query();
    let from = if from.is_empty() { String::new() } else { format!("?{from}") };
    let rows: Written = html! { @for ticket in rows { (row(ctx, ticket, &from)) } }.into();
    let head = |class: &'static str, words: &'static str| view! { <th role="columnheader" scope="col" class=class>{words}</th> };
    view! {
        <table class="table tickets" role="table" aria-label=name>
            <thead role="rowgroup">
                <tr role="row">
                    <th role="columnheader" scope="col" class="c-pick"><input type="checkbox" data-pick-all="" hidden=true aria-label=t!(lang, "选择本页全部", "Pick the whole page")/></th>
                    <th role="columnheader" scope="col" class="c-prio"><span class="sr">{t!(lang, "优先级", "Priority")}</span></th>
                    {head("c-title", t!(lang, "工单", "Ticket"))}
                    {head("c-cust", t!(lang, "客户", "Customer"))}
                    {head("c-stat", t!(lang, "状态", "Status"))}
                    {head("c-src", t!(lang, "来源", "Source"))}
                    {head("c-agent", t!(lang, "受理客服", "Agent"))}
                    {sort_head(query, "c-sla", t!(lang, "时限或等待", "Due or waiting"), (Sort::Waiting, "ascending"), Sort::Waiting)}
                    {match query.order() {
                        Sort::UpdatedOldest => sort_head(query, "c-time num", t!(lang, "更新", "Updated"), (Sort::UpdatedOldest, "ascending"), Sort::Updated),
                        _ => sort_head(query, "c-time num", t!(lang, "更新", "Updated"), (Sort::Updated, "descending"), Sort::UpdatedOldest),
                    }}
                </tr>
            </thead>
            <tbody role="rowgroup">{rows}</tbody>
        </table>
    }
    .into_any()
}

/// A head that sorts: `shown` is the order this column can stand in and how it is announced, `next` what its link asks
/// for once it does.
fn sort_head(query: &ListQuery, class: &'static str, words: &'static str, shown: (Sort, &'static str), next: Sort) -> AnyView {
    let is_current = query.order() == shown.0;
    let to = ListQuery { sort: Some(if is_current { next } else { shown.0 }), at: String::new(), ..query.clone() };
    let arrow = is_current.then(|| icon_s(if shown.1 == "ascending" { "arrow-up" } else { "arrow-down" }));
    let href = filter::href(super::list::ADDRESS, &to);
    view! { <th role="columnheader" scope="col" class=class aria-sort=is_current.then_some(shown.1)><a class="sort" href=href>{words}{arrow}</a></th> }.into_any()
}

fn row(ctx: &Ctx, ticket: &TicketRow, from: &str) -> Markup {
    let lang = ctx.lang();
    let class = (ticket.status == Status::NotAccepted).then_some("fresh");
    html! {
        tr role="row" class=[class] {
            td.c-pick role="cell" {
                input.pick type="checkbox" form="bulk" name="tickets[]" value=(display(ticket.id)) aria-label=(t!(lang, "选择 {}", "Pick {}", ticket.number));
            }
            td.c-prio role="cell" { (mark::priority(ticket.priority, lang)) }
            td.c-title role="cell" {
                a href={ "/tickets/" (display(ticket.id)) (from) } lang=[mark::foreign(&ticket.title, lang)] { (ticket.title) }
                @if ticket.has_draft { " " span.tag.violet { (t!(lang, "草稿", "Draft")) } }
                @if ticket.urge_count > 0 {
                    " " span.tag.warn { (icon::written("bell", "i s")) (t!(lang, "催过 {} 次", "Urged {}×", ticket.urge_count)) }
                }
                span.sub {
                    span { (ticket.number) }
                    @if let Some(path) = &ticket.category_path { span { (spaced(path)) } }
                    (mark::files(ticket.file_count, lang))
                }
            }
            td.c-cust role="cell" { span.cut { (ticket.customer_nickname) } (ui::tag::vip(ticket.vip_level)) }
            td.c-stat role="cell" { (mark::status(ticket.status, lang)) }
            td.c-src role="cell" { (mark::source(ticket.source, lang)) }
            td.c-agent role="cell" {
                @match (ticket.agent_id, &ticket.agent_name) {
                    (Some(id), Some(name)) => (avatar::avatar(id.0, name)),
                    _ => (avatar::nobody(t!(lang, "未分配", "Unassigned"))),
                }
            }
            td.c-sla role="cell" { (due(ctx, ticket)) }
            td.c-time.num role="cell" { (time::ago(ticket.updated_at, ctx)) }
        }
    }
}

/// 时效: when the ticket's clock is over. Where no clock runs, how long the customer has waited.
fn due(ctx: &Ctx, ticket: &TicketRow) -> Markup {
    let lang = ctx.lang();
    let Some(state) = ticket.due_state.filter(|_| ticket.status.is_open()) else { return waiting(ctx, ticket) };
    match (state, ticket.due_at) {
        (ClockState::Running | ClockState::Overdue, Some(at)) => {
            let (class, words) = left(at, ctx.now(), lang);
            html! { span class=(class) title=(at.long(&ctx.zone, lang)) { (icon::written("timer", "i s")) (words) } }
        }
        (ClockState::Paused, _) => {
            html! { span.sla { (icon::written("circle-pause", "i s")) (t!(lang, "已暂停", "Paused")) } }
        }
        (ClockState::Overdue, None) => html! { span class="sla bad" { (icon::written("timer", "i s")) (t!(lang, "已超时", "Overdue")) } },
        _ => waiting(ctx, ticket),
    }
}

/// Class and words of the time that is left until a moment, or that has passed since.
pub(crate) fn left(at: Stamp, now: Stamp, lang: Lang) -> (&'static str, String) {
    let minutes = at.since(now).as_mins();
    let words = length(minutes.abs().max(1), lang);
    match at.since(now).is_negative() || at == now {
        true => ("sla bad", t!(lang, "已超 {}", "{} late", words)),
        false if minutes < SOON => ("sla warn", t!(lang, "剩 {}", "{} left", words)),
        false => ("sla", t!(lang, "剩 {}", "{} left", words)),
    }
}

/// Minutes in one unit, the largest that fits.
fn length(minutes: i64, lang: Lang) -> String {
    match minutes {
        ..60 => t!(lang, "{} 分钟", "{} min", minutes),
        60..1440 => t!(lang, "{} 小时", "{} h", minutes / 60),
        _ => t!(lang, "{} 天", "{} d", minutes / 1440),
    }
}

/// How long the customer has waited for us, or that we wait for the customer.
fn waiting(ctx: &Ctx, ticket: &TicketRow) -> Markup {
    let lang = ctx.lang();
    match (ticket.waiting_since, ticket.status) {
        (Some(since), status) if status.is_open() => {
            let (class, words) = waited(since, ctx.now(), lang);
            html! { span class=(class) { (icon::written("timer", "i s")) (words) } }
        }
        (_, Status::WaitingReply) => {
            html! { span.sla { (icon::written("circle-pause", "i s")) (t!(lang, "等客户", "On customer")) } }
        }
        _ => html! { span.nil { "–" } },
    }
}

/// Class and words of a waiting time.
pub(crate) fn waited(since: Stamp, now: Stamp, lang: Lang) -> (&'static str, String) {
    let minutes = now.since(since).as_mins().max(1);
    let words = length(minutes, lang);
    let class = match minutes / 60 {
        hours if hours >= LONG.1 => "sla bad",
        hours if hours >= LONG.0 => "sla warn",
        _ => "sla",
    };
    (class, words)
}
