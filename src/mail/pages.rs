//! Pages of mail: the ledger, one mail of it, mailboxes. What they show is drawn in `pages/`.

mod entry;
mod form;
mod health;
mod ledger;
mod word;

use crate::actions::{CreateMailbox, EditMailbox};
use crate::model::LedgerFilter;
use crate::queries;
use axum::body::Body;
use axum::http::{HeaderMap, header};
use axum::response::Response;
use identity::model::GroupKind;
use kernel::error::{Error, Result};
use kernel::id::{MailId, MailboxId};
use kernel::lang::Lang;
use kernel::permission::Permission;
use kernel::t;
use leptos::prelude::*;
use ui::empty::empty;
use ui::form::path_of;
use ui::frame;
use ui::icon::icon;
use ui::page::Page;
use ui::visit::Visit;

/// 邮件台账: every mail in or out with its verdict.
pub async fn ledger_page(visit: Visit) -> Result<Page> {
    let (lang, ctx) = (visit.lang(), visit.ctx.clone());
    let filter = visit.query::<LedgerFilter>();
    let list = queries::ledger::list(&ctx, &filter).await?;
    let troubles = queries::ledger::troubles(&ctx).await?;
    let mut tx = ctx.read().await?;
    let mailboxes = queries::mailbox::options(&mut tx).await?;
    drop(tx);
    let page = Page::new(t!(lang, "邮件台账", "Mail ledger")).crumb(t!(lang, "工单", "Tickets"), "/tickets").lead(t!(
        lang,
        "每一封进出的邮件都在这里，连同它的去处和原因，一封不少。",
        "Every mail in and out, with what became of it and why. None is missing."
    ));
    Ok(page.body(move || ledger::body(ledger::Shown { list, filter, troubles, mailboxes, visit })))
}

/// 邮件: one mail with its verdict, what led to it, its words and its source.
pub async fn mail_page(visit: Visit) -> Result<Page> {
    let (lang, ctx) = (visit.lang(), visit.ctx.clone());
    let id: MailId = visit.param("id")?;
    let entry = queries::ledger::entry(&ctx, id).await?;
    let replay = visit.form("mail_replay");
    let title =
        if entry.row.subject.is_empty() { t!(lang, "（无主题）", "(no subject)").to_owned() } else { entry.row.subject.clone() };
    let page = Page::new(title).crumb(t!(lang, "工单", "Tickets"), "/tickets").crumb(t!(lang, "邮件台账", "Mail ledger"), "/mail");
    let page = match entry.withheld {
        Some(_) => page,
        None => page.action(move || view! { <a class="btn" href=format!("/mail/{id}/source") download="">{icon("download")}{t!(lang, "下载 .eml", "Download .eml")}</a> }),
    };
    Ok(page.body(move || view! { {replay.summary()}{entry::body(&entry, &ctx)} }))
}

/// 邮件正文: the words of a mail for their frame.
pub async fn body(visit: Visit, _headers: HeaderMap) -> Result<Response> {
    let letter = queries::ledger::body(&visit.ctx, visit.param("id")?).await?;
    frame::document(&letter, &visit)
}

/// 邮件源码: the raw source as a file.
pub async fn source(visit: Visit, _headers: HeaderMap) -> Result<Response> {
    let (name, raw) = queries::source(&visit.ctx, visit.param("id")?).await?;
    Response::builder()
        .header(header::CONTENT_TYPE, "message/rfc822")
        .header(header::CONTENT_DISPOSITION, kernel::store::disposition(&name, false))
        .header(header::CACHE_CONTROL, "no-store")
        .body(Body::from(raw))
        .map_err(Error::internal)
}

/// 邮箱列表, with their health.
pub async fn mailboxes_page(visit: Visit) -> Result<Page> {
    let (lang, ctx) = (visit.lang(), visit.ctx.clone());
    let rows = queries::mailbox::list(&ctx).await?;
    let page =
        Page::new(t!(lang, "邮箱", "Mailboxes")).history(&visit.ctx, "mailbox").crumb(t!(lang, "设置", "Settings"), "/settings").lead(t!(
            lang,
            "客户写给这些地址的邮件会变成工单，客服的回复也从这里发出。",
            "Mail to these addresses becomes tickets, and replies go out from them."
        ));
    if rows.is_empty() {
        return Ok(page.body(move || {
            let text = t!(
                lang,
                "添加一个邮箱，客户的来信就会变成工单。没有 SMTP 时，发出的邮件留在邮件台账里。",
                "Add a mailbox and customers' mail becomes tickets. Without SMTP, outgoing mail stays in the mail ledger."
            );
            empty("mail", t!(lang, "还没有邮箱", "No mailbox yet"), text, new_button(lang))
        }));
    }
    Ok(page.count(rows.len()).action(move || new_button(lang)).body(move || health::table(&rows, &ctx)))
}

/// 新建邮箱.
pub async fn new_mailbox_page(visit: Visit) -> Result<Page> {
    visit.ctx.require(Permission::MailboxManage)?;
    let (lang, state) = (visit.lang(), visit.form("mailbox"));
    let groups = groups(&visit).await?;
    let mut tx = visit.ctx.read().await?;
    let start_group = identity::queries::default_group(&mut tx, GroupKind::Ticket).await?.map(|id| id.to_string());
    drop(tx);
    let page = Page::new(t!(lang, "添加邮箱", "Add a mailbox"))
        .crumb(t!(lang, "设置", "Settings"), "/settings")
        .crumb(t!(lang, "邮箱", "Mailboxes"), "/settings/mailboxes")
        .lead(t!(lang, "填好后先测试连接，通过了再保存。", "Fill it in and test the connection; it is saved when it works."));
    Ok(page.body(move || {
        let path = path_of::<CreateMailbox>();
        form::form(&form::Shown { path, mailbox: None, start_group, groups: &groups, state: &state }, ())
    }))
}

/// 邮箱: one of them, with its health, its servers and what its tickets start from.
pub async fn mailbox_page(visit: Visit) -> Result<Page> {
    let (lang, ctx, state) = (visit.lang(), visit.ctx.clone(), visit.form("mailbox"));
    let id: MailboxId = visit.param("id")?;
    let mailbox = queries::mailbox::form(&ctx, id).await?;
    let row = queries::mailbox::list(&ctx).await?.into_iter().find(|row| row.id == id).ok_or(Error::NotFound)?;
    let groups = groups(&visit).await?;
    let may_audit = ctx.may(Permission::AuditView);
    let state_tag = health::state(&row);
    let address = mailbox.address.clone();
    let page = Page::new(address.clone())
        .crumb(t!(lang, "设置", "Settings"), "/settings")
        .crumb(t!(lang, "邮箱", "Mailboxes"), "/settings/mailboxes")
        .mark(move || health::tag_of(state_tag, lang))
        .action(move || may_audit.then(|| view! { <a class="btn not-phone" href=format!("/settings/audit?object={id}")>{icon("history")}{t!(lang, "修改记录", "History")}</a> }))
        .action(move || form::delete_button(id, &address, lang));
    Ok(page.body(move || {
        let health = health::section(&row, &ctx);
        let path = path_of::<EditMailbox>();
        form::form(&form::Shown { path, mailbox: Some(&mailbox), start_group: None, groups: &groups, state: &state }, health)
    }))
}

async fn groups(visit: &Visit) -> Result<Vec<(String, String)>> {
    let mut tx = visit.ctx.read().await?;
    let groups = identity::queries::group_options(&mut tx, GroupKind::Ticket).await?;
    Ok(groups.into_iter().map(|group| (group.id.to_string(), group.name)).collect())
}

fn new_button(lang: Lang) -> AnyView {
    view! { <a class="btn main" href="/settings/mailboxes/new">{icon("plus")}{t!(lang, "添加邮箱", "Add a mailbox")}</a> }.into_any()
}
