//! 筛选栏: a GET form, so the address is the report. Named ranges are links; the dates stand in the form as days, so that
//! an address that is kept or shared shows the same days tomorrow.

use crate::model::{By, Preset, ReportQuery};
use crate::queries::Choices;
use crate::report::{Branch, Filter, Pick};
use crate::subject::Subject;
use call::model::BusinessLine;
use jiff::civil::Date;
use kernel::error::Problems;
use kernel::lang::Lang;
use kernel::t;
use leptos::prelude::*;
use ticket::model::Source;
use ui::icon::icon;
use ui::tag::{Tone, note};
use ui::visit::Visit;

/// The bar, with what could not be understood above it.
pub(super) fn filter_bar(visit: &Visit, filter: &Filter, problems: &Problems, choices: &Choices) -> AnyView {
    let lang = visit.lang();
    let today = visit.now().date(&visit.ctx.zone);
    let query: ReportQuery = filter.query();
    let wrong = problem_note(problems, lang);
    let agents: Vec<(String, String)> = choices.agents.iter().map(|agent| (agent.id.to_string(), agent.name.clone())).collect();
    let groups: Vec<(String, String)> = choices.groups.iter().map(|group| (group.id.to_string(), group.name.clone())).collect();
    let mut categories: Vec<(String, String)> = choices.categories.iter().map(|(id, path)| (id.to_string(), path.clone())).collect();
    // A row's own category is offered beside those of the tree while it is chosen.
    if let Pick::One(branch @ Branch::Only(_)) = filter.category {
        categories.insert(0, (branch.to_string(), branch_words(branch, choices, lang)));
    }
    let channels: Vec<(String, String)> =
        Source::ALL.iter().map(|source| (source.key().to_owned(), source.label(lang).to_owned())).collect();
    let compare =
        vec![(String::new(), t!(lang, "上期", "Period before").to_owned()), ("no".to_owned(), t!(lang, "不对比", "Nothing").to_owned())];
    let none = |words: &str| ("none".to_owned(), words.to_owned());
    let with = |first: (&'static str, &'static str), nobody: Option<&'static str>, rest: Vec<(String, String)>| {
        let mut options = vec![(first.0.to_owned(), first.1.to_owned())];
        options.extend(rest);
        options.extend(nobody.map(none));
        options
    };
    let own = match filter.subject {
        Subject::Tickets => vec![
            select(
                "category",
                t!(lang, "分类", "Category"),
                &filter.category.key(),
                with(("", t!(lang, "全部分类", "All categories")), Some(t!(lang, "无分类", "No category")), categories),
            ),
            select(
                "channel",
                t!(lang, "渠道", "Channel"),
                &query.channel,
                with(("", t!(lang, "全部渠道", "All channels")), None, channels),
            ),
        ],
        Subject::Calls => {
            let lines = BusinessLine::ALL.iter().map(|line| (line.key().to_owned(), line.label(lang).to_owned())).collect();
            vec![select("line", t!(lang, "业务线", "Line"), &query.line, with(("", t!(lang, "全部业务线", "Both lines")), None, lines))]
        }
    };
    view! {
        {wrong}
        <form class="filters report-f" method="get" action=visit.path().to_owned() aria-label=t!(lang, "筛选", "Filter")>
            {range_field(visit, filter, &query, today, lang)}
            {select("group", filter.subject.dimension(By::Group, lang), &filter.group.key(), with(("", t!(lang, "全部组", "All groups")), Some(t!(lang, "无组", "No group")), groups))}
            {select("agent", t!(lang, "客服", "Agent"), &filter.agent.key(), with(("", t!(lang, "全部客服", "All agents")), Some(t!(lang, "无客服", "Nobody")), agents))}
            {own}
            {select("compare", t!(lang, "对比", "Compare with"), &query.compare, compare)}
            <input type="hidden" name="by" value=query.by.clone()/>
            <input type="hidden" name="sort" value=query.sort.clone()/>
            <button class="btn" type="submit">{t!(lang, "应用", "Apply")}</button>
        </form>
    }
    .into_any()
}

/// What of the address could not be used.
pub(super) fn problem_note(problems: &Problems, lang: Lang) -> Option<AnyView> {
    (!problems.0.is_empty()).then(|| {
        let texts: Vec<&str> = problems.0.iter().map(|(_, problem)| problem.text(lang)).collect();
        let inside = note(
            Tone::Warn,
            "triangle-alert",
            t!(lang, "有的筛选没有用上", "Part of the filter was not used"),
            texts.join(t!(lang, "；", "; ")),
        );
        view! { <div class="body" role="alert">{inside}</div> }.into_any()
    })
}

fn range_field(visit: &Visit, filter: &Filter, query: &ReportQuery, today: Date, lang: Lang) -> AnyView {
    let name = filter.range.name(today).map_or(t!(lang, "自选日期", "Custom"), |preset| preset.label(lang));
    let presets: Vec<AnyView> = Preset::ALL
        .iter()
        .map(|preset| {
            let is_current = filter.range.name(today) == Some(*preset);
            let href =
                ReportQuery { range: preset.key().to_owned(), from: String::new(), to: String::new(), ..query.clone() }.href(visit.path());
            view! { <a href=href aria-current=is_current.then_some("true")>{preset.label(lang)}</a> }.into_any()
        })
        .collect();
    view! {
        <div class="f wide">
            <label for="range">{t!(lang, "日期", "Dates")}</label>
            <button class="input range" id="range" type="button" popovertarget="rng">
                {icon("calendar-clock")}<span>{name}</span><span class="mute">{filter.range.words(today, lang)}</span>
            </button>
            <div class="pop start" id="rng" popover="auto">
                <div class="list">{presets}</div>
                <hr/>
                <div class="in-me">
                    <label>{t!(lang, "从", "From")}" "<input class="input" type="date" name="from" value=query.from.clone()/></label>
                    <label>{t!(lang, "到", "To")}" "<input class="input" type="date" name="to" value=query.to.clone()/></label>
                </div>
                <div class="in-me">
                    <button class="btn" type="submit">{t!(lang, "应用日期", "Apply dates")}</button>
                </div>
            </div>
        </div>
    }
    .into_any()
}

fn select(name: &'static str, label: &'static str, chosen: &str, options: Vec<(String, String)>) -> AnyView {
    let id = format!("f-{name}");
    let options = ui::option::options(options, chosen);
    view! { <div class="f"><label for=id.clone()>{label}</label><select class="input" id=id name=name>{options}</select></div> }.into_any()
}

fn branch_words(branch: Branch, choices: &Choices, lang: Lang) -> String {
    let known = choices.categories.iter().find(|(category, _)| *category == branch.id());
    branch.words(known.map_or(t!(lang, "已删除", "deleted"), |(_, path)| path), lang)
}

/// The filter in words, without the dates.
pub(super) fn words(filter: &Filter, choices: &Choices, lang: Lang) -> Vec<String> {
    let mut out = Vec::new();
    let mut say = |label: &str, value: String| out.push(t!(lang, "{}：{}", "{}: {}", label, value));
    match filter.agent {
        Pick::Any => {}
        Pick::Nobody => say(t!(lang, "客服", "Agent"), t!(lang, "无", "none").to_owned()),
        Pick::One(id) => {
            let known = choices.agents.iter().find(|agent| agent.id == id).map(|agent| agent.name.clone());
            say(t!(lang, "客服", "Agent"), known.unwrap_or_else(|| t!(lang, "已删除", "deleted").to_owned()));
        }
    }
    match filter.group {
        Pick::Any => {}
        Pick::Nobody => say(filter.subject.dimension(By::Group, lang), t!(lang, "无", "none").to_owned()),
        Pick::One(id) => {
            let known = choices.groups.iter().find(|group| group.id == id).map(|group| group.name.clone());
            say(filter.subject.dimension(By::Group, lang), known.unwrap_or_else(|| t!(lang, "已删除", "deleted").to_owned()));
        }
    }
    match filter.category {
        Pick::Any => {}
        Pick::Nobody => say(t!(lang, "分类", "Category"), t!(lang, "无", "none").to_owned()),
        Pick::One(branch) => say(t!(lang, "分类", "Category"), branch_words(branch, choices, lang)),
    }
    if let Some(channel) = filter.channel {
        say(t!(lang, "渠道", "Channel"), channel.label(lang).to_owned());
    }
    if let Some(line) = filter.line {
        say(t!(lang, "业务线", "Line"), line.label(lang).to_owned());
    }
    out
}
