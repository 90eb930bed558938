//! Reactions against the chain they stand for: mass action on numbers of particles.

mod common;

use common::runge_kutta;
use meanfield_run::catalogue::Catalogue;
use meanfield_run::{Config, Results, Silent, solve};
use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

fn config(text: &str) -> Config {
    Config::parse(text, "r.toml".as_ref(), &Catalogue::default()).unwrap_or_else(|e| panic!("{e}"))
}

fn solved(text: &str) -> Results {
    solve(&config(text), &Silent).unwrap()
}

/// A reaction as numbers: what it takes, what it makes, its constant.
struct Jump {
    left: Vec<usize>,
    right: Vec<usize>,
    rate: f64,
}

impl Jump {
    fn text(&self) -> String {
        let side = |list: &[usize]| {
            let each: Vec<String> = list.iter().map(|s| format!("X{s}")).collect();
            each.join(" + ")
        };
        format!(
            "\"{} -> {} @ {:?}\"",
            side(&self.left),
            side(&self.right),
            self.rate
        )
    }

    /// c·n, c·n_A n_B/N, c·n_A(n_A − 1)/2N.
    fn propensity(&self, counts: &[usize], n: f64) -> f64 {
        let count = |s: usize| counts[s] as f64;
        match self.left[..] {
            [a] => self.rate * count(a),
            [a, b] if a == b => self.rate * count(a) * (count(a) - 1.0) / 2.0 / n,
            [a, b] => self.rate * count(a) * count(b) / n,
            _ => unreachable!(),
        }
    }

    fn after(&self, counts: &[usize]) -> Vec<usize> {
        let mut out = counts.to_vec();
        self.left.iter().for_each(|&s| out[s] -= 1);
        self.right.iter().for_each(|&s| out[s] += 1);
        out
    }
}

/// Mean and variance of n_0/N at t, rates times `season` of the time: Runge and Kutta's
/// fourth order, in short steps.
fn chain(
    jumps: &[Jump],
    start: &[usize],
    t: f64,
    season: &dyn Fn(usize, f64) -> f64,
) -> (f64, f64) {
    const STEPS: usize = 2000;
    let n: usize = start.iter().sum();
    let mut states = Vec::new();
    for a in 0..=n {
        for b in 0..=n - a {
            states.push(vec![a, b, n - a - b]);
        }
    }
    let find = |counts: &[usize]| states.iter().position(|s| s == counts).unwrap();
    let mut moves = Vec::new();
    for (from, counts) in states.iter().enumerate() {
        for (k, jump) in jumps.iter().enumerate() {
            let rate = jump.propensity(counts, n as f64);
            if rate > 0.0 {
                moves.push((from, find(&jump.after(counts)), rate, k));
            }
        }
    }
    let rhs = |t: f64, p: &[f64]| {
        let mut out = vec![0.0; p.len()];
        for &(from, to, rate, k) in &moves {
            let flow = season(k, t) * rate * p[from];
            out[to] += flow;
            out[from] -= flow;
        }
        out
    };
    let mut p = vec![0.0; states.len()];
    p[find(start)] = 1.0;
    let p = runge_kutta(p, t, STEPS, rhs);
    let share = |k: usize| states[k][0] as f64 / n as f64;
    let moment = |m: i32| -> f64 {
        p.iter()
            .enumerate()
            .map(|(k, p)| p * share(k).powi(m))
            .sum()
    };
    (moment(1), moment(2) - moment(1).powi(2))
}

/// What the exact solver and the chain round, with its tolerance of 1e-9.
const ROUNDING: f64 = 1e-7;

#[test]
fn validate_reactions_are_mass_action_on_numbers() {
    let mut random = ChaCha8Rng::seed_from_u64(22);
    for case in 0..20 {
        let side = |m: usize, random: &mut ChaCha8Rng| -> Vec<usize> {
            (0..m).map(|_| random.random_range(0..3)).collect()
        };
        let jumps: Vec<Jump> = (0..6)
            .map(|k| Jump {
                left: side(1 + k % 2, &mut random),
                right: side(1 + k % 2, &mut random),
                rate: random.random_range(0.2..2.0),
            })
            .collect();
        let texts: Vec<String> = jumps.iter().map(Jump::text).collect();
        let (exact, variance) = chain(&jumps, &[3, 1, 2], 0.8, &|_, _| 1.0);
        let found = solved(&format!(
            "[model]\nkind = \"reactions\"\nspecies = [\"X0\", \"X1\", \"X2\"]\nreactions = [{}]\n\
             [initial]\ncounts = {{ X0 = 3, X1 = 1, X2 = 2 }}\n[time]\nend = 0.8\nsamples = 1\n\
             [compare]\nexact = [6]\n[[observable]]\nname = \"X0\"\n",
            texts.join(", ")
        ));
        for (quantity, right) in [("⟨X0⟩", exact), ("Var X0", variance)] {
            let value = found.finding(quantity, 6).unwrap().exact.unwrap();
            let off = (value - right).abs();
            assert!(
                off < ROUNDING,
                "{case}: {quantity} {value} {right} of {texts:?}"
            );
        }
    }
}

/// Contacts and recoveries have seasons of their own, vaccination has none.
const SEASONAL: &str = "[parameters]\na = 0.5\n[model]\nkind = \"reactions\"\n\
    species = [\"S\", \"I\", \"R\"]\n\
    reactions = [\"S + I -> 2 I @ 2*(1 + a*sin(3*t))\", \"2 R -> R + S @ 2*(1 + a*sin(3*t))\", \
    \"I -> R @ exp(-t)\", \"S -> R @ 0.3\"]\n[time]\nend = 0.8\nsamples = 1\n";

#[test]
fn validate_a_rate_may_change_in_time() {
    let jump = |left: &[usize], right: &[usize], rate| Jump {
        left: left.to_vec(),
        right: right.to_vec(),
        rate,
    };
    let jumps = [
        jump(&[0, 1], &[1, 1], 2.0),
        jump(&[2, 2], &[2, 0], 2.0),
        jump(&[1], &[2], 1.0),
        jump(&[0], &[2], 0.3),
    ];
    let season = |k: usize, t: f64| match k {
        0 | 1 => 1.0 + 0.5 * (3.0 * t).sin(),
        2 => (-t).exp(),
        _ => 1.0,
    };
    let (mean, variance) = chain(&jumps, &[3, 1, 2], 0.8, &season);
    let rest = |initial: &str| format!("{SEASONAL}{initial}\n[[observable]]\nname = \"S\"\n");
    let small = "[initial]\ncounts = { S = 3, I = 1, R = 2 }\n[compare]\nexact = [6]";
    let found = solved(&rest(small));
    for (quantity, right) in [("⟨S⟩", mean), ("Var S", variance)] {
        let value = found.finding(quantity, 6).unwrap().exact.unwrap();
        assert!(
            (value - right).abs() < ROUNDING,
            "{quantity} {value} {right}"
        );
    }
    // The series sees the seasons too: its error falls as the theorem says.
    let large = "[initial]\ncounts = { S = 3, I = 1, R = 2 }\n[expansion]\norder = 2\n\
        [compare]\nexact = [48, 96]";
    let found = solved(&rest(large));
    for rate in &found.outcome.rates {
        let expected = -(rate.n as f64 + 1.0);
        assert!((rate.slope - expected).abs() < 0.3, "{rate:?}");
    }
    assert!(!found.outcome.rates.is_empty());
}

#[test]
fn law_a_rate_that_is_none_at_some_time_is_refused() {
    for (rate, reason) in [
        ("1 - t", "whose rate at t = 1.004 is -0.004"),
        ("1/t", "whose rate at t = 0 is NaN"),
        ("t*b", "`b` is not in"),
    ] {
        let text = SIS.replace("@ 2.5", &format!("@ {rate}"));
        let text = text.replace("end = 2.0", "end = 4.0") + "[particles]\nN = [20]\n";
        let read = Config::parse(&text, "r.toml".as_ref(), &Catalogue::default());
        let said = read.unwrap_err().to_string();
        assert!(
            said.contains("r.toml:4:") && said.contains(reason),
            "{said}"
        );
    }
}

/// Both directions of A + B ⇌ 2 A at rate 10: pairs of like particles are half as many.
#[test]
fn validate_like_pairs_are_counted_once() {
    let found = solved(
        "[model]\nkind = \"reactions\"\nspecies = [\"A\", \"B\"]\n\
         reactions = [\"A + B -> 2 A @ 10\", \"2 A -> A + B @ 10\"]\n\
         [initial]\nF = [0.001, 0.999]\nstart = \"fixed-counts\"\n[time]\nend = 3.0\n\
         [particles]\nN = [1000]\n[[observable]]\nname = \"A\"\n",
    );
    let a = found.finding("⟨A⟩", 1000).unwrap();
    assert!((a.mean_field.unwrap() - 2.0 / 3.0).abs() < 1e-6, "{a:?}");
}

/// Everyone recovers at rate 1, and infects at rate β/N.
const SIS: &str = "[model]\nkind = \"reactions\"\nspecies = [\"S\", \"I\"]\n\
    reactions = [\"S + I -> 2*I @ 2.5\", \"I -> S @ 1\", \"S -> I @ 0.125\"]\n\
    [initial]\ncounts = { S = 15, I = 5 }\n[time]\nend = 2.0\n[[observable]]\nname = \"I\"\n";

#[test]
fn law_reactions_are_the_arrays_they_stand_for() {
    let arrays = "[model]\nkind = \"custom\"\nlabels = [\"S\", \"I\"]\n\
        K = [[-0.125, 1.0], [0.125, -1.0]]\n\
        V_index = [[1, 1, 0, 1], [0, 1, 0, 1], [1, 1, 1, 0], [1, 0, 1, 0]]\n\
        V_value = [2.5, -2.5, 2.5, -2.5]\n[initial]\nF = [0.75, 0.25]\n\
        start = \"fixed-counts\"\n[time]\nend = 2.0\n[particles]\nN = [20]\n\
        [[observable]]\nname = \"I\"\n";
    let value = |text: &str| {
        let found = solved(text);
        let i = found.finding("⟨I⟩", 20).unwrap();
        (i.corrected.unwrap().to_bits(), i.error.unwrap().to_bits())
    };
    assert_eq!(value(SIS), value(arrays));
}

#[test]
fn law_an_expression_is_its_value() {
    let named = SIS
        .replace("@ 2.5", "@ beta/gamma")
        .replace("0.125", "2^-3")
        .replace("end = 2.0", "end = \"sqrt(16)/2\"")
        .replace("S = 15", "S = \"3*five\"")
        .replace("I = 5 ", "I = \"five\" ");
    let named = format!("{named}[parameters]\nbeta = \"five\"\nfive = 5\ngamma = \"4/2\"\n");
    let value = |text: &str| {
        let found = solved(text);
        found
            .finding("⟨I⟩", 20)
            .unwrap()
            .corrected
            .unwrap()
            .to_bits()
    };
    assert_eq!(value(&named), value(SIS));
    let spin = "[parameters]\nomega = 0.5\nN = 10\n[model]\nkind = \"levels\"\n\
        h = [[0, \"omega\"], [\"omega\", 0]]\n\
        v = [[[[1, 0], [0, 0]], [[0, \"-2*omega\"], [0, 0]]], \
        [[[0, 0], [\"-2*omega\", 0]], [[0, 0], [0, [1, 0]]]]]\n\
        [initial]\nstate = \"bloch\"\nx = \"cos(pi/3)\"\n[time]\nend = \"3*omega\"\n\
        [particles]\nN = [\"2*N\"]\n[[observable]]\nname = \"sz\"\n";
    let plain = spin
        .replace("[parameters]\nomega = 0.5\nN = 10\n", "")
        .replace("\"omega\"", "0.5")
        .replace("\"-2*omega\"", "-1")
        .replace(
            "\"cos(pi/3)\"",
            &format!("{:?}", (std::f64::consts::PI / 3.0).cos()),
        )
        .replace("\"3*omega\"", "1.5")
        .replace("\"2*N\"", "20");
    let sz = |text: &str| {
        solved(text)
            .finding("⟨sz⟩", 20)
            .unwrap()
            .corrected
            .map(f64::to_bits)
    };
    assert_eq!(sz(spin), sz(&plain));
}

#[test]
fn law_a_mistake_is_shown_where_it_is_in_a_text() {
    let with = |old: &str, new: &str| {
        let text = SIS.replace(old, new) + "[particles]\nN = [20]\n";
        let read = Config::parse(&text, "r.toml".as_ref(), &Catalogue::default());
        read.err().map_or(String::new(), |error| error.to_string())
    };
    for (old, new, place, reason) in [
        (
            "@ 2.5",
            "@ beta",
            "r.toml:4:30",
            "there is no table [parameters]",
        ),
        ("@ 2.5", "@ 1/0", "r.toml:4:30", "the value is inf"),
        (
            "\"S\", \"I\"]",
            "\"S\", \"I\", \"β\"]",
            "r.toml:3:22",
            "`model.species[2]` is \"β\"",
        ),
        (
            "\"S\", \"I\"]",
            "\"S\", \"I\", \"2I\"]",
            "r.toml:3:22",
            "`model.species[2]` is \"2I\"",
        ),
        ("@ 2.5", "@ -1", "r.toml:4:29", "the rate is -1.0, and"),
        ("end = 2.0", "end = \"t\"", "r.toml:8:8", "the time `t`"),
        ("@ 2.5", "", "r.toml:4:28", "`@` and the rate"),
        ("2*I", "J + I", "r.toml:4:24", "`J` is no species"),
        (
            "2*I",
            "3 I",
            "r.toml:4:14",
            "2 particles before and 3 after",
        ),
        ("2*I", "0 I", "r.toml:4:24", "`0` stands where a species"),
        (
            "2*I",
            "99999999999999999999 I",
            "r.toml:4:24",
            "stands where a species",
        ),
        (
            "I -> S",
            "0 -> S",
            "r.toml:4:36",
            "0 particles before and 1 after",
        ),
        (
            "I -> S",
            "I S",
            "r.toml:4:39",
            "`S` stands where `+` or `->`",
        ),
        (
            "S = 15",
            "S = -1",
            "r.toml:6:16",
            "`initial.counts.S` is -1",
        ),
        ("S = 15", "S = \"1/2\"", "r.toml:6:16", "which is 0.5"),
        (
            "S = 15",
            "s = 15",
            "r.toml:6:12",
            "`initial.counts` is \"s\"",
        ),
        ("S = 15, I = 5", "S = 0", "r.toml:6:10", "0 particles"),
        (
            "counts =",
            "F = [1, 0]\ncounts =",
            "r.toml:7:10",
            "contradict each other",
        ),
        (
            "[time]",
            "[parameters]\na = \"b\"\nb = \"2*a\"\n[time]",
            "r.toml:8:5",
            "needs itself",
        ),
        (
            "[time]",
            "[parameters]\nwaste = 1\n[time]",
            "r.toml:8:1",
            "used by nothing",
        ),
        (
            "[time]",
            "[parameters]\nsqrt = 1\n[time]",
            "r.toml:8:1",
            "no name",
        ),
        (
            "[time]",
            "[parameters]\na = [1]\n[time]",
            "r.toml:8:5",
            "a list of 1",
        ),
    ] {
        let said = with(old, new);
        assert!(
            said.contains(place) && said.contains(reason),
            "{new}: {said}"
        );
        assert_eq!(
            said.matches("r.toml:").count(),
            1 + usize::from(new.contains("2*a")),
            "{said}"
        );
    }
}

#[test]
fn law_a_parameter_is_swept_like_a_key() {
    let text = SIS
        .replace("@ 2.5", "@ beta")
        .replace("end = 2.0", "end = 2.0\nsamples = 2")
        + "[particles]\nN = [20]\n[parameters]\nbeta = 2.5\n[sweep]\nparameters.beta = [1.0, \"2+1/2\"]\n";
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("r.toml");
    std::fs::write(&path, &text).unwrap();
    let config = Config::load(&path).unwrap();
    let options = meanfield_run::Options {
        out: Some(place.path().join("r.out")),
        ..Default::default()
    };
    meanfield_run::run(&config, &options, &Silent).unwrap();
    let summary = std::fs::read_to_string(place.path().join("r.out/summary.json")).unwrap();
    assert!(summary.contains("parameters.beta"), "{summary}");
}

#[test]
fn law_times_may_be_given_one_by_one() {
    let even = solved(&(SIS.replace("end = 2.0", "end = 2.0\nsamples = 4")));
    let given = solved(&SIS.replace("end = 2.0", "times = [0, \"1/2\", 2]"));
    assert_eq!(given.record.times, [0.0, 0.5, 2.0]);
    let at = |found: &Results, time: f64| {
        let k = found.record.times.iter().position(|&t| t == time).unwrap();
        found.record.entries[k].clone()
    };
    for time in [0.0, 0.5, 2.0] {
        for (x, y) in at(&even, time)
            .iter()
            .flatten()
            .zip(at(&given, time).iter().flatten())
        {
            assert!((x - y).norm() < ROUNDING, "{time}: {x} {y}");
        }
    }
}

#[test]
fn law_empty_lists_are_refused() {
    for (lists, key) in [
        (
            "species = []\nreactions = []\n",
            "`model.species` is an empty list",
        ),
        (
            "species = [\"A\"]\nreactions = []\n",
            "`model.reactions` is an empty list",
        ),
    ] {
        let text =
            format!("[model]\nkind = \"reactions\"\n{lists}[initial]\nF = [1]\n[time]\nend = 1\n");
        let read = Config::parse(&text, "r.toml".as_ref(), &Catalogue::default());
        let said = read.unwrap_err().to_string();
        assert!(said.contains(key), "{said}");
    }
}
