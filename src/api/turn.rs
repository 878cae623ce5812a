//! One request that changes something: its transaction, and its idempotency key.

use axum::response::{IntoResponse as _, Response};
use http::{HeaderName, HeaderValue, StatusCode};
use serde::Serialize;

use super::ApiState;
use super::caller::Caller;
use super::entity::{self, tagged};
use super::given::Repeat;
use super::problem::Problem;
use crate::auth::Principal;
use crate::programme::{KeptAnswer, Work};

/// An open transaction that ends with [`Turn::answer`]; dropped, it undoes what it did.
pub(super) struct Turn {
    pub(super) work: Work,
    principal: Principal,
    repeat: Option<Repeat>,
}

/// How a request begins.
pub(super) enum Begun {
    /// It is to be done.
    New(Turn),
    /// It was done: this was the answer.
    Before(Response),
}

const REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");

impl Turn {
    /// Opens the transaction, unless the request was answered before.
    ///
    /// # Errors
    /// 409 when its key was given to another request, 503 when the store is busy.
    pub(super) async fn begin(state: &ApiState, caller: Caller, repeat: Option<Repeat>) -> Result<Begun, Problem> {
        let principal = caller.0;
        let mut work = state.programme.work().await?.done_by(principal.actor());
        if let Some(Repeat { key, request_hash }) = &repeat
            && let Some(kept) = work.kept_answer(principal.space, principal.token, key, request_hash).await?
        {
            let status = StatusCode::from_u16(kept.status).unwrap_or(StatusCode::OK);
            let mut response = tagged(status, kept.answer);
            response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
            return Ok(Begun::Before(response));
        }
        Ok(Begun::New(Self { work, principal, repeat }))
    }

    /// Makes what was done so far durable, lets others change something, and goes on. What a request
    /// does in pieces must do no harm when it is asked again after a half.
    ///
    /// # Errors
    /// 503 when the store is busy or fails.
    pub(super) async fn pause(self, state: &ApiState) -> Result<Self, Problem> {
        self.work.commit().await?;
        let work = state.programme.work_patiently().await?;
        Ok(Self { work, principal: self.principal, repeat: self.repeat })
    }

    /// Commits, and answers with `body` and its tag; the answer is kept under the request's key.
    ///
    /// # Errors
    /// Nothing has happened then.
    pub(super) async fn answer(self, status: StatusCode, body: &(impl Serialize + Sync)) -> Result<Response, Problem> {
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
    ) -> Result<Response, Problem> {
        if let Some(Repeat { key, request_hash }) = self.repeat {
            let answer = serde_json::to_string(kept).expect("answers have texts as keys");
            let kept = KeptAnswer { request_hash, status: status.as_u16(), answer };
            self.work.keep_answer(self.principal.space, self.principal.token, &key, &kept).await?;
        }
        commit(self.work).await?;
        Ok(tagged(status, entity::body(body)))
    }

    /// Commits, and answers 204.
    ///
    /// # Errors
    /// Nothing has happened then.
    pub(super) async fn done(self) -> Result<Response, Problem> {
        commit(self.work).await?;
        Ok(StatusCode::NO_CONTENT.into_response())
    }
}

async fn commit(work: Work) -> Result<(), Problem> {
    crate::failpoint::reach("api.before_commit");
    Ok(work.commit().await?)
}
