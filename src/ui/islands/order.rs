//! 拖动排序: rows of a list are dragged to their place, and a form sends the order they have then. Without scripting, with
//! keys and on a touch screen each row has its own buttons for a step up and down.

#![expect(missing_docs, reason = "the island macro's property struct cannot carry documentation")]

use leptos::prelude::*;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{DragEvent, Element, HtmlFormElement, HtmlInputElement, Node};

/// What is dragged, and how the rows stood when it was taken up.
struct Drag {
    row: Element,
    before: Vec<Element>,
}

/// Makes the rows of `list` draggable; each carries its id as `data-id`. `form` sends them in its field `order`.
#[island]
pub fn Order(list: String, form: String) -> impl IntoView {
    Effect::new(move |_| {
        let Some(list) = document().get_element_by_id(&list) else { return };
        for row in rows(&list) {
            let _ = row.set_attribute("draggable", "true");
        }
        let dragged = Rc::new(RefCell::new(None::<Drag>));
        let form = form.clone();
        listen(&list.clone(), ["dragstart", "dragover", "drop", "dragend"], move |event| match event.type_().as_str() {
            "dragstart" => *dragged.borrow_mut() = row_of(&event, &list).map(|row| Drag { row, before: rows(&list) }),
            "dragend" => {
                let Some(drag) = dragged.borrow_mut().take() else { return };
                let was_dropped = event.data_transfer().is_some_and(|data| data.drop_effect() != "none");
                if !was_dropped {
                    drag.before.iter().for_each(|row| _ = list.append_child(row));
                } else if drag.before != rows(&list) {
                    send(&form, &list);
                }
            }
            kind => {
                let drag = dragged.borrow();
                let Some(drag) = drag.as_ref() else { return };
                event.prevent_default();
                if let Some(data) = event.data_transfer() {
                    data.set_drop_effect("move");
                }
                if let Some(over) = row_of(&event, &list).filter(|over| kind == "dragover" && *over != drag.row) {
                    put(&drag.row, &over, &event, &list);
                }
            }
        });
    });
}

/// Beside the row under the pointer, on the side where the pointer is.
fn put(row: &Element, over: &Element, event: &DragEvent, list: &Element) {
    let place = over.get_bounding_client_rect();
    let is_above = f64::from(event.client_y()) < place.top() + place.height() / 2.0;
    let next = if is_above { Some(Node::from(over.clone())) } else { over.next_sibling() };
    let _ = list.insert_before(row, next.as_ref());
}

fn rows(list: &Element) -> Vec<Element> {
    let children = list.children();
    (0..children.length()).filter_map(|at| children.item(at)).filter(|row| row.has_attribute("data-id")).collect()
}

fn row_of(event: &DragEvent, list: &Element) -> Option<Element> {
    let row = event.target()?.dyn_into::<Element>().ok()?.closest("[data-id]").ok()??;
    (row.parent_element().as_ref() == Some(list)).then_some(row)
}

fn send(form: &str, list: &Element) {
    let Some(form) = document().get_element_by_id(form).and_then(|form| form.dyn_into::<HtmlFormElement>().ok()) else { return };
    let ids: Vec<String> = rows(list).iter().filter_map(|row| row.get_attribute("data-id")).collect();
    let field = form.query_selector("[name='input[order]']").ok().flatten();
    if let Some(field) = field.and_then(|field| field.dyn_into::<HtmlInputElement>().ok()) {
        field.set_value(&ids.join(" "));
        let _ = form.request_submit();
    }
}

fn listen<const N: usize>(on: &Element, kinds: [&str; N], act: impl FnMut(DragEvent) + 'static) {
    let act = Closure::<dyn FnMut(DragEvent)>::new(act);
    for kind in kinds {
        let _ = on.add_event_listener_with_callback(kind, act.as_ref().unchecked_ref());
    }
    // The list lives as long as the page does.
    act.forget();
}
