//! 工作时间: the list of calendars and the editor of one, with a picture of the days to come.

mod picture;

use crate::actions::{DeleteCalendar, SaveCalendar};
use crate::calendar::{Span, WEEK, write_days, write_spans};
use crate::model::{DAY_FIELDS, NAME_MOST, day_name};
use crate::queries::{self, Kept};
use identity::model::GroupKind;
use kernel::ctx::Ctx;
use kernel::error::Result;
use kernel::id::{CalendarId, GroupId};
use kernel::lang::Lang;
use kernel::t;
use kernel::time::Stamp;
use leptos::prelude::*;
use ui::dialog::{Confirm, confirm};
use ui::empty::empty;
use ui::form::choice::{Check, Checks, Select};
use ui::form::field::{Area, Input, why};
use ui::form::{FormState, element_id, hidden, html_name, path_of};
use ui::icon::{icon, icon_s};
use ui::page::Page;
use ui::table::scroll;
use ui::tag::{Tone, tag};
use ui::visit::Visit;

/// Where the list lives.
const ADDRESS: &str = "/settings/duty";
/// The form.
const FORM: &str = "calendar";
/// Hours that a new calendar offers on working days.
const OFFICE: [Span; 2] = [Span { from: 9 * 60, to: 12 * 60 }, Span { from: 13 * 60 + 30, to: 18 * 60 }];

/// 工作时间, `/settings/duty`.
pub async fn calendars_page(visit: Visit) -> Result<Page> {
    let (lang, ctx) = (visit.lang(), visit.ctx.clone());
    let calendars = queries::list(&ctx).await?;
    let groups = group_names(&ctx).await?;
    let page = Page::new(t!(lang, "工作时间", "Duty times"))
        .history(&visit.ctx, "calendar")
        .crumb(t!(lang, "设置", "Settings"), "/settings")
        .count(calendars.len())
        .lead(t!(
            lang,
            "各组几点上班、哪天放假。时效按工作时间计算。",
            "When groups work and when they are off. Clocks of tickets count in duty time."
        ))
        .action(move || new_button(lang));
    Ok(page.body(move || {
        if calendars.is_empty() {
            let text = t!(
                lang,
                "没有设置时按全天 24 小时计算。设好上下班和节假日，夜里和假期就不算在客户的等待里。",
                "Without any, clocks run day and night. With hours and holidays, nights and days off do not count."
            );
            return empty("calendar-clock", t!(lang, "还没有工作时间", "No duty times yet"), text, new_button(lang));
        }
        let rows: Vec<AnyView> = calendars.iter().map(|kept| row(lang, kept, &groups, ctx.now())).collect();
        let table = view! {
            <table class="table roomy fold" role="table">
                <thead role="rowgroup"><tr role="row">
                    <th role="columnheader" scope="col">{t!(lang, "名称", "Name")}</th>
                    <th role="columnheader" scope="col">{t!(lang, "现在", "Now")}</th>
                    <th role="columnheader" scope="col">{t!(lang, "一周", "Week")}</th>
                    <th role="columnheader" scope="col">{t!(lang, "适用的组", "Groups")}</th>
                </tr></thead>
                <tbody role="rowgroup">{rows}</tbody>
            </table>
        };
        view! { <div class="body"><section class="card">{scroll(t!(lang, "工作时间表", "Duty times"), table)}</section></div> }.into_any()
    }))
}

fn row(lang: Lang, kept: &Kept, groups: &[(GroupId, String)], now: Stamp) -> AnyView {
    let is_on = kept.calendar.is_on(now);
    let state = if is_on {
        tag(Tone::Ok, "circle-check", t!(lang, "上班", "On duty"))
    } else {
        tag(Tone::Plain, "moon", t!(lang, "下班", "Off duty"))
    };
    let mut names: Vec<&str> = groups.iter().filter(|(id, _)| kept.groups.contains(id)).map(|(_, name)| name.as_str()).collect();
    if kept.is_default {
        names.push(t!(lang, "没有单独设置的组", "Every group without its own"));
    }
    view! {
        <tr role="row">
            <th role="rowheader" scope="row">
                <a class="to" href=format!("{ADDRESS}/{}", kept.id)>{kept.name.clone()}</a>
                <span class="sub">{kernel::time::zone_words(&kept.calendar.zone(), now, lang)}</span>
            </th>
            <td role="cell" data-k=t!(lang, "现在", "Now")>{state}</td>
            <td role="cell" class="wrap" data-k=t!(lang, "一周", "Week")>{week_words(lang, &kept.calendar.week)}</td>
            <td role="cell" class="wrap" data-k=t!(lang, "适用的组", "Groups")>{names.join(t!(lang, "、", ", "))}</td>
        </tr>
    }
    .into_any()
}

/// `周一至周五 09:00-18:00`: days in a row that are alike are said once, days off not at all.
fn week_words(lang: Lang, week: &[Vec<Span>; 7]) -> String {
    let mut parts: Vec<(usize, usize)> = Vec::new();
    for day in 0..7 {
        match parts.last_mut() {
            Some((_, last)) if week[*last] == week[day] && *last + 1 == day => *last = day,
            _ => parts.push((day, day)),
        }
    }
    let words = parts.into_iter().filter(|(first, _)| !week[*first].is_empty()).map(|(first, last)| {
        let (from, to) = (day_name(lang, first), day_name(lang, last));
        let days = if first == last { from.to_owned() } else { t!(lang, "{0}至{1}", "{0}–{1}", from, to) };
        format!("{days} {}", write_spans(&week[first]))
    });
    let words: Vec<String> = words.collect();
    if words.is_empty() { t!(lang, "一直休息", "Always off").to_owned() } else { words.join(t!(lang, "；", "; ")) }
}

/// 新建工作时间.
pub async fn new_calendar_page(visit: Visit) -> Result<Page> {
    editor(visit, None).await
}

/// 修改工作时间.
pub async fn calendar_page(visit: Visit) -> Result<Page> {
    let id: CalendarId = visit.param("id")?;
    let kept = queries::one(&visit.ctx, id).await?;
    editor(visit, Some(kept)).await
}

async fn editor(visit: Visit, kept: Option<Kept>) -> Result<Page> {
    let (lang, ctx) = (visit.lang(), visit.ctx.clone());
    let (groups, others) = (group_names(&ctx).await?, queries::list(&ctx).await?);
    let (form, delete) = (visit.form(FORM), visit.form("calendar_delete"));
    let title = kept.as_ref().map_or_else(|| t!(lang, "新建工作时间", "New duty times").to_owned(), |kept| kept.name.clone());
    let page = Page::new(title).crumb(t!(lang, "设置", "Settings"), "/settings").crumb(t!(lang, "工作时间", "Duty times"), ADDRESS);
    let removed = kept.clone();
    let page = match removed {
        Some(kept) => page.action(move || delete_button(&kept, lang)),
        None => page,
    };
    Ok(page.body(move || {
        let is_first = others.is_empty();
        view! { {delete.summary()}{calendar_form(kept.as_ref(), is_first, &groups, &form, &ctx)} }
    }))
}

fn calendar_form(kept: Option<&Kept>, is_first: bool, groups: &[(GroupId, String)], form: &FormState, ctx: &Ctx) -> AnyView {
    let lang = ctx.lang();
    let zone = kept.map_or_else(|| ctx.zone.iana_name().unwrap_or("UTC").to_owned(), |kept| kept.calendar.time_zone.clone());
    let zones = kernel::time::zones().into_iter().map(|name| (name.clone(), name.replace('_', " ")));
    let options = groups.iter().map(|(id, name)| (*id, name.clone()));
    let chosen = kept.map(|kept| kept.groups.clone()).unwrap_or_default();
    let special = kept.map(|kept| write_days(&kept.calendar.days)).unwrap_or_default();
    let preview = kept.map(|kept| picture::days(lang, &kept.calendar, ctx.now()));
    view! {
        <form class="settings" method="post" action={path_of::<SaveCalendar>()}>
            <div class="body sections">
                {form.summary()}
                {kept.map(|kept| view! { {hidden("id", kept.id)}{hidden("version", kept.version)} })}
                <section aria-labelledby="d1">
                    <div class="side-h"><h2 id="d1">{t!(lang, "基本信息", "Basics")}</h2></div>
                    <div class="card"><div class="in stack">
                        {Input::text("name", t!(lang, "名称", "Name")).value(kept.map(|kept| kept.name.clone()).unwrap_or_default()).max(NAME_MOST).required().view(form)}
                        {Select::new("time_zone", t!(lang, "时区", "Time zone")).options(zones).selected(&zone).required().view(form)}
                    </div></div>
                </section>
                <section aria-labelledby="d2">
                    <div class="side-h"><h2 id="d2">{t!(lang, "一周", "Week")}</h2><p>{t!(lang, "一天可以有几段，用逗号分开；22:00-06:00 到次日早上；留空表示休息。", "Several stretches a day, with commas between; 22:00-06:00 ends the next morning; empty is a day off.")}</p></div>
                    {week(lang, kept, form)}
                </section>
                <section aria-labelledby="d3">
                    <div class="side-h"><h2 id="d3">{t!(lang, "节假日与调休", "Special days")}</h2><p>{t!(lang, "每行一天或一段日期。写了时间就按那段时间上班，没写就休息。", "A day or a range on each line. With hours it is worked, without it is off.")}</p></div>
                    <div class="card"><div class="in">
                        {Area::new("days", t!(lang, "日期、时间、名称", "Date, hours, name")).value(special).rows(8).max(20_000)
                            .hint(t!(lang, "2026-10-01~2026-10-07 国庆节，或 2026-10-10 09:00-18:00 调休", "2026-12-25 Christmas, or 2026-12-24 09:00-13:00 short day")).view(form)}
                    </div></div>
                </section>
                <section aria-labelledby="d4">
                    <div class="side-h"><h2 id="d4">{t!(lang, "谁按它上班", "Who works by it")}</h2><p>{t!(lang, "一个组只按一份工作时间。", "A group works by one of them.")}</p></div>
                    <div class="card"><div class="in stack">
                        {Check::new("is_default", t!(lang, "没有单独设置的组", "Every group without its own")).checked(kept.map_or(is_first, |kept| kept.is_default)).view(form)}
                        {Checks::new("groups", t!(lang, "这些组", "These groups")).options(options).selected(chosen).view(form)}
                    </div></div>
                </section>
                {preview}
            </div>
            <div class="savebar" role="region" aria-label=t!(lang, "保存", "Save")>
                {why(form)}
                <span class="end row"><a class="btn quiet" href=ADDRESS>{t!(lang, "放弃", "Discard")}</a><button class="btn main" type="submit">{t!(lang, "保存工作时间", "Save duty times")}</button></span>
            </div>
        </form>
    }
    .into_any()
}

/// A field for each day.
fn week(lang: Lang, kept: Option<&Kept>, form: &FormState) -> AnyView {
    let rows: Vec<AnyView> = (0..WEEK.len())
        .map(|day| {
            let field = DAY_FIELDS[day];
            let office = if day < 5 { write_spans(&OFFICE) } else { String::new() };
            let hours = kept.map_or(office, |kept| write_spans(&kept.calendar.week[day]));
            form.name(field, day_name(lang, day));
            let problem = form.problem(field);
            let id = element_id(FORM, field);
            let said = format!("{id}-wrong");
            let wrong = problem.map(|problem| view! { <span class="wrong" id=said.clone()>{icon_s("triangle-alert")}{problem.to_owned()}</span> });
            view! {
                <tr>
                    <th scope="row"><label for=id.clone()>{day_name(lang, day)}</label></th>
                    <td>
                        <input class="input" id=id name=html_name(field) value=form.value_or(field, &hours) maxlength="200" autocomplete="off"
                            placeholder=t!(lang, "休息", "Off") aria-invalid=problem.map(|_| "true") aria-describedby=problem.map(|_| said.clone())/>
                        {wrong}
                    </td>
                </tr>
            }
            .into_any()
        })
        .collect();
    view! { <div class="card"><table class="table week"><tbody>{rows}</tbody></table></div> }.into_any()
}

async fn group_names(ctx: &Ctx) -> Result<Vec<(GroupId, String)>> {
    let groups = identity::queries::group_options(&mut ctx.read().await?, GroupKind::Ticket).await?;
    Ok(groups.into_iter().map(|group| (group.id, group.name)).collect())
}

fn delete_button(kept: &Kept, lang: Lang) -> AnyView {
    confirm(
        "btn risky",
        t!(lang, "删除", "Delete"),
        Confirm {
            id: "delete-calendar",
            title: t!(lang, "删除工作时间“{}”？", "Delete the duty times “{}”?", kept.name),
            text: t!(
                lang,
                "按它上班的组改用默认的工作时间；没有默认的就按全天计算。",
                "Its groups work by the default ones then, or day and night where there are none."
            )
            .to_owned(),
            keep: t!(lang, "保留", "Keep them").to_owned(),
            act: t!(lang, "删除工作时间", "Delete the duty times").to_owned(),
            path: path_of::<DeleteCalendar>(),
            fields: vec![("id".to_owned(), kept.id.to_string())],
        },
    )
}

fn new_button(lang: Lang) -> AnyView {
    view! { <a class="btn main" href=format!("{ADDRESS}/new")>{icon("plus")}{t!(lang, "新建工作时间", "New duty times")}</a> }.into_any()
}
