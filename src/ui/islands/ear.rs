//! 值守的页面: of all pages of a browser that are out of sight one goes on hearing the live stream, so that a reminder
//! sounds while the agent works elsewhere. A browser keeps six connections to one place at most: the others wait in line
//! for the lock that this one holds.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::js_sys::{Function, Promise, Reflect};

const LOCK: &str = "kefu-ear";

/// A place in the line.
#[derive(Default)]
pub struct Ear {
    is_left: Rc<Cell<bool>>,
    let_go: Rc<RefCell<Option<Function>>>,
}

impl Ear {
    /// Stands in line; `hear` runs when it is this page's turn. A browser without locks never comes to it.
    #[must_use]
    pub fn wait(hear: impl FnOnce() + 'static) -> Ear {
        let ear = Ear::default();
        let (is_left, let_go) = (ear.is_left.clone(), ear.let_go.clone());
        let turn = Closure::once_into_js(move |_: JsValue| -> JsValue {
            if is_left.get() {
                return JsValue::UNDEFINED;
            }
            hear();
            // Held until the promise is kept.
            Promise::new(&mut |resolve, _| *let_go.borrow_mut() = Some(resolve)).into()
        });
        let locks = Reflect::get(&leptos::prelude::window().navigator(), &"locks".into()).unwrap_or_default();
        let request = Reflect::get(&locks, &"request".into()).ok().and_then(|request| request.dyn_into::<Function>().ok());
        if let Some(request) = request {
            let _ = request.call2(&locks, &LOCK.into(), &turn);
        }
        ear
    }

    /// Leaves the line, or lets the next one hear.
    pub fn leave(self) {
        self.is_left.set(true);
        if let Some(let_go) = self.let_go.borrow_mut().take() {
            let _ = let_go.call0(&JsValue::NULL);
        }
    }
}
