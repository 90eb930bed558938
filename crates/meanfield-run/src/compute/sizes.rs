//! What a run needs, before anything is allocated.

use meanfield::exact;
use meanfield::tensor::{Scalar, SymmetricLayout, packed_len};

use super::expansion::solved_order;
use super::form::form;
use super::outputs::OutputPlan;
use super::{bounds, highest_marginal, numbers};
use crate::config::{Config, ErrorEstimate, Method};
use crate::failure::Failure;
use crate::memory::{available_memory, resident_memory};
use crate::problem::{Problem, Quantity};
use crate::units::bytes;

/// Bytes, by what needs them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sizes {
    /// What the program holds already: the model among it.
    pub(crate) held: u64,
    /// The solver.
    pub(crate) solver: u64,
    /// The bounds, before the solver.
    pub(crate) bounds: u64,
    /// Writing a checkpoint.
    pub(crate) checkpoint: u64,
    /// The marginals of one time as series.
    pub(crate) marginals: u64,
    /// The largest exact solver.
    pub(crate) exact_solver: u64,
    /// All exact marginals.
    pub(crate) exact: u64,
    /// Slices in the user's form.
    pub(crate) slices: u64,
    /// Numbers by time.
    pub(crate) record: u64,
}

impl Sizes {
    /// Counts; what cannot be counted counts as the largest number there is.
    ///
    /// # Errors
    /// [`Failure::Input`] when the method or an exact solution is impossible.
    pub(crate) fn new<S: Scalar>(
        config: &Config,
        problem: &Problem<S>,
        outputs: &OutputPlan,
    ) -> Result<Self, Failure> {
        let model = problem.model.as_ref();
        let d = model.space().dimension();
        let scalar = size_of::<S>();
        let highest = highest_marginal(config, problem);
        let packed = (0..=highest).try_fold(0_usize, |sum, j| sum.checked_add(packed_len(d, j)?));
        let packed = counted(packed.and_then(|n| n.checked_mul(scalar)));
        let expansion = &config.expansion;
        let order = solved_order(expansion.order, expansion.error);
        // The series, the products on the way to them and a truncation.
        let marginals = packed.saturating_mul(3 * (order as u64 + 1));
        let mut exact_solver = 0;
        for &n in &outputs.exact {
            let plan = exact::plan(model, &problem.start, n).map_err(Failure::input)?;
            exact_solver = exact_solver.max(counted(plan.bytes));
        }
        let solver = solver_bytes(config, problem, order)?;
        // One of them twice more while it is kept on the disk or read from there.
        let exact = outputs.exact.len() + 2 * usize::from(!outputs.exact.is_empty());
        let kept = (exact * outputs.times.len()) as u64;
        // Four copies of a slice as complex numbers.
        let wide = 64 / outputs.kind.bytes();
        Ok(Self {
            held: resident_memory().unwrap_or(0),
            solver,
            bounds: bounds::bytes(config, problem, numbers(config, outputs))?,
            // y and f(t, y) once more, of the solver's eight vectors and more.
            checkpoint: solver / 4,
            marginals,
            exact_solver,
            exact: packed.saturating_mul(kept),
            slices: outputs.largest_slice().saturating_mul(wide),
            record: record_bytes(config, problem, outputs),
        })
    }

    /// Counts the arrays of result.npz too, for a run that keeps them in memory.
    pub(crate) fn keep_arrays(&mut self, outputs: &OutputPlan) {
        self.record = self.record.saturating_add(outputs.total());
    }

    /// The most that is held at a time.
    pub(crate) fn planned(&self) -> u64 {
        let solving = self.solver.saturating_add(self.checkpoint);
        let solving = solving.saturating_add(self.marginals);
        solving
            .max(self.exact_solver)
            .max(self.bounds)
            .saturating_add(self.held)
            .saturating_add(self.exact)
            .saturating_add(self.slices)
            .saturating_add(self.record)
    }

    /// Refuses what does not fit.
    ///
    /// # Errors
    /// [`Failure::Input`] with the sizes.
    pub(crate) fn require(&self, config: &Config) -> Result<(), Failure> {
        self.require_within(config, config.limits.memory.or_else(available_memory))
    }

    /// Refuses what needs more than `allowed`; `None` allows everything.
    ///
    /// # Errors
    /// [`Failure::Input`] with the sizes.
    pub(crate) fn require_within(
        &self,
        config: &Config,
        allowed: Option<u64>,
    ) -> Result<(), Failure> {
        let Some(allowed) = allowed.filter(|&allowed| self.planned() > allowed) else {
            return Ok(());
        };
        let asked = if config.limits.memory.is_some() {
            "`limits.memory` allows"
        } else {
            "80 % of the free memory, the default of `limits.memory`, are"
        };
        let part = |name: &str, size: u64| format!("{name} {}", bytes(size));
        let parts = [
            part("the program and the model hold", self.held),
            part("the solver needs", self.solver),
            part("the bounds", self.bounds),
            part("a checkpoint", self.checkpoint),
            part("the marginals", self.marginals),
            part("the largest exact solution", self.exact_solver),
            part("all exact marginals", self.exact),
            part("output slices", self.slices),
            part("numbers by time", self.record),
        ];
        Err(Failure::input(format!(
            "{}: this needs {} of memory, but {asked} {} ({}); lower `expansion.order`, the \
             marginals or the exact N, or raise `limits.memory`",
            config.path.display(),
            bytes(self.planned()),
            bytes(allowed),
            parts.join(", ")
        )))
    }
}

/// Bytes of the numbers kept by time, of the small arrays and of the report.
fn record_bytes<S>(config: &Config, problem: &Problem<S>, outputs: &OutputPlan) -> u64 {
    // Small allocations and the text of the page.
    const BASE: u64 = 4 << 20;
    // A small array's name and header, and what the archive notes of it.
    const ARRAY: u64 = 400;
    let orders = config.expansion.order as u64 + 1;
    let (all, exact) = (numbers(config, outputs).len(), outputs.exact.len());
    let (all, exact) = (all as u64, exact as u64);
    let figures = u64::from(config.expansion.error != ErrorEstimate::None);
    let fields = problem.quantities.iter().filter(|q| !q.axes.is_empty());
    let components = fields.clone().map(Quantity::components).sum::<usize>() as u64;
    let observables = (problem.quantities.len() - fields.count()) as u64;
    let arrays = observables * (2 * orders + 2 * all * (1 + figures) + 2 * exact);
    // Two series and what holds them, coefficients in the archive; at N mean, variance and
    // the place of a field, and in the archive with their figures.
    let observable = 192 + 16 * orders + all * (72 + 16 * figures) + exact * 72;
    let component = 112 + 16 * orders + 8 * (all + exact);
    let entries = outputs.dimension.min(super::record::KEPT_ENTRIES) as u64;
    let marginals = config.expansion.marginals.len() as u64;
    let other = 32 * (orders + 1 + all + exact) * (entries + marginals * (orders + 1) + 8);
    let by_time = observables * observable + components * component + other;
    BASE + ARRAY * arrays + by_time * outputs.times.len() as u64
}

/// Bytes of the solver at an order; of a method that depends on N, at the N that takes most.
///
/// # Errors
/// [`Failure::Input`] when the problem has no such form.
pub(crate) fn solver_bytes<S: Scalar>(
    config: &Config,
    problem: &Problem<S>,
    order: usize,
) -> Result<u64, Failure> {
    // No form asks more of the layout than its dimension to be counted.
    let dimension = problem.model.space().dimension();
    let layout = SymmetricLayout::new(dimension, 1).map_err(Failure::input)?;
    let bytes = |n| Ok(counted(form(config, problem, order, &layout, n)?.bytes()));
    if config.expansion.method != Method::Recursion {
        return bytes(None);
    }
    let numbers = config.particles.iter().chain(&config.exact);
    let each: Result<Vec<u64>, Failure> = numbers.map(|&n| bytes(Some(n))).collect();
    Ok(each?.into_iter().max().unwrap_or(0))
}

fn counted(bytes: Option<usize>) -> u64 {
    bytes.map_or(u64::MAX, |bytes| bytes as u64)
}
