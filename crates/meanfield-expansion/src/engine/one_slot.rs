//! The pass over blocks of columns: everything that is one operator on one slot.

use std::ops::Range;

use meanfield_abstract::{Model, Transitions};
use meanfield_tensor::{Scalar, panel, panel_mut, vectorised};

use super::contraction::{self, AddChannels, Along, ByPartner};
use super::interaction::{Interaction, pair_count, pairs_mut};
use super::kernels::TakeLanes;
use super::schedule::{LANES, Work, Workers, pair_columns};
use super::{Equations, add};
use crate::plan::Block;

impl<S: Scalar> Equations<'_, S> {
    /// `out += ξ_{j,l}` without the products of two cumulants of degree 2 or
    /// more; at the highest order with yKw' added, which saves a matrix product,
    /// and with those products of ξ·(n w) in which one factor has degree 1.
    pub(super) fn add_one_slot(
        &self,
        workers: &mut Workers<S>,
        y: &[S],
        block: Block,
        contracted: &mut [Vec<S>],
        out: &mut [S],
    ) {
        let layout = self.plan.layout();
        let (d, j) = (layout.dimension(), block.j);
        let all = layout.len(j - 1);
        let width = workers.columns(d, all);
        let columns = |k: usize| k * width..((k + 1) * width).min(all);
        let (own, above) = contracted.split_at_mut(j + 1);
        let (own, above) = (&mut own[j], above.first().map_or(&[][..], Vec::as_slice));
        workers.run(
            layout,
            j,
            all.div_ceil(width),
            out,
            |k, work| self.one_slot_image(y, block, above, columns(k), work),
            |k, work| {
                if let Some((transitions, by_partner)) = self.contracted_by(block) {
                    let columns = (j - 1, columns(k));
                    contraction::keep(layout, columns, transitions, by_partner, &work.along, own);
                }
            },
            |k, work, tops, out| {
                let image = &work.image[..d * columns(k).len()];
                let one = S::from_re(1.0);
                layout.add_slot_sum_columns(j, one, image, columns(k), tops, out);
            },
        );
    }

    /// The channels by which g_{j,l} is contracted for g_{j−1,l+1}, if it is.
    fn contracted_by(&self, Block { j, l, .. }: Block) -> Option<(&Transitions<S>, &ByPartner<S>)> {
        match &self.interaction {
            Interaction::Listed {
                transitions,
                by_partner,
                ..
            } if j > 2 && self.plan.index(j - 1, l + 1).is_some() => {
                Some((*transitions, by_partner))
            }
            _ => None,
        }
    }

    /// The image of the columns `columns` of one slot of g_{j,l}, D × columns; `above` is
    /// what has been contracted of g_{j+1,l−1}.
    fn one_slot_image(
        &self,
        y: &[S],
        block: Block,
        above: &[S],
        columns: Range<usize>,
        work: &mut Work<S>,
    ) {
        let (plan, layout) = (self.plan, self.plan.layout());
        let (d, width) = (layout.dimension(), columns.len());
        let Block { j, l, .. } = block;
        if self.is_highest(block) {
            let image = &mut work.image[..d * width];
            self.set_xi_by_degree_one(y, block, columns.clone(), image);
        } else {
            work.image[..d * width].fill(S::from_re(0.0));
        }
        if (j, l) == (1, 0) {
            return self.add_interaction_of_state(y, &mut work.image[..d]);
        }
        // F, and at l > 0 its corrections g_{1,l₁}, with the other cumulant, in
        // both orders: the interaction linearised about g_{1,l₁}.
        for first in 0..=l {
            let second = l - first;
            // Of two corrections of F each pair comes once; a square is half of
            // what its linearisation gives.
            let share = match j {
                1 if first > second => continue,
                1 if first == second => 0.5,
                _ => 1.0,
            };
            let Some(g) = plan.slice(y, j, second) else {
                continue;
            };
            let operator = match &self.generator {
                Some(generator) if first == 0 && self.is_highest(block) => generator,
                _ => &self.delta[first - self.first_delta()],
            };
            let exposed = &mut work.argument[..d * width];
            layout.one_slot_columns(j, g, columns.clone(), exposed);
            let image = panel_mut(d, &mut work.image[..d * width]);
            let share = S::from_re(share);
            operator.add_apply(share, panel(d, exposed), image);
            if first == 0
                && let Some((transitions, by_partner)) = self.contracted_by(block)
            {
                vectorised(Along {
                    layout,
                    m: j - 1,
                    columns: columns.clone(),
                    transitions,
                    by_partner,
                    panel: &work.argument[..d * width],
                    sums: &mut work.along,
                });
            }
        }
        if l > 0
            && let Some(g) = plan.slice(y, j + 1, l - 1)
        {
            let image = &mut work.image[..d * width];
            match &self.interaction {
                Interaction::Listed { .. } if j == 1 => {
                    add(1.0, &self.lower.of_pairs[l - 1], image);
                }
                Interaction::Listed { transitions, .. } => vectorised(AddChannels {
                    transitions,
                    len: layout.len(j - 1),
                    columns,
                    channels: above,
                    image,
                }),
                Interaction::Panels(model) if j == 1 => {
                    model
                        .interaction()
                        .add_symmetric_q(S::from_re(1.0), g, image);
                }
                Interaction::Panels(model) => {
                    self.add_contraction_of_pairs(*model, (j + 1, g), columns, work);
                }
            }
        }
    }

    /// `image += Tr²(V T)` by a model's operators for a tensor of degree j ≥ 3, beside
    /// entries γ of degree j−2.
    fn add_contraction_of_pairs(
        &self,
        model: &dyn Model<Scalar = S>,
        (j, tensor): (usize, &[S]),
        columns: Range<usize>,
        work: &mut Work<S>,
    ) {
        let layout = self.plan.layout();
        let d = layout.dimension();
        let most = pair_columns(d, layout.len(j - 2));
        for from in columns.clone().step_by(most) {
            let some = from..columns.end.min(from + most);
            let width = some.len();
            let pairs = &mut work.pairs[..pair_count(d) * width];
            layout.pair_columns(j, tensor, some, pairs);
            for at in (0..width).step_by(LANES) {
                let lanes = pairs_mut::<_, LANES>(d, &mut work.argument);
                vectorised(TakeLanes {
                    panel: &work.pairs[..pair_count(d) * width],
                    width,
                    at,
                    lanes,
                });
                let place = (columns.len(), from - columns.start + at);
                let count = LANES.min(width - at);
                Interaction::add_contraction::<LANES>(model, d, count, work, place);
            }
        }
    }

    /// Q(F, F).
    fn add_interaction_of_state(&self, y: &[S], image: &mut [S]) {
        let d = image.len();
        let f = &y[..d];
        match &self.interaction {
            Interaction::Listed { .. } => add(1.0, &self.lower.of_state, image),
            Interaction::Panels(model) => {
                let one = S::from_re(1.0);
                model.interaction().add_q_product(
                    one,
                    panel(d, f),
                    panel(d, f),
                    panel_mut(d, image),
                );
            }
        }
    }
}
