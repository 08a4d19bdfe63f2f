//! What differs between two versions of the settings, in words: for the marks beside fields and the history drawer.

use crate::model::{Cap, SatisfactionSettings, Words};
use kernel::id::{CategoryId, MailboxId};
use kernel::lang::Lang;
use kernel::t;
use std::collections::HashMap;

/// One value that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The field of the form.
    pub field: String,
    /// What it is called.
    pub what: String,
    /// The value before.
    pub was: String,
    /// The value after.
    pub now: String,
}

/// Names of what the settings name by id.
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// Categories by their path.
    pub categories: HashMap<CategoryId, String>,
    /// Mailboxes by their address.
    pub mailboxes: HashMap<MailboxId, String>,
}

/// Everything that differs, in the order of the form.
#[must_use]
pub fn between(was: &SatisfactionSettings, now: &SatisfactionSettings, names: &Names, lang: Lang) -> Vec<Difference> {
    let mut out = Vec::new();
    let mut note = |field: &str, what: String, was: String, now: String| {
        if was != now {
            out.push(Difference { field: field.to_owned(), what, was, now });
        }
    };
    let switch = |on: bool| if on { t!(lang, "开", "on") } else { t!(lang, "关", "off") }.to_owned();
    let minutes =
        |minutes: i32| if minutes == 0 { t!(lang, "立即", "at once").to_owned() } else { t!(lang, "{} 分钟", "{} min", minutes) };
    note("enabled", t!(lang, "开关", "Switch").to_owned(), switch(was.enabled), switch(now.enabled));
    note("when", t!(lang, "发送时机", "When").to_owned(), was.when.label(lang).to_owned(), now.when.label(lang).to_owned());
    note("delay", t!(lang, "延迟", "Delay").to_owned(), minutes(was.delay), minutes(now.delay));
    note("again", t!(lang, "重新打开后再次邀评", "Again after reopening").to_owned(), switch(was.again), switch(now.again));
    note("cap_most", t!(lang, "频次上限", "Limit per customer").to_owned(), cap(was.cap, lang), cap(now.cap, lang));
    let categories = |settings: &SatisfactionSettings| {
        list(
            settings
                .excluded_categories
                .iter()
                .map(|id| names.categories.get(id).cloned().unwrap_or_else(|| t!(lang, "已删除的分类", "a deleted category").to_owned())),
            lang,
        )
    };
    note("excluded_categories", t!(lang, "不邀评的分类", "Excluded categories").to_owned(), categories(was), categories(now));
    let sources =
        |settings: &SatisfactionSettings| list(settings.excluded_sources.iter().map(|source| source.label(lang).to_owned()), lang);
    note("excluded_sources", t!(lang, "不邀评的渠道", "Excluded channels").to_owned(), sources(was), sources(now));
    let days = |days: i16| t!(lang, "{} 天", "{} days", days);
    note("validity", t!(lang, "链接有效期", "Validity").to_owned(), days(was.validity), days(now.validity));
    let mailbox = |settings: &SatisfactionSettings| {
        let own = t!(lang, "公司的第一个邮箱", "the company's first mailbox").to_owned();
        settings
            .mailbox
            .map_or(own, |id| names.mailboxes.get(&id).cloned().unwrap_or_else(|| t!(lang, "已删除的邮箱", "a deleted mailbox").to_owned()))
    };
    note("mailbox", t!(lang, "发件邮箱", "Mailbox").to_owned(), mailbox(was), mailbox(now));
    note("guide[zh]", t!(lang, "引导语（中文）", "Guide text (Chinese)").to_owned(), was.guide.zh.clone(), now.guide.zh.clone());
    note("guide[en]", t!(lang, "引导语（英文）", "Guide text (English)").to_owned(), was.guide.en.clone(), now.guide.en.clone());
    note("remark", t!(lang, "说明框", "Text box").to_owned(), was.remark.label(lang).to_owned(), now.remark.label(lang).to_owned());
    for (score, name) in (1_i16..=5).zip(crate::model::LEVELS).rev() {
        let (Some(was), Some(now)) = (was.level(score), now.level(score)) else { continue };
        let level = |what: &str| t!(lang, "{} 分{}", "Level {} {}", score, what);
        note(&format!("{name}[zh]"), level(t!(lang, "说明（中文）", "wording (Chinese)")), was.wording.zh.clone(), now.wording.zh.clone());
        note(&format!("{name}[en]"), level(t!(lang, "说明（英文）", "wording (English)")), was.wording.en.clone(), now.wording.en.clone());
        let reasons = |reasons: &[Words]| list(reasons.iter().map(|reason| reason.of(lang).to_owned()), lang);
        let whole = |reasons: &[Words]| list(reasons.iter().map(|reason| format!("{} | {}", reason.zh, reason.en)), lang);
        // A change of one language only still shows.
        let (before, after) = (reasons(&was.reasons), reasons(&now.reasons));
        let (before, after) = if before == after { (whole(&was.reasons), whole(&now.reasons)) } else { (before, after) };
        note(&format!("{name}[reasons]"), level(t!(lang, "原因", "reasons")), before, after);
    }
    out
}

fn cap(cap: Option<Cap>, lang: Lang) -> String {
    match cap {
        None => t!(lang, "不限", "no limit").to_owned(),
        Some(cap) => t!(lang, "{} 天内最多 {} 次", "in {} days at most {}", cap.days, cap.most),
    }
}

fn list(items: impl Iterator<Item = String>, lang: Lang) -> String {
    let items: Vec<String> = items.collect();
    if items.is_empty() { t!(lang, "无", "none").to_owned() } else { items.join(t!(lang, "、", ", ")) }
}
