//! 导入客服: accounts from a CSV file, row by row. A bad row is reported and does not stop the others; passwords that
//! were generated stand in the report, which is sealed at rest and gone after an hour. It is kept before the first
//! account is made: an import that ends halfway leaves nobody with a password that nobody knows.

use super::account;
use crate::model::account::{AgentInput, IMPORT_MAX, ImportRow};
use jiff::SignedDuration;
use kernel::ctx::Ctx;
use kernel::error::{Error, Problem, Problems, Result};
use kernel::id::GroupId;
use kernel::lang::Lang;
use kernel::permission::{Permission, Role};
use kernel::rng;
use kernel::tx::{Subject, Tx};
use serde_json::json;
use sqlx::types::Uuid;
use std::collections::HashMap;

/// How long a report can be read.
const REPORT_LASTS: SignedDuration = SignedDuration::from_hours(1);

/// One row of the file, read but not judged.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// Line of the file, from 1.
    pub line: u64,
    /// 邮箱.
    pub email: String,
    /// 姓名.
    pub name: String,
    /// 昵称.
    pub nickname: String,
    /// 电话.
    pub phone: String,
    /// 角色, by name, key or code.
    pub role: String,
    /// 客服组, by name, several with 、 or a semicolon.
    pub groups: String,
    /// 密码; generated when empty.
    pub password: String,
}

/// Creates an account for each good row of a CSV file; gives the id of the report.
pub async fn import(ctx: &Ctx, content: &[u8]) -> Result<Uuid> {
    ctx.require(Permission::AgentManage)?;
    let rows = read(content)?;
    let mut tx = ctx.read().await?;
    let groups = crate::queries::group_options(&mut tx, crate::model::GroupKind::Ticket).await?;
    drop(tx);
    let groups: HashMap<String, GroupId> = groups.into_iter().map(|group| (group.name.to_lowercase(), group.id)).collect();
    let (mut rows, mut report) = (rows, Vec::new());
    for row in &mut rows {
        let generated = row.password.is_empty().then(rng::password);
        if let Some(password) = &generated {
            row.password.clone_from(password);
        }
        let (line, email, name) = (row.line, row.email.clone(), row.name.clone());
        report.push(ImportRow { line, email, name, agent: None, password: generated, problems: Problems::default() });
    }
    let id = keep_report(ctx, &report).await?;
    for (at, row) in rows.into_iter().enumerate() {
        report[at] = import_row(ctx, row, report[at].clone(), &groups).await;
        let mut tx = ctx.begin().await?;
        update_report(&mut tx, id, &report).await?;
        if at + 1 == report.len() {
            let created = report.iter().filter(|row| row.agent.is_some()).count();
            let after = json!({"rows": report.len(), "created": created});
            tx.audit("agent.imported", Subject::named("agent", None, "CSV"), None, Some(after)).await?;
        }
        tx.commit().await?;
    }
    Ok(id)
}

/// Reads a CSV file: UTF-8, UTF-16 or GB18030; commas, semicolons or tabs; columns by their names in either language.
pub fn read(content: &[u8]) -> Result<Vec<Row>> {
    let text = decode(content);
    if text.trim().is_empty() {
        return Err(Error::Problems(Problems::one("file", Problem::EmptyFile)));
    }
    // A reader that sees CR LF as two ends counts a line too few.
    let text = text.replace("\r\n", "\n");
    let first = text.lines().next().unwrap_or_default();
    let delimiter = [b'\t', b';', b','].into_iter().max_by_key(|mark| first.bytes().filter(|byte| byte == mark).count()).unwrap_or(b',');
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).trim(csv::Trim::All).from_reader(text.as_bytes());
    let no_header = || Error::Problems(Problems::one("file", Problem::CsvNoHeader));
    let columns: Vec<Option<Column>> = reader.headers().map_err(|_| no_header())?.iter().map(column).collect();
    if !columns.contains(&Some(Column::Email)) || !columns.contains(&Some(Column::Name)) {
        return Err(no_header());
    }
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|_| Error::Problems(Problems::one("file", Problem::BadFormat)))?;
        if record.iter().all(str::is_empty) {
            continue;
        }
        if rows.len() == IMPORT_MAX {
            return Err(Error::Problems(Problems::one("file", Problem::TooManyRows)));
        }
        let mut row = Row { line: record.position().map_or(0, csv::Position::line), ..Row::default() };
        for (column, value) in columns.iter().zip(record.iter()) {
            if let Some(column) = column {
                *column.of(&mut row) = value.to_owned();
            }
        }
        rows.push(row);
    }
    if rows.is_empty() {
        return Err(Error::Problems(Problems::one("file", Problem::EmptyFile)));
    }
    Ok(rows)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Column {
    Email,
    Name,
    Nickname,
    Phone,
    Role,
    Groups,
    Password,
}

impl Column {
    fn of(self, row: &mut Row) -> &mut String {
        match self {
            Column::Email => &mut row.email,
            Column::Name => &mut row.name,
            Column::Nickname => &mut row.nickname,
            Column::Phone => &mut row.phone,
            Column::Role => &mut row.role,
            Column::Groups => &mut row.groups,
            Column::Password => &mut row.password,
        }
    }
}

fn column(header: &str) -> Option<Column> {
    match header.trim().trim_start_matches('\u{feff}').to_lowercase().as_str() {
        "邮箱" | "登录邮箱" | "电子邮件" | "email" | "e-mail" | "mail" => Some(Column::Email),
        "姓名" | "名字" | "name" => Some(Column::Name),
        "昵称" | "nickname" => Some(Column::Nickname),
        "电话" | "手机" | "phone" => Some(Column::Phone),
        "角色" | "role" => Some(Column::Role),
        "客服组" | "组" | "groups" | "group" => Some(Column::Groups),
        "密码" | "初始密码" | "password" => Some(Column::Password),
        _ => None,
    }
}

fn decode(content: &[u8]) -> String {
    if let Some((encoding, _)) = encoding_rs::Encoding::for_bom(content) {
        return encoding.decode(content).0.into_owned();
    }
    match std::str::from_utf8(content) {
        Ok(text) => text.to_owned(),
        Err(_) => encoding_rs::GB18030.decode(content).0.into_owned(),
    }
}

async fn import_row(ctx: &Ctx, row: Row, planned: ImportRow, groups: &HashMap<String, GroupId>) -> ImportRow {
    let done = match input_of(row, groups) {
        Ok(input) => account::create(ctx, input).await,
        Err(problems) => Err(Error::Problems(problems)),
    };
    match done {
        Ok(created) => ImportRow { agent: Some(created.agent), ..planned },
        Err(Error::Problems(problems)) => ImportRow { password: None, problems, ..planned },
        // The rows before are done: the report must reach the administrator all the same.
        Err(other) => {
            tracing::error!(line = planned.line, error = %other, "a row of an import failed");
            ImportRow { password: None, problems: Problems::one("", other.problem()), ..planned }
        }
    }
}

fn input_of(row: Row, groups: &HashMap<String, GroupId>) -> core::result::Result<AgentInput, Problems> {
    let mut problems = Problems::default();
    let role = if row.role.is_empty() { Some(Role::TicketAgent) } else { role(&row.role) };
    problems.need(role.is_some(), "role", Problem::BadChoice);
    let mut chosen = Vec::new();
    for name in row.groups.split(['、', ';', '；', '|', '/', '，', ',']).map(str::trim).filter(|name| !name.is_empty()) {
        match groups.get(&name.to_lowercase()) {
            Some(group) => chosen.push(*group),
            None => problems.add("groups", Problem::BadChoice),
        }
    }
    if !problems.0.is_empty() {
        return Err(problems);
    }
    Ok(AgentInput {
        email: row.email,
        name: row.name,
        nickname: row.nickname,
        phone: row.phone,
        role,
        groups: chosen,
        password: row.password,
        ..AgentInput::default()
    })
}

fn role(text: &str) -> Option<Role> {
    let text = text.trim().to_lowercase();
    let is_it = |role: &&Role| {
        role.key() == text || role.code().to_string() == text || Lang::ALL.iter().any(|lang| role.label(*lang).to_lowercase() == text)
    };
    Role::ALL.iter().find(is_it).copied()
}

async fn keep_report(ctx: &Ctx, report: &[ImportRow]) -> Result<Uuid> {
    let (id, now, agent) = (ctx.uuid(), ctx.now(), ctx.actor.uuid());
    let sealed = sealed(ctx, id, report)?;
    let mut tx = ctx.begin().await?;
    sqlx::query!("delete from agent_imports where company_id = $1 and expires_at <= $2", ctx.company as _, now).execute(&mut *tx).await?;
    sqlx::query!(
        "insert into agent_imports (company_id, id, agent_id, report, created_at, expires_at) values ($1, $2, $3, $4, $5, $6)",
        ctx.company as _,
        id,
        agent,
        sealed,
        now,
        now.plus(REPORT_LASTS),
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(id)
}

async fn update_report(tx: &mut Tx, id: Uuid, report: &[ImportRow]) -> Result {
    let (company, sealed) = (tx.ctx.company, sealed(&tx.ctx, id, report)?);
    sqlx::query!("update agent_imports set report = $3 where company_id = $1 and id = $2", company as _, id, sealed)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

fn sealed(ctx: &Ctx, id: Uuid, report: &[ImportRow]) -> Result<Vec<u8>> {
    let plain = serde_json::to_vec(report).map_err(Error::internal)?;
    Ok(ctx.app.vault.seal(&report_place(ctx, id), &plain))
}

/// Where a report lies, for its seal.
pub(crate) fn report_place(ctx: &Ctx, id: Uuid) -> String {
    format!("{}/agent_imports/report/{id}", ctx.company)
}
