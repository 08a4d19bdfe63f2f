//! What happens in the demo: the stories of its tickets, thrown by dice with a fixed seed so that every demo is the same.

use super::words::{BY_PHONE, CUSTOMERS, CUSTOMERS_ABROAD, GROUPS, MATTERS, Matter};
use jiff::SignedDuration;
use kernel::time::Stamp;
use ticket::model::{Priority, Status};

/// Minutes of a working day, from nine in the morning.
const WORKDAY: i64 = 10 * 60;
const DAY: i64 = 24 * 60;

/// Dice with a seed: a demo is the same every time.
pub struct Dice(u64);

impl Dice {
    /// Dice with this seed.
    #[must_use]
    pub const fn new(seed: u64) -> Dice {
        Dice(seed)
    }

    /// A number below `sides`.
    pub fn throw(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }

    /// A place in a list of so many.
    pub fn place(&mut self, sides: usize) -> usize {
        usize::try_from(self.throw(sides as u64)).unwrap_or(0)
    }

    fn minutes(&mut self, most: u64) -> i64 {
        i64::try_from(self.throw(most)).unwrap_or(0)
    }
}

/// What happens at one moment of a story.
#[derive(Clone, Copy, Debug)]
pub enum Step {
    /// An agent creates the ticket on behalf of the customer.
    CreateByAgent,
    /// The customer writes a mail.
    CreateByMail,
    /// A ticket admin gives it to its group, and to its agent unless the group is to pick it up.
    Assign {
        /// Whether an agent is named.
        named: bool,
    },
    /// An internal note.
    Note(&'static str),
    /// A reply to the customer, and the status after it.
    Reply(&'static str, Status),
    /// The customer answers the last reply by mail.
    Answer(&'static str),
    /// Time passes: what became due happens, such as a delayed invitation.
    Wait,
    /// The customer rates, with the first reason of that level ticked when `true`.
    Rate(i16, &'static str, bool),
    /// The agent closes it.
    Close,
}

/// One ticket from its beginning to its end.
#[derive(Clone, Debug)]
pub struct Story {
    /// What it is about.
    pub matter: &'static Matter,
    /// Which customer.
    pub customer: usize,
    /// Which group.
    pub group: usize,
    /// Which agent handles it, a member of the group.
    pub agent: usize,
    /// How soon.
    pub priority: Priority,
    /// What happens when.
    pub steps: Vec<(Stamp, Step)>,
}

/// The stories between two moments. `begin` is nine in the morning of a Monday; what would
/// happen after `end` has not happened yet, and of the last days some tickets wait for somebody to begin.
pub fn stories(dice: &mut Dice, begin: Stamp, end: Stamp) -> Vec<Story> {
    let days = end.since(begin).as_hours() / 24;
    let mut all = Vec::new();
    for day in 0..=days {
        let (least, most) = if day % 7 >= 5 { (1, 2) } else { (2, 3) };
        for _ in 0..least + dice.throw(most) + u64::from(days - day < 4) {
            let at = begin.plus(SignedDuration::from_mins(day * DAY + dice.minutes(WORKDAY.unsigned_abs())));
            let left = days - day;
            let mut story = story(dice, begin, at);
            if left < 6 && dice.throw(6) >= left.unsigned_abs() {
                // Some of it is the super admin's, who is the one that looks around.
                if story.group == 0 && dice.throw(2) == 0 {
                    story.agent = 0;
                }
                let untouched = dice.place(5);
                story.steps.truncate(1 + untouched);
                if let (1, Some((_, Step::Assign { named }))) = (untouched, story.steps.last_mut()) {
                    *named = false;
                }
            }
            story.steps.retain(|(at, _)| *at < end);
            if !story.steps.is_empty() {
                all.push(story);
            }
        }
    }
    all
}

fn story(dice: &mut Dice, begin: Stamp, at: Stamp) -> Story {
    let matter = &MATTERS[dice.place(MATTERS.len())];
    let (group, customer) = if matter.is_english {
        (2, CUSTOMERS.len() + dice.place(CUSTOMERS_ABROAD.len()))
    } else {
        (dice.place(2), dice.place(CUSTOMERS.len()))
    };
    let members = GROUPS[group].1;
    let agent = members[dice.place(members.len())];
    let mut clock = at;
    let mut later = |dice: &mut Dice, least: i64, most: u64, at_work: bool| {
        clock = clock.plus(SignedDuration::from_mins(least + dice.minutes(most)));
        let minute = clock.since(begin).as_mins() % DAY;
        if at_work && minute > WORKDAY {
            clock = clock.plus(SignedDuration::from_mins(DAY - minute + dice.minutes(50)));
        }
        clock
    };
    let by_mail = dice.throw(3) > 0 && customer != BY_PHONE;
    let mut steps = vec![(at, if by_mail { Step::CreateByMail } else { Step::CreateByAgent })];
    steps.push((later(dice, 2, 40, true), Step::Assign { named: true }));
    if dice.throw(4) == 0 {
        steps.push((later(dice, 3, 30, true), Step::Note(matter.note)));
    }
    if dice.throw(2) == 0 {
        steps.push((later(dice, 5, 120, true), Step::Reply(matter.question, Status::WaitingReply)));
        steps.push((later(dice, 10, 400, false), Step::Answer(matter.answer)));
    }
    steps.push((later(dice, 10, 500, true), Step::Reply(matter.solution, Status::Solved)));
    steps.push((later(dice, 6, 4, false), Step::Wait));
    if dice.throw(100) < 55 {
        let score = [5, 5, 5, 5, 5, 5, 4, 4, 3, 2, 1][dice.place(11)];
        let remark = match score {
            5 if dice.throw(3) == 0 => ["回复很快，谢谢！", "Solved within a day, thank you."][usize::from(matter.is_english)],
            1 | 2 => ["等了很久才有人处理。", "I waited far too long for an answer."][usize::from(matter.is_english)],
            _ => "",
        };
        steps.push((later(dice, 20, 2_000, false), Step::Rate(score, remark, dice.throw(3) > 0)));
    }
    if dice.throw(2) == 0 {
        steps.push((later(dice, 30, 3_000, true), Step::Close));
    }
    let priority = [Priority::Low, Priority::Medium, Priority::Medium, Priority::High, Priority::Urgent][dice.place(5)];
    Story { matter, customer, group, agent, priority, steps }
}

/// A customer's mail; an answer names the mail it answers.
#[derive(Clone, Copy, Debug)]
pub struct Letter<'a> {
    /// The sender's name.
    pub name: &'a str,
    /// The sender's address.
    pub address: &'a str,
    /// The subject.
    pub subject: &'a str,
    /// The words.
    pub text: &'a str,
    /// The message id that it answers, without angle brackets.
    pub answers: Option<&'a str>,
    /// Written at.
    pub at: Stamp,
    /// A further head line, complete with its end.
    pub head: &'a str,
}

impl Letter<'_> {
    /// As it travels.
    #[must_use]
    pub fn raw(&self) -> Vec<u8> {
        let address = self.address;
        let answers = self.answers.map(|id| format!("In-Reply-To: <{id}>\r\nReferences: <{id}>\r\n")).unwrap_or_default();
        format!(
            "From: {} <{address}>\r\nTo: service@demo.example\r\nSubject: {}\r\nDate: {}\r\nMessage-ID: <{}.{address}>\r\n{answers}{}\
             MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{}\r\n",
            self.name,
            self.subject,
            self.at.0.strftime("%a, %d %b %Y %H:%M:%S +0000"),
            self.at.micros(),
            self.head,
            self.text,
        )
        .into_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::{Dice, Step, stories};
    use kernel::time::Stamp;

    #[test]
    fn every_demo_is_the_same_ends_before_today_and_leaves_work_to_do() {
        let begin = Stamp("2026-08-24T01:00:00Z".parse().unwrap());
        let end = Stamp("2026-11-22T06:00:00Z".parse().unwrap());
        let told = |seed| stories(&mut Dice::new(seed), begin, end);
        let titles = |seed| told(seed).iter().map(|story| (story.matter.title, story.steps.len())).collect::<Vec<_>>();
        assert_eq!(titles(1), titles(1));
        assert!(titles(1).len() > 150);
        assert!(told(1).iter().flat_map(|story| &story.steps).all(|(at, _)| *at < end));
        let unassigned = told(1).iter().filter(|story| !story.steps.iter().any(|(_, step)| matches!(step, Step::Assign { .. }))).count();
        assert!((2..40).contains(&unassigned), "{unassigned} tickets wait for somebody");
    }
}
