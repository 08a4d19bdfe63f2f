//! 模拟交换机: calls from outside on paper, and how outside numbers behave.

use crate::actions::phone::{EndSimulatedCall, PlayStory, SimulateCall};
use crate::pages::mark::Numbers;
use crate::phone::queries;
use kernel::error::Result;
use kernel::lang::Lang;
use kernel::permission::Permission;
use kernel::t;
use leptos::prelude::*;
use ui::form::choice::{Checks, Select};
use ui::form::field::Input;
use ui::form::{hidden, path_of};
use ui::page::Page;
use ui::tag::{Tone, note};
use ui::visit::Visit;

/// 模拟交换机, `/settings/switches/simulated`.
pub async fn simulated_page(visit: Visit) -> Result<Page> {
    let lang = visit.lang();
    let mut tx = visit.ctx.read().await?;
    let switch = queries::simulated(&mut tx).await?;
    let agents = queries::colleagues(&mut tx).await?;
    let groups = queries::skill_groups(&mut tx).await?;
    drop(tx);
    let calls = if visit.ctx.may(Permission::CallSupervise) { queries::live(&visit.ctx).await? } else { Vec::new() };
    let numbers = Numbers::of(&visit.ctx);
    let (form, telling, ending) = (visit.form("simulate"), visit.form("story"), visit.form("simulate_end"));
    let page = Page::new(t!(lang, "模拟交换机", "Simulated switch"))
        .crumb(t!(lang, "设置", "Settings"), "/settings")
        .crumb(t!(lang, "电话账号与设置", "Phones"), super::settings::ADDRESS)
        .lead(t!(
            lang,
            "没有声音，也不会拨到真的号码；电话条和通话记录都和真的一样。",
            "Nothing is heard and no real number is called; phone bar and records are as with a real switch."
        ));
    Ok(page.body(move || {
        let off = switch.is_none().then(|| {
            let text = t!(lang, "先在电话交换机里新建并启用一台类型为“模拟交换机”的交换机。", "First add a switch of the kind “simulated switch” to the telephone switches, enabled.");
            note(Tone::Warn, "triangle-alert", t!(lang, "还没有模拟交换机", "There is no simulated switch yet"), text)
        });
        let whom: Vec<(String, String)> = agents
            .iter()
            .map(|agent| (format!("agent:{}", agent.id), agent.name.clone()))
            .chain(groups.iter().map(|group| (format!("group:{}", group.id), group.name.clone())))
            .collect();
        let players: Vec<_> = agents.iter().map(|agent| (agent.id, agent.name.clone())).collect();
        let stories: Vec<_> = crate::story::all().iter().map(|story| (story.name(Lang::En), story.name(lang))).collect();
        let speeds = [(1, t!(lang, "和真的一样快", "As in life")), (5, t!(lang, "5 倍", "5 times as fast")), (30, t!(lang, "30 倍", "30 times as fast"))];
        let running: Vec<AnyView> = calls
            .iter()
            .filter(|call| switch == Some(call.switch) && call.scene.has_customer())
            .map(|call| {
                let words = t!(lang, "{} 挂断", "{} hangs up", numbers.show(call.scene.customer_number()));
                view! { <form method="post" action={path_of::<EndSimulatedCall>()}>{hidden("call", call.id)}<button class="btn" type="submit">{words}</button></form> }.into_any()
            })
            .collect();
        let scripts = [
            ("1 3 5 7 9", t!(lang, "3 秒后接听", "answers after 3 seconds")),
            ("0", t!(lang, "振铃 30 秒，无人接听", "rings for 30 seconds, nobody answers")),
            ("2", t!(lang, "忙线", "is engaged")),
            ("4", t!(lang, "空号", "does not exist")),
            ("6", t!(lang, "关机", "is switched off")),
            ("8", t!(lang, "5 秒后拒接", "rejects after 5 seconds")),
        ];
        let scripts: Vec<AnyView> =
            scripts.into_iter().map(|(digits, does)| view! { <tr><th scope="row">{digits}</th><td>{does}</td></tr> }.into_any()).collect();
        view! {
            <div class="body narrow stack">
                {off}
                <form class="card" method="post" action={path_of::<SimulateCall>()}>
                    <header><h2>{t!(lang, "打进来", "Call in")}</h2></header>
                    <div class="in stack">
                        {form.summary()}
                        {Input::text("number", t!(lang, "来电号码", "Calling number")).kind("tel").value("13800138000").required().view(&form)}
                        {Select::new("to", t!(lang, "打给谁", "To whom")).options(whom).view(&form)}
                    </div>
                    <footer><span class="end"><button class="btn main" type="submit">{t!(lang, "打进来", "Call in")}</button></span></footer>
                </form>
                <form class="card" method="post" action={path_of::<PlayStory>()}>
                    <header><h2>{t!(lang, "播放剧本", "Play a story")}</h2></header>
                    <div class="in stack">
                        {telling.summary()}
                        {Select::new("story", t!(lang, "剧本", "Story")).options(stories).view(&telling)}
                        {Select::new("speed", t!(lang, "速度", "Speed")).options(speeds).selected(1).view(&telling)}
                        {Checks::new("agents", t!(lang, "由谁出演，按顺序", "Who plays, in order")).options(players).view(&telling)}
                    </div>
                    <footer><span class="end"><button class="btn main" type="submit">{t!(lang, "播放剧本", "Play the story")}</button></span></footer>
                </form>
                <section class="card">
                    <header><h2>{t!(lang, "客户挂断", "The customer hangs up")}</h2></header>
                    <div class="in stack">{ending.summary()}{running}</div>
                </section>
                <section class="card">
                    <header><h2>{t!(lang, "打出去：看号码的最后一位", "Calling out: by the number's last digit")}</h2></header>
                    <table class="table"><thead><tr><th scope="col">{t!(lang, "最后一位", "Last digit")}</th><th scope="col">{t!(lang, "对方", "The other side")}</th></tr></thead><tbody>{scripts}</tbody></table>
                </section>
            </div>
        }
    }))
}
