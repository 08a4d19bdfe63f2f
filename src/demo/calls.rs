//! 通话 of the demo: a month of calls in both lines, played from the stories of the call slice and taken in as a switch's
//! events are. Of the newest ones somebody wrote a summary.

use super::script::Dice;
use super::stage::Stage;
use call::commands::summary::save;
use call::commands::take::take;
use call::filter::RecordFilter;
use call::model::event::{Direction, Happening, SwitchEvent};
use call::model::summary::{SummaryInput, SummaryStatus};
use call::model::switch::{SwitchInput, SwitchKind};
use call::model::{BusinessLine, CallResult};
use call::queries::record::walk;
use call::story::{Cast, Story, all};
use jiff::SignedDuration;
use kernel::error::Result;
use kernel::lang::Lang;
use kernel::time::Stamp;

/// Days of calls before the present.
const DAYS: i64 = 30;
/// Minutes of a working day, from nine in the morning.
const WORKDAY: u64 = 10 * 60;
/// Newest calls of each line that have a summary.
const SUMMARIES: usize = 40;

/// What most calls are; every fourth one is any of the stories.
const USUAL: &[&str] = &[
    "呼入接听",
    "呼入接听",
    "呼入接听",
    "呼入，客服挂断",
    "保持两次",
    "排队放弃",
    "转接已确认",
    "外呼接听",
    "外呼接听",
    "客户未接听",
    "电销外呼，客服挂断",
];

const REMARKS: &[&str] =
    &["已答复，客户没有其他问题", "约定明天上午回电", "已建工单跟进", "客户咨询发票抬头，已说明", "物流已催，今天送达"];

/// Plays the month; `until` is the present.
pub(super) async fn calls(stage: &Stage, dice: &mut Dice, until: Stamp) -> Result {
    let admin = stage.admin();
    let input =
        SwitchInput { name: "演示交换机".to_owned(), kind: Some(SwitchKind::Simulated), enabled: true, ..SwitchInput::default() };
    let switch = call::commands::save(admin, input).await?;
    // A call that never ends would be one of the present.
    let whole: Vec<Story> = all().into_iter().filter(|story| story.records.iter().all(|record| record.result.is_some())).collect();
    let usual: Vec<&Story> = USUAL.iter().filter_map(|name| whole.iter().find(|story| story.name(Lang::Zh) == *name)).collect();
    let today = until.date(&admin.zone);
    let mut number = 0;
    for back in (0..=DAYS).rev() {
        let day = today.saturating_sub(jiff::Span::new().days(back));
        let is_quiet = day.weekday().to_monday_zero_offset() >= 5;
        let opens = kernel::time::start_of_day(day, &admin.zone).plus(SignedDuration::from_hours(9));
        let mut events: Vec<SwitchEvent> = Vec::new();
        let most = if is_quiet { 4 } else { 15 + dice.throw(5) };
        for _ in 0..most {
            let at = opens.plus(SignedDuration::from_secs(i64::try_from(dice.throw(WORKDAY * 60)).unwrap_or(0)));
            let story = match dice.throw(4) {
                0 => &whole[dice.place(whole.len())],
                _ => usual[dice.place(usual.len())],
            };
            let cast = stage.cast(dice);
            let is_sale = dice.throw(2) == 0;
            number += 1;
            // Ten minutes is longer than any story.
            if at.plus(SignedDuration::from_mins(10)) > until {
                continue;
            }
            events
                .extend(story.played(&format!("demo-{number}"), at.micros() / 1_000, &cast).into_iter().map(|event| sold(event, is_sale)));
        }
        take(admin, switch, &events).await?;
    }
    for line in BusinessLine::ALL {
        let newest = walk(admin, *line, &RecordFilter::default()).await?.next(SUMMARIES).await?;
        let talked = newest.iter().filter(|row| matches!(row.result, Some(CallResult::AgentAnswered | CallResult::CustomerAnswered)));
        for row in talked {
            let status = if dice.throw(4) == 0 { SummaryStatus::Pending } else { SummaryStatus::Handled };
            let remark = REMARKS[dice.place(REMARKS.len())].to_owned();
            let input = SummaryInput { call: Some(row.call_id), status: Some(status), remark, ..SummaryInput::default() };
            save(admin, input).await?;
        }
    }
    Ok(())
}

/// Half of the calls that go out are telemarketing.
fn sold(event: SwitchEvent, is_sale: bool) -> SwitchEvent {
    let what = match event.what {
        Happening::Started { direction: Direction::Outbound, caller, callee, shown, task, .. } if is_sale => {
            Happening::Started { direction: Direction::Outbound, caller, callee, shown, line: BusinessLine::Telemarketing, task }
        }
        other => other,
    };
    SwitchEvent { what, ..event }
}

impl Stage {
    /// Who plays a call: three different colleagues, the supervisor, two groups, and mostly a customer who is known.
    fn cast(&self, dice: &mut Dice) -> Cast {
        const PHONES: [usize; 6] = [0, 8, 10, 4, 5, 6];
        const SUPERVISOR: usize = 1;
        let first = dice.place(PHONES.len());
        let [a, b, c] = [0, 1, 2].map(|next| PHONES[(first + next) % PHONES.len()]);
        let plain = Cast::default();
        let groups = self.groups();
        Cast {
            agents: [a, b, c, SUPERVISOR].map(|place| self.agent(place).unwrap_or(plain.agents[0])),
            groups: [groups[0], groups[1 % groups.len()]],
            customer: if dice.throw(5) == 0 { format!("139{:08}", 20_000_000 + dice.throw(1_000_000)) } else { self.phone(dice.place(30)) },
            ..plain
        }
    }
}
