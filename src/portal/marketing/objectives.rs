//! Objectives by quarter: what the whole programme and its teams aim at, beside what came of it.
//!
//! Teams below the minimum cell are withheld where the figures come from ([`crate::kpi`]), not here.

use askama::Template;
use axum::Router;
use axum::extract::{RawQuery, State};
use axum::routing::get;
use http::StatusCode;

use super::super::PortalState;
use super::super::parts::aim::{self, Aim, Cell};
use super::super::parts::{Failure, Flash, FormData, FormState, Outcome, Page, Person, Sent, answer, see_with, show};
use super::super::texts::msg;
use super::{may_steer, targets};
use crate::kpi::{Answer, Dimension, Kpi};
use crate::model::{Quarter, TeamId};
use crate::programme::objectives::Target;
use crate::programme::{Error, Field, ObjectiveRecord};

pub(super) const PATH: &str = "/marketing/objectives";
const SET: &str = "/marketing/objectives/set";

/// What the form asks for first: the KPIs that programmes are steered by, as far as they are anybody's own.
const USUAL: [&str; 10] = [
    "contents_per_weekday",
    "content_usage_rate",
    "adoption_rate",
    "active_sharer_ratio",
    "shares",
    "clicks",
    "clicks_per_content",
    "clicks_per_share",
    "applications",
    "hires",
];
/// How far ahead objectives are set, in quarters.
const AHEAD: i16 = 4;

pub(super) fn routes() -> Router<PortalState> {
    Router::new().route(PATH, get(list)).route(SET, get(form).post(set))
}

#[derive(Template)]
#[template(path = "marketing/objectives.html")]
struct Objectives {
    page: Page,
    quarter: String,
    before: String,
    after: Option<String>,
    /// The whole programme first.
    scopes: Vec<Scope>,
    /// Teams that aim at nothing yet: address of the form, and name.
    others: Vec<(String, String)>,
    /// Whether figures could be had; there are none of a quarter that is to come.
    has_figures: bool,
    is_to_come: bool,
}

/// Who aims at something.
struct Scope {
    name: String,
    people: Option<u64>,
    set: String,
    aims: Vec<Aim>,
}

pub(super) async fn list(State(state): State<PortalState>, person: Person, RawQuery(query): RawQuery) -> Outcome {
    may_steer(&person)?;
    let space = person.space_id();
    let now = now(&state, &person).await?;
    let asked = FormData::read(query.unwrap_or_default().as_bytes());
    let quarter = quarter(&asked, now).unwrap_or(now);
    let objectives = state.programme.objectives(space, quarter).await?;
    let is_to_come = quarter > now;
    let (mut whole, mut of_teams) = (None, None);
    if !is_to_come {
        let of = |by: Option<Dimension>| {
            let aimed = objectives.iter().filter(move |objective| (objective.team != TeamId::NONE) == by.is_some());
            let mut kpis = aim::kpis(aimed.map(|objective| objective.kpi.as_str()));
            kpis.retain(|kpi| by.is_none_or(|by| kpi.splits.has(by)));
            // Sorted by name, the same KPI of two teams stands side by side.
            kpis.sort_by_key(|kpi| kpi.name);
            kpis.dedup();
            kpis
        };
        let period = aim::days_of(quarter)?;
        whole = aim::ask(&state, space, of(None), period, None).await?;
        of_teams = aim::ask(&state, space, of(Some(Dimension::Team)), period, Some(Dimension::Team)).await?;
    }
    let page = super::page(&person, PATH);
    let of = |team: TeamId| objectives.iter().filter(move |objective| objective.team == team);
    let mut scopes = vec![Scope {
        name: page.say("objectives-whole"),
        people: None,
        set: set_path(quarter, TeamId::NONE),
        aims: in_order(of(TeamId::NONE)).map(|one| aim_of(&page, one, None, whole.as_ref())).collect(),
    }];
    let mut others = Vec::new();
    for branch in state.programme.team_tree(space).await? {
        let team = branch.record.team;
        let aims: Vec<_> =
            in_order(of(team.id)).map(|one| aim_of(&page, one, Some(&team.name), of_teams.as_ref())).collect();
        if aims.is_empty() {
            others.push((set_path(quarter, team.id), team.name));
        } else {
            scopes.push(Scope { set: set_path(quarter, team.id), people: Some(branch.people), name: team.name, aims });
        }
    }
    show(&Objectives {
        before: format!("{PATH}?quarter={}", quarter.moved(-1)),
        after: (quarter < now.moved(AHEAD)).then(|| format!("{PATH}?quarter={}", quarter.moved(1))),
        quarter: quarter.to_string(),
        scopes,
        others,
        has_figures: whole.is_some() && of_teams.is_some(),
        is_to_come,
        page,
    })
}

/// Objectives in the order in which their KPIs are shown everywhere.
fn in_order<'a>(objectives: impl Iterator<Item = &'a ObjectiveRecord>) -> impl Iterator<Item = &'a ObjectiveRecord> {
    let place = |kpi: &str| crate::kpi::KPIS.iter().position(|known| known.name == kpi);
    let mut objectives: Vec<_> = objectives.collect();
    objectives.sort_by_key(|objective| place(&objective.kpi));
    objectives.into_iter()
}

fn aim_of(page: &Page, objective: &ObjectiveRecord, team: Option<&str>, answer: Option<&Answer>) -> Aim {
    Aim::new(page, (&objective.kpi, objective.target.as_f64().unwrap_or_default()), answer, team)
}

async fn now(state: &PortalState, person: &Person) -> Result<Quarter, Failure> {
    let today = state.programme.today(person.space_id()).await?;
    Quarter::of(&today).map_err(|_| Failure::Failed)
}

/// The quarter that is asked for, as far ahead as objectives are set.
fn quarter(asked: &FormData, now: Quarter) -> Option<Quarter> {
    asked.parsed("quarter").filter(|asked| *asked <= now.moved(AHEAD))
}

fn set_path(quarter: Quarter, team: TeamId) -> String {
    let team = team.known().map(|team| format!("&team={team}")).unwrap_or_default();
    format!("{SET}?quarter={quarter}{team}")
}

#[derive(Template)]
#[template(path = "marketing/objectives_form.html")]
struct Form {
    page: Page,
    heading: String,
    quarter: String,
    team: String,
    back: String,
    form: FormState,
    fields: Vec<KpiField>,
}

/// A KPI in the form.
struct KpiField {
    kpi: &'static str,
    label: String,
    /// What the study found, to choose by.
    hint: String,
}

async fn page(state: &PortalState, person: &Person, data: FormData) -> Result<Form, Failure> {
    let (quarter, team) = scope(state, person, &data).await?;
    let back = format!("{PATH}?quarter={quarter}");
    let page = super::page(person, PATH).below(back.clone(), person.texts.say("objectives-title"));
    let name = match team.known() {
        Some(team) => state.programme.team(person.space_id(), team).await?.team.name,
        None => page.say("objectives-whole"),
    };
    let fields = asked_for(team).into_iter().map(|kpi| field(&page, kpi)).collect();
    Ok(Form {
        heading: page.say_with(
            "objectives-of",
            &[("who", name.as_str().into()), ("quarter", quarter.to_string().as_str().into())],
        ),
        quarter: quarter.to_string(),
        team: team.known().map(|team| team.to_string()).unwrap_or_default(),
        back,
        form: FormState::new(data),
        fields,
        page,
    })
}

/// The quarter and the team that a form is about.
async fn scope(state: &PortalState, person: &Person, data: &FormData) -> Result<(Quarter, TeamId), Failure> {
    let quarter = quarter(data, now(state, person).await?).ok_or(Failure::Missing)?;
    let team = match data.text("team") {
        "" => TeamId::NONE,
        team => state.programme.team(person.space_id(), team.parse().map_err(|_| Failure::Missing)?).await?.team.id,
    };
    Ok((quarter, team))
}

/// The KPIs that a form asks for: of a team, those that teams have.
fn asked_for(team: TeamId) -> Vec<&'static Kpi> {
    let by = team.known().map(|_| Dimension::Team);
    targets::possible(by).filter(|kpi| USUAL.contains(&kpi.name)).collect()
}

fn field(page: &Page, kpi: &'static Kpi) -> KpiField {
    let study = kpi.benchmark.map(|study| {
        let write = |value: Option<f64>| value.map(|value| aim::written(page, kpi, value));
        match (write(study.mean), write(study.best)) {
            (Some(mean), Some(best)) => {
                page.say_with("objectives-study", &[("mean", mean.as_str().into()), ("best", best.as_str().into())])
            }
            (None, Some(best)) => page.say_of("objectives-study-best", "best", best.as_str()),
            _ => String::new(),
        }
    });
    KpiField { kpi: kpi.name, label: targets::label(page, kpi.name), hint: study.unwrap_or_default() }
}

pub(super) async fn form(State(state): State<PortalState>, person: Person, RawQuery(query): RawQuery) -> Outcome {
    let mut data = FormData::read(query.unwrap_or_default().as_bytes());
    let (quarter, team) = scope(&state, &person, &data).await?;
    may_steer(&person)?;
    let objectives = state.programme.objectives(person.space_id(), quarter).await?;
    for objective in objectives.iter().filter(|objective| objective.team == team) {
        let target = objective.target.as_f64().unwrap_or_default();
        data = data.replaced(&objective.kpi, targets::written(person.texts, &objective.kpi, target));
    }
    show(&page(&state, &person, data).await?)
}

pub(super) async fn set(State(state): State<PortalState>, sent: Sent) -> Outcome {
    let (quarter, team) = scope(&state, &sent.person, &sent.form).await?;
    may_steer(&sent.person)?;
    let mut given: Vec<Target> = Vec::new();
    let mut wrong = Vec::new();
    for kpi in asked_for(team) {
        match targets::read(sent.person.texts.language(), kpi.name, sent.form.text(kpi.name)) {
            Some(target) => given.push((kpi.name.to_owned(), target)),
            None => wrong.push(kpi.name),
        }
    }
    if wrong.is_empty() {
        lay(&state, &sent, quarter, team, &given).await?;
        let flash = if given.iter().all(|(_, target)| *target == Field::Null) {
            Flash::new(msg("flash-objectives-none"))
        } else {
            Flash::about(msg("flash-objectives-set"), &quarter.to_string())
        };
        return Ok(see_with(&format!("{PATH}?quarter={quarter}"), &flash));
    }
    let mut page = page(&state, &sent.person, sent.form).await?;
    for kpi in wrong {
        targets::refuse(&mut page.form, kpi, sent.person.texts);
    }
    Ok(answer(StatusCode::UNPROCESSABLE_ENTITY, &page))
}

async fn lay(
    state: &PortalState,
    sent: &Sent,
    quarter: Quarter,
    team: TeamId,
    targets: &[Target],
) -> Result<(), Error> {
    let mut work = state.programme.work().await?.done_by(sent.person.actor());
    work.set_objectives(sent.person.space_id(), quarter, team, targets).await?;
    work.commit().await
}
