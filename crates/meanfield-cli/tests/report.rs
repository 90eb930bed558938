//! report.html in a browser: no error in its console, nothing wider than the
//! page, no label cut off, covered by another or too small to read.
//!
//! Needs a Chromium. Where none is found the test says so on stderr and passes,
//! unless the variable MEANFIELD_BROWSER is set, as in CI.

mod common;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use common::Place;

/// A Chromium on the search path.
fn browser() -> Option<PathBuf> {
    let names = [
        "chromium",
        "chromium-browser",
        "google-chrome",
        "google-chrome-stable",
        "chrome",
    ];
    let path = std::env::var_os("PATH")?;
    let places = std::env::split_paths(&path);
    let each = places.flat_map(|place| names.map(|name| place.join(name)));
    each.into_iter().find(|file| file.is_file())
}

/// A page that shows reports in frames, 400 and 1600 pixels wide each, and
/// writes down what is wrong with them.
const INSPECTOR: &str = r#"<!doctype html><meta charset="utf-8"><body><pre id="found">not run</pre><script>
const reports = REPORTS, found = [];
let waiting = 0, labels = 0;
function inspect(report, width, doc, view) {
  const say = text => found.push(`${report} at ${width}: ${text}`);
  if (doc.documentElement.scrollWidth > width) say(`the page is ${doc.documentElement.scrollWidth} wide`);
  if (!doc.querySelector('h1') || !doc.querySelector('figure')) say('no figure');
  for (const svg of doc.querySelectorAll('figure svg')) {
    const frame = svg.getBoundingClientRect();
    if (frame.width === 0 || svg.closest('.legend')) continue;
    const name = svg.getAttribute('aria-label');
    const texts = [...svg.querySelectorAll('text')].filter(t => t.textContent.trim());
    const boxes = texts.map(t => [t.getBoundingClientRect(), t.textContent.trim()]);
    for (const [box, text] of boxes) {
      labels += 1;
      if (box.left < frame.left - 1 || box.right > frame.right + 1 ||
          box.top < frame.top - 1 || box.bottom > frame.bottom + 1) say(`${name}: "${text}" is cut off`);
    }
    for (const t of texts) {
      const scale = frame.width / svg.viewBox.baseVal.width;
      const size = parseFloat(view.getComputedStyle(t).fontSize) * scale;
      if (size < 9) say(`${name}: "${t.textContent.trim()}" has ${size.toFixed(1)} px`);
    }
    for (let a = 0; a < boxes.length; a++) for (let b = a + 1; b < boxes.length; b++) {
      const [x, y] = [boxes[a][0], boxes[b][0]];
      // Boxes hold the space above and below the glyphs.
      const across = Math.min(x.right, y.right) - Math.max(x.left, y.left);
      const down = Math.min(x.bottom, y.bottom) - Math.max(x.top, y.top);
      if (across > 1 && down > 5) say(`${name}: "${boxes[a][1]}" meets "${boxes[b][1]}"`);
    }
  }
}
for (const report of reports) for (const width of [400, 1600]) {
  waiting += 1;
  const frame = document.createElement('iframe');
  frame.style = `width:${width}px;height:9000px;border:0`;
  frame.onload = () => {
    inspect(report, width, frame.contentDocument, frame.contentWindow);
    waiting -= 1;
    if (waiting === 0) document.getElementById('found').textContent =
      `labels ${labels}\n` + found.map(text => `FAULT ${text}\n`).join('') + 'complete';
  };
  frame.src = report;
  document.body.append(frame);
}
</script>"#;

/// Too wide; a label cut off, two on one place, tiny ones; an attribute that
/// makes no sense.
const BAD: &str = "<!doctype html><body style=\"margin:0\"><h1>Bad</h1>\
    <div style=\"width:700px\">wide</div><figure style=\"margin:0\">\
    <svg viewBox=\"0 0 100 100\" style=\"width:300px\" aria-label=\"bad\" font-size=\"2\">\
    <rect width=\"wide\" height=\"1\"/><text x=\"95\" y=\"10\">cut off here</text>\
    <text x=\"10\" y=\"50\" font-size=\"9\">one</text>\
    <text x=\"12\" y=\"50\" font-size=\"9\">two</text></svg></figure>";

#[test]
fn law_reports_render_without_errors_at_every_width() {
    let Some(browser) = browser() else {
        let required = std::env::var_os("MEANFIELD_BROWSER").is_some();
        assert!(
            !required,
            "MEANFIELD_BROWSER is set, and no Chromium is found"
        );
        // Past the capture of the test's output: this is worth reading.
        let note = "\nNOT TESTED: no Chromium is found, so nobody has looked at report.html\n";
        std::io::stderr().write_all(note.as_bytes()).unwrap();
        return;
    };
    let place = Place::empty();
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples");
    for name in ["sis", "squeezing", "kac", "sweep"] {
        let config = examples.join(format!("{name}.toml"));
        place.succeed(&["run", config.to_str().unwrap(), "--out", name]);
    }
    for kind in ["povzner", "hartree"] {
        place.write("config.toml", &place.succeed(&["new", kind]));
        place.succeed(&["run", "config.toml", "--out", kind]);
    }
    // A page on which everything is wrong, so that silence means something.
    std::fs::create_dir(place.file("bad")).unwrap();
    place.write("bad/report.html", BAD);
    let reports: Vec<String> = [
        "bad",
        "sis",
        "squeezing",
        "kac",
        "sweep",
        "povzner",
        "hartree",
    ]
    .iter()
    .map(|name| format!("\"{name}/report.html\""))
    .collect();
    let list = format!("[{}]", reports.join(","));
    place.write("inspector.html", &INSPECTOR.replace("REPORTS", &list));
    let output = Command::new(browser)
        .args(["--headless", "--no-sandbox", "--disable-gpu"])
        .args(["--enable-logging=stderr", "--allow-file-access-from-files"])
        .arg("--virtual-time-budget=60000")
        .arg(format!(
            "--user-data-dir={}",
            place.file("profile").display()
        ))
        .arg("--dump-dom")
        .arg(format!("file://{}", place.file("inspector.html").display()))
        .output()
        .unwrap();
    let log = String::from_utf8_lossy(&output.stderr).into_owned();
    let console: Vec<&str> = log
        .lines()
        .filter(|line| line.contains("CONSOLE"))
        .collect();
    let (bad, console): (Vec<&str>, Vec<&str>) =
        (console.iter()).partition(|line| line.contains("bad/report.html"));
    assert!(!bad.is_empty(), "errors are not seen\n{log}");
    assert!(console.is_empty(), "{}", console.join("\n"));
    let page = String::from_utf8_lossy(&output.stdout).into_owned();
    let (_, found) = page.split_once("id=\"found\">").unwrap();
    let (found, _) = found.split_once("</pre>").unwrap();
    assert!(found.ends_with("complete"), "{found}\n{log}");
    let faults: Vec<&str> = found
        .lines()
        .filter(|line| line.starts_with("FAULT"))
        .collect();
    let (bad, faults): (Vec<&str>, Vec<&str>) =
        (faults.iter()).partition(|line| line.starts_with("FAULT bad/"));
    for fault in ["at 400: the page is", "is cut off", " px", "meets"] {
        assert!(
            bad.iter().any(|line| line.contains(fault)),
            "{fault}: {bad:?}"
        );
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    let labels = found
        .lines()
        .next()
        .unwrap()
        .strip_prefix("labels ")
        .unwrap();
    assert!(labels.parse::<usize>().unwrap() > 500, "{labels} labels");
}
