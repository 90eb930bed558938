//! The moves of the packed algebra against sums over particles on dense tensors.

use num_complex::Complex64;

use super::*;
use crate::dense;

/// Numbers without structure, from a linear congruence.
pub(super) fn noise(n: usize, mut seed: u64) -> Vec<f64> {
    (0..n)
        .map(|_| {
            seed = seed.wrapping_mul(6364136223846793005).wrapping_add(11);
            (seed >> 11) as f64 / (1_u64 << 52) as f64 - 1.0
        })
        .collect()
}

/// Rounding of sums of fewer than a hundred terms of size one.
const ROUNDING: f64 = 1e-12;

pub(super) fn close(a: &[f64], b: &[f64]) {
    assert_eq!(a.len(), b.len());
    for (x, y) in a.iter().zip(b) {
        assert!((x - y).abs() <= ROUNDING, "{x} is not {y}");
    }
}

#[test]
fn law_packed_product_is_the_sum_over_subsets() {
    for d in 1..6 {
        let layout = SymmetricLayout::new(d, 5).unwrap();
        for (p, q) in [(0, 2), (1, 1), (1, 3), (2, 2), (2, 3), (3, 1)] {
            let (a, b) = (noise(layout.len(p), 1), noise(layout.len(q), 2));
            let mut out = vec![0.25; layout.len(p + q)];
            layout.add_product((p, &a), (q, &b), 2.0, &mut out);
            let (da, db) = (
                dense::from_packed(&layout, p, &a),
                dense::from_packed(&layout, q, &b),
            );
            let mut slow = dense::zeros::<f64>(d, p + q);
            for subset in dense::subsets(p + q).filter(|s| s.len() == p) {
                slow = slow + dense::outer_on(&da, &subset, &db) * 2.0;
            }
            let slow = dense::to_packed(&layout, &slow);
            close(&out, &slow.iter().map(|x| x + 0.25).collect::<Vec<_>>());
        }
    }
}

#[test]
fn law_slot_and_pair_sums_are_sums_over_particles() {
    // Entries known by occupation numbers, by both, and by indices alone.
    for d in [1, 3, 5, 8] {
        slot_and_pair_sums(d);
    }
}

fn slot_and_pair_sums(d: usize) {
    let layout = SymmetricLayout::new(d, 4).unwrap();
    for j in 2..=4 {
        let t = noise(layout.len(j), 3);
        let (m1, m2) = (layout.len(j - 1), layout.len(j - 2));
        let op = noise(d * d * d * d, 4);
        let dense_t = dense::from_packed(&layout, j, &t);
        // One slot.
        let mut panel = vec![9.0; d * m1];
        layout.one_slot(j, &t, &mut panel);
        let mut image = vec![0.0; d * m1];
        for a in 0..d {
            for b in 0..d {
                for m in 0..m1 {
                    image[a * m1 + m] += op[a * d + b] * panel[b * m1 + m];
                }
            }
        }
        let mut out = vec![0.0; layout.len(j)];
        layout.add_slot_sum(j, 1.0, &image, &mut out);
        let mut slow = dense::zeros::<f64>(d, j);
        for i in 0..j {
            slow += &dense::on_slot(&dense_t, i, |x, mut y| {
                for a in 0..d {
                    for b in 0..d {
                        y.row_mut(a).scaled_add(op[a * d + b], &x.row(b));
                    }
                }
            });
        }
        close(&out, &dense::to_packed(&layout, &slow));
        // Two slots, in column blocks of uneven width.
        let mut out = vec![0.0; layout.len(j)];
        let cut = m2.div_ceil(2);
        for columns in [0..cut, cut..m2] {
            let width = columns.len();
            let mut panel = vec![9.0; d * d * width];
            layout.two_slots(j, &t, columns.clone(), &mut panel);
            let mut image = vec![0.0; d * d * width];
            for ab in 0..d * d {
                for cd in 0..d * d {
                    for m in 0..width {
                        image[ab * width + m] += op[ab * d * d + cd] * panel[cd * width + m];
                    }
                }
            }
            layout.add_pair_sum(j, 1.0, &image, columns, &mut out);
        }
        let mut slow = dense::zeros::<f64>(d, j);
        for i in 0..j {
            for r in (0..j).filter(|&r| r != i) {
                slow += &dense::on_pair(&dense_t, i, r, |x, mut y| {
                    for ab in 0..d * d {
                        for cd in 0..d * d {
                            y.row_mut(ab).scaled_add(op[ab * d * d + cd], &x.row(cd));
                        }
                    }
                });
            }
        }
        close(&out, &dense::to_packed(&layout, &slow));
    }
}

/// The sorted indices of an entry.
fn indices(layout: &SymmetricLayout, j: usize, entry: usize) -> Vec<u32> {
    layout.ranks.indices(j, entry).to_vec()
}

/// The entry with these indices.
fn entry(layout: &SymmetricLayout, indices: impl IntoIterator<Item = u32>) -> usize {
    let mut sorted: Vec<u32> = indices.into_iter().collect();
    sorted.sort_unstable();
    layout.ranks.rank(&sorted)
}

#[test]
fn law_entries_are_grouped_by_their_largest_index() {
    for d in [1, 2, 5] {
        let layout = SymmetricLayout::new(d, 4).unwrap();
        assert_eq!(layout.first_with_top(0, d), 0);
        for j in 1..=4 {
            for top in 0..=d {
                let below = |k: &usize| indices(&layout, j, *k).iter().all(|&a| (a as usize) < top);
                let count = (0..layout.len(j)).filter(below).count();
                assert_eq!(layout.first_with_top(j, top), count);
            }
        }
    }
}

/// Packed pairs beside columns, by their definition, whatever the panel held before; and
/// sums of them in two parts, below and from an index on.
fn panels_of_pairs(d: usize, j: usize, width: usize) {
    let layout = SymmetricLayout::new(d, j).unwrap();
    let (t, rest, pairs) = (noise(layout.len(j), 3), layout.len(j - 2), layout.len(2));
    let columns = |k: usize| k * width..((k + 1) * width).min(rest);
    let panels: Vec<Vec<f64>> = (0..rest.div_ceil(width))
        .map(|k| noise(pairs * columns(k).len(), 7 + k as u64))
        .collect();
    for (k, before) in panels.iter().enumerate() {
        let mut found = before.clone();
        layout.pair_columns(j, &t, columns(k), &mut found);
        for (pair, row) in found.chunks(columns(k).len()).enumerate() {
            for (&x, gamma) in row.iter().zip(columns(k)) {
                let union = indices(&layout, 2, pair).into_iter();
                let alpha = entry(&layout, union.chain(indices(&layout, j - 2, gamma)));
                assert_eq!(x, t[alpha], "D = {d}, j = {j}, {pair} beside {gamma}");
            }
        }
    }
    let slow: Vec<f64> = (0..layout.len(j))
        .map(|k| {
            let alpha = indices(&layout, j, k);
            let mut sum = 0.25;
            for r in 0..j {
                for i in 0..r {
                    let others = (0..j).filter(|&s| s != i && s != r).map(|s| alpha[s]);
                    let gamma = entry(&layout, others);
                    let pair = entry(&layout, [alpha[i], alpha[r]]);
                    let panel = &panels[gamma / width];
                    sum += panel[pair * columns(gamma / width).len() + gamma % width];
                }
            }
            sum
        })
        .collect();
    let mut whole: Option<Vec<f64>> = None;
    for middle in [0, d / 3, d / 2, d - 1, d] {
        let mut out = vec![0.25; layout.len(j)];
        let (low, high) = out.split_at_mut(layout.first_with_top(j, middle));
        for (k, panel) in panels.iter().enumerate() {
            layout.add_pair_sum_columns(j, panel, columns(k), 0..middle, low);
            layout.add_pair_sum_columns(j, panel, columns(k), middle..d, high);
        }
        close(&out, &slow);
        // The same bits, wherever the tensor is cut.
        assert_eq!(whole.get_or_insert_with(|| out.clone()), &out);
    }
}

#[test]
fn law_panels_of_pairs_and_their_sums_are_what_they_say() {
    for (d, most) in [(1, 6), (2, 6), (3, 6), (7, 5), (13, 4), (18, 4), (33, 3)] {
        for j in 2..=most {
            for width in [1, 3, 8, 20, 40] {
                panels_of_pairs(d, j, width);
            }
        }
    }
}

/// Complex numbers, which are moved one by one, as their parts are, which are moved in
/// vectors where the processor has them: a move is linear and real.
#[test]
fn law_complex_numbers_move_as_their_parts_do() {
    let both = |re: &[f64], im: &[f64]| -> Vec<Complex64> {
        let parts = re.iter().zip(im);
        parts.map(|(&x, &y)| Complex64::new(x, y)).collect()
    };
    for (d, j, width) in [(3, 4, 5), (9, 3, 4), (17, 4, 40), (20, 3, 20)] {
        let layout = SymmetricLayout::new(d, j).unwrap();
        let columns = 0..width;
        let t = [1, 2].map(|seed| noise(layout.len(j), seed));
        let mixed = both(&t[0], &t[1]);
        let zero = Complex64::new(0.0, 0.0);
        for pairs in [false, true] {
            let rows = if pairs { layout.len(2) } else { d };
            let expose = |t: &[f64]| {
                let mut panel = vec![9.0; rows * width];
                match pairs {
                    true => layout.pair_columns(j, t, columns.clone(), &mut panel),
                    false => layout.one_slot_columns(j, t, columns.clone(), &mut panel),
                }
                panel
            };
            let mut panel = vec![zero; rows * width];
            match pairs {
                true => layout.pair_columns(j, &mixed, columns.clone(), &mut panel),
                false => layout.one_slot_columns(j, &mixed, columns.clone(), &mut panel),
            }
            let parts = t.each_ref().map(|t| expose(t));
            assert_eq!(panel, both(&parts[0], &parts[1]));
            let sum = |panel: &[f64]| {
                let mut out = vec![0.25; layout.len(j)];
                let columns = columns.clone();
                match pairs {
                    true => layout.add_pair_sum_columns(j, panel, columns, 0..d, &mut out),
                    false => layout.add_slot_sum_columns(j, 1.0, panel, columns, 0..d, &mut out),
                }
                out
            };
            let mut out = vec![Complex64::new(0.25, 0.25); layout.len(j)];
            let one = Complex64::new(1.0, 0.0);
            match pairs {
                true => layout.add_pair_sum_columns(j, &panel, columns.clone(), 0..d, &mut out),
                false => {
                    layout.add_slot_sum_columns(j, one, &panel, columns.clone(), 0..d, &mut out);
                }
            }
            let parts = parts.each_ref().map(|panel| sum(panel));
            assert_eq!(out, both(&parts[0], &parts[1]));
        }
    }
}

#[test]
fn law_columns_and_parts_of_a_slot_sum_make_up_the_whole() {
    for (d, j) in [(1, 3), (4, 2), (5, 3), (70, 2), (11, 5), (17, 4), (21, 3)] {
        let layout = SymmetricLayout::new(d, j).unwrap();
        let (t, all) = (noise(layout.len(j), 5), layout.len(j - 1));
        let panel = noise(d * all, 6);
        let mut whole = vec![0.25; layout.len(j)];
        layout.add_slot_sum(j, 0.5, &panel, &mut whole);
        let mut exposed = vec![9.0; d * all];
        layout.one_slot(j, &t, &mut exposed);
        let mut bits: Option<(usize, Vec<f64>)> = None;
        let cuts = [0, 5, all / 3, all / 2, all - 1].map(|cut| cut.min(all));
        let middles = [0, 1, d / 3, d / 2, d - 1, d];
        for (cut, middle) in cuts.into_iter().flat_map(|c| middles.map(|m| (c, m))) {
            let mut out = vec![0.25; layout.len(j)];
            let (low, high) = out.split_at_mut(layout.first_with_top(j, middle));
            for columns in [0..cut, cut..all] {
                let part = |x: &[f64]| -> Vec<f64> {
                    x.chunks(all)
                        .flat_map(|row| row[columns.clone()].to_vec())
                        .collect()
                };
                let mut found = vec![9.0; d * columns.len()];
                layout.one_slot_columns(j, &t, columns.clone(), &mut found);
                assert_eq!(found, part(&exposed));
                let own = part(&panel);
                layout.add_slot_sum_columns(j, 0.5, &own, columns.clone(), 0..middle, low);
                layout.add_slot_sum_columns(j, 0.5, &own, columns.clone(), middle..d, high);
            }
            close(&out, &whole);
            // The same bits, wherever the tensor is cut.
            match &bits {
                Some((at, bits)) if *at == cut => assert_eq!(bits, &out),
                _ => bits = Some((cut, out)),
            }
        }
    }
}

#[test]
fn law_a_part_of_the_layout_is_laid_out_like_the_whole() {
    let (whole, part) = (
        SymmetricLayout::new(3, 6).unwrap(),
        SymmetricLayout::between(3, 4, 6).unwrap(),
    );
    assert_eq!((part.lowest(), part.degree()), (4, 6));
    for j in 5..=6 {
        for a in 0..3 {
            assert_eq!(part.insertion_row(j, a), whole.insertion_row(j, a));
        }
        for k in 0..whole.len(j) {
            assert_eq!(part.occupation(j, k), whole.occupation(j, k));
        }
    }
    let bytes = |low| SymmetricLayout::table_bytes_between(3, low, 6).unwrap();
    assert!(bytes(0) > bytes(4));
    assert_eq!(bytes(0), SymmetricLayout::table_bytes(3, 6).unwrap());
}

#[test]
fn law_contracting_a_power_lowers_it() {
    let layout = SymmetricLayout::new(3, 4).unwrap();
    let f = [0.2, 0.5, 0.3];
    let down = layout.contract(4, &[1.0; 3], &layout.power(&f, 4));
    close(&down, &layout.power(&f, 3));
    let weights: f64 = (0..layout.len(4)).map(|k| layout.multiplicity(4, k)).sum();
    close(&[weights], &[81.0]);
}

#[test]
fn law_contracting_is_a_sum_over_the_index() {
    // One column, and more of them than are exposed at a time.
    for (d, j) in [(4, 1), (5, 2), (40, 3)] {
        let layout = SymmetricLayout::new(d, j).unwrap();
        let (t, functional) = (noise(layout.len(j), 7), noise(d, 8));
        let sum = |beta| -> f64 {
            let each = functional.iter().enumerate();
            each.map(|(a, x)| x * t[layout.insert(j, a, beta)]).sum()
        };
        let slow: Vec<f64> = (0..layout.len(j - 1)).map(sum).collect();
        close(&layout.contract(j, &functional, &t), &slow);
    }
}

#[test]
fn law_the_only_slot_is_added_as_it_is() {
    let layout = SymmetricLayout::new(5, 1).unwrap();
    let panel = noise(5, 9);
    let mut out = vec![0.25; 5];
    layout.add_slot_sum(1, 0.5, &panel, &mut out);
    let slow: Vec<f64> = panel.iter().map(|x| 0.25 + 0.5 * x).collect();
    close(&out, &slow);
}
