//! How much a solve will hold, item by item, before anything of it is made.

use meanfield_abstract::{Model, Propagator, Term};
use meanfield_ode::{HELD_VECTORS, HELD_VECTORS_WITH_SEMIGROUP, STORED_STAGES};
use meanfield_tensor::{Scalar, SymmetricLayout};

use super::engine::Engine;
use crate::ExpansionError;
use crate::engine::picture::{STATES, all_slots};
use crate::engine::work::buffers::Buffers;
use crate::further::panel_numbers;

/// The bytes that [`solve`](crate::solve) holds at a time at most, the model and what
/// is done with an output apart. Every further term of the model has a hierarchy of its
/// own, which is counted.
///
/// [`vectors`](Memory::vectors) times [`state`](Memory::state) is what the integrator
/// holds; where the tensors are large everything else is small beside that, apart from
/// linearisations that are D×D matrices, V on packed pairs where V is a list, and the
/// panels of a semigroup that is not diagonal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Memory {
    /// All cumulants, packed, once.
    pub state: usize,
    /// As many of these the integrator holds.
    pub vectors: usize,
    /// The tensors below the highest order, unpacked, and blocks of work.
    pub scratch: usize,
    /// Index tables.
    pub tables: usize,
    /// Δ_1 about F and its corrections, and K + Δ_1.
    pub linearisations: usize,
    /// V on packed pairs, where it is a list.
    pub pairs: usize,
    /// What the model's operators hold while they act.
    pub operators: usize,
    /// An exposed slot of the highest tensors, where e^{τK₀} is not diagonal.
    pub slots: usize,
    /// What matrix products pack their operands into, and lists of blocks.
    pub products: usize,
}

/// What a thread sets aside at its first matrix product to pack operands, and keeps:
/// seen of the library with real and complex matrices from 17 to 2000.
const PACKED: usize = 4 << 20;
/// Products without a longer side pack nothing.
const UNPACKED_SIDE: usize = 16;
/// Lists of blocks and of tasks.
const LISTS: usize = 1 << 16;

impl Memory {
    /// For order `order`, on the current pool of threads.
    ///
    /// # Errors
    /// [`ExpansionError::TooLarge`] when it cannot be counted.
    pub fn of<S: Scalar>(
        model: &dyn Model<Scalar = S>,
        order: usize,
    ) -> Result<Self, ExpansionError> {
        let semigroup = model.capabilities().semigroup();
        let found = match semigroup.as_deref() {
            None => Engine::new(model, order).map(|engine| engine.memory(HELD_VECTORS)),
            Some(split) => Engine::new(split.rest(), order).and_then(|engine| {
                let memory = engine.memory(HELD_VECTORS_WITH_SEMIGROUP);
                let diagonal = matches!(split.at(0.0), Propagator::Diagonal(_));
                let framed = split.frame().is_some();
                let slots = engine.slots(diagonal, framed)?.checked_mul(engine.size)?;
                Some(Self { slots, ..memory })
            }),
        };
        let dimension = model.space().dimension();
        let terms = model.further_terms();
        let found = terms
            .iter()
            .try_fold(found, |sum, term| Some(Some(sum?.with_term(term, order)?)));
        let framed = semigroup.as_deref().is_some_and(|s| s.frame().is_some());
        let found = match found.flatten() {
            Some(memory) if framed && !terms.is_empty() => {
                memory.with_frame_change(dimension, order, size_of::<S>())
            }
            other => other,
        };
        found
            .filter(|memory| memory.total() < usize::MAX)
            .ok_or(ExpansionError::TooLarge { order, dimension })
    }

    /// With a further term: what its own hierarchy holds, and one right-hand side of it;
    /// two panels for a term without V.
    fn with_term<S: Scalar>(mut self, term: &Term<'_, S>, order: usize) -> Option<Self> {
        let Some(order) = order.checked_sub(term.power.exponent()) else {
            return Some(self);
        };
        let engine = Engine::new(term.operator, order)?;
        let own = engine.memory(1);
        if term.operator.interaction().vanishes() {
            let panels = panel_numbers(term.operator).checked_mul(engine.size)?;
            self.scratch = self.scratch.checked_add(panels)?;
            self.operators = self.operators.checked_add(own.operators)?;
            return Some(self);
        }
        self.scratch = self
            .scratch
            .checked_add(own.scratch)?
            .checked_add(own.state)?;
        self.tables = self.tables.checked_add(own.tables)?;
        self.linearisations = self.linearisations.checked_add(own.linearisations)?;
        self.pairs = self.pairs.checked_add(own.pairs)?;
        self.operators = self.operators.checked_add(own.operators)?;
        self.products = self.products.max(own.products);
        Some(self)
    }

    /// With the way of further terms out of a frame and back: the unknowns in the model's
    /// own basis, a right-hand side, and an exposed slot.
    fn with_frame_change(mut self, dimension: usize, order: usize, size: usize) -> Option<Self> {
        let vectors = self.state.checked_mul(2)?;
        let slots = all_slots(dimension, order + 1)?.checked_mul(size)?;
        self.scratch = self.scratch.checked_add(vectors)?;
        self.slots = self.slots.checked_add(slots)?;
        Some(self)
    }

    /// All of it.
    #[must_use]
    pub fn total(&self) -> usize {
        let ours = [self.scratch, self.tables, self.slots, self.products];
        let asked_by_model = [self.linearisations, self.pairs, self.operators];
        let vectors = self.state.saturating_mul(self.vectors);
        let items = ours.into_iter().chain(asked_by_model);
        items.fold(vectors, usize::saturating_add)
    }
}

impl<S: Scalar> Engine<'_, S> {
    fn memory(&self, vectors: usize) -> Memory {
        let effort = &self.effort;
        let linear = match self.buffers.order {
            0 => 0,
            1 => effort.generator,
            n => n
                .saturating_mul(effort.linearisation)
                .saturating_add(effort.generator),
        };
        let bytes = |numbers: usize| numbers.saturating_mul(self.size);
        let list = self.model.interaction().pair_operator();
        let packs = self.buffers.d.max(self.buffers.widest()) > UNPACKED_SIDE;
        let packed = if packs { PACKED } else { 0 };
        let at_once = self.buffers.works.min(rayon::current_num_threads());
        Memory {
            state: bytes(self.unknowns),
            vectors,
            scratch: bytes(self.buffers.total()),
            tables: self.tables(),
            linearisations: bytes(linear),
            pairs: match list {
                Some(list) if self.buffers.order > 0 => list.symmetric_bytes(),
                _ => 0,
            },
            operators: bytes(effort.scratch.saturating_mul(at_once)),
            slots: 0,
            products: packed.saturating_mul(at_once).saturating_add(LISTS),
        }
    }

    /// Places of inserted indices, of the degrees that the smaller factor of a
    /// product has and, among few states, of all; and binomial coefficients, in
    /// bytes.
    fn tables(&self) -> usize {
        let Buffers { d, order, lens, .. } = &self.buffers;
        let rows = (1..=order / 2).map(|j| lens[j - 1]);
        let inserted = rows.fold(0_usize, usize::saturating_add);
        let binomials = (order + 4).saturating_mul(2 * size_of::<usize>());
        let slots = SymmetricLayout::slot_table_bytes(*d, order + 1).unwrap_or(usize::MAX);
        d.saturating_add(1)
            .saturating_mul(inserted.saturating_mul(4).saturating_add(binomials))
            .saturating_add(slots)
    }

    /// Numbers beside the vectors for e^{τK₀} on all slots, and for the frame. At an
    /// output the stages of the integrator serve for that.
    fn slots(&self, diagonal: bool, framed: bool) -> Option<usize> {
        let Buffers { d, order, lens, .. } = &self.buffers;
        let panels = all_slots(*d, order + 1)?;
        // Places of inserted indices, of half a number at most.
        let mut places = lens[2.min(*order)..*order].iter();
        let tables = places.try_fold(0_usize, |sum, len| sum.checked_add(len.checked_mul(*d)?))?;
        let states = rayon::current_num_threads() * STATES * d;
        let lent = self.unknowns.checked_mul(STORED_STAGES)?;
        let held = match (diagonal, framed) {
            (true, false) => return Some(*d),
            (true, true) if panels <= lent => 0,
            _ => panels,
        };
        held.checked_add(tables)?.checked_add(states + d)
    }
}
