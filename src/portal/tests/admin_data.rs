//! Lists of people and exports on the administrator's pages.

use super::said::Said;
use super::*;
use crate::model::BadRow;
use crate::model::transfer::{Changes, FieldChange, PersonChange, TransferDetails, TransferReport};
use crate::programme::Transfer;
use crate::programme::transfers::depot::Depot;
use crate::programme::transfers::run::Ending;

const LIST: &str = "E-mail;Nom;Service\nada@acme.test;Ada <script>;Nord\n";

/// The pages, with a disk for what comes in and goes out.
async fn portal() -> (Portal, Depot, tempfile::TempDir) {
    let folder = tempfile::tempdir().expect("a folder");
    let depot = Depot::open(&folder.path().join("transfers")).expect("a depot");
    let mut portal = Portal::new().await;
    let state = PortalState::new(portal.auth.clone(), portal.fixture.programme.clone(), kpis(&portal.fixture), None);
    portal.router = router(state.with_depot(depot.clone()));
    (portal, depot, folder)
}

/// Sends a list of people to be looked at.
async fn send(admin: &mut Browser, list: &[u8], fields: &[(&str, &str)]) -> Answer {
    admin.upload_proven("/admin/people/import", fields, ("file", list)).await
}

#[tokio::test]
async fn a_list_is_kept_and_asked_for_as_a_look_that_changes_nothing() {
    let (portal, depot, _folder) = portal().await;
    let mut admin = portal.signed_in(Role::Admin).await;
    admin.get("/admin/people/import").await.assert_page();
    let csrf = admin.get("/account").await.field("csrf");
    let path = send(&mut admin, LIST.as_bytes(), &[]).await.location().to_owned();
    let page = admin.get(&path).await;
    page.assert_page();
    assert!(page.body.contains("Waits") && page.body.contains("hx-trigger=\"every 2s\""), "{}", page.body);
    let id: ImportId = path.rsplit('/').next().expect("an id").parse().expect("an import's");
    let kept = portal.fixture.programme.transfer(portal.fixture.space.id, id.into()).await.expect("the import");
    assert!(kept.settings.dry_run);
    let map = kept.settings.map.expect("a map");
    assert_eq!(
        (map.delimiter.as_str(), map.columns["email"].as_str(), map.columns["team"].as_str()),
        (";", "E-mail", "Service")
    );
    let list = std::fs::read_to_string(depot.folder_of(id.into()).join("people.csv")).expect("the list");
    assert_eq!(list, LIST);
    let stopped = admin.post(&format!("{path}/cancel"), &[("csrf", &csrf)]).await;
    assert_eq!(stopped.location(), "/admin/data");
    assert!(admin.get("/admin/data").await.body.contains("Cancelled"));
    assert_eq!(admin.post(&format!("{path}/confirm"), &[("csrf", &csrf)]).await.status, 409);
}

#[tokio::test]
async fn a_list_that_cannot_be_read_says_what_to_do() {
    let (portal, _depot, _folder) = portal().await;
    let mut admin = portal.signed_in(Role::Admin).await;
    let nobody = send(&mut admin, b"Contact,Nom\na@b.test,<b>Ada\n", &[]).await;
    assert_eq!(nobody.status, 422);
    assert!(nobody.body.contains("The list has: Contact, Nom"), "{}", nobody.body);
    let wrong = send(&mut admin, b"Contact,Nom\n", &[("column-email", "<i>Mail")]).await;
    assert!(wrong.body.contains("value=\"&#60;i&#62;Mail\""), "{}", wrong.body);
    send(&mut admin, b"Contact,Nom\na@b.test,Ada\n", &[("column-email", "Contact")]).await.location();
    let empty = send(&mut admin, b"", &[]).await;
    assert!(empty.body.contains("not empty"), "{}", empty.body);
    let workbook = send(&mut admin, b"PK\x03\x04\0\0", &[]).await;
    assert_eq!(workbook.status, 422);
    workbook.assert_says("import-no-csv");
    let unknown = send(&mut admin, b"Contact,Nom\n", &[("column-email", "Mail")]).await;
    unknown.assert_says("import-no-such-column");
    let unproven = [("csrf", "guessed")];
    assert_eq!(admin.upload("/admin/people/import", &unproven, ("file", LIST.as_bytes())).await.status, 403);
}

#[tokio::test]
async fn a_list_is_read_however_its_spreadsheet_saved_it() {
    let (portal, depot, _folder) = portal().await;
    let mut admin = portal.signed_in(Role::Admin).await;
    // Windows-1252: é is one byte, which is no UTF-8.
    for list in
        [&b"E-mail;Pr\xe9nom\nada@acme.test;Ad\xe8le\n"[..], "\u{feff}E-mail;Prénom\nada@acme.test;Adèle\n".as_bytes()]
    {
        let path = send(&mut admin, list, &[]).await.location().to_owned();
        admin.get(&path).await.assert_page();
        let id: ImportId = path.rsplit('/').next().expect("an id").parse().expect("an import's");
        let kept = std::fs::read_to_string(depot.folder_of(id.into()).join("people.csv")).expect("text");
        assert_eq!(kept, "E-mail;Prénom\nada@acme.test;Adèle\n");
    }
}

#[tokio::test]
async fn an_export_is_asked_for_and_nobody_else_sees_it() {
    let (portal, _depot, _folder) = portal().await;
    let mut admin = portal.signed_in(Role::Admin).await;
    admin.get("/admin/data").await.assert_page();
    let csrf = admin.get("/account").await.field("csrf");
    let asked = admin.post("/admin/data/export", &[("csrf", &csrf), ("kind", "bundle")]).await;
    let path = asked.location().to_owned();
    admin.get(&path).await.assert_page();
    assert_eq!(admin.post("/admin/data/export", &[("csrf", &csrf), ("kind", "all")]).await.status, 400);
    portal.pass_ms(180_000);
    let mut marketing = portal.signed_in(Role::Marketing).await;
    for path in [path.as_str(), "/admin/data", "/admin/people/import"] {
        assert_eq!(marketing.get(path).await.status, 403, "{path}");
    }
    let theirs = path.replace("exp_", "exp_0");
    assert_eq!(admin.get(&theirs).await.status, 404);
}

/// Takes the next one, as the node does that has the files.
async fn begin(portal: &Portal, depot: &Depot) -> Transfer {
    portal.fixture.programme.claim_transfer(depot.node()).await.expect("a claim").expect("one waits")
}

async fn end(portal: &Portal, depot: &Depot, transfer: &Transfer, ending: Ending) {
    portal.fixture.programme.end_transfer(depot, transfer, ending).await.expect("an end");
}

/// What a list did or would do.
fn outcome(kept: bool, bad_rows: u64) -> (TransferReport, TransferDetails) {
    let changes = Changes { added: 1, changed: 1, left: 3 };
    let report =
        TransferReport { files: [("people.csv".to_owned(), changes)].into(), bad_rows, kept, ..Default::default() };
    let field = |before: Option<&str>| FieldChange {
        field: "name".to_owned(),
        before: before.map(str::to_owned),
        after: Some("Ada".to_owned()),
    };
    let new = PersonChange { line: 2, advocate_id: None, external_id: None, fields: vec![field(None)] };
    let known = PersonChange { line: 3, advocate_id: Some(AdvocateId::from_bits(9)), ..new.clone() };
    let known = PersonChange { fields: vec![field(Some("Ida"))], ..known };
    let reason = "expected an e-mail address".to_owned();
    let bad = BadRow { file: "people.csv".to_owned(), line: 4, column: "email".to_owned(), reason };
    let errors = std::iter::repeat_n(bad, bad_rows as usize).collect();
    (report, TransferDetails { errors, people: vec![new, known] })
}

#[tokio::test]
async fn what_takes_long_says_how_far_it_is_and_what_came_of_it() {
    let mut said = Said::default();
    let (portal, depot, _folder) = portal().await;
    let mut admin = portal.signed_in(Role::Admin).await;
    let csrf = admin.get("/account").await.field("csrf");
    let path = send(&mut admin, LIST.as_bytes(), &[]).await.location().to_owned();
    let open = ["transfer-running", "transfer-reload", "transfer-cancel", "setup-progress"];
    said.on(&mut admin, &path, &[&["transfer-state-waiting", "transfer-people"], &open[..]].concat()).await;

    let look = begin(&portal, &depot).await;
    portal.fixture.programme.note_progress(&look, 3, 9).await.expect("noted");
    said.on(&mut admin, &path, &[&["transfer-state-running"], &open[..]].concat()).await;
    assert!(admin.get(&path).await.body.contains("<progress id=\"transfer-progress\" max=\"9\" value=\"3\">"));
    let (report, details) = outcome(false, 1);
    end(&portal, &depot, &look, Ending::Refused(report, details)).await;
    let would = ["import-would", "import-added", "import-changed", "import-left", "import-read-as", "import-again"];
    let bad = ["import-bad", "import-bad-title", "import-line", "import-column", "import-reason"];
    let people = ["import-first-people", "import-new", "import-change", "import-at-line"];
    said.on(
        &mut admin,
        &path,
        &[&would[..], &bad, &people, &["transfer-state-refused", "import-confirm-good"]].concat(),
    )
    .await;

    let confirm = [("csrf", csrf.as_str()), ("skip_bad_rows", "yes")];
    admin.post(&format!("{path}/confirm"), &confirm).await.location();
    said.on(&mut admin, &path, &["transfer-state-waiting"]).await;
    let import = begin(&portal, &depot).await;
    let (report, details) = outcome(true, 0);
    end(&portal, &depot, &import, Ending::Done(report, details, None)).await;
    said.on(&mut admin, &path, &["transfer-state-done", "import-did", "import-see-people"]).await;

    let path = send(&mut admin, LIST.as_bytes(), &[]).await.location().to_owned();
    let look = begin(&portal, &depot).await;
    let (report, details) = outcome(false, 0);
    end(&portal, &depot, &look, Ending::Done(report, details, None)).await;
    said.on(&mut admin, &path, &["transfer-state-done", "import-would", "import-confirm"]).await;

    let export = async |admin: &mut Browser| {
        let asked = [("csrf", csrf.as_str()), ("kind", "bundle")];
        admin.post("/admin/data/export", &asked).await.location().to_owned()
    };
    let path = export(&mut admin).await;
    let failed = begin(&portal, &depot).await;
    end(&portal, &depot, &failed, Ending::Failed("the disk is full: ask for it again".to_owned())).await;
    said.on(&mut admin, &path, &["transfer-state-failed"]).await;
    assert!(admin.get(&path).await.body.contains("the disk is full: ask for it again"));
    let path = export(&mut admin).await;
    let done = begin(&portal, &depot).await;
    end(&portal, &depot, &done, Ending::Done(TransferReport::default(), TransferDetails::default(), Some(9))).await;
    said.on(&mut admin, &path, &["transfer-state-done", "transfer-ready", "transfer-download", "transfer-until"]).await;
    let path = export(&mut admin).await;
    admin.post(&format!("{path}/cancel"), &[("csrf", &csrf)]).await.location();
    said.on(&mut admin, &path, &["transfer-state-cancelled"]).await;
    said.on(&mut admin, "/admin/data", &["transfer-bundle", "transfer-people", "transfer-dry"]).await;
    said.assert_whole(|message| message.starts_with("transfer-state-"));
}
