//! 租户隔离 (S03, S04, S42): two companies in one database, and every page and function of one asked for what belongs to
//! the other. The tables are the router's own; what is added there and not here fails.

mod calls;
mod furnished;

use crate::tests::app::TestApp;
use crate::tests::browser::{Answer, Browser};
use crate::web::routes::{Access, ROUTES};
use axum::http::Method;
use calls::{CALLS, PUBLIC, WITH_FILES};
use furnished::furnished;
use kernel::permission::Role;
use sqlx::{AssertSqlSafe, PgConnection, Row};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use uuid::Uuid;

/// Super admin of the other company.
const BOSS: &str = "boss@other.example";

type Ids = BTreeMap<&'static str, String>;

/// One of everything, in the other company; ids by the words of `calls`.
async fn theirs(test: &TestApp) -> Ids {
    test.new_company("别家公司", BOSS).await;
    let boss = test.ctx_of(BOSS).await;
    let mut ids = furnished(&boss).await;
    let company = boss.company;
    let browser = test.signed_in(BOSS).await;
    assert_eq!(browser.get("/").await.status, 200);
    let mut owner = test.owner().await;
    let session: String = sqlx::query_scalar("select encode(id_hash, 'hex') from directory.sessions where company_id = $1")
        .bind(company)
        .fetch_one(&mut owner)
        .await
        .expect("a session");
    let made = [
        ("job", "insert into jobs (company_id, id, kind, payload, state, run_at, error, created_at) values ($1, $2, 'probe', '{}', 3, now(), 'x', now())"),
        ("mail", "insert into mails (company_id, id, mailbox_id, direction, state, verdict, reason, raw_sha256, raw_size, received_at, subject)
            select $1, $2, id, 0, 3, 'quarantined', 'processing_failed', sha256('x'), 1, now(), '别家的秘密' from mailboxes where company_id = $1 limit 1"),
        ("view", "insert into ticket_views (company_id, id, agent_id, shared, name, query, created_at) select $1, $2, id, true, '别家视图', 'view=mine', now() from agents where company_id = $1 limit 1"),
        ("refusal", "insert into switch_refusals (company_id, id, switch_id, body, body_hash, reason, detail, times, first_at, last_at)
            select $1, $2, id, '{\"secret\": \"别家的秘密\"}', sha256('x'), 1, 'x', 1, now(), now() from switches where company_id = $1 limit 1"),
        ("file", "insert into files (company_id, id, sha256, name, media_type, size, owner_kind, owner_id, created_at)
            select $1, $2, sha256('x'), 'x.txt', 'text/plain', 1, 'ticket_message', id, now() from ticket_messages where company_id = $1 limit 1"),
        ("invitation", "insert into satisfaction_invitations (company_id, id, ticket_id, cycle, customer_id, channel, settings_version, state, created_at, send_at)
            select company_id, $2, id, cycle, customer_id, 1, 1, 3, now(), now() from tickets where company_id = $1 limit 1"),
        ("call", "with made as (
                insert into calls (company_id, id, switch_id, call_key, line, direction, customer_number, caller, callee, shown, started_at, ended_at,
                    queue_state, event_count, updated_at)
                values ($1, $2, $2, 'x', 0, 0, '13900139000', '13900139000', '400', '400', now(), now(), 1, 1, now())
                returning company_id, id, started_at
            )
            insert into call_legs (company_id, started_at, call_id, id, name, place, call_type, line, direction, agent_name, customer_number, ring_ms,
                talk_ms, hold_ms, hold_count, queue_ms, queue_state, transfer_flag, transfer_count, consult_count, is_three_way, satisfy_levels,
                satisfy_key)
            select company_id, started_at, id, id, '', 0, 0, 0, 0, '别家客服', '13900139000', 0, 0, 0, 0, 0, 1, 0, 0, 0, false, 0, 0 from made"),
    ];
    let mailbox = mail::import::mailbox_for_import(&boss, "service@other.example").await.expect("a mailbox");
    ids.insert("mailbox", mailbox.to_string());
    for (word, sql) in made {
        let id = Uuid::from_bytes(kernel::rng::bytes());
        sqlx::query(sql).bind(company).bind(id).execute(&mut owner).await.unwrap_or_else(|error| panic!("{word}: {error}"));
        ids.insert(word, id.to_string());
    }
    let call: Uuid = ids["call"].parse().expect("an id");
    call::commands::recording::keep(
        &boss,
        kernel::id::CallId(call),
        kernel::id::LegId(call),
        bytes::Bytes::from_static(crate::tests::call_record::SOUND),
    )
    .await
    .expect("a recording");
    ids.insert("session", session);
    ids.insert("secret", "别家的秘密".to_owned());
    ids
}

/// The same words with ids of nobody.
fn nobodys(ids: &Ids) -> Ids {
    let fresh = |word: &str| match word {
        "secret" => "没有这样的东西".to_owned(),
        "session" => kernel::rng::hex(&kernel::rng::bytes::<32>()),
        _ => Uuid::from_bytes(kernel::rng::bytes()).to_string(),
    };
    ids.keys().map(|word| (*word, fresh(word))).collect()
}

fn filled(text: &str, ids: &Ids, own: &Ids) -> String {
    let fresh = format!("n{}", &kernel::rng::hex(&kernel::rng::bytes::<6>()));
    let known = ids.iter().chain(own).fold(text.replace("{fresh}", &fresh), |text, (word, id)| text.replace(&format!("{{{word}}}"), id));
    assert!(!known.contains('{'), "nobody knows the word in {text}");
    known
}

async fn ask(browser: &Browser, path: &str, fields: &[(&str, &str)], ids: &Ids, own: &Ids) -> Answer {
    let fields: Vec<(String, String)> = fields.iter().map(|(name, value)| (filled(name, ids, own), filled(value, ids, own))).collect();
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (&**name, &**value)).collect();
    if WITH_FILES.contains(&path) { browser.call_with_files(path, &fields, &[]).await } else { browser.call(path, &fields).await }
}

/// What A has of its own, for bodies that name a foreign thing beside an own one.
async fn ours(test: &TestApp) -> Ids {
    let admin = test.admin().await;
    let customer =
        customer::commands::create(&admin, customer::model::CustomerInput { nickname: "自家客户".to_owned(), ..Default::default() })
            .await
            .expect("a customer");
    let ticket = ticket::model::input::CreateInput {
        customer: Some(customer),
        title: "自家工单".to_owned(),
        text: "t".to_owned(),
        ..Default::default()
    };
    let ticket = ticket::commands::create::create(&admin, ticket, Vec::new()).await.expect("a ticket").ticket;
    [("own_customer", customer.0.to_string()), ("own_ticket", ticket.0.to_string())].into()
}

async fn tables(owner: &mut PgConnection) -> Vec<String> {
    sqlx::query_scalar(
        "select c.oid::regclass::text
        from pg_class c
        join pg_namespace n on n.oid = c.relnamespace
        join pg_attribute a on a.attrelid = c.oid and a.attname = 'company_id'
        where n.nspname in ('public', 'directory') and c.relkind in ('r', 'p') and not c.relispartition
        order by 1",
    )
    .fetch_all(owner)
    .await
    .expect("tables")
}

/// A checksum of every row of a company, table by table.
async fn checksums(owner: &mut PgConnection, company: Uuid) -> BTreeMap<String, String> {
    let mut sums = BTreeMap::new();
    for table in tables(owner).await {
        let sql =
            format!("select count(*), coalesce(md5(string_agg(t::text, '|' order by t::text)), '') from {table} t where company_id = $1");
        let row = sqlx::query(AssertSqlSafe(sql)).bind(company).fetch_one(&mut *owner).await.expect("a checksum");
        sums.insert(table, format!("{} {}", row.get::<i64, _>(0), row.get::<String, _>(1)));
    }
    sums
}

#[tokio::test]
async fn s03_every_server_function_is_listed_here() {
    let known: BTreeSet<&str> =
        leptos::server_fn::axum::server_fn_paths().map(|(path, _)| path).filter(|path| path.starts_with("/do/")).collect();
    let listed: BTreeSet<&str> = CALLS.iter().map(|(path, _)| *path).chain(PUBLIC.iter().copied()).collect();
    assert!(known.len() > 60, "the server functions are linked in");
    assert_eq!(listed, known, "add the function to src/tests/tenancy/calls.rs");
    for (path, method) in leptos::server_fn::axum::server_fn_paths() {
        assert_eq!(method, Method::POST, "S42: {path} changes something with GET");
    }
}

#[tokio::test]
async fn s03_nobody_signed_in_calls_nothing() {
    let test = TestApp::new().await;
    let (ids, own) = (theirs(&test).await, ours(&test).await);
    let mut owner = test.owner().await;
    let before = checksums(&mut owner, test.company.0).await;
    for (path, fields) in CALLS {
        let answer = ask(&test.visitor(), path, fields, &ids, &own).await;
        assert_eq!(answer.json()["problems"], serde_json::json!([["", "sign_in_first"]]), "{path}: {}", answer.body);
        assert_eq!(test.visitor().get(path).await.status, 405, "S42: {path} by GET");
    }
    assert_eq!(checksums(&mut owner, test.company.0).await, before);
}

#[tokio::test]
async fn s03_s04_what_belongs_to_another_company_answers_like_nothing_and_stays_as_it_is() {
    let test = TestApp::new().await;
    let (ids, own) = (theirs(&test).await, ours(&test).await);
    let boss = test.ctx_of(BOSS).await.company;
    let mut owner = test.owner().await;
    let before = checksums(&mut owner, boss.0).await;
    let admin = test.super_admin().await;
    for (path, fields) in CALLS {
        let unknown = ask(&admin, path, fields, &nobodys(&ids), &own).await;
        let foreign = ask(&admin, path, fields, &ids, &own).await;
        assert!(!foreign.body.contains("\"internal\""), "{path} broke: {}", foreign.body);
        assert!(!foreign.body.contains("\"not_understood\""), "{path} was not understood: {}", foreign.body);
        let is_told = foreign.status == 200 || (400..500).contains(&foreign.status);
        assert!(is_told, "{path} is no fault of the program and answers {}: {}", foreign.status, foreign.body);
        assert!(!foreign.body.contains("别家"), "{path} tells something: {}", foreign.body);
        assert_eq!((foreign.status, &foreign.body), (unknown.status, &unknown.body), "{path} tells a foreign id from an unknown one");
    }
    for (table, sum) in checksums(&mut owner, boss.0).await {
        assert_eq!(sum, before[&table], "{table} of the other company changed");
    }
    // Second order: no row of ours points at a thing of theirs.
    let foreign: Vec<&String> = ids.iter().filter(|(word, _)| **word != "secret").map(|(_, id)| id).collect();
    for table in tables(&mut owner).await.into_iter().filter(|table| !["exports", "audit_entries", "jobs"].contains(&table.as_str())) {
        let rows: Vec<String> = sqlx::query_scalar(AssertSqlSafe(format!("select t::text from {table} t where company_id = $1")))
            .bind(test.company)
            .fetch_all(&mut owner)
            .await
            .expect("rows");
        for id in &foreign {
            assert!(rows.iter().all(|row| !row.contains(id.as_str())), "S04: {table} of ours names {id}, which is theirs");
        }
    }
}

/// Which word fills the part of a page's path.
fn word_of(path: &str) -> &'static str {
    match path {
        "/tickets/{id}" | "/tickets/{id}/customer" | "/tickets/{id}/runs" | "/tickets/{id}/messages/{message}/body" => "ticket",
        "/mail/{id}" | "/mail/{id}/body" | "/mail/{id}/source" => "mail",
        "/settings/mailboxes/{id}" => "mailbox",
        "/customers/{id}" | "/customers/{id}/merge" => "customer",
        "/settings/agents/import/{id}" | "/settings/agents/imports/{id}" => "import",
        "/settings/agents/{id}" | "/settings/agents/{id}/permissions" | "/settings/phones/{id}" => "agent",
        "/settings/groups/{id}" => "group",
        "/settings/permissions/{id}" => "permission_group",
        "/files/{id}" => "file",
        "/settings/history/{kind}/{id}" => "group",
        "/settings/configuration/plan/{id}" => "config_file",
        "/calls/{id}" | "/calls/{id}/recordings/{leg}" => "call",
        "/settings/apps/{id}" => "app",
        "/settings/duty/{id}" => "calendar",
        "/settings/sla/{id}" => "policy",
        "/settings/switches/{id}" => "switch",
        "/settings/webhooks/{id}" => "webhook",
        "/settings/webhooks/log/{id}" => "delivery",
        "/settings/presets/{id}" => "preset",
        "/me/presets/{id}" => "own_preset",
        "/settings/ticket-fields/{id}" => "ticket_field",
        "/settings/ticket-templates/{id}" => "template",
        "/settings/triggers/{id}" | "/settings/triggers/{id}/runs" | "/settings/triggers/{id}/try" => "trigger",
        other => panic!("{other} is new: name what its id is in src/tests/tenancy.rs"),
    }
}

#[tokio::test]
async fn s03_every_page_of_a_foreign_id_is_the_page_of_an_unknown_one() {
    let test = TestApp::new().await;
    let mut ids = theirs(&test).await;
    let boss = test.ctx_of(BOSS).await;
    let report = identity::commands::import::import(&boss, "email,name\nx@other.example,别家".as_bytes()).await.expect("a report");
    ids.insert("import", report.to_string());
    let unknown = nobodys(&ids);
    let by_id = ROUTES.iter().filter(|route| route.access != Access::Anybody && route.path.contains("{id}")).map(|route| route.path);
    let (ours, theirs) = (test.super_admin().await, test.signed_in(BOSS).await);
    for path in by_id.chain(["/files/{id}"]) {
        let word = word_of(path);
        let page = |ids: &Ids| {
            path.replace("{id}", &ids[word]).replace("{message}", &ids["message"]).replace("{leg}", &ids["call"]).replace("{kind}", word)
        };
        let (foreign, none) = (ours.get(&page(&ids)).await, ours.get(&page(&unknown)).await);
        assert_eq!((foreign.status, none.status), (404, 404), "{path}");
        assert_eq!(foreign.without(&[&ids[word]]), none.without(&[&unknown[word]]), "{path}");
        // The owner does get it, so that the 404 above means something. Their file has no bytes in the store.
        let own = theirs.get(&page(&ids)).await.status;
        assert!(own == 200 || ["mail", "file"].contains(&word), "{path} answers its owner {own}");
    }
}

#[tokio::test]
async fn s03_a_forged_link_tells_nothing_of_the_company_that_it_names() {
    let test = TestApp::new().await;
    let visitor = test.visitor();
    let here = kernel::rng::link_token(test.company).text;
    let nowhere = kernel::rng::link_token(kernel::id::CompanyId(Uuid::max())).text;
    let with_token = ROUTES.iter().filter(|route| route.access == Access::Anybody && route.path.contains("{token}"));
    let mut walked = 0;
    for route in with_token {
        let page = |token: &str| route.path.replace("{token}", token);
        let (known, unknown) = (visitor.get(&page(&here)).await, visitor.get(&page(&nowhere)).await);
        assert_eq!((known.status, known.without(&[&here])), (unknown.status, unknown.without(&[&nowhere])), "{}", route.path);
        for odd in ["x", "-", "%00", "%ff", "a.b", &"a".repeat(4_000)] {
            let answer = visitor.get(&page(odd)).await;
            assert!(answer.status < 500, "{} {odd}: {} {}", route.path, answer.status, answer.body);
        }
        walked += 1;
    }
    assert!(walked >= 4, "links of activation, of passwords, of ratings and of forms");
}

#[tokio::test]
async fn s03_what_anybody_may_call_says_what_is_wrong_and_breaks_at_nothing() {
    let test = TestApp::new().await;
    let forged = kernel::rng::link_token(test.company).text;
    let long = "字".repeat(20_000);
    let bodies: [&[(&str, &str)]; 5] = [
        &[],
        &[("token", &forged)],
        &[("token", "x"), ("seen_seq", "-1"), ("revision", "x"), ("score", "99")],
        &[("token", &forged), ("fields[f01930000-0000-7000-8000-000000000000]", "x"), ("email", "x"), ("password", "x")],
        &[("token", &long), ("lang", "xx"), ("fields[x]", "x"), ("back", "//evil.example")],
    ];
    let (mut owner, company) = (test.owner().await, test.company.0);
    let before = checksums(&mut owner, company).await;
    for path in PUBLIC {
        for body in bodies {
            // Each from a network of its own: tries are counted.
            let [a, b] = kernel::rng::bytes::<2>();
            let answer = test.visitor_from([10, 7, a, b]).call(path, body).await;
            assert!(answer.status < 500 && !answer.body.contains("\"internal\""), "{path} {body:?}: {} {}", answer.status, answer.body);
        }
    }
    assert_eq!(checksums(&mut owner, company).await, before);
}

#[tokio::test]
async fn s03_lists_searches_and_downloads_name_nothing_of_another_company() {
    let test = TestApp::new().await;
    theirs(&test).await;
    let admin = test.super_admin().await;
    let plain = ROUTES.iter().map(|route| route.path).filter(|path| !path.contains('{'));
    // Longer than what is looked for: a page may repeat that.
    let names = [
        "别家客服",
        "别家组",
        "别家的",
        "别家分类",
        "别家视图",
        "别家字段",
        "别家工单字段",
        "别家模板",
        "别家权限组",
        "别家单元",
        "别家部门",
        "other.example",
    ];
    let words = ui::visit::encoded("别家");
    for path in plain {
        for query in [String::new(), format!("?q={words}&find={words}")] {
            let answer = admin.get(&format!("{path}{query}")).await;
            for name in names {
                assert!(!answer.body.contains(name), "{path}{query} names {name}: {}", answer.body);
            }
        }
    }
}

#[tokio::test]
async fn s03_what_each_role_may_call_is_what_was_agreed() {
    let test = TestApp::new().await;
    let (ids, own) = (theirs(&test).await, ours(&test).await);
    let mut table = String::from("function");
    let mut browsers = Vec::new();
    for role in Role::ALL {
        let email = format!("{role}@example.com");
        test.new_agent(&email, role.label(kernel::lang::Lang::Zh), *role, Vec::new()).await;
        browsers.push(test.signed_in(&email).await);
        let _ = write!(table, " {role}");
    }
    let mut seen = BTreeSet::new();
    for (path, fields) in CALLS.iter().filter(|(path, _)| seen.insert(*path)) {
        let _ = write!(table, "\n{path}");
        for browser in &browsers {
            let answer = ask(browser, path, fields, &nobodys(&ids), &own).await;
            table.push_str(if answer.body.contains("\"forbidden\"") { " -" } else { " +" });
        }
    }
    table.push('\n');
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/tests/tenancy/calls.txt");
    if std::env::var_os("KEFU_UPDATE_SNAPSHOTS").is_some() {
        std::fs::write(path, &table).expect("the snapshot is written");
    }
    let agreed = std::fs::read_to_string(path).unwrap_or_default();
    assert_eq!(table, agreed, "who may call what changed: look at the difference, then run with KEFU_UPDATE_SNAPSHOTS=1");
}
