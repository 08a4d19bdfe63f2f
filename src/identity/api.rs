//! 开放接口 of agents, roles, departments and groups (F§1.4, F§8).

use crate::commands::account as writes;
use crate::commands::group as group_writes;
use crate::model::account::{AgentChoice, AgentInput};
use crate::model::company::{GroupChoice, GroupInput};
use crate::model::{AgentStatus, GroupKind};
use crate::queries::account::agent as one_agent;
use crate::queries::company::departments;
use crate::queries::group::group as one_group;
use crate::queries::listed::{self, ListedAgent, Narrow};
use kernel::api::answer::{Done, Many, One, Page};
use kernel::api::edit::Edit;
use kernel::api::exact::Exact;
use kernel::api::value::{Code, Commas, PageNo, PageSize};
use kernel::api::{Endpoint, Nothing};
use kernel::ctx::Ctx;
use kernel::endpoint;
use kernel::error::{Error, Problem, Problems, Result};
use kernel::id::{AgentId, DepartmentId, GroupId};
use kernel::permission::{Permission, Role};

/// Every endpoint of this slice.
pub const ENDPOINTS: &[Endpoint] = &[
    endpoint!(Get "/api/basic/5/agent/query_agents", AgentRead, ("查询客服", "Query agents"), query_agents: QueryAgents => Many<AgentItem>),
    endpoint!(Get "/api/basic/5/agent/query_agent_roles", AgentRead, ("查询客服角色", "Query agent roles"), query_agent_roles: Nothing => Many<RoleItem>),
    endpoint!(Get "/api/basic/5/agent/query_departments", AgentRead, ("查询部门", "Query departments"), query_departments: Nothing => Many<DepartmentItem>),
    endpoint!(Get "/api/basic/5/agent/query_groups", AgentRead, ("查询技能组", "Query groups"), query_groups: QueryGroups => Many<GroupItem>),
    endpoint!(Post "/api/basic/5/agent/save_agent", AgentWrite, ("新增客服", "Create an agent"), save_agent: SaveAgent => One<SavedAgent>),
    endpoint!(Post "/api/basic/5/agent/update_agent", AgentWrite, ("修改客服", "Edit an agent"), update_agent: UpdateAgent => Done),
    endpoint!(Post "/api/basic/5/agent/delete_agent", AgentWrite, ("删除客服", "Delete an agent"), delete_agent: DeleteAgent => Done),
    endpoint!(Post "/api/basic/5/group/save_groups", GroupWrite, ("新增技能组", "Create a group"), save_groups: SaveGroups => One<SavedGroup>),
    endpoint!(Post "/api/basic/5/group/update_groups", GroupWrite, ("修改技能组", "Rename a group"), update_groups: UpdateGroups => Done),
    endpoint!(Post "/api/basic/5/group/delete_groups", GroupWrite, ("删除技能组", "Delete a group"), delete_groups: DeleteGroups => Done),
    endpoint!(Post "/api/basic/5/group_agent/save_agent", GroupWrite, ("技能组添加客服", "Add an agent to a group"), add_member: Membership => Done),
    endpoint!(Post "/api/basic/5/group_agent/delete_agent", GroupWrite, ("技能组移除客服", "Take an agent out of a group"), drop_member: Membership => Done),
    endpoint!(Post "/api/basic/5/group_agent/query_agents", AgentRead, ("查询技能组的客服", "Query the agents of a group"), query_members: QueryMembers => Many<AgentItem>),
];

/// Rows of a page at most.
const MOST: i64 = 100;

kernel::api_input! {
    /// 查询客服.
    pub struct QueryAgents {
        agentid: Option<AgentId> = "客服 id", "Id of one agent";
        agent_email: Option<String> = "客服邮箱，完全一致", "Sign-in address, exactly";
        agent_name: Option<String> = "姓名或昵称的一部分", "Part of the name or nickname";
        agent_status: Option<Code<AgentStatus>> = "账号状态", "State of the account";
        groupid: Option<GroupId> = "技能组 id", "Id of a group";
        page_no: PageNo = "页码", "Page";
        page_size: PageSize = "每页条数，最多 100", "Rows a page, at most 100";
    }
}

kernel::api_item! {
    /// 客服.
    pub struct AgentItem {
        agentid: AgentId = "客服 id", "Id of the agent";
        agent_email: String = "登录邮箱", "Sign-in address";
        agent_name: String = "姓名", "Full name";
        agent_nick: String = "昵称，客户看到的名字", "Nickname, which customers see";
        phone_no: String = "电话", "Telephone";
        agent_role_type: Code<Role> = "角色类型", "Role type";
        agent_status: Code<AgentStatus> = "账号状态", "State of the account";
        departid: Option<DepartmentId> = "部门 id", "Id of the department";
        groupid: Vec<GroupId> = "所在技能组的 id", "Ids of the agent's groups";
        group_name: Vec<String> = "所在技能组的名称，与 groupid 同序", "Names of the groups, in the same order";
    }
}

impl From<ListedAgent> for AgentItem {
    fn from(agent: ListedAgent) -> AgentItem {
        AgentItem {
            agentid: agent.id,
            agent_email: agent.email,
            agent_name: agent.name,
            agent_nick: agent.nickname,
            phone_no: agent.phone,
            agent_role_type: Code(agent.role),
            agent_status: Code(agent.status),
            departid: agent.department,
            groupid: agent.groups,
            group_name: agent.group_names,
        }
    }
}

/// 查询客服: accounts that are not deleted, by name.
pub async fn query_agents(ctx: Ctx, input: QueryAgents) -> Result<Many<AgentItem>> {
    let page = Page::of(input.page_no, input.page_size, MOST);
    let narrow = Narrow {
        email: input.agent_email.map(|email| email.to_lowercase()),
        name: input.agent_name,
        status: input.agent_status.map(|code| code.0),
        group: input.groupid,
        agent: input.agentid,
    };
    page_of_agents(&ctx, narrow, page).await
}

async fn page_of_agents(ctx: &Ctx, narrow: Narrow, page: Page) -> Result<Many<AgentItem>> {
    let rows = listed::agents(ctx, narrow.clone(), (page.offset(), page.size)).await?;
    let total = match rows.first() {
        Some(row) => row.total,
        // Behind the last page the rows do not say how many there are.
        None => listed::agents(ctx, narrow, (0, 1)).await?.first().map_or(0, |row| row.total),
    };
    Ok(Many { items: rows.into_iter().map(AgentItem::from).collect(), page, total })
}

kernel::api_item! {
    /// 角色.
    pub struct RoleItem {
        dict_value: Code<Role> = "角色类型", "Role type";
        dict_name: String = "名称", "Name";
        dict_remark: String = "说明", "Remark";
    }
}

/// 查询客服角色: the role types, without the super admin's, which no interface gives.
pub async fn query_agent_roles(ctx: Ctx, _: Nothing) -> Result<Many<RoleItem>> {
    ctx.require(Permission::AgentManage)?;
    let lang = ctx.lang();
    let roles = Role::ALL.iter().copied().filter(|role| *role != Role::SuperAdmin);
    let item = |role: Role| RoleItem { dict_value: Code(role), dict_name: role.label(lang).to_owned(), dict_remark: role.key().to_owned() };
    Ok(Many::all(roles.map(item).collect()))
}

kernel::api_item! {
    /// 部门.
    pub struct DepartmentItem {
        departid: DepartmentId = "部门 id", "Id of the department";
        depart_name: String = "名称", "Name";
        parentid: Option<DepartmentId> = "上级部门 id", "Id of the one above";
    }
}

/// 查询部门.
pub async fn query_departments(ctx: Ctx, _: Nothing) -> Result<Many<DepartmentItem>> {
    ctx.require(Permission::AgentManage)?;
    let found = departments(&mut ctx.read().await?).await?;
    let items = found.into_iter().map(|one| DepartmentItem { departid: one.id, depart_name: one.name, parentid: one.parent });
    Ok(Many::all(items.collect()))
}

kernel::api_input! {
    /// 查询技能组.
    pub struct QueryGroups {
        group_type: Option<Code<GroupKind>> = "技能组类型", "Kind of group";
        page_no: PageNo = "页码", "Page";
        page_size: PageSize = "每页条数，最多 100", "Rows a page, at most 100";
    }
}

kernel::api_item! {
    /// 技能组.
    pub struct GroupItem {
        groupid: GroupId = "技能组 id", "Id of the group";
        group_name: String = "名称", "Name";
        group_type: Code<GroupKind> = "技能组类型", "Kind of group";
    }
}

/// 查询技能组.
pub async fn query_groups(ctx: Ctx, input: QueryGroups) -> Result<Many<GroupItem>> {
    let page = Page::of(input.page_no, input.page_size, MOST);
    let kind = input.group_type.map(|code| code.0);
    let rows = listed::groups(&ctx, kind, (page.offset(), page.size)).await?;
    let total = match rows.first() {
        Some(row) => row.total,
        None => listed::groups(&ctx, kind, (0, 1)).await?.first().map_or(0, |row| row.total),
    };
    let item = |row: listed::ListedGroup| GroupItem { groupid: row.id, group_name: row.name, group_type: Code(row.kind) };
    Ok(Many { items: rows.into_iter().map(item).collect(), page, total })
}

kernel::api_input! {
    /// 新增客服.
    pub struct SaveAgent {
        email: String = "登录邮箱", "Sign-in address";
        agent_name: String = "姓名", "Full name";
        agent_nick: Option<String> = "昵称；不填就是姓名", "Nickname; the name when left out";
        agent_role_type: Code<Role> = "角色类型；不能是超级管理员", "Role type; never the super admin";
        phone_no: Option<String> = "电话", "Telephone";
        password: Option<Exact> = "初始密码；不填就自动生成，在返回里给出", "First password; made and answered when left out";
        departid: Option<DepartmentId> = "部门 id", "Id of the department";
        group_ids: Commas<GroupId> = "技能组 id，英文逗号隔开", "Ids of groups, separated by commas";
    }
}

kernel::api_item! {
    /// 新增的客服.
    pub struct SavedAgent {
        agentid: AgentId = "客服 id", "Id of the agent";
        password: Option<String> = "自动生成的初始密码，只返回这一次", "The first password when it was made here, answered only once";
    }
}

/// 新增客服: the account is not activated yet, and its owner is invited by mail.
pub async fn save_agent(ctx: Ctx, input: SaveAgent) -> Result<One<SavedAgent>> {
    let input = AgentInput {
        email: input.email,
        name: input.agent_name,
        nickname: input.agent_nick.unwrap_or_default(),
        phone: input.phone_no.unwrap_or_default(),
        role: Some(input.agent_role_type.0),
        department: input.departid,
        groups: input.group_ids.0,
        password: input.password.map(|Exact(password)| password).unwrap_or_default(),
        ..AgentInput::default()
    };
    let created = writes::create(&ctx, input).await.map_err(named)?;
    Ok(One(SavedAgent { agentid: created.agent, password: created.password }))
}

kernel::api_input! {
    /// 修改客服: what is not sent stays as it is, what is sent empty is emptied.
    pub struct UpdateAgent {
        agentid: AgentId = "客服 id", "Id of the agent";
        agent_name: Edit<String> = "姓名", "Full name";
        agent_nick: Edit<String> = "昵称；空值就是姓名", "Nickname; the name when empty";
        agent_role_type: Edit<Code<Role>> = "角色类型", "Role type";
        phone_no: Edit<String> = "电话；空值清空", "Telephone; none when empty";
        departid: Edit<DepartmentId> = "部门 id；空值就没有部门", "Id of the department; none when empty";
        group_ids: Edit<Commas<GroupId>> = "技能组 id，英文逗号隔开，代替原来的；空值就不在任何组", "Ids of groups, separated by commas, instead of those before; none when empty";
        agent_status: Edit<Code<AgentStatus>> = "只能在启用（1）与停用（9）之间切换", "Enabled (1) or disabled (9), nothing else";
    }
}

/// 修改客服. What is edited is saved before the state is changed, each with its audit entry.
pub async fn update_agent(ctx: Ctx, input: UpdateAgent) -> Result<Done> {
    let before = one_agent(&ctx, input.agentid).await?;
    let status = input.agent_status.chosen("agent_status")?.map(|code| code.0).filter(|status| *status != before.status);
    if status.is_some_and(|status| !may_switch(before.status, status)) {
        return Err(Error::Problems(Problems::one("agent_status", Problem::BadChoice)));
    }
    let groups = input.group_ids.map(|ids| ids.0).over(before.groups);
    let role = input.agent_role_type.chosen("agent_role_type")?.map_or(before.role, |code| code.0);
    let edited = AgentInput {
        id: Some(before.id),
        version: before.version,
        email: before.email,
        name: input.agent_name.over(before.name),
        nickname: input.agent_nick.over(before.nickname),
        phone: input.phone_no.over(before.phone),
        role: Some(role),
        // A permission group belongs to one role.
        permission_group: before.permission_group.filter(|_| role == before.role),
        department: input.departid.over_optional(before.department),
        unit: before.unit,
        groups,
        lang: before.lang.as_deref().and_then(kernel::lang::Lang::from_key),
        password: String::new(),
    };
    writes::edit(&ctx, edited).await.map_err(named)?;
    match status {
        Some(AgentStatus::Disabled) => writes::disable(&ctx, AgentChoice { id: before.id }).await?,
        Some(AgentStatus::Enabled) => writes::enable(&ctx, AgentChoice { id: before.id }).await?,
        _ => {}
    }
    Ok(Done)
}

/// Enabled to disabled and back (F§8).
fn may_switch(from: AgentStatus, to: AgentStatus) -> bool {
    matches!((from, to), (AgentStatus::Enabled, AgentStatus::Disabled) | (AgentStatus::Disabled, AgentStatus::Enabled))
}

kernel::api_input! {
    /// 删除客服.
    pub struct DeleteAgent {
        agentid: AgentId = "客服 id", "Id of the agent";
    }
}

/// 删除客服: the address is free again; what the agent did keeps the name.
pub async fn delete_agent(ctx: Ctx, input: DeleteAgent) -> Result<Done> {
    writes::delete(&ctx, AgentChoice { id: input.agentid }).await?;
    Ok(Done)
}

kernel::api_input! {
    /// 新增技能组.
    pub struct SaveGroups {
        group_name: String = "名称", "Name";
        group_type: Option<Code<GroupKind>> = "技能组类型：0 工单、2 呼叫、3 电销；不填为工单", "Kind of group: 0 tickets, 2 calls, 3 telemarketing; tickets without it";
    }
}

kernel::api_item! {
    /// 新增的技能组.
    pub struct SavedGroup {
        groupid: GroupId = "技能组 id", "Id of the group";
    }
}

/// 新增技能组.
pub async fn save_groups(ctx: Ctx, input: SaveGroups) -> Result<One<SavedGroup>> {
    let kind = input.group_type.map_or_else(GroupKind::default, |code| code.0);
    if kind == GroupKind::Online {
        return Err(Error::Problems(Problems::one("group_type", Problem::BadChoice)));
    }
    let made = GroupInput { kind, name: input.group_name, ..GroupInput::default() };
    let groupid = group_writes::create(&ctx, made).await.map_err(group_named)?;
    Ok(One(SavedGroup { groupid }))
}

kernel::api_input! {
    /// 修改技能组.
    pub struct UpdateGroups {
        groupid: GroupId = "技能组 id", "Id of the group";
        group_name: String = "名称", "Name";
    }
}

/// 修改技能组: its name; members stay.
pub async fn update_groups(ctx: Ctx, input: UpdateGroups) -> Result<Done> {
    group_writes::rename(&ctx, input.groupid, &input.group_name).await.map_err(group_named)?;
    Ok(Done)
}

kernel::api_input! {
    /// 删除技能组.
    pub struct DeleteGroups {
        groupid: GroupId = "技能组 id", "Id of the group";
    }
}

/// 删除技能组: one that nobody works in any more.
pub async fn delete_groups(ctx: Ctx, input: DeleteGroups) -> Result<Done> {
    group_writes::delete(&ctx, GroupChoice { id: input.groupid }).await?;
    Ok(Done)
}

kernel::api_input! {
    /// 技能组的客服.
    pub struct Membership {
        groupid: GroupId = "技能组 id", "Id of the group";
        agentid: AgentId = "客服 id", "Id of the agent";
    }
}

/// 技能组添加客服: who works there already stays.
pub async fn add_member(ctx: Ctx, input: Membership) -> Result<Done> {
    group_writes::add_member(&ctx, input.groupid, input.agentid).await.map_err(group_named)?;
    Ok(Done)
}

/// 技能组移除客服: who does not work there stays away.
pub async fn drop_member(ctx: Ctx, input: Membership) -> Result<Done> {
    group_writes::drop_member(&ctx, input.groupid, input.agentid).await.map_err(group_named)?;
    Ok(Done)
}

kernel::api_input! {
    /// 查询技能组的客服.
    pub struct QueryMembers {
        groupid: GroupId = "技能组 id", "Id of the group";
        page_no: PageNo = "页码", "Page";
        page_size: PageSize = "每页条数，最多 100", "Rows a page, at most 100";
    }
}

/// 查询技能组的客服.
pub async fn query_members(ctx: Ctx, input: QueryMembers) -> Result<Many<AgentItem>> {
    one_group(&ctx, input.groupid).await?;
    let page = Page::of(input.page_no, input.page_size, MOST);
    page_of_agents(&ctx, Narrow { group: Some(input.groupid), ..Narrow::default() }, page).await
}

/// The problems of a command beside the names of the interface.
fn named(error: Error) -> Error {
    error.renamed(|field| match field {
        "name" => "agent_name",
        "nickname" => "agent_nick",
        "role" => "agent_role_type",
        "phone" => "phone_no",
        "department" => "departid",
        "groups" => "group_ids",
        other => other,
    })
}

/// The same of groups.
fn group_named(error: Error) -> Error {
    error.renamed(|field| match field {
        "name" => "group_name",
        "members" => "agentid",
        other => other,
    })
}
