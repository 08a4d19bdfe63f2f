//! 命令面板: Ctrl-K opens places and actions by name, by the other language's name and by pinyin initials, then tickets and
//! customers, which the server looks up as far as the person may see them; what is none of them goes on to the search
//! page. Without it the search box of the bar is a plain link.

#![expect(missing_docs, reason = "the island macro's property struct cannot carry documentation")]

use super::look_up::{Answer, LookUp, encoded, is_composing, marked, show, skeleton};
use crate::found::Found;
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

/// Lines of each kind below the pages.
const FOUND: usize = 5;

/// Where the palette looks up beyond its pages; empty addresses of server functions for whoever may not.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Places {
    /// Finds tickets.
    pub tickets: String,
    /// Finds calls by number.
    pub calls: String,
    /// Finds customers.
    pub customers: String,
}

/// Its words.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaletteWords {
    /// What the field is for.
    pub placeholder: String,
    /// The last line, before what was typed.
    pub search: String,
    /// No page, ticket or customer was found.
    pub none: String,
    /// Headings of the lines.
    pub pages: String,
    /// 工单.
    pub tickets: String,
    /// 通话.
    pub calls: String,
    /// 客户.
    pub customers: String,
}

/// The kinds of lines, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Page,
    Ticket,
    Customer,
    Call,
}

/// One line of a heading's.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Line {
    kind: Kind,
    title: String,
    facts: Vec<String>,
    tag: String,
    href: String,
}

impl Line {
    fn page(entry: Entry) -> Line {
        Line { kind: Kind::Page, title: entry.label, facts: Vec::new(), tag: String::new(), href: entry.href }
    }

    fn of(kind: Kind, found: &Found) -> Line {
        Line { kind, title: found.title.clone(), facts: found.facts.clone(), tag: found.tag.clone(), href: found.href.clone() }
    }
}

/// Whether a number was typed, `1024` or `#1024`: it means a ticket.
fn is_number(typed: &str) -> bool {
    let digits = typed.trim().trim_start_matches(['#', '＃']);
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// The palette.
#[island]
pub fn Palette(entries: Vec<Entry>, places: Places, words: PaletteWords) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    let field = NodeRef::<html::Input>::new();
    let (typed, set_typed) = signal(String::new());
    let (at, set_at) = signal(0_usize);
    let is_composed = StoredValue::new(false);
    // Enter was pressed on a number whose ticket is still being looked for.
    let goes_on = StoredValue::new(false);
    let (tickets, customers, calls) = (LookUp::at(places.tickets), LookUp::at(places.customers), LookUp::at(places.calls));
    let lines = Memo::new(move |_| {
        let pages = matching(&entries, &typed.get()).into_iter().map(Line::page);
        let found = |kind: Kind, from: LookUp| {
            let found = from.answer.get();
            found.found().iter().take(FOUND).map(|found| Line::of(kind, found)).collect::<Vec<_>>()
        };
        pages
            .chain(found(Kind::Ticket, tickets))
            .chain(found(Kind::Customer, customers))
            .chain(found(Kind::Call, calls))
            .collect::<Vec<Line>>()
    });
    let look_up = move |text: &str| {
        tickets.typed(text);
        customers.typed(text);
        calls.typed(text);
    };
    let change = move |text: String| {
        goes_on.set_value(false);
        set_at.set(0);
        if !is_composed.get_value() {
            look_up(&text);
        }
        set_typed.set(text);
    };
    let open = move || {
        if let (Some(dialog), Some(field)) = (dialog.get_untracked(), field.get_untracked()) {
            change(String::new());
            if !dialog.open() {
                let _ = dialog.show_modal();
            }
            field.set_value("");
            let _ = field.focus();
        }
    };
    let search = move || format!("/search?q={}", encoded(typed.get().trim()));
    let is_of = move |from: LookUp| {
        let typed = typed.get();
        !from.asks(&typed) || from.answer.with(|answer| answer.is_of(&typed) || *answer == Answer::Failed)
    };
    let go = move || {
        // A line that was found for other words is not what is meant.
        let fits = |line: &&Line| match line.kind {
            Kind::Page => true,
            Kind::Ticket => untrack(|| is_of(tickets)),
            Kind::Customer => untrack(|| is_of(customers)),
            Kind::Call => untrack(|| is_of(calls)),
        };
        let chosen = lines.with_untracked(|lines| lines.get(at.get_untracked()).filter(fits).map(|line| line.href.clone()));
        let _ = window().location().set_href(&chosen.unwrap_or_else(|| untrack(search)));
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
    // The number's ticket is there now.
    Effect::new(move |_| {
        if tickets.answer.get() != Answer::None && goes_on.get_value() {
            goes_on.set_value(false);
            go();
        }
    });
    let step = move |to: usize| {
        set_at.set(to);
        request_animation_frame(move || show(&option_id(to)));
    };
    let on_key = move |event: ev::KeyboardEvent| {
        if is_composing(&event) {
            return;
        }
        let has_search = !typed.with_untracked(|typed| typed.trim().is_empty());
        let last = (lines.with_untracked(Vec::len) + usize::from(has_search)).saturating_sub(1);
        match event.key().as_str() {
            "ArrowDown" => {
                event.prevent_default();
                step((at.get_untracked() + 1).min(last));
            }
            "ArrowUp" => {
                event.prevent_default();
                step(at.get_untracked().saturating_sub(1));
            }
            "Enter" => {
                event.prevent_default();
                let text = typed.get_untracked();
                if is_number(&text) && at.get_untracked() == 0 && !untrack(|| is_of(tickets)) {
                    goes_on.set_value(true);
                } else {
                    go();
                }
            }
            _ => {}
        }
    };
    let active = move || {
        let has_any = lines.with(|lines| !lines.is_empty()) || typed.with(|typed| !typed.trim().is_empty());
        has_any.then(|| option_id(at.get()))
    };
    let (label, field_label, placeholder) = (words.placeholder.clone(), words.placeholder.clone(), words.placeholder.clone());
    let list_label = words.placeholder.clone();
    let words = StoredValue::new(words);
    let group = move |kind: Kind| {
        let typed = typed.get();
        let heading = words.with_value(|words| match kind {
            Kind::Page => words.pages.clone(),
            Kind::Ticket => words.tickets.clone(),
            Kind::Customer => words.customers.clone(),
            Kind::Call => words.calls.clone(),
        });
        let rows: Vec<AnyView> = lines
            .get()
            .into_iter()
            .enumerate()
            .filter(|(_, line)| line.kind == kind)
            .map(|(index, line)| option(index, at.get() == index, line, &typed))
            .collect();
        (!rows.is_empty()).then(|| {
            let label = heading.clone();
            view! { <div role="group" aria-label=label><div class="group" role="presentation" aria-hidden="true">{heading}</div>{rows}</div> }
        })
    };
    view! {
        <dialog class="palette" node_ref=dialog aria-label=label>
            <div class="ask">
                <svg class="i" aria-hidden="true"><use href="/icons.svg#search"></use></svg>
                <input
                    type="search"
                    role="combobox"
                    aria-expanded="true"
                    aria-autocomplete="list"
                    aria-controls="palette-options"
                    aria-activedescendant=active
                    aria-label=field_label
                    autocomplete="off"
                    placeholder=placeholder
                    node_ref=field
                    on:compositionstart=move |_| { is_composed.set_value(true); tickets.stop(); customers.stop(); calls.stop(); }
                    on:compositionend=move |event| { is_composed.set_value(false); change(event_target_value(&event)); }
                    on:input=move |event| change(event_target_value(&event))
                    on:keydown=on_key
                />
            </div>
            <div class="options">
                <div id="palette-options" role="listbox" aria-label=list_label>
                    {move || group(Kind::Page)}
                    {move || group(Kind::Ticket)}
                    {move || group(Kind::Customer)}
                    {move || group(Kind::Call)}
                    {move || {
                        let query = typed.get();
                        let index = lines.with(Vec::len);
                        let is_at = at.get() >= index;
                        (!query.trim().is_empty())
                            .then(|| {
                                view! {
                                    <a role="option" id=option_id(index) href=search() class:at=is_at aria-selected=is_at.to_string()>
                                        {words.with_value(|words| words.search.clone())} " “" {query} "”"
                                    </a>
                                }
                            })
                    }}
                </div>
                {move || (lines.with(Vec::is_empty) && (tickets.is_slow.get() || customers.is_slow.get() || calls.is_slow.get())).then(skeleton)}
                {move || (lines.with(Vec::is_empty) && is_of(tickets) && is_of(customers) && is_of(calls)).then(|| view! { <p class="mute small">{words.with_value(|words| words.none.clone())}</p> })}
            </div>
        </dialog>
    }
}

/// One line: what it is called, what tells it from others, its state.
fn option(index: usize, is_at: bool, line: Line, typed: &str) -> AnyView {
    if line.kind == Kind::Page {
        return view! { <a role="option" id=option_id(index) href=line.href class:at=is_at aria-selected=is_at.to_string()>{line.title}</a> }
            .into_any();
    }
    let facts: Vec<AnyView> = line.facts.iter().map(|fact| view! { <span>{marked(fact, typed)}</span> }.into_any()).collect();
    let tag = (!line.tag.is_empty()).then(|| view! { <span class="end">{line.tag}</span> });
    view! {
        <a role="option" id=option_id(index) href=line.href class:at=is_at aria-selected=is_at.to_string()>
            <b>{marked(&line.title, typed)}</b><span class="more">{facts}</span>{tag}
        </a>
    }
    .into_any()
}

fn option_id(index: usize) -> String {
    format!("palette-o{index}")
}

/// Whether a click was on an element that opens the palette.
fn is_opener(event: &ev::MouseEvent) -> bool {
    use wasm_bindgen::JsCast;
    let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    target.and_then(|element| element.closest("[data-palette]").ok().flatten()).is_some()
}

#[cfg(test)]
mod tests {
    use super::{Entry, is_number, matching};

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

    #[test]
    fn a_number_means_a_ticket() {
        assert!(is_number("1024") && is_number(" #1024") && is_number("＃20261122000001"));
        assert!(!is_number("#") && !is_number("10x") && !is_number(""));
    }
}
