//! Tags: a state as icon and word; colour never speaks alone.

use crate::icon::icon;
use crate::written::Written;
use leptos::prelude::*;
use maud::html;

/// What a colour means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Neither good nor bad.
    Plain,
    /// Azurite: active, in progress.
    Info,
    /// Green: done.
    Ok,
    /// Amber: waits for us.
    Warn,
    /// Red: missed, failed.
    Bad,
    /// Violet: waits for the customer, or stays inside.
    Violet,
    /// A bare outline.
    Line,
}

impl Tone {
    /// The class of the style sheet.
    #[must_use]
    pub const fn class(self) -> &'static str {
        match self {
            Tone::Plain => "",
            Tone::Info => "info",
            Tone::Ok => "ok",
            Tone::Warn => "warn",
            Tone::Bad => "bad",
            Tone::Violet => "violet",
            Tone::Line => "line",
        }
    }
}

/// A tag; an empty icon name leaves the icon out.
#[must_use]
pub fn tag(tone: Tone, icon_name: &'static str, text: impl Into<String>) -> AnyView {
    let picture = (!icon_name.is_empty()).then(|| icon(icon_name));
    view! { <span class=format!("tag {}", tone.class())>{picture}{text.into()}</span> }.into_any()
}

/// VIP等级: `VIP 2`; nothing for nobody special.
#[must_use]
pub fn vip(level: i16) -> Written {
    html! { @if level > 0 { span.tag.line { "VIP " (level) } } }.into()
}

/// The text, or a dash where there is none.
#[must_use]
pub fn or_dash(text: &str) -> Written {
    html! { @if text.is_empty() { span.nil { "–" } } @else { (text) } }.into()
}

/// A coloured box with a sentence: `note(Tone::Warn, "triangle-alert", "…", "…")`.
#[must_use]
pub fn note(tone: Tone, icon_name: &'static str, title: impl Into<String>, text: impl Into<String>) -> AnyView {
    let text = text.into();
    let below = (!text.is_empty()).then(|| view! { <div class="dim">{text}</div> });
    view! { <div class=format!("note {}", tone.class())>{icon(icon_name)}<div><b>{title.into()}</b>{below}</div></div> }.into_any()
}
