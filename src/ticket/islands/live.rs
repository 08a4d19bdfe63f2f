//! 新变化: counts what changed while the page is open and offers to load it, in one line. Rows never move by themselves.

#![expect(missing_docs, reason = "the island macro's property struct cannot carry documentation")]

use leptos::prelude::*;
use ui::islands::bell::HEARD;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::CustomEvent;

/// One line with the number of tickets that changed; `only` narrows it to one ticket. `words`: for one, for more (`{}` is
/// the number).
#[island]
pub fn LiveLine(href: String, only: String, words: [String; 2]) -> impl IntoView {
    let (changed, set_changed) = signal(Vec::<String>::new());
    Effect::new(move |_| {
        let title = document().title();
        let only = only.clone();
        let on_row = Closure::<dyn FnMut(CustomEvent)>::new(move |event: CustomEvent| {
            let Some(ticket) = ticket_of(&event.detail().as_string().unwrap_or_default()) else { return };
            if !only.is_empty() && ticket != only || changed.with_untracked(|changed| changed.contains(&ticket)) {
                return;
            }
            set_changed.update(|changed| changed.push(ticket));
            document().set_title(&format!("({}) {title}", changed.with_untracked(Vec::len)));
        });
        let _ = window().add_event_listener_with_callback(HEARD, on_row.as_ref().unchecked_ref());
        // It listens as long as the page lives.
        on_row.forget();
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

/// The ticket an event speaks of; none of an export.
fn ticket_of(data: &str) -> Option<String> {
    let (_, rest) = data.split_once("\"ticket\":\"")?;
    rest.split_once('"').map(|(ticket, _)| ticket.to_owned())
}

#[cfg(test)]
mod tests {
    use super::ticket_of;

    #[test]
    fn an_event_names_its_ticket() {
        assert_eq!(ticket_of(r#"{"kind":"replied","ticket":"0190-a"}"#).as_deref(), Some("0190-a"));
        assert_eq!(ticket_of(r#"{"export":"0190-b"}"#), None);
    }
}
