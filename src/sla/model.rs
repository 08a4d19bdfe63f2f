//! Coded lists of SLA, the policy as it is kept and as the form sends it, and its check.

use kernel::error::{Problem, Problems, Result};
use kernel::id::{CategoryId, GroupId, PolicyId};
use kernel::step::Step;
use serde::{Deserialize, Serialize};
use ticket::model::{Priority, Source};

/// 名称 at most, in characters.
pub const NAME_MOST: usize = 50;
/// Values of one condition that are read at most.
const CHOSEN_MOST: usize = 2_000;
/// A target at most, in minutes: 90 days of 24 hours.
pub const MINUTES_MOST: u32 = 90 * 24 * 60;

kernel::catalog! {
    /// 时效指标: what a clock runs towards.
    pub enum Target {
        First = 1, "first", "首次响应", "First response";
        Next = 2, "next", "后续响应", "Next response";
        Solve = 3, "solve", "解决", "Solution";
    }
}

/// 目标时长 of one priority, in minutes; nothing where no clock runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Goals {
    /// 首次响应.
    pub first: Option<u32>,
    /// 后续响应.
    pub next: Option<u32>,
    /// 解决.
    pub solve: Option<u32>,
}

impl Goals {
    /// The goal of one target.
    #[must_use]
    pub const fn of(&self, target: Target) -> Option<u32> {
        match target {
            Target::First => self.first,
            Target::Next => self.next,
            Target::Solve => self.solve,
        }
    }
}

/// 目标时长 of one priority as it is typed: `30`, `4h`, `1h30m`, `2 天`; empty where no clock runs.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct GoalsInput {
    /// 首次响应.
    pub first: String,
    /// 后续响应.
    pub next: String,
    /// 解决.
    pub solve: String,
}

impl GoalsInput {
    fn of(&self, target: Target) -> &str {
        match target {
            Target::First => &self.first,
            Target::Next => &self.next,
            Target::Solve => &self.solve,
        }
    }
}

/// Minutes of a length of time as people write it: minutes when it is a bare number; a day is 24 hours.
#[must_use]
pub fn read_minutes(text: &str) -> Option<u32> {
    let text =
        text.trim().to_lowercase().replace("小时", "h").replace('时', "h").replace("分钟", "m").replace('分', "m").replace('天', "d");
    let (mut total, mut number) = (0u32, String::new());
    for char in text.chars().filter(|char| !char.is_whitespace()) {
        if char.is_ascii_digit() {
            number.push(char);
            continue;
        }
        let unit = match char {
            'd' => 24 * 60,
            'h' => 60,
            'm' => 1,
            _ => return None,
        };
        total = total.checked_add(number.parse::<u32>().ok()?.checked_mul(unit)?)?;
        number.clear();
    }
    if !number.is_empty() {
        total = total.checked_add(number.parse().ok()?)?;
    }
    (1..=MINUTES_MOST).contains(&total).then_some(total)
}

/// The length as `read_minutes` takes it, short: `1h30m`.
#[must_use]
pub fn write_minutes(minutes: u32) -> String {
    let (hours, minutes) = (minutes / 60, minutes % 60);
    match (hours, minutes) {
        (0, minutes) => format!("{minutes}m"),
        (hours, 0) => format!("{hours}h"),
        (hours, minutes) => format!("{hours}h{minutes}m"),
    }
}

/// 时效规则: which tickets it is for, and what it asks of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Policy {
    /// 受理组, one of them; every one when empty.
    pub groups: Vec<GroupId>,
    /// 分类 or one above it; every one when empty.
    pub categories: Vec<CategoryId>,
    /// 来源, one of them; every one when empty.
    pub sources: Vec<Source>,
    /// VIP等级 from here; everybody when 0.
    pub vip_from: i16,
    /// What is asked at each priority, the lowest first.
    pub goals: [Goals; 4],
    /// Whether only the group's duty time counts; day and night otherwise.
    pub in_duty_time: bool,
    /// Whether the solution's clock stands still while we wait for the customer.
    pub pauses: bool,
    /// 即将超时: after so many percent of the time.
    pub near_percent: u8,
}

impl Policy {
    /// What is asked at a priority.
    #[must_use]
    pub fn goals(&self, priority: Priority) -> Goals {
        let at = usize::try_from(priority.code()).unwrap_or_default();
        self.goals.get(at).copied().unwrap_or_default()
    }
}

/// A policy as it is typed.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PolicyInput {
    /// Which; nothing for a new one.
    #[serde(default, deserialize_with = "kernel::input::blank")]
    pub id: Option<PolicyId>,
    /// The version that the editor started from.
    #[serde(default)]
    pub version: i32,
    /// 名称.
    pub name: String,
    /// Whether it is asked at all.
    #[serde(default)]
    pub enabled: bool,
    /// As in `Policy`.
    #[serde(default)]
    pub groups: Vec<GroupId>,
    /// As in `Policy`.
    #[serde(default)]
    pub categories: Vec<CategoryId>,
    /// As in `Policy`.
    #[serde(default)]
    pub sources: Vec<Source>,
    /// As in `Policy`, as it is typed; 0 when empty.
    #[serde(default)]
    pub vip_from: String,
    /// As in `Policy`.
    #[serde(default)]
    pub low: GoalsInput,
    /// As in `Policy`.
    #[serde(default)]
    pub medium: GoalsInput,
    /// As in `Policy`.
    #[serde(default)]
    pub high: GoalsInput,
    /// As in `Policy`.
    #[serde(default)]
    pub urgent: GoalsInput,
    /// As in `Policy`.
    #[serde(default)]
    pub in_duty_time: bool,
    /// As in `Policy`.
    #[serde(default)]
    pub pauses: bool,
    /// As in `Policy`, as it is typed; 80 when empty.
    #[serde(default)]
    pub near_percent: String,
    /// Why it is changed, for the configuration history.
    #[serde(default)]
    pub reason: String,
}

impl From<&Policy> for PolicyInput {
    /// As it would be typed; `check` reads it back.
    fn from(policy: &Policy) -> Self {
        let typed = |goals: &Goals| {
            let text = |target| goals.of(target).map(write_minutes).unwrap_or_default();
            GoalsInput { first: text(Target::First), next: text(Target::Next), solve: text(Target::Solve) }
        };
        let [low, medium, high, urgent] = policy.goals.each_ref().map(typed);
        PolicyInput {
            groups: policy.groups.clone(),
            categories: policy.categories.clone(),
            sources: policy.sources.clone(),
            vip_from: policy.vip_from.to_string(),
            low,
            medium,
            high,
            urgent,
            in_duty_time: policy.in_duty_time,
            pauses: policy.pauses,
            near_percent: policy.near_percent.to_string(),
            ..PolicyInput::default()
        }
    }
}

impl PolicyInput {
    /// What is asked at each priority, the lowest first, with the name of its fields.
    #[must_use]
    pub const fn goals(&self) -> [(&'static str, &GoalsInput); 4] {
        [("low", &self.low), ("medium", &self.medium), ("high", &self.high), ("urgent", &self.urgent)]
    }

    /// The policy, or everything that is wrong with it.
    ///
    /// # Errors
    /// Problems beside their fields.
    pub fn check(&self) -> Result<Policy> {
        let mut problems = Problems::default();
        problems.need(!self.name.trim().is_empty(), "name", Problem::Required);
        problems.need(self.name.trim().chars().count() <= NAME_MOST, "name", Problem::TooLong);
        let goals = self.goals().map(|(name, typed)| {
            let mut read = |target: Target| {
                let text = typed.of(target);
                let goal = read_minutes(text);
                problems.need(goal.is_some() || text.trim().is_empty(), &format!("{name}[{}]", target.key()), Problem::BadGoal);
                goal
            };
            Goals { first: read(Target::First), next: read(Target::Next), solve: read(Target::Solve) }
        });
        let is_empty = self.goals().iter().all(|(_, typed)| Target::ALL.iter().all(|target| typed.of(*target).trim().is_empty()));
        problems.need(!is_empty, "medium[first]", Problem::NoGoal);
        let number = |text: &str, otherwise: i16| if text.trim().is_empty() { Some(otherwise) } else { text.trim().parse().ok() };
        let near = number(&self.near_percent, 80).filter(|percent| (10..=99).contains(percent));
        problems.need(near.is_some(), "near_percent", Problem::BadNumber);
        let vip_from = number(&self.vip_from, 0).filter(|level| (0..=99).contains(level));
        problems.need(vip_from.is_some(), "vip_from", Problem::BadNumber);
        problems.end()?;
        Ok(Policy {
            groups: each_once(&self.groups),
            categories: each_once(&self.categories),
            sources: each_once(&self.sources),
            vip_from: vip_from.unwrap_or_default(),
            goals,
            in_duty_time: self.in_duty_time,
            pauses: self.pauses,
            near_percent: near.and_then(|near| u8::try_from(near).ok()).unwrap_or(80),
        })
    }
}

/// What was chosen, each once: a form may say it again and again.
fn each_once<T: Copy + PartialEq>(chosen: &[T]) -> Vec<T> {
    let mut found: Vec<T> = Vec::new();
    for one in chosen.iter().take(CHOSEN_MOST) {
        if !found.contains(one) {
            found.push(*one);
        }
    }
    found
}

/// One policy, chosen.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PolicyChoice {
    /// Which.
    pub policy: PolicyId,
}

/// One place up or down.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PolicyStep {
    /// Which.
    pub policy: PolicyId,
    /// Where to.
    pub step: Step,
}
