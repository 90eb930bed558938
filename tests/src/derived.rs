//! Models made from other models: the same physics in other units, without
//! its interaction, or under other names.

use meanfield::abstract_model::Term;
use meanfield::prelude::*;
use ndarray::{Array2, ArrayView2, ArrayViewMut2, Axis};

/// A model with K and V multiplied by numbers, everything else by default: the
/// fast paths of the model are not used.
pub struct Scaled<'a, M: ?Sized> {
    /// The model.
    pub model: &'a M,
    /// What K is multiplied by.
    pub k: f64,
    /// What V is multiplied by.
    pub pair: f64,
}

impl<M: Model + ?Sized> Model for Scaled<'_, M> {
    type Scalar = M::Scalar;

    fn space(&self) -> &Space<M::Scalar> {
        self.model.space()
    }

    fn add_k(&self, c: M::Scalar, x: ArrayView2<'_, M::Scalar>, out: ArrayViewMut2<'_, M::Scalar>) {
        self.model.add_k(c.scaled(self.k), x, out);
    }

    fn interaction(&self) -> &dyn Interaction<M::Scalar> {
        self
    }

    /// Of models without further terms alone are others made here.
    fn further_terms(&self) -> Vec<Term<'_, M::Scalar>> {
        let terms = self.model.further_terms();
        assert!(terms.is_empty(), "their operators would have to change too");
        terms
    }
}

impl<M: Model + ?Sized> Interaction<M::Scalar> for Scaled<'_, M> {
    fn one_body_space(&self) -> &Space<M::Scalar> {
        self.space()
    }

    fn add_pair(
        &self,
        c: M::Scalar,
        x: ArrayView2<'_, M::Scalar>,
        out: ArrayViewMut2<'_, M::Scalar>,
    ) {
        self.model
            .interaction()
            .add_pair(c.scaled(self.pair), x, out);
    }
}

/// A model whose one-body basis is renamed: element a is called `name[a]`.
pub struct Relabelled<'a, M: Model + ?Sized> {
    model: &'a M,
    name: Vec<usize>,
    space: Space<M::Scalar>,
}

impl<'a, M: Model + ?Sized> Relabelled<'a, M> {
    /// `name` is a permutation of 0 … D−1.
    #[must_use]
    pub fn new(model: &'a M, name: Vec<usize>) -> Self {
        let trace = model.space().trace();
        let mut renamed = trace.to_vec();
        for (a, &to) in name.iter().enumerate() {
            renamed[to] = trace[a];
        }
        Self {
            model,
            name,
            space: Space::new(renamed, model.space().norm()),
        }
    }

    /// The packed tensor of degree j in the new names.
    #[must_use]
    pub fn rename(
        &self,
        layout: &SymmetricLayout,
        j: usize,
        tensor: &[M::Scalar],
    ) -> Vec<M::Scalar> {
        let mut out = tensor.to_vec();
        for (entry, &x) in tensor.iter().enumerate() {
            let renamed = |a: usize| self.name[a];
            let indices: Vec<usize> = layout.indices(j, entry).into_iter().map(renamed).collect();
            out[layout.rank(&indices)] = x;
        }
        out
    }
}

impl<M: Model + ?Sized> Model for Relabelled<'_, M> {
    type Scalar = M::Scalar;

    fn space(&self) -> &Space<M::Scalar> {
        &self.space
    }

    fn add_k(
        &self,
        c: M::Scalar,
        x: ArrayView2<'_, M::Scalar>,
        mut out: ArrayViewMut2<'_, M::Scalar>,
    ) {
        let old = x.select(Axis(0), &self.name);
        let mut image = Array2::zeros(x.raw_dim());
        self.model.add_k(c, old.view(), image.view_mut());
        for (a, &to) in self.name.iter().enumerate() {
            let mut row = out.row_mut(to);
            row += &image.row(a);
        }
    }

    fn interaction(&self) -> &dyn Interaction<M::Scalar> {
        self
    }

    /// Of models without further terms alone are others made here.
    fn further_terms(&self) -> Vec<Term<'_, M::Scalar>> {
        let terms = self.model.further_terms();
        assert!(terms.is_empty(), "their operators would have to change too");
        terms
    }
}

impl<M: Model + ?Sized> Interaction<M::Scalar> for Relabelled<'_, M> {
    fn one_body_space(&self) -> &Space<M::Scalar> {
        self.space()
    }

    fn add_pair(
        &self,
        c: M::Scalar,
        x: ArrayView2<'_, M::Scalar>,
        mut out: ArrayViewMut2<'_, M::Scalar>,
    ) {
        let d = self.name.len();
        let rows: Vec<usize> = (0..d * d)
            .map(|row| self.name[row / d] * d + self.name[row % d])
            .collect();
        let old = x.select(Axis(0), &rows);
        let mut image = Array2::zeros(x.raw_dim());
        self.model
            .interaction()
            .add_pair(c, old.view(), image.view_mut());
        for (row, &to) in rows.iter().enumerate() {
            let mut target = out.row_mut(to);
            target += &image.row(row);
        }
    }
}
