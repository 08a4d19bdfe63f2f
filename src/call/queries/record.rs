//! 通话记录列表: records of one business line, the newest first.

use crate::filter::{Inspected, Rated, RecordFilter, Shown, Taken, figures, is_short};
use crate::model::{AnswerWay, BusinessLine, CallResult, CallType, Ender, TransferFlag};
use crate::scope;
use kernel::ctx::Ctx;
use kernel::error::Result;
use kernel::id::{AgentId, CallId, CustomerId, LegId};
use kernel::page::{Cursor, Direction, Paged};
use kernel::permission::Permission;
use kernel::time::{Stamp, start_of_day};
use kernel::tx::Tx;
use sqlx::{Postgres, QueryBuilder};
use std::collections::HashMap;

/// Rows of one page.
pub const PAGE: usize = 50;

/// Beyond this the list says "more than": counting every record of a large company costs more than the number is worth.
pub const MOST_COUNTED: i64 = 10_000;

/// 通话记录: one row of a list.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct RecordRow {
    /// Which.
    pub id: LegId,
    /// 主通话记录id: the call it belongs to.
    pub call_id: CallId,
    /// 呼叫类型.
    pub call_type: CallType,
    /// 业务线.
    pub line: BusinessLine,
    /// 客服.
    pub agent_id: Option<AgentId>,
    /// The agent's name when the leg began.
    pub agent_name: String,
    /// 技能组 when the leg began, by its present name.
    pub group_name: Option<String>,
    /// 客户, when the number was known.
    pub customer_id: Option<CustomerId>,
    /// 客户昵称.
    pub customer_nickname: Option<String>,
    /// 客户号码, unmasked: pages mask it.
    pub customer_number: String,
    /// 第三方号码, unmasked.
    pub other_number: String,
    /// 接听方式.
    pub answer_way: Option<AnswerWay>,
    /// 开始时间.
    pub started_at: Stamp,
    /// 结束时间; nothing while it runs.
    pub ended_at: Option<Stamp>,
    /// 排队时长, in milliseconds like all lengths.
    pub queue_ms: i64,
    /// 振铃时长.
    pub ring_ms: i64,
    /// 通话时长.
    pub talk_ms: i64,
    /// 保持时长.
    pub hold_ms: i64,
    /// 通话结果; nothing while it runs.
    pub result: Option<CallResult>,
    /// 挂断方; nothing while it runs.
    pub ender: Option<Ender>,
    /// 是否转接.
    pub transfer_flag: TransferFlag,
    /// 转接次数.
    pub transfer_count: i16,
    /// 咨询次数.
    pub consult_count: i16,
    /// Whether a recording was told of.
    pub is_recorded: bool,
    /// Levels of 满意度; 0 when nobody asked.
    pub satisfy_levels: i16,
    /// The key that was pressed; 0 for none.
    pub satisfy_key: i16,
    /// 已质检.
    pub is_inspected: bool,
}

/// A page of a list with the number of records that match; `MOST_COUNTED + 1` means more than `MOST_COUNTED`.
#[derive(Clone, Debug)]
pub struct RecordList {
    /// The rows.
    pub page: Paged<RecordRow>,
    /// Child legs of the calls on the page, where each row is a call.
    pub children: HashMap<CallId, Vec<RecordRow>>,
    /// How many match.
    pub total: i64,
}

/// A page of the records of a line.
pub async fn list(ctx: &Ctx, line: BusinessLine, filter: &RecordFilter) -> Result<RecordList> {
    ctx.require(Permission::CallRecordOwn)?;
    let mut tx = ctx.read().await?;
    let page = rows_in(&mut tx, line, filter, PAGE).await?;
    let children = if filter.shown.is_by_call() { children(&mut tx, &page.rows).await? } else { HashMap::new() };
    // A first page that is not full has them all.
    let total = match i64::try_from(page.rows.len()) {
        Ok(all) if page.previous.is_none() && page.next.is_none() => all,
        _ => count_in(&mut tx, line, filter, MOST_COUNTED + 1).await?,
    };
    Ok(RecordList { page, children, total })
}

/// How many records match, at most `most`: for what has a bound of its own.
pub async fn count_up_to(ctx: &Ctx, line: BusinessLine, filter: &RecordFilter, most: i64) -> Result<i64> {
    ctx.require(Permission::CallRecordOwn)?;
    count_in(&mut ctx.read().await?, line, filter, most).await
}

/// A list that is walked from its beginning to its end.
#[derive(Debug)]
pub struct Walk {
    tx: Tx,
    line: BusinessLine,
    filter: RecordFilter,
    is_over: bool,
}

/// Walks a list for an export, from one snapshot: what changes meanwhile neither slips through nor comes twice.
pub async fn walk(ctx: &Ctx, line: BusinessLine, filter: &RecordFilter) -> Result<Walk> {
    ctx.require(Permission::CallRecordOwn)?;
    // Never a page's, which others read in too; of the connections that pages do not read by, since a file takes long.
    let ctx = Ctx { reading: None, ..ctx.clone() };
    let mut tx = ctx.begin().await?;
    sqlx::query!("set transaction isolation level repeatable read").execute(&mut *tx).await?;
    Ok(Walk { tx, line, filter: RecordFilter { at: String::new(), ..filter.clone() }, is_over: false })
}

impl Walk {
    /// The next rows; fewer than `size` are the last ones.
    pub async fn next(&mut self, size: usize) -> Result<Vec<RecordRow>> {
        if self.is_over {
            return Ok(Vec::new());
        }
        let page = rows_in(&mut self.tx, self.line, &self.filter, size).await?;
        match page.next {
            Some(next) => self.filter.at = next.to_string(),
            None => self.is_over = true,
        }
        Ok(page.rows)
    }
}

async fn rows_in(tx: &mut Tx, line: BusinessLine, filter: &RecordFilter, size: usize) -> Result<Paged<RecordRow>> {
    let ctx = tx.ctx.clone();
    // A cursor that cannot be read is the beginning.
    let cursor = filter.at.parse::<Cursor>().ok();
    let place = cursor.as_ref().and_then(|cursor| Some((cursor, Stamp::from_micros(cursor.integer().ok()?)?)));
    let backwards = place.as_ref().is_some_and(|(cursor, _)| cursor.direction == Direction::Before);
    let mut query = select();
    push_conditions(&mut query, &ctx, line, filter);
    if let Some((cursor, at)) = &place {
        query.push(" and (l.started_at, l.id) ").push(if backwards { ">" } else { "<" });
        query.push(" (").push_bind(*at).push(", ").push_bind(cursor.id).push(")");
    }
    let order = if backwards { " order by l.started_at, l.id" } else { " order by l.started_at desc, l.id desc" };
    query.push(order).push(" limit ").push(size + 1);
    push_names(&mut query);
    query.push(order);
    let rows: Vec<RecordRow> = query.build_query_as().fetch_all(&mut **tx).await?;
    let cursor = place.map(|(cursor, _)| cursor);
    Ok(Paged::cut(rows, size, cursor, |row| (row.started_at.micros().to_string(), row.id.0)))
}

async fn count_in(tx: &mut Tx, line: BusinessLine, filter: &RecordFilter, most: i64) -> Result<i64> {
    let mut query = QueryBuilder::new("select count(*) from (select from call_legs l");
    push_conditions(&mut query, &tx.ctx.clone(), line, filter);
    query.push(" limit ").push(most).push(") found");
    Ok(query.build_query_scalar().fetch_one(&mut **tx).await?)
}

/// The child legs of these calls, in their order.
async fn children(tx: &mut Tx, rows: &[RecordRow]) -> Result<HashMap<CallId, Vec<RecordRow>>> {
    let calls: Vec<CallId> = rows.iter().map(|row| row.call_id).collect();
    let mut query = select();
    query.push(" where l.company_id = ").push_bind(tx.ctx.company);
    query.push(" and l.call_id = any(").push_bind(calls).push(") and l.call_type not in (0, 1)");
    push_names(&mut query);
    query.push(" order by l.call_id, l.place");
    let legs: Vec<RecordRow> = query.build_query_as().fetch_all(&mut **tx).await?;
    let mut by_call: HashMap<CallId, Vec<RecordRow>> = HashMap::new();
    for leg in legs {
        by_call.entry(leg.call_id).or_default().push(leg);
    }
    Ok(by_call)
}

/// The records of a page are picked first, and only those get their names: `push_names` closes what this opens.
pub(crate) fn select() -> QueryBuilder<Postgres> {
    QueryBuilder::new(
        "select l.id, l.call_id, l.place, l.name, l.from_leg_id, l.call_type, l.line, l.agent_id, l.agent_name, g.name as group_name,
            l.customer_id, k.nickname as customer_nickname, l.customer_number, l.other_number, l.answer_way, l.started_at, l.rang_at,
            l.answered_at, l.ended_at, l.queue_ms, l.ring_ms, l.talk_ms, l.hold_ms, l.hold_count, l.result, l.ender, l.transfer_flag,
            l.transfer_count, l.consult_count, l.is_three_way, l.recording_url <> '' as is_recorded, l.recording_ms, l.satisfy_levels,
            l.satisfy_key, l.is_inspected
        from (
            select l.company_id, l.id, l.call_id, l.place, l.name, l.from_leg_id, l.call_type, l.line, l.agent_id, l.agent_name, l.group_id,
                l.customer_id, l.customer_number, l.other_number, l.answer_way, l.started_at, l.rang_at, l.answered_at, l.ended_at,
                l.queue_ms, l.ring_ms, l.talk_ms, l.hold_ms, l.hold_count, l.result, l.ender, l.transfer_flag, l.transfer_count,
                l.consult_count, l.is_three_way, l.recording_url, l.recording_ms, l.satisfy_levels, l.satisfy_key, l.is_inspected
            from call_legs l",
    )
}

pub(crate) fn push_names(query: &mut QueryBuilder<Postgres>) {
    query.push(
        ") l
        left join groups g on g.company_id = l.company_id and g.id = l.group_id
        left join customers k on k.company_id = l.company_id and k.id = l.customer_id",
    );
}

/// 10 and 20 are answered, 11 rang out (F§3.2); consultations and supervisors are no calls with customers. The home page
/// counts by the same two (`mine::today`).
const ANSWERED: &str = " and l.call_type in (0, 1, 22) and l.result in (10, 20)";
const MISSED: &str = " and l.call_type in (0, 22) and l.result = 11";

/// Everything typed is bound; sort and operators are ours.
fn push_conditions(query: &mut QueryBuilder<Postgres>, ctx: &Ctx, line: BusinessLine, filter: &RecordFilter) {
    query.push(" where l.company_id = ").push_bind(ctx.company).push(" and l.line = ").push_bind(line);
    match filter.shown {
        // Written as the index is, so that it is used.
        Shown::Main => {
            query.push(" and l.call_type in (0, 1)");
        }
        Shown::All => {}
        Shown::One(one) => {
            query.push(if one.is_main() { " and l.call_type in (0, 1)" } else { "" });
            query.push(" and l.call_type = ").push_bind(one);
        }
    }
    let (from, to) = filter.days();
    if let Some(from) = from {
        query.push(" and l.started_at >= ").push_bind(start_of_day(from, &ctx.zone));
    }
    if let Some(after) = to.and_then(|to| to.tomorrow().ok()) {
        query.push(" and l.started_at < ").push_bind(start_of_day(after, &ctx.zone));
    }
    if let Some(result) = filter.result {
        query.push(" and l.result = ").push_bind(result);
    }
    if let Some(ender) = filter.ender {
        query.push(" and l.ender = ").push_bind(ender);
    }
    if let Some(way) = filter.way {
        query.push(" and l.answer_way = ").push_bind(way);
    }
    query.push(match filter.taken {
        None => "",
        Some(Taken::Yes) => ANSWERED,
        Some(Taken::No) => MISSED,
    });
    if let Some(group) = filter.group {
        query.push(" and l.group_id = ").push_bind(group);
    }
    if let Some(agent) = filter.agent {
        query.push(" and l.agent_id = ").push_bind(agent);
    }
    if let Some(customer) = filter.customer {
        query.push(" and l.customer_id = ").push_bind(customer);
    }
    query.push(match filter.rated {
        None => "",
        Some(Rated::Yes) => " and l.satisfy_levels > 0 and l.satisfy_key > 0",
        Some(Rated::No) => " and l.satisfy_levels > 0 and l.satisfy_key = 0",
        Some(Rated::NotAsked) => " and l.satisfy_levels = 0",
    });
    if let Some(inspected) = filter.inspected {
        query.push(if inspected == Inspected::Yes { " and l.is_inspected" } else { " and not l.is_inspected" });
    }
    let (least, most) = filter.lengths();
    if let Some(least) = least {
        query.push(" and l.talk_ms >= ").push_bind(least);
    }
    if let Some(most) = most {
        query.push(" and l.talk_ms <= ").push_bind(most);
    }
    push_number(query, ctx, &filter.number);
    scope::push(query, ctx, "l.company_id", "l.call_id");
}

/// The customer's number by its end, or as a whole for whoever sees numbers masked; of too little of one they are told
/// beside the field, and it is not used.
pub(crate) fn push_number(query: &mut QueryBuilder<Postgres>, ctx: &Ctx, typed: &str) {
    let wanted = figures(typed);
    if wanted.is_empty() || is_short(typed, ctx) {
        return;
    }
    let backwards: String = wanted.chars().rev().collect();
    if ctx.may(Permission::CallNumberView) {
        query.push(" and reverse(l.customer_number) like ").push_bind(format!("{backwards}%"));
    } else {
        // As a switch may have written it: with or without the plus and the country.
        let ways = ["", "+", "86", "+86"].map(|country| format!("{country}{wanted}").chars().rev().collect::<String>());
        query.push(" and reverse(l.customer_number) = any(").push_bind(ways.to_vec()).push(")");
    }
}
