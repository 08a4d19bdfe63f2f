//! 时效规则: the policies in the order in which they are asked.

pub mod card;
pub mod editor;

use crate::actions::StepPolicy;
use crate::model::{Goals, Policy, Target, write_minutes};
use crate::queries::{self, Kept};
use identity::model::GroupKind;
use kernel::ctx::Ctx;
use kernel::error::Result;
use kernel::id::{CategoryId, GroupId};
use kernel::lang::Lang;
use kernel::t;
use leptos::prelude::*;
use ticket::model::Priority;
use ui::empty::empty;
use ui::form::path_of;
use ui::icon::icon;
use ui::page::Page;
use ui::step::Steps;
use ui::tag::{Tone, tag};
use ui::visit::Visit;

/// Where the list lives.
pub(crate) const ADDRESS: &str = "/settings/sla";

/// What a policy can name.
pub(crate) struct Choices {
    pub(crate) groups: Vec<(GroupId, String)>,
    pub(crate) categories: Vec<(CategoryId, String)>,
}

pub(crate) async fn choices(ctx: &Ctx) -> Result<Choices> {
    let mut tx = ctx.read().await?;
    let groups = identity::queries::group_options(&mut tx, GroupKind::Ticket).await?;
    let categories = ticket::queries::category::tree(&mut tx).await?;
    Ok(Choices {
        groups: groups.into_iter().map(|group| (group.id, group.name)).collect(),
        categories: categories.into_iter().map(|category| (category.id, category.path)).collect(),
    })
}

/// What can be chosen, and what was chosen and is gone since: it must not slip away, or a rule for one group becomes one
/// for all.
pub(crate) fn with_gone<T: Copy + PartialEq>(lang: Lang, known: &[(T, String)], chosen: &[T]) -> Vec<(T, String)> {
    let is_known = |one: &T| known.iter().any(|(id, _)| id == one);
    let gone = chosen.iter().copied().filter(|one| !is_known(one)).map(|one| (one, t!(lang, "已删除", "deleted").to_owned()));
    known.iter().cloned().chain(gone).collect()
}

/// 时效规则, `/settings/sla`.
pub async fn policies_page(visit: Visit) -> Result<Page> {
    let (lang, ctx) = (visit.lang(), visit.ctx.clone());
    let (policies, choices, failed) = (queries::list(&ctx).await?, choices(&ctx).await?, visit.form("policy_step"));
    let page = Page::new(t!(lang, "时效规则", "SLA policies"))
        .history(&visit.ctx, "sla")
        .crumb(t!(lang, "设置", "Settings"), "/settings")
        .count(policies.len())
        .lead(t!(
            lang,
            "从上到下，第一条符合的规则管这张工单：多久要回复、多久要解决。",
            "From top to bottom, the first that fits rules a ticket: how soon to answer and to solve it."
        ))
        .action(move || new_button(lang));
    Ok(page.body(move || {
        if policies.is_empty() {
            let text = t!(
                lang,
                "例如：紧急工单 30 分钟内首次响应、4 小时内解决，按工作时间计算，快到时提醒受理客服。",
                "For example: urgent tickets are answered within 30 minutes and solved within 4 hours of duty time; their agents are reminded in time."
            );
            return empty("timer", t!(lang, "还没有时效规则", "No SLA policies yet"), text, new_button(lang));
        }
        let last = policies.len() - 1;
        let rows: Vec<AnyView> = policies.iter().enumerate().map(|(at, kept)| row(lang, kept, &choices, (at > 0, at < last))).collect();
        view! { <div class="body">{failed.summary()}<section class="card"><ol class="rows order">{rows}</ol></section></div> }.into_any()
    }))
}

fn row(lang: Lang, kept: &Kept, choices: &Choices, (can_rise, can_sink): (bool, bool)) -> AnyView {
    let (tone, picture, state) = match kept.enabled {
        true => (Tone::Ok, "circle-check", t!(lang, "启用", "Enabled")),
        false => (Tone::Plain, "circle-pause", t!(lang, "停用", "Disabled")),
    };
    let (action, id) = (path_of::<StepPolicy>(), kept.id.to_string());
    let steps = Steps { action, field: "policy", id, name: &kept.name, can_rise, can_sink };
    view! {
        <li>
            <span class="no" aria-hidden="true"></span>
            <div class="grow">
                <a class="to" href=format!("{ADDRESS}/{}", kept.id)>{kept.name.clone()}</a>" "{tag(tone, picture, state)}
                <small>{sentence(lang, &kept.policy, choices)}</small>
                <small>{goals_words(lang, &kept.policy)}</small>
            </div>
            <span class="end tools">
                {steps.view(lang)}
            </span>
        </li>
    }
    .into_any()
}

/// Which tickets it is for, as a sentence.
pub(crate) fn sentence(lang: Lang, policy: &Policy, choices: &Choices) -> String {
    let or = t!(lang, "、", ", ");
    let mut parts = Vec::new();
    let names = |known: &mut dyn Iterator<Item = String>| known.collect::<Vec<_>>().join(or);
    if !policy.groups.is_empty() {
        let groups = names(
            &mut with_gone(lang, &choices.groups, &policy.groups)
                .iter()
                .filter(|(id, _)| policy.groups.contains(id))
                .map(|(_, name)| name.clone()),
        );
        parts.push(t!(lang, "受理组是 {}", "group is {}", groups));
    }
    if !policy.categories.is_empty() {
        let categories = names(
            &mut with_gone(lang, &choices.categories, &policy.categories)
                .iter()
                .filter(|(id, _)| policy.categories.contains(id))
                .map(|(_, path)| path.clone()),
        );
        parts.push(t!(lang, "分类是 {}", "category is {}", categories));
    }
    if !policy.sources.is_empty() {
        let sources = names(&mut policy.sources.iter().map(|source| source.label(lang).to_owned()));
        parts.push(t!(lang, "来源是 {}", "source is {}", sources));
    }
    if policy.vip_from > 0 {
        parts.push(t!(lang, "VIP等级不低于 {}", "VIP level is {} or more", policy.vip_from));
    }
    let which =
        if parts.is_empty() { t!(lang, "所有工单", "All tickets").to_owned() } else { parts.join(t!(lang, "，并且", " and ")) };
    let hours =
        if policy.in_duty_time { t!(lang, "按工作时间", "in duty time") } else { t!(lang, "按全天 24 小时", "day and night") };
    t!(lang, "{0}；{1}", "{0}; {1}", which, hours)
}

/// `紧急：首次响应 30m，解决 4h`, for the priorities that have goals; alike ones are said once.
fn goals_words(lang: Lang, policy: &Policy) -> String {
    let mut parts: Vec<(Vec<&str>, Goals)> = Vec::new();
    for priority in Priority::ALL.iter().rev() {
        let goals = policy.goals(*priority);
        match parts.last_mut() {
            Some((names, same)) if *same == goals => names.push(priority.label(lang)),
            _ => parts.push((vec![priority.label(lang)], goals)),
        }
    }
    let words = parts.into_iter().filter(|(_, goals)| *goals != Goals::default()).map(|(names, goals)| {
        let each =
            Target::ALL.iter().filter_map(|target| goals.of(*target).map(|goal| format!("{} {}", target.label(lang), write_minutes(goal))));
        let each = each.collect::<Vec<_>>().join(t!(lang, "，", ", "));
        t!(lang, "{0}：{1}", "{0}: {1}", names.join("/"), each)
    });
    words.collect::<Vec<_>>().join(t!(lang, "；", "; "))
}

fn new_button(lang: Lang) -> AnyView {
    view! { <a class="btn main" href=format!("{ADDRESS}/new")>{icon("plus")}{t!(lang, "新建时效规则", "New policy")}</a> }.into_any()
}
