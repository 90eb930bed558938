//! What is for K + V/N alone says so.

use meanfield_abstract::problems::sis;
use meanfield_abstract::{Envelope, ModelError, Power, SumOfTerms};
use meanfield_exact::{ExactError, bosons, spins};
use meanfield_expansion::{ExpansionError, bogoliubov, bounds};
use meanfield_hierarchy::OperatorNorms;
use meanfield_models::hartree::{Grid, Hartree, Potential};

#[test]
fn law_bounds_and_norms_refuse_further_terms() {
    let model = sis().unwrap();
    let sum = SumOfTerms::new(&model)
        .with_term(&model, Power::One, Envelope::default())
        .unwrap();
    let settings = bounds::Settings::new(1, vec![0.0, 1.0], vec![100]);
    let refused = bounds::solve(&sum, &[0.4, 0.6], &settings).unwrap_err();
    assert!(matches!(
        refused,
        ExpansionError::Model(ModelError::FurtherTerms { terms: 1, .. })
    ));
    let said = refused.to_string();
    assert!(said.contains("a bound on the error") && said.contains("further terms (1)"));
    assert!(OperatorNorms::new(&sum).is_none());
    assert!(bounds::solve(&SumOfTerms::new(&model), &[0.4, 0.6], &settings).is_ok());
}

#[test]
fn law_sectors_of_a_hamiltonian_refuse_further_terms() {
    let potential = Potential::Gaussian {
        strength: 1.0,
        width: 0.6,
    };
    let model = Hartree::new(Grid::new(1, 3, 3.0).unwrap(), 1.0, 1.0, potential, None).unwrap();
    assert!(bogoliubov::hamiltonian(&model).is_ok());
    assert!(matches!(
        bogoliubov::hamiltonian(&sis().unwrap()),
        Err(ExpansionError::NotFactored)
    ));
    let f = model.gaussian(&[0.3], &[0.75], &[0.5]).unwrap();
    let sum = SumOfTerms::new(&model)
        .with_term(&model, Power::One, Envelope::default())
        .unwrap();
    assert!(matches!(
        bogoliubov::hamiltonian(&sum),
        Err(ExpansionError::Model(ModelError::FurtherTerms { .. }))
    ));
    for refused in [
        bosons::solve(&sum, &f, 3, &[0.1], 1, None),
        spins::solve(&sum, &f, 3, &[0.1], 1, None),
    ] {
        assert!(matches!(
            refused,
            Err(ExactError::Model(ModelError::FurtherTerms { .. }))
        ));
    }
}
