//! 接口范围: what an application of the open platform may do. Each scope is a set of permissions, so that a call is refused by
//! the same commands and queries that refuse a person.

use crate::permission::{Grants, Permission, Role, Scope};

catalog! {
    /// 接口范围: one thing an application may be given.
    pub enum ApiScope {
        AgentRead = 0, "agent.read", "查询客服、部门与技能组", "Read agents, departments and groups";
        AgentWrite = 1, "agent.write", "管理客服账号", "Manage agents";
        GroupWrite = 2, "group.write", "管理技能组", "Manage groups";
        CustomerRead = 3, "customer.read", "查询客户", "Read customers";
        CustomerWrite = 4, "customer.write", "新建与修改客户", "Create and edit customers";
        TicketRead = 5, "ticket.read", "查询工单", "Read tickets";
        TicketWrite = 6, "ticket.write", "创建与回复工单", "Create and reply to tickets";
        StatisticsRead = 7, "statistics.read", "查询统计", "Read reports";
        ChangeRead = 8, "change.read", "读取变更", "Read the feed of changes";
    }
}

impl ApiScope {
    /// What a call by this scope may do, whatever else the application was given. Who manages accounts may give every role but
    /// the super admin's, and nobody gives more than they have: so it is what a full-function admin may do.
    #[must_use]
    pub fn grants(self) -> Grants {
        let items: &[Permission] = match self {
            ApiScope::AgentWrite => return Grants::of_role(Role::FullAdmin),
            ApiScope::AgentRead => &[Permission::AgentManage, Permission::GroupManage],
            ApiScope::GroupWrite => &[Permission::GroupManage],
            ApiScope::CustomerRead => &[Permission::CustomerView],
            ApiScope::CustomerWrite => &[Permission::CustomerView, Permission::CustomerEdit],
            ApiScope::TicketRead => &[Permission::TicketView, Permission::CustomerView],
            ApiScope::TicketWrite => &[
                Permission::TicketView,
                Permission::TicketCreate,
                Permission::TicketReply,
                Permission::TicketNote,
                Permission::TicketClose,
                Permission::CustomerView,
                Permission::CustomerEdit,
            ],
            ApiScope::StatisticsRead => &[Permission::StatisticsTicket, Permission::StatisticsCall],
            ApiScope::ChangeRead => &[],
        };
        Grants::of(Role::SuperAdmin, items, Scope::All)
    }
}
