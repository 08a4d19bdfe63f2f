//! 回复: what goes to the customer and when, what can be taken back, what never leaves the house.

use super::{Desk, HE, note_to, reply_to};
use crate::tests::app::{problem, problems};
use identity::commands::permission_group;
use identity::model::permission::PermissionGroupInput;
use jiff::SignedDuration;
use kernel::error::{Error, Problem};
use kernel::id::{FileId, TicketId};
use kernel::permission::{Permission, Role, Scope};
use kernel::setting;
use satisfaction::model::SatisfactionSettings;
use std::sync::Arc;
use ticket::commands::create::create;
use ticket::commands::message::NewFile;
use ticket::commands::reply::{delete_reply, reply, undo_reply};
use ticket::commands::{assign, draft, edit};
use ticket::model::input::{CreateInput, EditInput};
use ticket::model::reply::{DraftInput, ReplyInput};
use ticket::model::{ReplyType, Status};
use ticket::queries::{detail, search};

const TEN: SignedDuration = SignedDuration::from_secs(10);
const WAITING: i16 = 0;
const KEPT: i16 = 4;
const CANCELLED: i16 = 5;

#[tokio::test]
async fn a_reply_to_everyone_waits_ten_seconds_and_is_kept_in_the_ledger() {
    let desk = Desk::new().await;
    let ticket = desk.ticket("订单待付款").await.ticket;
    let replied = reply(&desk.lilei, reply_to(ticket, "您好，正在核实。"), Vec::new()).await.expect("replied");
    assert_eq!(replied.undo_until, Some(desk.test.app.clock.now().plus(TEN)));
    assert_eq!(desk.status(ticket).await, Some(Status::WaitingReply));
    desk.test.later(TEN - SignedDuration::from_micros(1)).await;
    assert_eq!(desk.test.sent_to(HE).await[0].state, WAITING, "not a moment too early");
    desk.test.later(SignedDuration::from_micros(1)).await;
    let mail = desk.test.sent_to(HE).await.remove(0);
    assert_eq!((mail.state, mail.text.contains("正在核实")), (KEPT, true));
    assert!(mail.subject.contains("订单待付款") && mail.subject.contains("[#20261122000001]"), "{}", mail.subject);
    assert!(mail.message_id.starts_with("kefu."), "the answer finds its way back by this id: {}", mail.message_id);
    assert_eq!(
        desk.number_of("(agent_id = (select id from agents where name = '李雷'))::int", ticket).await,
        1,
        "who replies to an unhandled ticket handles it"
    );
}

#[tokio::test]
async fn a_reply_can_be_taken_back_until_it_goes_out() {
    let desk = Desk::new().await;
    let ticket = desk.ticket("订单待付款").await.ticket;
    let file = NewFile { name: "说明.txt".to_owned(), content: "x".into(), content_id: None };
    let replied =
        reply(&desk.lilei, ReplyInput { status: Some(Status::Solved), ..reply_to(ticket, "写错了") }, vec![file]).await.expect("replied");
    assert_eq!(desk.status(ticket).await, Some(Status::Solved));
    assert!(matches!(undo_reply(&desk.admin, replied.message).await, Err(Error::NotFound)), "only its writer takes it back");
    desk.test.app.clock.advance(TEN - SignedDuration::from_micros(1));
    assert_eq!(undo_reply(&desk.lilei, replied.message).await.expect("in time"), ticket);

    assert_eq!(desk.status(ticket).await, Some(Status::NotAccepted));
    assert_eq!(desk.number_of("(agent_id is null)::int", ticket).await, 1);
    assert_eq!(desk.number_of("message_count", ticket).await, 1);
    assert_eq!(desk.test.ask::<i64>("select count(*) from ticket_messages where text like '%写错了%'").await, 0);
    assert!(desk.test.ask::<String>("select html from ticket_drafts").await.contains("写错了"), "what was typed is a draft again");
    assert_eq!(desk.test.ask::<String>("select owner_kind from files where name = '说明.txt'").await, "draft");
    desk.test.later(SignedDuration::from_hours(1)).await;
    assert_eq!(desk.test.sent_to(HE).await.iter().map(|mail| mail.state).collect::<Vec<_>>(), [CANCELLED]);
    assert_eq!(desk.history(ticket).await, ["created 韩梅梅", "replied 李雷", "reply_undone 李雷"]);

    let late = reply(&desk.lilei, reply_to(ticket, "这次对了"), Vec::new()).await.expect("replied");
    desk.test.app.clock.advance(TEN);
    assert_eq!(problem(undo_reply(&desk.lilei, late.message).await), Problem::TooLate);
}

#[tokio::test]
async fn a_note_never_reaches_the_customer() {
    let desk = Desk::new().await;
    let ticket = desk.ticket("订单待付款").await.ticket;
    reply(&desk.lilei, note_to(ticket, "内部：这位客户要求过两次赔偿"), Vec::new()).await.expect("noted");
    assert_eq!(desk.status(ticket).await, Some(Status::NotAccepted), "a note changes nothing");
    desk.test.later(SignedDuration::from_hours(1)).await;
    assert!(desk.test.sent_to(HE).await.is_empty());
    reply(&desk.lilei, reply_to(ticket, "您好，已经处理。"), Vec::new()).await.expect("replied");
    desk.test.later(TEN).await;
    let all: Vec<String> = desk.test.sent_to(HE).await.iter().map(|mail| format!("{} {}", mail.text, mail.source())).collect();
    assert_eq!(all.len(), 1);
    assert!(!all[0].contains("内部") && !all[0].contains("赔偿"), "{}", all[0]);
}

#[tokio::test]
async fn a_reply_written_before_the_ticket_moved_on_is_stale_until_it_is_confirmed() {
    let desk = Desk::new().await;
    let ticket = desk.ticket("订单待付款").await.ticket;
    let seen = i32::try_from(desk.number_of("last_seq", ticket).await).expect("a place");
    let solve = EditInput { status: Some(Status::Solved), ..EditInput::of(ticket, desk.version(ticket).await) };
    edit::edit(&desk.admin, solve).await.expect("solved by somebody else");
    let mine = ReplyInput { seen_seq: seen, ..reply_to(ticket, "请补充订单号") };
    assert_eq!(problem(reply(&desk.lilei, mine.clone(), Vec::new()).await), Problem::Stale);
    assert_eq!(desk.number_of("message_count", ticket).await, 1);
    reply(&desk.lilei, ReplyInput { confirmed: true, ..mine }, Vec::new()).await.expect("sent anyway");
    // A note needs no confirmation: nobody outside reads it.
    reply(&desk.zhou_in(desk.group).await, ReplyInput { seen_seq: 0, ..note_to(ticket, "备注") }, Vec::new()).await.expect("noted");
}

#[tokio::test]
async fn who_may_only_note_cannot_write_to_the_customer() {
    let desk = Desk::new().await;
    let ticket = desk.ticket("订单待付款").await.ticket;
    let group = PermissionGroupInput {
        name: "只看".to_owned(),
        base_role: Some(Role::TicketAgent),
        items: vec![Permission::TicketView, Permission::TicketNote],
        ticket_scope: Some(Scope::All),
        ..PermissionGroupInput::default()
    };
    let group = permission_group::create(&desk.admin, group).await.expect("a group");
    desk.test.tamper(format!("update agents set permission_group_id = '{group}' where name = '周航'")).await;
    let zhou = desk.test.ctx_of("zhou@example.com").await;
    assert_eq!(problems(reply(&zhou, reply_to(ticket, "您好"), Vec::new()).await), [("reply_type".to_owned(), Problem::AgentsOnly)]);
    reply(&zhou, note_to(ticket, "备注"), Vec::new()).await.expect("a note");
    desk.test.later(SignedDuration::from_hours(1)).await;
    assert!(desk.test.sent_to(HE).await.is_empty());
    let page = desk.test.signed_in("zhou@example.com").await.get(&format!("/tickets/{ticket}")).await;
    assert!(
        page.status == 200 && page.texts("input[name='input[reply_type]'][value='everyone']").is_empty(),
        "the page offers no reply either"
    );
}

#[tokio::test]
async fn a_deleted_reply_is_hidden_and_who_deleted_it_is_not() {
    let desk = Desk::new().await;
    let ticket = desk.ticket("订单待付款").await.ticket;
    let note = reply(&desk.lilei, note_to(ticket, "客户的银行卡号是多少"), Vec::new()).await.expect("noted").message;
    assert_eq!(search::tickets(&desk.admin, "银行卡号", 50).await.expect("found").len(), 1);
    assert!(matches!(delete_reply(&desk.lilei, note).await, Err(Error::Forbidden(Permission::TicketReplyDelete))));
    delete_reply(&desk.admin, note).await.expect("deleted");
    assert!(search::tickets(&desk.admin, "银行卡号", 50).await.expect("found").is_empty());
    let page = desk.test.super_admin().await.get(&format!("/tickets/{ticket}")).await;
    assert!(!page.body.contains("银行卡号") && page.body.contains("韩梅梅"), "{}", page.body);
    assert_eq!(desk.number_of("message_count", ticket).await, 1);
    assert_eq!(desk.history(ticket).await.last().map(String::as_str), Some("reply_deleted 韩梅梅"));
}

#[tokio::test]
async fn the_form_replies_without_scripting_and_offers_to_take_it_back() {
    let desk = Desk::new().await;
    let ticket = desk.ticket("订单待付款").await.ticket;
    let browser = desk.test.signed_in("lilei@example.com").await;
    let page = format!("/tickets/{ticket}");
    let seen = browser.get(&page).await.attribute("input[name='input[seen_seq]']", "value");
    let id = ticket.to_string();
    let fields = [("ticket", &*id), ("text", "您好，正在核实。"), ("reply_type", "everyone"), ("seen_seq", &*seen)];
    let answer = browser.upload(&page, "/do/ticket/reply", &fields, &[]).await;
    assert_eq!(answer.location(), page);
    let shown = browser.get(&page).await;
    assert!(shown.body.contains("正在核实") && shown.body.contains("10 秒后发出"), "{}", shown.body);
    let message = shown.attribute("form[action='/do/ticket/undo_reply'] input[name='input[message]']", "value");
    let back = browser.submit(&page, "/do/ticket/undo_reply", &[("message", &message)]).await;
    assert!(back.text("textarea[name='input[text]']").contains("正在核实"), "the draft is in the field again: {}", back.body);
}

#[tokio::test]
async fn who_has_no_address_gets_no_mail_and_the_reply_stays() {
    let desk = Desk::new().await;
    let new =
        CreateInput { customer: None, nickname: "无邮箱".to_owned(), phone: "13900139000".to_owned(), ..desk.input("电话来的") };
    let ticket = create(&desk.admin, new, Vec::new()).await.expect("created").ticket;
    let replied = reply(&desk.admin, reply_to(ticket, "电话已回复"), Vec::new()).await.expect("replied");
    assert_eq!(replied.undo_until, None);
    assert_eq!(desk.number_of("message_count", ticket).await, 2);
    assert_eq!(desk.test.ask::<i64>("select count(*) from mails").await, 0);
}

#[tokio::test]
async fn cc_of_an_agent_gets_the_reply_too() {
    let desk = Desk::new().await;
    let ticket =
        create(&desk.admin, CreateInput { cc: "buy@corp.example，boss@corp.example".to_owned(), ..desk.input("抄送") }, Vec::new())
            .await
            .expect("created")
            .ticket;
    reply(&desk.admin, reply_to(ticket, "您好"), Vec::new()).await.expect("replied");
    desk.test.later(TEN).await;
    for address in [HE, "buy@corp.example", "boss@corp.example"] {
        assert_eq!(desk.test.sent_to(address).await.len(), 1, "{address}");
    }
    assert_eq!(
        problems(create(&desk.admin, CreateInput { cc: "no address".to_owned(), ..desk.input("x") }, Vec::new()).await),
        [("cc".to_owned(), Problem::BadEmail)]
    );
}

impl Desk {
    /// 周航, as if he worked in this group as well.
    async fn zhou_in(&self, group: kernel::id::GroupId) -> kernel::ctx::Ctx {
        let mut ctx = self.zhou.clone();
        ctx.groups = Arc::new([group, self.other]);
        ctx
    }
}

#[tokio::test]
async fn s58_of_sixteen_who_take_a_ticket_one_has_it() {
    let desk = Desk::new().await;
    let ticket = desk.ticket("谁先到").await.ticket;
    let mut agents = Vec::new();
    for number in 0..16 {
        let email = format!("agent{number}@example.com");
        desk.test.new_agent(&email, &format!("客服 {number}"), Role::TicketAgent, vec![desk.group]).await;
        agents.push(desk.test.ctx_of(&email).await);
    }
    let taken = futures_util::future::join_all(agents.iter().map(|agent| assign::take(agent, ticket))).await;
    assert_eq!(taken.iter().filter(|taken| taken.is_ok()).count(), 1);
    for refused in taken.into_iter().filter(Result::is_err) {
        assert_eq!(problem(refused), Problem::AlreadyTaken);
    }
    assert_eq!(desk.status(ticket).await, Some(Status::InProgress));
    assert_eq!(desk.history(ticket).await.iter().filter(|row| row.starts_with("taken")).count(), 1);
}

#[tokio::test]
async fn a_file_that_came_back_goes_to_no_other_customer() {
    let desk = Desk::new().await;
    let (x, y) = (desk.ticket("合同").await.ticket, desk.ticket("别的事").await.ticket);
    let contract = NewFile { name: "contract.pdf".to_owned(), content: "secret".into(), content_id: None };
    let replied = reply(&desk.lilei, reply_to(x, "请看合同"), vec![contract]).await.expect("replied");
    undo_reply(&desk.lilei, replied.message).await.expect("in time");
    let file: FileId = FileId(desk.test.ask("select id from files where name = 'contract.pdf'").await);

    draft::save(&desk.lilei, draft_of(y, "在写")).await.expect("a draft of another ticket");
    let files_of = async |ticket| {
        let draft = detail::detail(&desk.lilei, ticket).await.expect("a ticket").draft.expect("a draft");
        draft.files.into_iter().map(|file| file.id).collect::<Vec<_>>()
    };
    assert_eq!((files_of(x).await, files_of(y).await), (vec![file], Vec::new()));
    let stolen = reply(&desk.lilei, ReplyInput { files: vec![file], ..reply_to(y, "您好") }, Vec::new()).await;
    assert_eq!(problems(stolen), [(String::new(), Problem::FileGone)]);
    let stolen = reply(&desk.admin, ReplyInput { files: vec![file], ..reply_to(x, "您好") }, Vec::new()).await;
    assert_eq!(problems(stolen), [(String::new(), Problem::FileGone)], "nor with somebody else's reply");
    let download = format!("/files/{file}");
    assert_eq!(desk.test.signed_in("lilei@example.com").await.get(&download).await.status, 200);
    assert_eq!(desk.test.super_admin().await.get(&download).await.status, 404, "a draft is its writer's");

    // Text that is emptied for a moment keeps the files; the reply of its own ticket takes them.
    draft::save(&desk.lilei, draft_of(x, "")).await.expect("emptied");
    assert_eq!(files_of(x).await, [file]);
    reply(&desk.lilei, ReplyInput { files: vec![file], ..reply_to(x, "这是合同") }, Vec::new()).await.expect("replied");
    assert_eq!(desk.test.ask::<String>("select owner_kind from files where name = 'contract.pdf'").await, "ticket_message");
}

#[tokio::test]
async fn a_draft_that_is_thrown_away_takes_its_files_along() {
    let desk = Desk::new().await;
    let ticket = desk.ticket("合同").await.ticket;
    for leave in [true, false] {
        let contract = NewFile { name: "contract.pdf".to_owned(), content: "secret".into(), content_id: None };
        let replied = reply(&desk.lilei, reply_to(ticket, "请看合同"), vec![contract]).await.expect("replied");
        undo_reply(&desk.lilei, replied.message).await.expect("in time");
        assert_eq!(desk.test.ask::<i64>("select count(*) from files where name = 'contract.pdf'").await, 1);
        // Thrown away as a whole, or left out of the reply that is sent instead.
        match leave {
            true => draft::discard(&desk.lilei, ticket).await.expect("discarded"),
            false => _ = reply(&desk.lilei, reply_to(ticket, "没有附件"), Vec::new()).await.expect("replied"),
        }
        assert_eq!(desk.test.ask::<i64>("select count(*) from files where name = 'contract.pdf'").await, 0);
    }
}

#[tokio::test]
async fn a_reply_that_is_deleted_while_it_waits_does_not_go_out() {
    let desk = Desk::new().await;
    let ticket = desk.ticket("订单待付款").await.ticket;
    let wrong = reply(&desk.lilei, reply_to(ticket, "发错人了"), Vec::new()).await.expect("replied").message;
    delete_reply(&desk.admin, wrong).await.expect("deleted");
    desk.test.later(SignedDuration::from_hours(1)).await;
    assert_eq!(desk.test.sent_to(HE).await.iter().map(|mail| mail.state).collect::<Vec<_>>(), [CANCELLED]);
}

#[tokio::test]
async fn a_reply_that_solves_invites_when_it_can_no_longer_be_taken_back() {
    let desk = Desk::new().await;
    let mut tx = desk.admin.begin().await.expect("a transaction");
    let settings = SatisfactionSettings { enabled: true, delay: 0, ..SatisfactionSettings::default() };
    setting::save(&mut tx, &settings, 0, "").await.expect("saved");
    tx.commit().await.expect("committed");
    let ticket = desk.ticket("订单待付款").await.ticket;
    let states = async || desk.test.list::<String>("select state || ' ' || reason from satisfaction_invitations").await;
    let invitations = async || desk.test.sent_to(HE).await.iter().filter(|mail| mail.text.contains("/r/")).count();
    let solving = |text| ReplyInput { status: Some(Status::Solved), ..reply_to(ticket, text) };
    let five = SignedDuration::from_secs(5);

    let wrong = reply(&desk.lilei, solving("写错了"), Vec::new()).await.expect("replied").message;
    desk.test.later(five).await;
    assert_eq!((states().await, invitations().await), (vec!["0 ".to_owned()], 0), "the invitation waits as long as the reply");
    undo_reply(&desk.lilei, wrong).await.expect("in time");
    desk.test.run_jobs().await;
    assert_eq!((states().await, invitations().await), (vec!["2 still_finished".to_owned()], 0), "and is withdrawn with it");

    // The real end comes while the first one's job still waits: it is this reply that is waited for.
    reply(&desk.lilei, solving("这次对了"), Vec::new()).await.expect("replied");
    desk.test.later(TEN - SignedDuration::from_secs(1)).await;
    assert_eq!((states().await, invitations().await), (vec!["0 ".to_owned()], 0));
    desk.test.later(SignedDuration::from_secs(1)).await;
    assert_eq!((states().await, invitations().await), (vec!["1 ".to_owned()], 1));
}

fn draft_of(ticket: TicketId, text: &str) -> DraftInput {
    DraftInput { ticket, html: String::new(), text: text.to_owned(), reply_type: ReplyType::Everyone, seen_seq: 0 }
}

#[tokio::test]
async fn a_reply_keeps_to_whom_it_went_whatever_the_ticket_says_later() {
    let desk = Desk::new().await;
    let ticket = desk.ticket("订单待付款").await.ticket;
    let copied = async |addresses: &str| {
        let input = EditInput { cc: Some(addresses.to_owned()), ..EditInput::of(ticket, desk.version(ticket).await) };
        edit::edit(&desk.admin, input).await.expect("in CC");
    };
    copied("old@example.com\nboth@example.com").await;
    reply(&desk.lilei, reply_to(ticket, "第一封"), Vec::new()).await.expect("replied");
    copied("both@example.com\nnew@example.com").await;
    reply(&desk.lilei, reply_to(ticket, "第二封"), Vec::new()).await.expect("replied");
    copied("").await;
    let page = desk.test.signed_in("lilei@example.com").await.get(&format!("/tickets/{ticket}")).await;
    let routes = page.texts(".talk .route");
    assert_eq!(
        routes[routes.len() - 2..],
        [format!("回复 {HE}，抄送 old@example.com、both@example.com"), format!("回复 {HE}，抄送 both@example.com、new@example.com")]
    );
}
