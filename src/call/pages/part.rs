//! Calls on pages that are not theirs: the home page, a customer's page, the palette. Those pages stand above this slice.

use super::mark::{self, Numbers};
use super::record::counted;
use super::table::other_end;
use crate::filter::{RecordFilter, Shown, Taken};
use crate::model::{BusinessLine, address};
use crate::queries::mine::{self, Today};
use crate::queries::record::RecordRow;
use kernel::ctx::Ctx;
use kernel::error::{Problem, Result};
use kernel::id::CustomerId;
use kernel::lang::Lang;
use kernel::permission::Permission;
use kernel::t;
use leptos::prelude::*;
use maud::{display, html};
use ui::found::Found;
use ui::icon::icon;
use ui::time;
use ui::written::Written;

/// Calls of a customer's page.
const PAST: usize = 10;

/// 我的通话 of the home page, line by line; nothing for whoever has no calls of their own.
///
/// # Errors
/// When the database refuses.
pub async fn desk(ctx: &Ctx) -> Result<Option<Vec<Today>>> {
    if ctx.may(Permission::CallRecordOwn) { mine::today(ctx).await.map(Some) } else { Ok(None) }
}

/// The three numbers of today, each with what it counts and the list of exactly that; those of each line by themselves.
#[must_use]
pub fn tiles(days: Vec<Today>, ctx: &Ctx) -> AnyView {
    let is_several = days.len() > 1;
    days.into_iter().map(|today| tiles_of(today, is_several, ctx)).collect::<Vec<_>>().into_any()
}

fn tiles_of(today: Today, is_named: bool, ctx: &Ctx) -> AnyView {
    let lang = ctx.lang();
    let mine = RecordFilter {
        shown: Shown::All,
        agent: ctx.actor.agent(),
        from: ctx.now().date(&ctx.zone).to_string(),
        ..RecordFilter::default()
    };
    let list = |taken: Option<Taken>| format!("{}?{}", address(today.line), RecordFilter { taken, ..mine.clone() }.to_query());
    let tiles: Vec<AnyView> = [
        (
            "check",
            t!(lang, "今日接通", "Answered today"),
            today.answered.to_string(),
            t!(lang, "接起、呼通和转接给我的通话", "Calls I took, made, or was given"),
            list(Some(Taken::Yes)),
        ),
        (
            "phone-missed",
            t!(lang, "今日未接", "Missed today"),
            today.missed.to_string(),
            t!(lang, "记在我名下、振铃没有接起的通话", "Calls recorded as mine that rang and were not answered"),
            list(Some(Taken::No)),
        ),
        (
            "clock",
            t!(lang, "今日通话时长", "Talk today"),
            mark::clock(today.talk_ms),
            t!(lang, "与客户通话，不含保持和咨询", "With customers, without holds and consultations"),
            list(None),
        ),
    ]
    .into_iter()
    .map(|(picture, label, value, hint, href)| {
        let label = if is_named { format!("{label} · {}", today.line.label(lang)) } else { label.to_owned() };
        view! {
            <div class="tile">
                <div class="k">{icon(picture)}{label.clone()}</div>
                <a class="v" href=href aria-label=format!("{label} {value}")>{value.clone()}</a>
                <div class="small mute">{hint}</div>
            </div>
        }
        .into_any()
    })
    .collect();
    let name = t!(lang, "我的通话", "My calls");
    let name = if is_named { format!("{name} · {}", today.line.label(lang)) } else { name.to_owned() };
    view! { <section class="tiles my-calls" aria-label=name>{tiles}</section> }.into_any()
}

/// A customer's calls that the reader may see, the newest first.
#[derive(Clone, Debug)]
pub struct Past {
    rows: Vec<RecordRow>,
    /// Lines with calls, each with how many.
    lines: Vec<(BusinessLine, i64)>,
    /// How many there are.
    pub total: i64,
}

/// The customer's calls; nothing for whoever may see none.
///
/// # Errors
/// When the database refuses.
pub async fn past(ctx: &Ctx, customer: CustomerId) -> Result<Option<Past>> {
    if !ctx.may(Permission::CallRecordOwn) {
        return Ok(None);
    }
    let (rows, lines) = mine::of_customer(ctx, customer, PAST).await?;
    let total = lines.iter().map(|(_, total)| total).sum();
    Ok(Some(Past { rows, lines, total }))
}

impl Past {
    /// The card; nothing when there were no calls.
    #[must_use]
    pub fn draw(&self, ctx: &Ctx, customer: CustomerId) -> AnyView {
        let lang = ctx.lang();
        if self.rows.is_empty() {
            return ().into_any();
        }
        let numbers = Numbers::of(ctx);
        let rows: Written = html! {
            @for row in &self.rows {
                li {
                    a href={ "/calls/" (display(row.call_id)) } { (mark::call_type(row.call_type, lang)) }
                    div.grow { (other_end(row, numbers)) small { (time::ago(row.started_at, ctx)) } }
                    span.end { (mark::length(row.talk_ms, lang)) " " (mark::result(row.result, lang)) }
                }
            }
        }
        .into();
        // A list is of one line: of a customer with calls on both, each line opens its own.
        let lists: Vec<AnyView> = self
            .lines
            .iter()
            .map(|(line, total)| {
                let words = match self.lines.len() {
                    1 => t!(lang, "在列表里看", "See as a list").to_owned(),
                    _ => format!("{} {}", line.label(lang), counted(*total)),
                };
                view! { <a class="link small" href=format!("{}?customer={customer}", address(*line))>{words}</a>" " }.into_any()
            })
            .collect();
        view! {
            <section class="card" aria-labelledby="calls-h">
                <header><h2 id="calls-h">{t!(lang, "通话", "Calls")}</h2><span class="count">{counted(self.total)}</span><span class="act">{lists}</span></header>
                <ul class="rows past-calls">{rows}</ul>
            </section>
        }
        .into_any()
    }
}

/// The line of the palette that says why nothing is found by the end of a number; it leads to the field that takes whole ones.
#[must_use]
pub fn whole_number(ctx: &Ctx, typed: &str) -> Found {
    Found {
        id: "number".to_owned(),
        title: Problem::WholeNumber.text(ctx.lang()).to_owned(),
        facts: vec![t!(ctx.lang(), "按号码找通话", "To find calls by number").to_owned()],
        href: format!("{}?number={}", address(BusinessLine::CallCenter), ui::visit::encoded(typed)),
        ..Found::default()
    }
}

/// A call as a line of the palette.
#[must_use]
pub fn found(row: &RecordRow, ctx: &Ctx) -> Found {
    let lang: Lang = ctx.lang();
    let number = Numbers::of(ctx).show(&row.customer_number);
    let title = row.customer_nickname.clone().unwrap_or_else(|| number.clone());
    let mut facts = vec![row.call_type.label(lang).to_owned(), row.started_at.table(&ctx.zone)];
    if title != number {
        facts.insert(0, number);
    }
    Found {
        id: row.call_id.to_string(),
        title,
        facts,
        tag: row.result.map_or(t!(lang, "进行中", "Running"), |result| result.label(lang)).to_owned(),
        href: format!("/calls/{}", row.call_id),
    }
}
