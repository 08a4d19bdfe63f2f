//! 首次访问 and the demo: what the first person fills in, and who may end the demo.

use crate::tests::app::{PASSWORD, TestApp};
use kernel::permission::Role;

#[tokio::test]
async fn the_first_visit_asks_for_a_name_and_offers_every_zone() {
    let test = TestApp::empty().await;
    let visitor = test.visitor();
    let page = visitor.get("/welcome").await;
    assert_eq!(page.attribute("select[name='input[time_zone]'] option", "value"), "Asia/Shanghai", "the usual ones come first");
    for zone in ["America/Argentina/Ushuaia", "Pacific/Chatham", "Europe/Oslo"] {
        assert!(page.body.contains(&format!("value=\"{zone}\"")), "{zone}");
    }
    let nameless = [("company", "海风物流"), ("time_zone", "Pacific/Chatham"), ("email", "boss@haifeng.example"), ("password", PASSWORD)];
    let page = visitor.submit("/welcome", "/do/setup", &nameless).await;
    assert_eq!(page.attribute("[name='input[name]']", "aria-invalid"), "true");
    assert_eq!(page.attribute("option[selected]", "value"), "Pacific/Chatham");
    let answer = visitor.post("/welcome", "/do/setup", &[&nameless[..], &[("name", "韩梅梅")]].concat()).await;
    assert_eq!(answer.location(), "/", "{}", answer.body);
    assert!(visitor.get("/").await.text("h1").starts_with("韩梅梅"));
}

#[tokio::test]
async fn the_demo_is_ended_by_whoever_may() {
    let test = TestApp::new().await;
    test.new_agent("lilei@example.com", "李雷", Role::TicketAgent, Vec::new()).await;
    test.tamper("update companies set is_demo = true").await;
    let (admin, agent) = (test.super_admin().await.get("/").await, test.signed_in("lilei@example.com").await.get("/").await);
    assert!(admin.body.contains("这是演示公司") && agent.body.contains("这是演示公司"));
    assert!(admin.body.contains("/do/demo/remove"));
    assert!(!agent.body.contains("/do/demo/remove") && !agent.body.contains("一键删除"));
}

#[tokio::test]
async fn the_company_page_promises_no_report_that_there_is_not() {
    let test = TestApp::new().await;
    assert!(!test.super_admin().await.get("/settings/company").await.body.contains("统计可以按业务单元"));
}
