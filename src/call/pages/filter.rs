//! 筛选栏 of the records: a GET form, so the address is the list. What is asked for rarely stands behind a disclosure, which
//! is open while any of it is in use.

use crate::filter::{Inspected, Rated, RecordFilter, Taken, is_short};
use crate::model::{AnswerWay, BusinessLine, CallResult, CallType, Ender};
use identity::model::GroupKind;
use kernel::ctx::Ctx;
use kernel::error::{Problem, Result};
use kernel::permission::Permission;
use kernel::t;
use leptos::prelude::*;
use ui::tag::{Tone, note};
use ui::visit::Visit;

/// Values and words of a select.
type Options = Vec<(String, String)>;

/// Whom and what the bar offers.
pub(super) struct Choices {
    agents: Options,
    groups: Options,
    /// The customer that the list is narrowed to, by name.
    customer: Option<String>,
}

/// Agents and groups.
pub(super) async fn choices(ctx: &Ctx, line: BusinessLine, filter: &RecordFilter) -> Result<Choices> {
    let kind = match line {
        BusinessLine::CallCenter => GroupKind::Call,
        BusinessLine::Telemarketing => GroupKind::Telemarketing,
    };
    let mut tx = ctx.read().await?;
    let agents = identity::queries::agent_options(&mut tx).await?;
    // A switch may name any group of the company: those of the line stand first.
    let mut groups = identity::queries::group_options(&mut tx, kind).await?;
    groups.extend(identity::queries::group_options(&mut tx, GroupKind::Ticket).await?);
    let customer = match filter.customer {
        Some(customer) => customer::queries::cards(&mut tx, &[customer]).await?.into_iter().next().map(|card| card.nickname),
        None => None,
    };
    Ok(Choices {
        agents: agents.into_iter().map(|agent| (agent.id.to_string(), agent.name)).collect(),
        groups: groups.into_iter().map(|group| (group.id.to_string(), group.name)).collect(),
        customer,
    })
}

/// The bar, with what could not be understood above it.
pub(super) fn bar(visit: &Visit, filter: &RecordFilter, choices: &Choices) -> AnyView {
    let lang = visit.lang();
    let words = |value: Option<String>| value.unwrap_or_default();
    let types = std::iter::once(("all".to_owned(), t!(lang, "全部呼叫类型", "All call types").to_owned()));
    let types = types.chain(CallType::ALL.iter().map(|one| (one.key().to_owned(), one.label(lang).to_owned()))).collect();
    let results = CallResult::ALL.iter().map(|one| (one.key().to_owned(), one.label(lang).to_owned())).collect();
    let enders = Ender::ALL.iter().map(|one| (one.key().to_owned(), one.label(lang).to_owned())).collect();
    let ways = AnswerWay::ALL.iter().map(|one| (one.key().to_owned(), one.label(lang).to_owned())).collect();
    let taken = Taken::ALL.iter().map(|one| (one.key().to_owned(), one.label(lang).to_owned())).collect();
    let rated = Rated::ALL.iter().map(|one| (one.key().to_owned(), one.label(lang).to_owned())).collect();
    let inspected = Inspected::ALL.iter().map(|one| (one.key().to_owned(), one.label(lang).to_owned())).collect();
    let is_more = filter.ender.is_some()
        || filter.way.is_some()
        || filter.taken.is_some()
        || filter.rated.is_some()
        || filter.inspected.is_some()
        || !filter.least.trim().is_empty()
        || !filter.most.trim().is_empty();
    let customer = filter.customer.map(|id| {
        let name = choices.customer.clone().unwrap_or_else(|| t!(lang, "已删除", "deleted").to_owned());
        select(
            "customer",
            t!(lang, "客户", "Customer"),
            &id.to_string(),
            t!(lang, "全部客户", "All customers"),
            vec![(id.to_string(), name)],
        )
    });
    view! {
        {wrong(filter, &visit.ctx)}
        <form class="filters report-f record-f" method="get" action=visit.path().to_owned() role="search" aria-label=t!(lang, "筛选通话记录", "Filter the records")>
            {select("type", t!(lang, "呼叫类型", "Call type"), &filter.shown.to_string(), t!(lang, "主通话记录", "Main records"), types)}
            {select("result", t!(lang, "通话结果", "Result"), &words(filter.result.map(|one| one.key().to_owned())), t!(lang, "全部结果", "Any result"), results)}
            {select("group", t!(lang, "技能组", "Group"), &words(filter.group.map(|one| one.to_string())), t!(lang, "全部技能组", "All groups"), choices.groups.clone())}
            {select("agent", t!(lang, "客服", "Agent"), &words(filter.agent.map(|one| one.to_string())), t!(lang, "全部客服", "All agents"), choices.agents.clone())}
            {customer}
            {number(filter, &visit.ctx)}
            {input("from", t!(lang, "开始日期", "From"), "date", &filter.from)}
            {input("to", t!(lang, "结束日期", "To"), "date", &filter.to)}
            <details class="more" open=is_more>
                <summary class="btn quiet">{t!(lang, "更多筛选", "More filters")}</summary>
                <div class="report-f">
                    {select("ender", t!(lang, "挂断方", "Hung up by"), &words(filter.ender.map(|one| one.key().to_owned())), t!(lang, "全部挂断方", "Anybody"), enders)}
                    {select("way", t!(lang, "接听方式", "Answered on"), &words(filter.way.map(|one| one.key().to_owned())), t!(lang, "全部接听方式", "Any phone"), ways)}
                    {select("taken", t!(lang, "接起情况", "Taken"), &words(filter.taken.map(|one| one.key().to_owned())), t!(lang, "全部", "Any"), taken)}
                    {select("rated", t!(lang, "满意度", "Rating"), &words(filter.rated.map(|one| one.key().to_owned())), t!(lang, "全部", "Any"), rated)}
                    {select("inspected", t!(lang, "质检", "Inspection"), &words(filter.inspected.map(|one| one.key().to_owned())), t!(lang, "全部", "Any"), inspected)}
                    {input("least", t!(lang, "通话时长不少于（秒）", "Talk at least, s"), "number", &filter.least)}
                    {input("most", t!(lang, "通话时长不多于（秒）", "Talk at most, s"), "number", &filter.most)}
                </div>
            </details>
            <button class="btn" type="submit">{t!(lang, "筛选", "Filter")}</button>
        </form>
    }
    .into_any()
}

fn wrong(filter: &RecordFilter, ctx: &Ctx) -> Option<AnyView> {
    let (lang, problems) = (ctx.lang(), filter.problems_for(ctx));
    (!problems.0.is_empty()).then(|| {
        let texts: Vec<&str> = problems.0.iter().map(|(_, problem)| problem.text(lang)).collect();
        let title = t!(lang, "有的筛选没有用上", "Part of the filter was not used");
        let inside = note(Tone::Warn, "triangle-alert", title, texts.join(t!(lang, "；", "; ")));
        view! { <div class="body" role="alert">{inside}</div> }.into_any()
    })
}

/// 客户号码: any end of it, or the whole of it for whoever sees numbers masked.
fn number(filter: &RecordFilter, ctx: &Ctx) -> AnyView {
    let (lang, is_wrong) = (ctx.lang(), is_short(&filter.number, ctx));
    let hint = match ctx.may(Permission::CallNumberView) {
        true => t!(lang, "可以只填末尾几位", "Its last figures"),
        false => t!(lang, "完整号码", "The whole number"),
    };
    let problem = is_wrong.then(|| view! { <span class="small" id="f-number-e">{Problem::WholeNumber.text(lang)}</span> });
    view! {
        <div class="f">
            <label for="f-number">{t!(lang, "客户号码", "Number")}</label>
            <input
                class="input"
                id="f-number"
                name="number"
                type="tel"
                value=filter.number.clone()
                placeholder=hint
                aria-invalid=is_wrong.then_some("true")
                aria-describedby=is_wrong.then_some("f-number-e")
            />
            {problem}
        </div>
    }
    .into_any()
}

fn select(name: &'static str, label: &'static str, chosen: &str, any: &'static str, options: Options) -> AnyView {
    let id = format!("f-{name}");
    let all = std::iter::once((String::new(), any.to_owned())).chain(options);
    let options = ui::option::options(all, chosen);
    view! { <div class="f"><label for=id.clone()>{label}</label><select class="input" id=id name=name>{options}</select></div> }.into_any()
}

fn input(name: &'static str, label: &'static str, kind: &'static str, value: &str) -> AnyView {
    let id = format!("f-{name}");
    let least = (kind == "number").then_some("0");
    view! { <div class="f"><label for=id.clone()>{label}</label><input class="input" id=id name=name type=kind min=least value=value.to_owned()/></div> }
        .into_any()
}
