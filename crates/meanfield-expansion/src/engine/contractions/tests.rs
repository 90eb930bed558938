//! Contractions along columns against sums over all entries.

use meanfield_abstract::{Interaction, PairEntry, PairOperator, problems::Noise};
use meanfield_tensor::{Space, SymmetricLayout, vectorised};

use super::*;

/// Rounding of sums of a few hundred terms of size one.
const ROUNDING: f64 = 1e-12;

/// Some transitions out of every state but the first, with a share of their rates: of
/// the first two rates differ by a factor.
fn operator(d: usize, leaving: usize, share: f64, noise: &mut Noise) -> PairOperator<f64> {
    let mut entries = Vec::new();
    for c in 1..d {
        for e in 0..d {
            let rate = noise.scalar::<f64>();
            for n in 0..(leaving + c % 2).min(d) {
                let own = noise.scalar::<f64>();
                if noise.uniform() < share {
                    entries.push(PairEntry {
                        a: (c + n) % d,
                        b: e,
                        c,
                        d: e,
                        value: if n < 2 { rate * (n + 1) as f64 } else { own },
                    });
                }
            }
        }
    }
    PairOperator::new(Space::probabilities(d), entries)
}

/// Block by block, into buffers that are not empty, against the sum over all entries.
fn is_the_sum_over_all_entries(d: usize, j: usize, leaving: usize, share: f64, most: usize) {
    let mut noise = Noise::new((d * j + leaving) as u64);
    let operator = operator(d, leaving, share, &mut noise);
    let transitions = operator.transitions();
    assert!(d < 9 || transitions.are_whole() == (share > 0.5));
    let by_partner = ByPartner::new(d, 2, transitions);
    assert_eq!(
        by_partner.rates.len(),
        ByPartner::numbers(d, 2, transitions)
    );
    assert_eq!(ByPartner::numbers(d, 1, transitions), 0);
    let layout = SymmetricLayout::new(d, j).expect("small tensors can be indexed");
    let g = noise.vector::<f64>(layout.len(j));
    let (m, all, len) = (j - 1, layout.len(j - 1), layout.len(j - 2));
    let mut channels = vec![9.0; transitions.channels() * len];
    for from in (0..all).step_by(most) {
        let columns = from..all.min(from + most);
        let mut panel = vec![9.0; d * columns.len()];
        layout.one_slot_columns(j, &g, columns.clone(), &mut panel);
        let mut sums = vec![9.0; m * transitions.most_leaving() * columns.len()];
        let columns = Columns {
            layout: &layout,
            label: (j, 0),
            range: columns,
        };
        vectorised(Along {
            columns: &columns,
            transitions,
            by_partner: &by_partner,
            panel: &panel,
            sums: &mut sums,
        });
        keep(&columns, transitions, &by_partner, &sums, &mut channels);
    }
    let mut unpacked = vec![0.0; d * d * len];
    layout.two_slots(j, &g, 0..len, &mut unpacked);
    let mut expected = vec![0.25; d * len];
    operator.add_q(
        1.0,
        meanfield_tensor::panel(d * d, &unpacked),
        meanfield_tensor::panel_mut(d, &mut expected),
    );
    let mut found = vec![0.25; d * len];
    for columns in [0..len / 3, len / 3..len] {
        let mut image: Vec<f64> = found
            .chunks(len)
            .flat_map(|row| row[columns.clone()].to_vec())
            .collect();
        if columns.is_empty() {
            continue;
        }
        vectorised(AddChannels {
            transitions,
            len,
            columns: columns.clone(),
            channels: &channels,
            image: &mut image,
        });
        for (row, own) in found.chunks_mut(len).zip(image.chunks(columns.len())) {
            row[columns.clone()].copy_from_slice(own);
        }
    }
    for (x, y) in found.iter().zip(&expected) {
        assert!((x - y).abs() < ROUNDING, "D = {d}, j = {j}: {x} is not {y}");
    }
}

#[test]
fn law_contraction_along_columns_is_the_sum_over_all_entries() {
    for (d, most_j) in [(1, 6), (2, 6), (3, 5), (7, 4), (9, 4), (20, 3)] {
        for j in 3..=most_j {
            for leaving in [1, 2, 4] {
                for share in [1.0, 0.1] {
                    for most in [1, 7, 30, 1000] {
                        is_the_sum_over_all_entries(d, j, leaving, share, most);
                    }
                }
            }
        }
    }
}
