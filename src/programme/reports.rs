//! What strangers tell of a link, for those who run the programme.
//!
//! Whoever follows a link may say that something is wrong with it. Nothing is kept of who said so,
//! so nobody can be asked back, and many reports of one link are one question: the pages that show
//! them close them together.

use serde_json::json;

use super::fields::{Check, Field};
use super::{Error, LinkFilter, Page, Programme, Work, ids};
use crate::model::report::{Report, ReportReason, ReportState};
use crate::model::{Code, LinkId, ReportId, SpaceId};

/// Open reports of one link, at most: more tell nothing new.
const MAX_OF_LINK: u64 = 20;
/// Open reports of one space, at most: somebody floods it.
const MAX_OF_SPACE: u64 = 1_000;

impl Programme {
    /// The space and the link of a code on a short-link host; without a host of its own a space's codes are on the
    /// installation's.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn link_of_code(&self, space: SpaceId, code: &Code) -> Result<super::ShownLink, Error> {
        let filter = LinkFilter { code: Some(code.clone()), ..LinkFilter::default() };
        let found = self.links(space, &filter, Page { after: None, limit: 1 }).await?;
        found.into_iter().next().ok_or(Error::NotFound { what: "link", field: Some("code") })
    }

    /// Reports, newest first, from the one before `page.after`.
    ///
    /// # Errors
    /// [`Error::NotFound`] with the field `after` when the page's start is no report of the space.
    pub async fn reports(
        &self,
        space: SpaceId,
        state: Option<ReportState>,
        page: Page<ReportId>,
    ) -> Result<Vec<Report>, Error> {
        let mut reading = self.store.read().await?;
        if let Some(after) = page.after {
            reading.report(space, after).await?.ok_or(Error::NotFound { what: "report", field: Some("after") })?;
        }
        Ok(reading.list_reports(space, state, page).await?)
    }
}

impl Work {
    /// Takes a report of a link; says whether it is kept: of very many, no more are.
    ///
    /// # Errors
    /// [`Error::Invalid`], [`Error::NotFound`].
    pub async fn report_link(
        &mut self,
        space: SpaceId,
        link: LinkId,
        reason: &Field<String>,
        note: &Field<String>,
    ) -> Result<bool, Error> {
        let mut check = Check::default();
        let reason: Option<ReportReason> = check.required_word("reason", reason);
        let mut kept = None;
        check.optional_prose("note", note, &mut kept);
        check.finish()?;
        let link = self.writing.link(space, link).await?.ok_or(Error::NotFound { what: "link", field: None })?;
        let (of_link, of_space) = self.writing.count_open_reports(space, link.id).await?;
        if of_link >= MAX_OF_LINK || of_space >= MAX_OF_SPACE {
            return Ok(false);
        }
        let report = Report {
            id: ReportId::from_bits(ids::random_bits()),
            space,
            link: link.id,
            reason: reason.unwrap_or(ReportReason::Other),
            note: kept,
            state: ReportState::Open,
            created_at_ms: self.writing.at_ms(),
        };
        self.writing.insert_report(&report).await?;
        Ok(true)
    }

    /// Somebody looked at the reports of a link; answers how many were open.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Closed`].
    pub async fn close_reports(&mut self, space: SpaceId, link: LinkId) -> Result<u64, Error> {
        self.open_space(space).await?;
        self.writing.link(space, link).await?.ok_or(Error::NotFound { what: "link", field: None })?;
        let closed = self.writing.close_reports(space, link).await?;
        if closed > 0 {
            self.note(space, "report.closed", &link.to_string(), json!({"reports": closed})).await?;
        }
        Ok(closed)
    }
}
