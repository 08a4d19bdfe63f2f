//! 公开页面: what customers see behind a link, without signing in: one narrow column under the company's name, the other
//! language a tap away, no furniture of the console.

use crate::icon::icon;
use crate::page::Page;
use crate::visit::Place;
use kernel::lang::Lang;
use kernel::t;
use leptos::prelude::*;

/// A page of the public kind: alone, in the language that was chosen, never kept by search engines or caches.
pub fn public<V: IntoAny>(title: impl Into<String>, lang: Lang, status: u16, body: impl FnOnce() -> V + Send + 'static) -> Page {
    Page::new(title).bare().body_class("public").lang(lang).status(status).body(body)
}

/// Head and foot around every state of a page.
#[derive(Clone, Debug)]
pub struct Frame {
    /// The language of the page.
    pub lang: Lang,
    /// Whose page it is.
    pub company: String,
    /// Its address, for the way to the other language.
    pub place: Place,
}

impl Frame {
    /// The whole page.
    #[must_use]
    pub fn around(self, inside: AnyView) -> AnyView {
        let other = self.lang.other();
        let switch = self.place.with(&[("lang", other.key())]);
        view! {
            <main class="sheet-p" id="main">
                <header class="top-p">
                    <span class="logo-p">{logo()}<b>{self.company}</b></span>
                    <a class="link" href=switch lang=other.tag() hreflang=other.tag()>{other.own_name()}</a>
                </header>
                {inside}
            </main>
            <footer class="foot-p small"><span>{t!(self.lang, "由 Kefu 提供客服工具", "Support tools by Kefu")}</span></footer>
        }
        .into_any()
    }
}

/// Whether all is well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// It is.
    Ok,
    /// The link does not lead where it should.
    Warn,
}

/// A page that only says something: done, expired, forged. One plain sentence and one way on.
#[derive(Clone, Debug)]
pub struct Said {
    /// How its picture looks.
    pub tone: Tone,
    /// Its picture.
    pub icon: &'static str,
    /// What is so.
    pub title: String,
    /// What it means.
    pub text: String,
    /// The way on.
    pub link: Option<(String, &'static str)>,
    /// A small line below; empty for none.
    pub foot: String,
}

impl Said {
    /// Draws it.
    #[must_use]
    pub fn view(self) -> AnyView {
        let link = self.link.map(|(href, words)| view! { <p><a class="btn" href=href>{words}</a></p> });
        let foot = (!self.foot.is_empty()).then(|| view! { <p class="small mute">{self.foot}</p> });
        let class = if self.tone == Tone::Warn { "rate said warn" } else { "rate said" };
        view! { <section class=class>{icon(self.icon)}<h1>{self.title}</h1><p class="dim">{self.text}</p>{link}{foot}</section> }.into_any()
    }
}

fn logo() -> AnyView {
    view! {
        <svg width="28" height="28" viewBox="0 0 28 28" aria-hidden="true">
            <path d="M5 7.5A3.5 3.5 0 0 1 8.5 4h11A3.5 3.5 0 0 1 23 7.5v8a3.5 3.5 0 0 1-3.5 3.5H13l-5.2 4.3c-.5.4-1.3.1-1.3-.6V18.6A3.5 3.5 0 0 1 5 15.7z" fill="#77c6f0"></path>
            <path d="M10 9.2h8M10 13.6h5" stroke="#162534" stroke-width="2" stroke-linecap="round"></path>
        </svg>
    }
    .into_any()
}
