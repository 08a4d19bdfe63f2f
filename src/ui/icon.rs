//! Icons of the one sprite, `public/icons.svg` (Lucide). One meaning per icon; decoration beside words.

use crate::written::Written;
use leptos::prelude::*;

/// An icon of 16 px, for text and controls.
#[must_use]
pub fn icon(name: &'static str) -> AnyView {
    sized(name, "i")
}

/// An icon of 14 px, for tags and chips.
#[must_use]
pub fn icon_s(name: &'static str) -> AnyView {
    sized(name, "i s")
}

/// An icon of 20 px, for the rail and big rows.
#[must_use]
pub fn icon_l(name: &'static str) -> AnyView {
    sized(name, "i l")
}

fn sized(name: &'static str, class: &'static str) -> AnyView {
    written(name, class).into_any()
}

/// The markup of an icon, for what is written out as a whole: `written("bell", "i s")`.
#[must_use]
pub fn written(name: &'static str, class: &'static str) -> Written {
    Written(format!(r##"<svg class="{class}" aria-hidden="true"><use href="/icons.svg#{name}"></use></svg>"##))
}
