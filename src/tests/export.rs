//! 导出: the list on screen as a file, with the rights of the moment it is written, and what is told when it fails.

use crate::tests::app::{ADMIN, TestApp};
use crate::tests::browser::Browser;
use jiff::SignedDuration;
use kernel::error::Problem;
use kernel::id::{FileId, GroupId};
use kernel::lang::Lang;
use kernel::permission::{Permission, Role};
use stats::model::ExportInput;

/// Tickets of two groups by three sources, one of them with a title that a spreadsheet would run.
async fn desk() -> TestApp {
    let test = TestApp::new().await;
    let company = test.company;
    test.tamper(format!(
        "insert into groups (company_id, id, kind, name, created_at) select '{company}', gen_random_uuid(), 0, '组' || n, now() from generate_series(1, 2) n;
        insert into customers (company_id, id, nickname, created_at, updated_at) values ('{company}', gen_random_uuid(), '何静', now(), now());"
    ))
    .await;
    more(&test, 1, 30).await;
    test.tamper(format!("update tickets set title = '=cmd|1' where company_id = '{company}' and number = 20261101000003")).await;
    test
}

async fn more(test: &TestApp, from: i64, to: i64) {
    let company = test.company;
    test.tamper(format!(
        "insert into tickets (company_id, id, number, title, status, priority, source, start_type, customer_id, group_id, creator_kind, creator_name,
                created_at, updated_at)
            select '{company}', gen_random_uuid(), 20261101000000 + n, '工单' || n, (array[1, 3])[1 + n % 2], 1, (array[0, 1, 12])[1 + n % 3], 1,
                c.id, g.id, 1, '何静', timestamptz '2026-11-01' + n * interval '1 minute', timestamptz '2026-11-01' + n * interval '1 minute'
            from generate_series({from}, {to}) n
            join customers c on c.company_id = '{company}'
            join groups g on g.company_id = '{company}' and g.name = '组' || (1 + n % 2);"
    ))
    .await;
}

async fn works_in(test: &TestApp, group: &str) -> GroupId {
    GroupId(test.ask(format!("select id from groups where name = '{group}'")).await)
}

/// Asks for a file by the button of the list, and fetches it as the notice says.
async fn file_of(test: &TestApp, browser: &Browser, list: &str, format: &str) -> String {
    let page = format!("/tickets?{list}");
    let query = browser.get(&page).await.attribute("form[action='/do/ticket/export'] [name='input[query]']", "value");
    let asked = browser.submit(&page, "/do/ticket/export", &[("query", &query), ("format", format)]).await;
    assert!(asked.body.contains("等待中，0%"), "{}", asked.body);
    test.run_jobs().await;
    let listed = browser.get("/tickets/exports").await;
    let href = listed.attribute("tbody tr:first-child .c-act a", "href");
    assert!(href.starts_with("/files/"), "{}", listed.body);
    let file = browser.get(&href).await;
    assert_eq!(file.status, 200);
    file.body
}

/// The ticket numbers of a file, in its order.
fn numbers(file: &str) -> Vec<String> {
    let rows = file.lines().skip(1).take_while(|line| !line.trim_end().trim_matches('"').is_empty());
    rows.map(|line| line.split(',').next().unwrap_or_default().to_owned()).collect()
}

#[tokio::test]
async fn a_list_is_exported_as_it_is_filtered_on_screen() {
    let test = desk().await;
    let boss = test.super_admin().await;
    for list in
        ["view=all", "view=all&status[0]=solved&sort=created_oldest", "view=unassigned&source[0]=email", "view=all&q=20261101000005"]
    {
        let screen = boss.get(&format!("/tickets?{list}")).await.texts("td.c-title .sub > span:first-child");
        assert!(!screen.is_empty(), "{list}");
        let file = file_of(&test, &boss, list, "csv").await;
        assert!(file.starts_with("\u{feff}工单编号,标题,状态,"), "{file}");
        assert_eq!(numbers(&file), screen, "{list}");
    }
    let file = file_of(&test, &boss, "view=all", "csv").await;
    assert!(file.contains("20261101000003,'=cmd|1,") && !file.contains(",=cmd"), "S47: {file}");
    assert!(file.contains("数据范围,全部") && file.contains("Asia/Shanghai"), "{file}");
    let book = file_of(&test, &boss, "view=all", "xlsx").await;
    assert_eq!(&book[..2], "PK");
    assert_eq!(test.ask::<i64>("select count(*) from audit_entries where action = 'tickets.exported'").await, 6);
    let told = test.list::<String>("select payload ->> 'title' from live_events where kind = 'export'").await;
    assert_eq!(told.len(), 6, "{told:?}");
    assert!(told[0].contains("已导出"), "{told:?}");
}

#[tokio::test]
async fn only_who_may_export_is_offered_it() {
    let test = desk().await;
    let group = works_in(&test, "组1").await;
    test.new_agent("li@example.com", "李雷", Role::TicketAgent, vec![group]).await;
    let (boss, li) = (test.super_admin().await, test.signed_in("li@example.com").await);
    assert_eq!(boss.get("/tickets?view=all").await.texts("form[action='/do/ticket/export']").len(), 1);
    assert_eq!(li.get("/tickets?view=all").await.texts("form[action='/do/ticket/export']").len(), 0);
    assert_eq!(li.get("/tickets/exports").await.status, 403);
    let refused = li.call("/do/ticket/export", &[("query", "view=all"), ("format", "csv")]).await;
    assert_eq!(refused.json()["problems"], serde_json::json!([["", "forbidden"]]), "{}", refused.body);
    assert_eq!(test.ask::<i64>("select count(*) from exports").await, 0);
    // What stands in the bin needs the right to see it too.
    let conditions = boss.call("/do/ticket/export", &[("query", "view=all&created_from=gestern")]).await;
    assert_eq!(conditions.json()["problems"], serde_json::json!([["created_from", "bad_date"]]), "{}", conditions.body);
}

#[tokio::test]
async fn s05_a_file_holds_what_its_owner_may_see_when_it_is_written() {
    let test = desk().await;
    let group = works_in(&test, "组1").await;
    let li = test.new_agent("li@example.com", "李雷", Role::TicketAgent, vec![group]).await;
    let rights = identity::model::permission::PermissionGroupInput {
        name: "可以导出".to_owned(),
        base_role: Some(Role::TicketAgent),
        items: vec![Permission::TicketView, Permission::TicketExport],
        ticket_scope: Some(kernel::permission::Scope::Group),
        ..Default::default()
    };
    let admin = test.admin().await;
    let rights = identity::commands::permission_group::create(&admin, rights).await.expect("a permission group");
    test.tamper(format!("update agents set permission_group_id = '{}' where id = '{li}'", rights.0)).await;
    let browser = test.signed_in("li@example.com").await;
    let before = file_of(&test, &browser, "view=all", "csv").await;
    assert_eq!(numbers(&before).len(), 15, "{before}");
    // The group changes between the question and the file.
    let other = works_in(&test, "组2").await;
    browser.submit("/tickets", "/do/ticket/export", &[("query", "view=all"), ("format", "csv")]).await;
    test.tamper(format!("update group_members set group_id = '{}' where agent_id = '{li}'", other.0)).await;
    test.run_jobs().await;
    let href = browser.get("/tickets/exports").await.attribute("tbody tr:first-child .c-act a", "href");
    let after = browser.get(&href).await.body;
    let (old, new) = (numbers(&before), numbers(&after));
    assert_eq!(new.len(), 15);
    assert!(new.iter().all(|number| !old.contains(number)), "the scope of the moment of writing: {after}");
    // Whoever lost the right fetches no file any more, and one that waits is told so at once, not tried again.
    browser.submit("/tickets", "/do/ticket/export", &[("query", "view=all"), ("format", "csv")]).await;
    test.tamper(format!("update permission_groups set permissions = '{{ticket.view}}' where id = '{}'", rights.0)).await;
    test.run_jobs().await;
    assert_eq!(browser.get(&href).await.status, 403);
    let told = test.list::<String>("select error from exports where state = 3").await;
    assert_eq!(told, [Problem::Forbidden.text(Lang::Zh)]);
    assert_eq!(test.ask::<i64>("select count(*) from jobs where kind = 'ticket_export' and state <> 2").await, 0);
}

#[tokio::test]
async fn a_list_of_more_rows_than_a_file_takes_is_refused_in_plain_words() {
    let test = desk().await;
    // As wide as it need be: the numbers of one day are six digits.
    more(&test, 31, 200_001).await;
    let boss = test.super_admin().await;
    let refused = boss.submit("/tickets?view=all", "/do/ticket/export", &[("query", "view=all"), ("format", "csv")]).await;
    assert_eq!(refused.text(".wrongs"), Problem::ExportTooLarge.text(Lang::Zh));
    assert_eq!(test.ask::<i64>("select count(*) from exports").await, 0);
    let narrow = boss.submit("/tickets?view=all", "/do/ticket/export", &[("query", "view=all&status[0]=solved"), ("format", "csv")]).await;
    assert!(narrow.body.contains("等待中"), "{}", narrow.body);
}

#[tokio::test]
async fn a_failure_is_told_once_after_the_last_attempt() {
    let test = desk().await;
    let admin = test.ctx_of(ADMIN).await;
    let export = stats::commands::export(&admin, ExportInput::default()).await.expect("asked for");
    test.tamper(format!("update exports set query = '{{\"lang\":\"zh\",\"wanted\":7}}' where id = '{export}'")).await;
    let told = async || test.ask::<i64>("select count(*) from live_events where kind = 'export'").await;
    let attempts = async || test.ask::<i32>("select attempt from jobs where kind = 'stats_export'").await;
    test.run_jobs().await;
    for attempt in 1..3 {
        assert_eq!((attempts().await, told().await), (attempt, 0), "another attempt follows: nobody is told");
        assert_eq!(test.ask::<i16>(format!("select state from exports where id = '{export}'")).await, 1);
        test.later(SignedDuration::from_hours(1)).await;
    }
    assert_eq!((attempts().await, told().await), (3, 1));
    assert_eq!(test.ask::<i16>(format!("select state from exports where id = '{export}'")).await, 3);
    let nobody = FileId(kernel::rng::uuid_at(test.app.clock.now()));
    assert!(export::queries::file_for(&admin, nobody).await.is_err());
}
