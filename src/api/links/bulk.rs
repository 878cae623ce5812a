//! `POST /links/bulk`: up to 1,000 links with one call, each standing or falling alone.

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::Schema;

use super::view::LinkView;
use crate::api::ApiState;
use crate::api::caller::Caller;
use crate::api::describe;
use crate::api::given::{self, Given};
use crate::api::problem::{Problem, ProblemDocument};
use crate::api::turn::{Early, Turn};
use crate::auth::Action;
use crate::programme::links::MAX_BULK;
use crate::programme::{FieldProblem, IssuedLink, LinkFields};

/// Links of one transaction: some milliseconds, for which single changes of others have to wait.
const PIECE: usize = 100;

/// Items stay untyped here: one with an unknown field spoils itself alone.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = LinkBulk)]
#[serde(deny_unknown_fields)]
pub(super) struct Items {
    #[schema(value_type = Vec<AskedItem>, max_items = 1000)]
    items: Vec<Value>,
}

/// What an item is in the description: a link's fields. Anything else is taken too, and answered
/// with an error in its place.
struct AskedItem;

impl utoipa::PartialSchema for AskedItem {
    fn schema() -> RefOr<Schema> {
        describe::or_else::<LinkFields>("Anything else is answered with an error in its place")
    }
}

impl ToSchema for AskedItem {
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        describe::push::<LinkFields>(schemas);
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LinkBulkAnswer)]
struct Answer {
    items: Vec<Item>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LinkBulkItem)]
#[serde(rename_all = "snake_case")]
enum Item {
    Link(Box<LinkView>),
    #[schema(value_type = ProblemDocument)]
    Error(Value),
}

/// Up to 1,000 links with one call. Each item stands or falls alone, and is answered in its place.
#[utoipa::path(
    post,
    path = "/api/v1/links/bulk",
    tag = "links",
    request_body = Items,
    responses((status = 200, description = "An answer for each item, in order", body = Answer)),
)]
pub(super) async fn create(
    State(state): State<ApiState>,
    caller: Caller,
    given: Given<Items>,
) -> Result<Response, Early> {
    caller.must(Action::WriteLinks)?;
    if given.value.items.len() > MAX_BULK {
        let message = format!("items has at most {MAX_BULK} entries: send the rest in another request");
        return Err(Problem::fields(vec![FieldProblem { field: "items".to_owned(), code: "too_long", message }]).into());
    }
    let mut turn = Turn::begin_patiently(&state, caller, given.repeat).await?;
    let mut readable = Vec::with_capacity(given.value.items.len());
    let unreadable: Vec<_> = given
        .value
        .items
        .into_iter()
        .map(|item| given::fit::<LinkFields>(item).map(|fields| readable.push(fields)).err())
        .collect();
    let mut issued = Vec::with_capacity(readable.len());
    for piece in readable.chunks(PIECE) {
        if !issued.is_empty() {
            turn = turn.pause(&state).await?;
        }
        issued.extend(turn.work.issue_links(caller.0.space, piece, caller.0.only()).await?);
    }
    let mut issued = issued.into_iter();
    let items = unreadable
        .into_iter()
        .filter_map(|problem| problem.map_or_else(|| issued.next().map(answered), |problem| Some(refused(&problem))))
        .collect();
    turn.answer(StatusCode::OK, &Answer { items }).await
}

fn answered(outcome: Result<IssuedLink, crate::programme::Error>) -> Item {
    match outcome {
        Ok(issued) => Item::Link(Box::new(issued.shown.into())),
        Err(error) => refused(&error.into()),
    }
}

fn refused(problem: &Problem) -> Item {
    Item::Error(problem.document())
}
