//! The pass over blocks of columns, D × w of g_{j,l}: everything that is one operator on
//! one slot. A matrix product with Δ_1 or K + Δ_1, and the sum over the slot,
//! T\[α\] += Σ_i R\[α_i, α∖i\].

use meanfield_tensor::{Scalar, panel, panel_mut};

use crate::engine::equations::Equations;
use crate::engine::products::by_degree_one::set_xi_by_degree_one;
use crate::engine::state::{Columns, Label};
use crate::engine::work::schedule::{Work, Workers};

impl<S: Scalar> Equations<'_, S> {
    /// `out += ξ_{j,l}` without the products of two cumulants of degree 2 or
    /// more; at the highest order with yKw' added, which saves a matrix product,
    /// and with those products of ξ·(n w) in which one factor has degree 1.
    pub(in crate::engine) fn add_one_slot(
        &self,
        workers: &mut Workers<S>,
        y: &[S],
        label: Label,
        contracted: &mut [Vec<S>],
        out: &mut [S],
    ) {
        let layout = self.plan.layout();
        let (d, (j, _)) = (layout.dimension(), label);
        let all = layout.len(j - 1);
        let width = workers.columns(all);
        let columns = |k: usize| Columns {
            layout,
            label,
            range: k * width..((k + 1) * width).min(all),
        };
        let (own, above) = contracted.split_at_mut(j + 1);
        let (own, above) = (&mut own[j], above.first().map_or(&[][..], Vec::as_slice));
        workers.run(
            layout,
            j,
            all.div_ceil(width),
            out,
            |k, work| self.one_slot_image(y, columns(k), above, work),
            |k, work| {
                if self.is_contracted(label) {
                    self.interaction.keep_contracted(columns(k), work, own);
                }
            },
            |k, work, tops, out| {
                let range = columns(k).range;
                let (one, image) = (S::from_re(1.0), &work.image[..d * range.len()]);
                layout.add_slot_sum_columns(j, one, image, range, tops, out);
            },
        );
    }

    /// Whether g_{j−1,l+1} takes Tr²(V g_{j,l}) from this pass. Degree 1 takes it from
    /// the linearisation.
    fn is_contracted(&self, (j, l): Label) -> bool {
        j > 2 && self.plan.index(j - 1, l + 1).is_some()
    }

    /// The image of those columns of one slot of g_{j,l}, D × columns; `above` is what has
    /// been contracted of g_{j+1,l−1}.
    fn one_slot_image(&self, y: &[S], columns: Columns<'_>, above: &[S], work: &mut Work<S>) {
        let (state, layout, label) = (self.state(y), columns.layout, columns.label);
        let (d, width) = (layout.dimension(), columns.range.len());
        let (j, l) = label;
        let image = &mut work.image[..d * width];
        if self.is_highest(label) {
            set_xi_by_degree_one(state, label, columns.range.clone(), image);
        } else {
            image.fill(S::from_re(0.0));
        }
        if (j, l) == (1, 0) {
            return self.interaction.add_q_of_state(&y[..d], image);
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
            let Some(g) = state.cumulant(j, second) else {
                continue;
            };
            let exposed = &mut work.argument[..d * width];
            layout.one_slot_columns(j, g, columns.range.clone(), exposed);
            let image = panel_mut(d, &mut work.image[..d * width]);
            let operator = self.linearised(label, first);
            operator.add_apply(S::from_re(share), panel(d, exposed), image);
            if first == 0 && self.is_contracted(label) {
                self.interaction.contract(columns.clone(), work);
            }
        }
        if l > 0
            && let Some(g) = state.cumulant(j + 1, l - 1)
        {
            self.interaction.add_contraction(columns, (g, above), work);
        }
    }
}
