//! F and a family of packed tensors with two indices, laid end to end in one
//! vector of unknowns, and how F drives it.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use meanfield_abstract::{Model, ModelError};
use meanfield_hierarchy::{FurtherOperators, HierarchyError, MeanField, Operators};
use meanfield_ode::{
    HELD_VECTORS, OdeError, Options, Progress, Statistics, System, integrate_observed,
};
use meanfield_tensor::{Scalar, SymmetricLayout, packed_len};

use crate::ExpansionError;

/// Where F and the tensors (j, k) lie among the unknowns: one block each.
#[derive(Debug, Clone)]
pub(crate) struct Family {
    blocks: Vec<usize>,
    places: BTreeMap<(usize, usize), Range<usize>>,
    degrees: Vec<usize>,
    /// Root mean square of F at the start.
    size: f64,
}

impl Family {
    /// F first, then the tensors of degree j for every (j, k) of `members`.
    pub(crate) fn new(
        layout: &SymmetricLayout,
        members: impl IntoIterator<Item = (usize, usize)>,
    ) -> Self {
        let mut blocks = vec![layout.dimension()];
        let mut degrees = vec![1];
        let mut places = BTreeMap::new();
        let mut end = layout.dimension();
        for (j, k) in members {
            blocks.push(layout.len(j));
            degrees.push(j);
            places.insert((j, k), end..end + layout.len(j));
            end += layout.len(j);
        }
        Self {
            blocks,
            places,
            degrees,
            size: 1.0,
        }
    }

    /// Number of unknowns of such a family, without laying it out; `None` when
    /// they cannot be counted.
    pub(crate) fn count(
        dimension: usize,
        members: impl IntoIterator<Item = (usize, usize)>,
    ) -> Option<usize> {
        members.into_iter().try_fold(dimension, |sum, (j, _)| {
            sum.checked_add(packed_len(dimension, j)?)
        })
    }

    /// Lengths of the blocks.
    pub(crate) fn blocks(&self) -> &[usize] {
        &self.blocks
    }

    /// The size of an entry of a block that is not small: that of F^{⊗j}.
    pub(crate) fn natural_size(&self, block: usize) -> f64 {
        self.size.powi(self.degrees[block] as i32)
    }

    /// The members and where they lie.
    pub(crate) fn places(&self) -> impl Iterator<Item = (usize, usize, Range<usize>)> {
        self.places
            .iter()
            .map(|(&(j, k), range)| (j, k, range.clone()))
    }

    /// The tensor (j, k), when it is a member.
    pub(crate) fn get<'y, S>(&self, y: &'y [S], j: usize, k: usize) -> Option<&'y [S]> {
        Some(&y[self.places.get(&(j, k))?.clone()])
    }

    /// All members, copied.
    pub(crate) fn members<S: Scalar>(&self, y: &[S]) -> BTreeMap<(usize, usize), Vec<S>> {
        self.places()
            .map(|(j, k, range)| ((j, k), y[range].to_vec()))
            .collect()
    }

    /// The unknowns at the start: F, and the tensors of `initial`, whose key
    /// (j, m) means e_j^m, at the member `member(j, m)`. Orders m above `order`
    /// are not part of the expansion and are left out.
    pub(crate) fn start<S: Scalar>(
        &mut self,
        f: &[S],
        initial: &BTreeMap<(usize, usize), Vec<S>>,
        order: usize,
        member: impl Fn(usize, usize) -> (usize, usize),
    ) -> Result<Vec<S>, ModelError> {
        let d = self.blocks[0];
        if f.len() != d {
            return Err(ModelError::Shape {
                array: "F".to_owned(),
                found: vec![f.len()],
                expected: format!("({d},)"),
            });
        }
        let mut y = vec![S::from_re(0.0); self.blocks.iter().sum()];
        y[..d].copy_from_slice(f);
        let squares: f64 = f.iter().map(|x| x.modulus().powi(2)).sum();
        self.size = (squares / d as f64).sqrt();
        for (&(j, m), values) in initial {
            let expected = packed_len(d, j);
            if j == 0 || 2 * m < j || Some(values.len()) != expected {
                return Err(ModelError::Shape {
                    array: format!("e_{j}_{m}"),
                    found: vec![values.len()],
                    expected: format!(
                        "a symmetric tensor of degree j ≥ 1 over {d} states, at an order m ≥ j/2"
                    ),
                });
            }
            if m <= order
                && let Some(range) = self.places.get(&member(j, m))
            {
                y[range.clone()].copy_from_slice(values);
            }
        }
        Ok(y)
    }
}

/// F(t) by its own equation, and a family of correlation errors that it drives.
pub(crate) struct Driven<'a, S: Scalar> {
    mean_field: MeanField<'a, S>,
    operators: Operators<'a, S>,
    further: FurtherOperators<'a, S>,
    pub(crate) family: Family,
}

/// A tensor of a family, by its two indices, where there is one.
pub(crate) type Member<'f, 'y, S> = &'f dyn Fn(usize, usize) -> Option<&'y [S]>;

impl<'a, S: Scalar> Driven<'a, S> {
    /// The tensors of `members`, of degree `highest` at most.
    pub(crate) fn new(
        model: &'a dyn Model<Scalar = S>,
        highest: usize,
        members: impl IntoIterator<Item = (usize, usize)>,
    ) -> Result<Self, ExpansionError> {
        let operators = Operators::new(model, highest)?;
        Ok(Self {
            mean_field: MeanField::new(model),
            family: Family::new(operators.layout(), members),
            operators,
            further: FurtherOperators::new(model, highest)?,
        })
    }

    /// Bytes that solving needs at most: the vectors of the integrator, one state handed
    /// out, scratch and index tables. `None` when it cannot be counted.
    pub(crate) fn bytes(
        dimension: usize,
        highest: usize,
        members: impl IntoIterator<Item = (usize, usize)>,
    ) -> Option<usize> {
        let scalar = size_of::<S>();
        Family::count(dimension, members)?
            .checked_mul((HELD_VECTORS + 2) * scalar)?
            .checked_add(Operators::<S>::bytes(dimension, highest, scalar)?)
    }

    /// Writes ∂t F, and for every member what `add` makes of the operators at F(t) and
    /// of the other members; the tensor (0, 0) is 1.
    pub(crate) fn rhs(
        &mut self,
        t: f64,
        y: &[S],
        dydt: &mut [S],
        mut add: impl FnMut(
            (&mut Operators<'a, S>, &mut FurtherOperators<'a, S>),
            (usize, usize),
            Member<'_, '_, S>,
            &mut [S],
        ) -> Result<(), HierarchyError>,
    ) -> Result<(), HierarchyError> {
        let Self {
            mean_field,
            operators,
            further,
            family,
        } = self;
        let one = S::from_re(1.0);
        let unit = [one];
        let member = |j: usize, k: usize| match (j, k) {
            (0, 0) => Some(&unit[..]),
            _ => family.get(y, j, k),
        };
        dydt.fill(S::from_re(0.0));
        let d = family.blocks()[0];
        mean_field.add_rhs(t, one, &y[..d], &mut dydt[..d])?;
        operators.set_state(&y[..d])?;
        further.set_state(t, &y[..d])?;
        for (j, k, range) in family.places() {
            add((operators, further), (j, k), &member, &mut dydt[range])?;
        }
        Ok(())
    }
}

/// F_j exists for 1 ≤ N and j ≤ N only.
pub(crate) fn require_particles(degree: usize, particles: usize) -> Result<(), ExpansionError> {
    if particles >= degree.max(1) {
        return Ok(());
    }
    Err(ExpansionError::TooFewParticles {
        particles,
        marginal: degree,
    })
}

/// Integrates and calls `output`, whose error may be of any type.
pub(crate) fn integrate_for<'a, Y, E>(
    system: &mut Y,
    initial: impl Into<Cow<'a, [Y::Scalar]>>,
    times: &[f64],
    options: &Options,
    observer: impl FnMut(&Progress) -> bool,
    mut output: impl FnMut(usize, &[Y::Scalar]) -> Result<(), E>,
) -> Result<Statistics, E>
where
    Y: System<Scalar: 'a>,
    E: From<ExpansionError>,
{
    // The caller's error and the integrator's travel through one type.
    enum Failure<E> {
        Ode(OdeError),
        Caller(E),
    }
    impl<E> From<OdeError> for Failure<E> {
        fn from(error: OdeError) -> Self {
            Self::Ode(error)
        }
    }
    integrate_observed(system, initial, times, options, observer, |k, y| {
        output(k, y).map_err(Failure::Caller)
    })
    .map_err(|failure| match failure {
        Failure::Ode(error) => ExpansionError::from(error).into(),
        Failure::Caller(error) => error,
    })
}
