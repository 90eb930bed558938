//! No value that has no meaning is taken in silence: every key of every kind's example,
//! with each of the values that no key can have, is refused and named.

use meanfield_run::catalogue::Catalogue;
use meanfield_run::{Config, Silent, check};
use toml::{Table, Value};

/// Where a value stands: keys and places in lists.
#[derive(Clone)]
enum Step {
    Key(String),
    Item(usize),
}

/// The paths of all values, those of tables and lists too.
fn paths(value: &Value, here: &[Step], out: &mut Vec<Vec<Step>>) {
    let inner: Vec<(Step, &Value)> = match value {
        Value::Table(table) => {
            let each = table.iter();
            each.map(|(key, value)| (Step::Key(key.clone()), value))
                .collect()
        }
        Value::Array(list) => {
            // The first of a list stands for the others.
            let first = list.iter().take(1);
            first.map(|value| (Step::Item(0), value)).collect()
        }
        _ => Vec::new(),
    };
    for (step, value) in inner {
        let path = [here, &[step]].concat();
        paths(value, &path, out);
        out.push(path);
    }
}

fn at<'v>(value: &'v mut Value, path: &[Step]) -> &'v mut Value {
    path.iter().fold(value, |value, step| match step {
        Step::Key(key) => &mut value[key.as_str()],
        Step::Item(k) => &mut value[*k],
    })
}

/// The last key on the way.
fn key(path: &[Step]) -> &str {
    let mut keys = path.iter().rev().filter_map(|step| match step {
        Step::Key(key) => Some(key.as_str()),
        Step::Item(_) => None,
    });
    keys.next().unwrap()
}

/// What no key can be.
fn nonsense() -> Vec<Value> {
    let table = |key: &str| Value::Table(Table::from_iter([(key.to_owned(), Value::from(1))]));
    vec![
        Value::Float(f64::NAN),
        Value::Float(f64::INFINITY),
        Value::Float(-1e300),
        Value::String("\u{1b}[2J".to_owned()),
        Value::String(String::new()),
        Value::Datetime("1979-05-27T07:32:00Z".parse().unwrap()),
        table("nonsense"),
        table("\u{7}"),
        Value::Array(vec![Value::Array(vec![Value::from("x"), Value::from(1)])]),
        Value::Array(vec![Value::Boolean(true), Value::Float(f64::NAN)]),
    ]
}

/// What is said of a configuration that must be refused; `None` if it is taken.
fn said(catalogue: &Catalogue, table: &Value) -> Option<String> {
    let text = toml::to_string(table).unwrap();
    let parsed = Config::parse(&text, "malformed.toml".as_ref(), catalogue);
    let failure = match parsed {
        Err(error) => return Some(error.to_string()),
        Ok(config) => check(&config, &Silent).err()?,
    };
    assert!(failure.is_input(), "{text}\n{failure}");
    Some(failure.to_string())
}

#[test]
fn law_no_nonsense_is_taken_in_silence() {
    let catalogue = Catalogue::default();
    let (mut tried, mut wrong) = (0, Vec::new());
    for kind in catalogue.kinds() {
        let example: Table = kind.example.parse().unwrap();
        let example = Value::Table(example);
        let mut all = Vec::new();
        paths(&example, &[], &mut all);
        for path in &all {
            for value in nonsense() {
                let mut broken = example.clone();
                *at(&mut broken, path) = value.clone();
                tried += 1;
                let name = key(path);
                match said(&catalogue, &broken) {
                    Some(said) if said.contains(name) && !said.contains('\u{1b}') => {}
                    other => wrong.push(format!("{}: {name} = {value}: {other:?}", kind.name)),
                }
            }
            // The key under another name, and in the other tables.
            let Some((Step::Key(key), table)) = path.split_last() else {
                continue;
            };
            let mut broken = example.clone();
            let table = at(&mut broken, table).as_table_mut().unwrap();
            let value = table.remove(key).unwrap();
            table.insert(format!("{key}_"), value);
            tried += 1;
            match said(&catalogue, &broken) {
                Some(said) if said.contains(&format!("{key}_")) => {}
                other => wrong.push(format!("{}: {key}_: {other:?}", kind.name)),
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {tried}:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    assert!(tried > 1500, "{tried}");
}
