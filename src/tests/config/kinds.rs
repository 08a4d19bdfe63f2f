//! How one object of each kind is made, changed and deleted by the forms of its settings page. A kind that is new in the
//! registry and not here fails.

/// A form: its function, and its fields; `{id}` is the object's.
pub type Form = (&'static str, &'static [(&'static str, &'static str)]);

/// The forms of one kind.
pub struct Deeds {
    /// Its key.
    pub kind: &'static str,
    /// Makes one; nothing where there is exactly one.
    pub make: Option<Form>,
    /// Changes it.
    pub change: Form,
    /// Deletes it; nothing where there is exactly one.
    pub delete: Option<Form>,
}

const fn many(kind: &'static str, make: Form, change: Form, delete: Form) -> Deeds {
    Deeds { kind, make: Some(make), change, delete: Some(delete) }
}

const fn one(kind: &'static str, change: Form) -> Deeds {
    Deeds { kind, make: None, change, delete: None }
}

/// Every kind.
pub const DEEDS: &[Deeds] = &[
    one("company", ("/do/company/edit", &[("name", "新名字"), ("time_zone", "Asia/Shanghai"), ("lang", "zh"), ("reason", "改名")])),
    many(
        "unit",
        ("/do/unit/save", &[("name", "华东")]),
        ("/do/unit/save", &[("id", "{id}"), ("name", "华北")]),
        ("/do/unit/delete", &[("id", "{id}")]),
    ),
    many(
        "department",
        ("/do/department/save", &[("name", "客服部")]),
        ("/do/department/save", &[("id", "{id}"), ("name", "售后部")]),
        ("/do/department/delete", &[("id", "{id}")]),
    ),
    many(
        "permission_group",
        (
            "/do/permission_group/create",
            &[("name", "组长"), ("base_role", "ticket_agent"), ("items[]", "ticket.view"), ("ticket_scope", "own")],
        ),
        (
            "/do/permission_group/edit",
            &[
                ("id", "{id}"),
                ("version", "1"),
                ("name", "组长"),
                ("base_role", "ticket_agent"),
                ("ticket_scope", "all"),
                ("reason", "看全部"),
            ],
        ),
        ("/do/permission_group/delete", &[("id", "{id}")]),
    ),
    many(
        "group",
        ("/do/group/create", &[("name", "售后组")]),
        ("/do/group/edit", &[("id", "{id}"), ("name", "售后一组"), ("reason", "分组")]),
        ("/do/group/delete", &[("id", "{id}")]),
    ),
    many(
        "customer_field",
        ("/do/customer/field/save", &[("label", "门店"), ("kind", "line")]),
        ("/do/customer/field/save", &[("id", "{id}"), ("label", "门店编号"), ("kind", "line")]),
        ("/do/customer/field/remove", &[("id", "{id}")]),
    ),
    many(
        "mailbox",
        (
            "/do/mailbox/create",
            &[
                ("address", "service@shop.example"),
                ("enabled", "true"),
                ("smtp_host", "smtp.shop.example"),
                ("smtp_user", "service"),
                ("password_smtp", CANARY),
            ],
        ),
        (
            "/do/mailbox/edit",
            &[
                ("id", "{id}"),
                ("version", "2"),
                ("address", "service@shop.example"),
                ("display_name", "商城"),
                ("enabled", "true"),
                ("smtp_host", "smtp.shop.example"),
                ("smtp_user", "service"),
            ],
        ),
        ("/do/mailbox/delete", &[("id", "{id}")]),
    ),
    Deeds {
        kind: "ticket_field",
        make: Some(("/do/ticket/field/save", &[("label", "订单号"), ("kind", "line"), ("filled_by", "customer"), ("enabled", "true")])),
        change: (
            "/do/ticket/field/save",
            &[
                ("id", "{id}"),
                ("version", "1"),
                ("label", "订单编号"),
                ("kind", "line"),
                ("filled_by", "agent"),
                ("enabled", "true"),
                ("reason", "写清楚"),
            ],
        ),
        // People switch a field off; only an import deletes it.
        delete: None,
    },
    many(
        "template",
        ("/do/ticket/template/save", &[("name", "退货单")]),
        ("/do/ticket/template/save", &[("id", "{id}"), ("version", "1"), ("name", "退货单"), ("is_default", "true"), ("reason", "都用它")]),
        ("/do/ticket/template/delete", &[("template", "{id}")]),
    ),
    many(
        "preset",
        (
            "/do/preset/save",
            &[("kind", "reply"), ("visibility", "everybody"), ("title", "退款时效"), ("enabled", "true"), ("text", "三天到账。")],
        ),
        (
            "/do/preset/save",
            &[
                ("id", "{id}"),
                ("version", "1"),
                ("kind", "reply"),
                ("visibility", "everybody"),
                ("title", "退款时效"),
                ("enabled", "true"),
                ("text", "五天到账。"),
                ("reason", "银行慢了"),
            ],
        ),
        ("/do/preset/delete", &[("preset", "{id}")]),
    ),
    many(
        "category",
        ("/do/ticket/category/save", &[("name", "退换货")]),
        ("/do/ticket/category/save", &[("id", "{id}"), ("name", "退换货"), ("description", "退货和换货")]),
        ("/do/ticket/category/delete", &[("id", "{id}")]),
    ),
    many(
        "calendar",
        ("/do/duty/save", &[("name", "白班"), ("time_zone", "Asia/Shanghai"), ("monday", "9-18")]),
        ("/do/duty/save", &[("id", "{id}"), ("version", "1"), ("name", "白班"), ("time_zone", "Asia/Shanghai"), ("monday", "9-20")]),
        ("/do/duty/delete", &[("id", "{id}")]),
    ),
    many(
        "sla",
        ("/do/sla/save", &[("name", "标准"), ("enabled", "true"), ("medium[first]", "4h")]),
        ("/do/sla/save", &[("id", "{id}"), ("version", "1"), ("name", "标准"), ("enabled", "true"), ("medium[first]", "2h")]),
        ("/do/sla/delete", &[("policy", "{id}")]),
    ),
    many(
        "switch",
        ("/do/switch/save", &[("name", "总机"), ("kind", "http"), ("enabled", "true")]),
        ("/do/switch/save", &[("id", "{id}"), ("version", "1"), ("name", "总机"), ("kind", "asterisk"), ("enabled", "true")]),
        ("/do/switch/delete", &[("switch", "{id}")]),
    ),
    many(
        "webhook",
        ("/do/webhook/save", &[("name", "CRM"), ("url", "https://crm.example.com/kefu"), ("topics[]", "ticket.created")]),
        (
            "/do/webhook/save",
            &[("id", "{id}"), ("version", "1"), ("name", "CRM"), ("url", "https://crm.example.com/kefu"), ("topics[]", "ticket.rated")],
        ),
        ("/do/webhook/delete", &[("webhook", "{id}")]),
    ),
    many(
        "trigger",
        (
            "/do/trigger/save",
            &[
                ("kind", "flow"),
                ("name", "发票"),
                ("enabled", "true"),
                ("moments[]", "created"),
                ("all[0][field]", "title"),
                ("all[0][operator]", "contains"),
                ("all[0][values][]", "发票"),
                ("actions[0][kind]", "priority"),
                ("actions[0][value]", "high"),
            ],
        ),
        ("/do/trigger/switch", &[("trigger", "{id}"), ("enabled", "false")]),
        ("/do/trigger/delete", &[("trigger", "{id}")]),
    ),
    many(
        "view",
        ("/do/ticket/view/save", &[("name", "等我的"), ("shared", "true"), ("query", "view=mine")]),
        ("/do/ticket/view/save", &[("id", "{id}"), ("name", "等我的"), ("shared", "true"), ("query", "view=mine&priority[0]=high")]),
        ("/do/ticket/view/delete", &[("id", "{id}")]),
    ),
    one(
        "ticket_settings",
        ("/do/ticket/settings", &[("version", "0"), ("recent_hours", "48"), ("sender_hourly", "20"), ("reason", "少提醒")]),
    ),
    one(
        "reminder_settings",
        (
            "/do/ticket/reminders",
            &[
                ("version", "0"),
                ("tone", "loud"),
                ("to_agent", "true"),
                ("pop_up[]", "created"),
                ("pop_up[]", "assigned"),
                ("pop_up[]", "customer_replied"),
                ("pop_up[]", "agent_replied"),
                ("pop_up[]", "status_changed"),
                ("pop_up[]", "urged"),
                ("pop_up[]", "nearly_due"),
                ("pop_up[]", "overdue"),
            ],
        ),
    ),
    one("phone_settings", ("/do/phone/settings", &[("version", "0"), ("wrap_up_s", "60"), ("busy_after_missed", "2"), ("reason", "忙季")])),
    one("open_platform_settings", ("/do/app/settings", &[("version", "0"), ("login", "true"), ("reason", "给电话条用")])),
    one("satisfaction_settings", ("/do/satisfaction/restore", &[("restore", "1"), ("version", "2")])),
];

/// A password that must be nowhere.
pub const CANARY: &str = "geheim-8f2a-kanarie";
