//! One round of fetching: everything beyond the cursor, in order, each message committed together with the cursor. A
//! message that cannot be had is set aside after several tries, and the next one is fetched (F22, F24).

use super::session::{self, STEP, Session};
use crate::commands::{self, Arrival, Fetcher};
use crate::parse::LARGEST;
use crate::reach::Refusal;
use async_imap::error::Error as ImapError;
use async_imap::types::Fetch;
use bytes::Bytes;
use futures_util::{Stream, StreamExt};
use kernel::ctx::Ctx;
use kernel::error::{Error, Result};
use kernel::id::MailboxId;
use std::collections::HashMap;
use std::time::Duration;

/// Messages whose sizes are asked for at once.
const BATCH: usize = 50;
/// Bytes that are fetched at once.
const LOAD: u64 = 8 * 1024 * 1024;
/// Beginning of a message that is too large.
const BEGINNING: usize = 256 * 1024;
/// How long the server may be silent while it sends a message.
const SILENCE: Duration = Duration::from_secs(60);
/// Weight of failures after which a message is set aside.
const ENOUGH: u32 = 4;

type Tried<T> = std::result::Result<T, Trouble>;

/// Which mailbox is fetched, for whom.
#[derive(Clone, Debug)]
pub struct Round {
    /// Who fetches where.
    pub ctx: Ctx,
    /// The mailbox.
    pub mailbox: MailboxId,
    /// Its folder.
    pub folder: String,
    /// With which right to write.
    pub fetcher: Fetcher,
}

/// What is remembered from one connection to the next about the message that broke it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Care {
    /// One message at a time, until a round goes through.
    is_careful: bool,
    stuck_at: i64,
    weight: u32,
}

/// Why a round ended early.
#[derive(Debug)]
pub enum Trouble {
    /// The server cannot be used.
    Refused(Refusal),
    /// The connection broke while this message was fetched, or before any.
    Broken(Option<Break>),
    /// Our own side failed, or the lease is gone.
    Ours(Error),
}

/// A message that broke the connection.
#[derive(Clone, Copy, Debug)]
pub struct Break {
    validity: i64,
    uid: i64,
    /// 1 for a line that went dead, 2 for an answer that cannot be read.
    weight: u32,
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Trouble {
        Trouble::Ours(error)
    }
}

/// Fetches everything beyond the cursor; how many mails are new.
///
/// # Errors
/// What broke it; everything before is committed.
pub async fn round(session: &mut Session, round: &Round, care: &mut Care) -> Tried<usize> {
    let folder = session::examine(session, &round.folder).await.map_err(Trouble::Refused)?;
    let validity = i64::from(folder.uid_validity.unwrap_or(0));
    let last = cursor(round, validity).await?;
    if folder.exists == 0 {
        *care = Care::default();
        return Ok(0);
    }
    let mut uids = search(session, &format!("UID {}:*", last + 1)).await?;
    // A range beyond the end still names the last message.
    uids.retain(|uid| *uid > last);
    let mut new = 0;
    for batch in uids.chunks(if care.is_careful { 1 } else { BATCH }) {
        new += fetch_batch(session, round, validity, batch).await.map_err(|trouble| blame(trouble, validity, batch))?;
    }
    *care = Care::default();
    Ok(new)
}

/// Remembers a break; a message that broke the connection often enough is set aside (F22), so that the next round goes
/// on behind it.
///
/// # Errors
/// When that cannot be written down.
pub async fn remember(round: &Round, care: &mut Care, broken: Option<Break>) -> Result {
    care.is_careful = true;
    let Some(broken) = broken else { return Ok(()) };
    care.weight = if care.stuck_at == broken.uid { care.weight + broken.weight } else { broken.weight };
    care.stuck_at = broken.uid;
    if care.weight >= ENOUGH {
        tracing::warn!(mailbox = %round.mailbox, uid = broken.uid, "a message cannot be fetched and is set aside");
        commands::receive_gap(&round.ctx, round.mailbox, (broken.validity, broken.uid), round.fetcher).await?;
        *care = Care { is_careful: true, ..Care::default() };
    }
    Ok(())
}

/// In a batch of one it is known which message broke the connection.
fn blame(trouble: Trouble, validity: i64, batch: &[i64]) -> Trouble {
    match trouble {
        Trouble::Broken(Some(broken)) => Trouble::Broken((batch.len() == 1).then(|| Break { validity, uid: batch[0], ..broken })),
        other => other,
    }
}

async fn cursor(round: &Round, validity: i64) -> Tried<i64> {
    let mut tx = round.ctx.begin().await?;
    let company = round.ctx.company;
    let row =
        sqlx::query!("select uid_validity, last_uid from mailboxes where company_id = $1 and id = $2", company as _, round.mailbox as _,)
            .fetch_one(&mut *tx)
            .await
            .map_err(Error::from)?;
    Ok(if row.uid_validity == Some(validity) { row.last_uid } else { 0 })
}

async fn fetch_batch(session: &mut Session, round: &Round, validity: i64, batch: &[i64]) -> Tried<usize> {
    let mut sizes = HashMap::new();
    for fetch in collect(session, batch, "(UID RFC822.SIZE)").await? {
        if let (Some(uid), Some(size)) = (fetch.uid, fetch.size) {
            sizes.insert(i64::from(uid), u64::from(size));
        }
    }
    let mut new = 0;
    let mut rest = batch;
    while let Some(first) = rest.first() {
        let size = |uid: &i64| sizes.get(uid).copied().unwrap_or(0);
        let is_large = size(first) > LARGEST as u64;
        let mut load = 0;
        let taken = if is_large {
            1
        } else {
            rest.iter()
                .take_while(|uid| {
                    load += size(uid);
                    load <= LOAD && size(uid) <= LARGEST as u64
                })
                .count()
                .max(1)
        };
        let (now, later) = rest.split_at(taken);
        rest = later;
        new += fetch_some(session, round, validity, now, is_large.then(|| size(first))).await?;
    }
    Ok(new)
}

/// Fetches these messages and commits them one by one, in order.
async fn fetch_some(session: &mut Session, round: &Round, validity: i64, uids: &[i64], too_large: Option<u64>) -> Tried<usize> {
    let part = if too_large.is_some() { format!("(UID BODY.PEEK[]<0.{BEGINNING}>)") } else { "(UID BODY.PEEK[])".to_owned() };
    let fetched = collect(session, uids, &part).await?;
    let mut bodies: HashMap<i64, Bytes> =
        fetched.iter().filter_map(|fetch| Some((i64::from(fetch.uid?), Bytes::copy_from_slice(fetch.body()?)))).collect();
    drop(fetched);
    let mut new = 0;
    for uid in uids {
        let Some(raw) = bodies.remove(uid) else {
            is_gone(session, *uid).await?;
            continue;
        };
        let arrival = Arrival { mailbox: round.mailbox, uid: Some((validity, *uid)), raw, seen_at: round.ctx.now() };
        let received = match too_large {
            Some(size) => commands::receive_cut(&round.ctx, arrival, size, round.fetcher).await?,
            None => commands::receive_from(&round.ctx, arrival, round.fetcher).await?,
        };
        new += usize::from(received.is_new);
    }
    Ok(new)
}

/// A message that was not handed over must be gone from the server: silence, a refusal or a dead line is no proof.
async fn is_gone(session: &mut Session, uid: i64) -> Tried<()> {
    let found = search(session, &format!("UID {uid}")).await?;
    if found.contains(&uid) { Err(broken(2)) } else { Ok(()) }
}

/// Finds messages, in order. The library reads a dead line as "nothing found", so the line is tried afterwards.
async fn search(session: &mut Session, query: &str) -> Tried<Vec<i64>> {
    let found =
        tokio::time::timeout(SILENCE, session.uid_search(query)).await.map_err(|_| broken(1))?.map_err(|error| broken(weight(&error)))?;
    let alive = tokio::time::timeout(STEP, session.run_command_and_check_ok("NOOP")).await;
    match alive {
        Ok(Ok(())) => {
            let mut uids: Vec<i64> = found.into_iter().map(i64::from).collect();
            uids.sort_unstable();
            Ok(uids)
        }
        _ => Err(broken(1)),
    }
}

async fn collect(session: &mut Session, uids: &[i64], query: &str) -> Tried<Vec<Fetch>> {
    let set = uids.iter().map(i64::to_string).collect::<Vec<_>>().join(",");
    let mut stream =
        tokio::time::timeout(STEP, session.uid_fetch(set, query)).await.map_err(|_| broken(1))?.map_err(|error| broken(weight(&error)))?;
    let mut found = Vec::new();
    while let Some(fetch) = next(&mut stream).await? {
        found.push(fetch);
    }
    Ok(found)
}

async fn next(stream: &mut (impl Stream<Item = std::result::Result<Fetch, ImapError>> + Unpin)) -> Tried<Option<Fetch>> {
    match tokio::time::timeout(SILENCE, stream.next()).await {
        Err(_) => Err(broken(1)),
        Ok(None) => Ok(None),
        Ok(Some(Ok(fetch))) => Ok(Some(fetch)),
        Ok(Some(Err(error))) => Err(broken(weight(&error))),
    }
}

fn broken(weight: u32) -> Trouble {
    Trouble::Broken(Some(Break { validity: 0, uid: 0, weight }))
}

/// An answer that cannot be read is the message's fault; a dead line may be anybody's.
fn weight(error: &ImapError) -> u32 {
    match error {
        ImapError::Io(error) if error.kind() != std::io::ErrorKind::Other => 1,
        ImapError::ConnectionLost => 1,
        _ => 2,
    }
}
