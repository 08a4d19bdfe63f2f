//! 电话设置, as it is kept.

use crate::model::phone::PhoneSettings;
use kernel::configured::Words;
use kernel::error::Result;
use kernel::setting::Setting;

impl Setting for PhoneSettings {
    const KIND: &'static str = "phone_settings";
    const KEYS: &'static [(&'static str, Words)] = &[
        ("wrap_up_s", ("后处理时长（秒）", "After-call work, seconds")),
        ("own_states", ("自定义状态", "Own states")),
        ("zh", ("中文", "Chinese")),
        ("en", ("英文", "English")),
        ("works", ("计入工作", "Counts as work")),
        ("busy_after_missed", ("连续未接几次后置忙", "Busy after so many missed calls")),
    ];

    fn check(&self) -> Result {
        self.problems()
    }
}
