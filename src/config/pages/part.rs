//! What several pages draw: a difference, who did something, where an object's history stands.

use crate::difference::differences;
use crate::queries::Version;
use crate::refs::Names;
use kernel::actor::ActorKind;
use kernel::configured::Kind;
use kernel::configured::record::ORDER;
use kernel::lang::Lang;
use kernel::t;
use leptos::prelude::*;
use serde_json::Value;
use ui::icon::icon_s;
use uuid::Uuid;

/// Every field that differs: name, before, after.
pub(super) fn diff(kind: &Kind, before: &Value, after: &Value, names: &Names, lang: Lang) -> AnyView {
    let rows: Vec<AnyView> = differences(kind, before, after)
        .into_iter()
        .map(|one| {
            let [was, is] = one.said(kind, names, lang);
            view! {
                <li>
                    <span>{one.field(kind, names, lang)}</span>
                    <span class="was"><span class="sr">{t!(lang, "由", "from ")}</span>{was}</span>
                    {icon_s("arrow-right")}
                    <span class="now"><span class="sr">{t!(lang, "改为", "to ")}</span>{is}</span>
                </li>
            }
            .into_any()
        })
        .collect();
    if rows.is_empty() {
        view! { <p class="dim">{t!(lang, "没有不同", "Nothing differs")}</p> }.into_any()
    } else {
        view! { <ul class="diff">{rows}</ul> }.into_any()
    }
}

/// Who did it.
pub(super) fn who(version: &Version, lang: Lang) -> AnyView {
    match (version.actor_kind, version.actor_id) {
        (ActorKind::Agent | ActorKind::Customer, Some(id)) => {
            view! { {ui::avatar::mark(id, &version.actor_name)}{version.actor_name.clone()} }.into_any()
        }
        (ActorKind::Api, _) => {
            view! { <span class="ava none" aria-hidden="true">{icon_s("plug")}</span>{version.actor_name.clone()} }.into_any()
        }
        (kind, _) => view! { <span class="ava none" aria-hidden="true">{icon_s("bot")}</span>{kind.label(lang)} }.into_any(),
    }
}

/// What the version did to its object.
pub(super) fn verb(version: &Version, lang: Lang) -> &'static str {
    match (&version.before, &version.document) {
        _ if version.is_baseline => t!(lang, "开始记录", "began with"),
        (None, Some(_)) if version.version > 1 => t!(lang, "恢复", "brought back"),
        (None, _) => t!(lang, "新建", "created"),
        (Some(_), None) => t!(lang, "删除", "deleted"),
        (Some(_), Some(_)) => t!(lang, "修改", "edited"),
    }
}

/// What the object of a version is called.
pub(super) fn title(kind: &Kind, version: &Version, lang: Lang) -> String {
    if version.object_id == ORDER && !kind.is_single {
        return t!(lang, "顺序", "Order").to_owned();
    }
    if version.name.is_empty() { kind.label(lang).to_owned() } else { version.name.clone() }
}

/// Where the history of an object stands.
pub(super) fn address(kind: &str, object: Uuid) -> String {
    format!("/settings/history/{kind}/{object}")
}

/// The values of a version as people read them: the order of a kind by names.
pub(super) fn document(version: Option<&Value>) -> Value {
    version.cloned().unwrap_or_default()
}
