//! What order 1 in factored form needs: a model with a position, and a pure start.

use meanfield::abstract_model::Start;
use meanfield::expansion::bogoliubov;
use meanfield::tensor::Scalar;
use num_complex::Complex64;

use crate::failure::Failure;
use crate::problem::Problem;

/// Refuses what has no factored form: a model without a position, a start that
/// is not pure.
///
/// # Errors
/// [`Failure::Input`] with the reason.
pub(super) fn wave_function<S: Scalar>(problem: &Problem<S>) -> Result<Vec<Complex64>, Failure> {
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
