//! docs/assumptions.md, from what was measured.

use std::fmt::Write as _;

use super::{ASSUMPTIONS, Cell, INTEGRATED, discretisations::discretisations};

/// The page, as it must be.
///
/// # Errors
/// A sentence on the discretisation that does not do what the page would say.
pub fn page() -> Result<String, String> {
    let mut out = String::from(
        "# Which assumptions hold\n\n\
         The theorem needs a few properties of the model (Appendix A of the paper). A discretisation\n\
         that has them exactly is inside the theorem itself: what it says holds for the discrete system,\n\
         whatever the grid. This table is written by `cargo xtask docs` from the measurements of the\n\
         suite `assumptions`; CI compares the two.\n\n",
    );
    // Writing to a string cannot fail.
    let _ = write!(out, "| discretisation |");
    for (number, _) in ASSUMPTIONS {
        let _ = write!(out, " {number} |");
    }
    let _ = writeln!(out, " |\n|---|{}---|", "---|".repeat(ASSUMPTIONS.len()));
    for one in discretisations() {
        let _ = write!(out, "| {} |", one.name);
        for (cell, (number, _)) in one.cells.iter().zip(ASSUMPTIONS) {
            let _ = match cell {
                Cell::Exact(defect) if *defect <= INTEGRATED => write!(out, " exact |"),
                Cell::Exact(defect) => {
                    return Err(format!("{}: {number} fails by {defect:e}", one.name));
                }
                Cell::Limit(..) => write!(out, " limit |"),
                Cell::NotClaimed => write!(out, " – |"),
            };
        }
        let _ = writeln!(out, " {} |", one.remark);
    }
    out.push('\n');
    for (number, meaning) in ASSUMPTIONS {
        let _ = writeln!(out, "- **{number}** {meaning}.");
    }
    out.push_str(
        "\n*exact*: to rounding, whatever the resolution. *limit*: violated on a coarse grid or at a low\n\
         degree, and by less than half as much at twice the resolution. *–*: not claimed.\n",
    );
    Ok(out)
}
