//! The form of the expansion that a configuration asks for.

use meanfield::abstract_model::Start;
use meanfield::expansion::{
    CoefficientForm, CumulantForm, FactoredForm, Form, RecursionForm, bogoliubov,
};
use meanfield::tensor::{Scalar, SymmetricLayout};
use num_complex::Complex64;

use super::highest_marginal;
use crate::config::{Config, Method};
use crate::failure::Failure;
use crate::problem::Problem;

/// The form at an order; `particles` is the N of a method that depends on it, `layout`
/// that of the marginals.
///
/// # Errors
/// [`Failure::Input`] when the problem has no such form.
pub(super) fn form<'a, S: Scalar>(
    config: &Config,
    problem: &'a Problem<S>,
    order: usize,
    layout: &'a SymmetricLayout,
    particles: Option<usize>,
) -> Result<Box<dyn Form<S> + 'a>, Failure> {
    let (model, start) = (problem.model.as_ref(), &problem.start);
    Ok(match config.expansion.method {
        Method::Cumulants => Box::new(CumulantForm {
            model,
            start,
            order,
            highest: highest_marginal(config, problem),
        }),
        Method::Coefficients => Box::new(CoefficientForm {
            model,
            start,
            order,
            layout,
        }),
        Method::Recursion => Box::new(RecursionForm {
            model,
            start,
            order,
            particles: particles.unwrap_or(1),
            layout,
        }),
        Method::Bogoliubov => {
            let phi = wave_function(problem)?;
            let Some(hamiltonian) = model.capabilities().position_hamiltonian else {
                unreachable!("a model without one was refused");
            };
            Box::new(FactoredForm { hamiltonian, phi })
        }
    })
}

/// Refuses what has no factored form: a model without a position, a start that
/// is not pure.
///
/// # Errors
/// [`Failure::Input`] with the reason.
fn wave_function<S: Scalar>(problem: &Problem<S>) -> Result<Vec<Complex64>, Failure> {
    let why = "`expansion.method` is \"bogoliubov\", which";
    if problem.model.capabilities().position_hamiltonian.is_none() {
        return Err(Failure::input(format!(
            "{why} needs a model with kind = \"hartree\"; use method = \"cumulants\""
        )));
    }
    let Start::Product { f } = &problem.start else {
        return Err(Failure::input(format!(
            "{why} needs start = \"product\"; use method = \"cumulants\""
        )));
    };
    let f: Vec<Complex64> = f.iter().map(|x| x.to_complex()).collect();
    bogoliubov::wave_function(&f).map_err(|error| {
        Failure::input(format!(
            "{why} needs a pure start: {error}; use method = \"cumulants\""
        ))
    })
}
