//! Sums of products of one-body operators over distinct particles, on one total
//! spin.
//!
//! With E_ac = |a⟩⟨c| of a level pair, u = 2a + c its index, and α a list of
//! such units (with repetitions, degree |α|),
//!
//! ```math
//! \begin{aligned}
//! e_\alpha &= \sum_{i_1, \dots, i_{|\alpha|} \text{ distinct}}\ \prod_l E_{u_l}^{(i_l)}, \\
//! e_{\alpha+u} &= S_u e_\alpha - \sum_v \alpha_v\, e_{\alpha-v+(uv)}, \qquad S_u = e_u = \sum_i E_u^{(i)},
//! \end{aligned}
//! ```
//!
//! where uv is the unit E_u E_v, if that is not zero: what S_u e_α has too much is
//! the particles that carry a unit already. On |J, m = J−i⟩, with k = N/2 − J
//! and n = 2J+1, S_↑↑ = N−k−i, S_↓↓ = k+i, S_↑↓|i⟩ = √(i(n−i)) |i−1⟩. Every e_α
//! shifts i by a fixed number, so it is one diagonal.
//!
//! Everything is made of these: Σ_i h_i = Σ h_ac e_ac, Σ_{i≠j} v_ij =
//! Σ v_ab,ce e_{ac,be}, and ⟨x_1…x_j|F_j|x'_1…x'_j⟩ = ⟨e_{x'_1x_1, …, x'_jx_j}⟩/(N)_j.

use meanfield_tensor::SymmetricLayout;

use crate::ExactError;

/// Units of a level pair: ↑↑, ↑↓, ↓↑, ↓↓.
pub(super) const UNITS: usize = 4;

/// E_u E_v, if it is not zero.
fn times(u: usize, v: usize) -> Option<usize> {
    (u % 2 == v / 2).then_some(u / 2 * 2 + v % 2)
}

/// How far e_u lowers i: 1 for ↑↓, −1 for ↓↑.
fn lowering(u: usize) -> isize {
    [0, 1, -1, 0][u]
}

/// How an operator of a degree follows from those of the degree below.
struct Recipe {
    unit: usize,
    /// s of e_α, which maps |i⟩ to |i−s⟩.
    lowering: isize,
    below: usize,
    /// (α_v, rank of α − v + uv) of what is subtracted.
    corrections: Vec<(f64, usize)>,
}

/// The recursion for all e_α up to a degree, laid out by a [`SymmetricLayout`] over the
/// four units.
pub(super) struct Recursion {
    layout: SymmetricLayout,
    recipes: Vec<Vec<Recipe>>,
}

/// The diagonals ⟨i−s|e_α|i⟩ of all e_α on one total spin.
pub(super) struct Collective<'a> {
    recursion: &'a Recursion,
    /// By degree, then rank: a number for each i.
    diagonals: Vec<Vec<Vec<f64>>>,
}

impl Recursion {
    /// For degrees up to `degree`. Cost: C(degree+4, 4).
    ///
    /// # Errors
    /// [`ExactError::Tensor`] when the products cannot be indexed.
    pub(super) fn new(degree: usize) -> Result<Self, ExactError> {
        let layout = SymmetricLayout::new(UNITS, degree)?;
        let recipe = |j: usize, entry: usize| {
            let mut units = layout.indices(j, entry);
            let unit = units.remove(0);
            let mut corrections = Vec::new();
            for v in 0..UNITS {
                let carried = units.iter().filter(|&&w| w == v).count();
                if let (Some(product), Some(place)) =
                    (times(unit, v), units.iter().position(|&w| w == v))
                {
                    let mut merged = units.clone();
                    merged[place] = product;
                    corrections.push((carried as f64, layout.rank(&merged)));
                }
            }
            Recipe {
                unit,
                lowering: layout.indices(j, entry).into_iter().map(lowering).sum(),
                below: layout.rank(&units),
                corrections,
            }
        };
        let recipes = (1..=degree)
            .map(|j| (0..layout.len(j)).map(|entry| recipe(j, entry)).collect())
            .collect();
        Ok(Self { layout, recipes })
    }

    /// The layout of the products.
    pub(super) fn layout(&self) -> &SymmetricLayout {
        &self.layout
    }

    /// All e_α on the total spin N/2 − k of N particles. Cost: C(degree+4, 4)·(N−2k+1).
    pub(super) fn on_spin(&self, n: usize, k: usize) -> Collective<'_> {
        let dimension = n - 2 * k + 1;
        let mut diagonals = vec![vec![vec![1.0; dimension]]];
        for (j, recipes) in (1..).zip(&self.recipes) {
            let below: &Vec<Vec<f64>> = &diagonals[j - 1];
            let make = |recipe: &Recipe| {
                let right = recipe.lowering - lowering(recipe.unit);
                let one = |i: usize| {
                    if shifted(i, recipe.lowering, dimension).is_none() {
                        return 0.0;
                    }
                    let left = shifted(i, right, dimension).map_or(0.0, |middle| {
                        let down = dimension - middle;
                        match recipe.unit {
                            0 => (n - k - middle) as f64,
                            1 => ((middle * down) as f64).sqrt(),
                            2 => (((middle + 1) * (down - 1)) as f64).sqrt(),
                            _ => (k + middle) as f64,
                        }
                    });
                    let corrections = recipe.corrections.iter();
                    let carried: f64 = corrections.map(|&(c, e)| c * below[e][i]).sum();
                    left * below[recipe.below][i] - carried
                };
                (0..dimension).map(one).collect()
            };
            let here = recipes.iter().map(make).collect();
            diagonals.push(here);
        }
        Collective {
            recursion: self,
            diagonals,
        }
    }
}

/// i − s, where it is a state.
fn shifted(i: usize, s: isize, dimension: usize) -> Option<usize> {
    i.checked_add_signed(-s).filter(|&to| to < dimension)
}

impl Collective<'_> {
    /// Rank of the product of the given units.
    pub(super) fn rank(&self, units: &[usize]) -> usize {
        self.recursion.layout.rank(units)
    }

    /// The shift s of e_α and its entries ⟨i−s|e_α|i⟩, zero where i−s is no state.
    pub(super) fn diagonal(&self, j: usize, entry: usize) -> (isize, &[f64]) {
        let shift = match j.checked_sub(1) {
            None => 0,
            Some(above) => self.recursion.recipes[above][entry].lowering,
        };
        (shift, &self.diagonals[j][entry])
    }
}
