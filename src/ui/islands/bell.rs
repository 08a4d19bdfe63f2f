//! 通知铃: the number of unread notices, which grows while the page is open. It opens no stream of its own: a page that
//! follows one passes what it hears on as `kefu-live` events of the window.

#![expect(missing_docs, reason = "the island macro's property struct cannot carry documentation")]

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::CustomEvent;

/// The event that carries a row of the stream, as the text it came in.
pub const HEARD: &str = "kefu-live";

/// The bell. `label`: what it is called, with `{}` for the number.
#[island]
pub fn Bell(unread: i64, label: String) -> impl IntoView {
    let (unread, set_unread) = signal(unread);
    Effect::new(move |_| {
        let heard = Closure::<dyn FnMut(CustomEvent)>::new(move |event: CustomEvent| {
            if is_notice(&event.detail().as_string().unwrap_or_default()) {
                set_unread.update(|unread| *unread += 1);
            }
        });
        let _ = window().add_event_listener_with_callback(HEARD, heard.as_ref().unchecked_ref());
        // It listens as long as the page lives.
        heard.forget();
    });
    let name = move || label.replace("{}", &unread.get().to_string());
    view! {
        <a class="btn quiet" href="/notices" aria-label=name.clone() title=name>
            <svg class="i" aria-hidden="true"><use href="/icons.svg#bell"></use></svg>
            {move || (unread.get() > 0).then(|| view! { <span class="count hot" aria-hidden="true">{shown(unread.get())}</span> })}
        </a>
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
