//! Forms: builders for labelled fields that show what was typed and what is wrong with it. They work without
//! scripting; the names are those a server function of one argument `input` reads.

use crate::flash::{Flash, Typed};
use crate::icon::icon_s;
use crate::rich::Rich;
use kernel::error::Problems;
use kernel::lang::Lang;
use kernel::t;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use std::sync::{Arc, Mutex};

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

/// A value that people do not see.
#[must_use]
pub fn hidden(name: &str, value: impl ToString) -> AnyView {
    view! { <input type="hidden" name=html_name(name) value=value.to_string()/> }.into_any()
}

/// The label, hint and problem around every field.
#[derive(Clone, Debug)]
struct Around {
    name: String,
    label: String,
    hint: Option<String>,
    is_required: bool,
    is_wide: bool,
}

impl Around {
    fn new(name: &str, label: impl Into<String>) -> Around {
        Around { name: name.to_owned(), label: label.into(), hint: None, is_required: false, is_wide: false }
    }

    fn described_by(&self, form: &FormState) -> Option<String> {
        (self.hint.is_some() || form.problem(&self.name).is_some()).then(|| format!("{}-h", element_id(form.id, &self.name)))
    }

    fn draw(self, form: &FormState, control: AnyView) -> AnyView {
        form.name(&self.name, &self.label);
        let id = element_id(form.id, &self.name);
        let problem = form.problem(&self.name);
        let class = match (problem.is_some(), self.is_wide) {
            (true, true) => "field wide has-error",
            (true, false) => "field has-error",
            (false, true) => "field wide",
            (false, false) => "field",
        };
        let optional = (!self.is_required).then(|| view! { " "<span class="opt">{t!(form.lang, "选填", "optional")}</span> });
        let help_id = format!("{id}-h");
        let below = match (problem, self.hint) {
            (Some(text), _) => view! { <span class="wrong" id=help_id>{icon_s("triangle-alert")}{text}</span> }.into_any(),
            (None, Some(hint)) => view! { <span class="hint" id=help_id>{hint}</span> }.into_any(),
            (None, None) => ().into_any(),
        };
        view! { <div class=class><label for=id>{self.label}{optional}</label>{control}{below}</div> }.into_any()
    }
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

/// A field of one line.
#[derive(Clone, Debug)]
pub struct Input {
    around: Around,
    kind: &'static str,
    value: String,
    class: &'static str,
    max: Option<usize>,
    placeholder: Option<String>,
    autocomplete: Option<&'static str>,
    is_focused: bool,
}

impl Input {
    /// A text field.
    #[must_use]
    pub fn text(name: &str, label: impl Into<String>) -> Input {
        Input {
            around: Around::new(name, label),
            kind: "text",
            value: String::new(),
            class: "input",
            max: None,
            placeholder: None,
            autocomplete: None,
            is_focused: false,
        }
    }

    /// A password field: never shown again, `autocomplete` is `current-password` or `new-password`.
    #[must_use]
    pub fn password(name: &str, label: impl Into<String>) -> Input {
        Input { kind: "password", autocomplete: Some("current-password"), ..Input::text(name, label) }
    }

    around_setters!();

    /// `email`, `number`, `tel`, `date`, `search`, `url`.
    #[must_use]
    pub fn kind(mut self, kind: &'static str) -> Input {
        self.kind = kind;
        self
    }

    /// What it starts with.
    #[must_use]
    pub fn value(mut self, value: impl ToString) -> Input {
        self.value = value.to_string();
        self
    }

    /// Longest text, in characters.
    #[must_use]
    pub fn max(mut self, max: usize) -> Input {
        self.max = Some(max);
        self
    }

    /// An example inside the empty field.
    #[must_use]
    pub fn placeholder(mut self, placeholder: impl Into<String>) -> Input {
        self.placeholder = Some(placeholder.into());
        self
    }

    /// What a browser may fill in.
    #[must_use]
    pub fn autocomplete(mut self, autocomplete: &'static str) -> Input {
        self.autocomplete = Some(autocomplete);
        self
    }

    /// Further classes: `mono`, `short`, `few`.
    #[must_use]
    pub fn class(mut self, class: &'static str) -> Input {
        self.class = class;
        self
    }

    /// Has the focus when the page opens.
    #[must_use]
    pub fn focused(mut self) -> Input {
        self.is_focused = true;
        self
    }

    /// Draws it.
    #[must_use]
    pub fn view(self, form: &FormState) -> AnyView {
        let id = element_id(form.id, &self.around.name);
        let value = if self.kind == "password" { String::new() } else { form.value_or(&self.around.name, &self.value) };
        let class = if self.class == "input" { "input".to_owned() } else { format!("input {}", self.class) };
        let control = view! {
            <input
                class=class
                id=id
                name=html_name(&self.around.name)
                type=self.kind
                value=value
                maxlength=self.max.map(|max| max.to_string())
                placeholder=self.placeholder
                autocomplete=self.autocomplete
                autofocus=self.is_focused
                required=self.around.is_required
                aria-invalid=form.problem(&self.around.name).map(|_| "true")
                aria-describedby=self.around.described_by(form)
            />
        };
        self.around.draw(form, control.into_any())
    }
}

/// A field of several lines.
#[derive(Clone, Debug)]
pub struct Area {
    around: Around,
    value: String,
    rows: u8,
    max: Option<usize>,
    placeholder: Option<String>,
    rich: Option<Rich>,
}

impl Area {
    /// A field of several lines.
    #[must_use]
    pub fn new(name: &str, label: impl Into<String>) -> Area {
        Area { around: Around::new(name, label), value: String::new(), rows: 4, max: None, placeholder: None, rich: None }
    }

    around_setters!();

    /// What it starts with.
    #[must_use]
    pub fn value(mut self, value: impl ToString) -> Area {
        self.value = value.to_string();
        self
    }

    /// Lines shown at first.
    #[must_use]
    pub fn rows(mut self, rows: u8) -> Area {
        self.rows = rows;
        self
    }

    /// Longest text, in characters.
    #[must_use]
    pub fn max(mut self, max: usize) -> Area {
        self.max = Some(max);
        self
    }

    /// An example inside the empty field.
    #[must_use]
    pub fn placeholder(mut self, placeholder: impl Into<String>) -> Area {
        self.placeholder = Some(placeholder.into());
        self
    }

    /// Takes rich text where scripting is on.
    #[must_use]
    pub fn rich(mut self, rich: Rich) -> Area {
        self.rich = Some(rich);
        self
    }

    /// Draws it.
    #[must_use]
    pub fn view(self, form: &FormState) -> AnyView {
        let id = element_id(form.id, &self.around.name);
        let control = view! {
            <textarea
                class="input"
                id=id
                name=html_name(&self.around.name)
                rows=self.rows.to_string()
                maxlength=self.max.map(|max| max.to_string())
                placeholder=self.placeholder
                required=self.around.is_required
                aria-invalid=form.problem(&self.around.name).map(|_| "true")
                aria-describedby=self.around.described_by(form)
                // As text a node marker would follow, and a text area shows everything inside it.
                inner_html=text_inside(&form.value_or(&self.around.name, &self.value))
            ></textarea>
        };
        let control = match self.rich {
            Some(rich) => rich.around(form.lang, control.into_any()),
            None => control.into_any(),
        };
        self.around.draw(form, control)
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
        let options: Vec<AnyView> = empty
            .into_iter()
            .chain(self.options)
            .map(|(value, label)| {
                let is_chosen = value == chosen;
                view! { <option value=value selected=is_chosen>{label}</option> }.into_any()
            })
            .collect();
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
}

impl Checks {
    /// A list of boxes.
    #[must_use]
    pub fn new(name: &str, label: impl Into<String>) -> Checks {
        Checks { around: Around::new(name, label), options: Vec::new(), selected: Vec::new() }
    }

    around_setters!();

    /// Values and words, in order.
    #[must_use]
    pub fn options<V: ToString, L: ToString>(mut self, options: impl IntoIterator<Item = (V, L)>) -> Checks {
        self.options = options.into_iter().map(|(value, label)| (value.to_string(), label.to_string())).collect();
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
        view! { <fieldset class=class id=id><legend class="label">{self.around.label}</legend><div class="checks">{boxes}</div>{hint}{problem}</fieldset> }.into_any()
    }
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
