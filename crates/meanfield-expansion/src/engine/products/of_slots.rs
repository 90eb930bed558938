//! Products of two slots, [w'_c w'_d]_γ for packed pairs c ≤ d: what V acts on.

use meanfield_tensor::{Scalar, vectorised};

use super::kernels::{Outer, pick};
use super::splits::Split;
use crate::engine::lanes::{TERMS, pairs_mut};
use crate::engine::state::{Label, State};
use crate::engine::work::schedule::Work;

/// Adds them to the argument where it has been `begun`, for entries γ that split so.
pub(crate) fn add_products_of_slots<S: Scalar, const L: usize>(
    state: State<'_, S>,
    (j, l): Label,
    list: &[Split],
    mut begun: bool,
    work: &mut Work<S>,
) {
    let d = state.layout().dimension();
    let mut products = list
        .iter()
        .flat_map(|split| (0..=l).map(move |l1| (split, l1)))
        .peekable();
    while products.peek().is_some() {
        // A few products at a time, one behind the other.
        let mut count = 0;
        let (left, _) = work.left.as_chunks_mut::<L>();
        let (right, _) = work.right.as_chunks_mut::<L>();
        for (split, l1) in products.by_ref().take(TERMS) {
            let rows = count * d..(count + 1) * d;
            let first = state.exposed(split.degree + 1, l1);
            let times = std::array::from_fn(|lane| split.times[lane]);
            pick(first, &split.first, times, &mut left[rows.clone()]);
            let second = state.exposed(j - 1 - split.degree, l - l1);
            pick(second, &split.rest, [1.0; L], &mut right[rows]);
            count += 1;
        }
        vectorised(Outer {
            begun,
            d,
            left,
            right,
            count,
            block: pairs_mut::<_, L>(d, &mut work.argument),
        });
        begun = true;
    }
}
