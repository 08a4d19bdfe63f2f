//! 快捷回复与宏: what stands on a shelf, by name, with how often it is used.

pub mod editor;
pub mod tool;

use crate::actions::{CopyPreset, SwitchPreset};
use crate::model::{PresetKind, Visibility};
use crate::queries::{self, Names, Preset, Shelf};
use crate::say;
use kernel::ctx::Ctx;
use kernel::error::Result;
use kernel::lang::Lang;
use kernel::permission::Permission;
use kernel::t;
use leptos::prelude::*;
use serde::Deserialize;
use ui::empty::{empty, no_result};
use ui::form::{FormState, hidden, path_of};
use ui::icon::icon;
use ui::option::options;
use ui::page::Page;
use ui::tabs::{Tab, tabs};
use ui::tag::{Tone, tag};
use ui::visit::{Visit, encoded};

/// The address of a list.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct ListQuery {
    #[serde(deserialize_with = "kernel::input::blank")]
    kind: Option<PresetKind>,
    q: String,
    folder: String,
}

impl ListQuery {
    fn has(&self, preset: &Preset) -> bool {
        let word = self.q.trim().to_lowercase();
        let is_found = [&preset.title, &preset.shortcut, &preset.words].iter().any(|text| text.to_lowercase().contains(&word));
        is_found && (self.folder.is_empty() || preset.folder == self.folder)
    }
}

/// Where the lists of a shelf live.
pub(crate) const fn home(shelf: Shelf) -> &'static str {
    match shelf {
        Shelf::Shared => "/settings/presets",
        Shelf::Own => "/me/presets",
    }
}

/// Where the list of a kind lives.
pub(crate) fn address(shelf: Shelf, kind: PresetKind) -> String {
    match kind {
        PresetKind::Reply => home(shelf).to_owned(),
        PresetKind::Macro => format!("{}?kind={}", home(shelf), kind.key()),
    }
}

/// 公共与组内的快捷回复和宏, `/settings/presets`.
pub async fn shared_page(visit: Visit) -> Result<Page> {
    page(visit, Shelf::Shared).await
}

/// 个人的快捷回复和宏, `/me/presets`.
pub async fn own_page(visit: Visit) -> Result<Page> {
    page(visit, Shelf::Own).await
}

/// The page of a shelf begins like this.
pub(crate) fn begun(lang: Lang, shelf: Shelf, title: impl Into<String>) -> Page {
    let page = Page::new(title);
    match shelf {
        Shelf::Shared => page.crumb(t!(lang, "设置", "Settings"), "/settings"),
        Shelf::Own => page.crumb(t!(lang, "个人设置", "Your settings"), "/me"),
    }
}

/// Name of a shelf.
pub(crate) const fn title(lang: Lang, shelf: Shelf) -> &'static str {
    match (shelf, lang) {
        (Shelf::Shared, Lang::Zh) => "快捷回复与宏",
        (Shelf::Shared, Lang::En) => "Preset replies and macros",
        (Shelf::Own, Lang::Zh) => "我的快捷回复与宏",
        (Shelf::Own, Lang::En) => "Your preset replies and macros",
    }
}

async fn page(visit: Visit, shelf: Shelf) -> Result<Page> {
    let (lang, ctx, query) = (visit.lang(), visit.ctx.clone(), visit.query::<ListQuery>());
    let all = queries::list(&ctx, shelf).await?;
    let names = queries::names(&mut ctx.read().await?).await?;
    let forms = ["preset_switch", "preset_copy"].map(|id| visit.form(id));
    let kind = query.kind.unwrap_or(PresetKind::Reply);
    let page = begun(lang, shelf, title(lang, shelf)).lead(match kind {
        PresetKind::Reply => t!(lang, "写回复时输入 / 就能插入。", "Type / while you write a reply to insert one."),
        PresetKind::Macro => t!(lang, "在工单上一次做完几件事。", "Several changes of a ticket in one go."),
    });
    let page = page.action(move || new_button(lang, shelf, kind));
    let other = match shelf {
        Shelf::Shared if ctx.may(Shelf::Own.needs()) => Some(Shelf::Own),
        Shelf::Own if ctx.may(Permission::PresetManage) => Some(Shelf::Shared),
        _ => None,
    };
    let page = match other {
        Some(other) => page.action(move || view! { <a class="btn" href=address(other, kind)>{title(lang, other)}</a> }),
        None => page,
    };
    Ok(page.body(move || {
        let problems: Vec<AnyView> = forms.iter().map(FormState::summary).collect();
        let of_kind: Vec<&Preset> = all.iter().filter(|preset| preset.kind == kind).collect();
        let shown: Vec<AnyView> = of_kind.iter().filter(|preset| query.has(preset)).map(|preset| row(&ctx, preset, &names)).collect();
        let table = match (of_kind.is_empty(), shown.is_empty()) {
            (true, _) => none_yet(lang, shelf, kind),
            (false, true) => {
                no_result(t!(lang, "没有符合条件的", "Nothing matches"), address(shelf, kind), t!(lang, "清除条件", "Clear filters"))
            }
            (false, false) => view! { <section class="card"><ul class="rows presets">{shown}</ul></section> }.into_any(),
        };
        view! {
            <div class="body">
                {problems}
                {kinds(lang, shelf, kind, &all)}
                {filters(lang, shelf, kind, &query, &of_kind)}
                {table}
            </div>
        }
    }))
}

fn kinds(lang: Lang, shelf: Shelf, now: PresetKind, all: &[Preset]) -> AnyView {
    let tab = |kind: &PresetKind| Tab {
        label: kind.label(lang).to_owned(),
        href: address(shelf, *kind),
        is_current: *kind == now,
        count: Some(all.iter().filter(|preset| preset.kind == *kind).count().to_string()),
    };
    tabs(t!(lang, "类型", "Kind"), PresetKind::ALL.iter().map(tab).collect())
}

/// Search and folder; nothing where there is nothing to look through.
fn filters(lang: Lang, shelf: Shelf, kind: PresetKind, query: &ListQuery, presets: &[&Preset]) -> Option<AnyView> {
    if presets.is_empty() {
        return None;
    }
    let mut folders: Vec<&str> = presets.iter().map(|preset| preset.folder.as_str()).filter(|folder| !folder.is_empty()).collect();
    folders.sort_unstable();
    folders.dedup();
    let any = core::iter::once(("", t!(lang, "全部分类", "Any folder")));
    let options = options(any.chain(folders.into_iter().map(|folder| (folder, folder))), &query.folder);
    let label = t!(lang, "查找快捷回复与宏", "Find preset replies and macros");
    Some(
        view! {
            <form class="filters" method="get" action=home(shelf) role="search" aria-label=label>
                <input type="hidden" name="kind" value=kind.key()/>
                <div class="with-icon grow">
                    {icon("search")}
                    <input class="input" name="q" type="search" value=query.q.clone() placeholder=t!(lang, "名称、快捷词、内容", "Name, shortcut, words") aria-label=label/>
                </div>
                <select class="input" name="folder" aria-label=t!(lang, "分类", "Folder")>{options}</select>
                <button class="btn" type="submit">{t!(lang, "查找", "Find")}</button>
            </form>
        }
        .into_any(),
    )
}

fn row(ctx: &Ctx, preset: &Preset, names: &Names) -> AnyView {
    let (lang, id, name) = (ctx.lang(), preset.id, preset.title.clone());
    let href = format!("{}/{id}", home(Shelf::of(preset.visibility)));
    let words = match preset.kind {
        PresetKind::Reply => preset.words.clone(),
        PresetKind::Macro => say::sentence(&preset.acts.0, &preset.words, names, lang),
    };
    let shortcut = (!preset.shortcut.is_empty()).then(|| view! { " "<code>{format!("/{}", preset.shortcut)}</code> });
    let folder = (!preset.folder.is_empty()).then(|| view! { " "{tag(Tone::Line, "folder", preset.folder.clone())} });
    let off = (!preset.enabled).then(|| view! { " "{tag(Tone::Plain, "circle-pause", t!(lang, "停用", "Disabled"))} });
    let groups: Vec<String> = names
        .groups
        .iter()
        .filter(|(id, _)| preset.groups.iter().any(|group| group.to_string() == *id))
        .map(|(_, name)| name.clone())
        .collect();
    let whose = (preset.visibility == Visibility::Groups).then(|| {
        let groups = groups.join(t!(lang, "、", ", "));
        view! { " "{tag(Tone::Line, "users", if groups.is_empty() { t!(lang, "已删除的组", "deleted groups").to_owned() } else { groups })} }
    });
    let used = match preset.last_used_at {
        Some(at) => {
            let times = if lang == Lang::En && preset.used == 1 {
                "used once".to_owned()
            } else {
                t!(lang, "用过 {} 次", "used {} times", preset.used)
            };
            view! { <span class="small mute used">{times}{t!(lang, "，最近 ", ", last ")}{ui::time::ago(at, ctx)}</span> }.into_any()
        }
        None => view! { <span class="small mute used">{t!(lang, "还没有用过", "not used yet")}</span> }.into_any(),
    };
    let is_on = preset.enabled;
    let switch_words = if is_on { t!(lang, "停用 {}", "Disable {}", name) } else { t!(lang, "启用 {}", "Enable {}", name) };
    view! {
        <li>
            <div class="grow">
                <a class="to" href=href>{name.clone()}</a>{shortcut}{folder}{whose}{off}
                <small>{words}</small>
            </div>
            <span class="end tools">
                {used}
                <form method="post" action={path_of::<SwitchPreset>()}>
                    {hidden("preset", id)}
                    {hidden("enabled", !is_on)}
                    <button class="btn quiet icon mini" type="submit" aria-label=switch_words.clone() title=switch_words>{icon(if is_on { "pause" } else { "check" })}</button>
                </form>
                <form method="post" action={path_of::<CopyPreset>()}>
                    {hidden("preset", id)}
                    <button class="btn quiet icon mini" type="submit" aria-label=t!(lang, "复制 {}", "Copy {}", name) title=t!(lang, "复制", "Copy")>{icon("copy")}</button>
                </form>
            </span>
        </li>
    }
    .into_any()
}

fn none_yet(lang: Lang, shelf: Shelf, kind: PresetKind) -> AnyView {
    let new = new_button(lang, shelf, kind);
    match kind {
        PresetKind::Reply => empty(
            "message-square-text",
            t!(lang, "还没有快捷回复", "No preset replies yet"),
            t!(
                lang,
                "例如：“您好 {{customer}}，已收到您的退款申请，三个工作日内处理。”写回复时输入 / 和快捷词就能插入。",
                "For example: “Hello {{customer}}, we have your refund request and will handle it within three working days.” Type / and its shortcut in a reply."
            ),
            new,
        ),
        PresetKind::Macro => empty(
            "zap",
            t!(lang, "还没有宏", "No macros yet"),
            t!(
                lang,
                "例如：“转财务核对”把工单分配到财务组、优先级改为高，并写一条内部备注。",
                "For example: “Finance, please check” assigns the ticket to the finance group, makes it urgent and leaves a note."
            ),
            new,
        ),
    }
}

fn new_button(lang: Lang, shelf: Shelf, kind: PresetKind) -> AnyView {
    let words = match kind {
        PresetKind::Reply => t!(lang, "新建快捷回复", "New preset reply"),
        PresetKind::Macro => t!(lang, "新建宏", "New macro"),
    };
    let href = format!("{}/new?kind={}", home(shelf), encoded(kind.key()));
    view! { <a class="btn main" href=href>{icon("plus")}{words}</a> }.into_any()
}
