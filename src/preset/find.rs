//! 查找: which presets are offered for what was typed behind a `/`, and in which order (R8).

use crate::queries::Preset;
use core::cmp::Reverse;
use pinyin::{Pinyin, ToPinyin};

/// Rows of the list at most.
pub const OFFERS_MOST: usize = 8;

/// How well a preset fits, the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    /// The whole shortcut was typed.
    Shortcut,
    /// The beginning of its shortcut.
    ShortcutBegins,
    /// The beginning of its title, in characters or pinyin initials.
    TitleBegins,
    /// Within its title.
    Title,
    /// Within its folder or its first words.
    Else,
}

/// Those that fit what was typed: the best first, among equals the most used, then by title. Everything fits nothing.
#[must_use]
pub fn find(typed: &str, presets: Vec<Preset>) -> Vec<Preset> {
    let typed = typed.trim().to_lowercase();
    let mut found: Vec<(Fit, Preset)> = presets.into_iter().filter_map(|preset| fit(&typed, &preset).map(|fit| (fit, preset))).collect();
    found.sort_by(|(one, a), (other, b)| (one, Reverse(a.used), &a.title).cmp(&(other, Reverse(b.used), &b.title)));
    found.into_iter().map(|(_, preset)| preset).collect()
}

fn fit(typed: &str, preset: &Preset) -> Option<Fit> {
    let title = preset.title.to_lowercase();
    if typed.is_empty() {
        Some(Fit::Else)
    } else if preset.shortcut == typed {
        Some(Fit::Shortcut)
    } else if preset.shortcut.starts_with(typed) {
        Some(Fit::ShortcutBegins)
    } else if title.starts_with(typed) || initials(&title).starts_with(typed) {
        Some(Fit::TitleBegins)
    } else if title.contains(typed) || initials(&title).contains(typed) {
        Some(Fit::Title)
    } else if preset.folder.to_lowercase().contains(typed) || preset.words.to_lowercase().contains(typed) {
        Some(Fit::Else)
    } else {
        None
    }
}

/// `退款 A` as `tka`: the initial of each Chinese character, letters and digits as they are.
fn initials(title: &str) -> String {
    title
        .chars()
        .filter(|character| character.is_alphanumeric())
        .map(|character| match character.to_pinyin() {
            Some(pinyin) => Pinyin::first_letter(pinyin).to_owned(),
            None => character.to_string(),
        })
        .collect()
}
