//! What stands before every request: origins, headers, errors, addresses (S11, S42, S50, S52, S57).

use crate::tests::app::TestApp;
use axum::http::Method;
use core::time::Duration;
use futures_util::FutureExt;
use jiff::SignedDuration;
use kernel::error::Error;
use kernel::permission::Role;
use leptos::server_fn::axum::server_fn_paths;

#[tokio::test]
async fn s42_a_foreign_origin_changes_nothing() {
    let test = TestApp::new().await;
    let admin = test.super_admin().await;
    let form = || Some("input[lang]=en&input[back]=/".to_owned());
    for headers in [&[("origin", "https://evil.example")][..], &[], &[("origin", "null")], &[("sec-fetch-site", "cross-site")]] {
        let answer = admin.send(Method::POST, "/do/language", form(), headers).await;
        assert_eq!(answer.status, 403, "{headers:?}");
    }
}

#[tokio::test]
async fn s52_every_answer_has_its_headers() {
    let test = TestApp::new().await;
    let visitor = test.visitor();
    for path in ["/sign-in", "/nothing-here", "/kefu.css", "/healthz", "/tickets"] {
        let answer = visitor.get(path).await;
        for name in [
            "x-content-type-options",
            "referrer-policy",
            "content-security-policy",
            "cross-origin-opener-policy",
            "permissions-policy",
            "cache-control",
        ] {
            assert!(answer.headers.contains_key(name), "{path} lacks {name}");
        }
    }
    let policy = visitor.get("/sign-in").await.headers["content-security-policy"].to_str().unwrap_or("").to_owned();
    assert!(policy.contains("'nonce-") && !policy.contains("unsafe-inline"), "{policy}");
}

#[tokio::test]
async fn a_request_that_nobody_waits_for_leaves_no_transaction_open() {
    let test = TestApp::new().await;
    let ctx = test.system().await;
    let answered = || tokio::time::sleep(Duration::from_millis(20));
    for _ in 0..5 {
        // Polled once: the statement is on its way when the request goes, and its answer comes to a connection nobody has.
        assert!(ctx.begin().now_or_never().is_none());
        answered().await;
        assert!(test.app.directory().now_or_never().is_none());
        answered().await;
    }
    let open = "select count(*) from pg_stat_activity where datname = current_database() and state like 'idle in transaction%'";
    let mut left: i64 = 0;
    for _ in 0..50 {
        tokio::time::sleep(Duration::from_millis(20)).await;
        left = sqlx::query_scalar(open).fetch_one(&mut test.owner().await).await.expect("an answer");
        if left == 0 {
            break;
        }
    }
    assert_eq!(left, 0, "connections went back to the pool inside a transaction");
}

#[tokio::test]
async fn s57_inner_matters_are_not_shown_outside() {
    let test = TestApp::new().await;
    let visitor = test.visitor();
    assert_eq!(visitor.get("/metrics").await.status, 404);
    assert_eq!(visitor.get("/healthz").await.status, 200);
    assert_eq!(visitor.get("/readyz").await.status, 200);
}

#[tokio::test]
async fn s50_an_unknown_page_names_the_request_and_nothing_else() {
    let test = TestApp::new().await;
    let answer = test.visitor().get("/nothing-here").await;
    assert_eq!(answer.status, 404);
    assert_eq!(answer.text(".oops code"), answer.headers["x-request-id"].to_str().unwrap_or(""));
}

#[tokio::test]
async fn an_empty_installation_shows_its_first_visit_and_nobody_can_sign_in() {
    let test = TestApp::empty().await;
    let visitor = test.visitor();
    assert_eq!(visitor.get("/").await.location(), "/welcome");
    assert_eq!(visitor.get("/welcome").await.text("h1"), "开始使用");
    let answer = visitor.submit("/sign-in", "/do/sign_in", &[("email", "admin"), ("password", "admin"), ("next", "")]).await;
    assert!(answer.text(".wrongs").contains("邮箱或密码不对"), "{}", answer.body);
}

#[tokio::test]
async fn s28_days_and_places_out_of_every_calendar_break_no_page() {
    let test = TestApp::new().await;
    let admin = test.super_admin().await;
    let far = "-377000000000000000";
    let id = "00000000000000000000000000000001";
    for day in ["-009999-01-01", "0000-01-01", "9999-12-31", "2026-02-30", "x"] {
        for path in [
            "/reports/ticket-satisfaction?from=DAY&to=DAY",
            "/reports/ticket-satisfaction/rows?metric=rated&from=DAY&to=DAY",
            "/reports/ticket-satisfaction?from=DAY",
            "/reports/ticket-satisfaction?to=DAY",
            "/reports/sla?from=DAY&to=DAY",
            "/reports/sla/rows?from=DAY&to=DAY",
            "/reports/calls?from=DAY&to=DAY",
            "/reports/call-agents/rows?from=DAY&to=DAY",
            "/reports/agent-states?from=DAY&to=DAY",
            "/tickets?created_from=DAY&updated_to=DAY",
            "/tickets?created_to=DAY&updated_from=DAY",
            "/settings/audit?from=DAY&to=DAY",
        ] {
            let path = path.replace("DAY", day);
            let answer = admin.get(&path).await;
            assert!(answer.status < 500, "{path}: {} {}", answer.status, answer.body);
        }
    }
    let lists = [
        "/tickets?view=all",
        "/customers",
        "/mail",
        "/settings/audit",
        "/reports/ticket-satisfaction/rows?metric=rated",
        "/reports/sla/rows",
        "/reports/calls/rows",
    ];
    for path in lists {
        for cursor in [
            format!("a.{far}.{id}"),
            format!("b.{far}.{id}"),
            format!("a.{}.{id}", i64::MAX),
            format!("a.{far}-1-1.{id}"),
            format!("b.0-1-{}.{id}", i64::MAX),
            format!("a.x.{id}"),
            "x".to_owned(),
        ] {
            let path = format!("{path}{}at={cursor}", if path.contains('?') { '&' } else { '?' });
            let answer = admin.get(&path).await;
            assert!(answer.status < 500, "{path}: {} {}", answer.status, answer.body);
        }
    }
}

#[tokio::test]
async fn s45_a_visitor_fills_no_disk() {
    let test = TestApp::new().await;
    let visitor = test.visitor();
    let sign_in =
        async |email: &str| visitor.post("/sign-in", "/do/sign_in", &[("email", email), ("password", "x"), ("next", "")]).await.status;
    assert_eq!(sign_in(&"a".repeat(300 * 1024)).await, 413);
    assert_eq!(test.ask::<i64>("select count(*) from directory.sessions").await, 0);
    // What nobody types is not kept, but what is wrong with it is.
    assert_eq!(sign_in(&"a".repeat(200 * 1024)).await, 303);
    assert!(test.ask::<i32>("select pg_column_size(record::text) from directory.sessions").await < 65_536);
    assert!(!visitor.get("/sign-in").await.text(".wrongs").is_empty());
    assert_eq!(sign_in("typo@").await, 303);
    assert_eq!(visitor.get("/sign-in").await.attribute("input[type=email]", "value"), "typo@");

    sign_in("typo@").await;
    test.app.clock.advance(SignedDuration::from_mins(16));
    assert_eq!(visitor.get("/sign-in").await.attribute("input[type=email]", "value"), "", "it does not wait for ever");
    test.later(SignedDuration::from_hours(1)).await;
    assert_eq!(test.ask::<i64>("select count(*) from directory.sessions").await, 0);
    // Signed-in people write more, and lose less.
    let admin = test.super_admin().await;
    let name = "名".repeat(100 * 1024);
    let page =
        admin.submit("/settings/company", "/do/company/edit", &[("name", &name), ("time_zone", "Asia/Shanghai"), ("lang", "zh")]).await;
    assert!(page.body.contains(&name), "it is there to be shortened");
    test.later(SignedDuration::from_hours(2)).await;
    assert_eq!(test.ask::<i64>("select count(*) from directory.sessions").await, 1);
}

#[tokio::test]
async fn s45_a_form_with_files_is_read_of_agents_alone_and_has_an_end() {
    let test = TestApp::new().await;
    let (visitor, admin) = (test.visitor(), test.super_admin().await);
    let takes_files = ["/do/agent/import", "/do/ticket/create", "/do/ticket/reply", "/do/ticket/picture", "/do/config/upload"];
    for (path, _) in server_fn_paths() {
        for browser in [&visitor, &admin] {
            if browser.cookie() != visitor.cookie() && !takes_files.contains(&path) {
                continue;
            }
            for kind in ["application/x-www-form-urlencoded", "multipart/form-data", "multipart/form-data; boundary=\"", "text/plain"] {
                let headers = [("content-type", kind), ("origin", "http://127.0.0.1:8080")];
                let answer = browser.send(Method::POST, path, None, &headers).await;
                assert!(!answer.body.contains("Something went wrong and was recorded."), "{path} {kind}: {}", answer.body);
            }
        }
    }
    let huge = "字".repeat(4 * 1024 * 1024);
    let answer = admin.upload("/tickets/new", "/do/ticket/create", &[("title", "太长"), ("text", &huge)], &[]).await;
    assert_eq!(answer.status, 303);
    assert_eq!(test.ask::<i64>("select count(*) from tickets").await, 0);
    let form = Some(format!("input[name]={}", "a".repeat(11 * 1024 * 1024)));
    assert_eq!(admin.send(Method::POST, "/do/company/edit", form, &[("origin", "http://127.0.0.1:8080")]).await.status, 413);
}

#[tokio::test]
async fn f04_a_database_that_is_away_signs_nobody_out_and_says_when_to_come_again() {
    let test = TestApp::new().await;
    let admin = test.super_admin().await;
    test.app.write.close().await;
    let page = admin.get("/tickets").await;
    let posted =
        admin.post("/settings/company", "/do/company/edit", &[("name", "新名字"), ("time_zone", "Asia/Shanghai"), ("lang", "zh")]).await;
    let called = admin.call("/do/ticket/find", &[("text", "x")]).await;
    for answer in [page, posted, called] {
        assert_eq!(answer.status, 503, "{}", answer.body);
        assert!(answer.headers.contains_key("retry-after"));
    }
    assert_eq!(test.visitor().get("/tickets").await.status, 503, "nobody knows either whether somebody must sign in");
    let again = test.another().await;
    assert_eq!(again.visitor_with(&admin.cookie()).get("/settings/company").await.status, 200);
}

#[tokio::test]
async fn f04_what_passes_is_told_from_what_is_wrong() {
    let test = TestApp::new().await;
    let ctx = test.system().await;
    for (code, passes) in
        [("40001", true), ("40P01", true), ("53100", true), ("57P03", true), ("57014", true), ("22012", false), ("23514", false)]
    {
        let mut tx = ctx.begin().await.expect("a transaction");
        let sql = format!("do $$ begin raise exception using errcode = '{code}'; end $$");
        let error = sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&mut *tx).await.expect_err("it is raised");
        assert_eq!(Error::from(error).is_passing(), passes, "{code}");
    }
    let mut tx = ctx.begin().await.expect("a transaction");
    let process: i32 = sqlx::query_scalar("select pg_backend_pid()").fetch_one(&mut *tx).await.expect("a process");
    test.tamper(format!("select pg_terminate_backend({process}, 5000)")).await;
    let gone = Error::from(sqlx::query("select 1").execute(&mut *tx).await.expect_err("the connection is cut"));
    assert!(matches!(gone, Error::Busy), "{gone:?}");
}

#[tokio::test]
async fn d13_a_command_in_anothers_way_is_done_once_more() {
    let test = TestApp::new().await;
    let admin = test.super_admin().await;
    test.tamper(
        "create sequence tries; grant select on sequence tries to kefu_app;
        create function give_way() returns trigger language plpgsql security definer as $$ begin
            if new.name = 'never' or nextval('tries') = 1 then raise exception using errcode = '40P01'; end if;
            return new;
        end $$;
        create trigger give_way before update on companies for each row execute function give_way()",
    )
    .await;
    let rename = async |name: &str| {
        let fields = [("name", name), ("time_zone", "Asia/Shanghai"), ("lang", "zh")];
        admin.submit("/settings/company", "/do/company/edit", &fields).await
    };
    let page = rename("第二次就好").await;
    assert_eq!(page.text(".toast"), "公司信息已保存");
    assert_eq!(test.ask::<String>("select name from companies").await, "第二次就好");
    let page = rename("never").await;
    assert_eq!(page.attribute("#company_edit-name, [name='input[name]']", "value"), "never", "what was typed is there");
    assert_eq!(test.ask::<i64>("select last_value from tries").await, 2, "no third try of the first");
}

#[tokio::test]
async fn s45_what_costs_much_is_asked_for_so_often_and_no_more() {
    let test = TestApp::new().await;
    test.new_agent("other@example.com", "另一位", Role::FullAdmin, Vec::new()).await;
    let (admin, other) = (test.super_admin().await, test.signed_in("other@example.com").await);
    for _ in 0..10 {
        assert_eq!(admin.get("/settings/audit/file").await.status, 200);
    }
    let answer = admin.get("/settings/audit/file").await;
    assert_eq!((answer.status, answer.headers["retry-after"].to_str().ok()), (429, Some("60")));
    assert_eq!(other.get("/settings/audit/file").await.status, 200, "others are others");
    test.app.clock.advance(SignedDuration::from_mins(1));
    assert_eq!(admin.get("/settings/audit/file").await.status, 200);

    for _ in 0..120 {
        assert_ne!(admin.call("/do/ticket/find", &[("text", "x")]).await.status, 429);
    }
    assert_eq!(admin.call("/do/ticket/find", &[("text", "x")]).await.status, 429);
    assert_eq!(admin.get("/search?q=x").await.status, 429);
    let mut open = Vec::new();
    for _ in 0..20 {
        open.push(admin.listen(&[]).await);
    }
    assert!(open.iter().all(|stream| stream.status() == 200));
    assert_eq!(admin.listen(&[]).await.status(), 429);
    open.pop();
    assert_eq!(admin.listen(&[]).await.status(), 200, "an ended stream makes room");
}

#[tokio::test]
async fn a_refusal_of_a_server_function_says_by_its_status_whose_fault_it_is() {
    let test = TestApp::new().await;
    test.new_agent("agent@example.com", "李雷", Role::TicketAgent, Vec::new()).await;
    let (admin, agent) = (test.super_admin().await, test.signed_in("agent@example.com").await);
    let nobody = "01930000-0000-7000-8000-000000000000";
    let asked = [
        (&admin, "/do/ticket/take", vec![("ticket", "no id")], 400, "not_understood"),
        (&admin, "/do/ticket/take", vec![], 400, "not_understood"),
        (&test.visitor(), "/do/ticket/take", vec![("ticket", nobody)], 401, "sign_in_first"),
        (&agent, "/do/company/edit", vec![("name", "x"), ("time_zone", "UTC"), ("lang", "zh")], 403, "forbidden"),
        (&admin, "/do/ticket/take", vec![("ticket", nobody)], 404, "not_found"),
        (&test.visitor(), "/do/rating/send", vec![("token", "forged")], 404, "rating_link_unknown"),
        (&admin, "/do/ticket/settings", vec![("version", "99"), ("recent_hours", "24"), ("sender_hourly", "20")], 409, "stale"),
        (&admin, "/do/unit/save", vec![("name", "")], 422, "required"),
    ];
    for (browser, path, fields, status, problem) in asked {
        let answer = browser.call(path, &fields).await;
        assert_eq!(answer.status, status, "{path} {fields:?}: {}", answer.body);
        assert_eq!(answer.json()["problems"][0][1], problem, "{path} {fields:?}: {}", answer.body);
    }
    // What the program itself is to blame for stays its own fault.
    test.tamper("alter table units rename to units_gone").await;
    let broken = admin.call("/do/unit/save", &[("name", "华东")]).await;
    assert_eq!((broken.status, broken.json()["problems"][0][1].as_str()), (500, Some("internal")), "{}", broken.body);
    // A form of a page goes back to it, whatever was wrong.
    let posted = admin.post("/settings/departments", "/do/company/edit", &[("name", ""), ("time_zone", "UTC"), ("lang", "zh")]).await;
    assert_eq!(posted.status, 303, "{}", posted.body);
}
