//! Writes of phones: what agents and supervisors order, and the states of agents.

pub mod account;
pub(crate) mod follow;
pub mod wrap;

use super::bar;
use super::port::{Order, SwitchPort, Target, TellingSwitch};
use super::queries;
use crate::model::event::Party;
use crate::model::phone::{Act, ChooseInput, ClickInput, PressInput};
use crate::simulated::play::SimulatedSwitch;
use identity::model::AgentState;
use kernel::ctx::Ctx;
use kernel::error::{Error, Problem, Problems, Result};
use kernel::id::{AgentId, GroupId};
use kernel::permission::Permission;
use kernel::tx::Tx;
use uuid::Uuid;

/// 电话按钮: an agent, or a supervisor, presses a button. The same press twice is one.
pub async fn press(ctx: &Ctx, input: &PressInput) -> Result {
    ctx.require(Permission::CallPhone)?;
    if matches!(input.act, Act::Monitor | Act::Barge | Act::Force) {
        ctx.require(Permission::CallSupervise)?;
    }
    let (me, mut tx) = (ctx.agent()?, ctx.begin().await?);
    let account = queries::account(&mut tx, me).await?.filter(|account| account.enabled).ok_or(Problem::PhoneNone)?;
    if !is_first(&mut tx, input.order).await? {
        return Ok(());
    }
    let order = order(&mut tx, input).await?;
    let by = Party::Agent { agent: me, group: None, way: account.answer_way };
    match queries::simulated(&mut tx).await? {
        Some(switch) => SimulatedSwitch(switch).order(&mut tx, &by, &order).await?,
        None => TellingSwitch.order(&mut tx, &by, &order).await?,
    }
    tx.commit().await
}

/// 点击状态: a click on the state text, which switches the state when the rule of `bar::on_click` says so.
pub async fn click(ctx: &Ctx, input: &ClickInput) -> Result {
    ctx.require(Permission::CallPhone)?;
    let (me, mut tx) = (ctx.agent()?, ctx.begin().await?);
    if !is_first(&mut tx, input.order).await? {
        return Ok(());
    }
    wrap::hold(&mut tx, me).await?;
    let (chosen, _) = identity::queries::state_of(&mut tx, me).await?;
    if queries::running(&mut tx, me).await?.is_some() {
        return Err(Problem::PhoneNotNow.into());
    }
    // A page that is behind shows another state than the one that would be switched.
    if chosen != input.from {
        return Ok(());
    }
    if let Some(next) = bar::on_click(chosen, input.panel) {
        change(&mut tx, me, next).await?;
    }
    tx.commit().await
}

/// 选择状态: a state of the list in the open panel.
pub async fn choose(ctx: &Ctx, input: &ChooseInput) -> Result {
    ctx.require(Permission::CallPhone)?;
    let (me, mut tx) = (ctx.agent()?, ctx.begin().await?);
    if input.own.is_empty() {
        change(&mut tx, me, input.state).await?;
    } else {
        let known = queries::settings(&mut tx).await?.value.own_states;
        let own = known.iter().find(|own| own.zh == input.own).ok_or(Problem::BadChoice)?;
        identity::commands::state::choose_own(&mut tx, me, own).await?;
        wrap::tell(&mut tx, me).await?;
    }
    tx.commit().await
}

/// Deletes presses that nobody can repeat any more. System: housekeeping.
pub async fn forget(tx: &mut Tx, before: kernel::time::Stamp) -> Result {
    let company = tx.ctx.company;
    sqlx::query!("delete from phone_orders where company_id = $1 and ordered_at < $2", company as _, before).execute(&mut **tx).await?;
    sqlx::query!("delete from phone_calls where company_id = $1 and is_over and updated_at < $2", company as _, before)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

async fn change(tx: &mut Tx, me: AgentId, state: AgentState) -> Result {
    identity::commands::state::choose(tx, me, state).await?;
    if state == AgentState::Available {
        wrap::answered(tx, me).await?;
    }
    match queries::simulated(tx).await? {
        Some(switch) => SimulatedSwitch(switch).agent_state(tx, me).await?,
        None => TellingSwitch.agent_state(tx, me).await?,
    }
    wrap::tell(tx, me).await
}

/// Notes a press; whether nobody noted it before.
pub(crate) async fn is_first(tx: &mut Tx, order: Uuid) -> Result<bool> {
    let (company, now, me) = (tx.ctx.company, tx.ctx.now(), tx.ctx.agent()?);
    let noted = sqlx::query!(
        "insert into phone_orders (company_id, id, agent_id, ordered_at) values ($1, $2, $3, $4)
        on conflict (company_id, id) do nothing",
        company as _,
        order,
        me as _,
        now,
    )
    .execute(&mut **tx)
    .await?;
    Ok(noted.rows_affected() == 1)
}

async fn order(tx: &mut Tx, input: &PressInput) -> Result<Order> {
    let call = input.call.ok_or(Problem::PhoneNotNow);
    Ok(match input.act {
        Act::Dial => Order::Dial { to: target(tx, &input.to).await? },
        Act::Transfer | Act::Consult => Order::Ask { call: call?, act: input.act, to: target(tx, &input.to).await? },
        Act::Monitor | Act::Barge | Act::Force => match input.agent {
            Some(agent) => Order::Supervise { call: call?, act: input.act, agent },
            None => Order::Press { call: call?, act: input.act },
        },
        act => Order::Press { call: call?, act },
    })
}

/// Whom a typed text means: an id after `agent:` or `group:`, an extension of a colleague, or a number outside.
pub(crate) async fn target(tx: &mut Tx, text: &str) -> Result<Target> {
    let wrong = |problem| Error::Problems(Problems::one("to", problem));
    let text = text.trim();
    if text.is_empty() {
        return Err(wrong(Problem::Required));
    }
    if let Some(agent) = text.strip_prefix("agent:") {
        return Ok(Target::Agent(AgentId(agent.parse().map_err(|_| wrong(Problem::BadChoice))?)));
    }
    if let Some(group) = text.strip_prefix("group:") {
        let group = GroupId(group.parse().map_err(|_| wrong(Problem::BadChoice))?);
        let is_known = queries::skill_groups(tx).await?.iter().any(|known| known.id == group);
        return if is_known { Ok(Target::Group(group)) } else { Err(wrong(Problem::BadChoice)) };
    }
    let number: String = text.chars().filter(|c| !" -()".contains(*c)).collect();
    let digits = number.strip_prefix('+').unwrap_or(&number);
    if !(2..=18).contains(&digits.len()) || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(wrong(Problem::BadPhone));
    }
    match queries::whose(tx, &number).await? {
        Some(agent) => Ok(Target::Agent(agent)),
        None => Ok(Target::Number(number)),
    }
}
