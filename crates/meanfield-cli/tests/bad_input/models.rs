//! Every mistake in the keys of the physical models and of their states is
//! named: key, what was found, what was expected; the exit code is 2.

use crate::common::{Place, require_refused};

const CARICATURE: &str = r#"
[model]
kind = "kac-caricature"
degree = 6
temperature = 1.0
[initial]
state = "beams"
speed = 0.8
width = 0.6
[time]
end = 1.0
"#;

const LATTICE: &str = r#"
[model]
kind = "kac"
dimension = 2
velocities = { kind = "lattice", radius = 1 }
cross_section = "maxwell"
[initial]
state = "maxwellian"
temperature = 0.7
drift = [0.1, 0.0]
[time]
end = 1.0
"#;

const HERMITE: &str = r#"
[model]
kind = "kac"
dimension = 2
velocities = { kind = "hermite", degree = 4, temperature = 1.0 }
cross_section = { power = 0.5 }
[initial]
state = "beams"
speed = 0.5
width = 0.9
[time]
end = 1.0
"#;

const POVZNER: &str = r#"
[model]
kind = "povzner"
dimension = 1
points = 4
length = 2.0
velocity_dimension = 2
velocities = { kind = "lattice", radius = 1 }
range = { kind = "gaussian", width = 0.3 }
cross_section = "hard-sphere"
transport = "upwind"
[initial]
state = "bump"
center = 0.0
width = 0.5
velocity = { state = "maxwellian", temperature = 1.0 }
[time]
end = 1.0
"#;

const HARTREE: &str = r#"
[model]
kind = "hartree"
dimension = 1
points = 8
length = 6.0
hbar = 1.0
mass = 1.0
potential = { kind = "gaussian", strength = 1.0, width = 0.8 }
trap = { kind = "harmonic", omega = 1.0 }
[initial]
state = "gaussian"
center = 0.0
width = 0.8
momentum = 0.0
[time]
end = 0.5
"#;

const SOUND: [&str; 5] = [CARICATURE, LATTICE, HERMITE, POVZNER, HARTREE];

/// A sound configuration with the line of `key` replaced: the first such line,
/// or the last for a state's key (`initial.key`).
fn with(base: &str, key: &str, line: &str) -> String {
    let (from, key) = match key.strip_prefix("initial.") {
        Some(key) => (base.find("[initial]").unwrap(), key),
        None => (0, key),
    };
    let found = base[from..].find(&format!("\n{key} = "));
    let start = from + found.unwrap_or_else(|| panic!("no {key} in {base}")) + 1;
    let end = start + base[start..].find('\n').unwrap();
    format!("{}{line}{}", &base[..start], &base[end..])
}

/// For each sound configuration: the key whose line is replaced, the line
/// instead of it (\n for a second one), and a fragment of the message.
const TABLE: &str = r#"
== CARICATURE
kind: kind = "kac-caricatur" => did you mean `kac-caricature`?
degree:  => `model.degree` is missing; expected an integer from 2 to 60
degree: degree = 1 => `model.degree` is 1
degree: degree = 61 => `model.degree` is 61
degree: degree = 6.5 => `model.degree` is 6.5
degree: degre = 6 => did you mean `degree`?
temperature: temperature = 0 => `model.temperature` is 0
temperature: temperature = "hot" => `model.temperature` is the string
temperature: temprature = 1.0 => did you mean `temperature`?
temperature: radius = 1 => `radius` is not a key of [model]
temperature: points = 8 => belongs to kind = "povzner" or "hartree"
temperature: cross_section = "maxwell" => belongs to kind = "kac" or
initial.state: state = "maxwellian" => known: beams, bkw
initial.speed:  => `initial.speed` is missing
initial.speed: speed = inf => `initial.speed` is inf
initial.width: width = -1 => `initial.width` is -1
initial.width: widht = 1 => did you mean `width`?
initial.width: width = 1\nA = 0.1 => `A` is not a key of [initial]
== LATTICE
dimension: dimension = 1 => `model.dimension` is 1; expected an integer from 2 to 3
dimension: dimension = 2.0 => `model.dimension` is 2.0
velocities:  => `model.velocities` is missing; expected { kind = "lattice", radius = … } or
velocities: velocities = "lattice" => `model.velocities` is the string "lattice"
velocities: velocities = {} => `model.velocities.kind` is missing
velocities: velocities = { kind = 2 } => `model.velocities.kind` is 2
velocities: velocities = { kind = "latice", radius = 1 } => did you mean `lattice`?
velocities: velocities = { kind = "lattice" } => `model.velocities.radius` is missing
velocities: velocities = { kind = "lattice", radus = 1 } => did you mean `radius`?
velocities: velocities = { kind = "lattice", radius = 0.5 } => `model.velocities.radius` is 0.5
velocities: velocities = { kind = "lattice", radius = "1/2" } => `model.velocities.radius` is the string "1/2", which is 0.5
velocities: velocities = { kind = "lattice", radius = 1e6 } => D = 
velocities: velocities = { kind = "lattice", radius = 1, degree = 4 } => only with kind = "hermite", and here it is "lattice"
velocities: velocities = { kind = "lattice", radius = 1, spacing = 1 } => `spacing` is not a key of [model.velocities]
cross_section: cross_section = "maxwel" => did you mean `maxwell`?
cross_section: cross_section = 1 => `model.cross_section` is 1; expected "maxwell", "hard-sphere"
cross_section: cross_section = {} => `model.cross_section` is an empty table
cross_section: cross_section = { power = -1 } => `model.cross_section.power` is -1
cross_section: cross_section = { power = true } => `model.cross_section.power` is true
cross_section: cross_section = { powr = 1 } => did you mean `power`?
initial.temperature:  => `initial.temperature` is missing
initial.temperature: temperature = 0.0 => `initial.temperature` is 0.0
initial.drift: drift = [0.1] => `initial.drift` is of 1 components; expected 2
initial.drift: drift = [0.1, nan] => `initial.drift` is a list
initial.drift: drift = [] => `initial.drift` is an empty list
initial.drift: drift = "x" => `initial.drift` is the string
initial.state: state = "bkw"\nA = 0.1 => `model.velocities` and `initial.state` contradict
initial.state: state = "cosine" => known: maxwellian, beams, bkw
== HERMITE
velocities: velocities = { kind = "hermite", temperature = 1.0 } => `model.velocities.degree` is missing
velocities: velocities = { kind = "hermite", degree = 4 } => `model.velocities.temperature` is missing
velocities: velocities = { kind = "hermite", degree = 99, temperature = 1 } => `model.velocities.degree` is 99
velocities: velocities = { kind = "hermite", degree = 4, temperature = -1 } => `model.velocities.temperature` is -1
velocities: velocities = { kind = "hermite", degree = 4, temperature = 1, radius = 2 } => only with kind = "lattice"
initial.state: state = "bkw"\nA = "a" => `initial.A` is the string
initial.state: state = "bkw" => `initial.A` is missing
== POVZNER
dimension: dimension = 3 => `model.dimension` is 3
points:  => `model.points` is missing
points: points = 0 => `model.points` is 0
points: points = 4.5 => `model.points` is 4.5
points: pionts = 4 => did you mean `points`?
length: length = -2.0 => `model.length` is -2.0
length:  => `model.length` is missing
velocity_dimension: velocity_dimension = 4 => `model.velocity_dimension` is 4
velocity_dimension: velocity_dim = 2 => did you mean `velocity_dimension`?
dimension: dimension = 2\nbox = 1 => `box` is not a key of [model]
velocities: velocities = { kind = "grid" } => known: lattice, hermite
range:  => `model.range` is missing; expected { kind = "gaussian", width = … } or
range: range = 0.3 => `model.range` is 0.3
range: range = { width = 0.3 } => `model.range.kind` is missing
range: range = { kind = "hat" } => `model.range.width` is missing
range: range = { kind = "hat", width = 0 } => `model.range.width` is 0
range: range = { kind = "hut", width = 1 } => did you mean `hat`?
range: range = { kind = "hat", width = 1, softening = 1 } => `softening` is not a key of [model.range]
transport: transport = "up" => known: upwind, spectral
transport: transport = 1 => `model.transport` is 1
transport: hbar = 1 => belongs to kind = "levels" or "hartree"
initial.center: center = [0.0, 0.0] => `initial.center` is of 2 components; expected 1
initial.center: center = nan => `initial.center` is nan
initial.width:  => `initial.width` is missing
initial.width: width = 0 => `initial.width` is 0
initial.velocity:  => `initial.velocity` is missing; expected { state = "maxwellian", temperature = … } or
initial.velocity: velocity = "maxwellian" => `initial.velocity` is the string
initial.velocity: velocity = { temperature = 1 } => `initial.velocity.state` is missing
initial.velocity: velocity = { state = "maxwell", temperature = 1 } => did you mean `maxwellian`?
initial.velocity: velocity = { state = "maxwellian" } => `initial.velocity.temperature` is missing
initial.velocity: velocity = { state = "maxwellian", temperature = 0 } => `initial.velocity.temperature` is 0
initial.velocity: velocity = { state = "maxwellian", temperature = 1, drift = 1 } => `initial.drift` is of 1 components; expected 2
initial.velocity: velocity = { state = "maxwellian", temperature = 1, speed = 1 } => only with state = "beams"
initial.velocity: velocity = { state = "beams", sped = 1, width = 1 } => did you mean `speed`?
initial.state: state = "maxwellian" => known: uniform, bump, cosine
initial.state: state = "cosine" => `initial.amplitude` is missing
== HARTREE
dimension: dimension = 3 => `model.dimension` is 3
points: points = 1 => `model.points` is 1
points: points = "many" => `model.points` is the string
length: length = 0 => `model.length` is 0
hbar: hbar = 0 => `model.hbar` is 0
mass: mass = -1 => `model.mass` is -1
mass: mas = 1 => did you mean `mass`?
potential:  => `model.potential` is missing; expected { kind = "gaussian", strength = …, width = … } or
potential: potential = { kind = "coulomb", strength = 1 } => did you mean `soft-coulomb`?
potential: potential = { kind = "soft-coulomb", strength = 1 } => `model.potential.softening` is missing
potential: potential = { kind = "soft-coulomb", strength = 1, softening = 0 } => `model.potential.softening` is 0
potential: potential = { kind = "contact", strength = 1, width = 1 } => only with kind = "gaussian", and here it is "contact"
potential: potential = { kind = "cosine" } => `model.potential.strength` is missing
potential: potential = { kind = "cosine", strngth = 1 } => did you mean `strength`?
potential: potential = { kind = "gaussian", strength = inf, width = 1 } => `model.potential.strength` is inf
potential: potential = [1] => `model.potential` is a list of 1
trap: trap = "harmonic" => `model.trap` is the string
trap: trap = { kind = "harmonic" } => `model.trap.omega` is missing
trap: trap = { kind = "harmonic", omega = 0 } => `model.trap.omega` is 0
trap: trap = { kind = "harmonic", omega = 1, depth = 1 } => only with kind = "lattice"
trap: trap = { kind = "lattice", depth = 1, periods = 1.5 } => `model.trap.periods` is 1.5
trap: trap = { kind = "lattice", depth = 1, periods = 5 } => `periods` is 5
trap: trap = { kind = "double-well", separation = 0, height = 1 } => `model.trap.separation` is 0
trap: trap = { kind = "double-well", separation = 9, height = 1 } => `separation` is 9
trap: range = { kind = "hat", width = 1 } => belongs to kind = "povzner"
initial.state: state = "termal" => did you mean `thermal`?
initial.state: state = "thermal" => `initial.temperature` is missing
initial.center: center = [0, 0] => `initial.center` is of 2 components
initial.center: center = 4.0 => `center` is 4
initial.width: width = [0.5, 0.0] => `initial.width` is a list with 0
initial.width: width = [0.5, 0.5] => `initial.width` is of 2 components
initial.width: width = 1e-3 => `width` is 0.001
initial.momentum: momentum = "p" => `initial.momentum` is the string
initial.momentum: momentum = 1e3 => `momentum` is 1000
initial.momentum: start = "fixed-counts" => occupation numbers are a start of populations only
"#;

/// Configurations and fragments of the message each must give.
fn rows() -> Vec<(String, &'static str)> {
    let mut rows = Vec::new();
    let mut base = "";
    for line in TABLE.lines().filter(|line| !line.is_empty()) {
        if let Some(name) = line.strip_prefix("== ") {
            base = match name {
                "CARICATURE" => CARICATURE,
                "LATTICE" => LATTICE,
                "HERMITE" => HERMITE,
                "POVZNER" => POVZNER,
                _ => HARTREE,
            };
            continue;
        }
        let (key, rest) = line.split_once(": ").unwrap();
        let (replacement, fragment) = rest.split_once("=> ").unwrap();
        let replacement = replacement.trim_end().replace("\\n", "\n");
        rows.push((with(base, key, &replacement), fragment));
    }
    rows.extend(more_rows());
    rows
}

/// Mistakes of more than one line.
fn more_rows() -> Vec<(String, &'static str)> {
    let hermite = CARICATURE.replace("temperature = 1.0\n", "").replace(
        "state = \"beams\"\nspeed = 0.8\nwidth = 0.6",
        "F = [1.0, 0, 0, 0, 0, 0, 0]",
    );
    let start = POVZNER.find("[initial]").unwrap();
    let state = |text: &str| {
        let model = &POVZNER[..start];
        let velocity = "velocity = { state = \"maxwellian\", temperature = 1.0 }";
        format!("{model}[initial]\n{text}\n{velocity}\n[time]\nend = 1.0\n")
    };
    let flat = with(POVZNER, "velocity_dimension", "velocity_dimension = 1");
    vec![
        (
            hermite,
            "`model.temperature` is missing; expected the temperature of the Gaussian",
        ),
        (
            state("state = \"cosine\"\namplitude = 1.5"),
            "`amplitude` is 1.5",
        ),
        (
            state("state = \"uniform\"\nwidth = 1"),
            "`width` is not a key of [initial]",
        ),
        (
            state("state = [{ weight = 1, name = \"uniform\", velocty = 1 }]"),
            "did you mean `velocity`?",
        ),
        (
            with(&flat, "dimension", "dimension = 2"),
            "`model.dimension` and `model.velocity_dimension` contradict",
        ),
    ]
}

#[test]
fn law_the_configurations_without_mistakes_are_sound() {
    for config in SOUND {
        let place = Place::with_config(config);
        assert!(
            place
                .succeed(&["check", "config.toml"])
                .contains("is sound")
        );
    }
}

#[test]
fn law_every_mistake_in_a_physical_model_is_named() {
    require_refused(rows());
}

#[test]
fn law_a_grid_that_cannot_fit_is_refused_at_once_with_its_size() {
    // Patience for a refusal, in seconds: nothing of the grid's size is built.
    const AT_ONCE: f64 = 2.0;
    for (base, lines, fragment) in [
        (
            HARTREE,
            "dimension = 2\npoints = 64",
            "4096 grid points, squared",
        ),
        (HARTREE, "dimension = 2\npoints = 100000", "D = "),
        (
            HARTREE,
            "dimension = 2\npoints = 1000000",
            "of memory for the solver",
        ),
        (
            POVZNER,
            "dimension = 2\npoints = 1000",
            "1000000 grid points × 5 velocities",
        ),
    ] {
        let config = with(&with(base, "points", ""), "dimension", lines);
        let config = with(&config, "initial.center", "center = [0.0, 0.0]");
        let config = config.replace("momentum = 0.0", "momentum = [0.0, 0.0]");
        let place = Place::with_config(&(config + "[limits]\nmemory = \"4 GiB\"\n"));
        let began = std::time::Instant::now();
        let output = place.meanfield(&["check", "config.toml"]);
        let took = began.elapsed().as_secs_f64();
        let message = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{message}");
        assert!(message.contains(fragment), "{fragment} not in {message}");
        assert!(
            message.contains("`limits.memory` allows 4.0 GiB"),
            "{message}"
        );
        assert!(took < AT_ONCE, "{took} s: {message}");
    }
}

/// A full h and v of that many levels, inline.
fn full_levels(levels: usize) -> String {
    fn nested(levels: usize, depth: usize) -> String {
        let inner = match depth {
            0 => return "0.5".to_owned(),
            _ => nested(levels, depth - 1),
        };
        format!("[{}]", vec![inner; levels].join(", "))
    }
    let (h, v) = (nested(levels, 2), nested(levels, 4));
    format!(
        "[model]\nkind = \"levels\"\nh = {h}\nv = {v}\n[initial]\nstate = \"basis\"\nindex = \
         0\n[time]\nend = 1.0\n"
    )
}

#[test]
fn law_a_pair_interaction_that_cannot_fit_is_refused_before_it_is_listed() {
    let ball = "velocities = { kind = \"lattice\", radius = 4 }";
    let kac = with(
        &with(LATTICE, "velocities", ball),
        "dimension",
        "dimension = 3",
    );
    let kac = with(&kac, "initial.drift", "drift = [0.0, 0.0, 0.1]");
    let povzner = with(&with(POVZNER, "velocities", ball), "points", "points = 2");
    let povzner = with(&povzner, "velocity_dimension", "velocity_dimension = 3");
    // 722 049 entries of V on 257 velocities; for eight levels what a v of rank one can fill.
    for (config, states, size) in [
        (&kac, "D = 257 one-body states", "93.6 MiB"),
        (&povzner, "2 grid points × 257 velocities", "93.6 MiB"),
        (&full_levels(8), "D = 64 one-body states", "679.9 MiB"),
    ] {
        let limited = format!("{config}[expansion]\norder = 1\n[limits]\nmemory = \"64 MiB\"\n");
        let place = Place::with_config(&limited);
        let output = place.meanfield(&["check", "config.toml"]);
        let message = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{message}");
        for fragment in [
            states,
            &format!("need {size} of memory while the pair interaction is listed"),
            "`limits.memory` allows 64.0 MiB",
        ] {
            assert!(message.contains(fragment), "{fragment} not in {message}");
        }
    }
}

#[test]
fn law_the_dimension_counted_beforehand_is_that_of_the_model() {
    let beyond = "[expansion]\norder = 12\n[limits]\nmemory = \"1 MiB\"\n";
    let flat = with(POVZNER, "velocity_dimension", "velocity_dimension = 1");
    let flat = with(
        &flat,
        "velocities",
        "velocities = { kind = \"lattice\", radius = 3.5 }",
    );
    let plane = with(POVZNER, "dimension", "dimension = 2");
    let plane = with(&plane, "initial.center", "center = [0.0, 0.0]");
    let space = with(LATTICE, "dimension", "dimension = 3");
    let space = with(&space, "initial.drift", "drift = [0.0, 0.0, 0.1]");
    let solid = with(HERMITE, "dimension", "dimension = 3");
    let more = [flat, plane, space, solid];
    for config in SOUND.into_iter().chain(more.iter().map(String::as_str)) {
        let place = Place::with_config(&format!("{config}[expansion]\norder = 0\n"));
        let said = place.succeed(&["check", "config.toml"]);
        let dimension = said.split("D = ").nth(1).unwrap();
        let dimension = dimension.split(',').next().unwrap();
        let place = Place::with_config(&format!("{config}{beyond}"));
        let output = place.meanfield(&["check", "config.toml"]);
        let message = String::from_utf8_lossy(&output.stderr).into_owned();
        let counted = format!("D = {dimension} one-body states");
        assert!(message.contains(&counted), "{counted} not in {message}");
    }
}
