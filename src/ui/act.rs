//! How a form becomes a command. A server function hands its input to `run`; what comes back is a page: the next one
//! with a toast, or the same one with everything that was typed and each problem beside its field.

use crate::flash::{Flash, Held, Toast, Typed, Undo};
use crate::session::SignedIn;
use bytes::Bytes;
use kernel::app::App;
use kernel::ctx::{Ctx, Request};
use kernel::error::{Error, Problem, Problems, Result, Wire};
use kernel::id::{AgentId, CompanyId};
use kernel::lang::Lang;
use leptos::prelude::*;
use leptos::server_fn::codec::MultipartData;
use serde::{Serialize, de::DeserializeOwned};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tower_sessions::Session;

/// Bytes of the files of one form that are kept in memory.
const LARGEST_FILES: usize = 64 * 1024 * 1024;

/// Cookie that says, sealed, who was last signed in in this browser.
pub const WAS_COOKIE: &str = "kefu_was";

/// The request behind a server function; the router provides it.
#[derive(Clone, Debug)]
pub struct Call {
    /// The program.
    pub app: Arc<App>,
    /// The signed-in agent, when there is one.
    pub ctx: Option<Ctx>,
    /// Who was last signed in in this browser.
    pub was: Option<AgentId>,
    /// Language, address.
    pub request: Request,
    /// The browser's session.
    pub session: Session,
    /// Path and query of the page that was left, always of this site.
    pub back: String,
    /// Whether a plain form was posted, so that the answer is a page.
    pub is_form: bool,
    /// Whether its network sends too often: what was typed is kept, and nothing else is done.
    pub is_too_often: bool,
    /// The browser, as it names itself.
    pub user_agent: String,
    /// Raised when the database does not answer: the router says so, with the status that asks to come again.
    pub is_away: Arc<AtomicBool>,
}

impl Call {
    /// The language of the page that was left.
    #[must_use]
    pub fn lang(&self) -> Lang {
        self.request.lang
    }

    /// Signs this browser in.
    ///
    /// # Errors
    /// When the session cannot be kept.
    pub async fn sign_in(&self, company: CompanyId, agent: AgentId) -> Result {
        let ip = self.request.ip.map(|ip| ip.to_string()).unwrap_or_default();
        let signed_in = SignedIn { company, agent, at: self.app.clock.now(), ip, user_agent: self.user_agent.clone() };
        crate::session::sign_in(&self.session, signed_in).await?;
        if let Some(options) = use_context::<leptos_axum::ResponseOptions>() {
            options.append_header(axum::http::header::SET_COOKIE, was_cookie(&self.app, agent)?);
        }
        Held::give(&self.session, agent).await;
        Ok(())
    }
}

/// Where a command that worked leads.
#[derive(Debug, Default)]
pub struct Done {
    to: Option<String>,
    place: Option<&'static str>,
    flash: Flash,
}

impl Done {
    /// Back to the page that was left.
    #[must_use]
    pub fn back() -> Done {
        Done::default()
    }

    /// On to another page of this site.
    #[must_use]
    pub fn to(path: impl Into<String>) -> Done {
        Done { to: Some(path.into()), ..Done::default() }
    }

    /// Says what happened.
    #[must_use]
    pub fn say(mut self, text: impl Into<String>) -> Done {
        self.flash.toast = Some(Toast { text: text.into(), undo: None });
        self
    }

    /// At this element of the page.
    #[must_use]
    pub fn at(mut self, id: &'static str) -> Done {
        self.place = Some(id);
        self
    }

    /// Shows the form with this in its fields, as if it had been typed: for a step that fills in something.
    #[must_use]
    pub fn again(mut self, form: &str, input: &impl Serialize) -> Done {
        self.flash.form = Some(Typed::of(form, input, Problems::default()));
        self
    }

    /// Offers to take it back; comes after `say`.
    #[must_use]
    pub fn undo(mut self, label: impl Into<String>, path: impl Into<String>, fields: Vec<(String, String)>) -> Done {
        if let Some(toast) = &mut self.flash.toast {
            toast.undo = Some(Undo { label: label.into(), path: path.into(), fields });
        }
        self
    }
}

/// A file of a multipart form, in memory: at most 20 MB each.
#[derive(Clone, Debug)]
pub struct Upload {
    /// The name people gave it.
    pub name: String,
    /// The bytes.
    pub content: Bytes,
}

/// Runs a command of the signed-in agent.
///
/// # Errors
/// For callers that are no plain form: the problems.
pub async fn run<I, F, Fut>(form: &str, input: I, command: F) -> std::result::Result<(), Wire>
where
    I: Serialize + Clone,
    F: Fn(Ctx, I) -> Fut,
    Fut: Future<Output = Result<Done>>,
{
    let call = expect_context::<Call>();
    let Some(ctx) = call.ctx.clone() else { return ask_to_sign_in(&call, form, &input).await };
    let done = match refuse_nul(&input) {
        Ok(()) => match command(ctx.clone(), input.clone()).await {
            // Nothing of the first try is left, and the other transaction is through (D13).
            Err(Error::Contended) => command(ctx, input.clone()).await,
            done => done,
        },
        Err(error) => Err(error),
    };
    answer(&call, form, &input, done).await
}

/// Runs a command that needs nobody signed in.
///
/// # Errors
/// For callers that are no plain form: the problems.
pub async fn run_public<I, F, Fut>(form: &str, input: I, command: F) -> std::result::Result<(), Wire>
where
    I: Serialize + Clone,
    F: FnOnce(Call, I) -> Fut,
    Fut: Future<Output = Result<Done>>,
{
    let call = expect_context::<Call>();
    let done = match refuse_nul(&input) {
        Ok(()) if call.is_too_often => Err(Problem::TooFrequent.into()),
        Ok(()) => command(call.clone(), input.clone()).await,
        Err(error) => Err(error),
    };
    answer(&call, form, &input, done).await
}

/// Runs a command whose form carries files.
///
/// # Errors
/// For callers that are no plain form: the problems.
pub async fn upload<I, F, Fut>(form: &str, data: MultipartData, command: F) -> std::result::Result<(), Wire>
where
    I: Serialize + DeserializeOwned + Clone,
    F: FnOnce(Ctx, I, Vec<Upload>) -> Fut,
    Fut: Future<Output = Result<Done>>,
{
    let call = expect_context::<Call>();
    let (input, files, problems) = match read_multipart::<I>(data).await {
        Ok(read) => read,
        Err(error) if call.ctx.is_some() => return answer(&call, form, &(), Err(error)).await,
        Err(_) => return ask_to_sign_in(&call, form, &()).await,
    };
    let Some(ctx) = call.ctx.clone() else { return ask_to_sign_in(&call, form, &input).await };
    let done = match (problems.end(), refuse_nul(&input)) {
        (Ok(()), Ok(())) => command(ctx, input.clone(), files).await,
        (Err(error), _) | (_, Err(error)) => Err(error),
    };
    answer(&call, form, &input, done).await
}

/// Answers a script that posts one file: the value, or the problems.
///
/// # Errors
/// The problems.
pub async fn call_with_file<T, F, Fut>(data: MultipartData, command: F) -> std::result::Result<T, Wire>
where
    F: FnOnce(Ctx, Upload) -> Fut,
    Fut: Future<Output = Result<T>>,
{
    let call = expect_context::<Call>();
    let ctx = call.ctx.clone().ok_or(Error::SignInFirst)?;
    let done = async {
        let (_, mut files, problems) = read_parts(data).await?;
        problems.end()?;
        // Without a file it is an empty one: whether somebody may send any is asked first, by the command.
        let file = files.pop().unwrap_or(Upload { name: String::new(), content: Bytes::new() });
        command(ctx, file).await
    };
    done.await.map_err(|error| refused(&call, error))
}

/// Answers an island: the value, or the problems.
///
/// # Errors
/// The problems.
pub async fn call<T, F, Fut>(query: F) -> std::result::Result<T, Wire>
where
    F: FnOnce(Ctx) -> Fut,
    Fut: Future<Output = Result<T>>,
{
    let call = expect_context::<Call>();
    let ctx = call.ctx.clone().ok_or(Error::SignInFirst)?;
    query(ctx).await.map_err(|error| refused(&call, error))
}

/// A NUL cannot be stored, and nobody types one (S28).
fn refuse_nul(input: &impl Serialize) -> Result {
    let text = serde_json::to_string(input).map_err(Error::internal)?;
    if text.contains("\\u0000") { Err(Problem::BadFormat.into()) } else { Ok(()) }
}

async fn answer(call: &Call, form: &str, input: &impl Serialize, done: Result<Done>) -> std::result::Result<(), Wire> {
    match done {
        Ok(done) => {
            if done.flash.toast.is_some() || done.flash.form.is_some() {
                done.flash.leave(&call.session).await;
            }
            let place = done.place.map(|id| format!("#{id}")).unwrap_or_default();
            leptos_axum::redirect(&format!("{}{place}", local(done.to.as_deref().unwrap_or(&call.back))));
            Ok(())
        }
        Err(error) => {
            if !call.is_form {
                return Err(refused(call, error));
            }
            log(call, &error);
            let is_busy = error.is_passing();
            if matches!(error, Error::SignInFirst) {
                return ask_to_sign_in(call, form, input).await;
            }
            let problems = match error {
                Error::Problems(problems) => problems,
                other => Problems::one("", other.problem()),
            };
            Flash { toast: None, form: Some(Typed::of(form, input, problems)) }.leave(&call.session).await;
            // What was typed can wait in the session, or else in the browser: a redirect would lose it (F04).
            if is_busy && call.session.save().await.is_err() {
                call.is_away.store(true, Ordering::Relaxed);
                return Err(Error::Busy.into());
            }
            leptos_axum::redirect(local(&call.back));
            Ok(())
        }
    }
}

/// What a script is told.
fn refused(call: &Call, error: Error) -> Wire {
    log(call, &error);
    if error.is_passing() {
        call.is_away.store(true, Ordering::Relaxed);
    }
    error.into()
}

/// A session that ended meanwhile takes nothing typed with it: the form waits for the same person to sign in again.
async fn ask_to_sign_in(call: &Call, form: &str, input: &impl Serialize) -> std::result::Result<(), Wire> {
    if !call.is_form {
        return Err(Error::SignInFirst.into());
    }
    if let Some(agent) = call.was {
        Held { agent, form: Typed::of(form, input, Problems::one("", Problem::SessionEnded)) }.leave(&call.session).await;
    }
    leptos_axum::redirect(&format!("/sign-in?next={}", crate::visit::encoded(&call.back)));
    Ok(())
}

fn log(call: &Call, error: &Error) {
    if let Error::Internal(cause) = error {
        tracing::error!(request = %call.request.id, cause, "a command failed");
    }
}

/// A path of this site, or the home page: no redirect ever leaves it (S43).
#[must_use]
pub fn local(path: &str) -> &str {
    let harmless = path.starts_with('/')
        && !path.starts_with("//")
        && !path.contains(['\\', '\r', '\n', '\t'])
        && !path.to_ascii_lowercase().starts_with("/%2f")
        && !path.to_ascii_lowercase().starts_with("/%5c");
    if harmless { path } else { "/" }
}

/// Who was last signed in in this browser, as its cookie says.
#[must_use]
pub fn who_was(app: &App, cookie: &str) -> Option<AgentId> {
    let sealed = kernel::rng::from_base64(cookie)?;
    let agent = app.vault.open(WAS_COOKIE, &sealed).ok()?;
    uuid::Uuid::from_slice(&agent).ok().map(AgentId)
}

fn was_cookie(app: &App, agent: AgentId) -> Result<axum::http::HeaderValue> {
    let sealed = kernel::rng::to_base64(&app.vault.seal(WAS_COOKIE, agent.0.as_bytes()));
    let secure = if app.config.is_https() { "; Secure" } else { "" };
    let cookie = format!("{WAS_COOKIE}={sealed}; Path=/; HttpOnly; SameSite=Lax{secure}");
    axum::http::HeaderValue::from_str(&cookie).map_err(Error::internal)
}

async fn read_multipart<I: DeserializeOwned>(data: MultipartData) -> Result<(I, Vec<Upload>, Problems)> {
    #[derive(serde::Deserialize)]
    struct Fields<I> {
        input: I,
    }
    let (pairs, files, problems) = read_parts(data).await?;
    let fields: Fields<I> =
        serde_qs::Config::new(5, false).deserialize_str(&pairs.join("&")).map_err(|_| Error::from(Problem::BadFormat))?;
    Ok((fields.input, files, problems))
}

/// Fields as pairs of a query, files, and what is wrong with the files. A file that is too much is read to its end and
/// dropped: the words beside it are not lost, and the browser hears an answer.
async fn read_parts(data: MultipartData) -> Result<(Vec<String>, Vec<Upload>, Problems)> {
    const MOST_FILES: usize = 20;
    let mut problems = Problems::default();
    let mut room_for_files = LARGEST_FILES;
    const LONGEST_TEXT: usize = 10 * 1024 * 1024;
    let mut room = LONGEST_TEXT;
    let too_large = || Error::Problems(Problems::one("files", Problem::FileTooLarge));
    let mut parts = data.into_inner().ok_or_else(|| Error::internal("multipart data of the browser's build"))?;
    let (mut pairs, mut files) = (Vec::new(), Vec::new());
    while let Some(mut part) = parts.next_field().await.map_err(|_| too_large())? {
        let name = part.name().unwrap_or("").to_owned();
        match part.file_name().map(ToOwned::to_owned) {
            Some(file_name) => {
                let (mut content, mut size) = (Vec::new(), 0);
                let most = if files.len() < MOST_FILES { room_for_files.min(kernel::store::LARGEST_FILE) } else { 0 };
                while let Some(chunk) = part.chunk().await.map_err(|_| too_large())? {
                    size += chunk.len();
                    if size <= most {
                        content.extend_from_slice(&chunk);
                    } else {
                        content = Vec::new();
                    }
                }
                let wrong = match size {
                    _ if files.len() == MOST_FILES => Some(Problem::TooManyFiles),
                    size if size > kernel::store::LARGEST_FILE => Some(Problem::FileTooLarge),
                    size if size > most => Some(Problem::FilesTooLarge),
                    _ => None,
                };
                match wrong {
                    // A browser sends one empty part when no file was chosen.
                    _ if file_name.is_empty() && size == 0 => {}
                    Some(wrong) if problems.0.iter().any(|(_, problem)| *problem == wrong) => {}
                    Some(wrong) => problems.add(&name, wrong),
                    None => {
                        room_for_files -= size;
                        files.push(Upload { name: file_name, content: content.into() });
                    }
                }
            }
            None => {
                let mut text = Vec::new();
                while let Some(chunk) = part.chunk().await.map_err(|_| too_large())? {
                    room = room.checked_sub(chunk.len()).ok_or(Problem::TooLong)?;
                    text.extend_from_slice(&chunk);
                }
                // Line ends as people count and programs keep them: browsers send two characters for each.
                let text = String::from_utf8(text).map_err(|_| Problem::BadFormat)?.replace("\r\n", "\n");
                pairs.push(format!("{}={}", crate::visit::encoded(&name), crate::visit::encoded(&text)));
            }
        }
    }
    Ok((pairs, files, problems))
}

#[cfg(test)]
mod tests {
    use super::local;

    #[test]
    fn redirects_stay_on_this_site() {
        assert_eq!(local("/tickets?x=//y"), "/tickets?x=//y");
        for evil in ["//evil", "/\\evil", "https://evil", "", "/%2f%2fevil", "/%5Cevil", "/a\r\nSet-Cookie: b"] {
            assert_eq!(local(evil), "/", "{evil}");
        }
    }
}
