//! 客服账号: who may do what to whom, and accounts out of a file.

use super::{LILEI, choice, invited};
use crate::tests::app::{ADMIN, PASSWORD, TestApp, problem, problems};
use identity::commands::account::{create, delete, disable, edit, enable};
use identity::commands::group;
use identity::model::account::AgentInput;
use identity::model::company::GroupInput;
use identity::queries::import::import_report;
use kernel::error::{Error, Problem};
use kernel::id::AgentId;
use kernel::permission::Role;
use sqlx::types::Uuid;

/// `邮箱,姓名,角色,客服组,密码` and five rows, as a Chinese spreadsheet writes them (GB18030): 王五 is good, 赵六 has no
/// address, 孙七 takes the admin's, 钱八 wants to be king, 李四 leaves everything out that can be.
const GB18030: &[u8] = b"\xd3\xca\xcf\xe4,\xd0\xd5\xc3\xfb,\xbd\xc7\xc9\xab,\xbf\xcd\xb7\xfe\xd7\xe9,\xc3\xdc\xc2\xeb\r\n\
wangwu@example.com,\xcd\xf5\xce\xe5,\xb9\xa4\xb5\xa5\xbf\xcd\xb7\xfe,\xca\xdb\xba\xf3\xd7\xe9,\xc7\xe0\xc9\xbd\xd2\xc0\xbe\xc9\xd4\xda \xbc\xb8\xb6\xc8\xcf\xa6\xd1\xf4\xba\xec\r\n\
bad-address,\xd5\xd4\xc1\xf9,\xb9\xa4\xb5\xa5\xbf\xcd\xb7\xfe,,\r\n\
admin@example.com,\xcb\xef\xc6\xdf,\xb9\xa4\xb5\xa5\xbf\xcd\xb7\xfe,,\r\n\
qianba@example.com,\xc7\xae\xb0\xcb,\xb9\xfa\xcd\xf5,,\r\n\
lisi@example.com,\xc0\xee\xcb\xc4,,,\r\n";

fn new_input(email: &str, role: Role) -> AgentInput {
    AgentInput {
        email: email.to_owned(),
        name: "李雷".to_owned(),
        role: Some(role),
        password: PASSWORD.to_owned(),
        ..AgentInput::default()
    }
}

async fn edited(test: &TestApp, id: AgentId, role: Role) -> AgentInput {
    let row: (String, String, i32) = {
        let mut tx = test.system().await.read().await.expect("a transaction");
        sqlx::query_as("select email, name, version from agents where id = $1").bind(id).fetch_one(&mut *tx).await.expect("an account")
    };
    AgentInput { id: Some(id), email: row.0, name: row.1, version: row.2, role: Some(role), ..AgentInput::default() }
}

#[tokio::test]
async fn the_last_enabled_super_admin_stays() {
    let test = TestApp::new().await;
    let admin = test.admin().await;
    let me = admin.agent().expect("an agent");
    assert_eq!(problem(disable(&admin, choice(me)).await), Problem::NotOnYourself);
    assert_eq!(problem(delete(&admin, choice(me)).await), Problem::NotOnYourself);
    assert_eq!(problems(edit(&admin, edited(&test, me, Role::FullAdmin).await).await), [("role".to_owned(), Problem::NotOnYourself)]);

    let other = test.new_agent("second@example.com", "第二位", Role::SuperAdmin, Vec::new()).await;
    let second = test.ctx(other).await;
    disable(&admin, choice(other)).await.expect("one remains");
    assert_eq!(problem(disable(&second, choice(me)).await), Problem::LastSuperAdmin, "a page that was open before");
    assert_eq!(problem(delete(&second, choice(me)).await), Problem::LastSuperAdmin);
    assert_eq!(problem(edit(&second, edited(&test, me, Role::TicketAgent).await).await), Problem::LastSuperAdmin);
    let system = test.system().await;
    assert_eq!(problem(disable(&system, choice(me)).await), Problem::LastSuperAdmin, "the program itself does not either");
    assert_eq!(test.ask::<i64>("select count(*) from agents where role = 3333 and status = 1").await, 1);
}

#[tokio::test]
async fn s58_two_super_admins_who_disable_each_other_leave_one() {
    let test = TestApp::new().await;
    let other = test.new_agent("second@example.com", "第二位", Role::SuperAdmin, Vec::new()).await;
    let (one, two) = (test.admin().await, test.ctx(other).await);
    let me = one.agent().expect("an agent");
    let (first, second) = tokio::join!(disable(&one, choice(other)), disable(&two, choice(me)));
    assert!(first.is_ok() != second.is_ok(), "{first:?} {second:?}");
    assert_eq!(test.ask::<i64>("select count(*) from agents where role = 3333 and status = 1").await, 1);
}

#[tokio::test]
async fn nobody_gives_or_takes_more_than_they_have() {
    let test = TestApp::new().await;
    let boss = test.admin().await.agent().expect("an agent");
    test.new_agent("full@example.com", "全功能", Role::FullAdmin, Vec::new()).await;
    let full = test.ctx_of("full@example.com").await;
    assert_eq!(problems(create(&full, new_input("a@example.com", Role::SuperAdmin)).await), [("role".to_owned(), Problem::RoleNotYours)]);
    assert_eq!(problem(disable(&full, choice(boss)).await), Problem::RoleNotYours);
    create(&full, new_input("b@example.com", Role::FullAdmin)).await.expect("an equal");
    let agent = create(&full, new_input("c@example.com", Role::TicketAgent)).await.expect("somebody below").agent;
    let mut input = edited(&test, agent, Role::SuperAdmin).await;
    assert_eq!(problems(edit(&full, input.clone()).await), [("role".to_owned(), Problem::RoleNotYours)]);
    input.role = Some(Role::FullAdmin);
    edit(&full, input).await.expect("up to one's own");

    test.new_agent(LILEI, "李雷", Role::TicketAgent, Vec::new()).await;
    let lilei = test.ctx_of(LILEI).await;
    assert!(matches!(create(&lilei, new_input("d@example.com", Role::TicketAgent)).await, Err(Error::Forbidden(_))));
}

#[tokio::test]
async fn an_address_belongs_to_one_account_and_is_free_again_after_deletion() {
    let test = TestApp::new().await;
    let admin = test.admin().await;
    let agent = invited(&test).await;
    assert_eq!(
        problems(create(&admin, new_input(&LILEI.to_uppercase(), Role::TicketAgent)).await),
        [("email".to_owned(), Problem::EmailTaken)]
    );
    assert_eq!(problems(create(&admin, new_input(ADMIN, Role::TicketAgent)).await), [("email".to_owned(), Problem::EmailTaken)]);
    delete(&admin, choice(agent)).await.expect("deleted");
    create(&admin, new_input(LILEI, Role::TicketAgent)).await.expect("the address is free");
    assert_eq!(
        test.ask::<String>(format!("select name || status::text || email || password_hash from agents where id = '{agent}'")).await,
        "李雷-1"
    );
}

#[tokio::test]
async fn a_stale_copy_of_an_account_does_not_overwrite() {
    let test = TestApp::new().await;
    let admin = test.admin().await;
    let agent = invited(&test).await;
    let (mine, theirs) = (edited(&test, agent, Role::TicketAgent).await, edited(&test, agent, Role::TicketAgent).await);
    edit(&admin, AgentInput { nickname: "先来".to_owned(), ..mine }).await.expect("first");
    assert_eq!(problem(edit(&admin, AgentInput { nickname: "后到".to_owned(), ..theirs }).await), Problem::Stale);
    assert_eq!(test.ask::<String>(format!("select nickname from agents where id = '{agent}'")).await, "先来");
}

#[tokio::test]
async fn who_was_never_activated_is_not_enabled_by_enabling() {
    let test = TestApp::new().await;
    let admin = test.admin().await;
    let agent = invited(&test).await;
    disable(&admin, choice(agent)).await.expect("disabled");
    enable(&admin, choice(agent)).await.expect("enabled");
    assert_eq!(test.ask::<i16>(format!("select status from agents where id = '{agent}'")).await, 0);
}

#[tokio::test]
async fn a_gb18030_file_gives_accounts_and_a_report_row_by_row() {
    let test = TestApp::new().await;
    let admin = test.admin().await;
    let group = GroupInput { name: "售后组".to_owned(), ..GroupInput::default() };
    let group = group::create(&admin, group).await.expect("a group");
    let browser = test.super_admin().await;
    let answer = browser.upload("/settings/agents/import", "/do/agent/import", &[("sure", "true")], &[("file", "客服.csv", GB18030)]).await;
    let location = answer.location();
    let report: Uuid = location.rsplit('/').next().unwrap_or_default().parse().unwrap_or_else(|_| panic!("{location}: {}", answer.body));

    let rows = import_report(&admin, report).await.expect("the report");
    type Said<'a> = Vec<(u64, &'a str, Vec<(&'a str, Problem)>)>;
    let said: Said<'_> = rows
        .iter()
        .map(|row| (row.line, &*row.name, row.problems.0.iter().map(|(field, problem)| (&**field, *problem)).collect()))
        .collect();
    assert_eq!(
        said,
        [
            (2, "王五", vec![]),
            (3, "赵六", vec![("email", Problem::BadEmail)]),
            (4, "孙七", vec![("email", Problem::EmailTaken)]),
            (5, "钱八", vec![("role", Problem::BadChoice)]),
            (6, "李四", vec![]),
        ]
    );
    assert_eq!((rows[0].password.is_none(), rows[4].password.is_some()), (true, true), "a generated password stands in the report");
    let wangwu = rows[0].agent.expect("an account");
    assert_eq!(
        test.ask::<i64>(format!("select count(*) from group_members where agent_id = '{wangwu}' and group_id = '{group}'")).await,
        1
    );
    assert_eq!(test.ask::<i64>("select count(*) from agents where status = 0").await, 2);

    let page = browser.get(&location).await;
    assert_eq!(page.status, 200);
    for row in &rows {
        assert!(page.body.contains(&row.name), "{} is on the page", row.name);
    }
    let sealed: Vec<String> = test.list("select encode(report, 'escape') from agent_imports").await;
    let generated = rows[4].password.clone().unwrap_or_default();
    assert!(!sealed[0].contains(&generated), "the report is sealed at rest");

    test.app.clock.advance(jiff::SignedDuration::from_hours(1));
    assert!(matches!(import_report(&test.admin().await, report).await, Err(Error::NotFound)), "it is gone after an hour");
}

#[tokio::test]
async fn a_file_that_is_none_is_refused_beside_its_field_and_makes_nobody() {
    let test = TestApp::new().await;
    let admin = test.admin().await;
    for (content, expected) in [
        (&b""[..], Problem::EmptyFile),
        (b"  \r\n", Problem::EmptyFile),
        (b"who,where\r\nx,y\r\n", Problem::CsvNoHeader),
        (b"email,name\r\n", Problem::EmptyFile),
    ] {
        assert_eq!(problems(identity::commands::import::import(&admin, content).await), [("file".to_owned(), expected)]);
    }
    let many: String = std::iter::once("email,name\n".to_owned()).chain((0..1001).map(|at| format!("a{at}@example.com,a\n"))).collect();
    assert_eq!(problems(identity::commands::import::import(&admin, many.as_bytes()).await), [("file".to_owned(), Problem::TooManyRows)]);
    assert_eq!(test.ask::<i64>("select count(*) from agents").await, 1);
}

#[tokio::test]
async fn an_import_that_ends_halfway_leaves_nobody_with_a_password_that_nobody_knows() {
    let test = TestApp::new().await;
    let admin = test.admin().await;
    let file: String = std::iter::once("email,name\n".to_owned()).chain((0..40).map(|at| format!("a{at}@example.com,a\n"))).collect();
    let first_is_made = async {
        while test.ask::<i64>("select count(*) from agents").await == 1 {
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        _ = identity::commands::import::import(&admin, file.as_bytes()) => panic!("forty accounts were made at once"),
        () = first_is_made => {}
    }
    let reports = identity::queries::import::import_reports(&admin).await.expect("reports");
    let rows = import_report(&admin, reports.first().expect("it was kept first").0).await.expect("the report");
    assert_eq!(rows.len(), 40);
    let made: Vec<String> = test.list("select email from agents where status = 0").await;
    assert!(!made.is_empty());
    for row in rows {
        assert_eq!(row.agent.is_some(), made.contains(&row.email), "{row:?}");
        assert_eq!(row.password.is_some(), row.agent.is_some(), "{row:?}");
        if let Some(password) = row.password {
            let hash: String = test.ask(format!("select password_hash from agents where email = '{}'", row.email)).await;
            assert!(identity::password::verify(&password, Some(&hash)).await.expect("verified").matches);
        }
    }
    let page = test.super_admin().await.get("/settings/agents/import").await;
    assert!(page.body.contains(&format!("/settings/agents/import/{}", reports[0].0)), "{}", page.body);
}
