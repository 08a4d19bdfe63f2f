//! 移动: one place up or down among others, wherever something has an order. Pure.

use crate::error::{Error, Result};

catalog! {
    /// 移动方向: one place up or down.
    pub enum Step {
        Up = 0, "up", "上移", "Move up";
        Down = 1, "down", "下移", "Move down";
    }
}

/// An order after one step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stepped<T> {
    /// The new order.
    pub order: Vec<T>,
    /// The place of what was moved, before, from 1.
    pub from: usize,
    /// Its place now, from 1.
    pub to: usize,
}

/// Moves one place; nothing when it stands at that end already.
///
/// # Errors
/// `NotFound` when it is not in the order.
pub fn stepped<T: PartialEq>(mut order: Vec<T>, moved: &T, step: Step) -> Result<Option<Stepped<T>>> {
    let at = order.iter().position(|one| one == moved).ok_or(Error::NotFound)?;
    let to = match step {
        Step::Up => at.checked_sub(1),
        Step::Down => Some(at + 1).filter(|to| *to < order.len()),
    };
    Ok(to.map(|to| {
        order.swap(at, to);
        Stepped { order, from: at + 1, to: to + 1 }
    }))
}

#[cfg(test)]
mod tests {
    use super::{Error, Step, Stepped, stepped};
    use proptest::prelude::*;

    #[test]
    fn the_ends_are_ends_and_a_stranger_is_not_found() {
        assert_eq!(stepped(vec!['a', 'b'], &'a', Step::Up).unwrap(), None);
        assert_eq!(stepped(vec!['a', 'b'], &'b', Step::Down).unwrap(), None);
        assert_eq!(stepped(vec!['a', 'b'], &'b', Step::Up).unwrap(), Some(Stepped { order: vec!['b', 'a'], from: 2, to: 1 }));
        assert!(matches!(stepped(vec!['a'], &'z', Step::Up), Err(Error::NotFound)));
    }

    proptest! {
        #[test]
        fn a_step_back_undoes_a_step_and_nobody_is_lost(length in 1..9_usize, at in 0..9_usize, is_up: bool) {
            let (order, at): (Vec<usize>, usize) = ((0..length).collect(), at % length);
            let (there, back) = if is_up { (Step::Up, Step::Down) } else { (Step::Down, Step::Up) };
            if let Some(after) = stepped(order.clone(), &at, there).unwrap() {
                prop_assert_eq!(after.order.iter().position(|one| *one == at).map(|place| place + 1), Some(after.to));
                prop_assert_eq!(stepped(after.order, &at, back).unwrap().map(|again| again.order), Some(order));
            }
        }
    }
}
