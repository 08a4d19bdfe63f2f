//! 复制: takes a number, a link or an id along. Without scripting it stands there as text to mark.

#![expect(missing_docs, reason = "the island macro's property struct cannot carry documentation")]

use leptos::prelude::*;

/// A button that copies `text`; it shows itself only where it works. `words`: copy, copied.
#[island]
pub fn Copy(text: String, words: [String; 2]) -> impl IntoView {
    let (is_ready, set_ready) = signal(false);
    let (is_done, set_done) = signal(false);
    Effect::new(move |_| set_ready.set(true));
    let [copy, copied] = words;
    let text = StoredValue::new(text);
    let words = StoredValue::new((copy, copied));
    let label = move || words.with_value(|(copy, copied)| if is_done.get() { copied.clone() } else { copy.clone() });
    let on_click = move |_| {
        // The promise is not waited for: a refusal of the browser changes nothing worth a message.
        let _ = window().navigator().clipboard().write_text(&text.get_value());
        set_done.set(true);
        set_timeout(move || set_done.set(false), core::time::Duration::from_secs(2));
    };
    let icon = move || if is_done.get() { "/icons.svg#check" } else { "/icons.svg#copy" };
    move || {
        is_ready.get().then(|| {
            view! {
                <button class="copy" type="button" on:click=on_click title=label>
                    <svg class="i s" aria-hidden="true"><use href=icon></use></svg>
                    <span class="sr" role="status">{label}</span>
                </button>
            }
        })
    }
}
