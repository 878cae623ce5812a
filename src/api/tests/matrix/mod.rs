//! Every operation of the description × every role × another space's ids, and without a token.
//!
//! Nothing here names a route: what a resource adds to the description is asked. A new kind of id
//! needs one line in [`world`], and the tests say so.

mod promises;
mod sample;
mod world;

use super::*;
use crate::auth::{Action, may};
use sample::{Id, Place, ids_of_body, sample, sample_for};
use world::{Ids, World};

/// An operation as the description has it.
pub(super) struct Operation {
    pub(super) method: Method,
    pub(super) path: String,
    pub(super) definition: Value,
}

/// Every operation of the description.
pub(super) fn operations() -> Vec<Operation> {
    let document = description();
    let paths = document["paths"].as_object().expect("paths");
    let operations = paths.iter().flat_map(|(path, methods)| {
        methods.as_object().expect("methods").iter().map(|(method, definition)| Operation {
            method: method.to_uppercase().parse().expect("a method"),
            path: path.clone(),
            definition: definition.clone(),
        })
    });
    let operations: Vec<_> = operations.collect();
    assert!(operations.len() >= 14, "the description lost its operations");
    operations
}

impl Operation {
    fn parameters(&self, place: &str) -> Vec<&Value> {
        let all = self.definition["parameters"].as_array().into_iter().flatten();
        all.filter(|parameter| parameter["in"] == place).collect()
    }

    /// Whether it takes this header, as operations of its form do.
    pub(super) fn takes(&self, header: &str) -> bool {
        let reference = format!("#/components/parameters/{header}");
        self.definition["parameters"].as_array().is_some_and(|all| all.iter().any(|one| one["$ref"] == reference))
    }

    /// The schema of its body.
    fn body(&self) -> Option<&Value> {
        self.definition.pointer("/requestBody/content/application~1json/schema")
    }

    /// The kinds of ids that its path names, by the name of the parameter.
    fn ids_of_path(&self, document: &Value) -> Vec<(String, Id)> {
        let parameters = self.parameters("path").into_iter();
        parameters
            .filter_map(|parameter| {
                let id = Id::of(document, &parameter["schema"])?;
                Some((parameter["name"].as_str().expect("a name").to_owned(), id))
            })
            .collect()
    }

    /// The path with these ids in it, without `/api/v1`.
    fn path_with(&self, document: &Value, ids: &Ids) -> String {
        let path = self.path.strip_prefix("/api/v1").expect("a path of version 1").to_owned();
        self.ids_of_path(document)
            .into_iter()
            .fold(path, |path, (name, id)| path.replace(&format!("{{{name}}}"), ids.of(id)))
    }
}

/// Asserts that something of another space was answered as what does not exist.
fn is_hidden(answer: &Answer, context: &str) {
    assert_eq!(answer.status, 404, "{context}: {answer:?}");
    assert!(answer.problem().1.ends_with("not_found"), "{context}: {answer:?}");
}

#[tokio::test]
async fn no_operation_answers_without_a_token() {
    let (document, world) = (description(), World::new().await);
    for operation in operations() {
        let path = operation.path_with(&document, &world.own);
        let body = operation.body().map(|schema| sample(&document, schema, &world.own));
        let mut request = request(operation.method.clone(), &path, "", body);
        request.headers_mut().remove("authorization");
        let answer = world.api.send(request).await;
        assert_eq!(answer.problem(), (401, "token_missing", vec![]), "{} {path}", operation.method);
    }
}

#[tokio::test]
async fn security_21_a_field_or_parameter_that_an_operation_does_not_know_is_refused() {
    let (document, world) = (description(), World::new().await);
    let mut asked = 0;
    for operation in operations() {
        let path = operation.path_with(&document, &world.own);
        let body = operation.body().map(|schema| sample(&document, schema, &world.own));
        let mut asks = vec![(format!("{path}?colour=red"), body.clone())];
        if let Some(mut body) = body {
            body["colour"] = json!("red");
            asks.push((path, Some(body)));
        }
        for (path, body) in asks {
            // Spaces are the operator's to add, everything else is the administrator's.
            let mut answer = world.send(Role::Admin, &operation.method, &path, body.clone()).await;
            if answer.status == 403 {
                answer = world.send(Role::Operator, &operation.method, &path, body).await;
            }
            let context = format!("{} {path}: {answer:?}", operation.method);
            assert_eq!(answer.problem(), (422, "invalid_fields", vec![("colour", "unknown_field")]), "{context}");
            asked += 1;
        }
    }
    assert!(asked >= 90, "{asked}");
}

#[tokio::test]
async fn security_19_an_id_of_another_space_in_a_path_names_nothing() {
    let (document, world) = (description(), World::new().await);
    let mut asked = 0;
    for operation in operations() {
        let ids = operation.ids_of_path(&document);
        for role in Role::ALL.iter().copied() {
            // Operators run every space's set-up; nothing else of another space is theirs.
            if ids.is_empty() || (may(role, Action::EverySpace) && ids.iter().all(|(_, id)| id.prefix() == "spc")) {
                continue;
            }
            let path = operation.path_with(&document, &world.foreign);
            let body = operation.body().map(|schema| sample(&document, schema, &world.own));
            let answer = world.send(role, &operation.method, &path, body).await;
            is_hidden(&answer, &format!("{role} {} {path}", operation.method));
            asked += 1;
        }
    }
    assert!(asked >= 8 * Role::ALL.len() - 2, "{asked}");
    world.is_untouched().await;
}

#[tokio::test]
async fn security_19_an_id_of_another_space_in_a_body_names_nothing() {
    let (document, world) = (description(), World::new().await);
    let mut asked = 0;
    for operation in operations() {
        let Some(schema) = operation.body() else { continue };
        for (place, id) in ids_of_body(&document, schema) {
            for role in Role::ALL.iter().copied() {
                let path = operation.path_with(&document, &world.own);
                // A change may be of one field alone; a creation needs what must be there, made anew each time: it may
                // have to be unique.
                let whole = || match operation.method {
                    Method::PATCH => json!({}),
                    _ => sample_for(&document, schema, &world.own, place.first()),
                };
                let context = format!("{role} {} {path} {place}", operation.method);
                let own = place.set(whole(), world.own.of(id));
                let allowed = world.send(role, &operation.method, &path, Some(own)).await;
                if allowed.status == 403 || allowed.status == 404 {
                    // The role may not do it at all, or sees no more than its own.
                    continue;
                }
                // What is found and cannot be done (a team below itself) was found.
                assert!(allowed.status.is_success() || allowed.status == 409, "{context}: {allowed:?}");
                let foreign = place.set(whole(), world.foreign.of(id));
                let answer = world.send(role, &operation.method, &path, Some(foreign)).await;
                asked += 1;
                if place.is_in_a_list() && answer.status == 200 {
                    assert_eq!(answer.body["items"][0]["error"]["status"], 404, "{context}: {answer:?}");
                } else {
                    is_hidden(&answer, &context);
                }
            }
        }
    }
    // Links alone name an advocate and a content, one by one and in bulk, for four roles.
    assert!(asked >= 40, "{asked}");
    world.is_untouched().await;
}

#[tokio::test]
async fn security_19_an_id_of_another_space_in_a_query_finds_nothing() {
    let (document, world) = (description(), World::new().await);
    let mut asked = 0;
    for operation in operations().into_iter().filter(|operation| operation.method == Method::GET) {
        for parameter in operation.parameters("query") {
            let Some(id) = Id::of(&document, &parameter["schema"]) else { continue };
            let name = parameter["name"].as_str().expect("a name");
            for role in Role::ALL.iter().copied() {
                if may(role, Action::EverySpace) && id.prefix() == "spc" {
                    continue;
                }
                let path = operation.path_with(&document, &world.own);
                // The role may not ask, or ClickHouse is away: the click log's own tests have one.
                if matches!(world.send(role, &Method::GET, &path, None).await.status.as_u16(), 403 | 503) {
                    continue;
                }
                let own = format!("{path}?{name}={}", world.own.of(id));
                if world.send(role, &Method::GET, &own, None).await.status == 403 {
                    // Nor may it ask by that.
                    continue;
                }
                let path = format!("{path}?{name}={}", world.foreign.of(id));
                let answer = world.send(role, &Method::GET, &path, None).await;
                asked += 1;
                if answer.status == 200 {
                    assert_eq!(answer.body["items"], json!([]), "{role} {path}: {answer:?}");
                } else {
                    is_hidden(&answer, &format!("{role} {path}"));
                }
            }
        }
    }
    assert!(asked >= 20, "{asked}");
}

#[test]
fn the_search_for_ids_finds_those_that_are_known_to_be_there() {
    let document = description();
    let found: Vec<String> = operations()
        .into_iter()
        .flat_map(|operation| {
            let of_body = operation.body().map(|schema| ids_of_body(&document, schema)).unwrap_or_default();
            of_body.into_iter().map(move |(place, id)| format!("{} {place} {}", operation.path, id.prefix()))
        })
        .collect();
    for expected in [
        "/api/v1/links content_id cnt",
        "/api/v1/links advocate_id adv",
        "/api/v1/links/bulk items[0].content_id cnt",
        "/api/v1/contents campaign_id cmp",
        "/api/v1/contents/{id} campaign_id cmp",
        "/api/v1/contents audience.teams[0] tem",
        "/api/v1/feeds campaign_id cmp",
        "/api/v1/tokens advocate_id adv",
        "/api/v1/shares link_id lnk",
        "/api/v1/teams parent_id tem",
        "/api/v1/teams/{id} manager_ids[0] adv",
        "/api/v1/applications link_id lnk",
        "/api/v1/applications content_id cnt",
        "/api/v1/applications advocate_id adv",
    ] {
        assert!(found.iter().any(|one| one == expected), "{expected} is not among {found:?}");
    }
    let place = Place::of(["items", "0", "content_id"]);
    assert_eq!(place.set(json!({}), "cnt_x"), json!({"items": [{"content_id": "cnt_x"}]}));
}
