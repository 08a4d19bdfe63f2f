//! 首页 and 通知: what waits for the person, put together above the slices.

use kernel::ctx::Ctx;
use kernel::error::Result;
use kernel::lang::Lang;
use kernel::live::{self, LiveEvent};
use kernel::permission::Permission;
use kernel::t;
use leptos::prelude::*;
use ticket::pages::part::{self, Desk};
use ui::empty::empty;
use ui::icon::icon;
use ui::page::Page;
use ui::visit::Visit;

/// Notices shown on the home page.
const LATEST: usize = 5;

/// 首页: the day's numbers, the tickets that wait, the latest notices.
pub async fn home_page(visit: Visit) -> Result<Page> {
    let (ctx, lang) = (visit.ctx.clone(), visit.lang());
    let desk = if ctx.may(Permission::TicketView) { Some(part::desk(&ctx).await?) } else { None };
    let calls = call::pages::part::desk(&ctx).await?;
    let mut tx = ctx.read().await?;
    let mut notices = live::notices(&mut tx, ctx.agent()?).await?;
    drop(tx);
    notices.truncate(LATEST);
    let page = Page::new(t!(lang, "{}，您好", "Hello, {}", visit.viewer.name)).lead(today(&ctx));
    let page = if desk.is_some() && ctx.may(Permission::TicketCreate) {
        page.action(move || view! { <a class="btn main" href="/tickets/new">{icon("plus")}{t!(lang, "新建工单", "New ticket")}</a> })
    } else {
        page
    };
    Ok(page.body(move || {
        let tiles = desk.as_ref().map(|desk| desk.tiles(lang));
        view! {
            <div class="body">
                {ctx.is_demo.then(|| demo_note(&ctx))}
                {tiles}
                {calls.map(|today| call::pages::part::tiles(today, &ctx))}
                <div class="split">
                    <div>{desk.as_ref().map(|desk: &Desk| desk.card(&ctx))}</div>
                    <aside aria-label=t!(lang, "通知与常用", "Notices and places")>{notice_card(&notices, &ctx)}{places(&ctx)}</aside>
                </div>
            </div>
        }
    }))
}

/// `11 月 22 日，星期日`, in the company's zone.
fn today(ctx: &Ctx) -> String {
    let day = ctx.now().date(&ctx.zone);
    let at = usize::try_from(day.weekday().to_monday_zero_offset()).unwrap_or(0);
    match ctx.lang() {
        Lang::Zh => format!("{} 月 {} 日，星期{}", day.month(), day.day(), ["一", "二", "三", "四", "五", "六", "日"][at]),
        Lang::En => day.strftime("%A, %-d %B").to_string(),
    }
}

fn demo_note(ctx: &Ctx) -> AnyView {
    let lang = ctx.lang();
    let text = t!(lang, "数据都是虚构的，看完可以一键删除。", "All data is invented. Remove it in one click when you have seen enough.");
    let may_remove = ctx.may(Permission::CompanySettings);
    let text = if may_remove { text } else { t!(lang, "数据都是虚构的。", "All data is invented.") };
    let remove = may_remove.then(|| ui::dialog::confirm(
        "btn",
        t!(lang, "删除演示数据", "Remove the demo"),
        ui::dialog::Confirm {
            id: "remove-demo",
            title: t!(lang, "删除演示数据？", "Remove the demo?").to_owned(),
            text: t!(lang, "演示公司连同它的同事、工单和评价都会删除，不能恢复。您自己的公司不受影响。", "The demo company goes with its colleagues, tickets and ratings, and cannot be brought back. Your own companies stay as they are.").to_owned(),
            keep: t!(lang, "保留演示", "Keep the demo").to_owned(),
            act: t!(lang, "删除演示数据", "Remove the demo").to_owned(),
            path: "/do/demo/remove",
            fields: vec![("sure".to_owned(), "true".to_owned())],
        },
    ));
    view! {
        <div class="note">
            {icon("sparkles")}
            <div><b>{t!(lang, "这是演示公司", "This is the demo company")}</b><div class="dim">{text}</div></div>
            <span class="act">{remove}</span>
        </div>
    }
    .into_any()
}

fn notice_card(notices: &[LiveEvent], ctx: &Ctx) -> AnyView {
    let lang = ctx.lang();
    let all = (!notices.is_empty())
        .then(|| view! { <span class="act"><a class="link small" href="/notices">{t!(lang, "全部通知", "All")}</a></span> });
    let body = if notices.is_empty() {
        view! { <div class="in"><p class="small mute">{t!(lang, "工单分配给您、客户回复、导出完成时，会出现在这里。", "Tickets assigned to you, replies and finished exports show up here.")}</p></div> }.into_any()
    } else {
        let rows: Vec<AnyView> = notices.iter().map(|notice| notice_row(notice, ctx)).collect();
        view! { <ul class="rows notices">{rows}</ul> }.into_any()
    };
    view! { <section class="card"><header><h2>{t!(lang, "通知", "Notifications")}</h2>{all}</header>{body}</section> }.into_any()
}

/// Places the person goes to often, as far as the person may.
fn places(ctx: &Ctx) -> AnyView {
    let lang = ctx.lang();
    let links: Vec<AnyView> = [
        (Permission::CustomerView, "users-round", "/customers", t!(lang, "查找客户", "Find a customer")),
        (Permission::StatisticsTicket, "smile", "/reports/ticket-satisfaction", t!(lang, "工单满意度统计", "Ticket satisfaction")),
        (Permission::StatisticsCall, "phone", "/reports/calls", t!(lang, "通话报表", "Report of calls")),
        (Permission::MailLedger, "mail", "/mail", t!(lang, "邮件台账", "Mail ledger")),
        (Permission::AgentManage, "user-plus", "/settings/agents", t!(lang, "客服账号", "Agents")),
        (Permission::MailboxManage, "inbox", "/settings/mailboxes", t!(lang, "邮箱", "Mailboxes")),
    ]
    .into_iter()
    .filter(|(item, ..)| ctx.may(*item))
    .map(|(_, icon_name, href, words)| {
        view! { <li>{icon(icon_name)}<a class="to grow" href=href>{words}</a>{icon("chevron-right")}</li> }.into_any()
    })
    .collect();
    if links.is_empty() {
        return ().into_any();
    }
    view! { <section class="card"><header><h2>{t!(lang, "常用", "Places")}</h2></header><ul class="rows">{links}</ul></section> }.into_any()
}

/// 通知: the person's last notices. Looking at them reads them.
pub async fn notices_page(visit: Visit) -> Result<Page> {
    let (ctx, lang) = (visit.ctx.clone(), visit.lang());
    let agent = ctx.agent()?;
    let mut tx = ctx.begin().await?;
    let notices = live::notices(&mut tx, agent).await?;
    let unread = notices.iter().filter(|notice| notice.read_at.is_none()).count();
    if unread > 0 {
        live::read(&mut tx, agent, None).await?;
    }
    tx.commit().await?;
    let page = Page::new(t!(lang, "通知", "Notifications"));
    let page = if unread > 0 { page.count(t!(lang, "{} 条新的", "{} new", unread)) } else { page };
    let own =
        move || view! { <a class="btn" href="/me/reminders">{icon("settings-2")}{t!(lang, "我的提醒", "Your reminders")}</a> }.into_any();
    let page = if ctx.may(Permission::TicketView) { page.action(own) } else { page };
    Ok(page.body(move || {
        if notices.is_empty() {
            let text = t!(
                lang,
                "工单分配给您、客户回复、导出完成时，会出现在这里。",
                "Tickets assigned to you, replies of customers and finished exports show up here."
            );
            return empty("bell", t!(lang, "还没有通知", "Nothing yet"), text, ());
        }
        let rows: Vec<AnyView> = notices.iter().map(|notice| notice_row(notice, &ctx)).collect();
        view! { <div class="body narrow"><section class="card"><ul class="rows notices">{rows}</ul></section></div> }.into_any()
    }))
}

fn notice_row(notice: &LiveEvent, ctx: &Ctx) -> AnyView {
    let lang = ctx.lang();
    let text = |key: &str| notice.payload.get(key).and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default();
    let (picture, what) = what(&notice.kind, &text("what"), lang);
    let what = (!what.is_empty()).then(|| format!("{what}{}", t!(lang, "，", ", ")));
    let fresh = notice.read_at.is_none().then(|| view! { <span class="fresh"><span class="sr">{t!(lang, "未读", "Unread")}</span></span> });
    view! {
        <li>
            {icon(picture)}
            <div class="grow"><a class="to" href=text("href")>{text("title")}</a><small>{what}{ui::time::ago(notice.created_at, ctx)}</small></div>
            <span class="end">{fresh}</span>
        </li>
    }
    .into_any()
}

/// Icon and words of a notice; an export brings its own words.
fn what(kind: &str, event: &str, lang: Lang) -> (&'static str, &'static str) {
    match (kind, event) {
        ("export", _) => ("download", ""),
        ("trigger", _) => ("workflow", t!(lang, "触发得太多，已自动停用", "Switched off: it acted too often")),
        ("webhook", _) => ("webhook", t!(lang, "连续 5 天没有送达，已自动停用", "Switched off: nothing was taken for five days")),
        (_, "ticket_assigned") => ("user-plus", t!(lang, "换了受理组或受理客服", "Assigned anew")),
        (_, "ticket_replied_by_customer") => ("mail", t!(lang, "客户回复了", "The customer replied")),
        (_, "ticket_replied_by_agent") => ("reply", t!(lang, "同事回复或备注了", "A colleague wrote")),
        (_, "ticket_urged") => ("bell", t!(lang, "有人催单", "Urged")),
        (_, "ticket_nearly_due") => ("timer", t!(lang, "快到时限了", "Due soon")),
        (_, "ticket_overdue") => ("timer", t!(lang, "已经超时", "Overdue")),
        (_, "ticket_rated") => ("smile", t!(lang, "客户评价了", "The customer rated it")),
        (_, "mail_failed") => ("mail-x", t!(lang, "有一封邮件没有送出", "A mail could not be sent")),
        (_, "ticket_status_changed") => ("circle-dot", t!(lang, "状态变了", "Its status changed")),
        (_, "ticket_answered") => ("clipboard-list", t!(lang, "客户填写了", "The customer filled it in")),
        (_, "ticket_edited") => ("pencil", t!(lang, "属性变了", "Its properties changed")),
        _ => ("ticket", t!(lang, "有新变化", "It changed")),
    }
}
