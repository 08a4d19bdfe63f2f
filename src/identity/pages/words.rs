//! Words of the audit trail and of states: keys of the program as people read them.

use crate::model::AgentStatus;
use kernel::lang::Lang;
use kernel::permission::{Permission, Role, Scope};
use kernel::scope::ApiScope;
use kernel::t;
use serde_json::Value;
use ui::tag::{Tone, tag};

/// The state of an account as a tag.
pub(super) fn status_tag(status: AgentStatus, lang: Lang) -> leptos::prelude::AnyView {
    let (tone, icon) = match status {
        AgentStatus::Enabled => (Tone::Ok, "circle-check"),
        AgentStatus::NotActivated => (Tone::Warn, "mail"),
        AgentStatus::Disabled => (Tone::Plain, "ban"),
        AgentStatus::Deleted => (Tone::Bad, "trash-2"),
    };
    tag(tone, icon, status.label(lang))
}

/// What was done: `修改`, `disabled` …
pub(super) fn action(action: &str, lang: Lang) -> String {
    let verb = action.rsplit('.').next().unwrap_or(action);
    let words = match verb {
        "created" => t!(lang, "新建", "created"),
        "edited" | "saved" | "changed" => t!(lang, "修改", "edited"),
        "deleted" => t!(lang, "删除", "deleted"),
        "removed" => t!(lang, "移除", "removed"),
        "restored" => t!(lang, "恢复", "restored"),
        "disabled" => t!(lang, "停用", "disabled"),
        "enabled" => t!(lang, "启用", "enabled"),
        "activated" => t!(lang, "激活", "activated"),
        "invited_again" => t!(lang, "重发邀请给", "invited again"),
        "imported" => t!(lang, "导入", "imported"),
        "exported" => t!(lang, "导出", "exported"),
        "merged" => t!(lang, "合并", "merged"),
        "unmerged" | "merge_undone" => t!(lang, "撤销合并", "undid the merge of"),
        "password_changed" => t!(lang, "修改密码", "changed the password of"),
        "password_reset" => t!(lang, "重设密码", "reset the password of"),
        "sessions_ended" => t!(lang, "结束登录会话", "ended the sessions of"),
        "replayed" => t!(lang, "重新处理", "processed again"),
        "refetched" => t!(lang, "重新收取", "fetched again"),
        "key_rotated" => t!(lang, "更换", "replaced"),
        "link_taken" => t!(lang, "取得评价链接", "took the rating link of"),
        "form_link_taken" => t!(lang, "取得填写链接", "took the link to the form of"),
        "reply_deleted" => t!(lang, "删除回复", "deleted a reply of"),
        "discarded" => t!(lang, "丢弃", "discarded"),
        "moved" => t!(lang, "移动", "moved"),
        "number_revealed" => t!(lang, "显示号码", "showed the number of"),
        "recording_heard" => t!(lang, "收听录音", "listened to a recording of"),
        "halted" => t!(lang, "自动停用", "switched off by itself"),
        other => return other.replace('_', " "),
    };
    words.to_owned()
}

/// Kind of an object.
pub(super) fn kind(kind: &str, lang: Lang) -> String {
    let words = match kind {
        "agent" => t!(lang, "客服账号", "agent"),
        "company" => t!(lang, "公司", "company"),
        "group" => t!(lang, "客服组", "group"),
        "permission_group" => t!(lang, "权限组", "permission group"),
        "unit" => t!(lang, "业务单元", "unit"),
        "department" => t!(lang, "部门", "department"),
        "settings" => t!(lang, "设置", "settings"),
        "ticket" => t!(lang, "工单", "ticket"),
        "customer" => t!(lang, "客户", "customer"),
        "call" => t!(lang, "通话", "call"),
        "customer_field" => t!(lang, "客户字段", "customer field"),
        "category" => t!(lang, "工单分类", "category"),
        "ticket_field" => t!(lang, "工单自定义字段", "ticket field"),
        "template" => t!(lang, "工单模板", "ticket template"),
        "trigger" => t!(lang, "触发器", "trigger"),
        "preset" => t!(lang, "快捷回复或宏", "preset reply or macro"),
        "own_preset" => t!(lang, "个人快捷回复或宏", "preset reply or macro of their own"),
        "calendar" => t!(lang, "工作时间", "duty times"),
        "sla" => t!(lang, "时效规则", "SLA policy"),
        "phone" => t!(lang, "电话账号", "phone account"),
        "webhook" => t!(lang, "消息转发", "message forwarding"),
        "webhook_delivery" => t!(lang, "转发的消息", "forwarded message"),
        "webhook_receiver" => t!(lang, "试收地址", "receiver"),
        "mailbox" => t!(lang, "邮箱", "mailbox"),
        "mail" => t!(lang, "邮件", "mail"),
        "mail_key" => t!(lang, "邮件密钥", "mail key"),
        "view" => t!(lang, "视图", "view"),
        "switch" => t!(lang, "电话交换机", "telephone switch"),
        "switch_event" => t!(lang, "交换机事件", "event of a switch"),
        "app" => t!(lang, "应用", "application"),
        "job" => t!(lang, "任务", "job"),
        "export" => t!(lang, "导出", "export"),
        other => return other.replace('_', " "),
    };
    words.to_owned()
}

/// Icon of a kind of object.
pub(super) fn kind_icon(kind: &str) -> &'static str {
    match kind {
        "agent" | "customer" => "users-round",
        "group" => "users",
        "company" | "unit" | "department" => "building-2",
        "permission_group" => "key-round",
        "ticket" | "view" => "ticket",
        "mailbox" | "mail" => "mail",
        "call" => "phone",
        "category" => "list-tree",
        "ticket_field" => "form",
        "template" => "clipboard-list",
        "trigger" => "workflow",
        "preset" | "own_preset" => "zap",
        "calendar" => "calendar-clock",
        "sla" => "timer",
        "phone" | "switch" | "switch_event" => "phone",
        "webhook" | "webhook_delivery" | "webhook_receiver" => "webhook",
        "app" => "plug",
        "job" => "shield-alert",
        "export" => "download",
        _ => "settings-2",
    }
}

/// Name of a field.
pub(super) fn field(kind: &str, field: &str, lang: Lang) -> String {
    let words = match field {
        "name" if matches!(kind, "agent" | "customer") => t!(lang, "姓名", "Full name"),
        "contacts" => t!(lang, "联系方式", "Contacts"),
        "partner_id" => t!(lang, "对接ID", "Integration id"),
        "vip_level" => t!(lang, "VIP等级", "VIP level"),
        "organisation" => t!(lang, "所属企业", "Organisation"),
        "remark" if kind == "settings" => t!(lang, "说明框", "Remark box"),
        "remark" => t!(lang, "备注", "Remark"),
        "fields" => t!(lang, "客户字段", "Customer fields"),
        "label" => t!(lang, "名称", "Name"),
        "kind" => t!(lang, "类型", "Kind"),
        "options" => t!(lang, "选项", "Options"),
        "hint" => t!(lang, "提示", "Hint"),
        "scopes" => t!(lang, "接口范围", "Scopes"),
        "networks" => t!(lang, "IP 名单", "Addresses"),
        "login" => t!(lang, "登录接口", "Login interface"),
        "filled_by" => t!(lang, "填写方", "Filled in by"),
        "shown_to" => t!(lang, "可见权限组", "Shown to"),
        "slots" => t!(lang, "字段", "Fields"),
        "demand" => t!(lang, "必填", "Required"),
        "template" => t!(lang, "工单模板", "Template"),
        "order" => t!(lang, "顺序", "Order"),
        "path" => t!(lang, "分类", "Category"),
        "calendar" => t!(lang, "时间", "Hours"),
        "is_default" => t!(lang, "默认", "Default"),
        "query" => t!(lang, "条件", "Query"),
        "address" => t!(lang, "邮箱地址", "Mail address"),
        "display_name" => t!(lang, "发件人名称", "Sender's name"),
        "group" => t!(lang, "受理组", "Group"),
        "enabled" => t!(lang, "启用", "In use"),
        "imap_host" => t!(lang, "IMAP 服务器", "IMAP server"),
        "imap_port" => t!(lang, "IMAP 端口", "IMAP port"),
        "imap_user" => t!(lang, "IMAP 用户名", "IMAP user name"),
        "imap_folder" => t!(lang, "IMAP 文件夹", "IMAP folder"),
        "imap_password" => t!(lang, "IMAP 密码", "IMAP password"),
        "smtp_host" => t!(lang, "SMTP 服务器", "SMTP server"),
        "smtp_port" => t!(lang, "SMTP 端口", "SMTP port"),
        "smtp_user" => t!(lang, "SMTP 用户名", "SMTP user name"),
        "smtp_password" => t!(lang, "SMTP 密码", "SMTP password"),
        "authserv_id" => t!(lang, "可信的验证服务器", "Trusted verifying server"),
        "levels" => t!(lang, "星级", "Levels"),
        "guide" => t!(lang, "引导语", "Guide text"),
        "when" => t!(lang, "发送时机", "When to send"),
        "delay" => t!(lang, "延迟（分钟）", "Delay (minutes)"),
        "again" => t!(lang, "重新打开后再次邀评", "Invite again after reopening"),
        "cap" => t!(lang, "频次上限", "Frequency cap"),
        "excluded_categories" => t!(lang, "不邀评的分类", "Categories not invited"),
        "excluded_sources" => t!(lang, "不邀评的渠道", "Channels not invited"),
        "validity" => t!(lang, "有效期（天）", "Valid for (days)"),
        "mailbox" => t!(lang, "发件邮箱", "Sending mailbox"),
        "reopen_on_reply" => t!(lang, "客户回复后重新打开", "Reopen on the customer's reply"),
        "recent_hours" => t!(lang, "重复提醒（小时）", "Warn of repeats (hours)"),
        "sender_hourly" => t!(lang, "每位发件人每小时最多", "At most per sender and hour"),
        "verdict" => t!(lang, "去处", "Verdict"),
        "reason" => t!(lang, "原因", "Reason"),
        "error" => t!(lang, "错误", "Error"),
        "payload" => t!(lang, "内容", "Content"),
        "email" => t!(lang, "邮箱", "E-mail"),
        "name" => t!(lang, "名称", "Name"),
        "nickname" => t!(lang, "昵称", "Nickname"),
        "phone" => t!(lang, "电话", "Phone"),
        "role" | "base_role" => t!(lang, "角色", "Role"),
        "status" => t!(lang, "状态", "Status"),
        "lang" => t!(lang, "语言", "Language"),
        "time_zone" => t!(lang, "时区", "Time zone"),
        "permission_group" => t!(lang, "权限组", "Permission group"),
        "department" => t!(lang, "部门", "Department"),
        "unit" => t!(lang, "业务单元", "Unit"),
        "groups" => t!(lang, "客服组", "Groups"),
        "members" => t!(lang, "成员", "Members"),
        "items" => t!(lang, "权限项", "Items"),
        "ticket_scope" => t!(lang, "工单范围", "Tickets seen"),
        "description" => t!(lang, "说明", "Description"),
        "parent" => t!(lang, "上级", "Above"),
        "rows" => t!(lang, "行数", "Rows"),
        "created" => t!(lang, "新建数", "Created"),
        "title" => t!(lang, "标题", "Title"),
        "rule" => t!(lang, "规则", "Rule"),
        "visibility" => t!(lang, "可见范围", "Visible to"),
        "shortcut" => t!(lang, "快捷词", "Shortcut"),
        "folder" => t!(lang, "分类", "Folder"),
        "text" => t!(lang, "内容", "Words"),
        "place" => t!(lang, "位置", "Place"),
        "password" => t!(lang, "密码", "Password"),
        "file" => t!(lang, "文件", "File"),
        other => return other.to_owned(),
    };
    words.to_owned()
}

/// A value of a field: keys of coded lists become their names, lists are joined, nothing is a dash.
pub(super) fn value(field: &str, value: &Value, lang: Lang) -> String {
    match value {
        Value::Null => "–".to_owned(),
        Value::Bool(true) => t!(lang, "是", "yes").to_owned(),
        Value::Bool(false) => t!(lang, "否", "no").to_owned(),
        Value::String(text) if text.is_empty() => "–".to_owned(),
        Value::String(text) => coded(field, text, lang),
        Value::Array(items) if items.is_empty() => "–".to_owned(),
        Value::Array(items) => {
            let words: Vec<String> = items.iter().map(|item| self::value(field, item, lang)).collect();
            words.join(t!(lang, "、", ", "))
        }
        Value::Object(parts) => object(parts, lang),
        Value::Number(number) => number.to_string(),
    }
}

/// A value of parts: the text of the language, a contact as it was written, or every part with its name.
fn object(parts: &serde_json::Map<String, Value>, lang: Lang) -> String {
    let text = |key: &str| parts.get(key).and_then(Value::as_str);
    if let Some(words) = text(lang.key()) {
        return words.to_owned();
    }
    if let Some(written) = text("value").filter(|_| parts.contains_key("normal")) {
        return written.to_owned();
    }
    let said = parts.iter().filter(|(_, part)| !part.is_null());
    let said = said.map(|(key, part)| match key.parse::<kernel::macros::uuid::Uuid>() {
        // An own field: its name is not kept with the entry.
        Ok(_) => value("", part, lang),
        Err(_) => format!("{} {}", field("", key, lang), value(key, part, lang)),
    });
    said.collect::<Vec<_>>().join(t!(lang, "，", ", "))
}

/// What an object was called: settings by what they set.
pub(super) fn label(kind: &str, label: &str, lang: Lang) -> String {
    match (kind, label) {
        ("settings", "satisfaction") => t!(lang, "工单满意度", "ticket satisfaction").to_owned(),
        ("settings", "ticket") => t!(lang, "工单", "tickets").to_owned(),
        ("settings", "open_platform") => t!(lang, "开放平台", "open platform").to_owned(),
        _ => label.to_owned(),
    }
}

fn coded(field: &str, key: &str, lang: Lang) -> String {
    let label = match field {
        "role" | "base_role" => Role::from_key(key).map(|role| role.label(lang)),
        "status" => AgentStatus::from_key(key).map(|status| status.label(lang)),
        "ticket_scope" => Scope::from_key(key).map(|scope| scope.label(lang)),
        "items" => Permission::from_key(key).map(|item| item.label(lang)),
        "scopes" => ApiScope::spell(key, lang),
        "lang" => Lang::from_key(key).map(Lang::own_name),
        "kind" => kernel::field::FieldKind::from_key(key).map(|kind| kind.label(lang)),
        _ => None,
    };
    label.map_or_else(|| key.to_owned(), str::to_owned)
}
