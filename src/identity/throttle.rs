//! 防暴力破解: failed tries are counted per account, per network and per link, in the database (S34). A try is paid
//! for before it is looked at, so that parallel tries cannot slip through; a right one gives its price back.

use jiff::SignedDuration;
use kernel::app::App;
use kernel::error::{Error, Problem, Result};
use kernel::time::Stamp;
use sqlx::PgConnection;
use std::net::IpAddr;

/// Longest pause: never for good.
const LONGEST: SignedDuration = SignedDuration::from_mins(15);
/// First pause; each further failure doubles it.
pub const FIRST: SignedDuration = SignedDuration::from_secs(30);
/// How long a network from which somebody signed in counts as theirs.
const KNOWN_FOR: SignedDuration = SignedDuration::from_hours(24 * 90);

/// How many tries are free and when they are forgotten.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Failures without a pause.
    pub free: i32,
    /// Failures older than this count no more.
    pub forget: SignedDuration,
}

/// Tries for one account.
pub const ACCOUNT: Rule = Rule { free: 5, forget: SignedDuration::from_hours(24) };
/// Tries from one network: an office of many people shares one.
pub const NETWORK: Rule = Rule { free: 40, forget: SignedDuration::from_hours(1) };

/// Tries for all accounts whose addresses share a domain, which are those of one company: asking by the domain tells
/// nothing about which accounts there are.
pub const DOMAIN: Rule = Rule { free: 200, forget: SignedDuration::from_hours(1) };
/// Tries for all accounts of the installation.
pub const EVERYWHERE: Rule = Rule { free: 2000, forget: SignedDuration::from_hours(1) };

/// What is known about one key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tally {
    /// Tries that were paid for and not given back.
    pub failures: i32,
    /// Since when.
    pub window_start: Stamp,
    /// Until when nothing more is looked at.
    pub blocked_until: Option<Stamp>,
}

/// Tries that one request has paid for.
#[derive(Clone, Debug)]
#[must_use = "a right try gives its price back"]
pub struct Paid {
    keys: Vec<String>,
}

/// The tally after one more try; `None` while a pause holds.
#[must_use]
pub fn pay(tally: Option<Tally>, rule: Rule, now: Stamp) -> Option<Tally> {
    let tally = tally.filter(|tally| now.since(tally.window_start) < rule.forget);
    if tally.is_some_and(|tally| tally.blocked_until.is_some_and(|until| until > now)) {
        return None;
    }
    let failures = tally.map_or(0, |tally| tally.failures) + 1;
    let over = failures - rule.free;
    let pause = (over >= 0).then(|| FIRST.saturating_mul(1 << over.min(16)).min(LONGEST));
    Some(Tally { failures, window_start: tally.map_or(now, |tally| tally.window_start), blocked_until: pause.map(|pause| now.plus(pause)) })
}

/// Pays for one try at an account from an address of the network.
///
/// A person who signed in from this network before has a tally of their own there: strangers who guess elsewhere
/// cannot lock them out, neither by this account nor by all others of the company or the installation.
///
/// `Problem::TooFrequent` while a pause holds; it is the same whether the account exists or not.
pub async fn account(app: &App, email: &str, ip: Option<IpAddr>) -> Result<Paid> {
    let mut tx = app.directory().await?;
    let known = known_key(email, ip);
    let since = app.clock.now().minus(KNOWN_FOR);
    let is_known = sqlx::query_scalar!(
        r#"select exists (select from directory.throttles where key = $1 and window_start > $2) as "known!""#,
        known,
        since,
    )
    .fetch_one(&mut *tx)
    .await?;
    let mut keys = if is_known {
        vec![(format!("at {known}"), ACCOUNT)]
    } else {
        let domain = email.rsplit_once('@').map_or("", |(_, domain)| domain);
        vec![(format!("account:{email}"), ACCOUNT), (format!("domain:{domain}"), DOMAIN), ("everywhere".to_owned(), EVERYWHERE)]
    };
    keys.extend(ip.map(|ip| (network_key(ip), NETWORK)));
    let paid = pay_all(&mut tx, app, keys).await?;
    tx.commit().await?;
    Ok(paid)
}

/// Pays for one try at something that only a network is known of: a link, the code of the first visit.
///
/// `Problem::TooFrequent` while a pause holds.
pub async fn network(app: &App, ip: Option<IpAddr>) -> Result<Paid> {
    let mut tx = app.directory().await?;
    let paid = pay_all(&mut tx, app, ip.map(|ip| (network_key(ip), NETWORK)).into_iter().collect()).await?;
    tx.commit().await?;
    Ok(paid)
}

/// Pays for one try of a program: whoever shares its network signs in all the same.
///
/// `Problem::TooFrequent` while a pause holds.
pub async fn program(app: &App, ip: Option<IpAddr>) -> Result<Paid> {
    let mut tx = app.directory().await?;
    let key = |ip| network_key(ip).replacen("ip:", "ip:api/", 1);
    let paid = pay_all(&mut tx, app, ip.map(|ip| (key(ip), NETWORK)).into_iter().collect()).await?;
    tx.commit().await?;
    Ok(paid)
}

/// Pays for one use of anything named by `key`, such as a reset mail to one address.
///
/// `Problem::TooFrequent` while a pause holds.
pub async fn named(app: &App, key: &str, ip: Option<IpAddr>) -> Result<Paid> {
    let mut tx = app.directory().await?;
    let mut keys = vec![(key.to_owned(), ACCOUNT)];
    keys.extend(ip.map(|ip| (network_key(ip), NETWORK)));
    let paid = pay_all(&mut tx, app, keys).await?;
    tx.commit().await?;
    Ok(paid)
}

/// Gives the price back: the try was right. The account starts anew, whatever many people share only gets this one try
/// back.
pub async fn refund(connection: &mut PgConnection, paid: &Paid) -> Result {
    for key in &paid.keys {
        if let Some(rule) = shared(key) {
            sqlx::query!(
                "update directory.throttles
                set failures = greatest(failures - 1, 0), blocked_until = case when failures <= $2 then null else blocked_until end
                where key = $1",
                key,
                rule.free,
            )
            .execute(&mut *connection)
            .await?;
        } else {
            sqlx::query!("delete from directory.throttles where key = $1", key).execute(&mut *connection).await?;
        }
    }
    Ok(())
}

/// Remembers that this person signed in from this network.
pub async fn remember(connection: &mut PgConnection, email: &str, ip: Option<IpAddr>, now: Stamp) -> Result {
    sqlx::query!(
        "insert into directory.throttles (key, failures, window_start) values ($1, 0, $2)
        on conflict (key) do update set window_start = excluded.window_start",
        known_key(email, ip),
        now,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// System: deletes tallies that count no more; run daily by the worker.
pub async fn forget_old(app: &App) -> Result {
    let now = app.clock.now();
    let mut tx = app.directory().await?;
    sqlx::query!(
        "delete from directory.throttles
        where window_start < $1
        or (window_start < $2 and key not like 'known:%')",
        now.minus(KNOWN_FOR),
        now.minus(ACCOUNT.forget),
    )
    .execute(&mut *tx)
    .await?;
    Ok(tx.commit().await?)
}

/// The /24 or /64 an address lies in, as a key.
#[must_use]
pub fn network_key(ip: IpAddr) -> String {
    match ip.to_canonical() {
        IpAddr::V4(ip) => {
            let [a, b, c, _] = ip.octets();
            format!("ip:{a}.{b}.{c}.0/24")
        }
        IpAddr::V6(ip) => {
            let [a, b, c, d, ..] = ip.segments();
            format!("ip:{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}

/// The rule of a key that many people pay into: a right try gives only its own price back.
fn shared(key: &str) -> Option<Rule> {
    match key.split_once(':') {
        Some(("ip", _)) => Some(NETWORK),
        Some(("domain", _)) => Some(DOMAIN),
        None if key == "everywhere" => Some(EVERYWHERE),
        _ => None,
    }
}

fn known_key(email: &str, ip: Option<IpAddr>) -> String {
    let network = ip.map(network_key).unwrap_or_default();
    format!("known:{email} {network}")
}

/// Each key's row is locked from reading to writing; keys are in one order for everybody.
async fn pay_all(connection: &mut PgConnection, app: &App, mut keys: Vec<(String, Rule)>) -> Result<Paid> {
    let now = app.clock.now();
    keys.sort_unstable_by(|a, b| a.0.cmp(&b.0));
    for (key, rule) in &keys {
        let row = sqlx::query!(
            "insert into directory.throttles as t (key, failures, window_start) values ($1, 0, $2)
            on conflict (key) do update set failures = t.failures
            returning failures, window_start, blocked_until",
            key,
            now,
        )
        .fetch_one(&mut *connection)
        .await?;
        let tally = Tally { failures: row.failures, window_start: row.window_start, blocked_until: row.blocked_until };
        // A refusal rolls the other keys' price back.
        let after = pay(Some(tally), *rule, now).ok_or(Error::from(Problem::TooFrequent))?;
        sqlx::query!(
            "update directory.throttles set failures = $2, window_start = $3, blocked_until = $4 where key = $1",
            key,
            after.failures,
            after.window_start,
            after.blocked_until,
        )
        .execute(&mut *connection)
        .await?;
    }
    Ok(Paid { keys: keys.into_iter().map(|(key, _)| key).collect() })
}
