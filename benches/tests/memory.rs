//! What is planned is enough, and not far too much.

use meanfield_benches::memory::{Counted, cases, peak};

#[global_allocator]
static COUNTED: Counted = Counted;

/// What the matrix products hold to pack their operands, whatever the problem:
/// it is in no plan.
const PACKED: usize = 8 << 20;
/// A caller refuses work by the plan, which counts index tables, panels and
/// vectors as if all were held at once: it may be some times the truth.
const GENEROUS: usize = 4;

/// One test, since one allocator counts for all threads.
#[test]
fn law_work_holds_what_it_plans() {
    let mut wrong = Vec::new();
    for held in cases() {
        let used = peak(&COUNTED, held.work).expect("this binary counts");
        let planned = held.planned;
        if used > planned + PACKED || planned > GENEROUS * (used + PACKED) {
            wrong.push(format!("{}: {used} bytes, planned {planned}", held.name));
        }
    }
    assert!(wrong.is_empty(), "{wrong:?}");
}
