//! What forms of call records do.
#![expect(missing_docs, reason = "the macro makes a struct of each function, whose one field has no place for a doc")]

use crate::model::recording::RecordingChoice;
use crate::model::summary::{CallChoice, NumberInput, RecordExportInput, SummaryInput};
use kernel::error::Wire;
use leptos::prelude::*;
use ui::found::Found;

/// Asks for a file of the list on screen.
#[server(prefix = "/do", endpoint = "call/export")]
pub async fn export_calls(input: RecordExportInput) -> Result<(), Wire> {
    ui::act::run("call_export", input, async |ctx, input| {
        crate::commands::export::export(&ctx, input).await?;
        let text =
            kernel::t!(ctx.lang(), "正在导出，可以离开本页，完成后铃铛会提醒", "Exporting: you can leave this page, the bell will tell");
        Ok(ui::act::Done::to("/calls/exports").say(text))
    })
    .await
}

/// Shows the numbers of one call once, taken down in the audit trail.
#[server(prefix = "/do", endpoint = "call/number")]
pub async fn reveal_number(input: CallChoice) -> Result<(), Wire> {
    ui::act::run("reveal_number", input, async |ctx, input| {
        let call = crate::commands::reveal::reveal(&ctx, input.clone()).await?;
        Ok(ui::act::Done::to(format!("/calls/{call}"))
            .say(kernel::t!(ctx.lang(), "号码已显示，并记入审计", "Numbers shown, and noted in the audit trail"))
            .again("revealed", &input))
    })
    .await
}

/// Asks once more for a recording that could not be fetched.
#[server(prefix = "/do", endpoint = "call/recording")]
pub async fn fetch_again(input: RecordingChoice) -> Result<(), Wire> {
    ui::act::run("recording", input, async |ctx, input| {
        crate::commands::recording::again(&ctx, input).await?;
        let text = kernel::t!(ctx.lang(), "正在取回录音，稍后刷新本页", "Fetching the recording: load the page again in a moment");
        Ok(ui::act::Done::back().say(text))
    })
    .await
}

/// Saves the summary of a call.
#[server(prefix = "/do", endpoint = "call/summary")]
pub async fn save_call_summary(input: SummaryInput) -> Result<(), Wire> {
    ui::act::run("call_summary", input, async |ctx, input| {
        crate::commands::summary::save(&ctx, input).await?;
        Ok(ui::act::Done::back().say(kernel::t!(ctx.lang(), "服务小结已保存", "Summary saved")).at("summary"))
    })
    .await
}

/// Calls by a customer's number, for the palette.
#[server(prefix = "/do", endpoint = "call/find")]
pub async fn find_calls(input: NumberInput) -> Result<Vec<Found>, Wire> {
    ui::act::call(async |ctx| {
        if crate::queries::mine::needs_whole(&ctx, &input.text) {
            return Ok(vec![crate::pages::part::whole_number(&ctx, &input.text)]);
        }
        let rows = crate::queries::mine::find(&ctx, &input.text).await?;
        Ok(rows.iter().map(|row| crate::pages::part::found(row, &ctx)).collect())
    })
    .await
}
