//! Heads of tables: sorting by link.

use crate::icon::icon_s;
use crate::visit::Place;
use leptos::prelude::*;

/// Which way a column is sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Small to large.
    Ascending,
    /// Large to small.
    Descending,
}

/// A head cell that sorts by `key`: the query field `sort` holds `key` or `-key`.
#[must_use]
pub fn sort_head(place: &Place, current: &str, key: &'static str, label: impl Into<String>, class: &'static str) -> AnyView {
    let (order, next) = match current.strip_prefix('-') {
        Some(sorted) if sorted == key => (Some(Order::Descending), key.to_owned()),
        None if current == key => (Some(Order::Ascending), format!("-{key}")),
        _ => (None, format!("-{key}")),
    };
    let (aria, arrow) = match order {
        Some(Order::Ascending) => (Some("ascending"), Some(icon_s("arrow-up"))),
        Some(Order::Descending) => (Some("descending"), Some(icon_s("arrow-down"))),
        None => (None, None),
    };
    let href = place.with(&[("sort", &next), ("at", "")]);
    view! { <th scope="col" class=class aria-sort=aria><a class="sort" href=href>{label.into()}{arrow}</a></th> }.into_any()
}

/// The region around a wide table, which scrolls by keyboard too.
#[must_use]
pub fn scroll(label: impl Into<String>, table: impl IntoView + 'static) -> AnyView {
    view! { <div class="scroll" tabindex="0" role="group" aria-label=label.into()>{table.into_any()}</div> }.into_any()
}
