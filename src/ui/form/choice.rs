//! Fields that are chosen from: a list, a box, several boxes.

use super::around::{Around, around_setters, optional};
use super::{FormState, element_id, html_name};
use crate::icon::icon_s;
use crate::option::options;
use leptos::prelude::*;

/// Whether a box starts ticked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ticked {
    /// It does.
    Yes,
    /// It does not.
    No,
}

impl From<bool> for Ticked {
    fn from(is_ticked: bool) -> Ticked {
        if is_ticked { Ticked::Yes } else { Ticked::No }
    }
}

/// One of a list.
#[derive(Clone, Debug)]
pub struct Select {
    around: Around,
    options: Vec<(String, String)>,
    selected: String,
    empty: Option<String>,
}

impl Select {
    /// A native select.
    #[must_use]
    pub fn new(name: &str, label: impl Into<String>) -> Select {
        Select { around: Around::new(name, label), options: Vec::new(), selected: String::new(), empty: None }
    }

    around_setters!();

    /// Values and words, in order.
    #[must_use]
    pub fn options<V: ToString, L: ToString>(mut self, options: impl IntoIterator<Item = (V, L)>) -> Select {
        self.options = options.into_iter().map(|(value, label)| (value.to_string(), label.to_string())).collect();
        self
    }

    /// The value it starts with.
    #[must_use]
    pub fn selected(mut self, value: impl ToString) -> Select {
        self.selected = value.to_string();
        self
    }

    /// Words of "none of them"; without it one of the list is always chosen.
    #[must_use]
    pub fn empty(mut self, label: impl Into<String>) -> Select {
        self.empty = Some(label.into());
        self
    }

    /// Draws it.
    #[must_use]
    pub fn view(self, form: &FormState) -> AnyView {
        let id = element_id(form.id, &self.around.name);
        let chosen = form.value_or(&self.around.name, &self.selected);
        let empty = self.empty.map(|label| (String::new(), label));
        let options = options(empty.into_iter().chain(self.options), &chosen);
        let control = view! {
            <select
                class="input"
                id=id
                name=html_name(&self.around.name)
                required=self.around.is_required
                aria-invalid=form.problem(&self.around.name).map(|_| "true")
                aria-describedby=self.around.described_by(form)
            >{options}</select>
        };
        self.around.draw(form, control.into_any())
    }
}

/// A box to tick.
#[derive(Clone, Debug)]
pub struct Check {
    name: String,
    label: String,
    hint: Option<String>,
    ticked: Ticked,
    is_switch: bool,
}

impl Check {
    /// A box with words beside it.
    #[must_use]
    pub fn new(name: &str, label: impl Into<String>) -> Check {
        Check { name: name.to_owned(), label: label.into(), hint: None, ticked: Ticked::No, is_switch: false }
    }

    /// Whether it starts ticked.
    #[must_use]
    pub fn checked(mut self, is_checked: bool) -> Check {
        self.ticked = is_checked.into();
        self
    }

    /// A smaller line under the words.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Check {
        self.hint = Some(hint.into());
        self
    }

    /// Drawn as a switch: for something that is on or off by itself.
    #[must_use]
    pub fn switch(mut self) -> Check {
        self.is_switch = true;
        self
    }

    /// Draws it.
    #[must_use]
    pub fn view(self, form: &FormState) -> AnyView {
        let id = element_id(form.id, &self.name);
        let checked = form.is_ticked_or(&self.name, self.ticked);
        let name = html_name(&self.name);
        let words = view! { <span>{self.label}{self.hint.map(|hint| view! { <small>{hint}</small> })}</span> };
        if self.is_switch {
            view! { <label class="switch"><input type="checkbox" role="switch" id=id name=name value="true" checked=checked/>{words}</label> }.into_any()
        } else {
            view! { <label class="check"><input type="checkbox" id=id name=name value="true" checked=checked/>{words}</label> }.into_any()
        }
    }
}

/// Several boxes of one list.
#[derive(Clone, Debug)]
pub struct Checks {
    around: Around,
    options: Vec<(String, String)>,
    selected: Vec<String>,
    is_optional: bool,
}

impl Checks {
    /// A list of boxes.
    #[must_use]
    pub fn new(name: &str, label: impl Into<String>) -> Checks {
        Checks { around: Around::new(name, label), options: Vec::new(), selected: Vec::new(), is_optional: false }
    }

    around_setters!();

    /// Values and words, in order.
    #[must_use]
    pub fn options<V: ToString, L: ToString>(mut self, options: impl IntoIterator<Item = (V, L)>) -> Checks {
        self.options = options.into_iter().map(|(value, label)| (value.to_string(), label.to_string())).collect();
        self
    }

    /// Says that none need be ticked, among fields of which some have to be filled in.
    #[must_use]
    pub fn optional(mut self) -> Checks {
        self.is_optional = true;
        self
    }

    /// What starts ticked.
    #[must_use]
    pub fn selected<V: ToString>(mut self, values: impl IntoIterator<Item = V>) -> Checks {
        self.selected = values.into_iter().map(|value| value.to_string()).collect();
        self
    }

    /// Draws it.
    #[must_use]
    pub fn view(self, form: &FormState) -> AnyView {
        let id = element_id(form.id, &self.around.name);
        form.name(&self.around.name, &self.around.label);
        let ticked = form.ticked_or(&self.around.name, &self.selected);
        let name = format!("{}[]", html_name(&self.around.name));
        let boxes: Vec<AnyView> = self
            .options
            .into_iter()
            .map(|(value, label)| {
                let checked = ticked.contains(&value);
                let name = name.clone();
                view! { <label class="check"><input type="checkbox" name=name value=value checked=checked/><span>{label}</span></label> }
                    .into_any()
            })
            .collect();
        let problem = form.problem(&self.around.name).map(|text| view! { <span class="wrong">{icon_s("triangle-alert")}{text}</span> });
        let class = if problem.is_some() { "field has-error" } else { "field" };
        let hint = self.around.hint.filter(|_| problem.is_none()).map(|hint| view! { <span class="hint">{hint}</span> });
        let optional = self.is_optional.then(|| optional(form.lang));
        view! { <fieldset class=class id=id><legend class="label">{self.around.label}{optional}</legend><div class="checks">{boxes}</div>{hint}{problem}</fieldset> }.into_any()
    }
}
