//! Jump processes whose rates are functions: nothing is listed, so that D goes
//! into the thousands.

mod linearised;

use meanfield_tensor::{Pool, Space, pair_rank};
use ndarray::{ArrayView2, ArrayViewMut2, Axis};

use self::linearised::Linearised;
use crate::effort::COLUMNS_OF_A_MATRIX;
use crate::linearised::Linearisation;
use crate::{Capabilities, Effort, Interaction, Model, ModelError};

/// A population of particles with states 0 … D−1 that jump alone and in pairs:
///
/// ```math
/// \begin{aligned}
/// (K F)[s] &= \sum_r \big[ \text{rate}(r \to s)\, F[r] - \text{rate}(s \to r)\, F[s] \big], \\
/// (V G)[a,b] &= \sum_{c,d} \big[ \text{rate}((c,d) \to (a,b))\, G[c,d]
///   - \text{rate}((a,b) \to (c,d))\, G[a,b] \big],
/// \end{aligned}
/// ```
///
/// with the trace Σ_s F\[s\] and the norm L¹. `one_body(s)` yields (state reached,
/// rate); `pair(a, b)` yields ((state of the first, state of the second), rate)
/// for a pair in the states a ≤ b, with 1/N in front (88)–(90). What is said of
/// (a, b) holds for (b, a) with the particles exchanged, and of two particles
/// in the same state either may be the first: V is exchange symmetric, and
/// keeps the trace (93), whatever the functions are.
///
/// The functions must give the same rates whenever they are asked.
///
/// A list of the transitions of all pairs takes D² times as many numbers as a
/// pair has transitions, twice: for V and for Q. Here none is kept, the rates are
/// asked for whenever they are needed, and Δ_1 is one D×D matrix.
///
/// ```
/// use meanfield_abstract::{JumpProcess, Model, check_assumptions};
///
/// // A ring of 64 sites. Alone, a particle steps up at rate 0.5; a pair steps apart or
/// // together at rates that depend on how far apart it is.
/// let sites = 64_usize;
/// let (up, down) = (move |s| (s + 1) % sites, move |s| (s + sites - 1) % sites);
/// let model = JumpProcess::new(
///     sites,
///     move |s| [(up(s), 0.5)],
///     move |a, b| {
///         let angle = std::f64::consts::TAU * (b - a) as f64 / sites as f64;
///         let rate = 1.0 + 0.5 * angle.cos();
///         [((up(a), down(b)), rate), ((down(a), up(b)), rate)]
///     },
/// )?;
/// assert!(check_assumptions(&model).hold());
/// // Twice the largest rate at which a pair jumps at all.
/// assert_eq!(model.interaction().pair_norm(), Some(6.0));
/// # Ok::<(), meanfield_abstract::ModelError>(())
/// ```
#[derive(Debug, Clone)]
pub struct JumpProcess<O, P> {
    space: Space<f64>,
    one_body: O,
    pair: P,
    k_is_zero: bool,
    pair_norm: f64,
    /// Jumps of all pairs a ≤ b.
    jumps: u64,
    /// Sums over the second particle, the states reached, and which these are.
    sums: Pool<f64>,
    reached: Pool<usize>,
    known: Pool<bool>,
}

impl<O, P, I, J> JumpProcess<O, P>
where
    O: Fn(usize) -> I + Send + Sync,
    I: IntoIterator<Item = (usize, f64)>,
    P: Fn(usize, usize) -> J + Send + Sync,
    J: IntoIterator<Item = ((usize, usize), f64)>,
{
    /// The process over `states` states. Asks for every rate once: D(D+1)/2
    /// calls of `pair`.
    ///
    /// # Errors
    /// [`ModelError`] for no states, a state reached that is not below
    /// `states`, and rates that are negative or not finite.
    pub fn new(states: usize, one_body: O, pair: P) -> Result<Self, ModelError> {
        if states == 0 {
            return Err(ModelError::Parameter {
                key: "states",
                found: "0".to_owned(),
                expected: "at least one state".to_owned(),
            });
        }
        let mut k_is_zero = true;
        for from in 0..states {
            for (to, rate) in one_body(from) {
                check_jump("K", &[from], &[to], rate, states)?;
                k_is_zero &= to == from || rate == 0.0;
            }
        }
        let (mut fastest, mut jumps) = (0.0_f64, 0);
        for c in 0..states {
            for d in c..states {
                let mut leaving = 0.0;
                for ((a, b), rate) in pair(c, d) {
                    check_jump("V", &[c, d], &[a, b], rate, states)?;
                    leaving += if (a, b) == (c, d) { 0.0 } else { rate };
                    jumps += 1;
                }
                fastest = fastest.max(leaving);
            }
        }
        Ok(Self {
            space: Space::probabilities(states),
            one_body,
            pair,
            k_is_zero,
            pair_norm: 2.0 * fastest,
            jumps,
            sums: Pool::new(),
            reached: Pool::new(),
            known: Pool::new(),
        })
    }

    /// The jumps (a, b, rate) out of the pair (c, d) in this order; one that ends
    /// where it began is none.
    fn jumps(&self, c: usize, d: usize, mut visit: impl FnMut(usize, usize, f64)) {
        let mut visit = |a, b, rate| {
            if (a, b) != (c, d) {
                visit(a, b, rate);
            }
        };
        if c < d {
            for ((a, b), rate) in (self.pair)(c, d) {
                visit(a, b, rate);
            }
        } else if d < c {
            for ((b, a), rate) in (self.pair)(d, c) {
                visit(a, b, rate);
            }
        } else {
            for ((a, b), rate) in (self.pair)(c, c) {
                visit(a, b, 0.5 * rate);
                visit(b, a, 0.5 * rate);
            }
        }
    }

    /// `out += c x` moved by every jump, from the row of the pair left to that of
    /// the pair reached.
    fn add_moved(
        &self,
        c: f64,
        x: ArrayView2<'_, f64>,
        mut out: ArrayViewMut2<'_, f64>,
        row: impl Fn(usize, usize) -> usize,
    ) {
        let states = self.space.dimension();
        for (from, x) in x.axis_iter(Axis(0)).enumerate() {
            let (first, second) = (from / states, from % states);
            let mut leaving = 0.0;
            self.jumps(first, second, |a, b, rate| {
                out.row_mut(row(a, b)).scaled_add(c * rate, &x);
                leaving += rate;
            });
            out.row_mut(row(first, second)).scaled_add(-c * leaving, &x);
        }
    }

    /// The entries of K as summands (row, column, value).
    fn entries_of_k(&self, mut visit: impl FnMut(usize, usize, f64)) {
        for from in 0..self.space.dimension() {
            for (to, rate) in (self.one_body)(from) {
                if to != from {
                    visit(to, from, rate);
                    visit(from, from, -rate);
                }
            }
        }
    }
}

/// Refuses what no jump can be.
fn check_jump(
    array: &str,
    from: &[usize],
    to: &[usize],
    rate: f64,
    states: usize,
) -> Result<(), ModelError> {
    let array = array.to_owned();
    if to.iter().any(|&s| s >= states) {
        return Err(ModelError::Index {
            array,
            row: from[0],
            found: to.to_vec(),
            dimension: states,
        });
    }
    if !rate.is_finite() {
        return Err(ModelError::NotFinite {
            array,
            index: [to, from].concat(),
            found: rate.to_string(),
        });
    }
    if rate < 0.0 {
        return Err(ModelError::NegativeRate {
            array,
            from: from.to_vec(),
            to: to.to_vec(),
            rate,
        });
    }
    Ok(())
}

impl<O, P, I, J> Model for JumpProcess<O, P>
where
    O: Fn(usize) -> I + Send + Sync,
    I: IntoIterator<Item = (usize, f64)>,
    P: Fn(usize, usize) -> J + Send + Sync,
    J: IntoIterator<Item = ((usize, usize), f64)>,
{
    type Scalar = f64;

    fn space(&self) -> &Space<f64> {
        &self.space
    }

    /// Cost: two rows of M numbers for each jump.
    fn add_k(&self, c: f64, x: ArrayView2<'_, f64>, mut out: ArrayViewMut2<'_, f64>) {
        self.entries_of_k(|to, from, value| {
            out.row_mut(to).scaled_add(c * value, &x.row(from));
        });
    }

    /// One D×D matrix for each linearisation.
    fn effort(&self, _columns: usize, pairs: usize) -> Effort {
        let d = self.space.dimension();
        let square = d.saturating_mul(d);
        // Sums beside each column, the states reached (as many bytes), and flags.
        let width = if pairs > 0 { d } else { 1 };
        Effort {
            linearisation: square,
            generator: square,
            scratch: d.saturating_mul(width + 2),
            column: 2 * square as u64,
            pair: 4 * (self.jumps + square as u64 / 2),
            traced: 4 * (self.jumps + square as u64 / 2),
            fewest_columns: COLUMNS_OF_A_MATRIX,
        }
    }

    fn linearised_generator(&self) -> Box<dyn Linearisation<f64> + '_> {
        Box::new(Linearised::new(self, true))
    }

    fn interaction(&self) -> &dyn Interaction<f64> {
        self
    }

    fn capabilities(&self) -> Capabilities<'_, f64> {
        Capabilities {
            k_is_zero: self.k_is_zero,
            ..Capabilities::of(self.space())
        }
    }
}

impl<O, P, I, J> Interaction<f64> for JumpProcess<O, P>
where
    O: Fn(usize) -> I + Send + Sync,
    I: IntoIterator<Item = (usize, f64)>,
    P: Fn(usize, usize) -> J + Send + Sync,
    J: IntoIterator<Item = ((usize, usize), f64)>,
{
    fn one_body_space(&self) -> &Space<f64> {
        self.space()
    }

    /// Cost: a row of M numbers for each jump of each pair, and for each pair.
    fn add_pair(&self, c: f64, x: ArrayView2<'_, f64>, out: ArrayViewMut2<'_, f64>) {
        let states = self.space.dimension();
        self.add_moved(c, x, out, |a, b| a * states + b);
    }

    /// As [`add_pair`](Interaction::add_pair), with rows of the first particle alone.
    fn add_q(&self, c: f64, x: ArrayView2<'_, f64>, out: ArrayViewMut2<'_, f64>) {
        self.add_moved(c, x, out, |a, _| a);
    }

    /// Cost: M₁·M₂ numbers for each jump of each pair, and for each pair.
    fn add_pair_product(
        &self,
        c: f64,
        x: ArrayView2<'_, f64>,
        y: ArrayView2<'_, f64>,
        mut out: ArrayViewMut2<'_, f64>,
    ) {
        let states = self.space.dimension();
        for first in 0..states {
            for second in 0..states {
                let mut leaving = 0.0;
                let mut add = |row: usize, factor: f64| {
                    add_outer(c * factor, x.row(first), y.row(second), out.row_mut(row));
                };
                self.jumps(first, second, |a, b, rate| {
                    add(a * states + b, rate);
                    leaving += rate;
                });
                add(first * states + second, -leaving);
            }
        }
    }

    /// The jumps of a first particle in one state are first summed over the
    /// second, on M₂ columns. Cost: M₂ numbers for each jump of each pair,
    /// M₁·M₂ for each state and each that it can reach.
    fn add_q_product(
        &self,
        c: f64,
        x: ArrayView2<'_, f64>,
        y: ArrayView2<'_, f64>,
        mut out: ArrayViewMut2<'_, f64>,
    ) {
        let states = self.space.dimension();
        let mut sums = self.sums.filled(states * y.ncols(), 0.0);
        let Ok(mut summed) = ArrayViewMut2::from_shape((states, y.ncols()), &mut sums) else {
            return;
        };
        let mut reached = self.reached.lend(states, 0);
        let mut known = self.known.filled(states, false);
        for first in 0..states {
            let mut count = 0;
            let mut add = |to: usize, rate: f64, second: usize| {
                if !std::mem::replace(&mut known[to], true) {
                    reached[count] = to;
                    count += 1;
                }
                summed.row_mut(to).scaled_add(rate, &y.row(second));
            };
            for second in 0..states {
                let mut leaving = 0.0;
                self.jumps(first, second, |a, _, rate| {
                    add(a, rate, second);
                    leaving += rate;
                });
                add(first, -leaving, second);
            }
            for &to in &reached[..count] {
                add_outer(c, x.row(first), summed.row(to), out.row_mut(to));
                summed.row_mut(to).fill(0.0);
                known[to] = false;
            }
        }
    }

    /// Each pair of states is asked for once. Cost: four operations for each of its
    /// jumps; holds nothing.
    fn add_symmetric_product(&self, c: f64, x: &[f64], y: &[f64], out: &mut [f64]) {
        let share = |a: usize, b: usize| if a == b { 1.0 } else { 0.5 };
        let mut add = |a: usize, b: usize, value: f64| {
            out[pair_rank(a, b)] += share(a, b) * value;
        };
        for second in 0..x.len() {
            for first in 0..=second {
                // Of two particles in one state there is one order, not two.
                let orders = if first == second { 0.5 } else { 1.0 };
                let weight = c * orders * (x[first] * y[second] + x[second] * y[first]);
                let mut leaving = 0.0;
                for ((a, b), rate) in (self.pair)(first, second) {
                    if (a, b) != (first, second) {
                        add(a, b, rate * weight);
                        leaving += rate;
                    }
                }
                add(first, second, -leaving * weight);
            }
        }
    }

    /// Each pair of states is asked for once; holds nothing.
    fn add_symmetric_q(&self, c: f64, pairs: &[f64], out: &mut [f64]) {
        let mut each = pairs.iter();
        for second in 0..out.len() {
            for (first, &value) in each.by_ref().take(second + 1).enumerate() {
                let weight = if first == second { 0.5 * c } else { c } * value;
                for ((a, b), rate) in (self.pair)(first, second) {
                    if (a, b) != (first, second) {
                        out[a] += rate * weight;
                        out[b] += rate * weight;
                        out[first] -= rate * weight;
                        out[second] -= rate * weight;
                    }
                }
            }
        }
    }

    fn linearisation(&self) -> Box<dyn Linearisation<f64> + '_> {
        Box::new(Linearised::new(self, false))
    }

    /// Twice the largest rate at which a pair jumps.
    fn pair_norm(&self) -> Option<f64> {
        Some(self.pair_norm)
    }
}

/// `out[m₁·M₂ + m₂] += c x[m₁] y[m₂]`.
fn add_outer(
    c: f64,
    x: ndarray::ArrayView1<'_, f64>,
    y: ndarray::ArrayView1<'_, f64>,
    mut out: ndarray::ArrayViewMut1<'_, f64>,
) {
    for (&value, mut part) in x.iter().zip(out.axis_chunks_iter_mut(Axis(0), y.len())) {
        part.scaled_add(c * value, &y);
    }
}

#[cfg(test)]
mod tests;
