//! Exact N-body evolution in the symmetric subspace, and closed forms: the reference every approximation is checked against
