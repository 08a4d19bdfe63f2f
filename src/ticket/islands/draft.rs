//! 草稿: what is being typed is kept on the server, so that no browser, machine or sign-out loses it.

#![expect(missing_docs, reason = "the island macro's property struct cannot carry documentation")]

use crate::actions::save_draft;
use crate::model::ReplyType;
use crate::model::input::DraftInput;
use kernel::id::TicketId;
use leptos::ev;
use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlInputElement, HtmlTextAreaElement};

/// How long after the last key.
const STILL: core::time::Duration = core::time::Duration::from_millis(1500);

/// Keeps what stands in the composer. `words`: the state at the start, saved, not saved.
#[island]
pub fn DraftKeeper(ticket: TicketId, seen_seq: i32, words: [String; 3]) -> impl IntoView {
    let (state, set_state) = signal(words[0].clone());
    let words = StoredValue::new(words);
    let waiting = StoredValue::new(None::<TimeoutHandle>);
    let stop = move || {
        if let Some(timer) = waiting.try_update_value(Option::take).flatten() {
            timer.clear();
        }
    };
    let save = move || {
        let Some(input) = typed(ticket, seen_seq) else { return };
        spawn_local(async move {
            let is_empty = input.text.trim().is_empty() && input.html.is_empty();
            let saved = save_draft(input).await;
            let text = words.with_value(|words| match saved {
                Ok(_) if is_empty => String::new(),
                Ok(_) => format!("{} {}", words[1], clock()),
                Err(_) => words[2].clone(),
            });
            set_state.try_set(text);
        });
    };
    Effect::new(move |_| {
        let typing = window_event_listener(ev::input, move |event| {
            if is_in_composer(event.target()) {
                stop();
                waiting.set_value(set_timeout_with_handle(save, STILL).ok());
            }
        });
        // Sending takes the draft with it: it must not be kept once more behind the reply.
        let sending = window_event_listener(ev::submit, move |_| stop());
        // Leaving within the second and a half must not lose the last words.
        let leaving = window_event_listener(ev::pagehide, move |_| {
            if waiting.with_value(Option::is_some) {
                stop();
                save();
            }
        });
        on_cleanup(move || {
            typing.remove();
            sending.remove();
            leaving.remove();
        });
    });
    view! { <span role="status">{state}</span> }
}

fn is_in_composer(target: Option<web_sys::EventTarget>) -> bool {
    let element = target.and_then(|target| target.dyn_into::<Element>().ok());
    element.is_some_and(|element| matches!(element.closest("form.composer"), Ok(Some(_))))
}

fn typed(ticket: TicketId, seen_seq: i32) -> Option<DraftInput> {
    let area = document().query_selector("form.composer textarea").ok().flatten()?.dyn_into::<HtmlTextAreaElement>().ok()?;
    let is_inner = matches!(document().query_selector("form.composer [value=agents_only]:checked"), Ok(Some(_)));
    let reply_type = if is_inner { ReplyType::AgentsOnly } else { ReplyType::Everyone };
    // The editor's own field; without the editor there is none.
    let html = document().query_selector("form.composer [name='input[html]']").ok().flatten();
    let html = html.and_then(|field| field.dyn_into::<HtmlInputElement>().ok()).map(|field| field.value()).unwrap_or_default();
    Some(DraftInput { ticket, html, text: area.value(), reply_type, seen_seq })
}

/// `09:31`, by the reader's own clock.
fn clock() -> String {
    let now = web_sys::js_sys::Date::new_0();
    format!("{:02}:{:02}", now.get_hours(), now.get_minutes())
}
