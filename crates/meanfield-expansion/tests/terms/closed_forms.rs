//! Terms one order later than their place.

use meanfield_abstract::problems::{jump_process, random_jump_process, sis, three_states};
use meanfield_abstract::{
    Custom, Envelope, Model, PairEntries, PairEntry, Power, Start, SumOfTerms,
};
use meanfield_ode::{OdeError, System, integrate};
use meanfield_tensor::Norm;
use ndarray::Array2;

use meanfield_testing::{Evolve, difference, exact, fall, rates};

use crate::{OPTIONS, forms_agree};

#[test]
fn law_a_one_body_term_one_order_later_shifts_a_rate() {
    // 0 → 1 at a + c/N, 1 → 0 at b, no interaction: p(t) for the rate a + ε is known, and
    // its Taylor series in ε = c/N is the expansion.
    let (a, b, c, p, t) = (0.7, 0.4, 1.3, 0.2, 0.9);
    let rates = |up: f64, down: f64| {
        jump_process(2, |from, _| if from == 0 { up } else { down }, |_, _| 0.0).unwrap()
    };
    let model = SumOfTerms::new(rates(a, b))
        .with_term(rates(1.0, 0.0), Power::One, Envelope::constant(c))
        .unwrap();
    let start = Start::Product {
        f: vec![1.0 - p, p],
    };
    let s: f64 = a + b;
    let e = (-s * t).exp();
    let shifted = |a: f64| {
        let s = a + b;
        a / s + (p - a / s) * (-s * t).exp()
    };
    let first = b / (s * s) * (1.0 - e) - (p - a / s) * t * e;
    let second =
        -2.0 * b / s.powi(3) * (1.0 - e) + 2.0 * b / (s * s) * t * e + (p - a / s) * t * t * e;
    let expected = [shifted(a), c * first, c * c * second / 2.0];
    let series = Evolve::to(t).coefficients(&model, &start, (2, 1));
    let b_form = Evolve::to(t).form_b(&model, &start, 2);
    let layout = meanfield_tensor::SymmetricLayout::new(2, 4).unwrap();
    for (m, &value) in expected.iter().enumerate() {
        assert!((series[m][1] - value).abs() < 1e-10, "(c), order {m}");
        let f = b_form.marginal_coefficient(&layout, 1, m).unwrap();
        assert!((f[1] - value).abs() < 1e-10, "(b), order {m}");
    }
    for n in [3, 50] {
        let found = exact(&model, &start, (n, 2), t);
        let whole = shifted(a + c / n as f64);
        assert!((found[0][1] - whole).abs() < 1e-12, "N = {n}");
        // Particles stay independent.
        assert!((found[1][2] - whole * whole).abs() < 1e-12, "N = {n}");
    }
    let a_form = Evolve::to(t).form_a(&model, &start, (2, 1000));
    let found = a_form.marginal(&layout, 1).unwrap()[1];
    assert!((found - shifted(a + c / 1000.0)).abs() < 1e-8);
}

/// E n/N of a chain on 0 … N that goes up and down by one, from N independent draws.
struct Chain {
    n: usize,
    up: fn(f64, f64) -> f64,
    down: fn(f64, f64) -> f64,
    blocks: [usize; 1],
}

impl System for Chain {
    type Scalar = f64;

    fn blocks(&self) -> &[usize] {
        &self.blocks
    }

    fn rhs(&mut self, _t: f64, y: &[f64], dydt: &mut [f64]) {
        dydt.fill(0.0);
        let all = self.n as f64;
        for (k, &p) in y.iter().enumerate() {
            let (up, down) = ((self.up)(k as f64, all) * p, (self.down)(k as f64, all) * p);
            dydt[k] -= up + down;
            if k < self.n {
                dydt[k + 1] += up;
            }
            if k > 0 {
                dydt[k - 1] += down;
            }
        }
    }
}

fn chain_mean(n: usize, p: f64, t: f64, up: fn(f64, f64) -> f64, down: fn(f64, f64) -> f64) -> f64 {
    let mut chain = Chain {
        n,
        up,
        down,
        blocks: [n + 1],
    };
    let mut y = vec![(1.0 - p).powi(n as i32)];
    for k in 0..n {
        y.push(y[k] * (n - k) as f64 / (k + 1) as f64 * p / (1.0 - p));
    }
    let mut mean = 0.0;
    integrate(&mut chain, y, &[0.0, t], &OPTIONS, |_, y| {
        mean = y.iter().enumerate().map(|(k, p)| k as f64 * p).sum::<f64>() / n as f64;
        Ok::<(), OdeError>(())
    })
    .unwrap();
    mean
}

#[test]
fn law_drawing_with_replacement_is_a_one_body_term_one_order_later() {
    // 0 → 1 at rate 1; a particle in state 1 draws a partner from all N, itself included, at
    // rate 2 and leaves where the partner is in state 1 too: n²·2/N, not n(n−1)·2/N.
    let leaving = jump_process(
        2,
        |from, _| f64::from(u8::from(from == 0)),
        |from, to| f64::from(u8::from(from == (1, 1) && to.0 != to.1)) * 2.0,
    )
    .unwrap();
    let alone = jump_process(
        2,
        |from, _| f64::from(u8::from(from == 1)) * 2.0,
        |_, _| 0.0,
    );
    let model = SumOfTerms::new(&leaving)
        .with_term(alone.unwrap(), Power::One, Envelope::default())
        .unwrap();
    let (p, t) = (0.3, 0.8);
    let start = Start::Product {
        f: vec![1.0 - p, p],
    };
    let series = Evolve::to(t).coefficients(&model, &start, (2, 1));
    let chain = |n: usize| {
        let mean = chain_mean(n, p, t, |k, n| n - k, |k, n| 2.0 * k * k / n);
        vec![1.0 - mean, mean]
    };
    fall("with replacement", &rates(&series, chain, 40));
    let without = Evolve::to(t).coefficients(&leaving, &start, (1, 1));
    let slope = rates(&without, chain, 40)[1];
    assert!(
        (slope + 1.0).abs() < 0.2,
        "without the term order 1 is no better: {slope}"
    );
}

/// The model with V times c.
fn with_pairs_times(model: &Custom<f64>, c: f64) -> Custom<f64> {
    let d = model.space().dimension();
    let mut k = Array2::zeros((d, d));
    model.add_k(1.0, Array2::eye(d).view(), k.view_mut());
    let mut entries = Vec::new();
    let list = model.interaction().pair_operator().unwrap();
    list.for_each_pair_entry(&mut |a, b, c0, d, value| {
        let value = value * c;
        entries.push(PairEntry {
            a,
            b,
            c: c0,
            d,
            value,
        });
    });
    Custom::new(&k, entries, model.space().trace(), Norm::L1).unwrap()
}

#[test]
fn law_pairs_over_n_minus_one_are_v_and_v_one_order_later() {
    let model = sis().unwrap();
    let pairs = meanfield_abstract::WithoutK(&model);
    let sum = SumOfTerms::new(&model)
        .with_term(pairs, Power::One, Envelope::default())
        .unwrap();
    let (t, start) = (1.0, Start::Product { f: vec![0.4, 0.6] });
    for j in 1..=2 {
        let series = Evolve::to(t).coefficients(&sum, &start, (2, j));
        // 1/(N−1) = 1/N + 1/N² + O(1/N³): to order 1 nothing is missing.
        let over = |n: usize| {
            let n_minus_one = with_pairs_times(&model, n as f64 / (n as f64 - 1.0));
            exact(&n_minus_one, &start, (n, 2), t).remove(j - 1)
        };
        fall("1/(N−1)", &rates(&series[..2], over, 40));
        // What was kept of it is right to order 2.
        let kept = |n: usize| {
            let two_terms = with_pairs_times(&model, 1.0 + 1.0 / n as f64);
            exact(&two_terms, &start, (n, 2), t).remove(j - 1)
        };
        fall("1/N + 1/N²", &rates(&series, kept, 40));
        let folded = difference(&kept(7), &exact(&sum, &start, (7, 2), t)[j - 1]);
        assert!(folded < 1e-13, "{folded:e}");
    }
}

#[test]
fn law_pairs_and_jumps_one_order_later_agree_in_every_form() {
    let model = three_states().unwrap();
    let later = random_jump_process(3, 8).unwrap();
    let sum = SumOfTerms::new(&model)
        .with_term(&later, Power::One, Envelope::constant(0.6))
        .unwrap();
    let f = vec![0.5, 0.3, 0.2];
    for start in [
        Start::Product { f: f.clone() },
        Start::FixedCounts { f: f.clone() },
    ] {
        forms_agree("later", &sum, &start, 2, 0.4);
        for j in 1..=2 {
            let series = Evolve::to(0.4).coefficients(&sum, &start, (2, j));
            let found = rates(
                &series,
                |n| exact(&sum, &start, (n, 2), 0.4).remove(j - 1),
                20,
            );
            fall("later", &found);
        }
    }
}
