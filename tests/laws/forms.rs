//! The coefficients of the literal hierarchy (b) are those of the cumulants (c).

use meanfield::expansion::ExpansionError;
use meanfield::expansion::coefficients::{self, initial_errors};
use meanfield::ode::Options;
use meanfield::prelude::*;
use meanfield_tests::each;
use meanfield_tests::instances::Instance;
use meanfield_tests::kinds::Kind;
use proptest::prelude::*;

use crate::{FLOW, STEP, close, config, cumulants_at, draw, starts};

/// e_j^m by Remark 1.8 and by the cumulants, for every (j, m) and every start.
fn forms_agree<S: Scalar>(instance: &Instance<S>, order: usize, t: f64, seed: u64) {
    let model = &*instance.model;
    let options = Options {
        tolerance: STEP,
        ..Options::default()
    };
    for start in starts(instance, order, seed) {
        let initial = initial_errors(model, &start, order).unwrap();
        let mut literal = None;
        coefficients::solve(
            model,
            order,
            start.one_body(),
            &initial,
            &[0.0, t],
            &options,
            |_| true,
            |_, at| {
                literal = Some(at);
                Ok::<(), ExpansionError>(())
            },
        )
        .unwrap();
        let literal = literal.unwrap();
        cumulants_at(model, &start, (order, 2 * order), t, |c| {
            close("F", c.mean_field(), literal.one_body(), FLOW);
            let errors = c.correlation_errors(2 * order);
            for (&(j, m), e) in literal.coefficients() {
                close(&format!("e_{j}^{m}"), errors[j].term(m), e, FLOW);
            }
        });
    }
}

proptest! {
    #![proptest_config(config(16))]

    #[test]
    fn law_coefficients_and_cumulants_agree(
        draw in draw(&Kind::ALL), order in 1..=3_usize, t in 0.05..0.2_f64,
    ) {
        each!(draw, instance => forms_agree(&instance, order, t, draw.seed));
    }
}
