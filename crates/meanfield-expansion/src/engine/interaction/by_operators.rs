//! An interaction that is none but the model's operators, which act on unpacked panels.

use meanfield_abstract::{Interaction, Linearisation, Sources};
use meanfield_tensor::{
    Scalar, SymmetricLayout, pair_count, pair_rank, panel, panel_mut, vectorised,
};

use super::action::PairAction;
use crate::engine::lanes::{LANES, TERMS, pairs_mut};
use crate::engine::products::kernels::{TakeLanes, orders};
use crate::engine::products::roles::{Roles, of_cumulants};
use crate::engine::products::splits::Split;
use crate::engine::state::{Columns, Label, State};
use crate::engine::work::buffers::{Needs, pair_columns};
use crate::engine::work::schedule::{Work, Workers};
use crate::plan::Plan;

/// A panel of pairs beside a block of them, from order 2 on: before, the panel is all.
pub(super) fn needs(d: usize, order: usize) -> Needs {
    if order < 2 {
        return Needs::default();
    }
    let square = d.saturating_mul(d);
    Needs {
        block: pair_count(d).saturating_add(square),
        factor: square.saturating_add(d).max(d * TERMS),
        ..Needs::default()
    }
}

pub(super) struct ByOperators<'a, S>(pub(super) &'a dyn Interaction<S>);

impl<S: Scalar> PairAction<S> for ByOperators<'_, S> {
    fn linearise(
        &mut self,
        (plan, y): (&Plan, &[S]),
        l: usize,
        operator: Option<&mut (dyn Linearisation<S> + '_)>,
        room: &mut [S],
    ) {
        if let (Some(g), Some(operator)) = (plan.slice(y, 1, l), operator) {
            let none = Sources::none();
            operator.update_with(g, &mut Sources { room, ..none });
        }
    }

    fn add_q_of_state(&self, f: &[S], image: &mut [S]) {
        let d = f.len();
        let (x, y) = (panel(d, f), panel(d, f));
        self.0
            .add_q_product(S::from_re(1.0), x, y, panel_mut(d, image));
    }

    fn add_contraction(&self, columns: Columns<'_>, (g, _): (&[S], &[S]), work: &mut Work<S>) {
        let (layout, (j, _)) = (columns.layout, columns.label);
        let (d, one, columns) = (layout.dimension(), S::from_re(1.0), columns.range);
        if j == 1 {
            let image = &mut work.image[..d];
            return self.0.add_symmetric_q(one, g, image);
        }
        let most = pair_columns(d, layout.len(j - 1));
        for from in columns.clone().step_by(most) {
            let some = from..columns.end.min(from + most);
            let width = some.len();
            let pairs = &mut work.pairs[..pair_count(d) * width];
            layout.pair_columns(j + 1, g, some, pairs);
            for at in (0..width).step_by(LANES) {
                vectorised(TakeLanes {
                    panel: &work.pairs[..pair_count(d) * width],
                    width,
                    at,
                    lanes: pairs_mut(d, &mut work.argument),
                });
                let unpacked = unpack(d, &mut work.argument);
                let moved = &mut work.left[..d * LANES];
                moved.fill(S::from_re(0.0));
                let unpacked = panel(d * d, unpacked);
                self.0.add_q(one, unpacked, panel_mut(d, moved));
                let place = from - columns.start + at;
                let count = LANES.min(width - at);
                for (a, row) in moved.chunks(LANES).enumerate() {
                    let to = &mut work.image[place + a * columns.len()..][..count];
                    to.iter_mut().zip(row).for_each(|(x, &y)| *x += y);
                }
            }
        }
    }

    fn add_pairs(&self, state: State<'_, S>, l: usize, workers: &mut Workers<S>, out: &mut [S]) {
        // F and its corrections, whatever takes part in them.
        for l1 in 0..=l / 2 {
            let l2 = l - l1;
            let orders = S::from_re(if l1 == l2 { 1.0 } else { 2.0 });
            if let (Some(x), Some(z)) = (state.cumulant(1, l1), state.cumulant(1, l2)) {
                self.0.add_symmetric_product(orders, x, z, out);
            }
        }
        let Some(g) = l.checked_sub(1).and_then(|l| state.cumulant(2, l)) else {
            return;
        };
        // The whole panel of pairs, not block by block.
        let (layout, d) = (state.layout(), state.layout().dimension());
        workers.run(
            layout,
            2,
            1,
            out,
            |_, work| {
                let image = &mut work.image[..d * d];
                image.fill(S::from_re(0.0));
                let exposed = &mut work.argument[..d * d];
                layout.one_slot(2, g, exposed);
                let (exposed, image) = (panel(d * d, exposed), panel_mut(d * d, image));
                self.0.add_pair(S::from_re(1.0), exposed, image);
            },
            |_, _| {},
            |_, work, tops, out| {
                let places = tops.flat_map(|b| (0..=b).map(move |a| (a, b)));
                for (x, (a, b)) in out.iter_mut().zip(places) {
                    *x += (work.image[a * d + b] + work.image[b * d + a]).scaled(0.5);
                }
            },
        );
    }

    fn apply(&self, d: usize, work: &mut Work<S>) {
        let unpacked = panel(d * d, unpack(d, &mut work.argument));
        let (image, moved) = work.image.split_at_mut(pair_count(d) * LANES);
        let moved = &mut moved[..d * d * LANES];
        moved.fill(S::from_re(0.0));
        self.0
            .add_pair(S::from_re(1.0), unpacked, panel_mut(d * d, moved));
        for b in 0..d {
            for a in 0..=b {
                let to = &mut image[pair_rank(a, b) * LANES..][..LANES];
                let (ab, ba) = (&moved[(a * d + b) * LANES..], &moved[(b * d + a) * LANES..]);
                for ((x, &y), &z) in to.iter_mut().zip(ab).zip(ba) {
                    *x = (y + z).scaled(0.5);
                }
            }
        }
    }

    fn add_products(&self, state: State<'_, S>, label: Label, list: &[Split], work: &mut Work<S>) {
        let second = |j, l| state.exposed(j, l);
        for roles in of_cumulants(state, label, list, second) {
            add_product(self.0, state.layout(), &roles, work);
        }
    }
}

/// Both orders of every pair of a block, behind it.
fn unpack<S: Scalar>(d: usize, block: &mut [S]) -> &[S] {
    let (packed, out) = block.split_at_mut(pair_count(d) * LANES);
    for c in 0..d {
        for e in 0..d {
            let from = &packed[pair_rank(c, e) * LANES..][..LANES];
            out[(c * d + e) * LANES..][..LANES].copy_from_slice(from);
        }
    }
    &out[..d * d * LANES]
}

/// A product of yQ(w'w'), lane by lane.
fn add_product<S: Scalar>(
    v: &dyn Interaction<S>,
    layout: &SymmetricLayout,
    roles: &Roles<'_, S>,
    work: &mut Work<S>,
) {
    let d = layout.dimension();
    let Roles { shown, fixed, .. } = roles;
    let (width, fixed_width) = (shown.panel.len() / d, fixed.panel.len() / d);
    let (show, keep) = work.left[..d * d + d].split_at_mut(d * d);
    let moved = &mut work.right[..d * d];
    let image = pairs_mut::<_, LANES>(d, &mut work.image);
    for lane in (0..LANES).filter(|&lane| roles.times[lane] != 0.0) {
        for b in 0..d {
            let rank = match roles.degree {
                1 => b,
                _ => layout.insert(roles.degree, b, shown.ranks[lane] as usize),
            };
            for c in 0..d {
                show[c * d + b] = shown.panel[c * width + rank];
            }
        }
        for (c, x) in keep.iter_mut().enumerate() {
            *x = fixed.panel[c * fixed_width + fixed.ranks[lane] as usize];
        }
        moved.fill(S::from_re(0.0));
        let weight = S::from_re(roles.times[lane] / roles.degree as f64);
        let (show, keep) = (panel(d, show), panel(d, keep));
        let (x, z) = if roles.first_shows {
            (show, keep)
        } else {
            (keep, show)
        };
        v.add_q_product(weight, x, z, panel_mut(d, moved));
        for a in 0..d {
            for b in 0..d {
                image[pair_rank(a, b)][lane] += moved[a * d + b].scaled(orders(a, b));
            }
        }
    }
}
