//! 查找框: a field that looks up while somebody types and leads on with what they choose. It is the search field of a
//! form that posts by GET: without scripting, and with Enter before an answer came, that form does the same.

#![expect(missing_docs, reason = "the island macro's property struct cannot carry documentation")]

use super::look_up::{Answer, LookUp, encoded, is_composing, marked, show, skeleton};
use crate::found::Found;
use leptos::ev;
use leptos::html;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// What a box looks up and where it leads.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Seek {
    /// Address of the server function.
    pub path: String,
    /// Name of the field, which is its id too.
    pub name: String,
    /// What stands in it at first.
    pub value: String,
    /// Where a choice leads; `{}` stands for its id.
    pub to: String,
    /// Where nobody of them leads; `{}` stands for what was typed. Empty where nobody can be made.
    pub create: String,
    /// Never shown: whoever the page is about.
    pub except: String,
}

/// Its words.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct SeekWords {
    /// What the field is called.
    pub label: String,
    /// An example.
    pub placeholder: String,
    /// The last line; `{}` stands for what was typed.
    pub create: String,
    /// Nothing was found.
    pub none: String,
    /// The server did not answer.
    pub failed: String,
    /// How many were found, in place of `{}`; said, not shown.
    pub count: String,
}

/// The box.
#[island]
pub fn Finder(seek: Seek, words: SeekWords) -> impl IntoView {
    let look_up = LookUp::at(seek.path);
    let (typed, set_typed) = signal(seek.value.clone());
    let (at, set_at) = signal(0_usize);
    let (is_open, set_open) = signal(false);
    let is_composed = StoredValue::new(false);
    let (list_id, name) = (format!("{}-options", seek.name), seek.name.clone());
    let (to, create, except) = (StoredValue::new(seek.to), StoredValue::new(seek.create), seek.except);
    let found = Memo::new(move |_| {
        let found = look_up.answer.get().found().to_vec();
        found.into_iter().filter(|found| found.id != except).collect::<Vec<Found>>()
    });
    // Nobody is made of an answer that is still on its way.
    let is_answered = move || look_up.answer.with(|answer| answer.is_of(&typed.get()));
    let has_create = move || is_answered() && create.with_value(|create| !create.is_empty());
    let last = move || found.with(Vec::len) + usize::from(has_create());
    let shown = move || is_open.get() && (last() > 0 || look_up.is_slow.get() || look_up.answer.with(|answer| *answer != Answer::None));
    let option_id = StoredValue::new(format!("{}-o", seek.name));
    let id_of = move |index: usize| option_id.with_value(|id| format!("{id}{index}"));
    let href = move |index: usize| {
        let chosen = found.with_untracked(|found| found.get(index).map(|found| found.id.clone()));
        match chosen {
            Some(id) => to.with_value(|to| to.replace("{}", &id)),
            None => create.with_value(|create| create.replace("{}", &encoded(typed.get_untracked().trim()))),
        }
    };
    let change = move |text: String| {
        set_at.set(0);
        set_open.set(true);
        look_up.typed(&text);
        set_typed.set(text);
    };
    let field = NodeRef::<html::Input>::new();
    Effect::new(move |_| {
        // Somebody may have been faster than the script.
        let early = field.get().map(|field| field.value()).filter(|early| *early != typed.get_untracked());
        if let Some(early) = early {
            change(early);
        }
    });
    let step = move |to: usize| {
        set_at.set(to);
        request_animation_frame(move || show(&id_of(to)));
    };
    let on_key = move |event: ev::KeyboardEvent| {
        if is_composing(&event) {
            return;
        }
        let (is_shown, count) = (untrack(shown), untrack(last));
        match event.key().as_str() {
            "ArrowDown" if is_shown && count > 0 => {
                event.prevent_default();
                step((at.get_untracked() + 1) % count);
            }
            "ArrowUp" if is_shown && count > 0 => {
                event.prevent_default();
                step((at.get_untracked() + count - 1) % count);
            }
            "ArrowDown" => {
                event.prevent_default();
                set_open.set(true);
                look_up.typed(&typed.get_untracked());
            }
            // Only what belongs to the words that stand there is chosen; otherwise the form asks the server.
            "Enter" if is_shown && count > 0 && untrack(is_answered) => {
                event.prevent_default();
                let _ = window().location().set_href(&href(at.get_untracked()));
            }
            "Escape" if is_shown => {
                event.prevent_default();
                set_open.set(false);
                set_at.set(0);
                look_up.stop();
            }
            _ => {}
        }
    };
    let active = move || (shown() && last() > 0).then(|| id_of(at.get()));
    let words = StoredValue::new(words);
    let said = move || {
        let count = found.with(Vec::len);
        match look_up.answer.get() {
            _ if !shown() => String::new(),
            Answer::None => String::new(),
            Answer::Failed => words.with_value(|words| words.failed.clone()),
            Answer::Of(..) if count == 0 => words.with_value(|words| words.none.clone()),
            Answer::Of(..) => words.with_value(|words| words.count.replace("{}", &count.to_string())),
        }
    };
    let (label, list_label) = words.with_value(|words| (words.label.clone(), words.label.clone()));
    let placeholder = words.with_value(|words| words.placeholder.clone());
    view! {
        <div class="combo with-icon grow">
            <svg class="i" aria-hidden="true"><use href="/icons.svg#search"></use></svg>
            <input
                class="input"
                type="search"
                role="combobox"
                id=name.clone()
                name=name
                value=seek.value
                autocomplete="off"
                autofocus=true
                required=true
                placeholder=placeholder
                node_ref=field
                aria-label=label
                aria-autocomplete="list"
                aria-expanded=move || shown().to_string()
                aria-controls=list_id.clone()
                aria-activedescendant=active
                on:compositionstart=move |_| { is_composed.set_value(true); look_up.stop(); }
                on:compositionend=move |event| { is_composed.set_value(false); change(event_target_value(&event)); }
                on:input=move |event| if !is_composed.get_value() { change(event_target_value(&event)) }
                on:keydown=on_key
                on:blur=move |_| set_open.set(false)
            />
            <div class="options" hidden=move || !shown() on:mousedown=|event| event.prevent_default()>
                <div role="listbox" id=list_id aria-label=list_label>
                    {move || {
                        let typed = typed.get();
                        let lines = found.get().into_iter().enumerate().map(|(index, line)| {
                            let is_at = at.get() == index;
                            let facts: Vec<AnyView> = line.facts.iter().map(|fact| view! { <span>{marked(fact, &typed)}</span> }.into_any()).collect();
                            let tag = (!line.tag.is_empty()).then(|| view! { <span class="tag line">{line.tag.clone()}</span> });
                            view! {
                                <a role="option" tabindex="-1" id=id_of(index) href=href(index) class:at=is_at aria-selected=is_at.to_string()>
                                    <b>{marked(&line.title, &typed)}</b>{tag}<span class="more">{facts}</span>
                                </a>
                            }.into_any()
                        }).collect::<Vec<_>>();
                        let create = has_create().then(|| {
                            let index = found.with(Vec::len);
                            let is_at = at.get() == index;
                            let text = words.with_value(|words| words.create.replace("{}", typed.trim()));
                            view! {
                                <a role="option" tabindex="-1" id=id_of(index) href=href(index) class="make" class:at=is_at aria-selected=is_at.to_string()>
                                    <svg class="i" aria-hidden="true"><use href="/icons.svg#user-plus"></use></svg>{text}
                                </a>
                            }.into_any()
                        });
                        view! { {lines}{create} }
                    }}
                </div>
                {move || (shown() && found.with(Vec::is_empty)).then(|| {
                    if look_up.is_slow.get() { skeleton() } else { view! { <p aria-hidden="true">{said()}</p> }.into_any() }
                })}
            </div>
            <span class="sr" role="status">{said}</span>
        </div>
    }
}
