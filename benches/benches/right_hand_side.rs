//! How far is a right-hand side of the cumulant hierarchy from its floor? See `groups::right_hand_side` of this package.

mod adapter;

use criterion::Criterion;
use meanfield_benches::groups::named;

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    if let Some(group) = named("right_hand_side") {
        adapter::run(&mut criterion, group);
    }
    criterion.final_summary();
}
