//! An application goes on, told by hand.

use axum::extract::{Path, State};
use http::StatusCode;

use super::super::PortalState;
use super::super::parts::{Failure, Flash, FormState, Outcome, Sent, answer, see_with};
use super::super::texts::msg;
use super::{board, path_of, receipt};
use crate::auth::Action;
use crate::model::{Application, ApplicationId, FactSource};
use crate::programme::referrals::StageFields;
use crate::programme::{Error, Field, times};

pub(super) async fn tell(State(state): State<PortalState>, Path(id): Path<String>, sent: Sent) -> Outcome {
    let id: ApplicationId = id.parse().map_err(|_| Failure::Missing)?;
    state.programme.application(sent.person.space_id(), id).await?;
    sent.person.needs(Action::WriteReferrals)?;
    let application = match record(&state, &sent, id).await {
        Ok(application) => application,
        Err(error) => {
            let Sent { person, form, .. } = sent;
            let form = FormState::refused(form, error, person.texts)?;
            let receipt = receipt::receipt(&state, &person, id, form).await?;
            return Ok(answer(StatusCode::UNPROCESSABLE_ENTITY, &receipt));
        }
    };
    let asked = sent.form.text("stage");
    let word = |stage: &str| sent.person.texts.word("stage", stage);
    // Stages may be told in any order: the application stands where it came to last.
    let flash = if application.stage.as_str() == asked {
        Flash::about(msg("flash-stage-told"), &word(asked))
    } else {
        Flash::about(msg("flash-stage-noted"), &word(application.stage.as_str()))
    };
    let to = match sent.form.field("back") {
        Field::Value(back) => board::address_of(&back),
        _ => path_of(id),
    };
    Ok(see_with(&to, &flash))
}

async fn record(state: &PortalState, sent: &Sent, id: ApplicationId) -> Result<Application, Error> {
    let (space, now_ms) = (&sent.person.space, state.programme.now_ms());
    let at = sent.form.text("occurred_at").trim();
    let at_ms = if at.is_empty() { Ok(now_ms) } else { times::local_instant_ms(&space.time_zone, at, now_ms) };
    let occurred_at = at_ms.map_or_else(|_| at.to_owned(), times::format_instant);
    let fields = StageFields { stage: sent.form.field("stage"), occurred_at: Field::Value(occurred_at) };
    let message = fields.message(id, now_ms)?.through(FactSource::Page);
    let mut work = state.programme.work().await?.done_by(sent.person.actor());
    // What the click log has to say is asked in the background: nobody waits for it here.
    let recorded = work.record_referral(space.id, &message, &[]).await?;
    work.commit().await?;
    Ok(recorded.application)
}
