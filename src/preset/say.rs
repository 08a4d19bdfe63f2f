//! 宏的说法: what a macro does as a sentence; the list, the menu of a ticket and the notice afterwards say the same.

use crate::model::{Acts, Step, Who};
use crate::queries::Names;
use kernel::lang::Lang;
use kernel::t;
use ticket::model::ReplyType;

/// Words that are quoted at most, in characters.
const QUOTED: usize = 40;

/// One step: `状态改为 已解决`.
#[must_use]
pub fn step(step: Step, acts: &Acts, words: &str, names: &Names, lang: Lang) -> String {
    let gone = || t!(lang, "（已删除）", "(deleted)").to_owned();
    let name = |known: &[(String, String)], id: Option<String>| {
        let id = id.unwrap_or_default();
        known.iter().find(|(known, _)| *known == id).map_or_else(gone, |(_, name)| name.clone())
    };
    let person = |who: Option<Who>| match who {
        Some(Who::Me) => t!(lang, "使用者自己", "whoever uses it").to_owned(),
        other => name(&names.agents, other.map(|who| who.to_string())),
    };
    match step {
        Step::Status => {
            let status = acts.status.map_or_else(gone, |status| status.label(lang).to_owned());
            t!(lang, "状态改为 {}", "set the status to {}", status)
        }
        Step::Priority => {
            let priority = acts.priority.map_or_else(gone, |priority| priority.label(lang).to_owned());
            t!(lang, "优先级改为 {}", "set the priority to {}", priority)
        }
        Step::Category => {
            t!(lang, "分类改为 {}", "set the category to {}", name(&names.categories, acts.category.map(|id| id.to_string())))
        }
        Step::Group => t!(lang, "分配到 {}", "assign to the group {}", name(&names.groups, acts.group.map(|id| id.to_string()))),
        Step::Agent => t!(lang, "分配给 {}", "assign to {}", person(acts.agent)),
        Step::Cc => t!(lang, "抄送 {}", "copy to {}", acts.cc.join(t!(lang, "、", ", "))),
        Step::Follow => t!(lang, "添加关注人 {}", "add {} as a follower", person(acts.follow)),
        Step::Note => t!(lang, "写内部备注“{}”", "note “{}” for agents", quoted(&acts.note)),
        Step::Reply if acts.reply == Some(ReplyType::AgentsOnly) => {
            t!(lang, "把备注“{}”放进编辑框", "put the note “{}” into the composer", quoted(words))
        }
        Step::Reply => t!(lang, "把回复“{}”放进编辑框", "put the reply “{}” into the composer", quoted(words)),
    }
}

/// Everything that a macro does; `words` are its first ones.
#[must_use]
pub fn sentence(acts: &Acts, words: &str, names: &Names, lang: Lang) -> String {
    let steps: Vec<String> = acts.steps().into_iter().map(|one| step(one, acts, words, names, lang)).collect();
    steps.join(t!(lang, "；", "; "))
}

fn quoted(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= QUOTED { line } else { format!("{}…", line.chars().take(QUOTED).collect::<String>()) }
}
