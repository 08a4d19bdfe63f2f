//! The table of a list of records; under each main record its child legs, which open in place.

use super::mark::{self, Numbers};
use crate::queries::record::{RecordList, RecordRow};
use kernel::ctx::Ctx;
use kernel::permission::Permission;
use kernel::t;
use leptos::prelude::*;
use maud::{Markup, display, html};
use ui::icon;
use ui::tag::or_dash;
use ui::time;
use ui::written::Written;

/// Columns of the table.
const COLUMNS: usize = 9;

pub(super) fn table(list: &RecordList, ctx: &Ctx) -> AnyView {
    let lang = ctx.lang();
    let numbers = Numbers::of(ctx);
    let rows: Written = html! {
        @for row in &list.page.rows {
            (record(row, numbers, ctx))
            @if let Some(children) = list.children.get(&row.call_id) { (legs(children, numbers, ctx)) }
        }
    }
    .into();
    let table = view! {
        <table class="table roomy fold" role="table">
            <thead role="rowgroup">
                <tr role="row">
                    <th role="columnheader" scope="col">{t!(lang, "呼叫类型", "Call type")}</th>
                    <th role="columnheader" scope="col">{t!(lang, "客户", "Customer")}</th>
                    <th role="columnheader" scope="col">{t!(lang, "客服", "Agent")}</th>
                    <th role="columnheader" scope="col" aria-sort="descending">{t!(lang, "开始时间", "Started")}</th>
                    <th role="columnheader" scope="col" class="num">{t!(lang, "振铃", "Ring")}</th>
                    <th role="columnheader" scope="col" class="num">{t!(lang, "通话", "Talk")}</th>
                    <th role="columnheader" scope="col">{t!(lang, "通话结果", "Result")}</th>
                    <th role="columnheader" scope="col">{t!(lang, "挂断方", "Hung up by")}</th>
                    <th role="columnheader" scope="col">{t!(lang, "满意度", "Rating")}</th>
                </tr>
            </thead>
            <tbody role="rowgroup">{rows}</tbody>
        </table>
    };
    view! { <div class="edge call-records">{ui::table::scroll(t!(lang, "通话记录", "Call records"), table)}</div> }.into_any()
}

fn record(row: &RecordRow, numbers: Numbers, ctx: &Ctx) -> Markup {
    let lang = ctx.lang();
    html! {
        tr role="row" {
            th role="rowheader" scope="row" {
                a.to href={ "/calls/" (display(row.call_id)) } { (mark::call_type(row.call_type, lang)) }
                @if row.is_recorded {
                    " " span.mute title=(t!(lang, "有录音", "Recorded")) { (icon::written("volume-2", "i s")) span.sr { (t!(lang, "有录音", "Recorded")) } }
                }
            }
            td role="cell" data-k=(t!(lang, "客户", "Customer")) { (customer(row, numbers, ctx)) }
            td role="cell" data-k=(t!(lang, "客服", "Agent")) { (other_end(row, numbers)) }
            td role="cell" data-k=(t!(lang, "开始时间", "Started")) { (time::cell(row.started_at, ctx)) }
            td.num role="cell" data-k=(t!(lang, "振铃", "Ring")) { (mark::length(row.ring_ms, lang)) }
            td.num role="cell" data-k=(t!(lang, "通话", "Talk")) { (mark::length(row.talk_ms, lang)) }
            td role="cell" data-k=(t!(lang, "通话结果", "Result")) { (mark::result(row.result, lang)) }
            td role="cell" data-k=(t!(lang, "挂断方", "Hung up by")) { (or_dash(row.ender.map_or("", |ender| ender.label(lang)))) }
            td role="cell" data-k=(t!(lang, "满意度", "Rating")) { (rating(row, ctx)) }
        }
    }
}

/// The customer by name, else by number; a link for whoever may open the customer.
fn customer(row: &RecordRow, numbers: Numbers, ctx: &Ctx) -> Markup {
    let number = numbers.show(&row.customer_number);
    html! {
        @match (&row.customer_id, &row.customer_nickname) {
            (Some(_), Some(name)) if !ctx.may(Permission::CustomerView) => { (name) span.sub { (number) } }
            (Some(id), Some(name)) => { a href={ "/customers/" (display(id)) } { (name) } span.sub { (number) } }
            _ => (or_dash(&number))
        }
    }
}

/// The agent and the group, or the third party's number.
pub(super) fn other_end(row: &RecordRow, numbers: Numbers) -> Markup {
    html! {
        @if row.agent_id.is_some() {
            (row.agent_name)
            @if let Some(group) = &row.group_name { span.sub { (group) } }
        } @else if !row.other_number.is_empty() {
            (numbers.show(&row.other_number))
        } @else {
            (or_dash(row.group_name.as_deref().unwrap_or_default()))
        }
    }
}

/// Which key the customer pressed: what each means is the switch's own.
fn rating(row: &RecordRow, ctx: &Ctx) -> Markup {
    let lang = ctx.lang();
    html! {
        @match (row.satisfy_levels, row.satisfy_key) {
            (0, _) => (or_dash("")),
            (_, 0) => span.mute { (t!(lang, "未评价", "Not rated")) },
            (levels, key) => (t!(lang, "{} 级制，按 {}", "key {1} of {0} levels", levels, key)),
        }
    }
}

/// The child legs of a call, closed until somebody opens them.
fn legs(children: &[RecordRow], numbers: Numbers, ctx: &Ctx) -> Markup {
    let lang = ctx.lang();
    html! {
        tr.legs role="row" {
            td role="cell" colspan=(COLUMNS) {
                details {
                    summary { (t!(lang, "{} 条子记录", "{} child records", children.len())) }
                    ul.rows {
                        @for leg in children {
                            li {
                                (mark::call_type(leg.call_type, lang))
                                div.grow { (other_end(leg, numbers)) }
                                span.end {
                                    span.small.mute { (t!(lang, "振铃", "Ring")) " " (mark::length(leg.ring_ms, lang)) }
                                    " " span.small { (t!(lang, "通话", "Talk")) " " (mark::length(leg.talk_ms, lang)) }
                                    " " (mark::result(leg.result, lang))
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
