//! 邮箱健康: how a mailbox fares, in the list and on its own page.

use crate::queries::mailbox::MailboxRow;
use kernel::ctx::Ctx;
use kernel::error::Problem;
use kernel::lang::Lang;
use kernel::t;
use leptos::prelude::*;
use ui::icon::icon;
use ui::tag::{Tone, tag};

/// How a mailbox fares as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Not in use.
    Off,
    /// Fetching fails.
    FetchFails,
    /// Sending fails.
    SendFails,
    /// Not fetched yet.
    Starting,
    /// It only keeps or sends.
    OutOnly,
    /// All well.
    Well,
}

/// Judges a mailbox.
#[must_use]
pub fn state(row: &MailboxRow) -> State {
    match row {
        row if !row.enabled => State::Off,
        row if row.fetch_error.is_some() => State::FetchFails,
        row if row.send_error.is_some() => State::SendFails,
        row if row.imap_host.is_empty() => State::OutOnly,
        row if row.fetched_at.is_none() => State::Starting,
        _ => State::Well,
    }
}

/// The judgement as a tag.
#[must_use]
pub fn tag_of(state: State, lang: Lang) -> AnyView {
    match state {
        State::Off => tag(Tone::Line, "circle-minus", t!(lang, "已停用", "Off")),
        State::FetchFails => tag(Tone::Bad, "unplug", t!(lang, "收取失败", "Fetching fails")),
        State::SendFails => tag(Tone::Bad, "mail-x", t!(lang, "发送失败", "Sending fails")),
        State::Starting => tag(Tone::Info, "circle-dashed", t!(lang, "正在连接", "Connecting")),
        State::OutOnly => tag(Tone::Plain, "mail", t!(lang, "不收取", "Not fetched")),
        State::Well => tag(Tone::Ok, "circle-check", t!(lang, "正常", "Works")),
    }
}

/// The list of mailboxes.
#[must_use]
pub fn table(rows: &[MailboxRow], ctx: &Ctx) -> AnyView {
    let lang = ctx.lang();
    let rows: Vec<AnyView> = rows.iter().map(|row| line(row, ctx)).collect();
    let table = view! {
        <table class="table roomy fold" role="table" aria-label=t!(lang, "邮箱", "Mailboxes")>
            <thead role="rowgroup">
                <tr role="row">
                    <th role="columnheader" scope="col">{t!(lang, "地址", "Address")}</th>
                    <th role="columnheader" scope="col">{t!(lang, "状态", "State")}</th>
                    <th role="columnheader" scope="col">{t!(lang, "受理组", "Group")}</th>
                    <th role="columnheader" scope="col">{t!(lang, "上次收取", "Last fetched")}</th>
                    <th role="columnheader" scope="col">{t!(lang, "上次发送", "Last sent")}</th>
                    <th role="columnheader" scope="col" class="num">{t!(lang, "待发送", "Waiting")}</th>
                </tr>
            </thead>
            <tbody role="rowgroup">{rows}</tbody>
        </table>
    };
    view! { <div class="body"><section class="card">{ui::table::scroll(t!(lang, "邮箱", "Mailboxes"), table)}</section></div> }.into_any()
}

/// What a mailbox's own page says about it.
#[must_use]
pub fn section(row: &MailboxRow, ctx: &Ctx) -> AnyView {
    let lang = ctx.lang();
    let mut lines: Vec<AnyView> = Vec::new();
    let mut add = |kind: &'static str, title: String, text: String, end: AnyView| {
        let picture = match kind {
            "ok" => "circle-check",
            "bad" => "circle-x",
            "warn" => "triangle-alert",
            _ => "circle-minus",
        };
        let below = (!text.is_empty()).then(|| view! { <small>{text}</small> });
        lines.push(view! { <li class=kind>{icon(picture)}<div><b>{title}</b>{below}</div><span class="end">{end}</span></li> }.into_any());
    };
    let ago = |at: Option<kernel::time::Stamp>| at.map_or_else(|| ().into_any(), |at| ui::time::ago(at, ctx).into_any());
    match (&row.fetch_error, row.fetched_at) {
        _ if row.imap_host.is_empty() => {
            add(
                "off",
                t!(lang, "不收取邮件", "Mail is not fetched").to_owned(),
                t!(lang, "没有填写 IMAP 服务器", "No IMAP server is given").to_owned(),
                ().into_any(),
            );
        }
        (Some(error), _) => {
            let kept = t!(lang, "邮件还在服务器上，修好后会补收", "The mails are still on the server and are fetched once it works");
            add("bad", problem(error, lang), kept.to_owned(), ago(row.failing_since));
        }
        (None, Some(at)) => add("ok", t!(lang, "收取正常", "Fetching works").to_owned(), row.imap_host.clone(), ago(Some(at))),
        (None, None) => add("off", t!(lang, "还没有收取过", "Not fetched yet").to_owned(), row.imap_host.clone(), ().into_any()),
    }
    match (&row.send_error, row.sent_at) {
        (Some(error), _) => add(
            "bad",
            t!(lang, "发送失败，会继续重试", "Sending fails and is tried again").to_owned(),
            sending(error, lang),
            ago(row.sent_at),
        ),
        (None, Some(at)) => add("ok", t!(lang, "发送正常", "Sending works").to_owned(), row.smtp_host.clone(), ago(Some(at))),
        (None, None) if row.smtp_host.is_empty() => {
            let text = t!(
                lang,
                "没有填写 SMTP 服务器：发出的邮件留在邮件台账里，除非安装时配置了转发服务器",
                "No SMTP server is given: outgoing mail stays in the mail ledger, unless the installation has a relay"
            );
            add("warn", t!(lang, "不发送邮件", "Mail is not sent").to_owned(), text.to_owned(), ().into_any());
        }
        (None, None) => add("off", t!(lang, "还没有发送过", "Nothing sent yet").to_owned(), row.smtp_host.clone(), ().into_any()),
    }
    if row.quarantined > 0 {
        let id = row.id;
        let link = view! { <a class="link" href=format!("/mail?result=quarantined&mailbox={id}")>{t!(lang, "去处理", "Look at them")}</a> }
            .into_any();
        add("warn", t!(lang, "{} 封邮件在隔离", "{} mails in quarantine", row.quarantined), String::new(), link);
    }
    view! {
        <section aria-labelledby="m0">
            <div class="side-h"><h2 id="m0">{t!(lang, "健康", "Health")}</h2><p>{t!(lang, "新邮件随到随收；服务器不通时自动重试。", "Mail is fetched as it arrives; a silent server is tried again.")}</p></div>
            <div class="card"><ul class="health">{lines}</ul></div>
        </section>
    }
    .into_any()
}

fn line(row: &MailboxRow, ctx: &Ctx) -> AnyView {
    let lang = ctx.lang();
    let ago = |at: Option<kernel::time::Stamp>| match at {
        Some(at) => ui::time::ago(at, ctx).into_any(),
        None => view! { <span class="nil">"–"</span> }.into_any(),
    };
    let group = match &row.group_name {
        Some(name) => view! { {name.clone()} }.into_any(),
        None => view! { <span class="nil">"–"</span> }.into_any(),
    };
    let why = row.fetch_error.as_deref().map(|error| view! { <span class="sub">{problem(error, lang)}</span> });
    let name = (!row.display_name.is_empty()).then(|| view! { <span class="sub">{row.display_name.clone()}</span> });
    view! {
        <tr role="row">
            <th role="rowheader" scope="row"><a class="to" href=format!("/settings/mailboxes/{}", row.id)>{row.address.clone()}</a>{name}</th>
            <td role="cell" class="wrap">{tag_of(state(row), lang)}{why}</td>
            <td role="cell" data-k=t!(lang, "受理组", "Group")>{group}</td>
            <td role="cell" data-k=t!(lang, "上次收取", "Last fetched")>{ago(row.fetched_at)}</td>
            <td role="cell" data-k=t!(lang, "上次发送", "Last sent")>{ago(row.sent_at)}</td>
            <td role="cell" class="num" data-k=t!(lang, "待发送", "Waiting")>{row.waiting.to_string()}</td>
        </tr>
    }
    .into_any()
}

fn problem(key: &str, lang: Lang) -> String {
    match Problem::from_key(key) {
        Some(Problem::NotFound | Problem::BadChoice) => t!(lang, "服务器上没有这个文件夹", "The server has no such folder").to_owned(),
        found => found.unwrap_or(Problem::MailUnreachable).text(lang).to_owned(),
    }
}

/// What sending met: our own words, or the server's.
fn sending(error: &str, lang: Lang) -> String {
    match error {
        "auth" => Problem::MailAuthFailed.text(lang).to_owned(),
        "unreachable" | "timeout" => Problem::MailUnreachable.text(lang).to_owned(),
        other => other.to_owned(),
    }
}
