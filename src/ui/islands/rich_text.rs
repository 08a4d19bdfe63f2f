//! 富文本编辑器: fetches the editor when somebody comes near a text area that wants it. Until then, and without
//! scripting, the text area works by itself.

use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, EventTarget};

/// The editor's script; it mounts itself on every text area that wants it.
const SCRIPT: &str = "/editor.js";

/// Waits for the first touch. What was formatted before is shown as such at once.
#[island]
pub fn RichText() -> impl IntoView {
    Effect::new(move |_| {
        let early = editor_of(document().active_element().map(Into::into));
        if let Some(editor) = &early {
            let _ = editor.set_attribute("data-composing", "perhaps");
        }
        if early.is_some() || matches!(document().query_selector("[data-rich][data-html]"), Ok(Some(_))) {
            load();
        }
        let near = move |target| {
            if editor_of(target).is_some() {
                load();
            }
        };
        let focus = window_event_listener(ev::focusin, move |event| near(event.target()));
        let over = window_event_listener(ev::pointerover, move |event| near(event.target()));
        let press = window_event_listener(ev::click, |event| {
            // The script acts on it when it arrives.
            let button = element_of(event.target()).and_then(|element| element.closest("[data-do]").ok().flatten());
            let editor = editor_of(event.target()).filter(|editor| !editor.has_attribute("data-mounted"));
            if let Some((editor, what)) = editor.zip(button.and_then(|button| button.get_attribute("data-do"))) {
                let _ = editor.set_attribute("data-asked", &what);
            }
        });
        // Words that are being composed must not lose their place to the editor.
        let composing = window_event_listener(ev::compositionstart, |event| {
            if let Some(editor) = editor_of(event.target()) {
                let _ = editor.set_attribute("data-composing", "");
            }
        });
        let composed = window_event_listener(ev::compositionend, |event| {
            if let Some(editor) = editor_of(event.target()) {
                let _ = editor.remove_attribute("data-composing");
            }
        });
        on_cleanup(move || {
            focus.remove();
            over.remove();
            press.remove();
            composing.remove();
            composed.remove();
        });
    });
}

fn element_of(target: Option<EventTarget>) -> Option<Element> {
    target.and_then(|target| target.dyn_into::<Element>().ok())
}

fn editor_of(target: Option<EventTarget>) -> Option<Element> {
    element_of(target).and_then(|element| element.closest("[data-rich]").ok().flatten())
}

fn load() {
    if matches!(document().query_selector("script[data-editor]"), Ok(Some(_))) {
        return;
    }
    let Ok(script) = document().create_element("script") else { return };
    for (name, value) in [("src", SCRIPT), ("data-editor", "")] {
        let _ = script.set_attribute(name, value);
    }
    if let Some(page) = document().document_element() {
        let _ = page.append_child(&script);
    }
}
