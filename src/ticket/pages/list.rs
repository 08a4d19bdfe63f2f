//! 工单列表: a built-in or kept list, narrowed by its address.

use super::choice::Choices;
use super::filter::{self, filters};
use super::side::{self, Side};
use super::{bulk, table, views};
use crate::actions;
use crate::islands::key::ListKeys;
use crate::islands::live::LiveLine;
use crate::model::list::{BuiltIn, ListQuery};
use crate::queries::field;
use crate::queries::list;
use export::model::{Format, Kind};
use kernel::ctx::Ctx;
use kernel::error::{Error, Problems, Result};
use kernel::lang::Lang;
use kernel::permission::Permission;
use kernel::t;
use leptos::prelude::*;
use ui::download::Download;
use ui::empty::{empty, no_result};
use ui::form::{hidden, path_of};
use ui::icon::icon;
use ui::page::Page;
use ui::pager::pager;
use ui::visit::Visit;

/// Where the list lives.
pub(crate) const ADDRESS: &str = "/tickets";

/// 工单列表.
pub async fn list_page(visit: Visit) -> Result<Page> {
    let (ctx, lang) = (visit.ctx.clone(), visit.lang());
    let query = ListQuery::parse(&visit.place.query);
    let problems = match list::check(&query) {
        Err(Error::Problems(problems)) => problems,
        checked => checked.map(|()| Problems::default())?,
    };
    let side = side::load(&ctx, Some(&query)).await?;
    let known = side.count_of(query.start()).filter(|_| !query.is_filtered());
    let (rows, total) = list::rows_and_count(&ctx, &query, known).await?;
    let choices = Choices::load(&ctx).await?;
    let fields = field::seen(&mut ctx.read().await?).await?;
    let title = title(lang, &side, &query);
    let save = views::save_form(&ctx, &visit.form(views::FORM), &query, &side);
    let (place, address) = (visit.place.clone(), filter::href(ADDRESS, &query.without_place()));
    let menu = side.clone();
    let name = t!(lang, "{}的工单", "Tickets: {}", title);
    let page = Page::new(title).crumb(t!(lang, "工单", "Tickets"), ADDRESS).count(side::counted(total)).side(move || menu.draw());
    let may_export = ctx.may(Permission::TicketExport) && !rows.rows.is_empty();
    let wanted = query.without_place().to_query();
    let page = if may_export { page.action(move || export_menu(lang, &wanted)) } else { page };
    let failed = visit.form("ticket_export");
    let page = if ctx.may(Permission::TicketCreate) { page.action(move || new_button(lang)) } else { page };
    Ok(page.body(move || {
        let words = lines(lang, total, &query);
        let content = if rows.rows.is_empty() {
            nothing(&ctx, &query)
        } else {
            view! {
                <div class="list-wrap">{table::tickets(&ctx, &rows.rows, &query, name)}{bulk::bar(&ctx, &query)}</div>
                {pager(&rows, &place, lang, words)}
            }
            .into_any()
        };
        view! {
            {filters(&ctx, ADDRESS, &query, (&choices, fields.as_slice()))}
            {save}
            {failed.is_shown_again().then(|| view! { <div class="filters">{failed.summary()}</div> })}
            {wrong_days(lang, &problems)}
            <LiveLine href=address only=String::new() words=live_words(lang)/>
            {content}
            <ListKeys/>
        }
    }))
}

/// What the page is called: the kept list, or the built-in one.
fn title(lang: Lang, side: &Side, query: &ListQuery) -> String {
    side.kept().map_or_else(|| query.start().label(lang).to_owned(), |view| view.name.clone())
}

/// The main button.
pub(crate) fn new_button(lang: Lang) -> AnyView {
    view! { <a class="btn main" href="/tickets/new" data-key="c">{icon("plus")}{t!(lang, "新建工单", "New ticket")}<kbd class="in-main not-phone">"C"</kbd></a> }.into_any()
}

/// 导出: the list as it is filtered on screen, as a file.
fn export_menu(lang: Lang, query: &str) -> AnyView {
    let action = path_of::<actions::ExportTickets>();
    let download = Download { action, formats: Format::offers(lang), history: Kind::Tickets.page() };
    ui::download::menu(lang, download, hidden("query", query))
}

/// `37 张，按最近更新`.
fn lines(lang: Lang, total: i64, query: &ListQuery) -> String {
    let (number, order) = (side::counted(total), query.order().label(lang));
    match (lang, total) {
        (Lang::En, 1) => format!("1 ticket, by: {}", order.to_lowercase()),
        _ => t!(lang, "{} 张，按{}", "{} tickets, by: {}", number, order.to_lowercase()),
    }
}

fn live_words(lang: Lang) -> [String; 2] {
    let one = t!(lang, "1 张工单有新变化，更新列表", "1 ticket changed, refresh the list");
    let more = t!(lang, "{} 张工单有新变化，更新列表", "{} tickets changed, refresh the list");
    [one.to_owned(), more.to_owned()]
}

fn wrong_days(lang: Lang, problems: &Problems) -> Option<AnyView> {
    let (_, problem) = problems.0.first()?;
    let note = ui::tag::note(
        ui::tag::Tone::Warn,
        "triangle-alert",
        problem.text(lang),
        t!(lang, "这个时间条件没有生效。", "This condition is left out."),
    );
    Some(view! { <div class="filters">{note}</div> }.into_any())
}

/// No rows: because of filters, or because nothing is there yet.
fn nothing(ctx: &Ctx, query: &ListQuery) -> AnyView {
    let lang = ctx.lang();
    if query.is_filtered() {
        let bare = ListQuery { view: query.view, sort: query.sort, ..ListQuery::default() };
        let title = t!(lang, "没有符合条件的工单", "No ticket matches the filters");
        return no_result(title, filter::href(ADDRESS, &bare), t!(lang, "清除筛选", "Clear filters"));
    }
    let start = query.start();
    let (title, text) = match start {
        BuiltIn::Mine => (
            t!(lang, "没有等您处理的工单", "Nothing waits for you"),
            t!(
                lang,
                "分配给您、还没有完成的工单会出现在这里。可以从未分配里接一张。",
                "Open tickets assigned to you show up here. Take one from the unassigned ones."
            ),
        ),
        BuiltIn::Group => (
            t!(lang, "组里没有未完成的工单", "Your groups have no open tickets"),
            t!(lang, "您所在组受理、还没有完成的工单会出现在这里。", "Open tickets of the groups you work in show up here."),
        ),
        BuiltIn::Unassigned => (
            t!(lang, "都有人受理了", "Everything is assigned"),
            t!(lang, "还没有受理客服的工单会出现在这里。", "Open tickets that nobody handles yet show up here."),
        ),
        BuiltIn::Followed => (
            t!(lang, "您还没有关注工单", "You follow no tickets"),
            t!(lang, "在工单里点“关注”，有变化时会通知您。", "Choose “Follow” in a ticket, and you hear of its changes."),
        ),
        BuiltIn::All => (
            t!(lang, "还没有工单", "No tickets yet"),
            t!(
                lang,
                "客户发到邮箱的邮件会变成工单，也可以代客户新建。",
                "Mail to your mailboxes becomes tickets, and you can create one for a customer."
            ),
        ),
        BuiltIn::Bin => (
            t!(lang, "回收站是空的", "The recycle bin is empty"),
            t!(lang, "删除的工单在这里，可以恢复。", "Deleted tickets are kept here and can be restored."),
        ),
    };
    let new = (ctx.may(Permission::TicketCreate) && start != BuiltIn::Bin)
        .then(|| view! { <a class="btn" href="/tickets/new">{icon("plus")}{t!(lang, "新建工单", "New ticket")}</a> });
    let mailboxes = (start == BuiltIn::All && ctx.may(Permission::MailboxManage))
        .then(|| view! { <a class="btn" href="/settings/mailboxes">{icon("mail")}{t!(lang, "设置邮箱", "Set up mailboxes")}</a> });
    let unassigned = (start == BuiltIn::Mine)
        .then(|| view! { <a class="btn" href="/tickets?view=unassigned">{t!(lang, "查看未分配", "See unassigned")}</a> });
    empty(start.icon(), title, text, view! { {new}{mailboxes}{unassigned} })
}
