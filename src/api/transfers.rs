//! What `/imports` and `/exports` share: both are work in the background, kept and shown as one kind of thing.

use std::str::FromStr;

use axum::response::Response;
use http::{HeaderValue, StatusCode};
use serde::{Deserialize, Serialize};

use super::ApiState;
use super::caller::Caller;
use super::given::Repeat;
use super::lists::{self, Listed};
use super::problem::Problem;
use super::turn::{Early, Turn};
use crate::auth::Action;
use crate::model::{ExportId, ImportId, TransferId};
use crate::programme::Page;
use crate::programme::transfers::Transfer;

/// How far a transfer is in this process: done and all, in bytes of an import and in rows of an export.
pub(super) type Running = Option<(u64, u64)>;

/// A page of them, newest first.
pub(super) async fn listed<Id, V>(
    state: &ApiState,
    caller: Caller,
    imports: bool,
    (limit, after): (Option<u32>, Option<&str>),
    show: impl Fn(&Transfer, Running) -> V,
) -> Result<Listed<V>, Problem>
where
    Id: FromStr<Err: std::fmt::Display> + Into<TransferId>,
{
    let (page, limit) = lists::page::<Id>(limit, after)?;
    let page = Page { after: page.after.map(Into::into), limit: page.limit };
    let found = state.programme.transfers(caller.0.space, imports, page).await?;
    let show = |transfer: Transfer| show(&transfer, state.depot.progress(transfer.id));
    Ok(Listed::new(found, limit, |transfer| transfer.id.to_string(), show))
}

/// Cancels one that waits, and tells one that runs to stop.
pub(super) async fn cancelled<V: Serialize + Sync>(
    state: &ApiState,
    caller: Caller,
    id: TransferId,
    repeat: Option<Repeat>,
    needed: Action,
    show: impl Fn(&Transfer, Running) -> V,
) -> Result<Response, Early> {
    state.programme.transfer(caller.0.space, id).await?;
    caller.must(needed)?;
    // Before anything is written: an import that runs may be what all writers wait for. So it is told even by a request
    // whose key turns out to be known.
    state.depot.stop(id);
    let mut turn = Turn::begin(state, caller, repeat).await?;
    let transfer = turn.work.cancel_transfer(caller.0.space, id, state.depot.node()).await?;
    let response = turn.answer(StatusCode::ACCEPTED, &show(&transfer, state.depot.progress(transfer.id))).await?;
    state.depot.wake();
    Ok(response)
}

/// The address to ask at for the transfer that a body shows; none where it shows something else.
pub(super) fn address_of(body: &str) -> Option<HeaderValue> {
    #[derive(Deserialize)]
    struct Shown {
        id: String,
    }
    let Shown { id } = serde_json::from_str(body).ok()?;
    let is_import = id.parse::<ImportId>().is_ok();
    let collection = if is_import { "imports" } else { id.parse::<ExportId>().ok().map(|_| "exports")? };
    Some(HeaderValue::try_from(format!("/api/v1/{collection}/{id}")).expect("ids are ASCII"))
}
