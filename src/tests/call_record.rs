//! 通话记录: who sees which, what a page says of a call, numbers, recordings, summaries, files.

mod filter;
mod owner;
mod page;
mod recording;
mod seen;
mod summary;

use crate::tests::app::TestApp;
use call::commands::take::{Outcome, take};
use call::model::BusinessLine;
use call::story::{Cast, Story, all};
use jiff::SignedDuration;
use kernel::ctx::Ctx;
use kernel::id::{AgentId, CallId, CustomerId, GroupId, SwitchId};
use kernel::lang::Lang;
use kernel::permission::Role;
use uuid::Uuid;

/// The beginning of a sound file, and bytes that can be told apart.
pub(super) const SOUND: &[u8] = b"RIFF$\0\0\0WAVEfmt 0123456789abcdefghijklmnopqrstuvwxyz";

/// A company with phones: A, B and C are agents, M is the supervisor; a customer whose number is known.
pub(super) struct Phones {
    pub(super) test: TestApp,
    pub(super) admin: Ctx,
    pub(super) cast: Cast,
    pub(super) customer: CustomerId,
}

impl Phones {
    pub(super) async fn new() -> Phones {
        Phones::of(TestApp::new().await).await
    }

    /// The same in a program that was started in another way.
    pub(super) async fn of(test: TestApp) -> Phones {
        let admin = test.admin().await;
        let mut agents = Vec::new();
        for (letter, name) in [("a", "李雷"), ("b", "周航"), ("c", "沈若溪")] {
            agents.push(test.new_agent(&format!("{letter}@example.com"), name, Role::CallAgent, Vec::new()).await);
        }
        agents.push(test.new_agent("m@example.com", "赵敏", Role::CallAdmin, Vec::new()).await);
        let groups = [Uuid::from_u128(0x51), Uuid::from_u128(0x52)];
        for (number, group) in groups.iter().enumerate() {
            let company = test.company;
            test.tamper(format!(
                "insert into groups (company_id, id, kind, name, created_at) values ('{company}', '{group}', 2, '热线{number}', now())"
            ))
            .await;
        }
        let he = customer::model::CustomerInput {
            nickname: "何静".to_owned(),
            phones: "13800138000".to_owned(),
            ..customer::model::CustomerInput::default()
        };
        let customer = customer::commands::create(&admin, he).await.expect("a customer");
        let agents: [AgentId; 4] = agents.try_into().expect("four agents");
        let cast = Cast { agents, groups: groups.map(GroupId), ..Cast::default() };
        Phones { test, admin, cast, customer }
    }

    /// Plays a story some minutes before now; the call it comes to.
    pub(super) async fn play(&self, story: &Story, minutes: i64) -> CallId {
        self.play_as(story, minutes, &self.cast).await
    }

    /// The same with other people.
    pub(super) async fn play_as(&self, story: &Story, minutes: i64, cast: &Cast) -> CallId {
        let key = format!("{}-{minutes}", story.name(Lang::En));
        let at = self.admin.now().minus(SignedDuration::from_mins(minutes)).micros() / 1_000;
        let system = self.test.system().await;
        let outcomes = take(&system, SwitchId(Uuid::from_u128(0x5)), &story.played(&key, at, cast)).await.expect("taken");
        assert!(!outcomes.iter().any(|outcome| matches!(outcome, Outcome::Refused(..))), "{key}: {outcomes:?}");
        CallId(self.test.ask(format!("select id from calls where call_key = '{}'", key.replace('\'', "''"))).await)
    }

    /// Plays a story by its name.
    pub(super) async fn play_named(&self, name: &str, minutes: i64) -> CallId {
        self.play(&story(name), minutes).await
    }

    /// Plays every story, one an hour back from now; in the order of the stories.
    pub(super) async fn play_all(&self) -> Vec<CallId> {
        let mut calls = Vec::new();
        for (minutes, story) in (1..).zip(all()) {
            calls.push(self.play(&story, minutes * 60).await);
        }
        calls
    }
}

/// The story with this Chinese name.
pub(super) fn story(name: &str) -> Story {
    all().into_iter().find(|story| story.name(Lang::Zh) == name).unwrap_or_else(|| panic!("no story {name}"))
}

/// Both lines.
pub(super) const LINES: [BusinessLine; 2] = [BusinessLine::CallCenter, BusinessLine::Telemarketing];
