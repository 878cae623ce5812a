//! Who sees what single people did: a right of its own, whose every use is in the audit log, and which a space in
//! strict privacy mode gives to nobody.

use super::ApiState;
use super::caller::Caller;
use super::problem::Problem;
use crate::auth::{Action, may};
use crate::model::programme::PrivacyMode;

/// Whether a list says to this caller whose each entry is. Everybody sees the own ones.
pub(super) async fn are_shown(state: &ApiState, caller: &Caller) -> Result<bool, Problem> {
    if caller.0.only().is_some() {
        return Ok(true);
    }
    if !may(caller.0.role, Action::ReadNamedClicks) {
        return Ok(false);
    }
    Ok(state.programme.space(caller.0.space).await?.privacy_mode != PrivacyMode::Strict)
}

/// Has it noted that a list of what people did, `clicks` or `shares`, is about to be read with their ids. Who sees but
/// its own is not.
pub(super) async fn note(state: &ApiState, caller: &Caller, list: &str) -> Result<(), Problem> {
    if caller.0.only().is_some() {
        return Ok(());
    }
    let mut work = state.programme.work().await?.done_by(caller.0.actor());
    work.note_named_list(caller.0.space, list).await?;
    Ok(work.commit().await?)
}
