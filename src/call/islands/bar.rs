//! 电话条: serves the bar that the server drew. It takes it anew when the live stream says that the phone changed, sends its
//! forms without leaving the page, counts the seconds, and hears Alt and a letter. What a button is for, and whether there is
//! one, only the server knows.

use core::cell::Cell;
use leptos::ev::{self, KeyboardEvent};
use leptos::prelude::*;
use leptos::task::spawn_local;
use ui::islands::bell::HEARD;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::js_sys::{Date, JSON};
use web_sys::{CustomEvent, Element, Event, Headers, HtmlElement, HtmlFormElement, RequestInit, Response, SubmitEvent};

/// Fields of the bar that people fill in.
const TYPED: [&str; 2] = ["#phone [data-dial]", "#phone select"];

thread_local! {
    /// How often the bar was asked for: an answer to an earlier question is behind.
    static ASKED: Cell<u32> = const { Cell::new(0) };
}

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
        let clicks = window_event_listener(ev::click, |event| on_click(&event));
        let beat = set_interval_with_handle(count, core::time::Duration::from_secs(1)).ok();
        on_cleanup(move || {
            sent.remove();
            keys.remove();
            clicks.remove();
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
    let own = TYPED.map(|selector| form.query_selector(selector).is_ok_and(|field| field.is_some()));
    let path = form.get_attribute("action").unwrap_or_default();
    spawn_local(async move {
        let answer = post(&path, &fields).await;
        // What was typed stays until it is done: a refusal is put right where it stands.
        if answer.as_ref().is_some_and(|(is_ok, _)| *is_ok) {
            TYPED.iter().zip(own).filter(|(_, own)| *own).for_each(|(selector, _)| fill(selector, ""));
        }
        let wrong = answer.and_then(|(is_ok, body)| if is_ok { None } else { problem_of(&body) });
        draw_anew(wrong.unwrap_or_default()).await;
    });
}

/// Whoever opens or closes the panel means it, also one that a call had opened.
fn on_click(event: &Event) {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let is_summary = target.is_some_and(|target| matches!(target.closest("#phone summary"), Ok(Some(_))));
    if is_summary && let Some(panel) = find("#phone details") {
        let _ = panel.remove_attribute("data-auto");
    }
}

/// Opens the panel, as its user wishes.
fn open() {
    if let Some(panel) = find("#phone details") {
        let _ = panel.set_attribute("open", "");
        let _ = panel.remove_attribute("data-auto");
    }
}

fn fill(selector: &str, value: &str) {
    if let Some(field) = find(selector) {
        let _ = web_sys::js_sys::Reflect::set(&field, &"value".into(), &value.into());
    }
}

fn filled(selector: &str) -> String {
    let value = find(selector).and_then(|field| web_sys::js_sys::Reflect::get(&field, &"value".into()).ok());
    value.and_then(|value| value.as_string()).unwrap_or_default()
}

/// Where in the bar the focus is, as a selector that finds it in a bar drawn anew.
fn focused() -> Option<String> {
    let active = document().active_element()?;
    active.closest("#phone").ok().flatten()?;
    if let Some(act) = active.get_attribute("data-act") {
        return Some(format!("#phone [data-act={act}]"));
    }
    match active.tag_name().as_str() {
        "INPUT" => Some(TYPED[0].to_owned()),
        "SELECT" => Some(TYPED[1].to_owned()),
        "SUMMARY" => Some("#phone summary".to_owned()),
        _ => None,
    }
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
        open();
        if let Some(field) = find(TYPED[0]).and_then(|field| field.dyn_into::<HtmlElement>().ok()) {
            let _ = field.focus();
        }
    } else if let Ok(button) = button.dyn_into::<HtmlElement>() {
        button.click();
    }
}

/// Takes the bar as it stands now. What is being typed and chosen, the focus, and whether its user opened the panel, stay.
async fn draw_anew(problem: String) {
    let Some(slot) = find("#phone") else { return };
    let path = slot.get_attribute("data-bar").unwrap_or_default();
    let Some(body) = newest(&path, problem).await else { return };
    let Some(markup) = JSON::parse(&body).ok().and_then(|markup| markup.as_string()) else { return };
    let was_open = find("#phone details[open]:not([data-auto])").is_some();
    let (typed, focus) = (TYPED.map(filled), focused());
    slot.set_inner_html(&markup);
    if was_open {
        open();
    }
    TYPED.iter().zip(&typed).filter(|(_, typed)| !typed.is_empty()).for_each(|(selector, typed)| fill(selector, typed));
    if let Some(field) = focus.and_then(|focus| find(&focus)).and_then(|field| field.dyn_into::<HtmlElement>().ok()) {
        let _ = field.focus();
    }
    count();
}

/// The bar; nothing when it was asked for again meanwhile, unless a problem would be lost with it.
async fn newest(path: &str, problem: String) -> Option<String> {
    let fields = [("input[problem]".to_owned(), problem)];
    for _ in 0..3 {
        let asked = ASKED.get().wrapping_add(1);
        ASKED.set(asked);
        let (is_ok, body) = post(path, &fields).await?;
        if asked == ASKED.get() {
            return is_ok.then_some(body);
        }
        if fields[0].1.is_empty() {
            return None;
        }
    }
    None
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
