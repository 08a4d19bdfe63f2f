//! Pages of phones: the bar and its page, the calls that run, settings, the simulated switch.

pub mod account;
pub mod bar;
pub mod live;
pub mod settings;
pub mod simulated;
