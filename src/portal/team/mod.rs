//! What managers and the social team see of teams: figures of groups, never of a person.
//!
//! | route | calls |
//! | --- | --- |
//! | `/team` | GET `{quarter?}`: a manager's teams with all below them; marketing and administrators see every team |
//!
//! Groups below the minimum cell are withheld where the figures come from ([`crate::kpi`]), not here.

use std::collections::HashMap;

use askama::Template;
use axum::Router;
use axum::extract::{RawQuery, State};
use axum::routing::get;

use super::PortalState;
use super::parts::aim::{self, Aim, Cell};
use super::parts::{Area, Entry, Failure, FormData, Outcome, Page, Person, show};
use super::texts::msg;
use crate::auth::{Action, may};
use crate::kpi::{Answer, Dimension, Figure};
use crate::model::{Quarter, TeamId};
use crate::programme::ObjectiveRecord;
use crate::programme::people::Branch;

pub(super) const PATH: &str = "/team";

/// The area's places.
pub(super) const ENTRIES: &[Entry] = &[Entry { path: PATH, name: msg("team-nav"), icon: "handshake" }];

/// Its routes.
pub(super) fn routes() -> Router<PortalState> {
    Router::new().route(PATH, get(overview))
}

/// What is shown of each team, in this order.
const SHOWN: [&str; 5] = ["advocates_registered", "active_sharer_ratio", "shares", "clicks", "clicks_per_share"];

#[derive(Template)]
#[template(path = "team/overview.html")]
struct Overview {
    page: Page,
    quarter: String,
    before: String,
    after: Option<String>,
    columns: &'static [&'static str],
    /// The quarter as the pages of figures take it.
    period: String,
    teams: Vec<Row>,
    /// Whether figures could be had.
    has_figures: bool,
}

/// A team.
struct Row {
    name: String,
    depth: usize,
    people: u64,
    cells: Vec<Cell>,
    /// What it aims at in the quarter, beside what came of it.
    aims: Vec<Aim>,
}

impl Overview {
    fn has_aims(&self) -> bool {
        self.teams.iter().any(|team| !team.aims.is_empty())
    }
}

async fn overview(State(state): State<PortalState>, person: Person, RawQuery(query): RawQuery) -> Outcome {
    let space = person.space_id();
    let teams = if may(person.role(), Action::ReadTeams) {
        state.programme.team_tree(space).await?
    } else {
        let managed = state.programme.managed_teams(space, person.id()).await?;
        if managed.is_empty() {
            return Err(Failure::Forbidden);
        }
        managed
    };
    let now = Quarter::of(&state.programme.today(space).await?).map_err(|_| Failure::Failed)?;
    let asked = FormData::read(query.unwrap_or_default().as_bytes());
    let quarter = asked.parsed("quarter").filter(|asked| *asked <= now).unwrap_or(now);
    let objectives = state.programme.objectives(space, quarter).await?;
    let mut kpis = aim::kpis(SHOWN);
    for kpi in aim::kpis(objectives.iter().map(|objective| objective.kpi.as_str())) {
        if kpi.splits.has(Dimension::Team) && !kpis.contains(&kpi) {
            kpis.push(kpi);
        }
    }
    let figures = aim::ask(&state, space, kpis, aim::days_of(quarter)?, Some(Dimension::Team)).await?;
    let page = person.page(Area::Team, PATH);
    let rows = teams.into_iter().map(|branch| row(&page, branch, &objectives, figures.as_ref())).collect();
    show(&Overview {
        before: format!("{PATH}?quarter={}", quarter.moved(-1)),
        after: (quarter < now).then(|| format!("{PATH}?quarter={}", quarter.moved(1))),
        quarter: quarter.to_string(),
        columns: &SHOWN,
        period: format!("from={}&to={}", quarter.first_day(), quarter.last_day()),
        teams: rows,
        has_figures: figures.is_some(),
        page,
    })
}

fn row(page: &Page, branch: Branch, objectives: &[ObjectiveRecord], figures: Option<&Answer>) -> Row {
    let (id, name) = (branch.record.team.id, branch.record.team.name);
    let own: HashMap<&str, &Figure> = figures
        .map(|answer| &answer.figures)
        .into_iter()
        .flatten()
        .filter(|figure| figure.key() == Some(&name))
        .map(|figure| (figure.kpi.name, figure))
        .collect();
    let cells = SHOWN.iter().map(|kpi| Cell::of(page, own.get(kpi).copied())).collect();
    let aims = objectives.iter().filter(|objective| objective.team == id && id != TeamId::NONE).map(|objective| {
        let aim = (objective.kpi.as_str(), objective.target.as_f64().unwrap_or_default());
        Aim::new(page, aim, figures, Some(&name))
    });
    let aims = aims.collect();
    Row { depth: branch.depth, people: branch.people, cells, aims, name }
}
