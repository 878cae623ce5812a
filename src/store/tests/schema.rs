//! Opening, migrating and losing power.

use std::sync::Arc;

use tokio::task::JoinSet;

use super::*;

#[tokio::test]
async fn everything_reads_back_as_it_was_written_also_after_opening_again() {
    let (home, store) = store(Clock::system()).await;
    let space = fill(&store, 7).await;
    store.close().await;
    let store = home.open(Clock::system()).await;
    let mut reading = store.read().await.expect("a transaction");
    assert_eq!(reading.space(space).await.expect("reads"), Some(super::space(7)));
    assert_eq!(reading.space_of_slug("space-7").await.expect("reads"), Some(super::space(7)));
    assert_eq!(reading.advocate(space, AdvocateId::from_bits(7)).await.expect("reads"), Some(advocate(7)));
    assert_eq!(reading.campaign(space, CampaignId::from_bits(7)).await.expect("reads"), Some(campaign(7)));
    assert_eq!(reading.content(space, ContentId::from_bits(7)).await.expect("reads"), Some(content(7)));
    assert_eq!(reading.link(space, LinkId::from_bits(7)).await.expect("reads"), Some(link(7, 7)));
}

#[tokio::test]
async fn a_newer_schema_is_refused_and_left_alone() {
    let (home, store) = store(Clock::system()).await;
    let mut writing = store.write().await.expect("a transaction");
    match &mut writing.transaction {
        Transaction::Sqlite(open) => sqlx::raw_sql("PRAGMA user_version = 99").execute(&mut **open).await.map(drop),
        Transaction::Postgres(open) => {
            sqlx::raw_sql("UPDATE schema_version SET version = 99").execute(&mut **open).await.map(drop)
        }
    }
    .expect("the version is set");
    writing.commit().await.expect("a commit");
    store.close().await;
    let error = home.try_open(Clock::system()).await.expect_err("too new");
    assert!(
        matches!(error, OpenError::Newer { found: 99, .. } | OpenError::NewerDatabase { found: 99, .. }),
        "{error}"
    );
    assert!(error.to_string().contains("run a newer Relais"), "{error}");
}

#[tokio::test]
async fn two_programs_that_start_at_once_migrate_once() {
    // Whether two meet while the file is made is a matter of microseconds, so many try.
    const ROUNDS: usize = 8;
    const PROGRAMS: usize = 4;
    for _ in 0..ROUNDS {
        let home = Arc::new(Home::new());
        let mut opening = JoinSet::new();
        for _ in 0..PROGRAMS {
            let home = Arc::clone(&home);
            opening.spawn(async move { home.try_open(Clock::system()).await.expect("a store") });
        }
        let stores = opening.join_all().await;
        for (n, store) in (1..).zip(&stores[..3]) {
            fill(store, n).await;
        }
        assert_eq!(stores[0].latest_seq().await.expect("reads"), 15);
        for store in &stores {
            store.close().await;
        }
    }
}

#[tokio::test]
async fn a_file_that_is_no_database_is_refused_with_its_name() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("relais.sqlite3"), "not a database, but long enough to be read as one")
        .expect("writes");
    let error = Store::open(&Config::default(), folder.path(), Clock::system()).await.expect_err("no database");
    assert!(error.to_string().contains("relais.sqlite3"), "{error}");
}

#[tokio::test]
async fn the_file_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt;

    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::open(&Config::default(), folder.path(), Clock::system()).await.expect("a store");
    fill(&store, 1).await;
    for entry in std::fs::read_dir(folder.path()).expect("the folder") {
        let entry = entry.expect("an entry");
        let mode = entry.metadata().expect("metadata").permissions().mode();
        assert_eq!(mode & 0o077, 0, "{:?}", entry.file_name());
    }
}

#[tokio::test]
async fn commits_are_synced_and_references_checked() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::open(&Config::default(), folder.path(), Clock::system()).await.expect("a store");
    let mut writing = store.write().await.expect("a transaction");
    let Transaction::Sqlite(open) = &mut writing.transaction else { panic!("the default is SQLite") };
    for (pragma, expected) in [("PRAGMA synchronous", 2i64), ("PRAGMA foreign_keys", 1)] {
        let value: i64 = sqlx::query_scalar(pragma).fetch_one(&mut **open).await.expect("a pragma");
        assert_eq!(value, expected, "{pragma}");
    }
    let journal: String = sqlx::query_scalar("PRAGMA journal_mode").fetch_one(&mut **open).await.expect("a pragma");
    assert_eq!(journal, "wal");
}

#[tokio::test]
async fn what_is_not_committed_has_not_happened() {
    let (_home, store) = store(Clock::system()).await;
    let mut writing = store.write().await.expect("a transaction");
    writing.put_space(&space(1)).await.expect("a space");
    drop(writing);
    assert_eq!(store.read().await.expect("a transaction").space(SpaceId::from_bits(1)).await.expect("reads"), None);
    assert_eq!(store.latest_seq().await.expect("reads"), 0);
    fill(&store, 1).await;
    let first = store.changes_since(0, 1).await.expect("changes");
    assert_eq!(first[0].seq, 1, "an undone change leaves no gap");
}
