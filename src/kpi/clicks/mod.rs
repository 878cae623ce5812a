//! The click log of one space, newest first.
//!
//! `clicks FINAL`: each click once, whatever was sent twice. A page ends at a [`Cursor`], a click's place in the
//! order; what arrives later, or late, moves nobody's next page.
//!
//! Reading order: [`filter`] says which clicks, here is how they are read; [`credit`] finds the one click on which a
//! credit depends; [`lately`] counts the last minutes; [`news`] finds what was not told yet.

pub mod credit;
pub mod filter;
pub mod lately;
pub mod news;

use std::time::Duration;

use tokio::sync::watch;

pub use filter::{ClickFilter, Cursor, InvalidCursor, Names};
pub use lately::Lately;

use crate::model::SpaceId;
use crate::warehouse::{CallError, ReadableRow, Rows, Select, Unanswered, Warehouse};
pub use crate::warehouse::{ClickPlace, LoggedClick};

/// How long a page may take; the API's own bound is above it.
const PAGE_WITHIN: Duration = Duration::from_secs(20);
/// How long a download may take.
const STREAM_WITHIN: Duration = Duration::from_secs(600);

/// Why the log did not answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LogError {
    /// ClickHouse is not there, or not yet. Clicks are recorded meanwhile and will be in the log.
    #[error("the click log is not there at the moment; clicks are recorded meanwhile: try again in a minute")]
    Away,
    /// The query reached its bound.
    #[error("this takes too long: ask for a shorter period, or for one content")]
    TooLong,
    /// ClickHouse refused; for the log of the program, not for whoever asked.
    #[error("the click log failed: {0}")]
    Failed(CallError),
}

impl From<CallError> for LogError {
    fn from(error: CallError) -> Self {
        match error.unanswered() {
            Unanswered::Away => Self::Away,
            Unanswered::TooLong => Self::TooLong,
            Unanswered::Failed => Self::Failed(error),
        }
    }
}

/// The click log. Cheap to clone.
#[derive(Debug, Clone)]
pub struct ClickLog {
    warehouse: watch::Receiver<Option<Warehouse>>,
}

/// Clicks that arrive as they are asked for.
pub struct ClickRows {
    rows: Rows<LoggedClick>,
    first: Option<LoggedClick>,
}

impl ClickLog {
    /// Reads from ClickHouse, once it is there.
    pub fn new(warehouse: watch::Receiver<Option<Warehouse>>) -> Self {
        Self { warehouse }
    }

    /// At most `limit` clicks after `after`, newest first.
    ///
    /// # Errors
    /// [`LogError`], within 22 s.
    pub async fn page(
        &self,
        space: SpaceId,
        filter: &ClickFilter,
        names: Names,
        after: Option<Cursor>,
        limit: u32,
    ) -> Result<Vec<LoggedClick>, LogError> {
        let mut select = filter::select(space, filter, names, after, PAGE_WITHIN);
        select.push(" LIMIT {limit:UInt32}").bind("limit", i64::from(limit));
        self.ask(&select).await
    }

    /// All clicks of a filter, newest first; ends within 10 minutes. The first is there when this returns, so what
    /// ClickHouse has against the query is known by then.
    ///
    /// # Errors
    /// [`LogError`].
    pub async fn stream(&self, space: SpaceId, filter: &ClickFilter, names: Names) -> Result<ClickRows, LogError> {
        let select = filter::select(space, filter, names, None, STREAM_WITHIN);
        let mut rows = self.warehouse()?.stream::<LoggedClick>(&select)?;
        let first = rows.next().await?;
        Ok(ClickRows { rows, first })
    }

    async fn ask<T: ReadableRow>(&self, select: &Select) -> Result<Vec<T>, LogError> {
        Ok(self.warehouse()?.select(select).await?)
    }

    fn warehouse(&self) -> Result<Warehouse, LogError> {
        self.warehouse.borrow().clone().ok_or(LogError::Away)
    }
}

impl ClickRows {
    /// The next click; none after the last.
    ///
    /// # Errors
    /// [`LogError`]: the clicks so far are not all then.
    pub async fn next(&mut self) -> Result<Option<LoggedClick>, LogError> {
        match self.first.take() {
            Some(first) => Ok(Some(first)),
            None => Ok(self.rows.next().await?),
        }
    }
}
