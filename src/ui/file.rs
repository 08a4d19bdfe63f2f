//! 选择文件: a file input in our own words. Browsers write theirs in their own language, whatever the page's is; so the
//! input lies unseen over a button of ours and takes the clicks, keys and drops. `islands/busy.rs` writes the names of
//! what was chosen; without scripting the style sheet shows the input, which names it itself.

use crate::icon::icon;
use kernel::error::Problem;
use kernel::lang::Lang;
use kernel::store::LARGEST_FILE;
use kernel::t;
use leptos::prelude::*;

/// A file input.
#[derive(Clone, Debug)]
pub struct FileInput {
    id: String,
    name: &'static str,
    words: String,
    named: Option<String>,
    below: Option<String>,
    accept: Option<&'static str>,
    is_many: bool,
    is_required: bool,
    is_wrong: bool,
}

impl FileInput {
    /// An input for one file; `words` stand on its button. A label names it by its `id`.
    #[must_use]
    pub fn new(id: impl Into<String>, name: &'static str, words: impl Into<String>) -> FileInput {
        FileInput {
            id: id.into(),
            name,
            words: words.into(),
            named: None,
            below: None,
            accept: None,
            is_many: false,
            is_required: false,
            is_wrong: false,
        }
    }

    /// Takes several files.
    #[must_use]
    pub fn many(mut self) -> FileInput {
        self.is_many = true;
        self
    }

    /// Wants a file.
    #[must_use]
    pub fn required(mut self) -> FileInput {
        self.is_required = true;
        self
    }

    /// Which files the browser offers.
    #[must_use]
    pub fn accept(mut self, kinds: &'static str) -> FileInput {
        self.accept = Some(kinds);
        self
    }

    /// Its name, where no label gives it one.
    #[must_use]
    pub fn named(mut self, words: impl Into<String>) -> FileInput {
        self.named = Some(words.into());
        self
    }

    /// The element that says more about it, or what is wrong with it.
    #[must_use]
    pub fn below(mut self, id: impl Into<String>, problem: Option<&str>) -> FileInput {
        self.below = Some(id.into());
        self.is_wrong = problem.is_some();
        self
    }

    /// Draws it.
    #[must_use]
    pub fn view(self, lang: Lang) -> AnyView {
        let none = t!(lang, "还没有选择", "Nothing chosen");
        // A title of our own, or the browser shows its own words.
        let title = self.named.clone().unwrap_or_else(|| self.words.clone());
        view! {
            <label class="choose">
                <input
                    type="file" id=self.id name=self.name multiple=self.is_many required=self.is_required accept=self.accept
                    aria-label=self.named title=title aria-describedby=self.below aria-invalid=self.is_wrong.then_some("true")
                    data-most=LARGEST_FILE.to_string() data-too-large=Problem::FileTooLarge.text(lang)
                />
                <span class="btn" aria-hidden="true">{icon("paperclip")}{self.words}</span>
                <span class="chosen" aria-hidden="true" data-none=none data-many=t!(lang, "{} 个文件：", "{} files: ")>{none}</span>
            </label>
        }
        .into_any()
    }
}
