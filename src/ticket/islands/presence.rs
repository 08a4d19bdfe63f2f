//! 在场: who else has the ticket open, and who is writing. Asked for every 20 seconds while the page is in sight.

#![expect(missing_docs, reason = "the island macro's property struct cannot carry documentation")]

use crate::actions::be_present;
use crate::model::Present;
use crate::model::input::PresenceInput;
use kernel::id::TicketId;
use leptos::ev;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;
use web_sys::Element;

/// How often.
const BEAT: core::time::Duration = core::time::Duration::from_secs(20);
/// A key within so many milliseconds counts as writing.
const WRITING: f64 = 20_000.0;

/// Says who else is here. `words`: looking at it, writing; each follows a name.
#[island]
pub fn Presence(ticket: TicketId, here: Vec<Present>, words: [String; 2]) -> impl IntoView {
    let (here, set_here) = signal(here);
    let last_key = StoredValue::new(f64::MIN);
    let ask = move || {
        if document().hidden() {
            return;
        }
        let typing = now() - last_key.get_value() < WRITING;
        spawn_local(async move {
            if let Ok(others) = be_present(PresenceInput { ticket, typing }).await {
                set_here.try_set(others);
            }
        });
    };
    Effect::new(move |_| {
        ask();
        let beat = set_interval_with_handle(ask, BEAT).ok();
        let keys = window_event_listener(ev::input, move |event| {
            let element = event.target().and_then(|target| target.dyn_into::<Element>().ok());
            if element.is_some_and(|element| matches!(element.closest("form.composer"), Ok(Some(_)))) {
                let was_still = now() - last_key.get_value() >= WRITING;
                last_key.set_value(now());
                if was_still {
                    ask();
                }
            }
        });
        on_cleanup(move || {
            beat.into_iter().for_each(|beat| beat.clear());
            keys.remove();
        });
    });
    let words = StoredValue::new(words);
    move || {
        let others = here.get();
        (!others.is_empty()).then(|| {
            let lines: Vec<_> = others
                .into_iter()
                .map(|other| {
                    let doing = words.with_value(|[looking, writing]| if other.typing { writing.clone() } else { looking.clone() });
                    view! { <div><b>{other.name}</b>" "{doing}</div> }
                })
                .collect();
            view! { <div class="note violet slim" role="status"><svg class="i" aria-hidden="true"><use href="/icons.svg#eye"></use></svg><div>{lines}</div></div> }
        })
    }
}

fn now() -> f64 {
    web_sys::js_sys::Date::now()
}
