//! 事件与任务的去向: the one table event → reactions, and the one table job → runner.

use crate::worker::forward;
use crate::worker::schedule::{self, Housekeeping};
use call::jobs::{CallExport, EndCalls, FetchRecording};
use call::phone::jobs::{EndWrapUp, SimulatedStep};
use kernel::ctx::Ctx;
use kernel::error::{Error, Result};
use kernel::event::Event;
use kernel::id::CustomerId;
use kernel::job::{Job, enqueue};
use kernel::lang::Lang;
use kernel::time::Stamp;
use kernel::tx::React;
use mail::commands::send::Outgoing;
use mail::jobs::MailSend;
use mail::model::{Private, PrivateKind, Reason};
use satisfaction::jobs::SendInvitation;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sla::jobs::RefreshClocks;
use stats::jobs::StatsExport;
use ticket::jobs::{ReminderDigest, TicketExport};
use ticket::model::Status;
use trigger::jobs::TimedTriggers;
use trigger::model::TriggerKind;
use webhook::jobs::ForwardMessages;

kernel::catalog! {
    /// 事件的后续: something that happens because of an event.
    pub enum Reaction {
        MailInvitation = 1, "mail_invitation", "发送激活邮件", "Mail an invitation";
        MailReset = 2, "mail_reset", "发送重设密码邮件", "Mail a password link";
        TakeMail = 3, "take_mail", "处理收到的邮件", "Take a mail in";
        MoveTickets = 4, "move_tickets", "工单随客户合并", "Move tickets to the merged customer";
        MoveTicketsBack = 5, "move_tickets_back", "工单随撤销合并移回", "Move tickets back";
        InviteToRate = 6, "invite_to_rate", "邀请评价", "Invite to rate";
        TellLive = 7, "tell_live", "通知打开的页面", "Tell open pages";
        NoteMailFailure = 8, "note_mail_failure", "在工单里记下发信失败", "Note a failed mail on its ticket";
        WithdrawInvitation = 9, "withdraw_invitation", "收回等待中的邀评", "Withdraw an invitation that waits";
        RunTriggers = 11, "run_triggers", "运行触发器", "Run triggers";
        RefreshClocks = 12, "refresh_clocks", "更新时效", "Update SLA clocks";
        Forward = 13, "forward", "写入消息转发", "Write forwarded messages";
        MoveCalls = 20, "move_calls", "通话随客户合并", "Move calls to the merged customer";
        MoveCallsBack = 21, "move_calls_back", "通话随撤销合并移回", "Move calls back";
        LinkCalls = 22, "link_calls", "把通话认到客户名下", "Link calls to whose number it is";
        UncountInvitation = 10, "uncount_invitation", "没有送达的邀评不计数", "Count no invitation that was not delivered";
    }
}

/// One reaction to one event, when an event has several: each fails and comes back by itself.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ReactOnce {
    /// What happened.
    #[serde(flatten)]
    pub happened: React,
    /// What follows.
    pub reaction: Reaction,
}

impl Job for ReactOnce {
    const KIND: &'static str = "react_once";
    const ATTEMPTS: i32 = 12;
}

/// What follows an event.
pub fn reactions(event: &Event) -> &'static [Reaction] {
    match event {
        Event::AgentInvited { .. } => &[Reaction::MailInvitation],
        Event::PasswordForgotten { .. } => &[Reaction::MailReset],
        Event::MailReceived { .. } => &[Reaction::TakeMail],
        Event::CustomerMerged { .. } => &[Reaction::MoveTickets, Reaction::MoveCalls],
        Event::CustomerMergeUndone { .. } => &[Reaction::MoveTicketsBack, Reaction::MoveCallsBack],
        Event::CustomerPhonesAdded { .. } => &[Reaction::LinkCalls],
        Event::TicketStatusChanged { to, .. } if is_end(*to) => {
            &[Reaction::InviteToRate, Reaction::RefreshClocks, Reaction::RunTriggers, Reaction::Forward, Reaction::TellLive]
        }
        Event::TicketStatusChanged { from, .. } if is_end(*from) => {
            &[Reaction::WithdrawInvitation, Reaction::RefreshClocks, Reaction::RunTriggers, Reaction::Forward, Reaction::TellLive]
        }
        Event::TicketCreated { .. }
        | Event::TicketAssigned { .. }
        | Event::TicketRepliedByCustomer { .. }
        | Event::TicketRepliedByAgent { .. }
        | Event::TicketStatusChanged { .. }
        | Event::TicketEdited { .. }
        | Event::TicketUrged { .. } => &[Reaction::RefreshClocks, Reaction::RunTriggers, Reaction::Forward, Reaction::TellLive],
        Event::TicketNearlyDue { .. } | Event::TicketOverdue { .. } => &[Reaction::RunTriggers, Reaction::Forward, Reaction::TellLive],
        Event::TicketRated { .. } => &[Reaction::Forward, Reaction::TellLive],
        // Rules look at what triggers change, and not at what they tell.
        Event::TriggerMatched { .. } => &[Reaction::Forward],
        Event::MailFailed { ticket: Some(_), .. } => &[Reaction::NoteMailFailure, Reaction::UncountInvitation, Reaction::TellLive],
        Event::MailFailed { ticket: None, .. }
        | Event::RatingInvited { .. }
        | Event::AgentPhoneChanged { .. }
        | Event::CallIncoming { .. }
        | Event::CallRinging { .. }
        | Event::CallAnswered { .. }
        | Event::CallEnded { .. } => &[],
    }
}

/// Runs a job by its kind.
pub async fn run(ctx: &Ctx, kind: &str, payload: &Value) -> Result {
    match kind {
        React::KIND => react(ctx, &read(payload)?).await,
        ReactOnce::KIND => {
            let job = read::<ReactOnce>(payload)?;
            follow(ctx, &job.happened, job.reaction).await
        }
        Housekeeping::KIND => schedule::housekeeping(ctx).await,
        MailSend::KIND => mail::jobs::mail_send(ctx, read(payload)?).await,
        SendInvitation::KIND => satisfaction::jobs::send_invitation(ctx, read(payload)?).await,
        StatsExport::KIND => stats::jobs::stats_export(ctx, read(payload)?).await,
        TicketExport::KIND => ticket::jobs::ticket_export(ctx, read(payload)?).await,
        CallExport::KIND => call::jobs::call_export(ctx, read(payload)?).await,
        FetchRecording::KIND => call::jobs::fetch_recording(ctx, read(payload)?).await,
        ReminderDigest::KIND => ticket::jobs::reminder_digest(ctx, read(payload)?).await,
        EndWrapUp::KIND => call::phone::jobs::end_wrap_up(ctx, read(payload)?).await,
        SimulatedStep::KIND => call::phone::jobs::simulated_step(ctx, read(payload)?).await,
        RefreshClocks::KIND => sla::jobs::refresh_clocks(ctx, read(payload)?).await,
        TimedTriggers::KIND => trigger::commands::timed::run(ctx).await,
        EndCalls::KIND => call::jobs::end_calls(ctx).await,
        ForwardMessages::KIND => webhook::jobs::forward_messages(ctx).await,
        _ => Err(Error::internal(format!("no runner for jobs of kind {kind:?}"))),
    }
}

/// Tells whoever waits for a job that it will not be tried again by itself: a mail that could not be processed is set
/// aside with the reason, one that could not be sent, an invitation and an export have failed, instead of waiting for
/// ever (F22).
pub async fn gave_up(ctx: &Ctx, kind: &str, payload: &Value, error: &str) -> Result {
    let event = match kind {
        React::KIND => read::<React>(payload)?.event,
        ReactOnce::KIND => read::<ReactOnce>(payload)?.happened.event,
        MailSend::KIND => return mail::commands::deliver::give_up(ctx, read::<MailSend>(payload)?.mail, error).await,
        SendInvitation::KIND => return satisfaction::commands::give_up(ctx, read::<SendInvitation>(payload)?.invitation).await,
        StatsExport::KIND => return export::commands::give_up(ctx, read::<StatsExport>(payload)?.export).await,
        TicketExport::KIND => return export::commands::give_up(ctx, read::<TicketExport>(payload)?.export).await,
        CallExport::KIND => return export::commands::give_up(ctx, read::<CallExport>(payload)?.export).await,
        _ => return Ok(()),
    };
    match event {
        Event::MailReceived { mail } => mail::commands::quarantine(ctx, mail, Reason::ProcessingFailed, error).await,
        _ => Ok(()),
    }
}

/// When the mail came that this job took, when it is such a job: its id says so.
pub fn mail_came_at(kind: &str, payload: &Value) -> Option<Stamp> {
    let reaction = payload["reaction"].as_str().and_then(Reaction::from_key);
    let takes = match kind {
        // It follows by itself, being the only one.
        React::KIND => true,
        ReactOnce::KIND => matches!(reaction, Some(Reaction::TakeMail)),
        _ => false,
    };
    if !takes {
        return None;
    }
    let Ok(Event::MailReceived { mail }) = serde_json::from_value(payload["event"].clone()) else { return None };
    let millis = mail.0.get_timestamp()?.to_unix();
    Stamp::from_micros(i64::try_from(millis.0).ok()? * 1_000_000 + i64::from(millis.1 / 1_000))
}

/// What a job does, in words for the quarantine page: those of its reaction when it is one.
pub fn label(kind: &str, payload: &Value, lang: Lang) -> String {
    match kind {
        React::KIND | ReactOnce::KIND => {
            let event = serde_json::from_value::<Event>(payload["event"].clone());
            let own = payload["reaction"].as_str().and_then(Reaction::from_key);
            let first = own.or_else(|| event.as_ref().ok().and_then(|event| reactions(event).first().copied()));
            first.map_or_else(
                || kernel::t!(lang, "事件的后续", "Follow-up of an event").to_owned(),
                |reaction| reaction.label(lang).to_owned(),
            )
        }
        Housekeeping::KIND => kernel::t!(lang, "日常清理", "Housekeeping").to_owned(),
        MailSend::KIND => kernel::t!(lang, "发送邮件", "Send a mail").to_owned(),
        SendInvitation::KIND => kernel::t!(lang, "发送邀评", "Send a rating invitation").to_owned(),
        StatsExport::KIND => kernel::t!(lang, "导出统计", "Export a report").to_owned(),
        TicketExport::KIND => kernel::t!(lang, "导出工单", "Export tickets").to_owned(),
        CallExport::KIND => kernel::t!(lang, "导出通话记录", "Export call records").to_owned(),
        FetchRecording::KIND => kernel::t!(lang, "取回录音", "Fetch a recording").to_owned(),
        EndWrapUp::KIND => kernel::t!(lang, "结束后处理", "End after-call work").to_owned(),
        SimulatedStep::KIND => kernel::t!(lang, "模拟交换机", "Simulated switch").to_owned(),
        RefreshClocks::KIND => kernel::t!(lang, "更新时效", "Update SLA clocks").to_owned(),
        ReminderDigest::KIND => kernel::t!(lang, "发送提醒邮件", "Mail reminders").to_owned(),
        EndCalls::KIND => kernel::t!(lang, "补记通话结束", "End calls whose end was not told").to_owned(),
        TimedTriggers::KIND => kernel::t!(lang, "运行定时触发器", "Run timed triggers").to_owned(),
        ForwardMessages::KIND => kernel::t!(lang, "转发消息", "Forward messages").to_owned(),
        other => other.to_owned(),
    }
}

async fn react(ctx: &Ctx, happened: &React) -> Result {
    let mut due = reactions(&happened.event).to_vec();
    if due.contains(&Reaction::RunTriggers) && !trigger::queries::has(&mut ctx.read().await?, TriggerKind::Flow).await? {
        due.retain(|reaction| *reaction != Reaction::RunTriggers);
    }
    if due.contains(&Reaction::RefreshClocks) && !sla::queries::has(&mut ctx.read().await?).await? {
        due.retain(|reaction| *reaction != Reaction::RefreshClocks);
    }
    if due.contains(&Reaction::Forward) && !forward::is_heard(ctx, &happened.event).await? {
        due.retain(|reaction| *reaction != Reaction::Forward);
    }
    match due.as_slice() {
        [] => Ok(()),
        [reaction] => follow(ctx, happened, *reaction).await,
        several => {
            let mut tx = ctx.begin().await?;
            for reaction in several {
                enqueue(&mut tx, &ReactOnce { happened: happened.clone(), reaction: *reaction }).await?;
            }
            tx.commit().await
        }
    }
}

async fn follow(ctx: &Ctx, happened: &React, reaction: Reaction) -> Result {
    match (reaction, &happened.event) {
        (Reaction::MailInvitation, Event::AgentInvited { agent }) => {
            let mut tx = ctx.begin().await?;
            if let Some(letter) = identity::commands::prepare_invitation(&mut tx, *agent).await? {
                let private = Private { kind: PrivateKind::Invitation, agent: *agent };
                mail::commands::send::send_private(&mut tx, outgoing(letter), private).await?;
            }
            tx.commit().await
        }
        (Reaction::MailReset, Event::PasswordForgotten { agent }) => {
            let mut tx = ctx.begin().await?;
            if let Some(letter) = identity::commands::prepare_reset(&mut tx, *agent).await? {
                let private = Private { kind: PrivateKind::Reset, agent: *agent };
                mail::commands::send::send_private(&mut tx, outgoing(letter), private).await?;
            }
            tx.commit().await
        }
        (Reaction::TakeMail, Event::MailReceived { mail }) => {
            let taken = ticket::commands::take_mail(ctx, *mail).await?;
            if taken.reason != Reason::ProcessingFailed {
                return Ok(());
            }
            // It was given up, and somebody has asked for the job again.
            mail::commands::reopen(ctx, *mail).await?;
            ticket::commands::take_mail(ctx, *mail).await.map(|_| ())
        }
        // Events may be followed late and in another order: what holds now decides whether tickets move.
        (Reaction::MoveTickets, Event::CustomerMerged { kept, merged }) => match merged_into(ctx, *merged).await? {
            Some(_) => ticket::commands::merge::move_tickets(ctx, *kept, *merged).await,
            None => Ok(()),
        },
        (Reaction::MoveTicketsBack, Event::CustomerMergeUndone { kept, restored }) => match merged_into(ctx, *restored).await? {
            Some(_) => Ok(()),
            None => ticket::commands::merge::move_back(ctx, *kept, *restored).await,
        },
        (Reaction::MoveCalls, Event::CustomerMerged { kept, merged }) => match merged_into(ctx, *merged).await? {
            Some(_) => call::commands::customer::move_calls(ctx, *kept, *merged).await,
            None => Ok(()),
        },
        (Reaction::MoveCallsBack, Event::CustomerMergeUndone { kept, restored }) => match merged_into(ctx, *restored).await? {
            Some(_) => Ok(()),
            None => call::commands::customer::move_back(ctx, *kept, *restored).await,
        },
        (Reaction::LinkCalls, Event::CustomerPhonesAdded { customer }) => call::commands::customer::link(ctx, *customer).await,
        (Reaction::InviteToRate, Event::TicketStatusChanged { ticket, to, .. }) => {
            let status = Status::from_code(*to).ok_or_else(|| Error::internal(format!("no ticket status {to}")))?;
            satisfaction::commands::invite(ctx, *ticket, status).await.map(|_| ())
        }
        (Reaction::NoteMailFailure, Event::MailFailed { mail, ticket: Some(ticket) }) => {
            ticket::commands::mail_failed(ctx, *mail, *ticket).await
        }
        (Reaction::WithdrawInvitation, Event::TicketStatusChanged { ticket, .. }) => satisfaction::commands::withdraw(ctx, *ticket).await,
        (Reaction::UncountInvitation, Event::MailFailed { mail, ticket: Some(ticket) }) => {
            satisfaction::commands::undelivered(ctx, *mail, *ticket).await
        }
        (Reaction::RunTriggers, event) => match event.ticket() {
            Some(ticket) => trigger::commands::flow::run(ctx, ticket).await,
            None => Ok(()),
        },
        (Reaction::RefreshClocks, event) => match event.ticket() {
            Some(ticket) => sla::commands::refresh::refresh(ctx, ticket).await,
            None => Ok(()),
        },
        (Reaction::Forward, _) => forward::forward(ctx, happened).await,
        (Reaction::TellLive, _) => ticket::commands::live::tell_live(ctx, happened).await,
        (reaction, event) => Err(Error::internal(format!("{reaction} does not follow {}", event.kind()))),
    }
}

async fn merged_into(ctx: &Ctx, customer: CustomerId) -> Result<Option<CustomerId>> {
    let mut tx = ctx.read().await?;
    Ok(customer::queries::card(&mut tx, customer).await?.merged_into)
}

fn outgoing(letter: identity::commands::Letter) -> Outgoing {
    Outgoing {
        mailbox: None,
        to: vec![(letter.to, letter.name)],
        cc: Vec::new(),
        subject: letter.subject,
        html: letter.html,
        text: letter.text,
        ticket: None,
        message: None,
        in_reply_to: None,
        references: Vec::new(),
        auto: true,
        files: Vec::new(),
        send_at: None,
        lang: letter.lang,
    }
}

fn is_end(status: i16) -> bool {
    matches!(Status::from_code(status), Some(Status::Solved | Status::Closed))
}

fn read<T: DeserializeOwned>(payload: &Value) -> Result<T> {
    serde_json::from_value(payload.clone()).map_err(|error| Error::internal(format!("a payload cannot be read: {error}")))
}
