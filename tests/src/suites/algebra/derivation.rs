//! The derivation of (117) in Appendix B: every 𝓣_i^s as the sum over subsets
//! that defines it, against the formula it is brought to, (123)–(137).

use meanfield::hierarchy::literal::Literal;
use meanfield::tensor::dense;
use meanfield_testing::worse;
use ndarray::ArrayD;
use num_complex::Complex64;

use super::identity;
use super::insertion::family;
use crate::instances::{self, Instance};
use crate::paper::exact::exact;
use crate::paper::labelled::{Labelled, sign, subsets, with, without};
use crate::paper::{apart, scaled};
use crate::verify::Row;

type Sum = Labelled<Complex64>;

/// N particles of which J = {0 … j−1} are looked at; `j` is one more, j+1 of the
/// paper.
pub(crate) struct Derivation<'a> {
    literal: Literal<'a, Complex64>,
    particles: f64,
    /// E_0 … E_{j+1}.
    errors: &'a [ArrayD<Complex64>],
    set: Vec<usize>,
    next: usize,
}

/// Which of two particles lie in K'.
type Case = (bool, bool);

impl<'a> Derivation<'a> {
    pub(crate) fn new(
        instance: &'a Instance<Complex64>,
        f: &'a [Complex64],
        (particles, j): (usize, usize),
        errors: &'a [ArrayD<Complex64>],
    ) -> Self {
        Self {
            literal: Literal {
                model: &*instance.model,
                f,
            },
            particles: particles as f64,
            errors,
            set: (0..j).collect(),
            next: j,
        }
    }

    fn zero(&self) -> Sum {
        Labelled::zero(self.literal.f.len(), &self.set)
    }

    fn e(&self, labels: Vec<usize>) -> Sum {
        Labelled::of(self.errors, labels)
    }

    /// F_L by (109).
    fn marginal(&self, labels: &[usize]) -> Sum {
        let mut out = Labelled::zero(self.literal.f.len(), labels);
        for k in subsets(labels) {
            out.add(1.0, &self.e(without(labels, &k)).insert(self.literal.f, &k));
        }
        out
    }

    /// α(m, N) = (N−m)/N.
    fn alpha(&self, m: usize) -> f64 {
        (self.particles - m as f64) / self.particles
    }

    fn values(tensor: &ArrayD<Complex64>) -> Vec<Complex64> {
        tensor.iter().copied().collect()
    }

    fn drift(&self) -> Vec<Complex64> {
        Self::values(&self.literal.drift())
    }

    /// ∂t F = K F + Q(F,F).
    fn slope(&self) -> Vec<Complex64> {
        let free = self.literal.k(&dense::vector(self.literal.f));
        Self::values(&(free + self.literal.drift()))
    }

    /// 𝓣_1 as in (123).
    fn t1(&self) -> Sum {
        let (f, slope) = (self.literal.f, self.slope());
        let mut out = self.zero();
        for k in subsets(&self.set) {
            for &k0 in &k {
                let rest = self.marginal(&without(&self.set, &k));
                let there = rest.insert(&slope, &[k0]).insert(f, &without(&k, &[k0]));
                out.add(sign(&k), &there);
            }
        }
        out
    }

    /// (124).
    fn t1_formula(&self) -> Sum {
        let slope = self.slope();
        let mut out = self.zero();
        for &i in &self.set {
            let rest = self.e(without(&self.set, &[i]));
            out.add(-1.0, &rest.insert(&slope, &[i]));
        }
        out
    }

    /// 𝓣_2, or the part with i ∈ K' and j+1 ∈ K' as `case` says (125).
    fn t2(&self, case: Option<Case>) -> Sum {
        let f = self.literal.f;
        let mut out = self.zero();
        for k in subsets(&self.set) {
            let rest = without(&self.set, &k);
            let wide = with(&rest, &[self.next]);
            let weight = sign(&k) * self.alpha(self.set.len() - k.len());
            for &i in &rest {
                let Some(case) = case else {
                    let image = self.marginal(&wide).collide(&self.literal, i, self.next);
                    out.add(weight, &image.insert(f, &k));
                    continue;
                };
                for other in subsets(&wide) {
                    if (other.contains(&i), other.contains(&self.next)) == case {
                        let e = self.e(without(&wide, &other)).insert(f, &other);
                        let image = e.collide(&self.literal, i, self.next);
                        out.add(weight, &image.insert(f, &k));
                    }
                }
            }
        }
        out
    }

    /// C_{i,j+1} of E with F at `at`, summed over i with weight α(j) for `at` and
    /// −1/N over l ≠ i for F at l too: the common form of (126), (128)–(130).
    fn t2_formula(&self, at: impl Fn(usize) -> Vec<usize>) -> Sum {
        let f = self.literal.f;
        let all = with(&self.set, &[self.next]);
        let mut out = self.zero();
        for &i in &self.set {
            let image = |places: &[usize]| {
                let e = self.e(without(&all, places)).insert(f, places);
                e.collide(&self.literal, i, self.next)
            };
            out.add(self.alpha(self.set.len()), &image(&at(i)));
            for &l in self.set.iter().filter(|&&l| l != i) {
                out.add(-1.0 / self.particles, &image(&with(&at(i), &[l])));
            }
        }
        out
    }

    /// (126) with Q(F,F) in the place of C_{i,j+1} F F.
    fn t21_formula(&self) -> Sum {
        let (f, drift) = (self.literal.f, self.drift());
        let mut out = self.zero();
        for &i in &self.set {
            let rest = without(&self.set, &[i]);
            let own = self.e(rest.clone()).insert(&drift, &[i]);
            out.add(self.alpha(self.set.len()), &own);
            for &l in &rest {
                let e = self.e(without(&rest, &[l])).insert(f, &[l]);
                out.add(-1.0 / self.particles, &e.insert(&drift, &[i]));
            }
        }
        out
    }

    /// (127): what is left of 𝓣_1 + 𝓣_2^1 but for K F.
    fn compensated(&self) -> Sum {
        let (f, drift) = (self.literal.f, self.drift());
        let free = Self::values(&self.literal.k(&dense::vector(f)));
        let share = self.set.len() as f64 / self.particles;
        let mut out = self.zero();
        for &i in &self.set {
            let rest = without(&self.set, &[i]);
            let e = self.e(rest.clone());
            out.add(-share, &e.insert(&drift, &[i]));
            out.add(-1.0, &e.insert(&free, &[i]));
            for &l in &rest {
                let e = self.e(without(&rest, &[l])).insert(f, &[l]);
                out.add(-1.0 / self.particles, &e.insert(&drift, &[i]));
            }
        }
        out
    }

    /// 𝓣_3, or the part with i ∈ K' and r ∈ K' as `case` says (131).
    fn t3(&self, case: Option<Case>) -> Sum {
        let f = self.literal.f;
        let mut out = self.zero();
        for k in subsets(&self.set) {
            let rest = without(&self.set, &k);
            let weight = sign(&k) / (2.0 * self.particles);
            for &i in &rest {
                for &r in rest.iter().filter(|&&r| r != i) {
                    let Some(case) = case else {
                        let image = self.marginal(&rest).pair(&self.literal, i, r);
                        out.add(weight, &image.insert(f, &k));
                        continue;
                    };
                    for other in subsets(&rest) {
                        if (other.contains(&i), other.contains(&r)) == case {
                            let e = self.e(without(&rest, &other)).insert(f, &other);
                            out.add(weight, &e.pair(&self.literal, i, r).insert(f, &k));
                        }
                    }
                }
            }
        }
        out
    }

    /// (1/2N) Σ_{i≠r} T_ir of E with F at `at`, the common form of (132)–(135).
    fn t3_formula(&self, at: impl Fn(usize, usize) -> Vec<usize>) -> Sum {
        let mut out = self.zero();
        for &i in &self.set {
            for &r in self.set.iter().filter(|&&r| r != i) {
                let places = at(i, r);
                let e = self.e(without(&self.set, &places));
                let image = e.insert(self.literal.f, &places).pair(&self.literal, i, r);
                out.add(0.5 / self.particles, &image);
            }
        }
        out
    }

    /// 𝓣_4 as in (123).
    fn t4(&self) -> Sum {
        let mut out = self.zero();
        for k in subsets(&self.set) {
            let rest = without(&self.set, &k);
            for &i in &rest {
                let image = self.marginal(&rest).free(&self.literal, i);
                out.add(sign(&k), &image.insert(self.literal.f, &k));
            }
        }
        out
    }

    /// K^J E_J + Σ_i (KF)^{i} E_{J∖i}: (136) with the term that 𝓣_1 takes away again.
    fn t4_formula(&self) -> Sum {
        let free = Self::values(&self.literal.k(&dense::vector(self.literal.f)));
        let mut out = self.zero();
        out.tensor = self.literal.k(&self.errors[self.set.len()]);
        for &i in &self.set {
            let rest = self.e(without(&self.set, &[i]));
            out.add(1.0, &rest.insert(&free, &[i]));
        }
        out
    }

    /// 𝓣_4 and K^J E_J, what (136) says it is.
    pub(crate) fn t4_as_printed(&self) -> [ArrayD<Complex64>; 2] {
        [
            self.t4().tensor,
            self.literal.k(&self.errors[self.set.len()]),
        ]
    }

    /// T_J E_J/N, (133) corrected.
    pub(crate) fn pairs_of_error(&self) -> ArrayD<Complex64> {
        scaled(
            self.literal.t(&self.errors[self.set.len()]),
            1.0 / self.particles,
        )
    }

    /// 𝓣_3^2, what (133) is about.
    pub(crate) fn t32(&self) -> ArrayD<Complex64> {
        self.t3(Some((false, false))).tensor
    }

    /// The sum of the four, (123).
    pub(crate) fn all(&self) -> ArrayD<Complex64> {
        let mut out = self.t1();
        for part in [self.t2(None), self.t3(None), self.t4()] {
            out.add(1.0, &part);
        }
        out.tensor
    }

    /// The right-hand side of (34), (117).
    pub(crate) fn hierarchy(&self) -> ArrayD<Complex64> {
        let (l, n, e) = (&self.literal, self.particles as usize, self.errors);
        let j = self.set.len();
        let mut out = l.k(&e[j]) + self.pairs_of_error() + l.d(n, &e[j]);
        if let Some(above) = e.get(j + 1) {
            out += &l.d_up(n, above);
        }
        out += &l.d_down(n, &e[j - 1]);
        if j >= 2 {
            out += &l.d_down2(n, &e[j - 2]);
        }
        out
    }
}

fn gap(x: &Sum, y: &Sum) -> f64 {
    apart(&x.tensor, &y.tensor)
}

fn total(parts: &[Sum]) -> Sum {
    let mut out = parts[0].clone();
    for part in &parts[1..] {
        out.add(1.0, part);
    }
    out
}

/// The defects of one derivation, in the order of the rows.
fn defects(of: &Derivation<'_>) -> [f64; 14] {
    let next = of.next;
    let cases = [(true, true), (false, false), (true, false), (false, true)];
    let t2 = cases.map(|case| of.t2(Some(case)));
    let t3 = cases.map(|case| of.t3(Some(case)));
    let mut third_and_fourth = t3[2].clone();
    third_and_fourth.add(1.0, &t3[3]);
    let mut ordered = of.t3_formula(|i, _| vec![i]);
    ordered.add(1.0, &ordered.clone());
    let mut pairs = of.zero();
    pairs.tensor = of.pairs_of_error();
    [
        gap(&of.t1(), &of.t1_formula()),
        worse(
            gap(&t2[0], &of.t21_formula()),
            gap(&t2[0], &of.t2_formula(|i| with(&[i], &[next]))),
        ),
        gap(&total(&[of.t1(), t2[0].clone()]), &of.compensated()),
        gap(&t2[1], &of.t2_formula(|_| Vec::new())),
        gap(&t2[2], &of.t2_formula(|i| vec![i])),
        gap(&t2[3], &of.t2_formula(|_| vec![next])),
        gap(&of.t2(None), &total(&t2)),
        gap(&t3[0], &of.t3_formula(|i, r| with(&[i], &[r]))),
        gap(&t3[1], &pairs),
        gap(&t3[2], &of.t3_formula(|i, _| vec![i])),
        worse(
            gap(&t3[3], &of.t3_formula(|_, r| vec![r])),
            gap(&third_and_fourth, &ordered),
        ),
        gap(&of.t3(None), &total(&t3)),
        gap(&of.t4(), &of.t4_formula()),
        apart(&of.all(), &of.hierarchy()),
    ]
}

pub(super) fn rows() -> Vec<Row> {
    let instance = instances::arrays();
    let mut worst = [0.0; 14];
    for j in 2..=3 {
        let errors = family(instance.f.len(), j + 1, 90 + j as u64);
        let of = Derivation::new(&instance, &instance.f, (7, j), &errors);
        for (worst, found) in worst.iter_mut().zip(defects(&of)) {
            *worst = worse(*worst, found);
        }
    }
    // The sum is the derivative that exact particles have.
    let four = exact(&instance, 4, 0.3);
    let mut residual = 0.0;
    for j in 1..=3 {
        let of = Derivation::new(&instance, &four.f, (4, j), &four.errors);
        residual = worse(residual, apart(&of.all(), &four.slopes[j]));
    }
    let claims = [
        (
            "derivation-1",
            "𝓣_1 = −Σ_i (KF + Q(F,F))^{i} E_{J∖i}",
            "(123), (124)",
        ),
        ("derivation-2-1", "𝓣_2^1, i and j+1 in K'", "(125), (126)"),
        (
            "derivation-compensation",
            "𝓣_1 + 𝓣_2^1: the terms Q(F,F)^{i} E_{J∖i} compensate but for −j/N; −Σ_i (KF)^{i} \
             E_{J∖i} is left",
            "(127), with its K F",
        ),
        ("derivation-2-2", "𝓣_2^2, neither in K'", "(128)"),
        ("derivation-2-3", "𝓣_2^3, i in K'", "(129)"),
        ("derivation-2-4", "𝓣_2^4, j+1 in K'", "(130)"),
        ("derivation-2-sum", "𝓣_2 = Σ_s 𝓣_2^s", "(125)"),
        ("derivation-3-1", "𝓣_3^1, i and r in K'", "(131), (132)"),
        (
            "derivation-3-2",
            "𝓣_3^2 = (1/N) T_J E_J",
            "(133), corrected",
        ),
        ("derivation-3-3", "𝓣_3^3, i in K'", "(134)"),
        (
            "derivation-3-4",
            "𝓣_3^4, r in K'; with 𝓣_3^3 it is (1/N) Σ_{i≠r} T_ir [F]^{i} E_{J∖i}",
            "(134), (135), corrected",
        ),
        ("derivation-3-sum", "𝓣_3 = Σ_s 𝓣_3^s", "(131)"),
        (
            "derivation-4",
            "𝓣_4 = K^J E_J + Σ_i (KF)^{i} E_{J∖i}",
            "(136), with its K F",
        ),
        (
            "derivation-all",
            "𝓣_1 + 𝓣_2 + 𝓣_3 + 𝓣_4 is the right-hand side of (117)",
            "(117), (137), (138)",
        ),
    ];
    let mut rows: Vec<Row> = (claims.into_iter().zip(worst))
        .map(|((id, claim, equation), measured)| {
            let claim = format!("{claim}; arbitrary symmetric E, j = 2, 3");
            identity(id, &claim, equation, measured)
        })
        .collect();
    rows.push(identity(
        "derivation-exact",
        "their sum is ∂t E_J of exact particles, N = 4, j ≤ 3",
        "(122), (123)",
        residual,
    ));
    rows
}
