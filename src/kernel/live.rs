//! Live stream: what a person's open pages are told, kept in rows with a sequence per person, so that a stream resumes
//! after a laptop slept (`Last-Event-ID`). The channel here only says "look"; rows are the truth.

use crate::error::Result;
use crate::id::{AgentId, CompanyId};
use crate::tx::Tx;
use serde::Serialize;
use tokio::sync::broadcast;

/// Wakes open streams of this process.
#[derive(Clone, Debug)]
pub struct Hub {
    sender: broadcast::Sender<(CompanyId, AgentId)>,
}

impl Default for Hub {
    fn default() -> Self {
        Hub { sender: broadcast::channel(1024).0 }
    }
}

impl Hub {
    /// Says that this person has something new.
    pub fn wake(&self, company: CompanyId, agent: AgentId) {
        // Nobody listening is fine: the row waits.
        let _ = self.sender.send((company, agent));
    }

    /// Hears every wake of the process.
    #[must_use]
    pub fn listen(&self) -> broadcast::Receiver<(CompanyId, AgentId)> {
        self.sender.subscribe()
    }
}

/// One row of a person's stream.
#[derive(Clone, Debug, Serialize)]
pub struct LiveEvent {
    /// Order within the person's stream.
    pub seq: i64,
    /// `ticket`, `notice`, `export` …
    pub kind: String,
    /// Ids and words for the page.
    pub payload: serde_json::Value,
    /// When.
    #[serde(skip)]
    pub created_at: crate::time::Stamp,
    /// When the person opened it, for notices.
    #[serde(skip)]
    pub read_at: Option<crate::time::Stamp>,
}

/// Appends to the streams of these people and wakes them after the commit.
///
/// # Errors
/// When the database refuses.
pub async fn tell(tx: &mut Tx, agents: &[AgentId], kind: &str, payload: &serde_json::Value) -> Result {
    append(tx, agents.iter().map(|agent| (*agent, payload)).collect(), kind, None).await
}

/// Tells these people of an event, each in their own words, and nobody of it twice.
///
/// # Errors
/// When the database refuses.
pub async fn tell_of(tx: &mut Tx, event: uuid::Uuid, kind: &str, told: Vec<(AgentId, &serde_json::Value)>) -> Result {
    append(tx, told, kind, Some(event)).await
}

/// A transaction calls this once: the order holds within one call.
async fn append(tx: &mut Tx, mut told: Vec<(AgentId, &serde_json::Value)>, kind: &str, event: Option<uuid::Uuid>) -> Result {
    let (company, now) = (tx.ctx.company, tx.ctx.now());
    // One order for all writers, so that two transactions never wait for each other.
    told.sort_unstable_by_key(|(agent, _)| *agent);
    told.dedup_by_key(|(agent, _)| *agent);
    let (agents, payloads): (Vec<AgentId>, Vec<serde_json::Value>) =
        told.into_iter().map(|(agent, payload)| (agent, payload.clone())).unzip();
    sqlx::query!(
        "with told as (
            select * from unnest($2::uuid[], $3::jsonb[]) as told (agent_id, payload)
        ),
        heads as (
            insert into live_heads as h (company_id, agent_id, seq) select $1, agent_id, 1 from told order by agent_id
            on conflict (company_id, agent_id) do update set seq = h.seq + 1
            returning h.agent_id, h.seq
        )
        insert into live_events (company_id, agent_id, seq, kind, payload, created_at, event_id)
        select $1, heads.agent_id, heads.seq, $4, told.payload, $5, $6 from heads join told on told.agent_id = heads.agent_id
        on conflict (company_id, agent_id, event_id) where event_id is not null do nothing",
        company as _,
        &agents as _,
        &payloads,
        kind,
        now,
        event,
    )
    .execute(&mut **tx)
    .await?;
    for agent in agents {
        tx.woke_agent(agent);
    }
    Ok(())
}

/// Rows of a person after `seq`, at most 256.
///
/// # Errors
/// When the database refuses.
pub async fn after(tx: &mut Tx, agent: AgentId, seq: i64) -> Result<Vec<LiveEvent>> {
    let company = tx.ctx.company;
    Ok(sqlx::query_as!(
        LiveEvent,
        "select seq, kind, payload, created_at, read_at from live_events
        where company_id = $1 and agent_id = $2 and seq > $3
        order by seq
        limit 256",
        company as _,
        agent as _,
        seq,
    )
    .fetch_all(&mut **tx)
    .await?)
}

/// The last sequence of a person, where a fresh page starts listening.
///
/// # Errors
/// When the database refuses.
pub async fn head(tx: &mut Tx, agent: AgentId) -> Result<i64> {
    let company = tx.ctx.company;
    let seq = sqlx::query_scalar!("select seq from live_heads where company_id = $1 and agent_id = $2", company as _, agent as _)
        .fetch_optional(&mut **tx)
        .await?;
    Ok(seq.unwrap_or(0))
}

/// Rows looked at for the number on the bell: older ones have had their chance.
const LATELY: i64 = 500;

/// Where a page stands in a person's stream when it is drawn.
#[derive(Clone, Copy, Debug, Default)]
pub struct Standing {
    /// How many notices wait unread. A notice is a row that leads somewhere: it carries an `href`.
    pub unread: i64,
    /// The last sequence: the page's stream goes on from here, so that nothing between the two is missed.
    pub head: i64,
}

/// Where the person's stream stands.
///
/// # Errors
/// When the database refuses.
pub async fn standing(tx: &mut Tx, agent: AgentId) -> Result<Standing> {
    let company = tx.ctx.company;
    let standing = sqlx::query_as!(
        Standing,
        r#"select h.seq as head, (
            select count(*) from live_events e
            where e.company_id = $1 and e.agent_id = $2
            and e.seq > h.seq - $3
            and e.read_at is null
            and e.payload ? 'href'
        ) as "unread!"
        from live_heads h
        where h.company_id = $1 and h.agent_id = $2"#,
        company as _,
        agent as _,
        LATELY,
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(standing.unwrap_or_default())
}

/// The person's last 50 notices, newest first: what the bell opens.
///
/// # Errors
/// When the database refuses.
pub async fn notices(tx: &mut Tx, agent: AgentId) -> Result<Vec<LiveEvent>> {
    let company = tx.ctx.company;
    Ok(sqlx::query_as!(
        LiveEvent,
        "select seq, kind, payload, created_at, read_at from live_events
        where company_id = $1 and agent_id = $2
        and payload ? 'href'
        order by seq desc
        limit 50",
        company as _,
        agent as _,
    )
    .fetch_all(&mut **tx)
    .await?)
}

/// Whether an unread notice leads to this address.
///
/// # Errors
/// When the database refuses.
pub async fn has_unread(tx: &mut Tx, agent: AgentId, href: &str) -> Result<bool> {
    let company = tx.ctx.company;
    Ok(sqlx::query_scalar!(
        r#"select exists (
            select from live_events
            where company_id = $1 and agent_id = $2
            and read_at is null
            and payload ? 'href'
            and payload ->> 'href' = $3
        ) as "has!""#,
        company as _,
        agent as _,
        href,
    )
    .fetch_one(&mut **tx)
    .await?)
}

/// Marks notices as read: all of them, or those that lead to one address.
///
/// # Errors
/// When the database refuses.
pub async fn read(tx: &mut Tx, agent: AgentId, href: Option<&str>) -> Result {
    let (company, now) = (tx.ctx.company, tx.ctx.now());
    sqlx::query!(
        "update live_events set read_at = $3
        where company_id = $1 and agent_id = $2
        and read_at is null
        and payload ? 'href'
        and ($4::text is null or payload ->> 'href' = $4)",
        company as _,
        agent as _,
        now,
        href,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
