//! Every server function with a body it takes: ids stand in braces and are filled by whoever calls.

/// Functions that nobody needs to sign in for; what they may do is tested where they live.
pub const PUBLIC: &[&str] = &[
    "/do/activate",
    "/do/activate/finish",
    "/do/demo/load",
    "/do/language",
    "/do/password/forgot",
    "/do/password/reset",
    "/do/rating/send",
    "/do/setup",
    "/do/sign_in",
    "/do/sign_out",
];

/// Functions whose forms carry files.
pub const WITH_FILES: &[&str] = &["/do/agent/import", "/do/ticket/create", "/do/ticket/picture", "/do/ticket/reply"];

type Fields = &'static [(&'static str, &'static str)];

/// The others. A name that must be new each time is `{fresh}`.
pub const CALLS: &[(&str, Fields)] = &[
    // 账号.
    (
        "/do/agent/create",
        &[
            ("email", "{fresh}@example.com"),
            ("name", "新人"),
            ("role", "ticket_agent"),
            ("groups[]", "{group}"),
            ("password", "长风破浪会有时 2026"),
        ],
    ),
    (
        "/do/agent/create",
        &[
            ("email", "{fresh}@example.com"),
            ("name", "新人"),
            ("role", "ticket_agent"),
            ("permission_group", "{permission_group}"),
            ("password", "长风破浪会有时 2026"),
        ],
    ),
    (
        "/do/agent/create",
        &[
            ("email", "{fresh}@example.com"),
            ("name", "新人"),
            ("role", "ticket_agent"),
            ("department", "{department}"),
            ("password", "长风破浪会有时 2026"),
        ],
    ),
    (
        "/do/agent/create",
        &[
            ("email", "{fresh}@example.com"),
            ("name", "新人"),
            ("role", "ticket_agent"),
            ("unit", "{unit}"),
            ("password", "长风破浪会有时 2026"),
        ],
    ),
    (
        "/do/agent/edit",
        &[("id", "{agent}"), ("version", "1"), ("email", "{fresh}@example.com"), ("name", "改了"), ("role", "ticket_agent")],
    ),
    ("/do/agent/disable", &[("id", "{agent}")]),
    ("/do/agent/enable", &[("id", "{agent}")]),
    ("/do/agent/delete", &[("id", "{agent}")]),
    ("/do/agent/invite", &[("id", "{agent}")]),
    ("/do/agent/end_sessions", &[("id", "{agent}")]),
    ("/do/agent/import", &[("sure", "true")]),
    ("/do/group/create", &[("name", "{fresh}"), ("members[]", "{agent}")]),
    ("/do/group/edit", &[("id", "{group}"), ("name", "{fresh}")]),
    ("/do/group/delete", &[("id", "{group}")]),
    (
        "/do/permission_group/create",
        &[("name", "{fresh}"), ("base_role", "ticket_agent"), ("items[]", "ticket.view"), ("ticket_scope", "own")],
    ),
    (
        "/do/permission_group/edit",
        &[("id", "{permission_group}"), ("version", "1"), ("name", "{fresh}"), ("base_role", "ticket_agent"), ("ticket_scope", "all")],
    ),
    ("/do/permission_group/delete", &[("id", "{permission_group}")]),
    ("/do/company/edit", &[("name", "测试公司"), ("time_zone", "Asia/Shanghai"), ("lang", "zh")]),
    ("/do/unit/save", &[("id", "{unit}"), ("name", "{fresh}")]),
    ("/do/unit/delete", &[("id", "{unit}")]),
    ("/do/department/save", &[("id", "{department}"), ("name", "{fresh}")]),
    ("/do/department/save", &[("name", "{fresh}"), ("parent", "{department}")]),
    ("/do/department/delete", &[("id", "{department}")]),
    ("/do/me/password", &[("password_current", "falsch 123456"), ("password", "x"), ("password_again", "y")]),
    ("/do/me/profile", &[("name", "韩梅梅"), ("lang", "zh"), ("theme", "auto"), ("density", "compact")]),
    ("/do/theme", &[("theme", "auto"), ("back", "/")]),
    ("/do/me/session/end", &[("session", "{session}")]),
    ("/do/me/session/end_others", &[("sure", "true")]),
    ("/do/demo/remove", &[("sure", "true")]),
    // 任务.
    ("/do/job/replay", &[("job", "{job}")]),
    ("/do/job/replay_all", &[("all", "true")]),
    ("/do/job/discard", &[("job", "{job}")]),
    ("/do/job/restore", &[("job", "{job}")]),
    // 客户.
    ("/do/customer/create", &[("nickname", "新客户"), ("fields[f{customer_field}]", "x")]),
    ("/do/customer/edit", &[("id", "{customer}"), ("version", "1"), ("nickname", "改了")]),
    ("/do/customer/merge", &[("keep", "{own_customer}"), ("gone", "{customer}")]),
    ("/do/customer/merge", &[("keep", "{customer}"), ("gone", "{own_customer}")]),
    ("/do/customer/undo_merge", &[("merge", "{merge}")]),
    ("/do/customer/lookup", &[("text", "{secret}")]),
    ("/do/customer/field/save", &[("id", "{customer_field}"), ("label", "改了"), ("kind", "line")]),
    ("/do/customer/field/remove", &[("id", "{customer_field}")]),
    ("/do/customer/field/restore", &[("id", "{customer_field}")]),
    ("/do/customer/field/raise", &[("id", "{customer_field}")]),
    // 工单.
    ("/do/ticket/create", &[("customer", "{customer}"), ("title", "t"), ("text", "t")]),
    ("/do/ticket/create", &[("customer", "{own_customer}"), ("title", "t"), ("text", "t"), ("category", "{category}")]),
    ("/do/ticket/create", &[("customer", "{own_customer}"), ("title", "t"), ("text", "t"), ("group", "{group}")]),
    ("/do/ticket/create", &[("customer", "{own_customer}"), ("title", "t"), ("text", "t"), ("agent", "{agent}")]),
    ("/do/ticket/create", &[("customer", "{own_customer}"), ("title", "t"), ("text", "t"), ("mailbox", "{mailbox}")]),
    ("/do/ticket/create", &[("customer", "{own_customer}"), ("title", "t"), ("text", "t"), ("followers[]", "{agent}")]),
    ("/do/ticket/edit", &[("ticket", "{ticket}"), ("version", "1"), ("title", "改了")]),
    ("/do/ticket/edit", &[("ticket", "{own_ticket}"), ("version", "1"), ("category", "{category}")]),
    ("/do/ticket/edit", &[("ticket", "{own_ticket}"), ("version", "1"), ("group", "{group}")]),
    ("/do/ticket/edit", &[("ticket", "{own_ticket}"), ("version", "1"), ("agent", "{agent}")]),
    ("/do/ticket/take", &[("ticket", "{ticket}")]),
    ("/do/ticket/reply", &[("ticket", "{ticket}"), ("text", "t"), ("reply_type", "everyone"), ("confirmed", "true")]),
    (
        "/do/ticket/reply",
        &[("ticket", "{own_ticket}"), ("text", "t"), ("reply_type", "agents_only"), ("confirmed", "true"), ("files[]", "{file}")],
    ),
    ("/do/ticket/picture", &[("sure", "true")]),
    ("/do/ticket/undo_reply", &[("message", "{message}")]),
    ("/do/ticket/delete_reply", &[("message", "{message}")]),
    ("/do/ticket/urge", &[("ticket", "{ticket}"), ("reason", "t")]),
    ("/do/ticket/activate", &[("ticket", "{ticket}"), ("reason", "t")]),
    ("/do/ticket/delete", &[("ticket", "{ticket}")]),
    ("/do/ticket/restore", &[("ticket", "{ticket}")]),
    ("/do/ticket/follow", &[("ticket", "{ticket}")]),
    ("/do/ticket/unfollow", &[("ticket", "{ticket}")]),
    ("/do/ticket/link", &[("ticket", "{ticket}"), ("number", "20991231000001")]),
    ("/do/ticket/unlink", &[("ticket", "{own_ticket}"), ("other", "{ticket}")]),
    ("/do/ticket/bulk", &[("tickets[]", "{ticket}"), ("act", "delete")]),
    ("/do/ticket/bulk", &[("tickets[]", "{own_ticket}"), ("act", "group"), ("group", "{group}")]),
    ("/do/ticket/bulk", &[("tickets[]", "{own_ticket}"), ("act", "agent"), ("agent", "{agent}")]),
    ("/do/ticket/bulk", &[("tickets[]", "{own_ticket}"), ("act", "category"), ("category", "{category}")]),
    ("/do/ticket/draft", &[("ticket", "{ticket}"), ("html", "<p>t</p>"), ("reply_type", "everyone")]),
    ("/do/ticket/discard_draft", &[("ticket", "{ticket}")]),
    ("/do/ticket/presence", &[("ticket", "{ticket}"), ("typing", "true")]),
    ("/do/ticket/leave", &[("ticket", "{ticket}")]),
    ("/do/ticket/find", &[("text", "{secret}")]),
    ("/do/ticket/view/save", &[("id", "{view}"), ("name", "改了"), ("query", "view=mine")]),
    ("/do/ticket/view/delete", &[("id", "{view}")]),
    ("/do/ticket/category/save", &[("id", "{category}"), ("name", "改了")]),
    ("/do/ticket/category/save", &[("parent", "{category}"), ("name", "{fresh}")]),
    ("/do/ticket/category/step", &[("id", "{category}"), ("step", "up")]),
    ("/do/ticket/category/delete", &[("id", "{category}")]),
    ("/do/ticket/settings", &[("version", "99"), ("recent_hours", "24"), ("sender_hourly", "20")]),
    // 邮件.
    ("/do/mailbox/create", &[("address", "{fresh}@shop.example"), ("group", "{group}")]),
    ("/do/mailbox/edit", &[("id", "{mailbox}"), ("version", "1"), ("address", "{fresh}@shop.example")]),
    ("/do/mailbox/delete", &[("id", "{mailbox}")]),
    ("/do/mailbox/check", &[("id", "{mailbox}"), ("version", "1"), ("address", "{fresh}@shop.example")]),
    ("/do/mail/replay", &[("mail", "{mail}"), ("force", "true")]),
    // 满意度.
    (
        "/do/satisfaction/save",
        &[("version", "99"), ("remark", "optional"), ("when", "either"), ("delay", "0"), ("validity", "7"), ("mailbox", "{mailbox}")],
    ),
    ("/do/satisfaction/restore", &[("restore", "0"), ("version", "99")]),
    // 统计.
    (
        "/do/stats/export",
        &[
            ("format", "csv"),
            ("content", "table"),
            ("query[agent]", "{agent}"),
            ("query[group]", "{group}"),
            ("query[category]", "{category}"),
        ],
    ),
];
