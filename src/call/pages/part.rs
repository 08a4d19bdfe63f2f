//! Calls on pages that are not theirs: the home page, a customer's page, the palette. Those pages stand above this slice.

use super::mark::{self, Numbers};
use super::record::counted;
use super::table::other_end;
use crate::model::{BusinessLine, address};
use crate::queries::mine::{self, Today};
use crate::queries::record::RecordRow;
use kernel::ctx::Ctx;
use kernel::error::Result;
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

/// 我的通话 of the home page; nothing for whoever has no calls of their own.
///
/// # Errors
/// When the database refuses.
pub async fn desk(ctx: &Ctx) -> Result<Option<Today>> {
    if ctx.may(Permission::CallRecordOwn) { mine::today(ctx).await.map(Some) } else { Ok(None) }
}

/// The three numbers of today, each with what it counts.
#[must_use]
pub fn tiles(today: Today, ctx: &Ctx) -> AnyView {
    let lang = ctx.lang();
    let day = ctx.now().date(&ctx.zone);
    let href = ctx.actor.agent().map_or_else(
        || address(BusinessLine::CallCenter).to_owned(),
        |me| format!("{}?agent={me}&from={day}&type=all", address(BusinessLine::CallCenter)),
    );
    let tiles: Vec<AnyView> = [
        (
            "check",
            t!(lang, "今日接通", "Answered today"),
            today.answered.to_string(),
            t!(lang, "接起、呼通和转接给我的通话", "Calls I took, made, or was given"),
        ),
        (
            "phone-missed",
            t!(lang, "今日未接", "Missed today"),
            today.missed.to_string(),
            t!(lang, "在我这里振铃，没有接起", "Rang at mine, not answered"),
        ),
        (
            "clock",
            t!(lang, "今日通话时长", "Talk today"),
            mark::clock(today.talk_ms),
            t!(lang, "与客户通话，不含保持和咨询", "With customers, without holds and consultations"),
        ),
    ]
    .into_iter()
    .map(|(picture, label, value, hint)| {
        view! {
            <div class="tile">
                <div class="k">{icon(picture)}{label}</div>
                <a class="v" href=href.clone() aria-label=format!("{label} {value}")>{value.clone()}</a>
                <div class="small mute">{hint}</div>
            </div>
        }
        .into_any()
    })
    .collect();
    view! { <section class="tiles my-calls" aria-label=t!(lang, "我的通话", "My calls")>{tiles}</section> }.into_any()
}

/// A customer's calls that the reader may see, the newest first.
#[derive(Clone, Debug)]
pub struct Past {
    rows: Vec<RecordRow>,
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
    let (rows, total) = mine::of_customer(ctx, customer, PAST).await?;
    Ok(Some(Past { rows, total }))
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
        // Of a customer with calls in both lines each line's list shows its own.
        let line = self.rows.first().map_or(BusinessLine::CallCenter, |row| row.line);
        let href = format!("{}?customer={customer}", address(line));
        view! {
            <section class="card" aria-labelledby="calls-h">
                <header><h2 id="calls-h">{t!(lang, "通话", "Calls")}</h2><span class="count">{counted(self.total)}</span><span class="act"><a class="link small" href=href>{t!(lang, "在列表里看", "See as a list")}</a></span></header>
                <ul class="rows past-calls">{rows}</ul>
            </section>
        }
        .into_any()
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
