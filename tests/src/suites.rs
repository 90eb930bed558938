//! The suites, one module each. A new one is added to [`ALL`].

pub mod algebra;
pub mod assumptions;
pub mod bogoliubov;
pub mod bounds;
pub mod coverage;
pub mod duhamel;
pub mod hartree;
pub mod hierarchy;
pub mod kac;
pub mod linear;
pub mod models;
pub mod povzner;
pub mod rates;
pub mod recursion;
pub mod reference;
pub mod remainders;
pub mod slips;
pub mod structure;
pub mod table;
pub mod threshold;
pub mod validity;

use crate::verify::Suite;

/// Every suite, in the order of the table.
pub const ALL: &[Suite] = &[
    table::SUITE,
    models::SUITE,
    assumptions::SUITE,
    hartree::SUITE,
    povzner::SUITE,
    structure::SUITE,
    algebra::SUITE,
    linear::SUITE,
    hierarchy::SUITE,
    recursion::SUITE,
    remainders::SUITE,
    duhamel::SUITE,
    slips::SUITE,
    kac::SUITE,
    rates::SUITE,
    reference::SUITE,
    bogoliubov::SUITE,
    bounds::SUITE,
    coverage::SUITE,
    threshold::SUITE,
    validity::SUITE,
];
