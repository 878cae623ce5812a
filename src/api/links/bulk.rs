//! `POST /links/bulk`: up to 1,000 links with one call, each standing or falling alone.

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::view::LinkView;
use crate::api::ApiState;
use crate::api::caller::Caller;
use crate::api::given::{self, Given};
use crate::api::problem::Problem;
use crate::api::turn::{Begun, Turn};
use crate::auth::Action;
use crate::programme::links::MAX_BULK;
use crate::programme::{FieldProblem, IssuedLink, LinkFields};

/// Links of one transaction: some milliseconds, for which single changes of others have to wait.
const PIECE: usize = 100;

/// Items stay untyped here: one with an unknown field spoils itself alone.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Items {
    items: Vec<Value>,
}

#[derive(Debug, Serialize)]
struct Answer {
    items: Vec<Item>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "snake_case")]
enum Item {
    Link(Box<LinkView>),
    Error(Value),
}

pub(super) async fn create(
    State(state): State<ApiState>,
    caller: Caller,
    given: Given<Items>,
) -> Result<Response, Problem> {
    caller.must(Action::WriteLinks)?;
    if given.value.items.len() > MAX_BULK {
        let message = format!("items has at most {MAX_BULK} entries: send the rest in another request");
        return Err(Problem::fields(vec![FieldProblem { field: "items".to_owned(), code: "too_long", message }]));
    }
    let mut turn = match Turn::begin(&state, caller, given.repeat).await? {
        Begun::New(turn) => turn,
        Begun::Before(answer) => return Ok(answer),
    };
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
