//! The module's menu: the lists that everybody has and the kept ones, each with how many tickets stand in it.

use crate::model::list::{BuiltIn, ListQuery};
use crate::queries::count::{self, COUNTED_MOST, Counts, SavedView};
use kernel::ctx::Ctx;
use kernel::error::Result;
use kernel::lang::{Lang, grouped};
use kernel::t;
use leptos::prelude::*;
use ui::icon::icon;

/// The menu of one request.
#[derive(Clone, Debug)]
pub(crate) struct Side {
    lang: Lang,
    built_in: Vec<BuiltIn>,
    views: Vec<SavedView>,
    counts: Counts,
    /// The list we are in, as an address; empty elsewhere.
    here: String,
    start: Option<BuiltIn>,
}

/// Loads the menu. `here` is the list that is shown, or that the ticket was opened from.
pub(crate) async fn load(ctx: &Ctx, here: Option<&ListQuery>) -> Result<Side> {
    let views = count::views(ctx).await?;
    let start = here.map(ListQuery::start);
    let counts = count::counts(ctx, &views, start).await?;
    let here_query = here.map(|query| query.without_place().to_query()).unwrap_or_default();
    let built_in = count::menu(ctx).collect();
    Ok(Side { lang: ctx.lang(), built_in, views, counts, here: here_query, start })
}

impl Side {
    /// How many tickets stand in a built-in list.
    pub(crate) fn count_of(&self, view: BuiltIn) -> Option<i64> {
        self.counts.of(view)
    }

    /// The kept list that is shown, if it is one.
    pub(crate) fn kept(&self) -> Option<&SavedView> {
        self.views.iter().find(|view| !self.here.is_empty() && view.query == self.here)
    }

    /// Draws it.
    pub(crate) fn draw(&self) -> AnyView {
        let kept = self.kept().map(|view| view.id);
        let start = self.start.filter(|_| kept.is_none());
        let built_in: Vec<AnyView> = self
            .built_in
            .iter()
            .map(|view| {
                let label = view.label(self.lang).to_owned();
                link(format!("/tickets?view={}", view.key()), view.icon(), label, self.count_of(*view), start == Some(*view))
            })
            .collect();
        let saved = |is_shared: bool| -> Vec<AnyView> {
            let views = self.views.iter().filter(|view| view.shared == is_shared);
            views
                .map(|view| {
                    link(
                        format!("/tickets?{}", view.query),
                        "bookmark",
                        view.name.clone(),
                        self.counts.of_saved(view.id),
                        kept == Some(view.id),
                    )
                })
                .collect()
        };
        let section = |title: &'static str, links: Vec<AnyView>| (!links.is_empty()).then(|| view! { <h3>{title}</h3>{links} });
        let manage = (!self.views.is_empty())
            .then(|| view! { <a href="/tickets/views">{icon("settings-2")}{t!(self.lang, "管理视图", "Manage views")}</a> });
        view! {
            {built_in}
            {section(t!(self.lang, "共享视图", "Shared views"), saved(true))}
            {section(t!(self.lang, "我的视图", "My views"), saved(false))}
            {manage}
        }
        .into_any()
    }
}

fn link(href: String, icon_name: &'static str, label: String, number: Option<i64>, is_current: bool) -> AnyView {
    let number = number.map(|number| view! { <span class="n">{counted(number)}</span> });
    view! { <a href=href aria-current=is_current.then_some("page")>{icon(icon_name)}<span class="cut">{label}</span>{number}</a> }
        .into_any()
}

/// `1,284`, or `2,000+` where counting stopped.
pub(crate) fn counted(number: i64) -> String {
    if number >= COUNTED_MOST { format!("{}+", grouped(COUNTED_MOST)) } else { grouped(number) }
}
