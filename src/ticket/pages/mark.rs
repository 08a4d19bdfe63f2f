//! Marks of a ticket: status, priority, source, VIP level. Each is an icon and a word, never a colour alone.

use crate::model::{Priority, Source, Status};
use kernel::lang::Lang;
use kernel::t;
use maud::html;
use ui::icon;
use ui::written::Written;

/// 状态.
pub(crate) fn status(status: Status, lang: Lang) -> Written {
    html! { span.tag.(status.tone()) { (icon::written(status.icon(), "i")) (status.label(lang)) } }.into()
}

/// 优先级.
pub(crate) fn priority(priority: Priority, lang: Lang) -> Written {
    let picture = match priority {
        Priority::Urgent => "chevrons-up",
        Priority::High => "chevron-up",
        Priority::Medium => "equal",
        Priority::Low => "chevron-down",
    };
    let words = t!(lang, "优先级：{}", "Priority: {}", priority.label(lang));
    html! { span.prio.(priority.class()) title=(words) { (icon::written(picture, "i")) span.sr { (words) } } }.into()
}

/// 来源.
pub(crate) fn source(source: Source, lang: Lang) -> Written {
    let title = t!(lang, "来源：{}", "Source: {}", source.label(lang));
    html! { span.src title=(title) { (icon::written(source.icon(), "i")) span.sr { (source.label(lang)) } } }.into()
}

/// A number of files; nothing when there is none.
pub(crate) fn files(number: i32, lang: Lang) -> Written {
    let title = match (lang, number) {
        (Lang::En, 1) => "1 file".to_owned(),
        _ => t!(lang, "{} 个附件", "{} files", number),
    };
    html! { @if number > 0 { span.clip title=(title) { (icon::written("paperclip", "i s")) (number) } } }.into()
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
