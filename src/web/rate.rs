//! 限流 (S45): how often a person and a whole company may ask for what costs much, and a network for what needs nobody signed in,
//! counted by the minute in this process.
//! Tries to sign in are counted elsewhere, in the database.

use identity::throttle::network_key;
use kernel::ctx::Ctx;
use kernel::id::{AgentId, CompanyId};
use kernel::time::Stamp;
use std::collections::HashMap;
use std::net::IpAddr;
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
    /// Writes what a customer sends from a page that needs no sign-in.
    PublicForm,
    /// Keeps what such a page sent once too often, to be sent again.
    PublicAgain,
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
            (path_of::<ticket::actions::own::AnswerForm>(), Costly::PublicForm),
            (path_of::<mail::actions::CreateMailbox>(), Costly::MailServer),
            (path_of::<mail::actions::EditMailbox>(), Costly::MailServer),
            (path_of::<mail::actions::CheckMailbox>(), Costly::MailServer),
        ];
        costs.into_iter().find(|(known, _)| *known == path).map(|(_, costly)| costly)
    }

    /// How often in a minute: one person, one company. Of public forms: one network, of which an office of many customers may
    /// be one.
    const fn most(self) -> (u32, u32) {
        match self {
            Costly::Search | Costly::Upload => (120, 1200),
            Costly::Export => (10, 60),
            Costly::MailServer => (20, 60),
            Costly::PublicForm | Costly::PublicAgain => (30, 30),
        }
    }
}

/// The present minute and what was asked for in it.
static ASKED: LazyLock<Mutex<(i64, HashMap<Asker, u32>)>> = LazyLock::new(Mutex::default);

type Asker = (Costly, Who);

/// Of whom it is counted.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Who {
    Agent(CompanyId, Option<AgentId>),
    Company(CompanyId),
    Network(String),
}

/// Counts one more of a signed-in person; the seconds to wait when it is one too many.
#[must_use]
pub fn wait_for(ctx: &Ctx, costly: Costly) -> Option<i64> {
    let (per_person, per_company) = costly.most();
    let askers = [(Who::Agent(ctx.company, ctx.actor.agent()), per_person), (Who::Company(ctx.company), per_company)];
    counted(costly, askers, ctx.now())
}

/// Counts one more of somebody whom only a network is known of; the seconds to wait when it is one too many.
#[must_use]
pub fn wait_for_visitor(ip: IpAddr, costly: Costly, now: Stamp) -> Option<i64> {
    counted(costly, [(Who::Network(network_key(ip)), costly.most().0)], now)
}

fn counted<const N: usize>(costly: Costly, askers: [(Who, u32); N], now: Stamp) -> Option<i64> {
    const MINUTE: i64 = 60_000_000;
    let now = now.micros();
    let mut asked = ASKED.lock().ok()?;
    if asked.0 != now / MINUTE {
        *asked = (now / MINUTE, HashMap::new());
    }
    let mut is_over = false;
    for (who, most) in askers {
        let count = asked.1.entry((costly, who)).or_default();
        is_over |= *count >= most;
        *count = count.saturating_add(u32::from(!is_over));
    }
    is_over.then(|| 60 - now % MINUTE / 1_000_000)
}
