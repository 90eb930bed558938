//! The models the program knows, with their keys, states and observables: what
//! `meanfield models` prints and what a configuration is checked against.

/// A kind of model.
#[derive(Debug)]
pub(crate) struct Kind {
    /// The value of `kind`.
    pub(crate) name: &'static str,
    /// One line about it.
    pub(crate) summary: &'static str,
    /// Its keys in `[model]`, other than `kind`.
    pub(crate) keys: &'static [Key],
    /// Named Hamiltonians, where it has them.
    pub(crate) families: &'static [Named],
    /// Its named states in `[initial]`.
    pub(crate) states: &'static [Named],
    /// The observables it names.
    pub(crate) observables: &'static str,
    /// A configuration to start from.
    pub(crate) template: &'static str,
    /// How many axes a one-body array (`F`, the `values` of an observable) has.
    pub(crate) one_body_rank: usize,
}

/// A key of `[model]` or of a state.
#[derive(Debug)]
pub(crate) struct Key {
    /// Its name.
    pub(crate) name: &'static str,
    /// What it holds; for `[model]` keys the reader decides.
    pub(crate) holds: Holds,
    /// What it means.
    pub(crate) meaning: &'static str,
}

/// What a key holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Holds {
    /// Something the model's own reader understands.
    Special,
    /// A finite number that must be given.
    Number,
    /// A finite number with a default.
    NumberOr(f64),
    /// An integer that must be given.
    Integer,
    /// A list of numbers, empty by default.
    Vector,
}

/// A state or a family with its keys.
#[derive(Debug)]
pub(crate) struct Named {
    /// Its name.
    pub(crate) name: &'static str,
    /// One line about it.
    pub(crate) summary: &'static str,
    /// Its keys.
    pub(crate) keys: &'static [Key],
}

const fn key(name: &'static str, holds: Holds, meaning: &'static str) -> Key {
    Key {
        name,
        holds,
        meaning,
    }
}

/// Every kind.
pub(crate) const KINDS: &[Kind] = &[
    Kind {
        name: "custom",
        summary: "any one-body generator K, pair operator V and trace, as arrays: populations with \
                  pair interactions and whatever else has this form",
        keys: &[
            key("file", Holds::Special, "npz file with the arrays below"),
            key(
                "K",
                Holds::Special,
                "(D, D): one-body generator, column = state left",
            ),
            key(
                "V",
                Holds::Special,
                "(D, D, D, D): (VG)[a,b] = sum V[a,b,c,d] G[c,d]",
            ),
            key(
                "V_index",
                Holds::Special,
                "(nnz, 4): the a, b, c, d of a sparse V",
            ),
            key("V_value", Holds::Special, "(nnz,): its values"),
            key(
                "trace",
                Holds::Special,
                "(D,): the trace functional (default: ones)",
            ),
            key(
                "norm",
                Holds::Special,
                "\"l1\" (default, a population) or \"none\"",
            ),
            key(
                "labels",
                Holds::Special,
                "names of the states; each is then an observable",
            ),
        ],
        families: &[],
        states: &[],
        observables: "the labels of the states",
        template: include_str!("../templates/custom.toml"),
        one_body_rank: 1,
    },
    Kind {
        name: "levels",
        summary: "finite-level quantum particles: H = sum h_i + (1/N) sum_{i<j} v_ij, with optional \
                  Lindblad jumps of each particle",
        keys: &[
            key(
                "file",
                Holds::Special,
                "npz file with h, v and optionally jump",
            ),
            key("h", Holds::Special, "(d, d): one-body Hamiltonian"),
            key("v", Holds::Special, "(d, d, d, d): v[a,b,c,e] = <ab|v|ce>"),
            key(
                "jump",
                Holds::Special,
                "(m, d, d): Lindblad operators, rates included",
            ),
            key("hbar", Holds::Special, "Planck's constant (default 1)"),
            key(
                "family",
                Holds::Special,
                "a named two-level Hamiltonian instead of h and v",
            ),
            key(
                "decay",
                Holds::Special,
                "rate of level 0 -> 1 (two levels, default 0)",
            ),
            key(
                "dephasing",
                Holds::Special,
                "rate at which coherence decays (default 0)",
            ),
        ],
        families: &[
            Named {
                name: "one-axis-twisting",
                summary: "H = (chi/N) sum_{i<j} sz sz",
                keys: &[key("chi", Holds::Number, "energy of a pair")],
            },
            Named {
                name: "transverse-field",
                summary: "H = (omega/2) sum sx + (chi/N) sum_{i<j} sz sz",
                keys: &[
                    key("omega", Holds::Number, "splitting by the field along x"),
                    key("chi", Holds::Number, "energy of a pair"),
                ],
            },
            Named {
                name: "lipkin",
                summary: "H = (epsilon/2) sum sz + (1/N) sum_{i<j} [(v/2)(sx sx - sy sy) + \
                          (w/2)(sx sx + sy sy)]",
                keys: &[
                    key("epsilon", Holds::Number, "distance of the levels"),
                    key(
                        "v",
                        Holds::Number,
                        "pairs change level in the same direction",
                    ),
                    key(
                        "w",
                        Holds::NumberOr(0.0),
                        "pairs change level oppositely (default 0)",
                    ),
                ],
            },
            Named {
                name: "bose-hubbard-dimer",
                summary: "H = -tunnelling sum sx + (interaction/N) sum_{i<j} [both in one well]",
                keys: &[
                    key("tunnelling", Holds::Number, "tunnelling energy"),
                    key("interaction", Holds::Number, "energy of a pair in one well"),
                ],
            },
        ],
        states: &[
            Named {
                name: "bloch",
                summary: "(1 + x sx + y sy + z sz)/2, for two levels",
                keys: &[
                    key("x", Holds::NumberOr(0.0), "(default 0)"),
                    key("y", Holds::NumberOr(0.0), "(default 0)"),
                    key("z", Holds::NumberOr(0.0), "(default 0)"),
                ],
            },
            Named {
                name: "basis",
                summary: "the level of that number, pure",
                keys: &[key("index", Holds::Integer, "0 is the first level")],
            },
        ],
        observables: "sx, sy, sz, squeezing (two levels); p0, p1, ... (populations); energy_one_body",
        template: include_str!("../templates/levels.toml"),
        one_body_rank: 2,
    },
    Kind {
        name: "kac",
        summary: "homogeneous gas: pairs of velocities on a lattice collide and keep momentum and \
                  energy",
        keys: &[
            key("dimension", Holds::Special, "2 (default) or 3"),
            key(
                "velocities",
                Holds::Special,
                "{ kind = \"lattice\", radius = 2 }: integer points with |v| <= radius",
            ),
            key(
                "cross_section",
                Holds::Special,
                "\"maxwell\" (default), \"hard-sphere\" or { power = 0.5 }: rate |v1 - v2|^power",
            ),
        ],
        families: &[],
        states: &[
            Named {
                name: "maxwellian",
                summary: "weights exp(-|v - drift|^2 / 2 temperature), an equilibrium",
                keys: &[
                    key("temperature", Holds::Number, "greater than 0"),
                    key("drift", Holds::Vector, "a velocity (default 0)"),
                ],
            },
            Named {
                name: "beams",
                summary: "two opposite Gaussian beams along the first axis",
                keys: &[
                    key("speed", Holds::Number, "of each beam"),
                    key("width", Holds::Number, "its standard deviation"),
                ],
            },
        ],
        observables: "vx, vy, m2, m4, txx, tyy, energy, qx; in 3D also vz, tzz",
        template: include_str!("../templates/kac.toml"),
        one_body_rank: 1,
    },
];

/// The kind of that name.
pub(crate) fn kind(name: &str) -> Option<&'static Kind> {
    KINDS.iter().find(|kind| kind.name == name)
}

/// The names of all kinds.
pub(crate) fn kind_names() -> Vec<&'static str> {
    KINDS.iter().map(|kind| kind.name).collect()
}

impl Kind {
    /// Whether `[model]` of this kind can have that key.
    pub(crate) fn has_key(&self, name: &str) -> bool {
        let families = self.families.iter().flat_map(|family| family.keys);
        self.keys.iter().chain(families).any(|key| key.name == name)
    }
}
