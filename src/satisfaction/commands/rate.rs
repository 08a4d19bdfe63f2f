//! 参评: the customer answers.

use crate::model::input::RateInput;
use crate::model::{InvitationState, RemarkRule};
use crate::queries;
use kernel::actor::Actor;
use kernel::app::App;
use kernel::ctx::{Ctx, Request};
use kernel::error::{Error, Problem, Result};
use kernel::event::Event;
use kernel::id::{CustomerId, InvitationId, TicketId};
use kernel::permission::Grants;
use kernel::rng;
use kernel::time::Stamp;
use std::sync::Arc;

/// The context of whoever holds the link: the customer of the invitation, with no right but to rate. Public: the link
/// itself is the right. A link that is none, or whose company is gone, is `Problem::RatingLinkUnknown`.
pub async fn visitor(app: &Arc<App>, token: &str, request: Request) -> Result<Ctx> {
    let unknown = || Error::from(Problem::RatingLinkUnknown);
    let (company, hash) = rng::read_link_token(token).ok_or_else(unknown)?;
    let mut ctx = match Ctx::load(app, company, Actor::System, Grants::none(), Vec::new(), request).await {
        Err(Error::NotFound) => return Err(unknown()),
        other => other?,
    };
    let mut tx = ctx.read().await?;
    let customer = sqlx::query_scalar!(
        r#"select customer_id as "id: CustomerId" from satisfaction_invitations where company_id = $1 and token_hash = $2"#,
        company as _,
        hash,
    )
    .fetch_optional(&mut *tx)
    .await?
    .ok_or_else(unknown)?;
    let card = customer::queries::card(&mut tx, customer).await?;
    ctx.actor = Actor::Customer { id: customer, name: card.nickname };
    Ok(ctx)
}

/// Rates, or changes the rating, until the link expires. Public: the link itself is the right (`visitor`). The same
/// answer twice is one rating; an answer drawn from a revision that is no longer in force is `Problem::AlreadyRated`.
pub async fn rate(ctx: &Ctx, input: RateInput) -> Result {
    let (company, now) = (ctx.company, ctx.now());
    let (_, hash) = rng::read_link_token(&input.token).filter(|(of, _)| *of == company).ok_or(Problem::RatingLinkUnknown)?;
    let mut tx = ctx.begin().await?;
    // The lock lines up answers that come at once (S58), also to the invitations of one ticket's other cycles.
    sqlx::query!(
        "select from satisfaction_invitations
        where company_id = $1
        and ticket_id = (select i.ticket_id from satisfaction_invitations i where i.company_id = $1 and i.token_hash = $2)
        order by id
        for update",
        company as _,
        hash,
    )
    .execute(&mut *tx)
    .await?;
    let invitation = sqlx::query!(
        r#"select id as "id: InvitationId", ticket_id as "ticket: TicketId", expires_at, settings_version
        from satisfaction_invitations
        where company_id = $1
        and token_hash = $2"#,
        company as _,
        hash,
    )
    .fetch_optional(&mut *tx)
    .await?
    .ok_or(Problem::RatingLinkUnknown)?;
    if queries::is_rated_otherwise(&mut tx, invitation.ticket, invitation.id).await? {
        return Err(Problem::AlreadyRated.into());
    }
    if invitation.expires_at.is_none_or(|until: Stamp| until <= now) {
        return Err(Problem::RatingExpired.into());
    }
    let settings = queries::wording(&mut tx, invitation.settings_version).await?;
    input.check(&settings)?;
    let score = input.score.unwrap_or_default();
    let offered = settings.level(score).map(|level| level.reasons.as_slice()).unwrap_or_default();
    let reasons: Vec<String> = offered.iter().filter(|reason| input.reasons.contains(&reason.zh)).map(|reason| reason.zh.clone()).collect();
    // A remark that the page does not ask for is not taken.
    let remark = if settings.remark == RemarkRule::Off { "" } else { input.remark.trim() };
    let before = queries::current(&mut tx, invitation.id).await?;
    if let Some(before) = &before {
        if before.score == score && before.reasons == reasons && before.remark == remark {
            return Ok(());
        }
        if before.revision != input.revision {
            return Err(Problem::AlreadyRated.into());
        }
    }
    let revision = before.map_or(1, |before| before.revision + 1);
    sqlx::query!(
        "update satisfaction_ratings set is_current = false where company_id = $1 and invitation_id = $2 and is_current",
        company as _,
        invitation.id as _,
    )
    .execute(&mut *tx)
    .await?;
    sqlx::query!(
        "insert into satisfaction_ratings (company_id, invitation_id, revision, score, reasons, remark, rated_at)
        values ($1, $2, $3, $4, $5, $6, $7)",
        company as _,
        invitation.id as _,
        revision,
        score,
        &reasons,
        remark,
        now,
    )
    .execute(&mut *tx)
    .await
    .map_err(|error| Error::on_constraint(error, "satisfaction_ratings_current", "", Problem::AlreadyRated))?;
    // Reports read the score where the invitation stands. Whoever answers was reached, whatever became of the mail.
    sqlx::query!(
        "update satisfaction_invitations
        set score = $3,
            state = case when state = $5 and sent_at is not null then $4 else state end,
            reason = case when state = $5 and sent_at is not null then '' else reason end
        where company_id = $1 and id = $2",
        company as _,
        invitation.id as _,
        score,
        InvitationState::Sent as _,
        InvitationState::Withheld as _,
    )
    .execute(&mut *tx)
    .await?;
    tx.record(Event::TicketRated { invitation: invitation.id, ticket: invitation.ticket, score }).await?;
    tx.commit().await
}
