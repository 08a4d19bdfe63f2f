//! 来电匹配: whose number calls.

use crate::model::{ContactKind, CustomerHit};
use crate::phone;
use kernel::error::Result;
use kernel::id::CustomerId;
use kernel::tx::Tx;

/// The customer with exactly this phone number, however it is written. System: whoever takes a call may know who calls.
pub async fn by_number(tx: &mut Tx, number: &str) -> Result<Option<CustomerHit>> {
    let Some(normal) = phone::normal(number) else { return Ok(None) };
    let company = tx.ctx.company;
    let found = sqlx::query_scalar!(
        r#"select k.customer_id as "id: CustomerId"
        from customer_contacts k
        where k.company_id = $1
        and k.kind = $2
        and k.normal = $3"#,
        company as _,
        ContactKind::Phone as _,
        normal,
    )
    .fetch_optional(&mut **tx)
    .await?;
    match found {
        Some(id) => Ok(super::hits(tx, &[id]).await?.pop()),
        None => Ok(None),
    }
}
