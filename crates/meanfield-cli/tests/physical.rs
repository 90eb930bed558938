//! The physical models from a configuration: each key arrives where it
//! belongs, and the numbers are those of closed forms and conservation laws.

mod common;

use common::{Place, arrays, real};
use ndarray::{ArrayD, Axis};

/// Runs a configuration and returns its place.
fn run(config: &str) -> Place {
    let place = Place::with_config(config);
    place.succeed(&["run", "config.toml"]);
    place
}

fn observable(place: &Place, name: &str, m: usize) -> ArrayD<f64> {
    real(&mut arrays(place, "config.out"), &format!("obs_{name}_{m}"))
}

/// The tolerance of the steps, times the steps taken.
const SOLVED: f64 = 1e-7;
/// The same where steps of 1e-8 were asked for.
const SOLVED_COARSELY: f64 = 1e-6;
/// Sums of a few numbers of order 1.
const ROUNDING: f64 = 1e-12;
/// A Gaussian on a coarse grid, and its tail beyond the edge of the box.
const GRID: f64 = 1e-5;
/// A thermal state is wider.
const THERMAL_TAIL: f64 = 1e-4;

fn require_near(name: &str, found: f64, expected: f64, allowed: f64) {
    let far = (found - expected).abs();
    assert!(far <= allowed, "{name}: {found} for {expected}");
}

fn caricature(keys: &str, initial: &str) -> Place {
    run(&format!(
        "[model]\nkind = \"kac-caricature\"\ndegree = 8\n{keys}\n[initial]\n{initial}\n\
         [expansion]\norder = 2\n[time]\nend = 3.0\nsamples = 3\n\
         [[observable]]\nname = \"m2\"\n[[observable]]\nname = \"m4\"\n"
    ))
}

#[test]
fn validate_the_caricature_relaxes_like_its_closed_form() {
    let (speed, width) = (0.9_f64, 0.5_f64);
    let beams = format!("state = \"beams\"\nspeed = {speed}\nwidth = {width}");
    let place = caricature("", &beams);
    let t = speed * speed + width * width;
    let m4 = speed.powi(4) + 6.0 * (speed * width).powi(2) + 3.0 * width.powi(4);
    for (k, m4_at) in observable(&place, "m4", 0).iter().enumerate() {
        let expected = 3.0 * t * t + (m4 - 3.0 * t * t) * (-(k as f64) / 4.0).exp();
        require_near("m4", *m4_at, expected, SOLVED);
        require_near("m2", observable(&place, "m2", 0)[[k]], t, SOLVED);
    }
    // About a Gaussian of the start's temperature the second coefficient is 0.
    let f = real(&mut arrays(&place, "config.out"), "f_1_0");
    require_near("h(2)", f[[0, 2]], 0.0, ROUNDING);
    // The reference temperature is a matter of representation.
    let other = caricature("temperature = 1.4", &beams);
    let f = real(&mut arrays(&other, "config.out"), "f_1_0");
    assert!(f[[0, 2]].abs() > 0.1);
    for m in 0..=2 {
        let (x, y) = (observable(&place, "m4", m), observable(&other, "m4", m));
        for (x, y) in x.iter().zip(&y) {
            require_near(
                "m4 about another Gaussian",
                *x,
                *y,
                SOLVED * (1.0 + x.abs()),
            );
        }
    }
    // A mixture has the temperature of its parts, by weight; that of bkw is 1.
    let mixed = caricature(
        "",
        "state = [{ weight = 0.25, name = \"beams\", speed = 0.9, width = 0.5 }, \
         { weight = 0.75, name = \"bkw\", A = 0.4 }]",
    );
    let m2 = observable(&mixed, "m2", 0)[[0]];
    require_near("m2", m2, 0.25 * t + 0.75, ROUNDING);
    let f = real(&mut arrays(&mixed, "config.out"), "f_1_0");
    require_near("h(2) of a mixture", f[[0, 2]], 0.0, ROUNDING);
}

#[test]
fn validate_kac_keys_arrive() {
    let config = |velocities: &str, cross_section: &str, initial: &str| {
        run(&format!(
            "[model]\nkind = \"kac\"\ndimension = 2\nvelocities = {velocities}\n\
             cross_section = {cross_section}\n[initial]\n{initial}\n[expansion]\norder = 1\n\
             [time]\nend = 2.0\nsamples = 2\n[[observable]]\nname = \"m4\"\n\
             [[observable]]\nname = \"vx\"\n[[observable]]\nname = \"vy\"\n"
        ))
    };
    let hermite = "{ kind = \"hermite\", degree = 6, temperature = 1.0 }";
    // Bobylev–Krook–Wu in the plane: 1 − κ = A e^{−t/8}, m4 = 8 − 8(1 − κ)².
    let place = config(hermite, "\"maxwell\"", "state = \"bkw\"\nA = 0.4");
    for (k, m4) in observable(&place, "m4", 0).iter().enumerate() {
        let a = 0.4 * (-(k as f64) / 8.0).exp();
        require_near("m4", *m4, 8.0 - 8.0 * a * a, SOLVED);
    }
    let drifting = "state = \"maxwellian\"\ntemperature = 0.9\ndrift = [0.2, -0.1]";
    let place = config(hermite, "{ power = 1.0 }", drifting);
    require_near("vx", observable(&place, "vx", 0)[[2]], 0.2, SOLVED);
    require_near("vy", observable(&place, "vy", 0)[[2]], -0.1, SOLVED);
    let lattice = "{ kind = \"lattice\", radius = 2 }";
    let f = |cross_section: &str| {
        let beams = "state = \"beams\"\nspeed = 1.0\nwidth = 0.5";
        let place = config(lattice, cross_section, beams);
        real(&mut arrays(&place, "config.out"), "f_1_0")
    };
    let (soft, hard, one) = (f("\"maxwell\""), f("\"hard-sphere\""), f("{ power = 1 }"));
    assert_eq!(soft.shape(), [3, 13]);
    assert_eq!(hard, one);
    assert!((&hard - &soft).iter().any(|x| x.abs() > 1e-3));
}

fn povzner(keys: &str, initial: &str) -> Place {
    run(&format!(
        "[model]\nkind = \"povzner\"\n{keys}\nlength = 2.0\n[initial]\n{initial}\n\
         [expansion]\norder = 1\n[time]\nend = 0.4\nsamples = 2\n\
         [[observable]]\nname = \"density\"\n[[observable]]\nname = \"density_correlation\"\n"
    ))
}

#[test]
fn law_soft_spheres_keep_their_number_whatever_the_options() {
    let lattice = "velocities = { kind = \"lattice\", radius = 1 }";
    let hermite = "velocities = { kind = \"hermite\", degree = 2, temperature = 1.0 }";
    let gaussian = "range = { kind = \"gaussian\", width = 0.3 }";
    let hat = "range = { kind = \"hat\", width = 0.4 }";
    let hot = "velocity = { state = \"maxwellian\", temperature = 0.8, drift = [0.3, 0.0] }";
    let slow = "velocity = { state = \"maxwellian\", temperature = 0.8 }";
    let beams = "velocity = { state = \"beams\", speed = 0.7, width = 0.8 }";
    let bump = "state = \"bump\"\ncenter = 0.5\nwidth = 0.3";
    let cosine = "state = \"cosine\"\namplitude = 0.4";
    let rows = [
        (
            format!("points = 6\n{lattice}\n{gaussian}"),
            format!("{bump}\n{hot}"),
        ),
        (
            format!("points = 6\n{hermite}\n{gaussian}"),
            format!("{cosine}\n{beams}"),
        ),
        (
            format!(
                "points = 6\nvelocity_dimension = 1\n{lattice}\n{hat}\ntransport = \"spectral\"\n\
                 cross_section = \"hard-sphere\""
            ),
            format!("{bump}\n{slow}"),
        ),
        (
            format!("dimension = 2\npoints = 3\n{lattice}\n{hat}"),
            format!("state = \"bump\"\ncenter = [0.0, 0.5]\nwidth = 0.5\n{beams}"),
        ),
        (
            format!(
                "points = 4\nvelocity_dimension = 3\n{lattice}\n{gaussian}\ntransport = \"upwind\""
            ),
            format!("state = \"uniform\"\n{slow}"),
        ),
    ];
    for (keys, initial) in rows {
        let place = povzner(&keys, &initial);
        for m in 0..=1 {
            for (k, density) in observable(&place, "density", m)
                .axis_iter(Axis(0))
                .enumerate()
            {
                let expected = if m == 0 { 1.0 } else { 0.0 };
                require_near(&format!("{keys} {k}"), density.sum(), expected, SOLVED);
            }
        }
        let correlation = observable(&place, "density_correlation", 0);
        for correlation in correlation.axis_iter(Axis(0)) {
            require_near(&keys, correlation.sum(), 0.0, SOLVED);
        }
    }
}

#[test]
fn validate_the_states_of_soft_spheres() {
    let keys = "points = 8\nvelocities = { kind = \"lattice\", radius = 1 }\n\
                range = { kind = \"gaussian\", width = 0.3 }";
    let slow = "velocity = { state = \"maxwellian\", temperature = 0.8 }";
    let start = |initial: &str| {
        let place = povzner(keys, initial);
        observable(&place, "density", 0)
            .index_axis(Axis(0), 0)
            .to_owned()
    };
    let cosine = start(&format!("state = \"cosine\"\namplitude = 0.4\n{slow}"));
    for (i, density) in cosine.iter().enumerate() {
        // x_i = −L/2 + iL/8.
        let phase = std::f64::consts::PI * (i as f64 / 4.0 - 1.0);
        require_near(
            "cosine",
            *density,
            (1.0 + 0.4 * phase.cos()) / 8.0,
            ROUNDING,
        );
    }
    let bump = start(&format!(
        "state = \"bump\"\ncenter = 0.5\nwidth = 0.2\n{slow}"
    ));
    let top = bump.iter().copied().fold(0.0, f64::max);
    assert_eq!(bump[[6]], top, "x = 0.5 is the seventh point");
    let both = start(&format!(
        "state = [{{ weight = 0.5, name = \"uniform\", {slow} }}, \
         {{ weight = 0.5, name = \"cosine\", amplitude = 0.8, {slow} }}]"
    ));
    for (x, y) in both.iter().zip(&cosine) {
        require_near("mixture", *x, *y, ROUNDING);
    }
}

#[test]
fn validate_the_options_of_soft_spheres_arrive() {
    let f = |keys: &str, initial: &str, name: &str| {
        let place = run(&format!(
            "[model]\nkind = \"povzner\"\nlength = 2.0\npoints = 8\n{keys}\n[initial]\n{initial}\n\
             [expansion]\norder = 0\n[time]\nend = 1.0\nsamples = 1\n\
             [[observable]]\nname = \"{name}\"\n"
        ));
        observable(&place, name, 0)
    };
    let lattice = "velocities = { kind = \"lattice\", radius = 1 }";
    let cosine = "state = \"cosine\"\namplitude = 0.5\n\
                  velocity = { state = \"beams\", speed = 1.0, width = 0.6 }";
    let gas = |rest: &str| f(&format!("{lattice}\n{rest}"), cosine, "txx")[[1]];
    let range =
        |kind: &str, width: f64| format!("range = {{ kind = \"{kind}\", width = {width} }}");
    // A hat that reaches half the box is constant in space; so is a wide Gaussian, not one of that width.
    let wide = gas(&range("gaussian", 50.0));
    require_near("hat", gas(&range("hat", 1.0)), wide, ROUNDING);
    assert!((gas(&range("gaussian", 0.2)) - wide).abs() > 1e-5);
    let narrow = range("gaussian", 0.2);
    let rate = |cross_section: &str| gas(&format!("{narrow}\ncross_section = {cross_section}"));
    assert_eq!(rate("{ power = 1 }"), rate("\"hard-sphere\""));
    assert_eq!(rate("{ power = 0 }"), gas(&narrow));
    assert!((rate("\"hard-sphere\"") - gas(&narrow)).abs() > 1e-3);
    // Upwind transport smears a wave out, spectral transport does not.
    let wave = |transport: &str| {
        let keys = format!("{lattice}\n{narrow}\n{transport}");
        let density = f(&keys, cosine, "density");
        let end = density.index_axis(Axis(0), 1);
        end[[4]] - end[[0]]
    };
    let (upwind, spectral) = (
        wave("transport = \"upwind\""),
        wave("transport = \"spectral\""),
    );
    assert!(spectral.abs() > 1.1 * upwind.abs(), "{spectral} {upwind}");
    assert_eq!(wave(""), upwind);
    // Moments of the velocity states, in Hermite functions.
    let hermite = "velocities = { kind = \"hermite\", degree = 2, temperature = 1.0 }\n\
                   range = { kind = \"hat\", width = 1.0 }";
    let start = |velocity: &str, name: &str| {
        let initial = format!("state = \"uniform\"\nvelocity = {{ {velocity} }}");
        f(hermite, &initial, name)[[0]]
    };
    let beams = "state = \"beams\", speed = 0.7, width = 0.8";
    require_near("beams", start(beams, "txx"), 0.49 + 0.64, ROUNDING);
    require_near("beams", start(beams, "tyy"), 0.64, ROUNDING);
    let hot = "state = \"maxwellian\", temperature = 0.8, drift = [0.3, 0.1]";
    require_near("drift", start(hot, "vx"), 0.3, ROUNDING);
    require_near("drift", start(hot, "vy"), 0.1, ROUNDING);
    require_near("temperature", start(hot, "txx"), 0.8 + 0.09, ROUNDING);
}

fn hartree(keys: &str, initial: &str, rest: &str) -> Place {
    run(&format!(
        "[model]\nkind = \"hartree\"\n{keys}\n[initial]\n{initial}\n[expansion]\norder = 1\n\
         [time]\nend = 0.3\nsamples = 2\ntolerance = 1e-8\n{rest}"
    ))
}

#[test]
fn law_hartree_keeps_its_energy_whatever_the_options() {
    let packet = "state = \"gaussian\"\ncenter = 0.5\nwidth = 0.8\nmomentum = 0.4";
    let grid = "points = 8\nlength = 6.0";
    let weak = "potential = { kind = \"cosine\", strength = 0.5 }";
    let plane = "dimension = 2\npoints = 4\nlength = 4.0";
    let rows = [
        (
            format!(
                "{grid}\npotential = {{ kind = \"gaussian\", strength = 1.0, width = 0.7 }}\n\
                 trap = {{ kind = \"harmonic\", omega = 0.8 }}"
            ),
            packet,
        ),
        (
            format!(
                "{grid}\nhbar = 0.7\nmass = 1.5\n\
                 potential = {{ kind = \"soft-coulomb\", strength = 1.0, softening = 0.5 }}\n\
                 trap = {{ kind = \"lattice\", depth = 1.0, periods = 2 }}"
            ),
            packet,
        ),
        (
            format!(
                "{grid}\n{weak}\ntrap = {{ kind = \"double-well\", separation = 3.0, height = 1.0 }}"
            ),
            "state = \"thermal\"\ntemperature = 0.6",
        ),
        (
            format!("{plane}\npotential = {{ kind = \"contact\", strength = 0.5 }}"),
            "state = \"gaussian\"\ncenter = [0.5, 0.0]\nwidth = [0.7, 0.9]\nmomentum = [0.0, 0.3]",
        ),
    ];
    for (keys, initial) in rows {
        let place = hartree(&keys, initial, "[[observable]]\nname = \"energy\"\n");
        for m in 0..=1 {
            let energy = observable(&place, "energy", m);
            for e in &energy {
                require_near(&keys, *e, energy[[0]], SOLVED_COARSELY);
            }
        }
    }
}

#[test]
fn validate_hartree_keys_arrive() {
    let observables = ["x", "x2", "p", "depletion"];
    let asked: String = observables
        .iter()
        .map(|name| format!("[[observable]]\nname = \"{name}\"\n"))
        .collect();
    // Far inside the box, and without a potential: ⟨x⟩ = center + pt/m.
    let free = "points = 16\nlength = 12.0\nhbar = 0.5\nmass = 2.0\n\
                potential = { kind = \"gaussian\", strength = 0.0, width = 1.0 }";
    let packet = "state = \"gaussian\"\ncenter = -0.5\nwidth = 0.7\nmomentum = 0.6";
    let place = hartree(free, packet, &asked.replace("\"p\"", "\"p2\""));
    let p2 = 0.36 + (0.5 / (2.0 * 0.7_f64)).powi(2);
    for (k, x) in observable(&place, "x", 0).iter().enumerate() {
        require_near("x", *x, -0.5 + 0.6 / 2.0 * 0.15 * k as f64, GRID);
        require_near("p2", observable(&place, "p2", 0)[[k]], p2, GRID);
    }
    require_near("x2", observable(&place, "x2", 0)[[0]], 0.25 + 0.49, GRID);
    // Without interaction nothing is correlated, and a thermal state is at rest.
    let trapped = "points = 16\nlength = 9.0\ntrap = { kind = \"harmonic\", omega = 1.0 }\n\
                   potential = { kind = \"contact\", strength = 0.0 }";
    let place = hartree(trapped, "state = \"thermal\"\ntemperature = 0.5", &asked);
    let x2 = observable(&place, "x2", 0);
    // ½ coth(ω/2T), up to the box.
    require_near("x2", x2[[0]], 0.5 / 1.0_f64.tanh(), THERMAL_TAIL);
    for x2 in &x2 {
        require_near("x2 at rest", *x2, 0.5 / 1.0_f64.tanh(), THERMAL_TAIL);
    }
    let ground = 1.0 - (-2.0_f64).exp();
    require_near(
        "depletion",
        observable(&place, "depletion", 0)[[0]],
        1.0 - ground,
        THERMAL_TAIL,
    );
    require_near(
        "depletion/N",
        observable(&place, "depletion", 1)[[2]],
        0.0,
        1e-6,
    );
}

#[test]
fn validate_the_energy_of_a_packet_in_every_potential_and_trap() {
    let (length, x0, sigma, p0) = (10.0_f64, 0.4_f64, 0.6_f64, 0.3_f64);
    let (hbar, mass) = (0.8_f64, 1.3_f64);
    let pi = std::f64::consts::PI;
    let kinetic = (p0 * p0 + (hbar / (2.0 * sigma)).powi(2)) / (2.0 * mass);
    // ⟨f(x)⟩ and ⟨v(x₁ − x₂)⟩ in Gaussians, by a fine sum.
    let mean = |center: f64, deviation: f64, f: &dyn Fn(f64) -> f64| {
        let step = deviation / 100.0;
        let points = (-800..=800).map(|k| f64::from(k) * step);
        let weight = |y: f64| (-(y / deviation).powi(2) / 2.0).exp();
        let sum: f64 = points.map(|y| weight(y) * f(center + y)).sum();
        sum * step / (deviation * (2.0 * pi).sqrt())
    };
    let pair = |v: &dyn Fn(f64) -> f64| mean(0.0, sigma * 2.0_f64.sqrt(), v);
    let potentials: [(&str, f64); 4] = [
        (
            "kind = \"gaussian\", strength = 1.5, width = 0.7",
            pair(&|r| 1.5 * (-(r / 0.7).powi(2) / 2.0).exp()),
        ),
        (
            "kind = \"soft-coulomb\", strength = 1.5, softening = 1.2",
            pair(&|r| 1.5 / (r * r + 1.44).sqrt()),
        ),
        (
            "kind = \"cosine\", strength = 1.5",
            pair(&|r| 1.5 * (2.0 * pi * r / length).cos()),
        ),
        (
            "kind = \"contact\", strength = 1.5",
            1.5 / (2.0 * pi.sqrt() * sigma),
        ),
    ];
    let place = |x: &dyn Fn(f64) -> f64| mean(x0, sigma, x);
    let traps: [(&str, f64); 4] = [
        ("", 0.0),
        (
            "trap = { kind = \"harmonic\", omega = 0.9 }",
            place(&|x| 0.5 * mass * (0.9 * x).powi(2)),
        ),
        (
            "trap = { kind = \"lattice\", depth = 0.7, periods = 3 }",
            place(&|x| 0.7 * (pi * 3.0 * x / length).sin().powi(2)),
        ),
        (
            "trap = { kind = \"double-well\", separation = 3.0, height = 0.7 }",
            place(&|x| 0.7 * ((2.0 * x / 3.0).powi(2) - 1.0).powi(2)),
        ),
    ];
    for (potential, v) in potentials {
        for (trap, field) in traps {
            let keys = format!(
                "points = 20\nlength = {length}\nhbar = {hbar}\nmass = {mass}\n\
                 potential = {{ {potential} }}\n{trap}"
            );
            let place = run(&format!(
                "[model]\nkind = \"hartree\"\n{keys}\n[initial]\nstate = \"gaussian\"\n\
                 center = {x0}\nwidth = {sigma}\nmomentum = {p0}\n[expansion]\norder = 0\n\
                 [time]\nend = 1e-3\nsamples = 1\ntolerance = 1e-5\n\
                 [[observable]]\nname = \"energy\"\n"
            ));
            let energy = observable(&place, "energy", 0)[[0]];
            require_near(&keys, energy, kinetic + field + 0.5 * v, GRID);
        }
    }
}

#[test]
fn validate_pair_excitations_of_the_lipkin_model() {
    let place = run(
        "[model]\nkind = \"levels\"\nfamily = \"lipkin\"\nepsilon = 1.0\nv = 0.6\n\
         [initial]\nstate = \"basis\"\nindex = 1\n[expansion]\norder = 1\n\
         [time]\nend = 4.0\nsamples = 8\n[[observable]]\nname = \"p0\"\n",
    );
    // Bogoliubov: (v/w)² sin² wt with w² = ε² − v², here w = 0.8.
    for (k, p0) in observable(&place, "p0", 1).iter().enumerate() {
        let expected = (0.75 * (0.8 * 0.5 * k as f64).sin()).powi(2);
        require_near("p0", *p0, expected, SOLVED);
    }
}
