//! How far is one right-hand side of the factored form from its floor, the ten
//! transforms of d wave functions that it takes?

use meanfield::abstract_model::PositionHamiltonian;
use meanfield::expansion::bogoliubov::BogoliubovSystem;
use meanfield::ode::System;

use super::Group;
use crate::problems::wave_packet;
use crate::{Entry, Pair, Size};

pub(super) const GROUP: Group = Group {
    name: "bogoliubov",
    question: "one right-hand side of the factored form against its ten transforms",
    entries,
};

fn entries() -> Vec<Entry> {
    let sizes = [
        (1, 128, Size::Quick),
        (1, 512, Size::Usual),
        (2, 16, Size::Quick),
        (2, 32, Size::Usual),
    ];
    let entry = |(dimension, points, size)| Entry {
        group: GROUP.name,
        name: format!("{dimension}D, {points} points an axis"),
        size,
        target: None,
        run: Box::new(move |visit: &mut dyn FnMut(Pair<'_>)| of(dimension, points, visit)),
    };
    sizes.into_iter().map(entry).collect()
}

fn of(dimension: usize, points: usize, visit: &mut dyn FnMut(Pair<'_>)) {
    let (model, phi) = wave_packet(dimension, points);
    let d = model.points();
    let mut system = BogoliubovSystem::new(&model);
    let mut y = system.start(&phi);
    for (k, z) in y.iter_mut().enumerate().skip(d) {
        z.re = 1e-3 * (k as f64).sin();
    }
    let mut dydt = y.clone();
    // Blocks of columns, as the system takes them.
    let mut panel = y[2 * d..2 * d + d * d].to_vec();
    let mut transforms = || {
        for _ in 0..5 {
            panel
                .chunks_mut(16 * d)
                .for_each(|some| model.to_momentum(some));
            panel
                .chunks_mut(16 * d)
                .for_each(|some| model.to_position(some));
        }
    };
    visit(Pair {
        measured: &mut || system.rhs(0.0, &y, &mut dydt),
        floor: Some(&mut transforms),
    });
}
