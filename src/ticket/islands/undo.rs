//! 撤回: the seconds in which a reply can be taken back, counted down. Without scripting the button stands there and the
//! server says when it was too late.

#![expect(missing_docs, reason = "the island macro's property struct cannot carry documentation")]

use crate::model::UNDO_SECONDS;
use kernel::id::MessageId;
use leptos::prelude::*;

/// The foot of a reply that has not gone out. `path` is where taking back posts to; `words`: goes out in `{}` s, has gone
/// out, take back.
#[island]
pub fn UndoSend(message: MessageId, left: i64, path: String, words: [String; 3]) -> impl IntoView {
    let (left, set_left) = signal(left);
    Effect::new(move |_| {
        let beat = set_interval_with_handle(move || set_left.update(|left| *left -= 1), core::time::Duration::from_secs(1)).ok();
        on_cleanup(move || beat.into_iter().for_each(|beat| beat.clear()));
    });
    let words = StoredValue::new(words);
    let path = StoredValue::new(path);
    move || {
        let left = left.get();
        if left <= 0 {
            return view! { <span>{words.with_value(|words| words[1].clone())}</span> }.into_any();
        }
        let text = words.with_value(|words| words[0].replace("{}", &left.to_string()));
        let label = text.clone();
        view! {
            <span>{text}</span>
            <progress value=(UNDO_SECONDS - left).to_string() max=UNDO_SECONDS.to_string() aria-label=label></progress>
            <form method="post" action=path.get_value()>
                <input type="hidden" name="input[message]" value=message.to_string()/>
                <button class="btn" type="submit">
                    <svg class="i" aria-hidden="true"><use href="/icons.svg#undo-2"></use></svg>
                    {words.with_value(|words| words[2].clone())}
                </button>
            </form>
        }
        .into_any()
    }
}
