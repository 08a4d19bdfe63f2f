//! Where calls are told: a company with a switch, two groups, three agents and a supervisor, who play the stories.

use crate::tests::app::TestApp;
use call::model::switch::{SwitchInput, SwitchKind};
use call::story::{self, Cast};
use kernel::ctx::Ctx;
use kernel::id::{AgentId, GroupId, SwitchId};
use kernel::lang::Lang;
use kernel::permission::Role;
use stats::figure::Sums;
use stats::model::ReportQuery;
use stats::queries;
use stats::report::Filter;
use stats::reports::Report;

/// Who plays.
pub(super) struct Hall {
    pub(super) test: TestApp,
    pub(super) admin: Ctx,
    pub(super) cast: Cast,
    switch: SwitchId,
}

impl Hall {
    pub(super) async fn new() -> Hall {
        let test = TestApp::new().await;
        let admin = test.admin().await;
        let input = SwitchInput { name: "模拟".to_owned(), kind: Some(SwitchKind::Simulated), enabled: true, ..Default::default() };
        let switch = call::commands::save(&admin, input).await.expect("a switch");
        let company = test.company;
        test.tamper(format!(
            "insert into groups (company_id, id, kind, name, created_at)
                select '{company}', gen_random_uuid(), 2, n, now() from unnest(array['售前组', '售后组']) n"
        ))
        .await;
        let group = async |name: &str| test.ask::<GroupId>(format!("select id from groups where name = '{name}'")).await;
        let groups = [group("售前组").await, group("售后组").await];
        let mut agents = [AgentId(uuid::Uuid::nil()); 4];
        for (agent, (letter, name)) in agents.iter_mut().zip([("a", "李雷"), ("b", "周航"), ("c", "林悦"), ("m", "班长")]) {
            *agent = test.new_agent(&format!("{letter}@example.com"), name, Role::CallAgent, Vec::new()).await;
        }
        let cast = Cast { agents, groups, ..Cast::default() };
        Hall { test, admin, cast, switch }
    }

    /// Plays the story of this Chinese name; it began so many minutes ago.
    pub(super) async fn play(&self, name: &str, minutes_ago: i64) {
        let stories = story::all();
        let story = stories.iter().find(|story| story.name(Lang::Zh) == name).unwrap_or_else(|| panic!("there is a story {name}"));
        let at = self.admin.now().micros() / 1000 - minutes_ago * 60_000;
        let call = format!("{name}-{minutes_ago}");
        let told = story.played(&call, at, &self.cast);
        let system = self.test.system().await;
        call::commands::take::take(&system, self.switch, &told).await.expect("it is taken");
    }

    pub(super) fn filter(&self, report: &Report, query: &ReportQuery) -> Filter {
        Filter::strict(query, report, self.admin.now().date(&self.admin.zone)).expect("a filter")
    }

    /// What a report comes to in all.
    pub(super) async fn total(&self, report: &'static Report) -> Sums {
        let asked = self.filter(report, &ReportQuery::default());
        queries::table::table(&self.admin, report, asked).await.expect("a table").total
    }

    /// What it comes to for one agent; nothing at all without a line.
    pub(super) async fn of_agent(&self, report: &'static Report, at: usize) -> Sums {
        let query = ReportQuery { agent: self.cast.agents[at].to_string(), ..ReportQuery::default() };
        queries::table::table(&self.admin, report, self.filter(report, &query)).await.expect("a table").total
    }
}
