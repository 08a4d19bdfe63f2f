//! 客服账号: making one, and one account with everything that can be done to it.

use super::device::device;
use super::words::status_tag;
use crate::actions::{CreateAgent, DeleteAgent, DisableAgent, EditAgent, EnableAgent, EndAgentSessions, InviteAgent};
use crate::model::account::NAME_MAX;
use crate::model::{AgentStatus, GroupKind, GroupOption};
use crate::queries::account::{Agent, agent};
use crate::queries::company::{Department, Unit, departments, units};
use crate::queries::group_options;
use crate::queries::permission::{PermissionGroupOption, permission_group_options};
use crate::queries::session::{SessionRow, sessions};
use kernel::ctx::Ctx;
use kernel::error::Result;
use kernel::id::AgentId;
use kernel::lang::Lang;
use kernel::permission::{Permission, Role};
use kernel::rng;
use kernel::t;
use leptos::prelude::*;
use ui::dialog::{Confirm, confirm};
use ui::form::choice::{Checks, Select};
use ui::form::field::Input;
use ui::form::{FormState, element_id, hidden, path_of};
use ui::icon::{icon, icon_s};
use ui::page::Page;
use ui::tag::{Tone, note};
use ui::visit::Visit;

/// What an account can be given.
struct Choices {
    groups: Vec<GroupOption>,
    permission_groups: Vec<PermissionGroupOption>,
    units: Vec<Unit>,
    departments: Vec<Department>,
}

/// 新建客服. The first password is offered here, readable, and nowhere again.
pub async fn new_agent_page(visit: Visit) -> Result<Page> {
    let lang = visit.lang();
    let choices = choices(&visit.ctx).await?;
    let form = visit.form("agent");
    let page = Page::new(t!(lang, "新建客服", "New agent"))
        .crumb(t!(lang, "设置", "Settings"), "/settings")
        .crumb(t!(lang, "客服账号", "Agents"), "/settings/agents")
        .lead(t!(
            lang,
            "保存后发出邀请邮件；客服打开链接，输入这里的密码来激活。",
            "An invitation is sent; the agent opens its link and enters the password below."
        ));
    Ok(page.body(move || {
        let password = password_field(&form, lang);
        view! {
            <form class="settings" method="post" action={path_of::<CreateAgent>()}>
                <div class="body sections">
                    {form.summary()}
                    {person_section(None, &form, lang)}
                    <section aria-labelledby="a0">
                        <div class="side-h"><h2 id="a0">{t!(lang, "初始密码", "First password")}</h2><p>{t!(lang, "请另外告诉客服，邮件里没有密码。", "Tell the agent by another way; the mail does not carry it.")}</p></div>
                        <div class="card"><div class="in">{password}</div></div>
                    </section>
                    {rights_section(None, &choices, &form, lang)}
                    {groups_section(None, &choices, &form, lang)}
                </div>
                {save_bar(t!(lang, "新建客服并发出邀请", "Create and invite"), "/settings/agents", lang)}
            </form>
        }
    }))
}

/// 客服账号: one of them.
pub async fn agent_page(visit: Visit) -> Result<Page> {
    let (lang, ctx) = (visit.lang(), visit.ctx.clone());
    let id: AgentId = visit.param("id")?;
    let agent = agent(&ctx, id).await?;
    let choices = choices(&ctx).await?;
    let sessions = sessions(&ctx, id).await?;
    let (form, state, invite) = (visit.form("agent"), visit.form("agent_state"), visit.form("invite"));
    let (status, is_own, may_audit) = (agent.status, ctx.actor.agent() == Some(id), ctx.may(Permission::AuditView));
    let name = agent.name.clone();
    let page = Page::new(name.clone())
        .crumb(t!(lang, "设置", "Settings"), "/settings")
        .crumb(t!(lang, "客服账号", "Agents"), "/settings/agents")
        .mark(move || status_tag(status, lang));
    if status == AgentStatus::Deleted {
        let text = t!(lang, "历史记录里保留姓名，邮箱可以再次使用。", "The name stays in histories; the address is free again.");
        return Ok(page.body(move || view! { <div class="body narrow">{note(Tone::Plain, "trash-2", t!(lang, "这个账号已删除", "This account is deleted"), text)}</div> }));
    }
    let page = page
        .action(move || view! { <a class="btn" href=format!("/settings/agents/{id}/permissions")>{icon("key-round")}{t!(lang, "权限与原因", "Permissions and why")}</a> })
        .action(move || may_audit.then(|| view! { <a class="btn not-phone" href=format!("/settings/audit?object={id}")>{icon("history")}{t!(lang, "修改记录", "History")}</a> }))
        .action(move || (!is_own).then(|| state_buttons(id, &name, status, lang)));
    Ok(page.body(move || {
        view! {
            <form class="settings" method="post" action={path_of::<EditAgent>()}>
                <div class="body sections">
                    {state.summary()}
                    {form.summary()}
                    {hidden("id", id)}
                    {hidden("version", agent.version)}
                    {person_section(Some(&agent), &form, lang)}
                    {rights_section(Some(&agent), &choices, &form, lang)}
                    {groups_section(Some(&agent), &choices, &form, lang)}
                </div>
                {save_bar(&t!(lang, "保存{}", "Save {}", agent.name), "/settings/agents", lang)}
            </form>
            <div class="body sections">
                {(status == AgentStatus::NotActivated).then(|| invitation_section(&agent, &invite, &ctx))}
                {sessions_section(id, &sessions, &ctx)}
            </div>
        }
    }))
}

async fn choices(ctx: &Ctx) -> Result<Choices> {
    let (mut tx, lang) = (ctx.read().await?, ctx.lang());
    let mut groups = group_options(&mut tx, GroupKind::Ticket).await?;
    // The form says which groups the agent works in, of every kind: one that it does not offer would be left.
    for kind in [GroupKind::Call, GroupKind::Telemarketing] {
        let named = |group: GroupOption| GroupOption { name: t!(lang, "{}（{}）", "{} ({})", group.name, kind.label(lang)), ..group };
        groups.extend(group_options(&mut tx, kind).await?.into_iter().map(named));
    }
    Ok(Choices {
        groups,
        permission_groups: permission_group_options(&mut tx).await?,
        units: units(&mut tx).await?,
        departments: departments(&mut tx).await?,
    })
}

fn person_section(agent: Option<&Agent>, form: &FormState, lang: Lang) -> AnyView {
    let start = |of: fn(&Agent) -> &str| agent.map(of).unwrap_or_default().to_owned();
    let languages = Lang::ALL.map(|lang| (lang.key(), lang.own_name()));
    let email_hint = match agent {
        Some(agent) if agent.status == AgentStatus::NotActivated => t!(lang, "修改后会发出新的邀请", "A change sends a new invitation"),
        Some(_) => t!(lang, "修改后用新邮箱登录", "After a change the agent signs in with it"),
        None => t!(lang, "登录和接收邀请用", "For signing in, and for the invitation"),
    };
    view! {
        <section aria-labelledby="a1">
            <div class="side-h"><h2 id="a1">{t!(lang, "基本信息", "Basics")}</h2><p>{t!(lang, "昵称给客户看，姓名给同事看。", "Customers see the nickname, colleagues the name.")}</p></div>
            <div class="card"><div class="in two">
                {Input::text("email", t!(lang, "登录邮箱", "Sign-in address")).kind("email").value(start(|agent| &agent.email)).hint(email_hint).required().view(form)}
                {Input::text("name", t!(lang, "姓名", "Full name")).value(start(|agent| &agent.name)).max(NAME_MAX).required().view(form)}
                {Input::text("nickname", t!(lang, "昵称", "Nickname")).value(start(|agent| &agent.nickname)).max(NAME_MAX)
                    .hint(t!(lang, "客户看到的名字，不填就用姓名", "What customers see; the full name when empty")).view(form)}
                {Input::text("phone", t!(lang, "电话", "Phone")).kind("tel").value(start(|agent| &agent.phone)).max(40).view(form)}
                {Select::new("lang", t!(lang, "语言", "Language")).options(languages).empty(t!(lang, "跟随公司", "As the company"))
                    .selected(start(|agent| agent.lang.as_deref().unwrap_or_default())).view(form)}
            </div></div>
        </section>
    }
    .into_any()
}

fn rights_section(agent: Option<&Agent>, choices: &Choices, form: &FormState, lang: Lang) -> AnyView {
    let roles = Role::ALL.iter().map(|role| (role.key(), role.label(lang)));
    let role = agent.map_or(Role::TicketAgent, |agent| agent.role);
    let groups =
        choices.permission_groups.iter().map(|group| (group.id, t!(lang, "{}（{}）", "{} ({})", group.name, group.base_role.label(lang))));
    let id = |value: Option<String>| value.unwrap_or_default();
    let units = choices.units.iter().map(|unit| (unit.id, unit.name.clone()));
    let departments = choices.departments.iter().map(|department| (department.id, department.name.clone()));
    view! {
        <section aria-labelledby="a2">
            <div class="side-h"><h2 id="a2">{t!(lang, "权限", "Permissions")}</h2><p>{t!(lang, "角色给出默认权限；加上权限组后，以权限组为准。", "The role has defaults; a permission group replaces them.")}</p></div>
            <div class="card"><div class="in two">
                {Select::new("role", t!(lang, "角色", "Role")).options(roles).selected(role.key()).required().view(form)}
                {Select::new("permission_group", t!(lang, "权限组", "Permission group")).options(groups).empty(t!(lang, "没有，用角色默认权限", "None: the role's defaults"))
                    .selected(id(agent.and_then(|agent| agent.permission_group).map(|id| id.to_string())))
                    .hint(t!(lang, "要选与角色相同的", "One that is for the chosen role")).view(form)}
                {Select::new("unit", t!(lang, "业务单元", "Unit")).options(units).empty(t!(lang, "没有", "None"))
                    .selected(id(agent.and_then(|agent| agent.unit).map(|id| id.to_string()))).view(form)}
                {Select::new("department", t!(lang, "部门", "Department")).options(departments).empty(t!(lang, "没有", "None"))
                    .selected(id(agent.and_then(|agent| agent.department).map(|id| id.to_string()))).view(form)}
            </div></div>
        </section>
    }
    .into_any()
}

fn groups_section(agent: Option<&Agent>, choices: &Choices, form: &FormState, lang: Lang) -> AnyView {
    let options = choices.groups.iter().map(|group| (group.id, group.name.clone()));
    let selected = agent.map(|agent| agent.groups.clone()).unwrap_or_default();
    let boxes = if choices.groups.is_empty() {
        view! { <p class="dim">{t!(lang, "还没有客服组。", "No groups yet. ")}<a class="link" href="/settings/groups/new">{t!(lang, "新建客服组", "New group")}</a></p> }.into_any()
    } else {
        Checks::new("groups", t!(lang, "所属客服组", "Groups")).options(options).selected(selected).view(form)
    };
    view! {
        <section aria-labelledby="a3">
            <div class="side-h"><h2 id="a3">{t!(lang, "客服组", "Groups")}</h2><p>{t!(lang, "决定能看到哪些工单、接哪些电话。", "They decide which tickets are seen and which calls come.")}</p></div>
            <div class="card"><div class="in">{boxes}</div></div>
        </section>
    }
    .into_any()
}

/// A password that is offered readable: it is the administrator who hands it over.
fn password_field(form: &FormState, lang: Lang) -> AnyView {
    let id = element_id("agent", "password");
    let help = format!("{id}-h");
    let problem = form.problem("password");
    let below = match problem {
        Some(text) => view! { <span class="wrong" id=help.clone()>{icon_s("triangle-alert")}{text}</span> }.into_any(),
        None => view! { <span class="hint" id=help.clone()>{t!(lang, "自动生成，可以改成您想要的；只在这里显示一次", "Made for you; change it if you like. It is shown only here")}</span> }.into_any(),
    };
    let class = if problem.is_some() { "field has-error" } else { "field" };
    view! {
        <div class=class>
            <label for=id.clone()>{t!(lang, "初始密码", "First password")}</label>
            <input class="input mono" id=id name="input[password]" type="text" value=rng::password() required autocomplete="off" spellcheck="false"
                aria-describedby=help aria-invalid=problem.map(|_| "true")/>
            {below}
        </div>
    }
    .into_any()
}

fn state_buttons(id: AgentId, name: &str, status: AgentStatus, lang: Lang) -> AnyView {
    let fields = vec![("id".to_owned(), id.to_string())];
    let switch = if status == AgentStatus::Disabled {
        view! { <form method="post" action={path_of::<EnableAgent>()}>{hidden("id", id)}<button class="btn" type="submit">{icon("circle-check")}{t!(lang, "启用账号", "Enable")}</button></form> }.into_any()
    } else {
        confirm(
            "btn risky",
            t!(lang, "停用账号", "Disable"),
            Confirm {
                id: "disable-agent",
                title: t!(lang, "停用{}的账号？", "Disable the account of {}?", name),
                text: t!(
                    lang,
                    "{}会立即退出登录，不能再登录。历史记录和统计都保留，之后可以重新启用。",
                    "{} is signed out at once and cannot sign in. Histories and reports stay; you can enable the account again.",
                    name
                ),
                keep: t!(lang, "保留账号", "Keep the account").to_owned(),
                act: t!(lang, "停用账号", "Disable the account").to_owned(),
                path: path_of::<DisableAgent>(),
                fields: fields.clone(),
            },
        )
    };
    let delete = confirm(
        "btn risky",
        t!(lang, "删除账号", "Delete"),
        Confirm {
            id: "delete-agent",
            title: t!(lang, "删除{}的账号？", "Delete the account of {}?", name),
            text: t!(
                lang,
                "不能恢复。{}会立即退出登录，邮箱和电话会清除；工单和记录里保留姓名。",
                "This cannot be undone. {} is signed out, address and phone are erased; the name stays in tickets and histories.",
                name
            ),
            keep: t!(lang, "保留账号", "Keep the account").to_owned(),
            act: t!(lang, "删除账号", "Delete the account").to_owned(),
            path: path_of::<DeleteAgent>(),
            fields,
        },
    );
    view! { {switch}{delete} }.into_any()
}

fn invitation_section(agent: &Agent, form: &FormState, ctx: &Ctx) -> AnyView {
    let lang = ctx.lang();
    let until = match agent.invited_until.filter(|until| *until > ctx.now()) {
        Some(until) => view! { <p>{t!(lang, "邀请有效至 ", "The invitation works until ")}{ui::time::full(until, ctx)}</p> }.into_any(),
        None => view! { <p>{t!(lang, "没有有效的邀请。", "There is no valid invitation.")}</p> }.into_any(),
    };
    view! {
        <section aria-labelledby="a4">
            <div class="side-h"><h2 id="a4">{t!(lang, "邀请", "Invitation")}</h2><p>{t!(lang, "重发后，旧链接立即失效。", "A new one ends the links sent before.")}</p></div>
            <form class="card" method="post" action={path_of::<InviteAgent>()}>
                <div class="in stack">
                    {form.summary()}
                    {until}
                    {hidden("id", agent.id)}
                    {Input::text("password", t!(lang, "新的初始密码", "New first password")).class("mono").autocomplete("off")
                        .hint(t!(lang, "忘了原来的密码时填写；不填就不变", "When the old one is lost; it stays when empty")).view(form)}
                </div>
                <footer><button class="btn" type="submit">{icon("send")}{t!(lang, "重发邀请", "Invite again")}</button></footer>
            </form>
        </section>
    }
    .into_any()
}

fn sessions_section(id: AgentId, sessions: &[SessionRow], ctx: &Ctx) -> AnyView {
    let lang = ctx.lang();
    let rows: Vec<AnyView> = sessions
        .iter()
        .map(|row| {
            view! {
                <li>{icon("monitor")}<div class="grow">{device(&row.user_agent, lang)}
                    <small>{row.ip.clone().unwrap_or_default()}{t!(lang, "·", ", ")}{t!(lang, "最近使用 ", "last used ")}{ui::time::ago(row.seen_at, ctx)}</small>
                </div></li>
            }
            .into_any()
        })
        .collect();
    let none = sessions
        .is_empty()
        .then(|| view! { <div class="in"><p class="dim">{t!(lang, "现在没有登录。", "Not signed in anywhere now.")}</p></div> });
    let end = (!sessions.is_empty()).then(|| {
        view! {
            <footer><form method="post" action={path_of::<EndAgentSessions>()}>
                {hidden("id", id)}
                <button class="btn risky" type="submit">{icon("log-out")}{t!(lang, "退出所有设备", "Sign out everywhere")}</button>
            </form></footer>
        }
    });
    view! {
        <section aria-labelledby="a5">
            <div class="side-h"><h2 id="a5">{t!(lang, "登录的设备", "Signed-in devices")}</h2></div>
            <div class="card">{none}<ul class="rows">{rows}</ul>{end}</div>
        </section>
    }
    .into_any()
}

fn save_bar(save: &str, back: &'static str, lang: Lang) -> AnyView {
    view! {
        <div class="savebar" role="region" aria-label=t!(lang, "保存", "Save")>
            <span class="end row"><a class="btn quiet" href=back>{t!(lang, "放弃", "Discard")}</a><button class="btn main" type="submit">{save.to_owned()}</button></span>
        </div>
    }
    .into_any()
}
