//! What forms of calendars do.
#![expect(missing_docs, reason = "the macro makes a struct of each function, whose one field has no place for a doc")]

use crate::model::{CalendarChoice, CalendarInput};
use kernel::error::Wire;
use leptos::prelude::*;

/// Saves a calendar.
#[server(prefix = "/do", endpoint = "duty/save")]
pub async fn save_calendar(input: CalendarInput) -> Result<(), Wire> {
    ui::act::run("calendar", input, async |ctx, input| {
        let id = crate::commands::save(&ctx, input).await?;
        Ok(ui::act::Done::to(format!("/settings/duty/{id}")).say(kernel::t!(ctx.lang(), "工作时间已保存", "Duty times saved")))
    })
    .await
}

/// Deletes a calendar.
#[server(prefix = "/do", endpoint = "duty/delete")]
pub async fn delete_calendar(input: CalendarChoice) -> Result<(), Wire> {
    ui::act::run("calendar_delete", input, async |ctx, input| {
        crate::commands::delete(&ctx, input).await?;
        Ok(ui::act::Done::to("/settings/duty").say(kernel::t!(ctx.lang(), "工作时间已删除", "Duty times deleted")))
    })
    .await
}
