//! The suites, one module each. A new one is added to [`ALL`].

pub mod bogoliubov;
pub mod hartree;
pub mod hierarchy;
pub mod kac;
pub mod models;
pub mod povzner;
pub mod rates;
pub mod recursion;
pub mod reference;
pub mod table;

use crate::verify::Suite;

/// Every suite, in the order of the table.
pub const ALL: &[Suite] = &[
    table::SUITE,
    models::SUITE,
    hartree::SUITE,
    povzner::SUITE,
    hierarchy::SUITE,
    recursion::SUITE,
    kac::SUITE,
    rates::SUITE,
    reference::SUITE,
    bogoliubov::SUITE,
];
