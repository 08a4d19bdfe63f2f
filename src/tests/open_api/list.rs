//! 时间范围 of the lists: what falls into one, and what is asked for without one.

use super::client;
use super::client::{code, reason};
use crate::tests::app::TestApp;
use jiff::SignedDuration;
use serde_json::json;

const USERS: &str = "/api/crm/5/user/query_users";
const TICKETS: &str = "/api/ws/5/ticket/query_tickets";

#[tokio::test]
async fn an_end_takes_in_everything_of_its_second_and_of_its_day() {
    let test = TestApp::new().await;
    let client = client(&test).await;
    test.app.clock.advance(SignedDuration::from_millis(500));
    assert_eq!(code(&client.post("/api/crm/5/user/save_user", json!({ "user_nick": "张三" })).await), "000000");
    let ticket = json!({ "ticket_title": "发票", "ticket_content": "请开发票", "user_nick": "李四", "partnerid": "shop-1" });
    assert_eq!(code(&client.post("/api/ws/5/ticket/save_user_ticket", ticket).await), "000000");
    for (from, to, count) in [
        ("2026-11-22 09:30:00", "2026-11-22 09:30:00", [2, 1]),
        ("2026-11-22", "2026-11-22", [2, 1]),
        ("2026-11-22 09:30:01", "2026-11-22 09:31:00", [0, 0]),
        ("2026-11-21", "2026-11-21", [0, 0]),
    ] {
        let users = client.get(USERS, &[("start_datetime", from), ("end_datetime", to)]).await.json();
        let tickets = client.get(TICKETS, &[("create_start_datetime", from), ("create_end_datetime", to)]).await.json();
        assert_eq!([&users["total_count"], &tickets["total_count"]], [&json!(count[0]), &json!(count[1])], "{from} {to}");
    }
    let changed = client.get(TICKETS, &[("update_end_datetime", "2026-11-22")]).await.json();
    assert_eq!(changed["total_count"], 1, "from a year before: {changed}");
}

#[tokio::test]
async fn a_list_that_grows_for_ever_is_asked_for_with_a_range() {
    let test = TestApp::new().await;
    let client = client(&test).await;
    for (path, field) in [(USERS, "start_datetime"), (TICKETS, "create_start_datetime")] {
        let open = client.get(path, &[]).await;
        assert_eq!((code(&open), reason(&open)), ("400001".to_owned(), "range_required".to_owned()), "{path}");
        assert_eq!(open.json()["errors"][0]["field"], field);
        let deep = client.get(path, &[(field, "2026-11-01"), ("page_no", "1000"), ("page_size", "50")]).await;
        assert_eq!((code(&deep), reason(&deep)), ("400000".to_owned(), "page_too_deep".to_owned()), "{path}");
        assert_eq!(code(&client.get(path, &[(field, "2026-11-01"), ("page_no", "200"), ("page_size", "50")]).await), "000000");
    }
    assert_eq!(code(&client.get(USERS, &[("user_tels", "13800138000")]).await), "000000", "one number");
    assert_eq!(code(&client.get(TICKETS, &[("ticket_code", "1")]).await), "000000", "one ticket");
}
