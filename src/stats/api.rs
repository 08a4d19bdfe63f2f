//! 开放接口 of reports: the same metrics as the pages, each with its definition. The original product has no such endpoint for
//! tickets, so the paths are ours.

use crate::figure::{Figure, Sums};
use crate::metric::{Metric, Unit};
use crate::model::{By, ReportQuery};
use crate::queries::table::table;
use crate::report::Filter;
use crate::reports::{self, Report};
use jiff::civil::Date;
use kernel::api::answer::{Many, One};
use kernel::api::value::{Code, moment};
use kernel::api::{Endpoint, Nothing};
use kernel::ctx::Ctx;
use kernel::endpoint;
use kernel::error::{Error, Problem, Problems, Result};
use kernel::id::{AgentId, GroupId};
use kernel::permission::Permission;
use kernel::time;

/// Every endpoint of this slice.
pub const ENDPOINTS: &[Endpoint] = &[
    endpoint!(Get "/api/stats/5/report", StatisticsRead, ("查询统计报表", "Query a report"), query_report: QueryReport => One<ReportItem>),
    endpoint!(Get "/api/stats/5/definitions", StatisticsRead, ("查询指标定义", "Query the definitions of metrics"), query_definitions: Nothing => Many<DefinitionItem>),
];

kernel::api_input! {
    /// 查询统计报表.
    pub struct QueryReport {
        report: String = "报表：ticket_satisfaction 工单满意度，sla 时效，call 通话，call_agent 坐席工作效率，call_group 技能组，call_satisfaction 通话满意度", "The report: ticket_satisfaction, sla, call, call_agent, call_group or call_satisfaction";
        start_date: String = "第一天，2026-11-22", "First day, 2026-11-22";
        end_date: String = "最后一天，最长 366 天", "Last day; at most 366 days";
        group_by: Option<Code<By>> = "按什么分行；不填就是客服", "What has a row each; agents when left out";
        groupid: Option<GroupId> = "只看这个受理组", "Only this group";
        agentid: Option<AgentId> = "只看这位客服", "Only this agent";
    }
}

kernel::api_item! {
    /// 报表.
    pub struct ReportItem {
        report: String = "报表", "The report";
        report_name: String = "名称", "Name";
        start_date: String = "第一天", "First day";
        end_date: String = "最后一天", "Last day";
        time_zone: String = "日期所在的时区", "Time zone of the days";
        as_of: String = "数据截至", "As of";
        total: Vec<FigureItem> = "合计", "Total";
        lines: Vec<LineItem> = "各行", "Rows";
    }
}

kernel::api_item! {
    /// 一行.
    pub struct LineItem {
        name: String = "名称，事情发生时的", "Name, as it was when it happened";
        figures: Vec<FigureItem> = "数值", "Figures";
    }
}

kernel::api_item! {
    /// 数值.
    pub struct FigureItem {
        metric: String = "指标", "The metric";
        metric_name: String = "名称", "Name";
        value: f64 = "值：百分比为 0 至 100，时长为秒，两位小数；分母为 0 时是 0", "The value; percent from 0 to 100, lengths of time in seconds, two decimals; 0 where the denominator is 0";
        text: String = "页面上的写法；没有值时是 –", "As pages show it; – without a value";
    }
}

/// 查询统计报表: total and rows, computed as the page computes them.
pub async fn query_report(ctx: Ctx, input: QueryReport) -> Result<One<ReportItem>> {
    let lang = ctx.lang();
    let wrong = |field: &str, problem| Error::Problems(Problems::one(field, problem));
    let report = reports::ALL.iter().copied().find(|report| report.key == input.report);
    let report: &'static Report = report.ok_or_else(|| wrong("report", Problem::BadChoice))?;
    ctx.require(report.subject().needs())?;
    let day = |text: &str, field: &str| -> Result<Date> { time::day(text).ok_or_else(|| wrong(field, Problem::BadDate)) };
    let (from, to) = (day(&input.start_date, "start_date")?, day(&input.end_date, "end_date")?);
    let query = ReportQuery {
        from: from.to_string(),
        to: to.to_string(),
        group: input.groupid.map(|id| id.to_string()).unwrap_or_default(),
        agent: input.agentid.map(|id| id.to_string()).unwrap_or_default(),
        by: input.group_by.map_or(By::Agent, |code| code.0).key().to_owned(),
        compare: "no".to_owned(),
        ..ReportQuery::default()
    };
    let filter = Filter::strict(&query, report, ctx.now().date(&ctx.zone)).map_err(named)?;
    let found = table(&ctx, report, filter).await?;
    let figures = |sums: &Sums| report.metrics.iter().map(|metric| figure(&ctx, sums, metric)).collect::<Vec<_>>();
    let lines = found.lines.iter().map(|line| LineItem { name: line.name.clone(), figures: figures(&line.sums) });
    Ok(One(ReportItem {
        report: report.key.to_owned(),
        report_name: report.name.of(lang).to_owned(),
        start_date: from.to_string(),
        end_date: to.to_string(),
        time_zone: ctx.zone.iana_name().unwrap_or("UTC").to_owned(),
        as_of: moment(Some(found.as_of), &ctx.zone),
        total: figures(&found.total),
        lines: lines.collect(),
    }))
}

fn figure(ctx: &Ctx, sums: &Sums, metric: &'static Metric) -> FigureItem {
    let figure = sums.figure(metric);
    FigureItem {
        metric: metric.key.to_owned(),
        metric_name: metric.name.of(ctx.lang()).to_owned(),
        value: decimal(hundredths(figure, metric.unit)),
        text: figure.show(metric.unit),
    }
}

/// Two decimals, half up, lengths of time in seconds; a rate without a denominator is 0 here (F§12).
pub(crate) fn hundredths(figure: Figure, unit: Unit) -> i64 {
    let scaled = match unit {
        Unit::Percent => figure.scaled(10_000),
        Unit::Duration => figure.in_seconds().scaled(100),
        Unit::Tickets | Unit::Calls | Unit::Score => figure.scaled(100),
    };
    scaled.unwrap_or(0)
}

/// Hundredths as a number; sums of rows are far below where a double loses its digits.
fn decimal(hundredths: i64) -> f64 {
    format!("{}.{:02}", hundredths.div_euclid(100), hundredths.rem_euclid(100)).parse().unwrap_or(0.0)
}

kernel::api_item! {
    /// 指标定义.
    pub struct DefinitionItem {
        report: String = "报表", "The report";
        metric: String = "指标", "The metric";
        metric_name: String = "名称", "Name";
        definition: String = "说明", "What it says";
        formula: String = "公式；计数没有公式", "The formula; empty for a count";
        rows: String = "数的是什么", "Which rows it counts";
        clock: String = "时间口径", "By which moment a row falls into a day";
        attribution: String = "归属", "Whose number it is";
    }
}

/// 查询指标定义: from the statics that compute the numbers, of the reports that the caller may see.
pub async fn query_definitions(ctx: Ctx, _: Nothing) -> Result<Many<DefinitionItem>> {
    let seen: Vec<&'static Report> = reports::ALL.iter().copied().filter(|report| ctx.may(report.subject().needs())).collect();
    if seen.is_empty() {
        return Err(Error::Forbidden(Permission::StatisticsTicket));
    }
    let lang = ctx.lang();
    let item = |report: &'static Report, metric: &'static Metric| DefinitionItem {
        report: report.key.to_owned(),
        metric: metric.key.to_owned(),
        metric_name: metric.name.of(lang).to_owned(),
        definition: metric.tip.of(lang).to_owned(),
        formula: metric.formula(lang).unwrap_or_default(),
        rows: metric.relation.rows.of(lang).to_owned(),
        clock: metric.relation.clock_words.of(lang).to_owned(),
        attribution: metric.relation.attribution.of(lang).to_owned(),
    };
    let all = seen.into_iter().flat_map(|report| report.metrics.iter().map(move |metric| item(report, metric)));
    Ok(Many::all(all.collect()))
}

/// The problems of a filter beside the names of the interface.
fn named(error: Error) -> Error {
    error.renamed(|field| match field {
        "from" => "start_date",
        "to" => "end_date",
        "group" => "groupid",
        "agent" => "agentid",
        other => other,
    })
}
