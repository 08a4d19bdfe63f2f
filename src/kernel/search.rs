//! Search terms: bigrams of Chinese, words of everything else, computed here at write and at query, so that a stock
//! PostgreSQL finds two Chinese characters through `gin(company_id, bigrams)` (reliability §3.1).

use std::collections::BTreeSet;

/// Longest list of terms kept for one text; beyond that a text is found by its beginning.
const MOST_TERMS: usize = 4_000;

/// Terms of texts that are stored: bigrams and single characters of Chinese runs, words and their pairs of letters for
/// the rest, lower case.
#[must_use]
pub fn terms<'a>(texts: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let mut found = BTreeSet::new();
    for text in texts {
        for run in runs(text) {
            match run {
                Run::Han(characters) => {
                    if characters.len() == 1 {
                        found.insert(characters[0].to_string());
                    }
                    for pair in characters.windows(2) {
                        found.insert(pair.iter().collect());
                    }
                }
                Run::Word(word) => {
                    // Words are found by any beginning of two to twelve characters, so numbers can be typed in part.
                    let characters: Vec<char> = word.chars().take(40).collect();
                    for length in 2..=characters.len().min(12) {
                        found.insert(characters[..length].iter().collect());
                    }
                    found.insert(characters.iter().collect());
                }
            }
            if found.len() >= MOST_TERMS {
                return found.into_iter().take(MOST_TERMS).collect();
            }
        }
    }
    found.into_iter().collect()
}

/// Terms that a stored text must all have to match what a person typed. Empty when nothing searchable was typed.
#[must_use]
pub fn wanted(query: &str) -> Vec<String> {
    let mut found = BTreeSet::new();
    for run in runs(query) {
        match run {
            Run::Han(characters) if characters.len() == 1 => {
                found.insert(characters[0].to_string());
            }
            Run::Han(characters) => found.extend(characters.windows(2).map(|pair| pair.iter().collect::<String>())),
            Run::Word(word) => {
                found.insert(word.chars().take(12).collect());
            }
        }
    }
    found.into_iter().take(40).collect()
}

enum Run {
    Han(Vec<char>),
    Word(String),
}

fn runs(text: &str) -> Vec<Run> {
    let mut out = Vec::new();
    let mut word = String::new();
    let mut han = Vec::new();
    for character in text.chars().flat_map(half_width).flat_map(char::to_lowercase) {
        if is_han(character) {
            flush(&mut word, &mut han, &mut out, true);
            han.push(character);
        } else if character.is_alphanumeric() {
            flush(&mut word, &mut han, &mut out, false);
            word.push(character);
        } else {
            flush(&mut word, &mut han, &mut out, true);
            flush(&mut word, &mut han, &mut out, false);
        }
    }
    flush(&mut word, &mut han, &mut out, true);
    flush(&mut word, &mut han, &mut out, false);
    out
}

/// Ends the run of the other kind: `words` ends a word, otherwise a Chinese run ends.
fn flush(word: &mut String, han: &mut Vec<char>, out: &mut Vec<Run>, words: bool) {
    if words && !word.is_empty() {
        out.push(Run::Word(std::mem::take(word)));
    }
    if !words && !han.is_empty() {
        out.push(Run::Han(std::mem::take(han)));
    }
}

fn half_width(character: char) -> Option<char> {
    match character {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(character as u32 - 0xfee0),
        other => Some(other),
    }
}

fn is_han(character: char) -> bool {
    matches!(character, '\u{2e80}'..='\u{2fdf}' | '\u{3005}'..='\u{3007}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use super::{terms, wanted};

    fn matches(text: &str, query: &str) -> bool {
        let have = terms([text]);
        let want = wanted(query);
        !want.is_empty() && want.iter().all(|term| have.contains(term))
    }

    #[test]
    fn chinese_and_words_are_found() {
        assert!(matches("支付成功但订单一直显示待付款", "订单"));
        assert!(matches("支付成功但订单一直显示待付款", "待付款"));
        assert!(!matches("支付成功但订单一直显示待付款", "退款"));
        assert!(matches("Order A-20413 arrived", "a 20413"));
        assert!(matches("Order A-20413 arrived", "204"));
        assert!(matches("ＡＢＣ１２３", "abc123"));
        assert!(matches("iPhone手机壳", "手机"));
        assert!(!matches("anything", "  ?! "));
    }
}
