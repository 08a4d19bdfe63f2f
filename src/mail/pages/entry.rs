//! 邮件: one mail in full.

use super::word;
use crate::actions::ReplayMail;
use crate::model::{Direction, OutState, Reason, Verdict, Withheld};
use crate::queries::ledger::{LedgerEntry, Standing};
use kernel::ctx::Ctx;
use kernel::permission::Permission;
use kernel::t;
use leptos::prelude::*;
use ui::form::{hidden, path_of};
use ui::frame;
use ui::icon::{icon, icon_l};
use ui::islands::fit::FitFrames;
use ui::tag::{Tone, tag};

/// The page's body.
#[must_use]
pub fn body(entry: &LedgerEntry, ctx: &Ctx) -> AnyView {
    view! {
        <div class="body"><div class="split">
            <div>
                {verdict(entry, ctx)}
                {trail(entry, ctx)}
                {match entry.withheld {
                    Some(why) => unread(why, ctx),
                    None => view! { {words(entry, ctx)}{source(entry, ctx)} }.into_any(),
                }}
            </div>
            <aside aria-label=t!(ctx.lang(), "信封", "Envelope")>
                {envelope(entry, ctx)}
                {entry.withheld.is_none().then(|| view! { {checks(entry, ctx)}{files(entry, ctx)} })}
            </aside>
        </div></div>
    }
    .into_any()
}

/// What became of it, why, and what can be done.
fn verdict(entry: &LedgerEntry, ctx: &Ctx) -> AnyView {
    let (lang, row) = (ctx.lang(), &entry.row);
    let (tone, picture, words) = word::standing(row, lang);
    let class = match tone {
        Tone::Bad => "verdict bad",
        Tone::Warn => "verdict warn",
        Tone::Ok => "verdict ok",
        _ => "verdict info",
    };
    let ticket = row.ticket.map(
        |ticket| view! { <a class="btn" href=format!("/tickets/{ticket}")>{icon("ticket")}{t!(lang, "打开工单", "Open the ticket")}</a> },
    );
    let repeated = entry.duplicate_of.map(|ticket| view! { <a class="btn" href=format!("/tickets/{ticket}")>{icon("copy")}{t!(lang, "可能重复的工单", "Possible duplicate")}</a> });
    let detail = (!entry.detail.is_empty()).then(|| view! { " "<code>{entry.detail.clone()}</code> });
    let error = entry.last_error.clone().map(|error| {
        let tries = if row.standing == Standing::Out(OutState::Sent) {
            t!(lang, "没有送给以下抄送人：", "Not delivered to these in CC: ").to_owned()
        } else {
            t!(lang, "尝试 {} 次，服务器最后的答复：", "{} tries; the server's last answer: ", entry.attempts)
        };
        view! { <p>{tries}<code>{error}</code></p> }
    });
    let unsure = entry.possibly_sent.then(|| view! { <p>{t!(lang, "交出邮件后没有收到答复，可能已经送达；重试用同一个 Message-ID。", "No answer came after the mail was handed over, so it may have arrived; it is tried again under the same Message-ID.")}</p> });
    view! {
        <div class=class>
            {icon_l(picture)}<b>{words}</b>
            <span class="act">{ticket}{repeated}{again(entry, ctx)}</span>
            <p>{word::why(row, lang)}{detail}</p>
            {error}{unsure}
        </div>
    }
    .into_any()
}

/// Processing again, for mails that made no ticket.
fn again(entry: &LedgerEntry, ctx: &Ctx) -> AnyView {
    let (lang, row) = (ctx.lang(), &entry.row);
    let (label, force) = match row.standing {
        Standing::Judged(Verdict::Suppressed) => (t!(lang, "仍然建成工单", "Make a ticket anyway"), "true"),
        Standing::Judged(Verdict::Quarantined) if row.reason == Some(Reason::FetchFailed) => (t!(lang, "重新收取", "Fetch it again"), ""),
        Standing::Judged(Verdict::Quarantined) if row.reason == Some(Reason::SenderFlood) => {
            (t!(lang, "重新处理", "Process again"), "true")
        }
        Standing::Judged(Verdict::Quarantined) | Standing::Waiting => (t!(lang, "重新处理", "Process again"), ""),
        _ => return ().into_any(),
    };
    // Nothing comes of a mail that cannot be read; one that was not fetched is asked for at its server.
    let is_lost = entry.withheld == Some(Withheld::Lost) && row.reason != Some(Reason::FetchFailed);
    if is_lost || !ctx.may(Permission::MailReplay) {
        return ().into_any();
    }
    view! {
        <form method="post" action={path_of::<ReplayMail>()}>
            {hidden("mail", row.id)}
            {(!force.is_empty()).then(|| hidden("force", force))}
            <button class="btn" type="submit">{icon("rotate-ccw")}{label}</button>
        </form>
    }
    .into_any()
}

/// How it came to that, step by step.
fn trail(entry: &LedgerEntry, ctx: &Ctx) -> AnyView {
    let (lang, row) = (ctx.lang(), &entry.row);
    let mut steps: Vec<(Tone, String, String, Option<AnyView>)> = Vec::new();
    let when = |at| Some(ui::time::cell(at, ctx).into_any());
    if row.direction == Direction::Out {
        steps.push((
            Tone::Ok,
            t!(lang, "写好并保存", "Written and stored").to_owned(),
            t!(lang, "Message-ID 从此不变", "Its Message-ID never changes").to_owned(),
            when(row.received_at),
        ));
        if let Some(at) = entry.sent_at {
            steps.push((Tone::Ok, t!(lang, "邮件服务器已收下", "Taken over by the mail server").to_owned(), String::new(), when(at)));
        }
    } else {
        let way = match entry.uid {
            Some(uid) => t!(lang, "IMAP，{}，UID {}", "IMAP, {}, UID {}", row.mailbox, uid),
            None => t!(lang, "导入到 {}", "Imported to {}", row.mailbox),
        };
        steps.push((Tone::Ok, t!(lang, "收取并原样保存", "Received and stored as it came").to_owned(), way, when(row.received_at)));
        let stopped = row.reason.filter(|reason| (40..60).contains(&reason.code()));
        let unreadable = row.reason.filter(|reason| (60..80).contains(&reason.code()));
        match (unreadable, stopped) {
            (Some(reason), _) => {
                steps.push((Tone::Bad, t!(lang, "没有读成", "It could not be read").to_owned(), reason.label(lang).to_owned(), None))
            }
            (None, Some(reason)) => {
                steps.push((Tone::Warn, t!(lang, "拦截规则", "A guard stopped it").to_owned(), reason.label(lang).to_owned(), None))
            }
            (None, None) => steps.push((
                Tone::Ok,
                t!(lang, "不是自动回复，不是群发", "No automatic reply, no bulk mail").to_owned(),
                String::new(),
                None,
            )),
        }
        if unreadable.is_none() {
            let token = match (entry.has_token, row.ticket.is_some()) {
                (true, true) => t!(lang, "带有本系统的回复凭证", "It carries a reply token of ours"),
                (true, false) => t!(lang, "带有回复凭证，但没有并入工单", "It carries a reply token that led to no ticket"),
                (false, _) => t!(lang, "没有回复凭证", "It carries no reply token"),
            };
            steps.push((Tone::Ok, token.to_owned(), String::new(), None));
        }
        if let Some(at) = entry.settled_at {
            let (tone, _, words) = word::standing(row, lang);
            steps.push((if tone == Tone::Bad { Tone::Bad } else { Tone::Ok }, words, word::why(row, lang), when(at)));
        }
    }
    let steps: Vec<AnyView> = steps
        .into_iter()
        .map(|(tone, words, below, at)| {
            let picture = match tone {
                Tone::Warn => "triangle-alert",
                Tone::Bad => "circle-alert",
                _ => "check",
            };
            let below = (!below.is_empty()).then(|| view! { <small>{below}</small> });
            view! { <li class=tone.class()>{icon(picture)}<div>{words}{below}</div>{at}</li> }.into_any()
        })
        .collect();
    view! {
        <section class="card" aria-labelledby="trail-h">
            <header><h2 id="trail-h">{t!(lang, "怎么判断的", "How it came to that")}</h2></header>
            <div class="in"><ol class="trail">{steps}</ol></div>
        </section>
    }
    .into_any()
}

/// The body, in a frame that may do nothing.
fn words(entry: &LedgerEntry, ctx: &Ctx) -> AnyView {
    let (lang, id) = (ctx.lang(), entry.row.id);
    if entry.row.reason == Some(Reason::FetchFailed) {
        return ().into_any();
    }
    let height = frame::height(&entry.mail.text);
    view! {
        <section class="card" aria-labelledby="body-h">
            <header><h2 id="body-h">{t!(lang, "正文", "Body")}</h2></header>
            {frame::view(format!("/mail/{id}/body"), t!(lang, "邮件正文", "Body of the mail").to_owned(), height)}
            <FitFrames/>
        </section>
    }
    .into_any()
}

/// In place of the words that are not shown.
fn unread(why: Withheld, ctx: &Ctx) -> AnyView {
    let lang = ctx.lang();
    let text = match why {
        Withheld::Private => t!(
            lang,
            "这封邮件里有进入账号的链接，只有能管理这个账号的人可以看。",
            "This mail holds a link into an account, so only those who may manage that account can read it."
        ),
        Withheld::Gone => t!(
            lang,
            "这封邮件里有进入账号的链接，发出之后不再保存内容。",
            "This mail held a link into an account, so its words were deleted once it had gone out."
        ),
        Withheld::Lost => t!(
            lang,
            "存放原文的地方读不到这封邮件：文件不在了、已损坏，或存储暂时连不上。台账里记下的其他内容都在这一页上。",
            "The source of this mail cannot be read where it is stored: the file is gone or damaged, or the storage is out of reach. Everything else the ledger knows is on this page."
        ),
    };
    let picture = if why == Withheld::Lost { "triangle-alert" } else { "lock" };
    view! {
        <section class="card" aria-labelledby="body-h">
            <header><h2 id="body-h">{t!(lang, "正文", "Body")}</h2></header>
            <div class="in"><p class="dim">{icon(picture)}" "{text}</p></div>
        </section>
    }
    .into_any()
}

fn source(entry: &LedgerEntry, ctx: &Ctx) -> AnyView {
    let lang = ctx.lang();
    let cut = usize::try_from(entry.size).is_ok_and(|size| size > entry.head.len() + 64);
    let rest = cut.then(|| view! { <p class="small mute in">{t!(lang, "这里只有开头，完整源码请下载", "Only the beginning is shown: download the whole source")}</p> });
    view! {
        <section class="card" aria-labelledby="source-h">
            <header><h2 id="source-h">{t!(lang, "源码", "Source")}</h2></header>
            <pre class="raw fill" tabindex="0" role="group" aria-label=t!(lang, "邮件源码", "Source of the mail")>{entry.head.clone()}</pre>
            {rest}
        </section>
    }
    .into_any()
}

fn envelope(entry: &LedgerEntry, ctx: &Ctx) -> AnyView {
    let (lang, mail) = (ctx.lang(), &entry.mail);
    let list = |addresses: &[String]| match addresses {
        [] => view! { <dd class="nil">"–"</dd> }.into_any(),
        some => view! { <dd>{some.iter().take(20).cloned().collect::<Vec<_>>().join(", ")}</dd> }.into_any(),
    };
    let reply_to = mail.reply_to.clone().map(|address| view! { <dt>{t!(lang, "回复到", "Reply to")}</dt><dd>{address}</dd> });
    let id = mail.message_id.clone().map(|id| view! { <dt>"Message-ID"</dt><dd><code>{id}</code></dd> });
    view! {
        <section class="card">
            <header><h2>{t!(lang, "信封", "Envelope")}</h2></header>
            <div class="in"><dl class="facts">
                <dt>{t!(lang, "发件人", "From")}</dt><dd>{word::person(&mail.from_name, &mail.from_address)}</dd>
                {reply_to}
                <dt>{t!(lang, "收件人", "To")}</dt>{list(&mail.to)}
                <dt>{t!(lang, "抄送", "Cc")}</dt>{list(&mail.cc)}
                <dt>{t!(lang, "大小", "Size")}</dt><dd>{word::size(entry.size)}</dd>
                {id}
            </dl></div>
        </section>
    }
    .into_any()
}

/// What the mailbox's server says of the sender.
fn checks(entry: &LedgerEntry, ctx: &Ctx) -> AnyView {
    let lang = ctx.lang();
    if entry.row.direction == Direction::Out {
        return ().into_any();
    }
    let (mark, text) = if entry.sender.is_verified {
        (
            tag(Tone::Ok, "shield-check", t!(lang, "域名已验证", "Domain verified")),
            t!(lang, "邮箱服务器确认发件人的域名无误", "The mailbox's server vouches for the sender's domain"),
        )
    } else if entry.sender.is_refused {
        (tag(Tone::Bad, "shield-alert", t!(lang, "域名否认", "Domain refuses it")), Reason::SenderRefused.label(lang))
    } else {
        (
            tag(Tone::Plain, "shield", t!(lang, "未验证", "Not verified")),
            t!(lang, "邮箱设置里没有可信的验证服务器，或它没有给出结论", "No trusted server is set for the mailbox, or it gave no verdict"),
        )
    };
    view! {
        <section class="card">
            <header><h2>{t!(lang, "发件人验证", "Sender")}</h2></header>
            <div class="in stack near">{mark}<p class="small dim">{text}</p></div>
        </section>
    }
    .into_any()
}

fn files(entry: &LedgerEntry, ctx: &Ctx) -> AnyView {
    let lang = ctx.lang();
    let rows: Vec<AnyView> = entry
        .mail
        .attachments
        .iter()
        .map(|file| {
            let size = word::size(i64::try_from(file.content.len()).unwrap_or(i64::MAX));
            view! { <li><span class="file">{icon("paperclip")}<b>{file.name.clone()}</b><small>{size}</small></span></li> }.into_any()
        })
        .collect();
    let inside = if rows.is_empty() {
        view! { <p class="small mute">{t!(lang, "没有附件", "No files")}</p> }.into_any()
    } else {
        view! { <ul class="files">{rows}</ul> }.into_any()
    };
    view! { <section class="card"><header><h2>{t!(lang, "附件", "Files")}</h2></header><div class="in">{inside}</div></section> }.into_any()
}
