//! 模拟交换机 (simulated switch): phone calls on paper, for trying out, training and tests. Nothing is heard; everything
//! else is as with a real switch: it takes the same orders and tells the same events.
//!
//! - A call is its events, in a row of `phone_calls`. Each order folds them, adds what comes of it and commits: a program that
//!   is killed loses nothing, since nothing lives in its memory.
//! - What takes time (somebody picks up after three seconds, a phone rings out after thirty) is a job of the worker. A call
//!   that nobody ends is ended by its own last job, as one whose end was not told.
//!
//! Files: `engine` what comes of an order, pure; `script` how outside numbers behave, pure; `play` the engine over the
//! database; `tale` stories of `call::story`, played on the phones of real agents.

pub mod engine;
pub mod play;
pub mod script;
pub mod tale;
