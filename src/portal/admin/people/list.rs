//! The list of people, with search and filters.

use askama::Template;
use axum::extract::{RawQuery, State};

use super::super::super::PortalState;
use super::super::super::parts::{
    Failure, Flash, FormData, FormState, Outcome, Page, Pager, Person, Sent, see_with, show,
};
use super::super::super::texts::msg;
use super::{PATH, path_of};
use crate::auth::Action;
use crate::model::{AdvocateKind, Role};
use crate::programme::people::PeoplePage;
use crate::programme::{Found, Left, PeopleFilter};

#[derive(Template)]
#[template(path = "admin/people.html")]
struct People {
    page: Page,
    form: FormState,
    people: Vec<Row>,
    total: u64,
    /// Whether anything was asked for.
    is_filtered: bool,
    /// Whether nobody is there but the one who looks.
    is_alone: bool,
    roles: Vec<(String, String)>,
    kinds: Vec<(String, String)>,
    states: Vec<(String, String)>,
    teams: Vec<(String, String)>,
    pager: Pager,
}

/// Somebody in the list.
struct Row {
    path: String,
    name: String,
    email: Option<String>,
    team: Option<String>,
    kind: &'static str,
    /// More than an advocate: the word of the role.
    role: Option<&'static str>,
    /// `joined`, `invited`, `new` or `left`.
    state: &'static str,
}

pub(super) async fn list(State(state): State<PortalState>, person: Person, RawQuery(query): RawQuery) -> Outcome {
    person.needs(Action::WriteAdvocates)?;
    let form = FormData::read(query.unwrap_or_default().as_bytes());
    let today = state.programme.today(person.space_id()).await?;
    let filter = filter(&form, &today);
    let asked_page = form.parsed("page").unwrap_or(1);
    let found = state.programme.search_people(person.space_id(), &filter, asked_page).await?;
    let teams = state.programme.team_tree(person.space_id()).await?;

    let page = super::super::page(&person, PATH);
    let any = || (String::new(), page.say("people-any"));
    let role = |role: &Role| (role.as_str().to_owned(), page.word("admin-role", role.as_str()));
    let kind = |kind: &AdvocateKind| (kind.as_str().to_owned(), page.word("advocate-kind", kind.as_str()));
    let states = ["here", "joined", "waiting", "left"].map(|word| (word.to_owned(), page.word("people-state", word)));
    let indented = |depth: usize, name: &str| format!("{}{name}", "\u{2003}".repeat(depth));
    let teams = teams
        .iter()
        .map(|branch| (branch.record.team.id.to_string(), indented(branch.depth, &branch.record.team.name)));
    let is_filtered = ["text", "team", "kind", "role", "state"].iter().any(|name| !form.text(name).is_empty());
    let PeoplePage { people, total, page: number, pages } = found;
    show(&People {
        people: people.into_iter().map(|found| row(found, &today)).collect(),
        total,
        is_filtered,
        is_alone: total == 1 && !is_filtered,
        roles: std::iter::once(any())
            .chain(Role::ALL.iter().filter(|role| **role != Role::Operator).map(role))
            .collect(),
        kinds: std::iter::once(any()).chain(AdvocateKind::ALL.iter().map(kind)).collect(),
        states: std::iter::once(any()).chain(states).collect(),
        teams: std::iter::once(any()).chain(teams).collect(),
        pager: Pager::by_number(number as usize, pages as usize, |number| address(&form, number)),
        form: FormState::new(form),
        page,
    })
}

/// What is asked for; a value that is none of ours asks for nothing.
fn filter(form: &FormData, today: &str) -> PeopleFilter {
    let left = |yes| Some(Left { yes, today: today.to_owned() });
    let (left, joined) = match form.text("state") {
        "here" => (left(false), None),
        "joined" => (left(false), Some(true)),
        "waiting" => (left(false), Some(false)),
        "left" => (left(true), None),
        _ => (None, None),
    };
    let text = form.text("text").trim();
    PeopleFilter {
        text: (!text.is_empty()).then(|| text.to_owned()),
        team: form.parsed("team"),
        kind: form.parsed("kind"),
        role: form.parsed("role"),
        left,
        joined,
        invitable: false,
    }
}

/// The same question on another page.
fn address(form: &FormData, number: usize) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    for name in ["text", "team", "kind", "role", "state"] {
        if !form.text(name).is_empty() {
            query.append_pair(name, form.text(name));
        }
    }
    query.append_pair("page", &number.to_string());
    format!("{PATH}?{}", query.finish())
}

fn row(found: Found, today: &str) -> Row {
    let Found { record, role } = found;
    let advocate = &record.advocate;
    let state = if advocate.left_on.as_deref().is_some_and(|left| left < today) {
        "left"
    } else if advocate.registered_at_ms.is_some() {
        "joined"
    } else if advocate.invited_on.is_some() {
        "invited"
    } else {
        "new"
    };
    let shown = record.name.as_ref().or(record.email.as_ref()).or(advocate.external_id.as_ref());
    Row {
        path: path_of(advocate.id),
        name: shown.cloned().unwrap_or_else(|| advocate.id.to_string()),
        email: record.email.filter(|_| record.name.is_some()),
        team: record.team_name,
        kind: advocate.kind.as_str(),
        role: role.map(Role::as_str),
        state,
    }
}

/// Invites everybody who never was, as many as go at once.
pub(super) async fn invite_all(State(state): State<PortalState>, sent: Sent) -> Outcome {
    sent.person.needs(Action::WriteAdvocates)?;
    let mut work = state.programme.work().await?.done_by(sent.person.actor());
    let (invited, rest) = work.invite_the_uninvited(sent.person.space_id()).await?;
    work.commit().await?;
    let count = sent.person.texts.number(i64::try_from(invited).map_err(|_| Failure::Failed)?);
    let message = match (invited, rest) {
        (0, _) => msg("flash-nobody-invited"),
        (_, 0) => msg("flash-all-invited"),
        (_, _) => msg("flash-some-invited"),
    };
    Ok(see_with(PATH, &Flash::about(message, &count)))
}
