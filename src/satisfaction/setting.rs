//! The settings as a versioned document.

use crate::model::SatisfactionSettings;
use kernel::error::Result;
use kernel::setting::Setting;

impl Setting for SatisfactionSettings {
    const KIND: &'static str = "satisfaction";

    fn check(&self) -> Result {
        SatisfactionSettings::check(self)
    }
}
