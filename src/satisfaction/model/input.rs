//! What forms of ticket satisfaction send.

use crate::model::{Cap, LONGEST_REMARK, Level, RemarkRule, SatisfactionSettings, SendWhen, Words};
use kernel::error::{Error, Problem, Problems, Result};
use kernel::id::{CategoryId, InvitationId, MailboxId};
use kernel::input::{blank, lines};
use serde::{Deserialize, Serialize};
use ticket::model::Source;

/// One level of the settings form.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LevelInput {
    /// 中文说明.
    #[serde(default)]
    pub zh: String,
    /// English wording.
    #[serde(default)]
    pub en: String,
    /// 原因, one a line: `等待太久 | Too slow`.
    #[serde(default)]
    pub reasons: String,
}

/// The settings form.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SatisfactionInput {
    /// The version that the editor started from.
    #[serde(default)]
    pub version: i32,
    /// 修改原因.
    #[serde(default)]
    pub why: String,
    /// 开关.
    #[serde(default)]
    pub enabled: bool,
    /// 1 分.
    #[serde(default)]
    pub one: LevelInput,
    /// 2 分.
    #[serde(default)]
    pub two: LevelInput,
    /// 3 分.
    #[serde(default)]
    pub three: LevelInput,
    /// 4 分.
    #[serde(default)]
    pub four: LevelInput,
    /// 5 分.
    #[serde(default)]
    pub five: LevelInput,
    /// 说明框.
    #[serde(default, deserialize_with = "blank")]
    pub remark: Option<RemarkRule>,
    /// 引导语.
    #[serde(default)]
    pub guide: Words,
    /// 发送时机.
    #[serde(default, deserialize_with = "blank")]
    pub when: Option<SendWhen>,
    /// 延迟, minutes as typed.
    #[serde(default)]
    pub delay: String,
    /// 重新打开后再次邀评.
    #[serde(default)]
    pub again: bool,
    /// 频次上限, as typed; empty is no limit.
    #[serde(default)]
    pub cap_most: String,
    /// Days of the limit, as typed.
    #[serde(default)]
    pub cap_days: String,
    /// 不邀评的分类.
    #[serde(default)]
    pub excluded_categories: Vec<CategoryId>,
    /// 不邀评的渠道.
    #[serde(default)]
    pub excluded_sources: Vec<Source>,
    /// 有效期, days as typed.
    #[serde(default)]
    pub validity: String,
    /// 发件邮箱.
    #[serde(default, deserialize_with = "blank")]
    pub mailbox: Option<MailboxId>,
}

impl SatisfactionInput {
    /// The settings that the form describes.
    ///
    /// # Errors
    /// All problems, each beside its field.
    pub fn settings(&self) -> Result<SatisfactionSettings> {
        let mut problems = Problems::default();
        problems.at_most(&self.why, "why", 200);
        problems.need(self.remark.is_some(), "remark", Problem::BadChoice);
        problems.need(self.when.is_some(), "when", Problem::BadChoice);
        let delay = number(&mut problems, &self.delay, "delay");
        let validity = number(&mut problems, &self.validity, "validity");
        let cap = (!self.cap_most.trim().is_empty()).then(|| Cap {
            most: number(&mut problems, &self.cap_most, "cap_most"),
            days: number(&mut problems, &self.cap_days, "cap_days"),
        });
        let settings = SatisfactionSettings {
            enabled: self.enabled,
            levels: [&self.one, &self.two, &self.three, &self.four, &self.five].map(LevelInput::level),
            remark: self.remark.unwrap_or(RemarkRule::Optional),
            guide: Words::new(self.guide.zh.trim(), self.guide.en.trim()),
            when: self.when.unwrap_or(SendWhen::Either),
            delay,
            again: self.again,
            cap,
            excluded_categories: self.excluded_categories.clone(),
            excluded_sources: self.excluded_sources.clone(),
            validity,
            mailbox: self.mailbox,
        };
        if let Err(Error::Problems(more)) = settings.check() {
            // A number that could not be read is said once.
            let fresh = more.0.into_iter().filter(|(field, _)| !problems.0.iter().any(|(known, _)| known == field)).collect::<Vec<_>>();
            problems.0.extend(fresh);
        }
        problems.end().map(|()| settings)
    }
}

impl LevelInput {
    /// The form's view of a level.
    #[must_use]
    pub fn of(level: &Level) -> LevelInput {
        let reasons: Vec<String> = level.reasons.iter().map(|reason| format!("{} | {}", reason.zh, reason.en)).collect();
        LevelInput { zh: level.wording.zh.clone(), en: level.wording.en.clone(), reasons: reasons.join("\n") }
    }

    fn level(&self) -> Level {
        let reasons = lines(&self.reasons)
            .iter()
            .map(|line| {
                let (zh, en) = line.split_once(['|', '｜']).unwrap_or((line, ""));
                Words::new(zh.trim(), en.trim())
            })
            .collect();
        Level { wording: Words::new(self.zh.trim(), self.en.trim()), reasons }
    }
}

fn number<N: core::str::FromStr + Default>(problems: &mut Problems, text: &str, field: &str) -> N {
    text.trim().parse().unwrap_or_else(|_| {
        problems.add(field, Problem::BadNumber);
        N::default()
    })
}

/// Which version of the settings to restore.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RestoreInput {
    /// The version whose values come back.
    pub restore: i32,
    /// The version in force when the page was drawn.
    pub version: i32,
}

/// 转交评价链接: which invitation's link an agent takes.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HandInput {
    /// Which.
    pub invitation: InvitationId,
}

/// 参评: what a customer sends.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RateInput {
    /// The token of the link.
    pub token: String,
    /// The revision that the form was drawn from: 0 for a first rating.
    #[serde(default)]
    pub revision: i32,
    /// 1 to 5.
    #[serde(default, deserialize_with = "blank")]
    pub score: Option<i16>,
    /// What was ticked, by its Chinese words; what another level offers is left out.
    #[serde(default)]
    pub reasons: Vec<String>,
    /// A few words.
    #[serde(default)]
    pub remark: String,
    /// The language of the page.
    #[serde(default, deserialize_with = "blank")]
    pub lang: Option<String>,
}

impl RateInput {
    /// Finds everything that is wrong, by the settings in force.
    ///
    /// # Errors
    /// All problems, each beside its field.
    pub fn check(&self, settings: &SatisfactionSettings) -> Result {
        let mut problems = Problems::default();
        problems.need(self.score.is_some_and(|score| settings.level(score).is_some()), "score", Problem::ScoreRequired);
        problems.need(settings.remark != RemarkRule::Required || !self.remark.trim().is_empty(), "remark", Problem::RemarkRequired);
        problems.at_most(&self.remark, "remark", LONGEST_REMARK);
        problems.end()
    }
}
