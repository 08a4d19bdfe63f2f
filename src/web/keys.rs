//! 快捷键: the sheet of keys, as a page and as the dialog that `?` opens.

use kernel::error::Result;
use kernel::lang::Lang;
use kernel::t;
use leptos::prelude::*;
use std::sync::LazyLock;
use ui::icon::icon;
use ui::page::Page;
use ui::visit::Visit;
use ui::written::Written;

/// 快捷键: the sheet as a page, for whoever comes by a link.
pub async fn shortcuts_page(visit: Visit) -> Result<Page> {
    let lang = visit.lang();
    Ok(Page::new(t!(lang, "快捷键", "Shortcuts"))
        .lead(t!(lang, "在输入框里不生效。", "They are off inside fields."))
        .body(move || view! { <div class="body narrow">{sheet(lang)}</div> }))
}

/// The dialog, part of every page; its button stands in the person's menu. It says the same to everybody: it is drawn
/// once in each language.
pub fn dialog(lang: Lang) -> Written {
    static ZH: LazyLock<Written> = LazyLock::new(|| Written::once(drawn(Lang::Zh)));
    static EN: LazyLock<Written> = LazyLock::new(|| Written::once(drawn(Lang::En)));
    match lang {
        Lang::Zh => ZH.clone(),
        Lang::En => EN.clone(),
    }
}

fn drawn(lang: Lang) -> AnyView {
    view! {
        <dialog id="keys" class="wide" popover="auto" aria-labelledby="keys-h">
            <header>
                <h2 id="keys-h">{t!(lang, "快捷键", "Shortcuts")}</h2>
                <button class="btn quiet icon end" type="button" popovertarget="keys" popovertargetaction="hide" aria-label=t!(lang, "关闭", "Close") autofocus=true>{icon("x")}</button>
            </header>
            <div class="in">{sheet(lang)}</div>
        </dialog>
    }
    .into_any()
}

fn sheet(lang: Lang) -> AnyView {
    let everywhere: &[(&[&str], &str)] = &[
        (&["Ctrl", "K"], t!(lang, "搜索或跳转", "Search or jump to")),
        (&["/"], t!(lang, "到搜索框", "To the search field")),
        (&["?"], t!(lang, "打开这张表", "Open this sheet")),
        (&["G", "H"], t!(lang, "首页", "Home")),
        (&["G", "T"], t!(lang, "工单", "Tickets")),
        (&["G", "C"], t!(lang, "客户", "Customers")),
        (&["G", "R"], t!(lang, "统计", "Reports")),
        (&["G", "S"], t!(lang, "设置", "Settings")),
        (&["G", "N"], t!(lang, "通知", "Notifications")),
    ];
    let phone: &[(&[&str], &str)] = &[
        (&["Alt", "A"], t!(lang, "接听", "Answer")),
        (&["Alt", "H"], t!(lang, "保持或取回", "Hold or resume")),
        (&["Alt", "T"], t!(lang, "转接或咨询", "Transfer or consult")),
        (&["Alt", "E"], t!(lang, "挂断", "Hang up")),
    ];
    let tickets: &[(&[&str], &str)] = &[
        (&["J"], t!(lang, "下一行，或下一张", "Next row, or next ticket")),
        (&["K"], t!(lang, "上一行，或上一张", "Previous row, or previous ticket")),
        (&["X"], t!(lang, "选择这一行", "Pick the row")),
        (&["Enter"], t!(lang, "打开这一行", "Open the row")),
        (&["C"], t!(lang, "新建工单", "New ticket")),
        (&["R"], t!(lang, "写回复", "Write a reply")),
    ];
    let writing: &[(&[&str], &str)] = &[
        (&["Ctrl", "Enter"], t!(lang, "发送", "Send")),
        (&["Ctrl", "K"], t!(lang, "添加链接", "Add a link")),
        (&["Ctrl", "B"], t!(lang, "粗体，Ctrl I 斜体", "Bold; Ctrl I italic")),
        (&["/"], t!(lang, "插入快捷回复或宏", "Insert a preset reply or macro")),
        (&["Alt", "F10"], t!(lang, "到格式工具栏", "To the formatting toolbar")),
    ];
    let off = t!(lang, "打开单键快捷键", "Single-key shortcuts");
    view! {
        <div class="keys-sheet">
            {part(t!(lang, "到处", "Everywhere"), everywhere, lang)}
            {part(t!(lang, "工单", "Tickets"), tickets, lang)}
            {part(t!(lang, "电话条", "Phone bar"), phone, lang)}
            {part(t!(lang, "写的时候", "While writing"), writing, lang)}
            <label class="switch" data-keys-switch="" hidden=true><input type="checkbox" role="switch" checked=true/><span>{off}<small>{t!(lang, "只对这个浏览器，Ctrl K 一直可用", "In this browser only; Ctrl K always works")}</small></span></label>
        </div>
    }
    .into_any()
}

fn part(title: &'static str, rows: &[(&[&'static str], &'static str)], lang: Lang) -> AnyView {
    let then = t!(lang, "然后", "then");
    let rows: Vec<AnyView> = rows
        .iter()
        .map(|(keys, what)| {
            let is_chord = matches!(keys[0], "Ctrl" | "Alt");
            let keys: Vec<AnyView> = keys
                .iter()
                .enumerate()
                .map(|(at, key)| {
                    let between = (at > 0).then_some(if is_chord { " " } else { then });
                    view! { {between.map(|word| view! { <span class="mute small">{word}</span> })}<kbd>{*key}</kbd> }.into_any()
                })
                .collect();
            view! { <div><dt>{keys}</dt><dd>{*what}</dd></div> }.into_any()
        })
        .collect();
    view! { <section><h3>{title}</h3><dl>{rows}</dl></section> }.into_any()
}
