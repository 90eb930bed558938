//! The groups: one file per question.

mod bogoliubov;
pub(crate) mod exact;
pub(crate) mod grids;
mod kernels;
mod right_hand_side;
pub(crate) mod solve;
mod threads;

use crate::{Entry, Size};

/// A group: its name, its question, and its entries.
pub struct Group {
    /// As named on the command line.
    pub name: &'static str,
    /// What it answers.
    pub question: &'static str,
    /// The entries, whose problems are not built yet.
    pub entries: fn() -> Vec<Entry>,
}

/// All of them.
pub static ALL: [Group; 7] = [
    right_hand_side::GROUP,
    kernels::GROUP,
    exact::GROUP,
    solve::GROUP,
    grids::GROUP,
    bogoliubov::GROUP,
    threads::GROUP,
];

/// The group of that name.
#[must_use]
pub fn named(name: &str) -> Option<&'static Group> {
    ALL.iter().find(|group| group.name == name)
}

/// The whole ring walk of that many states, as in the group `solve`.
#[must_use]
pub fn ring_walk(states: usize) -> Entry {
    solve::entry(states, Size::Quick)
}
