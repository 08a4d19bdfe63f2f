//! 来信的框: what strangers wrote as HTML, in a frame of its own. This is the one place where such HTML becomes a document,
//! and the one that says what the document may do.
//!
//! Three walls, each of which would do alone: the HTML was sanitised (S10); the document's policy forbids scripts, styles
//! of the mail, forms, frames and every source but the pictures the mail brought along (S11); the frame and the policy
//! sandbox it.
//!
//! `allow-same-origin` stands in both sandboxes, `allow-scripts` in neither. Without scripts the origin gives the mail
//! nothing it could use: no code of it runs that could read a cookie or the page around it. It gives the page around it
//! one thing: reading how tall the mail is, so that the frame grows with it (`islands/fit.rs`). And it lets the link in
//! the frame that loads the pictures carry the session, whose cookie browsers keep from frames without an origin.
//! Both together would undo the sandbox, which a test watches over.

use crate::visit::Visit;
use axum::body::Body;
use axum::http::header;
use axum::response::Response;
use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use kernel::error::{Error, Result};
use kernel::lang::Lang;
use kernel::{html, rich, rng, store, t};
use leptos::html::iframe;
use leptos::prelude::*;
use serde::Deserialize;
use std::cell::Cell;
use std::sync::LazyLock;

/// What a frame of a mail may do: links open beside the console, and the page may look in. No script, no form, nothing else.
const SANDBOX: &str = "allow-same-origin allow-popups allow-popups-to-escape-sandbox";

/// Bytes of pictures that stand in one document.
const PICTURES_MOST: usize = 8 * 1024 * 1024;

/// What a mail says, for its frame.
#[derive(Clone, Debug, Default)]
pub struct Letter {
    /// What it says anew, sanitised; its own pictures are called `cid:`.
    pub fresh: String,
    /// The history it quotes, likewise.
    pub quoted: String,
    /// Files it brought along that its HTML may call.
    pub pictures: Vec<Picture>,
}

/// A picture that a mail brought along.
#[derive(Clone, Debug)]
pub struct Picture {
    /// What the HTML calls it.
    pub content_id: String,
    /// Its bytes.
    pub content: Bytes,
}

/// A frame in a page. `height` in pixels is what it has until a script knows better; without scripting it is the reader's
/// to pull, and the mail scrolls inside.
#[must_use]
pub fn view(address: String, title: String, height: u32) -> AnyView {
    let frame = iframe().src(address).title(title).height(height.to_string()).sandbox(SANDBOX).referrerpolicy("no-referrer");
    // What lies folded, or far below, is fetched when it comes into sight.
    view! { <div class="mail-view">{frame.attr("loading", "lazy")}</div> }.into_any()
}

/// About how tall a mail with this text stands in a frame, in pixels.
#[must_use]
pub fn height(text: &str) -> u32 {
    const LINE: u32 = 30;
    const MARGINS: u32 = 56;
    const LEAST: u32 = 96;
    const MOST: u32 = 560;
    let lines = text.lines().map(|line| {
        // A Chinese character is as wide as two Latin ones; about 90 of those stand in a line.
        let width: usize = line.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum();
        u32::try_from(width.div_ceil(90).clamp(1, 100)).unwrap_or(100)
    });
    (lines.take(100).sum::<u32>() * LINE + MARGINS).clamp(LEAST, MOST)
}

/// What the address of a document asks for.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Asked {
    /// `1`: with the pictures of other sites.
    images: String,
    /// `fresh` or `quoted` alone; both, the history folded, when it is empty.
    part: String,
}

/// The document in the frame, or by itself. Pictures of other sites are asked for only when the address says so (S12);
/// until then a line above the mail counts them and leads there.
///
/// # Errors
/// None in practice: the headers are our own.
pub fn document(letter: &Letter, visit: &Visit) -> Result<Response> {
    let (lang, asked) = (visit.lang(), visit.query::<Asked>());
    let (fresh, quoted) = match asked.part.as_str() {
        "fresh" => (letter.fresh.as_str(), ""),
        "quoted" => (letter.quoted.as_str(), ""),
        _ => (letter.fresh.as_str(), letter.quoted.as_str()),
    };
    let is_loading = asked.images == "1";
    let outside = if is_loading { 0 } else { rich::outside_pictures(fresh) + rich::outside_pictures(quoted) };
    let room = Cell::new(PICTURES_MOST);
    let source = |name: &str| match name.strip_prefix("cid:") {
        Some(id) => letter.pictures.iter().find(|picture| picture.content_id == id).and_then(|picture| data(picture, &room)),
        None => (is_loading && rich::is_outside(name)).then(|| name.to_owned()),
    };
    let (fresh, quoted) = (rich::with_pictures(fresh, source), rich::with_pictures(quoted, source));
    let words = match (fresh.trim().is_empty(), quoted.trim().is_empty()) {
        (true, true) => format!("<p class=\"none\">{}</p>", t!(lang, "没有正文", "No text")),
        (_, true) => fresh,
        _ => format!("{fresh}<details><summary>{}</summary>{quoted}</details>", t!(lang, "引用的历史", "Quoted history")),
    };
    let title = t!(lang, "邮件正文", "Body of the mail");
    let page = format!(
        "<!doctype html><html lang=\"{}\" data-theme=\"{}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <base target=\"_blank\"><title>{title}</title><style>{STYLE}</style></head><body>{}{words}</body></html>",
        t!(lang, "zh-CN", "en"),
        html::escape(&visit.viewer.theme),
        note(outside, &asked.part, lang),
    );
    Response::builder()
        .header(header::CONTENT_TYPE, "text/html; charset=utf-8")
        .header(header::CONTENT_SECURITY_POLICY, policy(if is_loading { " https: http:" } else { "" }))
        .header(header::REFERRER_POLICY, "no-referrer")
        .header(header::CACHE_CONTROL, "no-store")
        .body(Body::from(page))
        .map_err(Error::internal)
}

/// What the document may do. The only style is ours, named by its hash.
fn policy(images: &str) -> String {
    static HASH: LazyLock<String> = LazyLock::new(|| STANDARD.encode(rng::sha256(STYLE.as_bytes())));
    format!(
        "default-src 'none'; img-src data:{images}; style-src 'sha256-{}'; form-action 'none'; base-uri 'none'; frame-ancestors 'self'; \
         sandbox {SANDBOX}",
        *HASH
    )
}

/// A picture inside the document; a small mail can show one large picture a thousand times, so there is an end to it.
fn data(picture: &Picture, room: &Cell<usize>) -> Option<String> {
    let kind = store::media_type(&picture.content);
    let left = room.get().checked_sub(picture.content.len())?;
    (kind.starts_with("image/") && store::shows_inline(kind)).then(|| {
        room.set(left);
        format!("data:{kind};base64,{}", STANDARD.encode(&picture.content))
    })
}

/// How many pictures were not asked for, and the way to them: a link that needs no script.
fn note(outside: usize, part: &str, lang: Lang) -> String {
    let words = match outside {
        0 => return String::new(),
        1 => t!(lang, "有 1 张远程图片没有载入", "1 remote image is not loaded").to_owned(),
        many => t!(lang, "有 {} 张远程图片没有载入", "{} remote images are not loaded", many),
    };
    let part = if matches!(part, "fresh" | "quoted") { format!("&amp;part={part}") } else { String::new() };
    let title = t!(lang, "载入后，发件人可能知道您读了邮件", "Loading them may tell the sender that you read the mail");
    format!(
        "<p class=\"note\">{words} · <a href=\"?images=1{part}\" target=\"_self\" title=\"{title}\">{}</a></p>",
        t!(lang, "载入图片", "Load images")
    )
}

/// The sheet of the document: the console's paper and ink (`style/token.css`) in the reader's theme. Colours that a mail
/// gives its words were chosen for white paper; on dark paper each is turned over, so that it can be read.
const STYLE: &str = "\
:root{color-scheme:light dark;background:light-dark(#fff,oklch(.212 .013 245))}\
[data-theme=light]{color-scheme:light}[data-theme=dark]{color-scheme:dark}\
body{margin:0;padding:8px 16px 16px;font:14px/1.65 -apple-system,BlinkMacSystemFont,'Segoe UI Variable Text','Segoe UI',Roboto,'HarmonyOS Sans SC','PingFang SC',\
'Microsoft YaHei UI','Microsoft YaHei','Noto Sans CJK SC','Noto Sans SC','Source Han Sans SC',sans-serif;\
color:light-dark(oklch(.245 .02 250),oklch(.94 .006 240));overflow-wrap:anywhere}\
a{color:light-dark(oklch(.485 .104 240),oklch(.79 .098 232))}\
p:first-child{margin-block-start:0}img{max-width:100%;height:auto;vertical-align:middle}\
table{max-width:100%;border-spacing:0}td,th{padding:2px 4px;text-align:start;vertical-align:top;overflow-wrap:break-word}td a{overflow-wrap:anywhere}pre{white-space:pre-wrap}\
blockquote{margin:0;padding-inline-start:12px;border-inline-start:2px solid light-dark(oklch(.842 .011 235),oklch(.385 .016 245))}\
summary{cursor:pointer;width:fit-content}summary,.none,.note,.picture{color:light-dark(oklch(.43 .02 248),oklch(.78 .012 240))}\
details{margin-block-start:12px}.note{margin:0 0 12px;padding:4px 10px;border-radius:6px;font-size:12px;\
background:light-dark(oklch(.966 .008 235),oklch(.256 .016 245))}\
.picture{padding:0 4px;border:1px dashed;border-radius:4px;font-size:12px}\
:focus-visible{outline:2px solid light-dark(oklch(.485 .104 240),oklch(.79 .098 232));outline-offset:2px}\
[data-theme=dark] font[color]{filter:invert(1) hue-rotate(180deg)}[data-theme=dark] font[color] font[color]{filter:none}\
@media(prefers-color-scheme:dark){[data-theme=auto] font[color]{filter:invert(1) hue-rotate(180deg)}\
[data-theme=auto] font[color] font[color]{filter:none}}";

#[cfg(test)]
mod tests {
    use super::{SANDBOX, height, policy};

    #[test]
    fn a_frame_runs_nothing() {
        for policy in [policy(""), policy(" https: http:"), SANDBOX.to_owned()] {
            assert!(!policy.contains("allow-scripts") && !policy.contains("script-src") && !policy.contains("unsafe"), "{policy}");
        }
        assert!(policy("").starts_with("default-src 'none'; img-src data:;"));
    }

    #[test]
    fn a_longer_text_stands_taller_up_to_an_end() {
        assert_eq!(height(""), 96);
        assert_eq!(height(&"一".repeat(90)), 116);
        assert!(height(&"一行\n".repeat(10)) > 250);
        assert_eq!(height(&"x".repeat(100_000)), 560);
    }
}
