//! The API's description: nothing is left out, and people can read it.

use std::collections::BTreeSet;

use super::matrix::{Operation, operations};
use super::*;

#[test]
fn the_description_is_reviewed_when_it_changes() {
    let mut document = description();
    // Told by the package, and no matter of this test.
    document["info"]["version"] = json!("0.0.0");
    insta::assert_json_snapshot!(document);
}

/// The paths that the router itself knows, as its `Debug` prints them: axum offers no other way to
/// ask, and a route that is added past `routes!` must be seen here.
fn paths_of(router: &Router) -> BTreeSet<String> {
    let text = format!("{router:?}");
    let paths = text.split('"').skip(1).step_by(2).filter(|quoted| quoted.starts_with("/api"));
    paths.map(str::to_owned).collect()
}

#[tokio::test]
async fn every_route_of_the_router_is_described() {
    let api = Api::new().await;
    let known = paths_of(&api.router);
    let described: BTreeSet<_> = operations().into_iter().map(|operation| operation.path).collect();
    let beside = ["/api", "/api/", "/api/{*rest}", "/api/v1/openapi.json", "/api/docs", "/api/docs/style.css"];
    let expected: BTreeSet<_> = described.iter().cloned().chain(beside.map(str::to_owned)).collect();
    assert_eq!(known, expected);
    // Methods too: what the description leaves out is answered with 405.
    for path in described {
        let of_path: BTreeSet<_> =
            operations().into_iter().filter(|operation| operation.path == path).map(|one| one.method).collect();
        for method in [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
            let address = path.strip_prefix("/api/v1").expect("a path of version 1").replace("{id}", "bulks");
            let answer = api.send(request(method.clone(), &address, &api.admin, None)).await;
            assert_eq!(answer.status != 405, of_path.contains(&method), "{method} {path}: {answer:?}");
        }
    }
}

#[tokio::test]
async fn every_operation_has_what_all_have() {
    let document = description();
    let names: BTreeSet<_> =
        operations().iter().map(|operation| operation.definition["operationId"].to_string()).collect();
    assert_eq!(names.len(), operations().len(), "each operation has a name of its own");
    for operation in operations() {
        let Operation { method, path, definition } = &operation;
        let summary = definition["summary"].as_str().unwrap_or_default();
        assert!(summary.len() > 5, "{method} {path} needs a doc comment");
        let responses = definition["responses"].as_object().expect("answers");
        for status in ["401", "403", "429", "500", "503"] {
            assert!(responses.contains_key(status), "{method} {path} {status}");
        }
        assert!(operation.takes("X-Request-Id"), "{method} {path}");
        assert_eq!(operation.takes("Idempotency-Key"), *method == Method::POST, "{method} {path}");
        assert_eq!(operation.takes("If-Match"), *method == Method::PATCH, "{method} {path}");
        assert_eq!(operation.takes("If-None-Match"), responses.contains_key("304"), "{method} {path}");
    }
    assert_eq!(document["security"], json!([{"token": []}]));
    assert!(!document.to_string().contains("\"default\":null"));
}

#[test]
fn every_reference_of_the_description_leads_somewhere() {
    let document = description();
    let text = document.to_string();
    let references: Vec<_> = text.split("\"$ref\":\"#").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert!(references.len() > 50);
    for reference in references {
        assert!(document.pointer(reference).is_some_and(Value::is_object), "{reference}");
    }
}

#[test]
fn bodies_refuse_what_they_do_not_know() {
    let document = description();
    for name in ["SpaceFields", "AdvocateFields", "ContentFields", "LinkFields", "LinkChange", "LinkBulk", "Audience"] {
        assert_eq!(document["components"]["schemas"][name]["additionalProperties"], json!(false), "{name}");
    }
}

#[tokio::test]
async fn the_description_is_served_to_programs_and_people_without_a_token() {
    let api = Api::new().await;
    let get = async |path: &str| {
        let request = Request::get(path).body(Body::empty()).expect("a request");
        let response = api.router.clone().oneshot(request).await.expect("a router never fails");
        assert_eq!(response.status(), 200, "{path}");
        let policy = response.headers()["content-security-policy"].to_str().expect("text").to_owned();
        assert!(policy.starts_with("default-src 'none'; style-src 'self'") && !policy.contains("unsafe"), "{policy}");
        let bytes = response.into_body().collect().await.expect("a body").to_bytes();
        String::from_utf8(bytes.to_vec()).expect("text")
    };
    let document: Value = serde_json::from_str(&get("/api/v1/openapi.json").await).expect("JSON");
    assert_eq!(document, description());
    let page = get("/api/docs").await;
    for operation in operations() {
        let shown = format!("<code>{}</code>", operation.path);
        assert!(page.contains(&shown), "{shown}");
    }
    assert!(!page.contains("<script") && !page.contains("style=") && !page.contains("http://"), "{page}");
    assert!(page.contains("href=\"/api/docs/style.css\""));
    assert!(!page.contains('`'), "descriptions are Markdown, the page is not");
    assert!(page.contains("<li><code>busy</code> (503): the store is busy: see Retry-After</li>"));
    assert!(get("/api/docs/style.css").await.contains("system-ui"));
    let wrong = Request::post("/api/docs").body(Body::empty()).expect("a request");
    let answer = Answer::of(api.router.clone().oneshot(wrong).await.expect("a router never fails")).await;
    assert_eq!(answer.problem(), (405, "method_not_allowed", vec![]));
}
