//! The form of a customer, for a new one and for one that is edited.

use crate::model::{CustomerHit, CustomerInput, Field, MOST_VIP};
use crate::queries::CustomerCard;
use kernel::answer;
use kernel::error::Problem;
use kernel::field::{Answer, answer_name};
use kernel::lang::Lang;
use kernel::t;
use leptos::prelude::*;
use ui::form::choice::Select;
use ui::form::field::{Area, Input};
use ui::form::own::{self, Needed};
use ui::form::{FormState, hidden};
use ui::icon::{icon, icon_s};

/// What a form starts with when it edits this customer.
pub fn start(card: &CustomerCard, definitions: &[Field]) -> CustomerInput {
    let fields = definitions
        .iter()
        .filter_map(|field| Some((field.id, Answer::Many(answer::values_of(Some(card.fields.get(field.id.to_string())?))))))
        .collect();
    CustomerInput {
        id: Some(card.id),
        version: card.version,
        nickname: card.nickname.clone(),
        name: card.name.clone(),
        emails: card.emails.join("\n"),
        phones: card.phones.join("\n"),
        partner_id: card.partner_id.clone(),
        vip_level: card.vip_level,
        organisation: card.organisation.clone(),
        remark: card.remark.clone(),
        fields,
    }
}

/// The form. `path` is where it posts; `taken` are the customers that have its contacts already.
pub fn customer_form(form: &FormState, start: &CustomerInput, definitions: &[Field], path: &'static str, taken: &[CustomerHit]) -> AnyView {
    let lang = form.lang();
    let levels =
        (0..=MOST_VIP).map(|level| (level, if level == 0 { t!(lang, "普通客户", "None").to_owned() } else { format!("VIP {level}") }));
    let own: Vec<AnyView> = definitions.iter().map(|field| own_field(form, field, start.fields.get(&field.id))).collect();
    let who = start.id.map(|id| view! { {hidden("id", id)}{hidden("version", start.version)} });
    let save =
        if start.id.is_some() { t!(lang, "保存客户资料", "Save customer") } else { t!(lang, "新建客户", "Create customer") };
    view! {
        <form class="stack" method="post" action=path>
            {form.summary()}
            {taken_note(taken, lang)}
            {who}
            <div class="two">
                {Input::text("nickname", t!(lang, "昵称", "Nickname")).value(&start.nickname).required().max(50).hint(t!(lang, "同事怎么称呼这位客户", "What colleagues call this customer")).view(form)}
                {Input::text("name", t!(lang, "姓名", "Name")).value(&start.name).max(50).view(form)}
                {Area::new("emails", t!(lang, "邮箱", "E-mail")).value(&start.emails).rows(2).hint(t!(lang, "每行一个，第一个用来发信", "One a line; the first is written to")).view(form)}
                {Area::new("phones", t!(lang, "电话", "Phone")).value(&start.phones).rows(2).hint(t!(lang, "每行一个，分机写在后面，如 010-6512 3456 转 801", "One a line, extension behind it: +86 10 6512 3456 ext 801")).view(form)}
                {Input::text("partner_id", t!(lang, "对接ID", "Integration id")).value(start.partner_id.as_deref().unwrap_or("")).class("mono").max(100).hint(t!(lang, "这位客户在您自己系统里的编号", "The id of this customer in your own system")).view(form)}
                {Select::new("vip_level", t!(lang, "VIP等级", "VIP level")).options(levels).selected(start.vip_level).required().view(form)}
                {Input::text("organisation", t!(lang, "所属企业", "Organisation")).value(&start.organisation).max(100).view(form)}
                {own}
                {Area::new("remark", t!(lang, "备注", "Remark")).value(&start.remark).rows(3).max(1000).wide().view(form)}
            </div>
            <div class="row"><button class="btn main" type="submit">{save}</button></div>
        </form>
    }
    .into_any()
}

/// What somebody else saved meanwhile, beside what was typed here. Nothing unless the last post came too late.
pub fn stale_note(form: &FormState, now: &CustomerInput) -> Option<AnyView> {
    let lang = form.lang();
    if form.problem("") != Some(Problem::Stale.text(lang)) {
        return None;
    }
    let differs: Vec<AnyView> = [
        ("nickname", t!(lang, "昵称", "Nickname"), now.nickname.clone()),
        ("name", t!(lang, "姓名", "Name"), now.name.clone()),
        ("emails", t!(lang, "邮箱", "E-mail"), now.emails.clone()),
        ("phones", t!(lang, "电话", "Phone"), now.phones.clone()),
        ("partner_id", t!(lang, "对接ID", "Integration id"), now.partner_id.clone().unwrap_or_default()),
        ("vip_level", t!(lang, "VIP等级", "VIP level"), now.vip_level.to_string()),
        ("organisation", t!(lang, "所属企业", "Organisation"), now.organisation.clone()),
        ("remark", t!(lang, "备注", "Remark"), now.remark.clone()),
    ]
    .into_iter()
    .map(|(name, label, current)| (label, form.value_or(name, "").replace("\r\n", "\n"), current))
    .filter(|(_, typed, current)| typed.trim() != current.trim())
    .map(|(label, typed, current)| {
        view! {
            <li>
                <span>{label}</span>
                <span class="was"><span class="sr">{t!(lang, "现在是", "now")}</span>{shown(&current, lang)}</span>
                {icon_s("arrow-right")}
                <span class="now"><span class="sr">{t!(lang, "您填写的是", "you typed")}</span>{shown(&typed, lang)}</span>
            </li>
        }
        .into_any()
    })
    .collect();
    let title = t!(lang, "您编辑期间有人改过这位客户", "Somebody changed this customer while you were editing");
    let text = t!(
        lang,
        "左边是现在的内容，右边是您填写的。核对后再保存，会以表单里的为准",
        "Left is what holds now, right is what you typed. Saving again keeps the form"
    );
    Some(
        view! {
            <div class="note warn">
                {icon("triangle-alert")}
                <div class="stack near"><b>{title}</b><div class="dim">{text}</div><ul class="diff">{differs}</ul></div>
            </div>
        }
        .into_any(),
    )
}

fn taken_note(taken: &[CustomerHit], lang: Lang) -> Option<AnyView> {
    if taken.is_empty() {
        return None;
    }
    let links: Vec<AnyView> = taken
        .iter()
        .map(|hit| {
            let contact = [hit.email.as_deref(), hit.phone.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(", ");
            view! { <li><a class="link" href=format!("/customers/{}", hit.id)>{hit.nickname.clone()}</a>" "<span class="mute">{contact}</span></li> }.into_any()
        })
        .collect();
    let title = t!(lang, "这些客户已有同样的邮箱或电话", "These customers have the same e-mail or phone");
    Some(view! { <div class="note warn">{icon("users-round")}<div><b>{title}</b><ul>{links}</ul></div></div> }.into_any())
}

fn own_field(form: &FormState, field: &Field, start: Option<&Answer>) -> AnyView {
    let values = start.map(Answer::values).unwrap_or_default();
    own::control(form, &answer_name(field.id), &field.asked(), &values, Needed::No)
}

fn shown(text: &str, lang: Lang) -> String {
    if text.trim().is_empty() { t!(lang, "空", "empty").to_owned() } else { text.trim().replace('\n', ", ") }
}
