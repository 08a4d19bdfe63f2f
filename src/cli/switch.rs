//! `kefu switch create`: a telephone switch with its credential, for whoever sets a switch up by script.

use super::import::company_named;
use super::{Result, said};
use call::commands::{credential, save};
use call::model::switch::{SwitchChoice, SwitchInput, SwitchKind};
use kernel::app::App;
use serde_json::json;
use std::sync::Arc;

/// Adds the switch and prints its credential.
pub(super) async fn create(app: &Arc<App>, company: &str, name: String) -> Result {
    let ctx = company_named(app, company).await?;
    let input = SwitchInput { name, kind: Some(SwitchKind::Http), enabled: true, ..SwitchInput::default() };
    let switch = save(&ctx, input).await.map_err(|error| said(&error))?;
    let made = credential::issue(&ctx, SwitchChoice { switch }).await.map_err(|error| said(&error))?;
    println!("{}", json!({ "switch": switch, "key": made.key, "secret": made.secret, "url": app.config.link(call::api::PATH) }));
    Ok(())
}
