//! `/marketing/campaigns/{id}`: what a campaign aims at, what came of it, and what is in it.

use askama::Template;
use axum::extract::{Path, RawQuery, State};

use super::super::super::PortalState;
use super::super::super::parts::aim::{self, Aim, Cell};
use super::super::super::parts::{FormData, Outcome, Page, Pager, Person, Pictures, show};
use super::super::contents::Row;
use super::super::figures::{self, OfContents};
use super::super::{contents, may_steer};
use super::list::aimed_at;
use super::{PATH, id_of, objective, path_of, phase};
use crate::kpi::{Dimension, Kpi};
use crate::model::Campaign;
use crate::programme::LibraryFilter;
use crate::programme::library::LibraryPage;

/// What is shown of a campaign beside its objective.
const SHOWN: [&str; 3] = ["shares", "clicks", "active_sharers"];

#[derive(Template)]
#[template(path = "marketing/campaign.html")]
struct One {
    page: Page,
    path: String,
    campaign: Campaign,
    phase: &'static str,
    aim: Option<Aim>,
    /// What came of it: name and figure.
    came: Vec<(String, Cell)>,
    /// The days that the figures are of; none before the campaign begins.
    days: Option<(String, String)>,
    has_figures: bool,
    rows: Vec<Row>,
    contents: u64,
    pager: Pager,
    /// Where the same list is with figures; none once it has them.
    figures_at: Option<String>,
    /// Where a content of it begins.
    new_content: &'static str,
}

pub(super) async fn one(
    State(state): State<PortalState>,
    Path(id): Path<String>,
    person: Person,
    RawQuery(query): RawQuery,
) -> Outcome {
    let space = person.space_id();
    let campaign = state.programme.campaign(space, id_of(&id)?).await?;
    may_steer(&person)?;
    let today = state.programme.today(space).await?;
    let page = super::super::page(&person, PATH).below(PATH, person.texts.say("campaigns-title"));
    let period = figures::days_of(&campaign, &today)?;
    let mut came = None;
    if let Some(period) = period {
        let mut kpis = aim::kpis(SHOWN);
        kpis.extend(aimed_at(&campaign).filter(|kpi| !SHOWN.contains(&kpi.name)));
        came = aim::ask(&state, space, kpis, period, Some(Dimension::Campaign)).await?;
    }
    let key = figures::key_of(&campaign);
    let aim = objective(&campaign).map(|(name, target)| Aim::new(&page, (&name, target), came.as_ref(), Some(&key)));
    let cell = |kpi: &'static Kpi| {
        let figure = aim::in_part(came.as_ref(), kpi, Some(&key));
        (aim::name(&page, kpi.name), Cell::of(&page, figure.as_ref()))
    };
    let asked = FormData::read(query.unwrap_or_default().as_bytes());
    let filter = LibraryFilter { campaign: Some(campaign.id), ..LibraryFilter::default() };
    let found = state.programme.search_contents(space, &filter, asked.parsed("page").unwrap_or(1)).await?;
    let LibraryPage { contents, total, page: number, pages } = found;
    let (path, now_ms) = (path_of(campaign.id), state.programme.now_ms());
    let address = |number: usize| format!("{path}?page={number}");
    let wants_figures = asked.has("figures", "yes");
    let of_contents = match period.filter(|_| wants_figures) {
        Some(period) => OfContents::ask(&state, space, period).await?,
        None => None,
    };
    let pictures = Pictures::of(&state, space, contents.iter()).await?;
    let row = |content| Row::new(&page, &pictures, content, now_ms, None, of_contents.as_ref());
    show(&One {
        phase: phase(&campaign, &today),
        aim,
        came: aim::kpis(SHOWN).into_iter().map(cell).collect(),
        days: period.map(|period| (period.from().to_string(), period.to().to_string())),
        has_figures: came.is_some(),
        rows: contents.into_iter().map(row).collect(),
        contents: total,
        pager: Pager::by_number(number as usize, pages as usize, address),
        figures_at: period.filter(|_| !wants_figures).map(|_| format!("{}&figures=yes", address(number as usize))),
        new_content: contents::NEW,
        path,
        campaign,
        page,
    })
}
