//! Server functions of accounts: what forms post to.
#![expect(missing_docs, reason = "the macro makes a struct of each function, whose one field has no place for a doc")]

use crate::model::StateInput;
use crate::model::account::{
    ActivateInput, AgentChoice, AgentInput, ChangePasswordInput, FinishInput, ForgotInput, InviteInput, ProfileInput, ResetInput,
    SessionChoice, SignInInput,
};
use crate::model::company::{CompanyInput, DepartmentChoice, DepartmentInput, GroupChoice, GroupInput, SetupInput, UnitChoice, UnitInput};
use crate::model::permission::{PermissionGroupChoice, PermissionGroupInput};
use kernel::error::Wire;
use leptos::prelude::*;
use leptos::server_fn::codec::{MultipartData, MultipartFormData};
use serde::{Deserialize, Serialize};

/// A form without fields.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Nothing {
    /// Said by the button.
    #[serde(default)]
    pub sure: bool,
}

/// 登录.
#[server(prefix = "/do", endpoint = "sign_in")]
pub async fn sign_in(input: SignInInput) -> Result<(), Wire> {
    ui::act::run_public("sign_in", input, async |call, input: SignInInput| {
        let next = ui::act::local(&input.next).to_owned();
        let who = crate::commands::sign_in::sign_in(&call.app, input, call.request.ip).await?;
        call.sign_in(who.company, who.agent).await?;
        Ok(ui::act::Done::to(next))
    })
    .await
}

/// 退出登录.
#[server(prefix = "/do", endpoint = "sign_out")]
pub async fn sign_out(input: Nothing) -> Result<(), Wire> {
    ui::act::run_public("sign_out", input, async |call, _| {
        if let Some(ctx) = &call.ctx {
            crate::commands::state::leave(ctx, ui::session::hash(&call.session).as_deref()).await?;
        }
        ui::session::sign_out(&call.session).await?;
        Ok(ui::act::Done::to("/sign-in"))
    })
    .await
}

/// 首次访问: creates the company and signs its super admin in.
#[server(prefix = "/do", endpoint = "setup")]
pub async fn set_up(input: SetupInput) -> Result<(), Wire> {
    ui::act::run_public("setup", input, async |call, input| {
        let founded = crate::commands::company::set_up(&call.app, input, &call.request).await?;
        crate::commands::state::enter(&call.app, founded.company, founded.agent).await?;
        call.sign_in(founded.company, founded.agent).await?;
        Ok(ui::act::Done::to("/").say(kernel::t!(call.lang(), "公司已创建", "The company is ready")))
    })
    .await
}

/// 忘记密码.
#[server(prefix = "/do", endpoint = "password/forgot")]
pub async fn forgot(input: ForgotInput) -> Result<(), Wire> {
    ui::act::run_public("forgot", input, async |call, input| {
        crate::commands::password::forget(&call.app, input, &call.request).await?;
        Ok(ui::act::Done::to("/forgot?sent=1"))
    })
    .await
}

/// 重设密码.
#[server(prefix = "/do", endpoint = "password/reset")]
pub async fn reset(input: ResetInput) -> Result<(), Wire> {
    ui::act::run_public("reset", input, async |call, input| {
        crate::commands::password::reset(&call.app, input, &call.request).await?;
        let done = kernel::t!(call.lang(), "新密码已生效，请用它登录", "Your new password works now: sign in with it");
        Ok(ui::act::Done::to("/sign-in").say(done))
    })
    .await
}

/// 客服激活, step one.
#[server(prefix = "/do", endpoint = "activate")]
pub async fn activate(input: ActivateInput) -> Result<(), Wire> {
    ui::act::run_public("activate", input, async |call, input| {
        let token = crate::commands::activation::activate(&call.app, input, &call.request).await?;
        Ok(ui::act::Done::to(format!("/activate/{token}/profile")))
    })
    .await
}

/// 客服激活, step two.
#[server(prefix = "/do", endpoint = "activate/finish")]
pub async fn finish_activation(input: FinishInput) -> Result<(), Wire> {
    ui::act::run_public("activate_profile", input, async |call, input| {
        let who = crate::commands::activation::finish(&call.app, input, &call.request).await?;
        crate::commands::state::enter(&call.app, who.company, who.agent).await?;
        call.sign_in(who.company, who.agent).await?;
        Ok(ui::act::Done::to("/").say(kernel::t!(call.lang(), "账号已激活", "Your account is active")))
    })
    .await
}

/// 修改密码.
#[server(prefix = "/do", endpoint = "me/password")]
pub async fn change_password(input: ChangePasswordInput) -> Result<(), Wire> {
    ui::act::run_public("password", input, async |call, input| {
        let ctx = call.ctx.clone().ok_or(kernel::error::Error::SignInFirst)?;
        let current = ui::session::hash(&call.session);
        crate::commands::password::change(&ctx, input, current.as_deref()).await?;
        let done = kernel::t!(ctx.lang(), "密码已修改，其他设备已退出登录", "Password changed; other devices are signed out");
        Ok(ui::act::Done::to("/me").say(done))
    })
    .await
}

/// 切换客服状态.
#[server(prefix = "/do", endpoint = "me/state")]
pub async fn change_state(input: StateInput) -> Result<(), Wire> {
    ui::act::run("state", input, async |ctx, input: StateInput| {
        crate::commands::state::change(&ctx, &input).await?;
        Ok(ui::act::Done::to(input.back))
    })
    .await
}

/// 个人设置.
#[server(prefix = "/do", endpoint = "me/profile")]
pub async fn edit_profile(input: ProfileInput) -> Result<(), Wire> {
    ui::act::run("profile", input, async |ctx, input: ProfileInput| {
        let lang = input.lang.unwrap_or(ctx.lang());
        crate::commands::profile::edit(&ctx, input).await?;
        Ok(ui::act::Done::to("/me").say(kernel::t!(lang, "个人设置已保存", "Your settings are saved")))
    })
    .await
}

/// Ends one of the own sessions.
#[server(prefix = "/do", endpoint = "me/session/end")]
pub async fn end_session(input: SessionChoice) -> Result<(), Wire> {
    ui::act::run("session", input, async |ctx, input| {
        crate::commands::session::end_own(&ctx, input).await?;
        Ok(ui::act::Done::to("/me").say(kernel::t!(ctx.lang(), "那台设备已退出登录", "That device is signed out")))
    })
    .await
}

/// Ends all own sessions but this one.
#[server(prefix = "/do", endpoint = "me/session/end_others")]
pub async fn end_other_sessions(input: Nothing) -> Result<(), Wire> {
    ui::act::run_public("session", input, async |call, _| {
        let ctx = call.ctx.clone().ok_or(kernel::error::Error::SignInFirst)?;
        crate::commands::session::end_others(&ctx, ui::session::hash(&call.session).as_deref()).await?;
        Ok(ui::act::Done::to("/me").say(kernel::t!(ctx.lang(), "其他设备已退出登录", "Other devices are signed out")))
    })
    .await
}

/// 公司.
#[server(prefix = "/do", endpoint = "company/edit")]
pub async fn edit_company(input: CompanyInput) -> Result<(), Wire> {
    ui::act::run("company", input, async |ctx, input| {
        crate::commands::company::edit(&ctx, input).await?;
        Ok(ui::act::Done::to("/settings/company").say(kernel::t!(ctx.lang(), "公司信息已保存", "The company is saved")))
    })
    .await
}

/// 业务单元.
#[server(prefix = "/do", endpoint = "unit/save")]
pub async fn save_unit(input: UnitInput) -> Result<(), Wire> {
    ui::act::run("unit", input, async |ctx, input| {
        crate::commands::department::save_unit(&ctx, input).await?;
        Ok(ui::act::Done::to("/settings/company#units").say(kernel::t!(ctx.lang(), "业务单元已保存", "The unit is saved")))
    })
    .await
}

/// Deletes a business unit.
#[server(prefix = "/do", endpoint = "unit/delete")]
pub async fn delete_unit(input: UnitChoice) -> Result<(), Wire> {
    ui::act::run("unit_delete", input, async |ctx, input| {
        crate::commands::department::delete_unit(&ctx, input).await?;
        Ok(ui::act::Done::to("/settings/company#units").say(kernel::t!(ctx.lang(), "业务单元已删除", "The unit is deleted")))
    })
    .await
}

/// 部门.
#[server(prefix = "/do", endpoint = "department/save")]
pub async fn save_department(input: DepartmentInput) -> Result<(), Wire> {
    ui::act::run("department", input, async |ctx, input| {
        crate::commands::department::save_department(&ctx, input).await?;
        Ok(ui::act::Done::to("/settings/company#departments").say(kernel::t!(ctx.lang(), "部门已保存", "The department is saved")))
    })
    .await
}

/// Deletes a department.
#[server(prefix = "/do", endpoint = "department/delete")]
pub async fn delete_department(input: DepartmentChoice) -> Result<(), Wire> {
    ui::act::run("department_delete", input, async |ctx, input| {
        crate::commands::department::delete_department(&ctx, input).await?;
        Ok(ui::act::Done::to("/settings/company#departments").say(kernel::t!(ctx.lang(), "部门已删除", "The department is deleted")))
    })
    .await
}

/// Creates an agent.
#[server(prefix = "/do", endpoint = "agent/create")]
pub async fn create_agent(input: AgentInput) -> Result<(), Wire> {
    ui::act::run("agent", input, async |ctx, input| {
        let created = crate::commands::account::create(&ctx, input).await?;
        let said = match created.password {
            // The form offers a password; who empties it learns the one that was made, here and never again.
            Some(made) => kernel::t!(ctx.lang(), "账号已创建，初始密码是 {}", "Account created. The first password is {}", made),
            None => kernel::t!(ctx.lang(), "账号已创建，邀请邮件正在发送", "Account created; the invitation is on its way").to_owned(),
        };
        Ok(ui::act::Done::to(format!("/settings/agents/{}", created.agent)).say(said))
    })
    .await
}

/// Edits an agent.
#[server(prefix = "/do", endpoint = "agent/edit")]
pub async fn edit_agent(input: AgentInput) -> Result<(), Wire> {
    ui::act::run("agent", input, async |ctx, input| {
        crate::commands::account::edit(&ctx, input).await?;
        Ok(ui::act::Done::back().say(kernel::t!(ctx.lang(), "账号已保存", "Account saved")))
    })
    .await
}

/// 停用.
#[server(prefix = "/do", endpoint = "agent/disable")]
pub async fn disable_agent(input: AgentChoice) -> Result<(), Wire> {
    ui::act::run("agent_state", input, async |ctx, input: AgentChoice| {
        let undo = vec![("id".to_owned(), input.id.to_string())];
        crate::commands::account::disable(&ctx, input).await?;
        let (said, label) = (kernel::t!(ctx.lang(), "账号已停用", "Account disabled"), kernel::t!(ctx.lang(), "重新启用", "Enable again"));
        Ok(ui::act::Done::back().say(said).undo(label, ui::form::path_of::<EnableAgent>(), undo))
    })
    .await
}

/// 启用.
#[server(prefix = "/do", endpoint = "agent/enable")]
pub async fn enable_agent(input: AgentChoice) -> Result<(), Wire> {
    ui::act::run("agent_state", input, async |ctx, input| {
        crate::commands::account::enable(&ctx, input).await?;
        Ok(ui::act::Done::back().say(kernel::t!(ctx.lang(), "账号已启用", "Account enabled")))
    })
    .await
}

/// Deletes an agent.
#[server(prefix = "/do", endpoint = "agent/delete")]
pub async fn delete_agent(input: AgentChoice) -> Result<(), Wire> {
    ui::act::run("agent_state", input, async |ctx, input| {
        crate::commands::account::delete(&ctx, input).await?;
        Ok(ui::act::Done::to("/settings/agents").say(kernel::t!(ctx.lang(), "账号已删除", "Account deleted")))
    })
    .await
}

/// 重发邀请.
#[server(prefix = "/do", endpoint = "agent/invite")]
pub async fn invite_agent(input: InviteInput) -> Result<(), Wire> {
    ui::act::run("invite", input, async |ctx, input| {
        crate::commands::account::invite_again(&ctx, input).await?;
        let said =
            kernel::t!(ctx.lang(), "新的邀请邮件正在发送，旧链接已失效", "A new invitation is on its way; the old link stopped working");
        Ok(ui::act::Done::back().say(said))
    })
    .await
}

/// Ends every session of an agent.
#[server(prefix = "/do", endpoint = "agent/end_sessions")]
pub async fn end_agent_sessions(input: AgentChoice) -> Result<(), Wire> {
    ui::act::run("agent_state", input, async |ctx, input| {
        crate::commands::session::end_of(&ctx, input).await?;
        Ok(ui::act::Done::back().say(kernel::t!(ctx.lang(), "这位客服的所有设备已退出登录", "All devices of this agent are signed out")))
    })
    .await
}

/// 导入客服.
#[server(prefix = "/do", endpoint = "agent/import", input = MultipartFormData)]
pub async fn import_agents(data: MultipartData) -> Result<(), Wire> {
    ui::act::upload("import", data, async |ctx, _: Nothing, files: Vec<ui::act::Upload>| {
        let content = files.first().map(|file| file.content.clone()).unwrap_or_default();
        let report = crate::commands::import::import(&ctx, &content).await?;
        Ok(ui::act::Done::to(format!("/settings/agents/import/{report}")))
    })
    .await
}

/// Makes a group.
#[server(prefix = "/do", endpoint = "group/create")]
pub async fn create_group(input: GroupInput) -> Result<(), Wire> {
    ui::act::run("group", input, async |ctx, input| {
        crate::commands::group::create(&ctx, input).await?;
        Ok(ui::act::Done::to("/settings/groups").say(kernel::t!(ctx.lang(), "客服组已创建", "Group created")))
    })
    .await
}

/// Edits a group.
#[server(prefix = "/do", endpoint = "group/edit")]
pub async fn edit_group(input: GroupInput) -> Result<(), Wire> {
    ui::act::run("group", input, async |ctx, input| {
        crate::commands::group::edit(&ctx, input).await?;
        Ok(ui::act::Done::to("/settings/groups").say(kernel::t!(ctx.lang(), "客服组已保存", "Group saved")))
    })
    .await
}

/// Deletes a group.
#[server(prefix = "/do", endpoint = "group/delete")]
pub async fn delete_group(input: GroupChoice) -> Result<(), Wire> {
    ui::act::run("group_delete", input, async |ctx, input| {
        crate::commands::group::delete(&ctx, input).await?;
        Ok(ui::act::Done::to("/settings/groups").say(kernel::t!(ctx.lang(), "客服组已删除", "Group deleted")))
    })
    .await
}

/// Makes a permission group.
#[server(prefix = "/do", endpoint = "permission_group/create")]
pub async fn create_permission_group(input: PermissionGroupInput) -> Result<(), Wire> {
    ui::act::run("permission_group", input, async |ctx, input| {
        let id = crate::commands::permission_group::create(&ctx, input).await?;
        let path = format!("/settings/permissions/{id}");
        Ok(ui::act::Done::to(path).say(kernel::t!(ctx.lang(), "权限组已创建", "Permission group created")))
    })
    .await
}

/// Edits a permission group.
#[server(prefix = "/do", endpoint = "permission_group/edit")]
pub async fn edit_permission_group(input: PermissionGroupInput) -> Result<(), Wire> {
    ui::act::run("permission_group", input, async |ctx, input| {
        crate::commands::permission_group::edit(&ctx, input).await?;
        Ok(ui::act::Done::back().say(kernel::t!(ctx.lang(), "权限组已保存", "Permission group saved")))
    })
    .await
}

/// Deletes a permission group.
#[server(prefix = "/do", endpoint = "permission_group/delete")]
pub async fn delete_permission_group(input: PermissionGroupChoice) -> Result<(), Wire> {
    ui::act::run("permission_group_delete", input, async |ctx, input| {
        crate::commands::permission_group::delete(&ctx, input).await?;
        Ok(ui::act::Done::to("/settings/permissions").say(kernel::t!(ctx.lang(), "权限组已删除", "Permission group deleted")))
    })
    .await
}
