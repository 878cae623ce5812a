//! Teams: the tree, and who manages each.

use std::collections::HashMap;

use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::routing::get;
use http::StatusCode;

use super::super::PortalState;
use super::super::parts::{Failure, Flash, FormData, FormState, Outcome, Page, Person, Sent, answer, see_with, show};
use super::super::texts::msg;
use crate::auth::Action;
use crate::model::{AdvocateId, TeamId};
use crate::programme::people::Branch;
use crate::programme::{AdvocateFilter, Error, Field, Page as Slice, TeamFields};

pub(super) const PATH: &str = "/admin/teams";

pub(super) fn routes() -> Router<PortalState> {
    Router::new()
        .route(PATH, get(list))
        .route("/admin/teams/new", get(form).post(create))
        .route("/admin/teams/{id}", get(show_team).post(change))
}

#[derive(Template)]
#[template(path = "admin/teams.html")]
struct Teams {
    page: Page,
    teams: Vec<Row>,
}

/// A team in the tree.
struct Row {
    path: String,
    name: String,
    /// Class of its depth.
    depth: usize,
    people: u64,
    people_below: u64,
    managers: Vec<String>,
}

async fn list(State(state): State<PortalState>, person: Person) -> Outcome {
    person.needs(Action::WriteTeams)?;
    let tree = state.programme.team_tree(person.space_id()).await?;
    let managers: Vec<_> = tree.iter().flat_map(|branch| branch.record.managers.iter().copied()).collect();
    let names = state.programme.names_of(person.space_id(), &managers).await?;
    let teams = tree.into_iter().map(|branch| row(branch, &names)).collect();
    show(&Teams { page: super::page(&person, PATH), teams })
}

fn row(branch: Branch, names: &HashMap<AdvocateId, String>) -> Row {
    let Branch { record, depth, people, people_below } = branch;
    Row {
        path: format!("{PATH}/{}", record.team.id),
        name: record.team.name,
        depth,
        people,
        people_below,
        managers: record.managers.iter().filter_map(|id| names.get(id).cloned()).collect(),
    }
}

#[derive(Template)]
#[template(path = "admin/team.html")]
struct Team {
    page: Page,
    /// The form's address.
    path: String,
    /// The team's name; none for one that is to be made.
    name: Option<String>,
    form: FormState,
    parents: Vec<(String, String)>,
}

/// The page, with this form.
async fn team(state: &PortalState, person: &Person, id: Option<TeamId>, form: FormState) -> Result<Team, Failure> {
    let tree = state.programme.team_tree(person.space_id()).await?;
    let page = super::page(person, PATH).below(PATH, person.texts.say("teams-title"));
    let mut parents = vec![(String::new(), page.say("team-top"))];
    let mut within = None;
    let mut name = None;
    for Branch { record, depth, .. } in tree {
        if within.is_some_and(|top| depth <= top) {
            within = None;
        }
        if Some(record.team.id) == id {
            (within, name) = (Some(depth), Some(record.team.name));
        } else if within.is_none() {
            // What stands below the team itself cannot be above it.
            parents.push((record.team.id.to_string(), format!("{}{}", "\u{2003}".repeat(depth), record.team.name)));
        }
    }
    let path = id.map_or_else(|| format!("{PATH}/new"), |id| format!("{PATH}/{id}"));
    Ok(Team { page, path, name, form, parents })
}

async fn form(State(state): State<PortalState>, person: Person) -> Outcome {
    person.needs(Action::WriteTeams)?;
    show(&team(&state, &person, None, FormState::default()).await?)
}

async fn create(State(state): State<PortalState>, sent: Sent) -> Outcome {
    sent.person.needs(Action::WriteTeams)?;
    put(&state, sent, None).await
}

async fn show_team(State(state): State<PortalState>, Path(id): Path<String>, person: Person) -> Outcome {
    let id = id_of(&id)?;
    let record = state.programme.team(person.space_id(), id).await?;
    person.needs(Action::WriteTeams)?;
    let mut addresses = Vec::new();
    for manager in &record.managers {
        addresses.extend(state.programme.advocate(person.space_id(), *manager).await?.email);
    }
    let parent = record.team.parent.known().map(|parent| parent.to_string()).unwrap_or_default();
    let data = FormData::default()
        .with("name", &record.team.name)
        .with("parent_id", parent)
        .with("manager_ids", addresses.join("\n"));
    show(&team(&state, &person, Some(id), FormState::new(data)).await?)
}

async fn change(State(state): State<PortalState>, Path(id): Path<String>, sent: Sent) -> Outcome {
    let id = id_of(&id)?;
    state.programme.team(sent.person.space_id(), id).await?;
    sent.person.needs(Action::WriteTeams)?;
    put(&state, sent, Some(id)).await
}

async fn put(state: &PortalState, sent: Sent, id: Option<TeamId>) -> Outcome {
    match lay(state, &sent, id).await {
        Ok(name) => Ok(see_with(PATH, &Flash::about(msg("flash-team"), &name))),
        Err(error) => {
            let form = FormState::refused(sent.form, error, sent.person.texts)?;
            Ok(answer(StatusCode::UNPROCESSABLE_ENTITY, &team(state, &sent.person, id, form).await?))
        }
    }
}

async fn lay(state: &PortalState, sent: &Sent, id: Option<TeamId>) -> Result<String, Error> {
    let space = sent.person.space_id();
    let mut managers = Vec::new();
    for email in sent.form.text("manager_ids").split_whitespace() {
        let filter = AdvocateFilter { email: Some(email.to_lowercase()), ..AdvocateFilter::default() };
        let found = state.programme.advocates(space, &filter, Slice { after: None, limit: 1 }).await?;
        let missing = Error::NotFound { what: "advocate", field: Some("manager_ids") };
        managers.push(found.first().ok_or(missing)?.advocate.id.to_string());
    }
    let fields = TeamFields {
        name: sent.form.field("name"),
        parent_id: sent.form.field("parent_id"),
        manager_ids: Field::Value(managers),
    };
    let mut work = state.programme.work().await?.done_by(sent.person.actor());
    let record = match id {
        Some(id) => work.update_team(space, id, &fields).await?,
        None => work.create_team(space, &fields).await?,
    };
    work.commit().await?;
    Ok(record.team.name)
}

fn id_of(text: &str) -> Result<TeamId, Failure> {
    text.parse().map_err(|_| Failure::Missing)
}
