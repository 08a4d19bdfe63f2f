//! 通知铃: the number of unread notices, which grows while the page is open. It opens the one live stream of the page and
//! passes what it hears on as `kefu-live` events of the window, for islands that follow tickets.
//!
//! The stream is open while the page is in sight: a browser keeps at most six connections to one place, so a seventh tab
//! would wait for ever. A page that comes back into sight asks for everything since the last row it knows.

#![expect(missing_docs, reason = "the island macro's property struct cannot carry documentation")]

use leptos::prelude::*;
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{CustomEvent, CustomEventInit, EventSource, MessageEvent};

/// The event that carries a row of the stream, as the text it came in.
pub const HEARD: &str = "kefu-live";

/// Kinds of rows that pages hear of.
const KINDS: [&str; 3] = ["ticket", "export", "trigger"];

/// The bell. `since`: how far the stream was when the page was drawn. `label`: what it is called, with `{}` for the
/// number.
#[island]
pub fn Bell(unread: i64, since: i64, label: String) -> impl IntoView {
    let (unread, set_unread) = signal(unread);
    Effect::new(move |_| {
        let seen = Rc::new(Cell::new(since));
        let heard = seen.clone();
        let on_row = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            if let Ok(seq) = event.last_event_id().parse() {
                heard.set(seq);
            }
            if is_notice(&event.data().as_string().unwrap_or_default()) {
                set_unread.update(|unread| *unread += 1);
            }
            pass_on(&event);
        });
        let open = move || {
            let stream = EventSource::new(&format!("/live?since={}", seen.get())).ok()?;
            for kind in KINDS {
                let _ = stream.add_event_listener_with_callback(kind, on_row.as_ref().unchecked_ref());
            }
            Some(stream)
        };
        let mut stream = None::<EventSource>;
        let mut follow = move || match stream.take() {
            Some(open) if document().hidden() => open.close(),
            None if !document().hidden() => stream = open(),
            as_it_is => stream = as_it_is,
        };
        follow();
        let on_sight = Closure::<dyn FnMut()>::new(follow);
        let _ = document().add_event_listener_with_callback("visibilitychange", on_sight.as_ref().unchecked_ref());
        // It lives as long as the page does, and what it holds with it.
        on_sight.forget();
    });
    let name = move || label.replace("{}", &unread.get().to_string());
    view! {
        <a class="btn quiet" href="/notices" aria-label=name.clone() title=name>
            <svg class="i" aria-hidden="true"><use href="/icons.svg#bell"></use></svg>
            {move || (unread.get() > 0).then(|| view! { <span class="count hot" aria-hidden="true">{shown(unread.get())}</span> })}
        </a>
    }
}

/// Tells the islands of the page.
fn pass_on(event: &MessageEvent) {
    let detail = CustomEventInit::new();
    detail.set_detail(&event.data());
    if let Ok(heard) = CustomEvent::new_with_event_init_dict(HEARD, &detail) {
        let _ = window().dispatch_event(&heard);
    }
}

/// Whether a row of the stream is a notice: it leads somewhere.
fn is_notice(data: &str) -> bool {
    data.contains("\"href\":")
}

/// The number in its little room.
fn shown(unread: i64) -> String {
    if unread > 99 { "99+".to_owned() } else { unread.to_string() }
}

#[cfg(test)]
mod tests {
    use super::{is_notice, shown};

    #[test]
    fn only_what_leads_somewhere_is_a_notice() {
        assert!(is_notice(r#"{"ticket":"0190","href":"/tickets/0190"}"#));
        assert!(!is_notice(r#"{"ticket":"0190"}"#));
    }

    #[test]
    fn a_large_number_stays_short() {
        assert_eq!([1, 99, 100].map(shown), ["1", "99", "99+"]);
    }
}
