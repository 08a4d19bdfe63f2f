//! The composer's own form with everything that stands in it.

use super::{Desk, reply, save};
use scraper::{Html, Selector};

#[tokio::test]
async fn a_reply_goes_out_with_every_control_of_its_form() {
    let desk = Desk::new().await;
    save(&desk.admin, reply("退款时效", "三天到账。")).await.expect("saved");
    let ticket = desk.ticket("退款").await.ticket;
    let browser = desk.test.super_admin().await;
    let page = format!("/tickets/{ticket}");
    let body = browser.get(&page).await.body;
    let names: Vec<String> = {
        let document = Html::parse_document(&body);
        let controls = Selector::parse("form.composer [name^='input[']").expect("a selector");
        document.select(&controls).filter_map(|control| control.value().attr("name")).map(str::to_owned).collect()
    };
    assert!(names.iter().any(|name| name == "input[preset]"), "the select of presets is one of them: {names:?}");
    let bare = |name: &str| name.trim_start_matches("input[").replacen(']', "", 1);
    let said = [("ticket", ticket.to_string()), ("reply_type", "everyone".to_owned()), ("text", "三天到账。".to_owned())];
    let rest = names.iter().map(|name| bare(name)).filter(|name| said.iter().all(|(known, _)| known != name) && name != "files");
    let rest: Vec<(String, String)> = rest.map(|name| (name, String::new())).collect();
    let seen = |name: &str, value: &str| if name == "seen_seq" { "99".to_owned() } else { value.to_owned() };
    let rest: Vec<(String, String)> = rest.into_iter().map(|(name, value)| (name.clone(), seen(&name, &value))).collect();
    let sent = said.iter().map(|(name, value)| (*name, &**value)).chain(rest.iter().map(|(name, value)| (&**name, &**value)));
    let sent: Vec<(&str, &str)> = sent.collect();
    browser.upload(&page, "/do/ticket/reply", &sent, &[]).await;
    let replies: i64 =
        desk.test.ask(format!("select count(*) from ticket_messages where ticket_id = '{ticket}' and text = '三天到账。'")).await;
    assert_eq!(replies, 1, "{names:?}");
}
