//! Degree 2 of models without a list of V: their own operators on a whole panel of
//! pairs, not block by block.

use std::ops::Range;

use meanfield_tensor::{Scalar, panel, panel_mut};

use super::Equations;
use super::interaction::Interaction;
use super::schedule::{Work, Workers};

impl<S: Scalar> Equations<'_, S> {
    /// `out += ½ yyV(w'w' + w''/N)` of g_{2,l}.
    pub(super) fn add_panel_of_pairs(
        &self,
        workers: &mut Workers<S>,
        y: &[S],
        l: usize,
        out: &mut [S],
    ) {
        self.add_products_of_states(y, l, out);
        if l > 0 {
            workers.run(
                self.plan.layout(),
                2,
                1,
                out,
                |_, work| self.pair_panel(y, l, work),
                |_, _| {},
                |_, work, tops, out| self.fold(&work.image, tops, out),
            );
        }
    }

    /// ½V(w'w') of degree 2 by the model's operator, whatever takes part in it: F
    /// and its corrections.
    fn add_products_of_states(&self, y: &[S], l: usize, out: &mut [S]) {
        let (plan, Interaction::Panels(model)) = (self.plan, &self.interaction) else {
            return;
        };
        for l1 in 0..=l / 2 {
            let l2 = l - l1;
            let orders = S::from_re(if l1 == l2 { 1.0 } else { 2.0 });
            if let (Some(x), Some(z)) = (plan.slice(y, 1, l1), plan.slice(y, 1, l2)) {
                model.interaction().add_symmetric_product(orders, x, z, out);
            }
        }
    }

    /// V(w''/N) of degree 2 on an unpacked panel.
    fn pair_panel(&self, y: &[S], l: usize, work: &mut Work<S>) {
        let (plan, one) = (self.plan, S::from_re(1.0));
        let d = plan.layout().dimension();
        let (Interaction::Panels(model), Some(g)) = (&self.interaction, plan.slice(y, 2, l - 1))
        else {
            return;
        };
        let image = &mut work.image[..d * d];
        image.fill(S::from_re(0.0));
        let exposed = &mut work.argument[..d * d];
        plan.layout().one_slot(2, g, exposed);
        model
            .interaction()
            .add_pair(one, panel(d * d, exposed), panel_mut(d * d, image));
    }

    /// The symmetric part of an unpacked panel of pairs, for entries whose
    /// largest index is in `tops`.
    fn fold(&self, image: &[S], tops: Range<usize>, out: &mut [S]) {
        let d = self.plan.layout().dimension();
        let places = tops.flat_map(|b| (0..=b).map(move |a| (a, b)));
        for (x, (a, b)) in out.iter_mut().zip(places) {
            *x += (image[a * d + b] + image[b * d + a]).scaled(0.5);
        }
    }
}
