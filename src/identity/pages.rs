//! 设置: the index of all settings pages. The pages of accounts stand in `pages/`.

pub mod agent;
pub mod agents;
pub mod audit;
pub mod company;
mod device;
pub mod door;
pub mod explain;
pub mod group;
pub mod import;
pub mod me;
pub mod permission;
mod words;

use kernel::error::Result;
use kernel::lang::Lang;
use kernel::permission::Permission;
use kernel::t;
use leptos::prelude::*;
use ui::icon::icon;
use ui::page::Page;
use ui::visit::Visit;

/// One settings page in the index.
struct Entry {
    needs: Permission,
    href: &'static str,
    title: (&'static str, &'static str),
    text: (&'static str, &'static str),
}

/// One card of the index.
struct Section {
    icon: &'static str,
    title: (&'static str, &'static str),
    entries: &'static [Entry],
}

const SECTIONS: &[Section] = &[
    Section {
        icon: "building-2",
        title: ("公司", "Company"),
        entries: &[
            entry(
                Permission::CompanySettings,
                "/settings/company",
                ("公司与业务单元", "Company and units"),
                ("名称、时区、业务单元、部门", "Name, time zone, units, departments"),
            ),
            entry(
                Permission::AgentManage,
                "/settings/agents",
                ("客服账号", "Agents"),
                ("新建、邀请、停用、批量导入", "Create, invite, disable, import"),
            ),
            entry(Permission::GroupManage, "/settings/groups", ("客服组", "Groups"), ("谁处理哪些工单", "Who handles which tickets")),
            entry(
                Permission::PermissionManage,
                "/settings/permissions",
                ("权限组", "Permission groups"),
                ("谁能做什么，为什么", "Who may do what, and why"),
            ),
            entry(
                Permission::AuditView,
                "/settings/audit",
                ("操作审计", "Audit trail"),
                ("谁在什么时候改了什么", "Who changed what, and when"),
            ),
            entry(
                Permission::ConfigManage,
                "/settings/history",
                ("配置历史", "Configuration history"),
                ("每次改动的前后与原因，可以恢复", "Every change, before and after, with the way back"),
            ),
            entry(
                Permission::ConfigManage,
                "/settings/configuration",
                ("导出与导入配置", "Export and import"),
                ("任何时刻的全部配置，一个文件", "The whole configuration of any time, as one file"),
            ),
            entry(
                Permission::AppManage,
                "/settings/apps",
                ("开放平台应用", "Applications"),
                ("哪些系统可以调用接口，各能做什么", "Which systems may call, and what each may do"),
            ),
            entry(
                Permission::JobManage,
                "/settings/jobs",
                ("隔离的任务", "Quarantined jobs"),
                ("反复失败的后台任务，修好后重试", "Background jobs that kept failing; try them again"),
            ),
        ],
    },
    Section {
        icon: "ticket",
        title: ("工单", "Tickets"),
        entries: &[
            entry(
                Permission::CategoryManage,
                "/settings/tickets",
                ("工单设置", "Ticket settings"),
                ("重新打开、重复提醒、来信上限", "Reopening, repeat warnings, mail limits"),
            ),
            entry(
                Permission::CategoryManage,
                "/settings/categories",
                ("工单分类", "Categories"),
                ("最多五级，工单选最下一级", "Up to five levels; tickets take the lowest"),
            ),
            entry(
                Permission::CategoryManage,
                "/settings/ticket-fields",
                ("工单自定义字段", "Ticket fields"),
                ("工单上还想记下什么，谁能看到", "What else to know of a ticket, and who sees it"),
            ),
            entry(
                Permission::CategoryManage,
                "/settings/ticket-templates",
                ("工单模板", "Ticket templates"),
                ("哪类工单填哪些字段，什么时候必填", "Which fields which tickets have, and when they are required"),
            ),
            entry(
                Permission::CategoryManage,
                "/settings/reminders",
                ("工单提醒设置", "Ticket reminders"),
                ("什么事用什么方式提醒谁", "Who is reminded of what, and how"),
            ),
            entry(
                Permission::SlaManage,
                "/settings/sla",
                ("时效规则", "SLA policies"),
                ("多久要回复，多久要解决", "How soon to answer, how soon to solve"),
            ),
            entry(
                Permission::SlaManage,
                "/settings/duty",
                ("工作时间", "Duty times"),
                ("各组几点上班，哪天放假", "When groups work, and their holidays"),
            ),
            entry(
                Permission::TriggerManage,
                "/settings/triggers",
                ("触发器", "Triggers"),
                ("新工单自动分配、升级、备注", "Assign, escalate and note by rule"),
            ),
            entry(
                Permission::WebhookManage,
                "/settings/webhooks",
                ("消息转发", "Message forwarding"),
                ("把发生的事告诉别的系统", "Tell other systems what happens"),
            ),
            entry(
                Permission::PresetManage,
                "/settings/presets",
                ("快捷回复与宏", "Preset replies and macros"),
                ("常用的话和常做的改动，一次插入", "Words and changes that come up again and again"),
            ),
            entry(
                Permission::SatisfactionManage,
                "/settings/satisfaction",
                ("工单满意度", "Ticket satisfaction"),
                ("评分、原因、发送原则", "Scores, reasons, when to ask"),
            ),
            entry(
                Permission::CustomerFields,
                "/settings/customer-fields",
                ("客户字段", "Customer fields"),
                ("自己定义客户资料", "Your own facts about customers"),
            ),
        ],
    },
    Section {
        icon: "mail",
        title: ("渠道", "Channels"),
        entries: &[
            entry(
                Permission::MailboxManage,
                "/settings/mailboxes",
                ("邮箱", "Mailboxes"),
                ("收信变成工单，回复从这里发出", "Mail becomes tickets; replies leave from here"),
            ),
            entry(
                Permission::PhoneManage,
                "/settings/phones",
                ("电话账号与设置", "Phones"),
                ("谁用什么接电话，后处理多久", "Who takes calls on what, and their after-call work"),
            ),
            entry(
                Permission::SwitchManage,
                "/settings/switches",
                ("电话交换机", "Telephone switches"),
                ("通话事件从哪里来，用什么密钥", "Where calls are told of, and with which key"),
            ),
        ],
    },
];

const fn entry(needs: Permission, href: &'static str, title: (&'static str, &'static str), text: (&'static str, &'static str)) -> Entry {
    Entry { needs, href, title, text }
}

const fn pick(pair: (&'static str, &'static str), lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => pair.0,
        Lang::En => pair.1,
    }
}

/// 设置: what of it the person may open.
pub async fn settings_page(visit: Visit) -> Result<Page> {
    let (lang, ctx) = (visit.lang(), visit.ctx.clone());
    Ok(Page::new(t!(lang, "设置", "Settings")).body(move || {
        let cards: Vec<AnyView> = SECTIONS
            .iter()
            .filter_map(|section| {
                let links: Vec<AnyView> = section
                    .entries
                    .iter()
                    .filter(|entry| ctx.may(entry.needs))
                    .map(|entry| view! { <li><a href=entry.href><b>{pick(entry.title, lang)}</b><small>{pick(entry.text, lang)}</small></a></li> }.into_any())
                    .collect();
                (!links.is_empty()).then(|| {
                    view! { <section class="card"><header><h2>{icon(section.icon)}{pick(section.title, lang)}</h2></header><ul>{links}</ul></section> }.into_any()
                })
            })
            .collect();
        if cards.is_empty() {
            let text = t!(lang, "名字、密码、语言和外观在个人设置里", "Name, password, language and theme are in your own settings");
            let action = view! { <a class="btn" href="/me">{t!(lang, "打开个人设置", "Open your settings")}</a> };
            return ui::empty::empty("settings", t!(lang, "这里没有您能改的设置", "No settings for you to change here"), text, action);
        }
        view! { <div class="body"><div class="index">{cards}</div></div> }.into_any()
    }))
}
