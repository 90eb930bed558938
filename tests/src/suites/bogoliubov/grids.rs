//! Fine grids: time, memory, and a number of steps that does not know the
//! spacing.

use std::time::Instant;

use meanfield::abstract_model::PositionHamiltonian;
use meanfield_testing::worse;

use super::*;

const TOLERANCE: f64 = 1e-6;
const MIB: f64 = (1 << 20) as f64;

/// A wave packet that moves in a trap and repels: the same physics on any grid.
fn packet(dimension: usize, points: usize, length: f64) -> (Hartree, Vec<Complex64>) {
    let grid = Grid::new(dimension, points, length).expect("a grid");
    let repulsion = Potential::Gaussian {
        strength: 2.0,
        width: 1.0,
    };
    let trap = Some(Trap::Harmonic { omega: 1.0 });
    let model = Hartree::new(grid, 1.0, 1.0, repulsion, trap).expect("regular parameters");
    let (center, width, momentum) = ([1.0, 0.0], [0.8, 0.8], [0.5, -0.5]);
    let phi = model
        .gaussian_wave(
            &center[..dimension],
            &width[..dimension],
            &momentum[..dimension],
        )
        .expect("it fits the box");
    (model, phi)
}

struct Measured {
    seconds: f64,
    mebibytes: f64,
    rhs: usize,
    start: [f64; 2],
    state: Bogoliubov,
    end: [f64; 2],
}

fn measure((model, phi): &(Hartree, Vec<Complex64>)) -> Measured {
    let settings = bogoliubov::Settings {
        tolerance: TOLERANCE,
        ..bogoliubov::Settings::new(vec![0.0, 1.0])
    };
    let before = reset_peak();
    let clock = Instant::now();
    let mut out = None;
    let mut start = [f64::NAN; 2];
    let statistics = bogoliubov::solve(model, phi, &settings, |k, state| {
        match k {
            0 => start = state.energy(model),
            _ => out = Some(state.clone()),
        }
        Ok::<(), ExpansionError>(())
    })
    .expect("a regular solve");
    let seconds = clock.elapsed().as_secs_f64();
    let planned = bogoliubov::required_bytes(model.points()).unwrap_or(usize::MAX);
    let state = out.expect("the last time was reached");
    Measured {
        seconds,
        mebibytes: peak().map_or(planned as f64, |peak| peak - before) / MIB,
        rhs: statistics.rhs_evaluations,
        start,
        end: state.energy(model),
        state,
    }
}

/// The rows of this file.
pub(super) fn rows(quick: bool) -> Vec<Row> {
    let (points, side) = if quick { (128, 12) } else { (512, 32) };
    let line = packet(1, points, 16.0);
    let square = packet(2, side, 12.0);
    let of_line = measure(&line);
    let mut out = vec![
        memory(points, &of_line),
        laws("line-laws", &format!("1D d = {points}"), &of_line),
        laws(
            "square-laws",
            &format!("2D {side}×{side}"),
            &measure(&square),
        ),
        refusal(),
    ];
    out.extend(spacing(quick));
    out
}

fn memory(d: usize, found: &Measured) -> Row {
    let planned = bogoliubov::required_bytes(d).unwrap_or(usize::MAX) as f64 / MIB;
    row(
        "line-memory",
        format!(
            "1D d = {d} to t = 1 at tolerance 1e-6, {} right-hand sides in {:.0} s: peak memory over \
             {planned:.0} MiB planned (on Linux; else planned)",
            found.rhs, found.seconds
        ),
        "-",
        "at most 1",
        found.mebibytes / planned,
        (
            Bound::AtMost(1.1),
            "threads and transforms hold a little beside the vectors",
        ),
    )
}

fn laws(id: &'static str, what: &str, found: &Measured) -> Row {
    let drift = worse(
        (found.end[0] - found.start[0]).abs(),
        (found.end[1] - found.start[1]).abs(),
    );
    let laws = [
        drift,
        found.state.purity_defect(),
        found.state.complement_defect(),
    ];
    row(
        id,
        format!("{what}: drift of the energy at N⁰ and N⁻¹, γ(1+γ) − αα*, φ†α"),
        "theory, 4",
        "0",
        laws.into_iter().fold(0.0, worse),
        (
            Bound::AtMost(100.0 * TOLERANCE),
            "1e-6 per step, at most a hundred steps",
        ),
    )
}

fn refusal() -> Row {
    let (model, phi) = packet(1, 64, 16.0);
    let settings = bogoliubov::Settings {
        memory: 1 << 20,
        ..bogoliubov::Settings::new(vec![0.0, 1.0])
    };
    let ended = bogoliubov::solve(&model, &phi, &settings, |_, _| Ok(()));
    let stated = match ended {
        Err(ExpansionError::FactoredMemory { required, .. }) => required as f64,
        _ => f64::NAN,
    };
    row(
        "memory-refused",
        "64 points do not fit 1 MiB: the size that is named, in d² numbers".to_owned(),
        "-",
        "about 30",
        stated / (64.0 * 64.0 * 16.0),
        (
            Bound::AtMost(35.0),
            "2 matrices in 14 vectors, 3 in the right-hand side",
        ),
    )
}

fn spacing(quick: bool) -> [Row; 2] {
    let (coarse, fine) = (64, if quick { 128 } else { 256 });
    let [few, many] = [coarse, fine].map(|points| measure(&packet(1, points, 16.0)));
    let change = (many.rhs as f64 / few.rhs as f64 - 1.0).abs();
    let excited = (many.state.depletion() / few.state.depletion() - 1.0).abs();
    [
        row(
            "steps-spacing",
            format!(
                "right-hand sides, d = {coarse} → {fine} at the same physics: {} → {}, change",
                few.rhs, many.rhs
            ),
            "interaction picture",
            "0",
            change,
            (
                Bound::AtMost(0.2),
                "the kinetic energy grows sixteenfold and must not limit the step",
            ),
        ),
        row(
            "spacing-physics",
            format!("Tr γ at t = 1, d = {coarse} → {fine}: relative change"),
            "-",
            "0",
            excited,
            (
                Bound::AtMost(1e-4),
                "both grids resolve the packet; 1e-6 per step",
            ),
        ),
    ]
}

/// Resets the peak of resident memory and returns the bytes now in use.
fn reset_peak() -> f64 {
    // Only a privileged writer may fail here, and then the peak is too high,
    // never too low.
    let _ = std::fs::write("/proc/self/clear_refs", "5");
    status("VmRSS:").unwrap_or(f64::NAN)
}

/// The peak of resident memory in bytes, where the system tells.
fn peak() -> Option<f64> {
    status("VmHWM:")
}

fn status(key: &str) -> Option<f64> {
    let text = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = text.lines().find(|line| line.starts_with(key))?;
    let kibibytes: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kibibytes * 1024.0)
}
