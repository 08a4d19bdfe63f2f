//! The form of a switch.

use super::ADDRESS;
use crate::actions::{DeleteSwitch, SaveSwitch};
use crate::model::switch::{NAME_MOST, SwitchKind};
use crate::queries::Kept;
use kernel::lang::Lang;
use kernel::t;
use leptos::prelude::*;
use ui::dialog::{Confirm, confirm};
use ui::form::choice::{Check, Select};
use ui::form::field::{Input, why};
use ui::form::{FormState, hidden, path_of};

/// Name, kind, and whether its events are taken.
pub(super) fn editor(lang: Lang, kept: Option<&Kept>, form: &FormState) -> AnyView {
    let kinds = SwitchKind::ALL.iter().map(|kind| (kind.key(), kind.label(lang)));
    let kind = kept.map_or(SwitchKind::Http, |kept| kept.kind);
    let name = kept.map(|kept| kept.name.clone()).unwrap_or_default();
    view! {
        <form class="settings" method="post" id="switch" action={path_of::<SaveSwitch>()}>
            {kept.map(|kept| view! { {hidden("id", kept.id)}{hidden("version", kept.version)} })}
            <div class="body sections">
                {form.summary()}
                <section aria-labelledby="w1">
                    <div class="side-h"><h2 id="w1">{t!(lang, "基本信息", "Basics")}</h2></div>
                    <div class="card"><div class="in stack">
                        {Input::text("name", t!(lang, "名称", "Name")).value(name).max(NAME_MOST).required().view(form)}
                        {Select::new("kind", t!(lang, "类型", "Kind")).options(kinds).selected(kind.key()).view(form)}
                        {Check::new("enabled", t!(lang, "启用", "Enabled")).checked(kept.is_none_or(|kept| kept.is_enabled)).switch().hint(t!(lang, "停用后，它发来的事件一律拒绝", "While it is off, its events are refused")).view(form)}
                    </div></div>
                </section>
            </div>
            <div class="savebar" role="region" aria-label=t!(lang, "保存", "Save")>
                {why(form)}
                <span class="end row"><a class="btn quiet" href=ADDRESS>{t!(lang, "放弃", "Discard")}</a><button class="btn main" type="submit">{t!(lang, "保存交换机", "Save switch")}</button></span>
            </div>
        </form>
    }
    .into_any()
}

pub(super) fn delete_button(kept: &Kept, lang: Lang) -> AnyView {
    confirm(
        "btn risky",
        t!(lang, "删除", "Delete"),
        Confirm {
            id: "delete-switch",
            title: t!(lang, "删除交换机“{}”？", "Delete the switch “{}”?", kept.name),
            text: t!(lang, "它的密钥马上失效，已有的通话记录保留。", "Its key is worth nothing at once; the records of its calls stay.").to_owned(),
            keep: t!(lang, "保留", "Keep it").to_owned(),
            act: t!(lang, "删除交换机", "Delete the switch").to_owned(),
            path: path_of::<DeleteSwitch>(),
            fields: vec![("switch".to_owned(), kept.id.to_string())],
        },
    )
}
