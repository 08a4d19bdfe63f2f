//! The settings as a versioned document.

use crate::model::{RemarkRule, SatisfactionSettings, SendWhen};
use kernel::configured::{Place, Spell, Words};
use kernel::error::Result;
use kernel::lang::Lang;
use kernel::setting::Setting;
use kernel::t;
use ticket::model::Source;

impl Setting for SatisfactionSettings {
    const KIND: &'static str = "satisfaction";
    const KEYS: &'static [(&'static str, Words)] = &[
        ("enabled", ("开关", "Enabled")),
        ("levels", ("星级", "Levels")),
        ("wording", ("说明", "Wording")),
        ("reasons", ("原因", "Reasons")),
        ("remark", ("说明框", "Remark")),
        ("guide", ("引导语", "Guide")),
        ("when", ("发送时机", "When")),
        ("delay", ("延迟（分钟）", "Delay, minutes")),
        ("again", ("重新打开后再次邀评", "Again after reopening")),
        ("cap", ("频次上限", "Cap")),
        ("most", ("最多（次）", "At most")),
        ("days", ("多少天内", "Within days")),
        ("zh", ("中文", "Chinese")),
        ("en", ("英文", "English")),
        ("excluded_categories", ("不邀评的分类", "Excluded categories")),
        ("excluded_sources", ("不邀评的渠道", "Excluded channels")),
        ("validity", ("有效期（天）", "Validity, days")),
        ("mailbox", ("发件邮箱", "Mailbox")),
    ];
    const CODES: &'static [(&'static str, Spell)] =
        &[("remark", RemarkRule::spell), ("when", SendWhen::spell), ("excluded_sources", Source::spell)];
    const PLACES: &'static [(&'static str, Place)] = &[("levels", level)];

    fn check(&self) -> Result {
        SatisfactionSettings::check(self)
    }
}

/// The levels stand from 1 to 5.
fn level(place: usize, lang: Lang) -> Option<String> {
    (place < 5).then(|| t!(lang, "{} 星", "{} of 5", place + 1))
}
