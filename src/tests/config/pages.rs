//! 页面: the history, one object and its way back, and a file from its upload to its effect, all without scripting.

use super::{kind, objects};
use crate::tests::app::TestApp;

#[tokio::test]
async fn a_change_is_told_in_words_and_taken_back_by_hand() {
    let test = TestApp::new().await;
    let (admin, browser) = (test.admin().await, test.super_admin().await);
    browser.submit("/settings/groups/new", "/do/group/create", &[("name", "售后组")]).await;
    let group = objects(&admin, kind(&test, "group")).await.into_iter().find(|one| one.document["name"] == "售后组").expect("it").id;
    let id = group.to_string();
    let form = [("id", id.as_str()), ("name", "售后一组"), ("reason", "分成两组")];
    browser.submit(&format!("/settings/groups/{id}"), "/do/group/edit", &form).await;
    let page = browser.get("/settings/history?kind=group").await;
    assert!(page.body.contains("分成两组") && page.text(".audit .who").contains("韩梅梅"), "{}", page.body);
    assert_eq!(page.text(".audit .diff .now").trim_start_matches("改为").trim(), "售后一组", "{}", page.body);
    assert!(!browser.get("/settings/history?kind=sla").await.body.contains("售后一组"));
    assert!(!browser.get("/settings/history?to=2020-01-01").await.body.contains("售后一组"));
    let address = format!("/settings/history/group/{id}");
    let preview = browser.get(&format!("{address}?version=1")).await;
    assert_eq!(preview.text("#config_restore .diff .now").trim_start_matches("改为").trim(), "售后组", "{}", preview.body);
    let fields = [("kind", "group"), ("object", id.as_str()), ("version", "1"), ("last", "2"), ("reason", "还是一组")];
    let done = browser.submit(&format!("{address}?version=1"), "/do/config/restore", &fields).await;
    assert!(done.body.contains("已恢复到第 1 版") && done.body.contains("还是一组"), "{}", done.body);
    assert_eq!(objects(&admin, kind(&test, "group")).await.iter().filter(|one| one.document["name"] == "售后组").count(), 1);
}

#[tokio::test]
async fn the_reason_that_was_typed_is_there_again_when_a_form_fails() {
    let test = TestApp::new().await;
    let browser = test.super_admin().await;
    let page = browser.submit("/settings/sla/new", "/do/sla/save", &[("name", ""), ("reason", "旺季要快")]).await;
    assert!(page.body.contains("旺季要快"), "{}", page.body);
}

#[tokio::test]
async fn a_file_is_looked_at_before_it_does_anything() {
    let test = TestApp::new().await;
    let (admin, browser) = (test.admin().await, test.super_admin().await);
    let download = browser.get("/settings/configuration/file").await;
    assert!(download.body.starts_with("# 客服 Kefu\nformat = 1\n"), "{}", download.body);
    let file = format!("{}\n[[unit]]\nname = \"华东\"\n", download.body);
    let page = "/settings/configuration";
    let upload = browser.upload(page, "/do/config/upload", &[("sure", "true")], &[("file", "kefu.toml", file.as_bytes())]).await;
    let plan = browser.get(&upload.location()).await;
    assert!(plan.body.contains("华东") && plan.texts(".outcome b") == ["1", "0", "0", "0"], "{}", plan.body);
    assert!(objects(&admin, kind(&test, "unit")).await.is_empty(), "looking changes nothing");
    let id = upload.location().rsplit('/').next().expect("an id").to_owned();
    let base = plan.attribute("[name='input[base]']", "value");
    let fields = [("file", id.as_str()), ("base", base.as_str()), ("reason", "开分店")];
    let done = browser.submit(&upload.location(), "/do/config/apply", &fields).await;
    assert!(done.body.contains("配置已导入") && done.body.contains("开分店"), "{}", done.body);
    assert_eq!(objects(&admin, kind(&test, "unit")).await.len(), 1);
    assert!(browser.get(&upload.location()).await.body.contains("没有要改变的"));
    // Pruned, the first group would go with its member.
    let pruned = browser.upload(page, "/do/config/upload", &[("sure", "true")], &[("file", "leer.toml", b"format = 1")]).await;
    let plan = browser.get(&format!("{}?prune=true", pruned.location())).await;
    assert_eq!(plan.texts(".outcome b"), ["0", "0", "0", "2"], "{}", plan.body);
}

#[tokio::test]
async fn a_forged_file_gets_words_and_no_effect() {
    let test = TestApp::new().await;
    let browser = test.super_admin().await;
    let page = "/settings/configuration";
    for (content, word) in [
        ("format = 1\n[[rocket]]\nname = \"x\"\n", "rocket"),
        ("format = 1\n[[unit]]\nname = \"x\"\nspeed = 3\n", "speed"),
        ("format = 1\n[[unit]]\nname = 7\n", "业务单元"),
        ("format = 1\n[[unit\n", "line 2"),
        ("format = 1\n[[unit]]\nname = \"x\\u0000y\"\n", "名称"),
        ("format = 1\n[[group]]\nname = \"x\"\nmembers = [\"@agent/nobody@example.com\"]\n", "@agent/nobody@example.com"),
    ] {
        let upload = browser.upload(page, "/do/config/upload", &[("sure", "true")], &[("file", "x.toml", content.as_bytes())]).await;
        let plan = browser.get(&upload.location()).await;
        assert!(plan.text(".wrongs").contains(word), "{content}: {}", plan.body);
        assert!(!plan.body.contains("config_apply"), "nothing to press: {}", plan.body);
    }
    for content in [vec![b'#'; 1_000_001], Vec::new(), vec![0xff, 0xfe, 0x00]] {
        let upload = browser.upload(page, "/do/config/upload", &[("sure", "true")], &[("file", "x.toml", &content)]).await;
        let shown = browser.get(&upload.location()).await;
        assert!(shown.texts(".wrong").iter().any(|text| !text.is_empty()), "{}", shown.body);
    }
}

#[tokio::test]
async fn a_moment_of_which_nothing_is_known_is_no_empty_configuration() {
    let test = TestApp::new().await;
    let browser = test.super_admin().await;
    let now = browser.get("/settings/configuration").await;
    assert!(now.body.contains("/settings/configuration/file"), "{}", now.body);
    let before = browser.get("/settings/configuration?at=2001-01-01T00:00").await;
    assert!(before.body.contains("那时还没有记录") && !before.body.contains("/settings/configuration/file"), "{}", before.body);
    let unreadable = browser.get("/settings/configuration?at=gestern").await;
    assert!(unreadable.text("#config-at-h").contains("gestern"), "{}", unreadable.body);
    assert!(!unreadable.body.contains("/settings/configuration/file"), "{}", unreadable.body);
    for at in ["2001-01-01T00:00", "gestern"] {
        let file = browser.get(&format!("/settings/configuration/file?at={at}")).await;
        assert!(!file.body.contains("format = 1"), "{at}: {}", file.body);
    }
}

#[tokio::test]
async fn a_plan_says_what_a_new_mailbox_waits_for_and_names_fields_in_words() {
    let test = TestApp::new().await;
    let browser = test.super_admin().await;
    let page = "/settings/configuration";
    let content = "format = 1\n[[mailbox]]\naddress = \"service@shop.example\"\nenabled = true\n";
    let upload = browser.upload(page, "/do/config/upload", &[("sure", "true")], &[("file", "x.toml", content.as_bytes())]).await;
    let plan = browser.get(&upload.location()).await;
    assert!(plan.text(".audit .more").contains("直到有人在邮箱设置里填写密码"), "{}", plan.body);
    let content = "format = 1\n[[mailbox]]\naddress = \"nowhere\"\n";
    let upload = browser.upload(page, "/do/config/upload", &[("sure", "true")], &[("file", "x.toml", content.as_bytes())]).await;
    let plan = browser.get(&upload.location()).await;
    assert!(plan.text(".wrongs").contains("地址："), "{}", plan.body);
}

#[tokio::test]
async fn forms_of_one_line_take_a_reason_too() {
    let test = TestApp::new().await;
    let (admin, browser) = (test.admin().await, test.super_admin().await);
    let company = browser.get("/settings/company").await;
    for action in ["/do/unit/save", "/do/department/save"] {
        let field = format!("form[action='{action}'] details.why-folded [name='input[reason]']");
        assert_eq!(company.attribute(&field, "maxlength"), "200", "{action}: {}", company.body);
    }
    for (kind_key, action, name) in [("unit", "/do/unit/save", "华东"), ("department", "/do/department/save", "客服部")] {
        browser.submit("/settings/company", action, &[("name", name), ("reason", "开了分店")]).await;
        let id = objects(&admin, kind(&test, kind_key)).await[0].id;
        let versions = config::queries::versions(&admin, kind_key, id).await.expect("versions");
        assert_eq!(versions[0].reason, "开了分店", "{kind_key}");
        // A form that fails keeps the reason, and shows it.
        let again = browser.submit("/settings/company", action, &[("id", &id.to_string()), ("name", ""), ("reason", "改名试试")]).await;
        assert_eq!(again.attribute(&format!("form[action='{action}'] details[open] [name='input[reason]']"), "value"), "改名试试");
    }
    let view = [("name", "等我的"), ("shared", "true"), ("query", "view=mine"), ("reason", "早会要看")];
    browser.post("/tickets", "/do/ticket/view/save", &view).await;
    let id = objects(&admin, kind(&test, "view")).await[0].id;
    assert_eq!(config::queries::versions(&admin, "view", id).await.expect("versions")[0].reason, "早会要看");
    let editor = browser.get(&format!("/tickets/views?edit={id}")).await;
    assert_eq!(editor.texts("details.why-folded").len(), 1, "{}", editor.body);
}
