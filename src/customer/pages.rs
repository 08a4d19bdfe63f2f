//! 客户列表. The other pages of customers stand in `pages/`.

pub mod field;
mod form;
pub mod merge;
pub mod profile;

use crate::model::{CustomerFilter, MOST_VIP};
use crate::queries::{self, CustomerRow};
use kernel::ctx::Ctx;
use kernel::error::Result;
use kernel::lang::Lang;
use kernel::permission::Permission;
use kernel::t;
use leptos::prelude::*;
use maud::{Markup, display, html};
use ui::empty::{empty, no_result};
use ui::icon::icon;
use ui::option::options;
use ui::page::Page;
use ui::pager::pager;
use ui::tag::{self, or_dash};
use ui::visit::Visit;
use ui::written::Written;
use ui::{avatar, time};

/// 客户列表: search by any fact, filter by VIP level, the last changed first.
pub async fn customers_page(visit: Visit) -> Result<Page> {
    let (lang, ctx) = (visit.lang(), visit.ctx.clone());
    let filter = visit.query::<CustomerFilter>();
    let list = queries::list(&ctx, &filter).await?;
    let is_filtered = !filter.q.trim().is_empty() || filter.vip.is_some();
    let total = counted(list.total);
    let page = Page::new(t!(lang, "客户", "Customers")).count(total.clone());
    let page = if ctx.may(Permission::CustomerEdit) { page.action(move || new_button(lang)) } else { page };
    Ok(page.body(move || {
        let rows: Written = html! { @for row in &list.page.rows { (customer_row(row, &ctx)) } }.into();
        let table = match (list.page.rows.is_empty(), is_filtered) {
            (true, true) => {
                no_result(t!(lang, "没有符合条件的客户", "No customer matches"), "/customers", t!(lang, "清除条件", "Clear filters"))
            }
            (true, false) => nobody_yet(&ctx),
            (false, _) => {
                let words = t!(lang, "{} 位客户，按最近更新排序", "{} customers, last changed first", total);
                view! { {customer_table(rows, lang)}{pager(&list.page, &visit.place, lang, words)} }.into_any()
            }
        };
        view! { {filters(&filter, lang)}{table} }
    }))
}

fn filters(filter: &CustomerFilter, lang: Lang) -> AnyView {
    let any = core::iter::once((String::new(), t!(lang, "全部等级", "Any level").to_owned()));
    let levels = (1..=MOST_VIP).map(|level| (level.to_string(), t!(lang, "VIP {} 及以上", "VIP {} and above", level)));
    let levels = options(any.chain(levels), &filter.vip.map(|level| level.to_string()).unwrap_or_default());
    let hint = t!(lang, "昵称、姓名、拼音、电话、邮箱、对接ID", "Name, pinyin, phone, e-mail, integration id");
    view! {
        <form class="filters" method="get" action="/customers" role="search" aria-label=t!(lang, "查找客户", "Find customers")>
            <div class="with-icon grow">
                {icon("search")}
                <input class="input" name="q" type="search" value=filter.q.clone() placeholder=hint aria-label=t!(lang, "查找客户", "Find customers")/>
            </div>
            <select class="input" name="vip" aria-label=t!(lang, "VIP等级", "VIP level")>
                {levels}
            </select>
            <button class="btn" type="submit">{t!(lang, "查找客户", "Find")}</button>
        </form>
    }
    .into_any()
}

fn customer_table(rows: Written, lang: Lang) -> AnyView {
    let table = view! {
        <table class="table roomy fold" role="table">
            <thead role="rowgroup">
                <tr role="row">
                    <th role="columnheader" scope="col">{t!(lang, "客户", "Customer")}</th>
                    <th role="columnheader" scope="col">{t!(lang, "电话", "Phone")}</th>
                    <th role="columnheader" scope="col">{t!(lang, "邮箱", "E-mail")}</th>
                    <th role="columnheader" scope="col">{t!(lang, "对接ID", "Integration id")}</th>
                    <th role="columnheader" scope="col" class="num" aria-sort="descending">{t!(lang, "最近更新", "Last changed")}</th>
                </tr>
            </thead>
            <tbody role="rowgroup">{rows}</tbody>
        </table>
    };
    view! { <div class="edge">{ui::table::scroll(t!(lang, "客户", "Customers"), table)}</div> }.into_any()
}

fn customer_row(row: &CustomerRow, ctx: &Ctx) -> Markup {
    let lang = ctx.lang();
    let below: Vec<&str> =
        [row.name.as_str(), row.organisation.as_str()].into_iter().filter(|text| !text.is_empty() && *text != row.nickname).collect();
    html! {
        tr role="row" {
            th role="rowheader" scope="row" {
                span.who {
                    (avatar::mark(row.id.0, &row.nickname))
                    span {
                        a.to href={ "/customers/" (display(row.id)) } { (row.nickname) }
                        " "
                        (tag::vip(row.vip_level))
                        span.sub { (below.join(t!(lang, "·", ", "))) }
                    }
                }
            }
            td role="cell" data-k=(t!(lang, "电话", "Phone")) { (or_dash(row.phone.as_deref().unwrap_or_default())) }
            td role="cell" data-k=(t!(lang, "邮箱", "E-mail")) { (or_dash(row.email.as_deref().unwrap_or_default())) }
            td role="cell" data-k=(t!(lang, "对接ID", "Integration id")) {
                @match &row.partner_id { Some(id) => code { (id) }, None => (or_dash("")) }
            }
            td.num role="cell" data-k=(t!(lang, "最近更新", "Last changed")) { (time::ago(row.updated_at, ctx)) }
        }
    }
}

fn nobody_yet(ctx: &Ctx) -> AnyView {
    let lang = ctx.lang();
    let action = ctx.may(Permission::CustomerEdit).then(|| new_button(lang));
    empty(
        "users-round",
        t!(lang, "还没有客户", "No customers yet"),
        t!(
            lang,
            "收到第一封邮件时，发件人会自动成为客户；也可以先录入，带上对接ID，以后就能和您的系统对上",
            "Whoever writes by mail becomes a customer by itself. You can also enter customers first, with the id your own system knows them by"
        ),
        action,
    )
}

fn new_button(lang: Lang) -> AnyView {
    view! { <a class="btn main" href="/customers/new">{icon("plus")}{t!(lang, "新建客户", "New customer")}</a> }.into_any()
}

fn counted(total: i64) -> String {
    if total > 10_000 {
        "10,000+".to_owned()
    } else if total >= 1000 {
        format!("{},{:03}", total / 1000, total % 1000)
    } else {
        total.to_string()
    }
}
