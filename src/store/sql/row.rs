//! From columns to the model's types and back.

use std::str::FromStr;

use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::Row as _;

use super::Row;

pub(super) type Result<T> = std::result::Result<T, sqlx::Error>;

/// An id's bits as a column keeps them; ids have 63 bits, so the sign is never set.
pub(super) fn key(bits: u64) -> i64 {
    bits.cast_signed()
}

/// The same, NULL for "none".
pub(super) fn optional_key(bits: u64) -> Option<i64> {
    (bits != 0).then(|| key(bits))
}

/// The bits of an id, 0 for NULL.
pub(super) fn bits(row: &Row, column: &str) -> Result<u64> {
    Ok(row.try_get::<Option<i64>, _>(column)?.unwrap_or(0).cast_unsigned())
}

pub(super) fn text(row: &Row, column: &str) -> Result<String> {
    row.try_get(column)
}

pub(super) fn optional_text(row: &Row, column: &str) -> Result<Option<String>> {
    row.try_get(column)
}

pub(super) fn optional_instant(row: &Row, column: &str) -> Result<Option<i64>> {
    row.try_get(column)
}

/// A column that holds a word of a closed list, a channel or a code.
pub(super) fn word<T>(row: &Row, column: &str) -> Result<T>
where
    T: FromStr<Err: std::error::Error + Send + Sync + 'static>,
{
    row.try_get::<&str, _>(column)?.parse().map_err(|error: T::Err| unreadable(column, error))
}

/// The same, none for NULL.
pub(super) fn optional_word<T>(row: &Row, column: &str) -> Result<Option<T>>
where
    T: FromStr<Err: std::error::Error + Send + Sync + 'static>,
{
    let text: Option<&str> = row.try_get(column)?;
    text.map(|text| text.parse().map_err(|error: T::Err| unreadable(column, error))).transpose()
}

/// A column that holds JSON.
pub(super) fn json<T: DeserializeOwned>(row: &Row, column: &str) -> Result<T> {
    serde_json::from_str(row.try_get::<&str, _>(column)?).map_err(|error| unreadable(column, error))
}

/// The same, none for NULL.
pub(super) fn optional_json<T: DeserializeOwned>(row: &Row, column: &str) -> Result<Option<T>> {
    let text: Option<&str> = row.try_get(column)?;
    text.map(|text| serde_json::from_str(text).map_err(|error| unreadable(column, error))).transpose()
}

/// A column of 32 bytes.
pub(super) fn digest(row: &Row, column: &str) -> Result<[u8; 32]> {
    row.try_get::<&[u8], _>(column)?.try_into().map_err(|error| unreadable(column, error))
}

/// The JSON of a value of the model, all of which have one.
pub(super) fn to_json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("the model's types have string keys only")
}

fn unreadable(column: &str, error: impl std::error::Error + Send + Sync + 'static) -> sqlx::Error {
    sqlx::Error::ColumnDecode { index: column.to_owned(), source: Box::new(error) }
}

/// A column of a small count, such as a status or a version.
pub(super) fn small<T>(row: &Row, column: &str) -> Result<T>
where
    T: TryFrom<i64, Error: std::error::Error + Send + Sync + 'static>,
{
    row.try_get::<i64, _>(column)?.try_into().map_err(|error| unreadable(column, error))
}

/// The same, none for NULL.
pub(super) fn optional_small<T>(row: &Row, column: &str) -> Result<Option<T>>
where
    T: TryFrom<i64, Error: std::error::Error + Send + Sync + 'static>,
{
    let number: Option<i64> = row.try_get(column)?;
    number.map(|number| number.try_into().map_err(|error| unreadable(column, error))).transpose()
}

/// `(1, 2, 3)`, bound: the engines share no other way to ask for several keys.
pub(super) fn push_keys(query: &mut sqlx::QueryBuilder<super::Db>, keys: impl Iterator<Item = u64>) {
    query.push("(");
    let mut list = query.separated(", ");
    for bits in keys {
        list.push_bind(key(bits));
    }
    query.push(")");
}

/// A column of 32 bytes, or NULL.
pub(super) fn optional_digest(row: &Row, column: &str) -> Result<Option<[u8; 32]>> {
    let bytes: Option<&[u8]> = row.try_get(column)?;
    bytes.map(|bytes| bytes.try_into().map_err(|error| unreadable(column, error))).transpose()
}
