//! What does each operator of the hierarchies cost?
//!
//! The floor is one matrix product D × D × len(j−1) for a result of degree j; for a
//! partial trace and an insertion, which multiply nothing, one copy of the larger
//! of the tensors read and written.

use meanfield::hierarchy::Operators;
use meanfield::prelude::*;
use meanfield::tensor::linalg;
use ndarray::Array2;

use super::Group;
use crate::problems::ring_walk;
use crate::{Entry, Pair, Size};

pub(super) const GROUP: Group = Group {
    name: "kernels",
    question: "each operator of the hierarchies against one product, or one copy",
    entries,
};

/// D.
const STATES: usize = 32;
/// N in the operators that contain it.
const PARTICLES: usize = 100;

/// Adds the image of E to the result.
type Apply = fn(&mut Operators<'_, f64>, usize, &[f64], &mut [f64]);

/// An operator into degree j: its name, the degree it reads, itself.
const OPERATORS: [(&str, isize, Apply); 8] = [
    ("K^j", 0, |o, j, e, out| o.add_k(1.0, j, e, out).unwrap()),
    ("T_j", 0, |o, j, e, out| o.add_t(1.0, j, e, out).unwrap()),
    ("C_{j+1}", 1, |o, j, e, out| {
        o.add_c(1.0, j, e, out).unwrap()
    }),
    ("Δ_j", 0, |o, j, e, out| {
        o.add_delta(1.0, j, e, out).unwrap()
    }),
    ("D_j", 0, |o, j, e, out| {
        o.add_d(1.0, j, PARTICLES, e, out).unwrap()
    }),
    ("D_j^1", 1, |o, j, e, out| {
        o.add_d_up(1.0, j, PARTICLES, e, out).unwrap()
    }),
    ("D_j^-1", -1, |o, j, e, out| {
        o.add_d_down(1.0, j, PARTICLES, e, out).unwrap()
    }),
    ("D_j^-2", -2, |o, j, e, out| {
        o.add_d_down2(1.0, j, PARTICLES, e, out).unwrap()
    }),
];

fn entries() -> Vec<Entry> {
    let mut all = Vec::new();
    for (j, size) in [(2, Size::Quick), (3, Size::Usual)] {
        let entry = |name: &str, run: Box<dyn Fn(&mut dyn FnMut(Pair<'_>))>| Entry {
            group: GROUP.name,
            name: format!("{name}, j = {j}, D = {STATES}"),
            size,
            target: None,
            run,
        };
        for (name, shift, apply) in OPERATORS {
            let run = move |visit: &mut dyn FnMut(Pair<'_>)| operator(j, shift, apply, visit);
            all.push(entry(name, Box::new(run)));
        }
        all.push(entry(
            "partial trace",
            Box::new(move |visit| trace(j, visit)),
        ));
        all.push(entry(
            "insertion of F",
            Box::new(move |visit| insertion(j, visit)),
        ));
    }
    all
}

fn operator(j: usize, shift: isize, apply: Apply, visit: &mut dyn FnMut(Pair<'_>)) {
    let (model, start) = ring_walk(STATES);
    let read = j.saturating_add_signed(shift);
    let mut operators = Operators::new(&model, j.max(read)).expect("the tensors fit");
    operators.set_state(start.one_body()).unwrap();
    let e: Vec<f64> = problems::Noise::new(1).vector(operators.layout().len(read));
    let mut out = vec![0.0; operators.layout().len(j)];
    let columns = operators.layout().len(j - 1);
    let matrix = Array2::from_elem((STATES, STATES), 0.5);
    let panel = Array2::from_elem((STATES, columns), 0.5);
    let mut image = panel.clone();
    visit(Pair {
        measured: &mut || apply(&mut operators, j, &e, &mut out),
        floor: Some(&mut || linalg::gemm(1.0, matrix.view(), panel.view(), image.view_mut())),
    });
}

fn trace(j: usize, visit: &mut dyn FnMut(Pair<'_>)) {
    let layout = SymmetricLayout::new(STATES, j).expect("the tensors fit");
    let e: Vec<f64> = problems::Noise::new(1).vector(layout.len(j));
    let mut copy = e.clone();
    visit(Pair {
        measured: &mut || {
            std::hint::black_box(layout.contract(j, &[1.0; STATES], &e));
        },
        floor: Some(&mut || std::hint::black_box(&mut copy).copy_from_slice(&e)),
    });
}

fn insertion(j: usize, visit: &mut dyn FnMut(Pair<'_>)) {
    let layout = SymmetricLayout::new(STATES, j).expect("the tensors fit");
    let e: Vec<f64> = problems::Noise::new(1).vector(layout.len(j - 1));
    let f: Vec<f64> = problems::Noise::new(2).vector(STATES);
    let mut out = vec![0.0; layout.len(j)];
    let from = out.clone();
    let mut copy = out.clone();
    visit(Pair {
        measured: &mut || layout.add_product((1, &f), (j - 1, &e), 1.0, &mut out),
        floor: Some(&mut || std::hint::black_box(&mut copy).copy_from_slice(&from)),
    });
}
