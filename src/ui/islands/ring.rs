//! 提示音: what happens within three seconds sounds once, in whichever page of the browser hears it first.

use leptos::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::HtmlAudioElement;
use web_sys::js_sys::Date;

/// Between two sounds, in milliseconds.
const APART: f64 = 3_000.0;
/// Where pages tell each other when one sounded.
const RANG: &str = "kefu-rang";

/// Sounds, unless a page did just now; `on_held` says whether the browser held it back.
pub fn ring(tone: &str, on_held: WriteSignal<Option<String>>) {
    let now = Date::now();
    let store = window().local_storage().ok().flatten();
    let rang = store.as_ref().and_then(|store| store.get_item(RANG).ok().flatten()).and_then(|at| at.parse().ok());
    if is_too_soon(rang, now) {
        return;
    }
    if let Some(store) = store {
        let _ = store.set_item(RANG, &now.to_string());
    }
    play(tone, on_held);
}

/// Plays a tone; a browser that holds it back until somebody clicks leaves its name in `on_held`.
pub fn play(tone: &str, on_held: WriteSignal<Option<String>>) {
    let Ok(audio) = HtmlAudioElement::new_with_src(&format!("/sounds/{tone}.wav")) else { return };
    let Ok(playing) = audio.play() else { return };
    let tone = tone.to_owned();
    spawn_local(async move { on_held.set(JsFuture::from(playing).await.is_err().then_some(tone)) });
}

/// The tone that a row of the stream asks for.
#[must_use]
pub fn tone_of(data: &str) -> Option<&'static str> {
    ["soft", "loud"].into_iter().find(|tone| data.contains(&format!("\"sound\":\"{tone}\"")))
}

/// A clock that was set back does not silence for ever.
fn is_too_soon(rang: Option<f64>, now: f64) -> bool {
    rang.is_some_and(|rang| (0.0..APART).contains(&(now - rang)))
}

#[cfg(test)]
mod tests {
    use super::{is_too_soon, tone_of};

    #[test]
    fn a_burst_sounds_once() {
        assert!(!is_too_soon(None, 10_000.0));
        assert!(is_too_soon(Some(10_000.0), 12_999.0));
        assert!(!is_too_soon(Some(10_000.0), 13_000.0));
        assert!(!is_too_soon(Some(90_000.0), 10_000.0), "the clock was set back");
    }

    #[test]
    fn a_row_says_what_it_sounds_like() {
        assert_eq!(tone_of(r#"{"ticket":"1","sound":"loud"}"#), Some("loud"));
        assert_eq!(tone_of(r#"{"ticket":"1","title":"sound: soft"}"#), None);
    }
}
