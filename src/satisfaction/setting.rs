//! The settings as a versioned document.

use crate::model::SatisfactionSettings;
use kernel::configured::Words;
use kernel::error::Result;
use kernel::setting::Setting;

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
        ("excluded_categories", ("不邀评的分类", "Excluded categories")),
        ("excluded_sources", ("不邀评的渠道", "Excluded channels")),
        ("validity", ("有效期（天）", "Validity, days")),
        ("mailbox", ("发件邮箱", "Mailbox")),
    ];

    fn check(&self) -> Result {
        SatisfactionSettings::check(self)
    }
}
