//! Background jobs of mail; each is one call of a command.

use crate::commands::deliver;
use kernel::ctx::Ctx;
use kernel::error::Result;
use kernel::id::MailId;
use kernel::job::Job;
use serde::{Deserialize, Serialize};

/// 发送邮件: hands one mail to its SMTP server. What the server says decides when it is tried again; the queue's own
/// attempts are for a database that is away.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct MailSend {
    /// Which row of the ledger.
    pub mail: MailId,
}

impl Job for MailSend {
    const KIND: &'static str = "mail_send";
    const ATTEMPTS: i32 = 20;

    fn dedup_key(&self) -> Option<String> {
        Some(self.mail.to_string())
    }
}

/// Runs it. System: the worker.
pub async fn mail_send(ctx: &Ctx, job: MailSend) -> Result {
    deliver::deliver(ctx, job.mail).await
}
