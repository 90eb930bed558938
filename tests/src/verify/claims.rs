//! The claims of the paper, judged by the rows that show them.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Report, Verdict};
use crate::claims::Claim;

/// A claim and what became of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct JudgedClaim {
    /// Its number.
    pub number: usize,
    /// The equations and theorems.
    pub equations: &'static str,
    /// The statement in words.
    pub statement: &'static str,
    /// The classes of models it is about.
    pub classes: &'static str,
    /// The rows that show it.
    pub rows: Vec<String>,
    /// Holds when it is shown for every class and all its rows hold.
    pub verdict: Verdict,
}

impl Report {
    /// Judges some claims by the rows of this report.
    pub fn judge_claims<'a>(&mut self, claims: impl IntoIterator<Item = &'a Claim>) {
        let verdicts: BTreeMap<String, Verdict> = (self.rows.iter())
            .map(|judged| (format!("{}/{}", judged.suite, judged.id), judged.verdict))
            .collect();
        let judge = |claim: &Claim| {
            let rows = claim.rows();
            let of_row = |name: &String| verdicts.get(name).copied().unwrap_or(Verdict::Missing);
            let worst = rows.iter().map(of_row).find(|v| *v != Verdict::Holds);
            let verdict = match claim.defects().is_empty() {
                true => worst.unwrap_or(Verdict::Holds),
                false => Verdict::Missing,
            };
            JudgedClaim {
                number: claim.number,
                equations: claim.equations,
                statement: claim.statement,
                classes: claim.classes,
                rows,
                verdict,
            }
        };
        self.claims = claims.into_iter().map(judge).collect();
    }
}
