//! 提交中: the pressed button of a form turns while the answer is on its way, and the form is not sent a second time.

use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlInputElement};

const BUSY: &str = "aria-busy";

/// Watches every form of the page.
#[island]
pub fn Busy() -> impl IntoView {
    Effect::new(move |_| {
        let sent = window_event_listener(ev::submit, |event| {
            // Somebody else answers this one without leaving the page.
            if event.default_prevented() {
                return;
            }
            let Some(button) = event.unchecked_ref::<web_sys::SubmitEvent>().submitter() else { return };
            if button.get_attribute(BUSY).as_deref() == Some("true") {
                event.prevent_default();
            } else {
                let _ = button.set_attribute(BUSY, "true");
            }
        });
        // A file that will be refused need not travel first.
        let chosen = window_event_listener(ev::change, |event| {
            let target = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
            if let Some(field) = target.filter(|field| field.type_() == "file") {
                weigh(&field);
                name(&field);
            }
            // What stands beside a choice follows from it: the button that asks for it is pressed at once.
            let then = event.target().and_then(|target| target.dyn_into::<Element>().ok()?.get_attribute("data-then"));
            if let Some(button) = then.and_then(|id| document().get_element_by_id(&id)?.dyn_into::<HtmlElement>().ok()) {
                button.click();
            }
        });
        // What was chosen before the script woke.
        let early = document().query_selector(r#"[data-then] option:checked:not([selected]):not([value=""])"#).ok().flatten();
        if let Some(choice) = early.and_then(|option| option.closest("[data-then]").ok().flatten()) {
            let then = choice.get_attribute("data-then").and_then(|id| document().get_element_by_id(&id));
            then.and_then(|button| button.dyn_into::<HtmlElement>().ok()).iter().for_each(HtmlElement::click);
        }
        // What a browser remembers of a page it reloads.
        if let Ok(fields) = document().query_selector_all(".choose input") {
            for at in 0..fields.length() {
                fields.item(at).and_then(|node| node.dyn_into::<HtmlInputElement>().ok()).iter().for_each(name);
            }
        }
        // A page that comes back out of the browser's memory is usable again; a download never left it.
        let shown = window_event_listener(ev::Custom::<web_sys::Event>::new("pageshow"), |_| free());
        let back = window_event_listener(ev::focus, |_| free());
        on_cleanup(move || {
            sent.remove();
            chosen.remove();
            shown.remove();
            back.remove();
        });
    });
}

/// Writes beside the button what was chosen.
fn name(field: &HtmlInputElement) {
    let Some(words) = field.parent_element().and_then(|label| label.query_selector(".chosen").ok().flatten()) else { return };
    let files = field.files();
    let names = (0..files.as_ref().map_or(0, web_sys::FileList::length)).filter_map(|at| Some(files.as_ref()?.get(at)?.name()));
    let names: Vec<String> = names.collect();
    let said = |attribute| words.get_attribute(attribute).unwrap_or_default();
    let text = match names.as_slice() {
        [] => said("data-none"),
        [one] => one.clone(),
        many => said("data-many").replace("{}", &many.len().to_string()) + &many.join(", "),
    };
    words.set_text_content(Some(&text));
}

/// Says beside the field that a chosen file is too large; the form cannot be sent with it.
fn weigh(field: &HtmlInputElement) {
    let Some(most) = field.get_attribute("data-most").and_then(|most| most.parse::<f64>().ok()) else { return };
    let files = field.files();
    let sizes = (0..files.as_ref().map_or(0, web_sys::FileList::length)).filter_map(|at| files.as_ref()?.get(at)).map(|file| file.size());
    let is_too_large = sizes.into_iter().any(|size| size > most);
    field.set_custom_validity(&is_too_large.then(|| field.get_attribute("data-too-large")).flatten().unwrap_or_default());
    if is_too_large {
        let _ = field.report_validity();
    }
}

fn free() {
    let Ok(all) = document().query_selector_all("[aria-busy=true][type=submit]") else { return };
    for at in 0..all.length() {
        if let Some(button) = all.get(at).and_then(|node| node.dyn_into::<web_sys::Element>().ok()) {
            let _ = button.remove_attribute(BUSY);
        }
    }
}
