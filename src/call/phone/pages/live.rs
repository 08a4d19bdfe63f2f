//! 实时通话: calls that run, for supervisors.

use crate::actions::phone::PressPhone;
use crate::model::phone::Act;
use crate::pages::mark::Numbers;
use crate::phone::bar::{state, supervising};
use crate::phone::queries::{self, Running, name_of};
use crate::phone::scene::Limb;
use identity::model::AgentOption;
use kernel::ctx::Ctx;
use kernel::error::Result;
use kernel::id::{AgentId, SwitchId};
use kernel::t;
use leptos::prelude::*;
use ui::dialog::{Confirm, confirm};
use ui::empty::empty;
use ui::form::{hidden, path_of};
use ui::page::Page;
use ui::table::scroll;
use ui::visit::Visit;

/// 实时通话, `/calls/live`.
pub async fn live_page(visit: Visit) -> Result<Page> {
    let lang = visit.lang();
    let (calls, form, ctx) = (queries::live(&visit.ctx).await?, visit.form("phone"), visit.ctx.clone());
    let mut tx = ctx.read().await?;
    let floor = Floor { agents: queries::colleagues(&mut tx).await?, switch: queries::simulated(&mut tx).await?, me: ctx.agent()? };
    drop(tx);
    let page = Page::new(t!(lang, "实时通话", "Running calls")).count(calls.len()).lead(t!(
        lang,
        "监听时双方听不到您；强插后三方互相听到；强拆会立即挂断客户和客服。",
        "Monitoring, nobody hears you; barging in, all three hear each other; a forced disconnect hangs up on customer and agent at once."
    ));
    Ok(page.body(move || {
        if calls.is_empty() {
            let text = t!(lang, "有人通话时会出现在这里", "Calls stand here while people talk");
            return view! { <div class="body">{form.summary()}</div>{empty("phone", t!(lang, "现在没有通话", "No call runs now"), text, ())} }.into_any();
        }
        let rows: Vec<AnyView> = calls.iter().map(|call| row(&ctx, call, &floor)).collect();
        let table = view! {
            <table class="table roomy fold" role="table">
                <thead role="rowgroup"><tr role="row">
                    <th role="columnheader" scope="col">{t!(lang, "号码", "Number")}</th>
                    <th role="columnheader" scope="col">{t!(lang, "方向", "Direction")}</th>
                    <th role="columnheader" scope="col">{t!(lang, "客服与状态", "Agents and states")}</th>
                    <th role="columnheader" scope="col">{t!(lang, "开始", "Began")}</th>
                    <th role="columnheader" scope="col">{t!(lang, "操作", "Actions")}</th>
                </tr></thead>
                <tbody role="rowgroup">{rows}</tbody>
            </table>
        };
        view! { <div class="body">{form.summary()}<section class="card">{scroll(t!(lang, "实时通话表", "Running calls"), table)}</section></div> }.into_any()
    }))
}

/// Who may be in the calls, who looks, and the switch that takes orders.
struct Floor {
    agents: Vec<AgentOption>,
    switch: Option<SwitchId>,
    me: AgentId,
}

fn row(ctx: &Ctx, call: &Running, floor: &Floor) -> AnyView {
    let lang = ctx.lang();
    let scene = &call.scene;
    let people: Vec<String> = scene
        .limbs
        .iter()
        .filter(|limb| limb.is_open())
        .filter_map(Limb::agent)
        .map(|agent| {
            let party = scene.limb_of(agent).map(|limb| name_of(&limb.party, &floor.agents)).unwrap_or_default();
            let how = state(scene, agent).map(|state| state.label(lang)).unwrap_or_default();
            t!(lang, "{0}（{1}）", "{0} ({1})", party, how)
        })
        .collect();
    let holder = scene.limbs.iter().find(|limb| limb.is_open() && scene.is_holder(limb)).and_then(Limb::agent);
    // A switch that only tells takes no orders: its calls are seen and no more.
    let acts = holder.filter(|_| floor.switch == Some(call.switch)).map(|agent| (agent, supervising(scene, floor.me, agent)));
    let buttons: Vec<AnyView> = acts
        .into_iter()
        .flat_map(|(agent, acts)| acts.into_iter().map(move |act| (agent, act)))
        .map(|(agent, act)| button(ctx, call, agent, act))
        .collect();
    let began = kernel::time::Stamp::from_micros(scene.started_at * 1_000).map(|began| ui::time::cell(began, ctx)).unwrap_or_default();
    view! {
        <tr role="row">
            <th role="rowheader" scope="row">{Numbers::of(ctx).show(scene.customer_number())}</th>
            <td role="cell" data-k=t!(lang, "方向", "Direction")>{scene.direction.label(lang)}</td>
            <td role="cell" class="wrap" data-k=t!(lang, "客服与状态", "Agents and states")>{people.join(t!(lang, "、", ", "))}</td>
            <td role="cell" data-k=t!(lang, "开始", "Began")>{began}</td>
            <td role="cell" data-k=t!(lang, "操作", "Actions")><span class="row">{buttons}</span></td>
        </tr>
    }
    .into_any()
}

fn button(ctx: &Ctx, call: &Running, agent: AgentId, act: Act) -> AnyView {
    let lang = ctx.lang();
    let fields = vec![
        ("order".to_owned(), ctx.uuid().to_string()),
        ("call".to_owned(), call.id.to_string()),
        ("agent".to_owned(), agent.to_string()),
        ("act".to_owned(), act.key().to_owned()),
    ];
    if act == Act::Force {
        let number = Numbers::of(ctx).show(call.scene.customer_number());
        return confirm(
            "btn risky",
            act.label(lang),
            Confirm {
                id: format!("force-{}", call.id),
                title: t!(lang, "强拆与 {} 的通话？", "Disconnect the call with {}?", number),
                text: t!(
                    lang,
                    "客户和客服会立即被挂断，不能恢复；客服的通话记录会写明“强拆挂断”。",
                    "Customer and agent are hung up on at once, which cannot be undone; the agent's record says “forced disconnect”."
                )
                .to_owned(),
                keep: t!(lang, "继续通话", "Let them talk").to_owned(),
                act: t!(lang, "强拆", "Force disconnect").to_owned(),
                path: path_of::<PressPhone>(),
                fields,
            },
        );
    }
    let inputs: Vec<AnyView> = fields.iter().map(|(name, value)| hidden(name, value)).collect();
    view! { <form method="post" action={path_of::<PressPhone>()}>{inputs}<button class="btn" type="submit">{act.label(lang)}</button></form> }
        .into_any()
}
