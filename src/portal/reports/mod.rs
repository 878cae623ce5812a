//! `/reports`: what strangers told of links, for those who run the programme.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::routing::{get, post};

use super::PortalState;
use super::parts::{Area, Failure, Flash, Outcome, Page, Person, Sent, see_with, show};
use super::texts::msg;
use crate::auth::Action;
use crate::model::report::{ReportReason, ReportState};
use crate::model::{LinkId, ReportId};
use crate::programme::Page as Slice;

/// The list.
pub(super) const PATH: &str = "/reports";
/// Reports that are looked at on one page, at most.
const AT_ONCE: u32 = 200;

/// Its routes.
pub(super) fn routes() -> Router<PortalState> {
    Router::new().route(PATH, get(list)).route("/reports/close", post(close)).route("/reports/disable", post(disable))
}

#[derive(Template)]
#[template(path = "reports/reports.html")]
struct Reports {
    page: Page,
    links: Vec<Reported>,
}

/// A link with what was told of it.
struct Reported {
    link: LinkId,
    title: String,
    short_url: String,
    is_off: bool,
    first_ms: i64,
    /// Reasons, and how many gave each.
    reasons: Vec<(ReportReason, usize)>,
    notes: Vec<String>,
}

async fn list(State(state): State<PortalState>, person: Person) -> Outcome {
    person.needs(Action::WriteCampaigns)?;
    let slice: Slice<ReportId> = Slice { after: None, limit: AT_ONCE };
    let reports = state.programme.reports(person.space_id(), Some(ReportState::Open), slice).await?;
    let mut of_links: BTreeMap<LinkId, Reported> = BTreeMap::new();
    for report in reports {
        let reported = match of_links.entry(report.link) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(unknown) => {
                let shown = state.programme.link(person.space_id(), report.link).await?;
                let content = state.programme.content(person.space_id(), shown.link.content).await?;
                unknown.insert(Reported {
                    link: shown.link.id,
                    title: content.title,
                    short_url: shown.short_url,
                    is_off: shown.link.disabled,
                    first_ms: report.created_at_ms,
                    reasons: Vec::new(),
                    notes: Vec::new(),
                })
            }
        };
        reported.first_ms = reported.first_ms.min(report.created_at_ms);
        match reported.reasons.iter_mut().find(|(reason, _)| *reason == report.reason) {
            Some((_, count)) => *count += 1,
            None => reported.reasons.push((report.reason, 1)),
        }
        reported.notes.extend(report.note);
    }
    let mut links: Vec<_> = of_links.into_values().collect();
    links.sort_by_key(|reported| reported.first_ms);
    show(&Reports { page: person.page(Area::Marketing, PATH), links })
}

/// Somebody looked at it and leaves the link as it is.
async fn close(State(state): State<PortalState>, sent: Sent) -> Outcome {
    decide(&state, &sent, false).await
}

/// Somebody switches the link off.
async fn disable(State(state): State<PortalState>, sent: Sent) -> Outcome {
    decide(&state, &sent, true).await
}

async fn decide(state: &PortalState, sent: &Sent, disables: bool) -> Outcome {
    sent.person.needs(Action::WriteCampaigns)?;
    let (space, link) = (sent.person.space_id(), sent.form.parsed("link").ok_or(Failure::Malformed)?);
    let mut work = state.programme.work().await?.done_by(sent.person.actor());
    if disables {
        work.set_link_disabled(space, link, true, None).await?;
    }
    work.close_reports(space, link).await?;
    work.commit().await?;
    let said = if disables { Flash::new(msg("flash-report-disabled")) } else { Flash::new(msg("flash-report-closed")) };
    Ok(see_with(PATH, &said))
}
