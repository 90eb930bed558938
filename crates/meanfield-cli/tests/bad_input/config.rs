//! Every mistake a configuration can hold is named: key, what was found, what
//! was expected; the exit code is 2 and nothing is left behind.

use crate::common::{Place, require_refused};

/// A sound configuration, part by part.
const MODEL: &str = r#"
[model]
kind = "custom"
labels = ["S", "I"]
K = [[-1.0, 1.0], [1.0, -1.0]]
V_index = [[1, 1, 0, 1], [0, 1, 0, 1], [1, 1, 1, 0], [1, 0, 1, 0]]
V_value = [1.0, -1.0, 1.0, -1.0]
"#;
const INITIAL: &str = "[initial]\nF = [0.4, 0.6]\n";
const TIME: &str = "[time]\nend = 1.0\nsamples = 4\n";
const LEVELS: &str = "[model]\nkind = \"levels\"\nfamily = \"one-axis-twisting\"\nchi = 1.0\n";
const BLOCH: &str = "[initial]\nstate = \"bloch\"\nx = 1.0\n";

/// Configuration and a fragment of the message it must give.
fn rows() -> Vec<(String, &'static str)> {
    let with = |rest: &str| format!("{MODEL}{INITIAL}{TIME}{rest}");
    let model = |text: &str| format!("[model]\n{text}\n{INITIAL}{TIME}");
    let initial = |text: &str| format!("{MODEL}[initial]\n{text}\n{TIME}");
    let time = |text: &str| format!("{MODEL}{INITIAL}[time]\n{text}\n");
    let levels = |text: &str| format!("[model]\nkind = \"levels\"\n{text}\n{BLOCH}{TIME}");
    vec![
        // Keys.
        (with("[expansoin]\norder = 1"), "did you mean `expansion`?"),
        (with("[expansion]\nordr = 1"), "did you mean `order`?"),
        (with("order = 1"), "`order` is not a key of [time]"),
        (time("end = 1.0\nsample = 3"), "did you mean `samples`?"),
        (
            model("kind = \"custom\"\nchi = 1.0\nK = [[0.0]]\nV = [[[[0.0]]]]"),
            "belongs to kind = \"levels\"",
        ),
        (
            levels("family = \"one-axis-twisting\"\nchi = 1.0\nlabels = [\"a\"]"),
            "belongs to kind = \"custom\"",
        ),
        (
            levels("family = \"one-axis-twisting\"\nchi = 1.0\nomega = 1.0"),
            "only with family = \"transverse-field\"",
        ),
        (
            levels("family = \"one-axis-twisting\"\nch = 1.0"),
            "did you mean `chi`?",
        ),
        (
            levels("family = \"one-axis-twisting\""),
            "`model.chi` is missing",
        ),
        (
            levels("family = \"one-axis-twisted\"\nchi = 1.0"),
            "did you mean `one-axis-twisting`?",
        ),
        (
            levels("family = \"one-axis-twisting\"\nchi = 1.0\nh = [[0, 0], [0, 0]]"),
            "`model.family` and `model.h` contradict",
        ),
        (
            levels("family = \"one-axis-twisting\"\nchi = 1.0\ndecay = -1"),
            "`model.decay` is -1; expected a finite number, at least 0",
        ),
        (levels("v = \"sz1*sz2\""), "`model.h` is missing"),
        (model("kind = \"levles\""), "did you mean `levels`?"),
        (model("K = [[0.0]]"), "`model.kind` is missing"),
        (format!("{INITIAL}{TIME}"), "`model.kind` is missing"),
        (format!("{MODEL}{TIME}"), "`initial.F` is missing"),
        (format!("{MODEL}{INITIAL}"), "`time.end` is missing"),
        (with("x ="), "not valid TOML"),
        (with("[time]\nend = 2.0"), "not valid TOML"),
        (
            with("[expansion]\nmethod = \"recursion\"\nerror = \"next\""),
            "whose terms depend on N",
        ),
        // Arrays.
        (
            model("kind = \"custom\"\nK = [[-1.0, 1.0], [1.0]]\nV = [[[[0.0]]]]"),
            "row [1] has 1 entries, but the rows before it have 2",
        ),
        (
            model("kind = \"custom\"\nK = [[nan]]\nV = [[[[0.0]]]]"),
            "entry [0, 0] is NaN",
        ),
        (
            model("kind = \"custom\"\nK = \"K.npz\"\nV = [[[[0.0]]]]"),
            "a list nested 2 deep",
        ),
        (
            model("kind = \"custom\"\nK = [[0.0]]\nV = [[[[0.0]]]]\nV_value = [0.0]"),
            "`model.V` and `model.V_index` contradict",
        ),
        (
            model("kind = \"custom\"\nK = [[0.0]]"),
            "`model.V` is missing",
        ),
        (
            model("kind = \"custom\"\nK = [[0.0]]\nV_value = [0.0]"),
            "`model.V_index` is missing",
        ),
        (
            model("kind = \"custom\"\nK = [[0.0]]\nV_index = [[0, 0, 0]]\nV_value = [0.0]"),
            "one row [a, b, c, d]",
        ),
        (
            model("kind = \"custom\"\nK = [[0.0]]\nV_index = [[0, 0, 0, 0.5]]\nV_value = [0.0]"),
            "entry [0, 3] is 0.5",
        ),
        (
            model("kind = \"custom\"\nfile = \"m.npz\"\nK = [[0.0]]"),
            "`model.file` and `model.K` contradict",
        ),
        (
            model("kind = \"custom\"\nfile = \"missing.npz\""),
            "cannot read",
        ),
        (
            model("kind = \"custom\"\nfile = \"config.toml\""),
            "not a complete npz file",
        ),
        (
            model("kind = \"custom\"\nnorm = \"l2\"\nK = [[0.0]]\nV = [[[[0.0]]]]"),
            "known: l1, none",
        ),
        (
            model("kind = \"custom\"\nlabels = [\"a\", \"a\"]\nK = [[0.0]]\nV = [[[[0.0]]]]"),
            "holds \"a\" twice",
        ),
        (
            format!(
                "{}{INITIAL}{TIME}",
                MODEL.replace("[0, 1, 0, 1]", "[0, 1, 0, 2]")
            ),
            "indices must be below 2",
        ),
        (
            format!(
                "{}{INITIAL}{TIME}",
                MODEL.replace("K = [[-1.0", "K = [[-2.0")
            ),
            "does not conserve the trace",
        ),
        (
            format!(
                "{}{INITIAL}{TIME}",
                MODEL.replace("[\"S\", \"I\"]", "[\"S\"]")
            ),
            "`labels`: found shape [1]",
        ),
        // The start.
        (
            initial("F = [0.4, 0.6]\nstate = \"bloch\""),
            "`initial.F` and `initial.state` contradict",
        ),
        (initial("F = [0.4, 0.7]"), "has trace 1.1"),
        (initial("F = [0.4, 0.3, 0.3]"), "found shape [3]"),
        (initial("F = [1.4, -0.4]"), "is not positive"),
        (initial("F = [[0.4, 0.1], [0.6, 0.0]]"), "complex"),
        (initial("state = \"beams\""), "has no named states"),
        (
            initial("F = [0.4, 0.6]\nstart = \"fixed\""),
            "did you mean `fixed-counts`?",
        ),
        (
            initial("F = [0.4, 0.6]\nstart = \"cumulants\""),
            "`initial.cumulants` is missing",
        ),
        (
            initial("F = [0.4, 0.6]\ncumulants = \"c.npz\""),
            "only with start = \"cumulants\"",
        ),
        (
            format!("{LEVELS}{BLOCH}start = \"fixed-counts\"\n{TIME}"),
            "occupation numbers",
        ),
        (
            format!("{LEVELS}[initial]\nstate = \"bloch\"\nx = 1.0\nz = 1.0\n{TIME}"),
            "bloch",
        ),
        (
            format!("{LEVELS}[initial]\nstate = \"basis\"\n{TIME}"),
            "`initial.index` is missing",
        ),
        (
            format!("{LEVELS}[initial]\nstate = \"basis\"\nindex = 2\n{TIME}"),
            "`index` is 2",
        ),
        (
            format!(
                "{LEVELS}[initial]\nstate = [{{ weight = 0.5, name = \"basis\", index = 0 }}]\n{TIME}"
            ),
            "weights sum to 0.5",
        ),
        (
            format!(
                "{LEVELS}[initial]\nstate = [{{ weight = 1, name = \"bloch\", w = 0 }}]\n{TIME}"
            ),
            "`w` is not a key of [initial.state[0]]",
        ),
        // Numerics.
        (
            with("[expansion]\norder = 2000"),
            "`expansion.order` is 2000",
        ),
        (with("[expansion]\norder = -1"), "`expansion.order` is -1"),
        (with("[expansion]\norder = 1.5"), "`expansion.order` is 1.5"),
        (
            with("[expansion]\nmarginals = []"),
            "`expansion.marginals` is an empty list",
        ),
        (with("[expansion]\nmarginals = [1, 1]"), "holds 1 twice"),
        (with("[expansion]\nmarginals = [0]"), "a list with 0"),
        (with("[expansion]\nmarginals = 2"), "write marginals = [..]"),
        (
            with("[expansion]\nmethod = \"cumulant\""),
            "did you mean `cumulants`?",
        ),
        (
            with("[expansion]\nerror = \"ration\""),
            "did you mean `ratio`?",
        ),
        (time("end = 0"), "`time.end` is 0"),
        (time("times = [0, 2, 1]"), "a list with 1 after 2"),
        (time("times = [0, 1, 1]"), "a list with 1 after 1"),
        (time("times = [0.5, 1]"), "a list that begins with 0.5"),
        (time("times = [0]"), "a list of 1"),
        (time("times = []"), "an empty list"),
        (time("times = [0, 1e-200]"), "a list that ends with 1e-200"),
        (time("times = [0, nan]"), "a list with nan"),
        (
            time("times = [0, \"1 +\"]"),
            "its end stands where a number",
        ),
        (
            time("times = [0, 1]\nend = 1"),
            "`time.times` and `time.end` contradict",
        ),
        (
            time("times = [0, 1]\nsamples = 3"),
            "`time.times` and `time.samples` contradict",
        ),
        (time("end = -1.0"), "`time.end` is -1.0"),
        (time("end = inf"), "`time.end` is inf"),
        (time("end = nan"), "`time.end` is nan"),
        (
            time("end = \"two\""),
            "`time.end` is the string \"two\": `two` is not",
        ),
        (time("end = 1\nsamples = 0"), "`time.samples` is 0"),
        (time("end = 1\ntolerance = 0.5"), "`time.tolerance` is 0.5"),
        (
            time("end = 1\ntolerance = 1e-16"),
            "`time.tolerance` is 1e-16",
        ),
        (
            with("[particles]\nN = [0]"),
            "`particles.N` is a list with 0",
        ),
        (
            with("[particles]\nN = []"),
            "`particles.N` is an empty list",
        ),
        (with("[particles]\nN = [10, 10]"), "holds 10 twice"),
        (
            with("[particles]\nN = [2]\n[expansion]\nmarginals = [1, 3]"),
            "N ≥ 3",
        ),
        (
            with("[compare]\nexact = [1]\n[expansion]\nmarginals = [2]"),
            "F_2 does not exist",
        ),
        // Observables and output.
        (
            with("[[observable]]\nname = \"R\""),
            "no observable named `R`",
        ),
        (
            with("[[observable]]\nvalues = [0, 1]"),
            "`observable[0].name` is missing",
        ),
        (
            with("[[observable]]\nname = \"a\"\nvalues = [0, 1, 2]"),
            "observable a",
        ),
        (
            with("[[observable]]\nname = \"a/b\"\nvalues = [0, 1]"),
            "without /",
        ),
        (
            with("[[observable]]\nname = \"S\"\n[[observable]]\nname = \"S\""),
            "twice",
        ),
        (
            with(
                "[[observable]]\nname = \"a\"\nvalues = [0, 1]\n[[observable]]\nname = \"a_var\"\nvalues = [0, 1]",
            ),
            "rename one",
        ),
        (with("[output]\nlimit = \"big\""), "a size greater than 0"),
        (with("[output]\ntimes = \"lst\""), "did you mean `last`?"),
        (
            with("[output]\ncumulants = true\n[expansion]\nmethod = \"recursion\""),
            "only method = \"cumulants\"",
        ),
        (with("[limits]\nthreads = 0"), "`limits.threads` is 0"),
        (with("[limits]\nmemory = \"1 KiB\""), "`limits.memory`"),
    ]
}

#[test]
fn law_every_mistake_is_named_with_exit_code_2_and_nothing_left() {
    require_refused(rows());
}

#[test]
fn law_the_message_points_at_the_line() {
    let place = Place::with_config("[time]\nend = -1.0\n[model]\nkind = \"custom\"\n");
    let output = place.meanfield(&["check", "config.toml"]);
    let message = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(message.starts_with("error: config.toml:"), "{message}");
    assert!(
        !message.contains('\x1b'),
        "no colour off a terminal: {message}"
    );
    let place = Place::with_config(&format!("{MODEL}{INITIAL}[time]\nend = -1.0\n"));
    let output = place.meanfield(&["check", "config.toml"]);
    let message = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(message.contains("config.toml:11:7:"), "{message}");
    assert!(message.contains("11 | end = -1.0"), "{message}");
    assert!(message.contains("|       ^^^^"), "{message}");
}

#[test]
fn law_bad_arguments_have_exit_code_2() {
    let place = Place::empty();
    for arguments in [
        &[][..],
        &["run"],
        &["solve"],
        &["run", "missing.toml"],
        &["check", "."],
        &["new", "cutsom"],
        &["run", "config.toml", "--frobnicate"],
    ] {
        let output = place.meanfield(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(!output.stderr.is_empty(), "{arguments:?}");
    }
    let output = place.meanfield(&["new", "cutsom"]);
    let message = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(message.contains("did you mean `custom`?"), "{message}");
}
