//! 投递报告: what a mail system reports about another mail (RFC 3464, RFC 8098).

use super::part::Part;
use super::{Report, line};

/// The report that a mail is, when it is one.
pub(super) fn read(mail: &Part<'_>) -> Option<Report> {
    let root = mail.header("content-type").unwrap_or_default().to_ascii_lowercase();
    let mut found: Option<(String, String)> = None;
    mail.each(&mut |part| {
        let is_report = part.kind.0 == "message"
            && matches!(part.kind.1.as_str(), "delivery-status" | "disposition-notification" | "global-delivery-status");
        if is_report && found.is_none() {
            found = Some((part.kind.1.clone(), String::from_utf8_lossy(&part.bytes()).into_owned()));
        }
    });
    let (subtype, text) = match found {
        Some(found) => found,
        None if mail.is("multipart", "report") => (String::new(), String::new()),
        None => return None,
    };
    let field = |name: &str| {
        text.lines().find_map(|text| {
            let (field, value) = text.split_once(':')?;
            field.trim().eq_ignore_ascii_case(name).then(|| line(value, 300))
        })
    };
    let is_receipt = subtype == "disposition-notification" || root.contains("disposition-notification");
    let status = field("Status").unwrap_or_default();
    let is_failure = field("Action").map_or_else(|| status.starts_with('5'), |action| action.eq_ignore_ascii_case("failed"));
    let detail = [field("Final-Recipient"), Some(status), field("Diagnostic-Code")]
        .into_iter()
        .flatten()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" · ");
    Some(Report { is_receipt, is_failure: is_failure && !is_receipt, detail: line(&detail, 500) })
}
