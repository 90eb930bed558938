//! Operators as text against the arrays and the families they stand for.

mod common;

use common::runge_kutta;
use meanfield_run::catalogue::Catalogue;
use meanfield_run::{Config, Silent, solve};

/// Text and arrays round in different orders.
const ROUNDING: f64 = 1e-9;

const REST: &str = "[initial]\nstate = \"bloch\"\nx = 0.6\nz = 0.5\n[expansion]\norder = 2\n\
    [time]\nend = 0.8\nsamples = 4\n[particles]\nN = [10]\n[compare]\nexact = [4]\n\
    [[observable]]\nname = \"sx\"\n[[observable]]\nname = \"sy\"\n[[observable]]\nname = \"sz\"\n";

fn read(model: &str, rest: &str) -> Result<Config, String> {
    // A parameter that nothing uses is refused.
    let parameters = if model.contains("chi") {
        "chi = 0.7"
    } else {
        ""
    };
    let text = format!("[parameters]\n{parameters}\n[model]\nkind = \"levels\"\n{model}\n{rest}");
    let read = Config::parse(&text, "o.toml".as_ref(), &Catalogue::default());
    read.map_err(|error| error.to_string())
}

/// Means and variances: corrected at N = 10, exact at N = 4.
fn numbers(model: &str, rest: &str) -> Vec<f64> {
    let found = solve(
        &read(model, rest).unwrap_or_else(|e| panic!("{e}")),
        &Silent,
    )
    .unwrap();
    let mut out = Vec::new();
    for finding in &found.outcome.findings {
        out.extend(finding.corrected.filter(|_| finding.n == Some(10)));
        out.extend(finding.exact.filter(|_| finding.n == Some(4)));
    }
    assert!(out.len() >= 6, "{out:?}");
    out
}

#[test]
fn law_a_text_is_the_family_it_says() {
    for (text, family) in [
        (
            "h = \"0\"\nv = \"chi*sz1*sz2\"",
            "family = \"one-axis-twisting\"\nchi = \"chi\"",
        ),
        (
            "h = \"0.4/2*sx\"\nv = \"chi*(sz1*sz2)\"\njump = [\"sqrt(0.3)*sm\"]",
            "family = \"transverse-field\"\nomega = 0.4\nchi = \"chi\"\ndecay = 0.3",
        ),
        (
            "h = \"1.1/2*sz\"\nv = \"chi/2*(sx1*sx2 - sy1*sy2) + (sx1*sx2 + sy1*sy2)*0.2/2\"",
            "family = \"lipkin\"\nepsilon = 1.1\nv = \"chi\"\nw = 0.2",
        ),
        // The same with ladder operators, and spins S = σ/2.
        (
            "h = \"1.1*Sz\"\nv = \"chi*(sp1*sp2 + sm1*sm2) + 0.2*(sp1*sm2 + sm1*sp2)\"",
            "family = \"lipkin\"\nepsilon = 1.1\nv = \"chi\"\nw = 0.2",
        ),
        (
            "h = \"-1.5*(ket_bra(0,1) + ket_bra(1,0))\"\n\
             v = \"chi*(ket_bra1(0,0)*ket_bra2(0,0) + ket_bra1(1,1)*ket_bra2(1,1))\"",
            "family = \"bose-hubbard-dimer\"\ntunnelling = 1.5\ninteraction = \"chi\"",
        ),
    ] {
        let (found, right) = (numbers(text, REST), numbers(family, REST));
        assert_eq!(found.len(), right.len());
        for (x, y) in found.iter().zip(&right) {
            assert!((x - y).abs() < ROUNDING, "{text}: {found:?} {right:?}");
        }
    }
}

#[test]
fn law_a_text_is_the_array_it_says() {
    let arrays = "h = [[0.5, [0.1, -0.3]], [[0.1, 0.3], -0.5]]\n\
        jump = [[[0, [0, 0.2]], [0.6, 0]], [[0.4, 0], [0, -0.4]]]\n\
        v = [[[[0.7, 0], [0, 0]], [[0, -0.7], [0.7, 0]]], [[[0, 0.7], [-0.7, 0]], [[0, 0], [0, 0.7]]]]";
    let text = "h = \"sz/2 + 0.1*sx + 0.3*sy\"\njump = [\"0.2*i*sp + 0.6*sm\", \"0.4*sz\"]\n\
        v = \"chi*sz1*sz2 + chi*(sp1*sm2 + sm1*sp2)\"";
    let (found, right) = (numbers(text, REST), numbers(arrays, REST));
    for (x, y) in found.iter().zip(&right) {
        assert!((x - y).abs() < ROUNDING, "{found:?} {right:?}");
    }
}

/// Spin 1: S·S of a pair has the eigenvalues −2, −1, 1, so that (S·S)³ + 2(S·S)² = S·S + 2.
#[test]
fn law_spins_obey_their_algebra() {
    let product = "(Sx1*Sx2 + Sy1*Sy2 + Sz1*Sz2)";
    let rest = "[initial]\nF = [[0.5, 0.3, 0], [0.3, 0.3, 0], [0, 0, 0.2]]\n[expansion]\norder = 2\n\
        [time]\nend = 0.8\n[particles]\nN = [10]\n[compare]\nexact = [4]\n\
        [[observable]]\nname = \"p0\"\n[[observable]]\nname = \"mz\"\nvalues = \"Sz + 0*id\"\n";
    let side = |v: &str, h: &str| {
        numbers(
            &format!("spin = 1\nh = \"{h}\"\nv = \"{v}\"\njump = [\"0.3*Sm\"]"),
            rest,
        )
    };
    let squares = "Sx^2 + Sy^2 + Sz^2 + 0.7*(Sx*Sy - Sy*Sx)/i + Sx";
    let left = side(&format!("{product}^3 + 2*{product}^2"), squares);
    let right = side(&format!("{product} + 2*id"), "2*id + 0.7*Sz + (Sp + Sm)/2");
    for (x, y) in left.iter().zip(&right) {
        assert!((x - y).abs() < ROUNDING, "{left:?} {right:?}");
    }
    let other = side(&format!("{product}^3 + {product}^2"), squares);
    assert!((other[0] - right[0]).abs() > 1e-3, "{other:?}");
}

#[test]
fn law_an_observable_is_the_operator_it_says() {
    let rest = |values: &str| {
        format!(
            "[initial]\nF = [[0.5, 0.3, 0], [0.3, 0.3, 0], [0, 0, 0.2]]\n[time]\nend = 0.8\n\
             [particles]\nN = [10]\n[compare]\nexact = [4]\n\
             [[observable]]\nname = \"a\"\nvalues = {values}\n\
             [[observable]]\nname = \"p0\"\n[[observable]]\nname = \"p1\"\n"
        )
    };
    let model = "h = [[1, 0.5, 0], [0.5, 0, 0.5], [0, 0.5, -1]]\nv = \"chi*Sz1*Sz2\"";
    let text = numbers(model, &rest("\"ket_bra(0,2) + ket_bra(2,0) + Sz^2\""));
    let array = numbers(model, &rest("[[1, 0, 1], [0, 0, 0], [1, 0, 1]]"));
    assert_eq!(text, array);
    let said = read(model, &rest("\"Sy2\"")).unwrap_err();
    assert!(
        said.contains("`observable[0].values`") && said.contains("write Sy"),
        "{said}"
    );
    let said = read(model, &rest("\"none.npz\"")).unwrap_err();
    assert!(said.contains("none.npz"), "{said}");
}

#[test]
fn law_a_mistake_in_an_operator_is_shown_where_it_is() {
    for (model, place, reason) in [
        (
            "h = \"sz + sw\"",
            "o.toml:5:11:",
            "nor an operator (operators: id, sx",
        ),
        (
            "h = \"sz1\"",
            "o.toml:5:6:",
            "there is one particle: write sz",
        ),
        (
            "h = \"0\"\nv = \"chi*sz*sz2\"",
            "o.toml:6:10:",
            "write sz1 or sz2",
        ),
        ("h = \"sz + 1\"", "o.toml:5:6:", "write it times id"),
        ("h = \"2*chi\"", "o.toml:5:6:", "it is a number"),
        ("h = \"sz/sx\"", "o.toml:5:6:", "cannot be divided by"),
        ("h = \"sz^0.5\"", "o.toml:5:6:", "integer from 0 to 64"),
        (
            "h = \"ket_bra(0,2)\"",
            "o.toml:5:6:",
            "with i and j from 0 to 1",
        ),
        (
            "h = \"sqrt(sz)\"",
            "o.toml:5:6:",
            "a function of real numbers",
        ),
        ("h = \"sz/0\"", "o.toml:5:6:", "not finite"),
        ("spin = 1\nh = \"sz\"", "o.toml:6:6:", "write Sz, a spin"),
        (
            "spin = 0.7\nh = \"Sz\"",
            "o.toml:5:8:",
            "half of an odd one",
        ),
        (
            "spin = 1\nlevels = 3\nh = \"Sz\"",
            "o.toml:6:10:",
            "contradict",
        ),
        (
            "levels = 3\nh = [[0, 1], [1, 0]]",
            "o.toml:6:5:",
            "3 levels, as the model says",
        ),
        (
            "levels = 100\nh = \"Sz\"",
            "o.toml:6:5:",
            "40 levels at most",
        ),
        ("h = \"sp\"", "o.toml:", "Hermitian"),
        ("h = \"sz\"\nv = \"sz1*sx2\"", "o.toml:", "exchange"),
        (
            "h = \"sz\"\njump = [\"sm\", 3]",
            "o.toml:6:15:",
            "`model.jump[1]` is 3",
        ),
    ] {
        let said = match read(model, REST) {
            Err(error) => error,
            Ok(config) => match solve(&config, &Silent) {
                Err(error) => format!("o.toml: {error}"),
                Ok(_) => String::new(),
            },
        };
        assert!(
            said.contains(place) && said.contains(reason),
            "{model}: {said}"
        );
    }
}

/// Mean and variance of (1/N) Σσz at t on the ladder of Dicke states, all excited at first:
/// from n to n − 1 excited at rate (Γ/N) n (N − n + 1), back at (W/N) (N − n) (n + 1).
fn dicke(n: usize, decay: f64, pumping: f64, t: f64) -> (f64, f64) {
    const STEPS: usize = 4000;
    let size = n as f64;
    let rhs = |_: f64, p: &[f64]| {
        let mut out = vec![0.0; n + 1];
        for k in 0..n {
            let (low, high) = (k as f64, k as f64 + 1.0);
            let flow = decay / size * high * (size - high + 1.0) * p[k + 1]
                - pumping / size * (size - low) * (low + 1.0) * p[k];
            out[k] += flow;
            out[k + 1] -= flow;
        }
        out
    };
    let mut p = vec![0.0; n + 1];
    p[n] = 1.0;
    let p = runge_kutta(p, t, STEPS, rhs);
    let z = |k: usize| 2.0 * k as f64 / size - 1.0;
    let moment = |m: i32| -> f64 { p.iter().enumerate().map(|(k, p)| p * z(k).powi(m)).sum() };
    (moment(1), moment(2) - moment(1).powi(2))
}

/// What the exact solver leaves at its tolerance.
const EXACT: f64 = 1e-8;

#[test]
fn validate_collective_jumps_go_down_the_ladder_of_dicke() {
    let models = [
        "h = \"0\"\ncollective_jump = [\"sqrt(1.5)*sm\", \"sqrt(0.4)*sp\"]",
        "family = \"one-axis-twisting\"\nchi = \"0*chi\"\ncollective_decay = 1.5\ncollective_pumping = 0.4",
    ];
    for (model, n) in [(models[0], 6), (models[1], 6), (models[0], 20)] {
        let rest = format!(
            "[initial]\nstate = \"basis\"\nindex = 0\n[time]\nend = 1.2\nsamples = 2\n\
             [compare]\nexact = [{n}]\n[[observable]]\nname = \"sz\"\n"
        );
        let found = solve(&read(model, &rest).unwrap(), &Silent).unwrap();
        let (mean, variance) = dicke(n, 1.5, 0.4, 1.2);
        for (quantity, right) in [("⟨sz⟩", mean), ("Var sz", variance)] {
            let value = found.finding(quantity, n).unwrap().exact.unwrap();
            assert!(
                (value - right).abs() < EXACT,
                "{n} {quantity}: {value} {right}"
            );
        }
    }
}

#[test]
fn validate_collective_dephasing_keeps_the_length_of_pairs() {
    let (n, rate, x, t) = (10.0, 0.8, 0.6, 1.5_f64);
    let model = "h = \"0\"\ncollective_dephasing = 0.8";
    let rest = "[initial]\nstate = \"bloch\"\nx = 0.6\n[expansion]\norder = 3\n[time]\nend = 1.5\n\
        [particles]\nN = [10]\n[compare]\nexact = [10]\n[[observable]]\nname = \"sx\"\n";
    let found = solve(&read(model, rest).unwrap(), &Silent).unwrap();
    let mean = x * (-rate * t / (2.0 * n)).exp();
    let pair = x * x / 2.0 * (1.0 + (-2.0 * rate * t / n).exp());
    let variance = 1.0 / n + (n - 1.0) / n * pair - mean * mean;
    for (quantity, right) in [("⟨sx⟩", mean), ("Var sx", variance)] {
        let finding = found.finding(quantity, 10).unwrap();
        assert!(
            (finding.exact.unwrap() - right).abs() < EXACT,
            "{finding:?} {right}"
        );
        let off = (finding.corrected.unwrap() - right).abs();
        assert!(
            off < 1e-4 && off < finding.error.unwrap(),
            "{finding:?} {right}"
        );
    }
}

#[test]
fn validate_the_series_of_collective_jumps_falls_as_it_should() {
    let model = "h = \"0.3*sx\"\nv = \"chi*sz1*sz2\"\njump = [\"sqrt(0.2)*sm\"]\n\
        collective_jump = [\"0.8*sm + 0.3*sz\"]";
    let rest = "[initial]\nstate = \"bloch\"\nx = 0.5\nz = 0.3\n[expansion]\norder = 2\n\
        marginals = [1, 2]\n[time]\nend = 0.8\n[compare]\nexact = [12, 24]\n\
        [[observable]]\nname = \"sz\"\n";
    let found = solve(&read(model, rest).unwrap(), &Silent).unwrap();
    assert_eq!(found.outcome.rates.len(), 6);
    for rate in &found.outcome.rates {
        let expected = -(rate.n as f64 + 1.0);
        assert!(
            (rate.slope - expected).abs() < 0.35,
            "{:?}",
            found.outcome.rates
        );
    }
}
