//! 个人设置: profile, theme, language, password, and where one is signed in.

use super::device::device;
use super::door::strength;
use crate::actions::{ChangePassword, EditProfile, EndOtherSessions, EndSession};
use crate::model::account::NAME_MAX;
use crate::model::{Density, Theme};
use crate::queries::account::{Own, own};
use crate::queries::session::{SessionRow, sessions};
use kernel::ctx::Ctx;
use kernel::error::Result;
use kernel::lang::Lang;
use kernel::rng::hex;
use kernel::t;
use leptos::prelude::*;
use ui::form::choice::Select;
use ui::form::field::Input;
use ui::form::{FormState, hidden, path_of};
use ui::icon::icon;
use ui::page::Page;
use ui::tag::{Tone, tag};
use ui::visit::Visit;

/// 个人设置.
pub async fn me_page(visit: Visit) -> Result<Page> {
    let (lang, ctx) = (visit.lang(), visit.ctx.clone());
    let own = own(&ctx).await?;
    let sessions = sessions(&ctx, ctx.agent()?).await?;
    let current = ui::session::hash(&visit.session).map(|hash| hex(&hash)).unwrap_or_default();
    let (profile, password, session) = (visit.form("profile"), visit.form("password"), visit.form("session"));
    Ok(Page::new(t!(lang, "个人设置", "Your settings")).lead(own.email.clone()).body(move || {
        view! {
            <div class="body sections">
                {profile_section(&own, &profile, lang)}
                {password_section(&own, &password, lang)}
                {session_section(&sessions, &current, &session, &ctx)}
            </div>
        }
    }))
}

fn profile_section(own: &Own, form: &FormState, lang: Lang) -> AnyView {
    let languages = Lang::ALL.map(|lang| (lang.key(), lang.own_name()));
    let themes = Theme::ALL.iter().map(|theme| (theme.key(), theme.label(lang)));
    let densities = Density::ALL.iter().map(|density| (density.key(), density.label(lang)));
    view! {
        <section aria-labelledby="m1">
            <div class="side-h"><h2 id="m1">{t!(lang, "资料与外观", "Profile and looks")}</h2><p>{t!(lang, "昵称给客户看，姓名给同事看。", "Customers see the nickname, colleagues the name.")}</p></div>
            <form class="card" method="post" action={path_of::<EditProfile>()}>
                <div class="in stack">
                    {form.summary()}
                    <div class="two">
                        {Input::text("name", t!(lang, "姓名", "Full name")).value(&own.name).max(NAME_MAX).autocomplete("name").required().view(form)}
                        {Input::text("nickname", t!(lang, "昵称", "Nickname")).value(&own.nickname).max(NAME_MAX).view(form)}
                        {Input::text("phone", t!(lang, "电话", "Phone")).kind("tel").value(&own.phone).max(40).autocomplete("tel").view(form)}
                        {Select::new("lang", t!(lang, "语言", "Language")).options(languages)
                            .empty(t!(lang, "跟随浏览器", "As the browser")).selected(own.lang.as_deref().unwrap_or_default()).view(form)}
                        {Select::new("theme", t!(lang, "外观", "Theme")).options(themes).selected(&own.theme).required().view(form)}
                        {Select::new("density", t!(lang, "表格密度", "Table density")).options(densities).selected(&own.density).required().view(form)}
                    </div>
                </div>
                <footer><button class="btn main" type="submit">{t!(lang, "保存个人设置", "Save your settings")}</button></footer>
            </form>
        </section>
    }
    .into_any()
}

fn password_section(own: &Own, form: &FormState, lang: Lang) -> AnyView {
    let email = own.email.clone();
    view! {
        <section aria-labelledby="m2">
            <div class="side-h"><h2 id="m2">{t!(lang, "密码", "Password")}</h2><p>{t!(lang, "修改后，其他设备会退出登录。", "Other devices are signed out afterwards.")}</p></div>
            <form class="card" method="post" action={path_of::<ChangePassword>()}>
                <div class="in stack">
                    {form.summary()}
                    <input type="email" autocomplete="username" value=email hidden readonly/>
                    {Input::password("password_current", t!(lang, "当前密码", "Current password")).required().view(form)}
                    <div class="two">
                        {Input::password("password", t!(lang, "新密码", "New password")).autocomplete("new-password").required().view(form)}
                        {Input::password("password_again", t!(lang, "再输入一次", "The same again")).autocomplete("new-password").required().view(form)}
                    </div>
                    {strength(lang)}
                </div>
                <footer><button class="btn main" type="submit">{t!(lang, "修改密码", "Change password")}</button></footer>
            </form>
        </section>
    }
    .into_any()
}

fn session_section(sessions: &[SessionRow], current: &str, form: &FormState, ctx: &Ctx) -> AnyView {
    let lang = ctx.lang();
    let rows: Vec<AnyView> = sessions.iter().map(|row| session_row(row, row.session == current, ctx)).collect();
    let others = (sessions.len() > 1).then(|| {
        view! {
            <footer><form method="post" action={path_of::<EndOtherSessions>()}>
                {hidden("sure", true)}
                <button class="btn risky" type="submit">{icon("log-out")}{t!(lang, "退出其他设备", "Sign out other devices")}</button>
            </form></footer>
        }
    });
    let config = &ctx.app.config;
    let lasting = t!(
        lang,
        "{} 小时不用或登录满 {} 小时后自动退出。",
        "Signed out after {} hours of rest, or {} hours in all.",
        config.session_idle_hours,
        config.session_hours
    );
    view! {
        <section aria-labelledby="m3">
            <div class="side-h"><h2 id="m3">{t!(lang, "登录的设备", "Signed-in devices")}</h2><p>{lasting}</p></div>
            <div class="card">{form.summary()}<ul class="rows">{rows}</ul>{others}</div>
        </section>
    }
    .into_any()
}

fn session_row(row: &SessionRow, is_current: bool, ctx: &Ctx) -> AnyView {
    let lang = ctx.lang();
    let end = if is_current {
        tag(Tone::Ok, "circle-check", t!(lang, "这台设备", "This device"))
    } else {
        let label = t!(lang, "退出 {}", "Sign out {}", device(&row.user_agent, lang));
        view! {
            <form method="post" action={path_of::<EndSession>()}>
                {hidden("session", &row.session)}
                <button class="btn" type="submit" aria-label=label>{t!(lang, "退出", "Sign out")}</button>
            </form>
        }
        .into_any()
    };
    view! {
        <li>
            {icon("monitor")}
            <div class="grow">
                {device(&row.user_agent, lang)}
                <small>{row.ip.clone().unwrap_or_default()}{t!(lang, "·", ", ")}{t!(lang, "最近使用 ", "last used ")}{ui::time::ago(row.seen_at, ctx)}</small>
            </div>
            <span class="end">{end}</span>
        </li>
    }
    .into_any()
}
