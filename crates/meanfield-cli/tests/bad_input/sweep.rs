//! A `[sweep]` that makes no sense.

use crate::common::require_refused;

const SPIN: &str = "[model]\nkind = \"levels\"\nfamily = \"one-axis-twisting\"\nchi = 1.0\n\
    [initial]\nstate = \"bloch\"\nx = 1.0\n[time]\nend = 1.0\n";

#[test]
fn law_every_sweep_that_makes_no_sense_is_refused() {
    let rows = [
        ("[sweep]\n", "`sweep` is empty"),
        ("[[sweep]]\n", "`sweep` is a list"),
        (
            "[sweep]\nmodel.chi = []\n",
            "`sweep.model.chi` is an empty list",
        ),
        (
            "[sweep]\nmodel.chi = 2.0\n",
            "`sweep.model.chi` is 2.0; expected a list of values",
        ),
        ("[sweep]\nmodel.chii = [1.0]\n", "did you mean `model.chi`?"),
        (
            "[sweep]\n\"mode.chi\" = [1.0]\n",
            "did you mean `model.chi`?",
        ),
        (
            "[sweep]\nexpansion.order = [1]\n",
            "write the key into its table first",
        ),
        (
            "[sweep]\ntime = [1.0]\n",
            "`sweep.time` is a table; expected one of its keys",
        ),
        (
            "[sweep]\nmodel.chi = [1.0, 1]\n",
            "`sweep.model.chi` holds 1 twice",
        ),
        (
            "[sweep]\nmodel.chi = [\"strong\"]\n",
            "`model.chi` is the string \"strong\"",
        ),
        ("[sweep]\nmodel.chi = [0.5, nan]\n", "`model.chi` is nan"),
        (
            "[sweep]\ntime.end = [1.0, -1.0]\n",
            "config.toml:11:18: `time.end` is -1.0",
        ),
        (
            "[sweep]\ntime.end = [-1.0]\n",
            "at time.end = -1.0 of [sweep]",
        ),
        (
            "[sweep]\nmodel.kind = [\"levles\"]\n",
            "did you mean `levels`?",
        ),
        (
            "[sweep]\nmodel.kind = [\"kac\"]\n",
            "at model.kind = \"kac\" of [sweep]",
        ),
        (
            "[sweep]\ntime.end = { from = 1, to = 2, points = 0 }\n",
            "`sweep.time.end.points` is 0",
        ),
        (
            "[sweep]\ntime.end = { from = 1, to = 2, points = 20000 }\n",
            "an integer from 2 to 10000",
        ),
        (
            "[sweep]\ntime.end = { from = 1, to = 2, points = 500 }\n\
             model.chi = { from = 1, to = 2, points = 500 }\n",
            "`sweep` is 500 × 500 points; expected",
        ),
        ("[sweep]\nlimits.threads = [1, 2]\n", "a key of [limits]"),
        ("[sweep]\nsweep.a = [1, 2]\n", "a key of [sweep]"),
        (
            "[sweep]\ninitial.state = [\"bloch\"]\ninitial.x = [2.0]\n",
            "at initial.state = \"bloch\", initial.x = 2.0 of [sweep]",
        ),
    ];
    let rows = rows.map(|(sweep, fragment)| (format!("{SPIN}{sweep}"), fragment));
    require_refused(rows.to_vec());
}
