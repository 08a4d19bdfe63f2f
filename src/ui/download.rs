//! 导出: the menu that asks for a file of what is on screen, one button a format.

use crate::icon::{icon, icon_s};
use kernel::lang::Lang;
use kernel::t;
use leptos::prelude::*;

/// What the menu offers.
#[derive(Debug)]
pub struct Download {
    /// Takes the post.
    pub action: &'static str,
    /// Key, name and a word more of each format; the key is posted as `input[format]`.
    pub formats: [(&'static str, &'static str, &'static str); 2],
    /// Where one's exports are listed.
    pub history: &'static str,
}

/// The menu; `fields` say what is on screen.
pub fn menu(lang: Lang, download: Download, fields: impl IntoAny) -> AnyView {
    let Download { action, formats, history } = download;
    let buttons: Vec<AnyView> = formats
        .into_iter()
        .map(|(key, label, note)| {
            view! { <button type="submit" name="input[format]" value=key>{icon("file-spreadsheet")}{label}<span class="mute small">{note}</span></button> }.into_any()
        })
        .collect();
    view! {
        <button class="btn" type="button" popovertarget="exp">{icon("download")}{t!(lang, "导出", "Export")}{icon_s("chevron-down")}</button>
        <div class="pop" id="exp" popover="auto">
            <form method="post" action=action>
                {fields.into_any()}
                <div class="list">{buttons}<a href=history>{icon("history")}{t!(lang, "导出记录", "Exports")}</a></div>
            </form>
        </div>
    }
    .into_any()
}
