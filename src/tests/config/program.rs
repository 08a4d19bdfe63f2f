//! `kefu config`: the same through the program itself.

use super::{kind, objects};
use crate::tests::app::TestApp;
use crate::tests::mail::program::Program;

#[tokio::test(flavor = "multi_thread")]
async fn the_command_line_shows_the_difference_first() {
    let test = TestApp::new().await;
    let Some(program) = Program::beside(&test).await else { return };
    let (code, text, said) = program.run(&["config", "export", "--company", "测试公司"]);
    assert!(!said.contains("names what is not"), "{said}");
    assert_eq!(code, Some(0));
    assert!(text.starts_with("# 客服 Kefu\nformat = 1\n"), "{text}");
    let (code, nothing, said) = program.run(&["config", "export", "--company", "测试公司", "--at", "2001-01-01T00:00:00Z"]);
    assert_eq!((code, nothing.as_str()), (Some(1), ""), "nothing is known of it");
    assert!(said.contains("the history begins at"), "{said}");
    let file = program.folder.join("kefu.toml");
    let path = file.to_str().expect("a path");
    std::fs::write(&file, &text).expect("written");
    let (code, said, _) = program.run(&["config", "plan", path, "--company", "测试公司", "--prune"]);
    assert_eq!((code, said.as_str()), (Some(0), "Nothing to change.\n"));
    std::fs::write(&file, format!("{text}\n[[unit]]\nname = \"华东\"\n")).expect("written");
    let (code, said, _) = program.run(&["config", "plan", path, "--company", "测试公司"]);
    assert_eq!((code, said.as_str()), (Some(2), "+ Business units 华东\n    Name: 华东\n"));
    let (code, _, said) = program.run(&["config", "apply", path, "--company", "测试公司"]);
    assert_eq!(code, Some(1), "nobody can be asked: {said}");
    let admin = test.admin().await;
    assert!(objects(&admin, kind(&test, "unit")).await.is_empty());
    let (code, said, wrong) = program.run(&["config", "apply", path, "--company", "测试公司", "--yes", "--reason", "开分店"]);
    assert_eq!(code, Some(0), "{wrong}");
    assert!(said.ends_with("Applied.\n"), "{said}");
    let who: Vec<String> = test.list("select actor_name || ' ' || reason from config_versions where kind = 'unit' and name = '华东'").await;
    assert_eq!(who, ["系统 开分店"]);
    std::fs::write(&file, "format = 1\n[[rocket]]\n").expect("written");
    let (code, _, said) = program.run(&["config", "plan", path, "--company", "测试公司"]);
    assert_eq!(code, Some(1));
    assert!(said.contains("rocket"), "{said}");
}
