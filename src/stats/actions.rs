//! What forms of this slice do.
#![expect(missing_docs, reason = "the macro makes a struct of each function, whose one field has no place for a doc")]

use crate::model::ExportInput;
use kernel::error::Wire;
use leptos::prelude::*;

/// Asks for a file of a report.
#[server(prefix = "/do", endpoint = "stats/export")]
pub async fn export_report(input: ExportInput) -> Result<(), Wire> {
    ui::act::run("export", input, async |ctx, input| {
        crate::commands::export(&ctx, input).await?;
        let text =
            kernel::t!(ctx.lang(), "正在导出，可以离开本页，完成后铃铛会提醒", "Exporting: you can leave this page, the bell will tell");
        Ok(ui::act::Done::to("/reports/exports").say(text))
    })
    .await
}
