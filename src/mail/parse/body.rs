//! 正文: which parts are the words of a mail, and which are files. What lies side by side is said one after the other;
//! of alternatives the plain one is the text and the rich one the page.

use super::attachment;
use super::part::{Content, Part};
use crate::charset::decode;
use crate::model::Attachment;

/// Longest body kept as text, in bytes; more is still in the raw source.
const LONGEST_TEXT: usize = 2 * 1024 * 1024;

/// What a mail says, and its files.
#[derive(Debug, Default)]
pub(super) struct Body {
    /// As plain text.
    pub text: String,
    /// As HTML, not sanitised; `None` when it was written as plain text alone.
    pub html: Option<String>,
    /// Files.
    pub files: Vec<Attachment>,
}

/// The words and files of a mail.
pub(super) fn read(mail: &Part<'_>) -> Body {
    let mut files = Vec::new();
    let said = walk(mail, Setting { is_first: true, is_alternative: false, is_related: false }, &mut files);
    let text = said.iter().map(Said::as_text).filter(|text| !text.trim().is_empty()).collect::<Vec<_>>().join("\n\n");
    let text = text.trim_matches('\n').trim_end().to_owned();
    let has_page = said.iter().any(|said| said.page.is_some());
    let page = said.iter().map(Said::as_page).collect::<Vec<_>>().join("<br>");
    // An empty alternative must not hide the text beside it.
    let html = has_page.then_some(page).filter(|page| text.is_empty() || says_something(page));
    Body { text, html, files }
}

/// One piece of what a mail says, as it was written.
#[derive(Debug, Default)]
struct Said {
    plain: Option<String>,
    page: Option<String>,
}

impl Said {
    fn as_text(&self) -> String {
        let plain = self.plain.as_deref().unwrap_or_default();
        match &self.page {
            Some(page) if plain.trim().is_empty() => kernel::html::to_text(page),
            Some(page) if plain.len() < 300 => {
                let page = kernel::html::to_text(page);
                if is_stand_in(plain, &page) { page } else { plain.to_owned() }
            }
            _ => plain.to_owned(),
        }
    }

    fn as_page(&self) -> String {
        match &self.page {
            Some(page) => page.clone(),
            None => kernel::html::from_text(self.plain.as_deref().unwrap_or_default()),
        }
    }
}

/// Whether a plain alternative only says that there is a page.
fn is_stand_in(text: &str, page_text: &str) -> bool {
    const SHORT: usize = 300;
    let lower = text.to_lowercase();
    let speaks_of_it = ["html", "browser", "浏览器", "瀏覽器"].iter().any(|word| lower.contains(word));
    text.trim().is_empty() || text.len() < SHORT && speaks_of_it && page_text.len() > 3 * text.len() + SHORT
}

/// Where a part stands.
#[derive(Clone, Copy)]
struct Setting {
    is_first: bool,
    is_alternative: bool,
    is_related: bool,
}

fn walk(part: &Part<'_>, setting: Setting, files: &mut Vec<Attachment>) -> Vec<Said> {
    match &part.content {
        Content::Parts(parts) if part.is("multipart", "alternative") => alternatives(parts, files),
        Content::Parts(parts) => {
            let is_related = part.is("multipart", "related");
            let inside = |at: usize| Setting { is_first: at == 0, is_related, is_alternative: false };
            parts.iter().enumerate().flat_map(|(at, part)| walk(part, inside(at), files)).collect()
        }
        Content::Mail(_) => {
            files.push(attachment::read(part));
            Vec::new()
        }
        Content::Leaf => match words(part, setting) {
            Some(said) => vec![said],
            // Further ways to say the same, such as AMP, are no files.
            None if setting.is_alternative && part.kind.0 == "text" && part.kind.1 != "calendar" && !attachment::has_name(part) => {
                Vec::new()
            }
            None => {
                files.push(attachment::read(part));
                Vec::new()
            }
        },
    }
}

/// The same said in several ways: the first that has words gives the text, the last rich one the page.
fn alternatives(parts: &[Part<'_>], files: &mut Vec<Attachment>) -> Vec<Said> {
    let inside = Setting { is_first: true, is_alternative: true, is_related: false };
    let ways: Vec<Vec<Said>> = parts.iter().map(|part| walk(part, inside, files)).collect();
    let plain = ways
        .iter()
        .filter(|way| way.iter().any(|said| said.plain.as_ref().is_some_and(|plain| !plain.trim().is_empty())))
        .map(|way| way.iter().map(Said::as_text).collect::<Vec<_>>().join("\n\n"))
        .next();
    let page = ways
        .iter()
        .rev()
        .find(|way| way.iter().any(|said| said.page.is_some()))
        .map(|way| way.iter().map(Said::as_page).collect::<Vec<_>>().join("<br>"));
    if plain.is_none() && page.is_none() { Vec::new() } else { vec![Said { plain, page }] }
}

/// The words of a part that is no file.
fn words(part: &Part<'_>, setting: Setting) -> Option<Said> {
    if part.disposition() == "attachment" || !is_words(part) {
        return None;
    }
    // Beside others a name makes it a file, and so does standing beside the page it belongs to.
    if !setting.is_first && (setting.is_related || attachment::has_name(part)) {
        return None;
    }
    let bytes = part.bytes();
    let declared = part.param("content-type", "charset");
    let is_page = part.is("text", "html");
    let charset = if is_page { declared.or_else(|| charset_within(&bytes)) } else { declared };
    let mut text = decode(&bytes, charset.as_deref()).replace("\r\n", "\n").replace('\r', "\n");
    text.retain(|c| !c.is_control() || matches!(c, '\n' | '\t'));
    if text.len() > LONGEST_TEXT {
        let end = (0..=LONGEST_TEXT).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        text.truncate(end);
    }
    if is_page {
        return Some(Said { plain: None, page: Some(text) });
    }
    if part.param("content-type", "format").is_some_and(|format| format.eq_ignore_ascii_case("flowed")) {
        let drops_space = part.param("content-type", "delsp").is_some_and(|word| word.eq_ignore_ascii_case("yes"));
        text = flowed(&text, drops_space);
    }
    Some(Said { plain: Some(text), page: None })
}

fn is_words(part: &Part<'_>) -> bool {
    match (part.kind.0.as_str(), part.kind.1.as_str()) {
        ("text", "plain" | "html" | "") => true,
        // Announced as parts, but there are none: what stands there is all there is.
        ("multipart", _) => !part.bytes().contains(&0),
        _ => false,
    }
}

/// What a page says of its own charset.
fn charset_within(page: &[u8]) -> Option<String> {
    const WINDOW: usize = 2048;
    let head = String::from_utf8_lossy(&page[..page.len().min(WINDOW)]).to_ascii_lowercase();
    let rest = &head[head.find("charset=")? + "charset=".len()..];
    let name: String =
        rest.trim_start_matches(['"', '\'']).chars().take_while(|c| c.is_ascii_alphanumeric() || "-_".contains(*c)).collect();
    Some(name).filter(|name| !name.is_empty())
}

/// Lines that a program broke for transport, joined again (RFC 3676). `drops_space` is for languages without spaces.
fn flowed(text: &str, drops_space: bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut open: Option<usize> = None;
    for line in text.split('\n') {
        let depth = line.len() - line.trim_start_matches('>').len();
        let content = &line[depth..];
        let content = content.strip_prefix(' ').unwrap_or(content);
        if open == Some(depth) && content != "-- " {
            out.push_str(content);
        } else {
            if !out.is_empty() || open.is_some() {
                out.push('\n');
            }
            out.push_str(&">".repeat(depth));
            if depth > 0 && !content.is_empty() {
                out.push(' ');
            }
            out.push_str(content);
        }
        let is_soft = content.ends_with(' ') && content != "-- " && !content.trim().is_empty();
        open = is_soft.then_some(depth);
        if is_soft && drops_space {
            out.pop();
        }
    }
    out
}

fn says_something(page: &str) -> bool {
    const SHORT: usize = 4096;
    page.len() > SHORT || page.contains("<img") || page.contains("<IMG") || !kernel::html::to_text(page).is_empty()
}

#[cfg(test)]
mod tests {
    use super::flowed;

    #[test]
    fn lines_that_were_broken_for_transport_are_joined() {
        assert_eq!(flowed("one \ntwo\nthree\n\n> a \n> b\n>> c \n> d\n-- \nsig", false), "one two\nthree\n\n> a b\n>> c \n> d\n-- \nsig");
        assert_eq!(flowed("您好，这一行 \n接着上一行 \n。", true), "您好，这一行接着上一行。");
        assert_eq!(flowed(" >not a quote\n From here", false), ">not a quote\nFrom here");
    }
}
