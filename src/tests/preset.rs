//! 快捷回复与宏: who can use which, what is put into a composer, what a macro does and what it is refused.

mod composer;
mod macros;

use crate::tests::app::{TestApp, problem, problems};
use crate::tests::ticket::Desk;
use kernel::ctx::Ctx;
use kernel::error::{Error, Problem};
use kernel::field::{FieldKind, answer_name};
use kernel::id::{PresetId, TicketFieldId, TicketId};
use kernel::permission::{Permission, Role};
use preset::commands::insert::{apply, insert, take};
use preset::commands::{copy, delete, save, switch};
use preset::model::{FindInput, InsertInput, PresetChoice, PresetInput, PresetKind, SwitchInput, UseInput, Visibility};
use preset::queries::{Shelf, list, offers, usable};
use ticket::commands::{field, template};
use ticket::model::field::{Answers, TicketFieldInput};
use ticket::model::template::{Demand, SlotInput, TemplateInput};
use ticket::model::{Priority, ReplyType};

fn reply(title: &str, text: &str) -> PresetInput {
    PresetInput { text: text.to_owned(), ..PresetInput::named(PresetKind::Reply, title) }
}

fn own(title: &str) -> PresetInput {
    PresetInput { visibility: Visibility::Own, ..reply(title, "自用") }
}

fn changes(name: &str) -> PresetInput {
    PresetInput::named(PresetKind::Macro, name)
}

async fn titles(ctx: &Ctx) -> Vec<String> {
    sorted(usable(ctx).await.expect("presets").0.into_iter().map(|preset| preset.title))
}

/// Titles in an order that is the same under every collation.
fn sorted(titles: impl Iterator<Item = String>) -> Vec<String> {
    let mut titles: Vec<String> = titles.collect();
    titles.sort();
    titles
}

fn typed(ticket: TicketId, preset: PresetId, text: &str) -> InsertInput {
    InsertInput {
        ticket,
        preset: Some(preset),
        html: String::new(),
        text: text.to_owned(),
        reply_type: ReplyType::Everyone,
        status: None,
        seen_seq: i32::MAX,
        fields: Answers::new(),
    }
}

/// Own fields that have to be filled in before any ticket ends.
async fn demanded<const N: usize>(desk: &Desk, labels: [&str; N]) -> Vec<TicketFieldId> {
    let mut fields = Vec::new();
    for label in labels {
        let line = TicketFieldInput { label: label.to_owned(), kind: Some(FieldKind::Line), enabled: true, ..TicketFieldInput::default() };
        fields.push(field::save(&desk.admin, line).await.expect("a field"));
    }
    let slots = fields.iter().map(|field| SlotInput { field: *field, demand: Some(Demand::Close), place: String::new() }).collect();
    let all = TemplateInput { name: "通用".to_owned(), is_default: true, slots, ..TemplateInput::default() };
    template::save(&desk.admin, all).await.expect("a template");
    fields
}

/// 李雷 with these rights and no others.
async fn lilei_with(desk: &Desk, items: &[Permission]) -> Ctx {
    let group = identity::model::permission::PermissionGroupInput {
        name: "有限".to_owned(),
        base_role: Some(Role::TicketAgent),
        items: items.to_vec(),
        ticket_scope: Some(kernel::permission::Scope::All),
        ..Default::default()
    };
    let group = identity::commands::permission_group::create(&desk.admin, group).await.expect("a permission group");
    desk.test.tamper(format!("update agents set permission_group_id = '{group}' where name = '李雷'")).await;
    desk.test.ctx_of("lilei@example.com").await
}

async fn used(test: &TestApp, preset: PresetId) -> i64 {
    test.ask(format!("select coalesce((select used from preset_uses where preset_id = '{preset}'), 0)")).await
}

/// What stands in the composer of 李雷, as it is kept.
async fn draft(test: &TestApp) -> Vec<String> {
    test.list("select html || ' ' || reply_type from ticket_drafts").await
}

#[tokio::test]
async fn everybody_sees_their_own_those_of_their_groups_and_the_public_ones() {
    let desk = Desk::new().await;
    save(&desk.admin, reply("公共的", "您好")).await.expect("saved");
    let grouped = PresetInput { visibility: Visibility::Groups, groups: vec![desk.group], ..reply("售后组的", "您好") };
    let grouped = save(&desk.admin, grouped).await.expect("saved");
    save(&desk.lilei, own("李雷的")).await.expect("saved");
    let off = save(&desk.admin, PresetInput { enabled: false, ..reply("停用的", "您好") }).await.expect("saved");
    assert_eq!(titles(&desk.lilei).await, ["公共的", "售后组的", "李雷的"]);
    assert_eq!(titles(&desk.zhou).await, ["公共的"]);
    assert_eq!(titles(&desk.admin).await, ["公共的"], "whoever manages them uses what is theirs");
    let shelf = list(&desk.admin, Shelf::Shared).await.expect("a list");
    assert_eq!(sorted(shelf.into_iter().map(|preset| preset.title)), ["停用的", "公共的", "售后组的"]);
    // One that cannot be used is the same as none.
    let ticket = desk.ticket("发票").await.ticket;
    let zhou = desk.test.ctx_of("zhou@example.com").await;
    desk.test.tamper(format!("update tickets set group_id = '{}' where id = '{ticket}'", desk.other)).await;
    for preset in [grouped, off, PresetId(desk.admin.uuid())] {
        assert!(matches!(take(&zhou, UseInput { ticket, preset }).await, Err(Error::NotFound)));
        assert!(matches!(insert(&zhou, typed(ticket, preset, "")).await, Err(Error::NotFound)));
    }
    desk.test.new_company("别家公司", "boss@other.example").await;
    let boss = desk.test.ctx_of("boss@other.example").await;
    assert!(titles(&boss).await.is_empty());
}

#[tokio::test]
async fn shared_ones_need_the_right_and_own_ones_are_their_owners() {
    let desk = Desk::new().await;
    assert!(matches!(save(&desk.lilei, reply("公共的", "您好")).await, Err(Error::Forbidden(Permission::PresetManage))));
    assert!(matches!(list(&desk.lilei, Shelf::Shared).await, Err(Error::Forbidden(_))));
    let mine = save(&desk.lilei, own("李雷的")).await.expect("saved");
    for stranger in [&desk.zhou, &desk.admin] {
        let stolen = PresetInput { id: Some(mine), version: 1, ..own("改了") };
        assert!(matches!(save(stranger, stolen).await, Err(Error::NotFound)));
        assert!(matches!(copy(stranger, PresetChoice { preset: mine }).await, Err(Error::NotFound)));
        assert!(matches!(switch(stranger, SwitchInput { preset: mine, enabled: false }).await, Err(Error::NotFound)));
        assert!(matches!(delete(stranger, PresetChoice { preset: mine }).await, Err(Error::NotFound)));
    }
    let public = save(&desk.admin, reply("公共的", "您好")).await.expect("saved");
    assert!(matches!(delete(&desk.lilei, PresetChoice { preset: public }).await, Err(Error::NotFound)), "nobody's to delete but managers'");
    // What is shared does not become one's own, nor the other way round.
    let taken = PresetInput { id: Some(public), version: 1, ..own("公共的") };
    assert!(matches!(save(&desk.admin, taken).await, Err(Error::NotFound)));
    let agent = desk.test.new_agent("online@example.com", "在线", Role::OnlineAgent, Vec::new()).await;
    let online = desk.test.ctx(agent).await;
    assert!(matches!(save(&online, own("在线的")).await, Err(Error::Forbidden(Permission::TicketReply))));
    delete(&desk.lilei, PresetChoice { preset: mine }).await.expect("deleted");
    assert!(list(&desk.lilei, Shelf::Own).await.expect("a list").is_empty());
}

#[tokio::test]
async fn a_shortcut_is_one_presets_among_what_its_writer_sees() {
    let desk = Desk::new().await;
    let short = |input: PresetInput| PresetInput { shortcut: "TK退款".to_owned(), ..input };
    let first = save(&desk.admin, short(reply("退款", "好的"))).await.expect("saved");
    assert_eq!(problem(save(&desk.admin, short(reply("退款二", "好的"))).await), Problem::ShortcutTaken);
    assert_eq!(problem(save(&desk.lilei, short(own("我的退款"))).await), Problem::ShortcutTaken);
    let again = PresetInput { id: Some(first), version: 1, ..short(reply("退款", "好的")) };
    save(&desk.admin, again).await.expect("its own is not taken");
    assert_eq!(problem(save(&desk.admin, PresetInput { id: Some(first), version: 1, ..reply("旧的", "好的") }).await), Problem::Stale);
    let (copied, shelf) = copy(&desk.admin, PresetChoice { preset: first }).await.expect("copied");
    assert_eq!(shelf, Shelf::Shared);
    let found = list(&desk.admin, Shelf::Shared).await.expect("a list");
    let copied = found.iter().find(|preset| preset.id == copied).expect("the copy");
    assert!(copied.shortcut.is_empty() && !copied.enabled, "{copied:?}");
    // Whether a colleague has it for themselves is not told.
    let secret = |input: PresetInput| PresetInput { shortcut: "秘密".to_owned(), ..input };
    save(&desk.lilei, secret(own("李雷的"))).await.expect("saved");
    save(&desk.zhou, secret(own("周航的"))).await.expect("saved");
    // Limits.
    let many: i64 = 99;
    desk.test
        .tamper(format!(
            "insert into presets (company_id, id, kind, visibility, owner_id, title, enabled, version, created_at, updated_at)
            select company_id, gen_random_uuid(), 1, 3, owner_id, 'x' || n, true, 1, now(), now()
            from presets, generate_series(1, {many}) n where title = '李雷的'"
        ))
        .await;
    assert_eq!(problem(save(&desk.lilei, own("再一条")).await), Problem::TooManyOwnPresets);
}

#[tokio::test]
async fn places_are_filled_as_text_and_each_insertion_is_counted_once() {
    let desk = Desk::new().await;
    let ticket = desk.ticket("<b>发票</b>").await.ticket;
    desk.test.tamper("update customers set nickname = '<img src=x onerror=alert(1)>'").await;
    let words = PresetInput {
        html: "<p>{{customer}}，{{title}}（{{number}}）{{status}}/{{priority}} {{agent}} {{nobody}}<script>alert(2)</script></p>"
            .to_owned(),
        ..PresetInput::named(PresetKind::Reply, "收到")
    };
    let preset = save(&desk.admin, words).await.expect("saved");
    let html = take(&desk.lilei, UseInput { ticket, preset }).await.expect("taken");
    let number = desk.number_of("number", ticket).await;
    assert_eq!(
        html,
        format!("<p>&lt;img src=x onerror=alert(1)&gt;，&lt;b&gt;发票&lt;/b&gt;（{number}）尚未受理/中 李雷 {{{{nobody}}}}</p>")
    );
    assert_eq!(used(&desk.test, preset).await, 1);
    let inserted = insert(&desk.lilei, typed(ticket, preset, "先写了一句。")).await.expect("inserted");
    assert!(inserted.begun.html.starts_with("<p>先写了一句。</p><p>&lt;img"), "{}", inserted.begun.html);
    assert_eq!(used(&desk.test, preset).await, 2);
    // What does not fit is put nowhere and counts nothing.
    let full = "长".repeat(4_990);
    assert_eq!(problems(insert(&desk.lilei, typed(ticket, preset, &full)).await), [("text".to_owned(), Problem::DescriptionTooLong)]);
    offers(&desk.lilei, &FindInput { ticket, q: "收".to_owned() }).await.expect("offers");
    assert_eq!(used(&desk.test, preset).await, 2, "a look is no use");
    let last: bool = desk.test.ask("select last_used_at = updated_at from preset_uses join presets on id = preset_id").await;
    assert!(last, "the clock stands, and the preset did not change");
    assert_eq!(desk.test.ask::<i32>("select version from presets").await, 1);
}

#[tokio::test]
async fn the_list_beneath_a_slash_is_of_what_can_be_used_here() {
    let desk = Desk::new().await;
    let ticket = desk.ticket("发票").await.ticket;
    for number in 0..12 {
        save(&desk.admin, reply(&format!("退款 {number}"), "您好")).await.expect("saved");
    }
    let fast = PresetInput { priority: Some(Priority::Urgent), ..changes("退款升级") };
    save(&desk.admin, fast).await.expect("saved");
    let browser = desk.test.signed_in("lilei@example.com").await;
    let id = ticket.to_string();
    let answer = browser.call("/do/preset/find", &[("ticket", &id), ("q", "退款")]).await;
    assert_eq!(answer.json().as_array().expect("a list").len(), 8, "{}", answer.body);
    let answer = browser.call("/do/preset/find", &[("ticket", &id), ("q", "tksj")]).await;
    let only = answer.json();
    assert_eq!((&only[0]["is_macro"], &only[0]["words"]), (&serde_json::json!(true), &serde_json::json!("优先级改为 紧急")));
    // A ticket that is not theirs has no list.
    let zhou = desk.test.signed_in("zhou@example.com").await;
    let answer = zhou.call("/do/preset/find", &[("ticket", &id), ("q", "")]).await;
    assert!(answer.body.contains("not_found"), "{}", answer.body);
}

#[tokio::test]
async fn without_scripting_a_preset_is_put_behind_what_was_typed() {
    let desk = Desk::new().await;
    let ticket = desk.ticket("发票").await.ticket;
    let preset = save(&desk.admin, reply("收到", "{{customer}}您好，收到。")).await.expect("saved");
    let browser = desk.test.signed_in("lilei@example.com").await;
    let (page, id, preset_id) = (format!("/tickets/{ticket}"), ticket.to_string(), preset.to_string());
    let composer = browser.get(&page).await;
    assert!(composer.texts(".preset-line option").contains(&"收到".to_owned()), "{}", composer.body);
    let fields = [
        ("ticket", id.as_str()),
        ("seen_seq", "1"),
        ("reply_type", "agents_only"),
        ("text", "第一句 <b>"),
        ("status", "solved"),
        ("preset", preset_id.as_str()),
    ];
    let answer = browser.post(&page, "/do/preset/insert", &fields).await;
    assert_eq!(answer.location(), format!("{page}#reply"));
    let after = browser.get(&page).await;
    assert_eq!(after.text("#ticket_reply-text"), "第一句 <b> 何静您好，收到。");
    assert_eq!(after.attribute("[name='input[reply_type]'][checked]", "value"), "agents_only", "{}", after.body);
    assert_eq!(after.attribute("form.composer [name='input[status]'] option[selected]", "value"), "solved");
    assert_eq!(draft(&desk.test).await, ["<p>第一句 &lt;b&gt;</p><p>何静您好，收到。</p> 1"], "and it is kept");
    assert_eq!(used(&desk.test, preset).await, 1);
    // Nothing was chosen.
    let fields = [("ticket", id.as_str()), ("reply_type", "everyone"), ("text", "还在"), ("preset", "")];
    let again = browser.submit(&page, "/do/preset/insert", &fields).await;
    assert_eq!(again.attribute("#ticket_reply-preset", "aria-invalid"), "true", "{}", again.body);
    assert_eq!(again.text("#ticket_reply-text"), "还在");
}

#[tokio::test]
async fn own_fields_that_were_filled_in_come_back_with_what_is_inserted() {
    let desk = Desk::new().await;
    let fields = demanded(&desk, ["处理结果", "原因"]).await;
    let (result, other) = (fields[0], fields[1]);
    let ticket = desk.ticket("发票").await.ticket;
    let preset = save(&desk.admin, reply("收到", "收到。")).await.expect("saved");
    let browser = desk.test.signed_in("lilei@example.com").await;
    let (page, id, preset_id, name) = (format!("/tickets/{ticket}"), ticket.to_string(), preset.to_string(), answer_name(result));
    let control = |field: TicketFieldId| format!("form.composer .before-end [name='input[fields][f{field}]']");
    // Without a choice the form is refused, with one it is filled: both times nothing typed is lost.
    for chosen in ["", preset_id.as_str()] {
        let fields = [("ticket", id.as_str()), ("reply_type", "everyone"), ("text", "您好"), (name.as_str(), "换货"), ("preset", chosen)];
        let after = browser.submit(&page, "/do/preset/insert", &fields).await;
        assert_eq!(after.attribute(&control(result), "value"), "换货", "{chosen}: {}", after.body);
        assert_eq!(after.attribute(&control(other), "value"), "");
        assert_eq!(after.texts("form.composer .before-end[open]").len(), 1, "it stands open: {}", after.body);
    }
    assert_eq!(draft(&desk.test).await, ["<p>您好</p><p>收到。</p> 0"]);
}

#[tokio::test]
async fn whoever_may_not_write_is_offered_nothing() {
    let desk = Desk::new().await;
    let ticket = desk.ticket("发票").await.ticket;
    save(&desk.admin, reply("收到", "收到。")).await.expect("saved");
    let fast = PresetInput { priority: Some(Priority::Urgent), ..changes("升级") };
    save(&desk.admin, fast).await.expect("saved");
    let page = format!("/tickets/{ticket}");
    let full = desk.test.signed_in("lilei@example.com").await.get(&page).await;
    assert_eq!((full.texts("#macros form").len(), full.texts(".preset-line option").len()), (1, 3), "{}", full.body);
    lilei_with(&desk, &[Permission::TicketView]).await;
    let bare = desk.test.signed_in("lilei@example.com").await.get(&page).await;
    assert_eq!(bare.status, 200);
    assert!(bare.texts("#macros, .preset-line").is_empty(), "{}", bare.body);
}

#[tokio::test]
async fn words_for_agents_stay_for_agents_whatever_is_put_behind_them() {
    let desk = Desk::new().await;
    let ticket = desk.ticket("退款").await.ticket;
    let public = save(&desk.admin, PresetInput { text: "给客户的".to_owned(), ..changes("回复") }).await.expect("saved");
    let inner = PresetInput { reply_type: Some(ReplyType::AgentsOnly), text: "给同事的".to_owned(), ..changes("备注") };
    let inner = save(&desk.admin, inner).await.expect("saved");
    apply(&desk.lilei, UseInput { ticket, preset: inner }).await.expect("applied");
    apply(&desk.lilei, UseInput { ticket, preset: public }).await.expect("applied");
    assert_eq!(draft(&desk.test).await, ["<p>给同事的</p><p>给客户的</p> 1"]);
}

#[tokio::test]
async fn what_is_wrong_in_the_form_stands_beside_its_field_and_nothing_typed_is_lost() {
    let desk = Desk::new().await;
    let browser = desk.test.super_admin().await;
    let page = "/settings/presets/new?kind=macro";
    let fields =
        [("kind", "macro"), ("visibility", "groups"), ("title", "升级"), ("shortcut", "a b"), ("priority", "high"), ("note", "看一下")];
    let again = browser.submit(page, "/do/preset/save", &fields).await;
    assert_eq!(again.attribute("#preset-shortcut", "aria-invalid"), "true", "{}", again.body);
    assert!(!again.text("#preset-groups .wrong").is_empty(), "{}", again.body);
    assert_eq!(again.attribute("#preset-priority option[selected]", "value"), "high");
    assert_eq!(again.text("#preset-note"), "看一下");
    let fields = [("kind", "macro"), ("visibility", "everybody"), ("title", "升级"), ("priority", "high"), ("enabled", "true")];
    let answer = browser.post(page, "/do/preset/save", &fields).await;
    assert_eq!(answer.location(), "/settings/presets?kind=macro", "{}", answer.body);
    let list = browser.get("/settings/presets?kind=macro&q=升").await;
    assert!(list.text(".presets").contains("优先级改为 高") && list.text(".presets").contains("还没有用过"), "{}", list.body);
    assert!(browser.get("/settings/presets?kind=macro&q=降").await.body.contains("没有符合条件的"));
    let id = PresetId(desk.test.ask("select id from presets").await);
    let edit = browser.get(&format!("/settings/presets/{id}")).await;
    assert_eq!(edit.attribute("#preset-priority option[selected]", "value"), "high");
    let lilei = desk.test.signed_in("lilei@example.com").await;
    let fields = [("kind", "reply"), ("visibility", "own"), ("title", "自用"), ("text", "好的"), ("enabled", "true")];
    let answer = lilei.post("/me/presets/new", "/do/preset/save", &fields).await;
    assert_eq!(answer.location(), "/me/presets", "{}", answer.body);
    assert!(lilei.get("/me/presets").await.text(".presets").contains("自用"));
    let trail: Vec<String> = desk
        .test
        .list("select object_label || ' ' || action from audit_entries where object_kind in ('preset', 'own_preset') order by 1")
        .await;
    assert_eq!(trail, ["升级 preset.created", "自用 preset.created"]);
}

#[tokio::test]
async fn a_ticket_in_the_recycle_bin_takes_no_words_and_asks_for_none() {
    let desk = Desk::new().await;
    let ticket = desk.ticket("退款").await.ticket;
    save(&desk.admin, reply("收到", "收到。")).await.expect("saved");
    let (browser, page) = (desk.test.super_admin().await, format!("/tickets/{ticket}"));
    assert_eq!(browser.get(&page).await.texts(".preset-line option").len(), 2);
    ticket::commands::edit::delete(&desk.admin, ticket).await.expect("deleted");
    // Whoever asked for presets now would not be answered.
    desk.test.tamper("alter table presets rename to presets_away").await;
    let bin = browser.get(&page).await;
    assert!(bin.status == 200 && bin.body.contains("这张工单在回收站里"), "{}", bin.body);
    assert!(bin.texts(".preset-line, #macros").is_empty(), "{}", bin.body);
    ticket::commands::edit::restore(&desk.admin, ticket).await.expect("restored");
    assert_eq!(browser.get(&page).await.status, 500, "a ticket that takes words does ask");
}
