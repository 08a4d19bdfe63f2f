//! 账号: activation, signing in and out, passwords, who may do what to whom, the audit trail (S33–S38, S49).

mod account;
mod activation;
mod audit;
mod letter;
mod password;
mod permission;
mod sign_in;
mod words;

use crate::tests::app::{PASSWORD, TestApp, token_in};
use identity::model::account::{AgentChoice, AgentInput};
use kernel::id::AgentId;
use kernel::permission::Role;

/// Address of the invited agent of these tests.
const LILEI: &str = "lilei@example.com";

/// 李雷, invited and not activated yet; the password of all tests is the account's.
async fn invited(test: &TestApp) -> AgentId {
    let input = AgentInput {
        email: LILEI.to_owned(),
        name: "李雷".to_owned(),
        role: Some(Role::TicketAgent),
        password: PASSWORD.to_owned(),
        ..AgentInput::default()
    };
    identity::commands::account::create(&test.admin().await, input).await.expect("the account is created").agent
}

/// A fresh link of activation; those before stop working.
async fn activation_token(test: &TestApp, agent: AgentId) -> String {
    let mut tx = test.system().await.begin().await.expect("a transaction");
    let letter = identity::commands::prepare_invitation(&mut tx, agent).await.expect("a letter").expect("the account waits");
    tx.commit().await.expect("committed");
    token_in(&letter.text, "/activate/")
}

/// A fresh link of a forgotten password.
async fn reset_token(test: &TestApp, agent: AgentId) -> String {
    let mut tx = test.system().await.begin().await.expect("a transaction");
    let letter = identity::commands::prepare_reset(&mut tx, agent).await.expect("a letter").expect("the account can sign in");
    tx.commit().await.expect("committed");
    token_in(&letter.text, "/reset/")
}

/// Everything a failed try must not touch.
async fn account(test: &TestApp, agent: AgentId) -> String {
    test.ask(format!("select (status, password_hash, version, activated_at, name)::text from agents where id = '{agent}'")).await
}

fn choice(id: AgentId) -> AgentChoice {
    AgentChoice { id }
}
