//! 数值: figures from sums. A ratio is kept as its two integers until it is shown, so nothing is rounded twice and a
//! total is the ratio of sums.

use crate::metric::made::made_of;
use crate::metric::{Better, Metric, Unit, Value};
use export::commands::sheet::Cell;
use kernel::lang::{Lang, grouped};
use kernel::t;

/// What the rows of one cell add up to, by base metric. They are few, and a metric is one static: to look through their
/// addresses costs a tenth of a tree of keys.
#[derive(Clone, Debug, Default)]
pub struct Sums(Vec<(&'static Metric, i64)>);

impl PartialEq for Sums {
    fn eq(&self, other: &Sums) -> bool {
        self.0.len() == other.0.len() && self.0.iter().all(|(metric, sum)| other.known(metric) == Some(*sum))
    }
}

impl Eq for Sums {}

/// A figure before it is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Figure {
    /// A number of rows, or a sum.
    Whole(i64),
    /// The first divided by the second; no value when the second is 0.
    Ratio(i64, i64),
}

/// How a figure moved against the period before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// How far, without its sign: `6.2%`, `1.8 个百分点`, `0.05`.
    pub words: String,
    /// Up, down or neither.
    pub direction: core::cmp::Ordering,
    /// Whether that is good news; none when it is neither.
    pub is_better: Option<bool>,
}

impl Sums {
    /// Notes one sum.
    pub fn set(&mut self, metric: &'static Metric, sum: i64) {
        *self.place(metric) = sum;
    }

    /// The sum of a metric, or of what it is made of.
    #[must_use]
    pub fn get(&self, metric: &Metric) -> i64 {
        let made = || made_of(metric).iter().map(|(part, times)| self.get(part) * times).sum();
        self.known(metric).unwrap_or_else(made)
    }

    /// Adds another cell.
    pub fn add(&mut self, other: &Sums) {
        for (metric, sum) in &other.0 {
            *self.place(metric) += sum;
        }
    }

    fn known(&self, metric: &Metric) -> Option<i64> {
        self.0.iter().find(|(known, _)| core::ptr::eq(*known, metric)).map(|(_, sum)| *sum)
    }

    fn place(&mut self, metric: &'static Metric) -> &mut i64 {
        let at = self.0.iter().position(|(known, _)| core::ptr::eq(*known, metric)).unwrap_or_else(|| {
            self.0.push((metric, 0));
            self.0.len() - 1
        });
        &mut self.0[at].1
    }

    /// The figure of a metric.
    #[must_use]
    pub fn figure(&self, metric: &Metric) -> Figure {
        match &metric.value {
            Value::Count(_) | Value::Sum(..) => Figure::Whole(self.get(metric)),
            Value::Ratio(above, below) => Figure::Ratio(self.get(above), self.get(below)),
        }
    }
}

/// Metrics whose sums are needed for these: ratios, and what is made of others, taken apart; each once, in order.
#[must_use]
pub fn bases(metrics: &[&'static Metric]) -> Vec<&'static Metric> {
    let mut out: Vec<&'static Metric> = Vec::new();
    for metric in metrics.iter().copied() {
        let parts = match metric.value {
            Value::Count(_) | Value::Sum(..) => vec![metric],
            Value::Ratio(above, below) => vec![above, below],
        };
        let counted = |part: &'static Metric| match made_of(part) {
            [] => vec![part],
            made => made.iter().map(|(part, _)| *part).collect(),
        };
        for part in parts.into_iter().flat_map(counted) {
            if !out.iter().any(|known| known.key == part.key) {
                out.push(part);
            }
        }
    }
    out
}

impl Figure {
    /// The figure times `scale` as an integer, half up; none without a value.
    #[must_use]
    pub fn scaled(self, scale: i64) -> Option<i64> {
        match self {
            Figure::Whole(whole) => Some(whole * scale),
            Figure::Ratio(_, 0) => None,
            Figure::Ratio(above, below) => {
                let (above, below, scale) = (i128::from(above), i128::from(below), i128::from(scale));
                i64::try_from((2 * above * scale + below).div_euclid(2 * below)).ok()
            }
        }
    }

    /// As people read it: `1,284`, `41.8%`, `4.43`, `1:02:03`, `–`.
    #[must_use]
    pub fn show(self, unit: Unit) -> String {
        let text = |steps| match unit {
            Unit::Tickets | Unit::Calls => grouped(steps),
            Unit::Duration => clock(steps),
            Unit::Percent => decimal(steps, 1) + "%",
            Unit::Score => decimal(steps, 2),
        };
        self.shown(unit).map_or_else(|| "–".to_owned(), text)
    }

    /// For files: two decimals, durations in seconds, nothing grouped; empty without a value.
    #[must_use]
    pub fn cell(self, unit: Unit) -> Cell {
        let cell: fn(i64) -> Cell = match unit {
            Unit::Tickets | Unit::Calls => Cell::Whole,
            Unit::Percent => Cell::Share,
            Unit::Duration | Unit::Score => Cell::Decimal,
        };
        self.filed(unit).map_or(Cell::Empty, cell)
    }

    /// How it moved since `before`, counts and durations by their share: `6.2%`; none when either has no value, or nothing is compared
    /// with.
    #[must_use]
    pub fn change(self, before: Figure, metric: &Metric, lang: Lang) -> Option<Change> {
        self.moved(before, metric, |difference, then| match metric.unit {
            Unit::Tickets | Unit::Calls | Unit::Duration => Some(decimal(Figure::Ratio(difference.abs(), then).scaled(1000)?, 1) + "%"),
            unit => Some(size(difference, unit, lang)),
        })
    }

    /// How far it moved since `before`, in its own unit: `29`, `1.8 个百分点`, `0.05`; none when either has no value.
    #[must_use]
    pub fn difference(self, before: Figure, metric: &Metric, lang: Lang) -> Option<Change> {
        self.moved(before, metric, |difference, _| Some(size(difference, metric.unit, lang)))
    }

    /// The same for files, with its sign: shares in percentage points, as far as two decimals go.
    #[must_use]
    pub fn difference_cell(self, before: Figure, unit: Unit) -> Cell {
        let cell: fn(i64) -> Cell = match unit {
            Unit::Tickets | Unit::Calls => Cell::Whole,
            Unit::Percent | Unit::Duration | Unit::Score => Cell::Decimal,
        };
        let pair = self.filed(unit).zip(before.filed(unit));
        pair.map_or(Cell::Empty, |(now, then)| cell(now - then))
    }

    /// The figure in the smallest steps that are shown: tenths of a percent, hundredths of a point, seconds.
    fn shown(self, unit: Unit) -> Option<i64> {
        match unit {
            Unit::Tickets | Unit::Calls => self.scaled(1),
            Unit::Duration => self.in_seconds().scaled(1),
            Unit::Percent => self.scaled(1000),
            Unit::Score => self.scaled(100),
        }
    }

    /// The figure in the smallest steps of a file: hundredths, of a share hundredths of a percent.
    fn filed(self, unit: Unit) -> Option<i64> {
        match unit {
            Unit::Tickets | Unit::Calls => self.scaled(1),
            Unit::Duration => self.in_seconds().scaled(100),
            Unit::Percent => self.scaled(10_000),
            Unit::Score => self.scaled(100),
        }
    }

    /// Milliseconds as seconds, nothing rounded.
    pub(crate) const fn in_seconds(self) -> Figure {
        match self {
            Figure::Whole(millis) => Figure::Ratio(millis, 1000),
            Figure::Ratio(above, below) => Figure::Ratio(above, below.saturating_mul(1000)),
        }
    }

    fn moved(self, before: Figure, metric: &Metric, words: impl FnOnce(i64, i64) -> Option<String>) -> Option<Change> {
        // By the figures as they are shown: 41.8 against 40.0 is 1.8.
        let (now, then) = (self.shown(metric.unit)?, before.shown(metric.unit)?);
        let difference = now - then;
        let direction = difference.cmp(&0);
        let is_better = match (metric.better, direction) {
            (Better::Neither, _) | (_, core::cmp::Ordering::Equal) => None,
            (Better::Higher, direction) => Some(direction.is_gt()),
            (Better::Lower, direction) => Some(direction.is_lt()),
        };
        Some(Change { words: words(difference, then)?, direction, is_better })
    }
}

/// A difference without its sign, as people read it.
fn size(difference: i64, unit: Unit, lang: Lang) -> String {
    match unit {
        Unit::Tickets | Unit::Calls => grouped(difference.abs()),
        Unit::Duration => clock(difference.abs()),
        Unit::Percent => t!(lang, "{} 个百分点", "{} pts", decimal(difference.abs(), 1)),
        Unit::Score => t!(lang, "{} 分", "{}", decimal(difference.abs(), 2)),
    }
}

/// Seconds as `4:12` or `1:02:03`.
#[must_use]
pub fn clock(seconds: i64) -> String {
    let (hours, minutes, rest) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours > 0 { format!("{hours}:{minutes:02}:{rest:02}") } else { format!("{minutes}:{rest:02}") }
}

fn decimal(scaled: i64, places: usize) -> String {
    let unit = 10_i64.pow(u32::try_from(places).unwrap_or(0));
    let sign = if scaled < 0 { "-" } else { "" };
    let scaled = scaled.abs();
    format!("{sign}{}.{:0places$}", scaled / unit, scaled % unit)
}
