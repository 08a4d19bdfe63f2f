//! 框随信高: frames of mails get the height of what stands in them. Without scripting they keep the height the server
//! guessed, and can be pulled.

use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::HtmlIFrameElement;

/// Frames of mails.
const FRAMES: &str = ".mail-view iframe";
/// Pixels at least and at most: a mail made to be endless scrolls inside.
const LEAST: f64 = 48.0;
const MOST: f64 = 12_000.0;

/// Fits every frame of a mail in the page: now, when it has loaded, when its pictures were asked for, when its history is
/// unfolded, when the window changes.
#[island]
pub fn FitFrames() -> impl IntoView {
    Effect::new(move |_| {
        let on_toggle = Closure::<dyn FnMut()>::new(|| frames().iter().for_each(fit));
        // It listens as long as the page lives.
        let unfolded = on_toggle.into_js_value();
        let follow = move |frame: &HtmlIFrameElement| {
            fit(frame);
            if let Some(page) = frame.content_document() {
                let _ = page.add_event_listener_with_callback_and_bool("toggle", unfolded.unchecked_ref(), true);
            }
        };
        frames().iter().for_each(&follow);
        let on_load = Closure::<dyn FnMut(web_sys::Event)>::new(move |event: web_sys::Event| {
            if let Some(frame) = event.target().and_then(|target| target.dyn_into::<HtmlIFrameElement>().ok()) {
                follow(&frame);
            }
        });
        for frame in frames() {
            let _ = frame.add_event_listener_with_callback("load", on_load.as_ref().unchecked_ref());
        }
        on_load.forget();
        let resized = window_event_listener(ev::resize, |_| frames().iter().for_each(fit));
        on_cleanup(move || resized.remove());
    });
}

fn frames() -> Vec<HtmlIFrameElement> {
    let Ok(found) = document().query_selector_all(FRAMES) else { return Vec::new() };
    (0..found.length()).filter_map(|at| found.item(at)?.dyn_into().ok()).collect()
}

/// The mail's body has no margin of its own, so its box is all there is; a wide table brings a bar below it.
fn fit(frame: &HtmlIFrameElement) {
    let Some(page) = frame.content_document() else { return };
    let (Some(root), Some(body)) = (page.document_element(), page.body()) else { return };
    // A frame that has not loaded yet is empty.
    if body.first_child().is_none() {
        return;
    }
    let bar = if root.scroll_width() > root.client_width() { 16.0 } else { 0.0 };
    let height = (body.get_bounding_client_rect().height().ceil() + bar).clamp(LEAST, MOST);
    let _ = frame.set_attribute("height", &format!("{height}"));
}
