//! What forms and islands of tickets post to.
#![expect(missing_docs, reason = "the macro makes a struct of each function, whose one field has no place for a doc")]

pub mod own;

use crate::model::bulk::BulkInput;
use crate::model::category::{CategoryChoice, CategoryInput, CategoryStep};
use crate::model::export::ExportInput;
use crate::model::input::{
    ActivateInput, CreateInput, CustomerChange, EditInput, FindInput, LinkInput, MessageChoice, PresenceInput, Sure, TicketChoice,
    UnlinkInput, UrgeInput,
};
use crate::model::quiet::QuietInput;
use crate::model::reminder::RemindersInput;
use crate::model::reply::DraftInput;
use crate::model::setting::SettingsInput;
use crate::model::view::{ViewChoice, ViewInput};
use crate::model::{DraftSaved, Present};
use kernel::error::Wire;
use kernel::id::FileId;
use leptos::prelude::*;
use leptos::server_fn::codec::{MultipartData, MultipartFormData};
use ui::found::Found;

/// Creates a ticket, with its files. A step of the form comes back with the fields of the chosen category and everything
/// that was typed.
#[server(prefix = "/do", endpoint = "ticket/create", input = MultipartFormData)]
pub async fn create_ticket(data: MultipartData) -> Result<(), Wire> {
    ui::act::upload("ticket_new", data, async |ctx, input: CreateInput, files| {
        if !input.step.is_empty() {
            ctx.require(kernel::permission::Permission::TicketCreate)?;
            return Err(kernel::error::Error::Problems(kernel::error::Problems::default()));
        }
        let files = files.into_iter().map(crate::commands::message::NewFile::of).collect();
        let created = crate::commands::create::create(&ctx, input, files).await?;
        let text = kernel::t!(ctx.lang(), "工单 {} 已创建", "Ticket {} created", created.number);
        Ok(ui::act::Done::to(format!("/tickets/{}", created.ticket)).say(text))
    })
    .await
}

/// Changes properties.
#[server(prefix = "/do", endpoint = "ticket/edit")]
pub async fn edit_ticket(input: EditInput) -> Result<(), Wire> {
    ui::act::run("ticket_edit", input, async |ctx, input| {
        crate::commands::edit::edit(&ctx, input).await?;
        Ok(ui::act::Done::back().say(kernel::t!(ctx.lang(), "工单已保存", "Ticket saved")))
    })
    .await
}

/// Gives a ticket to another customer.
#[server(prefix = "/do", endpoint = "ticket/customer")]
pub async fn change_customer(input: CustomerChange) -> Result<(), Wire> {
    ui::act::run("ticket_customer", input, async |ctx, input| {
        crate::commands::other_customer::change(&ctx, input).await?;
        let text = kernel::t!(ctx.lang(), "客户已更换", "Customer changed");
        Ok(ui::act::Done::to(format!("/tickets/{}", input.ticket)).say(text).undo(
            kernel::t!(ctx.lang(), "换回去", "Undo"),
            ui::form::path_of::<ChangeCustomer>(),
            vec![
                ("ticket".to_owned(), input.ticket.to_string()),
                ("from".to_owned(), input.to.to_string()),
                ("to".to_owned(), input.from.to_string()),
            ],
        ))
    })
    .await
}

/// Takes a ticket.
#[server(prefix = "/do", endpoint = "ticket/take")]
pub async fn take_ticket(input: TicketChoice) -> Result<(), Wire> {
    ui::act::run("ticket_take", input, async |ctx, input| {
        crate::commands::assign::take(&ctx, input.ticket).await?;
        Ok(ui::act::Done::back().say(kernel::t!(ctx.lang(), "工单已分配给您", "The ticket is yours")))
    })
    .await
}

/// Replies to everyone or leaves a note, with files.
#[server(prefix = "/do", endpoint = "ticket/reply", input = MultipartFormData)]
pub async fn reply_ticket(data: MultipartData) -> Result<(), Wire> {
    ui::act::upload("ticket_reply", data, async |ctx, input: crate::model::reply::ReplyInput, files| {
        let files = files.into_iter().map(crate::commands::message::NewFile::of).collect();
        let replied = crate::commands::reply::reply(&ctx, input, files).await?;
        let done = ui::act::Done::back();
        Ok(match replied.undo_until {
            Some(_) => done.say(kernel::t!(ctx.lang(), "回复将在 10 秒后发出", "The reply goes out in 10 seconds")).undo(
                kernel::t!(ctx.lang(), "撤回回复", "Take it back"),
                ui::form::path_of::<UndoReply>(),
                vec![("message".to_owned(), replied.message.to_string())],
            ),
            None => done.say(kernel::t!(ctx.lang(), "已保存到工单", "Saved to the ticket")),
        })
    })
    .await
}

/// Keeps a picture of an unsent text; the answer is the id that the text calls it by.
#[server(prefix = "/do", endpoint = "ticket/picture", input = MultipartFormData)]
pub async fn keep_picture(data: MultipartData) -> Result<FileId, Wire> {
    ui::act::call_with_file(data, async |ctx, file| crate::commands::picture::keep(&ctx, crate::commands::message::NewFile::of(file)).await)
        .await
}

/// Takes a reply back.
#[server(prefix = "/do", endpoint = "ticket/undo_reply")]
pub async fn undo_reply(input: MessageChoice) -> Result<(), Wire> {
    ui::act::run("ticket_undo_reply", input, async |ctx, input| {
        let ticket = crate::commands::reply::undo_reply(&ctx, input.message).await?;
        Ok(ui::act::Done::to(format!("/tickets/{ticket}")).say(kernel::t!(
            ctx.lang(),
            "回复已撤回，草稿还在",
            "Taken back: the draft is still there"
        )))
    })
    .await
}

/// Deletes a reply.
#[server(prefix = "/do", endpoint = "ticket/delete_reply")]
pub async fn delete_reply(input: MessageChoice) -> Result<(), Wire> {
    ui::act::run("ticket_delete_reply", input, async |ctx, input| {
        crate::commands::reply::delete_reply(&ctx, input.message).await?;
        Ok(ui::act::Done::back().say(kernel::t!(ctx.lang(), "回复已删除", "Reply deleted")))
    })
    .await
}

/// Urges.
#[server(prefix = "/do", endpoint = "ticket/urge")]
pub async fn urge_ticket(input: UrgeInput) -> Result<(), Wire> {
    ui::act::run("ticket_urge", input, async |ctx, input| {
        crate::commands::edit::urge(&ctx, input).await?;
        Ok(ui::act::Done::back().say(kernel::t!(ctx.lang(), "已催单", "Urged")))
    })
    .await
}

/// Activates.
#[server(prefix = "/do", endpoint = "ticket/activate")]
pub async fn activate_ticket(input: ActivateInput) -> Result<(), Wire> {
    ui::act::run("ticket_activate", input, async |ctx, input| {
        crate::commands::edit::activate(&ctx, input).await?;
        Ok(ui::act::Done::back().say(kernel::t!(ctx.lang(), "工单已激活", "Ticket activated")))
    })
    .await
}

/// Deletes into the recycle bin, with a way back.
#[server(prefix = "/do", endpoint = "ticket/delete")]
pub async fn delete_ticket(input: TicketChoice) -> Result<(), Wire> {
    ui::act::run("ticket_delete", input, async |ctx, input| {
        crate::commands::edit::delete(&ctx, input.ticket).await?;
        Ok(ui::act::Done::to("/tickets").say(kernel::t!(ctx.lang(), "工单已移到回收站", "Ticket moved to the recycle bin")).undo(
            kernel::t!(ctx.lang(), "恢复工单", "Restore ticket"),
            ui::form::path_of::<RestoreTicket>(),
            vec![("ticket".to_owned(), input.ticket.to_string())],
        ))
    })
    .await
}

/// Restores from the recycle bin.
#[server(prefix = "/do", endpoint = "ticket/restore")]
pub async fn restore_ticket(input: TicketChoice) -> Result<(), Wire> {
    ui::act::run("ticket_restore", input, async |ctx, input| {
        crate::commands::edit::restore(&ctx, input.ticket).await?;
        Ok(ui::act::Done::to(format!("/tickets/{}", input.ticket)).say(kernel::t!(ctx.lang(), "工单已恢复", "Ticket restored")))
    })
    .await
}

/// Follows.
#[server(prefix = "/do", endpoint = "ticket/follow")]
pub async fn follow_ticket(input: TicketChoice) -> Result<(), Wire> {
    ui::act::run("ticket_follow", input, async |ctx, input| {
        crate::commands::follow::follow(&ctx, input.ticket).await?;
        Ok(ui::act::Done::back().say(kernel::t!(ctx.lang(), "已关注", "Following")))
    })
    .await
}

/// Follows no longer.
#[server(prefix = "/do", endpoint = "ticket/unfollow")]
pub async fn unfollow_ticket(input: TicketChoice) -> Result<(), Wire> {
    ui::act::run("ticket_unfollow", input, async |ctx, input| {
        crate::commands::follow::unfollow(&ctx, input.ticket).await?;
        Ok(ui::act::Done::back().say(kernel::t!(ctx.lang(), "已取消关注", "No longer following")))
    })
    .await
}

/// Links two tickets.
#[server(prefix = "/do", endpoint = "ticket/link")]
pub async fn link_ticket(input: LinkInput) -> Result<(), Wire> {
    ui::act::run("ticket_link", input, async |ctx, input| {
        crate::commands::follow::link(&ctx, input).await?;
        Ok(ui::act::Done::back().say(kernel::t!(ctx.lang(), "工单已关联", "Tickets linked")))
    })
    .await
}

/// Takes a link away.
#[server(prefix = "/do", endpoint = "ticket/unlink")]
pub async fn unlink_ticket(input: UnlinkInput) -> Result<(), Wire> {
    ui::act::run("ticket_unlink", input, async |ctx, input| {
        crate::commands::follow::unlink(&ctx, input).await?;
        Ok(ui::act::Done::back().say(kernel::t!(ctx.lang(), "已取消关联", "Link removed")))
    })
    .await
}

/// Does a bulk act.
#[server(prefix = "/do", endpoint = "ticket/bulk")]
pub async fn run_bulk(input: BulkInput) -> Result<(), Wire> {
    ui::act::run("ticket_bulk", input, async |ctx, input| {
        let outcome = crate::commands::bulk::run(&ctx, &input).await?;
        let (changed, refused) = (outcome.changed.len(), outcome.refused.len());
        Ok(ui::act::Done::to(format!("/tickets?{}", input.back)).say(match refused {
            0 => kernel::t!(ctx.lang(), "已处理 {} 张工单", "{} tickets changed", changed),
            _ => kernel::t!(ctx.lang(), "已处理 {} 张工单，{} 张未改", "{} tickets changed, {} not", changed, refused),
        }))
    })
    .await
}

/// Keeps a draft; called by the composer while somebody types.
#[server(prefix = "/do", endpoint = "ticket/draft")]
pub async fn save_draft(input: DraftInput) -> Result<DraftSaved, Wire> {
    ui::act::call(async |ctx| crate::commands::draft::save(&ctx, input).await).await
}

/// Discards a draft.
#[server(prefix = "/do", endpoint = "ticket/discard_draft")]
pub async fn discard_draft(input: TicketChoice) -> Result<(), Wire> {
    ui::act::run("ticket_discard_draft", input, async |ctx, input| {
        crate::commands::draft::discard(&ctx, input.ticket).await?;
        Ok(ui::act::Done::back().say(kernel::t!(ctx.lang(), "草稿已丢弃", "Draft discarded")))
    })
    .await
}

/// Keeps what was typed of a new ticket; called by its form while somebody types.
#[server(prefix = "/do", endpoint = "ticket/new_draft")]
pub async fn save_new_draft(input: CreateInput) -> Result<DraftSaved, Wire> {
    ui::act::call(async |ctx| crate::commands::draft::save_new(&ctx, input).await).await
}

/// Discards what was typed of a new ticket.
#[server(prefix = "/do", endpoint = "ticket/discard_new_draft")]
pub async fn discard_new_draft(input: Sure) -> Result<(), Wire> {
    ui::act::run("ticket_discard_new_draft", input, async |ctx, _| {
        crate::commands::draft::discard_new(&ctx).await?;
        Ok(ui::act::Done::back().say(kernel::t!(ctx.lang(), "草稿已丢弃", "Draft discarded")))
    })
    .await
}

/// Says that the ticket is open, and hears who else has it open.
#[server(prefix = "/do", endpoint = "ticket/presence")]
pub async fn be_present(input: PresenceInput) -> Result<Vec<Present>, Wire> {
    ui::act::call(async |ctx| crate::commands::presence::ping(&ctx, input).await).await
}

/// Says that the ticket was closed.
#[server(prefix = "/do", endpoint = "ticket/leave")]
pub async fn leave_ticket(input: TicketChoice) -> Result<(), Wire> {
    ui::act::call(async |ctx| crate::commands::presence::leave(&ctx, input.ticket).await).await
}

/// Finds tickets, for the command palette.
#[server(prefix = "/do", endpoint = "ticket/find")]
pub async fn find_tickets(input: FindInput) -> Result<Vec<Found>, Wire> {
    ui::act::call(async |ctx| {
        let tickets = crate::queries::search::quick(&ctx, &input.text).await?;
        Ok(tickets.into_iter().map(|ticket| ticket.found(ctx.lang())).collect())
    })
    .await
}

/// Keeps a view.
#[server(prefix = "/do", endpoint = "ticket/view/save")]
pub async fn save_view(input: ViewInput) -> Result<(), Wire> {
    ui::act::run("ticket_view", input, async |ctx, input| {
        crate::commands::view::save(&ctx, input).await?;
        Ok(ui::act::Done::back().say(kernel::t!(ctx.lang(), "视图已保存", "View saved")))
    })
    .await
}

/// Deletes a view.
#[server(prefix = "/do", endpoint = "ticket/view/delete")]
pub async fn delete_view(input: ViewChoice) -> Result<(), Wire> {
    ui::act::run("ticket_view_delete", input, async |ctx, input| {
        crate::commands::view::delete(&ctx, input.id).await?;
        Ok(ui::act::Done::to("/tickets").say(kernel::t!(ctx.lang(), "视图已删除", "View deleted")))
    })
    .await
}

/// Creates or edits a category.
#[server(prefix = "/do", endpoint = "ticket/category/save")]
pub async fn save_category(input: CategoryInput) -> Result<(), Wire> {
    ui::act::run("ticket_category", input, async |ctx, input| {
        match input.id {
            Some(_) => crate::commands::category::edit(&ctx, input).await?,
            None => crate::commands::category::create(&ctx, input).await.map(|_| ())?,
        }
        Ok(ui::act::Done::to("/settings/categories").say(kernel::t!(ctx.lang(), "分类已保存", "Category saved")))
    })
    .await
}

/// Moves a category among its siblings.
#[server(prefix = "/do", endpoint = "ticket/category/step")]
pub async fn step_category(input: CategoryStep) -> Result<(), Wire> {
    ui::act::run("ticket_category_step", input, async |ctx, input| {
        crate::commands::category::step(&ctx, input).await?;
        Ok(ui::act::Done::back())
    })
    .await
}

/// Deletes a category.
#[server(prefix = "/do", endpoint = "ticket/category/delete")]
pub async fn delete_category(input: CategoryChoice) -> Result<(), Wire> {
    ui::act::run("ticket_category_delete", input, async |ctx, input| {
        crate::commands::category::delete(&ctx, input.id).await?;
        Ok(ui::act::Done::to("/settings/categories").say(kernel::t!(ctx.lang(), "分类已删除", "Category deleted")))
    })
    .await
}

/// Saves the settings of tickets.
#[server(prefix = "/do", endpoint = "ticket/settings")]
pub async fn save_settings(input: SettingsInput) -> Result<(), Wire> {
    ui::act::run("ticket_settings", input, async |ctx, input| {
        crate::commands::setting::save(&ctx, input).await?;
        Ok(ui::act::Done::back().say(kernel::t!(ctx.lang(), "工单设置已保存", "Ticket settings saved")))
    })
    .await
}

/// Saves the reminder settings.
#[server(prefix = "/do", endpoint = "ticket/reminders")]
pub async fn save_reminders(input: RemindersInput) -> Result<(), Wire> {
    ui::act::run("reminders", input, async |ctx, input| {
        crate::commands::reminder::save(&ctx, input).await?;
        Ok(ui::act::Done::back().say(kernel::t!(ctx.lang(), "提醒设置已保存", "Reminders saved")))
    })
    .await
}

/// Saves what one wants to hear of.
#[server(prefix = "/do", endpoint = "ticket/own-reminders")]
pub async fn save_own_reminders(input: QuietInput) -> Result<(), Wire> {
    ui::act::run("own_reminders", input, async |ctx, input| {
        crate::commands::reminder::save_own(&ctx, input).await?;
        Ok(ui::act::Done::back().say(kernel::t!(ctx.lang(), "您的提醒已保存", "Your reminders are saved")))
    })
    .await
}

/// Asks for a file of the list on screen.
#[server(prefix = "/do", endpoint = "ticket/export")]
pub async fn export_tickets(input: ExportInput) -> Result<(), Wire> {
    ui::act::run("ticket_export", input, async |ctx, input| {
        crate::commands::export::export(&ctx, input).await?;
        let text =
            kernel::t!(ctx.lang(), "正在导出，可以离开本页，完成后铃铛会提醒", "Exporting: you can leave this page, the bell will tell");
        Ok(ui::act::Done::to("/tickets/exports").say(text))
    })
    .await
}
