//! How the applicant system tells of stages itself.

use askama::Template;
use axum::extract::State;

use super::super::PortalState;
use super::super::parts::{Outcome, Page, Person, show};
use super::{list, may_look, tells};
use crate::auth::{Action, may};

pub(super) const PATH: &str = "/recruiting/connect";

#[derive(Template)]
#[template(path = "recruiting/connect.html")]
struct Connect {
    page: Page,
    /// Requests to copy.
    by_click: String,
    by_code: String,
    /// Whether the reader makes tokens, or asks somebody for one.
    makes_tokens: bool,
    list: Option<&'static str>,
    docs: String,
}

pub(super) async fn show_how(State(state): State<PortalState>, person: Person) -> Outcome {
    may_look(&person)?;
    let address = state.auth.site().address("/api/v1/conversions");
    let example = |what: &str| {
        format!(
            "curl -X POST {address} \\\n  -H 'Authorization: Bearer rls_…' \\\n  -H 'Content-Type: application/json' \\\n  \
             -d '{{{what}, \"external_id\": \"A-1042\", \"stage\": \"applied\", \"occurred_at\": \"2026-03-02T09:00:00Z\"}}'"
        )
    };
    show(&Connect {
        page: super::page(&person, PATH),
        by_click: example("\"click_id\": \"019cc000-0000-7000-8000-000000000001\""),
        by_code: example("\"code\": \"aB3dE5fG7\""),
        makes_tokens: may(person.role(), Action::WriteTokens),
        list: tells(&person).then_some(list::PATH),
        docs: state.auth.site().address("/api/docs"),
    })
}
