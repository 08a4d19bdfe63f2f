//! 发送原则: whether a finished ticket invites its customer, as one pure function (R8). The live system, the trial on the
//! settings page and the words beside a ticket that was not invited all come from here.

use crate::model::{InvitationState, Rule, SatisfactionSettings, SendWhen};
use jiff::SignedDuration;
use kernel::id::CategoryId;
use kernel::time::Stamp;
use ticket::model::{Source, Status};

/// What is known of the ticket at its end.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The status that it got.
    pub finished_as: Status,
    /// The status that it has now.
    pub status: Status,
    /// Where it came from.
    pub source: Source,
    /// Its category and everything above it.
    pub categories: Vec<CategoryId>,
    /// Whether somebody handled it.
    pub has_agent: bool,
    /// Whether the customer can be written to.
    pub has_address: bool,
}

/// How an invitation reaches the customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// By mail, by itself.
    Mail,
    /// By a link that an agent hands over.
    Link,
}

impl Facts {
    /// By mail where our answers reach the customer by mail; the reasons stand in the crate's documentation.
    #[must_use]
    pub const fn way(&self) -> Way {
        let writes_mail = match self.source {
            Source::Email | Source::TicketCenter | Source::Crm | Source::Call | Source::VoiceMessage => true,
            Source::PcMessage
            | Source::H5Message
            | Source::WechatMessage
            | Source::AppMessage
            | Source::Weibo
            | Source::PcWorkbench
            | Source::WechatWorkbench
            | Source::H5Workbench
            | Source::AppWorkbench
            | Source::MiniWorkbench
            | Source::WecomWorkbench
            | Source::MiniMessage
            | Source::WecomMessage => false,
        };
        if writes_mail && self.has_address { Way::Mail } else { Way::Link }
    }
}

/// What happened before.
#[derive(Clone, Debug, Default)]
pub struct History {
    /// The invitation of this cycle, when there is one.
    pub this_cycle: Option<InvitationState>,
    /// Whether an earlier cycle was invited.
    pub earlier_cycle: bool,
    /// Whether the ticket has a rating.
    pub rated: bool,
    /// When this customer was invited lately, for any ticket.
    pub recent: Vec<Stamp>,
}

/// What follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// The customer is invited by mail at this moment.
    Send(Stamp),
    /// The customer is invited by a link, once somebody hands it over.
    Offer,
    /// The ticket would have been invited; the rule that forbids it is kept.
    Withhold(Rule),
    /// Nothing to invite or to keep.
    Ignore(Rule),
}

/// One rule that was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// Which.
    pub rule: Rule,
    /// Whether it held; the last step is the one that decided.
    pub holds: bool,
}

/// Decides, and tells which rules were asked. The first rule that does not hold ends the questions.
#[must_use]
pub fn decide(facts: &Facts, settings: &SatisfactionSettings, history: &History, now: Stamp) -> (Decision, Vec<Step>) {
    let mut trace = Vec::with_capacity(Rule::ALL.len());
    for rule in asked() {
        let holds = holds(rule, facts, settings, history, now);
        trace.push(Step { rule, holds });
        if !holds {
            let decision = if is_silent(rule) { Decision::Ignore(rule) } else { Decision::Withhold(rule) };
            return (decision, trace);
        }
    }
    let decision = match facts.way() {
        Way::Mail => Decision::Send(now.plus(SignedDuration::from_mins(i64::from(settings.delay)))),
        Way::Link => Decision::Offer,
    };
    (decision, trace)
}

/// The rules that can be asked; whether the mail went out is known afterwards.
pub(crate) fn asked() -> impl Iterator<Item = Rule> {
    Rule::ALL.iter().copied().filter(|rule| !matches!(rule, Rule::HasAddress | Rule::Delivered))
}

/// Rules that say "not now" rather than "not this one": nothing is kept.
fn is_silent(rule: Rule) -> bool {
    matches!(rule, Rule::SwitchedOn | Rule::RightEnd | Rule::StillFinished | Rule::OncePerCycle)
}

fn holds(rule: Rule, facts: &Facts, settings: &SatisfactionSettings, history: &History, now: Stamp) -> bool {
    match rule {
        Rule::SwitchedOn => settings.enabled,
        Rule::RightEnd => match settings.when {
            SendWhen::Solved => facts.finished_as == Status::Solved,
            SendWhen::Closed => facts.finished_as == Status::Closed,
            SendWhen::Either => facts.finished_as.is_finished(),
        },
        Rule::StillFinished => facts.status.is_finished(),
        // What was withheld may be invited when it ends once more: solved without an agent, then closed by one.
        Rule::OncePerCycle => {
            !matches!(history.this_cycle, Some(InvitationState::Waiting | InvitationState::Sent | InvitationState::Ready))
        }
        Rule::NotRated => !history.rated,
        Rule::AgainAllowed => settings.again || !history.earlier_cycle,
        Rule::HasAgent => facts.has_agent,
        Rule::SourceIncluded => !settings.excluded_sources.contains(&facts.source),
        Rule::CategoryIncluded => !facts.categories.iter().any(|category| settings.excluded_categories.contains(category)),
        Rule::UnderCap => settings.cap.is_none_or(|cap| {
            let since = now.minus(SignedDuration::from_hours(24 * i64::from(cap.days)));
            let lately = history.recent.iter().filter(|at| **at > since).count();
            lately < usize::try_from(cap.most).unwrap_or(0)
        }),
        Rule::HasAddress | Rule::Delivered => true,
    }
}
