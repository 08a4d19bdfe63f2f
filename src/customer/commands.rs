//! Writes of customers. Merges and the definitions of own fields stand in `commands/`.

pub mod field;
pub mod merge;

use crate::model::{ContactKind, CustomerInput};
use crate::profile::{Contact, Profile};
use crate::queries;
use kernel::ctx::Ctx;
use kernel::error::{Error, Problem, Problems, Result};
use kernel::event::Event;
use kernel::id::CustomerId;
use kernel::input;
use kernel::permission::Permission;
use kernel::tx::{Subject, Tx};
use serde_json::Value;

/// Creates a customer.
pub async fn create(ctx: &Ctx, input: CustomerInput) -> Result<CustomerId> {
    ctx.require(Permission::CustomerEdit)?;
    let mut tx = ctx.begin().await?;
    let profile = typed(&mut tx, &input, &Profile::default()).await?;
    let id = CustomerId(ctx.uuid());
    insert(&mut tx, id, &profile).await?;
    write_contacts(&mut tx, id, &profile.contacts).await?;
    tell_phones(&mut tx, id, &Profile::default(), &profile).await?;
    tx.audit("customer.created", subject(id, &profile), None, Some(json(&profile)?)).await?;
    tx.commit().await?;
    Ok(id)
}

/// Changes a customer; `Stale` when somebody did so since the form was opened.
pub async fn edit(ctx: &Ctx, input: CustomerInput) -> Result {
    ctx.require(Permission::CustomerEdit)?;
    let id = input.id.ok_or(Error::NotFound)?;
    let mut tx = ctx.begin().await?;
    let version = lock(&mut tx, id).await?;
    let before = queries::profile(&mut tx, id).await?;
    if version != input.version {
        return Err(Problem::Stale.into());
    }
    let after = typed(&mut tx, &input, &before).await?;
    if after == before {
        return Ok(());
    }
    write(&mut tx, id, &after).await?;
    tell_phones(&mut tx, id, &before, &after).await?;
    tx.audit("customer.edited", subject(id, &after), Some(json(&before)?), Some(json(&after)?)).await?;
    tx.commit().await
}

/// Finds the customer with this e-mail address or creates one; inside the caller's transaction. System: mail that
/// comes in needs no right of anybody.
pub async fn by_email(tx: &mut Tx, email: &str, name: &str) -> Result<CustomerId> {
    let written = email.trim();
    // Real mail has addresses that no form would take: what came in is kept, only case is levelled.
    let normal = input::email(written).unwrap_or_else(|| written.to_lowercase());
    if normal.is_empty() {
        return Err(Error::Problems(Problems::one("email", Problem::BadEmail)));
    }
    if let Some(found) = holder(tx, ContactKind::Email, &normal).await? {
        return Ok(found);
    }
    let name: String = name.trim().chars().filter(|character| !character.is_control()).take(50).collect();
    let local = normal.split('@').next().filter(|local| !local.is_empty()).unwrap_or(&normal);
    let nickname = if name.is_empty() { local.chars().take(50).collect() } else { name.clone() };
    let contact = Contact { kind: ContactKind::Email, value: written.to_owned(), normal: normal.clone() };
    let profile = Profile { nickname, name, contacts: vec![contact], ..Profile::default() };
    let (company, id) = (tx.ctx.company, CustomerId(tx.ctx.uuid()));
    insert(tx, id, &profile).await?;
    let added = sqlx::query!(
        "insert into customer_contacts (company_id, customer_id, kind, value, normal)
        values ($1, $2, $3, $4, $5)
        on conflict (company_id, kind, normal) do nothing",
        company as _,
        id as _,
        ContactKind::Email as _,
        written,
        normal,
    )
    .execute(&mut **tx)
    .await?;
    if added.rows_affected() == 0 {
        // Another mail of the same new sender was faster; the conflict waited for its commit, so its row is there.
        sqlx::query!("delete from customers where company_id = $1 and id = $2", company as _, id as _).execute(&mut **tx).await?;
        return holder(tx, ContactKind::Email, &normal).await?.ok_or_else(|| Error::internal("a contact that was taken has no holder"));
    }
    tx.audit("customer.created", subject(id, &profile), None, Some(json(&profile)?)).await?;
    Ok(id)
}

/// Locks a customer that is not merged away and gives its version.
async fn lock(tx: &mut Tx, id: CustomerId) -> Result<i32> {
    let company = tx.ctx.company;
    sqlx::query_scalar!(
        "select version from customers where company_id = $1 and id = $2 and merged_into is null for update",
        company as _,
        id as _,
    )
    .fetch_optional(&mut **tx)
    .await?
    .ok_or(Error::NotFound)
}

/// Says that a number is known whose customer was not: whoever called by it is this one.
async fn tell_phones(tx: &mut Tx, id: CustomerId, before: &Profile, after: &Profile) -> Result {
    let is_known = |normal: &str| before.contacts.iter().any(|known| known.kind == ContactKind::Phone && known.normal == normal);
    if after.contacts.iter().any(|contact| contact.kind == ContactKind::Phone && !is_known(&contact.normal)) {
        tx.record(Event::CustomerPhonesAdded { customer: id }).await?;
    }
    Ok(())
}

async fn insert(tx: &mut Tx, id: CustomerId, profile: &Profile) -> Result {
    let (company, now) = (tx.ctx.company, tx.ctx.now());
    sqlx::query!(
        "insert into customers (company_id, id, nickname, name, partner_id, vip_level, organisation, remark, fields, bigrams,
            created_at, updated_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11)",
        company as _,
        id as _,
        profile.nickname,
        profile.name,
        profile.partner_id,
        profile.vip_level,
        profile.organisation,
        profile.remark,
        Value::Object(profile.fields.clone()),
        &profile.terms(),
        now,
    )
    .execute(&mut **tx)
    .await
    .map_err(partner_taken)?;
    Ok(())
}

/// Writes everything that is known about a customer, with its search terms; the version grows.
async fn write(tx: &mut Tx, id: CustomerId, profile: &Profile) -> Result {
    let (company, now) = (tx.ctx.company, tx.ctx.now());
    sqlx::query!(
        "update customers
        set nickname = $3, name = $4, partner_id = $5, vip_level = $6, organisation = $7, remark = $8, fields = $9, bigrams = $10,
            version = version + 1, updated_at = $11
        where company_id = $1 and id = $2",
        company as _,
        id as _,
        profile.nickname,
        profile.name,
        profile.partner_id,
        profile.vip_level,
        profile.organisation,
        profile.remark,
        Value::Object(profile.fields.clone()),
        &profile.terms(),
        now,
    )
    .execute(&mut **tx)
    .await
    .map_err(partner_taken)?;
    sqlx::query!("delete from customer_contacts where company_id = $1 and customer_id = $2", company as _, id as _)
        .execute(&mut **tx)
        .await?;
    write_contacts(tx, id, &profile.contacts).await
}

async fn write_contacts(tx: &mut Tx, id: CustomerId, contacts: &[Contact]) -> Result {
    let company = tx.ctx.company;
    for (position, contact) in contacts.iter().enumerate() {
        sqlx::query!(
            "insert into customer_contacts (company_id, customer_id, kind, value, normal, position)
            values ($1, $2, $3, $4, $5, $6)",
            company as _,
            id as _,
            contact.kind as _,
            contact.value,
            contact.normal,
            i16::try_from(position).unwrap_or(i16::MAX),
        )
        .execute(&mut **tx)
        .await
        .map_err(|error| Error::on_constraint(error, "customer_contacts_pkey", field_of(contact.kind), Problem::ContactTaken))?;
    }
    Ok(())
}

/// What was typed, over what was known before; refused with everything that is wrong at once, also what others have.
async fn typed(tx: &mut Tx, input: &CustomerInput, before: &Profile) -> Result<Profile> {
    let definitions = queries::field::defined(tx).await?;
    let mut problems = Problems::default();
    note(&mut problems, input.check())?;
    let profile = note(&mut problems, Profile::typed(input, &definitions, before))?;
    // What cannot be read is nobody's; the integration id can be asked for all the same.
    let known = profile.unwrap_or_else(|| Profile { partner_id: crate::profile::partner(input), ..Profile::default() });
    note(&mut problems, taken(tx, &known, input.id).await)?;
    problems.end()?;
    Ok(known)
}

/// Collects the problems of a step; any other error ends the work.
fn note<T>(problems: &mut Problems, done: Result<T>) -> Result<Option<T>> {
    match done {
        Ok(done) => Ok(Some(done)),
        Err(Error::Problems(more)) => {
            for (field, problem) in more.0 {
                if !problems.0.iter().any(|(known, _)| *known == field) {
                    problems.add(&field, problem);
                }
            }
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

/// Refuses contacts and an integration id that another customer has, each beside its field.
async fn taken(tx: &mut Tx, profile: &Profile, except: Option<CustomerId>) -> Result {
    let mut problems = Problems::default();
    for kind in ContactKind::ALL {
        let others = queries::holders(tx, *kind, &profile.contacts, except).await?;
        problems.need(others.is_empty(), field_of(*kind), Problem::ContactTaken);
    }
    if let Some(partner) = &profile.partner_id {
        let other = queries::by_partner(tx, partner).await?;
        problems.need(other.is_none() || other == except, "partner_id", Problem::PartnerTaken);
    }
    problems.end()
}

/// Who has this contact.
async fn holder(tx: &mut Tx, kind: ContactKind, normal: &str) -> Result<Option<CustomerId>> {
    let company = tx.ctx.company;
    Ok(sqlx::query_scalar!(
        r#"select customer_id as "id: CustomerId" from customer_contacts where company_id = $1 and kind = $2 and normal = $3"#,
        company as _,
        kind as _,
        normal,
    )
    .fetch_optional(&mut **tx)
    .await?)
}

const fn field_of(kind: ContactKind) -> &'static str {
    match kind {
        ContactKind::Phone => "phones",
        ContactKind::Email => "emails",
    }
}

fn partner_taken(error: sqlx::Error) -> Error {
    Error::on_constraint(error, "customers_partner", "partner_id", Problem::PartnerTaken)
}

fn subject(id: CustomerId, profile: &Profile) -> Subject {
    Subject::named("customer", Some(id.0), profile.nickname.clone())
}

fn json(profile: &Profile) -> Result<Value> {
    serde_json::to_value(profile).map_err(Error::internal)
}
