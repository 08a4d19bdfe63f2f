//! Reads of ticket satisfaction: the rules' history, the customer's page, the ticket's card.

use crate::commands::hand;
use crate::difference::Names;
use crate::model::{Cap, InvitationState, Rule, SatisfactionSettings};
use crate::rule::{Decision, Facts, History, Step, Way, decide};
use jiff::{SignedDuration, tz::TimeZone};
use kernel::ctx::Ctx;
use kernel::error::{Error, Problem, Result};
use kernel::id::{CategoryId, InvitationId, MailboxId, TicketId};
use kernel::lang::Lang;
use kernel::permission::Permission;
use kernel::rng;
use kernel::setting::{self, InForce, Setting, Version};
use kernel::time::Stamp;
use kernel::tx::Tx;
use ticket::model::Status;
use ticket::queries::TicketFacts;

/// The rating in force of an invitation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rating {
    /// Grows with every change.
    pub revision: i32,
    /// 1 to 5.
    pub score: i16,
    /// What was ticked, in Chinese as the settings had it.
    pub reasons: Vec<String>,
    /// A few words.
    pub remark: String,
    /// When.
    pub rated_at: Stamp,
}

/// What the customer's page shows.
#[derive(Clone, Debug)]
pub struct RatingPage {
    /// 工单编号.
    pub number: i64,
    /// 工单标题.
    pub title: String,
    /// When the ticket ended.
    pub finished_at: Option<Stamp>,
    /// The agent's name at the invitation; empty when nobody was named.
    pub agent_name: String,
    /// Until when the link works.
    pub expires_at: Stamp,
    /// Whether that is over.
    pub is_expired: bool,
    /// Whether a mail carried the link, which can be answered.
    pub came_by_mail: bool,
    /// The answer so far.
    pub rating: Option<Rating>,
    /// Wording.
    pub settings: SatisfactionSettings,
}

/// 工单满意度 of one cycle of a ticket, for the ticket's page.
#[derive(Clone, Debug)]
pub struct TicketSatisfaction {
    /// Which invitation.
    pub invitation: InvitationId,
    /// The cycle of the ticket.
    pub cycle: i32,
    /// How far it is.
    pub state: InvitationState,
    /// Why it was withheld.
    pub withheld: Option<Rule>,
    /// Who was rated: frozen at the invitation.
    pub agent_name: String,
    /// When it is or was due.
    pub send_at: Stamp,
    /// When it went out.
    pub sent_at: Option<Stamp>,
    /// Until when the link works.
    pub expires_at: Option<Stamp>,
    /// The link that was taken to be handed over, while it works, for whoever may answer the ticket.
    pub link: Option<String>,
    /// The answer in force.
    pub rating: Option<Rating>,
}

impl TicketSatisfaction {
    /// Whether its link can be taken: no mail carries it, or the mail came back.
    #[must_use]
    pub fn can_be_handed(&self) -> bool {
        self.state == InvitationState::Ready || self.state == InvitationState::Withheld && self.withheld == Some(Rule::Delivered)
    }
}

/// What the settings page offers to choose from.
#[derive(Clone, Debug, Default)]
pub struct Choices {
    /// Categories by their path, in the order of the tree.
    pub categories: Vec<(CategoryId, String)>,
    /// Mailboxes by their address.
    pub mailboxes: Vec<(MailboxId, String)>,
}

impl Choices {
    /// The same, for looking up.
    #[must_use]
    pub fn names(&self) -> Names {
        Names { categories: self.categories.iter().cloned().collect(), mailboxes: self.mailboxes.iter().cloned().collect() }
    }
}

/// 试算: what the rules say of one ticket as it stands.
#[derive(Clone, Debug)]
pub struct Trial {
    /// 工单标题.
    pub title: String,
    /// How it would be invited, if at all.
    pub way: Option<Way>,
    /// The rules that were asked, in order.
    pub steps: Vec<Step>,
}

/// Categories and mailboxes for the settings page.
pub async fn choices(ctx: &Ctx) -> Result<Choices> {
    ctx.require(Permission::SatisfactionManage)?;
    let mut tx = ctx.read().await?;
    let categories = ticket::queries::category::tree(&mut tx).await?.into_iter().map(|category| (category.id, category.path)).collect();
    let mailboxes = ticket::queries::mailboxes(&mut tx).await?;
    Ok(Choices { categories, mailboxes })
}

/// The rules for the ticket with this number; none when there is no such ticket. An open ticket is asked about as if it
/// were solved now.
pub async fn trial(ctx: &Ctx, number: &str) -> Result<Option<Trial>> {
    ctx.require(Permission::SatisfactionManage)?;
    let Ok(number) = number.parse() else { return Ok(None) };
    let ticket = match ticket::queries::by_number(ctx, number).await {
        Err(Error::NotFound | Error::Forbidden(_)) => return Ok(None),
        found => found?,
    };
    let mut tx = ctx.read().await?;
    let settings = setting::in_force::<SatisfactionSettings>(&mut tx).await?.value;
    let facts = ticket::queries::facts(&mut tx, ticket).await?;
    let history = history(&mut tx, &facts, settings.cap).await?;
    let end = if facts.status.is_finished() { facts.status } else { Status::Solved };
    let mut asked = asked(&mut tx, &facts, end).await?;
    asked.status = end;
    let (decision, steps) = decide(&asked, &settings, &history, ctx.now());
    let way = match decision {
        Decision::Send(_) => Some(Way::Mail),
        Decision::Offer => Some(Way::Link),
        Decision::Withhold(_) | Decision::Ignore(_) => None,
    };
    Ok(Some(Trial { title: facts.title, way, steps }))
}

/// The settings in force, with their kept versions, for the settings page.
pub async fn settings(ctx: &Ctx) -> Result<(InForce<SatisfactionSettings>, Vec<Version>)> {
    ctx.require(Permission::SatisfactionManage)?;
    let mut tx = ctx.read().await?;
    let settings = setting::in_force::<SatisfactionSettings>(&mut tx).await?;
    let history = setting::history(&mut tx, SatisfactionSettings::KIND).await?;
    Ok((settings, history))
}

/// Everything about the satisfaction of one ticket, the latest cycle first, with the wording to show it by. Inside the
/// caller's transaction, which has asked whether the ticket may be seen.
pub async fn of_ticket(tx: &mut Tx, ticket: TicketId) -> Result<(Vec<TicketSatisfaction>, SatisfactionSettings)> {
    let (ctx, company) = (tx.ctx.clone(), tx.ctx.company);
    // A key that was changed opens none: the page is drawn without.
    let link = |id: InvitationId, sealed: Vec<u8>| {
        let token = ctx.app.vault.open(&hand::place(company, id), &sealed).ok()?;
        Some(ctx.app.config.link(&format!("/r/{}", core::str::from_utf8(&token).ok()?)))
    };
    let (now, may_answer) = (ctx.now(), ctx.may(Permission::TicketReply));
    let rows = sqlx::query!(
        r#"select i.id as "id: InvitationId", i.cycle, i.state as "state: InvitationState", i.reason, i.agent_name, i.send_at,
            i.sent_at, i.expires_at, i.link_sealed, r.revision as "revision?", r.score as "score?", r.reasons as "reasons?", r.remark as "remark?",
            r.rated_at as "rated_at?"
        from satisfaction_invitations i
        left join satisfaction_ratings r on r.company_id = i.company_id and r.invitation_id = i.id and r.is_current
        where i.company_id = $1
        and i.ticket_id = $2
        order by i.cycle desc"#,
        company as _,
        ticket as _,
    )
    .fetch_all(&mut **tx)
    .await?;
    let found = rows
        .into_iter()
        .map(|row| TicketSatisfaction {
            invitation: row.id,
            cycle: row.cycle,
            state: row.state,
            withheld: Rule::from_key(&row.reason),
            agent_name: row.agent_name,
            send_at: row.send_at,
            sent_at: row.sent_at,
            expires_at: row.expires_at,
            link: row
                .link_sealed
                .filter(|_| may_answer && row.state == InvitationState::Sent && row.expires_at.is_some_and(|until| until > now))
                .and_then(|sealed| link(row.id, sealed)),
            rating: row.score.zip(row.rated_at).map(|(score, rated_at)| Rating {
                revision: row.revision.unwrap_or(1),
                score,
                reasons: row.reasons.unwrap_or_default(),
                remark: row.remark.unwrap_or_default(),
                rated_at,
            }),
        })
        .collect();
    let settings = setting::in_force::<SatisfactionSettings>(tx).await?.value;
    Ok((found, settings))
}

/// 评分 in force of the latest rated cycle of each of these tickets; nothing of one that was never rated.
pub async fn scores(tx: &mut Tx, tickets: &[TicketId]) -> Result<Vec<(TicketId, i16)>> {
    let (company, ids) = (tx.ctx.company, tickets.iter().map(|ticket| ticket.0).collect::<Vec<_>>());
    let rows = sqlx::query!(
        r#"select distinct on (ticket_id) ticket_id as "ticket: TicketId", score as "score!"
        from satisfaction_invitations
        where company_id = $1
        and ticket_id = any($2)
        and score is not null
        order by ticket_id, cycle desc"#,
        company as _,
        &ids,
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows.into_iter().map(|row| (row.ticket, row.score)).collect())
}

/// What the page behind a link shows. Public: the link itself is the right (`commands::visitor`).
pub async fn page(ctx: &Ctx, token: &str) -> Result<RatingPage> {
    let (company, now) = (ctx.company, ctx.now());
    let (_, hash) = rng::read_link_token(token).ok_or(Problem::RatingLinkUnknown)?;
    let mut tx = ctx.read().await?;
    let row = sqlx::query!(
        r#"select id as "id: InvitationId", ticket_id as "ticket: TicketId", agent_name, expires_at, settings_version,
            mail_id is not null as "came_by_mail!"
        from satisfaction_invitations
        where company_id = $1
        and token_hash = $2"#,
        company as _,
        hash,
    )
    .fetch_optional(&mut *tx)
    .await?
    .ok_or(Problem::RatingLinkUnknown)?;
    let facts = ticket::queries::facts(&mut tx, row.ticket).await?;
    let expires_at = row.expires_at.unwrap_or(now);
    Ok(RatingPage {
        number: facts.number,
        title: facts.title,
        finished_at: facts.solved_at.or(facts.closed_at),
        agent_name: row.agent_name,
        expires_at,
        is_expired: expires_at <= now,
        came_by_mail: row.came_by_mail,
        rating: current(&mut tx, row.id).await?,
        settings: wording(&mut tx, row.settings_version).await?,
    })
}

/// The settings that an invitation went out with: a customer is asked what the mail asked. Only the last 50 versions
/// are looked through; beyond them the ones in force hold.
pub(crate) async fn wording(tx: &mut Tx, version: i32) -> Result<SatisfactionSettings> {
    let in_force = setting::in_force::<SatisfactionSettings>(tx).await?;
    if in_force.version == version {
        return Ok(in_force.value);
    }
    let kept = setting::history(tx, SatisfactionSettings::KIND).await?.into_iter().find(|kept| kept.version == version);
    Ok(kept.and_then(|kept| serde_json::from_value(kept.document).ok()).unwrap_or(in_force.value))
}

/// A day in words: `11 月 29 日`, `29 Nov`.
#[must_use]
pub fn day(at: Stamp, zone: &TimeZone, lang: Lang) -> String {
    let date = at.date(zone);
    match lang {
        Lang::Zh => format!("{} 月 {} 日", date.month(), date.day()),
        Lang::En => date.strftime("%-d %b").to_string(),
    }
}

/// The rating in force.
pub(crate) async fn current(tx: &mut Tx, invitation: InvitationId) -> Result<Option<Rating>> {
    let company = tx.ctx.company;
    Ok(sqlx::query_as!(
        Rating,
        "select revision, score, reasons, remark, rated_at
        from satisfaction_ratings
        where company_id = $1
        and invitation_id = $2
        and is_current",
        company as _,
        invitation as _,
    )
    .fetch_optional(&mut **tx)
    .await?)
}

/// Whether another invitation of the ticket has a rating.
pub(crate) async fn is_rated_otherwise(tx: &mut Tx, ticket: TicketId, invitation: InvitationId) -> Result<bool> {
    let company = tx.ctx.company;
    Ok(sqlx::query_scalar!(
        r#"select exists (
            select from satisfaction_invitations i
            join satisfaction_ratings r on r.company_id = i.company_id and r.invitation_id = i.id
            where i.company_id = $1 and i.ticket_id = $2 and i.id <> $3
        ) as "rated!""#,
        company as _,
        ticket as _,
        invitation as _,
    )
    .fetch_one(&mut **tx)
    .await?)
}

/// What happened before, for the rules.
pub(crate) async fn history(tx: &mut Tx, facts: &TicketFacts, cap: Option<Cap>) -> Result<History> {
    let company = tx.ctx.company;
    let row = sqlx::query!(
        r#"select
            (select i.state from satisfaction_invitations i
                where i.company_id = $1 and i.ticket_id = $2 and i.cycle = $3) as "this_cycle: InvitationState",
            exists (select from satisfaction_invitations i
                where i.company_id = $1 and i.ticket_id = $2 and i.cycle < $3 and i.state = $4) as "earlier_cycle!",
            exists (select from satisfaction_invitations i
                join satisfaction_ratings r on r.company_id = i.company_id and r.invitation_id = i.id
                where i.company_id = $1 and i.ticket_id = $2) as "rated!""#,
        company as _,
        facts.id as _,
        facts.cycle,
        InvitationState::Sent as _,
    )
    .fetch_one(&mut **tx)
    .await?;
    let recent = match cap {
        None => Vec::new(),
        Some(cap) => {
            let since = tx.ctx.now().minus(SignedDuration::from_hours(24 * i64::from(cap.days)));
            sqlx::query_scalar!(
                r#"select coalesce(sent_at, created_at) as "at!"
                from satisfaction_invitations
                where company_id = $1
                and customer_id = $2
                and coalesce(sent_at, created_at) > $3
                and state in ($4, $5)
                order by created_at desc
                limit 200"#,
                company as _,
                facts.customer_id as _,
                since,
                InvitationState::Waiting as _,
                InvitationState::Sent as _,
            )
            .fetch_all(&mut **tx)
            .await?
        }
    };
    Ok(History { this_cycle: row.this_cycle, earlier_cycle: row.earlier_cycle, rated: row.rated, recent })
}

/// The facts that the rules ask of.
pub(crate) async fn asked(tx: &mut Tx, facts: &TicketFacts, finished_as: Status) -> Result<Facts> {
    let card = customer::queries::card(tx, facts.customer_id).await?;
    Ok(Facts {
        finished_as,
        status: facts.status,
        source: facts.source,
        categories: line_of(tx, facts.category_id).await?,
        has_agent: facts.agent_id.is_some(),
        has_address: !card.emails.is_empty(),
    })
}

/// A category and everything above it.
async fn line_of(tx: &mut Tx, category: Option<CategoryId>) -> Result<Vec<CategoryId>> {
    if category.is_none() {
        return Ok(Vec::new());
    }
    let tree = ticket::queries::category::tree(tx).await?;
    let mut line: Vec<CategoryId> = category.into_iter().collect();
    while let Some(above) = tree.iter().find(|known| line.last() == Some(&known.id)).and_then(|known| known.parent_id) {
        line.push(above);
    }
    Ok(line)
}
