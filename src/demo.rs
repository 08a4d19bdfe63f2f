//! 演示公司: a company with people, tickets and ratings over ninety days, made by the real commands under a clock that
//! is moved through those days, so that histories, mails and numbers are what the product itself would have written.

mod calls;
mod forward;
mod script;
mod stage;
mod words;

use crate::worker;
use identity::commands::company::{Founded, NewCompany, create_company, remove_company};
use jiff::SignedDuration;
use kernel::app::App;
use kernel::clock::Clock;
use kernel::error::{Error, Result};
use kernel::id::CompanyId;
use kernel::lang::Lang;
use kernel::rng;
use kernel::time::Stamp;
use script::{Dice, Letter};
use std::sync::Arc;

/// The name it is known by; in every language, since it is data.
const NAME: &str = "演示公司";
const ZONE: &str = "Asia/Shanghai";
const DAYS: i64 = 90;
/// How long before the present somebody wrote the first rules.
const RULES_SINCE: SignedDuration = SignedDuration::from_hours(10 * 24);
/// Number of the advisory lock under which the demo is made.
const LOCK: i64 = 0x4b65_6675_6465_6d6f;

/// Makes the demo, or finds the one that exists. One that was cut off in the middle is made anew.
///
/// # Errors
/// When a command refuses; nothing remains of it then.
pub async fn load(app: &Arc<App>, lang: Lang) -> Result<Founded> {
    // Two clicks at once make one demo: the second waits here and finds it.
    let mut alone = app.directory().await?;
    sqlx::query!("set local idle_in_transaction_session_timeout = 0").execute(&mut *alone).await?;
    sqlx::query!("set local statement_timeout = '10min'").execute(&mut *alone).await?;
    sqlx::query!("select from pg_advisory_xact_lock($1)", LOCK).fetch_one(&mut *alone).await?;
    if let Some((demo, is_whole)) = existing(app).await? {
        if is_whole {
            return entered(app, demo).await;
        }
        remove_company(app, demo).await?;
    }
    let held = past(app).await?;
    let founded = create_company(&held, company(lang)).await?;
    let loaded = match pause(app, founded.company, true).await {
        Ok(()) => fill(&held, &founded, app.clock.now().minus(SignedDuration::from_mins(5))).await,
        Err(error) => Err(error),
    };
    held.write.close().await;
    if let Err(error) = loaded {
        remove_company(app, founded.company).await?;
        return Err(error);
    }
    pause(app, founded.company, false).await?;
    Ok(founded)
}

/// What the demo is set up with, without its tickets: for tests of the configuration.
///
/// # Errors
/// When a command refuses.
#[cfg(test)]
pub async fn furnish(app: &Arc<App>, lang: Lang) -> Result<Founded> {
    let founded = create_company(app, company(lang)).await?;
    let stage = stage::stage(app, &founded).await?;
    stage.rules().await?;
    stage.clocks().await?;
    Ok(founded)
}

/// Removes the demo with everything in it; nothing when there is none.
///
/// # Errors
/// When the database refuses.
pub async fn remove(app: &Arc<App>) -> Result {
    match existing(app).await? {
        Some((demo, _)) => remove_company(app, demo).await,
        None => Ok(()),
    }
}

fn company(lang: Lang) -> NewCompany {
    NewCompany {
        name: NAME.to_owned(),
        time_zone: ZONE.to_owned(),
        lang,
        is_demo: true,
        email: "linyue@demo.example".to_owned(),
        admin: "林悦".to_owned(),
        // Nobody knows it: the demo is entered by its button.
        password: rng::password(),
    }
}

/// The same program under a clock that stands ninety days ago, at nine in the morning. Its commits do not wait for the
/// disk: what a power cut takes from a half-made demo is made anew.
async fn past(app: &Arc<App>) -> Result<Arc<App>> {
    let zone = kernel::time::zone(ZONE).ok_or_else(|| Error::internal("the demo's zone"))?;
    let now = app.clock.now();
    // A week begins on Monday, so that its last two days are quiet.
    let first = now.date(&zone).saturating_sub(jiff::Span::new().days(DAYS));
    let monday = first.saturating_sub(jiff::Span::new().days(first.weekday().to_monday_zero_offset()));
    let begin = kernel::time::start_of_day(monday, &zone).plus(SignedDuration::from_hours(9));
    let options = app.write.connect_options().as_ref().clone().options([("synchronous_commit", "off")]);
    let write = App::pool(options, 4).await?;
    Ok(Arc::new(App {
        config: app.config.clone(),
        read: write.clone(),
        write,
        kinds: app.kinds,
        store: app.store.clone(),
        clock: Clock::held(begin),
        vault: app.vault.clone(),
        egress: app.egress.clone(),
        live: Default::default(),
        work: Default::default(),
        stopping: app.stopping.clone(),
    }))
}

/// The demo, and whether it is whole: it is paused until it is.
async fn existing(app: &Arc<App>) -> Result<Option<(CompanyId, bool)>> {
    let mut tx = app.directory().await?;
    let found = sqlx::query!(r#"select company_id as "id: CompanyId", is_paused from directory.companies where is_demo"#)
        .fetch_optional(&mut *tx)
        .await?;
    Ok(found.map(|row| (row.id, !row.is_paused)))
}

async fn entered(app: &Arc<App>, company: CompanyId) -> Result<Founded> {
    let ctx = app.system(company).await?;
    let mut tx = ctx.read().await?;
    let agent = identity::queries::agent_by_email(&mut tx, "linyue@demo.example").await?.ok_or(Error::NotFound)?;
    let groups = identity::queries::group_options(&mut tx, identity::model::GroupKind::Ticket).await?;
    let group = groups.first().ok_or(Error::NotFound)?.id;
    Ok(Founded { company, agent: agent.id, group })
}

/// Lets the jobs of a company wait: the worker of the present must not touch what still lies in the past.
async fn pause(app: &Arc<App>, company: CompanyId, is_paused: bool) -> Result {
    let mut tx = app.directory().await?;
    sqlx::query!("update directory.companies set is_paused = $2 where company_id = $1", company as _, is_paused).execute(&mut *tx).await?;
    tx.commit().await?;
    app.work.notify_one();
    Ok(())
}

async fn fill(app: &Arc<App>, founded: &Founded, until: Stamp) -> Result {
    let mut stage = stage::stage(app, founded).await?;
    let mut dice = Dice::new(20_190_418);
    let stories = script::stories(&mut dice, app.clock.now(), until);
    let mut steps: Vec<(Stamp, usize, usize)> = Vec::new();
    for (number, story) in stories.iter().enumerate() {
        steps.extend(story.steps.iter().enumerate().map(|(step, (at, _))| (*at, number, step)));
    }
    steps.sort();
    let lately = until.minus(RULES_SINCE);
    let mut has_rules = false;
    for (at, number, step) in steps {
        if at > lately && !has_rules {
            has_rules = true;
            stage.rules().await?;
            stage.clocks().await?;
            stage.presets().await?;
        }
        let now = app.clock.now();
        app.clock.advance(at.since(now));
        stage.play(number, &stories[number], step).await?;
        worker::run_company(app, founded.company).await?;
    }
    calls::calls(&stage, &mut dice, until).await?;
    // What a mailbox meets besides customers: the ledger says why no ticket came of it.
    for (subject, head) in [
        ("自动回复：休假中，11 月 30 日回来", "Auto-Submitted: auto-replied\r\n"),
        ("本周特惠：全场五折", "Precedence: bulk\r\nList-Unsubscribe: <https://shop.example/u>\r\n"),
    ] {
        let letter =
            Letter { name: "苏晓", address: "suxiao@else.example", subject, text: subject, answers: None, at: app.clock.now(), head };
        stage.deliver(&letter).await?;
    }
    // Sent by the worker of the present, since a signature is good for five minutes.
    stage.forwarding().await
}
