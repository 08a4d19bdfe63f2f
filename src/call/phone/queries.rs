//! Reads of phones: accounts, calls that run, and everything that the phone bar shows.

use super::scene::Scene;
use crate::model::AnswerWay;
use crate::model::event::{Party, SwitchEvent};
use crate::model::phone::{Panel, PhoneSettings};
use crate::model::switch::SwitchKind;
use customer::model::CustomerHit;
use identity::model::{AgentOption, AgentState, GroupKind, GroupOption, OwnState};
use kernel::ctx::Ctx;
use kernel::error::{Error, Result};
use kernel::id::{AgentId, SwitchId};
use kernel::permission::Permission;
use kernel::setting::InForce;
use kernel::time::Stamp;
use kernel::tx::Tx;
use serde_json::Value;
use uuid::Uuid;

/// 电话账号.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// 接听方式.
    pub answer_way: AnswerWay,
    /// The extension bound.
    pub extension: Option<String>,
    /// Whether it is in use.
    pub enabled: bool,
    /// When the after-call work ends, or ended last.
    pub wrap_until: Option<Stamp>,
    /// Seconds by which it was extended.
    pub wrap_extended_s: i16,
    /// Counts changes.
    pub version: i32,
}

/// A row of the list of phone accounts.
#[derive(Clone, Debug)]
pub struct AccountRow {
    /// Whose.
    pub agent: AgentId,
    /// 接听方式.
    pub answer_way: AnswerWay,
    /// The extension bound.
    pub extension: Option<String>,
    /// Whether it is in use.
    pub enabled: bool,
}

/// A call that runs.
#[derive(Clone, Debug)]
pub struct Running {
    /// Which.
    pub id: Uuid,
    /// Over which switch.
    pub switch: SwitchId,
    /// What happened, in order.
    pub events: Vec<SwitchEvent>,
    /// What it comes to.
    pub scene: Scene,
}

/// 电话条: everything that the bar shows.
#[derive(Clone, Debug)]
pub struct Phone {
    /// Whose.
    pub me: AgentId,
    /// The state that was chosen.
    pub chosen: AgentState,
    /// 自定义状态 that was chosen.
    pub own: Option<OwnState>,
    /// 自定义状态 that the company has.
    pub own_states: Vec<OwnState>,
    /// Since when.
    pub since: Option<Stamp>,
    /// The account.
    pub account: Account,
    /// The call the agent is in.
    pub call: Option<Running>,
    /// 来电匹配: the customer at the other end.
    pub customer: Option<CustomerHit>,
    /// Whether its switch takes orders: otherwise the telephone itself is operated.
    pub takes_orders: bool,
    /// Colleagues with a phone; nobody on a collapsed bar without a call, which names nobody.
    pub colleagues: Vec<AgentOption>,
    /// Skill groups, likewise.
    pub groups: Vec<GroupOption>,
}

/// 电话设置 in force.
pub async fn settings(tx: &mut Tx) -> Result<InForce<PhoneSettings>> {
    kernel::setting::in_force(tx).await
}

/// 模拟交换机 of the company, when it has one that is enabled: calls go over it.
pub async fn simulated(tx: &mut Tx) -> Result<Option<SwitchId>> {
    let switches = crate::queries::all(tx).await?;
    let simulated = switches.into_iter().find(|switch| switch.is_enabled && switch.kind == SwitchKind::Simulated);
    Ok(simulated.map(|switch| switch.id))
}

/// The agent's phone account.
pub async fn account(tx: &mut Tx, agent: AgentId) -> Result<Option<Account>> {
    let company = tx.ctx.company;
    Ok(sqlx::query_as!(
        Account,
        r#"select answer_way as "answer_way: AnswerWay", extension, enabled, wrap_until, wrap_extended_s, version
        from phone_accounts
        where company_id = $1
        and agent_id = $2"#,
        company as _,
        agent as _,
    )
    .fetch_optional(&mut **tx)
    .await?)
}

/// Every phone account.
pub async fn accounts(ctx: &Ctx) -> Result<Vec<AccountRow>> {
    ctx.require(Permission::PhoneManage)?;
    let (mut tx, company) = (ctx.read().await?, ctx.company);
    Ok(sqlx::query_as!(
        AccountRow,
        r#"select agent_id as "agent: AgentId", answer_way as "answer_way: AnswerWay", extension, enabled
        from phone_accounts
        where company_id = $1
        order by extension nulls last, agent_id"#,
        company as _,
    )
    .fetch_all(&mut *tx)
    .await?)
}

/// SIP分机: the company's extensions, in their order as numbers.
pub async fn extensions(tx: &mut Tx) -> Result<Vec<String>> {
    let company = tx.ctx.company;
    Ok(sqlx::query_scalar!(
        "select extension from phone_extensions where company_id = $1 order by length(extension), extension",
        company as _
    )
    .fetch_all(&mut **tx)
    .await?)
}

/// The extensions that this agent may have: those that are nobody's, their own, and those of whoever is not enabled any more.
pub async fn free_extensions(tx: &mut Tx, agent: AgentId) -> Result<Vec<String>> {
    let company = tx.ctx.company;
    let rows = sqlx::query!(
        r#"select e.extension, p.agent_id as "owner?: AgentId"
        from phone_extensions e
        left join phone_accounts p
        on p.company_id = e.company_id
        and p.extension = e.extension
        where e.company_id = $1
        order by length(e.extension), e.extension"#,
        company as _,
    )
    .fetch_all(&mut **tx)
    .await?;
    let agents = identity::queries::agent_options(tx).await?;
    let is_taken = |owner: AgentId| owner != agent && agents.iter().any(|known| known.id == owner && known.enabled);
    Ok(rows.into_iter().filter(|row| row.owner.is_none_or(|owner| !is_taken(owner))).map(|row| row.extension).collect())
}

/// Whose extension this is.
pub async fn whose(tx: &mut Tx, extension: &str) -> Result<Option<AgentId>> {
    let company = tx.ctx.company;
    Ok(sqlx::query_scalar!(
        r#"select agent_id as "agent: AgentId" from phone_accounts where company_id = $1 and extension = $2"#,
        company as _,
        extension,
    )
    .fetch_optional(&mut **tx)
    .await?)
}

/// The call that the agent is in.
pub async fn running(tx: &mut Tx, agent: AgentId) -> Result<Option<Running>> {
    let company = tx.ctx.company;
    let rows = sqlx::query!(
        r#"select id, switch_id as "switch: SwitchId", events
        from phone_calls
        where company_id = $1
        and not is_over
        and $2 = any(agents)
        order by started_at desc, id desc"#,
        company as _,
        agent.0,
    )
    .fetch_all(&mut **tx)
    .await?;
    for row in rows {
        let running = read((row.id, row.switch), row.events)?;
        if running.scene.limb_of(agent).is_some() {
            return Ok(Some(running));
        }
    }
    Ok(None)
}

/// A call as it stands.
pub(crate) fn read((id, switch): (Uuid, SwitchId), events: Value) -> Result<Running> {
    let events: Vec<SwitchEvent> = serde_json::from_value(events).map_err(Error::internal)?;
    let scene = Scene::of(&events).ok_or_else(|| Error::internal(format!("call {id} has no beginning")))?;
    Ok(Running { id, switch, events, scene })
}

/// 进行中的通话: all of the company, the oldest first, at most 200.
pub async fn live(ctx: &Ctx) -> Result<Vec<Running>> {
    ctx.require(Permission::CallSupervise)?;
    let (mut tx, company) = (ctx.read().await?, ctx.company);
    let rows = sqlx::query!(
        r#"select id, switch_id as "switch: SwitchId", events
        from phone_calls
        where company_id = $1
        and not is_over
        order by started_at, id
        limit 200"#,
        company as _,
    )
    .fetch_all(&mut *tx)
    .await?;
    rows.into_iter().map(|row| read((row.id, row.switch), row.events)).collect()
}

/// Everything that the phone bar of the signed-in agent shows; nothing without an account in use.
pub async fn phone(ctx: &Ctx, panel: Panel) -> Result<Option<Phone>> {
    if !ctx.may(Permission::CallPhone) {
        return Ok(None);
    }
    let (me, mut tx) = (ctx.agent()?, ctx.read().await?);
    let Some(account) = account(&mut tx, me).await?.filter(|account| account.enabled) else { return Ok(None) };
    let (chosen, since) = identity::queries::state_of(&mut tx, me).await?;
    let own = identity::queries::own_state_of(&mut tx, me).await?;
    let own_states = settings(&mut tx).await?.value.own_states;
    let call = running(&mut tx, me).await?;
    let customer = match &call {
        Some(call) => customer::queries::caller::by_number(&mut tx, call.scene.customer_number()).await?,
        None => None,
    };
    let takes_orders = simulated(&mut tx).await?.is_some_and(|switch| call.as_ref().is_none_or(|call| call.switch == switch));
    // The bar stands on every page: whoever is in no call is spared the names of everybody.
    let names_others = call.is_some() || panel == Panel::Expanded;
    let colleagues = if names_others { colleagues(&mut tx).await? } else { Vec::new() };
    let groups = if names_others { skill_groups(&mut tx).await? } else { Vec::new() };
    Ok(Some(Phone { me, chosen, own, own_states, since, account, call, customer, takes_orders, colleagues, groups }))
}

/// Agents with a phone in use.
pub async fn colleagues(tx: &mut Tx) -> Result<Vec<AgentOption>> {
    let company = tx.ctx.company;
    let with_phone: Vec<AgentId> =
        sqlx::query_scalar!(r#"select agent_id as "agent: AgentId" from phone_accounts where company_id = $1 and enabled"#, company as _,)
            .fetch_all(&mut **tx)
            .await?;
    let agents = identity::queries::agent_options(tx).await?;
    Ok(agents.into_iter().filter(|agent| agent.enabled && with_phone.contains(&agent.id)).collect())
}

/// 技能组: groups that take calls.
pub async fn skill_groups(tx: &mut Tx) -> Result<Vec<GroupOption>> {
    let mut groups = identity::queries::group_options(tx, GroupKind::Call).await?;
    groups.extend(identity::queries::group_options(tx, GroupKind::Telemarketing).await?);
    Ok(groups)
}

/// The name of whoever is at an end of a leg: a colleague's name, or the number.
#[must_use]
pub fn name_of(party: &Party, agents: &[AgentOption]) -> String {
    match party {
        Party::Agent { agent, .. } => agents.iter().find(|known| known.id == *agent).map(|known| known.name.clone()).unwrap_or_default(),
        Party::Customer { number } | Party::Third { number } => number.clone(),
    }
}
