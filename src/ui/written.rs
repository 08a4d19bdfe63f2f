//! 成稿: markup that is written out as one string. What stands in a page hundreds of times (options, icons, marks, the rows of
//! a long table) is: a string costs a tenth of a tree of views. `view!` is for everything else.

use leptos::prelude::*;
use leptos::tachys::html::InertElement;

/// Finished markup. It stands in `view!` as a child and in `maud::html!` as a splice; `html! { … }.into()` makes it, and
/// escapes what is spliced in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written(pub(crate) String);

impl Written {
    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// As a view among others, where the arms of a `match` must agree.
    #[must_use]
    pub fn into_any(self) -> AnyView {
        self.into_render().into_any()
    }
}

impl IntoRender for Written {
    type Output = InertElement;

    fn into_render(self) -> InertElement {
        InertElement::new(self.0)
    }
}
