//! Pages of ticket satisfaction: the customer's rating page and the settings with their preview.

mod editor;
pub mod preview;
pub mod rating;
pub mod settings;
