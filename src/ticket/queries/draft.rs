//! 草稿 of a new ticket.

use kernel::ctx::Ctx;
use kernel::error::Result;
use kernel::id::CustomerId;
use kernel::permission::Permission;
use kernel::rich;
use kernel::time::Stamp;
use serde_json::Value;

/// What somebody has typed of a new ticket.
#[derive(Clone, Debug)]
pub struct NewDraft {
    /// The fields, by name, as they were typed.
    pub form: Value,
    /// 描述, as HTML.
    pub html: String,
    /// The same as plain text, for a form without an editor.
    pub text: String,
    /// When it was kept.
    pub updated_at: Stamp,
}

impl NewDraft {
    /// The customer it was written for, unless that was somebody new.
    #[must_use]
    pub fn customer(&self) -> Option<CustomerId> {
        self.form.get("customer").and_then(Value::as_str).and_then(|id| id.parse().ok())
    }

    /// What somebody new was called, when it was written for them.
    #[must_use]
    pub fn newcomer(&self) -> Option<String> {
        let name = self.form.get("nickname").and_then(Value::as_str).map(str::trim);
        name.filter(|name| !name.is_empty() && self.customer().is_none()).map(str::to_owned)
    }
}

/// The actor's draft of a new ticket, when there is one.
pub async fn new_draft(ctx: &Ctx) -> Result<Option<NewDraft>> {
    ctx.require(Permission::TicketCreate)?;
    let (company, me) = (ctx.company, ctx.agent()?);
    let mut tx = ctx.read().await?;
    let row = sqlx::query!(
        "select html, form, updated_at
        from ticket_drafts
        where company_id = $1
        and ticket_id is null
        and agent_id = $2",
        company as _,
        me as _,
    )
    .fetch_optional(&mut *tx)
    .await?;
    Ok(row.map(|row| NewDraft {
        form: row.form.unwrap_or_default(),
        text: rich::to_text(&row.html),
        html: rich::clean(&row.html),
        updated_at: row.updated_at,
    }))
}
