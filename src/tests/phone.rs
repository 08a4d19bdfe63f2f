//! 电话: accounts and extensions, the phone bar, after-call work, and agents who phone each other over the simulated switch.

mod switch;

use crate::tests::app::{TestApp, problem, problems};
use call::model::AnswerWay;
use call::model::phone::{AccountInput, Act, ExtensionsInput, Panel, PhoneSettingsInput, PressInput};
use call::model::switch::{SwitchInput, SwitchKind};
use call::phone::commands::{account, press};
use call::phone::queries;
use identity::model::account::AgentChoice;
use kernel::ctx::Ctx;
use kernel::error::Problem;
use kernel::id::AgentId;
use kernel::permission::Role;
use uuid::Uuid;

/// A company with the simulated switch, three agents with phones and extensions, and a supervisor with one.
pub(super) struct Hall {
    pub(super) test: TestApp,
    pub(super) admin: Ctx,
    pub(super) lilei: Ctx,
    pub(super) zhou: Ctx,
    pub(super) lin: Ctx,
}

/// The three agents: address, name, extension.
const PEOPLE: [(&str, &str, &str); 3] =
    [("lilei@example.com", "李雷", "8001"), ("zhou@example.com", "周航", "8002"), ("lin@example.com", "林悦", "8003")];

impl Hall {
    pub(super) async fn new() -> Hall {
        let test = TestApp::new().await;
        let admin = test.admin().await;
        let settings = PhoneSettingsInput { wrap_up_s: 30, busy_after_missed: 2, reason: "试用".to_owned(), ..Default::default() };
        account::save_settings(&admin, settings).await.expect("saved");
        let switch = SwitchInput { name: "模拟".to_owned(), kind: Some(SwitchKind::Simulated), enabled: true, ..Default::default() };
        call::commands::save(&admin, switch).await.expect("a switch");
        account::set_extensions(&admin, extensions("8001\n8002\n8003\n8004", "")).await.expect("set");
        for (email, name, extension) in PEOPLE {
            let role = if extension == "8003" { Role::CallAdmin } else { Role::CallAgent };
            let agent = test.new_agent(email, name, role, Vec::new()).await;
            account::bind(&admin, bound(agent, extension)).await.expect("bound");
            test.signed_in(email).await;
        }
        let [lilei, zhou, lin] = [test.ctx_of(PEOPLE[0].0).await, test.ctx_of(PEOPLE[1].0).await, test.ctx_of(PEOPLE[2].0).await];
        Hall { test, admin, lilei, zhou, lin }
    }

    /// Presses a button in the call that the agent is in.
    pub(super) async fn press(&self, ctx: &Ctx, act: Act, to: &str) -> kernel::error::Result {
        let call = match act {
            Act::Dial => None,
            _ => self.call_of(ctx).await,
        };
        press(ctx, &PressInput { order: Uuid::from_bytes(kernel::rng::bytes()), act, call, to: to.to_owned(), agent: None }).await
    }

    pub(super) async fn call_of(&self, ctx: &Ctx) -> Option<Uuid> {
        let mut tx = ctx.read().await.expect("a transaction");
        queries::running(&mut tx, ctx.agent().expect("an agent")).await.expect("read").map(|call| call.id)
    }

    /// Code of the phone bar's state (F§3.5).
    pub(super) async fn state(&self, ctx: &Ctx) -> i16 {
        let phone = queries::phone(ctx, Panel::Expanded).await.expect("read").expect("a phone");
        call::phone::pages::bar::state_of(&phone).code()
    }

    /// What the agent's state became, and why, oldest first.
    pub(super) async fn facts(&self, ctx: &Ctx) -> Vec<String> {
        let agent = ctx.agent().expect("an agent");
        self.test
            .list(format!(
                "select concat_ws(' ', state, reason, call_id is not null) from agent_state_changes where agent_id = '{agent}' order by changed_at, id"
            ))
            .await
    }
}

fn extensions(wanted: &str, before: &str) -> ExtensionsInput {
    ExtensionsInput { extensions: wanted.to_owned(), before: before.to_owned() }
}

pub(super) fn bound(agent: AgentId, extension: &str) -> AccountInput {
    AccountInput { agent, version: 0, answer_way: AnswerWay::Web, extension: extension.to_owned(), enabled: true }
}

#[tokio::test]
async fn an_account_that_is_not_activated_or_disabled_gets_no_extension() {
    let test = TestApp::new().await;
    let admin = test.admin().await;
    account::set_extensions(&admin, extensions("8001", "")).await.expect("set");
    let agent = test.new_agent("lilei@example.com", "李雷", Role::CallAgent, Vec::new()).await;
    identity::commands::account::disable(&admin, AgentChoice { id: agent }).await.expect("disabled");
    let refused = account::bind(&admin, bound(agent, "8001")).await;
    assert_eq!(problem(refused).text(kernel::lang::Lang::Zh), "客服账号已停用!");
    test.tamper(format!("update agents set status = 0 where id = '{agent}'")).await;
    let refused = account::bind(&admin, bound(agent, "8001")).await;
    assert_eq!(problem(refused).text(kernel::lang::Lang::Zh), "客服账号未激活!");
    assert_eq!(test.ask::<i64>("select count(*) from phone_accounts").await, 0);
}

#[tokio::test]
async fn s58_an_extension_is_one_agents_whoever_binds_it_at_the_same_moment() {
    let test = TestApp::new().await;
    let admin = test.admin().await;
    account::set_extensions(&admin, extensions("8001", "")).await.expect("set");
    let one = test.new_agent("one@example.com", "李雷", Role::CallAgent, Vec::new()).await;
    let two = test.new_agent("two@example.com", "周航", Role::CallAgent, Vec::new()).await;
    let (first, second) = tokio::join!(account::bind(&admin, bound(one, "8001")), account::bind(&admin, bound(two, "8001")));
    let refused = match (first, second) {
        (Ok(()), refused) | (refused, Ok(())) => refused,
        both => panic!("one of them binds it: {both:?}"),
    };
    assert_eq!(problems(refused), [("extension".to_owned(), Problem::ExtensionTaken)]);
    assert_eq!(test.ask::<i64>("select count(*) from phone_accounts where extension = '8001'").await, 1);
    let three = test.new_agent("three@example.com", "林悦", Role::CallAgent, Vec::new()).await;
    assert_eq!(problems(account::bind(&admin, bound(three, "9999")).await), [("extension".to_owned(), Problem::ExtensionUnknown)]);
    // Bound, it cannot go.
    let gone = account::set_extensions(&admin, extensions("8002", "8001")).await;
    assert_eq!(problems(gone), [("extensions".to_owned(), Problem::ExtensionInUse)]);
}

#[tokio::test]
async fn the_mobile_number_of_a_phone_is_that_of_its_account() {
    let hall = Hall::new().await;
    let agent = hall.lilei.agent().expect("an agent");
    let mobile = |version| AccountInput { version, answer_way: AnswerWay::Mobile, ..bound(agent, "8001") };
    assert_eq!(problems(account::bind(&hall.admin, mobile(1)).await), [("answer_way".to_owned(), Problem::MobileNeeded)]);
    let browser = hall.test.super_admin().await;
    let page = format!("/settings/agents/{agent}");
    let version = browser.get(&page).await.attribute("[name='input[version]']", "value");
    let id = agent.to_string();
    let edited = [
        ("id", id.as_str()),
        ("version", &version),
        ("email", "lilei@example.com"),
        ("name", "李雷"),
        ("nickname", "李雷"),
        ("phone", "13900139000"),
        ("role", "call_agent"),
    ];
    browser.submit(&page, "/do/agent/edit", &edited).await;
    account::bind(&hall.admin, mobile(1)).await.expect("there is a number now");
    let answer = browser.get(&format!("/settings/phones/{agent}")).await;
    assert!(answer.body.contains("13900139000"), "the phone account shows the account's number");
}

#[tokio::test]
async fn the_page_without_scripting_does_what_the_bar_does() {
    let hall = Hall::new().await;
    let browser = hall.test.signed_in("lilei@example.com").await;
    let page = browser.get("/phone").await;
    assert_eq!(page.attribute(".phone-page .phone", "data-state"), "1");
    assert!(page.texts(".phone-page form[action='/do/phone/click']").is_empty(), "expanded, the state text only says");
    assert!(!page.texts("#phone form[action='/do/phone/click']").is_empty(), "collapsed, it switches");
    assert!(page.texts("#phone option").is_empty(), "on every page stand no names of everybody");
    // Nothing typed is lost, and what is wrong is said.
    let order = page.attribute(".phone-page [name='input[order]']", "value");
    let wrong = browser.submit("/phone", "/do/phone/press", &[("order", &order), ("act", "dial"), ("to", "abc")]).await;
    assert_eq!(wrong.attribute(".phone-page [data-dial]", "value"), "abc");
    assert_eq!(wrong.text(".phone-page #phone-to"), Problem::BadPhone.text(kernel::lang::Lang::Zh));
    let called = browser.submit("/phone", "/do/phone/press", &[("order", &order), ("act", "dial"), ("to", "13800138001")]).await;
    assert_eq!(called.attribute(".phone-page .phone", "data-state"), "34");
    hall.test.later(jiff::SignedDuration::from_secs(5)).await;
    let talks = browser.get("/phone").await;
    assert_eq!(talks.attribute(".phone-page .phone", "data-state"), "32");
    let call = talks.attribute(".phone-page [name='input[call]']", "value");
    let order = talks.attribute(".phone-page [name='input[order]']", "value");
    let over = browser.submit("/phone", "/do/phone/press", &[("order", &order), ("act", "hang_up"), ("call", &call)]).await;
    assert_eq!(over.attribute(".phone-page .phone", "data-state"), "115");
    browser.submit("/phone", "/do/phone/state", &[("state", "meal")]).await;
    assert_eq!(hall.state(&hall.lilei).await, 118);
}

/// A click on the state, as a page shows it that says `from`.
async fn click(browser: &crate::tests::browser::Browser, panel: &str, from: &str) {
    let order = Uuid::from_bytes(kernel::rng::bytes()).to_string();
    browser.post("/", "/do/phone/click", &[("order", &order), ("from", from), ("panel", panel)]).await;
}

#[tokio::test]
async fn a_click_on_the_state_switches_it_while_the_panel_is_collapsed() {
    let hall = Hall::new().await;
    let browser = hall.test.signed_in("lilei@example.com").await;
    click(&browser, "expanded", "available").await;
    assert_eq!(hall.state(&hall.lilei).await, 1, "expanded, it does nothing");
    click(&browser, "collapsed", "available").await;
    assert_eq!(hall.state(&hall.lilei).await, 0);
    click(&browser, "collapsed", "available").await;
    assert_eq!(hall.state(&hall.lilei).await, 0, "a page that is behind changes nothing");
    click(&browser, "collapsed", "busy").await;
    assert_eq!(hall.state(&hall.lilei).await, 1);
    browser.post("/", "/do/phone/state", &[("state", "offline")]).await;
    click(&browser, "collapsed", "offline").await;
    assert_eq!(hall.state(&hall.lilei).await, -1, "offline, neither");
    let chosen = browser.post("/phone", "/do/phone/state", &[("state", "after_call")]).await;
    assert_eq!(chosen.status, 303);
    assert_eq!(hall.state(&hall.lilei).await, -1, "nobody chooses after-call work");
}

#[tokio::test]
async fn a_state_of_the_companys_own_is_chosen_and_kept_as_it_was_called() {
    let hall = Hall::new().await;
    let again = |own_states: &str, version| PhoneSettingsInput {
        version,
        wrap_up_s: 30,
        busy_after_missed: 2,
        own_states: own_states.to_owned(),
        ..PhoneSettingsInput::default()
    };
    let wrong = account::save_settings(&hall.admin, again("带教", 1)).await;
    assert_eq!(problems(wrong), [("own_states".to_owned(), Problem::StateFormat)]);
    account::save_settings(&hall.admin, again("带教 | Coaching | 1\n体检 | Check-up", 1)).await.expect("saved");
    let browser = hall.test.signed_in("lilei@example.com").await;
    browser.submit("/phone", "/do/phone/state", &[("own", "带教"), ("state", "busy")]).await;
    let page = browser.get("/phone").await;
    assert_eq!(page.text(".phone-page .phone .state b"), "带教");
    assert_eq!(hall.state(&hall.lilei).await, 0, "calls go elsewhere");
    account::save_settings(&hall.admin, again("", 2)).await.expect("saved");
    let kept: String = hall
        .test
        .ask("select own_state ->> 'en' || ' ' || (own_state ->> 'works') from agent_state_changes where own_state is not null")
        .await;
    assert_eq!(kept, "Coaching true");
    assert_eq!(problem(hall.press(&hall.zhou, Act::Dial, "8001").await), Problem::PhoneEngaged);
}

#[tokio::test]
async fn the_extension_of_who_is_disabled_goes_to_whoever_gets_it() {
    let hall = Hall::new().await;
    let [lilei, zhou] = [&hall.lilei, &hall.zhou].map(|ctx| ctx.agent().expect("an agent"));
    identity::commands::account::disable(&hall.admin, AgentChoice { id: lilei }).await.expect("disabled");
    let page = hall.test.super_admin().await.get(&format!("/settings/phones/{zhou}")).await;
    assert!(page.texts("[name='input[extension]'] option").contains(&"8001".to_owned()), "{}", page.body);
    account::bind(&hall.admin, AccountInput { version: 1, ..bound(zhou, "8001") }).await.expect("bound");
    let owners =
        "select concat_ws(' ', extension, enabled) from phone_accounts where agent_id in ('LILEI', 'ZHOU') order by extension nulls last";
    let owners = owners.replace("LILEI", &lilei.to_string()).replace("ZHOU", &zhou.to_string());
    assert_eq!(hall.test.list::<String>(owners).await, ["8001 t", "f"]);
    // What is bound to somebody disabled may also just be given up.
    identity::commands::account::disable(&hall.admin, AgentChoice { id: zhou }).await.expect("disabled");
    let given_up = AccountInput { version: 2, enabled: false, ..bound(zhou, "") };
    account::bind(&hall.admin, given_up).await.expect("given up");
    assert_eq!(hall.test.ask::<i64>("select count(*) from phone_accounts where extension = '8001'").await, 0);
}

#[tokio::test]
async fn extensions_that_changed_meanwhile_are_not_overwritten() {
    let hall = Hall::new().await;
    let late = account::set_extensions(&hall.admin, extensions("8001\n8002\n8003\n8005", "8001\n8002\n8003")).await;
    assert_eq!(problem(late), Problem::Stale);
}
