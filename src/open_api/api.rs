//! 开放接口 of the open platform itself: tokens, and the feed of changes.

use crate::commands::token::{Given, issue, login};
use crate::queries::changes;
use kernel::api::answer::{One, Reply};
use kernel::api::exact::Exact;
use kernel::api::value::moment;
use kernel::api::{Call, Endpoint, Input, Method};
use kernel::app::App;
use kernel::ctx::{Ctx, Request};
use kernel::endpoint;
use kernel::error::{Problem, Result};
use kernel::id::{AgentId, EventId};
use std::sync::Arc;

/// Every endpoint of this slice.
pub const ENDPOINTS: &[Endpoint] = &[
    Endpoint {
        method: Method::Get,
        path: "/api/get_token",
        title: ("获取 token", "Get a token"),
        input: GetToken::FIELDS,
        shape: <One<TokenItem> as Reply>::SHAPE,
        call: Call::Public(|app, request, sent| Box::pin(async move { get_token(app, request, GetToken::read(&sent)?).await?.answer() })),
    },
    Endpoint {
        method: Method::Post,
        path: "/api/basic/5/agent/login",
        title: ("客服登录", "Log an agent in"),
        input: Login::FIELDS,
        shape: <One<LoginItem> as Reply>::SHAPE,
        call: Call::Public(|app, request, sent| Box::pin(async move { log_in(app, request, Login::read(&sent)?).await?.answer() })),
    },
    endpoint!(Get "/api/changes", ChangeRead, ("读取变更", "Read the feed of changes"), read_changes: ReadChanges => One<ChangesItem>),
];

/// Changes of one answer at most.
const MOST: i64 = 200;

kernel::api_input! {
    /// 获取 token.
    pub struct GetToken {
        appid: String = "应用的 appid", "The application's appid";
        create_time: String = "现在，10 位秒数；与服务器相差不超过 10 分钟", "Now, as 10 digits of seconds; within 10 minutes of the server";
        sign: String = "md5(appid + create_time + app_key)，小写十六进制", "md5(appid + create_time + app_key), lower-case hexadecimal";
    }
}

kernel::api_item! {
    /// token.
    pub struct TokenItem {
        token: String = "放在之后每次请求的请求头 token 里", "Goes into the header token of every later request";
        expires_in: i64 = "多少秒后过期；重新获取时旧的立即失效", "Seconds until it runs out; another one ends it at once";
    }
}

/// 获取 token: of an application, by its signature (F§1.1).
pub async fn get_token(app: Arc<App>, request: Request, input: GetToken) -> Result<One<TokenItem>> {
    let given = issue(&app, request, &input.appid, &input.create_time, &input.sign).await?;
    Ok(One(TokenItem { expires_in: given.lasts.as_secs(), token: given.token }))
}

kernel::api_input! {
    /// 客服登录.
    pub struct Login {
        agent_email: String = "登录邮箱", "Sign-in address";
        password: Exact = "密码", "Password";
    }
}

kernel::api_item! {
    /// 登录结果.
    pub struct LoginItem {
        token: String = "放在之后每次请求的请求头 token 里", "Goes into the header token of every later request";
        expires_in: i64 = "多少秒后过期；再次登录时旧的立即失效", "Seconds until it runs out; another login ends it at once";
        agentid: AgentId = "客服 id", "Id of the agent";
    }
}

/// 客服登录: a token of the agent by account and password, with the agent's own rights (F§1.5). The company opens it in its settings.
pub async fn log_in(app: Arc<App>, request: Request, input: Login) -> Result<One<LoginItem>> {
    let Given { token, lasts, agent } = login(&app, request, input.agent_email, input.password.0).await?;
    let agentid = agent.ok_or(Problem::SignInFailed)?;
    Ok(One(LoginItem { token, expires_in: lasts.as_secs(), agentid }))
}

kernel::api_input! {
    /// 读取变更.
    pub struct ReadChanges {
        since: Option<String> = "上一次返回的 next；不填就从头", "The next of the answer before; from the beginning when left out";
    }
}

kernel::api_item! {
    /// 一批变更.
    pub struct ChangesItem {
        changes: Vec<ChangeItem> = "变更，按提交的先后", "Changes, in the order of commits";
        next: Option<String> = "下一次从这里读；还没有变更时为空", "Where to go on; none before anything changed";
        has_more: bool = "是否马上还有", "Whether there is more at once";
    }
}

kernel::api_item! {
    /// 变更.
    pub struct ChangeItem {
        eventid: EventId = "事件 id，同一件事只有一个", "Id of the event, one for each thing that happened";
        event_type: String = "事件类型", "Kind of event";
        objectid: Option<String> = "发生在哪个对象上", "What it happened to";
        event_time: String = "时间", "When";
        payload: serde_json::Value = "事件的其他内容，只有 id 和代码", "What else is known: ids and codes only";
    }
}

/// 读取变更: what happened to tickets and customers, for whoever keeps a copy up to date. It never passes a late commit by (D21);
/// what is changed this moment may take as long as the longest transaction that runs.
pub async fn read_changes(ctx: Ctx, input: ReadChanges) -> Result<One<ChangesItem>> {
    // A token of an agent sees tickets by the agent's scope of rows, and this feed knows no rows.
    if ctx.actor.agent().is_some() {
        return Err(Problem::ScopeMissing.into());
    }
    let found = changes(&ctx, input.since.as_deref(), MOST).await?;
    let next = found.last().map(|change| change.cursor.clone()).or(input.since);
    let has_more = i64::try_from(found.len()).is_ok_and(|count| count == MOST);
    let item = |change: crate::queries::Change| ChangeItem {
        eventid: EventId(change.id),
        event_type: change.kind,
        objectid: change.subject.map(|id| id.to_string()),
        event_time: moment(Some(change.at), &ctx.zone),
        payload: change.payload,
    };
    Ok(One(ChangesItem { changes: found.into_iter().map(item).collect(), next, has_more }))
}
