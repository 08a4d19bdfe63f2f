use super::field::Input;
use super::{FormState, html_name};
use crate::flash::{Flash, Typed};
use kernel::error::{Problem, Problems};
use kernel::lang::Lang;
use leptos::prelude::*;

#[test]
fn a_failed_form_shows_what_was_typed() {
    assert_eq!(html_name("levels[0][zh]"), "input[levels][0][zh]");
    let typed = Typed::of("f", &serde_json::json!({"name": "李雷"}), Problems::one("email", Problem::Required));
    let flash = Flash { toast: None, form: Some(typed) };
    let form = FormState::new("f", &flash, Lang::Zh);
    assert_eq!(form.value_or("name", "x"), "李雷");
    assert_eq!(form.value_or("email", "old@x"), "", "an emptied field stays empty");
    assert!(form.problem("email").is_some());
    assert_eq!(FormState::new("g", &flash, Lang::Zh).value_or("name", "x"), "x");
}

#[test]
fn the_summary_names_the_fields_that_are_drawn_after_it() {
    let typed = Typed::of("f", &serde_json::json!({}), Problems::one("email", Problem::Required));
    let form = FormState::new("f", &Flash { toast: None, form: Some(typed) }, Lang::Zh);
    let page = view! { <form>{form.summary()}{Input::text("email", "登录邮箱").required().view(&form)}</form> };
    let html = page.to_html();
    assert!(html.contains("登录邮箱："), "{html}");
}
