//! All campaigns, each with its objective beside what came of it.

use askama::Template;
use axum::extract::State;

use super::super::super::PortalState;
use super::super::super::parts::aim::{self, Aim, Cell};
use super::super::super::parts::{Failure, Outcome, Page, Person, show};
use super::super::{figures, may_steer};
use super::{PATH, objective, path_of, phase};
use crate::kpi::{Dimension, Kpi};
use crate::model::Campaign;

/// Campaigns whose figures are asked for on the list, at most: each has a period of its own.
const WITH_FIGURES: usize = 12;

#[derive(Template)]
#[template(path = "marketing/campaigns.html")]
struct Campaigns {
    page: Page,
    rows: Vec<Row>,
}

/// A campaign in the list.
struct Row {
    path: String,
    campaign: Campaign,
    phase: &'static str,
    contents: u64,
    aim: Option<Aim>,
}

pub(super) async fn list(State(state): State<PortalState>, person: Person) -> Outcome {
    may_steer(&person)?;
    let space = person.space_id();
    let today = state.programme.today(space).await?;
    let page = super::super::page(&person, PATH);
    let mut rows = Vec::new();
    let mut asked = 0;
    for (campaign, contents) in state.programme.campaigns_with_contents(space).await? {
        let aims_now = phase(&campaign, &today) != "over" && campaign.objective.is_some();
        let asks = aims_now && asked < WITH_FIGURES;
        asked += usize::from(asks);
        rows.push(Row {
            path: path_of(campaign.id),
            phase: phase(&campaign, &today),
            contents,
            aim: aim_of(&state, &page, &campaign, asks.then_some(today.as_str())).await?,
            campaign,
        });
    }
    show(&Campaigns { page, rows })
}

/// What a campaign aims at, beside what came of it until a day, if one is given; none without an objective.
async fn aim_of(
    state: &PortalState,
    page: &Page,
    campaign: &Campaign,
    until: Option<&str>,
) -> Result<Option<Aim>, Failure> {
    let Some((name, target)) = objective(campaign) else { return Ok(None) };
    let mut answer = None;
    if let (Some(kpi), Some(until)) = (aimed_at(campaign), until)
        && let Some(period) = figures::days_of(campaign, until)?
    {
        answer = aim::ask(state, campaign.space, vec![kpi], period, Some(Dimension::Campaign)).await?;
    }
    Ok(Some(Aim::new(page, (&name, target), answer.as_ref(), Some(&figures::key_of(campaign)))))
}

/// The KPI that a campaign aims at, if campaigns have it.
pub(super) fn aimed_at(campaign: &Campaign) -> Option<&'static Kpi> {
    let (name, _) = objective(campaign)?;
    Kpi::find(&name).ok().filter(|kpi| kpi.splits.has(Dimension::Campaign))
}
