//! Operators as text: "delta*sz + omega*sx", "chi*sz1*sz2 + g*(sp1*sm2 + sm1*sp2)".
//!
//! Level 0 is the upper one: σz = diag(1, −1), σ+ = |0⟩⟨1|, Sz = diag(s, s − 1, …, −s).
//! Of a pair, the operators of each carry its number: sz1, sz2.

use ndarray::linalg::kron;
use ndarray::{Array2, ArrayD, Axis, stack};
use num_complex::Complex64;
use toml::Spanned;
use toml::de::DeValue;

use super::fault::Fault;
use super::parameters::{Parameters, Placed};
use super::section::Section;
use super::source::array_fault;
use super::value::describe;
use crate::arrays::Array;
use crate::expression::{Algebra, Expression, Operation, Slip, call};
use crate::nearest::nearest;

/// Operators of a pair take d⁴ numbers.
const MOST_LEVELS: usize = 40;

/// Whether a value is an operator as text, or a list of them.
pub(super) fn is_text(value: &Spanned<DeValue<'_>>, rank: usize) -> bool {
    match value.get_ref() {
        DeValue::String(_) => true,
        DeValue::Array(items) if rank == 3 => items.iter().any(|item| item.get_ref().is_str()),
        _ => false,
    }
}

/// The array of that rank a text stands for: 2 is an operator of one particle, 4 one of a
/// pair, 3 a list of operators of one.
pub(super) fn read(
    section: &Section<'_>,
    key: &str,
    rank: usize,
    value: &Spanned<DeValue<'_>>,
    levels: usize,
) -> Result<Array, Fault> {
    let path = section.path(key);
    if levels > MOST_LEVELS {
        let found = format!("a text, for {levels} levels");
        let expected = format!("an array, or {MOST_LEVELS} levels at most");
        return Err(section.wrong(key, value.span(), found, expected));
    }
    let bodies = if rank == 4 { 2 } else { 1 };
    let space = Space { levels, bodies };
    let expected = match bodies {
        1 => "an operator of one particle, such as \"delta*sz + omega*sx\"",
        _ => "an operator of a pair, such as \"chi*sz1*sz2\"",
    };
    let one = |key: &str, item: &Spanned<DeValue<'_>>| -> Result<Array2<Complex64>, Fault> {
        let Some(text) = item.get_ref().as_str() else {
            return Err(section.wrong(key, item.span(), describe(item.get_ref()), expected));
        };
        space
            .matrix(text, section.parameters())
            .map_err(|slip| match slip {
                None => Fault::known(),
                Some(slip) => {
                    let (at, found): Placed = Parameters::place(text, item.span(), slip);
                    section.wrong(key, at, found, expected)
                }
            })
    };
    let array: ArrayD<Complex64> = match (value.get_ref(), rank) {
        (DeValue::Array(items), 3) => {
            let each = items.iter().enumerate();
            let each = each.map(|(k, item)| one(&format!("{key}[{k}]"), item));
            let each: Vec<_> = each.collect::<Result<_, _>>()?;
            let views: Vec<_> = each.iter().map(|matrix| matrix.view()).collect();
            let Ok(stacked) = stack(Axis(0), &views) else {
                unreachable!("all of them have d rows and columns");
            };
            stacked.into_dyn()
        }
        (_, 3) => one(key, value)?.insert_axis(Axis(0)).into_dyn(),
        (_, 4) => {
            let pair = one(key, value)?;
            let Ok(pair) = pair.into_shape_with_order([levels; 4]) else {
                unreachable!("it has d² rows and columns");
            };
            pair.into_dyn()
        }
        _ => one(key, value)?.into_dyn(),
    };
    Array::complex(key, array).map_err(|source| array_fault(&path, value.span(), source))
}

/// Operators of one particle, or of two.
struct Space {
    levels: usize,
    bodies: u32,
}

/// A number, or an operator.
#[derive(Clone)]
enum Element {
    Number(Complex64),
    Operator(Array2<Complex64>),
}

impl Space {
    /// The operator a text stands for; a number alone is none.
    fn matrix(
        &self,
        text: &str,
        parameters: &Parameters,
    ) -> Result<Array2<Complex64>, Option<Slip>> {
        let name = |name: &str| match self.named(name)? {
            Some(element) => Ok(element),
            None => {
                let x = parameters
                    .named(name)
                    .map_err(|reason| self.unknown(name, reason))?;
                Ok(Element::Number(x.into()))
            }
        };
        let function = |name: &str, each: &[Element]| self.call(name, each);
        let read = Expression::parse(text).and_then(|read| read.evaluate(&name, &function));
        let slip = |reason: &str| Slip {
            at: 0..text.len(),
            reason: reason.to_owned(),
        };
        match read {
            Ok(Element::Operator(matrix)) => Ok(matrix),
            // Nothing, as an operator.
            Ok(Element::Number(x)) if x == Complex64::ZERO => Ok(self.identity() * x),
            Ok(Element::Number(_)) => Err(Some(slip("it is a number: an operator is 2*id, say"))),
            Err(slip) => Err(parameters.unless_known(text, slip)),
        }
    }

    fn identity(&self) -> Array2<Complex64> {
        Array2::eye(self.levels.pow(self.bodies))
    }

    /// The element a name stands for; `None` for one that may be a parameter.
    fn named(&self, name: &str) -> Result<Option<Element>, String> {
        if name == "i" {
            return Ok(Some(Element::Number(Complex64::I)));
        }
        if name == "id" {
            return Ok(Some(Element::Operator(self.identity())));
        }
        let (base, of) = numbered(name);
        let Some(matrix) = self.single(base)? else {
            return Ok(None);
        };
        self.placed(matrix, of, base)
            .map(|matrix| Some(Element::Operator(matrix)))
    }

    /// An operator of one particle in this space.
    fn placed(
        &self,
        matrix: Array2<Complex64>,
        of: Option<usize>,
        name: &str,
    ) -> Result<Array2<Complex64>, String> {
        let identity = Array2::eye(self.levels);
        match (self.bodies, of) {
            (1, None) => Ok(matrix),
            (2, Some(1)) => Ok(kron(&matrix, &identity)),
            (2, Some(2)) => Ok(kron(&identity, &matrix)),
            (1, _) => Err(format!("there is one particle: write {name}")),
            _ => Err(format!("of which of the two? write {name}1 or {name}2")),
        }
    }

    /// An operator of one particle by its name.
    fn single(&self, name: &str) -> Result<Option<Array2<Complex64>>, String> {
        let pauli = ["sx", "sy", "sz", "sp", "sm"].contains(&name);
        if pauli && self.levels != 2 {
            return Err(format!(
                "`{name}` is of two levels, and here are {}: write {}, a spin",
                self.levels,
                name.replacen('s', "S", 1)
            ));
        }
        // σ± are S± of spin 1/2; the others twice those.
        let (name, scale) = match name {
            "sp" => ("Sp", 1.0),
            "sm" => ("Sm", 1.0),
            "sx" => ("Sx", 2.0),
            "sy" => ("Sy", 2.0),
            "sz" => ("Sz", 2.0),
            other => (other, 1.0),
        };
        let spin = (self.levels as f64 - 1.0) / 2.0;
        let raising = Array2::from_shape_fn((self.levels, self.levels), |(a, b)| {
            // From m − 1 to m.
            let m = spin - a as f64;
            match a + 1 == b {
                true => Complex64::from((spin * (spin + 1.0) - m * (m - 1.0)).sqrt()),
                false => Complex64::ZERO,
            }
        });
        let lowering = raising.t().to_owned();
        let half = Complex64::from(0.5);
        let matrix = match name {
            "Sp" => raising,
            "Sm" => lowering,
            "Sx" => (raising + lowering) * half,
            "Sy" => (raising - lowering) * (half / Complex64::I),
            "Sz" => Array2::from_diag(&ndarray::Array1::from_shape_fn(self.levels, |a| {
                Complex64::from(spin - a as f64)
            })),
            _ => return Ok(None),
        };
        Ok(Some(matrix * Complex64::from(scale)))
    }

    /// |i⟩⟨j| of one particle, and functions of numbers.
    fn call(&self, name: &str, each: &[Element]) -> Result<Element, String> {
        let numbers = each.iter().map(|element| match element {
            Element::Number(z) if z.im == 0.0 => Ok(z.re),
            _ => Err(format!("`{name}` is a function of real numbers")),
        });
        let numbers: Vec<f64> = numbers.collect::<Result<_, _>>()?;
        let (base, of) = numbered(name);
        if base != "ket_bra" {
            return call(name, &numbers).map(|x| Element::Number(x.into()));
        }
        let level = |x: f64| (0..self.levels).find(|&level| level as f64 == x);
        let [Some(row), Some(column)] = [0, 1].map(|k| numbers.get(k).copied().and_then(level))
        else {
            return Err(format!(
                "{name}(i, j) is |i><j|, with i and j from 0 to {}",
                self.levels - 1
            ));
        };
        let mut matrix = Array2::zeros((self.levels, self.levels));
        matrix[[row, column]] = Complex64::ONE;
        self.placed(matrix, of, base).map(Element::Operator)
    }

    fn unknown(&self, name: &str, reason: String) -> String {
        let single = ["sx", "sy", "sz", "sp", "sm", "Sx", "Sy", "Sz", "Sp", "Sm"];
        let known = single
            .iter()
            .filter(|name| self.levels == 2 || name.starts_with('S'));
        let known: Vec<String> = match self.bodies {
            1 => known.map(|name| (*name).to_owned()).collect(),
            _ => known
                .flat_map(|name| [format!("{name}1"), format!("{name}2")])
                .collect(),
        };
        let advice = match nearest(name, known.iter().map(String::as_str)) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("operators: id, {}, ket_bra(i,j)", known.join(", ")),
        };
        format!("{reason}, nor an operator ({advice})")
    }
}

/// A name and the number of the particle behind it.
fn numbered(name: &str) -> (&str, Option<usize>) {
    match (name.strip_suffix('1'), name.strip_suffix('2')) {
        (Some(base), _) => (base, Some(1)),
        (_, Some(base)) => (base, Some(2)),
        _ => (name, None),
    }
}

impl Algebra for Element {
    fn number(x: f64) -> Self {
        Self::Number(x.into())
    }

    fn negative(self) -> Self {
        match self {
            Self::Number(z) => Self::Number(-z),
            Self::Operator(matrix) => Self::Operator(-matrix),
        }
    }

    fn binary(operation: Operation, a: Self, b: Self) -> Result<Self, String> {
        use Element::{Number, Operator};
        Ok(match (operation, a, b) {
            (Operation::Add, Number(x), Number(y)) => Number(x + y),
            (Operation::Subtract, Number(x), Number(y)) => Number(x - y),
            (Operation::Multiply, Number(x), Number(y)) => Number(x * y),
            (Operation::Divide, Number(x), Number(y)) => Number(x / y),
            (Operation::Power, Number(x), Number(y)) if x.im == 0.0 && y.im == 0.0 => {
                Self::number(x.re.powf(y.re))
            }
            (Operation::Power, Number(x), Number(y)) => Number(x.powc(y)),
            (Operation::Add, Operator(a), Operator(b)) => Operator(a + b),
            (Operation::Subtract, Operator(a), Operator(b)) => Operator(a - b),
            (Operation::Multiply, Operator(a), Operator(b)) => Operator(a.dot(&b)),
            (Operation::Multiply, Operator(a), Number(x))
            | (Operation::Multiply, Number(x), Operator(a)) => Operator(a * x),
            (Operation::Divide, Operator(a), Number(x)) => Operator(a / x),
            (Operation::Power, Operator(a), Number(x)) => return power(a, x),
            (Operation::Add | Operation::Subtract, ..) => {
                return Err("a number stands beside an operator: write it times id".to_owned());
            }
            (_, _, Operator(_)) => {
                return Err("an operator cannot be divided by, nor be an exponent".to_owned());
            }
        })
    }

    fn finite(self) -> Result<Self, String> {
        let finite = match &self {
            Self::Number(z) => z.is_finite(),
            Self::Operator(matrix) => matrix.iter().all(|z| z.is_finite()),
        };
        match finite {
            true => Ok(self),
            false => Err("the value is not finite".to_owned()),
        }
    }
}

/// Aⁿ.
fn power(a: Array2<Complex64>, n: Complex64) -> Result<Element, String> {
    const MOST: u32 = 64;
    let Some(n) = (0..=MOST).find(|&k| n == Complex64::from(f64::from(k))) else {
        return Err(format!(
            "the power of an operator is an integer from 0 to {MOST}"
        ));
    };
    let one = Array2::eye(a.nrows());
    Ok(Element::Operator(
        (0..n).fold(one, |product, _| product.dot(&a)),
    ))
}
