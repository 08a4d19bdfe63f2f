//! 服务小结: written by the form, kept in versions.

use super::Phones;
use identity::model::company::UnitInput;

#[tokio::test]
async fn a_summary_is_written_changed_and_its_versions_stay() {
    let phones = Phones::new().await;
    let call = phones.play_named("转接已确认", 30).await;
    identity::commands::department::save_unit(&phones.admin, UnitInput { name: "售后".to_owned(), ..Default::default() })
        .await
        .expect("a unit");
    let parent = ticket::model::category::CategoryInput { name: "物流".to_owned(), ..Default::default() };
    let parent = ticket::commands::category::create(&phones.admin, parent).await.expect("a category");
    let leaf = ticket::model::category::CategoryInput { parent: Some(parent), name: "退货".to_owned(), ..Default::default() };
    let leaf = ticket::commands::category::create(&phones.admin, leaf).await.expect("a category");
    let unit: uuid::Uuid = phones.test.ask("select id from units where name = '售后'").await;
    let agent = phones.test.signed_in("b@example.com").await;
    let (page, id) = (format!("/calls/{call}"), call.to_string());
    let (unit, leaf, parent) = (unit.to_string(), leaf.to_string(), parent.to_string());
    let first: &[(&str, &str)] =
        &[("call", &id), ("version", "0"), ("unit", &unit), ("category", &leaf), ("status", "pending"), ("remark", "约了上门")];
    let saved = agent.submit(&page, "/do/call/summary", first).await;
    assert!(saved.body.contains("服务小结已保存") && saved.text("#summary header .tag") == "待处理", "{}", saved.body);

    // Whoever had the page open longer is told, and nothing typed is lost.
    let stale =
        agent.submit(&page, "/do/call/summary", &[("call", &id), ("version", "0"), ("status", "handled"), ("remark", "另一句")]).await;
    assert!(stale.body.contains("已被别人改过") && stale.body.contains("另一句"), "{}", stale.body);
    let long = "长".repeat(501);
    let wrong = agent.submit(&page, "/do/call/summary", &[("call", &id), ("version", "1"), ("category", &parent), ("remark", &long)]).await;
    assert!(wrong.body.contains("太长了") && wrong.body.contains("请填写这一项") && wrong.body.contains(&long), "{}", wrong.body);
    let branch =
        agent.submit(&page, "/do/call/summary", &[("call", &id), ("version", "1"), ("status", "handled"), ("category", &parent)]).await;
    assert!(branch.body.contains("请选择最下一级分类"), "{}", branch.body);

    let second =
        agent.submit(&page, "/do/call/summary", &[("call", &id), ("version", "1"), ("status", "handled"), ("remark", "已上门")]).await;
    assert_eq!(second.text("#summary header .tag"), "已处理");
    assert!(
        second.text("#summary details").contains("约了上门") && second.text("#summary details").contains("物流/退货"),
        "{}",
        second.body
    );
    assert_eq!(
        phones.test.list::<String>("select version || ' ' || remark || ' ' || agent_name from call_summaries order by version").await,
        ["1 约了上门 周航", "2 已上门 周航"]
    );

    let other = phones.test.signed_in("c@example.com").await;
    let refused = other.call("/do/call/summary", &[("call", &id), ("version", "2"), ("status", "handled")]).await;
    assert_eq!(refused.json()["problems"], serde_json::json!([["", "not_found"]]), "a call that C took no part in");
}

#[tokio::test]
async fn a_summary_asks_for_the_fields_of_its_problem_types_template() {
    use ticket::model::field::{FilledBy, TicketFieldInput};
    use ticket::model::template::{Demand, SlotInput, TemplateInput};
    let phones = Phones::new().await;
    let call = phones.play_named("呼入接听", 30).await;
    let field = TicketFieldInput {
        label: "订单号".to_owned(),
        kind: Some(kernel::field::FieldKind::Line),
        filled_by: Some(FilledBy::Agent),
        enabled: true,
        ..TicketFieldInput::default()
    };
    let field = ticket::commands::field::save(&phones.admin, field).await.expect("a field");
    let slots = vec![SlotInput { field, demand: Some(Demand::Close), place: String::new() }];
    let template = TemplateInput { name: "订单".to_owned(), slots, is_default: true, ..TemplateInput::default() };
    ticket::commands::template::save(&phones.admin, template).await.expect("a template");
    let agent = phones.test.signed_in("a@example.com").await;
    let (page, id) = (format!("/calls/{call}"), call.to_string());
    assert!(agent.get(&page).await.text("#summary").contains("订单号"));
    let name = kernel::field::answer_name(field);
    let refused = agent.submit(&page, "/do/call/summary", &[("call", &id), ("version", "0"), ("status", "handled"), (&name, " ")]).await;
    assert!(refused.text("#summary .has-error").contains("订单号"), "what is demanded before closing: {}", refused.body);
    let saved = agent.submit(&page, "/do/call/summary", &[("call", &id), ("version", "0"), ("status", "handled"), (&name, "A-1024")]).await;
    assert!(saved.body.contains("服务小结已保存") && saved.body.contains("A-1024"), "{}", saved.body);
    let kept: String = phones.test.ask(format!("select fields ->> '{field}' from call_summaries")).await;
    assert_eq!(kept, "A-1024");
}
