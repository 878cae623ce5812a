//! `DELETE /advocates/{id}`: forgets a person.

use axum::extract::State;
use axum::response::Response;

use crate::api::ApiState;
use crate::api::caller::Caller;
use crate::api::given::Named;
use crate::api::turn::{Early, Turn};
use crate::auth::Action;
use crate::model::AdvocateId;

/// Removes name, address, key, sign-ins, tokens and places as a manager. Links go on redirecting,
/// and shares stay, without a person. There is no way back: afterwards there is no such advocate.
#[utoipa::path(delete, path = "/api/v1/advocates/{id}", tag = "advocates",
    params(("id" = AdvocateId, Path, description = "The advocate")), responses((status = 204, description = "Forgotten")))]
pub(super) async fn erase(
    State(state): State<ApiState>,
    caller: Caller,
    Named(id): Named<AdvocateId>,
) -> Result<Response, Early> {
    state.programme.advocate(caller.0.space, id).await?;
    caller.must(Action::WriteAdvocates)?;
    let mut turn = Turn::begin(&state, caller, None).await?;
    turn.work.erase_advocate(caller.0.space, id).await?;
    turn.done().await
}
