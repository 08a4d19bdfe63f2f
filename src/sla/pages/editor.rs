//! 时效规则编辑: which tickets, the goals of each priority, and how the time counts.

use super::{ADDRESS, Choices, choices, with_gone};
use crate::actions::{DeletePolicy, SavePolicy};
use crate::model::{NAME_MOST, Policy, Target, write_minutes};
use crate::queries::{self, Kept};
use kernel::error::{Error, Result};
use kernel::id::PolicyId;
use kernel::lang::Lang;
use kernel::t;
use leptos::prelude::*;
use ticket::model::{Priority, Source};
use ui::dialog::{Confirm, confirm};
use ui::form::choice::{Check, Checks};
use ui::form::field::{Input, why};
use ui::form::{FormState, element_id, hidden, html_name, path_of};
use ui::icon::icon_s;
use ui::page::Page;
use ui::visit::Visit;

/// The form.
const FORM: &str = "policy";

/// 新建时效规则.
pub async fn new_page(visit: Visit) -> Result<Page> {
    page(visit, None).await
}

/// 修改时效规则.
pub async fn edit_page(visit: Visit) -> Result<Page> {
    let id: PolicyId = visit.param("id")?;
    let kept = queries::list(&visit.ctx).await?.into_iter().find(|kept| kept.id == id).ok_or(Error::NotFound)?;
    page(visit, Some(kept)).await
}

async fn page(visit: Visit, kept: Option<Kept>) -> Result<Page> {
    let (lang, choices) = (visit.lang(), choices(&visit.ctx).await?);
    let (form, failed) = (visit.form(FORM), visit.form("policy_delete"));
    let title = kept.as_ref().map_or_else(|| t!(lang, "新建时效规则", "New policy").to_owned(), |kept| kept.name.clone());
    let page = Page::new(title).crumb(t!(lang, "设置", "Settings"), "/settings").crumb(t!(lang, "时效规则", "SLA policies"), ADDRESS);
    let removed = kept.clone();
    let page = match removed {
        Some(kept) => page.action(move || delete_button(&kept, lang)),
        None => page,
    };
    Ok(page.body(move || view! { {failed.summary()}{editor(lang, kept.as_ref(), &choices, &form)} }))
}

fn editor(lang: Lang, kept: Option<&Kept>, choices: &Choices, form: &FormState) -> AnyView {
    let fresh = Policy { in_duty_time: true, pauses: true, near_percent: 80, ..Policy::default() };
    let policy = kept.map_or(&fresh, |kept| &kept.policy);
    let sources = Source::ALL.iter().map(|source| (source.key(), source.label(lang)));
    let chosen_sources = policy.sources.iter().map(|source| source.key());
    let vip = if policy.vip_from > 0 { policy.vip_from.to_string() } else { String::new() };
    let name = kept.map(|kept| kept.name.clone()).unwrap_or_default();
    view! {
        <form class="settings" method="post" id=FORM action={path_of::<SavePolicy>()}>
            {kept.map(|kept| view! { {hidden("id", kept.id)}{hidden("version", kept.version)} })}
            <div class="body sections">
                {form.summary()}
                <section aria-labelledby="p1">
                    <div class="side-h"><h2 id="p1">{t!(lang, "基本信息", "Basics")}</h2></div>
                    <div class="card"><div class="in stack">
                        {Input::text("name", t!(lang, "名称", "Name")).value(name).max(NAME_MOST).required().view(form)}
                        {Check::new("enabled", t!(lang, "启用", "Enabled")).checked(kept.is_none_or(|kept| kept.enabled)).switch().view(form)}
                    </div></div>
                </section>
                <section aria-labelledby="p3">
                    <div class="side-h"><h2 id="p3">{t!(lang, "目标时长", "Goals")}</h2><p>{t!(lang, "写 30m、4h 或 1h30m；留空就不计时。", "Write 30m, 4h or 1h30m; empty runs no clock.")}</p></div>
                    {goals(lang, policy, form)}
                </section>
                <section aria-labelledby="p2">
                    <div class="side-h"><h2 id="p2">{t!(lang, "哪些工单", "Which tickets")}</h2><p>{t!(lang, "都不选就是所有工单。几项都选了，要同时符合。", "All tickets when nothing is chosen. What is chosen in several holds together.")}</p></div>
                    <div class="card"><div class="in stack">
                        {Checks::new("groups", t!(lang, "受理组", "Group")).options(with_gone(lang, &choices.groups, &policy.groups)).selected(policy.groups.iter()).view(form)}
                        {Input::text("vip_from", t!(lang, "VIP等级不低于", "VIP level from")).kind("number").value(vip).view(form)}
                        {fold(t!(lang, "分类（包括下级）", "Category, with those below"), form, "categories", policy.categories.iter().map(ToString::to_string), lang,
                            Checks::new("categories", t!(lang, "分类", "Category")).options(with_gone(lang, &choices.categories, &policy.categories)).selected(policy.categories.iter()).view(form))}
                        {fold(t!(lang, "来源", "Source"), form, "sources", policy.sources.iter().map(|source| source.key().to_owned()), lang,
                            Checks::new("sources", t!(lang, "来源", "Source")).options(sources).selected(chosen_sources).view(form))}
                    </div></div>
                </section>
                <section aria-labelledby="p4">
                    <div class="side-h"><h2 id="p4">{t!(lang, "怎么计时", "How time counts")}</h2></div>
                    <div class="card"><div class="in stack">
                        {Check::new("in_duty_time", t!(lang, "只算工作时间", "In duty time only")).checked(policy.in_duty_time).hint(t!(lang, "按受理组的工作时间；没有设置时按全天", "By the duty times of the ticket's group; day and night where there are none")).view(form)}
                        {Check::new("pauses", t!(lang, "等待客户回复时暂停", "Pause while waiting for the customer")).checked(policy.pauses).hint(t!(lang, "只影响“解决”的计时", "The solution's clock only")).view(form)}
                        {Input::text("near_percent", t!(lang, "用掉百分之多少时算即将超时", "Nearly due after so many percent")).kind("number").value(policy.near_percent).view(form)}
                    </div></div>
                </section>
            </div>
            <div class="savebar" role="region" aria-label=t!(lang, "保存", "Save")>
                <span class="small mute not-phone">{t!(lang, "只影响之后新建或改过属性的工单。", "Tickets that have a policy keep it until their properties change.")}</span>
                {why(form)}
                <span class="end row"><a class="btn quiet" href=ADDRESS>{t!(lang, "放弃", "Discard")}</a><button class="btn main" type="submit">{t!(lang, "保存时效规则", "Save policy")}</button></span>
            </div>
        </form>
    }
    .into_any()
}

/// A long list that most policies leave alone: closed until something of it is chosen.
fn fold(name: &'static str, form: &FormState, field: &str, kept: impl Iterator<Item = String>, lang: Lang, inside: AnyView) -> AnyView {
    let chosen = form.ticked_or(field, &kept.collect::<Vec<_>>()).len();
    let count = (chosen > 0).then(|| view! { <span class="tag">{t!(lang, "已选 {}", "{} chosen", chosen)}</span> });
    view! { <details class="opens" open={chosen > 0}><summary>{icon_s("chevron-right")}<b>{name}</b>{count}</summary>{inside}</details> }
        .into_any()
}

/// A field for each priority and target, the most urgent first.
fn goals(lang: Lang, policy: &Policy, form: &FormState) -> AnyView {
    let heads: Vec<AnyView> = Target::ALL.iter().map(|target| view! { <th scope="col">{target.label(lang)}</th> }.into_any()).collect();
    let rows: Vec<AnyView> = Priority::ALL
        .iter()
        .rev()
        .map(|priority| {
            let cells: Vec<AnyView> = Target::ALL.iter().map(|target| goal(lang, policy, form, *priority, *target)).collect();
            view! { <tr><th scope="row">{priority.label(lang)}</th>{cells}</tr> }.into_any()
        })
        .collect();
    view! {
        <div class="card"><table class="table matrix goals">
            <thead><tr><th scope="col">{t!(lang, "优先级", "Priority")}</th>{heads}</tr></thead>
            <tbody>{rows}</tbody>
        </table></div>
    }
    .into_any()
}

fn goal(lang: Lang, policy: &Policy, form: &FormState, priority: Priority, target: Target) -> AnyView {
    let field = format!("{}[{}]", priority.key(), target.key());
    let kept = policy.goals(priority).of(target).map(write_minutes).unwrap_or_default();
    let words = t!(lang, "{0}：{1}", "{0}: {1}", priority.label(lang), target.label(lang));
    form.name(&field, &words);
    let problem = form.problem(&field);
    let id = element_id(FORM, &field);
    let said = format!("{id}-wrong");
    let wrong = problem.map(|problem| view! { <span class="wrong" id=said.clone()>{icon_s("triangle-alert")}{problem.to_owned()}</span> });
    view! {
        <td data-way=target.label(lang)>
            <input class="input" id=id name=html_name(&field) value=form.value_or(&field, &kept) maxlength="20" autocomplete="off"
                placeholder="–" aria-label=words aria-invalid=problem.map(|_| "true") aria-describedby=problem.map(|_| said.clone())/>
            {wrong}
        </td>
    }
    .into_any()
}

fn delete_button(kept: &Kept, lang: Lang) -> AnyView {
    confirm(
        "btn risky",
        t!(lang, "删除", "Delete"),
        Confirm {
            id: "delete-policy",
            title: t!(lang, "删除时效规则“{}”？", "Delete the policy “{}”?", kept.name),
            text: t!(lang, "正在按它计时的工单继续计时，新工单不再用它。", "Clocks that run by it go on; no ticket gets it any more.")
                .to_owned(),
            keep: t!(lang, "保留", "Keep it").to_owned(),
            act: t!(lang, "删除时效规则", "Delete the policy").to_owned(),
            path: path_of::<DeletePolicy>(),
            fields: vec![("policy".to_owned(), kept.id.to_string())],
        },
    )
}
