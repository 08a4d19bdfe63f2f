//! 富文本编辑器: a text area with toolbars that `public/editor.js` turns into an editor as soon as somebody comes near.
//! Without scripting the text area stands alone and takes plain text.

use crate::icon::icon;
use crate::islands::rich_text::RichText;
use kernel::error::Problem;
use kernel::lang::Lang;
use kernel::t;
use leptos::prelude::*;

/// The editor around a text area whose field is called `text`; the HTML goes into a field `html` of the same input.
#[derive(Clone, Debug)]
pub struct Rich {
    most: usize,
    html: String,
    upload: Option<&'static str>,
}

/// What one button does, its icon, its words and its keys.
type Button = (&'static str, &'static str, (&'static str, &'static str), &'static str);

/// Groups of buttons, with a hairline between them.
const BUTTONS: &[&[Button]] = &[
    &[
        ("strong", "bold", ("粗体", "Bold"), "Ctrl+B"),
        ("em", "italic", ("斜体", "Italic"), "Ctrl+I"),
        ("strike", "strikethrough", ("删除线", "Strikethrough"), "Ctrl+Shift+X"),
        ("code", "code", ("代码", "Code"), "Ctrl+E"),
    ],
    &[
        ("bullets", "list", ("项目列表", "Bulleted list"), "Ctrl+Shift+8"),
        ("numbers", "list-ordered", ("编号列表", "Numbered list"), "Ctrl+Shift+7"),
        ("quote", "quote", ("引用", "Quote"), ""),
        ("block", "square-code", ("代码块", "Code block"), ""),
        ("h2", "heading-2", ("章节", "Section heading"), ""),
        ("h3", "heading-3", ("小节", "Subsection heading"), ""),
    ],
    &[("link", "link", ("链接", "Link"), "Ctrl+K"), ("image", "image", ("图片", "Picture"), ""), ("table", "table", ("表格", "Table"), "")],
    &[("undo", "undo-2", ("撤销", "Undo"), "Ctrl+Z"), ("redo", "redo-2", ("重做", "Redo"), "Ctrl+Y")],
];

/// What can be done inside a table.
const TABLE: &[(&str, (&str, &str))] = &[
    ("row-before", ("上面加行", "Row above")),
    ("row-after", ("下面加行", "Row below")),
    ("column-before", ("左边加列", "Column left")),
    ("column-after", ("右边加列", "Column right")),
    ("row-delete", ("删除行", "Delete row")),
    ("column-delete", ("删除列", "Delete column")),
    ("row-header", ("表头行", "Header row")),
    ("table-delete", ("删除表格", "Delete table")),
];

impl Rich {
    /// An editor of at most so many characters of text.
    #[must_use]
    pub fn new(most: usize) -> Rich {
        Rich { most, html: String::new(), upload: None }
    }

    /// What it starts with, sanitised; the text area has the same as plain text.
    #[must_use]
    pub fn html(mut self, html: impl Into<String>) -> Rich {
        self.html = html.into();
        self
    }

    /// Where pictures are posted to; without it they become files of the form.
    #[must_use]
    pub fn upload(mut self, path: &'static str) -> Rich {
        self.upload = Some(path);
        self
    }

    /// Draws it around the text area.
    #[must_use]
    pub fn around(self, lang: Lang, area: AnyView) -> AnyView {
        let words = serde_json::json!({
            "empty": Problem::Required.text(lang),
            "long": t!(lang, "超出 {} 字，请删减", "{} characters too many: shorten it").to_owned() + &t!(lang, "（最多 {} 字）", " (at most {})", self.most),
            "busy": t!(lang, "图片还在上传，请稍等再提交", "A picture is still on its way: wait a moment"),
            "attached": t!(lang, "已加到附件：{}", "Added to the files: {}"),
        });
        view! {
            <div
                class="rich"
                data-rich="true"
                data-most=self.most.to_string()
                data-html=Some(self.html).filter(|html| !html.trim().is_empty())
                data-upload=self.upload
                data-words=words.to_string()
            >
                {bar(lang, self.upload.is_some())}
                {table_bar(lang)}
                {area}
                <p class="rich-foot"><span class="rich-said" role="status" data-part="said" hidden=true></span><span class="rich-left" data-part="left" hidden=true></span></p>
                {link_dialog(lang)}
                <RichText/>
            </div>
        }
        .into_any()
    }
}

fn words(lang: Lang, (zh, en): (&'static str, &'static str)) -> &'static str {
    match lang {
        Lang::Zh => zh,
        Lang::En => en,
    }
}

/// Where no picture can go to, no button offers one.
fn bar(lang: Lang, has_pictures: bool) -> AnyView {
    let groups: Vec<AnyView> = BUTTONS
        .iter()
        .map(|group| {
            let buttons: Vec<AnyView> = group
                .iter()
                .filter(|(what, ..)| has_pictures || *what != "image")
                .map(|(what, icon_name, label, keys)| {
                    let label = words(lang, *label);
                    let title = if keys.is_empty() { label.to_owned() } else { t!(lang, "{}（{}）", "{} ({})", label, keys) };
                    let shortcut = (!keys.is_empty()).then(|| keys.replace("Ctrl", "Control"));
                    view! { <button class="btn quiet icon" type="button" data-do=*what aria-label=label title=title aria-keyshortcuts=shortcut>{icon(icon_name)}</button> }.into_any()
                })
                .collect();
            view! { <span class="group">{buttons}</span> }.into_any()
        })
        .collect();
    view! { <div class="rich-bar" role="toolbar" aria-label=t!(lang, "格式", "Formatting")>{groups}</div> }.into_any()
}

fn table_bar(lang: Lang) -> AnyView {
    let buttons: Vec<AnyView> = TABLE
        .iter()
        .map(|(what, label)| view! { <button class="btn quiet mini" type="button" data-do=*what>{words(lang, *label)}</button> }.into_any())
        .collect();
    view! { <div class="rich-bar" role="toolbar" data-for="table" aria-label=t!(lang, "表格", "Table") hidden=true>{buttons}</div> }
        .into_any()
}

/// Its fields have no names: they belong to no form.
fn link_dialog(lang: Lang) -> AnyView {
    view! {
        <dialog class="rich-link" aria-label=t!(lang, "链接", "Link")>
            <header><h2>{t!(lang, "链接", "Link")}</h2></header>
            <div class="in">
                <div class="field" data-part="field">
                    <label>{t!(lang, "地址", "Address")}<input class="input" type="text" inputmode="url" autocomplete="off" data-part="address" placeholder="https://"/></label>
                    <span class="wrong">{crate::icon::icon_s("triangle-alert")}{t!(lang, "请填写网址或邮箱地址", "Enter a web or e-mail address")}</span>
                </div>
                <div class="field"><label>{t!(lang, "显示的文字", "Text")}<input class="input" type="text" autocomplete="off" data-part="words"/></label></div>
            </div>
            <footer>
                <button class="btn risky start" type="button" data-part="remove" hidden=true>{t!(lang, "移除链接", "Remove link")}</button>
                <button class="btn" type="button" data-part="cancel">{t!(lang, "取消", "Cancel")}</button>
                <button class="btn main" type="button" data-part="save">{t!(lang, "保存链接", "Save link")}</button>
            </footer>
        </dialog>
    }
    .into_any()
}
