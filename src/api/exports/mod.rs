//! `/exports`: bundles and clicks that go out. An administrator's business: an export names everybody.

mod download;
mod view;

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use http::StatusCode;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::ApiState;
use super::archive::Archive;
use super::caller::Caller;
use super::entity::Entity;
use super::given::{Given, Named, Parameters, Repeat};
use super::lists::Listed;
use super::problem::{Problem, ProblemDocument};
use super::transfers;
use super::turn::{Early, Turn};
use crate::auth::Action;
use crate::model::ExportId;
use crate::programme::ExportFields;
use view::ExportView;

pub(super) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(show, remove))
        .routes(routes!(cancel))
        .routes(routes!(download))
}

/// Begins an export in the background: ask for it until its state is `done`, then fetch it. It is kept for seven
/// days, and goes at once when somebody of the space is erased.
#[utoipa::path(
    post,
    path = "/api/v1/exports",
    tag = "exports",
    request_body = ExportFields,
    responses((status = 202, description = "The export, which waits for its turn", body = ExportView)),
)]
async fn create(State(state): State<ApiState>, caller: Caller, given: Given<ExportFields>) -> Result<Response, Early> {
    caller.must(Action::Export)?;
    let mut turn = Turn::begin(&state, caller, given.repeat).await?;
    let export = turn.work.ask_export(caller.0.space, state.depot.node(), &given.value).await?;
    let response = turn.answer(StatusCode::ACCEPTED, &ExportView::new(&export, None)).await?;
    state.depot.wake();
    Ok(response)
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ListParameters {
    /// Entries of the page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
    /// The `next` of the page before.
    #[param(value_type = Option<ExportId>)]
    after: Option<String>,
}

/// Exports, newest first.
#[utoipa::path(
    get,
    path = "/api/v1/exports",
    tag = "exports",
    params(ListParameters),
    responses((status = 200, description = "A page", body = Listed<ExportView>)),
)]
async fn list(
    State(state): State<ApiState>,
    caller: Caller,
    Parameters(asked): Parameters<ListParameters>,
) -> Result<Listed<ExportView>, Problem> {
    caller.must(Action::Export)?;
    transfers::listed::<ExportId, _>(&state, caller, false, (asked.limit, asked.after.as_deref()), ExportView::new)
        .await
}

/// One export: how far it is, and where it is fetched.
#[utoipa::path(
    get,
    path = "/api/v1/exports/{id}",
    tag = "exports",
    params(("id" = ExportId, Path)),
    responses((status = 200, description = "The export", body = ExportView)),
)]
async fn show(
    State(state): State<ApiState>,
    caller: Caller,
    Named(id): Named<ExportId>,
) -> Result<Entity<ExportView>, Problem> {
    let export = state.programme.transfer(caller.0.space, id.into()).await?;
    caller.must(Action::Export)?;
    Ok(Entity(ExportView::new(&export, state.depot.progress(export.id))))
}

/// Cancels one that waits, and tells one that runs to stop.
#[utoipa::path(
    post,
    path = "/api/v1/exports/{id}/cancel",
    tag = "exports",
    params(("id" = ExportId, Path)),
    responses((status = 202, description = "It ends, or has ended", body = ExportView)),
)]
async fn cancel(
    State(state): State<ApiState>,
    caller: Caller,
    Named(id): Named<ExportId>,
    repeat: Option<Repeat>,
) -> Result<Response, Early> {
    transfers::cancelled(&state, caller, id.into(), repeat, Action::Export, ExportView::new).await
}

/// The files of an export, as one archive. Who fetched it when stands in the audit log.
#[utoipa::path(
    get,
    path = "/api/v1/exports/{id}/download",
    tag = "exports",
    params(("id" = ExportId, Path)),
    responses(
        (status = 200, description = "The archive", body = Archive, content_type = "application/zip"),
        (status = 409, description = "It is not written yet, or its files are gone", body = ProblemDocument,
            content_type = "application/problem+json"),
    ),
)]
async fn download(
    State(state): State<ApiState>,
    caller: Caller,
    Named(id): Named<ExportId>,
) -> Result<Response, Early> {
    state.programme.transfer(caller.0.space, id.into()).await?;
    caller.must(Action::Export)?;
    let mut turn = Turn::begin(&state, caller, None).await?;
    let export = turn.work.hand_out_export(caller.0.space, id, state.depot.node()).await?;
    turn.done().await?;
    let space = state.programme.space(caller.0.space).await?;
    Ok(download::archive(&state.depot.file_of(id), &space.slug, &export).await?)
}

/// Lets its files go now.
#[utoipa::path(
    delete,
    path = "/api/v1/exports/{id}",
    tag = "exports",
    params(("id" = ExportId, Path)),
    responses((status = 204, description = "Its files are gone, or go within a minute")),
)]
async fn remove(State(state): State<ApiState>, caller: Caller, Named(id): Named<ExportId>) -> Result<Response, Early> {
    state.programme.transfer(caller.0.space, id.into()).await?;
    caller.must(Action::Export)?;
    let mut turn = Turn::begin(&state, caller, None).await?;
    turn.work.remove_export(caller.0.space, id).await?;
    turn.done().await?;
    state.depot.wake();
    Ok(StatusCode::NO_CONTENT.into_response())
}
