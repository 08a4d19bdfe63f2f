//! 通话: events in whichever order and portions come to the records of their story, in the database and over HTTP.

mod intake;
mod quarantine;
mod storage;

use crate::tests::app::TestApp;
use call::model::event::SwitchEvent;
use call::model::switch::{SwitchInput, SwitchKind};
use call::story::{Cast, Story, all};
use kernel::ctx::Ctx;
use kernel::id::{AgentId, GroupId, SwitchId};
use kernel::lang::Lang;
use kernel::permission::Role;

/// A company with a switch and the people of the stories.
struct Exchange {
    test: TestApp,
    admin: Ctx,
    switch: SwitchId,
    cast: Cast,
}

impl Exchange {
    async fn new() -> Exchange {
        let test = TestApp::new().await;
        let admin = test.admin().await;
        let mut agents: Vec<AgentId> = Vec::new();
        for name in ["李雷", "王芳", "张伟", "班长"] {
            agents.push(test.new_agent(&format!("{}@example.com", agents.len()), name, Role::CallAgent, Vec::new()).await);
        }
        let mut groups: Vec<GroupId> = Vec::new();
        for name in ["售前", "售后"] {
            let input = identity::model::company::GroupInput { name: name.to_owned(), ..Default::default() };
            groups.push(identity::commands::group::create(&admin, input).await.expect("a group"));
        }
        let cast = Cast {
            agents: agents.try_into().expect("four"),
            groups: groups.try_into().expect("two"),
            ..Cast::default()
        };
        let switch = switch(&admin, "总机").await;
        Exchange { test, admin, switch, cast }
    }

    /// A story that happens now, as a call of this name.
    fn play(&self, story: &str, call: &str) -> Vec<SwitchEvent> {
        let now = self.test.app.clock.now().micros() / 1000;
        named(story).played(call, now, &self.cast)
    }

    /// The records of a call: everything but its ids.
    async fn records(&self, call: &str) -> Vec<String> {
        let sql = format!(
            "select concat_ws(' ', l.name, l.place, l.call_type, l.result, l.ender, l.ring_ms, l.talk_ms, l.hold_ms, l.hold_count, l.queue_ms,
                l.queue_state, l.transfer_flag, l.transfer_count, l.consult_count, l.is_three_way, l.agent_name, l.group_id, l.answer_way,
                l.other_number, l.recording_ms, l.satisfy_key, f.name, l.started_at, l.rang_at, l.answered_at, l.ended_at, c.ended_at)
            from calls c
            join call_legs l on l.company_id = c.company_id and l.call_id = c.id
            left join call_legs f on f.company_id = l.company_id and f.call_id = l.call_id and f.id = l.from_leg_id
            where c.call_key = '{call}'
            order by l.place"
        );
        self.test.list(sql).await
    }

    /// The ledger of a call.
    async fn ledger(&self, call: &str) -> Vec<String> {
        let sql = format!(
            "select concat_ws(' ', s.place, l.name, s.who, s.agent_id, s.bucket, s.from_at, s.to_at)
            from calls c
            join call_stretches s on s.company_id = c.company_id and s.call_id = c.id
            left join call_legs l on l.company_id = s.company_id and l.call_id = s.call_id and l.id = s.leg_id
            where c.call_key = '{call}'
            order by s.place"
        );
        self.test.list(sql).await
    }

    /// What others were told.
    async fn told(&self) -> Vec<String> {
        self.test.list("select kind from events where kind like 'call\\_%' order by created_at, id").await
    }
}

/// A switch that speaks HTTP.
async fn switch(ctx: &Ctx, name: &str) -> SwitchId {
    let input = SwitchInput { name: name.to_owned(), kind: Some(SwitchKind::Http), enabled: true, ..SwitchInput::default() };
    call::commands::save(ctx, input).await.expect("a switch")
}

/// The story of this name.
fn named(name: &str) -> Story {
    all().into_iter().find(|story| story.name(Lang::Zh) == name).expect("there is one")
}
