//! Phone numbers in the one form that is compared: two ways of writing one number are one contact.

use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumberFormat, Region};

/// Words before an extension, as people here write them. The number plan's own parser knows `ext` and `x` only.
const EXTENSIONS: [&str; 9] = ["转分机", "转", "轉", "分机", "分機", "extension", "ext", "x", "#"];

/// The normal form of a phone number: E.164 by the Chinese number plan where no country is written, with the extension
/// behind `;ext=` (RFC 3966), because colleagues behind one switchboard are different customers. Short numbers such as
/// 95588 stand outside any plan: their digits are the normal form. `None` for what is no phone number.
pub fn normal(text: &str) -> Option<String> {
    let plain: String = text.trim().chars().map(half_width).collect::<String>().to_lowercase();
    let (number, extension) = cut_extension(&plain);
    let number = number.trim();
    if !number.chars().all(|c| c.is_ascii_digit() || "+-() ./\u{a0}·—–".contains(c)) {
        return None;
    }
    let digits = digits(number);
    if !(3..=18).contains(&digits.len()) {
        return None;
    }
    let dialled = match number.strip_prefix("00") {
        Some(_) => format!("+{}", &digits[2..]),
        None if number.contains('+') => format!("+{digits}"),
        None => digits.clone(),
    };
    let parsed = PHONE_NUMBER_UTIL.parse(&dialled, Some(Region::CN)).ok().filter(|parsed| parsed.is_valid());
    let main = parsed.map_or(digits, |parsed| parsed.format_as(PhoneNumberFormat::E164).into_owned());
    Some(if extension.is_empty() { main } else { format!("{main};ext={extension}") })
}

/// A normal form without its extension: the line that rings.
pub fn main(normal: &str) -> &str {
    normal.split(';').next().unwrap_or(normal)
}

/// The digits of a text: what a number can be found by.
pub fn digits(text: &str) -> String {
    text.chars().map(half_width).filter(char::is_ascii_digit).collect()
}

/// The number and the digits of its extension; without digits behind it, the word is no extension.
fn cut_extension(text: &str) -> (&str, String) {
    for word in EXTENSIONS {
        if let Some((number, rest)) = text.split_once(word) {
            return (number, digits(rest));
        }
    }
    (text, String::new())
}

fn half_width(character: char) -> char {
    match character {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(character as u32 - 0xfee0).unwrap_or(character),
        '\u{3000}' => ' ',
        other => other,
    }
}
