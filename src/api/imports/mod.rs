//! `/imports`: bundles and lists of people that come in. An administrator's business.
//!
//! The files are received here, streamed to the node's disk; the work is done in the background, and asked after.

mod receive;
mod view;

use axum::extract::{DefaultBodyLimit, Request, State};
use axum::response::Response;
use http::StatusCode;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouterExt as _};
use utoipa_axum::routes;

use super::ApiState;
use super::archive::Archive;
use super::caller::Caller;
use super::entity::Entity;
use super::given::{Given, Named, Parameters, Repeat};
use super::lists::Listed;
use super::problem::Problem;
use super::transfers;
use super::turn::{Early, Turn};
use crate::auth::Action;
use crate::model::ImportId;
use crate::programme::NewImport;
use crate::programme::transfers::MAX_UPLOAD_BYTES;
use receive::{Form, Received};
use view::{ImportDetails, ImportView};

/// What the boundaries of a form take beside its files, in bytes.
const ENVELOPE_BYTES: usize = 1 << 20;

pub(super) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(list, create).layer(DefaultBodyLimit::max(MAX_UPLOAD_BYTES as usize + ENVELOPE_BYTES)))
        .routes(routes!(show))
        .routes(routes!(cancel))
        .routes(routes!(confirm))
}

/// What the files are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[schema(as = ImportKind)]
#[serde(rename_all = "snake_case")]
enum Kind {
    /// An exchange bundle.
    #[default]
    Bundle,
    /// A list of people in somebody's own columns.
    People,
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct CreateParameters {
    /// `bundle` when left out.
    #[serde(default)]
    #[param(inline)]
    kind: Kind,
    /// Say what would change, and change nothing; the files can be taken in earnest afterwards (`confirm`).
    #[serde(default)]
    dry_run: bool,
    /// Import the good rows although there are bad ones. Otherwise nothing is kept.
    #[serde(default)]
    skip_bad_rows: bool,
}

/// Begins an import in the background, of at most 512 MiB: ask for it until its state is neither `waiting` nor
/// `running`. Importing the same twice changes nothing.
///
/// A bundle is sent as `application/zip`, or as a form with its CSV files or its archive. A list of people is a form
/// with the part `file` and the part `map`, which says which column is what.
#[utoipa::path(
    post,
    path = "/api/v1/imports",
    tag = "imports",
    params(CreateParameters),
    request_body(content((Form = "multipart/form-data"), (Archive = "application/zip"))),
    responses((status = 202, description = "The import, which waits for its turn", body = ImportView)),
)]
async fn create(
    State(state): State<ApiState>,
    caller: Caller,
    Parameters(asked): Parameters<CreateParameters>,
    request: Request,
) -> Result<Response, Early> {
    caller.must(Action::Import)?;
    let Received { upload, map, repeat } = receive::receive(&state, asked.kind, request).await?;
    let mut turn = Turn::begin(&state, caller, repeat).await?;
    let new = NewImport { map, dry_run: asked.dry_run, skip_bad_rows: asked.skip_bad_rows };
    let import = turn.work.ask_import(caller.0.space, &upload, &new).await?;
    // Before the commit: a row is never seen without its files.
    upload.keep().map_err(|error| receive::disk(&error))?;
    match turn.answer(StatusCode::ACCEPTED, &ImportView::new(&import, None)).await {
        Ok(response) => {
            state.depot.wake();
            Ok(response)
        }
        Err(failed) => {
            // What cannot be removed now is found by the next look after such folders.
            let _left = state.depot.remove(import.id);
            Err(failed)
        }
    }
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ListParameters {
    /// Entries of the page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
    /// The `next` of the page before.
    #[param(value_type = Option<ImportId>)]
    after: Option<String>,
}

/// Imports, newest first.
#[utoipa::path(
    get,
    path = "/api/v1/imports",
    tag = "imports",
    params(ListParameters),
    responses((status = 200, description = "A page", body = Listed<ImportView>)),
)]
async fn list(
    State(state): State<ApiState>,
    caller: Caller,
    Parameters(asked): Parameters<ListParameters>,
) -> Result<Listed<ImportView>, Problem> {
    caller.must(Action::Import)?;
    transfers::listed::<ImportId, _>(&state, caller, true, (asked.limit, asked.after.as_deref()), ImportView::new).await
}

/// One import: how far it is, and what came of it. Bad rows and people are told for seven days.
#[utoipa::path(
    get,
    path = "/api/v1/imports/{id}",
    tag = "imports",
    params(("id" = ImportId, Path)),
    responses((status = 200, description = "The import", body = ImportDetails)),
)]
async fn show(
    State(state): State<ApiState>,
    caller: Caller,
    Named(id): Named<ImportId>,
) -> Result<Entity<ImportDetails>, Problem> {
    let import = state.programme.transfer(caller.0.space, id.into()).await?;
    caller.must(Action::Import)?;
    let progress = state.depot.progress(import.id);
    Ok(Entity(ImportDetails::new(import, progress)))
}

/// Cancels one that waits, and tells one that runs to stop: nothing of it is kept then but clicks that were stored
/// already, which importing the same again completes.
#[utoipa::path(
    post,
    path = "/api/v1/imports/{id}/cancel",
    tag = "imports",
    params(("id" = ImportId, Path)),
    responses((status = 202, description = "It ends, or has ended", body = ImportView)),
)]
async fn cancel(
    State(state): State<ApiState>,
    caller: Caller,
    Named(id): Named<ImportId>,
    repeat: Option<Repeat>,
) -> Result<Response, Early> {
    transfers::cancelled(&state, caller, id.into(), repeat, Action::Import, ImportView::new).await
}

#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = ImportConfirmation)]
#[serde(deny_unknown_fields)]
struct Confirmation {
    /// Import the good rows although there are bad ones; as the dry run had it when left out.
    #[serde(default)]
    skip_bad_rows: Option<bool>,
}

/// Does in earnest what a dry run said, with the files that it had: they are kept for seven days.
#[utoipa::path(
    post,
    path = "/api/v1/imports/{id}/confirm",
    tag = "imports",
    params(("id" = ImportId, Path)),
    request_body = Confirmation,
    responses((status = 202, description = "The import, which waits for its turn", body = ImportView)),
)]
async fn confirm(
    State(state): State<ApiState>,
    caller: Caller,
    Named(id): Named<ImportId>,
    given: Given<Confirmation>,
) -> Result<Response, Early> {
    state.programme.transfer(caller.0.space, id.into()).await?;
    caller.must(Action::Import)?;
    let mut turn = Turn::begin(&state, caller, given.repeat).await?;
    let import = turn.work.confirm_import(caller.0.space, id.into(), given.value.skip_bad_rows).await?;
    let response = turn.answer(StatusCode::ACCEPTED, &ImportView::new(&import, None)).await?;
    state.depot.wake();
    Ok(response)
}
