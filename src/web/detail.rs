//! 工单详情 with its ratings, 客户详情 with tickets and calls, 通话详情 with the customer's tickets: pages that two slices draw, put together above both.

use crate::web::router::PageResult;
use kernel::ctx::Ctx;
use kernel::id::{CustomerId, TicketId};
use kernel::lang::Lang;
use kernel::permission::Permission;
use kernel::t;
use leptos::prelude::*;
use preset::pages::tool::{Tools, tools};
use satisfaction::actions::TakeRatingLink;
use satisfaction::model::{InvitationState, SatisfactionSettings};
use satisfaction::queries::TicketSatisfaction;
use serde::Deserialize;
use ticket::model::Status;
use ticket::pages::detail::Parts;
use ticket::pages::part;
use ui::form::{FormState, hidden, path_of};
use ui::icon::icon;
use ui::islands::copy::Copy;
use ui::visit::Visit;

/// The ticket, with what its customer said of it.
pub async fn ticket_page(visit: Visit) -> PageResult {
    let ticket: TicketId = visit.param("id")?;
    let (ctx, rating, macros) = (visit.ctx.clone(), visit.form("rating_link"), visit.form("macro"));
    let has_notices = visit.viewer.unread > 0;
    ticket::pages::detail::detail_page(visit, async move |status| {
        let tools = if status == Status::Deleted { Tools::none(&ctx, ticket) } else { tools(&ctx, ticket).await? };
        let mut tx = ctx.read().await?;
        let (ratings, settings) = satisfaction::queries::of_ticket(&mut tx, ticket).await?;
        let clocks = sla::queries::of_ticket(&mut tx, ticket).await?;
        let (me, address) = (ctx.agent()?, format!("/tickets/{ticket}"));
        let has_news = has_notices && kernel::live::has_unread(&mut tx, me, &address).await?;
        drop(tx);
        if has_news {
            // Whoever reads the ticket has read its notices.
            let mut tx = ctx.begin().await?;
            kernel::live::read(&mut tx, me, Some(&address)).await?;
            tx.commit().await?;
        }
        let (menu, refused, line) = (tools.clone(), tools.clone(), tools);
        Ok(Parts {
            cards: Box::new(move || {
                view! { {sla::pages::card::card(&ctx, clocks.as_ref())}{card(&ratings, &settings, &rating, &ctx)} }.into_any()
            }),
            buttons: Box::new(move || menu.menu()),
            notice: Box::new(move || refused.refused(&macros)),
            line: Box::new(move |form| line.line(form)),
        })
    })
    .await
}

/// The customer, with the tickets and calls that the reader may see.
pub async fn customer_page(visit: Visit) -> PageResult {
    let customer: CustomerId = visit.param("id")?;
    let (ctx, place) = (visit.ctx.clone(), visit.place.clone());
    let past = if ctx.may(Permission::TicketView) { Some(part::past(&ctx, customer, &visit.query::<At>().at).await?) } else { None };
    let calls = call::pages::part::past(&ctx, customer).await?;
    let total = match (&past, &calls) {
        (None, None) => None,
        _ => Some(past.as_ref().map_or(0, |past| past.total) + calls.as_ref().map_or(0, |calls| calls.total)),
    };
    let drawn = move || {
        view! {
            {past.map(|past| past.draw(&ctx, customer, &place))}
            {calls.map(|calls| calls.draw(&ctx, customer))}
        }
        .into_any()
    };
    customer::pages::profile::customer_page(visit, total, drawn).await
}

/// The call, with the tickets of its customer that the reader may see.
pub async fn call_page(visit: Visit) -> PageResult {
    let (ctx, place) = (visit.ctx.clone(), visit.place.clone());
    let detail = call::pages::detail::load(&visit).await?;
    let customer = detail.call.customer_id.filter(|_| ctx.may(Permission::TicketView));
    let past = match customer {
        Some(customer) => Some((customer, part::past(&ctx, customer, &visit.query::<At>().at).await?)),
        None => None,
    };
    let drawn = move || past.map(|(customer, past)| past.draw(&ctx, customer, &place)).into_any();
    call::pages::detail::call_page(visit, detail, drawn).await
}

/// The page of a list.
#[derive(Default, Deserialize)]
#[serde(default)]
struct At {
    at: String,
}

fn card(ratings: &[TicketSatisfaction], settings: &SatisfactionSettings, form: &FormState, ctx: &Ctx) -> AnyView {
    if ratings.is_empty() {
        return ().into_any();
    }
    let cycles: Vec<AnyView> = ratings.iter().map(|rated| cycle(rated, settings, ctx)).collect();
    view! {
        <section class="card">
            <header><h2>{t!(ctx.lang(), "满意度", "Satisfaction")}</h2></header>
            <div class="in stack near">{form.summary()}{cycles}</div>
        </section>
    }
    .into_any()
}

/// One invitation: the answer, or why there is none.
fn cycle(rated: &TicketSatisfaction, settings: &SatisfactionSettings, ctx: &Ctx) -> AnyView {
    let lang = ctx.lang();
    let agent =
        (!rated.agent_name.is_empty()).then(|| view! { <p class="small mute">{t!(lang, "评价的是 {}", "About {}", rated.agent_name)}</p> });
    let Some(rating) = &rated.rating else {
        let link = match rated.state {
            _ if rated.can_be_handed() => ctx.may(Permission::TicketReply).then(|| take_link(rated, lang)),
            _ => rated.link.as_ref().map(|link| handed(rated, link, ctx)),
        };
        return view! { <div class="stack near"><p class="dim">{state(rated, lang)}</p>{link}{agent}</div> }.into_any();
    };
    let words = settings.level(rating.score).map(|level| level.wording.of(lang).to_owned()).unwrap_or_default();
    let reasons: Vec<AnyView> = rating
        .reasons
        .iter()
        .map(|stored| view! { <span class="tag">{settings.reason(rating.score, stored, lang).to_owned()}</span> }.into_any())
        .collect();
    let remark = (!rating.remark.is_empty()).then(|| view! { <p>{rating.remark.clone()}</p> });
    view! {
        <div class="stack near">
            <div class="row">{stars(rating.score, lang)}<b>{words}</b><span class="mute small">{ui::time::ago(rating.rated_at, ctx)}</span></div>
            <div class="row tight">{reasons}</div>
            {remark}
            {agent}
        </div>
    }
    .into_any()
}

/// The button that takes the link of an invitation that no mail carries.
fn take_link(rated: &TicketSatisfaction, lang: Lang) -> AnyView {
    let why = if rated.state == InvitationState::Ready {
        t!(
            lang,
            "这张工单不用邮件邀评，请把评价链接转交给客户。取得链接的时刻算作邀评。",
            "No mail asks for this rating: hand the link over to the customer. Taking the link counts as the invitation."
        )
    } else {
        t!(
            lang,
            "邀评邮件没有送到，可以用其他方式把评价链接转交给客户。取得链接的时刻算作邀评。",
            "The mail did not arrive: hand the link over another way. Taking the link counts as the invitation."
        )
    };
    view! {
        <p class="small mute">{why}</p>
        <form method="post" action={path_of::<TakeRatingLink>()}>
            {hidden("invitation", rated.invitation)}
            <button class="btn" type="submit">{icon("link")}{t!(lang, "取得评价链接", "Get rating link")}</button>
        </form>
    }
    .into_any()
}

/// The link that was taken: it can be marked without scripting, and copied with it.
fn handed(rated: &TicketSatisfaction, link: &str, ctx: &Ctx) -> AnyView {
    let lang = ctx.lang();
    let id = format!("rating-link-{}", rated.cycle);
    let words = [t!(lang, "复制评价链接", "Copy rating link"), t!(lang, "已复制", "Copied")].map(str::to_owned);
    let until = rated.expires_at.map(|until| t!(lang, "有效期至 {}", "Valid until {}", until.table(&ctx.zone)));
    view! {
        <div class="field">
            <label for=id.clone()>{t!(lang, "评价链接", "Rating link")}</label>
            <span class="row tight take-along"><input class="input mono" id=id readonly=true value=link.to_owned()/><Copy text=link.to_owned() words=words/></span>
            <span class="hint">{until}</span>
        </div>
    }
    .into_any()
}

/// Five stars, said as a number.
fn stars(score: i16, lang: Lang) -> AnyView {
    let stars: Vec<AnyView> = (1..=5)
        .map(|at| {
            view! { <svg class=if at <= score { "i on" } else { "i" } aria-hidden="true"><use href="/icons.svg#star"></use></svg> }
                .into_any()
        })
        .collect();
    view! { <span class="five" role="img" aria-label=t!(lang, "{} 分，共 5 分", "{} of 5", score)>{stars}</span> }.into_any()
}

fn state(rated: &TicketSatisfaction, lang: Lang) -> AnyView {
    let words = match (rated.state, rated.withheld) {
        (InvitationState::Withheld, Some(rule)) => t!(lang, "没有邀评：{}", "Not invited: {}", rule.label(lang)),
        (InvitationState::Waiting, _) => t!(lang, "等待发送邀评", "The invitation waits to be sent").to_owned(),
        (InvitationState::Ready, _) => t!(lang, "可以转交评价链接", "A rating link can be handed over").to_owned(),
        _ => t!(lang, "已邀评，客户还没有评价", "Invited, not rated yet").to_owned(),
    };
    view! { <span class="row tight">{icon("smile")}{words}</span> }.into_any()
}
