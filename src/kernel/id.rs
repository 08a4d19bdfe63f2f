//! Typed ids. UUIDv7 made by `ctx.id()`; they are addresses, never proofs (D2).

ids! {
    /// 公司.
    CompanyId;
    /// 客服账号.
    AgentId;
    /// 客服组.
    GroupId;
    /// 权限组.
    PermissionGroupId;
    /// 部门.
    DepartmentId;
    /// 业务单元.
    UnitId;
    /// 客户.
    CustomerId;
    /// 客户自定义字段.
    CustomerFieldId;
    /// A merge of two customers.
    MergeId;
    /// 邮箱.
    MailboxId;
    /// One row of the mail ledger, 邮件台账.
    MailId;
    /// 工单.
    TicketId;
    /// One message of a ticket, 工单回复.
    MessageId;
    /// 工单分类.
    CategoryId;
    /// 工单自定义字段.
    TicketFieldId;
    /// 工单模板.
    TemplateId;
    /// A saved ticket list, 视图.
    ViewId;
    /// 工作时间: a calendar.
    CalendarId;
    /// 时效规则: an SLA policy.
    PolicyId;
    /// 快捷回复 or 宏.
    PresetId;
    /// 交换机: a telephone switch that tells us of calls.
    SwitchId;
    /// 通话, which is the id of its main record too.
    CallId;
    /// 通话记录: a record of a call.
    LegId;
    /// 消息转发: a subscription.
    WebhookId;
    /// One message to a subscription, 转发记录.
    DeliveryId;
    /// 触发器.
    TriggerId;
    /// One run of a trigger over a ticket, 运行记录.
    RunId;
    /// 邀评: one invitation to rate.
    InvitationId;
    /// 应用 of the open platform.
    AppId;
    /// A stored file, 附件.
    FileId;
    /// A background job.
    JobId;
    /// A background export, 导出.
    ExportId;
    /// A domain event.
    EventId;
    /// One request, as shown on error pages and written in logs.
    RequestId;
}
