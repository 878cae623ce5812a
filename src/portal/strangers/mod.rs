//! Pages for people who are not signed in and need not be: whoever was sent a link, and whoever was
//! sent a mail.
//!
//! | route | calls |
//! | --- | --- |
//! | `/report` | GET `?space=&code=`; POST `{space, code, reason, note}`: tells those who run the programme |
//! | `/digest/stop/{stop}` | GET: a page with a button; POST: no more mails, also from a mail program's own button |

pub(super) mod digest;
mod report;

use axum::Router;
use axum::routing::get;

use super::PortalState;

/// Where links are reported.
pub(super) const REPORT_PATH: &str = "/report";

/// Its routes.
pub(super) fn routes() -> Router<PortalState> {
    Router::new()
        .route(REPORT_PATH, get(report::ask).post(report::take))
        .route("/digest/stop/{stop}", get(digest::ask).post(digest::stop))
}
