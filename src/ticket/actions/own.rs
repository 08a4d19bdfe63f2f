//! What forms and islands of own fields and templates post to.
#![expect(missing_docs, reason = "the macro makes a struct of each function, whose one field has no place for a doc")]

use crate::model::field::{FieldStep, FormInput, TicketFieldInput};
use crate::model::form::{AnswerInput, AskInput};
use crate::model::template::{TemplateChoice, TemplateInput};
use kernel::error::Wire;
use leptos::prelude::*;

/// The own fields of a category, as the form of a new ticket shows them.
#[server(prefix = "/do", endpoint = "ticket/form")]
pub async fn ticket_form(input: FormInput) -> Result<String, Wire> {
    ui::act::call(async |ctx| crate::pages::own::part(&ctx, input).await).await
}

/// Asks the customer to fill in their fields.
#[server(prefix = "/do", endpoint = "ticket/ask")]
pub async fn ask_customer(input: AskInput) -> Result<(), Wire> {
    ui::act::run("ticket_ask", input, async |ctx, input| {
        use crate::commands::form::{Asked, ask};
        let (lang, done) = (ctx.lang(), ui::act::Done::back());
        Ok(match ask(&ctx, input).await? {
            Asked::Mailed(replied) => done.say(kernel::t!(lang, "填写链接将在 10 秒后发出", "The link goes out in 10 seconds")).undo(
                kernel::t!(lang, "撤回", "Take it back"),
                ui::form::path_of::<super::UndoReply>(),
                vec![("message".to_owned(), replied.message.to_string())],
            ),
            Asked::Link => done.say(kernel::t!(
                lang,
                "客户没有邮箱：填写链接在“客户填写”卡片里，可以复制给客户",
                "The customer has no address: copy the link from the card and hand it over"
            )),
        })
    })
    .await
}

/// Fills in what the customer answered.
#[server(prefix = "/do", endpoint = "ticket/answer")]
pub async fn answer_form(input: AnswerInput) -> Result<(), Wire> {
    ui::act::run_public("answer", input, async |call, input| {
        let lang = input.lang.as_deref().and_then(kernel::lang::Lang::from_key).unwrap_or(call.lang());
        let page = format!("/f/{}?done=1&lang={}", input.token, lang.key());
        let ctx = crate::commands::form::visitor(&call.app, &input.token, call.request.clone()).await?;
        crate::commands::form::answer(&ctx, input).await?;
        Ok(ui::act::Done::to(page))
    })
    .await
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
