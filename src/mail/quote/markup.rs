//! HTML as lines that a reader sees, with the elements that mail clients put around a quote.

use super::{Line, Mark};

/// The lines, each with its place in the source.
pub(super) fn lines(html: &str) -> Vec<Line> {
    let lower = html.to_ascii_lowercase();
    let mut lines = Vec::new();
    let mut current = Line { text: String::new(), at: 0, mark: Mark::None };
    let mut at = 0;
    while at < html.len() {
        let found = lower[at..].find('<').map(|found| at + found).and_then(|open| Some((open, tag_end(&lower, open)?)));
        let Some((open, end)) = found else {
            current.text.push_str(&plain(&html[at..]));
            break;
        };
        current.text.push_str(&plain(&html[at..open]));
        let tag = &lower[open..end];
        let name: String = tag[1..].chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '/').collect();
        at = end;
        match name.as_str() {
            "style" | "script" | "title" => {
                let close = format!("</{name}");
                at = lower[end..].find(&close).and_then(|found| tag_end(&lower, end + found)).unwrap_or(html.len());
                continue;
            }
            "img" => current.text.push('\u{fffc}'),
            _ => {}
        }
        let mark = mark(&lower, open, end, &name);
        if mark != Mark::None {
            finish(&mut current, &mut lines, open);
            lines.push(Line { text: String::new(), at: open, mark });
            match mark {
                Mark::Block(end) => {
                    at = end;
                    current.at = end;
                }
                _ => break,
            }
        } else if is_break(&name) {
            let next = if name.starts_with('/') || matches!(name.as_str(), "br" | "hr") { end } else { open };
            if name == "hr" {
                finish(&mut current, &mut lines, open);
                lines.push(Line { text: "_____".to_owned(), at: open, mark: Mark::None });
            }
            finish(&mut current, &mut lines, next);
        }
    }
    finish(&mut current, &mut lines, html.len());
    lines
}

fn finish(current: &mut Line, lines: &mut Vec<Line>, next: usize) {
    let text = current.text.split_whitespace().collect::<Vec<_>>().join(" ");
    let text = text.trim().to_owned();
    // Empty stretches belong to the line that follows, so that a cut takes the tags around it along.
    if !text.is_empty() {
        lines.push(Line { text, at: current.at, mark: Mark::None });
        current.at = next;
    }
    current.text.clear();
}

fn is_break(name: &str) -> bool {
    const BLOCKS: [&str; 20] = [
        "br",
        "hr",
        "p",
        "div",
        "tr",
        "table",
        "tbody",
        "ul",
        "ol",
        "li",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "pre",
        "section",
        "blockquote",
        "center",
        "body",
    ];
    BLOCKS.contains(&name.trim_start_matches('/'))
}

/// What a tag says about quoting, by the client that wrote it.
fn mark(lower: &str, open: usize, end: usize, name: &str) -> Mark {
    let tag = &lower[open..end];
    let has = |needle: &str| tag.contains(needle);
    match name {
        // Gmail, Apple Mail, Thunderbird, NetEase, Yahoo.
        "blockquote" => Mark::Block(element_end(lower, open, "blockquote")),
        "includetail" => Mark::Rest,
        "div" | "span" | "section"
            if has("gmail_quote")
                || has("yahoo_quoted")
                || has("protonmail_quote")
                || has("zmail_extra")
                || has("ntes-mailmaster-quote")
                || has("moz-forward-container") && has("quote") =>
        {
            Mark::Block(element_end(lower, open, name))
        }
        // Outlook on the web and on phones, Foxmail, NetEase, QQ Mail.
        "div"
            if has("divrplyfwdmsg")
                || has("appendonsend")
                || has("mail-editor-reference-message")
                || has("ms-outlook-mobile-reference-message")
                || has("isreplycontent")
                || has("id=\"original-content\"")
                || has("x_divrplyfwdmsg") =>
        {
            Mark::Rest
        }
        // Outlook for Windows and Foxmail draw a line above the headers of the quoted mail.
        "div"
            if has("border-top:solid #e1e1e1")
                || has("border-top:solid #b5c4df")
                || has("border-top: solid #b5c4df")
                || has("border-top: 1pt solid") =>
        {
            let text = plain(&strip(&lower[end..window_end(lower, end, 1500)]));
            let text = text.trim_start();
            let is_quote =
                ["from:", "from：", "发件人", "寄件者", "寄件人", "von:", "de :", "de:"].iter().any(|word| text.starts_with(word));
            if is_quote { Mark::Rest } else { Mark::None }
        }
        _ => Mark::None,
    }
}

fn window_end(text: &str, from: usize, most: usize) -> usize {
    let wanted = (from + most).min(text.len());
    (from..=wanted).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(from)
}

/// Where the element that opens here ends; the end of the text when it is never closed.
fn element_end(lower: &str, open: usize, name: &str) -> usize {
    let (opens, closes) = (format!("<{name}"), format!("</{name}"));
    let is_whole = |at: usize| lower.as_bytes().get(at).is_none_or(|byte| !byte.is_ascii_alphanumeric());
    let (mut depth, mut at) = (0_usize, open);
    while let Some(found) = lower[at..].find('<').map(|found| at + found) {
        let rest = &lower[found..];
        at = found + 1;
        if rest.starts_with(&closes) && is_whole(found + closes.len()) {
            depth -= 1;
            if depth == 0 {
                return tag_end(lower, found).unwrap_or(lower.len());
            }
        } else if rest.starts_with(&opens) && is_whole(found + opens.len()) {
            depth += 1;
        }
    }
    lower.len()
}

/// Where a tag ends: after the first `>` outside quotes, or after its first `>` when a quote is never closed; `None`
/// when there is no `>` any more.
fn tag_end(lower: &str, open: usize) -> Option<usize> {
    if lower[open..].starts_with("<!--") {
        return Some(lower[open..].find("-->").map_or(lower.len(), |found| open + found + 3));
    }
    let first = open + lower[open..].find('>')? + 1;
    let (mut end, mut from, mut quote) = (first, open + 1, 0_u8);
    for _ in 0..20 {
        for byte in lower.as_bytes()[from..end - 1].iter().copied() {
            match (quote, byte) {
                (0, b'"' | b'\'') => quote = byte,
                (opened, byte) if opened == byte => quote = 0,
                _ => {}
            }
        }
        if quote == 0 {
            return Some(end);
        }
        from = end;
        let Some(next) = lower[end..].find('>') else { break };
        end += next + 1;
    }
    Some(first)
}

fn strip(html: &str) -> String {
    let mut out = String::new();
    let mut inside = false;
    for character in html.chars() {
        match character {
            '<' => inside = true,
            '>' => inside = false,
            other if !inside => out.push(other),
            _ => {}
        }
    }
    out
}

fn plain(text: &str) -> String {
    text.replace("&nbsp;", " ")
        .replace("&gt;", ">")
        .replace("&lt;", "<")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&amp;", "&")
        .replace('\u{a0}', " ")
}
