//! 客户填写: the card on the ticket's page that asks the customer, and the page behind the link, which needs neither sign-in
//! nor scripting. Opening it changes nothing.

use crate::actions::own::{AnswerForm, AskCustomer};
use crate::commands::form::visitor;
use crate::model::Status;
use crate::model::template::Demand;
use crate::queries::detail::Detail;
use crate::queries::form::{self, CustomerForm, FormPage};
use crate::queries::place::Place;
use kernel::answer::values_of;
use kernel::ctx::Ctx;
use kernel::error::{Error, Problem, Result};
use kernel::field::answer_name;
use kernel::lang::Lang;
use kernel::permission::Permission;
use kernel::t;
use leptos::prelude::*;
use serde::Deserialize;
use ui::form::own::{self, Needed};
use ui::form::{FormState, hidden, path_of};
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

/// 客户填写页, `/f/{token}`. Public: the link itself is the right. States: the form, done, over, forged.
pub async fn form_page(visit: PublicVisit) -> Result<Page> {
    let (lang, token) = (visit.lang(), visit.param::<String>("token")?);
    let ctx = match visitor(&visit.app, &token, visit.request.clone()).await {
        Err(Error::Problems(_)) => return Ok(forged(lang, visit.place)),
        other => other?,
    };
    let page = form::page(&ctx, &token).await?;
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
        return Ok(public(title, lang, 410, move || frame.around(said.view())));
    }
    let is_done = visit.query::<FormQuery>().done.is_some() && page.answered_at.is_some();
    if page.fields.is_empty() || is_done {
        let said = done(lang, &visit.place, &page, &until);
        return Ok(public(title, lang, 200, move || frame.around(said.view())));
    }
    let state = visit.form(FORM);
    Ok(public(title, lang, 200, move || frame.around(form(&state, &page, &token, &until))))
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
        link: is_asked.then(|| (change, t!(lang, "修改填写的内容", "Change what was filled in"))),
        foot: if is_asked {
            t!(lang, "{} 前、工单关闭前可以修改", "You can change it until {}, unless the ticket is closed before", until)
        } else {
            String::new()
        },
    }
}

fn form(state: &FormState, page: &FormPage, token: &str, until: &str) -> AnyView {
    let lang = state.lang();
    let controls: Vec<AnyView> = page
        .fields
        .iter()
        .map(|(field, demand)| {
            let values = values_of(page.kept.get(field.id.to_string()));
            own::control(state, &answer_name(field.id), &field.asked(), &values, Needed::from(*demand != Demand::Never))
        })
        .collect();
    view! {
        <form class="rate" method="post" action={path_of::<AnswerForm>()}>
            {hidden("token", token)}{hidden("lang", lang.key())}{hidden("seen_seq", page.last_seq)}
            {state.summary()}
            <div class="ask">
                <h1>{t!(lang, "请补充几项信息", "A few details, please")}</h1>
                <p class="about">{icon("ticket")}<span><b>{page.title.clone()}</b><small>{t!(lang, "工单 {}", "Ticket {}", page.number)}</small></span></p>
            </div>
            <div class="stack">{controls}</div>
            <button class="btn main big" type="submit">{t!(lang, "提交", "Send")}</button>
            <p class="small mute center">{t!(lang, "{} 前可随时打开此链接修改，工单关闭后不能再改", "You can change it with this link until {}, unless the ticket is closed before", until)}</p>
        </form>
    }
    .into_any()
}

fn forged(lang: Lang, place: Address) -> Page {
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
    public(Problem::FormLinkUnknown.text(lang), lang, 404, move || frame.around(said.view()))
}
