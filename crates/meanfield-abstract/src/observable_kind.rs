//! What a model can measure, by name: numbers and fields, of one particle or
//! of a pair.

use std::fmt;

use meanfield_tensor::{Scalar, SymmetricLayout};
use num_complex::Complex64;

use crate::Series;

/// A real-linear map from L, in engine coordinates, to the components of an
/// observable.
pub type Functional<'a, S> = Box<dyn Fn(&[S]) -> Vec<f64> + Send + Sync + 'a>;

/// A symmetric tensor of degree 2 in engine coordinates, however it is stored:
/// packed, as a sum of products, or in a factored form.
pub trait PairTensor<S> {
    /// The entry G\[a, b\].
    fn entry(&self, a: usize, b: usize) -> S;

    /// ⟨G, a⊗b⟩ of two functionals on L, D numbers each.
    fn contract(&self, a: &[S], b: &[S]) -> S;
}

/// A packed symmetric tensor of degree 2.
#[derive(Debug, Clone, Copy)]
pub struct PackedPair<'a, S> {
    /// Its layout.
    pub layout: &'a SymmetricLayout,
    /// Its entries.
    pub values: &'a [S],
}

impl<S: Scalar> PairTensor<S> for PackedPair<'_, S> {
    fn entry(&self, a: usize, b: usize) -> S {
        self.values[self.layout.rank(&[a, b])]
    }

    fn contract(&self, a: &[S], b: &[S]) -> S {
        let rest = self.layout.contract(2, a, self.values);
        b.iter().zip(&rest).map(|(&x, &y)| x * y).sum()
    }
}

/// A real-linear map from symmetric tensors of degree 2 to the components of an
/// observable.
pub type PairFunctional<'a, S> = Box<dyn Fn(&dyn PairTensor<S>) -> Vec<f64> + Send + Sync + 'a>;

/// The components of a function of F_1 as series in 1/N, from the coefficients
/// f_{1,0}, f_{1,1}, … in engine coordinates; `None` where it has no expansion.
pub type MarginalFunction<'a, S> = Box<dyn Fn(&[&[S]]) -> Option<Vec<Series>> + Send + Sync + 'a>;

/// One axis of a vector-valued observable.
#[derive(Debug, Clone, PartialEq)]
pub struct Axis {
    /// What it counts: "x", "p", "r".
    pub name: String,
    /// The coordinate of each component.
    pub values: Vec<f64>,
}

/// A model that measures by name.
pub trait Measured<S>: Send + Sync {
    /// Names of the observables it knows.
    fn observable_names(&self) -> Vec<String>;

    /// The observable of that name, one of
    /// [`observable_names`](Measured::observable_names).
    fn observable(&self, name: &str) -> Option<ObservableKind<'_, S>>;
}

/// What is measured under a name.
pub enum ObservableKind<'a, S> {
    /// A one-body observable a, as the user array of
    /// [`Observable::new`](crate::Observable::new).
    OneBody(Vec<Complex64>),
    /// A family of one-body observables.
    Field(Field<'a, S>),
    /// A linear function of F_2.
    TwoBody(TwoBody<'a, S>),
    /// A function of F_1 that need not be linear.
    OfMarginal(OfMarginal<'a, S>),
    /// A function of means and covariances of one-body observables.
    OfMoments(Derived),
}

/// A family of one-body observables a_k, one for each point of its axes: the
/// density, the momentum distribution. Its mean is ⟨F_1, a_k⟩, its variance
/// that of (1/N) Σ_i a_k(z_i), k by k.
pub struct Field<'a, S> {
    /// The axes; components are in row-major order.
    pub axes: Vec<Axis>,
    /// F ↦ ⟨F, a_k⟩.
    pub mean: Functional<'a, S>,
    /// F ↦ ⟨F, a_k²⟩, the operator square.
    pub square: Functional<'a, S>,
    /// G ↦ ⟨G, a_k⊗a_k⟩.
    pub pair: PairFunctional<'a, S>,
}

/// Which two-particle tensor a [`TwoBody`] observable is taken of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PairSource {
    /// `one_body`(F_1) + `pair`(F_2).
    Marginal,
    /// `one_body`(F_1) + (1 − 1/N)·`pair`(F_2): the energy per particle, with
    /// ⟨h⟩ and ½⟨v⟩.
    PerPair,
    /// `pair`(N (F_2 − F_1⊗F_1)), whose coefficient of N^{−m} is
    /// `pair`(g_{2,m}). There is no one-body part.
    Correlation,
}

/// A linear function of the two-particle marginal; its mean only.
pub struct TwoBody<'a, S> {
    /// The axes, none for a number; components are in row-major order.
    pub axes: Vec<Axis>,
    /// The tensor it is taken of.
    pub of: PairSource,
    /// The one-body part.
    pub one_body: Option<Functional<'a, S>>,
    /// The two-body part.
    pub pair: PairFunctional<'a, S>,
}

/// A function of the one-particle marginal: entropy, depletion.
pub struct OfMarginal<'a, S> {
    /// The axes, none for a number; components are in row-major order.
    pub axes: Vec<Axis>,
    /// What it lies between for every state, where that is known.
    pub range: Option<(f64, f64)>,
    /// The function.
    pub evaluate: MarginalFunction<'a, S>,
}

/// An observable that is a function of the means ⟨a_i⟩ and of the scaled
/// covariances N·Cov(a_i, a_k) of the empirical averages of a few one-body
/// observables: the spin squeezing parameter, for example.
///
/// `compose` is called with series in 1/N, or with single numbers for an exact
/// value at one N; it returns `None` where the function has no expansion.
#[derive(Debug, Clone)]
pub struct Derived {
    /// Its name.
    pub name: String,
    /// The user arrays of the a_i, as for [`Observable::new`](crate::Observable::new).
    pub ingredients: Vec<Vec<Complex64>>,
    /// The function: means, then covariances, `covariances[i][k]`.
    pub compose: fn(&[Series], &[Vec<Series>]) -> Option<Series>,
}

impl<S> ObservableKind<'_, S> {
    /// The axes of its values, none for a number.
    #[must_use]
    pub fn axes(&self) -> &[Axis] {
        match self {
            Self::OneBody(_) | Self::OfMoments(_) => &[],
            Self::Field(field) => &field.axes,
            Self::TwoBody(two_body) => &two_body.axes,
            Self::OfMarginal(function) => &function.axes,
        }
    }

    /// By how many powers of 1/N it is known less far than F_1: covariances
    /// are N times a correlation.
    #[must_use]
    pub fn powers_lost(&self) -> usize {
        match self {
            Self::OfMoments(_)
            | Self::TwoBody(TwoBody {
                of: PairSource::Correlation,
                ..
            }) => 1,
            _ => 0,
        }
    }
}

impl<S> fmt::Debug for ObservableKind<'_, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match self {
            Self::OneBody(_) => "OneBody",
            Self::Field(_) => "Field",
            Self::TwoBody(_) => "TwoBody",
            Self::OfMarginal(_) => "OfMarginal",
            Self::OfMoments(_) => "OfMoments",
        };
        let axes: Vec<&str> = self.axes().iter().map(|axis| axis.name.as_str()).collect();
        f.debug_struct(name).field("axes", &axes).finish()
    }
}
