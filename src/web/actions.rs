//! 语言与演示: the language of the console, and the demo company.
#![expect(missing_docs, reason = "the macro makes a struct of each function, whose one field has no place for a doc")]

use kernel::error::Wire;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// A language and the page to go back to.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LanguageInput {
    /// `zh` or `en`.
    pub lang: String,
    /// Path and query of the page.
    pub back: String,
}

/// A theme and the page to go back to.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ThemeInput {
    /// `auto`, `light` or `dark`.
    pub theme: String,
    /// Path and query of the page.
    pub back: String,
}

/// The demo, and the one-time code where one is asked for.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DemoInput {
    /// Said by the button.
    pub sure: bool,
    /// The one-time code of the start-up log.
    #[serde(default)]
    pub code: String,
}

/// Changes the language of the console: in the account of a signed-in person, in a cookie for everybody.
#[server(prefix = "/do", endpoint = "language")]
pub async fn language(input: LanguageInput) -> Result<(), Wire> {
    ui::act::run_public("language", input, async |call, input: LanguageInput| crate::web::home::choose_language(&call, &input).await).await
}

/// Changes the colours of one's console.
#[server(prefix = "/do", endpoint = "theme")]
pub async fn theme(input: ThemeInput) -> Result<(), Wire> {
    ui::act::run("theme", input, async |ctx, input: ThemeInput| crate::web::home::choose_theme(&ctx, &input).await).await
}

/// Makes the demo company and signs in as its super admin.
#[server(prefix = "/do", endpoint = "demo/load")]
pub async fn load_demo(input: DemoInput) -> Result<(), Wire> {
    ui::act::run_public("demo", input, async |call, input: DemoInput| crate::web::home::open_demo(&call, &input).await).await
}

/// Removes the demo company with everything in it.
#[server(prefix = "/do", endpoint = "demo/remove")]
pub async fn remove_demo(input: DemoInput) -> Result<(), Wire> {
    ui::act::run("demo_remove", input, async |ctx, _| crate::web::home::close_demo(&ctx).await).await
}
