//! Forms: builders for labelled fields that show what was typed and what is wrong with it. They work without
//! scripting; the names are those a server function of one argument `input` reads.

use crate::flash::{Flash, Typed};
use choice::Ticked;
use kernel::error::Problems;
use kernel::lang::Lang;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use std::sync::{Arc, Mutex};

mod around;
pub mod choice;
pub mod field;
pub mod own;
mod summary;

/// The address a form posts to: `path_of::<actions::CreateAgent>()`.
#[must_use]
pub fn path_of<F: ServerFn>() -> &'static str {
    F::PATH
}

/// 表单状态: what the last post of a form left behind; empty for a fresh form.
#[derive(Clone, Debug, Default)]
pub struct FormState {
    id: &'static str,
    is_shown_again: bool,
    values: Vec<(String, String)>,
    problems: Problems,
    lang: Lang,
    /// Words of the fields drawn so far, for the summary; shared by its clones.
    labels: Arc<Mutex<Vec<(String, String)>>>,
}

impl FormState {
    /// The state of the form with this id.
    #[must_use]
    pub fn new(id: &'static str, flash: &Flash, lang: Lang) -> FormState {
        match flash.form.as_ref().filter(|typed| typed.id == id) {
            None => FormState { id, lang, ..FormState::default() },
            Some(typed) => {
                let (values, problems) = (typed.values.clone(), typed.problems.clone());
                FormState { id, is_shown_again: true, values, problems, lang, ..FormState::default() }
            }
        }
    }

    /// The same state under another id, where one page draws two forms of the same fields.
    #[must_use]
    pub fn renamed(&self, id: &'static str) -> FormState {
        FormState { id, ..self.clone() }
    }

    /// The same form with these values of an input in its fields, unless it is shown again with what was typed.
    #[must_use]
    pub fn begun_with(mut self, input: serde_json::Value) -> FormState {
        if !self.is_shown_again {
            let values = Typed::of(self.id, &input, Problems::default()).values;
            self.values.retain(|(name, _)| !values.iter().any(|(begun, _)| begun == name));
            self.values.extend(values);
        }
        self
    }

    /// The language of the page.
    #[must_use]
    pub fn lang(&self) -> Lang {
        self.lang
    }

    /// Whether the form is shown again after a post that failed.
    #[must_use]
    pub fn is_shown_again(&self) -> bool {
        self.is_shown_again
    }

    /// What was typed, by field; lists repeat theirs.
    #[must_use]
    pub fn typed(&self) -> &[(String, String)] {
        &self.values
    }

    /// The same state with these values in one field, whatever was typed into it.
    #[must_use]
    pub fn with_values(&self, name: &str, values: &[String]) -> FormState {
        let mut state = self.clone();
        state.values.retain(|(typed, _)| typed != name);
        state.values.extend(values.iter().map(|value| (name.to_owned(), value.clone())));
        state
    }

    /// Whether the form that is shown again had this field at all.
    #[must_use]
    pub fn was_sent(&self, name: &str) -> bool {
        self.values.iter().any(|(sent, _)| sent == name)
    }

    /// What was typed, or else the value it starts with.
    #[must_use]
    pub fn value_or(&self, name: &str, start: &str) -> String {
        let typed = self.values.iter().find(|(typed, _)| typed == name).map(|(_, value)| value.clone());
        match typed {
            Some(value) => value,
            None if self.is_shown_again => String::new(),
            None => start.to_owned(),
        }
    }

    /// What was ticked of a list, or else what it starts with.
    #[must_use]
    pub fn ticked_or(&self, name: &str, start: &[String]) -> Vec<String> {
        if self.is_shown_again {
            self.values.iter().filter(|(typed, _)| typed == name).map(|(_, value)| value.clone()).collect()
        } else {
            start.to_vec()
        }
    }

    /// Whether a single box is ticked.
    #[must_use]
    pub fn is_ticked_or(&self, name: &str, start: Ticked) -> bool {
        if self.is_shown_again { self.values.iter().any(|(typed, value)| typed == name && value == "true") } else { start == Ticked::Yes }
    }

    /// What is wrong with the field.
    #[must_use]
    pub fn problem(&self, name: &str) -> Option<&'static str> {
        self.problems.0.iter().find(|(field, _)| field == name).map(|(_, problem)| problem.text(self.lang))
    }
}

/// A value that people do not see.
#[must_use]
pub fn hidden(name: &str, value: impl ToString) -> AnyView {
    view! { <input type="hidden" name=html_name(name) value=value.to_string()/> }.into_any()
}

/// What stands inside a text area: escaped, with the line break that browsers drop at its beginning.
#[must_use]
pub fn text_inside(text: &str) -> String {
    format!("\n{}", kernel::html::escape(text))
}

/// The id of a field's element, for labels and links.
#[must_use]
pub fn element_id(form: &str, name: &str) -> String {
    format!("{form}-{}", name.replace(['[', ']'], "-"))
}

/// The name a server function of one argument `input` reads: `a[b]` becomes `input[a][b]`.
#[must_use]
pub fn html_name(name: &str) -> String {
    match name.split_once('[') {
        None => format!("input[{name}]"),
        Some((first, rest)) => format!("input[{first}][{rest}"),
    }
}

#[cfg(test)]
mod tests;
