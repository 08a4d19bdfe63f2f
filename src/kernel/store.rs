//! 附件: bytes in the object store by content hash, names and rights in the database. The row comes after the object
//! (D16), so no row points to nothing.

use crate::app::App;
use crate::ctx::Ctx;
use crate::error::{Error, Problem, Problems, Result};
use crate::id::{CompanyId, FileId};
use crate::rng;
use crate::time::Stamp;
use crate::tx::Tx;
use bytes::Bytes;
use futures_util::TryStreamExt;
use jiff::SignedDuration;
use object_store::{ObjectStoreExt, path::Path};

/// Largest file, in bytes (400064).
pub const LARGEST_FILE: usize = 20 * 1024 * 1024;

/// After this time bytes that nothing names are nobody's: their transaction is long over.
const UNNAMED: SignedDuration = SignedDuration::from_hours(24);

/// A file as lists and pages show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredFile {
    /// Its id.
    pub id: FileId,
    /// The name people gave it.
    pub name: String,
    /// The type its first bytes say, never the one a sender claims.
    pub media_type: String,
    /// Bytes.
    pub size: i64,
    /// SHA-256 of the bytes.
    pub sha256: Vec<u8>,
    /// What it belongs to: draft, picture, ticket_message, mail, export.
    pub owner_kind: String,
    /// Which of them.
    pub owner_id: Option<uuid::Uuid>,
}

/// What a file belongs to.
#[derive(Clone, Copy, Debug)]
pub struct Owner {
    /// draft, picture, ticket_message, mail, export.
    pub kind: &'static str,
    /// Which of them.
    pub id: uuid::Uuid,
}

/// Bytes put into the object store, not yet named by a row.
pub struct Put {
    /// SHA-256 of the bytes.
    pub sha256: Vec<u8>,
    /// Length.
    pub size: i64,
    /// Type by content.
    pub media_type: String,
}

/// Puts bytes into the object store. Do this before the transaction that names them.
///
/// # Errors
/// When the store refuses.
pub async fn put(ctx: &Ctx, content: Bytes) -> Result<Put> {
    let sha256 = rng::sha256(&content);
    let size = i64::try_from(content.len()).unwrap_or(i64::MAX);
    let media_type = media_type(&content).to_owned();
    let path = path(ctx.company, &sha256);
    // A machine that stopped in the middle may have left the name with half of the bytes; what lies there for long may be
    // swept away any moment, and is written anew.
    let lies_there =
        ctx.app.store.head(&path).await.is_ok_and(|meta| i64::try_from(meta.size) == Ok(size) && age(ctx, &meta) < UNNAMED / 2);
    if !lies_there {
        ctx.app.store.put(&path, content.into()).await.map_err(Error::internal)?;
    }
    Ok(Put { sha256, size, media_type })
}

/// Deletes bytes that no row names any more. Only for bytes that cannot be another owner's too: equal ones are stored once.
///
/// # Errors
/// When the store refuses.
pub async fn remove(ctx: &Ctx, sha256: &[u8]) -> Result {
    match ctx.app.store.delete(&path(ctx.company, sha256)).await {
        Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
        Err(error) => Err(Error::internal(error)),
    }
}

/// Deletes every object of a company that is no more; gives how many.
///
/// # Errors
/// When the store refuses.
pub async fn remove_all(app: &App, company: CompanyId) -> Result<usize> {
    let mut objects = app.store.list(Some(&Path::from(company.to_string())));
    let mut gone = 0;
    while let Some(object) = objects.try_next().await.map_err(Error::internal)? {
        gone += usize::from(delete(app, &object.location).await?);
    }
    Ok(gone)
}

/// Hashes of the company's objects that have lain there long enough to have been named, if anything names them.
///
/// # Errors
/// When the store refuses.
pub async fn settled(ctx: &Ctx) -> Result<Vec<Vec<u8>>> {
    let mut objects = ctx.app.store.list(Some(&Path::from(ctx.company.to_string())));
    let mut hashes = Vec::new();
    while let Some(object) = objects.try_next().await.map_err(Error::internal)? {
        let hash = object.location.filename().and_then(rng::from_hex);
        hashes.extend(hash.filter(|_| age(ctx, &object) > UNNAMED));
    }
    Ok(hashes)
}

/// Deletes bytes that nothing names, unless they were put again meanwhile; says whether they are gone.
///
/// # Errors
/// When the store refuses.
pub async fn sweep(ctx: &Ctx, sha256: &[u8]) -> Result<bool> {
    let path = path(ctx.company, sha256);
    match ctx.app.store.head(&path).await {
        Ok(meta) if age(ctx, &meta) > UNNAMED => delete(&ctx.app, &path).await,
        Ok(_) | Err(object_store::Error::NotFound { .. }) => Ok(false),
        Err(error) => Err(Error::internal(error)),
    }
}

async fn delete(app: &App, path: &Path) -> Result<bool> {
    match app.store.delete(path).await {
        Ok(()) => Ok(true),
        Err(object_store::Error::NotFound { .. }) => Ok(false),
        Err(error) => Err(Error::internal(error)),
    }
}

/// How long ago an object was written.
fn age(ctx: &Ctx, object: &object_store::ObjectMeta) -> SignedDuration {
    let written = jiff::Timestamp::from_second(object.last_modified.timestamp()).unwrap_or(jiff::Timestamp::MAX);
    ctx.now().since(Stamp(written))
}

/// Names put bytes in the transaction of their owner.
///
/// # Errors
/// When the database refuses.
pub async fn name(tx: &mut Tx, put: &Put, name: &str, owner: Owner, content_id: Option<&str>) -> Result<FileId> {
    let id = FileId(tx.ctx.uuid());
    insert(tx, id, put, name, owner, content_id).await
}

/// Names a picture that a text calls by the file's own id.
///
/// # Errors
/// When the database refuses.
pub async fn name_picture(tx: &mut Tx, put: &Put, name: &str, owner: Owner) -> Result<FileId> {
    let id = FileId(tx.ctx.uuid());
    insert(tx, id, put, name, owner, Some(&id.to_string())).await
}

async fn insert(tx: &mut Tx, id: FileId, put: &Put, name: &str, owner: Owner, content_id: Option<&str>) -> Result<FileId> {
    let (company, now) = (tx.ctx.company, tx.ctx.now());
    sqlx::query!(
        "insert into files (company_id, id, sha256, name, media_type, size, owner_kind, owner_id, content_id, created_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        company as _,
        id as _,
        put.sha256,
        clean_name(name),
        put.media_type,
        put.size,
        owner.kind,
        owner.id,
        content_id,
        now,
    )
    .execute(&mut **tx)
    .await?;
    Ok(id)
}

/// Gives a file to another owner; false when it is not the first one's.
///
/// # Errors
/// When the database refuses.
pub async fn give(tx: &mut Tx, id: FileId, from: Owner, to: Owner) -> Result<bool> {
    let company = tx.ctx.company;
    let given = sqlx::query!(
        "update files set owner_kind = $5, owner_id = $6 where company_id = $1 and id = $2 and owner_kind = $3 and owner_id = $4",
        company as _,
        id as _,
        from.kind,
        from.id,
        to.kind,
        to.id,
    )
    .execute(&mut **tx)
    .await?;
    Ok(given.rows_affected() == 1)
}

/// Removes the names of an owner's files; the bytes may have other names.
///
/// # Errors
/// When the database refuses.
pub async fn forget(tx: &mut Tx, owner: Owner) -> Result {
    let company = tx.ctx.company;
    sqlx::query!("delete from files where company_id = $1 and owner_kind = $2 and owner_id = $3", company as _, owner.kind, owner.id,)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Files of one owner, oldest first.
///
/// # Errors
/// When the database refuses.
pub async fn of_owner(tx: &mut Tx, owner: Owner) -> Result<Vec<StoredFile>> {
    let company = tx.ctx.company;
    Ok(sqlx::query_as!(
        StoredFile,
        r#"select id as "id: FileId", name, media_type, size, sha256, owner_kind, owner_id
        from files
        where company_id = $1 and owner_kind = $2 and owner_id = $3
        order by created_at, id"#,
        company as _,
        owner.kind,
        owner.id,
    )
    .fetch_all(&mut **tx)
    .await?)
}

/// One file by its id; who may read it is the owner's question.
///
/// # Errors
/// `NotFound` in another company.
pub async fn find(tx: &mut Tx, id: FileId) -> Result<StoredFile> {
    let company = tx.ctx.company;
    Ok(sqlx::query_as!(
        StoredFile,
        r#"select id as "id: FileId", name, media_type, size, sha256, owner_kind, owner_id
        from files
        where company_id = $1 and id = $2"#,
        company as _,
        id as _,
    )
    .fetch_one(&mut **tx)
    .await?)
}

/// The bytes of a stored hash.
///
/// # Errors
/// When the object is gone or does not have this hash any more (F36).
pub async fn read(ctx: &Ctx, sha256: &[u8]) -> Result<Bytes> {
    let got = ctx.app.store.get(&path(ctx.company, sha256)).await.map_err(Error::internal)?;
    let content = got.bytes().await.map_err(Error::internal)?;
    if rng::sha256(&content) != sha256 {
        return Err(Error::internal(format!("stored file {} is damaged", rng::hex(sha256))));
    }
    Ok(content)
}

/// Reads a part of an object, for players that jump; the bytes are not checked against the hash, which needs them all.
///
/// # Errors
/// When the object is gone or the part lies outside.
pub async fn read_range(ctx: &Ctx, sha256: &[u8], range: core::ops::Range<u64>) -> Result<Bytes> {
    ctx.app.store.get_range(&path(ctx.company, sha256), range).await.map_err(Error::internal)
}

/// Checks an upload before it is put.
///
/// # Errors
/// Size and name problems beside `files`.
pub fn check(file_name: &str, size: usize) -> Result {
    let mut problems = Problems::default();
    problems.need(size <= LARGEST_FILE, "files", Problem::FileTooLarge);
    problems.need(!file_name.contains('#') && file_name.chars().count() <= 255, "files", Problem::FileNameBad);
    problems.end()
}

/// The type by magic bytes; text that is plainly UTF-8 is plain text, everything unknown a byte stream (S15).
#[must_use]
pub fn media_type(content: &[u8]) -> &'static str {
    if let Some(kind) = infer::get(content) {
        return kind.mime_type();
    }
    let head = &content[..content.len().min(4096)];
    let readable = core::str::from_utf8(head).map_or_else(|error| error.valid_up_to() + 4 > head.len(), |_| true);
    if readable && !head.contains(&0) && !head.contains(&b'<') { "text/plain" } else { "application/octet-stream" }
}

/// Whether a browser may show the type in place; everything else is a download (S16).
#[must_use]
pub fn shows_inline(media_type: &str) -> bool {
    matches!(media_type, "image/png" | "image/jpeg" | "image/gif" | "image/webp" | "video/mp4" | "audio/wav" | "audio/x-wav")
}

/// `Content-Disposition` of a download, with the name as RFC 6266 wants it.
#[must_use]
pub fn disposition(file_name: &str, inline: bool) -> String {
    use core::fmt::Write;
    let mut encoded = String::new();
    for byte in clean_name(file_name).bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(byte as char);
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    format!("{}; filename*=UTF-8''{encoded}", if inline { "inline" } else { "attachment" })
}

/// A name without control characters, invisible characters, path parts or leading dots.
#[must_use]
pub fn clean_name(file_name: &str) -> String {
    let last = file_name.rsplit(['/', '\\']).next().unwrap_or("");
    let clean: String = last
        .chars()
        .filter(|c| {
            !c.is_control() && !matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
        })
        .take(255)
        .collect();
    let clean = clean.trim().trim_start_matches('.').to_owned();
    if clean.is_empty() { "file".to_owned() } else { clean }
}

fn path(company: CompanyId, sha256: &[u8]) -> Path {
    let hash = rng::hex(sha256);
    Path::from(format!("{company}/{}/{hash}", &hash[..2]))
}

#[cfg(test)]
mod tests {
    use super::{clean_name, disposition, media_type};

    #[test]
    fn names_are_inert() {
        assert_eq!(clean_name("../../.htaccess"), "htaccess");
        assert_eq!(clean_name("x.php\u{200b}"), "x.php");
        assert_eq!(clean_name("a\r\nSet-Cookie: b"), "aSet-Cookie: b");
        assert_eq!(clean_name(""), "file");
        assert_eq!(disposition("发票.pdf", false), "attachment; filename*=UTF-8''%E5%8F%91%E7%A5%A8.pdf");
    }

    #[test]
    fn types_come_from_the_bytes() {
        assert_eq!(media_type(b"\x89PNG\r\n\x1a\n0000"), "image/png");
        assert_eq!(media_type("纯文本".as_bytes()), "text/plain");
        assert_eq!(media_type(b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>"), "application/octet-stream");
        assert_eq!(media_type(b"\0\0\0"), "application/octet-stream");
    }
}
