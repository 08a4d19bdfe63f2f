//! Islands of tickets: the keyboard in lists, live news, drafts, own fields, who else is here. Each looks for the elements it serves
//! and does nothing where they are missing; without scripting every page works.

pub mod draft;
pub mod key;
pub mod live;
pub mod own;
pub mod presence;
pub mod undo;
