//! Before and around the console: the first visit of an empty installation, the demo, the language.

use crate::web::actions::{DemoInput, LanguageInput, ThemeInput};
use crate::web::first_visit::first_visit;
use crate::web::who::LANG_COOKIE;
use axum::http::{HeaderValue, header};
use identity::model::Theme;
use identity::queries::company::installation;
use kernel::ctx::Ctx;
use kernel::error::{Error, Problem, Result};
use kernel::lang::Lang;
use kernel::permission::Permission;
use kernel::t;
use leptos::prelude::expect_context;
use leptos_axum::ResponseOptions;
use ui::act::{Call, Done};
use ui::page::Page;
use ui::visit::PublicVisit;

/// 首次访问: create a company, or look at the demo. It stays open while there is nothing but the demo.
pub async fn welcome_page(visit: PublicVisit) -> Result<Page> {
    let installation = installation(&visit.app).await?;
    if installation.has_company {
        return Err(Error::SignInFirst);
    }
    let (lang, form) = (visit.lang(), visit.form("setup"));
    Ok(Page::new(t!(lang, "开始使用", "Get started")).bare().body(move || first_visit(lang, &form, &installation)))
}

/// Keeps the language: in the account when somebody is signed in, and in the browser for the pages before that.
pub async fn choose_language(call: &Call, input: &LanguageInput) -> Result<Done> {
    let lang = Lang::from_key(&input.lang).ok_or(Error::NotFound)?;
    if let Some(ctx) = &call.ctx {
        identity::commands::profile::set_lang(ctx, lang).await?;
    }
    let cookie = format!("{LANG_COOKIE}={}; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly", lang.key());
    if let Ok(value) = HeaderValue::from_str(&cookie) {
        expect_context::<ResponseOptions>().append_header(header::SET_COOKIE, value);
    }
    Ok(Done::to(input.back.clone()))
}

/// Keeps the theme in the account.
pub async fn choose_theme(ctx: &Ctx, input: &ThemeInput) -> Result<Done> {
    let theme = Theme::from_key(&input.theme).ok_or(Error::NotFound)?;
    identity::commands::profile::set_theme(ctx, theme).await?;
    Ok(Done::to(ui::act::local(&input.back)))
}

/// Makes the demo and signs in as its super admin: whoever may set up this place may look at it.
pub async fn open_demo(call: &Call, input: &DemoInput) -> Result<Done> {
    if installation(&call.app).await?.has_company {
        return Err(Problem::SetupDone.into());
    }
    identity::commands::company::check_setup_code(&call.app, &input.code, call.request.ip).await?;
    // On its own, so that a browser that goes away does not leave half a company behind.
    let (app, lang) = (call.app.clone(), call.lang());
    let demo = tokio::spawn(async move { crate::demo::load(&app, lang).await }).await.map_err(Error::internal)??;
    identity::commands::state::enter(&call.app, demo.company, demo.agent).await?;
    call.sign_in(demo.company, demo.agent).await?;
    Ok(Done::to("/").say(t!(call.lang(), "演示数据已载入", "The demo is loaded")))
}

/// Removes the demo with everything in it.
pub async fn close_demo(ctx: &Ctx) -> Result<Done> {
    ctx.require(Permission::CompanySettings)?;
    crate::demo::remove(&ctx.app).await?;
    Ok(Done::to("/welcome"))
}
