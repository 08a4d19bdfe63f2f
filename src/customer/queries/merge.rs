//! Reads around merging: who may be the same person, what a merge would leave, what was merged.

use super::{CustomerCard, hits, holders, profile};
use crate::model::{ContactKind, CustomerHit};
use crate::profile::{Contact, Profile};
use crate::{phone, terms};
use kernel::ctx::Ctx;
use kernel::error::Result;
use kernel::id::{CustomerId, MergeId};
use kernel::input::{email, lines};
use kernel::permission::Permission;
use kernel::time::Stamp;

/// One merge of a customer's history.
#[derive(Clone, Debug)]
pub struct Merge {
    /// Which merge.
    pub id: MergeId,
    /// The one that remained.
    pub kept: CustomerId,
    /// Its nickname now.
    pub kept_name: String,
    /// The one that went.
    pub merged: CustomerId,
    /// Its nickname.
    pub merged_name: String,
    /// Who merged.
    pub actor_name: String,
    /// When.
    pub created_at: Stamp,
    /// When it was undone.
    pub undone_at: Option<Stamp>,
    /// Whether it can be undone now: no later merge builds on it.
    pub is_last: bool,
}

/// Customers that may be the same person: the same name, or the same number behind another extension.
pub async fn duplicates(ctx: &Ctx, of: &CustomerCard) -> Result<Vec<CustomerHit>> {
    ctx.require(Permission::CustomerView)?;
    let company = ctx.company;
    let names: Vec<String> = [&of.nickname, &of.name].into_iter().filter(|name| !name.is_empty()).map(|name| name.to_lowercase()).collect();
    let numbers: Vec<String> =
        of.phones.iter().filter_map(|written| phone::normal(written)).map(|normal| phone::main(&normal).to_owned()).collect();
    let mut tx = ctx.read().await?;
    // The terms let the index find the few rows whose names are then compared in full.
    let [nickname, name] = [&of.nickname, if of.name.is_empty() { &of.nickname } else { &of.name }].map(|text| terms::wanted(text));
    let found = sqlx::query_scalar!(
        r#"with alike as (
            select w.id
            from customers w
            where w.company_id = $1
            and w.id in (select customers_with($3, 200) union all select customers_with($4, 200))
            and (lower(w.nickname) = any ($5) or lower(w.name) = any ($5))
            limit 20
        ),
        near as (
            select k.customer_id as id
            from customer_contacts k
            where k.company_id = $1 and k.kind = 0 and k.main = any ($6)
            limit 20
        )
        select c.id as "id: CustomerId"
        from customers c
        where c.company_id = $1
        and c.id <> $2
        and c.merged_into is null
        and c.id in (select id from alike union all select id from near)
        order by c.updated_at desc
        limit 5"#,
        company as _,
        of.id as _,
        &nickname,
        &name,
        &names,
        &numbers,
    )
    .fetch_all(&mut *tx)
    .await?;
    hits(&mut tx, &found).await
}

/// Who has these contacts already, for the form that was refused because of it.
pub async fn holders_of(ctx: &Ctx, emails: &str, phones: &str, except: Option<CustomerId>) -> Result<Vec<CustomerHit>> {
    ctx.require(Permission::CustomerView)?;
    let emails = lines(emails).into_iter().filter_map(|line| email(&line)).map(|normal| (ContactKind::Email, normal));
    let phones = lines(phones).into_iter().filter_map(|line| phone::normal(&line)).map(|normal| (ContactKind::Phone, normal));
    let contacts: Vec<Contact> = emails.chain(phones).map(|(kind, normal)| Contact { kind, value: String::new(), normal }).collect();
    let mut tx = ctx.read().await?;
    let mut found = holders(&mut tx, ContactKind::Email, &contacts, except).await?;
    found.extend(holders(&mut tx, ContactKind::Phone, &contacts, except).await?);
    found.dedup();
    hits(&mut tx, &found).await
}

/// 合并记录: merges this customer took part in, newest first.
pub async fn history(ctx: &Ctx, id: CustomerId) -> Result<Vec<Merge>> {
    ctx.require(Permission::CustomerView)?;
    let company = ctx.company;
    let mut tx = ctx.read().await?;
    Ok(sqlx::query_as!(
        Merge,
        r#"select m.id as "id: MergeId", m.kept_id as "kept: CustomerId", k.nickname as kept_name,
            m.merged_id as "merged: CustomerId", g.nickname as merged_name, m.actor_name, m.created_at, m.undone_at,
            m.undone_at is null and not exists (
                select from customer_merges later
                where later.company_id = m.company_id and later.undone_at is null
                and (later.kept_id = m.kept_id or later.merged_id = m.kept_id)
                and (later.created_at, later.id) > (m.created_at, m.id)
            ) as "is_last!"
        from customer_merges m
        join customers k on k.company_id = m.company_id and k.id = m.kept_id
        join customers g on g.company_id = m.company_id and g.id = m.merged_id
        where m.company_id = $1 and (m.kept_id = $2 or m.merged_id = $2)
        order by m.created_at desc, m.id desc
        limit 20"#,
        company as _,
        id as _,
    )
    .fetch_all(&mut *tx)
    .await?)
}

/// What is known of both and what would remain: the same rule that the merge applies.
pub async fn preview(ctx: &Ctx, keep: CustomerId, gone: CustomerId) -> Result<[Profile; 3]> {
    ctx.require(Permission::CustomerMerge)?;
    let mut tx = ctx.read().await?;
    let (kept, merged) = (profile(&mut tx, keep).await?, profile(&mut tx, gone).await?);
    let result = kept.with(&merged);
    Ok([kept, merged, result])
}
