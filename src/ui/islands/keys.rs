//! 全局快捷键: `?` opens the sheet, `/` the search, G and a letter leads to a module. Single keys can be switched off, and
//! are off inside fields. It hears keys before the other islands do, so that the letter after G is nobody else's.

use leptos::ev::{self, KeyboardEvent};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, HtmlElement, HtmlInputElement, Storage};

/// Where the choice is kept, and its one value.
const KEPT: (&str, &str) = ("kefu-keys", "off");
/// The switches of the sheets.
const SWITCHES: &str = "[data-keys-switch]";
/// Milliseconds after G in which the letter counts.
const PATIENCE: f64 = 1500.0;

/// The keys of every page.
#[island]
pub fn Keys() -> impl IntoView {
    let last_g = StoredValue::new(f64::NEG_INFINITY);
    Effect::new(move |_| {
        show_switches();
        let keys = Closure::<dyn FnMut(KeyboardEvent)>::new(move |event: KeyboardEvent| {
            if let Some(at) = on_key(&event, last_g.get_value()) {
                last_g.set_value(at);
            }
        });
        let _ = window().add_event_listener_with_callback_and_bool("keydown", keys.as_ref().unchecked_ref(), true);
        // It listens as long as the page lives.
        keys.forget();
        let switches = window_event_listener(ev::change, |event| {
            let target = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
            if let Some(input) = target.filter(|input| matches!(input.closest(SWITCHES), Ok(Some(_)))) {
                keep(input.checked());
                show_switches();
            }
        });
        on_cleanup(move || switches.remove());
    });
}

/// What a key does; the moment of a G, or of its end.
fn on_key(event: &KeyboardEvent, last_g: f64) -> Option<f64> {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let is_inside = |selector: &str| target.as_ref().is_some_and(|element| matches!(element.closest(selector), Ok(Some(_))));
    let is_held = event.ctrl_key() || event.meta_key() || event.alt_key();
    let key = event.key();
    let is_typed = is_inside("input:not([type=checkbox]), textarea, select, [contenteditable]");
    if is_held || key.chars().count() != 1 || is_typed || target.as_ref().is_some_and(is_in_open_dialog) {
        return None;
    }
    if is_off() {
        // Nobody after us acts on a letter either.
        event.stop_immediate_propagation();
        return None;
    }
    if event.time_stamp() - last_g < PATIENCE {
        if let Some(place) = place(&key.to_lowercase()) {
            take(event);
            let _ = window().location().set_href(place);
        }
        return Some(f64::NEG_INFINITY);
    }
    match key.as_str() {
        "g" | "G" => {
            take(event);
            Some(event.time_stamp())
        }
        "?" => {
            take(event);
            click("#open-keys");
            None
        }
        "/" if document().query_selector("[data-key=\"/\"]").ok().flatten().is_none() => {
            take(event);
            click("[data-palette]");
            None
        }
        _ => None,
    }
}

/// Whether the element stands in a dialog that is open. One that was closed keeps the focus until the next frame, and what
/// is pressed meanwhile is for the page.
fn is_in_open_dialog(element: &Element) -> bool {
    let Ok(Some(dialog)) = element.closest("dialog") else { return false };
    // A browser without popovers knows no such selector; there every dialog has the attribute while it is open.
    dialog.has_attribute("open") || dialog.matches(":popover-open").unwrap_or(false)
}

/// Where G and this letter lead.
fn place(letter: &str) -> Option<&'static str> {
    match letter {
        "h" => Some("/"),
        "t" => Some("/tickets"),
        "c" => Some("/customers"),
        "r" => Some("/reports/ticket-satisfaction"),
        "s" => Some("/settings"),
        "n" => Some("/notices"),
        _ => None,
    }
}

fn take(event: &KeyboardEvent) {
    event.prevent_default();
    event.stop_immediate_propagation();
}

fn click(selector: &str) {
    if let Some(element) = document().query_selector(selector).ok().flatten().and_then(|found| found.dyn_into::<HtmlElement>().ok()) {
        element.click();
    }
}

fn storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}

fn is_off() -> bool {
    storage().and_then(|storage| storage.get_item(KEPT.0).ok().flatten()).is_some_and(|kept| kept == KEPT.1)
}

fn keep(is_on: bool) {
    if let Some(storage) = storage() {
        let _ = if is_on { storage.remove_item(KEPT.0) } else { storage.set_item(KEPT.0, KEPT.1) };
    }
}

/// The switches do nothing without a script, so they show themselves only now.
fn show_switches() {
    let Ok(switches) = document().query_selector_all(SWITCHES) else { return };
    for at in 0..switches.length() {
        let Some(switch) = switches.item(at).and_then(|node| node.dyn_into::<Element>().ok()) else { continue };
        let _ = switch.remove_attribute("hidden");
        if let Some(input) = switch.query_selector("input").ok().flatten().and_then(|input| input.dyn_into::<HtmlInputElement>().ok()) {
            input.set_checked(!is_off());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::place;

    #[test]
    fn g_and_a_letter_lead_to_a_module() {
        assert_eq!(place("t"), Some("/tickets"));
        assert_eq!(place("z"), None);
    }
}
