//! 邀评: a ticket that ended asks its customer. Links that agents hand over stand in `commands/hand.rs`, the customer's
//! answer in `commands/rate.rs`, the settings in `commands/settings.rs`.

pub mod hand;
pub mod rate;
pub mod settings;

use crate::ending;
use crate::jobs::SendInvitation;
use crate::letter::{self, Letter};
use crate::model::{InvitationState, Rule, SatisfactionSettings, SendWhen};
use crate::queries;
use crate::rule::{Decision, decide};
use customer::queries::CustomerCard;
use jiff::SignedDuration;
use kernel::ctx::Ctx;
use kernel::error::Result;
use kernel::event::Event;
use kernel::id::{InvitationId, MailId, TicketId};
use kernel::time::Stamp;
use kernel::tx::Tx;
use kernel::{job, rng, setting};
use mail::commands::send::Outgoing;
use mail::model::OutState;
use ticket::model::Status;
use ticket::queries::TicketFacts;

/// Invites the customer of a ticket that just ended, or keeps why not. System: reaction to the ticket's status; the
/// same event twice invites once (unique by ticket and cycle). `None` when there is nothing to invite or to keep.
///
/// A ticket that ended by a reply which can still be taken back is invited when it no longer can.
pub async fn invite(ctx: &Ctx, ticket: TicketId, finished_as: Status) -> Result<Option<InvitationId>> {
    let mut tx = ctx.begin().await?;
    let now = ctx.now();
    let settings = setting::in_force::<SatisfactionSettings>(&mut tx).await?;
    // Most companies ask this of most tickets: nothing more is read when it is off.
    if !settings.value.enabled {
        return Ok(None);
    }
    let facts = ticket::queries::facts(&mut tx, ticket).await?;
    let history = queries::history(&mut tx, &facts, settings.value.cap).await?;
    let asked = queries::asked(&mut tx, &facts, finished_as).await?;
    let (state, rule, send_at) = match decide(&asked, &settings.value, &history, now).0 {
        Decision::Ignore(_) => return Ok(None),
        Decision::Withhold(rule) => (InvitationState::Withheld, rule.key(), now),
        Decision::Send(at) => {
            let held = ticket::queries::held_until(&mut tx, ticket).await?;
            (InvitationState::Waiting, "", held.map_or(at, |until| until.max(at)))
        }
        // Nobody is asked yet, so nothing waits: an end that is taken back withdraws it.
        Decision::Offer => (InvitationState::Ready, "", now),
    };
    let (company, id) = (ctx.company, InvitationId(ctx.uuid()));
    // What was withheld in this cycle gives way; what waits or is sent stays.
    let id = sqlx::query_scalar!(
        r#"insert into satisfaction_invitations as kept (company_id, id, ticket_id, cycle, customer_id, channel, category_id,
            group_id, agent_id, agent_name, settings_version, state, reason, created_at, send_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
        on conflict (company_id, ticket_id, cycle) do update
        set customer_id = excluded.customer_id, channel = excluded.channel, category_id = excluded.category_id,
            group_id = excluded.group_id, agent_id = excluded.agent_id, agent_name = excluded.agent_name,
            settings_version = excluded.settings_version, state = excluded.state, reason = excluded.reason,
            created_at = excluded.created_at, send_at = excluded.send_at
        where kept.state = $16
        returning id as "id: InvitationId""#,
        company as _,
        id as _,
        ticket as _,
        facts.cycle,
        facts.customer_id as _,
        facts.source as _,
        facts.category_id as _,
        facts.group_id as _,
        facts.agent_id as _,
        facts.agent_name.as_deref().unwrap_or_default(),
        settings.version,
        state as _,
        rule,
        now,
        send_at,
        InvitationState::Withheld as _,
    )
    .fetch_optional(&mut *tx)
    .await?;
    if let (Some(invitation), InvitationState::Waiting) = (id, state) {
        job::enqueue_at(&mut tx, &SendInvitation { invitation }, send_at).await?;
    }
    tx.commit().await?;
    Ok(id)
}

/// Withdraws what waits or lies ready for a ticket that is open again: its next end invites anew. System: reaction to the ticket's
/// status; a ticket that ended once more in the meantime keeps what waits.
pub async fn withdraw(ctx: &Ctx, ticket: TicketId) -> Result {
    let mut tx = ctx.begin().await?;
    if ticket::queries::facts(&mut tx, ticket).await?.status.is_finished() {
        return Ok(());
    }
    let company = ctx.company;
    sqlx::query!(
        "update satisfaction_invitations set state = $3, reason = $4 where company_id = $1 and ticket_id = $2 and state in ($5, $6)",
        company as _,
        ticket as _,
        InvitationState::Withheld as _,
        Rule::StillFinished.key(),
        InvitationState::Waiting as _,
        InvitationState::Ready as _,
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await
}

/// Takes back that a customer was invited whose mail could not be delivered: the number of invitations counts only
/// those that went out. One who rated was reached. System: reaction to the mail's failure.
pub async fn undelivered(ctx: &Ctx, mail: MailId, ticket: TicketId) -> Result {
    let mut tx = ctx.begin().await?;
    let company = ctx.company;
    sqlx::query!(
        "update satisfaction_invitations i
        set state = $4, reason = $5
        where i.company_id = $1
        and i.ticket_id = $2
        and i.mail_id = $3
        and i.state = $6
        and not exists (
            select from satisfaction_ratings r where r.company_id = i.company_id and r.invitation_id = i.id
        )",
        company as _,
        ticket as _,
        mail as _,
        InvitationState::Withheld as _,
        Rule::Delivered.key(),
        InvitationState::Sent as _,
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await
}

/// Keeps that an invitation did not go out because its job failed too often. System: the worker gave up.
pub async fn give_up(ctx: &Ctx, invitation: InvitationId) -> Result {
    let mut tx = ctx.begin().await?;
    withhold(&mut tx, invitation, Rule::Delivered).await?;
    tx.commit().await
}

/// Sends an invitation whose time has come: asks the rules once more, makes the link, writes the mail. System: the job
/// of `invite`; a second run finds the invitation sent and does nothing.
pub async fn send_due(ctx: &Ctx, invitation: InvitationId) -> Result {
    let (company, now) = (ctx.company, ctx.now());
    let mut tx = ctx.begin().await?;
    let waiting = sqlx::query!(
        r#"select ticket_id as "ticket: TicketId", cycle, agent_name, send_at
        from satisfaction_invitations
        where company_id = $1
        and id = $2
        and state = $3
        for update"#,
        company as _,
        invitation as _,
        InvitationState::Waiting as _,
    )
    .fetch_optional(&mut *tx)
    .await?;
    let Some(waiting) = waiting else { return Ok(()) };
    // Its job may be older than what it waits for now.
    let held = ticket::queries::held_until(&mut tx, waiting.ticket).await?;
    let due = held.map_or(waiting.send_at, |until| until.max(waiting.send_at));
    if due > now {
        job::enqueue_at(&mut tx, &SendInvitation { invitation }, due).await?;
        return tx.commit().await;
    }
    let in_force = setting::in_force::<SatisfactionSettings>(&mut tx).await?;
    let (version, settings) = (in_force.version, in_force.value);
    let facts = ticket::queries::facts(&mut tx, waiting.ticket).await?;
    let card = customer::queries::card(&mut tx, facts.customer_id).await?;
    let mut history = queries::history(&mut tx, &facts, None).await?;
    // It does not stand in its own way.
    history.this_cycle = None;
    let asked = again(&mut tx, &facts, &settings).await?;
    match decide(&asked, &settings, &history, now).0 {
        _ if facts.cycle != waiting.cycle => return withheld(tx, invitation, Rule::StillFinished).await,
        Decision::Send(_) => {}
        // The address is gone since.
        Decision::Offer => return offer(tx, invitation).await,
        Decision::Withhold(rule) | Decision::Ignore(rule) => return withheld(tx, invitation, rule).await,
    }
    let expires_at = now.plus(SignedDuration::from_hours(24 * i64::from(settings.validity)));
    let token = rng::link_token(company);
    let mail = mail::commands::send::send(
        &mut tx,
        outgoing(ctx, &settings, &facts, &card, Link { token: &token.text, agent: &waiting.agent_name, expires_at }),
    )
    .await?;
    // Without a server the mail is kept and its link works; one that was stopped, being one too many, invites nobody.
    if mail::queries::out_state(&mut tx, mail).await? == OutState::Cancelled {
        return withheld(tx, invitation, Rule::Delivered).await;
    }
    let asked = Asked { invitation, ticket: facts.id, hash: token.hash, sealed: None, mail: Some(mail), expires_at, version };
    went_out(tx, asked).await
}

/// An invitation whose customer is asked now.
struct Asked {
    invitation: InvitationId,
    ticket: TicketId,
    hash: Vec<u8>,
    sealed: Option<Vec<u8>>,
    mail: Option<MailId>,
    expires_at: Stamp,
    version: i32,
}

/// Notes that a customer is asked, and commits: from here on the invitation counts.
async fn went_out(mut tx: Tx, asked: Asked) -> Result {
    let (company, now) = (tx.ctx.company, tx.ctx.now());
    sqlx::query!(
        "update satisfaction_invitations
        set state = $3, reason = '', token_hash = $4, link_sealed = $5, sent_at = $6, expires_at = $7, mail_id = $8, settings_version = $9
        where company_id = $1
        and id = $2",
        company as _,
        asked.invitation as _,
        InvitationState::Sent as _,
        asked.hash,
        asked.sealed,
        now,
        asked.expires_at,
        asked.mail as _,
        asked.version,
    )
    .execute(&mut *tx)
    .await?;
    // The link of an earlier cycle gives way to this one: a ticket is rated once.
    sqlx::query!(
        "update satisfaction_invitations
        set expires_at = $4
        where company_id = $1
        and ticket_id = $2
        and id <> $3
        and state = $5
        and expires_at > $4",
        company as _,
        asked.ticket as _,
        asked.invitation as _,
        now,
        InvitationState::Sent as _,
    )
    .execute(&mut *tx)
    .await?;
    tx.record(Event::RatingInvited { invitation: asked.invitation, ticket: asked.ticket }).await?;
    tx.commit().await
}

/// What the rules are asked once more, when the customer is about to be. The end that counted was the one that invited,
/// even when a solved ticket is closed by now, and its agent handled it, even when nobody does any more.
async fn again(tx: &mut Tx, facts: &TicketFacts, settings: &SatisfactionSettings) -> Result<crate::rule::Facts> {
    let end = if settings.when == SendWhen::Closed { Status::Closed } else { Status::Solved };
    let asked = queries::asked(tx, facts, end).await?;
    Ok(crate::rule::Facts { has_agent: true, ..asked })
}

/// Makes an invitation that waited for its mail one to be handed over, and commits.
async fn offer(mut tx: Tx, invitation: InvitationId) -> Result {
    let company = tx.ctx.company;
    sqlx::query!(
        "update satisfaction_invitations set state = $3 where company_id = $1 and id = $2",
        company as _,
        invitation as _,
        InvitationState::Ready as _,
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await
}

/// Keeps why an invitation is not sent, and commits.
async fn withheld(mut tx: Tx, invitation: InvitationId, rule: Rule) -> Result {
    withhold(&mut tx, invitation, rule).await?;
    tx.commit().await
}

/// Keeps why an invitation that waits or lies ready is not sent.
async fn withhold(tx: &mut Tx, invitation: InvitationId, rule: Rule) -> Result {
    let company = tx.ctx.company;
    sqlx::query!(
        "update satisfaction_invitations set state = $3, reason = $4 where company_id = $1 and id = $2 and state in ($5, $6)",
        company as _,
        invitation as _,
        InvitationState::Withheld as _,
        rule.key(),
        InvitationState::Waiting as _,
        InvitationState::Ready as _,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

struct Link<'a> {
    token: &'a str,
    agent: &'a str,
    expires_at: Stamp,
}

fn outgoing(ctx: &Ctx, settings: &SatisfactionSettings, facts: &TicketFacts, card: &CustomerCard, link: Link<'_>) -> Outgoing {
    let lang = ctx.company_lang;
    let letter = letter::write(&Letter {
        company: &ctx.company_name,
        done: &ending::sentence(link.agent, facts.solved_at.or(facts.closed_at), ctx.now(), &ctx.zone, lang),
        number: facts.number,
        title: &facts.title,
        link: &ctx.app.config.link(&format!("/r/{}", link.token)),
        until: &queries::day(link.expires_at, &ctx.zone, lang),
        settings,
        lang,
    });
    let name = if card.name.is_empty() { &card.nickname } else { &card.name };
    Outgoing {
        mailbox: facts.mailbox_id.or(settings.mailbox),
        to: card.emails.first().map(|address| (address.clone(), name.clone())).into_iter().collect(),
        cc: Vec::new(),
        subject: letter.subject,
        html: letter.html,
        text: letter.text,
        ticket: Some(facts.id),
        message: None,
        in_reply_to: None,
        references: Vec::new(),
        auto: true,
        files: Vec::new(),
        send_at: None,
        lang,
    }
}
