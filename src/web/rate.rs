//! 限流 (S45): how often a person and a whole company may ask for what costs much, counted by the minute in this process.
//! Tries to sign in are counted elsewhere, in the database.

use kernel::ctx::Ctx;
use kernel::id::{AgentId, CompanyId};
use std::collections::HashMap;
use std::sync::{LazyLock, Mutex};
use ui::form::path_of;

/// What costs much.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Costly {
    /// Looks through texts.
    Search,
    /// Writes a file of many rows.
    Export,
    /// Takes files.
    Upload,
    /// Talks to a mail server while somebody waits.
    MailServer,
}

impl Costly {
    /// What a page costs.
    #[must_use]
    pub fn page(path: &str) -> Option<Costly> {
        match path {
            "/search" => Some(Costly::Search),
            "/settings/audit/file" => Some(Costly::Export),
            _ => None,
        }
    }

    /// What a server function costs.
    #[must_use]
    pub fn function(path: &str) -> Option<Costly> {
        let costs = [
            (path_of::<ticket::actions::FindTickets>(), Costly::Search),
            (path_of::<customer::actions::LookupCustomers>(), Costly::Search),
            (path_of::<call::actions::record::FindCalls>(), Costly::Search),
            (path_of::<stats::actions::ExportReport>(), Costly::Export),
            (path_of::<ticket::actions::ExportTickets>(), Costly::Export),
            (path_of::<call::actions::record::ExportCalls>(), Costly::Export),
            (path_of::<identity::actions::ImportAgents>(), Costly::Upload),
            (path_of::<ticket::actions::CreateTicket>(), Costly::Upload),
            (path_of::<ticket::actions::ReplyTicket>(), Costly::Upload),
            (path_of::<ticket::actions::KeepPicture>(), Costly::Upload),
            (path_of::<mail::actions::CreateMailbox>(), Costly::MailServer),
            (path_of::<mail::actions::EditMailbox>(), Costly::MailServer),
            (path_of::<mail::actions::CheckMailbox>(), Costly::MailServer),
        ];
        costs.into_iter().find(|(known, _)| *known == path).map(|(_, costly)| costly)
    }

    /// How often in a minute: one person, one company.
    const fn most(self) -> (u32, u32) {
        match self {
            Costly::Search | Costly::Upload => (120, 1200),
            Costly::Export => (10, 60),
            Costly::MailServer => (20, 60),
        }
    }
}

/// The present minute and what was asked for in it.
static ASKED: LazyLock<Mutex<(i64, HashMap<Asker, u32>)>> = LazyLock::new(Mutex::default);

type Asker = (Costly, CompanyId, Option<AgentId>);

/// Counts one more; the seconds to wait when it is one too many.
#[must_use]
pub fn wait_for(ctx: &Ctx, costly: Costly) -> Option<i64> {
    const MINUTE: i64 = 60_000_000;
    let (now, (per_person, per_company)) = (ctx.now().micros(), costly.most());
    let mut asked = ASKED.lock().ok()?;
    if asked.0 != now / MINUTE {
        *asked = (now / MINUTE, HashMap::new());
    }
    let mut is_over = false;
    for (who, most) in [(ctx.actor.agent(), per_person), (None, per_company)] {
        let count = asked.1.entry((costly, ctx.company, who)).or_default();
        is_over |= *count >= most;
        *count = count.saturating_add(u32::from(!is_over));
    }
    is_over.then(|| 60 - now % MINUTE / 1_000_000)
}
