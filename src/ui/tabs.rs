//! Tabs and segments are links: their state is in the address.

use leptos::prelude::*;

/// One of several links, one of which is where we are.
#[derive(Clone, Debug)]
pub struct Tab {
    /// The words.
    pub label: String,
    /// Where it leads.
    pub href: String,
    /// Whether we are there.
    pub is_current: bool,
    /// A number beside the words.
    pub count: Option<String>,
}

/// A row of tabs.
#[must_use]
pub fn tabs(label: impl Into<String>, tabs: Vec<Tab>) -> AnyView {
    links("tabs", "page", label.into(), tabs)
}

/// A segment: a choice of how to look.
#[must_use]
pub fn segment(label: impl Into<String>, tabs: Vec<Tab>) -> AnyView {
    links("seg", "true", label.into(), tabs)
}

fn links(class: &'static str, current: &'static str, label: String, tabs: Vec<Tab>) -> AnyView {
    let links: Vec<AnyView> = tabs
        .into_iter()
        .map(|tab| {
            let count = tab.count.map(|count| view! { <span class="count">{count}</span> });
            view! { <a href=tab.href aria-current=tab.is_current.then_some(current)>{tab.label}{count}</a> }.into_any()
        })
        .collect();
    view! { <nav class=class aria-label=label>{links}</nav> }.into_any()
}
