//! 转交评价链接: an agent takes the link of an invitation that no mail carries, or whose mail came back, and gives it to
//! the customer.

use super::{Asked, again, went_out, withhold};
use crate::model::input::HandInput;
use crate::model::{InvitationState, Rule, SatisfactionSettings};
use crate::queries;
use crate::rule::{Decision, decide};
use jiff::SignedDuration;
use kernel::ctx::Ctx;
use kernel::error::{Error, Result};
use kernel::id::{CompanyId, InvitationId, TicketId};
use kernel::permission::Permission;
use kernel::tx::Subject;
use kernel::{rng, setting};

/// What came of asking for a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// It stands on the ticket's page now.
    Link,
    /// The customer is not asked after all; the rule that forbids it is kept.
    Withheld(Rule),
}

/// Takes the link of an invitation that lies ready: from now on the customer counts as asked, and the link is valid. The
/// rules are asked once more. Taken by somebody else in the meantime, it is the same link. Audited.
pub async fn take_link(ctx: &Ctx, input: HandInput) -> Result<Taken> {
    ctx.require(Permission::TicketView)?;
    ctx.require(Permission::TicketReply)?;
    let (company, now, invitation) = (ctx.company, ctx.now(), input.invitation);
    let mut tx = ctx.begin().await?;
    let row = sqlx::query!(
        r#"select ticket_id as "ticket: TicketId", cycle, state as "state: InvitationState", reason, link_sealed is not null as "has_link!"
        from satisfaction_invitations
        where company_id = $1
        and id = $2
        for update"#,
        company as _,
        invitation as _,
    )
    .fetch_optional(&mut *tx)
    .await?
    .ok_or(Error::NotFound)?;
    ticket::queries::visible(&mut tx, row.ticket).await?;
    match row.state {
        InvitationState::Ready => {}
        // The mail came back: the agent may reach the customer another way.
        InvitationState::Withheld if row.reason == Rule::Delivered.key() => {}
        InvitationState::Sent if row.has_link => return Ok(Taken::Link),
        InvitationState::Withheld => return Rule::from_key(&row.reason).map(Taken::Withheld).ok_or(Error::NotFound),
        // A mail carries it.
        InvitationState::Waiting | InvitationState::Sent => return Err(Error::NotFound),
    }
    let in_force = setting::in_force::<SatisfactionSettings>(&mut tx).await?;
    let (version, settings) = (in_force.version, in_force.value);
    let facts = ticket::queries::facts(&mut tx, row.ticket).await?;
    let mut history = queries::history(&mut tx, &facts, settings.cap).await?;
    history.this_cycle = None;
    let asked = again(&mut tx, &facts, &settings).await?;
    let rule = match decide(&asked, &settings, &history, now).0 {
        _ if facts.cycle != row.cycle => Some(Rule::StillFinished),
        // Whoever got an address since is still asked by the agent who wants to.
        Decision::Send(_) | Decision::Offer => None,
        Decision::Withhold(rule) | Decision::Ignore(rule) => Some(rule),
    };
    if let Some(rule) = rule {
        withhold(&mut tx, invitation, rule).await?;
        tx.commit().await?;
        return Ok(Taken::Withheld(rule));
    }
    let token = rng::link_token(company);
    let sealed = ctx.app.vault.seal(&place(company, invitation), token.text.as_bytes());
    let expires_at = now.plus(SignedDuration::from_hours(24 * i64::from(settings.validity)));
    let subject = Subject::named("ticket", Some(facts.id.0), facts.number.to_string());
    tx.audit("satisfaction.link_taken", subject, None, Some(serde_json::json!({ "expires_at": expires_at }))).await?;
    went_out(tx, Asked { invitation, ticket: facts.id, hash: token.hash, sealed: Some(sealed), mail: None, expires_at, version }).await?;
    Ok(Taken::Link)
}

/// What a sealed link is bound to.
pub(crate) fn place(company: CompanyId, invitation: InvitationId) -> String {
    format!("{company}/satisfaction_invitations/link_sealed/{invitation}")
}
