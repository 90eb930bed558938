//! report.html: one self-contained page with the question, the model, the
//! plots, the tables and the warnings.

mod data;
mod heat;
mod page;
mod plot;
mod table;
mod window;

pub(crate) use page::page;
