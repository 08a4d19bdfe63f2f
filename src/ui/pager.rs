//! Previous and next page of a list walked by keyset.

use crate::icon::icon;
use crate::visit::Place;
use kernel::lang::Lang;
use kernel::page::{Cursor, Paged};
use kernel::t;
use leptos::prelude::*;

/// The pager; `words` states total and order. The cursor stands in the query field `at`.
#[must_use]
pub fn pager<T>(paged: &Paged<T>, place: &Place, lang: Lang, words: impl Into<String>) -> AnyView {
    let previous = step(place, paged.previous.as_ref(), view! { {icon("chevron-left")}{t!(lang, "上一页", "Previous")} }.into_any());
    let next = step(place, paged.next.as_ref(), view! { {t!(lang, "下一页", "Next")}{icon("chevron-right")} }.into_any());
    view! {
        <nav class="pager" aria-label=t!(lang, "翻页", "Pages")>
            <span>{words.into()}</span>
            <span class="row">{previous}{next}</span>
        </nav>
    }
    .into_any()
}

fn step(place: &Place, cursor: Option<&Cursor>, words: AnyView) -> AnyView {
    match cursor {
        Some(cursor) => view! { <a class="btn" href=place.with(&[("at", &cursor.to_string())])>{words}</a> }.into_any(),
        None => view! { <a class="btn" aria-disabled="true" role="link">{words}</a> }.into_any(),
    }
}
