//! How somebody's list of people is to be read.

use crate::model::PeopleMap;
use crate::model::transfer::PEOPLE_COLUMNS;

/// Columns that hold dates or instants.
const DATES: [&str; 3] = ["invited_on", "registered_at", "left_on"];

/// Whether a list can be read by it.
///
/// # Errors
/// Says what is wrong with it.
pub fn check_map(map: &PeopleMap) -> Result<(), String> {
    let ours = map.columns.keys().chain(map.constants.keys()).chain(map.formats.keys());
    for name in ours {
        if !PEOPLE_COLUMNS.contains(&name.as_str()) {
            let shown: String = name.chars().take(60).flat_map(char::escape_debug).collect();
            return Err(format!("\"{shown}\" is no column of ours: they are {}", PEOPLE_COLUMNS.join(", ")));
        }
    }
    if let Some(twice) = map.columns.keys().find(|name| map.constants.contains_key(*name)) {
        return Err(format!("{twice} has a column and a constant: choose one"));
    }
    if let Some(other) = map.formats.keys().find(|name| !DATES.contains(&name.as_str())) {
        return Err(format!("{other} holds no dates: formats are for {}", DATES.join(", ")));
    }
    if !["external_id", "email"].iter().any(|name| map.columns.contains_key(*name)) {
        return Err("columns must name external_id or email: a person is found by it".to_owned());
    }
    delimiter(map).map(drop)
}

/// What stands between the cells.
///
/// # Errors
/// When it is not one character.
pub fn delimiter(map: &PeopleMap) -> Result<u8, String> {
    match map.delimiter.as_bytes() {
        [byte] if !b"\"\r\n\0".contains(byte) => Ok(*byte),
        _ => Err("delimiter is one character, such as \";\"".to_owned()),
    }
}
