//! 一个应用: making and editing it, its keys, and what it called last.

use super::{ADDRESS, key};
use crate::actions::{CreateApp, EditApp, RevokeApp, RotateApp};
use crate::model::NAME_MOST;
use crate::queries::{self, App, Called};
use crate::sign::appid;
use kernel::ctx::Ctx;
use kernel::error::Result;
use kernel::id::AppId;
use kernel::lang::Lang;
use kernel::scope::ApiScope;
use kernel::t;
use leptos::prelude::*;
use ui::dialog::{Confirm, confirm};
use ui::form::choice::Checks;
use ui::form::field::{Area, Input};
use ui::form::{FormState, hidden, path_of};
use ui::page::Page;
use ui::table::scroll;
use ui::visit::Visit;

/// 新建应用.
pub async fn new_page(visit: Visit) -> Result<Page> {
    let (lang, form) = (visit.lang(), visit.form("app"));
    let page = Page::new(t!(lang, "新建应用", "New application"))
        .crumb(t!(lang, "设置", "Settings"), "/settings")
        .crumb(t!(lang, "开放平台应用", "Applications"), ADDRESS);
    Ok(page.body(move || editor(lang, None, &form)))
}

/// 修改应用.
pub async fn edit_page(visit: Visit) -> Result<Page> {
    let (lang, ctx, id) = (visit.lang(), visit.ctx.clone(), visit.param::<AppId>("id")?);
    let (app, calls) = (queries::app(&ctx, id).await?, queries::calls(&ctx, id).await?);
    let (form, failed) = (visit.form("app"), [visit.form("app_rotate"), visit.form("app_revoke")]);
    let shown = key::of(&ctx, id, &visit.form(key::FORM));
    let (rotated, revoked) = (app.clone(), app.clone());
    let page = Page::new(app.name.clone())
        .crumb(t!(lang, "设置", "Settings"), "/settings")
        .crumb(t!(lang, "开放平台应用", "Applications"), ADDRESS)
        .action(move || rotate_button(&rotated, lang))
        .action(move || revoke_button(&revoked, lang));
    Ok(page.body(move || {
        let failed: Vec<AnyView> = failed.iter().map(|form| form.summary().into_any()).collect();
        view! {
            {failed}
            {keys_card(&ctx, &app, shown.as_deref())}
            {editor(lang, Some(&app), &form)}
            {calls_card(&ctx, &calls)}
        }
    }))
}

fn keys_card(ctx: &Ctx, app: &App, shown: Option<&str>) -> AnyView {
    let lang = ctx.lang();
    let app_key = match shown {
        Some(shown) => key::value(lang, "app_key", shown),
        None => {
            let since = app.key_at.table(&ctx.zone);
            view! { <dt>"app_key"</dt><dd class="mute">{t!(lang, "{} 起使用；只在生成时显示一次", "In use since {}; shown only when it was made", since)}</dd> }
                .into_any()
        }
    };
    let now = shown.map(|_| {
        view! { <p><b>{t!(lang, "请现在复制 app_key，离开这一页就看不到了。", "Copy the app_key now: it is not shown again.")}</b></p> }
    });
    view! {
        <div class="body narrow">
            <section class="card" aria-labelledby="keys">
                <header><h2 id="keys">{t!(lang, "密钥", "Keys")}</h2></header>
                <div class="in stack">
                    {now}
                    <dl class="facts">{key::value(lang, "appid", &appid(ctx.company, app.id))}{app_key}</dl>
                </div>
            </section>
        </div>
    }
    .into_any()
}

fn editor(lang: Lang, app: Option<&App>, form: &FormState) -> AnyView {
    let action = if app.is_some() { path_of::<EditApp>() } else { path_of::<CreateApp>() };
    let (name, networks) = app.map_or((String::new(), String::new()), |app| (app.name.clone(), app.networks.join("\n")));
    let scopes = ApiScope::ALL.iter().map(|scope| (scope.key(), format!("{} ({})", scope.label(lang), scope.key())));
    let chosen = app.map(|app| app.scopes.clone()).unwrap_or_default();
    let save = if app.is_some() { t!(lang, "保存应用", "Save application") } else { t!(lang, "创建应用", "Create application") };
    view! {
        <form class="settings" method="post" id="app" action=action>
            {app.map(|app| (hidden("id", app.id), hidden("version", app.version)))}
            <div class="body sections">
                {form.summary()}
                <section aria-labelledby="a1">
                    <div class="side-h"><h2 id="a1">{t!(lang, "基本信息", "Basics")}</h2></div>
                    <div class="card"><div class="in stack">
                        {Input::text("name", t!(lang, "名称", "Name")).value(name).max(NAME_MOST).required().hint(t!(lang, "写上是哪个系统，操作审计里显示它", "Which system it is; the audit trail shows it")).view(form)}
                    </div></div>
                </section>
                <section aria-labelledby="a2">
                    <div class="side-h"><h2 id="a2">{t!(lang, "接口范围", "Scopes")}</h2><p>{t!(lang, "只勾选它需要的。每个接口属于一个范围，见接口文档。", "Only what it needs. The reference says which scope an endpoint belongs to.")}</p></div>
                    <div class="card"><div class="in">
                        {Checks::new("scopes", t!(lang, "可以做什么", "What it may do")).options(scopes).selected(chosen.iter().map(|scope| scope.key())).view(form)}
                    </div></div>
                </section>
                <section aria-labelledby="a3">
                    <div class="side-h"><h2 id="a3">{t!(lang, "IP 名单", "Addresses")}</h2><p>{t!(lang, "填写后，只有这些地址可以获取和使用 token。", "When there are any, tokens can be got and used from these only.")}</p></div>
                    <div class="card"><div class="in">
                        {Area::new("networks", t!(lang, "IP 或网段，每行一个", "Addresses or networks, one a line")).value(networks).rows(3).placeholder("203.0.113.7\n10.0.0.0/8").view(form)}
                    </div></div>
                </section>
            </div>
            <div class="savebar" role="region" aria-label=t!(lang, "保存", "Save")>
                <span class="end row"><a class="btn quiet" href=ADDRESS>{t!(lang, "放弃", "Discard")}</a><button class="btn main" type="submit">{save}</button></span>
            </div>
        </form>
    }
    .into_any()
}

fn calls_card(ctx: &Ctx, calls: &[Called]) -> AnyView {
    let lang = ctx.lang();
    let inside = if calls.is_empty() {
        let text = t!(
            lang,
            "用 appid 和 app_key 获取 token，再调用一个接口，这里就会出现。",
            "Get a token with appid and app_key and call an endpoint: it will stand here."
        );
        view! { <div class="in"><p class="dim">{text}</p></div> }.into_any()
    } else {
        let rows: Vec<AnyView> = calls.iter().map(|call| call_row(ctx, call)).collect();
        let table = view! {
            <table class="table">
                <thead><tr>
                    <th scope="col">{t!(lang, "时间", "Time")}</th>
                    <th scope="col">{t!(lang, "接口", "Endpoint")}</th>
                    <th scope="col">"ret_code"</th>
                    <th scope="col" class="num">{t!(lang, "耗时（毫秒）", "Took (ms)")}</th>
                    <th scope="col">"IP"</th>
                    <th scope="col">{t!(lang, "请求编号", "Request id")}</th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
        };
        scroll(t!(lang, "调用记录表", "Calls"), table)
    };
    view! {
        <div class="body">
            <section class="card" aria-labelledby="calls">
                <header><h2 id="calls">{t!(lang, "最近 50 次调用", "The last 50 calls")}</h2></header>
                {inside}
            </section>
        </div>
    }
    .into_any()
}

fn call_row(ctx: &Ctx, call: &Called) -> AnyView {
    view! {
        <tr>
            <td>{ui::time::ago(call.at, ctx)}</td>
            <td><code>{call.path.clone()}</code></td>
            <td><code>{call.ret_code.clone()}</code></td>
            <td class="num">{call.millis}</td>
            <td>{call.ip.clone()}</td>
            <td><code>{call.request.to_string()}</code></td>
        </tr>
    }
    .into_any()
}

fn rotate_button(app: &App, lang: Lang) -> AnyView {
    confirm(
        "btn",
        t!(lang, "更换密钥", "Replace the key"),
        Confirm {
            id: "rotate-app",
            title: t!(lang, "更换“{}”的密钥？", "Replace the key of “{}”?", app.name),
            text: t!(
                lang,
                "旧密钥和现在的 token 立即失效，系统要换上新密钥才能继续调用。",
                "The key and its token stop working at once; the system must be given the new key to go on."
            )
            .to_owned(),
            keep: t!(lang, "保留旧密钥", "Keep the key").to_owned(),
            act: t!(lang, "更换密钥", "Replace the key").to_owned(),
            path: path_of::<RotateApp>(),
            fields: vec![("id".to_owned(), app.id.to_string())],
        },
    )
}

fn revoke_button(app: &App, lang: Lang) -> AnyView {
    confirm(
        "btn risky",
        t!(lang, "停用", "Revoke"),
        Confirm {
            id: "revoke-app",
            title: t!(lang, "停用应用“{}”？", "Revoke the application “{}”?", app.name),
            text: t!(lang, "它立即不能再调用接口，停用后不能恢复。", "It cannot call any more, at once and for good.").to_owned(),
            keep: t!(lang, "保留应用", "Keep it").to_owned(),
            act: t!(lang, "停用应用", "Revoke the application").to_owned(),
            path: path_of::<RevokeApp>(),
            fields: vec![("id".to_owned(), app.id.to_string())],
        },
    )
}
