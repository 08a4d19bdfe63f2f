//! Whose call it is: after a merge, after it was undone, once a number is known.

use super::Phones;
use call::story::Cast;
use customer::commands::merge::{merge, undo_merge};
use customer::model::{CustomerInput, MergeInput};
use kernel::id::{CallId, CustomerId};

/// Whose the call and each of its records are.
async fn owners(phones: &Phones, call: CallId) -> Vec<String> {
    let all = format!("select customer_id from calls where id = '{call}' union select customer_id from call_legs where call_id = '{call}'");
    phones.test.list(format!("select coalesce(customer_id::text, '') from ({all}) owners")).await
}

#[tokio::test]
async fn calls_follow_a_merged_customer_and_come_back() {
    let phones = Phones::new().await;
    let own = phones.play_named("转接已确认", 30).await;
    let other = CustomerInput { nickname: "何老师".to_owned(), phones: "13900139000".to_owned(), ..CustomerInput::default() };
    let other = customer::commands::create(&phones.admin, other).await.expect("a customer");
    let cast = Cast { customer: "13900139000".to_owned(), ..phones.cast.clone() };
    let theirs = phones.play_as(&super::story("呼入接听"), 20, &cast).await;
    assert_eq!(owners(&phones, theirs).await, [other.to_string()]);

    let merged = merge(&phones.admin, MergeInput { keep: other, gone: phones.customer }).await.expect("merged");
    phones.test.run_jobs().await;
    assert_eq!(owners(&phones, own).await, [other.to_string()], "the call and each of its records");
    let page = phones.test.super_admin().await.get(&format!("/customers/{other}")).await;
    assert_eq!(page.texts(".past-calls > li").len(), 2, "{}", page.body);

    undo_merge(&phones.admin, merged).await.expect("undone");
    phones.test.run_jobs().await;
    assert_eq!(owners(&phones, own).await, [phones.customer.to_string()], "it goes back");
    assert_eq!(owners(&phones, theirs).await, [other.to_string()], "and what was the other's before stays");
}

#[tokio::test]
async fn a_call_is_a_customers_once_their_number_is_known() {
    let phones = Phones::new().await;
    let cast = Cast { customer: "13700137000".to_owned(), ..phones.cast.clone() };
    let call = phones.play_as(&super::story("转接已确认"), 20, &cast).await;
    phones.test.run_jobs().await;
    assert_eq!(owners(&phones, call).await, [""]);
    let new = CustomerInput { nickname: "新客户".to_owned(), phones: "137 0013 7000".to_owned(), ..CustomerInput::default() };
    let new: CustomerId = customer::commands::create(&phones.admin, new).await.expect("a customer");
    phones.test.run_jobs().await;
    assert_eq!(owners(&phones, call).await, [new.to_string()]);
    let known = phones.play_named("呼入接听", 10).await;
    assert_eq!(owners(&phones, known).await, [phones.customer.to_string()], "whose is known stays theirs");
}
