//! What a pair interaction does to a block of work, by its structure.
//!
//! An interaction given as a list acts on packed pairs directly, and Q by
//! transitions of one particle. Any other acts on unpacked panels through the
//! operators of its model.

use meanfield_abstract::{Model, SymmetricPairs, Transitions};
use meanfield_tensor::{Scalar, panel, panel_mut};

use super::contraction::ByPartner;
use super::schedule::{LANES, Work};

/// The two kinds.
pub(super) enum Interaction<'a, S: Scalar> {
    /// A list of entries.
    Listed {
        transitions: &'a Transitions<S>,
        by_partner: ByPartner<S>,
        pairs: SymmetricPairs<S>,
    },
    /// The model's operators on panels.
    Panels(&'a dyn Model<Scalar = S>),
}

/// Products of factors that are added to a block of pairs in one go.
pub(super) const TERMS: usize = 16;

/// Number of packed pairs.
pub(super) fn pair_count(d: usize) -> usize {
    d.saturating_mul(d + 1) / 2
}

impl<'a, S: Scalar> Interaction<'a, S> {
    /// That of a model, for an expansion to some order.
    pub(super) fn new(model: &'a dyn Model<Scalar = S>, order: usize) -> Self {
        let d = model.space().dimension();
        match model.interaction().pair_operator() {
            Some(list) => Self::Listed {
                transitions: list.transitions(),
                by_partner: ByPartner::new(d, order, list.transitions()),
                pairs: list.symmetric(),
            },
            None => Self::Panels(model),
        }
    }

    pub(super) fn transitions(&self) -> Option<&'a Transitions<S>> {
        match self {
            Self::Listed { transitions, .. } => Some(transitions),
            Self::Panels(_) => None,
        }
    }
}

/// The buffers that tensors up to degree `top` need, a block and a factor, for an
/// interaction by so many channels or by the model's operators.
pub(super) fn buffers(d: usize, top: usize, channels: Option<usize>) -> (usize, usize) {
    let lanes = if top > 2 { LANES } else { 1 };
    let (pairs, square) = (pair_count(d), d.saturating_mul(d));
    let (block, factor) = match channels {
        _ if top < 2 => (0, 0),
        Some(count) => (pairs, count.max(d * TERMS)),
        None if top > 2 => (
            pairs.saturating_add(square),
            square.saturating_add(d).max(d * TERMS),
        ),
        None => (0, 0),
    };
    (block.saturating_mul(lanes), factor.saturating_mul(lanes))
}

/// The packed pairs of lanes in a buffer: `[S; L]` for each pair.
pub(super) fn pairs_mut<S, const L: usize>(d: usize, buffer: &mut [S]) -> &mut [[S; L]] {
    let (lanes, _) = buffer[..pair_count(d) * L].as_chunks_mut::<L>();
    lanes
}

/// The same, to be read.
pub(super) fn pairs<S, const L: usize>(d: usize, buffer: &[S]) -> &[[S; L]] {
    let (lanes, _) = buffer[..pair_count(d) * L].as_chunks::<L>();
    lanes
}

impl<S: Scalar> Interaction<'_, S> {
    /// `image = V argument` on packed pairs of L lanes, each in the first
    /// numbers of its buffer.
    pub(super) fn apply<const L: usize>(&self, d: usize, work: &mut Work<S>) {
        let model = match self {
            Self::Listed { pairs: list, .. } => {
                return list.apply::<L>(pairs(d, &work.argument), pairs_mut(d, &mut work.image));
            }
            Self::Panels(model) => *model,
        };
        let packed = pair_count(d) * L;
        let (argument, unpacked) = work.argument.split_at_mut(packed);
        let unpacked = &mut unpacked[..d * d * L];
        unpack::<_, L>(d, argument, unpacked);
        let (image, moved) = work.image.split_at_mut(packed);
        let moved = &mut moved[..d * d * L];
        moved.fill(S::from_re(0.0));
        let one = S::from_re(1.0);
        model
            .interaction()
            .add_pair(one, panel(d * d, unpacked), panel_mut(d * d, moved));
        for b in 0..d {
            for a in 0..=b {
                let to = &mut image[(b * (b + 1) / 2 + a) * L..][..L];
                let (ab, ba) = (&moved[(a * d + b) * L..], &moved[(b * d + a) * L..]);
                for ((x, &y), &z) in to.iter_mut().zip(ab).zip(ba) {
                    *x = (y + z).scaled(0.5);
                }
            }
        }
    }

    /// `image[a·width + lane] += [Tr²(V T[· ∪ · ∪ γ])]_a` by a model's operators, for at
    /// most L entries γ, beside which the packed pairs of T are the argument.
    pub(super) fn add_contraction<const L: usize>(
        model: &dyn Model<Scalar = S>,
        d: usize,
        lanes: usize,
        work: &mut Work<S>,
        (width, at): (usize, usize),
    ) {
        let image = &mut work.image[at..];
        let (block, unpacked) = work.argument.split_at_mut(pair_count(d) * L);
        unpack::<_, L>(d, block, unpacked);
        let moved = &mut work.left[..d * L];
        moved.fill(S::from_re(0.0));
        let unpacked = panel(d * d, &unpacked[..d * d * L]);
        model
            .interaction()
            .add_q(S::from_re(1.0), unpacked, panel_mut(d, moved));
        for (a, row) in moved.chunks(L).enumerate() {
            let to = &mut image[a * width..][..lanes];
            to.iter_mut().zip(row).for_each(|(x, &y)| *x += y);
        }
    }
}

/// Both orders of every pair.
fn unpack<S: Scalar, const L: usize>(d: usize, packed: &[S], out: &mut [S]) {
    for c in 0..d {
        for e in 0..d {
            let (low, high) = (c.min(e), c.max(e));
            let from = &packed[(high * (high + 1) / 2 + low) * L..][..L];
            out[(c * d + e) * L..][..L].copy_from_slice(from);
        }
    }
}
