//! 导出记录: the own background exports, with progress and their files.

use crate::model::{ExportState, Format, Kind};
use crate::queries::{Export, mine};
use kernel::error::Result;
use kernel::lang::{Lang, grouped};
use kernel::t;
use leptos::prelude::*;
use ui::icon::icon;
use ui::page::Page;
use ui::tag::{Tone, tag};
use ui::visit::Visit;

/// 导出记录 beside the reports, `/reports/exports`.
pub async fn report_exports_page(visit: Visit) -> Result<Page> {
    exports_page(visit, Kind::Statistics).await
}

/// 导出记录 beside the tickets, `/tickets/exports`.
pub async fn ticket_exports_page(visit: Visit) -> Result<Page> {
    exports_page(visit, Kind::Tickets).await
}

/// 导出记录 beside the call records, `/calls/exports`.
pub async fn call_exports_page(visit: Visit) -> Result<Page> {
    exports_page(visit, Kind::Calls).await
}

/// All list everything that is one's own: whoever looks for a file need not know where it was asked for.
async fn exports_page(visit: Visit, beside: Kind) -> Result<Page> {
    visit.ctx.require(beside.needs()[1])?;
    let lang = visit.lang();
    let exports = mine(&visit.ctx).await?;
    let path = visit.path().to_owned();
    let page = Page::new(t!(lang, "导出记录", "Exports"))
        .crumb(beside.label(lang), home(beside))
        .count(exports.len())
        .lead(t!(
            lang,
            "只有您自己能看到和下载。可以离开本页，完成后铃铛会提醒。",
            "Only you can see and download these. You can leave this page: the bell will tell."
        ))
        .action(move || view! { <a class="btn" href=path>{icon("refresh-cw")}{t!(lang, "刷新进度", "Refresh")}</a> });
    Ok(page.body(move || {
        if exports.is_empty() {
            return nothing(lang, beside);
        }
        let lines: Vec<AnyView> = exports.iter().map(|export| line(&visit, export)).collect();
        view! {
            <div class="edge">
                <div class="scroll" tabindex="0" role="group" aria-label=t!(lang, "导出记录", "Exports")>
                    <table class="table fold" role="table">
                        <thead role="rowgroup"><tr role="row">
                            <th scope="col" role="columnheader">{t!(lang, "名称", "Name")}</th>
                            <th scope="col" role="columnheader">{t!(lang, "内容", "Content")}</th>
                            <th scope="col" role="columnheader">{t!(lang, "格式", "Format")}</th>
                            <th scope="col" role="columnheader">{t!(lang, "时间", "Time")}</th>
                            <th scope="col" role="columnheader" class="num">{t!(lang, "行数", "Rows")}</th>
                            <th scope="col" role="columnheader">{t!(lang, "进度", "Progress")}</th>
                            <th scope="col" role="columnheader"><span class="sr">{t!(lang, "文件", "File")}</span></th>
                        </tr></thead>
                        <tbody role="rowgroup">{lines}</tbody>
                    </table>
                </div>
            </div>
        }
        .into_any()
    }))
}

/// The first page of the module an export is asked for in.
const fn home(kind: Kind) -> &'static str {
    match kind {
        Kind::Statistics => "/reports/ticket-satisfaction",
        Kind::CallStatistics => "/reports/calls",
        Kind::Tickets => "/tickets",
        Kind::Calls => "/calls/records",
    }
}

fn nothing(lang: Lang, beside: Kind) -> AnyView {
    let (text, open) = match beside {
        Kind::Statistics | Kind::CallStatistics => (
            t!(
                lang,
                "在报表右上角点“导出”，文件会在后台写好，放在这里。",
                "Choose “Export” on a report: the file is written in the background and waits here."
            ),
            t!(lang, "打开工单满意度统计", "Open ticket satisfaction"),
        ),
        Kind::Tickets => (
            t!(
                lang,
                "在工单列表右上角点“导出”，文件会在后台写好，放在这里。",
                "Choose “Export” on a list of tickets: the file is written in the background and waits here."
            ),
            t!(lang, "打开工单列表", "Open the tickets"),
        ),
        Kind::Calls => (
            t!(
                lang,
                "在通话记录右上角点“导出”，文件会在后台写好，放在这里。",
                "Choose “Export” on the call records: the file is written in the background and waits here."
            ),
            t!(lang, "打开通话记录", "Open the call records"),
        ),
    };
    let href = home(beside);
    ui::empty::empty("download", t!(lang, "还没有导出", "No exports yet"), text, view! { <a class="btn" href=href>{open}</a> })
}

fn line(visit: &Visit, export: &Export) -> AnyView {
    let lang = visit.lang();
    let format = Format::from_key(&export.format).map_or("", |format| format.label(lang));
    let state = match export.state {
        ExportState::Done => tag(Tone::Ok, "check", export.state.label(lang)),
        ExportState::Failed => {
            view! { {tag(Tone::Bad, "triangle-alert", export.state.label(lang))}<span class="sub">{export.error.clone()}</span> }.into_any()
        }
        ExportState::Waiting | ExportState::Running => {
            let percent = t!(lang, "{}，{}%", "{}, {}%", export.state.label(lang), export.progress);
            view! { <progress value=export.progress.to_string() max="100" aria-label=percent.clone()></progress><span class="sub">{percent}</span> }.into_any()
        }
    };
    let file = export
        .file_id
        .map(|file| view! { <a class="btn" href=format!("/files/{file}")>{icon("download")}{t!(lang, "下载", "Download")}</a> });
    let rows = export.row_count.map_or_else(|| "–".to_owned(), grouped);
    view! {
        <tr role="row">
            <th scope="row" role="rowheader">{export.name.clone()}</th>
            <td role="cell" data-k=t!(lang, "内容", "Content")>{export.kind.label(lang)}</td>
            <td role="cell" data-k=t!(lang, "格式", "Format")>{format}</td>
            <td role="cell" data-k=t!(lang, "时间", "Time")>{ui::time::ago(export.created_at, &visit.ctx)}</td>
            <td role="cell" class="num" data-k=t!(lang, "行数", "Rows")>{rows}</td>
            <td role="cell" data-k=t!(lang, "进度", "Progress")>{state}</td>
            <td role="cell" class="c-act">{file}</td>
        </tr>
    }
    .into_any()
}
