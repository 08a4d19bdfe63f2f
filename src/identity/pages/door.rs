//! Pages before anybody is signed in: 登录, 忘记密码, 重设密码, 客服激活.

use crate::actions::{Activate, FinishActivation, Forgot, Reset, SignIn};
use crate::model::account::{NAME_MAX, PASSWORD_MIN};
use crate::queries::link::{profile_step, reset_is_open};
use kernel::error::{Error, Result};
use kernel::lang::Lang;
use kernel::t;
use leptos::prelude::*;
use serde::Deserialize;
use ui::form::choice::Select;
use ui::form::field::Input;
use ui::form::{hidden, path_of};
use ui::icon::{icon, icon_s};
use ui::page::Page;
use ui::tag::{Tone, note};
use ui::visit::PublicVisit;

/// 登录.
pub async fn sign_in_page(visit: PublicVisit) -> Result<Page> {
    #[derive(Default, Deserialize)]
    #[serde(default)]
    struct Query {
        next: String,
    }
    let (lang, form, query) = (visit.lang(), visit.form("sign_in"), visit.query::<Query>());
    let lead = t!(lang, "用公司发给您的邮箱登录工作台", "Sign in with the address your company registered for you");
    Ok(door(&visit, t!(lang, "登录", "Sign in"), lead, move || {
        let next = form.value_or("next", &query.next);
        view! {
            <form class="form" method="post" action={path_of::<SignIn>()}>
                {form.summary()}
                {hidden("next", next)}
                {Input::text("email", t!(lang, "邮箱", "E-mail")).kind("email").autocomplete("username").required().focused().view(&form)}
                {Input::password("password", t!(lang, "密码", "Password")).required().view(&form)}
                <div class="row between"><span></span><a class="link" href="/forgot">{t!(lang, "忘记密码", "Forgot password")}</a></div>
                <button class="btn main big" type="submit">{t!(lang, "登录", "Sign in")}</button>
            </form>
        }
        .into_any()
    }))
}

/// 忘记密码: the answer is the same for every address.
pub async fn forgot_page(visit: PublicVisit) -> Result<Page> {
    #[derive(Default, Deserialize)]
    #[serde(default)]
    struct Query {
        sent: String,
    }
    let (lang, form, query) = (visit.lang(), visit.form("forgot"), visit.query::<Query>());
    let lead = t!(
        lang,
        "填写登录邮箱，我们发一个链接，点开就能设新密码",
        "Enter your sign-in address. We send a link that lets you choose a new password"
    );
    Ok(door(&visit, t!(lang, "找回密码", "Forgot password"), lead, move || {
        let sent = (!query.sent.is_empty() && !form.is_shown_again()).then(|| {
            let text = t!(
                lang,
                "30 分钟内有效，只能用一次。没收到就看看垃圾邮件，或请管理员帮忙。",
                "It works for 30 minutes and only once. If nothing arrives, look into the spam folder or ask your administrator."
            );
            let title = t!(lang, "如果这个邮箱有账号，链接已经发出", "If this address has an account, the link is on its way");
            view! { <div role="status">{note(Tone::Ok, "mail-check", title, text)}</div> }
        });
        view! {
            {sent}
            <form class="form" method="post" action={path_of::<Forgot>()}>
                {form.summary()}
                {Input::text("email", t!(lang, "邮箱", "E-mail")).kind("email").autocomplete("username").placeholder("you@company.com").required().view(&form)}
                <button class="btn main big" type="submit">{t!(lang, "发送链接", "Send link")}</button>
            </form>
            {back_to_sign_in(lang)}
        }
        .into_any()
    }))
}

/// 重设密码, by the link of a mail.
pub async fn reset_page(visit: PublicVisit) -> Result<Page> {
    let (lang, form) = (visit.lang(), visit.form("reset"));
    let token: String = visit.param("token")?;
    if !reset_is_open(&visit.app, &token).await? {
        let text = t!(lang, "链接只在 30 分钟内有效，也只能用一次。", "A link works for 30 minutes and only once.");
        let again = view! { <a class="btn main big" href="/forgot">{t!(lang, "重新发送链接", "Send a new link")}</a> };
        return Ok(dead_end(&visit, text, again));
    }
    let lead = t!(lang, "设置后，所有设备都要用新密码重新登录", "Afterwards every device signs in with the new password");
    Ok(door(&visit, t!(lang, "重设密码", "Reset password"), lead, move || {
        view! {
            <form class="form" method="post" action={path_of::<Reset>()}>
                {form.summary()}
                {hidden("token", &token)}
                {Input::password("password", t!(lang, "新密码", "New password")).autocomplete("new-password").required().view(&form)}
                {strength(lang)}
                {Input::password("password_again", t!(lang, "再输入一次", "The same again")).autocomplete("new-password").required().view(&form)}
                <button class="btn main big" type="submit">{t!(lang, "重设密码", "Reset password")}</button>
            </form>
        }
        .into_any()
    }))
}

/// 客服激活, step one: the page says nothing about the link, so that it looks the same for every one.
pub async fn activate_page(visit: PublicVisit) -> Result<Page> {
    let (lang, form) = (visit.lang(), visit.form("activate"));
    let token: String = visit.param("token")?;
    let lead = t!(
        lang,
        "输入管理员告诉您的账号密码，核对一致后继续",
        "Enter the password your administrator gave you; when it matches, you go on"
    );
    Ok(door(&visit, t!(lang, "激活账号", "Activate your account"), lead, move || {
        view! {
            {steps(lang, 0)}
            <form class="form" method="post" action={path_of::<Activate>()}>
                {form.summary()}
                {hidden("token", &token)}
                {Input::password("password", t!(lang, "账号密码", "Account password"))
                    .hint(t!(lang, "没有密码时，请联系管理员", "Ask your administrator if you do not have it"))
                    .required().focused().view(&form)}
                <button class="btn main big" type="submit">{t!(lang, "下一步", "Continue")}</button>
            </form>
        }
        .into_any()
    }))
}

/// 客服激活, step two: the profile; afterwards the account is enabled and signed in.
pub async fn activate_profile_page(visit: PublicVisit) -> Result<Page> {
    let (lang, form) = (visit.lang(), visit.form("activate_profile"));
    let token: String = visit.param("token")?;
    let step = match profile_step(&visit.app, &token).await {
        Ok(step) => step,
        Err(Error::Problems(_)) => {
            let text = t!(
                lang,
                "请重新打开邀请邮件里的链接；仍然不行时，请管理员重发邀请。",
                "Open the link of the invitation again; if it still fails, ask your administrator to send a new one."
            );
            return Ok(dead_end(&visit, text, ()));
        }
        Err(other) => return Err(other),
    };
    let lead = t!(lang, "{}，登录邮箱 {}", "{}, sign-in address {}", step.company, step.email);
    Ok(door(&visit, t!(lang, "完善资料", "Your profile"), &lead, move || {
        let languages = Lang::ALL.map(|lang| (lang.key(), lang.own_name()));
        view! {
            {steps(lang, 1)}
            <form class="form" method="post" action={path_of::<FinishActivation>()}>
                {form.summary()}
                {hidden("token", &token)}
                {Input::text("name", t!(lang, "姓名", "Full name")).value(&step.name).max(NAME_MAX).autocomplete("name").required().view(&form)}
                {Input::text("nickname", t!(lang, "昵称", "Nickname")).value(&step.nickname).max(NAME_MAX)
                    .hint(t!(lang, "客户看到的名字", "The name customers see")).view(&form)}
                {Select::new("lang", t!(lang, "语言", "Language")).options(languages).selected(step.lang.unwrap_or(lang).key()).required().view(&form)}
                <button class="btn main big" type="submit">{t!(lang, "激活并登录", "Activate and sign in")}</button>
            </form>
        }
        .into_any()
    }))
}

/// The frame of these pages: one narrow column, no console around it.
fn door(visit: &PublicVisit, title: &'static str, lead: &str, body: impl FnOnce() -> AnyView + Send + 'static) -> Page {
    let lang = visit.lang();
    let (other, lead) = (lang.other(), lead.to_owned());
    let other_href = visit.place.with(&[("lang", other.key())]);
    Page::new(title).bare().body_class("plain").body(move || {
        view! {
            <div class="door">
                <header class="top-p">
                    <span class="logo-p"><img src="/favicon.svg" width="28" height="28" alt=""/><b>{t!(lang, "Kefu 客服", "Kefu")}</b></span>
                    <a class="btn quiet" href=other_href lang=other.tag()>{icon("languages")}{other.own_name()}</a>
                </header>
                <main id="main">
                    <div><h1>{title}</h1><p class="dim">{lead}</p></div>
                    {body()}
                </main>
                <footer></footer>
            </div>
        }
    })
}

/// A link that leads nowhere any more, and the way on.
fn dead_end(visit: &PublicVisit, text: &'static str, action: impl IntoView + 'static) -> Page {
    let lang = visit.lang();
    let title = t!(lang, "链接无效或已过期", "The link is invalid or has expired");
    door(visit, title, text, move || view! { {action.into_any()}{back_to_sign_in(lang)} }.into_any()).status(404)
}

fn back_to_sign_in(lang: Lang) -> AnyView {
    view! { <p><a class="link" href="/sign-in">{t!(lang, "回到登录", "Back to sign-in")}</a></p> }.into_any()
}

/// What makes a good password, in words.
pub(super) fn strength(lang: Lang) -> AnyView {
    let rules = [
        t!(lang, "至少 {} 个字符，15 个以上更好", "At least {} characters, better 15 or more", PASSWORD_MIN),
        t!(lang, "一句话也可以，空格和中文都能用", "A sentence is fine, spaces and any script too").to_owned(),
        t!(lang, "不要用常见密码，也不要用公司名、姓名或邮箱", "No common password, no name of company, person or address").to_owned(),
    ];
    let rules: Vec<AnyView> = rules.into_iter().map(|rule| view! { <li>{icon_s("circle-dashed")}{rule}</li> }.into_any()).collect();
    view! { <div class="strength"><ul>{rules}</ul></div> }.into_any()
}

fn steps(lang: Lang, at: usize) -> AnyView {
    let names = [t!(lang, "核对密码", "Check the password"), t!(lang, "完善资料", "Your profile")];
    let steps: Vec<AnyView> = names
        .into_iter()
        .enumerate()
        .map(|(step, name)| {
            let class = if step < at { "done" } else { "" };
            view! { <li class=class aria-current=(step == at).then_some("step")>{name}</li> }.into_any()
        })
        .collect();
    view! { <ol class="steps">{steps}</ol> }.into_any()
}
