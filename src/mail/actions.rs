//! Server functions of mail: what forms post to.
#![expect(missing_docs, reason = "the macro makes a struct of each function, whose one field has no place for a doc")]

use crate::model::{MailboxChoice, MailboxInput, ReplayInput};
use kernel::error::Wire;
use leptos::prelude::*;

/// 新建邮箱.
#[server(prefix = "/do", endpoint = "mailbox/create")]
pub async fn create_mailbox(input: MailboxInput) -> Result<(), Wire> {
    ui::act::run("mailbox", input, async |ctx, input| {
        let lang = ctx.lang();
        let mailbox = crate::commands::mailbox::create(&ctx, input).await?;
        Ok(ui::act::Done::to(format!("/settings/mailboxes/{mailbox}")).say(kernel::t!(lang, "邮箱已添加", "Mailbox added")))
    })
    .await
}

/// 修改邮箱.
#[server(prefix = "/do", endpoint = "mailbox/edit")]
pub async fn edit_mailbox(input: MailboxInput) -> Result<(), Wire> {
    ui::act::run("mailbox", input, async |ctx, input| {
        crate::commands::mailbox::edit(&ctx, input).await?;
        Ok(ui::act::Done::back().say(kernel::t!(ctx.lang(), "邮箱已保存", "Mailbox saved")))
    })
    .await
}

/// 测试连接: saves only what works.
#[server(prefix = "/do", endpoint = "mailbox/check")]
pub async fn check_mailbox(input: MailboxInput) -> Result<(), Wire> {
    ui::act::run("mailbox", input, async |ctx, input: MailboxInput| {
        let lang = ctx.lang();
        crate::commands::mailbox::test(&ctx, &input).await?;
        let mailbox = crate::commands::mailbox::save(&ctx, input).await?;
        let done = kernel::t!(lang, "连接正常，已保存", "The connection works, saved");
        Ok(ui::act::Done::to(format!("/settings/mailboxes/{mailbox}")).say(done))
    })
    .await
}

/// 删除邮箱.
#[server(prefix = "/do", endpoint = "mailbox/delete")]
pub async fn delete_mailbox(input: MailboxChoice) -> Result<(), Wire> {
    ui::act::run("mailbox_delete", input, async |ctx, input| {
        crate::commands::mailbox::delete(&ctx, input).await?;
        Ok(ui::act::Done::to("/settings/mailboxes").say(kernel::t!(ctx.lang(), "邮箱已删除", "Mailbox deleted")))
    })
    .await
}

/// 重新处理邮件.
#[server(prefix = "/do", endpoint = "mail/replay")]
pub async fn replay_mail(input: ReplayInput) -> Result<(), Wire> {
    ui::act::run("mail_replay", input, async |ctx, input| {
        crate::commands::replay(&ctx, input).await?;
        Ok(ui::act::Done::back().say(kernel::t!(ctx.lang(), "正在重新处理", "Processing it again")))
    })
    .await
}
