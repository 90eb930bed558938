//! method = "bogoliubov": the same arrays as the general form, more points, and
//! what it refuses.

mod common;

use common::{Place, arrays, require_refused};
use ndarray::ArrayD;

/// A cloud let go in a box of that many points.
fn cloud(points: usize, rest: &str) -> String {
    format!(
        "[model]\nkind = \"hartree\"\npoints = {points}\nlength = 8.0\n\
         potential = {{ kind = \"gaussian\", strength = 1.5, width = 0.7 }}\n\
         [initial]\nstate = \"gaussian\"\ncenter = 0.2\nwidth = 0.9\nmomentum = 0.0\n\
         [time]\nend = 0.6\nsamples = 2\ntolerance = 1e-9\n[particles]\nN = [10]\n{rest}"
    )
}

const OBSERVABLES: &str = "[[observable]]\nname = \"density\"\n[[observable]]\nname = \"momentum\"\n\
    [[observable]]\nname = \"x2\"\n[[observable]]\nname = \"energy\"\n[[observable]]\nname = \"g2\"\n\
    [[observable]]\nname = \"depletion\"\n";

#[test]
fn law_both_forms_write_the_same_arrays() {
    /// Two integrations at a tolerance of 1e-9, in numbers of order one to ten.
    const INTEGRATED: f64 = 1e-6;
    let written = |method: &str| {
        let method = format!("[expansion]\norder = 1\nmethod = \"{method}\"\n");
        let place = Place::with_config(&cloud(8, &format!("{method}{OBSERVABLES}")));
        place.succeed(&["run", "config.toml", "--out", "there"]);
        place
    };
    let (general, factored) = (written("cumulants"), written("bogoliubov"));
    let mut expected = arrays(&general, "there");
    let mut found = arrays(&factored, "there");
    let names = expected.names().unwrap();
    assert_eq!(found.names().unwrap(), names);
    let mut largest_correction = 0.0_f64;
    // Without pairs to measure, the factored form knows less of its error.
    for name in names.into_iter().filter(|name| !name.starts_with("err_")) {
        let complex = name.starts_with('f') || name.starts_with('F');
        let gap = if complex {
            let x = common::complex(&mut expected, &name);
            let y = common::complex(&mut found, &name);
            (x - y).iter().map(|z| z.norm()).fold(0.0, f64::max)
        } else {
            let x: ArrayD<f64> = common::real(&mut expected, &name);
            let y: ArrayD<f64> = common::real(&mut found, &name);
            if name.contains("_1") {
                largest_correction = x.iter().fold(largest_correction, |m, x| m.max(x.abs()));
            }
            (x - y).iter().map(|x| x.abs()).fold(0.0, f64::max)
        };
        assert!(gap < INTEGRATED, "{name}: {gap}");
    }
    assert!(
        largest_correction > 0.01,
        "the comparison must not be empty"
    );
}

#[test]
fn law_a_fine_grid_needs_the_factored_form() {
    let method = "[expansion]\nmethod = \"bogoliubov\"\n[output]\ntimes = \"last\"\n";
    let place = Place::with_config(&cloud(128, &format!("{method}{OBSERVABLES}")));
    let said = place.succeed(&["check", "config.toml"]);
    assert!(said.contains("solver"), "{said}");
    place.succeed(&["run", "config.toml", "--out", "there"]);
    let mut npz = arrays(&place, "there");
    let density = common::real(&mut npz, "obs_density_0");
    assert_eq!(density.shape(), [1, 128]);
    assert!((density.sum() - 1.0).abs() < 1e-8);
    assert!(common::real(&mut npz, "obs_density_1").sum().abs() < 1e-8);
}

#[test]
fn law_what_has_no_factored_form_is_refused() {
    let with = |rest: &str| cloud(8, &format!("[expansion]\nmethod = \"bogoliubov\"\n{rest}"));
    let mixed = with("").replace(
        "state = \"gaussian\"\ncenter = 0.2\nwidth = 0.9\nmomentum = 0.0",
        "state = \"thermal\"\ntemperature = 1.0",
    );
    let twisting = "[model]\nkind = \"levels\"\nfamily = \"one-axis-twisting\"\nchi = 1.0\n\
        [initial]\nstate = \"bloch\"\nx = 1.0\ny = 0.0\nz = 0.0\n[time]\nend = 1.0\n\
        [expansion]\nmethod = \"bogoliubov\"\n";
    require_refused(vec![
        (with("order = 2"), "`expansion.order` is 2; expected 1"),
        (
            with("marginals = [1, 2]"),
            "`expansion.marginals` is a list with 2",
        ),
        (with("error = \"next\""), "`expansion.error` is \"next\""),
        (mixed, "needs a pure start"),
        (twisting.to_owned(), "needs a model with kind = \"hartree\""),
    ]);
}
