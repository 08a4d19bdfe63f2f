//! Reads of calendars.

use crate::calendar::Calendar;
use kernel::ctx::Ctx;
use kernel::error::{Error, Result};
use kernel::id::{CalendarId, GroupId};
use kernel::permission::Permission;
use kernel::time::Stamp;
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

/// Every calendar, to be asked for many groups.
#[derive(Clone, Debug, Default)]
pub struct Calendars(Vec<Kept>);

impl Calendars {
    /// Nobody is ever on duty: for a ticket that never was.
    #[must_use]
    pub fn never() -> Calendars {
        let calendar = Calendar { week: Default::default(), ..Calendar::always() };
        let id = CalendarId(uuid::Uuid::nil());
        Calendars(vec![Kept { id, name: String::new(), calendar, groups: Vec::new(), is_default: true, version: 0 }])
    }

    /// By which calendar a group works, or what no group has: its own, else the default one; nothing when neither is there,
    /// which means day and night.
    #[must_use]
    pub fn of(&self, group: Option<GroupId>) -> Option<&Kept> {
        let own = group.and_then(|group| self.0.iter().find(|kept| kept.groups.contains(&group)));
        own.or_else(|| self.0.iter().find(|kept| kept.is_default))
    }

    /// Whether a group is on duty at a moment.
    #[must_use]
    pub fn is_on(&self, group: Option<GroupId>, at: Stamp) -> bool {
        self.of(group).is_none_or(|kept| kept.calendar.is_on(at))
    }
}

/// Every calendar, to be asked for many groups. System: its caller has asked who may.
pub async fn calendars(tx: &mut Tx) -> Result<Calendars> {
    all(tx).await.map(Calendars)
}

/// The calendar of a group. System: its caller has asked who may.
pub async fn of_group(tx: &mut Tx, group: Option<GroupId>) -> Result<Option<Kept>> {
    Ok(calendars(tx).await?.of(group).cloned())
}
