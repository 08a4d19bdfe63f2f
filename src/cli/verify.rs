//! `kefu audit verify`: computes the chain of every company's audit trail again (S49). A changed, added or missing entry
//! breaks it; so does a trail whose end was cut off, because the head counts.

use super::{Result, said};
use kernel::app::App;
use kernel::ctx::Ctx;
use kernel::time::Stamp;
use kernel::tx::{Subject, audit_chain};
use std::collections::{HashSet, VecDeque};
use std::sync::Arc;

/// Entries read at a time.
const BATCH: usize = 1000;
/// How far an entry may stand from its place: a moment is taken before the lock that orders the trail.
const WINDOW: usize = 2 * BATCH;

struct Entry {
    created_at: Stamp,
    id: uuid::Uuid,
    action: String,
    object_kind: String,
    object_id: Option<uuid::Uuid>,
    object_label: String,
    before: Option<serde_json::Value>,
    after: Option<serde_json::Value>,
    actor_name: String,
    chain: Vec<u8>,
}

/// Checks every company and prints a line for each.
pub async fn run(app: &Arc<App>) -> Result {
    let mut broken = 0;
    for company in app.companies().await.map_err(|error| said(&error))? {
        let ctx = app.system(company).await.map_err(|error| said(&error))?;
        match follow(&ctx).await.map_err(|error| said(&error))? {
            Trail::Whole(entries) => println!("{}: {entries} entries, unbroken", ctx.company_name),
            Trail::Broken(place) => {
                broken += 1;
                println!("{}: BROKEN {place}", ctx.company_name);
            }
        }
    }
    if broken == 0 { Ok(()) } else { Err(format!("{broken} broken audit trails")) }
}

enum Trail {
    Whole(i64),
    Broken(String),
}

async fn follow(ctx: &Ctx) -> kernel::error::Result<Trail> {
    let mut tx = ctx.read().await?;
    let company = ctx.company;
    // One view of head and entries, however long it takes.
    sqlx::query!("set transaction isolation level repeatable read").execute(&mut *tx).await?;
    sqlx::query!("set local statement_timeout = 0").execute(&mut *tx).await?;
    let head = sqlx::query!("select chain, entries from audit_heads where company_id = $1", company as _).fetch_optional(&mut *tx).await?;
    let (mut chain, mut entries) = (Vec::new(), 0);
    let (mut waiting, mut at, mut more) = (VecDeque::new(), (Stamp(jiff::Timestamp::MIN), uuid::Uuid::nil()), true);
    let mut kinds = HashSet::new();
    loop {
        while more && waiting.len() < WINDOW {
            let read = sqlx::query_as!(
                Entry,
                "select created_at, id, action, object_kind, object_id, object_label, before, after, actor_name, chain
                from audit_entries
                where company_id = $1 and (created_at, id) > ($2, $3)
                order by created_at, id
                limit $4",
                company as _,
                at.0,
                at.1,
                BATCH as i64,
            )
            .fetch_all(&mut *tx)
            .await?;
            more = read.len() == BATCH;
            at = read.last().map_or(at, |last| (last.created_at, last.id));
            waiting.extend(read);
        }
        let Some(next) = waiting.iter().position(|entry| link(&chain, entry, &mut kinds) == entry.chain) else { break };
        if let Some(entry) = waiting.remove(next) {
            chain = entry.chain;
            entries += 1;
        }
    }
    let (end, counted) = head.map_or((Vec::new(), 0), |head| (head.chain, head.entries));
    Ok(match waiting.front() {
        Some(entry) => Trail::Broken(format!("after {entries} entries, near {} ({})", entry.created_at.machine(), entry.action)),
        None if counted != entries || end != chain => Trail::Broken(format!("at its end: {entries} entries where {counted} were written")),
        None => Trail::Whole(entries),
    })
}

fn link(previous: &[u8], entry: &Entry, kinds: &mut HashSet<&'static str>) -> Vec<u8> {
    // A subject's kind is a word of the program; the few there are may stay in memory.
    let kind = kinds.get(entry.object_kind.as_str()).copied().unwrap_or_else(|| {
        let word: &'static str = entry.object_kind.clone().leak();
        kinds.insert(word);
        word
    });
    let subject = Subject::named(kind, entry.object_id, entry.object_label.as_str());
    audit_chain(previous, entry.id, &entry.action, &subject, entry.before.as_ref(), entry.after.as_ref(), &entry.actor_name)
}
