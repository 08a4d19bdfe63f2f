//! 邀评邮件: the mail that asks, with one link a level. A link only opens the page with that level chosen; nothing is
//! counted before the customer sends the form, so scanners that open every link rate nothing.

use crate::model::SatisfactionSettings;
use core::fmt::Write;
use kernel::html::escape;
use kernel::lang::Lang;
use kernel::t;

/// What the letter speaks of.
#[derive(Clone, Copy, Debug)]
pub struct Letter<'a> {
    /// The company's name.
    pub company: &'a str,
    /// Who finished the matter and when, in words.
    pub done: &'a str,
    /// 工单编号.
    pub number: i64,
    /// 工单标题.
    pub title: &'a str,
    /// The page of the rating.
    pub link: &'a str,
    /// The day until which the link works, in words.
    pub until: &'a str,
    /// Wording.
    pub settings: &'a SatisfactionSettings,
    /// The customer's language.
    pub lang: Lang,
}

/// A letter that is written.
#[derive(Clone, Debug)]
pub struct Mail {
    /// Subject, one line.
    pub subject: String,
    /// Body for clients that show HTML.
    pub html: String,
    /// The same in plain text.
    pub text: String,
}

const SENT: &str = "font:14px/22px -apple-system,'Segoe UI','PingFang SC','Microsoft YaHei',sans-serif;color:#1c2b36";

/// Writes it.
#[must_use]
pub fn write(letter: &Letter<'_>) -> Mail {
    let (lang, guide) = (letter.lang, letter.settings.guide.of(letter.lang));
    let title = letter.title.split_whitespace().collect::<Vec<_>>().join(" ");
    let subject = t!(lang, "{}：{}", "{}: {}", guide.trim_end_matches(['？', '?']), title);
    let done = letter.done;
    let about = t!(lang, "{}（工单 {}）", "{} (ticket {})", title, letter.number);
    let change = t!(lang, "{}前可随时打开链接修改。", "You can change your rating with this link until {}.", letter.until);
    let link = |score: i16| format!("{}?score={score}&lang={}", letter.link, lang.key());
    let plain = format!("{}?lang={}", letter.link, lang.key());

    let mut text = format!("{guide}\n\n{done}\n{about}\n\n");
    let mut cells = String::new();
    for (score, level) in (1_i16..=5).zip(&letter.settings.levels).rev() {
        let word = level.wording.of(lang);
        let _ = writeln!(text, "{} {word}\n{}\n", t!(lang, "{} 分", "{} of 5:", score), link(score));
        let _ = write!(
            cells,
            "<tr><td style=\"padding:4px 0\"><a href=\"{}\" style=\"display:block;padding:10px 16px;border:1px solid #b6c2cc;border-radius:6px;color:#1c2b36;text-decoration:none\"><span style=\"color:#b7791f\">{}</span><span style=\"color:#8a99a5\">{}</span>&nbsp; {}</a></td></tr>",
            escape(&link(score)),
            "★".repeat(usize::try_from(score).unwrap_or(0)),
            "☆".repeat(usize::try_from(5 - score).unwrap_or(0)),
            escape(word),
        );
    }
    let _ = write!(text, "{}\n{plain}\n\n{change}\n\n{}\n", t!(lang, "或打开评价页面：", "Or open the rating page:"), letter.company);

    let html = format!(
        "<div style=\"{SENT};max-width:480px\"><h1 style=\"font-size:20px;line-height:28px;margin:0 0 12px\">{}</h1><p style=\"margin:0 0 4px\">{}</p><p style=\"margin:0 0 16px\"><b>{}</b></p><table role=\"presentation\" width=\"100%\" cellspacing=\"0\" cellpadding=\"0\" style=\"{SENT}\">{cells}</table><p style=\"margin:16px 0 0\"><a href=\"{}\">{}</a></p><p style=\"margin:8px 0 0;color:#5b6b77;font-size:12px\">{}</p><p style=\"margin:16px 0 0\">{}</p></div>",
        escape(guide),
        escape(done),
        escape(&about),
        escape(&plain),
        t!(lang, "打开评价页面", "Open the rating page"),
        escape(&change),
        escape(letter.company),
    );
    Mail { subject, html, text }
}
