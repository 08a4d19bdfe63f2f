//! 引用历史: where the quoted history of a mail lies, so that it is shown folded. Nothing is ever dropped: what is new
//! and what is quoted together are the whole mail.

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
    cut(html, &html_lines(html))
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

/// Lines of HTML as a reader sees them, with the elements that mail clients put around a quote.
fn html_lines(html: &str) -> Vec<Line> {
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

#[cfg(test)]
mod tests {
    use super::{fold_html, fold_text};

    /// Each client's own way of quoting: its name, a mail, what is new in it.
    const TEXTS: &[(&str, &str, &str)] = &[
        (
            "QQ Mail",
            "收到，谢谢。\n\n\n------------------ 原始邮件 ------------------\n发件人: \"客服\" <kf@a.example>;\n发送时间: 2026年11月20日(星期五) 上午10:00\n收件人: \"张三\"<zs@qq.com>;\n主题: Re: 订单\n\n您好",
            "收到，谢谢。",
        ),
        (
            "QQ Mail en",
            "Thanks\n\n------------------ Original ------------------\nFrom:  \"Support\"<s@a.example>;\nDate:  Fri, Nov 20, 2026 10:00 AM\nTo:  \"Li\"<l@qq.com>;\n\nhi",
            "Thanks",
        ),
        (
            "Foxmail",
            "好的\n\n\n\n张三\n \n发件人： 客服\n发送时间： 2026-11-20 10:00\n收件人： 张三\n主题： Re: 发货\n您好",
            "好的\n\n\n\n张三",
        ),
        ("Foxmail en", "ok\n\nFrom: Support\nDate: 2026-11-20 10:00\nTo: Li\nSubject: Re: x\nhello", "ok"),
        ("NetEase", "已经解决了\n\n在 2026-11-20 10:00:00，\"客服\" <kf@a.example> 写道：\n\n您好，请问\n还有问题吗", "已经解决了"),
        ("NetEase en", "fixed\n\nAt 2026-11-20 10:00:00, \"Support\" <kf@a.example> wrote:\n\nHello", "fixed"),
        (
            "NetEase master",
            "可以\n\n---- 回复的原邮件 ----\n| 发件人 | 客服<kf@a.example> |\n| 日期 | 2026年11月20日 10:00 |\n| 收件人 | zs@163.com |\n您好",
            "可以",
        ),
        (
            "Outlook zh",
            "请查收附件。\n\n________________________________\n发件人: 客服 <kf@a.example>\n发送时间: 2026年11月20日 10:00\n收件人: 张三 <zs@a.example>\n主题: 回复: 发票\n\n您好",
            "请查收附件。",
        ),
        (
            "Outlook zh old",
            "请查收\n\n-----邮件原件-----\n发件人: 客服 [mailto:kf@a.example]\n发送时间: 2026年11月20日 10:00\n收件人: 张三\n\n您好",
            "请查收",
        ),
        ("Outlook tw", "收到\n\n寄件者: 客服 <kf@a.example>\n寄件日期: 2026年11月20日\n收件者: 張三\n主旨: 發票\n\n您好", "收到"),
        (
            "Outlook en",
            "See attached.\n\nFrom: Support <s@a.example>\nSent: Friday, November 20, 2026 10:00 AM\nTo: Li\nSubject: RE: Invoice\n\nHello",
            "See attached.",
        ),
        ("Outlook classic", "Yes\n\n-----Original Message-----\nFrom: Support\nSent: Friday\n\nHello", "Yes"),
        ("Gmail zh", "没问题\n\n客服 <kf@a.example> 于2026年11月20日周五 10:00写道：\n\n> 您好\n> 再见\n", "没问题"),
        ("Gmail en, two lines", "Sure\n\nOn Fri, Nov 20, 2026 at 10:00 AM Support Team\n<s@a.example> wrote:\n\n> Hello\n>\n> Bye", "Sure"),
        ("Apple Mail zh", "好\n\n> 在 2026年11月20日，上午10:00，客服 <kf@a.example> 写道：\n> \n> 您好", "好"),
        ("Apple Mail en", "Good\n\n> On Nov 20, 2026, at 10:00 AM, Support <s@a.example> wrote:\n> \n> Hello", "Good"),
        ("Thunderbird zh", "明白\n\n在 2026/11/20 10:00, 客服 写道:\n> 您好", "明白"),
        ("Gmail de", "Danke\n\nAm Fr., 20. Nov. 2026 um 10:00 Uhr schrieb Support <s@a.example>:\n\n> Hallo", "Danke"),
        ("Gmail fr", "Merci\n\nLe ven. 20 nov. 2026 à 10:00, Support <s@a.example> a écrit :\n\n> Bonjour", "Merci"),
        ("bare quote below", "answer\n\n> question\n> more", "answer"),
        ("bare quote above", "> question\n\nanswer", "answer"),
        ("answer below", "On Fri, Nov 20, 2026 at 10:00 AM S <s@a.example> wrote:\n> question\n\nanswer", "answer"),
    ];

    #[test]
    fn every_client_is_known() {
        for (client, mail, fresh) in TEXTS.iter().copied() {
            let (found, quoted) = fold_text(mail);
            assert_eq!(found.trim(), fresh, "{client}");
            assert!(!quoted.is_empty(), "{client}");
        }
    }

    #[test]
    fn nothing_is_folded_where_nothing_is_quoted() {
        for mail in [
            "只有一句话。",
            "From: 这是正文里的一句\n继续",
            "他写道：这是引文",
            "发件人：我\n我想问一下",
            "> only a quote\n> and no word of one's own",
            "",
            "-----\n签名",
            "a\n> q1\nanswer 1\n> q2\nanswer 2",
            "---------- Forwarded message ---------\nFrom: A <a@b.example>",
        ] {
            assert_eq!(fold_text(mail), (mail.to_owned(), String::new()), "{mail}");
        }
    }

    #[test]
    fn html_of_every_client() {
        for (client, fresh, quoted) in [
            (
                "Gmail",
                "<div dir=\"ltr\">没问题</div>",
                "<br><div class=\"gmail_quote\"><div dir=\"ltr\" class=\"gmail_attr\">客服 于2026年 写道：<br></div><blockquote class=\"gmail_quote\">您好</blockquote></div>",
            ),
            (
                "Apple Mail",
                "<html><body>好<br><br>",
                "<div>在 2026年11月20日，上午10:00，客服 &lt;kf@a.example&gt; 写道：</div><br><blockquote type=\"cite\"><div>您好</div></blockquote>",
            ),
            (
                "Outlook web",
                "<div>收到</div>",
                "<hr style=\"display:inline-block;width:98%\" tabindex=\"-1\"><div id=\"divRplyFwdMsg\" dir=\"ltr\"><b>发件人:</b> 客服<br><b>发送时间:</b> 今天</div><div>您好</div>",
            ),
            (
                "Outlook Windows",
                "<div class=WordSection1><p class=MsoNormal>请查收</p>",
                "<div><div style='border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm'><p class=MsoNormal><b><span>发件人<span lang=EN-US>:</span></span></b> 客服</p></div></div><p>您好</p></div>",
            ),
            (
                "QQ Mail",
                "<div>谢谢</div><div><br></div>",
                "<div style=\"font-size: 12px;font-family: Arial Narrow;padding:2px 0 2px 0;\">------------------&nbsp;原始邮件&nbsp;------------------</div><div><b>发件人:</b> 客服</div><div>您好</div>",
            ),
            (
                "Foxmail",
                "<div>好的</div><div>&nbsp;</div>",
                "<div style=\"border:none;border-top:solid #B5C4DF 1.0pt;padding:3.0pt 0cm 0cm 0cm\"><div>发件人：&nbsp;客服</div><div>发送时间：&nbsp;2026-11-20</div></div><div>您好</div>",
            ),
            (
                "NetEase",
                "<div>解决了</div><br>",
                "<p>在 2026-11-20 10:00:00，\"客服\" &lt;kf@a.example&gt; 写道：</p><blockquote id=\"isReplyContent\">您好</blockquote>",
            ),
            (
                "Thunderbird",
                "<p>ok</p>",
                "<div class=\"moz-cite-prefix\">On 20/11/2026 10:00, S wrote:<br></div><blockquote type=\"cite\" cite=\"mid:x\">hi</blockquote>",
            ),
            ("Yahoo", "<div>ok</div>", "<div id=\"ydp1yahoo_quoted_2\" class=\"ydp1yahoo_quoted\">hi</div>"),
            ("headers only", "<p>ok</p>", "<p>From: S &lt;s@a.example&gt;<br>Sent: Friday<br>To: L<br>Subject: x</p><p>hi</p>"),
        ] {
            let (found, folded) = fold_html(&format!("{fresh}{quoted}"));
            assert_eq!(kernel::html::to_text(&found), kernel::html::to_text(fresh), "{client}: {found}");
            assert!(folded.contains("您好") || folded.contains("hi"), "{client}: {folded}");
        }
    }

    #[test]
    fn html_without_a_quote_stays_whole() {
        for html in [
            "<p>你好</p>",
            "<blockquote>only</blockquote>",
            "<div style=\"border-top:solid #E1E1E1 1pt\">促销</div><p>x</p>",
            "<p unclosed",
            "<a href=\"",
            "&lt;",
            "",
        ] {
            assert_eq!(fold_html(html), (html.to_owned(), String::new()), "{html}");
        }
    }

    #[test]
    fn an_answer_below_an_html_quote_is_found() {
        let (fresh, quoted) = fold_html("<blockquote>question</blockquote><p>answer</p>");
        assert_eq!((fresh.as_str(), quoted.as_str()), ("<p>answer</p>", "<blockquote>question</blockquote>"));
    }

    proptest::proptest! {
        #[test]
        fn nothing_is_ever_lost(text in "[a-c在写道：:>发件人\\-_ \n]{0,200}") {
            let bare = |text: &str| text.chars().filter(|c| !c.is_whitespace()).count();
            let (fresh, quoted) = fold_text(&text);
            proptest::prop_assert_eq!(bare(&fresh) + bare(&quoted), bare(&text));
        }

        #[test]
        fn any_markup_is_survived(html in "(<|>|\"|'|</?(div|blockquote|p|hr|style|!--)|-->|a|中| class=gmail_quote|&nbsp;|写道：){0,60}") {
            let (fresh, quoted) = fold_html(&html);
            let bare = |text: &str| text.chars().filter(|c| !c.is_whitespace()).count();
            proptest::prop_assert_eq!(bare(&fresh) + bare(&quoted), bare(&html));
        }
    }
}
