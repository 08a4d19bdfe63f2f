//! 边输边查: asks a server function while somebody types, after a moment of stillness. An answer that comes late never
//! takes the place of a newer one, and words that an input method is still composing are not asked about.

use crate::found::{Found, pieces};
use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Headers, HtmlElement, KeyboardEvent, RequestInit, Response};

/// How long after the last key.
const STILL: core::time::Duration = core::time::Duration::from_millis(200);

/// How long an answer may take before its shape is shown.
const PATIENCE: core::time::Duration = core::time::Duration::from_millis(300);

/// What came of looking up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Answer {
    /// Nothing was asked, or the answer is on its way.
    #[default]
    None,
    /// The answer to this text.
    Of(String, Vec<Found>),
    /// The server did not answer.
    Failed,
}

impl Answer {
    /// What was found, of the present text or of the one before it.
    pub(crate) fn found(&self) -> &[Found] {
        if let Answer::Of(_, found) = self { found } else { &[] }
    }

    /// Whether it is the answer to this text.
    pub(crate) fn is_of(&self, typed: &str) -> bool {
        matches!(self, Answer::Of(text, _) if text == typed.trim())
    }
}

/// One box that looks up in one place.
#[derive(Clone, Copy)]
pub(crate) struct LookUp {
    path: StoredValue<String>,
    newest: StoredValue<u32>,
    timer: StoredValue<Option<TimeoutHandle>>,
    /// The newest answer.
    pub(crate) answer: RwSignal<Answer>,
    /// Whether the next one takes so long that its shape is shown.
    pub(crate) is_slow: RwSignal<bool>,
}

impl LookUp {
    /// Asks the server function at this address.
    pub(crate) fn at(path: String) -> LookUp {
        LookUp {
            path: StoredValue::new(path),
            newest: StoredValue::new(0),
            timer: StoredValue::new(None),
            answer: RwSignal::new(Answer::None),
            is_slow: RwSignal::new(false),
        }
    }

    /// Whether it looks this text up: one character says too little, and is in no index.
    pub(crate) fn asks(self, text: &str) -> bool {
        !self.path.with_value(String::is_empty) && text.trim().chars().nth(1).is_some()
    }

    /// The text changed: it is asked about when nothing follows for a moment. What was found before stays until then.
    pub(crate) fn typed(self, text: &str) {
        let text = text.trim().to_owned();
        let number = self.forget_last();
        if !self.asks(&text) {
            self.answer.set(Answer::None);
            return;
        }
        if self.answer.with_untracked(|answer| answer.is_of(&text)) {
            return;
        }
        let ask = move || {
            let slow = move || {
                if self.newest.try_get_value() == Some(number) {
                    self.is_slow.try_set(true);
                }
            };
            let patience = set_timeout_with_handle(slow, PATIENCE).ok();
            spawn_local(async move {
                let path = self.path.try_get_value().unwrap_or_default();
                let answer = match ask(&path, &text).await {
                    Some(found) => Answer::Of(text, found),
                    None => Answer::Failed,
                };
                if let Some(patience) = patience {
                    patience.clear();
                }
                if self.newest.try_get_value() == Some(number) {
                    self.is_slow.try_set(false);
                    self.answer.try_set(answer);
                }
            });
        };
        self.timer.set_value(set_timeout_with_handle(ask, STILL).ok());
    }

    /// Nothing is asked any more, and nothing that comes is shown.
    pub(crate) fn stop(self) {
        self.forget_last();
    }

    fn forget_last(self) -> u32 {
        if let Some(timer) = self.timer.try_update_value(Option::take).flatten() {
            timer.clear();
        }
        self.is_slow.set(false);
        self.newest.update_value(|newest| *newest = newest.wrapping_add(1));
        self.newest.get_value()
    }
}

/// Whether a key belongs to an input method: it chooses among its own words, and ours must keep still. Some browsers
/// report the key that ends a composition after its end, with this code.
pub(crate) fn is_composing(event: &KeyboardEvent) -> bool {
    event.is_composing() || event.key_code() == 229
}

/// Scrolls the list so far that this option is seen.
pub(crate) fn show(option: &str) {
    let option = document().get_element_by_id(option).and_then(|option| option.dyn_into::<HtmlElement>().ok());
    let list = option.as_ref().and_then(|option| option.closest(".options").ok().flatten());
    let Some((option, list)) = option.zip(list.and_then(|list| list.dyn_into::<HtmlElement>().ok())) else { return };
    // Whichever of the two the page measures the option from.
    let is_inside = option.offset_parent().is_some_and(|parent| parent.is_same_node(Some(&list)));
    let top = if is_inside { option.offset_top() } else { option.offset_top() - list.offset_top() };
    if top < list.scroll_top() {
        list.set_scroll_top(top);
    } else if top + option.offset_height() > list.scroll_top() + list.client_height() {
        list.set_scroll_top(top + option.offset_height() - list.client_height());
    }
}

/// The shape of what is being looked for.
pub(crate) fn skeleton() -> AnyView {
    let line = || view! { <div class="bones"><i class="bone half"></i><i class="bone short"></i></div> };
    view! { <div class="waiting" aria-hidden="true">{line()}{line()}{line()}</div> }.into_any()
}

/// The text with what was typed marked.
pub(crate) fn marked(text: &str, typed: &str) -> AnyView {
    pieces(text, typed)
        .into_iter()
        .map(|(piece, is_hit)| if is_hit { view! { <mark>{piece}</mark> }.into_any() } else { piece.into_any() })
        .collect::<Vec<_>>()
        .into_any()
}

/// The text as a part of an address.
pub(crate) fn encoded(text: &str) -> String {
    use core::fmt::Write;
    text.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() {
            out.push(byte as char);
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
        out
    })
}

async fn ask(path: &str, text: &str) -> Option<Vec<Found>> {
    let headers = Headers::new().ok()?;
    headers.set("accept", "application/json").ok()?;
    headers.set("content-type", "application/x-www-form-urlencoded").ok()?;
    let request = RequestInit::new();
    request.set_method("POST");
    request.set_headers(&headers);
    request.set_body(&JsValue::from_str(&format!("input%5Btext%5D={}", encoded(text))));
    let response: Response = JsFuture::from(window().fetch_with_str_and_init(path, &request)).await.ok()?.dyn_into().ok()?;
    if !response.ok() {
        return None;
    }
    let body = JsFuture::from(response.text().ok()?).await.ok()?.as_string()?;
    serde_json::from_str(&body).ok()
}

#[cfg(test)]
mod tests {
    use super::{Answer, encoded};

    #[test]
    fn an_answer_is_that_of_its_text() {
        let answer = Answer::Of("何静".to_owned(), Vec::new());
        assert!(answer.is_of(" 何静 ") && !answer.is_of("何"));
        assert!(!Answer::None.is_of("") && Answer::Failed.found().is_empty());
    }

    #[test]
    fn every_text_is_a_part_of_an_address() {
        assert_eq!(encoded("何 a&b#1"), "%E4%BD%95%20a%26b%231");
    }
}
