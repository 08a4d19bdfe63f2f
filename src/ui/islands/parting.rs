//! 离开时保存: what must not be lost while a page is being left. The browser finishes such a request behind the page; any
//! other one goes down with it.

use serde::Serialize;
use serde_json::Value;
use wasm_bindgen::JsValue;
use web_sys::{Headers, RequestInit, js_sys};

/// Browsers finish no more than this behind a page, in bytes; what is longer is sent as usual, and may get through.
const MOST: usize = 60_000;

/// Posts an input of plain fields to a server function. Nobody waits for the answer.
pub fn post(path: &str, input: &impl Serialize) {
    let body = form(input);
    let Ok(headers) = Headers::new() else { return };
    let named = [("accept", "application/json"), ("content-type", "application/x-www-form-urlencoded")];
    if named.iter().any(|(name, value)| headers.set(name, value).is_err()) {
        return;
    }
    let request = RequestInit::new();
    request.set_method("POST");
    request.set_headers(&headers);
    let _ = js_sys::Reflect::set(&request, &JsValue::from_str("keepalive"), &JsValue::from_bool(body.len() < MOST));
    request.set_body(&JsValue::from_str(&body));
    let _ = leptos::prelude::window().fetch_with_str_and_init(path, &request);
}

/// The fields as a form sends them. What is empty or no plain value is left out.
fn form(input: &impl Serialize) -> String {
    let Ok(Value::Object(fields)) = serde_json::to_value(input) else { return String::new() };
    let pairs = fields.into_iter().filter_map(|(name, value)| {
        let text = match value {
            Value::String(text) => text,
            Value::Number(number) => number.to_string(),
            Value::Bool(is_so) => is_so.to_string(),
            _ => return None,
        };
        Some(format!("input%5B{name}%5D={}", super::look_up::encoded(&text)))
    });
    pairs.collect::<Vec<_>>().join("&")
}

#[cfg(test)]
mod tests {
    use super::form;

    #[test]
    fn fields_are_sent_as_forms_send_them() {
        let input = serde_json::json!({ "text": "a&b 何", "seq": 3, "group": null, "list": ["x"] });
        assert_eq!(form(&input), "input%5Bseq%5D=3&input%5Btext%5D=a%26b%20%E4%BD%95");
    }
}
