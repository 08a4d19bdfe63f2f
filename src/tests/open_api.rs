//! 开放平台 from outside: programs with a token, as an integration would be written.

mod account;
mod calls;
mod client;
mod document;
mod feed;
mod list;
mod login;
mod pages;
mod right;
mod token;

use crate::tests::app::TestApp;
use client::Client;
use kernel::ctx::Ctx;
use kernel::scope::ApiScope;
use open_api::commands::app::{Keys, create};
use open_api::model::AppInput;

/// An application of this company with these scopes.
async fn app_of(ctx: &Ctx, name: &str, scopes: &[ApiScope], networks: &str) -> Keys {
    let input = AppInput { id: None, version: 0, name: name.to_owned(), scopes: scopes.to_vec(), networks: networks.to_owned() };
    create(ctx, input).await.expect("an application")
}

/// A client with every scope, in the first company.
async fn client(test: &TestApp) -> Client {
    let keys = app_of(&test.admin().await, "商城", ApiScope::ALL, "").await;
    Client::of(test, &keys).await
}
