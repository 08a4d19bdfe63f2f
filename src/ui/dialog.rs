//! Dialogs, only for what cannot be undone: they name the object and the consequence, and the focus is on the safe
//! button. They are native popovers: no script is needed to open or close one.

use leptos::prelude::*;

/// What a dialog says and does.
#[derive(Clone, Debug)]
pub struct Confirm<I = &'static str> {
    /// Element id, of its own in the page: a word, or a `String` for a row's.
    pub id: I,
    /// `删除 3 张工单`.
    pub title: String,
    /// The consequence.
    pub text: String,
    /// The safe button.
    pub keep: String,
    /// Repeats the verb.
    pub act: String,
    /// The server function's path.
    pub path: &'static str,
    /// Fields of the input.
    pub fields: Vec<(String, String)>,
}

/// The button that opens the dialog, and the dialog. `class` is the button's, such as `btn risky`.
#[must_use]
pub fn confirm<I: Into<String>>(class: &'static str, label: impl Into<String>, dialog: Confirm<I>) -> AnyView {
    let id: String = dialog.id.into();
    let title_id = format!("{id}-h");
    let labelled_by = title_id.clone();
    let fields: Vec<AnyView> = dialog.fields.iter().map(|(name, value)| crate::form::hidden(name, value)).collect();
    view! {
        <button class=class type="button" popovertarget=id.clone()>{label.into()}</button>
        <dialog id=id.clone() popover="auto" aria-labelledby=labelled_by>
            <form method="post" action=dialog.path>
                {fields}
                <header><h2 id=title_id>{dialog.title}</h2></header>
                <div class="in"><p>{dialog.text}</p></div>
                <footer>
                    <button class="btn" type="button" popovertarget=id.clone() popovertargetaction="hide" autofocus=true>{dialog.keep}</button>
                    <button class="btn danger" type="submit">{dialog.act}</button>
                </footer>
            </form>
        </dialog>
    }
    .into_any()
}
