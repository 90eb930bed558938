//! What is no tensor of its degree is refused by name, with what was found and expected.

use meanfield_abstract::{SumOfTerms, problems};
use meanfield_hierarchy::{
    FurtherOperators, HierarchyError, MeanField, Operators, correlation_error, correlation_errors,
    marginal_from_errors,
};
use meanfield_tensor::SymmetricLayout;

fn length(what: &'static str, found: usize, expected: usize) -> Result<(), HierarchyError> {
    Err(HierarchyError::Length {
        what,
        found,
        expected,
    })
}

const FAMILY: &str = "the family of tensors of degrees 0, 1, …";

#[test]
fn law_operators_refuse_what_is_no_tensor_of_their_degrees() {
    let model = problems::sis().unwrap();
    let mut ops = Operators::new(&model, 3).unwrap();
    let short = length("the argument", 2, 3);
    assert_eq!(
        short.clone().unwrap_err().to_string(),
        "the argument has 2 entries, expected 3"
    );
    let (e, mut out) = ([0.0; 2], [0.0; 3]);
    assert_eq!(ops.set_state(&[1.0; 3]), length("F", 3, 2));
    assert_eq!(ops.add_k(1.0, 2, &e, &mut out), short);
    assert_eq!(ops.add_t(1.0, 2, &e, &mut out), short);
    assert_eq!(ops.add_delta(1.0, 2, &e, &mut out), short);
    assert_eq!(ops.add_exchange(1.0, 2, &e, &mut out), short);
    assert_eq!(ops.add_r(1.0, 2, &e, &mut out), short);
    assert_eq!(ops.add_d(1.0, 2, 5, &e, &mut out), short);
    assert_eq!(ops.add_h(1.0, 2, 5, &e, &mut out), short);
    assert_eq!(ops.add_d_down(1.0, 3, 5, &e, &mut [0.0; 4]), short);
    assert_eq!(ops.add_gamma(1.0, 3, &e, &mut [0.0; 4]), short);
    let (above, below) = (length("the argument", 2, 4), length("the argument", 2, 1));
    assert_eq!(ops.add_c(1.0, 2, &e, &mut out), above);
    assert_eq!(ops.add_d_up(1.0, 2, 5, &e, &mut out), above);
    assert_eq!(ops.add_s(1.0, 2, &e, &mut out), below);
    assert_eq!(ops.add_d_down2(1.0, 2, 5, &e, &mut out), below);
    let found = ops.add_t(1.0, 2, &out.clone(), &mut [0.0; 2]);
    assert_eq!(found, length("the result", 2, 3));
    let beyond = ops.add_c(1.0, 3, &[0.0; 5], &mut [0.0; 4]).unwrap_err();
    let (found, highest) = (4, 3);
    assert_eq!(beyond, HierarchyError::Degree { found, highest });
    assert_eq!(
        beyond.to_string(),
        "tensors of degree 4 are asked for, and those up to 3 are laid out"
    );
    assert_eq!(out, [0.0; 3]);
}

#[test]
fn law_hierarchies_refuse_a_family_without_the_degree() {
    let model = SumOfTerms::new(problems::sis().unwrap());
    let mut ops = Operators::new(&model, 3).unwrap();
    let mut further = FurtherOperators::new(&model, 3).unwrap();
    let family = [vec![1.0], vec![0.4, 0.6]];
    let mut out = [0.0; 3];
    let missing = length(FAMILY, 2, 3);
    assert_eq!(ops.add_bbgky(1.0, 2, 5, &family, &mut out), missing);
    assert_eq!(ops.add_correlation(1.0, 2, 5, &family, &mut out), missing);
    assert_eq!(further.add_bbgky(1.0, 2, 5, &family, &mut out), missing);
    let found = further.add_correlation(1.0, 2, 5, &family, &mut out);
    assert_eq!(found, missing);
    let flow = MeanField::new(&model);
    let found = flow.add_rhs(0.0, 1.0, &[1.0], &mut [0.0; 2]);
    assert_eq!(found, length("F", 1, 2));
    let found = flow.add_rhs(0.0, 1.0, &[0.4, 0.6], &mut [0.0; 3]);
    assert_eq!(found, length("the slope of F", 3, 2));
}

#[test]
fn law_correlation_errors_are_made_of_tensors_of_their_degrees() {
    let layout = SymmetricLayout::new(2, 2).unwrap();
    let f = [0.4, 0.6];
    let short = [vec![1.0], vec![0.4, 0.6], vec![0.0; 2]];
    let of = |f: &[f64], j, family: &[Vec<f64>]| correlation_error(&layout, f, j, family).map(drop);
    assert_eq!(of(&f, 2, &short[..2]), length(FAMILY, 2, 3));
    assert_eq!(of(&f, 2, &short), length("a packed tensor", 2, 3));
    assert_eq!(of(&[1.0], 1, &short), length("F", 1, 2));
    let all = correlation_errors(&layout, &f, &short).map(drop);
    assert_eq!(all, length("a packed tensor", 2, 3));
    let (found, highest) = (3, 2);
    let beyond = marginal_from_errors(&layout, &f, 3, &short[..2]);
    assert_eq!(beyond, Err(HierarchyError::Degree { found, highest }));
}
