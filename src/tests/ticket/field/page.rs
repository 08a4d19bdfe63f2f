//! The forms: settings of fields and templates, a new ticket without scripting, the ticket's page.

use super::{Demand, Desk, FieldKind, TemplateInput, answer_name, kept, made, named, own, with};
use ticket::commands::{draft, template};
use ticket::model::field::Answers;
use ticket::model::input::CreateInput;

#[tokio::test]
async fn a_field_is_made_changed_moved_and_switched_off_by_its_forms() {
    let desk = Desk::new().await;
    let browser = desk.test.super_admin().await;
    let (list, path) = ("/settings/ticket-fields", "/do/ticket/field/save");
    assert!(browser.get(list).await.body.contains("还没有自定义字段"));
    let wrong = [("label", ""), ("hint", "写订单号"), ("kind", "cascade"), ("options", "a/b/c/d/e\n其他"), ("enabled", "true")];
    let page = browser.submit("/settings/ticket-fields/new", path, &wrong).await;
    for field in ["label", "options"] {
        assert_eq!(page.attribute(&format!("#ticket_field-{field}"), "aria-invalid"), "true", "{field}: {}", page.body);
    }
    assert!(page.body.contains("a/b/c/d/e") && page.body.contains("写订单号"), "nothing typed is lost: {}", page.body);
    let right = [("label", "品类"), ("kind", "cascade"), ("options", "电器 / 冰箱\n其他"), ("filled_by", "customer"), ("enabled", "true")];
    assert_eq!(browser.post("/settings/ticket-fields/new", path, &right).await.location(), list);
    assert!(browser.submit("/settings/ticket-fields/new", path, &right).await.body.contains("这个名称已被使用"));
    browser.post("/settings/ticket-fields/new", path, &[("label", "订单号"), ("kind", "line"), ("enabled", "true")]).await;
    let page = browser.get(list).await;
    assert_eq!(page.texts("ol.order a.to"), ["品类", "订单号"]);
    assert!(page.body.contains("客户填写") && page.body.contains("级联：电器/冰箱、其他"), "{}", page.body);
    let id: uuid::Uuid = desk.test.ask("select id from ticket_fields where label = '订单号'").await;
    let id = id.to_string();
    browser.post(list, "/do/ticket/field/step", &[("field", &id), ("step", "up")]).await;
    assert_eq!(browser.get(list).await.texts("ol.order a.to"), ["订单号", "品类"]);
    let edit = format!("{list}/{id}");
    assert!(!browser.get(&edit).await.body.contains("name=\"input[options]\""), "a line has no options");
    let off = [("id", &*id), ("version", "1"), ("label", "订单编号"), ("kind", "line")];
    browser.post(&edit, path, &off).await;
    assert!(browser.get(list).await.text("ol.order li:first-child").contains("停用"));
    assert!(browser.submit(&edit, path, &off).await.body.contains("已被别人改过"), "the version of before");
    let other = [("id", &*id), ("version", "2"), ("label", "订单编号"), ("kind", "number")];
    assert!(browser.submit(&edit, path, &other).await.body.contains("没有找到"), "it stays what it holds");
    let audit = browser.get("/settings/audit?kind=ticket_field").await;
    assert!(audit.body.contains("工单自定义字段") && audit.body.contains("填写方"), "{}", audit.body);
}

#[tokio::test]
async fn a_template_is_put_together_by_places() {
    let desk = Desk::new().await;
    let (first, second) = (own(&desk, "甲", FieldKind::Line).await, own(&desk, "乙", FieldKind::Line).await);
    let browser = desk.test.super_admin().await;
    let (list, path) = ("/settings/ticket-templates", "/do/ticket/template/save");
    assert!(browser.get(list).await.body.contains("还没有工单模板"));
    let (first, second) = (first.to_string(), second.to_string());
    let fields = |place: &'static str| {
        [
            ("name", "退货".to_owned()),
            ("is_default", "true".to_owned()),
            ("slots[0][field]", first.clone()),
            ("slots[0][demand]", "close".to_owned()),
            ("slots[0][place]", place.to_owned()),
            ("slots[1][field]", second.clone()),
            ("slots[1][demand]", "both".to_owned()),
            ("slots[1][place]", "1".to_owned()),
        ]
    };
    let sent = |fields: [(&'static str, String); 8]| fields.to_vec();
    let post = async |fields: Vec<(&'static str, String)>| {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, &**value)).collect();
        browser.submit("/settings/ticket-templates/new", path, &fields).await
    };
    let page = post(sent(fields("第二"))).await;
    assert_eq!(page.attribute("#ticket_template-slots-0--place-", "aria-invalid"), "true", "{}", page.body);
    assert_eq!(page.attribute("#ticket_template-slots-0--place-", "value"), "第二");
    assert_eq!(page.attribute("#ticket_template-slots-1--demand- option[selected]", "value"), "both");
    let page = post(sent(fields("2"))).await;
    let words = page.text("ul.rows li");
    assert!(words.contains("默认") && words.contains("乙（创建和关闭时都必填）、甲（解决或关闭时必填）"), "{words}");
    let id: uuid::Uuid = desk.test.ask("select id from ticket_templates").await;
    let page = browser.get(&format!("{list}/{id}")).await;
    assert_eq!(
        page.texts("table.slots th[scope=row]").iter().map(|text| text.chars().next()).collect::<Vec<_>>(),
        [Some('乙'), Some('甲')]
    );
}

#[tokio::test]
async fn a_new_ticket_without_scripting_asks_for_the_fields_of_its_category() {
    let desk = Desk::new().await;
    let (order, reason) = (own(&desk, "订单号", FieldKind::Line).await, own(&desk, "退货原因", FieldKind::Radio).await);
    let template = made(&desk, "退货", &[(order, Demand::Create), (reason, Demand::Never)]).await;
    let category = named(&desk, "退货", None, Some(template)).await.to_string();
    let browser = desk.test.signed_in("lilei@example.com").await;
    let customer = desk.customer.to_string();
    let form = format!("/tickets/new?customer={customer}");
    let page = browser.get(&form).await;
    assert!(page.body.contains("显示该分类的字段") && !page.body.contains("订单号"), "{}", page.body);
    let basic = [("customer", &*customer), ("title", "退一台冰箱"), ("text", "<b>坏了</b>"), ("category", &*category)];
    let asked = [&basic[..], &[("step", "fields")]].concat();
    let answer = browser.upload(&form, "/do/ticket/create", &asked, &[]).await;
    let page = browser.get(&answer.location()).await;
    assert_eq!(page.attribute("#ticket_new-title", "value"), "退一台冰箱", "{}", page.body);
    assert!(page.text("#ticket_new-text").contains("<b>坏了</b>") && page.body.contains("订单号"), "{}", page.body);
    assert!(!page.body.contains("还不能提交"), "nothing is wrong yet");
    assert_eq!(desk.test.ask::<i64>("select count(*) from tickets").await, 0);
    // What is missing stands beside its field; what was chosen stays.
    let (of_order, of_reason) = (answer_name(order), answer_name(reason));
    let half = [&basic[..], &[(&*of_order, ""), (&*of_reason, "质量")]].concat();
    let answer = browser.upload(&form, "/do/ticket/create", &half, &[]).await;
    let page = browser.get(&answer.location()).await;
    let wrong = format!("[name='input[fields][f{order}]']");
    assert_eq!(page.attribute(&wrong, "aria-invalid"), "true", "{}", page.body);
    let wrongs = page.text(".wrongs");
    assert!(wrongs.contains("订单号") && wrongs.contains("请填写这一项"), "{wrongs}");
    assert_eq!(page.attribute(&format!("[name='input[fields][f{reason}]'][checked]"), "value"), "质量");
    let whole = [&basic[..], &[(&*of_order, "8821"), (&*of_reason, "质量")]].concat();
    let made = browser.upload(&form, "/do/ticket/create", &whole, &[]).await;
    let page = browser.get(&made.location()).await;
    assert_eq!(page.attribute(&format!(".props [name='input[fields][f{order}]']"), "value"), "8821", "{}", page.body);
    // The part that the script fetches is the same.
    let part = browser.call("/do/ticket/form", &[("category", &category)]).await;
    assert!(part.json().as_str().is_some_and(|part| part.contains(&format!("input[fields][f{order}]"))), "{}", part.body);
}

#[tokio::test]
async fn a_draft_of_a_new_ticket_keeps_what_was_filled_in() {
    let desk = Desk::new().await;
    let order = own(&desk, "订单号", FieldKind::Line).await;
    template::save(&desk.admin, TemplateInput { is_default: true, ..with("通用", &[(order, Demand::Never)]) }).await.expect("saved");
    let fields: Answers = super::answers(&[(order, "8821"), (kernel::id::TicketFieldId(uuid::Uuid::max()), "别家的")]);
    draft::save_new(&desk.lilei, CreateInput { fields, ..desk.input("退货") }).await.expect("kept");
    let page = desk.test.signed_in("lilei@example.com").await.get("/tickets/new").await;
    assert_eq!(page.attribute(&format!("[name='input[fields][f{order}]']"), "value"), "8821", "{}", page.body);
    let kept: String = desk.test.ask("select form::text from ticket_drafts").await;
    assert!(!kept.contains("别家的"), "{kept}");
}

#[tokio::test]
async fn a_ticket_is_solved_from_its_page_with_what_is_missing() {
    let desk = Desk::new().await;
    let (result, order) = (own(&desk, "处理结果", FieldKind::Choice).await, own(&desk, "订单号", FieldKind::Line).await);
    let old = own(&desk, "旧字段", FieldKind::Line).await;
    let slots = [(order, Demand::Never), (result, Demand::Close)];
    template::save(&desk.admin, TemplateInput { is_default: true, ..with("通用", &slots) }).await.expect("saved");
    let ticket = desk.ticket("退货").await.ticket;
    super::save(&desk, &desk.admin, ticket, |edit| super::EditInput { fields: super::answers(&[(old, "留着的")]), ..edit })
        .await
        .expect("saved");
    let browser = desk.test.signed_in("lilei@example.com").await;
    let page = browser.get(&format!("/tickets/{ticket}")).await;
    assert!(page.text(".before-end").contains("处理结果"), "{}", page.body);
    assert!(page.text(".props").contains("解决或关闭时必填"), "{}", page.text(".props"));
    assert!(page.text(".props dl.facts").contains("留着的"), "values of other templates stay: {}", page.body);
    let (id, version) = (ticket.to_string(), desk.version(ticket).await.to_string());
    let (of_result, of_order) = (answer_name(result), answer_name(order));
    let sent =
        [("ticket", &*id), ("version", &*version), ("priority", "medium"), ("status", "solved"), (&*of_order, "8821"), (&*of_result, "")];
    let page = browser.submit(&format!("/tickets/{id}"), "/do/ticket/edit", &sent).await;
    let select = format!("#ticket_edit-fields-f{result}-");
    assert_eq!(page.attribute(&select, "aria-invalid"), "true", "{}", page.body);
    assert_eq!(page.attribute(&format!("#ticket_edit-fields-f{order}-"), "value"), "8821", "nothing typed is lost");
    // By the reply, and the fold is open when it is wanted.
    let reply = [("ticket", &*id), ("seen_seq", "99"), ("text", "换了"), ("reply_type", "everyone"), ("status", "solved")];
    let answer = browser.upload(&format!("/tickets/{id}"), "/do/ticket/reply", &reply, &[]).await;
    let page = browser.get(&answer.location()).await;
    assert!(page.body.contains("<details open class=\"opens before-end\""), "{}", page.body);
    assert_eq!(page.text("#ticket_reply-text"), "换了");
    let whole = [&reply[..], &[(&*of_result, "质量")]].concat();
    browser.upload(&format!("/tickets/{id}"), "/do/ticket/reply", &whole, &[]).await;
    assert_eq!(kept(&desk, ticket, result).await.as_deref(), Some("质量"));
    assert!(!browser.get(&format!("/tickets/{id}")).await.body.contains("before-end"), "nothing is missing");
}

#[tokio::test]
async fn the_audit_of_a_category_names_its_template() {
    let desk = Desk::new().await;
    let (returns, invoices) = (made(&desk, "退货单", &[]).await, made(&desk, "发票单", &[]).await);
    let browser = desk.test.super_admin().await;
    let (page, path) = ("/settings/categories", "/do/ticket/category/save");
    browser.submit(page, path, &[("name", "售后"), ("template", &returns.to_string())]).await;
    let id: uuid::Uuid = desk.test.ask("select id from ticket_categories").await;
    desk.test.app.clock.advance(jiff::SignedDuration::from_secs(1));
    browser.submit(page, path, &[("id", &id.to_string()), ("name", "售后"), ("template", &invoices.to_string())]).await;
    desk.test.app.clock.advance(jiff::SignedDuration::from_secs(1));
    browser.submit(page, path, &[("id", &id.to_string()), ("name", "售后"), ("template", "")]).await;
    let kept: Vec<String> = desk
        .test
        .list("select coalesce(before ->> 'template', '–') || ' → ' || coalesce(after ->> 'template', '–') from audit_entries where object_kind = 'category' order by created_at, id")
        .await;
    assert_eq!(kept, ["– → 退货单", "退货单 → 发票单", "发票单 → –"]);
    let audit = browser.get("/settings/audit?kind=category").await;
    assert!(audit.body.contains("退货单") && audit.body.contains("发票单"), "{}", audit.body);
}
