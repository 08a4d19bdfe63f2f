//! Devices: what a browser's own name says, in few words.

use kernel::lang::Lang;
use kernel::t;

/// `Chrome，Windows`, or that nothing is known.
pub(super) fn device(user_agent: &str, lang: Lang) -> String {
    let has = |mark: &str| user_agent.contains(mark);
    // The order matters: browsers claim to be each other.
    let browser = [
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("MicroMessenger", "WeChat"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
        ("curl/", "curl"),
    ];
    let system =
        [("Windows", "Windows"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Mac OS", "macOS"), ("Linux", "Linux")];
    let browser = browser.iter().find(|(mark, _)| has(mark)).map(|(_, name)| *name);
    let system = system.iter().find(|(mark, _)| has(mark)).map(|(_, name)| *name);
    match (browser, system) {
        (Some(browser), Some(system)) => t!(lang, "{}，{}", "{}, {}", browser, system),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => t!(lang, "未知设备", "Unknown device").to_owned(),
    }
}
