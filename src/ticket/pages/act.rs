//! What can be done with a ticket, and the forms of its page with what their last post left behind.

use crate::actions;
use crate::model::{REASON_MOST, Status, TITLE_MOST};
use crate::queries::detail::Detail;
use kernel::ctx::Ctx;
use kernel::id::TicketId;
use kernel::lang::Lang;
use kernel::permission::Permission;
use kernel::t;
use leptos::prelude::*;
use ui::form::{Area, FormState, Input, hidden, path_of};
use ui::icon::icon;
use ui::visit::Visit;

/// Every form of the page.
pub(crate) struct Forms {
    /// The properties; draws its own problems.
    pub edit: FormState,
    /// The reply; draws its own problems.
    pub reply: FormState,
    others: Vec<FormState>,
}

impl Forms {
    pub(crate) fn of(visit: &Visit) -> Forms {
        const OTHERS: [&str; 10] = [
            "ticket_take",
            "ticket_urge",
            "ticket_activate",
            "ticket_delete",
            "ticket_restore",
            "ticket_follow",
            "ticket_unfollow",
            "ticket_link",
            "ticket_unlink",
            "ticket_undo_reply",
        ];
        Forms { edit: visit.form("ticket_edit"), reply: visit.form("ticket_reply"), others: OTHERS.map(|id| visit.form(id)).into() }
    }

    /// Problems of the small forms, whose fields are folded away again.
    pub(crate) fn summaries(&self) -> Vec<AnyView> {
        self.others.iter().map(FormState::summary).collect()
    }
}

/// What this person can do with this ticket now.
#[derive(Clone, Debug)]
pub(crate) struct Acts {
    lang: Lang,
    id: TicketId,
    version: i32,
    title: String,
    is_followed: bool,
    can_take: bool,
    can_edit: bool,
    can_urge: bool,
    can_activate: bool,
    can_delete: bool,
}

/// Works out what can be done.
pub(crate) fn acts(ctx: &Ctx, ticket: &Detail) -> Acts {
    let head = &ticket.ticket;
    let is_there = head.status != Status::Deleted;
    let can_edit = is_there && ctx.may(Permission::TicketEdit);
    Acts {
        lang: ctx.lang(),
        id: head.id,
        version: head.version,
        title: head.title.clone(),
        is_followed: ticket.is_followed,
        can_take: can_edit && head.status.is_open() && head.agent_id.is_none(),
        can_edit,
        can_urge: head.status.is_open() && ctx.may(Permission::TicketUrge),
        can_activate: head.status.is_finished() && ctx.may(Permission::TicketActivate),
        can_delete: is_there && ctx.may(Permission::TicketDelete),
    }
}

impl Acts {
    /// The buttons at the end of the title.
    pub(crate) fn draw(&self) -> AnyView {
        let (lang, id) = (self.lang, self.id);
        let take = self.can_take.then(|| {
            view! { <form method="post" action={path_of::<actions::TakeTicket>()}>{hidden("ticket", id)}<button class="btn main" type="submit">{icon("user-plus")}{t!(lang, "接手工单", "Take ticket")}</button></form> }
        });
        let activate = self.can_activate.then(|| {
            view! { <button class="btn main" type="button" popovertarget="activate">{icon("rotate-ccw")}{t!(lang, "激活工单", "Activate ticket")}</button>{self.activate_form()} }
        });
        view! { {take}{activate}{self.follow()}{self.more()} }.into_any()
    }

    fn follow(&self) -> AnyView {
        let lang = self.lang;
        let (path, icon_name, words) = if self.is_followed {
            (path_of::<actions::UnfollowTicket>(), "eye", t!(lang, "已关注", "Following"))
        } else {
            (path_of::<actions::FollowTicket>(), "eye", t!(lang, "关注", "Follow"))
        };
        let is_pressed = self.is_followed.to_string();
        view! { <form class="not-phone" method="post" action=path>{hidden("ticket", self.id)}<button class="btn" type="submit" aria-pressed=is_pressed>{icon(icon_name)}{words}</button></form> }.into_any()
    }

    fn more(&self) -> AnyView {
        let lang = self.lang;
        if !(self.can_urge || self.can_edit || self.can_delete) {
            return ().into_any();
        }
        let urge =
            self.can_urge.then(|| view! { <button type="button" popovertarget="urge">{icon("bell")}{t!(lang, "催单", "Urge")}</button> });
        let edit = self.can_edit.then(|| {
            view! {
                <button type="button" popovertarget="retitle">{icon("pencil")}{t!(lang, "修改标题", "Change title")}</button>
                <button type="button" popovertarget="link">{icon("link")}{t!(lang, "关联工单", "Link a ticket")}</button>
            }
        });
        let delete = self.can_delete.then(|| {
            view! {
                <hr/>
                <div class="list">
                    <form method="post" action={path_of::<actions::DeleteTicket>()}>{hidden("ticket", self.id)}<button class="risky" type="submit">{icon("trash-2")}{t!(lang, "移到回收站", "Move to recycle bin")}</button></form>
                </div>
            }
        });
        view! {
            <button class="btn icon" type="button" popovertarget="more" aria-label=t!(lang, "更多操作", "More actions") title=t!(lang, "更多操作", "More actions")>{icon("ellipsis")}</button>
            <div class="pop" id="more" popover="auto"><div class="list">{urge}{edit}</div>{delete}</div>
            {self.can_urge.then(|| self.urge_form())}
            {self.can_edit.then(|| self.edit_forms())}
        }
        .into_any()
    }

    fn urge_form(&self) -> AnyView {
        let (lang, fresh) = (self.lang, FormState::default().renamed("urge-f"));
        view! {
            <div class="pop" id="urge" popover="auto">
                <form class="in" method="post" action={path_of::<actions::UrgeTicket>()}>
                    {hidden("ticket", self.id)}
                    {Area::new("reason", t!(lang, "催单原因", "Why it is urgent")).required().rows(3).max(REASON_MOST).hint(t!(lang, "受理客服会收到通知，30 分钟内只能催一次", "The agent is notified; once within 30 minutes")).view(&fresh)}
                    <div class="row"><button class="btn main" type="submit">{t!(lang, "催单", "Urge")}</button></div>
                </form>
            </div>
        }
        .into_any()
    }

    fn activate_form(&self) -> AnyView {
        let (lang, fresh) = (self.lang, FormState::default().renamed("activate-f"));
        view! {
            <div class="pop" id="activate" popover="auto">
                <form class="in" method="post" action={path_of::<actions::ActivateTicket>()}>
                    {hidden("ticket", self.id)}
                    {Area::new("reason", t!(lang, "激活原因", "Why it is opened again")).required().rows(3).max(REASON_MOST).hint(t!(lang, "工单回到受理中，原因写进记录", "It goes back to in progress; the reason is kept")).view(&fresh)}
                    <div class="row"><button class="btn main" type="submit">{t!(lang, "激活工单", "Activate ticket")}</button></div>
                </form>
            </div>
        }
        .into_any()
    }

    fn edit_forms(&self) -> AnyView {
        let lang = self.lang;
        let (title, link) = (FormState::default().renamed("retitle-f"), FormState::default().renamed("link-f"));
        view! {
            <div class="pop" id="retitle" popover="auto">
                <form class="in" method="post" action={path_of::<actions::EditTicket>()}>
                    {hidden("ticket", self.id)}
                    {hidden("version", self.version)}
                    {Area::new("title", t!(lang, "标题", "Title")).required().rows(2).max(TITLE_MOST).value(&self.title).view(&title)}
                    <div class="row"><button class="btn main" type="submit">{t!(lang, "保存标题", "Save title")}</button></div>
                </form>
            </div>
            <div class="pop" id="link" popover="auto">
                <form class="in" method="post" action={path_of::<actions::LinkTicket>()}>
                    {hidden("ticket", self.id)}
                    {Input::text("number", t!(lang, "另一张工单的编号", "Number of the other ticket")).required().placeholder("20261122000083").view(&link)}
                    <div class="row"><button class="btn main" type="submit">{icon("link")}{t!(lang, "关联工单", "Link tickets")}</button></div>
                </form>
            </div>
        }
        .into_any()
    }
}

/// Out of the recycle bin.
pub(crate) fn restore_button(lang: Lang, id: TicketId) -> AnyView {
    view! { <form method="post" action={path_of::<actions::RestoreTicket>()}>{hidden("ticket", id)}<button class="btn" type="submit">{icon("archive-restore")}{t!(lang, "恢复工单", "Restore ticket")}</button></form> }.into_any()
}
