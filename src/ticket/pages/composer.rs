//! 回复: to everyone, which goes out by mail, or for agents only. Which of the two changes the whole look of the form,
//! so that nobody sends the wrong one.

use crate::actions;
use crate::islands::draft::DraftKeeper;
use crate::model::{ReplyType, Status, TEXT_MOST};
use crate::queries::detail::Detail;
use crate::queries::timeline::MessageFile;
use kernel::ctx::Ctx;
use kernel::error::Problem;
use kernel::lang::Lang;
use kernel::permission::Permission;
use kernel::t;
use leptos::prelude::*;
use ui::file::FileInput;
use ui::form::{FormState, hidden, path_of};
use ui::icon::{icon, icon_s};
use ui::rich::Rich;

/// The composer with a line under it that a slice above draws; nothing for whoever may not write, or when the ticket lies in
/// the bin.
pub(crate) fn draw(ctx: &Ctx, ticket: &Detail, form: &FormState, last_seq: i32, line: impl FnOnce(&FormState) -> AnyView) -> AnyView {
    let (lang, head) = (ctx.lang(), &ticket.ticket);
    let (can_reply, can_note) = (ctx.may(Permission::TicketReply), ctx.may(Permission::TicketNote));
    if head.status == Status::Deleted || !(can_reply || can_note) {
        return ().into_any();
    }
    let draft = ticket.draft.as_ref();
    let (start, start_html) = draft.map(|draft| (draft.text.clone(), draft.html.clone())).unwrap_or_default();
    let (text, rich_text) = (form.value_or("text", &start), form.value_or("html", &start_html));
    let first = if can_reply { ReplyType::Everyone } else { ReplyType::AgentsOnly };
    let chosen = form.value_or("reply_type", draft.map_or(first, |draft| draft.reply_type).key());
    let chosen = if can_reply && can_note { chosen } else { first.key().to_owned() };
    let audience = [
        (ReplyType::Everyone, can_reply, "reply-all", t!(lang, "回复所有人", "Reply to everyone")),
        (ReplyType::AgentsOnly, can_note, "lock", t!(lang, "仅客服可见", "Agents only")),
    ];
    let radios: Vec<AnyView> = audience
        .into_iter()
        .filter(|(_, is_allowed, ..)| *is_allowed)
        .map(|(row, _, icon_name, words)| {
            let is_chosen = chosen == row.key();
            view! { <label><input type="radio" name="input[reply_type]" value=row.key() checked=is_chosen/>{icon_s(icon_name)}{words}</label> }.into_any()
        })
        .collect();
    let saved = draft
        .map(|draft| t!(lang, "草稿已存 {}", "Draft saved {}", draft.updated_at.relative(ctx.now(), &ctx.zone, lang)))
        .unwrap_or_default();
    let words = [
        saved,
        t!(lang, "草稿已存", "Draft saved").to_owned(),
        t!(lang, "草稿没有存上，会再试", "Draft not saved, trying again").to_owned(),
    ];
    let stale = form.problem("") == Some(Problem::Stale.text(lang));
    let summary = if stale { moved_on(lang) } else { form.summary() };
    let placeholder = t!(lang, "写给 {} 的回复", "Write to {}", ticket.customer.nickname);
    let files = draft.map(|draft| kept_files(lang, &draft.files));
    let area = view! {
        <textarea
            name="input[text]" id="ticket_reply-text" data-key="r" required=true maxlength=TEXT_MOST.to_string()
            aria-label=t!(lang, "回复内容", "Text of the reply") aria-invalid=form.problem("text").map(|_| "true") placeholder=placeholder
            inner_html=ui::form::text_inside(&text)
        ></textarea>
    };
    view! {
        <form class="composer" id="reply" method="post" action={path_of::<actions::ReplyTicket>()} enctype="multipart/form-data" aria-label=t!(lang, "回复", "Reply")>
            {hidden("ticket", head.id)}
            {hidden("seen_seq", last_seq)}
            {summary}
            <header>
                <div class="seg" role="radiogroup" aria-label=t!(lang, "谁能看到", "Who can see it")>{radios}</div>
                <span class="end"><DraftKeeper ticket=head.id seen_seq=last_seq words=words/></span>
            </header>
            {recipients(ctx, ticket)}
            {Rich::new(TEXT_MOST).html(rich_text).upload(path_of::<actions::KeepPicture>()).around(lang, area.into_any())}
            <p class="hint for-inner">{icon_s("lock")}" "{t!(lang, "只有能看到这张工单的同事会看到，不会发邮件给客户", "Only colleagues who can see this ticket read it. No mail goes to the customer.")}</p>
            {files}
            {super::own::before_end(form, ticket)}
            {foot(ctx, form, head.status)}
            {line(form)}
        </form>
        {draft.map(|_| view! { <form class="row" method="post" action={path_of::<actions::DiscardDraft>()} data-discards="true">{hidden("ticket", head.id)}<button class="btn quiet mini" type="submit">{t!(lang, "放弃草稿", "Discard draft")}</button></form> })}
    }
    .into_any()
}

/// The ticket moved on while the reply was written; it has not been sent.
fn moved_on(lang: Lang) -> AnyView {
    view! {
        <div class="note warn" role="alert">
            {icon("triangle-alert")}
            <div><b>{t!(lang, "还没有发出：您写的时候工单有了新变化", "Not sent yet: the ticket moved on while you wrote")}</b><div class="dim">{t!(lang, "请看看上面的新内容，需要的话改一改，再发送。附件要重新选择。", "Read what is new above, change your reply if need be, and send again. Choose files again.")}</div></div>
        </div>
    }
    .into_any()
}

/// To whom it goes, by which address.
fn recipients(ctx: &Ctx, ticket: &Detail) -> AnyView {
    let lang = ctx.lang();
    let Some(email) = ticket.customer.emails.first() else {
        let edit = ctx.may(Permission::CustomerEdit).then(
            || view! { <a class="link" href=format!("/customers/{}", ticket.customer.id)>{t!(lang, "去填写邮箱", "Add an address")}</a> },
        );
        return view! { <dl class="to for-all"><dt>{t!(lang, "收件人", "To")}</dt><dd><span class="mute">{t!(lang, "客户没有邮箱，回复只存在工单里，不会发邮件", "The customer has no e-mail: the reply stays in the ticket, no mail goes out")}</span>{edit}</dd></dl> }.into_any();
    };
    let copies: Vec<AnyView> =
        ticket.ticket.cc.iter().map(|address| view! { <span class="tag line">{address.clone()}</span> }.into_any()).collect();
    let copies = (!copies.is_empty()).then(|| view! { <dt>{t!(lang, "抄送", "CC")}</dt><dd>{copies}</dd> });
    let from = ticket
        .ticket
        .mailbox_address
        .as_ref()
        .map(|address| view! { <span class="end mute small">{t!(lang, "由 {} 发出", "from {}", address)}</span> });
    view! {
        <dl class="to for-all">
            <dt>{t!(lang, "收件人", "To")}</dt>
            <dd><span class="tag line" title=email.clone()>{ticket.customer.nickname.clone()}</span><span class="mute small">{email.clone()}</span>{from}</dd>
            {copies}
        </dl>
    }
    .into_any()
}

/// Files that came back with a reply that was taken back.
fn kept_files(lang: Lang, files: &[MessageFile]) -> Option<AnyView> {
    let rows: Vec<AnyView> = files
        .iter()
        .map(|file| {
            view! { <li><label class="file"><input type="checkbox" name="input[files][]" value=file.id.to_string() checked=true/>{icon("file-text")}<b>{file.name.clone()}</b><small>{super::mark::size(file.size)}</small></label></li> }.into_any()
        })
        .collect();
    (!rows.is_empty()).then(|| view! { <ul class="files" aria-label=t!(lang, "撤回的附件", "Files taken back")>{rows}</ul> }.into_any())
}

fn foot(ctx: &Ctx, form: &FormState, now: Status) -> AnyView {
    let lang = ctx.lang();
    let chosen = form.value_or("status", "");
    let automatic = if now.is_open() {
        t!(lang, "自动：等待回复", "Automatic: waiting")
    } else {
        t!(lang, "自动：保持不变", "Automatic: unchanged")
    };
    let offered: &[Status] = if now.is_open() { &[Status::InProgress, Status::WaitingReply, Status::Solved, Status::Closed] } else { &[] };
    let offered = offered.iter().filter(|status| **status != Status::Closed || ctx.may(Permission::TicketClose));
    let offered = offered.map(|status| (status.key(), status.label(lang)));
    let options = ui::option::options(core::iter::once(("", automatic)).chain(offered), &chosen);
    let attach = t!(lang, "添加附件，每个最大 20 MB", "Attach files, at most 20 MB each");
    let problem = form.problem("files");
    let wrong = problem.map(|text| view! { <span class="wrong" id="ticket_reply-files-h">{icon_s("triangle-alert")}{text}</span> });
    let files = FileInput::new("ticket_reply-files", "files", t!(lang, "添加附件", "Attach files")).many().named(attach);
    let files = if problem.is_some() { files.below("ticket_reply-files-h", problem) } else { files };
    view! {
        <footer>
            <div class="tools">
                {files.view(lang)}
                {wrong}
            </div>
            <span class="end">
                <label class="row tight small mute"><span class="not-phone">{t!(lang, "发送后", "then")}</span><select class="input" name="input[status]" aria-label=t!(lang, "发送后的状态", "Status after sending")>{options}</select></label>
                <button class="btn main for-all" type="submit">{icon("send")}{t!(lang, "发送回复", "Send reply")}</button>
                <button class="btn main for-inner" type="submit">{icon("lock")}{t!(lang, "写下备注", "Add note")}</button>
            </span>
        </footer>
    }
    .into_any()
}
