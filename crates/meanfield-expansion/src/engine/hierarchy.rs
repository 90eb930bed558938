//! The right-hand side, tensor by tensor in the order of their dependence.

use meanfield_abstract::Model;
use meanfield_ode::System;
use meanfield_tensor::Scalar;

use super::equations::Equations;
use super::interaction;
use super::passes::Terms;
use super::state::add;
use super::work::buffers::Buffers;
use super::work::schedule::Workers;
use crate::plan::Plan;

/// The cumulant hierarchy of a model up to the order of a plan.
pub struct CumulantHierarchy<'a, S: Scalar> {
    equations: Equations<'a, S>,
    /// What is contracted of g_{j,l} by channels, channels × len(j−2), by j ≥ 3: of that l
    /// which was last worked on.
    contracted: Vec<Vec<S>>,
    lengths: Vec<usize>,
    /// Natural size of an entry of degree 1: that of the initial F.
    size: f64,
    workers: Workers<S>,
}

impl<'a, S: Scalar> CumulantHierarchy<'a, S> {
    /// The hierarchy; `initial` is F(0), whose size sets the scale of what
    /// counts as small. Uses the threads of the rayon pool it is made in.
    #[must_use]
    pub fn new(model: &'a dyn Model<Scalar = S>, plan: &'a Plan, initial: &[S]) -> Self {
        let (layout, order) = (plan.layout(), plan.order());
        let squares: f64 = initial.iter().map(|x| x.modulus().powi(2)).sum();
        let buffers = Buffers::new(
            (0..=order + 1).map(|j| layout.len(j)).collect(),
            plan.unknowns(),
            model.effort(0, 0).fewest_columns,
            interaction::needs(model, order),
        );
        let contracted = buffers.contracted();
        Self {
            equations: Equations::new(model, plan, &buffers),
            contracted: contracted.map(|len| vec![S::from_re(0.0); len]).collect(),
            lengths: plan.blocks().iter().map(|b| b.len).collect(),
            size: (squares / layout.dimension() as f64).sqrt(),
            workers: Workers::new(buffers),
        }
    }
}

impl<S: Scalar> System for CumulantHierarchy<'_, S> {
    type Scalar = S;

    fn blocks(&self) -> &[usize] {
        &self.lengths
    }

    /// K and V are constant; what depends on t are further terms, which
    /// [`WithTerms`](crate::WithTerms) adds.
    fn rhs(&mut self, _t: f64, y: &[S], dydt: &mut [S]) {
        let (equations, workers) = (&mut self.equations, &mut self.workers);
        let contracted = &mut self.contracted;
        equations.update(y, workers.room());
        dydt.fill(S::from_re(0.0));
        // The order of the blocks is the order of their dependence: ξ_{j,l}
        // uses ξ of lower order only.
        for (index, block) in equations.plan.blocks().iter().enumerate() {
            let out = &mut dydt[block.start..block.start + block.len];
            let of = (block.j, block.l);
            if equations.is_highest(of) {
                equations.add_one_slot(workers, y, of, contracted, out);
                equations.add_two_slots(workers, y, of, Terms::All, out);
            } else {
                let mut xi = std::mem::take(&mut equations.lower.xi[index]);
                xi.fill(S::from_re(0.0));
                equations.add_one_slot(workers, y, of, contracted, &mut xi);
                equations.add_two_slots(workers, y, of, Terms::Xi, &mut xi);
                add(1.0, &xi, out);
                equations.lower.xi[index] = xi;
                equations.add_free(y, of, out);
                equations.add_two_slots(workers, y, of, Terms::Pair, out);
            }
            equations.add_xi_products(y, of, out);
        }
    }

    fn natural_size(&self, block: usize) -> f64 {
        self.size.powi(self.equations.plan.blocks()[block].j as i32)
    }
}
