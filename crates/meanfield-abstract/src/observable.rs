//! One-body observables as functionals on the engine's space.

use meanfield_tensor::{Norm, Scalar, linalg};
use ndarray::Array2;
use num_complex::Complex64;

use crate::{Model, ModelError, ObservableKind};

/// A one-body observable a with its operator square, as functionals on L:
/// ⟨F, a⟩ = Σ_k `first[k]` F\[k\].
#[derive(Debug, Clone, PartialEq)]
pub struct Observable<S> {
    /// Its name.
    pub name: String,
    /// ⟨·, a⟩.
    pub first: Vec<S>,
    /// ⟨·, a²⟩.
    pub second: Vec<S>,
    /// Whether `second` is all of a², so that there is a variance.
    pub fluctuates: bool,
}

impl<S: Scalar> Observable<S> {
    /// The observable with the user array `values`: D numbers for a classical
    /// model; the d×d matrix ⟨x|a|x'⟩, row-major, for a quantum one, where
    /// ⟨a⟩ = Σ_{x,x'} a[x',x] F[x·d + x'].
    ///
    /// # Errors
    /// [`ModelError::Shape`] for another number of values,
    /// [`ModelError::NotFinite`], [`ModelError::NotHermitian`].
    pub fn new<M>(model: &M, name: &str, values: &[Complex64]) -> Result<Self, ModelError>
    where
        M: Model<Scalar = S> + ?Sized,
    {
        let array = format!("observable {name}");
        let d = model.space().dimension();
        if values.len() != d {
            return Err(ModelError::Shape {
                array,
                found: vec![values.len()],
                expected: match model.capabilities().basis.levels() {
                    Some(levels) => format!("({levels}, {levels})"),
                    None => format!("({d},)"),
                },
            });
        }
        if let Some(k) = values.iter().position(|z| !z.finite()) {
            return Err(ModelError::NotFinite {
                array,
                index: vec![k],
                found: values[k].to_string(),
            });
        }
        if let Some(levels) = model.capabilities().basis.levels() {
            let a = Array2::from_shape_fn((levels, levels), |(x, y)| values[x * levels + y]);
            require_hermitian(&array, &a)?;
        }
        let square = model.capabilities().basis.product(values, values);
        Ok(Self {
            name: name.to_owned(),
            first: functional(model, values),
            second: functional(model, &square),
            fluctuates: model.capabilities().basis.holds_square(values),
        })
    }

    /// The same with a² given as a user array, where the model does not hold it.
    ///
    /// # Errors
    /// [`ModelError::Shape`], [`ModelError::NotFinite`] for another array.
    pub fn with_square<M>(self, model: &M, square: &[Complex64]) -> Result<Self, ModelError>
    where
        M: Model<Scalar = S> + ?Sized,
    {
        let name = format!("{} (square)", self.name);
        let square = Self::new(model, &name, square)?;
        Ok(Self {
            second: square.first,
            fluctuates: true,
            ..self
        })
    }

    /// The observable of that name, as the model defines it.
    ///
    /// # Errors
    /// [`ModelError::Unknown`] when the model has no one-body observable of that
    /// name.
    pub fn named<M>(model: &M, name: &str) -> Result<Self, ModelError>
    where
        M: Model<Scalar = S> + ?Sized,
    {
        let Some(ObservableKind::OneBody(values)) = model.capabilities().observable(name) else {
            return Err(ModelError::Unknown {
                kind: "one-body observable",
                name: name.to_owned(),
                known: model.capabilities().observable_names().join(", "),
            });
        };
        Self::new(model, name, &values)
    }

    /// What ⟨F, a⟩ lies between for every state: the least and the largest of `values`, the
    /// user array of [`new`](Self::new), or the eigenvalues of their matrix; `None` where
    /// states are not positive, or arrays not values.
    #[must_use]
    pub fn range<M>(&self, model: &M, values: &[Complex64]) -> Option<(f64, f64)>
    where
        M: Model<Scalar = S> + ?Sized,
    {
        let capabilities = model.capabilities();
        let all: Vec<f64> = match (model.space().norm(), capabilities.basis.levels()) {
            (Norm::L1, None) if capabilities.keeps_positivity && self.fluctuates => {
                values.iter().map(|z| z.re).collect()
            }
            (Norm::Trace { .. }, Some(levels)) => {
                let a = Array2::from_shape_fn((levels, levels), |(x, y)| values[x * levels + y]);
                linalg::eigh(a.view()).ok()?.0.to_vec()
            }
            _ => return None,
        };
        let least = all.iter().copied().fold(f64::INFINITY, f64::min);
        Some((least, all.into_iter().fold(f64::NEG_INFINITY, f64::max)))
    }

    /// ⟨F, a⟩.
    #[must_use]
    pub fn mean(&self, f: &[S]) -> S {
        self.first.iter().zip(f).map(|(&a, &x)| a * x).sum()
    }
}

impl<S: Scalar> Observable<S> {
    /// The functional ⟨·, ½(ab + ba)⟩ of the symmetrised product of two user
    /// arrays (the plain product for a classical model).
    #[must_use]
    pub fn symmetrised_product<M>(model: &M, a: &[Complex64], b: &[Complex64]) -> Vec<S>
    where
        M: Model<Scalar = S> + ?Sized,
    {
        let product = model.capabilities().basis.product(a, b);
        functional(model, &product)
    }
}

/// Requires A = A† up to rounding.
///
/// # Errors
/// [`ModelError::NotHermitian`] with the first entry that differs.
pub fn require_hermitian(array: &str, a: &Array2<Complex64>) -> Result<(), ModelError> {
    let largest = a.iter().map(|z| z.norm()).fold(0.0, f64::max);
    for ((i, j), &z) in a.indexed_iter() {
        let mirror = a[[j, i]].conj();
        if (z - mirror).norm() > 1e-12 * largest {
            return Err(ModelError::NotHermitian {
                array: array.to_owned(),
                index: vec![i, j],
                found: z.to_string(),
                mirror: a[[j, i]].to_string(),
            });
        }
    }
    Ok(())
}

/// The functional F ↦ Tr(aF) on the engine's coordinates.
fn functional<M: Model + ?Sized>(model: &M, values: &[Complex64]) -> Vec<M::Scalar> {
    let basis = model.capabilities().basis;
    let on_user: Vec<Complex64> = match basis.levels() {
        None => values.to_vec(),
        Some(d) => (0..d * d)
            .map(|index| values[(index % d) * d + index / d])
            .collect(),
    };
    let on_engine = match basis.user_from_engine() {
        None => on_user,
        Some(u) => u
            .columns()
            .into_iter()
            .map(|column| column.iter().zip(&on_user).map(|(x, y)| x * y).sum())
            .collect(),
    };
    on_engine.into_iter().map(M::Scalar::from_complex).collect()
}
