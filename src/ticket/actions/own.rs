//! What forms and islands of own fields and templates post to.
#![expect(missing_docs, reason = "the macro makes a struct of each function, whose one field has no place for a doc")]

use crate::model::field::{FieldStep, FormInput, TicketFieldInput};
use crate::model::template::{TemplateChoice, TemplateInput};
use kernel::error::Wire;
use leptos::prelude::*;

/// The own fields of a category, as the form of a new ticket shows them.
#[server(prefix = "/do", endpoint = "ticket/form")]
pub async fn ticket_form(input: FormInput) -> Result<String, Wire> {
    ui::act::call(async |ctx| crate::pages::own::part(&ctx, input).await).await
}

/// Saves an own field.
#[server(prefix = "/do", endpoint = "ticket/field/save")]
pub async fn save_ticket_field(input: TicketFieldInput) -> Result<(), Wire> {
    ui::act::run("ticket_field", input, async |ctx, input| {
        crate::commands::field::save(&ctx, input).await?;
        Ok(ui::act::Done::to("/settings/ticket-fields").say(kernel::t!(ctx.lang(), "字段已保存", "Field saved")))
    })
    .await
}

/// Moves an own field one place.
#[server(prefix = "/do", endpoint = "ticket/field/step")]
pub async fn step_ticket_field(input: FieldStep) -> Result<(), Wire> {
    ui::act::run("ticket_field_step", input, async |ctx, input| {
        crate::commands::field::step(&ctx, input).await?;
        Ok(ui::act::Done::back())
    })
    .await
}

/// Saves a template.
#[server(prefix = "/do", endpoint = "ticket/template/save")]
pub async fn save_template(input: TemplateInput) -> Result<(), Wire> {
    ui::act::run("ticket_template", input, async |ctx, input| {
        crate::commands::template::save(&ctx, input).await?;
        Ok(ui::act::Done::to("/settings/ticket-templates").say(kernel::t!(ctx.lang(), "工单模板已保存", "Template saved")))
    })
    .await
}

/// Deletes a template.
#[server(prefix = "/do", endpoint = "ticket/template/delete")]
pub async fn delete_template(input: TemplateChoice) -> Result<(), Wire> {
    ui::act::run("ticket_template_delete", input, async |ctx, input| {
        crate::commands::template::delete(&ctx, input).await?;
        Ok(ui::act::Done::to("/settings/ticket-templates").say(kernel::t!(ctx.lang(), "工单模板已删除", "Template deleted")))
    })
    .await
}
