//! The page of a call: tree, lanes, ledger; the home page and the customer's; the file.

use super::{Phones, story};
use call::story::all;
use kernel::lang::Lang;

#[tokio::test]
async fn every_second_of_every_story_has_its_place_and_the_page_says_so() {
    let phones = Phones::new().await;
    let calls = phones.play_all().await;
    let boss = phones.test.super_admin().await;
    let mut balanced = 0;
    for (call, story) in calls.iter().zip(all()) {
        let name = story.name(Lang::Zh);
        let page = boss.get(&format!("/calls/{call}")).await;
        assert_eq!(page.status, 200, "{name}");
        assert!(page.texts("[data-balance] .tag.bad").is_empty(), "{name}: {:?}", page.texts("[data-balance]"));
        balanced += page.texts("[data-balance] .tag.ok").len();
        assert_eq!(page.texts("tbody tr[data-depth]").len(), story.records.len(), "{name}: one row a record");
        assert_eq!(page.texts("tbody tr[data-depth='0']").len(), 1, "{name}: one main record");
        assert!(!page.body.contains("style=\""), "{name}");
    }
    assert!(balanced >= calls.len() * 2 - 8, "whoever has ended is balanced twice: {balanced} of {}", calls.len());
}

#[tokio::test]
async fn the_page_shows_who_did_what_when() {
    let phones = Phones::new().await;
    let call = phones.play_named("转接已确认", 30).await;
    let boss = phones.test.super_admin().await;
    let page = boss.get(&format!("/calls/{call}")).await;
    assert_eq!(page.text("h1"), "何静 的来电");
    assert_eq!(page.texts(".lane b"), ["客户", "李雷", "周航"]);
    let titles = page.texts(".lane svg g title");
    assert!(titles.iter().any(|title| title.starts_with("通话 ") && title.ends_with("50 秒")), "{titles:?}");
    let rows = page.texts("tbody tr[data-depth]");
    assert!(rows[0].starts_with("呼入 主 李雷") && rows[0].contains("转接挂断"), "{rows:?}");
    assert!(rows[1].starts_with("转接客服 周航") && rows[1].contains("0:50"), "{rows:?}");
    let talk = page.text("[data-balance=talk]");
    assert!(talk.starts_with("对得上") && talk.contains("李雷 10 + 周航 50 = 60 秒 = 客户的通话 60 秒"), "{talk}");
    assert!(page.text("details.card summary").starts_with("交换机事件"), "{}", page.body);
    let agent = phones.test.signed_in("a@example.com").await;
    assert!(!agent.get(&format!("/calls/{call}")).await.body.contains("交换机事件"), "its numbers are not masked");
    let mut english = phones.test.super_admin().await;
    english.lang = "en";
    let page = english.get(&format!("/calls/{call}?lang=en")).await;
    assert_eq!(page.status, 200);
}

#[tokio::test]
async fn a_running_call_has_a_page_without_balances() {
    let phones = Phones::new().await;
    let call = phones.play(&story("通话中途没有结束"), 5).await;
    let page = phones.test.super_admin().await.get(&format!("/calls/{call}")).await;
    assert_eq!(page.status, 200);
    assert!(page.body.contains("还没有结束") && page.texts("[data-balance]").is_empty(), "{}", page.body);
}

#[tokio::test]
async fn the_day_and_the_customer_know_of_calls() {
    let phones = Phones::new().await;
    let call = phones.play_named("呼入接听", 30).await;
    phones.play_named("振铃无人接听", 20).await;
    phones.play_named("呼入接听", 60 * 48).await;
    let agent = phones.test.signed_in("a@example.com").await;
    let tiles = agent.get("/").await.texts(".my-calls .tile .v");
    assert_eq!(tiles, ["1", "1", "1:00"], "of today only");
    for (tile, count) in [(1, 1), (2, 1), (3, 2)] {
        let href = agent.get("/").await.attribute(&format!(".my-calls .tile:nth-child({tile}) .v"), "href");
        assert_eq!(agent.get(&href).await.texts("tbody > tr").len(), count, "a tile opens what it counts: {href}");
    }
    phones.play_named("电销外呼，客服挂断", 10).await;
    let sold = agent.get("/").await;
    assert_eq!(sold.texts(".my-calls").len(), 2, "each line by itself");
    let href = sold.attribute(".my-calls ~ .my-calls .tile:nth-child(1) .v", "href");
    assert!(href.starts_with("/telemarketing/records?"), "{href}");
    let boss = phones.test.super_admin().await;
    let page = boss.get(&format!("/customers/{}", phones.customer)).await;
    assert_eq!(page.texts(".past-calls > li").len(), 4);
    assert!(page.body.contains(&format!("/telemarketing/records?customer={}", phones.customer)), "each line has its list");
    assert!(page.body.contains(&format!("/calls/{call}")), "{}", page.body);
    assert!(page.body.contains(&format!("/calls/records?customer={}", phones.customer)));
}

#[tokio::test]
async fn the_list_becomes_a_file_with_the_same_rows() {
    let phones = Phones::new().await;
    phones.play_all().await;
    let boss = phones.test.super_admin().await;
    let list = "/calls/records?type=all&result=agent_answered&ender=customer";
    let screen = boss.get(list).await.texts("tbody > tr:not(.legs)").len();
    assert!(screen > 5);
    let query = boss.get(list).await.attribute("form[action='/do/call/export'] [name='input[query]']", "value");
    let asked = boss.submit(list, "/do/call/export", &[("query", &query), ("line", "call_center"), ("format", "csv")]).await;
    assert!(asked.body.contains("等待中"), "{}", asked.body);
    phones.test.run_jobs().await;
    let href = boss.get("/calls/exports").await.attribute("tbody tr:first-child .c-act a", "href");
    let file = boss.get(&href).await.body;
    assert!(file.starts_with("\u{feff}通话记录id,主通话记录id,呼叫类型,通话结果,"), "{file}");
    let rows = file.lines().skip(1).take_while(|line| line.contains("坐席接听,客户挂断")).count();
    assert_eq!(rows, screen, "{file}");
    assert!(file.contains("号码,完整"), "{file}");
    let agent = phones.test.signed_in("a@example.com").await;
    let refused = agent.call("/do/call/export", &[("query", ""), ("line", "call_center"), ("format", "csv")]).await;
    assert_eq!(refused.json()["problems"], serde_json::json!([["", "forbidden"]]));
}
