//! Values of the keys that the catalogue describes.

use std::collections::BTreeMap;
use std::fmt;

use super::reactions::Reaction;
use crate::arrays::Array;

/// The value of a key.
#[derive(Debug, Clone, PartialEq)]
pub enum Parameter {
    /// A number.
    Number(f64),
    /// An integer.
    Integer(usize),
    /// A list of numbers.
    Vector(Vec<f64>),
    /// A word.
    Word(&'static str),
    /// A collision rate |v₁ − v₂|^γ, by its γ.
    CrossSection(f64),
    /// Names, one for each state.
    Labels(Vec<String>),
    /// Reactions between the species of another key.
    Reactions(Vec<Reaction>),
    /// An array.
    Array(Array),
    /// A thing named by a table, with its own values.
    Chosen(Chosen),
}

/// One of several things, with its values.
#[derive(Debug, Clone, PartialEq)]
pub struct Chosen {
    /// Its name.
    pub name: &'static str,
    /// Its values.
    pub values: Values,
}

/// The values of a table, by key. The reader has seen to it that every key the
/// catalogue requires is there and of its type; what is asked for against that
/// is NaN, 0 or empty, which models refuse with the key's name.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Values(BTreeMap<&'static str, Parameter>);

impl Values {
    /// Sets the value of a key.
    pub fn insert(&mut self, key: &'static str, value: Parameter) {
        self.0.insert(key, value);
    }

    /// A number, if it is there.
    #[must_use]
    pub fn optional_number(&self, key: &str) -> Option<f64> {
        match self.0.get(key)? {
            Parameter::Number(x) | Parameter::CrossSection(x) => Some(*x),
            Parameter::Integer(n) => Some(*n as f64),
            _ => None,
        }
    }

    /// A number.
    #[must_use]
    pub fn number(&self, key: &str) -> f64 {
        self.optional_number(key).unwrap_or(f64::NAN)
    }

    /// An integer.
    #[must_use]
    pub fn integer(&self, key: &str) -> usize {
        match self.0.get(key) {
            Some(Parameter::Integer(n)) => *n,
            _ => 0,
        }
    }

    /// A list of numbers: `dimension` zeros if it is not given, the same for
    /// every axis if it is a single one.
    #[must_use]
    pub fn vector(&self, key: &str, dimension: usize) -> Vec<f64> {
        match self.given_vector(key) {
            Some([x]) => vec![*x; dimension],
            Some(list) => list.to_vec(),
            None => vec![0.0; dimension],
        }
    }

    /// A list of numbers, if it is given.
    #[must_use]
    pub fn given_vector(&self, key: &str) -> Option<&[f64]> {
        match self.0.get(key) {
            Some(Parameter::Vector(x)) => Some(x),
            _ => None,
        }
    }

    /// A word.
    #[must_use]
    pub fn word(&self, key: &str) -> &'static str {
        match self.0.get(key) {
            Some(Parameter::Word(word)) => word,
            _ => "",
        }
    }

    /// A thing chosen by a table, if it is there.
    #[must_use]
    pub fn chosen(&self, key: &str) -> Option<&Chosen> {
        match self.0.get(key) {
            Some(Parameter::Chosen(chosen)) => Some(chosen),
            _ => None,
        }
    }

    /// An array, if it is there.
    #[must_use]
    pub fn array(&self, key: &str) -> Option<&Array> {
        match self.0.get(key) {
            Some(Parameter::Array(array)) => Some(array),
            _ => None,
        }
    }

    /// Reactions, none if the key is not there.
    #[must_use]
    pub fn reactions(&self, key: &str) -> &[Reaction] {
        match self.0.get(key) {
            Some(Parameter::Reactions(list)) => list,
            _ => &[],
        }
    }

    /// Names, if they are there.
    #[must_use]
    pub fn labels(&self, key: &str) -> Option<&[String]> {
        match self.0.get(key) {
            Some(Parameter::Labels(labels)) => Some(labels),
            _ => None,
        }
    }
}

impl fmt::Display for Values {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (k, (key, value)) in self.0.iter().enumerate() {
            let comma = if k > 0 { ", " } else { "" };
            write!(f, "{comma}{key} = {value}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Parameter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(x) => write!(f, "{x}"),
            Self::Integer(n) => write!(f, "{n}"),
            Self::Vector(x) if x.len() == 1 => write!(f, "{}", x[0]),
            Self::Vector(x) => write!(f, "{x:?}"),
            Self::Word(word) => f.write_str(word),
            Self::CrossSection(gamma) if *gamma == 0.0 => f.write_str("maxwell"),
            Self::CrossSection(gamma) if *gamma == 1.0 => f.write_str("hard-sphere"),
            Self::CrossSection(gamma) => write!(f, "|v₁ − v₂|^{gamma}"),
            Self::Labels(labels) => f.write_str(&labels.join(", ")),
            Self::Reactions(list) => {
                let texts: Vec<&str> = list.iter().map(|r| r.text.as_str()).collect();
                f.write_str(&texts.join("; "))
            }
            Self::Array(array) => write!(f, "an array of shape {:?}", array.shape()),
            Self::Chosen(chosen) => write!(f, "{} ({})", chosen.name, chosen.values),
        }
    }
}
