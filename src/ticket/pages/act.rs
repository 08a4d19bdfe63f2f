//! What can be done with a ticket, and the forms of its page with what their last post left behind.

use super::properties;
use crate::actions;
use crate::model::{REASON_MOST, Status, TITLE_MOST};
use crate::queries::detail::Detail;
use kernel::ctx::Ctx;
use kernel::error::Problem;
use kernel::id::TicketId;
use kernel::lang::Lang;
use kernel::permission::Permission;
use kernel::t;
use leptos::prelude::*;
use ui::form::field::{Area, Input};
use ui::form::{FormState, hidden, path_of};
use ui::icon::icon;
use ui::visit::Visit;

/// Every form of the page.
#[derive(Clone, Debug)]
pub(crate) struct Forms {
    /// The properties, or the title; draws its own problems.
    pub edit: FormState,
    /// The reply; draws its own problems.
    pub reply: FormState,
    /// Small forms with a field.
    urge: FormState,
    activate: FormState,
    link: FormState,
    /// Buttons.
    buttons: Vec<FormState>,
}

impl Forms {
    pub(crate) fn of(visit: &Visit) -> Forms {
        const BUTTONS: [&str; 9] = [
            "ticket_take",
            "ticket_ask",
            "ticket_delete",
            "ticket_restore",
            "ticket_follow",
            "ticket_unfollow",
            "ticket_unlink",
            "ticket_undo_reply",
            "ticket_delete_reply",
        ];
        Forms {
            edit: visit.form("ticket_edit"),
            reply: visit.form("ticket_reply"),
            urge: visit.form("ticket_urge"),
            activate: visit.form("ticket_activate"),
            link: visit.form("ticket_link"),
            buttons: BUTTONS.map(|id| visit.form(id)).into(),
        }
    }

    /// Problems of the buttons.
    pub(crate) fn summaries(&self) -> Vec<AnyView> {
        self.buttons.iter().map(FormState::summary).collect()
    }
}

/// What this person can do with this ticket now.
#[derive(Clone, Debug)]
pub(crate) struct Acts {
    lang: Lang,
    id: TicketId,
    version: i32,
    last_seq: i32,
    title: String,
    is_followed: bool,
    can_take: bool,
    /// They do not work in the ticket's group, so they are told how to go on instead.
    is_outside: bool,
    can_edit: bool,
    can_urge: bool,
    can_activate: bool,
    can_delete: bool,
    forms: Forms,
}

/// Works out what can be done.
pub(crate) fn acts(ctx: &Ctx, ticket: &Detail, forms: &Forms) -> Acts {
    let head = &ticket.ticket;
    let is_there = head.status != Status::Deleted;
    let can_edit = is_there && ctx.may(Permission::TicketEdit);
    Acts {
        lang: ctx.lang(),
        id: head.id,
        version: head.version,
        last_seq: head.last_seq,
        title: head.title.clone(),
        is_followed: ticket.is_followed,
        can_take: can_edit && head.status.is_open() && head.agent_id.is_none(),
        is_outside: head.group_id.is_some_and(|group| !ctx.groups.contains(&group)),
        can_edit,
        can_urge: head.status.is_open() && ctx.may(Permission::TicketUrge),
        can_activate: head.status.is_finished() && ctx.may(Permission::TicketActivate),
        can_delete: is_there && ctx.may(Permission::TicketDelete),
        forms: forms.clone(),
    }
}

impl Acts {
    /// The buttons at the end of the title.
    pub(crate) fn draw(&self) -> AnyView {
        let (lang, id) = (self.lang, self.id);
        let why = (self.can_take && self.is_outside).then(|| {
            view! { <button class="btn" type="button" popovertarget="take-why">{icon("user-plus")}{t!(lang, "接手工单", "Take ticket")}</button><div class="pop tip" id="take-why" popover="auto">{Problem::NotYourGroup.text(lang)}</div> }
        });
        let take = (self.can_take && !self.is_outside).then(|| {
            view! { <form method="post" action={path_of::<actions::TakeTicket>()}>{hidden("ticket", id)}<button class="btn main" type="submit">{icon("user-plus")}{t!(lang, "接手工单", "Take ticket")}</button></form> }
        });
        let activate = self.can_activate.then(|| {
            let fold = (!self.forms.activate.is_shown_again()).then(|| view! { <div class="pop" id="activate" popover="auto">{self.activate_fields()}</div> });
            view! { <button class="btn main" type="button" popovertarget="activate">{icon("rotate-ccw")}{t!(lang, "激活工单", "Activate ticket")}</button>{fold} }
        });
        view! { {take}{why}{activate}{self.follow()}{self.more()} }.into_any()
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
            {self.folded()}
        }
        .into_any()
    }

    /// The small forms whose last post failed, opened with what was typed; the others wait behind their buttons.
    pub(crate) fn failed(&self) -> AnyView {
        let drawn = [
            self.forms.urge.is_shown_again().then(|| self.urge_fields()),
            self.forms.activate.is_shown_again().then(|| self.activate_fields()),
            self.forms.link.is_shown_again().then(|| self.link_fields()),
            self.is_title_failed().then(|| self.title_fields()),
        ];
        let cards: Vec<AnyView> =
            drawn.into_iter().flatten().map(|form| view! { <section class="card">{form}</section> }.into_any()).collect();
        cards.into_any()
    }

    fn folded(&self) -> AnyView {
        let pop = |is_open: bool, id: &'static str, form: AnyView| {
            (!is_open).then(|| view! { <div class="pop" id=id popover="auto">{form}</div> })
        };
        let urge = self.can_urge.then(|| pop(self.forms.urge.is_shown_again(), "urge", self.urge_fields()));
        let title = self.can_edit.then(|| pop(self.is_title_failed(), "retitle", self.title_fields()));
        let link = self.can_edit.then(|| pop(self.forms.link.is_shown_again(), "link", self.link_fields()));
        view! { {urge}{title}{link} }.into_any()
    }

    /// The title shares its command with the properties; which of them failed shows in what was sent.
    fn is_title_failed(&self) -> bool {
        self.forms.edit.is_shown_again() && !properties::was_posted(&self.forms.edit) && !self.forms.edit.value_or("title", "").is_empty()
    }

    fn urge_fields(&self) -> AnyView {
        let (lang, form) = (self.lang, &self.forms.urge);
        let hint = t!(lang, "受理客服会收到通知，30 分钟内只能催一次", "The agent is notified; once within 30 minutes");
        view! {
            <form class="in stack" method="post" action={path_of::<actions::UrgeTicket>()}>
                {form.summary()}
                {hidden("ticket", self.id)}
                {Area::new("reason", t!(lang, "催单原因", "Why it is urgent")).required().rows(3).max(REASON_MOST).hint(hint).view(form)}
                <div class="row"><button class="btn main" type="submit">{t!(lang, "催单", "Urge")}</button></div>
            </form>
        }
        .into_any()
    }

    fn activate_fields(&self) -> AnyView {
        let (lang, form) = (self.lang, &self.forms.activate);
        let hint = t!(lang, "工单回到受理中，原因写进记录", "It goes back to in progress; the reason is kept");
        view! {
            <form class="in stack" method="post" action={path_of::<actions::ActivateTicket>()}>
                {form.summary()}
                {hidden("ticket", self.id)}
                {Area::new("reason", t!(lang, "激活原因", "Why it is opened again")).required().rows(3).max(REASON_MOST).hint(hint).view(form)}
                <div class="row"><button class="btn main" type="submit">{t!(lang, "激活工单", "Activate ticket")}</button></div>
            </form>
        }
        .into_any()
    }

    fn title_fields(&self) -> AnyView {
        let lang = self.lang;
        let form = if self.is_title_failed() { self.forms.edit.clone() } else { FormState::default().renamed("ticket_title") };
        view! {
            <form class="in stack" method="post" action={path_of::<actions::EditTicket>()}>
                {form.summary()}
                {hidden("ticket", self.id)}
                {hidden("version", self.version)}
                {hidden("seen_seq", self.last_seq)}
                {Area::new("title", t!(lang, "标题", "Title")).required().rows(2).max(TITLE_MOST).value(&self.title).view(&form)}
                <div class="row"><button class="btn main" type="submit">{t!(lang, "保存标题", "Save title")}</button></div>
            </form>
        }
        .into_any()
    }

    fn link_fields(&self) -> AnyView {
        let (lang, form) = (self.lang, &self.forms.link);
        view! {
            <form class="in stack" method="post" action={path_of::<actions::LinkTicket>()}>
                {form.summary()}
                {hidden("ticket", self.id)}
                {Input::text("number", t!(lang, "另一张工单的编号", "Number of the other ticket")).required().placeholder("20261122000083").view(form)}
                <div class="row"><button class="btn main" type="submit">{icon("link")}{t!(lang, "关联工单", "Link tickets")}</button></div>
            </form>
        }
        .into_any()
    }
}

/// Out of the recycle bin.
pub(crate) fn restore_button(lang: Lang, id: TicketId) -> AnyView {
    view! { <form method="post" action={path_of::<actions::RestoreTicket>()}>{hidden("ticket", id)}<button class="btn" type="submit">{icon("archive-restore")}{t!(lang, "恢复工单", "Restore ticket")}</button></form> }.into_any()
}
