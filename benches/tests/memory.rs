//! What is planned is enough, and not far too much.

use meanfield::ode::STAGES;
use meanfield_benches::memory::{Counted, cases, peak};

#[global_allocator]
static COUNTED: Counted = Counted;

/// What the first matrix product of a thread sets aside to pack operands: only the plan of
/// an expansion counts it.
const PACKED: usize = 4 << 20;
/// A caller refuses work by the plan, which counts index tables, panels and
/// vectors as if all were held at once: it may be some times the truth.
const GENEROUS: usize = 4;
/// What is held beside the stages, in vectors of all cumulants: the state, the trial
/// state, and two more for copies that travel with a semigroup, or for work.
const BESIDE: usize = 4;

/// One test, since one allocator counts for all threads; on one thread, as blocks of
/// work are as many as there are threads.
#[test]
fn law_work_holds_what_it_plans() {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build();
    pool.expect("a thread").install(|| {
        let mut wrong = Vec::new();
        for held in cases() {
            let used = peak(&COUNTED, held.work).expect("this binary counts");
            let planned = held.planned;
            let more = if held.memory.is_some() { 0 } else { PACKED };
            if used > planned + more || planned > GENEROUS * (used + PACKED) {
                wrong.push(format!("{}: {used} bytes, planned {planned}", held.name));
            }
            let Some(memory) = held.memory.filter(|_| held.large) else {
                continue;
            };
            let asked_by_model = memory.linearisations + memory.pairs + memory.operators;
            let ours = planned - asked_by_model - memory.products;
            if ours > (STAGES + BESIDE) * memory.state {
                wrong.push(format!("{}: {ours} bytes, {memory:?}", held.name));
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    });
}
