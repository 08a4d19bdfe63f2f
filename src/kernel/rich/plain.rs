//! Rich text as plain text, line by line.

use super::token::Tag;

/// Writes text line by line.
#[derive(Default)]
pub(super) struct Writer {
    pub(super) out: String,
    line: String,
    /// What stands before every line of a container.
    before: Vec<String>,
    /// What stands instead before the first line of an item.
    marker: Option<String>,
    /// The number that the next item of each list has; none in a list without numbers.
    lists: Vec<Option<u32>>,
    links: Vec<(String, usize)>,
    has_gap: bool,
    is_in_code: bool,
    cells: usize,
    items: usize,
    is_first_cell: bool,
}

impl Writer {
    pub(super) fn text(&mut self, text: &str) {
        if !self.is_in_code {
            self.line.push_str(&text.replace('\n', " "));
            return;
        }
        for (at, line) in text.split('\n').enumerate() {
            if at > 0 {
                self.push_line();
            }
            self.line.push_str(line);
        }
    }

    pub(super) fn start(&mut self, tag: &Tag) {
        match tag.name {
            "p" | "h2" | "h3" => self.block(),
            "pre" => {
                self.block();
                self.is_in_code = true;
            }
            "blockquote" => {
                self.block();
                self.before.push("> ".to_owned());
            }
            "ul" | "ol" => {
                self.block();
                let first = tag.attribute("start").and_then(|start| start.parse().ok()).unwrap_or(1);
                self.lists.push((tag.name == "ol").then_some(first));
            }
            "li" => {
                self.flush();
                let marker = match self.lists.last_mut() {
                    Some(Some(number)) => {
                        *number = number.saturating_add(1);
                        format!("{}. ", *number - 1)
                    }
                    _ => "- ".to_owned(),
                };
                self.before.push(" ".repeat(marker.len()));
                self.marker = Some(marker);
                self.items += 1;
            }
            "table" => self.block(),
            "tr" => self.is_first_cell = true,
            "td" | "th" => {
                if !self.is_first_cell {
                    self.line.push_str(" | ");
                }
                self.is_first_cell = false;
                self.cells += 1;
            }
            "div" | "center" if self.cells == 0 => self.flush(),
            "h1" | "h4" | "h5" | "h6" | "dl" => self.block(),
            "br" if self.cells > 0 => self.line.push(' '),
            "br" => self.push_line(),
            "hr" => {
                self.block();
                self.line.push_str("---");
                self.end("hr");
            }
            "img" => {
                if let Some(alt) = tag.attribute("alt").filter(|alt| !alt.trim().is_empty()) {
                    self.line.push_str(&format!("[{alt}]"));
                }
            }
            "a" => self.links.push((tag.attribute("href").unwrap_or_default(), self.line.len())),
            _ => {}
        }
    }

    pub(super) fn end(&mut self, name: &str) {
        match name {
            "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "hr" | "dl" | "table" => self.close(),
            "div" | "center" | "dt" | "dd" if self.cells == 0 => self.flush(),
            "pre" => {
                self.is_in_code = false;
                self.close();
            }
            "blockquote" => {
                self.flush();
                self.before.pop();
                self.close();
            }
            "ul" | "ol" => {
                self.flush();
                self.lists.pop();
                self.close();
            }
            "li" => {
                self.flush();
                self.before.pop();
                self.marker = None;
                self.has_gap = false;
                self.items = self.items.saturating_sub(1);
            }
            "td" | "th" => self.cells = self.cells.saturating_sub(1),
            "tr" if self.cells == 0 => self.flush(),
            "a" => {
                if let Some((href, from)) = self.links.pop() {
                    let words = self.line.get(from..).unwrap_or_default().trim().to_owned();
                    let bare = |text: &str| text.trim_start_matches("mailto:").trim_start_matches("tel:").trim_end_matches('/').to_owned();
                    if !href.is_empty() && bare(&href) != bare(&words) {
                        self.line.push_str(&format!(" ({href})"));
                    }
                }
            }
            _ => {}
        }
    }

    /// A block begins.
    fn block(&mut self) {
        if self.cells > 0 {
            if !self.line.ends_with([' ', '|']) && !self.line.is_empty() {
                self.line.push(' ');
            }
            return;
        }
        self.flush();
        self.fill_gap();
    }

    /// A block ends: outside items the next one stands apart.
    fn close(&mut self) {
        if self.cells == 0 {
            self.flush();
            self.has_gap = self.items == 0;
        }
    }

    pub(super) fn flush(&mut self) {
        if self.line.trim().is_empty() {
            self.line.clear();
        } else {
            self.push_line();
        }
    }

    fn push_line(&mut self) {
        self.fill_gap();
        let marked = self.marker.take();
        let kept = self.before.len() - usize::from(marked.is_some());
        let line = format!("{}{}{}", self.before[..kept].concat(), marked.unwrap_or_default(), self.line);
        self.out.push_str(line.trim_end());
        self.out.push('\n');
        self.line.clear();
    }

    fn fill_gap(&mut self) {
        if self.has_gap && !self.out.is_empty() {
            self.out.push_str(self.before.concat().trim_end());
            self.out.push('\n');
        }
        self.has_gap = false;
    }
}
