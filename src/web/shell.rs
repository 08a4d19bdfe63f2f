//! The frame of the console: rail, bar, module menu, content; and the document around every page.

use crate::web::keys;
use crate::web::nav::{self, words};
use call::islands::bar::PhoneEar;
use identity::model::AgentState;
use kernel::ctx::Request;
use kernel::lang::Lang;
use kernel::permission::{Module, Permission};
use kernel::t;
use leptos::config::LeptosOptions;
use leptos::hydration::HydrationScripts;
use leptos::prelude::*;
use ui::flash::Toast;
use ui::icon::{icon, icon_l, icon_s};
use ui::islands::bell::Bell;
use ui::islands::busy::Busy;
use ui::islands::keys::Keys;
use ui::islands::palette::{Palette, PaletteWords};
use ui::page::Page;
use ui::visit::Visit;
use ui::written::Written;

/// The whole document. Bare pages stand alone and carry no script.
pub fn document(page: Page, request: &Request, visit: Option<Visit>, toast: Option<Toast>) -> AnyView {
    let lang = page.lang.unwrap_or_else(|| visit.as_ref().map_or(request.lang, Visit::lang));
    let company = visit.as_ref().map(|visit| visit.ctx.company_name.to_string());
    let title = match &company {
        Some(company) => format!("{} · {company}", page.title),
        None => format!("{} · Kefu", page.title),
    };
    let viewer = visit.as_ref().map(|visit| visit.viewer.clone());
    let theme = viewer.as_ref().map(|viewer| viewer.theme.clone()).filter(|theme| theme != "auto");
    let density = viewer.map(|viewer| viewer.density).filter(|density| density != "comfortable");
    let is_bare = page.is_bare || visit.is_none();
    let body_class = if is_bare { page.body_class } else { "" };
    let scripts = (!is_bare).then(|| {
        let options = LeptosOptions::builder().output_name("kefu").site_pkg_dir("pkg").build();
        view! { <HydrationScripts options islands=true/> }
    });
    let content = match visit {
        Some(visit) if !is_bare => console(page, &visit, toast),
        _ => bare(page, toast, lang),
    };
    view! {
        <!DOCTYPE html>
        <html lang=lang.tag() data-theme=theme data-density=density>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover"/>
                <meta name="color-scheme" content="light dark"/>
                <title inner_html=kernel::html::escape(&title)></title>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                <link rel="stylesheet" href="/kefu.css"/>
                {scripts}
            </head>
            <body class=body_class>{content}</body>
        </html>
    }
    .into_any()
}

fn bare(page: Page, toast: Option<Toast>, lang: Lang) -> AnyView {
    // An error page brings no landmark of its own; the customer's pages do, whatever they say.
    let is_error = page.status >= 400 && page.body_class != "public";
    let body = page.body.map(|body| body());
    let body = if is_error { view! { <main id="main">{body}</main> }.into_any() } else { body.into_any() };
    view! { {body}{toast.map(|toast| toast_view(toast, lang))} }.into_any()
}

fn console(page: Page, visit: &Visit, toast: Option<Toast>) -> AnyView {
    let lang = visit.lang();
    let module = nav::module_of(visit.path());
    // Once beside the content, once more in the drawer of a narrow screen.
    let menu = module.map(|module| Written::once(view! { {page.side.map(|side| side())}{menu_entries(module, visit)} }.into_any()));
    let has_menu = menu.is_some();
    let menu_again = menu.clone().unwrap_or_default();
    let module_name = module.map_or(t!(lang, "菜单", "Menu"), |module| module.label(lang));
    let side_menu = menu.map(|menu| {
        view! { <nav class="menu side" aria-label=module_name><h2 class="not-phone">{module_name}</h2>{menu}</nav> }
    });
    // An error page brings its own title.
    let head = (page.status < 400).then(|| head(page.title, page.crumbs, page.count, page.lead, page.marks, page.actions, lang));
    let body = page.body.map(|body| body());
    view! {
        <a class="skip" href="#main">{t!(lang, "跳到正文", "Skip to content")}</a>
        <div class="app">
            {rail(module, visit)}
            {bar(visit, lang)}
            {side_menu}
            <main id="main" tabindex="-1">{head}{body}</main>
        </div>
        <nav class="drawer left" id="side" popover="auto" aria-label=module_name>
            <header>
                <b>{module_name}</b>
                <button class="btn quiet icon" type="button" popovertarget="side" popovertargetaction="hide" aria-label=t!(lang, "关闭", "Close")>{icon("x")}</button>
            </header>
            <div class="menu flat">{rail_links(visit, lang)}{has_menu.then(|| view! { <hr/><h2>{module_name}</h2> })}{menu_again}</div>
        </nav>
        {toast.map(|toast| toast_view(toast, lang))}
        {keys::dialog(lang)}
        <button id="open-keys" type="button" popovertarget="keys" hidden=true></button>
        <Palette entries=nav::palette(&visit.ctx) places=nav::places(&visit.ctx) words=palette_words(lang)/>
        <Keys/>
        <Busy/>
    }
    .into_any()
}

fn palette_words(lang: Lang) -> PaletteWords {
    PaletteWords {
        placeholder: t!(lang, "搜索或跳转", "Search or jump to").to_owned(),
        search: t!(lang, "搜索工单、消息和客户", "Search tickets, messages and customers").to_owned(),
        none: t!(lang, "没有匹配的页面、工单、客户或通话", "No page, ticket, customer or call matches").to_owned(),
        pages: t!(lang, "页面", "Pages").to_owned(),
        tickets: t!(lang, "工单", "Tickets").to_owned(),
        calls: t!(lang, "通话", "Calls").to_owned(),
        customers: t!(lang, "客户", "Customers").to_owned(),
    }
}

fn head(
    title: String,
    crumbs: Vec<(String, String)>,
    count: Option<String>,
    lead: Option<String>,
    marks: Vec<Box<dyn FnOnce() -> AnyView + Send>>,
    actions: Vec<Box<dyn FnOnce() -> AnyView + Send>>,
    lang: Lang,
) -> AnyView {
    let steps: Vec<AnyView> = crumbs
        .into_iter()
        .enumerate()
        .map(|(at, (text, href))| {
            let arrow = (at > 0).then(|| icon("chevron-right"));
            view! { <li>{arrow}<a href=href>{text}</a></li> }.into_any()
        })
        .collect();
    let place =
        (!steps.is_empty()).then(|| view! { <nav aria-label=t!(lang, "位置", "You are here")><ol class="crumb">{steps}</ol></nav> });
    let marks: Vec<AnyView> = marks.into_iter().map(|mark| mark()).collect();
    let actions: Vec<AnyView> = actions.into_iter().map(|action| action()).collect();
    let acts = (!actions.is_empty()).then(|| view! { <div class="act">{actions}</div> });
    view! {
        <div class="head">
            {place}
            <div class="title"><h1>{title}</h1>{count.map(|count| view! { <span class="count">{count}</span> })}{marks}{acts}</div>
            {lead.map(|lead| view! { <p class="lead">{lead}</p> })}
        </div>
    }
    .into_any()
}

fn rail(module: Option<Module>, visit: &Visit) -> AnyView {
    let lang = visit.lang();
    let is_home = visit.path() == "/";
    let links: Vec<AnyView> = nav::RAIL
        .iter()
        .filter_map(|entry| Some((entry, nav::way(entry, &visit.ctx)?)))
        .map(|(entry, href)| {
            let is_current = match entry.module {
                None => is_home,
                some => some == module,
            };
            let class = if entry.module == Some(Module::Settings) { "push" } else { "" };
            view! { <a href=href class=class aria-current=is_current.then_some("page")>{icon_l(entry.icon)}{words(entry.label, lang)}</a> }
                .into_any()
        })
        .collect();
    view! { <nav class="rail" aria-label=t!(lang, "主导航", "Main")><a class="brand" href="/" aria-label="Kefu">{logo()}</a>{links}</nav> }
        .into_any()
}

/// The rail once more, for the drawer of a narrow screen.
fn rail_links(visit: &Visit, lang: Lang) -> Vec<AnyView> {
    nav::RAIL
        .iter()
        .filter_map(|entry| Some((entry, nav::way(entry, &visit.ctx)?)))
        .map(|(entry, href)| view! { <a href=href>{icon(entry.icon)}{words(entry.label, lang)}</a> }.into_any())
        .collect()
}

/// The mark of the product.
#[must_use]
pub fn logo() -> AnyView {
    view! { <img src="/favicon.svg" width="28" height="28" alt=""/> }.into_any()
}

fn bar(visit: &Visit, lang: Lang) -> AnyView {
    let other = lang.other();
    let path = visit.place.with(&[("lang", "")]);
    let bell_label = t!(lang, "通知，{} 条未读", "Notifications, {} unread", "{}");
    view! {
        <header class="bar">
            <button class="btn quiet icon only-phone only-narrow" type="button" popovertarget="side" aria-label=t!(lang, "打开菜单", "Open the menu")>{icon_l("menu")}</button>
            <a class="company" href="/settings/company">{visit.ctx.company_name.to_string()}</a>
            <a class="find" href="/search" data-palette="open" aria-keyshortcuts="Control+K">
                {icon("search")}<span>{t!(lang, "搜索或跳转", "Search or jump to")}</span><kbd aria-hidden="true">"Ctrl K"</kbd>
            </a>
            <span class="grow"></span>
            <form method="post" action="/do/language" class="not-phone">
                <input type="hidden" name="input[lang]" value=other.key()/>
                <input type="hidden" name="input[back]" value=path/>
                <button class="btn quiet" type="submit" lang=other.tag()>{icon("languages")}{other.own_name()}</button>
            </form>
            {phone_or_state(visit, lang)}
            <Bell unread=visit.viewer.unread since=visit.viewer.heard label=bell_label unlock=t!(lang, "开启声音", "Let it sound").to_owned()/>
            <button class="btn quiet icon" type="button" popovertarget="me" aria-label=t!(lang, "{} 的菜单", "Menu of {}", visit.viewer.name)>
                {ui::avatar::mark(visit.ctx.actor.uuid().unwrap_or_default(), &visit.viewer.name)}
            </button>
            {person_menu(visit, lang)}
        </header>
    }
    .into_any()
}

/// The phone bar says how whoever has a phone is; everybody else has the state menu in its place.
fn phone_or_state(visit: &Visit, lang: Lang) -> AnyView {
    match visit.viewer.phone.is_empty() {
        true => state_menu(visit, lang),
        false => view! { {visit.viewer.phone.clone()}<PhoneEar/> }.into_any(),
    }
}

/// 客服状态: how the person is, one click away from how they are next.
fn state_menu(visit: &Visit, lang: Lang) -> AnyView {
    let now = AgentState::from_key(visit.viewer.state).unwrap_or(AgentState::Offline);
    let (back, path) = (visit.place.with(&[]), ui::form::path_of::<identity::actions::ChangeState>());
    let choices: Vec<AnyView> = AgentState::ALL
        .iter()
        .filter(|state| state.is_chosen())
        .map(|state| {
            let is_chosen = *state == now;
            view! {
                <button type="submit" name="input[state]" value=state.key() aria-pressed=is_chosen.to_string()>
                    <span class=state.light()></span>{state.label(lang)}{is_chosen.then(|| icon_s("check"))}
                </button>
            }
            .into_any()
        })
        .collect();
    view! {
        <button class="btn quiet state" type="button" popovertarget="state" aria-label=t!(lang, "客服状态：{}", "Your state: {}", now.label(lang))>
            <span class=now.light()></span><span class="not-phone">{now.label(lang)}</span>
        </button>
        <div class="pop" id="state" popover="auto">
            <form class="list" method="post" action=path>
                <input type="hidden" name="input[back]" value=back/>
                {choices}
            </form>
        </div>
    }
    .into_any()
}

fn person_menu(visit: &Visit, lang: Lang) -> AnyView {
    let viewer = &visit.viewer;
    let back = visit.place.with(&[]);
    let other = lang.other();
    let themes = [
        ("auto", "monitor", t!(lang, "跟随系统", "System")),
        ("light", "sun", t!(lang, "浅色", "Light")),
        ("dark", "moon", t!(lang, "深色", "Dark")),
    ];
    let themes: Vec<AnyView> = themes
        .into_iter()
        .map(|(theme, picture, words)| {
            let is_chosen = viewer.theme == theme;
            view! { <button type="submit" name="input[theme]" value=theme aria-pressed=is_chosen.to_string() >{icon_s(picture)}{words}</button> }.into_any()
        })
        .collect();
    let presets = visit.ctx.may(Permission::TicketReply).then(|| {
        view! { <a href="/me/presets">{icon("zap")}{t!(lang, "我的快捷回复与宏", "Your preset replies and macros")}</a> }
    });
    view! {
        <div class="pop" id="me" popover="auto">
            <div class="in-me"><div><b>{viewer.name.clone()}</b><div class="small mute">{viewer.email.clone()}</div></div></div>
            <hr/>
            <form class="in-me" method="post" action="/do/theme">
                <input type="hidden" name="input[back]" value=back.clone()/>
                <span class="seg" role="group" aria-label=t!(lang, "外观", "Theme")>{themes}</span>
            </form>
            <hr/>
            <div class="list">
                <a href="/me">{icon("user-round")}{t!(lang, "个人设置", "Your settings")}</a>
                <a href="/me/reminders">{icon("bell-ring")}{t!(lang, "我的提醒", "Your reminders")}</a>
                {presets}
                <button type="button" popovertarget="keys">{icon("keyboard")}{t!(lang, "快捷键", "Shortcuts")}<kbd>"?"</kbd></button>
                <form class="only-phone" method="post" action="/do/language">
                    <input type="hidden" name="input[lang]" value=other.key()/>
                    <input type="hidden" name="input[back]" value=back/>
                    <button type="submit" lang=other.tag()>{icon("languages")}{other.own_name()}</button>
                </form>
                <form method="post" action="/do/sign_out">
                    <input type="hidden" name="input[sure]" value="true"/>
                    <button type="submit">{icon("log-out")}{t!(lang, "退出登录", "Sign out")}</button>
                </form>
            </div>
        </div>
    }
    .into_any()
}

fn menu_entries(module: Module, visit: &Visit) -> Vec<AnyView> {
    let lang = visit.lang();
    let mut section = "";
    let mut out = Vec::new();
    for entry in nav::menu(module, &visit.ctx) {
        let heading = words(entry.section, lang);
        if heading != section && !heading.is_empty() {
            out.push(view! { <h3>{heading}</h3> }.into_any());
        }
        section = heading;
        let is_current = visit.path() == entry.href || visit.path().starts_with(&format!("{}/", entry.href));
        let link = view! { <a href=entry.href aria-current=is_current.then_some("page")>{icon(entry.icon)}{words(entry.label, lang)}</a> };
        out.push(link.into_any());
    }
    out
}

fn toast_view(toast: Toast, lang: Lang) -> AnyView {
    let undo = toast.undo.map(|undo| {
        let fields: Vec<AnyView> = undo.fields.iter().map(|(name, value)| ui::form::hidden(name, value)).collect();
        view! { <form method="post" action=undo.path>{fields}<button class="btn" type="submit">{undo.label}</button></form> }
    });
    view! {
        <div class="toasts" role="status" aria-label=t!(lang, "提示", "Message")>
            <div class="toast">{icon_s("circle-check")}{toast.text}<span class="end">{undo}</span></div>
        </div>
    }
    .into_any()
}
