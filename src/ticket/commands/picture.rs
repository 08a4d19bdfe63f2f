//! 正文图片: a picture of an unsent text goes into the store when it is pasted, belongs to its writer, and is given to the
//! message with the text. The text names it by its file's id.

use super::message::{Body, NewFile, owner};
use kernel::ctx::Ctx;
use kernel::error::{Error, Problem, Problems, Result};
use kernel::id::{AgentId, FileId, MessageId};
use kernel::permission::Permission;
use kernel::rich;
use kernel::store::{self, Owner};
use kernel::time::Stamp;
use kernel::tx::Tx;
use std::collections::HashSet;
use uuid::Uuid;

/// Keeps a picture for the text that its writer is at.
pub async fn keep(ctx: &Ctx, file: NewFile) -> Result<FileId> {
    if !ctx.may(Permission::TicketReply) && !ctx.may(Permission::TicketNote) {
        ctx.require(Permission::TicketCreate)?;
    }
    let me = ctx.agent()?;
    store::check(&file.name, file.content.len())?;
    let is_picture = store::media_type(&file.content).starts_with("image/") && store::shows_inline(store::media_type(&file.content));
    if !is_picture {
        return Err(Error::Problems(Problems::one("file", Problem::NotAPicture)));
    }
    let put = store::put(ctx, file.content).await?;
    let mut tx = ctx.begin().await?;
    let id = store::name_picture(&mut tx, &put, &file.name, own(me)).await?;
    tx.commit().await?;
    Ok(id)
}

/// The text without pictures that are not its writer's, and those that are.
pub(crate) async fn of_writer(tx: &mut Tx, me: AgentId, body: Body) -> Result<(Body, Vec<FileId>)> {
    let named = rich::pictures(&body.html);
    if named.is_empty() {
        return Ok((body, Vec::new()));
    }
    let mine: HashSet<String> = store::of_owner(tx, own(me)).await?.into_iter().map(|file| file.id.to_string()).collect();
    let html = rich::without_pictures(&body.html, |id| mine.contains(id));
    let taken = named.iter().filter(|id| mine.contains(*id)).filter_map(|id| id.parse().ok()).collect();
    Ok((Body { html, ..body }, taken))
}

/// Gives the pictures to the message.
pub(crate) async fn give(tx: &mut Tx, me: AgentId, message: MessageId, pictures: &[FileId]) -> Result<Vec<FileId>> {
    let mut given = Vec::with_capacity(pictures.len());
    for picture in pictures {
        if store::give(tx, *picture, own(me), owner(message)).await? {
            given.push(*picture);
        }
    }
    Ok(given)
}

/// Removes pictures of a text that was thrown away, unless they went with a message or stand in another text that this
/// person has not sent.
pub(crate) async fn forget(tx: &mut Tx, me: AgentId, pictures: &[String]) -> Result {
    let company = tx.ctx.company;
    let pictures: Vec<Uuid> = pictures.iter().filter_map(|id| id.parse().ok()).collect();
    sqlx::query!(
        "delete from files f
        where f.company_id = $1
        and f.id = any ($2)
        and f.owner_kind = 'picture'
        and f.owner_id = $3
        and not exists (
            select from ticket_drafts d
            where d.company_id = f.company_id
            and d.agent_id = f.owner_id
            and strpos(d.html, f.id::text) > 0
        )",
        company as _,
        &pictures,
        me as _,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// 清理图片: removes pictures that were put into a text before this moment and stand in no draft: they were taken out
/// again, or their text was never kept. System: the daily upkeep. Their bytes are swept when nothing names them any more.
pub async fn sweep(tx: &mut Tx, before: Stamp) -> Result<u64> {
    let company = tx.ctx.company;
    let gone = sqlx::query!(
        "delete from files f
        where f.company_id = $1
        and f.owner_kind = 'picture'
        and f.created_at < $2
        and not exists (
            select from ticket_drafts d
            where d.company_id = f.company_id
            and d.agent_id = f.owner_id
            and strpos(d.html, f.id::text) > 0
        )",
        company as _,
        before,
    )
    .execute(&mut **tx)
    .await?;
    Ok(gone.rows_affected())
}

/// Pictures of an unsent text belong to its writer.
pub(crate) fn own(agent: AgentId) -> Owner {
    Owner { kind: "picture", id: agent.0 }
}
