//! 换客户: find the other customer, see from whom to whom, confirm.

use super::{list, side};
use crate::actions;
use crate::queries::detail::{self, Detail};
use customer::model::CustomerHit;
use customer::queries::{self, CustomerCard, finder};
use kernel::error::Result;
use kernel::id::{CustomerId, TicketId};
use kernel::lang::Lang;
use kernel::t;
use leptos::prelude::*;
use serde::Deserialize;
use ui::form::{hidden, path_of};
use ui::icon::icon;
use ui::islands::finder::{Finder, Seek};
use ui::page::Page;
use ui::tag::{Tone, note};
use ui::visit::Visit;

/// The address: what was typed, or who was chosen.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct Query {
    q: String,
    #[serde(deserialize_with = "kernel::input::blank")]
    with: Option<CustomerId>,
}

/// 换客户.
pub async fn other_customer_page(visit: Visit) -> Result<Page> {
    let (ctx, lang) = (visit.ctx.clone(), visit.lang());
    let ticket = detail::detail(&ctx, visit.param::<TicketId>("id")?).await?;
    let query = visit.query::<Query>();
    let form = visit.form("ticket_customer");
    let other = match query.with {
        Some(other) => Some(queries::customer(&ctx, other).await?),
        None => None,
    };
    let hits = if other.is_none() { queries::lookup(&ctx, &query.q).await? } else { Vec::new() };
    let side = side::load(&ctx, None).await?;
    let page = Page::new(t!(lang, "换客户", "Another customer"))
        .crumb(t!(lang, "工单", "Tickets"), list::ADDRESS)
        .crumb(ticket.ticket.number.to_string(), format!("/tickets/{}", ticket.ticket.id))
        .lead(t!(
            lang,
            "以后的回复发给换上的客户，已经发出的不变",
            "Replies go to the other customer from now on; what was sent stays where it went"
        ))
        .side(move || side.draw());
    Ok(page.body(move || {
        let content = match &other {
            Some(other) => confirm(lang, &ticket, other),
            None => find(lang, &ticket, query.q.trim(), &hits),
        };
        view! { <div class="body narrow"><div class="stack">{form.summary()}{content}</div></div> }
    }))
}

/// The box, and whom it found without scripting.
fn find(lang: Lang, ticket: &Detail, typed: &str, hits: &[CustomerHit]) -> AnyView {
    let address = format!("/tickets/{}/customer", ticket.ticket.id);
    let seek = finder::seek("q", typed, format!("{address}?with={{}}"), "");
    let seek = Seek { except: ticket.ticket.customer_id.to_string(), ..seek };
    let rows: Vec<AnyView> = hits
        .iter()
        .filter(|hit| hit.id != ticket.ticket.customer_id)
        .map(|hit| {
            let found = hit.clone().found(lang);
            let href = format!("{address}?with={}", hit.id);
            view! {
                <li>
                    {ui::avatar::mark(hit.id.0, &hit.nickname)}
                    <div class="grow"><a class="to" href=href>{found.title}</a>" "{ui::tag::vip(hit.vip_level)}<small>{found.facts.join(t!(lang, "·", ", "))}</small></div>
                    {icon("chevron-right")}
                </li>
            }
            .into_any()
        })
        .collect();
    let found = match (rows.is_empty(), typed.is_empty()) {
        (false, _) => {
            view! { <section class="card" aria-label=t!(lang, "找到的客户", "Customers found")><ul class="rows">{rows}</ul></section> }
                .into_any()
        }
        (true, true) => ().into_any(),
        (true, false) => note(
            Tone::Plain,
            "info",
            t!(lang, "没有找到这位客户", "Nobody found"),
            t!(lang, "换一个电话、邮箱或对接ID试试", "Try another phone, e-mail or integration id"),
        ),
    };
    view! {
        <form class="row" method="get" action=address role="search">
            <Finder seek=seek words=finder::words(lang, t!(lang, "查找客户", "Find a customer"))/>
            <button class="btn main" type="submit">{t!(lang, "查找客户", "Find customer")}</button>
        </form>
        {found}
    }
    .into_any()
}

/// From whom to whom, and the button.
fn confirm(lang: Lang, ticket: &Detail, other: &CustomerCard) -> AnyView {
    let head = &ticket.ticket;
    let reach = |card: &CustomerCard| {
        card.emails.first().cloned().unwrap_or_else(|| t!(lang, "没有邮箱，收不到邮件回复", "no e-mail: replies send no mail").to_owned())
    };
    let line = |term: &'static str, card: &CustomerCard| {
        view! { <div><dt>{term}</dt><dd><b>{card.nickname.clone()}</b>" "{ui::tag::vip(card.vip_level)}<div class="small mute">{reach(card)}</div></dd></div> }
    };
    let words = t!(lang, "换成 {}", "Change to {}", other.nickname);
    view! {
        <form class="card" method="post" action={path_of::<actions::ChangeCustomer>()}>
            {hidden("ticket", head.id)}
            {hidden("from", head.customer_id)}
            {hidden("to", other.id)}
            <header><h2>{head.number.to_string()}" "{head.title.clone()}</h2></header>
            <div class="in"><dl class="facts cols">{line(t!(lang, "现在", "Now"), &ticket.customer)}{line(t!(lang, "换成", "Then"), other)}</dl></div>
            <footer><a class="btn" href=format!("/tickets/{}/customer", head.id)>{t!(lang, "另找一位", "Somebody else")}</a><span class="end"><button class="btn main" type="submit">{icon("user-round")}{words}</button></span></footer>
        </form>
    }
    .into_any()
}
