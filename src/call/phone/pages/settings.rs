//! 电话账号与设置: wrap-up and busy rules, the company's extensions, and who has a phone.

use crate::actions::phone::{SaveExtensions, SavePhoneSettings};
use crate::model::phone::own_lines;
use crate::phone::queries::{self, AccountRow};
use identity::model::AgentOption;
use kernel::error::Result;
use kernel::lang::Lang;
use kernel::t;
use leptos::prelude::*;
use ui::form::field::{Area, Input, reason};
use ui::form::{hidden, path_of};
use ui::page::Page;
use ui::table::scroll;
use ui::tag::or_dash;
use ui::visit::Visit;

/// Where the page lives.
pub(crate) const ADDRESS: &str = "/settings/phones";

/// 电话账号与设置, `/settings/phones`.
pub async fn phones_page(visit: Visit) -> Result<Page> {
    let lang = visit.lang();
    let accounts = queries::accounts(&visit.ctx).await?;
    let mut tx = visit.ctx.read().await?;
    let in_force = queries::settings(&mut tx).await?;
    let extensions = queries::extensions(&mut tx).await?;
    let agents = identity::queries::agent_options(&mut tx).await?;
    drop(tx);
    let (form, lines) = (visit.form("phone_settings"), visit.form("phone_extensions"));
    let page = Page::new(t!(lang, "电话账号与设置", "Phones"))
        .history(&visit.ctx, "phone_settings")
        .crumb(t!(lang, "设置", "Settings"), "/settings")
        .lead(t!(lang, "谁用什么接电话，通话之后多久空闲。", "Who takes calls on what, and how soon they are free again."));
    Ok(page.body(move || {
        let value = in_force.value;
        let rows: Vec<AnyView> = agents.iter().map(|agent| row(lang, agent, accounts.iter().find(|row| row.agent == agent.id))).collect();
        let table = view! {
            <table class="table roomy fold" role="table">
                <thead role="rowgroup"><tr role="row">
                    <th role="columnheader" scope="col">{t!(lang, "客服", "Agent")}</th>
                    <th role="columnheader" scope="col">{t!(lang, "接听方式", "Answers on")}</th>
                    <th role="columnheader" scope="col">{t!(lang, "分机", "Extension")}</th>
                    <th role="columnheader" scope="col">{t!(lang, "状态", "State")}</th>
                </tr></thead>
                <tbody role="rowgroup">{rows}</tbody>
            </table>
        };
        view! {
            <div class="body stack">
                <section class="card"><header><h2>{t!(lang, "电话账号", "Phone accounts")}</h2></header>{scroll(t!(lang, "电话账号表", "Phone accounts"), table)}</section>
                <form class="card" method="post" action={path_of::<SaveExtensions>()}>
                    <header><h2>{t!(lang, "SIP分机", "SIP extensions")}</h2></header>
                    <div class="in stack">
                        {lines.summary()}
                        {hidden("before", extensions.join("\n"))}
                        {Area::new("extensions", t!(lang, "公司的分机，每行一个", "The company's extensions, one a line")).value(extensions.join("\n")).rows(6).hint(t!(lang, "2 至 8 位数字。已绑定客服的分机不能去掉。", "2 to 8 digits. One that is bound to an agent cannot go.")).view(&lines)}
                    </div>
                    <footer><span class="end"><button class="btn main" type="submit">{t!(lang, "保存分机", "Save extensions")}</button></span></footer>
                </form>
                <form class="card" method="post" action={path_of::<SavePhoneSettings>()}>
                    <header><h2>{t!(lang, "通话之后", "After calls")}</h2></header>
                    <div class="in stack">
                        {form.summary()}
                        {hidden("version", in_force.version)}
                        {Input::text("wrap_up_s", t!(lang, "后处理时长（秒）", "After-call work (seconds)")).kind("number").class("short").required().value(value.wrap_up_s).hint(t!(lang, "0 至 600，0 为没有。客服每次可延长 60 秒，最多 300 秒。", "0 to 600, 0 for none. Agents extend it by 60 seconds at a time, by 300 at most.")).view(&form)}
                        {Input::text("busy_after_missed", t!(lang, "连续未接几次后置忙", "Busy after so many missed calls")).kind("number").class("short").required().value(value.busy_after_missed).hint(t!(lang, "0 至 20，0 为不置忙", "0 to 20, 0 for never")).view(&form)}
                        {Area::new("own_states", t!(lang, "自定义状态，每行一个", "Own states, one a line")).value(own_lines(&value.own_states)).rows(4).hint(t!(lang, "写成“中文 | English”，计入工作的在后面加“ | 1”。处于这些状态时不接电话。", "As “中文 | English”, with “ | 1” behind what counts as work. Calls go elsewhere meanwhile.")).view(&form)}
                        {reason(&form)}
                    </div>
                    <footer><a class="btn quiet" href="/settings/switches/simulated">{t!(lang, "模拟交换机", "Simulated switch")}</a><span class="end"><button class="btn main" type="submit">{t!(lang, "保存电话设置", "Save phone settings")}</button></span></footer>
                </form>
            </div>
        }
    }))
}

fn row(lang: Lang, agent: &AgentOption, account: Option<&AccountRow>) -> AnyView {
    let way = account.map(|account| account.answer_way.label(lang)).unwrap_or_default();
    let extension = account.and_then(|account| account.extension.clone()).unwrap_or_default();
    let state = match account {
        None => t!(lang, "没有电话", "No phone"),
        Some(account) if account.enabled => t!(lang, "启用", "In use"),
        Some(_) => t!(lang, "停用", "Not in use"),
    };
    view! {
        <tr role="row">
            <th role="rowheader" scope="row"><a class="to" href=format!("{ADDRESS}/{}", agent.id)>{agent.name.clone()}</a></th>
            <td role="cell" data-k=t!(lang, "接听方式", "Answers on")>{or_dash(way)}</td>
            <td role="cell" data-k=t!(lang, "分机", "Extension")>{or_dash(&extension)}</td>
            <td role="cell" data-k=t!(lang, "状态", "State")>{state}</td>
        </tr>
    }
    .into_any()
}
