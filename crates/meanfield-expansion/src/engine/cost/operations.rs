//! How many floating-point operations a right-hand side takes, before one is made.

use meanfield_abstract::{Model, multiply_add};
use meanfield_tensor::Scalar;

use super::engine::Engine;
use crate::ExpansionError;
use crate::engine::state::splittings;
use crate::engine::work::buffers::Buffers;

/// Floating-point operations of a right-hand side of order `order`, about: those of
/// every loop of the engine where all indices of a tensor are different, which is so
/// for most entries of large ones.
///
/// Those of every further term of the model are among them. In the interaction picture
/// this is the right-hand side alone; a step has six of them and carries 20 vectors
/// along e^{τK₀}.
///
/// # Errors
/// [`ExpansionError::TooLarge`] when it cannot be counted.
pub fn operations<S: Scalar>(
    model: &dyn Model<Scalar = S>,
    order: usize,
) -> Result<f64, ExpansionError> {
    let counted = match model.capabilities().semigroup().as_deref() {
        None => Engine::new(model, order).map(|engine| engine.operations()),
        Some(split) => Engine::new(split.rest(), order).map(|engine| engine.operations()),
    };
    let dimension = model.space().dimension();
    let counted = model.further_terms().iter().try_fold(counted, |sum, term| {
        let Some(order) = order.checked_sub(term.power.exponent()) else {
            return Some(sum);
        };
        let engine = Engine::new(term.operator, order)?;
        let own = match term.operator.interaction().vanishes() {
            true => engine.of_k(),
            false => engine.operations(),
        };
        Some(sum.map(|sum| sum + own))
    });
    let counted = counted.flatten();
    counted.ok_or(ExpansionError::TooLarge { order, dimension })
}

/// n over k.
fn choose(n: usize, k: usize) -> f64 {
    (0..k).fold(1.0, |c, i| c * (n - i) as f64 / (i + 1) as f64)
}

impl<S: Scalar> Engine<'_, S> {
    /// K on one slot of every tensor.
    fn of_k(&self) -> f64 {
        let degrees = (0..=self.buffers.order).flat_map(|p| 1..=p + 1);
        let columns: f64 = degrees.map(|j| self.buffers.lens[j - 1] as f64).sum();
        columns * self.effort.column as f64
    }

    fn operations(&self) -> f64 {
        let order = self.buffers.order;
        let blocks = (0..=order).flat_map(|p| (1..=p + 1).map(move |j| (j, p + 1 - j)));
        let linearisations = if order == 0 { 0 } else { order + 1 };
        let state = self.effort.column as f64;
        blocks.map(|(j, l)| self.of_block(j, l)).sum::<f64>() + linearisations as f64 * state
    }

    fn of_block(&self, j: usize, l: usize) -> f64 {
        let state = self.effort.column as f64;
        let Buffers { order, lens, .. } = &self.buffers;
        let highest = j - 1 + l == *order && *order > 0;
        let list = self.model.interaction().pair_operator();
        let all_rates = list.map(|list| list.transitions().rates() as f64);
        let (unit, d) = (multiply_add::<S>() as f64, self.buffers.d as f64);
        let columns = lens[j - 1] as f64;
        // Rates of the transitions beside what lies below the highest order.
        let rates = match all_rates {
            Some(all) if !highest && (j > 1 || l == 0) => unit * all * columns,
            _ => 0.0,
        };
        if (j, l) == (1, 0) {
            return rates + all_rates.map_or(state, |_| unit * d);
        }
        let linearised = if j == 1 { l / 2 + 1 } else { l + 1 };
        let mut sum = rates + linearised as f64 * state * columns + unit * d * columns;
        if !highest && !self.model.capabilities().k_is_zero {
            sum += unit * d * d * columns;
        }
        if l > 0 {
            sum += columns * all_rates.map_or(self.effort.traced as f64, |n| unit * n);
        }
        for (j1, _, j2, _) in splittings(j, l) {
            sum += match j1.min(j2) {
                1 if highest => unit * d * columns,
                2 if highest => unit * d * d / 2.0 * lens[j - 2] as f64,
                _ => unit * choose(j, j1) * lens[j] as f64,
            };
        }
        if j > 1 {
            sum += self.of_pairs(j, l);
        }
        sum
    }

    /// The terms that live on pairs of slots.
    fn of_pairs(&self, j: usize, l: usize) -> f64 {
        let (unit, d) = (multiply_add::<S>() as f64, self.buffers.d as f64);
        let (pairs, below) = (d * (d + 1.0) / 2.0, self.buffers.lens[j - 2] as f64);
        let pair = self.effort.pair as f64;
        let list = self.model.interaction().pair_operator();
        if list.is_none() && j == 2 {
            return (l / 2 + 1 + usize::from(l > 0)) as f64 * pair;
        }
        // V on packed pairs, what it is applied to, and the sum over pairs.
        let applied = list.map_or(pair, |list| 0.5 * unit * list.entries() as f64);
        // Every subset of the other slots with every l.
        let products = 2.0_f64.powi(j as i32 - 2) * (l + 1) as f64;
        let mut sum = below * (applied + unit * pairs * (products + 1.0));
        for (j1, _, j2, _) in splittings(j + 1, l).filter(|&(j1, _, j2, _)| j1.min(j2) > 1) {
            let first = j1 - 1 - usize::from(j1 <= j2);
            let orders = if j1.min(j2) == 2 { 2.0 } else { 1.0 };
            let each = match list {
                Some(list) => unit * list.transitions().len() as f64 * d * orders,
                None => self.effort.column as f64 * d,
            };
            sum += below * choose(j - 2, first) * each;
        }
        sum
    }
}
