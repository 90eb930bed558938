//! How long does a whole expansion take? See `groups::solve` of this package.

mod adapter;

use criterion::Criterion;
use meanfield_benches::groups::named;

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    if let Some(group) = named("solve") {
        adapter::run(&mut criterion, group);
    }
    criterion.final_summary();
}
