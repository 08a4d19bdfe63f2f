//! 号码打码: how a phone number is shown to whoever may not see it whole.

/// What stands for the hidden figures.
const HIDDEN: &str = "****";

/// The number with its middle hidden (隐藏中间): the last four figures stay, two of a short number, and what stands before the
/// four that are hidden. Of a number of up to six figures the last two stay.
#[must_use]
pub fn masked(number: &str) -> String {
    let figures: Vec<char> = number.chars().collect();
    let tail = if figures.len() >= 10 { 4 } else { 2 };
    if figures.len() <= tail {
        return if figures.is_empty() { String::new() } else { HIDDEN.to_owned() };
    }
    let end = figures.len() - tail;
    let head: String = figures[..end.saturating_sub(4)].iter().collect();
    let rest: String = figures[end..].iter().collect();
    format!("{head}{HIDDEN}{rest}")
}

#[cfg(test)]
mod tests {
    use super::masked;
    use proptest::prelude::*;

    #[test]
    fn the_middle_is_hidden() {
        assert_eq!(masked("+8613812345678"), "+86138****5678");
        assert_eq!(masked("13812345678"), "138****5678");
        assert_eq!(masked("4006668888"), "40****8888");
        assert_eq!(masked("95588"), "****88");
        assert_eq!(masked("12"), "****");
        assert_eq!(masked(""), "");
    }

    proptest! {
        #[test]
        fn at_least_four_figures_cannot_be_read(number in "\\+?[0-9]{7,15}") {
            let shown = masked(&number);
            let read: String = shown.chars().filter(char::is_ascii_digit).collect();
            let all: String = number.chars().filter(char::is_ascii_digit).collect();
            prop_assert!(read.len() + 4 <= all.len(), "{shown}");
        }
    }
}
