//! 时间账: each second of whoever took part belongs to exactly one bucket; two equations say whether that is so.

use super::lanes::{key, name};
use super::mark::{self, Numbers};
use crate::lineage::{self, Balance, Lane};
use crate::model::Bucket;
use crate::queries::detail::CallDetail;
use kernel::lang::Lang;
use kernel::t;
use leptos::prelude::*;
use maud::{Markup, html};
use ui::icon;
use ui::tag::Tone;
use ui::written::Written;

/// The card; `length` is that of the call in milliseconds.
pub(super) fn card(detail: &CallDetail, lanes: &[Lane], length: i64, numbers: Numbers, lang: Lang) -> AnyView {
    let used: Vec<Bucket> = Bucket::ALL
        .iter()
        .copied()
        .filter(|bucket| lanes.iter().any(|lane| lane.parts.iter().any(|part| part.bucket == *bucket)))
        .collect();
    let rows: Written = html! { @for lane in lanes { (row(lane, &used, numbers, lang)) } }.into();
    let heads: Written = html! { @for bucket in &used { th.num scope="col" { span.key { (key(*bucket)) (bucket.label(lang)) } } } }.into();
    let table = view! {
        <table class="table tight">
            <thead><tr>
                <th scope="col">{t!(lang, "参与方", "Who")}</th>
                {heads}
                <th scope="col" class="num">{t!(lang, "合计", "Total")}</th>
            </tr></thead>
            <tbody>{rows}</tbody>
        </table>
    };
    let checks: Written = match detail.call.ended_at {
        None => html! { p.mute.small { (t!(lang, "通话结束后对账。", "Balanced once the call is over.")) } }.into(),
        Some(_) => {
            let customer = lineage::customer_balance(lanes, length);
            let talk = lineage::talk_balance(&detail.legs, lanes);
            html! {
                (check("whole", t!(lang, "客户的每一秒", "Each second of the customer"), &customer, |bucket| bucket.label(lang).to_owned(), t!(lang, "全程", "whole call"), lang))
                (check("talk", t!(lang, "各条记录的通话时长", "Talk of the records"), &talk, |leg| whose(detail, *leg, numbers, lang), t!(lang, "客户的通话", "talk of the customer"), lang))
            }
            .into()
        }
    };
    view! {
        <section class="card" aria-labelledby="ledger">
            <header><h2 id="ledger">{t!(lang, "每一秒的去处", "Where each second went")}</h2><span class="act small mute">{t!(lang, "每个人的每一秒只属于一项", "Each second of a person belongs to one column")}</span></header>
            {ui::table::scroll(t!(lang, "每一秒的去处", "Where each second went"), table)}
            <div class="in stack near">{checks}</div>
        </section>
    }
    .into_any()
}

fn row(lane: &Lane, used: &[Bucket], numbers: Numbers, lang: Lang) -> Markup {
    let spent = lineage::spent(&lane.parts);
    let of = |bucket: Bucket| spent.iter().find(|(known, _)| *known == bucket).map(|(_, length)| *length);
    let total: i64 = spent.iter().map(|(_, length)| length).sum();
    html! {
        tr {
            th scope="row" { (name(lane, numbers, lang)) }
            @for bucket in used {
                td.num { @match of(*bucket) { Some(length) => (mark::length(length, lang)), None => span.nil { "–" } } }
            }
            td.num { b { (mark::length(total, lang)) } }
        }
    }
}

/// `客户的每一秒：IVR 18 + 排队 28 = 46 秒 = 全程`, and whether it is so.
fn check<T>(id: &str, title: &str, balance: &Balance<T>, words: impl Fn(&T) -> String, whole: &str, lang: Lang) -> Markup {
    let terms: Vec<String> = balance.terms.iter().map(|(term, length)| format!("{} {}", words(term), mark::seconds(*length))).collect();
    let left = if terms.is_empty() { "0".to_owned() } else { terms.join(" + ") };
    let (sum, total) = (mark::seconds(balance.sum()), mark::seconds(balance.total));
    let gap = mark::seconds((balance.sum() - balance.total).abs());
    let (tone, picture, verdict) = if balance.holds() {
        (Tone::Ok, "equal", t!(lang, "对得上", "Adds up").to_owned())
    } else {
        (Tone::Bad, "triangle-alert", t!(lang, "差 {} 秒", "{} s off", gap))
    };
    let class = format!("tag {}", tone.class());
    let equals = if balance.holds() { "=" } else { "≠" };
    let equation = t!(lang, "{}：{} = {} 秒 {} {} {} 秒", "{}: {} = {} s {} {} {} s", title, left, sum, equals, whole, total);
    html! { p.small data-balance=(id) { span class=(class) { (icon::written(picture, "i")) (verdict) } " " (equation) } }
}

/// Whose talk it was.
fn whose(detail: &CallDetail, leg: kernel::id::LegId, numbers: Numbers, lang: Lang) -> String {
    let record = detail.legs.iter().find(|known| known.record.id == leg).map(|known| &known.record);
    match record {
        Some(record) if record.agent_id.is_some() => record.agent_name.clone(),
        Some(record) if !record.other_number.is_empty() => numbers.show(&record.other_number),
        Some(record) => record.call_type.label(lang).to_owned(),
        None => String::new(),
    }
}
