//! Files that a configuration names, and those it does not.

use std::fs::File;
use std::io::Write;
use std::path::Path;

use meanfield_run::catalogue::Catalogue;
use meanfield_run::{Config, ConfigError};

const ARRAYS: &str = "K = [[-1.0, 0.0], [1.0, 0.0]]\nV_index = [[1, 1, 0, 1], [0, 1, 0, 1]]\n\
    V_value = [2.0, -2.0]\n";

fn config(model: &str) -> String {
    format!(
        "[model]\nkind = \"custom\"\n{model}[initial]\nF = [0.5, 0.5]\n[time]\nend = 1.0\n\
         [limits]\nmemory = \"64 MiB\"\n"
    )
}

fn parsed(place: &Path, text: &str) -> Result<Config, ConfigError> {
    Config::parse(text, &place.join("c.toml"), &Catalogue::default())
}

#[test]
fn law_a_label_is_no_file() {
    // Were it opened and read, this would not end.
    let place = tempfile::tempdir().unwrap();
    let text = config(&format!("{ARRAYS}labels = [\"/dev/zero\", \"c.toml\"]\n"));
    parsed(place.path(), &text).unwrap();
}

#[cfg(unix)]
#[test]
fn law_only_files_are_opened_and_only_so_far() {
    let place = tempfile::tempdir().unwrap();
    let pipe = place.path().join("pipe.npz");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.unwrap().success());
    for (file, said) in [
        ("pipe.npz", "a device or a pipe"),
        ("/dev/zero", "a device or a pipe"),
        (".", "a directory"),
    ] {
        let error = parsed(place.path(), &config(&format!("file = \"{file}\"\n"))).unwrap_err();
        assert!(error.to_string().contains(said), "{error}");
    }
    let long = place.path().join("long.toml");
    File::create(&long).unwrap().set_len(1 << 40).unwrap();
    let error = Config::load(&long).unwrap_err().to_string();
    assert!(error.contains("longer than"), "{error}");
}

#[test]
fn law_the_limit_of_memory_holds_while_arrays_are_read() {
    let place = tempfile::tempdir().unwrap();
    let file = File::create(place.path().join("zeros.npz")).unwrap();
    let mut archive = zip::ZipWriter::new(file);
    let deflated = zip::write::SimpleFileOptions::default()
        .compression_method(zip::CompressionMethod::Deflated);
    // 32 MB of zeros in some tens of kB.
    let shape = "{'descr': '<f8', 'fortran_order': False, 'shape': (2000, 2000), }";
    let header = format!("{shape:<117}\n");
    archive.start_file("K.npy", deflated).unwrap();
    archive.write_all(b"\x93NUMPY\x01\x00").unwrap();
    archive
        .write_all(&(header.len() as u16).to_le_bytes())
        .unwrap();
    archive.write_all(header.as_bytes()).unwrap();
    archive.write_all(&vec![0; 8 * 2000 * 2000]).unwrap();
    archive.finish().unwrap();
    let error = parsed(place.path(), &config("file = \"zeros.npz\"\n")).unwrap_err();
    assert!(
        error.to_string().contains("`limits.memory` allows 64"),
        "{error}"
    );
}
