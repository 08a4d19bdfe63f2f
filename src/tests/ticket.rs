//! 工单: creating, replying, changing, and who sees which ticket, against the database and through the forms.

pub(super) mod change;
mod create;
mod digest;
mod draft;
mod field;
mod find;
mod form;
mod live;
mod remind;
mod reply;
mod rich;
mod scope;

use crate::tests::app::TestApp;
use identity::model::company::GroupInput;
use kernel::ctx::Ctx;
use kernel::id::{CustomerId, GroupId, TicketId};
use kernel::permission::Role;
use ticket::commands::create::{Created, create};
use ticket::model::input::CreateInput;
use ticket::model::reply::ReplyInput;
use ticket::model::{ReplyType, Status};

/// Address of the customer of these tests.
const HE: &str = "he@example.com";

/// A company with two groups, an agent in each, and a customer.
pub(super) struct Desk {
    pub(super) test: TestApp,
    pub(super) admin: Ctx,
    /// 售后组, where 李雷 works.
    pub(super) group: GroupId,
    /// 财务组, where 周航 works.
    pub(super) other: GroupId,
    pub(super) lilei: Ctx,
    pub(super) zhou: Ctx,
    /// 何静.
    pub(super) customer: CustomerId,
}

impl Desk {
    pub(super) async fn new() -> Desk {
        Desk::of(TestApp::new().await).await
    }

    /// The same in a program that was started in some way.
    pub(super) async fn of(test: TestApp) -> Desk {
        let admin = test.admin().await;
        let named = |name: &str| GroupInput { name: name.to_owned(), ..GroupInput::default() };
        let group = identity::commands::group::create(&admin, named("售后组")).await.expect("a group");
        let other = identity::commands::group::create(&admin, named("财务组")).await.expect("a group");
        test.new_agent("lilei@example.com", "李雷", Role::TicketAgent, vec![group]).await;
        test.new_agent("zhou@example.com", "周航", Role::TicketAgent, vec![other]).await;
        let he = customer::model::CustomerInput {
            nickname: "何静".to_owned(),
            emails: HE.to_owned(),
            phones: "13800138000".to_owned(),
            partner_id: Some("CM-88213".to_owned()),
            ..customer::model::CustomerInput::default()
        };
        let customer = customer::commands::create(&admin, he).await.expect("a customer");
        let (lilei, zhou) = (test.ctx_of("lilei@example.com").await, test.ctx_of("zhou@example.com").await);
        Desk { test, admin, group, other, lilei, zhou, customer }
    }

    /// A ticket of the customer in 售后组 that nobody handles.
    pub(super) async fn ticket(&self, title: &str) -> Created {
        create(&self.admin, CreateInput { group: Some(self.group), ..self.input(title) }, Vec::new()).await.expect("a ticket")
    }

    fn input(&self, title: &str) -> CreateInput {
        CreateInput {
            customer: Some(self.customer),
            title: title.to_owned(),
            text: "昨天付款成功，订单还是待付款。".to_owned(),
            ..CreateInput::default()
        }
    }

    pub(super) async fn number_of(&self, column: &str, ticket: TicketId) -> i64 {
        self.test.ask(format!("select {column}::bigint from tickets where id = '{ticket}'")).await
    }

    pub(super) async fn status(&self, ticket: TicketId) -> Option<Status> {
        Status::from_code(i16::try_from(self.number_of("status", ticket).await).expect("a code"))
    }

    pub(super) async fn version(&self, ticket: TicketId) -> i32 {
        i32::try_from(self.number_of("version", ticket).await).expect("a version")
    }

    /// The history, oldest first: what happened and who did it.
    pub(super) async fn history(&self, ticket: TicketId) -> Vec<String> {
        self.test.list(format!("select kind || ' ' || actor_name from ticket_changes where ticket_id = '{ticket}' order by seq")).await
    }
}

/// A reply by somebody who has seen everything.
pub(super) fn reply_to(ticket: TicketId, text: &str) -> ReplyInput {
    ReplyInput {
        ticket,
        html: String::new(),
        text: text.to_owned(),
        reply_type: ReplyType::Everyone,
        status: None,
        seen_seq: i32::MAX,
        confirmed: false,
        files: Vec::new(),
        fields: Default::default(),
    }
}

pub(super) fn note_to(ticket: TicketId, text: &str) -> ReplyInput {
    ReplyInput { reply_type: ReplyType::AgentsOnly, ..reply_to(ticket, text) }
}
