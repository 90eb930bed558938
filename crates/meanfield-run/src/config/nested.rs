//! Arrays written in the configuration as nested lists; a complex number is
//! [re, im]. The number of axes is known from the key, so a list of two
//! numbers is a complex entry exactly where an entry is expected.

use std::ops::Range;

use ndarray::{ArrayD, IxDyn};
use num_complex::Complex64;
use toml::Spanned;
use toml::de::DeValue;

use super::fault::{Complaint, Fault};
use super::parameters::Parameters;
use crate::arrays::Array;

/// Reads a nested list of `rank` levels. `key` is named in messages, `name`
/// in the array.
pub(crate) fn array(
    key: &str,
    name: &str,
    rank: usize,
    value: &Spanned<DeValue<'_>>,
    parameters: &Parameters,
) -> Result<Array, Fault> {
    let mut reader = Reader {
        parameters,
        key,
        rank,
        shape: vec![None; rank],
        entries: Vec::new(),
        complex: false,
        index: Vec::new(),
    };
    reader.visit(value)?;
    let shape: Vec<usize> = reader.shape.iter().map(|n| n.unwrap_or(0)).collect();
    let wrong = |source| {
        let key = key.to_owned();
        Fault::at(value.span(), Complaint::Array { key, source })
    };
    let Ok(values) = ArrayD::from_shape_vec(IxDyn(&shape), reader.entries) else {
        unreachable!("every row was checked against the shape");
    };
    if reader.complex {
        Array::complex(name, values).map_err(wrong)
    } else {
        Array::real(name, &values.mapv(|z| z.re)).map_err(wrong)
    }
}

struct Reader<'a> {
    parameters: &'a Parameters,
    key: &'a str,
    rank: usize,
    shape: Vec<Option<usize>>,
    entries: Vec<Complex64>,
    complex: bool,
    index: Vec<usize>,
}

impl Reader<'_> {
    fn visit(&mut self, value: &Spanned<DeValue<'_>>) -> Result<(), Fault> {
        let level = self.index.len();
        if level == self.rank {
            let z = self.entry(value)?;
            self.entries.push(z);
            return Ok(());
        }
        let DeValue::Array(items) = value.get_ref() else {
            return Err(self.wrong(value));
        };
        if items.is_empty() {
            return Err(self.wrong(value));
        }
        match self.shape[level] {
            None => self.shape[level] = Some(items.len()),
            Some(expected) if expected != items.len() => {
                return Err(Fault::at(
                    value.span(),
                    Complaint::Ragged {
                        key: self.key.to_owned(),
                        row: format!("row {:?}", self.index),
                        found: items.len(),
                        expected,
                    },
                ));
            }
            Some(_) => {}
        }
        for (k, item) in items.iter().enumerate() {
            self.index.push(k);
            self.visit(item)?;
            self.index.pop();
        }
        Ok(())
    }

    fn entry(&mut self, value: &Spanned<DeValue<'_>>) -> Result<Complex64, Fault> {
        if let Some(x) = self.number(value)? {
            return Ok(Complex64::from(x));
        }
        let pair = match value.get_ref() {
            DeValue::Array(items) if items.len() == 2 => {
                (self.number(&items[0])?).zip(self.number(&items[1])?)
            }
            _ => None,
        };
        let Some((re, im)) = pair else {
            return Err(self.wrong(value));
        };
        self.complex = true;
        Ok(Complex64::new(re, im))
    }

    fn number(&self, value: &Spanned<DeValue<'_>>) -> Result<Option<f64>, Fault> {
        self.parameters.number(value).map_err(|slip| match slip {
            Some((at, found)) => self.fault(at, &found),
            None => Fault::known(),
        })
    }

    fn wrong(&self, value: &Spanned<DeValue<'_>>) -> Fault {
        self.fault(value.span(), &self.parameters.describe(value))
    }

    fn fault(&self, at: Range<usize>, found: &str) -> Fault {
        let place = if self.index.is_empty() {
            String::new()
        } else {
            format!(" at {:?}", self.index)
        };
        let lists = match self.rank {
            1 => "a list".to_owned(),
            rank => format!("a list nested {rank} deep"),
        };
        Fault::at(
            at,
            Complaint::Value {
                key: self.key.to_owned(),
                found: format!("{found}{place}"),
                expected: format!("{lists} of numbers (a complex number is [re, im])"),
            },
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use toml::de::DeTable;

    fn read(text: &str, rank: usize) -> Result<Array, String> {
        let text = format!("x = {text}");
        let table = DeTable::parse(&text).unwrap();
        let value = table.get_ref().get("x").unwrap();
        array("model.x", "x", rank, value, &Parameters::default())
            .map_err(|fault| fault.complaint.to_string())
    }

    #[test]
    fn law_pairs_are_complex_only_where_an_entry_is_expected() {
        let real = read("[[1, 2], [3, 4]]", 2).unwrap();
        assert!(!real.is_complex());
        assert_eq!(real.shape(), [2, 2]);
        let complex = read("[[1, 2], [3, 4]]", 1).unwrap();
        assert!(complex.is_complex());
        assert_eq!(complex.into_vec()[1], Complex64::new(3.0, 4.0));
        let mixed = read("[[0, [0, -1]], [[0, 1], 0]]", 2).unwrap();
        assert_eq!(mixed.into_vec()[1], Complex64::new(0.0, -1.0));
    }

    #[test]
    fn law_bad_lists_name_the_row() {
        let ragged = read("[[1, 2], [3]]", 2).unwrap_err();
        assert!(ragged.contains("row [1] has 1 entries"), "{ragged}");
        let deep = read("[[[1, 2, 3]]]", 2).unwrap_err();
        assert!(deep.contains("at [0, 0]"), "{deep}");
        let text = read("[1, \"a\"]", 1).unwrap_err();
        assert!(text.contains("the string \"a\": `a` is not in"), "{text}");
        assert!(text.contains(" at [1]; expected a list"), "{text}");
        let nan = read("[1.0, nan]", 1).unwrap_err();
        assert!(nan.contains("entry [1] is NaN"), "{nan}");
        assert!(read("[]", 1).unwrap_err().contains("an empty list"));
        assert!(read("3", 1).unwrap_err().contains("is 3"));
    }
}
