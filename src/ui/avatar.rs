//! Avatars: one character on one of four tints, always beside the name.

use crate::icon;
use crate::written::Written;
use maud::html;
use uuid::Uuid;

/// Avatar and name.
#[must_use]
pub fn avatar(id: Uuid, name: &str) -> Written {
    html! { span.who { (mark(id, name)) (name) } }.into()
}

/// The avatar alone, for places where the name stands nearby.
#[must_use]
pub fn mark(id: Uuid, name: &str) -> Written {
    let class = ["ava", "ava b", "ava c", "ava d"][usize::from(id.as_bytes()[15] % 4)];
    html! { span class=(class) aria-hidden="true" { (character(name)) } }.into()
}

/// Nobody: an empty ring and words.
#[must_use]
pub fn nobody(words: &'static str) -> Written {
    html! { span.who.mute { span.ava.none aria-hidden="true" { (icon::written("user-plus", "i s")) } (words) } }.into()
}

fn character(name: &str) -> String {
    name.trim().chars().next().map(|first| first.to_uppercase().collect()).unwrap_or_default()
}
