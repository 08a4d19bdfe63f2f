//! Pages of statistics.

mod bridge;
pub mod call_rows;
pub mod definitions;
mod details;
mod filter_bar;
mod list;
pub mod report;
pub mod rows;
pub mod sla_rows;
pub mod states;
mod trend;
pub mod wall;

use crate::metric::Metric;
use crate::model::{Content, ReportQuery};
use crate::subject::Subject;
use export::model::Format;
use kernel::lang::Lang;
use kernel::t;
use leptos::prelude::*;
use maud::html;
use ui::download::Download;
use ui::form::{hidden, path_of};
use ui::icon;
use ui::written::Written;

/// The “?” beside a number: definition and formula, opened by click, Enter or touch.
fn help(id: &str, metric: &Metric, lang: Lang) -> Written {
    let id = format!("{id}-{}", metric.key);
    let name = metric.name.of(lang);
    html! {
        button.help type="button" popovertarget=(id) aria-label=(t!(lang, "{}：怎么算的", "{}: how it is counted", name)) {
            (icon::written("circle-question-mark", "i"))
        }
        div.pop.tip id=(id) popover="auto" {
            b { (name) }
            (metric.tip.of(lang))
            @if let Some(formula) = metric.formula(lang) { code { (formula) } }
        }
    }
    .into()
}

/// 导出: a menu with one button a format; the page's own address is what the file will hold.
fn export_menu(lang: Lang, (report, subject): (&str, Subject), content: Content, query: &ReportQuery) -> AnyView {
    let fields: Vec<AnyView> = [
        ("from", &query.from),
        ("to", &query.to),
        ("group", &query.group),
        ("agent", &query.agent),
        ("category", &query.category),
        ("channel", &query.channel),
        ("line", &query.line),
        ("compare", &query.compare),
        ("by", &query.by),
        ("sort", &query.sort),
        ("metric", &query.metric),
    ]
    .into_iter()
    .filter(|(_, value)| !value.is_empty())
    .map(|(name, value)| hidden(&format!("query[{name}]"), value))
    .collect();
    let fields = view! { {hidden("report", report)}{hidden("content", content.key())}{fields} };
    let action = path_of::<crate::actions::ExportReport>();
    ui::download::menu(lang, Download { action, formats: Format::offers(lang), history: subject.files().page() }, fields)
}
