//! 客户填写: the card on the ticket's page that asks the customer, and the page behind the link, which needs neither sign-in
//! nor scripting. Opening it changes nothing.

use crate::actions::own::{AnswerForm, AskCustomer};
use crate::commands::form::visitor;
use crate::model::Status;
use crate::model::claim::{Claim, claim_values};
use crate::model::field::TicketField;
use crate::model::template::Demand;
use crate::queries::detail::Detail;
use crate::queries::form::{self, CustomerForm, FormPage};
use crate::queries::place::Place;
use kernel::answer::{all_words, values_of};
use kernel::ctx::Ctx;
use kernel::error::{Error, Problem, Result};
use kernel::field::{Answer, answer_name};
use kernel::lang::Lang;
use kernel::permission::Permission;
use kernel::t;
use leptos::prelude::*;
use serde::Deserialize;
use ui::form::own::{self, Needed};
use ui::form::{FormState, element_id, hidden, path_of, text_inside};
use ui::icon::{icon, icon_s};
use ui::islands::copy::Copy;
use ui::page::Page;
use ui::public::{Frame, Said, Tone, public};
use ui::visit::{Place as Address, PublicVisit};

/// The customer's form.
const FORM: &str = "answer";

/// The card of the ticket's page; nothing where nothing is asked of the customer.
pub(crate) fn card(ctx: &Ctx, ticket: &Detail) -> Option<AnyView> {
    let (lang, asked, head) = (ctx.lang(), ticket.customer_form.as_ref()?, &ticket.ticket);
    let is_over = matches!(head.status, Status::Closed | Status::Deleted);
    let ask = (!is_over && ctx.may(Permission::TicketReply)).then(|| {
        let words = if asked.expires_at.is_some() {
            t!(lang, "再请客户填写", "Ask the customer again")
        } else {
            t!(lang, "请客户填写", "Ask the customer")
        };
        view! {
            <form method="post" action={path_of::<AskCustomer>()}>
                {hidden("ticket", head.id)}
                {hidden("seen_seq", head.last_seq)}
                <button class="btn" type="submit">{icon("send")}{words}</button>
            </form>
            <p class="small mute">{t!(lang, "回复里写 {} 也会变成这个链接", "In a reply {} becomes this link too", Place::Form.typed())}</p>
        }
    });
    let left = (asked.empty > 0).then(|| view! { <span class="tag">{t!(lang, "{} 项待填", "{} to fill in", asked.empty)}</span> });
    Some(
        view! {
            <section class="card" id="customer-form">
                <header><h2>{t!(lang, "客户填写", "Filled in by the customer")}</h2>{left}</header>
                <div class="in stack">
                    <p>{asked.labels.join(t!(lang, "、", ", "))}</p>
                    {standing(ctx, asked)}
                    {asked.link.as_deref().map(|link| shown(lang, link))}
                    {ask}
                </div>
            </section>
        }
        .into_any(),
    )
}

/// How far it is.
fn standing(ctx: &Ctx, asked: &CustomerForm) -> AnyView {
    let lang = ctx.lang();
    let answered = asked.answered_at.map(|at| {
        view! { <p class="row tight">{icon_s("check")}{t!(lang, "客户已填写 ", "Filled in by the customer ")}{ui::time::ago(at, ctx)}</p> }
    });
    let until = match asked.expires_at {
        Some(at) if at <= ctx.now() => t!(lang, "链接已于 {} 过期", "The link expired {}", at.table(&ctx.zone)),
        Some(at) => t!(lang, "链接有效期至 {}", "The link is valid until {}", at.table(&ctx.zone)),
        None => t!(lang, "还没有请客户填写", "The customer was not asked yet").to_owned(),
    };
    view! { {answered}<p class="small mute">{until}</p> }.into_any()
}

/// The link: it can be marked without scripting, and copied with it.
fn shown(lang: Lang, link: &str) -> AnyView {
    let words = [t!(lang, "复制填写链接", "Copy the link"), t!(lang, "已复制", "Copied")].map(str::to_owned);
    view! {
        <div class="field">
            <label for="form-link">{t!(lang, "填写链接", "Link to the form")}</label>
            <span class="row tight take-along"><input class="input mono" id="form-link" readonly=true value=link.to_owned()/><Copy text=link.to_owned() words=words/></span>
        </div>
    }
    .into_any()
}

#[derive(Debug, Default, Deserialize)]
struct FormQuery {
    done: Option<String>,
}

/// 客户填写页, `/f/{token}`. Public: the link itself is the right. States: the form, done, over, forged. What was typed and is
/// not taken any more stands below each of them, to be copied.
pub async fn form_page(visit: PublicVisit) -> Result<Page> {
    let (lang, token, state) = (visit.lang(), visit.param::<String>("token")?, visit.form(FORM));
    let ctx = match visitor(&visit.app, &token, visit.request.clone()).await {
        Err(Error::Problems(_)) => return Ok(forged(lang, visit.place, state)),
        other => other?,
    };
    // A form that was sent with no place to have been drawn at was drawn at the first: what differs is told.
    let seen_seq = state.is_shown_again().then(|| state.value_or("seen_seq", "").parse::<i32>().unwrap_or_default());
    let page = form::page(&ctx, &token, seen_seq).await?;
    let frame = Frame { lang, company: ctx.company_name.to_string(), place: visit.place.clone() };
    let title = t!(lang, "补充信息 · {}", "A few details · {}", ctx.company_name);
    let until = page.expires_at.table(&ctx.zone);
    if let Some(problem) = page.refusal {
        let said = Said {
            tone: Tone::Warn,
            icon: "timer-off",
            title: problem.text(lang).to_owned(),
            text: t!(lang, "有话想说，请直接联系我们的客服。", "To tell us anything, get in touch with our support team.").to_owned(),
            link: None,
            foot: t!(lang, "工单 {}", "Ticket {}", page.number),
        };
        return Ok(public(title, lang, 410, move || frame.around(below(said, unsent(&state, &page.known, &[])))));
    }
    let is_done = visit.query::<FormQuery>().done.is_some() && page.answered_at.is_some() && !state.is_shown_again();
    if page.fields.is_empty() || is_done {
        let said = done(lang, &visit.place, &page, &until);
        return Ok(public(title, lang, 200, move || frame.around(below(said, unsent(&state, &page.known, &[])))));
    }
    Ok(public(title, lang, 200, move || frame.around(form(&state, &page, &token, &until))))
}

/// What is said, and below it what was typed.
fn below(said: Said, unsent: Option<AnyView>) -> AnyView {
    view! { {said.view()}{unsent} }.into_any()
}

/// What was typed into fields that are not drawn, to be copied from here: `known` still have a name.
fn unsent(state: &FormState, known: &[TicketField], drawn: &[(TicketField, Demand)]) -> Option<AnyView> {
    let lang = state.lang();
    let is_drawn = |name: &str| drawn.iter().any(|(field, _)| answer_name(field.id) == name);
    let mut names: Vec<&str> = Vec::new();
    for (name, value) in state.typed() {
        if name.starts_with("fields[") && !value.trim().is_empty() && !is_drawn(name) && !names.contains(&name.as_str()) {
            names.push(name);
        }
    }
    let rows: Vec<AnyView> = names
        .into_iter()
        .map(|name| {
            let (id, between) = (element_id("unsent", name), t!(lang, "、", ", "));
            let mut values = state.ticked_or(name, &[]);
            values.retain(|value| !value.is_empty());
            let (label, text) = match known.iter().find(|field| answer_name(field.id) == name) {
                Some(field) => (field.label.clone(), all_words(field.kind, &values, between)),
                None => (t!(lang, "您填写的内容", "What you filled in").to_owned(), values.join(between)),
            };
            view! {
                <div class="field">
                    <label for=id.clone()>{label}</label>
                    <textarea class="input" id=id rows="2" readonly=true inner_html=text_inside(&text)></textarea>
                </div>
            }
            .into_any()
        })
        .collect();
    (!rows.is_empty()).then(|| {
        view! {
            <section class="stack" id="unsent">
                <p class="small mute">{t!(lang, "这些内容没有保存，您可以从这里复制：", "This was not saved. You can copy it from here:")}</p>
                {rows}
            </section>
        }
        .into_any()
    })
}

/// Nothing is asked any more, or everything was sent.
fn done(lang: Lang, place: &Address, page: &FormPage, until: &str) -> Said {
    let is_asked = !page.fields.is_empty();
    let change = place.with(&[("done", ""), ("lang", lang.key())]);
    Said {
        tone: Tone::Ok,
        icon: "check",
        title: if page.answered_at.is_some() {
            t!(lang, "谢谢，已经收到", "Thank you, we have it")
        } else {
            t!(lang, "现在没有要填写的", "Nothing to fill in now")
        }
        .to_owned(),
        text: page.title.clone(),
        link: is_asked.then_some((change, t!(lang, "修改填写的内容", "Change what was filled in"))),
        foot: if is_asked {
            t!(lang, "{} 前、工单关闭前可以修改", "You can change it until {}, unless the ticket is closed before", until)
        } else {
            String::new()
        },
    }
}

fn form(state: &FormState, page: &FormPage, token: &str, until: &str) -> AnyView {
    let lang = state.lang();
    let controls: Vec<AnyView> = page.fields.iter().map(|(field, demand)| control(state, page, field, *demand)).collect();
    let unsent = unsent(state, &page.known, &page.fields);
    view! {
        <form class="rate" method="post" action={path_of::<AnswerForm>()}>
            {hidden("token", token)}{hidden("lang", lang.key())}{hidden("seen_seq", page.last_seq)}
            {state.summary()}
            <div class="ask">
                <h1>{t!(lang, "请补充几项信息", "A few details, please")}</h1>
                <p class="about">{icon("ticket")}<span><b>{page.title.clone()}</b><small>{t!(lang, "工单 {}", "Ticket {}", page.number)}</small></span></p>
            </div>
            <div class="stack">{controls}</div>
            {unsent}
            <button class="btn main big" type="submit">{t!(lang, "提交", "Send")}</button>
            <p class="small mute center">{t!(lang, "{} 前可随时打开此链接修改，工单关闭后不能再改", "You can change it with this link until {}, unless the ticket is closed before", until)}</p>
        </form>
    }
    .into_any()
}

/// A field of the form. Shown again, it has what was typed unless the customer had left it as it was: then it has what it is by
/// now. What somebody else changed as well says so.
fn control(state: &FormState, page: &FormPage, field: &TicketField, demand: Demand) -> AnyView {
    let (lang, name, needed) = (state.lang(), answer_name(field.id), Needed::from(demand != Demand::Never));
    let now = values_of(page.kept.get(field.id.to_string()));
    if !state.is_shown_again() {
        return own::control(state, &name, &field.asked(), &now, needed);
    }
    let typed = Answer::Many(state.ticked_or(&name, &[])).values();
    let claim = claim_values(Some(page.were.get(&field.id).unwrap_or(&now)), &typed, &now);
    if !state.was_sent(&name) || claim == Claim::Untouched {
        return own::control(&state.with_values(&name, &now), &name, &field.asked(), &now, needed);
    }
    let drawn = own::control(state, &name, &field.asked(), &now, needed);
    let theirs = (claim == Claim::Conflict).then(|| {
        let words = all_words(field.kind, &now, t!(lang, "、", ", "));
        let words = if words.is_empty() { t!(lang, "空", "empty").to_owned() } else { words };
        view! { <p class="small mute">{t!(lang, "现在是：{}", "It is now: {}", words)}</p> }
    });
    view! { <div class="stack near">{drawn}{theirs}</div> }.into_any()
}

fn forged(lang: Lang, place: Address, state: FormState) -> Page {
    let frame = Frame { lang, company: "Kefu".to_owned(), place };
    let said = Said {
        tone: Tone::Warn,
        icon: "unlink",
        title: t!(lang, "这个填写链接无效", "This link is not valid").to_owned(),
        text: t!(
            lang,
            "它可能没有复制完整，或者已经换成了新的。请回到最近收到的邮件或消息里，从那里再打开一次。",
            "It may not be complete, or a newer one took its place. Go back to the latest mail or message it came in and open it from there."
        )
        .to_owned(),
        link: None,
        foot: String::new(),
    };
    public(Problem::FormLinkUnknown.text(lang), lang, 404, move || frame.around(below(said, unsent(&state, &[], &[]))))
}
