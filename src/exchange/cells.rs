//! One row's cells, checked one by one; a problem names file, line and column.

use std::str::FromStr;

use super::csv::Row;
use super::refusal::{Refusals, shown};
use super::times::{self, Instant};
use crate::programme::fields::SHORT_TEXT;
use crate::programme::times::local_date;

/// The checks of one row.
pub(super) struct Cells<'a> {
    file: &'a str,
    line: u64,
    refusals: &'a mut Refusals,
    bad: bool,
}

impl<'a> Cells<'a> {
    pub(super) fn of(file: &'a str, row: &Row, refusals: &'a mut Refusals) -> Self {
        Self { file, line: row.line, refusals, bad: false }
    }

    /// Notes a problem of this row.
    pub(super) fn refuse(&mut self, column: &str, reason: impl Into<String>) {
        self.bad = true;
        self.refusals.add(self.file, self.line, column, reason);
    }

    /// True when nothing was refused.
    pub(super) fn are_good(&self) -> bool {
        !self.bad
    }

    /// A cell that may be empty.
    pub(super) fn text<'c>(&mut self, column: &str, cell: &'c str) -> Option<&'c str> {
        // Bytes are at least as many as characters, and cheaper to count.
        if cell.len() > SHORT_TEXT && cell.chars().count() > SHORT_TEXT {
            self.refuse(column, format!("the cell has more than {SHORT_TEXT} characters"));
        }
        (!cell.is_empty()).then_some(cell)
    }

    /// A cell that may not.
    pub(super) fn required<'c>(&mut self, column: &str, cell: &'c str) -> &'c str {
        if self.text(column, cell).is_none() {
            self.refuse(column, "the cell is empty: it must be given");
        }
        cell
    }

    /// A word of a closed list, a channel, a code.
    pub(super) fn word<T: FromStr<Err: std::fmt::Display>>(&mut self, column: &str, cell: &str) -> Option<T> {
        if cell.is_empty() {
            return None;
        }
        cell.parse().map_err(|error| self.refuse(column, format!("{} is not known: {error}", shown(cell)))).ok()
    }

    /// The same, not empty.
    pub(super) fn required_word<T: FromStr<Err: std::fmt::Display>>(&mut self, column: &str, cell: &str) -> Option<T> {
        if cell.is_empty() {
            self.refuse(column, "the cell is empty: it must be given");
        }
        self.word(column, cell)
    }

    /// A local date.
    pub(super) fn date(&mut self, column: &str, cell: &str) -> Option<String> {
        if cell.is_empty() {
            return None;
        }
        local_date(cell).map_err(|error| self.refuse(column, format!("{} is no date: {error}", shown(cell)))).ok()
    }

    /// An instant.
    pub(super) fn instant<'c>(&mut self, column: &str, cell: &'c str) -> Option<Instant<'c>> {
        if cell.is_empty() {
            return None;
        }
        times::read(cell).map_err(|error| self.refuse(column, format!("{} is no time: {error}", shown(cell)))).ok()
    }

    /// The same, not empty.
    pub(super) fn required_instant<'c>(&mut self, column: &str, cell: &'c str) -> Option<Instant<'c>> {
        if cell.is_empty() {
            self.refuse(column, "the cell is empty: it must be given");
        }
        self.instant(column, cell)
    }

    /// `true` or `false`.
    pub(super) fn flag(&mut self, column: &str, cell: &str) -> bool {
        match cell {
            "true" => true,
            "false" | "" => false,
            other => {
                self.refuse(column, format!("{} is not known: expected one of: true, false", shown(other)));
                false
            }
        }
    }
}
