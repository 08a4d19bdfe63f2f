//! What happens in the demo: people, customers and the stories of their tickets, thrown by dice with a fixed seed so that
//! every demo is the same.

use jiff::SignedDuration;
use kernel::permission::Role;
use kernel::time::Stamp;
use ticket::model::{Priority, Status};

/// Colleagues of the super admin: name, address, role.
pub const PEOPLE: &[(&str, &str, Role)] = &[
    ("赵敏", "zhaomin", Role::FullAdmin),
    ("周航", "zhouhang", Role::TicketAdmin),
    ("沈若溪", "shenruoxi", Role::TicketAgent),
    ("李雷", "lilei", Role::TicketAgent),
    ("韩梅梅", "hanmeimei", Role::TicketAgent),
    ("唐糖", "tangtang", Role::TicketAgent),
    ("Olivia Reed", "olivia", Role::TicketAgent),
    ("Marco Rossi", "marco", Role::FullAgent),
    ("王思齐", "wangsiqi", Role::TicketAgent),
    ("陈子墨", "chenzimo", Role::FullAgent),
    ("何静", "hejing", Role::TicketAgent),
];

/// Groups and who works in them, by place in the list of agents.
pub const GROUPS: &[(&str, &[usize])] = &[("售后一组", &[2, 3, 4, 5]), ("售后二组", &[6, 9, 10, 11]), ("English team", &[7, 8])];

/// Categories, two levels.
pub const CATEGORIES: &[(&str, &[&str])] =
    &[("交易", &["支付异常", "退款"]), ("财务", &["发票", "对账"]), ("物流", &["退货", "配送"]), ("会员", &["积分", "账号"])];

/// Customers.
pub const CUSTOMERS: &[&str] = &[
    "上海澄明科技",
    "杭州拾光设计",
    "孙立",
    "徐佳慧",
    "赵一凡",
    "刘畅",
    "陈嘉木",
    "Emma Clarke",
    "高远",
    "苏晓",
    "深圳云帆贸易",
    "林知夏",
    "周予安",
    "Noah Fischer",
    "许诺",
    "北京启明教育",
    "胡一鸣",
    "宋词",
    "Lucía Gómez",
    "罗晨",
    "成都蜀道物流",
    "蒋帆",
    "温晴",
    "方圆",
    "Yuki Tanaka",
    "顾言",
    "程诺",
    "叶知秋",
    "邵阳",
    "南京梧桐文化",
    "孟夏",
    "秦川",
];

const MATTERS: &[(&str, &str, usize)] = &[
    ("支付成功但订单一直显示待付款", "昨天下午付款成功，银行已扣款，订单页面一直显示待付款，请帮忙核实。", 0),
    ("退款还没有到账", "客服说 3 个工作日到账，今天已经是第 5 天了。", 1),
    ("发票抬头开错，需要重开", "抬头应为公司全称，税号没有问题，麻烦重开一张。", 2),
    ("如何导出上一季度的对账单", "财务需要 Excel 格式的对账单，在哪里导出？", 3),
    ("退货标签在手机上打不开", "点开是空白页，换了浏览器也一样。", 4),
    ("快递三天没有更新", "物流信息停在转运中心，麻烦催一下。", 5),
    ("会员积分重复扣减", "兑换一次扣了两次积分，请退回一次。", 6),
    ("更换手机号后无法登录", "新号码收不到验证码。", 7),
    ("Refund has not arrived", "It has been ten days since you confirmed the refund. Could you check?", 1),
    ("Cannot sign in after changing my phone", "The code never reaches my new number.", 7),
];

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

    fn place(&mut self, sides: usize) -> usize {
        usize::try_from(self.throw(sides as u64)).unwrap_or(0)
    }
}

/// What happens at one moment of a story.
#[derive(Clone, Debug)]
pub enum Step {
    /// An agent creates the ticket on behalf of the customer.
    CreateByAgent,
    /// The customer writes a mail.
    CreateByMail,
    /// A ticket admin gives it to its agent.
    Assign,
    /// An internal note.
    Note(&'static str),
    /// A reply to the customer, and the status after it.
    Reply(&'static str, Status),
    /// Time passes.
    Wait,
    /// The customer rates.
    Rate(i16, &'static str),
    /// The agent closes it.
    Close,
}

/// One ticket from its beginning to its end.
#[derive(Clone, Debug)]
pub struct Story {
    /// What it is about.
    pub title: &'static str,
    /// In the customer's words.
    pub text: &'static str,
    /// Which category.
    pub category: usize,
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

/// The stories of all days, the last ones unfinished.
pub fn stories(dice: &mut Dice, begin: Stamp, days: i64) -> Vec<Story> {
    let end = begin.plus(SignedDuration::from_hours(24 * days)).minus(SignedDuration::from_mins(5));
    let mut all = Vec::new();
    for day in 0..days {
        for _ in 0..2 + dice.throw(3) {
            let minute = i64::try_from(dice.throw(600)).unwrap_or(0);
            // Office hours in Shanghai: from nine in the morning.
            let at = begin.plus(SignedDuration::from_mins(day * 1_440 + minute));
            let mut story = story(dice, at);
            story.steps.retain(|(at, _)| *at < end);
            if !story.steps.is_empty() {
                all.push(story);
            }
        }
    }
    all
}

fn story(dice: &mut Dice, at: Stamp) -> Story {
    let (title, text, category) = MATTERS[dice.place(MATTERS.len())];
    let group = if title.is_ascii() { 2 } else { dice.place(2) };
    let members = GROUPS[group].1;
    let agent = members[dice.place(members.len())];
    let mut clock = at;
    let mut later = |dice: &mut Dice, most: u64| {
        clock = clock.plus(SignedDuration::from_mins(2 + i64::try_from(dice.throw(most)).unwrap_or(0)));
        clock
    };
    let mut steps = vec![(at, if dice.throw(3) > 0 { Step::CreateByMail } else { Step::CreateByAgent })];
    steps.push((later(dice, 40), Step::Assign));
    if dice.throw(4) == 0 {
        steps.push((later(dice, 30), Step::Note("已经和财务确认，今天处理。")));
    }
    if dice.throw(3) == 0 {
        steps.push((later(dice, 120), Step::Reply("您好，我们正在核实，请您补充一下订单号。", Status::WaitingReply)));
    }
    steps.push((later(dice, 600), Step::Reply("您好，问题已经处理好了，请您确认。如有其他问题随时联系我们。", Status::Solved)));
    steps.push((later(dice, 10).plus(SignedDuration::from_mins(6)), Step::Wait));
    if dice.throw(100) < 45 {
        let score = [5, 5, 5, 5, 5, 5, 4, 4, 3, 2, 1][dice.place(11)];
        let remark = match score {
            5 if dice.throw(3) == 0 => "回复很快，谢谢！",
            1 | 2 => "等了很久才有人处理。",
            _ => "",
        };
        steps.push((later(dice, 2_000).plus(SignedDuration::from_mins(20)), Step::Rate(score, remark)));
    }
    if dice.throw(2) == 0 {
        steps.push((later(dice, 3_000).plus(SignedDuration::from_mins(30)), Step::Close));
    }
    let priority = [Priority::Low, Priority::Medium, Priority::Medium, Priority::High, Priority::Urgent][dice.place(5)];
    Story { title, text, category, customer: dice.place(CUSTOMERS.len()), group, agent, priority, steps }
}

/// The customer's mail.
#[must_use]
pub fn letter(address: &str, story: &Story, at: Stamp) -> Vec<u8> {
    let name = CUSTOMERS[story.customer % CUSTOMERS.len()];
    format!(
        "From: {name} <{address}>\r\nTo: service@demo.example\r\nSubject: {}\r\nDate: {}\r\nMessage-ID: <{}.{}@mail.example>\r\n\
         MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{}\r\n",
        story.title,
        at.0.strftime("%a, %d %b %Y %H:%M:%S +0000"),
        at.micros(),
        story.customer,
        story.text,
    )
    .into_bytes()
}

#[cfg(test)]
mod tests {
    use super::{Dice, stories};
    use kernel::time::Stamp;

    #[test]
    fn every_demo_is_the_same_and_ends_before_today() {
        let begin = Stamp("2026-08-24T01:00:00Z".parse().unwrap());
        let titles =
            |seed| stories(&mut Dice::new(seed), begin, 90).iter().map(|story| (story.title, story.steps.len())).collect::<Vec<_>>();
        assert_eq!(titles(1), titles(1));
        assert!(titles(1).len() > 200);
    }
}
