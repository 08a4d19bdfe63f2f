//! 电话账号: one agent's answer way and extension.

use super::settings::ADDRESS;
use crate::actions::phone::BindPhone;
use crate::model::AnswerWay;
use crate::phone::queries;
use kernel::error::Result;
use kernel::id::AgentId;
use kernel::t;
use leptos::prelude::*;
use ui::form::choice::{Check, Select};
use ui::form::{hidden, path_of};
use ui::page::Page;
use ui::visit::Visit;

/// 电话账号, `/settings/phones/{id}`: the id is the agent's.
pub async fn account_page(visit: Visit) -> Result<Page> {
    let (lang, agent): (_, AgentId) = (visit.lang(), visit.param("id")?);
    let mut tx = visit.ctx.read().await?;
    let (_, mobile) = identity::queries::status_of(&mut tx, agent).await?;
    let account = queries::account(&mut tx, agent).await?;
    let name = identity::queries::name_of(&mut tx, agent).await?;
    let free: Vec<(String, String)> =
        queries::free_extensions(&mut tx, agent).await?.into_iter().map(|extension| (extension.clone(), extension)).collect();
    drop(tx);
    let form = visit.form("phone_account");
    let page = Page::new(name).crumb(t!(lang, "设置", "Settings"), "/settings").crumb(t!(lang, "电话账号与设置", "Phones"), ADDRESS);
    let mobile = if mobile.is_empty() { t!(lang, "未填写", "none").to_owned() } else { mobile };
    Ok(page.body(move || {
        let way = account.as_ref().map_or(AnswerWay::Web, |account| account.answer_way);
        let extension = account.as_ref().and_then(|account| account.extension.clone()).unwrap_or_default();
        let ways = AnswerWay::ALL.iter().map(|way| (way.key(), way.label(lang)));
        view! {
            <div class="body narrow">
                <form class="card" method="post" action={path_of::<BindPhone>()}>
                    <div class="in stack">
                        {form.summary()}
                        {hidden("agent", agent)}
                        {hidden("version", account.as_ref().map_or(0, |account| account.version))}
                        {Select::new("answer_way", t!(lang, "接听方式", "Answers on")).options(ways).selected(way.key()).view(&form)}
                        {Select::new("extension", t!(lang, "SIP分机", "SIP extension")).empty(t!(lang, "不绑定", "None")).options(free).selected(extension).hint(t!(lang, "一个分机只能绑定一位客服", "One extension is one agent's")).view(&form)}
                        {Check::new("enabled", t!(lang, "启用电话", "Phone in use")).checked(account.as_ref().is_none_or(|account| account.enabled)).switch().view(&form)}
                        <p class="small mute">{t!(lang, "手机号码：{}。", "Mobile number: {}.", mobile)}" "<a href=format!("/settings/agents/{agent}")>{t!(lang, "在客服账号里修改", "Change it in the agent's account")}</a></p>
                    </div>
                    <footer><span class="end row"><a class="btn quiet" href=ADDRESS>{t!(lang, "放弃", "Discard")}</a><button class="btn main" type="submit">{t!(lang, "保存电话账号", "Save phone account")}</button></span></footer>
                </form>
            </div>
        }
    }))
}
