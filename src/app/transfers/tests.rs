//! Imports and exports with a real store, a real disk and a real ClickHouse.

use std::io::Write as _;
use std::path::PathBuf;

use super::*;
use crate::model::{Changes, PeopleMap, SpaceId, TransferId, TransferState};
use crate::programme::tests::Fixture;
use crate::programme::{ExportFields, Field, NewImport, SpaceFields};
use crate::warehouse::testing;

/// A node with its disk, at work only when it is told to be.
struct Node {
    fixture: Fixture,
    transfers: Transfers,
    scratch: tempfile::TempDir,
}

impl Node {
    async fn new() -> Self {
        let (fixture, scratch) = (Fixture::new().await, tempfile::tempdir().expect("a folder"));
        let depot = Depot::open(&scratch.path().join("transfers")).expect("a folder");
        let transfers = Transfers {
            programme: fixture.programme.clone(),
            store: fixture.store.clone(),
            warehouse: watch::channel(Some(testing::tables().await)).1,
            depot,
            base_url: "https://relais.test".to_owned(),
        };
        Self { fixture, transfers, scratch }
    }

    fn space(&self) -> SpaceId {
        self.fixture.space.id
    }

    /// The same node after its process ended and was started again.
    fn restarted(self) -> Self {
        let depot = Depot::open(&self.scratch.path().join("transfers")).expect("a folder");
        Self { transfers: Transfers { depot, ..self.transfers }, ..self }
    }

    /// Does everything that waits.
    async fn work_off(&self) {
        let (mut restarted, mut running, end) = (false, JoinSet::new(), CancellationToken::new());
        loop {
            look(&self.transfers, &mut restarted, &mut running, &end).await.expect("a look");
            match running.join_next().await {
                Some(ended) => ended.expect("no panic"),
                None => return,
            }
        }
    }

    async fn bring(&self, files: &[(&str, Vec<u8>)], asked: NewImport) -> TransferId {
        self.bring_to(self.space(), files, asked).await
    }

    async fn bring_to(&self, space: SpaceId, files: &[(&str, Vec<u8>)], asked: NewImport) -> TransferId {
        let upload = self.transfers.depot.receive().expect("room");
        for (name, bytes) in files {
            upload.file(name).expect("a file").write_all(bytes).expect("written");
        }
        let mut work = self.fixture.programme.work().await.expect("work");
        let import = work.ask_import(space, &upload, &asked).await.expect("an import");
        upload.keep().expect("kept");
        work.commit().await.expect("a commit");
        import.id
    }

    async fn ask_export(&self, kind: &str) -> TransferId {
        let fields = ExportFields { kind: kind.to_owned().into(), ..ExportFields::default() };
        let mut work = self.fixture.programme.work().await.expect("work");
        let export = work.ask_export(self.space(), self.transfers.depot.node(), &fields).await.expect("an export");
        work.commit().await.expect("a commit");
        export.id
    }

    async fn standing(&self, id: TransferId) -> Transfer {
        self.fixture.programme.transfer(self.space(), id).await.expect("it is there")
    }

    fn files_of(&self, id: TransferId) -> Option<PathBuf> {
        Some(self.transfers.depot.folder_of(id)).filter(|folder| folder.exists())
    }
}

fn testdata() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src/exchange/testdata/bundle")
}

/// The test data as loose files.
fn loose() -> Vec<(&'static str, Vec<u8>)> {
    crate::model::transfer::BUNDLE_FILES
        .into_iter()
        .map(|name| (name, fs::read(testdata().join(name)).expect("a file")))
        .collect()
}

/// The test data as an archive.
fn packed() -> Vec<(&'static str, Vec<u8>)> {
    let scratch = tempfile::tempdir().expect("a folder");
    let path = scratch.path().join("x.zip");
    archive::pack(&testdata(), &path).expect("packed");
    vec![(ARCHIVE, fs::read(path).expect("a file"))]
}

fn sorted(path: &Path) -> Vec<String> {
    let text = fs::read_to_string(path).expect("a file");
    let mut lines: Vec<String> = text.split('\n').map(str::to_owned).collect();
    lines.sort();
    lines
}

fn map() -> PeopleMap {
    let ours = [("external_id", "Matricule"), ("email", "E-mail"), ("name", "Nom")];
    let columns = ours.into_iter().map(|(ours, theirs)| (ours.to_owned(), theirs.to_owned())).collect();
    PeopleMap { delimiter: ";".to_owned(), columns, ..PeopleMap::default() }
}

const LIST: &str = "Matricule;Nom;E-mail\np-1;Ada King;ada.king@acme.example\np-9;Grace Hopper;grace@acme.example\n";

#[tokio::test]
async fn a_bundle_goes_in_once_and_comes_out_as_it_was() {
    let node = Node::new().await;
    let first = node.bring(&packed(), NewImport::default()).await;
    node.work_off().await;
    let second = node.bring(&loose(), NewImport::default()).await;
    node.work_off().await;
    let (first, second) = (node.standing(first).await, node.standing(second).await);
    assert_eq!((first.state, second.state), (TransferState::Done, TransferState::Done), "{first:?} {second:?}");
    let (once, again) = (first.report.expect("a report"), second.report.expect("a report"));
    assert!(once.kept && once.files["clicks.csv"] == Changes { added: 7, changed: 0, left: 0 }, "{once:?}");
    assert!(again.files.values().all(|changes| changes.added + changes.changed == 0), "{again:?}");
    assert_eq!((first.done, first.total > 0), (first.total, true));
    assert!(node.files_of(first.id).is_none() && node.files_of(second.id).is_none(), "uploads go at the end");

    let (export, clicks) = (node.ask_export("bundle").await, node.ask_export("clicks").await);
    node.work_off().await;
    let export = node.standing(export).await;
    assert_eq!(export.state, TransferState::Done, "{export:?}");
    assert_eq!(export.report.as_ref().expect("a report").rows["clicks.csv"], 7);
    for (id, files) in [(export.id, 8), (clicks, 1)] {
        let (folder, out) = (node.files_of(id).expect("files"), node.scratch.path().join(id.to_string()));
        let packed = folder.join("export.zip");
        assert_eq!(fs::metadata(&packed).expect("a file").len(), node.standing(id).await.bytes);
        assert_eq!(fs::read_dir(folder).expect("a folder").count(), 1, "the archive and nothing else");
        archive::unpack(&packed, &out).expect("unpacked");
        assert_eq!(fs::read_dir(&out).expect("a folder").count(), files);
        for entry in fs::read_dir(&out).expect("a folder") {
            let name = entry.expect("an entry").file_name();
            assert_eq!(sorted(&out.join(&name)), sorted(&testdata().join(&name)), "{}", name.display());
        }
    }
}

#[tokio::test]
async fn bad_rows_are_told_with_file_line_and_column_and_nothing_is_kept() {
    let node = Node::new().await;
    let mut files = loose();
    let clicks = files.iter_mut().find(|(name, _)| *name == "clicks.csv").expect("clicks");
    clicks.1 = String::from_utf8(clicks.1.clone()).expect("text").replace("preview", "robot").into_bytes();
    let import = node.bring(&files, NewImport::default()).await;
    let skipping = node.bring(&files, NewImport { skip_bad_rows: true, ..NewImport::default() }).await;
    let broken = node.bring(&[(ARCHIVE, b"PK no".to_vec())], NewImport::default()).await;
    node.work_off().await;
    let refused = node.standing(import).await;
    let (report, details) = (refused.report.expect("a report"), refused.details.expect("details"));
    assert_eq!((refused.state, report.kept, report.bad_rows), (TransferState::Refused, false, 1));
    let row = &details.errors[0];
    assert_eq!((row.file.as_str(), row.line, row.column.as_str()), ("clicks.csv", 5, "class"));
    let skipped = node.standing(skipping).await;
    assert_eq!((skipped.state, skipped.report.expect("a report").bad_rows), (TransferState::Done, 1));
    let broken = node.standing(broken).await;
    assert_eq!(broken.state, TransferState::Refused);
    assert_eq!(broken.details.expect("details").errors[0].file, ARCHIVE);
}

#[tokio::test]
async fn a_list_of_people_says_whom_it_would_change_before_it_is_confirmed() {
    let node = Node::new().await;
    let asked = NewImport { map: Some(map()), dry_run: true, skip_bad_rows: false };
    let id = node.bring(&[("people.csv", LIST.as_bytes().to_vec())], asked).await;
    node.work_off().await;
    let dry = node.standing(id).await;
    let people = dry.details.expect("details").people;
    assert_eq!((dry.state, people.len()), (TransferState::Done, 2));
    assert_eq!((people[1].line, people[1].advocate_id, people[1].external_id.as_deref()), (3, None, Some("p-9")));
    assert!(node.files_of(id).is_some(), "the list is kept to be confirmed");
    let all = crate::programme::Page { after: None, limit: 10 };
    let people = async || node.fixture.programme.advocates(node.space(), &Default::default(), all).await.expect("them");
    assert_eq!(people().await.len(), 0);

    let mut work = node.fixture.programme.work().await.expect("work");
    work.confirm_import(node.space(), id, None).await.expect("it is confirmed");
    work.commit().await.expect("a commit");
    node.work_off().await;
    let real = node.standing(id).await;
    assert_eq!((real.state, real.report.expect("a report").kept), (TransferState::Done, true));
    assert_eq!(people().await.len(), 2);
    assert!(node.files_of(id).is_none());
    let mut work = node.fixture.programme.work().await.expect("work");
    let again = work.confirm_import(node.space(), id, None).await.expect_err("refused");
    assert!(matches!(again, Error::Conflict { code: "not_a_dry_run", .. }), "{again:?}");
}

#[tokio::test]
async fn what_a_killed_node_was_doing_is_done_by_its_next_start() {
    let node = Node::new().await;
    let id = node.bring(&packed(), NewImport::default()).await;
    let programme = node.fixture.programme.clone();
    let claimed = programme.claim_transfer(node.transfers.depot.node()).await.expect("a claim").expect("one");
    assert_eq!((claimed.id, claimed.attempts), (id, 1));
    let node = node.restarted();
    node.work_off().await;
    let ended = node.standing(id).await;
    assert_eq!((ended.state, ended.attempts), (TransferState::Done, 2), "{ended:?}");

    let cursed = node.bring(&packed(), NewImport::default()).await;
    for _ in 0..3 {
        programme.claim_transfer(node.transfers.depot.node()).await.expect("a claim").expect("one");
        programme.restart_transfers(node.transfers.depot.node()).await.expect("a restart");
    }
    let ended = node.standing(cursed).await;
    assert_eq!(ended.state, TransferState::Failed);
    assert!(ended.problem.expect("a reason").contains("ask for it again"));
}

#[tokio::test]
async fn one_runs_at_a_time_in_a_space() {
    let node = Node::new().await;
    let elsewhere = node.fixture.other_space().await;
    let (one, two) =
        (node.bring(&loose(), NewImport::default()).await, node.bring(&loose(), NewImport::default()).await);
    // Asked for in the same millisecond: the lower id is first.
    let (first, second) = (one.min(two), one.max(two));
    let other = node.bring_to(elsewhere, &loose(), NewImport::default()).await;
    let claim = async || {
        let claimed = node.fixture.programme.claim_transfer(node.transfers.depot.node()).await.expect("a claim");
        claimed.map(|transfer| transfer.id)
    };
    let mut claimed = [claim().await, claim().await];
    claimed.sort();
    assert_eq!(claimed, [Some(first.min(other)), Some(first.max(other))]);
    assert_eq!(claim().await, None);
    let claimed = node.standing(first).await;
    let ending = Ending::Failed("a test said so".to_owned());
    node.fixture.programme.end_transfer(&node.transfers.depot, &claimed, ending).await.expect("an end");
    assert_eq!(claim().await, Some(second));
}

#[tokio::test]
async fn one_that_runs_is_stopped_and_changes_nothing() {
    let node = Node::new().await;
    let id = node.bring(&packed(), NewImport::default()).await;
    // Another import of the space holds its lease: this one waits for it.
    let held = node.fixture.store.take_import_lease(node.space(), 1, 3_600_000).await.expect("a lease");
    assert!(held);
    let (programme, depot) = (node.fixture.programme.clone(), node.transfers.depot.clone());
    let working = node.work_off();
    let stopping = async {
        while !depot.stop(id) {
            tokio::task::yield_now().await;
        }
    };
    tokio::join!(working, stopping);
    let ended = programme.transfer(node.space(), id).await.expect("it is there");
    assert_eq!((ended.state, ended.report), (TransferState::Cancelled, None));
    assert!(node.files_of(id).is_none());
    let all = crate::programme::Page { after: None, limit: 10 };
    let people = programme.advocates(node.space(), &Default::default(), all).await.expect("them");
    assert_eq!(people.len(), 0);
}

#[tokio::test]
async fn security_29_an_erasure_takes_files_and_previews_with_it() {
    let node = Node::new().await;
    let ada = node.fixture.advocate().await;
    let asked = NewImport { map: Some(map()), dry_run: true, skip_bad_rows: false };
    let list = node.bring(&[("people.csv", LIST.as_bytes().to_vec())], asked).await;
    let export = node.ask_export("bundle").await;
    node.work_off().await;
    assert!(node.files_of(list).is_some() && node.files_of(export).is_some());
    // A third is under way: what it writes may still name the person.
    let late = node.ask_export("bundle").await;
    let claimed = node.fixture.programme.claim_transfer(node.transfers.depot.node()).await.expect("a claim");
    let mut work = node.fixture.programme.work().await.expect("work");
    work.erase_advocate(node.space(), ada).await.expect("it is forgotten");
    work.commit().await.expect("a commit");
    assert_eq!(node.standing(list).await.details, None, "at once");
    let place = Place {
        store: node.fixture.store.clone(),
        warehouse: testing::tables().await,
        base_url: node.transfers.base_url.clone(),
        space: node.space(),
    };
    let claimed = claimed.expect("one");
    assert_eq!(claimed.id, late);
    let (programme, depot) = (node.fixture.programme.clone(), node.transfers.depot.clone());
    run(programme, depot, place, claimed, CancellationToken::new()).await;
    node.work_off().await;
    for id in [list, export, late] {
        assert!(node.files_of(id).is_none(), "{id}");
        assert!(!node.standing(id).await.has_files);
    }
}

#[tokio::test]
async fn a_space_that_was_closed_meanwhile_gets_nothing() {
    let node = Node::new().await;
    let id = node.bring(&packed(), NewImport::default()).await;
    let closed = SpaceFields { closed: Field::Value(true), ..SpaceFields::default() };
    let mut work = node.fixture.programme.work().await.expect("work");
    work.update_space(node.space(), &closed).await.expect("closed");
    work.commit().await.expect("a commit");
    node.work_off().await;
    let ended = node.standing(id).await;
    assert_eq!(ended.state, TransferState::Failed);
    assert!(ended.problem.expect("a reason").contains("closed"));
}

#[tokio::test]
async fn what_is_done_stands_in_the_audit_log_without_a_name() {
    let node = Node::new().await;
    let asked = NewImport { map: Some(map()), ..NewImport::default() };
    let id = node.bring(&[("people.csv", LIST.as_bytes().to_vec())], asked).await;
    node.work_off().await;
    let page = crate::programme::Page { after: None, limit: 10 };
    let lines = node.fixture.programme.audit(node.space(), page).await.expect("the log");
    let of_it: Vec<_> = lines.iter().filter(|line| line.target == id.to_string()).collect();
    let mut actions: Vec<_> = of_it.iter().map(|line| line.action.as_str()).collect();
    actions.sort_unstable();
    assert_eq!(actions, ["import.done", "import.requested"]);
    assert!(of_it.iter().all(|line| !line.details.to_string().contains("Grace")), "{of_it:?}");
}
