//! Pages of no slice: home, the first visit of an empty installation, shortcuts, notices.

use crate::web::actions::{DemoInput, LanguageInput};
use crate::web::who::LANG_COOKIE;
use axum::http::{HeaderValue, header};
use kernel::ctx::Ctx;
use kernel::error::{Error, Result};
use kernel::lang::Lang;
use kernel::permission::Permission;
use kernel::t;
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use ui::act::{Call, Done};
use ui::empty::empty;
use ui::icon::{icon, icon_l};
use ui::page::Page;
use ui::visit::{PublicVisit, Visit};

/// 首页: what waits for the person.
pub async fn home_page(visit: Visit) -> Result<Page> {
    let lang = visit.lang();
    let links: Vec<(&'static str, &'static str, &'static str, &'static str)> = [
        (
            Permission::TicketView,
            "inbox",
            "/tickets?view=mine",
            t!(lang, "我的工单", "My tickets"),
            t!(lang, "分配给我、还没有完成的", "Assigned to me and still open"),
        ),
        (
            Permission::TicketCreate,
            "plus",
            "/tickets/new",
            t!(lang, "新建工单", "New ticket"),
            t!(
                lang,
                "代客户创建，按姓名、电话、邮箱或对接ID找到客户",
                "On behalf of a customer, found by name, phone, e-mail or integration id"
            ),
        ),
        (
            Permission::CustomerView,
            "users-round",
            "/customers",
            t!(lang, "客户", "Customers"),
            t!(lang, "查找、修改、合并", "Find, edit, merge"),
        ),
        (
            Permission::StatisticsTicket,
            "smile",
            "/reports/ticket-satisfaction",
            t!(lang, "工单满意度统计", "Ticket satisfaction"),
            t!(lang, "每个数字都能点开看到它数的工单", "Every number opens the tickets it counts"),
        ),
        (
            Permission::AgentManage,
            "user-plus",
            "/settings/agents",
            t!(lang, "客服账号", "Agents"),
            t!(lang, "邀请同事，分组，给权限", "Invite colleagues, groups, permissions"),
        ),
        (
            Permission::MailboxManage,
            "mail",
            "/settings/mailboxes",
            t!(lang, "邮箱", "Mailboxes"),
            t!(lang, "客户发来的邮件变成工单", "Customers' mail becomes tickets"),
        ),
    ]
    .into_iter()
    .filter(|(item, ..)| visit.ctx.may(*item))
    .map(|(_, icon_name, href, title, text)| (icon_name, href, title, text))
    .collect();
    let title = t!(lang, "{}，您好", "Hello, {}", visit.viewer.name);
    let is_demo = visit.ctx.is_demo;
    Ok(Page::new(title).body(move || {
        let cards: Vec<AnyView> = links
            .into_iter()
            .map(|(icon_name, href, title, text)| view! { <li><a class="to" href=href>{icon(icon_name)}<div class="grow"><b>{title}</b><small>{text}</small></div>{icon("chevron-right")}</a></li> }.into_any())
            .collect();
        let demo = is_demo.then(|| {
            view! {
                <div class="note">
                    {icon("sparkles")}
                    <div><b>{t!(lang, "这是演示公司", "This is the demo company")}</b><div class="dim">{t!(lang, "数据都是虚构的，看完可以一键删除。", "All data is invented. Remove it in one click when you have seen enough.")}</div></div>
                    <form class="act" method="post" action="/do/demo/remove"><input type="hidden" name="input[sure]" value="true"/><button class="btn" type="submit">{t!(lang, "删除演示数据", "Remove the demo")}</button></form>
                </div>
            }
        });
        view! { <div class="body narrow">{demo}<section class="card"><ul class="rows">{cards}</ul></section></div> }
    }))
}

/// 首次访问: create a company, or look at the demo.
pub async fn welcome_page(visit: PublicVisit) -> Result<Page> {
    if !visit.app.companies().await?.is_empty() {
        return Err(Error::SignInFirst);
    }
    let (lang, form) = (visit.lang(), visit.form("setup"));
    let needs_code = identity::queries::company::needs_setup_code(&visit.app);
    Ok(Page::new(t!(lang, "开始使用", "Get started")).bare().body(move || crate::web::first_visit::first_visit(lang, &form, needs_code)))
}

/// 快捷键: the sheet.
pub async fn shortcuts_page(visit: Visit) -> Result<Page> {
    let lang = visit.lang();
    let rows = [
        ("Ctrl K", t!(lang, "搜索或跳转", "Search or jump to")),
        ("J / K", t!(lang, "列表里下一行、上一行", "Next and previous row of a list")),
        ("X", t!(lang, "选择这一行", "Pick the row")),
        ("Enter", t!(lang, "打开这一行", "Open the row")),
        ("C", t!(lang, "新建工单", "New ticket")),
        ("/", t!(lang, "到搜索框", "To the search field")),
    ];
    Ok(Page::new(t!(lang, "快捷键", "Shortcuts")).lead(t!(lang, "在输入框里不生效。", "They are off inside fields.")).body(move || {
        let rows: Vec<AnyView> = rows
            .into_iter()
            .map(|(keys, what)| view! { <tr><th scope="row"><kbd>{keys}</kbd></th><td>{what}</td></tr> }.into_any())
            .collect();
        view! { <div class="body narrow"><section class="card"><table class="table"><tbody>{rows}</tbody></table></section></div> }
    }))
}

/// 通知: the person's last notices.
pub async fn notices_page(visit: Visit) -> Result<Page> {
    let lang = visit.lang();
    let ctx = visit.ctx.clone();
    let mut tx = ctx.read().await?;
    let notices = kernel::live::recent(&mut tx, ctx.agent()?).await?;
    drop(tx);
    Ok(Page::new(t!(lang, "通知", "Notifications")).body(move || {
        if notices.is_empty() {
            let text = t!(lang, "工单分配给您、客户回复、导出完成时，会出现在这里。", "Tickets assigned to you, replies of customers and finished exports show up here.");
            return empty("bell", t!(lang, "还没有通知", "Nothing yet"), text, ());
        }
        let rows: Vec<AnyView> = notices
            .into_iter()
            .map(|notice| {
                let text = |key: &str| notice.payload.get(key).and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default();
                let (title, href) = (text("title"), text("href"));
                view! { <li>{icon_l("bell")}<div class="grow"><a class="to" href=href>{title}</a><small>{ui::time::ago(notice.created_at, &ctx)}</small></div></li> }.into_any()
            })
            .collect();
        view! { <div class="body narrow"><section class="card"><ul class="rows">{rows}</ul></section></div> }.into_any()
    }))
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

/// Makes the demo and signs in as its super admin: whoever may set up this place may look at it.
pub async fn open_demo(call: &Call, input: &DemoInput) -> Result<Done> {
    identity::commands::company::check_setup_code(&call.app, &input.code, call.request.ip).await?;
    let demo = crate::demo::load(&call.app, call.lang()).await?;
    call.sign_in(demo.company, demo.agent).await?;
    Ok(Done::to("/").say(t!(call.lang(), "演示数据已载入", "The demo is loaded")))
}

/// Removes the demo with everything in it.
pub async fn close_demo(ctx: &Ctx) -> Result<Done> {
    ctx.require(Permission::CompanySettings)?;
    crate::demo::remove(&ctx.app).await?;
    Ok(Done::to("/welcome"))
}
