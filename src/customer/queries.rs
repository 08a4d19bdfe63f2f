//! Reads of customers. Those around merging and own fields stand in `queries/`.

pub mod caller;
pub mod field;
pub mod finder;
pub mod listed;
pub mod merge;

use crate::model::{ContactKind, CustomerFilter, CustomerHit};
use crate::profile::{Contact, Profile};
use crate::{phone, terms};
use kernel::ctx::Ctx;
use kernel::error::{Error, Result};
use kernel::id::CustomerId;
use kernel::page::{Cursor, Direction, Paged};
use kernel::permission::Permission;
use kernel::time::Stamp;
use kernel::tx::Tx;
use serde_json::Value;
use sqlx::{Postgres, QueryBuilder};
use std::collections::HashMap;

/// Rows of one page of the list.
const PAGE: usize = 50;

/// Beyond this the list says "more than": counting every row of a large company costs more than the number is worth.
const MOST_COUNTED: i64 = 10_000;

/// Hits up to which a typed word counts as rare and is named row by row.
const RARE: i32 = 2_000;

/// 客户卡片: everything about one customer.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct CustomerCard {
    /// Which.
    pub id: CustomerId,
    /// 昵称.
    pub nickname: String,
    /// 姓名.
    pub name: String,
    /// 对接ID.
    pub partner_id: Option<String>,
    /// VIP等级.
    pub vip_level: i16,
    /// 所属企业.
    pub organisation: String,
    /// 备注.
    pub remark: String,
    /// E-mail addresses, the first one is written to.
    pub emails: Vec<String>,
    /// Phone numbers as written.
    pub phones: Vec<String>,
    /// Answers to own fields: id of the field → text, or a list of texts for checkboxes.
    pub fields: Value,
    /// Grows with every change.
    pub version: i32,
    /// When it came to be.
    pub created_at: Stamp,
    /// When it last changed.
    pub updated_at: Stamp,
    /// The customer it was merged into, when it was.
    pub merged_into: Option<CustomerId>,
}

/// One row of the list.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct CustomerRow {
    /// Which.
    pub id: CustomerId,
    /// 昵称.
    pub nickname: String,
    /// 姓名.
    pub name: String,
    /// 对接ID.
    pub partner_id: Option<String>,
    /// VIP等级.
    pub vip_level: i16,
    /// 所属企业.
    pub organisation: String,
    /// The first phone number.
    pub phone: Option<String>,
    /// The first e-mail address.
    pub email: Option<String>,
    /// When it last changed.
    pub updated_at: Stamp,
}

/// A page of the list with the number of rows that match.
#[derive(Clone, Debug)]
pub struct CustomerList {
    /// The rows.
    pub page: Paged<CustomerRow>,
    /// How many match; at most 10,001, which means "more than 10,000".
    pub total: i64,
}

/// One customer, merged away or not.
pub async fn card(tx: &mut Tx, id: CustomerId) -> Result<CustomerCard> {
    let mut query = select_cards(tx);
    query.push(" and c.id = ").push_bind(id);
    query.build_query_as().fetch_optional(&mut **tx).await?.ok_or(Error::NotFound)
}

/// These customers, merged away or not, in no order.
pub async fn cards(tx: &mut Tx, customers: &[CustomerId]) -> Result<Vec<CustomerCard>> {
    let mut query = select_cards(tx);
    // Not the statement of one card: a list of unknown length is planned anew each time, which takes longer than the read.
    query.push(" and c.id = any(").push_bind(customers.iter().map(|customer| customer.0).collect::<Vec<_>>()).push(")");
    Ok(query.build_query_as().fetch_all(&mut **tx).await?)
}

fn select_cards(tx: &Tx) -> QueryBuilder<Postgres> {
    let mut query = QueryBuilder::new(
        "select c.id, c.nickname, c.name, c.partner_id, c.vip_level, c.organisation, c.remark, c.fields, c.version, c.created_at,
            c.updated_at, c.merged_into",
    );
    for (kind, name) in [(ContactKind::Email, "emails"), (ContactKind::Phone, "phones")] {
        query.push(
            ", array(select k.value from customer_contacts k where k.company_id = c.company_id and k.customer_id = c.id and k.kind = ",
        );
        query.push_bind(kind).push(" order by k.position) as ").push(name);
    }
    query.push(" from customers c where c.company_id = ").push_bind(tx.ctx.company);
    query
}

/// Everything about one customer, for its page.
pub async fn customer(ctx: &Ctx, id: CustomerId) -> Result<CustomerCard> {
    ctx.require(Permission::CustomerView)?;
    let mut tx = ctx.read().await?;
    card(&mut tx, id).await
}

/// 客户列表, the last changed first. Customers have no owner: every row scope sees all of them, as `lib.rs` says.
pub async fn list(ctx: &Ctx, filter: &CustomerFilter) -> Result<CustomerList> {
    ctx.require(Permission::CustomerView)?;
    let cursor = filter.at.as_deref().and_then(|at| at.parse::<Cursor>().ok());
    let mut tx = ctx.read().await?;
    let words = look_up(&mut tx, &filter.q).await?;

    let mut rows = QueryBuilder::<Postgres>::new(
        "select c.id, c.nickname, c.name, c.partner_id, c.vip_level, c.organisation, c.updated_at,
            (select k.value from customer_contacts k
                where k.company_id = c.company_id and k.customer_id = c.id and k.kind = 0 order by k.position limit 1) as phone,
            (select k.value from customer_contacts k
                where k.company_id = c.company_id and k.customer_id = c.id and k.kind = 1 order by k.position limit 1) as email
        from customers c",
    );
    narrow(&mut rows, ctx, filter, &words);
    let place = cursor.as_ref().and_then(|cursor| Some((cursor, Stamp::from_micros(cursor.integer().ok()?)?)));
    let backwards = place.as_ref().is_some_and(|(cursor, _)| cursor.direction == Direction::Before);
    if let Some((cursor, at)) = place {
        rows.push(" and (c.updated_at, c.id) ").push(if backwards { ">" } else { "<" });
        rows.push(" (").push_bind(at).push(", ").push_bind(cursor.id).push(")");
    }
    rows.push(if backwards { " order by c.updated_at, c.id" } else { " order by c.updated_at desc, c.id desc" });
    rows.push(" limit ").push_bind(i64::try_from(PAGE + 1).unwrap_or(i64::MAX));
    let rows: Vec<CustomerRow> = rows.build_query_as().fetch_all(&mut *tx).await?;
    // A first page that is not full has them all.
    let total = match (i64::try_from(rows.len()), &cursor) {
        (Ok(all), None) if rows.len() <= PAGE => all,
        _ => {
            let mut count = QueryBuilder::<Postgres>::new("select count(*) from (select from customers c");
            narrow(&mut count, ctx, filter, &words);
            count.push(" limit ").push_bind(MOST_COUNTED + 1).push(") as found");
            count.build_query_scalar().fetch_one(&mut *tx).await?
        }
    };
    let page = Paged::cut(rows, PAGE, cursor.as_ref(), |row| (row.updated_at.micros().to_string(), row.id.0));
    Ok(CustomerList { page, total })
}

/// Customers that a typed text may mean, at most 10: whoever has exactly this phone number, e-mail address or
/// integration id comes first, then whoever has all of its terms.
pub async fn lookup(ctx: &Ctx, text: &str) -> Result<Vec<CustomerHit>> {
    ctx.require(Permission::CustomerView)?;
    let text = text.trim();
    if text.is_empty() {
        return Ok(Vec::new());
    }
    let wanted = terms::wanted(text);
    let company = ctx.company;
    let number = phone::normal(text).unwrap_or_default();
    let address = text.to_lowercase();
    let mut tx = ctx.read().await?;
    // Each way has its own index; together in one condition they would have none.
    let found = sqlx::query_scalar!(
        r#"with exact as (
            select k.customer_id as id
            from customer_contacts k
            where k.company_id = $1 and (k.kind = 1 and k.normal = $4 or k.kind = 0 and k.normal = $5)
            union
            select p.id
            from customers p
            where p.company_id = $1 and p.partner_id = $3 and p.merged_into is null
        ),
        alike as (
            select w.id from customers_with($2, 200) w (id)
        )
        select c.id as "id: CustomerId"
        from customers c
        where c.company_id = $1
        and c.merged_into is null
        and c.id in (select id from exact union all select id from alike)
        order by c.id in (select id from exact) desc, c.vip_level desc, c.updated_at desc
        limit 10"#,
        company as _,
        &wanted,
        text,
        address,
        number,
    )
    .fetch_all(&mut *tx)
    .await?;
    hits(&mut tx, &found).await
}

/// What is known about a customer, as one value.
pub(crate) async fn profile(tx: &mut Tx, id: CustomerId) -> Result<Profile> {
    let company = tx.ctx.company;
    let contacts = sqlx::query_as!(
        Contact,
        r#"select kind as "kind: ContactKind", value, normal
        from customer_contacts
        where company_id = $1 and customer_id = $2
        order by position"#,
        company as _,
        id as _,
    )
    .fetch_all(&mut **tx)
    .await?;
    let row = sqlx::query!(
        "select nickname, name, partner_id, vip_level, organisation, remark, fields from customers where company_id = $1 and id = $2",
        company as _,
        id as _,
    )
    .fetch_optional(&mut **tx)
    .await?
    .ok_or(Error::NotFound)?;
    Ok(Profile {
        nickname: row.nickname,
        name: row.name,
        partner_id: row.partner_id,
        vip_level: row.vip_level,
        organisation: row.organisation,
        remark: row.remark,
        fields: row.fields.as_object().cloned().unwrap_or_default(),
        contacts,
    })
}

/// Other customers that have contacts of this kind among these.
pub(crate) async fn holders(tx: &mut Tx, kind: ContactKind, contacts: &[Contact], except: Option<CustomerId>) -> Result<Vec<CustomerId>> {
    let company = tx.ctx.company;
    let normals: Vec<String> = contacts.iter().filter(|contact| contact.kind == kind).map(|contact| contact.normal.clone()).collect();
    Ok(sqlx::query_scalar!(
        r#"select distinct customer_id as "id: CustomerId"
        from customer_contacts
        where company_id = $1 and kind = $2 and normal = any ($3) and customer_id is distinct from $4"#,
        company as _,
        kind as _,
        &normals,
        except as _,
    )
    .fetch_all(&mut **tx)
    .await?)
}

/// A phone number in the form that is compared; as it was written where it is none that a plan knows.
#[must_use]
pub fn normal_number(written: &str) -> String {
    phone::normal(written).unwrap_or_else(|| written.trim().to_owned())
}

/// 来电识别: the customers with these phone numbers, each with the normal form that was asked for. System: its caller has
/// asked who may.
pub async fn by_phones(tx: &mut Tx, normals: &[String]) -> Result<Vec<(String, CustomerId)>> {
    let company = tx.ctx.company;
    let rows = sqlx::query!(
        r#"select normal, customer_id as "customer: CustomerId"
        from customer_contacts
        where company_id = $1
        and kind = $2
        and normal = any ($3)"#,
        company as _,
        ContactKind::Phone as _,
        normals,
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows.into_iter().map(|row| (row.normal, row.customer)).collect())
}

/// The customer with this integration id.
pub(crate) async fn by_partner(tx: &mut Tx, partner: &str) -> Result<Option<CustomerId>> {
    let company = tx.ctx.company;
    Ok(sqlx::query_scalar!(
        r#"select id as "id: CustomerId" from customers where company_id = $1 and partner_id = $2 and merged_into is null"#,
        company as _,
        partner,
    )
    .fetch_optional(&mut **tx)
    .await?)
}

/// These customers as search rows, in the order of their ids.
async fn hits(tx: &mut Tx, ids: &[CustomerId]) -> Result<Vec<CustomerHit>> {
    let company = tx.ctx.company;
    let found = sqlx::query_as!(
        CustomerHit,
        r#"select c.id as "id: CustomerId", c.nickname, c.name, c.partner_id, c.vip_level,
            (
                select k.value from customer_contacts k
                where k.company_id = c.company_id and k.customer_id = c.id and k.kind = 1
                order by k.position
                limit 1
            ) as email,
            (
                select k.value from customer_contacts k
                where k.company_id = c.company_id and k.customer_id = c.id and k.kind = 0
                order by k.position
                limit 1
            ) as phone
        from customers c
        where c.company_id = $1 and c.id = any ($2)"#,
        company as _,
        ids as _,
    )
    .fetch_all(&mut **tx)
    .await?;
    let mut by_id: HashMap<CustomerId, CustomerHit> = found.into_iter().map(|hit| (hit.id, hit)).collect();
    Ok(ids.iter().filter_map(|id| by_id.remove(id)).collect())
}

/// What was typed into the box above the list, looked up.
enum Words {
    /// Nothing was typed.
    Any,
    /// These customers.
    Few(Vec<CustomerId>),
    /// Too many to name: each row of the list is asked.
    Many(Vec<String>),
}

async fn look_up(tx: &mut Tx, typed: &str) -> Result<Words> {
    if typed.trim().is_empty() {
        return Ok(Words::Any);
    }
    let terms = terms::wanted(typed.trim());
    let found: Vec<CustomerId> =
        sqlx::query_scalar!(r#"select w.id as "id!: CustomerId" from customers_with($1, $2) w (id)"#, &terms, RARE + 1,)
            .fetch_all(&mut **tx)
            .await?;
    Ok(if i32::try_from(found.len()).unwrap_or(i32::MAX) > RARE { Words::Many(terms) } else { Words::Few(found) })
}

/// The conditions of the list; everything typed is bound.
fn narrow(query: &mut QueryBuilder<Postgres>, ctx: &Ctx, filter: &CustomerFilter, words: &Words) {
    query.push(" where c.company_id = ").push_bind(ctx.company).push(" and c.merged_into is null");
    match words {
        Words::Any => {}
        Words::Few(found) => {
            query.push(" and c.id = any(").push_bind(found.clone()).push(")");
        }
        Words::Many(terms) => {
            query.push(" and c.bigrams @> ").push_bind(terms.clone());
        }
    }
    if let Some(vip) = filter.vip {
        query.push(" and c.vip_level >= ").push_bind(vip);
    }
}
