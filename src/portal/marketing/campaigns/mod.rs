//! Campaigns: brackets around contents, with an objective, which can be paused everywhere at once.
//!
//! | route | calls |
//! | --- | --- |
//! | `/marketing/campaigns` | GET: all, the newest first |
//! | `/marketing/campaigns/new` | GET, POST |
//! | `/marketing/campaigns/{id}` | GET: objective beside what came of it, contents |
//! | `/marketing/campaigns/{id}/edit` | GET, POST `{version, …}`: an older form than what stands is refused |
//! | `/marketing/campaigns/{id}/pause` | GET: what that means; POST |
//! | `/marketing/campaigns/{id}/resume` | POST |

mod edit;
mod list;
mod one;
mod pause;

use axum::Router;
use axum::routing::{get, post};

use super::super::PortalState;
use super::super::parts::Failure;
use crate::model::{Campaign, CampaignId};

pub(super) const PATH: &str = "/marketing/campaigns";

pub(super) fn routes() -> Router<PortalState> {
    Router::new()
        .route(PATH, get(list::list))
        .route("/marketing/campaigns/new", get(edit::blank).post(edit::create))
        .route("/marketing/campaigns/{id}", get(one::one))
        .route("/marketing/campaigns/{id}/edit", get(edit::form).post(edit::change))
        .route("/marketing/campaigns/{id}/pause", get(pause::ask).post(pause::pause))
        .route("/marketing/campaigns/{id}/resume", post(pause::resume))
}

fn path_of(id: CampaignId) -> String {
    format!("{PATH}/{id}")
}

/// The id in a path; what is none is nothing's.
fn id_of(text: &str) -> Result<CampaignId, Failure> {
    text.parse().map_err(|_| Failure::Missing)
}

/// How far a campaign is on a local date: the end of a message's name.
fn phase(campaign: &Campaign, today: &str) -> &'static str {
    // Dates of one form compare as texts.
    let has =
        |date: &Option<String>, test: fn(&str, &str) -> bool| date.as_deref().is_some_and(|date| test(date, today));
    if campaign.paused {
        "paused"
    } else if has(&campaign.ends_on, |ends, today| ends < today) {
        "over"
    } else if has(&campaign.starts_on, |starts, today| starts > today) {
        "planned"
    } else {
        "running"
    }
}

/// What a campaign aims at: the KPI and its target.
fn objective(campaign: &Campaign) -> Option<(String, f64)> {
    let objective = campaign.objective.as_ref()?;
    Some((objective.get("kpi")?.as_str()?.to_owned(), objective.get("target")?.as_f64()?))
}
