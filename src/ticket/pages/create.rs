//! 新建工单: on behalf of a customer. First one box finds the customer or leads to a new one, then the ticket itself. What
//! was typed and not sent is there again when the page is opened, whoever is chosen: it is the person's one sheet.

use super::choice::Choices;
use super::{mark, own, side};
use crate::actions;
use crate::islands::draft::NewDraftKeeper;
use crate::islands::own::CategoryFields;
use crate::model::{Priority, TEXT_MOST, TITLE_MOST};
use crate::queries::draft::{NewDraft, new_draft};
use crate::queries::template::{self, Form};
use crate::queries::{self, RecentTickets};
use customer::model::CustomerHit;
use customer::queries::CustomerCard;
use kernel::ctx::Ctx;
use kernel::error::{Error, Result};
use kernel::id::CustomerId;
use kernel::lang::Lang;
use kernel::permission::Permission;
use kernel::t;
use leptos::prelude::*;
use serde::Deserialize;
use ui::avatar;
use ui::empty::no_result;
use ui::file::FileInput;
use ui::form::choice::Select;
use ui::form::field::{Area, Input};
use ui::form::{FormState, element_id, hidden, path_of};
use ui::icon::{icon, icon_s};
use ui::islands::finder::Finder;
use ui::page::Page;
use ui::rich::Rich;
use ui::visit::{Visit, encoded};

/// The form's id.
pub(crate) const FORM: &str = "ticket_new";

/// The address: what was typed into the box, who was chosen, that somebody new is meant, or that the box is.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct CreateQuery {
    find: String,
    #[serde(deserialize_with = "kernel::input::blank")]
    customer: Option<CustomerId>,
    new: String,
    step: String,
}

/// A draft that stands in the form again.
struct Restored {
    ago: String,
    /// Whom it was written for, when that is somebody else.
    other: Option<String>,
}

/// 新建工单.
pub async fn create_page(visit: Visit) -> Result<Page> {
    let lang = visit.lang();
    let query: CreateQuery = visit.query();
    let page = Page::new(t!(lang, "新建工单", "New ticket")).crumb(t!(lang, "工单", "Tickets"), "/tickets").lead(t!(
        lang,
        "代客户创建。先找到客户，再写下问题。",
        "On behalf of a customer: find the customer, then write down what it is about."
    ));
    let page = if visit.ctx.may(Permission::TicketView) {
        let side = side::load(&visit.ctx, None).await?;
        page.side(move || side.draw())
    } else {
        page
    };
    let find = query.find.trim().to_owned();
    let (ctx, form) = (visit.ctx.clone(), visit.form(FORM));
    let draft = new_draft(&ctx).await?.filter(|_| !form.is_shown_again());
    // Opened for nobody in particular: whoever it was about when the typing stopped, or the sending failed.
    let is_open = query.customer.is_none() && query.new.is_empty() && find.is_empty() && query.step.is_empty();
    let goes_on = is_open && (draft.is_some() || form.is_shown_again());
    let before = form.value_or("customer", "").parse().ok().or(draft.as_ref().and_then(NewDraft::customer));
    let before = match before {
        Some(before) => known(&ctx, before).await?,
        None => None,
    };
    let whom = query.customer.or(before.as_ref().filter(|_| goes_on).map(|before| before.id));
    if whom.is_none() && query.new.is_empty() && !goes_on {
        let hits = if find.is_empty() { Vec::new() } else { customer::queries::lookup(&ctx, &find).await? };
        return Ok(page.body(move || view! { <div class="body narrow">{steps(lang, 1)}{finder(lang, &find, hits)}</div> }));
    }
    let choices = Choices::load(&ctx).await?;
    let restored = draft.as_ref().map(|draft| Restored {
        ago: draft.updated_at.relative(ctx.now(), &ctx.zone, lang),
        other: match before {
            Some(before) => Some(before).filter(|before| Some(before.id) != whom).map(|before| before.nickname),
            None => whom.and(draft.newcomer()),
        },
    });
    let form = match draft {
        Some(draft) => form.begun_with(draft.form).begun_with(serde_json::json!({ "html": draft.html, "text": draft.text })),
        None => form,
    };
    let category = form.value_or("category", "").parse().ok();
    let fields = template::form(&mut ctx.read().await?, category).await?;
    let (card, earlier) = match whom {
        Some(id) => (Some(customer_card(&ctx, id).await?), Some(queries::recent_of_customer(&ctx, id).await?)),
        None => (None, None),
    };
    Ok(page.body(move || {
        let side = match &card {
            Some(card) => self::chosen(lang, card),
            None => view! { <section class="card"><header><h2>{t!(lang, "新客户", "New customer")}</h2></header><div class="in"><p class="small mute">{t!(lang, "客户会和工单一起保存。", "The customer is saved together with the ticket.")}</p></div></section> }.into_any(),
        };
        let change = view! { <a class="btn" href=back_to_finder(&find)>{icon("arrow-left")}{t!(lang, "换一位客户", "Another customer")}</a> };
        view! {
            <div class="body">
                {steps(lang, 2)}
                <div class="split">
                    <div>{earlier.map(|earlier| warning(&ctx, &earlier))}{restored.map(|restored| again(lang, &restored))}{ticket_form(&ctx, &form, card.as_ref(), &find, (&choices, &fields))}</div>
                    <aside aria-label=t!(lang, "客户", "Customer")>{side}<div class="row">{change}</div></aside>
                </div>
            </div>
        }
    }))
}

/// A customer that was named when the form was left, if there still is one.
async fn known(ctx: &Ctx, id: CustomerId) -> Result<Option<CustomerCard>> {
    match customer_card(ctx, id).await {
        Err(Error::NotFound) => Ok(None),
        card => card.map(Some),
    }
}

async fn customer_card(ctx: &Ctx, id: CustomerId) -> Result<CustomerCard> {
    let mut tx = ctx.read().await?;
    customer::queries::card(&mut tx, id).await
}

/// What stands in the form was typed before.
fn again(lang: Lang, restored: &Restored) -> AnyView {
    let words = match &restored.other {
        Some(other) => t!(lang, "已恢复 {}为“{}”写的草稿", "Draft from {}, written for “{}”, restored", restored.ago, other),
        None => t!(lang, "已恢复 {}的草稿", "Draft from {} restored", restored.ago),
    };
    let class = if restored.other.is_some() { "note slim warn" } else { "note slim plain" };
    view! {
        <div class=class>
            {icon("history")}
            <div role="status">{words}</div>
            <form class="act" method="post" action={path_of::<actions::DiscardNewDraft>()} data-discards="true">{hidden("sure", true)}<button class="btn quiet mini" type="submit">{t!(lang, "丢弃", "Discard")}</button></form>
        </div>
    }
    .into_any()
}

/// This customer wrote lately: perhaps the ticket is there already.
fn warning(ctx: &Ctx, earlier: &RecentTickets) -> Option<AnyView> {
    let lang = ctx.lang();
    if earlier.total == 0 {
        return None;
    }
    let title = match (lang, earlier.total) {
        (Lang::En, 1) => format!("This customer created a ticket within {} hours", earlier.hours),
        _ => {
            t!(lang, "这位客户 {} 小时内已有 {} 张工单", "This customer created {1} tickets within {0} hours", earlier.hours, earlier.total)
        }
    };
    let rows: Vec<AnyView> = earlier
        .tickets
        .iter()
        .map(|ticket| {
            let href = format!("/tickets/{}", ticket.id);
            view! { <li class="row tight"><a class="link" href=href>{ticket.number.to_string()}" "{ticket.title.clone()}</a>{mark::status(ticket.status, lang)}{ui::time::ago(ticket.created_at, ctx)}</li> }.into_any()
        })
        .collect();
    let hidden = earlier.total - i64::try_from(earlier.tickets.len()).unwrap_or(0);
    let others = (hidden > 0).then(|| view! { <p class="small mute">{t!(lang, "还有 {} 张您看不到或没有列出", "{} more are not yours to see or not listed", hidden)}</p> });
    Some(view! { <div class="note warn">{icon("triangle-alert")}<div><b>{title}</b><p class="dim">{t!(lang, "先看看是不是同一件事，避免重复。", "Look whether it is the same matter before you create another.")}</p><ul class="stack near">{rows}</ul>{others}</div></div> }.into_any())
}

fn back_to_finder(find: &str) -> String {
    if find.is_empty() { "/tickets/new?step=customer".to_owned() } else { format!("/tickets/new?find={}", encoded(find)) }
}

fn steps(lang: Lang, at: u8) -> AnyView {
    let step = |number: u8, words: &'static str| {
        let class = if number < at { "done" } else { "" };
        view! { <li class=class aria-current=(number == at).then_some("step")>{words}</li> }
    };
    view! { <ol class="steps">{step(1, t!(lang, "找到客户", "Find the customer"))}{step(2, t!(lang, "写工单", "Write the ticket"))}</ol> }
        .into_any()
}

fn finder(lang: Lang, find: &str, hits: Vec<CustomerHit>) -> AnyView {
    let new = format!("/tickets/new?new=true&find={}", encoded(find));
    let seek = customer::queries::finder::seek("find", find, "/tickets/new?customer={}", "/tickets/new?new=true&find={}");
    let create = view! { <a class="btn" href=new.clone()>{icon("user-plus")}{t!(lang, "新建客户并写工单", "New customer and ticket")}</a> };
    let found = if find.is_empty() {
        view! { <div class="row">{create}</div> }.into_any()
    } else if hits.is_empty() {
        let none = no_result(t!(lang, "没有找到“{}”", "Nobody found for “{}”", find), "/tickets/new", t!(lang, "重新查找", "Search again"));
        view! { <section class="card">{none}<footer>{create}</footer></section> }.into_any()
    } else {
        let rows: Vec<AnyView> = hits.into_iter().map(|hit| hit_row(lang, hit)).collect();
        view! {
            <section class="card" aria-label=t!(lang, "找到的客户", "Customers found")>
                <ul class="rows">{rows}</ul>
                <footer><span class="mute">{t!(lang, "都不是？", "None of them?")}</span>{create}</footer>
            </section>
        }
        .into_any()
    };
    view! {
        <form class="row" method="get" action="/tickets/new" role="search">
            <Finder seek=seek words=customer::queries::finder::words(lang, t!(lang, "查找客户", "Find a customer"))/>
            <button class="btn main" type="submit">{t!(lang, "查找客户", "Find customer")}</button>
        </form>
        {found}
    }
    .into_any()
}

fn hit_row(lang: Lang, hit: CustomerHit) -> AnyView {
    let mut facts: Vec<String> = [hit.email, hit.phone].into_iter().flatten().collect();
    if !hit.name.is_empty() && hit.name != hit.nickname {
        facts.insert(0, hit.name.clone());
    }
    facts.extend(hit.partner_id.map(|id| t!(lang, "对接ID {}", "integration id {}", id)));
    let href = format!("/tickets/new?customer={}", hit.id);
    let separator = t!(lang, "·", ", ");
    view! {
        <li>
            {avatar::mark(hit.id.0, &hit.nickname)}
            <div class="grow"><a class="to" href=href>{hit.nickname}</a>" "{ui::tag::vip(hit.vip_level)}<small>{facts.join(separator)}</small></div>
            {icon("chevron-right")}
        </li>
    }
    .into_any()
}

/// The customer the ticket is for.
fn chosen(lang: Lang, card: &CustomerCard) -> AnyView {
    let line = |term: &'static str, value: Option<String>| value.map(|value| view! { <dt>{term}</dt><dd>{value}</dd> });
    view! {
        <section class="card">
            <div class="in cust">
                <div class="row">
                    <span class="ava l" aria-hidden="true">{card.nickname.chars().next().map(String::from)}</span>
                    <div>
                        <a class="link" href=format!("/customers/{}", card.id)><b>{card.nickname.clone()}</b></a>" "{ui::tag::vip(card.vip_level)}
                        <div class="small mute">{card.organisation.clone()}</div>
                    </div>
                </div>
                <dl class="facts">
                    {line(t!(lang, "邮箱", "E-mail"), card.emails.first().cloned())}
                    {line(t!(lang, "电话", "Phone"), card.phones.first().cloned())}
                    {line(t!(lang, "对接ID", "Integration id"), card.partner_id.clone())}
                </dl>
            </div>
        </section>
    }
    .into_any()
}

fn ticket_form(ctx: &Ctx, form: &FormState, card: Option<&CustomerCard>, find: &str, (choices, fields): (&Choices, &Form)) -> AnyView {
    let lang = ctx.lang();
    let priorities = Priority::ALL.iter().rev().map(|row| (row.key(), row.label(lang)));
    let who = match card {
        Some(card) => hidden("customer", card.id),
        None => newcomer(lang, form, find),
    };
    let files = element_id(FORM, "files");
    let hint = format!("{files}-h");
    let files_problem = form.problem("files");
    let below = match files_problem {
        Some(text) => view! { <span class="wrong" id=hint.clone()>{icon_s("triangle-alert")}{text}</span> }.into_any(),
        None => view! { <span class="hint" id=hint.clone()>{t!(lang, "可以选多个，或拖到这里；每个最大 20 MB", "Choose or drop one or more; at most 20 MB each")}</span> }.into_any(),
    };
    let description = Rich::new(TEXT_MOST).html(form.value_or("html", "")).upload(path_of::<actions::KeepPicture>());
    let words = [
        String::new(),
        t!(lang, "草稿已存", "Draft saved").to_owned(),
        t!(lang, "草稿没有存上，会再试", "Draft not saved, trying again").to_owned(),
    ];
    let by_mail = card.is_none_or(|card| !card.emails.is_empty());
    view! {
        <form class="card" id=FORM method="post" action={path_of::<actions::CreateTicket>()} enctype="multipart/form-data">
            // The first button of a form is the one that Enter presses.
            <button class="sr" type="submit" tabindex="-1" aria-hidden="true">{t!(lang, "创建工单", "Create ticket")}</button>
            <div class="in stack">
                {form.summary()}
                {who}
                {Input::text("title", t!(lang, "标题", "Title")).required().max(TITLE_MOST).placeholder(t!(lang, "一句话说清是什么事", "What it is about, in one sentence")).view(form)}
                {Area::new("text", t!(lang, "描述", "Description")).required().rows(8).max(TEXT_MOST).rich(description).hint(t!(lang, "最多 5000 字", "At most 5,000 characters")).view(form)}
                <div class=if files_problem.is_some() { "field has-error" } else { "field" }>
                    <label for=files.clone()>{t!(lang, "附件", "Files")}" "<span class="opt">{t!(lang, "选填", "optional")}</span></label>
                    {FileInput::new(files, "files", t!(lang, "选择文件", "Choose files")).many().below(hint, files_problem).view(lang)}
                    {below}
                    {form.is_shown_again().then(|| view! { <span class="hint">{t!(lang, "附件需要重新选择，浏览器不会保留它们", "Choose the files again: browsers do not keep them")}</span> })}
                </div>
                <div class="two">
                    {Select::new("category", t!(lang, "分类", "Category")).options(choices.leaves()).empty(t!(lang, "未分类", "None")).view(form)}
                    {Select::new("priority", t!(lang, "优先级", "Priority")).required().options(priorities).selected(Priority::Medium.key()).view(form)}
                    {Select::new("group", t!(lang, "受理组", "Group")).options(choices.groups()).empty(t!(lang, "未分配", "None")).view(form)}
                    {Select::new("agent", t!(lang, "受理客服", "Agent")).options(choices.agents(ctx, t!(lang, "（我）", "(me)"))).empty(t!(lang, "未分配", "Nobody")).view(form)}
                </div>
                {own::step(lang, fields)}
                {own::new_part(form, fields)}
                <CategoryFields/>
                {Area::new("cc", t!(lang, "抄送", "CC")).rows(2).hint(t!(lang, "每行一个邮箱，回复会抄送给他们", "One address a line; replies go to them too")).view(form)}
            </div>
            <footer>
                <span class="mute small">{if by_mail { t!(lang, "创建时不会发邮件，回复时才发", "No mail goes out now, only with replies") } else { t!(lang, "客户没有邮箱，回复不会发邮件", "The customer has no e-mail: replies send no mail") }}</span>
                <span class="mute small"><NewDraftKeeper words=words/></span>
                <span class="end"><button class="btn main" type="submit">{icon("plus")}{t!(lang, "创建工单", "Create ticket")}</button></span>
            </footer>
        </form>
    }
    .into_any()
}

/// Fields of a customer who is not known yet; what was searched for goes where it fits.
fn newcomer(lang: Lang, form: &FormState, find: &str) -> AnyView {
    let is_email = kernel::input::email(find).is_some();
    let is_phone = !is_email && find.chars().filter(char::is_ascii_digit).count() >= 6;
    let put = |fits: bool| if fits { find.to_owned() } else { String::new() };
    view! {
        <fieldset class="two">
            <legend class="sr">{t!(lang, "新客户", "New customer")}</legend>
            {Input::text("nickname", t!(lang, "客户昵称", "Customer's nickname")).required().max(50).value(put(!is_email && !is_phone)).view(form)}
            {Input::text("email", t!(lang, "邮箱", "E-mail")).kind("email").value(put(is_email)).hint(t!(lang, "填了才能邮件回复", "Needed for replies by mail")).view(form)}
            {Input::text("phone", t!(lang, "电话", "Phone")).kind("tel").value(put(is_phone)).view(form)}
            {Input::text("partner_id", t!(lang, "对接ID", "Integration id")).class("mono").max(100).hint(t!(lang, "这位客户在您自己系统里的编号", "The id of this customer in your own system")).view(form)}
        </fieldset>
    }
    .into_any()
}
