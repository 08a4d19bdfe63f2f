//! What can be chosen: agents, groups, categories; and the fields of forms that post by GET.

use crate::queries::category::{self, Category};
use identity::model::{AgentOption, GroupKind, GroupOption};
use kernel::ctx::Ctx;
use kernel::error::Result;
use kernel::id::AgentId;
use leptos::prelude::*;

/// Everything the selects of tickets offer.
#[derive(Clone, Debug, Default)]
pub(crate) struct Choices {
    pub agents: Vec<AgentOption>,
    pub groups: Vec<GroupOption>,
    pub categories: Vec<Category>,
}

impl Choices {
    pub(crate) async fn load(ctx: &Ctx) -> Result<Choices> {
        let mut tx = ctx.read().await?;
        Ok(Choices {
            agents: identity::queries::agent_options(&mut tx).await?,
            groups: identity::queries::group_options(&mut tx, GroupKind::Ticket).await?,
            categories: category::tree(&mut tx).await?,
        })
    }

    /// Agents that can be given work: the actor first.
    pub(crate) fn agents(&self, ctx: &Ctx, words_for_me: &str) -> Vec<(String, String)> {
        let me = ctx.actor.agent();
        let mine = self
            .agents
            .iter()
            .filter(|agent| Some(agent.id) == me)
            .map(|agent| (agent.id.to_string(), format!("{} {words_for_me}", agent.name)));
        let others = self
            .agents
            .iter()
            .filter(|agent| Some(agent.id) != me && agent.enabled)
            .map(|agent| (agent.id.to_string(), agent.name.clone()));
        mine.chain(others).collect()
    }

    /// The same, and the one who has it now, who may not be enabled any more.
    pub(crate) fn agents_and(&self, ctx: &Ctx, words_for_me: &str, present: Option<AgentId>) -> Vec<(String, String)> {
        let mut options = self.agents(ctx, words_for_me);
        let missing =
            self.agents.iter().find(|agent| Some(agent.id) == present && !options.iter().any(|(id, _)| *id == agent.id.to_string()));
        options.extend(missing.map(|agent| (agent.id.to_string(), agent.name.clone())));
        options
    }

    /// Groups.
    pub(crate) fn groups(&self) -> Vec<(String, String)> {
        self.groups.iter().map(|group| (group.id.to_string(), group.name.clone())).collect()
    }

    /// Categories that tickets can take, as paths.
    pub(crate) fn leaves(&self) -> Vec<(String, String)> {
        self.categories
            .iter()
            .filter(|category| category.is_leaf)
            .map(|category| (category.id.to_string(), spaced(&category.path)))
            .collect()
    }

    /// Every category, as paths: a list takes everything below it.
    pub(crate) fn branches(&self) -> Vec<(String, String)> {
        self.categories.iter().map(|category| (category.id.to_string(), spaced(&category.path))).collect()
    }
}

/// `交易 / 支付异常`.
pub(crate) fn spaced(path: &str) -> String {
    path.replace('/', " / ")
}

/// The words of a value among options.
pub(crate) fn words_of(options: &[(String, String)], value: &str) -> Option<String> {
    options.iter().find(|(option, _)| option == value).map(|(_, words)| words.clone())
}

/// A labelled select of a form that posts by GET, whose fields carry their plain names.
pub(crate) fn select(
    name: &'static str,
    id: String,
    label: String,
    empty: String,
    options: Vec<(String, String)>,
    chosen: &str,
) -> AnyView {
    let options = ui::option::options(core::iter::once((String::new(), empty)).chain(options), chosen);
    view! { <div class="field"><label for=id.clone()>{label}</label><select class="input" id=id name=name>{options}</select></div> }
        .into_any()
}
