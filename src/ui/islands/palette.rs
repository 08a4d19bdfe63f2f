//! 命令面板: Ctrl-K opens places and actions by name, by the other language's name and by pinyin initials; what matches
//! no place goes on to the search page. Without it the search box of the bar is a plain link.

#![expect(missing_docs, reason = "the island macro's property struct cannot carry documentation")]

use leptos::ev;
use leptos::html;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// One place or action, from the menu table and what the person may do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The words.
    pub label: String,
    /// Further words it is found by.
    pub also: String,
    /// Where it leads.
    pub href: String,
}

/// Entries that match what was typed, best first: by the beginning of the name, then anywhere.
#[must_use]
pub fn matching(entries: &[Entry], typed: &str) -> Vec<Entry> {
    let typed = typed.trim().to_lowercase();
    let rank = |entry: &Entry| {
        let (label, also) = (entry.label.to_lowercase(), entry.also.to_lowercase());
        match () {
            () if label.starts_with(&typed) => Some(0),
            () if also.split(' ').any(|word| word.starts_with(&typed)) => Some(1),
            () if label.contains(&typed) || also.contains(&typed) => Some(2),
            () => None,
        }
    };
    let mut ranked: Vec<(i32, &Entry)> = entries.iter().filter_map(|entry| Some((rank(entry)?, entry))).collect();
    ranked.sort_by_key(|(rank, _)| *rank);
    ranked.into_iter().take(12).map(|(_, entry)| entry.clone()).collect()
}

/// The palette. `words`: placeholder, the search line, nothing found.
#[island]
pub fn Palette(entries: Vec<Entry>, words: Vec<String>) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    let field = NodeRef::<html::Input>::new();
    let (typed, set_typed) = signal(String::new());
    let (at, set_at) = signal(0_usize);
    let found = Memo::new(move |_| matching(&entries, &typed.get()));
    let [placeholder, search_words, none_words] = std::array::from_fn(|index| words.get(index).cloned().unwrap_or_default());
    let open = move || {
        if let (Some(dialog), Some(field)) = (dialog.get_untracked(), field.get_untracked()) {
            set_typed.set(String::new());
            set_at.set(0);
            if !dialog.open() {
                let _ = dialog.show_modal();
            }
            field.set_value("");
            let _ = field.focus();
        }
    };
    let href = move || {
        let chosen = found.get_untracked().get(at.get_untracked()).map(|entry| entry.href.clone());
        chosen.unwrap_or_else(|| format!("/search?q={}", encoded(&typed.get_untracked())))
    };
    Effect::new(move |_| {
        let keys = window_event_listener(ev::keydown, move |event| {
            if (event.ctrl_key() || event.meta_key()) && event.key().eq_ignore_ascii_case("k") {
                event.prevent_default();
                open();
            }
        });
        let clicks = window_event_listener(ev::click, move |event| {
            if is_opener(&event) {
                event.prevent_default();
                open();
            }
        });
        on_cleanup(move || {
            keys.remove();
            clicks.remove();
        });
    });
    let on_key = move |event: ev::KeyboardEvent| {
        let last = found.get_untracked().len();
        match event.key().as_str() {
            "ArrowDown" => {
                event.prevent_default();
                set_at.update(|at| *at = (*at + 1).min(last));
            }
            "ArrowUp" => {
                event.prevent_default();
                set_at.update(|at| *at = at.saturating_sub(1));
            }
            "Enter" => {
                event.prevent_default();
                let _ = window().location().set_href(&href());
            }
            _ => {}
        }
    };
    let (label, field_label) = (placeholder.clone(), placeholder.clone());
    view! {
        <dialog class="palette" node_ref=dialog aria-label=label>
            <div class="ask">
                <svg class="i" aria-hidden="true"><use href="/icons.svg#search"></use></svg>
                <input
                    type="search"
                    role="combobox"
                    aria-expanded="true"
                    aria-controls="palette-options"
                    aria-label=field_label
                    autocomplete="off"
                    placeholder=placeholder
                    node_ref=field
                    on:input=move |event| { set_typed.set(event_target_value(&event)); set_at.set(0); }
                    on:keydown=on_key
                />
            </div>
            <div class="options" id="palette-options" role="listbox">
                {move || {
                    found
                        .get()
                        .into_iter()
                        .enumerate()
                        .map(|(index, entry)| {
                            let is_at = at.get() == index;
                            view! { <a role="option" href=entry.href class:at=is_at aria-selected=is_at.to_string()>{entry.label}</a> }
                        })
                        .collect_view()
                }}
                {move || found.get().is_empty().then(|| view! { <p class="mute small">{none_words.clone()}</p> })}
                {move || {
                    let query = typed.get();
                    let href = format!("/search?q={}", encoded(&query));
                    let is_at = at.get() >= found.get().len();
                    (!query.trim().is_empty())
                        .then(|| {
                            view! {
                                <a role="option" href=href class:at=is_at aria-selected=is_at.to_string()>
                                    {search_words.clone()} " “" {query} "”"
                                </a>
                            }
                        })
                }}
            </div>
        </dialog>
    }
}

/// Whether a click was on an element that opens the palette.
fn is_opener(event: &ev::MouseEvent) -> bool {
    use wasm_bindgen::JsCast;
    let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    target.and_then(|element| element.closest("[data-palette]").ok().flatten()).is_some()
}

fn encoded(text: &str) -> String {
    use core::fmt::Write;
    text.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() {
            out.push(byte as char);
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
        out
    })
}

#[cfg(test)]
mod tests {
    use super::{Entry, matching};

    #[test]
    fn places_are_found_by_both_names_and_by_initials() {
        let entry = |label: &str, also: &str| Entry { label: label.into(), also: also.into(), href: "/".into() };
        let entries = [entry("客服账号", "Agents kfzh"), entry("客服组", "Groups kfz"), entry("邮箱", "Mailboxes yx")];
        let labels = |typed| matching(&entries, typed).into_iter().map(|entry| entry.label).collect::<Vec<_>>();
        assert_eq!(labels("kfz"), ["客服账号", "客服组"]);
        assert_eq!(labels("mail"), ["邮箱"]);
        assert_eq!(labels("客服组"), ["客服组"]);
        assert!(labels("zzz").is_empty());
    }
}
