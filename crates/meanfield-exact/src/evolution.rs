//! The N-body generator in the form that is fastest, and the series that suits
//! what is known of it.

use meanfield_abstract::{Model, Term};
use meanfield_ode::{
    HELD_BY_UNIFORMISED, HELD_BY_UNITARY, LinearAction, exponential, uniformised, unitary,
};
use meanfield_tensor::{Occupations, Scalar, SymmetricLayout};
use ndarray::Array2;
use num_complex::Complex64;

use crate::ExactError;
use crate::generator::Generator;
use crate::pair_map::{PairMap, pairs};
use crate::parts::{self, Changing};
use crate::rows::{Moves, Rows};
use crate::sector::sum;
use crate::weighting::Weighting;

/// A caller's wish to hear how far an evolution is; `false` stops it.
pub(crate) type Listener<'a> = Option<&'a mut dyn FnMut(f64) -> bool>;

/// Bytes an evolution holds, by the most vectors its series may take: index tables down to degree N − `lowered`, the
/// panels, the vectors of the series with the start, and, where `moves` says
/// so, the matrix; `None` when the tensors cannot be indexed.
pub(crate) fn required_bytes<S: Scalar>(
    dimension: usize,
    n: usize,
    lowered: usize,
    moves: Option<&Moves<S>>,
) -> Option<usize> {
    // The start, and what the series holds beside it.
    let vectors = 1 + if S::IS_COMPLEX {
        HELD_BY_UNITARY
    } else {
        HELD_BY_UNIFORMISED
    };
    let len = meanfield_tensor::packed_len(dimension, n)?;
    sum(&[
        crate::generator::required_bytes(dimension, n, lowered, size_of::<S>()),
        len.checked_mul(vectors * size_of::<S>()),
        Some(moves.and_then(|moves| moves.bytes(n)).unwrap_or(0)),
    ])
}

enum Form<'a, S> {
    Rows(Rows<S>),
    Panels(Box<Generator<'a, S>>),
}

impl<'a, S: Scalar> Form<'a, S> {
    /// The matrix over occupations where it fits and pays, else panels by the table of
    /// the map, else by the map itself.
    fn new(
        map: PairMap<'a, S>,
        table: Option<Array2<S>>,
        (d, n): (usize, usize),
        weighting: Weighting,
    ) -> Result<Self, ExactError> {
        let moves = table.as_ref().and_then(|table| Moves::new(table, d));
        let moves = moves.filter(|moves| moves.bytes(n).is_some());
        Ok(match (moves, table) {
            (Some(moves), _) => Self::Rows(Rows::new(&moves, n, weighting)),
            (None, Some(table)) => {
                let map = PairMap::of_matrix(table);
                Self::Panels(Box::new(Generator::new(d, n, 0, map, weighting)?))
            }
            (None, None) => Self::Panels(Box::new(Generator::new(d, n, 0, map, weighting)?)),
        })
    }
}

/// The generator of N particles on packed vectors, with its listener.
pub(crate) struct Evolution<'a, 'l, S> {
    form: Form<'a, S>,
    listener: Listener<'l>,
}

impl<'a, 'l, S: Scalar> Evolution<'a, 'l, S> {
    fn new(form: Form<'a, S>, listener: Listener<'l>) -> Self {
        Self { form, listener }
    }
}

impl<S: Scalar> LinearAction for Evolution<'_, '_, S> {
    type Scalar = S;

    fn apply(&mut self, x: &[S], out: &mut [S]) {
        match &mut self.form {
            Form::Rows(rows) => rows.apply(x, out),
            Form::Panels(generator) => generator.apply(x, out),
        }
    }

    fn accepted(&mut self, fraction: f64) -> bool {
        self.listener.as_mut().is_none_or(|listen| listen(fraction))
    }
}

/// The evolution of a model's N particles in Sym^N(L), calling `output` at
/// every time. Returns the number of products. Where a further term changes in time
/// that is an integration, [`parts::evolve`].
///
/// # Errors
/// [`ExactError`]: tensors that cannot be indexed, bad times, an interruption.
pub(crate) fn evolve<S: Scalar>(
    model: &dyn Model<Scalar = S>,
    n: usize,
    weighting: Weighting,
    initial: &[S],
    times: &[f64],
    listener: Listener<'_>,
    mut output: impl FnMut(&[S]),
) -> Result<usize, ExactError> {
    let d = model.space().dimension();
    let map = PairMap::of_model(model, n);
    let table = map.table();
    let rate = table
        .as_ref()
        .filter(|_| weighting == Weighting::Probabilities)
        .and_then(|table| rate(table, d, n));
    let form = Form::new(map, table, (d, n), weighting)?;
    let changing = parts::changing(model);
    if !changing.is_empty() {
        let actions = changing.into_iter().map(|term: Term<'_, S>| {
            let map = PairMap::of_parts(vec![(1.0, term.operator)], n);
            let table = map.table();
            let form = Form::new(map, table, (d, n), weighting)?;
            Ok((term, Evolution::new(form, None)))
        });
        let actions = actions.collect::<Result<_, ExactError>>()?;
        let mut all = Changing::new(Evolution::new(form, None), actions, n);
        return parts::evolve(&mut all, initial, times, listener, output);
    }
    let mut evolution = Evolution::new(form, listener);
    let output = |_: usize, state: &[S]| {
        output(state);
        Ok::<(), ExactError>(())
    };
    match rate {
        Some(rate) => uniformised(&mut evolution, rate, initial, times, output),
        None => exponential(&mut evolution, initial, times, output),
    }
}

/// The largest rate out of an occupation, for a generator of jumps: W without
/// negative entries off the diagonal.
fn rate<S: Scalar>(table: &Array2<S>, dimension: usize, n: usize) -> Option<f64> {
    let jumps = |((row, column), x): ((usize, usize), &S)| row == column || x.re() >= 0.0;
    if S::IS_COMPLEX || !table.indexed_iter().all(jumps) {
        return None;
    }
    let mut largest = 0.0_f64;
    let mut all = Occupations::new(dimension, n);
    while let Some(alpha) = all.advance() {
        largest = largest.max(-diagonal(table, alpha));
    }
    // Without jumps there is nothing to divide by.
    Some(largest.max(f64::MIN_POSITIVE))
}

/// The diagonal entry of the generator of a real table at an occupation; for
/// N = 1 the table is that of the one particle.
fn diagonal<S: Scalar>(table: &Array2<S>, alpha: &[u32]) -> f64 {
    if table.nrows() == alpha.len() && alpha.iter().sum::<u32>() == 1 {
        let occupied = alpha.iter().position(|&count| count == 1).unwrap_or(0);
        return table[[occupied, occupied]].re();
    }
    let rows = pairs(alpha.len()).into_iter().enumerate();
    let terms = rows.map(|(row, (a, b))| {
        let second = f64::from(alpha[b]) - f64::from(u8::from(a == b));
        f64::from(alpha[a]) * second * table[[row, row]].re()
    });
    terms.sum()
}

/// The evolution of amplitudes over occupation numbers under a Hermitian W on
/// symmetric pairs, calling `output` with the index tables at every time.
/// Returns the number of products.
///
/// # Errors
/// As [`evolve`].
pub(crate) fn evolve_amplitudes(
    (levels, n, lowered): (usize, usize, usize),
    table: Array2<Complex64>,
    initial: &[Complex64],
    times: &[f64],
    listener: Listener<'_>,
    mut output: impl FnMut(&SymmetricLayout, &[Complex64]),
) -> Result<usize, ExactError> {
    let weighting = Weighting::Orthonormal;
    let lowest = crate::generator::lowest_degree(n, lowered);
    let moves = Moves::new(&table, levels).filter(|moves| moves.bytes(n).is_some());
    let moduli = table.mapv(|x| Complex64::from(x.norm()));
    let map = PairMap::of_matrix(table);
    let (form, tables, radius) = match moves {
        Some(moves) => {
            let rows = Rows::new(&moves, n, weighting);
            let radius = rows.largest_row();
            (
                Form::Rows(rows),
                SymmetricLayout::between(levels, lowest, n)?,
                radius,
            )
        }
        None => {
            let radius = {
                // |W| on the vector of ones gives the sums of moduli in a row.
                let map = PairMap::of_matrix(moduli);
                let mut sums = Generator::new(levels, n, lowered, map, weighting)?;
                let mut out = initial.to_vec();
                sums.apply(&vec![Complex64::ONE; initial.len()], &mut out);
                out.iter().map(|x| x.re).fold(0.0, f64::max)
            };
            let generator = Generator::new(levels, n, lowered, map, weighting)?;
            let tables = generator.layout().clone();
            (Form::Panels(Box::new(generator)), tables, radius)
        }
    };
    let mut evolution = Evolution::new(form, listener);
    let spectrum = (-radius, radius);
    unitary(&mut evolution, spectrum, initial, times, |_, state| {
        output(&tables, state);
        Ok::<(), ExactError>(())
    })
}
