//! Numbers as people write them: "2*beta", "chi*sqrt(2)".
//!
//! Operators + − * / and ^ (or **), in the usual order: −x^2 is −(x²) and 2^3^2 is 2^(3²).
//! There is no product without a sign.

use std::collections::BTreeMap;
use std::ops::Range;

use winnow::ascii::{float, space0};
use winnow::combinator::{
    Infix, Prefix, alt, cut_err, delimited, dispatch, eof, expression, fail, preceded, separated,
    terminated,
};
use winnow::error::{ContextError, ErrMode, ParseError, StrContext, StrContextValue};
use winnow::prelude::*;
use winnow::stream::LocatingSlice;
use winnow::token::{any, one_of, take_while};

use crate::nearest::nearest;

/// Names that stand for numbers.
pub(crate) type Names = BTreeMap<String, f64>;

/// A text longer than this is no number.
const LONGEST: usize = 1000;
/// Parentheses, signs and powers within one another: the reader has a stack.
const DEEPEST: usize = 50;

/// Functions of one number.
const FUNCTIONS: [(&str, fn(f64) -> f64); 10] = [
    ("sqrt", f64::sqrt),
    ("exp", f64::exp),
    ("ln", f64::ln),
    ("sin", f64::sin),
    ("cos", f64::cos),
    ("tan", f64::tan),
    ("sinh", f64::sinh),
    ("cosh", f64::cosh),
    ("tanh", f64::tanh),
    ("abs", f64::abs),
];

/// Functions of two.
const PAIRS: [(&str, fn(f64, f64) -> f64); 2] = [("min", f64::min), ("max", f64::max)];

/// Whether a name has a meaning of its own: π, the time, a function.
pub(crate) fn is_reserved(name: &str) -> bool {
    ["pi", "t"].contains(&name) || functions().any(|function| function == name)
}

fn functions() -> impl Iterator<Item = &'static str> {
    let single = FUNCTIONS.iter().map(|(name, _)| *name);
    single.chain(PAIRS.iter().map(|(name, _)| *name))
}

/// Whether a text is a [`name`].
pub(crate) fn is_name(text: &str) -> bool {
    name.parse(LocatingSlice::new(text)).is_ok()
}

/// What is wrong with an expression, and the bytes of it that are to blame.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Slip {
    pub(crate) at: Range<usize>,
    pub(crate) reason: String,
}

/// What joins two values.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Operation {
    Add,
    Subtract,
    Multiply,
    Divide,
    Power,
}

impl Operation {
    /// Of numbers.
    pub(crate) fn of(self, x: f64, y: f64) -> f64 {
        match self {
            Self::Add => x + y,
            Self::Subtract => x - y,
            Self::Multiply => x * y,
            Self::Divide => x / y,
            Self::Power => x.powf(y),
        }
    }
}

/// What an expression may have values in: numbers, or operators. Errors are reasons.
pub(crate) trait Algebra: Sized {
    /// A number of the text.
    fn number(x: f64) -> Self;
    /// −a.
    fn negative(self) -> Self;
    /// Of two values, in their order.
    fn binary(operation: Operation, a: Self, b: Self) -> Result<Self, String>;
    /// A finite value, or why it is none.
    fn finite(self) -> Result<Self, String>;
}

impl Algebra for f64 {
    fn number(x: f64) -> Self {
        x
    }

    fn negative(self) -> Self {
        -self
    }

    fn binary(operation: Operation, a: Self, b: Self) -> Result<Self, String> {
        Ok(operation.of(a, b))
    }

    fn finite(self) -> Result<Self, String> {
        match self.is_finite() {
            true => Ok(self),
            false => Err(format!("the value is {self}")),
        }
    }
}

/// An expression that was read.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Expression(Node);

#[derive(Debug, Clone, PartialEq)]
struct Node {
    at: Range<usize>,
    what: What,
}

#[derive(Debug, Clone, PartialEq)]
enum What {
    Number(f64),
    Name(String),
    Negative(Box<Node>),
    Binary(Operation, Box<[Node; 2]>),
    Call(String, Vec<Node>),
}

impl Expression {
    /// Reads one.
    ///
    /// # Errors
    /// [`Slip`] where it stops making sense.
    pub(crate) fn parse(text: &str) -> Result<Self, Slip> {
        if text.len() > LONGEST {
            return Err(Slip {
                at: 0..text.len(),
                reason: format!("it has more than {LONGEST} characters"),
            });
        }
        if let Some(at) = too_deep(text) {
            return Err(Slip {
                at: at..at + 1,
                reason: format!("more than {DEEPEST} things are open"),
            });
        }
        let parsed = terminated(sum, eof.context(expected("an operator or the end")))
            .parse(LocatingSlice::new(text));
        parsed.map(Self).map_err(|error| slip_of(text, &error))
    }

    /// Its value, with what a name stands for and what a function gives.
    ///
    /// # Errors
    /// [`Slip`], the reason of the part that has none.
    pub(crate) fn evaluate<A: Algebra>(
        &self,
        name: &dyn Fn(&str) -> Result<A, String>,
        call: &dyn Fn(&str, &[A]) -> Result<A, String>,
    ) -> Result<A, Slip> {
        self.0.evaluate(name, call)
    }

    /// The names in it.
    pub(crate) fn names(&self) -> Vec<&str> {
        let (mut out, mut left) = (Vec::new(), vec![&self.0]);
        while let Some(node) = left.pop() {
            match &node.what {
                What::Number(_) => {}
                What::Name(name) => out.push(name.as_str()),
                What::Negative(inner) => left.push(inner),
                What::Binary(_, both) => left.extend(both.iter()),
                What::Call(_, each) => left.extend(each),
            }
        }
        out
    }
}

/// What a parser says of a text, where it stopped.
pub(crate) fn slip_of(text: &str, error: &ParseError<Input<'_>, ContextError>) -> Slip {
    let at = error.offset();
    let what = error.inner().context().find_map(|context| match context {
        StrContext::Expected(StrContextValue::Description(what)) => Some(*what),
        _ => None,
    });
    let what = what.unwrap_or("an operator or the end");
    let next = text[at..].chars().next();
    let found = next.map_or("its end".to_owned(), |c| format!("`{c}`"));
    Slip {
        at: at..at + next.map_or(0, char::len_utf8),
        reason: format!("{found} stands where {what} should"),
    }
}

/// The byte at which the text is nested too deep.
fn too_deep(text: &str) -> Option<usize> {
    // Signs and powers since the last thing that ended them, for every open parenthesis.
    let mut open = vec![0];
    let mut last = '(';
    for (at, c) in text.char_indices().filter(|(_, c)| !c.is_whitespace()) {
        let is_sign = "+-".contains(c) && "(,+-*/^".contains(last);
        match c {
            '(' => open.push(0),
            ')' if open.len() > 1 => drop(open.pop()),
            _ if is_sign || c == '^' || (c == '*' && last == '*') => *open.last_mut()? += 1,
            '+' | '-' | '/' | ',' => *open.last_mut()? = 0,
            _ => {}
        }
        if open.len() + open.iter().sum::<usize>() > DEEPEST + 1 {
            return Some(at);
        }
        last = c;
    }
    None
}

impl Node {
    fn evaluate<A: Algebra>(
        &self,
        name: &dyn Fn(&str) -> Result<A, String>,
        call: &dyn Fn(&str, &[A]) -> Result<A, String>,
    ) -> Result<A, Slip> {
        let value = match &self.what {
            What::Number(x) => Ok(A::number(*x)),
            What::Name(known) => name(known),
            What::Negative(inner) => Ok(inner.evaluate(name, call)?.negative()),
            What::Binary(operation, both) => {
                let [a, b] = &**both;
                A::binary(*operation, a.evaluate(name, call)?, b.evaluate(name, call)?)
            }
            What::Call(function, each) => {
                let each = each.iter().map(|node| node.evaluate(name, call));
                call(function, &each.collect::<Result<Vec<A>, Slip>>()?)
            }
        };
        value.and_then(A::finite).map_err(|reason| Slip {
            at: self.at.clone(),
            reason,
        })
    }
}

/// The number a name stands for.
///
/// # Errors
/// Why there is none.
pub(crate) fn number(name: &str, names: &Names) -> Result<f64, String> {
    match (names.get(name), name) {
        (Some(x), _) => Ok(*x),
        (None, "pi") => Ok(std::f64::consts::PI),
        (None, "t") => Err("this number cannot depend on the time `t`".to_owned()),
        (None, _) => Err(unknown(name, names)),
    }
}

fn unknown(name: &str, names: &Names) -> String {
    if functions().any(|function| function == name) {
        return format!("`{name}` is a function: write {name}(…)");
    }
    let known = || names.keys().map(String::as_str);
    let advice = match (nearest(name, known()), names.is_empty()) {
        (Some(near), _) => format!("did you mean `{near}`?"),
        (None, true) => "there is no table [parameters]".to_owned(),
        (None, false) => format!("known: {}", known().collect::<Vec<_>>().join(", ")),
    };
    format!("`{name}` is not in [parameters] ({advice})")
}

/// A function of numbers.
///
/// # Errors
/// Why there is none.
pub(crate) fn call(name: &str, values: &[f64]) -> Result<f64, String> {
    let single = FUNCTIONS.iter().find(|(known, _)| *known == name);
    let pair = PAIRS.iter().find(|(known, _)| *known == name);
    match (single, pair, values) {
        (Some((_, f)), _, &[x]) => Ok(f(x)),
        (_, Some((_, f)), &[x, y]) => Ok(f(x, y)),
        (None, None, _) => {
            let known: Vec<&str> = functions().collect();
            let advice = match nearest(name, functions()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("known: {}", known.join(", ")),
            };
            Err(format!("`{name}` is no function ({advice})"))
        }
        _ => {
            let takes = if single.is_some() { "one" } else { "two" };
            Err(format!(
                "`{name}` takes {takes} and was given {}",
                values.len()
            ))
        }
    }
}

/// What the parsers read.
pub(crate) type Input<'i> = LocatingSlice<&'i str>;

/// What should stand where a parser fails.
pub(crate) fn expected(what: &'static str) -> StrContext {
    StrContext::Expected(StrContextValue::Description(what))
}

fn binary(operation: Operation, a: Node, b: Node) -> Node {
    Node {
        at: a.at.start..b.at.end,
        what: What::Binary(operation, Box::new([a, b])),
    }
}

fn sum(input: &mut Input<'_>) -> ModalResult<Node> {
    expression(delimited(space0, operand, space0))
        .prefix(
            dispatch! {preceded(space0, one_of(['-', '+']));
                '-' => Prefix(3, |_: &mut Input<'_>, a: Node| Ok(Node {
                    at: a.at.clone(),
                    what: What::Negative(Box::new(a)),
                })),
                _ => Prefix(3, |_: &mut Input<'_>, a| Ok(a)),
            }
            .context(expected(OPERAND)),
        )
        .infix(alt((
            "**".value(power()),
            dispatch! {any;
                '+' => Infix::Left(1, |_: &mut Input<'_>, a, b| Ok(binary(Operation::Add, a, b))),
                '-' => Infix::Left(1, |_: &mut Input<'_>, a, b| Ok(binary(Operation::Subtract, a, b))),
                '*' => Infix::Left(2, |_: &mut Input<'_>, a, b| Ok(binary(Operation::Multiply, a, b))),
                '/' => Infix::Left(2, |_: &mut Input<'_>, a, b| Ok(binary(Operation::Divide, a, b))),
                '^' => power(),
                _ => fail,
            },
        )))
        .parse_next(input)
}

fn power<'i>() -> Infix<Input<'i>, Node, ErrMode<ContextError>> {
    Infix::Right(5, |_, a, b| Ok(binary(Operation::Power, a, b)))
}

/// What is tried first, a sign last: the error is that of the sign.
const OPERAND: &str = "a number, a name or `(`";

fn operand(input: &mut Input<'_>) -> ModalResult<Node> {
    let close = || cut_err(')').context(expected("`)`"));
    let number = float.with_span().map(|(x, at)| Node {
        at,
        what: What::Number(x),
    });
    let arguments = cut_err(separated(1.., sum, ','));
    let call =
        (name, space0, '(', arguments, close())
            .with_span()
            .map(|((name, _, _, each, _), at)| Node {
                at,
                what: What::Call(name.to_owned(), each),
            });
    let named = name.with_span().map(|(name, at)| Node {
        at,
        what: What::Name(name.to_owned()),
    });
    alt((call, named, number, delimited('(', cut_err(sum), close()))).parse_next(input)
}

/// A letter or _, then letters, digits and _.
pub(crate) fn name<'i>(input: &mut Input<'i>) -> ModalResult<&'i str> {
    (
        any.verify(|c: &char| c.is_ascii_alphabetic() || *c == '_'),
        take_while(0.., |c: char| c.is_ascii_alphanumeric() || c == '_'),
    )
        .take()
        .parse_next(input)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn names() -> Names {
        [("beta", 2.0), ("x_1", 0.5)]
            .map(|(name, x)| (name.to_owned(), x))
            .into()
    }

    fn value(text: &str) -> Result<f64, Slip> {
        Expression::parse(text)?.evaluate(&|name| number(name, &names()), &call)
    }

    #[test]
    fn law_arithmetic_is_the_usual_one() {
        for (text, x) in [
            ("2*beta", 4.0),
            (" -beta^2 ", -4.0),
            ("2^-1", 0.5),
            ("2^3^2", 512.0),
            ("2**3", 8.0),
            ("1 - 2 - 3", -4.0),
            ("8/4/2", 1.0),
            ("2 + 3*4", 14.0),
            ("(2 + 3)*4", 20.0),
            ("-(beta + x_1)", -2.5),
            ("+1e-3*1E3", 1.0),
            ("sqrt(beta*8) + max(1, 2)", 6.0),
            ("cos(pi)", -1.0),
            ("--1", 1.0),
            ("2*-3", -6.0),
            (".5", 0.5),
        ] {
            assert_eq!(value(text), Ok(x), "{text}");
        }
    }

    #[test]
    fn law_a_slip_is_shown_where_it_is() {
        for (text, at, reason) in [
            ("2*bta", 2..5, "did you mean `beta`?"),
            ("2*", 2..2, "its end stands where a number"),
            ("2 beta", 2..3, "`b` stands where an operator"),
            ("(1 + 2", 6..6, "its end stands where `)`"),
            ("1 + * 2", 4..5, "`*` stands where a number"),
            ("sqr(2)", 0..6, "did you mean `sqrt`?"),
            ("sqrt(1, 2)", 0..10, "takes one and was given 2"),
            ("sqrt", 0..4, "write sqrt(…)"),
            ("1 + 1/(beta - 2)", 4..15, "the value is inf"),
            ("ln(-1)", 0..6, "the value is NaN"),
            ("beta*t", 5..6, "the time `t`"),
            ("β", 0..2, "`β` stands where a number"),
            ("", 0..0, "its end stands"),
            ("inf", 0..3, "`inf` is not in [parameters]"),
        ] {
            let slip = value(text).unwrap_err();
            assert!(slip.reason.contains(reason), "{text}: {}", slip.reason);
            assert_eq!(slip.at, at, "{text}");
        }
    }

    #[test]
    fn law_the_deepest_text_is_read_or_refused() {
        for unit in ["(", "-", "2^", "sqrt(", "2^-(", "1+", "- "] {
            let _ = value(&unit.repeat(LONGEST / unit.len()));
            let whole = unit.repeat(LONGEST / unit.len() - 1) + "1";
            let _ = value(&whole);
        }
        let parentheses = format!("{}1{}", "(".repeat(DEEPEST), ")".repeat(DEEPEST));
        assert_eq!(value(&parentheses), Ok(1.0));
        assert!(value(&"1".repeat(LONGEST + 1)).is_err());
    }

    /// A text with its value by arithmetic on the spot.
    fn sums() -> impl Strategy<Value = (String, f64)> {
        let leaf = (1_u8..50).prop_map(|n| (format!("{n}"), f64::from(n)));
        leaf.prop_recursive(5, 40, 2, |inner| {
            (inner.clone(), inner, 0_usize..4).prop_map(|((a, x), (b, y), what)| match what {
                0 => (format!("({a} + {b})"), x + y),
                1 => (format!("({a}-{b})"), x - y),
                2 => (format!("({a} *{b})"), x * y),
                _ => (format!("(-{a})"), -x),
            })
        })
    }

    proptest! {
        #[test]
        fn law_a_text_has_the_value_it_was_made_with((text, x) in sums()) {
            prop_assume!(text.len() <= LONGEST);
            prop_assert_eq!(value(&text), Ok(x));
        }

        #[test]
        fn law_no_text_makes_the_parser_panic(text in "[-+*/^(),.a-e0-9 ]{0,60}") {
            let _ = value(&text);
        }
    }
}
