//! 电话条: serves the bar that the server drew. It takes it anew when the live stream says that the phone changed, sends its
//! forms without leaving the page, counts the seconds, and hears Alt and a letter. What a button is for, and whether there is
//! one, only the server knows.

use leptos::ev::{self, KeyboardEvent};
use leptos::prelude::*;
use leptos::task::spawn_local;
use ui::islands::bell::HEARD;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::js_sys::{Date, JSON};
use web_sys::{CustomEvent, Element, Headers, HtmlElement, HtmlFormElement, HtmlInputElement, RequestInit, Response, SubmitEvent};

/// Serves the element with the id `phone`.
#[island]
pub fn PhoneEar() -> impl IntoView {
    Effect::new(move |_| {
        count();
        let heard = Closure::<dyn FnMut(CustomEvent)>::new(move |event: CustomEvent| {
            if event.detail().as_string().is_some_and(|data| data.contains("\"phone\":")) {
                spawn_local(draw_anew(String::new()));
            }
        });
        let _ = window().add_event_listener_with_callback(HEARD, heard.as_ref().unchecked_ref());
        // It listens as long as the page lives.
        heard.forget();
        let sent = window_event_listener(ev::submit, |event| on_submit(event.unchecked_ref()));
        let keys = window_event_listener(ev::keydown, |event| on_key(&event));
        let beat = set_interval_with_handle(count, core::time::Duration::from_secs(1)).ok();
        on_cleanup(move || {
            sent.remove();
            keys.remove();
            beat.into_iter().for_each(|beat| beat.clear());
        });
    });
}

fn on_submit(event: &SubmitEvent) {
    let form = event.target().and_then(|target| target.dyn_into::<HtmlFormElement>().ok());
    let Some(form) = form.filter(|form| matches!(form.closest("#phone"), Ok(Some(_)))) else { return };
    event.prevent_default();
    // With the panel open a click on the state does nothing.
    if form.has_attribute("data-click") && find("#phone details[open]").is_some() {
        return;
    }
    let mut fields: Vec<(String, String)> = Vec::new();
    if let Some(button) = event.submitter() {
        fields.extend(button.get_attribute("name").zip(button.get_attribute("value")));
    }
    let Ok(inputs) = form.query_selector_all("input, select") else { return };
    for at in 0..inputs.length() {
        let Some(field) = inputs.item(at) else { continue };
        let value = web_sys::js_sys::Reflect::get(&field, &"value".into()).ok().and_then(|value| value.as_string());
        fields.extend(field.unchecked_ref::<Element>().get_attribute("name").zip(value));
    }
    if let Some(input) = find("#phone [data-dial]").and_then(|input| input.dyn_into::<HtmlInputElement>().ok()) {
        input.set_value("");
    }
    let path = form.get_attribute("action").unwrap_or_default();
    spawn_local(async move {
        let wrong = post(&path, &fields).await.and_then(|(is_ok, body)| if is_ok { None } else { problem_of(&body) });
        draw_anew(wrong.unwrap_or_default()).await;
    });
}

/// Alt+A answers, Alt+H holds and takes back, Alt+T opens the transfer, Alt+E hangs up: never a single letter.
fn on_key(event: &KeyboardEvent) {
    if !event.alt_key() || event.ctrl_key() || event.meta_key() {
        return;
    }
    let act = match event.code().as_str() {
        "KeyA" => "answer",
        "KeyH" => "hold",
        "KeyE" => "hang_up",
        "KeyT" => "transfer",
        _ => return,
    };
    let Some(button) = find(&format!("#phone [data-act={act}]")) else { return };
    event.prevent_default();
    if act == "transfer" {
        if let Some(panel) = find("#phone details") {
            let _ = panel.set_attribute("open", "");
        }
        if let Some(field) = find("#phone [data-dial]").and_then(|field| field.dyn_into::<HtmlElement>().ok()) {
            let _ = field.focus();
        }
    } else if let Ok(button) = button.dyn_into::<HtmlElement>() {
        button.click();
    }
}

/// Takes the bar as it stands now. What is being typed, and whether the panel is open, stays.
async fn draw_anew(problem: String) {
    let Some(slot) = find("#phone") else { return };
    let path = slot.get_attribute("data-bar").unwrap_or_default();
    let Some((true, body)) = post(&path, &[("input[problem]".to_owned(), problem)]).await else { return };
    let Some(markup) = JSON::parse(&body).ok().and_then(|markup| markup.as_string()) else { return };
    let was_open = find("#phone details[open]").is_some();
    let dial = || find("#phone [data-dial]").and_then(|input| input.dyn_into::<HtmlInputElement>().ok());
    let typed = dial().map(|input| input.value()).unwrap_or_default();
    let had_focus = document().active_element().is_some_and(|active| active.has_attribute("data-dial"));
    slot.set_inner_html(&markup);
    if was_open && let Some(panel) = find("#phone details") {
        let _ = panel.set_attribute("open", "");
    }
    if let Some(input) = dial() {
        input.set_value(&typed);
        if had_focus {
            let _ = input.focus();
        }
    }
    count();
}

/// Writes how long each state lasts.
fn count() {
    let Ok(times) = document().query_selector_all("[data-since]") else { return };
    for at in 0..times.length() {
        let Some(time) = times.item(at).and_then(|node| node.dyn_into::<Element>().ok()) else { continue };
        let since: f64 = time.get_attribute("data-since").and_then(|since| since.parse().ok()).unwrap_or(0.0);
        if since > 0.0 {
            time.set_text_content(Some(&clock((Date::now() - since) / 1_000.0)));
        }
    }
}

/// `m:ss`, or `h:mm:ss` from an hour on.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "seconds of a state, never below zero")]
fn clock(seconds: f64) -> String {
    let seconds = seconds.max(0.0) as u64;
    let (hours, minutes, seconds) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    if hours > 0 { format!("{hours}:{minutes:02}:{seconds:02}") } else { format!("{minutes}:{seconds:02}") }
}

/// The key of the first problem of a refusal.
fn problem_of(body: &str) -> Option<String> {
    let (_, rest) = body.split_once("\"problems\":[[\"")?;
    let (_, rest) = rest.split_once("\",\"")?;
    rest.split_once('"').map(|(key, _)| key.to_owned())
}

fn find(selector: &str) -> Option<Element> {
    document().query_selector(selector).ok().flatten()
}

/// Whether it was done, and the answer.
async fn post(path: &str, fields: &[(String, String)]) -> Option<(bool, String)> {
    let headers = Headers::new().ok()?;
    headers.set("accept", "application/json").ok()?;
    headers.set("content-type", "application/x-www-form-urlencoded").ok()?;
    let body: Vec<String> = fields.iter().map(|(name, value)| format!("{}={}", encoded(name), encoded(value))).collect();
    let request = RequestInit::new();
    request.set_method("POST");
    request.set_headers(&headers);
    request.set_body(&JsValue::from_str(&body.join("&")));
    let response: Response = JsFuture::from(window().fetch_with_str_and_init(path, &request)).await.ok()?.dyn_into().ok()?;
    let is_ok = response.status() < 400;
    let body = JsFuture::from(response.text().ok()?).await.ok()?.as_string()?;
    Some((is_ok, body))
}

fn encoded(text: &str) -> String {
    web_sys::js_sys::encode_uri_component(text).into()
}

#[cfg(test)]
mod tests {
    use super::{clock, problem_of};

    #[test]
    fn a_state_lasts_minutes_and_hours() {
        assert_eq!([0.0, 65.4, 3_605.0, -3.0].map(clock), ["0:00", "1:05", "1:00:05", "0:00"]);
    }

    #[test]
    fn a_refusal_names_its_problem() {
        assert_eq!(problem_of(r#"{"problems":[["to","bad_phone"]]}"#).as_deref(), Some("bad_phone"));
        assert_eq!(problem_of("{}"), None);
    }
}
