//! Imports and exports over HTTP: what is taken, what is refused, who may. That they are done: `app::transfers`.

use super::repeats::keyed;
use super::*;
use crate::model::ExportId;
use crate::model::transfer::{TransferDetails, TransferReport};
use crate::programme::transfers::run::Ending;

const BOUNDARY: &str = "relais-boundary";

/// A form of parts: name, file name, what stands in it.
fn form(parts: &[(&str, Option<&str>, &str)]) -> String {
    let mut text = String::new();
    for (name, file, body) in parts {
        let file = file.map(|file| format!("; filename=\"{file}\"")).unwrap_or_default();
        text += &format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n{body}\r\n");
    }
    text + &format!("--{BOUNDARY}--\r\n")
}

pub(super) fn upload(query: &str, token: &str, kind: &str, body: impl Into<Body>) -> Request<Body> {
    Request::post(format!("/api/v1/imports{query}"))
        .header("authorization", format!("Bearer {token}"))
        .header("content-type", kind)
        .body(body.into())
        .expect("a request")
}

impl Api {
    async fn send_form(&self, query: &str, parts: &[(&str, Option<&str>, &str)]) -> Answer {
        let kind = format!("multipart/form-data; boundary={BOUNDARY}");
        self.send(upload(query, &self.admin, &kind, form(parts))).await
    }

    /// What lies on the disk, by name.
    fn folders(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.scratch.path()).expect("a folder");
        let names = entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned());
        names.filter(|name| name != "node").collect()
    }
}

const MAP: &str = r#"{"columns": {"email": "E-mail", "name": "Nom"}}"#;

#[tokio::test]
async fn an_upload_waits_on_the_disk_until_it_is_asked_after() {
    let api = Api::new().await;
    let zip = api.send(upload("?dry_run=true", &api.admin, "application/zip", "PK")).await;
    assert_eq!(zip.status, 202, "{zip:?}");
    assert_eq!(zip.headers["location"], format!("/api/v1/imports/{}", zip.id()));
    let expected =
        json!({"kind": "bundle", "state": "waiting", "dry_run": true, "skip_bad_rows": false, "kept": false});
    for (field, value) in expected.as_object().expect("fields") {
        assert_eq!(&zip.body[field], value, "{field}");
    }
    let list = api.send_form(
        "?kind=people&skip_bad_rows=true",
        &[("file", Some("Équipe 2026.csv"), "E-mail,Nom\nada@example.com,Ada\n"), ("map", None, MAP)],
    );
    let list = list.await;
    assert_eq!((list.status.as_u16(), &list.body["kind"]), (202, &json!("people")), "{list:?}");
    let loose = api.send_form("", &[("file", Some("advocates.csv"), "a"), ("file", Some("clicks.csv"), "b")]).await;
    assert_eq!(loose.status, 202, "{loose:?}");
    let mut folders = api.folders();
    folders.sort();
    let mut ids = vec![zip.id(), list.id(), loose.id()];
    ids.sort_unstable();
    assert_eq!(folders, ids);
    let file = |id: &str, name: &str| std::fs::read_to_string(api.scratch.path().join(id).join(name)).expect("a file");
    assert_eq!(file(zip.id(), "bundle.zip"), "PK");
    assert_eq!(file(list.id(), "people.csv"), "E-mail,Nom\nada@example.com,Ada\n");
    assert_eq!(file(loose.id(), "clicks.csv"), "b");

    let shown = api.get(&format!("/imports/{}", zip.id())).await;
    assert_eq!((&shown.body["errors"], &shown.body["people"]), (&json!([]), &json!([])));
    let page = api.get("/imports?limit=2").await;
    let next = page.body["next"].as_str().expect("a second page");
    let rest = api.get(&format!("/imports?limit=2&after={next}")).await;
    assert_eq!(rest.body["items"].as_array().map(Vec::len), Some(1));

    let cancelled = api.send(request(Method::POST, &format!("/imports/{}/cancel", zip.id()), &api.admin, None)).await;
    assert_eq!((cancelled.status.as_u16(), &cancelled.body["state"]), (202, &json!("cancelled")));
    let again = api.send(request(Method::POST, &format!("/imports/{}/cancel", zip.id()), &api.admin, None)).await;
    assert_eq!(again.problem(), (409, "transfer_over", vec![]));
    let confirmed = api.post(&format!("/imports/{}/confirm", list.id()), json!({})).await;
    assert_eq!(confirmed.problem(), (409, "not_a_dry_run", vec![]));
}

#[tokio::test]
async fn what_is_no_upload_is_refused_and_leaves_nothing_behind() {
    let api = Api::new().await;
    let json = api.post("/imports", json!({})).await;
    assert_eq!(json.problem(), (415, "not_an_upload", vec![]));
    let people_as_zip = api.send(upload("?kind=people", &api.admin, "application/zip", "PK")).await;
    assert_eq!(people_as_zip.problem(), (415, "not_an_upload", vec![]));
    let cut = form(&[("file", Some("clicks.csv"), "a")]).replace(&format!("--{BOUNDARY}--"), "");
    let cut = api.send(upload("", &api.admin, &format!("multipart/form-data; boundary={BOUNDARY}"), cut)).await;
    assert_eq!(cut.problem(), (400, "body_unreadable", vec![]));
    let no_boundary = api.send(upload("", &api.admin, "multipart/form-data", "x")).await;
    assert_eq!(no_boundary.problem(), (400, "body_unreadable", vec![]));
    type Parts = &'static [(&'static str, Option<&'static str>, &'static str)];
    let refused: [(&str, Parts, (&str, &str)); 9] = [
        ("", &[], ("file", "required")),
        ("", &[("file", Some("salaries.csv"), "x")], ("file", "invalid")),
        ("", &[("a", Some("../../clicks.csv.exe"), "x")], ("a", "invalid")),
        ("", &[("a", Some("clicks.csv"), "x"), ("b", Some("clicks.csv"), "y")], ("b", "duplicate_field")),
        ("", &[("a", Some("x.zip"), "x"), ("b", Some("clicks.csv"), "y")], ("b", "invalid")),
        ("", &[("file", Some("clicks.csv"), "x"), ("map", None, MAP)], ("map", "unknown_field")),
        ("?kind=people", &[("file", Some("x.csv"), "x")], ("map", "required")),
        ("?kind=people", &[("file", Some("x.csv"), "x"), ("map", None, "{\"colums\": {}}")], ("map", "invalid")),
        (
            "?kind=people",
            &[("file", Some("x.csv"), "x"), ("map", None, "{\"columns\": {\"pay\": \"x\"}}")],
            ("map", "invalid"),
        ),
    ];
    for (query, parts, field) in refused {
        let answer = api.send_form(query, parts).await;
        assert_eq!(answer.problem(), (422, "invalid_fields", vec![field]), "{query} {parts:?}");
    }
    let unknown = api.send_form("?dryrun=true", &[("file", Some("clicks.csv"), "x")]).await;
    assert_eq!(unknown.problem(), (422, "invalid_fields", vec![("dryrun", "unknown_field")]));
    assert_eq!(api.folders(), Vec::<String>::new());
    for _ in 0..10 {
        assert_eq!(api.send_form("", &[("file", Some("clicks.csv"), "x")]).await.status, 202);
    }
    let eleventh = api.send_form("", &[("file", Some("clicks.csv"), "x")]).await;
    assert_eq!(eleventh.problem(), (409, "too_many_transfers", vec![]));
    assert_eq!(api.folders().len(), 10);
}

#[tokio::test]
async fn the_same_upload_under_one_key_is_one_import() {
    let api = Api::new().await;
    let send = async |body: &'static str| {
        let mut request = upload("", &api.admin, "application/zip", body);
        request.headers_mut().insert("idempotency-key", "k-1".parse().expect("a value"));
        api.send(request).await
    };
    let (first, again) = (send("PK1").await, send("PK1").await);
    assert_eq!((first.status, first.id()), (again.status, again.id()));
    assert_eq!(again.headers["idempotent-replayed"], "true");
    assert_eq!(again.headers["location"], format!("/api/v1/imports/{}", first.id()));
    assert_eq!(again.headers["location"], first.headers["location"]);
    assert_eq!(api.folders(), [first.id()]);
    assert_eq!(send("PK2").await.problem(), (409, "idempotency_key_reused", vec![]));
    assert_eq!(api.folders(), [first.id()]);
}

#[tokio::test]
async fn a_cancellation_that_is_sent_again_is_answered_again() {
    let api = Api::new().await;
    let import = api.send(upload("", &api.admin, "application/zip", "PK")).await;
    let export = api.post("/exports", json!({})).await;
    for (path, other) in [
        (format!("/imports/{}", import.id()), format!("/exports/{}", export.id())),
        (format!("/exports/{}", export.id()), format!("/imports/{}", import.id())),
    ] {
        let cancel = |path: &str, key: &str| api.send(keyed(&format!("{path}/cancel"), &api.admin, key, None));
        let (first, again) = (cancel(&path, &path).await, cancel(&path, &path).await);
        assert_eq!((first.status.as_u16(), &first.body["state"]), (202, &json!("cancelled")), "{first:?}");
        assert_eq!((again.status, &again.body), (first.status, &first.body));
        assert_eq!(again.headers["location"], format!("/api/v1{path}"));
        assert_eq!(again.headers["idempotent-replayed"], "true");
        assert_eq!(cancel(&path, "new").await.problem(), (409, "transfer_over", vec![]));
        let state = api.get(&other).await.body["state"].clone();
        assert_eq!(cancel(&other, &path).await.problem(), (409, "idempotency_key_reused", vec![]));
        assert_eq!(api.get(&other).await.body["state"], state);
    }
}

#[tokio::test]
async fn a_confirmation_under_its_key_begins_one_import() {
    let api = Api::new().await;
    let import = api.send(upload("?dry_run=true", &api.admin, "application/zip", "PK")).await;
    let (programme, depot) = (&api.state.programme, &api.state.depot);
    let claimed = programme.claim_transfer(depot.node()).await.expect("a claim").expect("one");
    let ending = Ending::Done(TransferReport::default(), TransferDetails::default(), None);
    programme.end_transfer(depot, &claimed, ending).await.expect("an end");
    let path = format!("/imports/{}/confirm", import.id());
    let confirm = |body: Value| api.send(keyed(&path, &api.admin, "k-1", body));
    let (first, again) = (confirm(json!({})).await, confirm(json!({})).await);
    assert_eq!((first.status.as_u16(), &first.body["state"]), (202, &json!("waiting")), "{first:?}");
    assert_eq!((again.status, &again.body), (first.status, &first.body));
    assert_eq!(again.headers["idempotent-replayed"], "true");
    let other = confirm(json!({"skip_bad_rows": true})).await;
    assert_eq!(other.problem(), (409, "idempotency_key_reused", vec![]));
}

#[tokio::test]
async fn an_export_is_fetched_once_it_is_written_and_every_fetch_is_noted() {
    let api = Api::new().await;
    let bad = api.post("/exports", json!({"kind": "everything"})).await;
    assert_eq!(bad.problem(), (422, "invalid_fields", vec![("kind", "invalid")]));
    let period = api.post("/exports", json!({"kind": "bundle", "from": "2026-01-01T00:00:00Z"})).await;
    assert_eq!(period.problem(), (422, "invalid_fields", vec![("from", "invalid")]));
    let asked = json!({"kind": "clicks", "from": "2026-01-01T00:00:00Z", "to": "2026-02-01T00:00:00Z"});
    let export = api.post("/exports", asked).await;
    assert_eq!((export.status.as_u16(), &export.body["download_url"]), (202, &Value::Null), "{export:?}");
    let path = format!("/exports/{}/download", export.id());
    assert_eq!(api.get(&path).await.problem(), (409, "export_not_ready", vec![]));
    let removed = api.send(request(Method::DELETE, &format!("/exports/{}", export.id()), &api.admin, None)).await;
    assert_eq!(removed.problem(), (409, "transfer_open", vec![]));

    let (programme, depot) = (&api.state.programme, &api.state.depot);
    let claimed = programme.claim_transfer(depot.node()).await.expect("a claim").expect("one");
    depot.empty_folder_of(claimed.id).expect("a folder");
    let id: ExportId = export.id().parse().expect("an id");
    let archive: Vec<u8> = (0..200_000_u32).map(|number| (number % 251) as u8).collect();
    std::fs::write(depot.file_of(id), &archive).expect("written");
    let ending = Ending::Done(TransferReport::default(), TransferDetails::default(), Some(archive.len() as u64));
    programme.end_transfer(depot, &claimed, ending).await.expect("an end");

    let shown = api.get(&format!("/exports/{}", export.id())).await;
    assert_eq!(shown.body["download_url"], format!("/api/v1{path}"));
    let response = api.router.clone().oneshot(request(Method::GET, &path, &api.admin, None)).await.expect("an answer");
    assert_eq!(
        (response.status().as_u16(), &response.headers()["content-type"]),
        (200, &"application/zip".parse().expect("it is"))
    );
    assert_eq!(response.headers()["content-disposition"], "attachment; filename=\"relais-acme-clicks-2026-03-02.zip\"");
    assert_eq!(response.headers()["content-length"], "200000");
    assert!(response.into_body().collect().await.expect("a body").to_bytes() == archive);
    let audit = api.get("/audit").await;
    let actions: Vec<_> = audit.body["items"].as_array().expect("lines").iter().map(|line| &line["action"]).collect();
    assert!(
        actions.contains(&&json!("export.downloaded")) && actions.contains(&&json!("export.requested")),
        "{actions:?}"
    );

    let removed = api.send(request(Method::DELETE, &format!("/exports/{}", export.id()), &api.admin, None)).await;
    assert_eq!(removed.status, 204);
    assert_eq!(api.get(&path).await.problem(), (409, "transfer_over", vec![]));
    programme.tidy_transfers(depot).await.expect("tidied");
    assert_eq!(api.folders(), Vec::<String>::new());
}

#[tokio::test]
async fn security_20_only_admins_import_and_export() {
    let api = Api::new().await;
    let advocate = api.fixture.advocate().await;
    for role in [Role::Advocate, Role::Marketing, Role::Recruiter, Role::Operator] {
        let token = api.token(api.fixture.space.id, role, (role == Role::Advocate).then_some(advocate)).await;
        for path in ["/imports", "/exports"] {
            let listed = api.send(request(Method::GET, path, &token, None)).await;
            assert_eq!(listed.problem(), (403, "forbidden", vec![]), "{role} {path}");
        }
        let import = api.send(upload("", &token, "application/zip", "PK")).await;
        assert_eq!(import.problem(), (403, "forbidden", vec![]), "{role}");
        let export = api.send(request(Method::POST, "/exports", &token, Some(json!({})))).await;
        assert_eq!(export.problem(), (403, "forbidden", vec![]), "{role}");
    }
    assert_eq!(api.folders(), Vec::<String>::new());
}
