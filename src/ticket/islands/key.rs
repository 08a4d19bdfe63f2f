//! 键盘: J and K walk through a list or from ticket to ticket, X picks, Enter opens; other letters belong to the element
//! that names them in `data-key`. Everything is off inside fields.

use leptos::ev::{self, KeyboardEvent};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlInputElement};

/// Rows of the list.
const ROWS: &str = ".tickets tbody tr";

/// The keys of a page of tickets, and the box that picks the whole page.
#[island]
pub fn ListKeys() -> impl IntoView {
    Effect::new(move |_| {
        if let Some(all) = one("[data-pick-all]") {
            // It does nothing without a script, so it shows itself only now.
            let _ = all.remove_attribute("hidden");
        }
        let keys = window_event_listener(ev::keydown, on_key);
        let boxes = window_event_listener(ev::change, |event| {
            let target = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
            if let Some(all) = target.filter(|input| input.has_attribute("data-pick-all")) {
                pick_all(all.checked());
            }
        });
        on_cleanup(move || {
            keys.remove();
            boxes.remove();
        });
    });
}

fn on_key(event: KeyboardEvent) {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let is_inside = |selector: &str| target.as_ref().is_some_and(|element| matches!(element.closest(selector), Ok(Some(_))));
    let is_held = event.ctrl_key() || event.meta_key() || event.alt_key() || event.shift_key();
    if is_held || event.default_prevented() || is_inside("input:not([type=checkbox]), textarea, select, [contenteditable], dialog") {
        return;
    }
    let key = event.key().to_lowercase();
    let is_handled = match key.as_str() {
        "j" | "k" if one(ROWS).is_some() => step(key == "j"),
        "x" => click(".tickets tr.at .pick"),
        // A focused link or button does its own.
        "enter" if !is_inside("a, button, summary") => click(".tickets tr.at .c-title a"),
        letter if letter.chars().count() == 1 && !letter.contains(['"', '\\']) => reach(letter),
        _ => false,
    };
    if is_handled {
        event.prevent_default();
    }
}

/// Moves to the row below or above; its link takes the focus, so that the row is in sight and read out.
fn step(is_down: bool) -> bool {
    let Ok(rows) = document().query_selector_all(ROWS) else { return false };
    let rows: Vec<Element> = (0..rows.length()).filter_map(|at| rows.item(at)?.dyn_into().ok()).collect();
    let here = rows.iter().position(|row| row.class_list().contains("at"));
    let to = match here {
        None => 0,
        Some(at) if is_down => (at + 1).min(rows.len().saturating_sub(1)),
        Some(at) => at.saturating_sub(1),
    };
    for (at, row) in rows.iter().enumerate() {
        let _ = row.class_list().toggle_with_force("at", at == to);
    }
    let link = rows.get(to).and_then(|row| row.query_selector(".c-title a").ok().flatten());
    if let Some(link) = link.and_then(|link| link.dyn_into::<HtmlElement>().ok()) {
        let _ = link.focus();
    }
    true
}

/// The element that named the key: a field takes the focus, anything else is clicked.
fn reach(key: &str) -> bool {
    let selector = format!("[data-key=\"{key}\"]");
    let Some(element) = one(&selector) else { return false };
    if element.matches("input, textarea, [contenteditable]").unwrap_or(false) {
        let _ = element.focus();
    } else {
        element.click();
    }
    true
}

fn click(selector: &str) -> bool {
    one(selector).map(|element| element.click()).is_some()
}

fn pick_all(is_picked: bool) {
    let Ok(boxes) = document().query_selector_all(".tickets .pick") else { return };
    for at in 0..boxes.length() {
        if let Some(pick) = boxes.item(at).and_then(|node| node.dyn_into::<HtmlInputElement>().ok()) {
            pick.set_checked(is_picked);
        }
    }
}

fn one(selector: &str) -> Option<HtmlElement> {
    document().query_selector(selector).ok().flatten()?.dyn_into().ok()
}
