//! Islands of calls: the phone bar. It serves what the server drew and does nothing where there is none.

pub mod bar;
