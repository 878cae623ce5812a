//! Statements that compute roll-ups where their rows are: in ClickHouse.

use std::time::Duration;

use serde_json::json;

use super::rows::Done;
use crate::warehouse::client::{Warehouse, bounded};
use crate::warehouse::error::CallError;
use crate::warehouse::select::Select;

/// How long noting may take to leave, and to be answered.
const NOTE_WITHIN: Duration = Duration::from_secs(60);
/// How long ClickHouse keeps a session's tables once nobody speaks in it, seconds.
const SESSION_SECONDS: &str = "600";
/// Memory of one statement before it sorts and groups on disk, in bytes.
const MEMORY: u64 = 512 << 20;

impl Warehouse {
    /// Executes a statement that changes something, with its values bound. Statements of one `session` see its
    /// temporary tables, which go with it.
    ///
    /// # Errors
    /// ClickHouse's own, or why nobody knows: it may have been executed, or may be going on.
    pub async fn perform(&self, statement: &Select, session: &str) -> Result<(), CallError> {
        let query = self
            .bound(statement)
            .with_setting("session_id", session)
            .with_setting("session_timeout", SESSION_SECONDS)
            .with_setting("max_bytes_before_external_group_by", MEMORY.to_string())
            .with_setting("max_bytes_before_external_sort", MEMORY.to_string())
            .with_setting("wait_end_of_query", "1");
        bounded(statement.patience(), query.execute()).await
    }

    /// As [`Self::select`], within a session.
    ///
    /// # Errors
    /// As there.
    pub async fn select_in<T>(&self, select: &Select, session: &str) -> Result<Vec<T>, CallError>
    where
        T: clickhouse::RowOwned + clickhouse::RowRead,
    {
        let query = self.bound(select).with_setting("session_id", session);
        bounded(select.patience(), query.fetch_all()).await
    }

    /// Notes what was computed, under the generation of its rows.
    ///
    /// # Errors
    /// Some may be noted then. What is not is computed again.
    pub async fn note(&self, done: &[Done], generation: u64) -> Result<(), CallError> {
        let mut lines = Vec::new();
        for Done { space_id, subject, day, seen } in done {
            let row = json!({
                "space_id": space_id, "subject": subject, "id": "", "day": day, "seen": seen, "generation": generation,
            });
            serde_json::to_writer(&mut lines, &row).expect("a row has texts as keys");
            lines.push(b'\n');
        }
        let mut insert = self
            .client
            .insert_formatted_with("INSERT INTO rollup_done FORMAT JSONEachRow")
            .with_timeouts(Some(NOTE_WITHIN), Some(NOTE_WITHIN))
            .with_setting("async_insert", "0")
            .with_setting("wait_end_of_query", "1");
        insert.send(lines.into()).await?;
        Ok(insert.end().await?)
    }
}
