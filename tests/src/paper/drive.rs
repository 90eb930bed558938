//! F(t) by the literal mean-field equation, and dense tensors along it under
//! any right-hand side.

use meanfield::hierarchy::literal::Literal;
use meanfield::ode::{OdeError, Options, System, integrate};
use meanfield::prelude::*;
use meanfield::tensor::dense;
use ndarray::{ArrayD, IxDyn};

/// F and the tensors at one time.
#[derive(Debug, Clone)]
pub struct Flow<S> {
    /// F(t).
    pub f: Vec<S>,
    /// The tensors.
    pub tensors: Vec<ArrayD<S>>,
}

struct Driven<'a, S: Scalar, R> {
    model: &'a dyn Model<Scalar = S>,
    degrees: Vec<usize>,
    blocks: Vec<usize>,
    sizes: Vec<f64>,
    rhs: R,
}

fn read<S: Scalar>(dimension: usize, degrees: &[usize], y: &[S]) -> Flow<S> {
    let (f, mut rest) = y.split_at(dimension);
    let mut tensors = Vec::new();
    for &j in degrees {
        let (part, tail) = rest.split_at(dimension.pow(j as u32));
        let shape = IxDyn(&vec![dimension; j]);
        tensors.push(ArrayD::from_shape_vec(shape, part.to_vec()).expect("D^j entries"));
        rest = tail;
    }
    Flow {
        f: f.to_vec(),
        tensors,
    }
}

impl<S, R> System for Driven<'_, S, R>
where
    S: Scalar,
    R: Fn(&Literal<'_, S>, &[ArrayD<S>]) -> Vec<ArrayD<S>>,
{
    type Scalar = S;

    fn blocks(&self) -> &[usize] {
        &self.blocks
    }

    fn natural_size(&self, block: usize) -> f64 {
        self.sizes[block]
    }

    fn rhs(&mut self, _t: f64, y: &[S], dydt: &mut [S]) {
        let flow = read(self.blocks[0], &self.degrees, y);
        let literal = Literal {
            model: self.model,
            f: &flow.f,
        };
        let slope_f = literal.k(&dense::vector(&flow.f)) + literal.drift();
        let slopes = (self.rhs)(&literal, &flow.tensors);
        let values = slope_f.iter().chain(slopes.iter().flat_map(|t| t.iter()));
        for (to, &from) in dydt.iter_mut().zip(values) {
            *to = from;
        }
    }
}

/// ∂t F = K F + Q(F,F), ∂t (tensors) = rhs(operators at F(t), tensors), at each of
/// `times`. `rhs` returns as many tensors as there are, of the same degrees.
///
/// # Panics
/// When the flow is not regular.
pub fn drive<S, R>(
    model: &dyn Model<Scalar = S>,
    f: &[S],
    tensors: &[ArrayD<S>],
    times: &[f64],
    tolerance: f64,
    rhs: R,
) -> Vec<Flow<S>>
where
    S: Scalar,
    R: Fn(&Literal<'_, S>, &[ArrayD<S>]) -> Vec<ArrayD<S>>,
{
    let degrees: Vec<usize> = tensors.iter().map(ArrayD::ndim).collect();
    let blocks: Vec<usize> = std::iter::once(f.len())
        .chain(tensors.iter().map(ArrayD::len))
        .collect();
    // A tensor that starts at zero is measured against 1: what it becomes in
    // these checks.
    let sizes = tensors.iter().map(|t| match super::largest(t) {
        size if size > 0.0 => size,
        _ => 1.0,
    });
    let sizes = std::iter::once(1.0).chain(sizes).collect();
    let start: Vec<S> = (f.iter())
        .chain(tensors.iter().flat_map(|t| t.iter()))
        .copied()
        .collect();
    let mut system = Driven {
        model,
        degrees: degrees.clone(),
        blocks,
        sizes,
        rhs,
    };
    let options = Options {
        tolerance,
        ..Options::default()
    };
    let mut out = Vec::new();
    integrate(&mut system, &start, times, &options, |_, y| {
        out.push(read(f.len(), &degrees, y));
        Ok::<(), OdeError>(())
    })
    .expect("a regular flow");
    out
}
