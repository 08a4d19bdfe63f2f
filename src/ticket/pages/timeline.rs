//! 时间线: messages and changes in the ticket's order. Talk with the customer is azurite, what stays inside is violet,
//! everything else a quiet line.

use super::change;
use super::mark;
use crate::actions;
use crate::islands::undo::UndoSend;
use crate::model::{ChangeKind, ReplyType, file_href};
use crate::queries::detail::Detail;
use crate::queries::place::Place;
use crate::queries::timeline::{Entry, Message, MessageFile, Words};
use kernel::actor::ActorKind;
use kernel::ctx::Ctx;
use kernel::lang::Lang;
use kernel::permission::Permission;
use kernel::t;
use leptos::prelude::*;
use mail::model::{OutState, Reason};
use ui::form::{hidden, path_of};
use ui::frame;
use ui::icon::{icon, icon_s};
use ui::islands::fit::FitFrames;

/// The timeline. `address` is the ticket's own, with the list it was opened from.
pub(crate) fn draw(ctx: &Ctx, ticket: &Detail, address: &str, is_earlier_page: bool) -> AnyView {
    let lang = ctx.lang();
    let with = |field: &str| if address.contains('?') { format!("{address}&{field}") } else { format!("{address}?{field}") };
    let earlier = ticket.timeline.earlier.map(|seq| {
        view! { <li class="earlier"><a class="btn quiet" href=with(&format!("before={seq}"))>{icon("chevrons-up")}{t!(lang, "显示更早的记录", "Show earlier entries")}</a></li> }
    });
    let later = is_earlier_page.then(|| {
        view! { <li class="earlier"><a class="btn quiet" href=address.to_owned()>{icon("chevrons-down")}{t!(lang, "回到最新", "Back to the latest")}</a></li> }
    });
    let mut entries: Vec<&Entry> = ticket.timeline.entries.iter().collect();
    // That it came to be stands above what it says, although the description takes the first place of the order.
    if let [Entry::Message(_), Entry::Change(made), ..] = entries.as_slice()
        && made.kind == Some(ChangeKind::Created)
    {
        entries.swap(0, 1);
    }
    let is_framed = |message: &Message| message.words == Words::Framed || message.quoted == Words::Framed;
    let has_frames = entries.iter().any(|entry| matches!(entry, Entry::Message(message) if is_framed(message)));
    let entries: Vec<AnyView> = entries
        .into_iter()
        .map(|entry| match entry {
            Entry::Message(message) => of_message(ctx, ticket, message),
            Entry::Change(entry) => change::line(ctx, entry),
        })
        .collect();
    view! { <section aria-labelledby="h-talk"><h2 id="h-talk" class="sr">{t!(lang, "往来", "Conversation")}</h2><ol class="talk">{earlier}{entries}{later}</ol>{has_frames.then(|| view! { <FitFrames/> })}</section> }.into_any()
}

/// How a message is drawn.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Look {
    Customer,
    Agent,
    Inner,
    Robot,
}

fn look(message: &Message) -> Look {
    match (message.author_kind, message.reply_type) {
        (_, ReplyType::AgentsOnly) => Look::Inner,
        (ActorKind::Customer, _) => Look::Customer,
        (ActorKind::Agent, _) => Look::Agent,
        _ => Look::Robot,
    }
}

fn of_message(ctx: &Ctx, ticket: &Detail, message: &Message) -> AnyView {
    let lang = ctx.lang();
    let anchor = format!("m{}", message.seq);
    if message.deleted_at.is_some() {
        let by = message.deleted_by.clone().unwrap_or_default();
        let words = t!(lang, "{} 写的一条回复已由 {} 删除", "A reply by {} was deleted by {}", message.author_name, by);
        return view! { <li class="event" id=anchor>{icon("trash-2")}<span>{words}</span>{ui::time::ago(message.created_at, ctx)}</li> }
            .into_any();
    }
    let is_held = message.hold_until.is_some_and(|until| ctx.now() < until);
    let has_failed = message.out_state == Some(OutState::Failed);
    let kind = match look(message) {
        Look::Customer => "customer",
        Look::Agent => "agent",
        Look::Inner => "inner",
        Look::Robot => "robot",
    };
    let class = format!("msg {kind}{}{}", if is_held { " pending" } else { "" }, if has_failed { " failed" } else { "" });
    let has_quote = !matches!(&message.quoted, Words::Here(html) if html.trim().is_empty());
    let quoted = has_quote.then(|| {
        let words = words(ctx, ticket, message, Part::Quoted);
        view! { <details class="quoted"><summary>{icon_s("ellipsis")}{t!(lang, "显示引用的邮件", "Show quoted mail")}</summary>{words}</details> }
    });
    view! {
        <li class=class id=anchor>
            {face(message)}
            <article class="box">
                {header(ctx, message)}
                {warning(lang, message)}
                {words(ctx, ticket, message, Part::Fresh)}
                {files(lang, &message.files)}
                {quoted}
                {footer(ctx, message, is_held)}
            </article>
        </li>
    }
    .into_any()
}

/// A part of a message.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Fresh,
    Quoted,
}

/// What agents and rules wrote, with a word where the mail had the link to the customer's form.
fn named(message: &Message, html: &str, lang: Lang) -> String {
    if message.author_kind == ActorKind::Customer {
        return html.to_owned();
    }
    html.replace(&Place::Form.typed(), t!(lang, "「填写链接」", "“link to the form”"))
}

/// What it says: in the page, or in a frame with a way to have it by itself.
fn words(ctx: &Ctx, ticket: &Detail, message: &Message, part: Part) -> AnyView {
    /// Height of a frame with history, whose length is not known here.
    const HISTORY: u32 = 240;
    let lang = ctx.lang();
    let from_mail = if message.mail_id.is_some() { "prose flow" } else { "prose" };
    let framed = match (part, &message.words, &message.quoted) {
        (Part::Fresh, Words::Here(html), _) => {
            return view! { <div class=from_mail lang=mark::foreign(&message.text, lang) inner_html=named(message, html, lang)></div> }
                .into_any();
        }
        (Part::Quoted, _, Words::Here(html)) => return view! { <div class=from_mail inner_html=html.clone()></div> }.into_any(),
        _ => format!("/tickets/{}/messages/{}/body", ticket.ticket.id, message.id),
    };
    if part == Part::Quoted {
        let title = t!(lang, "{} 引用的邮件", "Mail quoted by {}", message.author_name);
        return frame::view(format!("{framed}?part=quoted"), title, HISTORY);
    }
    let title = t!(lang, "{} 的邮件正文", "Body of the mail by {}", message.author_name);
    view! {
        {frame::view(format!("{framed}?part=fresh"), title, frame::height(&message.text))}
        <p class="alone"><a class="link" href=framed target="_blank" rel="noopener">{icon_s("external-link")}{t!(lang, "单独打开", "Open by itself")}</a></p>
    }
    .into_any()
}

fn face(message: &Message) -> AnyView {
    if look(message) == Look::Robot {
        return view! { <span class="ava l none" aria-hidden="true">{icon("bot")}</span> }.into_any();
    }
    let tint = message.author_id.map_or("", |id| ["", " b", " c", " d"][usize::from(id.as_bytes()[15] % 4)]);
    let letter = message.author_name.trim().chars().next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    view! { <span class=format!("ava l{tint}") aria-hidden="true">{letter}</span> }.into_any()
}

fn header(ctx: &Ctx, message: &Message) -> AnyView {
    let lang = ctx.lang();
    let route = match look(message) {
        Look::Inner => view! { <span class="tag violet">{icon("lock")}{t!(lang, "仅客服可见", "Agents only")}</span> }.into_any(),
        Look::Customer if message.mail_id.is_some() => {
            let words = match message.sent_to.as_str() {
                "" => t!(lang, "邮件", "mail").to_owned(),
                address => t!(lang, "邮件，发给 {}{}", "mail to {}{}", address, copies(lang, message)),
            };
            view! { <span class="route">{words}</span> }.into_any()
        }
        Look::Agent if message.out_mail_id.is_some() => {
            let words = t!(lang, "回复 {}{}", "to {}{}", message.sent_to, copies(lang, message));
            view! { <span class="route">{words}</span> }.into_any()
        }
        Look::Agent if message.seq == 1 => {
            view! { <span class="route">{t!(lang, "代客户填写", "written for the customer")}</span> }.into_any()
        }
        Look::Agent => view! { <span class="route">{t!(lang, "没有发邮件", "no mail was sent")}</span> }.into_any(),
        _ => ().into_any(),
    };
    let sent = match message.out_state {
        Some(OutState::Sent) => Some(view! { {icon_s("check-check")}<span>{t!(lang, "已发出", "Sent")}</span> }.into_any()),
        Some(OutState::Kept) => {
            Some(view! { {icon_s("archive")}<span>{t!(lang, "没有设置发信，已保留", "Kept: no sending is set up")}</span> }.into_any())
        }
        _ => None,
    };
    view! {
        <header>
            <b>{message.author_name.clone()}</b>{route}
            <span class="end">{sent}{ui::time::ago(message.created_at, ctx)}{menu(ctx, message)}</span>
        </header>
    }
    .into_any()
}

/// Who got a copy of its mail when it was written, whatever the ticket says now.
fn copies(lang: Lang, message: &Message) -> String {
    const NAMED: usize = 5;
    let all = &message.sent_cc;
    let named = all.iter().take(NAMED).map(String::as_str).collect::<Vec<_>>().join(t!(lang, "、", ", "));
    match all.len() {
        0 => String::new(),
        1..=NAMED => t!(lang, "，抄送 {}", ", cc {}", named),
        many => t!(lang, "，抄送 {} 等 {} 人", ", cc {} and {} more", named, if lang == Lang::Zh { many } else { many - NAMED }),
    }
}

/// What can be done with one message.
fn menu(ctx: &Ctx, message: &Message) -> Option<AnyView> {
    let lang = ctx.lang();
    let ledger = message.mail_id.or(message.out_mail_id).filter(|_| ctx.may(Permission::MailLedger));
    let can_delete = message.seq > 1 && ctx.may(Permission::TicketReplyDelete);
    if ledger.is_none() && !can_delete {
        return None;
    }
    let (id, dialog) = (format!("mm{}", message.seq), format!("md{}", message.seq));
    let (title_id, opens, words) = (format!("{dialog}-h"), id.clone(), t!(lang, "这条消息的操作", "Actions for this message"));
    let link = ledger
        .map(|mail| view! { <a href=format!("/mail/{mail}")>{icon("mail")}{t!(lang, "在邮件台账中查看", "See in the mail ledger")}</a> });
    let labelled = title_id.clone();
    let delete = can_delete.then(|| view! { <button type="button" class="risky" popovertarget=dialog.clone()>{icon("trash-2")}{t!(lang, "删除回复", "Delete reply")}</button> });
    let closes = dialog.clone();
    let sure = can_delete.then(|| {
        view! {
            <dialog id=dialog popover="auto" aria-labelledby=labelled>
                <form method="post" action={path_of::<actions::DeleteReply>()}>
                    {hidden("message", message.id)}
                    <header><h2 id=title_id>{t!(lang, "删除 {} 的这条回复", "Delete this reply of {}", message.author_name)}</h2></header>
                    <div class="in"><p>{t!(lang, "内容和附件不能恢复，只留下谁写的、谁删的。已经发出的邮件收不回来。", "Text and files cannot be brought back; who wrote and who deleted it stays. A mail that went out is not recalled.")}</p></div>
                    <footer>
                        <button class="btn" type="button" popovertarget=closes popovertargetaction="hide" autofocus=true>{t!(lang, "保留回复", "Keep it")}</button>
                        <button class="btn danger" type="submit">{t!(lang, "删除回复", "Delete reply")}</button>
                    </footer>
                </form>
            </dialog>
        }
    });
    Some(
        view! {
            <button class="btn quiet icon mini" type="button" popovertarget=opens aria-label=words title=words>{icon("ellipsis")}</button>
            <div class="pop" id=id popover="auto"><div class="list">{link}{delete}</div></div>
            {sure}
        }
        .into_any(),
    )
}

/// It is not what its sender claims (S20).
fn warning(lang: Lang, message: &Message) -> Option<AnyView> {
    let key = message.warning.as_deref()?;
    let text = Reason::from_key(key).map_or_else(|| key.to_owned(), |reason| reason.label(lang).to_owned());
    Some(view! { <div class="note warn slim">{icon("triangle-alert")}<div>{text}</div></div> }.into_any())
}

fn files(lang: Lang, files: &[MessageFile]) -> Option<AnyView> {
    let rows: Vec<AnyView> = files
        .iter()
        .map(|file| {
            let icon_name = match file.media_type.split('/').next() {
                Some("image") => "file-image",
                _ if file.media_type.contains("spreadsheet") || file.name.ends_with(".csv") => "file-spreadsheet",
                _ => "file-text",
            };
            view! { <li><a class="file" href=file_href(file.id)>{icon(icon_name)}<b>{file.name.clone()}</b><small>{mark::size(file.size)}</small></a></li> }.into_any()
        })
        .collect();
    (!rows.is_empty()).then(|| view! { <ul class="files" aria-label=t!(lang, "附件", "Files")>{rows}</ul> }.into_any())
}

/// How far the mail of a reply is, and the way to take it back.
fn footer(ctx: &Ctx, message: &Message, is_held: bool) -> Option<AnyView> {
    let lang = ctx.lang();
    if is_held {
        let is_own = message.author_id.is_some() && message.author_id == ctx.actor.uuid();
        let left = message.hold_until.map_or(0, |until| until.since(ctx.now()).as_secs() + 1);
        let words = [
            t!(lang, "{} 秒后发出", "Goes out in {} s"),
            t!(lang, "已交给邮件服务器", "Handed to the mail server"),
            t!(lang, "撤回修改", "Take back and edit"),
        ];
        let words = words.map(str::to_owned);
        let path = path_of::<actions::UndoReply>().to_owned();
        return Some(if is_own {
            view! { <footer>{icon_s("send")}<UndoSend message=message.id left=left path=path words=words/></footer> }.into_any()
        } else {
            view! { <footer>{icon_s("send")}<span>{t!(lang, "即将发出", "About to go out")}</span></footer> }.into_any()
        });
    }
    let ledger = message.out_mail_id.filter(|_| ctx.may(Permission::MailLedger));
    let link = ledger
        .map(|mail| view! { <a class="link" href=format!("/mail/{mail}")>{t!(lang, "在邮件台账中查看", "See in the mail ledger")}</a> });
    match message.out_state? {
        OutState::Failed => {
            Some(view! { <footer>{icon_s("circle-alert")}<span>{t!(lang, "没有送达", "Not delivered")}</span>{link}</footer> }.into_any())
        }
        OutState::Waiting | OutState::Sending => {
            Some(view! { <footer>{icon_s("send")}<span>{t!(lang, "正在发送", "On its way")}</span></footer> }.into_any())
        }
        _ => None,
    }
}
