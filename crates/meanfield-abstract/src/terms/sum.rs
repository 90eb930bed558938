//! A model with terms added to it.

use meanfield_tensor::{Scalar, Space};
use ndarray::{ArrayView2, ArrayViewMut2};

use super::{Envelope, Power, Term};
use crate::effort::Effort;
use crate::linearised::Linearisation;
use crate::{Capabilities, Interaction, Model, ModelError};

/// A model and further terms,
///
/// ```math
/// K + V/N + \sum_k c_k(t)\, N^{-p_k} (K_k + V_k/N),
/// ```
///
/// with K and V those of the model it is made from.
///
/// ```
/// use meanfield_abstract::{Envelope, Model, Power, SumOfTerms, WithoutK, WithoutV, problems};
///
/// // SIS whose contacts have a season: K, and (1 + ½ sin t) V/N.
/// let sis = problems::sis()?;
/// let seasonal = SumOfTerms::new(WithoutV::new(&sis)).with_term(
///     WithoutK(&sis),
///     Power::Zero,
///     Envelope::of(|t| 1.0 + 0.5 * t.sin()),
/// )?;
/// assert_eq!(seasonal.further_terms().len(), 1);
/// # Ok::<(), meanfield_abstract::ModelError>(())
/// ```
pub struct SumOfTerms<'a, S: Scalar> {
    base: Box<dyn Model<Scalar = S> + 'a>,
    terms: Vec<Owned<'a, S>>,
}

struct Owned<'a, S: Scalar> {
    operator: Box<dyn Model<Scalar = S> + 'a>,
    power: Power,
    envelope: Envelope,
}

/// Rounding of two traces that are the same.
const ROUNDING: f64 = 1e-12;

impl<'a, S: Scalar> SumOfTerms<'a, S> {
    /// A model, itself or by reference, with no terms added yet.
    #[must_use]
    pub fn new(base: impl Model<Scalar = S> + 'a) -> Self {
        Self {
            base: Box::new(base),
            terms: Vec::new(),
        }
    }

    /// Adds c(t) N^{−p} (K_k + V_k/N), with K_k and V_k those of `operator`, in the
    /// basis of the model.
    ///
    /// # Errors
    /// [`ModelError::Shape`] for an operator over another one-body space;
    /// [`ModelError::FurtherTerms`] for one that is itself a sum of terms.
    pub fn with_term(
        mut self,
        operator: impl Model<Scalar = S> + 'a,
        power: Power,
        envelope: Envelope,
    ) -> Result<Self, ModelError> {
        let (found, expected) = (operator.space(), self.base.space());
        let pairs = found.trace().iter().zip(expected.trace());
        let apart = |(&x, &y): (&S, &S)| (x - y).modulus() > ROUNDING * (1.0 + y.modulus());
        if found.dimension() != expected.dimension() || pairs.into_iter().any(apart) {
            return Err(ModelError::Shape {
                array: "a further term".to_owned(),
                found: vec![found.dimension()],
                expected: format!(
                    "the one-body space of the model: D = {} and the same trace",
                    expected.dimension()
                ),
            });
        }
        super::refuse_further_terms(
            &operator,
            "the operator of a term",
            "add each of its terms to the model by itself",
        )?;
        self.terms.push(Owned {
            operator: Box::new(operator),
            power,
            envelope,
        });
        Ok(self)
    }
}

impl<S: Scalar> Model for SumOfTerms<'_, S> {
    type Scalar = S;

    fn space(&self) -> &Space<S> {
        self.base.space()
    }

    fn add_k(&self, c: S, x: ArrayView2<'_, S>, out: ArrayViewMut2<'_, S>) {
        self.base.add_k(c, x, out);
    }

    fn interaction(&self) -> &dyn Interaction<S> {
        self.base.interaction()
    }

    /// Those of the model it is made from, but for what the terms change. What is
    /// measured by name is what that model measures: an energy is that of K and V.
    fn capabilities(&self) -> Capabilities<'_, S> {
        let Capabilities {
            keeps_positivity,
            // Of the K of add_k.
            k_is_zero,
            basis,
            // Of that K too: terms stay in the equation.
            splitting,
            // Not the whole generator.
            hamiltonian: _,
            position_hamiltonian: _,
            measured,
        } = self.base.capabilities();
        // The sign of a function is not known.
        let keeps = |term: &Owned<'_, S>| {
            term.envelope.is_constant()
                && term.envelope.at(0.0) >= 0.0
                && term.operator.capabilities().keeps_positivity
        };
        Capabilities {
            keeps_positivity: keeps_positivity && self.terms.iter().all(keeps),
            k_is_zero,
            basis,
            splitting,
            hamiltonian: None,
            position_hamiltonian: None,
            measured,
        }
    }

    fn further_terms(&self) -> Vec<Term<'_, S>> {
        let mut terms = self.base.further_terms();
        terms.extend(self.terms.iter().map(|term| Term {
            operator: &*term.operator,
            power: term.power,
            envelope: term.envelope.clone(),
        }));
        terms
    }

    fn linearised_generator(&self) -> Box<dyn Linearisation<S> + '_> {
        self.base.linearised_generator()
    }

    fn effort(&self, columns: usize, pairs: usize) -> Effort {
        self.base.effort(columns, pairs)
    }

    fn bytes(&self) -> usize {
        let terms = self.terms.iter().map(|term| term.operator.bytes());
        terms.fold(self.base.bytes(), usize::saturating_add)
    }
}

#[cfg(test)]
mod tests {
    use ndarray::Array2;

    use super::*;
    use crate::{WithoutK, WithoutV, check_assumptions, problems};

    #[test]
    fn law_a_sum_is_its_model_and_says_what_is_added() {
        let model = problems::three_states().unwrap();
        let other = problems::random_jump_process(3, 5).unwrap();
        let sum = SumOfTerms::new(&model)
            .with_term(&other, Power::One, Envelope::default())
            .unwrap()
            .with_term(WithoutK(&model), Power::Zero, Envelope::of(f64::cos))
            .unwrap();
        let image = |model: &dyn Model<Scalar = f64>| {
            let mut out = Array2::zeros((3, 3));
            model.add_k(1.0, Array2::eye(3).view(), out.view_mut());
            out
        };
        assert_eq!(image(&sum), image(&model));
        let terms = sum.further_terms();
        let powers: Vec<usize> = terms.iter().map(|term| term.power.exponent()).collect();
        assert_eq!(powers, [1, 0]);
        assert_eq!(image(terms[0].operator), image(&other));
        assert_eq!(image(terms[1].operator), Array2::<f64>::zeros((3, 3)));
        assert!(terms[0].envelope.is_constant() && !terms[1].envelope.is_constant());
        assert_eq!(
            (terms[0].envelope.at(2.0), terms[1].envelope.at(0.0)),
            (1.0, 1.0)
        );
        assert_eq!(Power::One.weight(4), 0.25);
        // A sum of a sum has the terms of both.
        let more = SumOfTerms::new(sum)
            .with_term(&other, Power::Zero, Envelope::constant(2.0))
            .unwrap();
        assert_eq!(more.further_terms().len(), 3);
        assert_eq!(WithoutK(&more).further_terms().len(), 3);
        assert!(!more.capabilities().keeps_positivity);
        assert!(check_assumptions(&more).hold());
    }

    #[test]
    fn law_positivity_is_claimed_where_every_term_has_it() {
        let model = problems::sis().unwrap();
        let with = |value: f64| {
            SumOfTerms::new(&model)
                .with_term(&model, Power::Zero, Envelope::constant(value))
                .unwrap()
        };
        assert!(with(0.5).capabilities().keeps_positivity);
        assert!(!with(-0.5).capabilities().keeps_positivity);
    }

    #[test]
    fn law_what_cannot_be_added_is_refused() {
        let model = problems::sis().unwrap();
        let three = problems::three_states().unwrap();
        let refused = SumOfTerms::new(&model).with_term(&three, Power::Zero, Envelope::default());
        assert!(matches!(refused, Err(ModelError::Shape { .. })));
        let sum = SumOfTerms::new(&model)
            .with_term(&model, Power::One, Envelope::default())
            .unwrap();
        let refused = SumOfTerms::new(&model).with_term(sum, Power::One, Envelope::default());
        assert!(matches!(
            refused,
            Err(ModelError::FurtherTerms { terms: 1, .. })
        ));
    }

    #[test]
    fn law_a_model_is_its_k_and_its_v() {
        let model = problems::three_states().unwrap();
        let k = WithoutV::new(&model);
        assert!(check_assumptions(&k).hold());
        assert!(k.interaction().vanishes() && !model.interaction().vanishes());
        let mut generator = k.linearised_generator();
        generator.update(&[0.2, 0.3, 0.5]);
        let (mut found, mut expected) = (Array2::zeros((3, 3)), Array2::zeros((3, 3)));
        generator.add_apply(2.0, Array2::eye(3).view(), found.view_mut());
        model.add_k(2.0, Array2::eye(3).view(), expected.view_mut());
        assert_eq!(found, expected);
        assert!(WithoutK(&k).capabilities().k_is_zero);
    }
}
