//! 评价链接: a customer whom no mail reaches gets a link that somebody hands over; it counts when it is taken.

use super::{counted, invited, ready, save, solved, state_of};
use crate::tests::app::TestApp;
use jiff::SignedDuration;
use kernel::id::TicketId;
use kernel::permission::Role;
use satisfaction::model::SatisfactionSettings;
use ticket::model::Status;

#[tokio::test]
async fn a_customer_whose_mail_came_back_is_asked_by_a_link_that_is_handed_over() {
    let test = ready().await;
    let ticket = solved(&test, 20_261_122_000_001, "he@example.com").await;
    invited(&test, ticket).await.expect("a mail");
    let mail: uuid::Uuid = test.ask("select mail_id from satisfaction_invitations").await;
    satisfaction::commands::undelivered(&test.system().await, kernel::id::MailId(mail), ticket).await.expect("noted");
    assert_eq!((state_of(&test, ticket).await.as_str(), counted(&test).await), ("2 delivered", 0));
    let browser = test.super_admin().await;
    let page = format!("/tickets/{ticket}");
    let before = browser.get(&page).await;
    assert!(before.body.contains("邀评邮件没有送到"), "{}", before.body);
    let invitation = before.attribute("[name='input[invitation]']", "value");
    let taken = browser.submit(&page, "/do/satisfaction/take_link", &[("invitation", &invitation)]).await;
    let link = taken.attribute("input[readonly][id^='rating-link']", "value");
    assert_eq!((state_of(&test, ticket).await.as_str(), counted(&test).await), ("1 ", 1));
    assert_eq!(test.visitor().get(link.trim_start_matches("http://127.0.0.1:8080")).await.status, 200);
}

/// The same ticket, by a channel of its own that has no cards yet.
async fn by_wechat(test: &TestApp, number: i64) -> TicketId {
    let ticket = solved(test, number, "he@example.com").await;
    test.tamper(format!("update tickets set source = 3 where id = '{ticket}'")).await;
    ticket
}

#[tokio::test]
async fn a_ticket_that_no_mail_reaches_has_a_link_to_hand_over_and_counts_when_it_is_taken() {
    let test = ready().await;
    let ctx = test.system().await;
    test.new_agent("zhou@example.com", "周航", Role::TicketAgent, Vec::new()).await;
    let ticket = by_wechat(&test, 20_261_122_000_001).await;
    satisfaction::commands::invite(&ctx, ticket, Status::Solved).await.expect("decided");
    test.run_jobs().await;
    assert!(test.sent_to("he@example.com").await.is_empty(), "nobody is asked by mail");
    assert_eq!((state_of(&test, ticket).await.as_str(), counted(&test).await), ("3 ", 0), "ready is not 邀评");
    // It was handled by 李雷; 周航 has it when the link is taken, two days later.
    let zhou = "(select id from agents where nickname = '周航')";
    test.tamper(format!("update tickets set agent_id = {zhou}, version = version + 1 where id = '{ticket}'")).await;
    test.app.clock.advance(SignedDuration::from_hours(48));
    let browser = test.signed_in("zhou@example.com").await;
    let page = format!("/tickets/{ticket}");
    let before = browser.get(&page).await;
    assert_eq!(before.texts("form[action='/do/satisfaction/take_link']").len(), 1, "{}", before.body);
    assert!(!before.body.contains("/r/"));
    let invitation = before.attribute("[name='input[invitation]']", "value");
    let taken = browser.submit(&page, "/do/satisfaction/take_link", &[("invitation", &invitation)]).await;
    let link = taken.attribute("input[readonly][id^='rating-link']", "value");
    let path = link.strip_prefix("http://127.0.0.1:8080").unwrap_or_else(|| panic!("{link}: {}", taken.body)).to_owned();
    assert_eq!((state_of(&test, ticket).await.as_str(), counted(&test).await), ("1 ", 1));
    assert_eq!(
        test.ask::<String>(
            "select agent_name || ' ' || to_char(sent_at, 'DD') || ' ' || to_char(expires_at, 'DD') from satisfaction_invitations"
        )
        .await,
        "李雷 24 01",
        "about who handled it, asked now, valid from now"
    );
    assert_eq!(test.ask::<i64>("select count(*) from events where kind = 'rating_invited'").await, 1);
    assert_eq!(test.ask::<i64>("select count(*) from audit_entries where action = 'satisfaction.link_taken'").await, 1);
    let hidden: bool = test
        .ask(format!("select position('{}'::bytea in link_sealed) = 0 from satisfaction_invitations", path.trim_start_matches("/r/")))
        .await;
    assert!(hidden, "the link lies sealed");
    // Taken again, by somebody with an older page: the same link, counted once.
    let again = browser.submit(&page, "/do/satisfaction/take_link", &[("invitation", &invitation)]).await;
    assert_eq!(again.attribute("input[readonly][id^='rating-link']", "value"), link);
    assert_eq!(test.ask::<i64>("select count(*) from events where kind = 'rating_invited'").await, 1);
    // The customer opens it without any mail.
    let customer = test.visitor();
    let form = customer.get(&path).await;
    assert_eq!(form.status, 200);
    assert!(form.body.contains("客服李雷在 11 月 22 日为您处理完这件事"), "{}", form.body);
    let token = path.trim_start_matches("/r/").to_owned();
    let done = customer.submit(&path, "/do/rating/send", &[("token", &token), ("revision", "0"), ("score", "5"), ("lang", "zh")]).await;
    assert!(done.body.contains("谢谢，已经收到"), "{}", done.body);
    assert!(!browser.get(&page).await.body.contains("/r/"), "what is rated needs no link any more");
    test.app.clock.advance(SignedDuration::from_hours(7 * 24));
    let over = customer.get(&path).await;
    assert_eq!(over.status, 410);
    assert!(over.body.contains("请直接联系我们的客服") && !over.body.contains("回复那封邮件"), "{}", over.body);
}

#[tokio::test]
async fn a_link_is_taken_by_who_may_answer_the_ticket_only() {
    let test = ready().await;
    let ctx = test.system().await;
    let ticket = by_wechat(&test, 20_261_122_000_001).await;
    satisfaction::commands::invite(&ctx, ticket, Status::Solved).await.expect("decided");
    let invitation: uuid::Uuid = test.ask("select id from satisfaction_invitations").await;
    let invitation = invitation.to_string();
    // 周航 does not see the ticket, 王芳 sees it and may not answer.
    test.new_agent("zhou@example.com", "周航", Role::TicketAgent, Vec::new()).await;
    let reader = identity::model::permission::PermissionGroupInput {
        name: "只看".to_owned(),
        base_role: Some(Role::TicketAgent),
        items: vec![kernel::permission::Permission::TicketView],
        ticket_scope: Some(kernel::permission::Scope::All),
        ..Default::default()
    };
    let reader = identity::commands::permission_group::create(&test.admin().await, reader).await.expect("a permission group");
    let wang = test.new_agent("wang@example.com", "王芳", Role::TicketAgent, Vec::new()).await;
    test.tamper(format!("update agents set permission_group_id = '{}' where id = '{wang}'", reader.0)).await;
    for (email, problem) in [("zhou@example.com", "not_found"), ("wang@example.com", "forbidden")] {
        let browser = test.signed_in(email).await;
        let refused = browser.call("/do/satisfaction/take_link", &[("invitation", &invitation)]).await;
        assert_eq!(refused.json()["problems"], serde_json::json!([["", problem]]), "{email}: {}", refused.body);
    }
    assert_eq!((state_of(&test, ticket).await.as_str(), counted(&test).await), ("3 ", 0));
    let seen = test.signed_in("wang@example.com").await.get(&format!("/tickets/{ticket}")).await;
    assert!(seen.body.contains("可以转交评价链接") && !seen.body.contains("take_link"), "{}", seen.body);
    test.signed_in("li@example.com").await.call("/do/satisfaction/take_link", &[("invitation", &invitation)]).await;
    assert_eq!(state_of(&test, ticket).await, "1 ");
    assert!(
        !test.signed_in("wang@example.com").await.get(&format!("/tickets/{ticket}")).await.body.contains("/r/"),
        "the link is not hers to give"
    );
}

#[tokio::test]
async fn a_link_that_nobody_took_gives_way_to_what_became_of_the_ticket() {
    let test = ready().await;
    let ctx = test.system().await;
    save(
        &test,
        SatisfactionSettings { enabled: true, cap: Some(satisfaction::model::Cap { most: 1, days: 7 }), ..SatisfactionSettings::default() },
    )
    .await;
    // Opened again: nothing to hand over, and a page that was open says so. Solved again: ready anew.
    let first = by_wechat(&test, 20_261_122_000_001).await;
    satisfaction::commands::invite(&ctx, first, Status::Solved).await.expect("decided");
    test.tamper(format!("update tickets set status = 1, cycle = 2, solved_at = null where id = '{first}'")).await;
    satisfaction::commands::withdraw(&ctx, first).await.expect("withdrawn");
    assert_eq!(state_of(&test, first).await, "2 still_finished");
    let li = test.signed_in("li@example.com").await;
    let old: uuid::Uuid = test.ask("select id from satisfaction_invitations").await;
    let page = format!("/tickets/{first}");
    let said = li.submit(&page, "/do/satisfaction/take_link", &[("invitation", &old.to_string())]).await;
    assert!(said.text(".toast").contains("发送前工单又被打开"), "{}", said.text(".toast"));
    test.tamper(format!("update tickets set status = 3, solved_at = '2026-11-22 01:25Z' where id = '{first}'")).await;
    satisfaction::commands::invite(&ctx, first, Status::Solved).await.expect("decided");
    assert_eq!(state_of(&test, first).await, "3 ");
    // Links that lie ready are in nobody's limit; the one that was taken is.
    let second = by_wechat(&test, 20_261_122_000_002).await;
    satisfaction::commands::invite(&ctx, second, Status::Solved).await.expect("decided");
    assert_eq!(state_of(&test, second).await, "3 ");
    let of = async |ticket: TicketId| {
        test.ask::<uuid::Uuid>(format!("select id from satisfaction_invitations where ticket_id = '{ticket}' order by cycle desc limit 1"))
            .await
            .to_string()
    };
    li.submit(&page, "/do/satisfaction/take_link", &[("invitation", &of(first).await)]).await;
    assert_eq!(state_of(&test, first).await, "1 ");
    let capped = li.submit(&format!("/tickets/{second}"), "/do/satisfaction/take_link", &[("invitation", &of(second).await)]).await;
    assert!(capped.text(".toast").contains("已达上限"), "{}", capped.text(".toast"));
    assert_eq!((state_of(&test, second).await.as_str(), counted(&test).await), ("2 under_cap", 1));
    // A mail whose customer has no address any more becomes a link.
    save(&test, SatisfactionSettings { enabled: true, cap: None, delay: 30, ..SatisfactionSettings::default() }).await;
    let third = solved(&test, 20_261_122_000_003, "he@example.com").await;
    satisfaction::commands::invite(&ctx, third, Status::Solved).await.expect("decided");
    assert_eq!(state_of(&test, third).await, "0 ");
    test.tamper("delete from customer_contacts where normal = 'he@example.com'").await;
    test.later(SignedDuration::from_mins(30)).await;
    assert_eq!(state_of(&test, third).await, "3 ");
}
