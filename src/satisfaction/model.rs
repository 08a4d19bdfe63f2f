//! The words of ticket satisfaction: settings, rules, states. What forms send stands in `model/input.rs`.

pub mod input;

use kernel::error::{Problem, Problems, Result};
use kernel::id::{CategoryId, MailboxId};
use kernel::lang::Lang;
use serde::{Deserialize, Serialize};
use ticket::model::Source;

kernel::catalog! {
    /// 说明框: whether the customer can write a few words.
    pub enum RemarkRule {
        Off = 0, "off", "不显示", "Hidden";
        Optional = 1, "optional", "选填", "Optional";
        Required = 2, "required", "必填", "Required";
    }
}

kernel::catalog! {
    /// 发送时机: which end of a ticket invites.
    pub enum SendWhen {
        Solved = 0, "solved", "变为已解决时", "When it becomes solved";
        Closed = 1, "closed", "变为已关闭时", "When it becomes closed";
        Either = 2, "either", "已解决或已关闭，以先到为准", "Solved or closed, whichever comes first";
    }
}

kernel::catalog! {
    /// 邀评状态: how far an invitation is.
    pub enum InvitationState {
        Waiting = 0, "waiting", "等待发送", "Waiting";
        Sent = 1, "sent", "已邀评", "Sent";
        Withheld = 2, "withheld", "未邀评", "Withheld";
        Ready = 3, "ready", "待转交", "Ready to hand over";
    }
}

kernel::catalog! {
    /// 发送原则: the rules of an invitation in the order in which they are asked. The words say why a ticket is not
    /// invited when the rule does not hold.
    pub enum Rule {
        SwitchedOn = 0, "switched_on", "工单满意度没有开启", "Ticket satisfaction is switched off";
        RightEnd = 1, "right_end", "这样结束的工单不邀评", "Tickets that end this way are not invited";
        StillFinished = 2, "still_finished", "发送前工单又被打开", "The ticket was open again before it was sent";
        OncePerCycle = 3, "once_per_cycle", "这一轮已经邀评", "This cycle has its invitation";
        NotRated = 4, "not_rated", "客户已经评价过这张工单", "The customer rated this ticket already";
        AgainAllowed = 5, "again_allowed", "重新打开的工单不再次邀评", "Reopened tickets are not invited again";
        HasAgent = 6, "has_agent", "没有受理客服", "Nobody handled it";
        SourceIncluded = 7, "source_included", "这个渠道不邀评", "Tickets of this channel are excluded";
        CategoryIncluded = 8, "category_included", "这个分类不邀评", "Tickets of this category are excluded";
        // No longer asked: without an address the link is handed over. Older invitations were withheld by it.
        HasAddress = 9, "has_address", "客户没有邮箱", "The customer has no e-mail address";
        UnderCap = 10, "under_cap", "这位客户近期收到的邀评已达上限", "The customer had as many invitations as allowed";
        Delivered = 11, "delivered", "邀评邮件没有发出去", "The mail of the invitation did not go out";
    }
}

/// Days for which a link may be valid.
pub const VALIDITY: core::ops::RangeInclusive<i16> = 1..=30;
/// Longest remark of a customer, in characters.
pub const LONGEST_REMARK: usize = 500;
/// Reasons that a level may have.
pub const MOST_REASONS: usize = 8;
/// Longest delay, in minutes: a week.
pub const LONGEST_DELAY: i32 = 7 * 24 * 60;

/// 双语文案: a text in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Words {
    /// 中文.
    pub zh: String,
    /// English.
    pub en: String,
}

/// 星级: one of the five levels.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Level {
    /// 说明: what the level is called.
    pub wording: Words,
    /// 原因: what the customer can tick at this level.
    pub reasons: Vec<Words>,
}

/// 频次上限: at most so many invitations for one customer in so many days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cap {
    /// At most so many.
    pub most: i16,
    /// Within so many days.
    pub days: i16,
}

/// 工单满意度设置: what is asked, of whom, when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SatisfactionSettings {
    /// 开关.
    pub enabled: bool,
    /// 星级, from 1 to 5.
    pub levels: [Level; 5],
    /// 说明框.
    pub remark: RemarkRule,
    /// 引导语: the question, at the head of mail and page.
    pub guide: Words,
    /// 发送时机.
    pub when: SendWhen,
    /// 延迟: minutes between the end of the ticket and the invitation.
    pub delay: i32,
    /// 重新打开后再次邀评: a ticket that was reopened and finished again is invited again when it was not rated.
    pub again: bool,
    /// 频次上限; none is no limit.
    pub cap: Option<Cap>,
    /// 不邀评的分类, with everything below them.
    pub excluded_categories: Vec<CategoryId>,
    /// 不邀评的渠道.
    pub excluded_sources: Vec<Source>,
    /// 有效期: days.
    pub validity: i16,
    /// 发件邮箱 for tickets that came by no mailbox.
    pub mailbox: Option<MailboxId>,
}

impl Words {
    /// The text of the language.
    #[must_use]
    pub fn of(&self, lang: Lang) -> &str {
        match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        }
    }

    pub(crate) fn new(zh: &str, en: &str) -> Words {
        Words { zh: zh.to_owned(), en: en.to_owned() }
    }

    fn is_whole(&self) -> bool {
        !self.zh.trim().is_empty() && !self.en.trim().is_empty()
    }
}

impl Default for SatisfactionSettings {
    fn default() -> Self {
        let low = || {
            [
                ("等待太久", "Too slow"),
                ("没有解决", "Not solved"),
                ("说法前后不一", "Conflicting answers"),
                ("需要反复说明", "Had to repeat myself"),
            ]
            .map(|(zh, en)| Words::new(zh, en))
            .to_vec()
        };
        let high = || {
            [
                ("回复及时", "Quick replies"),
                ("解释清楚", "Clear answers"),
                ("真正解决了问题", "Problem really solved"),
                ("态度友善", "Friendly"),
            ]
            .map(|(zh, en)| Words::new(zh, en))
            .to_vec()
        };
        let level = |zh, en, reasons| Level { wording: Words::new(zh, en), reasons };
        SatisfactionSettings {
            enabled: false,
            levels: [
                level("非常不满意", "Very dissatisfied", low()),
                level("不满意", "Dissatisfied", low()),
                level("一般", "Fair", low()),
                level("满意", "Satisfied", high()),
                level("非常满意", "Very satisfied", high()),
            ],
            remark: RemarkRule::Optional,
            guide: Words::new("这次服务，您满意吗？", "How was our help this time?"),
            when: SendWhen::Either,
            delay: 0,
            again: true,
            cap: Some(Cap { most: 3, days: 7 }),
            excluded_categories: Vec::new(),
            excluded_sources: Vec::new(),
            validity: 7,
            mailbox: None,
        }
    }
}

impl SatisfactionSettings {
    /// The level of a score from 1 to 5.
    #[must_use]
    pub fn level(&self, score: i16) -> Option<&Level> {
        usize::try_from(score).ok()?.checked_sub(1).and_then(|at| self.levels.get(at))
    }

    /// A stored reason in the language, as long as the settings know it.
    #[must_use]
    pub fn reason<'a>(&'a self, score: i16, stored: &'a str, lang: Lang) -> &'a str {
        let known = self.level(score).and_then(|level| level.reasons.iter().find(|reason| reason.zh == stored));
        known.map_or(stored, |reason| reason.of(lang))
    }

    /// Finds everything that is wrong with the values.
    ///
    /// # Errors
    /// All problems, each beside its field.
    pub fn check(&self) -> Result {
        let mut problems = Problems::default();
        for (level, name) in self.levels.iter().zip(LEVELS) {
            for (lang, text) in [("zh", &level.wording.zh), ("en", &level.wording.en)] {
                let field = format!("{name}[{lang}]");
                problems.need(!text.trim().is_empty(), &field, Problem::WordingRequired);
                problems.at_most(text, &field, 20);
            }
            let field = format!("{name}[reasons]");
            problems.need(
                level.reasons.len() <= MOST_REASONS && level.reasons.iter().all(|reason| is_short(reason, 30)),
                &field,
                Problem::TooLong,
            );
            problems.need(level.reasons.iter().all(Words::is_whole), &field, Problem::ReasonFormat);
        }
        for (lang, text) in [("zh", &self.guide.zh), ("en", &self.guide.en)] {
            let field = format!("guide[{lang}]");
            problems.need(!text.trim().is_empty(), &field, Problem::GuideRequired);
            problems.at_most(text, &field, 60);
        }
        problems.need((0..=LONGEST_DELAY).contains(&self.delay), "delay", Problem::BadNumber);
        problems.need(VALIDITY.contains(&self.validity), "validity", Problem::DaysOutOfRange);
        if let Some(cap) = self.cap {
            problems.need((1..=100).contains(&cap.most), "cap_most", Problem::BadNumber);
            problems.need((1..=365).contains(&cap.days), "cap_days", Problem::BadNumber);
        }
        problems.end()
    }
}

fn is_short(words: &Words, most: usize) -> bool {
    [&words.zh, &words.en].iter().all(|text| text.chars().count() <= most)
}

/// Names of the five levels in the form, from 1 to 5.
pub const LEVELS: [&str; 5] = ["one", "two", "three", "four", "five"];
