//! 应用: the list, with what is set up about the open platform.

pub mod app;
pub mod key;
pub mod reference;

use crate::actions::SavePlatform;
use crate::queries::{self, App};
use kernel::ctx::Ctx;
use kernel::error::Result;
use kernel::lang::Lang;
use kernel::t;
use leptos::prelude::*;
use ui::empty::empty;
use ui::form::choice::Check;
use ui::form::field::reason;
use ui::form::{hidden, path_of};
use ui::icon::icon;
use ui::page::Page;
use ui::table::scroll;
use ui::visit::Visit;

/// Where the list lives.
pub(crate) const ADDRESS: &str = "/settings/apps";

/// 应用, `/settings/apps`.
pub async fn apps_page(visit: Visit) -> Result<Page> {
    let (lang, ctx) = (visit.lang(), visit.ctx.clone());
    let (apps, settings, form) = (queries::apps(&ctx).await?, queries::settings(&ctx).await?, visit.form("open_platform"));
    let page = Page::new(t!(lang, "开放平台应用", "Applications"))
        .history(&visit.ctx, "open_platform_settings")
        .crumb(t!(lang, "设置", "Settings"), "/settings")
        .count(apps.len())
        .lead(t!(
            lang,
            "您公司的系统通过应用调用接口：各有自己的密钥、接口范围和 IP 名单。",
            "Your own systems call the interfaces as applications, each with its key, scopes and addresses."
        ))
        .action(move || view! { <a class="btn not-phone" href="/developers">{icon("book-open")}{t!(lang, "接口文档", "Reference")}</a> })
        .action(move || new_button(lang));
    Ok(page.body(move || {
        let list = if apps.is_empty() {
            let text = t!(
                lang,
                "例如：商城系统用对接ID查客户、代客户建工单。建好后得到 appid 和 app_key，照接口文档换取 token。",
                "For example: the shop looks customers up by integration id and creates tickets for them. A new one has an appid and an app_key, with which it gets its token as the reference says."
            );
            empty("plug", t!(lang, "还没有应用", "No applications yet"), text, new_button(lang))
        } else {
            let rows: Vec<AnyView> = apps.iter().map(|app| row(app, &ctx)).collect();
            let table = view! {
                <table class="table roomy fold" role="table">
                    <thead role="rowgroup"><tr role="row">
                        <th role="columnheader" scope="col">{t!(lang, "应用", "Application")}</th>
                        <th role="columnheader" scope="col">{t!(lang, "接口范围", "Scopes")}</th>
                        <th role="columnheader" scope="col">{t!(lang, "IP 名单", "Addresses")}</th>
                        <th role="columnheader" scope="col">{t!(lang, "最近使用", "Last used")}</th>
                    </tr></thead>
                    <tbody role="rowgroup">{rows}</tbody>
                </table>
            };
            view! { <section class="card">{scroll(t!(lang, "应用表", "Applications"), table)}</section> }.into_any()
        };
        view! {
            <div class="body">
                {list}
                <form class="card" method="post" action={path_of::<SavePlatform>()}>
                    <div class="in stack">
                        {form.summary()}
                        {hidden("version", settings.version)}
                        {Check::new("login", t!(lang, "登录接口", "Login interface")).checked(settings.value.login).switch().hint(t!(lang, "客服用账号和密码换取 token，以自己的权限调用接口，2 小时有效。平时请关闭。", "Agents get a token by account and password and call with their own rights, for 2 hours. Leave it off unless it is needed.")).view(&form)}
                        {reason(&form)}
                    </div>
                    <footer><span class="end"><button class="btn" type="submit">{t!(lang, "保存开放平台设置", "Save the settings")}</button></span></footer>
                </form>
            </div>
        }
        .into_any()
    }))
}

fn row(app: &App, ctx: &Ctx) -> AnyView {
    let lang = ctx.lang();
    let between = t!(lang, "、", ", ");
    let scopes = app.scopes.iter().map(|scope| scope.label(lang)).collect::<Vec<_>>().join(between);
    let networks = if app.networks.is_empty() { t!(lang, "不限", "Anywhere").to_owned() } else { app.networks.join(between) };
    let used = match app.used_at {
        Some(at) => view! { {ui::time::ago(at, ctx)} }.into_any(),
        None => view! { <span class="mute">{t!(lang, "还没有", "Never")}</span> }.into_any(),
    };
    view! {
        <tr role="row">
            <th role="rowheader" scope="row"><a class="to" href=format!("{ADDRESS}/{}", app.id)>{app.name.clone()}</a></th>
            <td role="cell" class="wrap" data-k=t!(lang, "接口范围", "Scopes")>{scopes}</td>
            <td role="cell" class="wrap" data-k=t!(lang, "IP 名单", "Addresses")>{networks}</td>
            <td role="cell" data-k=t!(lang, "最近使用", "Last used")>{used}</td>
        </tr>
    }
    .into_any()
}

fn new_button(lang: Lang) -> AnyView {
    view! { <a class="btn main" href=format!("{ADDRESS}/new")>{icon("plus")}{t!(lang, "新建应用", "New application")}</a> }.into_any()
}
