//! 工单状态机: the only place where a status becomes another one.

use super::Status;
use kernel::error::Problem;

/// What happens to a ticket, as far as its status is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// 接单: an agent makes the ticket their own.
    Take,
    /// An agent writes to everyone; `None` leaves the choice to the rule.
    AgentReply(Option<Status>),
    /// The customer writes.
    CustomerReply {
        /// Whether that opens a solved ticket again.
        reopens: bool,
    },
    /// Somebody chooses a status.
    Set(Status),
    /// 激活: a finished ticket is opened again, with a reason.
    Activate,
    /// Into the recycle bin.
    Delete,
    /// Out of the recycle bin, to the status before.
    Restore(Status),
}

/// The status after the act.
///
/// - Nothing but restoring happens to a deleted ticket.
/// - A finished ticket is opened again by activation, which wants a reason, or by the customer's reply; choosing an
///   open status for it is refused.
/// - A closed ticket takes no reply of the customer: a new ticket is made for it.
/// - A ticket that was accepted never counts as not accepted again.
///
/// # Errors
/// The problem to show when the act is not possible now.
pub fn transition(status: Status, act: Act) -> Result<Status, Problem> {
    match (status, act) {
        (Status::Deleted, Act::Restore(before)) => Ok(if before == Status::Deleted { Status::NotAccepted } else { before }),
        (Status::Deleted, Act::Activate) => Err(Problem::DeletedNotActivated),
        (Status::Deleted, _) => Err(Problem::TicketDeleted),
        (_, Act::Restore(_)) => Ok(status),
        (_, Act::Delete) => Ok(Status::Deleted),
        (_, Act::Activate) if status.is_finished() => Ok(Status::InProgress),
        (_, Act::Activate) => Err(Problem::AlreadyActivated),
        (Status::NotAccepted, Act::Take) => Ok(Status::InProgress),
        (_, Act::Take) => Ok(status),
        (_, Act::AgentReply(None)) => Ok(if status.is_open() { Status::WaitingReply } else { status }),
        (_, Act::AgentReply(Some(Status::NotAccepted))) => Err(Problem::BadChoice),
        (_, Act::AgentReply(Some(to))) => chosen(status, to),
        (Status::Closed, Act::CustomerReply { .. }) => Err(Problem::TicketClosed),
        (Status::WaitingReply, Act::CustomerReply { .. }) | (Status::Solved, Act::CustomerReply { reopens: true }) => {
            Ok(Status::InProgress)
        }
        (_, Act::CustomerReply { .. }) => Ok(status),
        (_, Act::Set(to)) => chosen(status, to),
    }
}

/// Whether the change opens a finished ticket again: a new cycle begins, with its own invitation to rate.
#[must_use]
pub const fn reopens(from: Status, to: Status) -> bool {
    from.is_finished() && to.is_open()
}

fn chosen(status: Status, to: Status) -> Result<Status, Problem> {
    match (status, to) {
        _ if status == to => Ok(to),
        (_, Status::Deleted | Status::NotAccepted) => Err(Problem::BadChoice),
        _ if reopens(status, to) => Err(Problem::ActivateFirst),
        (Status::Closed, Status::Solved) => Err(Problem::ActivateFirst),
        _ => Ok(to),
    }
}
