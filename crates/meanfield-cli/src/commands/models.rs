//! `meanfield models`.

use std::fmt::Write as _;

use crate::config::catalogue::{KINDS, Key, Named};
use crate::failure::Failure;
use crate::terminal;

/// Prints every model with its keys, states and observables.
///
/// # Errors
/// [`Failure::Internal`] when the output cannot be written.
pub(crate) fn models() -> Result<(), Failure> {
    let mut text = String::new();
    for kind in KINDS {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{}\n  {}\n  [model]", kind.name, kind.summary);
        list(&mut text, kind.keys);
        for family in kind.families {
            named(&mut text, "family", family);
        }
        let _ = writeln!(text, "  [initial]");
        let array = ["", "(D,)", "(d, d)"][kind.one_body_rank];
        let _ = writeln!(text, "    {:<14} {array}: the one-body state", "F");
        for state in kind.states {
            named(&mut text, "state", state);
        }
        let _ = writeln!(text, "  observables: {}\n", kind.observables);
    }
    text.push_str(
        "Every model: `state = [{ weight = 0.5, name = \"...\", ... }, ...]` draws each particle by itself\n\
         from a mixture; start = \"product\" (default), \"fixed-counts\" (custom only: exactly N F particles in\n\
         each state) or \"cumulants\" with cumulants = \"c.npz\" (arrays g_j_l); an [[observable]] is one named\n\
         above, or a name with `values`.\n\n",
    );
    text.push_str("`meanfield new MODEL` prints a configuration to start from.\n");
    terminal::print(&text)
}

fn list(text: &mut String, keys: &[Key]) {
    for key in keys {
        let _ = writeln!(text, "    {:<14} {}", key.name, key.meaning);
    }
}

fn named(text: &mut String, what: &str, named: &Named) {
    let _ = writeln!(text, "    {what} = \"{}\": {}", named.name, named.summary);
    for key in named.keys {
        let _ = writeln!(text, "      {:<12} {}", key.name, key.meaning);
    }
}
