//! An interaction that is a list of entries: V acts on packed pairs, Q by transitions
//! c → a through channels r,
//!
//! ```math
//! Q_{a,cd} = s_{ar} U_{rd}.
//! ```

mod products;

use meanfield_abstract::{Linearisation, PairOperator, Sources, SymmetricPairs, Transitions};
use meanfield_tensor::{Scalar, pair_count, panel, panel_mut, vectorised};

use super::action::PairAction;
use crate::engine::contractions::by_partner::ByPartner;
use crate::engine::contractions::{self, AddChannels, Along};
use crate::engine::lanes::{LANES, TERMS, pairs, pairs_mut};
use crate::engine::products::of_slots::add_products_of_slots;
use crate::engine::products::splits::{self, Split};
use crate::engine::state::{Columns, Label, State, add};
use crate::engine::work::buffers::{Buffers, Needs};
use crate::engine::work::schedule::{Work, Workers};
use crate::plan::Plan;

pub(super) fn needs<S: Scalar>(d: usize, order: usize, transitions: &Transitions<S>) -> Needs {
    let channels = transitions.channels();
    let (block, factor) = match order {
        0 => (0, 0),
        _ => (pair_count(d), channels.max(d * TERMS)),
    };
    Needs {
        channels,
        leaving: transitions.most_leaving(),
        by_partner: ByPartner::numbers(d, order, transitions),
        source: d,
        block,
        factor,
    }
}

pub(super) struct ByTransitions<'a, S> {
    transitions: &'a Transitions<S>,
    by_partner: ByPartner<S>,
    pairs: SymmetricPairs<S>,
    /// U g_{j,l}, channels × len(j−1), by block below the highest order, for j ≥ 2.
    rates: Vec<Vec<S>>,
    /// Q(F, F), then Tr²(V g_{2,l}) by l.
    sources: Vec<S>,
}

impl<'a, S: Scalar> ByTransitions<'a, S> {
    pub(super) fn new(list: &'a PairOperator<S>, order: usize, buffers: &Buffers) -> Self {
        let transitions = list.transitions();
        let zeros = |len| vec![S::from_re(0.0); len];
        Self {
            transitions,
            by_partner: ByPartner::new(buffers.d, order, transitions),
            pairs: list.symmetric(),
            rates: buffers.below().map(|j| zeros(buffers.rates(j))).collect(),
            sources: zeros(buffers.sources()),
        }
    }
}

impl<S: Scalar> PairAction<S> for ByTransitions<'_, S> {
    fn linearise(
        &mut self,
        (plan, y): (&Plan, &[S]),
        l: usize,
        operator: Option<&mut (dyn Linearisation<S> + '_)>,
        room: &mut [S],
    ) {
        let Some(g) = plan.slice(y, 1, l) else {
            return;
        };
        let mut sources = Sources {
            room,
            ..Sources::none()
        };
        let (of_state, of_pairs) = self.sources.split_at_mut(g.len());
        if l == 0 {
            sources.of_state = of_state;
        }
        let mut of_pairs = of_pairs.chunks_exact_mut(g.len());
        if let (Some(pairs), Some(of_pairs)) = (plan.slice(y, 2, l), of_pairs.nth(l)) {
            (sources.pairs, sources.of_pairs) = (Some(pairs), of_pairs);
        }
        sources.of_state.fill(S::from_re(0.0));
        sources.of_pairs.fill(S::from_re(0.0));
        let found = operator.is_some_and(|operator| operator.update_with(g, &mut sources));
        if !found {
            self.transitions
                .add_sources(g, &mut sources)
                .expect("sources of D numbers each");
        }
    }

    fn update(&mut self, exposed: &[Vec<S>]) {
        let (channels, one) = (self.transitions.channels(), S::from_re(1.0));
        let d = self.by_partner.dimension;
        for (rates, exposed) in self.rates.iter_mut().zip(exposed) {
            if !exposed.is_empty() {
                rates.fill(S::from_re(0.0));
                let rates = panel_mut(channels, rates);
                self.transitions.add_rates(one, panel(d, exposed), rates);
            }
        }
    }

    fn add_q_of_state(&self, f: &[S], image: &mut [S]) {
        add(1.0, &self.sources[..f.len()], image);
    }

    fn contract(&self, columns: Columns<'_>, work: &mut Work<S>) {
        vectorised(Along {
            columns: &columns,
            transitions: self.transitions,
            by_partner: &self.by_partner,
            panel: &work.argument,
            sums: &mut work.along,
        });
    }

    fn keep_contracted(&self, columns: Columns<'_>, work: &Work<S>, contracted: &mut [S]) {
        let (transitions, by_partner) = (self.transitions, &self.by_partner);
        contractions::keep(&columns, transitions, by_partner, &work.along, contracted);
    }

    fn add_contraction(&self, columns: Columns<'_>, of: (&[S], &[S]), work: &mut Work<S>) {
        let (d, (j, l)) = (columns.layout.dimension(), columns.label);
        let image = &mut work.image[..d * columns.range.len()];
        if j == 1 {
            return add(1.0, &self.sources[l * d..][..d], image);
        }
        vectorised(AddChannels {
            transitions: self.transitions,
            len: columns.layout.len(j - 1),
            columns: columns.range,
            channels: of.1,
            image,
        });
    }

    fn add_pairs(&self, state: State<'_, S>, l: usize, workers: &mut Workers<S>, out: &mut [S]) {
        let (layout, d) = (state.layout(), state.layout().dimension());
        workers.run(
            layout,
            2,
            1,
            out,
            |_, work| {
                let mut list = std::mem::take(&mut work.splits);
                splits::collect(layout, 0, 0, 1, &mut list);
                let before = l.checked_sub(1).and_then(|l| state.cumulant(2, l));
                if let Some(g) = before {
                    work.argument[..g.len()].copy_from_slice(g);
                }
                add_products_of_slots::<_, 1>(state, (2, l), &list, before.is_some(), work);
                let argument = pairs::<_, 1>(d, &work.argument);
                self.pairs.apply(argument, pairs_mut(d, &mut work.image));
                work.splits = list;
            },
            |_, _| {},
            |_, work, tops, out| {
                let sums = &work.image[..pair_count(d)];
                layout.add_pair_sum_columns(2, sums, 0..1, tops, out);
            },
        );
    }

    fn apply(&self, d: usize, work: &mut Work<S>) {
        let argument = pairs::<_, LANES>(d, &work.argument);
        self.pairs.apply(argument, pairs_mut(d, &mut work.image));
    }

    fn add_products(&self, state: State<'_, S>, label: Label, list: &[Split], work: &mut Work<S>) {
        // Without a transition there is no Q.
        if !self.transitions.is_empty() {
            let rates = |j, l| state.kept(&self.rates, j, l);
            products::add(self.transitions, state, label, (list, &rates), work);
        }
    }
}
