//! 电话条, drawn in one place: in the frame of the console, where an island serves it, and on its own page, whose forms work
//! without scripting. Each button is a form with an id of its own, so that a press counts once.

use crate::actions::phone::{ChoosePhoneState, ClickPhone, ExtendWrapUp, PhoneBar, PressPhone};
use crate::model::event::Party;
use crate::model::phone::{Act, BarInput, Panel, PhoneState, WRAP_MOST_S, WRAP_STEP_S};
use crate::pages::mark::Numbers;
use crate::phone::bar::{acts, at_rest, state};
use crate::phone::queries::{self, Phone, Running, name_of};
use crate::phone::scene::Limb;
use identity::model::AgentState;
use kernel::ctx::Ctx;
use kernel::error::{Problem, Result};
use kernel::lang::Lang;
use kernel::permission::Permission;
use kernel::t;
use leptos::prelude::*;
use maud::{Markup, html};
use ui::form::{FormState, path_of};
use ui::icon::written;
use ui::page::Page;
use ui::visit::Visit;
use ui::written::Written;

/// 电话条 of the frame; nothing for whoever has no phone.
pub async fn slot(ctx: &Ctx) -> Result<Option<Written>> {
    let Some(phone) = queries::phone(ctx, Panel::Collapsed).await? else { return Ok(None) };
    let inside = draw(ctx, &phone, &Around::default());
    Ok(Some(html! { div id="phone" data-bar=(path_of::<PhoneBar>()) { (inside) } }.into()))
}

/// What stands in the slot, drawn anew for an open page.
pub async fn inside(ctx: &Ctx, input: &BarInput) -> Result<String> {
    let around = Around { problem: Problem::from_key(&input.problem), form: None };
    let phone = queries::phone(ctx, Panel::Collapsed).await?;
    Ok(phone.map(|phone| draw(ctx, &phone, &around).into_string()).unwrap_or_default())
}

/// 电话, `/phone`: the same state and buttons as plain forms.
pub async fn phone_page(visit: Visit) -> Result<Page> {
    let lang = visit.lang();
    let (phone, form) = (queries::phone(&visit.ctx, Panel::Expanded).await?, visit.form("phone"));
    let page = Page::new(t!(lang, "电话", "Phone"));
    let Some(phone) = phone else {
        let text = Problem::PhoneNone.text(lang);
        return Ok(page.body(move || ui::empty::empty("phone", t!(lang, "没有电话账号", "No phone account"), text, ())));
    };
    let lead = t!(lang, "不用脚本也能用；状态变了请刷新本页。", "Works without scripting; load the page again to see what changed.");
    let bar: Written = draw(&visit.ctx, &phone, &Around { problem: None, form: Some(&form) }).into();
    Ok(page.lead(lead).body(move || view! { <div class="body narrow phone-page">{form.summary()}{bar}</div> }))
}

/// How the phone is.
#[must_use]
pub fn state_of(phone: &Phone) -> PhoneState {
    phone.call.as_ref().and_then(|call| state(&call.scene, phone.me)).unwrap_or_else(|| at_rest(phone.chosen))
}

/// Since when, in milliseconds since 1970.
fn since(phone: &Phone) -> i64 {
    let limb = phone.call.as_ref().and_then(|call| call.scene.limb_of(phone.me));
    limb.map(|limb| limb.since).or(phone.since.map(|since| since.micros() / 1_000)).unwrap_or_default()
}

/// What the bar answers to: a press of an open page, or the forms of its own page.
#[derive(Clone, Copy, Default)]
struct Around<'a> {
    /// What was wrong with the last press.
    problem: Option<Problem>,
    /// The forms of the page of the phone, whose panel is always open.
    form: Option<&'a FormState>,
}

impl Around<'_> {
    const fn panel(&self) -> Panel {
        if self.form.is_some() { Panel::Expanded } else { Panel::Collapsed }
    }
}

fn draw(ctx: &Ctx, phone: &Phone, around: &Around<'_>) -> Markup {
    let (lang, now, panel, problem) = (ctx.lang(), state_of(phone), around.panel(), around.problem);
    let call = phone.call.as_ref().filter(|_| phone.takes_orders);
    let possible = call.map(|call| acts(&call.scene, phone.me)).unwrap_or_default();
    let is_ringing = phone.call.as_ref().and_then(|call| call.scene.limb_of(phone.me)).is_some_and(Limb::is_calling);
    // What the call opens is nobody's wish: it closes with what opened it.
    let is_auto = panel == Panel::Collapsed && (is_ringing || problem.is_some());
    let is_open = panel == Panel::Expanded || is_auto;
    // 强拆 says its consequence first: that stands on the page of running calls.
    let knobs = possible.iter().filter(|act| !matches!(act, Act::Transfer | Act::Consult | Act::Force));
    html! {
        div class=(if phone.call.is_some() { "phone live" } else { "phone" }) role="group" aria-label=(t!(lang, "电话条", "Phone bar")) data-state=(now.code()) {
            (state_text(ctx, phone, now, panel))
            @if let Some(call) = &phone.call { (who(ctx, phone, call)) span.sep {} }
            @for act in knobs { (knob(ctx, phone, *act)) }
            @if possible.contains(&Act::Force) { a.knob.end href="/calls/live" { (icon("phone-off")) span { (Act::Force.label(lang)) } } }
            details.phone-panel open[is_open] data-auto[is_auto] {
                summary.knob aria-label=(t!(lang, "展开电话条", "Open the phone bar")) title=(t!(lang, "展开电话条", "Open the phone bar")) { (icon("chevron-down")) }
                div.phone-sheet {
                    @if let Some(problem) = problem { p.wrong role="alert" { (problem.text(lang)) } }
                    @if let Some(call) = &phone.call { (pop_up(ctx, phone, call, is_ringing)) }
                    @else { (states(phone, lang)) }
                    @if !phone.takes_orders { p.small.mute { (t!(lang, "在话机上操作，这里只显示。", "Operate the telephone itself; it is only shown here.")) } }
                    @else if phone.call.is_none() && phone.chosen != AgentState::Offline { (targets(ctx, phone, around.form, &[Act::Dial])) }
                    @if possible.contains(&Act::Transfer) { (targets(ctx, phone, around.form, &[Act::Transfer, Act::Consult])) }
                }
            }
        }
    }
}

/// The state with its timer. Collapsed and not offline it is a button that switches at once; otherwise plain text.
fn state_text(ctx: &Ctx, phone: &Phone, now: PhoneState, panel: Panel) -> Markup {
    let lang = ctx.lang();
    let led = match phone.chosen {
        AgentState::Offline => "led off",
        chosen if phone.call.is_none() && chosen != AgentState::Available => "led busy",
        _ => "led",
    };
    let own = phone.own.as_ref().filter(|_| phone.call.is_none()).map(|own| own.label(lang));
    let text = html! { span class=(led) {} b { (own.unwrap_or(now.label(lang))) } time.mute data-since=(since(phone)) {} };
    let switches = phone.call.is_none() && crate::phone::bar::on_click(phone.chosen, panel).is_some();
    let may_extend = now == PhoneState::AfterCall && phone.account.wrap_extended_s + WRAP_STEP_S <= WRAP_MOST_S;
    html! {
        @if switches {
            form.click method="post" action=(path_of::<ClickPhone>()) data-click="" {
                (order(ctx))
                input type="hidden" name="input[from]" value=(phone.chosen.key());
                input type="hidden" name="input[panel]" value=(panel.key());
                button.state type="submit" title=(t!(lang, "点击切换状态", "Click to switch the state")) { (text) }
            }
            // With the panel open the text only says; its states stand in the list below.
            span.state.said { (text) }
        } @else { span.state { (text) } }
        @if may_extend {
            form method="post" action=(path_of::<ExtendWrapUp>()) {
                (order(ctx))
                button.knob type="submit" { (icon("timer")) span { (t!(lang, "延长 {} 秒", "{} s more", WRAP_STEP_S)) } }
            }
        }
    }
}

fn who(ctx: &Ctx, phone: &Phone, call: &Running) -> Markup {
    let (lang, number) = (ctx.lang(), shown(ctx, call, call.scene.customer_number()));
    let name = phone.customer.as_ref().map(|customer| customer.nickname.clone());
    let colleague = call.scene.limbs.iter().find(|limb| limb.agent().is_some_and(|agent| agent != phone.me));
    let colleague = colleague.filter(|_| call.scene.is_internal()).map(|limb| name_of(&limb.party, &phone.colleagues));
    html! {
        span.who-on {
            (name.or(colleague).unwrap_or_else(|| t!(lang, "外线", "Outside").to_owned())) " " span.mute { (number) }
        }
    }
}

/// A number of a call, masked for whoever may not see it; an extension of a colleague is no secret.
fn shown(ctx: &Ctx, call: &Running, number: &str) -> String {
    if call.scene.is_internal() { number.to_owned() } else { Numbers::of(ctx).show(number) }
}

/// A button that takes nothing else.
fn knob(ctx: &Ctx, phone: &Phone, act: Act) -> Markup {
    let lang = ctx.lang();
    let (picture, keys) = match act {
        Act::Answer => ("phone-incoming", Some("Alt+A")),
        Act::HangUp => ("phone-off", Some("Alt+E")),
        Act::Hold => ("pause", Some("Alt+H")),
        Act::Resume => ("play", Some("Alt+H")),
        Act::Confirm => ("check", None),
        Act::ThreeWay => ("users", None),
        Act::Barge => ("mic", None),
        _ => ("x", None),
    };
    let class = if act == Act::HangUp { "knob end" } else { "knob" };
    let key = if act == Act::Resume { Act::Hold } else { act };
    html! {
        form method="post" action=(path_of::<PressPhone>()) {
            (order(ctx))
            (call_of(phone))
            button class=(class) type="submit" name="input[act]" value=(act.key()) data-act=(key.key()) aria-keyshortcuts=[keys] aria-label=(act.label(lang)) {
                (icon(picture)) span { (act.label(lang)) }
            }
        }
    }
}

/// 拨号, 转接, 咨询: to a colleague or a group, and to a number.
fn targets(ctx: &Ctx, phone: &Phone, form: Option<&FormState>, buttons: &[Act]) -> Markup {
    let lang = ctx.lang();
    let may_group = buttons.contains(&Act::Transfer);
    let others = phone.colleagues.iter().filter(|agent| agent.id != phone.me);
    // What was typed stands there again, in the field that it came from.
    let typed = form.map(|form| form.value_or("to", "")).unwrap_or_default();
    let is_choice = typed.starts_with("agent:") || typed.starts_with("group:");
    let problem = form.and_then(|form| form.problem("to"));
    let (wrong_number, wrong_choice) = if is_choice { (None, problem) } else { (problem, None) };
    let number = if is_choice { "" } else { typed.as_str() };
    let choice = |value: String, name: &str| html! { option value=(value) selected[value == typed] { (name) } };
    let press = |ctx: &Ctx| {
        html! { @for act in buttons { button.btn type="submit" name="input[act]" value=(act.key()) data-act=(act.key()) { (act.label(ctx.lang())) } } }
    };
    html! {
        form.row method="post" action=(path_of::<PressPhone>()) {
            (order(ctx)) (call_of(phone))
            input.input name="input[to]" type="tel" inputmode="tel" autocomplete="off" data-dial="" value=(number) aria-invalid=[wrong_number.map(|_| "true")] aria-describedby=[wrong_number.map(|_| "phone-to")] aria-label=(t!(lang, "号码或分机", "Number or extension")) placeholder=(t!(lang, "号码或分机", "Number or extension"));
            (press(ctx))
            @if let Some(text) = wrong_number { p.wrong id="phone-to" { (text) } }
        }
        @if !phone.colleagues.is_empty() {
            form.row method="post" action=(path_of::<PressPhone>()) {
                (order(ctx)) (call_of(phone))
                select.select name="input[to]" aria-invalid=[wrong_choice.map(|_| "true")] aria-describedby=[wrong_choice.map(|_| "phone-choice")] aria-label=(t!(lang, "同事或技能组", "Colleague or group")) {
                    option value="" { (t!(lang, "选择同事或技能组", "Choose a colleague or group")) }
                    @for agent in others { (choice(format!("agent:{}", agent.id), &agent.name)) }
                    @if may_group { @for group in &phone.groups { (choice(format!("group:{}", group.id), &group.name)) } }
                }
                (press(ctx))
                @if let Some(text) = wrong_choice { p.wrong id="phone-choice" { (text) } }
            }
        }
    }
}

/// 来电弹屏: who calls, what they waited for and how long, and what to do about it.
fn pop_up(ctx: &Ctx, phone: &Phone, call: &Running, is_ringing: bool) -> Markup {
    let lang = ctx.lang();
    let scene = &call.scene;
    let waited = scene.queue.map(|(group, from, left)| {
        let name = phone.groups.iter().find(|known| known.id == group).map(|known| known.name.clone()).unwrap_or_default();
        (name, (left.unwrap_or(scene.last_at) - from) / 1_000)
    });
    let others = scene.limbs.iter().filter(|limb| limb.is_open() && limb.agent() != Some(phone.me));
    let name = |party: &Party| match party {
        Party::Agent { .. } => name_of(party, &phone.colleagues),
        Party::Customer { number } | Party::Third { number } => Numbers::of(ctx).show(number),
    };
    let others: Vec<String> = others.filter(|limb| !matches!(limb.party, Party::Customer { .. })).map(|limb| name(&limb.party)).collect();
    // A number that may not be seen does not stand in an address either.
    let find = match Numbers::of(ctx) {
        Numbers::Whole => format!("/tickets/new?find={}", ui::visit::encoded(scene.customer_number())),
        Numbers::Masked => "/tickets/new".to_owned(),
    };
    html! {
        @if is_ringing { p role="alert" { b { (t!(lang, "来电：{}", "Incoming call: {}", shown(ctx, call, &scene.caller))) } } }
        @match &phone.customer {
            Some(customer) => p {
                @if ctx.may(Permission::CustomerView) { a.to href=(format!("/customers/{}", customer.id)) { (customer.nickname) } } @else { b { (customer.nickname) } }
                @if ctx.may(Permission::TicketCreate) { " " a.btn href=(format!("/tickets/new?customer={}", customer.id)) { (t!(lang, "新建工单", "Create ticket")) } }
            },
            None if !scene.is_internal() => p.mute {
                (t!(lang, "没有匹配的客户", "No customer has this number"))
                @if ctx.may(Permission::TicketCreate) { " " a.btn href=(find) { (t!(lang, "新建工单", "Create ticket")) } }
            },
            None => {},
        }
        @if let Some((group, seconds)) = waited { p.small { (t!(lang, "技能组 {0}，等待 {1} 秒", "Group {0}, waited {1} s", group, seconds)) } }
        @if !others.is_empty() { p.small { (t!(lang, "通话中还有：{}", "Also in the call: {}", others.join(t!(lang, "、", ", ")))) } }
    }
}

/// The list of states in the open panel, those of the company behind the others.
fn states(phone: &Phone, lang: Lang) -> Markup {
    let is_now = |chosen: bool| if chosen { "true" } else { "false" };
    html! {
        div.list {
            @for state in AgentState::ALL.iter().filter(|state| state.is_chosen()) {
                form method="post" action=(path_of::<ChoosePhoneState>()) {
                    button type="submit" name="input[state]" value=(state.key()) aria-pressed=(is_now(*state == phone.chosen && phone.own.is_none())) {
                        span class=(state.light()) {} (state.label(lang))
                    }
                }
            }
            @for own in &phone.own_states {
                form method="post" action=(path_of::<ChoosePhoneState>()) {
                    input type="hidden" name="input[own]" value=(own.zh);
                    button type="submit" name="input[state]" value=(AgentState::Busy.key()) aria-pressed=(is_now(phone.own.as_ref() == Some(own))) {
                        span class=(AgentState::Break.light()) {} (own.label(lang))
                    }
                }
            }
        }
    }
}

fn order(ctx: &Ctx) -> Markup {
    html! { input type="hidden" name="input[order]" value=(ctx.uuid().to_string()); }
}

fn call_of(phone: &Phone) -> Markup {
    html! { @if let Some(call) = &phone.call { input type="hidden" name="input[call]" value=(call.id.to_string()); } }
}

fn icon(name: &'static str) -> Written {
    written(name, "i")
}
