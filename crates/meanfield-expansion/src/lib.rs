//! Every coefficient of the 1/N expansion of the marginals, in three forms: recursion, coefficients free of N, connected cumulants
