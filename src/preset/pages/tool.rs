//! 工单页上的快捷回复与宏: the menu of macros beside the title, and the line under the composer. The editor of the composer
//! reads from that line where to ask for what is typed behind a `/`; without scripting the line has a select and a button.

use crate::actions::{ApplyMacro, FindPresets, InsertPreset, TakePreset};
use crate::commands::perform::Outcome;
use crate::model::{PresetKind, Step, Visibility};
use crate::queries::{self, Names, Usable};
use crate::say;
use kernel::ctx::Ctx;
use kernel::error::Result;
use kernel::id::TicketId;
use kernel::lang::Lang;
use kernel::permission::Permission;
use kernel::t;
use leptos::prelude::*;
use maud::html;
use ui::form::{FormState, element_id, hidden, path_of};
use ui::icon::{icon, icon_s};
use ui::written::Written;

/// The form of the composer.
const COMPOSER: &str = "ticket_reply";

/// What a page of a ticket shows of presets.
#[derive(Clone, Debug)]
pub struct Tools {
    lang: Lang,
    ticket: TicketId,
    presets: Vec<Usable>,
    names: Names,
    has_own: bool,
}

/// Reads what the actor can use on the ticket: nothing is asked for whoever may not write into it.
pub async fn tools(ctx: &Ctx, ticket: TicketId) -> Result<Tools> {
    let can_write = ctx.may(Permission::TicketReply) || ctx.may(Permission::TicketNote);
    let (presets, names) = if can_write { queries::usable(ctx).await? } else { (Vec::new(), Names::default()) };
    Ok(Tools { lang: ctx.lang(), ticket, presets, names, has_own: ctx.may(Permission::TicketReply) })
}

impl Tools {
    /// Nothing of them, for a ticket that takes no words: one in the recycle bin.
    #[must_use]
    pub fn none(ctx: &Ctx, ticket: TicketId) -> Tools {
        Tools { lang: ctx.lang(), ticket, presets: Vec::new(), names: Names::default(), has_own: false }
    }

    fn macros(&self) -> impl Iterator<Item = &Usable> {
        self.presets.iter().filter(|preset| preset.kind == PresetKind::Macro)
    }

    /// 宏: the menu, each with what it will do; nothing where there is none.
    #[must_use]
    pub fn menu(&self) -> AnyView {
        let lang = self.lang;
        let rows: Vec<AnyView> = self
            .macros()
            .map(|preset| {
                let does = say::sentence(&preset.acts.0, &preset.words, &self.names, lang);
                view! {
                    <form method="post" action={path_of::<ApplyMacro>()}>
                        {hidden("ticket", self.ticket)}
                        {hidden("preset", preset.id)}
                        <button type="submit"><span><b>{preset.title.clone()}</b><small>{does}</small></span></button>
                    </form>
                }
                .into_any()
            })
            .collect();
        if rows.is_empty() {
            return ().into_any();
        }
        view! {
            <button class="btn" type="button" popovertarget="macros">{icon("zap")}{t!(lang, "宏", "Macros")}</button>
            <div class="pop macros" id="macros" popover="auto"><div class="list">{rows}</div></div>
        }
        .into_any()
    }

    /// Why the macro that was chosen in the menu did nothing.
    #[must_use]
    pub fn refused(&self, form: &FormState) -> AnyView {
        let problems = self.problems(form, &form.value_or("preset", ""));
        if problems.is_empty() {
            // What concerns no step: the ticket is gone, the session ended.
            return form.summary();
        }
        let name = self.macros().find(|preset| preset.id.to_string() == form.value_or("preset", "")).map(|preset| preset.title.clone());
        let lines: Vec<AnyView> = problems.into_iter().map(|(_, text)| view! { <li>{text}</li> }.into_any()).collect();
        let title = t!(self.lang, "宏“{}”什么都没有做", "The macro “{}” did nothing", name.unwrap_or_default());
        view! { <div class="wrongs" role="alert" tabindex="-1"><h2>{title}</h2><ul>{lines}</ul></div> }.into_any()
    }

    /// 快捷回复: the line under the composer. `form` is the composer's.
    #[must_use]
    pub fn line(&self, form: &FormState) -> AnyView {
        let lang = self.lang;
        let own = self.has_own.then(
            || view! { <a class="link small end" href="/me/presets">{t!(lang, "我的快捷回复与宏", "Your preset replies and macros")}</a> },
        );
        if self.presets.is_empty() {
            return view! { <div class="preset-line">{own}</div> }.into_any();
        }
        let chosen = form.value_or("preset", "");
        let problems = self.problems(form, &chosen);
        let described: Vec<String> = problems.iter().map(|(field, _)| format!("{}-h", element_id(COMPOSER, field))).collect();
        let is_wrong = !problems.is_empty();
        let wrong: Vec<AnyView> = problems
            .into_iter()
            .zip(&described)
            .map(|((_, text), id)| view! { <span class="wrong" id=id.clone()>{icon_s("triangle-alert")}{text}</span> }.into_any())
            .collect();
        let asks = serde_json::json!({
            "ticket": self.ticket,
            "find": path_of::<FindPresets>(),
            "take": path_of::<TakePreset>(),
            "list": t!(lang, "快捷回复与宏", "Preset replies and macros"),
            "macro": PresetKind::Macro.label(lang),
            "none": t!(lang, "没有符合的快捷回复或宏", "No preset reply or macro matches"),
            "found": t!(lang, "{} 项，上下键选择，回车插入", "{} found, arrow keys to choose, Enter to insert"),
            "failed": t!(lang, "没有取到快捷回复，请再试一次", "The preset reply could not be fetched: try again"),
            "files": t!(
                lang,
                "用宏会重新打开页面，选好的附件留不下来：先发送回复或去掉附件",
                "A macro opens the page anew, which loses the files you chose: send the reply or take them away first"
            ),
        });
        let options = self.options(&chosen);
        view! {
            <div class="preset-line" data-slash=asks.to_string()>
                <select
                    class="input" name="input[preset]" id="ticket_reply-preset" aria-label=t!(lang, "快捷回复与宏", "Preset replies and macros")
                    aria-invalid=is_wrong.then_some("true") aria-describedby=is_wrong.then(|| described.join(" "))
                >{options}</select>
                <button class="btn" type="submit" formaction={path_of::<InsertPreset>()} formenctype="application/x-www-form-urlencoded" formnovalidate=true data-part="insert">{t!(lang, "插入", "Insert")}</button>
                <span class="small mute only-script">{t!(lang, "或在回复里输入 /", "or type / in the reply")}</span>
                {own}
                {wrong}
            </div>
        }
        .into_any()
    }

    /// By kind and folder, written as one string: there may be hundreds.
    fn options(&self, chosen: &str) -> Written {
        let lang = self.lang;
        let mut groups: Vec<(String, Vec<&Usable>)> = Vec::new();
        for preset in &self.presets {
            let label = match (preset.kind, preset.visibility) {
                (PresetKind::Macro, _) => PresetKind::Macro.label(lang).to_owned(),
                (_, Visibility::Own) => Visibility::Own.label(lang).to_owned(),
                _ if preset.folder.is_empty() => PresetKind::Reply.label(lang).to_owned(),
                _ => preset.folder.clone(),
            };
            match groups.iter_mut().find(|(known, _)| *known == label) {
                Some((_, group)) => group.push(preset),
                None => groups.push((label, vec![preset])),
            }
        }
        html! {
            option value="" { (t!(lang, "快捷回复或宏…", "Preset reply or macro…")) }
            @for (label, group) in &groups {
                optgroup label=(label) {
                    @for preset in group {
                        option value=(preset.id.to_string()) selected[preset.id.to_string() == chosen]
                            data-macro[preset.kind == PresetKind::Macro] { (preset.title) }
                    }
                }
            }
        }
        .into()
    }

    /// What was wrong with a preset: by step, `状态改为 已关闭：您没有权限`.
    fn problems(&self, form: &FormState, chosen: &str) -> Vec<(String, String)> {
        let preset = self.presets.iter().find(|preset| preset.id.to_string() == chosen);
        let of_step = Step::ALL.iter().filter_map(|step| {
            let field = format!("preset[{}]", step.key());
            let problem = form.problem(&field)?;
            let words = match preset {
                Some(preset) => say::step(*step, &preset.acts.0, &preset.words, &self.names, self.lang),
                None => step.label(self.lang).to_owned(),
            };
            Some((field, t!(self.lang, "{0}：{1}", "{0}: {1}", words, problem)))
        });
        let of_preset = form.problem("preset").map(|problem| ("preset".to_owned(), problem.to_owned()));
        of_preset.into_iter().chain(of_step).collect()
    }
}

/// What a macro did, for the notice afterwards.
#[must_use]
pub fn said(outcome: &Outcome, lang: Lang) -> String {
    if outcome.done.is_empty() {
        return t!(lang, "已用宏“{}”，没有需要改的", "Macro “{}”: nothing to change", outcome.name);
    }
    t!(lang, "已用宏“{0}”：{1}", "Macro “{0}”: {1}", outcome.name, outcome.done.join(t!(lang, "；", "; ")))
}
