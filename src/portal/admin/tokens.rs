//! Tokens of programs: shown once, narrowed by scopes, and taken back.

use askama::Template;
use axum::Router;
use axum::extract::{Path, RawQuery, State};
use axum::routing::{get, post};
use http::StatusCode;

use super::super::PortalState;
use super::super::parts::{
    Failure, Flash, FormData, FormState, Outcome, Page, Pager, Person, Sent, answer, see_with, show,
};
use super::super::texts::msg;
use super::{Tab, access};
use crate::auth::{Action, Token};
use crate::model::{Role, Scope, TokenId};
use crate::programme::times::format_instant;
use crate::programme::{AdvocateFilter, Error, Field, Page as Slice, TokenFields, TokenRecord};

pub(super) const PATH: &str = "/admin/tokens";
/// Tokens of a page.
const AT_ONCE: u32 = 50;
/// How long a token may be good for, in days.
const LIVES: [i64; 4] = [30, 90, 365, 730];

pub(super) fn routes() -> Router<PortalState> {
    Router::new()
        .route(PATH, get(list))
        .route("/admin/tokens/new", get(form).post(create))
        .route("/admin/tokens/{id}/revoke", post(revoke))
}

#[derive(Template)]
#[template(path = "admin/tokens.html")]
struct Tokens {
    page: Page,
    tabs: Vec<Tab>,
    tokens: Vec<Row>,
    pager: Pager,
}

/// A token on the page.
struct Row {
    id: String,
    name: String,
    role: &'static str,
    scopes: Vec<&'static str>,
    created_at_ms: i64,
    expires_at_ms: Option<i64>,
    last_used_at_ms: Option<i64>,
    has_expired: bool,
}

async fn list(State(state): State<PortalState>, person: Person, RawQuery(query): RawQuery) -> Outcome {
    person.needs(Action::ReadTokens)?;
    let asked = FormData::read(query.unwrap_or_default().as_bytes());
    let after: Option<TokenId> = asked.parsed("after");
    let mut records = state.programme.tokens(person.space_id(), Slice { after, limit: AT_ONCE + 1 }).await?;
    let more = records.len() > AT_ONCE as usize;
    records.truncate(AT_ONCE as usize);
    let next = records.last().filter(|_| more).map(|last| format!("{PATH}?after={}", last.id));
    let now_ms = state.programme.now_ms();
    let page = super::page(&person, PATH);
    show(&Tokens {
        tabs: access::tabs(&page, PATH),
        tokens: records.into_iter().map(|record| row(record, now_ms)).collect(),
        pager: Pager { previous: after.map(|_| PATH.to_owned()), next },
        page,
    })
}

fn row(record: TokenRecord, now_ms: i64) -> Row {
    Row {
        id: record.id.to_string(),
        name: record.name,
        role: record.role.as_str(),
        scopes: record.scopes.unwrap_or_default().into_iter().map(Scope::as_str).collect(),
        created_at_ms: record.created_at_ms,
        expires_at_ms: record.expires_at_ms,
        last_used_at_ms: record.last_used_at_ms,
        has_expired: record.expires_at_ms.is_some_and(|at| at <= now_ms),
    }
}

#[derive(Template)]
#[template(path = "admin/token_new.html")]
struct New {
    page: Page,
    form: FormState,
    roles: Vec<(String, String)>,
    scopes: Vec<(String, String)>,
    lives: Vec<(String, String)>,
}

fn new(person: &Person, form: FormState) -> New {
    let page = super::page(person, PATH).below(PATH, person.texts.say("tokens-title"));
    let role = |role: &Role| (role.as_str().to_owned(), page.word("admin-role", role.as_str()));
    let scope = |scope: &Scope| (scope.as_str().to_owned(), page.word("scope", scope.as_str()));
    let life = |days: i64| (days.to_string(), page.say_of("token-days", "count", days));
    New {
        roles: Role::ALL.iter().filter(|role| **role != Role::Operator).rev().map(role).collect(),
        scopes: Scope::ALL.iter().map(scope).collect(),
        lives: LIVES.into_iter().map(life).collect(),
        form,
        page,
    }
}

async fn form(person: Person) -> Outcome {
    person.needs(Action::WriteTokens)?;
    let data = FormData::default().with("role", Role::Marketing.as_str()).with("expires_at", "90");
    show(&new(&person, FormState::new(data)))
}

#[derive(Template)]
#[template(path = "admin/token_made.html")]
struct Made {
    page: Page,
    name: String,
    token: String,
    expires_at_ms: Option<i64>,
}

async fn create(State(state): State<PortalState>, sent: Sent) -> Outcome {
    sent.person.needs(Action::WriteTokens)?;
    let token = Token::draw();
    match make(&state, &sent, &token).await {
        Ok(Some(record)) => {
            let page = super::page(&sent.person, PATH).below(PATH, sent.person.texts.say("tokens-title"));
            let token = token.expose().to_owned();
            let made = Made { page, name: record.name, token, expires_at_ms: record.expires_at_ms };
            Ok(answer(StatusCode::CREATED, &made))
        }
        Ok(None) => Err(Failure::Forbidden),
        Err(error) => {
            let form = FormState::refused(sent.form, error, sent.person.texts)?;
            Ok(answer(StatusCode::UNPROCESSABLE_ENTITY, &new(&sent.person, form)))
        }
    }
}

/// Makes the token; none, and nothing happens, when it would be allowed more than its maker.
async fn make(state: &PortalState, sent: &Sent, token: &Token) -> Result<Option<TokenRecord>, Error> {
    let (principal, space) = (sent.person.visitor.principal, sent.person.space_id());
    let fields = fields(state, sent).await?;
    let mut work = state.programme.work().await?.done_by(principal.actor());
    let record = work.create_token(space, &fields, token.hash(), principal.token).await?;
    if !principal.may_give(record.role, record.scopes.as_deref()) {
        return Ok(None);
    }
    work.commit().await?;
    Ok(Some(record))
}

async fn fields(state: &PortalState, sent: &Sent) -> Result<TokenFields, Error> {
    let form = &sent.form;
    let scopes: Vec<_> = form.all("scopes").into_iter().map(str::to_owned).collect();
    let days: Option<i64> = form.parsed("expires_at").filter(|days| LIVES.contains(days));
    let ends = |days: i64| format_instant(state.programme.now_ms() + days * 86_400_000);
    // People know an address, not an id.
    let mut advocate_id = Field::Absent;
    let email = form.text("advocate_id").trim().to_lowercase();
    if !email.is_empty() {
        let filter = AdvocateFilter { email: Some(email), ..AdvocateFilter::default() };
        let found = state.programme.advocates(sent.person.space_id(), &filter, Slice { after: None, limit: 1 }).await?;
        let missing = Error::NotFound { what: "advocate", field: Some("advocate_id") };
        advocate_id = Field::Value(found.first().ok_or(missing)?.advocate.id.to_string());
    }
    Ok(TokenFields {
        role: form.field("role"),
        advocate_id,
        name: form.field("name"),
        scopes: if scopes.is_empty() { Field::Absent } else { Field::Value(scopes) },
        expires_at: Field::given(days.map(ends)),
    })
}

async fn revoke(State(state): State<PortalState>, Path(id): Path<String>, sent: Sent) -> Outcome {
    let id: TokenId = id.parse().map_err(|_| Failure::Missing)?;
    let record = state.programme.token(sent.person.space_id(), id).await?;
    sent.person.needs(Action::WriteTokens)?;
    let mut work = state.programme.work().await?.done_by(sent.person.actor());
    work.revoke_token(sent.person.space_id(), id).await?;
    work.commit().await?;
    Ok(see_with(PATH, &Flash::about(msg("flash-token-revoked"), &record.name)))
}
