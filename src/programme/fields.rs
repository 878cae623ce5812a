//! Fields as they are given, and the checks that most of them share.
//!
//! Creating and changing take the same struct of [`Field`]s: it is laid over a blank entity or
//! over the one that stands, and the whole is checked, so that a change cannot lead where a
//! creation could not. All problems are gathered before any is answered.

use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::error::{Error, FieldProblem};
use super::times;

/// A field of a request: left out, emptied, or given.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Field<T> {
    /// Left out: what stands stays.
    #[default]
    Absent,
    /// `null`: nothing stands afterwards.
    Null,
    /// A value.
    Value(T),
}

impl<T> Field<T> {
    /// A value, or left out.
    pub fn given(value: Option<T>) -> Self {
        value.map_or(Self::Absent, Self::Value)
    }

    /// This one unless it was left out.
    pub(super) fn or(self, otherwise: Self) -> Self {
        if matches!(self, Self::Absent) { otherwise } else { self }
    }
}

impl<T> From<T> for Field<T> {
    fn from(value: T) -> Self {
        Self::Value(value)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Field<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Option::<T>::deserialize(deserializer)?.map_or(Self::Null, Self::Value))
    }
}

/// For the API's description, which writes down what a field is when it is left out: nothing.
impl<T: Serialize> Serialize for Field<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Absent | Self::Null => serializer.serialize_none(),
            Self::Value(value) => value.serialize(serializer),
        }
    }
}

/// Longest name, title, key and other short text, in characters.
pub const SHORT_TEXT: usize = 300;
/// Longest summary, caption and other running text, in characters.
pub const LONG_TEXT: usize = 5_000;
/// Entries of a list of skills, teams or texts, at most.
pub const MAX_LIST: usize = 100;

/// Gathers what is wrong with a request's fields.
#[derive(Debug, Default)]
pub(super) struct Check {
    problems: Vec<FieldProblem>,
}

impl Check {
    /// Notes a problem.
    pub(super) fn refuse(&mut self, field: &str, code: &'static str, message: impl Into<String>) {
        self.problems.push(FieldProblem { field: field.to_owned(), code, message: message.into() });
    }

    /// All problems, if there are any.
    pub(super) fn finish(self) -> Result<(), Error> {
        if self.problems.is_empty() { Ok(()) } else { Err(Error::Invalid(self.problems)) }
    }

    /// A short text that must be there: trimmed, one line, at most [`SHORT_TEXT`] characters.
    pub(super) fn required_text(&mut self, name: &str, given: &Field<String>, slot: &mut String) {
        match given {
            Field::Absent => {}
            Field::Null => slot.clear(),
            Field::Value(text) => {
                if let Some(text) = self.text(name, text, SHORT_TEXT, false) {
                    *slot = text;
                } else {
                    return;
                }
            }
        }
        if slot.is_empty() {
            self.refuse(name, "required", format!("{name} must be given and not empty"));
        }
    }

    /// A text that may be there: trimmed; empty counts as nothing.
    pub(super) fn optional_text(&mut self, name: &str, given: &Field<String>, slot: &mut Option<String>) {
        self.optional(name, given, slot, |check, text| check.text(name, text, SHORT_TEXT, false));
    }

    /// A running text that may be there; lines may end.
    pub(super) fn optional_prose(&mut self, name: &str, given: &Field<String>, slot: &mut Option<String>) {
        self.optional(name, given, slot, |check, text| check.text(name, text, LONG_TEXT, true));
    }

    /// A local date.
    pub(super) fn optional_date(&mut self, name: &str, given: &Field<String>, slot: &mut Option<String>) {
        self.optional(name, given, slot, |check, text| {
            times::local_date(text).map_err(|error| check.refuse(name, "invalid", error.to_string())).ok()
        });
    }

    /// An instant.
    pub(super) fn optional_instant(&mut self, name: &str, given: &Field<String>, slot: &mut Option<i64>) {
        self.optional(name, given, slot, |check, text| {
            times::instant_ms(text).map_err(|error| check.refuse(name, "invalid", error.to_string())).ok()
        });
    }

    /// A text that `read` turns into a value; empty counts as nothing.
    pub(super) fn optional<T>(
        &mut self,
        name: &str,
        given: &Field<String>,
        slot: &mut Option<T>,
        read: impl FnOnce(&mut Self, &str) -> Option<T>,
    ) {
        match given {
            Field::Absent => {}
            Field::Null => *slot = None,
            Field::Value(text) if text.trim().is_empty() => *slot = None,
            Field::Value(text) if text.contains('\0') => {
                self.refuse(name, "invalid", format!("{name} must not hold control characters"));
            }
            Field::Value(text) => {
                if let Some(value) = read(self, text) {
                    *slot = Some(value);
                }
            }
        }
    }

    /// A word of a closed list, an id, a channel; null and empty are refused.
    pub(super) fn word<T>(&mut self, name: &str, given: &Field<String>) -> Option<T>
    where
        T: FromStr<Err: std::fmt::Display>,
    {
        match given {
            Field::Absent => None,
            Field::Null => {
                self.refuse(name, "required", format!("{name} must not be null"));
                None
            }
            Field::Value(text) => match text.parse() {
                Ok(value) => Some(value),
                Err(error) => {
                    let error: T::Err = error;
                    self.refuse(name, "invalid", error.to_string());
                    None
                }
            },
        }
    }

    /// The same, when it must be there.
    pub(super) fn required_word<T>(&mut self, name: &str, given: &Field<String>) -> Option<T>
    where
        T: FromStr<Err: std::fmt::Display>,
    {
        if matches!(given, Field::Absent) {
            self.refuse(name, "required", format!("{name} must be given"));
        }
        self.word(name, given)
    }

    /// A yes or no; null counts as no.
    pub(super) fn flag(given: &Field<bool>, slot: &mut bool) {
        match given {
            Field::Absent => {}
            Field::Null => *slot = false,
            Field::Value(value) => *slot = *value,
        }
    }

    /// A list whose entries `read` checks, in the given order without repetitions; null empties it.
    pub(super) fn list<G, T: PartialEq>(
        &mut self,
        name: &str,
        given: &Field<Vec<G>>,
        slot: &mut Vec<T>,
        max: usize,
        mut read: impl FnMut(&mut Self, &str, &G) -> Option<T>,
    ) {
        let entries = match given {
            Field::Absent => return,
            Field::Null => return slot.clear(),
            Field::Value(entries) => entries,
        };
        if entries.len() > max {
            return self.refuse(name, "too_long", format!("{name} has at most {max} entries"));
        }
        let mut values = Vec::with_capacity(entries.len());
        for (index, entry) in entries.iter().enumerate() {
            if let Some(value) = read(self, &format!("{name}[{index}]"), entry)
                && !values.contains(&value)
            {
                values.push(value);
            }
        }
        *slot = values;
    }

    /// A text that is trimmed, not longer than `max` characters, and free of control characters
    /// (but for the ends of lines and tabs where `lines` says so).
    pub(super) fn text(&mut self, name: &str, text: &str, max: usize, lines: bool) -> Option<String> {
        // Before trimming, so that the length that the API's description gives is the length itself.
        if text.chars().count() > max {
            self.refuse(name, "too_long", format!("{name} has at most {max} characters"));
            return None;
        }
        let text = text.trim();
        let refused = |character: char| character.is_control() && !(lines && matches!(character, '\n' | '\r' | '\t'));
        if text.contains(refused) {
            self.refuse(name, "invalid", format!("{name} must not hold control characters"));
            return None;
        }
        Some(text.to_owned())
    }

    /// An entry of a list: a short text that is not empty.
    pub(super) fn entry(&mut self, name: &str, text: &str) -> Option<String> {
        let text = self.text(name, text, SHORT_TEXT, false)?;
        if text.is_empty() {
            self.refuse(name, "required", format!("{name} must not be empty"));
            return None;
        }
        Some(text)
    }
}
