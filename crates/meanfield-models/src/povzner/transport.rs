//! Free flight, K = −v·∇x, on the grid.

use std::ops::Range;

use ndarray::{ArrayView2, ArrayViewMut2, Zip};

use super::circulant::{Circulant, derivative};
use super::grid::Grid;
use super::options::Transport;
use super::panel::{axpy, blocks, columns, gather, scatter};

/// One direction of multiplication by the velocity: (v_i G)(v) = Σ_w m(v,w)
/// G(w); diagonal on a lattice.
pub(super) type Multiplication = Vec<(usize, usize, f64)>;

/// K on panels over (cell, velocity).
#[derive(Debug, Clone)]
pub(super) enum FreeFlight {
    /// Jumps downstream: for each velocity and direction, the rate |v_i|/Δx
    /// and whether the neighbour ahead is the one with the larger coordinate.
    Upwind { velocities: usize, jumps: Vec<Jump> },
    /// Derivatives of trigonometric interpolants, one for each direction.
    Spectral {
        velocities: usize,
        directions: Vec<(Circulant, Multiplication)>,
    },
}

/// Particles of one velocity leave a cell along one direction.
#[derive(Debug, Clone, Copy)]
pub(super) struct Jump {
    velocity: usize,
    axis: usize,
    forward: bool,
    rate: f64,
}

impl FreeFlight {
    /// `multiplications` has an entry for each direction of space. Upwind
    /// jumps exist for diagonal ones only; the caller has made sure of that.
    pub(super) fn new(
        grid: &Grid,
        velocities: usize,
        transport: Transport,
        multiplications: Vec<Multiplication>,
    ) -> Self {
        match transport {
            Transport::Upwind => {
                let directions = multiplications.iter().enumerate();
                let jumps = directions.flat_map(|(axis, entries)| {
                    entries.iter().map(move |&(velocity, _, v)| Jump {
                        velocity,
                        axis,
                        forward: v > 0.0,
                        rate: v.abs() / grid.step(),
                    })
                });
                // In a box of one cell every jump ends where it began.
                let moving = jumps.filter(|jump| jump.rate != 0.0 && grid.points > 1);
                Self::Upwind {
                    velocities,
                    jumps: moving.collect(),
                }
            }
            Transport::Spectral => {
                let directions = multiplications.into_iter().enumerate();
                let directions = directions.map(|(axis, entries)| {
                    let moving = entries.into_iter().filter(|&(_, _, v)| v != 0.0);
                    let operator = Circulant::new(grid, &derivative(grid, axis));
                    (operator, moving.collect::<Multiplication>())
                });
                let moving = directions.filter(|(_, m)| !m.is_empty() && grid.points > 2);
                Self::Spectral {
                    velocities,
                    directions: moving.collect(),
                }
            }
        }
    }

    /// Whether nothing moves.
    pub(super) fn is_zero(&self) -> bool {
        match self {
            Self::Upwind { jumps, .. } => jumps.is_empty(),
            Self::Spectral { directions, .. } => directions.is_empty(),
        }
    }

    /// `out += c K x`, D×M → D×M.
    pub(super) fn add(
        &self,
        grid: &Grid,
        c: f64,
        x: ArrayView2<'_, f64>,
        mut out: ArrayViewMut2<'_, f64>,
    ) {
        match self {
            Self::Upwind { velocities, jumps } => {
                for cell in 0..grid.cells() {
                    for jump in jumps {
                        let upstream = grid.neighbour(cell, jump.axis, !jump.forward);
                        let here = cell * velocities + jump.velocity;
                        let rate = c * jump.rate;
                        Zip::from(out.row_mut(here))
                            .and(x.row(upstream * velocities + jump.velocity))
                            .and(x.row(here))
                            .for_each(|out, &from, &leaves| *out += rate * (from - leaves));
                    }
                }
            }
            Self::Spectral {
                velocities,
                directions,
            } => {
                let (mut packed, mut slope) = (Vec::new(), Vec::new());
                let mut image = Vec::new();
                for range in blocks(x.nrows(), x.ncols()) {
                    gather(columns(x, range.clone()), &mut packed);
                    image.clear();
                    image.resize(packed.len(), 0.0);
                    let width = velocities * range.len();
                    for (derivative, multiplication) in directions {
                        slope.clear();
                        slope.resize(packed.len(), 0.0);
                        derivative.add(-c, &packed, width, &mut slope);
                        multiply(multiplication, &slope, (width, range.clone()), &mut image);
                    }
                    scatter(&image, range, &mut out);
                }
            }
        }
    }
}

/// `out[cell, v] += Σ_w m(v,w) x[cell, w]`, cell by cell; a cell has `width`
/// numbers, a velocity in it as many as there are columns.
fn multiply(
    m: &Multiplication,
    x: &[f64],
    (width, columns): (usize, Range<usize>),
    out: &mut [f64],
) {
    let n = columns.len();
    for (x, out) in x.chunks_exact(width).zip(out.chunks_exact_mut(width)) {
        for &(v, w, value) in m {
            axpy(value, &x[w * n..(w + 1) * n], &mut out[v * n..(v + 1) * n]);
        }
    }
}
