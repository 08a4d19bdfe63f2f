//! 接口文档, `/developers`: everything somebody needs who builds an integration, drawn from the endpoints themselves.

use crate::commands::token::{AGENT_LASTS, APP_LASTS};
use crate::document::codes;
use crate::rate::{A_SECOND, AT_ONCE};
use kernel::api::{Endpoint, Method, Shape, word};
use kernel::error::Result;
use kernel::lang::Lang;
use kernel::scope::ApiScope;
use kernel::t;
use leptos::prelude::*;
use serde_json::Value;
use ui::page::Page;
use ui::table::scroll;
use ui::visit::PublicVisit;

/// The examples, which the tests run.
pub const EXAMPLES: [(&str, &str); 3] = [
    ("curl", include_str!("../examples/curl.sh")),
    ("Python", include_str!("../examples/python.py")),
    ("JavaScript", include_str!("../examples/javascript.mjs")),
];

/// 接口文档 of these endpoints. Public: it tells what the program can do, and nothing of any company.
pub async fn page(visit: PublicVisit, endpoints: Vec<Endpoint>) -> Result<Page> {
    let lang = visit.lang();
    let (here, switch) = (visit.app.config.link(""), visit.place.with(&[("lang", lang.other().key())]));
    let page = Page::new(t!(lang, "接口文档", "Interface reference")).bare().body_class("dev");
    Ok(page.body(move || {
        let links: Vec<AnyView> = endpoints
            .iter()
            .map(|endpoint| view! { <a href=format!("#{}", anchor(endpoint))>{word(endpoint.title, lang)}</a> }.into_any())
            .collect();
        let articles: Vec<AnyView> = endpoints.iter().map(|endpoint| article(lang, endpoint)).collect();
        view! {
            <main id="main">
                <header>
                    <h1>{t!(lang, "接口文档", "Interface reference")}</h1>
                    <p>
                        <a class="link" href="/openapi.json">"OpenAPI 3.1"</a>" · "
                        <a class="link" href="/settings/apps">{t!(lang, "管理应用", "Applications")}</a>" · "
                        <a class="link" href=switch lang=lang.other().tag() hreflang=lang.other().tag()>{lang.other().own_name()}</a>
                    </p>
                </header>
                <div class="defs">
                    <div>
                        {begin(lang, &here)}
                        {scopes(lang)}
                        <h2>{t!(lang, "接口", "Endpoints")}</h2>
                        {articles}
                        {failures(lang)}
                    </div>
                    <nav aria-label=t!(lang, "接口", "Endpoints")><h2>{t!(lang, "接口", "Endpoints")}</h2>{links}</nav>
                </div>
            </main>
        }
    }))
}

fn begin(lang: Lang, here: &str) -> AnyView {
    let examples: Vec<AnyView> = EXAMPLES
        .iter()
        .map(|(name, text)| {
            let text = text.replace("https://kefu.example.com", here);
            view! { <h3>{*name}</h3><pre tabindex="0"><code>{text}</code></pre> }.into_any()
        })
        .collect();
    let (hours, agent_hours) = (APP_LASTS.as_hours(), AGENT_LASTS.as_hours());
    view! {
        <section class="def">
            <h2>{t!(lang, "从这里开始", "Begin here")}</h2>
            <ol>
                <li>{t!(lang, "管理员在“设置 → 开放平台应用”新建应用，得到 appid 和 app_key。", "An administrator makes an application under Settings → Applications, and gets its appid and app_key.")}</li>
                <li>{t!(lang, "用签名换取 token：sign = md5(appid + create_time + app_key)。token {} 小时有效；重新获取时旧的立即失效。", "Get a token by a signature: sign = md5(appid + create_time + app_key). A token works for {} hours; another one ends it at once.", hours)}</li>
                <li>{t!(lang, "之后每次请求都带请求头 token。返回总有 ret_code 和 ret_msg，000000 是成功。", "Every later request has the header token. Every answer has ret_code and ret_msg; 000000 is success.")}</li>
            </ol>
            <dl class="facts">
                <dt>{t!(lang, "参数", "Parameters")}</dt>
                <dd>{t!(lang, "GET 放在地址里，POST 用 JSON 或表单。不认识的参数会被忽略，类型不对或同名两次会被拒绝。修改时，没有发送的不变，空值清空。", "In the address of a GET; as JSON or a form in a POST. Unknown ones are ignored, wrong types and names that come twice refused. An edit keeps what is not sent, and empties what is sent empty.")}</dd>
                <dt>{t!(lang, "语言", "Language")}</dt>
                <dd>{t!(lang, "请求头 language: zh 或 en，默认 zh。", "Header language: zh or en; zh by default.")}</dd>
                <dt>{t!(lang, "时间", "Times")}</dt>
                <dd>{t!(lang, "2026-11-22 09:30:00，公司所在时区。", "2026-11-22 09:30:00, in the company's zone.")}</dd>
                <dt>{t!(lang, "分页", "Pages")}</dt>
                <dd>{t!(lang, "page_no 从 1 开始，page_size 默认 15；返回 page_count 和 total_count。客户和工单最多翻到第 10,000 行。", "page_no from 1, page_size 15 by default; answered with page_count and total_count. Pages of customers and tickets reach 10,000 rows.")}</dd>
                <dt>{t!(lang, "频率", "Rate")}</dt>
                <dd>{t!(lang, "每个应用、每位客服每秒 {} 次，一次最多连续 {} 次。超过时 HTTP 429、ret_code 900005，Retry-After 是要等的秒数。", "{} calls a second for each application and each agent, {} at once. Beyond that HTTP 429, ret_code 900005, and Retry-After in seconds.", A_SECOND, AT_ONCE)}</dd>
                <dt>"Idempotency-Key"</dt>
                <dd>{t!(lang, "需要 token 的 POST 可以带这个请求头（ASCII）：同一个值只执行一次，一天内再发得到同样的返回；内容不同会被拒绝。", "A POST with a token may have this header, in ASCII: the same value is done once, and answered alike for a day; with another body it is refused.")}</dd>
                <dt>{t!(lang, "客服 token", "Tokens of agents")}</dt>
                <dd>{t!(lang, "公司打开登录接口后，客服可以用账号和密码获取，{} 小时有效，权限与本人相同。", "Where the company has opened the login interface, agents get one by account and password. It works for {} hours, with their own rights.", agent_hours)}</dd>
            </dl>
            {examples}
        </section>
    }
    .into_any()
}

fn scopes(lang: Lang) -> AnyView {
    let rows: Vec<AnyView> = ApiScope::ALL
        .iter()
        .map(|scope| view! { <tr><th scope="row"><code>{scope.key()}</code></th><td>{scope.label(lang)}</td></tr> }.into_any())
        .collect();
    view! { <section class="def"><h2>{t!(lang, "接口范围", "Scopes")}</h2><table class="table"><tbody>{rows}</tbody></table></section> }
        .into_any()
}

fn article(lang: Lang, endpoint: &Endpoint) -> AnyView {
    let method = match endpoint.method {
        Method::Get => "GET",
        Method::Post => "POST",
    };
    let scope = match endpoint.scope() {
        Some(scope) => t!(lang, "接口范围：{}", "Scope: {}", scope.key()),
        None => t!(lang, "不需要 token", "Needs no token").to_owned(),
    };
    let taken: Vec<AnyView> = endpoint
        .input
        .iter()
        .map(|field| {
            let need = if field.required { t!(lang, "必填", "required") } else { t!(lang, "选填", "optional") };
            field_row(lang, field.name, need, word(field.words, lang), &(field.schema)())
        })
        .collect();
    let taken = (!taken.is_empty()).then(|| fields(lang, t!(lang, "参数", "Parameters"), taken));
    let answered = match endpoint.shape {
        Shape::Done => None,
        Shape::One(item) => Some(("item", item())),
        Shape::Many(item) => Some(("items[]", item())),
    };
    let answered = answered.map(|(name, schema)| {
        let mut rows = Vec::new();
        inner(lang, name, &schema, &mut rows);
        fields(lang, t!(lang, "返回", "Answer"), rows)
    });
    view! {
        <article class="def" id=anchor(endpoint)>
            <header><h3>{word(endpoint.title, lang)}</h3><span class="end small mute">{scope}</span></header>
            <p class="formula"><code>{method}" "{endpoint.path}</code></p>
            {taken}
            {answered}
        </article>
    }
    .into_any()
}

fn fields(lang: Lang, label: &'static str, rows: Vec<AnyView>) -> AnyView {
    let table = view! {
        <table class="table">
            <thead><tr>
                <th scope="col">{label}</th>
                <th scope="col">{t!(lang, "类型", "Type")}</th>
                <th scope="col">{t!(lang, "说明", "Meaning")}</th>
            </tr></thead>
            <tbody>{rows}</tbody>
        </table>
    };
    scroll(label, table)
}

fn field_row(lang: Lang, name: &str, need: &'static str, meaning: &str, schema: &Value) -> AnyView {
    let codes = code_words(lang, schema);
    view! {
        <tr>
            <th scope="row"><code>{name.to_owned()}</code></th>
            <td>{kind(schema)}" "<span class="mute">{need}</span></td>
            <td class="wrap">{meaning.to_owned()}{codes.map(|codes| view! { <span class="sub">{codes}</span> })}</td>
        </tr>
    }
    .into_any()
}

/// The fields of what is answered, one below the other, each by its path.
fn inner(lang: Lang, at: &str, schema: &Value, rows: &mut Vec<AnyView>) {
    let Some(properties) = schema["properties"].as_object() else { return };
    for (name, field) in properties {
        let path = format!("{at}.{name}");
        let told = field["description"].as_str().unwrap_or_default();
        // Both languages stand in the document; the reader's is picked here.
        let (zh, en) = told.split_once(" / ").unwrap_or((told, told));
        let meaning = if lang == Lang::Zh { zh } else { en };
        rows.push(field_row(lang, &path, "", meaning, field));
        if field["items"]["properties"].is_object() {
            inner(lang, &format!("{path}[]"), &field["items"], rows);
        }
    }
}

/// 代码表: the codes of a field with their words, which the schema has from the catalog.
fn code_words(lang: Lang, schema: &Value) -> Option<String> {
    let at = usize::from(lang == Lang::En);
    let words = schema["x-codes"].as_object()?;
    let codes = schema["enum"].as_array()?.iter().filter_map(Value::as_str);
    let row = |code: &str| Some(format!("{code} {}", words.get(code)?[at].as_str()?));
    Some(codes.filter_map(row).collect::<Vec<_>>().join(t!(lang, "，", ", ")))
}

fn kind(schema: &Value) -> String {
    match &schema["type"] {
        Value::String(kind) => kind.clone(),
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" | "),
        _ => "any".to_owned(),
    }
}

fn failures(lang: Lang) -> AnyView {
    let rows: Vec<AnyView> = codes(lang)
        .into_iter()
        .map(|(code, reasons)| {
            let reasons: Vec<AnyView> =
                reasons.into_iter().map(|(key, text)| view! { <li><code>{key}</code>" "{text}</li> }.into_any()).collect();
            view! { <tr><th scope="row"><code>{code}</code></th><td class="wrap"><ul>{reasons}</ul></td></tr> }.into_any()
        })
        .collect();
    let table = view! { <table class="table"><tbody>{rows}</tbody></table> };
    view! {
        <section class="def" id="codes">
            <h2>{t!(lang, "错误代码", "Codes of refusals")}</h2>
            <p>{t!(lang, "errors 里逐项说明：field 是哪个参数，reason 是原因的名称。900001 至 900005 与 token、签名和频率有关；400000 是没有专用代码的规则；999999 只在系统出错时出现。", "errors says each of them: field is the parameter, reason the word of the reason. 900001 to 900005 concern token, signature and rate; 400000 is a rule without a code of its own; 999999 is a failure of the system alone.")}</p>
            {scroll(t!(lang, "错误代码表", "Codes"), table)}
        </section>
    }
    .into_any()
}

fn anchor(endpoint: &Endpoint) -> String {
    endpoint.path.trim_start_matches("/api/").replace('/', "-")
}
