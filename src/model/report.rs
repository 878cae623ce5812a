//! What a stranger tells of a link. Nothing is kept of who told it.

use super::id::{LinkId, ReportId, SpaceId};
use super::kind::words;

words! {
    /// What is wrong with a link.
    ReportReason {
        /// It leads to something that deceives or harms.
        Harmful = "harmful" / 1,
        /// It was sent unasked.
        Unwanted = "unwanted" / 2,
        /// It leads to something else than it says.
        Misleading = "misleading" / 3,
        /// Something else.
        Other = "other" / 4,
    }
}

words! {
    /// Whether somebody looked at a report.
    ReportState {
        /// Nobody has.
        Open = "open" / 1,
        /// Somebody has.
        Closed = "closed" / 2,
    }
}

/// One report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Its id.
    pub id: ReportId,
    /// The programme of the link.
    pub space: SpaceId,
    /// The link.
    pub link: LinkId,
    /// What is wrong with it.
    pub reason: ReportReason,
    /// What else was written.
    pub note: Option<String>,
    /// Whether somebody looked at it.
    pub state: ReportState,
    /// When it came.
    pub created_at_ms: i64,
}
