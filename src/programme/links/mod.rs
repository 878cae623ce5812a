//! Links: advocate × content × channel, each with its code.
//!
//! One link and a thousand take the same way: everything is read with a few queries, the new links
//! are inserted with one statement for 500 of them, and those that the store did not take are read
//! again. A link that somebody else made meanwhile is thus found, not doubled, and a code that was
//! drawn twice is drawn again.

mod issue;
mod show;

pub use issue::{IssuedLink, LinkFields};
pub use show::ShownLink;

use super::{Error, LinkFilter, Page, Programme, Work};
use crate::model::{AdvocateId, LinkId, SpaceId};

/// Links that one call issues, at most.
pub const MAX_BULK: usize = 1_000;

impl Programme {
    /// A link.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn link(&self, space: SpaceId, id: LinkId) -> Result<ShownLink, Error> {
        let mut reading = self.store.read().await?;
        let link = reading.link(space, id).await?.ok_or(MISSING)?;
        let mut shown = show::show(&mut reading, &self.base, space, vec![link]).await?;
        shown.pop().ok_or(MISSING)
    }

    /// Links in the order of their creation.
    ///
    /// # Errors
    /// [`Error::NotFound`] with the field `after` when the page's start is no link of the space.
    pub async fn links(
        &self,
        space: SpaceId,
        filter: &LinkFilter,
        page: Page<LinkId>,
    ) -> Result<Vec<ShownLink>, Error> {
        let mut reading = self.store.read().await?;
        if let Some(after) = page.after {
            reading.link(space, after).await?.ok_or(Error::NotFound { what: "link", field: Some("after") })?;
        }
        let links = reading.list_links(space, filter, page).await?;
        show::show(&mut reading, &self.base, space, links).await
    }
}

impl Work {
    /// Issues one link, or finds the one that these three have.
    ///
    /// With `only`, links of other people are refused as if those did not exist, and the advocate
    /// may be left out.
    ///
    /// # Errors
    /// [`Error::Invalid`]; [`Error::NotFound`] for the content or the advocate;
    /// [`Error::Conflict`]: `content_over`, `advocate_left`, `charter_not_accepted`, `code_taken`, or `link_exists` when
    /// the three have a link and a vanity code was asked for that it does not have: one link has one
    /// code, and what is printed stays.
    pub async fn issue_link(
        &mut self,
        space: SpaceId,
        fields: LinkFields,
        only: Option<AdvocateId>,
    ) -> Result<IssuedLink, Error> {
        let mut issued = self.issue_links(space, &[fields], only).await?;
        issued.pop().unwrap_or(Err(MISSING))
    }

    /// Issues up to [`MAX_BULK`] links, each as [`Self::issue_link`] would, in order; one that is
    /// refused does not keep the others from being issued.
    ///
    /// # Errors
    /// [`Error::Invalid`] when there are too many; [`Error::Store`].
    pub async fn issue_links(
        &mut self,
        space: SpaceId,
        items: &[LinkFields],
        only: Option<AdvocateId>,
    ) -> Result<Vec<Result<IssuedLink, Error>>, Error> {
        if items.len() > MAX_BULK {
            return Err(Error::field("items", "too_long", format!("items has at most {MAX_BULK} entries")));
        }
        let space = self.open_space(space).await?;
        let charter = if self.heeds_charter { self.writing.charter(space.id, None).await? } else { None };
        issue::issue(&mut self.writing, &self.base, space, items, only, charter.as_ref()).await
    }

    /// A link as it stands in this work.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn link(&mut self, space: SpaceId, id: LinkId) -> Result<ShownLink, Error> {
        let link = self.writing.link(space, id).await?.ok_or(MISSING)?;
        let mut shown = show::show(&mut self.writing, &self.base, space, vec![link]).await?;
        shown.pop().ok_or(MISSING)
    }

    /// Switches a link off or on again. With `only`, another person's link is not found.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn set_link_disabled(
        &mut self,
        space: SpaceId,
        id: LinkId,
        disabled: bool,
        only: Option<AdvocateId>,
    ) -> Result<ShownLink, Error> {
        self.open_space(space).await?;
        let mut link = self.writing.link(space, id).await?.ok_or(MISSING)?;
        if only.is_some_and(|advocate| advocate != link.advocate) {
            return Err(MISSING);
        }
        if link.disabled != disabled {
            link.disabled = disabled;
            self.writing.set_link_disabled(&link).await?;
        }
        let mut shown = show::show(&mut self.writing, &self.base, space, vec![link]).await?;
        shown.pop().ok_or(MISSING)
    }
}

const MISSING: Error = Error::NotFound { what: "link", field: None };
