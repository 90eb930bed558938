//! kind = "custom".

use super::{Holds, Kind, key};

pub(super) const CUSTOM: Kind = Kind {
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
    template: include_str!("../../templates/custom.toml"),
    one_body_rank: 1,
};
