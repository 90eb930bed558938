//! What is planned is enough, and not far too much.

use meanfield::ode::STAGES;
use meanfield::tensor::linalg;
use meanfield_benches::memory::{Counted, cases, peak};
use ndarray::Array2;

#[global_allocator]
static COUNTED: Counted = Counted;

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
        // What a thread sets aside to pack operands it sets aside once.
        let matrix = Array2::from_elem((32, 32), 0.5);
        let mut product = matrix.clone();
        linalg::gemm(1.0, matrix.view(), matrix.view(), product.view_mut());
        let mut wrong = Vec::new();
        for held in cases() {
            let used = peak(&COUNTED, held.work).expect("this binary counts");
            let planned = held.planned - held.memory.map_or(0, |memory| memory.products);
            if used > planned || planned > GENEROUS * used {
                wrong.push(format!("{}: {used} bytes, planned {planned}", held.name));
            }
            let Some(memory) = held.memory.filter(|_| held.large) else {
                continue;
            };
            let asked_by_model = memory.linearisations + memory.pairs + memory.operators;
            let ours = planned - asked_by_model;
            if ours > (STAGES + BESIDE) * memory.state {
                wrong.push(format!("{}: {ours} bytes, {memory:?}", held.name));
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    });
}
