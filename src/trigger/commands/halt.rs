//! 自动停用: a trigger at which a chain of rules was stopped, or that acted on one ticket again and again, would go on at the
//! next event. It is switched off, and whoever writes triggers hears of it (S30).

use crate::queries::Trigger;
use kernel::error::Result;
use kernel::live;
use kernel::permission::Permission;
use kernel::tx::{Subject, Tx};
use serde_json::json;

/// Switches it off, inside the transaction of the run that stopped it.
pub(super) async fn halt(tx: &mut Tx, trigger: &Trigger) -> Result {
    let (company, now) = (tx.ctx.company, tx.ctx.now());
    let was_on = sqlx::query_scalar!(
        "update triggers
        set enabled_at = null, version = version + 1, updated_at = $3
        where company_id = $1
        and id = $2
        and enabled_at is not null
        returning version",
        company as _,
        trigger.id as _,
        now,
    )
    .fetch_optional(&mut **tx)
    .await?
    .is_some();
    if !was_on {
        return Ok(());
    }
    let subject = Subject::named("trigger", Some(trigger.id.0), trigger.name.clone());
    tx.audit("trigger.halted", subject, Some(json!({ "enabled": true })), Some(json!({ "enabled": false }))).await?;
    let writers = identity::queries::who_may(tx, Permission::TriggerManage).await?;
    let notice = json!({ "title": trigger.name, "href": format!("/settings/triggers/{}/runs", trigger.id) });
    live::tell(tx, &writers, "trigger", &notice).await
}
