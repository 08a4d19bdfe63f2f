//! 自定义字段: the fields of a new ticket change with its category. What was typed stays in fields that both have.

use crate::actions::own::ticket_form;
use crate::model::field::{Answers, FormInput};
use kernel::field::{Answer, of_key};
use leptos::ev;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, HtmlInputElement, js_sys};

/// Id of the form's place for the fields.
pub(crate) const PART: &str = "own-fields";
/// The select of the category.
const CATEGORY: &str = "form#ticket_new select[name='input[category]']";

/// Fetches the fields of the category that is chosen.
#[island]
pub fn CategoryFields() -> impl IntoView {
    let turn = StoredValue::new(0_u32);
    Effect::new(move |_| {
        // Somebody may have been faster than the script.
        if matches!(document().query_selector(&format!("{CATEGORY} option:checked:not([selected]):not([value=''])")), Ok(Some(_))) {
            spawn_local(swap(turn));
        }
        let chosen = window_event_listener(ev::change, move |event| {
            let select = event.target().and_then(|target| target.dyn_into::<Element>().ok());
            if select.is_some_and(|select| select.matches(CATEGORY).unwrap_or(false)) {
                spawn_local(swap(turn));
            }
        });
        on_cleanup(move || chosen.remove());
    });
}

/// Puts the fields of the chosen category in the place of those of another; of several choices the last one counts.
async fn swap(turn: StoredValue<u32>) {
    let Some(mine) = turn.try_update_value(|turn| {
        *turn += 1;
        *turn
    }) else {
        return;
    };
    let select = document().query_selector(CATEGORY).ok().flatten();
    let category = select.and_then(|select| value_of(&select).parse().ok());
    let Ok(html) = ticket_form(FormInput { category }).await else { return };
    let Some(part) = document().get_element_by_id(PART).filter(|_| turn.try_get_value() == Some(mine)) else { return };
    let typed = filled(&part);
    part.set_inner_html(&html);
    for field in fields(&part) {
        let Some((_, values)) = typed.iter().find(|(name, _)| *name == name_of(&field)) else { continue };
        match as_box(&field) {
            Some(tick) => tick.set_checked(values.contains(&tick.value())),
            None => {
                let value = values.first().map(String::as_str).unwrap_or_default();
                let _ = js_sys::Reflect::set(&field, &JsValue::from_str("value"), &JsValue::from_str(value));
            }
        }
    }
}

/// What was filled in of a new ticket so far.
pub(crate) fn answers() -> Answers {
    let typed = document().get_element_by_id(PART).map(|part| filled(&part)).unwrap_or_default();
    let answer = |(name, values): (String, Vec<String>)| {
        let key = name.strip_prefix("input[fields][")?.split(']').next()?.to_owned();
        Some((of_key(&key)?, Answer::Many(values)))
    };
    typed.into_iter().filter_map(answer).collect()
}

/// Of each field its values, by its name.
fn filled(part: &Element) -> Vec<(String, Vec<String>)> {
    let mut all: Vec<(String, Vec<String>)> = Vec::new();
    for field in fields(part) {
        let name = name_of(&field);
        let at = all.iter().position(|(known, _)| *known == name).unwrap_or_else(|| {
            all.push((name, Vec::new()));
            all.len() - 1
        });
        if as_box(&field).is_none_or(|tick| tick.checked()) {
            all[at].1.push(value_of(&field));
        }
    }
    all
}

fn fields(part: &Element) -> Vec<Element> {
    let Ok(found) = part.query_selector_all("[name]:not([type=hidden])") else { return Vec::new() };
    (0..found.length()).filter_map(|at| found.get(at)?.dyn_into::<Element>().ok()).collect()
}

/// The field, when it is ticked and not typed into.
fn as_box(field: &Element) -> Option<HtmlInputElement> {
    let input = field.dyn_ref::<HtmlInputElement>()?;
    matches!(input.type_().as_str(), "checkbox" | "radio").then(|| input.clone())
}

fn name_of(field: &Element) -> String {
    field.get_attribute("name").unwrap_or_default()
}

fn value_of(field: &Element) -> String {
    let value = js_sys::Reflect::get(field, &JsValue::from_str("value")).ok();
    value.and_then(|value| value.as_string()).unwrap_or_default()
}
