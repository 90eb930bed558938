//! What the error cannot exceed, as a table.

use super::Table;
use super::panels::number_of;
use crate::compute::Record;
use crate::config::Config;

/// ‖F_j − F_j^{(n)}‖ ≤ 2 always: a bound from here on says nothing.
const IDLE: f64 = 1.0;

/// A row for every F_j and every N; none where no bounds were asked for.
pub(super) fn table(config: &Config, record: &Record) -> Option<Table> {
    let each = record.bounds.iter().map(|(&(j, n), by_time)| {
        let until = match by_time.iter().position(|&bound| bound >= IDLE) {
            None => "the end".to_owned(),
            Some(0) => "never".to_owned(),
            Some(k) => format!("t = {}", number_of(record.times[k - 1])),
        };
        let at_end = by_time.last().map_or(String::new(), |x| format!("{x:.1e}"));
        let errors = record.true_errors.get(&(j, config.expansion.order, n));
        let truth = errors.and_then(|errors| errors.last());
        let truth = truth.map_or(String::new(), |x| format!("{x:.1e}"));
        vec![format!("F_{j}"), n.to_string(), at_end, until, truth]
    });
    let rows: Vec<_> = each.collect();
    let header = ["", "N", "bound at the end", "below 1 until", "error, true"];
    (!rows.is_empty()).then(|| Table {
        title: "What the error cannot exceed".to_owned(),
        note: "A bound on the norm of F_j minus the whole truncation, for independent particles at \
               the start; rounding and the integrator's tolerance are estimated. An observable with \
               values between a and b is off by at most (b − a)/2 times the bound of F_1."
            .to_owned(),
        header: header.map(str::to_owned).to_vec(),
        rows,
        in_terminal: true,
    })
}
