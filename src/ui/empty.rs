//! Empty states: what this is, one action. No result: which filters are on, and the way back.

use crate::icon::icon;
use leptos::prelude::*;

/// An empty state that teaches.
#[must_use]
pub fn empty(icon_name: &'static str, title: impl Into<String>, text: impl Into<String>, action: impl IntoView + 'static) -> AnyView {
    view! {
        <div class="empty">
            <span class="glyph">{icon(icon_name)}</span>
            <h2>{title.into()}</h2>
            <p>{text.into()}</p>
            <div class="row">{action.into_any()}</div>
        </div>
    }
    .into_any()
}

/// Nothing matches the filters.
#[must_use]
pub fn no_result(title: impl Into<String>, clear_href: impl Into<String>, clear: impl Into<String>) -> AnyView {
    view! {
        <div class="empty none">
            <span class="glyph">{icon("search-x")}</span>
            <h2>{title.into()}</h2>
            <div class="row"><a class="btn" href=clear_href.into()>{clear.into()}</a></div>
        </div>
    }
    .into_any()
}
