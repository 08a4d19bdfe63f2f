//! 演示公司: a company with people, tickets and ratings over ninety days, made by the real commands under a clock that
//! is moved through those days, so that histories, mails and numbers are what the product itself would have written.

mod script;

use crate::worker;
use identity::commands::account::{NewAgent, insert};
use identity::commands::company::{Founded, NewCompany, create_company, remove_company};
use identity::model::AgentStatus;
use identity::model::company::GroupInput;
use jiff::SignedDuration;
use kernel::app::App;
use kernel::clock::Clock;
use kernel::ctx::{Ctx, Request};
use kernel::error::{Error, Result};
use kernel::id::{AgentId, CategoryId, CompanyId, CustomerId, GroupId, TicketId};
use kernel::lang::Lang;
use kernel::rng;
use kernel::time::Stamp;
use satisfaction::model::SatisfactionSettings;
use satisfaction::model::input::RateInput;
use script::{Dice, PEOPLE, Story};
use std::collections::BTreeMap;
use std::sync::Arc;
use ticket::model::category::CategoryInput;
use ticket::model::input::{CreateInput, EditInput, ReplyInput};
use ticket::model::{ReplyType, Status};

/// The name it is known by; in every language, since it is data.
const NAME: &str = "演示公司";
const DAYS: i64 = 90;

/// Makes the demo, or finds the one that exists.
///
/// # Errors
/// When a command refuses; nothing remains of it then.
pub async fn load(app: &Arc<App>, lang: Lang) -> Result<Founded> {
    if let Some(existing) = existing(app).await? {
        return Ok(existing);
    }
    let held = past(app);
    let founded = create_company(&held, company(lang)).await?;
    let loaded = match pause(app, founded.company, true).await {
        Ok(()) => fill(&held, &founded).await,
        Err(error) => Err(error),
    };
    if let Err(error) = loaded {
        remove_company(app, founded.company).await?;
        return Err(error);
    }
    pause(app, founded.company, false).await?;
    Ok(founded)
}

/// Removes the demo with everything in it; nothing when there is none.
///
/// # Errors
/// When the database refuses.
pub async fn remove(app: &Arc<App>) -> Result {
    match existing(app).await? {
        Some(demo) => remove_company(app, demo.company).await,
        None => Ok(()),
    }
}

fn company(lang: Lang) -> NewCompany {
    NewCompany {
        name: NAME.to_owned(),
        time_zone: "Asia/Shanghai".to_owned(),
        lang,
        is_demo: true,
        email: "linyue@demo.example".to_owned(),
        admin: "林悦".to_owned(),
        // Nobody knows it: the demo is entered by its button.
        password: rng::password(),
    }
}

/// The same program under a clock that stands ninety days ago.
fn past(app: &Arc<App>) -> Arc<App> {
    let begin = app.clock.now().minus(SignedDuration::from_hours(24 * DAYS));
    Arc::new(App {
        config: app.config.clone(),
        write: app.write.clone(),
        read: app.read.clone(),
        store: app.store.clone(),
        clock: Clock::held(begin),
        vault: app.vault.clone(),
        live: Default::default(),
        work: Default::default(),
        stopping: app.stopping.clone(),
    })
}

async fn existing(app: &Arc<App>) -> Result<Option<Founded>> {
    let mut tx = app.directory().await?;
    let found = sqlx::query_scalar!(r#"select company_id as "id: CompanyId" from directory.companies where is_demo"#)
        .fetch_optional(&mut *tx)
        .await?;
    drop(tx);
    let Some(company) = found else { return Ok(None) };
    let ctx = app.system(company).await?;
    let mut tx = ctx.read().await?;
    let agent = identity::queries::agent_by_email(&mut tx, "linyue@demo.example").await?.ok_or(Error::NotFound)?;
    let groups = identity::queries::group_options(&mut tx, identity::model::GroupKind::Ticket).await?;
    let group = groups.first().ok_or(Error::NotFound)?.id;
    Ok(Some(Founded { company, agent: agent.id, group }))
}

/// Lets the jobs of a company wait: the worker of the present must not touch what still lies in the past.
async fn pause(app: &Arc<App>, company: CompanyId, is_paused: bool) -> Result {
    let mut tx = app.directory().await?;
    sqlx::query!("update directory.companies set is_paused = $2 where company_id = $1", company as _, is_paused).execute(&mut *tx).await?;
    tx.commit().await?;
    app.work.notify_one();
    Ok(())
}

/// Everything the stories need to happen in.
struct Stage {
    app: Arc<App>,
    system: Ctx,
    agents: Vec<Ctx>,
    groups: Vec<GroupId>,
    customers: Vec<(CustomerId, String)>,
    categories: Vec<CategoryId>,
    tickets: BTreeMap<usize, TicketId>,
}

async fn fill(app: &Arc<App>, founded: &Founded) -> Result {
    let mut stage = stage(app, founded).await?;
    let mut dice = Dice::new(20_190_418);
    let stories = script::stories(&mut dice, app.clock.now(), DAYS);
    let mut steps: Vec<(Stamp, usize, usize)> = Vec::new();
    for (number, story) in stories.iter().enumerate() {
        steps.extend(story.steps.iter().enumerate().map(|(step, (at, _))| (*at, number, step)));
    }
    steps.sort();
    for (at, number, step) in steps {
        let now = app.clock.now();
        app.clock.advance(at.since(now));
        stage.play(number, &stories[number], step).await?;
        worker::run_company(app, founded.company).await?;
    }
    Ok(())
}

async fn stage(app: &Arc<App>, founded: &Founded) -> Result<Stage> {
    let system = app.system(founded.company).await?;
    let admin = person(app, founded.company, founded.agent).await?;
    let mut tx = system.begin().await?;
    let settings = SatisfactionSettings { enabled: true, delay: 5, ..SatisfactionSettings::default() };
    kernel::setting::save(&mut tx, &settings, 0, "演示").await?;
    let mut agents = vec![founded.agent];
    // One hash for all of them: nobody signs in with it.
    let password_hash = identity::password::hash(&rng::password()).await?;
    for (name, address, role) in PEOPLE {
        let agent = NewAgent {
            email: format!("{address}@demo.example"),
            name: (*name).to_owned(),
            nickname: (*name).to_owned(),
            phone: String::new(),
            role: *role,
            permission_group: None,
            department: None,
            unit: None,
            groups: Vec::new(),
            lang: None,
            status: AgentStatus::Enabled,
            password_hash: password_hash.clone(),
        };
        agents.push(insert(&mut tx, agent).await?);
    }
    tx.commit().await?;
    let groups = groups(&admin, &agents).await?;
    let categories = categories(&admin).await?;
    let customers = customers(&admin).await?;
    mail::import::mailbox_for_import(&system, "service@demo.example").await?;
    let mut contexts = Vec::new();
    for agent in agents {
        contexts.push(person(app, founded.company, agent).await?);
    }
    Ok(Stage { app: app.clone(), system, agents: contexts, groups, customers, categories, tickets: BTreeMap::new() })
}

async fn person(app: &Arc<App>, company: CompanyId, agent: AgentId) -> Result<Ctx> {
    Ok(identity::queries::person(app, company, agent, Request::internal(app)).await?.ctx)
}

async fn groups(admin: &Ctx, agents: &[AgentId]) -> Result<Vec<GroupId>> {
    let mut made = Vec::new();
    for (name, members) in script::GROUPS {
        let members = members.iter().filter_map(|at| agents.get(*at).copied()).collect();
        let input = GroupInput { id: None, name: (*name).to_owned(), description: String::new(), members };
        made.push(identity::commands::group::create(admin, input).await?);
    }
    Ok(made)
}

async fn categories(admin: &Ctx) -> Result<Vec<CategoryId>> {
    let mut leaves = Vec::new();
    for (name, children) in script::CATEGORIES {
        let input = |parent, name: &str| CategoryInput { id: None, parent, name: name.to_owned(), description: String::new() };
        let parent = ticket::commands::category::create(admin, input(None, name)).await?;
        for child in *children {
            leaves.push(ticket::commands::category::create(admin, input(Some(parent), child)).await?);
        }
    }
    Ok(leaves)
}

async fn customers(admin: &Ctx) -> Result<Vec<(CustomerId, String)>> {
    let mut made = Vec::new();
    for (number, name) in script::CUSTOMERS.iter().enumerate() {
        let email = format!("customer{number:02}@mail.example");
        let input = customer::model::CustomerInput {
            nickname: (*name).to_owned(),
            emails: email.clone(),
            phones: format!("138{:08}", 10_000_000 + number * 7_919),
            partner_id: Some(format!("C{:05}", 20_000 + number * 37)),
            vip_level: if number % 6 == 0 { 2 } else { 0 },
            ..customer::model::CustomerInput::default()
        };
        made.push((customer::commands::create(admin, input).await?, email));
    }
    Ok(made)
}

impl Stage {
    /// One step of one story, at the held clock's time.
    async fn play(&mut self, number: usize, story: &Story, step: usize) -> Result {
        use script::Step;
        let agent = &self.agents[story.agent % self.agents.len()];
        match &story.steps[step].1 {
            Step::CreateByAgent => {
                let input = CreateInput {
                    customer: Some(self.customers[story.customer % self.customers.len()].0),
                    title: story.title.to_owned(),
                    text: story.text.to_owned(),
                    category: Some(self.categories[story.category % self.categories.len()]),
                    priority: Some(story.priority),
                    group: Some(self.groups[story.group % self.groups.len()]),
                    ..CreateInput::default()
                };
                let created = ticket::commands::create::create(agent, input, Vec::new()).await?;
                self.tickets.insert(number, created.ticket);
            }
            Step::CreateByMail => {
                let address = self.customers[story.customer % self.customers.len()].1.clone();
                if let Some(ticket) = self.mail(&address, story).await? {
                    self.tickets.insert(number, ticket);
                }
            }
            Step::Assign => {
                let Some(ticket) = self.tickets.get(&number) else { return Ok(()) };
                let mut edit = EditInput::of(*ticket, self.version(*ticket).await?);
                edit.group = Some(Some(self.groups[story.group % self.groups.len()]));
                edit.agent = Some(agent.actor.agent());
                edit.category = Some(Some(self.categories[story.category % self.categories.len()]));
                ticket::commands::edit::edit(&self.agents[0], edit).await?;
            }
            Step::Note(text) => self.reply(number, agent, text, ReplyType::AgentsOnly, None).await?,
            Step::Reply(text, status) => self.reply(number, agent, text, ReplyType::Everyone, Some(*status)).await?,
            Step::Close => {
                let Some(ticket) = self.tickets.get(&number) else { return Ok(()) };
                let mut edit = EditInput::of(*ticket, self.version(*ticket).await?);
                edit.status = Some(Status::Closed);
                ticket::commands::edit::edit(agent, edit).await?;
            }
            // A step without an act lets what became due happen, such as a delayed invitation.
            Step::Wait => {}
            Step::Rate(score, remark) => self.rate(number, *score, remark).await?,
        }
        Ok(())
    }

    async fn version(&self, ticket: TicketId) -> Result<i32> {
        let mut tx = self.system.read().await?;
        let company = self.system.company;
        Ok(sqlx::query_scalar!("select version from tickets where company_id = $1 and id = $2", company as _, ticket as _)
            .fetch_one(&mut *tx)
            .await?)
    }

    async fn reply(&self, number: usize, agent: &Ctx, text: &str, reply_type: ReplyType, status: Option<Status>) -> Result {
        let Some(ticket) = self.tickets.get(&number) else { return Ok(()) };
        let input = ReplyInput {
            ticket: *ticket,
            html: String::new(),
            text: text.to_owned(),
            reply_type,
            status,
            seen_seq: i32::MAX,
            confirmed: true,
            files: Vec::new(),
        };
        ticket::commands::reply::reply(agent, input, Vec::new()).await?;
        Ok(())
    }

    /// A customer's mail, through the same pipeline as a fetched one.
    async fn mail(&self, address: &str, story: &Story) -> Result<Option<TicketId>> {
        let now = self.app.clock.now();
        let raw = script::letter(address, story, now);
        let mailbox = mail::import::mailbox_for_import(&self.system, "service@demo.example").await?;
        let arrival = mail::commands::Arrival { mailbox, uid: None, raw: raw.into(), seen_at: now };
        let received = mail::commands::receive(&self.system, arrival).await?;
        let taken = ticket::commands::take_mail(&self.system, received.mail).await?;
        Ok(taken.ticket)
    }

    /// The customer opens the link of the invitation and rates.
    async fn rate(&self, number: usize, score: i16, remark: &str) -> Result {
        let Some(ticket) = self.tickets.get(&number) else { return Ok(()) };
        let Some(token) = self.rating_token(*ticket).await? else { return Ok(()) };
        let visitor = satisfaction::commands::rate::visitor(&self.app, &token, Request::internal(&self.app)).await?;
        let input = RateInput { token, revision: 0, score: Some(score), reasons: Vec::new(), remark: remark.to_owned(), lang: None };
        match satisfaction::commands::rate::rate(&visitor, input).await {
            // A link that ran out is a customer who came too late.
            Ok(()) | Err(Error::Problems(_)) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// The token in the invitation's mail: only its hash is in the database.
    async fn rating_token(&self, ticket: TicketId) -> Result<Option<String>> {
        let mut tx = self.system.read().await?;
        let company = self.system.company;
        let sent = sqlx::query_scalar!(
            "select m.raw_sha256
            from satisfaction_invitations i
            join mails m on m.company_id = i.company_id and m.id = i.mail_id
            where i.company_id = $1
            and i.ticket_id = $2
            order by i.cycle desc
            limit 1",
            company as _,
            ticket as _,
        )
        .fetch_optional(&mut *tx)
        .await?;
        drop(tx);
        let Some(sha256) = sent else { return Ok(None) };
        let raw = kernel::store::read(&self.system, &sha256).await?;
        let text = mail::parse::parse(&raw).map(|parsed| parsed.text).unwrap_or_default();
        let token: Option<String> =
            text.split("/r/").nth(1).map(|rest| rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '-' || *c == '_').collect());
        Ok(token)
    }
}
