//! Avatars: one character on one of four tints, always beside the name.

use leptos::prelude::*;
use uuid::Uuid;

/// Avatar and name.
#[must_use]
pub fn avatar(id: Uuid, name: &str) -> AnyView {
    view! { <span class="who">{mark(id, name)}{name.to_owned()}</span> }.into_any()
}

/// The avatar alone, for places where the name stands nearby.
#[must_use]
pub fn mark(id: Uuid, name: &str) -> AnyView {
    let tint = ["", " b", " c", " d"][usize::from(id.as_bytes()[15] % 4)];
    view! { <span class=format!("ava{tint}") aria-hidden="true">{character(name)}</span> }.into_any()
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
