//! A person's own account: what it is told by mail, where it is signed in, and signing out.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::routing::{get, post};

use super::PortalState;
use super::parts::{Area, Failure, Flash, Outcome, Page, Person, Sent, see, see_with, show, signed_out};
use super::texts::msg;
use crate::auth::Secret;
use crate::auth::session::SessionRecord;
use crate::model::Role;
use crate::model::digest::Frequency;
use crate::programme::Error;

/// The account's page.
pub(super) const PATH: &str = "/account";

/// Who wants no digest.
const NO_DIGEST: &str = "none";

/// Its routes.
pub(super) fn routes() -> Router<PortalState> {
    Router::new()
        .route(PATH, get(account))
        .route("/account/digest", post(digest))
        .route("/sign-out", post(sign_out))
        .route("/sign-out/everywhere", post(sign_out_everywhere))
        .route("/sessions/end", post(end_session))
}

#[derive(Template)]
#[template(path = "account/account.html")]
struct Account {
    page: Page,
    role: &'static str,
    email: Option<String>,
    /// How often it may be told what is new.
    digests: Vec<DigestChoice>,
    has_charter: bool,
    sessions: Vec<Row>,
}

/// How often somebody is told what is new.
struct DigestChoice {
    word: &'static str,
    text: String,
    is_chosen: bool,
}

/// A session on the page.
struct Row {
    id: String,
    since_ms: i64,
    seen_ms: i64,
    current: bool,
}

async fn account(State(state): State<PortalState>, person: Person) -> Outcome {
    let sessions = state.auth.sessions(person.space_id(), person.id()).await.map_err(Error::from)?;
    let row = |session: SessionRecord| Row {
        id: session.id.to_string(),
        since_ms: session.created_at_ms,
        seen_ms: session.seen_at_ms,
        current: session.id == person.visitor.session,
    };
    let role = match person.role() {
        Role::Marketing => msg("account-role-marketing"),
        Role::Recruiter => msg("account-role-recruiter"),
        Role::Admin => msg("account-role-admin"),
        // No person is an operator.
        Role::Advocate | Role::Operator => msg("account-role-advocate"),
    };
    let digest = state.programme.digest_frequency(person.space_id(), person.id()).await?;
    let chosen = digest.map_or(NO_DIGEST, Frequency::as_str);
    let words = [Frequency::Daily.as_str(), Frequency::Weekly.as_str(), NO_DIGEST];
    let digests = words.map(|word| DigestChoice {
        word,
        text: person.texts.word("account-digest", word),
        is_chosen: word == chosen,
    });
    let has_charter = state.programme.charter(person.space_id()).await?.is_some();
    let sessions = sessions.into_iter().map(row).collect();
    show(&Account {
        page: person.page(Area::Share, PATH),
        role,
        email: person.record.email.clone(),
        digests: digests.into(),
        has_charter,
        sessions,
    })
}

/// Chooses how often to be told what is new.
async fn digest(State(state): State<PortalState>, sent: Sent) -> Outcome {
    let frequency = match sent.form.text("frequency") {
        NO_DIGEST => None,
        word => Some(word.parse().map_err(|_| Failure::Malformed)?),
    };
    let (space, id) = (sent.person.space_id(), sent.person.id());
    let mut work = state.programme.work().await?.done_by(sent.person.actor());
    work.set_digest(space, id, frequency, Secret::draw().expose().to_owned()).await?;
    work.commit().await?;
    Ok(see_with(PATH, &Flash::new(msg("flash-digest"))))
}

/// Ends this browser's session.
async fn sign_out(State(state): State<PortalState>, sent: Sent) -> Outcome {
    let person = sent.person;
    state.auth.sign_out(person.space_id(), person.id(), person.visitor.session).await.map_err(Error::from)?;
    Ok(signed_out("/sign-in"))
}

/// Ends every session of this person.
async fn sign_out_everywhere(State(state): State<PortalState>, sent: Sent) -> Outcome {
    let person = sent.person;
    let ended = state.auth.sign_out_everywhere(&person.actor(), person.space_id(), person.id()).await;
    ended.map_err(Error::from)?;
    Ok(signed_out("/sign-in"))
}

/// Ends one session of this person.
async fn end_session(State(state): State<PortalState>, sent: Sent) -> Outcome {
    let id = sent.form.parsed("id").ok_or(Failure::Malformed)?;
    state.auth.sign_out(sent.person.space_id(), sent.person.id(), id).await.map_err(Error::from)?;
    Ok(see(PATH))
}
