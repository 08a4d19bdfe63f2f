//! 新变化: counts what changed while the page is open and offers to load it, in one line. Rows never move by themselves.
//!
//! The stream is open while the page is in sight: a browser keeps at most six connections to one place, so a seventh tab
//! would wait for ever. A page that comes back into sight asks for everything since the last row it knows.

#![expect(missing_docs, reason = "the island macro's property struct cannot carry documentation")]

use leptos::prelude::*;
use std::cell::Cell;
use std::rc::Rc;
use ui::islands::bell::HEARD;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{CustomEvent, CustomEventInit, EventSource, MessageEvent};

/// One line with the number of tickets that changed; `only` narrows it to one ticket. `since`: how far the stream was
/// when the page was drawn. `words`: for one, for more (`{}` is the number).
#[island]
pub fn LiveLine(href: String, only: String, since: i64, words: [String; 2]) -> impl IntoView {
    let (changed, set_changed) = signal(Vec::<String>::new());
    Effect::new(move |_| {
        let seen = Rc::new(Cell::new(since));
        let title = document().title();
        let only = only.clone();
        let heard = seen.clone();
        let on_ticket = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            pass_on(&event, &heard);
            let ticket = ticket_of(&event.data().as_string().unwrap_or_default());
            if !only.is_empty() && ticket != only || changed.with_untracked(|changed| changed.contains(&ticket)) {
                return;
            }
            set_changed.update(|changed| changed.push(ticket));
            document().set_title(&format!("({}) {title}", changed.with_untracked(Vec::len)));
        });
        let heard = seen.clone();
        let on_export = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| pass_on(&event, &heard));
        let open = move || {
            let stream = EventSource::new(&format!("/live?since={}", seen.get())).ok()?;
            let _ = stream.add_event_listener_with_callback("ticket", on_ticket.as_ref().unchecked_ref());
            let _ = stream.add_event_listener_with_callback("export", on_export.as_ref().unchecked_ref());
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
    let words = StoredValue::new(words);
    let href = StoredValue::new(href);
    move || {
        let number = changed.with(Vec::len);
        (number > 0).then(|| {
            let text = words.with_value(|[one, many]| if number == 1 { one.clone() } else { many.replace("{}", &number.to_string()) });
            view! { <div class="live-line"><a href=href.get_value()><svg class="i s" aria-hidden="true"><use href="/icons.svg#refresh-cw"></use></svg>{text}</a></div> }
        })
    }
}

/// Tells the bell, and notes how far the stream is.
fn pass_on(event: &MessageEvent, seen: &Cell<i64>) {
    if let Ok(seq) = event.last_event_id().parse() {
        seen.set(seq);
    }
    let detail = CustomEventInit::new();
    detail.set_detail(&event.data());
    if let Ok(heard) = CustomEvent::new_with_event_init_dict(HEARD, &detail) {
        let _ = window().dispatch_event(&heard);
    }
}

/// The ticket an event speaks of; the whole text when it names none.
fn ticket_of(data: &str) -> String {
    let named = data.split_once("\"ticket\":\"").and_then(|(_, rest)| rest.split_once('"'));
    named.map_or(data, |(ticket, _)| ticket).to_owned()
}

#[cfg(test)]
mod tests {
    use super::ticket_of;

    #[test]
    fn an_event_names_its_ticket() {
        assert_eq!(ticket_of(r#"{"kind":"replied","ticket":"0190-a"}"#), "0190-a");
        assert_eq!(ticket_of("{}"), "{}");
    }
}
