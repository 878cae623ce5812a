//! One request that changes something: its transaction, and its idempotency key.

use axum::response::{IntoResponse, Response};
use http::{HeaderName, HeaderValue, StatusCode, header};
use serde::Serialize;

use super::ApiState;
use super::caller::Caller;
use super::entity::{self, Entity, tagged};
use super::given::Repeat;
use super::problem::Problem;
use super::transfers;
use crate::auth::Principal;
use crate::model::Role;
use crate::programme::{KeptAnswer, Work};

/// An open transaction that ends with [`Turn::answer`]; dropped, it undoes what it did.
///
/// Nobody else changes anything while it is open. So until it has changed something itself, what the programme shows is
/// what it will change.
pub(super) struct Turn {
    pub(super) work: Work,
    principal: Principal,
    repeat: Option<Repeat>,
}

/// Why a handler ends before its own answer.
pub(super) enum Early {
    /// Something is wrong.
    Problem(Problem),
    /// The request was answered before: this was the answer.
    Answer(Box<Response>),
}

impl<E: Into<Problem>> From<E> for Early {
    fn from(problem: E) -> Self {
        Self::Problem(problem.into())
    }
}

impl IntoResponse for Early {
    fn into_response(self) -> Response {
        match self {
            Self::Problem(problem) => problem.into_response(),
            Self::Answer(answer) => *answer,
        }
    }
}

const REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");

impl Turn {
    /// Opens the transaction, unless the request was answered before.
    ///
    /// # Errors
    /// The answer that it got; 409 when its key was given to another request, 503 when the store is busy.
    pub(super) async fn begin(state: &ApiState, caller: Caller, repeat: Option<Repeat>) -> Result<Self, Early> {
        Self::of(state.programme.work().await?, caller, repeat).await
    }

    /// The same for a long work, which ends one piece with [`Self::pause`] before the next: single
    /// changes of others go first.
    ///
    /// # Errors
    /// As [`Self::begin`].
    pub(super) async fn begin_patiently(
        state: &ApiState,
        caller: Caller,
        repeat: Option<Repeat>,
    ) -> Result<Self, Early> {
        Self::of(state.programme.work_patiently().await?, caller, repeat).await
    }

    /// Answers 200 with what `work` gives, which no transaction can hold: it waits for somebody outside.
    ///
    /// A repetition finds the answer before it works again. Two that race under one key may both work; they have one
    /// answer.
    ///
    /// # Errors
    /// As [`Self::begin`], and those of `work`.
    pub(super) async fn outside<T: Serialize + Send + Sync>(
        state: &ApiState,
        caller: Caller,
        repeat: Option<Repeat>,
        work: impl Future<Output = Result<T, Problem>> + Send,
    ) -> Result<Response, Early> {
        if repeat.is_none() {
            return Ok(Entity(work.await?).into_response());
        }
        drop(Self::begin(state, caller, repeat.clone()).await?);
        let answer = work.await?;
        Self::begin(state, caller, repeat).await?.answer(StatusCode::OK, &answer).await
    }

    async fn of(work: Work, caller: Caller, repeat: Option<Repeat>) -> Result<Self, Early> {
        let principal = caller.0;
        let mut work = of(&principal, work);
        if let Some(Repeat { key, request_hash }) = &repeat
            && let Some(kept) = work.kept_answer(principal.space, principal.token, key, request_hash).await?
        {
            let status = StatusCode::from_u16(kept.status).unwrap_or(StatusCode::OK);
            let mut response = answered(status, kept.answer);
            response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
            return Err(Early::Answer(Box::new(response)));
        }
        Ok(Self { work, principal, repeat })
    }

    /// Makes what was done so far durable, lets others change something, and goes on. What a request
    /// does in pieces must do no harm when it is asked again after a half.
    ///
    /// # Errors
    /// 503 when the store is busy or fails.
    pub(super) async fn pause(self, state: &ApiState) -> Result<Self, Problem> {
        self.work.commit().await?;
        let work = of(&self.principal, state.programme.work_patiently().await?);
        Ok(Self { work, principal: self.principal, repeat: self.repeat })
    }

    /// Commits, and answers with `body` and its tag; the answer is kept under the request's key.
    ///
    /// # Errors
    /// Nothing has happened then.
    pub(super) async fn answer(self, status: StatusCode, body: &(impl Serialize + Sync)) -> Result<Response, Early> {
        self.answer_once(status, body, body).await
    }

    /// As [`Self::answer`], but what is kept lacks a secret that is shown this once.
    ///
    /// # Errors
    /// Nothing has happened then.
    pub(super) async fn answer_once(
        mut self,
        status: StatusCode,
        body: &(impl Serialize + Sync),
        kept: &(impl Serialize + Sync),
    ) -> Result<Response, Early> {
        if let Some(Repeat { key, request_hash }) = self.repeat {
            let answer = serde_json::to_string(kept).expect("answers have texts as keys");
            let kept = KeptAnswer { request_hash, status: status.as_u16(), answer };
            self.work.keep_answer(self.principal.space, self.principal.token, &key, &kept).await?;
        }
        commit(self.work).await?;
        Ok(answered(status, entity::body(body)))
    }

    /// Commits, and answers 204.
    ///
    /// # Errors
    /// Nothing has happened then.
    pub(super) async fn done(self) -> Result<Response, Early> {
        commit(self.work).await?;
        Ok(StatusCode::NO_CONTENT.into_response())
    }
}

/// An answer with its tag and, where it shows what goes on in the background, the address to ask at.
fn answered(status: StatusCode, body: String) -> Response {
    let location = (status == StatusCode::ACCEPTED).then(|| transfers::address_of(&body)).flatten();
    let mut response = tagged(status, body);
    if let Some(location) = location {
        response.headers_mut().insert(header::LOCATION, location);
    }
    response
}

/// Work as this caller does it: it stands in the audit log, and only an administrator issues links before the charter
/// is accepted.
fn of(principal: &Principal, work: Work) -> Work {
    let work = work.done_by(principal.actor());
    if principal.role == Role::Admin { work } else { work.heeding_charter() }
}

async fn commit(work: Work) -> Result<(), Problem> {
    crate::failpoint::reach("api.before_commit");
    Ok(work.commit().await?)
}
