//! 通话记录列表: the records of one business line.

use super::{filter, table};
use crate::actions::record::ExportCalls;
use crate::filter::RecordFilter;
use crate::model::{BusinessLine, address};
use crate::queries::record::{self, MOST_COUNTED};
use export::model::Format;
use kernel::error::Result;
use kernel::lang::{Lang, grouped};
use kernel::permission::Permission;
use kernel::t;
use leptos::prelude::*;
use ui::download::{self, Download};
use ui::empty::{empty, no_result};
use ui::form::{hidden, path_of};
use ui::page::Page;
use ui::pager::pager;
use ui::visit::Visit;

/// 通话记录 of 呼叫中心客服, `/calls/records`.
pub async fn call_center_page(visit: Visit) -> Result<Page> {
    records_page(visit, BusinessLine::CallCenter).await
}

/// 通话记录 of 电销客服, `/telemarketing/records`.
pub async fn telemarketing_page(visit: Visit) -> Result<Page> {
    records_page(visit, BusinessLine::Telemarketing).await
}

async fn records_page(visit: Visit, line: BusinessLine) -> Result<Page> {
    let (lang, ctx) = (visit.lang(), visit.ctx.clone());
    let filter = RecordFilter::parse(&visit.place.query);
    let list = record::list(&ctx, line, &filter).await?;
    let choices = filter::choices(&ctx, line, &filter).await?;
    let failed = visit.form("call_export");
    let total = counted(list.total);
    let page = Page::new(t!(lang, "通话记录", "Call records")).crumb(line.label(lang), address(line)).count(total.clone());
    let page = page.lead(if ctx.may(Permission::CallRecordView) {
        t!(
            lang,
            "每通电话一条主通话记录，转接、咨询和班长的操作是它的子记录。",
            "Each call has one main record; transfers, consultations and supervisors are its child records."
        )
    } else {
        t!(
            lang,
            "您自己的通话，以及咨询、转接咨询、转接到您的通话。",
            "Your own calls, and those in which you were consulted or transferred to."
        )
    });
    let page = if ctx.may(Permission::CallExport) && list.total > 0 {
        let query = filter.to_query();
        page.action(move || export_menu(lang, line, query))
    } else {
        page
    };
    Ok(page.body(move || {
        let bar = filter::bar(&visit, &filter, &choices);
        let body = match (list.page.rows.is_empty(), filter.is_narrow()) {
            (true, true) => {
                no_result(t!(lang, "没有符合条件的通话记录", "No record matches"), address(line), t!(lang, "清除条件", "Clear filters"))
            }
            (true, false) => nothing(lang),
            (false, _) => {
                let words = t!(lang, "{} 条，由近到远", "{} records, newest first", total);
                view! { {table::table(&list, &visit.ctx)}{pager(&list.page, &visit.place, lang, words)} }.into_any()
            }
        };
        view! { {failed.summary()}{bar}{body} }
    }))
}

fn export_menu(lang: Lang, line: BusinessLine, query: String) -> AnyView {
    let download = Download { action: path_of::<ExportCalls>(), formats: Format::offers(lang), history: "/calls/exports" };
    download::menu(lang, download, view! { {hidden("line", line)}{hidden("query", query)} })
}

fn nothing(lang: Lang) -> AnyView {
    empty(
        "phone",
        t!(lang, "还没有通话记录", "No calls yet"),
        t!(
            lang,
            "交换机推送的每通电话都会成为一条主通话记录：谁打来、等了多久、谁接的、转给了谁，每一秒都有去处",
            "Each call that a switch tells of becomes a record: who called, how long they waited, who answered, to whom it went; every second has its place"
        ),
        (),
    )
}

pub(crate) fn counted(total: i64) -> String {
    if total > MOST_COUNTED { format!("{}+", grouped(MOST_COUNTED)) } else { grouped(total) }
}
