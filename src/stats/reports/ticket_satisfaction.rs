//! 工单满意度统计: the report of the release note, in its order.

use crate::metric::{AVERAGE, BAD, BAD_RATE, FAIR, FAIR_RATE, FOUR, GOOD, GOOD_RATE, INVITED, ONE, RATED, RATED_RATE, THREE, TWO, Words};
use crate::model::By;
use crate::reports::{Empty, Panel, Part, Report, Rows, Texts};
use kernel::permission::Permission;

/// 工单满意度统计.
pub static REPORT: Report = Report {
    key: "ticket_satisfaction",
    name: Words { zh: "工单满意度统计", en: "Ticket satisfaction" },
    path: "/reports/ticket-satisfaction",
    rows_path: "/reports/ticket-satisfaction/rows",
    rows: Rows::Rated,
    metrics: &[&INVITED, &RATED, &RATED_RATE, &AVERAGE, &GOOD, &GOOD_RATE, &FAIR, &FAIR_RATE, &BAD, &BAD_RATE, &FOUR, &THREE, &TWO, &ONE],
    tiles: &[&INVITED, &RATED_RATE, &AVERAGE, &GOOD_RATE, &FAIR_RATE, &BAD_RATE],
    by: By::Agent,
    sort: &RATED,
    strong: &["average", "good_rate"],
    population: &INVITED,
    whole: &RATED,
    parts: &[
        Part { metric: &GOOD, tone: 1, legend: Words { zh: "好评 5", en: "Good 5" } },
        Part { metric: &FAIR, tone: 2, legend: Words { zh: "中评 3–4", en: "Fair 3–4" } },
        Part { metric: &BAD, tone: 3, legend: Words { zh: "差评 1–2", en: "Bad 1–2" } },
    ],
    panel: Some(Panel {
        id: "average",
        metric: &AVERAGE,
        bounds: &[(3.0, 5.0), (1.0, 5.0)],
        daily: Words { zh: "平均分，7 日滑动", en: "Average, over 7 days" },
        weekly: Words { zh: "平均分，按周", en: "Average, by week" },
        said: Words { zh: "平均分", en: "the average" },
        nothing: Words { zh: "折线图：还没有评价", en: "Line: no ratings yet" },
    }),
    spread: None,
    bridge: None,
    empty: Empty {
        icon: "smile",
        title: Words { zh: "这段时间没有邀评", en: "No invitations in these days" },
        text: Words {
            zh: "工单结束后自动请客户评价，评价和比率会出现在这里。",
            en: "Customers are asked for a rating when their ticket ends; ratings and rates appear here.",
        },
        action: Some((Permission::SatisfactionManage, "/settings/satisfaction", Words { zh: "设置何时邀评", en: "Choose when to invite" })),
        filtered: Words { zh: "这些筛选下没有邀评", en: "No invitations match the filter" },
    },
    texts: Texts {
        bar: Words { zh: "好 / 中 / 差", en: "Good / fair / bad" },
        daily: Words { zh: "每日邀评收到的好中差评", en: "Ratings by the day of their invitation" },
        weekly: Words { zh: "每周邀评收到的好中差评", en: "Ratings by the week of their invitation" },
        counted: Words { zh: "次评价", en: "ratings" },
        attribution: Words {
            zh: "归属以邀评时的客服和受理组为准，之后改派不影响。",
            en: "Agent and group are those of the invitation; a later reassignment changes nothing. ",
        },
        moment: Words { zh: "按邀评时间", en: "by time of invitation" },
        order: Words { zh: "张，按邀评时间从新到旧", en: "tickets, latest invitation first" },
    },
};
