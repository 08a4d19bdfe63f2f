//! 密码: argon2id by the parameters of OWASP (S31), on few threads with a bounded queue, and how good a password must
//! be (S32).

use argon2::{Algorithm, Argon2, Params, PasswordHash, PasswordHasher, PasswordVerifier, Version};
use kernel::error::{Error, Problem, Problems, Result};
use kernel::rng;
use std::collections::HashSet;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::sync::Semaphore;

/// Memory in KiB, passes and lanes.
const COST: (u32, u32, u32) = (19_456, 2, 1);
/// How many are worked out at once: each takes 19 MiB and a core.
static TURNS: Semaphore = Semaphore::const_new(2);
/// How many wait for a turn.
static WAITING: AtomicUsize = AtomicUsize::new(0);
/// Most that wait; whoever comes then is told to try again.
const QUEUE: usize = 100;
/// A hash of no password, of the same cost: looked at when there is no account, so that it takes as long (S33).
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$a2VmdWtlZnVrZWZ1a2VmdQ$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
/// Lowest score of zxcvbn, of 0 to 4: out of reach of 10⁶ guesses.
const SCORE: u8 = 2;

/// Of the 100,000 most common passwords those of eight characters and more, in small letters: from the “10 Million
/// Password List” of Mark Burnett, which is in the public domain; and the common ones of Chinese people.
static COMMON: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| include_str!("common_passwords.txt").lines().map(str::trim).filter(|line| !line.is_empty()).collect());

/// What a look at a password found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Whether it is the account's.
    pub matches: bool,
    /// Whether the stored hash has other parameters than today's and should be made anew.
    pub outdated: bool,
}

/// The PHC string of a password, with a fresh salt.
///
/// `Busy` when too many wait already.
pub async fn hash(password: &str) -> Result<String> {
    let password = password.to_owned();
    in_turn(move || {
        let hashed = hasher()?.hash_password_with_salt(password.as_bytes(), &rng::bytes::<16>());
        hashed.map(|hash| hash.to_string()).map_err(Error::internal)
    })
    .await
}

/// Whether the password is the one of this PHC string. Takes the same work when there is none, or none that can be
/// read: nothing ever equals those (S33, S35).
///
/// `Busy` when too many wait already.
pub async fn verify(password: &str, stored: Option<&str>) -> Result<Verdict> {
    let (password, stored) = (password.to_owned(), stored.unwrap_or_default().to_owned());
    in_turn(move || {
        let parsed = PasswordHash::new(&stored).ok();
        let nobody = PasswordHash::new(NOBODY).map_err(Error::internal)?;
        let found = hasher()?.verify_password(password.as_bytes(), parsed.as_ref().unwrap_or(&nobody)).is_ok();
        let matches = found && parsed.is_some();
        Ok(Verdict { matches, outdated: matches && parsed.is_some_and(|hash| !is_current(&hash)) })
    })
    .await
}

/// Refuses a password that is too short, too long or easy to guess. `context` are words that stand near: company, name,
/// address.
pub fn check(password: &str, field: &str, context: &[&str]) -> Result {
    let mut problems = Problems::default();
    crate::model::account::check_length(&mut problems, password, field);
    problems.end()?;
    if is_strong(password, context) { Ok(()) } else { Err(Error::Problems(Problems::one(field, Problem::PasswordTooWeak))) }
}

/// Whether a password is hard enough to guess.
#[must_use]
pub fn is_strong(password: &str, context: &[&str]) -> bool {
    let lower = password.to_lowercase();
    if COMMON.contains(lower.as_str()) {
        return false;
    }
    // Addresses are guessed by their parts; parts of one or two letters say nothing.
    let words: Vec<String> = context
        .iter()
        .flat_map(|text| text.split(|c: char| !c.is_alphanumeric()).chain([*text]))
        .filter(|word| word.chars().count() > 2 || !word.is_ascii())
        .map(str::to_lowercase)
        .chain(["kefu".to_owned(), "客服".to_owned()])
        .filter(|word| !word.is_empty())
        .collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    u8::from(zxcvbn::zxcvbn(password, &words).score()) >= SCORE
}

fn hasher() -> Result<Argon2<'static>> {
    let (memory, passes, lanes) = COST;
    let params = Params::new(memory, passes, lanes, None).map_err(Error::internal)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn is_current(hash: &PasswordHash) -> bool {
    let same_cost = Params::try_from(hash).is_ok_and(|params| (params.m_cost(), params.t_cost(), params.p_cost()) == COST);
    same_cost && hash.algorithm.as_str() == "argon2id"
}

/// Runs costly work on its own thread, a few at a time.
async fn in_turn<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    struct Waiting;
    impl Drop for Waiting {
        fn drop(&mut self) {
            WAITING.fetch_sub(1, Ordering::Relaxed);
        }
    }
    let before = WAITING.fetch_add(1, Ordering::Relaxed);
    let waiting = Waiting;
    if before >= QUEUE {
        return Err(Error::Busy);
    }
    let turn = TURNS.acquire().await.map_err(Error::internal)?;
    drop(waiting);
    // The turn ends with the work, not with the one who waits for it: a request that goes away frees no thread.
    let worked = tokio::task::spawn_blocking(move || {
        let done = work();
        drop(turn);
        done
    });
    worked.await.map_err(Error::internal)?
}
