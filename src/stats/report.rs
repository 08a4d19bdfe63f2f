//! 筛选: what of a report is looked at. An address becomes a filter once, with every problem named; from then on dates are
//! dates and ids are ids.

use crate::metric::Metric;
use crate::model::{By, Preset, ReportQuery};
use crate::reports::Report;
use crate::subject::Subject;
use call::model::BusinessLine;
use jiff::civil::{Date, Weekday};
use jiff::{ToSpan, tz::TimeZone};
use kernel::error::{Problem, Problems, Result};
use kernel::id::{AgentId, CategoryId, GroupId};
use kernel::lang::Lang;
use kernel::t;
use kernel::time::{self, Stamp, start_of_day};
use std::str::FromStr;
use ticket::model::Source;

/// Longest range, in days (400003).
pub const LONGEST: i32 = 366;

/// 日期范围: days in the company's zone, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
}

/// A choice of a list that may be left open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pick<T> {
    /// All of them.
    Any,
    /// The rows that have none.
    Nobody,
    /// This one.
    One(T),
}

/// 分类 of a filter: with what lies below it, or alone, as one row of a table counts it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Branch {
    /// It and everything below it: the bare id in an address.
    Whole(CategoryId),
    /// It alone: `only-` before the id.
    Only(CategoryId),
}

impl Branch {
    /// The category it is named by.
    #[must_use]
    pub const fn id(self) -> CategoryId {
        match self {
            Branch::Whole(id) | Branch::Only(id) => id,
        }
    }

    /// Its path, saying so when what lies below is left out.
    #[must_use]
    pub fn words(self, path: &str, lang: Lang) -> String {
        match self {
            Branch::Whole(_) => path.to_owned(),
            Branch::Only(_) => t!(lang, "{}（不含下级）", "{} (without those below)", path),
        }
    }
}

impl FromStr for Branch {
    type Err = <CategoryId as FromStr>::Err;

    fn from_str(text: &str) -> std::result::Result<Branch, Self::Err> {
        match text.strip_prefix("only-") {
            Some(id) => id.parse().map(Branch::Only),
            None => text.parse().map(Branch::Whole),
        }
    }
}

impl core::fmt::Display for Branch {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Branch::Whole(id) => write!(f, "{id}"),
            Branch::Only(id) => write!(f, "only-{id}"),
        }
    }
}

/// Which column sorts, and which way.
#[derive(Clone, Copy, Debug)]
pub struct Sort {
    /// None is the first column, the name.
    pub metric: Option<&'static Metric>,
    /// Large to small.
    pub descending: bool,
}

/// 筛选.
#[derive(Clone, Copy, Debug)]
pub struct Filter {
    /// What its report is about.
    pub subject: Subject,
    /// Which days.
    pub range: Range,
    /// 受理组.
    pub group: Pick<GroupId>,
    /// 客服.
    pub agent: Pick<AgentId>,
    /// 分类, with everything below it or alone.
    pub category: Pick<Branch>,
    /// 渠道.
    pub channel: Option<Source>,
    /// 业务线.
    pub line: Option<BusinessLine>,
    /// Whether the period before stands beside the figures.
    pub compares: bool,
    /// 分组方式.
    pub by: By,
    /// Order of the table.
    pub sort: Sort,
}

impl Range {
    /// The named range that ends at or around today.
    #[must_use]
    pub fn preset(preset: Preset, today: Date) -> Range {
        let back = |days: i32| Range { from: today.saturating_sub(days.days()), to: today };
        match preset {
            Preset::Today => back(0),
            Preset::Last7 => back(6),
            Preset::Last30 => back(29),
            Preset::Last90 => back(89),
            Preset::ThisMonth => Range { from: today.first_of_month(), to: today },
            Preset::LastMonth => {
                let to = today.first_of_month().saturating_sub(1.day());
                Range { from: to.first_of_month(), to }
            }
        }
    }

    /// The name of the range, when it has one today.
    #[must_use]
    pub fn name(self, today: Date) -> Option<Preset> {
        Preset::ALL.iter().copied().find(|preset| Range::preset(*preset, today) == self)
    }

    /// How many days.
    #[must_use]
    pub fn days(self) -> i32 {
        self.from.until(self.to).map_or(0, |span| span.get_days()) + 1
    }

    /// As many days, right before.
    #[must_use]
    pub fn before(self) -> Range {
        self.back(self.days())
    }

    /// As long, so many days earlier.
    #[must_use]
    pub fn back(self, days: i32) -> Range {
        Range { from: self.from.saturating_sub(days.days()), to: self.to.saturating_sub(days.days()) }
    }

    /// From the first moment of the first day to the first moment after the last.
    #[must_use]
    pub fn span(self, zone: &TimeZone) -> (Stamp, Stamp) {
        (start_of_day(self.from, zone), start_of_day(self.to.saturating_add(1.day()), zone))
    }

    /// The range cut into days, weeks from Monday or months; the first and last part may be shorter.
    #[must_use]
    pub fn parts(self, by: By) -> Vec<Range> {
        let mut out = Vec::new();
        let mut from = self.from;
        while from <= self.to {
            let to = match by {
                By::Week => from.saturating_add((6 - from.weekday().since(Weekday::Monday)).days()),
                By::Month => from.last_of_month(),
                _ => from,
            };
            let to = to.min(self.to);
            out.push(Range { from, to });
            from = to.saturating_add(1.day());
        }
        out
    }

    /// `10 月 24 日 – 11 月 22 日`, with the year when it is not this one's.
    #[must_use]
    pub fn words(self, today: Date, lang: Lang) -> String {
        let day = |date: Date| match lang {
            Lang::Zh if date.year() == today.year() => format!("{} 月 {} 日", date.month(), date.day()),
            Lang::Zh => format!("{} 年 {} 月 {} 日", date.year(), date.month(), date.day()),
            Lang::En if date.year() == today.year() => date.strftime("%-d %b").to_string(),
            Lang::En => date.strftime("%-d %b %Y").to_string(),
        };
        if self.from == self.to { day(self.from) } else { format!("{} – {}", day(self.from), day(self.to)) }
    }
}

impl<T: FromStr> Pick<T> {
    fn read(problems: &mut Problems, text: &str, field: &str) -> Pick<T> {
        match text {
            "" => Pick::Any,
            "none" => Pick::Nobody,
            id => id.parse().map_or_else(
                |_| {
                    problems.add(field, Problem::BadChoice);
                    Pick::Any
                },
                Pick::One,
            ),
        }
    }
}

impl<T: ToString> Pick<T> {
    /// As it stands in an address.
    #[must_use]
    pub fn key(&self) -> String {
        match self {
            Pick::Any => String::new(),
            Pick::Nobody => "none".to_owned(),
            Pick::One(id) => id.to_string(),
        }
    }
}

/// A choice of a coded list; none where it is left open.
fn coded<T>(problems: &mut Problems, key: &str, field: &str, find: impl FnOnce(&str) -> Option<T>) -> Option<T> {
    let found = find(key);
    problems.need(key.is_empty() || found.is_some(), field, Problem::BadChoice);
    found
}

impl Filter {
    /// The filter of an address. What cannot be understood is named and stands open, so that a page can show both.
    #[must_use]
    pub fn read(query: &ReportQuery, report: &Report, today: Date) -> (Filter, Problems) {
        let mut problems = Problems::default();
        let fallback = Preset::from_key(&query.range).unwrap_or(Preset::Last30);
        let mut date = |text: &str, field: &str, otherwise: Date| match text.trim() {
            "" => otherwise,
            text => time::day(text).unwrap_or_else(|| {
                problems.add(field, Problem::BadDate);
                otherwise
            }),
        };
        let preset = Range::preset(fallback, today);
        let mut range = match (query.from.trim(), query.to.trim()) {
            ("", "") => preset,
            (from, "") => {
                let from = date(from, "from", preset.from);
                Range { from, to: today.max(from) }
            }
            (from, to) => {
                let to = date(to, "to", preset.to);
                Range { from: date(from, "from", to.saturating_sub(29.days())), to }
            }
        };
        if range.to < range.from {
            problems.add("to", Problem::RangeReversed);
            range = preset;
        }
        if range.days() > LONGEST {
            problems.add("from", Problem::RangeTooLong);
            range.from = range.to.saturating_sub((LONGEST - 1).days());
        }
        let group = Pick::read(&mut problems, &query.group, "group");
        let agent = Pick::read(&mut problems, &query.agent, "agent");
        // What rows do not have is not asked of them.
        let subject = report.subject();
        let asked = |by: By, key: &str| if subject.dimensions().contains(&by) { key.to_owned() } else { String::new() };
        let category = Pick::read(&mut problems, &asked(By::Category, &query.category), "category");
        let channel = coded(&mut problems, &asked(By::Channel, &query.channel), "channel", Source::from_key);
        let line = coded(&mut problems, &asked(By::Line, &query.line), "line", BusinessLine::from_key);
        let by = By::from_key(&query.by).filter(|by| subject.dimensions().contains(by)).unwrap_or(report.by);
        let (descending, key) = match query.sort.strip_prefix('-') {
            Some(key) => (true, key),
            None => (false, query.sort.as_str()),
        };
        let sort = match (key, report.metric(key)) {
            ("name", _) => Sort { metric: None, descending },
            (_, Some(metric)) => Sort { metric: Some(metric), descending },
            // Time reads forwards; people and places by what they did.
            _ if by.is_time() => Sort { metric: None, descending: false },
            _ => Sort { metric: Some(report.sort), descending: true },
        };
        (Filter { subject, range, group, agent, category, channel, line, compares: query.compare != "no", by, sort }, problems)
    }

    /// The filter of an address that must be right.
    ///
    /// # Errors
    /// Every problem, each beside its field.
    pub fn strict(query: &ReportQuery, report: &Report, today: Date) -> Result<Filter> {
        let (filter, problems) = Filter::read(query, report, today);
        problems.end().map(|()| filter)
    }

    /// The address of this filter, with days for names: it shows the same days tomorrow.
    #[must_use]
    pub fn query(&self) -> ReportQuery {
        let Sort { metric, descending } = self.sort;
        let sort = format!("{}{}", if descending { "-" } else { "" }, metric.map_or("name", |metric| metric.key));
        ReportQuery {
            from: self.range.from.to_string(),
            to: self.range.to.to_string(),
            group: self.group.key(),
            agent: self.agent.key(),
            category: self.category.key(),
            channel: self.channel.map_or_else(String::new, |channel| channel.key().to_owned()),
            line: self.line.map_or_else(String::new, |line| line.key().to_owned()),
            compare: if self.compares { "" } else { "no" }.to_owned(),
            by: self.by.key().to_owned(),
            sort,
            ..ReportQuery::default()
        }
    }

    /// Whether nothing but the dates is chosen.
    #[must_use]
    pub fn is_open(&self) -> bool {
        let has_code = self.channel.is_some() || self.line.is_some();
        self.group == Pick::Any && self.agent == Pick::Any && self.category == Pick::Any && !has_code
    }

    /// The same filter over the period before.
    #[must_use]
    pub fn before(self) -> Filter {
        Filter { range: self.range.before(), ..self }
    }
}

impl ReportQuery {
    /// The address below a path, without the empty fields.
    #[must_use]
    pub fn href(&self, path: &str) -> String {
        let fields = [
            ("range", &self.range),
            ("from", &self.from),
            ("to", &self.to),
            ("group", &self.group),
            ("agent", &self.agent),
            ("category", &self.category),
            ("channel", &self.channel),
            ("line", &self.line),
            ("compare", &self.compare),
            ("by", &self.by),
            ("sort", &self.sort),
            ("metric", &self.metric),
            ("at", &self.at),
        ];
        let query: Vec<String> = fields
            .iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| format!("{name}={}", ui::visit::encoded(value)))
            .collect();
        if query.is_empty() { path.to_owned() } else { format!("{path}?{}", query.join("&")) }
    }
}
