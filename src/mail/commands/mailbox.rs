//! Writes of mailboxes.

use kernel::error::{Error, Result};
use kernel::id::MailboxId;
use kernel::tx::Tx;

/// The mailbox with this address, made when it is missing, inside the caller's transaction.
pub async fn find_or_make(_tx: &mut Tx, _address: &str) -> Result<MailboxId> {
    Err(Error::internal("not written yet"))
}
