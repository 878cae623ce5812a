//! What is sent twice is seen once, and what is missing is found.

use clickhouse::Row;
use serde::Deserialize;

use crate::warehouse::testing::BARE;
use crate::warehouse::{Batch, CallError, ClickRow, ClickSink, Frozen, Stored, Warehouse, testing};

const MARCH: u32 = 202_603;
const IN_MARCH: i64 = 1_772_600_000_000;

/// A batch of `records` of one segment, a second apart.
fn frozen(id: u128, generation: u32, records: impl IntoIterator<Item = u32>) -> Frozen {
    let mut batch = Batch::new(id, 0);
    for record in records {
        let clicked_at_ms = IN_MARCH + i64::from(record) * 1000;
        batch.push(&ClickRow { spool_id: 77, lane: 1, segment: 3, record, clicked_at_ms, ..BARE });
    }
    batch.freeze(generation, MARCH)
}

async fn stored(warehouse: &Warehouse, batch: &Frozen) -> Stored {
    warehouse.stored(batch.batch, batch.partition).await.expect("an answer")
}

#[tokio::test]
async fn a_batch_that_arrived_is_found_whole() {
    let id = testing::batch_id();
    let warehouse = testing::tables().await;
    let batch = frozen(id, 1, 0..1000);
    assert_eq!(stored(&warehouse, &batch).await, Stored::default());
    warehouse.insert(&batch).await.expect("inserted");
    let found = stored(&warehouse, &batch).await;
    assert!(found.holds(&batch.fingerprint), "{found:?}");
    assert_eq!(found, Stored { rows: 1000, distinct: 1000, hash: batch.fingerprint.hash });
    assert!(!warehouse.in_flight(id, 1).await.expect("an answer"));
}

#[tokio::test]
async fn a_query_that_still_runs_is_seen_and_left_alone() {
    let warehouse = testing::tables().await;
    let id = testing::batch_id();
    let slow = warehouse.client.query_raw("SELECT sleep(2)").with_setting("query_id", frozen(id, 3, []).token());
    let running = tokio::spawn(slow.execute());
    while !warehouse.in_flight(id, 3).await.expect("an answer") {
        assert!(!running.is_finished(), "it was never seen");
    }
    assert!(!warehouse.in_flight(id, 2).await.expect("an answer"), "another generation");
    running.await.expect("no panic").expect("it ran to its end");
    assert!(!warehouse.in_flight(id, 3).await.expect("an answer"));
}

#[tokio::test]
async fn the_same_bytes_twice_are_stored_once() {
    let id = testing::batch_id();
    let warehouse = testing::tables().await;
    let batch = frozen(id, 1, 0..10);
    warehouse.insert(&batch).await.expect("inserted");
    warehouse.insert(&batch).await.expect("answered as if it were inserted");
    assert_eq!(stored(&warehouse, &batch).await.rows, 10);
}

#[tokio::test]
async fn a_token_that_was_used_swallows_other_rows_and_verification_notices() {
    let id = testing::batch_id();
    let warehouse = testing::tables().await;
    warehouse.insert(&frozen(id, 1, 0..5)).await.expect("inserted");
    let batch = frozen(id, 1, 0..10);
    warehouse.insert(&batch).await.expect("answered as if it were inserted");
    let found = stored(&warehouse, &batch).await;
    assert!(!found.holds(&batch.fingerprint), "{found:?}");
    let healed = Frozen { generation: 2, ..batch };
    warehouse.insert(&healed).await.expect("inserted");
    assert!(stored(&warehouse, &healed).await.holds(&healed.fingerprint));
}

#[tokio::test]
async fn what_an_import_stores_is_verified_and_sent_again_when_an_answer_was_not_true() {
    let id = testing::batch_id();
    let warehouse = testing::tables().await;
    // Its token is taken: the first try is answered with success and stores nothing.
    warehouse.insert(&frozen(id, 0, 0..5)).await.expect("inserted");
    let batch = frozen(id, 0, 0..10);
    warehouse.store(batch.clone()).await.expect("stored in the end");
    assert!(stored(&warehouse, &batch).await.holds(&batch.fingerprint));
    let refused = Frozen { schema: 99, ..batch };
    assert!(warehouse.store(refused).await.is_ok(), "what is there already needs no insert to succeed");
}

#[tokio::test]
async fn doubled_rows_are_counted_by_verification_and_hidden_by_final() {
    let id = testing::batch_id();
    let warehouse = testing::tables().await;
    // Merges would remove what this test looks at.
    warehouse.execute("SYSTEM STOP MERGES clicks").await.expect("stopped");
    let batch = frozen(id, 1, 0..10);
    warehouse.insert(&batch).await.expect("inserted");
    warehouse.insert(&Frozen { generation: 2, ..batch.clone() }).await.expect("inserted again");
    let found = stored(&warehouse, &batch).await;
    assert_eq!((found.rows, found.distinct, found.doubled()), (20, 10, 10));
    assert!(found.holds(&batch.fingerprint));
    let counts = warehouse.segment_counts(77, &[]).await.expect("an answer");
    assert_eq!(counts.len(), 1);
    assert_eq!((counts[0].rows, counts[0].visible, counts[0].records, counts[0].doubled()), (20, 10, 10, 0));
}

#[tokio::test]
async fn one_missing_row_and_one_strange_row_are_noticed_although_the_count_is_right() {
    let id = testing::batch_id();
    let warehouse = testing::tables().await;
    warehouse.insert(&frozen(id, 1, (0..9).chain([10]))).await.expect("inserted");
    let expected = frozen(id, 1, 0..10);
    let found = stored(&warehouse, &expected).await;
    assert_eq!(found.distinct, expected.rows);
    assert!(!found.holds(&expected.fingerprint));
}

#[tokio::test]
async fn the_audit_sees_each_segment_and_each_record() {
    let id = testing::batch_id();
    let warehouse = testing::tables().await;
    warehouse.insert(&frozen(id, 1, [4, 1, 2])).await.expect("inserted");
    let counts = warehouse.segment_counts(77, &[]).await.expect("an answer");
    assert_eq!((counts[0].lane, counts[0].segment, counts[0].last_record, counts[0].records), (1, 3, 4, 3));
    assert_eq!(warehouse.stored_records(77, 1, 3, &[]).await.expect("an answer"), [1, 2, 4]);
    assert!(warehouse.doubled_records(77, 1, 3).await.expect("an answer").is_empty());
    // The same record at another time is another row to whoever reads.
    let again = "INSERT INTO clicks SELECT * REPLACE (clicked_at + INTERVAL 1 SECOND AS clicked_at) FROM clicks WHERE record = 2";
    warehouse.execute(again).await.expect("inserted");
    assert_eq!(warehouse.doubled_records(77, 1, 3).await.expect("an answer"), [2]);
    assert!(warehouse.segment_counts(78, &[]).await.expect("an answer").is_empty());
}

#[tokio::test]
async fn a_missing_table_or_column_has_its_code() {
    let id = testing::batch_id();
    let warehouse = testing::empty_database().await;
    let create = format!("CREATE DATABASE {}", warehouse.database());
    warehouse.in_database("default").execute(&create).await.expect("made");
    let code = |answer: Result<(), CallError>| answer.expect_err("refused").code();
    assert_eq!(code(warehouse.insert(&frozen(id, 1, 0..1)).await), Some(60));
    warehouse.execute("CREATE TABLE clicks (x UInt8) ENGINE = MergeTree ORDER BY x").await.expect("made");
    assert_eq!(code(warehouse.insert(&frozen(id, 1, 0..1)).await), Some(16));
}

#[tokio::test]
async fn rows_of_two_months_in_one_batch_are_refused_as_a_whole() {
    let warehouse = testing::tables().await;
    let mut batch = Batch::new(testing::batch_id(), 2);
    batch.push(&ClickRow { clicked_at_ms: IN_MARCH, ..BARE });
    batch.push(&ClickRow { clicked_at_ms: IN_MARCH + 40 * 86_400_000, record: 1, ..BARE });
    let error = warehouse.insert(&batch.freeze(1, MARCH)).await.expect_err("two partitions can tear");
    assert_eq!(error.code(), Some(252));
    assert!(warehouse.segment_counts(1, &[]).await.expect("an answer").is_empty());
}

#[tokio::test]
async fn cut_bytes_and_a_schema_of_the_future_store_nothing() {
    let id = testing::batch_id();
    let warehouse = testing::tables().await;
    let batch = frozen(id, 1, 0..10);
    let cut = Frozen { bytes: batch.bytes.slice(..batch.bytes.len() - 1), ..batch.clone() };
    assert_eq!(warehouse.insert(&cut).await.expect_err("the last row is cut").code(), Some(33));
    let newer = Frozen { schema: 99, ..batch.clone() };
    assert_eq!(warehouse.insert(&newer).await, Err(CallError::Schema(99)));
    assert_eq!(stored(&warehouse, &batch).await.rows, 0);
}

#[tokio::test]
async fn nobody_listening_is_no_error_of_clickhouse() {
    let id = testing::batch_id();
    let closed = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port").local_addr().expect("bound");
    let access =
        crate::warehouse::Access { url: format!("http://{closed}"), user: "relais".to_owned(), password: "x".into() };
    let error = Warehouse::new(&access, "relais").insert(&frozen(id, 1, 0..1)).await.expect_err("refused");
    assert!(matches!(error, CallError::Network(_)), "{error}");
}

#[derive(Row, Deserialize)]
struct PartFile {
    path: String,
}

#[tokio::test]
async fn a_part_with_empty_marks_is_found_named_and_dropped() {
    let id = testing::batch_id();
    let warehouse = testing::tables().await;
    let batch = frozen(id, 1, 0..10);
    warehouse.insert(&batch).await.expect("inserted");
    assert!(warehouse.unreadable_parts().await.expect("an answer").is_empty());
    let file: PartFile = warehouse
        .row("SELECT path FROM system.parts WHERE database = currentDatabase() AND table = 'clicks' AND active")
        .await
        .expect("a part");
    let marks = std::fs::read_dir(&file.path)
        .expect("the engine runs on this machine")
        .map(|entry| entry.expect("readable").path())
        .find(|path| path.extension().is_some_and(|extension| extension.to_string_lossy().contains("mrk")))
        .expect("a part has marks");
    std::fs::write(marks, "").expect("emptied");
    warehouse.execute("SYSTEM DROP MARK CACHE").await.expect("forgotten");

    let unreadable = warehouse.unreadable_parts().await.expect("damage is an answer");
    assert_eq!(unreadable.len(), 1);
    assert_eq!((unreadable[0].part.partition, unreadable[0].part.rows), (MARCH, 10));
    let damaged = [unreadable[0].part.clone()];
    assert!(warehouse.segment_counts(77, &[]).await.is_err());
    assert!(warehouse.segment_counts(77, &damaged).await.expect("the part is not opened").is_empty());
    assert!(warehouse.stored_records(77, 1, 3, &damaged).await.expect("the part is not opened").is_empty());
    warehouse.drop_part(&unreadable[0].part).await.expect("dropped");
    assert!(warehouse.unreadable_parts().await.expect("an answer").is_empty());
    let again = Frozen { generation: 2, ..batch };
    warehouse.insert(&again).await.expect("inserted");
    assert!(stored(&warehouse, &again).await.holds(&again.fingerprint));
}

#[tokio::test]
async fn the_batches_of_a_part_are_named() {
    let id = testing::batch_id();
    let warehouse = testing::tables().await;
    warehouse.insert(&frozen(id, 1, 0..10)).await.expect("inserted");
    warehouse.insert(&frozen(id + 1, 1, 10..20)).await.expect("inserted");
    warehouse.execute("OPTIMIZE TABLE clicks FINAL").await.expect("merged");
    let part = warehouse
        .rows::<crate::warehouse::parts::Part>(
            "SELECT name, toUInt32(partition_id) AS partition, rows FROM system.parts \
             WHERE database = currentDatabase() AND table = 'clicks' AND active",
        )
        .await
        .expect("parts")
        .remove(0);
    assert_eq!(warehouse.batches_of_part(&part).await.expect("an answer"), [id, id + 1]);
}
