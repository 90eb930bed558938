//! kind = "hartree".

use meanfield::abstract_model::ModelError;
use meanfield::models::hartree::{Grid, Hartree, Potential, Trap};
use num_complex::Complex64;

use super::NamedStates;
use super::kac::component;
use crate::config::{Chosen, Values};

/// The model.
pub(super) fn hartree(values: &Values) -> Result<Hartree, ModelError> {
    let grid = Grid::new(
        values.integer("dimension"),
        values.integer("points"),
        values.number("length"),
    )?;
    let (hbar, mass) = (values.number("hbar"), values.number("mass"));
    let Some(potential) = values.chosen("potential") else {
        unreachable!("the configuration's reader requires a potential");
    };
    let trap = values.chosen("trap").map(trap);
    Hartree::new(grid, hbar, mass, pair_potential(potential), trap)
}

fn pair_potential(Chosen { name, values }: &Chosen) -> Potential {
    let strength = values.number("strength");
    match *name {
        "gaussian" => Potential::Gaussian {
            strength,
            width: values.number("width"),
        },
        "soft-coulomb" => Potential::SoftCoulomb {
            strength,
            softening: values.number("softening"),
        },
        "cosine" => Potential::Cosine { strength },
        _ => Potential::Contact { strength },
    }
}

fn trap(Chosen { name, values }: &Chosen) -> Trap {
    match *name {
        "harmonic" => Trap::Harmonic {
            omega: values.number("omega"),
        },
        "lattice" => Trap::Lattice {
            depth: values.number("depth"),
            periods: values.integer("periods"),
        },
        _ => Trap::DoubleWell {
            separation: values.number("separation"),
            height: values.number("height"),
        },
    }
}

impl NamedStates for Hartree {
    fn state(&self, name: &str, values: &Values) -> Result<Vec<Complex64>, ModelError> {
        if name == "thermal" {
            return self.thermal(values.number("temperature"));
        }
        let axes = self.grid().dimension();
        self.gaussian(
            &values.vector("center", axes),
            &values.vector("width", axes),
            &values.vector("momentum", axes),
        )
    }

    /// The two places of a matrix element.
    fn entry_name(&self, index: usize) -> String {
        let grid = self.grid();
        let positions = grid.positions();
        let site = |site: usize| -> Vec<f64> {
            let axes = 0..grid.dimension();
            axes.map(|axis| positions[grid.index(site, axis)]).collect()
        };
        let (row, column) = (index / grid.levels(), index % grid.levels());
        format!(
            "{}, {}",
            component("x", &site(row)),
            component("x'", &site(column))
        )
    }
}
