//! Two things timed against each other on a machine that is not quiet.

use std::time::{Duration, Instant};

/// What is measured, and the floor beside it.
pub struct Pair<'a> {
    /// The work in question.
    pub measured: &'a mut dyn FnMut(),
    /// The least that work could take.
    pub floor: Option<&'a mut dyn FnMut()>,
}

/// A size of problem: which runs include it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Size {
    /// In every run.
    Quick,
    /// In the usual run, not with `--quick`.
    Usual,
    /// With `--long` only.
    Long,
}

/// What a measurement should not exceed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Target {
    /// Times the floor.
    Ratio(f64),
    /// Seconds.
    Seconds(f64),
}

/// One line of the table.
pub struct Entry {
    /// The group, as named on the command line.
    pub group: &'static str,
    /// What is measured.
    pub name: String,
    /// When.
    pub size: Size,
    /// How good it should be.
    pub target: Option<Target>,
    /// Builds the problem, hands the pair to the visitor, and takes it down.
    pub run: Box<dyn Fn(&mut dyn FnMut(Pair<'_>))>,
}

/// Numbers of one line, in seconds (or in bytes, for memory).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Measurement {
    /// The least seen.
    pub measured: f64,
    /// The least seen of the floor.
    pub floor: Option<f64>,
    /// The median of measured over floor.
    pub ratio: Option<f64>,
}

/// A sample lasts at least this long, so that the clock does not matter.
const SAMPLE: Duration = Duration::from_millis(5);
/// The most triples of floor, measured, floor.
const MOST_ROUNDS: usize = 25;

/// Times a pair for about `budget`. Every measured sample stands between two
/// samples of the floor and is divided by their mean: what slows the machine
/// down for longer than a sample slows both. The median of these ratios is
/// robust against what is shorter; the times reported are the least seen. What
/// takes longer than the budget is timed once.
pub fn measure(pair: &mut Pair<'_>, budget: Duration) -> Measurement {
    let first = time(pair.measured, 1);
    let mut floors = Vec::new();
    let Some(floor) = pair.floor.as_mut() else {
        let repeats = repeats(first);
        let rounds = rounds(first * repeats as f64, budget);
        let samples = (0..rounds).map(|_| time(pair.measured, repeats));
        return Measurement {
            measured: samples.fold(first, f64::min),
            floor: None,
            ratio: None,
        };
    };
    let warm = time(floor, 1);
    let (many, few) = (repeats(warm), repeats(first));
    let triple = first * few as f64 + warm * many as f64;
    let mut measured = first;
    let mut ratios = Vec::new();
    floors.push(time(floor, many));
    for round in 0..rounds(triple, budget).max(1) {
        // The first run of something long is as good as a second one.
        let sample = if round == 0 && first > budget.as_secs_f64() {
            first
        } else {
            time(pair.measured, few)
        };
        floors.push(time(floor, many));
        let around = 0.5 * (floors[round] + floors[round + 1]);
        measured = measured.min(sample);
        ratios.push(sample / around);
    }
    Measurement {
        measured,
        floor: floors.into_iter().reduce(f64::min),
        ratio: Some(median(&mut ratios)),
    }
}

/// Seconds of one call, over `repeats` calls.
fn time(work: &mut dyn FnMut(), repeats: usize) -> f64 {
    let clock = Instant::now();
    for _ in 0..repeats {
        work();
    }
    clock.elapsed().as_secs_f64() / repeats as f64
}

/// Calls that last as long as a sample.
fn repeats(once: f64) -> usize {
    (SAMPLE.as_secs_f64() / once.max(1e-9)).ceil().max(1.0) as usize
}

/// Rounds of that length within the budget.
fn rounds(each: f64, budget: Duration) -> usize {
    ((budget.as_secs_f64() / each) as usize).min(MOST_ROUNDS)
}

/// The median; the mean of the middle two of an even number.
fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    let half = values.len() / 2;
    if values.len() % 2 == 1 {
        values[half]
    } else {
        0.5 * (values[half - 1] + values[half])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Work of a length that the compiler cannot remove.
    fn spin(steps: u64) {
        let mut x = 1.0_f64;
        for _ in 0..steps {
            x = std::hint::black_box(x * 1.000_000_1);
        }
    }

    #[test]
    fn law_a_ratio_is_that_of_the_work() {
        let (mut three, mut one) = (|| spin(600_000), || spin(200_000));
        let mut pair = Pair {
            measured: &mut three,
            floor: Some(&mut one),
        };
        let found = measure(&mut pair, Duration::from_millis(400));
        let ratio = found.ratio.unwrap();
        assert!((2.0..4.5).contains(&ratio), "{ratio}");
        assert!(found.measured > found.floor.unwrap());
    }

    #[test]
    fn law_what_is_long_runs_once() {
        let mut runs = 0;
        let mut pair = Pair {
            measured: &mut || {
                runs += 1;
                std::thread::sleep(Duration::from_millis(20));
            },
            floor: None,
        };
        let found = measure(&mut pair, Duration::from_millis(1));
        assert!(found.measured >= 0.02 && found.ratio.is_none());
        assert_eq!(runs, 1);
    }

    #[test]
    fn law_medians() {
        assert_eq!(median(&mut [3.0, 1.0, 2.0]), 2.0);
        assert_eq!(median(&mut [4.0, 1.0, 2.0, 3.0]), 2.5);
    }
}
