//! What every operation of a form has, whichever resource it belongs to.

use serde_json::{Map, Value, json};

use super::{object, problems};

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// Adds what the operations have in common to each of them, and its parts to the components.
pub(super) fn complete(document: &mut Value) {
    let components = object(&mut document["components"]);
    components.insert("headers".to_owned(), headers());
    components.insert("parameters".to_owned(), parameters());
    for (path, methods) in object(&mut document["paths"]) {
        for method in METHODS {
            if let Some(operation) = methods.get_mut(method) {
                operation["operationId"] = json!(name(method, path));
                complete_one(method, operation);
            }
        }
    }
}

/// `get_links_id` for `GET /api/v1/links/{id}`: handlers of several resources have one name.
fn name(method: &str, path: &str) -> String {
    let path = path.strip_prefix("/api/v1").unwrap_or(path);
    let words = path.split(|character: char| !character.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    std::iter::once(method).chain(words).collect::<Vec<_>>().join("_")
}

fn complete_one(method: &str, operation: &mut Value) {
    // A query knows no null: a parameter is there or not.
    for parameter in list(operation, "parameters") {
        if parameter["in"] == "query" {
            without_null(&mut parameter["schema"]);
        }
    }
    let own = operation["parameters"].as_array().cloned().unwrap_or_default();
    let is_in = |place: &str| own.iter().any(|parameter| parameter["in"] == place);
    let (in_path, in_query) = (is_in("path"), is_in("query"));
    let has_body = operation.get("requestBody").is_some();
    if has_body {
        operation["requestBody"]["required"] = json!(true);
    }

    // One entity is named by the path alone, and shown in JSON: lists, figures and downloads have no tag.
    let in_json = operation.pointer("/responses/200/content/application~1json").is_some();
    let shows_entity = method == "get" && in_path && !in_query && in_json;

    let mut added = vec!["X-Request-Id"];
    match method {
        "post" => added.push("Idempotency-Key"),
        "patch" => added.push("If-Match"),
        "get" if shows_entity => added.push("If-None-Match"),
        _ => {}
    }
    let references = added.iter().map(|name| json!({"$ref": format!("#/components/parameters/{name}")}));
    list(operation, "parameters").extend(references);

    let has_tag = matches!(method, "post" | "patch") || shows_entity;
    let responses = object(&mut operation["responses"]);
    for (status, response) in responses.iter_mut() {
        let headers = object(&mut response["headers"]);
        let mut names = vec!["X-Request-Id", "RateLimit", "RateLimit-Policy"];
        if has_tag && status != "204" {
            names.push("ETag");
        }
        if method == "post" {
            names.push("Idempotent-Replayed");
        }
        for name in names {
            headers.insert(name.to_owned(), json!({"$ref": format!("#/components/headers/{name}")}));
        }
    }
    if shows_entity {
        let tag = json!({"$ref": "#/components/headers/ETag"});
        let id = json!({"$ref": "#/components/headers/X-Request-Id"});
        let known = json!({"description": "The client holds it already", "headers": {"ETag": tag, "X-Request-Id": id}});
        responses.insert("304".to_owned(), known);
    }
    for status in problems_of(method, in_path, in_query, has_body) {
        let reference = json!({"$ref": format!("#/components/responses/{}", problems::name(status))});
        responses.entry(status.to_string()).or_insert(reference);
    }
}

/// The problems that can happen to an operation of this form. 405 cannot: it is no operation then.
fn problems_of(method: &str, in_path: bool, in_query: bool, has_body: bool) -> Vec<u16> {
    // An unknown parameter is 422 everywhere.
    let mut statuses = vec![401, 403, 414, 422, 429, 500, 503];
    if in_path || in_query || has_body {
        // A path, a filter or a field may name what does not exist.
        statuses.push(404);
    }
    if has_body || method == "post" {
        // A body may be no JSON, and an `Idempotency-Key` of the wrong form.
        statuses.push(400);
    }
    if has_body {
        statuses.extend([408, 413, 415]);
    }
    if method != "get" {
        statuses.push(409);
    }
    if method == "patch" {
        statuses.push(412);
    }
    statuses
}

fn list<'a>(operation: &'a mut Value, key: &str) -> &'a mut Vec<Value> {
    let entries = object(operation).entry(key).or_insert_with(|| json!([]));
    entries.as_array_mut().expect("a description lists these")
}

fn without_null(schema: &mut Value) {
    let Some(schema) = schema.as_object_mut() else { return };
    if let Some(kinds) = schema.get_mut("type").and_then(Value::as_array_mut) {
        kinds.retain(|kind| kind != "null");
        if let [one] = kinds.as_slice() {
            let one = one.clone();
            schema.insert("type".to_owned(), one);
        }
    }
    if let Some([one]) = alternatives(schema).as_deref() {
        let one: Map<String, Value> = one.clone();
        schema.remove("oneOf");
        schema.extend(one);
    }
}

/// The alternatives of `oneOf` that are not null.
fn alternatives(schema: &Map<String, Value>) -> Option<Vec<Map<String, Value>>> {
    let all = schema.get("oneOf")?.as_array()?;
    Some(all.iter().filter(|one| one["type"] != "null").filter_map(Value::as_object).cloned().collect())
}

fn parameters() -> Value {
    let header = |name: &str, meaning: &str, schema: Value| json!({"name": name, "in": "header", "description": meaning, "schema": schema});
    let text = || json!({"type": "string"});
    let key = json!({"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]([ -~]*[!-~])?$"});
    json!({
        "X-Request-Id": header(
            "X-Request-Id",
            "An id of the caller's choice, 1 to 64 of `A-Za-z0-9._-`; anything else is replaced by a new one",
            text(),
        ),
        "Idempotency-Key": header(
            "Idempotency-Key",
            "Sent again within 24 hours, the request gets the answer that it had, and no second effect",
            key,
        ),
        "If-Match": header("If-Match", "Change this state of the entity (its ETag) or nothing", text()),
        "If-None-Match": header("If-None-Match", "Answer 304 when this (its ETag) is the state of the entity", text()),
    })
}

fn headers() -> Value {
    let header = |meaning: &str, schema: Value| json!({"description": meaning, "schema": schema});
    let text = || json!({"type": "string"});
    let id = json!({"type": "string", "pattern": "^[A-Za-z0-9._-]{1,64}$"});
    json!({
        "X-Request-Id": header("Finds the log lines of the request", id),
        "ETag": header("Names this state of the entity", json!({"type": "string", "pattern": "^\"[0-9a-f]{32}\"$"})),
        "Idempotent-Replayed": header("The answer was given before", json!({"type": "string", "enum": ["true"]})),
        "RateLimit": header("What is left: `\"token\";r=99`, with `t` the seconds to wait when nothing is", text()),
        "RateLimit-Policy": header("How much is allowed: `\"token\";q=100;w=1`, in a window of seconds", text()),
        "Retry-After": header("Seconds to wait", json!({"type": "integer", "minimum": 1})),
        "WWW-Authenticate": header("How to send a token", json!({"type": "string", "enum": ["Bearer"]})),
    })
}
