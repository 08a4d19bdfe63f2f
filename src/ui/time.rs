//! Times as people read them: relative near, absolute far, the zone on hover.

use crate::written::Written;
use kernel::ctx::Ctx;
use kernel::time::{Stamp, offset_words};
use maud::html;

/// `2 分钟前`, with the full time and zone on hover.
#[must_use]
pub fn ago(at: Stamp, ctx: &Ctx) -> Written {
    let words = at.relative(ctx.now(), &ctx.zone, ctx.lang());
    element(at, ctx, words)
}

/// `11 月 22 日 09:30`, with the zone on hover.
#[must_use]
pub fn full(at: Stamp, ctx: &Ctx) -> Written {
    let words = at.long(&ctx.zone, ctx.lang());
    element(at, ctx, words)
}

/// `2026-11-22 09:30`, for tables.
#[must_use]
pub fn cell(at: Stamp, ctx: &Ctx) -> Written {
    let words = at.table(&ctx.zone);
    element(at, ctx, words)
}

fn element(at: Stamp, ctx: &Ctx, words: String) -> Written {
    let title = format!("{} {}", at.table(&ctx.zone), offset_words(&ctx.zone, at));
    html! { time datetime=(at.machine()) title=(title) { (words) } }.into()
}
