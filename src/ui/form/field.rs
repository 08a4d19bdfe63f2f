//! Fields that are typed into: one line or several.

use super::around::{Around, around_setters};
use super::{FormState, element_id, html_name, text_inside};
use crate::icon::icon_s;
use crate::rich::Rich;
use kernel::lang::Lang;
use kernel::t;
use leptos::prelude::*;

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

/// 修改原因: why settings are changed, for the configuration history; a form of settings has this field at its end.
#[must_use]
pub fn reason(form: &FormState) -> AnyView {
    let hint = t!(form.lang, "会记入配置历史", "Kept in the configuration history");
    Input::text("reason", t!(form.lang, "修改原因", "Reason")).max(200).hint(hint).view(form)
}

/// The same in a save bar, where there is a line for it.
#[must_use]
pub fn why(form: &FormState) -> AnyView {
    why_line(form.lang, form.value_or("reason", ""))
}

/// The same for a form of one line: it costs no room until it is wanted. `typed` is what was typed when the form failed.
#[must_use]
pub fn why_folded(lang: Lang, typed: String) -> AnyView {
    let is_open = !typed.is_empty();
    view! { <details class="opens why-folded" open=is_open><summary>{icon_s("chevron-right")}{t!(lang, "写下原因", "Add a reason")}</summary>{why_line(lang, typed)}</details> }
        .into_any()
}

fn why_line(lang: Lang, typed: String) -> AnyView {
    let words = t!(lang, "修改原因（选填，会记入配置历史）", "Why (optional, kept in the configuration history)");
    view! {
        <label class="why"><span class="sr">{words}</span><input class="input" name=html_name("reason") maxlength="200" value=typed placeholder=words/></label>
    }
    .into_any()
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
