//! What a customer can be found by: every word of it, its numbers in every way they are typed, the pinyin of its names.

use crate::model::ContactKind;
use crate::phone::digits;
use crate::profile::Profile;
use kernel::answer;
use kernel::search;
use pinyin::{Pinyin, ToPinyin, ToPinyinMulti};
use std::collections::BTreeSet;

/// The search terms of a customer.
pub fn of(profile: &Profile) -> Vec<String> {
    let names = [&profile.nickname, &profile.name, &profile.organisation];
    let mut texts: Vec<String> = names.iter().map(|text| (*text).clone()).collect();
    texts.push(profile.remark.clone());
    for text in names {
        texts.extend(spoken(text));
    }
    if let Some(id) = &profile.partner_id {
        texts.push(id.clone());
        texts.push(id.chars().filter(|character| character.is_alphanumeric()).collect());
    }
    for contact in &profile.contacts {
        match contact.kind {
            ContactKind::Email => texts.push(contact.value.clone()),
            ContactKind::Phone => texts.extend(dialled(&contact.normal)),
        }
    }
    texts.extend(profile.fields.values().map(|kept| answer::text(Some(kept))));
    search::terms(texts.iter().map(String::as_str))
}

/// Terms that a customer must have to match what a person typed. A number typed with blanks, hyphens or its country is
/// one word, however it is grouped. Never empty: every row has all of no terms, so what says nothing asks for one that
/// no row has.
pub fn wanted(query: &str) -> Vec<String> {
    let is_number = query.chars().all(|c| c.is_numeric() || c.is_whitespace() || "+-().（）－＋".contains(c));
    let digits = digits(query);
    let wanted = if is_number && digits.len() >= 3 { search::wanted(&digits) } else { search::wanted(query) };
    if wanted.is_empty() { vec!["-".to_owned()] } else { wanted }
}

/// Pinyin of a Chinese text as a person types it: `zhangsan` and `zs`; every reading of the first character, which is
/// the surname, so that 单雄信 is found as `shan` and as `dan`.
pub fn spoken(text: &str) -> BTreeSet<String> {
    let characters: Vec<char> = text.chars().filter(|character| character.to_pinyin().is_some()).take(20).collect();
    let Some((first, rest)) = characters.split_first() else { return BTreeSet::new() };
    let full: String = rest.iter().filter_map(|character| character.to_pinyin()).map(Pinyin::plain).collect();
    let initials: String = rest.iter().filter_map(|character| character.to_pinyin()).map(Pinyin::first_letter).collect();
    let mut found = BTreeSet::new();
    for reading in first.to_pinyin_multi().into_iter().flatten() {
        found.insert(typed(&format!("{}{full}", reading.plain())));
        found.insert(typed(&format!("{}{initials}", reading.first_letter())));
    }
    found
}

/// The ways in which a stored number is typed: with its country, without it, with the 0 of its area code, a landline
/// without any (seven or eight digits), by the last four digits.
fn dialled(normal: &str) -> Vec<String> {
    let (main, extension) = normal.split_once(";ext=").unwrap_or((normal, ""));
    let all = digits(main);
    let mut ways = vec![extension.to_owned()];
    if let Some(national) = main.strip_prefix("+86") {
        ways.push(format!("0{national}"));
        ways.push(national.to_owned());
        ways.push(format!("00{all}"));
    }
    ways.extend([8, 7, 4].iter().filter_map(|length| Some(all[all.len().checked_sub(*length)?..].to_owned())));
    ways.push(all);
    ways
}

/// On a keyboard ü is v.
fn typed(letters: &str) -> String {
    letters.replace('ü', "v")
}
