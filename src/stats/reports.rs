//! 报表: which metrics stand side by side.

pub mod ticket_satisfaction;

use crate::metric::{Metric, Words};

/// 报表.
#[derive(Debug)]
pub struct Report {
    /// The stable word.
    pub key: &'static str,
    /// 名称.
    pub name: Words,
    /// Where it is shown.
    pub path: &'static str,
    /// Its columns, in order.
    pub metrics: &'static [&'static Metric],
    /// Those of them that stand on top, large.
    pub tiles: &'static [&'static Metric],
    /// The one that people and places are sorted by at first, large to small.
    pub sort: &'static Metric,
}

/// Every report, in the order of the menu.
pub static ALL: &[&Report] = &[&ticket_satisfaction::REPORT];

impl Report {
    /// The metric with this key, when it is a column.
    #[must_use]
    pub fn metric(&self, key: &str) -> Option<&'static Metric> {
        self.metrics.iter().copied().find(|metric| metric.key == key)
    }
}
