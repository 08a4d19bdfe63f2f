//! What stands around the control of every field.

use super::{FormState, element_id};
use crate::icon::icon_s;
use kernel::lang::Lang;
use kernel::t;
use leptos::prelude::*;

/// The label, hint and problem around every field.
#[derive(Clone, Debug)]
pub(super) struct Around {
    pub name: String,
    pub label: String,
    pub hint: Option<String>,
    pub is_required: bool,
    pub is_wide: bool,
}

impl Around {
    pub fn new(name: &str, label: impl Into<String>) -> Around {
        Around { name: name.to_owned(), label: label.into(), hint: None, is_required: false, is_wide: false }
    }

    pub fn described_by(&self, form: &FormState) -> Option<String> {
        (self.hint.is_some() || form.problem(&self.name).is_some()).then(|| format!("{}-h", element_id(form.id, &self.name)))
    }

    pub fn draw(self, form: &FormState, control: AnyView) -> AnyView {
        form.name(&self.name, &self.label);
        let id = element_id(form.id, &self.name);
        let problem = form.problem(&self.name);
        let class = match (problem.is_some(), self.is_wide) {
            (true, true) => "field wide has-error",
            (true, false) => "field has-error",
            (false, true) => "field wide",
            (false, false) => "field",
        };
        let optional = (!self.is_required).then(|| optional(form.lang));
        let help_id = format!("{id}-h");
        let below = match (problem, self.hint) {
            (Some(text), _) => view! { <span class="wrong" id=help_id>{icon_s("triangle-alert")}{text}</span> }.into_any(),
            (None, Some(hint)) => view! { <span class="hint" id=help_id>{hint}</span> }.into_any(),
            (None, None) => ().into_any(),
        };
        view! { <div class=class><label for=id>{self.label}{optional}</label>{control}{below}</div> }.into_any()
    }
}

/// Behind the label of what need not be filled in.
pub(super) fn optional(lang: Lang) -> AnyView {
    view! { " "<span class="opt">{t!(lang, "选填", "optional")}</span> }.into_any()
}

macro_rules! around_setters {
    () => {
        /// A line under the field; a problem replaces it.
        #[must_use]
        pub fn hint(mut self, hint: impl Into<String>) -> Self {
            self.around.hint = Some(hint.into());
            self
        }

        /// Must be filled in; fields that need not be say so themselves.
        #[must_use]
        pub fn required(mut self) -> Self {
            self.around.is_required = true;
            self
        }

        /// Spans both columns of a two-column form.
        #[must_use]
        pub fn wide(mut self) -> Self {
            self.around.is_wide = true;
            self
        }
    };
}

pub(super) use around_setters;
