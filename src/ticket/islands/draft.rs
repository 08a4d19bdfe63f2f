//! 草稿: what is being typed is kept on the server, so that no browser, machine or sign-out loses it: a reply, or a ticket
//! that does not exist yet.

#![expect(missing_docs, reason = "the island macro's property struct cannot carry documentation")]

use crate::actions::{SaveDraft, SaveNewDraft, save_draft, save_new_draft};
use crate::model::input::CreateInput;
use crate::model::reply::DraftInput;
use crate::model::{DraftSaved, ReplyType};
use kernel::error::Wire;
use kernel::id::TicketId;
use leptos::ev;
use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos::task::spawn_local;
use ui::islands::parting;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, HtmlFormElement, SubmitEvent, js_sys};

/// How long after the last key.
const STILL: core::time::Duration = core::time::Duration::from_millis(1500);
/// The form of a reply.
const REPLY: &str = "form.composer";
/// The form of a new ticket.
const NEW: &str = "form#ticket_new";
/// A form that throws the draft away.
const DISCARDS: &str = "form[data-discards]";

/// Keeps what stands in the composer. `words`: the state at the start, saved, not saved.
#[island]
pub fn DraftKeeper(ticket: TicketId, seen_seq: i32, words: [String; 3]) -> impl IntoView {
    let last = move || parting::post(SaveDraft::PATH, &reply(ticket, seen_seq));
    keeper(REPLY, words, move || save_draft(reply(ticket, seen_seq)), last)
}

/// Keeps what stands in the form of a new ticket. `words` as above.
#[island]
pub fn NewDraftKeeper(words: [String; 3]) -> impl IntoView {
    keeper(NEW, words, move || save_new_draft(new_ticket()), || parting::post(SaveNewDraft::PATH, &new_ticket()))
}

/// Watches one form: it is saved a moment after the last key, and before the page is left for anything but sending it or
/// throwing its draft away.
fn keeper<S, F, L>(form: &'static str, words: [String; 3], save: S, last: L) -> impl IntoView
where
    S: Fn() -> F + Copy + Send + Sync + 'static,
    F: Future<Output = Result<DraftSaved, Wire>> + 'static,
    L: Fn() + Copy + 'static,
{
    let (state, set_state) = signal(words[0].clone());
    let words = StoredValue::new(words);
    let waiting = StoredValue::new(None::<TimeoutHandle>);
    let stop = move || {
        let timer = waiting.try_update_value(Option::take).flatten();
        timer.map(|timer| timer.clear()).is_some()
    };
    let keep = move || async move {
        let _ = stop();
        let saved = save().await;
        let text = words.try_with_value(|words| match saved {
            Ok(saved) if saved.at.is_empty() => String::new(),
            Ok(_) => format!("{} {}", words[1], clock()),
            Err(_) => words[2].clone(),
        });
        if let Some(text) = text {
            set_state.try_set(text);
        }
    };
    let wait = move || {
        let _ = stop();
        waiting.set_value(set_timeout_with_handle(move || spawn_local(keep()), STILL).ok());
    };
    Effect::new(move |_| {
        // Somebody may have been faster than the script.
        if is_typed_in(form) {
            wait();
        }
        let typing = window_event_listener(ev::input, move |event| {
            if is_in(event.target(), form) {
                wait();
            }
        });
        // Leaving within the second and a half must not lose the last words. Before the page is left they are sent ahead of
        // the question for the next one; where nothing is said before, they are sent when it is hidden.
        let leave = move || {
            if stop() {
                last();
            }
        };
        let leaving = window_event_listener(ev::beforeunload, move |_| leave());
        let hiding = window_event_listener(ev::pagehide, move |_| leave());
        // Before anybody else hears of it: a form that has to wait is not on its way yet.
        let sending = Closure::<dyn FnMut(SubmitEvent)>::new(move |event: SubmitEvent| {
            // Sending takes the draft with it: it must not be kept once more behind the reply.
            if is_in(event.target(), form) || is_in(event.target(), DISCARDS) {
                let _ = stop();
            } else if stop() {
                event.prevent_default();
                event.stop_immediate_propagation();
                spawn_local(async move {
                    keep().await;
                    send_again(&event);
                });
            }
        });
        let _ = window().add_event_listener_with_callback_and_bool("submit", sending.as_ref().unchecked_ref(), true);
        // It listens as long as the page lives.
        sending.forget();
        on_cleanup(move || {
            typing.remove();
            leaving.remove();
            hiding.remove();
        });
    });
    view! { <span role="status">{state}</span> }
}

/// Sends a form that had to wait, by the same button.
fn send_again(event: &SubmitEvent) {
    let form = event.target().and_then(|target| target.dyn_into::<HtmlFormElement>().ok());
    if let Some(form) = form {
        let _ = form.request_submit_with_submitter(event.submitter().as_ref());
    }
}

fn is_in(target: Option<web_sys::EventTarget>, form: &str) -> bool {
    let element = target.and_then(|target| target.dyn_into::<Element>().ok());
    element.is_some_and(|element| matches!(element.closest(form), Ok(Some(_))))
}

fn reply(ticket: TicketId, seen_seq: i32) -> DraftInput {
    let is_inner = matches!(document().query_selector("form.composer [value=agents_only]:checked"), Ok(Some(_)));
    let reply_type = if is_inner { ReplyType::AgentsOnly } else { ReplyType::Everyone };
    // The editor's own field holds the HTML; without the editor there is none.
    DraftInput { ticket, html: value(REPLY, "html"), text: value(REPLY, "text"), reply_type, seen_seq }
}

fn new_ticket() -> CreateInput {
    let value = |name: &str| value(NEW, name);
    let partner = value("partner_id");
    CreateInput {
        customer: value("customer").parse().ok(),
        nickname: value("nickname"),
        email: value("email"),
        phone: value("phone"),
        partner_id: (!partner.trim().is_empty()).then_some(partner),
        title: value("title"),
        html: value("html"),
        text: value("text"),
        category: value("category").parse().ok(),
        priority: crate::model::Priority::from_key(&value("priority")),
        source: None,
        group: value("group").parse().ok(),
        agent: value("agent").parse().ok(),
        cc: value("cc"),
        mailbox: None,
        followers: Vec::new(),
        fields: super::own::answers(),
        step: String::new(),
    }
}

/// Whether a text of the form is another one than the page came with.
fn is_typed_in(form: &str) -> bool {
    let fields = document().query_selector_all(&format!("{form} input[type=text], {form} textarea"));
    let Ok(fields) = fields else { return false };
    let of = |field: &JsValue, what: &str| js_sys::Reflect::get(field, &JsValue::from_str(what)).ok().and_then(|value| value.as_string());
    (0..fields.length()).filter_map(|at| fields.get(at)).any(|field| of(&field, "value") != of(&field, "defaultValue"))
}

/// What stands in a field, whatever kind it is.
fn value(form: &str, name: &str) -> String {
    let field = document().query_selector(&format!("{form} [name='input[{name}]']")).ok().flatten();
    let value = field.and_then(|field| js_sys::Reflect::get(&field, &JsValue::from_str("value")).ok());
    value.and_then(|value| value.as_string()).unwrap_or_default()
}

/// `09:31`, by the reader's own clock.
fn clock() -> String {
    let now = js_sys::Date::new_0();
    format!("{:02}:{:02}", now.get_hours(), now.get_minutes())
}
