//! Where the stories of the demo are played: its company with people, groups and customers, and each step by the real
//! command.

use super::forward;
use super::script::{Letter, Step, Story};
use super::words::{
    BY_PHONE, CATEGORIES, CAUSE, CUSTOMERS, CUSTOMERS_ABROAD, DUTY, ESCALATED, GROUPS, ORDER, PEOPLE, POLICY, REPLIES, RULES, SOLVED,
    TEMPLATES,
};
use identity::commands::account::{NewAgent, insert};
use identity::commands::company::Founded;
use identity::model::AgentStatus;
use identity::model::company::GroupInput;
use kernel::app::App;
use kernel::ctx::{Ctx, Request};
use kernel::error::{Error, Result};
use kernel::field::{Answer, FieldKind};
use kernel::id::{AgentId, CategoryId, CompanyId, CustomerId, GroupId, MailboxId, TicketFieldId, TicketId};
use kernel::rng;
use preset::model::{PresetInput, PresetKind};
use routing::model::CalendarInput;
use satisfaction::model::SatisfactionSettings;
use satisfaction::model::input::RateInput;
use sla::model::{GoalsInput, PolicyInput};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use ticket::model::category::CategoryInput;
use ticket::model::field::{Answers, FilledBy, TicketFieldInput};
use ticket::model::input::{CreateInput, EditInput};
use ticket::model::reply::ReplyInput;
use ticket::model::template::{Demand, SlotInput, TemplateInput};
use ticket::model::{Priority, ReplyType, Status};
use trigger::model::{ActionInput, ConditionInput, TriggerInput, TriggerKind};

/// Who writes.
struct Customer {
    id: CustomerId,
    name: &'static str,
    email: String,
}

/// What is filled in of tickets.
struct Own {
    order: TicketFieldId,
    cause: TicketFieldId,
    /// Categories whose template asks for the order.
    ordered: BTreeSet<CategoryId>,
}

/// Everything the stories need to happen in.
pub(super) struct Stage {
    app: Arc<App>,
    system: Ctx,
    agents: Vec<Ctx>,
    groups: Vec<GroupId>,
    customers: Vec<Customer>,
    mailbox: MailboxId,
    categories: Vec<CategoryId>,
    own: Own,
    tickets: BTreeMap<usize, TicketId>,
}

/// Hires, groups, opens the mailbox: everything before the first ticket.
pub(super) async fn stage(app: &Arc<App>, founded: &Founded) -> Result<Stage> {
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
    let (categories, own) = categories(&admin).await?;
    let customers = customers(&admin).await?;
    let mailbox = mail::import::mailbox_for_import(&system, "service@demo.example").await?;
    let mut contexts = Vec::new();
    for agent in agents {
        contexts.push(person(app, founded.company, agent).await?);
    }
    Ok(Stage { app: app.clone(), system, agents: contexts, groups, customers, mailbox, categories, own, tickets: BTreeMap::new() })
}

async fn person(app: &Arc<App>, company: CompanyId, agent: AgentId) -> Result<Ctx> {
    Ok(identity::queries::person(app, company, agent, Request::internal(app)).await?.ctx)
}

async fn groups(admin: &Ctx, agents: &[AgentId]) -> Result<Vec<GroupId>> {
    let mut made = Vec::new();
    for (name, members) in GROUPS {
        let members = members.iter().filter_map(|at| agents.get(*at).copied()).collect();
        let input = GroupInput { name: (*name).to_owned(), members, ..GroupInput::default() };
        made.push(identity::commands::group::create(admin, input).await?);
    }
    Ok(made)
}

/// Own fields, templates, and the categories that have them; the leaves in order.
async fn categories(admin: &Ctx) -> Result<(Vec<CategoryId>, Own)> {
    let field = |label: &str, kind, options: &[&str], filled_by| TicketFieldInput {
        label: label.to_owned(),
        kind: Some(kind),
        options: options.join("\n"),
        filled_by: Some(filled_by),
        enabled: true,
        ..TicketFieldInput::default()
    };
    let order = ticket::commands::field::save(admin, field(ORDER, FieldKind::Line, &[], FilledBy::Customer)).await?;
    let (label, options) = CAUSE;
    let cause = ticket::commands::field::save(admin, field(label, FieldKind::Choice, options, FilledBy::Agent)).await?;
    let (of_orders, with_orders, default) = TEMPLATES;
    let slot = |field, demand| SlotInput { field, demand: Some(demand), place: String::new() };
    let template = |name: &str, slots| TemplateInput { name: name.to_owned(), slots, ..TemplateInput::default() };
    let slots = vec![slot(order, Demand::Never), slot(cause, Demand::Close)];
    let of_orders = ticket::commands::template::save(admin, template(of_orders, slots)).await?;
    let general = TemplateInput { is_default: true, ..template(default, vec![slot(cause, Demand::Never)]) };
    ticket::commands::template::save(admin, general).await?;
    let (mut leaves, mut ordered) = (Vec::new(), BTreeSet::new());
    for (name, children) in CATEGORIES {
        let has_orders = with_orders.contains(name);
        let input = |parent, name: &str, template| CategoryInput { parent, name: name.to_owned(), template, ..CategoryInput::default() };
        let parent = ticket::commands::category::create(admin, input(None, name, has_orders.then_some(of_orders))).await?;
        for child in *children {
            let leaf = ticket::commands::category::create(admin, input(Some(parent), child, None)).await?;
            ordered.extend(has_orders.then_some(leaf));
            leaves.push(leaf);
        }
    }
    Ok((leaves, Own { order, cause, ordered }))
}

async fn customers(admin: &Ctx) -> Result<Vec<Customer>> {
    let mut made = Vec::new();
    for (number, name) in CUSTOMERS.iter().chain(CUSTOMERS_ABROAD).enumerate() {
        let email = if number == BY_PHONE { String::new() } else { format!("customer{number:02}@mail.example") };
        let input = customer::model::CustomerInput {
            nickname: (*name).to_owned(),
            emails: email.clone(),
            phones: phone(number),
            partner_id: Some(format!("C{:05}", 20_000 + number * 37)),
            vip_level: if number % 6 == 0 { 2 } else { 0 },
            ..customer::model::CustomerInput::default()
        };
        made.push(Customer { id: customer::commands::create(admin, input).await?, name, email });
    }
    Ok(made)
}

/// The number of the customer at this place.
fn phone(number: usize) -> String {
    format!("138{:08}", 10_000_000 + number * 7_919)
}

impl Stage {
    /// The super admin, who is the first of its agents.
    pub(super) fn admin(&self) -> &Ctx {
        &self.agents[0]
    }

    /// The agent at this place.
    pub(super) fn agent(&self, place: usize) -> Option<AgentId> {
        self.agents.get(place)?.actor.agent()
    }

    /// Its groups, of which there is one at least.
    pub(super) fn groups(&self) -> &[GroupId] {
        &self.groups
    }

    /// The number of the customer at this place.
    pub(super) fn phone(&self, place: usize) -> String {
        phone(place % self.customers.len().max(1))
    }

    /// Rules of its ticket administrator; the newest tickets are their first.
    pub(super) async fn rules(&self) -> Result {
        for (name, moment, condition, action) in RULES {
            let (field, operator, value) = condition;
            let (kind, value_of, text) = action;
            let input = TriggerInput {
                trigger: None,
                version: 0,
                kind: if moment.is_some() { TriggerKind::Flow } else { TriggerKind::Timed },
                name: (*name).to_owned(),
                description: String::new(),
                enabled: true,
                stop: false,
                moments: moment.iter().copied().collect(),
                all: vec![ConditionInput { field: Some((*field).into()), operator: Some(*operator), values: vec![(*value).to_owned()] }],
                any: Vec::new(),
                actions: vec![ActionInput { kind: Some(*kind), value: (*value_of).to_owned(), text: (*text).to_owned(), own: None }],
                step: String::new(),
                reason: String::new(),
            };
            trigger::commands::save(&self.agents[0], input).await?;
        }
        Ok(())
    }

    /// Hours and goals of its ticket administrator; the newest tickets are the first to have clocks.
    pub(super) async fn clocks(&self) -> Result {
        let (name, hours, days) = DUTY;
        let hours = || hours.to_owned();
        let calendar = CalendarInput {
            name: name.to_owned(),
            time_zone: super::ZONE.to_owned(),
            monday: hours(),
            tuesday: hours(),
            wednesday: hours(),
            thursday: hours(),
            friday: hours(),
            saturday: hours(),
            sunday: hours(),
            days: days.to_owned(),
            is_default: true,
            ..CalendarInput::default()
        };
        routing::commands::save(&self.agents[0], calendar).await?;
        let (name, goals) = POLICY;
        let [low, medium, high, urgent] =
            goals.map(|[first, next, solve]| GoalsInput { first: first.to_owned(), next: next.to_owned(), solve: solve.to_owned() });
        let policy = PolicyInput {
            name: name.to_owned(),
            enabled: true,
            low,
            medium,
            high,
            urgent,
            in_duty_time: true,
            pauses: true,
            ..PolicyInput::default()
        };
        sla::commands::save(&self.agents[0], policy).await.map(|_| ())
    }

    /// 消息转发 to the receiver of the installation, with the newest tickets on their way.
    pub(super) async fn forwarding(&self) -> Result {
        let newest: Vec<TicketId> = self.tickets.values().rev().take(4).copied().collect();
        forward::forwarding(&self.agents[0], &newest).await
    }

    /// Preset replies and macros of its ticket administrator.
    pub(super) async fn presets(&self) -> Result {
        for (folder, shortcut, title, text) in REPLIES {
            let input = PresetInput {
                folder: (*folder).to_owned(),
                shortcut: (*shortcut).to_owned(),
                text: (*text).to_owned(),
                ..PresetInput::named(PresetKind::Reply, title)
            };
            preset::commands::save(&self.agents[0], input).await?;
        }
        let solved =
            PresetInput { status: Some(Status::Solved), text: SOLVED.1.to_owned(), ..PresetInput::named(PresetKind::Macro, SOLVED.0) };
        let escalated = PresetInput {
            priority: Some(Priority::Urgent),
            group: Some(self.groups[ESCALATED.1]),
            note: ESCALATED.2.to_owned(),
            ..PresetInput::named(PresetKind::Macro, ESCALATED.0)
        };
        for input in [solved, escalated] {
            preset::commands::save(&self.agents[0], input).await?;
        }
        Ok(())
    }

    /// One step of one story, at the held clock's time.
    pub(super) async fn play(&mut self, number: usize, story: &Story, step: usize) -> Result {
        let agent = &self.agents[story.agent];
        match story.steps[step].1 {
            Step::CreateByAgent => {
                let input = CreateInput {
                    customer: Some(self.customers[story.customer].id),
                    title: story.matter.title.to_owned(),
                    text: story.matter.text.to_owned(),
                    category: Some(self.categories[story.matter.category]),
                    priority: Some(story.priority),
                    group: Some(self.groups[story.group]),
                    ..CreateInput::default()
                };
                let created = ticket::commands::create::create(agent, input, Vec::new()).await?;
                self.tickets.insert(number, created.ticket);
            }
            Step::CreateByMail => {
                if let Some(ticket) = self.mail(story, story.matter.title, story.matter.text, None).await? {
                    self.tickets.insert(number, ticket);
                }
            }
            Step::Assign { named } => {
                let Some(ticket) = self.tickets.get(&number) else { return Ok(()) };
                let mut edit = EditInput::of(*ticket, self.version(*ticket).await?);
                edit.group = Some(Some(self.groups[story.group]));
                edit.agent = named.then(|| agent.actor.agent());
                edit.category = Some(Some(self.categories[story.matter.category]));
                edit.priority = Some(story.priority);
                edit.fields = self.filled(number, story);
                ticket::commands::edit::edit(&self.agents[0], edit).await?;
            }
            Step::Note(text) => self.reply(number, agent, text, ReplyType::AgentsOnly, None).await?,
            Step::Reply(text, status) => self.reply(number, agent, text, ReplyType::Everyone, Some(status)).await?,
            Step::Answer(text) => {
                let Some(ticket) = self.tickets.get(&number) else { return Ok(()) };
                let Some((id, subject)) = self.last_sent(*ticket).await? else { return Ok(()) };
                self.mail(story, &subject, text, Some(&id)).await?;
            }
            Step::Close => {
                let Some(ticket) = self.tickets.get(&number) else { return Ok(()) };
                let mut edit = EditInput::of(*ticket, self.version(*ticket).await?);
                edit.status = Some(Status::Closed);
                ticket::commands::edit::edit(agent, edit).await?;
            }
            Step::Wait => {}
            Step::Rate(score, remark, with_reason) => self.rate(number, score, remark, with_reason).await?,
        }
        Ok(())
    }

    /// What an agent fills in when the ticket is given to them.
    fn filled(&self, number: usize, story: &Story) -> Answers {
        let cause = CAUSE.1[number % CAUSE.1.len()];
        let mut filled = Answers::from([(self.own.cause, Answer::One(cause.to_owned()))]);
        if self.own.ordered.contains(&self.categories[story.matter.category]) {
            filled.insert(self.own.order, Answer::One(format!("DD{:011}", 20_261_100_000 + number * 37)));
        }
        filled
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
            fields: Default::default(),
        };
        ticket::commands::reply::reply(agent, input, Vec::new()).await?;
        Ok(())
    }

    /// A customer's mail, through the same pipeline as a fetched one.
    async fn mail(&self, story: &Story, subject: &str, text: &str, answers: Option<&str>) -> Result<Option<TicketId>> {
        let (now, customer) = (self.app.clock.now(), &self.customers[story.customer]);
        let letter = Letter { name: customer.name, address: &customer.email, subject, text, answers, at: now, head: "" };
        self.deliver(&letter).await
    }

    /// A mail, whoever wrote it.
    pub(super) async fn deliver(&self, letter: &Letter<'_>) -> Result<Option<TicketId>> {
        let arrival = mail::commands::Arrival { mailbox: self.mailbox, uid: None, raw: letter.raw().into(), seen_at: letter.at };
        let received = mail::commands::receive(&self.system, arrival).await?;
        Ok(ticket::commands::take_mail(&self.system, received.mail).await?.ticket)
    }

    /// The last mail that went to the customer of a ticket: its message id and a subject that answers it.
    async fn last_sent(&self, ticket: TicketId) -> Result<Option<(String, String)>> {
        let mut tx = self.system.read().await?;
        let company = self.system.company;
        let sent = sqlx::query!(
            r#"select message_id as "message_id!", subject
            from mails
            where company_id = $1 and ticket_id = $2 and direction = 1 and message_id is not null
            order by received_at desc, id desc
            limit 1"#,
            company as _,
            ticket as _,
        )
        .fetch_optional(&mut *tx)
        .await?;
        Ok(sent.map(|row| (row.message_id, format!("Re: {}", row.subject))))
    }

    /// The customer opens the link of the invitation and rates.
    async fn rate(&self, number: usize, score: i16, remark: &str, with_reason: bool) -> Result {
        let Some(ticket) = self.tickets.get(&number) else { return Ok(()) };
        let Some(token) = self.rating_token(*ticket).await? else { return Ok(()) };
        let visitor = satisfaction::commands::rate::visitor(&self.app, &token, Request::internal(&self.app)).await?;
        let settings = SatisfactionSettings::default();
        let offered = settings.level(score).map(|level| level.reasons.as_slice()).unwrap_or_default();
        let reasons =
            offered.get(number % offered.len().max(1)).filter(|_| with_reason).map(|words| words.zh.clone()).into_iter().collect();
        let input = RateInput { token, revision: 0, score: Some(score), reasons, remark: remark.to_owned(), lang: None };
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
