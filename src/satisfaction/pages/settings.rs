//! 工单满意度设置: the editor with the real page beside it, marks for what differs from the default, the versions.

use crate::actions::{RestoreSatisfaction, SaveSatisfaction};
use crate::difference::{Difference, Names, between};
use crate::model::{Rule, SatisfactionSettings};
use crate::pages::editor::{Editor, FORM, handset, save_bar};
use crate::queries::{self, Trial};
use crate::rule::Way;
use kernel::error::Result;
use kernel::lang::Lang;
use kernel::permission::Permission;
use kernel::setting::Version;
use kernel::t;
use kernel::time::Stamp;
use leptos::prelude::*;
use serde::Deserialize;
use ui::form::{hidden, path_of};
use ui::icon::{icon, icon_s};
use ui::page::Page;
use ui::tag::{Tone, tag};
use ui::visit::Visit;

#[derive(Debug, Default, Deserialize)]
struct SettingsQuery {
    /// 试算: the number of a ticket to ask the rules about.
    ticket: Option<String>,
}

/// 工单满意度设置, `/settings/satisfaction`.
pub async fn settings_page(visit: Visit) -> Result<Page> {
    visit.ctx.require(Permission::SatisfactionManage)?;
    let query: SettingsQuery = visit.query();
    let lang = visit.lang();
    let (settings, history) = queries::settings(&visit.ctx).await?;
    let choices = queries::choices(&visit.ctx).await?;
    let trial = match query.ticket.as_deref().map(str::trim).filter(|number| !number.is_empty()) {
        Some(number) => Some((number.to_owned(), queries::trial(&visit.ctx, number).await?)),
        None => None,
    };
    let names = choices.names();
    let changed = between(&SatisfactionSettings::default(), &settings.value, &names, lang);
    let count = changed.len();
    let form = visit.form(FORM);
    let lead = match history.first() {
        None => t!(
            lang,
            "工单结束后，自动请客户评价。还没有人改过，按默认值运行。",
            "Customers are asked for a rating when their ticket ends. Nobody has changed anything yet: the defaults hold."
        )
        .to_owned(),
        Some(kept) => t!(
            lang,
            "工单结束后，自动请客户评价。第 {} 版从 {} 起生效；已经发出的邀评仍用发出时的版本。",
            "Customers are asked for a rating when their ticket ends. Version {} holds since {}; invitations already sent keep theirs.",
            kept.version,
            kept.created_at.long(&visit.ctx.zone, lang)
        ),
    };
    let drawer = drawer(&visit, settings.version, &history, &names);
    let page = Page::new(t!(lang, "工单满意度", "Ticket satisfaction"))
        .crumb(t!(lang, "设置", "Settings"), "/settings")
        .lead(lead)
        .mark(move || (count > 0).then(|| tag(Tone::Info, "", t!(lang, "{} 处与默认不同", "{} differ from the default", count))))
        .action(move || view! { <button class="btn" type="button" popovertarget="history">{icon("history")}{t!(lang, "修改记录", "History")}</button> });
    Ok(page.body(move || {
        let editor = Editor { lang, form: &form, settings: &settings.value, changed: &changed, choices: &choices };
        let trial = trial_card(lang, trial.as_ref());
        view! {
            <div class="body">
                <div class="editor">
                    <div class="stack far">
                        <form method="post" id=FORM action={path_of::<SaveSatisfaction>()} class="stack far">
                            {hidden("version", settings.version)}
                            {form.summary()}
                            {editor.when()}
                            {editor.who()}
                            {editor.question()}
                            {editor.levels()}
                        </form>
                        {trial}
                    </div>
                    {handset(lang)}
                </div>
            </div>
            {save_bar(lang, &form)}
            {drawer}
        }
    }))
}

/// 试算: the rules in the order they are asked, for one ticket as it stands.
fn trial_card(lang: Lang, trial: Option<&(String, Option<Trial>)>) -> AnyView {
    let number = trial.map(|(number, _)| number.clone()).unwrap_or_default();
    let answer = trial.map(|(_, trial)| match trial {
        None => view! { <p class="mute">{t!(lang, "没有这个编号的工单", "There is no ticket with this number")}</p> }.into_any(),
        Some(trial) => {
            let verdict = match trial.way {
                Some(Way::Mail) => t!(lang, "会发邮件邀评", "It would be invited by mail"),
                Some(Way::Link) => t!(lang, "会准备评价链接，由客服转交", "A rating link would be made ready for an agent to hand over"),
                None => t!(lang, "不会邀评", "It would not be invited"),
            };
            let steps: Vec<AnyView> = trial
                .steps
                .iter()
                .map(|step| {
                    let (class, name) = if step.holds { ("ok", "check") } else { ("warn", "x") };
                    view! { <li class=class>{icon(name)}<div>{rule_words(step.rule, lang)}{(!step.holds).then(|| view! { <small>{step.rule.label(lang)}</small> })}</div></li> }.into_any()
                })
                .collect();
            view! { <p><b>{trial.title.clone()}</b>" "<span class="tag">{verdict}</span></p><ol class="trail">{steps}</ol> }.into_any()
        }
    });
    view! {
        <section class="card" aria-labelledby="s-trial">
            <header><h2 id="s-trial">{t!(lang, "试算", "Try a ticket")}</h2><span class="act small mute">{t!(lang, "按已保存的设置，不会发送", "By the saved settings; nothing is sent")}</span></header>
            <div class="in stack">
                <form method="get" class="row">
                    <label class="sr" for="trial">{t!(lang, "工单编号", "Ticket number")}</label>
                    <input class="input" id="trial" name="ticket" inputmode="numeric" placeholder=t!(lang, "工单编号", "Ticket number") value=number/>
                    <button class="btn" type="submit">{t!(lang, "试算这张工单", "Try this ticket")}</button>
                </form>
                {answer}
            </div>
        </section>
    }
    .into_any()
}

fn rule_words(rule: Rule, lang: Lang) -> &'static str {
    match rule {
        Rule::SwitchedOn => t!(lang, "已开启", "Switched on"),
        Rule::RightEnd => t!(lang, "结束方式符合发送时机", "It ended the right way"),
        Rule::StillFinished => t!(lang, "仍是结束状态", "It is still finished"),
        Rule::OncePerCycle => t!(lang, "这一轮还没有邀评", "No invitation in this cycle"),
        Rule::NotRated => t!(lang, "还没有评价", "Not rated yet"),
        Rule::AgainAllowed => t!(lang, "第一次邀评，或允许再次邀评", "First invitation, or again is allowed"),
        Rule::HasAgent => t!(lang, "有受理客服", "Somebody handled it"),
        Rule::SourceIncluded => t!(lang, "渠道在邀评范围内", "Its channel is included"),
        Rule::CategoryIncluded => t!(lang, "分类在邀评范围内", "Its category is included"),
        Rule::HasAddress => t!(lang, "客户有邮箱", "The customer has an e-mail address"),
        Rule::UnderCap => t!(lang, "没有超过频次上限", "Under the limit per customer"),
        Rule::Delivered => t!(lang, "邮件已发出", "The mail went out"),
    }
}

fn drawer(visit: &Visit, version: i32, history: &[Version], names: &Names) -> AnyView {
    let lang = visit.lang();
    let values = |kept: Option<&Version>| match kept {
        None => SatisfactionSettings::default(),
        Some(kept) => serde_json::from_value(kept.document.clone()).unwrap_or_default(),
    };
    let entries: Vec<AnyView> = history
        .iter()
        .enumerate()
        .map(|(at, kept)| {
            let before = history.get(at + 1);
            let changes: Vec<AnyView> = between(&values(before), &values(Some(kept)), names, lang).into_iter().map(|change| change_row(change, lang)).collect();
            let changes = if changes.is_empty() {
                view! { <p class="mute small">{t!(lang, "没有改动", "Nothing changed")}</p> }.into_any()
            } else {
                view! { <ul class="diff">{changes}</ul> }.into_any()
            };
            let reason = (!kept.reason.is_empty()).then(|| view! { <p class="dim">{kept.reason.clone()}</p> });
            let back = before.map_or(0, |before| before.version);
            view! {
                <article class="log">
                    <header><b>{kept.actor_name.clone()}</b><span class="mute small">{t!(lang, "第 {} 版", "Version {}", kept.version)}</span>{time(visit, kept.created_at)}</header>
                    {reason}
                    {changes}
                    <form method="post" action={path_of::<RestoreSatisfaction>()}>
                        {hidden("restore", back)}{hidden("version", version)}
                        <button class="btn" type="submit">{icon("rotate-ccw")}{t!(lang, "恢复到此前", "Restore what was before")}</button>
                    </form>
                </article>
            }
            .into_any()
        })
        .collect();
    let inside = if entries.is_empty() {
        ui::empty::empty(
            "history",
            t!(lang, "还没有修改记录", "No changes yet"),
            t!(
                lang,
                "每次保存都会在这里留下一版：谁、何时、为什么、改了什么。",
                "Every save leaves a version here: who, when, why and what changed."
            ),
            (),
        )
    } else {
        entries.into_any()
    };
    view! {
        <aside class="drawer" id="history" popover="auto" aria-label=t!(lang, "修改记录", "History")>
            <header>
                <h2>{t!(lang, "修改记录", "History")}</h2>
                <button class="btn quiet icon" type="button" popovertarget="history" popovertargetaction="hide" aria-label=t!(lang, "关闭", "Close")>{icon("x")}</button>
            </header>
            <div class="in">{inside}</div>
        </aside>
    }
    .into_any()
}

fn change_row(change: Difference, lang: Lang) -> AnyView {
    view! {
        <li>
            <span>{change.what}</span>
            <span class="was"><span class="sr">{t!(lang, "由", "from ")}</span>{change.was}</span>
            {icon_s("arrow-right")}
            <span class="now"><span class="sr">{t!(lang, "改为", "to ")}</span>{change.now}</span>
        </li>
    }
    .into_any()
}

fn time(visit: &Visit, at: Stamp) -> AnyView {
    view! { <span class="mute small">{ui::time::ago(at, &visit.ctx)}</span> }.into_any()
}
