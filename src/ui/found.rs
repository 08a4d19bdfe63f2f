//! 查找结果: what a box that looks things up while somebody types shows, of whatever slice it comes. A server function
//! with an input of one field `text` answers with a list of these; the box knows its address and no more.

use serde::{Deserialize, Serialize};

/// One line of such a list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// Which.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// What tells it from others of the same name: numbers, addresses.
    #[serde(default)]
    pub facts: Vec<String>,
    /// A state or level; often empty.
    #[serde(default)]
    pub tag: String,
    /// Where it lives.
    pub href: String,
}

/// The text in pieces, each with whether it was typed: what was typed is marked.
#[must_use]
pub fn pieces(text: &str, typed: &str) -> Vec<(String, bool)> {
    let words: Vec<Vec<char>> = typed.split_whitespace().map(|word| lower(&word.chars().collect::<Vec<_>>())).collect();
    let characters: Vec<char> = text.chars().collect();
    let small = lower(&characters);
    let mut out: Vec<(String, bool)> = Vec::new();
    let mut at = 0;
    while at < characters.len() {
        let hit = words.iter().filter(|word| small[at..].starts_with(word)).map(Vec::len).max().unwrap_or(0);
        let (length, is_hit) = if hit > 0 { (hit, true) } else { (1, false) };
        let piece: String = characters[at..at + length].iter().collect();
        match out.last_mut() {
            Some((last, was_hit)) if *was_hit == is_hit => last.push_str(&piece),
            _ => out.push((piece, is_hit)),
        }
        at += length;
    }
    out
}

/// Lower case, one character for each.
fn lower(characters: &[char]) -> Vec<char> {
    characters.iter().map(|character| character.to_lowercase().next().unwrap_or(*character)).collect()
}

#[cfg(test)]
mod tests {
    use super::pieces;

    #[test]
    fn hits_are_marked() {
        let marked = |text, typed| {
            pieces(text, typed).into_iter().map(|(piece, is_hit)| if is_hit { format!("[{piece}]") } else { piece }).collect::<String>()
        };
        assert_eq!(marked("退款还没到账，Refund", "退款 refund"), "[退款]还没到账，[Refund]");
        assert_eq!(marked("什么都没有", "x"), "什么都没有");
        assert_eq!(marked("aaa", "aa"), "[aa]a");
        assert_eq!(marked("", ""), "");
    }
}
