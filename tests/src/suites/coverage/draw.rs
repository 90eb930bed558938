//! Random models as configurations, by class and seed.

use std::fmt::Write as _;

use meanfield::prelude::*;
use ndarray::Array2;
use num_complex::Complex64;

/// A class of models.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// Jump processes of two or three states.
    Jump,
    /// Two levels with one or two Lindblad operators.
    Open,
    /// Kac collisions of five velocities.
    Kac,
    /// Bosons on two or three points.
    Hartree,
}

impl Class {
    pub(super) const ALL: [Self; 4] = [Self::Jump, Self::Open, Self::Kac, Self::Hartree];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Jump => "jump processes",
            Self::Open => "two levels with jumps",
            Self::Kac => "Kac collisions",
            Self::Hartree => "particles on a grid",
        }
    }

    pub(super) fn ids(self) -> [&'static str; 3] {
        match self {
            Self::Jump => ["jump-within", "jump-far", "jump-width"],
            Self::Open => ["open-within", "open-far", "open-width"],
            Self::Kac => ["kac-within", "kac-far", "kac-width"],
            Self::Hartree => ["hartree-within", "hartree-far", "hartree-width"],
        }
    }

    /// Half of the models show entries of F_1, half observables with their variances.
    pub(super) fn config(self, seed: u64, order: usize, numbers: &[usize]) -> String {
        let mut noise = problems::Noise::new(seed ^ 0x5eed);
        let end = 0.1 * 30_f64.powf(noise.uniform());
        let observed = seed % 4 >= 2;
        let (model, f, names) = match self {
            Self::Jump => jump(2 + (seed % 2) as usize, seed, &mut noise),
            Self::Open => open(1 + (seed % 2) as usize, &mut noise),
            Self::Kac => kac(seed.is_multiple_of(2), &mut noise),
            Self::Hartree => hartree(2 + usize::from(seed % 20 == 19), &mut noise),
        };
        let mut text = format!(
            "[model]\n{model}\n[initial]\nF = {f}\n[expansion]\norder = {order}\nmarginals = [1]\n\
             [time]\nend = {end}\nsamples = 10\n[particles]\nN = {numbers:?}\n\
             [compare]\nexact = {numbers:?}\n"
        );
        for name in names.iter().filter(|_| observed) {
            let _ = write!(text, "[[observable]]\nname = \"{name}\"\n");
        }
        text
    }
}

/// The model's keys, F, and what may be observed.
type Drawn = (String, String, &'static [&'static str]);

fn jump(states: usize, seed: u64, noise: &mut problems::Noise) -> Drawn {
    let model = problems::random_jump_process(states, seed).expect("rates");
    let mut k = Array2::zeros((states, states));
    model.add_k(1.0, Array2::eye(states).view(), k.view_mut());
    let (mut index, mut value) = (Vec::new(), Vec::new());
    let list = model.interaction().pair_entries().expect("a list");
    list.for_each_pair_entry(&mut |a, b, c, d, x| {
        index.push([a, b, c, d]);
        value.push(x);
    });
    let rows: Vec<Vec<f64>> = k.rows().into_iter().map(|row| row.to_vec()).collect();
    let labels = &["a", "b", "c"][..states];
    (
        format!(
            "kind = \"custom\"\nlabels = {labels:?}\nK = {rows:?}\nV_index = {index:?}\nV_value = {value:?}"
        ),
        format!("{:?}", noise.probabilities(states)),
        &["a", "b"],
    )
}

fn open(jumps: usize, noise: &mut problems::Noise) -> Drawn {
    let h = hermitian(noise);
    let mut v = vec![vec![vec![vec![Complex64::ZERO; 2]; 2]; 2]; 2];
    for _ in 0..4 {
        let (a, b) = (hermitian(noise), hermitian(noise));
        for place in 0..16 {
            let [i, j, k, l] = [place / 8, place / 4 % 2, place / 2 % 2, place % 2];
            v[i][j][k][l] += (a[i][k] * b[j][l] + b[i][k] * a[j][l]) * 0.25;
        }
    }
    let operator = |noise: &mut problems::Noise| -> Vec<Vec<Complex64>> {
        let mut row = || (0..2).map(|_| noise.scalar::<Complex64>() * 0.5).collect();
        vec![row(), row()]
    };
    let jump: Vec<_> = (0..jumps).map(|_| operator(noise)).collect();
    let state = meanfield::models::levels::problems::random_state(2, noise.uniform().to_bits());
    (
        format!(
            "kind = \"levels\"\nh = {}\nv = [{}]\njump = [{}]",
            matrix(&h),
            v.iter()
                .map(|a| format!(
                    "[{}]",
                    a.iter().map(|b| matrix(b)).collect::<Vec<_>>().join(", ")
                ))
                .collect::<Vec<_>>()
                .join(", "),
            jump.iter()
                .map(|j| matrix(j))
                .collect::<Vec<_>>()
                .join(", ")
        ),
        matrix(&[state[..2].to_vec(), state[2..].to_vec()]),
        &["sx", "sz", "p0"],
    )
}

fn kac(hard: bool, noise: &mut problems::Noise) -> Drawn {
    let section = if hard { "hard-sphere" } else { "maxwell" };
    (
        format!(
            "kind = \"kac\"\ndimension = 2\nvelocities = {{ kind = \"lattice\", radius = 1 }}\n\
             cross_section = \"{section}\""
        ),
        format!("{:?}", noise.probabilities(5)),
        &["txx", "tyy"],
    )
}

fn hartree(points: usize, noise: &mut problems::Noise) -> Drawn {
    let strength = 4.0 * noise.uniform() - 2.0;
    let (hbar, mass) = (0.5 + noise.uniform(), 0.5 + noise.uniform());
    let phi: Vec<Complex64> = noise.vector(points);
    let norm: f64 = phi.iter().map(|z| z.norm_sqr()).sum();
    let rows: Vec<Vec<Complex64>> = (phi.iter())
        .map(|a| phi.iter().map(|b| a * b.conj() / norm).collect())
        .collect();
    (
        format!(
            "kind = \"hartree\"\ndimension = 1\npoints = {points}\nlength = 2.5\nhbar = {hbar}\n\
             mass = {mass}\npotential = {{ kind = \"gaussian\", strength = {strength}, width = 0.8 }}"
        ),
        matrix(&rows),
        &["x", "kinetic"],
    )
}

/// A + B → 2 A and 2 A → A + B from one A among a thousand.
pub(super) fn autocatalysis(end: f64) -> String {
    format!(
        "[model]\nkind = \"custom\"\nlabels = [\"A\", \"B\"]\nK = [[0.0, 0.0], [0.0, 0.0]]\n\
         V_index = [[0,0,0,1],[0,1,0,1],[0,0,1,0],[1,0,1,0],[0,1,0,0],[1,0,0,0],[0,0,0,0]]\n\
         V_value = [10.0, -10.0, 10.0, -10.0, 5.0, 5.0, -10.0]\n\
         [initial]\nF = [0.001, 0.999]\nstart = \"fixed-counts\"\n[time]\nend = {end}\n\
         [particles]\nN = [1000]\n[compare]\nexact = [1000]\n[[observable]]\nname = \"A\"\n"
    )
}

fn hermitian(noise: &mut problems::Noise) -> Vec<Vec<Complex64>> {
    let z: Complex64 = noise.scalar();
    let mut real = || Complex64::from(2.0 * noise.uniform() - 1.0);
    vec![vec![real(), z], vec![z.conj(), real()]]
}

/// A matrix as TOML: complex numbers as [re, im].
fn matrix(rows: &[Vec<Complex64>]) -> String {
    let number = |z: &Complex64| format!("[{:?}, {:?}]", z.re, z.im);
    let row = |row: &Vec<Complex64>| {
        let each: Vec<String> = row.iter().map(number).collect();
        format!("[{}]", each.join(", "))
    };
    let rows: Vec<String> = rows.iter().map(row).collect();
    format!("[{}]", rows.join(", "))
}
