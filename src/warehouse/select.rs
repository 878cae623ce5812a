//! Questions of readers: bound parameters only, nothing is ever written, and an end in sight.
//!
//! Whatever account Relais has, such a query runs as a read-only one (`readonly=1` for this query alone), stops at
//! its `max_execution_time`, and sorts on disk what does not fit into [`SORT_BYTES`] of memory.

use std::time::Duration;

use clickhouse::query::RowCursor;
use clickhouse::{RowOwned, RowRead};

use super::client::{Warehouse, bounded};
use super::error::CallError;

/// Memory that ClickHouse may take for sorting one answer before it goes on on disk, in bytes.
pub const SORT_BYTES: u64 = 256 << 20;
/// How much longer than the query's own bound the caller waits for the answer to arrive.
const ON_THE_WAY: Duration = Duration::from_secs(2);

/// A query with its parameters: `{name:Type}` in the text, the value beside it.
#[derive(Debug, Clone)]
pub struct Select {
    sql: String,
    parameters: Vec<(&'static str, Parameter)>,
    within: Duration,
}

/// A value that is bound to a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Parameter {
    /// For `String`, and for `UUID` and `UInt128` in their text form.
    Text(String),
    /// For whole numbers of up to 64 bits.
    Number(i64),
    /// For `Array(String)`.
    Texts(Vec<String>),
}

impl From<i64> for Parameter {
    fn from(value: i64) -> Self {
        Self::Number(value)
    }
}

impl From<String> for Parameter {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}

impl From<Vec<String>> for Parameter {
    fn from(value: Vec<String>) -> Self {
        Self::Texts(value)
    }
}

impl Select {
    /// A query that ClickHouse ends after `within`. Settings are not set in its text: it is read-only.
    pub fn new(sql: impl Into<String>, within: Duration) -> Self {
        Self { sql: sql.into(), parameters: Vec::new(), within }
    }

    /// How long the caller waits.
    pub(super) fn patience(&self) -> Duration {
        self.within + ON_THE_WAY
    }

    /// The same values under a text that begins with `beginning`.
    pub fn after(&self, beginning: &str) -> Self {
        Self { sql: format!("{beginning}{}", self.sql), ..self.clone() }
    }

    /// Adds to the text.
    pub fn push(&mut self, sql: &str) -> &mut Self {
        self.sql.push_str(sql);
        self
    }

    /// Binds a value to the name that the text uses.
    pub fn bind(&mut self, name: &'static str, value: impl Into<Parameter>) -> &mut Self {
        self.parameters.push((name, value.into()));
        self
    }
}

/// A row that can be read: what the crate's derive makes of a struct of this room. Named here, so that nobody else
/// has to name the crate.
pub trait ReadableRow: RowOwned + RowRead {}

impl<T: RowOwned + RowRead> ReadableRow for T {}

/// Rows that arrive as they are asked for.
pub struct Rows<T>(RowCursor<T>);

impl Warehouse {
    /// All rows of a query. Column names and types are checked against `T`.
    ///
    /// # Errors
    /// [`CallError::Refused`] with code 159 when it took too long; ClickHouse's own; or why nobody knows.
    pub async fn select<T: ReadableRow>(&self, select: &Select) -> Result<Vec<T>, CallError> {
        bounded(select.patience(), self.query_of(select).fetch_all()).await
    }

    /// The rows of a query one by one, a few blocks of them in memory at most.
    ///
    /// # Errors
    /// When the query cannot be sent; what ClickHouse has to say comes with the first row.
    pub fn stream<T: ReadableRow>(&self, select: &Select) -> Result<Rows<T>, CallError> {
        Ok(Rows(self.query_of(select).fetch()?))
    }

    fn query_of(&self, select: &Select) -> clickhouse::query::Query {
        self.bound(select)
            .with_setting("readonly", "1")
            .with_setting("max_bytes_before_external_sort", SORT_BYTES.to_string())
    }

    /// The text with its values, ended by ClickHouse in time.
    pub(super) fn bound(&self, select: &Select) -> clickhouse::query::Query {
        let mut query = self
            .client
            .query_raw(&select.sql)
            .with_setting("max_execution_time", select.within.as_secs().to_string())
            .with_setting("do_not_merge_across_partitions_select_final", "1");
        for (name, value) in &select.parameters {
            query = match value {
                Parameter::Text(text) => query.param(name, text),
                Parameter::Number(number) => query.param(name, number),
                Parameter::Texts(texts) => query.param(name, texts),
            };
        }
        query
    }
}

impl<T: ReadableRow> Rows<T> {
    /// The next row; none after the last.
    ///
    /// # Errors
    /// As [`Warehouse::select`]; the rows so far are not all then.
    pub async fn next(&mut self) -> Result<Option<T>, CallError> {
        Ok(self.0.next().await?)
    }
}
