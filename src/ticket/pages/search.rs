//! 搜索: one box over tickets, their messages and customers, each only as far as the reader may see.

use super::{list, mark, side};
use crate::model::FoundTicket;
use crate::queries::search::{self, FOUND_MOST};
use customer::model::CustomerHit;
use kernel::error::Result;
use kernel::lang::Lang;
use kernel::permission::Permission;
use kernel::t;
use leptos::prelude::*;
use serde::Deserialize;
use ui::avatar;
use ui::empty::{empty, no_result};
use ui::found::pieces;
use ui::icon::icon;
use ui::page::Page;
use ui::visit::{Visit, encoded};

/// The address: what was typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct SearchQuery {
    q: String,
}

/// 搜索.
pub async fn search_page(visit: Visit) -> Result<Page> {
    let (ctx, lang) = (visit.ctx.clone(), visit.lang());
    let typed = visit.query::<SearchQuery>().q.trim().to_owned();
    let found = search::search(&ctx, &typed).await?;
    let page = Page::new(t!(lang, "搜索", "Search"));
    let page = if ctx.may(Permission::TicketView) {
        let side = side::load(&ctx, None).await?;
        page.side(move || side.draw())
    } else {
        page
    };
    Ok(page.body(move || {
        let content = if typed.is_empty() {
            let text = t!(
                lang,
                "工单号、标题、消息里的话、客户昵称、电话、邮箱或对接ID，两个字就够。",
                "Ticket numbers, titles, words of messages, customers by nickname, phone, e-mail or integration id."
            );
            empty("search", t!(lang, "搜索工单、消息和客户", "Search tickets, messages and customers"), text, ())
        } else if found.tickets.is_empty() && found.customers.is_empty() {
            no_result(t!(lang, "没有找到“{}”", "Nothing found for “{}”", typed), "/search", t!(lang, "重新搜索", "Search again"))
        } else {
            let (tickets, customers) = (tickets(lang, &typed, found.tickets), customers(lang, found.customers));
            view! { {tickets}{customers} }.into_any()
        };
        view! { <div class="body narrow">{field(lang, &typed)}{content}</div> }
    }))
}

fn field(lang: Lang, typed: &str) -> AnyView {
    let is_empty = typed.is_empty();
    view! {
        <form class="row" method="get" action="/search" role="search">
            <div class="with-icon grow">{icon("search")}<input class="input" type="search" name="q" value=typed.to_owned() autofocus=is_empty data-key="/" aria-label=t!(lang, "搜索", "Search")/></div>
            <button class="btn main" type="submit">{t!(lang, "搜索", "Search")}</button>
        </form>
    }
    .into_any()
}

fn tickets(lang: Lang, typed: &str, tickets: Vec<FoundTicket>) -> Option<AnyView> {
    if tickets.is_empty() {
        return None;
    }
    let number = tickets.len();
    let is_cut = i64::try_from(number).is_ok_and(|number| number >= FOUND_MOST);
    let count = if is_cut { format!("{number}+") } else { number.to_string() };
    let more = is_cut.then(|| {
        let href = format!("{}?q={}", list::ADDRESS, encoded(typed));
        view! { <footer><a class="link" href=href>{t!(lang, "在工单列表里查看全部，再筛选", "See all in the ticket list and filter further")}</a></footer> }
    });
    let (messages, others): (Vec<FoundTicket>, Vec<FoundTicket>) = tickets.into_iter().partition(|ticket| !ticket.snippet.is_empty());
    let rows = |found: Vec<FoundTicket>| -> Vec<AnyView> { found.into_iter().map(|ticket| ticket_row(lang, typed, ticket)).collect() };
    let section = |title: &'static str, rows: Vec<AnyView>| {
        let number = rows.len();
        (number > 0).then(|| view! { <section class="card"><header><h2>{title}</h2><span class="count">{number}</span></header><ul class="rows">{rows}</ul></section> })
    };
    Some(
        view! {
            <p class="small mute" role="status">{t!(lang, "找到 {} 张工单，最近更新的在前", "Tickets found: {}, last updated first", count)}</p>
            {section(t!(lang, "工单", "Tickets"), rows(others))}
            {section(t!(lang, "消息里提到", "In messages"), rows(messages))}
            {more}
        }
        .into_any(),
    )
}

fn ticket_row(lang: Lang, typed: &str, ticket: FoundTicket) -> AnyView {
    let facts = format!("{}{}{}", ticket.number, t!(lang, "·", ", "), ticket.customer);
    let snippet = (!ticket.snippet.is_empty()).then(|| view! { <p class="dim">{marked(&ticket.snippet, typed)}</p> });
    let foreign = mark::foreign(&ticket.title, lang);
    view! {
        <li>
            {icon("ticket")}
            <div class="grow"><a class="to" href=format!("/tickets/{}", ticket.id) lang=foreign>{marked(&ticket.title, typed)}</a><small>{facts}</small>{snippet}</div>
            <span class="end">{mark::status(ticket.status, lang)}</span>
        </li>
    }
    .into_any()
}

fn customers(lang: Lang, customers: Vec<CustomerHit>) -> Option<AnyView> {
    let number = customers.len();
    let rows: Vec<AnyView> = customers
        .into_iter()
        .map(|hit| {
            let facts: Vec<String> = [hit.partner_id, hit.email, hit.phone].into_iter().flatten().collect();
            view! { <li>{avatar::mark(hit.id.0, &hit.nickname)}<div class="grow"><a class="to" href=format!("/customers/{}", hit.id)>{hit.nickname}</a>" "{ui::tag::vip(hit.vip_level)}<small>{facts.join(t!(lang, "·", ", "))}</small></div></li> }.into_any()
        })
        .collect();
    (number > 0).then(|| view! { <section class="card"><header><h2>{t!(lang, "客户", "Customers")}</h2><span class="count">{number}</span></header><ul class="rows">{rows}</ul></section> }.into_any())
}

/// The text with the words that were typed marked.
fn marked(text: &str, typed: &str) -> Vec<AnyView> {
    pieces(text, typed)
        .into_iter()
        .map(|(piece, is_hit)| if is_hit { view! { <mark>{piece}</mark> }.into_any() } else { piece.into_any() })
        .collect()
}
