//! 邮箱表单: address, servers, and what its tickets start from.

use crate::actions::{CheckMailbox, DeleteMailbox};
use crate::model::Encryption;
use crate::queries::mailbox::MailboxForm;
use kernel::id::MailboxId;
use kernel::lang::Lang;
use kernel::t;
use leptos::prelude::*;
use ui::dialog::{Confirm, confirm};
use ui::form::choice::{Check, Select};
use ui::form::field::{Input, why};
use ui::form::{FormState, hidden, path_of};
use ui::icon::icon;

/// What the form shows.
pub struct Shown<'a> {
    /// Where it posts to.
    pub path: &'static str,
    /// The mailbox; none for a new one.
    pub mailbox: Option<&'a MailboxForm>,
    /// The group that a new mailbox starts with.
    pub start_group: Option<String>,
    /// Groups to choose from.
    pub groups: &'a [(String, String)],
    /// What was typed before.
    pub state: &'a FormState,
}

/// The form, with a section above it.
#[must_use]
pub fn form(shown: &Shown<'_>, above: impl IntoView + 'static) -> AnyView {
    let lang = shown.state.lang();
    let ids = shown.mailbox.map(|mailbox| view! { {hidden("id", mailbox.id)}{hidden("version", mailbox.version)} });
    view! {
        <form class="settings" method="post" action=shown.path>
            <div class="body sections">
                {shown.state.summary()}
                {ids}
                {above.into_any()}
                {basics(shown, lang)}
                {fetching(shown, lang)}
                {sending(shown, lang)}
                {trust(shown, lang)}
            </div>
            <div class="savebar" role="region" aria-label=t!(lang, "保存", "Save")>
                {why(shown.state)}
                <span class="end row">
                    <a class="btn quiet" href="/settings/mailboxes">{t!(lang, "取消", "Cancel")}</a>
                    <button class="btn" type="submit" formaction={path_of::<CheckMailbox>()}>{icon("activity")}{t!(lang, "测试连接并保存", "Test and save")}</button>
                    <button class="btn main" type="submit">{t!(lang, "保存邮箱", "Save mailbox")}</button>
                </span>
            </div>
        </form>
    }
    .into_any()
}

/// Deleting asks first.
#[must_use]
pub fn delete_button(id: MailboxId, address: &str, lang: Lang) -> AnyView {
    confirm(
        "btn risky",
        t!(lang, "删除邮箱", "Delete mailbox"),
        Confirm {
            id: "delete-mailbox",
            title: t!(lang, "删除 {}？", "Delete {}?", address),
            text: t!(
                lang,
                "不再收取和发送，保存的密码会清除。邮件和工单都保留。",
                "It is not fetched and sends nothing any more, and its passwords go. Mails and tickets stay."
            )
            .to_owned(),
            keep: t!(lang, "保留邮箱", "Keep it").to_owned(),
            act: t!(lang, "删除邮箱", "Delete mailbox").to_owned(),
            path: path_of::<DeleteMailbox>(),
            fields: vec![("id".to_owned(), id.to_string())],
        },
    )
}

fn basics(shown: &Shown<'_>, lang: Lang) -> AnyView {
    let (mailbox, form) = (shown.mailbox, shown.state);
    let start = |of: fn(&MailboxForm) -> &str| mailbox.map(of).unwrap_or_default().to_owned();
    let group = match mailbox {
        Some(mailbox) => mailbox.group_id.map(|id| id.to_string()),
        None => shown.start_group.clone(),
    };
    let only_new = mailbox.is_none_or(|mailbox| !mailbox.is_fetched).then(|| {
        Check::new("only_new", t!(lang, "只收新邮件", "Only new mail"))
            .checked(true)
            .hint(t!(lang, "邮箱里已有的邮件不变成工单", "What lies in the mailbox already does not become tickets"))
            .view(form)
    });
    view! {
        <section aria-labelledby="m1">
            <div class="side-h"><h2 id="m1">{t!(lang, "地址", "Address")}</h2><p>{t!(lang, "一个地址只能属于一家公司。", "An address belongs to one company.")}</p></div>
            <div class="card"><div class="in two">
                {Input::text("address", t!(lang, "邮箱地址", "Mail address")).kind("email").value(start(|mailbox| &mailbox.address)).max(254).required().view(form)}
                {Input::text("display_name", t!(lang, "发件人名称", "Sender's name")).value(start(|mailbox| &mailbox.display_name)).max(100)
                    .hint(t!(lang, "不填就用公司名称", "The company's name when empty")).view(form)}
                {Select::new("group", t!(lang, "新工单的受理组", "Group of new tickets")).options(shown.groups.to_vec()).selected(group.unwrap_or_default())
                    .empty(t!(lang, "不指定", "None")).view(form)}
                {Check::new("enabled", t!(lang, "启用", "In use")).checked(mailbox.is_none_or(|mailbox| mailbox.enabled))
                    .hint(t!(lang, "停用后不再收发，邮件和工单都保留", "When off, nothing is fetched or sent; mails and tickets stay")).switch().view(form)}
                {only_new}
            </div></div>
        </section>
    }
    .into_any()
}

fn fetching(shown: &Shown<'_>, lang: Lang) -> AnyView {
    let (mailbox, form) = (shown.mailbox, shown.state);
    let start = |of: fn(&MailboxForm) -> &str| mailbox.map(of).unwrap_or_default().to_owned();
    let hint = password_hint(mailbox.filter(|mailbox| mailbox.has_imap_password), lang);
    view! {
        <section aria-labelledby="m2">
            <div class="side-h"><h2 id="m2">{t!(lang, "收取（IMAP）", "Fetching (IMAP)")}</h2><p>{t!(lang, "只读取，不改动服务器上的邮件。", "Mails are read; nothing on the server changes.")}</p></div>
            <div class="card"><div class="in two">
                {Input::text("imap_host", t!(lang, "IMAP 服务器", "IMAP server")).value(start(|mailbox| &mailbox.imap_host)).max(253).class("mono")
                    .placeholder("imap.exmail.qq.com").hint(t!(lang, "不填就不收取", "Empty: nothing is fetched")).view(form)}
                {Input::text("imap_port", t!(lang, "端口", "Port")).kind("number").value(mailbox.map_or(993, |mailbox| mailbox.imap_port)).class("short").view(form)}
                {Select::new("imap_tls", t!(lang, "加密", "Encryption")).options(encryptions(lang))
                    .selected(mailbox.map_or(Encryption::Tls, |mailbox| mailbox.imap_tls).key()).required().view(form)}
                {Input::text("imap_folder", t!(lang, "文件夹", "Folder")).value(mailbox.map_or_else(|| "INBOX".to_owned(), |mailbox| mailbox.imap_folder.clone())).max(200).view(form)}
                {Input::text("imap_user", t!(lang, "用户名", "User name")).value(start(|mailbox| &mailbox.imap_user)).max(200).autocomplete("off")
                    .hint(t!(lang, "不填就用邮箱地址", "The address when empty")).view(form)}
                {Input::password("password_imap", t!(lang, "密码", "Password")).max(500).autocomplete("new-password").hint(hint).view(form)}
            </div></div>
        </section>
    }
    .into_any()
}

fn sending(shown: &Shown<'_>, lang: Lang) -> AnyView {
    let (mailbox, form) = (shown.mailbox, shown.state);
    let start = |of: fn(&MailboxForm) -> &str| mailbox.map(of).unwrap_or_default().to_owned();
    let hint = password_hint(mailbox.filter(|mailbox| mailbox.has_smtp_password), lang);
    let is_limited = mailbox.is_some_and(|mailbox| !mailbox.smtp_host.is_empty() && !mailbox.sends_account_letters);
    let limits = is_limited.then(|| {
        let text = t!(
            lang,
            "账号邀请和重置密码的邮件不经这台服务器：填写它的人没有“公司设置”权限。有权限的人重新填写密码并保存后即可。",
            "Invitations and password links do not go by this server: whoever entered it may not change the company's settings. Somebody who may can type the password again and save."
        );
        view! { <p class="hint wide">{text}</p> }
    });
    view! {
        <section aria-labelledby="m3">
            <div class="side-h"><h2 id="m3">{t!(lang, "发送（SMTP）", "Sending (SMTP)")}</h2><p>{t!(lang, "不填服务器时，发出的邮件留在邮件台账里。", "Without a server, outgoing mail stays in the mail ledger.")}</p></div>
            <div class="card"><div class="in two">
                {Input::text("smtp_host", t!(lang, "SMTP 服务器", "SMTP server")).value(start(|mailbox| &mailbox.smtp_host)).max(253).class("mono").placeholder("smtp.exmail.qq.com").view(form)}
                {Input::text("smtp_port", t!(lang, "端口", "Port")).kind("number").value(mailbox.map_or(465, |mailbox| mailbox.smtp_port)).class("short").view(form)}
                {Select::new("smtp_tls", t!(lang, "加密", "Encryption")).options(encryptions(lang))
                    .selected(mailbox.map_or(Encryption::Tls, |mailbox| mailbox.smtp_tls).key()).required().view(form)}
                {Input::text("smtp_user", t!(lang, "用户名", "User name")).value(start(|mailbox| &mailbox.smtp_user)).max(200).autocomplete("off")
                    .hint(t!(lang, "不填就用邮箱地址", "The address when empty")).view(form)}
                {Input::password("password_smtp", t!(lang, "密码", "Password")).max(500).autocomplete("new-password").hint(hint).view(form)}
                {limits}
            </div></div>
        </section>
    }
    .into_any()
}

fn trust(shown: &Shown<'_>, lang: Lang) -> AnyView {
    let value = shown.mailbox.map(|mailbox| mailbox.authserv_id.clone()).unwrap_or_default();
    let hint = t!(
        lang,
        "收信服务器在 Authentication-Results 里写的名字，打开一封邮件的源码就能看到",
        "The name your receiving server writes into Authentication-Results; look at the source of any mail"
    );
    view! {
        <section aria-labelledby="m4">
            <div class="side-h"><h2 id="m4">{t!(lang, "发件人验证", "Verification")}</h2><p>{t!(lang, "填写后，客服才能通过邮件回复客户；冒名的邮件会有提示。", "Needed for agents to answer customers by mail, and for warnings about forged senders.")}</p></div>
            <div class="card"><div class="in">
                {Input::text("authserv_id", t!(lang, "可信的验证服务器", "Trusted verifying server")).value(value).max(200).class("mono").placeholder("mx.company.com").hint(hint).view(shown.state)}
            </div></div>
        </section>
    }
    .into_any()
}

fn encryptions(lang: Lang) -> Vec<(&'static str, &'static str)> {
    [Encryption::Tls, Encryption::StartTls, Encryption::None].map(|way| (way.key(), way.label(lang))).into()
}

/// What a mailbox that keeps a password says beside its field, and what one without says.
fn password_hint(keeps_one: Option<&MailboxForm>, lang: Lang) -> &'static str {
    if keeps_one.is_some() {
        t!(lang, "已保存，不填就不改；换服务器要重新填写", "Kept: leave empty to keep it; type it again for another server")
    } else {
        t!(lang, "QQ、网易等邮箱用客户端授权码，不是登录密码", "Many providers want an app password here")
    }
}
