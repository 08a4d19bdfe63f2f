//! 图表: charts as SVG for the `.plot` of a `figure.chart`. charts-rs places the marks; words, colours and widths are
//! ours: a mark takes its colour from a class, so that both themes and forced colours hold, its place along the axis
//! is a share of the width, so that a chart fits a phone without its words shrinking, and no word is measured by a font
//! that knows no Chinese. There is no `style` attribute (strict CSP), and every chart needs a table twin beside it.

use charts_rs::{BarChart, Color, LineChart, Symbol};
use core::fmt::Write;
use kernel::html::escape;

/// What a chart shows.
#[derive(Clone, Debug, Default)]
pub struct ChartData {
    /// Id of the chart in the page: letters, digits, hyphens.
    pub id: &'static str,
    /// The sentence that a screen reader says: what is drawn, and where the numbers stand as a table.
    pub title: String,
    /// The places along the axis, in order.
    pub labels: Vec<Label>,
    /// The series; each has a value for every label.
    pub series: Vec<Series>,
    /// What is compared with, drawn paler behind: of columns their whole height, of a line its first series. Empty, or a
    /// value for every label.
    pub before: Vec<Option<f32>>,
    /// Height of the marks in pixels, without the words below.
    pub height: u16,
    /// Bounds of the values; found from the values when unset.
    pub bounds: Option<(f32, f32)>,
    /// The place whose value of the first series a line marks with a ring.
    pub point: Option<usize>,
}

/// One place along the axis.
#[derive(Clone, Debug, Default)]
pub struct Label {
    /// The word under it, short: `11-22`.
    pub text: String,
    /// What is said of the place on hover.
    pub title: String,
    /// The rows behind it.
    pub href: Option<String>,
}

/// One series.
#[derive(Clone, Debug, Default)]
pub struct Series {
    /// Its name, as in the legend.
    pub name: String,
    /// Its values; `None` is a gap.
    pub values: Vec<Option<f32>>,
    /// Its colour: 0 to 5, the class `m0` … `m5` of the sheet.
    pub tone: u8,
}

/// Width of one place in the coordinates that charts-rs draws in; it only sets how broad a column is of its place.
const STEP: f32 = 32.0;
/// Room above the marks, so that the highest word of the axis is not cut.
const ABOVE: f32 = 10.0;
/// Room for the words below.
const BELOW: f32 = 30.0;
/// Room for the words of the value axis.
const SIDE: f32 = 30.0;
/// Words under the axis at most: what fits a phone.
const WORDS: usize = 6;

/// 堆叠柱形图: columns of stacked series. The value axis begins at zero.
#[must_use]
pub fn stacked_columns(data: &ChartData) -> String {
    let count = data.labels.len();
    let before = data.before.iter().flatten().copied();
    let highest = (0..count).map(|at| column(data, at)).chain(before).fold(0.0, f32::max);
    let (low, high) = data.bounds.unwrap_or((0.0, round_up(highest)));
    let mut chart = BarChart::new(series(data, Some("all")), vec![String::new(); count]);
    bare(&mut chart.base, data, count);
    if let Some(axis) = chart.y_axis_configs.first_mut() {
        (axis.min, axis.max, axis.split_number) = (Some(low), Some(high), 3);
    }
    let drawn = if count == 0 { String::new() } else { chart.svg().unwrap_or_default() };
    let width = STEP * count as f32;
    let marks = elements(&drawn, "rect").filter_map(|tag| {
        let tone = tone(attribute(tag, "fill")?)?;
        let number = |name| attribute(tag, name).and_then(|text| text.parse::<f32>().ok());
        let height = number("height").filter(|height| *height > 0.0)?;
        // A hair of ground shows between two marks of one column.
        Some(format!(
            r#"<rect x="{}%" width="{}%" y="{}" height="{}" rx="1.5" class="m{tone}"/>"#,
            Fixed::<2>(number("x")? / width * 100.0),
            Fixed::<2>(number("width")? / width * 100.0),
            Fixed::<1>(number("y")? + ABOVE),
            Fixed::<1>((height - 1.0).max(0.5)),
        ))
    });
    let marks = ghosts(data, (low, high)) + &marks.collect::<String>();
    framed(data, (low, high), &marks)
}

/// 折线图: lines. Values that are missing leave a gap.
#[must_use]
pub fn line(data: &ChartData) -> String {
    let count = data.labels.len();
    let values = || data.series.iter().map(|series| &series.values).chain([&data.before]).flatten().flatten().copied();
    let (low, high) = data.bounds.unwrap_or_else(|| (0.0, round_up(values().fold(0.0, f32::max))));
    let mut chart = LineChart::new(series(data, None), vec![String::new(); count]);
    bare(&mut chart.base, data, count);
    chart.base.series.symbol = Some(Symbol::None);
    chart.base.series.smooth = false;
    chart.base.series.fill = false;
    // Points stand in the middle of their place, under the column of the same place.
    chart.base.x_axis.boundary_gap = Some(true);
    if let Some(axis) = chart.y_axis_configs.first_mut() {
        (axis.min, axis.max, axis.split_number) = (Some(low), Some(high), 2);
    }
    let drawn = if count == 0 || values().next().is_none() { String::new() } else { chart.svg().unwrap_or_default() };
    let (width, height) = (STEP * count as f32, f32::from(data.height));
    let was = ghost(data, (low, high));
    let paths: String = elements(&drawn, "path")
        .filter_map(|tag| {
            let tone = tone(attribute(tag, "stroke")?)?;
            // A path of one point draws nothing; the point is drawn below.
            let path = attribute(tag, "d").filter(|path| path.contains('L'))?;
            Some(format!(r#"<path d="{path}" class="line l{tone}" vector-effect="non-scaling-stroke"/>"#))
        })
        .collect();
    let mut marks = format!(
        r#"<svg y="{ABOVE}" width="100%" height="{height}" viewBox="0 0 {width} {height}" preserveAspectRatio="none" aria-hidden="true">{was}{paths}</svg>"#
    );
    let y = |value: f32| ABOVE + height * (1.0 - (value - low) / (high - low).max(f32::EPSILON));
    // A value with a gap on both sides has no line to stand on: it is a point.
    for series in &data.series {
        for (at, value) in series.values.iter().enumerate() {
            let is_alone = |other: Option<usize>| other.and_then(|other| series.values.get(other)).is_none_or(Option::is_none);
            let Some(value) = value.filter(|_| is_alone(at.checked_sub(1)) && is_alone(Some(at + 1))) else { continue };
            let _ = write!(marks, r#"<circle cx="{}%" cy="{}" r="2" class="m{}"/>"#, middle(at, count), Fixed::<1>(y(value)), series.tone);
        }
    }
    let marked = data.point.and_then(|at| Some((at, data.series.first()?.values.get(at).copied().flatten()?)));
    if let Some((at, value)) = marked {
        let _ = write!(marks, r#"<circle cx="{}%" cy="{}" r="4" class="pt"/>"#, middle(at, count), Fixed::<1>(y(value)));
    }
    framed(data, (low, high), &marks)
}

/// What columns are compared with: broader ones behind them, so that both can be read at once.
fn ghosts(data: &ChartData, (low, high): (f32, f32)) -> String {
    let (share, height) = (100.0 / data.labels.len().max(1) as f32, f32::from(data.height));
    let mut out = String::new();
    for (at, value) in data.before.iter().enumerate() {
        let tall = value.map_or(0.0, |value| height * (value - low) / (high - low).max(f32::EPSILON));
        if tall > 0.0 {
            let (x, width) = (Fixed::<2>(share * (at as f32 + 0.06)), Fixed::<2>(share * 0.88));
            let (y, tall) = (Fixed::<1>(ABOVE + height - tall), Fixed::<1>(tall));
            let _ = write!(out, r#"<rect x="{x}%" width="{width}%" y="{y}" height="{tall}" rx="1.5" class="was"/>"#);
        }
    }
    out
}

/// What a line is compared with, in the coordinates of the line; a gap lifts the pen.
fn ghost(data: &ChartData, (low, high): (f32, f32)) -> String {
    let height = f32::from(data.height);
    let (mut path, mut is_down) = (String::new(), false);
    for (at, value) in data.before.iter().enumerate() {
        let Some(value) = value else {
            is_down = false;
            continue;
        };
        let (x, y) = (STEP * (at as f32 + 0.5), height * (1.0 - (value - low) / (high - low).max(f32::EPSILON)));
        let _ = write!(path, "{}{} {}", if is_down { "L" } else { "M" }, Fixed::<1>(x), Fixed::<1>(y));
        is_down = true;
    }
    if path.is_empty() { path } else { format!(r#"<path d="{path}" class="line was" vector-effect="non-scaling-stroke"/>"#) }
}

/// Everything of charts-rs that is not a mark, switched off; colours become numbers that `tone` reads back.
fn bare(base: &mut charts_rs::ChartBase, data: &ChartData, count: usize) {
    base.width = STEP * count as f32;
    base.height = f32::from(data.height);
    base.margin = charts_rs::Box::default();
    base.background_color = Color::transparent();
    base.legend.show = Some(false);
    base.title.text = String::new();
    base.x_axis.hidden = true;
    base.y_axis_hidden = true;
    base.grid.stroke_width = 0.0;
    base.series.colors = data.series.iter().map(|series| Color::from((1, 2, series.tone))).collect();
}

fn series(data: &ChartData, stack: Option<&str>) -> Vec<charts_rs::Series> {
    data.series
        .iter()
        .enumerate()
        .map(|(index, series)| charts_rs::Series {
            name: series.name.clone(),
            data: series.values.clone(),
            index: Some(index),
            stack: stack.map(ToOwned::to_owned),
            ..charts_rs::Series::default()
        })
        .collect()
}

fn tone(colour: &str) -> Option<u8> {
    u8::from_str_radix(colour.strip_prefix("#0102")?, 16).ok()
}

/// Two drawings side by side: the words of the value axis, fixed, and the marks, as wide as there is room.
fn framed(data: &ChartData, (low, high): (f32, f32), marks: &str) -> String {
    let (height, count) = (f32::from(data.height), data.labels.len());
    let parts = if data.height < 100 { 2 } else { 3 };
    let lines: Vec<(f32, f32)> = (0..=parts)
        .map(|part| {
            let share = part as f32 / parts as f32;
            (low + (high - low) * share, ABOVE + height * (1.0 - share))
        })
        .collect();
    let whole = ABOVE + height + if data.labels.iter().all(|label| label.text.is_empty()) { ABOVE } else { BELOW };
    let mut out = format!(r#"<svg class="y" width="{SIDE}" height="{whole}" aria-hidden="true">"#);
    for (value, y) in &lines {
        let _ = write!(out, r#"<text x="{}" y="{}" text-anchor="end">{}</text>"#, SIDE - 4.0, Fixed::<1>(y + 4.0), short(*value));
    }
    // Links inside keep it from being one picture; the name stays.
    let role = if data.labels.iter().any(|label| label.href.is_some()) { "group" } else { "img" };
    let _ = write!(
        out,
        r#"</svg><svg width="100%" height="{whole}" role="{role}" aria-labelledby="{id}-t"><title id="{id}-t">{}</title>"#,
        escape(&data.title),
        id = data.id,
    );
    for (at, (_, y)) in lines.iter().enumerate() {
        let class = if at == 0 { "base" } else { "grid" };
        let _ = write!(out, r#"<line x1="0" x2="100%" y1="{y}" y2="{y}" class="{class}"/>"#, y = Fixed::<1>(*y));
    }
    let share = 100.0 / count.max(1) as f32;
    for (at, label) in data.labels.iter().enumerate() {
        let hit = format!(
            r#"<title>{}</title><rect x="{}%" width="{}%" y="{ABOVE}" height="{height}" class="hit"/>"#,
            escape(&label.title),
            Fixed::<2>(share * at as f32),
            Fixed::<2>(share),
        );
        // The table twin carries the same links for the keyboard.
        let _ = match &label.href {
            Some(href) => write!(out, r#"<a href="{}" tabindex="-1">{hit}</a>"#, escape(href)),
            None => write!(out, "<g>{hit}</g>"),
        };
    }
    let _ = write!(out, r#"<g pointer-events="none">{marks}</g>"#);
    let every = count.div_ceil(WORDS).max(1);
    for (at, label) in data.labels.iter().enumerate().filter(|(at, _)| at % every == 0) {
        let _ = write!(
            out,
            r#"<text x="{}%" y="{}" text-anchor="middle">{}</text>"#,
            middle(at, count),
            Fixed::<1>(ABOVE + height + 18.0),
            escape(&label.text),
        );
    }
    out.push_str("</svg>");
    out
}

fn middle(at: usize, count: usize) -> Fixed<2> {
    Fixed((at as f32 + 0.5) * 100.0 / count.max(1) as f32)
}

/// A coordinate with so many decimals at most, written by way of an integer: a chart has hundreds, and the exact decimals
/// of a float are a search each.
#[derive(Clone, Copy, Debug)]
pub struct Fixed<const PLACES: u32>(pub f32);

impl<const PLACES: u32> core::fmt::Display for Fixed<PLACES> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let unit = 10_i64.pow(PLACES);
        let scaled = (self.0 * unit as f32).round() as i64;
        if scaled < 0 {
            f.write_char('-')?;
        }
        let (whole, mut part, mut places) = (scaled.abs() / unit, scaled.abs() % unit, PLACES as usize);
        write!(f, "{whole}")?;
        while places > 0 && part % 10 == 0 {
            (part, places) = (part / 10, places - 1);
        }
        if part == 0 { Ok(()) } else { write!(f, ".{part:0places$}") }
    }
}

fn column(data: &ChartData, at: usize) -> f32 {
    data.series.iter().filter_map(|series| series.values.get(at).copied().flatten()).sum()
}

/// The next number that three lines divide into round parts.
fn round_up(value: f32) -> f32 {
    let mut unit = 1.0;
    loop {
        for factor in [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0] {
            if value <= unit * factor * 3.0 {
                return unit * factor * 3.0;
            }
        }
        unit *= 10.0;
    }
}

/// A value of the axis in at most four characters.
fn short(value: f32) -> String {
    let number = |value: f32| if (value - value.round()).abs() < 0.05 { format!("{value:.0}") } else { format!("{value:.1}") };
    match value {
        ..10_000.0 => number(value),
        10_000.0..1_000_000.0 => format!("{}k", number(value / 1_000.0)),
        _ => format!("{}M", number(value / 1_000_000.0)),
    }
}

/// The opening tags of this name.
fn elements<'a>(svg: &'a str, name: &'a str) -> impl Iterator<Item = &'a str> {
    svg.split('<').filter_map(move |part| part.strip_prefix(name)?.strip_prefix(' ')?.split('>').next())
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    // Names and values take turns between the quotes.
    let mut parts = tag.split('"');
    while let (Some(before), Some(value)) = (parts.next(), parts.next()) {
        if before.trim_start().strip_suffix('=') == Some(name) {
            return Some(value);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{ChartData, Fixed, Label, Series, attribute, elements, line, round_up, short, stacked_columns};

    fn days(values: &[&[Option<f32>]]) -> ChartData {
        ChartData {
            id: "c",
            title: "堆叠柱形图：<3> 天".into(),
            labels: (1..=values[0].len())
                .map(|day| Label { text: format!("11-{day:02}"), title: format!("11 月 {day} 日"), href: None })
                .collect(),
            series: values.iter().zip(1..).map(|(values, tone)| Series { name: "好评".into(), values: values.to_vec(), tone }).collect(),
            before: Vec::new(),
            height: 190,
            bounds: None,
            point: None,
        }
    }

    #[test]
    fn coordinates_have_no_more_decimals_than_they_need() {
        let shown = |value: f32| [Fixed::<1>(value).to_string(), Fixed::<2>(value).to_string()];
        assert_eq!(shown(41.0), ["41", "41"]);
        assert_eq!(shown(-0.25), ["-0.3", "-0.25"]);
        assert_eq!(shown(3.05), ["3.1", "3.05"]);
        assert_eq!(shown(0.004), ["0", "0"]);
        assert_eq!(shown(99.999), ["100", "100"]);
    }

    #[test]
    fn what_is_compared_with_stands_behind_on_the_same_axis() {
        let mut data = days(&[&[Some(2.0), Some(0.0), Some(1.0)]]);
        data.before = vec![Some(6.0), Some(0.0), Some(3.0)];
        let svg = stacked_columns(&data);
        let was: Vec<&str> = elements(&svg, "rect").filter(|tag| attribute(tag, "class") == Some("was")).collect();
        let number = |tag, name| attribute(tag, name).unwrap().trim_end_matches('%').parse::<f32>().unwrap();
        assert_eq!(was.len(), 2, "nothing was on the second day: {svg}");
        // Six is the axis' top now; the third column's ghost is half of it, broader than its column.
        assert!((number(was[0], "height") - 190.0).abs() < 0.2 && (number(was[1], "height") - 95.0).abs() < 0.2, "{svg}");
        assert!((number(was[1], "y") - 105.0).abs() < 0.2, "both stand on the same ground: {svg}");
        assert!(svg.find("class=\"was\"").unwrap() < svg.find("class=\"m1\"").unwrap(), "behind: {svg}");
        data.before = vec![Some(3.0), None, Some(1.5)];
        assert_eq!(elements(&line(&data), "path").filter(|tag| attribute(tag, "class") == Some("line was")).count(), 1);
    }

    #[test]
    fn columns_stack_from_the_base_and_take_their_colour_from_a_class() {
        let svg = stacked_columns(&days(&[&[Some(2.0), Some(0.0), Some(1.0)], &[Some(1.0), None, Some(2.0)]]));
        let marks: Vec<&str> = elements(&svg, "rect").filter(|tag| attribute(tag, "class") != Some("hit")).collect();
        assert_eq!(marks.len(), 4, "{svg}");
        let of = |class, at: usize| marks.iter().filter(|tag| attribute(tag, "class") == Some(class)).nth(at).copied().unwrap();
        let number = |tag, name| attribute(tag, name).unwrap().trim_end_matches('%').parse::<f32>().unwrap();
        // Three is the axis' top: 190 px. The second series of a column stands on the first.
        assert!((number(of("m1", 0), "height") - (190.0 * 2.0 / 3.0 - 1.0)).abs() < 1.0, "{svg}");
        assert!((number(of("m2", 0), "y") - 10.0).abs() < 1.0, "{svg}");
        assert!((number(of("m1", 0), "y") - number(of("m2", 0), "y") - 190.0 / 3.0).abs() < 1.0, "{svg}");
        // The third column stands in the third third.
        assert!((66.6..75.0).contains(&number(of("m1", 1), "x")), "{svg}");
        assert!(!svg.contains("style") && !svg.contains("#0102") && svg.contains("&lt;3&gt;"), "{svg}");
        assert!(svg.contains(r#"role="img" aria-labelledby="c-t""#));
    }

    #[test]
    fn a_line_has_gaps_and_lonely_points() {
        let mut data = days(&[&[Some(4.0), Some(4.5), None, Some(5.0)]]);
        (data.bounds, data.height, data.point) = (Some((1.0, 5.0)), 60, Some(0));
        let svg = line(&data);
        assert_eq!(elements(&svg, "path").count(), 1, "{svg}");
        let circles: Vec<&str> = elements(&svg, "circle").filter_map(|tag| attribute(tag, "class")).collect();
        assert_eq!(circles, ["m1", "pt"], "{svg}");
        assert!(svg.contains("non-scaling-stroke"));
    }

    #[test]
    fn nothing_to_draw_is_still_a_chart() {
        let mut data = days(&[&[None, None]]);
        assert!(stacked_columns(&data).contains("</svg>"));
        assert!(line(&data).contains("</svg>"));
        data.labels.clear();
        data.series[0].values.clear();
        assert!(stacked_columns(&data).contains("</svg>"));
        assert!(line(&data).contains("</svg>"));
    }

    #[test]
    fn the_axis_ends_on_round_numbers() {
        assert_eq!([0.0, 1.0, 4.0, 15.0, 16.0, 100.0].map(round_up), [3.0, 3.0, 6.0, 15.0, 18.0, 120.0]);
        assert_eq!([0.0, 4.5, 12_000.0, 2_500_000.0].map(short), ["0", "4.5", "12k", "2.5M"]);
    }
}
