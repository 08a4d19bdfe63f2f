//! 工单满意度统计: the report of the release note, in its order.

use crate::metric::{AVERAGE, BAD, BAD_RATE, FAIR, FAIR_RATE, FOUR, GOOD, GOOD_RATE, INVITED, ONE, RATED, RATED_RATE, THREE, TWO, Words};
use crate::reports::Report;

/// 工单满意度统计.
pub static REPORT: Report = Report {
    key: "ticket_satisfaction",
    name: Words { zh: "工单满意度统计", en: "Ticket satisfaction" },
    path: "/reports/ticket-satisfaction",
    metrics: &[&INVITED, &RATED, &RATED_RATE, &AVERAGE, &GOOD, &GOOD_RATE, &FAIR, &FAIR_RATE, &BAD, &BAD_RATE, &FOUR, &THREE, &TWO, &ONE],
    tiles: &[&INVITED, &RATED_RATE, &AVERAGE, &GOOD_RATE, &FAIR_RATE, &BAD_RATE],
    sort: &RATED,
};
