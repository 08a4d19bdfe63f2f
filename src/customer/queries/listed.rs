//! 客户 as the open platform finds and lists them: exactly by what they are known by, and page by page, by number.

use crate::model::ContactKind;
use crate::phone;
use kernel::api::range::Window;
use kernel::ctx::Ctx;
use kernel::error::Result;
use kernel::id::CustomerId;
use kernel::permission::Permission;
use sqlx::{Postgres, QueryBuilder};

/// The customer who has this contact, however it is written.
pub async fn holder(ctx: &Ctx, kind: ContactKind, typed: &str) -> Result<Option<CustomerId>> {
    ctx.require(Permission::CustomerView)?;
    let Some(normal) = normal(kind, typed) else { return Ok(None) };
    let mut tx = ctx.read().await?;
    Ok(sqlx::query_scalar!(
        r#"select customer_id as "id: CustomerId" from customer_contacts where company_id = $1 and kind = $2 and normal = $3"#,
        ctx.company as _,
        kind as _,
        normal,
    )
    .fetch_optional(&mut *tx)
    .await?)
}

/// The customer with this integration id.
pub async fn partner(ctx: &Ctx, partner: &str) -> Result<Option<CustomerId>> {
    ctx.require(Permission::CustomerView)?;
    super::by_partner(&mut ctx.read().await?, partner).await
}

fn normal(kind: ContactKind, typed: &str) -> Option<String> {
    match kind {
        ContactKind::Email => Some(kernel::input::email(typed).unwrap_or_else(|| typed.trim().to_lowercase())),
        ContactKind::Phone => phone::normal(typed),
    }
}

/// What narrows the list.
#[derive(Clone, Debug, Default)]
pub struct Narrow {
    /// Part of the nickname.
    pub nickname: Option<String>,
    /// One telephone number.
    pub phone: Option<String>,
    /// One e-mail address.
    pub email: Option<String>,
    /// 所属企业, exactly.
    pub organisation: Option<String>,
    /// When they were created.
    pub created: Window,
}

/// Customers that are not merged away, newest first: at most `most` of them after `before`, and how many there are.
pub async fn customers(ctx: &Ctx, narrow: &Narrow, (before, most): (i64, i64)) -> Result<(Vec<CustomerId>, i64)> {
    ctx.require(Permission::CustomerView)?;
    let mut tx = ctx.read().await?;
    let mut count = QueryBuilder::<Postgres>::new("select count(*) from customers c");
    push(&mut count, ctx, narrow);
    let total: i64 = count.build_query_scalar().fetch_one(&mut *tx).await?;
    let mut rows = QueryBuilder::<Postgres>::new("select c.id from customers c");
    push(&mut rows, ctx, narrow);
    rows.push(" order by c.created_at desc, c.id desc offset ").push_bind(before).push(" limit ").push_bind(most);
    Ok((rows.build_query_scalar().fetch_all(&mut *tx).await?, total))
}

fn push(query: &mut QueryBuilder<Postgres>, ctx: &Ctx, narrow: &Narrow) {
    query.push(" where c.company_id = ").push_bind(ctx.company).push(" and c.merged_into is null");
    if let Some(part) = &narrow.nickname {
        query.push(" and strpos(lower(c.nickname), ").push_bind(part.to_lowercase()).push(") > 0");
    }
    for (kind, typed) in [(ContactKind::Phone, &narrow.phone), (ContactKind::Email, &narrow.email)] {
        let Some(typed) = typed else { continue };
        query.push(" and c.id in (select k.customer_id from customer_contacts k where k.company_id = ").push_bind(ctx.company);
        // What is no number is nobody's.
        query.push(" and k.kind = ").push_bind(kind).push(" and k.normal = ").push_bind(normal(kind, typed).unwrap_or_default()).push(")");
    }
    if let Some(name) = &narrow.organisation {
        query.push(" and c.organisation = ").push_bind(name.clone());
    }
    if let Some(from) = narrow.created.from {
        query.push(" and c.created_at >= ").push_bind(from);
    }
    if let Some(until) = narrow.created.until {
        query.push(" and c.created_at < ").push_bind(until);
    }
}

/// 企业: the names that customers have as theirs, with how many do; by name, and how many names there are.
pub async fn organisations(ctx: &Ctx, part: Option<&str>, (before, most): (i64, i64)) -> Result<(Vec<(String, i64)>, i64)> {
    ctx.require(Permission::CustomerView)?;
    let mut tx = ctx.read().await?;
    let part = part.map(str::to_lowercase);
    let rows = sqlx::query!(
        r#"select organisation, count(*) as "customers!"
        from customers
        where company_id = $1
        and merged_into is null
        and organisation <> ''
        and ($2::text is null or strpos(lower(organisation), $2) > 0)
        group by organisation
        order by organisation
        offset $3
        limit $4"#,
        ctx.company as _,
        part,
        before,
        most,
    )
    .fetch_all(&mut *tx)
    .await?;
    let total = sqlx::query_scalar!(
        r#"select count(distinct organisation) as "total!"
        from customers
        where company_id = $1
        and merged_into is null
        and organisation <> ''
        and ($2::text is null or strpos(lower(organisation), $2) > 0)"#,
        ctx.company as _,
        part,
    )
    .fetch_one(&mut *tx)
    .await?;
    Ok((rows.into_iter().map(|row| (row.organisation, row.customers)).collect(), total))
}
