//! What can be wrong with a model or a start.

/// Errors of a model's definition and of its initial states.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ModelError {
    /// An array has the wrong shape.
    #[error("array `{array}`: found shape {found:?}, expected {expected}")]
    Shape {
        /// Name of the array.
        array: String,
        /// The shape found.
        found: Vec<usize>,
        /// The shape that was expected, in words.
        expected: String,
    },
    /// An entry is NaN or infinite.
    #[error("array `{array}`: entry {index:?} is {found}, expected a finite number")]
    NotFinite {
        /// Name of the array.
        array: String,
        /// Index of the entry.
        index: Vec<usize>,
        /// The entry.
        found: String,
    },
    /// An index points outside the one-body space.
    #[error("array `{array}`: row {row} is {found:?}, but indices must be below {dimension}")]
    Index {
        /// Name of the array.
        array: String,
        /// Row of the index list.
        row: usize,
        /// The indices.
        found: Vec<usize>,
        /// Dimension of the space the indices run over.
        dimension: usize,
    },
    /// A generator changes the trace: Tr∘K ≠ 0 or (Tr⊗Tr)∘V ≠ 0 (93).
    #[error(
        "array `{array}` does not conserve the trace: the trace of its column {column:?} is \
         {found:?}, expected 0 (within {allowed:?}); the diagonal entry must balance the rates \
         that leave the state"
    )]
    TraceNotKept {
        /// Name of the array.
        array: String,
        /// The column.
        column: Vec<usize>,
        /// Its trace.
        found: f64,
        /// The rounding that is allowed.
        allowed: f64,
    },
    /// V is not symmetric under exchange of the particles: σ₁₂Vσ₁₂ ≠ V.
    #[error(
        "array `{array}` is not symmetric under exchange of the two particles: entry {index:?} is \
         {found} but entry {partner:?} is {other}; a pair is counted once, so both orders must \
         carry the same rate"
    )]
    NotExchangeSymmetric {
        /// Name of the array.
        array: String,
        /// Index of the entry.
        index: [usize; 4],
        /// The entry.
        found: String,
        /// Index after the exchange.
        partner: [usize; 4],
        /// The entry there.
        other: String,
    },
    /// A rate of a population model is negative.
    #[error(
        "array `{array}`: the rate from {from:?} to {to:?} is {rate}, expected at least 0; for a \
         generator that is not a jump process set norm = \"none\""
    )]
    NegativeRate {
        /// Name of the array.
        array: String,
        /// The state left.
        from: Vec<usize>,
        /// The state reached.
        to: Vec<usize>,
        /// The rate.
        rate: f64,
    },
    /// An operator is not Hermitian.
    #[error("array `{array}` is not Hermitian: entry {index:?} is {found}, its mirror {mirror}")]
    NotHermitian {
        /// Name of the array.
        array: String,
        /// Index of the entry.
        index: Vec<usize>,
        /// The entry.
        found: String,
        /// The entry it should be the conjugate of.
        mirror: String,
    },
    /// A one-body state has another trace than 1.
    #[error("the one-body state `{array}` has trace {found}, expected 1 (within 1e-10)")]
    NotNormalised {
        /// Name of the array.
        array: String,
        /// The trace.
        found: f64,
    },
    /// A one-body state is not positive.
    #[error("the one-body state `{array}` is not positive: its least {what} is {found:?}")]
    NotPositive {
        /// Name of the array.
        array: String,
        /// "entry" or "eigenvalue".
        what: &'static str,
        /// The least entry or eigenvalue.
        found: f64,
    },
    /// A parameter is out of range.
    #[error("`{key}` is {found}, expected {expected}")]
    Parameter {
        /// The key.
        key: &'static str,
        /// What was found.
        found: String,
        /// What was expected.
        expected: String,
    },
    /// The generator has more terms than K + V/N.
    #[error(
        "{what} is for a generator K + V/N, and this one has further terms ({terms}); {instead}"
    )]
    FurtherTerms {
        /// What refuses.
        what: &'static str,
        /// How many further terms there are.
        terms: usize,
        /// What to do instead.
        instead: &'static str,
    },
    /// The model has no such observable or state.
    #[error("there is no {kind} named `{name}`; this model has: {known}")]
    Unknown {
        /// "observable" or "state".
        kind: &'static str,
        /// The name asked for.
        name: String,
        /// The names there are.
        known: String,
    },
    /// The tensor layer refused.
    #[error(transparent)]
    Tensor(#[from] meanfield_tensor::TensorError),
}
