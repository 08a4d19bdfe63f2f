//! 个人提醒, `/me/reminders`: of what one hears, and when not, within what the company leaves open.

use super::reminder::{heads, named, section};
use crate::actions::SaveOwnReminders;
use crate::model::quiet::Quiet;
use crate::model::reminder::{ReminderEvent, ReminderSettings, Way};
use crate::queries;
use kernel::error::Result;
use kernel::lang::Lang;
use kernel::permission::Permission;
use kernel::t;
use leptos::prelude::*;
use ui::form::choice::Check;
use ui::form::field::Input;
use ui::form::{FormState, html_name, path_of};
use ui::icon::icon;
use ui::page::Page;
use ui::visit::Visit;

/// The form.
const FORM: &str = "own_reminders";
/// Hours that an empty form offers.
const NIGHT: [&str; 2] = ["22:00", "08:00"];

/// 个人提醒.
pub async fn quiet_page(visit: Visit) -> Result<Page> {
    let (lang, ctx) = (visit.lang(), visit.ctx.clone());
    let mut tx = ctx.read().await?;
    let settings = queries::reminders(&mut tx).await?.value;
    let own = queries::quiet_of(&mut tx, ctx.agent()?).await?;
    drop(tx);
    let (form, zone) = (visit.form(FORM), kernel::time::zone_words(&ctx.zone, ctx.now(), lang));
    let page = Page::new(t!(lang, "我的提醒", "Your reminders")).crumb(t!(lang, "个人设置", "Your settings"), "/me").lead(t!(
        lang,
        "工单有变化时，怎样提醒您。管理员决定有哪些方式，您可以关掉不需要的。",
        "How you hear of tickets. The administrator decides which ways there are; turn off what you do not need."
    ));
    let page = if ctx.may(Permission::CategoryManage) {
        page.action(move || view! { <a class="btn" href="/settings/reminders">{icon("settings-2")}{t!(lang, "公司的提醒设置", "The company's settings")}</a> }.into_any())
    } else {
        page
    };
    Ok(page.body(move || {
        view! {
            <form class="settings" method="post" id=FORM action={path_of::<SaveOwnReminders>()}>
                <div class="body sections">
                    {form.summary()}
                    {section("ways", t!(lang, "事件与方式", "Events and ways"), t!(lang, "锁住的由管理员决定。", "Those with a lock are the administrator's."), matrix(lang, &form, &settings, &own))}
                    {section("hours", t!(lang, "免打扰时段", "Quiet hours"), t!(lang, "时段内不弹窗、不响；铃铛照常计数，邮件等到结束再发。", "No pop-up and no sound; the bell still counts, and mails wait until they end."), hours(lang, &form, &settings, &own, &zone))}
                </div>
                <div class="savebar"><span class="end row"><button class="btn main" type="submit">{t!(lang, "保存我的提醒", "Save your reminders")}</button></span></div>
            </form>
        }
    }))
}

fn matrix(lang: Lang, form: &FormState, settings: &ReminderSettings, own: &Quiet) -> AnyView {
    let rows: Vec<AnyView> = ReminderEvent::ALL
        .iter()
        .map(|event| {
            let cells: Vec<AnyView> = Way::ALL.iter().map(|way| cell(lang, form, settings, own, *event, *way)).collect();
            view! { <tr><th scope="row">{named(*event, lang)}</th>{cells}</tr> }.into_any()
        })
        .collect();
    view! { <div class="card"><table class="table matrix">{heads(lang)}<tbody>{rows}</tbody></table></div> }.into_any()
}

/// A box where the agent may choose, a lock where the company does, a dash where there is nothing to hear.
fn cell(lang: Lang, form: &FormState, settings: &ReminderSettings, own: &Quiet, event: ReminderEvent, way: Way) -> AnyView {
    let words = t!(lang, "{0}：{1}", "{0}: {1}", event.label(lang), way.label(lang));
    let inside = if !settings.has(event, way) {
        let none = t!(lang, "不提醒", "No reminder");
        view! { <span class="mute" title=none.to_owned()><span aria-hidden="true">"–"</span><span class="sr">{none}</span></span> }
            .into_any()
    } else if !settings.open.contains(&way) {
        let fixed = t!(lang, "总是提醒，由管理员决定", "Always, as the administrator decided");
        view! { <span class="mute" title=fixed.to_owned()>{icon("lock")}<span class="sr">{fixed}</span></span> }.into_any()
    } else {
        let heard = ReminderEvent::ALL.iter().filter(|event| settings.has(**event, way) && !own.mutes(settings, **event, way));
        let start: Vec<String> = heard.map(|event| event.key().to_owned()).collect();
        let checked = form.ticked_or(way.key(), &start).iter().any(|ticked| ticked == event.key());
        let name = format!("{}[]", html_name(way.key()));
        view! { <label class="hit"><input type="checkbox" name=name value=event.key() aria-label=words checked=checked/></label> }
            .into_any()
    };
    view! { <td data-way=way.label(lang)>{inside}</td> }.into_any()
}

fn hours(lang: Lang, form: &FormState, settings: &ReminderSettings, own: &Quiet, zone: &str) -> AnyView {
    if !settings.quiet_hours {
        let words = t!(lang, "管理员没有开放免打扰时段", "The administrator has not opened quiet hours");
        return view! { <div class="card"><p class="in dim">{words}</p></div> }.into_any();
    }
    let [from, to] = own.hours.map_or_else(|| NIGHT.map(str::to_owned), |hours| hours.words());
    view! {
        <div class="card"><div class="in stack">
            {Check::new("quiet", t!(lang, "每天这段时间不打扰我", "Leave me alone every day")).checked(own.hours.is_some()).view(form)}
            <div class="two">
                {Input::text("from", t!(lang, "从", "From")).kind("time").value(&from).view(form)}
                {Input::text("to", t!(lang, "到", "To")).kind("time").value(&to).hint(t!(lang, "早于开始时间表示次日", "Earlier than the start: the next day")).view(form)}
            </div>
            <p class="small mute">{t!(lang, "按公司时区计算：{}", "By the company's clock: {}", zone)}</p>
        </div></div>
    }
    .into_any()
}
