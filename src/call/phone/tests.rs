//! Pure tests of the phone bar and of the simulated switch's engine.

use super::bar::{acts, on_click, state, supervising};
use super::scene::{Scene, Stage};
use crate::model::event::{Direction, Happening, Party, Purpose, SwitchEvent};
use crate::model::phone::{Act, Panel, PhoneState};
use crate::model::{AnswerWay, BusinessLine, CallType, Ender, TransferFlag};
use crate::simulated::engine;
use crate::simulated::script::Step;
use identity::model::AgentState;
use kernel::id::{AgentId, GroupId};
use proptest::prelude::{any, prop_assert, prop_assert_eq, proptest};
use uuid::Uuid;

const A: AgentId = AgentId(Uuid::from_u128(1));
const B: AgentId = AgentId(Uuid::from_u128(2));
const M: AgentId = AgentId(Uuid::from_u128(3));

fn phone(agent: AgentId, group: Option<GroupId>) -> Party {
    Party::Agent { agent, group, way: AnswerWay::Web }
}

/// A call as the simulated switch would keep it: five seconds between two buttons.
struct Line {
    events: Vec<SwitchEvent>,
    now: i64,
}

impl Line {
    /// The customer calls A.
    fn inbound() -> Line {
        let mut line = Line { events: Vec::new(), now: 0 };
        line.tell(vec![
            Happening::Started {
                direction: Direction::Inbound,
                caller: "13800138000".to_owned(),
                callee: "4000000000".to_owned(),
                shown: "4000000000".to_owned(),
                line: BusinessLine::CallCenter,
                task: None,
            },
            Happening::Dialled { leg: "1".to_owned(), party: phone(A, None), purpose: Purpose::Reception, from: None },
            Happening::Ringing { leg: "1".to_owned() },
        ]);
        line
    }

    fn scene(&self) -> Scene {
        Scene::of(&self.events).expect("it began")
    }

    fn tell(&mut self, happenings: Vec<Happening>) {
        self.now += 5_000;
        for what in happenings {
            self.now += 1;
            let id = format!("{:04}", self.events.len());
            self.events.push(SwitchEvent { id, call: "call".to_owned(), at: self.now, what });
        }
    }

    fn press(&mut self, who: AgentId, act: Act) -> &mut Line {
        let happenings = engine::press(&self.scene(), who, act).unwrap_or_else(|| panic!("{act} is possible"));
        self.tell(happenings);
        self
    }

    fn ask(&mut self, who: AgentId, act: Act, party: Party) -> &mut Line {
        let leg = (self.scene().limbs.len() + 1).to_string();
        let happenings = engine::ask(&self.scene(), who, act, party, leg).unwrap_or_else(|| panic!("{act} is possible"));
        self.tell(happenings);
        self
    }

    fn supervise(&mut self, act: Act) -> &mut Line {
        let leg = (self.scene().limbs.len() + 1).to_string();
        let happenings = engine::supervise(&self.scene(), &phone(M, None), A, act, leg).unwrap_or_else(|| panic!("{act} is possible"));
        self.tell(happenings);
        self
    }

    /// Type, hang-up side and transfer flag of each record (F§3.3).
    fn records(&self) -> Vec<(CallType, Option<Ender>, TransferFlag)> {
        let call = crate::state::call(&self.events).expect("it began");
        call.legs.iter().map(|leg| (leg.call_type, leg.ender, leg.transfer)).collect()
    }

    fn states(&self) -> [Option<PhoneState>; 3] {
        [A, B, M].map(|agent| state(&self.scene(), agent))
    }
}

#[test]
fn a_click_on_the_state_switches_it_only_while_the_panel_is_collapsed_and_the_agent_not_offline() {
    for chosen in AgentState::ALL {
        assert_eq!(on_click(*chosen, Panel::Expanded), None, "{chosen}");
        let next = match chosen {
            AgentState::Offline => None,
            AgentState::Available => Some(AgentState::Busy),
            _ => Some(AgentState::Available),
        };
        assert_eq!(on_click(*chosen, Panel::Collapsed), next, "{chosen}");
    }
}

#[test]
fn a_transfer_that_is_confirmed_makes_two_records_and_the_bar_says_each_step() {
    let mut line = Line::inbound();
    assert_eq!(line.states()[0], Some(PhoneState::InboundRing));
    line.press(A, Act::Answer);
    assert_eq!(acts(&line.scene(), A), [Act::Hold, Act::Transfer, Act::Consult, Act::HangUp]);
    line.ask(A, Act::Transfer, phone(B, None));
    assert_eq!(line.states(), [Some(PhoneState::Transferring), Some(PhoneState::TransferRing), None]);
    line.press(B, Act::Answer);
    assert_eq!(line.states(), [Some(PhoneState::ConsultTalk), Some(PhoneState::ConsultedTalk), None]);
    assert_eq!(acts(&line.scene(), A), [Act::Confirm, Act::ThreeWay, Act::Cancel, Act::HangUp]);
    line.press(A, Act::Confirm);
    assert_eq!(line.states(), [None, Some(PhoneState::InboundTalk), None]);
    line.press(B, Act::HangUp);
    assert_eq!(
        line.records(),
        [
            (CallType::Inbound, Some(Ender::Transfer), TransferFlag::Transferred),
            (CallType::TransferAgent, Some(Ender::Agent), TransferFlag::None),
        ]
    );
}

#[test]
fn a_transfer_to_a_group_needs_no_confirmation() {
    let mut line = Line::inbound();
    let group = GroupId(Uuid::from_u128(9));
    line.press(A, Act::Answer).ask(A, Act::Transfer, phone(B, Some(group))).press(B, Act::Answer);
    assert_eq!(line.states(), [None, Some(PhoneState::InboundTalk), None]);
    assert_eq!(line.records()[1].0, CallType::TransferAgent);
}

#[test]
fn a_consultation_becomes_a_three_way_call_and_goes_on_without_whoever_leaves() {
    let mut line = Line::inbound();
    line.press(A, Act::Answer).ask(A, Act::Consult, phone(B, None));
    assert_eq!(line.states(), [Some(PhoneState::ConsultCalling), Some(PhoneState::ConsultRing), None]);
    line.press(B, Act::Answer).press(A, Act::ThreeWay);
    assert_eq!(line.states(), [Some(PhoneState::ThreeWay), Some(PhoneState::ThreeWayInvited), None]);
    line.press(A, Act::HangUp);
    assert_eq!(line.states(), [None, Some(PhoneState::InboundTalk), None]);
    assert!(acts(&line.scene(), B).contains(&Act::Transfer), "B has the customer");
    line.press(B, Act::HangUp);
    assert!(line.scene().is_over);
}

#[test]
fn a_supervisor_monitors_barges_in_and_disconnects() {
    let mut line = Line::inbound();
    assert!(supervising(&line.scene(), M, A).is_empty(), "nobody talks yet");
    line.press(A, Act::Answer).supervise(Act::Monitor);
    assert_eq!(line.states(), [Some(PhoneState::Monitored), None, Some(PhoneState::Monitoring)]);
    assert_eq!(supervising(&line.scene(), M, A), [Act::Force], "who monitors a call may cut it off");
    line.press(M, Act::Barge);
    assert_eq!(line.states(), [Some(PhoneState::Barged), None, Some(PhoneState::Barging)]);
    line.press(M, Act::HangUp).supervise(Act::Force);
    assert!(line.scene().is_over);
    let records = line.records();
    assert_eq!(records[0], (CallType::Inbound, Some(Ender::Forced), TransferFlag::None));
    let types: Vec<CallType> = records.iter().map(|record| record.0).collect();
    assert_eq!(types, [CallType::Inbound, CallType::Monitor, CallType::Barge, CallType::Forced]);
}

#[test]
fn a_third_party_answers_and_has_the_customer() {
    let mut line = Line::inbound();
    line.press(A, Act::Answer).ask(A, Act::Transfer, Party::Third { number: "02161234567".to_owned() });
    for step in [Step::Ring, Step::Answer] {
        let happenings = engine::outside(&line.scene(), "2", step).expect("it is being called");
        line.tell(happenings);
    }
    assert_eq!(line.states()[0], None);
    assert_eq!(line.records()[1].0, CallType::TransferThird);
}

proptest! {
    /// Whatever is pressed by whom, and whenever phones ring out: a button that is shown works, one that is not shown does
    /// nothing, and the buttons fit together.
    #[test]
    fn from_any_sequence_the_buttons_that_are_shown_are_those_that_work(presses in proptest::collection::vec(any::<(u8, u8)>(), 0..24)) {
        let mut line = Line::inbound();
        for (who, what) in presses {
            let scene = line.scene();
            for agent in [A, B, M] {
                let shown = acts(&scene, agent);
                prop_assert_eq!(scene.limb_of(agent).is_some() && !scene.is_over, !shown.is_empty());
                prop_assert_eq!(scene.limb_of(agent).is_some(), state(&scene, agent).is_some());
                prop_assert!(shown.is_empty() || shown.last() == Some(&Act::HangUp));
                prop_assert!(!(shown.contains(&Act::Hold) && shown.contains(&Act::Resume)));
                prop_assert!(!shown.contains(&Act::Confirm) || shown.contains(&Act::Cancel));
                prop_assert!(!shown.contains(&Act::Answer) || shown.len() == 2);
                for act in Act::ALL {
                    let works = match act {
                        Act::Transfer | Act::Consult => {
                            engine::ask(&scene, agent, *act, Party::Third { number: "1".to_owned() }, "x".to_owned()).is_some()
                        }
                        Act::Dial | Act::Monitor => false,
                        _ => engine::press(&scene, agent, *act).is_some(),
                    };
                    prop_assert_eq!(works, shown.contains(act), "{} of {:?} in {:?}", act, agent, &scene);
                }
            }
            let holders = scene.limbs.iter().filter(|limb| limb.stage == Stage::Talking && scene.is_holder(limb)).count();
            prop_assert!(holders <= 1, "one has the customer: {:?}", &scene);
            let agent = [A, B, M][usize::from(who % 3)];
            let leg = (scene.limbs.len() + 1).to_string();
            let act = Act::ALL[usize::from(what) % Act::ALL.len()];
            let free = |agent: AgentId| scene.limb_of(agent).is_none();
            let happened = match act {
                Act::Transfer | Act::Consult if free(B) && what > 60 => engine::ask(&scene, agent, act, phone(B, None), leg),
                Act::Transfer | Act::Consult => engine::ask(&scene, agent, act, Party::Third { number: "1".to_owned() }, leg),
                Act::Monitor => engine::supervise(&scene, &phone(M, None), agent, Act::Monitor, leg),
                Act::Dial => scene.limbs.last().and_then(|limb| {
                    engine::outside(&scene, &limb.name, Step::Answer).or_else(|| engine::ring_out(&scene, &limb.name))
                }),
                act => engine::press(&scene, agent, act),
            };
            if let Some(happened) = happened {
                line.tell(happened);
            }
        }
    }
}
