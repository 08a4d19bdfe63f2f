//! 邮件正文: the words of one message for their frame, with the pictures that came with it.

use kernel::ctx::Ctx;
use kernel::error::{Error, Result};
use kernel::id::{MessageId, TicketId};
use kernel::permission::Permission;
use kernel::{html, rich, store};
use ui::frame::{Letter, Picture};

/// Bytes of pictures that are read for one message.
const PICTURES_MOST: i64 = 8 * 1024 * 1024;

/// What one message of a ticket says; `NotFound` like the ticket itself when the ticket is not the actor's to see, and for
/// a message that was deleted or stands in another ticket.
pub async fn body(ctx: &Ctx, ticket: TicketId, message: MessageId) -> Result<Letter> {
    ctx.require(Permission::TicketView)?;
    let mut tx = ctx.read().await?;
    super::visible(&mut tx, ticket).await?;
    let company = ctx.company;
    let row = sqlx::query!(
        "select html, quoted_html, sanitiser
        from ticket_messages
        where company_id = $1
        and ticket_id = $2
        and id = $3
        and deleted_at is null",
        company as _,
        ticket as _,
        message as _,
    )
    .fetch_optional(&mut *tx)
    .await?
    .ok_or(Error::NotFound)?;
    let files = sqlx::query!(
        r#"select content_id as "content_id!", media_type, size, sha256
        from files
        where company_id = $1
        and owner_kind = 'ticket_message'
        and owner_id = $2
        and content_id is not null
        order by created_at, id"#,
        company as _,
        message.0,
    )
    .fetch_all(&mut *tx)
    .await?;
    drop(tx);
    let clean = |stored: String| if row.sanitiser >= html::SANITISER { stored } else { html::sanitise(&stored) };
    let mut letter = Letter { fresh: clean(row.html), quoted: clean(row.quoted_html), pictures: Vec::new() };
    let mut called = rich::pictures(&letter.fresh);
    called.extend(rich::pictures(&letter.quoted));
    let mut room = PICTURES_MOST;
    for file in files.into_iter().filter(|file| called.contains(&file.content_id) && store::shows_inline(&file.media_type)) {
        if file.size > room {
            continue;
        }
        // A picture that cannot be read leaves its words in its place; the rest of the mail is still worth reading.
        if let Ok(content) = store::read(ctx, &file.sha256).await {
            room -= file.size;
            letter.pictures.push(Picture { content_id: file.content_id, content });
        }
    }
    Ok(letter)
}
