//! 外发请求: the one client of every HTTP request to an address that somebody typed (S24, S26).
//!
//! A name is resolved once, every address behind it is checked, and the connection goes to those very addresses: a name
//! that answers differently a moment later changes nothing. There are no redirects and no proxy of the environment; an
//! answer may take 15 seconds in all, and 64 KB of it are read. What is fetched for keeping, such as a recording, may take
//! two minutes and has the limit that whoever fetches it names.

use crate::address::is_public;
use crate::config::Config;
use reqwest::redirect::Policy;
use reqwest::{Client, Url};
use std::collections::HashMap;
use std::error::Error as _;
use std::fmt::Debug;
use std::future::Future;
use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// How long a request may take in all, from the name to the last byte.
pub const PATIENCE: Duration = Duration::from_secs(15);
/// Bytes of an answer that are read at most.
pub const ANSWER_MOST: usize = 64 * 1024;
/// How long fetching may take in all, from the name to the last byte.
pub const FETCH_PATIENCE: Duration = Duration::from_secs(120);
/// Path under which an installation takes requests of its own, to try forwarding against.
pub const OWN_PATH: &str = "/hook/";
/// How long a connection may take to come about.
const CONNECTS: Duration = Duration::from_secs(5);
/// Clients that are kept: one for each set of checked addresses, so that connections are used again.
const CLIENTS_MOST: usize = 256;

/// Why there is no answer: a closed set, without a word of what the other side said (S26).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The address is none, or of a kind that is not used: no HTTPS, a port below 1024, a password in it.
    BadUrl,
    /// The host, or one of the addresses behind its name, does not belong to the open internet.
    Forbidden,
    /// Nobody knows the name.
    Unresolved,
    /// No connection came about.
    Unreachable,
    /// Its certificate or protocol is not to be trusted.
    Tls,
    /// It did not answer in time.
    TimedOut,
    /// The connection ended in the middle.
    Broken,
}

/// Finds the addresses of a name; tests have their own.
pub trait Lookup: Debug + Send + Sync {
    /// The addresses behind a name.
    fn find(&self, host: String, port: u16) -> Finding;
}

/// Addresses on their way.
pub type Finding = Pin<Box<dyn Future<Output = io::Result<Vec<SocketAddr>>> + Send>>;

/// The resolver of the system.
#[derive(Debug)]
struct System;

impl Lookup for System {
    fn find(&self, host: String, port: u16) -> Finding {
        Box::pin(async move { Ok(tokio::net::lookup_host((host, port)).await?.collect()) })
    }
}

/// A request that is posted.
#[derive(Clone, Debug, Default)]
pub struct Post {
    /// Where to.
    pub url: String,
    /// Names and values.
    pub headers: Vec<(String, String)>,
    /// What is said.
    pub body: String,
}

/// What came back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// Names and values, as far as they are text.
    pub headers: Vec<(String, String)>,
    /// The beginning of what was said.
    pub body: Vec<u8>,
    /// Whether there was more.
    pub is_cut: bool,
}

/// 外发客户端. Clones share their connections.
#[derive(Clone, Debug)]
pub struct Egress {
    allows_private: bool,
    own: String,
    listen: SocketAddr,
    lookup: Arc<dyn Lookup>,
    clients: Arc<Mutex<Clients>>,
}

/// By host and the addresses that it was checked to have.
type Clients = HashMap<(String, Vec<SocketAddr>), Client>;

impl Egress {
    /// The client of a program that was started like this.
    #[must_use]
    pub fn new(config: &Config) -> Egress {
        Egress::with_lookup(config, Arc::new(System))
    }

    /// The same with another way of finding addresses.
    #[must_use]
    pub fn with_lookup(config: &Config, lookup: Arc<dyn Lookup>) -> Egress {
        Egress {
            allows_private: config.private_webhook_hosts,
            own: config.link(OWN_PATH),
            listen: config.listen,
            lookup,
            clients: Arc::default(),
        }
    }

    /// Whether an address may be asked at all, as far as it says so itself: what a name leads to is known when it is asked.
    ///
    /// # Errors
    /// `BadUrl` or `Forbidden`.
    pub fn check(&self, text: &str) -> Result<(), Refusal> {
        self.read(text).map(|_| ())
    }

    /// Posts, and reads the beginning of the answer.
    ///
    /// # Errors
    /// When there is none, with the reason.
    pub async fn post(&self, post: &Post) -> Result<Answer, Refusal> {
        tokio::time::timeout(PATIENCE, self.send(post)).await.unwrap_or(Err(Refusal::TimedOut))
    }

    async fn send(&self, post: &Post) -> Result<Answer, Refusal> {
        let url = self.read(&post.url)?;
        let (url, addresses) = if self.is_own(&post.url) { self.to_ourselves(url)? } else { self.resolve(url).await? };
        let host = url.host_str().unwrap_or_default().to_owned();
        let mut request = self.client(host, addresses)?.post(url).body(post.body.clone());
        for (name, value) in &post.headers {
            request = request.header(name, value);
        }
        heard(request.send().await.map_err(|error| refusal(&error))?, ANSWER_MOST).await
    }

    /// Fetches what lies at an address, at most `most` bytes of it.
    ///
    /// # Errors
    /// When there is no answer, with the reason.
    pub async fn get(&self, url: &str, most: usize) -> Result<Answer, Refusal> {
        tokio::time::timeout(FETCH_PATIENCE, self.fetch(url, most)).await.unwrap_or(Err(Refusal::TimedOut))
    }

    async fn fetch(&self, text: &str, most: usize) -> Result<Answer, Refusal> {
        // Our own receiver takes and has nothing to give.
        if self.is_own(text) {
            return Err(Refusal::Forbidden);
        }
        let (url, addresses) = self.resolve(self.read(text)?).await?;
        let host = url.host_str().unwrap_or_default().to_owned();
        let request = self.client(host, addresses)?.get(url).timeout(FETCH_PATIENCE);
        heard(request.send().await.map_err(|error| refusal(&error))?, most).await
    }

    fn read(&self, text: &str) -> Result<Url, Refusal> {
        let url = Url::parse(text.trim()).map_err(|_| Refusal::BadUrl)?;
        let is_plain = url.scheme() == "http";
        let port = url.port_or_known_default().unwrap_or(0);
        let is_usable = (is_plain || url.scheme() == "https") && url.username().is_empty() && url.password().is_none();
        let host = url.host_str().unwrap_or_default().to_owned();
        if !is_usable || host.is_empty() || !(port == 443 || port == 80 || port >= 1024) {
            return Err(Refusal::BadUrl);
        }
        if self.is_own(text) {
            return Ok(url);
        }
        if is_plain && !self.allows_private {
            return Err(Refusal::BadUrl);
        }
        match literal(&host) {
            Some(ip) if !self.may(ip, is_plain) => Err(Refusal::Forbidden),
            None if !self.allows_private && is_local_name(&host) => Err(Refusal::Forbidden),
            _ => Ok(url),
        }
    }

    /// Whether the address may be connected to. Without TLS only within one's own network.
    fn may(&self, ip: IpAddr, is_plain: bool) -> bool {
        if is_public(ip) { !is_plain } else { self.allows_private }
    }

    fn is_own(&self, text: &str) -> bool {
        text.trim().strip_prefix(&self.own).is_some_and(|token| {
            !token.is_empty() && token.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '-' || letter == '_')
        })
    }

    /// What goes to our own receiver goes to our own listener, whatever stands before it in the network.
    fn to_ourselves(&self, mut url: Url) -> Result<(Url, Vec<SocketAddr>), Refusal> {
        let ip = if self.listen.ip().is_unspecified() { IpAddr::V4(Ipv4Addr::LOCALHOST) } else { self.listen.ip() };
        let bad = |()| Refusal::BadUrl;
        url.set_scheme("http").map_err(bad)?;
        url.set_ip_host(ip).map_err(bad)?;
        url.set_port(Some(self.listen.port())).map_err(bad)?;
        Ok((url, vec![SocketAddr::new(ip, self.listen.port())]))
    }

    async fn resolve(&self, url: Url) -> Result<(Url, Vec<SocketAddr>), Refusal> {
        let (host, port) = (url.host_str().unwrap_or_default().to_owned(), url.port_or_known_default().unwrap_or(443));
        let mut found = match literal(&host) {
            Some(ip) => vec![SocketAddr::new(ip, port)],
            None => self.lookup.find(host, port).await.map_err(|_| Refusal::Unresolved)?,
        };
        let is_plain = url.scheme() == "http";
        if found.is_empty() {
            return Err(Refusal::Unresolved);
        }
        if !found.iter().all(|address| self.may(address.ip(), is_plain)) {
            return Err(Refusal::Forbidden);
        }
        found.sort_unstable();
        Ok((url, found))
    }

    /// The client that knows these addresses of the host and no others.
    #[expect(clippy::disallowed_methods, reason = "the one place that makes clients")]
    fn client(&self, host: String, addresses: Vec<SocketAddr>) -> Result<Client, Refusal> {
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = clients.get(&(host.clone(), addresses.clone())) {
            return Ok(client.clone());
        }
        let client = Client::builder()
            .no_proxy()
            .redirect(Policy::none())
            .referer(false)
            .user_agent("Kefu")
            .timeout(PATIENCE)
            .connect_timeout(CONNECTS)
            .pool_max_idle_per_host(2)
            .pool_idle_timeout(Duration::from_secs(30))
            .resolve_to_addrs(&host, &addresses)
            .build()
            .map_err(|_| Refusal::Unreachable)?;
        if clients.len() >= CLIENTS_MOST {
            clients.clear();
        }
        clients.insert((host, addresses), client.clone());
        Ok(client)
    }
}

/// An answer with at most so many bytes of what it says.
async fn heard(mut response: reqwest::Response, most: usize) -> Result<Answer, Refusal> {
    let text = |(name, value): (&reqwest::header::HeaderName, &reqwest::header::HeaderValue)| {
        (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned())
    };
    let mut answer =
        Answer { status: response.status().as_u16(), headers: response.headers().iter().map(text).collect(), ..Answer::default() };
    while let Some(chunk) = response.chunk().await.map_err(|error| refusal(&error))? {
        let room = most - answer.body.len();
        answer.body.extend_from_slice(&chunk[..chunk.len().min(room)]);
        if chunk.len() > room {
            answer.is_cut = true;
            break;
        }
    }
    Ok(answer)
}

/// The address that stands in the place of a name.
fn literal(host: &str) -> Option<IpAddr> {
    host.trim_start_matches('[').trim_end_matches(']').parse().ok()
}

/// A name that means this machine by itself (RFC 6761).
fn is_local_name(host: &str) -> bool {
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    host == "localhost" || host.ends_with(".localhost") || host.ends_with(".local") || host.ends_with(".internal")
}

fn refusal(error: &reqwest::Error) -> Refusal {
    if error.is_timeout() {
        return Refusal::TimedOut;
    }
    if !error.is_connect() {
        return Refusal::Broken;
    }
    let mut cause = error.source();
    while let Some(inner) = cause {
        let words = inner.to_string().to_lowercase();
        if ["certificate", "handshake", "tls", "corrupt message"].iter().any(|word| words.contains(word)) {
            return Refusal::Tls;
        }
        cause = inner.source();
    }
    Refusal::Unreachable
}

#[cfg(test)]
mod tests;
