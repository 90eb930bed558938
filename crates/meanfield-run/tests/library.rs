//! The library as a program uses it: a configuration from a file, a text or data, results
//! in memory that are those of the files, progress, and a stop.

use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use meanfield_run::catalogue::Catalogue;
use meanfield_run::{Config, Failure, Options, Silent, Stage, Values, Watch, run, solve};
use ndarray::{ArrayD, IxDyn, OwnedRepr};
use ndarray_npy::NpzReader;

fn sis() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/sis.toml")
}

#[test]
fn law_a_number_with_its_error_figure_is_read_from_rust() {
    let config = Config::load(&sis()).unwrap();
    let results = solve(&config, &Silent).unwrap();
    let infected = results.finding("⟨I⟩", 10).unwrap();
    let (value, error) = (infected.corrected.unwrap(), infected.error.unwrap());
    let exact = infected.exact.unwrap();
    assert!((exact - 0.605_495).abs() < 1e-6, "{infected:?}");
    assert!(
        (value - exact).abs() <= error && error < 1e-3,
        "{infected:?}"
    );
    // By time too: 21 outputs, order by order.
    assert_eq!(results.record.times.len(), 21);
    let series = results.record.observed[20][0].number().unwrap();
    assert_eq!(series.len(), 4);
    let at_n = &results.record.corrected[&10][20];
    assert_eq!(at_n.means[0].unwrap().to_bits(), value.to_bits());
}

#[test]
fn law_arrays_in_memory_are_those_of_the_file() {
    let config = Config::load(&sis()).unwrap();
    let results = solve(&config, &Silent).unwrap();
    let place = tempfile::tempdir().unwrap();
    let options = Options {
        out: Some(place.path().join("sis.out")),
        ..Options::default()
    };
    let finished = run(&config, &options, &Silent).unwrap();
    let file = std::fs::File::open(finished.directory.join("result.npz")).unwrap();
    let mut npz = NpzReader::new(file).unwrap();
    let names = npz.names().unwrap();
    assert_eq!(names.len(), results.arrays.len());
    for name in names {
        let read: ArrayD<f64> = npz.by_name::<OwnedRepr<f64>, IxDyn>(&name).unwrap();
        let Values::Real(held) = &results.arrays[&name] else {
            panic!("{name} is complex");
        };
        assert_eq!(&read, held, "{name}");
    }
    // Without a page there is none.
    assert!(!finished.directory.join("report.html").exists());
}

#[test]
fn law_data_make_the_configuration_that_their_text_makes() {
    let text = std::fs::read_to_string(sis()).unwrap();
    let data: toml::Table = text.parse().unwrap();
    let catalogue = Catalogue::default();
    let config = Config::of_data(&data, "sis.toml".as_ref(), &catalogue).unwrap();
    let results = solve(&config, &Silent).unwrap();
    let from_file = solve(&Config::load(&sis()).unwrap(), &Silent).unwrap();
    assert_eq!(results.arrays, from_file.arrays);
    let mut wrong = data;
    wrong.remove("time");
    wrong["particles"]["N"] = 0.into();
    let error = Config::of_data(&wrong, "sis.toml".as_ref(), &catalogue).unwrap_err();
    let keys: Vec<_> = error.mistakes().iter().map(|m| m.key().unwrap()).collect();
    assert!(
        keys.contains(&"time.end") && keys.contains(&"particles.N"),
        "{error}"
    );
}

/// Stops after some looks, and hears what goes on.
struct Impatient {
    looks: AtomicUsize,
    stages: Mutex<Vec<String>>,
    shares: Mutex<Vec<f64>>,
}

struct Heard<'a>(&'a Impatient);

impl Stage for Heard<'_> {
    fn set(&self, share: f64) {
        self.0.shares.lock().unwrap().push(share);
    }
}

impl Watch for Impatient {
    fn stage(&self, name: &str) -> Box<dyn Stage + '_> {
        self.stages.lock().unwrap().push(name.to_owned());
        Box::new(Heard(self))
    }

    fn stop(&self) -> bool {
        self.looks.fetch_add(1, Ordering::Relaxed) > 30
    }
}

#[test]
fn law_a_watcher_hears_of_progress_and_may_stop_it() {
    let watch = Impatient {
        looks: AtomicUsize::new(0),
        stages: Mutex::new(Vec::new()),
        shares: Mutex::new(Vec::new()),
    };
    let config = Config::load(&sis()).unwrap();
    let place = tempfile::tempdir().unwrap();
    let options = Options {
        out: Some(place.path().join("sis.out")),
        ..Options::default()
    };
    let stopped = run(&config, &options, &watch).unwrap_err();
    assert!(stopped.is_interruption() && !stopped.is_input());
    let shares = watch.shares.into_inner().unwrap();
    assert!(shares.iter().all(|share| (0.0..=1.0).contains(share)) && !shares.is_empty());
    assert_eq!(watch.stages.into_inner().unwrap()[0], "exact, N = 10");
    assert!(!place.path().join("sis.out").exists());
    // What was stopped is done again, or gone on with, to the same end.
    let finished = run(&config, &options, &Silent).unwrap();
    assert!(finished.directory.join("result.npz").exists() && finished.failed.is_none());
    // In memory nothing is left to go on from.
    let impatient = Impatient {
        looks: AtomicUsize::new(1000),
        stages: Mutex::default(),
        shares: Mutex::default(),
    };
    let stopped = solve(&config, &impatient).unwrap_err();
    assert!(matches!(stopped, Failure::Interrupted), "{stopped}");
}
