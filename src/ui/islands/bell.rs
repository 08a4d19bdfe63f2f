//! 通知铃: the number of unread notices, which grows while the page is open. It opens the one live stream of the page and
//! passes what it hears on as `kefu-live` events of the window, for islands that follow tickets.
//!
//! The stream is open while the page is in sight, and of those out of sight in one (`ear`): a browser keeps at most six
//! connections to one place, so a seventh tab would wait for ever. A page that comes back into sight asks for everything
//! since the last row it knows. A row may sound (`ring`), and says itself in a corner of the page.

#![expect(missing_docs, reason = "the island macro's property struct cannot carry documentation")]

use super::ear::Ear;
use super::ring::{play, ring, tone_of};
use leptos::prelude::*;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::js_sys::{JSON, Reflect};
use web_sys::{CustomEvent, CustomEventInit, EventSource, MessageEvent};

/// The event that carries a row of the stream, as the text it came in.
pub const HEARD: &str = "kefu-live";

/// Kinds of rows that pages hear of.
const KINDS: [&str; 5] = ["ticket", "export", "trigger", "phone", "webhook"];

/// A notice that says itself in a corner: where it leads, its number and its title.
type Said = (String, String);

/// The bell. `since`: how far the stream was when the page was drawn. `label`: what it is called, with `{}` for the
/// number. `unlock`: words of the button that lets sounds through.
#[island]
pub fn Bell(unread: i64, since: i64, label: String, unlock: String) -> impl IntoView {
    let (unread, set_unread) = signal(unread);
    let (held, set_held) = signal(None::<String>);
    let (said, set_said) = signal(None::<Said>);
    Effect::new(move |_| {
        let seen = Rc::new(Cell::new(since));
        let heard = seen.clone();
        let on_row = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            if let Ok(seq) = event.last_event_id().parse() {
                heard.set(seq);
            }
            let data = event.data().as_string().unwrap_or_default();
            if is_notice(&data) {
                set_unread.update(|unread| *unread += 1);
                number_title(unread.get_untracked());
                if !is_hushed(&data) {
                    set_said.set(said_of(&data));
                }
            }
            if let Some(tone) = tone_of(&data) {
                ring(tone, set_held);
            }
            pass_on(&event);
        });
        let stream = Rc::new(RefCell::new(None::<EventSource>));
        let open = {
            let stream = stream.clone();
            Rc::new(move || {
                let Ok(opened) = EventSource::new(&format!("/live?since={}", seen.get())) else { return };
                for kind in KINDS {
                    let _ = opened.add_event_listener_with_callback(kind, on_row.as_ref().unchecked_ref());
                }
                *stream.borrow_mut() = Some(opened);
            })
        };
        let mut ear = None::<Ear>;
        let mut follow = move || {
            if !document().hidden() {
                if let Some(ear) = ear.take() {
                    ear.leave();
                }
                if stream.borrow().is_none() {
                    open();
                }
            } else if ear.is_none() {
                if let Some(open) = stream.borrow_mut().take() {
                    open.close();
                }
                let open = open.clone();
                ear = Some(Ear::wait(move || open()));
            }
        };
        follow();
        let on_sight = Closure::<dyn FnMut()>::new(follow);
        let _ = document().add_event_listener_with_callback("visibilitychange", on_sight.as_ref().unchecked_ref());
        // It lives as long as the page does, and what it holds with it.
        on_sight.forget();
    });
    let name = move || label.replace("{}", &unread.get().to_string());
    let unlock = StoredValue::new(unlock);
    let on_unlock = move |_| {
        if let Some(tone) = held.get_untracked() {
            play(&tone, set_held);
        }
    };
    view! {
        {move || held.get().is_some().then(|| view! {
            <button class="btn" type="button" on:click=on_unlock>
                <svg class="i" aria-hidden="true"><use href="/icons.svg#volume-x"></use></svg>{unlock.get_value()}
            </button>
        })}
        <a class="btn quiet" href="/notices" aria-label=name.clone() title=name>
            <svg class="i" aria-hidden="true"><use href="/icons.svg#bell"></use></svg>
            {move || (unread.get() > 0).then(|| view! { <span class="count hot" aria-hidden="true">{shown(unread.get())}</span> })}
        </a>
        <div class="toasts" aria-live="polite">
            {move || said.get().map(|(href, title)| view! {
                <div class="toast news">
                    <svg class="i s" aria-hidden="true"><use href="/icons.svg#bell-ring"></use></svg>
                    <a href=href>{title}</a>
                </div>
            })}
        </div>
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

/// Whether a notice only counts: its reader wants quiet at this hour.
fn is_hushed(data: &str) -> bool {
    data.contains("\"hush\":true")
}

/// The number before the title of the tab, unless a line of the page counts there what changed in it.
fn number_title(unread: i64) {
    if let Ok(None) = document().query_selector("leptos-island[data-component^=LiveLine]") {
        document().set_title(&numbered(&document().title(), unread));
    }
}

/// The title with its number, instead of the one it had.
fn numbered(title: &str, unread: i64) -> String {
    let bare = title.strip_prefix('(').and_then(|rest| rest.split_once(") ")).filter(|(had, _)| shown_is_number(had));
    format!("({}) {}", shown(unread), bare.map_or(title, |(_, bare)| bare))
}

fn shown_is_number(text: &str) -> bool {
    text.trim_end_matches('+').parse::<u32>().is_ok()
}

/// Where a notice leads, and its title.
fn said_of(data: &str) -> Option<Said> {
    let row = JSON::parse(data).ok()?;
    let read = |key: &str| Reflect::get(&row, &key.into()).ok()?.as_string();
    Some((read("href")?, read("title")?))
}

/// The number in its little room.
fn shown(unread: i64) -> String {
    if unread > 99 { "99+".to_owned() } else { unread.to_string() }
}

#[cfg(test)]
mod tests {
    use super::{is_hushed, is_notice, numbered, shown};

    #[test]
    fn only_what_leads_somewhere_is_a_notice() {
        assert!(is_notice(r#"{"ticket":"0190","href":"/tickets/0190"}"#));
        assert!(!is_notice(r#"{"ticket":"0190"}"#));
    }

    #[test]
    fn at_a_quiet_hour_a_notice_only_counts() {
        assert!(is_hushed(r#"{"href":"/tickets/0190","hush":true}"#));
        assert!(!is_hushed(r#"{"href":"/tickets/0190","title":"hush: true"}"#));
    }

    #[test]
    fn the_title_has_one_number() {
        assert_eq!(numbered("客户 - 客服", 1), "(1) 客户 - 客服");
        assert_eq!(numbered("(1) 客户 - 客服", 2), "(2) 客户 - 客服");
        assert_eq!(numbered("(99+) Customers", 101), "(99+) Customers");
        assert_eq!(numbered("(new) Customers", 3), "(3) (new) Customers");
    }

    #[test]
    fn a_large_number_stays_short() {
        assert_eq!([1, 99, 100].map(shown), ["1", "99", "99+"]);
    }
}
