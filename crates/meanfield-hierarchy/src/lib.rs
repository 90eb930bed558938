//! Mean-field flow, BBGKY hierarchy, correlation errors and the operators of the correlation hierarchy
