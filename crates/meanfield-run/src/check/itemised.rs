//! The plan of the cumulant method, item by item: its tensors, and what the memory
//! is for.

use meanfield::abstract_model::Model;
use meanfield::expansion::{ExpansionError, Memory};
use meanfield::tensor::{Scalar, packed_len};
use serde_json::{Value, json};

use crate::compute::Sizes;
use crate::units::bytes;

/// One cumulant g_{j,l}.
struct Tensor {
    j: usize,
    l: usize,
    entries: usize,
    bytes: u64,
}

/// What is planned.
pub(super) struct Itemised {
    tensors: Vec<Tensor>,
    vectors: usize,
    /// What it is, its key in JSON, and its bytes.
    items: Vec<(&'static str, &'static str, u64)>,
}

impl Itemised {
    /// Of a model at an order.
    ///
    /// # Errors
    /// [`ExpansionError::TooLarge`] when it cannot be counted.
    pub(super) fn new<S: Scalar>(
        model: &dyn Model<Scalar = S>,
        order: usize,
        sizes: &Sizes,
    ) -> Result<Self, ExpansionError> {
        let dimension = model.space().dimension();
        let memory = Memory::of(model, order)?;
        let places = (0..=order).flat_map(|p| (1..=p + 1).rev().map(move |j| (j, p + 1 - j)));
        let tensors = places.map(|(j, l)| {
            let entries = packed_len(dimension, j);
            let entries = entries.ok_or(ExpansionError::TooLarge { order, dimension })?;
            Ok::<_, ExpansionError>(Tensor {
                j,
                l,
                entries,
                bytes: (entries * size_of::<S>()) as u64,
            })
        });
        let vectors = memory.vectors.saturating_mul(memory.state) as u64;
        let arrays = model.bytes() as u64;
        let items = vec![
            ("integrator", "integrator", vectors),
            ("blocks of work", "scratch", memory.scratch as u64),
            ("index tables", "tables", memory.tables as u64),
            ("Δ₁", "linearisations", memory.linearisations as u64),
            ("V on pairs", "pairs", memory.pairs as u64),
            ("operators", "operators", memory.operators as u64),
            ("semigroup", "semigroup", memory.slots as u64),
            ("matrix products", "products", memory.products as u64),
            ("model's arrays", "model", arrays),
            ("program", "program", sizes.held.saturating_sub(arrays)),
            ("checkpoint", "checkpoint", sizes.checkpoint),
            ("marginals", "marginals", sizes.marginals),
            ("exact solver", "exact_solver", sizes.exact_solver),
            ("exact marginals", "exact", sizes.exact),
            ("output slices", "slices", sizes.slices),
            ("numbers by time", "record", sizes.record),
        ];
        Ok(Self {
            tensors: tensors.collect::<Result<_, _>>()?,
            vectors: memory.vectors,
            items,
        })
    }

    /// The tensors of each order.
    pub(super) fn tensors(&self, row: &mut dyn FnMut(&str, String)) {
        for of_order in self.tensors.chunk_by(|a, b| a.j + a.l == b.j + b.l).skip(1) {
            let each = of_order.iter().map(|tensor| {
                let Tensor { j, l, entries, .. } = tensor;
                format!("g_{j},{l} {entries} ({})", bytes(tensor.bytes))
            });
            let order = of_order[0].j + of_order[0].l - 1;
            let each: Vec<String> = each.collect();
            row(&format!("  order {order}"), each.join(", "));
        }
    }

    /// What the memory is for; what takes none is left out.
    pub(super) fn memory(&self, row: &mut dyn FnMut(&str, String)) {
        for &(name, key, size) in self.items.iter().filter(|(.., size)| *size > 0) {
            let times = match key {
                "integrator" => {
                    let each = bytes(size / self.vectors.max(1) as u64);
                    format!(" ({} times the unknowns, {each})", self.vectors)
                }
                "exact_solver" => " (before the expansion)".to_owned(),
                _ => String::new(),
            };
            row(&format!("  {name}"), format!("{}{times}", bytes(size)));
        }
    }

    /// The same for programs, bytes everywhere.
    pub(super) fn json(&self) -> (Value, Value) {
        let tensors = self.tensors.iter().map(|tensor| {
            let Tensor { j, l, entries, .. } = tensor;
            json!({"j": j, "l": l, "order": j + l - 1, "entries": entries, "bytes": tensor.bytes})
        });
        let memory = self.items.iter();
        let memory = memory.map(|&(_, key, size)| (key.to_owned(), size.into()));
        (
            Value::Array(tensors.collect()),
            Value::Object(memory.collect()),
        )
    }
}
