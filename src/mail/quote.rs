//! 引用历史: where the quoted history of a mail lies, so that it is shown folded. Nothing is ever dropped: what is new
//! and what is quoted together are the whole mail.

mod markup;

use std::ops::Range;

/// What is new in a plain text, and what it quotes.
#[must_use]
pub fn fold_text(text: &str) -> (String, String) {
    let mut lines = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        lines.push(Line { text: line.trim().to_owned(), at, mark: Mark::None });
        at += line.len();
    }
    cut(text, &lines)
}

/// What is new in HTML, and what it quotes. Both halves may leave tags open: the sanitiser closes them.
#[must_use]
pub fn fold_html(html: &str) -> (String, String) {
    if html.len() > LARGEST_HTML {
        return (html.to_owned(), String::new());
    }
    cut(html, &markup::lines(html))
}

/// HTML beyond this length is a newsletter, not an answer.
const LARGEST_HTML: usize = 1024 * 1024;

#[derive(Debug)]
struct Line {
    text: String,
    /// Where it begins, in bytes of the source.
    at: usize,
    mark: Mark,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mark {
    None,
    /// A quoted element that ends there.
    Block(usize),
    /// Everything from here on is quoted.
    Rest,
}

fn cut(source: &str, lines: &[Line]) -> (String, String) {
    match quoted(lines, source.len()) {
        Some(range) => {
            let (before, after) = (source[..range.start].trim_end(), source[range.end..].trim_end());
            let fresh = format!("{before}{}{after}", if before.is_empty() { "" } else { "\n" });
            (fresh.trim_matches('\n').to_owned(), source[range].trim().to_owned())
        }
        None => (source.to_owned(), String::new()),
    }
}

/// The bytes that are quoted, unless nothing else would be left.
fn quoted(lines: &[Line], length: usize) -> Option<Range<usize>> {
    let range = first_quote(lines, length)?;
    let is_fresh =
        lines.iter().any(|line| !line.text.is_empty() && line.mark == Mark::None && !range.contains(&line.at) && !is_rule(&line.text));
    is_fresh.then_some(range)
}

fn first_quote(lines: &[Line], length: usize) -> Option<Range<usize>> {
    for (index, line) in lines.iter().enumerate() {
        let start = || lines[with_rule(lines, index)].at;
        match line.mark {
            Mark::Rest => return Some(start()..length),
            Mark::Block(end) => return Some(lines[with_intro(lines, index)].at..end),
            Mark::None => {}
        }
        if line.text.is_empty() {
            continue;
        }
        // What somebody forwards is what the mail is about.
        if is_forward(&line.text) {
            return None;
        }
        if is_banner(&line.text) || is_header_block(&lines[index..]) {
            return Some(start()..length);
        }
        if let Some(taken) = intro(&lines[index..]) {
            return Some(line.at..after_intro(lines, index + taken, length));
        }
        if line.text.starts_with('>') {
            let end = run_end(lines, index, length);
            let has_more = lines.iter().any(|line| line.at >= end && line.text.starts_with('>'));
            let has_before = lines[..index].iter().any(|line| !line.text.is_empty());
            // Answers written between the quoted lines need them to be understood.
            if has_more && has_before {
                return None;
            }
            return Some(line.at..end);
        }
    }
    None
}

/// Where the quote that follows an introduction ends.
fn after_intro(lines: &[Line], from: usize, length: usize) -> usize {
    let Some(next) = (from..lines.len()).find(|index| !lines[*index].text.is_empty() || lines[*index].mark != Mark::None) else {
        return length;
    };
    match lines[next].mark {
        Mark::Block(end) => end,
        Mark::None if lines[next].text.starts_with('>') => run_end(lines, next, length),
        _ => length,
    }
}

/// Where a run of `>` lines ends; blank lines inside belong to it.
fn run_end(lines: &[Line], from: usize, length: usize) -> usize {
    let mut last = from;
    for (index, line) in lines.iter().enumerate().skip(from) {
        match line.text.as_str() {
            "" => {}
            text if text.starts_with('>') => last = index,
            _ => break,
        }
    }
    lines.get(last + 1).map_or(length, |line| line.at)
}

/// The line of dashes or underscores above belongs to the quote.
fn with_rule(lines: &[Line], index: usize) -> usize {
    let above = (index.saturating_sub(2)..index).rev().find(|above| !lines[*above].text.is_empty());
    above.filter(|above| is_rule(&lines[*above].text)).unwrap_or(index)
}

/// The introduction above a quoted element belongs to it; mail clients write it over up to three lines.
fn with_intro(lines: &[Line], index: usize) -> usize {
    let first = index.saturating_sub(4);
    (first..index)
        .find(|start| intro(&lines[*start..index]).is_some_and(|taken| lines[start + taken..index].iter().all(|line| line.text.is_empty())))
        .unwrap_or(index)
}

fn is_rule(text: &str) -> bool {
    text.chars().count() >= 5 && text.chars().all(|c| matches!(c, '_' | '-' | '=' | '—' | '─'))
}

/// `----- 原始邮件 -----` and its kin.
fn is_banner(text: &str) -> bool {
    const WORDS: [&str; 14] = [
        "原始邮件",
        "原始郵件",
        "原邮件",
        "邮件原件",
        "邮件原文",
        "回复的原邮件",
        "original message",
        "original",
        "original email",
        "replied message",
        "message d'origine",
        "ursprüngliche nachricht",
        "mensaje original",
        "元のメッセージ",
    ];
    let trimmed = text.trim_start_matches(['*', ' ']).trim_end_matches(['*', ' ']);
    let inner = trimmed.trim_matches(['-', '—', '_', '=', ' ', '\u{a0}']);
    trimmed.starts_with(['-', '—', '_', '='])
        && trimmed.chars().count() >= inner.chars().count() + 4
        && WORDS.contains(&inner.to_lowercase().as_str())
}

fn is_forward(text: &str) -> bool {
    const WORDS: [&str; 7] =
        ["forwarded message", "begin forwarded message", "转发邮件信息", "转发邮件", "转发的邮件", "轉寄郵件", "weitergeleitete nachricht"];
    let inner = text.trim_matches(['-', '—', '_', '=', ' ', '\u{a0}', ':', '：']);
    inner.len() < text.len() && WORDS.contains(&inner.to_lowercase().as_str())
}

/// A block of headers, as Outlook and Foxmail put above a quote: the sender and at least two more within six lines.
fn is_header_block(lines: &[Line]) -> bool {
    const FROM: [&str; 7] = ["发件人", "寄件者", "寄件人", "差出人", "from", "von", "de"];
    const OTHERS: [&str; 24] = [
        "发送时间",
        "日期",
        "时间",
        "傳送時間",
        "寄件日期",
        "收件人",
        "收件者",
        "主题",
        "主旨",
        "抄送",
        "副本",
        "送信日時",
        "宛先",
        "件名",
        "sent",
        "date",
        "to",
        "cc",
        "subject",
        "gesendet",
        "an",
        "betreff",
        "envoyé",
        "objet",
    ];
    if !lines.first().is_some_and(|line| label(&line.text).is_some_and(|word| FROM.contains(&word.as_str()))) {
        return false;
    }
    let following = lines[1..].iter().filter(|line| !line.text.is_empty()).take(6);
    following.filter(|line| label(&line.text).is_some_and(|word| OTHERS.contains(&word.as_str()))).count() >= 2
}

/// The word before a colon, without the marks of bold text or of a table.
fn label(text: &str) -> Option<String> {
    let text = text.trim_start_matches(['*', '|', ' ', '\u{a0}']);
    let (word, _) = text.split_once([':', '：', '|'])?;
    let word: String = word.chars().filter(|c| !c.is_whitespace() && *c != '*').collect();
    (word.chars().count() <= 14).then(|| word.to_lowercase())
}

/// How many lines introduce a quote, when these do: `在 … 写道：`, `On … wrote:`.
fn intro(lines: &[Line]) -> Option<usize> {
    const LONGEST: usize = 300;
    let mut joined = String::new();
    for (index, line) in lines.iter().take(3).enumerate() {
        let text = line.text.trim_start_matches(['>', ' ']);
        if text.is_empty() || line.mark != Mark::None || joined.len() + text.len() > LONGEST {
            return None;
        }
        joined.push_str(text);
        // A line that introduces by itself is no second half of the one above.
        if index > 0 && (!begins_intro(&lines[0].text) || begins_intro(text) && is_intro(text)) {
            return None;
        }
        if is_intro(&joined) {
            return Some(index + 1);
        }
        joined.push(' ');
    }
    None
}

const STARTS: [&str; 8] = ["on ", "at ", "am ", "le ", "el ", "il ", "在 ", "于 "];

fn begins_intro(text: &str) -> bool {
    let lower = text.trim_start_matches(['>', ' ']).to_lowercase();
    STARTS.iter().any(|start| lower.starts_with(start)) && has_time(&lower) || lower.contains('<') && lower.contains('@')
}

fn is_intro(text: &str) -> bool {
    const ENDS: [&str; 8] = ["写道", "寫道", "wrote", "a écrit", "schrieb", "escribió", "ha scritto", "написал"];
    let Some(text) = text.strip_suffix([':', '：']).map(str::trim_end) else { return false };
    let lower = text.to_lowercase();
    if !(ENDS.iter().any(|end| lower.ends_with(end)) || lower.starts_with("am ") && lower.contains(" schrieb ")) {
        return false;
    }
    // Somebody can end a sentence with 他写道：, so a quote is introduced with a time or an address.
    let is_chinese = lower.ends_with("写道") || lower.ends_with("寫道");
    let has_address = text.contains('@');
    if is_chinese {
        has_time(text) || has_address
    } else {
        has_time(text) && (has_address || STARTS.iter().any(|start| lower.starts_with(start)))
    }
}

/// `10:00`, `2026` or `年` somewhere.
fn has_time(text: &str) -> bool {
    let digit = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_digit);
    let bytes = text.as_bytes();
    text.contains('年')
        || (0..bytes.len()).any(|at| {
            let is_clock = bytes[at] == b':' && at > 0 && digit(bytes.get(at - 1)) && digit(bytes.get(at + 1)) && digit(bytes.get(at + 2));
            let is_year = bytes[at..].starts_with(b"20")
                && digit(bytes.get(at + 2))
                && digit(bytes.get(at + 3))
                && !digit(bytes.get(at + 4))
                && (at == 0 || !bytes[at - 1].is_ascii_alphanumeric());
            is_clock || is_year
        })
}

#[cfg(test)]
mod tests;
