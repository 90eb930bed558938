//! Products of yQ(w'w') by transitions: of the factor of smaller degree an index b is
//! shown, of the other the lanes are kept.

use meanfield_abstract::Transitions;
use meanfield_tensor::{Scalar, SymmetricLayout, pair_rank, vectorised};

use crate::engine::lanes::{LANES, pairs_mut};
use crate::engine::products::kernels::{OneIndex, Symmetrised, orders, pick};
use crate::engine::products::roles::{Roles, of_cumulants};
use crate::engine::products::splits::Split;
use crate::engine::state::{Label, State};
use crate::engine::work::schedule::Work;

/// Adds them to the image of a block of pairs; `rates` are those beside a cumulant.
pub(super) fn add<'a, S: Scalar>(
    transitions: &Transitions<S>,
    state: State<'a, S>,
    label: Label,
    (list, rates): (&'a [Split], impl Fn(usize, usize) -> &'a [S]),
    work: &mut Work<S>,
) {
    let layout = state.layout();
    let mut waiting = None;
    for roles in of_cumulants(state, label, list, rates) {
        if roles.degree > 1 {
            add_one(layout, transitions, &roles, work);
        } else if let Some(first) = waiting.take() {
            add_by_one(layout, transitions, &first, Some(&roles), work);
        } else {
            waiting = Some(roles);
        }
    }
    if let Some(roles) = waiting {
        add_by_one(layout, transitions, &roles, None, work);
    }
}

/// One or two products in which the factor of smaller degree has no index but
/// the one it shows, in one pass over the image.
fn add_by_one<S: Scalar>(
    layout: &SymmetricLayout,
    transitions: &Transitions<S>,
    first: &Roles<'_, S>,
    second: Option<&Roles<'_, S>>,
    work: &mut Work<S>,
) {
    let d = layout.dimension();
    let first = one_index(transitions, d, first, &mut work.left);
    let second = second.map(|roles| one_index(transitions, d, roles, &mut work.right));
    let both = [first, second.unwrap_or(first)];
    vectorised(Symmetrised {
        d,
        products: &both[..1 + usize::from(second.is_some())],
        image: pairs_mut(d, &mut work.image),
    });
}

/// Any product.
fn add_one<S: Scalar>(
    layout: &SymmetricLayout,
    transitions: &Transitions<S>,
    roles: &Roles<'_, S>,
    work: &mut Work<S>,
) {
    let d = layout.dimension();
    let rates = one_index(transitions, d, roles, &mut work.left);
    let image = pairs_mut::<_, LANES>(d, &mut work.image);
    for b in 0..d {
        // The index b beside K, for every lane.
        let shown = |lane: usize| roles.shown.ranks[lane] as usize;
        let ranks: [usize; LANES] =
            std::array::from_fn(|lane| layout.insert(roles.degree, b, shown(lane)));
        for a in 0..d {
            let mut sum = [S::from_re(0.0); LANES];
            for one in transitions.leading_to(a) {
                let (row, kept) = rates.of(one);
                for lane in 0..LANES {
                    sum[lane] += row[ranks[lane]] * kept[lane];
                }
            }
            let to = &mut image[pair_rank(a, b)];
            for lane in 0..LANES {
                to[lane] += sum[lane].scaled(orders(a, b));
            }
        }
    }
}

/// Products of two factors by transitions: `kept` receives, once for all b, the
/// lanes of the factor that shows no index.
fn one_index<'a, S: Scalar>(
    transitions: &'a Transitions<S>,
    d: usize,
    roles: &Roles<'a, S>,
    kept: &'a mut [S],
) -> OneIndex<'a, S> {
    let Roles { shown, fixed, .. } = roles;
    let (rows, shown_rows) = if roles.first_shows {
        (transitions.channels(), d)
    } else {
        (d, transitions.channels())
    };
    let (kept, _) = kept.as_chunks_mut::<LANES>();
    let kept = &mut kept[..rows];
    let weights = roles.times.map(|times| times / roles.degree as f64);
    pick(fixed.panel, fixed.ranks, weights, kept);
    OneIndex {
        transitions,
        first_shows: roles.first_shows,
        shown_by: shown.panel,
        width: shown.panel.len() / shown_rows,
        kept,
    }
}
