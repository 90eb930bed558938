//! Suite `hierarchy`: the BBGKY hierarchy and the hierarchy of the correlation
//! errors hold for marginals of the exact N-body evolution.

use meanfield::exact::full;
use meanfield::hierarchy::{
    MeanField, Operators, correlation_errors, largest_trace, marginal_from_errors, mean_field_flow,
};
use meanfield::ode::Options;
use meanfield::prelude::*;
use meanfield::tensor::dense;
use meanfield_testing::largest;

use crate::class::Class;
use crate::each;
use crate::instances::{self, Instance};
use crate::verify::{Bound, Row, Suite};

/// The suite.
pub const SUITE: Suite = Suite {
    name: "hierarchy",
    about: "(9), (34) and their laws on marginals of exact N-body data",
    ids: &[
        "bbgky-custom",
        "bbgky-arrays",
        "bbgky-levels",
        "bbgky-levels-jumps",
        "bbgky-kac-2d",
        "bbgky-kac-3d",
        "bbgky-povzner",
        "bbgky-hartree",
        "errors-custom",
        "errors-arrays",
        "errors-levels",
        "errors-levels-jumps",
        "errors-kac-2d",
        "errors-kac-3d",
        "errors-povzner",
        "errors-hartree",
        "zero-trace",
        "symmetry",
        "inverse-pair",
        "hermiticity",
    ],
    run,
};

/// Residual relative to the largest entry of the derivative itself. The
/// instances are correlated: exact data carry E_j only to |F_j|/|E_j| roundings,
/// which for the weakly correlated three-state reference is already 1e-11.
const RESIDUAL: f64 = 1e-12;

/// The same for soft spheres in two cells, which are weakly correlated too.
const RESIDUAL_WEAK: f64 = 1e-11;

/// What was measured on one instance, all relative to the largest entry.
#[derive(Default)]
struct Measured {
    bbgky: f64,
    errors: f64,
    trace: f64,
    asymmetry: f64,
    inverse: f64,
}

/// The largest |x − y| relative to the largest |x|.
fn relative<S: Scalar>(x: &[S], y: &[S]) -> f64 {
    meanfield_testing::relative(y, x, f64::MIN_POSITIVE)
}

/// Marginals of degree 0 … N of an N-body tensor.
fn family<S: Scalar>(
    model: &dyn Model<Scalar = S>,
    layout: &SymmetricLayout,
    tensor: &ndarray::ArrayD<S>,
) -> Vec<Vec<S>> {
    (0..=tensor.ndim())
        .map(|j| dense::to_packed(layout, &full::marginal(model, tensor, j)))
        .collect()
}

/// Evolves `n` particles exactly to time `t` and puts the result into both
/// hierarchies.
fn measure<S: Scalar>(instance: &Instance<S>, n: usize, t: f64) -> Measured {
    let (model, f0) = (&*instance.model, &instance.f);
    let start = (0..n).fold(dense::zeros::<S>(f0.len(), 0).mapv(|_| one()), |x, _| {
        dense::outer_on(&dense::vector(f0), &[0], &x)
    });
    let state = full::evolve(model, &start, &[t]).expect("the full tensor fits");
    let slope = full::generator(model, &state[0]);
    let mut operators = Operators::new(model, n).expect("the tensors fit");
    let layout = operators.layout().clone();
    let marginals = family(model, &layout, &state[0]);
    let slopes = family(model, &layout, &slope);
    let mut found = Measured {
        asymmetry: dense::asymmetry(&state[0]) / largest(&marginals[n]),
        ..Measured::default()
    };

    let f = mean_field_flow(model, f0, &[0.0, t], &Options::default()).expect("a regular flow");
    let f = f[1].clone();
    let mut f_slope = vec![S::from_re(0.0); f.len()];
    MeanField::new(model)
        .add_rhs(0.0, one(), &f, &mut f_slope)
        .unwrap();
    operators.set_state(&f).unwrap();
    let errors = correlation_errors(&layout, &f, &marginals).unwrap();
    for j in 1..=n {
        let mut rhs = vec![S::from_re(0.0); layout.len(j)];
        operators
            .add_bbgky(one(), j, n, &marginals, &mut rhs)
            .unwrap();
        found.bbgky = found.bbgky.max(relative(&slopes[j], &rhs));

        // ∂t E_j = Σ_k (−1)^k ( ∂t(F^{⊗k}) ⊙ F_{j−k} + F^{⊗k} ⊙ ∂t F_{j−k} ).
        let mut expected = vec![S::from_re(0.0); layout.len(j)];
        for k in 0..=j {
            let sign = S::from_re(if k % 2 == 0 { 1.0 } else { -1.0 });
            let power = layout.power(&f, k);
            layout.add_product((k, &power), (j - k, &slopes[j - k]), sign, &mut expected);
            if k > 0 {
                let mut moved = vec![S::from_re(0.0); layout.len(k)];
                let lower = layout.power(&f, k - 1);
                layout.add_product((1, &f_slope), (k - 1, &lower), one(), &mut moved);
                layout.add_product((k, &moved), (j - k, &marginals[j - k]), sign, &mut expected);
            }
        }
        let mut rhs = vec![S::from_re(0.0); layout.len(j)];
        operators
            .add_correlation(one(), j, n, &errors, &mut rhs)
            .unwrap();
        found.errors = found.errors.max(relative(&expected, &rhs));

        let traced = largest_trace(&layout, model.space().trace(), j, &errors[j]);
        found.trace = found.trace.max(traced / largest(&marginals[j - 1]));
        let back = marginal_from_errors(&layout, &f, j, &errors).unwrap();
        found.inverse = found.inverse.max(relative(&marginals[j], &back));
    }
    found
}

fn one<S: Scalar>() -> S {
    S::from_re(1.0)
}

/// The largest |E_j(x; x') − conj E_j(x'; x)| on levels whose arrays know
/// nothing of Hermiticity.
fn hermiticity(quick: bool) -> f64 {
    let instance = instances::in_matrix_elements(&instances::mixed_levels());
    let n = if quick { 3 } else { 4 };
    let exact = meanfield::exact::solve(&*instance.model, &instance.product(), n, &[0.7], n, None)
        .expect("a small sector");
    let times = [0.0, 0.7];
    let f = mean_field_flow(&*instance.model, &instance.f, &times, &Options::default());
    let f = f.expect("a regular flow").swap_remove(1);
    let layout = SymmetricLayout::new(4, n).expect("small");
    let mut marginals = vec![vec![one()]];
    marginals.extend((1..=n).map(|j| exact.marginal(0, j).unwrap().to_vec()));
    let errors = correlation_errors(&layout, &f, &marginals).unwrap();
    let mut worst = 0.0_f64;
    for j in 1..=n {
        let e = dense::from_packed(&layout, j, &errors[j]);
        for (index, &value) in e.indexed_iter() {
            let mirrored: Vec<usize> = (0..j).map(|s| index[s] % 2 * 2 + index[s] / 2).collect();
            worst = worst.max((value - e[ndarray::IxDyn(&mirrored)].conj()).norm());
        }
    }
    worst
}

fn run(quick: bool) -> Vec<Row> {
    let n = if quick { 4 } else { 5 };
    let few = if quick { 3 } else { 4 };
    let radius = if quick { 1.0 } else { 2.0 };
    let measured = [
        ("custom", measure(&instances::correlated_jump(), n, 0.3)),
        ("arrays", measure(&instances::arrays(), n, 0.3)),
        ("levels", measure(&instances::mixed_levels(), n, 0.7)),
        ("levels-jumps", measure(&instances::open_levels(), few, 0.5)),
        ("kac-2d", measure(&instances::kac(2, radius), few, 0.9)),
        ("kac-3d", measure(&instances::kac(3, 1.0), few, 0.9)),
        (
            "povzner",
            each!(Class::Povzner, instance => measure(&instance, few, 0.9)),
        ),
        (
            "hartree",
            each!(Class::Hartree, instance => measure(&instance, n, 0.5)),
        ),
    ];
    let row = |id: &'static str, claim: &str, equation, claimed: &str, measured| Row {
        suite: SUITE.name,
        id,
        claim: claim.to_owned(),
        equation,
        claimed: claimed.to_owned(),
        measured,
        bound: Bound::AtMost(RESIDUAL),
        reason: "rounding, relative to the largest entry",
        plot: None,
    };
    let mut rows = Vec::new();
    for (k, (_, m)) in measured.iter().enumerate() {
        rows.push(row(
            SUITE.ids[k],
            "exact marginals of every j ≤ N solve the BBGKY hierarchy",
            "(9), (94)",
            "residual 0",
            m.bbgky,
        ));
    }
    for (k, (name, m)) in measured.iter().enumerate() {
        let mut errors = row(
            SUITE.ids[measured.len() + k],
            "their correlation errors solve the hierarchy with D, D^1, D^-1, D^-2",
            "(20), (34), (117)",
            "residual 0",
            m.errors,
        );
        if *name == "povzner" {
            errors.bound = Bound::AtMost(RESIDUAL_WEAK);
        }
        rows.push(errors);
    }
    let worst = |of: fn(&Measured) -> f64| measured.iter().map(|(_, m)| of(m)).fold(0.0, f64::max);
    rows.push(row(
        "zero-trace",
        "every partial trace of every E_j vanishes",
        "(18)",
        "0",
        worst(|m| m.trace),
    ));
    rows.push(row(
        "symmetry",
        "the N-body evolution keeps F^N symmetric",
        "(8)",
        "0",
        worst(|m| m.asymmetry),
    ));
    rows.push(row(
        "inverse-pair",
        "E_j from F_j and F_j from E_j are inverse",
        "(18)/(19), (107)/(109)",
        "0",
        worst(|m| m.inverse),
    ));
    rows.push(row(
        "hermiticity",
        "every E_j is Hermitian, on arrays that know nothing of it",
        "(8)",
        "0",
        hermiticity(quick),
    ));
    rows
}
