//! 演示的消息转发: a subscription that writes to the receiver of the installation itself, so that there is something to see.

use kernel::ctx::Ctx;
use kernel::error::{Error, Result};
use kernel::id::TicketId;
use serde_json::json;
use webhook::commands::send::{News, record};
use webhook::model::{Profile, Topic, WebhookInput};
use webhook::queries::listeners;
use webhook::queries::receiver::receiver;

/// Makes receiver and subscription, and writes a message for each of the tickets.
pub(super) async fn forwarding(admin: &Ctx, tickets: &[TicketId]) -> Result {
    webhook::commands::receive::open(admin).await?;
    let url = receiver(admin).await?.ok_or(Error::NotFound)?.url;
    let input = WebhookInput {
        name: "试收地址".to_owned(),
        url,
        profile: Some(Profile::Standard),
        topics: Topic::offered().collect(),
        enabled: true,
        ..WebhookInput::default()
    };
    webhook::commands::save(admin, input).await?;
    let mut tx = admin.begin().await?;
    let listeners = listeners(&mut tx, Topic::TicketUpdated, None).await?;
    for ticket in tickets {
        let whole = ticket::queries::payload::ticket(&mut tx, *ticket).await?;
        let news = News {
            topic: Topic::TicketUpdated,
            order_key: ticket.0,
            event: admin.uuid(),
            happened_at: admin.now(),
            about: whole.number.clone(),
            data: json!({ "ticketId": ticket, "ticket": whole }).to_string(),
        };
        record(&mut tx, &news, &listeners).await?;
    }
    tx.commit().await
}
