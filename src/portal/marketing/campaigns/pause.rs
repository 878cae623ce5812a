//! The pause: every link of a campaign, everywhere, within two seconds.

use askama::Template;
use axum::extract::{Path, State};

use super::super::super::PortalState;
use super::super::super::parts::{Flash, Outcome, Page, Person, Sent, see_with, show};
use super::super::super::texts::msg;
use super::super::may_steer;
use super::{PATH, id_of, path_of};
use crate::model::Campaign;
use crate::programme::LibraryFilter;

#[derive(Template)]
#[template(path = "marketing/campaign_pause.html")]
struct Pause {
    page: Page,
    path: String,
    campaign: Campaign,
    contents: u64,
    /// Where the space sends people meanwhile, if it has such a place.
    fallback: Option<String>,
}

pub(super) async fn ask(State(state): State<PortalState>, Path(id): Path<String>, person: Person) -> Outcome {
    let campaign = state.programme.campaign(person.space_id(), id_of(&id)?).await?;
    may_steer(&person)?;
    let filter = LibraryFilter { campaign: Some(campaign.id), ..LibraryFilter::default() };
    let contents = state.programme.search_contents(person.space_id(), &filter, 1).await?.total;
    let path = path_of(campaign.id);
    let page = super::super::page(&person, PATH)
        .below(PATH, person.texts.say("campaigns-title"))
        .below(path.clone(), campaign.name.clone());
    show(&Pause { page, path, contents, fallback: person.space.fallback_url.clone(), campaign })
}

pub(super) async fn pause(State(state): State<PortalState>, Path(id): Path<String>, sent: Sent) -> Outcome {
    set(&state, &sent, &id, true).await
}

pub(super) async fn resume(State(state): State<PortalState>, Path(id): Path<String>, sent: Sent) -> Outcome {
    set(&state, &sent, &id, false).await
}

async fn set(state: &PortalState, sent: &Sent, id: &str, paused: bool) -> Outcome {
    let campaign = state.programme.campaign(sent.person.space_id(), id_of(id)?).await?;
    may_steer(&sent.person)?;
    let mut work = state.programme.work().await?.done_by(sent.person.actor());
    work.pause_campaign(campaign.space, campaign.id, paused).await?;
    work.commit().await?;
    let message = if paused { msg("flash-campaign-paused") } else { msg("flash-campaign-resumed") };
    Ok(see_with(&path_of(campaign.id), &Flash::about(message, &campaign.name)))
}
