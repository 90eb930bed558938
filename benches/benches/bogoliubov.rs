//! How far is a right-hand side of the factored form from its floor? See `groups::bogoliubov` of this package.

mod adapter;

use criterion::Criterion;
use meanfield_benches::groups::named;

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    if let Some(group) = named("bogoliubov") {
        adapter::run(&mut criterion, group);
    }
    criterion.final_summary();
}
