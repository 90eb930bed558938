//! docs/conformance.md, from the table of claims.

use std::fmt::Write as _;

use super::{COUNT, Claim, all, defects};

/// The page, as it must be.
///
/// # Errors
/// What is wrong with the table of claims.
pub fn page() -> Result<String, String> {
    let wrong = defects(all());
    if !wrong.is_empty() {
        return Err(wrong.join("\n"));
    }
    let mut out = format!(
        "# Conformance\n\n\
         The {COUNT} groups of numbered statements of T. Paul and M. Pulvirenti, *Asymptotic expansion of\n\
         the mean-field approximation* (hal-01579763v1) that can be computed: the public items that\n\
         implement each, and the rows of `cargo xtask verify` that show it. Models: J jump processes,\n\
         G arbitrary arrays, K Kac, P soft spheres (Povzner), Q finite levels, H particles on a grid\n\
         (Hartree). A claim is shown for a model only by rows that measure that model; a class without\n\
         one, or a row that does not exist, fails the table. \"Corrected\" means that the formula fails as\n\
         printed (claim 47). Written by `cargo xtask docs` from tests/src/claims; CI compares the two.\n\n\
         | | source | statement | models | items | rows |\n|---|---|---|---|---|---|\n"
    );
    for claim in all() {
        // Writing to a string cannot fail.
        let _ = writeln!(out, "{}", line(claim));
    }
    Ok(out)
}

fn line(claim: &Claim) -> String {
    let items: Vec<String> = claim.items.iter().map(|i| format!("[`{i}`]")).collect();
    let shown = claim.shown.iter().map(|shown| {
        let classes = match shown.classes {
            "" => String::new(),
            classes => format!(" ({classes})"),
        };
        format!("`{}`{classes}", shown.row)
    });
    let shown: Vec<String> = shown.collect();
    format!(
        "| {} | {} | {} | {} | {} | {} |",
        claim.number,
        claim.equations,
        claim.statement,
        claim.classes,
        items.join(", "),
        shown.join(", ")
    )
}
