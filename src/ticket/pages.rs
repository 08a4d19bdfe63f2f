//! Pages of tickets: each loads what it shows and then draws it. `list` with its filters and the bulk preview, `detail`
//! with timeline, composer and properties, `create`, `search`, kept `views`, the editors of categories, own fields (`field`, drawn by `own`; `form` asks the customer) and templates, and the `part`s
//! that other pages show.

pub mod body;
pub mod bulk;
pub mod category;
pub mod create;
pub mod detail;
pub mod field;
pub mod form;
pub mod list;
pub mod other_customer;
pub(crate) mod own;
pub mod part;
pub mod quiet;
pub mod reminder;
pub mod search;
pub mod settings;
pub mod template;
pub mod views;

mod act;
mod aside;
mod change;
mod choice;
mod composer;
mod filter;
mod mark;
mod properties;
mod side;
mod stale;
mod table;
mod timeline;
