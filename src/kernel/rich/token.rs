//! Reading sanitised HTML tag by tag.

/// A part of sanitised HTML.
pub(super) enum Token<'a> {
    Tag(Tag<'a>),
    Text(&'a str),
}

pub(super) struct Tag<'a> {
    pub(super) name: &'a str,
    pub(super) is_end: bool,
    pub(super) attributes: &'a str,
}

impl Tag<'_> {
    pub(super) fn attribute(&self, name: &str) -> Option<String> {
        let (_, rest) = self.attributes.split_once(&format!(" {name}=\""))?;
        rest.split_once('"').map(|(value, _)| decoded(value))
    }
}

/// Reads what the cleaner wrote: lower-case names, every value in double quotes, `<` in words escaped.
pub(super) fn tokens(clean: &str) -> impl Iterator<Item = Token<'_>> {
    let mut rest = clean;
    core::iter::from_fn(move || {
        let Some(inside) = rest.strip_prefix('<') else {
            let (text, after) = rest.split_at(rest.find('<').unwrap_or(rest.len()));
            rest = after;
            return (!text.is_empty()).then_some(Token::Text(text));
        };
        let mut is_quoted = false;
        let end = inside.find(|c: char| {
            is_quoted ^= c == '"';
            c == '>' && !is_quoted
        });
        let (tag, after) = inside.split_at(end.unwrap_or(inside.len()));
        rest = after.strip_prefix('>').unwrap_or(after);
        let is_end = tag.starts_with('/');
        let tag = tag.trim_start_matches('/');
        let (name, attributes) = tag.split_at(tag.find(' ').unwrap_or(tag.len()));
        Some(Token::Tag(Tag { name, is_end, attributes }))
    })
}

/// The same HTML with some tags replaced.
pub(super) fn mapped(clean: &str, replace: impl Fn(&Tag) -> Option<String>) -> String {
    let mut out = String::with_capacity(clean.len());
    for token in tokens(clean) {
        match token {
            Token::Text(text) => out.push_str(text),
            Token::Tag(tag) => match replace(&tag) {
                Some(other) => out.push_str(&other),
                None => {
                    out.push_str(if tag.is_end { "</" } else { "<" });
                    out.push_str(tag.name);
                    out.push_str(tag.attributes);
                    out.push('>');
                }
            },
        }
    }
    out
}

/// The five entities that the cleaner writes.
pub(super) fn decoded(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&nbsp;", "\u{a0}").replace("&amp;", "&")
}
