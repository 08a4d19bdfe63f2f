//! Error pages: what happened, what is kept, what to do, and the request id to copy. Never a cause (S50).

use crate::web::render;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use kernel::ctx::Request;
use kernel::error::{Error, Problem};
use kernel::t;
use leptos::prelude::*;
use ui::icon::icon;
use ui::islands::copy::Copy;
use ui::page::Page;

/// The status of an error.
#[must_use]
pub fn status(error: &Error) -> StatusCode {
    match error {
        Error::Problems(_) => StatusCode::BAD_REQUEST,
        Error::NotFound => StatusCode::NOT_FOUND,
        Error::Forbidden(_) => StatusCode::FORBIDDEN,
        Error::SignInFirst => StatusCode::UNAUTHORIZED,
        Error::Busy | Error::Contended => StatusCode::SERVICE_UNAVAILABLE,
        Error::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// The status of a problem, for callers that are no form.
#[must_use]
pub const fn status_of(problem: Problem) -> StatusCode {
    match problem {
        Problem::NotUnderstood => StatusCode::BAD_REQUEST,
        Problem::SignInFirst | Problem::SessionEnded | Problem::SignInFailed => StatusCode::UNAUTHORIZED,
        Problem::Forbidden
        | Problem::AgentsOnly
        | Problem::NotYourGroup
        | Problem::RoleNotYours
        | Problem::ScopeNotYours
        | Problem::NotOnYourself => StatusCode::FORBIDDEN,
        Problem::NotFound | Problem::LinkInvalid | Problem::RatingLinkUnknown | Problem::FormLinkUnknown => StatusCode::NOT_FOUND,
        // Somebody or something else came first: what is there now has to be looked at.
        Problem::Stale
        | Problem::AlreadyTaken
        | Problem::AlreadyActivated
        | Problem::AlreadyRated
        | Problem::MergeUndone
        | Problem::TicketClosed
        | Problem::TicketDeleted
        | Problem::PhoneNotNow
        | Problem::PhoneEngaged
        | Problem::WrapUpNotNow
        | Problem::TooLate => StatusCode::CONFLICT,
        Problem::RatingExpired | Problem::FormExpired | Problem::FormOver => StatusCode::GONE,
        Problem::FileTooLarge | Problem::FilesTooLarge | Problem::ConfigTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Problem::TooFrequent | Problem::UrgeTooSoon => StatusCode::TOO_MANY_REQUESTS,
        Problem::Busy => StatusCode::SERVICE_UNAVAILABLE,
        Problem::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        // Everything else is wrong with what was sent.
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

/// Logs what needs logging, once.
pub fn log(error: &Error, request: &Request) {
    if let Error::Internal(cause) = error {
        tracing::error!(request = %request.id, cause, "a request failed");
    }
}

/// The error as a page inside the console.
#[must_use]
pub fn page(error: &Error, request: &Request) -> Page {
    let copy = [t!(request.lang, "复制请求编号", "Copy request id"), t!(request.lang, "已复制", "Copied")].map(str::to_owned);
    draw(error, request, Some(copy))
}

/// The error as a page; `copy` are the words of the button beside the id, where there is a script to copy it.
fn draw(error: &Error, request: &Request, copy: Option<[String; 2]>) -> Page {
    let lang = request.lang;
    let (title, text) = match error {
        Error::NotFound => (
            t!(lang, "没有找到这个页面", "Page not found"),
            t!(lang, "它可能已被删除、改了地址，或者您没有查看权限。", "It may have been deleted or moved, or it is not yours to see."),
        ),
        Error::Forbidden(_) => (
            t!(lang, "您没有这项权限", "You don't have this permission"),
            t!(lang, "需要的话，请管理员在权限组里为您勾选。", "If you need it, ask an administrator to tick it in your permission group."),
        ),
        Error::Busy | Error::Contended => (
            t!(lang, "服务器正忙", "The server is busy"),
            t!(lang, "您没有丢失任何内容，请稍后再试。", "Nothing was lost. Try again in a moment."),
        ),
        _ => (
            t!(lang, "出错了", "Something went wrong"),
            t!(
                lang,
                "我们已记录下来。请重试；再次出现时，请把下面的编号告诉管理员。",
                "It was recorded. Try again; if it happens again, give the id below to your administrator."
            ),
        ),
    };
    let needed = match error {
        Error::Forbidden(item) => Some(format!("{} / {}", item.page(lang), item.label(lang))),
        _ => None,
    };
    let (code, id) = (status(error).as_u16(), request.id.to_string());
    let is_lost = matches!(error, Error::NotFound);
    Page::new(title).status(code).body(move || {
        let search = is_lost.then(|| view! { <a class="btn" href="/search">{icon("search")}{t!(lang, "搜索", "Search")}</a> });
        let copy = copy.map(|words| view! { <Copy text=id.clone() words=words/> });
        view! {
            <section class="oops">
                {art()}
                <h1>{title}</h1>
                <p>{text}</p>
                {needed.map(|item| view! { <p><span class="mute">{t!(lang, "需要的权限项：", "Permission needed: ")}</span><b>{item}</b></p> })}
                <div class="row act-row"><a class="btn main" href="/">{icon("house")}{t!(lang, "回首页", "Home")}</a>{search}</div>
                <p class="id"><span>{t!(lang, "请求编号", "Request id")}</span><span class="row tight"><code>{id}</code>{copy}</span></p>
            </section>
        }
    })
}

/// A lane that leads nowhere.
fn art() -> AnyView {
    view! {
        <svg class="art" viewBox="0 0 120 84" fill="none" stroke-linecap="round" aria-hidden="true">
            <path class="a" d="M2 16h116M2 42h116M2 68h116" stroke-width="1.5"></path>
            <path class="b" d="M10 16h38" stroke-width="9"></path>
            <path class="c" d="M48 42h26" stroke-width="9"></path>
            <path class="d" d="M48 16v26M74 42v26" stroke-width="1.5"></path>
            <circle class="e" cx="74" cy="68" r="6" stroke-width="2.5"></circle>
        </svg>
    }
    .into_any()
}

/// The error as a bare page, where the frame cannot be drawn: without scripts, so the id is there to be marked.
pub async fn bare(error: &Error, request: &Request) -> Response {
    log(error, request);
    render::render(draw(error, request, None).bare(), request.clone(), None, None).await
}

/// Too much was asked for: when to come back.
#[must_use]
pub fn wait(seconds: i64, request: &Request) -> Response {
    let mut response = plain(StatusCode::TOO_MANY_REQUESTS, Problem::TooFrequent, request);
    if let Ok(seconds) = seconds.to_string().parse() {
        response.headers_mut().insert("retry-after", seconds);
    }
    response
}

/// An answer without a page, for what is no browser's page.
#[must_use]
pub fn plain(status: StatusCode, problem: Problem, request: &Request) -> Response {
    let text = format!("{}\n{}\n", problem.text(request.lang), request.id);
    (status, [("content-type", "text/plain; charset=utf-8")], text).into_response()
}

#[cfg(test)]
mod tests {
    use super::{Problem, StatusCode, status_of};

    #[test]
    fn what_comes_too_late_or_too_soon_is_right_in_itself() {
        let late = [Problem::PhoneNotNow, Problem::PhoneEngaged, Problem::WrapUpNotNow, Problem::TicketClosed, Problem::TicketDeleted];
        for problem in late {
            assert_eq!(status_of(problem), StatusCode::CONFLICT, "{problem:?}");
        }
        assert_eq!(status_of(Problem::UrgeTooSoon), StatusCode::TOO_MANY_REQUESTS);
    }
}
