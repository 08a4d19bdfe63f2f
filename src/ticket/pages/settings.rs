//! 工单设置: what administrators decide about tickets.

use crate::actions;
use crate::queries;
use kernel::error::Result;
use kernel::t;
use leptos::prelude::*;
use ui::form::choice::Check;
use ui::form::field::{Input, reason};
use ui::form::{hidden, path_of};
use ui::page::Page;
use ui::visit::Visit;

/// 工单设置.
pub async fn settings_page(visit: Visit) -> Result<Page> {
    let lang = visit.lang();
    let mut tx = visit.ctx.read().await?;
    let in_force = queries::settings(&mut tx).await?;
    drop(tx);
    let form = visit.form("ticket_settings");
    let page = Page::new(t!(lang, "工单设置", "Ticket settings"))
        .history(&visit.ctx, "ticket_settings")
        .crumb(t!(lang, "设置", "Settings"), "/settings")
        .lead(t!(lang, "对全公司的工单生效，每次保存都留下记录。", "For all tickets of the company; every save is recorded."));
    Ok(page.body(move || {
        let value = in_force.value;
        view! {
            <div class="body narrow">
                <form class="card" method="post" action={path_of::<actions::SaveSettings>()}>
                    <div class="in stack">
                        {form.summary()}
                        {hidden("version", in_force.version)}
                        {Check::new("reopen_on_reply", t!(lang, "客户回复重新打开已解决的工单", "A customer's reply opens a solved ticket again")).checked(value.reopen_on_reply).hint(t!(lang, "关掉后，回复记在工单里，状态不变。已关闭的工单总是另建一张。", "Without it, the reply is added and the status stays. A closed ticket always leads to a new one.")).view(&form)}
                        {Input::text("recent_hours", t!(lang, "近期工单提醒（小时）", "Warn of recent tickets (hours)")).kind("number").class("short").required().value(value.recent_hours).hint(t!(lang, "代客户新建时，如果客户在这段时间里已有工单，先提醒。0 至 720，0 为不提醒。", "When you create a ticket for a customer who has one within this time. 0 to 720, 0 for never.")).view(&form)}
                        {Input::text("sender_hourly", t!(lang, "每位发件人每小时最多新建（张）", "New tickets per sender and hour, at most")).kind("number").class("short").required().value(value.sender_hourly).hint(t!(lang, "多出的邮件会拦截在邮件台账里，不会丢。1 至 1000。", "Further mails wait in the mail ledger; none is lost. 1 to 1000.")).view(&form)}
                        {reason(&form)}
                    </div>
                    <footer><span class="end"><button class="btn main" type="submit">{t!(lang, "保存工单设置", "Save ticket settings")}</button></span></footer>
                </form>
            </div>
        }
    }))
}
