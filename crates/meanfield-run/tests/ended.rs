//! A solution that ends before the time asked for: what was found until then is kept, and
//! said to be all.

use meanfield_run::catalogue::Catalogue;
use meanfield_run::{Config, Failure, Options, Silent, Values, run, solve};

/// Spins on top of an unstable point, where coefficients grow by many powers of e.
fn unstable(rest: &str) -> Config {
    let text = format!(
        "[model]\nkind = \"levels\"\nfamily = \"lipkin\"\nepsilon = 1.0\nv = 5.0\nw = 0.0\n\
         [initial]\nstate = \"bloch\"\nz = 1.0\n[expansion]\norder = 2\nmarginals = [1, 2]\n\
         [particles]\nN = [100]\n[[observable]]\nname = \"sz\"\n{rest}"
    );
    Config::parse(&text, "ended.toml".as_ref(), &Catalogue::default()).unwrap()
}

fn numbers(values: &Values) -> Vec<f64> {
    match values {
        Values::Real(array) => array.iter().copied().collect(),
        Values::Complex(array) => array.iter().flat_map(|z| [z.re, z.im]).collect(),
    }
}

/// The longest that is needed: at e^700 numbers end.
const LONG: &str = "[time]\nend = 30.0\nsamples = 300\ntolerance = 1e-6\n[compare]\nexact = [4]\n";

#[test]
fn law_what_was_finite_is_kept() {
    let place = tempfile::tempdir().unwrap();
    let config = unstable(LONG);
    let out = place.path().join("ended.out");
    let options = Options {
        out: Some(out.clone()),
        ..Options::default()
    };
    let finished = run(&config, &options, &Silent).unwrap();
    let Some(Failure::Ended {
        kept: Some(kept), ..
    }) = finished.failed
    else {
        panic!("{:?}", finished.failed);
    };
    assert!((10.0..30.0).contains(&kept));
    assert!(out.join("result.npz").exists() && !place.path().join("ended.out.partial").exists());
    let warned = finished.outcome.warnings.iter();
    assert!(
        warned
            .into_iter()
            .any(|text| text.contains("the solution ended"))
    );
    assert_eq!(finished.outcome.end, kept);

    // The same in memory, number by number.
    let results = solve(&config, &Silent).unwrap();
    let times = results.record.times.len();
    assert!(times > 100 && results.record.ended.is_some());
    assert_eq!(results.record.end(), kept);
    for (name, values) in &results.arrays {
        assert_eq!(values.shape()[0], times, "{name}");
        let masked = name.starts_with("err_") || name.starts_with("error_");
        let finite = numbers(values)
            .into_iter()
            .all(|x| x.is_finite() || (masked && x.is_nan()));
        assert!(finite, "{name}");
    }
    // A fixed point of the mean field stays what it is, whatever its corrections are, and no
    // figure of a spin is wider than its values.
    let spin = results.finding("⟨sz⟩", 100).unwrap();
    assert!((spin.mean_field.unwrap() - 1.0).abs() < 1e-6, "{spin:?}");
    assert!(
        spin.full.unwrap().abs() > 1e6 && spin.error.unwrap() <= 2.0,
        "{spin:?}"
    );
    // Until then they are those of a run that was asked for less.
    let short = unstable("[time]\nend = 2.0\nsamples = 20\ntolerance = 1e-6\n");
    let short = solve(&short, &Silent).unwrap();
    let (long, short) = (&results.arrays["f_1_0"], &short.arrays["f_1_0"]);
    for (x, y) in numbers(long).into_iter().zip(numbers(short)) {
        assert!((x - y).abs() < 1e-5, "{x} {y}");
    }
}

#[test]
fn law_more_right_hand_sides_than_are_allowed_are_not_made() {
    let times = "[time]\nend = 8.0\nsamples = 80\n";
    let stopped = unstable(&format!("{times}[limits]\nright_hand_sides = 2000\n"));
    let stopped = solve(&stopped, &Silent).unwrap();
    let reason = stopped.record.ended.clone().unwrap();
    assert!(reason.contains("`limits.right_hand_sides`"), "{reason}");
    assert!((0.1..8.0).contains(&stopped.record.end()));
    // One that would never end is foretold.
    let endless = unstable("[time]\nend = 1e6\n[limits]\nright_hand_sides = 100000\n");
    let failure = solve(&endless, &Silent).unwrap_err();
    assert!(failure.is_input(), "{failure}");
    let said = failure.to_string();
    assert!(
        said.contains("at this pace") && said.contains("1000000"),
        "{said}"
    );
}
