//! 导出与导入: the same bytes after everything was taken away and put back, here and in another company.

use super::{BOSS, kind, objects};
use crate::demo;
use crate::tests::app::{ADMIN, PASSWORD, TestApp, problem};
use config::commands::{Prepared, apply, export, prepare};
use config::plan::Act;
use config::queries::versions;
use identity::commands::company::{NewCompany, create_company};
use identity::model::company::GroupInput;
use kernel::ctx::Ctx;
use kernel::error::Problem;
use kernel::lang::Lang;
use kernel::permission::Role;

/// A file of nothing.
pub const EMPTY: &str = "format = 1\n";

/// The plan of a file.
pub async fn plan_of(ctx: &Ctx, text: &str, prune: bool) -> Prepared {
    prepare(ctx, text, prune).await.expect("a plan")
}

/// What is wrong with it.
pub fn said(done: &Prepared) -> String {
    done.faults.iter().map(|fault| fault.text(Lang::En)).collect::<Vec<_>>().join("\n")
}

/// Applies a file that nothing is wrong with.
pub async fn put(ctx: &Ctx, text: &str, prune: bool) {
    let plan = plan_of(ctx, text, prune).await;
    assert_eq!(said(&plan), "");
    let done = apply(ctx, text, prune, &plan.base, "导入").await.expect("applied");
    assert_eq!(said(&done), "");
}

/// Takes people out of what an account has, which a file cannot.
async fn freed(test: &TestApp) {
    test.tamper("update agents set unit_id = null, department_id = null, permission_group_id = null").await;
}

#[tokio::test]
async fn the_demo_comes_back_byte_by_byte_here_and_in_another_company() {
    let test = TestApp::empty().await;
    let founded = demo::furnish(&test.app, Lang::Zh).await.expect("the demo");
    let system = test.app.system(founded.company).await.expect("the company");
    let file = export(&system, None).await.expect("a file");
    for kind in ["group", "category", "trigger", "sla", "calendar", "mailbox"] {
        assert!(file.contains(&format!("[[{kind}]]")), "the demo has a {kind}: {file}");
    }
    assert!(plan_of(&system, &file, true).await.plan.steps.is_empty(), "it is what it is");
    freed(&test).await;
    put(&system, EMPTY, true).await;
    let wiped = export(&system, None).await.expect("a file");
    for kind in test.app.kinds.iter().filter(|kind| !kind.is_single) {
        assert!(!wiped.contains(&format!("[[{}]]", kind.key)), "nothing is left of {}: {wiped}", kind.key);
    }
    put(&system, &file, true).await;
    assert_eq!(export(&system, None).await.expect("a file"), file);
    assert_eq!(export(&system, Some(system.now())).await.expect("a file"), file, "and as of now");
    // Elsewhere the same people work; the addresses of mailboxes are free once the first company lets go of them.
    put(&system, EMPTY, true).await;
    let new = NewCompany {
        name: "新公司".to_owned(),
        time_zone: "UTC".to_owned(),
        lang: Lang::En,
        is_demo: false,
        email: BOSS.to_owned(),
        admin: "Boss".to_owned(),
        password: PASSWORD.to_owned(),
    };
    let second = create_company(&test.app, new).await.expect("a company");
    let ids = "gen_random_uuid(), email, name, nickname, role, status, password_hash, created_at";
    test.tamper(format!(
        "insert into agents (company_id, id, email, name, nickname, role, status, password_hash, created_at)
        select '{}', {ids} from agents where company_id = '{}'",
        second.company, founded.company
    ))
    .await;
    let other = test.app.system(second.company).await.expect("the company");
    put(&other, &file, true).await;
    assert_eq!(export(&other, None).await.expect("a file"), file);
}

#[tokio::test]
async fn an_import_is_all_or_nothing_and_says_every_reason() {
    let test = TestApp::new().await;
    let admin = test.admin().await;
    let before = export(&admin, None).await.expect("a file");
    let file = format!(
        "{before}\n[[unit]]\nname = \"华东\"\n\n[[calendar]]\nname = \"白班\"\ntime_zone = \"Nowhere/Town\"\nweek = [\"\",\"\",\"\",\"\",\"\",\"\",\"\"]\n\n[[sla]]\nname = \"空\"\n[sla.policy]\n"
    );
    let plan = plan_of(&admin, &file, false).await;
    assert_eq!((plan.plan.count(Act::Create), plan.faults.len()), (3, 2), "{}", said(&plan));
    assert!(said(&plan).contains("白班") && said(&plan).contains("空"), "{}", said(&plan));
    let done = apply(&admin, &file, false, &plan.base, "").await.expect("an answer");
    assert_eq!(done.faults.len(), 2);
    assert_eq!(export(&admin, None).await.expect("a file"), before, "the unit is not there either");
}

#[tokio::test]
async fn a_plan_that_is_no_longer_true_is_refused() {
    let test = TestApp::new().await;
    let admin = test.admin().await;
    let file = format!("{EMPTY}\n[[unit]]\nname = \"华东\"\n");
    let plan = plan_of(&admin, &file, false).await;
    identity::commands::group::create(&admin, GroupInput { name: "新组".to_owned(), ..GroupInput::default() }).await.expect("a group");
    assert_eq!(problem(apply(&admin, &file, false, &plan.base, "").await), Problem::Stale);
    assert!(objects(&admin, kind(&test, "unit")).await.is_empty());
    put(&admin, &file, false).await;
    let unit = objects(&admin, kind(&test, "unit")).await[0].id;
    let history = versions(&admin, "unit", unit).await.expect("versions");
    assert_eq!((history[0].reason.as_str(), history[0].actor_name.as_str()), ("导入", "韩梅梅"));
}

#[tokio::test]
async fn a_mailbox_of_a_file_waits_for_its_password_and_one_that_is_there_keeps_its_own() {
    let test = TestApp::new().await;
    let admin = test.admin().await;
    let mailbox = |extra: &str| {
        format!(
            "{EMPTY}\n[[mailbox]]\naddress = \"service@shop.example\"\nenabled = true\n{extra}[mailbox.smtp]\nhost = \"smtp.shop.example\"\nuser = \"service\"\n"
        )
    };
    put(&admin, &mailbox(""), false).await;
    assert!(!test.ask::<bool>("select enabled from mailboxes where address = 'service@shop.example'").await, "it has no password");
    test.tamper("update mailboxes set smtp_secret = 'sealed', enabled = true where address = 'service@shop.example'").await;
    put(&admin, &mailbox("display_name = \"商城\"\n"), false).await;
    assert!(test.ask::<bool>("select enabled and smtp_secret = 'sealed' from mailboxes where address = 'service@shop.example'").await);
    // Another server must not be shown the password that was typed for this one.
    put(&admin, &mailbox("").replace("smtp.shop", "smtp.evil"), false).await;
    assert!(test.ask::<bool>("select not enabled and smtp_secret is null from mailboxes where address = 'service@shop.example'").await);
}

#[tokio::test]
async fn an_import_changes_what_its_person_could_change_by_hand() {
    let test = TestApp::new().await;
    let full = test.new_agent("full@example.com", "全能", Role::FullAdmin, Vec::new()).await;
    let full = test.ctx(full).await;
    let file = format!("{EMPTY}\n[[permission_group]]\nname = \"后门\"\nbase_role = \"ticket_agent\"\nticket_scope = \"all\"\n");
    let plan = plan_of(&full, &file, false).await;
    assert!(said(&plan).contains("后门"), "{}", said(&plan));
    let agent = test.new_agent("agent@example.com", "客服", Role::TicketAdmin, Vec::new()).await;
    assert!(prepare(&test.ctx(agent).await, EMPTY, false).await.is_err());
    put(&test.ctx_of(ADMIN).await, &file, false).await;
}
