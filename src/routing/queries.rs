//! Reads of calendars.

use crate::calendar::Calendar;
use kernel::ctx::Ctx;
use kernel::error::{Error, Result};
use kernel::id::{CalendarId, GroupId};
use kernel::permission::Permission;
use kernel::tx::Tx;
use serde_json::Value;

/// A calendar that is kept.
#[derive(Clone, Debug)]
pub struct Kept {
    /// Which.
    pub id: CalendarId,
    /// 名称.
    pub name: String,
    /// The week and its special days.
    pub calendar: Calendar,
    /// Groups that work by it.
    pub groups: Vec<GroupId>,
    /// Whether the other groups do.
    pub is_default: bool,
    /// Grows with every change.
    pub version: i32,
}

struct Row {
    id: CalendarId,
    name: String,
    document: Value,
    groups: Vec<GroupId>,
    is_default: bool,
    version: i32,
}

impl Row {
    fn kept(self) -> Result<Kept> {
        let calendar = serde_json::from_value(self.document).map_err(Error::internal)?;
        Ok(Kept { id: self.id, name: self.name, calendar, groups: self.groups, is_default: self.is_default, version: self.version })
    }
}

/// Every calendar, the default one first.
pub async fn list(ctx: &Ctx) -> Result<Vec<Kept>> {
    ctx.require(Permission::SlaManage)?;
    all(&mut ctx.read().await?).await
}

/// Every calendar, for whoever counts in them. System: its caller has asked who may.
pub async fn all(tx: &mut Tx) -> Result<Vec<Kept>> {
    let company = tx.ctx.company;
    let rows = sqlx::query_as!(
        Row,
        r#"select c.id as "id: CalendarId", c.name, c.document, c.is_default, c.version,
            array(
                select g.group_id from duty_groups g where g.company_id = c.company_id and g.calendar_id = c.id order by g.group_id
            ) as "groups!: Vec<GroupId>"
        from duty_calendars c
        where c.company_id = $1
        and c.deleted_at is null
        order by c.is_default desc, c.name, c.id"#,
        company as _,
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter().map(Row::kept).collect()
}

/// One calendar for its editor.
pub async fn one(ctx: &Ctx, id: CalendarId) -> Result<Kept> {
    ctx.require(Permission::SlaManage)?;
    held(&mut ctx.read().await?, id).await
}

/// One calendar, inside the caller's transaction.
pub(crate) async fn held(tx: &mut Tx, id: CalendarId) -> Result<Kept> {
    all(tx).await?.into_iter().find(|kept| kept.id == id).ok_or(Error::NotFound)
}

/// The calendar of a group, or of what no group has: its own, else the default one; nothing when neither is there, which
/// means day and night. System: its caller has asked who may.
pub async fn of_group(tx: &mut Tx, group: Option<GroupId>) -> Result<Option<Kept>> {
    let known = all(tx).await?;
    let own = group.and_then(|group| known.iter().find(|kept| kept.groups.contains(&group)));
    Ok(own.or_else(|| known.iter().find(|kept| kept.is_default)).cloned())
}
