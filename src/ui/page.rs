//! A page: what a page function answers, and what the frame of the console is drawn around.

use crate::icon::icon;
use kernel::ctx::Ctx;
use kernel::permission::Permission;
use kernel::t;
use leptos::prelude::*;

type View = Box<dyn FnOnce() -> AnyView + Send>;

/// 页面: title, place, actions, body. Data is loaded before; the views only draw it.
pub struct Page {
    /// The one `h1`, and the first part of the window's title.
    pub title: String,
    /// Where the page stands: words and addresses, from the module down.
    pub crumbs: Vec<(String, String)>,
    /// A number or mark beside the title.
    pub count: Option<String>,
    /// One line of purpose.
    pub lead: Option<String>,
    /// Marks beside the title: tags, a state.
    pub marks: Vec<View>,
    /// Buttons at the end of the title; one of them is the main one.
    pub actions: Vec<View>,
    /// The module's menu entries that only this page knows, such as saved views; the shell draws the rest.
    pub side: Option<View>,
    /// The page itself.
    pub body: Option<View>,
    /// Whether the page stands alone, without the console around it.
    pub is_bare: bool,
    /// Class of the body element of a bare page: `plain`, `public`.
    pub body_class: &'static str,
    /// Language of a public page that chose its own.
    pub lang: Option<kernel::lang::Lang>,
    /// The answer's status.
    pub status: u16,
}

impl Page {
    /// A page with this title.
    #[must_use]
    pub fn new(title: impl Into<String>) -> Page {
        Page {
            title: title.into(),
            crumbs: Vec::new(),
            count: None,
            lead: None,
            marks: Vec::new(),
            actions: Vec::new(),
            side: None,
            body: None,
            is_bare: false,
            body_class: "plain",
            lang: None,
            status: 200,
        }
    }

    /// Adds a step of the breadcrumb.
    #[must_use]
    pub fn crumb(mut self, text: impl Into<String>, href: impl Into<String>) -> Page {
        self.crumbs.push((text.into(), href.into()));
        self
    }

    /// Puts a number beside the title.
    #[must_use]
    pub fn count(mut self, count: impl ToString) -> Page {
        self.count = Some(count.to_string());
        self
    }

    /// One line of purpose under the title.
    #[must_use]
    pub fn lead(mut self, lead: impl Into<String>) -> Page {
        self.lead = Some(lead.into());
        self
    }

    /// Adds a mark beside the title.
    #[must_use]
    pub fn mark<V: IntoAny>(mut self, mark: impl FnOnce() -> V + Send + 'static) -> Page {
        self.marks.push(Box::new(move || mark().into_any()));
        self
    }

    /// Adds a button at the end of the title.
    #[must_use]
    pub fn action<V: IntoAny>(mut self, action: impl FnOnce() -> V + Send + 'static) -> Page {
        self.actions.push(Box::new(move || action().into_any()));
        self
    }

    /// A small link to the history of what the page sets up, for those who may see it.
    #[must_use]
    pub fn history(self, ctx: &Ctx, kind: &'static str) -> Page {
        let lang = ctx.lang();
        if !ctx.may(Permission::ConfigManage) {
            return self;
        }
        let href = format!("/settings/history?kind={kind}");
        self.action(move || view! { <a class="btn quiet not-phone" href=href>{icon("history")}{t!(lang, "配置历史", "History")}</a> })
    }

    /// Entries of the module's menu that only this page knows.
    #[must_use]
    pub fn side<V: IntoAny>(mut self, side: impl FnOnce() -> V + Send + 'static) -> Page {
        self.side = Some(Box::new(move || side().into_any()));
        self
    }

    /// The page itself.
    #[must_use]
    pub fn body<V: IntoAny>(mut self, body: impl FnOnce() -> V + Send + 'static) -> Page {
        self.body = Some(Box::new(move || body().into_any()));
        self
    }

    /// Leaves out the console around the page.
    #[must_use]
    pub fn bare(mut self) -> Page {
        self.is_bare = true;
        self
    }

    /// Class of a bare page's body: `plain` (sign-in), `public` (customers).
    #[must_use]
    pub fn body_class(mut self, class: &'static str) -> Page {
        self.body_class = class;
        self
    }

    /// The language of a public page that chose its own.
    #[must_use]
    pub fn lang(mut self, lang: kernel::lang::Lang) -> Page {
        self.lang = Some(lang);
        self
    }

    /// The answer's status, where it is not 200.
    #[must_use]
    pub fn status(mut self, status: u16) -> Page {
        self.status = status;
        self
    }
}
