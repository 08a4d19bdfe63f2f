//! Tickets on pages that are not theirs: the module's menu, what waits for the reader, what passed with a customer.
//! Those pages stand above this slice.

use super::list::ADDRESS;
use super::{choice, mark, side};
use crate::model::list::{BuiltIn, ListQuery, Sort};
use crate::queries::count::{self, Counts};
use crate::queries::list::{self, TicketRow};
use kernel::ctx::Ctx;
use kernel::error::Result;
use kernel::id::CustomerId;
use kernel::lang::Lang;
use kernel::page::Paged;
use kernel::t;
use kernel::time::Stamp;
use leptos::prelude::*;
use ui::icon::{icon, icon_s};
use ui::visit::Place;

/// Rows of the desk.
const DESK: usize = 8;
/// Rows of a customer's past.
const PAST: usize = 20;

/// The module's menu, for its pages that show no list.
///
/// # Errors
/// When the reader may see no tickets.
pub async fn menu(ctx: &Ctx) -> Result<impl Fn() -> AnyView + Send + 'static> {
    let side = side::load(ctx, None).await?;
    Ok(move || side.draw())
}

/// 工作台: how many tickets stand where, and the reader's own that wait longest.
#[derive(Clone, Debug)]
pub struct Desk {
    counts: Counts,
    mine: Vec<TicketRow>,
    /// Tickets nobody handles, for whoever has none.
    unassigned: Vec<TicketRow>,
}

/// What waits for the reader.
///
/// # Errors
/// When the reader may see no tickets.
pub async fn desk(ctx: &Ctx) -> Result<Desk> {
    let counts = count::counts(ctx, &[], None).await?;
    let longest = |view| ListQuery { sort: Some(Sort::Waiting), ..ListQuery::of(view) };
    let mine = list::rows_of(ctx, &longest(BuiltIn::Mine), DESK).await?.rows;
    let unassigned = if mine.is_empty() { list::rows_of(ctx, &longest(BuiltIn::Unassigned), DESK).await?.rows } else { Vec::new() };
    Ok(Desk { counts, mine, unassigned })
}

impl Desk {
    /// The four numbers of the day; each opens its list.
    #[must_use]
    pub fn tiles(&self, lang: Lang) -> AnyView {
        let hint = |view| match view {
            BuiltIn::Mine => t!(lang, "分配给我，还没有完成", "Assigned to me, not finished"),
            BuiltIn::Group => t!(lang, "我所在的组，还没有完成", "In my groups, not finished"),
            BuiltIn::Unassigned => t!(lang, "还没有人受理", "Nobody handles them yet"),
            _ => t!(lang, "关注的人会收到每次变化", "You hear of every change"),
        };
        let tiles: Vec<AnyView> = [BuiltIn::Mine, BuiltIn::Group, BuiltIn::Unassigned, BuiltIn::Followed]
            .into_iter()
            .map(|view| {
                let number = side::counted(self.counts.of(view).unwrap_or(0));
                let label = view.label(lang);
                view! {
                    <div class="tile">
                        <div class="k">{icon(view.icon())}{label}</div>
                        <a class="v" href=format!("{ADDRESS}?view={}", view.key()) aria-label=format!("{label} {number}")>{number.clone()}</a>
                        <div class="small mute">{hint(view)}</div>
                    </div>
                }
                .into_any()
            })
            .collect();
        view! { <section class="tiles four" aria-label=t!(lang, "工单数量", "Tickets")>{tiles}</section> }.into_any()
    }

    /// The tickets whose customers wait longest: the reader's own, or those that nobody handles.
    #[must_use]
    pub fn card(&self, ctx: &Ctx) -> AnyView {
        let lang = ctx.lang();
        let (view, title, rows) = if self.mine.is_empty() && !self.unassigned.is_empty() {
            (BuiltIn::Unassigned, t!(lang, "等人受理", "Waiting for an agent"), &self.unassigned)
        } else {
            (BuiltIn::Mine, t!(lang, "等您处理", "Waiting for you"), &self.mine)
        };
        let href = format!("{ADDRESS}?view={}", view.key());
        let body = if rows.is_empty() {
            let text = t!(lang, "分配给您的工单会按客户等待的时间排在这里", "Tickets assigned to you stand here, longest waiting first");
            view! { <div class="empty small"><span class="glyph">{icon("check-check")}</span><h2>{t!(lang, "没有等您处理的工单", "Nothing waits for you")}</h2><p>{text}</p><div class="row"><a class="btn" href="/tickets?view=all">{t!(lang, "看全部工单", "See all tickets")}</a></div></div> }
                .into_any()
        } else {
            let rows: Vec<AnyView> = rows.iter().map(|ticket| desk_row(ticket, view, ctx)).collect();
            view! { <ul class="rows work">{rows}</ul> }.into_any()
        };
        let number = self.counts.of(view).unwrap_or(0);
        let all = (!rows.is_empty()).then(|| {
            let words = t!(lang, "全部 {} 张", "All {}", side::counted(number));
            view! { <span class="act"><a class="link small" href=href>{words}</a></span> }
        });
        view! { <section class="card" aria-labelledby="mine-h"><header><h2 id="mine-h">{title}</h2>{all}</header>{body}</section> }
            .into_any()
    }
}

fn desk_row(ticket: &TicketRow, view: BuiltIn, ctx: &Ctx) -> AnyView {
    let lang = ctx.lang();
    let waits = ticket.waiting_since.filter(|_| ticket.status.is_open()).map(|since| {
        let (class, words) = super::table::waited(since, ctx.now(), lang);
        let title = t!(lang, "客户已等 {}", "The customer waits {}", words);
        view! { <span class=class title=title>{icon_s("timer")}{words}</span> }
    });
    let number = ticket.number.to_string();
    view! {
        <li>
            {mark::priority(ticket.priority, lang)}
            <div class="grow">
                <a class="to" href=format!("{ADDRESS}/{}?view={}&sort=waiting", ticket.id, view.key()) lang=mark::foreign(&ticket.title, lang)>{ticket.title.clone()}</a>
                <small>{ticket.customer_nickname.clone()}" "{ui::tag::vip(ticket.vip_level)}<span class="not-phone">{t!(lang, "·", ", ")}{number}</span></small>
            </div>
            <span class="end">{waits}{mark::status(ticket.status, lang)}</span>
        </li>
    }
    .into_any()
}

/// A customer's tickets that the reader may see, the newest first.
#[derive(Clone, Debug)]
pub struct Past {
    rows: Paged<TicketRow>,
    /// How many there are.
    pub total: i64,
}

/// The customer's tickets; `at` is the cursor of the page.
///
/// # Errors
/// When the reader may see no tickets.
pub async fn past(ctx: &Ctx, customer: CustomerId, at: &str) -> Result<Past> {
    let query = ListQuery { customer: Some(customer), sort: Some(Sort::Created), at: at.to_owned(), ..ListQuery::default() };
    Ok(Past { total: count::count(ctx, &query.without_place()).await?, rows: list::rows_of(ctx, &query, PAST).await? })
}

impl Past {
    /// The card, day by day.
    #[must_use]
    pub fn draw(&self, ctx: &Ctx, customer: CustomerId, place: &Place) -> AnyView {
        let lang = ctx.lang();
        if self.rows.rows.is_empty() {
            let text = t!(lang, "这位客户的工单、邮件和评价会按时间排在这里", "Tickets of this customer stand here, the newest first");
            return view! { <section class="card" aria-labelledby="past-h"><header><h2 id="past-h">{t!(lang, "工单", "Tickets")}</h2></header><div class="empty small"><span class="glyph">{icon("ticket")}</span><h2>{t!(lang, "还没有工单", "No tickets yet")}</h2><p>{text}</p></div></section> }.into_any();
        }
        let mut last = None;
        let mut rows: Vec<AnyView> = Vec::new();
        for ticket in &self.rows.rows {
            let month = month(ticket.created_at, ctx);
            if last.as_ref() != Some(&month) {
                rows.push(view! { <li class="day">{month.clone()}</li> }.into_any());
                last = Some(month);
            }
            rows.push(past_row(ticket, customer, ctx));
        }
        let words = match (lang, self.total) {
            (Lang::En, 1) => "1 ticket".to_owned(),
            _ => t!(lang, "{} 张，由近到远", "{} tickets, newest first", side::counted(self.total)),
        };
        let pager =
            (self.rows.previous.is_some() || self.rows.next.is_some()).then(|| ui::pager::pager(&self.rows, place, lang, words.clone()));
        view! {
            <section class="card" aria-labelledby="past-h">
                <header><h2 id="past-h">{t!(lang, "工单", "Tickets")}</h2><span class="count">{side::counted(self.total)}</span><span class="act"><a class="link small" href=format!("{ADDRESS}?customer={customer}")>{t!(lang, "在列表里看", "See as a list")}</a></span></header>
                <ul class="past">{rows}</ul>
                {pager}
            </section>
        }
        .into_any()
    }
}

fn past_row(ticket: &TicketRow, customer: CustomerId, ctx: &Ctx) -> AnyView {
    let lang = ctx.lang();
    let facts: Vec<String> = [
        Some(ticket.number.to_string()),
        ticket.category_path.as_deref().map(choice::spaced),
        ticket.agent_name.clone().or_else(|| ticket.group_name.clone()),
    ]
    .into_iter()
    .flatten()
    .collect();
    view! {
        <li>
            {icon(ticket.source.icon())}
            <div>
                <a href=format!("{ADDRESS}/{}?customer={customer}&sort=created", ticket.id) lang=mark::foreign(&ticket.title, lang)>{ticket.title.clone()}</a>
                <small>{facts.join(t!(lang, "，", ", "))}</small>
            </div>
            <span class="end">{mark::status(ticket.status, lang)}{ui::time::ago(ticket.created_at, ctx)}</span>
        </li>
    }
    .into_any()
}

/// `今天`, or the month.
fn month(at: Stamp, ctx: &Ctx) -> String {
    let (day, today) = (at.date(&ctx.zone), ctx.now().date(&ctx.zone));
    match ctx.lang() {
        _ if day == today => t!(ctx.lang(), "今天", "Today").to_owned(),
        Lang::Zh => format!("{} 年 {} 月", day.year(), day.month()),
        Lang::En => day.strftime("%B %Y").to_string(),
    }
}
