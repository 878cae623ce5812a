//! Bad rows, as many as somebody will read, and the count of all of them.

use serde::{Deserialize, Serialize};

use crate::model::BadRow;

/// Problems that are listed, some 200 bytes each; further rows are counted only.
pub const MOST_LISTED: usize = 10_000;

/// What was refused so far.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusals {
    /// The first [`MOST_LISTED`] problems.
    pub listed: Vec<BadRow>,
    /// Bad rows, listed or not.
    pub rows: u64,
    /// A file cannot be read as a whole (missing, another header, a quote that never ends): skipping rows
    /// does not help.
    pub broken: bool,
    last: Option<(String, u64)>,
}

impl Refusals {
    /// Nothing was refused.
    pub fn is_empty(&self) -> bool {
        self.rows == 0
    }

    /// Notes a problem. Several of one row count as one row.
    pub fn add(&mut self, file: &str, line: u64, column: &str, reason: impl Into<String>) {
        if self.last.as_ref().is_none_or(|(name, number)| name != file || *number != line) {
            self.rows += 1;
            self.last = Some((file.to_owned(), line));
        }
        if self.listed.len() < MOST_LISTED {
            // A header may hold anything, and this is printed on terminals.
            let is_plain = column.len() <= 60 && !column.contains(char::is_control);
            let column = if is_plain { column.to_owned() } else { shown(column) };
            self.listed.push(BadRow { file: file.to_owned(), line, column, reason: reason.into() });
        }
    }

    /// Notes what makes a whole file unusable.
    pub fn add_broken(&mut self, file: &str, line: u64, column: &str, reason: impl Into<String>) {
        self.broken = true;
        self.add(file, line, column, reason);
    }

    /// Takes in what another pass over other files refused.
    pub fn append(&mut self, other: Self) {
        self.rows += other.rows;
        self.broken |= other.broken;
        let room = MOST_LISTED.saturating_sub(self.listed.len());
        self.listed.extend(other.listed.into_iter().take(room));
    }
}

/// A cell as an error shows it: on one line, without control characters, cut after 60 characters.
pub(super) fn shown(cell: &str) -> String {
    let mut text: String = cell.chars().take(60).flat_map(char::escape_debug).collect();
    if cell.chars().nth(60).is_some() {
        text.push('…');
    }
    format!("\"{text}\"")
}
