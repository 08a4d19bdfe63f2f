//! 工单提醒设置 and 个人提醒: what is saved.

use crate::model::quiet::{Hours, QuietInput};
use crate::model::reminder::{ReminderEvent, ReminderSettings, RemindersInput, Tone, Way};
use crate::queries;
use kernel::configured::{Refers, Spell, Words};
use kernel::ctx::Ctx;
use kernel::error::{Error, Problem, Problems, Result};
use kernel::permission::Permission;
use kernel::setting::{self, Setting};
use kernel::tx::Tx;

impl Setting for ReminderSettings {
    const KIND: &'static str = "reminder";
    const KEYS: &'static [(&'static str, Words)] = &[
        ("mail", ("邮件", "Mail")),
        ("pop_up", ("弹窗", "Pop-up")),
        ("sound", ("声音", "Sound")),
        ("to_agent", ("提醒受理客服", "Reminds the agent")),
        ("to_group", ("提醒受理组", "Reminds the group")),
        ("to_creator", ("提醒创建人", "Reminds the creator")),
        ("to_followers", ("提醒关注人", "Reminds followers")),
        ("agents", ("指定客服", "Named agents")),
        ("tone", ("提示音", "Tone")),
        ("open", ("可自选的方式", "Ways left to each")),
        ("quiet_hours", ("允许免打扰", "Quiet hours allowed")),
    ];
    const CODES: &'static [(&'static str, Spell)] = &[
        ("mail", ReminderEvent::spell),
        ("pop_up", ReminderEvent::spell),
        ("sound", ReminderEvent::spell),
        ("tone", Tone::spell),
        ("open", Way::spell),
    ];
    const SETS: &'static [&'static str] = &["agents"];

    fn check(&self) -> Result {
        self.problems().end()
    }
}

impl Refers for ReminderSettings {
    async fn check_references(&self, tx: &mut Tx) -> Result {
        let known = identity::queries::agent_options(tx).await?;
        if self.agents.iter().all(|agent| known.iter().any(|option| option.id == *agent)) {
            Ok(())
        } else {
            Err(Error::Problems(Problems::one("agents", Problem::BadChoice)))
        }
    }
}

/// Saves a new version of the settings.
pub async fn save(ctx: &Ctx, input: RemindersInput) -> Result {
    ctx.require(Permission::CategoryManage)?;
    let mut agents = input.agents;
    agents.sort_unstable();
    agents.dedup();
    let value = ReminderSettings {
        mail: input.mail,
        pop_up: input.pop_up,
        sound: input.sound,
        to_agent: input.to_agent,
        to_group: input.to_group,
        to_creator: input.to_creator,
        to_followers: input.to_followers,
        agents,
        tone: input.tone.unwrap_or(Tone::Soft),
        open: input.open,
        quiet_hours: input.quiet_hours,
    };
    let mut tx = ctx.begin().await?;
    value.check_references(&mut tx).await?;
    setting::save(&mut tx, &value, input.version, input.reason.trim()).await?;
    tx.commit().await
}

/// Saves what the actor wants to hear of; everybody who hears of tickets may for themselves.
pub async fn save_own(ctx: &Ctx, input: QuietInput) -> Result {
    ctx.require(Permission::TicketView)?;
    let (me, company, now) = (ctx.agent()?, ctx.company, ctx.now());
    let hours = if input.quiet { Some(Hours::read(&input.from, &input.to).map_err(Error::Problems)?) } else { None };
    let mut tx = ctx.begin().await?;
    let settings = queries::reminders(&mut tx).await?.value;
    let before = queries::quiet_of(&mut tx, me).await?;
    let wanted = |way| match way {
        Way::Mail => input.mail.clone(),
        Way::PopUp => input.pop_up.clone(),
        Way::Sound => input.sound.clone(),
    };
    let document = serde_json::to_value(before.without(&settings, wanted, hours)).map_err(Error::internal)?;
    sqlx::query!(
        "insert into agent_reminders (company_id, agent_id, document, updated_at) values ($1, $2, $3, $4)
        on conflict (company_id, agent_id) do update set document = excluded.document, updated_at = excluded.updated_at",
        company as _,
        me as _,
        document,
        now,
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await
}
