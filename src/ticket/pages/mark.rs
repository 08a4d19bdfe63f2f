//! Marks of a ticket: status, priority, source, VIP level. Each is an icon and a word, never a colour alone. Every row of
//! a list has them: they are written out, and every word in them is ours.

use crate::model::{Priority, Source, Status};
use kernel::lang::Lang;
use kernel::t;
use leptos::prelude::*;
use leptos::tachys::html::InertElement;
use ui::icon::{self, icon_s};

/// 状态.
pub(crate) fn status(status: Status, lang: Lang) -> AnyView {
    let (tone, picture) = (status.tone(), icon::written(status.icon(), "i"));
    InertElement::new(format!(r#"<span class="tag {tone}">{picture}{}</span>"#, status.label(lang))).into_any()
}

/// 优先级.
pub(crate) fn priority(priority: Priority, lang: Lang) -> AnyView {
    let icon_name = match priority {
        Priority::Urgent => "chevrons-up",
        Priority::High => "chevron-up",
        Priority::Medium => "equal",
        Priority::Low => "chevron-down",
    };
    let words = t!(lang, "优先级：{}", "Priority: {}", priority.label(lang));
    let (class, picture) = (priority.class(), icon::written(icon_name, "i"));
    InertElement::new(format!(r#"<span class="prio {class}" title="{words}">{picture}<span class="sr">{words}</span></span>"#)).into_any()
}

/// 来源.
pub(crate) fn source(source: Source, lang: Lang) -> AnyView {
    let title = t!(lang, "来源：{}", "Source: {}", source.label(lang));
    let (picture, words) = (icon::written(source.icon(), "i"), source.label(lang));
    InertElement::new(format!(r#"<span class="src" title="{title}">{picture}<span class="sr">{words}</span></span>"#)).into_any()
}

/// VIP等级; nothing below the first level.
pub(crate) fn vip(level: i16) -> Option<AnyView> {
    (level > 0).then(|| view! { <span class="tag line">{format!("VIP {level}")}</span> }.into_any())
}

/// A number of files.
pub(crate) fn files(number: i32, lang: Lang) -> Option<AnyView> {
    (number > 0).then(|| {
        let title = match (lang, number) {
            (Lang::En, 1) => "1 file".to_owned(),
            _ => t!(lang, "{} 个附件", "{} files", number),
        };
        view! { <span class="clip" title=title>{icon_s("paperclip")}{number}</span> }.into_any()
    })
}

/// The language of a title or text that is not the page's own, for its `lang` attribute.
pub(crate) fn foreign(text: &str, lang: Lang) -> Option<&'static str> {
    let is_han = text.chars().any(|character| matches!(character, '\u{3400}'..='\u{9fff}'));
    match (lang, is_han) {
        (Lang::Zh, false) if text.chars().any(|character| character.is_ascii_alphabetic()) => Some(Lang::En.tag()),
        (Lang::En, true) => Some(Lang::Zh.tag()),
        _ => None,
    }
}

/// `640 KB`.
pub(crate) fn size(bytes: i64) -> String {
    match bytes {
        ..1024 => format!("{bytes} B"),
        1024..1_048_576 => format!("{} KB", bytes / 1024),
        _ => format!("{:.1} MB", bytes as f64 / 1_048_576.0),
    }
}

#[cfg(test)]
mod tests {
    use super::size;

    #[test]
    fn sizes_as_people_read_them() {
        assert_eq!([5, 188_416, 1_258_291].map(size), ["5 B", "184 KB", "1.2 MB"]);
    }
}
