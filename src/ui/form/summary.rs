//! What is wrong with a form, in one box above it.

use super::{FormState, element_id};
use kernel::t;
use leptos::prelude::*;

impl FormState {
    /// What is wrong, in one box above the form, with links to the fields; nothing when nothing is.
    #[must_use]
    pub fn summary(&self) -> AnyView {
        if self.problems.0.is_empty() {
            return ().into_any();
        }
        let form = self.clone();
        // Drawn last, when every field below has said its name.
        let lines = move || form.lines();
        // What concerns no field is said without a heading: it is the message.
        if self.problems.0.iter().all(|(field, _)| field.is_empty()) {
            let texts: Vec<AnyView> =
                self.problems.0.iter().map(|(_, problem)| view! { <p>{problem.text(self.lang)}</p> }.into_any()).collect();
            return view! { <div class="wrongs" role="alert" tabindex="-1">{texts}</div> }.into_any();
        }
        view! {
            <div class="wrongs" role="alert" tabindex="-1">
                <h2>{t!(self.lang, "还不能提交", "Not saved yet")}</h2>
                <ul>{lines}</ul>
            </div>
        }
        .into_any()
    }

    fn lines(&self) -> Vec<AnyView> {
        let labels = self.labels.lock().map(|labels| labels.clone()).unwrap_or_default();
        self.problems
            .0
            .iter()
            .map(|(field, problem)| {
                let text = problem.text(self.lang);
                if field.is_empty() {
                    return view! { <li>{text}</li> }.into_any();
                }
                let label = labels.iter().find(|(name, _)| name == field).map(|(_, label)| format!("{label}{}", t!(self.lang, "：", ": ")));
                view! { <li><a href=format!("#{}", element_id(self.id, field))>{label}{text}</a></li> }.into_any()
            })
            .collect()
    }

    /// A field says its name.
    pub fn name(&self, name: &str, label: &str) {
        if !self.problems.0.is_empty()
            && let Ok(mut labels) = self.labels.lock()
        {
            labels.push((name.to_owned(), label.to_owned()));
        }
    }
}
