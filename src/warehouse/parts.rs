//! Parts of `clicks` that cannot be read, and how to be rid of them.
//!
//! A merge on a full disk can leave an active part whose marks are empty; from then on every read that
//! touches it fails (code 246). The rows are still in the spool: the part is dropped and they are shipped again.

use clickhouse::Row;
use serde::Deserialize;

use super::client::Warehouse;
use super::error::CallError;

/// An active part of `clicks`.
#[derive(Debug, Clone, PartialEq, Eq, Row, Deserialize)]
pub struct Part {
    /// ClickHouse's name of it, such as `202603_1_1_0`.
    pub name: String,
    /// Its month, `yyyymm`.
    pub partition: u32,
    /// How many rows it says that it holds.
    pub rows: u64,
}

/// A part and why it cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnreadablePart {
    /// The part.
    pub part: Part,
    /// What ClickHouse says.
    pub error: CallError,
}

#[derive(Row, Deserialize)]
struct Name {
    name: String,
}

#[derive(Row, Deserialize)]
struct Batch {
    batch: u128,
}

/// ClickHouse's errors that say that a part's files are not what they should be: a file that ends too early (32, 33),
/// has another checksum (40), is missing (107, 226), has another size (228), holds nonsense (246), cannot be
/// decompressed (271, 432).
const DAMAGE: &[u32] = &[32, 33, 40, 107, 226, 228, 246, 271, 432];

impl Warehouse {
    /// The active parts of `clicks` whose beginning cannot be read, all columns and their marks considered.
    ///
    /// # Errors
    /// Why the question could not be asked; damage is an answer, not an error.
    pub async fn unreadable_parts(&self) -> Result<Vec<UnreadablePart>, CallError> {
        let parts: Vec<Part> = self
            .rows(
                "SELECT name, toUInt32(partition_id) AS partition, rows FROM system.parts \
                 WHERE database = currentDatabase() AND table = 'clicks' AND active ORDER BY name",
            )
            .await?;
        let mut unreadable = Vec::new();
        for part in parts {
            let name = &part.name;
            // Part names are digits and underscores, made by ClickHouse from its own numbers.
            let sql = format!("SELECT * FROM clicks WHERE _part = '{name}' LIMIT 1 FORMAT Null");
            match self.execute(&sql).await {
                Err(error) if error.code().is_some_and(|code| DAMAGE.contains(&code)) => {
                    unreadable.push(UnreadablePart { part, error });
                }
                answer => answer?,
            }
        }
        Ok(unreadable)
    }

    /// Parts that ClickHouse put aside when it started because it could not read them. Their rows are not in the
    /// table any more, and nothing else says so.
    ///
    /// # Errors
    /// Why the question could not be asked.
    pub async fn parts_put_aside(&self) -> Result<Vec<String>, CallError> {
        let sql = "SELECT name FROM system.detached_parts WHERE database = currentDatabase() AND table = 'clicks' \
                   AND reason LIKE 'broken%' ORDER BY name";
        Ok(self.rows::<Name>(sql).await?.into_iter().map(|row| row.name).collect())
    }

    /// Removes the files of a part that was put aside.
    ///
    /// # Errors
    /// ClickHouse's own, or why nobody knows.
    pub async fn drop_part_put_aside(&self, name: &str) -> Result<(), CallError> {
        // The name is a directory's, made by ClickHouse of letters, digits, dashes and underscores.
        self.execute(&format!("ALTER TABLE clicks DROP DETACHED PART '{name}' SETTINGS allow_drop_detached = 1")).await
    }

    /// The batches with rows in this part, for shipping them again. Fails when the damage is in that column:
    /// then every batch of the part's month may be concerned.
    ///
    /// # Errors
    /// ClickHouse's own, or why nobody knows.
    pub async fn batches_of_part(&self, part: &Part) -> Result<Vec<u128>, CallError> {
        let sql = format!("SELECT DISTINCT batch FROM clicks WHERE _part = '{}' ORDER BY batch", part.name);
        Ok(self.rows::<Batch>(&sql).await?.into_iter().map(|row| row.batch).collect())
    }

    /// Drops a part with all its rows. Ask for [`Self::batches_of_part`] first, and ship them again with a new
    /// generation: ClickHouse may still know the old one's token.
    ///
    /// # Errors
    /// ClickHouse's own, or why nobody knows.
    pub async fn drop_part(&self, part: &Part) -> Result<(), CallError> {
        self.execute(&format!("ALTER TABLE clicks DROP PART '{}'", part.name)).await
    }
}
