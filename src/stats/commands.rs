//! 导出: what is on screen, written by a background job with the rights and the words of whoever asked.

mod rows;
pub mod worked;

use crate::figure::Sums;
use crate::jobs::StatsExport;
use crate::metric::{DEFINITIONS, Metric, Unit};
use crate::model::{By, Content, ExportInput, ReportQuery};
use crate::queries;
use crate::report::{Filter, Pick, Range};
use crate::reports::{self, Report};
use crate::subject::Subject;
use export::commands::sheet::{Cell, Sheet};
use export::commands::{Order, Running, Written};
use export::model::{Format, MOST_ROWS};
use kernel::ctx::Ctx;
use kernel::error::{Error, Problem, Problems, Result};
use kernel::id::ExportId;
use kernel::permission::Permission;
use kernel::time::zone_words;
use kernel::{job, t};
use serde::{Deserialize, Serialize};

/// What the job needs to know: the report, and the address with days for names.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Wanted {
    /// Empty in orders from when there was one report.
    #[serde(default)]
    report: String,
    content: Content,
    query: ReportQuery,
}

/// Asks for a file of a report: audited, written in the background.
pub async fn export(ctx: &Ctx, input: ExportInput) -> Result<ExportId> {
    ctx.require(Permission::StatisticsExport)?;
    if input.report == worked::KEY {
        return worked::export(ctx, input).await;
    }
    let report = reports::find(&input.report).ok_or(Error::NotFound)?;
    ctx.require(report.subject().needs())?;
    let content = input.content.unwrap_or(Content::Table);
    let today = ctx.now().date(&ctx.zone);
    let filter = Filter::strict(&input.query, report, today)?;
    let metric = metric(report, &input.query)?;
    let query = ReportQuery { metric: metric.key.to_owned(), ..filter.query() };
    if content == Content::Rows && queries::count(ctx, &filter, metric).await? > MOST_ROWS {
        return Err(Error::Problems(Problems::one("", Problem::ExportTooLarge)));
    }
    let lang = ctx.lang();
    let title = match content {
        Content::Table => report.name.of(lang).to_owned(),
        Content::Rows => format!("{} {}", report.name.of(lang), metric.short(lang)),
    };
    let wanted = Wanted { report: report.key.to_owned(), content, query };
    ask(ctx, report.subject(), &title, (filter.range, input.format), wanted).await
}

/// Keeps the order of a file and has it written.
async fn ask(ctx: &Ctx, subject: Subject, title: &str, (range, format): (Range, Option<Format>), wanted: Wanted) -> Result<ExportId> {
    let order = Order {
        kind: subject.files(),
        name: t!(ctx.lang(), "{} {} 至 {}", "{} {} to {}", title, range.from, range.to),
        format: format.unwrap_or(Format::Xlsx),
        wanted: serde_json::to_value(wanted).map_err(Error::internal)?,
    };
    let mut tx = ctx.begin().await?;
    let export = export::commands::ask(&mut tx, order).await?;
    job::enqueue(&mut tx, &StatsExport { export }).await?;
    tx.commit().await?;
    Ok(export)
}

/// Writes the file of an export and tells whoever asked. System: the worker's job; a second run writes it again.
pub async fn run_export(ctx: &Ctx, export: ExportId) -> Result {
    let Some(running) = export::commands::begin(ctx, export).await? else { return Ok(()) };
    let written = write(&running).await;
    export::commands::end(ctx, &running, written).await
}

async fn write(running: &Running) -> Result<Written> {
    let wanted: Wanted = running.wanted()?;
    let (ctx, as_of) = (&running.ctx, running.ctx.now());
    let lang = ctx.lang();
    if wanted.report == worked::KEY {
        return worked::write(running, wanted.query).await;
    }
    let report = reports::find(&wanted.report).ok_or(Error::NotFound)?;
    let filter = Filter::strict(&wanted.query, report, as_of.date(&ctx.zone))?;
    let metric = metric(report, &wanted.query)?;
    let (sheet, rows) = match wanted.content {
        Content::Table => write_table(ctx, report, &filter, running.format).await?,
        Content::Rows => rows::write(running, report, &filter, metric).await?,
    };
    let mut manifest = manifest(ctx, report, &filter, as_of).await?;
    match wanted.content {
        Content::Rows => {
            manifest.insert(1, (t!(lang, "指标", "Metric").to_owned(), format!("{}: {}", metric.name.of(lang), metric.tip.of(lang))));
        }
        Content::Table if filter.compares => {
            let before = filter.range.before();
            manifest.insert(2, (t!(lang, "上期", "Period before").to_owned(), format!("{} – {}", before.from, before.to)));
        }
        Content::Table => {}
    }
    running.finish(sheet, manifest, rows).await
}

async fn write_table(ctx: &Ctx, report: &'static Report, filter: &Filter, format: Format) -> Result<(Sheet, i64)> {
    let lang = ctx.lang();
    let table = queries::table::table(ctx, report, *filter).await?;
    let mut head = vec![filter.subject.dimension(filter.by, lang).to_owned()];
    for metric in report.metrics {
        let name = match metric.unit {
            Unit::Duration => t!(lang, "{}（秒）", "{} (seconds)", metric.name.of(lang)),
            _ => metric.name.of(lang).to_owned(),
        };
        head.push(name.clone());
        if filter.compares {
            head.push(t!(lang, "{} 上期", "{}, before", name));
            head.push(match metric.unit {
                Unit::Percent => t!(lang, "{} 变化（百分点）", "{}, change (pts)", name),
                Unit::Tickets | Unit::Calls | Unit::Duration | Unit::Score => t!(lang, "{} 变化", "{}, change", name),
            });
        }
    }
    let mut sheet = Sheet::new(format, report.name.of(lang), &head)?;
    for line in &table.lines {
        sheet.row(&figures(report, &line.name, &line.sums, line.before.as_ref()))?;
    }
    sheet.row(&figures(report, t!(lang, "合计", "Total"), &table.total, table.previous.as_ref()))?;
    Ok((sheet, i64::try_from(table.lines.len()).unwrap_or(0)))
}

/// One row: each figure, and beside it what it was and how far it moved, when that is asked for.
fn figures(report: &'static Report, name: &str, sums: &Sums, before: Option<&Sums>) -> Vec<Cell> {
    let mut cells = vec![Cell::Text(name.to_owned())];
    for metric in report.metrics {
        let figure = sums.figure(metric);
        cells.push(figure.cell(metric.unit));
        if let Some(was) = before.map(|before| before.figure(metric)) {
            cells.extend([was.cell(metric.unit), figure.difference_cell(was, metric.unit)]);
        }
    }
    cells
}

/// What the file is: report, filter, zone, as-of, version of the definitions.
async fn manifest(ctx: &Ctx, report: &'static Report, filter: &Filter, as_of: kernel::time::Stamp) -> Result<Vec<(String, String)>> {
    let lang = ctx.lang();
    let choices = queries::choices(ctx, report.subject()).await?;
    let all = || t!(lang, "全部", "All").to_owned();
    let none = || t!(lang, "无", "None").to_owned();
    let version = DEFINITIONS.last().map_or(0, |(version, ..)| *version);
    let agent = match filter.agent {
        Pick::Any => all(),
        Pick::Nobody => none(),
        Pick::One(id) => choices.agents.iter().find(|agent| agent.id == id).map_or_else(|| id.to_string(), |agent| agent.name.clone()),
    };
    let group = match filter.group {
        Pick::Any => all(),
        Pick::Nobody => none(),
        Pick::One(id) => choices.groups.iter().find(|group| group.id == id).map_or_else(|| id.to_string(), |group| group.name.clone()),
    };
    let category = match filter.category {
        Pick::Any => all(),
        Pick::Nobody => none(),
        Pick::One(branch) => {
            let path = choices.categories.iter().find(|(known, _)| *known == branch.id()).map(|(_, path)| path.clone());
            branch.words(&path.unwrap_or_else(|| branch.id().to_string()), lang)
        }
    };
    let row = |name: &str, value: String| (name.to_owned(), value);
    let own = match report.subject() {
        Subject::Tickets => {
            let channel = filter.channel.map_or_else(all, |channel| channel.label(lang).to_owned());
            vec![row(t!(lang, "分类", "Category"), category), row(t!(lang, "渠道", "Channel"), channel)]
        }
        Subject::Calls => {
            let line = filter.line.map_or_else(all, |line| line.label(lang).to_owned());
            vec![row(t!(lang, "业务线", "Line"), line)]
        }
    };
    let mut out = vec![
        row(t!(lang, "报表", "Report"), report.name.of(lang).to_owned()),
        row(t!(lang, "日期", "Dates"), format!("{} – {}", filter.range.from, filter.range.to)),
        row(report.subject().dimension(By::Group, lang), group),
        row(t!(lang, "客服", "Agent"), agent),
    ];
    out.extend(own);
    out.extend([
        row(t!(lang, "数据范围", "Row scope"), ctx.grants.tickets.label(lang).to_owned()),
        row(t!(lang, "时区", "Time zone"), zone_words(&ctx.zone, as_of, lang)),
        row(t!(lang, "数据截至", "As of"), as_of.table(&ctx.zone)),
        row(t!(lang, "口径版本", "Definitions"), version.to_string()),
    ]);
    Ok(out)
}

/// The metric an address names; the first of the report when it names none.
fn metric(report: &'static Report, query: &ReportQuery) -> Result<&'static Metric> {
    match query.metric.as_str() {
        "" => report.metrics.first().copied().ok_or(Error::NotFound),
        key => report.metric(key).ok_or(Error::NotFound),
    }
}
