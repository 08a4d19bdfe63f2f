//! 快捷回复与宏的编辑: one form for both kinds. A macro has one control for each thing it can do, so it says no two things of
//! one property, and the form works without scripting.

use super::{address, begun, title};
use crate::actions::{DeletePreset, SavePreset};
use crate::model::{Acts, NOTE_MOST, PresetKind, STATUSES, TITLE_MOST, Visibility, WORD_MOST, Who};
use crate::queries::{self, Names, Preset, Shelf};
use crate::say;
use kernel::error::Result;
use kernel::id::PresetId;
use kernel::lang::Lang;
use kernel::rich;
use kernel::t;
use leptos::prelude::*;
use serde::Deserialize;
use ticket::model::{Priority, ReplyType, TEXT_MOST};
use ticket::queries::place::Place;
use ui::dialog::{Confirm, confirm};
use ui::form::choice::{Check, Checks, Select};
use ui::form::field::{Area, Input, why};
use ui::form::{FormState, hidden, path_of};
use ui::page::Page;
use ui::rich::Rich;
use ui::visit::Visit;

/// The form.
const FORM: &str = "preset";

/// The address of a new one: which kind.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct NewQuery {
    #[serde(deserialize_with = "kernel::input::blank")]
    kind: Option<PresetKind>,
}

/// 新建公共的, `/settings/presets/new?kind=macro`.
pub async fn new_shared_page(visit: Visit) -> Result<Page> {
    page(visit, Shelf::Shared, None).await
}

/// 新建个人的, `/me/presets/new?kind=macro`.
pub async fn new_own_page(visit: Visit) -> Result<Page> {
    page(visit, Shelf::Own, None).await
}

/// 编辑公共的, `/settings/presets/{id}`.
pub async fn shared_page(visit: Visit) -> Result<Page> {
    edit(visit, Shelf::Shared).await
}

/// 编辑个人的, `/me/presets/{id}`.
pub async fn own_page(visit: Visit) -> Result<Page> {
    edit(visit, Shelf::Own).await
}

async fn edit(visit: Visit, shelf: Shelf) -> Result<Page> {
    let id: PresetId = visit.param("id")?;
    let kept = queries::one(&visit.ctx, shelf, id).await?;
    page(visit, shelf, Some(kept)).await
}

/// What the form begins with.
struct Start<'a> {
    lang: Lang,
    shelf: Shelf,
    kind: PresetKind,
    preset: Option<&'a Preset>,
    html: &'a str,
    acts: Acts,
    names: &'a Names,
}

async fn page(visit: Visit, shelf: Shelf, kept: Option<(Preset, String)>) -> Result<Page> {
    visit.ctx.require(shelf.needs())?;
    let lang = visit.lang();
    let names = queries::names(&mut visit.ctx.read().await?).await?;
    let (form, failed) = (visit.form(FORM), visit.form("preset_delete"));
    let asked = visit.query::<NewQuery>().kind.unwrap_or(PresetKind::Reply);
    let kind = kept.as_ref().map_or(asked, |(preset, _)| preset.kind);
    let words = match (&kept, kind) {
        (Some((preset, _)), _) => preset.title.clone(),
        (None, PresetKind::Reply) => t!(lang, "新建快捷回复", "New preset reply").to_owned(),
        (None, PresetKind::Macro) => t!(lang, "新建宏", "New macro").to_owned(),
    };
    let page = begun(lang, shelf, words).crumb(title(lang, shelf), address(shelf, kind));
    let page = match kept.as_ref().map(|(preset, _)| preset.clone()) {
        Some(preset) => page.action(move || delete_button(lang, &preset)),
        None => page,
    };
    Ok(page.body(move || {
        let (preset, html) = kept.as_ref().map_or((None, ""), |(preset, html)| (Some(preset), html.as_str()));
        let acts = preset.map(|preset| preset.acts.0.clone()).unwrap_or_default();
        let start = Start { lang, shelf, kind, preset, html, acts, names: &names };
        view! { {failed.summary()}{start.form(&form)} }
    }))
}

impl Start<'_> {
    fn form(&self, form: &FormState) -> AnyView {
        let lang = self.lang;
        let sentence = self.preset.filter(|preset| preset.kind == PresetKind::Macro && !form.is_shown_again());
        let sentence =
            sentence.map(|preset| view! { <p class="summary-line">{say::sentence(&preset.acts.0, &preset.words, self.names, lang)}</p> });
        let acts = (self.kind == PresetKind::Macro).then(|| self.acts(form));
        let save = match self.kind {
            PresetKind::Reply => t!(lang, "保存快捷回复", "Save preset reply"),
            PresetKind::Macro => t!(lang, "保存宏", "Save macro"),
        };
        view! {
            <form class="settings" method="post" id=FORM action={path_of::<SavePreset>()}>
                {self.preset.map(|preset| view! { {hidden("id", preset.id)}{hidden("version", preset.version)} })}
                {hidden("kind", self.kind.key())}
                <div class="body sections">
                    {form.summary()}
                    {sentence}
                    {self.basics(form)}
                    {acts}
                    {self.words(form)}
                    {(self.shelf == Shelf::Shared).then(|| self.who(form))}
                </div>
                <div class="savebar" role="region" aria-label=t!(lang, "保存", "Save")>
                    {(self.shelf == Shelf::Shared).then(|| why(form))}
                    <span class="end row"><a class="btn quiet" href=address(self.shelf, self.kind)>{t!(lang, "放弃", "Discard")}</a><button class="btn main" type="submit">{save}</button></span>
                </div>
            </form>
        }
        .into_any()
    }

    fn basics(&self, form: &FormState) -> AnyView {
        let lang = self.lang;
        let of = |read: fn(&Preset) -> &str| self.preset.map(read).unwrap_or_default().to_owned();
        let is_on = self.preset.is_none_or(|preset| preset.enabled);
        let own = (self.shelf == Shelf::Own).then(|| hidden("visibility", Visibility::Own.key()));
        view! {
            <section aria-labelledby="e1">
                <div class="side-h"><h2 id="e1">{t!(lang, "基本信息", "Basics")}</h2></div>
                <div class="card"><div class="in stack">
                    {own}
                    {Input::text("title", t!(lang, "名称", "Name")).required().max(TITLE_MOST).value(of(|preset| &preset.title)).view(form)}
                    <div class="two">
                        {Input::text("shortcut", t!(lang, "快捷词", "Shortcut")).max(WORD_MOST).value(of(|preset| &preset.shortcut)).hint(t!(lang, "在回复里输入 / 和它，就排在最前", "Typed behind a / in a reply it comes first")).view(form)}
                        {Input::text("folder", t!(lang, "分类", "Folder")).max(WORD_MOST).value(of(|preset| &preset.folder)).hint(t!(lang, "写同样的字就归在一起", "The same words go together")).view(form)}
                    </div>
                    {Check::new("enabled", t!(lang, "启用", "In use")).checked(is_on).switch().view(form)}
                </div></div>
            </section>
        }
        .into_any()
    }

    fn acts(&self, form: &FormState) -> AnyView {
        let (lang, acts, names) = (self.lang, &self.acts, self.names);
        let same = || t!(lang, "保持不变", "Unchanged");
        let me = || (Who::ME.to_owned(), t!(lang, "使用者自己", "Whoever uses it").to_owned());
        let people = || core::iter::once(me()).chain(names.agents.iter().cloned()).collect::<Vec<_>>();
        let statuses = STATUSES.iter().map(|status| (status.key(), status.label(lang)));
        let priorities = Priority::ALL.iter().rev().map(|priority| (priority.key(), priority.label(lang)));
        let text = |id: Option<String>| id.unwrap_or_default();
        let (group, category) = (text(acts.group.map(|id| id.to_string())), text(acts.category.map(|id| id.to_string())));
        let (agent, follow) = (text(acts.agent.map(|who| who.to_string())), text(acts.follow.map(|who| who.to_string())));
        let (groups, categories) = (keep(lang, names.groups.clone(), &group), keep(lang, names.categories.clone(), &category));
        let (agents, followers) = (keep(lang, people(), &agent), keep(lang, people(), &follow));
        view! {
            <section aria-labelledby="e2">
                <div class="side-h"><h2 id="e2">{t!(lang, "做什么", "What it does")}</h2><p>{t!(lang, "以使用者的身份和权限去做，要么全部做完，要么什么都不做。", "It acts as whoever uses it, with their rights: all of it, or nothing.")}</p></div>
                <div class="card"><div class="in stack">
                    <div class="two">
                        {Select::new("status", t!(lang, "状态", "Status")).options(statuses).empty(same()).selected(acts.status.map_or("", |status| status.key())).view(form)}
                        {Select::new("priority", t!(lang, "优先级", "Priority")).options(priorities).empty(same()).selected(acts.priority.map_or("", |priority| priority.key())).view(form)}
                        {Select::new("group", t!(lang, "受理组", "Group")).options(groups).empty(same()).selected(group).view(form)}
                        {Select::new("agent", t!(lang, "受理客服", "Agent")).options(agents).empty(same()).selected(agent).hint(t!(lang, "不在工单的受理组里就不能分配，可以同时选受理组", "Has to work in the ticket's group: choose the group too if need be")).view(form)}
                        {Select::new("category", t!(lang, "工单分类", "Category")).options(categories).empty(same()).selected(category).view(form)}
                        {Select::new("follow", t!(lang, "添加关注人", "Add a follower")).options(followers).empty(t!(lang, "不添加", "Nobody")).selected(follow).view(form)}
                    </div>
                    {Area::new("cc", t!(lang, "添加抄送", "Add to CC")).rows(2).value(acts.cc.join("\n")).hint(t!(lang, "每行一个邮箱", "One address a line")).view(form)}
                    {Area::new("note", t!(lang, "内部备注", "Internal note")).rows(3).max(NOTE_MOST).value(&acts.note).hint(t!(lang, "直接写进工单，只有客服看得到；可以用下面的占位", "Goes into the ticket at once, for agents only; takes the places below")).view(form)}
                </div></div>
            </section>
        }
        .into_any()
    }

    fn words(&self, form: &FormState) -> AnyView {
        let lang = self.lang;
        let editor = Rich::new(TEXT_MOST).html(form.value_or("html", self.html));
        let legend: Vec<AnyView> =
            Place::ALL.iter().map(|place| view! { <li><code>{place.typed()}</code>" "{place.label(lang)}</li> }.into_any()).collect();
        let (label, why) = match self.kind {
            PresetKind::Reply => (
                t!(lang, "内容", "Words"),
                t!(lang, "插入编辑框，发送前可以再改。", "They go into the composer and can be changed before they are sent."),
            ),
            PresetKind::Macro => (
                t!(lang, "放进编辑框的话", "Words for the composer"),
                t!(lang, "宏不会自己发送：话放进编辑框，由使用者发送。", "A macro sends nothing: whoever uses it sends the words."),
            ),
        };
        let area = Area::new("text", label).rows(6).max(TEXT_MOST).value(rich::to_text(self.html)).rich(editor);
        let area = if self.kind == PresetKind::Reply { area.required() } else { area };
        let types = [
            (ReplyType::Everyone, t!(lang, "回复客户", "A reply to the customer")),
            (ReplyType::AgentsOnly, t!(lang, "仅客服可见的备注", "A note for agents only")),
        ];
        let types = types.map(|(row, words)| (row.key(), words));
        let chosen = self.acts.reply.unwrap_or(ReplyType::Everyone);
        let reply_type = (self.kind == PresetKind::Macro)
            .then(|| Select::new("reply_type", t!(lang, "作为", "As")).required().options(types).selected(chosen.key()).view(form));
        view! {
            <section aria-labelledby="e3">
                <div class="side-h"><h2 id="e3">{label}</h2><p>{why}</p><p>{t!(lang, "插入时会换成这张工单的：", "Filled with the ticket's own when inserted:")}</p><ul class="places">{legend}</ul></div>
                <div class="card"><div class="in stack">{area.view(form)}{reply_type}</div></div>
            </section>
        }
        .into_any()
    }

    fn who(&self, form: &FormState) -> AnyView {
        let lang = self.lang;
        let shared = [Visibility::Everybody, Visibility::Groups].map(|row| (row.key(), row.label(lang)));
        let now = self.preset.map_or(Visibility::Everybody, |preset| preset.visibility);
        let chosen = self.preset.map(|preset| preset.groups.clone()).unwrap_or_default();
        view! {
            <section aria-labelledby="e4">
                <div class="side-h"><h2 id="e4">{t!(lang, "谁能用", "Who can use it")}</h2><p>{t!(lang, "只给自己用的，到“我的快捷回复与宏”里建。", "What is for yourself alone is made under “Your preset replies and macros”.")}</p></div>
                <div class="card"><div class="in stack">
                    {Select::new("visibility", t!(lang, "可见范围", "Visible to")).required().options(shared).selected(now.key()).view(form)}
                    {Checks::new("groups", t!(lang, "客服组", "Groups")).options(self.names.groups.clone()).selected(chosen.iter()).hint(t!(lang, "选“组内”时，这些组的成员能用", "With “Chosen groups”, the members of these can use it")).view(form)}
                </div></div>
            </section>
        }
        .into_any()
    }
}

/// The options with what a step names, when that is gone: without it, saving anything else would take the step out of the
/// macro without a word. Saved as it is, it is refused beside its field.
fn keep(lang: Lang, mut options: Vec<(String, String)>, now: &str) -> Vec<(String, String)> {
    if !now.is_empty() && !options.iter().any(|(option, _)| option == now) {
        options.insert(0, (now.to_owned(), t!(lang, "（已删除）", "(gone)").to_owned()));
    }
    options
}

/// 删除, asked once more.
fn delete_button(lang: Lang, preset: &Preset) -> AnyView {
    let words = match preset.kind {
        PresetKind::Reply => t!(lang, "删除快捷回复", "Delete preset reply"),
        PresetKind::Macro => t!(lang, "删除宏", "Delete macro"),
    };
    confirm(
        "btn risky",
        t!(lang, "删除", "Delete"),
        Confirm {
            id: "delete-preset",
            title: t!(lang, "{0}“{1}”？", "{0} “{1}”?", words, preset.title),
            text: t!(
                lang,
                "谁都不能再用它。已经写下的回复和做过的改变不受影响。",
                "Nobody can use it any more. What was written and done with it stays."
            )
            .to_owned(),
            keep: t!(lang, "保留", "Keep it").to_owned(),
            act: words.to_owned(),
            path: path_of::<DeletePreset>(),
            fields: vec![("preset".to_owned(), preset.id.to_string())],
        },
    )
}
