//! The command line.
#![allow(unreachable_pub, reason = "xflags generates public types")]

use std::path::PathBuf;

xflags::xflags! {
    /// Tasks of the workspace.
    cmd xtask {
        /// Measure the claims and print the table; exit 1 unless all hold.
        cmd verify {
            /// Suites to run; all of them if none is named.
            repeated suite: String
            /// Small sizes.
            optional --quick
            /// List the suites and their rows, and measure nothing.
            optional --list
            /// Also write the table as JSON.
            optional --json file: PathBuf
            /// Also write it as a page, with the data behind the rows.
            optional --html file: PathBuf
        }
        /// Check what the compiler does not: dependencies, sizes and heads of files, links.
        cmd tidy {}
        /// Write the generated pages of docs/.
        cmd docs {
            /// Compare them with what is there instead, and the others with the program.
            optional --check
            /// Build the reference instead, its formulas set, into target/doc.
            optional --api
        }
        /// Check that each crate builds alone and without features, and packs cleanly.
        cmd crates {
            /// Also run the tests of each crate alone: a quarter of an hour from nothing.
            optional --test
        }
        /// Measure, and print one table: what, measured, floor, ratio, target.
        cmd bench {
            /// Groups to measure; all of them if none is named.
            repeated group: String
            /// Small sizes and a second for each line.
            optional --quick
            /// The largest sizes too.
            optional --long
            /// Compare with rmftool instead: needs Python 3.11 and its package index.
            optional --peers
        }
        /// Mutate crates and count what the tests notice: needs cargo-mutants, and hours.
        cmd mutants {
            /// Crates to mutate (tensor, hierarchy, expansion); all three if none is named.
            repeated package: String
            /// Mutants of each crate, drawn at random; 50 unless told.
            optional --count count: usize
            /// What they are drawn by; 1 unless told.
            optional --seed seed: u64
        }
        /// Everything that must pass before a change is accepted.
        cmd ci {
            /// Also test the system's OpenBLAS.
            optional --lapack
            /// Also check with the oldest compiler named in Cargo.toml, installed by rustup.
            optional --oldest
            /// Fail where there is no Chromium to render reports in.
            optional --browser
            /// Also check licences, bans and sources of what is depended on: needs cargo-deny.
            optional --deny
        }
    }
}
