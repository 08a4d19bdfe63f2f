//! Avatars: one character on one of four tints, always beside the name.

use kernel::html::escape;
use leptos::prelude::*;
use leptos::tachys::html::InertElement;
use uuid::Uuid;

/// Avatar and name.
#[must_use]
pub fn avatar(id: Uuid, name: &str) -> AnyView {
    InertElement::new(format!(r#"<span class="who">{}{}</span>"#, written(id, name), escape(name))).into_any()
}

/// The avatar alone, for places where the name stands nearby.
#[must_use]
pub fn mark(id: Uuid, name: &str) -> AnyView {
    InertElement::new(written(id, name)).into_any()
}

/// Every row of a list has one: written out, as icons are.
fn written(id: Uuid, name: &str) -> String {
    let tint = ["", " b", " c", " d"][usize::from(id.as_bytes()[15] % 4)];
    format!(r#"<span class="ava{tint}" aria-hidden="true">{}</span>"#, escape(&character(name)))
}

/// Nobody: an empty ring and words.
#[must_use]
pub fn nobody(words: &'static str) -> AnyView {
    view! { <span class="who mute"><span class="ava none" aria-hidden="true">{crate::icon::icon_s("user-plus")}</span>{words}</span> }
        .into_any()
}

fn character(name: &str) -> String {
    name.trim().chars().next().map(|first| first.to_uppercase().collect()).unwrap_or_default()
}
