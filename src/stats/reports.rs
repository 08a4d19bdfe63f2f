//! 报表: which metrics stand side by side, and the words around them. Page, chart, list and file are the same for all.

pub mod call;
pub mod call_agent;
pub mod call_group;
pub mod call_satisfaction;
pub mod sla;
pub mod ticket_satisfaction;

use crate::metric::{Metric, Words};
use crate::model::By;
use crate::subject::Subject;
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
    /// 分组方式 at first.
    pub by: By,
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
    /// 分位: the length of time, one for each row, whose median and 90th percentile stand under the tiles.
    pub spread: Option<&'static Metric>,
    /// 时长构成: what a total is made of, when that is another report's business too.
    pub bridge: Option<&'static Bridge>,
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
    /// 通话记录.
    Calls,
}

/// 时长构成: a total and its parts, each of which opens its rows.
#[derive(Debug)]
pub struct Bridge {
    /// The report whose rows they are.
    pub report: &'static Report,
    /// The total.
    pub total: &'static Metric,
    /// What it is made of: each row that counts for the total counts for one of them.
    pub parts: &'static [&'static Metric],
    /// The part that agents' and groups' reports count.
    pub own: &'static Metric,
    /// What is no part of it, though one might look for it there.
    pub outside: &'static Metric,
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
pub static ALL: &[&Report] = &[
    &self::ticket_satisfaction::REPORT,
    &self::sla::REPORT,
    &self::call::REPORT,
    &self::call_agent::REPORT,
    &self::call_group::REPORT,
    &self::call_satisfaction::REPORT,
];

/// The report with this key; the first without one, which was the only one once.
#[must_use]
pub fn find(key: &str) -> Option<&'static Report> {
    ALL.iter().copied().find(|report| key.is_empty() || report.key == key)
}

/// Where the reports of a subject begin.
#[must_use]
pub fn home(subject: Subject) -> &'static str {
    match subject {
        Subject::Tickets => self::ticket_satisfaction::REPORT.path,
        Subject::Calls => self::call::REPORT.path,
    }
}

/// The reports of a subject.
pub fn about(subject: Subject) -> impl Iterator<Item = &'static Report> {
    ALL.iter().copied().filter(move |report| report.subject() == subject)
}

impl Bridge {
    /// The total, its parts and what is outside.
    pub fn metrics(&self) -> impl Iterator<Item = &'static Metric> {
        self.parts.iter().copied().chain([self.total, self.outside])
    }
}

impl Report {
    /// What it is about.
    #[must_use]
    pub const fn subject(&self) -> Subject {
        self.population.relation.subject
    }

    /// The metric with this key, when it is a column or stands in the bridge.
    #[must_use]
    pub fn metric(&self, key: &str) -> Option<&'static Metric> {
        self.metrics.iter().copied().chain(self.bridged()).chain(self.spread).find(|metric| metric.key == key)
    }

    /// What its own rows tell of the bridge.
    fn bridged(&self) -> impl Iterator<Item = &'static Metric> {
        self.bridge.into_iter().filter(move |bridge| core::ptr::eq(bridge.report, self)).flat_map(|bridge| bridge.metrics())
    }

    /// Everything its page shows: the columns, and what only the chart or the question whether there is anything needs.
    #[must_use]
    pub fn shown(&self) -> Vec<&'static Metric> {
        let parts = self.parts.iter().map(|part| part.metric);
        let panel = self.panel.iter().map(|panel| panel.metric);
        self.metrics.iter().copied().chain([self.population, self.whole]).chain(parts).chain(panel).chain(self.bridged()).collect()
    }
}
