//! 由其他数得出: counts that are not counted again, since others that are counted anyway tell them. A row stands in one of
//! the parts or in none, and what a number opens is still its own predicate: a test counts both ways.

use super::sla::{
    FIRST, FIRST_DONE, FIRST_LATE, FIRST_MET, FIRST_OVERDUE, FIRST_WAITING, NEXT_DONE, NEXT_LATE, NEXT_MET, SOLVE_DONE, SOLVE_LATE,
    SOLVE_MET, SOLVE_OVERDUE,
};
use super::{BAD, FAIR, FOUR, GOOD, Metric, ONE, RATED, SCORES, THREE, TWO};

/// A part, and how often it counts.
type Parts = &'static [(&'static Metric, i64)];

/// Each such number with its parts.
static MADE: &[(&Metric, Parts)] = &[
    (&RATED, &[(&GOOD, 1), (&FOUR, 1), (&THREE, 1), (&TWO, 1), (&ONE, 1)]),
    (&SCORES, &[(&GOOD, 5), (&FOUR, 4), (&THREE, 3), (&TWO, 2), (&ONE, 1)]),
    (&FAIR, &[(&FOUR, 1), (&THREE, 1)]),
    (&BAD, &[(&TWO, 1), (&ONE, 1)]),
    (&FIRST, &[(&FIRST_MET, 1), (&FIRST_LATE, 1), (&FIRST_WAITING, 1), (&FIRST_OVERDUE, 1)]),
    (&FIRST_DONE, &[(&FIRST_MET, 1), (&FIRST_LATE, 1), (&FIRST_OVERDUE, 1)]),
    (&SOLVE_DONE, &[(&SOLVE_MET, 1), (&SOLVE_LATE, 1), (&SOLVE_OVERDUE, 1)]),
    (&NEXT_DONE, &[(&NEXT_MET, 1), (&NEXT_LATE, 1)]),
];

/// What a number is made of; nothing when it is counted itself.
#[must_use]
pub fn made_of(metric: &Metric) -> Parts {
    MADE.iter().find(|(made, _)| core::ptr::eq(*made, metric)).map_or(&[], |(_, parts)| parts)
}
