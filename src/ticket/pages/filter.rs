//! The filter form of a list: its address is the view. A filled chip is applied and can be taken away, a dashed one
//! offers; each opens its fields without a script.

use super::choice::{self, Choices};
use crate::model::field::TicketField;
use crate::model::list::{Flag, ListQuery, Sort};
use crate::model::{Priority, Source, Status};
use kernel::answer::words as answer_words;
use kernel::ctx::Ctx;
use kernel::field::key;
use kernel::lang::Lang;
use kernel::t;
use kernel::time::Stamp;
use leptos::prelude::*;
use std::collections::BTreeMap;
use ui::form;
use ui::icon::{icon, icon_s};

/// One chip: what it narrows, and its fields.
struct Chip {
    id: &'static str,
    icon: &'static str,
    label: &'static str,
    /// What is applied, in words; none offers.
    applied: Option<String>,
    /// The list without it.
    without: ListQuery,
    fields: AnyView,
}

/// The form. `address` is the page it belongs to.
pub(crate) fn filters(ctx: &Ctx, address: &'static str, query: &ListQuery, (choices, fields): (&Choices, &[TicketField])) -> AnyView {
    let lang = ctx.lang();
    let kept: Vec<AnyView> =
        kept(query).into_iter().map(|(name, value)| view! { <input type="hidden" name=name value=value/> }.into_any()).collect();
    let chips = [
        status(lang, query),
        priority(lang, query),
        handler(ctx, query, choices),
        category(lang, query, choices),
        source(lang, query),
        time(ctx, query),
        more(lang, query),
    ];
    let chips: Vec<Chip> = chips.into_iter().chain(own(lang, query, fields)).collect();
    let applied = chips.iter().filter(|chip| chip.applied.is_some()).count() + usize::from(!query.q.is_empty());
    let chips: Vec<AnyView> = chips.into_iter().map(|chip| draw(lang, address, chip)).collect();
    let clear = (applied > 1).then(|| {
        let bare = ListQuery { view: query.view, sort: query.sort, ..ListQuery::default() };
        view! { <a class="btn quiet" href=href(address, &bare)>{t!(lang, "清除筛选", "Clear filters")}</a> }
    });
    view! {
        <form class="filters" method="get" action=address aria-label=t!(lang, "筛选工单", "Filter tickets")>
            {kept}
            <div class="with-icon grow">
                {icon("search")}
                <input
                    class="input" name="q" type="search" data-key="/" value=query.q.clone()
                    placeholder=t!(lang, "标题、客户、工单号、对接ID", "Title, customer, number, integration id")
                    aria-label=t!(lang, "搜索工单", "Search tickets")
                />
            </div>
            <div class="chips">{chips}</div>
            {clear}
            <span class="end row">{order(lang, address, query)}{save_button(lang, query)}</span>
        </form>
    }
    .into_any()
}

/// The address of a list.
pub(crate) fn href(address: &str, query: &ListQuery) -> String {
    let query = query.to_query();
    if query.is_empty() { address.to_owned() } else { format!("{address}?{query}") }
}

/// What the form hands on unseen: the view, the order, a customer, the report behind a number.
fn kept(query: &ListQuery) -> Vec<(&'static str, String)> {
    let mut kept = vec![
        ("view", query.view.map(|view| view.key().to_owned()).unwrap_or_default()),
        ("sort", query.sort.map(|sort| sort.key().to_owned()).unwrap_or_default()),
        ("customer", query.customer.map(|id| id.to_string()).unwrap_or_default()),
        ("report", query.report.clone()),
        ("metric", query.metric.clone()),
        ("by", query.by.clone()),
        ("row", query.row.clone()),
        ("from", query.from.clone()),
        ("to", query.to.clone()),
    ];
    kept.retain(|(_, value)| !value.is_empty());
    kept
}

fn draw(lang: Lang, address: &'static str, chip: Chip) -> AnyView {
    let clear = href(address, &ListQuery { at: String::new(), ..chip.without });
    let head = match chip.applied {
        Some(words) => {
            let label = t!(lang, "去掉筛选：{}", "Remove filter: {}", chip.label);
            let colon = t!(lang, "：", ": ");
            view! {
                <span class="chip on">
                    <button type="button" popovertarget=chip.id>{icon_s(chip.icon)}{chip.label}{colon}{words}</button>
                    <a href=clear.clone() aria-label=label.clone() title=label>{icon_s("x")}</a>
                </span>
            }
            .into_any()
        }
        None => view! { <button class="chip" type="button" popovertarget=chip.id>{chip.label}{icon_s("chevron-down")}</button> }.into_any(),
    };
    view! {
        {head}
        <div class="pop start" id=chip.id popover="auto" role="group" aria-label=chip.label>
            <div class="in">{chip.fields}</div>
            <footer><a class="btn quiet" href=clear>{t!(lang, "清除", "Clear")}</a><button class="btn main" type="submit">{t!(lang, "筛选", "Apply")}</button></footer>
        </div>
    }
    .into_any()
}

fn status(lang: Lang, query: &ListQuery) -> Chip {
    let rows = Status::CHOICES.iter().map(|row| (row.key(), row.label(lang), query.status.contains(row)));
    let applied = words(lang, query.status.iter().map(|row| row.label(lang)));
    Chip {
        id: "f-status",
        icon: "circle-dot",
        label: t!(lang, "状态", "Status"),
        applied,
        without: ListQuery { status: Vec::new(), ..query.clone() },
        fields: boxes("status[]", rows),
    }
}

fn priority(lang: Lang, query: &ListQuery) -> Chip {
    let rows = Priority::ALL.iter().rev().map(|row| (row.key(), row.label(lang), query.priority.contains(row)));
    Chip {
        id: "f-priority",
        icon: "flag",
        label: t!(lang, "优先级", "Priority"),
        applied: words(lang, query.priority.iter().map(|row| row.label(lang))),
        without: ListQuery { priority: Vec::new(), ..query.clone() },
        fields: boxes("priority[]", rows),
    }
}

fn source(lang: Lang, query: &ListQuery) -> Chip {
    // The sources that this product makes tickets from; others of the list stay choosable in an address.
    const OFFERED: [Source; 3] = [Source::Email, Source::TicketCenter, Source::Call];
    let more = Source::ALL.iter().filter(|row| query.source.contains(row) && !OFFERED.contains(row));
    let rows: Vec<_> = OFFERED.iter().chain(more).map(|row| (row.key(), row.label(lang), query.source.contains(row))).collect();
    Chip {
        id: "f-source",
        icon: "inbox",
        label: t!(lang, "来源", "Source"),
        applied: words(lang, query.source.iter().map(|row| row.label(lang))),
        without: ListQuery { source: Vec::new(), ..query.clone() },
        fields: boxes("source[]", rows.into_iter()),
    }
}

fn more(lang: Lang, query: &ListQuery) -> Chip {
    let rows = Flag::ALL.iter().map(|row| (row.key(), row.label(lang), query.flag.contains(row)));
    Chip {
        id: "f-more",
        icon: "list-filter",
        label: t!(lang, "更多条件", "More"),
        applied: words(lang, query.flag.iter().map(|row| row.label(lang))),
        without: ListQuery { flag: Vec::new(), ..query.clone() },
        fields: boxes("flag[]", rows),
    }
}

fn handler(ctx: &Ctx, query: &ListQuery, choices: &Choices) -> Chip {
    let lang = ctx.lang();
    let (groups, agents) = (choices.groups(), choices.agents_and(ctx, t!(lang, "（我）", "(me)"), query.agent));
    let text = |id: Option<String>| id.unwrap_or_default();
    let (group, agent) = (text(query.group.map(|id| id.to_string())), text(query.agent.map(|id| id.to_string())));
    let applied = [choice::words_of(&groups, &group), choice::words_of(&agents, &agent)];
    let any = t!(lang, "不限", "Any");
    let fields = view! {
        {choice::select("group", "f-group".into(), t!(lang, "受理组", "Group").into(), any.into(), groups, &group)}
        {choice::select("agent", "f-agent".into(), t!(lang, "受理客服", "Agent").into(), any.into(), agents, &agent)}
    };
    Chip {
        id: "f-handler",
        icon: "headset",
        label: t!(lang, "受理", "Handled by"),
        applied: words(lang, applied.iter().flatten().map(String::as_str)),
        without: ListQuery { group: None, agent: None, ..query.clone() },
        fields: fields.into_any(),
    }
}

fn category(lang: Lang, query: &ListQuery, choices: &Choices) -> Chip {
    let options = choices.branches();
    let chosen = query.category.map(|id| id.to_string()).unwrap_or_default();
    Chip {
        id: "f-category",
        icon: "list-tree",
        label: t!(lang, "分类", "Category"),
        applied: choice::words_of(&options, &chosen),
        without: ListQuery { category: None, ..query.clone() },
        fields: choice::select(
            "category",
            "f-cat".into(),
            t!(lang, "分类，含下级", "Category and everything below").into(),
            t!(lang, "不限", "Any").into(),
            options,
            &chosen,
        ),
    }
}

/// 自定义字段 that are chosen from; nothing where the reader sees none, and none is asked for.
fn own(lang: Lang, query: &ListQuery, fields: &[TicketField]) -> Option<Chip> {
    let offered: Vec<&TicketField> = fields.iter().filter(|field| field.kind.has_options()).collect();
    let chosen = |field: &TicketField| query.own.get(&field.id).cloned().unwrap_or_default();
    if offered.is_empty() && query.own.is_empty() {
        return None;
    }
    let said: Vec<String> = offered
        .iter()
        .filter(|field| !chosen(field).is_empty())
        .map(|field| format!("{} {}", field.label, answer_words(field.kind, &chosen(field))))
        .collect();
    // What cannot be named any more still narrows the list, and can be taken away.
    let applied = words(lang, said.iter().map(String::as_str));
    let applied = applied.or_else(|| (!query.own.is_empty()).then(|| t!(lang, "已停用的字段", "a field that is switched off").to_owned()));
    let selects: Vec<AnyView> = offered
        .iter()
        .map(|field| {
            let (name, value) = (format!("own[{}]", key(field.id)), chosen(field));
            let rows = form::own::offered(&field.asked(), &(if value.is_empty() { Vec::new() } else { vec![value.clone()] }));
            let any = (String::new(), t!(lang, "不限", "Any").to_owned());
            let options = ui::option::options(core::iter::once(any).chain(rows), &value);
            let id = format!("f-own-{}", field.id);
            view! { <div class="field"><label for=id.clone()>{field.label.clone()}</label><select class="input" id=id name=name>{options}</select></div> }.into_any()
        })
        .collect();
    Some(Chip {
        id: "f-own",
        icon: "form",
        label: t!(lang, "自定义字段", "Own fields"),
        applied,
        without: ListQuery { own: BTreeMap::new(), ..query.clone() },
        fields: selects.into_any(),
    })
}

fn time(ctx: &Ctx, query: &ListQuery) -> Chip {
    let lang = ctx.lang();
    let range = |from: &str, to: &str, name: &str| match (from, to) {
        ("", "") => None,
        (from, "") => Some(t!(lang, "{} {} 起", "{} from {}", name, from)),
        ("", to) => Some(t!(lang, "{}到 {}", "{} to {}", name, to)),
        (from, to) if from == to => Some(format!("{name} {from}")),
        (from, to) => Some(format!("{name} {from}–{to}")),
    };
    let applied = [
        range(&query.created_from, &query.created_to, t!(lang, "创建", "created")),
        range(&query.updated_from, &query.updated_to, t!(lang, "更新", "updated")),
    ];
    let pair = |legend: &'static str, names: [&'static str; 2], values: [&str; 2]| {
        let [from, to] = values.map(str::to_owned);
        view! {
            <fieldset class="field">
                <legend>{legend}</legend>
                <div class="row tight">
                    <input class="input short" type="date" name=names[0] value=from aria-label=t!(lang, "从", "From")/>
                    "–"
                    <input class="input short" type="date" name=names[1] value=to aria-label=t!(lang, "到", "To")/>
                </div>
            </fieldset>
        }
    };
    let zone = kernel::time::offset_words(&ctx.zone, ctx.now());
    let fields = view! {
        {pair(t!(lang, "创建时间", "Created"), ["created_from", "created_to"], [&query.created_from, &query.created_to])}
        {pair(t!(lang, "更新时间", "Updated"), ["updated_from", "updated_to"], [&query.updated_from, &query.updated_to])}
        <div class="row tight">{presets(ctx, query)}</div>
        <p class="small mute">{t!(lang, "按公司时区 {}", "In the company's zone, {}", zone)}</p>
    };
    Chip {
        id: "f-time",
        icon: "calendar",
        label: t!(lang, "时间", "Date"),
        applied: words(lang, applied.iter().flatten().map(String::as_str)),
        without: ListQuery {
            created_from: String::new(),
            created_to: String::new(),
            updated_from: String::new(),
            updated_to: String::new(),
            ..query.clone()
        },
        fields: fields.into_any(),
    }
}

fn presets(ctx: &Ctx, query: &ListQuery) -> Vec<AnyView> {
    let lang = ctx.lang();
    let day = |days: i64| {
        let at: Stamp = ctx.now().minus(jiff::SignedDuration::from_hours(24 * days));
        at.date(&ctx.zone).to_string()
    };
    [
        (0, t!(lang, "今天创建", "Created today")),
        (6, t!(lang, "近 7 天创建", "Last 7 days")),
        (29, t!(lang, "近 30 天创建", "Last 30 days")),
    ]
    .into_iter()
    .map(|(days, label)| {
        let query = ListQuery { created_from: day(days), created_to: String::new(), at: String::new(), ..query.clone() };
        view! { <a class="btn mini" href=href("/tickets", &query)>{label}</a> }.into_any()
    })
    .collect()
}

/// The order, as links.
fn order(lang: Lang, address: &'static str, query: &ListQuery) -> AnyView {
    let links: Vec<AnyView> = Sort::ALL
        .iter()
        .map(|sort| {
            let is_current = query.order() == *sort;
            let query = ListQuery { sort: Some(*sort), at: String::new(), ..query.clone() };
            view! { <a href=href(address, &query) aria-current=is_current.then_some("true")>{sort.label(lang)}</a> }.into_any()
        })
        .collect();
    view! {
        <button class="btn quiet" type="button" popovertarget="f-order"><span class="sr">{t!(lang, "排序：", "Order: ")}</span>{icon("list-ordered")}{query.order().label(lang)}</button>
        <div class="pop" id="f-order" popover="auto"><div class="list">{links}</div></div>
    }
    .into_any()
}

fn save_button(lang: Lang, query: &ListQuery) -> Option<AnyView> {
    query.is_filtered().then(|| {
        view! { <button class="btn quiet" type="button" popovertarget="save-view">{icon("bookmark")}{t!(lang, "存为视图", "Save as view")}</button> }.into_any()
    })
}

fn boxes(name: &'static str, rows: impl Iterator<Item = (&'static str, &'static str, bool)>) -> AnyView {
    rows.map(|(value, label, is_ticked)| view! { <label class="check"><input type="checkbox" name=name value=value checked=is_ticked/><span>{label}</span></label> })
        .collect_view()
        .into_any()
}

/// The first two, and how many there are; nothing when there is none.
fn words<'a>(lang: Lang, applied: impl Iterator<Item = &'a str>) -> Option<String> {
    let applied: Vec<&str> = applied.collect();
    match applied.as_slice() {
        [] => None,
        [one] => Some((*one).to_owned()),
        [one, two] => Some(t!(lang, "{}、{}", "{}, {}", one, two)),
        [one, two, ..] => Some(t!(lang, "{}、{} 等 {} 种", "{}, {} and others, {}", one, two, applied.len())),
    }
}

/// Whether the list is narrowed by dates.
pub(crate) fn has_dates(query: &ListQuery) -> bool {
    [&query.created_from, &query.created_to, &query.updated_from, &query.updated_to].iter().any(|day| !day.is_empty())
}
