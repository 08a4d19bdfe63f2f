//! 上移、下移: the buttons of a row in a list that has an order. Plain forms, so that they work without scripting.

use crate::form::hidden;
use crate::icon::icon;
use kernel::lang::Lang;
use kernel::step::Step;
use kernel::t;
use leptos::prelude::*;

/// A row that can change its place.
#[derive(Clone, Debug)]
pub struct Steps<'a> {
    /// Where its forms post to.
    pub action: &'static str,
    /// The name of the field that says which row it is.
    pub field: &'static str,
    /// Which row it is.
    pub id: String,
    /// What the row is called.
    pub name: &'a str,
    /// Whether there is one above it.
    pub can_rise: bool,
    /// Whether there is one below it.
    pub can_sink: bool,
}

impl Steps<'_> {
    /// Both buttons.
    #[must_use]
    pub fn view(&self, lang: Lang) -> AnyView {
        let up = self.button(Step::Up, "chevron-up", self.can_rise, lang);
        let down = self.button(Step::Down, "chevron-down", self.can_sink, lang);
        view! { {up}{down} }.into_any()
    }

    fn button(&self, step: Step, picture: &'static str, is_possible: bool, lang: Lang) -> AnyView {
        let title = step.label(lang);
        let words = t!(lang, "{}：{}", "{}: {}", title, self.name);
        view! {
            <form method="post" action=self.action>
                {hidden(self.field, &self.id)}
                {hidden("step", step.key())}
                <button class="btn quiet icon mini" type="submit" aria-label=words title=title disabled=!is_possible>{icon(picture)}</button>
            </form>
        }
        .into_any()
    }
}
