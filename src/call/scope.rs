//! 可见范围: which calls a person may see. One predicate: lists, counts, exports, pages, recordings and the palette push it.

use kernel::ctx::Ctx;
use kernel::permission::Permission;
use sqlx::{Postgres, QueryBuilder};

/// Call types (F§3.3) by whose leg an agent took part in a call: answered or made it, was consulted, was consulted for a
/// transfer, was transferred to. Whoever listened in or cut in as a supervisor needs the right to all records.
pub(crate) const TAKING_PART: &str = "(0, 1, 11, 21, 22)";

/// Narrows to the calls that the actor may see, by the expressions of company and call of the statement.
pub(crate) fn push(query: &mut QueryBuilder<Postgres>, ctx: &Ctx, company: &str, call: &str) {
    if ctx.may(Permission::CallRecordView) {
        return;
    }
    query.push(format!(" and exists (select from call_legs o where o.company_id = {company} and o.call_id = {call} and o.agent_id = "));
    query.push_bind(ctx.actor.agent()).push(format!(" and o.call_type in {TAKING_PART})"));
}
