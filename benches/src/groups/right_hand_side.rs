//! How far is one right-hand side of the cumulant hierarchy from its floor?
//!
//! The floor is one matrix product D × D × len(j−1) for every g_{j,l} but F of the
//! same plan, on one thread as the right-hand side: what K + Δ_1 on one slot takes
//! if everything else were free. For Hartree, where K + Δ_1 is no matrix, it is the
//! Fourier transforms of one slot of every g_{j,l}, there and back, in both indices.

use meanfield::abstract_model::PositionHamiltonian;
use meanfield::expansion::{CumulantHierarchy, Plan, initial_cumulants};
use meanfield::ode::System;
use meanfield::prelude::*;
use meanfield::tensor::linalg;
use ndarray::Array2;
use num_complex::Complex64;

use super::Group;
use crate::problems::{dense_unknowns, ring_walk, wave_packet};
use crate::{Entry, Pair, Size, Target};

pub(super) const GROUP: Group = Group {
    name: "right_hand_side",
    question: "one right-hand side against the one-slot products of its plan",
    entries,
};

fn entries() -> Vec<Entry> {
    let real = [
        (1, 128, Size::Quick, None),
        (2, 32, Size::Quick, None),
        (3, 12, Size::Quick, None),
        (1, 512, Size::Usual, Some(1.5)),
        (1, 1024, Size::Usual, Some(1.5)),
        (2, 64, Size::Usual, Some(3.5)),
        (2, 128, Size::Usual, Some(2.5)),
        (3, 32, Size::Usual, Some(6.0)),
    ];
    let real = real.map(|(order, states, size, most)| Entry {
        group: GROUP.name,
        name: format!("ring walk, order {order}, D = {states}"),
        size,
        target: most.map(Target::Ratio),
        run: Box::new(move |visit| of_ring_walk(order, states, visit)),
    });
    let complex = [(8, Size::Quick), (32, Size::Long), (64, Size::Long)];
    let complex = complex.map(|(points, size)| Entry {
        group: GROUP.name,
        name: format!("hartree, order 1, d = {points}"),
        size,
        target: None,
        run: Box::new(move |visit| of_hartree(points, visit)),
    });
    real.into_iter().chain(complex).collect()
}

/// A floor of matrix products for a plan over real scalars.
pub(super) fn products(plan: &Plan) -> impl FnMut() {
    let states = plan.layout().dimension();
    let matrix = Array2::from_elem((states, states), 0.5);
    let correlations = plan
        .blocks()
        .iter()
        .filter(|block| (block.j, block.l) != (1, 0));
    let panels: Vec<Array2<f64>> = correlations
        .map(|block| Array2::from_elem((states, plan.layout().len(block.j - 1)), 0.5))
        .collect();
    let mut out = panels.clone();
    move || {
        for (panel, out) in panels.iter().zip(&mut out) {
            linalg::gemm(1.0, matrix.view(), panel.view(), out.view_mut());
        }
    }
}

fn of_ring_walk(order: usize, states: usize, visit: &mut dyn FnMut(Pair<'_>)) {
    let (model, start) = ring_walk(states);
    let (plan, y) = dense_unknowns(&start, states, order);
    let mut dydt = vec![0.0; y.len()];
    let mut hierarchy = CumulantHierarchy::new(&model, &plan, start.one_body());
    visit(Pair {
        measured: &mut || hierarchy.rhs(0.0, &y, &mut dydt),
        floor: Some(&mut products(&plan)),
    });
}

fn of_hartree(points: usize, visit: &mut dyn FnMut(Pair<'_>)) {
    let (model, phi) = wave_packet(1, points);
    let d = phi.len();
    let f: Vec<Complex64> = (0..d * d).map(|k| phi[k / d] * phi[k % d].conj()).collect();
    let plan = Plan::new::<Complex64>(d * d, 1, 1, usize::MAX).expect("the tensors fit");
    let start = Start::Product { f: f.clone() };
    let mut y = initial_cumulants(&plan, &start).expect("a product start always expands");
    let mut noise = problems::Noise::new(1);
    for z in &mut y[d * d..] {
        *z = noise.scalar();
    }
    let mut dydt = y.clone();
    let mut hierarchy = CumulantHierarchy::new(&model, &plan, &f);
    let correlations = plan
        .blocks()
        .iter()
        .filter(|block| (block.j, block.l) != (1, 0));
    let mut panels: Vec<Vec<Complex64>> = correlations
        .map(|block| vec![Complex64::ONE; d * d * plan.layout().len(block.j - 1)])
        .collect();
    let mut transforms = || {
        for panel in &mut panels {
            for _ in 0..2 {
                model.to_momentum(panel);
                model.to_position(panel);
            }
        }
    };
    visit(Pair {
        measured: &mut || hierarchy.rhs(0.0, &y, &mut dydt),
        floor: Some(&mut transforms),
    });
}
