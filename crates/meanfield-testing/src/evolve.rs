//! A model and a start, and what each solver makes of them at one time.

use std::collections::BTreeMap;

use meanfield_abstract::{Model, Start};
use meanfield_expansion::coefficients::{self, Coefficients, initial_errors};
use meanfield_expansion::recursion::{self, RecursionState};
use meanfield_expansion::{Cumulants, ExpansionError, Settings, solve};
use meanfield_hierarchy::mean_field_flow;
use meanfield_ode::Options;
use meanfield_tensor::Scalar;

/// From t = 0 to one time, at one tolerance.
#[derive(Debug, Clone, Copy)]
pub struct Evolve {
    /// The time.
    pub time: f64,
    /// Relative tolerance per step.
    pub tolerance: f64,
}

impl Evolve {
    /// To that time, at 1e-12 per step: a few hundred steps leave less than 1e-9.
    #[must_use]
    pub fn to(time: f64) -> Self {
        Self {
            time,
            tolerance: 1e-12,
        }
    }

    /// At another tolerance.
    #[must_use]
    pub fn tolerance(self, tolerance: f64) -> Self {
        Self { tolerance, ..self }
    }

    fn options(self) -> Options {
        Options {
            tolerance: self.tolerance,
            ..Options::default()
        }
    }

    /// What `read` makes of form (c) with marginals up to `highest`.
    ///
    /// # Panics
    /// When the solve fails.
    pub fn cumulants<S: Scalar, T>(
        self,
        model: &dyn Model<Scalar = S>,
        start: &Start<S>,
        (order, highest): (usize, usize),
        mut read: impl FnMut(&Cumulants<'_, S>) -> T,
    ) -> T {
        let mut settings = Settings::new(order, vec![0.0, self.time]);
        settings.tolerance = self.tolerance;
        settings.marginals = highest;
        let mut last = None;
        solve(model, start, &settings, |k, at| {
            if k == 1 {
                last = Some(read(&at));
            }
            Ok::<(), ExpansionError>(())
        })
        .expect("a regular expansion");
        last.expect("two outputs")
    }

    /// Every g_{j,l} of form (c), by order j − 1 + l and falling j.
    ///
    /// # Panics
    /// When the solve fails.
    #[must_use]
    pub fn form_c<S: Scalar>(
        self,
        model: &dyn Model<Scalar = S>,
        start: &Start<S>,
        order: usize,
    ) -> Vec<Vec<S>> {
        self.cumulants(model, start, (order, 1), |g| {
            let places = (0..=order).flat_map(|p| (1..=p + 1).rev().map(move |j| (j, p + 1 - j)));
            let each = places.map(|(j, l)| g.get(j, l).expect("a member").to_vec());
            each.collect()
        })
    }

    /// f_{j,m} for m ≤ `order`, packed, by form (c).
    ///
    /// # Panics
    /// When the solve fails.
    #[must_use]
    pub fn coefficients<S: Scalar>(
        self,
        model: &dyn Model<Scalar = S>,
        start: &Start<S>,
        (order, j): (usize, usize),
    ) -> Vec<Vec<S>> {
        let read = |g: &Cumulants<'_, S>| g.marginals(j).swap_remove(j).0;
        self.cumulants(model, start, (order, j), read)
    }

    /// Form (b).
    ///
    /// # Panics
    /// When the solve fails.
    #[must_use]
    pub fn form_b<S: Scalar>(
        self,
        model: &dyn Model<Scalar = S>,
        start: &Start<S>,
        order: usize,
    ) -> Coefficients<S> {
        let mut last = None;
        let keep = |_: usize, at| {
            last = Some(at);
            Ok::<(), ExpansionError>(())
        };
        let (f, initial) = (start.one_body(), errors_of(model, start, order));
        let (times, options) = ([0.0, self.time], self.options());
        coefficients::solve(model, order, f, &initial, &times, &options, |_| true, keep)
            .expect("a regular expansion");
        last.expect("two outputs")
    }

    /// Form (a) at N = n.
    ///
    /// # Panics
    /// When the solve fails.
    #[must_use]
    pub fn form_a<S: Scalar>(
        self,
        model: &dyn Model<Scalar = S>,
        start: &Start<S>,
        (order, n): (usize, usize),
    ) -> RecursionState<S> {
        let mut last = None;
        let keep = |_: usize, at| {
            last = Some(at);
            Ok::<(), ExpansionError>(())
        };
        let (f, initial) = (start.one_body(), errors_of(model, start, order));
        let (times, o) = ([0.0, self.time], self.options());
        recursion::solve(model, order, n, f, &initial, &times, &o, |_| true, keep)
            .expect("a regular expansion");
        last.expect("two outputs")
    }
}

fn errors_of<S: Scalar>(
    model: &dyn Model<Scalar = S>,
    start: &Start<S>,
    order: usize,
) -> BTreeMap<(usize, usize), Vec<S>> {
    initial_errors(model, start, order).expect("a start that fits")
}

/// F_1 … F_J of N particles at time t, packed, in the cheapest exact sector.
///
/// # Panics
/// When there is none, or the solve fails.
#[must_use]
pub fn exact<S: Scalar>(
    model: &dyn Model<Scalar = S>,
    start: &Start<S>,
    (n, highest): (usize, usize),
    t: f64,
) -> Vec<Vec<S>> {
    let found = meanfield_exact::solve(model, start, n, &[t], highest, None);
    found.expect("an exact sector").into_marginals().remove(0)
}

/// F(t), the limit (102), at each of `times`, the first of which is the start.
///
/// # Panics
/// When the flow is not regular.
#[must_use]
pub fn mean_field<S: Scalar>(model: &dyn Model<Scalar = S>, f: &[S], times: &[f64]) -> Vec<Vec<S>> {
    mean_field_flow(model, f, times, &Options::default()).expect("a regular flow")
}
