//! 列表条件: what decides whether a ticket stands in a list, for its rows, its number, its export and its neighbours.

use super::field;
use super::word::{self, Words};
use crate::model::list::{BuiltIn, Flag, ListQuery};
use crate::scope;
use kernel::ctx::Ctx;
use kernel::error::Result;
use kernel::permission::Permission;
use kernel::time::{self, start_of_day};
use sqlx::{Postgres, QueryBuilder};

/// Appends `where …` with everything that decides whether a ticket stands in the list; `words` are its `q`, looked up.
pub(crate) fn push_conditions(query: &mut QueryBuilder<Postgres>, ctx: &Ctx, list: &ListQuery, words: &Words) {
    query.push(" where t.company_id = ").push_bind(ctx.company);
    scope::push(query, ctx);
    if let Some(statuses) = list.statuses() {
        // Codes of ours, written out for the same reason.
        let codes: Vec<String> = statuses.iter().map(|status| status.code().to_string()).collect();
        query.push(" and t.status = any('{").push(codes.join(",")).push("}')");
    }
    if list.start() != BuiltIn::Bin {
        // The words of the partial indexes, so that the planner knows them.
        query.push(" and t.status <> 98");
    }
    let me = ctx.actor.agent();
    match list.start() {
        BuiltIn::Mine => query.push(" and t.agent_id = ").push_bind(me),
        // One group is read from its index in the order of the list; several are sorted.
        BuiltIn::Group if ctx.groups.len() == 1 => query.push(" and t.group_id = ").push_bind(ctx.groups.first().copied()),
        BuiltIn::Group => query.push(" and t.group_id = any(").push_bind(ctx.groups.to_vec()).push(")"),
        BuiltIn::Unassigned => query.push(" and t.agent_id is null"),
        BuiltIn::Followed => query
            .push(" and t.id in (select w.ticket_id from ticket_followers w where w.company_id = ")
            .push_bind(ctx.company)
            .push(" and w.agent_id = ")
            .push_bind(me)
            .push(")"),
        BuiltIn::All | BuiltIn::Bin => query,
    };
    push_choices(query, ctx, list);
    push_ranges(query, ctx, list);
    word::push(query, ctx, words);
}

fn push_choices(query: &mut QueryBuilder<Postgres>, ctx: &Ctx, list: &ListQuery) {
    for (own, value) in &list.own {
        field::push_answer(query, ctx, *own, value);
    }
    if !list.priority.is_empty() {
        query.push(" and t.priority = any(").push_bind(list.priority.clone()).push(")");
    }
    if !list.source.is_empty() {
        query.push(" and t.source = any(").push_bind(list.source.clone()).push(")");
    }
    if let Some(group) = list.group {
        query.push(" and t.group_id = ").push_bind(group);
    }
    if let Some(agent) = list.agent {
        query.push(" and t.agent_id = ").push_bind(agent);
    }
    if let Some(customer) = list.customer {
        query.push(" and t.customer_id = ").push_bind(customer);
    }
    if let Some(category) = list.category {
        query.push(
            " and t.category_id in (
                select b.id
                from ticket_categories a
                join ticket_categories b on b.company_id = a.company_id and (b.id = a.id or starts_with(b.path, a.path || '/'))
                where a.company_id = ",
        );
        query.push_bind(ctx.company).push(" and a.id = ").push_bind(category).push(")");
    }
    for flag in &list.flag {
        match flag {
            Flag::Urged => query.push(" and t.urge_count > 0"),
            Flag::Reopened => query.push(" and t.cycle > 1"),
            Flag::Duplicate => query.push(" and t.possible_duplicate_of is not null"),
            Flag::Waiting => query.push(" and t.waiting_since is not null"),
            Flag::Overdue => {
                // A clock whose moment has passed is over, whether the job of that moment has run or not.
                query.push(" and (t.due_state = 3 or t.due_state = 1 and t.due_at <= ").push_bind(ctx.now()).push(")")
            }
            Flag::Vip => query
                .push(" and t.customer_id in (select v.id from customers v where v.company_id = ")
                .push_bind(ctx.company)
                .push(" and v.vip_level > 0)"),
            Flag::Draft => query
                .push(" and t.id in (select r.ticket_id from ticket_drafts r where r.company_id = ")
                .push_bind(ctx.company)
                .push(" and r.agent_id = ")
                .push_bind(ctx.actor.agent())
                .push(")"),
        };
    }
}

fn push_ranges(query: &mut QueryBuilder<Postgres>, ctx: &Ctx, list: &ListQuery) {
    for (column, from, to) in
        [("t.created_at", &list.created_from, &list.created_to), ("t.updated_at", &list.updated_from, &list.updated_to)]
    {
        if let Some(first) = time::day(from) {
            query.push(" and ").push(column).push(" >= ").push_bind(start_of_day(first, &ctx.zone));
        }
        // The last day is included: the range ends where the next one begins.
        if let Some(after) = time::day(to).and_then(|last| last.tomorrow().ok()) {
            query.push(" and ").push(column).push(" < ").push_bind(start_of_day(after, &ctx.zone));
        }
    }
}

/// Refuses who may not see such a list.
pub(crate) fn require(ctx: &Ctx, list: &ListQuery) -> Result {
    ctx.require(Permission::TicketView)?;
    if list.start() == BuiltIn::Bin { ctx.require(Permission::TicketDelete) } else { Ok(()) }
}
