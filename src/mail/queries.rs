//! Reads of the ledger and of mailboxes.

use crate::model::Incoming;
use kernel::ctx::Ctx;
use kernel::error::{Error, Result};
use kernel::id::MailId;

/// What an incoming mail says, read again from its raw source.
pub async fn incoming(_ctx: &Ctx, _mail: MailId) -> Result<Incoming> {
    Err(Error::internal("not written yet"))
}
