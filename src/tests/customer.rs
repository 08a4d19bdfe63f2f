//! Customers against the database: found by anything, one contact one customer, merges that can be undone.

use crate::tests::app::TestApp;
use customer::commands::merge::{merge, undo_merge};
use customer::commands::{by_email, create, edit, field};
use customer::model::{CustomerFilter, CustomerInput, FieldChoice, FieldInput, MergeInput};
use customer::queries;
use kernel::ctx::Ctx;
use kernel::error::{Error, Problem};
use kernel::field::{Answer, FieldKind};
use kernel::id::CustomerId;

fn input(nickname: &str, emails: &str, phones: &str) -> CustomerInput {
    CustomerInput { nickname: nickname.into(), emails: emails.into(), phones: phones.into(), ..CustomerInput::default() }
}

async fn card(ctx: &Ctx, id: CustomerId) -> queries::CustomerCard {
    queries::customer(ctx, id).await.expect("the customer")
}

fn problems(error: &Error) -> Vec<(&str, Problem)> {
    match error {
        Error::Problems(problems) => problems.0.iter().map(|(field, problem)| (field.as_str(), *problem)).collect(),
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn a_sender_becomes_one_customer_however_often_and_at_once() {
    let test = TestApp::new().await;
    let ctx = test.system().await;
    let make = |email: &'static str| {
        let ctx = ctx.clone();
        tokio::spawn(async move {
            let mut tx = ctx.begin().await.expect("a transaction");
            let id = by_email(&mut tx, email, "何静").await.expect("a customer");
            tx.commit().await.expect("committed");
            id
        })
    };
    let (first, second, third) = (make("he@example.com"), make("HE@example.com "), make("he@Example.com"));
    let ids = [first.await.expect("one"), second.await.expect("two"), third.await.expect("three")];
    assert!(ids.iter().all(|id| *id == ids[0]));
    let list = queries::list(&ctx, &CustomerFilter::default()).await.expect("a list");
    assert_eq!((list.total, list.page.rows[0].nickname.as_str()), (1, "何静"));
    // Addresses that no form would take still make a customer.
    let mut tx = ctx.begin().await.expect("a transaction");
    assert!(by_email(&mut tx, "\"a b\"@example.com", "").await.is_ok());
    assert!(by_email(&mut tx, "  ", "").await.is_err());
}

#[tokio::test]
async fn a_customer_is_found_by_anything_and_contacts_belong_to_one() {
    let test = TestApp::new().await;
    let ctx = test.system().await;
    let he = create(
        &ctx,
        CustomerInput {
            name: "何静".into(),
            partner_id: Some("CM-88213".into()),
            vip_level: 2,
            ..input("小何", "he@example.com", "138 0013 8000")
        },
    )
    .await
    .expect("created");
    create(&ctx, input("何晶", "", "")).await.expect("created");
    for text in ["小何", "hejing", "hj", "xh", "13800138000", "+86 138-0013-8000", "8000", "he@example.com", "CM-88213", "88213"] {
        let hits = queries::lookup(&ctx, text).await.expect("hits");
        assert_eq!(hits.first().map(|hit| hit.id), Some(he), "{text}");
    }
    assert!(queries::lookup(&ctx, "").await.expect("hits").is_empty());
    assert!(queries::lookup(&ctx, "没有这个人").await.expect("hits").is_empty());
    let vip = queries::list(&ctx, &CustomerFilter { vip: Some(2), ..CustomerFilter::default() }).await.expect("a list");
    assert_eq!(vip.total, 1);

    let taken = create(&ctx, CustomerInput { partner_id: Some("CM-88213".into()), ..input("乙", "HE@example.com", "0086 13800138000") })
        .await
        .expect_err("taken");
    let mut taken = problems(&taken);
    taken.sort_by_key(|(field, _)| *field);
    assert_eq!(taken, [("emails", Problem::ContactTaken), ("partner_id", Problem::PartnerTaken), ("phones", Problem::ContactTaken)]);
    let wrong = create(&ctx, input("丙", "", "电话")).await.expect_err("no phone");
    assert_eq!(problems(&wrong), [("phones", Problem::BadPhone)]);

    // A stale copy never overwrites.
    let now = card(&ctx, he).await;
    let change = CustomerInput { id: Some(he), version: now.version, vip_level: 3, ..input("小何", "he@example.com", "13800138000") };
    edit(&ctx, change.clone()).await.expect("edited");
    assert_eq!(problems(&edit(&ctx, change).await.expect_err("stale")), [("", Problem::Stale)]);
    let now = card(&ctx, he).await;
    assert_eq!((now.vip_level, now.partner_id, now.phones), (3, None, vec!["13800138000".to_owned()]));
}

#[tokio::test]
async fn a_merge_moves_everything_and_comes_apart_again() {
    let test = TestApp::new().await;
    let ctx = test.system().await;
    let keep = create(&ctx, input("何静", "he@example.com", "")).await.expect("created");
    let gone = create(
        &ctx,
        CustomerInput {
            name: "何静".into(),
            partner_id: Some("CM-1".into()),
            vip_level: 3,
            ..input("何静（公司）", "jing@firm.example", "13800138000")
        },
    )
    .await
    .expect("created");
    let suggested = queries::merge::duplicates(&ctx, &card(&ctx, keep).await).await.expect("hits");
    assert_eq!(suggested.iter().map(|hit| hit.id).collect::<Vec<_>>(), [gone]);

    let id = merge(&ctx, MergeInput { keep, gone }).await.expect("merged");
    assert!(merge(&ctx, MergeInput { keep, gone }).await.is_err(), "it is gone already");
    assert!(merge(&ctx, MergeInput { keep, gone: keep }).await.is_err());
    let one = card(&ctx, keep).await;
    assert_eq!((one.name.as_str(), one.vip_level, one.partner_id.as_deref()), ("何静", 3, Some("CM-1")));
    assert_eq!((one.emails, one.phones.len()), (vec!["he@example.com".to_owned(), "jing@firm.example".to_owned()], 1));
    assert_eq!(card(&ctx, gone).await.merged_into, Some(keep));
    let mut tx = ctx.begin().await.expect("a transaction");
    assert_eq!(by_email(&mut tx, "jing@firm.example", "").await.expect("found"), keep);
    drop(tx);
    assert_eq!(queries::list(&ctx, &CustomerFilter::default()).await.expect("a list").total, 1);

    // What people wrote since stays with the one that was kept.
    let now = card(&ctx, keep).await;
    let change = CustomerInput {
        id: Some(keep),
        version: now.version,
        name: "何静".into(),
        remark: "新备注".into(),
        vip_level: 3,
        partner_id: now.partner_id,
        ..input("何静", "he@example.com\njing@firm.example", "13800138000")
    };
    edit(&ctx, change).await.expect("edited");
    assert_eq!(undo_merge(&ctx, id).await.expect("undone"), gone);
    assert_eq!(problems(&undo_merge(&ctx, id).await.expect_err("undone already")), [("", Problem::MergeUndone)]);
    let (one, other) = (card(&ctx, keep).await, card(&ctx, gone).await);
    assert_eq!(
        (one.emails, one.phones.len(), one.vip_level, one.partner_id, one.remark.as_str()),
        (vec!["he@example.com".to_owned()], 0, 0, None, "新备注")
    );
    assert_eq!((other.emails, other.partner_id.as_deref(), other.merged_into), (vec!["jing@firm.example".to_owned()], Some("CM-1"), None));
    assert_eq!(queries::lookup(&ctx, "13800138000").await.expect("hits")[0].id, gone);
    let history = queries::merge::history(&ctx, keep).await.expect("merges");
    assert!(history[0].undone_at.is_some() && !history[0].is_last);
}

#[tokio::test]
async fn later_merges_are_undone_first() {
    let test = TestApp::new().await;
    let ctx = test.system().await;
    let [a, b, c] = [
        create(&ctx, input("甲", "", "")).await.expect("a"),
        create(&ctx, input("乙", "", "")).await.expect("b"),
        create(&ctx, input("丙", "", "")).await.expect("c"),
    ];
    let first = merge(&ctx, MergeInput { keep: a, gone: b }).await.expect("merged");
    test.app.clock.advance(jiff::SignedDuration::from_secs(1));
    let second = merge(&ctx, MergeInput { keep: c, gone: a }).await.expect("merged");
    assert!(undo_merge(&ctx, first).await.is_err());
    undo_merge(&ctx, second).await.expect("undone");
    undo_merge(&ctx, first).await.expect("undone");
    assert_eq!(queries::list(&ctx, &CustomerFilter::default()).await.expect("a list").total, 3);
}

#[tokio::test]
async fn own_fields_come_go_and_keep_their_answers() {
    let test = TestApp::new().await;
    let ctx = test.system().await;
    let new = |label: &str, options: &str| FieldInput {
        label: label.into(),
        kind: Some(FieldKind::Choice),
        options: options.into(),
        ..FieldInput::default()
    };
    let billing = field::save(&ctx, new("结算方式", "月结\n现结\n月结")).await.expect("a field");
    assert_eq!(problems(&field::save(&ctx, new("结算方式", "x")).await.expect_err("taken")), [("label", Problem::NameTaken)]);
    let answered =
        |version, id| CustomerInput { id, version, fields: [(billing, Answer::One("月结".into()))].into(), ..input("何静", "", "") };
    let he = create(&ctx, answered(0, None)).await.expect("created");
    assert_eq!(queries::lookup(&ctx, "月结").await.expect("hits").len(), 1, "answers are searched");
    field::remove(&ctx, FieldChoice { id: billing }).await.expect("removed");
    let version = card(&ctx, he).await.version;
    edit(&ctx, CustomerInput { id: Some(he), version, remark: "x".into(), ..input("何静", "", "") }).await.expect("edited");
    field::restore(&ctx, FieldChoice { id: billing }).await.expect("restored");
    assert_eq!(card(&ctx, he).await.fields[billing.to_string()], "月结");
    let other = field::save(&ctx, new("等级", "甲\n乙")).await.expect("a field");
    field::raise(&ctx, FieldChoice { id: other }).await.expect("moved");
    let order = queries::field::defined(&mut ctx.read().await.expect("a transaction")).await.expect("fields");
    assert_eq!(order.iter().map(|field| field.id).collect::<Vec<_>>(), [other, billing]);
}

#[tokio::test]
async fn the_list_is_walked_forth_and_back() {
    let test = TestApp::new().await;
    let ctx = test.system().await;
    for number in 0..120 {
        create(&ctx, input(&format!("客户{number}"), "", "")).await.expect("created");
        test.app.clock.advance(jiff::SignedDuration::from_secs(i64::from(number % 2)));
    }
    let page =
        async |at: Option<String>| queries::list(&ctx, &CustomerFilter { at, ..CustomerFilter::default() }).await.expect("a page").page;
    let first = page(None).await;
    let second = page(first.next.as_ref().map(ToString::to_string)).await;
    let third = page(second.next.as_ref().map(ToString::to_string)).await;
    assert_eq!((first.rows.len(), second.rows.len(), third.rows.len()), (50, 50, 20));
    assert!(first.previous.is_none() && third.next.is_none());
    let mut all: Vec<CustomerId> = [&first, &second, &third].iter().flat_map(|page| page.rows.iter().map(|row| row.id)).collect();
    let back = page(third.previous.as_ref().map(ToString::to_string)).await;
    assert_eq!(back.rows.iter().map(|row| row.id).collect::<Vec<_>>(), second.rows.iter().map(|row| row.id).collect::<Vec<_>>());
    all.sort();
    all.dedup();
    assert_eq!(all.len(), 120);
}

#[tokio::test]
async fn everything_wrong_with_a_customer_is_said_at_once() {
    let test = TestApp::new().await;
    let admin = test.admin().await;
    let known = CustomerInput { nickname: "何静".to_owned(), partner_id: Some("CM-1".to_owned()), ..CustomerInput::default() };
    customer::commands::create(&admin, known).await.expect("created");
    let wrong = CustomerInput { phones: "一二三".to_owned(), partner_id: Some(" CM-1 ".to_owned()), ..CustomerInput::default() };
    let found = crate::tests::app::problems(customer::commands::create(&admin, wrong).await);
    let fields: Vec<&str> = found.iter().map(|(field, _)| field.as_str()).collect();
    assert_eq!(fields, ["nickname", "phones", "partner_id"], "{found:?}");
}

#[tokio::test]
async fn a_customer_made_with_a_ticket_can_have_an_integration_id() {
    let test = TestApp::new().await;
    let browser = test.super_admin().await;
    let page = "/tickets/new?new=true";
    let fields = [("nickname", "何静"), ("partner_id", "CM-7"), ("title", "订单打不开"), ("text", "还是待付款。")];
    let answer = browser.upload(page, "/do/ticket/create", &fields, &[]).await;
    assert!(answer.location().starts_with("/tickets/0"), "{}", answer.location());
    assert_eq!(test.ask::<String>("select partner_id from customers").await, "CM-7");
    browser.upload(page, "/do/ticket/create", &fields, &[]).await;
    let page = browser.get(page).await;
    assert_eq!(page.attribute("[name='input[partner_id]']", "aria-invalid"), "true");
}
