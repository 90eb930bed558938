//! A right-hand side allocates nothing once everything is made, on one thread.
//!
//! One exception is not ours to mend: the matrix product of the linear-algebra library
//! packs large operands into buffers that it allocates in every call, and takes no
//! scratch from the caller. Where there is nothing large nothing is allocated at all; else
//! exactly as often as by the products alone.

use std::alloc::System as Heap;

use meanfield::abstract_model::{COLUMNS_OF_A_MATRIX, Model};
use meanfield::expansion::{CumulantHierarchy, InteractionPicture, Plan};
use meanfield::models::hartree::{Grid, Hartree, Potential, Trap};
use meanfield::models::kac::{CrossSection, Kac};
use meanfield::models::levels::problems::random_open_levels;
use meanfield::ode::System;
use meanfield::prelude::*;
use meanfield::tensor::{Scalar, linalg};
use ndarray::Array2;
use num_complex::Complex64;
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static COUNTED: &StatsAlloc<Heap> = &INSTRUMENTED_SYSTEM;

/// Allocations of `work` and what is allocated at larger size again.
fn allocations(work: impl FnOnce()) -> usize {
    let region = Region::new(COUNTED);
    work();
    let change = region.change();
    change.allocations + change.reallocations
}

/// Those of a right-hand side, after one that filled the pools of the model.
fn of_system<Y: System>(mut system: Y, y: &[Y::Scalar]) -> usize {
    let mut dydt = y.to_vec();
    system.rhs(0.0, y, &mut dydt);
    allocations(|| system.rhs(0.0, y, &mut dydt))
}

/// The hierarchy of a model, in the interaction picture where it has one, and also
/// without it; no cumulant vanishes.
fn of_model<S: Scalar>(model: &(dyn Model<Scalar = S> + '_), order: usize) -> [usize; 2] {
    let d = model.space().dimension();
    let plan = Plan::new::<S>(d, order, 1, usize::MAX).expect("small");
    let y: Vec<S> = problems::Noise::new(order as u64).vector(plan.unknowns());
    let whole = of_system(CumulantHierarchy::new(model, &plan, &y[..d]), &y);
    let split = model.capabilities().semigroup();
    let split = split.as_deref();
    let split = split.map(|split| InteractionPicture::new(split, &plan, &y[..d]));
    [whole, split.map_or(0, |picture| of_system(picture, &y))]
}

fn grid(points: usize, trap: bool) -> Hartree {
    let grid = Grid::new(1, points, 5.0).expect("a grid");
    let potential = Potential::Gaussian {
        strength: 1.3,
        width: 0.8,
    };
    let trap = trap.then_some(Trap::Harmonic { omega: 0.7 });
    Hartree::new(grid, 1.0, 1.0, potential, trap).expect("regular parameters")
}

/// Everything of the engine, and every kind of model.
fn small() -> Vec<String> {
    let mut found = Vec::new();
    let mut see = |name: String, counts: [usize; 2]| {
        if counts != [0, 0] {
            found.push(format!("{name}: {counts:?} allocations"));
        }
    };
    for order in 0..=3 {
        let arrays = problems::random_arrays::<f64>(3, 5).expect("traceless");
        see(format!("custom, order {order}"), of_model(&arrays, order));
        let arrays = problems::random_arrays::<Complex64>(3, 6).expect("traceless");
        see(format!("complex, order {order}"), of_model(&arrays, order));
        let jumps = problems::three_states().expect("rates");
        see(format!("jump list, order {order}"), of_model(&jumps, order));
        let rates = problems::ring_walk_by_rates(3).expect("rates");
        see(format!("jumps, order {order}"), of_model(&rates, order));
        let levels = random_open_levels(2, 1, 3).expect("levels");
        if order < 3 {
            see(format!("levels, order {order}"), of_model(&levels, order));
            let kac = Kac::lattice(2, 1.0, CrossSection::HardSphere).expect("a lattice");
            see(format!("kac, order {order}"), of_model(&kac, order));
        }
        for trap in [false, true] {
            let model = grid(2, trap);
            see(format!("hartree, order {order}"), of_model(&model, order));
        }
    }
    // Sizes at which transforms take the place of products, which has none then.
    let counts = of_model(&grid(13, true), 1);
    see("hartree, d = 13, plane waves".to_owned(), [0, counts[1]]);
    see(
        "hartree, d = 64, order 0".to_owned(),
        of_model(&grid(64, true), 0),
    );
    found
}

/// Allocations of the products with Δ_1 and K + Δ_1 for D states.
fn products(d: usize, order: usize) -> usize {
    let plan = Plan::new::<f64>(d, order, 1, usize::MAX).expect("small");
    let matrix = Array2::from_elem((d, d), 0.5);
    let each = plan.blocks().iter().filter(|b| (b.j, b.l) != (1, 0));
    let each = each.map(|block| {
        // F and its corrections with g_{j,l}; of two that are both of degree 1 each
        // pair once.
        let times = match block.j {
            1 => block.l / 2 + 1,
            _ => block.l + 1,
        };
        let columns = plan.layout().len(block.j - 1);
        assert!(columns <= COLUMNS_OF_A_MATRIX, "one block of columns");
        let panel = Array2::from_elem((d, columns), 0.5);
        let mut out = panel.clone();
        times * allocations(|| linalg::gemm(1.0, matrix.view(), panel.view(), out.view_mut()))
    });
    each.sum()
}

/// One test, since one allocator counts for all threads.
#[test]
fn law_a_right_hand_side_allocates_nothing() {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build();
    pool.expect("a thread").install(|| {
        let found = small();
        assert!(found.is_empty(), "{found:#?}");
        for (d, order) in [(20, 2), (200, 1)] {
            let model = problems::ring_walk_by_rates(d).expect("rates");
            // The thread's own buffers are made once.
            products(d, order);
            let counts = of_model(&model, order);
            assert_eq!(counts, [products(d, order), 0], "D = {d}");
        }
    });
    // What is counted is counted.
    assert_eq!(allocations(|| drop(std::hint::black_box(vec![1.0; 9]))), 1);
}
