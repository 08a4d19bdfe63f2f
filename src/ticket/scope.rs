//! 数据范围: which tickets a person sees, as one predicate on `tickets t`. Lists, counts, detail, search, files, exports
//! and the live stream all push these words and no others (S05).
//!
//! - all: every ticket of the company.
//! - group: tickets of my groups, handled by anybody or nobody, those that no group and nobody has, and everything that
//!   `own` gives. What belongs to nobody must not stay unseen by everybody.
//! - own: tickets I handle, follow or created.
//!
//! A wider scope contains the narrower ones: whoever creates a ticket for another group can still open it.

use kernel::ctx::Ctx;
use kernel::permission::Scope;
use sqlx::{Postgres, QueryBuilder};

/// Appends `and (…)` to a statement that reads `tickets t`.
pub fn push(query: &mut QueryBuilder<Postgres>, ctx: &Ctx) {
    if ctx.grants.tickets == Scope::All {
        return;
    }
    let Some(me) = ctx.actor.agent() else {
        query.push(" and false");
        return;
    };
    query.push(" and (t.agent_id = ").push_bind(me);
    query.push(" or t.creator_kind = 0 and t.creator_id = ").push_bind(me);
    if ctx.grants.tickets == Scope::Group {
        query.push(" or t.group_id = any(").push_bind(ctx.groups.to_vec()).push(")");
        query.push(" or t.group_id is null and t.agent_id is null");
    }
    // An array worked out once, so that each part can use its own index.
    query.push(" or t.id = any(array(select f.ticket_id from ticket_followers f where f.company_id = ").push_bind(ctx.company);
    query.push(" and f.agent_id = ").push_bind(me).push(")))");
}
