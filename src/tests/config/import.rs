//! 导入: what a file names, what it may not do, and what waits for something else in it.

use super::file::{EMPTY, plan_of, put, said};
use super::{kind, objects};
use crate::tests::app::{ADMIN, TestApp};
use config::commands::{dangling, export};
use config::plan::Act;
use kernel::lang::Lang;
use kernel::permission::Role;

#[tokio::test]
async fn a_view_names_the_own_fields_of_its_conditions() {
    let test = TestApp::new().await;
    let admin = test.admin().await;
    let view = |name: &str, more: &str| {
        format!("\n[[view]]\nname = \"{name}\"\nowner = \"@agent/{ADMIN}\"\n[view.conditions]\nview = \"all\"\n{more}")
    };
    let own = view("某一单", "[view.conditions.own]\n\"@ticket_field/订单号\" = \"A1\"\n");
    let file = format!(
        "{EMPTY}\n[[ticket_field]]\nlabel = \"订单号\"\nkind = \"line\"\nfilled_by = \"customer\"\nenabled = true\n{own}{}",
        view("全部", "")
    );
    put(&admin, &file, false).await;
    assert_eq!(test.ask::<i64>("select count(*) from ticket_views where query like '%own%=A1'").await, 1);
    let text = export(&admin, None).await.expect("a file");
    assert!(text.lines().any(|line| line.contains("@ticket_field/订单号") && line.ends_with(" = \"A1\"")), "{text}");
    assert_eq!(text.matches("conditions.own").count(), 1, "who asks for no field has no table of them: {text}");
    assert!(plan_of(&admin, &text, true).await.plan.steps.is_empty());
    let unknown = plan_of(&admin, &file.replace("@ticket_field/订单号\" =", "@ticket_field/无\" ="), false).await;
    assert!(said(&unknown).contains("@ticket_field/无"), "{}", said(&unknown));
}

#[tokio::test]
async fn a_new_mailbox_waits_for_its_form_and_a_new_server_carries_no_account_letters() {
    let test = TestApp::new().await;
    let admin = test.admin().await;
    let mailbox =
        |host: &str| format!("{EMPTY}\n[[mailbox]]\naddress = \"relay@shop.example\"\nenabled = true\n[mailbox.smtp]\nhost = \"{host}\"\n");
    // Nobody has to sign in there: no password is missing.
    put(&admin, &mailbox("relay.shop.example"), false).await;
    let is_off = "select not enabled and not sends_account_letters from mailboxes where address = 'relay@shop.example'";
    assert!(test.ask::<bool>(is_off).await);
    test.tamper("update mailboxes set enabled = true, sends_account_letters = true where address = 'relay@shop.example'").await;
    put(&admin, &mailbox("relay.evil.example"), false).await;
    let is_on = "select enabled and not sends_account_letters from mailboxes where address = 'relay@shop.example'";
    assert!(test.ask::<bool>(is_on).await);
    // Before anything was fetched its form asks what to do with what lies there; afterwards nothing is left out.
    let id: uuid::Uuid = test.ask("select id from mailboxes where address = 'relay@shop.example'").await;
    let (browser, page) = (test.super_admin().await, format!("/settings/mailboxes/{id}"));
    assert!(browser.get(&page).await.body.contains("only_new"));
    test.tamper("update mailboxes set fetched_at = now() where address = 'relay@shop.example'").await;
    assert!(!browser.get(&page).await.body.contains("only_new"));
}

#[tokio::test]
async fn a_file_that_mixes_what_stands_apart_leads_to_one_order() {
    let test = TestApp::new().await;
    let admin = test.admin().await;
    let below = |name: &str, parent: &str| format!("\n[[category]]\nname = \"{name}\"\nparent = \"@category/{parent}\"\n");
    let top = "\n[[category]]\nname = \"甲\"\n\n[[category]]\nname = \"乙\"\n";
    let file = format!("{EMPTY}{top}{}{}{}", below("一", "乙"), below("二", "甲"), below("三", "乙"));
    put(&admin, &file, false).await;
    let again = plan_of(&admin, &file, false).await;
    assert_eq!((again.plan.steps.len(), again.plan.orders.len()), (0, 0));
    let turned = format!("{EMPTY}{top}{}{}{}", below("三", "乙"), below("二", "甲"), below("一", "乙"));
    assert_eq!(plan_of(&admin, &turned, false).await.plan.count(Act::Move), 1);
    put(&admin, &turned, false).await;
    assert!(plan_of(&admin, &turned, false).await.plan.steps.is_empty());
}

#[tokio::test]
async fn a_name_that_another_object_still_has_is_free_after_its_turn() {
    let test = TestApp::new().await;
    let admin = test.admin().await;
    let before = export(&admin, None).await.expect("a file");
    let calendar = |name: &str| {
        format!("{before}\n[[calendar]]\nname = \"{name}\"\ntime_zone = \"UTC\"\nweek = [\"\", \"\", \"\", \"\", \"\", \"\", \"\"]\n")
    };
    put(&admin, &calendar("VIP"), true).await;
    put(&admin, &calendar("vip"), true).await;
    let names: Vec<String> = test.list("select name from duty_calendars where deleted_at is null").await;
    assert_eq!(names, ["vip"]);
    // Nobody is audited twice for what was tried twice.
    assert_eq!(test.ask::<i64>("select count(*) from audit_entries where action = 'calendar.created'").await, 2);
    // Without prune the other one keeps the name: no round helps.
    assert_eq!(plan_of(&admin, &calendar("Vip"), false).await.faults.len(), 1);
}

#[tokio::test]
async fn what_is_deleted_is_told_and_its_view_goes_to_somebody() {
    let test = TestApp::new().await;
    let admin = test.admin().await;
    let gone = test.new_agent("gone@example.com", "走人", Role::TicketAdmin, Vec::new()).await;
    let view = format!("{EMPTY}\n[[view]]\nname = \"全部\"\nowner = \"@agent/gone@example.com\"\n[view.conditions]\nview = \"all\"\n");
    put(&admin, &view, false).await;
    assert!(dangling(&admin, None).await.expect("a list").is_empty());
    test.tamper(format!("update agents set status = -1 where id = '{}'", gone.0)).await;
    let lost: Vec<String> = dangling(&admin, None).await.expect("a list").iter().map(|one| one.text(Lang::En)).collect();
    assert_eq!(lost, ["Shared views “全部” / Made by"]);
    let page = test.super_admin().await.get("/settings/configuration").await;
    assert!(page.text("#dangling li").contains("创建人"), "{}", page.body);
    let file = export(&admin, None).await.expect("a file");
    test.tamper("delete from ticket_views").await;
    put(&admin, &file, false).await;
    let owner: String = test.ask("select a.email from ticket_views v join agents a on a.id = v.agent_id").await;
    assert_eq!(owner, ADMIN);
}

#[tokio::test]
async fn a_calendar_names_living_groups_only() {
    let test = TestApp::new().await;
    let admin = test.admin().await;
    let file = format!(
        "{EMPTY}\n[[group]]\nname = \"夜班组\"\n\n[[calendar]]\nname = \"夜班\"\ntime_zone = \"UTC\"\nweek = [\"\", \"\", \"\", \"\", \"\", \"\", \"\"]\ngroups = [\"@group/夜班组\"]\n"
    );
    put(&admin, &file, false).await;
    let group: uuid::Uuid = test.ask("select id from groups where name = '夜班组'").await;
    test.tamper(format!("update groups set deleted_at = now() where id = '{group}'")).await;
    let calendar = objects(&admin, kind(&test, "calendar")).await.remove(0);
    assert_eq!(calendar.document["groups"], serde_json::json!([]));
}

#[tokio::test]
async fn reminders_of_a_file_are_of_accounts_that_are_there() {
    let test = TestApp::new().await;
    let admin = test.admin().await;
    let file = format!("{EMPTY}\n[reminder_settings]\nagents = [\"00000000-0000-7000-8000-000000000001\"]\n");
    let plan = plan_of(&admin, &file, false).await;
    assert!(said(&plan).contains("Named agents"), "{}", said(&plan));
    put(&admin, &file.replace("00000000-0000-7000-8000-000000000001", &format!("@agent/{ADMIN}")), false).await;
}
