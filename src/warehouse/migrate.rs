//! Brings ClickHouse's schema to this version.
//!
//! A migration is a file of `schema/clickhouse`, numbered from 1, and never changed once it was
//! released: its SHA-256 is recorded with it. ClickHouse has no transactions over tables, so a
//! migration may be interrupted anywhere, or run by two processes at once. Therefore each of its
//! statements says `IF NOT EXISTS`, `IF EXISTS` or `OR REPLACE`, and doing it again changes nothing.

use clickhouse::Row;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::client::Warehouse;
use super::config::is_plain_name;
use super::error::CallError;
use super::statements::split;
use crate::model::hex;

/// Every migration: its file's name, which begins with its number, and its text.
const FILES: &[(&str, &str)] = &[
    ("0001_clicks.sql", include_str!("../../schema/clickhouse/0001_clicks.sql")),
    ("0002_facts.sql", include_str!("../../schema/clickhouse/0002_facts.sql")),
    ("0003_imported.sql", include_str!("../../schema/clickhouse/0003_imported.sql")),
    ("0004_rollups.sql", include_str!("../../schema/clickhouse/0004_rollups.sql")),
    ("0005_kpi_views.sql", include_str!("../../schema/clickhouse/0005_kpi_views.sql")),
    ("0006_keeping.sql", include_str!("../../schema/clickhouse/0006_keeping.sql")),
    ("0007_dashboard_views.sql", include_str!("../../schema/clickhouse/0007_dashboard_views.sql")),
    ("0008_conversions.sql", include_str!("../../schema/clickhouse/0008_conversions.sql")),
];

/// The record of what was done, in the same database. Two processes may record the same migration; the rows are equal
/// but for their time.
const RECORD: &str = "CREATE TABLE IF NOT EXISTS migrations \
    (version UInt32, name String, checksum String, applied_at DateTime64(3, 'UTC') DEFAULT now64(3)) \
    ENGINE = ReplacingMergeTree ORDER BY version";

/// The schema was not brought to this version.
#[derive(Debug, thiserror::Error)]
pub enum MigrateError {
    /// The database's name cannot stand in SQL as it is.
    #[error("clickhouse.database is {0:?}: use letters, digits and _, at most 64, beginning with no digit")]
    Name(String),
    /// A newer program was here.
    #[error(
        "ClickHouse's schema has version {found}, this program knows {known}: run a Relais that is at least as new \
         as the one that migrated it"
    )]
    Newer {
        /// The highest recorded version.
        found: u32,
        /// The highest that this program has.
        known: u32,
    },
    /// What was applied then is not what this program has under the same number.
    #[error(
        "ClickHouse migration {name} was applied with another text than this program has: this is a build of \
         another line; run the Relais that migrated it, or restore the file"
    )]
    Changed {
        /// The file.
        name: String,
    },
    /// A statement failed.
    #[error("ClickHouse migration {name} stopped, and can be run again once the cause is removed: {source}")]
    Statement {
        /// The file.
        name: String,
        /// Why.
        source: CallError,
    },
    /// The database or its record cannot be made or read.
    #[error("the ClickHouse database {database} cannot be prepared: {source}")]
    Database {
        /// Its name.
        database: String,
        /// Why.
        source: CallError,
    },
}

#[derive(Row, Serialize, Deserialize)]
struct Applied {
    version: u32,
    checksum: String,
}

/// Makes the database when it is missing and applies what was not applied yet. Returns how many migrations that were.
///
/// `progress` is called before each with its file's name, and how many are still to do.
///
/// # Errors
/// Refuses a schema that is newer than this program or made from other files; nothing is changed then.
pub async fn migrate(warehouse: &Warehouse, progress: impl FnMut(&str, usize)) -> Result<usize, MigrateError> {
    apply(warehouse, FILES, progress).await
}

/// The same without the views, which take most of the time: for tests that read tables alone.
#[cfg(test)]
pub(super) async fn migrate_tables(warehouse: &Warehouse) -> Result<usize, MigrateError> {
    let text = |name: &str, text| if name.ends_with("_views.sql") { "" } else { text };
    let files: Vec<_> = FILES.iter().map(|&(name, of_it)| (name, text(name, of_it))).collect();
    apply(warehouse, &files, |_, _| {}).await
}

async fn apply(
    warehouse: &Warehouse,
    files: &[(&str, &str)],
    mut progress: impl FnMut(&str, usize),
) -> Result<usize, MigrateError> {
    let database = warehouse.database();
    if !is_plain_name(database) {
        return Err(MigrateError::Name(database.to_owned()));
    }
    let failed = |source| MigrateError::Database { database: database.to_owned(), source };
    let create = format!("CREATE DATABASE IF NOT EXISTS {database}");
    warehouse.in_database("default").execute(&create).await.map_err(failed)?;
    warehouse.execute(RECORD).await.map_err(failed)?;
    let applied: Vec<Applied> =
        warehouse.rows("SELECT version, checksum FROM migrations FINAL ORDER BY version").await.map_err(failed)?;

    let known = files.len() as u32;
    if let Some(newest) = applied.last().filter(|newest| newest.version > known) {
        return Err(MigrateError::Newer { found: newest.version, known });
    }
    for old in &applied {
        let (name, text) = files[old.version as usize - 1];
        if old.checksum != checksum(text) {
            return Err(MigrateError::Changed { name: name.to_owned() });
        }
    }
    let wanted: Vec<(u32, &(&str, &str))> =
        (1..).zip(files).filter(|(version, _)| applied.iter().all(|old| old.version != *version)).collect();
    for (done, (version, (name, text))) in wanted.iter().enumerate() {
        progress(name, wanted.len() - done);
        let stopped = |source| MigrateError::Statement { name: (*name).to_owned(), source };
        for statement in split(text) {
            warehouse.execute(statement).await.map_err(stopped)?;
        }
        let record = format!(
            "INSERT INTO migrations (version, name, checksum) VALUES ({version}, '{name}', '{}')",
            checksum(text)
        );
        warehouse.execute(&record).await.map_err(stopped)?;
    }
    Ok(wanted.len())
}

fn checksum(text: &str) -> String {
    hex(&Sha256::digest(text.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::warehouse::testing;

    const FIRST: (&str, &str) = ("0001_a.sql", "CREATE TABLE IF NOT EXISTS a (x UInt8) ENGINE = MergeTree ORDER BY x;");
    const SECOND: (&str, &str) = ("0002_b.sql", "ALTER TABLE a ADD COLUMN IF NOT EXISTS y String; -- 'one;\n");

    async fn run(warehouse: &Warehouse, files: &[(&str, &str)]) -> Result<usize, MigrateError> {
        apply(warehouse, files, |_, _| {}).await
    }

    #[test]
    fn the_list_is_the_folder_and_each_number_is_the_next() {
        let mut names: Vec<String> = std::fs::read_dir("schema/clickhouse")
            .expect("the tests run at the package's root")
            .map(|entry| entry.expect("readable").file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        assert_eq!(names, FILES.iter().map(|(name, _)| *name).collect::<Vec<_>>());
        for (number, name) in (1..).zip(names) {
            assert!(name.starts_with(&format!("{number:04}_")), "{name}");
        }
    }

    #[test]
    fn the_views_of_the_kpis_are_what_their_source_says() {
        let made = std::process::Command::new("node").args(["schema/source/kpi_views/build.mjs", "--check"]).output();
        let made = made.expect("node runs, which npm came with");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    }

    #[test]
    fn every_statement_may_be_repeated() {
        for (name, text) in FILES {
            for statement in split(text) {
                let repeatable =
                    ["IF NOT EXISTS", "IF EXISTS", "OR REPLACE"].iter().any(|word| statement.contains(word));
                assert!(repeatable, "{name}: {statement}");
            }
        }
    }

    #[tokio::test]
    async fn migrating_twice_changes_nothing() {
        let warehouse = testing::empty_database().await;
        assert_eq!(migrate(&warehouse, |_, _| {}).await.expect("applied"), FILES.len());
        assert_eq!(migrate(&warehouse, |_, _| {}).await.expect("nothing to do"), 0);
    }

    #[tokio::test]
    async fn an_interrupted_migration_is_completed() {
        let warehouse = testing::empty_database().await;
        run(&warehouse, &[FIRST]).await.expect("applied");
        warehouse.execute("ALTER TABLE a ADD COLUMN y String").await.expect("half of the second");
        assert_eq!(run(&warehouse, &[FIRST, SECOND]).await.expect("completed"), 1);
    }

    #[tokio::test]
    async fn two_processes_may_migrate_at_once() {
        let warehouse = testing::empty_database().await;
        let (one, other) = tokio::join!(migrate(&warehouse, |_, _| {}), migrate(&warehouse, |_, _| {}));
        one.expect("applied");
        other.expect("applied");
        assert_eq!(migrate(&warehouse, |_, _| {}).await.expect("nothing to do"), 0);
    }

    #[tokio::test]
    async fn a_newer_schema_is_refused() {
        let warehouse = testing::empty_database().await;
        run(&warehouse, &[FIRST, SECOND]).await.expect("applied");
        let error = run(&warehouse, &[FIRST]).await.expect_err("it knows one only");
        assert!(matches!(error, MigrateError::Newer { found: 2, known: 1 }), "{error}");
    }

    #[tokio::test]
    async fn a_changed_file_is_refused_by_name() {
        let warehouse = testing::empty_database().await;
        run(&warehouse, &[FIRST]).await.expect("applied");
        let error = run(&warehouse, &[(FIRST.0, "SELECT 1"), SECOND]).await.expect_err("another text");
        assert!(matches!(&error, MigrateError::Changed { name } if name == FIRST.0), "{error}");
    }

    #[tokio::test]
    async fn a_failing_statement_says_where_and_why() {
        let warehouse = testing::empty_database().await;
        let error = run(&warehouse, &[("0001_a.sql", "DROP TABLE nothing")]).await.expect_err("no such table");
        let MigrateError::Statement { name, source } = error else { panic!("{error}") };
        assert_eq!((name.as_str(), source.code()), ("0001_a.sql", Some(60)));
        assert_eq!(run(&warehouse, &[FIRST]).await.expect("repaired"), 1);
    }
}
