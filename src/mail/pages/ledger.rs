//! 邮件台账列表.

use super::word;
use crate::model::{Direction, InState, LedgerFilter, OutState, Verdict};
use crate::queries::ledger::LedgerRow;
use kernel::ctx::Ctx;
use kernel::id::MailboxId;
use kernel::lang::Lang;
use kernel::page::Paged;
use kernel::t;
use leptos::prelude::*;
use ui::empty::{empty, no_result};
use ui::icon::icon;
use ui::option::options;
use ui::pager::pager;
use ui::tabs::{Tab, tabs};
use ui::visit::Visit;

/// What the list shows.
pub struct Shown {
    /// The page.
    pub list: Paged<LedgerRow>,
    /// The filter.
    pub filter: LedgerFilter,
    /// Mails in quarantine, mails that failed.
    pub troubles: (i64, i64),
    /// Choices.
    pub mailboxes: Vec<(MailboxId, String)>,
    /// The request.
    pub visit: Visit,
}

/// The list with its tabs and filters.
#[must_use]
pub fn body(shown: Shown) -> AnyView {
    let Shown { list, filter, troubles, mailboxes, visit } = shown;
    let lang = visit.lang();
    let is_filtered = [&filter.q, &filter.way, &filter.result, &filter.mailbox].iter().any(|field| !field.trim().is_empty());
    let rows: Vec<AnyView> = list.rows.iter().map(|row| line(row, &visit.ctx)).collect();
    let table = match (rows.is_empty(), is_filtered) {
        (true, true) => no_result(t!(lang, "没有符合条件的邮件", "No mail matches"), "/mail", t!(lang, "清除条件", "Clear filters")),
        (true, false) => {
            let action = view! { <a class="btn" href="/settings/mailboxes">{t!(lang, "设置邮箱", "Set up a mailbox")}</a> };
            let text = t!(
                lang,
                "收到或发出的每一封邮件都会记在这里，连同它成了哪张工单、为什么。",
                "Every mail in or out is written down here, with the ticket it became and why."
            );
            empty("mail", t!(lang, "还没有邮件", "No mail yet"), text, action)
        }
        (false, _) => view! { {table(rows, lang)}{pager(&list, &visit.place, lang, t!(lang, "由近到远", "Newest first"))} }.into_any(),
    };
    view! { {ways(&filter, troubles, &visit)}{filters(&filter, &mailboxes, lang)}{table} }.into_any()
}

/// Tabs: what became of the mails.
fn ways(filter: &LedgerFilter, (quarantined, failed): (i64, i64), visit: &Visit) -> AnyView {
    let lang = visit.lang();
    let choices = [
        ("", t!(lang, "全部", "All"), 0),
        (Verdict::NewTicket.key(), Verdict::NewTicket.label(lang), 0),
        (Verdict::Appended.key(), Verdict::Appended.label(lang), 0),
        (Verdict::Suppressed.key(), Verdict::Suppressed.label(lang), 0),
        (Verdict::Quarantined.key(), Verdict::Quarantined.label(lang), quarantined),
        (OutState::Sent.key(), OutState::Sent.label(lang), 0),
        (OutState::Failed.key(), OutState::Failed.label(lang), failed),
        (OutState::Kept.key(), OutState::Kept.label(lang), 0),
    ];
    let links = choices.map(|(key, label, count)| Tab {
        label: label.to_owned(),
        href: visit.place.with(&[("result", key), ("at", "")]),
        is_current: filter.result == key,
        count: (count > 0).then(|| count.to_string()),
    });
    tabs(t!(lang, "去处", "What became of them"), links.into())
}

fn filters(filter: &LedgerFilter, mailboxes: &[(MailboxId, String)], lang: Lang) -> AnyView {
    let every_way = core::iter::once(("", t!(lang, "收到和发出", "In and out")));
    let ways = options(every_way.chain(Direction::ALL.iter().map(|way| (way.key(), way.label(lang)))), &filter.way);
    let every_box = core::iter::once((String::new(), t!(lang, "全部邮箱", "Every mailbox")));
    let boxes = mailboxes.iter().map(|(id, address)| (id.to_string(), address.as_str()));
    let boxes = options(every_box.chain(boxes), &filter.mailbox);
    let waiting = filter.result == InState::Stored.key();
    view! {
        <form class="filters" method="get" action="/mail" role="search" aria-label=t!(lang, "筛选邮件", "Filter mails")>
            {(!filter.result.is_empty()).then(|| view! { <input type="hidden" name="result" value=filter.result.clone()/> })}
            <div class="with-icon grow">
                {icon("search")}
                <input class="input" name="q" type="search" value=filter.q.clone() placeholder=t!(lang, "主题、地址、Message-ID", "Subject, address, Message-ID")
                    aria-label=t!(lang, "搜索邮件", "Search mails")/>
            </div>
            <select class="input" name="way" aria-label=t!(lang, "方向", "Direction")>
                {ways}
            </select>
            <select class="input" name="mailbox" aria-label=t!(lang, "邮箱", "Mailbox")>
                {boxes}
            </select>
            <button class="btn" type="submit">{t!(lang, "筛选邮件", "Filter")}</button>
            {waiting.then(|| view! { <span class="tag info">{t!(lang, "等待处理", "Waiting")}</span> })}
        </form>
    }
    .into_any()
}

fn table(rows: Vec<AnyView>, lang: Lang) -> AnyView {
    let table = view! {
        <table class="table roomy fold ledger" role="table" aria-label=t!(lang, "邮件", "Mails")>
            <thead role="rowgroup">
                <tr role="row">
                    <th role="columnheader" scope="col" class="c-way"><span class="sr">{t!(lang, "方向", "Direction")}</span></th>
                    <th role="columnheader" scope="col" class="c-subject">{t!(lang, "邮件", "Mail")}</th>
                    <th role="columnheader" scope="col">{t!(lang, "去处", "What became of it")}</th>
                    <th role="columnheader" scope="col" class="c-box">{t!(lang, "邮箱", "Mailbox")}</th>
                    <th role="columnheader" scope="col" class="num">{t!(lang, "时间", "Time")}</th>
                </tr>
            </thead>
            <tbody role="rowgroup">{rows}</tbody>
        </table>
    };
    view! { <div class="edge">{ui::table::scroll(t!(lang, "邮件", "Mails"), table)}</div> }.into_any()
}

fn line(row: &LedgerRow, ctx: &Ctx) -> AnyView {
    let lang = ctx.lang();
    let (arrow, who) = match row.direction {
        Direction::In => ("arrow-down-left", word::person(&row.from_name, &row.from_address)),
        Direction::Out => ("arrow-up-right", row.to_addresses.join(", ")),
    };
    let subject = if row.subject.is_empty() { t!(lang, "（无主题）", "(no subject)").to_owned() } else { row.subject.clone() };
    let ticket =
        row.ticket.map(|ticket| view! { <a class="link small" href=format!("/tickets/{ticket}")>{t!(lang, "看工单", "See ticket")}</a> });
    view! {
        <tr role="row">
            <td role="cell" class="c-way">{icon(arrow)}<span class="sr">{row.direction.label(lang)}</span></td>
            <th role="rowheader" scope="row" class="c-subject"><a class="to" href=format!("/mail/{}", row.id)>{subject}</a><span class="sub">{who}</span></th>
            <td role="cell" class="c-verdict" title=word::why(row, lang)>{word::standing_tag(row, lang)}{ticket}</td>
            <td role="cell" class="c-box phone-off">{row.mailbox.clone()}</td>
            <td role="cell" class="num c-end">{ui::time::ago(row.received_at, ctx)}</td>
        </tr>
    }
    .into_any()
}
