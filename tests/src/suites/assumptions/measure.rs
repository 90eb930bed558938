//! Defects of the assumptions, measured on one model.

use meanfield::abstract_model::{Assumptions, least_value, norm};
use meanfield::hierarchy::mean_field_flow;
use meanfield::ode::{OdeError, Options, System, integrate};
use meanfield::prelude::*;
use meanfield_testing::worse;

/// Long enough for collisions, short enough that they do not smooth everything.
const TIME: f64 = 0.3;

fn options() -> Options {
    Options {
        tolerance: 1e-12,
        ..Options::default()
    }
}

/// ∂t F = K F.
struct Free<'a, S: Scalar> {
    model: &'a dyn Model<Scalar = S>,
    blocks: [usize; 1],
}

impl<S: Scalar> System for Free<'_, S> {
    type Scalar = S;

    fn blocks(&self) -> &[usize] {
        &self.blocks
    }

    fn rhs(&mut self, _t: f64, y: &[S], dydt: &mut [S]) {
        dydt.fill(S::from_re(0.0));
        let d = self.blocks[0];
        let x = ndarray::ArrayView2::from_shape((d, 1), y).expect("one column");
        let out = ndarray::ArrayViewMut2::from_shape((d, 1), dydt).expect("one column");
        self.model.add_k(S::from_re(1.0), x, out);
    }
}

/// The state moved by K alone, the marginals of two particles, and the limit.
pub(super) struct Moved<S> {
    pub(super) freely: Vec<S>,
    pub(super) of_two: [Vec<S>; 2],
    pub(super) limit: Vec<S>,
}

/// Moves a one-body state in the three ways.
pub(super) fn moved<S: Scalar>(model: &dyn Model<Scalar = S>, f: &[S]) -> Moved<S> {
    let times = [0.0, TIME];
    let mut freely = f.to_vec();
    let blocks = [f.len()];
    let free = &mut Free { model, blocks };
    integrate(free, f, &times, &options(), |_, y| {
        freely = y.to_vec();
        Ok::<(), OdeError>(())
    })
    .expect("a linear flow");
    let start = Start::Product { f: f.to_vec() };
    let two = meanfield::exact::solve(model, &start, 2, &[TIME], 2, None).expect("two particles");
    let limit = mean_field_flow(model, f, &times, &options()).expect("a regular flow");
    Moved {
        freely,
        of_two: [1, 2].map(|j| two.marginal(0, j).unwrap().to_vec()),
        limit: limit.last().cloned().unwrap_or_default(),
    }
}

/// Relative defects of (93) and of exchange symmetry.
pub(super) fn structure<S: Scalar>(model: &dyn Model<Scalar = S>) -> [f64; 2] {
    let found: Assumptions = check_assumptions(model);
    let scale = found.scale.max(f64::MIN_POSITIVE);
    let traces = worse(found.trace_of_k, found.trace_of_pair) / scale;
    let exchange = worse(found.exchange_defect, found.q_defect) / scale;
    [exchange, traces]
}

/// |‖F‖ − 1| and the negative part of F.
fn defect_of_state<S: Scalar>(
    model: &dyn Model<Scalar = S>,
    layout: &SymmetricLayout,
    j: usize,
    f: &[S],
) -> f64 {
    let size = norm(model, layout, j, f).expect("finite");
    let least = least_value(model, layout, j, f).expect("finite");
    let negative = least.map_or(f64::NAN, |(_, least)| -least);
    worse((size - 1.0).abs(), negative.max(0.0))
}

/// All six defects from an extreme state f, in the order of the table.
pub(super) fn defects<S: Scalar>(model: &dyn Model<Scalar = S>, f: &[S]) -> [f64; 6] {
    let trace = model.space().trace();
    let layout = SymmetricLayout::new(f.len(), 2).expect("small");
    let of_state = |j, f: &[S]| defect_of_state(model, &layout, j, f);
    let mut isometry = of_state(2, &layout.power(f, 2));
    // On any tensor the partial trace is a contraction.
    let mut noise = problems::Noise::new(29);
    for _ in 0..10 {
        let g = noise.vector::<S>(layout.len(2));
        let traced = norm(model, &layout, 1, &layout.contract(2, trace, &g)).expect("finite");
        let before = norm(model, &layout, 2, &g).expect("finite");
        isometry = worse(isometry, (traced / before - 1.0).max(0.0));
    }
    let [exchange, traces] = structure(model);
    let moved = moved(model, f);
    let [first, second] = &moved.of_two;
    [
        isometry,
        exchange,
        of_state(1, &moved.freely),
        worse(of_state(1, first), of_state(2, second)),
        traces,
        of_state(1, &moved.limit),
    ]
}
