//! People: who takes part, what they are, and how they come and go.
//!
//! | route | calls |
//! | --- | --- |
//! | `/admin/people` | GET `{text?, team?, kind?, role?, state?, page?}` |
//! | `/admin/people/invite` | POST: everybody who never was invited |
//! | `/admin/people/new` | GET, POST |
//! | `/admin/people/{id}` | GET, POST: what is known of a person |
//! | `/admin/people/{id}/role`, `/invite`, `/leave`, `/return`, `/sign-out` | POST |
//! | `/admin/people/{id}/erase` | GET: what that means; POST `{confirmed}` |

mod edit;
mod list;
mod person;

use axum::Router;
use axum::routing::{get, post};

use super::super::PortalState;
use super::super::parts::Failure;
use crate::model::AdvocateId;

pub(in crate::portal::admin) const PATH: &str = "/admin/people";

pub(super) fn routes() -> Router<PortalState> {
    Router::new()
        .route(PATH, get(list::list))
        .route("/admin/people/invite", post(list::invite_all))
        .route("/admin/people/new", get(edit::form).post(edit::create))
        .route("/admin/people/{id}", get(person::show_person).post(edit::change))
        .route("/admin/people/{id}/role", post(person::set_role))
        .route("/admin/people/{id}/invite", post(person::invite))
        .route("/admin/people/{id}/leave", post(person::leave))
        .route("/admin/people/{id}/return", post(person::come_back))
        .route("/admin/people/{id}/sign-out", post(person::sign_out))
        .route("/admin/people/{id}/erase", get(person::ask_to_erase).post(person::erase))
}

/// The page of a person.
pub(in crate::portal::admin) fn path_of(id: AdvocateId) -> String {
    format!("{PATH}/{id}")
}

/// The id in a path; what is none is nobody's.
fn id_of(text: &str) -> Result<AdvocateId, Failure> {
    text.parse().map_err(|_| Failure::Missing)
}
