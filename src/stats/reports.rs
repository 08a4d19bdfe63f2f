//! 报表: which metrics stand side by side, and the words around them. Page, chart, list and file are the same for all.

pub mod sla;
pub mod ticket_satisfaction;

use crate::metric::{Metric, Words};
use kernel::permission::Permission;

/// 报表.
#[derive(Debug)]
pub struct Report {
    /// The stable word.
    pub key: &'static str,
    /// 名称.
    pub name: Words,
    /// Where it is shown.
    pub path: &'static str,
    /// Where the rows behind its numbers are listed.
    pub rows_path: &'static str,
    /// What such a row is.
    pub rows: Rows,
    /// Its columns, in order; all stand on one relation.
    pub metrics: &'static [&'static Metric],
    /// Those of them that stand on top, large.
    pub tiles: &'static [&'static Metric],
    /// The one that people and places are sorted by at first, large to small.
    pub sort: &'static Metric,
    /// Keys of the columns that stand out.
    pub strong: &'static [&'static str],
    /// How much there is at all: the page is empty when it is 0.
    pub population: &'static Metric,
    /// What the columns of the chart and the bar of a row are as a whole: one of the columns of the table.
    pub whole: &'static Metric,
    /// What it is made of, in the order of the legend: no row is in two of them.
    pub parts: &'static [Part],
    /// 趋势线: the figure under the chart.
    pub panel: Option<Panel>,
    /// What is said where there is nothing.
    pub empty: Empty,
    /// The other words of its pages.
    pub texts: Texts,
}

/// What a row behind a number is: list and file show of it what it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rows {
    /// 邀评, with the rating in force.
    Rated,
    /// 时钟.
    Clocks,
}

/// 组成: a part of the whole.
#[derive(Debug)]
pub struct Part {
    /// What it counts.
    pub metric: &'static Metric,
    /// Its colour: 0 to 5, the class `m0` … `m5` of the sheet.
    pub tone: u8,
    /// Its word in the legend.
    pub legend: Words,
}

/// 趋势线: one figure over the range, by day as the ratio of the sums of seven days, by week as it is.
#[derive(Debug)]
pub struct Panel {
    /// Id of the chart in the page.
    pub id: &'static str,
    /// The figure.
    pub metric: &'static Metric,
    /// Ends of the axis, in the figure's unit: of several the first that holds every value.
    pub bounds: &'static [(f32, f32)],
    /// Caption of a chart by day.
    pub daily: Words,
    /// Caption of a chart by week.
    pub weekly: Words,
    /// The figure in a sentence.
    pub said: Words,
    /// The sentence of a range without any value.
    pub nothing: Words,
}

/// 空状态.
#[derive(Debug)]
pub struct Empty {
    /// Icon.
    pub icon: &'static str,
    /// That there is nothing in these days.
    pub title: Words,
    /// Where figures come from.
    pub text: Words,
    /// What can be done about it, by whom, and where.
    pub action: Option<(Permission, &'static str, Words)>,
    /// That there is nothing under these filters.
    pub filtered: Words,
}

/// What a report says of its rows.
#[derive(Debug)]
pub struct Texts {
    /// Head of the bar that shows the parts of each row.
    pub bar: Words,
    /// Caption of the chart by day.
    pub daily: Words,
    /// Caption of the chart by week.
    pub weekly: Words,
    /// What the chart counts, after its number.
    pub counted: Words,
    /// Whose the numbers are, under the page.
    pub attribution: Words,
    /// By which moment a row of the list falls into the range.
    pub moment: Words,
    /// What the list holds and in which order, after its number.
    pub order: Words,
}

/// Every report, in the order of the menu.
pub static ALL: &[&Report] = &[&self::ticket_satisfaction::REPORT, &self::sla::REPORT];

/// The report with this key; the first without one, which was the only one once.
#[must_use]
pub fn find(key: &str) -> Option<&'static Report> {
    ALL.iter().copied().find(|report| key.is_empty() || report.key == key)
}

/// Where the module begins.
#[must_use]
pub fn home() -> &'static str {
    self::ticket_satisfaction::REPORT.path
}

impl Report {
    /// The metric with this key, when it is a column.
    #[must_use]
    pub fn metric(&self, key: &str) -> Option<&'static Metric> {
        self.metrics.iter().copied().find(|metric| metric.key == key)
    }

    /// Everything its page shows: the columns, and what only the chart or the question whether there is anything needs.
    #[must_use]
    pub fn shown(&self) -> Vec<&'static Metric> {
        let parts = self.parts.iter().map(|part| part.metric);
        let panel = self.panel.iter().map(|panel| panel.metric);
        self.metrics.iter().copied().chain([self.population, self.whole]).chain(parts).chain(panel).collect()
    }
}
