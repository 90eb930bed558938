//! The most memory a piece of work held, counted by the allocator of the binary.

use std::collections::BTreeMap;

use meanfield::exact;
use meanfield::expansion::bogoliubov::{self, wave_function};
use meanfield::expansion::coefficients::{self, CoefficientSystem};
use meanfield::expansion::recursion::{self, RecursionSystem};
use meanfield::expansion::{Memory, bounds};
use meanfield::ode::Options;
use meanfield::prelude::*;

use crate::groups::exact::spins;
use crate::groups::grids::released;
use crate::problems::ring_walk;

/// Makes the allocator of a binary count: declare
/// `#[global_allocator] static COUNTED: Counted = Counted;` there.
pub use peak_alloc::PeakAlloc as Counted;

/// Bytes held at the worst moment of `work`, beyond those held before; `None`
/// where the binary does not count. Nothing else may allocate meanwhile.
pub fn peak(counted: &Counted, work: impl FnOnce()) -> Option<usize> {
    counted.reset_peak_usage();
    let before = counted.current_usage();
    work();
    let peak = counted.peak_usage();
    (peak > 0).then(|| peak.saturating_sub(before))
}

/// A piece of work and the bytes it says it takes.
pub struct Held {
    /// What it is.
    pub name: String,
    /// Bytes it plans to hold.
    pub planned: usize,
    /// The plan of an expansion, which counts what products pack, too.
    pub memory: Option<Memory>,
    /// Whether its tensors are so large that all but what a model asks for fits beside
    /// the stages.
    pub large: bool,
    /// The work.
    pub work: Box<dyn FnOnce()>,
}

impl Held {
    /// Work whose plan is a number.
    fn new(name: String, planned: Option<usize>, work: impl FnOnce() + 'static) -> Self {
        Self {
            name,
            planned: planned.expect("it can be counted"),
            memory: None,
            large: false,
            work: Box::new(work),
        }
    }
}

/// What is done with an output.
fn seen<T>(_: usize, output: T) -> Result<(), ExpansionError> {
    std::hint::black_box(output);
    Ok(())
}

/// Expansions, exact solutions in three sectors, the slow forms, a bound and a
/// condensate in factored form.
///
/// # Panics
/// Never: the problems are valid.
#[must_use]
pub fn cases() -> Vec<Held> {
    let mut all = Vec::new();
    for (states, order, large) in [
        (32, 2, false),
        (20, 3, false),
        (96, 2, true),
        (700, 1, true),
    ] {
        let (model, start) = ring_walk(states);
        all.push(expanded("ring walk", model, start, order, large));
    }
    let rates = problems::ring_walk_by_rates(700).expect("the rates are valid");
    let (_, start) = ring_walk(700);
    all.push(expanded("ring walk by rates", rates, start, 1, true));
    let (grid, start) = released(32);
    all.push(expanded("hartree", grid, start, 1, true));
    for (name, bloch) in [("mixed", [0.3, 0.4, 0.5]), ("pure", [0.48, 0.64, 0.6])] {
        let (model, start) = spins(bloch);
        all.push(exactly(&format!("two levels, {name}"), model, start, 100));
    }
    let three = problems::three_states().expect("the rates are valid");
    let start = Start::Product {
        f: vec![0.5, 0.3, 0.2],
    };
    all.push(exactly("three states", three, start, 100));
    all.extend([by_coefficients(), by_recursion(), bounded(), factored()]);
    all
}

/// Times of a few steps, with an output between them.
const TIMES: [f64; 3] = [0.0, 0.001, 0.02];

fn options() -> Options {
    Options {
        tolerance: 1e-4,
        ..Options::default()
    }
}

/// States of the walk by the slow forms, whose tensors have degree 2n and more.
const STATES: usize = 8;
const ORDER: usize = 3;

fn by_coefficients() -> Held {
    let (model, start) = ring_walk(STATES);
    let name = format!("ring walk by coefficients, order {ORDER}, D = {STATES}");
    let planned = CoefficientSystem::<f64>::bytes(STATES, ORDER);
    Held::new(name, planned, move || {
        let (f, none) = (start.one_body(), BTreeMap::new());
        coefficients::solve(&model, ORDER, f, &none, &TIMES, &options(), |_| true, seen)
            .expect("a regular problem");
    })
}

fn by_recursion() -> Held {
    const N: usize = 20;
    let (model, start) = ring_walk(STATES);
    let name = format!("ring walk by recursion, order {ORDER}, D = {STATES}, N = {N}");
    let planned = RecursionSystem::<f64>::bytes(STATES, ORDER, N);
    Held::new(name, planned, move || {
        let (f, none) = (start.one_body(), BTreeMap::new());
        recursion::solve(
            &model,
            ORDER,
            N,
            f,
            &none,
            &TIMES,
            &options(),
            |_| true,
            seen,
        )
        .expect("a regular problem");
    })
}

/// The bound on the truncation error, two N at a time.
fn bounded() -> Held {
    let (model, start) = ring_walk(STATES);
    let mut settings = bounds::Settings::new(ORDER, TIMES.to_vec(), vec![50, 100]);
    settings.tolerance = options().tolerance;
    let name = format!("ring walk, bound, order {ORDER}, D = {STATES}");
    let scalars = settings.particles.len() * settings.degree;
    let planned = bounds::required_bytes::<f64>(STATES, ORDER, scalars);
    Held::new(name, planned, move || {
        let found = bounds::solve(&model, start.one_body(), &settings);
        std::hint::black_box(found.expect("a regular problem"));
    })
}

fn factored() -> Held {
    const POINTS: usize = 256;
    let (model, start) = released(POINTS);
    let phi = wave_function(start.one_body()).expect("a pure state");
    let mut settings = bogoliubov::Settings::new(TIMES.to_vec());
    settings.tolerance = options().tolerance;
    let name = format!("hartree in factored form, {POINTS} points");
    let planned = bogoliubov::required_bytes(POINTS);
    Held::new(name, planned, move || {
        bogoliubov::solve(&model, &phi, &settings, |k, at| seen(k, at)).expect("a regular problem");
    })
}

fn exactly<M: Model<Scalar = f64> + 'static>(
    name: &str,
    model: M,
    start: Start<f64>,
    n: usize,
) -> Held {
    let plan = exact::plan(&model, &start, n).expect("it can be counted");
    Held::new(format!("{name}, N = {n}"), plan.bytes, move || {
        let solved = exact::solve(&model, &start, n, &[0.1], 2, None);
        std::hint::black_box(solved.expect("it fits"));
    })
}

/// An expansion over a few steps, with an output between them.
fn expanded<M: Model + 'static>(
    name: &str,
    model: M,
    start: Start<M::Scalar>,
    order: usize,
    large: bool,
) -> Held {
    let memory = Memory::of(&model, order).expect("it can be counted");
    let states = model.space().dimension();
    let mut settings = Settings::new(order, TIMES.to_vec());
    settings.tolerance = options().tolerance;
    Held {
        name: format!("{name}, order {order}, D = {states}"),
        planned: memory.total(),
        memory: Some(memory),
        large,
        work: Box::new(move || {
            solve(&model, &start, &settings, |k, at| seen(k, at)).expect("a regular problem");
        }),
    }
}
