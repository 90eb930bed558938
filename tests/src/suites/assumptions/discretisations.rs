//! The discretisations of the library, each with what it satisfies.

use meanfield::models::kac::{Caricature, CrossSection, KacHermite};
use meanfield::models::levels::problems::random_state;
use meanfield::models::povzner::{Povzner, PovznerOptions, Range, Transport, Velocities};
use meanfield::prelude::*;
use meanfield_testing::worse;
use num_complex::Complex64;

use super::Cell::{Exact, Limit, NotClaimed};
use super::measure::{defects, moved, structure};
use super::{Cell, Discretisation};
use crate::instances::{self, Instance};
use crate::kinds::{two_cells, two_sites};
use crate::own_model::Sharing;

/// The first basis state: everything in one cell, level or site.
fn first_state<S: Scalar>(model: &dyn Model<Scalar = S>) -> Vec<S> {
    let mut user = vec![Complex64::ZERO; model.space().dimension()];
    user[0] = Complex64::ONE;
    one_body_state(model, "F", &user).expect("a state")
}

/// A model that satisfies every assumption, from an extreme state and from the
/// instance's own.
fn exact<S: Scalar>(
    name: &'static str,
    remark: &'static str,
    instance: &Instance<S>,
) -> Discretisation {
    let model = &*instance.model;
    let (one, other) = (
        defects(model, &first_state(model)),
        defects(model, &instance.f),
    );
    Discretisation {
        name,
        cells: [0, 1, 2, 3, 4, 5].map(|k| Exact(worse(one[k], other[k]))),
        remark,
    }
}

/// Soft spheres with spectral transport in that many cells.
fn spectral(points: usize) -> (Povzner, Vec<f64>) {
    let model = Povzner::new(&PovznerOptions {
        dimension: 1,
        points,
        length: 3.0,
        velocity_dimension: 1,
        velocities: Velocities::Lattice { radius: 1.0 },
        range: Range::Gaussian { width: 0.5 },
        cross_section: CrossSection::HardSphere,
        transport: Transport::Spectral,
    })
    .expect("a box");
    let density = model.density_bump(&[0.1], 0.25).expect("inside the box");
    let velocity = model.velocity_beams(1.0, 0.7).expect("two beams");
    let f = model.product_state(&density, &velocity).expect("they fit");
    (model, f)
}

/// The negative parts that three evolutions leave: (91), (92), (C).
fn negative_parts(
    model: &dyn Model<Scalar = f64>,
    f: &[f64],
    least: impl Fn(&[f64]) -> f64,
) -> [f64; 3] {
    let moved = moved(model, f);
    let ways = [&moved.freely, &moved.of_two[0], &moved.limit];
    ways.map(|f| (-least(f)).max(0.0))
}

/// The least value of f(v)/M(v) over a range of velocities along one axis.
fn least_ratio(at: impl Fn(f64) -> f64) -> f64 {
    (-30..=30)
        .map(|k| at(0.1 * f64::from(k)))
        .fold(f64::INFINITY, f64::min)
}

fn limits(coarse: [f64; 3], fine: [f64; 3]) -> [Cell; 3] {
    [0, 1, 2].map(|k| Limit(coarse[k], fine[k]))
}

fn spectral_transport() -> Discretisation {
    let least = |f: &[f64]| f.iter().copied().fold(f64::INFINITY, f64::min);
    let at = |points| {
        let (model, f) = spectral(points);
        negative_parts(&model, &f, least)
    };
    let [free, two, limit] = limits(at(7), at(14));
    let (model, f) = spectral(7);
    let all = defects(&model, &f);
    Discretisation {
        name: "povzner, spectral transport",
        cells: [
            Exact(all[0]),
            Exact(all[1]),
            free,
            two,
            Exact(all[4]),
            limit,
        ],
        remark: "exact transport of band-limited data, whose cell values may be negative",
    }
}

fn hermite(
    name: &'static str,
    [[_, two, limit], [_, finer_two, finer_limit]]: [[f64; 3]; 2],
    [exchange, traces]: [f64; 2],
) -> Discretisation {
    Discretisation {
        name,
        cells: [
            NotClaimed,
            Exact(exchange),
            // K = 0.
            Exact(0.0),
            Limit(two, finer_two),
            Exact(traces),
            Limit(limit, finer_limit),
        ],
        remark: "no L¹ norm in these coordinates: no bound of the theorem is claimed; polynomial \
                 moments are what is kept",
    }
}

fn caricature() -> Discretisation {
    let at = |degree| {
        let model = Caricature::new(degree, 1.0).expect("a degree");
        let f = model.beams(0.8, 0.6).expect("two beams");
        let least = |f: &[f64]| least_ratio(|v| model.velocities().ratio(f, &[v]));
        negative_parts(&model, &f, least)
    };
    let model = Caricature::new(6, 1.0).expect("a degree");
    hermite("kac-caricature", [at(6), at(12)], structure(&model))
}

fn kac_hermite() -> Discretisation {
    let make = |degree| KacHermite::new(2, degree, 1.0, CrossSection::Maxwell).expect("a degree");
    let at = |degree| {
        let model = make(degree);
        let f = model.beams(1.2, 0.6).expect("two beams");
        let least = |f: &[f64]| least_ratio(|v| model.velocities().ratio(f, &[0.3 * v, v]));
        negative_parts(&model, &f, least)
    };
    hermite(
        "kac, Hermite velocities",
        [at(4), at(8)],
        structure(&make(3)),
    )
}

/// Every discretisation, with its defects measured.
pub(super) fn discretisations() -> Vec<Discretisation> {
    let two_cells = Instance::new(two_cells(), problems::Noise::new(3).probabilities(6));
    let sharing = Instance::new(Sharing::new(4), problems::Noise::new(5).probabilities(5));
    let sites = two_sites(1.0);
    let f = one_body_state(&sites, "F", &random_state(2, 8)).expect("a state");
    let two_sites = Instance::new(sites, f);
    vec![
        exact("custom, jump rates", "", &instances::jump()),
        exact("levels", "", &instances::mixed_levels()),
        exact("levels with Lindblad jumps", "", &instances::open_levels()),
        exact("kac, velocity lattice", "", &instances::kac(2, 1.0)),
        caricature(),
        kac_hermite(),
        exact(
            "povzner, upwind transport",
            "first order in the grid",
            &two_cells,
        ),
        spectral_transport(),
        exact("hartree", "", &two_sites),
        exact("examples/own_model.rs", "", &sharing),
    ]
}
