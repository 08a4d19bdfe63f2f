//! 导出坐席工作状态统计: the table of agents as a file.

use super::{Wanted, ask};
use crate::figure::Figure;
use crate::metric::Unit;
use crate::model::{Content, ExportInput, ReportQuery};
use crate::queries::worked::{Asked, by_agent};
use crate::subject::Subject;
use crate::worked::{COLUMNS, UTILISATION, Worked};
use export::commands::sheet::{Cell, Sheet};
use export::commands::{Running, Written};
use kernel::ctx::Ctx;
use kernel::error::Result;
use kernel::id::ExportId;
use kernel::lang::Lang;
use kernel::permission::Permission;
use kernel::t;
use kernel::time::zone_words;

/// What orders call it: it is no report of rows.
pub const KEY: &str = "agent_states";

/// Asks for the file.
pub(super) async fn export(ctx: &Ctx, input: ExportInput) -> Result<ExportId> {
    ctx.require(Permission::StatisticsCall)?;
    let (asked, problems) = Asked::read(input.query, ctx.now().date(&ctx.zone));
    problems.end()?;
    let query = ReportQuery {
        from: asked.range.from.to_string(),
        to: asked.range.to.to_string(),
        agent: asked.agent.map(|agent| agent.to_string()).unwrap_or_default(),
        ..ReportQuery::default()
    };
    let wanted = Wanted { report: KEY.to_owned(), content: Content::Table, query };
    ask(ctx, Subject::Calls, title(ctx.lang()), (asked.range, input.format), wanted).await
}

/// Writes it: a row for each agent, lengths in seconds.
pub(super) async fn write(running: &Running, query: ReportQuery) -> Result<Written> {
    let (ctx, as_of) = (&running.ctx, running.ctx.now());
    let lang = ctx.lang();
    let (asked, problems) = Asked::read(query, as_of.date(&ctx.zone));
    problems.end()?;
    let lines = by_agent(ctx, asked.range, asked.agent).await?;
    let mut head = vec![t!(lang, "客服", "Agent").to_owned()];
    head.extend(COLUMNS.iter().map(|(name, _)| t!(lang, "{}（秒）", "{} (seconds)", name.of(lang))));
    head.push(UTILISATION.of(lang).to_owned());
    let mut sheet = Sheet::new(running.format, title(lang), &head)?;
    let mut total = Worked::default();
    for line in &lines {
        total.add(&line.total);
        sheet.row(&cells(&line.name, &line.total))?;
    }
    sheet.row(&cells(t!(lang, "合计", "Total"), &total))?;
    let row = |name: &str, value: String| (name.to_owned(), value);
    let manifest = vec![
        row(t!(lang, "报表", "Report"), title(lang).to_owned()),
        row(t!(lang, "日期", "Dates"), format!("{} – {}", asked.range.from, asked.range.to)),
        row(t!(lang, "时区", "Time zone"), zone_words(&ctx.zone, as_of, lang)),
        row(t!(lang, "数据截至", "As of"), as_of.table(&ctx.zone)),
    ];
    running.finish(sheet, manifest, i64::try_from(lines.len()).unwrap_or(0)).await
}

/// 坐席工作状态统计 as pages and files are called.
#[must_use]
pub fn title(lang: Lang) -> &'static str {
    t!(lang, "坐席工作状态统计", "Agent states")
}

fn cells(name: &str, worked: &Worked) -> Vec<Cell> {
    let mut cells = vec![Cell::Text(name.to_owned())];
    cells.extend(COLUMNS.iter().map(|(_, of)| Figure::Whole(of(worked)).cell(Unit::Duration)));
    cells.push(worked.utilisation().cell(Unit::Percent));
    cells
}
