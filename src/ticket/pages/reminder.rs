//! 工单提醒设置: events by ways, whom, and what it sounds like.

use crate::actions::SaveReminders;
use crate::model::reminder::{ReminderEvent, ReminderSettings, Tone, Way};
use crate::queries;
use kernel::error::Result;
use kernel::lang::Lang;
use kernel::permission::Permission;
use kernel::t;
use leptos::prelude::*;
use ui::form::choice::{Check, Checks};
use ui::form::field::why;
use ui::form::{FormState, element_id, hidden, html_name, path_of};
use ui::icon::{icon, icon_s};
use ui::page::Page;
use ui::tag::{Tone as Colour, note, tag};
use ui::visit::Visit;

/// The form.
const FORM: &str = "reminders";

/// 工单提醒设置, `/settings/reminders`.
pub async fn reminders_page(visit: Visit) -> Result<Page> {
    visit.ctx.require(Permission::CategoryManage)?;
    let lang = visit.lang();
    let mut tx = visit.ctx.read().await?;
    let in_force = queries::reminders(&mut tx).await?;
    let agents = identity::queries::agent_options(&mut tx).await?;
    drop(tx);
    let form = visit.form(FORM);
    let page = Page::new(t!(lang, "工单提醒设置", "Ticket reminders"))
        .history(&visit.ctx, "reminder_settings")
        .crumb(t!(lang, "设置", "Settings"), "/settings")
        .lead(t!(
            lang,
            "工单每次流转时，用什么方式提醒谁。自己的操作从不提醒自己。",
            "Who is reminded how when something happens to a ticket. Nobody is reminded of their own doing."
        ));
    Ok(page.body(move || {
        let value = in_force.value;
        let people = agents.into_iter().filter(|agent| agent.enabled || value.agents.contains(&agent.id)).map(|agent| (agent.id, agent.name));
        view! {
            <form class="settings" method="post" id=FORM action={path_of::<SaveReminders>()}>
                {hidden("version", in_force.version)}
                <div class="body sections">
                    {form.summary()}
                    {events(lang, &form, &value)}
                    {section("whom", t!(lang, "提醒谁", "Whom"), t!(lang, "同一人符合多条时只提醒一次；看不到这张工单的人不会收到。", "Nobody is reminded twice, and nobody of a ticket they may not see."), view! {
                        <div class="card"><div class="in stack">
                            {Check::new("to_agent", t!(lang, "受理客服", "Whoever handles it")).checked(value.to_agent).view(&form)}
                            {Check::new("to_group", t!(lang, "未分配时，提醒组内成员", "The group, while nobody handles it")).checked(value.to_group).hint(t!(lang, "受理组里已登录的客服", "Members who are signed in")).view(&form)}
                            {Check::new("to_creator", t!(lang, "创建人", "Whoever created it")).checked(value.to_creator).hint(t!(lang, "由客服创建时", "When an agent did")).view(&form)}
                            {Check::new("to_followers", t!(lang, "关注人", "Followers")).checked(value.to_followers).view(&form)}
                            {Checks::new("agents", t!(lang, "指定客服", "These agents")).options(people).selected(value.agents.iter()).hint(t!(lang, "他们能看到的工单，所有事件都提醒", "Of every event of the tickets they may see")).view(&form)}
                        </div></div>
                    }.into_any())}
                    {section("tone", t!(lang, "提示音", "Sound"), t!(lang, "3 秒内的多次流转只响一声。", "What happens within 3 seconds sounds once."), sounds(lang, &form, value.tone))}
                </div>
                <div class="savebar">
                    {why(&form)}
                    <span class="end row"><button class="btn main" type="submit">{t!(lang, "保存提醒设置", "Save reminders")}</button></span>
                </div>
            </form>
        }
    }))
}

pub(super) fn section(id: &'static str, title: &'static str, why: &'static str, inside: AnyView) -> AnyView {
    view! {
        <section aria-labelledby=id>
            <div class="side-h"><h2 id=id>{title}</h2><p>{why}</p></div>
            {inside}
        </section>
    }
    .into_any()
}

/// 事件与方式: a box for each event and way; an event without one says so in its row, before and after saving.
fn events(lang: Lang, form: &FormState, value: &ReminderSettings) -> AnyView {
    let rows: Vec<AnyView> = ReminderEvent::ALL.iter().map(|event| row(lang, form, value, *event)).collect();
    let table = view! {
        <div class="card">
            <table class="table matrix">{heads(lang)}<tbody>{rows}{open(lang, form, value)}</tbody></table>
            <div class="in">
                {Check::new("quiet_hours", t!(lang, "客服可以设免打扰时段", "Agents may name quiet hours")).checked(value.quiet_hours)
                    .hint(t!(lang, "时段内不弹窗、不响，邮件等到结束再发", "Without pop-up and sound; mails wait until they end")).view(form)}
            </div>
        </div>
    };
    let why = t!(lang, "每个事件至少一种方式。", "Each event has at least one way.");
    section("events", t!(lang, "事件与方式", "Events and ways"), why, table.into_any())
}

/// 事件 and the ways, one column each.
pub(super) fn heads(lang: Lang) -> AnyView {
    let ways: Vec<AnyView> = Way::ALL
        .iter()
        .map(|way| {
            let picture = match way {
                Way::Mail => "mail",
                Way::PopUp => "bell",
                Way::Sound => "volume-2",
            };
            view! { <th scope="col"><span class="way">{icon(picture)}{way.label(lang)}</span></th> }.into_any()
        })
        .collect();
    view! { <thead><tr><th scope="col">{t!(lang, "事件", "Event")}</th>{ways}</tr></thead> }.into_any()
}

/// A box for each way of which agents may choose themselves.
fn open(lang: Lang, form: &FormState, value: &ReminderSettings) -> AnyView {
    let start: Vec<String> = value.open.iter().map(|way| way.key().to_owned()).collect();
    let ticked = form.ticked_or("open", &start);
    let boxes: Vec<AnyView> = Way::ALL
        .iter()
        .map(|way| {
            let checked = ticked.iter().any(|ticked| ticked == way.key());
            let words = t!(lang, "客服可自行选择：{}", "Agents may choose: {}", way.label(lang));
            view! {
                <td data-way=way.label(lang)>
                    <label class="hit"><input type="checkbox" name=format!("{}[]", html_name("open")) value=way.key() aria-label=words checked=checked/></label>
                </td>
            }
            .into_any()
        })
        .collect();
    view! {
        <tr class="sum">
            <th scope="row">
                <span class="ev">{t!(lang, "客服可自行选择", "Agents may choose themselves")}</span>
                <span class="sub">{t!(lang, "在个人设置里逐个事件关掉自己的提醒", "Event by event, in their own settings")}</span>
            </th>
            {boxes}
        </tr>
    }
    .into_any()
}

fn row(lang: Lang, form: &FormState, value: &ReminderSettings, event: ReminderEvent) -> AnyView {
    let problem = form.problem(event.key());
    let id = element_id(FORM, event.key());
    form.name(event.key(), event.label(lang));
    let boxes: Vec<AnyView> = Way::ALL
        .iter()
        .enumerate()
        .map(|(at, way)| {
            let start: Vec<String> =
                ReminderEvent::ALL.iter().filter(|event| value.has(**event, *way)).map(|event| event.key().to_owned()).collect();
            let checked = form.ticked_or(way.key(), &start).iter().any(|ticked| ticked == event.key());
            let name = format!("{}[]", html_name(way.key()));
            let words = t!(lang, "{0}：{1}", "{0}: {1}", event.label(lang), way.label(lang));
            // What is wrong with the row leads to its first box.
            let id = (at == 0).then(|| id.clone());
            view! {
                <td data-way=way.label(lang)>
                    <label class="hit"><input type="checkbox" id=id name=name value=event.key() aria-label=words checked=checked aria-invalid=problem.map(|_| "true")/></label>
                </td>
            }
            .into_any()
        })
        .collect();
    view! {
        <tr>
            <th scope="row">
                {named(event, lang)}
                <span class="row-wrong">{icon_s("triangle-alert")}{t!(lang, "至少选择一种提醒方式", "Choose at least one way")}</span>
            </th>
            {boxes}
        </tr>
    }
    .into_any()
}

/// The event with what counts as one.
pub(super) fn named(event: ReminderEvent, lang: Lang) -> AnyView {
    view! { <span class="ev">{event.label(lang)}</span><span class="sub">{what(event, lang)}</span> }.into_any()
}

const fn what(event: ReminderEvent, lang: Lang) -> &'static str {
    match event {
        ReminderEvent::Created => t!(lang, "客户、客服或邮件生成一张新工单", "A customer, an agent or a mail made a ticket"),
        ReminderEvent::Assigned => t!(lang, "受理客服或受理组发生变化", "Its group or agent changed"),
        ReminderEvent::CustomerReplied => t!(lang, "客户在任一渠道追加了内容", "The customer added something, by whatever channel"),
        ReminderEvent::AgentReplied => t!(lang, "其他客服回复或写了内部备注", "Another agent replied or wrote a note"),
        ReminderEvent::StatusChanged => {
            t!(lang, "受理、等待回复、已解决、已关闭、重新打开", "In progress, waiting, solved, closed, opened again")
        }
        ReminderEvent::NearlyDue => t!(lang, "响应或解决的时限快到了", "A response or the solution is due soon"),
        ReminderEvent::Overdue => t!(lang, "过了时限还没有响应或解决", "A response or the solution is late"),
        ReminderEvent::Urged => t!(lang, "客户或客服催促处理", "A customer or an agent urged it"),
    }
}

/// 提示音: each is heard before it is saved, with the browser's own controls.
fn sounds(lang: Lang, form: &FormState, chosen: Tone) -> AnyView {
    let typed = form.value_or("tone", chosen.key());
    let tones: Vec<AnyView> = Tone::ALL
        .iter()
        .map(|tone| {
            let (words, is_default) = match tone {
                Tone::Soft => (t!(lang, "两个轻音，约 0.7 秒，适合安静的办公室", "Two light tones, 0.7 s, for a quiet office"), true),
                Tone::Loud => {
                    (t!(lang, "三个上行音，约 0.8 秒，隔着座位也听得见", "Three rising tones, 0.8 s, heard across the room"), false)
                }
            };
            let default = is_default.then(|| view! { " "{tag(Colour::Plain, "", t!(lang, "默认", "Default"))} });
            let listen = t!(lang, "试听：{}", "Listen: {}", tone.label(lang));
            view! {
                <div class="sound">
                    <label>
                        <input type="radio" name=html_name("tone") value=tone.key() checked={typed == tone.key()}/>
                        <span><b>{tone.label(lang)}</b>{default}<small>{words}</small></span>
                    </label>
                    <audio controls=true preload="metadata" src=format!("/sounds/{}.wav", tone.key()) aria-label=listen></audio>
                </div>
            }
            .into_any()
        })
        .collect();
    view! {
        <fieldset class="sounds">
            <legend class="sr">{t!(lang, "提示音", "Sound")}</legend>
            {tones}
            {note(
                Colour::Warn,
                "volume-1",
                t!(lang, "浏览器可能拦截声音", "A browser may hold sounds back"),
                t!(lang, "被拦截时，铃铛旁会出现提示，点一次即可放行。", "A button appears beside the bell then; one click lets them through."),
            )}
        </fieldset>
    }
    .into_any()
}
