//! One person out of everything, for good.

use std::fs;

use super::*;
use crate::keeping::{Keeper, Receipt};
use crate::model::Change;
use crate::model::Progress;
use crate::programme::AdvocateFields;
use crate::programme::AdvocateRecord;
use crate::programme::tests::{Fixture, advocate as named, text};
use crate::store::Store;
use crate::warehouse::click_row::Imported;

/// A programme with one person, whose traces are everywhere.
struct World {
    fixture: Fixture,
    warehouse: Warehouse,
    data: tempfile::TempDir,
    ada: AdvocateRecord,
}

impl World {
    async fn new() -> Self {
        let fixture = Fixture::new().await;
        let warehouse = testing::tables().await;
        let mut work = fixture.programme.work().await.expect("work");
        let fields = AdvocateFields {
            external_id: text("hr-4711-lovelace"),
            location: text("Analytical Engine"),
            ..named("ada@acme.test")
        };
        let ada = work.create_advocate(fixture.space.id, &fields).await.expect("an advocate");
        work.commit().await.expect("a commit");
        let world = Self { fixture, warehouse, data: tempfile::tempdir().expect("a folder"), ada };
        world.ship_facts().await;
        for table in ["clicks", "advocates", "links", "shares", "rollup_clicks"] {
            hurry(&world.warehouse, table).await;
        }
        world
    }

    fn id(&self) -> AdvocateId {
        self.ada.advocate.id
    }

    fn space(&self) -> SpaceId {
        self.fixture.space.id
    }

    fn keeper(&self, store: &Store) -> Keeper {
        let programme = crate::programme::Programme::new(store.clone(), "https://relais.test").expect("a base URL");
        Keeper::new(store.clone(), programme, self.warehouse.clone(), self.data.path())
    }

    async fn ship_facts(&self) {
        let changes: Vec<Change> = self.fixture.store.changes_since(0, 1000).await.expect("changes");
        self.warehouse.store_facts(&changes).await.expect("facts");
    }

    /// A recorded click, an imported one under the company's key, and one of somebody else.
    async fn click(&self, record: u32) {
        let at = |record| ClickRow { space_id: self.space(), cohort: "wave-1", ..row(record, NOW_MS) };
        let own = ClickRow { advocate_id: self.id(), ..at(record) };
        store(&self.warehouse, &[own, ClickRow { advocate_id: advocate(99), ..at(record + 1) }]).await;
        let mut batch = Batch::imported(testing::batch_id(), 0);
        let more = Imported { advocate_key: "hr-4711-lovelace", clicked_at_form: "" };
        batch.push_imported(&at(record + 2), &more);
        self.warehouse.insert(&batch.freeze(0, own.partition())).await.expect("inserted");
    }

    async fn fill(&self) {
        self.click(0).await;
        let (id, space) = (self.id(), self.space());
        for statement in [
            format!(
                "INSERT INTO links (link_id, space_id, advocate_id, version) VALUES ('lnk_1', '{space}', '{id}', 1)"
            ),
            format!(
                "INSERT INTO shares (share_id, space_id, advocate_id, shared_at, version) VALUES ('shr_1', '{space}', '{id}', '2026-03-01 10:20:00.000', 1)"
            ),
            format!("INSERT INTO sign_ins VALUES ('{space}', '{id}', '2026-03-01 10:00:00.000', 1)"),
            format!(
                "INSERT INTO rollup_clicks (space_id, by, grain, start, generation, key, channel, clicks) VALUES ('{space}', 'advocate', 'day', '2026-03-02', 1, ['{id}', ''], ['x', 'x'], [5, 2])"
            ),
            format!(
                "INSERT INTO rollup_shares (space_id, shared_on, share_id, advocate_id, advocate_key, location) VALUES ('{space}', '2026-03-01', 'shr_1', '{id}', cityHash64('{id}'), 'Analytical Engine')"
            ),
        ] {
            self.warehouse.execute(&statement).await.expect("a trace");
        }
        let outbox = self.data.path().join("outbox");
        fs::create_dir_all(&outbox).expect("a folder");
        for (name, to) in [("1.eml", "Ada@acme.test"), ("2.eml", "bob@acme.test")] {
            fs::write(outbox.join(name), format!("From: x@y.z\r\nTo: {to}\r\n\r\nTo: nobody@acme.test\r\n"))
                .expect("a mail");
        }
    }

    async fn erase(&self) {
        let mut work = self.fixture.programme.work().await.expect("work");
        work.erase_advocate(self.space(), self.id()).await.expect("forgotten in the store");
        work.commit().await.expect("a commit");
        self.ship_facts().await;
    }

    async fn named_clicks(&self) -> String {
        let named = "countIf(advocate_id = '') , countIf(advocate_key = ''), countIf(cohort = ''), countIf(link_id != ''), count()";
        ask(&self.warehouse, &format!("SELECT tuple({named}) FROM clicks FINAL")).await
    }
}

#[tokio::test]
async fn security_29_erasure_finds_every_copy_in_clickhouse_and_files_down_to_the_bytes() {
    let world = World::new().await;
    world.fill().await;
    assert!(is_on_disk(&world.warehouse, "clicks", "hr-4711-lovelace").await, "the test would find nothing");
    assert!(is_on_disk(&world.warehouse, "advocates", "Analytical Engine").await, "the test would find nothing");
    world.erase().await;
    let keeper = world.keeper(&world.fixture.store);
    assert_eq!(keeper.complete_waiting().await.expect("completed"), 1);

    // Somebody else's row keeps person and cohort; every row keeps its link.
    assert_eq!(world.named_clicks().await, "(2,3,2,3,3)");
    for (table, expected) in [("links", "('',1)"), ("shares", "('',1)")] {
        assert_eq!(ask(&world.warehouse, &format!("SELECT (any(advocate_id), count()) FROM {table}")).await, expected);
    }
    assert_eq!(ask(&world.warehouse, "SELECT count() FROM sign_ins").await, "0");
    assert_eq!(ask(&world.warehouse, "SELECT countIf(NOT removed) FROM advocates").await, "0");
    assert_eq!(ask(&world.warehouse, "SELECT (any(key), any(clicks)) FROM rollup_clicks").await, "(['',''],[5,2])");
    let share = "SELECT (any(advocate_id), any(advocate_key) = cityHash64(''), any(location)) FROM rollup_shares";
    assert_eq!(ask(&world.warehouse, share).await, "('',1,'')");
    let marks = "SELECT groupArray((toString(subject), toString(at))) FROM (SELECT DISTINCT subject, at FROM rollup_marks ORDER BY subject, at)";
    assert_eq!(
        ask(&world.warehouse, marks).await,
        "[('click','2026-03-02 10:00:00'),('share','2026-03-01 10:15:00'),('advocate','1970-01-01 00:00:00')]"
    );
    for (table, text) in [
        ("clicks", "hr-4711-lovelace"),
        ("clicks", &world.id().to_string()),
        ("advocates", "Analytical Engine"),
        ("advocates", "hr-4711-lovelace"),
        ("links", &world.id().to_string()),
    ] {
        gone_from_disk(&world.warehouse, table, text).await;
    }
    let outbox = world.data.path().join("outbox");
    assert!(!outbox.join("1.eml").exists() && outbox.join("2.eml").exists());

    let receipt = keeper.complete(world.space(), world.id(), &Progress::default()).await.expect("a receipt");
    let found = |place: &str| receipt.erasure.found[place];
    assert_eq!((found("advocates"), found("mails in the outbox"), found("ClickHouse: clicks")), (1, 1, 2));
    assert_eq!((found("ClickHouse: shares"), found("ClickHouse: sign-ins"), found("ClickHouse: roll-ups")), (1, 1, 2));
    let file = fs::read(receipt.path(&world.data.path().join("erasures"))).expect("a file");
    assert_eq!(serde_json::from_slice::<Receipt>(&file).expect("a receipt"), receipt);
    let printed = format!("{receipt}{}", String::from_utf8_lossy(&file));
    for name in ["Ada", "ada@acme.test", "lovelace", "Analytical"] {
        assert!(!printed.contains(name), "{printed}");
    }
}

#[tokio::test]
async fn what_comes_back_is_taken_out_again() {
    let world = World::new().await;
    world.erase().await;
    let keeper = world.keeper(&world.fixture.store);
    keeper.complete_waiting().await.expect("completed");
    assert_eq!(keeper.look().await.expect("a look"), 0);
    // A node that had not heard, and a bundle that was imported by an older program.
    world.click(10).await;
    assert_eq!(keeper.look().await.expect("a look"), 1);
    assert_eq!(keeper.complete_waiting().await.expect("completed"), 1);
    assert_eq!(world.named_clicks().await, "(2,3,2,3,3)");
    assert_eq!(keeper.look().await.expect("a look"), 0);
    assert!(keeper.complete(world.space(), advocate(5), &Progress::default()).await.is_err(), "nobody erased that one");
}

#[tokio::test]
async fn a_restored_backup_of_one_place_hears_of_it_from_the_others() {
    let world = World::new().await;
    world.erase().await;
    world.keeper(&world.fixture.store).complete_waiting().await.expect("completed");

    // The store of before: the person is there, the erasure is not.
    let restored = Fixture::new().await;
    let mut writing = restored.store.write().await.expect("a transaction");
    writing
        .put_space(&crate::model::Space { slug: "restored".to_owned(), hosts: vec![], ..world.fixture.space.clone() })
        .await
        .expect("its space");
    writing.put_advocate(&AdvocateRecord { team_name: None, ..world.ada.clone() }).await.expect("the person");
    writing.commit().await.expect("a commit");
    let keeper = world.keeper(&restored.store);
    assert_eq!(keeper.look().await.expect("a look"), 1);
    assert!(restored.programme.advocate(world.space(), world.id()).await.is_err());
    assert_eq!(keeper.complete_waiting().await.expect("completed"), 1);

    // ClickHouse of before: neither the list nor what was done.
    world.warehouse.execute("TRUNCATE TABLE erasures").await.expect("emptied");
    world.click(20).await;
    assert_eq!(keeper.look().await.expect("a look"), 1);
    assert_eq!(keeper.complete_waiting().await.expect("completed"), 1);
    assert_eq!(world.named_clicks().await, "(2,3,2,3,3)");

    // Both of before: the receipts are left.
    world.warehouse.execute("TRUNCATE TABLE erasures").await.expect("emptied");
    let last = Fixture::new().await;
    let mut writing = last.store.write().await.expect("a transaction");
    writing
        .put_space(&crate::model::Space { slug: "restored".to_owned(), hosts: vec![], ..world.fixture.space.clone() })
        .await
        .expect("its space");
    writing.commit().await.expect("a commit");
    let keeper = world.keeper(&last.store);
    keeper.look().await.expect("a look");
    let mut reading = last.store.read().await.expect("a transaction");
    let erasure = reading.erasure(world.space(), world.id()).await.expect("reads").expect("remembered");
    assert!(erasure.is_of("hr-4711-lovelace") && erasure.is_of("ADA@acme.test") && !erasure.is_of("bob@acme.test"));
}

#[tokio::test]
async fn one_process_at_a_time_completes_an_erasure_and_a_dead_one_s_is_taken_over() {
    let world = World::new().await;
    world.erase().await;
    let keeper = world.keeper(&world.fixture.store);
    let mut writing = world.fixture.store.write().await.expect("a transaction");
    assert!(writing.take_waiting_erasure(None, 1000).await.expect("asks").is_some());
    assert!(writing.take_waiting_erasure(None, 1000).await.expect("asks").is_none(), "somebody has it");
    writing.commit().await.expect("a commit");
    assert_eq!(keeper.complete_waiting().await.expect("nothing to do"), 0);
    // The lease of a killed process runs out: the fixture's clock stands, so it is given back here.
    let mut writing = world.fixture.store.write().await.expect("a transaction");
    let erasure = writing.erasure(world.space(), world.id()).await.expect("reads").expect("it waits");
    writing.renew_erasure(&erasure, 0).await.expect("given back");
    writing.commit().await.expect("a commit");
    assert_eq!(keeper.complete_waiting().await.expect("completed"), 1);
}
