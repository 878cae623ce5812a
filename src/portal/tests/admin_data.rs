//! Lists of people and exports on the administrator's pages.

use super::*;
use crate::programme::transfers::depot::Depot;

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

fn form(csrf: &str, list: &str, fields: &[(&str, &str)]) -> String {
    let field =
        |name: &str, value: &str| format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
    let fields: String = fields.iter().map(|(name, value)| field(name, value)).collect();
    format!(
        "{}{fields}--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"../../people.csv\"\r\n\r\n{list}\r\n--x--\r\n",
        field("csrf", csrf)
    )
}

#[tokio::test]
async fn a_list_is_kept_and_asked_for_as_a_look_that_changes_nothing() {
    let (portal, depot, _folder) = portal().await;
    let mut admin = portal.signed_in(Role::Admin).await;
    admin.get("/admin/people/import").await.assert_page();
    let csrf = admin.get("/account").await.field("csrf");
    let path = admin.upload("/admin/people/import", form(&csrf, LIST, &[])).await.location().to_owned();
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
    let csrf = admin.get("/account").await.field("csrf");
    let nobody = admin.upload("/admin/people/import", form(&csrf, "Contact,Nom\na@b.test,<b>Ada\n", &[])).await;
    assert_eq!(nobody.status, 422);
    assert!(nobody.body.contains("The list has: Contact, Nom"), "{}", nobody.body);
    let wrong = form(&csrf, "Contact,Nom\n", &[("column-email", "<i>Mail")]);
    let wrong = admin.upload("/admin/people/import", wrong).await;
    assert!(wrong.body.contains("value=\"&#60;i&#62;Mail\""), "{}", wrong.body);
    let right = form(&csrf, "Contact,Nom\na@b.test,Ada\n", &[("column-email", "Contact")]);
    admin.upload("/admin/people/import", right).await.location();
    let empty = admin.upload("/admin/people/import", form(&csrf, "", &[])).await;
    assert!(empty.body.contains("not empty"), "{}", empty.body);
    assert_eq!(admin.upload("/admin/people/import", form("guessed", LIST, &[])).await.status, 403);
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
