//! What the server writes out: by `maud::html!`, which escapes, or by drawing a view once for all.

use crate::written::Written;
use leptos::prelude::{AnyView, RenderHtml};
use maud::{Markup, Render};

impl Written {
    /// What a view draws, to be shown more than once.
    #[must_use]
    pub fn once(view: AnyView) -> Written {
        Written(view.to_html())
    }
}

impl From<Markup> for Written {
    fn from(markup: Markup) -> Written {
        Written(markup.into_string())
    }
}

impl Render for Written {
    fn render_to(&self, into: &mut String) {
        into.push_str(&self.0);
    }
}
