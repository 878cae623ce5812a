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
use jiff::ToSpan as _;
use jiff::civil::{Date, date};

use super::PortalState;
use super::parts::{Area, Entry, Failure, FormData, Outcome, Page, Person, show};
use super::texts::msg;
use crate::auth::{Action, may};
use crate::kpi::{Answer, Audience, Dimension, Figure, Kpi, KpiError, Period, Question};
use crate::model::SpaceId;
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
}

/// A figure of a team.
enum Cell {
    /// As it is written.
    Is(String),
    /// The group is too small.
    Withheld,
    /// There is none: nothing was shared, or nobody is there.
    Nothing,
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
    let today: Date = state.programme.today(space).await?.parse().map_err(|_| Failure::Failed)?;
    let asked = FormData::read(query.unwrap_or_default().as_bytes());
    let now = Quarter::of(today);
    let quarter = Quarter::read(asked.text("quarter")).filter(|asked| *asked <= now).unwrap_or(now);
    let figures = figures(&state, space, quarter).await?;
    let page = person.page(Area::Team, PATH);
    let rows = teams.into_iter().map(|branch| row(&page, branch, figures.as_ref())).collect();
    show(&Overview {
        quarter: quarter.name(),
        before: format!("{PATH}?quarter={}", quarter.moved(-1).name()),
        after: (quarter < now).then(|| format!("{PATH}?quarter={}", quarter.moved(1).name())),
        columns: &SHOWN,
        period: quarter.period().map_or_else(String::new, |days| format!("from={}&to={}", days.from(), days.to())),
        teams: rows,
        has_figures: figures.is_some(),
        page,
    })
}

/// Every team's figures by KPI; none while they cannot be had.
async fn figures(state: &PortalState, space: SpaceId, quarter: Quarter) -> Result<Option<Answer>, Failure> {
    let found: Result<Vec<_>, KpiError> = SHOWN.into_iter().map(Kpi::find).collect();
    let period = quarter.period().ok_or(Failure::Failed)?;
    let question = Question { kpis: found.map_err(failed)?, period, by: Some(Dimension::Team) };
    match state.kpis.answer(&space, &question, Audience::Aggregates).await {
        Ok(answer) => Ok(Some(answer)),
        // A page without figures beats none.
        Err(KpiError::Away | KpiError::NoSpace | KpiError::TooLong) => Ok(None),
        Err(error) => Err(failed(error)),
    }
}

fn failed(error: KpiError) -> Failure {
    tracing::error!(%error, "the figures of teams failed");
    Failure::Failed
}

fn row(page: &Page, branch: Branch, figures: Option<&Answer>) -> Row {
    let name = branch.record.team.name;
    let own: HashMap<&str, &Figure> = figures
        .map(|answer| &answer.figures)
        .into_iter()
        .flatten()
        .filter(|figure| figure.key() == Some(&name))
        .map(|figure| (figure.kpi.name, figure))
        .collect();
    let cells = SHOWN.iter().map(|kpi| cell(page, own.get(kpi).copied())).collect();
    Row { depth: branch.depth, people: branch.people, cells, name }
}

fn cell(page: &Page, figure: Option<&Figure>) -> Cell {
    match figure {
        Some(figure) if figure.withheld => Cell::Withheld,
        Some(Figure { kpi, value: Some(value), .. }) => Cell::Is(match (kpi.unit, kpi.denominator) {
            ("ratio", _) => page.percent(*value, 0),
            (_, Some(_)) => page.decimal(*value, 1),
            (_, None) => page.decimal(*value, 0),
        }),
        Some(_) | None => Cell::Nothing,
    }
}

/// A quarter of a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Quarter {
    year: i16,
    /// 1 to 4.
    number: i8,
}

impl Quarter {
    fn of(day: Date) -> Self {
        Self { year: day.year(), number: (day.month() - 1) / 3 + 1 }
    }

    /// Reads `2026-Q1`.
    fn read(text: &str) -> Option<Self> {
        let (year, number) = text.split_once("-Q")?;
        let (year, number) = (year.parse().ok()?, number.parse().ok()?);
        ((1971..=2147).contains(&year) && (1..=4).contains(&number)).then_some(Self { year, number })
    }

    fn name(self) -> String {
        format!("{}-Q{}", self.year, self.number)
    }

    fn moved(self, quarters: i16) -> Self {
        let all = self.year * 4 + i16::from(self.number) - 1 + quarters;
        Self { year: all.div_euclid(4), number: (all.rem_euclid(4) + 1) as i8 }
    }

    fn period(self) -> Option<Period> {
        let first = date(self.year, (self.number - 1) * 3 + 1, 1);
        let last = first.checked_add(3.months()).ok()?.yesterday().ok()?;
        Period::new(first, last).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quarter_reads_back_moves_and_has_its_days() {
        let quarter = Quarter::read("2026-Q4").expect("a quarter");
        assert_eq!((quarter.name(), quarter.moved(1).name(), quarter.moved(-4).name()), {
            ("2026-Q4".to_owned(), "2027-Q1".to_owned(), "2025-Q4".to_owned())
        });
        assert_eq!(Quarter::of(date(2026, 3, 31)), Quarter { year: 2026, number: 1 });
        let period = quarter.period().expect("days");
        assert_eq!((period.from().to_string(), period.to().to_string()), ("2026-10-01".into(), "2026-12-31".into()));
        for text in ["", "2026", "2026-Q0", "2026-Q5", "2026-Q", "x-Q1", "99999-Q1", "1-Q1"] {
            assert_eq!(Quarter::read(text), None, "{text}");
        }
    }
}
