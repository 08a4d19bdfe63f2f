//! 坐席工作状态统计: how agents spent their time.

use crate::commands::worked::{KEY, title};
use crate::figure::clock;
use crate::metric::Unit;
use crate::model::{Content, ReportQuery};
use crate::pages::export_menu;
use crate::pages::filter_bar::problem_note;
use crate::queries;
use crate::queries::worked::{AgentWorked, Asked, LONGEST, by_agent};
use crate::report::Range;
use crate::reports;
use crate::subject::Subject;
use crate::worked::{COLUMNS, UTILISATION, Worked};
use identity::model::AgentOption;
use kernel::error::Result;
use kernel::lang::Lang;
use kernel::permission::Permission;
use kernel::t;
use leptos::prelude::*;
use maud::{Markup, html};
use ui::page::Page;
use ui::tag::{Tone, note};
use ui::visit::Visit;
use ui::written::Written;

/// 坐席工作状态统计, `/reports/agent-states`.
pub async fn states_page(visit: Visit) -> Result<Page> {
    let lang = visit.lang();
    let query: ReportQuery = visit.query();
    let (Asked { range, agent, is_cut }, problems) = Asked::read(query, visit.now().date(&visit.ctx.zone));
    let lines = by_agent(&visit.ctx, range, agent).await?;
    let chosen = agent.map(|agent| agent.to_string()).unwrap_or_default();
    let choices = queries::choices(&visit.ctx, Subject::Calls).await?;
    let page = Page::new(title(lang))
        .crumb(t!(lang, "统计", "Reports"), reports::home(Subject::Calls))
        .crumb(Subject::Calls.name().of(lang), reports::home(Subject::Calls))
        .lead(t!(
            lang,
            "坐席利用率 =（坐席通话时长 + 空闲总时长 + 后处理总时长）/ 在线总时长 × 100%。",
            "Utilisation = (talk + idle + after-call work) / online × 100 %."
        ));
    let files = ReportQuery { from: range.from.to_string(), to: range.to.to_string(), agent: chosen.clone(), ..ReportQuery::default() };
    let page = if visit.ctx.may(Permission::StatisticsExport) && !lines.is_empty() {
        page.action(move || export_menu(lang, (KEY, Subject::Calls), Content::Table, &files))
    } else {
        page
    };
    let failed = visit.form("export");
    Ok(page.body(move || {
        let cut = is_cut.then(|| {
            let text = t!(lang, "一次最多看 {} 天，这里是其中最后 {} 天。", "At most {} days at once: these are the last {}.", LONGEST, LONGEST);
            view! { <div class="body">{note(Tone::Plain, "info", t!(lang, "日期太长", "Too many days"), text)}</div> }
        });
        let inside = if lines.is_empty() {
            ui::empty::empty(
                "clock",
                t!(lang, "这段时间没有坐席状态", "No agent states in these days"),
                t!(lang, "客服登录、切换状态和通话以后，他们的时间会出现在这里。", "Once agents sign in, change their state and take calls, their time appears here."),
                (),
            )
        } else {
            view! { {table(&lines, lang)}{by_day(&lines, range, lang)}{explained(lang)} }.into_any()
        };
        view! { {problem_note(&problems, lang)}{bar(&visit, range, &chosen, &choices.agents)}{cut}<div class="body report">{failed.summary()}{inside}</div> }
    }))
}

fn bar(visit: &Visit, range: Range, agent: &str, agents: &[AgentOption]) -> AnyView {
    let lang = visit.lang();
    let mut options = vec![(String::new(), t!(lang, "全部客服", "All agents").to_owned())];
    options.extend(agents.iter().map(|agent| (agent.id.to_string(), agent.name.clone())));
    let options = ui::option::options(options, agent);
    view! {
        <form class="filters report-f" method="get" action=visit.path().to_owned() aria-label=t!(lang, "筛选", "Filter")>
            <div class="f"><label for="from">{t!(lang, "从", "From")}</label><input class="input" id="from" type="date" name="from" value=range.from.to_string()/></div>
            <div class="f"><label for="to">{t!(lang, "到", "To")}</label><input class="input" id="to" type="date" name="to" value=range.to.to_string()/></div>
            <div class="f"><label for="agent">{t!(lang, "客服", "Agent")}</label><select class="input" id="agent" name="agent">{options}</select></div>
            <button class="btn" type="submit">{t!(lang, "应用", "Apply")}</button>
        </form>
    }
    .into_any()
}

fn table(lines: &[AgentWorked], lang: Lang) -> Written {
    let mut total = Worked::default();
    lines.iter().for_each(|line| total.add(&line.total));
    let rows = html! { @for line in lines { (row(&line.name, &line.total)) } };
    framed(("states", t!(lang, "按客服", "By agent"), t!(lang, "客服", "Agent")), &rows, &total, lang)
}

/// The same time by the days of the company's calendar.
fn by_day(lines: &[AgentWorked], range: Range, lang: Lang) -> Written {
    let days = range.parts(crate::model::By::Day);
    let mut total = Worked::default();
    let sums: Vec<Worked> = (0..days.len())
        .map(|at| {
            let mut sum = Worked::default();
            lines.iter().filter_map(|line| line.days.get(at)).for_each(|day| sum.add(day));
            total.add(&sum);
            sum
        })
        .collect();
    let rows = html! { @for (day, sum) in days.iter().zip(&sums) { (row(&day.from.to_string(), sum)) } };
    framed(("days", t!(lang, "按日", "By day"), t!(lang, "日", "Day")), &rows, &total, lang)
}

fn framed((id, title, first): (&str, &str, &str), rows: &Markup, total: &Worked, lang: Lang) -> Written {
    html! {
        section.card aria-labelledby=(id) {
            header { h2 id=(id) { (title) } }
            div.scroll tabindex="0" role="group" aria-labelledby=(id) {
                table.table.wide-t {
                    thead { tr {
                        th.stick scope="col" { (first) }
                        @for (name, _) in COLUMNS { th.num scope="col" { (name.of(lang)) } }
                        th.num scope="col" { (UTILISATION.of(lang)) }
                    } }
                    tbody { (rows) }
                    tfoot { (row(t!(lang, "合计", "Total"), total)) }
                }
            }
        }
    }
    .into()
}

fn row(name: &str, worked: &Worked) -> Markup {
    html! {
        tr {
            th.stick scope="row" { (name) }
            @for (_, of) in COLUMNS { td.num { (clock((of(worked) + 500) / 1000)) } }
            td.num.strong { (worked.utilisation().show(Unit::Percent)) }
        }
    }
}

fn explained(lang: Lang) -> Written {
    html! {
        p.small.mute.asof {
            (t!(
                lang,
                "振铃时长和通话时长包含被咨询、被转接时，以及班长监听、强插、强拆时的振铃和通话。空闲和后处理不含通话占用的时间，同时进行的通话只算一次；离线时的通话列在通话时长里，不计入利用率。计入工作的自定义状态单独一列，不计入利用率，其余自定义状态算忙碌。状态在公司时区的零点切开，合计的利用率 = 分子之和 ÷ 分母之和。",
                "Ringing and talk include consultations, transfers, monitoring, barge-in and forced disconnects. Idle and after-call work are without the time that calls take, and talk that goes on at the same time counts once; talk while offline stands under talk and not in the utilisation. Own states that count as work have a column of their own and are no part of the utilisation, other own states are busy. States are cut at the company's midnight, and the utilisation of a total is a ratio of sums."
            ))
            " "
            a.link href=(crate::reports::call::REPORT.path) { (t!(lang, "通话报表", "Report of calls")) }
        }
    }
    .into()
}
