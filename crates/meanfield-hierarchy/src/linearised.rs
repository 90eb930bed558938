//! The linearised flow U_j⁰(t,s): ∂t E = (K^j + Δ_j) E along the mean-field
//! solution F(t), (26)–(28). On symmetric tensors it is U_1⁰ in every slot
//! (Lemma 1.3), and U_1⁰ is the derivative of the mean-field flow. K and Δ are sums over
//! the terms that move F, each with its c_k(t).

use meanfield_abstract::{Model, Power};
use meanfield_ode::{Options, System, integrate};
use meanfield_tensor::Scalar;
use ndarray::Array2;

use crate::error::{HierarchyError, require_length};
use crate::{FurtherOperators, MeanField, Operators};

/// F(t) together with packed symmetric tensors that its linearised flow
/// carries along: one block for F, one for each tensor.
pub struct LinearisedFlow<'a, S: Scalar> {
    mean_field: MeanField<'a, S>,
    operators: Operators<'a, S>,
    further: FurtherOperators<'a, S>,
    degrees: Vec<usize>,
    blocks: Vec<usize>,
    sizes: Vec<f64>,
}

impl<'a, S: Scalar> LinearisedFlow<'a, S> {
    /// The flow of tensors of the given degrees.
    ///
    /// # Errors
    /// [`HierarchyError::Tensor`] when a tensor cannot be indexed.
    pub fn new(
        model: &'a dyn Model<Scalar = S>,
        degrees: &[usize],
    ) -> Result<Self, HierarchyError> {
        let highest = degrees.iter().copied().max().unwrap_or(1);
        let operators = Operators::new(model, highest)?;
        let lengths = degrees.iter().map(|&j| operators.layout().len(j));
        let blocks: Vec<usize> = std::iter::once(model.space().dimension())
            .chain(lengths)
            .collect();
        Ok(Self {
            mean_field: MeanField::new(model),
            sizes: vec![1.0; blocks.len()],
            blocks,
            degrees: degrees.to_vec(),
            operators,
            further: FurtherOperators::new(model, highest)?,
        })
    }

    /// The unknowns at the start. The flow is linear: each tensor is integrated
    /// to digits of its own, whatever its size.
    ///
    /// # Errors
    /// [`HierarchyError::Length`] when F or a tensor has the wrong length.
    pub fn start(
        &mut self,
        f: &[S],
        tensors: &[(usize, Vec<S>)],
    ) -> Result<Vec<S>, HierarchyError> {
        require_length("F", f, self.blocks[0])?;
        let mut initial = f.to_vec();
        for (block, (_, e)) in tensors.iter().enumerate() {
            require_length("a packed tensor", e, self.blocks[block + 1])?;
            let largest = e.iter().map(|x| x.modulus()).fold(0.0, f64::max);
            self.sizes[block + 1] = if largest > 0.0 { largest } else { 1.0 };
            initial.extend_from_slice(e);
        }
        Ok(initial)
    }

    /// ∂t of every block.
    fn write_slopes(&mut self, t: f64, y: &[S], dydt: &mut [S]) -> Result<(), HierarchyError> {
        let one = S::from_re(1.0);
        dydt.fill(S::from_re(0.0));
        let (f, mut tensors) = y.split_at(self.blocks[0]);
        let (slope, mut slopes) = dydt.split_at_mut(self.blocks[0]);
        self.mean_field.add_rhs(t, one, f, slope)?;
        self.operators.set_state(f)?;
        self.further.set_state(t, f)?;
        for (&j, &n) in self.degrees.iter().zip(&self.blocks[1..]) {
            let (e, rest) = tensors.split_at(n);
            let (out, rest_out) = slopes.split_at_mut(n);
            self.operators.add_k(one, j, e, out)?;
            self.operators.add_delta(one, j, e, out)?;
            for term in self
                .further
                .terms()
                .filter(|term| term.power() == Power::Zero)
            {
                let c = S::from_re(term.factor());
                term.operators().add_k(c, j, e, out)?;
                term.operators().add_delta(c, j, e, out)?;
            }
            (tensors, slopes) = (rest, rest_out);
        }
        Ok(())
    }
}

impl<S: Scalar> System for LinearisedFlow<'_, S> {
    type Scalar = S;

    fn blocks(&self) -> &[usize] {
        &self.blocks
    }

    fn natural_size(&self, block: usize) -> f64 {
        self.sizes[block]
    }

    fn rhs(&mut self, t: f64, y: &[S], dydt: &mut [S]) {
        self.write_slopes(t, y, dydt)
            .expect("blocks are as long as their tensors");
    }
}

/// U_j⁰(t,s) E at each t of `times`, with s the first of them, for each (j, E)
/// of `tensors`, about the solution with F(s) = `f`: `result[time][tensor]`,
/// packed.
///
/// # Errors
/// [`HierarchyError::Length`] when F or a tensor has the wrong length;
/// [`HierarchyError::Tensor`]; [`HierarchyError::Ode`].
pub fn linearised_flow<S: Scalar>(
    model: &dyn Model<Scalar = S>,
    f: &[S],
    tensors: &[(usize, Vec<S>)],
    times: &[f64],
    options: &Options,
) -> Result<Vec<Vec<Vec<S>>>, HierarchyError> {
    let degrees: Vec<usize> = tensors.iter().map(|(j, _)| *j).collect();
    let mut system = LinearisedFlow::new(model, &degrees)?;
    let initial = system.start(f, tensors)?;
    let lengths = system.blocks[1..].to_vec();
    let mut states = Vec::with_capacity(times.len());
    integrate(&mut system, &initial, times, options, |_, y| {
        let mut rest = &y[f.len()..];
        let mut carried = Vec::with_capacity(lengths.len());
        for &n in &lengths {
            carried.push(rest[..n].to_vec());
            rest = &rest[n..];
        }
        states.push(carried);
        Ok::<(), HierarchyError>(())
    })?;
    Ok(states)
}

/// The matrix of U_1⁰(t,s) at each t of `times`, with s the first of them, D × D:
/// the derivative of F(t) with respect to F(s).
///
/// # Errors
/// As [`linearised_flow`].
pub fn propagator<S: Scalar>(
    model: &dyn Model<Scalar = S>,
    f: &[S],
    times: &[f64],
    options: &Options,
) -> Result<Vec<Array2<S>>, HierarchyError> {
    let d = model.space().dimension();
    let unit = |a: usize| (0..d).map(move |b| S::from_re(f64::from(u8::from(a == b))));
    let columns: Vec<_> = (0..d).map(|a| (1, unit(a).collect())).collect();
    let flow = linearised_flow(model, f, &columns, times, options)?;
    Ok(flow
        .iter()
        .map(|images| Array2::from_shape_fn((d, d), |(row, column)| images[column][row]))
        .collect())
}
