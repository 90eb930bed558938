//! kind = "levels".

use super::{Absent, Holds, Kind, Named, key};

const ZERO: Absent = Absent::Number(0.0);

pub(super) const LEVELS: Kind = Kind {
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
                    Holds::Number,
                    "pairs change level oppositely (default 0)",
                )
                .or(ZERO),
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
                key("x", Holds::Number, "(default 0)").or(ZERO),
                key("y", Holds::Number, "(default 0)").or(ZERO),
                key("z", Holds::Number, "(default 0)").or(ZERO),
            ],
        },
        Named {
            name: "basis",
            summary: "the level of that number, pure",
            keys: &[key(
                "index",
                Holds::Integer(0, usize::MAX),
                "0 is the first level",
            )],
        },
    ],
    observables: "sx, sy, sz, squeezing (two levels); p0, p1, ... (populations); energy_one_body",
    template: include_str!("../../templates/levels.toml"),
    one_body_rank: 2,
};
