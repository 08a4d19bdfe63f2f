//! What forms of customers post to.
#![expect(missing_docs, reason = "the macro makes a struct of each function, whose one field has no place for a doc")]

use crate::model::{CustomerInput, FieldChoice, FieldInput, LookupInput, MergeChoice, MergeInput};
use kernel::error::Wire;
use leptos::prelude::*;
use ui::found::Found;

/// Creates a customer.
#[server(prefix = "/do", endpoint = "customer/create")]
pub async fn create_customer(input: CustomerInput) -> Result<(), Wire> {
    ui::act::run("customer", input, async |ctx, input| {
        let customer = crate::commands::create(&ctx, input).await?;
        Ok(ui::act::Done::to(format!("/customers/{customer}")).say(kernel::t!(ctx.lang(), "客户已创建", "Customer created")))
    })
    .await
}

/// Changes a customer.
#[server(prefix = "/do", endpoint = "customer/edit")]
pub async fn edit_customer(input: CustomerInput) -> Result<(), Wire> {
    ui::act::run("customer", input, async |ctx, input| {
        crate::commands::edit(&ctx, input).await?;
        Ok(ui::act::Done::back().say(kernel::t!(ctx.lang(), "客户资料已保存", "Customer saved")))
    })
    .await
}

/// Merges two customers.
#[server(prefix = "/do", endpoint = "customer/merge")]
pub async fn merge_customers(input: MergeInput) -> Result<(), Wire> {
    ui::act::run("merge", input, async |ctx, input| {
        let merge = crate::commands::merge::merge(&ctx, input).await?;
        let undo = ui::form::path_of::<UndoMerge>();
        Ok(ui::act::Done::to(format!("/customers/{}", input.keep)).say(kernel::t!(ctx.lang(), "客户已合并", "Customers merged")).undo(
            kernel::t!(ctx.lang(), "撤销合并", "Undo merge"),
            undo,
            vec![("merge".into(), merge.to_string())],
        ))
    })
    .await
}

/// Undoes a merge.
#[server(prefix = "/do", endpoint = "customer/undo_merge")]
pub async fn undo_merge(input: MergeChoice) -> Result<(), Wire> {
    ui::act::run("undo_merge", input, async |ctx, input| {
        let restored = crate::commands::merge::undo_merge(&ctx, input.merge).await?;
        Ok(ui::act::Done::to(format!("/customers/{restored}")).say(kernel::t!(
            ctx.lang(),
            "合并已撤销，两位客户都在",
            "Merge undone: both customers are back"
        )))
    })
    .await
}

/// Adds or changes an own field.
#[server(prefix = "/do", endpoint = "customer/field/save")]
pub async fn save_field(input: FieldInput) -> Result<(), Wire> {
    ui::act::run("customer_field", input, async |ctx, input| {
        crate::commands::field::save(&ctx, input).await?;
        Ok(ui::act::Done::to("/settings/customer-fields").say(kernel::t!(ctx.lang(), "字段已保存", "Field saved")))
    })
    .await
}

/// Takes an own field off the form.
#[server(prefix = "/do", endpoint = "customer/field/remove")]
pub async fn remove_field(input: FieldChoice) -> Result<(), Wire> {
    ui::act::run("customer_field_list", input, async |ctx, input| {
        crate::commands::field::remove(&ctx, input).await?;
        let undo = ui::form::path_of::<RestoreField>();
        Ok(ui::act::Done::to("/settings/customer-fields")
            .say(kernel::t!(ctx.lang(), "字段已移除，填过的内容还在", "Field removed; what was filled in is kept"))
            .undo(kernel::t!(ctx.lang(), "恢复字段", "Restore field"), undo, vec![("id".into(), input.id.to_string())]))
    })
    .await
}

/// Puts a removed own field back.
#[server(prefix = "/do", endpoint = "customer/field/restore")]
pub async fn restore_field(input: FieldChoice) -> Result<(), Wire> {
    ui::act::run("customer_field_list", input, async |ctx, input| {
        crate::commands::field::restore(&ctx, input).await?;
        Ok(ui::act::Done::to("/settings/customer-fields").say(kernel::t!(ctx.lang(), "字段已恢复", "Field restored")))
    })
    .await
}

/// Moves an own field one place up.
#[server(prefix = "/do", endpoint = "customer/field/raise")]
pub async fn raise_field(input: FieldChoice) -> Result<(), Wire> {
    ui::act::run("customer_field_list", input, async |ctx, input| {
        crate::commands::field::raise(&ctx, input).await?;
        Ok(ui::act::Done::back())
    })
    .await
}

/// Customers that a typed text may mean, for boxes that find one.
#[server(prefix = "/do", endpoint = "customer/lookup")]
pub async fn lookup_customers(input: LookupInput) -> Result<Vec<Found>, Wire> {
    ui::act::call(async |ctx| {
        let hits = crate::queries::lookup(&ctx, &input.text).await?;
        Ok(hits.into_iter().map(|hit| hit.found(ctx.lang())).collect())
    })
    .await
}
