//! Cards beside a ticket: its customer, the customer's other tickets, linked tickets, followers.

use super::list::ADDRESS;
use super::mark;
use crate::actions;
use crate::model::Status;
use crate::queries::detail::{Detail, Head, Linked};
use crate::queries::list::TicketRow;
use customer::queries::CustomerCard;
use kernel::ctx::Ctx;
use kernel::id::{CustomerId, TicketId};
use kernel::lang::Lang;
use kernel::permission::Permission;
use kernel::t;
use leptos::prelude::*;
use ui::avatar;
use ui::form::{hidden, path_of};
use ui::icon::icon;

/// 客户.
pub(crate) fn customer(ctx: &Ctx, head: &Head, card: &CustomerCard) -> AnyView {
    let lang = ctx.lang();
    let may_change = head.status != Status::Deleted && ctx.may(Permission::TicketEdit) && ctx.may(Permission::CustomerView);
    let change = may_change.then(|| {
        let href = format!("/tickets/{}/customer", head.id);
        view! { <div class="row"><a class="link small" href=href>{t!(lang, "换客户", "Another customer")}</a></div> }
    });
    let name = card.nickname.clone();
    // Whoever may not open customers reads the name only.
    let name = if ctx.may(Permission::CustomerView) {
        view! { <a class="link" href=format!("/customers/{}", card.id)><b>{name}</b></a> }.into_any()
    } else {
        view! { <b>{name}</b> }.into_any()
    };
    let below: Vec<&str> =
        [card.name.as_str(), card.organisation.as_str()].into_iter().filter(|text| !text.is_empty() && *text != card.nickname).collect();
    let line = |term: &'static str, value: AnyView| view! { <dt>{term}</dt><dd>{value}</dd> };
    let emails: Vec<AnyView> = card.emails.iter().map(|email| view! { <div>{email.clone()}</div> }.into_any()).collect();
    let phones: Vec<AnyView> = card
        .phones
        .iter()
        .map(|phone| view! { <div><a class="link" href=format!("tel:{}", phone.replace(' ', ""))>{phone.clone()}</a></div> }.into_any())
        .collect();
    let emails = (!emails.is_empty()).then(|| line(t!(lang, "邮箱", "E-mail"), emails.into_any()));
    let phones = (!phones.is_empty()).then(|| line(t!(lang, "电话", "Phone"), phones.into_any()));
    let partner = card.partner_id.clone().map(|id| line(t!(lang, "对接ID", "Integration id"), view! { <code>{id}</code> }.into_any()));
    let remark = (!card.remark.is_empty()).then(|| line(t!(lang, "备注", "Notes"), card.remark.clone().into_any()));
    view! {
        <section class="card" aria-label=t!(lang, "客户", "Customer")>
            <div class="in cust">
                <div class="row">
                    <span class="ava l" aria-hidden="true">{card.nickname.chars().next().map(String::from)}</span>
                    <div>{name}" "{ui::tag::vip(card.vip_level)}<div class="small mute">{below.join(t!(lang, "·", ", "))}</div></div>
                </div>
                <dl class="facts">{emails}{phones}{partner}{remark}</dl>
                {change}
            </div>
        </section>
    }
    .into_any()
}

/// 客户的其他工单.
pub(crate) fn others(ctx: &Ctx, customer: CustomerId, others: &[TicketRow]) -> Option<AnyView> {
    let lang = ctx.lang();
    let rows: Vec<AnyView> = others
        .iter()
        .take(5)
        .map(|ticket| {
            let title = mark::foreign(&ticket.title, lang);
            view! { <li><div class="grow"><a class="link" href=format!("/tickets/{}", ticket.id) lang=title>{ticket.title.clone()}</a><small>{ticket.number.to_string()}{t!(lang, "·", ", ")}{ui::time::ago(ticket.updated_at, ctx)}</small></div><span class="end">{mark::status(ticket.status, lang)}</span></li> }.into_any()
        })
        .collect();
    let all = (others.len() > 4).then(|| view! { <footer><a class="link" href=format!("{ADDRESS}?customer={customer}")>{t!(lang, "这位客户的全部工单", "All tickets of this customer")}</a></footer> });
    (!rows.is_empty()).then(|| {
        view! { <section class="card"><header><h2>{t!(lang, "客户的其他工单", "Other tickets")}</h2></header><ul class="rows">{rows}</ul>{all}</section> }.into_any()
    })
}

/// 关联工单.
pub(crate) fn links(ctx: &Ctx, ticket: &Detail) -> AnyView {
    let lang = ctx.lang();
    let can_edit = ctx.may(Permission::TicketEdit) && ticket.ticket.status != Status::Deleted;
    let add = can_edit.then(|| {
        let words = t!(lang, "关联工单", "Link a ticket");
        view! { <span class="act"><button class="btn quiet icon mini" type="button" popovertarget="link" aria-label=words title=words>{icon("plus")}</button></span> }
    });
    let rows: Vec<AnyView> = ticket.links.iter().map(|linked| link_row(lang, ticket, linked, can_edit)).collect();
    let number = rows.len();
    let body = if number == 0 {
        view! { <div class="in"><p class="small mute">{t!(lang, "同一件事的几张工单可以互相关联。", "Tickets of one matter can be linked.")}</p></div> }.into_any()
    } else {
        view! { <ul class="rows">{rows}</ul> }.into_any()
    };
    let count = (number > 0).then(|| view! { <span class="count">{number}</span> });
    view! { <section class="card"><header><h2>{t!(lang, "关联工单", "Linked tickets")}</h2>{count}{add}</header>{body}</section> }
        .into_any()
}

fn link_row(lang: Lang, ticket: &Detail, linked: &Linked, can_edit: bool) -> AnyView {
    let cut = can_edit.then(|| {
        let words = t!(lang, "取消关联 {}", "Remove the link to {}", linked.number);
        let title = words.clone();
        view! {
            <form method="post" action={path_of::<actions::UnlinkTicket>()}>
                {hidden("ticket", ticket.ticket.id)}
                {hidden("other", linked.id)}
                <button class="btn quiet icon mini" type="submit" aria-label=words title=title>{icon("unlink")}</button>
            </form>
        }
    });
    view! {
        <li>
            <div class="grow"><a class="link" href=format!("/tickets/{}", linked.id) lang=mark::foreign(&linked.title, lang)>{linked.title.clone()}</a><small>{linked.number.to_string()}</small></div>
            <span class="end">{mark::status(linked.status, lang)}{cut}</span>
        </li>
    }
    .into_any()
}

/// 关注人.
pub(crate) fn followers(lang: Lang, ticket: &Detail) -> AnyView {
    let (path, words) = if ticket.is_followed {
        (path_of::<actions::UnfollowTicket>(), t!(lang, "取消关注", "Unfollow"))
    } else {
        (path_of::<actions::FollowTicket>(), t!(lang, "关注", "Follow"))
    };
    let act = view! { <form class="act" method="post" action=path>{hidden("ticket", ticket.ticket.id)}<button class="btn quiet mini" type="submit">{words}</button></form> };
    let number = ticket.followers.len();
    let body = if number == 0 {
        view! { <p class="small mute">{t!(lang, "关注的人会收到每次变化的通知。", "Followers hear of every change.")}</p> }.into_any()
    } else {
        let faces: Vec<AnyView> =
            ticket.followers.iter().take(5).map(|follower| avatar::mark(follower.agent.0, &follower.name).into_any()).collect();
        let names: Vec<&str> = ticket.followers.iter().map(|follower| follower.name.as_str()).collect();
        view! { <span class="crowd">{faces}</span><span class="small mute">{names.join(t!(lang, "、", ", "))}</span> }.into_any()
    };
    let count = (number > 0).then(|| view! { <span class="count">{number}</span> });
    view! { <section class="card"><header><h2>{t!(lang, "关注人", "Followers")}</h2>{count}{act}</header><div class="in row">{body}</div></section> }.into_any()
}

/// The way to what triggers found in this ticket, for whoever writes them.
pub(crate) fn rules(ctx: &Ctx, ticket: TicketId) -> Option<AnyView> {
    let lang = ctx.lang();
    let link = || view! { <a class="link small" href=format!("/tickets/{ticket}/runs")>{icon("workflow")}{t!(lang, "触发器运行记录", "Runs of triggers")}</a> };
    ctx.may(Permission::TriggerManage).then(|| link().into_any())
}
