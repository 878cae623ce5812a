//! The API's description: OpenAPI 3.1, generated from the handlers.
//!
//! A handler says what is its own (`#[utoipa::path(…)]`: path, tag, parameters, body, successful
//! answers). What every operation has is added here, in one place: the bearer token, the request id,
//! the idempotency key of a POST, the conditions of a GET and a PATCH, and the problems that can
//! happen to an operation of its form ([`operations`]). `/api/v1/openapi.json` is the document,
//! `/api/docs` the same for people ([`page`]). Neither needs a token: they say nothing about anybody.

mod example;
mod operations;
mod page;
mod problems;
mod prose;
mod schemas;

use std::borrow::Cow;

use axum::Router;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use bytes::Bytes;
use http::{HeaderValue, header};
use serde_json::{Map, Value, json};
use utoipa::ToSchema;
use utoipa::openapi::schema::{AllOfBuilder, AnyOfBuilder, ObjectBuilder, Schema, SchemaType};
use utoipa::openapi::{OpenApi, Ref, RefOr};

use super::ApiState;
use super::given::Bare;
use crate::model::{
    AdvocateId, ApplicationId, AuditId, CampaignId, DeliveryId, ExportId, FeedId, FeedItemId, ImportId, SessionId,
    TeamId, TokenId, WebhookId,
};

/// Where the document is served.
pub(super) const DOCUMENT: &str = "/api/v1/openapi.json";
/// Where people read it.
const PAGE: &str = "/api/docs";
/// The page's style sheet: a file of its own, so that the page needs no inline style.
const STYLE: &str = "/api/docs/style.css";

/// The whole document, from what the handlers say.
pub(super) fn document(handlers: &OpenApi) -> Value {
    let mut document = serde_json::to_value(handlers).expect("a description has a JSON form");
    document["openapi"] = json!("3.1.0");
    document["info"] = json!({
        "title": "Relais",
        "version": env!("CARGO_PKG_VERSION"),
        "description": INTRODUCTION,
        "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
    });
    document["servers"] = json!([{"url": "/"}]);
    document["security"] = json!([{"token": []}]);
    let tags = [
        ("spaces", "One brand's programme each, and its settings"),
        ("teams", "Groups of advocates, in a tree"),
        ("advocates", "The people of the programme"),
        ("members", "What people are beside being advocates"),
        ("campaigns", "Brackets around contents, with an objective"),
        ("contents", "What the brand proposes for sharing"),
        ("feeds", "Addresses that propose contents, and what they propose"),
        ("links", "Advocate × content × channel"),
        ("shares", "Publications of links"),
        ("clicks", "The click log"),
        ("kpis", "Figures of a period, whole or split"),
        ("applications", "What came of clicks on jobs, and whom it is credited to"),
        ("webhooks", "Who else is told of what happens"),
        ("tokens", "Credentials of programs"),
        ("sessions", "Browsers that are signed in"),
        ("imports", "Bundles and lists of people that come in, in the background"),
        ("exports", "Bundles and clicks that go out, in the background"),
        ("audit", "Who changed what, and looked at named figures"),
    ];
    let tags: Vec<_> = tags.iter().map(|(name, meaning)| json!({"name": name, "description": meaning})).collect();
    document["tags"] = Value::Array(tags);
    schemas::without_empty_defaults(&mut document);
    let components = object(&mut document["components"]);
    let schemes = json!({"token": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "rls_…",
        "description": "A token of Relais, from `relais token create`. Never in an address.",
    }});
    components.insert("securitySchemes".to_owned(), schemes);
    let schemas = object(components.entry("schemas").or_insert_with(|| json!({})));
    // What stands in parameters alone, the generator refers to and leaves out.
    for (name, schema) in ids_of_parameters() {
        let schema = serde_json::to_value(schema).expect("a schema has a JSON form");
        schemas.entry(name.into_owned()).or_insert(schema);
    }
    schemas::complete(schemas);
    problems::describe(components);
    operations::complete(&mut document);
    document
}

fn ids_of_parameters() -> Vec<(Cow<'static, str>, RefOr<Schema>)> {
    fn named<T: ToSchema>() -> (Cow<'static, str>, RefOr<Schema>) {
        (T::name(), T::schema())
    }
    vec![
        named::<AdvocateId>(),
        named::<ApplicationId>(),
        named::<AuditId>(),
        named::<CampaignId>(),
        named::<DeliveryId>(),
        named::<ExportId>(),
        named::<FeedId>(),
        named::<FeedItemId>(),
        named::<ImportId>(),
        named::<SessionId>(),
        named::<TeamId>(),
        named::<TokenId>(),
        named::<WebhookId>(),
    ]
}

const INTRODUCTION: &str = "\
Employee advocacy over HTTP. JSON in `snake_case`, times RFC 3339 in UTC, ids with a prefix that says what they name. \
Unknown fields and parameters are refused. What another space has is answered as what does not exist (404).

Errors are `application/problem+json` (RFC 9457) with a stable `code`, and `errors[]` for fields. Lists take `limit` \
(at most 200) and `after`, and answer `next`, the `after` of the following page. A POST with an `Idempotency-Key` has \
its effect once within 24 hours. Answers with one entity carry an `ETag`; a PATCH with `If-Match` changes that state \
or nothing. Every answer carries `X-Request-Id`, which finds its log lines; a caller may choose it (1 to 64 of \
`A-Za-z0-9._-`).";

fn object(value: &mut Value) -> &mut Map<String, Value> {
    if !value.is_object() {
        *value = Value::Object(Map::new());
    }
    value.as_object_mut().expect("made an object above")
}

/// The operations that take no parameters in their query.
pub(super) fn without_query(document: &Value) -> Bare {
    let paths = document["paths"].as_object().into_iter().flatten();
    let operations = paths.flat_map(|(path, methods)| {
        let methods = methods.as_object().into_iter().flatten();
        methods.map(move |(method, operation)| (method, path, operation))
    });
    let takes_query = |operation: &Value| {
        let parameters = operation["parameters"].as_array();
        parameters.is_some_and(|all| all.iter().any(|parameter| parameter["in"] == "query"))
    };
    let bare = operations.filter(|(.., operation)| !takes_query(operation));
    let named = bare.map(|(method, path, _)| {
        let method = method.to_uppercase().parse().expect("OpenAPI's methods are HTTP's");
        (method, path.clone())
    });
    Bare::new(named.collect())
}

/// The document, and its page.
pub(super) fn routes(document: &Value) -> Router<ApiState> {
    let text = Bytes::from(document.to_string());
    let page = Bytes::from(page::render(document));
    Router::new()
        .route(DOCUMENT, get(async move || answer("application/json", text)))
        .route(PAGE, get(async move || answer("text/html; charset=utf-8", page)))
        .route(STYLE, get(async || answer("text/css; charset=utf-8", Bytes::from_static(page::STYLE.as_bytes()))))
}

/// The page loads its style sheet and nothing else; no script runs on it.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
);

fn answer(kind: &'static str, body: Bytes) -> Response {
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=300")),
    ];
    (headers, body).into_response()
}

/// Gives a body of a POST the schema of a PATCH's, with some fields that must be there: all of one of
/// the lists.
macro_rules! new_body {
    ($(#[$doc:meta])* $name:ident: $fields:ty, $required:expr) => {
        $(#[$doc])*
        pub(super) struct $name;

        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
                $crate::api::describe::requiring::<$fields>($required)
            }
        }

        impl utoipa::ToSchema for $name {
            fn schemas(schemas: &mut Vec<(String, utoipa::openapi::RefOr<utoipa::openapi::schema::Schema>)>) {
                $crate::api::describe::push::<$fields>(schemas);
            }
        }
    };
}
pub(super) use new_body;

/// `T` with the fields of one of these lists.
pub(super) fn requiring<T: ToSchema>(lists: &[&[&str]]) -> RefOr<Schema> {
    let with = |names: &[&str]| names.iter().fold(ObjectBuilder::new(), |object, name| object.required(*name));
    let condition: RefOr<Schema> = match lists {
        [one] => with(one).into(),
        several => several.iter().fold(AnyOfBuilder::new(), |any, names| any.item(with(names))).into(),
    };
    AllOfBuilder::new().item(Ref::from_schema_name(T::name())).item(condition).into()
}

/// `T`, or something else.
pub(super) fn or_else<T: ToSchema>(meaning: &str) -> RefOr<Schema> {
    let other = ObjectBuilder::new().schema_type(SchemaType::AnyValue).description(Some(meaning));
    AnyOfBuilder::new().item(Ref::from_schema_name(T::name())).item(other).into()
}

/// Adds the schema of `T`, and those that it refers to.
pub(super) fn push<T: ToSchema>(schemas: &mut Vec<(String, RefOr<Schema>)>) {
    schemas.push((T::name().into_owned(), T::schema()));
    T::schemas(schemas);
}
